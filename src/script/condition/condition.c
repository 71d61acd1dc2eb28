/* condition.c - conditions are made of nodes, and refer to each other by their numbers. */
#include "script/condition/private.h"

#include <stdlib.h>
#include <string.h>

enum { WRITTEN_LEN_MAX = 256 * 1024 * 1024 };
enum { FOLDED_LEN_MAX = 1024 }; /* longer values are matched as globs */

struct conditions *conditions_open(void)
{
    struct conditions *c = calloc(1, sizeof *c);
    if (c != NULL)
        arena_init(&c->texts, WRITTEN_LEN_MAX);
    return c;
}

void conditions_close(struct conditions *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->count; i++) {
        set_close(c->nodes[i].values);
        regex_close(c->nodes[i].regex);
        free(c->nodes[i].globs);
        free(c->nodes[i].lists);
    }
    for (size_t i = 0; i < FIELD_COUNT; i++)
        globs_close(c->automata[i].globs);
    free(c->nodes);
    free(c->children);
    arena_clear(&c->texts);
    free(c);
}

/* Room for one more item of `size` bytes in a growing array; NULL when memory ran out, and the array stays as it was. */
static void *grown(void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return items;
    size_t wanted = *cap == 0 ? 8 : *cap * 2;
    void *more = realloc(items, wanted * size);
    if (more != NULL)
        *cap = wanted;
    return more;
}

enum tier node_tier(enum node_kind kind)
{
    switch (kind) {
    case NODE_REGEX:
        return TIER_REGEX;
    case NODE_PAST:
        return TIER_PAST;
    case NODE_FUNCTION:
        return TIER_FUNCTION;
    case NODE_RESOURCES:
        return TIER_RESOURCES;
    default:
        return TIER_FACTS;
    }
}

static struct node *add_node(struct conditions *c, enum node_kind kind, int line)
{
    struct node *nodes = grown(c->nodes, c->count, &c->cap, sizeof *nodes);
    if (nodes == NULL)
        return NULL;
    c->nodes = nodes;
    struct node *node = &nodes[c->count++];
    enum tier tier = node_tier(kind);
    *node = (struct node){
        .kind = kind, .line = line, .depth = 1, .tiers = tier == TIER_FACTS ? 0 : 1u << tier};
    return node;
}

static int index_of(const struct conditions *c, const struct node *node)
{
    return node == NULL ? CONDITION_NONE : (int)(node - c->nodes);
}

/* The node's number once it remembers how it was written; NULL gives CONDITION_NONE. */
static int keep_written(struct conditions *c, struct node *node, struct spurn_text written)
{
    bool ok = true;
    if (node != NULL)
        node->written = arena_copy(&c->texts, written, &ok);
    return ok ? index_of(c, node) : CONDITION_NONE;
}

/* ---- leaves ---- */

int conditions_add_always(struct conditions *c, int line)
{
    return index_of(c, add_node(c, NODE_ALWAYS, line));
}

int conditions_add_age(struct conditions *c, int line, bool is_older, int64_t age_s,
                       struct spurn_text written)
{
    struct node *node = add_node(c, is_older ? NODE_OLDER : NODE_YOUNGER, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->field = FIELD_AGE;
    node->age_s = age_s;
    return keep_written(c, node, written);
}

int conditions_add_function(struct conditions *c, int line, int function, struct spurn_text written)
{
    struct node *node = add_node(c, NODE_FUNCTION, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->function = function;
    return keep_written(c, node, written);
}

int conditions_add_regex(struct conditions *c, int line, enum field field, struct regex *regex,
                         struct spurn_text written)
{
    struct node *node = add_node(c, NODE_REGEX, line);
    if (node == NULL) {
        regex_close(regex);
        return CONDITION_NONE;
    }
    node->field = field;
    node->regex = regex;
    return keep_written(c, node, written);
}

int conditions_add_created_at(struct conditions *c, int line, const struct calendar *calendar,
                              struct spurn_text written)
{
    struct node *node = add_node(c, NODE_CREATED_AT, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->field = FIELD_CREATED;
    node->calendar = *calendar;
    return keep_written(c, node, written);
}

int conditions_add_past(struct conditions *c, int line, enum script_event event, int64_t times,
                        int64_t within_s, struct spurn_text written)
{
    struct node *node = add_node(c, NODE_PAST, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->field = FIELD_SENDER;
    node->event = event;
    node->times = times;
    node->within_s = within_s;
    return keep_written(c, node, written);
}

/* ---- leaves with values ---- */

static struct node *add_valued(struct conditions *c, enum node_kind kind, int line)
{
    struct node *node = add_node(c, kind, line);
    if (node == NULL)
        return NULL;
    node->values = set_open();
    return node->values != NULL ? node : NULL;
}

int conditions_add_field(struct conditions *c, int line, enum field field, enum compare compare)
{
    struct node *node = add_valued(c, compare == COMPARE_GLOB ? NODE_GLOBS : NODE_EXACT, line);
    if (node != NULL)
        node->field = field;
    return index_of(c, node);
}

int conditions_add_resources(struct conditions *c, int line, bool every)
{
    struct node *node = add_valued(c, NODE_RESOURCES, line);
    if (node != NULL)
        node->every = every;
    return index_of(c, node);
}

static void fold_case(char *out, struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i];
}

bool node_has_value(const struct node *node, struct spurn_text text)
{
    char folded[FOLDED_LEN_MAX];
    if (text.len > node->longest_value)
        return false;
    fold_case(folded, text);
    return set_has(node->values, (struct spurn_text){folded, text.len});
}

static bool has_wildcard(struct spurn_text glob)
{
    return memchr(glob.at, '*', glob.len) != NULL || memchr(glob.at, '?', glob.len) != NULL;
}

static bool add_glob(struct conditions *c, struct node *node, struct spurn_text value)
{
    bool ok = true;
    char folded[FOLDED_LEN_MAX];
    if (!has_wildcard(value) && value.len <= sizeof folded) {
        fold_case(folded, value);
        if (value.len > node->longest_value)
            node->longest_value = value.len;
        return set_add(node->values, (struct spurn_text){folded, value.len});
    }
    struct spurn_text *globs = grown(node->globs, node->glob_count, &node->glob_cap, sizeof *globs);
    if (globs == NULL)
        return false;
    node->globs = globs;
    globs[node->glob_count++] = arena_copy(&c->texts, value, &ok);
    return ok;
}

bool conditions_add_value(struct conditions *c, int condition, struct spurn_text value)
{
    struct node *node = &c->nodes[condition];
    bool ok = true;
    if (node->written.at == NULL)
        node->written = arena_copy(&c->texts, value, &ok);
    if (!ok)
        return false;
    return node->kind == NODE_EXACT ? set_add(node->values, value) : add_glob(c, node, value);
}

bool conditions_add_list(struct conditions *c, int condition, const struct list *list)
{
    struct node *node = &c->nodes[condition];
    const struct list **lists = realloc(node->lists, (node->list_count + 1) * sizeof *lists);
    if (lists == NULL)
        return false;
    node->lists = lists;
    lists[node->list_count++] = list;
    if (node->kind == NODE_EXACT)
        return true;
    for (size_t i = 0; i < set_count(list->items); i++)
        if (!add_glob(c, node, set_item(list->items, i)))
            return false;
    return true;
}

/* ---- groups ---- */

int conditions_add_group(struct conditions *c, int line, enum group group, const int *children,
                         size_t count)
{
    static const enum node_kind kinds[] = {NODE_ALL, NODE_ANY, NODE_NOT};
    struct node *node = add_node(c, kinds[group], line);
    if (node == NULL)
        return CONDITION_NONE;
    node->first_child = c->child_count;
    for (size_t i = 0; i < count; i++) {
        int *all = grown(c->children, c->child_count, &c->child_cap, sizeof *all);
        if (all == NULL)
            return CONDITION_NONE;
        c->children = all;
        all[c->child_count++] = children[i];
        node->child_count++;
        struct node *child = &c->nodes[children[i]];
        child->is_used = true;
        node->tiers |= child->tiers;
        if (child->depth + 1 > node->depth)
            node->depth = child->depth + 1;
    }
    return index_of(c, node);
}

/* ---- all of them ---- */

static bool add_to_automaton(struct automaton *automaton, const struct node *node)
{
    if (automaton->globs == NULL)
        automaton->globs = globs_open();
    if (automaton->globs == NULL)
        return false;
    for (size_t i = 0; i < node->glob_count; i++)
        if (!globs_add(automaton->globs, node->group, node->globs[i]))
            return false;
    return true;
}

bool conditions_finish(struct conditions *c)
{
    int group_counts[FIELD_COUNT] = {0};
    for (size_t i = 0; i < c->count; i++) {
        struct node *node = &c->nodes[i];
        if (node->kind != NODE_GLOBS || node->glob_count == 0)
            continue;
        node->group = group_counts[node->field]++;
        if (!add_to_automaton(&c->automata[node->field], node))
            return false;
    }
    return true;
}

int conditions_depth(const struct conditions *c, int condition)
{
    return c->nodes[condition].depth;
}

int conditions_line(const struct conditions *c, int condition)
{
    return c->nodes[condition].line;
}

size_t conditions_count(const struct conditions *c)
{
    return c->count;
}

void conditions_use(struct conditions *c, int condition)
{
    c->nodes[condition].is_used = true;
}

bool conditions_used(const struct conditions *c, int condition)
{
    return c->nodes[condition].is_used;
}

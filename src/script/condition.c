/* condition.c - building conditions and asking them. */
#include "script/condition.h"

#include <stdlib.h>
#include <string.h>

#include "match/glob.h"

enum { WRITTEN_LEN_MAX = 256 * 1024 * 1024, FOLDED_LEN_MAX = 1024, DESCRIBED_LEN_MAX = 60 };

enum node_kind {
    NODE_ALWAYS,
    NODE_EXACT,
    NODE_GLOBS,
    NODE_OLDER,
    NODE_YOUNGER,
    NODE_FUNCTION,
    NODE_ALL,
    NODE_ANY,
    NODE_NOT
};

struct node {
    enum node_kind kind;
    enum field field;
    int line, depth;
    bool is_used;
    bool has_function; /* itself or somewhere beneath */
    int64_t age_s;
    int function;
    size_t first_child, child_count; /* in conditions.children */
    struct set *values;              /* exact values; globs without wildcard, in lower case */
    struct spurn_text *globs;        /* those with one */
    size_t glob_count, glob_cap;
    size_t longest_value;
    const struct list **lists;
    size_t list_count;
    struct spurn_text written; /* the first value, or the duration */
    /* What was answered, and about what: a condition used in several places is asked once. */
    uint64_t facts_stamp, stamp;
    enum truth facts_truth, truth;
    uint64_t searched; /* by which search for an unknown field */
};

struct conditions {
    struct node *nodes;
    size_t count, cap;
    int *children;
    size_t child_count, child_cap;
    struct arena texts;
    uint64_t searches;
};

/* ---- building ---- */

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
        free(c->nodes[i].globs);
        free(c->nodes[i].lists);
    }
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

static struct node *add_node(struct conditions *c, enum node_kind kind, int line)
{
    struct node *nodes = grown(c->nodes, c->count, &c->cap, sizeof *nodes);
    if (nodes == NULL)
        return NULL;
    c->nodes = nodes;
    struct node *node = &nodes[c->count++];
    *node = (struct node){.kind = kind, .line = line, .depth = 1};
    return node;
}

static int index_of(const struct conditions *c, const struct node *node)
{
    return node == NULL ? CONDITION_NONE : (int)(node - c->nodes);
}

int conditions_add_always(struct conditions *c, int line)
{
    return index_of(c, add_node(c, NODE_ALWAYS, line));
}

int conditions_add_age(struct conditions *c, int line, bool is_older, int64_t age_s,
                       struct spurn_text written)
{
    bool ok = true;
    struct node *node = add_node(c, is_older ? NODE_OLDER : NODE_YOUNGER, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->field = FIELD_AGE;
    node->age_s = age_s;
    node->written = arena_copy(&c->texts, written, &ok);
    return ok ? index_of(c, node) : CONDITION_NONE;
}

int conditions_add_function(struct conditions *c, int line, int function)
{
    struct node *node = add_node(c, NODE_FUNCTION, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->function = function;
    node->has_function = true;
    return index_of(c, node);
}

int conditions_add_field(struct conditions *c, int line, enum field field, enum compare compare)
{
    struct node *node = add_node(c, compare == COMPARE_GLOB ? NODE_GLOBS : NODE_EXACT, line);
    if (node == NULL)
        return CONDITION_NONE;
    node->field = field;
    node->values = set_open();
    return node->values != NULL ? index_of(c, node) : CONDITION_NONE;
}

static void fold(char *out, struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i];
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
        fold(folded, value);
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
    return node->kind == NODE_GLOBS ? add_glob(c, node, value) : set_add(node->values, value);
}

bool conditions_add_list(struct conditions *c, int condition, const struct list *list)
{
    struct node *node = &c->nodes[condition];
    const struct list **lists = realloc(node->lists, (node->list_count + 1) * sizeof *lists);
    if (lists == NULL)
        return false;
    node->lists = lists;
    lists[node->list_count++] = list;
    if (node->kind != NODE_GLOBS)
        return true;
    for (size_t i = 0; i < set_count(list->items); i++)
        if (!add_glob(c, node, set_item(list->items, i)))
            return false;
    return true;
}

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
        node->has_function |= child->has_function;
        if (child->depth + 1 > node->depth)
            node->depth = child->depth + 1;
    }
    return index_of(c, node);
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

/* ---- asking one node ---- */

static enum truth truth_of(bool holds)
{
    return holds ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth ask_exact(const struct node *node, struct asking *a)
{
    struct spurn_text text;
    if (!subject_text(a->subject, node->field, &text))
        return TRUTH_UNKNOWN;
    if (set_has(node->values, text))
        return TRUTH_TRUE;
    for (size_t i = 0; i < node->list_count; i++)
        if (set_has(node->lists[i]->items, text))
            return TRUTH_TRUE;
    return TRUTH_FALSE;
}

static enum truth ask_globs(const struct node *node, struct asking *a)
{
    struct spurn_text text;
    char folded[FOLDED_LEN_MAX];
    if (!subject_text(a->subject, node->field, &text))
        return TRUTH_UNKNOWN;
    if (text.len <= node->longest_value && set_count(node->values) > 0) {
        fold(folded, text);
        if (set_has(node->values, (struct spurn_text){folded, text.len}))
            return TRUTH_TRUE;
    }
    for (size_t i = 0; i < node->glob_count; i++) {
        if (glob_match(node->globs[i], text, &a->steps))
            return TRUTH_TRUE;
        if (a->steps <= 0) {
            a->ran_out = true;
            return TRUTH_UNKNOWN;
        }
    }
    return TRUTH_FALSE;
}

static enum truth ask_age(const struct node *node, struct asking *a)
{
    int64_t age_s;
    if (!subject_number(a->subject, FIELD_AGE, &age_s))
        return TRUTH_UNKNOWN;
    return truth_of((age_s >= node->age_s) == (node->kind == NODE_OLDER));
}

/* ---- asking groups ---- */

typedef enum truth ask(struct conditions *c, int condition, struct asking *a);

/* `deciding` settles the group whatever the others say: false for ALL, true for ANY. What is pending may still turn out to be
 * deciding, so it comes before unknown. */
static enum truth ask_children(struct conditions *c, const struct node *node, enum truth deciding,
                               ask *ask_child, struct asking *a)
{
    bool is_pending = false, is_unknown = false;
    size_t first = node->first_child, count = node->child_count;
    bool goes_on = ask_child == conditions_ask; /* every function is asked, whatever their order */
    bool is_decided = false;
    for (size_t i = 0; i < count && (goes_on || !is_decided); i++) {
        enum truth truth = ask_child(c, c->children[first + i], a);
        is_decided |= truth == deciding;
        is_pending |= truth == TRUTH_PENDING;
        is_unknown |= truth == TRUTH_UNKNOWN;
    }
    if (is_decided)
        return deciding;
    if (is_pending)
        return TRUTH_PENDING;
    if (is_unknown)
        return TRUTH_UNKNOWN;
    return deciding == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

static enum truth ask_not(enum truth truth)
{
    if (truth == TRUTH_TRUE)
        return TRUTH_FALSE;
    return truth == TRUTH_FALSE ? TRUTH_TRUE : truth;
}

static enum truth ask_group(struct conditions *c, const struct node *node, ask *ask_child,
                            struct asking *a)
{
    if (node->kind == NODE_NOT)
        return ask_not(ask_child(c, c->children[node->first_child], a));
    return ask_children(c, node, node->kind == NODE_ALL ? TRUTH_FALSE : TRUTH_TRUE, ask_child, a);
}

static enum truth ask_node_facts(struct conditions *c, const struct node *node, struct asking *a)
{
    switch (node->kind) {
    case NODE_ALWAYS:
        return TRUTH_TRUE;
    case NODE_EXACT:
        return ask_exact(node, a);
    case NODE_GLOBS:
        return ask_globs(node, a);
    case NODE_OLDER:
    case NODE_YOUNGER:
        return ask_age(node, a);
    case NODE_FUNCTION:
        return TRUTH_PENDING;
    default:
        return ask_group(c, node, conditions_ask_facts, a);
    }
}

enum truth conditions_ask_facts(struct conditions *c, int condition, struct asking *a)
{
    struct node *node = &c->nodes[condition];
    if (node->facts_stamp == a->about)
        return node->facts_truth;
    if (a->ran_out)
        return TRUTH_UNKNOWN;
    enum truth truth = ask_node_facts(c, node, a);
    if (a->ran_out)
        return TRUTH_UNKNOWN; /* of this rule's budget: another rule asks anew */
    node->facts_truth = truth;
    node->facts_stamp = a->about;
    return truth;
}

enum truth conditions_ask(struct conditions *c, int condition, struct asking *a)
{
    struct node *node = &c->nodes[condition];
    enum truth truth = conditions_ask_facts(c, condition, a);
    if (truth != TRUTH_PENDING)
        return truth;
    if (node->stamp == a->round)
        return node->truth;
    if (node->kind == NODE_FUNCTION)
        truth = a->ask_function(a->context, node->function);
    else
        truth = ask_group(c, node, conditions_ask, a);
    node->truth = truth;
    node->stamp = a->round;
    return truth;
}

/* An answer of an earlier invitation may be read here only beneath a condition that was asked about this one. */
static bool find_unknown_field(struct conditions *c, int condition, enum field *out)
{
    struct node *node = &c->nodes[condition];
    if (node->searched == c->searches)
        return false; /* shared by several, and searched in vain */
    node->searched = c->searches;
    if (node->child_count == 0) {
        *out = node->field;
        return node->kind != NODE_FUNCTION && node->kind != NODE_ALWAYS &&
               node->facts_truth == TRUTH_UNKNOWN;
    }
    for (size_t i = 0; i < node->child_count; i++) {
        int child = c->children[node->first_child + i];
        const struct node *n = &c->nodes[child];
        bool is_unknown = n->facts_truth == TRUTH_UNKNOWN ||
                          (n->facts_truth == TRUTH_PENDING && n->truth == TRUTH_UNKNOWN);
        if (is_unknown && find_unknown_field(c, child, out))
            return true;
    }
    return false;
}

bool conditions_unknown_field(struct conditions *c, int condition, enum field *out)
{
    c->searches++;
    return find_unknown_field(c, condition, out);
}

/* ---- as text ---- */

static void describe_values(const struct node *node, struct buf *out)
{
    size_t count = set_count(node->values) + (node->kind == NODE_GLOBS ? node->glob_count : 0);
    if (node->list_count == 1 && node->written.at == NULL)
        buf_addf(out, "%s (list \"%s\")", field_name(node->field), node->lists[0]->name);
    else if (count == 1 && node->list_count == 0)
        buf_addf(out, "%s \"%.*s\"", field_name(node->field), TEXT_ARG(node->written));
    else
        buf_addf(out, "%s {%zu %s%s}", field_name(node->field), count,
                 node->kind == NODE_GLOBS                                      ? "globs"
                 : node->field == FIELD_SENDER || node->field == FIELD_ACCOUNT ? "ids"
                                                                               : "values",
                 node->list_count > 0 ? " and lists" : "");
}

static void describe_child(const struct conditions *c, int child, struct buf *out)
{
    bool is_group = c->nodes[child].kind == NODE_ALL || c->nodes[child].kind == NODE_ANY;
    buf_add_str(out, is_group ? "(" : "");
    conditions_describe(c, child, out);
    buf_add_str(out, is_group ? ")" : "");
}

static void describe_group(const struct conditions *c, const struct node *node, struct buf *out)
{
    if (node->kind == NODE_NOT)
        buf_add_char(out, '~');
    for (size_t i = 0; i < node->child_count && !out->failed; i++) {
        if (i > 0)
            buf_add_str(out, node->kind == NODE_ALL ? " & " : " | ");
        describe_child(c, c->children[node->first_child + i], out);
    }
}

void conditions_describe(const struct conditions *c, int condition, struct buf *out)
{
    const struct node *node = &c->nodes[condition];
    switch (node->kind) {
    case NODE_ALWAYS:
        buf_add_str(out, "always");
        break;
    case NODE_EXACT:
    case NODE_GLOBS:
        describe_values(node, out);
        break;
    case NODE_OLDER:
    case NODE_YOUNGER:
        buf_addf(out, "%s \"%.*s\"", node->kind == NODE_OLDER ? "older" : "younger",
                 TEXT_ARG(node->written));
        break;
    case NODE_FUNCTION:
        buf_addf(out, "function on line %d", node->line);
        break;
    default:
        describe_group(c, node, out);
    }
}

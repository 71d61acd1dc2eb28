/* ask.c - asking conditions about an invitation: facts first, then tier by tier what the answer still hangs on. */
#include "script/condition/private.h"

#include "match/glob.h"

static enum truth truth_of(bool holds)
{
    return holds ? TRUTH_TRUE : TRUTH_FALSE;
}

/* ---- facts ----
 * One function for each kind, with parameters alike, found in the table at the end: a switch would be compiled into one large
 * function that is slow to enter. */

static enum truth ask_always(struct conditions *c, const struct node *node, struct asking *a)
{
    (void)c;
    (void)node;
    (void)a;
    return TRUTH_TRUE;
}

static enum truth ask_exact(struct conditions *c, const struct node *node, struct asking *a)
{
    (void)c;
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

/* All globs on a field are matched at once, when the first of them is asked about an invitation. Their steps are their own, so that
 * it does not matter which rule that is. */
static enum truth ask_globs(struct conditions *c, const struct node *node, struct asking *a)
{
    struct automaton *automaton = &c->automata[node->field];
    struct spurn_text text;
    if (!subject_text(a->subject, node->field, &text))
        return TRUTH_UNKNOWN;
    if (text.len <= node->longest_value && node_has_value(node, text))
        return TRUTH_TRUE;
    if (node->glob_count == 0)
        return TRUTH_FALSE;
    if (automaton->about != a->about) {
        int64_t steps = a->glob_steps;
        automaton->groups = globs_match(automaton->globs, text, &steps);
        automaton->about = a->about;
    }
    if (automaton->groups == NULL)
        return TRUTH_UNKNOWN;
    return truth_of(globs_hit(automaton->groups, node->group));
}

static enum truth ask_age(struct conditions *c, const struct node *node, struct asking *a)
{
    (void)c;
    int64_t age_s;
    if (!subject_number(a->subject, FIELD_AGE, &age_s))
        return TRUTH_UNKNOWN;
    return truth_of((age_s >= node->age_s) == (node->kind == NODE_OLDER));
}

static enum truth ask_created_at(struct conditions *c, const struct node *node, struct asking *a)
{
    (void)c;
    const struct invitation *inv = a->subject->inv;
    return inv->has_created ? truth_of(calendar_has(&node->calendar, inv->created_ms))
                            : TRUTH_UNKNOWN;
}

/* ---- groups ---- */

struct answers {
    bool is_decided, is_pending, is_unknown;
};

/* `deciding` settles the group whatever the others say: false for ALL, true for ANY. */
static enum truth deciding_truth(const struct node *group)
{
    return group->kind == NODE_ALL ? TRUTH_FALSE : TRUTH_TRUE;
}

static void add_answer(struct answers *answers, enum truth truth, enum truth deciding)
{
    answers->is_decided |= truth == deciding;
    answers->is_pending |= truth == TRUTH_PENDING;
    answers->is_unknown |= truth == TRUTH_UNKNOWN;
}

static enum truth negate(enum truth truth)
{
    if (truth == TRUTH_TRUE)
        return TRUTH_FALSE;
    return truth == TRUTH_FALSE ? TRUTH_TRUE : truth;
}

/* What is pending may still turn out to be deciding, so it comes before unknown. */
static enum truth settle(const struct answers *answers, enum truth deciding)
{
    if (answers->is_decided)
        return deciding;
    if (answers->is_pending)
        return TRUTH_PENDING;
    return answers->is_unknown ? TRUTH_UNKNOWN : negate(deciding);
}

static enum truth ask_group_facts(struct conditions *c, const struct node *node, struct asking *a)
{
    const int *children = &c->children[node->first_child];
    enum truth deciding = deciding_truth(node);
    struct answers answers = {0};
    for (size_t i = 0; i < node->child_count && !answers.is_decided; i++)
        add_answer(&answers, conditions_ask_facts(c, children[i], a), deciding);
    return settle(&answers, deciding);
}

static enum truth ask_not_facts(struct conditions *c, const struct node *node, struct asking *a)
{
    return negate(conditions_ask_facts(c, c->children[node->first_child], a));
}

static enum truth ask_later(struct conditions *c, const struct node *node, struct asking *a)
{
    (void)c;
    (void)node;
    (void)a;
    return TRUTH_PENDING;
}

static enum truth (*const ask_facts[])(struct conditions *c, const struct node *node,
                                       struct asking *a) = {
    [NODE_ALWAYS] = ask_always,         [NODE_EXACT] = ask_exact,     [NODE_GLOBS] = ask_globs,
    [NODE_REGEX] = ask_later,           [NODE_OLDER] = ask_age,       [NODE_YOUNGER] = ask_age,
    [NODE_CREATED_AT] = ask_created_at, [NODE_PAST] = ask_later,      [NODE_RESOURCES] = ask_later,
    [NODE_FUNCTION] = ask_later,        [NODE_ALL] = ask_group_facts, [NODE_ANY] = ask_group_facts,
    [NODE_NOT] = ask_not_facts,
};

enum truth conditions_ask_facts(struct conditions *c, int condition, struct asking *a)
{
    struct node *node = &c->nodes[condition];
    if (node->facts_stamp != a->about) {
        node->facts_truth = ask_facts[node->kind](c, node, a);
        node->facts_stamp = a->about;
    }
    return node->facts_truth;
}

/* ---- beyond facts ---- */

static void find_regex(const struct node *node, struct asking *a, struct found *found)
{
    struct spurn_text text;
    found->lacks_field = !subject_text(a->subject, node->field, &text);
    if (found->lacks_field)
        return;
    enum regex_answer answer = regex_find(node->regex, text, &a->steps);
    if (answer == REGEX_NO_MEMORY)
        a->status = spurn_fail_memory(a->err);
    found->hit_limit = answer == REGEX_LIMIT;
    if (!found->hit_limit)
        found->truth = truth_of(answer == REGEX_YES);
}

/* Enough is enough, however young the journal is; too few are too few only when it is old enough. */
static enum truth judge_past(const struct node *node, const struct script_past *past,
                             int64_t since_ms, int64_t count)
{
    if (count >= node->times)
        return TRUTH_TRUE;
    return past->began_ms > since_ms ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static void find_past(const struct node *node, struct asking *a, struct found *found)
{
    const struct script_past *past = a->subject->facts->past;
    struct spurn_text sender = a->subject->inv->sender;
    int64_t since_ms = a->subject->now_ms - node->within_s * 1000;
    found->lacks_field = sender.at == NULL;
    if (past == NULL || found->lacks_field)
        return;
    a->status = past->count(past->context, node->event, a->subject->origin->cloud, sender, since_ms,
                            node->times, &found->count, a->err);
    found->truth = judge_past(node, past, since_ms, found->count);
}

static bool is_type(const struct node *node, struct spurn_text type, struct asking *a)
{
    if (node_has_value(node, type))
        return true;
    for (size_t i = 0; i < node->glob_count; i++)
        if (glob_match(node->globs[i], type, &a->steps))
            return true;
    return false;
}

/* One resource settles `some` when its type is right, `every` when it is not. A type that nobody told could be either, and so
 * could those of an empty list. */
static enum truth judge_resources(const struct node *node, struct asking *a)
{
    const struct script_facts *facts = a->subject->facts;
    bool is_unknown = facts->resource_count == 0;
    for (size_t i = 0; i < facts->resource_count && a->steps > 0; i++) {
        struct spurn_text type = facts->resources[i].type;
        a->steps--;
        if (type.at == NULL)
            is_unknown = true;
        else if (is_type(node, type, a) != node->every)
            return truth_of(!node->every);
    }
    return is_unknown ? TRUTH_UNKNOWN : truth_of(node->every);
}

static void find_resources(const struct node *node, struct asking *a, struct found *found)
{
    enum script_resources state = a->subject->facts->resources_state;
    if (state == RESOURCES_NOT_ASKED)
        found->truth = TRUTH_PENDING;
    else if (state == RESOURCES_LISTED)
        found->truth = judge_resources(node, a);
}

static void find(struct node *node, struct asking *a)
{
    int64_t given = a->steps;
    struct found found = {.about = a->about, .truth = TRUTH_UNKNOWN};
    if (node->kind == NODE_REGEX)
        find_regex(node, a, &found);
    else if (node->kind == NODE_PAST)
        find_past(node, a, &found);
    else
        find_resources(node, a, &found);
    found.steps = given - a->steps;
    if (a->status == SPURN_OK && a->steps > 0)
        node->found = found;
}

/* Every rule pays for what it asks, although it is found out once: its answer must not hang on which rules stand before it. */
static enum truth ask_found(struct node *node, struct asking *a)
{
    if (a->ran_out || a->status != SPURN_OK)
        return TRUTH_UNKNOWN;
    if (node->found.about == a->about)
        a->steps -= node->found.steps;
    else
        find(node, a);
    a->ran_out = a->steps <= 0;
    if (a->ran_out || a->status != SPURN_OK)
        return TRUTH_UNKNOWN;
    if (node->found.hit_limit && a->fault == NULL) {
        a->fault = "the regular expression hit its match limit; write it so that less of it "
                   "repeats";
        a->fault_line = node->line;
    }
    return node->found.truth;
}

static enum truth ask_tier(struct conditions *c, int condition, enum tier tier, struct asking *a);

/* Every child, even when one of them decides: what is asked must not depend on the order in which they were written. */
static enum truth ask_group(struct conditions *c, const struct node *node, enum tier tier,
                            struct asking *a)
{
    const int *children = &c->children[node->first_child];
    if (node->kind == NODE_NOT)
        return negate(ask_tier(c, children[0], tier, a));
    enum truth deciding = deciding_truth(node);
    struct answers answers = {0};
    for (size_t i = 0; i < node->child_count; i++)
        add_answer(&answers, ask_tier(c, children[i], tier, a), deciding);
    return settle(&answers, deciding);
}

static enum truth ask_node(struct conditions *c, struct node *node, enum tier tier,
                           struct asking *a)
{
    switch (node->kind) {
    case NODE_REGEX:
    case NODE_PAST:
    case NODE_RESOURCES:
        return ask_found(node, a);
    case NODE_FUNCTION:
        return a->ask_function(a->context, node->function);
    default:
        return ask_group(c, node, tier, a);
    }
}

/* What is known after this tier, when everything on which the root hangs was asked up to the tier before. */
static enum truth ask_tier(struct conditions *c, int condition, enum tier tier, struct asking *a)
{
    struct node *node = &c->nodes[condition];
    enum truth truth = conditions_ask_facts(c, condition, a);
    if (truth != TRUTH_PENDING)
        return truth;
    bool was_asked = node->stamp == a->round;
    bool is_settled = was_asked && (node->truth != TRUTH_PENDING || node->asked >= tier);
    if (is_settled || (node->tiers >> tier & 1) == 0)
        return was_asked ? node->truth : TRUTH_PENDING;
    truth = ask_node(c, node, tier, a);
    node->truth = truth;
    node->stamp = a->round;
    node->asked = tier;
    return truth;
}

enum truth conditions_ask(struct conditions *c, int condition, struct asking *a)
{
    enum truth truth = conditions_ask_facts(c, condition, a);
    for (enum tier tier = TIER_REGEX; tier <= TIER_RESOURCES && truth == TRUTH_PENDING; tier++) {
        truth = ask_tier(c, condition, tier, a);
        if (a->ran_out || a->fault != NULL || a->status != SPURN_OK)
            return TRUTH_UNKNOWN;
    }
    return truth;
}

/* ---- what is missing ---- */

static int missing_of(const struct conditions *c, const struct node *node)
{
    const struct automaton *automaton = &c->automata[node->field];
    switch (node->kind) {
    case NODE_GLOBS:
        if (automaton->about == node->facts_stamp && automaton->groups == NULL)
            return MISSES_STEPS;
        break;
    case NODE_REGEX:
        return node->found.lacks_field ? (int)node->field : MISSES_NOTHING;
    case NODE_PAST:
        return node->found.lacks_field ? (int)node->field : MISSES_PAST;
    case NODE_RESOURCES:
        return MISSES_RESOURCES;
    case NODE_ALWAYS:
    case NODE_FUNCTION:
        return MISSES_NOTHING;
    default:
        break;
    }
    return node->facts_truth == TRUTH_UNKNOWN ? (int)node->field : MISSES_NOTHING;
}

/* An answer of an earlier invitation may be read here only beneath a condition that was asked about this one. */
static int find_missing(struct conditions *c, int condition)
{
    struct node *node = &c->nodes[condition];
    if (node->searched == c->searches)
        return MISSES_NOTHING; /* shared by several, and searched in vain */
    node->searched = c->searches;
    if (node->child_count == 0)
        return missing_of(c, node);
    int first = MISSES_NOTHING;
    for (size_t i = 0; i < node->child_count && first != MISSES_STEPS; i++) {
        int child = c->children[node->first_child + i];
        const struct node *n = &c->nodes[child];
        if (n->facts_truth != TRUTH_UNKNOWN &&
            (n->facts_truth != TRUTH_PENDING || n->truth != TRUTH_UNKNOWN))
            continue;
        int missing = find_missing(c, child);
        if (first == MISSES_NOTHING || missing == MISSES_STEPS)
            first = missing;
    }
    return first;
}

int conditions_missing(struct conditions *c, int condition)
{
    c->searches++;
    return find_missing(c, condition);
}

/* can.c - can conditions be true, or false, together? A search through what would have to be so. */
#include "script/lint/lint.h"

enum { GOALS_DEEP_MAX = 1000 }; /* calls within calls; past that, who knows */

/* What is still to be shown: this, and then the rest. */
struct goal {
    struct claim claim;
    size_t from;             /* of a group: its children before this one are dealt with */
    const struct goal *then; /* NULL: nothing */
};

struct search {
    const struct script_place *place;
    unsigned open;
    const struct assumed *newest;
    int chosen; /* how many assumptions are the sender's choice */
    int depth;
    int64_t *steps;
};

/* ---- one leaf ---- */

bool lint_asks_place(const struct node *leaf)
{
    bool is_field = leaf->kind == NODE_EXACT || leaf->kind == NODE_GLOBS;
    return is_field && (leaf->field == FIELD_CLOUD || leaf->field == FIELD_ACCOUNT ||
                        leaf->field == FIELD_REGION);
}

struct spurn_text lint_place_field(const struct script_place *place, enum field field)
{
    switch (field) {
    case FIELD_CLOUD:
        return place->cloud;
    case FIELD_ACCOUNT:
        return place->account;
    case FIELD_REGION:
        return place->region;
    default:
        return TEXT_ABSENT;
    }
}

/* To whom inside the account an invitation goes is something that AWS alone tells. */
bool lint_is_told(const struct script_place *place, const struct node *leaf)
{
    if (leaf->kind == NODE_RESOURCES)
        return place->lists_resources;
    return leaf->kind != NODE_GLOBS || leaf->field != FIELD_RECEIVER_ARN ||
           text_is(place->cloud, "aws");
}

static bool is_chosen_by_sender(const struct node *leaf)
{
    bool is_text = leaf->kind == NODE_GLOBS || leaf->kind == NODE_REGEX;
    return leaf->kind == NODE_RESOURCES || (is_text && leaf->field == FIELD_NAME);
}

/* What no stranger can bring about; what a function looks at is not known. That something is not so says little: anybody else's
 * invitation fulfils it. */
static bool is_beyond_sender(const struct node *leaf, bool holds)
{
    switch (leaf->kind) {
    case NODE_FUNCTION:
        return true;
    case NODE_PAST:
        return holds;
    case NODE_EXACT:
    case NODE_GLOBS:
    case NODE_REGEX:
        return holds && (leaf->field == FIELD_SENDER || leaf->field == FIELD_SHARE ||
                         leaf->field == FIELD_RECEIVER_ARN);
    default:
        return false;
    }
}

static bool has_place(const struct search *s, enum lint_open open)
{
    return s->place != NULL && (s->open & open) == 0;
}

static struct spurn_text place_field(const struct search *s, enum field field)
{
    return has_place(s, ANY_PLACE) ? lint_place_field(s->place, field) : TEXT_ABSENT;
}

static bool can_be_value(struct search *s)
{
    return lint_values_meet(s->newest, place_field(s, s->newest->leaf->field), s->steps);
}

static bool can_assume(struct search *s)
{
    const struct assumed *newest = s->newest;
    const struct node *leaf = newest->leaf;
    if (leaf->kind == NODE_ALWAYS)
        return newest->holds;
    if ((s->open & PLACE_ALONE) != 0 && !lint_asks_place(leaf))
        return true;
    if ((s->open & BY_SENDER) != 0 && is_beyond_sender(leaf, newest->holds))
        return false;
    if (has_place(s, ALL_TOLD) && !lint_is_told(s->place, leaf))
        return (s->open & EITHER_UNTOLD) != 0;
    switch (leaf->kind) {
    case NODE_OLDER:
    case NODE_YOUNGER:
        return lint_ages_meet(newest, has_place(s, ANY_AGE) ? s->place->lifetime_max_s : INT64_MAX);
    case NODE_EXACT:
        return can_be_value(s) && ((s->open & ANY_ID) != 0 ||
                                   lint_ids_meet(newest, place_field(s, FIELD_CLOUD), s->steps));
    case NODE_GLOBS:
        return can_be_value(s);
    case NODE_CREATED_AT:
        return lint_calendars_meet(newest, s->steps);
    default:
        return lint_others_meet(newest, s->steps);
    }
}

/* ---- the search ---- */

static bool can_reach(struct search *s, const struct goal *goal);

static bool can_reach_leaf(struct search *s, const struct goal *goal, const struct node *leaf)
{
    const struct assumed assumed = {goal->claim.of, leaf, goal->claim.holds, s->newest};
    int chosen = s->chosen;
    s->newest = &assumed;
    s->chosen += is_chosen_by_sender(leaf);
    bool can = can_assume(s) || *s->steps <= 0;
    can = can && can_reach(s, goal->then);
    s->newest = assumed.before;
    s->chosen = chosen;
    return can;
}

/* The goal that child number `index` of the group is as `holds` says. */
static struct goal child_goal(const struct goal *group, const struct node *node, size_t index,
                              bool holds, const struct goal *then)
{
    int child = group->claim.of->children[node->first_child + index];
    return (struct goal){{group->claim.of, child, holds}, 0, then};
}

static bool can_reach_each(struct search *s, const struct goal *goal, const struct node *node)
{
    struct goal rest = *goal;
    rest.from++;
    const struct goal child = child_goal(goal, node, goal->from, goal->claim.holds,
                                         rest.from < node->child_count ? &rest : goal->then);
    return can_reach(s, &child);
}

static bool can_reach_one(struct search *s, const struct goal *goal, const struct node *node)
{
    for (size_t i = 0; i < node->child_count; i++) {
        const struct goal child = child_goal(goal, node, i, goal->claim.holds, goal->then);
        if (can_reach(s, &child))
            return true;
    }
    return false;
}

static bool can_reach_group(struct search *s, const struct goal *goal, const struct node *node)
{
    if (node->kind == NODE_NOT) {
        const struct goal child = child_goal(goal, node, 0, !goal->claim.holds, goal->then);
        return can_reach(s, &child);
    }
    bool takes_each = (node->kind == NODE_ALL) == goal->claim.holds;
    return takes_each ? can_reach_each(s, goal, node) : can_reach_one(s, goal, node);
}

static bool can_reach(struct search *s, const struct goal *goal)
{
    if (goal == NULL)
        return (s->open & BY_SENDER) == 0 || s->chosen > 0;
    if (s->depth == GOALS_DEEP_MAX)
        *s->steps = 0;
    if (--*s->steps <= 0)
        return true;
    const struct node *node = &goal->claim.of->nodes[goal->claim.condition];
    s->depth++;
    bool can =
        node->child_count == 0 ? can_reach_leaf(s, goal, node) : can_reach_group(s, goal, node);
    s->depth--;
    return can;
}

bool lint_can(const struct script_place *place, unsigned open, const struct claim *claims,
              size_t count, int64_t *steps)
{
    enum { CLAIMS_MAX = 4 };
    struct search s = {.place = place, .open = open, .steps = steps};
    struct goal goals[CLAIMS_MAX];
    const struct goal *first = NULL;
    for (size_t i = 0; i < count && i < CLAIMS_MAX; i++) {
        if (claims[i].condition == CONDITION_NONE && !claims[i].holds)
            return false;
        if (claims[i].condition == CONDITION_NONE)
            continue;
        goals[i] = (struct goal){claims[i], 0, first};
        first = &goals[i];
    }
    return can_reach(&s, first);
}

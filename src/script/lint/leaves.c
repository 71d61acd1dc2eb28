/* leaves.c - warnings about single questions: ages never reached, places that are no target's, one whole name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "match/glob.h"
#include "script/lint/lint.h"
#include "script/words/private.h"

enum {
    TYPE_LEN_MAX = 128,
    MOST_AT_AWS_S = 12 * 3600, /* RAM User Guide: 7 days for some types, 12 hours for every other */
    GLOB_STEPS = 1000000
};

/* ---- every leaf of a condition, once as true and once as false ---- */

typedef void about_leaf(struct lint *l, int leaf, bool holds, const void *context);

static void each_leaf(struct lint *l, int condition, bool holds, about_leaf *each,
                      const void *context)
{
    const struct conditions *c = l->policy->now.conditions;
    const struct node *node = &c->nodes[condition];
    unsigned char bit = holds ? 1 : 2;
    if ((l->seen[condition] & bit) != 0)
        return;
    l->seen[condition] |= bit;
    if (node->child_count == 0)
        each(l, condition, holds, context);
    for (size_t i = 0; i < node->child_count; i++)
        each_leaf(l, c->children[node->first_child + i], holds == (node->kind != NODE_NOT), each,
                  context);
}

static void each_leaf_of(struct lint *l, int condition, about_leaf *each, const void *context)
{
    memset(l->seen, 0, conditions_count(l->policy->now.conditions));
    each_leaf(l, condition, true, each, context);
}

static const struct node *node_of(const struct lint *l, int condition)
{
    return &l->policy->now.conditions->nodes[condition];
}

/* ---- ages ---- */

/* How long invitations stay pending at the places that the rule may be about, and by what it picks some of them. */
struct horizon {
    int64_t lifetime_s; /* the longest; 0: there is no such place */
    bool has_aws, has_others;
    bool is_by_type; /* the rule asks for resources, so it may know which last longer */
    bool is_by_name; /* so that a single name may well be left out */
};

static void note_leaf(struct lint *l, int leaf, bool holds, const void *context)
{
    struct horizon *h = *(struct horizon *const *)context;
    const struct node *node = node_of(l, leaf);
    bool is_text = node->kind == NODE_GLOBS || node->kind == NODE_REGEX;
    h->is_by_type |= node->kind == NODE_RESOURCES;
    h->is_by_name |= holds && is_text && node->field == FIELD_NAME;
}

static struct horizon find_horizon(struct lint *l)
{
    struct horizon h = {0}, *out = &h;
    for (size_t i = 0; i < l->place_count; i++) {
        const struct script_place *place = &l->places[i];
        if (!lint_rule_can(l, true, place, ANY_AGE))
            continue;
        if (place->lifetime_max_s > h.lifetime_s)
            h.lifetime_s = place->lifetime_max_s;
        bool is_aws = text_is(place->cloud, "aws");
        h.has_aws |= is_aws;
        h.has_others |= !is_aws;
    }
    each_leaf_of(l, l->rule->condition, note_leaf, &out);
    return h;
}

static void judge_age(struct lint *l, int leaf, bool holds, const struct horizon *h)
{
    const struct node *node = node_of(l, leaf);
    const char *negated = holds ? "" : "~", *asked = lint_describe(l, leaf);
    char lifetime[32];
    clock_format_age(h->lifetime_s, lifetime);
    if (h->lifetime_s == 0 || (node->kind == NODE_OLDER) != holds)
        return;
    if (node->age_s >= h->lifetime_s)
        lint_rule(l, LINT_WARNING,
                  "asks for %s%s, which is never reached: invitations end after %s%s; write a "
                  "shorter time",
                  negated, asked, lifetime, h->has_aws ? ", most at AWS after 12h" : "");
    else if (node->age_s >= MOST_AT_AWS_S && !h->has_others && !h->is_by_type)
        lint_rule(l, LINT_WARNING,
                  "asks for %s%s, but most invitations at AWS end after 12h; write a shorter time",
                  negated, asked);
}

/* ---- places ---- */

static bool is_value_of(const struct node *leaf, struct spurn_text value,
                        const struct script_place *place)
{
    struct spurn_text field = lint_place_field(place, leaf->field);
    int64_t steps = GLOB_STEPS;
    if (field.at == NULL) /* who knows which account it is */
        return true;
    return leaf->kind == NODE_EXACT ? text_equal(value, field) : glob_match(value, field, &steps);
}

static bool is_value_of_some(const struct lint *l, const struct node *leaf, struct spurn_text value)
{
    for (size_t i = 0; i < l->place_count; i++)
        if (is_value_of(leaf, value, &l->places[i]))
            return true;
    return l->place_count == 0;
}

/* How many values are no target's; *first is one of them. A list is kept for more than one configuration. */
static size_t count_foreign(const struct lint *l, const struct node *leaf, struct spurn_text *first)
{
    struct spurn_text value;
    size_t count = 0;
    for (size_t i = 0; leaf->list_count == 0 && lint_value_at(leaf, i, &value); i++)
        if (!is_value_of_some(l, leaf, value) && count++ == 0)
            *first = value;
    return count;
}

/* `"eu-wset-1" and 2 more, which no target has; ...` in l->part, or nothing. */
static bool name_foreign(struct lint *l, const struct node *leaf)
{
    struct spurn_text first = TEXT_ABSENT;
    size_t count = count_foreign(l, leaf, &first);
    buf_reset(&l->part);
    buf_addf(&l->part, "\"%.*s\"", TEXT_ARG(first));
    if (count > 1)
        buf_addf(&l->part, " and %zu more", count - 1);
    buf_add_str(&l->part, ", which no target has; correct it, or add the target");
    return count > 0;
}

bool lint_name_no_region(struct lint *l, struct spurn_text region)
{
    const char *meant = NULL;
    bool is_glob =
        memchr(region.at, '*', region.len) != NULL || memchr(region.at, '?', region.len) != NULL;
    if (l->has_region == NULL || is_glob || l->has_region(region, &meant))
        return false;
    buf_reset(&l->part);
    buf_addf(&l->part, "\"%.*s\", which no cloud has; ", TEXT_ARG(region));
    if (meant != NULL)
        buf_addf(&l->part, "did you mean \"%s\"?", meant);
    else
        buf_add_str(&l->part, "correct it");
    return true;
}

static bool name_no_region(struct lint *l, const struct node *leaf)
{
    struct spurn_text value;
    for (size_t i = 0; leaf->field == FIELD_REGION && lint_value_at(leaf, i, &value); i++)
        if (lint_name_no_region(l, value))
            return true;
    return false;
}

/* A policy may well speak of a cloud that is not in this configuration. */
static void judge_place(struct lint *l, int leaf)
{
    const struct node *node = node_of(l, leaf);
    if (name_no_region(l, node) || (node->field != FIELD_CLOUD && name_foreign(l, node)))
        lint_rule(l, LINT_WARNING, "names %s %s", field_name(node->field), buf_str(&l->part));
}

static void judge_only_leaf(struct lint *l, int leaf, bool holds, const void *context)
{
    (void)context;
    (void)holds;
    const struct node *node = node_of(l, leaf);
    if (lint_asks_place(node) && (name_no_region(l, node) || name_foreign(l, node)))
        lint_setting(l, "only names %s %s", field_name(node->field), buf_str(&l->part));
}

void lint_only(struct lint *l)
{
    l->complaints = 0;
    if (l->policy->now.only == CONDITION_NONE)
        return;
    each_leaf_of(l, l->policy->now.only, judge_only_leaf, NULL);
    if (l->complaints == 0 && !lint_applies_somewhere(l))
        lint_setting(l, "only leaves no target, so the policy is never asked; name what one target "
                        "has");
}

/* ---- types of resources ---- */

/* To keep, or not to reject, what nothing is like protects nobody. */
static void judge_types(struct lint *l, const struct node *node, bool holds)
{
    struct spurn_text type;
    for (size_t i = 0; lint_value_at(node, i, &type); i++) {
        char shown[TYPE_LEN_MAX];
        bool is_glob =
            memchr(type.at, '*', type.len) != NULL || memchr(type.at, '?', type.len) != NULL;
        if (is_glob || type.len >= sizeof shown)
            continue;
        snprintf(shown, sizeof shown, "%.*s", TEXT_ARG(type));
        const char *meant = type_nearly(text_of(shown));
        if (meant != NULL)
            lint_rule(l, LINT_WARNING, "asks for the type \"%s\"; did you mean \"%s\"?", shown,
                      meant);
        else if (holds == l->rule->keeps && type_is_strange(text_of(shown)))
            lint_rule(l, LINT_WARNING,
                      "%s the type \"%s\", which is not known here, and rejects more if there is "
                      "none; look whether it is written so",
                      holds ? "keeps" : "leaves out", shown);
    }
}

/* ---- all leaves of a rule ---- */

static bool is_one_name(const struct node *node)
{
    return node->kind == NODE_GLOBS && node->field == FIELD_NAME && node->glob_count == 0 &&
           node->list_count == 0 && set_count(node->values) == 1;
}

static void judge_leaf(struct lint *l, int leaf, bool holds, const void *context)
{
    const struct horizon *horizon = context;
    const struct node *node = node_of(l, leaf);
    if (node->kind == NODE_OLDER || node->kind == NODE_YOUNGER)
        judge_age(l, leaf, holds, horizon);
    else if (lint_asks_place(node))
        judge_place(l, leaf);
    else if (node->kind == NODE_RESOURCES)
        judge_types(l, node, holds);
    else if (!holds && is_one_name(node) && !horizon->is_by_name)
        lint_rule(l, LINT_WARNING,
                  "leaves out the whole name \"%.*s\" alone; write * where any run of characters "
                  "may stand",
                  TEXT_ARG(node->written));
}

void lint_leaves(struct lint *l)
{
    const struct horizon horizon = find_horizon(l);
    each_leaf_of(l, l->rule->condition, judge_leaf, &horizon);
    if (is_one_name(node_of(l, l->rule->condition)))
        lint_rule(l, LINT_WARNING,
                  "is about this whole name alone; write * where any run of characters may stand");
}

/* ---- what is never told ---- */

struct untold {
    const struct script_place *place;
    int *leaf;
};

static void find_untold(struct lint *l, int leaf, bool holds, const void *context)
{
    const struct untold *u = context;
    (void)holds;
    if (*u->leaf == CONDITION_NONE && !lint_is_told(u->place, node_of(l, leaf)))
        *u->leaf = leaf;
}

int lint_untold_leaf(struct lint *l, const struct script_place *place)
{
    int leaf = CONDITION_NONE;
    const struct untold untold = {place, &leaf};
    each_leaf_of(l, l->rule->condition, find_untold, &untold);
    return leaf;
}

/* ---- whether it is about a place ---- */

static void find_place(struct lint *l, int leaf, bool holds, const void *context)
{
    (void)holds;
    **(bool *const *)context |= lint_asks_place(node_of(l, leaf));
}

bool lint_asks_for_place(struct lint *l)
{
    bool asks = l->policy->now.only != CONDITION_NONE, *out = &asks;
    each_leaf_of(l, l->rule->condition, find_place, &out);
    return asks;
}

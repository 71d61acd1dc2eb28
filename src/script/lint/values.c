/* values.c - what the leaves of conditions hold, and whether several can be so at once. */
#include <string.h>
#include <strings.h>

#include "match/glob.h"
#include "script/lint/lint.h"

enum { FOLDED_MAX = 512, MINUTES_A_WEEK = 7 * 24 * 60, MS_A_MINUTE = 60 * 1000 };

/* ---- values ---- */

/* Lists of globs were taken in one by one; lists of exact values stay where they are. */
bool lint_value_at(const struct node *leaf, size_t index, struct spurn_text *out)
{
    *out = TEXT_ABSENT;
    if (index < set_count(leaf->values)) {
        *out = set_item(leaf->values, index);
        return true;
    }
    index -= set_count(leaf->values);
    if (leaf->kind != NODE_EXACT) {
        if (index < leaf->glob_count)
            *out = leaf->globs[index];
        return index < leaf->glob_count;
    }
    for (size_t i = 0; i < leaf->list_count; i++) {
        const struct set *items = leaf->lists[i]->items;
        if (index < set_count(items)) {
            *out = set_item(items, index);
            return true;
        }
        index -= set_count(items);
    }
    return false;
}

static size_t count_values(const struct node *leaf)
{
    size_t count = set_count(leaf->values) + leaf->glob_count;
    for (size_t i = 0; leaf->kind == NODE_EXACT && i < leaf->list_count; i++)
        count += set_count(leaf->lists[i]->items);
    return count;
}

static bool has_exact(const struct node *leaf, struct spurn_text value)
{
    bool has = set_has(leaf->values, value);
    for (size_t i = 0; i < leaf->list_count && !has; i++)
        has = set_has(leaf->lists[i]->items, value);
    return has;
}

static bool has_wildcard(struct spurn_text glob)
{
    return memchr(glob.at, '*', glob.len) != NULL || memchr(glob.at, '?', glob.len) != NULL;
}

static bool has_folded(const struct set *values, struct spurn_text value)
{
    char folded[FOLDED_MAX];
    if (value.len > sizeof folded)
        return false;
    for (size_t i = 0; i < value.len; i++)
        folded[i] =
            value.at[i] >= 'A' && value.at[i] <= 'Z' ? (char)(value.at[i] | 0x20) : value.at[i];
    return set_has(values, (struct spurn_text){folded, value.len});
}

static bool is_same_glob(struct spurn_text a, struct spurn_text b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

/* A glob read as if it were a name: its own wildcards can only be taken up by a '*', so whatever it is like is like `wide` too. A '?'
 * of `wide` would take its '*' for one character. */
static bool is_wider(struct spurn_text wide, struct spurn_text narrow, int64_t *steps)
{
    if (has_wildcard(narrow) && memchr(wide.at, '?', wide.len) != NULL)
        return is_same_glob(wide, narrow);
    return glob_match(wide, narrow, steps);
}

bool lint_covers(const struct node *leaf, struct spurn_text value, int64_t *steps)
{
    --*steps;
    if (leaf->kind == NODE_EXACT)
        return has_exact(leaf, value);
    if (!has_wildcard(value) && has_folded(leaf->values, value))
        return true;
    for (size_t i = 0; i < leaf->glob_count; i++)
        if (is_wider(leaf->globs[i], value, steps))
            return true;
    return false;
}

/* ---- one field ---- */

static bool is_about_field(const struct assumed *a, const struct node *leaf)
{
    return a->leaf->kind == leaf->kind && a->leaf->field == leaf->field;
}

static bool is_same_nocase(const char *a, const char *b, size_t len)
{
    return strncasecmp(a, b, len) == 0;
}

/* What stands before the first wildcard, or behind the last. */
static size_t head_len(struct spurn_text glob)
{
    size_t len = 0;
    while (len < glob.len && glob.at[len] != '*' && glob.at[len] != '?')
        len++;
    return len;
}

static size_t tail_len(struct spurn_text glob)
{
    size_t len = 0;
    while (len < glob.len && glob.at[glob.len - 1 - len] != '*' &&
           glob.at[glob.len - 1 - len] != '?')
        len++;
    return len;
}

/* Nothing begins, or ends, in two ways. */
static bool may_meet(struct spurn_text a, struct spurn_text b)
{
    size_t heads = head_len(a) < head_len(b) ? head_len(a) : head_len(b);
    size_t tails = tail_len(a) < tail_len(b) ? tail_len(a) : tail_len(b);
    return is_same_nocase(a.at, b.at, heads) &&
           is_same_nocase(a.at + a.len - tails, b.at + b.len - tails, tails);
}

static bool may_meet_some(const struct node *leaf, struct spurn_text glob, int64_t *steps)
{
    struct spurn_text value;
    for (size_t i = 0; lint_value_at(leaf, i, &value); i++) {
        if (--*steps <= 0 || may_meet(value, glob))
            return true;
    }
    return false;
}

/* Of a glob it is not known that anything that is like it is also like another. */
static bool fits(const struct assumed *newest, struct spurn_text value, int64_t *steps)
{
    bool is_glob = newest->leaf->kind == NODE_GLOBS && has_wildcard(value);
    for (const struct assumed *a = newest; a != NULL; a = a->before) {
        if (!is_about_field(a, newest->leaf))
            continue;
        if (is_glob && a->holds) {
            if (!may_meet_some(a->leaf, value, steps))
                return false;
            continue;
        }
        if (lint_covers(a->leaf, value, steps) != a->holds)
            return false;
    }
    return true;
}

static bool has_fitting_value(const struct assumed *newest, const struct node *leaf, int64_t *steps)
{
    struct spurn_text value;
    for (size_t i = 0; lint_value_at(leaf, i, &value) && *steps > 0; i++)
        if (fits(newest, value, steps))
            return true;
    return false;
}

/* Of the leaves that have to hold, the one with the fewest values; NULL when none has to. */
static const struct node *narrowest(const struct assumed *newest)
{
    const struct node *best = NULL;
    for (const struct assumed *a = newest; a != NULL; a = a->before)
        if (a->holds && is_about_field(a, newest->leaf) &&
            (best == NULL || count_values(a->leaf) < count_values(best)))
            best = a->leaf;
    return best;
}

/* An exact value that fits one leaf fits all; of globs, each leaf needs one. */
bool lint_values_meet(const struct assumed *newest, struct spurn_text fixed, int64_t *steps)
{
    if (fixed.at != NULL)
        return fits(newest, fixed, steps);
    if (newest->leaf->field == FIELD_CLOUD)
        return fits(newest, text_of("aws"), steps) || fits(newest, text_of("alibaba"), steps);
    const struct node *leaf = narrowest(newest);
    if (leaf == NULL)
        return fits(newest, text_of("*"), steps);
    if (leaf->kind == NODE_EXACT)
        return has_fitting_value(newest, leaf, steps);
    for (const struct assumed *a = newest; a != NULL; a = a->before)
        if (a->holds && is_about_field(a, leaf) && !has_fitting_value(newest, a->leaf, steps))
            return false;
    return true;
}

/* ---- ids ---- */

static const struct id_kind {
    const char *cloud;
    size_t digits;
} id_kinds[] = {{"aws", 12}, {"alibaba", 16}};

/* All that is assumed about `field`; NULL: nothing. */
static const struct assumed *all_about(const struct assumed *newest, enum field field)
{
    while (newest != NULL && (newest->leaf->kind != NODE_EXACT || newest->leaf->field != field))
        newest = newest->before;
    return newest;
}

static bool has_fitting_id(const struct assumed *about, size_t digits, int64_t *steps)
{
    const struct node *leaf = about != NULL ? narrowest(about) : NULL;
    struct spurn_text value;
    if (leaf == NULL)
        return true;
    for (size_t i = 0; lint_value_at(leaf, i, &value) && --*steps > 0; i++)
        if (value.len == digits && fits(about, value, steps))
            return true;
    return *steps <= 0;
}

bool lint_ids_meet(const struct assumed *newest, struct spurn_text cloud, int64_t *steps)
{
    const struct assumed *clouds = all_about(newest, FIELD_CLOUD);
    for (size_t i = 0; i < sizeof id_kinds / sizeof id_kinds[0]; i++) {
        const struct id_kind *kind = &id_kinds[i];
        if ((cloud.at == NULL || text_is(cloud, kind->cloud)) &&
            (clouds == NULL || fits(clouds, text_of(kind->cloud), steps)) &&
            has_fitting_id(all_about(newest, FIELD_SENDER), kind->digits, steps) &&
            has_fitting_id(all_about(newest, FIELD_ACCOUNT), kind->digits, steps))
            return true;
    }
    return false;
}

/* ---- time ---- */

bool lint_ages_meet(const struct assumed *newest, int64_t lifetime_s)
{
    int64_t from_s = 0, to_s = lifetime_s; /* from <= age < to */
    for (const struct assumed *a = newest; a != NULL; a = a->before) {
        if (a->leaf->kind != NODE_OLDER && a->leaf->kind != NODE_YOUNGER)
            continue;
        int64_t age_s = a->leaf->age_s;
        bool is_from = (a->leaf->kind == NODE_OLDER) == a->holds;
        if (is_from && age_s > from_s)
            from_s = age_s;
        if (!is_from && age_s < to_s)
            to_s = age_s;
    }
    return from_s < to_s;
}

static bool is_minute_of_all(const struct assumed *newest, int64_t minute, int64_t *steps)
{
    for (const struct assumed *a = newest; a != NULL; a = a->before)
        if (a->leaf->kind == NODE_CREATED_AT && --*steps > 0 &&
            calendar_has(&a->leaf->calendar, minute * MS_A_MINUTE) != a->holds)
            return false;
    return true;
}

/* Calendars repeat every week, and tell minutes apart. */
bool lint_calendars_meet(const struct assumed *newest, int64_t *steps)
{
    for (int64_t minute = 0; minute < MINUTES_A_WEEK; minute++)
        if (is_minute_of_all(newest, minute, steps))
            return true;
    return false;
}

/* ---- the rest ---- */

static bool covers_all(const struct node *wide, const struct node *narrow, int64_t *steps)
{
    struct spurn_text value;
    for (size_t i = 0; lint_value_at(narrow, i, &value); i++)
        if (!lint_covers(wide, value, steps))
            return false;
    return true;
}

/* When `narrow` is true, so is `wide`. */
static bool implies(const struct assumed *narrow, const struct assumed *wide, int64_t *steps)
{
    const struct node *n = narrow->leaf, *w = wide->leaf;
    if (n->kind != w->kind)
        return false;
    switch (n->kind) {
    case NODE_REGEX:
        return n->field == w->field && text_equal(n->written, w->written);
    case NODE_PAST:
        return n->event == w->event && w->times <= n->times && w->within_s >= n->within_s;
    case NODE_FUNCTION:
        return narrow->of == wide->of && n->function == w->function;
    case NODE_RESOURCES:
        return (n->every || !w->every) && covers_all(w, n, steps);
    default:
        return false;
    }
}

bool lint_others_meet(const struct assumed *newest, int64_t *steps)
{
    for (const struct assumed *a = newest->before; a != NULL; a = a->before) {
        if (a->holds == newest->holds)
            continue;
        --*steps;
        if (a->holds ? implies(a, newest, steps) : implies(newest, a, steps))
            return false;
    }
    return true;
}

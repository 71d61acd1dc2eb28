/* lint.c - goes through all rules and says which make no sense, or hardly the one that was meant. */
#include "script/lint/lint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_A_RULE = 20 * 1000 * 1000, /* half a second; a real rule takes hundreds a place */
    TEXT_MAX = 4096,
    PART_MAX = 120, /* of a condition that is quoted */
    DAY_S = 24 * 3600,
    ENDS_SOON_DAYS = 14
};

/* ---- saying it ---- */

static void tell(struct lint *l, enum lint_kind kind, const char *path, int line)
{
    l->failed |= l->text.failed || l->path.failed;
    l->complaints++;
    if (l->failed)
        return;
    const struct script_complaint complaint = {kind == LINT_ERROR, path, line, buf_str(&l->text)};
    l->each(l->context, &complaint);
}

void lint_rule(struct lint *l, enum lint_kind kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_reset(&l->text);
    buf_addf(&l->text, "%s \"%.*s\" ", l->rule->keeps ? "keep" : "reject", TEXT_ARG(l->rule->name));
    buf_vaddf(&l->text, fmt, args);
    va_end(args);
    tell(l, kind, l->policy->path, l->rule->line);
}

/* asked_at is "file:line". */
void lint_setting(struct lint *l, const char *fmt, ...)
{
    const char *at = l->policy->asked_at, *colon = at != NULL ? strrchr(at, ':') : NULL;
    va_list args;
    va_start(args, fmt);
    buf_reset(&l->text);
    buf_vaddf(&l->text, fmt, args);
    va_end(args);
    buf_reset(&l->path);
    if (colon != NULL)
        buf_add(&l->path, at, (size_t)(colon - at));
    else
        buf_add_str(&l->path, l->policy->path);
    tell(l, LINT_WARNING, buf_str(&l->path), colon != NULL ? (int)strtol(colon + 1, NULL, 10) : 1);
}

const char *lint_describe(struct lint *l, int condition)
{
    struct buf *part = &l->part;
    buf_reset(part);
    conditions_describe(l->policy->now.conditions, condition, part);
    if (part->len > PART_MAX) {
        part->len = text_utf8_len((struct spurn_text){part->data, PART_MAX});
        part->data[part->len] = '\0';
        buf_add_str(part, "...");
    }
    return buf_str(part);
}

/* "alibaba 1234567890123456 cn-hangzhou" */
static const char *describe_place(struct lint *l, const struct script_place *place)
{
    buf_reset(&l->path);
    buf_add_text(&l->path, place->cloud);
    if (place->account.at != NULL)
        buf_addf(&l->path, " %.*s", TEXT_ARG(place->account));
    buf_addf(&l->path, " %.*s", TEXT_ARG(place->region));
    return buf_str(&l->path);
}

/* ---- asking about the present rule ---- */

/* That no invitation has such a sender is held against what shall be true: a keep rule may well keep all but some. */
bool lint_rule_can(struct lint *l, bool holds, const struct script_place *place, unsigned open)
{
    if (!holds)
        open |= ANY_ID;
    const struct build *b = &l->policy->now;
    const struct claim claims[] = {{b->conditions, b->only, holds},
                                   {b->conditions, l->rule->condition, holds}};
    if (holds)
        return lint_can(place, open, claims, 2, &l->steps);
    return lint_can(place, open, &claims[0], 1, &l->steps) ||
           lint_can(place, open, &claims[1], 1, &l->steps);
}

static bool can_somewhere(struct lint *l, bool holds, unsigned open)
{
    for (size_t i = 0; i < l->place_count; i++)
        if (lint_rule_can(l, holds, &l->places[i], open))
            return true;
    return l->place_count == 0 && lint_rule_can(l, holds, NULL, open);
}

bool lint_applies_somewhere(struct lint *l)
{
    const struct claim applies = {l->policy->now.conditions, l->policy->now.only, true};
    for (size_t i = 0; i < l->place_count; i++)
        if (lint_can(&l->places[i], 0, &applies, 1, &l->steps))
            return true;
    return l->place_count == 0;
}

/* ---- a rule's last day ---- */

static void judge_end(struct lint *l)
{
    const struct rule *rule = l->rule;
    if (decide_is_past(rule, l->now_ms))
        lint_rule(l, LINT_WARNING,
                  "ended with %.*s and is ignored; take it out, or write a later day",
                  TEXT_ARG(rule->ends));
    else if (rule->ends_ms != 0 &&
             rule->ends_ms - l->now_ms <= ENDS_SOON_DAYS * (int64_t)DAY_S * 1000)
        lint_rule(l, LINT_WARNING, "ends soon, with %.*s; write a later day if it shall stay",
                  TEXT_ARG(rule->ends));
}

/* ---- keep rules that keep too much ---- */

/* Nothing from there can make it false, and it does not say so by naming the place. */
static bool keeps_all(struct lint *l, const struct script_place *place)
{
    if (lint_rule_can(l, false, place, 0))
        return false;
    bool is_about_place = !lint_rule_can(l, false, place, PLACE_ALONE);
    return !is_about_place || !lint_rule_can(l, false, place, ANY_PLACE);
}

static void tell_keeps_all(struct lint *l, const struct script_place *place, size_t count)
{
    static const char cure[] = "say what it keeps, or give the policy only = { ... }";
    if (count == l->place_count && (place == NULL || !lint_rule_can(l, false, place, ALL_TOLD))) {
        lint_rule(l, LINT_ERROR, "keeps everything, so no policy rejects anything; %s", cure);
        return;
    }
    const char *where = describe_place(l, place);
    int untold =
        lint_rule_can(l, false, place, ALL_TOLD) ? lint_untold_leaf(l, place) : CONDITION_NONE;
    if (untold != CONDITION_NONE)
        lint_rule(
            l, LINT_ERROR,
            "keeps everything at %s: %s is never known there; write & cloud \"aws\" beside it",
            where, lint_describe(l, untold));
    else
        lint_rule(l, LINT_ERROR, "keeps everything at %s; %s", where, cure);
}

static void judge_keeping(struct lint *l)
{
    const struct script_place *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < l->place_count; i++)
        if (keeps_all(l, &l->places[i]) && count++ == 0)
            first = &l->places[i];
    if (count > 0 || (l->place_count == 0 && keeps_all(l, NULL)))
        tell_keeps_all(l, first, count);
    else if (l->policy->now.only == CONDITION_NONE && !can_somewhere(l, false, 0))
        lint_rule(l, LINT_WARNING,
                  "keeps everything of every target, so nothing is rejected; to keep what an "
                  "account sent write sender");
}

static void judge_sender_choice(struct lint *l)
{
    if (lint_rule_can(l, true, NULL, BY_SENDER) && l->steps > 0)
        lint_rule(l, LINT_WARNING,
                  "rests on what the sender chooses, so any stranger can be kept; write & sender "
                  "{ ... } beside it");
}

/* ---- rules that are never true ---- */

/* The first place of which the rule can be true when all is told. */
static const struct script_place *find_untelling(struct lint *l)
{
    for (size_t i = 0; i < l->place_count; i++)
        if (lint_rule_can(l, true, &l->places[i], ALL_TOLD))
            return &l->places[i];
    return NULL;
}

static void tell_untold(struct lint *l, const char *where)
{
    int leaf = lint_untold_leaf(l, find_untelling(l));
    lint_rule(l, LINT_ERROR, "can never be true: %s is not known at %s; leave it out",
              lint_describe(l, leaf), where);
}

static void tell_ids(struct lint *l, enum lint_kind kind)
{
    lint_rule(l, kind,
              "can never be true: account ids have 12 digits at AWS and 16 at Alibaba Cloud, and "
              "it asks for others there; correct the ids, or the place");
}

/* True when it is so: at no target, though there are invitations somewhere that it would be true of. */
static bool judge_unreached(struct lint *l)
{
    bool is_told = l->complaints > 0;
    if (can_somewhere(l, true, 0))
        return false;
    if (can_somewhere(l, true, ANY_AGE)) {
        if (!is_told)
            lint_rule(l, LINT_WARNING,
                      "asks for an age that is never reached; write a shorter time");
    } else if (can_somewhere(l, true, ANY_ID)) {
        tell_ids(l, lint_asks_for_place(l) ? LINT_ERROR : LINT_WARNING);
    } else if (!can_somewhere(l, true, ANY_PLACE) && can_somewhere(l, true, ALL_TOLD)) {
        tell_untold(l, "any target");
    } else if (can_somewhere(l, true, ALL_TOLD)) {
        tell_untold(l, "the targets that it is about");
    } else if (!is_told && lint_applies_somewhere(l)) {
        lint_rule(l, LINT_WARNING,
                  "is never true: no target has the place that it asks for; correct the place, or "
                  "add the target");
    }
    return true;
}

static bool judge_contradiction(struct lint *l)
{
    if (lint_rule_can(l, true, NULL, 0))
        return false;
    if (lint_rule_can(l, true, NULL, ANY_ID))
        tell_ids(l, LINT_ERROR);
    else
        lint_rule(
            l, LINT_ERROR,
            "can never be true: nothing is %s; take out what excludes the rest, or join it with |",
            lint_describe(l, l->rule->condition));
    return true;
}

/* ---- reject rules behind a keep rule ---- */

/* Can the present rule be true where `keep` of `policy`, and thus what it keeps, is false? */
static bool can_escape(struct lint *l, const struct policy *policy, const struct rule *keep)
{
    const struct build *mine = &l->policy->now, *other = &policy->now;
    struct claim claims[] = {{mine->conditions, mine->only, true},
                             {mine->conditions, l->rule->condition, true},
                             {other->conditions, other->only, false}};
    if (lint_can(NULL, 0, claims, 3, &l->steps))
        return true;
    claims[2].condition = keep->condition;
    return lint_can(NULL, 0, claims, 3, &l->steps);
}

/* What keeps everything anyway is told of the keep rule. */
static bool can_be_false(struct lint *l, const struct policy *policy, const struct rule *keep)
{
    const struct claim claims[] = {{policy->now.conditions, policy->now.only, false},
                                   {policy->now.conditions, keep->condition, false}};
    return lint_can(NULL, 0, &claims[0], 1, &l->steps) ||
           lint_can(NULL, 0, &claims[1], 1, &l->steps);
}

static bool is_behind(struct lint *l, const struct policy *policy, const struct rule *keep)
{
    return keep->keeps && !decide_is_past(keep, l->now_ms) && !can_escape(l, policy, keep) &&
           can_be_false(l, policy, keep);
}

static void judge_shadow(struct lint *l)
{
    for (size_t i = 0; i < l->script->policy_count; i++) {
        const struct policy *policy = l->script->policies[i];
        for (size_t k = 0; k < policy->now.rule_count; k++) {
            const struct rule *keep = &policy->now.rules[k];
            if (!is_behind(l, policy, keep))
                continue;
            lint_rule(l, LINT_WARNING,
                      "never rejects: keep \"%.*s\" (%s:%d) holds for all of it; narrow one of the "
                      "two",
                      TEXT_ARG(keep->name), policy->path, keep->line);
            return;
        }
    }
}

/* Neither true nor false by what the cloud tells. */
static bool can_be_open(struct lint *l, const struct script_place *place)
{
    const struct build *b = &l->policy->now;
    const struct claim claims[] = {{b->conditions, b->only, true},
                                   {b->conditions, l->rule->condition, true},
                                   {b->conditions, l->rule->condition, false}};
    return lint_can(place, EITHER_UNTOLD, claims, 3, &l->steps) && l->steps > 0;
}

/* Leaves invitations undecided, for ever, that it was hardly meant to be about. */
static void judge_open(struct lint *l)
{
    for (size_t i = 0; i < l->place_count; i++) {
        const struct script_place *place = &l->places[i];
        int leaf = lint_untold_leaf(l, place);
        if (leaf == CONDITION_NONE || !can_be_open(l, place))
            continue;
        lint_rule(l, LINT_WARNING,
                  "leaves invitations undecided at %.*s, at every sweep: %s is never known there; "
                  "write & cloud \"aws\" beside it",
                  TEXT_ARG(place->cloud), lint_describe(l, leaf));
        return;
    }
}

static void judge_rejecting(struct lint *l)
{
    const struct conditions *c = l->policy->now.conditions;
    const struct claim is_false = {c, l->rule->condition, false};
    if (c->nodes[l->rule->condition].kind != NODE_ALWAYS &&
        !lint_can(NULL, 0, &is_false, 1, &l->steps))
        lint_rule(l, LINT_WARNING,
                  "holds for everything; if that is meant write always, else join with & what now "
                  "is joined with |");
    else
        judge_shadow(l);
}

/* ---- all rules ---- */

static void judge_rule(struct lint *l)
{
    judge_end(l);
    if (decide_is_past(l->rule, l->now_ms) || judge_contradiction(l))
        return;
    l->complaints = 0;
    if (l->rule->keeps)
        judge_keeping(l);
    if (l->complaints > 0)
        return;
    lint_leaves(l);
    bool is_unreached = judge_unreached(l);
    if (l->rule->keeps)
        judge_sender_choice(l);
    else
        judge_rejecting(l);
    if (!l->rule->keeps && !is_unreached)
        judge_open(l);
}

/* An account that nobody knows may be any. */
static bool is_place_of_some(const struct lint *l, const struct strict_place *said)
{
    for (size_t i = 0; i < l->place_count; i++) {
        struct spurn_text has = lint_place_field(&l->places[i], said->field);
        if (has.at == NULL || text_equal(has, said->value))
            return true;
    }
    return false;
}

/* What reading the text found. */
static void tell_of_text(struct lint *l)
{
    const struct strict *s = &l->policy->strict;
    for (size_t i = 0; i < s->warning_count; i++) {
        buf_reset(&l->text);
        buf_add_str(&l->text, s->warnings[i].text);
        tell(l, LINT_WARNING, l->policy->path, s->warnings[i].line);
    }
    for (size_t i = 0; i < s->place_count; i++) {
        const struct strict_place *said = &s->places[i];
        if (l->place_count == 0 || is_place_of_some(l, said))
            continue;
        buf_reset(&l->text);
        if (said->field == FIELD_REGION && lint_name_no_region(l, said->value))
            buf_addf(&l->text, "inv.region is compared with %s", buf_str(&l->part));
        else
            buf_addf(
                &l->text,
                "inv.%s is compared with \"%.*s\", which no target has; correct it, or add the "
                "target",
                field_name(said->field), TEXT_ARG(said->value));
        tell(l, LINT_WARNING, l->policy->path, said->line);
    }
}

static void judge_policy(struct lint *l, const struct policy *policy)
{
    l->policy = policy;
    l->steps = STEPS_A_RULE;
    l->seen = malloc(conditions_count(policy->now.conditions) + 1);
    l->failed |= l->seen == NULL;
    if (!l->failed)
        lint_only(l);
    tell_of_text(l);
    for (size_t i = 0; i < policy->now.rule_count && !l->failed; i++) {
        l->rule = &policy->now.rules[i];
        l->steps = STEPS_A_RULE;
        judge_rule(l);
    }
    free(l->seen);
    l->seen = NULL;
}

enum spurn_status script_lint(struct script *s, const struct script_place *places,
                              size_t place_count, int64_t now_ms,
                              bool (*has_region)(struct spurn_text region, const char **meant),
                              void (*each)(void *context, const struct script_complaint *complaint),
                              void *context, struct spurn_error *err)
{
    struct lint l = {.script = s,
                     .places = places,
                     .place_count = place_count,
                     .now_ms = now_ms,
                     .has_region = has_region,
                     .each = each,
                     .context = context};
    buf_init(&l.text, TEXT_MAX);
    buf_init(&l.part, TEXT_MAX);
    buf_init(&l.path, TEXT_MAX);
    for (size_t i = 0; i < s->policy_count && !l.failed; i++)
        judge_policy(&l, s->policies[i]);
    buf_clear(&l.path);
    buf_clear(&l.part);
    buf_clear(&l.text);
    return l.failed ? spurn_fail_memory(err) : SPURN_OK;
}

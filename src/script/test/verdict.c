/* verdict.c - whether what a test expects came, and in words what came and what was wanted. */
#include <string.h>

#include "script/test/test.h"

static bool text_begins_with(struct spurn_text text, struct spurn_text start)
{
    return text.len >= start.len && memcmp(text.at, start.at, start.len) == 0;
}

/* Takes "policy/rule" and what separates it off the head of `matches`. */
static bool takes_match(struct spurn_text *matches, const struct script_rule *rule)
{
    const struct spurn_text parts[] = {rule->policy, text_of("/"), rule->name,
                                       text_of(rule->observes ? SCRIPT_OBSERVED : "")};
    struct spurn_text rest = *matches;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!text_begins_with(rest, parts[i]))
            return false;
        rest.at += parts[i].len;
        rest.len -= parts[i].len;
    }
    if (rest.len > 0 && !text_begins_with(rest, text_of(", ")))
        return false;
    size_t separator_len = rest.len > 0 ? 2 : 0;
    *matches = (struct spurn_text){rest.at + separator_len, rest.len - separator_len};
    return true;
}

/* `matches` names rules in file order, so one walk over all rules finds each. */
static bool has_matched(const struct test_outcome *o, struct spurn_text name, bool must_observe)
{
    struct spurn_text matches = o->decision.matches;
    struct script_rule rule;
    for (size_t i = 0; matches.len > 0 && script_rule_at(o->script, i, &rule); i++) {
        if (!takes_match(&matches, &rule))
            continue;
        if (text_equal(rule.name, name) && (rule.observes || !must_observe))
            return true;
    }
    return false;
}

static bool has_rule(const struct script *s, struct spurn_text name)
{
    struct script_rule rule;
    for (size_t i = 0; script_rule_at(s, i, &rule); i++)
        if (text_equal(rule.name, name))
            return true;
    return false;
}

static bool verdict_is_met(const struct policy_test *test, enum script_verdict verdict)
{
    if (test->minds_undecided && (verdict == VERDICT_UNDECIDED) != test->is_undecided)
        return false;
    return text_is(test->expect, script_verdict_name(verdict)) ||
           (verdict == VERDICT_UNDECIDED && text_is(test->expect, "none"));
}

bool test_is_met(const struct policy_test *test, const struct test_outcome *o)
{
    const struct script_decision *d = &o->decision;
    return verdict_is_met(test, d->verdict) && o->has_fault == test->faults &&
           (test->rule.at == NULL || text_equal(d->rule, test->rule) ||
            has_matched(o, test->rule, false)) &&
           (test->reason.at == NULL || text_equal(d->reason, test->reason)) &&
           (test->observe.at == NULL || has_matched(o, test->observe, true));
}

/* ---- what a failing test says ---- */

static void add_quoted(struct buf *out, const char *before, struct spurn_text text)
{
    if (text.at != NULL)
        buf_addf(out, "%s\"%.*s\"", before, TEXT_ARG(text));
}

void test_describe_want(const struct policy_test *test, const struct test_outcome *o,
                        struct buf *out)
{
    buf_add_text(out,
                 test->minds_undecided && test->is_undecided ? text_of("undecided") : test->expect);
    if (test->minds_undecided && !test->is_undecided)
        buf_add_str(out, ", not undecided");
    add_quoted(out, " by rule ", test->rule);
    add_quoted(out, ", reason ", test->reason);
    add_quoted(out, ", observed by ", test->observe);
    if (test->faults)
        buf_add_str(out, ", and a fault");
    else if (o->has_fault)
        buf_add_str(out, ", and no fault");
}

static void describe_missing(const struct script *s, struct spurn_text rule, struct buf *out)
{
    if (rule.at != NULL && !has_rule(s, rule))
        add_quoted(out, "; no policy here has a rule ", rule);
}

void test_describe_got(const struct policy_test *test, const struct test_outcome *o,
                       struct buf *out)
{
    const struct script_decision *d = &o->decision;
    buf_add_str(out, script_verdict_name(d->verdict));
    add_quoted(out, " by rule ", d->rule);
    if (test->reason.at != NULL)
        add_quoted(out, ", reason ", d->reason);
    if (d->matches.len > 0 && (test->rule.at != NULL || test->observe.at != NULL))
        buf_addf(out, ", matching %.*s", TEXT_ARG(d->matches));
    if (o->has_fault)
        buf_addf(out, "; fault in rule \"%.*s\": %.*s", TEXT_ARG(o->fault.rule),
                 TEXT_ARG(o->fault.cause));
    else if (test->faults)
        buf_add_str(out, "; no fault");
    describe_missing(o->script, test->rule, out);
    describe_missing(o->script, test->observe, out);
}

/* why.c - what the rules said of a failing test's invitation, cut down to those that matter to it. */
#include <stdlib.h>
#include <string.h>

#include "script/test/test.h"

enum {
    TEXT_MAX = 256 * 1024,
    LINES_MAX = 60, /* of all that is shown: a page; the rest is counted */
    SPACES_A_LEVEL = 2
};

/* A line while it is not yet clear whether it will be shown. */
struct line {
    size_t at, len; /* in the text */
    bool matters;
};

struct telling {
    const struct policy_test *test;
    bool names_policies; /* there are several */
    bool doubt_matters;  /* to what came of it */
    struct buf *text;
    struct line *lines;
    size_t count, room;
    struct buf policy; /* the name of the one that is told */
    bool matters;      /* the rule that is told */
    bool some_matter;
    bool no_memory;
};

static struct line *add_line(struct telling *t)
{
    if (t->count == t->room) {
        size_t room = t->room == 0 ? 32 : t->room * 2;
        struct line *more = realloc(t->lines, room * sizeof *more);
        if (more == NULL) {
            t->no_memory = true;
            return NULL;
        }
        t->lines = more;
        t->room = room;
    }
    return &t->lines[t->count++];
}

static bool is_value(const struct script_explained *part, const char *value)
{
    return strcmp(part->value, value) == 0;
}

/* A rule that would have done what the test expects is one whose answer is asked for. */
static bool would_do(const struct policy_test *test, const struct script_explained *rule)
{
    if (test->rule.at != NULL || test->observe.at != NULL || rule->observes)
        return false;
    return text_is(test->expect, rule->keeps ? "keep" : "reject");
}

static bool rule_matters(const struct telling *t, const struct script_explained *rule)
{
    const struct policy_test *test = t->test;
    bool is_named = (test->rule.at != NULL && text_equal(rule->text, test->rule)) ||
                    (test->observe.at != NULL && text_equal(rule->text, test->observe));
    bool is_in_doubt = is_value(rule, "unknown") || is_value(rule, "needs resources");
    return is_named || is_value(rule, "true") || (is_in_doubt && t->doubt_matters) ||
           would_do(test, rule);
}

static void add_in_brackets(struct buf *out, struct spurn_text text)
{
    if (text.at != NULL)
        buf_addf(out, " (%.*s)", TEXT_ARG(text));
}

static void write_rule(struct telling *t, const struct script_explained *rule)
{
    buf_addf(t->text, "%s \"%s%s%.*s\", line %d: %s%s", rule->keeps ? "keep" : "reject",
             t->names_policies ? buf_str(&t->policy) : "", t->names_policies ? "/" : "",
             TEXT_ARG(rule->text), rule->line, rule->value, rule->observes ? ", observed" : "");
}

static void write_condition(struct telling *t, const struct script_explained *condition)
{
    buf_addf(t->text, "%*s%.*s: %s", SPACES_A_LEVEL * (condition->depth + 1), "",
             TEXT_ARG(condition->text), condition->value);
    add_in_brackets(t->text, condition->looked_at);
}

static void take_part(void *context, const struct script_explained *part)
{
    struct telling *t = context;
    if (part->part == PART_POLICY) {
        buf_reset(&t->policy);
        buf_add_text(&t->policy, part->text);
        return;
    }
    if (part->part == PART_CONDITION && is_value(part, "not reached"))
        return;
    if (part->part == PART_RULE) {
        t->matters = rule_matters(t, part);
        t->some_matter |= t->matters;
    }
    struct line *line = add_line(t);
    if (line == NULL)
        return;
    *line = (struct line){.at = t->text->len, .matters = t->matters};
    if (part->part == PART_RULE)
        write_rule(t, part);
    else
        write_condition(t, part);
    add_in_brackets(t->text, part->cause);
    line->len = t->text->len - line->at;
}

/* The lines that are shown, and how many there are more. */
static bool choose_lines(struct telling *t, struct test_why *why)
{
    size_t chosen = 0, more_at = why->text.len;
    why->lines = calloc(LINES_MAX + 1, sizeof *why->lines);
    if (why->lines == NULL)
        return false;
    for (size_t i = 0; i < t->count; i++)
        chosen += t->lines[i].matters || !t->some_matter;
    if (chosen > LINES_MAX)
        buf_addf(&why->text, "... and %zu lines more", chosen - LINES_MAX);
    for (size_t i = 0; i < t->count && why->count < LINES_MAX; i++)
        if (t->lines[i].matters || !t->some_matter)
            why->lines[why->count++] =
                (struct spurn_text){why->text.data + t->lines[i].at, t->lines[i].len};
    if (chosen > LINES_MAX)
        why->lines[why->count++] =
            (struct spurn_text){why->text.data + more_at, why->text.len - more_at};
    return true;
}

enum spurn_status test_why_read(struct test_why *why, struct script *s,
                                const struct policy_test *test, const struct test_outcome *o,
                                struct spurn_error *err)
{
    struct script_decision decision;
    *why = (struct test_why){0};
    buf_init(&why->text, TEXT_MAX);
    struct telling t = {.test = test,
                        .names_policies = script_policy_count(s) > 1,
                        .doubt_matters = o->decision.verdict == VERDICT_UNDECIDED || o->has_fault,
                        .text = &why->text};
    buf_init(&t.policy, TEXT_MAX);
    enum spurn_status status = script_begin_sweep(s, test->now_ms, err);
    if (status == SPURN_OK)
        status = script_explain(s, &test->invitation, &test->origin, &test->facts, take_part, &t,
                                &decision, err);
    if (status == SPURN_OK && (t.no_memory || !choose_lines(&t, why)))
        status = spurn_fail_memory(err);
    free(t.lines);
    buf_clear(&t.policy);
    return status;
}

void test_why_clear(struct test_why *why)
{
    free(why->lines);
    buf_clear(&why->text);
    *why = (struct test_why){0};
}

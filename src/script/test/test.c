/* test.c - runs a policy's test file: made-up invitations, a frozen clock, and what should come of them. */
#include "script/test/test.h"

#include <stdlib.h>
#include <string.h>

#include "match/glob.h"
#include "script/test/coverage.h"

enum {
    SAID_MAX = 16 * 1024, /* what a failing test says; a reason and a few rules */
    PATTERN_MAX = 4096
};

struct run {
    const struct script_test_options *options;
    struct script *script;
    struct buf pattern; /* the names of the tests to run; nothing: all */
};

/* ---- which tests ---- */

static enum spurn_status read_pattern(struct run *run, struct spurn_error *err)
{
    struct spurn_text asked = run->options->run;
    if (asked.at == NULL)
        return SPURN_OK;
    bool is_whole = memchr(asked.at, '*', asked.len) != NULL || memchr(asked.at, '?', asked.len);
    buf_add_str(&run->pattern, is_whole ? "" : "*");
    buf_add_text(&run->pattern, asked);
    buf_add_str(&run->pattern, is_whole ? "" : "*");
    if (run->pattern.failed)
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot look for tests: the pattern is longer than %d bytes",
                          PATTERN_MAX - 2);
    return SPURN_OK;
}

static bool is_wanted(const struct run *run, struct spurn_text name)
{
    int64_t steps = INT64_MAX;
    return run->pattern.len == 0 || glob_match(buf_text(&run->pattern), name, &steps);
}

/* ---- one test ---- */

static enum spurn_status report_failure(struct run *run, const struct policy_test *test,
                                        const struct test_outcome *outcome, struct script_test *row,
                                        struct spurn_error *err)
{
    struct buf got, want;
    struct test_why why;
    buf_init(&got, SAID_MAX);
    buf_init(&want, SAID_MAX);
    test_describe_got(test, outcome, &got);
    test_describe_want(test, outcome, &want);
    enum spurn_status status = test_why_read(&why, run->script, test, outcome, err);
    row->got = buf_text(&got);
    row->want = buf_text(&want);
    row->why = why.lines;
    row->why_count = why.count;
    if (status == SPURN_OK)
        run->options->test(run->options->context, row);
    test_why_clear(&why);
    buf_clear(&want);
    buf_clear(&got);
    return status;
}

static enum spurn_status run_test(struct run *run, const struct policy_test *test,
                                  struct spurn_error *err)
{
    struct script *s = run->script;
    struct test_outcome outcome = {.script = s};
    enum spurn_status status = script_begin_sweep(s, test->now_ms, err);
    if (status == SPURN_OK)
        status = script_decide(s, &test->invitation, &test->origin, &test->facts, &outcome.decision,
                               err);
    if (status != SPURN_OK)
        return status;
    if (run->options->coverage != NULL)
        coverage_add_rules(run->options->coverage, s);
    outcome.has_fault = script_fault_at(s, 0, &outcome.fault);
    struct script_test row = {
        .name = test->name, .line = (int)test->line, .passed = test_is_met(test, &outcome)};
    if (!row.passed)
        return report_failure(run, test, &outcome, &row, err);
    run->options->test(run->options->context, &row);
    return SPURN_OK;
}

/* ---- all of a file ---- */

static enum spurn_status open_script(struct run *run, const struct test_file *file,
                                     struct spurn_error *err)
{
    struct coverage *coverage = run->options->coverage;
    struct script_limits limits = {0};
    if (run->options->limits != NULL)
        limits = *run->options->limits;
    limits.covers_lines = coverage != NULL;
    enum spurn_status status = script_open(&limits, run->options->log, &run->script, err);
    for (struct tested_policy *p = file->policies; p != NULL && status == SPURN_OK; p = p->next)
        status = script_load_policy(run->script, p->path, p->settings_json, p->asked_at, err);
    if (status == SPURN_OK && coverage != NULL)
        status = coverage_begin(coverage, run->script, err);
    return status;
}

enum spurn_status script_run_tests(const char *path, const struct script_test_options *options,
                                   struct spurn_error *err)
{
    struct run run = {.options = options};
    struct test_file file;
    buf_init(&run.pattern, PATTERN_MAX);
    enum spurn_status status = test_file_read(&file, path, options->limits, options->log, err);
    if (status == SPURN_OK)
        status = read_pattern(&run, err);
    if (status == SPURN_OK)
        status = open_script(&run, &file, err);
    for (struct policy_test *t = file.tests; t != NULL && status == SPURN_OK; t = t->next)
        if (is_wanted(&run, t->name))
            status = run_test(&run, t, err);
    if (status == SPURN_OK && options->coverage != NULL)
        status = coverage_end(options->coverage, run.script, err);
    script_close(run.script);
    test_file_clear(&file);
    buf_clear(&run.pattern);
    return status;
}

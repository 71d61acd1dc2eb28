/* test.c - the embedding API's policy tests: running a file of them, and what all of them covered. */
#include <stdlib.h>

#include "library/library.h"
#include "script/test/coverage.h"

/* ---- running ---- */

struct spurn_coverage {
    struct coverage *all;
};

static void tell_test(void *context, const struct script_test *test)
{
    const struct spurn_test_options *options = context;
    const struct spurn_test_row row = {.name = test->name,
                                       .line = test->line,
                                       .passed = test->passed,
                                       .got = test->got,
                                       .want = test->want,
                                       .why = test->why,
                                       .why_count = test->why_count};
    options->test(options->context, &row);
}

enum spurn_status spurn_test(const char *path, const struct spurn_test_options *options,
                             struct spurn_error *err)
{
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_test_options", err);
    if (status != SPURN_OK)
        return status;
    const struct script_test_options run = {
        .run = text_of(options->run),
        .coverage = options->coverage != NULL ? options->coverage->all : NULL,
        .test = tell_test,
        .context = (void *)options};
    return script_run_tests(path, &run, err);
}

/* ---- coverage ---- */

enum spurn_status spurn_coverage_open(struct spurn_coverage **out, struct spurn_error *err)
{
    *out = NULL;
    struct spurn_coverage *c = calloc(1, sizeof *c);
    if (c == NULL)
        return spurn_fail_memory(err);
    enum spurn_status status = coverage_open(&c->all, err);
    if (status == SPURN_OK)
        *out = c;
    else
        spurn_coverage_close(c);
    return status;
}

void spurn_coverage_close(struct spurn_coverage *c)
{
    if (c == NULL)
        return;
    coverage_close(c->all);
    free(c);
}

enum spurn_status spurn_coverage_add_untested(struct spurn_coverage *c, const char *path,
                                              struct spurn_error *err)
{
    return coverage_add_untested(c->all, path, err);
}

struct telling {
    void (*row)(void *context, const struct spurn_covered_row *row);
    void *context;
};

static void tell_covered(void *context, const struct covered *covered)
{
    struct telling *t = context;
    const struct spurn_covered_row row = {.path = covered->path,
                                          .is_untested = covered->is_untested,
                                          .rule = covered->rule,
                                          .line = covered->line,
                                          .keeps = covered->keeps,
                                          .was_true = covered->was_true,
                                          .was_false = covered->was_false,
                                          .can_be_false = covered->can_be_false,
                                          .ran = covered->ran};
    t->row(t->context, &row);
}

void spurn_coverage_each(const struct spurn_coverage *c,
                         void (*row)(void *context, const struct spurn_covered_row *row),
                         void *context)
{
    struct telling t = {row, context};
    coverage_each(c->all, tell_covered, &t);
}

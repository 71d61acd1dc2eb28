/* coverage.h - what tests made rules answer and which lines of functions they ran, added up over test files by policy file. */
#ifndef SPURN_SCRIPT_TEST_COVERAGE_H
#define SPURN_SCRIPT_TEST_COVERAGE_H

#include "script/script.h"

struct coverage;

enum spurn_status coverage_open(struct coverage **out, struct spurn_error *err);
void coverage_close(struct coverage *c);

/* The policies of `s` are tested from now on, until the next call. */
enum spurn_status coverage_begin(struct coverage *c, const struct script *s,
                                 struct spurn_error *err);
/* After one invitation since script_begin_sweep: what each rule answered. */
void coverage_add_rules(struct coverage *c, const struct script *s);
/* Once, after all tests: the lines that ran. `s` was opened with limits.covers_lines. */
enum spurn_status coverage_end(struct coverage *c, const struct script *s, struct spurn_error *err);

/* After all tests: the rules that stand in the text of the policy at `path` count too, if no test asked it. Does not run it: its
 * parameters may be unknown. A file without rules adds nothing. */
enum spurn_status coverage_add_untested(struct coverage *c, const char *path,
                                        struct spurn_error *err);

/* A rule, or a line of a function. */
struct covered {
    struct spurn_text path; /* of the policy */
    bool is_untested;       /* no test asked it */
    int line;
    struct spurn_text rule;   /* absent: a line of a function */
    bool keeps;               /* of a rule, as the next */
    bool was_true, was_false; /* some test made it so */
    bool can_be_false;        /* `always` alone cannot, and need not */
    bool ran;                 /* of a line: some test ran it */
};
/* Policy by policy, its rules and then its lines. Text is valid until `c` changes. */
void coverage_each(const struct coverage *c,
                   void (*each)(void *context, const struct covered *covered), void *context);

#endif

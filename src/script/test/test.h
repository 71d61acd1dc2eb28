/* test.h - a policy's test file in pieces: what it says, whether that came, what a failing test tells. Private to this room. */
#ifndef SPURN_SCRIPT_TEST_TEST_H
#define SPURN_SCRIPT_TEST_TEST_H

#include "json.h"
#include "script/script.h"

/* ---- file.c: what the file says ---- */

struct tested_policy {
    struct tested_policy *next;
    const char *path;     /* beside the test file */
    const char *asked_at; /* "file:line" */
    struct spurn_text settings_json;
};

/* Other invitations of the sender, before. */
struct test_events {
    const int64_t *at_ms;
    size_t count;
    int64_t just_now; /* so many more, as the test's clock stands */
};

struct policy_test {
    struct policy_test *next;
    int64_t line;
    struct spurn_text name;

    int64_t now_ms;
    struct invitation invitation;
    struct origin origin;
    struct script_facts facts;
    struct script_past past; /* `facts` points here */
    struct test_events rejected, seen;

    struct spurn_text expect, rule, reason, observe; /* all but expect may be absent */
    bool minds_undecided, is_undecided;              /* only when it minds */
    bool faults;
};

struct test_file {
    const char *path;
    struct tested_policy *policies;
    struct policy_test *tests;
    struct buf said;    /* the texts of all of it */
    struct arena arena; /* and the rest */
};

/* Reads and checks the file at `path`, which is borrowed. SPURN_E_POLICY with file and line. test_file_clear even after a failure. */
enum spurn_status test_file_read(struct test_file *f, const char *path,
                                 const struct script_limits *limits, const struct log *log,
                                 struct spurn_error *err);
void test_file_clear(struct test_file *f);

/* ---- verdict.c: did what was expected come? ---- */

struct test_outcome {
    const struct script *script;
    struct script_decision decision;
    struct script_fault fault; /* the first */
    bool has_fault;
};

bool test_is_met(const struct policy_test *test, const struct test_outcome *o);
void test_describe_want(const struct policy_test *test, const struct test_outcome *o,
                        struct buf *out);
void test_describe_got(const struct policy_test *test, const struct test_outcome *o,
                       struct buf *out);

/* ---- why.c: what the rules said of a test's invitation ---- */

struct test_why {
    struct buf text;
    struct spurn_text *lines; /* into `text` */
    size_t count;
};

/* The rules that matter to the test with their conditions: those that it names, those that are true, those that are in doubt when
 * the outcome is, those that would have done what it expects; else all. test_why_clear even after a failure. */
enum spurn_status test_why_read(struct test_why *why, struct script *s,
                                const struct policy_test *test, const struct test_outcome *o,
                                struct spurn_error *err);
void test_why_clear(struct test_why *why);

#endif

/* test_report.h - how the run of policy tests is told: for people, as JSON, as TAP, as JUnit's XML. */
#ifndef SPURN_COMMAND_TEST_REPORT_H
#define SPURN_COMMAND_TEST_REPORT_H

#include "command/coverage.h"

struct cmd_test_file {
    const char *path;
    int64_t passed, failed;
    const char *error; /* why it cannot be loaded; NULL: it was */
};

struct cmd_test_totals {
    int64_t files, broken;               /* broken: not loaded */
    int64_t passed, failed;              /* what is broken counts as failed too */
    const struct cmd_coverage *coverage; /* NULL: nobody asked */
};

/* Calls come in this order: begin, for each file begin_file, its tests and end_file, then end. */
struct cmd_test_report {
    void (*begin)(void *context);
    void (*begin_file)(void *context, const char *path);
    void (*test)(void *context, const char *path, const struct spurn_test_row *row);
    void (*end_file)(void *context, const struct cmd_test_file *file);
    void (*end)(void *context, const struct cmd_test_totals *totals);
};

extern const struct cmd_test_report cmd_test_table; /* context: struct cmd_out */
extern const struct cmd_test_report cmd_test_json;  /* context: struct cmd_test_json_state */
extern const struct cmd_test_report cmd_test_tap;   /* context: struct cmd_tap */
extern const struct cmd_test_report cmd_test_junit; /* context: struct cmd_junit */

struct cmd_test_json_state {
    struct cmd_out *out;
    struct cmd_json json;
};

struct cmd_tap {
    struct cmd_out *out;
    int64_t files, tests; /* told so far; tests: of this file */
};

/* JUnit's form says at the head of each part how many follow, so parts are kept until they are whole. */
struct cmd_junit {
    struct cmd_out out; /* the file */
    struct cmd_kept {
        FILE *file;
        char *bytes;
        size_t len;
        struct cmd_out out;
    } cases, suites; /* of the file that runs; of all before */
};

/* Opens the file that the report goes to. */
enum spurn_status cmd_junit_open(struct cmd_junit *j, const char *path, struct spurn_error *err);
/* Also after a failure of cmd_junit_open. 0, or the errno of the first write that failed. */
int cmd_junit_close(struct cmd_junit *j);

#endif

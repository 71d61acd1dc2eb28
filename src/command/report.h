/* report.h - what a sweep found and did, as tables for people. */
#ifndef SPURN_COMMAND_REPORT_H
#define SPURN_COMMAND_REPORT_H

#include "command/command.h"

struct cmd_report_options {
    bool acts;  /* apply, not plan */
    bool all;   /* rows for everything */
    bool asks;  /* a question follows */
    bool rules; /* how every rule fared */
    bool
        rejects_seen; /* and the targets that failed: only what went otherwise since then is shown */
    bool lacks_journal;   /* apply would refuse */
    const char *apply_as; /* how to reject what a plan shows: "spurn apply"; NULL: not now */
};

/* What is left of a struct spurn_summary when its report is over. */
struct cmd_outcome {
    struct spurn_summary counts; /* its strings are NULL; they follow */
    char held_why[512];
    char digest[65];
};

/* The whole report, whose last line sums it up. */
enum spurn_status cmd_report_print(struct spurn_sweep *sweep, struct cmd_out *out,
                                   const struct cmd_report_options *options,
                                   struct spurn_error *err);
/* Only what would be rejected and which targets failed, for the question after it. */
enum spurn_status cmd_report_print_rejects(struct spurn_sweep *sweep, struct cmd_out *out, bool all,
                                           struct spurn_error *err);
enum spurn_status cmd_report_outcome(struct spurn_sweep *sweep, struct cmd_outcome *outcome,
                                     struct spurn_error *err);

#endif

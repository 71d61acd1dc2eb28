/* coverage.h - what policy tests covered: how much in all, and what is missing. */
#ifndef SPURN_COMMAND_COVERAGE_H
#define SPURN_COMMAND_COVERAGE_H

#include "command/json.h"

struct cmd_coverage {
    struct spurn_coverage *all;
    int64_t covered,
        of; /* rules that were true, rules that were false, lines that ran: of all that could */
    int64_t least; /* percent that --fail-under asks for; -1: none */
};

/* Once all tests ran. */
void cmd_coverage_sum(struct cmd_coverage *c);
int64_t cmd_coverage_percent(const struct cmd_coverage *c); /* rounded down */
bool cmd_coverage_is_enough(const struct cmd_coverage *c);

/* A line for each policy and for each thing that is missing; `before` begins every line. */
void cmd_coverage_print(const struct cmd_coverage *c, struct cmd_out *out, const char *before);
void cmd_coverage_json(const struct cmd_coverage *c, struct cmd_json *json);

#endif

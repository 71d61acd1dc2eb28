/* tally.h - how many a rule stands for, when a row for each would tell nobody more. */
#ifndef SPURN_COMMAND_TALLY_H
#define SPURN_COMMAND_TALLY_H

#include "command/out.h"

struct cmd_tally {
    int64_t total;
    size_t len, cap;
    struct cmd_tally_line *lines; /* one for each rule; owned */
    bool failed;                  /* out of memory: only `total` is right */
};

/* Begin with one of zeros. What rules that only observe would have said parts lines, too; that no rule is true is one. */
void cmd_tally_add(struct cmd_tally *tally, const struct spurn_decision_row *row);
void cmd_tally_print(const struct cmd_tally *tally, struct cmd_out *out);
void cmd_tally_clear(struct cmd_tally *tally);

#endif

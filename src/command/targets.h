/* targets.h - the targets of a sweep: which were listed, which failed and why, a row for each or for many that are alike. */
#ifndef SPURN_COMMAND_TARGETS_H
#define SPURN_COMMAND_TARGETS_H

#include "command/fold.h"

struct cmd_targets {
    struct cmd_folds folds;
};

void cmd_targets_init(struct cmd_targets *t);
void cmd_targets_add(struct cmd_targets *t, const struct spurn_target_row *row);
/* With `errors`, a paragraph beneath for each thing that is wrong. */
void cmd_targets_print(const struct cmd_targets *t, struct cmd_out *out, bool all, bool errors);
void cmd_targets_clear(struct cmd_targets *t);

#endif

/* verdicts.h - what policies said, in words: on an invitation, and of its parts. */
#ifndef SPURN_COMMAND_VERDICTS_H
#define SPURN_COMMAND_VERDICTS_H

#include "command/text.h"

/* "rejected", "kept", "left alone", "undecided"; "needs resources". */
const char *cmd_verdict_word(const struct spurn_ruling *ruling);
enum cmd_style cmd_verdict_style(const struct spurn_ruling *ruling);
/* "rejected by strangers: promotional"; sets the style of an empty cell. */
void cmd_verdict_add(struct cmd_cell *cell, const struct spurn_ruling *ruling);

#endif

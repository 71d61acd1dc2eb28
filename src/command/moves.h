/* moves.h - how many went from one decision to another, rule by rule. */
#ifndef SPURN_COMMAND_MOVES_H
#define SPURN_COMMAND_MOVES_H

#include "command/out.h"

struct cmd_moves {
    size_t len, cap;
    struct cmd_move *lines; /* owned */
    int64_t unlisted;       /* of moves for which there was no room */
};

/* Begin with one of zeros. `from` and `to` are what the two decisions are called. */
void cmd_moves_add(struct cmd_moves *moves, const struct cmd_cell *from, const struct cmd_cell *to);
/* The most frequent first. */
void cmd_moves_print(struct cmd_moves *moves, struct cmd_out *out);
void cmd_moves_clear(struct cmd_moves *moves);

#endif

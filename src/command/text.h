/* text.h - the one function through which text of senders, servers and files reaches a terminal. */
#ifndef SPURN_COMMAND_TEXT_H
#define SPURN_COMMAND_TEXT_H

#include "spurn.h"

enum {
    CMD_TEXT_SHOWN = 1024, /* bytes of one piece of text that are ever shown */
    CMD_TEXT_MARKS = 4 /* accents that may pile up on one letter; more would cover other lines */
};

enum cmd_style { CMD_PLAIN, CMD_HEADING, CMD_DIM, CMD_GOOD, CMD_BAD, CMD_DOUBT };

/* A piece of text that is fit to be shown: valid UTF-8 without control, direction or invisible characters, at most
 * CMD_TEXT_SHOWN bytes. Everything that is not becomes \n, \x1b, \u202e and the like, and a backslash becomes two, so that
 * nobody can write what looks like one of these; what is too long ends in "…". */
struct cmd_cell {
    enum cmd_style style;
    bool full; /* something was left out at the end */
    size_t len;
    size_t width; /* terminal columns */
    char at[CMD_TEXT_SHOWN + 1];
};

void cmd_cell_init(struct cmd_cell *cell, enum cmd_style style);
/* The one function: adds hostile text to what is there already. Absent text adds nothing. */
void cmd_cell_add(struct cmd_cell *cell, struct spurn_text text);
/* The same of a sentence for people, whose backslashes stay single: it quotes what stands in a file of theirs. */
void cmd_cell_add_message(struct cmd_cell *cell, struct spurn_text message);
void cmd_cell_add_str(struct cmd_cell *cell, const char *nul_terminated); /* NULL adds nothing */
/* Shortens to at most `width` columns, the last of them "…". */
void cmd_cell_cut(struct cmd_cell *cell, size_t width);

struct spurn_text cmd_text(const char *nul_terminated); /* NULL gives absent */
bool cmd_text_is(struct spurn_text text, const char *nul_terminated);
bool cmd_text_equal(struct spurn_text a, struct spurn_text b);

/* The character that `text` begins with and its length in bytes; 0 when these are not valid UTF-8. */
size_t cmd_text_character(struct spurn_text text, uint32_t *character);
size_t cmd_text_columns(uint32_t character); /* that it takes on a terminal: 0, 1 or 2 */

#endif

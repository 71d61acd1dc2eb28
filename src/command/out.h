/* out.h - standard output and standard error: styles, width, and writes that may not fail unseen. */
#ifndef SPURN_COMMAND_OUT_H
#define SPURN_COMMAND_OUT_H

#include <stdio.h>

#include "command/text.h"

enum cmd_color { CMD_COLOR_AUTO, CMD_COLOR_ALWAYS, CMD_COLOR_NEVER };

struct cmd_out {
    FILE *file;
    int failure;   /* errno of the first write that failed; 0: none */
    bool color;    /* styles are shown */
    bool terminal; /* a person is at the other end */
    bool begun;    /* something was written */
    size_t width;  /* columns of the terminal; 0: no limit */
};

/* `auto` colours a terminal unless NO_COLOR is set to anything, or TERM is "dumb". */
void cmd_out_init(struct cmd_out *out, FILE *file, enum cmd_color color);

/* Bytes as they are: JSON, or what a cell holds. */
void cmd_out_bytes(struct cmd_out *out, const char *bytes, size_t len);
/* Our own words and numbers; never text that somebody else wrote. */
void cmd_out_printf(struct cmd_out *out, const char *fmt, ...) SPURN_PRINTF(2, 3);
void cmd_out_heading(struct cmd_out *out,
                     const char *words); /* a line; an empty one before it unless it is the first */
/* The cell on lines of its own, broken between words where a terminal's line ends. */
void cmd_out_lines(struct cmd_out *out, size_t indent, const struct cmd_cell *cell);
/* The same of words without indent; at most CMD_TEXT_SHOWN bytes. */
void cmd_out_say(struct cmd_out *out, enum cmd_style style, const char *fmt, ...)
    SPURN_PRINTF(3, 4);
/* The cell from where the cursor is, which is at `indent`. */
void cmd_out_rest(struct cmd_out *out, size_t indent, const struct cmd_cell *cell);
/* `first`, and `rest` beside it at `column`, every line of it. */
void cmd_out_hanging(struct cmd_out *out, const struct cmd_cell *first, size_t column,
                     const struct cmd_cell *rest);
void cmd_out_cell(struct cmd_out *out, const struct cmd_cell *cell);
/* Somebody else's text, through a cell. */
void cmd_out_text(struct cmd_out *out, enum cmd_style style, struct spurn_text text);
void cmd_out_str(struct cmd_out *out, enum cmd_style style, const char *nul_terminated);
/* What went wrong, or a line of the log: a sentence, through a cell. */
void cmd_out_message(struct cmd_out *out, const char *message);
/* A spurn_write; `context` is the struct cmd_out. */
bool cmd_out_write(void *context, const char *bytes, size_t len);

/* Writes out what is buffered. 0, or the errno of the first write that failed. */
int cmd_out_finish(struct cmd_out *out);

#endif

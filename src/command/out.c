/* out.c - standard output and standard error: styles, width, and writes that may not fail unseen. */
#include "command/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    WIDTH_UNTOLD = 80,
    WIDTH_LEAST = 40,
    WORDS_LEAST = 2 /* columns that can be filled at all */
};

/* SGR sequences (ECMA-48), by enum cmd_style. */
static const char *const STYLES[] = {"", "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[33m"};

static size_t terminal_width(int fd)
{
    struct winsize size;
    memset(&size, 0, sizeof size);
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_UNTOLD;
    return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
}

static bool wants_color(bool terminal)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (no_color != NULL && no_color[0] != '\0')
        return false;
    return terminal && (term == NULL || strcmp(term, "dumb") != 0);
}

void cmd_out_init(struct cmd_out *out, FILE *file, enum cmd_color color)
{
    out->file = file;
    out->failure = 0;
    out->begun = false;
    out->terminal = isatty(fileno(file)) == 1;
    out->width = out->terminal ? terminal_width(fileno(file)) : 0;
    out->color = color == CMD_COLOR_AUTO ? wants_color(out->terminal) : color == CMD_COLOR_ALWAYS;
}

static void note_failure(struct cmd_out *out)
{
    if (out->failure == 0)
        out->failure = errno != 0 ? errno : EIO;
}

void cmd_out_bytes(struct cmd_out *out, const char *bytes, size_t len)
{
    if (out->failure != 0 || len == 0)
        return;
    out->begun = true;
    errno = 0;
    if (fwrite(bytes, 1, len, out->file) != len)
        note_failure(out);
}

void cmd_out_printf(struct cmd_out *out, const char *fmt, ...)
{
    if (out->failure != 0)
        return;
    out->begun = true;
    errno = 0;
    va_list args;
    va_start(args, fmt);
    int written = vfprintf(out->file, fmt, args);
    va_end(args);
    if (written < 0)
        note_failure(out);
}

void cmd_out_text(struct cmd_out *out, enum cmd_style style, struct spurn_text text)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, style);
    cmd_cell_add(&cell, text);
    cmd_out_cell(out, &cell);
}

void cmd_out_message(struct cmd_out *out, const char *message)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cell_add_message(&cell, cmd_text(message));
    cmd_out_cell(out, &cell);
}

void cmd_out_str(struct cmd_out *out, enum cmd_style style, const char *nul_terminated)
{
    cmd_out_text(out, style, cmd_text(nul_terminated));
}

void cmd_out_heading(struct cmd_out *out, const char *words)
{
    if (out->begun)
        cmd_out_printf(out, "\n");
    cmd_out_str(out, CMD_HEADING, words);
    cmd_out_printf(out, "\n");
}

/* The bytes of `cell` from `at` that fit into `width` columns, up to the last space if there is one. */
static size_t fitting_len(const struct cmd_cell *cell, size_t at, size_t width)
{
    size_t len = 0, columns = 0, last_space = 0;
    while (at + len < cell->len) {
        struct spurn_text rest = {cell->at + at + len, cell->len - at - len};
        uint32_t character;
        size_t character_len = cmd_text_character(rest, &character);
        columns += cmd_text_columns(character);
        if (columns > width)
            return last_space > 0 ? last_space : len;
        if (character == ' ')
            last_space = len;
        len += character_len;
    }
    return len;
}

/* Bytes of a cell, which are fit to be shown already. */
static void print_styled(struct cmd_out *out, enum cmd_style style, const char *at, size_t len)
{
    bool styled = out->color && style != CMD_PLAIN && len > 0;
    if (styled)
        cmd_out_printf(out, "%s", STYLES[style]);
    cmd_out_bytes(out, at, len);
    if (styled)
        cmd_out_printf(out, "\033[0m");
}

void cmd_out_cell(struct cmd_out *out, const struct cmd_cell *cell)
{
    print_styled(out, cell->style, cell->at, cell->len);
}

void cmd_out_rest(struct cmd_out *out, size_t indent, const struct cmd_cell *cell)
{
    size_t at = 0;
    for (;;) {
        size_t len = out->width > indent + WORDS_LEAST ? fitting_len(cell, at, out->width - indent)
                                                       : cell->len - at;
        print_styled(out, cell->style, cell->at + at, len);
        cmd_out_printf(out, "\n");
        at += len;
        while (at < cell->len && cell->at[at] == ' ')
            at++;
        if (at >= cell->len)
            return;
        cmd_out_printf(out, "%*s", (int)indent, "");
    }
}

void cmd_out_lines(struct cmd_out *out, size_t indent, const struct cmd_cell *cell)
{
    cmd_out_printf(out, "%*s", (int)indent, "");
    cmd_out_rest(out, indent, cell);
}

void cmd_out_say(struct cmd_out *out, enum cmd_style style, const char *fmt, ...)
{
    char words[CMD_TEXT_SHOWN];
    struct cmd_cell line;
    va_list args;
    va_start(args, fmt);
    vsnprintf(words, sizeof words, fmt, args);
    va_end(args);
    cmd_cell_init(&line, style);
    cmd_cell_add_str(&line, words);
    cmd_out_lines(out, 0, &line);
}

void cmd_out_hanging(struct cmd_out *out, const struct cmd_cell *first, size_t column,
                     const struct cmd_cell *rest)
{
    cmd_out_cell(out, first);
    cmd_out_printf(out, "%*s", first->width < column ? (int)(column - first->width) : 1, "");
    cmd_out_rest(out, column, rest);
}

bool cmd_out_write(void *context, const char *bytes, size_t len)
{
    struct cmd_out *out = context;
    cmd_out_bytes(out, bytes, len);
    return out->failure == 0;
}

int cmd_out_finish(struct cmd_out *out)
{
    errno = 0;
    if (fflush(out->file) != 0)
        note_failure(out);
    return out->failure;
}

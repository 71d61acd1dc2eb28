/* moves.c - how many went from one decision to another, rule by rule. */
#include "command/moves.h"

#include <stdlib.h>
#include <string.h>

#include "command/cells.h"
#include "command/table.h"

enum { LINES_MAX = 200 };

struct cmd_move {
    int64_t count;
    struct cmd_cell from, to;
};

static struct cmd_move *find(struct cmd_moves *moves, const struct cmd_cell *from,
                             const struct cmd_cell *to)
{
    for (size_t i = 0; i < moves->len; i++) {
        struct cmd_move *line = &moves->lines[i];
        if (strcmp(line->from.at, from->at) == 0 && strcmp(line->to.at, to->at) == 0)
            return line;
    }
    return NULL;
}

static struct cmd_move *add(struct cmd_moves *moves, const struct cmd_cell *from,
                            const struct cmd_cell *to)
{
    if (moves->len == LINES_MAX)
        return NULL;
    if (moves->len == moves->cap) {
        size_t cap = moves->cap == 0 ? 8 : 2 * moves->cap;
        struct cmd_move *more = realloc(moves->lines, cap * sizeof *more);
        if (more == NULL)
            return NULL;
        moves->lines = more;
        moves->cap = cap;
    }
    struct cmd_move *line = &moves->lines[moves->len++];
    *line = (struct cmd_move){0, *from, *to};
    return line;
}

void cmd_moves_add(struct cmd_moves *moves, const struct cmd_cell *from, const struct cmd_cell *to)
{
    struct cmd_move *line = find(moves, from, to);
    if (line == NULL)
        line = add(moves, from, to);
    ++*(line != NULL ? &line->count : &moves->unlisted);
}

static int by_count(const void *left, const void *right)
{
    const struct cmd_move *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    int order = strcmp(a->from.at, b->from.at);
    return order != 0 ? order : strcmp(a->to.at, b->to.at);
}

static void add_rows(const struct cmd_moves *moves, struct cmd_table *table)
{
    struct cmd_cell cells[3];
    for (size_t i = 0; i < moves->len; i++) {
        cmd_cell_init(&cells[0], CMD_PLAIN);
        cmd_cells_number(&cells[0], moves->lines[i].count);
        cells[1] = moves->lines[i].from;
        cells[2] = moves->lines[i].to;
        cmd_table_row(table, cells);
    }
    if (moves->unlisted == 0)
        return;
    for (size_t i = 0; i < 3; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_cells_number(&cells[0], moves->unlisted);
    cmd_cell_add_str(&cells[1], "others");
    cmd_table_row(table, cells);
}

void cmd_moves_print(struct cmd_moves *moves, struct cmd_out *out)
{
    static const struct cmd_column columns[] = {
        {.heading = "", .right = true},
        {.heading = "WAS", .least = 16, .most = 80},
        {.heading = "WOULD BE", .least = 16, .most = 80},
    };
    struct cmd_table table;
    if (moves->len > 0)
        qsort(moves->lines, moves->len, sizeof *moves->lines, by_count);
    cmd_table_init(&table, columns, sizeof columns / sizeof columns[0], 0);
    add_rows(moves, &table);
    cmd_table_begin(&table, out);
    add_rows(moves, &table);
}

void cmd_moves_clear(struct cmd_moves *moves)
{
    free(moves->lines);
    memset(moves, 0, sizeof *moves);
}

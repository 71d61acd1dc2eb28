/* tally.c - how many a rule stands for, when a row for each would tell nobody more. */
#include "command/tally.h"

#include <stdlib.h>
#include <string.h>

#include "command/cells.h"
#include "command/table.h"

struct cmd_tally_line {
    int64_t count;
    struct spurn_text policy, rule, matches; /* owned */
};

static bool copy(struct spurn_text from, struct spurn_text *out)
{
    *out = (struct spurn_text){NULL, 0};
    if (from.at == NULL)
        return true;
    char *at = malloc(from.len + 1);
    if (at == NULL)
        return false;
    memcpy(at, from.at, from.len);
    at[from.len] = '\0';
    out->at = at;
    out->len = from.len;
    return true;
}

static struct cmd_tally_line *add_line(struct cmd_tally *tally)
{
    if (tally->len == tally->cap) {
        size_t cap = tally->cap == 0 ? 16 : tally->cap * 2;
        struct cmd_tally_line *lines = realloc(tally->lines, cap * sizeof *lines);
        if (lines == NULL)
            return NULL;
        tally->lines = lines;
        tally->cap = cap;
    }
    struct cmd_tally_line *line = &tally->lines[tally->len++];
    memset(line, 0, sizeof *line);
    return line;
}

void cmd_tally_add(struct cmd_tally *tally, const struct spurn_decision_row *row)
{
    tally->total++;
    for (size_t i = 0; i < tally->len; i++) {
        struct cmd_tally_line *line = &tally->lines[i];
        if (cmd_text_equal(line->policy, row->policy) && cmd_text_equal(line->rule, row->rule) &&
            cmd_cells_same_observed(line->matches, row->matches)) {
            line->count++;
            return;
        }
    }
    struct cmd_tally_line *line = add_line(tally);
    if (line == NULL || !copy(row->policy, &line->policy) || !copy(row->rule, &line->rule) ||
        !copy(row->matches, &line->matches)) {
        tally->failed = true;
        return;
    }
    line->count = 1;
}

static void add_row(struct cmd_table *table, const struct cmd_tally_line *line)
{
    struct cmd_cell cells[2];
    cmd_cell_init(&cells[0], CMD_PLAIN);
    cmd_cells_number(&cells[0], line->count);
    cmd_cell_init(&cells[1], CMD_PLAIN);
    cmd_cells_rule(&cells[1], line->policy, line->rule);
    cmd_cells_observed(&cells[1], line->matches);
    if (cells[1].len == 0)
        cmd_cell_add_str(&cells[1], "no rule is true of it");
    cmd_table_row(table, cells);
}

static void add_rows(const struct cmd_tally *tally, struct cmd_table *table)
{
    for (size_t i = 0; i < tally->len; i++)
        add_row(table, &tally->lines[i]);
}

void cmd_tally_print(const struct cmd_tally *tally, struct cmd_out *out)
{
    static const struct cmd_column columns[] = {{.heading = "", .right = true}, {.heading = ""}};
    struct cmd_table table;
    cmd_table_init(&table, columns, 2, 0);
    if (tally->failed) {
        cmd_out_printf(out, "  there is no memory left to count by rule\n");
        return;
    }
    add_rows(tally, &table);
    cmd_table_begin(&table, out);
    add_rows(tally, &table);
}

void cmd_tally_clear(struct cmd_tally *tally)
{
    for (size_t i = 0; i < tally->len; i++) {
        free((char *)tally->lines[i].policy.at);
        free((char *)tally->lines[i].rule.at);
        free((char *)tally->lines[i].matches.at);
    }
    free(tally->lines);
    memset(tally, 0, sizeof *tally);
}

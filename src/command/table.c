/* table.c - aligned tables: rows are measured first and printed second, so that memory stays flat. */
#include "command/table.h"

#include <inttypes.h>
#include <string.h>

enum {
    INDENT = 2,
    GAP = 2,
    COMFORT = 18 /* columns in which a name can still be told from others */
};

void cmd_table_init(struct cmd_table *table, const struct cmd_column *columns, size_t count,
                    int64_t most)
{
    memset(table, 0, sizeof *table);
    table->columns = columns;
    table->count = count;
    table->most = most;
}

static void measure(struct cmd_table *table, const struct cmd_cell *cells)
{
    table->rows++;
    if (table->most > 0 && table->rows > table->most)
        return;
    for (size_t i = 0; i < table->count; i++) {
        size_t most = table->columns[i].most;
        size_t width = most > 0 && cells[i].width > most ? most : cells[i].width;
        if (width > table->widths[i])
            table->widths[i] = width;
    }
}

static void print(struct cmd_table *table, struct cmd_cell *cells)
{
    size_t owed = INDENT; /* spaces before the next cell; none after the last one */
    for (size_t i = 0; i < table->count; i++) {
        size_t width = table->widths[i];
        if (width == 0)
            continue;
        cmd_cell_cut(&cells[i], width);
        /* A row may come later than the measuring, and be empty where others are not. */
        size_t space = width > cells[i].width ? width - cells[i].width : 0;
        size_t before = table->columns[i].right ? space : 0;
        if (cells[i].len > 0) {
            cmd_out_printf(table->out, "%*s", (int)(owed + before), "");
            cmd_out_cell(table->out, &cells[i]);
            owed = 0;
        } else {
            owed += before;
        }
        owed += space - before + GAP;
    }
    cmd_out_printf(table->out, "\n");
}

void cmd_table_row(struct cmd_table *table, struct cmd_cell *cells)
{
    if (table->out == NULL) {
        measure(table, cells);
        return;
    }
    if (table->most > 0 && table->shown >= table->most)
        return;
    table->shown++;
    print(table, cells);
}

static size_t total_width(const struct cmd_table *table)
{
    size_t total = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (table->widths[i] > 0)
            total += table->widths[i] + (total == 0 ? INDENT : GAP);
    }
    return total;
}

/* How far the row can go down while it is still good to read. */
static size_t comfortable_width(const struct cmd_table *table)
{
    size_t total = 0;
    for (size_t i = 0; i < table->count; i++) {
        size_t least = table->columns[i].least > COMFORT ? table->columns[i].least : COMFORT;
        bool cut = table->columns[i].least > 0 && table->widths[i] > least;
        if (table->widths[i] > 0)
            total += (cut ? least : table->widths[i]) + (total == 0 ? INDENT : GAP);
    }
    return total;
}

static void leave_out_spare(struct cmd_table *table, size_t width)
{
    for (size_t i = table->count; i-- > 0;) {
        if (width > 0 && table->columns[i].spare && comfortable_width(table) > width)
            table->widths[i] = 0;
    }
}

/* Takes columns from the widest that may be cut, one by one, until the row fits or nothing may be cut. */
static void fit(struct cmd_table *table, size_t width)
{
    while (width > 0 && total_width(table) > width) {
        size_t widest = table->count;
        for (size_t i = 0; i < table->count; i++) {
            if (table->columns[i].least == 0 || table->widths[i] <= table->columns[i].least)
                continue;
            if (widest == table->count || table->widths[i] > table->widths[widest])
                widest = i;
        }
        if (widest == table->count)
            return;
        table->widths[widest]--;
    }
}

void cmd_table_begin(struct cmd_table *table, struct cmd_out *out)
{
    struct cmd_cell headings[CMD_TABLE_COLUMNS];
    bool has_headings = false;
    for (size_t i = 0; i < table->count; i++) {
        cmd_cell_init(&headings[i], CMD_DIM);
        cmd_cell_add_str(&headings[i], table->columns[i].heading);
        has_headings |= headings[i].len > 0;
        if (table->widths[i] > 0 && table->widths[i] < headings[i].width)
            table->widths[i] = headings[i].width;
    }
    leave_out_spare(table, out->width);
    fit(table, out->width);
    table->out = out;
    if (has_headings)
        print(table, headings);
}

void cmd_table_end(struct cmd_table *table, const char *how)
{
    int64_t left = table->rows - table->shown;
    if (left > 0)
        cmd_out_printf(table->out, "%*sand %" PRId64 " more; %s\n", INDENT, "", left, how);
}

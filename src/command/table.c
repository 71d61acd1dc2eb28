/* table.c - aligned tables: rows are measured first and printed second, so that memory stays flat. */
#include "command/table.h"

#include <inttypes.h>
#include <string.h>

enum {
    INDENT = 2,
    GAP = 2,
    COMFORT = 18, /* columns in which a name can still be told from others */
    TIGHT = 12    /* in which it may be */
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

/* How far the row can go down while cut columns keep `least` of theirs. */
static size_t width_of(const struct cmd_table *table, size_t least)
{
    size_t total = 0;
    for (size_t i = 0; i < table->count; i++) {
        size_t own = table->columns[i].least;
        size_t keeps = own > least ? own : least;
        bool cut = own > 0 && table->widths[i] > keeps;
        if (table->widths[i] > 0)
            total += (cut ? keeps : table->widths[i]) + (total == 0 ? INDENT : GAP);
    }
    return total;
}

static void leave_out_spare(struct cmd_table *table, size_t width)
{
    for (size_t i = table->count; i-- > 0;) {
        if (width > 0 && table->columns[i].spare && width_of(table, COMFORT) > width)
            table->widths[i] = 0;
    }
}

static size_t count_forms(const struct cmd_table *table)
{
    size_t count = 1;
    for (size_t i = 0; i < table->count; i++)
        while (table->columns[i].forms >> count != 0)
            count++;
    return count;
}

static void take_form(struct cmd_table *table, const size_t *widths, size_t form, size_t width)
{
    for (size_t i = 0; i < table->count; i++) {
        unsigned forms = table->columns[i].forms;
        table->widths[i] = forms == 0 || (forms >> form & 1) != 0 ? widths[i] : 0;
    }
    leave_out_spare(table, width);
}

static void choose_form(struct cmd_table *table, size_t width)
{
    static const size_t leasts[] = {COMFORT, TIGHT, 0};
    size_t widths[CMD_TABLE_COLUMNS], count = count_forms(table);
    memcpy(widths, table->widths, sizeof widths);
    for (size_t i = 0; i < sizeof leasts / sizeof leasts[0]; i++) {
        for (size_t form = 0; form + 1 < count; form++) {
            take_form(table, widths, form, width);
            if (width == 0 || width_of(table, leasts[i]) <= width)
                return;
        }
    }
    take_form(table, widths, count - 1, width);
}

/* Takes columns from the widest that may be cut, one by one, until the row fits or nothing may be cut. */
static void fit(struct cmd_table *table, size_t width)
{
    while (width > 0 && width_of(table, SIZE_MAX) > width) {
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
    choose_form(table, out->width);
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

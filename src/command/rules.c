/* rules.c - how every rule fared in a sweep, as a table for people. */
#include "command/rules.h"

#include <inttypes.h>
#include <stdio.h>

#include "command/cells.h"
#include "command/table.h"

static const struct cmd_column COLUMNS[] = {
    {.heading = "RULE", .least = 12, .most = 80}, {.heading = "KIND"},
    {.heading = "ASKED", .right = true},          {.heading = "TRUE", .right = true},
    {.heading = "UNDECIDED", .right = true},      {.heading = "DECIDED", .right = true},
    {.heading = "FAULTS", .right = true},         {.heading = "TIME A CALL", .right = true},
};
enum { COLUMNS_LEN = sizeof COLUMNS / sizeof COLUMNS[0] };

static const char *kind_of(const struct spurn_rule_count_row *row)
{
    if (row->observes)
        return "observes";
    return row->keeps ? "keep" : "reject";
}

/* The mean of the calls that were timed; nothing where no function was called. */
static void add_time(struct cmd_cell *cell, const struct spurn_rule_count_row *row)
{
    static const struct {
        int64_t ns;
        const char *name;
    } units[] = {{1000 * 1000, "ms"}, {1000, "us"}, {1, "ns"}};
    if (row->timed == 0)
        return;
    int64_t mean_ns = row->time_ns / row->timed;
    size_t unit = 0;
    while (unit < sizeof units / sizeof units[0] - 1 && mean_ns < units[unit].ns)
        unit++;
    cmd_cells_number(cell, mean_ns / units[unit].ns);
    cmd_cell_add_str(cell, " ");
    cmd_cell_add_str(cell, units[unit].name);
}

static void on_rule(void *context, const struct spurn_rule_count_row *row)
{
    struct cmd_table *table = context;
    const int64_t counts[] = {row->asked, row->held, row->undecided, row->decided, row->faults};
    enum { COUNTS_LEN = sizeof counts / sizeof counts[0], COUNTS_AT = 2 };
    struct cmd_cell cells[COLUMNS_LEN];
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_cells_rule(&cells[0], row->policy, row->rule);
    cmd_cell_add_str(&cells[1], kind_of(row));
    for (size_t i = 0; i < COUNTS_LEN; i++)
        cmd_cells_number(&cells[COUNTS_AT + i], counts[i]);
    cells[COUNTS_AT + COUNTS_LEN - 1].style = row->faults > 0 ? CMD_DOUBT : CMD_PLAIN;
    add_time(&cells[COLUMNS_LEN - 1], row);
    cmd_table_row(table, cells);
}

enum spurn_status cmd_rules_print(struct spurn_sweep *sweep, struct cmd_out *out,
                                  struct spurn_error *err)
{
    struct cmd_table table;
    cmd_table_init(&table, COLUMNS, COLUMNS_LEN, 0);
    const struct spurn_report rows = {.size = sizeof rows, .context = &table, .rule = on_rule};
    enum spurn_status status = spurn_sweep_report(sweep, &rows, err);
    if (status != SPURN_OK || table.rows == 0)
        return status;
    cmd_out_heading(out, "Rules");
    cmd_table_begin(&table, out);
    return spurn_sweep_report(sweep, &rows, err);
}

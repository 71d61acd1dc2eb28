/* history.c - spurn history: what was decided, by which policy, and what came of it. */
#include "command/command.h"

#include <inttypes.h>
#include <string.h>

#include "command/cells.h"
#include "command/table.h"
#include "command/time.h"

enum { ROWS_UNTOLD = 100, ID_SHOWN = 8 };

static const struct cmd_column COLUMNS[] = {
    {.heading = "WHEN (UTC)"},
    {.heading = "RESULT", .least = 10},
    {.heading = "SENDER"},
    {.heading = "NAME", .least = 8},
    {.heading = "RULE", .least = 8},
    {.heading = "WHERE", .least = 20, .spare = true},
    {.heading = "ID"},
};
enum { COLUMNS_LEN = sizeof COLUMNS / sizeof COLUMNS[0] };

/* The end of an id tells invitations apart, and finds them again. */
static struct spurn_text end_of(struct spurn_text id)
{
    if (id.at == NULL || id.len <= ID_SHOWN)
        return id;
    return (struct spurn_text){id.at + id.len - ID_SHOWN, ID_SHOWN};
}

/* What came of it; without a call, what was decided. */
static void add_result(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    static const struct {
        const char *verdict, *words;
        enum cmd_style style;
    } verdicts[] = {{"reject", "to reject", CMD_DOUBT},
                    {"keep", "kept", CMD_PLAIN},
                    {"none", "left alone", CMD_DIM},
                    {"undecided", "undecided", CMD_DOUBT}};
    if (row->outcome.at != NULL) {
        cmd_cells_outcome(cell, row);
        return;
    }
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        if (!cmd_text_is(row->verdict, verdicts[i].verdict))
            continue;
        cell->style = verdicts[i].style;
        cmd_cell_add_str(cell, verdicts[i].words);
    }
    cmd_cell_add_str(cell, row->plan ? " (plan)" : "");
}

static void on_row(void *context, const struct spurn_decision_row *row)
{
    struct cmd_cell cells[COLUMNS_LEN];
    char when[CMD_TIME_LEN];
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_time_write_minute(row->at_ms, when);
    cmd_cell_add_str(&cells[0], when);
    add_result(&cells[1], row);
    cmd_cell_add(&cells[2], row->sender);
    cmd_cell_add(&cells[3], row->name);
    cmd_cell_add(&cells[4], row->rule);
    cmd_cells_where(&cells[5], row->cloud, row->account, row->region);
    cmd_cell_add(&cells[6], end_of(row->id));
    cmd_table_row(context, cells);
}

static struct spurn_text shown(const struct cmd_cell *cell)
{
    return (struct spurn_text){cell->at, cell->len};
}

static void print_line(struct cmd_out *out, const char *label, struct spurn_text text)
{
    if (text.at == NULL)
        return;
    cmd_out_printf(out, "  %-10s ", label);
    cmd_out_text(out, CMD_PLAIN, text);
    cmd_out_printf(out, "\n");
}

/* One invitation was asked for: everything about each time it was decided. */
static void on_row_in_full(void *context, const struct spurn_decision_row *row)
{
    struct cmd_out *out = context;
    char when[CMD_TIME_LEN];
    struct cmd_cell cell;
    cmd_time_write_instant(row->at_ms, when);
    cmd_out_heading(out, when);
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cells_where(&cell, row->cloud, row->account, row->region);
    print_line(out, "id", row->id);
    print_line(out, "where", shown(&cell));
    print_line(out, "sender", row->sender);
    print_line(out, "name", row->name);
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cells_age(&cell, row);
    print_line(out, "age", shown(&cell));
    print_line(out, "decision", row->verdict);
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cells_rule(&cell, row->policy, row->rule);
    print_line(out, "rule", row->rule.at == NULL ? row->rule : shown(&cell));
    print_line(out, "reason", row->reason);
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cells_outcome(&cell, row);
    print_line(out, "outcome",
               row->outcome.at == NULL ? cmd_text(row->plan ? "only a plan" : "no call was made")
                                       : shown(&cell));
}

static enum spurn_status print_table(struct cmd *cmd, struct spurn *s,
                                     const struct spurn_history_options *options,
                                     struct spurn_error *err)
{
    struct cmd_table table;
    cmd_table_init(&table, COLUMNS, COLUMNS_LEN, 0);
    enum spurn_status status = spurn_history(s, options, on_row, &table, err);
    if (status != SPURN_OK)
        return status;
    if (table.rows == 0) {
        cmd_out_printf(&cmd->out, "Nothing was decided%s.\n",
                       options->since_ms > 0 ? " since then" : " yet");
        return SPURN_OK;
    }
    cmd_table_begin(&table, &cmd->out);
    status = spurn_history(s, options, on_row, &table, err);
    if (cmd->arguments.limit < 0 && table.rows == options->limit)
        cmd_out_printf(&cmd->out, "The newest %d; --limit 0 shows all.\n", ROWS_UNTOLD);
    return status;
}

static enum spurn_status print_in_full(struct cmd *cmd, struct spurn *s,
                                       const struct spurn_history_options *options,
                                       struct spurn_error *err)
{
    enum spurn_status status = spurn_history(s, options, on_row_in_full, &cmd->out, err);
    if (status == SPURN_OK && !cmd->out.begun)
        cmd_out_printf(&cmd->out, "Nothing is known of such an invitation.\n");
    return status;
}

int cmd_history(struct cmd *cmd)
{
    const struct cmd_arguments *arguments = &cmd->arguments;
    bool json = arguments->format == CMD_FORMAT_JSON;
    struct spurn_history_options options = {
        .size = sizeof options,
        .id = arguments->operands_len > 0 ? arguments->operands[0] : NULL,
        .since_ms = arguments->since_ms,
        .limit = arguments->limit < 0 ? 0 : arguments->limit,
        .with_plans = arguments->plans,
    };
    struct spurn *s = NULL;
    struct spurn_error err;
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status != SPURN_OK)
        goto done;
    if (json) {
        status = spurn_history_json(s, &options, cmd_out_write, &cmd->out, &err);
        if (cmd->out.failure != 0)
            status = SPURN_OK; /* told when standard output is finished */
    } else if (options.id != NULL) {
        status = print_in_full(cmd, s, &options, &err);
    } else {
        if (arguments->limit < 0 && arguments->since_ms == 0)
            options.limit = ROWS_UNTOLD;
        status = print_table(cmd, s, &options, &err);
    }
done:
    spurn_close(s);
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

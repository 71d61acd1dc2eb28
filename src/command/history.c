/* history.c - spurn history: what was decided, by which policy, and what came of it. */
#include "command/command.h"

#include <inttypes.h>
#include <string.h>

#include "command/cells.h"
#include "command/table.h"
#include "command/time.h"

enum { ROWS_UNTOLD = 100 };

static const struct cmd_column COLUMNS[] = {
    {.heading = "WHEN (UTC)"},
    {.heading = "SWEEP", .right = true},
    {.heading = "RESULT", .least = 10},
    {.heading = "SENDER"},
    {.heading = "NAME", .least = 6, .most = 80},
    {.heading = "RULE", .least = 8, .most = 80},
    {.heading = "WHERE", .spare = true},
    {.heading = "REGION", .spare = true},
    {.heading = "ID"},
};
enum { COLUMNS_LEN = sizeof COLUMNS / sizeof COLUMNS[0] };

/* What came of it; without a call, what was decided. A plan only says what it would do. */
static void add_result(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    static const struct {
        const char *verdict, *planned, *acted;
        enum cmd_style style;
    } verdicts[] = {{"reject", "plan: reject", "not called", CMD_DOUBT},
                    {"keep", "plan: kept", "kept", CMD_PLAIN},
                    {"none", "plan: left alone", "left alone", CMD_DIM},
                    {"undecided", "plan: undecided", "undecided", CMD_DOUBT}};
    if (row->outcome.at != NULL) {
        cmd_cells_outcome(cell, row);
        return;
    }
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        if (!cmd_text_is(row->verdict, verdicts[i].verdict))
            continue;
        cell->style = verdicts[i].style;
        cmd_cell_add_str(cell, row->plan ? verdicts[i].planned : verdicts[i].acted);
    }
}

static void on_row(void *context, const struct spurn_decision_row *row)
{
    struct cmd_cell cells[COLUMNS_LEN];
    char when[CMD_TIME_LEN];
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_time_write_minute(row->at_ms, when);
    cmd_cell_add_str(&cells[0], when);
    cmd_cells_number(&cells[1], row->sweep);
    add_result(&cells[2], row);
    cmd_cell_add(&cells[3], row->sender);
    cmd_cells_name(&cells[4], row->name);
    cmd_cells_decider(&cells[5], row);
    cmd_cells_account(&cells[6], row->cloud, row->account);
    cmd_cell_add(&cells[7], row->region);
    cmd_cells_id(&cells[8], row->id);
    cmd_table_row(context, cells);
}

static void print_line(struct cmd_out *out, const char *label, const struct cmd_cell *cell)
{
    if (cell->len == 0)
        return;
    cmd_out_printf(out, "  %-10s ", label);
    cmd_out_cell(out, cell);
    cmd_out_printf(out, "\n");
}

/* Which of the sweep's ends it was that stopped a rejection is not kept with the invitation. */
static const char *why_not_called(const struct spurn_decision_row *row)
{
    if (row->plan)
        return "only a plan";
    if (!cmd_text_is(row->verdict, "reject"))
        return "no call was made";
    return "no call was made: a safety belt held it, somebody said no, or the sweep was stopped";
}

static void add_outcome(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    if (row->outcome.at == NULL)
        cmd_cell_add_str(cell, why_not_called(row));
    else
        cmd_cells_outcome(cell, row);
}

static void add_where(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    cmd_cells_where(cell, row->cloud, row->account, row->region);
}

static void add_sweep(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    cmd_cells_number(cell, row->sweep);
}

static void add_name(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    cmd_cells_name(cell, row->name);
}

static void add_rule(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    cmd_cells_rule(cell, row->policy, row->rule);
}

/* One invitation was asked for: everything about each time it was decided. */
static void print_in_full(struct cmd_out *out, const struct spurn_decision_row *row)
{
    const struct {
        const char *label;
        struct spurn_text text;
        void (*add)(struct cmd_cell *cell, const struct spurn_decision_row *row);
    } lines[] = {{"id", row->id, NULL},
                 {"where", {NULL, 0}, add_where},
                 {"sweep", {NULL, 0}, add_sweep},
                 {"sender", row->sender, NULL},
                 {"name", {NULL, 0}, add_name},
                 {"age", {NULL, 0}, cmd_cells_age},
                 {"decision", row->verdict, NULL},
                 {"rule", {NULL, 0}, add_rule},
                 {"reason", row->reason, NULL},
                 {"true were", row->matches, NULL},
                 {"outcome", {NULL, 0}, add_outcome}};
    char when[CMD_TIME_LEN];
    cmd_time_write_instant(row->at_ms, when);
    cmd_out_heading(out, when);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct cmd_cell cell;
        cmd_cell_init(&cell, CMD_PLAIN);
        if (lines[i].add != NULL)
            lines[i].add(&cell, row);
        else
            cmd_cell_add(&cell, lines[i].text);
        print_line(out, lines[i].label, &cell);
    }
}

/* What an id, or its end, stands for. */
struct found {
    struct cmd_out *out; /* NULL: only looked for */
    int64_t rows;
    struct cmd_cell first; /* its id */
    bool several;          /* ids end so */
};

static void on_found(void *context, const struct spurn_decision_row *row)
{
    struct found *found = context;
    struct cmd_cell id;
    if (found->out != NULL) {
        print_in_full(found->out, row);
        return;
    }
    cmd_cell_init(&id, CMD_PLAIN);
    cmd_cell_add(&id, row->id);
    if (found->rows++ == 0)
        found->first = id;
    else
        found->several |= strcmp(id.at, found->first.at) != 0;
}

static void on_plan(void *context, const struct spurn_decision_row *row)
{
    bool *planned = context;
    *planned |= row->plan;
}

/* Whether there is something to see with --plans. */
static enum spurn_status find_plans(struct spurn *s, const struct spurn_history_options *options,
                                    bool *planned, struct spurn_error *err)
{
    struct spurn_history_options any = *options;
    any.with_plans = true;
    any.limit = 1;
    return spurn_history(s, &any, on_plan, planned, err);
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
        bool planned = false;
        status = find_plans(s, options, &planned, err);
        cmd_out_printf(&cmd->out, "Nothing was decided%s%s.\n",
                       options->since_ms > 0 ? " since then" : " yet",
                       planned ? " but by plans; --plans shows that" : "");
        return status;
    }
    cmd_table_begin(&table, &cmd->out);
    status = spurn_history(s, options, on_row, &table, err);
    if (cmd->arguments.limit < 0 && table.rows == options->limit)
        cmd_out_printf(&cmd->out, "The newest %d; --limit 0 shows all.\n", ROWS_UNTOLD);
    return status;
}

/* SPURN_E_JOURNAL when it holds nothing of the kind. */
static enum spurn_status look_for(struct spurn *s, const struct spurn_history_options *options,
                                  struct found *found, struct spurn_error *err)
{
    bool planned = false;
    enum spurn_status status = spurn_history(s, options, on_found, found, err);
    if (status == SPURN_OK && found->rows == 0)
        status = find_plans(s, options, &planned, err);
    if (status != SPURN_OK || found->rows > 0)
        return status;
    return cmd_refuse(err, SPURN_E_JOURNAL,
                      "cannot find invitation %s: nothing was decided about it%s", options->id,
                      planned ? " but by plans; --plans shows that"
                              : "; \"spurn history --plans\" shows how the ids end");
}

static enum spurn_status print_one(struct cmd *cmd, struct spurn *s,
                                   const struct spurn_history_options *options, struct found *found,
                                   struct spurn_error *err)
{
    if (found->several) {
        cmd_out_printf(&cmd->out, "More than one invitation's id ends in ");
        cmd_out_str(&cmd->out, CMD_PLAIN, options->id);
        cmd_out_printf(&cmd->out, ".\n");
    }
    found->out = &cmd->out;
    return spurn_history(s, options, on_found, found, err);
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
    struct found found = {.out = NULL};
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK && options.id != NULL)
        status = look_for(s, &options, &found, &err);
    if (status != SPURN_OK)
        goto done;
    if (json) {
        status = spurn_history_json(s, &options, cmd_out_write, &cmd->out, &err);
        if (cmd->out.failure != 0)
            status = SPURN_OK; /* told when standard output is finished */
    } else if (options.id != NULL) {
        status = print_one(cmd, s, &options, &found, &err);
    } else {
        if (arguments->limit < 0 && arguments->since_ms == 0)
            options.limit = ROWS_UNTOLD;
        status = print_table(cmd, s, &options, &err);
    }
done:
    spurn_close(s);
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

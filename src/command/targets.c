/* targets.c - the targets of a sweep: which were listed, which failed and why, a row for each or for many that are alike. */
#include "command/targets.h"

#include "command/cells.h"
#include "command/table.h"

enum { INDENT = 2, PARTS_LEN = CMD_FOLD_ERROR + 1 };

static const struct cmd_column COLUMNS[] = {
    {.heading = "CLOUD"},  {.heading = "ACCOUNT"},
    {.heading = "REGION"}, {.heading = "LABEL", .least = 8},
    {.heading = "STATUS"},
};
enum { COLUMNS_LEN = sizeof COLUMNS / sizeof COLUMNS[0] };

void cmd_targets_init(struct cmd_targets *t)
{
    *t = (struct cmd_targets){.folds = {.parts = PARTS_LEN, .well_most = CMD_FOLD_FEW}};
}

void cmd_targets_clear(struct cmd_targets *t)
{
    cmd_folds_clear(&t->folds);
}

void cmd_targets_add(struct cmd_targets *t, const struct spurn_target_row *row)
{
    const struct spurn_text parts[PARTS_LEN] = {[CMD_FOLD_CLOUD] = row->cloud,
                                                [CMD_FOLD_ACCOUNT] = row->account,
                                                [CMD_FOLD_LABEL] = row->label,
                                                [CMD_FOLD_STATUS] = cmd_text(row->status),
                                                [CMD_FOLD_ERROR] = row->error};
    cmd_folds_add(&t->folds, parts, row->region);
}

static void add_row(void *context, const struct cmd_fold_row *row)
{
    const struct cmd_fold *fold = row->fold;
    struct cmd_cell cells[COLUMNS_LEN];
    bool failed = cmd_fold_is(fold, "failed"), skipped = cmd_fold_is(fold, "skipped");
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], skipped ? CMD_DIM : CMD_PLAIN);
    if (!skipped)
        cells[4].style = failed ? CMD_BAD : CMD_GOOD;
    cmd_cell_add(&cells[0], fold->parts[CMD_FOLD_CLOUD]);
    cmd_cell_add_str(&cells[1], fold->parts[CMD_FOLD_ACCOUNT].at == NULL ? "unknown" : "");
    cmd_cell_add(&cells[1], fold->parts[CMD_FOLD_ACCOUNT]);
    cmd_cell_add(&cells[2], row->region);
    cmd_cell_add(&cells[3], fold->parts[CMD_FOLD_LABEL]);
    cmd_cell_add(&cells[4], fold->parts[CMD_FOLD_STATUS]);
    cmd_table_row(context, cells);
}

void cmd_targets_print(const struct cmd_targets *t, struct cmd_out *out, bool all, bool errors)
{
    struct cmd_table table;
    struct cmd_cell skipped;
    cmd_table_init(&table, COLUMNS, COLUMNS_LEN, 0);
    cmd_folds_rows(&t->folds, all, add_row, &table);
    cmd_out_heading(out, "Targets");
    if (table.rows > 0) {
        cmd_table_begin(&table, out);
        cmd_folds_rows(&t->folds, all, add_row, &table);
    }
    cmd_folds_print_left(&t->folds, all, "were listed", out);
    cmd_cell_init(&skipped, CMD_DIM);
    if (!all)
        cmd_folds_add_skipped(&t->folds, &skipped);
    if (skipped.len > 0)
        cmd_out_lines(out, INDENT, &skipped);
    if (errors)
        cmd_folds_print_errors(&t->folds, out);
}

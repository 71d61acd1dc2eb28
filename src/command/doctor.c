/* doctor.c - spurn doctor: can each target be reached, whose keys are these, and what are they allowed? */
#include "command/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/cells.h"
#include "command/fold.h"
#include "command/table.h"
#include "command/time.h"

/* On a narrow terminal keys and their owner stand beneath each row. */
enum { WIDE = 1 << 0, NARROW = 1 << 1 };
enum { TARGET, LABEL, REGION, KEYS, WHO, CLOCK, LIST, REJECT, RESOURCES, COLUMNS_LEN };
static const struct cmd_column COLUMNS[COLUMNS_LEN] = {
    [TARGET] = {.heading = "TARGET"},
    [LABEL] = {.heading = "LABEL", .least = 8},
    [REGION] = {.heading = "REGION"},
    [KEYS] = {.heading = "KEYS", .least = 24, .most = 60, .forms = WIDE},
    [WHO] = {.heading = "WHO", .least = 40, .most = 90, .forms = WIDE},
    [CLOCK] = {.heading = "CLOCK"},
    [LIST] = {.heading = "LIST"},
    [REJECT] = {.heading = "REJECT"},
    [RESOURCES] = {.heading = "RESOURCES", .spare = true, .forms = WIDE | NARROW},
};

/* What else than its owner a target is told by. */
enum {
    PART_SOURCE = CMD_FOLD_ERROR + 1,
    PART_WHO,
    PART_CLOCK,
    PART_LIST,
    PART_REJECT,
    PART_RESOURCES,
    PARTS_LEN
};

enum { INDENT = 2, MINUTE_MS = 60 * 1000, CLOCK_LEN = CMD_TIME_LEN + 8 };

/* The clouds are asked once, and a table is measured before it is printed: rows are kept. */
struct doctor {
    struct cmd *cmd;
    struct cmd_folds folds;
    char **warnings;
    size_t warnings_len;
    bool no_memory;
    struct cmd_table table;
};

/* ---- keeping ---- */

static void write_clock(const struct spurn_doctor_row *row, char clock[CLOCK_LEN])
{
    char apart[CMD_TIME_LEN];
    int64_t apart_ms = row->skew_ms < 0 ? -row->skew_ms : row->skew_ms;
    cmd_time_write_age((apart_ms + MINUTE_MS / 2) / MINUTE_MS * 60, apart);
    if (row->skew_ms == 0)
        snprintf(clock, CLOCK_LEN, "%s", row->has_skew ? "ok" : "");
    else
        snprintf(clock, CLOCK_LEN, "%s %s", apart, row->skew_ms > 0 ? "ahead" : "behind");
}

static void on_row(void *context, const struct spurn_doctor_row *row)
{
    struct doctor *d = context;
    char clock[CLOCK_LEN];
    write_clock(row, clock);
    struct spurn_text parts[PARTS_LEN] = {
        [CMD_FOLD_CLOUD] = row->cloud,
        [CMD_FOLD_ACCOUNT] = row->account,
        [CMD_FOLD_LABEL] = row->label,
        [CMD_FOLD_STATUS] = cmd_text(row->status),
        [CMD_FOLD_ERROR] = row->error,
        [PART_SOURCE] = row->source,
        [PART_WHO] = row->principal,
        [PART_CLOCK] = cmd_text(clock),
        [PART_LIST] = cmd_text(row->list),
        [PART_REJECT] = cmd_text(row->reject),
        [PART_RESOURCES] = cmd_text(row->resources),
    };
    if (row->source.at != NULL && row->principal.at == NULL)
        parts[PART_WHO] = cmd_text("unknown");
    cmd_folds_add(&d->folds, parts, row->region);
}

static void on_warning(void *context, const char *text)
{
    struct doctor *d = context;
    char *copy = strdup(text);
    char **more = realloc(d->warnings, (d->warnings_len + 1) * sizeof *more);
    if (more != NULL)
        d->warnings = more;
    if (more == NULL || copy == NULL) {
        d->no_memory = true;
        free(copy);
        return;
    }
    d->warnings[d->warnings_len++] = copy;
}

static void doctor_clear(struct doctor *d)
{
    cmd_folds_clear(&d->folds);
    for (size_t i = 0; i < d->warnings_len; i++)
        free(d->warnings[i]);
    free(d->warnings);
}

/* ---- the table ---- */

static void add_word(struct cmd_cell *cell, struct spurn_text word, const char *good,
                     enum cmd_style bad)
{
    if (cmd_text_is(word, good))
        cell->style = CMD_GOOD;
    else if (!cmd_text_is(word, "-"))
        cell->style = bad;
    cmd_cell_add(cell, word);
}

/* Files at home by the name that people type: "~/.aws/credentials". */
static void add_source(struct cmd_cell *cell, struct spurn_text source)
{
    const char *home = getenv("HOME");
    size_t len = home != NULL ? strlen(home) : 0;
    while (len > 1 && home[len - 1] == '/')
        len--;
    while (source.len > 0) {
        size_t at = 0;
        while (at < source.len &&
               (len < 2 || source.len - at <= len || memcmp(source.at + at, home, len) != 0 ||
                source.at[at + len] != '/' || (at > 0 && source.at[at - 1] != ' ')))
            at++;
        size_t taken = at < source.len ? at + len : at;
        cmd_cell_add(cell, (struct spurn_text){source.at, at});
        cmd_cell_add_str(cell, at < source.len ? "~" : "");
        source = (struct spurn_text){source.at + taken, source.len - taken};
    }
}

/* What has no column of its own on this terminal. */
static void print_beneath(struct doctor *d, const struct cmd_cell *cells)
{
    static const size_t beneath[] = {KEYS, WHO};
    for (size_t i = 0; i < sizeof beneath / sizeof beneath[0]; i++) {
        size_t column = beneath[i];
        struct cmd_cell name;
        if (d->table.widths[column] > 0 || cells[column].len == 0)
            continue;
        cmd_cell_init(&name, CMD_DIM);
        cmd_cell_add_str(&name, column == KEYS ? "      keys:" : "      who:");
        cmd_out_hanging(&d->cmd->out, &name, 12, &cells[column]);
    }
}

static void add_row(void *context, const struct cmd_fold_row *row)
{
    const struct cmd_fold *fold = row->fold;
    struct doctor *d = context;
    const struct spurn_text *parts = fold->parts;
    struct cmd_cell cells[COLUMNS_LEN];
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], cmd_fold_is(fold, "skipped") ? CMD_DIM : CMD_PLAIN);
    cmd_cells_owner(&cells[TARGET], parts[CMD_FOLD_CLOUD], parts[CMD_FOLD_ACCOUNT],
                    (struct spurn_text){NULL, 0});
    cmd_cell_add(&cells[LABEL], parts[CMD_FOLD_LABEL]);
    cmd_cell_add(&cells[REGION], row->region);
    add_source(&cells[KEYS], parts[PART_SOURCE]);
    cmd_cell_add(&cells[WHO], parts[PART_WHO]);
    add_word(&cells[CLOCK], parts[PART_CLOCK], "ok", CMD_BAD);
    add_word(&cells[LIST], parts[PART_LIST], "yes", CMD_BAD);
    add_word(&cells[REJECT], parts[PART_REJECT], "yes", CMD_BAD);
    add_word(&cells[RESOURCES], parts[PART_RESOURCES], "yes", CMD_DOUBT);
    cmd_table_row(&d->table, cells);
    if (d->table.out != NULL)
        print_beneath(d, cells);
}

static void print_table(struct doctor *d)
{
    bool all = d->cmd->arguments.all;
    cmd_table_init(&d->table, COLUMNS, COLUMNS_LEN, 0);
    cmd_folds_rows(&d->folds, all, add_row, d);
    if (d->folds.count > d->folds.skipped || d->table.rows > 0)
        cmd_out_heading(&d->cmd->out, "Targets");
    if (d->table.rows > 0) {
        cmd_table_begin(&d->table, &d->cmd->out);
        cmd_folds_rows(&d->folds, all, add_row, d);
    }
    cmd_folds_print_left(&d->folds, all, "are well", &d->cmd->out);
}

/* ---- beneath it ---- */

static void print_warnings(struct doctor *d)
{
    for (size_t i = 0; i < d->warnings_len; i++) {
        struct cmd_cell line;
        if (i == 0)
            cmd_out_heading(&d->cmd->out, "Warnings");
        cmd_cell_init(&line, CMD_DOUBT);
        cmd_cell_add_str(&line, d->warnings[i]);
        cmd_out_lines(&d->cmd->out, INDENT, &line);
    }
}

static void print_sum(struct doctor *d, int64_t unwell)
{
    struct cmd_out *out = &d->cmd->out;
    int64_t asked = (int64_t)(d->folds.count - d->folds.skipped);
    struct cmd_cell skipped;
    cmd_out_printf(out, "\n");
    cmd_cell_init(&skipped, CMD_DIM);
    cmd_folds_add_skipped(&d->folds, &skipped);
    cmd_cell_add_str(&skipped, ".");
    if (d->folds.skipped > 0)
        cmd_out_lines(out, 0, &skipped);
    if (unwell > 0)
        cmd_out_say(out, CMD_BAD, "%" PRId64 " of %" PRId64 " %s.", unwell, asked,
                    asked == 1 ? "target cannot be swept as it is"
                               : "targets cannot be swept as they are");
    else
        cmd_out_say(out, CMD_GOOD, "All is well with %" PRId64 " %s.", asked,
                    asked == 1 ? "target" : "targets");
}

static void print_all(struct doctor *d, int64_t unwell)
{
    cmd_print_config(d->cmd, &d->cmd->out);
    print_table(d);
    cmd_folds_print_errors(&d->folds, &d->cmd->out);
    print_warnings(d);
    print_sum(d, unwell);
}

/* ---- the whole ---- */

static enum spurn_status examine(struct doctor *d, struct spurn *s, int64_t *unwell,
                                 struct spurn_error *err)
{
    const struct spurn_doctor visitor = {
        .size = sizeof visitor, .context = d, .row = on_row, .warning = on_warning};
    enum spurn_status status = spurn_doctor(s, &visitor, unwell, err);
    if (status == SPURN_OK && (d->no_memory || d->folds.failed))
        status = cmd_refuse(err, SPURN_E_MEMORY, "cannot keep the report: memory ran out");
    if (status == SPURN_OK)
        print_all(d, *unwell);
    return status;
}

int cmd_doctor(struct cmd *cmd)
{
    struct doctor d = {.cmd = cmd, .folds = {.parts = PARTS_LEN, .well_most = CMD_FOLD_FEW}};
    struct spurn *s = NULL;
    struct spurn_error err;
    int64_t unwell = 0;
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK && cmd->arguments.format == CMD_FORMAT_JSON)
        status = spurn_doctor_json(s, cmd_out_write, &cmd->out, &unwell, &err);
    else if (status == SPURN_OK)
        status = examine(&d, s, &unwell, &err);
    doctor_clear(&d);
    spurn_close(s);
    if (status != SPURN_OK && cmd->out.failure == 0) /* which is told when the output is finished */
        return cmd_fail(cmd, &err);
    return unwell == 0 ? CMD_EXIT_WELL : CMD_EXIT_FAILED;
}

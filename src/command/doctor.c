/* doctor.c - spurn doctor: can each target be reached, whose keys are these, and what are they allowed? */
#include "command/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/cells.h"
#include "command/table.h"
#include "command/time.h"

static const struct cmd_column COLUMNS[] = {
    {.heading = "TARGET", .least = 12},
    {.heading = "REGION"},
    {.heading = "KEYS", .least = 12, .most = 60, .spare = true},
    {.heading = "WHO", .least = 16, .most = 90, .spare = true},
    {.heading = "CLOCK"},
    {.heading = "LIST"},
    {.heading = "REJECT"},
    {.heading = "RESOURCES"},
};
enum { COLUMNS_LEN = sizeof COLUMNS / sizeof COLUMNS[0] };

enum { INDENT = 2, MINUTE_MS = 60 * 1000 };

/* The clouds are asked once, and a table is measured before it is printed: rows are kept. */
struct kept {
    struct spurn_doctor_row row; /* its text lies behind it, in one piece */
};

struct doctor {
    struct cmd *cmd;
    struct kept **rows;
    size_t count, cap;
    char **warnings;
    size_t warnings_len;
    int64_t skipped;
    bool no_memory;
    struct cmd_table table;
};

/* ---- keeping ---- */

enum { TEXTS_LEN = 8 };

static void list_texts(struct spurn_doctor_row *row, struct spurn_text *texts[TEXTS_LEN])
{
    struct spurn_text *const all[TEXTS_LEN] = {&row->cloud,     &row->account, &row->region,
                                               &row->label,     &row->source,  &row->key_id,
                                               &row->principal, &row->error};
    memcpy(texts, all, sizeof all);
}

static struct kept *keep(const struct spurn_doctor_row *row)
{
    struct spurn_doctor_row copy = *row;
    struct spurn_text *texts[TEXTS_LEN];
    size_t len = 0;
    list_texts(&copy, texts);
    for (size_t i = 0; i < TEXTS_LEN; i++)
        len += texts[i]->len;
    struct kept *kept = malloc(sizeof *kept + len);
    if (kept == NULL)
        return NULL;
    char *at = (char *)(kept + 1);
    for (size_t i = 0; i < TEXTS_LEN; i++) {
        if (texts[i]->at == NULL)
            continue;
        memcpy(at, texts[i]->at, texts[i]->len);
        texts[i]->at = at;
        at += texts[i]->len;
    }
    kept->row = copy;
    return kept;
}

static void on_row(void *context, const struct spurn_doctor_row *row)
{
    struct doctor *d = context;
    if (d->count == d->cap) {
        size_t cap = d->cap == 0 ? 64 : 2 * d->cap;
        struct kept **more = realloc(d->rows, cap * sizeof *more);
        d->no_memory |= more == NULL;
        if (more == NULL)
            return;
        d->rows = more;
        d->cap = cap;
    }
    struct kept *kept = keep(row);
    d->no_memory |= kept == NULL;
    if (kept == NULL)
        return;
    d->rows[d->count++] = kept;
    d->skipped += strcmp(row->status, "skipped") == 0;
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
    for (size_t i = 0; i < d->count; i++)
        free(d->rows[i]);
    for (size_t i = 0; i < d->warnings_len; i++)
        free(d->warnings[i]);
    free(d->rows);
    free(d->warnings);
}

/* ---- the table ---- */

static void add_target(struct cmd_cell *cell, const struct spurn_doctor_row *row)
{
    bool is_known = row->label.at != NULL || row->account.at != NULL;
    cmd_cells_account(cell, row->cloud, row->label.at != NULL ? row->label : row->account);
    cmd_cell_add_str(cell, is_known ? "" : " unknown");
}

static void add_clock(struct cmd_cell *cell, const struct spurn_doctor_row *row)
{
    char apart[CMD_TIME_LEN];
    if (!row->has_skew)
        return;
    cell->style = row->skew_ms == 0 ? CMD_GOOD : CMD_BAD;
    if (row->skew_ms == 0) {
        cmd_cell_add_str(cell, "ok");
        return;
    }
    int64_t apart_ms = row->skew_ms < 0 ? -row->skew_ms : row->skew_ms;
    cmd_time_write_age((apart_ms + MINUTE_MS / 2) / MINUTE_MS * 60, apart);
    cmd_cell_add_str(cell, apart);
    cmd_cell_add_str(cell, row->skew_ms > 0 ? " ahead" : " behind");
}

static void add_word(struct cmd_cell *cell, const char *word, enum cmd_style no)
{
    if (strcmp(word, "yes") == 0)
        cell->style = CMD_GOOD;
    else if (strcmp(word, "-") != 0)
        cell->style = no;
    cmd_cell_add_str(cell, word);
}

static bool is_shown(const struct doctor *d, const struct spurn_doctor_row *row)
{
    return d->cmd->arguments.all || strcmp(row->status, "skipped") != 0;
}

static void add_row(struct doctor *d, const struct spurn_doctor_row *row)
{
    struct cmd_cell cells[COLUMNS_LEN];
    bool skipped = strcmp(row->status, "skipped") == 0;
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], skipped ? CMD_DIM : CMD_PLAIN);
    add_target(&cells[0], row);
    cmd_cell_add(&cells[1], row->region);
    cmd_cell_add(&cells[2], row->source);
    cmd_cell_add(&cells[3], row->principal);
    add_clock(&cells[4], row);
    add_word(&cells[5], row->list, CMD_BAD);
    add_word(&cells[6], row->reject, CMD_BAD);
    add_word(&cells[7], row->resources, CMD_DOUBT);
    cmd_table_row(&d->table, cells);
}

static void add_rows(struct doctor *d)
{
    for (size_t i = 0; i < d->count; i++)
        if (is_shown(d, &d->rows[i]->row))
            add_row(d, &d->rows[i]->row);
}

/* ---- beneath it ---- */

static void print_problems(struct doctor *d)
{
    struct cmd_out *out = &d->cmd->out;
    const char *before = "\n";
    for (size_t i = 0; i < d->count; i++) {
        const struct spurn_doctor_row *row = &d->rows[i]->row;
        struct cmd_cell line;
        if (row->error.at == NULL || strcmp(row->status, "skipped") == 0)
            continue;
        cmd_cell_init(&line, strcmp(row->status, "well") == 0 ? CMD_DOUBT : CMD_BAD);
        add_target(&line, row);
        cmd_cell_add_str(&line, " ");
        cmd_cell_add(&line, row->region);
        cmd_cell_add_str(&line, ": ");
        cmd_cell_add_message(&line, row->error);
        cmd_out_printf(out, "%s", before);
        cmd_out_lines(out, INDENT, &line);
        before = "";
    }
}

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
    int64_t asked = (int64_t)d->count - d->skipped;
    const char *targets = asked == 1 ? "target" : "targets";
    cmd_out_printf(out, "\n");
    if (d->skipped > 0)
        cmd_out_say(out, CMD_DIM, "%" PRId64 " %s skipped: not opted in.", d->skipped,
                    d->skipped == 1 ? "region" : "regions");
    if (unwell > 0)
        cmd_out_say(out, CMD_BAD, "%" PRId64 " of %" PRId64 " %s cannot be swept as they are.",
                    unwell, asked, targets);
    else
        cmd_out_say(out, CMD_GOOD, "All is well with %" PRId64 " %s.", asked, targets);
}

static void print_all(struct doctor *d, int64_t unwell)
{
    cmd_print_config(d->cmd, &d->cmd->out);
    cmd_table_init(&d->table, COLUMNS, COLUMNS_LEN, 0);
    add_rows(d);
    if (d->table.rows > 0) {
        cmd_out_heading(&d->cmd->out, "Targets");
        cmd_table_begin(&d->table, &d->cmd->out);
        add_rows(d);
    }
    print_problems(d);
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
    if (status == SPURN_OK && d->no_memory)
        status = cmd_refuse(err, SPURN_E_MEMORY, "cannot keep the report: memory ran out");
    if (status == SPURN_OK)
        print_all(d, *unwell);
    return status;
}

int cmd_doctor(struct cmd *cmd)
{
    struct doctor d = {.cmd = cmd};
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

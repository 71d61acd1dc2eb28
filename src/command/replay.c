/* replay.c - spurn replay: what today's policies would decide otherwise than was decided. */
#include "command/command.h"

#include <inttypes.h>

#include "command/cells.h"
#include "command/moves.h"
#include "command/table.h"
#include "command/time.h"
#include "command/verdicts.h"

enum { ROWS_SHOWN = 100, WORDS_LEN = 512 };

static const struct cmd_column COLUMNS[] = {
    {.heading = "SENDER"},
    {.heading = "NAME", .least = 6, .most = 60},
    {.heading = "AGE", .right = true, .spare = true},
    {.heading = "WAS", .least = 12, .most = 60},
    {.heading = "WOULD BE", .least = 12, .most = 60},
    {.heading = "DECIDED (UTC)", .spare = true},
    {.heading = "ID"},
};
enum { COLUMNS_LEN = sizeof COLUMNS / sizeof COLUMNS[0] };

/* What is told of each change. `listed`: row by row; else counted by rule unless --all. */
static const struct section {
    const char *heading;
    bool listed;
} SECTIONS[] = {[SPURN_ALIKE] = {"As it was decided", false},
                [SPURN_OTHER_REASON] = {"The same verdict for other reasons", false},
                [SPURN_OTHER_VERDICT] = {"Would be decided otherwise", true},
                [SPURN_UNTOLD] = {"Cannot be told without resources", false}};
enum { SECTIONS_LEN = sizeof SECTIONS / sizeof SECTIONS[0] };

/* In the order in which they are shown: what matters most stands last, where a terminal shows it. */
static const enum spurn_change ORDER[SECTIONS_LEN] = {SPURN_ALIKE, SPURN_OTHER_REASON, SPURN_UNTOLD,
                                                      SPURN_OTHER_VERDICT};

struct replay {
    struct cmd_out *out;
    bool all, measures;
    enum spurn_change printing; /* once all are measured */
    struct cmd_table tables[SECTIONS_LEN];
    struct cmd_moves moves[SECTIONS_LEN];
    int64_t unexpected; /* another verdict, by the same policies */
    struct spurn_replay_summary summary;
};

/* ---- rows ---- */

static bool shows_rows(const struct replay *r, enum spurn_change change)
{
    return r->all || SECTIONS[change].listed;
}

/* The same rule decided for the same reason: others are true now. */
static void add_matches(struct cmd_cell *cell, struct spurn_text matches)
{
    cmd_cell_add_str(cell, "; true: ");
    cmd_cell_add(cell, matches);
    cmd_cell_add_str(cell, matches.at == NULL ? "none" : "");
}

static void add_rulings(struct cmd_cell *was, struct cmd_cell *would_be,
                        const struct spurn_replay_row *row)
{
    bool is_same_rule = cmd_text_equal(row->then.policy, row->now.policy) &&
                        cmd_text_equal(row->then.rule, row->now.rule);
    cmd_verdict_add(was, &row->then);
    cmd_verdict_add(would_be, &row->now);
    if (row->change != SPURN_OTHER_REASON || !is_same_rule)
        return;
    if (!cmd_text_equal(row->then.reason, row->now.reason)) {
        cmd_cell_add_str(would_be, ", for another reason");
        return;
    }
    add_matches(was, row->then.matches);
    add_matches(would_be, row->now.matches);
}

static void measure_row(struct replay *r, const struct spurn_replay_row *row)
{
    struct cmd_cell was, would_be;
    cmd_cell_init(&was, CMD_PLAIN);
    cmd_cell_init(&would_be, CMD_PLAIN);
    add_rulings(&was, &would_be, row);
    was.style = CMD_PLAIN;
    cmd_moves_add(&r->moves[row->change], &was, &would_be);
    r->unexpected +=
        row->change == SPURN_OTHER_VERDICT && cmd_text_equal(row->then.digest, row->now.digest);
}

static void add_row(struct cmd_table *table, const struct spurn_replay_row *row)
{
    struct cmd_cell cells[COLUMNS_LEN];
    char words[CMD_TIME_LEN];
    for (size_t i = 0; i < COLUMNS_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_cell_add(&cells[0], row->sender);
    cmd_cells_name(&cells[1], row->name);
    if (row->has_age) {
        cmd_time_write_age(row->age_s, words);
        cmd_cell_add_str(&cells[2], words);
    }
    add_rulings(&cells[3], &cells[4], row);
    cells[3].style = CMD_PLAIN;
    cmd_time_write_minute(row->at_ms, words);
    cmd_cell_add_str(&cells[5], words);
    cmd_cells_id(&cells[6], row->id);
    cmd_table_row(table, cells);
}

/* Most rows of a long journal are only counted: making cells takes longer than deciding. */
static void on_row(void *context, const struct spurn_replay_row *row)
{
    struct replay *r = context;
    struct cmd_table *table = &r->tables[row->change];
    int64_t seen = r->measures ? table->rows : table->shown;
    bool is_shown = shows_rows(r, row->change) && (table->most == 0 || seen < table->most);
    if (r->measures)
        measure_row(r, row);
    if (is_shown && (r->measures || row->change == r->printing))
        add_row(table, row);
    else if (r->measures)
        table->rows++;
}

static void on_summary(void *context, const struct spurn_replay_summary *summary)
{
    struct replay *r = context;
    r->summary = *summary;
}

/* ---- the last lines ---- */

static void say_what_was_odd(const struct replay *r)
{
    const struct spurn_replay_summary *s = &r->summary;
    if (s->untold > 0)
        cmd_out_say(r->out, CMD_DOUBT,
                    "%" PRId64
                    " cannot be told: the verdict hangs on resources, and nobody asked the "
                    "cloud for them then.",
                    s->untold);
    if (s->faulted > 0)
        cmd_out_say(r->out, CMD_DOUBT,
                    "A rule faults on %" PRId64
                    " of them; \"spurn explain ID\" says which, and why.",
                    s->faulted);
    if (r->unexpected > 0)
        cmd_out_say(r->out, CMD_DOUBT,
                    "%" PRId64
                    " would differ by the very same policies: a rule had run out of steps too "
                    "often in that sweep, or rows of the journal are gone.",
                    r->unexpected);
}

static void say_sum(const struct replay *r)
{
    const struct spurn_replay_summary *s = &r->summary;
    char words[WORDS_LEN];
    int len = snprintf(words, sizeof words, "%" PRId64 " decided again: %" PRId64 " as before",
                       s->asked, s->alike + s->other_reason);
    for (int i = 0; i <= SPURN_UNDECIDED; i++) {
        for (int k = 0; k <= SPURN_UNDECIDED; k++) {
            const struct spurn_ruling then = {.verdict = (enum spurn_verdict)i};
            const struct spurn_ruling now = {.verdict = (enum spurn_verdict)k};
            if (s->moved[i][k] > 0)
                len += snprintf(words + len, sizeof words - (size_t)len,
                                ", %" PRId64 " %s would be %s", s->moved[i][k],
                                cmd_verdict_word(&then), cmd_verdict_word(&now));
        }
    }
    if (s->untold > 0)
        snprintf(words + len, sizeof words - (size_t)len, ", %" PRId64 " cannot be told",
                 s->untold);
    cmd_out_say(r->out, CMD_HEADING, "%s.", words);
}

/* ---- the whole ---- */

static enum spurn_status print_section(struct replay *r, struct spurn *s, enum spurn_change change,
                                       const struct spurn_replay_options *options,
                                       struct spurn_error *err)
{
    const struct section *section = &SECTIONS[change];
    const struct spurn_replay rows = {.size = sizeof rows, .context = r, .row = on_row};
    struct cmd_table *table = &r->tables[change];
    if (table->rows == 0)
        return SPURN_OK;
    bool has_rows = shows_rows(r, change);
    bool is_grouped = !has_rows || (int64_t)r->moves[change].len < table->rows;
    cmd_out_heading(r->out, section->heading);
    if (is_grouped)
        cmd_moves_print(&r->moves[change], r->out);
    if (!has_rows)
        return SPURN_OK;
    if (is_grouped)
        cmd_out_printf(r->out, "\n");
    r->printing = change;
    cmd_table_begin(table, r->out);
    enum spurn_status status = spurn_replay(s, options, &rows, err);
    cmd_table_end(table, "--all shows them");
    return status;
}

static enum spurn_status print_all(struct replay *r, struct spurn *s,
                                   const struct spurn_replay_options *options,
                                   struct spurn_error *err)
{
    const struct spurn_replay both = {
        .size = sizeof both, .context = r, .row = on_row, .summary = on_summary};
    r->measures = true;
    enum spurn_status status = spurn_replay(s, options, &both, err);
    r->measures = false;
    for (size_t i = 0; i < SECTIONS_LEN && status == SPURN_OK; i++)
        status = print_section(r, s, ORDER[i], options, err);
    if (status != SPURN_OK)
        return status;
    if (r->out->begun)
        cmd_out_printf(r->out, "\n");
    say_what_was_odd(r);
    if (r->summary.asked > 0)
        say_sum(r);
    else
        cmd_out_say(r->out, CMD_PLAIN, "Nothing was decided%s%s.",
                    options->since_ms > 0 ? " since then" : " yet",
                    options->with_plans ? ""
                                        : " but maybe by a plan; --plans adds what plans decided");
    return SPURN_OK;
}

static enum spurn_status print_tables(struct cmd *cmd, struct spurn *s,
                                      const struct spurn_replay_options *options,
                                      struct spurn_replay_summary *summary, struct spurn_error *err)
{
    struct replay r = {.out = &cmd->out, .all = options->with_alike};
    for (size_t i = 0; i < SECTIONS_LEN; i++)
        cmd_table_init(&r.tables[i], COLUMNS, COLUMNS_LEN, r.all ? 0 : ROWS_SHOWN);
    enum spurn_status status = print_all(&r, s, options, err);
    for (size_t i = 0; i < SECTIONS_LEN; i++)
        cmd_moves_clear(&r.moves[i]);
    *summary = r.summary;
    return status;
}

int cmd_replay(struct cmd *cmd)
{
    const struct cmd_arguments *a = &cmd->arguments;
    const struct spurn_replay_options options = {.size = sizeof options,
                                                 .since_ms = a->since_ms,
                                                 .with_plans = a->plans,
                                                 .with_alike = a->all};
    struct spurn *s = NULL;
    struct spurn_error err;
    struct spurn_replay_summary summary = {0};
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK && a->format == CMD_FORMAT_JSON)
        status = spurn_replay_json(s, &options, cmd_out_write, &cmd->out, &summary, &err);
    else if (status == SPURN_OK)
        status = print_tables(cmd, s, &options, &summary, &err);
    spurn_close(s);
    if (status != SPURN_OK &&
        cmd->out.failure == 0) /* else told when standard output is finished */
        return cmd_fail(cmd, &err);
    if (a->exit_code && summary.other_verdict > 0)
        return CMD_EXIT_FAILED;
    return summary.faulted > 0 ? CMD_EXIT_FAULT : CMD_EXIT_WELL;
}

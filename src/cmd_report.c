/* cmd_report.c - what a sweep found and did, as tables for people. */
#include "cmd_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_cells.h"
#include "cmd_table.h"
#include "cmd_tally.h"

enum {
    ROWS_SHOWN = 100,  /* of one table; a person reads no more */
    TARGETS_SHOWN = 20 /* past it only those that failed */
};
static const char SHOW_ALL[] = "--all shows them";

/* What stands under each verdict. `listed`: row by row; else counted by rule unless --all. */
enum section_name { REJECTS, UNDECIDED, KEPT, LEFT, SECTIONS_LEN };
static const struct section {
    const char *verdict, *planned, *acted;
    enum cmd_style style;
    bool listed;
} SECTIONS[SECTIONS_LEN] = {{"reject", "To reject", "Rejections", CMD_BAD, true},
                            {"undecided", "Undecided, and so left alone", NULL, CMD_DOUBT, true},
                            {"keep", "Kept", NULL, CMD_GOOD, false},
                            {"none", "Left alone", NULL, CMD_PLAIN, false}};

static const struct cmd_column DECISION_COLUMNS[] = {
    {"SENDER", 0, false},  {"NAME", 8, false},   {"AGE", 0, true},      {"RULE", 12, false},
    {"REASON", 12, false}, {"WHERE", 16, false}, {"OUTCOME", 0, false},
};
enum { DECISION_LEN = sizeof DECISION_COLUMNS / sizeof DECISION_COLUMNS[0] };

static const struct cmd_column TARGET_COLUMNS[] = {
    {"CLOUD", 0, false}, {"ACCOUNT", 0, false}, {"REGION", 0, false},
    {"LABEL", 8, false}, {"STATUS", 0, false},  {"ERROR", 0, false},
};
enum { TARGET_LEN = sizeof TARGET_COLUMNS / sizeof TARGET_COLUMNS[0] };

static const struct cmd_column FAULT_COLUMNS[] = {
    {"TIMES", 0, true}, {"RULE", 12, false}, {"LINE", 0, true}, {"CAUSE", 0, false}};
enum { FAULT_LEN = sizeof FAULT_COLUMNS / sizeof FAULT_COLUMNS[0] };

struct report {
    const struct cmd_report_options *options;
    struct cmd_out *out;
    const struct section *printing; /* NULL: all are being measured */
    struct cmd_table targets, faults, sections[SECTIONS_LEN];
    struct cmd_tally by_rule[SECTIONS_LEN];
    int64_t elsewhere; /* rejections that somebody else made needless */
    struct spurn_summary counts;
};

/* ---- rows ---- */

static bool gone_well(const struct spurn_decision_row *row)
{
    return cmd_text_is(row->outcome, "rejected");
}

static bool settled_elsewhere(const struct spurn_decision_row *row)
{
    static const char *const outcomes[] = {"already_rejected", "already_accepted", "expired",
                                           "cancelled", "gone"};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (cmd_text_is(row->outcome, outcomes[i]))
            return true;
    }
    return false;
}

static void add_decision(struct cmd_table *table, const struct spurn_decision_row *row,
                         enum cmd_style style)
{
    struct cmd_cell cells[DECISION_LEN];
    for (size_t i = 0; i < DECISION_LEN; i++)
        cmd_cell_init(&cells[i], i == 0 ? style : CMD_PLAIN);
    cmd_cell_add(&cells[0], row->sender);
    cmd_cell_add(&cells[1], row->name);
    cmd_cells_age(&cells[2], row);
    cmd_cells_rule(&cells[3], row->policy, row->rule);
    if (!cmd_text_equal(row->reason, row->rule))
        cmd_cell_add(&cells[4], row->reason);
    cmd_cells_where(&cells[5], row->cloud, row->account, row->region);
    cmd_cells_outcome(&cells[6], row);
    cmd_table_row(table, cells);
}

static void on_decision(void *context, const struct spurn_decision_row *row)
{
    struct report *r = context;
    for (size_t i = 0; i < SECTIONS_LEN; i++) {
        const struct section *section = &SECTIONS[i];
        bool mine = r->printing == NULL || r->printing == section;
        if (!mine || !cmd_text_is(row->verdict, section->verdict))
            continue;
        if (r->printing == NULL) {
            cmd_tally_add(&r->by_rule[i], row->policy, row->rule);
            r->elsewhere += settled_elsewhere(row);
        }
        if (!(r->options->rejects_seen && gone_well(row)))
            add_decision(&r->sections[i], row, section->style);
    }
}

static void on_target(void *context, const struct spurn_target_row *row)
{
    struct report *r = context;
    bool failed = strcmp(row->status, "failed") == 0;
    bool few = r->options->all || r->counts.targets <= TARGETS_SHOWN;
    if (r->targets.out != NULL && !failed && !few)
        return;
    struct cmd_cell cells[TARGET_LEN];
    for (size_t i = 0; i < TARGET_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cells[4].style = failed ? CMD_BAD : CMD_GOOD;
    cmd_cell_add(&cells[0], row->cloud);
    cmd_cell_add_str(&cells[1], row->account.at == NULL ? "unknown" : "");
    cmd_cell_add(&cells[1], row->account);
    cmd_cell_add(&cells[2], row->region);
    cmd_cell_add(&cells[3], row->label);
    cmd_cell_add_str(&cells[4], row->status);
    cmd_cell_add(&cells[5], row->error);
    cmd_table_row(&r->targets, cells);
}

static void on_fault(void *context, const struct spurn_fault_row *row)
{
    struct report *r = context;
    struct cmd_cell cells[FAULT_LEN];
    for (size_t i = 0; i < FAULT_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cells[1].style = CMD_DOUBT;
    cmd_cells_number(&cells[0], row->count);
    cmd_cells_rule(&cells[1], row->policy, row->rule);
    if (row->observed)
        cmd_cell_add_str(&cells[1], " (only observes)");
    cmd_cells_number(&cells[2], row->line);
    cmd_cell_add(&cells[3], row->cause);
    cmd_table_row(&r->faults, cells);
}

static void on_summary(void *context, const struct spurn_summary *summary)
{
    struct report *r = context;
    r->counts = *summary;
}

/* ---- the last lines ---- */

struct part {
    int64_t count;
    const char *words;
};

static void print_parts(struct cmd_out *out, const struct part *parts, size_t len)
{
    const char *before = "";
    for (size_t i = 0; i < len; i++) {
        if (parts[i].count <= 0)
            continue;
        cmd_out_printf(out, "%s%" PRId64 " %s", before, parts[i].count, parts[i].words);
        before = ", ";
    }
}

static void print_warnings(const struct report *r)
{
    const struct spurn_summary *c = &r->counts;
    struct cmd_out *out = r->out;
    if (c->closed > 0)
        cmd_out_printf(out, "%" PRId64 " left open by an earlier run: looked up and recorded.\n",
                       c->closed);
    if (c->deferred > 0)
        cmd_out_printf(out, "%" PRId64 " wait for the next sweep: enough were rejected in the "
                            "last hour (limits, rejections).\n",
                       c->deferred);
    if (c->settling > 0)
        cmd_out_printf(out, "%" PRId64 " left alone: the cloud still lists what was rejected "
                            "moments ago.\n",
                       c->settling);
    if (c->targets_failed > 0) {
        char words[96];
        snprintf(words, sizeof words, "%" PRId64 " of %" PRId64 " targets could not be listed.",
                 c->targets_failed, c->targets);
        cmd_out_str(out, CMD_BAD, words);
        cmd_out_printf(out, "\n");
    }
    if (r->options->stopped)
        cmd_out_printf(out, "Stopped by a signal: nothing more was begun.\n");
    if (c->declined)
        cmd_out_printf(out, "Declined: nothing was rejected.\n");
}

static void print_held(const struct report *r, const char *held_why)
{
    if (!r->counts.held)
        return;
    cmd_out_str(r->out, CMD_DOUBT, "Held by a safety belt: ");
    cmd_out_str(r->out, CMD_PLAIN, held_why);
    cmd_out_printf(r->out, "\n");
}

static void print_nothing(const struct report *r)
{
    const struct spurn_summary *c = &r->counts;
    int64_t listed = c->targets - c->targets_failed;
    if (listed > 0)
        cmd_out_printf(r->out, "Nothing is pending in the %" PRId64 " %s listed.\n", listed,
                       listed == 1 ? "target" : "targets");
    else
        cmd_out_printf(r->out, "Nothing was listed.\n");
}

static void print_sum(const struct report *r)
{
    const struct spurn_summary *c = &r->counts;
    bool acts = r->options->acts;
    int64_t untried = c->reject - c->rejected - c->failed - r->elsewhere;
    const struct part parts[] = {{acts ? 0 : c->reject, "to reject"},
                                 {c->rejected, "rejected"},
                                 {c->failed, "failed"},
                                 {r->elsewhere, "settled by others"},
                                 {acts ? untried : 0, "not rejected"},
                                 {c->keep, "kept"},
                                 {c->none, "left alone"},
                                 {c->undecided, "undecided"}};
    cmd_out_printf(r->out, "%" PRId64 " pending: ", c->pending);
    print_parts(r->out, parts, sizeof parts / sizeof parts[0]);
    cmd_out_printf(r->out, ".");
    if (c->reject == 0)
        cmd_out_printf(r->out, " Nothing to reject.");
    else if (!acts && !r->options->stopped)
        cmd_out_printf(r->out, " Run \"%s\" to reject %s.", r->options->apply_as,
                       c->reject == 1 ? "it" : "them");
    cmd_out_printf(r->out, "\n");
}

/* ---- the whole ---- */

static void report_init(struct report *r, struct cmd_out *out,
                        const struct cmd_report_options *options)
{
    memset(r, 0, sizeof *r);
    r->options = options;
    r->out = out;
    cmd_table_init(&r->targets, TARGET_COLUMNS, TARGET_LEN, 0);
    cmd_table_init(&r->faults, FAULT_COLUMNS, FAULT_LEN, 0);
    for (size_t i = 0; i < SECTIONS_LEN; i++)
        cmd_table_init(&r->sections[i], DECISION_COLUMNS, DECISION_LEN,
                       options->all ? 0 : ROWS_SHOWN);
}

static void report_clear(struct report *r)
{
    for (size_t i = 0; i < SECTIONS_LEN; i++)
        cmd_tally_clear(&r->by_rule[i]);
}

static enum spurn_status measure(struct report *r, struct spurn_sweep *sweep,
                                 struct spurn_error *err)
{
    const struct spurn_report all = {sizeof all,  r,        on_target,
                                     on_decision, on_fault, on_summary};
    return spurn_sweep_report(sweep, &all, err);
}

static enum spurn_status print_section(struct report *r, struct spurn_sweep *sweep,
                                       enum section_name name, struct spurn_error *err)
{
    const struct section *section = &SECTIONS[name];
    struct cmd_table *table = &r->sections[name];
    struct cmd_tally *tally = &r->by_rule[name];
    if (tally->total == 0 || (section->listed && table->rows == 0))
        return SPURN_OK;
    bool acted = section->acted != NULL && r->counts.rejected + r->counts.failed > 0;
    cmd_out_heading(r->out, acted ? section->acted : section->planned);
    if (!section->listed && !r->options->all) {
        cmd_tally_print(tally, r->out);
        return SPURN_OK;
    }
    r->printing = section;
    const struct spurn_report rows = {sizeof rows, r, NULL, on_decision, NULL, NULL};
    cmd_table_begin(table, r->out);
    enum spurn_status status = spurn_sweep_report(sweep, &rows, err);
    cmd_table_end(table, SHOW_ALL);
    if (status == SPURN_OK && table->rows > table->shown) {
        cmd_out_printf(r->out, "\n  by rule:\n");
        cmd_tally_print(tally, r->out);
    }
    return status;
}

static enum spurn_status print_targets(struct report *r, struct spurn_sweep *sweep,
                                       struct spurn_error *err)
{
    const struct spurn_report rows = {sizeof rows, r, on_target, NULL, NULL, NULL};
    if (r->targets.rows == 0)
        return SPURN_OK;
    cmd_out_heading(r->out, "Targets");
    cmd_table_begin(&r->targets, r->out);
    enum spurn_status status = spurn_sweep_report(sweep, &rows, err);
    cmd_table_end(&r->targets, "listed; --all shows them");
    return status;
}

static enum spurn_status print_faults(struct report *r, struct spurn_sweep *sweep,
                                      struct spurn_error *err)
{
    const struct spurn_report rows = {sizeof rows, r, NULL, NULL, on_fault, NULL};
    if (r->faults.rows == 0)
        return SPURN_OK;
    cmd_out_heading(r->out, "Policy faults");
    cmd_table_begin(&r->faults, r->out);
    return spurn_sweep_report(sweep, &rows, err);
}

enum spurn_status cmd_report_print(struct spurn_sweep *sweep, struct cmd_out *out,
                                   const struct cmd_report_options *options,
                                   struct spurn_error *err)
{
    struct report r;
    struct cmd_outcome outcome;
    report_init(&r, out, options);
    enum spurn_status status = cmd_report_outcome(sweep, &outcome, err);
    if (status == SPURN_OK)
        status = measure(&r, sweep, err);
    if (status == SPURN_OK)
        status = print_targets(&r, sweep, err);
    for (size_t i = 0; i < SECTIONS_LEN && status == SPURN_OK; i++)
        status = print_section(&r, sweep, i, err);
    if (status == SPURN_OK)
        status = print_faults(&r, sweep, err);
    if (status != SPURN_OK)
        goto done;
    cmd_out_printf(out, "\n");
    print_warnings(&r);
    print_held(&r, outcome.held_why);
    if (r.counts.pending == 0)
        print_nothing(&r);
    else
        print_sum(&r);
done:
    report_clear(&r);
    return status;
}

enum spurn_status cmd_report_print_rejects(struct spurn_sweep *sweep, struct cmd_out *out,
                                           bool all, struct spurn_error *err)
{
    const struct cmd_report_options options = {.all = all};
    struct report r;
    report_init(&r, out, &options);
    enum spurn_status status = measure(&r, sweep, err);
    if (status == SPURN_OK)
        status = print_section(&r, sweep, REJECTS, err);
    report_clear(&r);
    return status;
}

static void keep_outcome(void *context, const struct spurn_summary *summary)
{
    struct cmd_outcome *outcome = context;
    outcome->counts = *summary;
    outcome->counts.held_why = outcome->counts.digest = NULL;
    snprintf(outcome->held_why, sizeof outcome->held_why, "%s",
             summary->held_why == NULL ? "" : summary->held_why);
    snprintf(outcome->digest, sizeof outcome->digest, "%s",
             summary->digest == NULL ? "" : summary->digest);
}

enum spurn_status cmd_report_outcome(struct spurn_sweep *sweep, struct cmd_outcome *outcome,
                                     struct spurn_error *err)
{
    memset(outcome, 0, sizeof *outcome);
    const struct spurn_report only = {sizeof only, outcome, NULL, NULL, NULL, keep_outcome};
    return spurn_sweep_report(sweep, &only, err);
}

/* report.c - what a sweep found and did, as tables for people. */
#include "command/report.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "command/cells.h"
#include "command/rules.h"
#include "command/table.h"
#include "command/tally.h"
#include "command/targets.h"

enum {
    INDENT = 2,
    ROWS_SHOWN = 100 /* of one table; a person reads no more */
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

/* On a narrow terminal the region stays, and what is told by the id of the account, or elsewhere, goes first. */
enum { WIDE = 1 << 0, NARROW = 1 << 1, NARROWER = 1 << 2, NARROWEST = 1 << 3 };
static const struct cmd_column DECISION_COLUMNS[] = {
    {.heading = "SENDER"},
    {.heading = "NAME", .least = 6, .most = 80},
    {.heading = "AGE", .right = true, .forms = WIDE | NARROW | NARROWER},
    {.heading = "RULE", .least = 8, .most = 80},
    {.heading = "REASON", .least = 24, .most = 120, .spare = true},
    {.heading = "WHERE", .forms = WIDE},
    {.heading = "REGION", .forms = WIDE},
    {.heading = "WHERE", .forms = NARROW},
    {.heading = "WHERE", .forms = NARROWER | NARROWEST},
    {.heading = "OUTCOME", .least = 8},
    {.heading = "ID"},
};
enum { DECISION_LEN = sizeof DECISION_COLUMNS / sizeof DECISION_COLUMNS[0] };

struct report {
    const struct cmd_report_options *options;
    struct cmd_out *out;
    const struct section *printing; /* NULL: all are being measured */
    struct cmd_targets targets;
    struct cmd_table sections[SECTIONS_LEN];
    struct cmd_tally by_rule[SECTIONS_LEN];
    int64_t faults;    /* told */
    int64_t elsewhere; /* rejections that somebody else made needless */
    struct cmd_outcome outcome;
};

/* ---- rows ---- */

/* For a person who has just seen that it would be rejected. */
static bool is_no_news(const struct spurn_decision_row *row)
{
    return cmd_text_is(row->verdict, "reject") &&
           (row->outcome.at == NULL || cmd_text_is(row->outcome, "rejected"));
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

/* "aws 111122223333/us-east-1" */
static void add_place(struct cmd_cell *cell, const struct spurn_decision_row *row, bool cloud)
{
    cmd_cell_add(cell, cloud ? row->cloud : row->account);
    cmd_cell_add_str(cell, cloud && row->account.at != NULL ? " " : "");
    if (cloud)
        cmd_cell_add(cell, row->account);
    cmd_cell_add_str(cell, "/");
    cmd_cell_add(cell, row->region);
}

/* Above a question no one looks up anything, and the reason needs the room. */
static void add_decision(struct cmd_table *table, const struct spurn_decision_row *row,
                         enum cmd_style style, bool asks)
{
    struct cmd_cell cells[DECISION_LEN];
    for (size_t i = 0; i < DECISION_LEN; i++)
        cmd_cell_init(&cells[i], i == 0 ? style : CMD_PLAIN);
    cmd_cell_add(&cells[0], row->sender);
    cmd_cells_name(&cells[1], row->name);
    cmd_cells_age(&cells[2], row);
    cmd_cells_decider(&cells[3], row);
    if (!cmd_text_equal(row->reason, row->rule))
        cmd_cell_add(&cells[4], row->reason);
    cmd_cells_account(&cells[5], row->cloud, row->account);
    cmd_cell_add(&cells[6], row->region);
    add_place(&cells[7], row, true);
    add_place(&cells[8], row, row->account.at == NULL);
    cmd_cells_outcome(&cells[9], row);
    if (!asks)
        cmd_cells_id(&cells[10], row->id);
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
            cmd_tally_add(&r->by_rule[i], row);
            r->elsewhere += settled_elsewhere(row);
        }
        if (!(r->options->rejects_seen && is_no_news(row)))
            add_decision(&r->sections[i], row, section->style, r->options->asks);
    }
}

static void on_target(void *context, const struct spurn_target_row *row)
{
    struct report *r = context;
    cmd_targets_add(&r->targets, row);
}

static void on_fault(void *context, const struct spurn_fault_row *row)
{
    struct report *r = context;
    struct cmd_cell line;
    if (r->faults++ == 0)
        cmd_out_heading(r->out, "Policy faults");
    cmd_cell_init(&line, CMD_DOUBT);
    cmd_cells_rule(&line, row->policy, row->rule);
    cmd_cell_add_str(&line, row->observed ? " (only observes), line " : ", line ");
    cmd_cells_number(&line, row->line);
    cmd_cell_add_str(&line, ": ");
    cmd_cell_add(&line, row->cause);
    if (row->count > 1) {
        cmd_cell_add_str(&line, ", times ");
        cmd_cells_number(&line, row->count);
    }
    cmd_out_lines(r->out, INDENT, &line);
}

static void keep_summary(void *context, const struct spurn_summary *summary)
{
    struct cmd_outcome *outcome = context;
    outcome->counts = *summary;
    outcome->counts.held_why = outcome->counts.digest = NULL;
    snprintf(outcome->held_why, sizeof outcome->held_why, "%s",
             summary->held_why == NULL ? "" : summary->held_why);
    snprintf(outcome->digest, sizeof outcome->digest, "%s",
             summary->digest == NULL ? "" : summary->digest);
}

static void on_summary(void *context, const struct spurn_summary *summary)
{
    struct report *r = context;
    keep_summary(&r->outcome, summary);
}

/* ---- the last lines ---- */

static const char *plural(int64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* A plan has the reason without being held: it rejects nothing anyway. */
static void say_what_holds(const struct report *r)
{
    const struct cmd_outcome *outcome = &r->outcome;
    if (outcome->held_why[0] == '\0' || outcome->counts.declined ||
        (r->options->acts && !outcome->counts.held))
        return;
    cmd_out_say(r->out, CMD_DOUBT, "%s by a safety belt: %s.",
                r->options->acts ? "Held" : "Would be held", outcome->held_why);
    cmd_out_say(r->out, CMD_PLAIN,
                "If it is meant, run \"spurn apply\" on a terminal, or once with");
    cmd_out_say(r->out, CMD_PLAIN, "--trust %s", outcome->digest);
}

static void say_what_failed(const struct report *r)
{
    const struct spurn_summary *c = &r->outcome.counts;
    int64_t asked = c->targets - c->targets_skipped;
    if (c->targets_failed > 0)
        cmd_out_say(r->out, CMD_BAD, "%" PRId64 " of %" PRId64 " %s could not be listed.",
                    c->targets_failed, asked, plural(asked, "target", "targets"));
}

static void say_what_was_not_known(const struct report *r)
{
    const struct spurn_summary *c = &r->outcome.counts;
    if (c->lookups_failed > 0)
        cmd_out_say(r->out, CMD_BAD,
                    "The resources of %" PRId64 " %s could not be listed, and count as unknown.",
                    c->lookups_failed, plural(c->lookups_failed, "invitation", "invitations"));
    if (c->lookups_skipped > 0)
        cmd_out_say(r->out, CMD_DOUBT,
                    "The resources of %" PRId64
                    " %s were not asked for: limits.lookups is reached.",
                    c->lookups_skipped, plural(c->lookups_skipped, "invitation", "invitations"));
}

static void say_what_was_odd(const struct report *r)
{
    const struct spurn_summary *c = &r->outcome.counts;
    struct cmd_out *out = r->out;
    if (c->closed > 0)
        cmd_out_say(out, CMD_PLAIN,
                    "%" PRId64 " left open by an earlier run: looked up and recorded.", c->closed);
    if (c->left_open > 0)
        cmd_out_say(out, CMD_DOUBT,
                    "%" PRId64 " left open by an earlier run: not answered yet, next time.",
                    c->left_open);
    if (c->deferred > 0)
        cmd_out_say(out, CMD_DOUBT,
                    "%" PRId64
                    " %s for the next sweep: the limit of rejections in an hour is reached.",
                    c->deferred, plural(c->deferred, "waits", "wait"));
    if (c->settling > 0)
        cmd_out_say(out, CMD_PLAIN,
                    "%" PRId64
                    " left alone: rejected moments ago, and the cloud's list lags behind.",
                    c->settling);
    say_what_failed(r);
    say_what_was_not_known(r);
    say_what_holds(r);
    if (c->stopped)
        cmd_out_say(out, CMD_DOUBT, "Stopped before the end: nothing more was begun.");
    if (c->declined)
        cmd_out_say(out, CMD_PLAIN, "Declined: nothing was rejected.");
}

static void say_nothing_is_pending(const struct report *r)
{
    const struct spurn_summary *c = &r->outcome.counts;
    int64_t listed = c->targets - c->targets_failed - c->targets_skipped;
    if (listed > 0)
        cmd_out_say(r->out, CMD_PLAIN, "Nothing is pending in %" PRId64 " %s.", listed,
                    plural(listed, "target", "targets"));
}

/* What comes of a plan that would reject something. */
static void write_next(const struct report *r, char *next, size_t size)
{
    const struct spurn_summary *c = &r->outcome.counts;
    const char *apply = r->options->apply_as;
    const char *them = plural(c->reject, "it", "them");
    int64_t now = c->reject - c->deferred;
    if (r->options->lacks_journal)
        snprintf(next, size,
                 " To reject %s, name a journal in the configuration: journal = \"spurn.db\".",
                 them);
    else if (r->outcome.held_why[0] != '\0')
        snprintf(next, size,
                 " \"%s\" asks first whether that is meant; with --yes it rejects none.", apply);
    else if (now <= 0)
        snprintf(next, size, " \"%s\" would not reject %s yet.", apply, them);
    else if (c->deferred > 0)
        snprintf(next, size, " Run \"%s\" to reject %" PRId64 " of %s.", apply, now, them);
    else
        snprintf(next, size, " Run \"%s\" to reject %s.", apply, them);
}

static void say_sum(const struct report *r)
{
    const struct spurn_summary *c = &r->outcome.counts;
    bool acts = r->options->acts;
    const struct {
        int64_t count;
        const char *words;
    } parts[] = {
        {acts ? 0 : c->reject, "to reject"},
        {c->rejected, "rejected"},
        {c->failed, "failed"},
        {r->elsewhere, "settled by others"},
        {acts ? c->reject - c->rejected - c->failed - r->elsewhere : 0, "not rejected"},
        {c->keep, "kept"},
        {c->none, "left alone"},
        {c->undecided, "undecided"},
    };
    char words[512], next[PATH_MAX + 64] = "";
    int len = snprintf(words, sizeof words, "%" PRId64 " pending", c->pending);
    const char *before = ": ";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].count <= 0)
            continue;
        len += snprintf(words + len, sizeof words - (size_t)len, "%s%" PRId64 " %s", before,
                        parts[i].count, parts[i].words);
        before = ", ";
    }
    if (c->reject == 0)
        snprintf(next, sizeof next, " Nothing to reject.");
    else if (!acts && !c->stopped && r->options->apply_as != NULL)
        write_next(r, next, sizeof next);
    cmd_out_say(r->out, CMD_HEADING, "%s.%s", words, next);
}

/* ---- the whole ---- */

static void report_init(struct report *r, struct cmd_out *out,
                        const struct cmd_report_options *options)
{
    memset(r, 0, sizeof *r);
    r->options = options;
    r->out = out;
    cmd_targets_init(&r->targets);
    for (size_t i = 0; i < SECTIONS_LEN; i++)
        cmd_table_init(&r->sections[i], DECISION_COLUMNS, DECISION_LEN,
                       options->all ? 0 : ROWS_SHOWN);
}

static void report_clear(struct report *r)
{
    cmd_targets_clear(&r->targets);
    for (size_t i = 0; i < SECTIONS_LEN; i++)
        cmd_tally_clear(&r->by_rule[i]);
}

static enum spurn_status measure(struct report *r, struct spurn_sweep *sweep,
                                 struct spurn_error *err)
{
    const struct spurn_report all = {.size = sizeof all,
                                     .context = r,
                                     .target = on_target,
                                     .decision = on_decision,
                                     .summary = on_summary};
    enum spurn_status status = spurn_sweep_report(sweep, &all, err);
    if (status == SPURN_OK && r->targets.folds.failed)
        return cmd_refuse(err, SPURN_E_MEMORY, "cannot keep the report: memory ran out");
    return status;
}

static enum spurn_status print_section(struct report *r, struct spurn_sweep *sweep,
                                       enum section_name name, struct spurn_error *err)
{
    const struct section *section = &SECTIONS[name];
    struct cmd_table *table = &r->sections[name];
    struct cmd_tally *tally = &r->by_rule[name];
    if (tally->total == 0 || (section->listed && table->rows == 0))
        return SPURN_OK;
    bool acted =
        section->acted != NULL && r->outcome.counts.rejected + r->outcome.counts.failed > 0;
    cmd_out_heading(r->out, acted ? section->acted : section->planned);
    if (!section->listed && !r->options->all) {
        cmd_tally_print(tally, r->out);
        return SPURN_OK;
    }
    r->printing = section;
    const struct spurn_report rows = {.size = sizeof rows, .context = r, .decision = on_decision};
    cmd_table_begin(table, r->out);
    enum spurn_status status = spurn_sweep_report(sweep, &rows, err);
    cmd_table_end(table, SHOW_ALL);
    if (status == SPURN_OK && table->rows > table->shown) {
        cmd_out_printf(r->out, "\n  by rule:\n");
        cmd_tally_print(tally, r->out);
    }
    return status;
}

static void print_targets(const struct report *r)
{
    const struct spurn_summary *c = &r->outcome.counts;
    if (c->targets == 0 || (r->options->rejects_seen && c->targets_failed > 0))
        return;
    /* On a terminal the log has just said there what failed. */
    cmd_targets_print(&r->targets, r->out, r->options->all,
                      !(r->out->terminal && isatty(STDERR_FILENO) == 1));
}

static enum spurn_status print_faults(struct report *r, struct spurn_sweep *sweep,
                                      struct spurn_error *err)
{
    const struct spurn_report rows = {.size = sizeof rows, .context = r, .fault = on_fault};
    return spurn_sweep_report(sweep, &rows, err);
}

enum spurn_status cmd_report_print(struct spurn_sweep *sweep, struct cmd_out *out,
                                   const struct cmd_report_options *options,
                                   struct spurn_error *err)
{
    struct report r;
    report_init(&r, out, options);
    enum spurn_status status = measure(&r, sweep, err);
    if (status == SPURN_OK)
        print_targets(&r);
    for (size_t i = 0; i < SECTIONS_LEN && status == SPURN_OK; i++)
        status = print_section(&r, sweep, i, err);
    if (status == SPURN_OK)
        status = print_faults(&r, sweep, err);
    if (status == SPURN_OK && options->rules)
        status = cmd_rules_print(sweep, out, err);
    if (status != SPURN_OK)
        goto done;
    cmd_out_printf(out, "\n");
    say_what_was_odd(&r);
    if (r.outcome.counts.pending == 0)
        say_nothing_is_pending(&r);
    else
        say_sum(&r);
done:
    report_clear(&r);
    return status;
}

enum spurn_status cmd_report_print_rejects(struct spurn_sweep *sweep, struct cmd_out *out, bool all,
                                           struct spurn_error *err)
{
    const struct cmd_report_options options = {.all = all, .asks = true};
    struct report r;
    report_init(&r, out, &options);
    enum spurn_status status = measure(&r, sweep, err);
    if (status == SPURN_OK && r.outcome.counts.targets_failed > 0)
        print_targets(&r);
    if (status == SPURN_OK)
        status = print_section(&r, sweep, REJECTS, err);
    if (status != SPURN_OK)
        goto done;
    cmd_out_printf(out, "\n");
    say_what_failed(&r);
done:
    report_clear(&r);
    return status;
}

enum spurn_status cmd_report_outcome(struct spurn_sweep *sweep, struct cmd_outcome *outcome,
                                     struct spurn_error *err)
{
    memset(outcome, 0, sizeof *outcome);
    const struct spurn_report only = {
        .size = sizeof only, .context = outcome, .summary = keep_summary};
    return spurn_sweep_report(sweep, &only, err);
}

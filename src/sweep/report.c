/* report.c - what a sweep found and did: the journal's rows, counted. */
#include "sweep/sweep_private.h"

#include <string.h>

struct telling {
    const struct sweep *sweep;
    const struct spurn_report *report;
    struct spurn_summary summary;
    bool troubled; /* some target failed, or was listed while its clock and ours differ */
};

/* ---- targets ---- */

static void tell_target(void *context, const struct journal_covered *covered)
{
    static const char *const words[] = {[COVERAGE_LISTING] = "failed",
                                        [COVERAGE_LISTED] = "listed",
                                        [COVERAGE_FAILED] = "failed",
                                        [COVERAGE_SKIPPED] = "skipped"};
    struct telling *t = context;
    const struct target *target = target_at_row(t->sweep, covered->target);
    bool listed = covered->state == COVERAGE_LISTED;
    bool skipped = covered->state == COVERAGE_SKIPPED;
    t->summary.targets++;
    t->summary.targets_skipped += skipped ? 1 : 0;
    t->summary.targets_failed += listed || skipped ? 0 : 1;
    t->troubled = t->troubled || (!skipped && (!listed || covered->error.at != NULL));
    const struct spurn_target_row row = {.cloud = covered->cloud,
                                         .account = covered->account,
                                         .region = covered->region,
                                         .label =
                                             text_of(target != NULL ? target->site->label : NULL),
                                         .status = words[covered->state],
                                         .error = covered->error,
                                         .pages = covered->pages};
    if (t->report->target != NULL)
        t->report->target(t->report->context, &row);
}

/* ---- decisions ---- */

struct spurn_decision_row sweep_decision_row(const struct journal_row *row)
{
    return (struct spurn_decision_row){.sweep = row->sweep,
                                       .seq = row->seq,
                                       .at_ms = row->at_ms,
                                       .id = row->id,
                                       .cloud = row->cloud,
                                       .account = row->account,
                                       .region = row->region,
                                       .sender = row->sender,
                                       .name = row->name,
                                       .has_age = row->has_age,
                                       .age_s = row->age_s,
                                       .verdict = row->verdict,
                                       .policy = row->policy,
                                       .rule = row->rule,
                                       .reason = row->reason,
                                       .matches = row->matches,
                                       .line = row->line,
                                       .outcome = row->outcome,
                                       .inferred = row->inferred,
                                       .code = row->code,
                                       .plan = row->plan};
}

static void count_decision(struct spurn_summary *summary, const struct journal_row *row)
{
    const struct {
        const char *word;
        struct spurn_text said;
        int64_t *count;
    } rows[] = {
        {"reject", row->verdict, &summary->reject},
        {"keep", row->verdict, &summary->keep},
        {"none", row->verdict, &summary->none},
        {"undecided", row->verdict, &summary->undecided},
        {"rejected", row->outcome, &summary->rejected},
        {"failed", row->outcome, &summary->failed},
        {"abandoned", row->outcome, &summary->failed},
        {"open", row->outcome, &summary->failed},
    };
    summary->pending++;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_is(rows[i].said, rows[i].word))
            (*rows[i].count)++;
}

/* What was decided on a target that was not read whole does not stand. */
static bool stands(const struct sweep *s, const struct journal_row *row)
{
    const struct target *target = target_at_place(s, row->cloud, row->account, row->region);
    return target == NULL || target->state == TARGET_LISTED;
}

static void tell_decision(void *context, const struct journal_row *row)
{
    struct telling *t = context;
    if (t->summary.targets_failed > 0 && !stands(t->sweep, row))
        return;
    count_decision(&t->summary, row);
    struct spurn_decision_row public_row = sweep_decision_row(row);
    if (t->report->decision != NULL)
        t->report->decision(t->report->context, &public_row);
}

/* ---- rules, faults and the whole ---- */

static void tell_rule(void *context, const struct journal_rule *rule)
{
    const struct telling *t = context;
    const struct spurn_rule_count_row row = {.policy = rule->policy,
                                             .rule = rule->rule,
                                             .line = rule->line,
                                             .keeps = rule->keeps,
                                             .observes = rule->observes,
                                             .asked = rule->asked,
                                             .held = rule->held,
                                             .undecided = rule->undecided,
                                             .decided = rule->decided,
                                             .faults = rule->faults,
                                             .timed = rule->timed,
                                             .time_ns = rule->time_ns};
    t->report->rule(t->report->context, &row);
}

static void tell_faults(struct telling *t)
{
    struct script_fault fault;
    for (size_t i = 0; script_fault_at(t->sweep->options.script, i, &fault); i++) {
        const struct spurn_fault_row row = {fault.policy, fault.rule,     fault.cause,
                                            fault.line,   fault.observed, fault.count};
        t->summary.faults += fault.observed ? 0 : 1;
        if (t->report->fault != NULL)
            t->report->fault(t->report->context, &row);
    }
}

/* The first that applies. */
static int exit_code(const struct telling *t)
{
    const struct sweep *s = t->sweep;
    const struct spurn_summary *summary = &t->summary;
    if (s->options.act && (summary->held || (summary->deferred > 0 && !summary->declined)))
        return 3;
    if (t->troubled || summary->failed > 0 || summary->declined || s->counts.stopped ||
        s->counts.left_open > 0 || s->counts.lookups_failed > 0 || s->broken != SPURN_OK)
        return 1;
    return summary->faults > 0 ? 4 : 0;
}

enum spurn_status sweep_report(const struct sweep *s, const struct spurn_report *report,
                               struct spurn_error *err)
{
    struct telling t = {.sweep = s, .report = report};
    struct journal *j = s->options.journal;
    enum spurn_status status = journal_each_covered(j, s->id, tell_target, &t, err);
    const struct journal_query query = {.sweep = s->id, .with_plans = true};
    if (status == SPURN_OK)
        status = journal_each_row(j, &query, tell_decision, &t, err);
    if (status == SPURN_OK && report->rule != NULL)
        status = journal_each_rule(j, s->id, tell_rule, &t, err);
    if (status != SPURN_OK)
        return status;
    tell_faults(&t);
    struct spurn_summary *summary = &t.summary;
    summary->sweep = s->id;
    summary->settling = s->counts.settling;
    summary->deferred = s->counts.deferred;
    summary->closed = s->counts.closed;
    summary->lookups = s->counts.lookups;
    summary->lookups_failed = s->counts.lookups_failed;
    summary->lookups_skipped = s->counts.lookups_skipped;
    summary->held = s->counts.held;
    summary->held_why = s->held_why[0] != '\0' ? s->held_why : NULL;
    summary->declined = s->counts.declined;
    summary->stopped = s->counts.stopped;
    summary->left_open = s->counts.left_open;
    summary->digest = s->digest;
    summary->exit_code = exit_code(&t);
    if (report->summary != NULL)
        report->summary(report->context, summary);
    return SPURN_OK;
}

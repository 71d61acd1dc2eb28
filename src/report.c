/* report.c - a sweep's report and the journal's history as JSON, streamed. */
#include "report.h"

#include <inttypes.h>

#include "json.h"

enum {
    PIECE_LEN = 16 * 1024, /* handed on when so much has come together */
    TEXT_LEN_MAX = 16 * 1024 * 1024
};

enum part { PART_NONE, PART_TARGETS, PART_DECISIONS, PART_RULES, PART_FAULTS };

void report_json_open(struct report_json *r, spurn_write *write, void *context)
{
    *r = (struct report_json){.write = write, .context = context};
    buf_init(&r->text, TEXT_LEN_MAX);
}

/* The last byte stays behind: the JSON writer looks at it to know whether a comma is due. */
void report_json_hand_on(struct report_json *r)
{
    if (r->text.len < PIECE_LEN || r->stopped)
        return;
    char last = r->text.data[r->text.len - 1];
    r->stopped = r->text.failed || !r->write(r->context, r->text.data, r->text.len - 1);
    buf_reset(&r->text);
    buf_add_char(&r->text, last);
}

enum spurn_status report_json_close(struct report_json *r, struct spurn_error *err)
{
    bool no_memory = r->text.failed;
    bool stopped = r->stopped || no_memory || !r->write(r->context, buf_str(&r->text), r->text.len);
    buf_clear(&r->text);
    if (no_memory)
        return spurn_fail_memory(err);
    if (stopped)
        return spurn_fail(err, SPURN_E_FILE, "cannot write the report: its reader is gone");
    return SPURN_OK;
}

/* Every part is there, in order, also when it is empty. */
static void go_to(struct report_json *r, enum part part)
{
    static const char *const opening[] = {[PART_TARGETS] = "{\"schema\":1,\"targets\":[",
                                          [PART_DECISIONS] = "],\"decisions\":[",
                                          [PART_RULES] = "],\"rules\":[",
                                          [PART_FAULTS] = "],\"faults\":["};
    while (r->part < (int)part)
        buf_add_str(&r->text, opening[++r->part]);
}

static void put_target(void *context, const struct spurn_target_row *row)
{
    struct report_json *r = context;
    go_to(r, PART_TARGETS);
    json_put_comma(&r->text);
    buf_add_char(&r->text, '{');
    json_put_member(&r->text, "cloud", row->cloud);
    json_put_member(&r->text, "account", row->account);
    json_put_member(&r->text, "region", row->region);
    json_put_member_if(&r->text, "label", row->label);
    json_put_member(&r->text, "status", text_of(row->status));
    json_put_int_member(&r->text, "pages", row->pages);
    json_put_member_if(&r->text, "error", row->error);
    buf_add_char(&r->text, '}');
    report_json_hand_on(r);
}

static void put_decision(struct report_json *r, const struct spurn_decision_row *row)
{
    json_put_comma(&r->text);
    buf_add_char(&r->text, '{');
    json_put_member(&r->text, "id", row->id);
    json_put_member(&r->text, "cloud", row->cloud);
    json_put_member(&r->text, "account", row->account);
    json_put_member(&r->text, "region", row->region);
    json_put_member(&r->text, "sender", row->sender);
    json_put_member(&r->text, "name", row->name);
    json_put_key(&r->text, "age");
    if (row->has_age)
        buf_addf(&r->text, "%" PRId64, row->age_s);
    else
        buf_add_str(&r->text, "null");
    json_put_member(&r->text, "verdict", row->verdict);
    json_put_member(&r->text, "policy", row->policy);
    json_put_member(&r->text, "rule", row->rule);
    if (row->rule.at != NULL)
        json_put_int_member(&r->text, "line", row->line);
    json_put_member(&r->text, "reason", row->reason);
    json_put_member_if(&r->text, "matches", row->matches);
    json_put_member_if(&r->text, "outcome", row->outcome);
    if (text_is(row->outcome, "rejected"))
        json_put_bool_member(&r->text, "inferred", row->inferred);
    json_put_member_if(&r->text, "code", row->code);
    json_put_int_member(&r->text, "sweep", row->sweep);
    json_put_time_member(&r->text, "decided", row->at_ms);
    json_put_bool_member(&r->text, "plan", row->plan);
    buf_add_char(&r->text, '}');
    report_json_hand_on(r);
}

static void put_decision_of_sweep(void *context, const struct spurn_decision_row *row)
{
    go_to(context, PART_DECISIONS);
    put_decision(context, row);
}

static void put_rule(void *context, const struct spurn_rule_count_row *row)
{
    struct report_json *r = context;
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {
        {"asked", row->asked},     {"held", row->held},     {"undecided", row->undecided},
        {"decided", row->decided}, {"faults", row->faults}, {"timed", row->timed},
        {"time_ns", row->time_ns},
    };
    go_to(r, PART_RULES);
    json_put_comma(&r->text);
    buf_add_char(&r->text, '{');
    json_put_member(&r->text, "policy", row->policy);
    json_put_member(&r->text, "rule", row->rule);
    json_put_int_member(&r->text, "line", row->line);
    json_put_bool_member(&r->text, "keeps", row->keeps);
    json_put_bool_member(&r->text, "observes", row->observes);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        json_put_int_member(&r->text, counts[i].name, counts[i].value);
    buf_add_char(&r->text, '}');
    report_json_hand_on(r);
}

static void put_fault(void *context, const struct spurn_fault_row *row)
{
    struct report_json *r = context;
    go_to(r, PART_FAULTS);
    json_put_comma(&r->text);
    buf_add_char(&r->text, '{');
    json_put_member(&r->text, "policy", row->policy);
    json_put_member(&r->text, "rule", row->rule);
    json_put_int_member(&r->text, "line", row->line);
    json_put_member(&r->text, "cause", row->cause);
    json_put_bool_member(&r->text, "observed", row->observed);
    json_put_int_member(&r->text, "count", row->count);
    buf_add_char(&r->text, '}');
    report_json_hand_on(r);
}

static void put_summary(void *context, const struct spurn_summary *summary)
{
    struct report_json *r = context;
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {
        {"pending", summary->pending},
        {"reject", summary->reject},
        {"keep", summary->keep},
        {"none", summary->none},
        {"undecided", summary->undecided},
        {"rejected", summary->rejected},
        {"failed", summary->failed},
        {"settling", summary->settling},
        {"deferred", summary->deferred},
        {"closed", summary->closed},
        {"left_open", summary->left_open},
        {"faults", summary->faults},
        {"targets", summary->targets},
        {"targets_failed", summary->targets_failed},
        {"targets_skipped", summary->targets_skipped},
        {"lookups", summary->lookups},
        {"lookups_failed", summary->lookups_failed},
        {"lookups_skipped", summary->lookups_skipped},
    };
    go_to(r, PART_FAULTS);
    buf_addf(&r->text, "],\"sweep\":%" PRId64 ",\"summary\":{", summary->sweep);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        json_put_int_member(&r->text, rows[i].name, rows[i].value);
    json_put_bool_member(&r->text, "held", summary->held);
    json_put_member_if(&r->text, "held_why", text_of(summary->held_why));
    json_put_bool_member(&r->text, "declined", summary->declined);
    json_put_bool_member(&r->text, "stopped", summary->stopped);
    json_put_member(&r->text, "digest", text_of(summary->digest));
    json_put_int_member(&r->text, "exit_code", summary->exit_code);
    buf_add_str(&r->text, "}}\n");
}

struct spurn_report report_json_visitor(struct report_json *r)
{
    return (struct spurn_report){.size = sizeof(struct spurn_report),
                                 .context = r,
                                 .target = put_target,
                                 .decision = put_decision_of_sweep,
                                 .rule = put_rule,
                                 .fault = put_fault,
                                 .summary = put_summary};
}

void report_json_begin_history(struct report_json *r)
{
    buf_add_str(&r->text, "{\"schema\":1,\"decisions\":[");
}

void report_json_row(void *report_json, const struct spurn_decision_row *row)
{
    put_decision(report_json, row);
}

void report_json_end_history(struct report_json *r)
{
    buf_add_str(&r->text, "]}\n");
}

/* report.c - a sweep's report and the journal's history as JSON, streamed. */
#include "report.h"

#include <inttypes.h>

#include "clock.h"
#include "json.h"

enum {
    PIECE_LEN = 16 * 1024, /* handed on when so much has come together */
    TEXT_LEN_MAX = 16 * 1024 * 1024
};

enum part { PART_NONE, PART_TARGETS, PART_DECISIONS, PART_FAULTS };

void report_json_open(struct report_json *r, spurn_write *write, void *context)
{
    *r = (struct report_json){.write = write, .context = context};
    buf_init(&r->text, TEXT_LEN_MAX);
}

/* The last byte stays behind: the JSON writer looks at it to know whether a comma is due. */
static void hand_on_piece(struct report_json *r)
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

static void put_text(struct report_json *r, const char *name, struct spurn_text text)
{
    json_put_key(&r->text, name);
    json_put_text(&r->text, text);
}

static void put_text_if(struct report_json *r, const char *name, struct spurn_text text)
{
    if (text.at != NULL)
        put_text(r, name, text);
}

static void put_int(struct report_json *r, const char *name, int64_t value)
{
    json_put_key(&r->text, name);
    buf_addf(&r->text, "%" PRId64, value);
}

static void put_bool(struct report_json *r, const char *name, bool value)
{
    json_put_key(&r->text, name);
    buf_add_str(&r->text, value ? "true" : "false");
}

static void put_time(struct report_json *r, const char *name, int64_t ms)
{
    char text[29];
    clock_format_iso_ms(ms, text);
    put_text(r, name, text_of(text));
}

/* Every part is there, in order, also when it is empty. */
static void go_to(struct report_json *r, enum part part)
{
    static const char *const opening[] = {[PART_TARGETS] = "{\"schema\":1,\"targets\":[",
                                          [PART_DECISIONS] = "],\"decisions\":[",
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
    put_text(r, "cloud", row->cloud);
    put_text(r, "account", row->account);
    put_text(r, "region", row->region);
    put_text_if(r, "label", row->label);
    put_text(r, "status", text_of(row->status));
    put_int(r, "pages", row->pages);
    put_text_if(r, "error", row->error);
    buf_add_char(&r->text, '}');
    hand_on_piece(r);
}

static void put_decision(struct report_json *r, const struct spurn_decision_row *row)
{
    json_put_comma(&r->text);
    buf_add_char(&r->text, '{');
    put_text(r, "id", row->id);
    put_text(r, "cloud", row->cloud);
    put_text(r, "account", row->account);
    put_text(r, "region", row->region);
    put_text(r, "sender", row->sender);
    put_text(r, "name", row->name);
    json_put_key(&r->text, "age");
    if (row->has_age)
        buf_addf(&r->text, "%" PRId64, row->age_s);
    else
        buf_add_str(&r->text, "null");
    put_text(r, "verdict", row->verdict);
    put_text(r, "policy", row->policy);
    put_text(r, "rule", row->rule);
    if (row->rule.at != NULL)
        put_int(r, "line", row->line);
    put_text(r, "reason", row->reason);
    put_text_if(r, "matches", row->matches);
    put_text_if(r, "outcome", row->outcome);
    if (text_is(row->outcome, "rejected"))
        put_bool(r, "inferred", row->inferred);
    put_text_if(r, "code", row->code);
    put_int(r, "sweep", row->sweep);
    put_time(r, "decided", row->at_ms);
    put_bool(r, "plan", row->plan);
    buf_add_char(&r->text, '}');
    hand_on_piece(r);
}

static void put_decision_of_sweep(void *context, const struct spurn_decision_row *row)
{
    go_to(context, PART_DECISIONS);
    put_decision(context, row);
}

static void put_fault(void *context, const struct spurn_fault_row *row)
{
    struct report_json *r = context;
    go_to(r, PART_FAULTS);
    json_put_comma(&r->text);
    buf_add_char(&r->text, '{');
    put_text(r, "policy", row->policy);
    put_text(r, "rule", row->rule);
    put_int(r, "line", row->line);
    put_text(r, "cause", row->cause);
    put_bool(r, "observed", row->observed);
    put_int(r, "count", row->count);
    buf_add_char(&r->text, '}');
    hand_on_piece(r);
}

static void put_summary(void *context, const struct spurn_summary *summary)
{
    struct report_json *r = context;
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {
        {"pending", summary->pending},     {"reject", summary->reject},
        {"keep", summary->keep},           {"none", summary->none},
        {"undecided", summary->undecided}, {"rejected", summary->rejected},
        {"failed", summary->failed},       {"settling", summary->settling},
        {"deferred", summary->deferred},   {"closed", summary->closed},
        {"left_open", summary->left_open}, {"faults", summary->faults},
        {"targets", summary->targets},     {"targets_failed", summary->targets_failed},
    };
    go_to(r, PART_FAULTS);
    buf_addf(&r->text, "],\"sweep\":%" PRId64 ",\"summary\":{", summary->sweep);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        put_int(r, rows[i].name, rows[i].value);
    put_bool(r, "held", summary->held);
    put_text_if(r, "held_why", text_of(summary->held_why));
    put_bool(r, "declined", summary->declined);
    put_bool(r, "stopped", summary->stopped);
    put_text(r, "digest", text_of(summary->digest));
    put_int(r, "exit_code", summary->exit_code);
    buf_add_str(&r->text, "}}\n");
}

struct spurn_report report_json_visitor(struct report_json *r)
{
    return (struct spurn_report){.size = sizeof(struct spurn_report),
                                 .context = r,
                                 .target = put_target,
                                 .decision = put_decision_of_sweep,
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

/* explain_json.c - the embedding API's why, as JSON: the parts nested in one another. */
#include "json.h"
#include "library/ruling.h"
#include "report.h"

enum { NO_CONDITION = -1 };

struct telling {
    struct report_json json;
    int parts[SPURN_RULE + 1]; /* told so far: policies; rules of the present policy */
    bool faulted;
    int depth; /* of the condition whose object is open; NO_CONDITION */
};

/* ---- the invitation ---- */

static void put_time_if(struct buf *out, const char *name, bool is_known, int64_t ms)
{
    if (is_known)
        json_put_time_member(out, name, ms);
    else
        json_put_member(out, name, TEXT_ABSENT);
}

static void put_resources(struct buf *out, const struct spurn_told_row *row)
{
    json_put_key(out, "resources");
    if (!text_is(text_of(row->resources_state), "listed")) {
        json_put_text(out, text_of(row->resources_state));
        return;
    }
    buf_add_char(out, '[');
    for (size_t i = 0; i < row->resource_count; i++) {
        json_put_comma(out);
        buf_add_char(out, '{');
        json_put_member_if(out, "arn", row->resources[i].arn);
        json_put_member_if(out, "type", row->resources[i].type);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void on_told(void *context, const struct spurn_told_row *row)
{
    struct telling *t = context;
    struct buf *out = &t->json.text;
    const struct {
        const char *name;
        struct spurn_text text;
    } texts[] = {
        {"id", row->id},           {"cloud", row->cloud},   {"region", row->region},
        {"account", row->account}, {"sender", row->sender}, {"receiver_arn", row->receiver_arn},
        {"name", row->name},       {"share", row->share},   {"status", row->status},
    };
    buf_add_str(out, "{\"schema\":1,\"invitation\":{");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_put_member(out, texts[i].name, texts[i].text);
    put_time_if(out, "created", row->has_created, row->created_ms);
    if (row->has_age)
        json_put_int_member(out, "age", row->age_s);
    else
        json_put_member(out, "age", TEXT_ABSENT);
    put_time_if(out, "first_seen", row->first_seen_ms != 0, row->first_seen_ms);
    json_put_int_member(out, "times_seen", row->times_seen);
    put_resources(out, row);
    json_put_time_member(out, "now", row->now_ms);
    put_time_if(out, "remembers_since", row->remembers_since_ms != 0, row->remembers_since_ms);
    buf_add_str(out, "},\"was\":");
}

/* ---- then ---- */

static void on_then(void *context, const struct spurn_decision_row *row,
                    const struct spurn_ruling *ruling)
{
    struct telling *t = context;
    struct buf *out = &t->json.text;
    buf_add_char(out, '{');
    json_put_int_member(out, "sweep", row->sweep);
    json_put_time_member(out, "decided", row->at_ms);
    json_put_bool_member(out, "plan", row->plan);
    ruling_put(out, ruling);
    json_put_member_if(out, "outcome", row->outcome);
    if (text_is(row->outcome, "rejected"))
        json_put_bool_member(out, "inferred", row->inferred);
    json_put_member_if(out, "code", row->code);
    json_put_member(out, "digest", ruling->digest);
    buf_add_char(out, '}');
}

/* ---- policies, rules, conditions ---- */

static void close_conditions(struct telling *t, int down_to)
{
    for (; t->depth > down_to; t->depth--)
        buf_add_str(&t->json.text, t->depth > 0 ? "}]" : "}");
}

static void close_rule(struct telling *t)
{
    close_conditions(t, NO_CONDITION);
    if (t->parts[SPURN_RULE] > 0)
        buf_add_char(&t->json.text, '}');
}

static void close_policy(struct telling *t)
{
    close_rule(t);
    if (t->parts[SPURN_POLICY] > 0)
        buf_add_str(&t->json.text, "]}");
    t->parts[SPURN_RULE] = 0;
}

/* Where policies begin; without a `then` there was none. */
static void begin_policies(struct telling *t)
{
    struct buf *out = &t->json.text;
    if (out->len > 0 && out->data[out->len - 1] == ':')
        buf_add_str(out, "null");
    buf_add_str(out, ",\"policies\":[");
}

static void begin_policy(struct telling *t, const struct spurn_part_row *row)
{
    struct buf *out = &t->json.text;
    if (t->parts[SPURN_POLICY] == 0)
        begin_policies(t);
    close_policy(t);
    t->parts[SPURN_POLICY]++;
    json_put_comma(out);
    buf_add_char(out, '{');
    json_put_member(out, "policy", row->text);
}

static void begin_rule(struct telling *t, const struct spurn_part_row *row)
{
    struct buf *out = &t->json.text;
    close_rule(t);
    t->parts[SPURN_RULE]++;
    json_put_comma(out);
    buf_add_char(out, '{');
    json_put_member(out, "rule", row->text);
    json_put_int_member(out, "line", row->line);
    json_put_bool_member(out, "keeps", row->keeps);
    json_put_bool_member(out, "observes", row->observes);
}

/* The first part of a group opens its list. */
static void begin_condition(struct telling *t, const struct spurn_part_row *row)
{
    struct buf *out = &t->json.text;
    bool is_first = row->depth > t->depth;
    if (!is_first) {
        close_conditions(t, row->depth);
        buf_add_char(out, '}');
    }
    if (row->depth == 0)
        json_put_key(out, "condition");
    else if (is_first)
        buf_add_str(out, ",\"conditions\":[");
    if (!is_first)
        json_put_comma(out);
    buf_add_char(out, '{');
    t->depth = row->depth;
    json_put_member(out, "text", row->text);
    json_put_int_member(out, "line", row->line);
}

static void on_part(void *context, const struct spurn_part_row *row)
{
    static void (*const begin[])(struct telling * t, const struct spurn_part_row *row) = {
        [SPURN_POLICY] = begin_policy,
        [SPURN_RULE] = begin_rule,
        [SPURN_CONDITION] = begin_condition};
    struct telling *t = context;
    struct buf *out = &t->json.text;
    begin[row->part](t, row);
    json_put_member(out, "value", text_of(row->value));
    json_put_member_if(out, "looked_at", row->looked_at);
    json_put_member_if(out, "cause", row->cause);
    if (row->part == SPURN_POLICY)
        buf_add_str(out, ",\"rules\":[");
    report_json_hand_on(&t->json);
}

/* ---- now ---- */

static void on_now(void *context, const struct spurn_ruling *ruling, enum spurn_change change)
{
    struct telling *t = context;
    struct buf *out = &t->json.text;
    t->faulted = ruling->faulted;
    if (t->parts[SPURN_POLICY] == 0)
        begin_policies(t);
    close_policy(t);
    buf_add_str(out, "],\"now\":{");
    ruling_put(out, ruling);
    json_put_bool_member(out, "faulted", ruling->faulted);
    json_put_bool_member(out, "needs_resources", ruling->needs_resources);
    json_put_member(out, "digest", ruling->digest);
    ruling_put_change(out, change);
    buf_add_str(out, "}}\n");
}

enum spurn_status spurn_explain_json(struct spurn *s, const struct spurn_explain_options *options,
                                     spurn_write *write, void *context, bool *faulted,
                                     struct spurn_error *err)
{
    *faulted = false;
    struct telling t = {.depth = NO_CONDITION};
    const struct spurn_explanation to = {.size = sizeof to,
                                         .context = &t,
                                         .told = on_told,
                                         .then = on_then,
                                         .part = on_part,
                                         .now = on_now};
    report_json_open(&t.json, write, context);
    enum spurn_status status = spurn_explain(s, options, &to, err);
    *faulted = t.faulted;
    struct spurn_error ignored; /* the first failure is the one to tell */
    enum spurn_status closed = report_json_close(&t.json, status == SPURN_OK ? err : &ignored);
    return status != SPURN_OK ? status : closed;
}

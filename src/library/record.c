/* record.c - the embedding API's --record: a decision of the journal as a line of a policy test file. */
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "file.h"
#include "library/basis.h"
#include "library/library.h"
#include "library/quote.h"

enum {
    LINE_WIDTH = 100,
    SOURCE_MAX = 4 * 1024 * 1024,
    EVENTS_MAX = 100, /* listed one by one; more are counted */
    ID_SHOWN = 12     /* of the end of an id: enough to tell tests apart */
};
static const int64_t DURATION_MAX_S = INT64_C(10) * 365 * 24 * 3600; /* that clock.h reads */

/* ---- which decision ---- */

struct found {
    struct journal_basis decision; /* of the first; its text is in the arena */
    int64_t count;
    struct arena *arena;
    bool ok; /* memory was there */
};

static void keep_first(void *context, const struct journal_basis *basis)
{
    struct found *found = context;
    if (found->count++ > 0)
        return;
    found->ok = basis_copy(found->arena, basis, &found->decision);
}

static enum spurn_status find(struct journal *j, const char *id, struct found *found,
                              struct spurn_error *err)
{
    const struct journal_query query = {.id = text_of(id), .with_plans = true};
    enum spurn_status status = journal_each_basis(j, &query, keep_first, found, err);
    if (status == SPURN_OK && !found->ok)
        status = spurn_fail_memory(err);
    if (status == SPURN_OK && found->count == 0)
        status = spurn_fail(err, SPURN_E_JOURNAL,
                            "cannot record invitation %s: nothing was decided about it; \"spurn "
                            "history --plans\" shows how the ids end",
                            id);
    if (status == SPURN_OK && found->count > 1)
        status = spurn_fail(err, SPURN_E_USAGE,
                            "cannot record invitation %s: the ids of %" PRId64
                            " end so; give more of it",
                            id, found->count);
    return status;
}

/* ---- the source of a test ---- */

struct source {
    struct buf text, value; /* value: of the field that is being added */
    size_t line_at;         /* where the present line begins */
    bool begun;             /* a field stands on it */
    const struct journal_basis *decision;
    int64_t now_ms;
};

/* Begins a field; its value is added to s->value, and end_field puts it into the table. */
static struct buf *begin_field(struct source *s, const char *name)
{
    buf_reset(&s->value);
    buf_addf(&s->value, "%s = ", name);
    return &s->value;
}

static void end_field(struct source *s)
{
    bool fits = s->text.len - s->line_at + s->value.len + 3 <= LINE_WIDTH;
    if (s->begun && fits) {
        buf_add_str(&s->text, ", ");
    } else {
        buf_add_str(&s->text, s->begun ? ",\n" : "\n");
        s->line_at = s->text.len;
        buf_add_str(&s->text, "    ");
    }
    buf_add_text(&s->text, buf_text(&s->value));
    s->begun = true;
}

static void put_text(struct source *s, const char *name, struct spurn_text text)
{
    quote_lua(begin_field(s, name), text);
    end_field(s);
}

static void put_number(struct source *s, const char *name, int64_t number)
{
    buf_addf(begin_field(s, name), "%" PRId64, number);
    end_field(s);
}

static void put_word(struct source *s, const char *name, const char *word)
{
    buf_add_str(begin_field(s, name), word);
    end_field(s);
}

/* Exactly, as clock_parse_duration reads it; below a second it is one. */
static void add_duration(struct buf *out, int64_t seconds)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    int64_t left = seconds < 1 ? 1 : seconds;
    buf_add_char(out, '"');
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (left >= units[i].seconds)
            buf_addf(out, "%" PRId64 "%c", left / units[i].seconds, units[i].letter);
        left %= units[i].seconds;
    }
    buf_add_char(out, '"');
}

static void put_ago(struct source *s, const char *name, int64_t then_ms)
{
    add_duration(begin_field(s, name), (s->now_ms - then_ms) / 1000);
    end_field(s);
}

static void put_instant(struct source *s, const char *name, int64_t ms)
{
    char text[29];
    if (ms % 1000 == 0)
        clock_format_iso(ms, text);
    else
        clock_format_iso_ms(ms, text);
    put_text(s, name, text_of(text));
}

/* ---- its fields ---- */

/* What a test says of a cloud that it does not name, and where. */
static const char DEFAULT_CLOUD[] = "aws";
static const struct {
    const char *cloud, *region;
} DEFAULT_REGIONS[] = {{"aws", "us-east-1"}, {"alibaba", "cn-hangzhou"}};

static bool is_default_region(struct spurn_text cloud, struct spurn_text region)
{
    for (size_t i = 0; i < sizeof DEFAULT_REGIONS / sizeof DEFAULT_REGIONS[0]; i++)
        if (text_is(cloud, DEFAULT_REGIONS[i].cloud))
            return text_is(region, DEFAULT_REGIONS[i].region);
    return false;
}

static void put_invitation(struct source *s)
{
    const struct journal_basis *d = s->decision;
    put_text(s, "sender", d->read.sender);
    put_text(s, "name", d->read.name);
    if (!text_is(d->cloud, DEFAULT_CLOUD))
        put_text(s, "cloud", d->cloud);
    if (!is_default_region(d->cloud, d->region))
        put_text(s, "region", d->region);
    put_text(s, "account", d->read.receiver.at != NULL ? d->read.receiver : d->account);
    if (d->read.receiver_arn.at != NULL)
        put_text(s, "receiver_arn", d->read.receiver_arn);
    put_text(s, "id", d->read.id);
    put_text(s, "share", d->read.share);
}

/* The clock is put back by a part of a second, so that the age is whole seconds and the time of creation stays exact. */
static void put_times(struct source *s)
{
    const struct journal_basis *d = s->decision;
    int64_t age_ms = d->at_ms - d->read.created_ms;
    bool is_known = d->has_age && d->read.has_created;
    if (is_known && age_ms >= 0)
        s->now_ms -= age_ms % 1000;
    if (!is_known)
        put_word(s, "age", "false");
    else if (age_ms >= 1000 && age_ms / 1000 <= DURATION_MAX_S)
        put_ago(s, "age", d->read.created_ms);
    else
        put_instant(s, "created", d->read.created_ms);
    put_instant(s, "now", s->now_ms);
    if (d->first_seen_ms != 0)
        put_ago(s, "first_seen", d->first_seen_ms);
    if (d->times_seen != 0)
        put_number(s, "times_seen", d->times_seen);
}

/* ---- the past, as far as today's policies ask for it ---- */

/* When the event was that has exactly `number - 1` later ones, between `since_ms` and the sweep. */
static enum spurn_status find_event(const struct basis *b, enum script_event event,
                                    int64_t since_ms, int64_t number, int64_t *at_ms,
                                    struct spurn_error *err)
{
    int64_t first = since_ms, last = b->decision->at_ms;
    while (first + 1 < last) {
        int64_t middle = first + (last - first) / 2, count = 0;
        enum spurn_status status = basis_count(b, event, middle, number, &count, err);
        if (status != SPURN_OK)
            return status;
        if (count >= number)
            first = middle;
        else
            last = middle;
    }
    *at_ms = first;
    return SPURN_OK;
}

static enum spurn_status put_past(struct source *s, const struct basis *b, enum script_event event,
                                  const char *name, struct spurn_error *err)
{
    const struct basis_question *q = &b->questions[event];
    int64_t count = 0;
    if (!q->was_asked)
        return SPURN_OK;
    enum spurn_status status = basis_count(b, event, q->since_ms, q->enough, &count, err);
    if (status != SPURN_OK || count == 0 || count > EVENTS_MAX) {
        put_number(s, name, count);
        return status;
    }
    struct buf *value = begin_field(s, name);
    for (int64_t i = 1; i <= count && status == SPURN_OK; i++) {
        int64_t at_ms = 0;
        status = find_event(b, event, q->since_ms, i, &at_ms, err);
        buf_add_str(value, i == 1 ? "{ " : ", ");
        add_duration(value, (s->now_ms - at_ms) / 1000);
    }
    buf_add_str(value, " }");
    end_field(s);
    return status;
}

static void put_journal(struct source *s, const struct basis *b)
{
    bool is_too_young = false;
    for (size_t i = 0; i < sizeof b->questions / sizeof b->questions[0]; i++)
        is_too_young |= b->questions[i].was_asked && b->past.began_ms > b->questions[i].since_ms;
    if (is_too_young && b->past.began_ms == INT64_MAX)
        put_word(s, "journal", "false");
    else if (is_too_young)
        put_ago(s, "journal", b->past.began_ms);
}

static void put_resources(struct source *s, const struct script_facts *facts)
{
    if (facts->resources_state != RESOURCES_LISTED)
        return;
    struct buf *value = begin_field(s, "resources");
    buf_add_str(value, "{");
    for (size_t i = 0; i < facts->resource_count; i++) {
        const struct script_resource *r = &facts->resources[i];
        buf_add_str(value, i == 0 ? " { " : ", { ");
        if (r->type.at != NULL) {
            buf_add_str(value, "type = ");
            quote_lua(value, r->type);
        }
        if (r->arn.at != NULL) {
            buf_add_str(value, r->type.at != NULL ? ", arn = " : "arn = ");
            quote_lua(value, r->arn);
        }
        buf_add_str(value, " }");
    }
    buf_add_str(value, facts->resource_count > 0 ? " }" : "}");
    end_field(s);
}

/* ---- what should come of it ---- */

static void put_title(struct source *s)
{
    const struct journal_basis *d = s->decision;
    struct spurn_text id = d->read.id;
    char day[25];
    clock_format_iso(d->at_ms, day);
    if (id.len > ID_SHOWN)
        id = (struct spurn_text){id.at + id.len - ID_SHOWN, ID_SHOWN};
    buf_reset(&s->value);
    buf_add_text(&s->value, d->verdict);
    if (d->rule.at != NULL)
        buf_addf(&s->value, " by %.*s", TEXT_ARG(d->rule));
    buf_addf(&s->value, ", %.10s, %.*s", day, TEXT_ARG(id));
    buf_add_str(&s->text, "test ");
    quote_lua(&s->text, buf_text(&s->value));
    buf_add_str(&s->text, " {");
}

/* The first of the rules that were true and only observe; a test names one. Its policy's name holds no slash: what follows the
 * first one is the rule's. */
static void put_observed(struct source *s)
{
    static const size_t mark_len = sizeof SCRIPT_OBSERVED - 1;
    struct spurn_text matches = s->decision->matches;
    size_t from = 0, end = 0;
    while (end + mark_len <= matches.len &&
           memcmp(matches.at + end, SCRIPT_OBSERVED, mark_len) != 0)
        end++;
    if (matches.at == NULL || end + mark_len > matches.len)
        return;
    for (size_t i = 0; i < end; i++)
        if (matches.at[i] == '/')
            from = i + 1;
    put_text(s, "observe", (struct spurn_text){matches.at + from, end - from});
}

static void put_expectation(struct source *s, bool faults)
{
    const struct journal_basis *d = s->decision;
    bool is_undecided = text_is(d->verdict, script_verdict_name(VERDICT_UNDECIDED));
    put_text(s, "expect", is_undecided ? text_of(script_verdict_name(VERDICT_NONE)) : d->verdict);
    if (is_undecided)
        put_word(s, "undecided", "true");
    if (d->rule.at != NULL)
        put_text(s, "rule", d->rule);
    put_observed(s);
    if (faults)
        put_word(s, "fault", "true");
}

/* Settings as a configuration writes them: parameters and options in one table. */
static void add_settings(struct buf *out, struct spurn_text settings, struct arena *arena)
{
    struct json j;
    struct spurn_text key;
    const char *before = " { ";
    json_init(&j, settings, arena);
    json_open_object(&j);
    while (json_next_key(&j, &key)) {
        bool are_params = text_is(key, "params");
        if (are_params)
            json_open_object(&j);
        while (!are_params || json_next_key(&j, &key)) {
            buf_add_str(out, before);
            quote_lua_key(out, key);
            buf_add_str(out, " = ");
            quote_lua_json(out, &j);
            before = ", ";
            if (!are_params)
                break;
        }
    }
    buf_add_str(out, before[0] == ',' ? " }" : "");
}

/* A test file says once which policies it asks, so it is only a comment here. */
static void put_policies(struct source *s, const struct config *config, struct arena *arena)
{
    buf_add_str(&s->text,
                config->policy_count > 0
                    ? "-- once, above the first test; paths are seen from the test file:\n"
                    : "");
    for (size_t i = 0; i < config->policy_count; i++) {
        const struct config_policy *policy = &config->policies[i];
        buf_add_str(&s->text, "-- policy ");
        quote_lua(&s->text, text_of(policy->path));
        if (policy->settings_json.at != NULL)
            add_settings(&s->text, policy->settings_json, arena);
        buf_add_char(&s->text, '\n');
    }
}

/* Above the test: it says what was decided, and fails when that is no longer so. */
static void put_difference(struct source *s, const struct script_decision *today)
{
    const char *verdict = script_verdict_name(today->verdict);
    if (text_is(s->decision->verdict, verdict))
        return;
    buf_addf(&s->text, "-- today's policies say %s", verdict);
    if (today->rule.at != NULL) {
        buf_add_str(&s->text, " by ");
        quote_lua(&s->text, today->rule);
    }
    buf_add_char(&s->text, '\n');
}

static enum spurn_status write_source(struct source *s, const struct basis *b,
                                      const struct config *config, struct arena *arena,
                                      const struct script_decision *today, bool faults,
                                      struct spurn_error *err)
{
    put_policies(s, config, arena);
    put_difference(s, today);
    put_title(s);
    put_invitation(s);
    put_times(s);
    enum spurn_status status = put_past(s, b, EVENT_REJECTED, "rejected", err);
    if (status == SPURN_OK)
        status = put_past(s, b, EVENT_SEEN, "seen", err);
    put_journal(s, b);
    put_resources(s, &b->facts);
    put_expectation(s, faults);
    buf_add_str(&s->text, ",\n}\n");
    if (status == SPURN_OK && (s->text.failed || s->value.failed))
        status = spurn_fail_memory(err);
    return status;
}

/* ---- all of it ---- */

/* Today's policies are asked too: what they ask of the past belongs into the test, and a fault must be expected. */
static enum spurn_status record(struct spurn *s, struct journal *j,
                                const struct journal_basis *decision, struct arena *arena,
                                struct buf *out, struct spurn_error *err)
{
    struct basis basis = {0};
    struct script_decision today;
    struct script_fault fault;
    struct source source = {.decision = decision, .now_ms = decision->at_ms};
    buf_init(&source.text, SOURCE_MAX);
    buf_init(&source.value, SOURCE_MAX);
    int64_t began_ms;
    enum spurn_status status = journal_began(j, &began_ms, err);
    if (status == SPURN_OK)
        status = basis_init(&basis, j, began_ms, decision, arena, err);
    /* A test is told them, or does not know them. */
    if (basis.facts.resources_state == RESOURCES_NOT_ASKED)
        basis.facts.resources_state = RESOURCES_UNKNOWN;
    if (status == SPURN_OK)
        status = script_begin_sweep(s->script, decision->at_ms, err);
    if (status == SPURN_OK)
        status =
            script_decide(s->script, &decision->read, &basis.origin, &basis.facts, &today, err);
    if (status == SPURN_OK)
        status = write_source(&source, &basis, &s->config, arena, &today,
                              script_fault_at(s->script, 0, &fault), err);
    buf_add_text(out, buf_text(&source.text));
    buf_clear(&source.value);
    buf_clear(&source.text);
    return status;
}

enum spurn_status spurn_record(struct spurn *s, const char *id, spurn_write *write, void *context,
                               struct spurn_error *err)
{
    struct arena arena;
    struct buf source;
    struct journal *j = NULL;
    struct found found = {.arena = &arena, .ok = true};
    arena_init(&arena, FILE_MAX);
    buf_init(&source, SOURCE_MAX);
    enum spurn_status status = spurn_check_idle(s, err);
    if (status == SPURN_OK)
        status = spurn_open_journal(s, s->digest, JOURNAL_READ, &j, err);
    if (status == SPURN_OK)
        status = find(j, id, &found, err);
    if (status == SPURN_OK)
        status = record(s, j, &found.decision, &arena, &source, err);
    if (status == SPURN_OK && source.failed)
        status = spurn_fail_memory(err);
    if (status == SPURN_OK && !write(context, buf_str(&source), source.len))
        status = spurn_fail(err, SPURN_E_FILE, "cannot write the test: its reader stopped");
    journal_close(j);
    buf_clear(&source);
    arena_clear(&arena);
    return status;
}

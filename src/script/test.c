/* test.c - runs a policy's test file: made-up invitations, a frozen clock, and what should come of them. */
#include "script/script.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "json.h"
#include "script/sheet.h"

enum {
    TEST_FILE_MAX = 1024 * 1024,
    SAID_MAX = 16 * 1024 /* what a failing test says; a reason and a few rules */
};

/* ---- what the file says ---- */

struct tested_policy {
    struct tested_policy *next;
    const char *path;     /* beside the test file */
    const char *asked_at; /* "file:line" */
    struct spurn_text settings_json;
};

struct policy_test {
    struct policy_test *next;
    int64_t line;
    struct spurn_text name;

    int64_t now_ms;
    struct invitation invitation;
    struct origin origin;
    struct script_facts facts;

    struct spurn_text expect, rule, reason, observe; /* all but expect may be absent */
    bool minds_undecided, is_undecided;              /* only when it minds */
    bool faults;
};

struct test_file {
    const char *path;
    struct tested_policy *policies;
    struct policy_test *tests;
    struct arena arena;
    struct json json;
    bool no_memory;
};

static void *alloc(struct test_file *f, size_t len)
{
    void *at = arena_alloc(&f->arena, len);
    if (at == NULL)
        f->no_memory = true;
    return at;
}

static const char *keep_buf(struct test_file *f, struct buf *made)
{
    bool ok = !made->failed;
    struct spurn_text kept = arena_copy(&f->arena, buf_text(made), &ok);
    if (!ok)
        f->no_memory = true;
    buf_clear(made);
    return ok ? kept.at : NULL;
}

static const char *path_beside(struct test_file *f, struct spurn_text path)
{
    bool ok = true;
    struct spurn_text wanted = arena_copy(&f->arena, path, &ok);
    struct buf beside;
    buf_init(&beside, PATH_MAX);
    if (ok)
        file_beside(f->path, wanted.at, &beside);
    return keep_buf(f, &beside);
}

static const char *place_of(struct test_file *f, int64_t line)
{
    struct buf place;
    buf_init(&place, PATH_MAX + 32);
    buf_addf(&place, "%s:%" PRId64, f->path, line);
    return keep_buf(f, &place);
}

/* The bytes of the value that comes next, as they stand. */
static struct spurn_text raw_value(struct json *j)
{
    json_peek(j);
    const char *from = j->at;
    json_skip(j);
    return (struct spurn_text){from, (size_t)(j->at - from)};
}

static struct tested_policy *read_policy(struct test_file *f)
{
    struct json *j = &f->json;
    struct tested_policy *policy = alloc(f, sizeof *policy);
    struct spurn_text key;
    json_open_object(j);
    while (policy != NULL && json_next_key(j, &key)) {
        if (text_is(key, "line"))
            policy->asked_at = place_of(f, json_int(j));
        else if (text_is(key, "path"))
            policy->path = path_beside(f, json_string(j));
        else if (text_is(key, "settings"))
            policy->settings_json = raw_value(j);
        else
            json_skip(j);
    }
    return policy;
}

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_BOOL };

#define FIELD(key, type, member)                                                                   \
    {                                                                                              \
        key, type, offsetof(struct policy_test, member), SIZE_MAX                                  \
    }
#define FIELD_IF(key, type, member, given)                                                         \
    {                                                                                              \
        key, type, offsetof(struct policy_test, member), offsetof(struct policy_test, given)       \
    }

static const struct field {
    const char *key;
    enum field_type type;
    size_t at;
    size_t given_at; /* of a bool that tells whether the key stands there; SIZE_MAX: none */
} fields[] = {
    FIELD("line", FIELD_INT, line),
    FIELD("name", FIELD_TEXT, name),
    FIELD("now_ms", FIELD_INT, now_ms),
    FIELD_IF("created_ms", FIELD_INT, invitation.created_ms, invitation.has_created),
    FIELD("first_seen_ms", FIELD_INT, facts.first_seen_ms),
    FIELD("times_seen", FIELD_INT, facts.times_seen),
    FIELD("cloud", FIELD_TEXT, origin.cloud),
    FIELD("account", FIELD_TEXT, origin.account),
    FIELD("region", FIELD_TEXT, origin.region),
    FIELD("id", FIELD_TEXT, invitation.id),
    FIELD("sender", FIELD_TEXT, invitation.sender),
    FIELD("receiver_arn", FIELD_TEXT, invitation.receiver_arn),
    FIELD("invitation_name", FIELD_TEXT, invitation.name),
    FIELD("share", FIELD_TEXT, invitation.share),
    FIELD("expect", FIELD_TEXT, expect),
    FIELD("rule", FIELD_TEXT, rule),
    FIELD("reason", FIELD_TEXT, reason),
    FIELD("observe", FIELD_TEXT, observe),
    FIELD_IF("undecided", FIELD_BOOL, is_undecided, minds_undecided),
    FIELD("fault", FIELD_BOOL, faults),
};

static void read_field(struct json *j, struct spurn_text key, struct policy_test *test)
{
    size_t i = 0;
    while (i < sizeof fields / sizeof fields[0] && !text_is(key, fields[i].key))
        i++;
    if (i == sizeof fields / sizeof fields[0]) {
        json_break(j, "a field that nobody knows");
        return;
    }
    void *at = (char *)test + fields[i].at;
    if (fields[i].type == FIELD_TEXT)
        *(struct spurn_text *)at = json_string(j);
    else if (fields[i].type == FIELD_INT)
        *(int64_t *)at = json_int(j);
    else
        *(bool *)at = json_bool(j);
    if (fields[i].given_at != SIZE_MAX)
        *(bool *)((char *)test + fields[i].given_at) = true;
}

static struct policy_test *read_test(struct test_file *f)
{
    struct policy_test *test = alloc(f, sizeof *test);
    struct spurn_text key;
    json_open_object(&f->json);
    while (test != NULL && json_next_key(&f->json, &key))
        read_field(&f->json, key, test);
    if (test == NULL)
        return NULL;
    test->invitation.receiver = test->origin.account;
    test->invitation.status = STATUS_PENDING;
    test->invitation.status_text = text_of("PENDING");
    test->facts.has_age = test->invitation.has_created;
    return test;
}

static void read_policies(struct test_file *f)
{
    struct tested_policy **end = &f->policies;
    json_open_array(&f->json);
    while (!f->no_memory && json_next_item(&f->json)) {
        *end = read_policy(f);
        end = *end == NULL ? end : &(*end)->next;
    }
}

static void read_tests(struct test_file *f)
{
    struct policy_test **end = &f->tests;
    json_open_array(&f->json);
    while (!f->no_memory && json_next_item(&f->json)) {
        *end = read_test(f);
        end = *end == NULL ? end : &(*end)->next;
    }
}

static enum spurn_status read_file(struct test_file *f, struct spurn_text said,
                                   struct spurn_error *err)
{
    struct spurn_text key;
    json_init(&f->json, said, &f->arena);
    json_open_object(&f->json);
    while (!f->no_memory && json_next_key(&f->json, &key)) {
        if (text_is(key, "policies"))
            read_policies(f);
        else if (text_is(key, "tests"))
            read_tests(f);
        else
            json_skip(&f->json);
    }
    if (f->no_memory)
        return spurn_fail_memory(err);
    if (!json_done(&f->json))
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot read what %s says: %s", f->path,
                          f->json.why);
    return SPURN_OK;
}

/* ---- was it met? ---- */

struct outcome {
    const struct script *script;
    struct script_decision decision;
    struct script_fault fault; /* the first */
    bool has_fault;
};

static bool text_begins_with(struct spurn_text text, struct spurn_text start)
{
    return text.len >= start.len && memcmp(text.at, start.at, start.len) == 0;
}

/* Takes "policy/rule" and what separates it off the head of `matches`. */
static bool takes_match(struct spurn_text *matches, const struct script_rule *rule)
{
    const struct spurn_text parts[] = {rule->policy, text_of("/"), rule->name,
                                       text_of(rule->observes ? SCRIPT_OBSERVED : "")};
    struct spurn_text rest = *matches;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!text_begins_with(rest, parts[i]))
            return false;
        rest.at += parts[i].len;
        rest.len -= parts[i].len;
    }
    if (rest.len > 0 && !text_begins_with(rest, text_of(", ")))
        return false;
    size_t separator_len = rest.len > 0 ? 2 : 0;
    *matches = (struct spurn_text){rest.at + separator_len, rest.len - separator_len};
    return true;
}

/* `matches` names rules in file order, so one walk over all rules finds each. */
static bool has_matched(const struct outcome *o, struct spurn_text name, bool must_observe)
{
    struct spurn_text matches = o->decision.matches;
    struct script_rule rule;
    for (size_t i = 0; matches.len > 0 && script_rule_at(o->script, i, &rule); i++) {
        if (!takes_match(&matches, &rule))
            continue;
        if (text_equal(rule.name, name) && (rule.observes || !must_observe))
            return true;
    }
    return false;
}

static bool has_rule(const struct script *s, struct spurn_text name)
{
    struct script_rule rule;
    for (size_t i = 0; script_rule_at(s, i, &rule); i++)
        if (text_equal(rule.name, name))
            return true;
    return false;
}

static bool verdict_is_met(const struct policy_test *test, enum script_verdict verdict)
{
    if (test->minds_undecided && (verdict == VERDICT_UNDECIDED) != test->is_undecided)
        return false;
    return text_is(test->expect, script_verdict_name(verdict)) ||
           (verdict == VERDICT_UNDECIDED && text_is(test->expect, "none"));
}

static bool is_met(const struct policy_test *test, const struct outcome *o)
{
    const struct script_decision *d = &o->decision;
    return verdict_is_met(test, d->verdict) && o->has_fault == test->faults &&
           (test->rule.at == NULL || text_equal(d->rule, test->rule) ||
            has_matched(o, test->rule, false)) &&
           (test->reason.at == NULL || text_equal(d->reason, test->reason)) &&
           (test->observe.at == NULL || has_matched(o, test->observe, true));
}

/* ---- what a failing test says ---- */

static void add_quoted(struct buf *out, const char *before, struct spurn_text text)
{
    if (text.at != NULL)
        buf_addf(out, "%s\"%.*s\"", before, TEXT_ARG(text));
}

static void describe_want(const struct policy_test *test, const struct outcome *o, struct buf *out)
{
    buf_add_text(out,
                 test->minds_undecided && test->is_undecided ? text_of("undecided") : test->expect);
    if (test->minds_undecided && !test->is_undecided)
        buf_add_str(out, ", not undecided");
    add_quoted(out, " by rule ", test->rule);
    add_quoted(out, ", reason ", test->reason);
    add_quoted(out, ", observed by ", test->observe);
    if (test->faults)
        buf_add_str(out, ", and a fault");
    else if (o->has_fault)
        buf_add_str(out, ", and no fault");
}

static void describe_missing(const struct script *s, struct spurn_text rule, struct buf *out)
{
    if (rule.at != NULL && !has_rule(s, rule))
        add_quoted(out, "; no policy here has a rule ", rule);
}

static void describe_got(const struct policy_test *test, const struct outcome *o, struct buf *out)
{
    const struct script_decision *d = &o->decision;
    buf_add_str(out, script_verdict_name(d->verdict));
    add_quoted(out, " by rule ", d->rule);
    if (test->reason.at != NULL)
        add_quoted(out, ", reason ", d->reason);
    if (d->matches.len > 0 && (test->rule.at != NULL || test->observe.at != NULL))
        buf_addf(out, ", matching %.*s", TEXT_ARG(d->matches));
    if (o->has_fault)
        buf_addf(out, "; fault in rule \"%.*s\": %.*s", TEXT_ARG(o->fault.rule),
                 TEXT_ARG(o->fault.cause));
    else if (test->faults)
        buf_add_str(out, "; no fault");
    describe_missing(o->script, test->rule, out);
    describe_missing(o->script, test->observe, out);
}

/* ---- the run ---- */

typedef void report_test(void *context, const struct script_test *test);

static enum spurn_status run_test(struct script *s, const struct policy_test *test,
                                  report_test *report, void *context, struct spurn_error *err)
{
    struct outcome outcome = {.script = s};
    enum spurn_status status = script_begin_sweep(s, test->now_ms, err);
    if (status == SPURN_OK)
        status = script_decide(s, &test->invitation, &test->origin, &test->facts, &outcome.decision,
                               err);
    if (status != SPURN_OK)
        return status;
    outcome.has_fault = script_fault_at(s, 0, &outcome.fault);
    struct script_test row = {
        .name = test->name, .line = (int)test->line, .passed = is_met(test, &outcome)};
    struct buf got, want;
    buf_init(&got, SAID_MAX);
    buf_init(&want, SAID_MAX);
    if (!row.passed) {
        describe_got(test, &outcome, &got);
        describe_want(test, &outcome, &want);
        row.got = buf_text(&got);
        row.want = buf_text(&want);
    }
    report(context, &row);
    buf_clear(&want);
    buf_clear(&got);
    return SPURN_OK;
}

enum spurn_status script_run_tests(const struct script_limits *limits, const char *path,
                                   const struct log *log, report_test *report, void *context,
                                   struct spurn_error *err)
{
    struct test_file file = {.path = path};
    struct sheet sheet = {
        .path = path, .words = "lua/policy_test.lua", .limits = limits, .log = log};
    struct script *script = NULL;
    struct buf text, said;
    buf_init(&text, TEST_FILE_MAX);
    buf_init(&said, FILE_MAX);
    arena_init(&file.arena, FILE_MAX);

    enum spurn_status status = file_read_trusted(path, "policy test", &text, err);
    if (status != SPURN_OK)
        goto done;
    sheet.text = buf_text(&text);
    status = sheet_read(&sheet, SPURN_E_POLICY, &said, err);
    if (status == SPURN_OK)
        status = read_file(&file, buf_text(&said), err);
    if (status == SPURN_OK)
        status = script_open(limits, log, &script, err);
    for (struct tested_policy *p = file.policies; p != NULL && status == SPURN_OK; p = p->next)
        status = script_load_policy(script, p->path, p->settings_json, p->asked_at, err);
    for (struct policy_test *t = file.tests; t != NULL && status == SPURN_OK; t = t->next)
        status = run_test(script, t, report, context, err);

done:
    script_close(script);
    arena_clear(&file.arena);
    buf_clear(&said);
    buf_clear(&text);
    return status;
}

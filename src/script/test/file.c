/* file.c - what a policy's test file says: which policies are asked, about what, and what should come of it. */
#include "script/test/test.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "file.h"
#include "script/sheet.h"

enum { TEST_FILE_MAX = 1024 * 1024 };

/* Before everything that a test can ask about, and far from the ends of what can be counted. */
static const int64_t LONG_AGO_MS = INT64_MIN / 2;

/* While the file is read. */
struct reading {
    struct test_file *file;
    struct json json;
    bool no_memory;
};

static void *alloc(struct reading *r, size_t len)
{
    void *at = arena_alloc(&r->file->arena, len);
    if (at == NULL)
        r->no_memory = true;
    return at;
}

static const char *keep_buf(struct reading *r, struct buf *made)
{
    bool ok = !made->failed;
    struct spurn_text kept = arena_copy(&r->file->arena, buf_text(made), &ok);
    if (!ok)
        r->no_memory = true;
    buf_clear(made);
    return ok ? kept.at : NULL;
}

static const char *path_beside(struct reading *r, struct spurn_text path)
{
    bool ok = true;
    struct spurn_text wanted = arena_copy(&r->file->arena, path, &ok);
    struct buf beside;
    buf_init(&beside, PATH_MAX);
    if (ok)
        file_beside(r->file->path, wanted.at, &beside);
    return keep_buf(r, &beside);
}

static const char *place_of(struct reading *r, int64_t line)
{
    struct buf place;
    buf_init(&place, PATH_MAX + 32);
    buf_addf(&place, "%s:%" PRId64, r->file->path, line);
    return keep_buf(r, &place);
}

/* The bytes of the value that comes next, as they stand. */
static struct spurn_text raw_value(struct json *j)
{
    json_peek(j);
    const char *from = j->at;
    json_skip(j);
    return (struct spurn_text){from, (size_t)(j->at - from)};
}

static struct tested_policy *read_policy(struct reading *r)
{
    struct json *j = &r->json;
    struct tested_policy *policy = alloc(r, sizeof *policy);
    struct spurn_text key;
    json_open_object(j);
    while (policy != NULL && json_next_key(j, &key)) {
        if (text_is(key, "line"))
            policy->asked_at = place_of(r, json_int(j));
        else if (text_is(key, "path"))
            policy->path = path_beside(r, json_string(j));
        else if (text_is(key, "settings"))
            policy->settings_json = raw_value(j);
        else
            json_skip(j);
    }
    return policy;
}

/* ---- lists ---- */

/* Items of a list, wherever it ends. */
struct items {
    void *at;
    size_t count, room, size; /* size of one */
};

/* One more, zeroed; NULL when memory ran out. */
static void *add_item(struct reading *r, struct items *items)
{
    if (items->count == items->room) {
        size_t room = items->room == 0 ? 8 : items->room * 2;
        void *more = alloc(r, room * items->size);
        if (more == NULL)
            return NULL;
        if (items->count > 0)
            memcpy(more, items->at, items->count * items->size);
        items->at = more;
        items->room = room;
    }
    return (char *)items->at + items->count++ * items->size;
}

static void read_times(struct reading *r, struct test_events *out)
{
    struct items items = {.size = sizeof(int64_t)};
    json_open_array(&r->json);
    while (!r->no_memory && json_next_item(&r->json)) {
        int64_t *at_ms = add_item(r, &items);
        if (at_ms != NULL)
            *at_ms = json_int(&r->json);
    }
    out->at_ms = items.at;
    out->count = items.count;
}

static void read_resource(struct reading *r, struct script_resource *out)
{
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        if (text_is(key, "arn"))
            out->arn = json_string(&r->json);
        else
            out->type = json_string(&r->json);
    }
}

static void read_resources(struct reading *r, struct script_facts *out)
{
    struct items items = {.size = sizeof(struct script_resource)};
    json_open_array(&r->json);
    while (!r->no_memory && json_next_item(&r->json)) {
        struct script_resource *resource = add_item(r, &items);
        if (resource != NULL)
            read_resource(r, resource);
    }
    out->resources_state = RESOURCES_LISTED;
    out->resources = items.at;
    out->resource_count = items.count;
}

/* ---- tests ---- */

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_TIMES, FIELD_RESOURCES };

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
    FIELD("rejected_ms", FIELD_TIMES, rejected),
    FIELD("rejected_now", FIELD_INT, rejected.just_now),
    FIELD("seen_ms", FIELD_TIMES, seen),
    FIELD("seen_now", FIELD_INT, seen.just_now),
    FIELD("began_ms", FIELD_INT, past.began_ms),
    FIELD("resources", FIELD_RESOURCES, facts),
};

static void read_value(struct reading *r, enum field_type type, void *out)
{
    switch (type) {
    case FIELD_TEXT:
        *(struct spurn_text *)out = json_string(&r->json);
        break;
    case FIELD_INT:
        *(int64_t *)out = json_int(&r->json);
        break;
    case FIELD_BOOL:
        *(bool *)out = json_bool(&r->json);
        break;
    case FIELD_TIMES:
        read_times(r, out);
        break;
    case FIELD_RESOURCES:
        read_resources(r, out);
        break;
    }
}

static void read_field(struct reading *r, struct spurn_text key, struct policy_test *test)
{
    size_t i = 0;
    while (i < sizeof fields / sizeof fields[0] && !text_is(key, fields[i].key))
        i++;
    if (i == sizeof fields / sizeof fields[0]) {
        json_break(&r->json, "a field that nobody knows");
        return;
    }
    read_value(r, fields[i].type, (char *)test + fields[i].at);
    if (fields[i].given_at != SIZE_MAX)
        *(bool *)((char *)test + fields[i].given_at) = true;
}

static int64_t count_since(const struct test_events *events, int64_t since_ms, int64_t now_ms)
{
    int64_t count = since_ms <= now_ms ? events->just_now : 0;
    for (size_t i = 0; i < events->count; i++)
        count += events->at_ms[i] >= since_ms;
    return count;
}

/* The past of a test is its sender's, whoever that is. */
static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    const struct policy_test *test = context;
    (void)cloud;
    (void)sender;
    (void)err;
    *count =
        count_since(event == EVENT_SEEN ? &test->seen : &test->rejected, since_ms, test->now_ms);
    if (*count > enough)
        *count = enough;
    return SPURN_OK;
}

static struct policy_test *read_test(struct reading *r)
{
    struct policy_test *test = alloc(r, sizeof *test);
    struct spurn_text key;
    if (test == NULL)
        return NULL;
    test->past = (struct script_past){count_past, test, LONG_AGO_MS};
    test->facts.past = &test->past;
    test->facts.resources_state = RESOURCES_UNKNOWN;
    json_open_object(&r->json);
    while (!r->no_memory && json_next_key(&r->json, &key))
        read_field(r, key, test);
    test->invitation.receiver = test->origin.account;
    test->invitation.status = STATUS_PENDING;
    test->invitation.status_text = text_of("PENDING");
    test->facts.has_age = test->invitation.has_created;
    return test;
}

static void read_policies(struct reading *r)
{
    struct tested_policy **end = &r->file->policies;
    json_open_array(&r->json);
    while (!r->no_memory && json_next_item(&r->json)) {
        *end = read_policy(r);
        end = *end == NULL ? end : &(*end)->next;
    }
}

static void read_tests(struct reading *r)
{
    struct policy_test **end = &r->file->tests;
    json_open_array(&r->json);
    while (!r->no_memory && json_next_item(&r->json)) {
        *end = read_test(r);
        end = *end == NULL ? end : &(*end)->next;
    }
}

/* What the file said, as lua/policy_test.lua describes it. */
static enum spurn_status read_said(struct test_file *f, struct spurn_error *err)
{
    struct reading r = {.file = f};
    struct spurn_text key;
    json_init(&r.json, buf_text(&f->said), &f->arena);
    json_open_object(&r.json);
    while (!r.no_memory && json_next_key(&r.json, &key)) {
        if (text_is(key, "policies"))
            read_policies(&r);
        else if (text_is(key, "tests"))
            read_tests(&r);
        else
            json_skip(&r.json);
    }
    if (r.no_memory)
        return spurn_fail_memory(err);
    if (!json_done(&r.json))
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot read what %s says: %s", f->path,
                          r.json.why);
    return SPURN_OK;
}

enum spurn_status test_file_read(struct test_file *f, const char *path,
                                 const struct script_limits *limits, const struct log *log,
                                 struct spurn_error *err)
{
    struct sheet sheet = {
        .path = path, .words = "lua/policy_test.lua", .limits = limits, .log = log};
    struct buf text;
    *f = (struct test_file){.path = path};
    arena_init(&f->arena, FILE_MAX);
    buf_init(&f->said, FILE_MAX);
    buf_init(&text, TEST_FILE_MAX);
    enum spurn_status status = file_read_trusted(path, "policy test", &text, err);
    sheet.text = buf_text(&text);
    if (status == SPURN_OK)
        status = sheet_read(&sheet, SPURN_E_POLICY, &f->said, err);
    if (status == SPURN_OK)
        status = read_said(f, err);
    buf_clear(&text);
    return status;
}

void test_file_clear(struct test_file *f)
{
    arena_clear(&f->arena);
    buf_clear(&f->said);
}

/* given.c - an invitation that somebody describes, as a JSON object of what policies see. */
#include "library/given.h"

#include <string.h>

#include "clock.h"
#include "cloud/cloud.h"
#include "json.h"
#include "script/strict/nearest.h"

enum { RESOURCES_MAX = 10000, WORD_LEN_MAX = 40 };

struct reading {
    struct json json;
    struct arena *arena;
    struct given *out;
    int64_t now_ms;
    bool has_created, has_age; /* said so */
    const char *wrong; /* about a value that is JSON but makes no sense; NULL: nothing yet */
    bool no_memory;
};

/* ---- kinds of values; `out` is where they go ---- */

static void read_text(struct reading *r, void *out)
{
    *(struct spurn_text *)out = json_string(&r->json);
}

static void read_cloud(struct reading *r, void *out)
{
    struct spurn_text *cloud = out;
    *cloud = json_string(&r->json);
    if (cloud_named(*cloud) == NULL)
        r->wrong = "is no cloud; there are \"aws\" and \"alibaba\"";
}

/* The cloud whose accounts have such ids; NULL: none. */
static const struct cloud *cloud_of(struct spurn_text account)
{
    const struct cloud *cloud = NULL;
    if (!text_all_digits(account))
        return NULL;
    for (size_t i = 0; (cloud = cloud_at(i)) != NULL; i++)
        if (account.len == (size_t)cloud->account_digits)
            break;
    return cloud;
}

static void read_account(struct reading *r, void *out)
{
    struct spurn_text *account = out;
    if (json_peek(&r->json) == JSON_NUMBER) {
        r->wrong = "is a number; ids are strings, since they may begin with 0: put it in quotes";
        return;
    }
    *account = json_string(&r->json);
    if (cloud_of(*account) == NULL)
        r->wrong = "is no account id: it has 12 digits at AWS, 16 at Alibaba Cloud";
}

static void read_status(struct reading *r, void *out)
{
    struct invitation *inv = out;
    inv->status_text = json_string(&r->json);
    inv->status = invitation_status_of(inv->status_text);
}

static bool read_epoch(struct reading *r, int64_t *out_ms)
{
    return clock_parse_epoch(json_number(&r->json), out_ms);
}

/* "2026-11-22T03:10:00Z", seconds since 1970, or how long ago: "7h". */
static void read_instant(struct reading *r, void *out)
{
    int64_t *out_ms = out, ago_s;
    if (json_peek(&r->json) == JSON_NUMBER) {
        if (!read_epoch(r, out_ms))
            r->wrong = "is no time: too many seconds since 1970";
        return;
    }
    struct spurn_text text = json_string(&r->json);
    if (clock_parse_iso(text, out_ms))
        return;
    if (clock_parse_duration(text, &ago_s))
        *out_ms = r->now_ms - ago_s * 1000;
    else
        r->wrong = "is no time; write \"2026-11-22T03:10:00Z\", the seconds since 1970, or how "
                   "long ago: \"7h\"";
}

static void read_created(struct reading *r, void *out)
{
    r->has_created = true;
    read_instant(r, out);
}

static void read_age(struct reading *r, void *created_ms)
{
    int64_t age_ms = 0, age_s = 0;
    r->has_age = true;
    if (json_peek(&r->json) == JSON_NUMBER) {
        if (!read_epoch(r, &age_ms) || age_ms < 0)
            r->wrong = "is no number of seconds";
    } else if (clock_parse_duration(json_string(&r->json), &age_s)) {
        age_ms = age_s * 1000;
    } else {
        r->wrong = "is no duration; write \"7h\", \"1d12h\", or a number of seconds";
    }
    *(int64_t *)created_ms = r->now_ms - age_ms;
}

static void read_count(struct reading *r, void *out)
{
    int64_t count = json_int(&r->json);
    *(int64_t *)out = count;
    if (count < 0)
        r->wrong = "is below 0";
}

/* ---- resources ---- */

static void read_resource(struct reading *r, struct script_resource *out)
{
    struct spurn_text key;
    *out = (struct script_resource){0};
    if (json_peek(&r->json) == JSON_STRING) {
        out->type = json_string(&r->json);
        return;
    }
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        if (text_is(key, "arn"))
            out->arn = json_string_or_null(&r->json);
        else if (text_is(key, "type"))
            out->type = json_string_or_null(&r->json);
        else
            json_break(&r->json, "a resource has \"arn\" and \"type\", and nothing more");
    }
}

static void read_resources(struct reading *r, void *out)
{
    struct given *g = out;
    size_t room = 0;
    g->resources_state = RESOURCES_LISTED;
    json_open_array(&r->json);
    while (!r->no_memory && r->wrong == NULL && json_next_item(&r->json)) {
        if (g->resource_count == room) {
            room = room == 0 ? 16 : 2 * room;
            struct script_resource *more = arena_alloc(r->arena, room * sizeof *more);
            r->no_memory = more == NULL;
            if (more == NULL)
                return;
            if (g->resource_count > 0)
                memcpy(more, g->resources, g->resource_count * sizeof *more);
            g->resources = more;
        }
        read_resource(r, &g->resources[g->resource_count++]);
        if (g->resource_count > RESOURCES_MAX)
            r->wrong = "has more than 10,000 items";
    }
}

/* ---- fields ---- */

static const struct field {
    const char *name;
    void (*read)(struct reading *r, void *out);
    size_t at; /* in struct given */
} FIELDS[] = {
#define AT(member) offsetof(struct given, basis.member)
    {"id", read_text, AT(read.id)},
    {"cloud", read_cloud, AT(cloud)},
    {"region", read_text, AT(region)},
    {"account", read_account, AT(account)},
    {"sender", read_account, AT(read.sender)},
    {"receiver_arn", read_text, AT(read.receiver_arn)},
    {"name", read_text, AT(read.name)},
    {"share", read_text, AT(read.share)},
    {"status", read_status, AT(read)},
    {"created", read_created, AT(read.created_ms)},
    {"age", read_age, AT(read.created_ms)},
    {"first_seen", read_instant, AT(first_seen_ms)},
    {"times_seen", read_count, AT(times_seen)},
    {"resources", read_resources, 0},
#undef AT
};
enum { FIELD_COUNT = sizeof FIELDS / sizeof FIELDS[0] };

static const struct field *field_named(struct spurn_text name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (text_is(name, FIELDS[i].name))
            return &FIELDS[i];
    return NULL;
}

static enum spurn_status refuse_field(struct spurn_text name, struct spurn_error *err)
{
    const char *names[FIELD_COUNT + 1] = {NULL};
    char word[WORD_LEN_MAX + 1] = "";
    for (size_t i = 0; i < FIELD_COUNT; i++)
        names[i] = FIELDS[i].name;
    if (text_is(name, "now"))
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot read the invitation: \"now\" is no fact about it; the time to "
                          "decide at is given apart (--now)");
    if (text_is(name, "expires"))
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot read the invitation: \"expires\" follows from \"created\" at "
                          "Alibaba Cloud, and AWS tells none");
    if (name.len <= WORD_LEN_MAX)
        memcpy(word, name.at, name.len);
    const char *nearest = host_nearest(word, names);
    return spurn_fail(err, SPURN_E_USAGE,
                      "cannot read the invitation: unknown field \"%.*s\"%s%s%s",
                      (int)(name.len < WORD_LEN_MAX ? name.len : WORD_LEN_MAX), name.at,
                      nearest != NULL ? "; did you mean \"" : "; \"spurn fields\" lists them",
                      nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

/* Null is what nobody knows, as it is with a field that is left out; but of resources it says that they were asked for. */
static void read_field(struct reading *r, const struct field *field)
{
    if (json_peek(&r->json) != JSON_NULL) {
        field->read(r, (char *)r->out + field->at);
        return;
    }
    json_skip(&r->json);
    if (field->read == read_resources)
        r->out->resources_state = RESOURCES_UNKNOWN;
}

static enum spurn_status check_value(const struct reading *r, const struct field *field,
                                     struct spurn_error *err)
{
    if (r->no_memory)
        return spurn_fail_memory(err);
    if (r->json.why != NULL)
        return spurn_fail(err, SPURN_E_USAGE, "cannot read the invitation: its %s: %s", field->name,
                          r->json.why);
    if (r->wrong != NULL)
        return spurn_fail(err, SPURN_E_USAGE, "cannot read the invitation: its %s %s", field->name,
                          r->wrong);
    return SPURN_OK;
}

static enum spurn_status read_fields(struct reading *r, struct spurn_error *err)
{
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        const struct field *field = field_named(key);
        if (field == NULL)
            return refuse_field(key, err);
        read_field(r, field);
        enum spurn_status status = check_value(r, field, err);
        if (status != SPURN_OK)
            return status;
    }
    if (json_done(&r->json))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_USAGE,
                      "cannot read the invitation: it is no JSON object (%s at byte %zu); write "
                      "{\"sender\":\"999999999999\",\"name\":\"promo\",\"age\":\"7h\"}",
                      r->json.why, r->json.why_at + 1);
}

/* ---- what follows from them ---- */

static void conclude(struct reading *r)
{
    struct given *g = r->out;
    struct journal_basis *b = &g->basis;
    const struct cloud *cloud = cloud_named(b->cloud);
    if (cloud == NULL)
        cloud = cloud_of(b->read.sender.at != NULL ? b->read.sender : b->account);
    if (cloud != NULL)
        b->cloud = text_of(cloud->name);
    if (cloud != NULL && !cloud->lists_resources && g->resources_state == RESOURCES_NOT_ASKED)
        g->resources_state = RESOURCES_UNKNOWN;
    b->read.receiver = b->account;
    b->read.has_created = r->has_created || r->has_age;
    b->has_age = b->read.has_created && b->read.created_ms <= r->now_ms;
    if (b->first_seen_ms != 0 && b->times_seen == 0)
        b->times_seen = 1;
}

enum spurn_status given_read(struct spurn_text json, int64_t now_ms, struct arena *arena,
                             struct given *out, struct spurn_error *err)
{
    struct reading r = {.arena = arena, .out = out, .now_ms = now_ms};
    *out = (struct given){.basis = {.at_ms = now_ms}};
    out->basis.read.status = STATUS_PENDING;
    out->basis.read.status_text = text_of(invitation_status_name(STATUS_PENDING));
    json_init(&r.json, json, arena);
    enum spurn_status status = read_fields(&r, err);
    if (status == SPURN_OK && r.has_created && r.has_age)
        status = spurn_fail(err, SPURN_E_USAGE,
                            "cannot read the invitation: it has both \"created\" and \"age\"; one "
                            "follows from the other");
    if (status == SPURN_OK)
        conclude(&r);
    return status;
}

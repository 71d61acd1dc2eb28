/* given_test.c - an invitation that somebody describes: each field as policies see it, and mistakes are named. */
#include "unit.h"

#include <string.h>

#include "library/given.h"

static const int64_t NOW_MS = INT64_C(1795320600000); /* 2026-11-22T04:10:00Z */
enum { HOUR_MS = 3600 * 1000 };

struct given_case {
    struct arena arena;
    struct given given;
    struct spurn_error err;
};

static enum spurn_status read(struct given_case *c, const char *json)
{
    arena_init(&c->arena, 1024 * 1024);
    return given_read(text_of(json), NOW_MS, &c->arena, &c->given, &c->err);
}

static void each_field_is_what_policies_see(void)
{
    struct given_case c;
    CHECK_INT("",
              read(&c,
                   "{\"id\":\"i\",\"cloud\":\"aws\",\"region\":\"r\",\"account\":\"111122223333\","
                   "\"sender\":\"012345678901\",\"receiver_arn\":\"a\",\"name\":\"\\u00e9\","
                   "\"share\":\"s\",\"status\":\"Accepted\",\"age\":\"7h\","
                   "\"first_seen\":\"2026-11-22T01:00:00Z\",\"times_seen\":3,"
                   "\"resources\":[\"ec2:Subnet\",{\"arn\":\"x\"},{\"type\":\"t\",\"arn\":null}]}"),
              SPURN_OK);
    const struct journal_basis *b = &c.given.basis;
    const struct {
        const char *name, *want;
        struct spurn_text got;
    } rows[] = {
        {"id", "i", b->read.id},
        {"cloud", "aws", b->cloud},
        {"region", "r", b->region},
        {"account", "111122223333", b->account},
        {"receiver", "111122223333", b->read.receiver},
        {"sender", "012345678901", b->read.sender},
        {"receiver_arn", "a", b->read.receiver_arn},
        {"name", "\xC3\xA9", b->read.name},
        {"share", "s", b->read.share},
        {"status", "Accepted", b->read.status_text},
        {"first resource", "ec2:Subnet", c.given.resources[0].type},
        {"second", "x", c.given.resources[1].arn},
        {"its type", NULL, c.given.resources[1].type},
        {"third", "t", c.given.resources[2].type},
        {"its ARN", NULL, c.given.resources[2].arn},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_TEXT(rows[i].name, rows[i].got, text_of(rows[i].want));
    CHECK_INT("status", b->read.status, STATUS_ACCEPTED);
    CHECK_INT("created", b->read.created_ms, NOW_MS - 7 * HOUR_MS);
    CHECK("has age", b->has_age);
    CHECK_INT("first seen", b->first_seen_ms, INT64_C(1795309200000));
    CHECK_INT("times seen", b->times_seen, 3);
    CHECK_INT("resources", c.given.resources_state, RESOURCES_LISTED);
    CHECK_INT("how many", (int64_t)c.given.resource_count, 3);
    arena_clear(&c.arena);
}

static void what_is_left_out_or_null_is_not_known(void)
{
    static const char *const rows[] = {
        "{}", " {\"name\":null,\"sender\":null,\"age\":null,\"created\":null,\"status\":null} "};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct given_case c;
        CHECK_INT(rows[i], read(&c, rows[i]), SPURN_OK);
        CHECK(rows[i], c.given.basis.read.name.at == NULL);
        CHECK(rows[i], c.given.basis.read.sender.at == NULL);
        CHECK(rows[i], c.given.basis.cloud.at == NULL);
        CHECK(rows[i], !c.given.basis.read.has_created && !c.given.basis.has_age);
        CHECK_INT(rows[i], c.given.basis.read.status, STATUS_PENDING);
        CHECK_INT(rows[i], c.given.resources_state, RESOURCES_NOT_ASKED);
        arena_clear(&c.arena);
    }
}

static void what_is_left_out_follows_from_the_rest_where_it_can(void)
{
    static const struct {
        const char *json, *cloud;
        enum script_resources resources;
        int64_t created_ms, times_seen; /* created 0: not known */
        bool has_age;
    } rows[] = {
        {"{\"sender\":\"999999999999\"}", "aws", RESOURCES_NOT_ASKED, 0, 0, false},
        {"{\"sender\":\"9999999999999999\"}", "alibaba", RESOURCES_UNKNOWN, 0, 0, false},
        {"{\"account\":\"9999999999999999\"}", "alibaba", RESOURCES_UNKNOWN, 0, 0, false},
        {"{\"cloud\":\"alibaba\",\"resources\":[]}", "alibaba", RESOURCES_LISTED, 0, 0, false},
        {"{\"cloud\":\"aws\",\"resources\":null}", "aws", RESOURCES_UNKNOWN, 0, 0, false},
        {"{\"created\":1795320540}", NULL, RESOURCES_NOT_ASKED, 1795320540000, 0, true},
        {"{\"created\":1795320540.5}", NULL, RESOURCES_NOT_ASKED, 1795320540500, 0, true},
        {"{\"created\":\"2h\"}", NULL, RESOURCES_NOT_ASKED, 1795313400000, 0, true},
        {"{\"created\":\"2026-11-22T12:00:00+08:00\"}", NULL, RESOURCES_NOT_ASKED, 1795320000000, 0,
         true},
        {"{\"created\":\"2026-11-23T00:00:00Z\"}", NULL, RESOURCES_NOT_ASKED, 1795392000000, 0,
         false},
        {"{\"age\":60}", NULL, RESOURCES_NOT_ASKED, 1795320540000, 0, true},
        {"{\"age\":0}", NULL, RESOURCES_NOT_ASKED, 1795320600000, 0, true},
        {"{\"first_seen\":\"2d\"}", NULL, RESOURCES_NOT_ASKED, 0, 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct given_case c;
        CHECK_INT(rows[i].json, read(&c, rows[i].json), SPURN_OK);
        CHECK_TEXT(rows[i].json, c.given.basis.cloud, text_of(rows[i].cloud));
        CHECK_INT(rows[i].json, c.given.resources_state, rows[i].resources);
        CHECK_INT(rows[i].json, c.given.basis.read.created_ms, rows[i].created_ms);
        CHECK(rows[i].json, c.given.basis.read.has_created == (rows[i].created_ms != 0));
        CHECK(rows[i].json, c.given.basis.has_age == rows[i].has_age);
        CHECK_INT(rows[i].json, c.given.basis.times_seen, rows[i].times_seen);
        arena_clear(&c.arena);
    }
}

static void a_mistake_names_its_field_and_what_to_write(void)
{
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"", "it is no JSON object (it ends too early at byte 1)"},
        {"[]", "it is no JSON object (expected an object at byte 1)"},
        {"{\"name\":\"x\"", "it is no JSON object"},
        {"{\"name\":\"x\"} x", "something follows the value"},
        {"{\"name\":\"x\",\"name\":\"y\"}", "an object holds one key twice"},
        {"{\"sendr\":\"x\"}", "unknown field \"sendr\"; did you mean \"sender\"?"},
        {"{\"wholly other\":1}", "unknown field \"wholly other\"; \"spurn fields\" lists them"},
        {"{\"now\":1}", "(--now)"},
        {"{\"expires\":1}", "\"expires\" follows from \"created\""},
        {"{\"name\":7}", "its name: expected a string"},
        {"{\"name\":\"x}", "its name: "},
        {"{\"sender\":999999999999}", "its sender is a number; ids are strings"},
        {"{\"sender\":\"99999999999\"}", "its sender is no account id: it has 12 digits at AWS"},
        {"{\"account\":\"x99999999999\"}", "its account is no account id"},
        {"{\"cloud\":\"azure\"}", "its cloud is no cloud; there are \"aws\" and \"alibaba\""},
        {"{\"created\":\"yesterday\"}", "its created is no time; write \"2026-11-22T03:10:00Z\""},
        {"{\"created\":99999999999999}", "its created is no time"},
        {"{\"age\":\"1 day\"}", "its age is no duration; write \"7h\""},
        {"{\"age\":-1}", "its age is no number of seconds"},
        {"{\"age\":\"1h\",\"created\":\"2h\"}", "it has both \"created\" and \"age\""},
        {"{\"times_seen\":-1}", "its times_seen is below 0"},
        {"{\"times_seen\":1.5}", "its times_seen: expected a whole number"},
        {"{\"resources\":\"ec2:Subnet\"}", "its resources: expected an array"},
        {"{\"resources\":[1]}", "its resources: expected an object"},
        {"{\"resources\":[{\"typ\":\"x\"}]}", "its resources: a resource has \"arn\" and \"type\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct given_case c = {.err = {.text = ""}};
        CHECK_INT(rows[i].json, read(&c, rows[i].json), SPURN_E_USAGE);
        if (!CHECK(rows[i].json, strstr(c.err.text, rows[i].says) != NULL))
            CHECK_STR(rows[i].json, c.err.text, rows[i].says);
        arena_clear(&c.arena);
    }
}

static void more_resources_than_fit_are_refused(void)
{
    struct given_case c;
    struct buf json;
    buf_init(&json, 1024 * 1024);
    buf_add_str(&json, "{\"resources\":[");
    for (int i = 0; i <= 10000; i++)
        buf_add_str(&json, i > 0 ? ",\"a:B\"" : "\"a:B\"");
    buf_add_str(&json, "]}");
    CHECK_INT("", read(&c, buf_str(&json)), SPURN_E_USAGE);
    CHECK("", strstr(c.err.text, "its resources has more than 10,000 items") != NULL);
    arena_clear(&c.arena);
    buf_clear(&json);
}

static const struct unit_test tests[] = {
    {"each_field_is_what_policies_see", each_field_is_what_policies_see},
    {"what_is_left_out_or_null_is_not_known", what_is_left_out_or_null_is_not_known},
    {"what_is_left_out_follows_from_the_rest_where_it_can",
     what_is_left_out_follows_from_the_rest_where_it_can},
    {"a_mistake_names_its_field_and_what_to_write", a_mistake_names_its_field_and_what_to_write},
    {"more_resources_than_fit_are_refused", more_resources_than_fit_are_refused},
};

UNIT_MAIN(tests)

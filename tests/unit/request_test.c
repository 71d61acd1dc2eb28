/* request_test.c - a request keeps what it was given, in bounds, and writes its query safely. */
#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "unit.h"

static void only_unreserved_characters_stay_unencoded(void)
{
    static const struct {
        struct spurn_text plain;
        const char *want;
    } rows[] = {
        {{"", 0}, ""},
        {{"AZaz09-_.~", 10}, "AZaz09-_.~"},
        {{" +/=&?%*'", 9}, "%20%2B%2F%3D%26%3F%25%2A%27"},
        {{"a\r\nb", 4}, "a%0D%0Ab"},
        {{"a\0b", 3}, "a%00b"},
        {{"\xe2\x98\x83", 3}, "%E2%98%83"},
        {{"\xff", 1}, "%FF"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf got;
        buf_init(&got, 256);
        request_add_encoded(&got, rows[i].plain);
        CHECK_STR(rows[i].want, buf_str(&got), rows[i].want);
        buf_clear(&got);
    }
}

static void every_byte_is_encoded_so_that_it_can_be_read_back(void)
{
    for (int c = 0; c < 256; c++) {
        struct buf got;
        char byte = (char)c;
        buf_init(&got, 8);
        request_add_encoded(&got, (struct spurn_text){&byte, 1});
        if (got.len == 3)
            CHECK_INT(got.data, strtol(got.data + 1, NULL, 16), c);
        else
            CHECK_TEXT("", buf_text(&got), ((struct spurn_text){&byte, 1}));
        buf_clear(&got);
    }
}

static void the_query_keeps_the_order_in_which_it_was_added(void)
{
    struct request r;
    struct buf query;
    request_init(&r, "GET");
    buf_init(&query, 256);
    request_add_query(&r, &query);
    CHECK_STR("none", buf_str(&query), "");
    request_add_parameter(&r, "b", text_of("2 x"));
    request_add_parameter(&r, "a", text_of(""));
    request_add_parameter(&r, "b", text_of("1"));
    request_add_query(&r, &query);
    CHECK_STR("three", buf_str(&query), "b=2%20x&a=&b=1");
    CHECK("", !r.failed);
    buf_clear(&query);
    request_clear(&r);
}

static void an_absent_value_adds_nothing_and_an_empty_one_does(void)
{
    struct request r;
    request_init(&r, "POST");
    request_add_header(&r, "X-Absent", TEXT_ABSENT);
    request_add_parameter(&r, "absent", TEXT_ABSENT);
    CHECK_INT("headers", (int64_t)r.header_count, 0);
    CHECK_INT("parameters", (int64_t)r.parameter_count, 0);
    request_add_header(&r, "X-Empty", text_of(""));
    request_add_parameter(&r, "empty", text_of(""));
    CHECK_INT("headers", (int64_t)r.header_count, 1);
    CHECK_INT("parameters", (int64_t)r.parameter_count, 1);
    CHECK("", !r.failed);
    request_clear(&r);
}

static void a_request_owns_its_text(void)
{
    char name[] = "X-Name", value[] = "value", host[] = "host", path[] = "/path", body[] = "bo\0dy";
    struct request r;
    request_init(&r, "POST");
    request_set_host(&r, text_of(host));
    request_set_path(&r, text_of(path));
    request_set_body(&r, (struct spurn_text){body, 5});
    request_add_header(&r, name, text_of(value));
    name[0] = value[0] = host[0] = path[0] = body[0] = '#';
    CHECK_STR("", r.method, "POST");
    CHECK_TEXT("", r.host, text_of("host"));
    CHECK_TEXT("", r.path, text_of("/path"));
    CHECK_TEXT("", r.body, ((struct spurn_text){"bo\0dy", 5}));
    CHECK_TEXT("", r.headers[0].name, text_of("X-Name"));
    CHECK_TEXT("", r.headers[0].value, text_of("value"));
    request_clear(&r);
}

static void a_fresh_or_cleared_request_is_whole_and_empty(void)
{
    struct request r;
    request_init(&r, "GET");
    for (int round = 0; round < 2; round++) {
        CHECK_TEXT("path", r.path, text_of("/"));
        CHECK_TEXT("body", r.body, text_of(""));
        CHECK_INT("headers", (int64_t)r.header_count, 0);
        CHECK("", !r.failed && r.host.at == NULL);
        request_set_path(&r, text_of("/x"));
        request_add_header(&r, "X-A\n", text_of("1"));
        CHECK("", r.failed);
        request_clear(&r);
    }
}

static void a_header_with_a_control_character_fails_the_request(void)
{
    static const struct {
        const char *label, *name;
        struct spurn_text value;
        bool fails;
    } rows[] = {
        {"line feed", "X-A", {"a\nX-B: c", 8}, true},
        {"carriage return", "X-A", {"a\r", 2}, true},
        {"NUL", "X-A", {"a\0b", 3}, true},
        {"DEL", "X-A", {"\x7f", 1}, true},
        {"name", "X\n-A", {"a", 1}, true},
        {"tab", "X-A", {"a\tb", 3}, false},
        {"UTF-8", "X-A", {"\xc3\xa9", 2}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request r;
        request_init(&r, "GET");
        request_add_header(&r, rows[i].name, rows[i].value);
        CHECK_INT(rows[i].label, r.failed, rows[i].fails);
        CHECK_INT(rows[i].label, (int64_t)r.header_count, rows[i].fails ? 0 : 1);
        request_clear(&r);
    }
}

static void what_passes_a_bound_fails_the_request(void)
{
    struct request r;
    request_init(&r, "GET");
    for (int i = 0; i < REQUEST_HEADERS_MAX; i++)
        request_add_header(&r, "X-A", text_of("1"));
    for (int i = 0; i < REQUEST_PARAMETERS_MAX; i++)
        request_add_parameter(&r, "a", text_of("1"));
    CHECK("all that fit", !r.failed);
    request_add_header(&r, "X-A", text_of("1"));
    CHECK("one header more", r.failed);
    r.failed = false;
    request_add_parameter(&r, "a", text_of("1"));
    CHECK("one parameter more", r.failed);
    request_clear(&r);

    char *large = calloc(1, REQUEST_LEN_MAX + 1);
    if (CHECK("", large != NULL)) {
        request_set_body(&r, (struct spurn_text){large, REQUEST_LEN_MAX + 1});
        CHECK("a body over the limit", r.failed);
    }
    free(large);
    request_clear(&r);
}

static void a_replys_header_is_found_in_any_letter_case(void)
{
    struct reply reply = {.http_status = 200,
                          .headers = {{{"X-Amzn-RequestId", 16}, {"1", 1}},
                                      {{"date", 4}, {"2", 1}},
                                      {{"Date", 4}, {"3", 1}}},
                          .header_count = 3};
    CHECK_TEXT("", reply_header(&reply, "x-amzn-requestid"), text_of("1"));
    CHECK_TEXT("the first counts", reply_header(&reply, "DATE"), text_of("2"));
    CHECK_TEXT("", reply_header(&reply, "dat"), TEXT_ABSENT);
    reply.header_count = 1;
    CHECK_TEXT("past the count", reply_header(&reply, "date"), TEXT_ABSENT);
}

static const struct unit_test tests[] = {
    {"only_unreserved_characters_stay_unencoded", only_unreserved_characters_stay_unencoded},
    {"every_byte_is_encoded_so_that_it_can_be_read_back",
     every_byte_is_encoded_so_that_it_can_be_read_back},
    {"the_query_keeps_the_order_in_which_it_was_added",
     the_query_keeps_the_order_in_which_it_was_added},
    {"an_absent_value_adds_nothing_and_an_empty_one_does",
     an_absent_value_adds_nothing_and_an_empty_one_does},
    {"a_request_owns_its_text", a_request_owns_its_text},
    {"a_fresh_or_cleared_request_is_whole_and_empty",
     a_fresh_or_cleared_request_is_whole_and_empty},
    {"a_header_with_a_control_character_fails_the_request",
     a_header_with_a_control_character_fails_the_request},
    {"what_passes_a_bound_fails_the_request", what_passes_a_bound_fails_the_request},
    {"a_replys_header_is_found_in_any_letter_case", a_replys_header_is_found_in_any_letter_case},
};

UNIT_MAIN(tests)

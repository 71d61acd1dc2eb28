/* json_test.c - the reader takes strict JSON and nothing else. */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define TEXT(literal)                                                                              \
    (struct spurn_text)                                                                            \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

enum { ARENA_MAX = 1 << 20 };

/* Reads everything there is, by type. */
static void walk(struct json *j)
{
    struct spurn_text key;
    switch (json_peek(j)) {
    case JSON_BROKEN:
        return;
    case JSON_NULL:
        CHECK("null is absent", json_string_or_null(j).at == NULL);
        return;
    case JSON_BOOL:
        json_bool(j);
        return;
    case JSON_NUMBER:
        json_number(j);
        return;
    case JSON_STRING:
        json_string_or_null(j);
        return;
    case JSON_ARRAY:
        json_open_array(j);
        while (json_next_item(j))
            walk(j);
        return;
    case JSON_OBJECT:
        json_open_object(j);
        while (json_next_key(j, &key))
            walk(j);
        return;
    }
}

/* What walking over `text` and skipping it both found wrong, or NULL; the bytes are copied so that a checker sees any
 * step past their end. */
static const char *complaint_about(struct spurn_text text)
{
    char *exact = malloc(text.len == 0 ? 1 : text.len);
    if (text.len > 0)
        memcpy(exact, text.at, text.len);
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    struct json skipped, walked;
    json_init(&skipped, (struct spurn_text){exact, text.len}, &arena);
    json_skip(&skipped);
    json_done(&skipped);
    json_init(&walked, (struct spurn_text){exact, text.len}, &arena);
    walk(&walked);
    json_done(&walked);
    CHECK_STR("skipping checks as reading does", skipped.why, walked.why);
    CHECK_INT("and at the same place", (int64_t)skipped.why_at, (int64_t)walked.why_at);
    arena_clear(&arena);
    free(exact);
    return walked.why;
}

static void strict_json_is_read(void)
{
    static const char *const rows[] = {"null",
                                       "true",
                                       "false",
                                       "0",
                                       "-0",
                                       "12",
                                       "-1.5",
                                       "1e9",
                                       "1E+9",
                                       "0.1e-7",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       " [ 1 , 2 ] ",
                                       "\t{\r\n\"a\" : [ { } , [ ] ] }\n",
                                       "{\"\":1}",
                                       "[[[]],{\"a\":{}}]",
                                       "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
                                       "\"\x7F\"",
                                       "\"\xEF\xBF\xBF\"",
                                       "\"\\u0000\\ud83d\\ude00\\/\"",
                                       "123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_STR(rows[i], complaint_about(text_of(rows[i])), NULL);
}

static void what_is_not_strict_json_is_refused(void)
{
    static const char early[] = "it ends too early", value[] = "expected a value",
                      number[] = "a number is not as JSON writes it",
                      truth[] = "expected true or false", after[] = "something follows the value",
                      comma_brace[] = "expected a comma or a closing brace",
                      comma_bracket[] = "expected a comma or a closing bracket",
                      key[] = "expected a key in quotes", escape[] = "a string holds a bad escape",
                      control[] = "a string holds a raw control character",
                      utf8[] = "a string is not valid UTF-8";
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", early},
        {"  ", early},
        {"nul", "expected null"},
        {"nulL", "expected null"},
        {"tru", truth},
        {"False", value},
        {"truefalse", after},
        {"NaN", value},
        {"Infinity", value},
        {"-Infinity", number},
        {"\xEF\xBB\xBF[]", value},
        {"'a'", value},
        {"// x\n1", value},
        {"1 2", after},
        {"{}{}", after},
        {"[]]", after},
        {"01", number},
        {"-01", number},
        {"00", number},
        {"+1", value},
        {".5", value},
        {"1.", early},
        {"1.e3", number},
        {"1e", early},
        {"1e+", early},
        {"1e+-3", number},
        {"-", early},
        {"--1", number},
        {"0x10", after},
        {"1,", after},
        {"1_000", after},
        {"[", early},
        {"[1", early},
        {"[1,", early},
        {"[1,]", value},
        {"[,1]", value},
        {"[1 2]", comma_bracket},
        {"[1}", comma_bracket},
        {"[1:2]", comma_bracket},
        {"{", early},
        {"{1:2}", key},
        {"{a:2}", key},
        {"{,}", key},
        {"{\"a\":1,}", key},
        {"{\"a\"}", "expected a colon"},
        {"{\"a\",1}", "expected a colon"},
        {"{\"a\":}", value},
        {"{\"a\":1 \"b\":2}", comma_brace},
        {"{\"a\":1]", comma_brace},
        {"\"", early},
        {"\"a", early},
        {"\"a\\\"", early},
        {"\"\\x41\"", escape},
        {"\"\\'\"", escape},
        {"\"\\U0041\"", escape},
        {"\"\\u004\"", escape},
        {"\"\\u00g0\"", escape},
        {"\"\\ud800\"", escape},
        {"\"\\udc00\"", escape},
        {"\"\\ud800\\ud800\"", escape},
        {"\"\\ud800\\u0041\"", escape},
        {"\"\\ud800\\ue000\"", escape},
        {"\"\\ud800udc00__\"", escape},
        {"\"a\tb\"", control},
        {"\"a\nb\"", control},
        {"\"\x1F\"", control},
        {"\"\x80\"", utf8},
        {"\"\xC3\"", utf8},
        {"\"\xC0\xAF\"", utf8},
        {"\"\xE0\x80\xAF\"", utf8},
        {"\"\xED\xA0\x80\"", utf8},
        {"\"\xF4\x90\x80\x80\"", utf8},
        {"\"\xE2\x82\\u00ac\"", utf8},
        {"{\"\xFF\":1}", utf8},
        {"\xC2\xA0"
         "1",
         value},
        {"1\x0B", after},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_STR(rows[i].text, complaint_about(text_of(rows[i].text)), rows[i].why);
    CHECK_STR("a NUL is no white space", complaint_about(TEXT("1\0")), after);
    CHECK_STR("a NUL is a control character", complaint_about(TEXT("\"\0\"")), control);
    CHECK_STR("absent text", complaint_about(TEXT_ABSENT), early);
}

/* Where words of eight bytes begin and end must make no difference. */
static void every_byte_of_a_string_is_checked_wherever_it_stands(void)
{
    static const struct {
        const char *bytes, *why;
    } rows[] = {{"\x1F", "a string holds a raw control character"},
                {"\x80", "a string is not valid UTF-8"},
                {"\xC3", "a string is not valid UTF-8"},
                {"\\z", "a string holds a bad escape"},
                {"\"", "something follows the value"},
                {"\x7F", NULL},
                {"\xC3\xA9", NULL},
                {"\\n", NULL}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (int before = 0; before < 20; before++) {
            for (int after = 0; after < 20; after++) {
                char text[64];
                snprintf(text, sizeof text, "\"%.*s%s%.*s\"", before, "yyyyyyyyyyyyyyyyyyyyyyyy",
                         rows[row].bytes, after, "zzzzzzzzzzzzzzzzzzzzzzzz");
                CHECK_STR(text, complaint_about(text_of(text)), rows[row].why);
            }
        }
    }
}

static const char page[] =
    "{\"resourceShareInvitations\":[{\"resourceShareInvitationArn\":\"arn:aws:ram:us-east-1:"
    "111122223333:resource-share-invitation/x\",\"resourceShareName\":\"caf\\u00e9 \xF0\x9F\x98"
    "\x80\",\"invitationTimestamp\":1565312166.258,\"resourceShareAssociations\":[],"
    "\"receiverArn\":null,\"status\":\"PENDING\"},{\"a\":[true,false,-1.5e+7,{\"b\":\"\\ud83d"
    "\\ude00\"}]}],\"nextToken\":\"t==\"}";

static void a_text_cut_off_anywhere_is_refused(void)
{
    CHECK_STR("whole", complaint_about(text_of(page)), NULL);
    for (size_t len = 0; len < sizeof page - 1; len++)
        CHECK("cut", complaint_about((struct spurn_text){page, len}) != NULL);
}

static void a_byte_changed_anywhere_never_leads_past_the_end(void)
{
    char copy[sizeof page - 1];
    for (size_t i = 0; i < sizeof copy; i++) {
        for (int byte = 0; byte < 256; byte++) {
            memcpy(copy, page, sizeof copy);
            copy[i] = (char)byte;
            complaint_about((struct spurn_text){copy, sizeof copy});
        }
    }
}

static void a_key_twice_in_one_object_is_refused(void)
{
    static const char twice[] = "an object holds one key twice";
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"{\"a\":1,\"a\":1}", twice},
        {"{\"\":1,\"\":2}", twice},
        {"{\"a\":1,\"\\u0061\":2}", twice},
        {"{\"a\":1,\"b\":{\"c\":{}},\"a\":2}", twice},
        {"{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}", NULL},
        {"{\"x\":{\"b\":1,\"b\":2}}", twice},
        {"[{\"a\":1},{\"a\":1}]", NULL},
        {"{\"a\":1,\"A\":2,\"aa\":3,\"\\u0000\":4,\"a\\u0000\":5}", NULL},
        {"{\"abcd\":1,\"abxd\":2,\"abyd\":3,\"abxd\":4}", twice}, /* alike in length and ends */
        {"{\"abcd\":1,\"abxd\":2,\"abyd\":3,\"abzd\":4}", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_STR(rows[i].text, complaint_about(text_of(rows[i].text)), rows[i].why);
}

/* An object of `count` keys k0, k1 ..., the last holding `inner`. */
static void put_object(struct buf *out, int count, const char *inner)
{
    buf_add_char(out, '{');
    for (int i = 0; i < count; i++)
        buf_addf(out, "%s\"k%d\":%s", i == 0 ? "" : ",", i, i == count - 1 ? inner : "0");
    buf_add_char(out, '}');
}

static void more_keys_than_can_be_remembered_are_refused(void)
{
    static const struct {
        const char *label;
        int inner_count, outer_count;
        const char *why;
    } rows[] = {
        {"as many as can be", 0, JSON_KEYS_MAX, NULL},
        {"one more", 0, JSON_KEYS_MAX + 1, "its objects hold too many keys"},
        {"as many in two open objects", 200, JSON_KEYS_MAX - 200, NULL},
        {"one more in two open objects", 200, JSON_KEYS_MAX - 199,
         "its objects hold too many keys"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf inner, outer;
        buf_init(&inner, 1 << 16);
        buf_init(&outer, 1 << 16);
        put_object(&inner, rows[i].inner_count, "0");
        put_object(&outer, rows[i].outer_count, buf_str(&inner));
        CHECK_STR(rows[i].label, complaint_about(buf_text(&outer)), rows[i].why);
        buf_clear(&outer);
        buf_clear(&inner);
    }
    struct buf many;
    buf_init(&many, 1 << 20);
    buf_add_char(&many, '[');
    for (int i = 0; i < 20; i++) {
        json_put_comma(&many);
        put_object(&many, JSON_KEYS_MAX, "{}");
    }
    buf_add_char(&many, ']');
    CHECK_STR("closed objects do not count", complaint_about(buf_text(&many)), NULL);
    buf_clear(&many);
}

static void nesting_ends_at_the_limit(void)
{
    static const struct {
        const char *label, *open, *close;
        int depth;
        const char *why;
    } rows[] = {
        {"arrays", "[", "]", JSON_DEPTH_MAX, NULL},
        {"too many arrays", "[", "]", JSON_DEPTH_MAX + 1, "it is nested too deep"},
        {"objects", "{\"a\":", "}", JSON_DEPTH_MAX, NULL},
        {"too many objects", "{\"a\":", "}", JSON_DEPTH_MAX + 1, "it is nested too deep"},
        {"a million arrays", "[", "]", 1000000, "it is nested too deep"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf text;
        buf_init(&text, 1 << 24);
        for (int k = 0; k < rows[i].depth; k++)
            buf_add_str(&text, rows[i].open);
        if (rows[i].open[0] == '{')
            buf_add_str(&text, "0");
        for (int k = 0; k < rows[i].depth; k++)
            buf_add_str(&text, rows[i].close);
        CHECK_STR(rows[i].label, complaint_about(buf_text(&text)), rows[i].why);
        buf_clear(&text);
    }
}

static const struct unit_test tests[] = {
    {"strict_json_is_read", strict_json_is_read},
    {"what_is_not_strict_json_is_refused", what_is_not_strict_json_is_refused},
    {"every_byte_of_a_string_is_checked_wherever_it_stands",
     every_byte_of_a_string_is_checked_wherever_it_stands},
    {"a_text_cut_off_anywhere_is_refused", a_text_cut_off_anywhere_is_refused},
    {"a_byte_changed_anywhere_never_leads_past_the_end",
     a_byte_changed_anywhere_never_leads_past_the_end},
    {"a_key_twice_in_one_object_is_refused", a_key_twice_in_one_object_is_refused},
    {"more_keys_than_can_be_remembered_are_refused", more_keys_than_can_be_remembered_are_refused},
    {"nesting_ends_at_the_limit", nesting_ends_at_the_limit},
};

UNIT_MAIN(tests)

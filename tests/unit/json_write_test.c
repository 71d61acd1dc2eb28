/* json_write_test.c - whatever text is given, what is written is strict JSON. */
#include "json.h"

#include "unit.h"

static bool is_strict_json(struct spurn_text text)
{
    struct json j;
    json_init(&j, text, NULL);
    json_skip(&j);
    return json_done(&j);
}

static void text_is_written_so_that_it_reads_back(void)
{
    static const struct {
        struct spurn_text text;
        const char *want;
    } rows[] = {
        {{NULL, 0}, "null"},
        {{"", 0}, "\"\""},
        {{"plain / text", 12}, "\"plain / text\""},
        {{"\"\\\b\f\n\r\t", 7}, "\"\\\"\\\\\\b\\f\\n\\r\\t\""},
        {{"\0\x1b\x1f\x7f", 4}, "\"\\u0000\\u001b\\u001f\\u007f\""},
        {{"\xC3\xA9\xF0\x9F\x98\x80", 6}, "\"\xC3\xA9\xF0\x9F\x98\x80\""},
        {{"\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA", 12},
         "\"\xE2\x80\xA7\\u2028\\u2029\xE2\x80\xAA\""},
        {{"a\xFF\xFE"
          "b",
          4},
         "\"a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b\""},
        {{"\xE2\x80", 2}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {{"\xED\xA0\x80", 3}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out, 1024);
        json_put_text(&out, rows[i].text);
        CHECK_TEXT(rows[i].want, buf_text(&out), text_of(rows[i].want));
        CHECK(rows[i].want, is_strict_json(buf_text(&out)));
        buf_clear(&out);
    }
}

static void any_bytes_are_written_as_strict_json(void)
{
    for (int first = 0; first < 256; first++) {
        for (int second = 0; second < 256; second++) {
            char bytes[] = {'x', (char)first, (char)second, 'y'};
            struct buf out;
            buf_init(&out, 1024);
            json_put_text(&out, (struct spurn_text){bytes, sizeof bytes});
            CHECK(buf_str(&out), is_strict_json(buf_text(&out)));
            buf_clear(&out);
        }
    }
}

static void commas_stand_between_and_nowhere_else(void)
{
    struct buf out;
    buf_init(&out, 1024);
    buf_add_char(&out, '{');
    json_put_key(&out, "a\"b");
    buf_add_char(&out, '[');
    json_put_comma(&out);
    json_put_str(&out, "[");
    json_put_comma(&out);
    json_put_str(&out, NULL);
    buf_add_char(&out, ']');
    json_put_key(&out, "c");
    buf_add_str(&out, "{}}");
    CHECK_STR("", buf_str(&out), "{\"a\\\"b\":[\"[\",null],\"c\":{}}");
    buf_clear(&out);
}

static const struct unit_test tests[] = {
    {"text_is_written_so_that_it_reads_back", text_is_written_so_that_it_reads_back},
    {"any_bytes_are_written_as_strict_json", any_bytes_are_written_as_strict_json},
    {"commas_stand_between_and_nowhere_else", commas_stand_between_and_nowhere_else},
};

UNIT_MAIN(tests)

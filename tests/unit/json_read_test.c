/* json_read_test.c - what each call of the reader gives, and what breaks it. */
#include "json.h"

#include "unit.h"

enum { ARENA_MAX = 1 << 20 };

static void strings_are_what_their_escapes_stand_for(void)
{
    static const struct {
        const char *text;
        struct spurn_text want;
    } rows[] = {
        {"\"\"", {"", 0}},
        {"\"plain\"", {"plain", 5}},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", {"\"\\/\b\f\n\r\t", 8}},
        {"\"\\u0041\\u00e9\\u20AC\\uFFFF\"", {"A\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBF", 9}},
        {"\"\\u007f\\u0080\\u07ff\\u0800\"", {"\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80", 8}},
        {"\"\\ud800\\udc00\\uDBFF\\uDFFF\"", {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8}},
        {"\"a\\u0000b\"", {"a\0b", 3}},
        {"\"\xC3\xA9\\n\xC3\xA9\"", {"\xC3\xA9\n\xC3\xA9", 5}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        struct json j;
        json_init(&j, text_of(rows[i].text), &arena);
        CHECK_TEXT(rows[i].text, json_string(&j), rows[i].want);
        CHECK(rows[i].text, json_done(&j));
        arena_clear(&arena);
    }
}

static void strings_borrow_from_the_input_unless_escaped(void)
{
    static const char text[] = "[\"plain\",\"esc\\u0061ped\",\"skip\\n\"]";
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    struct json j;
    json_init(&j, text_of(text), &arena);
    json_open_array(&j);
    CHECK("first", json_next_item(&j));
    CHECK("borrowed", json_string(&j).at == text + 2);
    CHECK_INT("nothing was taken", (int64_t)arena.used, 0);
    CHECK("second", json_next_item(&j));
    CHECK_TEXT("unescaped", json_string(&j), text_of("escaped"));
    size_t used = arena.used;
    CHECK("third", json_next_item(&j));
    json_skip(&j);
    CHECK_INT("skipping takes nothing", (int64_t)arena.used, (int64_t)used);
    CHECK("no fourth", !json_next_item(&j));
    CHECK("done", json_done(&j));
    arena_clear(&arena);
}

static void an_arena_that_is_full_breaks_the_reader(void)
{
    struct arena arena;
    arena_init(&arena, 4);
    struct json j;
    json_init(&j, text_of("\"too long\\n\""), &arena);
    CHECK("absent", json_string(&j).at == NULL);
    CHECK("not done", !json_done(&j));
    CHECK_STR("why", j.why, "out of memory for its strings");
    arena_clear(&arena);
}

static void whole_numbers_are_exact_or_refused(void)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t want;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"-12", true, -12},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"\"1\"", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json j;
        json_init(&j, text_of(rows[i].text), NULL);
        CHECK_INT(rows[i].text, json_int(&j), rows[i].want);
        CHECK_INT(rows[i].text, json_done(&j), rows[i].fits);
    }
}

static void a_number_keeps_its_digits_as_written(void)
{
    struct json j;
    json_init(&j, text_of(" 1565312166.2580E+0 "), NULL);
    CHECK_TEXT("", json_number(&j), text_of("1565312166.2580E+0"));
    CHECK("done", json_done(&j));
}

static void read_as_object(struct json *j)
{
    json_open_object(j);
}

static void read_as_array(struct json *j)
{
    json_open_array(j);
}

static void read_as_string(struct json *j)
{
    CHECK("absent", json_string(j).at == NULL);
}

static void read_as_string_or_null(struct json *j)
{
    CHECK("absent", json_string_or_null(j).at == NULL);
}

static void read_as_bool(struct json *j)
{
    CHECK("false", !json_bool(j));
}

static void read_as_number(struct json *j)
{
    CHECK("absent", json_number(j).at == NULL);
}

static void a_value_of_another_type_breaks_the_reader(void)
{
    static const struct {
        const char *text;
        void (*read)(struct json *j);
        const char *why;
    } rows[] = {
        {"[]", read_as_object, "expected an object"},
        {"{}", read_as_array, "expected an array"},
        {"1", read_as_string, "expected a string"},
        {"null", read_as_string, "expected a string"},
        {"1", read_as_string_or_null, "expected a string or null"},
        {"nil", read_as_string_or_null, "expected null"},
        {"1", read_as_bool, "expected true or false"},
        {"\"1\"", read_as_number, "expected a number"},
        {" ", read_as_number, "it ends too early"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json j;
        json_init(&j, text_of(rows[i].text), NULL);
        rows[i].read(&j);
        CHECK(rows[i].text, !json_done(&j));
        CHECK_STR(rows[i].text, j.why, rows[i].why);
    }
}

static void a_broken_reader_answers_at_once(void)
{
    struct json j;
    struct spurn_text key = text_of("left over");
    json_init(&j, text_of("[1,{\"a\":2}]"), NULL);
    json_open_array(&j);
    CHECK("one item", json_next_item(&j));
    json_break(&j, "first reason");
    json_break(&j, "second reason");
    CHECK("no item", !json_next_item(&j));
    CHECK("no key", !json_next_key(&j, &key));
    CHECK("key absent", key.at == NULL);
    CHECK_INT("no type", json_peek(&j), JSON_BROKEN);
    json_open_object(&j);
    json_open_array(&j);
    json_skip(&j);
    CHECK("no string", json_string(&j).at == NULL);
    CHECK("no string or null", json_string_or_null(&j).at == NULL);
    CHECK("no number", json_number(&j).at == NULL);
    CHECK_INT("no whole number", json_int(&j), 0);
    CHECK("no truth", !json_bool(&j));
    CHECK("never done", !json_done(&j));
    CHECK_STR("the first reason stays", j.why, "first reason");
    CHECK_INT("and its place", (int64_t)j.why_at, 1);
}

static void read_a_value_twice(struct json *j)
{
    json_next_item(j);
    json_string(j);
    json_string(j);
}

static void leave_a_value_unread(struct json *j)
{
    json_next_item(j);
    json_next_item(j);
}

static void ask_an_array_for_a_key(struct json *j)
{
    struct spurn_text key;
    json_next_key(j, &key);
}

static void read_without_asking_for_an_item(struct json *j)
{
    json_string(j);
}

static void stop_half_way(struct json *j)
{
    json_next_item(j);
    json_skip(j);
}

static void a_container_that_was_not_left_is_not_done(void)
{
    struct json j;
    json_init(&j, text_of("[1"), NULL);
    json_open_array(&j);
    CHECK("an item", json_next_item(&j));
    CHECK_INT("read", json_int(&j), 1);
    CHECK("not done", !json_done(&j));
    CHECK_STR("why", j.why, "it ends too early");
}

static void reading_out_of_turn_is_never_done(void)
{
    static const struct {
        const char *label;
        void (*read)(struct json *j);
    } rows[] = {
        {"a value twice", read_a_value_twice},
        {"a value unread", leave_a_value_unread},
        {"an array's key", ask_an_array_for_a_key},
        {"no item asked for", read_without_asking_for_an_item},
        {"half way", stop_half_way},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json j;
        json_init(&j, text_of("[\"a\",\"b\"]"), NULL);
        json_open_array(&j);
        rows[i].read(&j);
        CHECK(rows[i].label, !json_done(&j));
        CHECK(rows[i].label, j.why != NULL);
    }
}

static const struct unit_test tests[] = {
    {"strings_are_what_their_escapes_stand_for", strings_are_what_their_escapes_stand_for},
    {"strings_borrow_from_the_input_unless_escaped", strings_borrow_from_the_input_unless_escaped},
    {"an_arena_that_is_full_breaks_the_reader", an_arena_that_is_full_breaks_the_reader},
    {"whole_numbers_are_exact_or_refused", whole_numbers_are_exact_or_refused},
    {"a_number_keeps_its_digits_as_written", a_number_keeps_its_digits_as_written},
    {"a_value_of_another_type_breaks_the_reader", a_value_of_another_type_breaks_the_reader},
    {"a_broken_reader_answers_at_once", a_broken_reader_answers_at_once},
    {"a_container_that_was_not_left_is_not_done", a_container_that_was_not_left_is_not_done},
    {"reading_out_of_turn_is_never_done", reading_out_of_turn_is_never_done},
};

UNIT_MAIN(tests)

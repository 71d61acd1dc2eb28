/* buf_test.c - borrowed text, bytes that grow up to a limit, and an arena for what lives and dies together. */
#include "buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory_case.h"

/* ---- struct spurn_text ---- */

static void absent_text_equals_only_absent_text(void)
{
    CHECK("absent", text_equal(TEXT_ABSENT, text_of(NULL)));
    CHECK("empty is not absent", !text_equal(text_of(""), TEXT_ABSENT));
    CHECK("nor the other way", !text_equal(TEXT_ABSENT, text_of("")));
    CHECK("empty", text_equal(text_of(""), text_of("")));
    CHECK("absent is no word", !text_is(TEXT_ABSENT, ""));
    CHECK("in no letter case", !text_is_nocase(TEXT_ABSENT, ""));
    CHECK("absent starts with nothing", !text_starts(TEXT_ABSENT, ""));
}

static void text_is_compared_to_its_last_byte(void)
{
    static const struct {
        const char *a, *b;
        bool same, same_nocase, starts;
    } rows[] = {
        {"", "", true, true, true},
        {"a", "", false, false, true},
        {"abc", "abc", true, true, true},
        {"abc", "abd", false, false, false},
        {"abc", "ab", false, false, true},
        {"ab", "abc", false, false, false},
        {"PENDING", "Pending", false, true, false},
        {"[", "{", false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].a, text_is(text_of(rows[i].a), rows[i].b), rows[i].same);
        CHECK_INT(rows[i].a, text_is_nocase(text_of(rows[i].a), rows[i].b), rows[i].same_nocase);
        CHECK_INT(rows[i].a, text_starts(text_of(rows[i].a), rows[i].b), rows[i].starts);
    }
    CHECK("a NUL counts", !text_is((struct spurn_text){"a\0", 2}, "a"));
    CHECK("and so does what follows it",
          !text_equal((struct spurn_text){"a\0b", 3}, (struct spurn_text){"a\0c", 3}));
}

static void only_digits_are_digits(void)
{
    static const struct {
        const char *text;
        bool want;
    } rows[] = {{"012345678901", true}, {"0", true},   {"", false},   {NULL, false},
                {"12a", false},         {"-1", false}, {"1 ", false}, {"\xD9\xA1", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].text == NULL ? "absent" : rows[i].text,
                  text_all_digits(text_of(rows[i].text)), rows[i].want);
}

/* The borders of each length, and of what is left out of it (RFC 3629). */
static void valid_utf8_ends_where_the_first_bad_sequence_begins(void)
{
    static const struct {
        const char *text;
        size_t want;
    } rows[] = {
        {"", 0},
        {"plain", 5},
        {"\x7F", 1},
        {"\xC2\x80\xDF\xBF", 4},
        {"\xE0\xA0\x80\xEF\xBF\xBF", 6},
        {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8},
        {"\xED\x9F\xBF\xEE\x80\x80", 6},
        {"a\x80", 1},
        {"a\xBF", 1},
        {"ab\xC0\x80", 2},
        {"\xC1\xBF", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xED\xA0\x80", 0},
        {"\xED\xBF\xBF", 0},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xF8\x88\x80\x80\x80", 0},
        {"\xFE", 0},
        {"\xFF", 0},
        {"\xC3\xA9\xC3", 2},
        {"\xC3\xA9\xE2\x82", 2},
        {"\xC3\xA9\xF0\x9F\x98", 2},
        {"\xC3(", 0},
        {"\xE2\x82(", 0},
        {"\xF0\x9F\x98(", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].text, (int64_t)text_utf8_len(text_of(rows[i].text)),
                  (int64_t)rows[i].want);
    CHECK_INT("a NUL is a character", (int64_t)text_utf8_len((struct spurn_text){"a\0b", 3}), 3);
    CHECK_INT("absent", (int64_t)text_utf8_len(TEXT_ABSENT), 0);
}

static void text_prints_by_its_length(void)
{
    char out[16];
    snprintf(out, sizeof out, "%.*s|", TEXT_ARG(((struct spurn_text){"abcdef", 3})));
    CHECK_STR("counted", out, "abc|");
    snprintf(out, sizeof out, "%.*s|", TEXT_ARG(TEXT_ABSENT));
    CHECK_STR("absent", out, "|");
}

/* ---- struct buf ---- */

static void a_buf_holds_what_was_added_in_a_row(void)
{
    struct buf b;
    buf_init(&b, 1024);
    CHECK_STR("empty", buf_str(&b), "");
    CHECK_TEXT("empty", buf_text(&b), text_of(""));
    buf_add(&b, "ab", 2);
    buf_add_char(&b, 'c');
    buf_add_str(&b, "de");
    buf_add_text(&b, (struct spurn_text){"fgh", 2});
    buf_add_text(&b, TEXT_ABSENT);
    buf_addf(&b, "%d%s", 12, "");
    CHECK_STR("all of it", buf_str(&b), "abcdefg12");
    CHECK_INT("length", (int64_t)b.len, 9);
    CHECK("well", !b.failed);
    buf_clear(&b);
}

static void a_buf_grows_to_its_limit_and_fails_past_it(void)
{
    static const size_t limits[] = {0, 1, 63, 64, 65, 1000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct buf b;
        buf_init(&b, limits[i]);
        for (size_t k = 0; k < limits[i]; k++)
            buf_add_char(&b, 'x');
        CHECK("at the limit", !b.failed);
        buf_add(&b, "", 0);
        CHECK("nothing still fits", !b.failed);
        buf_add_char(&b, 'y');
        CHECK("past it", b.failed);
        CHECK_INT("kept", (int64_t)strlen(buf_str(&b)), (int64_t)limits[i]);
        buf_clear(&b);
    }
}

static void a_failed_buf_takes_nothing_more(void)
{
    struct buf b;
    buf_init(&b, 4);
    buf_add_str(&b, "ab");
    buf_add_str(&b, "cde");
    CHECK("failed", b.failed);
    buf_add_char(&b, 'c');
    buf_addf(&b, "%d", 1);
    CHECK_STR("as it was", buf_str(&b), "ab");
    CHECK("no room", buf_room(&b, 1) == NULL);
    CHECK("nothing to take", buf_take(&b) == NULL);
    CHECK("empty then", b.data == NULL && b.len == 0 && !b.failed);
}

static void a_reset_buf_starts_anew_in_the_same_memory(void)
{
    struct buf b;
    buf_init(&b, 4);
    buf_add_str(&b, "abcd");
    const char *data = b.data;
    buf_add_char(&b, 'e');
    buf_reset(&b);
    CHECK("no failure", !b.failed);
    CHECK_STR("empty", buf_str(&b), "");
    buf_add_str(&b, "fg");
    CHECK("the same memory", b.data == data);
    CHECK_STR("anew", buf_str(&b), "fg");
    buf_clear(&b);
    buf_reset(&b);
    CHECK_STR("resetting nothing", buf_str(&b), "");
}

static void what_is_written_into_room_counts_once_len_is_raised(void)
{
    struct buf b;
    buf_init(&b, 100);
    buf_add_str(&b, "ab");
    char *room = buf_room(&b, 50);
    memcpy(room, "cd", 2);
    b.len += 2;
    buf_add_char(&b, 'e');
    CHECK_STR("joined", buf_str(&b), "abcde");
    CHECK("not past the limit", buf_room(&b, 96) == NULL);
    buf_clear(&b);
}

static void taken_bytes_belong_to_the_taker(void)
{
    struct buf b;
    buf_init(&b, 100);
    char *empty = buf_take(&b);
    CHECK_STR("nothing added", empty, "");
    buf_add_str(&b, "ab");
    char *taken = buf_take(&b);
    CHECK_STR("taken", taken, "ab");
    CHECK("empty after", b.data == NULL && b.len == 0);
    CHECK_INT("the limit stays", (int64_t)b.max, 100);
    free(taken);
    free(empty);
}

/* ---- struct arena ---- */

static void an_arena_gives_zeroed_aligned_memory_that_stays_in_place(void)
{
    enum { COUNT = 5000 };
    static const size_t lengths[] = {1, 0, 33, 7, 200, 100000};
    unsigned char *kept[COUNT];
    size_t kept_len[COUNT], bad = 0;
    struct arena a;
    arena_init(&a, SIZE_MAX / 2);
    for (size_t i = 0; i < COUNT; i++) {
        size_t len = i % 100 == 0 ? lengths[5] : lengths[i % 5];
        kept[i] = arena_alloc(&a, len);
        kept_len[i] = len;
        bad += kept[i] == NULL || (uintptr_t)kept[i] % _Alignof(max_align_t) != 0;
        for (size_t k = 0; k < len; k++)
            bad += kept[i][k] != 0;
        memset(kept[i], (int)(i % 255 + 1), len);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < kept_len[i]; k++)
            bad += kept[i][k] != i % 255 + 1;
    CHECK_INT("bytes that are not as they should be", (int64_t)bad, 0);
    arena_clear(&a);
}

static void an_arena_ends_at_its_limit(void)
{
    struct arena a;
    arena_init(&a, 100);
    CHECK("too much at once", arena_alloc(&a, 101) == NULL);
    CHECK("far too much", arena_alloc(&a, SIZE_MAX) == NULL);
    CHECK("most of it", arena_alloc(&a, 60) != NULL);
    CHECK("more than is left", arena_alloc(&a, 41) == NULL);
    CHECK("what is left", arena_alloc(&a, 40) != NULL);
    CHECK("nothing is left", arena_alloc(&a, 1) == NULL);
    arena_clear(&a);
    CHECK("anew", arena_alloc(&a, 100) != NULL);
    arena_clear(&a);
}

static void an_arena_that_is_reset_can_be_filled_again(void)
{
    struct arena a;
    arena_init(&a, 300000);
    arena_reset(&a);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 3; i++) {
            char *at = arena_alloc(&a, 100000);
            CHECK("it fits", at != NULL);
            CHECK("zeroed again", at != NULL && at[0] == 0 && at[99999] == 0);
            if (at != NULL)
                memset(at, 'x', 100000);
        }
        arena_reset(&a);
        CHECK_INT("nothing is used", (int64_t)a.used, 0);
    }
    arena_clear(&a);
}

static void a_copy_ends_with_a_nul_and_absent_stays_absent(void)
{
    struct arena a;
    bool ok = true;
    arena_init(&a, 10);
    struct spurn_text copy = arena_copy(&a, (struct spurn_text){"a\0bcd", 4}, &ok);
    CHECK_TEXT("counted", copy, ((struct spurn_text){"a\0bc", 4}));
    CHECK_INT("its NUL", copy.at[4], 0);
    CHECK("absent", arena_copy(&a, TEXT_ABSENT, &ok).at == NULL && ok);
    CHECK("empty", arena_copy(&a, text_of(""), &ok).at != NULL && ok);
    CHECK("too long", arena_copy(&a, text_of("abcd"), &ok).at == NULL);
    CHECK("and it says so", !ok);
    arena_clear(&a);
}

/* ---- with care for what they hold ---- */

enum { KINDS = 2 };

static const struct {
    const char *name;
    void (*init_buf)(struct buf *b, size_t max);
    void (*init_arena)(struct arena *a, size_t max);
    bool may_be_dumped;
} kinds[KINDS] = {{"wiped", buf_init_wiped, arena_init_wiped, true},
                  {"secret", buf_init_secret, arena_init_secret, false}};

static void a_careful_buf_leaves_nothing_behind_where_it_grew_and_when_it_is_done(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct buf b;
        kinds[i].init_buf(&b, 1000000);
        memory_case_secret(buf_room(&b, MASKED_LEN));
        b.len += MASKED_LEN;
        for (int k = 0; k < 20000; k++)
            buf_add_str(&b, "more");
        CHECK_INT(kinds[i].name, (int64_t)b.len, MASKED_LEN + 80000);
        CHECK(kinds[i].name, memory_case_is_here(b.data));
        CHECK_INT("it grew, and is in one place", memory_case_count(false), 1);
        CHECK_INT(kinds[i].name, memory_case_count(true), kinds[i].may_be_dumped);
        buf_reset(&b);
        CHECK_INT("reset", memory_case_count(false), 0);
        CHECK_STR("and empty", buf_str(&b), "");
        memory_case_secret(buf_room(&b, MASKED_LEN));
        b.len += MASKED_LEN;
        buf_clear(&b);
        CHECK_INT("cleared", memory_case_count(false), 0);
        CHECK("usable again", buf_room(&b, 10) != NULL);
        buf_clear(&b);
    }
}

static void a_careful_buf_has_a_limit_like_any_other_and_gives_nothing_away(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct buf b;
        kinds[i].init_buf(&b, 5000);
        for (int k = 0; k < 5000; k++)
            buf_add_char(&b, 'x');
        CHECK(kinds[i].name, !b.failed);
        CHECK_INT("NUL-terminated", (int64_t)strlen(buf_str(&b)), 5000);
        buf_add_char(&b, 'y');
        CHECK(kinds[i].name, b.failed);
        buf_reset(&b);
        buf_add_str(&b, "z");
        CHECK("nobody may free it with free()", buf_take(&b) == NULL);
        CHECK("empty then", b.data == NULL && b.len == 0 && !b.failed);
        buf_clear(&b);
    }
}

static void a_careful_arena_leaves_nothing_behind(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct arena a;
        bool ok = true;
        kinds[i].init_arena(&a, 1000000);
        memory_case_secret(arena_alloc(&a, MASKED_LEN));
        CHECK("a block of its own", arena_alloc(&a, 200000) != NULL);
        struct spurn_text kept = arena_copy(&a, (struct spurn_text){"anything", 8}, &ok);
        memory_case_secret((char *)arena_alloc(&a, MASKED_LEN));
        CHECK("", ok && kept.len == 8);
        CHECK_INT(kinds[i].name, memory_case_count(false), 2);
        CHECK_INT(kinds[i].name, memory_case_count(true), kinds[i].may_be_dumped ? 2 : 0);
        arena_reset(&a);
        CHECK_INT("reset", memory_case_count(false), 0);
        memory_case_secret(arena_alloc(&a, MASKED_LEN));
        arena_clear(&a);
        CHECK_INT("cleared", memory_case_count(false), 0);
    }
}

static const struct unit_test tests[] = {
    {"absent_text_equals_only_absent_text", absent_text_equals_only_absent_text},
    {"text_is_compared_to_its_last_byte", text_is_compared_to_its_last_byte},
    {"only_digits_are_digits", only_digits_are_digits},
    {"valid_utf8_ends_where_the_first_bad_sequence_begins",
     valid_utf8_ends_where_the_first_bad_sequence_begins},
    {"text_prints_by_its_length", text_prints_by_its_length},
    {"a_buf_holds_what_was_added_in_a_row", a_buf_holds_what_was_added_in_a_row},
    {"a_buf_grows_to_its_limit_and_fails_past_it", a_buf_grows_to_its_limit_and_fails_past_it},
    {"a_failed_buf_takes_nothing_more", a_failed_buf_takes_nothing_more},
    {"a_reset_buf_starts_anew_in_the_same_memory", a_reset_buf_starts_anew_in_the_same_memory},
    {"what_is_written_into_room_counts_once_len_is_raised",
     what_is_written_into_room_counts_once_len_is_raised},
    {"taken_bytes_belong_to_the_taker", taken_bytes_belong_to_the_taker},
    {"an_arena_gives_zeroed_aligned_memory_that_stays_in_place",
     an_arena_gives_zeroed_aligned_memory_that_stays_in_place},
    {"an_arena_ends_at_its_limit", an_arena_ends_at_its_limit},
    {"an_arena_that_is_reset_can_be_filled_again", an_arena_that_is_reset_can_be_filled_again},
    {"a_copy_ends_with_a_nul_and_absent_stays_absent",
     a_copy_ends_with_a_nul_and_absent_stays_absent},
    {"a_careful_buf_leaves_nothing_behind_where_it_grew_and_when_it_is_done",
     a_careful_buf_leaves_nothing_behind_where_it_grew_and_when_it_is_done},
    {"a_careful_buf_has_a_limit_like_any_other_and_gives_nothing_away",
     a_careful_buf_has_a_limit_like_any_other_and_gives_nothing_away},
    {"a_careful_arena_leaves_nothing_behind", a_careful_arena_leaves_nothing_behind},
};

UNIT_MAIN(tests)

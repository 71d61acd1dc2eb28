/* set_test.c - a set holds what was added and nothing else, in the order it came. */
#include "match/set.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static void what_was_added_is_in_it_and_nothing_else(void)
{
    static const struct {
        struct spurn_text item;
        bool added;
    } rows[] = {
        {{"111122223333", 12}, true}, {{"012345678901", 12}, true}, {{"", 0}, true},
        {{"a\0b", 3}, true},          {{"12345678901", 11}, false}, {{"a", 1}, false},
        {{"a\0c", 3}, false},         {{"A\0b", 3}, false},         {{NULL, 0}, false},
    };
    struct set *s = set_open();
    CHECK("an empty set has nothing", !set_has(s, text_of("")));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].added)
            CHECK("added", set_add(s, rows[i].item));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].item.at == NULL ? "absent" : rows[i].item.at, set_has(s, rows[i].item),
                  rows[i].added);
    CHECK_INT("count", (int64_t)set_count(s), 4);
    set_close(s);
}

static void adding_twice_or_nothing_changes_nothing(void)
{
    struct set *s = set_open();
    CHECK("once", set_add(s, text_of("a")));
    CHECK("twice", set_add(s, text_of("a")));
    CHECK("absent", set_add(s, TEXT_ABSENT));
    CHECK_INT("count", (int64_t)set_count(s), 1);
    set_close(s);
    set_close(NULL);
}

static void it_keeps_copies_in_the_order_first_added(void)
{
    char text[] = "first";
    struct set *s = set_open();
    CHECK("first", set_add(s, text_of(text)));
    memcpy(text, "other", sizeof text);
    CHECK("second", set_add(s, text_of("second")));
    CHECK("first again", set_add(s, text_of("first")));
    CHECK_TEXT("first", set_item(s, 0), text_of("first"));
    CHECK_TEXT("second", set_item(s, 1), text_of("second"));
    CHECK_TEXT("past the end", set_item(s, 2), TEXT_ABSENT);
    CHECK_INT("of the second", (int64_t)set_index(s, text_of("second")), 1);
    CHECK("of another", set_index(s, text_of("third")) == SIZE_MAX);
    CHECK("of nothing", set_index(s, TEXT_ABSENT) == SIZE_MAX);
    set_close(s);
}

static void a_million_ids_are_told_apart(void)
{
    enum { COUNT = 1000000 };
    char id[13];
    size_t missing = 0, wrong = 0;
    struct set *s = set_open();
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof id, "%012d", i * 2);
        missing += !set_add(s, text_of(id));
    }
    for (int i = 0; i < COUNT * 2; i++) {
        snprintf(id, sizeof id, "%012d", i);
        wrong += set_has(s, text_of(id)) != (i % 2 == 0);
    }
    CHECK_INT("not added", (int64_t)missing, 0);
    CHECK_INT("answered wrongly", (int64_t)wrong, 0);
    CHECK_INT("count", (int64_t)set_count(s), COUNT);
    CHECK_TEXT("the last", set_item(s, COUNT - 1), text_of("000001999998"));
    set_close(s);
}

static const struct unit_test tests[] = {
    {"what_was_added_is_in_it_and_nothing_else", what_was_added_is_in_it_and_nothing_else},
    {"adding_twice_or_nothing_changes_nothing", adding_twice_or_nothing_changes_nothing},
    {"it_keeps_copies_in_the_order_first_added", it_keeps_copies_in_the_order_first_added},
    {"a_million_ids_are_told_apart", a_million_ids_are_told_apart},
};

UNIT_MAIN(tests)

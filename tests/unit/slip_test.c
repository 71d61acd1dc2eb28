/* slip_test.c - the word that was meant is named, and one that was not is not. */
#include "slip.h"

#include "unit.h"

static void a_letter_changed_added_dropped_or_swapped_is_one_slip(void)
{
    static const struct {
        const char *a, *b;
        size_t want;
    } rows[] = {
        {"", "", 0},
        {"prod", "prod", 0},
        {"prod", "PROD", 0},
        {"prod", "prdo", 1},
        {"PROD", "prdo", 1},
        {"prod", "prad", 1},
        {"prod", "pro", 1},
        {"prod", "prods", 1},
        {"", "abc", 3},
        {"us-esat-1", "us-east-1", 1},
        {"us-east-1", "us-west-2", 3},
        {"us-east-1", "cn-hangzhou", 9},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "x", SLIP_LEN_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].a, slip_distance(text_of(rows[i].a), text_of(rows[i].b)), rows[i].want);
        CHECK_INT(rows[i].b, slip_distance(text_of(rows[i].b), text_of(rows[i].a)), rows[i].want);
    }
}

static void the_nearest_word_is_meant_unless_it_is_far(void)
{
    static const char *const words[] = {"prod", "dev", "development", "pro", NULL};
    static const struct {
        const char *written, *meant; /* NULL: none */
    } rows[] = {
        {"prdo", "prod"},
        {"PROD", "prod"},
        {"dve", "dev"},
        {"pro", "pro"},
        {"prox", "prod"},
        {"developmint", "development"},
        {"px", NULL},
        {"production", NULL},
        {"", NULL},
        {"stage", NULL},
        {"devlopmnt", "development"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slip slip = {.written = text_of(rows[i].written)};
        for (size_t k = 0; words[k] != NULL; k++)
            slip_consider(&slip, text_of(words[k]));
        CHECK_TEXT(rows[i].written, slip.meant, text_of(rows[i].meant));
    }
}

static const struct unit_test tests[] = {
    {"a_letter_changed_added_dropped_or_swapped_is_one_slip",
     a_letter_changed_added_dropped_or_swapped_is_one_slip},
    {"the_nearest_word_is_meant_unless_it_is_far", the_nearest_word_is_meant_unless_it_is_far},
};

UNIT_MAIN(tests)

/* http_memory_test.c - the memory that libcurl works in: what a secret fits in is in no core dump, and nothing stays behind. */
#include "http/memory.h"
#include "memory_case.h"

enum { FILLED_FROM = 24 };

static void what_may_hold_a_secret_is_in_no_core_dump_and_gone_when_released(void)
{
    static const size_t lens[] = {256, 512, 16 * 1024, 70 * 1024};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        char *memory = memory_alloc(lens[i]);
        if (!CHECK("memory", memory != NULL))
            return;
        memory_case_secret(memory + lens[i] - MASKED_LEN);
        CHECK_INT("it is there", memory_case_count(false), 1);
        CHECK_INT("and in no core dump", memory_case_count(true), 0);
        memory_free(memory);
        CHECK_INT("and gone", memory_case_count(false), 0);
    }
}

static void what_grows_or_shrinks_leaves_nothing_where_it_was(void)
{
    static const size_t lens[] = {64, 100, 255, 256, 400, 100 * 1024, 300, 255, 64};
    char *memory = memory_alloc_zeroed(1, lens[0]);
    if (!CHECK("memory", memory != NULL))
        return;
    memory_case_secret(memory + FILLED_FROM);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        memory = memory_resize(memory, lens[i]);
        if (!CHECK("memory", memory != NULL))
            return;
        CHECK("it came along", memory_case_is_here(memory + FILLED_FROM));
        CHECK_INT("and is in one place", memory_case_count(false), 1);
        memset(memory + FILLED_FROM + MASKED_LEN, 'x', lens[i] - FILLED_FROM - MASKED_LEN);
    }
    memory_free(memory);
    CHECK_INT("and gone", memory_case_count(false), 0);
}

static void nothing_too_much_and_copies_are_as_the_c_library_has_them(void)
{
    static const char zeros[1000];
    memory_free(NULL);
    CHECK("", memory_alloc(SIZE_MAX) == NULL);
    CHECK("", memory_alloc_zeroed(SIZE_MAX / 2, 3) == NULL);
    char *copy = memory_copy("a text"), *zeroed = memory_alloc_zeroed(10, 100);
    char *fresh = memory_resize(NULL, 10);
    CHECK("", copy != NULL && strcmp(copy, "a text") == 0);
    CHECK("", zeroed != NULL && memcmp(zeroed, zeros, sizeof zeros) == 0);
    CHECK("", fresh != NULL);
    memory_free(copy);
    memory_free(zeroed);
    memory_free(fresh);
}

static const struct unit_test tests[] = {
    {"what_may_hold_a_secret_is_in_no_core_dump_and_gone_when_released",
     what_may_hold_a_secret_is_in_no_core_dump_and_gone_when_released},
    {"what_grows_or_shrinks_leaves_nothing_where_it_was",
     what_grows_or_shrinks_leaves_nothing_where_it_was},
    {"nothing_too_much_and_copies_are_as_the_c_library_has_them",
     nothing_too_much_and_copies_are_as_the_c_library_has_them},
};

UNIT_MAIN(tests)

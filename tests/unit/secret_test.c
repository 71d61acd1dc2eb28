/* secret_test.c - memory for secrets is in no core dump, and what was in it is nowhere afterwards. */
#include "secret.h"

#include "memory_case.h"

static bool is_dumped(const void *address)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    struct memory_mapping mapping = {0, 0, false, true};
    uintptr_t at = (uintptr_t)address;
    bool found = false;
    while (maps != NULL && !found && memory_case_next(maps, &mapping))
        found = mapping.from <= at && at < mapping.to;
    CHECK("its mapping is known", found);
    if (maps != NULL)
        fclose(maps);
    return mapping.is_dumped;
}

static void memory_for_secrets_is_in_no_core_dump(void)
{
    static const size_t lengths[] = {1, 4096, 4097, 100000};
    char plain = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *memory = secret_alloc(lengths[i]);
        if (!CHECK("", memory != NULL))
            continue;
        CHECK("its first byte", !is_dumped(memory));
        CHECK("its last byte", !is_dumped(memory + lengths[i] - 1));
        secret_free(memory, lengths[i]);
    }
    CHECK("other memory is", is_dumped(&plain));
}

static void memory_for_secrets_is_zeroed_and_ones_own(void)
{
    enum { LEN = 10000 };
    char *memory = secret_alloc(LEN), *other = secret_alloc(LEN);
    if (CHECK("", memory != NULL && other != NULL)) {
        size_t set = 0;
        for (size_t i = 0; i < LEN; i++)
            set += memory[i] != 0;
        CHECK_INT("", (int64_t)set, 0);
        memset(memory, 'x', LEN);
        CHECK_INT("", other[0], 0);
    }
    secret_free(other, LEN);
    secret_free(memory, LEN);
    secret_free(NULL, LEN);
}

static void nothing_and_far_too_much_can_be_asked_for(void)
{
    void *nothing = secret_alloc(0);
    CHECK("", nothing != NULL);
    secret_free(nothing, 0);
    CHECK("", secret_alloc(SIZE_MAX / 2) == NULL);
    secret_wipe(NULL, 0);
}

static void a_wiped_secret_is_gone(void)
{
    static const char zeros[6];
    char secret[] = "hidden";
    secret_wipe(secret, 6);
    CHECK("", memcmp(secret, zeros, 6) == 0);
}

/* Shows that what the others look for would be found. */
static void the_search_finds_a_secret_in_either_kind_of_memory(void)
{
    char *memory = secret_alloc(MASKED_LEN), plain[MASKED_LEN];
    if (!CHECK("", memory != NULL))
        return;
    CHECK_INT("before", memory_case_count(false), 0);
    memory_case_secret(memory);
    CHECK_INT("in memory for secrets", memory_case_count(false), 1);
    CHECK_INT("which is in no core dump", memory_case_count(true), 0);
    memory_case_secret(plain);
    CHECK_INT("on the stack", memory_case_count(false), 2);
    CHECK_INT("which is", memory_case_count(true), 1);
    secret_wipe(plain, sizeof plain);
    secret_free(memory, MASKED_LEN);
    CHECK_INT("after", memory_case_count(false), 0);
}

static const struct unit_test tests[] = {
    {"memory_for_secrets_is_in_no_core_dump", memory_for_secrets_is_in_no_core_dump},
    {"memory_for_secrets_is_zeroed_and_ones_own", memory_for_secrets_is_zeroed_and_ones_own},
    {"nothing_and_far_too_much_can_be_asked_for", nothing_and_far_too_much_can_be_asked_for},
    {"a_wiped_secret_is_gone", a_wiped_secret_is_gone},
    {"the_search_finds_a_secret_in_either_kind_of_memory",
     the_search_finds_a_secret_in_either_kind_of_memory},
};

UNIT_MAIN(tests)

/* http_memory_test.c - the memory that libcurl works in: what a secret fits in is in no core dump, and nothing stays behind. */
#include "http/memory.h"

#include <pthread.h>
#include <stdlib.h>

#include "memory_case.h"

enum { FILLED_FROM = 24 };

static void what_may_hold_a_secret_is_in_no_core_dump_and_gone_when_released(void)
{
    static const size_t lens[] = {MASKED_LEN, 100, 256, 512, 16 * 1024, 70 * 1024};
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

/* ---- pieces that serve again ---- */

static bool is_all(const char *memory, size_t len, char c)
{
    for (size_t i = 0; i < len; i++)
        if (memory[i] != c)
            return false;
    return true;
}

/* The bytes in mappings that are in no core dump. */
static size_t undumped_len(void)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    struct memory_mapping mapping = {0, 0, false, true};
    size_t len = 0;
    while (maps != NULL && memory_case_next(maps, &mapping))
        len += mapping.is_dumped ? 0 : mapping.to - mapping.from;
    CHECK("the mappings were read", maps != NULL);
    if (maps != NULL)
        fclose(maps);
    return len;
}

static void every_size_is_aligned_whole_and_zero_also_when_it_serves_again(void)
{
    enum { LEN_MAX = 66 * 1024 };
    void *held = memory_alloc(1); /* else all would go back to the system each time */
    for (size_t len = 0; len < LEN_MAX; len += len < 300 ? 1 : 37) {
        char *first = memory_alloc(len);
        if (!CHECK("memory", first != NULL))
            break;
        CHECK_INT("aligned", (int64_t)((uintptr_t)first % _Alignof(max_align_t)), 0);
        CHECK("zero", is_all(first, len, 0));
        memset(first, 'x', len);
        memory_free(first);
        char *again = memory_alloc(len);
        CHECK("zero again", again != NULL && is_all(again, len, 0));
        memory_free(again);
    }
    memory_free(held);
}

static void what_was_given_back_serves_again(void)
{
    void *held = memory_alloc(1);
    for (size_t len = 1; len < 60 * 1024; len = len * 3 + 1) {
        char *first = memory_alloc(len);
        memory_free(first);
        char *again = memory_alloc(len);
        CHECK("the same place", again == first);
        memory_free(again);
    }
    size_t before_len = undumped_len();
    for (int i = 0; i < 10000; i++)
        memory_free(memory_alloc((size_t)i % 60000));
    CHECK_INT("not one page more", (int64_t)undumped_len(), (int64_t)before_len);
    memory_free(held);
}

static void when_nothing_is_in_use_all_is_the_systems_again(void)
{
    enum { COUNT = 100 };
    void *pieces[COUNT];
    size_t before_len = undumped_len();
    for (size_t i = 0; i < COUNT; i++)
        pieces[i] = memory_alloc(i * 700);
    CHECK("it is somewhere", undumped_len() >= before_len + COUNT * (COUNT - 1) / 2 * 700);
    for (size_t i = 0; i < COUNT; i++)
        memory_free(pieces[i]);
    CHECK_INT("and gone", (int64_t)undumped_len(), (int64_t)before_len);
}

/* ---- beside a model: each piece is full of a letter of its own ---- */

enum { PIECES = 64, STEPS = 20000 };

struct user {
    uint32_t random;
    const char *problem; /* the first; NULL: none */
    struct {
        char *at;
        size_t len;
        char letter;
    } pieces[PIECES];
};

static uint32_t draw(struct user *u, uint32_t below)
{
    u->random = u->random * 1664525 + 1013904223;
    return (u->random >> 8) % below;
}

/* As often short as long: up to 128 KiB. */
static size_t draw_len(struct user *u)
{
    return draw(u, 1u << draw(u, 18));
}

static void expect(struct user *u, bool holds, const char *problem)
{
    if (!holds && u->problem == NULL)
        u->problem = problem;
}

static void take_or_give(struct user *u, size_t i)
{
    size_t len = draw_len(u), old_len = u->pieces[i].len, kept_len = len < old_len ? len : old_len;
    bool grows_or_shrinks = u->pieces[i].at != NULL && draw(u, 2) == 0;
    expect(u, is_all(u->pieces[i].at, old_len, u->pieces[i].letter), "somebody else wrote there");
    if (u->pieces[i].at != NULL && !grows_or_shrinks) {
        memory_free(u->pieces[i].at);
        u->pieces[i].at = NULL;
        u->pieces[i].len = 0;
        return;
    }
    char *at = grows_or_shrinks ? memory_resize(u->pieces[i].at, len) : memory_alloc(len);
    expect(u, at != NULL, "no memory");
    if (at == NULL)
        return;
    expect(u, is_all(at, kept_len, u->pieces[i].letter), "what was there did not come along");
    expect(u, is_all(at + kept_len, len - kept_len, 0), "what is new is not zero");
    u->pieces[i].at = at;
    u->pieces[i].len = len;
    u->pieces[i].letter = (char)('a' + draw(u, 26));
    memset(at, u->pieces[i].letter, len);
}

static void *use(void *context)
{
    struct user *u = context;
    for (int step = 0; step < STEPS; step++)
        take_or_give(u, draw(u, PIECES));
    for (size_t i = 0; i < PIECES; i++)
        memory_free(u->pieces[i].at);
    return NULL;
}

static void each_of_many_threads_has_its_pieces_to_itself(void)
{
    enum { THREADS = 4 };
    static struct user users[THREADS];
    pthread_t threads[THREADS];
    size_t before_len = undumped_len(), started = 0;
    for (; started < THREADS; started++) {
        users[started].random = (uint32_t)started;
        if (pthread_create(&threads[started], NULL, use, &users[started]) != 0)
            break;
    }
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        CHECK_STR("", users[i].problem, NULL);
    }
    CHECK_INT("all ran", (int64_t)started, THREADS);
    CHECK_INT("and nothing is left", (int64_t)undumped_len(), (int64_t)before_len);
}

/* ---- as the C library has them ---- */

static void nothing_too_much_and_copies_are_as_the_c_library_has_them(void)
{
    static const char zeros[1000];
    memory_free(NULL);
    CHECK("", memory_alloc(SIZE_MAX) == NULL);
    CHECK("", memory_alloc(SIZE_MAX - sizeof(max_align_t)) == NULL);
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
    {"every_size_is_aligned_whole_and_zero_also_when_it_serves_again",
     every_size_is_aligned_whole_and_zero_also_when_it_serves_again},
    {"what_was_given_back_serves_again", what_was_given_back_serves_again},
    {"when_nothing_is_in_use_all_is_the_systems_again",
     when_nothing_is_in_use_all_is_the_systems_again},
    {"each_of_many_threads_has_its_pieces_to_itself",
     each_of_many_threads_has_its_pieces_to_itself},
    {"nothing_too_much_and_copies_are_as_the_c_library_has_them",
     nothing_too_much_and_copies_are_as_the_c_library_has_them},
};

UNIT_MAIN(tests)

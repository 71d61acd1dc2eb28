/* globs_test.c - many globs at once mean what each means alone, at a price that is known beforehand. */
#include "match/globs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/glob.h"
#include "unit.h"

enum { PLENTY = 1000000, GLOBS_MAX = 400, TEXT_MAX = 64 };

/* What one glob after the other says. */
struct reference {
    struct globs *globs;
    size_t count;
    struct {
        int group;
        char at[TEXT_MAX];
        size_t len;
    } rows[GLOBS_MAX];
};

static void begin(struct reference *r)
{
    r->globs = globs_open();
    r->count = 0;
    CHECK("open", r->globs != NULL);
}

static void end(struct reference *r)
{
    globs_close(r->globs);
}

static void add(struct reference *r, int group, const char *glob, size_t len)
{
    CHECK("room", r->count < GLOBS_MAX && len <= TEXT_MAX);
    r->rows[r->count].group = group;
    r->rows[r->count].len = len;
    memcpy(r->rows[r->count].at, glob, len);
    r->count++;
    CHECK("add", globs_add(r->globs, group, (struct spurn_text){glob, len}));
}

/* How many globs are in a group that was answered as none of its globs says, or not as one of them says. */
static int differences(const struct reference *r, struct spurn_text name)
{
    static bool wanted[1 << 10];
    int64_t steps = PLENTY;
    int wrong = 0;
    const uint64_t *groups = globs_match(r->globs, name, &steps);
    memset(wanted, 0, sizeof wanted);
    for (size_t i = 0; i < r->count; i++) {
        int64_t plenty = PLENTY;
        struct spurn_text glob = {r->rows[i].at, r->rows[i].len};
        if (glob_match(glob, name, &plenty))
            wanted[r->rows[i].group] = true;
    }
    for (size_t i = 0; i < r->count; i++)
        wrong += groups == NULL || globs_hit(groups, r->rows[i].group) != wanted[r->rows[i].group];
    return wrong;
}

static bool hits(struct globs *g, int group, const char *name)
{
    int64_t steps = PLENTY;
    const uint64_t *groups = globs_match(g, text_of(name), &steps);
    return groups != NULL && globs_hit(groups, group);
}

/* ---- single rules ---- */

static void a_glob_among_others_matches_the_whole_name(void)
{
    static const struct {
        const char *glob, *name;
        bool want;
    } rows[] = {
        {"promo", "promo", true},
        {"promo", "promos", false},
        {"promo", "a promo", false},
        {"PrOmO", "pRoMo", true},
        {"[", "{", false},               /* 0x20 apart, but no letters */
        {"\xC3\x89", "\xC3\xA9", false}, /* case beyond ASCII stays */
        {"\xC3\xA9*", "\xC3\xA9t\xC3\xA9", true},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"**", "", true},
        {"*a", "", false},
        {"*promo*", "big PROMO now", true},
        {"*promo*", "pro mo", false},
        {"*promo", "promo promo", true},
        {"a*b*c", "a--b-b--c", true},
        {"a*b*c", "a--c--b", false},
        {"*aab", "aaab", true},
        {"*ab*ab*", "abab", true},
        {"*ab*ab*", "xabx", false},
        {"a**b", "ab", true},
        {"?", "", false},
        {"?", "\xE2\x82\xAC", true},
        {"??", "\xE2\x82\xAC", false},
        {"*??", "\xE2\x82\xAC", false}, /* a run ends between characters */
        {"*?", "\xE2\x82\xAC", true},
        {"?*", "\xE2\x82\xAC", true},
        {"?*?", "\xE2\x82\xAC", false},
        {"a?c",
         "a\xF0\x9F\x98\x80"
         "c",
         true},
        {"???", "\xE2\x82(", true}, /* not valid UTF-8: byte by byte */
        {"?", "\xE2\x82(", false},
        {"?\xE2\x82\xAC", "\xE2\xE2\x82\xAC", true},
        {"\xE2*", "\xE2\x82\xAC", true}, /* a glob that is not valid UTF-8 */
        {"*\x82\xAC", "\xE2\x82\xAC", false},
        {"*", "line\nline", true},
        {"a\\*", "a\\b", true},
    };
    struct reference r;
    begin(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add(&r, (int)i, rows[i].glob, strlen(rows[i].glob));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].glob, hits(r.globs, (int)i, rows[i].name), rows[i].want);
        CHECK_INT(rows[i].name, differences(&r, text_of(rows[i].name)), 0);
    }
    CHECK_INT("globs", (int64_t)globs_count(r.globs), sizeof rows / sizeof rows[0]);
    end(&r);
}

static void only_the_case_of_ascii_letters_is_ignored(void)
{
    struct reference r;
    int wrong = 0;
    begin(&r);
    for (int c = 0; c < 128; c++)
        add(&r, c, &(char){(char)c}, 1);
    for (int c = 0; c < 256; c++)
        wrong += differences(&r, (struct spurn_text){&(char){(char)c}, 1});
    CHECK_INT("wrong", wrong, 0);
    end(&r);
}

static void an_absent_name_and_no_globs_hit_nothing(void)
{
    struct globs *g = globs_open();
    int64_t steps = PLENTY;
    CHECK("no globs", !hits(g, 0, "a") && !hits(g, 0, ""));
    globs_close(g);
    g = globs_open();
    CHECK("add", globs_add(g, 0, text_of("*")) && globs_add(g, 70, text_of("")));
    const uint64_t *groups = globs_match(g, TEXT_ABSENT, &steps);
    CHECK("absent", groups != NULL && !globs_hit(groups, 0) && !globs_hit(groups, 70));
    CHECK_INT("nothing was used", steps, PLENTY);
    CHECK("empty", hits(g, 0, "") && hits(g, 70, ""));
    globs_close(g);
    globs_close(NULL);
}

static void groups_need_not_be_dense_nor_come_in_order(void)
{
    static const struct {
        int group;
        const char *glob;
    } rows[] = {{900, "*a*"}, {3, "b*"}, {900, "*b"}, {63, "c"}, {64, "c"}, {3, "*a*"}, {0, "*"}};
    struct reference r;
    int wrong = 0;
    begin(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add(&r, rows[i].group, rows[i].glob, strlen(rows[i].glob));
    static const char *const names[] = {"", "a", "b", "c", "ab", "bb", "xbax", "xcx"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        wrong += differences(&r, text_of(names[i]));
    CHECK_INT("wrong", wrong, 0);
    CHECK("equal globs of two groups", hits(r.globs, 63, "C") && hits(r.globs, 64, "C"));
    CHECK("the last group", hits(r.globs, 900, "xab") && !hits(r.globs, 899, "xab"));
    end(&r);
}

static void a_glob_may_be_longer_than_a_word_of_bits(void)
{
    enum { LEN = 300 };
    char glob[LEN + 1], name[LEN + 1];
    struct globs *g = globs_open();
    for (int i = 0; i < LEN; i++)
        name[i] = (char)('a' + i % 7);
    name[LEN] = '\0';
    for (int star = 0; star < LEN; star++) { /* in place of one character each */
        memcpy(glob, name, sizeof glob);
        glob[star] = '*';
        CHECK("add", globs_add(g, star, text_of(glob)));
    }
    int found = 0;
    for (int star = 0; star < LEN; star++)
        found += hits(g, star, name);
    CHECK_INT("whole", found, LEN);
    name[LEN / 2]++; /* fits only the glob that has its star there */
    found = 0;
    for (int star = 0; star < LEN; star++)
        found += hits(g, star, name);
    CHECK_INT("changed", found, 1);
    CHECK("where it changed", hits(g, LEN / 2, name));
    globs_close(g);
}

static void what_follows_a_settled_answer_is_not_looked_at(void)
{
    struct globs *g = globs_open();
    CHECK("add", globs_add(g, 0, text_of("*promo*")) && globs_add(g, 0, text_of("*x*y")));
    CHECK("hit", hits(g, 0, "a promo"));
    size_t states = globs_states(g);
    CHECK("still hit", hits(g, 0, "a promo, then x and y and pr"));
    CHECK_INT("no state for what follows", (int64_t)globs_states(g), (int64_t)states);
    globs_close(g);
}

/* A '*' that is reached makes what stands before it needless, also where the two lie in different words of bits. */
static void what_lies_before_a_reached_star_makes_no_states(void)
{
    char glob[200] = "*", name[200] = "";
    for (int i = 0; i < 70; i++)
        strcat(name, i % 3 == 0 ? "b" : "a");
    strcat(glob, name);
    strcat(glob, "*c");
    struct globs *g = globs_open();
    CHECK("add", globs_add(g, 0, text_of(glob)));
    CHECK("not yet", !hits(g, 0, name));
    size_t states = globs_states(g);
    strcat(name, "baabaabaabaab");
    CHECK("still not", !hits(g, 0, name));
    CHECK_INT("no state for more of the same", (int64_t)globs_states(g), (int64_t)states);
    CHECK("hit", hits(g, 0, strcat(name, "c")));
    globs_close(g);
}

/* ---- against one after the other ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Up to `max` of the pieces in a row. */
static size_t put_pieces(uint64_t *seed, const char *const *pieces, size_t piece_count, size_t max,
                         char out[TEXT_MAX])
{
    size_t len = 0;
    for (size_t left = next_random(seed) % (max + 1); left > 0; left--) {
        const char *piece = pieces[next_random(seed) % piece_count];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

/* One alphabet: what globs and names are made of. Stray bytes come last, so that fewer leave them out. */
static const struct alphabet {
    const char *label;
    const char *glob_pieces[12], *name_pieces[12];
    size_t globs_max, glob_max, name_max;
    int groups;
} alphabets[] = {
    {"two letters", {"a", "b", "*", "?"}, {"a", "b"}, 40, 7, 14, 60},
    {"one group", {"a", "b", "c", "*", "?"}, {"a", "b", "c"}, 12, 8, 12, 1},
    {"case", {"a", "B", "-", "*"}, {"A", "b", "a", "-", "["}, 20, 6, 10, 3},
    {"characters",
     {"\xC3\xA9", "\xC3\xA8", "\xE2\x82\xAC", "a", "*", "?", "?"},
     {"\xC3\xA9", "\xC3\xA8", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a"},
     30,
     6,
     9,
     100},
    {"stray bytes in names",
     {"\xC3\xA9", "\xE2\x82\xAC", "a", "*", "?"},
     {"\xC3\xA9", "\xE2\x82\xAC", "a", "\xC3", "\xA9", "\xE2\x82", "\xFF", "\xF0\x9F"},
     30,
     6,
     9,
     100},
    {"stray bytes in globs",
     {"\xC3\xA9", "\xA9", "\xC3", "*", "?"},
     {"\xC3\xA9", "\xE2\x82\xAC", "\xC3", "\xA9"},
     20,
     5,
     8,
     20},
    {"stars", {"a", "*a*", "*b", "*"}, {"a", "b", "ab"}, 60, 6, 20, 200},
};

static size_t piece_count(const char *const *pieces)
{
    size_t count = 0;
    while (count < 12 && pieces[count] != NULL)
        count++;
    return count;
}

static void random_globs_agree_with_one_after_the_other(void)
{
    enum { PAIRS = 300000, NAMES_A_SET = 60 }; /* pairs of a glob and a name, of each alphabet */
    uint64_t seed = 88172645463325252U;
    char text[TEXT_MAX] = "";
    for (size_t i = 0; i < sizeof alphabets / sizeof alphabets[0]; i++) {
        const struct alphabet *alphabet = &alphabets[i];
        size_t of_globs = piece_count(alphabet->glob_pieces);
        size_t of_names = piece_count(alphabet->name_pieces);
        size_t pairs = 0;
        int wrong = 0;
        while (pairs < PAIRS) {
            struct reference r;
            begin(&r);
            for (size_t left = next_random(&seed) % alphabet->globs_max + 1; left > 0; left--) {
                int group = (int)(next_random(&seed) % (uint64_t)alphabet->groups);
                size_t len =
                    put_pieces(&seed, alphabet->glob_pieces, of_globs, alphabet->glob_max, text);
                add(&r, group, text, len);
            }
            for (size_t k = 0; k < NAMES_A_SET; k++, pairs += r.count) {
                size_t len =
                    put_pieces(&seed, alphabet->name_pieces, of_names, alphabet->name_max, text);
                wrong += differences(&r, (struct spurn_text){text, len});
            }
            end(&r);
        }
        CHECK_INT(alphabet->label, wrong, 0);
    }
}

/* More sets of positions than there may be states, so that most names leave the states somewhere on their way. */
static void past_the_last_state_answers_stay_the_same(void)
{
    static const char *const letters[] = {"a", "b", "c", "d", "e", "f", "\xC3\xA9"};
    struct reference r;
    uint64_t seed = 2463534242U;
    char text[TEXT_MAX] = "";
    int wrong = 0;
    begin(&r);
    for (int i = 0; i < 60; i++) {
        uint64_t random = next_random(&seed);
        size_t len = (size_t)snprintf(text, sizeof text, "*%s%s*%s?%s*", letters[random % 7],
                                      letters[random / 7 % 7], letters[random / 49 % 7],
                                      letters[random / 343 % 7]);
        add(&r, i, text, len);
    }
    for (int i = 0; i < 5000; i++) {
        size_t len = put_pieces(&seed, letters, 7, 30, text);
        wrong += differences(&r, (struct spurn_text){text, len});
    }
    CHECK_INT("wrong", wrong, 0);
    CHECK_INT("states", (int64_t)globs_states(r.globs), GLOBS_STATES_MAX);
    end(&r);
}

/* ---- what it costs ---- */

static int64_t price_of(struct globs *g, const char *name, size_t len)
{
    int64_t steps = PLENTY;
    return globs_match(g, (struct spurn_text){name, len}, &steps) == NULL ? -1 : PLENTY - steps;
}

static void the_price_depends_on_lengths_alone(void)
{
    static const char *const letters[] = {"a", "b", "c", "d"};
    struct globs *g = globs_open();
    uint64_t seed = 4711;
    char text[TEXT_MAX];
    for (int i = 0; i < 100; i++) {
        size_t len = (size_t)snprintf(text, sizeof text, "*%c%c*%c*", 'a' + i % 4, 'a' + i / 4 % 4,
                                      'a' + i / 16 % 4);
        CHECK("add", globs_add(g, i, (struct spurn_text){text, len}));
    }
    int64_t first = price_of(g, "aaaaaaaaaaaaaaaaaaaa", 20);
    CHECK_INT("settled early", price_of(g, "abcdabcdaacbdadbccdd", 20), first);
    for (int i = 0; i < 3000; i++) {
        size_t len = put_pieces(&seed, letters, 4, 40, text);
        CHECK("some", price_of(g, text, len) > 0);
    }
    CHECK_INT("many states later", price_of(g, "aaaaaaaaaaaaaaaaaaaa", 20), first);
    CHECK_INT("stray bytes", price_of(g, "aaaaaaaaaaaaaaaaaaa\xFF", 20), first);
    CHECK("longer is dearer", price_of(g, "aaaaaaaaaaaaaaaaaaaaa", 21) > first);
    globs_close(g);
}

/* A step pays for at most 512 positions of one byte, which take some 20 ns at worst. */
static void the_price_grows_with_positions_and_bytes(void)
{
    static char name[1000];
    memset(name, 'n', sizeof name);
    for (size_t count = 1; count <= 10000; count *= 10) {
        struct globs *g = globs_open();
        char text[TEXT_MAX];
        size_t positions = 0;
        for (size_t i = 0; i < count; i++) {
            size_t len = (size_t)snprintf(text, sizeof text, "*prefix-%04zu*", i);
            CHECK("add", globs_add(g, 0, (struct spurn_text){text, len}));
            positions += len - 1;
        }
        int64_t bytes = 1000, price = price_of(g, name, (size_t)bytes);
        CHECK("every byte", price >= bytes);
        CHECK("every position", price * 512 >= bytes * (int64_t)positions);
        CHECK("no more than it takes", price <= (bytes + 1) * (int64_t)(positions / 512 + 1) + 1);
        globs_close(g);
    }
}

static void too_few_steps_are_used_up_without_an_answer(void)
{
    static const char *const globs[] = {"*promo*", "*\xC3"}; /* the second goes one by one */
    for (size_t with = 1; with <= 2; with++) {
        struct globs *g = globs_open();
        for (size_t i = 0; i < with; i++)
            CHECK("add", globs_add(g, (int)i, text_of(globs[i])));
        int64_t needed = price_of(g, "a big promo\xC3", 12);
        for (int64_t given = 0; given <= needed; given++) {
            int64_t steps = given;
            const uint64_t *groups = globs_match(g, text_of("a big promo\xC3"), &steps);
            CHECK_INT("answered", groups != NULL, given == needed);
            CHECK_INT("nothing is left", steps, 0);
            CHECK("right",
                  groups == NULL || (globs_hit(groups, 0) && globs_hit(groups, (int)with - 1)));
        }
        globs_close(g);
    }
}

static void a_hundred_thousand_globs_work_and_run_out_cleanly(void)
{
    static char name[4000];
    struct globs *g = globs_open();
    char text[TEXT_MAX];
    for (int i = 0; i < 100000; i++) {
        size_t len = (size_t)snprintf(text, sizeof text, i % 2 == 0 ? "team-%d-*" : "*-%d", i);
        if (!globs_add(g, i % 1000, (struct spurn_text){text, len}))
            CHECK("add", false);
    }
    CHECK("prefix", hits(g, 642, "TEAM-77642-x") && !hits(g, 643, "TEAM-77642-x"));
    CHECK("suffix", hits(g, 1, "x-99001") && !hits(g, 0, "x-99001"));
    CHECK("both", hits(g, 4, "team-4-99001") && hits(g, 1, "team-4-99001"));
    CHECK("neither", !hits(g, 4, "team-5-4"));
    memset(name, '-', sizeof name);
    CHECK_INT("ran out", price_of(g, name, sizeof name), -1);
    CHECK("goes on", hits(g, 642, "team-77642-"));
    CHECK("states stay few", globs_states(g) <= GLOBS_STATES_MAX);
    globs_close(g);
}

static void what_no_table_could_hold_goes_one_by_one(void)
{
    enum { LEN = 70000 };
    struct globs *g = globs_open();
    char *text = calloc(1, LEN + 2);
    CHECK("memory", text != NULL);
    for (int i = 0; i < 64 && text != NULL; i++) { /* four and a half million positions */
        memset(text, 'a', LEN);
        text[0] = (char)('0' + i);
        text[1] = '*';
        text[LEN] = '?';
        CHECK("add", globs_add(g, i, text_of(text)));
    }
    CHECK("add", globs_add(g, 64, text_of("5*")));
    CHECK("hit", hits(g, 64, "5 and more"));
    CHECK("no hit", !hits(g, 5, "5 and more"));
    CHECK_INT("no states", (int64_t)globs_states(g), 0);
    if (text != NULL) {
        text[0] = '5';
        CHECK("the whole of it", hits(g, 5, text) && !hits(g, 6, text));
    }
    free(text);
    globs_close(g);
}

static const struct unit_test tests[] = {
    {"a_glob_among_others_matches_the_whole_name", a_glob_among_others_matches_the_whole_name},
    {"only_the_case_of_ascii_letters_is_ignored", only_the_case_of_ascii_letters_is_ignored},
    {"an_absent_name_and_no_globs_hit_nothing", an_absent_name_and_no_globs_hit_nothing},
    {"groups_need_not_be_dense_nor_come_in_order", groups_need_not_be_dense_nor_come_in_order},
    {"a_glob_may_be_longer_than_a_word_of_bits", a_glob_may_be_longer_than_a_word_of_bits},
    {"what_follows_a_settled_answer_is_not_looked_at",
     what_follows_a_settled_answer_is_not_looked_at},
    {"what_lies_before_a_reached_star_makes_no_states",
     what_lies_before_a_reached_star_makes_no_states},
    {"random_globs_agree_with_one_after_the_other", random_globs_agree_with_one_after_the_other},
    {"past_the_last_state_answers_stay_the_same", past_the_last_state_answers_stay_the_same},
    {"the_price_depends_on_lengths_alone", the_price_depends_on_lengths_alone},
    {"the_price_grows_with_positions_and_bytes", the_price_grows_with_positions_and_bytes},
    {"too_few_steps_are_used_up_without_an_answer", too_few_steps_are_used_up_without_an_answer},
    {"a_hundred_thousand_globs_work_and_run_out_cleanly",
     a_hundred_thousand_globs_work_and_run_out_cleanly},
    {"what_no_table_could_hold_goes_one_by_one", what_no_table_could_hold_goes_one_by_one},
};

UNIT_MAIN(tests)

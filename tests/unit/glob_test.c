/* glob_test.c - a glob matches whole names, in bounded time, and says so when it looks like another language. */
#include "match/glob.h"

#include <string.h>

#include "unit.h"

enum { PLENTY = 1000000 };

static bool matches(const char *glob, const char *name)
{
    int64_t steps = PLENTY;
    return glob_match(text_of(glob), text_of(name), &steps);
}

static void a_glob_matches_the_whole_name(void)
{
    static const struct {
        const char *glob, *name;
        bool want;
    } rows[] = {
        {"promo", "promo", true},
        {"promo", "promos", false},
        {"promo", "a promo", false},
        {"promo", "prom", false},
        {"PrOmO", "pRoMo", true},
        {"[", "{", false}, /* 0x20 apart, but no letters */
        {"@", "`", false},
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
        {"promo*", "promo", true},
        {"*promo", "promo promo", true},
        {"*promo", "promo promoz", false},
        {"a*b*c", "abc", true},
        {"a*b*c", "a--b-b--c", true},
        {"a*b*c", "a--c--b", false},
        {"*aab", "aaab", true},
        {"*ab*ab*", "abxab", true},
        {"*ab*ab*", "abab", true},
        {"*ab*ab*", "xabx", false},
        {"a**b", "ab", true},
        {"?", "a", true},
        {"?", "", false},
        {"?", "ab", false},
        {"?", "\xE2\x82\xAC", true},
        {"??", "\xE2\x82\xAC", false},
        {"*??", "\xE2\x82\xAC", false}, /* a run ends between characters */
        {"*?", "\xE2\x82\xAC", true},
        {"a?c",
         "a\xF0\x9F\x98\x80"
         "c",
         true},
        {"???", "\xE2\x82(", true}, /* not valid UTF-8: byte by byte */
        {"?", "\xE2\x82(", false},
        {"?*?", "a", false},
        {"?*?", "ab", true},
        {"a.c", "abc", false},
        {"100%", "100%", true},
        {"*", "line\nline", true},
        {"a\\*", "a\\b", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].glob, matches(rows[i].glob, rows[i].name), rows[i].want);
    }
}

static void an_absent_name_matches_nothing(void)
{
    int64_t steps = PLENTY;
    CHECK("name", !glob_match(text_of("*"), TEXT_ABSENT, &steps));
    CHECK("glob", !glob_match(TEXT_ABSENT, text_of("a"), &steps));
    CHECK_INT("nothing was used", steps, PLENTY);
}

/* The plain definition, in exponential time: good enough for short names of ASCII. */
static bool defined_match(const char *glob, const char *name)
{
    if (*glob == '\0')
        return *name == '\0';
    if (*glob == '*')
        return defined_match(glob + 1, name) || (*name != '\0' && defined_match(glob, name + 1));
    return *name != '\0' && (*glob == '?' || *glob == *name) && defined_match(glob + 1, name + 1);
}

/* Every text of up to `max_len` of `letters`, in turn: the text numbered `number`, or false past the last. */
static bool nth_text(const char *letters, int number, int max_len, char *out)
{
    int base = (int)strlen(letters), len = 0;
    for (int count = 1; number >= count; count *= base) {
        number -= count;
        len++;
    }
    for (int i = 0; i < len && len <= max_len; i++, number /= base)
        out[i] = letters[number % base];
    out[len <= max_len ? len : 0] = '\0';
    return len <= max_len;
}

static void every_short_glob_agrees_with_the_definition(void)
{
    char glob[16], name[16];
    int wrong = 0, checked = 0;
    for (int g = 0; nth_text("ab*?", g, 5, glob); g++)
        for (int n = 0; nth_text("ab", n, 6, name); n++, checked++)
            wrong += matches(glob, name) != defined_match(glob, name);
    CHECK_INT("pairs", checked, 1365 * 127);
    CHECK_INT("wrong", wrong, 0);
}

static void time_grows_no_faster_than_the_product_of_the_lengths(void)
{
    char glob[41], name[10001];
    for (size_t i = 0; i < 40; i += 2)
        memcpy(glob + i, "*a", 2);
    glob[39] = 'b';
    glob[40] = '\0';
    memset(name, 'a', 10000);
    name[10000] = '\0';
    int64_t steps = PLENTY;
    CHECK("no match", !glob_match(text_of(glob), text_of(name), &steps));
    CHECK("it ended by itself", steps > PLENTY - 4 * 10000);
}

static void a_match_takes_no_more_steps_than_it_is_given(void)
{
    int64_t needed = PLENTY;
    CHECK("matches", glob_match(text_of("*promo*"), text_of("a big promo"), &needed));
    needed = PLENTY - needed;
    for (int64_t given = -1; given <= needed; given++) {
        int64_t steps = given;
        bool matched = glob_match(text_of("*promo*"), text_of("a big promo"), &steps);
        CHECK_INT("matched", matched, given == needed);
        CHECK_INT("nothing is left", steps, given < 0 ? given : 0);
    }
}

static void a_glob_that_looks_like_another_language_is_told(void)
{
    static const struct {
        const char *glob, *says; /* some words of the complaint; NULL for none */
    } rows[] = {
        {"", "empty"},
        {"tmp%d", "Lua pattern"},
        {"%a+", "Lua pattern"},
        {"tmp%-*", "Lua pattern"},
        {"%%", "Lua pattern"},
        {"^promo", "anchor"},
        {"promo$", "anchor"},
        {"promo.*", "regular expression"},
        {".*promo.*", "regular expression"},
        {"*.example.*", NULL},
        {".+", "regular expression"},
        {"a\\.b", "regular expression"},
        {"(free|promo)", "regular expression"},
        {"(free)?", "regular expression"},
        {"[a-z]*", "regular expression"},
        {"*[abc]", "class"},
        {"{free,promo}*", "choice"},
        {"*promo*", NULL},
        {"100%", NULL},
        {"*100%*", NULL},
        {"*100%discount*", NULL},
        {"v1.2-*", NULL},
        {"team (east)", NULL},
        {"a, b", NULL},
        {"{a}", NULL},
        {"a|b", NULL},
        {"US$ 5", NULL},
        {"caf\xC3\xA9?", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = glob_complaint(text_of(rows[i].glob));
        if (rows[i].says == NULL)
            CHECK_STR(rows[i].glob, got, NULL);
        else
            CHECK(rows[i].glob, got != NULL && strstr(got, rows[i].says) != NULL);
    }
    CHECK("absent", glob_complaint(TEXT_ABSENT) != NULL);
    CHECK("a NUL is odd in no way", glob_complaint((struct spurn_text){"a\0%\0", 4}) == NULL);
}

static const struct unit_test tests[] = {
    {"a_glob_matches_the_whole_name", a_glob_matches_the_whole_name},
    {"an_absent_name_matches_nothing", an_absent_name_matches_nothing},
    {"every_short_glob_agrees_with_the_definition", every_short_glob_agrees_with_the_definition},
    {"time_grows_no_faster_than_the_product_of_the_lengths",
     time_grows_no_faster_than_the_product_of_the_lengths},
    {"a_match_takes_no_more_steps_than_it_is_given", a_match_takes_no_more_steps_than_it_is_given},
    {"a_glob_that_looks_like_another_language_is_told",
     a_glob_that_looks_like_another_language_is_told},
};

UNIT_MAIN(tests)

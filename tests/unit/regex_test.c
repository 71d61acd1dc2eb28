/* regex_test.c - regular expressions are found anywhere, compile within bounds and match within limits. */
#include "script/condition/regex.h"

#include <string.h>
#include <time.h>

#include "unit.h"

enum { PLENTY = 1000000, SEARCH_STEPS_MAX = 200000 };

static enum regex_answer find(const char *pattern, const char *text)
{
    char why[REGEX_WHY_LEN];
    int64_t steps = PLENTY;
    struct regex *r = regex_open(text_of(pattern), why);
    if (!CHECK(pattern, r != NULL))
        return REGEX_LIMIT;
    enum regex_answer answer = regex_find(r, text_of(text), &steps);
    CHECK("steps were taken", steps < PLENTY && steps > 0);
    regex_close(r);
    return answer;
}

static void a_regex_is_found_anywhere(void)
{
    static const struct {
        const char *pattern, *text;
        enum regex_answer want;
    } rows[] = {
        {"promo", "a promo!", REGEX_YES},
        {"^promo", "a promo!", REGEX_NO},
        {"promo$", "a promo", REGEX_YES},
        {"(?i)PROMO", "a promo!", REGEX_YES},
        {"PROMO", "a promo!", REGEX_NO},
        {"^.$", "\xE2\x82\xAC", REGEX_YES},
        {"(?i)\xC3\x89", "\xC3\xA9", REGEX_YES},
        {"\\p{Han}", "\xE4\xB8\xAD", REGEX_YES},
        {"(a)(b)\\2", "xabb", REGEX_YES},
        {"(?<=a)b", "ab", REGEX_YES},
        {"^$", "", REGEX_YES},
        {"[-\\x{400}-\\x{4ff}]", "\xD0\xAF", REGEX_YES},
        {"(?:a|ab)(?:c|bcd)(?:d*)$", "abcd", REGEX_YES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].pattern, find(rows[i].pattern, rows[i].text), rows[i].want);
}

static void what_does_not_compile_says_why_and_where(void)
{
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        {"", "it is empty, and would be found in everything"},
        {"a[b", "missing terminating ] for character class, at offset 3"},
        {"a)", "unmatched closing parenthesis, at offset 1"},
        {"*a", "quantifier does not follow a repeatable item, at offset 0"},
        {"a\\C", "using \\C is disabled by the application, at offset 3"},
        {"a(?C1)", "callouts, (?C), are not there"},
        {"((((a{1,50}){1,50}){1,50}){1,10})", "regular expression is too large, at offset 33"},
        {"[\xE4\xB8\x80-\xE4\xB8\x89\xE5\x80\x80-\xE5\x80\x89", /* one class of two ranges, not closed */
         "missing terminating ] for character class, at offset 15"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char why[REGEX_WHY_LEN];
        struct regex *r = regex_open(text_of(rows[i].pattern), why);
        CHECK(rows[i].pattern, r == NULL);
        CHECK_STR(rows[i].pattern, why, rows[i].why);
        regex_close(r);
    }
}

static double cpu_ms(void)
{
    return (double)clock() * 1000 / CLOCKS_PER_SEC;
}

#if defined(__SANITIZE_ADDRESS__)
enum { SLOWER = 10 };
#else
enum { SLOWER = 1 };
#endif

/* `unit` repeated until the whole is as long as may be. */
static void fill(char out[REGEX_LEN_MAX + 1], const char *head, const char *unit, const char *tail)
{
    strcpy(out, head);
    while (strlen(out) + strlen(unit) + strlen(tail) <= REGEX_LEN_MAX)
        strcat(out, unit);
    strcat(out, tail);
}

static void compiling_takes_no_longer_than_a_tenth_of_a_second(void)
{
    static const struct {
        const char *head, *unit, *tail;
    } rows[] = {
        {"(?i)", "[\xC4\x80-\xF4\x8F\xBF\xBF]", ""},
        {"(?i)[", "\xC4\x80-\xF4\x8F\xBF\xBF", "]"},
        {"(?i)", "[!-\\x{10ffff}]", ""},
        {"(?i)", "[!-\\E\xF4\x8F\xBF\xBF]", ""},
        {"(?xxi)", "[!- \xF4\x8F\xBF\xBF]", ""},
        {"", "(?<=a|bc)", ""},
        {"(?<=", "(?:a|b)", "c)"},
        {"", "(a)", "(?<=(?1))"},
        {"", "(?:a{1,200}){1,2}", ""},
        {"", "a{0,65535}", ""},
        {"", "(a{0,9}){0,9}", ""},
        {"", "(?:", ""},
        {"", "(?|(a)|(b))", ""},
        {"", "(?(?=a)b|c)", ""},
        {"(?i)", "[^\\p{Lu}\\p{Greek}\\x{100}-\\x{2000}]{0,99}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char pattern[REGEX_LEN_MAX + 1], why[REGEX_WHY_LEN];
        fill(pattern, rows[i].head, rows[i].unit, rows[i].tail);
        double began_ms = cpu_ms();
        struct regex *r = regex_open(text_of(pattern), why);
        CHECK(pattern, cpu_ms() - began_ms < 100 * SLOWER);
        CHECK("made, or refused with a word", r != NULL || why[0] != '\0');
        regex_close(r);
    }
    char pattern[REGEX_LEN_MAX + 2] = "", why[REGEX_WHY_LEN];
    memset(pattern, 'a', REGEX_LEN_MAX + 1);
    CHECK("too long", regex_open(text_of(pattern), why) == NULL);
    CHECK_STR("", why, "it is longer than 1,024 bytes");
}

/* Names that a sender chose for patterns that somebody wrote without care. */
static void matching_ends_at_its_limit_whatever_the_pattern(void)
{
    static const char *const patterns[] = {
        "(a|aa)*c",         "a*a*a*a*[bc]",
        "(a+)+$x",          "(?:(?:a{100}|a)[bc]|a)*z[y]",
        "\\w+foo",          "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?R)|b",           "(?:a?){255}a{255}[bc]",
        "(?<=a{250})b",     "(a(?1)?b|a)x[yz]",
        "(?=(a+))\\1z[zy]", "(?:a*+[bc]|x)*z[zy]",
    };
    char text[4001];
    memset(text, 'a', sizeof text);
    memcpy(text + 3996, "xoz", 3);
    int limits = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        char why[REGEX_WHY_LEN];
        struct regex *r = regex_open(text_of(patterns[i]), why);
        if (!CHECK(patterns[i], r != NULL))
            continue;
        for (size_t len = 10; len <= 4000; len *= 20) {
            int64_t steps = PLENTY;
            double began_ms = cpu_ms();
            limits +=
                regex_find(r, (struct spurn_text){text + 4000 - len, len}, &steps) == REGEX_LIMIT;
            CHECK(patterns[i], cpu_ms() - began_ms < 50 * SLOWER);
            CHECK(patterns[i], steps >= PLENTY - SEARCH_STEPS_MAX);
        }
        regex_close(r);
    }
    CHECK("some hit it", limits >= 8);
}

static void a_search_takes_no_more_steps_than_it_is_given(void)
{
    char why[REGEX_WHY_LEN];
    struct regex *r = regex_open(text_of("p.*m.*x?o"), why);
    struct spurn_text name = text_of("a big promo with a name");
    int64_t needed = PLENTY;
    CHECK("found", regex_find(r, name, &needed) == REGEX_YES);
    needed = PLENTY - needed;
    for (int64_t given = 0; given <= needed; given++) {
        int64_t steps = given;
        enum regex_answer answer = regex_find(r, name, &steps);
        CHECK_INT("answer", answer, given == needed ? REGEX_YES : REGEX_NO);
        CHECK_INT("left", steps, 0);
    }
    int64_t again = PLENTY;
    regex_find(r, name, &again);
    CHECK_INT("the same every time", PLENTY - again, needed);
    regex_close(r);
}

static void a_careless_pattern_is_found_in_names_of_a_usual_length(void)
{
    char text[256];
    memset(text, 'a', sizeof text);
    memcpy(text + 190, "ofoX", 5);
    CHECK_INT("quadratic", find("\\w+foo", text), REGEX_NO);
    CHECK_INT("and found", find("\\w+ofo", text), REGEX_YES);
    CHECK_INT("alternatives", find("^(?:a|b)*ofoX$", text), REGEX_YES);
}

static const struct unit_test tests[] = {
    {"a_regex_is_found_anywhere", a_regex_is_found_anywhere},
    {"what_does_not_compile_says_why_and_where", what_does_not_compile_says_why_and_where},
    {"compiling_takes_no_longer_than_a_tenth_of_a_second",
     compiling_takes_no_longer_than_a_tenth_of_a_second},
    {"matching_ends_at_its_limit_whatever_the_pattern",
     matching_ends_at_its_limit_whatever_the_pattern},
    {"a_search_takes_no_more_steps_than_it_is_given",
     a_search_takes_no_more_steps_than_it_is_given},
    {"a_careless_pattern_is_found_in_names_of_a_usual_length",
     a_careless_pattern_is_found_in_names_of_a_usual_length},
};

UNIT_MAIN(tests)

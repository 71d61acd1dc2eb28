/* script_hostile_text_test.c - policies whose mere text means harm: reading it ends soon, whatever it holds. */
#include <time.h>

#include "script_case.h"

enum {
    LARGEST = 1024 * 1024, /* a policy's text */
    ROUNDS = 3,            /* the best counts: others use the machine too */
#ifdef __SANITIZE_ADDRESS__
    CPU_MS_MOST = 1000
#else
    CPU_MS_MOST = 100 /* of this thread */
#endif
};

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* It may load, where the machine is fast enough. */
static const char IN_TIME[] = "ran out of";

/* `before`, then `again` until the file is as large as it may be (or `count` times), then `after` and a harmless rule. */
static const struct text {
    const char *what;
    const char *before, *again;
    size_t count;
    const char *after;
    const char *says; /* NULL: it loads */
} texts[] = {
    {"signs that do nothing", "", ";", 0, "", "ran out of"},
    {"one long comment", "--[[", "x", 0, "]]", NULL},
    {"lines without anything", "", "\n", 0, "", NULL},
    {"a text without an end", "local x = \"", "x", 1000, "", "unfinished string"},
    {"a long text", "local x = \"", "x", 0, "\"", "asked for a string that is too long"},
    {"a long name", "local ", "x", 0, " = 1", "asked for a string that is too long"},
    {"a long number", "local x = ", "1", 0, "", NULL},
    {"strings", "local t = {", "\"111122223333\",", 0, "}", IN_TIME},
    {"numbers", "local t = {", "1e-320,", 0, "}", IN_TIME},
    {"tables", "local t = {", "{},", 0, "}", "ran out of"},
    {"functions", "local f ", "f=function()end ", 0, "", "ran out of"},
    {"functions in a table", "local t = {", "function() end,\n", 0, "}", "ran out of"},
    {"assignments", "local x ", "x=x ", 0, "", "ran out of"},
    {"calls", "local f ", "f()", 0, "", "ran out of"},
    {"sums", "local x = 1 local y = x", "-x", 0, "", "ran out of"},
    {"fields", "local x ", "x=x.a.b.c.d ", 0, "", "ran out of"},
    {"branches, each a jump to the end", "local a if a then ", "elseif a then ", 0, "end",
     "ran out of"},
    {"alternatives, each a jump to the end", "local f = function(x) local y = x", " or x", 0,
     " end", "ran out of"},
    {"jumps", "", "do goto l ::l:: end ", 0, "", IN_TIME},
    {"words", "local t = {", "always,", 0, "}", IN_TIME},
    {"quotes", "", "'", 0, "", "unexpected symbol"},
    {"parentheses", "local x = ", "(", 0, "", "nest too deep"},
    {"braces", "local x = ", "{", 0, "", "nest too deep"},
    {"brackets", "local t = {} local x = t", "[t", 0, "", "nest too deep"},
    {"texts joined", "local x = 'a'", "..'a'", 0, "", "nest too deep"},
    {"powers", "local x = 2", "^2", 0, "", "nest too deep"},
    {"signs before a value", "local x = ", "- ", 0, "1", "nest too deep"},
    {"blocks", "", "do ", 0, "", "nest too deep"},
    {"functions in functions", "", "local function f() ", 0, "", "nest too deep"},
    {"functions and tables", "local x = ", "{ function() return ", 0, "", "nest too deep"},
    {"two hundred locals", "", "local a ", 200, "", NULL},
    {"more locals than Lua has", "", "local a ", 201, "", "too many local variables"},
    {"more results than Lua has", "local x = function() end return ", "1,", 300, "1", "too many"},
    {"long lists of names", "local a", ",a", 199, " = 1", NULL},
    {"bytecode", "\x1bLua", "x", 100, "", "this is compiled Lua; give its text"},
    {"lines that end with CR", "", "\r", 0, "", "a line ends with a lone CR"},
    {"zero bytes", "local x = 1 ", "", 1, "", NULL},
};

static char *made(const struct text *text, size_t *len)
{
    static const char rule[] = "\nreject \"harmless\" (name \"nobody\")\n";
    size_t before = strlen(text->before), again = strlen(text->again), after = strlen(text->after);
    size_t count =
        text->count != 0 ? text->count : (LARGEST - before - after - sizeof rule) / again;
    char *out = malloc(before + count * again + after + sizeof rule), *at = out;
    if (out == NULL)
        abort();
    at = memcpy(at, text->before, before);
    at += before;
    for (size_t i = 0; i < count; i++, at += again)
        memcpy(at, text->again, again);
    memcpy(at, text->after, after);
    memcpy(at + after, rule, sizeof rule);
    *len = (size_t)(at - out) + after + sizeof rule - 1;
    return out;
}

static double read_once(struct script_case *c, enum spurn_status *status)
{
    struct script *script;
    if (script_open(NULL, NULL, &script, &c->err) != SPURN_OK)
        abort();
    double before_ms = cpu_ms();
    *status = script_load_policy(script, c->policy, TEXT_ABSENT, NULL, &c->err);
    double took_ms = cpu_ms() - before_ms;
    script_close(script);
    return took_ms;
}

static void reading_a_hostile_text_ends_in_time(void)
{
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct text *text = &texts[i];
        size_t len;
        char *policy = made(text, &len);
        enum spurn_status status = SPURN_OK;
        double best_ms = 1e9;
        case_write(&c, "p.lua", policy);
        for (int k = 0; k < ROUNDS && best_ms > CPU_MS_MOST; k++) {
            double took_ms = read_once(&c, &status);
            best_ms = took_ms < best_ms ? took_ms : best_ms;
        }
        if (text->says != IN_TIME)
            CHECK_INT(text->what, status, text->says != NULL ? SPURN_E_POLICY : SPURN_OK);
        if (status != SPURN_OK && text->says != NULL &&
            !CHECK(text->what, strncmp(case_error(&c), "p.lua:", 6) == 0 &&
                                   strstr(case_error(&c), text->says) != NULL))
            printf("     %s\n", case_error(&c));
        if (status != SPURN_OK && text->says == NULL)
            printf("     %s\n", case_error(&c));
        if (!CHECK(text->what, best_ms <= CPU_MS_MOST))
            printf("     %.1f ms\n", best_ms);
        free(policy);
    }
    case_clear(&c);
}

static void a_text_may_not_be_larger(void)
{
    const struct text large = {"", "--[[", "x", LARGEST, "]]", NULL}; /* and ten times that */
    const struct text larger = {"", "local x = \"", "x", 10 * LARGEST, "\"", NULL};
    const struct text *const both[] = {&large, &larger};
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < 2; i++) {
        size_t len;
        char *policy = made(both[i], &len);
        CHECK_INT("refused", case_load(&c, policy), SPURN_E_FILE);
        CHECK("says so", strstr(c.err.text, "it is larger than 1 MiB") != NULL);
        free(policy);
    }
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"reading_a_hostile_text_ends_in_time", reading_a_hostile_text_ends_in_time},
    {"a_text_may_not_be_larger", a_text_may_not_be_larger},
};

UNIT_MAIN(tests)

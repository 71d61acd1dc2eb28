/* script_hostile_test.c - policies that mean harm: they end soon, hold little, and leave nothing behind. */
#include <time.h>

#include "script_case.h"

#ifdef __SANITIZE_ADDRESS__
static const double CPU_S_MOST = 1;
#else
static const double CPU_S_MOST = 0.1; /* an evaluation, of this thread's time */
#endif

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A function that is harmless on samples, which are not named "go". */
static void load_body(struct script_case *c, const char *body)
{
    char text[2048];
    snprintf(text, sizeof text,
             "reject \"x\" (function(inv)\n if not inv:has \"name\" or inv.name ~= \"go\" then "
             "return false end\n do %s end\n return true end)",
             body);
    if (!CHECK_INT(body, case_load(c, text), SPURN_OK))
        printf("     %s\n", case_error(c));
    c->inv.name = text_of("go");
}

#define LONG_PAIR "local a = ('x'):rep(60000) .. 'a' local b = ('x'):rep(60000) .. 'b' "

static void few_steps_that_each_do_much_end_soon(void)
{
    static const char *const bodies[] = {
        "local function f(...) return f(1, 2, 3, 4, 5, 6, 7, 8, ...) end f()",
        "local function f(n) if n == 0 then return end return 1, f(n - 1) end while true do "
        "f(60000) end",
        LONG_PAIR "while a ~= b do end",
        LONG_PAIR "while a < b do end",
        LONG_PAIR "local t = {} for i = 1, 60000 do t[i] = i % 2 == 0 and a or b end table.sort(t)",
        "local p = '[a' .. ('x'):rep(60000) .. ']' return ('a'):rep(60000):gsub(p, '') == ''",
        "while true do local s = ('x'):rep(30000, 'y') end",
        "local f, t = ('%99.99f'):rep(150), {} for i = 1, 150 do t[i] = 1e308 end while true do "
        "local s = string.format(f, table.unpack(t)) end",
        "while true do local s = 1.1 .. '' end",
        "local t = {} for i = 1, 1e9 do t['k' .. i] = i end",
        "local f = function() end while true do f = (function(g) return function() g() end end)(f) "
        "end",
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        load_body(&c, bodies[i]);
        double before = cpu_s();
        CHECK_STR(bodies[i], case_verdict(&c), "undecided");
        CHECK(bodies[i], cpu_s() - before < 1.5); /* a tenth of that without sanitizers */
        CHECK("a fault", c.decision.faulted);
        c.inv.name = text_of("other");
        CHECK_STR("the next one is as it was", case_verdict(&c), "none");
    }
    case_clear(&c);
}

static void odd_errors_are_one_line_at_the_policy_s_own(void)
{
    static const struct {
        const char *body, *says;
    } rows[] = {
        {"error({})", "raised table, not a message"},
        {"error(nil)", "raised nil, not a message"},
        {"error(inv)", "raised userdata, not a message"},
        {"error(('x'):rep(60000))", "xxxxxxxx"},
        {"error('a\\nb\\27[31m')", "a b [31m"},
        {"error('x', 1000000)", "x"},
        {"assert(false, {})", "raised table, not a message"},
        {"local function f(s) return (s:gsub('.', f)) end f('x')", "C stack overflow"},
        {"local function f() table.sort({ 1, 2 }, f) end f()", "C stack overflow"},
        {"table.sort({ 3, 2, 1 }, function() error 'order' end)", "order"},
        {"table.sort({ 1, 'a' })", "cannot compare a number with a string"},
        {"string.format('%99999d', 1)", "invalid conversion"},
        {"local x <close> = {}", "variable 'x' got a non-closable value"},
        {"local n = 1 // 0", "attempt to"},
        {"inv()", "attempt to call"},
        {"next({ a = 1 }, {})", "keys of type table have no order"},
    };
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load_body(&c, rows[i].body);
        CHECK_STR(rows[i].body, case_verdict(&c), "undecided");
        if (!CHECK(rows[i].body, script_fault_at(c.script, 0, &fault)))
            continue;
        size_t path_len = strlen(c.policy);
        CHECK(rows[i].body, strncmp(fault.cause.at, c.policy, path_len) == 0);
        struct spurn_text got = text_of(fault.cause.at + path_len + strlen(":3: "));
        struct spurn_text want = text_of(rows[i].says);
        got.len = got.len > want.len ? want.len : got.len;
        CHECK_TEXT(rows[i].body, got, want);
        CHECK_INT(rows[i].body, fault.line, 3);
    }
    case_clear(&c);
}

/* `c & c` a hundred deep is a hundred conditions, but more paths than anybody can walk. */
static void shared_conditions_are_asked_once_even_in_doubt(void)
{
    static const struct {
        const char *leaf, *verdict;
        bool faulted;
    } rows[] = {
        {"function(inv) return inv.receiver_arn == 'x' end", "undecided", false},
        {"receiver_arn 'arn:x'", "undecided", false},
        {"function(inv) return inv:has 'receiver_arn' or inv.name ~= 'go' or error 'x' end",
         "undecided", true},
        {"name '*a*a*a*a*b' | name '*a*a*a*a*c'", "undecided", true}, /* runs out of steps */
    };
    static char long_name[8000001];
    struct script_case c;
    case_init(&c);
    memset(long_name, 'a', sizeof long_name - 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "local c = all { %s }\nfor i = 1, 96 do c = c & c end\nreject \"x\" (c)",
                 rows[i].leaf);
        CHECK_INT(rows[i].leaf, case_load(&c, text), SPURN_OK);
        c.inv.name = text_of(i == 3 ? long_name : "go");
        CHECK_STR(rows[i].leaf, case_verdict(&c), rows[i].verdict);
        CHECK_INT(rows[i].leaf, c.decision.faulted, rows[i].faulted);
    }
    case_clear(&c);
}

static void what_one_invitation_leaves_behind_does_not_fail_the_next(void)
{
    struct script_case c;
    case_init(&c);
    load_body(&c, "local t, s = {}, ('x'):rep(10000) for i = 1, 1400 do t[i] = { s .. i } end");
    for (int i = 0; i < 10; i++)
        CHECK_STR("each with the whole memory", case_verdict(&c), "reject");
    case_clear(&c);
}

static void nothing_outlives_an_invitation(void)
{
    static const struct refusal rows[] = {
        {"local it = (\"a b c\"):gmatch(\"%a\")\nreject \"x\" (function(inv) return it() == \"b\" "
         "end)",
         "p.lua:2: a function that decides holds the iterator `it`"},
        {"local t = { it = (\"a b c\"):gmatch(\"%a\") }\nreject \"x\" (function(inv) return "
         "t.it() == \"b\" end)",
         "p.lua:2: a function that decides holds the iterator `t`"},
        {"local step = pairs { 1, 2, 3 }\nreject \"x\" (function(inv) return step() == 2 end)",
         "p.lua:2: a function that decides holds the iterator `step`"},
        {"local p = params { t = { \"a\" } }\nreject \"x\" (function(inv)\n table.insert(p.t, "
         "\"b\") return true end)",
         "p.lua:3: a table from outside a function cannot be changed"},
        {"local t = { 2, 1 }\nreject \"x\" (function(inv)\n table.sort(t) return true end)",
         "p.lua:3: a table from outside a function cannot be changed"},
        {"function _ENV.print() end\nreject \"x\" (always)", "p.lua:1: _ENV is not there"},
    };
    CHECK_REFUSALS(rows);
}

static void loading_ends_soon_and_holds_little(void)
{
    static const struct refusal rows[] = {
        {"local t = {} for i = 1, 40000 do t = { t } end\nreject \"x\" (function(inv) return "
         "type(t) == \"x\" end)",
         "p.lua:2: a function that decides holds tables or functions that nest too deep"},
        {"local f = print for i = 1, 40000 do local g = f f = function() g() end end\nreject \"x\" "
         "(function(inv) return type(f) == \"x\" end)",
         "p.lua:2: a function that decides holds tables or functions that nest too deep"},
        {"local function f(n) if n > 0 then return f(n - 1), 1 end return older \"1h\" end\nreject "
         "\"x\" (f(30000))",
         "p.lua:1: a condition is built more than 100 calls deep"},
        {"local t = {} for i = 1, 100000 do t[i] = always end\nfor i = 1, 1999 do reject(\"r\" .. "
         "i)(all(t)) end",
         "p.lua:2: ran out of steps: 3000000 are allowed to read the file"},
        {"local t = {} for i = 1, 50000 do t[i] = ('1%011d'):format(i) end\nlocal c = {} for "
         "i = 1, 500 do c[i] = sender(t) end",
         "p.lua:2: ran out of "},
        {"local t = {} for i = 1, 40 do t[i] = (\"x\"):rep(60000) .. \"*\" .. i end\nlocal c = {} "
         "for i = 1, 500 do c[i] = name(t) end",
         "p.lua:2: ran out of "},
        {"local c, n = {}, \"ids.txt\" for i = 1, 15000 do n = \"./\" .. n c[1] = sender(list(n)) "
         "if #n > 3000 then n = \"ids.txt\" end end",
         "p.lua:1: "},
    };
    double before = cpu_s();
    CHECK_REFUSALS(rows);
    CHECK("soon", cpu_s() - before < 20); /* a tenth of that without sanitizers */
}

static void a_policy_of_many_functions_is_bounded_too(void)
{
    enum { COUNT = 30000 };
    static char text[COUNT * sizeof "function() end,\n" + 200];
    size_t len = (size_t)snprintf(text, sizeof text, "local t = {");
    struct script_case c;
    case_init(&c);
    for (int i = 0; i < COUNT; i++, len += strlen("function() end,\n"))
        memcpy(text + len, "function() end,\n", sizeof "function() end,\n");
    snprintf(text + len, sizeof text - len,
             "}\nreject \"x\" (function(inv) return type(t) == \"x\" end)");
    CHECK_INT("refused", case_load(&c, text), SPURN_E_POLICY);
    CHECK("where", strncmp(case_error(&c), "p.lua:", 6) == 0);
    CHECK("why", strstr(case_error(&c), "ran out of ") != NULL); /* steps, or time */
    char deep[1100];
    snprintf(deep, sizeof deep, "reject \"x\" (%0500d", 0);
    for (char *at = strchr(deep, '0'); at != NULL && *at == '0'; at++)
        *at = '(';
    CHECK_INT("refused", case_load(&c, deep), SPURN_E_POLICY);
    CHECK_STR("deep", case_error(&c), "p.lua: parentheses, tables or operators nest too deep");
    case_clear(&c);
}

static void an_error_in_the_depth_says_who_called(void)
{
    static const struct {
        const char *helpers, *call, *cause;
    } rows[] = {
        {"", "error 'flat'", "p.lua:3: flat"},
        {"local function a() error 'one deep' end\n", "a()",
         "p.lua:1: one deep (called from p.lua:4)"},
        {"local function a(x) return x.y.z end\nlocal function b(x)\n return a(x), 1\nend\n",
         "b({})",
         "p.lua:1: attempt to index a nil value (field 'y') (called from p.lua:3, p.lua:7)"},
        {"local function a(n)\n if n == 0 then error 'bottom' end\n return a(n - 1), 1\nend\n",
         "a(20)", "p.lua:2: bottom (called from p.lua:3, p.lua:7)"},
        {"local function a()\n while true do end\nend\n", "a()",
         "p.lua:2: ran out of steps: 1000000 are allowed for a rule and an invitation (called from "
         "p.lua:6)"},
        {"local function a()\n local s = 'x' while true do s = s .. s end\nend\n", "a()",
         "p.lua:2: asked for a string that is too long: 16384 KiB in all and 64 KiB in one string "
         "are allowed (called from p.lua:6)"},
        {"local function a() error {} end\n", "a()",
         "p.lua:1: raised table, not a message (called from p.lua:4)"},
        {"local function a(n)\n if n > 1 then\n  return n % 2 == 0 and\n   a(n - 1) or\n   a(n - "
         "1)\n end\n error 'two lines'\nend\n",
         "a(20)",
         "p.lua:7: two lines (called from p.lua:4, p.lua:5, p.lua:4, p.lua:5, p.lua:4, p.lua:5, "
         "p.lua:4, p.lua:5)"},
    };
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(
            text, sizeof text,
            "%sreject \"x\" (function(inv)\n if not inv:has \"name\" or inv.name ~= \"go\" then "
            "return false end\n do %s end\n return true end)",
            rows[i].helpers, rows[i].call);
        CHECK_INT(rows[i].call, case_load(&c, text), SPURN_OK);
        c.inv.name = text_of("go");
        CHECK_STR(rows[i].call, case_verdict(&c), "undecided");
        if (CHECK(rows[i].call, script_fault_at(c.script, 0, &fault)))
            CHECK_STR(rows[i].call, fault.cause.at + strlen(c.folder) + 1, rows[i].cause);
    }
    case_clear(&c);
}

/* A hundred rules, each with a loop of its own that no made-up invitation meets. */
static void the_rules_of_a_policy_are_bounded_together(void)
{
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    CHECK_INT("loads",
              case_load(&c, "for i = 1, 100 do\n reject(\"r\" .. i)(function(inv)\n"
                            "  while inv:has \"name\" and inv.name == \"go\" do end\n"
                            "  return i == 0\n end)\nend\nkeep \"last\" (name \"g*\")"),
              SPURN_OK);
    c.inv.name = text_of("go");
    double before = cpu_s();
    CHECK_STR("", case_verdict(&c), "undecided");
    CHECK("", cpu_s() - before < 10 * CPU_S_MOST);
    CHECK("the first ran out", script_fault_at(c.script, 0, &fault));
    CHECK("by itself", strstr(fault.cause.at, "1000000 are allowed for a rule") != NULL);
    CHECK("the last was not asked", script_fault_at(c.script, 99, &fault));
    CHECK("for the others' sake",
          strstr(fault.cause.at, "the rules of this policy together") != NULL);
    c.inv.name = text_of("other");
    CHECK_STR("the next is as it was", case_verdict(&c), "none");
    CHECK("no fault", !c.decision.faulted);
    case_clear(&c);
}

/* A sender chooses the name. */
static void conditions_end_in_time_on_hostile_names(void)
{
    static const char *const conditions[] = {
        "name_regex '^(a+)+$'",
        "name_regex '(a*)*b'",
        "name_regex '(?:a|aa)+$'",
        "name_regex '(.*)(.*)(.*)(.*)(.*)x'",
        "name_regex '(?=(a+))a*b\\\\1'",
        "name_regex '(a?){60}a{60}b'",
        "name { '*a*a*a*a*a*a*a*b', '*a?a*c', 'a*a*a*d' }",
        "name('*' .. ('a*'):rep(200) .. 'b')",
        "~name_regex '^(a+)+$' & ~name('*' .. ('a*'):rep(200) .. 'b')",
    };
    static const size_t lens[] = {30, 1000, 60000, 800000};
    static char name[800001];
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "reject \"x\" (%s)", conditions[i]);
        CHECK_INT(conditions[i], case_load(&c, text), SPURN_OK);
        for (size_t k = 0; k < sizeof lens / sizeof lens[0]; k++) {
            double best = 1e9;
            memset(name, 'a', lens[k]);
            name[lens[k]] = '\0';
            c.inv.name = text_of(name);
            for (int round = 0; round < 3; round++) {
                double before = cpu_s();
                case_verdict(&c);
                double took = cpu_s() - before;
                best = took < best ? took : best;
            }
            if (!CHECK(conditions[i], best < CPU_S_MOST))
                printf("     %zu bytes: %.3f s\n", lens[k], best);
        }
    }
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"the_rules_of_a_policy_are_bounded_together", the_rules_of_a_policy_are_bounded_together},
    {"conditions_end_in_time_on_hostile_names", conditions_end_in_time_on_hostile_names},
    {"an_error_in_the_depth_says_who_called", an_error_in_the_depth_says_who_called},
    {"few_steps_that_each_do_much_end_soon", few_steps_that_each_do_much_end_soon},
    {"odd_errors_are_one_line_at_the_policy_s_own", odd_errors_are_one_line_at_the_policy_s_own},
    {"shared_conditions_are_asked_once_even_in_doubt",
     shared_conditions_are_asked_once_even_in_doubt},
    {"what_one_invitation_leaves_behind_does_not_fail_the_next",
     what_one_invitation_leaves_behind_does_not_fail_the_next},
    {"nothing_outlives_an_invitation", nothing_outlives_an_invitation},
    {"loading_ends_soon_and_holds_little", loading_ends_soon_and_holds_little},
    {"a_policy_of_many_functions_is_bounded_too", a_policy_of_many_functions_is_bounded_too},
};

UNIT_MAIN(tests)

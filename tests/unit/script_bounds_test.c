/* script_bounds_test.c - a policy cannot hang, cannot grow without bound, cannot see what differs from run to run. */
#include <time.h>

#include "script_case.h"

/* A body for a function of the invitation: harmless on samples, which are not named "go". */
static void load_body(struct script_case *c, const char *body, const struct script_limits *limits)
{
    char text[2048];
    snprintf(text, sizeof text,
             "reject \"x\" (function(inv)\n if not inv:has \"name\" or inv.name ~= \"go\" then "
             "return false end\n do %s end\n"
             "return true end)",
             body);
    CHECK_INT(body, case_load_with(c, text, NULL, limits), SPURN_OK);
    if (c->script == NULL)
        printf("     %s\n", case_error(c));
    c->inv.name = text_of("go");
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void what_runs_away_is_stopped_and_undecided(void)
{
    static const struct {
        const char *body, *cause;
    } rows[] = {
        {"while true do end", "ran out of steps"},
        {"local function f() return f() end f()", "ran out of steps"},
        {"local function f() f() end f()", "ran out of steps"},
        {"local s = 'x' while true do s = s .. s end", "a string that is too long"},
        {"local t = {} for i = 1, 1e9 do t[i] = i end", "ran out of steps"},
        {"local t = {} for i = 1, 1e9 do t[i] = {} end", "ran out of steps"},
        {"local t, s = {}, ('x'):rep(60000) for i = 1, 1e9 do t[i] = s .. i end",
         "asked for memory"},
        {"return string.rep('', 1 << 60) == string.rep('x', 1 << 60)",
         "string.rep would make more than 64 KiB"},
        {"return ('x'):rep(1 << 20) == ''", "string.rep would make more than 64 KiB"},
        {"return ('x'):rep(60000, 'yy') == ''", "string.rep would make more than 64 KiB"},
        {"local s = ('a'):rep(400) return s:find('.-.-.-.-b') ~= nil", "ran out of steps"},
        {"local s = ('a'):rep(30) return s:match(('a?'):rep(30) .. ('a'):rep(30)) ~= nil",
         "ran out of steps"},
        {"local s = ('a'):rep(60000) return s:gsub('.-b', '') == ''", "ran out of steps"},
        {"local s = ('a'):rep(60000) for w in s:gmatch('(.-)(.-)b') do end", "ran out of steps"},
        {"local s = ('a'):rep(60000) while true do s:upper() end", "ran out of steps"},
        {"local s = ('a'):rep(60000) while true do s:find('b', 1, true) end", "ran out of steps"},
        {"local s = ('1'):rep(60000) while true do tonumber(s, 10) end", "ran out of steps"},
        {"table.concat({}, '', 1, 1 << 60)", "invalid value (nil) at index 1"},
        {"table.move({}, 1, 1 << 60, 2)", "ran out of steps"},
        {"table.unpack({}, 1, 1 << 30)", "ran out of steps"},
        {"local t = {} for i = 1, 1e5 do table.insert(t, 1, i) end", "ran out of steps"},
        {"local t = {} for i = 1, 1e5 do t[i] = i % 7 end for i = 1, 1e9 do table.sort(t) end",
         "ran out of steps"},
        {"local t = {} for i = 1, 9e4 do t[i] = i end while true do next(t) end",
         "ran out of steps"},
        {"local t = {} for i = 1, 9e4 do t[i] = i end while true do pairs(t) end",
         "ran out of steps"},
        {"local p = ('('):rep(40) return inv.name:find(p) ~= nil", "more than 32 captures"},
        {"local t = {} for i = 1, 300 do t[i] = '(' end return inv.name:find(('a-'):rep(300)) ~= "
         "nil",
         "too complex"},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load_body(&c, rows[i].body, NULL);
        if (c.script == NULL)
            continue;
        double before = cpu_s();
        CHECK_STR(rows[i].body, case_verdict(&c), "undecided");
        CHECK("within its time", cpu_s() - before < 1);
        CHECK("a fault", c.decision.faulted);
        struct script_fault fault;
        if (CHECK(rows[i].body, script_fault_at(c.script, 0, &fault)) &&
            !CHECK(rows[i].body, strstr(fault.cause.at, rows[i].cause) != NULL))
            printf("     cause: %.*s\n", TEXT_ARG(fault.cause));
        if (fault.cause.at != NULL &&
            !CHECK(rows[i].body, strncmp(fault.cause.at, c.policy, strlen(c.policy)) == 0))
            printf("     cause: %.*s\n", TEXT_ARG(fault.cause));
    }
    case_clear(&c);
}

static void a_policy_goes_on_after_it_was_stopped(void)
{
    static const char *const bodies[] = {"while true do end",
                                         "local t = {} for i = 1, 1e9 do t[i] = i end",
                                         "local s = 'x' while true do s = s .. s end"};
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        load_body(&c, bodies[i], NULL);
        CHECK_STR(bodies[i], case_verdict(&c), "undecided");
        c.inv.name = text_of("other");
        CHECK_STR(bodies[i], case_verdict(&c), "none");
        CHECK("no fault", !c.decision.faulted);
    }
    case_clear(&c);
}

static void a_rule_that_ran_out_three_times_is_not_asked_again(void)
{
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    load_body(&c, "while true do end", NULL);
    for (int i = 0; i < 3; i++)
        CHECK_STR("runs out", case_verdict(&c), "undecided");
    double before = cpu_s();
    c.inv.name = text_of("other");
    for (int i = 0; i < 100; i++) {
        CHECK_STR("for the rest of the sweep", case_verdict(&c), "undecided");
        CHECK("a fault each time", c.decision.faulted);
        CHECK("said why", text_starts(c.decision.reason, "not asked any more: "));
    }
    CHECK("and costs nothing", cpu_s() - before < 0.5);
    CHECK("one fault",
          script_fault_at(c.script, 0, &fault) && !script_fault_at(c.script, 1, &fault));
    script_fault_at(c.script, 0, &fault);
    CHECK_INT("counted", fault.count, 103);
    CHECK_INT("begins", script_begin_sweep(c.script, CASE_NOW_MS, &c.err), SPURN_OK);
    CHECK_STR("a new sweep asks again", case_verdict(&c), "none");
    CHECK("and has forgotten", !script_fault_at(c.script, 0, &fault));
    case_clear(&c);
}

static void limits_are_the_host_s_to_set(void)
{
    struct script_case c;
    const struct script_limits few = {.steps = 20000}, small = {.heap_len = 512 * 1024},
                               brief = {.string_len = 100};
    case_init(&c);
    load_body(&c, "for i = 1, 30000 do end", &few);
    CHECK_STR("few steps", case_verdict(&c), "undecided");
    load_body(&c, "for i = 1, 30000 do end", NULL);
    CHECK_STR("enough steps", case_verdict(&c), "reject");
    load_body(&c, "local t = {} for i = 1, 40000 do t[i] = i end", &small);
    CHECK_STR("small heap", case_verdict(&c), "undecided");
    load_body(&c, "local t = {} for i = 1, 40000 do t[i] = i end", NULL);
    CHECK_STR("enough heap", case_verdict(&c), "reject");
    load_body(&c, "local s = ('x'):rep(90) s = s .. s", &brief);
    CHECK_STR("short strings", case_verdict(&c), "undecided");
    load_body(&c, "local s = ('x'):rep(90) s = s .. s", NULL);
    CHECK_STR("long enough", case_verdict(&c), "reject");
    case_clear(&c);
}

static void what_is_not_allowed_is_not_there(void)
{
    static const char *const names[] = {
        "pcall",           "xpcall",         "load",         "loadstring",   "dofile",
        "loadfile",        "require",        "coroutine",    "os",           "io",
        "debug",           "collectgarbage", "setmetatable", "getmetatable", "rawset",
        "rawget",          "rawequal",       "rawlen",       "package",      "_G",
        "utf8.foo",        "_VERSION",       "string.dump",  "string.pack",  "math.random",
        "math.randomseed", "table.foo",      "refuse"};
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "local f = %s\nif f == nil then reject \"absent\" (always) end",
                 names[i]);
        const char *says = strchr(names[i], '.') != NULL ? " has no \"" : "unknown word";
        CHECK_INT(names[i], case_load(&c, text), SPURN_E_POLICY);
        CHECK(names[i], strstr(c.err.text, says) != NULL);
    }
    case_clear(&c);
}

/* A function that runs through its text once is not counted; what it reaches is. */
static void what_a_short_function_reaches_is_counted(void)
{
    static const struct {
        const char *what, *text;
    } rows[] = {
        {"a local function",
         "local function deeper() deeper() return true end\n"
         "reject \"x\" (function(inv) return inv.name == \"go\" and deeper() end)"},
        {"a function in a table",
         "local t = { deep = { function() while true do end end } }\n"
         "reject \"x\" (function(inv) return inv.name == \"go\" and t.deep[1]() == 1 end)"},
        {"one in a table that two hold",
         "local t = { function() while true do end end }\n"
         "reject \"y\" (function(inv) return inv.name == \"gone\" and t[1]() == 1 end)\n"
         "reject \"x\" (function(inv) return inv.name == \"go\" and t[1]() == 1 end)"},
        {"a callback", "local function again(s) return (s:gsub(\".*\", \"xx\")) end\n"
                       "local function forever(s) while s do s = again(s) end return \"\" end\n"
                       "reject \"x\" (function(inv) return inv.name == \"go\" and "
                       "inv.name:gsub(\"g\", forever) == \"\" end)"},
        {"its own text, in one line",
         "reject \"x\" (function(inv) if inv.name ~= \"go\" then return false end "
         "local f; f = function() return f() end return f() == 1 end)"},
        {"its own text, in odd lines",
         "reject \"x\" (function\n(inv) if inv.name ~= \"go\" then return false end "
         "local f; f = function\n() return f() end return f() == 1 end)"},
        {"a pattern", "reject \"x\" (function(inv) return inv.name == \"go\" and "
                      "((\"a\"):rep(400)):find(\".-.-.-.-b\") ~= nil end)"},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script_fault fault;
        if (!CHECK_INT(rows[i].what, case_load(&c, rows[i].text), SPURN_OK))
            printf("     %s\n", case_error(&c));
        if (c.script == NULL)
            continue;
        c.inv.name = text_of("go");
        CHECK_STR(rows[i].what, case_verdict(&c), "undecided");
        if (CHECK(rows[i].what, script_fault_at(c.script, 0, &fault)))
            CHECK(rows[i].what, strstr(fault.cause.at, "ran out of steps") != NULL ||
                                    strstr(fault.cause.at, "asked for memory") != NULL);
    }
    case_clear(&c);
}

static void nothing_differs_from_run_to_run(void)
{
    static const struct {
        const char *condition, *what;
    } rows[] = {
        {"tostring({}) == 'table' and tostring(print) == 'function' and tostring(inv) == "
         "'invitation'",
         "no addresses"},
        {"string.format('%s %d', {}, 1) == 'table 1'", "none through format"},
        {"(function() local s = '' for k, v in pairs { b = 1, a = 2, [2] = 3, [1] = 4, [true] = 5, "
         "[1.5] = 6 } do s = s .. "
         "tostring(k) .. v end return s end)() == 'true5141.5623a2b1'",
         "pairs in order"},
        {"next({ z = 1, y = 2 }) == 'y' and next({ z = 1, y = 2 }, 'y') == 'z' and next({ z = 1 }, "
         "'z') == nil and next {} == nil",
         "next in order"},
        {"(function() local t = { 5, 3, 9, 1 } table.sort(t) return table.concat(t, ',') end)() == "
         "'1,3,5,9'",
         "sort"},
        {"(function() local t = { 5, 3, 9, 1 } table.sort(t, function(a, b) return a > b end) "
         "return table.concat(t, ',') end)() == "
         "'9,5,3,1'",
         "sort with an order"},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, "reject \"x\" (function(inv) return %s end)",
                 rows[i].condition);
        CHECK_INT(rows[i].what, case_load(&c, text), SPURN_OK);
        CHECK_STR(rows[i].what, case_verdict(&c), "reject");
    }
    CHECK_INT(
        "%p",
        case_load(&c, "reject \"x\" (function(inv) return string.format('%p', {}) == '' end)"),
        SPURN_E_POLICY);
    CHECK_INT(
        "keys without order",
        case_load(
            &c, "reject \"x\" (function(inv) for k in pairs { [{}] = 1 } do end return true end)"),
        SPURN_E_POLICY);
    case_clear(&c);
}

/* The matcher is our own; what it answers is Lua's. */
static void patterns_answer_as_lua_s(void)
{
    static const char *const rows[] = {
        "('hello world'):find('wor') == 7",
        "select(2, ('hello world'):find('o', 6)) == 8",
        "('hello'):find('l+') == 3 and select(2, ('hello'):find('l+')) == 4",
        "('a.b'):find('.', 1, true) == 2 and ('a.b'):find('b', -1, true) == 3",
        "('abc'):find('', 10) == nil and ('abc'):find('', 4) == 4 and ('abc'):find('x') == nil",
        "('key = value'):match('^(%w+)%s*=%s*(%w+)$') == 'key'",
        "select(2, ('key = value'):match('^(%w+)%s*=%s*(%w+)$')) == 'value'",
        "('THE (quick) fox'):find('%((%a+)%)') == 5 and ('THE (quick) fox'):match('%((%a+)%)') == "
        "'quick'",
        "('hello'):match('()ll()') == 3 and select(2, ('hello'):match('()ll()')) == 5",
        "('f(a(b)c)d'):match('%b()') == '(a(b)c)'",
        "('THE (quick) fox'):gsub('%f[%a]%a+', 'x') == 'x (x) x'",
        "('abcabc'):match('(a)(b)c%1%2') == 'a' and ('say \"hi\"'):match('([\"\\'])(.-)%1') == "
        "'\"'",
        "('hello'):gsub('l', 'L') == 'heLLo' and select(2, ('hello'):gsub('l', 'L')) == 2",
        "('hello'):gsub('', '-') == '-h-e-l-l-o-'",
        "('hello world'):gsub('o', 'O', 1) == 'hellO world'",
        "('abc'):gsub('%w', '%0%0') == 'aabbcc' and ('abc'):gsub('(%w)(%w)', '%2%1') == 'bac'",
        "('$name is'):gsub('%$(%w+)', { name = 'lua' }) == 'lua is' and ('$x'):gsub('%$(%w+)', {}) "
        "== '$x'",
        "('abc'):gsub('%w', function(l) if l == 'b' then return 'X' end end) == 'aXc'",
        "('abc'):gsub('^%w', 'x') == 'xbc' and ('50%'):gsub('%%', '%%%%') == '50%%'",
        "(function() local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k "
        ".. v end return "
        "table.concat(t, ' ') end)() == 'a1 b2'",
        "(function() local n = 0 for w in ('one two  three'):gmatch('%a+') do n = n + 1 end return "
        "n end)() == 3",
        "('[x]'):match('[]]') == ']' and ('a-b'):match('[a%-]+') == 'a-' and ('x^'):match('[%^]') "
        "== '^'",
        "('abc'):match('[^a-b]') == 'c' and ('a\\0b'):find('%z') == 2 and ('aXb'):match('%u') == "
        "'X'",
        "('abc'):match('.-b') == 'ab' and ('aaa'):match('a-') == '' and ('aaab'):match('^a-b') == "
        "'aaab'",
        "('colour color'):gsub('colou?r', 'c') == 'c c'",
        "('a$b'):find('$b') == 2 and ('ab$'):find('$$') == 3",
        "(('x'):rep(1000)):match('^' .. ('x'):rep(1000) .. '$') ~= nil",
        "('  trim  '):match('^%s*(.-)%s*$') == 'trim'",
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, "reject \"x\" (function(inv) return %s end)", rows[i]);
        CHECK_INT(rows[i], case_load(&c, text), SPURN_OK);
        CHECK_STR(rows[i], case_verdict(&c), "reject");
    }
    static const char *const broken[] = {"'%'", "'[a'", "'(a'", "'a)'", "'%1'", "'%b'", "'%f'"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "reject \"x\" (function(inv) return ('abc'):match(%s) ~= nil end)", broken[i]);
        CHECK_INT(broken[i], case_load(&c, text), SPURN_E_POLICY);
        CHECK(broken[i], strstr(c.err.text, "malformed pattern") != NULL);
    }
    case_clear(&c);
}

static void conditions_nest_a_hundred_deep_at_most(void)
{
    struct script_case c;
    case_init(&c);
    CHECK_INT("deep",
              case_load(&c, "local c = ~always\nfor i = 1, 98 do c = ~c end\nreject \"x\" (c)"),
              SPURN_OK);
    CHECK_INT("deeper",
              case_load(&c, "local c = ~always\nfor i = 1, 99 do c = ~c end\nreject \"x\" (c)"),
              SPURN_E_POLICY);
    CHECK("says so", strstr(c.err.text, "p.lua:2: conditions nest more than 100 deep") != NULL);
    case_clear(&c);
}

static void loading_is_bounded_too(void)
{
    static const char *const rows[] = {
        "while true do end",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local s = 'x' while true do s = s .. s end",
        "local c = always for i = 1, 1e9 do local d = always & always end",
        "for i = 1, 1e9 do reject(\"r\" .. i)(always) end",
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i], case_load(&c, rows[i]), SPURN_E_POLICY);
    case_clear(&c);
}

static void long_names_and_ids_of_any_bytes_are_handled(void)
{
    struct script_case c;
    char name[3001];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    case_init(&c);
    case_load(&c, "reject \"x\" (name \"a*\")\nreject \"y\" { name \"b\", reason = \"{name}\" }\n"
                  "reject \"z\" (function(inv) return #inv.name > 2000 end)");
    c.inv.name = text_of(name);
    CHECK_STR("long", case_verdict(&c), "reject");
    c.inv.name = (struct spurn_text){"b\0\xff", 3};
    CHECK_STR("zero and not UTF-8", case_verdict(&c), "none");
    case_load(&c, "reject \"y\" { name \"a*\", reason = \"{name}{name}\" }");
    c.inv.name = text_of(name);
    CHECK_STR("long reason", case_verdict(&c), "reject");
    CHECK("cut", c.decision.reason.len <= 1024);
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"what_runs_away_is_stopped_and_undecided", what_runs_away_is_stopped_and_undecided},
    {"what_a_short_function_reaches_is_counted", what_a_short_function_reaches_is_counted},
    {"a_policy_goes_on_after_it_was_stopped", a_policy_goes_on_after_it_was_stopped},
    {"a_rule_that_ran_out_three_times_is_not_asked_again",
     a_rule_that_ran_out_three_times_is_not_asked_again},
    {"limits_are_the_host_s_to_set", limits_are_the_host_s_to_set},
    {"what_is_not_allowed_is_not_there", what_is_not_allowed_is_not_there},
    {"nothing_differs_from_run_to_run", nothing_differs_from_run_to_run},
    {"patterns_answer_as_lua_s", patterns_answer_as_lua_s},
    {"conditions_nest_a_hundred_deep_at_most", conditions_nest_a_hundred_deep_at_most},
    {"loading_is_bounded_too", loading_is_bounded_too},
    {"long_names_and_ids_of_any_bytes_are_handled", long_names_and_ids_of_any_bytes_are_handled},
};

UNIT_MAIN(tests)

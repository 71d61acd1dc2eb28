/* matcher_random_test.c - our matcher of Lua's patterns answers as Lua's own, on random patterns and texts. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

#include "script/sandbox/host.h"
#include "script/sandbox/library.h"
#include "unit.h"

enum {
#if defined(__SANITIZE_ADDRESS__)
    CASES = 150000, /* each takes ten times as long */
#else
    CASES = 1200000,
#endif
    SUBJECT_MOST = 14,
    ITEMS_MOST = 7,
    PATTERN_LEN = 256,
    RESULTS_MOST = 40, /* of one call; 32 captures and two ends */
    STEPS_MOST = 40    /* of one gmatch; more than a subject has places */
};
static const uint64_t SEED = 0x5b0a7d1e93c4f286;

/* ---- chance: the same on every run ---- */

struct chance {
    uint64_t state;
};

static uint64_t next(struct chance *c)
{
    c->state += 0x9e3779b97f4a7c15;
    uint64_t z = c->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static int below(struct chance *c, int most)
{
    return (int)(next(c) % (uint64_t)most);
}

static bool one_in(struct chance *c, int most)
{
    return below(c, most) == 0;
}

/* ---- texts ---- */

struct text {
    char at[PATTERN_LEN];
    size_t len;
};

static void add(struct text *t, char c)
{
    if (t->len < sizeof t->at)
        t->at[t->len++] = c;
}

static void add_any(struct text *t, struct chance *c, const char *choice, size_t len)
{
    add(t, choice[below(c, (int)len)]);
}

#define ADD_ONE_OF(t, c, literal) add_any(t, c, literal, sizeof(literal) - 1)

static void add_letter(struct text *t, struct chance *c)
{
    if (one_in(c, 12))
        ADD_ONE_OF(t, c, "\0\xff\x80\n\t .,-()[]%^$*+?zZ09_");
    else
        ADD_ONE_OF(t, c, "aaabbc1 A");
}

static void add_class(struct text *t, struct chance *c)
{
    add(t, '%');
    if (one_in(c, 8))
        add_letter(t, c);
    else
        ADD_ONE_OF(t, c, "aAcCdDgGlLpPsSuUwWxXzZ.%[]^$()-");
}

static void add_set(struct text *t, struct chance *c)
{
    add(t, '[');
    if (one_in(c, 3))
        add(t, '^');
    if (one_in(c, 10))
        add(t, ']');
    for (int i = below(c, 4); i >= 0; i--) {
        if (one_in(c, 4))
            add_class(t, c);
        else
            add_letter(t, c);
        if (one_in(c, 4)) {
            add(t, '-');
            if (!one_in(c, 5))
                add_letter(t, c);
        }
    }
    if (!one_in(c, 25))
        add(t, ']');
}

static void add_single(struct text *t, struct chance *c)
{
    int kind = below(c, 10);
    if (kind < 5)
        add_letter(t, c);
    else if (kind < 6)
        add(t, '.');
    else if (kind < 8)
        add_class(t, c);
    else
        add_set(t, c);
}

static void add_special(struct text *t, struct chance *c)
{
    switch (below(c, 4)) {
    case 0:
        add(t, '%');
        add(t, 'b');
        for (int i = one_in(c, 15); i < 2; i++)
            add_letter(t, c);
        break;
    case 1:
        add(t, '%');
        add(t, 'f');
        if (one_in(c, 15))
            add_letter(t, c);
        else
            add_set(t, c);
        break;
    case 2:
        add(t, '%');
        ADD_ONE_OF(t, c, "0111122239");
        break;
    default:
        add(t, '(');
        add(t, ')');
        break;
    }
}

static struct text random_pattern(struct chance *c)
{
    struct text t = {.len = 0};
    int open = 0;
    if (one_in(c, 5))
        add(&t, '^');
    for (int i = below(c, ITEMS_MOST); i >= 0; i--) {
        if (one_in(c, 6)) {
            add(&t, '(');
            open++;
        }
        if (one_in(c, 8))
            add_special(&t, c);
        else
            add_single(&t, c);
        if (one_in(c, 3))
            ADD_ONE_OF(&t, c, "*+-?");
        if (open > 0 && one_in(c, 3)) {
            add(&t, ')');
            open--;
        }
    }
    for (; open > 0 && !one_in(c, 30); open--)
        add(&t, ')');
    if (one_in(c, 30))
        ADD_ONE_OF(&t, c, "%[()");
    if (one_in(c, 6))
        add(&t, '$');
    return t;
}

static struct text random_subject(struct chance *c)
{
    struct text t = {.len = 0};
    for (int i = below(c, SUBJECT_MOST); i > 0; i--)
        add_letter(&t, c);
    return t;
}

static struct text random_replacement(struct chance *c)
{
    struct text t = {.len = 0};
    for (int i = below(c, 5); i > 0; i--) {
        if (one_in(c, 3)) {
            add(&t, '%');
            ADD_ONE_OF(&t, c, "00111223%%a");
        } else {
            add_letter(&t, c);
        }
    }
    if (one_in(c, 30))
        add(&t, '%');
    return t;
}

/* ---- one case ---- */

enum { OURS = 1, LUAS, WHAT }; /* the two libraries, at these indices of the stack */

static const char *const functions[] = {"find", "match", "gmatch", "gsub"};

/* A replacement that hangs on what was matched: text, a number, nothing, or (rarely) what cannot be one. */
static int replace(lua_State *L)
{
    size_t len = 0;
    const char *first = lua_tolstring(L, 1, &len);
    unsigned sum = (unsigned)lua_gettop(L);
    for (size_t i = 0; i < len; i++)
        sum = sum * 31 + (unsigned char)first[i];
    switch (sum % 7) {
    case 0:
        return 0;
    case 1:
        lua_pushboolean(L, sum % 64 == 1);
        return 1;
    case 2:
        lua_pushinteger(L, (lua_Integer)sum);
        return 1;
    case 3:
        lua_pushnumber(L, 0.5);
        return 1;
    default:
        lua_pushfstring(L, "<%s>", first);
        return 1;
    }
}

static void push_replacement(lua_State *L, struct chance *c)
{
    struct text text = random_replacement(c);
    switch (below(c, 5)) {
    case 0:
        lua_newtable(L);
        lua_pushliteral(L, "x");
        lua_setfield(L, -2, "a");
        lua_pushinteger(L, 7);
        lua_setfield(L, -2, "b");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "ab");
        lua_pushliteral(L, "at");
        lua_rawseti(L, -2, 2);
        break;
    case 1:
        lua_pushcfunction(L, replace);
        break;
    case 2:
        lua_pushinteger(L, below(c, 100));
        break;
    default:
        lua_pushlstring(L, text.at, text.len);
        break;
    }
}

static void push_start(lua_State *L, struct chance *c)
{
    static const lua_Integer far[] = {LUA_MININTEGER, LUA_MAXINTEGER, 1000, -1000};
    if (one_in(c, 20))
        lua_pushinteger(L, far[below(c, 4)]);
    else if (one_in(c, 10))
        lua_pushnil(L);
    else
        lua_pushinteger(L, below(c, 2 * SUBJECT_MOST) - SUBJECT_MOST);
}

/* Pushes the arguments; says how many. */
static int push_arguments(lua_State *L, struct chance *c, int function)
{
    struct text subject = random_subject(c), pattern = random_pattern(c);
    int top = lua_gettop(L);
    lua_pushlstring(L, subject.at, subject.len);
    lua_pushlstring(L, pattern.at, pattern.len);
    if (function == 3) {
        push_replacement(L, c);
        if (one_in(c, 3))
            lua_pushinteger(L, below(c, 5) - 1);
    } else if (one_in(c, 3)) {
        push_start(L, c);
        if (function == 0 && one_in(c, 3))
            lua_pushboolean(L, below(c, 2));
    }
    return lua_gettop(L) - top;
}

/* Replaces the function and its arguments, from `base` on, by what it gave, added to the table at `results`; -1 stands for an
 * error. False when it was one. */
static bool add_results(lua_State *L, int results, int base)
{
    bool ok = lua_pcall(L, lua_gettop(L) - base, LUA_MULTRET, 0) == LUA_OK;
    if (!ok) {
        lua_pushinteger(L, -1);
        lua_replace(L, base);
    }
    for (int i = base; i <= lua_gettop(L); i++) {
        lua_pushvalue(L, i);
        lua_rawseti(L, results, (lua_Integer)lua_rawlen(L, results) + 1);
    }
    return ok;
}

/* Replaces the function and its arguments on the top by a table of what it gave. */
static void call(lua_State *L, int arguments, bool is_iterator)
{
    int results = lua_gettop(L) - arguments, base = results + 1;
    lua_createtable(L, RESULTS_MOST, 0);
    lua_insert(L, results);
    bool goes_on = add_results(L, results, base) && is_iterator;
    if (is_iterator && goes_on) {
        lua_newtable(L); // results step ... results
        lua_replace(L, results);
    }
    for (int steps = 0; goes_on && steps < STEPS_MOST; steps++) {
        lua_settop(L, base);
        lua_pushvalue(L, base);
        goes_on = add_results(L, results, base + 1) && !lua_isnoneornil(L, base + 1);
        lua_pushliteral(L, ";");
        lua_rawseti(L, results, (lua_Integer)lua_rawlen(L, results) + 1);
    }
    lua_settop(L, results);
}

static bool same_tables(lua_State *L, int a, int b)
{
    lua_Integer len = (lua_Integer)lua_rawlen(L, a);
    bool same = len == (lua_Integer)lua_rawlen(L, b);
    for (lua_Integer i = 1; same && i <= len; i++) {
        lua_rawgeti(L, a, i);
        lua_rawgeti(L, b, i);
        same = lua_rawequal(L, -1, -2) && lua_isinteger(L, -1) == lua_isinteger(L, -2);
        lua_pop(L, 2);
    }
    return same;
}

static void show(lua_State *L, const char *what, int index)
{
    printf("     %s:", what);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        lua_rawgeti(L, index, i);
        printf(" %s", luaL_tolstring(L, -1, NULL));
        lua_pop(L, 2);
    }
    printf("\n");
}

static bool check_case(lua_State *L, uint64_t seed, int *errors)
{
    struct chance c = {seed}, again;
    int function = below(&c, 4), results[2];
    for (int library = OURS; library <= LUAS; library++) {
        again = c;
        lua_getfield(L, library, functions[function]);
        int arguments = push_arguments(L, &again, function);
        call(L, arguments, function == 2);
        results[library - OURS] = lua_gettop(L);
    }
    bool same = same_tables(L, results[0], results[1]);
    lua_rawgeti(L, results[1], 1);
    *errors += lua_rawlen(L, results[1]) == 1 && lua_tointeger(L, -1) == -1;
    lua_pop(L, 1);
    if (!CHECK(functions[function], same)) {
        again = c;
        push_arguments(L, &again, function);
        lua_getfield(L, LUAS, "format");
        lua_pushliteral(L, "%q, %q");
        lua_pushvalue(L, results[1] + 1);
        lua_pushvalue(L, results[1] + 2);
        lua_call(L, 3, 1);
        printf("     seed 0x%llx: string.%s(%s, ...)\n", (unsigned long long)seed,
               functions[function], lua_tostring(L, -1));
        show(L, "ours", results[0]);
        show(L, "Lua's", results[1]);
    }
    lua_settop(L, LUAS);
    return same;
}

static int compare_all(lua_State *L)
{
    int errors = 0, differ = 0;
    lua_settop(L, 0);
    library_push_strings(L);
    luaL_requiref(L, "string", luaopen_string, 0);
    for (int i = 0; i < CASES && differ < 20; i++)
        differ += !check_case(L, SEED + (uint64_t)i, &errors);
    printf("     %d cases, %d of them errors to both, from seed 0x%llx\n", CASES, errors,
           (unsigned long long)SEED);
    CHECK("most are no errors", errors < CASES / 2);
    return 0;
}

static void random_patterns_answer_as_lua_s_own(void)
{
    struct host *h;
    struct spurn_error err;
    const struct script_limits limits = {.steps = INT64_C(1) << 40};
    if (!CHECK_INT("", host_open(&limits, NULL, &h, &err), SPURN_OK))
        return;
    host_begin(h);
    host_refill(h, limits.steps);
    if (!CHECK_INT("", enter(h, compare_all, NULL, &err), SPURN_OK))
        printf("     %s\n", err.text);
    host_close(h);
}

static const struct unit_test tests[] = {
    {"random_patterns_answer_as_lua_s_own", random_patterns_answer_as_lua_s_own},
};

UNIT_MAIN(tests)

/* library_random_test.c - the bounded library answers as Lua's own does; see library_random.lua. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

#include "script/sandbox/host.h"
#include "unit.h"

enum {
#if defined(__SANITIZE_ADDRESS__)
    CASES = 20000, /* each takes ten times as long */
#else
    CASES = 200000,
#endif
    SEED = 20270218
};

static int compare(lua_State *L)
{
    luaL_openlibs(L);
    if (luaL_loadfile(L, "tests/unit/library_random.lua") != LUA_OK)
        return lua_error(L);
    host_push_environment(L);
    lua_pushinteger(L, SEED);
    lua_pushinteger(L, CASES);
    lua_call(L, 3, 2);
    lua_Integer calls = lua_tointeger(L, -2), errors = lua_tointeger(L, -1);
    printf("     %lld calls, %lld of them errors to both, from seed %d\n", (long long)calls,
           (long long)errors, SEED);
    CHECK("all were made", calls >= CASES);
    CHECK("most are no errors", errors < CASES / 2);
    return 0;
}

static void bounded_functions_answer_as_lua_s_own(void)
{
    struct host *h;
    struct spurn_error err;
    const struct script_limits limits = {.steps = INT64_C(1) << 40};
    if (!CHECK_INT("", host_open(&limits, NULL, &h, &err), SPURN_OK))
        return;
    host_begin(h);
    host_refill(h, limits.steps);
    CHECK_INT("", enter(h, compare, NULL, &err), SPURN_OK);
    if (h->stop != STOP_NONE)
        printf("     %s\n", err.text);
    host_close(h);
}

static const struct unit_test tests[] = {
    {"bounded_functions_answer_as_lua_s_own", bounded_functions_answer_as_lua_s_own},
};

UNIT_MAIN(tests)

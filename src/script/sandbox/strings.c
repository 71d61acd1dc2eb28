/* strings.c - string and utf8: each function takes what it walks off the budget, and none tells an address. */
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

#include "script/sandbox/host.h"
#include "script/sandbox/library.h"

enum {
    STEPS_A_CONVERSION = 10,
    STEPS_A_FLOAT = 150, /* "%99.99f" takes some microseconds */
    STEPS_A_QUOTED = 2,  /* byte */
    STEPS_A_CHARACTER = 4,
    REPEATS_A_STEP = 4
};

/* ---- string ---- */

/* What the conversions of a format take. Refuses %p, and replaces what %s shows: either would tell an address. */
static int64_t prepare_format(lua_State *L, struct spurn_text text)
{
    const char *at = text.at, *end = text.at + text.len;
    int64_t steps = 0;
    int arg = 1;
    for (; at < end; at++) {
        if (*at != '%')
            continue;
        at++;
        if (at < end && *at == '%')
            continue;
        arg++;
        while (at < end && strchr("-+ #0123456789.", *at) != NULL && *at != '\0')
            at++;
        steps += at < end && strchr("aAeEfFgG", *at) != NULL ? STEPS_A_FLOAT : STEPS_A_CONVERSION;
        if (at < end && *at == 'p')
            refuse(L, "string.format has no %%p here: an address differs from run to run");
        if (at < end && *at == 'q')
            steps += STEPS_A_QUOTED * (int64_t)lua_rawlen(L, arg);
        if (at < end && *at == 's' && arg <= lua_gettop(L)) {
            library_push_shown(L, arg);
            lua_replace(L, arg);
        }
    }
    return steps;
}

static int64_t cost_of_format(lua_State *L)
{
    struct spurn_text text;
    text.at = luaL_checklstring(L, 1, &text.len);
    return prepare_format(L, text);
}

static int repeat(lua_State *L)
{
    size_t len, separator_len;
    library_spend_arguments(L, 1);
    const char *text = luaL_checklstring(L, 1, &len);
    lua_Integer times = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &separator_len);
    size_t most = host_of(L)->limits.string_len;
    if (times <= 0 || len + separator_len == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((lua_Unsigned)times > most || (len + separator_len) * (size_t)times - separator_len > most)
        refuse(L, "string.rep would make more than %zu KiB", most / 1024);
    luaL_Buffer out;
    host_spend(L, times / REPEATS_A_STEP);
    luaL_buffinit(L, &out);
    for (lua_Integer i = 0; i < times; i++) {
        if (i > 0)
            luaL_addlstring(&out, separator, separator_len);
        luaL_addlstring(&out, text, len);
    }
    luaL_pushresult(&out);
    return 1;
}

void library_push_strings(lua_State *L)
{
    static const struct charged_function rows[] = {
        {"byte", 1, NULL}, {"char", 1, NULL},  {"format", 1, cost_of_format},
        {"len", 2, NULL},  {"lower", 1, NULL}, {"reverse", 1, NULL},
        {"sub", 2, NULL},  {"upper", 1, NULL}, {NULL, 0, NULL}};
    library_open_beside(L, "string", luaopen_string); // original ours
    library_add_charged(L, rows);
    lua_pushcfunction(L, repeat);
    lua_setfield(L, -2, "rep");
    library_add_patterns(L);
    lua_remove(L, -2);
}

/* ---- utf8 ---- */

static int64_t cost_of_characters(lua_State *L)
{
    return (int64_t)lua_gettop(L) * STEPS_A_CHARACTER;
}

/* upvalue 1: the library's own step, which looks at no more than the character it was at and the next. */
static int codes_step(lua_State *L)
{
    size_t len = 0;
    luaL_checklstring(L, 1, &len);
    lua_Integer from = luaL_optinteger(L, 2, 0);
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 2);
    lua_Integer to = lua_isnil(L, -2) ? (lua_Integer)len : lua_tointeger(L, -2);
    host_spend(L, STEPS_A_CHARACTER);
    library_spend_bytes(L, to > from ? (size_t)(to - from) : 0);
    return 2;
}

/* upvalue 1: the library's own function */
static int codes(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 3); // step text 0
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, codes_step, 1);
    lua_replace(L, -4);
    return 3;
}

void library_push_utf8(lua_State *L)
{
    static const struct charged_function rows[] = {{"char", 1, cost_of_characters},
                                                   {"codepoint", 1, NULL},
                                                   {"len", 1, NULL},
                                                   {"offset", 1, NULL},
                                                   {"charpattern", 0, NULL},
                                                   {NULL, 0, NULL}};
    library_open_beside(L, "utf8", luaopen_utf8); // original ours
    library_add_charged(L, rows);
    lua_getfield(L, -2, "codes");
    lua_pushcclosure(L, codes, 1);
    lua_setfield(L, -2, "codes");
    lua_remove(L, -2);
}

/* cjson.c - what lua-cjson gets wrong, put right: it takes lax JSON, makes floats of ids' counts, and its null is true. */
#include "script/sandbox/cjson.h"

#include <lauxlib.h>
#include <lua5.4/lua-cjson.h>

#include "json.h"
#include "script/sandbox/host.h"

static const lua_Number EXACT_MAX =
    9007199254740992.0; /* 2^53: beyond it a float has lost digits */

static void check_strict(lua_State *L, struct spurn_text text)
{
    struct arena arena;
    struct json json;
    arena_init(&arena, text.len + 65536);
    json_init(&json, text, &arena);
    json_skip(&json);
    bool is_strict = json_done(&json);
    const char *why = json.why != NULL ? json.why : "not JSON"; /* a literal */
    size_t at = json.why_at;
    arena_clear(&arena);
    if (!is_strict)
        refuse(L, "cannot read JSON: %s at byte %zu", why, at + 1);
}

/* The decoder makes strings of any length; what comes of them is bounded like every string. */
static void check_string(lua_State *L)
{
    struct host *h = host_of(L);
    size_t len = lua_rawlen(L, -1);
    if (len > h->limits.string_len)
        refuse(L, "cannot read JSON: a string of more than %zu KiB", h->limits.string_len / 1024);
    host_expect(h, len);
}

/* Replaces the value on the top by the one it should have been. */
static void mend(lua_State *L)
{
    luaL_checkstack(L, 8, "JSON");
    if (lua_islightuserdata(L, -1)) {
        lua_pop(L, 1);
        lua_pushnil(L);
        return;
    }
    if (lua_type(L, -1) == LUA_TNUMBER) {
        lua_Number number = lua_tonumber(L, -1);
        lua_Integer whole;
        if (number >= -EXACT_MAX && number <= EXACT_MAX && lua_numbertointeger(number, &whole) &&
            (lua_Number)whole == number) {
            lua_pop(L, 1);
            lua_pushinteger(L, whole);
        }
        return;
    }
    if (lua_type(L, -1) == LUA_TSTRING)
        check_string(L);
    if (!lua_istable(L, -1))
        return;
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) { // table key value
        mend(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4); // table key: an existing key may be set, or cleared, during a traversal
    }
}

void cjson_push(lua_State *L, struct spurn_text text)
{
    struct host *h = host_of(L);
    check_strict(L, text);
    h->trusts = true;
    lua_pushcfunction(L, luaopen_cjson);
    lua_call(L, 0, 1);
    lua_getfield(L, -1, "decode");
    lua_pushlstring(L, text.at, text.len);
    lua_call(L, 1, 1); // cjson value
    lua_remove(L, -2);
    mend(L);
    h->trusts = false;
}

/* frozen.c - read-only stand-ins for tables: a userdata whose user value is the table. */
#include "script/sandbox/frozen.h"

#include <lauxlib.h>

#include "script/sandbox/host.h"

static const char frozen_key = 0; /* of the registry, and the mark in a metatable */

bool frozen_is(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index))
        return false;
    bool is = lua_rawgetp(L, -1, &frozen_key) != LUA_TNIL; // metatable mark
    lua_pop(L, 2);
    return is;
}

void frozen_push(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_newuserdatauv(L, 0, 1);
    lua_pushvalue(L, index);
    lua_setiuservalue(L, -2, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &frozen_key);
    lua_setmetatable(L, -2);
}

static int frozen_index(lua_State *L)
{
    lua_getiuservalue(L, 1, 1);
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
    if (lua_istable(L, -1))
        frozen_push(L, -1);
    return 1;
}

static int frozen_len(lua_State *L)
{
    lua_getiuservalue(L, 1, 1);
    lua_pushinteger(L, luaL_len(L, -1));
    return 1;
}

static int frozen_equal(lua_State *L)
{
    bool both = frozen_is(L, 1) && frozen_is(L, 2);
    if (both) {
        lua_getiuservalue(L, 1, 1);
        lua_getiuservalue(L, 2, 1);
        both = lua_rawequal(L, -1, -2);
    }
    lua_pushboolean(L, both);
    return 1;
}

void frozen_refuse_change(lua_State *L)
{
    refuse(
        L,
        "a table from outside a function cannot be changed inside it: nothing but the invitation "
        "may sway a function; make a table of its own");
}

static int frozen_newindex(lua_State *L)
{
    frozen_refuse_change(L);
}

/* Does reading from the table at `index` never give another table? */
static bool is_flat(lua_State *L, int index)
{
    int top = lua_gettop(L);
    bool is = !lua_getmetatable(L, index);
    lua_settop(L, top);
    lua_pushnil(L);
    while (is && lua_next(L, index) != 0) {
        host_spend(L, 1);
        is = !lua_istable(L, -1);
        lua_pop(L, 1);
    }
    lua_settop(L, top);
    return is;
}

static const luaL_Reg frozen_events[] = {{"__index", frozen_index},
                                         {"__newindex", frozen_newindex},
                                         {"__len", frozen_len},
                                         {"__eq", frozen_equal},
                                         {NULL, NULL}};

static void push_frozen_events(lua_State *L)
{
    luaL_newlib(L, frozen_events);
    lua_pushboolean(L, true);
    lua_rawsetp(L, -2, &frozen_key);
}

/* A flat table is looked up by the VM itself, several times faster than by frozen_index. */
void host_push_frozen(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    frozen_push(L, index);
    if (!is_flat(L, index))
        return;
    push_frozen_events(L); // frozen events
    lua_pushvalue(L, index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

void frozen_open(lua_State *L)
{
    push_frozen_events(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &frozen_key);
}

/* library.c - the allow-list: what sandboxed files may call, and how each is kept from running long or telling addresses. */
#include "script/sandbox/library.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

#include "script/sandbox/frozen.h"
#include "script/sandbox/host.h"

enum {
    PRINT_LEN_MAX = 1024,
    BYTES_A_STEP = 8,
    VALUES_A_STEP = 16,
    STEPS_A_STRING = 6, /* "1e-320", where a number is wanted */
    STEPS_A_PRINT = 5,
    STEPS_A_SHOWN = 20,    /* "%.14g" of 1e-300 takes a microsecond */
    STEPS_A_REMAINDER = 40 /* of 1e308, by something small */
};

/* Keys of the registry, by address. */
static const char environment_key = 0, privileged_key = 0;

/* ---- what a value looks like ---- */

const char *library_type(lua_State *L, int index)
{
    return frozen_is(L, index) ? "table" : luaL_typename(L, index);
}

void library_push_shown(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        return;
    case LUA_TNUMBER:
        host_spend(L, STEPS_A_SHOWN);
        luaL_tolstring(L, index, NULL);
        return;
    case LUA_TBOOLEAN:
    case LUA_TNIL:
        luaL_tolstring(L, index, NULL);
        return;
    default:
        break;
    }
    index = lua_absindex(L, index);
    if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL) {
        lua_pushstring(L, library_type(L, index));
        return;
    }
    lua_pushvalue(L, index); // __tostring value
    lua_call(L, 1, 1);
}

static int shown(lua_State *L)
{
    luaL_checkany(L, 1);
    library_push_shown(L, 1);
    return 1;
}

static int type_of(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, library_type(L, 1));
    return 1;
}

static int print(lua_State *L)
{
    struct host *h = host_of(L);
    luaL_Buffer line;
    int count = lua_gettop(L);
    host_spend(L, STEPS_A_PRINT);
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&line, '\t');
        library_push_shown(L, i);
        luaL_addvalue(&line);
    }
    luaL_pushresult(&line);
    if (h->prints_left <= 0)
        return 0;
    h->prints_left--;
    char where[256];
    host_where(L, where, sizeof where);
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    if (len > PRINT_LEN_MAX)
        len = PRINT_LEN_MAX;
    struct spurn_text shown_text = {text, len};
    shown_text.len = text_utf8_len(shown_text);
    if (h->log != NULL)
        log_info(h->log, "%s: %.*s%s", where, TEXT_ARG(shown_text),
                 h->prints_left == 0 ? " (what follows is not printed)" : "");
    return 0;
}

static int library_newindex(lua_State *L)
{
    library_push_shown(L, 2);
    refuse(L, "cannot change the library's %s", lua_tostring(L, -1));
}

/* upvalues: the library's name, its table */
static int refuse_absent(lua_State *L)
{
    enum { NAMES_MOST = 32 };
    const char *names[NAMES_MOST + 1], *library = lua_tostring(L, lua_upvalueindex(1));
    size_t count = 0;
    if (lua_type(L, 2) != LUA_TSTRING) {
        lua_pushnil(L);
        return 1;
    }
    lua_Integer keys = library_push_sorted_keys(L, lua_upvalueindex(2));
    for (lua_Integer i = 1; i <= keys && count < NAMES_MOST; i++) {
        lua_rawgeti(L, -1, i);
        names[count++] = lua_tostring(L, -1); /* the library holds it */
        lua_pop(L, 1);
    }
    names[count] = NULL;
    const char *name = lua_tostring(L, 2), *nearest = host_nearest(name, names);
    const char *cure = strncmp(name, "random", 6) == 0
                           ? "; the same invitation gets the same answer at any time"
                           : "; what it has is in the manual of Lua 5.4";
    refuse(L, "%s has no \"%.60s\"%s%s%s", strcmp(library, "string") == 0 ? "a string" : library,
           name, nearest ? "; did you mean \"" : cure, nearest ? nearest : "",
           nearest ? "\"?" : "");
}

/* What the library on the top lacks is a mistake, and not nil. */
static void refuse_what_is_absent(lua_State *L, const char *name)
{
    lua_createtable(L, 0, 1); // library meta
    lua_pushstring(L, name);
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, refuse_absent, 2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

/* Replaces the library table on the top by a read-only view of it. Its functions are plain values, so the VM's own look-up
 * does, which is faster than frozen_index. */
static void make_read_only(lua_State *L)
{
    lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 2); // library view meta
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, library_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
    lua_remove(L, -2); // view
}

/* The table that pairs() and next() walk. */
static void unwrap_table(lua_State *L, int index)
{
    if (frozen_is(L, index))
        lua_getiuservalue(L, index, 1);
    else
        lua_pushvalue(L, index);
    if (luaL_getmetafield(L, -1, "__kind") != LUA_TNIL)
        refuse(L, "cannot walk through the %s; name what you want of it", lua_tostring(L, -1));
    if (!lua_istable(L, -1))
        luaL_typeerror(L, index, "table");
}

/* Gives `pairs` or `next` of a frozen table's own tables frozen too. */
static void freeze_result(lua_State *L, int source)
{
    if (frozen_is(L, source) && lua_istable(L, -1)) {
        frozen_push(L, -1);
        lua_remove(L, -2);
    }
}

static int pairs_step(lua_State *L)
{
    /* upvalues: keys, how many, the last one given, the table, what was asked about */
    lua_Integer count = lua_tointeger(L, lua_upvalueindex(2));
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));
    while (at < count) {
        at++;
        lua_rawgeti(L, lua_upvalueindex(1), at);
        lua_pushvalue(L, -1);
        lua_rawget(L, lua_upvalueindex(4)); // key value
        if (!lua_isnil(L, -1)) {
            lua_pushinteger(L, at);
            lua_replace(L, lua_upvalueindex(3));
            freeze_result(L, lua_upvalueindex(5));
            return 2;
        }
        lua_pop(L, 2);
    }
    lua_pushnil(L);
    return 1;
}

bool library_is_iterator(lua_State *L, int index)
{
    lua_CFunction f = lua_tocfunction(L, index);
    return f != NULL && (f == pairs_step || library_is_gmatch_step(f));
}

static int ordered_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    unwrap_table(L, 1);                                 // asked table
    lua_Integer count = library_push_sorted_keys(L, 2); // asked table keys
    lua_pushinteger(L, count);
    lua_pushinteger(L, 0);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, pairs_step, 5);
    return 1;
}

static int ordered_next(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 2);
    unwrap_table(L, 1); // asked key table
    if (!library_push_key_after(L, 3, 2))
        return 1; // nil
    lua_pushvalue(L, -1);
    lua_rawget(L, 3);
    freeze_result(L, 1);
    return 2;
}

/* ---- what calls cost ---- */

void library_spend_bytes(lua_State *L, size_t len)
{
    host_spend(L, (int64_t)(len / BYTES_A_STEP));
}

void library_spend_arguments(lua_State *L, int reads)
{
    int count = lua_gettop(L);
    int64_t steps = count / VALUES_A_STEP;
    for (int i = reads; i <= count; i++)
        if (lua_type(L, i) == LUA_TSTRING)
            steps += STEPS_A_STRING + (int64_t)(lua_rawlen(L, i) / BYTES_A_STEP);
    host_spend(L, steps);
}

/* upvalues: the library's own function, its row */
static int charged(lua_State *L)
{
    const struct charged_function *row = lua_touserdata(L, lua_upvalueindex(2));
    library_spend_arguments(L, row->reads);
    if (row->cost != NULL)
        host_spend(L, row->cost(L));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void library_add_charged(lua_State *L, const struct charged_function *rows)
{
    for (; rows->name != NULL; rows++) {
        lua_getfield(L, -2, rows->name);
        if (lua_isfunction(L, -1)) {
            lua_pushlightuserdata(L, (void *)rows);
            lua_pushcclosure(L, charged, 2);
        }
        lua_setfield(L, -2, rows->name);
    }
}

void library_open_beside(lua_State *L, const char *name, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
    lua_newtable(L);
}

/* ---- the lists ---- */

static const char *const privileged_names[] = {"getmetatable", "setmetatable", "rawequal", "rawget",
                                               "rawlen",       "rawset",       NULL};

static int64_t cost_of_remainder(lua_State *L)
{
    (void)L;
    return STEPS_A_REMAINDER;
}

/* Copies `names` from the table below the top into the table on the top. */
static void copy_fields(lua_State *L, const char *const *names)
{
    for (; *names != NULL; names++) {
        lua_getfield(L, -2, *names);
        lua_setfield(L, -2, *names);
    }
}

/* No random, no randomseed: the same invitation gives the same answer. */
static void push_math(lua_State *L)
{
    static const struct charged_function rows[] = {{"abs", 1, NULL},
                                                   {"acos", 1, NULL},
                                                   {"asin", 1, NULL},
                                                   {"atan", 1, NULL},
                                                   {"ceil", 1, NULL},
                                                   {"cos", 1, NULL},
                                                   {"deg", 1, NULL},
                                                   {"exp", 1, NULL},
                                                   {"floor", 1, NULL},
                                                   {"log", 1, NULL},
                                                   {"fmod", 1, cost_of_remainder},
                                                   {"max", 1, NULL},
                                                   {"min", 1, NULL},
                                                   {"modf", 1, NULL},
                                                   {"rad", 1, NULL},
                                                   {"sin", 1, NULL},
                                                   {"sqrt", 1, NULL},
                                                   {"tan", 1, NULL},
                                                   {"ult", 1, NULL},
                                                   {"tointeger", 1, NULL},
                                                   {"type", 1, NULL},
                                                   {"huge", 0, NULL},
                                                   {"maxinteger", 0, NULL},
                                                   {"mininteger", 0, NULL},
                                                   {"pi", 0, NULL},
                                                   {NULL, 0, NULL}};
    library_open_beside(L, "math", luaopen_math); // original ours
    library_add_charged(L, rows);
    lua_remove(L, -2);
}

/* Expects Lua's own base library below the top. */
static void add_base(lua_State *L)
{
    static const luaL_Reg own[] = {{"next", ordered_next}, {"pairs", ordered_pairs},
                                   {"print", print},       {"tostring", shown},
                                   {"type", type_of},      {NULL, NULL}};
    static const struct charged_function rows[] = {{"assert", 1, NULL},   {"error", 1, NULL},
                                                   {"ipairs", 2, NULL},   {"select", 1, NULL},
                                                   {"tonumber", 1, NULL}, {NULL, 0, NULL}};
    library_add_charged(L, rows);
    luaL_setfuncs(L, own, 0);
}

/* Strings find their methods in the library on the top. Lua's own metatable of strings would add up "1" + 2. */
static void add_methods(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 16);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

static const struct library {
    const char *name;
    void (*push)(lua_State *L);
    bool has_methods;
} libraries[] = {{"string", library_push_strings, true},
                 {"table", library_push_tables, false},
                 {"math", push_math, false},
                 {"utf8", library_push_utf8, false},
                 {NULL, NULL, false}};

void library_open(lua_State *L)
{
    frozen_open(L);
    library_open_beside(L, "_G", luaopen_base); // original ours
    add_base(L);
    for (const struct library *row = libraries; row->name != NULL; row++) {
        row->push(L);
        refuse_what_is_absent(L, row->name);
        if (row->has_methods)
            add_methods(L);
        make_read_only(L);
        lua_setfield(L, -2, row->name);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key); // original
    lua_newtable(L);
    copy_fields(L, privileged_names); // original privileged
    lua_rawsetp(L, LUA_REGISTRYINDEX, &privileged_key);
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

/* Copies every field of the registry's table under `key` into the table on the top. */
static void copy_all(lua_State *L, const void *key)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, key); // to from
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        lua_pushvalue(L, -2); // to from key value key
        lua_insert(L, -2);
        lua_rawset(L, -5);
    }
    lua_pop(L, 1);
}

void library_add_privileged(lua_State *L)
{
    copy_all(L, &privileged_key);
}

void host_push_environment(lua_State *L)
{
    lua_createtable(L, 0, 64);
    copy_all(L, &environment_key);
}

/* library.c - the allow-list: what sandboxed files may call, and how each is kept from running long or telling addresses. */
#include "script/library.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

#include "script/host.h"

enum {
    BYTES_A_STEP = 16,
    PRINT_LEN_MAX = 1024,
    STEPS_A_CONVERSION = 10,
    STEPS_A_FLOAT = 100, /* "%99.99f" takes some microseconds */
    REPEATS_A_STEP = 8
};

/* Keys of the registry, by address. */
static const char environment_key = 0, frozen_key = 0, privileged_key = 0;

/* ---- what a value looks like ---- */

static bool is_frozen(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index))
        return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &frozen_key);
    bool is = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is;
}

const char *library_type(lua_State *L, int index)
{
    return is_frozen(L, index) ? "table" : luaL_typename(L, index);
}

void library_push_shown(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        return;
    case LUA_TNUMBER:
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

/* ---- frozen tables: a userdata whose user value is the table ---- */

static int frozen_index(lua_State *L)
{
    lua_getiuservalue(L, 1, 1);
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
    if (lua_istable(L, -1))
        host_push_frozen(L, -1);
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
    bool both = is_frozen(L, 1) && is_frozen(L, 2);
    if (both) {
        lua_getiuservalue(L, 1, 1);
        lua_getiuservalue(L, 2, 1);
        both = lua_rawequal(L, -1, -2);
    }
    lua_pushboolean(L, both);
    return 1;
}

void library_refuse_change(lua_State *L)
{
    refuse(
        L,
        "a table from outside a function cannot be changed inside it: nothing but the invitation "
        "may sway a function; make a table of its own");
}

static int frozen_newindex(lua_State *L)
{
    library_refuse_change(L);
}

static int library_newindex(lua_State *L)
{
    library_push_shown(L, 2);
    refuse(L, "cannot change the library's %s", lua_tostring(L, -1));
}

void host_push_frozen(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_newuserdatauv(L, 0, 1);
    lua_pushvalue(L, index);
    lua_setiuservalue(L, -2, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &frozen_key);
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
    if (is_frozen(L, index))
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
    if (is_frozen(L, source) && lua_istable(L, -1)) {
        host_push_frozen(L, -1);
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

/* ---- strings ---- */

/* Calls the library's own function after charging for every byte that it may walk. */
static int charged(lua_State *L)
{
    int64_t steps = 0;
    for (int i = lua_gettop(L); i > 0; i--)
        if (lua_type(L, i) == LUA_TSTRING)
            steps += (int64_t)(lua_rawlen(L, i) / BYTES_A_STEP);
    host_spend(L, steps);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* %p tells an address, and %s of a table would; everything else is the library's business. */
static int format(lua_State *L)
{
    size_t len;
    const char *at = luaL_checklstring(L, 1, &len);
    const char *end = at + len;
    int arg = 1;
    int64_t steps = 0;
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
        if (at < end && *at == 's' && arg <= lua_gettop(L)) {
            library_push_shown(L, arg);
            lua_replace(L, arg);
        }
    }
    host_spend(L, steps);
    return charged(L);
}

static int repeat(lua_State *L)
{
    size_t len, separator_len;
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

/* ---- the lists ---- */

static const char *const base_names[] = {"assert", "error", "ipairs", "select", NULL};
static const char *const string_names[] = {"byte",    "char", "len",   "lower",
                                           "reverse", "sub",  "upper", NULL};
static const char *const table_names[] = {"pack", NULL};
/* No random, no randomseed: the same invitation gives the same answer. */
static const char *const math_names[] = {
    "abs",  "acos", "asin", "atan", "ceil",      "cos",  "deg",        "exp",        "floor",
    "fmod", "huge", "log",  "max",  "min",       "modf", "maxinteger", "mininteger", "pi",
    "rad",  "sin",  "sqrt", "tan",  "tointeger", "type", "ult",        NULL};
static const char *const privileged_names[] = {"getmetatable", "setmetatable", "rawequal", "rawget",
                                               "rawlen",       "rawset",       NULL};

/* Copies `names` from the table below the top into the table on the top. */
static void copy_fields(lua_State *L, const char *const *names)
{
    for (; *names != NULL; names++) {
        lua_getfield(L, -2, *names);
        lua_setfield(L, -2, *names);
    }
}

static void copy_charged(lua_State *L, const char *const *names)
{
    for (; *names != NULL; names++) {
        lua_getfield(L, -2, *names);
        lua_pushcclosure(L, charged, 1);
        lua_setfield(L, -2, *names);
    }
}

/* Pushes Lua's own library `open` and a new table beside it. */
static void open_beside(lua_State *L, const char *name, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
    lua_newtable(L); // original ours
}

static void add_strings(lua_State *L)
{
    open_beside(L, "string", luaopen_string);
    copy_charged(L, string_names);
    lua_getfield(L, -2, "format");
    lua_pushcclosure(L, format, 1);
    lua_setfield(L, -2, "format");
    lua_pushcfunction(L, repeat);
    lua_setfield(L, -2, "rep");
    library_add_patterns(L);
    lua_remove(L, -2); // ours
    /* Lua's own metatable of strings would add up "1" + 2. */
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 16);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1); // ours
    make_read_only(L);
}

static void add_tables(lua_State *L)
{
    open_beside(L, "table", luaopen_table);
    copy_fields(L, table_names);
    library_add_tables(L); // original ours
    lua_remove(L, -2);
    make_read_only(L);
}

static void add_math(lua_State *L)
{
    open_beside(L, "math", luaopen_math);
    copy_fields(L, math_names);
    lua_remove(L, -2);
    make_read_only(L);
}

/* Expects Lua's own base library below the top. */
static void add_base(lua_State *L)
{
    static const luaL_Reg own[] = {{"next", ordered_next}, {"pairs", ordered_pairs},
                                   {"print", print},       {"tostring", shown},
                                   {"type", type_of},      {NULL, NULL}};
    copy_fields(L, base_names);
    lua_getfield(L, -2, "tonumber");
    lua_pushcclosure(L, charged, 1);
    lua_setfield(L, -2, "tonumber");
    luaL_setfuncs(L, own, 0);
}

static void add_frozen(lua_State *L)
{
    static const luaL_Reg events[] = {{"__index", frozen_index},
                                      {"__newindex", frozen_newindex},
                                      {"__len", frozen_len},
                                      {"__eq", frozen_equal},
                                      {NULL, NULL}};
    luaL_newlib(L, events);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &frozen_key);
}

void library_open(lua_State *L)
{
    add_frozen(L);
    open_beside(L, "_G", luaopen_base); // original ours
    add_base(L);
    add_strings(L);
    lua_setfield(L, -2, "string");
    add_tables(L);
    lua_setfield(L, -2, "table");
    add_math(L);
    lua_setfield(L, -2, "math");
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

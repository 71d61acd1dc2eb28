/* sheet.c - a file of flat words, run in the sandbox; what it says comes out as JSON. */
#include "script/sheet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "clock.h"
#include "json.h"
#include "script/strict/strict.h"

enum {
    STEPS = 3 * 1000 * 1000, /* for a whole file; ten thousand ids in it take a third */
    FOUND_A_STEP = 16        /* of what was found in the text, looked through */
};

struct run {
    const struct sheet *sheet;
    struct strict found; /* the tables in its text */
    struct buf *json;
};

/* ---- what lua/sheet.lua is handed ---- */

static struct spurn_text check_text(lua_State *L, int index)
{
    struct spurn_text text;
    text.at = luaL_checklstring(L, index, &text.len);
    return text;
}

static const struct run *run_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

/* fail(text [, line]): at the line that is running in the sheet, unless another is given. */
static int sheet_fail(lua_State *L)
{
    const struct sheet *sheet = run_of(L)->sheet;
    const char *text = luaL_checkstring(L, 1);
    if (lua_isnoneornil(L, 2))
        refuse(L, "%s", text);
    lua_pushfstring(L, "%s:%I: %s", sheet->path, (LUAI_UACINT)luaL_checkinteger(L, 2), text);
    return lua_error(L);
}

/* line(): the one that is running in the sheet. */
static int sheet_line(lua_State *L)
{
    char where[1];
    lua_pushinteger(L, host_where(L, where, sizeof where));
    return 1;
}

/* seconds("6h") is 21600; nil for what is no duration. */
static int sheet_seconds(lua_State *L)
{
    int64_t seconds = 0;
    if (clock_parse_duration(check_text(L, 1), &seconds))
        lua_pushinteger(L, seconds);
    else
        lua_pushnil(L);
    return 1;
}

/* instant("2026-11-22T03:10:00Z"): milliseconds since 1970; nil for what is no instant. */
static int sheet_instant(lua_State *L)
{
    int64_t ms = 0;
    if (clock_parse_iso(check_text(L, 1), &ms))
        lua_pushinteger(L, ms);
    else
        lua_pushnil(L);
    return 1;
}

static int sheet_is_utf8(lua_State *L)
{
    struct spurn_text text = check_text(L, 1);
    lua_pushboolean(L, text_utf8_len(text) == text.len);
    return 1;
}

/* nearest(word, { name, ... }): nil when none is near. */
static int sheet_nearest(lua_State *L)
{
    const char *word = luaL_checkstring(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t count = lua_rawlen(L, 2);
    const char **names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i + 1); // word names userdata name
        names[i] = luaL_checkstring(L, -1);
        lua_pop(L, 1); // the table keeps it alive
    }
    names[count] = NULL;
    lua_pushstring(L, host_nearest(word, names));
    return 1;
}

/* absent(word): why a name that Lua itself has is not there; nil when it is none. */
static int sheet_absent(lua_State *L)
{
    lua_pushstring(L, host_absent(luaL_checkstring(L, 1)));
    return 1;
}

/* begins_policy(word): does only a policy say it? */
static int sheet_begins_policy(lua_State *L)
{
    struct spurn_text word = check_text(L, 1);
    lua_pushboolean(L, text_is(word, "keep") || text_is(word, "reject") ||
                           text_is(word, "params") || text_is(word, "required"));
    return 1;
}

/* is_whole(name, table): is all there that the text writes into it? */
static int sheet_is_whole(lua_State *L)
{
    const struct strict *found = &run_of(L)->found;
    const char *name = luaL_checkstring(L, 1);
    char where[1];
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t items = 0;
    for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1))
        items++;
    host_spend(L, 1 + (int64_t)((items + found->call_count) / FOUND_A_STEP));
    lua_pushboolean(L, strict_allows(found, name, host_where(L, where, sizeof where), items));
    return 1;
}

static void push_tools(lua_State *L, const struct run *run)
{
    static const luaL_Reg tools[] = {
        {"fail", sheet_fail},         {"line", sheet_line},
        {"seconds", sheet_seconds},   {"instant", sheet_instant},
        {"is_utf8", sheet_is_utf8},   {"nearest", sheet_nearest},
        {"absent", sheet_absent},     {"begins_policy", sheet_begins_policy},
        {"is_whole", sheet_is_whole}, {NULL, NULL}};
    luaL_newlibtable(L, tools);
    lua_pushlightuserdata(L, (void *)run);
    luaL_setfuncs(L, tools, 1); // tools
    host_push_environment(L);
    lua_setfield(L, -2, "globals");
}

/* ---- plain data as JSON ---- */

static void put_value(lua_State *L, struct buf *json);

static void put_number(lua_State *L, struct buf *json)
{
    if (lua_isinteger(L, -1))
        buf_addf(json, "%" PRId64, (int64_t)lua_tointeger(L, -1));
    else
        buf_addf(json, "%.17g", lua_tonumber(L, -1));
}

static void put_string(lua_State *L, struct buf *json)
{
    struct spurn_text text;
    text.at = lua_tolstring(L, -1, &text.len);
    json_put_text(json, text);
}

static void put_list(lua_State *L, struct buf *json)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    buf_add_char(json, '[');
    for (lua_Integer i = 1; i <= count; i++) {
        json_put_comma(json);
        lua_rawgeti(L, -1, i); // list item
        put_value(L, json);
        lua_pop(L, 1);
    }
    buf_add_char(json, ']');
}

static int by_bytes(const void *a, const void *b)
{
    const struct spurn_text *left = a, *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->at, right->at, len);
    return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

static size_t count_keys(lua_State *L)
{
    size_t count = 0;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
        count++;
    return count;
}

/* Replaces nothing and pushes an array of the table's keys, sorted; the table keeps their bytes alive. */
static const struct spurn_text *push_sorted_keys(lua_State *L, size_t count)
{
    struct spurn_text *keys = lua_newuserdatauv(L, (count + 1) * sizeof *keys, 0); // table keys
    size_t i = 0;
    for (lua_pushnil(L); lua_next(L, -3) != 0; lua_pop(L, 1), i++) { // table keys key value
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "cannot write a table as JSON: a key is no string");
        keys[i].at = lua_tolstring(L, -2, &keys[i].len);
    }
    qsort(keys, count, sizeof *keys, by_bytes);
    return keys;
}

static void put_object(lua_State *L, struct buf *json)
{
    size_t count = count_keys(L);
    const struct spurn_text *keys = push_sorted_keys(L, count); // table keys
    buf_add_char(json, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(json, ',');
        json_put_text(json, keys[i]);
        buf_add_char(json, ':');
        lua_pushlstring(L, keys[i].at, keys[i].len);
        lua_rawget(L, -3); // table keys value
        put_value(L, json);
        lua_pop(L, 1);
    }
    buf_add_char(json, '}');
    lua_pop(L, 1);
}

/* Of the value on the top of the stack, which stays there. Lists say `is_array` in their metatable. */
static void put_value(lua_State *L, struct buf *json)
{
    luaL_checkstack(L, LUA_MINSTACK, "too deep");
    switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN:
        buf_add_str(json, lua_toboolean(L, -1) ? "true" : "false");
        break;
    case LUA_TNUMBER:
        put_number(L, json);
        break;
    case LUA_TSTRING:
        put_string(L, json);
        break;
    case LUA_TTABLE:
        if (luaL_getmetafield(L, -1, "is_array") == LUA_TNIL) {
            put_object(L, json);
        } else {
            lua_pop(L, 1);
            put_list(L, json);
        }
        break;
    default:
        luaL_error(L, "cannot write a %s as JSON", luaL_typename(L, -1));
    }
}

/* ---- a run ---- */

static int run_sheet(lua_State *L)
{
    struct run *run = lua_touserdata(L, 1);
    push_tools(L, run);
    host_push_module(L, "lua/sheet.lua", 1);
    host_push_module(L, run->sheet->words, 1); // words
    lua_getfield(L, -1, "environment");
    host_push_chunk(L, run->sheet->text, run->sheet->path); // words chunk
    if (strict_read_tables(run->sheet->text, &run->found, NULL) != SPURN_OK)
        host_raise_memory(L);
    lua_call(L, 0, 0);
    lua_getfield(L, -1, "finish");
    lua_call(L, 0, 1); // words said
    put_value(L, run->json);
    return 0;
}

enum spurn_status sheet_read(const struct sheet *sheet, enum spurn_status wrong, struct buf *json,
                             struct spurn_error *err)
{
    struct host *host = NULL;
    enum spurn_status status = host_open(sheet->limits, sheet->log, &host, err);
    if (status != SPURN_OK)
        return status;
    struct run run = {.sheet = sheet, .json = json};
    host_refill(host, STEPS);
    status = enter(host, run_sheet, &run, err);
    if (status == SPURN_E_POLICY) {
        status = wrong;
        if (err != NULL)
            err->status = wrong;
    }
    if (status == SPURN_OK && json->failed)
        status = spurn_fail(err, wrong, "cannot read %s: it says more than %zu bytes hold",
                            sheet->path, json->max);
    strict_clear(&run.found);
    host_close(host);
    return status;
}

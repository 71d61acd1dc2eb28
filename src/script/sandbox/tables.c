/* tables.c - tables in one order on every run, and table functions that are charged for what they move. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "script/sandbox/frozen.h"
#include "script/sandbox/host.h"
#include "script/sandbox/library.h"

enum {
    HEAP_BYTES_A_STEP =
        1024, /* a walk also passes emptied slots, of which the heap holds at most so many */
    STEPS_MOST = 1 << 30, /* more than any budget */
    COMPARED_BYTES_A_STEP = 256,
    STEPS_A_COMPARISON = 2,
    STEPS_A_NUMBER = 20, /* as text; of 1e-300 takes a microsecond */
    KEY_BYTES_A_STEP = 8 /* each is compared with some others */
};

/* ---- keys in order ---- */

struct key {
    int type;
    lua_Integer integer;
    lua_Number number;      /* of integers too */
    struct spurn_text text; /* borrowed from the table */
};

static int compare_texts(struct spurn_text a, struct spurn_text b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_keys(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1; /* LUA_TBOOLEAN < LUA_TNUMBER < LUA_TSTRING */
    if (a->type == LUA_TSTRING)
        return compare_texts(a->text, b->text);
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->integer > b->integer) - (a->integer < b->integer);
}

static struct key read_key(lua_State *L, int index)
{
    struct key key = {.type = lua_type(L, index)};
    switch (key.type) {
    case LUA_TBOOLEAN:
        key.integer = lua_toboolean(L, index);
        return key;
    case LUA_TNUMBER:
        key.integer = lua_tointegerx(L, index, NULL);
        key.number = lua_tonumber(L, index);
        return key;
    case LUA_TSTRING:
        key.text.at = lua_tolstring(L, index, &key.text.len);
        return key;
    default:
        refuse(L, "keys of type %s have no order, so pairs and next cannot walk this table",
               library_type(L, index));
    }
}

static void push_key(lua_State *L, const struct key *key)
{
    if (key->type == LUA_TSTRING)
        lua_pushlstring(L, key->text.at, key->text.len);
    else if (key->type == LUA_TBOOLEAN)
        lua_pushboolean(L, (int)key->integer);
    else if ((lua_Number)key->integer == key->number)
        lua_pushinteger(L, key->integer);
    else
        lua_pushnumber(L, key->number);
}

static lua_Integer count_keys(lua_State *L, int index)
{
    lua_Integer count = 0;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        count++;
    }
    host_spend(L, count + (int64_t)(host_of(L)->heap_len / HEAP_BYTES_A_STEP));
    return count;
}

lua_Integer library_push_sorted_keys(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_Integer count = count_keys(L, index), i = 0;
    host_spend(L, count * 4); /* for the sort */
    lua_createtable(L, (int)count, 0);
    struct key *keys = lua_newuserdatauv(L, (size_t)count * sizeof *keys + 1, 0); // sorted keys
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        keys[i++] = read_key(L, -1);
        host_spend(L, (int64_t)(keys[i - 1].text.len / KEY_BYTES_A_STEP));
    }
    qsort(keys, (size_t)count, sizeof *keys, compare_keys);
    for (i = 0; i < count; i++) {
        push_key(L, &keys[i]);
        lua_rawseti(L, -3, i + 1);
    }
    lua_pop(L, 1);
    return count;
}

bool library_push_key_after(lua_State *L, int index, int key)
{
    index = lua_absindex(L, index);
    bool found = false, has_before = !lua_isnoneornil(L, key);
    struct key before = {0}, best = {0};
    if (has_before)
        before = read_key(L, key);
    count_keys(L, index);
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        struct key at = read_key(L, -1);
        if (has_before && compare_keys(&at, &before) <= 0)
            continue;
        if (!found || compare_keys(&at, &best) < 0)
            best = at;
        found = true;
    }
    if (found)
        push_key(L, &best);
    else
        lua_pushnil(L);
    return found;
}

/* ---- sorting: by heap, because Lua's own sort picks pivots by the clock ---- */

struct sorting {
    lua_State *L;
    bool has_order; /* a function at index 2 */
};

static int64_t cost_of_comparing(lua_State *L)
{
    size_t a = lua_type(L, -2) == LUA_TSTRING ? lua_rawlen(L, -2) : 0;
    size_t b = lua_type(L, -1) == LUA_TSTRING ? lua_rawlen(L, -1) : 0;
    return STEPS_A_COMPARISON + (int64_t)((a < b ? a : b) / COMPARED_BYTES_A_STEP);
}

/* Lua's own way with strings takes 30 ns for each byte that is zero. */
static bool is_less(lua_State *L)
{
    if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
        return lua_compare(L, -2, -1, LUA_OPLT);
    struct spurn_text a, b;
    a.at = lua_tolstring(L, -2, &a.len);
    b.at = lua_tolstring(L, -1, &b.len);
    return compare_texts(a, b) < 0;
}

/* Is item `i` of the table at 1 before item `j`? */
static bool is_before(struct sorting *s, lua_Integer i, lua_Integer j)
{
    lua_State *L = s->L;
    bool before;
    if (s->has_order)
        lua_pushvalue(L, 2);
    lua_geti(L, 1, i);
    lua_geti(L, 1, j);
    host_spend(L, cost_of_comparing(L));
    if (s->has_order) {
        lua_call(L, 2, 1);
        before = lua_toboolean(L, -1);
        lua_pop(L, 1);
    } else {
        before = is_less(L);
        lua_pop(L, 2);
    }
    return before;
}

static void swap(lua_State *L, lua_Integer i, lua_Integer j)
{
    lua_geti(L, 1, i);
    lua_geti(L, 1, j);
    lua_seti(L, 1, i);
    lua_seti(L, 1, j);
}

static void sift_down(struct sorting *s, lua_Integer root, lua_Integer count)
{
    while (2 * root <= count) {
        lua_Integer child = 2 * root;
        if (child < count && is_before(s, child, child + 1))
            child++;
        if (!is_before(s, root, child))
            return;
        swap(s->L, root, child);
        root = child;
    }
}

static int sort(lua_State *L)
{
    if (strcmp(library_type(L, 1), luaL_typename(L, 1)) != 0)
        frozen_refuse_change(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    struct sorting s = {L, !lua_isnoneornil(L, 2)};
    if (s.has_order)
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_Integer count = luaL_len(L, 1);
    for (lua_Integer root = count / 2; root >= 1; root--)
        sift_down(&s, root, count);
    for (lua_Integer last = count; last > 1; last--) {
        swap(L, 1, last);
        sift_down(&s, 1, last - 1);
    }
    return 0;
}

/* ---- the library's own functions, charged ---- */

static int64_t span(lua_Integer first, lua_Integer last)
{
    if (last < first)
        return 0;
    lua_Unsigned len = (lua_Unsigned)last - (lua_Unsigned)first;
    return len > STEPS_MOST ? STEPS_MOST : (int64_t)len;
}

/* Lua's own function refuses what is no table. */
static bool has_items(lua_State *L)
{
    return strcmp(library_type(L, 1), "table") == 0;
}

static int64_t len_of(lua_State *L, int index)
{
    return has_items(L) ? span(0, luaL_len(L, index)) : 0;
}

/* Moves every later item when a position is given. */
static int64_t cost_of_insert(lua_State *L)
{
    return lua_gettop(L) > 2 ? len_of(L, 1) : 0;
}

static int64_t cost_of_remove(lua_State *L)
{
    return lua_gettop(L) > 1 ? len_of(L, 1) : 0;
}

/* The text itself is charged as it grows. Lua's own function tells what cannot be joined. */
static int64_t cost_of_concat(lua_State *L)
{
    lua_Integer first = luaL_optinteger(L, 3, 1);
    int64_t count = span(first, lua_isnoneornil(L, 4) ? len_of(L, 1) : luaL_checkinteger(L, 4));
    bool joins = has_items(L);
    for (int64_t i = 0; joins && i < count; i++, lua_pop(L, 1)) {
        int type = lua_geti(L, 1, first + i);
        host_spend(L, type == LUA_TNUMBER ? STEPS_A_NUMBER : 1);
        joins = type == LUA_TNUMBER || type == LUA_TSTRING;
    }
    return 0;
}

static int64_t cost_of_unpack(lua_State *L)
{
    lua_Integer first = luaL_optinteger(L, 2, 1);
    return span(first, lua_isnoneornil(L, 3) ? len_of(L, 1) : luaL_checkinteger(L, 3));
}

static int64_t cost_of_move(lua_State *L)
{
    return span(luaL_checkinteger(L, 2), luaL_checkinteger(L, 3));
}

void library_push_tables(lua_State *L)
{
    static const struct charged_function rows[] = {{"insert", 2, cost_of_insert},
                                                   {"remove", 2, cost_of_remove},
                                                   {"concat", 2, cost_of_concat},
                                                   {"unpack", 2, cost_of_unpack},
                                                   {"move", 2, cost_of_move},
                                                   {"pack", 1, NULL},
                                                   {NULL, 0, NULL}};
    library_open_beside(L, "table", luaopen_table); // original ours
    library_add_charged(L, rows);
    lua_pushcfunction(L, sort);
    lua_setfield(L, -2, "sort");
    lua_remove(L, -2);
}

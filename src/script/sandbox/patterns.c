/* patterns.c - string.find, match, gmatch and gsub that cannot run away. */
#include <lauxlib.h>
#include <string.h>

#include "script/sandbox/library.h"
#include "script/sandbox/matcher.h"

enum { PLAIN_BYTES_A_STEP = 32 };

static const char *end_of(struct spurn_text t)
{
    return t.at + t.len;
}

/* ---- what a match gives ---- */

static void push_capture(struct match *m, int i)
{
    struct capture *c = &m->captures[i];
    if (c->len == CAPTURE_OPEN)
        refuse(m->L, "malformed pattern: '(' without its ')'; write %%( for a parenthesis");
    if (c->len == CAPTURE_POSITION)
        lua_pushinteger(m->L, c->at - m->subject.at + 1);
    else
        lua_pushlstring(m->L, c->at, (size_t)c->len);
}

/* Every capture, or the whole match when there is none. */
static int push_captures(struct match *m, const char *from, const char *to)
{
    if (m->captures_count == 0 && from != NULL) {
        lua_pushlstring(m->L, from, (size_t)(to - from));
        return 1;
    }
    luaL_checkstack(m->L, m->captures_count, "too many captures");
    for (int i = 0; i < m->captures_count; i++)
        push_capture(m, i);
    return m->captures_count;
}

static struct match match_of(lua_State *L, int subject, int pattern)
{
    struct match m = {.L = L, .h = host_of(L)};
    m.subject.at = luaL_checklstring(L, subject, &m.subject.len);
    m.pattern.at = luaL_checklstring(L, pattern, &m.pattern.len);
    return m;
}

/* A start as Lua counts: from 1, negative from the end; as an offset, or past the end. */
static size_t start_offset(lua_State *L, int arg, size_t len)
{
    lua_Integer start = luaL_optinteger(L, arg, 1);
    if (start > 0)
        return (size_t)start - 1;
    if (start == 0 || start < -(lua_Integer)len)
        return 0;
    return len - (size_t)-start;
}

static int find_plain(struct match *m, size_t start)
{
    const char *at = m->subject.at + start;
    while ((size_t)(end_of(m->subject) - at) >= m->pattern.len) {
        size_t places = (size_t)(end_of(m->subject) - at) - m->pattern.len + 1;
        const char *found = m->pattern.len > 0 ? memchr(at, m->pattern.at[0], places) : at;
        size_t passed = found != NULL ? (size_t)(found - at) : places;
        host_spend(m->L, 1 + (int64_t)((passed + m->pattern.len) / PLAIN_BYTES_A_STEP));
        if (found == NULL)
            break;
        if (memcmp(found, m->pattern.at, m->pattern.len) == 0) {
            lua_pushinteger(m->L, found - m->subject.at + 1);
            lua_pushinteger(m->L, found - m->subject.at + (lua_Integer)m->pattern.len);
            return 2;
        }
        at = found + 1;
    }
    lua_pushnil(m->L);
    return 1;
}

/* To `find`, as in Lua, a pattern without these is plain text, brackets that close nothing too. */
static bool is_plain(struct spurn_text pattern)
{
    static const char special[] = "^$*+?.([%-";
    for (size_t i = 0; i < pattern.len; i++)
        if (pattern.at[i] != '\0' && strchr(special, pattern.at[i]) != NULL)
            return false;
    return true;
}

static int find_or_match(lua_State *L, bool finds)
{
    struct match m = match_of(L, 1, 2);
    size_t start = start_offset(L, 3, m.subject.len);
    if (start > m.subject.len) {
        lua_pushnil(L);
        return 1;
    }
    if (finds && (lua_toboolean(L, 4) || is_plain(m.pattern)))
        return find_plain(&m, start);
    const char *p = m.pattern.at;
    bool is_anchored = m.pattern.len > 0 && *p == '^';
    p += is_anchored;
    for (const char *s = m.subject.at + start; s <= end_of(m.subject); s++) {
        const char *end = match_at(&m, s, p);
        if (end != NULL && finds) {
            lua_pushinteger(L, s - m.subject.at + 1);
            lua_pushinteger(L, end - m.subject.at);
            return 2 + push_captures(&m, NULL, NULL);
        }
        if (end != NULL)
            return push_captures(&m, s, end);
        if (is_anchored)
            break;
    }
    lua_pushnil(L);
    return 1;
}

static int find(lua_State *L)
{
    return find_or_match(L, true);
}

static int match(lua_State *L)
{
    return find_or_match(L, false);
}

/* upvalues: subject, pattern, offset to go on from, end of the last match (-1: none) */
static int gmatch_step(lua_State *L)
{
    struct match m = match_of(L, lua_upvalueindex(1), lua_upvalueindex(2));
    const char *s = m.subject.at + lua_tointeger(L, lua_upvalueindex(3));
    lua_Integer last_end = lua_tointeger(L, lua_upvalueindex(4));
    for (; s <= end_of(m.subject); s++) {
        const char *end = match_at(&m, s, m.pattern.at);
        if (end == NULL || end - m.subject.at == last_end)
            continue;
        lua_pushinteger(L, end - m.subject.at);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, s, end);
    }
    return 0;
}

bool library_is_gmatch_step(lua_CFunction f)
{
    return f == gmatch_step;
}

static int gmatch(lua_State *L)
{
    struct match m = match_of(L, 1, 2);
    size_t start = start_offset(L, 3, m.subject.len);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)(start > m.subject.len ? m.subject.len + 1 : start));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_step, 4);
    return 1;
}

/* "%1" in a replacement is a capture, "%0" the whole match. */
static void add_replacement_text(struct match *m, luaL_Buffer *out, const char *s, const char *end)
{
    size_t len;
    const char *text = lua_tolstring(m->L, 3, &len);
    for (size_t i = 0; i < len; i++) {
        match_count_step(m);
        if (text[i] != '%') {
            luaL_addchar(out, text[i]);
            continue;
        }
        i++;
        char kind = i < len ? text[i] : '\0';
        if (kind == '%') {
            luaL_addchar(out, '%');
        } else if (kind == '0' || (kind == '1' && m->captures_count == 0)) {
            luaL_addlstring(out, s, (size_t)(end - s));
        } else if (kind >= '1' && kind <= '9' && kind - '1' < m->captures_count) {
            push_capture(m, kind - '1');
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(out);
        } else {
            refuse(m->L, "string.gsub: the replacement has a '%%' without its capture; write %%%%");
        }
    }
}

/* Adds what replaces subject[s..end). */
static void add_replacement(struct match *m, luaL_Buffer *out, const char *s, const char *end)
{
    lua_State *L = m->L;
    switch (lua_type(L, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, s, end), 1);
        break;
    case LUA_TTABLE:
    case LUA_TUSERDATA: /* a table from outside the function */
        if (m->captures_count == 0)
            lua_pushlstring(L, s, (size_t)(end - s));
        else
            push_capture(m, 0);
        lua_gettable(L, 3);
        break;
    default:
        add_replacement_text(m, out, s, end);
        return;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, s, (size_t)(end - s));
        return;
    }
    if (!lua_isstring(L, -1))
        refuse(L, "string.gsub: the replacement is a %s, not a string", luaL_typename(L, -1));
    luaL_addvalue(out);
}

static int gsub(lua_State *L)
{
    struct match m = match_of(L, 1, 2);
    int type = lua_type(L, 3);
    bool is_table = strcmp(library_type(L, 3), "table") == 0;
    luaL_argexpected(
        L, type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TFUNCTION || is_table, 3,
        "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)m.subject.len + 1), count = 0;
    const char *p = m.pattern.at, *s = m.subject.at, *last_end = NULL;
    bool is_anchored = m.pattern.len > 0 && *p == '^';
    p += is_anchored;
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    while (count < most) {
        const char *end = match_at(&m, s, p);
        if (end != NULL && end != last_end) {
            count++;
            add_replacement(&m, &out, s, end);
            s = last_end = end;
        } else if (s < end_of(m.subject)) {
            luaL_addchar(&out, *s);
            s++;
        } else {
            break;
        }
        if (is_anchored)
            break;
    }
    luaL_addlstring(&out, s, (size_t)(end_of(m.subject) - s));
    luaL_pushresult(&out);
    lua_pushinteger(L, count);
    return 2;
}

void library_add_patterns(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"find", find}, {"match", match}, {"gmatch", gmatch}, {"gsub", gsub}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

/* view.c - the invitation as a function sees it: read-only, straight from the host's record, valid during the call. */
#include <lauxlib.h>

#include "script/policy.h"

static const char view_key = 0;

/* upvalue 1: the policy; upvalue 2: names to fields */

static const struct subject *subject_of(lua_State *L, struct policy *p)
{
    if (p->subject == NULL)
        refuse(L, "an invitation is gone once the function returned; keep inv:copy() instead");
    return p->subject;
}

static bool push_field(lua_State *L, const struct subject *s, enum field field)
{
    struct spurn_text text;
    int64_t number;
    if (subject_text(s, field, &text)) {
        lua_pushlstring(L, text.at, text.len);
        return true;
    }
    if (subject_number(s, field, &number)) {
        lua_pushinteger(L, number);
        return true;
    }
    return false;
}

_Noreturn static void refuse_field(lua_State *L, int index)
{
    const char *name = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
    const char *nearest = host_nearest(name, field_names());
    refuse(L, "an invitation has no field \"%.60s\"%s%s%s", name,
           nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static enum field field_at(lua_State *L, int index)
{
    enum field field;
    struct spurn_text name = TEXT_ABSENT;
    if (lua_type(L, index) == LUA_TSTRING)
        name.at = lua_tolstring(L, index, &name.len);
    if (name.at == NULL || !field_of(name, &field))
        refuse_field(L, index);
    return field;
}

/* What the cloud left out ends the function. Nothing in the sandbox can catch it, so a mark and any error will do. */
static int stop_at_absent(lua_State *L, struct policy *p, enum field field)
{
    p->missed = true;
    p->missing = field;
    lua_pushliteral(L, "the cloud left this field out");
    return lua_error(L);
}

static int index_view(lua_State *L)
{
    struct policy *p = lua_touserdata(L, lua_upvalueindex(1));
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(2)); // view key field|method|nil
    if (lua_isfunction(L, -1))
        return 1;
    if (lua_isnil(L, -1))
        refuse_field(L, 2);
    enum field field = (enum field)lua_tointeger(L, -1);
    if (push_field(L, subject_of(L, p), field))
        return 1;
    return stop_at_absent(L, p, field);
}

static int has(lua_State *L)
{
    struct policy *p = lua_touserdata(L, lua_upvalueindex(1));
    if (lua_type(L, 1) != LUA_TUSERDATA)
        refuse(L, "write inv:has \"name\", with a colon");
    lua_pushboolean(L, push_field(L, subject_of(L, p), field_at(L, 2)));
    return 1;
}

static int copy(lua_State *L)
{
    struct policy *p = lua_touserdata(L, lua_upvalueindex(1));
    const struct subject *s = subject_of(L, p);
    lua_createtable(L, 0, FIELD_COUNT);
    for (int i = 0; i < FIELD_COUNT; i++)
        if (push_field(L, s, (enum field)i))
            lua_setfield(L, -2, field_name((enum field)i));
    return 1;
}

static int refuse_writing(lua_State *L)
{
    refuse(L, "an invitation cannot be changed");
}

static int show(lua_State *L)
{
    lua_pushliteral(L, "invitation");
    return 1;
}

static void push_keys(lua_State *L, struct policy *p)
{
    static const luaL_Reg methods[] = {{"has", has}, {"copy", copy}, {NULL, NULL}};
    lua_createtable(L, 0, FIELD_COUNT + 2);
    lua_pushlightuserdata(L, p);
    luaL_setfuncs(L, methods, 1);
    for (int i = 0; i < FIELD_COUNT; i++) {
        lua_pushinteger(L, i);
        lua_setfield(L, -2, field_name((enum field)i));
    }
}

void view_open(lua_State *L, struct policy *p)
{
    lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 4); // view meta
    lua_pushlightuserdata(L, p);
    push_keys(L, p);
    lua_pushcclosure(L, index_view, 2);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_writing);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, show);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "invitation");
    lua_setfield(L, -2, "__kind");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &view_key);
}

void view_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &view_key);
}

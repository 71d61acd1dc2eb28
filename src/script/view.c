/* view.c - the invitation as a function sees it: read-only, straight from the host's record, valid during the call. */
#include <lauxlib.h>
#include <string.h>

#include "script/policy.h"

static const char resource_key = 0;

static const char RESOURCES[] = "resources";

static int has(lua_State *L);
static int copy(lua_State *L);
static int resources(lua_State *L);

static const struct method {
    const char *name;
    lua_CFunction call;
    const char *form, *text, *type;
} methods[] = {
    {"has", has, "inv:has NAME", "whether the field is there, or \"resources\" are known",
     "boolean"},
    {"copy", copy, "inv:copy()", "a table of all the fields that are there, to keep",
     "table<string, string|integer>"},
    {RESOURCES, resources, "inv:resources()",
     "what is shared (AWS), a list of { arn =, type = }; a function that asks for it may be called "
     "again from the start",
     "spurn.Resource[]"},
};

enum { METHOD_COUNT = sizeof methods / sizeof methods[0], STEPS_A_RESOURCE = 8 };

bool view_method_at(size_t index, struct script_word *out)
{
    if (index >= METHOD_COUNT)
        return false;
    *out = (struct script_word){"method", methods[index].form, methods[index].text,
                                methods[index].type};
    return true;
}

/* The userdata. Names are strings of the state, which has each short string once: equal names are equal pointers. */
struct view {
    struct policy *policy;
    const char *fields[FIELD_COUNT], *methods[METHOD_COUNT];
};

/* ---- reading ---- */

/* Of methods, upvalue 1. */
static struct policy *policy_upvalue(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static const struct subject *subject_of(lua_State *L, const struct policy *p)
{
    if (p->subject == NULL)
        refuse(L, "an invitation is gone once the function returned; keep inv:copy() instead");
    return p->subject;
}

static void check_called_with_colon(lua_State *L, const char *form)
{
    if (lua_type(L, 1) != LUA_TUSERDATA)
        refuse(L, "write %s, with a colon", form);
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
    const char *names[FIELD_COUNT + METHOD_COUNT + 1] = {NULL};
    memcpy(names, field_names(), FIELD_COUNT * sizeof *names);
    for (size_t i = 0; i < METHOD_COUNT; i++)
        names[FIELD_COUNT + i] = methods[i].name;
    const char *nearest = host_nearest(name, names);
    refuse(L, "an invitation has no field \"%.60s\"%s%s%s", name,
           nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

/* ---- ending the function ---- */

/* What the cloud left out ends the function. */
_Noreturn static void stop_at_absent(lua_State *L, struct policy *p, int misses)
{
    p->misses = misses;
    host_abandon(L);
}

/* Resources that nobody asked the cloud for yet put the function aside. */
static enum script_resources ask_resources(lua_State *L, struct policy *p)
{
    enum script_resources state = subject_of(L, p)->facts->resources_state;
    p->reads |= 1U << FIELD_COUNT;
    if (state != RESOURCES_NOT_ASKED)
        return state;
    p->waits = true;
    host_abandon(L);
}

/* Upvalues: the methods. */
static int index_view(lua_State *L)
{
    const struct view *view = lua_touserdata(L, 1);
    const char *name = lua_tostring(L, 2);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (name != view->fields[i])
            continue;
        view->policy->reads |= 1U << i;
        if (!push_field(L, subject_of(L, view->policy), (enum field)i))
            stop_at_absent(L, view->policy, i);
        return 1;
    }
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (name != view->methods[i])
            continue;
        lua_pushvalue(L, lua_upvalueindex(i + 1));
        return 1;
    }
    refuse_field(L, 2);
}

/* ---- methods ---- */

static int has(lua_State *L)
{
    struct policy *p = policy_upvalue(L);
    enum field field;
    struct spurn_text name = TEXT_ABSENT;
    check_called_with_colon(L, "inv:has \"name\"");
    if (lua_type(L, 2) != LUA_TSTRING)
        refuse(L, "inv:has takes the name of a field: inv:has \"name\"");
    name.at = lua_tolstring(L, 2, &name.len);
    if (text_is(name, RESOURCES))
        lua_pushboolean(L, ask_resources(L, p) == RESOURCES_LISTED);
    else if (field_of(name, &field))
        lua_pushboolean(L, push_field(L, subject_of(L, p), field));
    else
        refuse_field(L, 2);
    if (field_of(name, &field))
        p->reads |= 1U << field;
    return 1;
}

static int copy(lua_State *L)
{
    struct policy *p = policy_upvalue(L);
    const struct subject *s = subject_of(L, p);
    check_called_with_colon(L, "inv:copy()");
    lua_createtable(L, 0, FIELD_COUNT);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!push_field(L, s, (enum field)i))
            continue;
        p->reads |= 1U << i;
        lua_setfield(L, -2, field_name((enum field)i));
    }
    return 1;
}

static void set_text(lua_State *L, const char *key, struct spurn_text text)
{
    if (text.at == NULL)
        return;
    lua_pushlstring(L, text.at, text.len);
    lua_setfield(L, -2, key);
}

static int resources(lua_State *L)
{
    struct policy *p = policy_upvalue(L);
    check_called_with_colon(L, "inv:resources()");
    if (ask_resources(L, p) == RESOURCES_UNKNOWN)
        stop_at_absent(L, p, MISSES_RESOURCES);
    const struct script_facts *facts = subject_of(L, p)->facts;
    host_spend(L, (int64_t)facts->resource_count * STEPS_A_RESOURCE);
    lua_createtable(L, (int)facts->resource_count, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &resource_key); // list meta
    for (size_t i = 0; i < facts->resource_count; i++) {
        lua_createtable(L, 0, 2);
        set_text(L, "arn", facts->resources[i].arn);
        set_text(L, "type", facts->resources[i].type);
        lua_pushvalue(L, -2);
        lua_setmetatable(L, -2);
        lua_rawseti(L, -3, (lua_Integer)i + 1);
    }
    lua_pop(L, 1);
    return 1;
}

/* What is not in a resource's table: left out by the cloud, or misspelt. */
static int index_resource(lua_State *L)
{
    static const char *const names[] = {"arn", "type", NULL};
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(name, names[i]) == 0)
            stop_at_absent(L, policy_upvalue(L), MISSES_RESOURCES);
    refuse(L, "a resource has no \"%.60s\"; it has arn and type", name);
}

/* ---- making it ---- */

static int refuse_writing(lua_State *L)
{
    refuse(L, "an invitation cannot be changed");
}

static int show(lua_State *L)
{
    lua_pushliteral(L, "invitation");
    return 1;
}

static void push_bound(lua_State *L, struct policy *p, lua_CFunction f)
{
    lua_pushlightuserdata(L, p);
    lua_pushcclosure(L, f, 1);
}

/* Kept as keys of `names`, so that they stay. */
static const char *keep_name(lua_State *L, int names, const char *name)
{
    const char *kept = lua_pushstring(L, name);
    lua_pushboolean(L, true);
    lua_rawset(L, names);
    return kept;
}

/* The userdata, with the names that it points to as its user value. */
static void push_view(lua_State *L, struct policy *p)
{
    struct view *view = lua_newuserdatauv(L, sizeof *view, 1);
    view->policy = p;
    lua_createtable(L, 0, FIELD_COUNT + METHOD_COUNT);
    int names = lua_gettop(L);
    for (int i = 0; i < FIELD_COUNT; i++)
        view->fields[i] = keep_name(L, names, field_name((enum field)i));
    for (int i = 0; i < METHOD_COUNT; i++)
        view->methods[i] = keep_name(L, names, methods[i].name);
    lua_setiuservalue(L, -2, 1);
}

static void push_events(lua_State *L, struct policy *p)
{
    lua_createtable(L, 0, 4);
    for (int i = 0; i < METHOD_COUNT; i++)
        push_bound(L, p, methods[i].call);
    lua_pushcclosure(L, index_view, METHOD_COUNT);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_writing);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, show);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "invitation");
    lua_setfield(L, -2, "__kind");
}

int view_open(lua_State *L, struct policy *p)
{
    lua_createtable(L, 0, 1);
    push_bound(L, p, index_resource);
    lua_setfield(L, -2, "__index");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &resource_key);

    push_view(L, p);
    push_events(L, p); // view events
    lua_setmetatable(L, -2);
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

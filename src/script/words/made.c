/* made.c - conditions as Lua values: a userdata that holds a condition's index; and what is refused where one belongs. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"

enum {
    CONDITIONS_MAX = 20000,
    CALLERS_MAX = 100, /* of functions that build a condition, each called by the next */
    FOUND_A_STEP = 16  /* of what was found in the text, looked through */
};

const char registry_condition = 0, registry_list = 0, registry_words = 0, registry_functions = 0;

struct policy *policy_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static bool has_metatable(lua_State *L, int index, const void *key)
{
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index))
        return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, key);
    bool is = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is;
}

struct strict_function words_function_at(lua_State *L, struct policy *p, int first_line,
                                         int last_line)
{
    host_spend(L, 1 + (int64_t)(p->strict.count / FOUND_A_STEP));
    return strict_function_at(&p->strict, first_line, last_line);
}

/* An operand that `and`, `or` or `not` throws away leaves no trace, so no function that uses them may be on its way while a
 * condition is built. */
static void check_callers(lua_State *L, struct policy *p)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar) == 1; level++) {
        lua_getinfo(L, "S", &ar);
        if (level > CALLERS_MAX)
            refuse(L, "a condition is built more than %d calls deep", CALLERS_MAX);
        if (ar.source[0] != '@' || strcmp(ar.what, "Lua") != 0)
            continue;
        struct strict_function f = words_function_at(L, p, ar.linedefined, ar.lastlinedefined);
        if (f.logic_line > 0)
            refuse(
                L,
                "a condition is built inside a function that uses `and`, `or` or `not` (line %d): "
                "they would drop a condition without a trace; write &, | or ~",
                f.logic_line);
    }
}

int words_line(lua_State *L)
{
    char where[256];
    return host_where(L, where, sizeof where);
}

struct build *words_building(lua_State *L, struct policy *p)
{
    if (p->building == NULL)
        refuse(L, "rules and conditions are built when the policy is loaded, not inside a function "
                  "that decides; "
                  "ask the invitation instead, as in inv.sender");
    return p->building;
}

void words_check_table(lua_State *L, struct policy *p, const char *word, int index)
{
    size_t items = 0;
    index = lua_absindex(L, index);
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
        items++;
    host_spend(L, 1 + (int64_t)((items + p->strict.call_count) / FOUND_A_STEP));
    if (!strict_allows(&p->strict, word, words_line(L), items))
        refuse(L,
               "%s: a value in its table is nil, or is given twice, and would be dropped without a "
               "trace; is a name misspelt?",
               word);
}

int words_push_condition(lua_State *L, int condition)
{
    if (condition == CONDITION_NONE)
        host_raise_memory(L);
    int *index = lua_newuserdatauv(L, sizeof *index, 0);
    *index = condition;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_condition);
    lua_setmetatable(L, -2);
    return 1;
}

void words_check_room(lua_State *L, struct policy *p)
{
    check_callers(L, p);
    if (conditions_count(words_building(L, p)->conditions) >= CONDITIONS_MAX)
        refuse(L, "a policy has at most %d conditions", CONDITIONS_MAX);
}

int words_push_group(lua_State *L, struct policy *p, enum group group, const int *children,
                     size_t count)
{
    words_check_room(L, p);
    struct conditions *c = words_building(L, p)->conditions;
    for (size_t i = 0; i < count; i++)
        if (conditions_depth(c, children[i]) >= CONDITION_DEPTH_MAX)
            refuse(L, "conditions nest more than %d deep", CONDITION_DEPTH_MAX);
    return words_push_condition(L, conditions_add_group(c, words_line(L), group, children, count));
}

/* The number of the function at `index`: the same for the same function. */
static int number_function(lua_State *L, struct policy *p, int index)
{
    struct build *b = words_building(L, p);
    lua_Debug ar;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_functions); // functions
    lua_pushvalue(L, index);
    lua_rawget(L, -2); // functions number|nil
    if (!lua_isnil(L, -1)) {
        int known = (int)lua_tointeger(L, -1);
        lua_pop(L, 2);
        return known;
    }
    lua_pop(L, 1);
    struct function *more = realloc(b->functions, (b->function_count + 1) * sizeof *more);
    if (more == NULL)
        host_raise_memory(L);
    b->functions = more;
    int number = (int)b->function_count++;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &ar);
    b->functions[number] = (struct function){.line = ar.linedefined};
    lua_pushvalue(L, index);
    b->functions[number].place = luaL_ref(L, LUA_REGISTRYINDEX);
    functions_remember(L, index);
    lua_pushvalue(L, index);
    lua_pushinteger(L, number);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    return number;
}

const char *words_word_at(lua_State *L, int index)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_words);
    lua_pushvalue(L, index);
    lua_rawget(L, -2);
    const char *name = lua_tostring(L, -1);
    lua_pop(L, 2);
    return name;
}

bool words_is_condition(lua_State *L, int index)
{
    return has_metatable(L, index, &registry_condition);
}

bool words_is_list(lua_State *L, int index)
{
    return has_metatable(L, index, &registry_list);
}

_Noreturn static void refuse_value(lua_State *L, int index, const char *where)
{
    const char *kind = NULL;
    if (luaL_getmetafield(L, index, "__kind") != LUA_TNIL)
        kind = lua_tostring(L, -1);
    if (kind != NULL && strcmp(kind, "rule") == 0)
        refuse(L, "%s takes a condition, not another rule", where);
    if (words_is_list(L, index))
        refuse(L, "%s takes a condition, not a list; write sender (list FILE)", where);
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
        refuse(L,
               "%s takes a condition, not %s, which is what == and ~= leave; write sender ID, "
               "~sender ID, or always for everything",
               where, lua_toboolean(L, index) ? "true" : "false");
    case LUA_TSTRING:
        refuse(L, "%s takes a condition, not a string; write %s \"%.40s\"", where,
               word_complaint(text_of("sender"), text_of(lua_tostring(L, index))) == NULL ? "sender"
                                                                                          : "name",
               lua_tostring(L, index));
    case LUA_TTABLE:
        refuse(L, "%s takes a condition, not a table; write all { ... } or any { ... }", where);
    case LUA_TNIL:
    case LUA_TNONE:
        refuse(L, "%s takes a condition, not nil", where);
    case LUA_TFUNCTION:
        refuse(L, "%s takes a condition, not a function of the library", where);
    default:
        refuse(L, "%s takes a condition, not a %s", where, library_type(L, index));
    }
}

/* "function at_night (line 2)" */
static void call_function(lua_State *L, struct policy *p, int index, char *out, size_t len)
{
    lua_Debug ar;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &ar);
    struct strict_function f = words_function_at(L, p, ar.linedefined, ar.lastlinedefined);
    if (f.name[0] != '\0')
        snprintf(out, len, "function %s (line %d)", f.name, ar.linedefined);
    else
        snprintf(out, len, "function on line %d", ar.linedefined);
}

int words_condition(lua_State *L, struct policy *p, int index, const char *where)
{
    index = lua_absindex(L, index);
    if (words_is_condition(L, index))
        return *(int *)lua_touserdata(L, index);
    if (lua_type(L, index) != LUA_TFUNCTION)
        refuse_value(L, index, where);
    const char *word = words_word_at(L, index);
    if (word != NULL)
        refuse(L, "`%s` is missing its value: %s", word, word_form(text_of(word)));
    if (lua_iscfunction(L, index))
        refuse_value(L, index, where);
    words_check_room(L, p);
    int number = number_function(L, p, index);
    char called[STRICT_NAME_LEN + 40];
    call_function(L, p, index, called, sizeof called);
    int condition = conditions_add_function(words_building(L, p)->conditions, words_line(L), number,
                                            text_of(called));
    if (condition == CONDITION_NONE)
        host_raise_memory(L);
    return condition;
}

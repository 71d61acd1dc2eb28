/* operators.c - & | ~ join conditions; every other operator says what to write instead. */
#include <lauxlib.h>
#include <string.h>

#include "clock.h"
#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"

static const struct operator
{
    const char *event, *sign;
}
refused[] = {
    {"__add", "+"},  {"__sub", "-"},     {"__mul", "*"},   {"__div", "/"},  {"__mod", "%"},
    {"__pow", "^"},  {"__unm", "-"},     {"__idiv", "//"}, {"__bxor", "~"}, {"__shl", "<<"},
    {"__shr", ">>"}, {"__concat", ".."}, {"__lt", "<"},    {"__le", "<="},  {"__band", "&"},
    {"__bor", "|"},  {"__bnot", "~"},
};

/* What a person calls the value. */
static const char *called(lua_State *L, int index)
{
    if (words_is_condition(L, index))
        return "a condition";
    if (words_is_list(L, index))
        return "a list";
    const char *word = words_word_at(L, index);
    if (word != NULL)
        return lua_pushfstring(L, "the word `%s`", word);
    if (luaL_getmetafield(L, index, "__kind") != LUA_TNIL) {
        const char *kind = lua_tostring(L, -1);
        return lua_pushfstring(L, "%s %s", strchr("aeiou", *kind) != NULL ? "an" : "a", kind);
    }
    if (lua_isnil(L, index))
        return "nil";
    return lua_pushfstring(L, "a %s", library_type(L, index));
}

static bool is_order(const char *sign)
{
    return *sign == '<' && sign[1] != '<';
}

/* The operand that is a string such as "6h"; NULL when none is. */
static const char *duration_among(lua_State *L)
{
    int64_t seconds;
    for (int i = 1; i <= 2; i++)
        if (lua_type(L, i) == LUA_TSTRING &&
            clock_parse_duration(text_of(lua_tostring(L, i)), &seconds))
            return lua_tostring(L, i);
    return NULL;
}

static const char *cure(lua_State *L, const char *sign)
{
    for (int i = 1; i <= 2; i++)
        if (words_is_condition(L, i) || words_word_at(L, i) != NULL)
            return "conditions are joined with &, | and ~";
    if (lua_isnil(L, 1) || lua_isnil(L, 2))
        return "nil is what a name or key that is not there gives";
    const char *duration = duration_among(L);
    if (is_order(sign) && duration != NULL)
        return lua_pushfstring(L, "write seconds \"%s\"", duration);
    if (lua_type(L, 1) == LUA_TSTRING || lua_type(L, 2) == LUA_TSTRING)
        return strcmp(sign, "..") == 0 ? "tostring makes a string"
                                       : "tonumber makes a number of a string";
    return strcmp(sign, "..") == 0 ? "tostring makes a string"
                                   : "only numbers can be reckoned with";
}

static int refuse_operator(lua_State *L)
{
    const struct operator* op = lua_touserdata(L, lua_upvalueindex(2));
    bool is_unary = strcmp(op->event, "__unm") == 0 || strcmp(op->event, "__bnot") == 0;
    const char *left = called(L, 1), *right = called(L, 2);
    /* To Lua a > b is b < a: which of them was written is not known any more. */
    if (is_order(op->sign))
        refuse(L, "cannot compare %s with %s: %s", left, right, cure(L, op->sign));
    if (is_unary)
        refuse(L, "cannot put %s before %s: %s", op->sign, left, cure(L, op->sign));
    refuse(L, "cannot put %s between %s and %s: %s", op->sign, left, right, cure(L, op->sign));
}

static int refuse_len(lua_State *L)
{
    refuse(L, "cannot take the length of %s%s", called(L, 1),
           lua_isfunction(L, 1) ? "; call it, as in #inv:resources()" : "");
}

static int refuse_index(lua_State *L)
{
    refuse(L, "cannot look into %s", called(L, 1));
}

static int refuse_call(lua_State *L)
{
    refuse(L, "%s takes no further value: one value each, or a table of them", called(L, 1));
}

static int refuse_equal(lua_State *L)
{
    refuse(
        L,
        "cannot compare %s with %s: ask for what it holds for, or join conditions with &, | and ~",
        called(L, 1), called(L, 2));
}

static bool is_operand(lua_State *L, int index)
{
    return words_is_condition(L, index) || lua_type(L, index) == LUA_TFUNCTION;
}

static int join(lua_State *L, enum group group, const char *sign)
{
    struct policy *p = policy_of(L);
    if (p->building == NULL)
        refuse(L, "%s joins conditions; inside a function write `%s`", sign,
               group == GROUP_ALL ? "and" : "or");
    if (!is_operand(L, 1) && !is_operand(L, 2))
        refuse(L,
               "cannot put %s between %s and %s: it joins conditions; several values stand in "
               "braces, { \"a\", \"b\" }",
               sign, called(L, 1), called(L, 2));
    int children[2] = {words_condition(L, p, 1, sign), 0};
    children[1] = words_condition(L, p, 2, sign);
    return words_push_group(L, p, group, children, 2);
}

static int join_all(lua_State *L)
{
    return join(L, GROUP_ALL, "&");
}

static int join_any(lua_State *L)
{
    return join(L, GROUP_ANY, "|");
}

static int negate(lua_State *L)
{
    struct policy *p = policy_of(L);
    if (p->building == NULL)
        refuse(L, "~ negates conditions; inside a function write `not`");
    int child = words_condition(L, p, 1, "~");
    return words_push_group(L, p, GROUP_NOT, &child, 1);
}

static void set_with_policy(lua_State *L, struct policy *p, const char *event, lua_CFunction f)
{
    lua_pushlightuserdata(L, p);
    lua_pushcclosure(L, f, 1);
    lua_setfield(L, -2, event);
}

void operators_add_refusals(lua_State *L, struct policy *p)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        lua_pushlightuserdata(L, p);
        lua_pushlightuserdata(L, (void *)&refused[i]);
        lua_pushcclosure(L, refuse_operator, 2);
        lua_setfield(L, -2, refused[i].event);
    }
}

/* Strings, booleans and nil too: `sender "1" & "2"` asks the left operand, `"2" & sender "1"` the right one, and both come
 * here. */
static void add_joins(lua_State *L, struct policy *p)
{
    operators_add_refusals(L, p);
    set_with_policy(L, p, "__band", join_all);
    set_with_policy(L, p, "__bor", join_any);
    set_with_policy(L, p, "__bnot", negate);
}

/* Gives the type of the value on the top the operators that join and refuse, and pops it. */
static void dress_type(lua_State *L, struct policy *p)
{
    if (!lua_getmetatable(L, -1))
        lua_newtable(L);
    add_joins(L, p);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

static int show_condition(lua_State *L)
{
    lua_pushstring(L, called(L, 1));
    return 1;
}

static void add_closed(lua_State *L, struct policy *p, const char *kind)
{
    add_joins(L, p);
    set_with_policy(L, p, "__len", refuse_len);
    set_with_policy(L, p, "__index", refuse_index);
    set_with_policy(L, p, "__newindex", refuse_index);
    set_with_policy(L, p, "__call", refuse_call);
    set_with_policy(L, p, "__eq", refuse_equal);
    set_with_policy(L, p, "__tostring", show_condition);
    lua_pushstring(L, kind);
    lua_setfield(L, -2, "__kind");
}

void operators_open(lua_State *L, struct policy *p)
{
    lua_newtable(L);
    add_closed(L, p, "condition");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_condition);
    lua_newtable(L);
    add_closed(L, p, "list");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_list);
    lua_pushliteral(L, "");
    dress_type(L, p);
    lua_pushboolean(L, true);
    dress_type(L, p);
    lua_pushnil(L);
    dress_type(L, p);
    lua_pushcfunction(L, join_all);
    lua_newtable(L);
    set_with_policy(L, p, "__len", refuse_len);
    lua_setmetatable(L, -2);
    dress_type(L, p);
}

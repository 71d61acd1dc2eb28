/* groups.c - all, any and none: conditions joined by name. */
#include <lauxlib.h>
#include <string.h>

#include "script/words/vocabulary.h"
#include "script/words/private.h"

/* Leaves the table of conditions at 1 and returns how many it holds. */
static lua_Integer check_conditions(lua_State *L, const struct word *word)
{
    lua_Integer count = lua_istable(L, 1) ? (lua_Integer)lua_rawlen(L, 1) : 0;
    if (count == 0)
        refuse(L, "`%s` takes a table of conditions: %s", word->name, word->form);
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
        if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) < 1 || lua_tointeger(L, -2) > count)
            refuse(L, "`%s` takes conditions without keys: %s", word->name, word->form);
    host_spend(L, count * STEPS_A_VALUE);
    return count;
}

int word_group(lua_State *L)
{
    struct policy *p = policy_of(L);
    const struct word *word = word_called(L);
    word_check_one_value(L, word);
    if (lua_istable(L, 1))
        words_check_table(L, p, word->name, 1);
    lua_Integer count = check_conditions(L, word);
    int *children = lua_newuserdatauv(L, (size_t)count * sizeof *children, 0);
    for (lua_Integer i = 0; i < count; i++) {
        lua_rawgeti(L, 1, i + 1);
        children[i] = words_condition(L, p, -1, word->name);
        lua_pop(L, 1);
    }
    bool is_all = strcmp(word->name, "all") == 0;
    words_push_group(L, p, is_all ? GROUP_ALL : GROUP_ANY, children, (size_t)count);
    if (strcmp(word->name, "none") != 0)
        return 1;
    int inner = words_condition(L, p, -1, word->name);
    return words_push_group(L, p, GROUP_NOT, &inner, 1);
}

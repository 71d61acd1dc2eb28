/* watch.c - while a policy's text runs: a name whose truth is asked for must not hold a condition, which is always true. */
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "script/words/vocabulary.h"

enum { WATCHES_A_STEP = 16 };

/* Pushes what the name holds in the function that `ar` is about; false, and nothing, when it is not there (yet). */
static bool push_named(lua_State *L, lua_Debug *ar, struct spurn_text name)
{
    int found = 0;
    const char *at;
    for (int i = 1; (at = lua_getlocal(L, ar, i)) != NULL; i++) {
        lua_pop(L, 1);
        if (text_is(name, at))
            found = i; /* the innermost of that name comes last */
    }
    if (found > 0)
        return lua_getlocal(L, ar, found) != NULL;
    lua_getinfo(L, "f", ar); // function
    for (int i = 1; (at = lua_getupvalue(L, -1, i)) != NULL; i++) {
        if (text_is(name, at)) {
            lua_remove(L, -2);
            return true;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return false;
}

_Noreturn static void refuse_watched(lua_State *L, const struct policy *p,
                                     const struct strict_watch *watch)
{
    char where[512];
    static const struct {
        const char *asks, *sign;
    } signs[] = {{"and", "&"}, {"or", "|"}, {"not", "~"}};
    const char *sign = NULL;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(watch->asks, signs[i].asks) == 0)
            sign = signs[i].sign;
    lua_pushlstring(L, watch->name.at, watch->name.len);
    const char *name = lua_tostring(L, -1);
    snprintf(where, sizeof where, "%s:%d", p->path, watch->line);
    if (sign != NULL)
        refuse_at(L, where,
                  lua_pushfstring(L,
                                  "`%s` would drop a condition without a trace, since `%s` holds "
                                  "one; write %s",
                                  watch->asks, name, sign));
    refuse_at(L, where,
              lua_pushfstring(L,
                              "%s `%s` about the condition `%s` is always true; to ask whether "
                              "there is one write %s ~= nil",
                              *watch->asks == 'w' ? "a" : "an", watch->asks, name, name));
}

static void check_line(void *context, lua_State *L, lua_Debug *ar)
{
    const struct policy *p = context;
    host_spend(L, 1 + (int64_t)(p->strict.watch_count / WATCHES_A_STEP));
    for (size_t i = 0; i < p->strict.watch_count; i++) {
        const struct strict_watch *watch = &p->strict.watches[i];
        if (ar->currentline < watch->first_line || ar->currentline > watch->line)
            continue;
        lua_getinfo(L, "S", ar);
        if (ar->source[0] != '@' || !push_named(L, ar, watch->name))
            continue;
        if (words_is_condition(L, -1))
            refuse_watched(L, p, watch);
        lua_pop(L, 1);
    }
}

void words_watch(lua_State *L, struct policy *p, bool watches)
{
    host_watch_lines(host_of(L), watches && p->strict.watch_count > 0 ? check_line : NULL, p);
}

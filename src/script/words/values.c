/* values.c - the words that take values: strings, tables of them, lists, or tables of those. */
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"
#include "script/words/private.h"

enum {
    VALUE_DEPTH_MAX = 4,
    LEAST_ID = 1000000000 /* what is less has lost more than leading zeros */
};

struct valued {
    lua_State *L;
    struct policy *policy;
    const struct word *word;
    int condition;
};

_Noreturn static void refuse_text(struct valued *v, struct spurn_text value, const char *complaint)
{
    const char *meant = v->word->meant != NULL ? v->word->meant(value) : NULL;
    refuse(v->L, "%s \"%.*s\": %s%s%s%s", v->word->name,
           (int)(value.len > SHOWN_LEN_MAX ? SHOWN_LEN_MAX : value.len), value.at, complaint,
           meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
}

static void add_text(struct valued *v, int index)
{
    struct spurn_text value;
    value.at = lua_tolstring(v->L, index, &value.len);
    const char *complaint = v->word->complaint(value);
    host_spend(v->L, STEPS_A_VALUE + (int64_t)(value.len / VALUE_BYTES_A_STEP));
    if (complaint != NULL)
        refuse_text(v, value, complaint);
    if (text_utf8_len(value) != value.len)
        refuse(v->L, "%s: a value is not UTF-8", v->word->name);
    if (!conditions_add_value(v->policy->building->conditions, v->condition, value))
        host_raise_memory(v->L);
}

/* A list's own lines are named, its text is not. */
static void add_list(struct valued *v, const struct list *list)
{
    host_spend(v->L, (int64_t)set_count(list->items));
    for (size_t i = 0; i < set_count(list->items); i++) {
        const char *complaint = v->word->complaint(set_item(list->items, i));
        if (complaint == NULL)
            continue;
        char where[512], message[256];
        snprintf(where, sizeof where, "%s:%d", list->path, list->lines[i]);
        snprintf(message, sizeof message, "%s: this line is of no use: %s", v->word->name,
                 complaint);
        refuse_at(v->L, where, message);
    }
    if (!conditions_add_list(v->policy->building->conditions, v->condition, list))
        host_raise_memory(v->L);
}

static void add_values(struct valued *v, int index, int depth);

static void add_table(struct valued *v, int index, int depth)
{
    lua_State *L = v->L;
    lua_Integer count = (lua_Integer)lua_rawlen(L, index), keys = 0;
    if (depth == VALUE_DEPTH_MAX)
        refuse(L, "%s: tables nest too deep", v->word->name);
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        keys++;
    }
    if (keys == 0)
        refuse(L, "%s: the table is empty, so nothing would ever match", v->word->name);
    if (keys != count)
        refuse(L, "%s: the table has keys; write { \"a\", \"b\" }", v->word->name);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, index, i);
        add_values(v, lua_absindex(L, -1), depth + 1);
        lua_pop(L, 1);
    }
}

_Noreturn static void refuse_number(struct valued *v, int index)
{
    if (v->word->complaint == id_complaint && lua_isinteger(v->L, index) &&
        lua_tointeger(v->L, index) >= LEAST_ID)
        refuse(v->L, "%s: an id is a string, since leading zeros matter; write \"%012lld\"",
               v->word->name, (long long)lua_tointeger(v->L, index));
    refuse(v->L, "%s: takes a string, not a number", v->word->name);
}

/* Every list that was read for a `list` value stands in its user value, as light userdata. */
static void add_lists(struct valued *v, int index)
{
    lua_State *L = v->L;
    lua_getiuservalue(L, index, 1);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_list(v, lua_touserdata(L, -1));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static const char *with_article(lua_State *L, const char *kind)
{
    bool is_many = kind[strlen(kind) - 1] == 's';
    return lua_pushfstring(L, "%s %s", is_many ? "the" : "a", kind);
}

static void add_values(struct valued *v, int index, int depth)
{
    lua_State *L = v->L;
    luaL_checkstack(L, 8, "values");
    if (words_is_list(L, index)) {
        add_lists(v, index);
        return;
    }
    if (luaL_getmetafield(L, index, "__kind") != LUA_TNIL)
        refuse(L, "%s takes %s, not %s", v->word->name, strchr(v->word->form, ' ') + 1,
               with_article(L, lua_tostring(L, -1)));
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        add_text(v, index);
        return;
    case LUA_TTABLE:
        add_table(v, index, depth);
        return;
    case LUA_TNUMBER:
        refuse_number(v, index);
    default:
        refuse(L, "%s takes %s, not a %s", v->word->name, strchr(v->word->form, ' ') + 1,
               library_type(L, index));
    }
}

static int push_valued(struct valued *v)
{
    words_push_condition(v->L, v->condition);
    add_values(v, 1, 0);
    return 1;
}

static struct valued begin_valued(lua_State *L)
{
    struct valued v = {L, policy_of(L), word_called(L), CONDITION_NONE};
    word_check_one_value(L, v.word);
    words_check_room(L, v.policy);
    if (lua_istable(L, 1))
        words_check_table(L, v.policy, v.word->name, 1);
    return v;
}

int word_field(lua_State *L)
{
    struct valued v = begin_valued(L);
    v.condition = conditions_add_field(words_building(L, v.policy)->conditions, words_line(L),
                                       v.word->field, v.word->compare);
    return push_valued(&v);
}

int word_resources(lua_State *L)
{
    struct valued v = begin_valued(L);
    v.condition = conditions_add_resources(words_building(L, v.policy)->conditions, words_line(L),
                                           strcmp(v.word->name, "only_resource_type") == 0);
    return push_valued(&v);
}

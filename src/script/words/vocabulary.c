/* vocabulary.c - puts the words into a policy's environment, and takes them away once its text has run. */
#include "script/words/vocabulary.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "script/sandbox/library.h"

static const char environment_key = 0, finish_key = 0;

enum { LIST_BYTES_A_STEP = 32 }; /* so that one file under many names cannot fill the memory */

/* ---- list ---- */

static struct list *known_list(struct policy *p, const char *name)
{
    for (size_t i = 0; i < p->list_count; i++)
        if (strcmp(p->lists[i]->name, name) == 0)
            return p->lists[i];
    return NULL;
}

/* Each file is read once, when the policy is opened: a new sweep makes a new state of the same lists. */
static struct list *read_list(lua_State *L, struct policy *p, const char *name, bool may_be_empty)
{
    struct list *list = known_list(p, name);
    struct spurn_error err;
    if (list != NULL) {
        if (!may_be_empty && set_count(list->items) == 0)
            refuse(L, "list \"%s\" is empty; if it may be, say may_be_empty = true here as well",
                   name);
        return list;
    }
    struct list **more = realloc(p->lists, (p->list_count + 1) * sizeof(struct list *));
    if (more == NULL)
        host_raise_memory(L);
    p->lists = more;
    enum spurn_status status = list_open(p->path, name, may_be_empty, &more[p->list_count], &err);
    if (status == SPURN_E_MEMORY)
        host_raise_memory(L);
    if (status == SPURN_E_POLICY && strncmp(err.text, "cannot", 6) != 0) {
        host_of(L)->is_placed = true; /* at the list's own line */
        lua_pushstring(L, err.text);
        lua_error(L);
    }
    if (status != SPURN_OK)
        refuse(L, "%s", err.text);
    list = more[p->list_count++];
    host_spend(L, (int64_t)(buf_text(&list->text).len / LIST_BYTES_A_STEP));
    return list;
}

static const char *list_name(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TSTRING || lua_rawlen(L, index) == 0 ||
        strlen(lua_tostring(L, index)) != lua_rawlen(L, index))
        refuse(L, "list takes a file name: list \"partners.txt\" or list { \"a.txt\", \"b.txt\" }");
    if (text_all_digits(text_of(lua_tostring(L, index))))
        refuse(L, "list names files, not ids: list \"partners.txt\", or sender { \"%.40s\" }",
               lua_tostring(L, index));
    return lua_tostring(L, index);
}

static bool read_list_options(lua_State *L)
{
    bool may_be_empty = false;
    static const char *const options[] = {"may_be_empty", NULL};
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            const char *option = lua_tostring(L, -2);
            const char *meant = host_nearest(option, options);
            if (strcmp(option, "may_be_empty") != 0)
                refuse(L, "list has no option \"%.60s\"%s", option,
                       meant ? "; did you mean \"may_be_empty\"?" : "; it has may_be_empty");
            if (!lua_isboolean(L, -1))
                refuse(L, "list: may_be_empty is true or false");
            may_be_empty = lua_toboolean(L, -1);
        } else if (!lua_isinteger(L, -2)) {
            refuse(L, "list takes file names and may_be_empty");
        }
        lua_pop(L, 1);
    }
    return may_be_empty;
}

int vocabulary_list(lua_State *L)
{
    struct policy *p = policy_of(L);
    if (p->building == NULL)
        refuse(L, "lists are read when the policy is loaded, not inside a function that decides");
    if (lua_gettop(L) != 1 || (lua_type(L, 1) != LUA_TSTRING && lua_type(L, 1) != LUA_TTABLE))
        refuse(L, "list takes a file name: list \"partners.txt\" or list { \"a.txt\", \"b.txt\" }");
    if (lua_istable(L, 1))
        words_check_table(L, p, "list", 1);
    bool may_be_empty = lua_istable(L, 1) && read_list_options(L);
    if (!lua_istable(L, 1)) {
        lua_createtable(L, 1, 0);
        lua_insert(L, 1);
        lua_rawseti(L, 1, 1);
    }
    lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
    if (count == 0)
        refuse(L, "list names no file: list { \"a.txt\", \"b.txt\" }");
    lua_newuserdatauv(L, 0, 1);
    lua_createtable(L, (int)count, 0); // names list lists
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        lua_pushlightuserdata(L, read_list(L, p, list_name(L, -1), may_be_empty));
        lua_rawseti(L, -3, i);
        lua_pop(L, 1);
    }
    lua_setiuservalue(L, -2, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_list);
    lua_setmetatable(L, -2);
    return 1;
}

/* ---- the environment ---- */

_Noreturn static void refuse_unknown(lua_State *L, const char *name)
{
    enum field field;
    if (field_of(text_of(name), &field))
        refuse(L, "unknown word `%s`; of an invitation, inside a function, it is inv.%s", name,
               name);
    const char *nearest = word_nearest(name);
    if (nearest == NULL)
        nearest = host_nearest(name, field_names());
    refuse(L, "unknown word `%.60s`%s%s%s", name, nearest ? "; did you mean `" : "",
           nearest ? nearest : "", nearest ? "`?" : "");
}

static int read_unknown(lua_State *L)
{
    struct policy *p = policy_of(L);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    enum field field;
    if (p->building == NULL && field_of(text_of(name), &field))
        refuse(L, "`%s` is a word for conditions; inside a function write inv.%s", name, name);
    if (p->building == NULL && word_is(text_of(name)))
        refuse(L,
               "`%s` is a word for conditions; inside a function ask the invitation, as in inv.age",
               name);
    refuse_unknown(L, name);
}

static int write_unknown(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    refuse(L, "`%.60s` is assigned to without `local`; write local %.60s = ...", name, name);
}

static void add_environment_events(lua_State *L, struct policy *p)
{
    lua_createtable(L, 0, 2);
    lua_pushlightuserdata(L, p);
    lua_pushcclosure(L, read_unknown, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, write_unknown);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
}

/* Copies the table on the top into the environment below it, notes which functions are words, and pops it. */
static void add_words(lua_State *L)
{
    lua_newtable(L); // environment words names
    lua_pushnil(L);
    while (lua_next(L, -3) != 0) { // environment words names word value
        if (lua_isfunction(L, -1) && strcmp(lua_tostring(L, -2), "seconds") != 0) {
            lua_pushvalue(L, -1);
            lua_pushvalue(L, -3);
            lua_rawset(L, -5);
        }
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -6);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_words);
    lua_pop(L, 1);
}

/* host, words, settings -> what lua/policy.lua returns: its finish() */
static void run_module(lua_State *L, struct policy *p, int words, int settings)
{
    lua_newtable(L);
    rules_add(L, p);
    lua_newtable(L);
    operators_add_refusals(L, p);
    lua_setfield(L, -2, "refusals");
    lua_pushvalue(L, words);
    lua_pushvalue(L, settings);
    host_push_module(L, "lua/policy.lua", 3);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &finish_key);
}

void vocabulary_push(lua_State *L, struct policy *p)
{
    int settings = lua_gettop(L);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_functions);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_words);
    operators_open(L, p);
    p->building->view = view_open(L, p);
    words_push_all(L, p); // settings words
    run_module(L, p, settings + 1, settings);
    host_push_environment(L);
    lua_replace(L, settings); // environment words
    add_words(L);
    add_environment_events(L, p);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
}

void vocabulary_remove(lua_State *L, struct policy *p)
{
    (void)p;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &finish_key);
    lua_call(L, 0, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key);
    const char *name;
    for (size_t i = 0; (name = word_name_at(i)) != NULL; i++) {
        if (strcmp(name, "seconds") == 0)
            continue;
        lua_pushstring(L, name);
        lua_pushnil(L);
        lua_rawset(L, -3);
    }
    lua_pop(L, 1);
}

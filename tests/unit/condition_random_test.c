/* condition_random_test.c - compiled conditions answer as a plain interpretation in Lua does, and ask as little. */
#include "script/condition/condition.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

#include "unit.h"

#if defined(__SANITIZE_ADDRESS__)
enum { PAIRS = 100000 };
#else
enum { PAIRS = 1000000 };
#endif

enum { SEED = 20270131, LISTS_MAX = 64, ITEMS_MAX = 8, STEPS = 1000000, ID_MAX = 64 };

/* What the interpretation drives; the upvalue of every function below. */
struct driver {
    struct conditions *c;
    struct list lists[LISTS_MAX]; /* that conditions borrow */
    size_t list_count;
    struct invitation inv;
    struct origin origin;
    struct script_past past;
    struct script_facts facts;
    struct script_resource resources[ITEMS_MAX];
    int64_t events[2][ITEMS_MAX]; /* by enum script_event: how many seconds ago */
    size_t event_counts[2];
    struct subject subject;
    struct asking asking;
    enum truth answers[ITEMS_MAX];
    int64_t functions_asked, questions;
};

static struct driver *driver_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static struct spurn_text text_at(lua_State *L, int index)
{
    struct spurn_text text = TEXT_ABSENT;
    if (lua_isstring(L, index))
        text.at = lua_tolstring(L, index, &text.len);
    return text;
}

/* ---- conditions ---- */

static void forget(struct driver *d)
{
    conditions_close(d->c);
    d->c = NULL;
    for (size_t i = 0; i < d->list_count; i++)
        set_close(d->lists[i].items);
    d->list_count = 0;
}

static int host_open(lua_State *L)
{
    struct driver *d = driver_of(L);
    forget(d);
    d->c = conditions_open();
    return 0;
}

static int push_condition(lua_State *L, int condition)
{
    if (condition == CONDITION_NONE)
        return luaL_error(L, "memory ran out");
    lua_pushinteger(L, condition);
    return 1;
}

static int host_always(lua_State *L)
{
    return push_condition(L, conditions_add_always(driver_of(L)->c, 1));
}

static int host_age(lua_State *L)
{
    return push_condition(L, conditions_add_age(driver_of(L)->c, 1, lua_toboolean(L, 1),
                                                lua_tointeger(L, 2), text_of("")));
}

static int host_function(lua_State *L)
{
    return push_condition(L, conditions_add_function(driver_of(L)->c, 1, (int)lua_tointeger(L, 1),
                                                     text_of("function on line 1")));
}

static enum field field_at(lua_State *L, int index)
{
    enum field field = FIELD_ID;
    if (!field_of(text_at(L, index), &field))
        luaL_error(L, "no such field");
    return field;
}

static int host_regex(lua_State *L)
{
    char why[REGEX_WHY_LEN];
    struct regex *regex = regex_open(text_at(L, 2), why);
    if (regex == NULL)
        return luaL_error(L, "%s", why);
    return push_condition(
        L, conditions_add_regex(driver_of(L)->c, 1, field_at(L, 1), regex, text_at(L, 2)));
}

static int host_created_at(lua_State *L)
{
    struct calendar calendar = {0};
    char why[CALENDAR_WHY_LEN];
    bool ok = (lua_isnil(L, 1) || calendar_read_hours(text_at(L, 1), &calendar, why)) &&
              (lua_isnil(L, 2) || calendar_read_days(text_at(L, 2), &calendar, why)) &&
              (lua_isnil(L, 3) || calendar_read_zone(text_at(L, 3), &calendar, why));
    if (!ok)
        return luaL_error(L, "%s", why);
    return push_condition(L, conditions_add_created_at(driver_of(L)->c, 1, &calendar, text_of("")));
}

static int host_past(lua_State *L)
{
    return push_condition(L, conditions_add_past(driver_of(L)->c, 1,
                                                 lua_toboolean(L, 1) ? EVENT_SEEN : EVENT_REJECTED,
                                                 lua_tointeger(L, 2), lua_tointeger(L, 3),
                                                 text_of("")));
}

static void add_values(lua_State *L, int index, int condition)
{
    for (lua_Integer i = 1; lua_geti(L, index, i) != LUA_TNIL; i++) {
        if (!conditions_add_value(driver_of(L)->c, condition, text_at(L, -1)))
            luaL_error(L, "memory ran out");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void add_list(lua_State *L, int index, int condition)
{
    struct driver *d = driver_of(L);
    struct list *list = &d->lists[d->list_count];
    if (lua_rawlen(L, index) == 0)
        return;
    if (d->list_count == LISTS_MAX)
        luaL_error(L, "too many lists");
    *list = (struct list){.items = set_open()};
    d->list_count++;
    for (lua_Integer i = 1; lua_geti(L, index, i) != LUA_TNIL; i++) {
        set_add(list->items, text_at(L, -1));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    if (!conditions_add_list(d->c, condition, list))
        luaL_error(L, "memory ran out");
}

static int host_field(lua_State *L)
{
    int condition = conditions_add_field(driver_of(L)->c, 1, field_at(L, 1),
                                         lua_toboolean(L, 2) ? COMPARE_GLOB : COMPARE_EXACT);
    add_values(L, 3, condition);
    add_list(L, 4, condition);
    return push_condition(L, condition);
}

static int host_resources(lua_State *L)
{
    int condition = conditions_add_resources(driver_of(L)->c, 1, lua_toboolean(L, 1));
    add_values(L, 2, condition);
    return push_condition(L, condition);
}

static int host_group(lua_State *L)
{
    struct spurn_text kind = text_at(L, 1);
    enum group group = text_is(kind, "all")   ? GROUP_ALL
                       : text_is(kind, "any") ? GROUP_ANY
                                              : GROUP_NOT;
    int children[ITEMS_MAX];
    size_t count = lua_rawlen(L, 2);
    for (size_t i = 0; i < count && i < ITEMS_MAX; i++) {
        lua_geti(L, 2, (lua_Integer)i + 1);
        children[i] = (int)lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    return push_condition(L, conditions_add_group(driver_of(L)->c, 1, group, children, count));
}

static int host_finish(lua_State *L)
{
    return conditions_finish(driver_of(L)->c) ? 0 : luaL_error(L, "memory ran out");
}

/* ---- invitations ---- */

/* The text under `key` of the table at 1, which keeps it alive. */
static struct spurn_text text_under(lua_State *L, const char *key)
{
    lua_getfield(L, 1, key);
    struct spurn_text text = text_at(L, -1);
    lua_pop(L, 1);
    return text;
}

static void read_events(lua_State *L, struct driver *d, enum script_event event, const char *key)
{
    lua_getfield(L, -1, key); /* past events */
    size_t count = lua_rawlen(L, -1);
    d->event_counts[event] = count;
    for (size_t i = 0; i < count && i < ITEMS_MAX; i++) {
        lua_geti(L, -1, (lua_Integer)i + 1);
        d->events[event][i] = lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void read_past(lua_State *L, struct driver *d)
{
    if (lua_getfield(L, 1, "past") == LUA_TTABLE) {
        lua_getfield(L, -1, "age"); /* past age */
        d->past.began_ms = d->subject.now_ms - lua_tointeger(L, -1) * 1000;
        lua_pop(L, 1);
        read_events(L, d, EVENT_SEEN, "seen");
        read_events(L, d, EVENT_REJECTED, "rejected");
        d->facts.past = &d->past;
    }
    lua_pop(L, 1);
}

static void read_resources(lua_State *L, struct driver *d)
{
    int type = lua_getfield(L, 1, "resources");
    d->facts.resources_state = type == LUA_TNIL     ? RESOURCES_NOT_ASKED
                               : type == LUA_TTABLE ? RESOURCES_LISTED
                                                    : RESOURCES_UNKNOWN;
    d->facts.resources = d->resources;
    if (type == LUA_TTABLE)
        d->facts.resource_count = lua_rawlen(L, -1);
    for (size_t i = 0; i < d->facts.resource_count; i++) {
        lua_geti(L, -1, (lua_Integer)i + 1);
        struct spurn_text name = text_at(L, -1);
        d->resources[i] = (struct script_resource){.type = name.len > 0 ? name : TEXT_ABSENT};
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void read_answers(lua_State *L, struct driver *d)
{
    lua_getfield(L, 1, "answers");
    for (lua_Integer i = 1; lua_geti(L, -1, i) != LUA_TNIL && i <= ITEMS_MAX; i++) {
        d->answers[i - 1] = (enum truth)lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

static int host_invite(lua_State *L)
{
    struct driver *d = driver_of(L);
    lua_settop(L, 1);
    d->inv = (struct invitation){
        .id = text_of("i"), .sender = text_under(L, "sender"), .name = text_under(L, "name")};
    lua_getfield(L, 1, "now");
    lua_getfield(L, 1, "created_ms");
    lua_getfield(L, 1, "has_age"); /* now created_ms has_age */
    d->subject.now_ms = lua_tointeger(L, 2) * 1000;
    d->inv.has_created = !lua_isnil(L, 3);
    d->inv.created_ms = lua_tointeger(L, 3);
    d->facts = (struct script_facts){.has_age = lua_toboolean(L, 4)};
    lua_settop(L, 1);
    read_past(L, d);
    read_resources(L, d);
    read_answers(L, d);
    lua_setfield(L, LUA_REGISTRYINDEX, "invitation");
    d->asking.about++;
    return 0;
}

static enum truth answer_function(void *context, int function)
{
    struct driver *d = context;
    d->functions_asked |= (int64_t)1 << function;
    return d->answers[function];
}

static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    struct driver *d = context;
    *count = 0;
    d->questions++;
    if (!text_is(cloud, "aws") || !text_equal(sender, d->inv.sender))
        return spurn_fail(err, SPURN_E_JOURNAL, "asked about somebody else");
    for (size_t i = 0; i < d->event_counts[event] && *count < enough; i++)
        *count += d->subject.now_ms - d->events[event][i] * 1000 >= since_ms;
    return SPURN_OK;
}

static int host_ask(lua_State *L)
{
    struct driver *d = driver_of(L);
    int condition = (int)lua_tointeger(L, 1);
    d->asking.round++;
    d->asking.glob_steps = d->asking.steps = STEPS;
    d->functions_asked = d->questions = 0;
    lua_pushinteger(L, conditions_ask_facts(d->c, condition, &d->asking));
    lua_pushinteger(L, conditions_ask(d->c, condition, &d->asking));
    lua_pushinteger(L, d->functions_asked);
    lua_pushinteger(L, d->questions);
    if (d->asking.ran_out || d->asking.fault != NULL || d->asking.status != SPURN_OK)
        return luaL_error(L, "asking failed");
    return 4;
}

/* ---- the test ---- */

static const luaL_Reg functions[] = {
    {"open", host_open},
    {"always", host_always},
    {"age", host_age},
    {"function", host_function},
    {"regex", host_regex},
    {"created_at", host_created_at},
    {"past", host_past},
    {"field", host_field},
    {"resources", host_resources},
    {"group", host_group},
    {"finish", host_finish},
    {"invite", host_invite},
    {"ask", host_ask},
    {NULL, NULL},
};

static void compiled_conditions_answer_as_a_plain_interpretation_does(void)
{
    struct driver d = {.origin = {.cloud = text_of("aws")}, .past = {.count = count_past}};
    d.past.context = &d;
    d.subject = (struct subject){.inv = &d.inv, .origin = &d.origin, .facts = &d.facts};
    d.asking =
        (struct asking){.subject = &d.subject, .ask_function = answer_function, .context = &d};
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    int status = luaL_loadfile(L, "tests/unit/condition_random.lua");
    luaL_newlibtable(L, functions);
    lua_pushlightuserdata(L, &d);
    luaL_setfuncs(L, functions, 1);
    lua_pushinteger(L, SEED);
    lua_pushinteger(L, PAIRS);
    if (status == LUA_OK)
        status = lua_pcall(L, 3, 5, 0); /* pairs false true unknown pending */
    if (!CHECK("the same answers", status == LUA_OK)) {
        printf("%s\n", lua_tostring(L, -1));
    } else {
        printf("condition_random_test: %lld pairs: %lld false, %lld true, %lld unknown, %lld "
               "pending\n",
               lua_tointeger(L, -5), lua_tointeger(L, -4), lua_tointeger(L, -3),
               lua_tointeger(L, -2), lua_tointeger(L, -1));
        CHECK("as many as wanted", lua_tointeger(L, -5) >= PAIRS);
        for (int i = -4; i < 0; i++)
            CHECK("each answer was met often", lua_tointeger(L, i) > PAIRS / 50);
    }
    lua_close(L);
    forget(&d);
}

static const struct unit_test tests[] = {
    {"compiled_conditions_answer_as_a_plain_interpretation_does",
     compiled_conditions_answer_as_a_plain_interpretation_does},
};

UNIT_MAIN(tests)

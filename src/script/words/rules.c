/* rules.c - keep and reject as records: a name, a condition, and the options beside it. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "script/words/vocabulary.h"

enum {
    NAME_LEN_MAX = 200,
    REASON_LEN_MAX = 1024,
    DESCRIBED_LEN_MAX = 400,
    MATCH_LEN_MAX = 64 * 1024,
    RULES_MAX = 2000
};

static struct spurn_text text_at(lua_State *L, int index)
{
    struct spurn_text text = TEXT_ABSENT;
    if (lua_type(L, index) == LUA_TSTRING)
        text.at = lua_tolstring(L, index, &text.len);
    return text;
}

static struct spurn_text kept_text(lua_State *L, struct build *b, struct spurn_text text)
{
    bool ok = true;
    struct spurn_text kept = arena_copy(&b->texts, text, &ok);
    if (!ok)
        host_raise_memory(L);
    return kept;
}

static bool has_control_character(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
            return true;
    return false;
}

static void check_name(lua_State *L, struct build *b, const char *word, struct spurn_text name)
{
    if (name.len == 0 || name.len > NAME_LEN_MAX || text_utf8_len(name) != name.len)
        refuse(L, "%s needs a name of 1 to %d bytes, in UTF-8", word, NAME_LEN_MAX);
    if (has_control_character(name))
        refuse(L, "%s: a name is one line, without control characters", word);
    for (size_t i = 0; i < b->rule_count; i++)
        if (text_equal(b->rules[i].name, name))
            refuse(
                L,
                "%s: the rule on line %d is named \"%.60s\" already; give each a name of its own",
                word, b->rules[i].line, name.at);
}

static struct rule *new_rule(lua_State *L, struct build *b)
{
    if (b->rule_count == RULES_MAX)
        refuse(L, "a policy has at most %d rules", RULES_MAX);
    struct rule *more = realloc(b->rules, (b->rule_count + 1) * sizeof *more);
    if (more != NULL) {
        b->rules = more;
        return &more[b->rule_count++];
    }
    host_raise_memory(L);
}

/* add_rule(word, name) -> number */
static int add_rule(lua_State *L)
{
    struct policy *p = policy_of(L);
    struct build *b = words_building(L, p);
    const char *word = luaL_checkstring(L, 1);
    check_name(L, b, word, text_at(L, 2));
    struct rule *rule = new_rule(L, b);
    *rule = (struct rule){
        .line = words_line(L), .keeps = strcmp(word, "keep") == 0, .condition = CONDITION_NONE};
    rule->name = kept_text(L, b, text_at(L, 2));
    lua_pushinteger(L, (lua_Integer)b->rule_count - 1);
    return 1;
}

/* "{sender} is not on the list, {age} old": every name in braces must be a field. */
static void check_reason(lua_State *L, struct spurn_text reason)
{
    enum field field;
    if (reason.len == 0 || reason.len > REASON_LEN_MAX || text_utf8_len(reason) != reason.len)
        refuse(L, "reason: write 1 to %d bytes, in UTF-8", REASON_LEN_MAX);
    if (has_control_character(reason))
        refuse(L, "reason: it is one line, without control characters");
    if (strstr(reason.at, "${") != NULL || strstr(reason.at, "%s") != NULL)
        refuse(L, "reason: a field is written {sender}, without $ or %%");
    for (const char *at = strchr(reason.at, '{'); at != NULL; at = strchr(at + 1, '{')) {
        size_t len = strcspn(at + 1, "{}");
        struct spurn_text name = {at + 1, len};
        if (at[1 + len] != '}')
            refuse(L, "reason: '{' without its '}'; write {sender}");
        if (field_of(name, &field))
            continue;
        char word[64];
        snprintf(word, sizeof word, "%.*s", TEXT_ARG(name));
        const char *nearest = host_nearest(word, field_names());
        refuse(L, "reason: an invitation has no field {%s}%s%s%s", word,
               nearest ? "; did you mean {" : "; it names fields such as {sender}",
               nearest ? nearest : "", nearest ? "}?" : "");
    }
}

/* The day after the last day, in milliseconds. */
static int64_t read_ends(lua_State *L, struct spurn_text ends)
{
    char instant[32];
    int64_t ms;
    snprintf(instant, sizeof instant, "%.*sT00:00:00Z", TEXT_ARG(ends));
    if (ends.len != 10 || !clock_parse_iso(text_of(instant), &ms))
        refuse(L, "ends: \"%.40s\" is no day; write \"2027-01-31\"", ends.at);
    return ms + 24 * 3600 * (int64_t)1000;
}

static struct spurn_text describe(lua_State *L, struct build *b, int condition)
{
    struct buf text;
    buf_init(&text, DESCRIBED_LEN_MAX);
    conditions_describe(b->conditions, condition, &text);
    bool ok = true;
    struct spurn_text kept = arena_copy(&b->texts, buf_text(&text), &ok);
    buf_clear(&text);
    if (!ok)
        host_raise_memory(L);
    return kept;
}

static struct spurn_text name_match(lua_State *L, const struct policy *p, const struct rule *rule)
{
    struct buf text;
    buf_init(&text, MATCH_LEN_MAX);
    buf_addf(&text, "%s/%.*s%s", p->name, TEXT_ARG(rule->name),
             rule->observes ? SCRIPT_OBSERVED : "");
    bool ok = !text.failed;
    struct spurn_text kept = arena_copy(&p->building->texts, buf_text(&text), &ok);
    buf_clear(&text);
    if (!ok)
        host_raise_memory(L);
    return kept;
}

/* set_rule(number, word, condition, unless, observes, reason, ends) */
static int set_rule(lua_State *L)
{
    struct policy *p = policy_of(L);
    struct build *b = words_building(L, p);
    struct rule *rule = &b->rules[luaL_checkinteger(L, 1)];
    const char *word = luaL_checkstring(L, 2);
    int condition = words_condition(L, p, 3, word);
    if (!lua_isnil(L, 4)) {
        int unless = words_condition(L, p, 4, "unless");
        words_push_group(L, p, GROUP_NOT, &unless, 1);
        int both[2] = {condition, words_condition(L, p, -1, "unless")};
        words_push_group(L, p, GROUP_ALL, both, 2);
        condition = words_condition(L, p, -1, "unless");
    }
    rule->observes = lua_toboolean(L, 5);
    if (!lua_isnil(L, 6)) {
        check_reason(L, text_at(L, 6));
        rule->reason = kept_text(L, b, text_at(L, 6));
    }
    if (!lua_isnil(L, 7)) {
        rule->ends_ms = read_ends(L, text_at(L, 7));
        rule->ends = kept_text(L, b, text_at(L, 7));
    }
    conditions_use(b->conditions, condition);
    rule->condition = condition;
    rule->condition_text = describe(L, b, condition);
    rule->match = name_match(L, p, rule);
    return 0;
}

/* check_table(word, table): is all there that the text writes into it? */
static int check_table(lua_State *L)
{
    words_check_table(L, policy_of(L), luaL_checkstring(L, 1), 2);
    return 0;
}

/* set_only(condition): the policy is asked about these invitations only. */
static int set_only(lua_State *L)
{
    struct policy *p = policy_of(L);
    int condition = words_condition(L, p, 1, "only");
    conditions_use(p->building->conditions, condition);
    p->building->only = condition;
    return 0;
}

/* nearest(word, { candidates }) -> string or nil */
static int nearest(lua_State *L)
{
    const char *candidates[64] = {NULL};
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 0; i < count && i < 63; i++) {
        lua_rawgeti(L, 2, i + 1);
        candidates[i] = lua_tostring(L, -1);
        lua_pop(L, 1);
    }
    lua_pushstring(L, host_nearest(luaL_checkstring(L, 1), candidates));
    return 1;
}

/* makes_condition(word) -> boolean */
static int makes_condition(lua_State *L)
{
    lua_pushboolean(L, word_makes_condition(text_of(luaL_checkstring(L, 1))));
    return 1;
}

/* refuse_at(message): at the line of the configuration that set the parameters, when there is one. */
static int refuse_at_setting(lua_State *L)
{
    struct policy *p = policy_of(L);
    const char *message = luaL_checkstring(L, 1);
    if (p->asked_at == NULL)
        refuse(L, "%s", message);
    refuse_at(L, p->asked_at, message);
}

void rules_add(lua_State *L, struct policy *p)
{
    static const luaL_Reg functions[] = {{"add_rule", add_rule},
                                         {"set_rule", set_rule},
                                         {"check_table", check_table},
                                         {"set_only", set_only},
                                         {"nearest", nearest},
                                         {"makes_condition", makes_condition},
                                         {"refuse_at_setting", refuse_at_setting},
                                         {NULL, NULL}};
    lua_pushlightuserdata(L, p);
    luaL_setfuncs(L, functions, 1);
    const char *slash = strrchr(p->path, '/');
    lua_pushstring(L, slash != NULL ? slash + 1 : p->path);
    lua_setfield(L, -2, "file");
}

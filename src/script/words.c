/* words.c - the words of a policy: each row makes one, and each becomes data that C asks. */
#include "script/words.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "match/glob.h"
#include "script/library.h"
#include "script/vocabulary.h"

enum {
    VALUE_DEPTH_MAX = 4,
    SHOWN_LEN_MAX = 60,
    /* What conditions hold is kept outside the policy's memory, so making them takes steps. */
    STEPS_A_VALUE = 8,
    VALUE_BYTES_A_STEP = 8,
    LEAST_ID = 1000000000 /* what is less has lost more than leading zeros */
};

/* ---- the table ---- */

typedef const char *complaint_about(struct spurn_text value);

static const char *id_complaint(struct spurn_text value)
{
    if (text_all_digits(value) && (value.len == 12 || value.len == 16))
        return NULL;
    return "it is no account id: 12 digits at AWS, 16 at Alibaba Cloud";
}

static const char *cloud_complaint(struct spurn_text value)
{
    if (text_is(value, "aws") || text_is(value, "alibaba"))
        return NULL;
    return "it is no cloud: write \"aws\" or \"alibaba\"";
}

static const char *own_glob_complaint(struct spurn_text value)
{
    return glob_complaint(value);
}

static int field_word(lua_State *L);
static int age_word(lua_State *L);
static int group_word(lua_State *L);
static int seconds_word(lua_State *L);

static const struct word {
    const char *kind, *name;
    lua_CFunction make; /* NULL: lua/policy.lua makes it, or it is a value */
    const char *form, *text;
    enum field field;
    enum compare compare;
    complaint_about *complaint;
} rows[] = {
    {"rule", "keep", NULL,
     "keep NAME (CONDITION) | keep NAME { CONDITION, unless =, reason =, ends = }",
     "an invitation for which CONDITION holds is never rejected", 0, 0, NULL},
    {"rule", "reject", NULL,
     "reject NAME (CONDITION) | reject NAME { CONDITION, unless =, mode = \"observe\", reason =, "
     "ends = }",
     "an invitation for which CONDITION holds is rejected, unless a keep rule holds or may hold", 0,
     0, NULL},
    {"condition", "sender", field_word, "sender ID | { ID, ... } | (list FILE)",
     "the sending account is one of these: 12 digits at AWS, 16 at Alibaba Cloud", FIELD_SENDER,
     COMPARE_EXACT, id_complaint},
    {"condition", "account", field_word, "account ID | { ID, ... } | (list FILE)",
     "the receiving account is one of these", FIELD_ACCOUNT, COMPARE_EXACT, id_complaint},
    {"condition", "receiver_arn", field_word, "receiver_arn GLOB | { GLOB, ... }",
     "the IAM user or role it was sent to (AWS) is like one of these", FIELD_RECEIVER_ARN,
     COMPARE_GLOB, own_glob_complaint},
    {"condition", "name", field_word, "name GLOB | { GLOB, ... } | (list FILE)",
     "the share's name, all of it, is like one of these: * any run, ? one character, case ignored",
     FIELD_NAME, COMPARE_GLOB, own_glob_complaint},
    {"condition", "older", age_word, "older DURATION",
     "it was sent at least so long ago: \"90s\", \"15m\", \"6h\", \"7d\", \"2w\", \"1d12h\"", 0, 0,
     NULL},
    {"condition", "younger", age_word, "younger DURATION", "it was sent less than so long ago", 0,
     0, NULL},
    {"condition", "cloud", field_word, "cloud \"aws\" | \"alibaba\"", "it came from this cloud",
     FIELD_CLOUD, COMPARE_EXACT, cloud_complaint},
    {"condition", "region", field_word, "region GLOB | { GLOB, ... }",
     "it was found in a region like this", FIELD_REGION, COMPARE_GLOB, own_glob_complaint},
    {"condition", "share", field_word, "share GLOB | { GLOB, ... }",
     "the share's ARN or id is like this", FIELD_SHARE, COMPARE_GLOB, own_glob_complaint},
    {"condition", "always", NULL, "always", "everything", 0, 0, NULL},
    {"condition", "all", group_word, "all { CONDITION, ... }",
     "every one of these holds; also A & B", 0, 0, NULL},
    {"condition", "any", group_word, "any { CONDITION, ... }", "one of these holds; also A | B", 0,
     0, NULL},
    {"condition", "none", group_word, "none { CONDITION, ... }", "none of these holds; also ~A", 0,
     0, NULL},
    {"value", "list", vocabulary_list, "list FILE | list { FILE, ..., may_be_empty = true }",
     "the lines of a file beneath the policy's folder, # begins a comment", 0, 0, NULL},
    {"value", "params", NULL, "params { NAME = DEFAULT, ... }",
     "what the configuration may set for this policy", 0, 0, NULL},
    {"value", "required", NULL, "required \"what it is\"", "a parameter without a default", 0, 0,
     NULL},
    {"value", "seconds", seconds_word, "seconds DURATION",
     "a duration as a number, in functions too", 0, 0, NULL},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static const char *const names[ROW_COUNT + 1] = {
    "keep",    "reject", "sender", "account",  "receiver_arn", "name", "older",
    "younger", "cloud",  "region", "share",    "always",       "all",  "any",
    "none",    "list",   "params", "required", "seconds",      NULL};

static const struct word *word_of(struct spurn_text name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (text_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

const char *const *word_names(void)
{
    return names;
}

bool word_is(struct spurn_text name)
{
    return word_of(name) != NULL;
}

bool word_is_complete(struct spurn_text name)
{
    return text_is(name, "always");
}

bool word_makes_condition(struct spurn_text name)
{
    const struct word *word = word_of(name);
    return word != NULL && strcmp(word->kind, "condition") == 0;
}

const char *word_complaint(struct spurn_text name, struct spurn_text value)
{
    const struct word *word = word_of(name);
    bool is_exact = word != NULL && word->complaint != NULL && word->compare == COMPARE_EXACT;
    return is_exact ? word->complaint(value) : NULL;
}

const char *word_form(struct spurn_text name)
{
    const struct word *word = word_of(name);
    return word != NULL ? word->form : NULL;
}

/* Words first, then the fields of an invitation. */
bool script_word_at(size_t index, struct script_word *out)
{
    if (index < ROW_COUNT) {
        *out = (struct script_word){rows[index].kind, rows[index].form, rows[index].text};
        return true;
    }
    index -= ROW_COUNT;
    if (index >= FIELD_COUNT)
        return false;
    *out = (struct script_word){"field", field_name((enum field)index),
                                field_meaning((enum field)index)};
    return true;
}

/* ---- values of a field ---- */

struct valued {
    lua_State *L;
    struct policy *policy;
    const struct word *word;
    int condition;
};

_Noreturn static void refuse_text(struct valued *v, struct spurn_text value, const char *complaint)
{
    static const char *const clouds[] = {"aws", "alibaba", NULL};
    const char *nearest =
        v->word->complaint == cloud_complaint ? host_nearest(value.at, clouds) : NULL;
    refuse(v->L, "%s \"%.*s\": %s%s%s%s", v->word->name,
           (int)(value.len > SHOWN_LEN_MAX ? SHOWN_LEN_MAX : value.len), value.at, complaint,
           nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
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

static void add_values(struct valued *v, int index, int depth)
{
    lua_State *L = v->L;
    luaL_checkstack(L, 8, "values");
    if (words_is_list(L, index)) {
        add_lists(v, index);
        return;
    }
    if (luaL_getmetafield(L, index, "__kind") != LUA_TNIL)
        refuse(L, "%s takes %s, not a %s", v->word->name, strchr(v->word->form, ' ') + 1,
               lua_tostring(L, -1));
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        add_text(v, index);
        return;
    case LUA_TTABLE:
        add_table(v, index, depth);
        return;
    case LUA_TNUMBER:
        refuse_number(v, index);
    case LUA_TNIL:
    case LUA_TNONE:
        refuse(L, "`%s` is missing its value: %s", v->word->name, v->word->form);
    default:
        refuse(L, "%s takes %s, not a %s", v->word->name, strchr(v->word->form, ' ') + 1,
               library_type(L, index));
    }
}

/* upvalue 2: the row */
static const struct word *row_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(2));
}

static void check_one_value(lua_State *L, const struct word *word)
{
    if (lua_gettop(L) > 1)
        refuse(L, "`%s` takes one value: %s", word->name, word->form);
    lua_settop(L, 1);
}

static int field_word(lua_State *L)
{
    struct valued v = {L, policy_of(L), row_of(L), CONDITION_NONE};
    check_one_value(L, v.word);
    words_check_room(L, v.policy);
    if (lua_istable(L, 1))
        words_check_table(L, v.policy, v.word->name, 1);
    v.condition = conditions_add_field(words_building(L, v.policy)->conditions, words_line(L),
                                       v.word->field, v.word->compare);
    words_push_condition(L, v.condition);
    add_values(&v, 1, 0);
    return 1;
}

/* ---- durations ---- */

/* "1 day", "24 hours", "90 Seconds" as it should have been written; false when it is nothing of the kind. */
static bool guess_duration(const char *text, char *out, size_t out_len)
{
    size_t digits, len = 0;
    while (*text != '\0') {
        text += strspn(text, " ,");
        digits = strspn(text, "0123456789");
        if (digits == 0 || len + digits + 2 > out_len)
            return false;
        memcpy(out + len, text, digits);
        len += digits;
        text += digits + strspn(text + digits, " ");
        char unit = (char)tolower((unsigned char)*text);
        bool is_month = unit == 'm' && tolower((unsigned char)text[1]) == 'o';
        if (unit == '\0' || strchr("smhdw", unit) == NULL || is_month)
            return false;
        out[len++] = unit;
        while (isalpha((unsigned char)*text))
            text++;
        text += strspn(text, " ,");
    }
    out[len] = '\0';
    int64_t seconds;
    return clock_parse_duration(text_of(out), &seconds);
}

_Noreturn static void refuse_duration(lua_State *L, const char *word, const char *text)
{
    char guess[40];
    if (guess_duration(text, guess, sizeof guess))
        refuse(L, "%s: \"%.40s\" is no duration; did you mean \"%s\"?", word, text, guess);
    refuse(
        L,
        "%s: \"%.40s\" is no duration; write \"90s\", \"15m\", \"6h\", \"7d\", \"2w\" or \"1d12h\"",
        word, text);
}

static int64_t read_duration(lua_State *L, const struct word *word, struct spurn_text *written)
{
    int64_t seconds;
    check_one_value(L, word);
    if (lua_isnil(L, 1))
        refuse(L, "`%s` is missing its value: %s", word->name, word->form);
    if (lua_type(L, 1) == LUA_TNUMBER)
        refuse(L, "%s takes a duration with its unit, such as \"6h\", not a number", word->name);
    if (lua_type(L, 1) != LUA_TSTRING)
        refuse(L, "%s takes a duration such as \"6h\", not a %s", word->name, library_type(L, 1));
    written->at = lua_tolstring(L, 1, &written->len);
    if (!clock_parse_duration(*written, &seconds))
        refuse_duration(L, word->name, written->at);
    return seconds;
}

static int age_word(lua_State *L)
{
    struct policy *p = policy_of(L);
    const struct word *word = row_of(L);
    struct spurn_text written;
    words_check_room(L, p);
    int64_t age_s = read_duration(L, word, &written);
    return words_push_condition(
        L, conditions_add_age(words_building(L, p)->conditions, words_line(L),
                              strcmp(word->name, "older") == 0, age_s, written));
}

static int seconds_word(lua_State *L)
{
    struct spurn_text written;
    lua_pushinteger(L, read_duration(L, row_of(L), &written));
    return 1;
}

/* ---- all, any, none ---- */

static int group_word(lua_State *L)
{
    struct policy *p = policy_of(L);
    const struct word *word = row_of(L);
    check_one_value(L, word);
    if (lua_istable(L, 1))
        words_check_table(L, p, word->name, 1);
    lua_Integer count = lua_istable(L, 1) ? (lua_Integer)lua_rawlen(L, 1) : 0;
    if (!lua_istable(L, 1) || count == 0)
        refuse(L, "`%s` takes a table of conditions: %s", word->name, word->form);
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) < 1 || lua_tointeger(L, -2) > count)
            refuse(L, "`%s` takes conditions without keys: %s", word->name, word->form);
        lua_pop(L, 1);
    }
    host_spend(L, count * STEPS_A_VALUE);
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

/* ---- the words as Lua values ---- */

void words_push_all(lua_State *L, struct policy *p)
{
    lua_createtable(L, 0, ROW_COUNT);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].make == NULL)
            continue;
        lua_pushlightuserdata(L, p);
        lua_pushlightuserdata(L, (void *)&rows[i]);
        lua_pushcclosure(L, rows[i].make, 2);
        lua_setfield(L, -2, rows[i].name);
    }
    words_push_condition(L, conditions_add_always(p->building->conditions, 0));
    conditions_use(p->building->conditions, words_condition(L, p, -1, "always"));
    lua_setfield(L, -2, "always");
}

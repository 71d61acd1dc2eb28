/* words.c - the one table of the words of a policy: what each is called, what makes it, and what it means. */
#include "script/words/words.h"

#include <lauxlib.h>
#include <string.h>

#include "match/glob.h"
#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"
#include "script/words/private.h"

static const struct word rows[] = {
    {.kind = "rule",
     .name = "keep",
     .form = "keep NAME (CONDITION) | keep NAME { CONDITION, unless =, reason =, ends = }",
     .text = "an invitation for which CONDITION holds is never rejected"},
    {.kind = "rule",
     .name = "reject",
     .form = "reject NAME (CONDITION) | reject NAME { CONDITION, unless =, mode = \"observe\", "
             "reason =, ends = }",
     .text = "an invitation for which CONDITION holds is rejected, unless a keep rule holds or may "
             "hold"},
    {.kind = "condition",
     .name = "sender",
     .make = word_field,
     .form = "sender ID | { ID, ... } | (list FILE)",
     .text = "the sending account is one of these: 12 digits at AWS, 16 at Alibaba Cloud",
     .field = FIELD_SENDER,
     .compare = COMPARE_EXACT,
     .complaint = id_complaint},
    {.kind = "condition",
     .name = "account",
     .make = word_field,
     .form = "account ID | { ID, ... } | (list FILE)",
     .text = "the receiving account is one of these",
     .field = FIELD_ACCOUNT,
     .compare = COMPARE_EXACT,
     .complaint = id_complaint},
    {.kind = "condition",
     .name = "receiver_arn",
     .make = word_field,
     .form = "receiver_arn GLOB | { GLOB, ... }",
     .text = "the IAM user or role it was sent to (AWS) is like one of these",
     .field = FIELD_RECEIVER_ARN,
     .compare = COMPARE_GLOB,
     .complaint = arn_complaint},
    {.kind = "condition",
     .name = "name",
     .make = word_field,
     .form = "name GLOB | { GLOB, ... } | (list FILE)",
     .text = "the share's name, all of it, is like one of these: * any run, ? one character; the "
             "case of a-z is ignored, that of other letters is not",
     .field = FIELD_NAME,
     .compare = COMPARE_GLOB,
     .complaint = glob_complaint},
    {.kind = "condition",
     .name = "name_regex",
     .make = word_regex,
     .form = "name_regex RE",
     .text = "this regular expression is found in the share's name: PCRE2, (?i) ignores case",
     .field = FIELD_NAME},
    {.kind = "condition",
     .name = "older",
     .make = word_age,
     .form = "older DURATION",
     .text =
         "it was sent at least so long ago: \"90s\", \"15m\", \"6h\", \"7d\", \"2w\", \"1d12h\""},
    {.kind = "condition",
     .name = "younger",
     .make = word_age,
     .form = "younger DURATION",
     .text = "it was sent less than so long ago"},
    {.kind = "condition",
     .name = "created_at",
     .make = word_created_at,
     .form = "created_at { hours = \"22:00-06:00\", days = \"sat sun\", zone = \"+08:00\" }",
     .text =
         "it was sent in these hours, on these days; in UTC unless zone says otherwise; the day is "
         "the moment's own: \"sat\" with hours over midnight is early and late on Saturday"},
    {.kind = "condition",
     .name = "cloud",
     .make = word_field,
     .form = "cloud \"aws\" | \"alibaba\"",
     .text = "it came from this cloud",
     .field = FIELD_CLOUD,
     .compare = COMPARE_EXACT,
     .complaint = cloud_complaint,
     .meant = cloud_meant},
    {.kind = "condition",
     .name = "region",
     .make = word_field,
     .form = "region GLOB | { GLOB, ... }",
     .text = "it was found in a region like this",
     .field = FIELD_REGION,
     .compare = COMPARE_GLOB,
     .complaint = glob_complaint},
    {.kind = "condition",
     .name = "share",
     .make = word_field,
     .form = "share GLOB | { GLOB, ... }",
     .text = "the share's ARN or id is like this",
     .field = FIELD_SHARE,
     .compare = COMPARE_GLOB,
     .complaint = share_complaint},
    {.kind = "condition",
     .name = "resource_type",
     .make = word_resources,
     .form = "resource_type SERVICE:TYPE | { SERVICE:TYPE, ... } | (list FILE)",
     .text = "some shared resource is of these types (AWS), globs such as \"route53resolver:*\"; "
             "takes a call, made only when the verdict hangs on it",
     .complaint = type_complaint,
     .meant = type_meant},
    {.kind = "condition",
     .name = "only_resource_type",
     .make = word_resources,
     .form = "only_resource_type SERVICE:TYPE | { SERVICE:TYPE, ... } | (list FILE)",
     .text = "every shared resource is of these types (AWS); an empty list tells nothing",
     .complaint = type_complaint,
     .meant = type_meant},
    {.kind = "condition",
     .name = "seen_before",
     .make = word_past,
     .form = "seen_before { times = N, within = DURATION }",
     .text = "at least so many other invitations of this sender were listed within this time "
             "before the sweep began; once when times is left out"},
    {.kind = "condition",
     .name = "rejected_before",
     .make = word_past,
     .form = "rejected_before { times = N, within = DURATION }",
     .text = "at least so many other invitations of this sender were really rejected by spurn "
             "within this time before the sweep began"},
    {.kind = "condition", .name = "always", .form = "always", .text = "everything"},
    {.kind = "condition",
     .name = "all",
     .make = word_group,
     .form = "all { CONDITION, ... }",
     .text = "every one of these holds; also A & B"},
    {.kind = "condition",
     .name = "any",
     .make = word_group,
     .form = "any { CONDITION, ... }",
     .text = "one of these holds; also A | B"},
    {.kind = "condition",
     .name = "none",
     .make = word_group,
     .form = "none { CONDITION, ... }",
     .text = "none of these holds; also ~A"},
    {.kind = "value",
     .name = "list",
     .make = vocabulary_list,
     .form = "list FILE | list { FILE, ..., may_be_empty = true }",
     .text = "the lines of a file beneath the policy's folder, # begins a comment"},
    {.kind = "value",
     .name = "params",
     .form = "params { NAME = DEFAULT, ... }",
     .text = "what the configuration may set for this policy"},
    {.kind = "value",
     .name = "required",
     .form = "required \"what it is\"",
     .text = "a parameter without a default"},
    {.kind = "value",
     .name = "seconds",
     .make = word_seconds,
     .form = "seconds DURATION",
     .text = "a duration as a number, in functions too"},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* ---- looking one up ---- */

static const struct word *word_of(struct spurn_text name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (text_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

const char *word_name_at(size_t index)
{
    return index < ROW_COUNT ? rows[index].name : NULL;
}

const char *word_nearest(const char *name)
{
    const char *names[ROW_COUNT + 1];
    for (size_t i = 0; i <= ROW_COUNT; i++)
        names[i] = word_name_at(i);
    return host_nearest(name, names);
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
    bool is_exact = word != NULL && word->make == word_field && word->compare == COMPARE_EXACT;
    return is_exact ? word->complaint(value) : NULL;
}

const char *word_form(struct spurn_text name)
{
    const struct word *word = word_of(name);
    return word != NULL ? word->form : NULL;
}

/* Words first, then the fields of an invitation, then its methods. */
bool script_word_at(size_t index, struct script_word *out)
{
    if (index < ROW_COUNT) {
        *out = (struct script_word){rows[index].kind, rows[index].form, rows[index].text, NULL};
        return true;
    }
    index -= ROW_COUNT;
    if (index < FIELD_COUNT) {
        enum field field = (enum field)index;
        *out = (struct script_word){"field", field_name(field), field_meaning(field),
                                    field_is_number(field) ? "integer" : "string"};
        return true;
    }
    return view_method_at(index - FIELD_COUNT, out);
}

/* ---- the words as Lua values ---- */

const struct word *word_called(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(2));
}

void word_check_one_value(lua_State *L, const struct word *word)
{
    if (lua_gettop(L) > 1)
        refuse(L, "`%s` takes one value: %s", word->name, word->form);
    lua_settop(L, 1);
    if (lua_isnil(L, 1))
        refuse(L, "`%s` is missing its value: %s", word->name, word->form);
}

void word_check_options(lua_State *L, const struct word *word, const char *const *options)
{
    if (!lua_istable(L, 1) || luaL_getmetafield(L, 1, "__kind") != LUA_TNIL)
        refuse(L, "%s takes a table, not a %s: %s", word->name,
               lua_istable(L, 1) ? lua_tostring(L, -1) : library_type(L, 1), word->form);
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        size_t known = 0;
        if (lua_type(L, -2) != LUA_TSTRING)
            refuse(L, "%s: its values have names: %s", word->name, word->form);
        const char *option = lua_tostring(L, -2);
        while (options[known] != NULL && strcmp(options[known], option) != 0)
            known++;
        if (options[known] != NULL)
            continue;
        const char *nearest = host_nearest(option, options);
        if (nearest != NULL)
            refuse(L, "%s has no option \"%.60s\"; did you mean \"%s\"?", word->name, option,
                   nearest);
        refuse(L, "%s has no option \"%.60s\": %s", word->name, option, word->form);
    }
}

struct spurn_text word_string_option(lua_State *L, const struct word *word, const char *option,
                                     const char *example)
{
    struct spurn_text text;
    if (lua_type(L, -1) != LUA_TSTRING)
        refuse(L, "%s: %s is a string, not a %s; write %s = \"%s\"", word->name, option,
               library_type(L, -1), option, example);
    text.at = lua_tolstring(L, -1, &text.len);
    return text;
}

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

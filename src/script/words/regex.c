/* regex.c - name_regex: one regular expression, and the globs and Lua patterns that were meant to be something else. */
#include <ctype.h>
#include <string.h>

#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"
#include "script/words/private.h"

enum {
    STEPS_A_REGEX = 64,
    STEPS_A_BYTE = 32, /* compiling a kilobyte takes up to a millisecond */
    STEPS_TO_TRY = 100000
};

static bool has_any(struct spurn_text text, const char *characters)
{
    return strcspn(text.at, characters) < text.len;
}

/* "*promo*", "promo*": one that begins with what repeats, or a '*' and nothing else that only a regular expression has. */
static bool looks_like_glob(struct spurn_text re)
{
    return re.at[0] == '*' || re.at[0] == '?' ||
           (has_any(re, "*") && !has_any(re, ".^$[](){}+|\\"));
}

/* "%d", "%-": in a regular expression '%' is just that. */
static bool looks_like_lua_pattern(struct spurn_text re)
{
    for (const char *at = re.at; (at = strchr(at, '%')) != NULL; at++)
        if (strchr("acdglpsuwxbf.-+*?[]()^$%", at[1]) != NULL && at[1] != '\0')
            return true;
    return false;
}

/* What is told by what must not be there: of that no other names tell anything. */
static bool excludes_some(struct spurn_text re)
{
    return strstr(re.at, "(?!") != NULL || strstr(re.at, "(?<!") != NULL ||
           strstr(re.at, "(*") != NULL;
}

/* Names that have nothing in common; the last has a character of every kind, but those that end a line. */
static const char *const unlike_names[] = {
    "",
    "a",
    "Z-9",
    "7",
    "._,;:!?#%&@/+=~^$*|<>()[]{}'\"`\\",
    "\u5171\u4eab\u8d44\u6e90",
    "\t\x01\x7f \u00a0\u00bd\u00c4\u00df\u00e9\u0133\u0301\u03a9\u0416\u05d0\u0639\u0915\u0e44"
    "\u200b\u202e\u20ac\u3042\ud55c\ufeff\U0001f600 !\"#$%&'()*+,-./0123456789:;<=>?@[]^_`{|}~\\"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"
    "klmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
};

/* Is it found in names that are unlike each other? Its own text has what it may want to be absent. */
static enum regex_answer find_everywhere(struct regex *regex, struct spurn_text re)
{
    enum { COUNT = sizeof unlike_names / sizeof unlike_names[0] };
    int64_t steps = STEPS_TO_TRY;
    if (excludes_some(re))
        return REGEX_NO;
    enum regex_answer answer = REGEX_YES;
    for (size_t i = 0; i < COUNT && answer == REGEX_YES; i++)
        answer = regex_find(regex, text_of(unlike_names[i]), &steps);
    return answer == REGEX_YES ? regex_find(regex, re, &steps) : answer;
}

static struct spurn_text read_one_string(lua_State *L, const struct word *word)
{
    struct spurn_text re;
    word_check_one_value(L, word);
    if (lua_type(L, 1) == LUA_TTABLE || words_is_list(L, 1))
        refuse(L, "%s takes one string, not a %s; write %s \"(?:a|b)\", or %s \"a\" | %s \"b\"",
               word->name, words_is_list(L, 1) ? "list" : "table", word->name, word->name,
               word->name);
    if (lua_type(L, 1) != LUA_TSTRING)
        refuse(L, "%s takes a string, not a %s", word->name, library_type(L, 1));
    re.at = lua_tolstring(L, 1, &re.len);
    if (strlen(re.at) != re.len || text_utf8_len(re) != re.len)
        refuse(L, "%s: a regular expression is UTF-8 without the character 0; write \\\\0 for it",
               word->name);
    return re;
}

/* "/promo/", "/promo/i": how other languages write one. */
static bool stands_between_slashes(struct spurn_text re)
{
    size_t end = re.len;
    while (end > 0 && strchr("gimsux", re.at[end - 1]) != NULL)
        end--;
    return end > 2 && re.at[0] == '/' && re.at[end - 1] == '/';
}

/* What PCRE2 would take and nobody means. */
static void check_meaning(lua_State *L, const struct word *word, struct spurn_text re)
{
    if (re.len == 0)
        refuse(L, "%s \"\" is found in every name; write always if that is meant", word->name);
    if (looks_like_glob(re))
        refuse(L,
               "%s \"%.60s\" looks like a glob; did you mean name \"%.60s\"? If not, say what "
               "repeats: (?:a)*",
               word->name, re.at, re.at);
    if (stands_between_slashes(re))
        refuse(L,
               "%s \"%.60s\" stands between slashes, which would be looked for; leave them out, "
               "write (?i) for i, [/] for a slash",
               word->name, re.at);
    if (looks_like_lua_pattern(re))
        refuse(L,
               "%s \"%.60s\" looks like a Lua pattern; %%d is [0-9] here, %%a is [A-Za-z], and the "
               "character %% itself [%%]",
               word->name, re.at);
}

static struct regex *compile(lua_State *L, const struct word *word, struct spurn_text re)
{
    char why[REGEX_WHY_LEN];
    struct regex *regex = regex_open(re, why);
    if (regex != NULL)
        return regex;
    if (why[0] == '\0')
        host_raise_memory(L);
    refuse(L, "%s \"%.60s\": %s", word->name, re.at, why);
}

int word_regex(lua_State *L)
{
    struct policy *p = policy_of(L);
    const struct word *word = word_called(L);
    struct spurn_text re = read_one_string(L, word);
    words_check_room(L, p);
    check_meaning(L, word, re);
    host_spend(L, STEPS_A_REGEX + STEPS_A_BYTE * (int64_t)re.len);
    struct conditions *conditions = words_building(L, p)->conditions;
    struct regex *regex = compile(L, word, re);
    enum regex_answer everywhere = find_everywhere(regex, re);
    if (everywhere == REGEX_YES || everywhere == REGEX_NO_MEMORY)
        regex_close(regex);
    if (everywhere == REGEX_NO_MEMORY)
        host_raise_memory(L);
    if (everywhere == REGEX_YES)
        refuse(L,
               "%s \"%.60s\" is found in every name, since nothing at all is like it; write + for "
               "*, a|b for a|, or always",
               word->name, re.at);
    return words_push_condition(
        L, conditions_add_regex(conditions, words_line(L), word->field, regex, re));
}

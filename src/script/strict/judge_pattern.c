/* judge_pattern.c - Lua's patterns in a policy's text, and the globs and regular expressions that were meant to be something else. */
#include <string.h>

#include "script/strict/judge.h"

static bool is_word_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "tmp-1": to a pattern the '-' repeats the letter before it. One behind '.', ']' or "%a" is meant so. */
static bool has_bare_minus(struct spurn_text pattern)
{
    int brackets = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        brackets += (pattern.at[i] == '[') - (pattern.at[i] == ']' && brackets > 0);
        if (pattern.at[i] == '%')
            i++;
        else if (i > 0 && brackets == 0 && pattern.at[i] == '-' &&
                 is_word_character(pattern.at[i - 1]) && (i < 2 || pattern.at[i - 2] != '%'))
            return true;
    }
    return false;
}

static bool has_any(struct spurn_text text, const char *characters)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\0' && strchr(characters, text.at[i]) != NULL)
            return true;
    return false;
}

static bool looks_like_glob(struct spurn_text pattern)
{
    return pattern.len > 1 &&
           (*pattern.at == '*' || (has_any(pattern, "*") && !has_any(pattern, ".%[]^$()+-?")));
}

static bool looks_like_regex(struct spurn_text pattern)
{
    for (size_t i = 1; i + 1 < pattern.len; i++)
        if (pattern.at[i] == '|' && is_word_character(pattern.at[i - 1]) &&
            is_word_character(pattern.at[i + 1]))
            return true;
    return has_any(pattern, "\\") ||
           (pattern.len > 2 && pattern.at[0] == '(' && pattern.at[1] == '?');
}

static bool ends_in_escape(struct spurn_text pattern)
{
    size_t escapes = 0;
    while (escapes < pattern.len && pattern.at[pattern.len - 1 - escapes] == '%')
        escapes++;
    return escapes % 2 == 1;
}

void judge_pattern(struct judge *j, struct spurn_text name, const struct token *pattern)
{
    struct spurn_text text = {pattern->text.at + 1, pattern->text.len - 2};
    static const struct {
        bool (*is)(struct spurn_text pattern);
        const char *says;
    } rows[] = {
        {ends_in_escape, "ends in the middle of an escape; for the character % write %%"},
        {looks_like_glob, "looks like a glob; in a pattern of Lua any run is .*"},
        {looks_like_regex, "looks like a regular expression; a pattern of Lua has no | and "
                           "escapes with %, so name_regex may be meant"},
        {has_bare_minus, "has a - that repeats what is before it; for the character write %-"},
    };
    if (*pattern->text.at == '[')
        return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].is(text))
            continue;
        judge_warn(j, pattern->line, "the pattern %.*s of %.*s %s", TEXT_ARG(pattern->text),
                   TEXT_ARG(name), rows[i].says);
        return;
    }
}

void judge_pattern_field(struct judge *j, struct spurn_text name, const struct said *pattern,
                         int line)
{
    judge_warn(
        j, line,
        "inv.%.*s is used as a pattern of %.*s, and the text comes before the pattern; for a "
        "plain text write find(TEXT, 1, true)",
        TEXT_ARG(pattern->field), TEXT_ARG(name));
}

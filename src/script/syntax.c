/* syntax.c - Lua's own syntax errors, each with what its author probably meant to write. */
#include "script/syntax.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/tokens.h"
#include "script/words.h"

enum { SHOWN_LEN_MAX = 80 };

/* Lua names what it did not expect; this says what people coming from other languages want instead. */
static const struct syntax_hint {
    const char *near, *cure;
} syntax_hints[] = {
    {"near '!'", "; write ~= for \"is not\", ~ before a condition"},
    {"near '&'", "; write one & between conditions, `and` inside functions"},
    {"near '|'", "; write one | between conditions, `or` inside functions"},
    {"near '='", "; write == to compare"},
    {"near '+'", "; write x = x + 1"},
    {"near '/", "; a comment begins with --"},
    {"near '#'", "; a comment begins with --"},
    {"near '<\\", "; Lua does not know this character; quotes are plain \""},
    {"malformed number", "; a duration stands in quotes, \"6h\""},
    {"<name> expected near '('",
     "; a function that is a condition stands in parentheses, reject NAME (function(inv) ... end)"},
    {"syntax error near", "; a condition stands in parentheses, reject NAME (CONDITION)"},
    {"near <eof>", "; something that was opened is not closed"},
    {"' expected",
     "; something is missing before it: a comma, a sign such as &, a parenthesis or an end"},
};

static const char *usual_cure(const char *complaint)
{
    for (size_t i = 0; i < sizeof syntax_hints / sizeof syntax_hints[0]; i++)
        if (strstr(complaint, syntax_hints[i].near) != NULL)
            return syntax_hints[i].cure;
    return "";
}

/* ---- a word whose value Lua does not take without parentheses or quotes ---- */

/* The X of "... near 'X'", which is the end of the complaint. */
static struct spurn_text unexpected(const char *complaint)
{
    static const char near[] = " near '";
    const char *at = NULL;
    for (const char *next = complaint; (next = strstr(next, near)) != NULL; next++)
        at = next + sizeof near - 1;
    if (at == NULL || strlen(at) < 2)
        return TEXT_ABSENT;
    return (struct spurn_text){at, strlen(at) - 1};
}

static bool takes_value(const struct token *token)
{
    bool is_word = word_makes_condition(token->text) || text_is(token->text, "list") ||
                   text_is(token->text, "seconds");
    return token->kind == TOKEN_NAME && is_word && !word_is_complete(token->text);
}

/* From `first` on: `p.ours`, `list "partners.txt"`, `list { "a.txt" }`, as written; "..." when that has no end. */
static struct spurn_text named_value(struct tokens tokens, struct token first)
{
    const char *end = first.text.at + first.text.len;
    struct token token = tokens_next(&tokens);
    while (token.kind == TOKEN_SIGN && text_is(token.text, ".")) {
        token = tokens_next(&tokens);
        end = token.text.at + token.text.len;
        token = tokens_next(&tokens);
    }
    bool is_table = token_is(&token, "{");
    while (is_table && !token_is(&token, "}") && token.kind != TOKEN_END)
        token = tokens_next(&tokens);
    if (is_table && token.kind == TOKEN_END)
        return (struct spurn_text){"...", 3};
    if (is_table || token.kind == TOKEN_STRING)
        end = token.text.at + token.text.len;
    return (struct spurn_text){first.text.at, (size_t)(end - first.text.at)};
}

static void cure_name(const struct token *word, struct spurn_text value, char out[SYNTAX_CURE_LEN])
{
    bool is_short = value.len <= SHOWN_LEN_MAX && memchr(value.at, '\n', value.len) == NULL;
    snprintf(out, SYNTAX_CURE_LEN, "; put what follows `%.*s` in parentheses: %.*s (%.*s)",
             TEXT_ARG(word->text), TEXT_ARG(word->text), is_short ? (int)value.len : 3,
             is_short ? value.at : "...");
}

static void cure_number(const struct token *word, const struct token *number,
                        char out[SYNTAX_CURE_LEN])
{
    const char *form = word_form(word->text);
    bool is_duration = strstr(form, "DURATION") != NULL;
    snprintf(out, SYNTAX_CURE_LEN, "; %s, write %.*s \"%.*s%s\"",
             is_duration                  ? "durations are strings with a unit"
             : strstr(form, "ID") != NULL ? "account ids are strings"
                                          : "it takes a string",
             TEXT_ARG(word->text), TEXT_ARG(number->text), is_duration ? "h" : "");
}

/* The first place on the line where a word is followed by what Lua did not expect. */
static bool cure_word(struct spurn_text text, long line, struct spurn_text what,
                      char out[SYNTAX_CURE_LEN])
{
    struct tokens tokens;
    struct token word = {.kind = TOKEN_END};
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens); token.kind != TOKEN_END && token.line <= line;
         word = token, token = tokens_next(&tokens)) {
        if (token.line != line || !text_equal(token.text, what) || !takes_value(&word))
            continue;
        if (token.kind == TOKEN_NUMBER)
            cure_number(&word, &token, out);
        else if (token.kind == TOKEN_NAME)
            cure_name(&word, named_value(tokens, token), out);
        else
            continue;
        return true;
    }
    return false;
}

void syntax_cure(struct spurn_text text, const char *complaint, char out[SYNTAX_CURE_LEN])
{
    struct spurn_text what = unexpected(complaint);
    long line = *complaint == ':' ? strtol(complaint + 1, NULL, 10) : 0;
    if (what.at == NULL || !cure_word(text, line, what, out))
        snprintf(out, SYNTAX_CURE_LEN, "%s", usual_cure(complaint));
}

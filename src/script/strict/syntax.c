/* syntax.c - Lua's own complaints, each with what its author probably meant to write. */
#include "script/strict/syntax.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/strict/tokens.h"
#include "script/words/words.h"

enum { SHOWN_LEN_MAX = 80 };

/* ---- what Lua did not expect ---- */

struct hint {
    const char *in, *cure; /* a part of the complaint; the first row that has it counts */
};

static const char *hint_for(const char *complaint, const struct hint *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(complaint, rows[i].in) != NULL)
            return rows[i].cure;
    return "";
}

#define HINT_FOR(complaint, rows) hint_for(complaint, rows, sizeof(rows) / sizeof(rows)[0])

static const char *usual_cure(const char *complaint)
{
    static const struct hint rows[] = {
        {"'}' expected near '='", "; an option has a name without quotes, reason = \"...\""},
        {"syntax error near '=='", "; a comparison is no statement; write return before it"},
        {"syntax error near '='", "; a condition stands in parentheses, reject NAME (CONDITION)"},
        {"<name> expected near '\"", "; an option is written NAME = VALUE, without a colon"},
        {"<name> expected near '-'", "; this is no Lua: a rule is reject NAME (CONDITION)"},
        {"<name> expected near '('", "; a function that is a condition stands in parentheses, "
                                     "reject NAME (function(inv) ... end)"},
        {"<name> expected near '*'", "; text stands in quotes"},
        {"function arguments expected", "; a field has a dot, inv.name; a call has a colon and "
                                        "parentheses, inv.name:lower()"},
        {"unfinished string", "; its closing quote is missing"},
        {"invalid escape sequence",
         "; for the character \\ write \\\\, or the whole text in [[ ]]; folders are parted by /"},
        {"malformed number", "; text and durations stand in quotes; is a quote missing?"},
        {"']' expected near ','", "; a table stands in braces, { \"a\", \"b\" }"},
        {"near '['", "; a table stands in braces, { \"a\", \"b\" }"},
        {"near '!'", "; write ~= for \"is not\", ~ before a condition"},
        {"near '&'", "; write one & between conditions, `and` inside functions"},
        {"near '|'", "; write one | between conditions, `or` inside functions"},
        {"syntax error near '>", "; a comparison is no statement; write return before it"},
        {"near '<\\", "; Lua does not know this character; quotes are plain \""},
        {"syntax error near '<", "; a comparison is no statement; write return before it"},
        {"syntax error near '~=", "; a comparison is no statement; write return before it"},
        {"near '>'", "; write ~= for \"is not\""},
        {"near '='", "; write == to compare"},
        {"near '+'", "; write x = x + 1"},
        {"near '/", "; a comment begins with --, and text stands in quotes"},
        {"near '#'", "; a comment begins with --"},
        {"near '`'", "; quotes are plain \""},
        {"near '?'", "; write if A then return B end"},
        {"near '{'",
         "; a block has no braces but then ... end, and a local has = before its value"},
        {"near '}'", "; something is missing or too much before it"},
        {"near ':'", "; `if` and loops have then or do, and no colon"},
        {"unexpected symbol near 'return'", "; a block has no braces: if A then ... end"},
        {"unexpected symbol near 'end'", "; `end` closes a block; a rule's last day is ends ="},
        {"unexpected symbol near ')'", "; a parenthesis too many, or text without quotes?"},
        {"then' expected near '<eof>", "; something that was opened is not closed"},
        {"near <eof>", "; something that was opened is not closed"},
        {"syntax error near", "; a condition stands in parentheses, reject NAME (CONDITION)"},
        {"unexpected symbol near", "; this character begins nothing in Lua"},
        {"' expected",
         "; something is missing before it: a comma, a sign such as &, a parenthesis or an end"},
        {"no visible label", "; Lua has goto and labels, but neither continue nor break outside "
                             "loops"},
        {"break outside", "; break leaves a loop, and there is none"},
    };
    bool is_bare_rule = strstr(complaint, "syntax error near <eof>") != NULL;
    return is_bare_rule ? "; a condition stands in parentheses, reject NAME (CONDITION)"
                        : HINT_FOR(complaint, rows);
}

const char *syntax_run_cure(const char *complaint)
{
    static const struct hint rows[] = {
        {"(for iterator", "; a table is walked through with ipairs, in ipairs(...) do"},
        {"string expected, got no value",
         "; a function of strings is called with a colon, s:lower()"},
        {"(local 'inv')", "; a function that is a condition is named without parentheses, and a "
                          "helper is given inv"},
        {"index a nil value (field '?')", "; there is nothing at this place of the table"},
        {"index a nil value (field 'integer index')",
         "; there is nothing at this place of the table"},
        {"call a table value", "; a function stands before parentheses"},
        {"call a string value", "; a field is written without parentheses"},
        {"call a nil value", "; there is no such function"},
        {"bitwise operation on a table value", "; only conditions are joined"},
        {"concatenate a table value", "; take what is in it"},
    };
    return HINT_FOR(complaint, rows);
}

/* ---- words of other languages ---- */

static const struct hint habits[] = {
    {"var", "; Lua writes local"},
    {"let", "; Lua writes local"},
    {"const", "; Lua writes local"},
    {"def", "; Lua writes local function NAME(inv) ... end"},
    {"lambda", "; Lua writes function(inv) return ... end"},
    {"elif", "; Lua writes elseif"},
    {"continue", "; Lua has no continue; write if ... then ... end around the rest"},
    {"foreach", "; Lua writes for _, value in ipairs(...) do ... end"},
    {"switch", "; Lua writes if ... then ... elseif ... end"},
    {"try", "; errors are not caught here; they leave the rule undecided"},
    {"export", "; a rule needs no word before it"},
    {"import", "; nothing is imported here"},
    {"is", "; Lua writes == and ~="},
    {"when", "; write reject NAME (CONDITION)"},
    {"where", "; write reject NAME (CONDITION)"},
    {"unless", "; write reject NAME { CONDITION, unless = CONDITION }"},
    {"matches", "; write name_regex RE"},
    {"like", "; write name GLOB"},
};

static const char *habit_of(const struct token *token)
{
    for (size_t i = 0; token->kind == TOKEN_NAME && i < sizeof habits / sizeof habits[0]; i++)
        if (text_is(token->text, habits[i].in))
            return habits[i].cure;
    return NULL;
}

/* Two signs or keywords that Lua never has side by side on a line. */
static const struct {
    const char *first, *second, *cure;
} pairs[] = {
    {"=", ">", "; Lua writes function(inv) return ... end"},
    {"for", "(", "; Lua writes for i = 1, 3 do ... end"},
    {"foreach", "(", "; Lua writes for _, value in ipairs(...) do ... end"},
};

static const char *pair_of(const struct token *first, const struct token *second)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (token_is(first, pairs[i].first) && token_is(second, pairs[i].second))
            return pairs[i].cure;
    return NULL;
}

/* What on the line itself tells more than Lua's complaint. */
static const char *line_cure(struct spurn_text text, long line)
{
    struct tokens tokens;
    struct token before = {.kind = TOKEN_END};
    const char *cure = NULL;
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens);
         token.kind != TOKEN_END && token.line <= line && cure == NULL;
         before = token, token = tokens_next(&tokens)) {
        bool is_value =
            token_is(&before, ".") || token_is(&before, ":") || token_is(&before, "local");
        if (token.line == line && !is_value)
            cure = habit_of(&token);
        if (token.line == line && cure == NULL)
            cure = pair_of(&before, &token);
        if (cure == NULL && token.kind == TOKEN_NAME && before.kind == TOKEN_STRING &&
            before.line == line && before.text.at[0] == '\'' &&
            before.text.at + before.text.len == token.text.at)
            cure = "; a ' ends the text before it; write \\' inside";
    }
    return cure;
}

/* `policy "p.lua", { after = "6h" }`, in a configuration or a test file. */
static const char *comma_cure(struct spurn_text text, long line)
{
    struct tokens tokens;
    struct token word = {.kind = TOKEN_END}, before = word;
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens); token.kind != TOKEN_END && token.line <= line;
         word = before, before = token, token = tokens_next(&tokens)) {
        if (token.line != line || !token_is(&token, ",") || before.kind != TOKEN_STRING)
            continue;
        if (text_is(word.text, "policy"))
            return "; leave the comma out: policy FILE { PARAMETERS }";
        if (text_is(word.text, "test"))
            return "; leave the comma out: test NAME { FIELDS }";
    }
    return NULL;
}

/* A character that begins nothing in Lua, such as a curly quote, as its author sees it. */
static bool cure_character(struct spurn_text text, long line, char out[SYNTAX_CURE_LEN])
{
    struct tokens tokens;
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens); token.kind != TOKEN_END && token.line <= line;
         token = tokens_next(&tokens)) {
        const char *at = token.text.at;
        if (token.line != line || token.kind == TOKEN_STRING || (unsigned char)*at < 0x80)
            continue;
        size_t len = 1;
        while (at + len < text.at + text.len && ((unsigned char)at[len] & 0xC0) == 0x80)
            len++;
        if (text_utf8_len((struct spurn_text){at, len}) != len)
            return false;
        snprintf(out, SYNTAX_CURE_LEN,
                 "; Lua does not know the character %.*s; quotes are plain \"", (int)len, at);
        return true;
    }
    return false;
}

/* `else if` opens one more block, whose end is then missing at the very end. */
static bool has_else_if(struct spurn_text text)
{
    struct tokens tokens;
    struct token before = {.kind = TOKEN_END};
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens); token.kind != TOKEN_END;
         before = token, token = tokens_next(&tokens))
        if (token_is(&before, "else") && token_is(&token, "if") && token.line == before.line)
            return true;
    return false;
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

/* `name r"promo"` */
static void cure_prefix(const struct token *prefix, char out[SYNTAX_CURE_LEN])
{
    snprintf(out, SYNTAX_CURE_LEN, "; text stands in plain quotes: leave out `%.*s`",
             TEXT_ARG(prefix->text));
}

/* `region us-east-1`: up to what closes it, in quotes. */
static void cure_unquoted(const struct token *word, const struct token *first, const char *end,
                          char out[SYNTAX_CURE_LEN])
{
    size_t len = 0;
    while (first->text.at + len < end && len < SHOWN_LEN_MAX &&
           strchr(" \t\r\n,;(){}\"'&|", first->text.at[len]) == NULL)
        len++;
    snprintf(out, SYNTAX_CURE_LEN, "; text stands in quotes, write %.*s \"%.*s\"",
             TEXT_ARG(word->text), (int)len, first->text.at);
}

static void cure_number(const struct token *word, const struct token *number,
                        char out[SYNTAX_CURE_LEN])
{
    const char *form = word_form(word->text);
    bool is_duration = strstr(form, "DURATION") != NULL;
    bool lacks_unit = is_duration && text_all_digits(number->text);
    bool is_seconds = number->text.len > 2; /* hardly hours */
    snprintf(out, SYNTAX_CURE_LEN, "; %s, write %.*s \"%.*s%s\"",
             is_duration                  ? "durations are strings with a unit"
             : strstr(form, "ID") != NULL ? "account ids are strings"
                                          : "it takes a string",
             TEXT_ARG(word->text), TEXT_ARG(number->text),
             !lacks_unit  ? ""
             : is_seconds ? "s"
                          : "h");
}

static bool stands_before(struct spurn_text text, const struct token *name)
{
    struct tokens tokens;
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens);
         token.kind != TOKEN_END && token.text.at < name->text.at; token = tokens_next(&tokens))
        if (token.kind == TOKEN_NAME && text_equal(token.text, name->text))
            return true;
    return false;
}

/* The first place on the line where a word is followed by what Lua did not expect. */
static bool cure_word(struct spurn_text text, long line, struct spurn_text what,
                      char out[SYNTAX_CURE_LEN])
{
    struct tokens tokens;
    struct token word = {.kind = TOKEN_END}, before = word;
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens); token.kind != TOKEN_END && token.line <= line;
         before = word, word = token, token = tokens_next(&tokens)) {
        bool is_field = token_is(&before, ".") || token_is(&before, ":");
        if (token.line != line || !text_equal(token.text, what) || !takes_value(&word) || is_field)
            continue;
        if (token.kind == TOKEN_NUMBER)
            cure_number(&word, &token, out);
        else if (token.kind == TOKEN_NAME && (word_is(token.text) || stands_before(text, &token)))
            cure_name(&word, named_value(tokens, token), out);
        else if (token.kind == TOKEN_NAME && token.text.at + token.text.len < tokens.end &&
                 strchr("\"'", token.text.at[token.text.len]) != NULL)
            cure_prefix(&token, out);
        else if (token.kind == TOKEN_NAME)
            cure_unquoted(&word, &token, text.at + text.len, out);
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
    const char *cure = line_cure(text, line);
    bool is_at_end = strstr(complaint, "<eof>") != NULL || strstr(complaint, "near ')'") != NULL ||
                     strstr(complaint, "'end' expected") != NULL;
    if (cure == NULL && what.at != NULL && text_is(what, ","))
        cure = comma_cure(text, line);
    if (strstr(complaint, "near '<\\") != NULL && cure_character(text, line, out))
        return;
    if (cure == NULL && is_at_end && has_else_if(text))
        cure = "; `else if` opens one more block: write elseif";
    if (cure == NULL && what.at != NULL && cure_word(text, line, what, out))
        return;
    snprintf(out, SYNTAX_CURE_LEN, "%s", cure != NULL ? cure : usual_cure(complaint));
}

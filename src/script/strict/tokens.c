/* tokens.c - splitting Lua into tokens, line by line counted. */
#include "script/strict/tokens.h"

#include <ctype.h>
#include <string.h>

static const char *const keywords[] = {"and",   "break", "do",       "else", "elseif", "end",
                                       "false", "for",   "function", "goto", "if",     "in",
                                       "local", "nil",   "not",      "or",   "repeat", "return",
                                       "then",  "true",  "until",    "while"};
/* Longer signs first. */
static const char *const signs[] = {"...", "==", "~=", "<=", ">=", "//", "<<", ">>", "::", ".."};

void tokens_init(struct tokens *t, struct spurn_text source)
{
    size_t mark_len =
        text_starts(source, "\xEF\xBB\xBF") ? 3 : 0; /* some editors' byte order mark */
    *t = (struct tokens){source.at + mark_len, source.at + source.len, 1};
}

bool token_is(const struct token *token, const char *text)
{
    return (token->kind == TOKEN_KEYWORD || token->kind == TOKEN_SIGN) &&
           token->text.at[0] == text[0] && text_is(token->text, text);
}

static char peek(const struct tokens *t, size_t ahead)
{
    return (size_t)(t->end - t->at) > ahead ? t->at[ahead] : '\0';
}

static void skip(struct tokens *t)
{
    if (t->at == t->end)
        return;
    t->line += *t->at == '\n';
    t->at++;
}

/* "[", any number of "=", "[": how many "=", or -1. */
static int long_bracket(const struct tokens *t)
{
    size_t level = 0;
    if (peek(t, 0) != '[')
        return -1;
    while (peek(t, level + 1) == '=')
        level++;
    return peek(t, level + 1) == '[' ? (int)level : -1;
}

static bool closes_at(const struct tokens *t, int level)
{
    if (peek(t, 0) != ']' || peek(t, (size_t)level + 1) != ']')
        return false;
    for (int i = 1; i <= level; i++)
        if (peek(t, (size_t)i) != '=')
            return false;
    return true;
}

static void skip_long(struct tokens *t, int level)
{
    while (t->at < t->end && !closes_at(t, level))
        skip(t);
    for (int i = 0; i < level + 2; i++)
        skip(t);
}

static void skip_blanks_and_comments(struct tokens *t)
{
    while (t->at < t->end) {
        if (isspace((unsigned char)*t->at)) {
            skip(t);
        } else if (peek(t, 0) == '-' && peek(t, 1) == '-') {
            t->at += 2;
            int level = long_bracket(t);
            if (level >= 0)
                skip_long(t, level);
            while (level < 0 && t->at < t->end && *t->at != '\n')
                t->at++;
        } else {
            return;
        }
    }
}

static void skip_quoted(struct tokens *t)
{
    char quote = *t->at;
    skip(t);
    while (t->at < t->end && *t->at != quote) {
        bool is_escape = *t->at == '\\', is_gap = is_escape && peek(t, 1) == 'z';
        skip(t);
        if (is_escape)
            skip(t);
        while (is_gap && t->at < t->end && isspace((unsigned char)*t->at))
            skip(t);
    }
    skip(t);
}

static void skip_number(struct tokens *t)
{
    bool is_hex = peek(t, 0) == '0' && (peek(t, 1) | 0x20) == 'x';
    while (isalnum((unsigned char)peek(t, 0)) || peek(t, 0) == '.') {
        char lower = (char)(peek(t, 0) | 0x20), sign = peek(t, 1);
        bool is_exponent = lower == (is_hex ? 'p' : 'e');
        t->at += is_exponent && (sign == '+' || sign == '-') ? 2 : 1;
    }
}

static void skip_name(struct tokens *t)
{
    while (isalnum((unsigned char)peek(t, 0)) || peek(t, 0) == '_')
        t->at++;
}

static void skip_sign(struct tokens *t)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t len = strlen(signs[i]);
        if ((size_t)(t->end - t->at) >= len && memcmp(t->at, signs[i], len) == 0) {
            t->at += len;
            return;
        }
    }
    t->at++;
}

static bool is_keyword(struct spurn_text text)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (text.at[0] == keywords[i][0] && text_is(text, keywords[i]))
            return true;
    return false;
}

struct token tokens_next(struct tokens *t)
{
    skip_blanks_and_comments(t);
    struct token token = {.kind = TOKEN_END, .text = {t->at, 0}, .line = t->line};
    unsigned char c = (unsigned char)peek(t, 0);
    if (t->at == t->end)
        return token;
    if (isalpha(c) || c == '_') {
        skip_name(t);
        token.kind = TOKEN_NAME;
    } else if (isdigit(c) || (c == '.' && isdigit((unsigned char)peek(t, 1)))) {
        skip_number(t);
        token.kind = TOKEN_NUMBER;
    } else if (c == '"' || c == '\'') {
        skip_quoted(t);
        token.kind = TOKEN_STRING;
    } else if (long_bracket(t) >= 0) {
        skip_long(t, long_bracket(t));
        token.kind = TOKEN_STRING;
    } else {
        skip_sign(t);
        token.kind = TOKEN_SIGN;
    }
    token.text.len = (size_t)(t->at - token.text.at);
    if (token.kind == TOKEN_NAME && is_keyword(token.text))
        token.kind = TOKEN_KEYWORD;
    return token;
}

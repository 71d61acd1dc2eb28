/* quote.c - anybody's text as a string of Lua source. */
#include "library/quote.h"

#include <inttypes.h>
#include <string.h>

/* Letters that are shown as they are: accented Latin, Cyrillic, kana, Han and Hangul; none of them is invisible or combines. */
static const struct {
    uint32_t first, last;
} LETTERS[] = {{0x00c0, 0x024f}, {0x0400, 0x0481}, {0x048a, 0x052f}, {0x3041, 0x3096},
               {0x30a1, 0x30fa}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}};

static bool is_letter(uint32_t character)
{
    for (size_t i = 0; i < sizeof LETTERS / sizeof LETTERS[0]; i++)
        if (character >= LETTERS[i].first && character <= LETTERS[i].last)
            return true;
    return false;
}

/* The character at the head of `text` and how many bytes it takes; 0 when they are not UTF-8. */
static size_t first_character(struct spurn_text text, uint32_t *character)
{
    unsigned char head = (unsigned char)text.at[0];
    size_t len = head < 0x80 ? 1 : head < 0xe0 ? 2 : head < 0xf0 ? 3 : 4;
    *character = len == 1 ? head : head & (0xffu >> (len + 1));
    if (len > text.len || text_utf8_len((struct spurn_text){text.at, len}) != len)
        return 0;
    for (size_t i = 1; i < len; i++)
        *character = *character << 6 | ((unsigned char)text.at[i] & 0x3fu);
    return len;
}

static void add_character(struct buf *out, uint32_t character)
{
    if (character == '"' || character == '\\')
        buf_addf(out, "\\%c", (char)character);
    else if (character == '\n')
        buf_add_str(out, "\\n");
    else if (character < 0x20 || character == 0x7f)
        buf_addf(out, "\\%03" PRIu32, character);
    else
        buf_addf(out, "\\u{%" PRIX32 "}", character);
}

static bool is_plain(uint32_t character)
{
    if (character >= 0x80)
        return is_letter(character);
    return character >= 0x20 && character != 0x7f && character != '"' && character != '\\';
}

void quote_lua(struct buf *out, struct spurn_text text)
{
    if (text.at == NULL) {
        buf_add_str(out, "false");
        return;
    }
    buf_add_char(out, '"');
    while (text.len > 0) {
        uint32_t character;
        size_t len = first_character(text, &character);
        if (len == 0)
            buf_addf(out, "\\%03u", (unsigned)(unsigned char)text.at[0]);
        else if (is_plain(character))
            buf_add(out, text.at, len);
        else
            add_character(out, character);
        text.at += len == 0 ? 1 : len;
        text.len -= len == 0 ? 1 : len;
    }
    buf_add_char(out, '"');
}

/* ---- values ---- */

static bool is_name(struct spurn_text key)
{
    static const char head[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char *const keywords[] = {"and",   "break", "do",       "else", "elseif", "end",
                                           "false", "for",   "function", "goto", "if",     "in",
                                           "local", "nil",   "not",      "or",   "repeat", "return",
                                           "then",  "true",  "until",    "while"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (text_is(key, keywords[i]))
            return false;
    for (size_t i = 0; i < key.len; i++)
        if (strchr(head, key.at[i]) == NULL && (i == 0 || key.at[i] < '0' || key.at[i] > '9'))
            return false;
    return key.len > 0;
}

void quote_lua_key(struct buf *out, struct spurn_text key)
{
    if (is_name(key)) {
        buf_add_text(out, key);
        return;
    }
    buf_add_char(out, '[');
    quote_lua(out, key);
    buf_add_char(out, ']');
}

static void quote_array(struct buf *out, struct json *j)
{
    const char *before = "{ ";
    json_open_array(j);
    while (json_next_item(j)) {
        buf_add_str(out, before);
        quote_lua_json(out, j);
        before = ", ";
    }
    buf_add_str(out, before[0] == '{' ? "{}" : " }");
}

static void quote_object(struct buf *out, struct json *j)
{
    const char *before = "{ ";
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        buf_add_str(out, before);
        quote_lua_key(out, key);
        buf_add_str(out, " = ");
        quote_lua_json(out, j);
        before = ", ";
    }
    buf_add_str(out, before[0] == '{' ? "{}" : " }");
}

void quote_lua_json(struct buf *out, struct json *j)
{
    switch (json_peek(j)) {
    case JSON_OBJECT:
        quote_object(out, j);
        break;
    case JSON_ARRAY:
        quote_array(out, j);
        break;
    case JSON_NUMBER:
        buf_add_text(out, json_number(j));
        break;
    case JSON_BOOL:
        buf_add_str(out, json_bool(j) ? "true" : "false");
        break;
    default:
        quote_lua(out, json_string_or_null(j));
    }
}

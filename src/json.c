/* json.c - a strict pull reader for what clouds answer. */
#include "json.h"

#include <string.h>

#include "json_run.h"

/* A broken reader stands at the end of its input, in no container, with no value to come: so no call finds anything more,
 * and none has to ask whether all is still well. */
void json_break(struct json *j, const char *why)
{
    if (j->why == NULL) {
        j->why = why;
        j->why_at = (size_t)(j->at - j->start);
    }
    j->at = j->end;
    j->wants_value = false;
    j->depth = 0;
}

/* Breaks for what stands at j->at; where nothing does, the text was cut off, and that is what to say. */
static void refuse(struct json *j, const char *why)
{
    json_break(j, j->at == j->end ? "it ends too early" : why);
}

void json_init(struct json *j, struct spurn_text input, struct arena *arena)
{
    const char *at = input.at == NULL ? "" : input.at;
    j->start = j->at = at;
    j->end = at + input.len;
    j->arena = arena;
    j->why = NULL;
    j->why_at = 0;
    j->wants_value = true;
    j->depth = 0;
    j->key_count = 0;
}

/* The next byte that is no white space; 0, which begins nothing, at the end. */
static unsigned char next_byte(struct json *j)
{
    while (j->at < j->end) {
        unsigned char c = (unsigned char)*j->at;
        if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            return c;
        j->at++;
    }
    return 0;
}

/* What kind of value a byte begins; JSON_BROKEN, which is 0, for all others. */
static const unsigned char type_of[256] = {
    ['{'] = JSON_OBJECT, ['['] = JSON_ARRAY,  ['"'] = JSON_STRING, ['t'] = JSON_BOOL,
    ['f'] = JSON_BOOL,   ['n'] = JSON_NULL,   ['-'] = JSON_NUMBER, ['0'] = JSON_NUMBER,
    ['1'] = JSON_NUMBER, ['2'] = JSON_NUMBER, ['3'] = JSON_NUMBER, ['4'] = JSON_NUMBER,
    ['5'] = JSON_NUMBER, ['6'] = JSON_NUMBER, ['7'] = JSON_NUMBER, ['8'] = JSON_NUMBER,
    ['9'] = JSON_NUMBER,
};

enum json_type json_peek(struct json *j)
{
    enum json_type type = j->wants_value ? type_of[next_byte(j)] : JSON_BROKEN;
    if (type == JSON_BROKEN)
        refuse(j, "expected a value");
    return type;
}

/* Whether a value of this type begins here; it counts as read from now on. */
static bool begins(struct json *j, enum json_type type, const char *why)
{
    if (!j->wants_value || type_of[next_byte(j)] != type) {
        refuse(j, why);
        return false;
    }
    j->wants_value = false;
    return true;
}

/* ---- strings ---- */

/* Four hexadecimal digits; false when they are not there. */
static bool read_hex4(const char *at, const char *end, uint32_t *out)
{
    *out = 0;
    if (end - at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)at[i], letter = c | 0x20;
        if (c >= '0' && c <= '9')
            *out = *out << 4 | (uint32_t)(c - '0');
        else if (letter >= 'a' && letter <= 'f')
            *out = *out << 4 | (uint32_t)(letter - 'a' + 10);
        else
            return false;
    }
    return true;
}

/* The length of "\uXXXX", or of the two that stand for one character past U+FFFF; 0 for a surrogate alone. */
static size_t read_unicode_escape(const char *at, const char *end, uint32_t *code)
{
    if (!read_hex4(at + 2, end, code))
        return 0;
    if (*code < 0xD800 || *code > 0xDFFF)
        return 6;
    uint32_t low = 0;
    if (*code > 0xDBFF || end - at < 12 || at[6] != '\\' || at[7] != 'u' ||
        !read_hex4(at + 8, end, &low) || low < 0xDC00 || low > 0xDFFF)
        return 0;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return 12;
}

/* The length of the escape at the backslash `at`, and the character it stands for; 0 when it is none. */
static size_t read_escape(const char *at, const char *end, uint32_t *code)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (end - at < 2)
        return 0;
    if (at[1] == 'u')
        return read_unicode_escape(at, end, code);
    const char *letter = memchr(letters, at[1], sizeof letters - 1);
    if (letter == NULL)
        return 0;
    *code = (unsigned char)meanings[letter - letters];
    return 2;
}

static char *put_utf8(char *out, uint32_t code)
{
    static const unsigned char leads[] = {0x00, 0xC0, 0xE0, 0xF0};
    int more = (code >= 0x80) + (code >= 0x800) + (code >= 0x10000);
    *out++ = (char)(leads[more] | code >> 6 * more);
    while (more-- > 0)
        *out++ = (char)(0x80 | (code >> 6 * more & 0x3F));
    return out;
}

/* Walks over the string whose opening quote is next and checks all of it. */
static bool scan_string(struct json *j, struct spurn_text *raw, bool *has_escape)
{
    const char *first = ++j->at;
    uint64_t high = 0;
    *has_escape = false;
    for (;;) {
        j->at = json_run_end(j->at, j->end, &high);
        if (j->at == j->end || *j->at == '"')
            break;
        uint32_t code = 0;
        size_t escape_len = *j->at == '\\' ? read_escape(j->at, j->end, &code) : 0;
        if (escape_len == 0) {
            refuse(j, *j->at == '\\' ? "a string holds a bad escape"
                                     : "a string holds a raw control character");
            return false;
        }
        *has_escape = true;
        j->at += escape_len;
    }
    *raw = (struct spurn_text){first, (size_t)(j->at - first)};
    size_t valid_len = high == 0 ? raw->len : text_utf8_len(*raw);
    if (j->at == j->end || valid_len < raw->len) {
        j->at = j->at == j->end ? j->end : first + valid_len;
        refuse(j, "a string is not valid UTF-8");
        return false;
    }
    j->at++;
    return true;
}

/* What a checked string with escapes stands for. It is never longer than what was written. */
static struct spurn_text unescape(struct json *j, struct spurn_text raw)
{
    char *text = arena_alloc(j->arena, raw.len);
    if (text == NULL) {
        json_break(j, "out of memory for its strings");
        return TEXT_ABSENT;
    }
    char *out = text;
    const char *at = raw.at, *end = raw.at + raw.len;
    while (at < end) {
        const char *backslash = memchr(at, '\\', (size_t)(end - at));
        size_t plain_len = (size_t)((backslash == NULL ? end : backslash) - at);
        memcpy(out, at, plain_len);
        out += plain_len;
        at += plain_len;
        if (backslash != NULL) {
            uint32_t code = 0;
            at += read_escape(at, end, &code);
            out = put_utf8(out, code);
        }
    }
    return (struct spurn_text){text, (size_t)(out - text)};
}

static struct spurn_text read_string(struct json *j)
{
    struct spurn_text raw = TEXT_ABSENT;
    bool has_escape = false;
    if (!scan_string(j, &raw, &has_escape))
        return TEXT_ABSENT;
    return has_escape ? unescape(j, raw) : raw;
}

struct spurn_text json_string(struct json *j)
{
    return begins(j, JSON_STRING, "expected a string") ? read_string(j) : TEXT_ABSENT;
}

/* ---- null, true, false, numbers ---- */

static bool take_word(struct json *j, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(j->end - j->at) < len || memcmp(j->at, word, len) != 0)
        return false;
    j->at += len;
    return true;
}

static void read_null(struct json *j)
{
    if (begins(j, JSON_NULL, "expected null") && !take_word(j, "null"))
        refuse(j, "expected null");
}

struct spurn_text json_string_or_null(struct json *j)
{
    if (j->wants_value && next_byte(j) == 'n') {
        read_null(j);
        return TEXT_ABSENT;
    }
    return begins(j, JSON_STRING, "expected a string or null") ? read_string(j) : TEXT_ABSENT;
}

bool json_bool(struct json *j)
{
    if (!begins(j, JSON_BOOL, "expected true or false") || take_word(j, "false"))
        return false;
    bool is_true = take_word(j, "true");
    if (!is_true)
        refuse(j, "expected true or false");
    return is_true;
}

/* One digit or more. */
static bool take_digits(struct json *j)
{
    const char *first = j->at;
    while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
        j->at++;
    return j->at > first;
}

static bool take_byte(struct json *j, char c)
{
    bool is_there = j->at < j->end && *j->at == c;
    j->at += is_there;
    return is_there;
}

static bool take_number(struct json *j)
{
    take_byte(j, '-');
    if (take_byte(j, '0')) {
        if (j->at < j->end && *j->at >= '0' && *j->at <= '9')
            return false;
    } else if (!take_digits(j)) {
        return false;
    }
    if (take_byte(j, '.') && !take_digits(j))
        return false;
    if (take_byte(j, 'e') || take_byte(j, 'E')) {
        if (!take_byte(j, '+'))
            take_byte(j, '-');
        return take_digits(j);
    }
    return true;
}

struct spurn_text json_number(struct json *j)
{
    if (!begins(j, JSON_NUMBER, "expected a number"))
        return TEXT_ABSENT;
    const char *first = j->at;
    if (!take_number(j)) {
        refuse(j, "a number is not as JSON writes it");
        return TEXT_ABSENT;
    }
    return (struct spurn_text){first, (size_t)(j->at - first)};
}

/* The value of "-12", kept below zero on the way, where INT64_MIN has room. */
static bool whole_number(struct spurn_text number, int64_t *out)
{
    bool is_negative = number.at[0] == '-';
    int64_t below = 0;
    for (size_t i = is_negative; i < number.len; i++) {
        int digit = number.at[i] - '0';
        if (digit < 0 || digit > 9 || below < (INT64_MIN + digit) / 10)
            return false;
        below = below * 10 - digit;
    }
    *out = is_negative || below == INT64_MIN ? below : -below;
    return is_negative || below != INT64_MIN;
}

int64_t json_int(struct json *j)
{
    struct spurn_text number = json_number(j);
    int64_t value = 0;
    if (number.at != NULL && !whole_number(number, &value))
        json_break(j, "expected a whole number of at most 64 bits");
    return j->why == NULL ? value : 0;
}

/* ---- objects and arrays ---- */

static void open_container(struct json *j, bool is_object)
{
    if (j->depth == JSON_DEPTH_MAX) {
        json_break(j, "it is nested too deep");
        return;
    }
    j->at++;
    j->levels[j->depth++] =
        (struct json_level){.is_object = is_object, .is_first = true, .first_key = j->key_count};
}

void json_open_object(struct json *j)
{
    if (begins(j, JSON_OBJECT, "expected an object"))
        open_container(j, true);
}

void json_open_array(struct json *j)
{
    if (begins(j, JSON_ARRAY, "expected an array"))
        open_container(j, false);
}

/* Stands before the next member of the innermost container, or leaves it. */
static bool next_member(struct json *j, bool is_object)
{
    struct json_level *level = &j->levels[j->depth == 0 ? 0 : j->depth - 1];
    if (j->depth == 0 || j->wants_value || level->is_object != is_object) {
        json_break(j, "it was read out of turn");
        return false;
    }
    unsigned char c = next_byte(j);
    if (c == (is_object ? '}' : ']')) {
        j->at++;
        j->depth--;
        j->key_count = level->first_key;
        return false;
    }
    if (level->is_first) {
        level->is_first = false;
        return true;
    }
    if (c != ',') {
        refuse(j, is_object ? "expected a comma or a closing brace"
                            : "expected a comma or a closing bracket");
        return false;
    }
    j->at++;
    return true;
}

/* One bit of 64. Equal keys have equal bits. */
static uint64_t fingerprint(struct spurn_text key)
{
    if (key.len == 0)
        return 1;
    size_t first = (unsigned char)key.at[0], last = (unsigned char)key.at[key.len - 1];
    return UINT64_C(1) << ((key.len + first * 5 + last * 11) % 64);
}

static void remember_key(struct json *j, struct spurn_text key)
{
    struct json_level *level = &j->levels[j->depth - 1];
    uint64_t bit = fingerprint(key);
    for (size_t i = level->first_key; (level->seen & bit) != 0 && i < j->key_count; i++) {
        if (text_equal(j->keys[i], key)) {
            json_break(j, "an object holds one key twice");
            return;
        }
    }
    if (j->key_count == JSON_KEYS_MAX) {
        json_break(j, "its objects hold too many keys");
        return;
    }
    level->seen |= bit;
    j->keys[j->key_count++] = key;
}

bool json_next_key(struct json *j, struct spurn_text *key)
{
    *key = TEXT_ABSENT;
    if (!next_member(j, true))
        return false;
    if (next_byte(j) != '"') {
        refuse(j, "expected a key in quotes");
        return false;
    }
    struct spurn_text name = read_string(j);
    if (name.at == NULL)
        return false;
    remember_key(j, name);
    if (next_byte(j) != ':') {
        refuse(j, "expected a colon");
        return false;
    }
    j->at++;
    j->wants_value = true;
    *key = name;
    return true;
}

bool json_next_item(struct json *j)
{
    j->wants_value = next_member(j, false);
    return j->wants_value;
}

void json_skip(struct json *j)
{
    struct spurn_text ignored;
    bool has_escape;
    switch (json_peek(j)) {
    case JSON_BROKEN:
        return;
    case JSON_NULL:
        read_null(j);
        return;
    case JSON_BOOL:
        json_bool(j);
        return;
    case JSON_NUMBER:
        json_number(j);
        return;
    case JSON_STRING:
        j->wants_value = false;
        scan_string(j, &ignored, &has_escape);
        return;
    case JSON_ARRAY:
        json_open_array(j);
        while (json_next_item(j))
            json_skip(j);
        return;
    case JSON_OBJECT:
        json_open_object(j);
        while (json_next_key(j, &ignored))
            json_skip(j);
        return;
    }
}

bool json_done(struct json *j)
{
    if (j->why != NULL)
        return false;
    next_byte(j);
    if (j->depth > 0 || j->wants_value)
        refuse(j, "it was not read to its end");
    else if (j->at < j->end)
        json_break(j, "something follows the value");
    return j->why == NULL;
}

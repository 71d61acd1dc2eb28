/* json_write.c - a writer that cannot write bad JSON. */
#include "json.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"

/* How many bytes of valid UTF-8 at `at` need no escape. */
static size_t plain_len(const char *at, size_t len)
{
    size_t i = 0;
    for (; i < len; i++) {
        unsigned char c = (unsigned char)at[i];
        bool is_line_mark = c == 0xE2 && len - i > 2 && (unsigned char)at[i + 1] == 0x80 &&
                            ((unsigned char)at[i + 2] & 0xFE) == 0xA8;
        if (c < ' ' || c == '"' || c == '\\' || c == 0x7F || is_line_mark)
            break;
    }
    return i;
}

/* Escapes the one character at `at`; how many bytes it took. */
static size_t put_escape(struct buf *out, const char *at)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    unsigned char c = (unsigned char)*at;
    if (c == 0xE2) {
        buf_add_str(out, (unsigned char)at[2] == 0xA8 ? "\\u2028" : "\\u2029");
        return 3;
    }
    const char *meaning = memchr(meanings, c, sizeof meanings - 1);
    if (meaning != NULL)
        buf_addf(out, "\\%c", letters[meaning - meanings]);
    else
        buf_addf(out, "\\u%04x", c);
    return 1;
}

static void put_valid(struct buf *out, struct spurn_text text)
{
    size_t i = 0;
    while (i < text.len) {
        size_t len = plain_len(text.at + i, text.len - i);
        buf_add(out, text.at + i, len);
        i += len;
        if (i < text.len)
            i += put_escape(out, text.at + i);
    }
}

void json_put_text(struct buf *out, struct spurn_text text)
{
    if (text.at == NULL) {
        buf_add_str(out, "null");
        return;
    }
    buf_add_char(out, '"');
    while (text.len > 0) {
        size_t valid_len = text_utf8_len(text);
        put_valid(out, (struct spurn_text){text.at, valid_len});
        bool has_bad_byte = valid_len < text.len;
        if (has_bad_byte)
            buf_add_str(out, "\xEF\xBF\xBD");
        text.at += valid_len + has_bad_byte;
        text.len -= valid_len + has_bad_byte;
    }
    buf_add_char(out, '"');
}

void json_put_str(struct buf *out, const char *nul_terminated)
{
    json_put_text(out, text_of(nul_terminated));
}

void json_put_comma(struct buf *out)
{
    char last = out->len == 0 ? '[' : out->data[out->len - 1];
    if (last != '[' && last != '{')
        buf_add_char(out, ',');
}

void json_put_key(struct buf *out, const char *name)
{
    json_put_comma(out);
    json_put_str(out, name);
    buf_add_char(out, ':');
}

void json_put_member(struct buf *out, const char *name, struct spurn_text text)
{
    json_put_key(out, name);
    json_put_text(out, text);
}

void json_put_member_if(struct buf *out, const char *name, struct spurn_text text)
{
    if (text.at != NULL)
        json_put_member(out, name, text);
}

void json_put_int_member(struct buf *out, const char *name, int64_t value)
{
    json_put_key(out, name);
    buf_addf(out, "%" PRId64, value);
}

void json_put_bool_member(struct buf *out, const char *name, bool value)
{
    json_put_key(out, name);
    buf_add_str(out, value ? "true" : "false");
}

void json_put_time_member(struct buf *out, const char *name, int64_t ms)
{
    char text[29];
    clock_format_iso_ms(ms, text);
    json_put_member(out, name, text_of(text));
}

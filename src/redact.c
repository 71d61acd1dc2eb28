/* redact.c - a server's words made fit for people: both clouds echo keys and tokens when a signature is wrong. */
#include "redact.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "request.h"

enum {
    MARK_LEN = 3,     /* of "***", so that the text never grows */
    HASH_DIGITS = 40, /* as many hexadecimal digits in a row are a hash or a signature */
    ENCODED_LEN_MAX = 16 * 1024
};

static const char mark[] = "***";

/* ---- text for people ---- */

/* Of the sequence at `at`, how many bytes are a control character or a line mark: C0, DEL, C1, U+2028, U+2029. */
static size_t control_len(const char *at, size_t len)
{
    unsigned char a = (unsigned char)at[0];
    if (a < 0x20 || a == 0x7f)
        return 1;
    if (a == 0xC2 && len > 1 && (unsigned char)at[1] < 0xA0)
        return 2;
    if (a == 0xE2 && len > 2 && (unsigned char)at[1] == 0x80 &&
        ((unsigned char)at[2] & 0xFE) == 0xA8)
        return 3;
    return 0;
}

static void blank_controls(char *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t blank_len = control_len(at + i, len - i);
        if (blank_len > 0)
            memset(at + i, ' ', blank_len);
    }
}

void redact_put(char *out, size_t cap, struct spurn_text text)
{
    bool is_cut = text.len >= cap;
    if (is_cut)
        text.len = cap - 1;
    size_t len = 0;
    while (text.len > 0) {
        size_t valid_len = text_utf8_len(text);
        memcpy(out + len, text.at, valid_len);
        blank_controls(out + len, valid_len);
        len += valid_len;
        bool has_bad_byte = valid_len < text.len;
        if (has_bad_byte && is_cut && text.len - valid_len < 4)
            break; /* the cut went through a character */
        if (has_bad_byte)
            out[len++] = '?';
        text.at += valid_len + has_bad_byte;
        text.len -= valid_len + has_bad_byte;
    }
    out[len] = '\0';
}

/* ---- what is struck out ---- */

static void strike(char *at, size_t len)
{
    memcpy(at, mark, MARK_LEN);
    memmove(at + MARK_LEN, at + len, strlen(at + len) + 1);
}

static void strike_every(char *text, struct spurn_text secret)
{
    size_t len = strlen(text);
    for (size_t i = 0; secret.len >= MARK_LEN && i + secret.len <= len; i++) {
        if (memcmp(text + i, secret.at, secret.len) != 0)
            continue;
        strike(text + i, secret.len);
        len = strlen(text);
        i += MARK_LEN - 1;
    }
}

/* A text that fills its place was probably cut, perhaps through a secret, whose beginning is secret too. */
static void strike_cut_end(char *text, size_t cap, struct spurn_text secret)
{
    enum { CHARACTER_LEN_MAX = 4 };
    size_t len = strlen(text);
    if (len + CHARACTER_LEN_MAX < cap)
        return;
    for (size_t i = 0; i + MARK_LEN <= len; i++) {
        if (len - i < secret.len && memcmp(text + i, secret.at, len - i) == 0) {
            strike(text + i, len - i);
            return;
        }
    }
}

static void strike_secret(char *text, size_t cap, struct spurn_text secret)
{
    struct buf encoded;
    buf_init_wiped(&encoded, ENCODED_LEN_MAX);
    request_add_encoded(&encoded, secret);
    const struct spurn_text forms[] = {secret, buf_text(&encoded)};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        strike_every(text, forms[i]);
        strike_cut_end(text, cap, forms[i]);
    }
    buf_clear(&encoded);
}

/* What stands behind one of these is struck out, whoever's it is. */
static const char *const labels[] = {
    "signature=",          "credential=",           "accesskeyid=",
    "securitytoken=",      "x-amz-security-token:", "x-acs-security-token:",
    "x-acs-accesskey-id:",
};

static void strike_labelled(char *text, const char *label)
{
    size_t label_len = strlen(label);
    for (char *at = text; *at != '\0'; at++) {
        if (strncasecmp(at, label, label_len) != 0)
            continue;
        at += label_len;
        at += strspn(at, " ");
        size_t value_len = strcspn(at, " ,;&\"'<>");
        if (value_len >= MARK_LEN)
            strike(at, value_len);
        if (*at == '\0')
            return;
    }
}

static void strike_hashes(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        size_t run_len = strspn(at, "0123456789abcdefABCDEF");
        if (run_len >= HASH_DIGITS)
            strike(at, run_len);
        else if (run_len > 0)
            at += run_len - 1;
    }
}

/* The longest that is shorter than `below`; 0: none. */
static size_t next_len(const struct spurn_text *hide, size_t hide_count, size_t below)
{
    size_t longest = 0;
    for (size_t i = 0; i < hide_count; i++)
        if (hide[i].len < below && hide[i].len > longest)
            longest = hide[i].len;
    return longest;
}

/* The longest first: one secret may hold another. */
void redact_secrets(char *text, size_t cap, const struct spurn_text *hide, size_t hide_count)
{
    for (size_t len = next_len(hide, hide_count, SIZE_MAX); len > 0;
         len = next_len(hide, hide_count, len))
        for (size_t i = 0; i < hide_count; i++)
            if (hide[i].len == len)
                strike_secret(text, cap, hide[i]);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        strike_labelled(text, labels[i]);
    strike_hashes(text);
}

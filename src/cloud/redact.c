/* redact.c - strikes keys, tokens and signatures out of what a server says: both clouds echo them when a signature is wrong. */
#include <string.h>
#include <strings.h>

#include "cloud/cloud.h"

enum {
    MARK_LEN = 3,     /* of "***", so that the text never grows */
    HASH_DIGITS = 40, /* as many hexadecimal digits in a row are a hash or a signature */
    ENCODED_LEN_MAX = 16 * 1024
};

static const char mark[] = "***";

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
    buf_init(&encoded, ENCODED_LEN_MAX);
    request_add_encoded(&encoded, secret);
    const struct spurn_text forms[] = {secret, buf_text(&encoded)};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        strike_every(text, forms[i]);
        strike_cut_end(text, cap, forms[i]);
    }
    if (encoded.data != NULL)
        digest_wipe(encoded.data, encoded.len);
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

static void redact(char *text, size_t cap, const struct spurn_text *hide, size_t hide_count)
{
    for (size_t i = 0; i < hide_count; i++)
        if (hide[i].len > 0)
            strike_secret(text, cap, hide[i]);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        strike_labelled(text, labels[i]);
    strike_hashes(text);
}

void cloud_error_redact(struct cloud_error *error, const struct spurn_text *hide, size_t hide_count)
{
    redact(error->message, sizeof error->message, hide, hide_count);
    redact(error->code, sizeof error->code, hide, hide_count);
    redact(error->request_id, sizeof error->request_id, hide, hide_count);
}

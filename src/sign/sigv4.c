/* sigv4.c - AWS Signature Version 4, header form, each stage by itself. */
#include "sign/sigv4.h"

#include <string.h>

#include "clock.h"
#include "secret.h"
#include "sign/canonical.h"
#include "sign/sign.h"

static const struct canonical_form FORM = {
    .is_signed = NULL, .sorts_values = false, .folds_blanks = true};
static const char TERMINATOR[] = "aws4_request";
enum { TIME_LEN = 16, DATE_LEN = 8 }; /* "20260901T101500Z"; the day is its first part */

/* ---- stage 1 ---- */

/* Takes the next segment off *rest, which begins with '/' as long as it is not empty. */
static struct spurn_text next_segment(struct spurn_text *rest)
{
    const char *from = rest->at + (rest->at[0] == '/');
    const char *end = rest->at + rest->len;
    const char *slash = memchr(from, '/', (size_t)(end - from));
    const char *to = slash == NULL ? end : slash;
    *rest = (struct spurn_text){to, (size_t)(end - to)};
    return (struct spurn_text){from, (size_t)(to - from)};
}

/* Takes "/segment" off the end of what was added since `start`. */
static void drop_segment(struct buf *out, size_t start)
{
    size_t len = out->len;
    while (len > start && out->data[len - 1] != '/')
        len--;
    out->len = len > start ? len - 1 : start;
}

/* Without empty and dot segments (RFC 3986, 5.2.4), each one encoded once more than it was sent. */
static void add_normal_path(struct buf *out, struct spurn_text path)
{
    size_t start = out->len;
    struct spurn_text rest = path;
    while (rest.len > 0) {
        struct spurn_text segment = next_segment(&rest);
        if (segment.len == 0 || text_is(segment, "."))
            continue;
        if (text_is(segment, "..")) {
            drop_segment(out, start);
            continue;
        }
        buf_add_char(out, '/');
        request_add_encoded(out, segment);
    }
    bool ends_with_slash = path.len > 0 && path.at[path.len - 1] == '/';
    if (out->len == start || ends_with_slash)
        buf_add_char(out, '/');
}

void sigv4_canonical_request(struct digest *d, const struct request *request,
                             const struct sigv4_scope *scope, struct buf *out,
                             struct buf *signed_headers)
{
    struct buf path;
    char body_hash[SHA256_HEX_LEN + 1];
    buf_init(&path, CANONICAL_LEN_MAX);
    bool hashed = digest_sha256_hex(d, request->body, body_hash);
    if (scope->path_is_raw)
        canonical_add_path(&path, request->path);
    else
        add_normal_path(&path, request->path);
    canonical_request(request, &FORM, buf_text(&path), text_of(body_hash), out, signed_headers);
    if (!hashed || path.failed)
        out->failed = true;
    buf_clear(&path);
}

/* ---- stage 2 ---- */

/* "20260901/us-east-1/ram/aws4_request" */
static void add_scope(struct buf *out, const struct sigv4_scope *scope, const char *time)
{
    buf_add(out, time, DATE_LEN);
    buf_add_char(out, '/');
    buf_add_text(out, scope->region);
    buf_add_char(out, '/');
    buf_add_text(out, scope->service);
    buf_add_char(out, '/');
    buf_add_str(out, TERMINATOR);
}

static void string_to_sign(struct digest *d, struct spurn_text canonical,
                           const struct sigv4_scope *scope, const char *time, struct buf *out)
{
    char hash[SHA256_HEX_LEN + 1];
    buf_reset(out);
    if (!digest_sha256_hex(d, canonical, hash)) {
        out->failed = true;
        return;
    }
    buf_add_str(out, "AWS4-HMAC-SHA256\n");
    buf_add(out, time, TIME_LEN);
    buf_add_char(out, '\n');
    add_scope(out, scope, time);
    buf_add_char(out, '\n');
    buf_add(out, hash, SHA256_HEX_LEN);
}

void sigv4_string_to_sign(struct digest *d, struct spurn_text canonical,
                          const struct sigv4_scope *scope, struct buf *out)
{
    char time[TIME_LEN + 1];
    clock_format_basic(scope->now_ms, time);
    string_to_sign(d, canonical, scope, time, out);
}

/* ---- stage 3 ---- */

/* The key of one day, region and service. */
static bool derive_key(struct digest *d, struct spurn_text secret, const struct sigv4_scope *scope,
                       const char *time, uint8_t out[SHA256_LEN])
{
    const struct spurn_text steps[] = {
        {time, DATE_LEN}, scope->region, scope->service, text_of(TERMINATOR)};
    struct buf prefixed;
    buf_init_wiped(&prefixed, 4 + secret.len);
    buf_add_str(&prefixed, "AWS4");
    buf_add_text(&prefixed, secret);
    bool ok = !prefixed.failed &&
              digest_hmac_chain(d, buf_text(&prefixed), steps, sizeof steps / sizeof steps[0], out);
    buf_clear(&prefixed);
    return ok;
}

static bool signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                      const struct sigv4_scope *scope, const char *time,
                      char out[SHA256_HEX_LEN + 1])
{
    uint8_t key[SHA256_LEN], mac[SHA256_LEN];
    out[0] = '\0';
    bool ok = derive_key(d, secret, scope, time, key) &&
              digest_hmac_sha256(d, key, sizeof key, string_to_sign, mac);
    if (ok)
        digest_hex(mac, sizeof mac, out);
    secret_wipe(key, sizeof key);
    return ok;
}

bool sigv4_signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                     const struct sigv4_scope *scope, char out[SHA256_HEX_LEN + 1])
{
    char time[TIME_LEN + 1];
    clock_format_basic(scope->now_ms, time);
    return signature(d, string_to_sign, secret, scope, time, out);
}

/* ---- all of it ---- */

static bool authorize(struct digest *d, struct request *request, const struct sigv4_keys *keys,
                      const struct sigv4_scope *scope, const char *time, struct sign_work *w)
{
    char hex[SHA256_HEX_LEN + 1];
    struct buf *out = &w->authorization;
    sigv4_canonical_request(d, request, scope, &w->canonical, &w->signed_headers);
    string_to_sign(d, buf_text(&w->canonical), scope, time, &w->to_sign);
    if (w->canonical.failed || w->to_sign.failed ||
        !signature(d, buf_text(&w->to_sign), keys->secret, scope, time, hex))
        return false;
    buf_add_str(out, "AWS4-HMAC-SHA256 Credential=");
    buf_add_text(out, keys->id);
    buf_add_char(out, '/');
    add_scope(out, scope, time);
    buf_add_str(out, ", SignedHeaders=");
    buf_add_text(out, buf_text(&w->signed_headers));
    buf_add_str(out, ", Signature=");
    buf_add(out, hex, SHA256_HEX_LEN);
    request_add_header(request, "Authorization", buf_text(out));
    return !out->failed && !request->failed;
}

enum spurn_status sigv4_sign(struct digest *d, struct request *request,
                             const struct sigv4_keys *keys, const struct sigv4_scope *scope,
                             struct spurn_error *err)
{
    char time[TIME_LEN + 1];
    enum spurn_status status = sign_check_keys(keys->id, keys->secret, keys->token, err);
    if (status != SPURN_OK)
        return status;
    clock_format_basic(scope->now_ms, time);
    request_add_header(request, "X-Amz-Date", text_of(time));
    if (keys->token.len > 0)
        request_add_header(request, "X-Amz-Security-Token", keys->token);

    struct sign_work work;
    sign_work_init(&work);
    if (!authorize(d, request, keys, scope, time, &work))
        status = sign_fail_size(err);
    sign_work_clear(&work);
    return status;
}

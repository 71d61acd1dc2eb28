/* verify.c - whose signature a request bears, and whether it is theirs. */
#include "emulator/verify.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "emulator/canonical.h"
#include "emulator/form.h"
#include "secret.h"

enum { SHA1_BLOCK = 64, BASIC_TIME_LEN = 16, CANONICAL_MAX = 1024 * 1024 };

static const char *const no_memory = "The signature could not be checked.";

const char *claim_scheme_name(enum claim_scheme scheme)
{
    static const char *const names[] = {"none", "sigv4", "acs3", "rpc", "unknown"};
    return names[scheme];
}

static struct spurn_text header(const struct server_request *request, const char *name,
                                struct arena *arena)
{
    return verify_header(request, text_of(name), arena);
}

/* ---- reading the claim ---- */

static struct spurn_text take_field(struct spurn_text *rest, char mark)
{
    const char *end = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
    struct spurn_text taken = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
    size_t skip = taken.len + (end ? 1 : 0);
    *rest = (struct spurn_text){rest->at + skip, rest->len - skip};
    return taken;
}

static struct spurn_text strip(struct spurn_text text)
{
    while (text.len && text.at[0] == ' ') {
        text.at++;
        text.len--;
    }
    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* "Credential=..., SignedHeaders=..., Signature=...", in any order, with or without blanks. */
static void read_authorization(struct spurn_text rest, struct claim *out,
                               struct spurn_text *credential)
{
    while (rest.len) {
        struct spurn_text value = strip(take_field(&rest, ','));
        struct spurn_text name = take_field(&value, '=');
        if (text_is(name, "Credential"))
            *credential = value;
        else if (text_is(name, "SignedHeaders"))
            out->signed_headers = value;
        else if (text_is(name, "Signature"))
            out->signature = value;
    }
    if (!credential->len)
        out->problem = "Authorization header requires 'Credential' parameter.";
    else if (!out->signature.len)
        out->problem = "Authorization header requires 'Signature' parameter.";
    else if (!out->signed_headers.len)
        out->problem = "Authorization header requires 'SignedHeaders' parameter.";
}

/* "20260901T120000Z"; 0 when it is not that. */
static int64_t parse_basic(struct spurn_text text)
{
    char iso[sizeof "0000-00-00T00:00:00Z"];
    int64_t ms = 0;
    if (text.len != BASIC_TIME_LEN || text.at[8] != 'T' || text.at[15] != 'Z')
        return 0;
    const char *at = text.at;
    snprintf(iso, sizeof iso, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", at, at + 4, at + 6, at + 9, at + 11,
             at + 13);
    return clock_parse_iso(text_of(iso), &ms) ? ms : 0;
}

/* X-Amz-Date, else Date. */
static void read_sigv4_time(const struct server_request *request, struct arena *arena,
                            struct claim *out)
{
    out->time = header(request, "x-amz-date", arena);
    if (out->time.at) {
        out->time_ms = parse_basic(out->time);
        return;
    }
    int64_t ms = 0;
    char basic[17];
    bool ok = true;
    if (!clock_parse_http(header(request, "date", arena), &ms))
        return;
    clock_format_basic(ms, basic);
    out->time = arena_copy(arena, text_of(basic), &ok);
    out->time_ms = ms;
}

static void read_sigv4(const struct server_request *request, struct spurn_text rest,
                       struct arena *arena, struct claim *out)
{
    struct spurn_text scope = TEXT_ABSENT;
    read_authorization(rest, out, &scope);
    out->key_id = take_field(&scope, '/');
    out->date = take_field(&scope, '/');
    out->region = take_field(&scope, '/');
    out->service = take_field(&scope, '/');
    out->token = header(request, "x-amz-security-token", arena);
    read_sigv4_time(request, arena, out);
    if (out->problem)
        return;
    if (!text_is(scope, "aws4_request") || !out->service.len)
        out->problem = "Credential must have exactly 5 slash-delimited elements, "
                       "e.g. keyid/date/region/service/term.";
    else if (!out->time_ms)
        out->problem = "Authorization header requires existence of either a 'X-Amz-Date' or a "
                       "'Date' header.";
}

static void read_acs3(const struct server_request *request, struct spurn_text rest,
                      struct arena *arena, struct claim *out)
{
    read_authorization(rest, out, &out->key_id);
    out->token = header(request, "x-acs-security-token", arena);
    out->nonce = header(request, "x-acs-signature-nonce", arena);
    out->time = header(request, "x-acs-date", arena);
    if (!clock_parse_iso(out->time, &out->time_ms))
        out->time_ms = 0;
}

/* Everything is a parameter, in the query or in the form. */
static void read_rpc(const struct server_request *request, struct arena *arena, struct claim *out)
{
    const struct {
        const char *name;
        struct spurn_text *value;
    } rows[] = {
        {"AccessKeyId", &out->key_id},   {"SecurityToken", &out->token},
        {"SignatureNonce", &out->nonce}, {"Signature", &out->signature},
        {"Timestamp", &out->time},
    };
    const struct spurn_text forms[] = {request->query, request->body};
    const enum form_kind kinds[] = {FORM_QUERY, FORM_BODY};
    for (size_t i = 0; i < 2; i++) {
        struct spurn_text rest = forms[i], name, value;
        while (form_next(&rest, kinds[i], arena, &name, &value))
            for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++)
                if (text_is(name, rows[row].name))
                    *rows[row].value = value;
    }
    if (out->signature.at)
        out->scheme = CLAIM_RPC;
    if (!clock_parse_iso(out->time, &out->time_ms))
        out->time_ms = 0;
}

void claim_read(const struct server_request *request, struct arena *arena, struct claim *out)
{
    *out = (struct claim){.scheme = CLAIM_NONE};
    struct spurn_text rest = header(request, "authorization", arena);
    if (!rest.at) {
        read_rpc(request, arena, out);
        return;
    }
    struct spurn_text scheme = take_field(&rest, ' ');
    out->scheme = text_is(scheme, "AWS4-HMAC-SHA256")   ? CLAIM_SIGV4
                  : text_is(scheme, "ACS3-HMAC-SHA256") ? CLAIM_ACS3
                                                        : CLAIM_UNKNOWN;
    if (out->scheme == CLAIM_SIGV4)
        read_sigv4(request, rest, arena, out);
    else if (out->scheme == CLAIM_ACS3)
        read_acs3(request, rest, arena, out);
    else
        out->problem = "Unsupported Authorization scheme.";
}

/* ---- proving it ---- */

/* Takes as long for the first byte as for the last one. */
static bool same_bytes(struct spurn_text a, const char *b, size_t b_len)
{
    unsigned char difference = a.len != b_len;
    for (size_t i = 0; i < a.len && i < b_len; i++)
        difference |= (unsigned char)(a.at[i] ^ b[i]);
    return difference == 0;
}

/* Host and every header of the cloud's own must be under the signature, or somebody on the way could change them. */
static const char *find_unsigned(const struct server_request *request, const struct claim *claim)
{
    const char *prefix = claim->scheme == CLAIM_SIGV4 ? "x-amz-" : "x-acs-";
    size_t prefix_len = strlen(prefix);
    if (!canonical_is_signed(claim, text_of("host")))
        return "'Host' must be a signed header.";
    for (size_t i = 0; i < request->header_count; i++) {
        struct spurn_text name = request->headers[i].name;
        struct spurn_text start = {name.at, name.len < prefix_len ? name.len : prefix_len};
        if (text_is_nocase(start, prefix) && !canonical_is_signed(claim, name))
            return claim->scheme == CLAIM_SIGV4 ? "Every X-Amz header must be signed."
                                                : "Every x-acs header must be signed.";
    }
    return NULL;
}

static const char *refute_scope(const struct claim *claim)
{
    bool is_same_day = claim->scheme != CLAIM_SIGV4 ||
                       (claim->date.len == 8 && memcmp(claim->date.at, claim->time.at, 8) == 0);
    return is_same_day ? NULL : "Date in Credential scope does not match the date of the request.";
}

static const char *refute_body_hash(const struct server_request *request, const char *name,
                                    const char *body_hash, struct arena *arena)
{
    struct spurn_text said = header(request, name, arena);
    return !said.at || text_is_nocase(said, body_hash)
               ? NULL
               : "The body does not have the hash that the request says it has.";
}

static bool sigv4_key(struct digest *d, const struct claim *claim, struct spurn_text secret,
                      struct arena *arena, uint8_t key[SHA256_LEN])
{
    size_t first_len = secret.len + 4;
    char *first = arena_alloc(arena, first_len + 1);
    if (!first)
        return false;
    memcpy(first, "AWS4", 4);
    memcpy(first + 4, secret.at, secret.len);
    bool ok = digest_hmac_sha256(d, first, first_len, claim->date, key) &&
              digest_hmac_sha256(d, key, SHA256_LEN, claim->region, key) &&
              digest_hmac_sha256(d, key, SHA256_LEN, claim->service, key) &&
              digest_hmac_sha256(d, key, SHA256_LEN, text_of("aws4_request"), key);
    secret_wipe(first, first_len);
    return ok;
}

static bool hmac_sha1(struct digest *d, struct spurn_text key, struct spurn_text input,
                      struct arena *arena, uint8_t out[SHA1_LEN])
{
    uint8_t block[SHA1_BLOCK] = {0};
    char *inner = arena_alloc(arena, SHA1_BLOCK + input.len);
    char *outer = arena_alloc(arena, SHA1_BLOCK + SHA1_LEN);
    if (!inner || !outer)
        return false;
    if (key.len > SHA1_BLOCK && !digest_sha1(d, key, block))
        return false;
    if (key.len && key.len <= SHA1_BLOCK)
        memcpy(block, key.at, key.len);
    for (size_t i = 0; i < SHA1_BLOCK; i++) {
        inner[i] = (char)(block[i] ^ 0x36);
        outer[i] = (char)(block[i] ^ 0x5c);
    }
    if (input.len)
        memcpy(inner + SHA1_BLOCK, input.at, input.len);
    struct spurn_text whole = {inner, SHA1_BLOCK + input.len};
    if (!digest_sha1(d, whole, (uint8_t *)outer + SHA1_BLOCK))
        return false;
    return digest_sha1(d, (struct spurn_text){outer, SHA1_BLOCK + SHA1_LEN}, out);
}

static size_t base64(const uint8_t *in, size_t len, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t at = 0;
    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        unsigned bits = (unsigned)in[i] << 16;
        bits |= have > 1 ? (unsigned)in[i + 1] << 8 : 0;
        bits |= have > 2 ? in[i + 2] : 0;
        out[at++] = digits[bits >> 18 & 63];
        out[at++] = digits[bits >> 12 & 63];
        out[at++] = have > 1 ? digits[bits >> 6 & 63] : '=';
        out[at++] = have > 2 ? digits[bits & 63] : '=';
    }
    return at;
}

/* What the signature should have been, as text; false when memory ran out. */
static bool expected_header_form(struct digest *d, const struct claim *claim,
                                 struct spurn_text secret, struct spurn_text canonical,
                                 struct arena *arena, char out[SHA256_HEX_LEN + 1])
{
    uint8_t key[SHA256_LEN], mac[SHA256_LEN];
    char hash[SHA256_HEX_LEN + 1];
    struct buf to_sign;
    buf_init(&to_sign, CANONICAL_MAX);
    bool ok = digest_sha256_hex(d, canonical, hash);
    if (claim->scheme == CLAIM_SIGV4) {
        buf_addf(&to_sign, "AWS4-HMAC-SHA256\n%.*s\n%.*s/%.*s/%.*s/aws4_request\n%s",
                 TEXT_ARG(claim->time), TEXT_ARG(claim->date), TEXT_ARG(claim->region),
                 TEXT_ARG(claim->service), hash);
        ok = ok && !to_sign.failed && sigv4_key(d, claim, secret, arena, key) &&
             digest_hmac_sha256(d, key, sizeof key, buf_text(&to_sign), mac);
    } else {
        buf_addf(&to_sign, "ACS3-HMAC-SHA256\n%s", hash);
        ok = ok && !to_sign.failed &&
             digest_hmac_sha256(d, secret.at, secret.len, buf_text(&to_sign), mac);
    }
    if (ok)
        digest_hex(mac, sizeof mac, out);
    buf_clear(&to_sign);
    return ok;
}

static const char *refute_header_form(struct digest *d, const struct server_request *request,
                                      const struct claim *claim, struct spurn_text secret,
                                      struct arena *arena)
{
    const char *hash_header =
        claim->scheme == CLAIM_SIGV4 ? "x-amz-content-sha256" : "x-acs-content-sha256";
    char body_hash[SHA256_HEX_LEN + 1], expected[SHA256_HEX_LEN + 1];
    if (!digest_sha256_hex(d, request->body, body_hash))
        return no_memory;
    const char *problem = find_unsigned(request, claim);
    if (!problem)
        problem = refute_scope(claim);
    if (!problem)
        problem = refute_body_hash(request, hash_header, body_hash, arena);
    if (problem)
        return problem;
    struct buf canonical;
    buf_init(&canonical, CANONICAL_MAX);
    canonical_request(request, claim, body_hash, arena, &canonical);
    bool ok = !canonical.failed &&
              expected_header_form(d, claim, secret, buf_text(&canonical), arena, expected);
    buf_clear(&canonical);
    if (!ok)
        return no_memory;
    return same_bytes(claim->signature, expected, SHA256_HEX_LEN)
               ? NULL
               : "The request signature we calculated does not match the signature you provided.";
}

static const char *refute_rpc(struct digest *d, const struct server_request *request,
                              const struct claim *claim, struct spurn_text secret,
                              struct arena *arena)
{
    uint8_t mac[SHA1_LEN];
    char expected[SHA1_LEN * 2];
    struct buf canonical;
    buf_init(&canonical, CANONICAL_MAX);
    canonical_rpc(request, arena, &canonical);
    char *key = arena_alloc(arena, secret.len + 1);
    bool ok = key && !canonical.failed;
    if (ok) {
        memcpy(key, secret.at, secret.len);
        key[secret.len] = '&';
        ok = hmac_sha1(d, (struct spurn_text){key, secret.len + 1}, buf_text(&canonical), arena,
                       mac);
    }
    buf_clear(&canonical);
    if (!ok)
        return no_memory;
    return same_bytes(claim->signature, expected, base64(mac, sizeof mac, expected))
               ? NULL
               : "Specified signature is not matched with our calculation.";
}

const char *claim_refute(struct digest *d, const struct server_request *request,
                         const struct claim *claim, struct spurn_text secret, struct arena *arena)
{
    return claim->scheme == CLAIM_RPC ? refute_rpc(d, request, claim, secret, arena)
                                      : refute_header_form(d, request, claim, secret, arena);
}

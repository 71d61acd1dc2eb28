/* acs3.c - Alibaba Cloud's ACS3-HMAC-SHA256 signature, each stage by itself. */
#include "sign/acs3.h"

#include <strings.h>

#include "clock.h"
#include "sign/canonical.h"
#include "sign/sign.h"

static const char ALGORITHM[] = "ACS3-HMAC-SHA256";

/* ---- stage 1 ---- */

static bool is_signed(struct spurn_text name)
{
    static const char prefix[] = "x-acs-";
    enum { PREFIX_LEN = sizeof prefix - 1 };
    return text_is_nocase(name, "content-type") ||
           (name.len > PREFIX_LEN && strncasecmp(name.at, prefix, PREFIX_LEN) == 0);
}

static const struct canonical_form FORM = {
    .is_signed = is_signed, .sorts_values = true, .folds_blanks = false};

void acs3_canonical_request_of(const struct request *request, struct spurn_text body_hash,
                               struct buf *out, struct buf *signed_headers)
{
    struct buf path;
    buf_init(&path, CANONICAL_LEN_MAX);
    canonical_add_path(&path, request->path);
    canonical_request(request, &FORM, buf_text(&path), body_hash, out, signed_headers);
    if (path.failed)
        out->failed = true;
    buf_clear(&path);
}

void acs3_canonical_request(struct digest *d, const struct request *request, struct buf *out,
                            struct buf *signed_headers)
{
    char body_hash[SHA256_HEX_LEN + 1];
    bool hashed = digest_sha256_hex(d, request->body, body_hash);
    acs3_canonical_request_of(request, text_of(body_hash), out, signed_headers);
    if (!hashed)
        out->failed = true;
}

/* ---- stage 2 ---- */

void acs3_string_to_sign(struct digest *d, struct spurn_text canonical, struct buf *out)
{
    char hash[SHA256_HEX_LEN + 1];
    buf_reset(out);
    if (digest_sha256_hex(d, canonical, hash))
        buf_addf(out, "%s\n%s", ALGORITHM, hash);
    else
        out->failed = true;
}

/* ---- stage 3 ---- */

bool acs3_signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                    char out[SHA256_HEX_LEN + 1])
{
    uint8_t signature[SHA256_LEN];
    out[0] = '\0';
    if (!digest_hmac_sha256(d, secret.at, secret.len, string_to_sign, signature))
        return false;
    digest_hex(signature, sizeof signature, out);
    return true;
}

/* ---- all of it ---- */

static bool authorize(struct digest *d, struct request *request, const struct acs3_keys *keys,
                      struct spurn_text body_hash, struct sign_work *w)
{
    char signature[SHA256_HEX_LEN + 1];
    acs3_canonical_request_of(request, body_hash, &w->canonical, &w->signed_headers);
    acs3_string_to_sign(d, buf_text(&w->canonical), &w->to_sign);
    if (w->canonical.failed || w->to_sign.failed ||
        !acs3_signature(d, buf_text(&w->to_sign), keys->secret, signature))
        return false;
    buf_addf(&w->authorization, "%s Credential=%.*s,SignedHeaders=%s,Signature=%s", ALGORITHM,
             TEXT_ARG(keys->id), buf_str(&w->signed_headers), signature);
    request_add_header(request, "Authorization", buf_text(&w->authorization));
    return !w->authorization.failed && !request->failed;
}

enum spurn_status acs3_sign(struct digest *d, struct request *request, const struct acs3_keys *keys,
                            const struct acs3_moment *moment, struct spurn_error *err)
{
    char time[25], body_hash[SHA256_HEX_LEN + 1];
    enum spurn_status status = sign_check_keys(keys->id, keys->secret, keys->token, err);
    if (status != SPURN_OK)
        return status;
    if (moment->nonce.len == 0)
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot sign request: it has no nonce");
    clock_format_iso(moment->now_ms, time);
    if (!digest_sha256_hex(d, request->body, body_hash))
        return spurn_fail_memory(err);
    request_add_header(request, "x-acs-date", text_of(time));
    request_add_header(request, "x-acs-signature-nonce", moment->nonce);
    request_add_header(request, "x-acs-content-sha256", text_of(body_hash));
    if (keys->token.len > 0) {
        request_add_header(request, "x-acs-accesskey-id", keys->id);
        request_add_header(request, "x-acs-security-token", keys->token);
    }

    struct sign_work work;
    sign_work_init(&work);
    if (!authorize(d, request, keys, text_of(body_hash), &work))
        status = sign_fail_size(err);
    sign_work_clear(&work);
    return status;
}

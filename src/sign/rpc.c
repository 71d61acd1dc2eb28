/* rpc.c - Alibaba Cloud's older HMAC-SHA1 signature of RPC requests (version 1.0), each stage by itself. */
#include "sign/rpc.h"

#include "clock.h"
#include "sign/canonical.h"
#include "sign/sign.h"

enum { KEY_LEN_MAX = 64 * 1024 };

void rpc_canonical(const struct request *request, struct buf *out)
{
    buf_reset(out);
    canonical_add_query(out, request);
}

void rpc_string_to_sign(const struct request *request, struct spurn_text canonical, struct buf *out)
{
    buf_reset(out);
    buf_addf(out, "%s&%%2F&", request->method);
    request_add_encoded(out, canonical);
}

/* RFC 4648, 4. */
static void put_base64(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= i + 2 < len ? bytes[i + 2] : 0;
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = i + 1 < len ? digits[group >> 6 & 63] : '=';
        *out++ = i + 2 < len ? digits[group & 63] : '=';
    }
    *out = '\0';
}

bool rpc_signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                   char out[RPC_SIGNATURE_LEN + 1])
{
    uint8_t hash[SHA1_LEN];
    struct buf key;
    buf_init_wiped(&key, KEY_LEN_MAX);
    buf_add_text(&key, secret);
    buf_add_char(&key, '&');
    out[0] = '\0';
    bool ok = !key.failed && digest_hmac_sha1(d, buf_str(&key), key.len, string_to_sign, hash);
    if (ok)
        put_base64(hash, sizeof hash, out);
    buf_clear(&key);
    return ok;
}

static bool add_signature(struct digest *d, struct request *request, struct spurn_text secret)
{
    char signature[RPC_SIGNATURE_LEN + 1];
    struct sign_work w;
    sign_work_init(&w);
    rpc_canonical(request, &w.canonical);
    rpc_string_to_sign(request, buf_text(&w.canonical), &w.to_sign);
    bool ok = !request->failed && !w.canonical.failed && !w.to_sign.failed &&
              rpc_signature(d, buf_text(&w.to_sign), secret, signature);
    if (ok)
        request_add_parameter(request, "Signature", text_of(signature));
    sign_work_clear(&w);
    return ok && !request->failed;
}

enum spurn_status rpc_sign(struct digest *d, struct request *request, const struct rpc_keys *keys,
                           const struct rpc_moment *moment, struct spurn_error *err)
{
    char time[25];
    enum spurn_status status = sign_check_keys(keys->id, keys->secret, keys->token, err);
    if (status != SPURN_OK)
        return status;
    if (moment->nonce.len == 0)
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot sign request: it has no nonce");
    clock_format_iso(moment->now_ms, time);
    request_add_parameter(request, "AccessKeyId", keys->id);
    request_add_parameter(request, "SignatureMethod", text_of("HMAC-SHA1"));
    request_add_parameter(request, "SignatureVersion", text_of("1.0"));
    request_add_parameter(request, "SignatureNonce", moment->nonce);
    request_add_parameter(request, "Timestamp", text_of(time));
    if (keys->token.len > 0)
        request_add_parameter(request, "SecurityToken", keys->token);
    return add_signature(d, request, keys->secret) ? SPURN_OK : sign_fail_size(err);
}

void rpc_use_body(struct request *request)
{
    struct buf form;
    buf_init_wiped(&form, REQUEST_LEN_MAX);
    request_add_query(request, &form);
    request_set_body(request, buf_text(&form));
    request_add_header(request, "content-type", text_of("application/x-www-form-urlencoded"));
    request->parameter_count = 0;
    request->failed = request->failed || form.failed;
    buf_clear(&form);
}

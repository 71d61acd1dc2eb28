/* acs3.h - Alibaba Cloud's ACS3-HMAC-SHA256 signature, each stage by itself. */
#ifndef SPURN_SIGN_ACS3_H
#define SPURN_SIGN_ACS3_H

#include "digest.h"
#include "request.h"

/* Source: "Request syntax and signature method V3", Alibaba Cloud OpenAPI documentation. */

struct acs3_keys {
    struct spurn_text id, secret;
    struct spurn_text token; /* of STS; absent or empty for long-lived keys */
};

/* What changes from one try to the next. A nonce may be used once. */
struct acs3_moment {
    int64_t now_ms;
    struct spurn_text nonce;
};

/* Stage 1: the canonical request. Signed are host, content-type and every x-acs-* header. What
 * `out` and `signed_headers` held before is gone, here and in stage 2; `out->failed` tells that
 * memory ran out. */
void acs3_canonical_request(struct digest *d, const struct request *request, struct buf *out,
                            struct buf *signed_headers);
/* The same for a body whose hash in hex is known. */
void acs3_canonical_request_of(const struct request *request, struct spurn_text body_hash,
                               struct buf *out, struct buf *signed_headers);
/* Stage 2: "ACS3-HMAC-SHA256", a newline and the hash of stage 1. */
void acs3_string_to_sign(struct digest *d, struct spurn_text canonical, struct buf *out);
/* Stage 3: the signature in hex. False when memory ran out. */
bool acs3_signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                    char out[SHA256_HEX_LEN + 1]);

/* All of it: adds x-acs-date, x-acs-signature-nonce, x-acs-content-sha256, with a token
 * x-acs-accesskey-id and x-acs-security-token, and Authorization. x-acs-action and x-acs-version
 * must be there already. SPURN_E_CREDENTIALS as for SigV4, and SPURN_E_INTERNAL without a nonce. */
enum spurn_status acs3_sign(struct digest *d, struct request *request, const struct acs3_keys *keys,
                            const struct acs3_moment *moment, struct spurn_error *err);

#endif

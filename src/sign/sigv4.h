/* sigv4.h - AWS Signature Version 4, header form, each stage by itself. */
#ifndef SPURN_SIGN_SIGV4_H
#define SPURN_SIGN_SIGV4_H

#include "digest.h"
#include "request.h"

/* Source: "Create a signed AWS API request", AWS IAM User Guide; checked against the public test
 * suite. */

struct sigv4_scope {
    struct spurn_text region, service;
    int64_t now_ms;
    /* S3 signs paths as they are sent, every other service normalises them ("/a/../b" is "/b")
     * and encodes them once more. */
    bool path_is_raw;
};

struct sigv4_keys {
    struct spurn_text id, secret;
    struct spurn_text token; /* absent or empty for long-lived keys */
};

/* Stage 1: the canonical request. Every header of `request` and its Host are signed, but for an
 * Authorization. What `out` and `signed_headers` held before is gone, here and in stage 2;
 * `out->failed` tells that memory ran out. */
void sigv4_canonical_request(struct digest *d, const struct request *request,
                             const struct sigv4_scope *scope, struct buf *out,
                             struct buf *signed_headers);
/* Stage 2: the string to sign, of stage 1's bytes. */
void sigv4_string_to_sign(struct digest *d, struct spurn_text canonical,
                          const struct sigv4_scope *scope, struct buf *out);
/* Stage 3: the signature in hex, of stage 2's bytes. False when memory ran out. */
bool sigv4_signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                     const struct sigv4_scope *scope, char out[SHA256_HEX_LEN + 1]);

/* All of it: adds X-Amz-Date, X-Amz-Security-Token when there is a token, and Authorization to
 * `request`. The same request, keys and scope always give the same bytes; a request is signed
 * once. SPURN_E_CREDENTIALS when id or secret is absent or empty, or when id, secret or token
 * holds characters that no key has; the text never shows them. */
enum spurn_status sigv4_sign(struct digest *d, struct request *request,
                             const struct sigv4_keys *keys, const struct sigv4_scope *scope,
                             struct spurn_error *err);

#endif

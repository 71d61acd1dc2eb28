/* rpc.h - Alibaba Cloud's older HMAC-SHA1 signature of RPC requests (version 1.0), each stage by itself. */
#ifndef SPURN_SIGN_RPC_H
#define SPURN_SIGN_RPC_H

#include "digest.h"
#include "request.h"

/* Source: "Signature mechanism of RPC APIs", Alibaba Cloud OpenAPI documentation. STS is asked with it, as Alibaba's own
 * credentials-go does; everything else with ACS3 (sign/acs3.h). */

struct rpc_keys {
    struct spurn_text id, secret;
    struct spurn_text token; /* of STS; absent or empty for long-lived keys */
};

/* What changes from one try to the next. A nonce may be used once. */
struct rpc_moment {
    int64_t now_ms;
    struct spurn_text nonce;
};

enum { RPC_SIGNATURE_LEN = 28 }; /* of 20 bytes in Base64 */

/* Stage 1: the parameters, encoded and sorted. What `out` held before is gone, here and in stage 2; `out->failed` tells that
 * memory ran out. */
void rpc_canonical(const struct request *request, struct buf *out);
/* Stage 2: the method, "&%2F&" and stage 1 encoded once more. */
void rpc_string_to_sign(const struct request *request, struct spurn_text canonical,
                        struct buf *out);
/* Stage 3: the signature in Base64. False when memory ran out. */
bool rpc_signature(struct digest *d, struct spurn_text string_to_sign, struct spurn_text secret,
                   char out[RPC_SIGNATURE_LEN + 1]);

/* All of it: adds the parameters AccessKeyId, SignatureMethod, SignatureVersion, SignatureNonce, Timestamp, with a token
 * SecurityToken, and Signature. Action, Version and Format must be there already. SPURN_E_CREDENTIALS and SPURN_E_INTERNAL as for
 * ACS3. */
enum spurn_status rpc_sign(struct digest *d, struct request *request, const struct rpc_keys *keys,
                           const struct rpc_moment *moment, struct spurn_error *err);
/* Moves the parameters from the query to a form body: the signature is the same, and no token stands in an address. */
void rpc_use_body(struct request *request);

#endif

/* canonical.h - the exact bytes that a signature is made over, rebuilt from a request as it arrived. */
#ifndef SPURN_EMULATOR_CANONICAL_H
#define SPURN_EMULATOR_CANONICAL_H

#include "emulator/verify.h"

/* Each appends to `out`; out->failed tells that memory ran out. Sources: "Create a signed AWS API request", AWS IAM User
 * Guide; "Request syntax and signature method V3" and "Signature mechanism of RPC APIs", Alibaba Cloud documentation. */

/* For CLAIM_SIGV4 and CLAIM_ACS3. */
void canonical_request(const struct server_request *request, const struct claim *claim,
                       const char *body_hash, struct arena *arena, struct buf *out);
/* For CLAIM_RPC; already the string to sign. */
void canonical_rpc(const struct server_request *request, struct arena *arena, struct buf *out);

/* Is `name` in the semicolon-separated list? */
bool canonical_is_signed(const struct claim *claim, struct spurn_text name);

#endif

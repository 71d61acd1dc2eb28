/* canonical.h - a request in the canonical form that a signer hashes. */
#ifndef SPURN_SIGN_CANONICAL_H
#define SPURN_SIGN_CANONICAL_H

#include "request.h"

enum { CANONICAL_LEN_MAX = 4 * REQUEST_LEN_MAX }; /* encoding makes three bytes of one */

/* Where the signers' canonical forms differ. */
struct canonical_form {
    bool (*is_signed)(struct spurn_text header_name); /* NULL: every header is */
    bool sorts_values; /* values of one header are joined in byte order, else in the order added */
    bool folds_blanks; /* white space inside a value becomes one blank */
};

/* The path as sent with its percent signs left alone: only what a path can't hold is encoded. */
void canonical_add_path(struct buf *out, struct spurn_text path);
/* The query, sorted by encoded name, then value. */
void canonical_add_query(struct buf *out, const struct request *request);
/* Method, path, query (sorted by encoded name, then value), headers with Host, their names, and
 * the body's hash in hex; a line each. `path` is canonical already. What `out` and
 * `signed_headers` held is gone. An Authorization header is never signed: a request that was
 * signed still shows what was. */
void canonical_request(const struct request *request, const struct canonical_form *form,
                       struct spurn_text path, struct spurn_text body_hash, struct buf *out,
                       struct buf *signed_headers);

#endif

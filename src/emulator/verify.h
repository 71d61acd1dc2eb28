/* verify.h - whose signature a request bears, and whether it is theirs. Shares no code with the signers, so that their
 * mistakes are not mirrored. */
#ifndef SPURN_EMULATOR_VERIFY_H
#define SPURN_EMULATOR_VERIFY_H

#include "digest.h"
#include "server.h"

enum claim_scheme {
    CLAIM_NONE,   /* not signed */
    CLAIM_SIGV4,  /* AWS4-HMAC-SHA256 in an Authorization header */
    CLAIM_ACS3,   /* ACS3-HMAC-SHA256 in an Authorization header */
    CLAIM_RPC,    /* Alibaba's older HMAC-SHA1 among the parameters */
    CLAIM_UNKNOWN /* an Authorization header of another kind */
};

/* What a request says about its own signature; nothing of it is proven. Text is absent where the request is silent, and borrows
 * from the request and the arena. */
struct claim {
    enum claim_scheme scheme;
    const char *problem; /* NULL: well formed; else what is not, for people */
    struct spurn_text key_id, token, nonce, signature, signed_headers;
    struct spurn_text date, region, service; /* of SigV4's credential scope */
    struct spurn_text time; /* as written in the request, or in SigV4's basic form */
    int64_t time_ms;        /* 0 when absent or unreadable */
};

void claim_read(const struct server_request *request, struct arena *arena, struct claim *out);

/* NULL when `secret` made the signature over this very request; else why not, for people. Never tells the signature that would have
 * been right. */
const char *claim_refute(struct digest *d, const struct server_request *request,
                         const struct claim *claim, struct spurn_text secret, struct arena *arena);

/* Name of the scheme, as in "sigv4". */
const char *claim_scheme_name(enum claim_scheme scheme);

/* A header's value, all of that name joined with ","; absent when there is none. */
struct spurn_text verify_header(const struct server_request *request, struct spurn_text name,
                                struct arena *arena);

#endif

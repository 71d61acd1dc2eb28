/* credentials.h - whose keys are used: found where each cloud's own tools look for them, exchanged for a role's, told apart. */
#ifndef SPURN_CREDENTIALS_CREDENTIALS_H
#define SPURN_CREDENTIALS_CREDENTIALS_H

#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "error.h"
#include "log.h"
#include "request.h"

enum credentials_cloud { CREDENTIALS_AWS, CREDENTIALS_ALIBABA };

/* The environment, handed in: tests give their own. */
struct credentials_environment {
    const char *(*get)(void *context, const char *name); /* NULL when not set */
    void *context;
};

/* Base URLs instead of the clouds' own. NULL: what environment and profile say, else the cloud's own. */
struct credentials_endpoints {
    const char *sts, *sso; /* sso: AWS's portal, Alibaba's CloudSSO sign-in host */
    const char *metadata;  /* of the instance and of the container */
};

/* Everything is borrowed until credentials_close. */
struct credentials_ask {
    enum credentials_cloud cloud;
    const char *profile; /* NULL: what the environment says, else the default one */
    struct spurn_text
        region; /* where STS is asked when neither profile nor environment names a region of its partition */
    unsigned variants; /* enum place_variant, of STS's host */
    struct credentials_endpoints endpoints;
    struct credentials_environment environment;
    struct digest *digest;
    const struct log *log; /* a warning when a file with secrets is open to others */
};

/* A role to be assumed with keys that are there. Borrowed likewise. */
struct credentials_role {
    struct spurn_text arn;          /* "arn:aws:iam::...:role/x", "acs:ram::...:role/x" */
    struct spurn_text external_id;  /* absent: none */
    struct spurn_text session_name; /* absent: "spurn" */
    int64_t duration_s;             /* 0: an hour */
};

struct credentials {
    struct arena arena;                  /* for secrets */
    struct spurn_text id, secret, token; /* token absent for long-lived keys */
    struct spurn_text account;           /* absent when the source does not say */
    struct spurn_text principal;         /* an ARN: who this is; absent when not known */
    struct spurn_text
        source; /* "environment variables", "profile prod in /home/x/.aws/credentials", "role arn:... with profile prod in ..." */
    int64_t expires_ms; /* 0: never, or not said */
};

void credentials_init(struct credentials *c);
void credentials_clear(struct credentials *c); /* wipes the secrets */
/* *to becomes the same; it is initialised by the caller. */
enum spurn_status credentials_copy(const struct credentials *from, struct credentials *to,
                                   struct spurn_error *err);

/* ---- what environment and profile say besides keys (AWS; Alibaba Cloud has only `region`) ---- */

struct credentials_settings {
    struct arena arena;
    struct spurn_text region;    /* AWS_REGION, AWS_DEFAULT_REGION, the profile's; absent: none */
    struct spurn_text ca_bundle; /* AWS_CA_BUNDLE, the profile's ca_bundle */
    const char *ca_bundle_from;  /* which of them; a literal */
    struct spurn_text ram, sts, organizations,
        sso; /* base URLs: AWS_ENDPOINT_URL_RAM, AWS_ENDPOINT_URL, the profile's `services`
                                              section, its endpoint_url; all absent under AWS_IGNORE_CONFIGURED_ENDPOINT_URLS */
    unsigned
        variants; /* PLACE_FIPS, PLACE_DUAL_STACK: AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT, the profile's */
};

void credentials_settings_init(struct credentials_settings *s);
void credentials_settings_clear(struct credentials_settings *s);
/* `s` is initialised by the caller. A profile that is nowhere says nothing. SPURN_E_CREDENTIALS, SPURN_E_FILE: a file that cannot be read;
 * an endpoint that is no base URL. */
enum spurn_status credentials_read_settings(const struct credentials_ask *ask,
                                            struct credentials_settings *s,
                                            struct spurn_error *err);

/* ---- a search: a machine without I/O of its own ----
 *
 *     credentials_find(&ask, &search, err);
 *     while (credentials_next(search, now_ms, &errand, err) != CREDENTIALS_DONE / _FAILED)
 *         ... send or run what `errand` says ...
 *         credentials_hear(search, &outcome);
 */

struct credentials_search;

enum credentials_need {
    CREDENTIALS_SEND,  /* a request */
    CREDENTIALS_RUN,   /* a program */
    CREDENTIALS_DONE,  /* credentials_take */
    CREDENTIALS_FAILED /* `err` says what was looked at and what to do: SPURN_E_CREDENTIALS, SPURN_E_FILE, SPURN_E_NETWORK, SPURN_E_MEMORY */
};

struct credentials_errand {
    /* CREDENTIALS_SEND; borrowed until the search goes on. The reply holds keys: at most CREDENTIALS_REPLY_MAX bytes of it are taken. */
    const struct request *request;
    const char *base_url;
    bool is_near;                  /* struct http_route */
    int tries;                     /* in all, when no reply comes, or a 5xx, or a 429 */
    int64_t connect_ms, answer_ms; /* 0: the usual */
    /* CREDENTIALS_RUN */
    const char *const *argv; /* ends with NULL; no shell; 60 s, CREDENTIALS_REPLY_MAX bytes */
};

enum { CREDENTIALS_REPLY_MAX = 64 * 1024 };

/* How the errand went: one of the three. Borrowed during the call. */
struct credentials_outcome {
    const struct reply *reply; /* NULL: none came */
    struct spurn_text output;  /* what a program wrote; absent: none ran to its end */
    const char *problem;       /* why neither is there */
    int64_t
        skew_ms; /* the other side's clock (the reply's Date) is ahead by so much; 0: not known, or not worth a word */
};

/* Keys by the cloud's own order of sources. What the files say is read here and now. */
enum spurn_status credentials_find(const struct credentials_ask *ask,
                                   struct credentials_search **out, struct spurn_error *err);
/* Keys of `role`, assumed with `keys`. */
enum spurn_status credentials_assume(const struct credentials_ask *ask,
                                     const struct credentials_role *role,
                                     const struct credentials *keys,
                                     struct credentials_search **out, struct spurn_error *err);
/* The same keys, and whose they are: account and principal, of GetCallerIdentity. */
enum spurn_status credentials_identify(const struct credentials_ask *ask,
                                       const struct credentials *keys,
                                       struct credentials_search **out, struct spurn_error *err);

/* What is to be done next. Asked again without an outcome in between it makes the same errand anew, signed with a fresh nonce and `now_ms`
 * (wire time, milliseconds since 1970): that is how it is tried again. */
enum credentials_need credentials_next(struct credentials_search *s, int64_t now_ms,
                                       struct credentials_errand *errand, struct spurn_error *err);
void credentials_hear(struct credentials_search *s, const struct credentials_outcome *outcome);
/* After CREDENTIALS_DONE: moves the keys to `out`, which the caller initialised. */
enum spurn_status credentials_take(struct credentials_search *s, struct credentials *out,
                                   struct spurn_error *err);
void credentials_close(struct credentials_search *s); /* wipes what it held */

#endif

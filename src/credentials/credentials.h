/* credentials.h - whose keys a target uses, found where each cloud's own tools look for them. */
#ifndef SPURN_CREDENTIALS_CREDENTIALS_H
#define SPURN_CREDENTIALS_CREDENTIALS_H

#include <stdint.h>

#include "buf.h"
#include "error.h"
#include "log.h"

/* The environment, handed in: tests give their own. */
struct credentials_environment {
    const char *(*get)(void *context, const char *name); /* NULL when not set */
    void *context;
};

struct credentials_ask {
    const char *profile; /* NULL: what the environment says, else the default one */
    struct credentials_environment environment;
    const struct log *log; /* a warning when a file with secrets is open to others */
};

struct credentials {
    struct arena arena;
    struct spurn_text id, secret, token; /* token absent for long-lived keys */
    struct spurn_text account;           /* absent when the source does not say */
    struct spurn_text
        source;         /* "environment variables", "profile prod in /home/x/.aws/credentials" */
    int64_t expires_ms; /* 0: never, or not said */
};

void credentials_init(struct credentials *c);
void credentials_clear(struct credentials *c); /* wipes the secrets */

/* SPURN_E_CREDENTIALS with what was looked at and what to do. `out` is initialised by the caller. */
enum spurn_status credentials_find_aws(const struct credentials_ask *ask, struct credentials *out,
                                       struct spurn_error *err);
enum spurn_status credentials_find_alibaba(const struct credentials_ask *ask,
                                           struct credentials *out, struct spurn_error *err);

#endif

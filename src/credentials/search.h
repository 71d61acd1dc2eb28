/* search.h - what the sources of credentials share: a chain of places to look, and the steps that lead from there to keys. */
#ifndef SPURN_CREDENTIALS_SEARCH_H
#define SPURN_CREDENTIALS_SEARCH_H

#include "credentials/credentials.h"
#include "credentials/sources.h"

#define search credentials_search /* the short name in this room */

/* What a step says. */
enum source_answer {
    SOURCE_SEND, /* search->request is to be sent to search->base_url; built with search_request */
    SOURCE_RUN,  /* search->argv is to be run */
    SOURCE_KEYS, /* search->keys are there */
    SOURCE_NOTHING, /* this place has no keys: the chain goes on */
    SOURCE_FAILED   /* with `err`: the chain stops, or goes on where the cloud's own tools do */
};

/* What a source was told by environment or files. In the search's arena; absent where nobody said. */
struct source_settings {
    struct spurn_text id, secret, token, account; /* keys */
    int64_t expires_ms;
    struct spurn_text role_arn, role_name, session_name, external_id, policy;
    int64_t duration_s;                         /* 0: not said */
    struct spurn_text token_file, provider_arn; /* web identity, OIDC */
    struct spurn_text sso_region, sso_session,
        sso_start_url;         /* AWS SSO; its account is `account`, its role `role_name` */
    struct spurn_text profile; /* AWS SSO: that a person signs in for */
    struct spurn_text access_token, sign_in_url, access_config; /* CloudSSO */
    int64_t access_expires_ms;                                  /* of access_token; 0: not said */
    struct spurn_text url; /* credentials URI; container: whole, or "/path" at its usual host */
    struct spurn_text authorization, authorization_file; /* container */
    struct spurn_text command;                           /* of a process, as written */
    struct spurn_text region;                            /* of STS */
    bool uses_vpc;                                       /* Alibaba's STS */
};

/* One step: from nothing to keys, or from keys to others. */
struct source {
    const struct source_kind *kind;
    const char
        *what; /* "profile prod in /x/.aws/config": struct credentials says it as its source */
    struct source *then; /* what is done with the keys; NULL: they are the ones */
    struct source_settings settings;
    int stage; /* 0 at first; the kind's own */
    struct spurn_text kept
        [2]; /* what an earlier reply said: a metadata token, a role's name; in the search's arena */
};

struct source_kind {
    /* Makes the errand of the present stage (also when it is tried again), or gives keys at once. */
    enum source_answer (*ask)(struct search *search, struct source *source,
                              struct spurn_error *err);
    /* Reads how it went. SOURCE_SEND: `stage` or something else was changed, ask again. NULL where `ask` never has an errand. */
    enum source_answer (*hear)(struct search *search, struct source *source,
                               const struct credentials_outcome *outcome, struct spurn_error *err);
};

extern const struct source_kind
    source_keys; /* settings: id, secret, token, account, expires_ms; both clouds (keys.c) */

extern const struct source_kind source_aws_process; /* command (aws/process.c) */
extern const struct source_kind
    source_aws_role; /* role_arn, session_name, external_id, duration_s (aws/sts.c) */
extern const struct source_kind
    source_aws_web_identity; /* role_arn, session_name, token_file, duration_s (aws/sts.c) */
extern const struct source_kind
    source_aws_identity; /* none: GetCallerIdentity of search->keys (aws/sts.c) */
extern const struct source_kind source_aws_sso; /* sso_*, account, role_name (aws/sso.c) */
extern const struct source_kind
    source_aws_container; /* url, authorization, authorization_file (aws/container.c) */
extern const struct source_kind source_aws_instance; /* none (aws/instance.c) */

extern const struct source_kind
    source_alibaba_role; /* role_arn, session_name, external_id, policy, duration_s, region */
extern const struct source_kind source_alibaba_oidc; /* the same, provider_arn, token_file */
extern const struct source_kind source_alibaba_identity;
extern const struct source_kind source_alibaba_instance; /* role_name: absent asks for it */
extern const struct source_kind source_alibaba_process;  /* command */
extern const struct source_kind source_alibaba_uri;      /* url */
extern const struct source_kind
    source_alibaba_cloud_sso; /* access_token, sign_in_url, account, access_config; keys when cached */
extern const struct source_kind source_alibaba_oauth; /* keys as they were kept */

/* One place in the order in which a cloud's own tools look. `look` reads files and environment only. SOURCE_KEYS: *out, made with
 * search_source, leads to keys; SOURCE_NOTHING; SOURCE_FAILED: what is there cannot be used. */
struct chain_link {
    const char *name; /* "environment variables": for errors that say where nothing was */
    enum source_answer (*look)(struct search *search, struct source **out, struct spurn_error *err);
};

struct chain {
    const char *title; /* "AWS" */
    const struct chain_link *links;
    size_t count;
    bool
        goes_on; /* past a place that failed, unless a profile was asked for: what it said is kept for the last error, and logged */
    /* Nothing anywhere: says what was looked at and what to do. */
    enum spurn_status (*fail_lost)(struct search *search, struct spurn_error *err);
};

extern const struct chain chain_aws, chain_alibaba; /* aws/chain.c, alibaba/chain.c */

enum { SEARCH_URL_MAX = 2048, SEARCH_ARGV_MAX = 64 };

struct credentials_search {
    struct credentials_ask ask;
    struct arena arena; /* for secrets: lives as long as the search */
    struct credentials_settings settings;
    const struct chain *chain; /* NULL: the source was given */
    size_t link;               /* of the chain, the next one to look at */
    struct source *source;     /* the one being asked; NULL: look at the next link */
    struct credentials keys;   /* so far */
    struct buf failures;       /* of a chain that goes on: "; " between them */
    /* the errand */
    struct request request;
    char base_url[SEARCH_URL_MAX];
    bool is_near;
    int tries;
    int64_t connect_ms, answer_ms;
    const char *argv[SEARCH_ARGV_MAX + 1];
    int64_t now_ms;  /* wire time, of the present errand; corrected by skew_ms */
    int64_t skew_ms; /* learnt from replies */
    enum credentials_need need;
    struct spurn_error error; /* of CREDENTIALS_FAILED */
    void *own;                /* the chain's: files it read, ...; in `arena` */
    bool lacks_memory;        /* something could not be copied: whatever follows would be a half */
};

/* ---- search.c: for the sources ---- */

/* In the search's arena, zeroed; NULL when memory ran out. `what` is copied. */
struct source *search_source(struct search *search, const struct source_kind *kind,
                             const char *what_format, ...) SPURN_PRINTF(3, 4);
struct spurn_text search_copy(struct search *search,
                              struct spurn_text text); /* absent when memory ran out or it was */
/* Begins the errand: a fresh request with `method`, the usual tries (3) and time-outs, not near. */
struct request *search_request(struct search *search, const char *method);
/* Sets base_url and the request's Host from "https://host[:port]" (a path in it becomes the request's). SPURN_E_CREDENTIALS. */
enum spurn_status search_aim(struct search *search, struct spurn_text url, struct spurn_error *err);
/* Puts keys in search->keys in place of those there; says which is missing, or that they are expired (`expires_ms` is not in the future).
 * `keys->source` NULL: source->what. `account` absent: keeps none. */
enum source_answer search_keep(struct search *search, const struct source *source,
                               const struct sources_keys *keys, struct spurn_error *err);
/* For a reply of another status than 200, or none: "cannot assume role arn:...: sts.us-east-1.amazonaws.com answered 403 AccessDenied: ...";
 * the sentence begins with `what`. `code`, `message` absent: the HTTP status speaks. The request's own keys and tokens are struck out.
 * Answers SOURCE_FAILED. */
enum source_answer search_fail_reply(struct search *search, const char *what,
                                     const struct credentials_outcome *outcome,
                                     struct spurn_text code, struct spurn_text message,
                                     struct spurn_error *err);
/* Reads a token file anew each time: at most 64 KiB, blanks at its ends cut, no control characters. `what` as in file_read_secret: "web
 * identity token". */
enum spurn_status search_read_token(struct search *search, struct spurn_text path, const char *what,
                                    struct spurn_text *token, struct spurn_error *err);
/* Puts "; ADVICE" behind what the error says. NULL: leaves it as it is. */
void search_advise(struct spurn_error *err, const char *advice);
/* Advice for a role that was refused: whether an external id was sent, which its trust policy may ask for. */
const char *search_external_id(const struct source *source);
/* What a source answers when it failed: return source_failed(spurn_fail(...)). */
static inline enum source_answer source_failed(enum spurn_status status)
{
    (void)status;
    return SOURCE_FAILED;
}
/* Splits a command line as a shell would ('..', "..", backslash), without running one; into search->argv. "cannot split its command line:
 * ...": the caller says whose. */
enum spurn_status search_split(struct search *search, struct spurn_text command,
                               struct spurn_error *err);
/* {"AccessKeyId":..} and the like: reads the object's members named in `names` (ended by NULL) into `out`: strings, and numbers as they are
 * written; null is absent; others are skipped. The error's sentence begins with `what`: "cannot read what X wrote". */
enum spurn_status search_read_json(struct search *search, struct spurn_text body, const char *what,
                                   const char *const *names, struct spurn_text *out,
                                   struct spurn_error *err);

#endif

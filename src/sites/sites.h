/* sites.h - every account and region that the configuration means, with the endpoint and the keys that reach it. */
#ifndef SPURN_SITES_SITES_H
#define SPURN_SITES_SITES_H

#include "config/config.h"
#include "credentials/credentials.h"
#include "digest.h"
#include "http/http.h"
#include "log.h"

struct sites;
struct
    keyring; /* the keys of one profile or role, found once and used by every site that names them */

/* Everything is borrowed and must outlive the sites. */
struct sites_options {
    const struct config *config;
    struct http *http; /* requests of the sites and of their keys go out here */
    struct digest *digest;
    const struct log *log;
    struct credentials_environment environment;
    /* GetCallerIdentity of every keyring, not only where the account is not known; and the log need not say who is not: the caller
     * does, with site_is_unidentified. */
    bool asks_identity;
};

enum site_state {
    SITE_FINDING, /* its keys or its account are being asked for */
    SITE_READY,
    SITE_FAILED
};

struct site {
    struct sites *sites;
    const struct config_target *config;
    struct cloud_site place; /* account, region and host */
    const char *endpoint;    /* base URL */
    const char
        *label; /* the configuration's, else the account's name in its organization; may be NULL */
    struct keyring *keyring;
    enum site_state state;
    const struct spurn_error *error; /* of SITE_FAILED; NULL else; lives as long as the sites */
    int64_t skew_ms;    /* the cloud's clock is ahead by so much, as far as it matters */
    bool clock_differs; /* by more than 5 minutes */
    int64_t apart_ms;   /* then: by so much; negative: the cloud's is behind */
};

/* Begins to look for keys, and for the accounts of organizations; waits for nothing. */
enum spurn_status sites_open(const struct sites_options *options, struct sites **out,
                             struct spurn_error *err);
void sites_close(struct sites *s); /* after http_close: nothing is in flight any more */

/* Moves on what looks for keys: starts requests and programs, as far as http has room, and takes what programs wrote. Sets *wait_ms
 * to when it wants to be called again, at most what it was. Replies come in http_step. SPURN_E_CONFIG: two targets are the same account and region
 * of one cloud; SPURN_E_MEMORY. Two that may be, since nobody tells the account of either, fail. */
enum spurn_status sites_step(struct sites *s, int64_t *wait_ms, struct spurn_error *err);
/* No site is SITE_FINDING, and no list of accounts is under way: their number is final. */
bool sites_are_found(const struct sites *s);
/* Nothing more is looked for: what is SITE_FINDING fails with `why` and what it met last, and the next sites_step finds them so. */
void sites_give_up(struct sites *s, const char *why);

/* 0 until they are found. Several that failed may lie in one region with an account that is not known. */
size_t sites_count(const struct sites *s);
struct site *sites_at(struct sites *s,
                      size_t index); /* in the configuration's order; addresses stay */

/* Keys of a SITE_READY. Ahead of their expiry they are fetched anew, once for all sites that share them. */
enum site_keys { SITE_KEYS_READY, SITE_KEYS_AWAITED, SITE_KEYS_GONE };
enum site_keys site_keys(struct site *site);
const struct credentials *site_credentials(const struct site *site); /* NULL when there are none */
/* Why there are none. */
const struct spurn_error *site_keys_error(const struct site *site);
/* Counts up whenever the keys change. */
int64_t site_keys_generation(const struct site *site);
/* The cloud took keys of `generation` for expired. True: others are there, or on their way (SITE_KEYS_AWAITED). False: there are none. */
bool site_keys_expired(struct site *site, int64_t generation);

/* ---- one try of one call ---- */

struct site_answer {
    enum http_end end;
    const struct reply *reply;       /* of HTTP_REPLIED; valid during the callback */
    const struct cloud_error *error; /* NULL: the reply is a 200; secrets are struck out */
    const char *problem;             /* when there is no reply */
    int64_t sent_ms;
    int64_t keys_generation; /* of the keys that signed it */
    bool clock_learnt;       /* site->skew_ms was changed by this reply's Date */
};
typedef void site_answered(void *context, const struct site_answer *answer);

/* How long to wait before another try after `tries`: a random part of a pause that doubles from `base_ms` up to 20 s. */
int64_t site_pause_ms(int tries, int64_t base_ms);

/* Builds, signs (SITE_KEYS_READY) and sends it; `answered` is called from a later http_step. Errors mean that nothing was sent and
 * `answered` will not be called. */
enum spurn_status site_send(struct site *site, const struct cloud_call *call,
                            site_answered *answered, void *context, struct spurn_error *err);

/* Its region answered `error`, as one does to all keys of an account that has not opted in to it. Whether that is so shows where
 * else the same keys are taken, or told whose they are. */
bool site_seems_closed(const struct site *site, const struct cloud_error *error);

/* What to say of such a region: a bad end where it was named, a note where it came with all. */
const char *site_closed_words(const struct site *site);

enum { SITE_NAME_MAX = 240, SITE_WHENCE_MAX = 512 };
/* "AWS RAM us-east-1 of 111122223333 (prod)": for log and errors, into `out`. */
const char *site_name(const struct site *site, char out[SITE_NAME_MAX]);
/* The same with `where` in place of the region: "all 34 regions". */
const char *site_name_at(const struct site *site, const char *where, char out[SITE_NAME_MAX]);
/* "spurn.lua:3 (profile x): ", which goes before a problem of a site whose account is not known; "" of any other. */
const char *site_whence(const struct site *site, char out[SITE_WHENCE_MAX]);
/* Its keys were found, and who has them was asked in vain: then *why tells, and what to do. */
bool site_is_unidentified(const struct site *site, struct spurn_error *why);

#endif

/* private.h - what the files of the sites share, and nobody else sees. */
#ifndef SPURN_SITES_PRIVATE_H
#define SPURN_SITES_PRIVATE_H

#include "cloud/directory.h"
#include "match/set.h"
#include "sites/sites.h"

struct census;
struct errand;
struct sent;

/* ---- keys.c: one set of keys ---- */

/* One set of keys. Who has signed with it and waits for the reply still holds it when others have taken its place. */
struct keys {
    struct credentials credentials;
    int64_t holders;
};

struct keys *keys_open(void); /* held once; NULL when memory ran out */
struct keys *keys_hold(struct keys *keys);
void keys_release(struct keys *keys); /* NULL is nothing */

/* How old keys are, by how long they live and how much of that is left. */
enum keys_age {
    KEYS_FRESH,
    KEYS_DUE,    /* others should be fetched; these still do */
    KEYS_URGENT, /* they may not last until a call is through */
    KEYS_EXPIRED
};

/* `lifetime_ms`: what was left when they were fetched; 0: they do not expire. */
enum keys_age keys_age(enum credentials_cloud cloud, int64_t lifetime_ms, int64_t left_ms);

/* ---- keyring.c: keys, from the first search to the last refresh ---- */

enum keyring_state {
    KEYRING_FINDING,
    KEYRING_READY,
    KEYRING_REFRESHING, /* with keys that may still do */
    KEYRING_FAILED      /* for good */
};

struct keyring_queue {
    struct keyring *head, *tail;
};

struct keyring {
    struct sites *sites;
    const struct cloud *cloud;
    const struct profile *profile;
    struct keyring *parent; /* with whose keys the role is assumed; NULL: there is no role */
    struct credentials_ask ask;
    struct credentials_role role;
    bool asks_identity; /* a source that does not say the account is not enough */

    enum keyring_state state;
    struct keys *keys;     /* NULL: none yet */
    struct keys *fetched;  /* those that a search has just found, while their owner is asked for */
    struct errand *errand; /* NULL: nothing is under way */
    bool identifies;       /* the errand is about `fetched` */
    struct keyring *next;  /* in a queue */
    struct keyring_queue waiting; /* roles that want these keys */
    struct spurn_text account;    /* absent: not known */
    bool was_identified;          /* GetCallerIdentity was asked */
    const struct spurn_error
        *unidentified;            /* why it did not answer; NULL: it did, or was not asked */
    bool was_warned_of;           /* the log has said that nobody knows its account */
    int64_t generation;           /* counts up whenever the keys change */
    int64_t expired_generation;   /* of the last keys that a cloud took for expired */
    int64_t parent_generation;    /* of the parent's keys that the role is asked for with */
    bool was_refused;             /* those were taken for expired, and it is asked for again */
    int64_t lifetime_ms;          /* of the keys, when they were new; 0: they do not expire */
    int64_t skew_ms;              /* the cloud's clock is ahead by so much, as far as it matters */
    int64_t no_refresh_before_ms; /* monotonic */
    const struct spurn_error
        *why; /* of KEYRING_FAILED and of the last refresh that brought nothing */
};

/* The keyring that `target` begins with: of its profile, or of the environment. NULL when memory ran out. */
struct keyring *keyring_of_profile(struct sites *s, const struct config_target *target,
                                   const struct profile *profile);
/* That of a role assumed with the keys of `parent`. The texts are borrowed. */
struct keyring *keyring_of_role(struct keyring *parent, const struct credentials_role *role);
/* Are there keys? Begins a refresh where one is due. */
enum site_keys keyring_keys(struct keyring *k);
bool keyring_expired(struct keyring *k, int64_t generation);
/* Begins what waits in the queue, as far as there is room. True when something was begun. */
bool keyrings_begin(struct sites *s);
/* The errand of `k` ended: with a search that has its keys, or NULL and why it has none. */
void keyring_heard(struct keyring *k, struct credentials_search *search,
                   const struct spurn_error *why);
void keyring_fail(struct keyring *k, const struct spurn_error *why);
/* It was looked for long enough: `why`, and what it met last. Keys that are there are used, though nobody says whose they are. */
void keyring_give_up(struct keyring *k, const char *why);
/* Its errand is to sign with `with`. True: there are better keys, or there will be; the errand is over, and another one begins with those. */
bool keyring_begins_anew(struct keyring *k, const struct keys *with);
/* The cloud took the keys of its errand for expired. True: likewise. */
bool keyring_refused(struct keyring *k);
void keyrings_close(struct sites *s);

/* ---- errand.c: a search for credentials, carried out ---- */

/* Takes the search. `with`, which may be NULL, is held until the end. False when memory ran out. */
bool errand_open(struct keyring *k, struct credentials_search *search, struct keys *with);
void errand_abandon(struct errand *e); /* nobody wants to hear of it any more */
/* What it waits for, or met last: "no reply from https://... yet". Valid until the errand goes on. */
const char *errand_problem(const struct errand *e);
/* Moves all of them on. True when one has ended. */
bool errands_step(struct sites *s, int64_t *wait_ms);
void errands_close(struct sites *s);

/* How long to pause before another try of what was answered so; -1: there is none. `tries`: so far; `tries_max`: in all, when the other
 * side is silent or in trouble. It may throttle us some more. */
int64_t pause_before_try(const struct http_result *result, const struct cloud_error *error,
                         int tries, int tries_max);

/* ---- send.c: one call, and what every reply tells ---- */

int64_t clock_beyond_tolerance(int64_t apart_ms); /* 0 within what is tolerated */
/* How far the other side's clock is ahead, as far as it matters. False: the reply has no Date. */
bool clock_compare(const struct http_result *result, int64_t *ahead_ms);
enum spurn_status make_moment(int64_t skew_ms, char nonce[33], struct cloud_moment *moment,
                              struct spurn_error *err);
struct cloud_keys cloud_keys_of(const struct keys *keys);
void strike_keys(const struct keys *keys, struct cloud_error *error);
void sent_close_all(struct sites *s);

/* ---- expand.c: targets become sites ---- */

/* What a profile or the environment says besides keys; read once. */
struct profile {
    struct profile *next;
    const struct cloud *cloud;
    const char *name; /* NULL: the environment's */
    struct credentials_settings settings;
    const struct spurn_error *why; /* it cannot be read; NULL: it was */
};

/* The sites of one target of the configuration. */
struct group {
    struct site *sites;
    size_t count;
    bool is_owned;  /* else they lie among the others */
    bool is_listed; /* by an organization's directory: others may name the same place */
};

enum spurn_status expand_targets(struct sites *s, struct spurn_error *err);
/* A site in FINDING, or in FAILED when it has no endpoint. SPURN_E_MEMORY. */
enum spurn_status site_init(struct site *site, struct sites *s, const struct config_target *target,
                            const struct profile *profile, struct spurn_error *err);
void site_fail(struct site *site, const struct spurn_error *why);
void site_leave_out(const struct site *site); /* says that another target names its place */
/* "aws/111122223333/us-east-1" into `out`; absent when the account is not known. */
struct spurn_text place_of(const struct site *site, struct buf *out);
void expand_clear(struct sites *s);

/* ---- census.c: the accounts of an organization ---- */

/* Of the entry whose first target that is, with the keys of `base`. SPURN_E_MEMORY. */
enum spurn_status census_open(struct sites *s, size_t first_target, struct keyring *base,
                              struct spurn_error *err);
bool censuses_step(struct sites *s, int64_t *wait_ms); /* true when one has ended */
void censuses_give_up(struct sites *s, const char *why);
void censuses_close(struct sites *s);

/* ---- sites.c ---- */

struct sites {
    struct sites_options options;
    struct arena texts; /* keyrings, profiles, names, errors: all that lives as long as the sites */
    struct profile *profiles;
    struct set *keyring_names; /* of keyrings[], in the same order */
    struct keyring **keyrings;
    size_t keyring_cap;
    struct keyring_queue queue; /* those that want to begin */
    struct log log_once;        /* options.log, for those who read the same file again and again */
    struct set *said;           /* warnings that it has passed on */
    struct set *endpoints;      /* base URLs; the texts of the sites */
    struct set *named;          /* places that targets name themselves */
    struct site *plain;         /* sites of targets that name no organization */
    struct group *groups;       /* one for each target */
    struct census *censuses;
    struct errand *errands; /* under way */
    size_t errand_count;
    size_t program_count;
    size_t finding; /* keyrings and censuses that are not through yet */
    struct sent *sent;
    bool is_found;
    struct site **order;
    size_t count;
    struct spurn_error broken; /* memory ran out within a callback: said by the next step */
};

/* A copy of *why that lives as long as the sites. */
const struct spurn_error *sites_keep_error(struct sites *s, const struct spurn_error *why);
/* A copy that lives as long as the sites; absent when there was none or memory ran out. */
struct spurn_text sites_keep_text(struct sites *s, struct spurn_text text);
void sites_break(struct sites *s, const struct spurn_error *why);

#endif

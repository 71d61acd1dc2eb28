/* census.h - what is asked of an organization's directory, page by page. */
#ifndef SPURN_SITES_CENSUS_H
#define SPURN_SITES_CENSUS_H

#include "sites/private.h"

enum {
    INQUIRIES_MAX = 8, /* at a time: the directories take some ten requests in a second */
    CENSUS_URL_MAX = 2048,
    CENSUS_PROBLEM_LEN = 512
};

/* An active account. */
struct member {
    struct spurn_text id, name;
    uint64_t tags_held; /* a bit for each one that the configuration asks for */
};

/* One list that is asked for, page by page: of all accounts, or of the tags of one. */
struct inquiry {
    struct census *census;
    struct member *member; /* whose tags; NULL: it is about all accounts */
    struct buf page_token; /* empty for the first page */
    struct set *tokens;    /* those seen */
    struct keys *keys;     /* that signed what is in flight, held */
    int64_t generation;
    bool is_open, in_flight, clock_mended;
    int tries;
    int64_t not_before_ms; /* monotonic */
};

enum census_state {
    CENSUS_KEYS, /* waits for those that may ask */
    CENSUS_ACCOUNTS,
    CENSUS_TAGS,
    CENSUS_DONE
};

struct census {
    struct census *next;
    struct sites *sites;
    size_t first_target, target_count;
    const struct config_target *target; /* the first of them */
    const struct directory *directory;
    struct keyring *base;
    const struct spurn_error *why; /* it has no endpoint */
    char endpoint[CENSUS_URL_MAX];
    struct cloud_site place;
    enum census_state state;
    struct set *ids; /* of members[], in the same order */
    struct member *members;
    size_t member_cap;
    size_t next_member;               /* whose tags are to be asked for */
    char problem[CENSUS_PROBLEM_LEN]; /* met last; "": none */
    struct inquiry inquiries[INQUIRIES_MAX];
};

/* ---- inquiry.c ---- */

bool inquiry_open(struct inquiry *q, struct member *member); /* false when memory ran out */
void inquiry_close(struct inquiry *q); /* what is in flight comes to nothing */
/* Sends its next request, as far as there is room and keys. What comes of it fails the census or grows it. */
void inquiry_step(struct inquiry *q, int64_t *wait_ms);

/* ---- census.c ---- */

/* Ends it; one failed site says why. */
void census_fail(struct census *c, const struct spurn_error *why);
void census_fail_memory(struct census *c);

#endif

/* cloud.h - what every cloud can do, as pure steps: "send this", "here is what came back". No I/O happens here. */
#ifndef SPURN_CLOUD_CLOUD_H
#define SPURN_CLOUD_CLOUD_H

#include <stdint.h>

#include "digest.h"
#include "invitation.h"
#include "place/place.h"
#include "request.h"

enum cloud_operation {
    CLOUD_LIST,     /* a page of all invitations, whatever their status */
    CLOUD_LOOK_UP,  /* one invitation, by its id */
    CLOUD_REJECT,   /* one invitation */
    CLOUD_RESOURCES /* a page of what one pending invitation shares; AWS only */
};
enum { CLOUD_OPERATIONS = CLOUD_RESOURCES + 1 };

struct cloud_call {
    enum cloud_operation operation;
    struct spurn_text page_token;   /* LIST, RESOURCES: absent for the first page */
    struct spurn_text invitation;   /* all but LIST */
    struct spurn_text client_token; /* REJECT; sent where the cloud takes one; absent: none */
};

/* The account and region a call goes to. */
struct cloud_site {
    struct spurn_text account; /* absent: not known */
    struct spurn_text region;
    struct spurn_text host; /* of the endpoint, as the Host header has it */
};

struct cloud_keys {
    struct spurn_text id, secret;
    struct spurn_text token; /* absent for long-lived keys */
};

struct cloud_moment {
    int64_t now_ms;          /* wire time */
    struct spurn_text nonce; /* used once; for clouds that want one */
};

/* One page of a list. Text lives in the page. */
struct cloud_page {
    struct arena arena;
    struct invitation *items; /* owned */
    size_t count, cap;
    struct spurn_text next_token; /* absent on the last page: null and "" count as absent */
    struct spurn_text request_id;
};

void cloud_page_init(struct cloud_page *page);
void cloud_page_clear(struct cloud_page *page);

/* One resource of a pending invitation. Every field may be absent. */
struct cloud_resource {
    struct spurn_text arn, type, share, group, status, status_message, scope;
    bool has_created, has_updated;
    int64_t created_ms, updated_ms;
};

struct cloud_resources {
    struct arena arena;
    struct cloud_resource *items; /* owned */
    size_t count, cap;
    struct spurn_text next_token;
};

void cloud_resources_init(struct cloud_resources *list);
void cloud_resources_clear(struct cloud_resources *list);

/* What an error answer means for whoever called. */
enum cloud_error_kind {
    CLOUD_ERROR_OTHER, /* not in our table: nothing is known */
    CLOUD_ERROR_ALREADY_REJECTED,
    CLOUD_ERROR_ALREADY_ACCEPTED,
    CLOUD_ERROR_EXPIRED, /* the invitation */
    CLOUD_ERROR_CANCELLED,
    CLOUD_ERROR_NOT_FOUND,    /* the invitation */
    CLOUD_ERROR_REFUSED,      /* no permission, or not permitted */
    CLOUD_ERROR_INVALID,      /* our request was wrong: a parameter, a page token */
    CLOUD_ERROR_CLIENT_TOKEN, /* IdempotentParameterMismatch, InvalidClientToken (not ...TokenId) */
    CLOUD_ERROR_THROTTLED,    /* not done; slower, please */
    CLOUD_ERROR_SERVER,       /* 5xx: may have been done */
    CLOUD_ERROR_KEYS,         /* unknown key, wrong secret */
    CLOUD_ERROR_KEYS_EXPIRED,
    CLOUD_ERROR_CLOCK, /* the clocks differ too much */
    CLOUD_ERROR_NONCE  /* a nonce used twice */
};

/* Text is NUL-terminated, valid UTF-8, without control characters, cut to fit. */
struct cloud_error {
    enum cloud_error_kind kind;
    const char *label; /* the code as our own table spells it, or "other" */
    char code[128];    /* as the cloud wrote it; "HTTP 503" when it sent none */
    char message
        [512]; /* with the request's key id, token and signature struck out by cloud_error_redact */
    char request_id[128];
    int64_t retry_after_ms; /* 0: not said; at most 60,000 */
};

/* Strikes out every secret or signature that the server may have echoed: `hide` and any Authorization-like text. */
void cloud_error_redact(struct cloud_error *error, const struct spurn_text *hide,
                        size_t hide_count);
/* "throttled", "refused", ...: for people. */
const char *cloud_error_kind_name(enum cloud_error_kind kind);

struct cloud {
    const char *name;  /* "aws" */
    const char *title; /* "AWS RAM" */
    bool takes_client_token;
    bool lists_resources;
    const char *permissions
        [CLOUD_OPERATIONS]; /* what keys need for each; NULL where there is no such operation */
    int account_digits;     /* 12, 16 */
    int64_t lifetime_max_s; /* no invitation stays pending longer */

    const char *service;              /* "ram", "resourcesharing": what endpoints are named after */
    const struct place_list *regions; /* the known ones; more may open any day */
    bool (*is_region)(struct spurn_text region);
    /* The invitation's id in the alphabet and length this cloud uses; anything else never reaches journal or request. */
    bool (*is_invitation_id)(struct spurn_text id);
    /* "https://ram.us-east-1.amazonaws.com", no trailing slash. SPURN_E_CONFIG for a region no partition has. */
    enum spurn_status (*endpoint)(struct spurn_text region, unsigned variants, struct buf *url,
                                  struct spurn_error *err);
    const struct directory *directory; /* cloud/directory.h */
    /* Everything but Host and what signing adds. `request` is initialised here and is the caller's to clear, also after a failure. */
    enum spurn_status (*build)(const struct cloud_call *call, struct request *request,
                               struct spurn_error *err);
    /* Sets Host and signs. Every try is built and signed anew. */
    enum spurn_status (*sign)(struct digest *d, const struct cloud_site *site,
                              const struct cloud_keys *keys, const struct cloud_moment *moment,
                              struct request *request, struct spurn_error *err);
    /* Readers of a 200. A reply that cannot be read whole is SPURN_E_CLOUD: never an empty page. `page` is initialised by the
     * caller and holds nothing useful after a failure. LIST and LOOK_UP. */
    enum spurn_status (*read_page)(const struct reply *reply, struct cloud_page *page,
                                   struct spurn_error *err);
    /* The invitation that a REJECT answers with becomes page->items[0]. */
    enum spurn_status (*read_rejected)(const struct reply *reply, struct cloud_page *page,
                                       struct spurn_error *err);
    enum spurn_status (*read_resources)(const struct reply *reply, struct cloud_resources *list,
                                        struct spurn_error *err); /* NULL where there is none */
    /* Any other reply. Always names something. */
    void (*read_error)(const struct reply *reply, struct cloud_error *out);
    /* NULL when this invitation can be `site`'s own; else what is wrong ("its receiver is account ...")
     * for people, written into `why`. */
    const char *(*foreign)(const struct invitation *inv, const struct cloud_site *site,
                           char why[256]);
};

extern const struct cloud cloud_aws, cloud_alibaba;
/* SPURN_E_CLOUD and one sentence about an error answer: "AWS RAM answered AccessDenied: ...; allow these keys ...". */
enum spurn_status cloud_describe(const struct cloud *cloud, enum cloud_operation operation,
                                 const struct cloud_error *error, struct spurn_error *err);
/* The same of any service; `need` is what to do about a refusal: "; allow these keys ...". */
enum spurn_status cloud_describe_answer(const char *title, const struct cloud_error *error,
                                        const char *need, struct spurn_error *err);
/* All of them, in the order in which they are shown; NULL past the end. */
const struct cloud *cloud_at(size_t index);
const struct cloud *cloud_named(struct spurn_text name); /* NULL when there is none */
/* False when no cloud has such a region, or it is a slip of the pen for a known one, which then is *meant; else *meant is NULL. */
bool cloud_has_region(struct spurn_text region, const char **meant);

#endif

/* invitation.h - one invitation to a resource share, whichever cloud it came from. */
#ifndef SPURN_INVITATION_H
#define SPURN_INVITATION_H

#include <stdint.h>

#include "buf.h"
#include "digest.h"

enum invitation_status {
    STATUS_OTHER, /* a word we do not know, or none: never a candidate */
    STATUS_PENDING,
    STATUS_ACCEPTED,
    STATUS_REJECTED,
    STATUS_EXPIRED,
    STATUS_CANCELLED,    /* Alibaba Cloud */
    STATUS_ACCEPT_FAILED /* Alibaba Cloud */
};

/* Everything may be absent but the id. Text borrows from the page or reply it was read from. */
struct invitation {
    struct spurn_text id;           /* AWS: the invitation's ARN; Alibaba Cloud: "i-..." */
    struct spurn_text sender;       /* account id, digits, kept as text: leading zeros matter */
    struct spurn_text receiver;     /* account id */
    struct spurn_text receiver_arn; /* AWS: the IAM user or role it was sent to */
    struct spurn_text name;         /* of the share; chosen by the sender */
    struct spurn_text share;        /* the share's ARN or id */
    struct spurn_text status_text;  /* as the cloud wrote it */
    enum invitation_status status;
    bool has_created;
    int64_t created_ms;
};

/* The status as every cloud's is shown: "PENDING", "ACCEPTED", ...; "OTHER". */
const char *invitation_status_name(enum invitation_status status);
/* "PENDING", "Pending", "AcceptFailed", "ACCEPT_FAILED": letter case and '_' do not matter. */
enum invitation_status invitation_status_of(struct spurn_text word);

/* Where an invitation was found. `cloud` is "aws" or "alibaba"; account absent when nobody knows
 * it. */
struct origin {
    struct spurn_text cloud, account, region;
};

/* The client token of AWS RAM's reject call: a UUIDv5 in the URL namespace of what may not
 * change between two tries of one call,
 * "spurn:reject:1\nACCOUNT\nREGION\nARN\nCREATED_MS\nGENERATION". The creation time counts as 0
 * when absent, the account as empty. False when memory ran out or the id is longer than any ARN. */
bool invitation_client_token(struct digest *d, const struct origin *origin,
                             const struct invitation *inv, int64_t generation, char out[37]);

#endif

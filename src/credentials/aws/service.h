/* service.h - what AWS's sources share: where a service is asked, and keys as it hands them out. */
#ifndef SPURN_CREDENTIALS_AWS_SERVICE_H
#define SPURN_CREDENTIALS_AWS_SERVICE_H

#include "credentials/search.h"

enum { AWS_SENTENCE_MAX = 512 };

/* What an answer said. Text in the search's arena; absent where it said nothing. */
struct aws_answer {
    struct sources_setting id, secret, token; /* named as the answer names them */
    bool may_be_lasting;                      /* without a token, and without an end */
    struct spurn_text expiration;             /* ISO 8601 */
    int64_t expires_ms;                       /* where it was no text; 0: it was, or not said */
    struct spurn_text account;
    struct spurn_text arn;       /* of the role that is meant: the keys must be of its account */
    struct spurn_text principal; /* an ARN: who has the keys */
};

/* Keeps the keys of an answer. `what` begins errors: "cannot assume role arn:...". SOURCE_KEYS, or SOURCE_FAILED: a part is missing
 * or unreadable, or the keys have expired. */
enum source_answer aws_keep(struct search *search, const struct source *source, const char *what,
                            const struct aws_answer *answer, struct spurn_error *err);

/* Adds the base URL of a service to `url`: `given`, else `set` (which may be absent), else AWS's own in `region`. SPURN_E_CREDENTIALS. */
enum spurn_status aws_find_endpoint(const struct search *search, const char *service,
                                    struct spurn_text region, const char *given,
                                    struct spurn_text set, struct buf *url,
                                    struct spurn_error *err);

/* The code and the message of an error answered as JSON, in the search's arena; absent where there is none. */
void aws_read_error(struct search *search, const struct reply *reply, struct spurn_text *code,
                    struct spurn_text *message);

/* 12 digits. */
bool aws_is_account(struct spurn_text text);
/* The account of an ARN, 12 digits; absent when it is no ARN or names none. */
struct spurn_text aws_account_of(struct spurn_text arn);
/* In the alphabet and length of an ARN. */
bool aws_is_arn(struct spurn_text text);
/* "arn:aws:iam::111122223333:role/NAME". */
bool aws_is_role(struct spurn_text text);

#endif

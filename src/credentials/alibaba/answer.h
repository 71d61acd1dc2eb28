/* answer.h - what Alibaba Cloud's services answer when they are asked for keys, however each of them spells it. */
#ifndef SPURN_CREDENTIALS_ALIBABA_ANSWER_H
#define SPURN_CREDENTIALS_ALIBABA_ANSWER_H

#include "credentials/search.h"

enum { ALIBABA_SENTENCE_MAX = 512 };

/* Text is absent where it said nothing, and borrows from the answer or lives in the search's arena. */
struct alibaba_answer {
    struct spurn_text id, secret, token, expiration;
    struct spurn_text mode;          /* of a program: "AK", "StsToken" */
    struct spurn_text account, arn;  /* whose they are */
    struct spurn_text code, message; /* of an error; of metadata also "Success" */
};

/* False when it is not one whole JSON object, or a part of it is of another type; *why (may be NULL) says which, for people. */
bool alibaba_answer_read(struct search *search, struct spurn_text body, struct alibaba_answer *out,
                         const char **why);
/* Keeps the keys of an answer. Without `may_be_lasting` they need a token and an end. `sentence` begins errors: "cannot use x". */
enum source_answer alibaba_answer_keep(struct search *search, const struct source *source,
                                       const char *sentence, const struct alibaba_answer *answer,
                                       bool may_be_lasting, struct spurn_error *err);
/* Both, of a reply: SOURCE_FAILED also when none came, and for every status but 200. */
enum source_answer alibaba_answer_take(struct search *search, const struct source *source,
                                       const char *sentence,
                                       const struct credentials_outcome *outcome,
                                       struct spurn_error *err);

/* Digits, and no more of them than an account has. */
bool alibaba_is_account(struct spurn_text text);
/* An ARN fit to be shown as whose keys these are. */
bool alibaba_is_arn(struct spurn_text text);
/* "acs:ram::1234567890123456:..." gives the account; absent when it is nothing like it. */
struct spurn_text alibaba_account_of(struct spurn_text arn);
/* A copy of what a variable says; absent when it is not set, or empty. */
struct spurn_text alibaba_variable(struct search *search, const char *variable);
/* Whether a variable says "true", in whatever letters. */
bool alibaba_is_set(const struct search *search, const char *variable);

#endif

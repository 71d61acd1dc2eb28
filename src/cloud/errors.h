/* errors.h - a cloud's error answers, named by tables of the codes it sends. */
#ifndef SPURN_CLOUD_ERRORS_H
#define SPURN_CLOUD_ERRORS_H

#include "cloud/cloud.h"

struct error_row {
    const char *code; /* the whole code; with a '*' at the end, every code that begins so */
    enum cloud_error_kind kind;
    const char *label; /* NULL: the code itself */
};

/* All that one cloud answers with. */
struct error_book {
    const struct error_row *rows; /* the first that fits counts */
    size_t count;
    const char *code_header;    /* which may hold the code; NULL: none */
    const char *request_header; /* which may hold the request's id */
};

extern const struct error_book aws_errors, alibaba_errors;

/* Fills all of `out`; no answer is so odd that it stays without a code and a kind. */
void errors_read(const struct error_book *book, const struct reply *reply, struct cloud_error *out);

#endif

/* request.h - one HTTP request and one reply as plain data, before any library sees them. */
#ifndef SPURN_REQUEST_H
#define SPURN_REQUEST_H

#include "buf.h"

enum { REQUEST_HEADERS_MAX = 32, REQUEST_PARAMETERS_MAX = 64, REQUEST_LEN_MAX = 256 * 1024 };

struct header {
    struct spurn_text name, value; /* in the request's arena */
};

/* A request is built up in steps and owns all its text, which is wiped when it is cleared: session tokens are in it.
 * Parameters are names and values before any encoding. */
struct request {
    struct arena arena;
    const char *method; /* "GET", "POST", "PUT"; a literal */
    struct spurn_text
        host; /* as in the Host header: the port is left out where it is the scheme's own */
    struct spurn_text path;                           /* begins with '/'; as sent */
    struct header parameters[REQUEST_PARAMETERS_MAX]; /* the query, in the order added */
    size_t parameter_count;
    struct header headers[REQUEST_HEADERS_MAX]; /* without Host and Content-Length */
    size_t header_count;
    struct spurn_text body; /* empty when there is none */
    /* Memory ran out, a bound was passed, or a header held a control character: ask once, after
     * building. */
    bool failed;
};

/* The path is "/" and the body empty until set. */
void request_init(struct request *r, const char *method);
/* The same in memory for secrets: for one that waits, or that holds what opens a door by itself. */
void request_init_secret(struct request *r, const char *method);
void request_clear(struct request *r);
void request_set_host(struct request *r, struct spurn_text host);
void request_set_path(struct request *r, struct spurn_text path);
void request_set_body(struct request *r, struct spurn_text body);
/* A value that is absent adds nothing; one that is empty does. */
void request_add_header(struct request *r, const char *name, struct spurn_text value);
void request_add_parameter(struct request *r, const char *name, struct spurn_text value);
/* The query as sent: RFC 3986 encoded (only A-Z a-z 0-9 - _ . ~ stay), in the order added,
 * without '?'. */
void request_add_query(const struct request *r, struct buf *out);
/* Percent-encodes all but RFC 3986's unreserved characters. */
void request_add_encoded(struct buf *out, struct spurn_text text);

/* What came back. Header names are found without regard to letter case. */
enum { REPLY_HEADERS_MAX = 64 };

struct reply {
    int http_status;
    struct header headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct spurn_text body;
};

struct spurn_text reply_header(const struct reply *r, const char *name); /* absent when not there */

#endif

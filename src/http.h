/* http.h - requests go out and replies come back, many at once, in one thread, over libcurl's multi interface. */
#ifndef SPURN_HTTP_H
#define SPURN_HTTP_H

#include <stdint.h>

#include "error.h"
#include "log.h"
#include "request.h"

struct http;

enum { HTTP_BODY_MAX = 16 * 1024 * 1024 }; /* a larger reply is an error */

struct http_options {
    int window;         /* most requests in flight; 64 when 0 */
    int64_t connect_ms; /* 10,000 when 0 */
    int64_t answer_ms;  /* 30,000 when 0 */
    const struct log *log;
};

/* How a request ended, by what may have happened at the other side. */
enum http_end {
    HTTP_REPLIED,  /* a whole reply */
    HTTP_NOT_SENT, /* surely not done: no such host, refused, TLS failed, proxy refused */
    HTTP_LOST /* may have been done: time-out, connection lost after sending, a reply cut short or too large */
};

struct http_result {
    enum http_end end;
    struct reply reply; /* of HTTP_REPLIED; text is valid during the callback */
    const char *
        problem; /* otherwise: what went wrong, for people: "no reply from http://127.0.0.1:4566: connection refused" */
    int64_t date_ms;              /* the reply's Date header; 0 when absent or unreadable */
    int64_t sent_ms, received_ms; /* wall clock around it */
};

typedef void http_done(void *context, const struct http_result *result);

enum spurn_status http_open(const struct http_options *options, struct http **out,
                            struct spurn_error *err);
void http_close(struct http *h); /* requests in flight are dropped without their callback */

/* Sends `request` to `base_url` ("https://ram.us-east-1.amazonaws.com", no path) and calls `done` from a later http_step.
 * The request's bytes are copied. Ask http_has_room first. TLS is always verified, redirects are never followed, .netrc and
 * cookies are not used. Errors here mean that nothing was sent and `done` will not be called. */
enum spurn_status http_send(struct http *h, const char *base_url, const struct request *request,
                            http_done *done, void *context, struct spurn_error *err);
bool http_has_room(const struct http *h);
/* Moves everything on; waits at most `timeout_ms` for something to happen.
 * Callbacks run inside and may call http_send. */
enum spurn_status http_step(struct http *h, int64_t timeout_ms, struct spurn_error *err);

#endif

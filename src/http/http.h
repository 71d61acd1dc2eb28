/* http.h - requests go out and replies come back, many at once, in one thread, over libcurl's multi interface. */
#ifndef SPURN_HTTP_HTTP_H
#define SPURN_HTTP_HTTP_H

#include <stdint.h>

#include "error.h"
#include "log.h"
#include "request.h"

struct http;

enum { HTTP_BODY_MAX = 16 * 1024 * 1024 }; /* a larger reply is an error */
enum { HTTP_WATCHED_MAX = 16 };            /* descriptors of others */

struct http_options {
    int window;         /* most requests in flight; 64 when 0 */
    int64_t connect_ms; /* 10,000 when 0 */
    int64_t answer_ms;  /* 30,000 when 0 */
    const struct log *log;
};

/* How one request travels. A zeroed one suits the service that a target's configuration names. */
struct http_route {
    /* Metadata and container endpoints: past every proxy, and over plain http only to a loopback or link-local address,
     * 100.100.100.200 or fd00:ec2::/32; else HTTP_NOT_SENT. */
    bool is_near;
    bool holds_keys;       /* the reply does: its bytes and what libcurl kept of them are wiped */
    const char *ca_bundle; /* a PEM file instead of the system's; NULL: the system's. Copied */
    const char
        *ca_bundle_from; /* who names it, for people: "AWS_CA_BUNDLE"; a literal. NULL: not said */
    int64_t connect_ms, answer_ms; /* 0: as in http_options */
    size_t body_max;               /* bytes; 0: HTTP_BODY_MAX */
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

/* Where the process has not set up libcurl before, libcurl works in memory of ours, which is wiped when it is given back. */
enum spurn_status http_open(const struct http_options *options, struct http **out,
                            struct spurn_error *err);
void http_close(struct http *h); /* requests in flight are dropped without their callback */

/* Sends `request` (GET, POST or PUT) to `base_url` ("https://ram.us-east-1.amazonaws.com", no path) by `route` (NULL: a
 * zeroed one) and calls `done` from a later http_step. The request's bytes are copied, into memory for secrets. Ask
 * http_has_room first. TLS is always verified; a redirect is a reply like any other, never followed; .netrc and cookies are
 * not used. Errors here mean that nothing was sent and `done` will not be called. */
enum spurn_status http_send(struct http *h, const char *base_url, const struct http_route *route,
                            const struct request *request, http_done *done, void *context,
                            struct spurn_error *err);
bool http_has_room(const struct http *h);
/* From now on http_step also wakes up when `fd` can be read; http_unwatch before it is closed. At most HTTP_WATCHED_MAX:
 * false when there is no room. */
bool http_watch(struct http *h, int fd);
void http_unwatch(struct http *h, int fd);
/* Moves everything on; waits at most `timeout_ms` for something to happen.
 * Callbacks run inside and may call http_send. */
enum spurn_status http_step(struct http *h, int64_t timeout_ms, struct spurn_error *err);

#endif

/* server.h - a small HTTP server in the caller's own loop, over libmicrohttpd. */
#ifndef SPURN_SERVER_H
#define SPURN_SERVER_H

#include "error.h"
#include "request.h"

struct server;

struct server_request {
    struct spurn_text method, target; /* target as sent: path and query, not decoded */
    struct spurn_text path,
        query; /* target split at the first '?', not decoded; query absent without one */
    struct header headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct spurn_text body; /* whole, chunks joined */
};

/* What to answer; text is copied before server_reply returns. */
struct server_response {
    int http_status;
    struct header headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct spurn_text body;
    int64_t delay_ms; /* hold the answer back this long */
    bool drop;        /* close the connection without answering */
    size_t cut_after; /* when not 0, close after this many bytes of the body */
};

typedef void server_handler(void *context, const struct server_request *request,
                            struct server_response *response, struct arena *arena);

struct server_options {
    const char *address; /* "127.0.0.1" */
    int port;            /* 0 picks a free one */
    size_t body_max;     /* larger request bodies get a 413 */
    int connections_max;
    int idle_s; /* a connection without traffic is closed after this long; 30 when 0 */
    server_handler *handle;
    void *context;
};

/* True for 127.0.0.0/8 and ::1; false for everything else, names too. */
bool server_is_loopback(const char *address);

enum spurn_status server_open(const struct server_options *options, struct server **out,
                              struct spurn_error *err);
void server_close(struct server *s);
int server_port(const struct server *s);
int server_fd(const struct server *s); /* an epoll descriptor: readable when server_step has work */
int64_t server_wait_ms(struct server *s); /* until server_step must be called anyway; -1: no need */
enum spurn_status server_step(struct server *s, struct spurn_error *err); /* never blocks */

#endif

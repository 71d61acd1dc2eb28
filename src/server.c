/* server.c - a small HTTP server in the caller's own loop, over libmicrohttpd. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum {
    IDLE_S = 30,
    BACKLOG = 128,
    CONNECTION_MEMORY = 64 * 1024,      /* a request's line and headers */
    EXCHANGE_MEMORY = 64 * 1024 * 1024, /* what a handler may put into its arena */
    HTTP_TOO_LARGE = 413,
    HTTP_TOO_MANY_HEADERS = 431,
    HTTP_INTERNAL = 500
};

/* One request and its answer, from the request line until libmicrohttpd says that it is over. */
struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    char *target;
    struct buf body;
    bool begun, handled;
    int http_status;
    struct MHD_Response *answer;
    int64_t due_ms;                   /* monotonic; when a held-back answer goes out */
    struct exchange *next, *previous; /* among those held back */
};

struct server {
    struct server_options options;
    struct MHD_Daemon *daemon;
    int port;
    int fd;
    struct exchange *held;
};

/* A body that ends early: the announced length is never reached, so the connection is closed. */
struct cut_body {
    size_t len;
    char bytes[];
};

/* ---- held-back answers ---- */

static void hold(struct exchange *e, int64_t delay_ms)
{
    e->due_ms = clock_monotonic_ms() + delay_ms;
    e->previous = NULL;
    e->next = e->server->held;
    if (e->next)
        e->next->previous = e;
    e->server->held = e;
    MHD_suspend_connection(e->connection);
}

static void forget_held(struct exchange *e)
{
    if (!e->due_ms)
        return;
    if (e->previous)
        e->previous->next = e->next;
    else
        e->server->held = e->next;
    if (e->next)
        e->next->previous = e->previous;
    e->due_ms = 0;
}

static void release(struct exchange *e)
{
    forget_held(e);
    MHD_resume_connection(e->connection);
}

static void release_due(struct server *s, int64_t now_ms)
{
    struct exchange *next = NULL;
    for (struct exchange *e = s->held; e; e = next) {
        next = e->next;
        if (e->due_ms <= now_ms)
            release(e);
    }
}

/* ---- reading a request ---- */

struct collected {
    struct server_request *request;
    bool too_many;
};

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name,
                                      size_t name_len, const char *value, size_t value_len)
{
    (void)kind;
    struct collected *collected = context;
    struct server_request *r = collected->request;
    if (r->header_count == REPLY_HEADERS_MAX) {
        collected->too_many = true;
        return MHD_NO;
    }
    r->headers[r->header_count++] =
        (struct header){{name, name_len}, {value ? value : "", value_len}};
    return MHD_YES;
}

static void split_target(struct server_request *r)
{
    const char *mark = memchr(r->target.at, '?', r->target.len);
    r->path = r->target;
    r->query = TEXT_ABSENT;
    if (!mark)
        return;
    r->path.len = (size_t)(mark - r->target.at);
    r->query = (struct spurn_text){mark + 1, r->target.len - r->path.len - 1};
}

/* ---- making the answer ---- */

static ssize_t read_cut_body(void *context, uint64_t at, char *out, size_t max)
{
    const struct cut_body *body = context;
    if (at >= body->len)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = body->len - (size_t)at;
    size_t len = left < max ? left : max;
    memcpy(out, body->bytes + at, len);
    return (ssize_t)len;
}

static struct MHD_Response *make_cut(struct spurn_text body, size_t cut_after)
{
    struct cut_body *cut = malloc(sizeof *cut + cut_after);
    if (!cut)
        return NULL;
    cut->len = cut_after;
    memcpy(cut->bytes, body.at, cut_after);
    struct MHD_Response *made =
        MHD_create_response_from_callback(body.len, 16 * 1024, read_cut_body, cut, free);
    if (!made)
        free(cut);
    return made;
}

static struct MHD_Response *make_response(const struct server_response *response,
                                          struct arena *arena)
{
    struct spurn_text body = response->body;
    bool is_cut = response->cut_after && response->cut_after < body.len;
    struct MHD_Response *made =
        is_cut ? make_cut(body, response->cut_after)
               : MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.at,
                                                 MHD_RESPMEM_MUST_COPY);
    for (size_t i = 0; made && i < response->header_count; i++) {
        bool ok = true;
        struct spurn_text name = arena_copy(arena, response->headers[i].name, &ok);
        struct spurn_text value = arena_copy(arena, response->headers[i].value, &ok);
        if (!ok || !name.at || !value.at || !MHD_add_response_header(made, name.at, value.at)) {
            MHD_destroy_response(made);
            made = NULL;
        }
    }
    return made;
}

/* Asks the handler and keeps what it answers in `e`; how long to hold it back is returned. */
static int64_t handle(struct exchange *e, const char *method)
{
    const struct server_options *options = &e->server->options;
    struct arena arena;
    arena_init(&arena, EXCHANGE_MEMORY);
    struct server_request request = {
        .method = text_of(method), .target = text_of(e->target), .body = buf_text(&e->body)};
    struct server_response response = {.http_status = HTTP_INTERNAL};
    struct collected collected = {&request, false};
    split_target(&request);
    MHD_get_connection_values_n(e->connection, MHD_HEADER_KIND, collect_header, &collected);
    if (collected.too_many)
        response.http_status = HTTP_TOO_MANY_HEADERS;
    else if (e->body.failed)
        response.http_status = HTTP_TOO_LARGE;
    else
        options->handle(options->context, &request, &response, &arena);
    e->http_status = response.http_status;
    e->answer = response.drop ? NULL : make_response(&response, &arena);
    e->handled = true;
    arena_clear(&arena);
    return response.delay_ms;
}

/* ---- what libmicrohttpd calls ---- */

static void *begin_exchange(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct server *s = context;
    struct exchange *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->server = s;
    e->connection = connection;
    e->target = strdup(uri);
    buf_init(&e->body, s->options.body_max);
    if (!e->target) {
        free(e);
        return NULL;
    }
    return e;
}

static enum MHD_Result step_exchange(void *context, struct MHD_Connection *connection,
                                     const char *url, const char *method, const char *version,
                                     const char *upload, size_t *upload_len, void **state)
{
    (void)context, (void)url, (void)version;
    struct exchange *e = *state;
    if (!e)
        return MHD_NO;
    if (!e->begun) {
        e->begun = true;
        return MHD_YES;
    }
    if (*upload_len) {
        buf_add(&e->body, upload, *upload_len);
        *upload_len = 0;
        return MHD_YES;
    }
    if (!e->handled) {
        int64_t delay_ms = handle(e, method);
        if (delay_ms > 0) {
            hold(e, delay_ms);
            return MHD_YES;
        }
    }
    /* Refusing here is how libmicrohttpd closes a connection without a word. */
    if (!e->answer)
        return MHD_NO;
    return MHD_queue_response(connection, (unsigned)e->http_status, e->answer);
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    (void)context, (void)connection, (void)how;
    struct exchange *e = *state;
    *state = NULL;
    if (!e)
        return;
    forget_held(e);
    if (e->answer)
        MHD_destroy_response(e->answer);
    buf_clear(&e->body);
    free(e->target);
    free(e);
}

/* Targets are wanted as they were sent: signatures are made over those bytes. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

/* ---- opening and closing ---- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Its length; 0 when `text` is no address. */
static socklen_t parse_address(const char *text, int port, union address *out)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        return sizeof out->v4;
    }
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        return sizeof out->v6;
    }
    return 0;
}

bool server_is_loopback(const char *address)
{
    union address parsed;
    if (!parse_address(address, 0, &parsed))
        return false;
    if (parsed.any.sa_family == AF_INET)
        return ntohl(parsed.v4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&parsed.v6.sin6_addr);
}

static enum spurn_status listen_at(const struct server_options *options, int *out_fd, int *out_port,
                                   struct spurn_error *err)
{
    *out_fd = -1;
    *out_port = 0;
    union address address;
    socklen_t len = parse_address(options->address, options->port, &address);
    if (!len)
        return spurn_fail(err, SPURN_E_USAGE, "cannot listen on %s: it is no IP address",
                          options->address);
    int on = 1;
    int fd = socket(address.any.sa_family, SOCK_STREAM, 0);
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
              bind(fd, &address.any, len) == 0 && listen(fd, BACKLOG) == 0 &&
              getsockname(fd, &address.any, &len) == 0;
    if (!ok) {
        enum spurn_status status =
            spurn_fail(err, SPURN_E_NETWORK, "cannot listen on %s port %d: %s", options->address,
                       options->port, strerror(errno));
        if (fd >= 0)
            close(fd);
        return status;
    }
    *out_fd = fd;
    *out_port =
        ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
    return SPURN_OK;
}

static struct MHD_Daemon *start(struct server *s, int listen_fd)
{
    unsigned idle_s = s->options.idle_s ? (unsigned)s->options.idle_s : IDLE_S;
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, step_exchange, s,
        MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, s,
        MHD_OPTION_NOTIFY_COMPLETED, end_exchange, s, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes,
        NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->options.connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
}

enum spurn_status server_open(const struct server_options *options, struct server **out,
                              struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status = SPURN_OK;
    const union MHD_DaemonInfo *info = NULL;
    int listen_fd = -1;
    struct server *s = calloc(1, sizeof *s);
    if (!s)
        return spurn_fail_memory(err);
    s->options = *options;
    status = listen_at(options, &listen_fd, &s->port, err);
    if (status)
        goto done;
    s->daemon = start(s, listen_fd);
    if (!s->daemon) {
        close(listen_fd);
        status = spurn_fail(err, SPURN_E_NETWORK, "cannot serve on %s port %d: %s",
                            options->address, s->port, strerror(errno));
        goto done;
    }
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    s->fd = info->epoll_fd;
    *out = s;
    s = NULL;
done:
    server_close(s);
    return status;
}

void server_close(struct server *s)
{
    if (!s)
        return;
    /* libmicrohttpd may not be stopped while an answer is held back. */
    while (s->held)
        release(s->held);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    free(s);
}

int server_port(const struct server *s)
{
    return s->port;
}

int server_fd(const struct server *s)
{
    return s->fd;
}

int64_t server_wait_ms(struct server *s)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    int64_t wait_ms = -1;
    if (MHD_get_timeout(s->daemon, &timeout_ms))
        wait_ms = timeout_ms > INT32_MAX ? INT32_MAX : (int64_t)timeout_ms;
    int64_t now_ms = s->held ? clock_monotonic_ms() : 0;
    for (const struct exchange *e = s->held; e; e = e->next) {
        int64_t left_ms = e->due_ms > now_ms ? e->due_ms - now_ms : 0;
        if (wait_ms < 0 || left_ms < wait_ms)
            wait_ms = left_ms;
    }
    return wait_ms;
}

enum spurn_status server_step(struct server *s, struct spurn_error *err)
{
    if (s->held)
        release_due(s, clock_monotonic_ms());
    if (!MHD_run(s->daemon))
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot serve on port %d: the event loop failed",
                          s->port);
    return SPURN_OK;
}

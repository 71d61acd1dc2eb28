/* http_server.h - a very small HTTP server on loopback that a test steps by itself: what came in, and one reply for all. */
#ifndef SPURN_TESTS_HTTP_SERVER_H
#define SPURN_TESTS_HTTP_SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

enum { HTTP_SERVER_CONNECTIONS_MAX = 8 };

struct http_server {
    int listening, port;
    char base_url[64];
    const char *reply; /* NULL: it never answers */
    size_t reply_len;
    int connections, requests; /* ever */
    struct buf got;            /* the last request, whole */
    struct {
        int fd;
        struct buf in;
    } open[HTTP_SERVER_CONNECTIONS_MAX];
};

/* On any address when `is_open`, else on 127.0.0.1. */
static inline void http_server_open(struct http_server *s, bool is_open, const char *reply)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t address_len = sizeof address;
    address.sin_addr.s_addr = htonl(is_open ? INADDR_ANY : INADDR_LOOPBACK);
    memset(s, 0, sizeof *s);
    s->reply = reply;
    s->reply_len = reply == NULL ? 0 : strlen(reply);
    s->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK("a server",
          bind(s->listening, (struct sockaddr *)&address, sizeof address) == 0 &&
              listen(s->listening, HTTP_SERVER_CONNECTIONS_MAX) == 0 &&
              getsockname(s->listening, (struct sockaddr *)&address, &address_len) == 0);
    s->port = ntohs(address.sin_port);
    snprintf(s->base_url, sizeof s->base_url, "http://127.0.0.1:%d", s->port);
    buf_init(&s->got, 1024 * 1024);
    for (int i = 0; i < HTTP_SERVER_CONNECTIONS_MAX; i++) {
        s->open[i].fd = -1;
        buf_init(&s->open[i].in, 1024 * 1024);
    }
}

static inline void http_server_drop(struct http_server *s, int i)
{
    if (s->open[i].fd >= 0)
        close(s->open[i].fd);
    s->open[i].fd = -1;
    buf_clear(&s->open[i].in);
}

static inline void http_server_close(struct http_server *s)
{
    for (int i = 0; i < HTTP_SERVER_CONNECTIONS_MAX; i++)
        http_server_drop(s, i);
    buf_clear(&s->got);
    close(s->listening);
}

/* A head, and as much of a body as it announces. */
static inline bool http_server_is_whole(const struct buf *in)
{
    const char *end = strstr(buf_str(in), "\r\n\r\n");
    if (end == NULL)
        return false;
    const char *announced = strcasestr(buf_str(in), "\r\ncontent-length:");
    size_t body_len = announced == NULL || announced > end ? 0 : strtoul(announced + 17, NULL, 10);
    return in->len >= (size_t)(end + 4 - buf_str(in)) + body_len;
}

static inline void http_server_serve(struct http_server *s, int i)
{
    char bytes[4096];
    ssize_t len = recv(s->open[i].fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (len == 0)
        http_server_drop(s, i);
    if (len <= 0)
        return;
    buf_add(&s->open[i].in, bytes, (size_t)len);
    if (!http_server_is_whole(&s->open[i].in))
        return;
    s->requests++;
    buf_reset(&s->got);
    buf_add_text(&s->got, buf_text(&s->open[i].in));
    buf_reset(&s->open[i].in);
    if (s->reply != NULL)
        CHECK_INT("the reply goes out", send(s->open[i].fd, s->reply, s->reply_len, MSG_NOSIGNAL),
                  (int64_t)s->reply_len);
}

/* Does what there is to do, without waiting. */
static inline void http_server_step(struct http_server *s)
{
    int fd = accept(s->listening, NULL, NULL);
    for (int i = 0; fd >= 0 && i < HTTP_SERVER_CONNECTIONS_MAX; i++) {
        if (s->open[i].fd < 0) {
            s->open[i].fd = fd;
            s->connections++;
            fd = -1;
        }
    }
    CHECK("room for one connection more", fd < 0);
    for (int i = 0; i < HTTP_SERVER_CONNECTIONS_MAX; i++)
        if (s->open[i].fd >= 0)
            http_server_serve(s, i);
}

#endif

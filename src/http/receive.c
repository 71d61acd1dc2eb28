/* receive.c - what libcurl calls: before it sends, and as the reply comes in. */
#include <stdio.h>
#include <string.h>

#include "http/near.h"
#include "http/private.h"

enum {
    BUFFERED_LEN_MAX = 8 * 1024 * 1024 /* of all replies together; past it one may go on, the
                                          others wait */
};

/* ---- before sending ---- */

/* Called before each sending. The second one, on a fresh connection after a kept-alive one died without a reply, is refused:
 * the first may have been carried out, and whoever asked must know before it is tried again. */
int before_sending(void *context, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
    (void)local_ip, (void)peer_port, (void)local_port;
    struct slot *slot = context;
    if (slot->must_be_near && !near_address(peer_ip)) {
        snprintf(slot->why, sizeof slot->why,
                 "its address %s is neither loopback nor link-local, and keys are asked for over "
                 "plain http nowhere else",
                 peer_ip);
        return CURL_PREREQFUNC_ABORT;
    }
    slot->times_sent++;
    if (slot->times_sent == 1)
        return CURL_PREREQFUNC_OK;
    snprintf(slot->why, sizeof slot->why, "the connection was closed before a reply came");
    return CURL_PREREQFUNC_ABORT;
}

/* ---- the reply ---- */

/* Each answers 0, which is less than came: libcurl ends the transfer. */

static size_t refuse_length(struct slot *slot, const char *what, size_t max)
{
    static const struct {
        size_t len;
        const char *name;
    } units[] = {{1024 * 1024, "MiB"}, {1024, "KiB"}, {1, "bytes"}};
    size_t i = 0;
    while (max % units[i].len != 0)
        i++;
    snprintf(slot->why, sizeof slot->why, "%s than %zu %s", what, max / units[i].len,
             units[i].name);
    return 0;
}

static size_t refuse_for_memory(struct slot *slot)
{
    snprintf(slot->why, sizeof slot->why, "memory ran out");
    return 0;
}

size_t receive_body(char *bytes, size_t size, size_t count, void *context)
{
    struct slot *slot = context;
    struct http *h = slot->http;
    size_t len = size * count;
    if (len > slot->body.max - slot->body.len)
        return refuse_length(slot, "the reply is larger", slot->body.max);
    if (h->buffered_len + len > BUFFERED_LEN_MAX) {
        if (h->largest == NULL)
            h->largest = slot;
        slot->paused = h->largest != slot;
        h->any_paused = h->any_paused || slot->paused;
        if (slot->paused)
            return CURL_WRITEFUNC_PAUSE; /* these bytes come again */
    }
    buf_add(&slot->body, bytes, len);
    if (slot->body.failed)
        return refuse_for_memory(slot);
    h->buffered_len += len;
    return len;
}

static struct spurn_text without_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (end > at && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
        end--;
    return (struct spurn_text){at, (size_t)(end - at)};
}

size_t receive_header(char *bytes, size_t size, size_t count, void *context)
{
    struct slot *slot = context;
    size_t len = size * count;
    struct spurn_text line = {bytes, len};
    if (text_starts(line, "HTTP/")) { /* a new reply begins: "100 Continue" came before */
        slot->reply.header_count = 0;
        arena_reset(&slot->reply_headers);
        return len;
    }
    const char *colon = memchr(bytes, ':', len);
    if (colon == NULL || slot->reply.header_count == REPLY_HEADERS_MAX)
        return len;
    bool ok = true;
    struct spurn_text name = {bytes, (size_t)(colon - bytes)};
    struct spurn_text value = without_blanks(colon + 1, bytes + len);
    struct header header = {arena_copy(&slot->reply_headers, name, &ok),
                            arena_copy(&slot->reply_headers, value, &ok)};
    if (!ok)
        return refuse_length(slot, "the reply's headers are longer", HEADERS_LEN_MAX);
    slot->reply.headers[slot->reply.header_count++] = header;
    return len;
}

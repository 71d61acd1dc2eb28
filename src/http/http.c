/* http.c - requests go out and replies come back, many at once, in one thread, over libcurl's multi interface. */
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http/memory.h"
#include "http/private.h"

enum {
    WINDOW_DEFAULT = 64,
    CONNECT_MS_DEFAULT = 10 * 1000,
    ANSWER_MS_DEFAULT = 30 * 1000,
    WAIT_MS_MAX = 60 * 1000
};

/* ---- opening ---- */

enum spurn_status http_open(const struct http_options *options, struct http **out,
                            struct spurn_error *err)
{
    *out = NULL;
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_alloc, memory_free, memory_resize,
                             memory_copy, memory_alloc_zeroed) != CURLE_OK)
        return spurn_fail(err, SPURN_E_NETWORK, "cannot start libcurl");
    struct http *h = calloc(1, sizeof *h);
    if (h == NULL) {
        curl_global_cleanup();
        return spurn_fail_memory(err);
    }
    h->options = *options;
    h->window = options->window > 0 ? options->window : WINDOW_DEFAULT;
    if (h->options.connect_ms == 0)
        h->options.connect_ms = CONNECT_MS_DEFAULT;
    if (h->options.answer_ms == 0)
        h->options.answer_ms = ANSWER_MS_DEFAULT;
    h->slots = calloc((size_t)h->window, sizeof *h->slots);
    h->idle = calloc((size_t)h->window, sizeof *h->idle);
    h->multi = curl_multi_init();
    if (h->slots == NULL || h->idle == NULL || h->multi == NULL) {
        http_close(h);
        return spurn_fail_memory(err);
    }
    for (int i = 0; i < h->window; i++)
        h->idle[i] = &h->slots[h->window - 1 - i];
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, 2L * h->window);
    *out = h;
    return SPURN_OK;
}

void http_close(struct http *h)
{
    if (h == NULL)
        return;
    for (int i = 0; h->slots != NULL && i < h->window; i++)
        slot_close(&h->slots[i]);
    free(h->idle);
    free(h->slots);
    if (h->multi != NULL)
        curl_multi_cleanup(h->multi);
    free(h);
    curl_global_cleanup();
}

/* ---- sending ---- */

bool http_has_room(const struct http *h)
{
    return h->in_flight < h->window;
}

static struct slot **last_idle(struct http *h)
{
    return &h->idle[h->window - h->in_flight - 1];
}

enum spurn_status http_send(struct http *h, const char *base_url, const struct http_route *route,
                            const struct request *request, http_done *done, void *context,
                            struct spurn_error *err)
{
    static const struct http_route usual_route = {.is_near = false};
    if (!http_has_room(h))
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot send a request: the window is full");
    struct slot *slot = *last_idle(h);
    if (slot->easy == NULL && !slot_open(slot, h)) {
        slot_close(slot);
        return spurn_fail(err, SPURN_E_NETWORK,
                          "cannot prepare a connection: this libcurl is too old or out of memory");
    }
    if (!slot_aim(slot, base_url, route == NULL ? &usual_route : route, request)) {
        slot_rest(slot);
        return spurn_fail_memory(err);
    }
    slot->done = done;
    slot->context = context;
    slot->sent_ms = clock_wall_ms();
    CURLMcode code = curl_multi_add_handle(h->multi, slot->easy);
    if (code != CURLM_OK) {
        slot_rest(slot);
        return spurn_fail(err, SPURN_E_NETWORK, "cannot send a request: %s",
                          curl_multi_strerror(code));
    }
    slot->busy = true;
    h->in_flight++;
    return SPURN_OK;
}

/* ---- receiving ---- */

/* Whether the other side can have seen the request. */
static enum http_end end_of(const struct slot *slot, CURLcode code, int http_status)
{
    if (code == CURLE_OK)
        return problem_is_proxys(slot, http_status) ? HTTP_NOT_SENT : HTTP_REPLIED;
    return slot->times_sent == 0 ? HTTP_NOT_SENT : HTTP_LOST;
}

/* Room was made: those that waited for it go on. */
static void go_on(struct http *h)
{
    bool any_paused = h->any_paused;
    h->any_paused = false; /* but some may be again, as soon as they go on */
    for (int i = 0; any_paused && i < h->window; i++) {
        struct slot *slot = &h->slots[i];
        if (!slot->busy || !slot->paused)
            continue;
        slot->paused = false;
        curl_easy_pause(slot->easy,
                        CURLPAUSE_CONT); /* what fails here ends the transfer as any failure does */
    }
}

static void release(struct slot *slot)
{
    struct http *h = slot->http;
    slot->busy = false;
    h->in_flight--;
    h->buffered_len -= slot->body.len;
    if (h->largest == slot)
        h->largest = NULL;
    slot_rest(slot);
    *last_idle(h) = slot;
    go_on(h);
}

static void finish(struct slot *slot, CURLcode code)
{
    struct http *h = slot->http;
    long http_status = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &http_status);
    struct http_result result = {.end = end_of(slot, code, (int)http_status),
                                 .sent_ms = slot->sent_ms,
                                 .received_ms = clock_wall_ms()};
    if (result.end == HTTP_REPLIED) {
        slot->reply.http_status = (int)http_status;
        slot->reply.body = buf_text(&slot->body);
        result.reply = slot->reply;
        if (!clock_parse_http(reply_header(&slot->reply, "date"), &result.date_ms))
            result.date_ms = 0;
    } else {
        result.problem = problem_of(slot, code);
    }
    curl_multi_remove_handle(h->multi, slot->easy);
    slot->done(slot->context, &result); /* the slot stays busy: the reply's text is in it */
    release(slot);
}

static void finish_those_that_ended(struct http *h)
{
    int left = 0;
    CURLMsg *message = curl_multi_info_read(h->multi, &left);
    while (message != NULL) {
        if (message->msg == CURLMSG_DONE) {
            struct slot *slot = NULL;
            CURLcode result = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
            finish(slot, result);
        }
        message = curl_multi_info_read(h->multi, &left);
    }
}

/* ---- waiting ---- */

bool http_watch(struct http *h, int fd)
{
    if (h->watched_count == HTTP_WATCHED_MAX)
        return false;
    h->watched[h->watched_count++] = (struct curl_waitfd){.fd = fd, .events = CURL_WAIT_POLLIN};
    return true;
}

void http_unwatch(struct http *h, int fd)
{
    for (unsigned i = 0; i < h->watched_count; i++) {
        if (h->watched[i].fd == fd) {
            h->watched[i] = h->watched[--h->watched_count];
            return;
        }
    }
}

enum spurn_status http_step(struct http *h, int64_t timeout_ms, struct spurn_error *err)
{
    int running = 0;
    CURLMcode code = curl_multi_perform(h->multi, &running);
    bool nothing_ended = running == h->in_flight;
    if (code == CURLM_OK && nothing_ended && timeout_ms > 0) {
        code = curl_multi_poll(h->multi, h->watched, h->watched_count,
                               timeout_ms > WAIT_MS_MAX ? WAIT_MS_MAX : (int)timeout_ms, NULL);
        if (code == CURLM_OK)
            code = curl_multi_perform(h->multi, &running);
    }
    if (code != CURLM_OK)
        return spurn_fail(err, SPURN_E_NETWORK, "cannot wait for replies: %s",
                          curl_multi_strerror(code));
    finish_those_that_ended(h);
    return SPURN_OK;
}

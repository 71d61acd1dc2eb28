/* http.c - requests go out and replies come back, many at once, in one thread, over libcurl's multi interface. */
#include "http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    WINDOW_DEFAULT = 64,
    CONNECT_MS_DEFAULT = 10 * 1000,
    ANSWER_MS_DEFAULT = 30 * 1000,
    SLOWEST_BYTES_A_SECOND = 1024, /* slower for SLOW_SECONDS on end counts as lost */
    SLOW_SECONDS = 30, /* waiting for the first byte counts: as long as an answer may take */
    HEADERS_LEN_MAX = 64 * 1024,
    BUFFERED_LEN_MAX =
        8 * 1024 * 1024,       /* of all replies together; past it one may go on, the others wait */
    BODY_KEPT_LEN = 64 * 1024, /* a slot keeps a buffer of so much for its next reply */
    WAIT_MS_MAX = 60 * 1000
};

/* One request on its way. Slots, and the handles in them, are used again and again. */
struct slot {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;
    http_done *done;
    void *context;
    bool busy;
    int times_sent; /* libcurl would send again by itself on a kept-alive connection that died */
    bool too_large, paused;
    int64_t sent_ms;
    struct reply reply;
    struct arena reply_headers;
    struct buf body;
    char curl_problem[CURL_ERROR_SIZE];
    char problem[CURL_ERROR_SIZE + 256];
};

struct http {
    CURLM *multi;
    struct slot *slots;
    int window;
    int in_flight;
    size_t buffered_len;  /* bodies that are not handed on yet */
    struct slot *largest; /* the one that may go on past BUFFERED_LEN_MAX; NULL: none yet */
    struct http_options options;
};

/* ---- what libcurl calls ---- */

static size_t receive_body(char *bytes, size_t size, size_t count, void *context)
{
    struct slot *slot = context;
    struct http *h = slot->http;
    size_t len = size * count;
    if (h->buffered_len + len > BUFFERED_LEN_MAX) {
        if (h->largest == NULL)
            h->largest = slot;
        slot->paused = h->largest != slot;
        if (slot->paused)
            return CURL_WRITEFUNC_PAUSE; /* these bytes come again */
    }
    buf_add(&slot->body, bytes, len);
    if (slot->body.failed) {
        slot->too_large = true;
        return 0;
    }
    h->buffered_len += len;
    return len;
}

static size_t receive_header(char *bytes, size_t size, size_t count, void *context)
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
    const char *value = colon + 1, *end = bytes + len;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
        end--;
    bool ok = true;
    struct spurn_text name = {bytes, (size_t)(colon - bytes)};
    struct spurn_text rest = {value, (size_t)(end - value)};
    struct header header = {arena_copy(&slot->reply_headers, name, &ok),
                            arena_copy(&slot->reply_headers, rest, &ok)};
    if (!ok) {
        slot->too_large = true;
        return 0;
    }
    slot->reply.headers[slot->reply.header_count++] = header;
    return len;
}

/* Called before each sending. The second one, on a fresh connection after a kept-alive one died without a reply, is refused:
 * the first may have been carried out, and whoever asked must know before it is tried again. */
static int before_sending(void *context, char *peer_ip, char *local_ip, int peer_port,
                          int local_port)
{
    (void)peer_ip, (void)local_ip, (void)peer_port, (void)local_port;
    struct slot *slot = context;
    slot->times_sent++;
    return slot->times_sent == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* ---- setting up ---- */

static bool slot_open(struct slot *slot, struct http *h)
{
    slot->http = h;
    slot->easy = curl_easy_init();
    arena_init(&slot->reply_headers, HEADERS_LEN_MAX);
    buf_init(&slot->body, HTTP_BODY_MAX);
    CURL *e = slot->easy;
    if (e == NULL)
        return false;
    /* An option that this libcurl lacks must be an error, not a weaker connection. */
    bool ok = curl_easy_setopt(e, CURLOPT_PRIVATE, slot) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK;
    ok = ok &&
         curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)h->options.connect_ms) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_TIMEOUT_MS,
                                (long)(h->options.connect_ms + h->options.answer_ms)) == CURLE_OK;
    ok = ok &&
         curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST_BYTES_A_SECOND) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_USERAGENT, "spurn/" SPURN_VERSION) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, receive_body) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_WRITEDATA, slot) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, receive_header) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_HEADERDATA, slot) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_sending) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_PREREQDATA, slot) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_ERRORBUFFER, slot->curl_problem) == CURLE_OK;
    return ok;
}

static void slot_close(struct slot *slot)
{
    if (slot->easy == NULL)
        return;
    if (slot->busy)
        curl_multi_remove_handle(slot->http->multi, slot->easy);
    curl_easy_cleanup(slot->easy);
    curl_slist_free_all(slot->headers);
    arena_clear(&slot->reply_headers);
    buf_clear(&slot->body);
}

enum spurn_status http_open(const struct http_options *options, struct http **out,
                            struct spurn_error *err)
{
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
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
    h->multi = curl_multi_init();
    if (h->slots == NULL || h->multi == NULL) {
        http_close(h);
        return spurn_fail_memory(err);
    }
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

static struct slot *free_slot(struct http *h)
{
    for (int i = 0; i < h->window; i++)
        if (!h->slots[i].busy)
            return &h->slots[i];
    return NULL;
}

static bool append_header(struct slot *slot, const char *line)
{
    struct curl_slist *longer = curl_slist_append(slot->headers, line);
    if (longer == NULL)
        return false;
    slot->headers = longer;
    return true;
}

static bool build_headers(struct slot *slot, const struct request *request)
{
    curl_slist_free_all(slot->headers);
    slot->headers = NULL;
    struct buf line;
    buf_init(&line, REQUEST_LEN_MAX);
    bool ok = true, has_type = false;
    for (size_t i = 0; i < request->header_count && ok; i++) {
        const struct header *header = &request->headers[i];
        has_type = has_type || text_is_nocase(header->name, "content-type");
        buf_reset(&line);
        buf_add_text(&line, header->name);
        /* libcurl's own way to send a header with nothing in it. */
        buf_add_str(&line, header->value.len == 0 ? ";" : ": ");
        buf_add_text(&line, header->value);
        ok = !line.failed && append_header(slot, buf_str(&line));
    }
    ok = ok && append_header(slot, "Expect:");
    if (ok && !has_type) /* libcurl would name a form type that nobody signed */
        ok = append_header(slot, "Content-Type:");
    buf_clear(&line);
    return ok;
}

static bool aim(struct slot *slot, const char *base_url, const struct request *request)
{
    struct buf url;
    buf_init(&url, REQUEST_LEN_MAX);
    buf_add_str(&url, base_url);
    buf_add_text(&url, request->path);
    if (request->parameter_count > 0) {
        buf_add_char(&url, '?');
        request_add_query(request, &url);
    }
    CURL *e = slot->easy;
    bool ok = !url.failed && curl_easy_setopt(e, CURLOPT_URL, buf_str(&url)) == CURLE_OK;
    ok = ok && build_headers(slot, request);
    ok = ok && curl_easy_setopt(e, CURLOPT_HTTPHEADER, slot->headers) == CURLE_OK;
    if (strcmp(request->method, "POST") == 0) {
        ok = ok && curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
                                    (curl_off_t)request->body.len) == CURLE_OK;
        ok = ok && curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS,
                                    request->body.at ? request->body.at : "") == CURLE_OK;
    } else {
        ok = ok && curl_easy_setopt(e, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    }
    buf_clear(&url);
    return ok;
}

enum spurn_status http_send(struct http *h, const char *base_url, const struct request *request,
                            http_done *done, void *context, struct spurn_error *err)
{
    struct slot *slot = free_slot(h);
    if (slot == NULL)
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot send a request: the window is full");
    if (slot->easy == NULL && !slot_open(slot, h)) {
        slot_close(slot);
        memset(slot, 0, sizeof *slot);
        return spurn_fail(err, SPURN_E_NETWORK,
                          "cannot prepare a connection: this libcurl is too old or out of memory");
    }
    if (!aim(slot, base_url, request))
        return spurn_fail_memory(err);
    slot->done = done;
    slot->context = context;
    slot->times_sent = 0;
    slot->too_large = slot->paused = false;
    slot->curl_problem[0] = '\0';
    slot->reply.header_count = 0;
    arena_reset(&slot->reply_headers);
    slot->sent_ms = clock_wall_ms();
    CURLMcode code = curl_multi_add_handle(h->multi, slot->easy);
    if (code != CURLM_OK)
        return spurn_fail(err, SPURN_E_NETWORK, "cannot send a request: %s",
                          curl_multi_strerror(code));
    slot->busy = true;
    h->in_flight++;
    return SPURN_OK;
}

/* ---- receiving ---- */

/* Whether the other side can have seen the request. */
static enum http_end end_of(struct slot *slot, CURLcode code)
{
    if (code == CURLE_OK)
        return HTTP_REPLIED;
    return slot->times_sent == 0 ? HTTP_NOT_SENT : HTTP_LOST;
}

static const char *problem_of(struct slot *slot, CURLcode code)
{
    char *url = NULL;
    curl_easy_getinfo(slot->easy, CURLINFO_EFFECTIVE_URL, &url);
    size_t host_len = 0; /* scheme and host: the query is nobody's business */
    if (url != NULL) {
        const char *host = strstr(url, "://");
        host = host == NULL ? url : host + 3;
        host_len = (size_t)(host - url) + strcspn(host, "/?");
    }
    const char *what = slot->curl_problem[0] ? slot->curl_problem : curl_easy_strerror(code);
    if (slot->too_large)
        what = "the reply is larger than 16 MiB";
    else if (code == CURLE_ABORTED_BY_CALLBACK)
        what = "the connection was closed before a reply came";
    snprintf(slot->problem, sizeof slot->problem, "no reply from %.*s: %s",
             (int)(host_len > 200 ? 200 : host_len), url ? url : "", what);
    return slot->problem;
}

/* Room was made: those that waited for it go on. */
static void go_on(struct http *h)
{
    for (int i = 0; i < h->window; i++) {
        struct slot *slot = &h->slots[i];
        if (!slot->busy || !slot->paused)
            continue;
        slot->paused = false;
        curl_easy_pause(slot->easy,
                        CURLPAUSE_CONT); /* what fails here ends the transfer as any failure does */
    }
}

static void release_body(struct slot *slot)
{
    struct http *h = slot->http;
    h->buffered_len -= slot->body.len;
    if (h->largest == slot)
        h->largest = NULL;
    if (slot->body.cap > BODY_KEPT_LEN)
        buf_clear(&slot->body);
    else
        buf_reset(&slot->body);
    go_on(h);
}

static void finish(struct slot *slot, CURLcode code)
{
    struct http *h = slot->http;
    struct http_result result = {
        .end = end_of(slot, code), .sent_ms = slot->sent_ms, .received_ms = clock_wall_ms()};
    if (result.end == HTTP_REPLIED) {
        long http_status = 0;
        curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &http_status);
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
    slot->busy = false;
    h->in_flight--;
    release_body(slot);
}

enum spurn_status http_step(struct http *h, int64_t timeout_ms, struct spurn_error *err)
{
    int running = 0;
    CURLMcode code = curl_multi_perform(h->multi, &running);
    bool nothing_ended = running == h->in_flight;
    if (code == CURLM_OK && nothing_ended && timeout_ms > 0) {
        code = curl_multi_poll(h->multi, NULL, 0,
                               timeout_ms > WAIT_MS_MAX ? WAIT_MS_MAX : (int)timeout_ms, NULL);
        if (code == CURLM_OK)
            code = curl_multi_perform(h->multi, &running);
    }
    if (code != CURLM_OK)
        return spurn_fail(err, SPURN_E_NETWORK, "cannot wait for replies: %s",
                          curl_multi_strerror(code));
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
    return SPURN_OK;
}

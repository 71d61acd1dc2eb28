/* slot.c - one request's handle in libcurl: what holds for all requests, and what is each one's own. */
#include <string.h>
#include <strings.h>

#include "http/private.h"
#include "http/tls.h"

enum {
    SLOWEST_BYTES_A_SECOND = 1024, /* slower for SLOW_SECONDS on end counts as lost */
    SLOW_SECONDS = 30, /* waiting for the first byte counts: as long as an answer may take */
    SENT_LEN_MAX = 2 * REQUEST_LEN_MAX, /* header lines and list nodes beside the request's text */
    BODY_KEPT_LEN = 64 * 1024           /* a slot keeps a buffer of so much for its next reply */
};

/* ---- what holds for all ---- */

bool slot_open(struct slot *slot, struct http *h)
{
    slot->http = h;
    slot->easy = curl_easy_init();
    arena_init_secret(&slot->sent, SENT_LEN_MAX);
    arena_init_secret(&slot->reply_headers, HEADERS_LEN_MAX);
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
    ok = ok && tls_wipe_deciphered(e) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK;
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

void slot_close(struct slot *slot)
{
    if (slot->easy == NULL)
        return;
    if (slot->busy)
        curl_multi_remove_handle(slot->http->multi, slot->easy);
    curl_easy_cleanup(slot->easy);
    arena_clear(&slot->sent);
    arena_clear(&slot->reply_headers);
    buf_clear(&slot->body);
    *slot = (struct slot){.easy = NULL};
}

/* ---- headers ---- */

struct header_list {
    struct arena *arena;
    struct curl_slist *first, *last;
};

/* libcurl's own list would hold each line, session tokens among them, in memory that core dumps show. */
static char *add_line(struct header_list *list, size_t line_len)
{
    struct curl_slist *node = arena_alloc(list->arena, sizeof *node);
    char *line = arena_alloc(list->arena, line_len + 1);
    if (node == NULL || line == NULL)
        return NULL;
    node->data = line;
    if (list->last == NULL)
        list->first = node;
    else
        list->last->next = node;
    list->last = node;
    return line;
}

static bool add_header(struct header_list *list, struct spurn_text name, const char *separator,
                       struct spurn_text value)
{
    size_t separator_len = strlen(separator);
    char *line = add_line(list, name.len + separator_len + value.len);
    if (line == NULL)
        return false;
    memcpy(line, name.at, name.len);
    memcpy(line + name.len, separator, separator_len);
    memcpy(line + name.len + separator_len, value.at, value.len);
    return true;
}

static bool set_headers(struct slot *slot, const struct request *request)
{
    static const struct spurn_text nothing = {"", 0};
    struct header_list list = {.arena = &slot->sent};
    bool ok = true, has_type = false;
    for (size_t i = 0; i < request->header_count && ok; i++) {
        const struct header *header = &request->headers[i];
        has_type = has_type || text_is_nocase(header->name, "content-type");
        /* ";" is libcurl's own way to send a header with nothing in it. */
        ok = add_header(&list, header->name, header->value.len == 0 ? ";" : ": ", header->value);
    }
    ok = ok && add_header(&list, text_of("Expect"), ":", nothing);
    if (ok && !has_type) /* libcurl would name a form type that nobody signed */
        ok = add_header(&list, text_of("Content-Type"), ":", nothing);
    return ok && curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, list.first) == CURLE_OK;
}

/* ---- address, method and body ---- */

static bool set_url(struct slot *slot, const char *base_url, const struct request *request)
{
    struct buf url;
    buf_init_wiped(&url, REQUEST_LEN_MAX); /* a session token may be in the query */
    buf_add_str(&url, base_url);
    buf_add_text(&url, request->path);
    if (request->parameter_count > 0) {
        buf_add_char(&url, '?');
        request_add_query(request, &url);
    }
    bool ok = !url.failed && curl_easy_setopt(slot->easy, CURLOPT_URL, buf_str(&url)) == CURLE_OK;
    buf_clear(&url);
    return ok;
}

static bool set_method(struct slot *slot, const struct request *request)
{
    CURL *e = slot->easy;
    if (strcmp(request->method, "GET") == 0)
        return curl_easy_setopt(e, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, NULL) == CURLE_OK;
    bool ok = true;
    struct spurn_text body = arena_copy(&slot->sent, request->body, &ok);
    /* NULL would have libcurl read the body from elsewhere. */
    ok = ok && curl_easy_setopt(e, CURLOPT_POSTFIELDS, body.at == NULL ? "" : body.at) == CURLE_OK;
    ok = ok && curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len) == CURLE_OK;
    return ok && curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
}

/* ---- the route ---- */

/* Whose certificates are trusted. A bundle stands instead of the system's file and of its folder, which libcurl would look into
 * too. */
static bool set_trust(struct slot *slot, struct spurn_text ca_bundle)
{
    CURL *e = slot->easy;
    char *file = NULL, *folder = NULL;
    bool ok = true, restores = slot->had_ca_bundle;
    slot->ca_bundle = arena_copy(&slot->sent, ca_bundle, &ok).at;
    slot->had_ca_bundle = slot->ca_bundle != NULL;
    if (slot->ca_bundle != NULL)
        return curl_easy_setopt(e, CURLOPT_CAINFO, slot->ca_bundle) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK;
    if (!ok || !restores)
        return ok;
    return curl_easy_getinfo(e, CURLINFO_CAINFO, &file) == CURLE_OK &&
           curl_easy_getinfo(e, CURLINFO_CAPATH, &folder) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CAINFO, file) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CAPATH, folder) == CURLE_OK;
}

static void set_body_care(struct slot *slot, size_t max)
{
    enum care care = slot->holds_keys ? CARE_SECRET : CARE_NONE;
    if (slot->body.care != care)
        buf_clear(&slot->body);
    slot->body.care = care;
    slot->body.max = max;
}

static bool set_route(struct slot *slot, const char *base_url, const struct http_route *route)
{
    const struct http_options *usual = &slot->http->options;
    int64_t connect_ms = route->connect_ms > 0 ? route->connect_ms : usual->connect_ms;
    int64_t answer_ms = route->answer_ms > 0 ? route->answer_ms : usual->answer_ms;
    size_t body_max = route->body_max > 0 ? route->body_max : HTTP_BODY_MAX;
    CURL *e = slot->easy;
    slot->holds_keys = route->holds_keys;
    slot->is_near = route->is_near;
    slot->ca_bundle_from = route->ca_bundle_from;
    slot->must_be_near = route->is_near && strncasecmp(base_url, "https:", 6) != 0;
    set_body_care(slot, body_max);
    return curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)(connect_ms + answer_ms)) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOPROXY, route->is_near ? "*" : NULL) == CURLE_OK &&
           set_trust(slot, text_of(route->ca_bundle));
}

bool slot_aim(struct slot *slot, const char *base_url, const struct http_route *route,
              const struct request *request)
{
    slot->times_sent = 0;
    slot->paused = false;
    slot->curl_problem[0] = slot->why[0] = '\0';
    slot->reply.header_count = 0;
    return set_route(slot, base_url, route) && set_url(slot, base_url, request) &&
           set_headers(slot, request) && set_method(slot, request);
}

void slot_rest(struct slot *slot)
{
    if (slot->holds_keys) { /* the handle's own buffers held them as well */
        slot_close(slot);
        return;
    }
    arena_reset(&slot->sent);
    arena_reset(&slot->reply_headers);
    if (slot->body.cap > BODY_KEPT_LEN)
        buf_clear(&slot->body);
    else
        buf_reset(&slot->body);
}

/* private.h - what the files of this room share: requests on their way, and the window that they travel through. */
#ifndef SPURN_HTTP_PRIVATE_H
#define SPURN_HTTP_PRIVATE_H

#include <curl/curl.h>

#include "http/http.h"

/* One request on its way. Slots, and the handles in them, are used again and again. */
struct slot {
    struct http *http;
    CURL *easy;
    http_done *done;
    void *context;
    bool busy, paused;
    bool holds_keys, had_ca_bundle;
    bool is_near;      /* past every proxy */
    bool must_be_near; /* it travels over plain http to where keys are given */
    int times_sent;    /* libcurl would send again by itself on a kept-alive connection that died */
    int64_t sent_ms;
    struct arena sent; /* header lines and body; libcurl reads them there until the reply is done */
    const char *ca_bundle; /* in `sent`; NULL: the system's */
    const char *ca_bundle_from;
    struct reply reply;
    struct arena reply_headers;
    struct buf body;
    char curl_problem[CURL_ERROR_SIZE];
    char why[512]; /* it was given up by us; "" when it was not */
    char problem[1024];
};

struct http {
    CURLM *multi;
    struct slot *slots;
    struct slot **idle; /* those that are not busy: window - in_flight */
    int window;
    int in_flight;
    bool any_paused;
    size_t buffered_len;  /* bodies that are not handed on yet */
    struct slot *largest; /* the one that may go on past BUFFERED_LEN_MAX; NULL: none yet */
    struct curl_waitfd watched[HTTP_WATCHED_MAX];
    unsigned watched_count;
    struct http_options options;
};

/* ---- slot.c: a slot before and after its request ---- */

bool slot_open(struct slot *slot, struct http *h);
void slot_close(struct slot *slot); /* leaves it as zeroed */
/* Everything that is this request's own. False when memory ran out. */
bool slot_aim(struct slot *slot, const char *base_url, const struct http_route *route,
              const struct request *request);
/* Wipes what was sent and what came, so that the slot can serve again. */
void slot_rest(struct slot *slot);

/* ---- receive.c: what libcurl calls ---- */

enum { HEADERS_LEN_MAX = 64 * 1024 };

size_t receive_body(char *bytes, size_t size, size_t count, void *context);
size_t receive_header(char *bytes, size_t size, size_t count, void *context);
int before_sending(void *context, char *peer_ip, char *local_ip, int peer_port, int local_port);

/* ---- problem.c ---- */

/* Why no reply came; in the slot. CURLE_OK: a proxy refused, as a reply. */
const char *problem_of(struct slot *slot, CURLcode code);
/* A reply of this status is a proxy's own, and the request went no further. */
bool problem_is_proxys(const struct slot *slot, int http_status);

#endif

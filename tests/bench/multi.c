/* multi.c - rejections by nothing but libcurl's multi interface: the same requests with headers that never change, unsigned, replies unread.
 * What is above it is what deciding, signing, reading and the journal cost.
 *
 *   multi URL WINDOW COUNT
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_MAX = 1024, BODY_LEN = 512 };

struct slot {
    CURL *easy;
    char body[BODY_LEN];
};

struct loop {
    CURLM *multi;
    struct slot slots[WINDOW_MAX];
    long sent, answered, count;
};

static void fail(const char *what)
{
    fprintf(stderr, "multi: %s\n", what);
    exit(1);
}

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

/* As long as spurn's own, signature and all. */
static struct curl_slist *make_headers(void)
{
    static const char *const lines[] = {
        "content-type: application/json",
        "X-Amz-Date: 20261122T030501Z",
        "Authorization: AWS4-HMAC-SHA256 "
        "Credential=AKIDEXAMPLE/20261122/us-east-1/ram/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        "Expect:",
    };
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        list = curl_slist_append(list, lines[i]);
    return list;
}

static void send_next(struct loop *l, struct slot *slot)
{
    snprintf(slot->body, sizeof slot->body,
             "{\"resourceShareInvitationArn\":\"arn:aws:ram:us-east-1:999999999999:"
             "resource-share-invitation/7b1c0de5-5a3f-4c21-9d4e-%012lx\","
             "\"clientToken\":\"e3191fa6-0223-5dbb-8289-%012lx\"}",
             (unsigned long)l->sent, (unsigned long)l->sent);
    l->sent++;
    curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, slot->body);
    curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(slot->body));
    if (curl_multi_add_handle(l->multi, slot->easy) != CURLM_OK)
        fail("cannot send");
}

static void finish(struct loop *l, const CURLMsg *message)
{
    struct slot *slot = NULL;
    long status = 0;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
    curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
    if (message->data.result != CURLE_OK || status != 200)
        fail("a rejection failed");
    l->answered++;
    curl_multi_remove_handle(l->multi, slot->easy);
    if (l->sent < l->count)
        send_next(l, slot);
}

int main(int argc, char **argv)
{
    static struct loop l;
    char url[256];
    if (argc != 4) {
        fprintf(stderr, "usage: multi URL WINDOW COUNT\n");
        return 2;
    }
    long window = strtol(argv[2], NULL, 10);
    l.count = strtol(argv[3], NULL, 10);
    if (window < 1 || window > WINDOW_MAX || l.count < window)
        fail("WINDOW is 1 to 1024, and at most COUNT");
    snprintf(url, sizeof url, "%s/rejectresourceshareinvitation", argv[1]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    l.multi = curl_multi_init();
    curl_multi_setopt(l.multi, CURLMOPT_MAXCONNECTS, 2 * window);
    struct curl_slist *headers = make_headers();
    for (long i = 0; i < window; i++) {
        CURL *e = l.slots[i].easy = curl_easy_init();
        curl_easy_setopt(e, CURLOPT_URL, url);
        curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(e, CURLOPT_PRIVATE, &l.slots[i]);
        curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
        send_next(&l, &l.slots[i]);
    }
    while (l.answered < l.count) {
        int running = 0, left = 0;
        if (curl_multi_perform(l.multi, &running) != CURLM_OK)
            fail("curl_multi_perform");
        long before = l.answered;
        for (CURLMsg *m = curl_multi_info_read(l.multi, &left); m != NULL;
             m = curl_multi_info_read(l.multi, &left))
            if (m->msg == CURLMSG_DONE)
                finish(&l, m);
        if (l.answered == before && curl_multi_poll(l.multi, NULL, 0, 1000, NULL) != CURLM_OK)
            fail("curl_multi_poll");
    }
    for (long i = 0; i < window; i++)
        curl_easy_cleanup(l.slots[i].easy);
    curl_slist_free_all(headers);
    curl_multi_cleanup(l.multi);
    curl_global_cleanup();
    return 0;
}

/* http_test.c - how requests travel: to whom, past what, for how long, and what is left of them. */
#define _GNU_SOURCE /* strcasestr, getifaddrs */
#include "http/http.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <sys/wait.h>

#include "clock.h"
#include "http/near.h"
#include "http_server.h"
#include "memory_case.h"
#include "unit.h"

enum { PATIENCE_MS = 20 * 1000 };

#define REPLY(head, body) "HTTP/1.1 " head "\r\nDate: Tue, 01 Sep 2026 12:00:00 GMT\r\n" body

static const char HELLO[] = REPLY("200 OK", "Content-Length: 5\r\n\r\nhello");

/* ---- a client, and one exchange after the other ---- */

struct told {
    bool is_done;
    enum http_end end;
    int http_status;
    int64_t date_ms;
    char body[64], location[64], problem[1024];
    size_t body_len;
};

static void hear(void *context, const struct http_result *result)
{
    struct told *told = context;
    struct spurn_text location = reply_header(&result->reply, "location");
    told->is_done = true;
    told->end = result->end;
    told->http_status = result->reply.http_status;
    told->date_ms = result->date_ms;
    told->body_len = result->reply.body.len;
    snprintf(told->body, sizeof told->body, "%.*s", TEXT_ARG(result->reply.body));
    snprintf(told->location, sizeof told->location, "%.*s", TEXT_ARG(location));
    snprintf(told->problem, sizeof told->problem, "%s", result->problem ? result->problem : "");
}

/* NULL: none at all, whatever the tester has. */
static const char *const proxy_variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",
                                              "all_proxy", "ALL_PROXY"};

static void set_proxies(const char *url)
{
    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    for (size_t i = 0; i < sizeof proxy_variables / sizeof proxy_variables[0]; i++) {
        if (url == NULL)
            unsetenv(proxy_variables[i]);
        else
            setenv(proxy_variables[i], url, 1);
    }
}

static struct http *open_http(void)
{
    struct http *h = NULL;
    struct spurn_error err = {SPURN_OK, ""};
    set_proxies(NULL);
    CHECK_INT(err.text, http_open(&(struct http_options){.window = 4}, &h, &err), SPURN_OK);
    return h;
}

/* Sends it and steps client and servers until it is over. `more`: NULL or another server. */
static void exchange_with(struct http *h, const char *base_url, const struct http_route *route,
                          const struct request *request, struct http_server *server,
                          struct http_server *more, struct told *told)
{
    struct spurn_error err = {SPURN_OK, ""};
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    *told = (struct told){.is_done = false};
    CHECK_INT(err.text, http_send(h, base_url, route, request, hear, told, &err), SPURN_OK);
    while (!told->is_done && clock_monotonic_ms() < until_ms) {
        CHECK_INT(err.text, http_step(h, 2, &err), SPURN_OK);
        http_server_step(server);
        if (more != NULL)
            http_server_step(more);
    }
    CHECK("it came to an end", told->is_done);
}

static void exchange(struct http *h, const char *base_url, const struct http_route *route,
                     const char *method, struct http_server *server, struct http_server *more,
                     struct told *told)
{
    struct request request;
    request_init(&request, method);
    exchange_with(h, base_url, route, &request, server, more, told);
    request_clear(&request);
}

/* ---- near ---- */

static void an_address_is_near_when_it_is_this_machines_own_or_the_links(void)
{
    static const struct {
        const char *ip;
        bool want;
    } rows[] = {
        {"127.0.0.1", true},
        {"127.0.0.0", true},
        {"127.255.255.255", true},
        {"126.255.255.255", false},
        {"128.0.0.1", false},
        {"169.254.169.254", true},
        {"169.254.170.2", true},
        {"169.254.170.23", true},
        {"169.253.169.254", false},
        {"169.255.0.0", false},
        {"100.100.100.200", true},
        {"100.100.100.201", false},
        {"100.100.100.199", false},
        {"10.0.0.1", false},
        {"192.168.0.1", false},
        {"0.0.0.0", false},
        {"8.8.8.8", false},
        {"::1", true},
        {"::", false},
        {"::2", false},
        {"fe80::1", true},
        {"febf:ffff::1", true},
        {"fec0::1", false},
        {"fe7f::1", false},
        {"fd00:ec2::254", true},
        {"fd00:ec2::23", true},
        {"fd00:ec2:ffff::1", true},
        {"fd00:ec3::254", false},
        {"fd00:ec1::254", false},
        {"2001:db8::1", false},
        {"::ffff:127.0.0.1", true},
        {"::ffff:169.254.169.254", true},
        {"::ffff:100.100.100.200", true},
        {"::ffff:10.0.0.1", false},
        {"::ffff:7f00:1", true},
        {"::127.0.0.1", false},
        {"", false},
        {"localhost", false},
        {"127.1", false},
        {"127.0.0.1.example", false},
        {"::1::", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].ip, near_address(rows[i].ip), rows[i].want);
}

/* An address of this machine that is neither loopback nor link-local; false where it has none. */
static bool far_address(char out[INET_ADDRSTRLEN])
{
    struct ifaddrs *all = NULL;
    bool found = false;
    if (getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *one = all; one != NULL && !found; one = one->ifa_next) {
        if (one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET ||
            (one->ifa_flags & IFF_UP) == 0)
            continue;
        const struct sockaddr_in *address = (const struct sockaddr_in *)(const void *)one->ifa_addr;
        found = inet_ntop(AF_INET, &address->sin_addr, out, INET_ADDRSTRLEN) != NULL &&
                !near_address(out);
    }
    freeifaddrs(all);
    return found;
}

static void a_near_request_goes_to_nobody_far_over_plain_http(void)
{
    struct http_server server;
    struct told told;
    struct http *h = open_http();
    char ip[INET_ADDRSTRLEN], url[64], want[256];
    http_server_open(&server, true, HELLO);
    exchange(h, server.base_url, &(struct http_route){.is_near = true}, "GET", &server, NULL,
             &told);
    CHECK_INT(told.problem, told.end, HTTP_REPLIED);
    if (far_address(ip)) {
        snprintf(url, sizeof url, "http://%s:%d", ip, server.port);
        snprintf(
            want, sizeof want,
            "no reply from %s: its address %s is neither loopback nor link-local, and keys are "
            "asked for over plain http nowhere else",
            url, ip);
        exchange(h, url, &(struct http_route){.is_near = true}, "GET", &server, NULL, &told);
        CHECK_INT("", told.end, HTTP_NOT_SENT);
        CHECK_STR("", told.problem, want);
        CHECK_INT("nothing was asked there", server.requests, 1);
        exchange(h, url, NULL, "GET", &server, NULL, &told);
        CHECK_INT("another request may", told.end, HTTP_REPLIED);
        exchange(h, url, &(struct http_route){.is_near = true}, "GET", &server, NULL, &told);
        CHECK_INT("but not over its kept connection", told.end, HTTP_NOT_SENT);
        CHECK_INT("", server.requests, 2);
    }
    http_close(h);
    http_server_close(&server);
}

static void a_near_request_goes_past_every_proxy_and_others_do_not(void)
{
    static const struct {
        const char *scheme;
        bool is_near;
        const char *proxy_sees; /* NULL: nothing */
    } rows[] = {
        {"http", true, NULL},  {"http", false, "GET http://127.0.0.1:"},
        {"http", true, NULL}, /* after one that went through it */
        {"https", true, NULL}, {"https", false, "CONNECT 127.0.0.1:"},
        {"https", true, NULL},
    };
    struct http_server proxy, server;
    struct told told;
    struct http *h = open_http();
    http_server_open(&proxy, false, REPLY("502 Bad Gateway", "Content-Length: 0\r\n\r\n"));
    http_server_open(&server, false, HELLO);
    set_proxies(proxy.base_url);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int before = proxy.connections + proxy.requests;
        char url[64];
        snprintf(url, sizeof url, "%s://127.0.0.1:%d", rows[i].scheme, server.port);
        /* The server speaks no TLS: it closes, or this ends by itself. */
        exchange(h, url, &(struct http_route){.is_near = rows[i].is_near, .connect_ms = 200}, "GET",
                 &server, &proxy, &told);
        if (rows[i].proxy_sees == NULL)
            CHECK_INT(url, proxy.connections + proxy.requests, before);
        else
            CHECK(url, text_starts(buf_text(&proxy.got), rows[i].proxy_sees));
    }
    CHECK("the server was asked", server.requests >= 2);
    set_proxies(NULL);
    http_close(h);
    http_server_close(&server);
    http_server_close(&proxy);
}

/* A label of 64 letters is none: nobody has to be asked for it. */
#define NO_NAME "nowhere.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.example"

static void what_stands_between_is_named_when_no_reply_comes(void)
{
    static const char wants_name[] = REPLY("407 Who are you", "Content-Length: 0\r\n\r\n"),
                      forbids[] = REPLY("403 Forbidden", "Content-Length: 0\r\n\r\n"),
                      nobody[] = "http://127.0.0.1:1", refuses[] = "";
    static const struct {
        const char *label, *variable, *proxy, *reply, *no_proxy, *url, *says, *lacks;
        bool is_near;
    } rows[] = {
        {.label = "nobody",
         .url = "https://127.0.0.1:1",
         .says = "no reply from https://127.0.0.1:1: Failed to connect to 127.0.0.1 port 1",
         .lacks = "proxy"},
        {.label = "a proxy that is not there",
         .variable = "https_proxy",
         .proxy = nobody,
         .url = "https://ram.example.com",
         .says =
             "no reply from https://ram.example.com through the proxy of https_proxy: Failed to "
             "connect to 127.0.0.1 port 1"},
        {.label = "named in upper case",
         .variable = "HTTPS_PROXY",
         .proxy = nobody,
         .url = "https://ram.example.com",
         .says = " through the proxy of HTTPS_PROXY: "},
        {.label = "one for all",
         .variable = "all_proxy",
         .proxy = nobody,
         .url = "http://ram.example.com",
         .says = " through the proxy of all_proxy: "},
        {.label = "of the other scheme",
         .variable = "https_proxy",
         .proxy = nobody,
         .url = "http://127.0.0.1:1",
         .says = "no reply from http://127.0.0.1:1: ",
         .lacks = "proxy"},
        {.label = "a near request goes past it",
         .variable = "http_proxy",
         .proxy = nobody,
         .url = "http://127.0.0.1:1",
         .is_near = true,
         .says = "no reply from http://127.0.0.1:1: ",
         .lacks = "proxy"},
        {.label = "this host goes past it",
         .variable = "http_proxy",
         .proxy = nobody,
         .no_proxy = "example.org, 127.0.0.1",
         .url = "http://127.0.0.1:1",
         .says = "no reply from http://127.0.0.1:1: ",
         .lacks = "proxy"},
        {.label = "all go past it",
         .variable = "http_proxy",
         .proxy = nobody,
         .no_proxy = "*",
         .url = "http://127.0.0.1:1",
         .says = "no reply from http://127.0.0.1:1: ",
         .lacks = "proxy"},
        {.label = "all of a domain go past it",
         .variable = "http_proxy",
         .proxy = nobody,
         .no_proxy = ".Example",
         .url = "http://" NO_NAME,
         .says = "no reply from http://" NO_NAME ": ",
         .lacks = "proxy"},
        {.label = "one that only ends alike does not",
         .variable = "http_proxy",
         .proxy = nobody,
         .no_proxy = "ample.com,ram.example.co",
         .url = "http://ram.example.com",
         .says = " through the proxy of http_proxy: "},
        {.label = "a network, which this host may be in",
         .variable = "http_proxy",
         .proxy = nobody,
         .no_proxy = "10.0.0.0/8",
         .url = "http://127.0.0.1:1",
         .says = "no reply from http://127.0.0.1:1 (a proxy is set in http_proxy): Failed to "},
        {.label = "it wants a name",
         .variable = "https_proxy",
         .proxy = refuses,
         .reply = wants_name,
         .url = "https://ram.example.com",
         .says = "the proxy answered 407: it wants a name and a password, or others; write them "
                 "into https_proxy, http://NAME:PASSWORD@HOST:PORT"},
        {.label = "it wants a name, and nothing is enciphered",
         .variable = "http_proxy",
         .proxy = refuses,
         .reply = wants_name,
         .url = "http://ram.example.com",
         .says = "no reply from http://ram.example.com through the proxy of http_proxy: the proxy "
                 "answered 407: "},
        {.label = "it lets nothing through",
         .variable = "https_proxy",
         .proxy = refuses,
         .reply = forbids,
         .url = "https://ram.example.com:8443",
         .says = "the proxy answered 403: see that it lets through what goes to ram.example.com"},
        {.label = "no such host",
         .url = "https://" NO_NAME,
         .says = "; see that region and endpoint are spelled right, and that this machine's DNS "
                 "knows the host"},
        {.label = "no such proxy",
         .variable = "https_proxy",
         .proxy = "http://" NO_NAME,
         .url = "https://ram.example.com",
         .says = "; see how the proxy is spelled"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_server proxy;
        struct told told;
        struct http *h = open_http();
        http_server_open(&proxy, false, rows[i].reply);
        if (rows[i].variable != NULL)
            setenv(rows[i].variable, rows[i].proxy == refuses ? proxy.base_url : rows[i].proxy, 1);
        if (rows[i].no_proxy != NULL)
            setenv("no_proxy", rows[i].no_proxy, 1);
        exchange(h, rows[i].url, &(struct http_route){.is_near = rows[i].is_near}, "GET", &proxy,
                 NULL, &told);
        CHECK_INT(rows[i].label, told.end, HTTP_NOT_SENT);
        CHECK(told.problem, strstr(told.problem, rows[i].says) != NULL);
        if (rows[i].lacks != NULL)
            CHECK(told.problem, strstr(told.problem, rows[i].lacks) == NULL);
        set_proxies(NULL);
        http_close(h);
        http_server_close(&proxy);
    }
}

/* ---- what is sent ---- */

static void put_get_and_post_are_sent_as_they_are_one_after_the_other(void)
{
    static const struct {
        const char *method, *body, *begins, *has, *lacks;
    } rows[] = {
        {"PUT", "", "PUT /latest/api/token?a=b%20c HTTP/1.1\r\n", "Content-Length: 0\r\n",
         "Content-Type"},
        {"GET", "", "GET /latest/api/token?a=b%20c HTTP/1.1\r\n", "\r\n\r\n", "Content-"},
        {"POST", "{\"x\":1}", "POST /latest/api/token?a=b%20c HTTP/1.1\r\n",
         "Content-Length: 7\r\n", "Expect"},
        {"PUT", "y", "PUT /latest/api/token?a=b%20c HTTP/1.1\r\n", "\r\n\r\ny", "Content-Type"},
        {"GET", "", "GET /latest/api/token?a=b%20c HTTP/1.1\r\n", "\r\n\r\n", "Content-"},
    };
    struct http_server server;
    struct told told;
    struct http *h = open_http();
    http_server_open(&server, false, HELLO);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        request_init(&request, rows[i].method);
        request_set_path(&request, text_of("/latest/api/token"));
        request_add_parameter(&request, "a", text_of("b c"));
        request_add_header(&request, "X-aws-ec2-metadata-token-ttl-seconds", text_of("21600"));
        request_add_header(&request, "X-Empty", text_of(""));
        request_set_body(&request, text_of(rows[i].body));
        exchange_with(h, server.base_url, NULL, &request, &server, NULL, &told);
        const char *got = buf_str(&server.got);
        CHECK_INT(told.problem, told.end, HTTP_REPLIED);
        CHECK_STR("", told.body, "hello");
        CHECK_INT("", told.date_ms, 1788264000000);
        CHECK(got, text_starts(buf_text(&server.got), rows[i].begins));
        CHECK(got, strstr(got, rows[i].has) != NULL);
        CHECK(got, strstr(got, rows[i].lacks) == NULL);
        CHECK(got, strstr(got, "\r\nX-aws-ec2-metadata-token-ttl-seconds: 21600\r\n") != NULL);
        CHECK(got, strstr(got, "\r\nX-Empty:\r\n") != NULL);
        CHECK(got, strstr(got, rows[i].body) != NULL);
        request_clear(&request);
    }
    CHECK_INT("over one connection", server.connections, 1);
    http_close(h);
    http_server_close(&server);
}

/* ---- what comes back ---- */

static void a_redirect_is_handed_over_and_never_followed(void)
{
    struct http_server server, elsewhere;
    struct told told;
    struct http *h = open_http();
    char reply[256];
    http_server_open(&elsewhere, false, HELLO);
    snprintf(reply, sizeof reply,
             REPLY("302 Found", "Location: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"),
             elsewhere.port);
    http_server_open(&server, false, reply);
    exchange(h, server.base_url, NULL, "GET", &server, &elsewhere, &told);
    http_server_step(&elsewhere);
    CHECK_INT(told.problem, told.end, HTTP_REPLIED);
    CHECK_INT("", told.http_status, 302);
    CHECK("", text_starts(text_of(told.location), elsewhere.base_url));
    CHECK_INT("nobody asked there", elsewhere.connections, 0);
    http_close(h);
    http_server_close(&server);
    http_server_close(&elsewhere);
}

static void a_reply_ends_at_its_bound_and_the_bound_is_named(void)
{
    enum { LEN = 2000 };
    static const struct {
        size_t body_max;
        bool holds_keys;
        enum http_end end;
        const char *problem;
    } rows[] = {
        {LEN, false, HTTP_REPLIED, NULL},
        {LEN, true, HTTP_REPLIED, NULL},
        {LEN - 1, false, HTTP_LOST, "the reply is larger than 1999 bytes"},
        {1024, true, HTTP_LOST, "the reply is larger than 1 KiB"},
        {1, false, HTTP_LOST, "the reply is larger than 1 bytes"},
        {0, false, HTTP_REPLIED, NULL},
    };
    struct http_server server;
    struct told told;
    struct http *h = open_http();
    char reply[LEN + 256];
    int head_len =
        snprintf(reply, sizeof reply, REPLY("200 OK", "Content-Length: %d\r\n\r\n"), LEN);
    memset(reply + head_len, 'x', LEN);
    reply[head_len + LEN] = '\0';
    http_server_open(&server, false, reply);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_route route = {.body_max = rows[i].body_max, .holds_keys = rows[i].holds_keys};
        exchange(h, server.base_url, &route, "GET", &server, NULL, &told);
        CHECK_INT(told.problem, told.end, rows[i].end);
        CHECK_INT("", (int64_t)told.body_len, rows[i].problem == NULL ? LEN : 0);
        if (rows[i].problem != NULL)
            CHECK(told.problem, strstr(told.problem, rows[i].problem) != NULL);
    }
    http_close(h);
    http_server_close(&server);
}

static void headers_end_at_their_bound_too(void)
{
    enum { LINES = 60, LINE_LEN = 1200 };
    struct http_server server;
    struct told told;
    struct http *h = open_http();
    struct buf reply;
    buf_init(&reply, 1024 * 1024);
    buf_add_str(&reply, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < LINES; i++)
        buf_addf(&reply, "X-%d: %0*d\r\n", i, LINE_LEN, i);
    buf_add_str(&reply, "Content-Length: 0\r\n\r\n");
    http_server_open(&server, false, buf_str(&reply));
    exchange(h, server.base_url, NULL, "GET", &server, NULL, &told);
    CHECK_INT("", told.end, HTTP_LOST);
    CHECK(told.problem, strstr(told.problem, "headers are longer than 64 KiB") != NULL);
    http_close(h);
    http_server_close(&server);
    buf_clear(&reply);
}

static void a_request_may_be_given_less_time_than_others(void)
{
    struct http_server server;
    struct told told;
    struct http *h = open_http();
    http_server_open(&server, false, NULL);
    exchange(h, server.base_url, &(struct http_route){.connect_ms = 50, .answer_ms = 50}, "GET",
             &server, NULL, &told);
    CHECK_INT(told.problem, told.end, HTTP_LOST);
    CHECK_INT("", server.requests, 1);
    http_close(h);
    http_server_close(&server);
}

/* ---- whom to trust ---- */

static void a_bundle_that_is_missing_is_named_and_holds_for_its_own_request_only(void)
{
    static const char bundle[] = "/no/such/bundle.pem";
    struct http_server server;
    struct told told;
    struct http *h = open_http();
    char url[64], want[256];
    http_server_open(&server, false, HELLO);
    snprintf(url, sizeof url, "https://127.0.0.1:%d", server.port);
    for (int round = 0; round < 2; round++) {
        struct http_route route = {.ca_bundle = bundle, .connect_ms = 300};
        route.ca_bundle_from = round == 0 ? NULL : "AWS_CA_BUNDLE";
        snprintf(want, sizeof want,
                 "cannot ask %s: cannot read the certificate authorities in /no/such/bundle.pem%s",
                 url, round == 0 ? "" : ", which AWS_CA_BUNDLE names");
        exchange(h, url, &route, "GET", &server, NULL, &told);
        CHECK_INT("", told.end, HTTP_NOT_SENT);
        CHECK_STR("", told.problem, want);
        route.ca_bundle = NULL; /* gets as far as speaking TLS, to which nobody answers */
        exchange(h, url, &route, "GET", &server, NULL, &told);
        CHECK_INT("", told.end, HTTP_NOT_SENT);
        CHECK(told.problem, told.problem[0] != '\0' && strstr(told.problem, "certificate") == NULL);
    }
    http_close(h);
    http_server_close(&server);
}

/* ---- waiting for others ---- */

static int64_t step_for(struct http *h, int64_t timeout_ms)
{
    struct spurn_error err = {SPURN_OK, ""};
    int64_t begun_ms = clock_monotonic_ms();
    CHECK_INT(err.text, http_step(h, timeout_ms, &err), SPURN_OK);
    return clock_monotonic_ms() - begun_ms;
}

static void a_watched_descriptor_wakes_a_step(void)
{
    struct http *h = open_http();
    int ends[2], others[HTTP_WATCHED_MAX];
    CHECK("", pipe(ends) == 0);
    CHECK("", http_watch(h, ends[0]));
    CHECK("nothing to read yet", step_for(h, 30) >= 29);
    CHECK_INT("", write(ends[1], "x", 1), 1);
    CHECK("woken", step_for(h, PATIENCE_MS) < PATIENCE_MS / 2);
    http_unwatch(h, ends[0]);
    http_unwatch(h, ends[0]);
    CHECK("no more", step_for(h, 30) >= 29);
    for (int i = 0; i < HTTP_WATCHED_MAX; i++) {
        others[i] = dup(ends[0]);
        CHECK("room", http_watch(h, others[i]));
    }
    CHECK("no room", !http_watch(h, ends[0]));
    http_unwatch(h, others[3]);
    CHECK("room again", http_watch(h, ends[0]));
    for (int i = 0; i < HTTP_WATCHED_MAX; i++)
        close(others[i]);
    http_close(h);
    close(ends[0]);
    close(ends[1]);
}

/* ---- what is left ---- */

/* A server in a process of its own: what it says and hears is not in our memory. It takes one request, says so, waits for a word,
 * and replies with the secret. */
struct far_server {
    pid_t pid;
    char base_url[64];
    int heard, go; /* pipe ends of ours */
};

static void far_server_serve(int listening, int heard, int go)
{
    char bytes[8192], word, secret[MASKED_LEN];
    int fd = accept(listening, NULL, NULL);
    struct buf in, reply;
    buf_init(&in, sizeof bytes);
    buf_init(&reply, sizeof bytes);
    ssize_t len = 1;
    while (len > 0 && !http_server_is_whole(&in)) {
        len = read(fd, bytes, sizeof bytes);
        if (len > 0)
            buf_add(&in, bytes, (size_t)len);
    }
    memory_case_secret(secret);
    buf_addf(&reply, REPLY("200 OK", "Content-Length: %d\r\n\r\n"), MASKED_LEN);
    buf_add(&reply, secret, sizeof secret);
    bool ok = write(heard, "x", 1) == 1 && read(go, &word, 1) == 1 &&
              write(fd, reply.data, reply.len) == (ssize_t)reply.len;
    while (ok && read(fd, bytes, sizeof bytes) > 0) /* until the other end closes */
        continue;
    _exit(ok ? 0 : 1);
}

static void far_server_open(struct far_server *s)
{
    int heard[2], go[2];
    struct http_server listener;
    http_server_open(&listener, false, NULL);
    fcntl(listener.listening, F_SETFL, 0);
    CHECK("", pipe(heard) == 0 && pipe(go) == 0);
    memcpy(s->base_url, listener.base_url, sizeof s->base_url);
    fflush(stdout);
    s->pid = fork();
    if (s->pid == 0) {
        close(go[1]);
        far_server_serve(listener.listening, heard[1], go[0]);
    }
    close(heard[1]);
    close(go[0]);
    s->heard = heard[0];
    s->go = go[1];
    http_server_close(&listener);
}

static void far_server_close(struct far_server *s)
{
    int how = -1;
    close(s->go);
    close(s->heard);
    CHECK_INT("", waitpid(s->pid, &how, 0), s->pid);
    CHECK_INT("it served", how, 0);
}

static void count_while_told(void *context, const struct http_result *result)
{
    struct told *told = context;
    told->is_done = true;
    told->end = result->end;
    told->body_len = result->reply.body.len;
    CHECK("the keys are whole",
          result->reply.body.len == MASKED_LEN && memory_case_is_here(result->reply.body.at));
    CHECK_INT("and in no core dump", memory_case_count(true), 0);
}

static void tokens_in_flight_are_in_no_core_dump_and_keys_that_came_are_nowhere_afterwards(void)
{
    struct far_server server;
    struct told told = {.is_done = false};
    struct spurn_error err = {SPURN_OK, ""};
    struct request request;
    struct http *h = open_http();
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    far_server_open(&server);
    struct http_route route = {.is_near = true, .holds_keys = true, .body_max = 64 * 1024};

    char *secret = secret_alloc(MASKED_LEN);
    memory_case_secret(secret);
    struct spurn_text token = {secret, MASKED_LEN};
    request_init_secret(&request, "POST");
    request_add_header(&request, "X-Amz-Security-Token", token);
    request_set_body(&request, token);
    CHECK_INT(err.text,
              http_send(h, server.base_url, &route, &request, count_while_told, &told, &err),
              SPURN_OK);
    request_clear(&request);
    secret_free(secret, MASKED_LEN);

    struct pollfd heard = {.fd = server.heard, .events = POLLIN};
    while (poll(&heard, 1, 0) == 0 && clock_monotonic_ms() < until_ms)
        http_step(h, 2, &err);
    http_step(h, 1, &err);
    CHECK("in flight it is in ours", memory_case_count(false) > 0);
    CHECK_INT("and in no core dump", memory_case_count(true), 0);
    CHECK_INT("", write(server.go, "x", 1), 1);
    while (!told.is_done && clock_monotonic_ms() < until_ms)
        http_step(h, 2, &err);
    CHECK_INT("", told.end, HTTP_REPLIED);
    CHECK_INT("nowhere", memory_case_count(false), 0);
    http_close(h);
    far_server_close(&server);
}

static const struct unit_test tests[] = {
    {"an_address_is_near_when_it_is_this_machines_own_or_the_links",
     an_address_is_near_when_it_is_this_machines_own_or_the_links},
    {"a_near_request_goes_to_nobody_far_over_plain_http",
     a_near_request_goes_to_nobody_far_over_plain_http},
    {"a_near_request_goes_past_every_proxy_and_others_do_not",
     a_near_request_goes_past_every_proxy_and_others_do_not},
    {"what_stands_between_is_named_when_no_reply_comes",
     what_stands_between_is_named_when_no_reply_comes},
    {"put_get_and_post_are_sent_as_they_are_one_after_the_other",
     put_get_and_post_are_sent_as_they_are_one_after_the_other},
    {"a_redirect_is_handed_over_and_never_followed", a_redirect_is_handed_over_and_never_followed},
    {"a_reply_ends_at_its_bound_and_the_bound_is_named",
     a_reply_ends_at_its_bound_and_the_bound_is_named},
    {"headers_end_at_their_bound_too", headers_end_at_their_bound_too},
    {"a_request_may_be_given_less_time_than_others", a_request_may_be_given_less_time_than_others},
    {"a_bundle_that_is_missing_is_named_and_holds_for_its_own_request_only",
     a_bundle_that_is_missing_is_named_and_holds_for_its_own_request_only},
    {"a_watched_descriptor_wakes_a_step", a_watched_descriptor_wakes_a_step},
    {"tokens_in_flight_are_in_no_core_dump_and_keys_that_came_are_nowhere_afterwards",
     tokens_in_flight_are_in_no_core_dump_and_keys_that_came_are_nowhere_afterwards},
};

UNIT_MAIN(tests)

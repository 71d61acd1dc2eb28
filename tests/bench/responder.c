/* responder.c - plays AWS RAM as fast as one process can, for timings: no signature is checked, nothing is remembered but a tally.
 *
 *   responder ROWS [--pending N] [--delay MS]    prints "listening on http://127.0.0.1:PORT", answers until its parent ends
 *   responder ROWS --print COUNT                 prints the body of a list reply of COUNT invitations
 *
 * ROWS is policy/data.lua's invitations.tsv: sender, name, age. Pending are as many as N says, the rows again and again;
 * a rejection is answered with its invitation, REJECTED, and the lists stay as they are. GET /tally tells of the rejections since it was
 * last asked: "COUNT DISTINCT SECONDS", from the first request's coming to the last reply's going.
 */
#define _GNU_SOURCE /* accept4 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
    PAGE_MAX = 500,  /* RAM's own */
    ITEM_LEN = 1024, /* more than an invitation takes */
    REQUEST_LEN_MAX = 16 * 1024,
    REPLY_LEN_MAX = PAGE_MAX * ITEM_LEN + ITEM_LEN,
    PEERS_MAX = 1024,
    EVENTS = 256,
    WEEK_S =
        7 * 86400 /* who is younger keeps away from it: nobody grows a week old while clocks run */
};

struct row {
    const char *sender, *name;
    long age_s;
};

struct peer {
    int fd;
    bool is_due, is_full; /* waits for its time; waits for room in the socket */
    int64_t due_ns;
    struct peer *earlier, *later; /* of those that wait for their time, in order */
    char *reply;
    size_t in_len, reply_len, reply_at, reply_cap;
    bool rejects;
    char in[REQUEST_LEN_MAX + 1];
};

struct responder {
    struct row *rows;
    size_t row_count, pending;
    int64_t delay_ns, now_s;
    int epoll, listener, timer;
    size_t peer_count;
    struct peer *first, *last; /* due */
    char *body;
    size_t body_len;
    int64_t date_s;
    char date[32];
    uint64_t replies;
    /* since the last tally */
    size_t rejected, distinct;
    int64_t first_ns, last_ns;
    uint8_t *seen;
};

static void fail(const char *what)
{
    fprintf(stderr, "responder: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* ---- rows ---- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail(path);
    long len = ftell(file);
    rewind(file);
    char *text = malloc((size_t)len + 1);
    if (text == NULL || fread(text, 1, (size_t)len, file) != (size_t)len)
        fail(path);
    text[len] = '\0';
    fclose(file);
    return text;
}

static void read_rows(struct responder *r, const char *path)
{
    size_t cap = 0;
    char *place = NULL;
    for (char *line = strtok_r(read_file(path), "\n", &place); line != NULL;
         line = strtok_r(NULL, "\n", &place)) {
        char *name = strchr(line, '\t'), *age = name == NULL ? NULL : strchr(name + 1, '\t');
        if (age == NULL)
            continue;
        *name = *age = '\0';
        if (r->row_count == cap) {
            cap = cap == 0 ? 1024 : cap * 2;
            r->rows = realloc(r->rows, cap * sizeof *r->rows);
            if (r->rows == NULL)
                fail("rows");
        }
        long age_s = strtol(age + 1, NULL, 10);
        r->rows[r->row_count++] =
            (struct row){line, name + 1, age_s < WEEK_S ? age_s / 10 * 9 : age_s};
    }
    if (r->row_count == 0)
        fail("no rows");
}

/* ---- bodies ---- */

static void put_item(struct responder *r, size_t i, const char *status)
{
    const struct row *row = &r->rows[i % r->row_count];
    r->body_len += (size_t)sprintf(
        r->body + r->body_len,
        "{\"resourceShareInvitationArn\":\"arn:aws:ram:us-east-1:%s:resource-share-invitation/"
        "7b1c0de5-5a3f-4c21-9d4e-%012zx\",\"resourceShareName\":\"%s\",\"resourceShareArn\":"
        "\"arn:aws:ram:us-east-1:%s:resource-share/0d7be2a4-91c8-4f6b-8a35-%012zx\","
        "\"senderAccountId\":\"%s\",\"receiverAccountId\":\"111122223333\","
        "\"invitationTimestamp\":%lld.%03zu,\"status\":\"%s\"}",
        row->sender, i, row->name, row->sender, i, row->sender, (long long)r->now_s - row->age_s,
        i % 1000, status);
}

static void put(struct responder *r, const char *text)
{
    size_t len = strlen(text);
    memcpy(r->body + r->body_len, text, len);
    r->body_len += len;
}

static void put_page(struct responder *r, size_t from, size_t most)
{
    size_t end = most < r->pending - from ? from + most : r->pending;
    r->body_len = 0;
    put(r, "{\"resourceShareInvitations\":[");
    for (size_t i = from; i < end; i++) {
        if (i > from)
            put(r, ",");
        put_item(r, i, "PENDING");
    }
    put(r, "]");
    if (end < r->pending)
        r->body_len += (size_t)sprintf(r->body + r->body_len, ",\"nextToken\":\"%zu\"", end);
    put(r, "}");
}

/* ---- replies ---- */

/* What follows `key` in a request's body; NULL when it is not there. */
static const char *after(const char *body, const char *key)
{
    const char *at = strstr(body, key);
    if (at == NULL)
        return NULL;
    at += strlen(key);
    return at + strspn(at, "\": ");
}

static void answer_list(struct responder *r, const char *body)
{
    const char *token = after(body, "\"nextToken\""), *most = after(body, "\"maxResults\"");
    size_t from = token == NULL ? 0 : strtoul(token, NULL, 10);
    size_t count = most == NULL ? PAGE_MAX : strtoul(most, NULL, 10);
    put_page(r, from < r->pending ? from : r->pending, count < PAGE_MAX ? count : PAGE_MAX);
}

static bool answer_reject(struct responder *r, const char *body)
{
    const char *id = after(body, "\"resourceShareInvitationArn\"");
    const char *dash = id == NULL ? NULL : strstr(id, "-9d4e-");
    size_t i = dash == NULL ? r->pending : strtoul(dash + 6, NULL, 16);
    if (i >= r->pending)
        return false;
    r->body_len = 0;
    put(r, "{\"resourceShareInvitation\":");
    put_item(r, i, "REJECTED");
    put(r, "}");
    if (r->rejected++ == 0)
        r->first_ns = now_ns();
    bool is_new = (r->seen[i / 8] >> i % 8 & 1) == 0;
    r->seen[i / 8] |= (uint8_t)(1U << i % 8);
    r->distinct += is_new;
    return true;
}

static void answer_tally(struct responder *r)
{
    r->body_len = (size_t)sprintf(r->body, "%zu %zu %.6f\n", r->rejected, r->distinct,
                                  (double)(r->last_ns - r->first_ns) / 1e9);
    memset(r->seen, 0, r->pending / 8 + 1);
    r->rejected = r->distinct = 0;
}

static void put_head(struct responder *r, struct peer *p, int status)
{
    int64_t now_s = time(NULL);
    if (now_s != r->date_s) {
        struct tm utc;
        time_t seconds = now_s;
        strftime(r->date, sizeof r->date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&seconds, &utc));
        r->date_s = now_s;
    }
    if (p->reply_cap < r->body_len + ITEM_LEN) {
        p->reply_cap = r->body_len + ITEM_LEN;
        free(p->reply);
        p->reply = malloc(p->reply_cap);
        if (p->reply == NULL)
            fail("a reply");
    }
    p->reply_len = (size_t)sprintf(
        p->reply,
        "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
        "x-amzn-RequestId: 5f0c1b6e-0000-4000-8000-%012llx\r\n\r\n",
        status, status == 200 ? "OK" : "Bad Request", r->date, r->body_len,
        (unsigned long long)++r->replies);
    memcpy(p->reply + p->reply_len, r->body, r->body_len);
    p->reply_len += r->body_len;
    p->reply_at = 0;
}

static void answer(struct responder *r, struct peer *p, const char *body)
{
    bool ok = true;
    p->rejects = strncmp(p->in, "POST /rejectresourceshareinvitation ", 36) == 0;
    if (p->rejects)
        ok = answer_reject(r, body);
    else if (strncmp(p->in, "POST /getresourceshareinvitations ", 34) == 0)
        answer_list(r, body);
    else if (strncmp(p->in, "GET /tally ", 11) == 0)
        answer_tally(r);
    else
        ok = false;
    if (!ok) {
        r->body_len = 0;
        put(r, "{\"__type\":\"ValidationException\",\"message\":\"not played here\"}");
    }
    put_head(r, p, ok ? 200 : 400);
}

/* ---- peers ---- */

static void leave_due(struct responder *r, struct peer *p)
{
    if (!p->is_due)
        return;
    *(p->earlier == NULL ? &r->first : &p->earlier->later) = p->later;
    *(p->later == NULL ? &r->last : &p->later->earlier) = p->earlier;
    p->is_due = false;
}

static void drop(struct responder *r, struct peer *p)
{
    leave_due(r, p);
    close(p->fd);
    free(p->reply);
    free(p);
    r->peer_count--;
}

static void listen_to(const struct responder *r, struct peer *p, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = p};
    if (epoll_ctl(r->epoll, EPOLL_CTL_MOD, p->fd, &event) != 0)
        fail("epoll_ctl");
}

/* False when the peer is gone. */
static bool send_reply(struct responder *r, struct peer *p)
{
    ssize_t sent = send(p->fd, p->reply + p->reply_at, p->reply_len - p->reply_at, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        drop(r, p);
        return false;
    }
    p->reply_at += sent > 0 ? (size_t)sent : 0;
    bool is_full = p->reply_at < p->reply_len;
    if (is_full != p->is_full)
        listen_to(r, p, is_full ? EPOLLOUT : EPOLLIN);
    p->is_full = is_full;
    if (!is_full && p->rejects)
        r->last_ns = now_ns();
    return true;
}

static void set_timer(const struct responder *r)
{
    if (r->first == NULL)
        return;
    const struct itimerspec at = {.it_value = {.tv_sec = r->first->due_ns / 1000000000,
                                               .tv_nsec = r->first->due_ns % 1000000000}};
    timerfd_settime(r->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* All wait equally long: the last to come is the last to go. */
static void wait_for_time(struct responder *r, struct peer *p)
{
    p->due_ns = now_ns() + r->delay_ns;
    p->is_due = true;
    p->earlier = r->last;
    p->later = NULL;
    *(r->last == NULL ? &r->first : &r->last->later) = p;
    r->last = p;
    if (r->first == p)
        set_timer(r);
}

static void send_those_due(struct responder *r)
{
    uint64_t expirations;
    if (read(r->timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
        fail("timer");
    int64_t now = now_ns();
    while (r->first != NULL && r->first->due_ns <= now) {
        struct peer *p = r->first;
        leave_due(r, p);
        send_reply(r, p);
    }
    set_timer(r);
}

/* The length of the request that stands whole in `in`; 0 when it is not whole yet. */
static size_t request_len(struct peer *p, const char **body)
{
    char *end = strstr(p->in, "\r\n\r\n");
    if (end == NULL)
        return 0;
    const char *line = strcasestr(p->in, "\r\nContent-Length:");
    size_t body_len = line == NULL || line > end ? 0 : strtoul(line + 17, NULL, 10);
    *body = end + 4;
    size_t len = (size_t)(*body - p->in) + body_len;
    return body_len <= REQUEST_LEN_MAX && len <= p->in_len ? len : 0;
}

/* One request at a time is answered, as HTTP/1.1 clients send them. */
static void receive(struct responder *r, struct peer *p)
{
    ssize_t got = recv(p->fd, p->in + p->in_len, REQUEST_LEN_MAX - p->in_len, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0 || p->is_due) {
        drop(r, p);
        return;
    }
    p->in_len += (size_t)got;
    p->in[p->in_len] = '\0';
    const char *body = NULL;
    size_t len = request_len(p, &body);
    if (len == 0)
        return;
    answer(r, p, body);
    p->in_len = 0;
    if (r->delay_ns > 0)
        wait_for_time(r, p);
    else
        send_reply(r, p);
}

static void welcome(struct responder *r)
{
    static const int on = 1;
    for (;;) {
        int fd = accept4(r->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        struct peer *p = r->peer_count < PEERS_MAX ? calloc(1, sizeof *p) : NULL;
        if (p == NULL) {
            close(fd);
            continue;
        }
        p->fd = fd;
        r->peer_count++;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = p};
        if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
            fail("epoll_ctl");
    }
}

/* ---- all of it ---- */

static void watch(const struct responder *r, int fd, void *who)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    if (fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        fail("epoll_ctl");
}

static void open_ports(struct responder *r)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (r->listener < 0 || bind(r->listener, (struct sockaddr *)&address, len) != 0 ||
        listen(r->listener, PEERS_MAX) != 0 ||
        getsockname(r->listener, (struct sockaddr *)&address, &len) != 0)
        fail("cannot listen");
    r->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    r->epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(r, r->listener, &r->listener);
    watch(r, r->timer, &r->timer);
    printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
}

static void serve(struct responder *r)
{
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(r->epoll, events, EVENTS, -1);
        if (count < 0 && errno != EINTR)
            fail("epoll_wait");
        bool is_time = false;
        for (int i = 0; i < count; i++) {
            void *who = events[i].data.ptr;
            if (who == &r->listener)
                welcome(r);
            else if (who == &r->timer)
                is_time = true; /* after the others: it may drop one of them */
            else if (((struct peer *)who)->is_full)
                send_reply(r, who);
            else
                receive(r, who);
        }
        if (is_time)
            send_those_due(r);
    }
}

int main(int argc, char **argv)
{
    static struct responder r;
    size_t printed = 0;
    pid_t parent = getppid();
    if (argc < 2 || argc % 2 != 0) {
        fprintf(stderr, "usage: responder ROWS [--pending N] [--delay MS] [--print COUNT]\n");
        return 2;
    }
    read_rows(&r, argv[1]);
    r.pending = r.row_count;
    for (int i = 2; i < argc; i += 2) {
        unsigned long value = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--pending") == 0)
            r.pending = value;
        else if (strcmp(argv[i], "--delay") == 0)
            r.delay_ns = (int64_t)value * 1000000;
        else if (strcmp(argv[i], "--print") == 0)
            printed = value < PAGE_MAX ? value : PAGE_MAX;
    }
    r.now_s = time(NULL);
    r.body = malloc(REPLY_LEN_MAX);
    r.seen = calloc(r.pending / 8 + 1, 1);
    if (r.body == NULL || r.seen == NULL)
        fail("memory");
    if (printed > 0) {
        put_page(&r, 0, printed);
        return fwrite(r.body, 1, r.body_len, stdout) == r.body_len ? 0 : 1;
    }
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
        return 1;
    open_ports(&r);
    serve(&r);
}

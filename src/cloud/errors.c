/* errors.c - a cloud's error answers, named by tables of the codes it sends. */
#include "cloud/errors.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "redact.h"

enum {
    RETRY_AFTER_MAX_MS = 60 * 1000, /* a server may not put us to sleep for longer */
    BODY_SLACK_LEN = 4096
};

/* ---- what a body says ---- */

struct error_body {
    struct spurn_text code, type, message, request_id;
};

/* AWS's rest-json uses lower case, its gateways and Alibaba Cloud upper case, some of Alibaba's gateways lower case. */
static const struct {
    const char *name;
    size_t at;
} body_fields[] = {
    {"code", offsetof(struct error_body, code)},
    {"Code", offsetof(struct error_body, code)},
    {"__type", offsetof(struct error_body, type)},
    {"message", offsetof(struct error_body, message)},
    {"Message", offsetof(struct error_body, message)},
    {"requestId", offsetof(struct error_body, request_id)},
    {"RequestId", offsetof(struct error_body, request_id)},
};

static void read_field(struct json *j, struct spurn_text name, struct error_body *body)
{
    for (size_t i = 0; i < sizeof body_fields / sizeof body_fields[0]; i++) {
        struct spurn_text *place = (struct spurn_text *)((char *)body + body_fields[i].at);
        if (text_is(name, body_fields[i].name) && place->len == 0 && json_peek(j) == JSON_STRING) {
            *place = json_string(j);
            return;
        }
    }
    json_skip(j);
}

/* What is not JSON says nothing but its kind. */
static struct error_body read_body(struct spurn_text text, struct arena *arena)
{
    struct error_body body = {TEXT_ABSENT, TEXT_ABSENT, TEXT_ABSENT, TEXT_ABSENT};
    struct json j;
    struct spurn_text name;
    json_init(&j, text, arena);
    json_open_object(&j);
    while (json_next_key(&j, &name))
        read_field(&j, name, &body);
    if (json_done(&j))
        return body;
    body = (struct error_body){TEXT_ABSENT, TEXT_ABSENT, TEXT_ABSENT, TEXT_ABSENT};
    if (text.len > 0)
        body.message = text_of(memchr(text.at, '<', text.len < 64 ? text.len : 64) != NULL
                                   ? "the answer is a page of HTML or XML"
                                   : "the answer is no JSON");
    return body;
}

/* ---- codes ---- */

/* "ns#Name:http://..." names Name (botocore's reading of x-amzn-errortype and __type). */
static struct spurn_text bare_code(struct spurn_text code)
{
    if (code.len == 0)
        return TEXT_ABSENT;
    const char *colon = memchr(code.at, ':', code.len);
    if (colon != NULL)
        code.len = (size_t)(colon - code.at);
    for (size_t i = code.len; i > 0; i--)
        if (code.at[i - 1] == '#')
            return (struct spurn_text){code.at + i, code.len - i};
    return code;
}

static struct spurn_text first_code(const struct error_book *book, const struct reply *reply,
                                    const struct error_body *body)
{
    struct spurn_text header =
        book->code_header == NULL ? TEXT_ABSENT : reply_header(reply, book->code_header);
    const struct spurn_text places[] = {header, body->code, body->type};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct spurn_text code = bare_code(places[i]);
        if (code.len > 0)
            return code;
    }
    return TEXT_ABSENT;
}

static bool fits(const struct error_row *row, struct spurn_text code)
{
    size_t len = strlen(row->code);
    if (row->code[len - 1] != '*')
        return text_is(code, row->code);
    return code.len >= len - 1 && memcmp(code.at, row->code, len - 1) == 0;
}

static const struct error_row *row_of(const struct error_book *book, struct spurn_text code)
{
    for (size_t i = 0; code.len > 0 && i < book->count; i++)
        if (fits(&book->rows[i], code))
            return &book->rows[i];
    return NULL;
}

static enum cloud_error_kind kind_of_status(int http_status)
{
    if (http_status >= 500 && http_status <= 599)
        return CLOUD_ERROR_SERVER;
    switch (http_status) {
    case 429:
        return CLOUD_ERROR_THROTTLED;
    case 403:
        return CLOUD_ERROR_REFUSED;
    case 401:
        return CLOUD_ERROR_KEYS;
    default:
        return CLOUD_ERROR_OTHER;
    }
}

/* ---- when to come back ---- */

/* A whole number at the head of `text`, times `unit_ms`, at most RETRY_AFTER_MAX_MS; 0 when there is none. */
static int64_t read_wait(struct spurn_text text, int64_t unit_ms)
{
    int64_t ms = 0;
    for (size_t i = 0; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
        ms = ms * 10 + (text.at[i] - '0') * unit_ms;
        if (ms > RETRY_AFTER_MAX_MS)
            return RETRY_AFTER_MAX_MS;
    }
    return ms;
}

/* "Limit:1,Remain:0,TimeLeft:2000,Reset:1234" (darabonba-openapi-util) gives what stands behind TimeLeft. */
static struct spurn_text after_time_left(struct spurn_text text)
{
    static const char mark[] = "TimeLeft:";
    for (size_t i = 0; i < text.len; i++) {
        struct spurn_text rest = {text.at + i, text.len - i};
        if (text_starts(rest, mark))
            return (struct spurn_text){rest.at + sizeof mark - 1, rest.len - (sizeof mark - 1)};
    }
    return TEXT_ABSENT;
}

static const struct {
    const char *name;
    int64_t unit_ms;
    bool counts_down; /* sent with every reply: a hint only where the answer was "throttled" */
} wait_headers[] = {
    {"retry-after", 1000, false},      {"x-amz-retry-after", 1, false},
    {"x-acs-retry-after", 1, false}, /* seen in Alibaba's own SDK; the unit is our reading */
    {"x-ratelimit-user-api", 1, true}, {"x-ratelimit-user", 1, true},
};

static int64_t retry_after(const struct reply *reply, enum cloud_error_kind kind)
{
    int64_t longest_ms = 0;
    for (size_t i = 0; i < sizeof wait_headers / sizeof wait_headers[0]; i++) {
        if (wait_headers[i].counts_down && kind != CLOUD_ERROR_THROTTLED)
            continue;
        struct spurn_text value = reply_header(reply, wait_headers[i].name);
        if (wait_headers[i].counts_down)
            value = after_time_left(value);
        int64_t ms = read_wait(value, wait_headers[i].unit_ms);
        if (ms > longest_ms)
            longest_ms = ms;
    }
    return longest_ms;
}

void errors_read(const struct error_book *book, const struct reply *reply, struct cloud_error *out)
{
    struct arena arena;
    arena_init(&arena, reply->body.len + BODY_SLACK_LEN);
    struct error_body body = read_body(reply->body, &arena);
    struct spurn_text code = first_code(book, reply, &body);
    const struct error_row *row = row_of(book, code);

    *out = (struct cloud_error){
        .kind = row == NULL ? kind_of_status(reply->http_status) : row->kind, .label = "other"};
    if (row != NULL)
        out->label = row->label == NULL ? row->code : row->label;
    if (code.len > 0)
        redact_put(out->code, sizeof out->code, code);
    else
        snprintf(out->code, sizeof out->code, "HTTP %d", reply->http_status);
    redact_put(out->message, sizeof out->message, body.message);
    struct spurn_text header_id = reply_header(reply, book->request_header);
    redact_put(out->request_id, sizeof out->request_id,
               header_id.len > 0 ? header_id : body.request_id);
    out->retry_after_ms = retry_after(reply, out->kind);
    arena_clear(&arena);
}

void cloud_error_redact(struct cloud_error *error, const struct spurn_text *hide, size_t hide_count)
{
    redact_secrets(error->message, sizeof error->message, hide, hide_count);
    redact_secrets(error->code, sizeof error->code, hide, hide_count);
    redact_secrets(error->request_id, sizeof error->request_id, hide, hide_count);
}

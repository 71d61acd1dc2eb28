/* sigv4_test.c - AWS Signature Version 4, each stage against vectors of our own making. */
#include <stdio.h>
#include <string.h>

#include "sign/sigv4.h"
#include "unit.h"
#include "../vectors/sigv4_vectors.h"

static struct sigv4_scope scope_of(const struct vector *v)
{
    return (struct sigv4_scope){.region = text_of("eu-west-1"),
                                .service = text_of(v->service),
                                .now_ms = v->now_ms,
                                .path_is_raw = v->path_is_raw};
}

static struct sigv4_keys keys_with(const char *token)
{
    return (struct sigv4_keys){text_of(KEY_ID), text_of(SECRET), text_of(token)};
}

static void build(const struct vector *v, struct request *r)
{
    request_init(r, v->method);
    request_set_host(r, text_of(v->host));
    request_set_path(r, text_of(v->path));
    request_set_body(r, text_of(v->body));
    for (const struct pair *p = v->parameters; p->name != NULL; p++)
        request_add_parameter(r, p->name, text_of(p->value));
    for (const struct pair *h = v->headers; h->name != NULL; h++)
        request_add_header(r, h->name, text_of(h->value));
}

static struct spurn_text header_of(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (text_is_nocase(r->headers[i].name, name))
            return r->headers[i].value;
    return TEXT_ABSENT;
}

static void check_vector(struct digest *d, const struct vector *v)
{
    struct request request;
    struct buf canonical, to_sign, signed_headers;
    char signature[SHA256_HEX_LEN + 1];
    struct spurn_error err = {SPURN_OK, ""};
    struct sigv4_scope scope = scope_of(v);
    struct sigv4_keys keys = keys_with(v->token);
    build(v, &request);
    buf_init(&canonical, REQUEST_LEN_MAX);
    buf_init(&to_sign, REQUEST_LEN_MAX);
    buf_init(&signed_headers, REQUEST_LEN_MAX);
    CHECK_INT(v->name, sigv4_sign(d, &request, &keys, &scope, &err), SPURN_OK);
    sigv4_canonical_request(d, &request, &scope, &canonical, &signed_headers);
    CHECK_STR(v->name, buf_str(&canonical), v->canonical);
    sigv4_string_to_sign(d, text_of(v->canonical), &scope, &to_sign);
    CHECK_STR(v->name, buf_str(&to_sign), v->to_sign);
    CHECK(v->name, sigv4_signature(d, text_of(v->to_sign), keys.secret, &scope, signature));
    CHECK_STR(v->name, signature, v->signature);
    CHECK_TEXT(v->name, header_of(&request, "Authorization"), text_of(v->authorization));
    CHECK_TEXT(v->name, header_of(&request, "X-Amz-Security-Token"), text_of(v->token));
    buf_clear(&signed_headers);
    buf_clear(&to_sign);
    buf_clear(&canonical);
    request_clear(&request);
}

static void each_stage_gives_the_bytes_of_its_vector(void)
{
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < VECTOR_COUNT; i++)
        check_vector(d, &vectors[i]);
    digest_close(d);
}

/* Signs the first vector's request in `region`; the Authorization goes to `out`. */
static void sign_in(struct digest *d, const char *region, struct buf *out)
{
    struct request request;
    struct sigv4_scope scope = scope_of(&vectors[0]);
    struct sigv4_keys keys = keys_with(NULL);
    scope.region = text_of(region);
    build(&vectors[0], &request);
    buf_reset(out);
    CHECK_INT(region, sigv4_sign(d, &request, &keys, &scope, NULL), SPURN_OK);
    buf_add_text(out, header_of(&request, "Authorization"));
    request_clear(&request);
}

static void a_remembered_key_serves_its_own_scope_only(void)
{
    struct digest *shared = NULL;
    struct buf got, want;
    buf_init(&got, REQUEST_LEN_MAX);
    buf_init(&want, REQUEST_LEN_MAX);
    CHECK_INT("", digest_open(&shared, NULL), SPURN_OK);
    for (int i = 0; i < 100; i++) {
        char region[16];
        struct digest *fresh = NULL;
        snprintf(region, sizeof region, "region-%d", i * 7 % 40);
        CHECK_INT("", digest_open(&fresh, NULL), SPURN_OK);
        sign_in(shared, region, &got);
        sign_in(fresh, region, &want);
        CHECK_STR(region, buf_str(&got), buf_str(&want));
        digest_close(fresh);
    }
    digest_close(shared);
    buf_clear(&want);
    buf_clear(&got);
}

static void unusable_keys_are_refused_and_never_shown(void)
{
    static const struct {
        const char *name;
        struct spurn_text id, secret, token;
    } rows[] = {
        {"no id", {NULL, 0}, {"hidden", 6}, {NULL, 0}},
        {"empty id", {"", 0}, {"hidden", 6}, {NULL, 0}},
        {"no secret", {"id", 2}, {NULL, 0}, {NULL, 0}},
        {"empty secret", {"id", 2}, {"", 0}, {NULL, 0}},
        {"secret with a line feed", {"id", 2}, {"hidden\n", 7}, {NULL, 0}},
        {"secret with a carriage return", {"id", 2}, {"hidden\r", 7}, {NULL, 0}},
        {"secret with a blank", {"id", 2}, {"hid den", 7}, {NULL, 0}},
        {"secret with a NUL", {"id", 2}, {"hid\0den", 7}, {NULL, 0}},
        {"secret that is not ASCII", {"id", 2}, {"hidd\xc3\xa9n", 7}, {NULL, 0}},
        {"id with a line feed", {"hidden\nX: y", 11}, {"s", 1}, {NULL, 0}},
        {"id that would end its scope", {"hidden/x", 8}, {"s", 1}, {NULL, 0}},
        {"id that would end its field", {"hidden,x", 8}, {"s", 1}, {NULL, 0}},
        {"token with a line feed", {"id", 2}, {"s", 1}, {"hidden\r\nX: y", 12}},
        {"token with a DEL", {"id", 2}, {"s", 1}, {"hidden\x7f", 7}},
    };
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        struct spurn_error err = {SPURN_OK, ""};
        struct sigv4_scope scope = scope_of(&vectors[0]);
        struct sigv4_keys keys = {rows[i].id, rows[i].secret, rows[i].token};
        build(&vectors[0], &request);
        CHECK_INT(rows[i].name, sigv4_sign(d, &request, &keys, &scope, &err), SPURN_E_CREDENTIALS);
        CHECK(rows[i].name, strncmp(err.text, "cannot sign request: ", 21) == 0);
        CHECK(rows[i].name, strstr(err.text, "hid") == NULL);
        CHECK(rows[i].name, header_of(&request, "Authorization").at == NULL);
        request_clear(&request);
    }
    digest_close(d);
}

static void an_empty_token_counts_as_none(void)
{
    struct digest *d = NULL;
    struct request request;
    struct sigv4_scope scope = scope_of(&vectors[0]);
    struct sigv4_keys keys = keys_with("");
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    build(&vectors[0], &request);
    CHECK_INT("", sigv4_sign(d, &request, &keys, &scope, NULL), SPURN_OK);
    CHECK("", header_of(&request, "X-Amz-Security-Token").at == NULL);
    CHECK_TEXT("", header_of(&request, "Authorization"), text_of(vectors[0].authorization));
    request_clear(&request);
    digest_close(d);
}

static void a_request_that_was_not_built_whole_is_not_signed(void)
{
    struct digest *d = NULL;
    struct request request;
    struct spurn_error err = {SPURN_OK, ""};
    struct sigv4_scope scope = scope_of(&vectors[0]);
    struct sigv4_keys keys = keys_with(NULL);
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    build(&vectors[0], &request);
    for (int i = 0; i < REQUEST_HEADERS_MAX; i++)
        request_add_header(&request, "X-Many", text_of("1"));
    CHECK("", request.failed);
    CHECK_INT("", sigv4_sign(d, &request, &keys, &scope, &err), SPURN_E_MEMORY);
    CHECK("", header_of(&request, "Authorization").at == NULL);
    request_clear(&request);
    digest_close(d);
}

static const struct unit_test tests[] = {
    {"each_stage_gives_the_bytes_of_its_vector", each_stage_gives_the_bytes_of_its_vector},
    {"a_remembered_key_serves_its_own_scope_only", a_remembered_key_serves_its_own_scope_only},
    {"unusable_keys_are_refused_and_never_shown", unusable_keys_are_refused_and_never_shown},
    {"an_empty_token_counts_as_none", an_empty_token_counts_as_none},
    {"a_request_that_was_not_built_whole_is_not_signed",
     a_request_that_was_not_built_whole_is_not_signed},
};

UNIT_MAIN(tests)

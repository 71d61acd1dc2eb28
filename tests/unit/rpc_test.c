/* rpc_test.c - Alibaba Cloud's HMAC-SHA1 signature of RPC requests, each stage against vectors of our own making. */
#include <string.h>

#include "sign/rpc.h"
#include "unit.h"
#include "../vectors/rpc_vectors.h"

static void build(const struct vector *v, struct request *r)
{
    request_init(r, v->method);
    for (const struct pair *p = v->parameters; p->name != NULL; p++)
        request_add_parameter(r, p->name, text_of(p->value));
}

static struct spurn_text parameter_of(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->parameter_count; i++)
        if (text_is(r->parameters[i].name, name))
            return r->parameters[i].value;
    return TEXT_ABSENT;
}

static void check_vector(struct digest *d, const struct vector *v)
{
    struct request request;
    struct buf canonical, to_sign;
    char signature[RPC_SIGNATURE_LEN + 1];
    struct rpc_keys keys = {text_of(KEY_ID), text_of(SECRET), text_of(v->token)};
    struct rpc_moment moment = {NOW_MS, text_of(NONCE)};
    build(v, &request);
    buf_init(&canonical, REQUEST_LEN_MAX);
    buf_init(&to_sign, REQUEST_LEN_MAX);
    CHECK_INT(v->name, rpc_sign(d, &request, &keys, &moment, NULL), SPURN_OK);
    CHECK_TEXT(v->name, parameter_of(&request, "Signature"), text_of(v->signature));
    CHECK_TEXT(v->name, parameter_of(&request, "SecurityToken"), text_of(v->token));
    request.parameter_count--; /* the signature, which is added last, signs all but itself */
    rpc_canonical(&request, &canonical);
    CHECK_STR(v->name, buf_str(&canonical), v->canonical);
    rpc_string_to_sign(&request, text_of(v->canonical), &to_sign);
    CHECK_STR(v->name, buf_str(&to_sign), v->to_sign);
    CHECK(v->name, rpc_signature(d, text_of(v->to_sign), text_of(SECRET), signature));
    CHECK_STR(v->name, signature, v->signature);
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

static void what_cannot_be_signed_is_refused_and_no_key_is_shown(void)
{
    static const struct {
        const char *name;
        struct rpc_keys keys;
        struct rpc_moment moment;
        enum spurn_status status;
    } rows[] = {
        {"no id", {{NULL, 0}, {"hidden", 6}, {NULL, 0}}, {0, {"n", 1}}, SPURN_E_CREDENTIALS},
        {"empty secret", {{"hidden", 6}, {"", 0}, {NULL, 0}}, {0, {"n", 1}}, SPURN_E_CREDENTIALS},
        {"token with a line feed",
         {{"id", 2}, {"s", 1}, {"hidden\n", 7}},
         {0, {"n", 1}},
         SPURN_E_CREDENTIALS},
        {"no nonce", {{"hidden", 6}, {"hidden", 6}, {NULL, 0}}, {0, {NULL, 0}}, SPURN_E_INTERNAL},
    };
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        struct spurn_error err = {SPURN_OK, ""};
        build(&vectors[0], &request);
        CHECK_INT(rows[i].name, rpc_sign(d, &request, &rows[i].keys, &rows[i].moment, &err),
                  rows[i].status);
        CHECK(rows[i].name, strncmp(err.text, "cannot sign request: ", 21) == 0);
        CHECK(rows[i].name, strstr(err.text, "hidden") == NULL);
        CHECK(rows[i].name, parameter_of(&request, "Signature").at == NULL);
        request_clear(&request);
    }
    digest_close(d);
}

static void a_form_body_holds_the_query_as_it_was(void)
{
    struct request request;
    request_init(&request, "POST");
    request_add_parameter(&request, "Action", text_of("AssumeRole"));
    request_add_parameter(&request, "ExternalId", text_of("a b&c"));
    rpc_use_body(&request);
    CHECK("", !request.failed);
    CHECK_INT("", (int64_t)request.parameter_count, 0);
    CHECK_TEXT("", request.body, text_of("Action=AssumeRole&ExternalId=a%20b%26c"));
    CHECK_INT("", (int64_t)request.header_count, 1);
    CHECK_TEXT("", request.headers[0].value, text_of("application/x-www-form-urlencoded"));
    request_clear(&request);
}

static const struct unit_test tests[] = {
    {"each_stage_gives_the_bytes_of_its_vector", each_stage_gives_the_bytes_of_its_vector},
    {"what_cannot_be_signed_is_refused_and_no_key_is_shown",
     what_cannot_be_signed_is_refused_and_no_key_is_shown},
    {"a_form_body_holds_the_query_as_it_was", a_form_body_holds_the_query_as_it_was},
};

UNIT_MAIN(tests)

/* acs3_test.c - Alibaba Cloud's ACS3-HMAC-SHA256, each stage against vectors of our own making. */
#include <string.h>

#include "sign/acs3.h"
#include "unit.h"
#include "../vectors/acs3_vectors.h"

static void build(const struct vector *v, struct request *r)
{
    request_init(r, "POST");
    request_set_host(r, text_of(v->host));
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
    struct acs3_keys keys = {text_of(KEY_ID), text_of(SECRET), text_of(v->token)};
    struct acs3_moment moment = {NOW_MS, text_of(NONCE)};
    build(v, &request);
    buf_init(&canonical, REQUEST_LEN_MAX);
    buf_init(&to_sign, REQUEST_LEN_MAX);
    buf_init(&signed_headers, REQUEST_LEN_MAX);
    CHECK_INT(v->name, acs3_sign(d, &request, &keys, &moment, &err), SPURN_OK);
    acs3_canonical_request(d, &request, &canonical, &signed_headers);
    CHECK_STR(v->name, buf_str(&canonical), v->canonical);
    acs3_string_to_sign(d, text_of(v->canonical), &to_sign);
    CHECK_STR(v->name, buf_str(&to_sign), v->to_sign);
    CHECK(v->name, acs3_signature(d, text_of(v->to_sign), keys.secret, signature));
    CHECK_STR(v->name, signature, v->signature);
    CHECK_TEXT(v->name, header_of(&request, "Authorization"), text_of(v->authorization));
    CHECK_TEXT(v->name, header_of(&request, "x-acs-security-token"), text_of(v->token));
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

/* What cannot be signed, why, and that no key shows in the reason. */
static void what_cannot_be_signed_is_refused_and_no_key_is_shown(void)
{
    static const struct {
        const char *name;
        struct acs3_keys keys;
        struct acs3_moment moment;
        enum spurn_status status;
    } rows[] = {
        {"no id", {{NULL, 0}, {"hidden", 6}, {NULL, 0}}, {0, {"n", 1}}, SPURN_E_CREDENTIALS},
        {"empty secret", {{"hidden", 6}, {"", 0}, {NULL, 0}}, {0, {"n", 1}}, SPURN_E_CREDENTIALS},
        {"secret with a line feed",
         {{"id", 2}, {"hidden\n", 7}, {NULL, 0}},
         {0, {"n", 1}},
         SPURN_E_CREDENTIALS},
        {"id that would end its field",
         {{"hidden,", 7}, {"s", 1}, {NULL, 0}},
         {0, {"n", 1}},
         SPURN_E_CREDENTIALS},
        {"token with a header in it",
         {{"id", 2}, {"s", 1}, {"hidden\r\nX: y", 12}},
         {0, {"n", 1}},
         SPURN_E_CREDENTIALS},
        {"no nonce", {{"hidden", 6}, {"hidden", 6}, {NULL, 0}}, {0, {NULL, 0}}, SPURN_E_INTERNAL},
        {"nonce with a line feed",
         {{"hidden", 6}, {"hidden", 6}, {NULL, 0}},
         {0, {"n\n", 2}},
         SPURN_E_MEMORY},
    };
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        struct spurn_error err = {SPURN_OK, ""};
        build(&vectors[0], &request);
        CHECK_INT(rows[i].name, acs3_sign(d, &request, &rows[i].keys, &rows[i].moment, &err),
                  rows[i].status);
        CHECK(rows[i].name, strncmp(err.text, "cannot sign request: ", 21) == 0);
        CHECK(rows[i].name, strstr(err.text, "hidden") == NULL);
        CHECK(rows[i].name, header_of(&request, "Authorization").at == NULL);
        request_clear(&request);
    }
    digest_close(d);
}

static void another_nonce_gives_another_signature(void)
{
    struct digest *d = NULL;
    struct request first, second;
    struct acs3_keys keys = {text_of(KEY_ID), text_of(SECRET), TEXT_ABSENT};
    struct acs3_moment moment = {NOW_MS, text_of(NONCE)};
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    build(&vectors[0], &first);
    build(&vectors[0], &second);
    CHECK_INT("", acs3_sign(d, &first, &keys, &moment, NULL), SPURN_OK);
    moment.nonce = text_of("another");
    CHECK_INT("", acs3_sign(d, &second, &keys, &moment, NULL), SPURN_OK);
    CHECK("", !text_equal(header_of(&first, "Authorization"), header_of(&second, "Authorization")));
    request_clear(&second);
    request_clear(&first);
    digest_close(d);
}

static const struct unit_test tests[] = {
    {"each_stage_gives_the_bytes_of_its_vector", each_stage_gives_the_bytes_of_its_vector},
    {"what_cannot_be_signed_is_refused_and_no_key_is_shown",
     what_cannot_be_signed_is_refused_and_no_key_is_shown},
    {"another_nonce_gives_another_signature", another_nonce_gives_another_signature},
};

UNIT_MAIN(tests)

/* acs3_test.c - Alibaba Cloud's ACS3-HMAC-SHA256, each stage against vectors of our own making. */
#include <string.h>

#include "sign/acs3.h"
#include "unit.h"

static const char KEY_ID[] = "LTAISPURNTEST0000001";
static const char SECRET[] = "invented/for+tests-only-do-not-use-000001";
static const char NONCE[] = "0f0e0d0c0b0a09080706050403020100";
#define TOKEN "InventedSession//Token+of=tests=="
static const int64_t NOW_MS = INT64_C(1790856000024); /* 2026-10-01T12:00:00.024Z */

struct pair {
    const char *name, *value;
};

/* Made by a second implementation of the same rules, in another language, which agrees with the public examples as well. */
static const struct vector {
    const char *name, *host;
    struct pair parameters[4], headers[8];
    const char *body, *token;
    const char *canonical, *to_sign, *signature, *authorization;
} vectors[] = {
    {
        .name = "list",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .parameters = {{"MaxResults", "100"}},
        .headers = {{"x-acs-action", "ListResourceShareInvitations"},
                    {"x-acs-version", "2020-01-10"}},
        .body = "",
        .canonical = "POST\n"
                     "/\n"
                     "MaxResults=100\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-action:ListResourceShareInvitations\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-"
                     "acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "58bbd277ced7465deab8c07bb49d089a124e43c0079acccae187962b42768831",
        .signature = "db3c7b09bf364dac2afbf0ceb4f7cb6bdaa1cc56844c8bcf6b42f8ba1dbe78bf",
        .authorization = "ACS3-HMAC-SHA256 "
                         "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-action;x-acs-"
                         "content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                         "db3c7b09bf364dac2afbf0ceb4f7cb6bdaa1cc56844c8bcf6b42f8ba1dbe78bf",
    },
    {
        .name = "list_with_sts_token",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .parameters = {{"MaxResults", "100"}},
        .headers = {{"x-acs-action", "ListResourceShareInvitations"},
                    {"x-acs-version", "2020-01-10"}},
        .body = "",
        .token = TOKEN,
        .canonical = "POST\n"
                     "/\n"
                     "MaxResults=100\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-accesskey-id:LTAISPURNTEST0000001\n"
                     "x-acs-action:ListResourceShareInvitations\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-security-token:InventedSession//Token+of=tests==\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-"
                     "security-token;x-acs-signature-nonce;x-acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "4eae3024415415babf5f8084102b435e081a8f1ea26f7c3ed6c6c60f8636e039",
        .signature = "885c7a7ed6d7ad279276aed743a3b6a0cdf5ddebff33a8836f0c3d4779edd8d2",
        .authorization =
            "ACS3-HMAC-SHA256 "
            "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-accesskey-id;x-acs-action;x-"
            "acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-"
            "version,Signature=885c7a7ed6d7ad279276aed743a3b6a0cdf5ddebff33a8836f0c3d4779edd8d2",
    },
    {
        .name = "list_next_page",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .parameters = {{"NextToken", "q+r/s=="}, {"MaxResults", "100"}},
        .headers = {{"x-acs-action", "ListResourceShareInvitations"},
                    {"x-acs-version", "2020-01-10"}},
        .body = "",
        .canonical = "POST\n"
                     "/\n"
                     "MaxResults=100&NextToken=q%2Br%2Fs%3D%3D\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-action:ListResourceShareInvitations\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-"
                     "acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "f72197c5b0cc4fd32775f05bbba49fd4238e829e98da3cc57cd7de9e96609f25",
        .signature = "b629ad358d0449dd6a73206bee67dd129044b3da4a0e131feb419b011be685e0",
        .authorization = "ACS3-HMAC-SHA256 "
                         "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-action;x-acs-"
                         "content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                         "b629ad358d0449dd6a73206bee67dd129044b3da4a0e131feb419b011be685e0",
    },
    {
        .name = "look_up",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .parameters = {{"ResourceShareInvitationIds.1", "i-inventedTest00001"},
                       {"MaxResults", "1"}},
        .headers = {{"x-acs-action", "ListResourceShareInvitations"},
                    {"x-acs-version", "2020-01-10"}},
        .body = "",
        .canonical = "POST\n"
                     "/\n"
                     "MaxResults=1&ResourceShareInvitationIds.1=i-inventedTest00001\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-action:ListResourceShareInvitations\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-"
                     "acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "4f8d1417607bc0e9855de0f61508debda6453d161a0b91045b79a55b9ac716ce",
        .signature = "fd7c61493773d2539670e7c71512a62de00a58efdce6c73695f77085047e8029",
        .authorization = "ACS3-HMAC-SHA256 "
                         "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-action;x-acs-"
                         "content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                         "fd7c61493773d2539670e7c71512a62de00a58efdce6c73695f77085047e8029",
    },
    {
        .name = "reject",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .parameters = {{"ResourceShareInvitationId", "i-inventedTest00001"}},
        .headers = {{"x-acs-action", "RejectResourceShareInvitation"},
                    {"x-acs-version", "2020-01-10"}},
        .body = "",
        .canonical = "POST\n"
                     "/\n"
                     "ResourceShareInvitationId=i-inventedTest00001\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-action:RejectResourceShareInvitation\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-"
                     "acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "5ca2a5fd1dd0f861ad585101c443078e1572cc298196c6c769bffbbcccfcd822",
        .signature = "5ebfd96126af928b601ea6e986e3fd408ee4f79a76da3fee5c7904b613e39a98",
        .authorization = "ACS3-HMAC-SHA256 "
                         "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-action;x-acs-"
                         "content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                         "5ebfd96126af928b601ea6e986e3fd408ee4f79a76da3fee5c7904b613e39a98",
    },
    {
        .name = "reject_with_sts_token",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .parameters = {{"ResourceShareInvitationId", "i-inventedTest00001"}},
        .headers = {{"x-acs-action", "RejectResourceShareInvitation"},
                    {"x-acs-version", "2020-01-10"}},
        .body = "",
        .token = TOKEN,
        .canonical = "POST\n"
                     "/\n"
                     "ResourceShareInvitationId=i-inventedTest00001\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-accesskey-id:LTAISPURNTEST0000001\n"
                     "x-acs-action:RejectResourceShareInvitation\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-security-token:InventedSession//Token+of=tests==\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-"
                     "security-token;x-acs-signature-nonce;x-acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "0a343445f5724beb79106618eff46aeed125998f470ea587dec49bef649eebe1",
        .signature = "682ccf3c2be6bf435a87c81cbd3a45c318738c5a1dab9c3a83e06af0f9324f0a",
        .authorization =
            "ACS3-HMAC-SHA256 "
            "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-accesskey-id;x-acs-action;x-"
            "acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-"
            "version,Signature=682ccf3c2be6bf435a87c81cbd3a45c318738c5a1dab9c3a83e06af0f9324f0a",
    },
    {
        .name = "form_body_signs_its_content_type",
        .host = "resourcesharing.eu-central-1.aliyuncs.com",
        .headers = {{"x-acs-action", "ListResourceShareInvitations"},
                    {"x-acs-version", "2020-01-10"},
                    {"Content-Type", "application/x-www-form-urlencoded"}},
        .body = "MaxResults=100&Name=%E2%98%83",
        .canonical = "POST\n"
                     "/\n"
                     "\n"
                     "content-type:application/x-www-form-urlencoded\n"
                     "host:resourcesharing.eu-central-1.aliyuncs.com\n"
                     "x-acs-action:ListResourceShareInvitations\n"
                     "x-acs-content-sha256:"
                     "5c711cdb6d85f13949bfadb6939748352ac1f9dfadcbf11f8370144c998ee9c5\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-"
                     "signature-nonce;x-acs-version\n"
                     "5c711cdb6d85f13949bfadb6939748352ac1f9dfadcbf11f8370144c998ee9c5",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "feab3ee56cdc28778711ce1672df0284f1c6d7502ff760885faba7e2152b07bc",
        .signature = "8aab96cd0f428f43773c79da982a3740634fb89d89620afedb0905b1a24193e2",
        .authorization =
            "ACS3-HMAC-SHA256 "
            "Credential=LTAISPURNTEST0000001,SignedHeaders=content-type;host;x-acs-action;x-acs-"
            "content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
            "8aab96cd0f428f43773c79da982a3740634fb89d89620afedb0905b1a24193e2",
    },
    {
        .name = "other_headers_are_not_signed_and_values_are_sorted",
        .host = "127.0.0.1:8080",
        .parameters = {{"it's", "*~ ☃"}},
        .headers = {{"x-acs-action", "ListResourceShareInvitations"},
                    {"x-acs-version", "2020-01-10"},
                    {"X-Acs-Test", " https "},
                    {"User-Agent", "spurn"},
                    {"x-acs-test", "http  s"},
                    {"x-acs", "no"}},
        .body = "",
        .canonical = "POST\n"
                     "/\n"
                     "it%27s=%2A~%20%E2%98%83\n"
                     "host:127.0.0.1:8080\n"
                     "x-acs-action:ListResourceShareInvitations\n"
                     "x-acs-content-sha256:"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                     "x-acs-date:2026-10-01T12:00:00Z\n"
                     "x-acs-signature-nonce:0f0e0d0c0b0a09080706050403020100\n"
                     "x-acs-test:http  s,https\n"
                     "x-acs-version:2020-01-10\n"
                     "\n"
                     "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-"
                     "acs-test;x-acs-version\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "ACS3-HMAC-SHA256\n"
                   "2fd261ccacead76d7abbfd9eeb9f67ae89f5d1fed36a9243debc26674b2a023f",
        .signature = "8115578c498305780cfb80e288854269e29692f89e6a7fabfb74f8a19570b634",
        .authorization =
            "ACS3-HMAC-SHA256 "
            "Credential=LTAISPURNTEST0000001,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
            "x-acs-date;x-acs-signature-nonce;x-acs-test;x-acs-version,Signature="
            "8115578c498305780cfb80e288854269e29692f89e6a7fabfb74f8a19570b634",
    },
};

enum { VECTOR_COUNT = sizeof vectors / sizeof vectors[0] };

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
        {"before 1970", {{"hidden", 6}, {"hidden", 6}, {NULL, 0}}, {-1, {"n", 1}}, SPURN_E_USAGE},
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

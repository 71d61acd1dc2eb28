/* acs3_vectors.h - vectors for Alibaba Cloud's ACS3-HMAC-SHA256, of our own making. */
/* Invented keys, every stage. A second implementation in another language wrote what is wanted
 * here, so the signer does not mark its own work. */
#ifndef SPURN_TESTS_VECTORS_ACS3_VECTORS_H
#define SPURN_TESTS_VECTORS_ACS3_VECTORS_H

#include <stdint.h>

static const char KEY_ID[] = "LTAISPURNTEST0000001";
static const char SECRET[] = "invented/for+tests-only-do-not-use-000001";
static const char NONCE[] = "0f0e0d0c0b0a09080706050403020100";
#define TOKEN "InventedSession//Token+of=tests=="
static const int64_t NOW_MS = INT64_C(1790856000024); /* 2026-10-01T12:00:00.024Z */

struct pair {
    const char *name, *value;
};

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

#endif

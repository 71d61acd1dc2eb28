/* sigv4_vectors.h - vectors for AWS Signature Version 4, of our own making. */
/* Invented keys, every stage. A second implementation in another language wrote what is wanted
 * here, so the signer does not mark its own work. */
#ifndef SPURN_TESTS_VECTORS_SIGV4_VECTORS_H
#define SPURN_TESTS_VECTORS_SIGV4_VECTORS_H

#include <stdbool.h>
#include <stdint.h>

static const char KEY_ID[] = "SPURNTESTKEY00000001";
static const char SECRET[] = "invented/for+tests-only-do-not-use-000001";
#define TOKEN "InventedSession//Token+of=tests=="

struct pair {
    const char *name, *value;
};

static const struct vector {
    const char *name, *method, *host, *path;
    struct pair parameters[10], headers[6];
    const char *body, *token, *service;
    int64_t now_ms;
    bool path_is_raw;
    const char *canonical, *to_sign, *signature, *authorization;
} vectors[] = {
    {
        .name = "ram_list",
        .method = "POST",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/getresourceshareinvitations",
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\"maxResults\":500}",
        .service = "ram",
        .now_ms = 1790856000024,
        .canonical = "POST\n"
                     "/getresourceshareinvitations\n"
                     "\n"
                     "content-type:application/json\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "\n"
                     "content-type;host;x-amz-date\n"
                     "3959018eda13f6b7a4a260f8b0ed313f069998c1a53474b064765a6031b61df2",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/ram/aws4_request\n"
                   "09b3973599ea3f1263be90db1f6811c1166e53aa7dc815f056c630e5b7ede7ee",
        .signature = "3d995180d046029059e3dc4a13a502e7abb78151632bf32a30e456ff98bb15e6",
        .authorization =
            "AWS4-HMAC-SHA256 Credential=SPURNTESTKEY00000001/20261001/eu-west-1/ram/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=3d995180d046029059e3dc4a13a502e7abb78151632bf32a30e456ff98bb15e6",
    },
    {
        .name = "ram_list_with_token",
        .method = "POST",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/getresourceshareinvitations",
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\"maxResults\":500,\"nextToken\":\"a+b/c=\"}",
        .token = TOKEN,
        .service = "ram",
        .now_ms = 1790856000024,
        .canonical = "POST\n"
                     "/getresourceshareinvitations\n"
                     "\n"
                     "content-type:application/json\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "x-amz-security-token:InventedSession//Token+of=tests==\n"
                     "\n"
                     "content-type;host;x-amz-date;x-amz-security-token\n"
                     "05625a94264701cbb3e981927a4b4a307fd867871e89bf3aa1e4788377bd3298",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/ram/aws4_request\n"
                   "ef2594a86bf3b3a3e6c6ff02096ddc586e979a900d6dfe602fa6fa7e203686a9",
        .signature = "7ca85481170c6fb4bdb56e7c6a47e2adc7bffcb5f91848f147b8bb7426cd7de3",
        .authorization =
            "AWS4-HMAC-SHA256 Credential=SPURNTESTKEY00000001/20261001/eu-west-1/ram/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
            "Signature=7ca85481170c6fb4bdb56e7c6a47e2adc7bffcb5f91848f147b8bb7426cd7de3",
    },
    {
        .name = "ram_reject",
        .method = "POST",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/rejectresourceshareinvitation",
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\"resourceShareInvitationArn\":\"arn:aws:ram:eu-west-1:210987654321:resource-"
                "share-invitation/"
                "5a0e1f6c-1111-4222-8333-944455556666\",\"clientToken\":\"e3191fa6-0223-5dbb-8289-"
                "6487fe2ef616\"}",
        .service = "ram",
        .now_ms = 1790856000024,
        .canonical = "POST\n"
                     "/rejectresourceshareinvitation\n"
                     "\n"
                     "content-type:application/json\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "\n"
                     "content-type;host;x-amz-date\n"
                     "47bd6fc2b470962aa1730a1eb32a75912604c75cd4ebb6e881e48df55a68ebb9",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/ram/aws4_request\n"
                   "4f652f79b4be5571f602ab64f9a9493b741f0427869ace02266547e90674236f",
        .signature = "66f49a0c2dc4dec0d49dbc82a4339cf7e99354a3923cb0260268ab5f8a7036b2",
        .authorization =
            "AWS4-HMAC-SHA256 Credential=SPURNTESTKEY00000001/20261001/eu-west-1/ram/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=66f49a0c2dc4dec0d49dbc82a4339cf7e99354a3923cb0260268ab5f8a7036b2",
    },
    {
        .name = "ram_reject_with_token",
        .method = "POST",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/rejectresourceshareinvitation",
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\"resourceShareInvitationArn\":\"arn:aws:ram:eu-west-1:210987654321:resource-"
                "share-invitation/5a0e1f6c-1111-4222-8333-944455556666\"}",
        .token = TOKEN,
        .service = "ram",
        .now_ms = 1790856000024,
        .canonical = "POST\n"
                     "/rejectresourceshareinvitation\n"
                     "\n"
                     "content-type:application/json\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "x-amz-security-token:InventedSession//Token+of=tests==\n"
                     "\n"
                     "content-type;host;x-amz-date;x-amz-security-token\n"
                     "7662d30a004ca9dcfd39248adb7678e5adafce8e85a5ed319e05124fab2bdfba",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/ram/aws4_request\n"
                   "d70478d5a5c99f67ad2cf9871939d8b381935264305d290376adab7efba0c19d",
        .signature = "63c1a5024ff07f16fe89e5fd32b296480afd163753077f9ad65d2beb87921aef",
        .authorization =
            "AWS4-HMAC-SHA256 Credential=SPURNTESTKEY00000001/20261001/eu-west-1/ram/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
            "Signature=63c1a5024ff07f16fe89e5fd32b296480afd163753077f9ad65d2beb87921aef",
    },
    {
        .name = "not_ascii",
        .method = "PUT",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/größe/秘",
        .parameters = {{"naïve", "☃ 𝄞"}, {"é", ""}},
        .headers = {{"X-Note", "Übung"}},
        .body = "{\"name\":\"Ünïcødé ☃\"}",
        .service = "other",
        .now_ms = 1790856000024,
        .canonical = "PUT\n"
                     "/gr%C3%B6%C3%9Fe/%E7%A7%98\n"
                     "%C3%A9=&na%C3%AFve=%E2%98%83%20%F0%9D%84%9E\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "x-note:Übung\n"
                     "\n"
                     "host;x-amz-date;x-note\n"
                     "9a3f3751620499c33d514a8de852773053fdb0b10131f133a2545d0be61f844b",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/other/aws4_request\n"
                   "c239177af35d4184888fcf41e07a9db750f6968f7a0932b0a6a0a385e9547ac8",
        .signature = "18fd58a2ab3e0a7c106058be2e1730bc65d06d3d70ae75b8f8b74d0206c757b8",
        .authorization =
            "AWS4-HMAC-SHA256 "
            "Credential=SPURNTESTKEY00000001/20261001/eu-west-1/other/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-note, "
            "Signature=18fd58a2ab3e0a7c106058be2e1730bc65d06d3d70ae75b8f8b74d0206c757b8",
    },
    {
        .name = "query_sorted_by_name_then_value",
        .method = "GET",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/invitations",
        .parameters = {{"b", "2"},
                       {"A.1", "x"},
                       {"a", "1"},
                       {"A", "z"},
                       {"A", "a b"},
                       {"A-1", "~"},
                       {"empty", ""},
                       {"b", "10"},
                       {"%", "*&=+/"}},
        .body = "",
        .service = "other",
        .now_ms = 1790856000024,
        .canonical = "GET\n"
                     "/invitations\n"
                     "%25=%2A%26%3D%2B%2F&A=a%20b&A=z&A-1=~&A.1=x&a=1&b=10&b=2&empty=\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "\n"
                     "host;x-amz-date\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/other/aws4_request\n"
                   "f145c4af13f2f1e855db68b216c76f252469335174b2c35860db2a40b4d4683c",
        .signature = "44022bec4c115f5011bbd3d76e596f09e1ab86a0275114ae9556177018c9164e",
        .authorization =
            "AWS4-HMAC-SHA256 "
            "Credential=SPURNTESTKEY00000001/20261001/eu-west-1/other/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=44022bec4c115f5011bbd3d76e596f09e1ab86a0275114ae9556177018c9164e",
    },
    {
        .name = "headers_trimmed_folded_joined",
        .method = "GET",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/",
        .headers = {{"X-Two", "  second \t value  "},
                    {"x-one", "1"},
                    {"X-TWO", "first"},
                    {"X-Empty", ""},
                    {"X-Two-B", "b"}},
        .body = "",
        .service = "other",
        .now_ms = 1790856000024,
        .canonical = "GET\n"
                     "/\n"
                     "\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "x-empty:\n"
                     "x-one:1\n"
                     "x-two:second value,first\n"
                     "x-two-b:b\n"
                     "\n"
                     "host;x-amz-date;x-empty;x-one;x-two;x-two-b\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/other/aws4_request\n"
                   "70c816c01f96fd3406713136eb8df749fd95719c5d84d64c0e44616b2f0ae3f1",
        .signature = "44c8703374be72ff67f61d60a4082f3af4799f72ffaf4c976941468b43663b32",
        .authorization =
            "AWS4-HMAC-SHA256 "
            "Credential=SPURNTESTKEY00000001/20261001/eu-west-1/other/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-empty;x-one;x-two;x-two-b, "
            "Signature=44c8703374be72ff67f61d60a4082f3af4799f72ffaf4c976941468b43663b32",
    },
    {
        .name = "path_normalised_and_encoded_again",
        .method = "GET",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/a/./b//../c%20d/e f/",
        .body = "",
        .service = "other",
        .now_ms = 1790856000024,
        .canonical = "GET\n"
                     "/a/c%2520d/e%20f/\n"
                     "\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "\n"
                     "host;x-amz-date\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/other/aws4_request\n"
                   "c99bd0e1f9f36ec05628e177d0e141bc33a92f90cce3180568195aa7e9640b4c",
        .signature = "ce4c06193a91f6373e20f7eb09926ce638f8157a701113a13cf2a3cc04e4389a",
        .authorization =
            "AWS4-HMAC-SHA256 "
            "Credential=SPURNTESTKEY00000001/20261001/eu-west-1/other/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=ce4c06193a91f6373e20f7eb09926ce638f8157a701113a13cf2a3cc04e4389a",
    },
    {
        .name = "path_above_the_root",
        .method = "GET",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/../../a/..",
        .body = "",
        .service = "other",
        .now_ms = 1790856000024,
        .canonical = "GET\n"
                     "/\n"
                     "\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "\n"
                     "host;x-amz-date\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/other/aws4_request\n"
                   "ef5a991633b29ec93cc08b4839198f362f1283e9858aa9bd30f1d784f0d838bd",
        .signature = "7b2535461e5afd1453e239a8f3877ed94974689aad2fa9832873c01438328bf6",
        .authorization =
            "AWS4-HMAC-SHA256 "
            "Credential=SPURNTESTKEY00000001/20261001/eu-west-1/other/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=7b2535461e5afd1453e239a8f3877ed94974689aad2fa9832873c01438328bf6",
    },
    {
        .name = "path_raw",
        .method = "GET",
        .host = "ram.eu-west-1.amazonaws.com",
        .path = "/a//b/../c%20d/e f+",
        .body = "",
        .service = "s3",
        .now_ms = 1790856000024,
        .path_is_raw = true,
        .canonical = "GET\n"
                     "/a//b/../c%20d/e%20f%2B\n"
                     "\n"
                     "host:ram.eu-west-1.amazonaws.com\n"
                     "x-amz-date:20261001T120000Z\n"
                     "\n"
                     "host;x-amz-date\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261001T120000Z\n"
                   "20261001/eu-west-1/s3/aws4_request\n"
                   "59c65b113305d40fb53f80ff774a8e953f544315d30a253bf55562f09b75cd26",
        .signature = "1e90188a99e551d6cb1001270517dcd87fd9dca1eebee929254ddfd2c419a672",
        .authorization =
            "AWS4-HMAC-SHA256 Credential=SPURNTESTKEY00000001/20261001/eu-west-1/s3/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=1e90188a99e551d6cb1001270517dcd87fd9dca1eebee929254ddfd2c419a672",
    },
    {
        .name = "host_with_port_last_second_of_a_year",
        .method = "POST",
        .host = "127.0.0.1:4566",
        .path = "/getresourceshareinvitations",
        .headers = {{"Content-Type", "application/json"}},
        .body = "{}",
        .service = "ram",
        .now_ms = 1798761599999,
        .canonical = "POST\n"
                     "/getresourceshareinvitations\n"
                     "\n"
                     "content-type:application/json\n"
                     "host:127.0.0.1:4566\n"
                     "x-amz-date:20261231T235959Z\n"
                     "\n"
                     "content-type;host;x-amz-date\n"
                     "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        .to_sign = "AWS4-HMAC-SHA256\n"
                   "20261231T235959Z\n"
                   "20261231/eu-west-1/ram/aws4_request\n"
                   "91e57275237f0db472c8d0cc302c8750f2eb6e258e3275bd06d7baacaeb7593a",
        .signature = "547c45f696ee961317900aa6c6e068462932bcaed7f5a8426ee082f9983b1d94",
        .authorization =
            "AWS4-HMAC-SHA256 Credential=SPURNTESTKEY00000001/20261231/eu-west-1/ram/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=547c45f696ee961317900aa6c6e068462932bcaed7f5a8426ee082f9983b1d94",
    },
};

enum { VECTOR_COUNT = sizeof vectors / sizeof vectors[0] };

#endif

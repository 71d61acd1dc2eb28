/* rpc_vectors.h - vectors for Alibaba Cloud's HMAC-SHA1 signature of RPC requests, of our own making. */
/* Invented keys, every stage. A second implementation in another language wrote what is wanted
 * here, so the signer does not mark its own work. */
#ifndef SPURN_TESTS_VECTORS_RPC_VECTORS_H
#define SPURN_TESTS_VECTORS_RPC_VECTORS_H

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
    const char *name, *method;
    struct pair parameters[8];
    const char *token;
    const char *canonical, *to_sign, *signature;
} vectors[] = {
    {
        .name = "assume_role",
        .method = "POST",
        .parameters = {{"Action", "AssumeRole"},
                       {"Version", "2015-04-01"},
                       {"Format", "JSON"},
                       {"RoleArn", "acs:ram::1234567890123456:role/spurn"},
                       {"RoleSessionName", "spurn"},
                       {"DurationSeconds", "3600"}},
        .canonical = "AccessKeyId=LTAISPURNTEST0000001&Action=AssumeRole&DurationSeconds=3600&Form"
                     "at=JSON&RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fspurn&RoleSessionNa"
                     "me=spurn&SignatureMethod=HMAC-SHA1&SignatureNonce=0f0e0d0c0b0a09080706050403"
                     "020100&SignatureVersion=1.0&Timestamp=2026-10-01T12%3A00%3A00Z&Version=2015-"
                     "04-01",
        .to_sign = "POST&%2F&AccessKeyId%3DLTAISPURNTEST0000001%26Action%3DAssumeRole%26Duration"
                   "Seconds%3D3600%26Format%3DJSON%26RoleArn%3Dacs%253Aram%253A%253A123456789012"
                   "3456%253Arole%252Fspurn%26RoleSessionName%3Dspurn%26SignatureMethod%3DHMAC-S"
                   "HA1%26SignatureNonce%3D0f0e0d0c0b0a09080706050403020100%26SignatureVersion%3"
                   "D1.0%26Timestamp%3D2026-10-01T12%253A00%253A00Z%26Version%3D2015-04-01",
        .signature = "kwxnyiOVVo4WVU0oRmm2goRok2E=",
    },
    {
        .name = "assume_role_with_sts_token",
        .method = "POST",
        .parameters = {{"Action", "AssumeRole"},
                       {"Version", "2015-04-01"},
                       {"Format", "JSON"},
                       {"RoleArn", "acs:ram::1234567890123456:role/spurn"},
                       {"RoleSessionName", "spurn"},
                       {"ExternalId", "a b&c=d"}},
        .token = TOKEN,
        .canonical = "AccessKeyId=LTAISPURNTEST0000001&Action=AssumeRole&ExternalId=a%20b%26c%3Dd&"
                     "Format=JSON&RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fspurn&RoleSessi"
                     "onName=spurn&SecurityToken=InventedSession%2F%2FToken%2Bof%3Dtests%3D%3D&Sig"
                     "natureMethod=HMAC-SHA1&SignatureNonce=0f0e0d0c0b0a09080706050403020100&Signa"
                     "tureVersion=1.0&Timestamp=2026-10-01T12%3A00%3A00Z&Version=2015-04-01",
        .to_sign = "POST&%2F&AccessKeyId%3DLTAISPURNTEST0000001%26Action%3DAssumeRole%26External"
                   "Id%3Da%2520b%2526c%253Dd%26Format%3DJSON%26RoleArn%3Dacs%253Aram%253A%253A12"
                   "34567890123456%253Arole%252Fspurn%26RoleSessionName%3Dspurn%26SecurityToken%"
                   "3DInventedSession%252F%252FToken%252Bof%253Dtests%253D%253D%26SignatureMetho"
                   "d%3DHMAC-SHA1%26SignatureNonce%3D0f0e0d0c0b0a09080706050403020100%26Signatur"
                   "eVersion%3D1.0%26Timestamp%3D2026-10-01T12%253A00%253A00Z%26Version%3D2015-0"
                   "4-01",
        .signature = "B1jWTSoc3Lup2n099tnLapE7yjc=",
    },
    {
        .name = "identity",
        .method = "POST",
        .parameters = {{"Action", "GetCallerIdentity"},
                       {"Version", "2015-04-01"},
                       {"Format", "JSON"}},
        .canonical = "AccessKeyId=LTAISPURNTEST0000001&Action=GetCallerIdentity&Format=JSON&Signat"
                     "ureMethod=HMAC-SHA1&SignatureNonce=0f0e0d0c0b0a09080706050403020100&Signatur"
                     "eVersion=1.0&Timestamp=2026-10-01T12%3A00%3A00Z&Version=2015-04-01",
        .to_sign = "POST&%2F&AccessKeyId%3DLTAISPURNTEST0000001%26Action%3DGetCallerIdentity%26F"
                   "ormat%3DJSON%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0f0e0d0c0b0a09"
                   "080706050403020100%26SignatureVersion%3D1.0%26Timestamp%3D2026-10-01T12%253A"
                   "00%253A00Z%26Version%3D2015-04-01",
        .signature = "7vSvSTs4/g+ZDep7IGZ/O5hRJY4=",
    },
    {
        .name = "the_method_is_signed",
        .method = "GET",
        .parameters = {{"Action", "GetCallerIdentity"},
                       {"Version", "2015-04-01"},
                       {"Format", "JSON"}},
        .canonical = "AccessKeyId=LTAISPURNTEST0000001&Action=GetCallerIdentity&Format=JSON&Signat"
                     "ureMethod=HMAC-SHA1&SignatureNonce=0f0e0d0c0b0a09080706050403020100&Signatur"
                     "eVersion=1.0&Timestamp=2026-10-01T12%3A00%3A00Z&Version=2015-04-01",
        .to_sign = "GET&%2F&AccessKeyId%3DLTAISPURNTEST0000001%26Action%3DGetCallerIdentity%26Fo"
                   "rmat%3DJSON%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0f0e0d0c0b0a090"
                   "80706050403020100%26SignatureVersion%3D1.0%26Timestamp%3D2026-10-01T12%253A0"
                   "0%253A00Z%26Version%3D2015-04-01",
        .signature = "ef99CDm9KCDcPpiBZnCmS6u8MMo=",
    },
    {
        .name = "odd_values_and_equal_names",
        .method = "POST",
        .parameters = {{"it's", "*~ ☃"},
                       {"Policy", "{\"Statement\":[]}"},
                       {"Tag", "b"},
                       {"Tag", "a"},
                       {"Empty", ""}},
        .canonical = "AccessKeyId=LTAISPURNTEST0000001&Empty=&Policy=%7B%22Statement%22%3A%5B%5D%7"
                     "D&SignatureMethod=HMAC-SHA1&SignatureNonce=0f0e0d0c0b0a09080706050403020100&"
                     "SignatureVersion=1.0&Tag=a&Tag=b&Timestamp=2026-10-01T12%3A00%3A00Z&it%27s=%"
                     "2A~%20%E2%98%83",
        .to_sign = "POST&%2F&AccessKeyId%3DLTAISPURNTEST0000001%26Empty%3D%26Policy%3D%257B%2522"
                   "Statement%2522%253A%255B%255D%257D%26SignatureMethod%3DHMAC-SHA1%26Signature"
                   "Nonce%3D0f0e0d0c0b0a09080706050403020100%26SignatureVersion%3D1.0%26Tag%3Da%"
                   "26Tag%3Db%26Timestamp%3D2026-10-01T12%253A00%253A00Z%26it%2527s%3D%252A~%252"
                   "0%25E2%2598%2583",
        .signature = "D5PQo6ytsp7rRw/qUqXQEQZ15QU=",
    },
};

enum { VECTOR_COUNT = sizeof vectors / sizeof vectors[0] };

#endif

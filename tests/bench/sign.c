/* sign.c - SigV4 of a RAM request beside nothing but SHA-256 of the same blocks, with HMAC's pads hashed beforehand. */
#define OPENSSL_SUPPRESS_DEPRECATED /* the plainest way to libcrypto's compression function */
#include "sign/sigv4.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "cloud/cloud.h"

enum { TIMES = 512, ROUNDS = 41, TOKEN_LEN = 800 };

static const char name[] = "sign";
static const struct cloud_site site = {
    {"111122223333", 12}, {"us-east-1", 9}, {"ram.us-east-1.amazonaws.com", 27}};
static const char arn[] = "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/"
                          "3b3bc051-fbf6-4336-8377-06c559dfee49";
static const char client_token[] = "e3191fa6-0223-5dbb-8289-6487fe2ef616";

static void fail(const char *what)
{
    fprintf(stderr, "sign bench: %s\n", what);
    exit(1);
}

struct bench {
    struct digest *digest;
    struct cloud_keys keys;
    int64_t now_ms;
    struct request request;
    /* What a signature hashes, as long as it truly is. */
    struct buf body, canonical, to_sign;
    SHA256_CTX inner, outer; /* the day's key, hashed into HMAC's two pads */
};

/* ---- signing ---- */

static void build(struct request *request)
{
    struct spurn_error err;
    const struct cloud_call call = {.operation = CLOUD_REJECT,
                                    .invitation = text_of(arn),
                                    .client_token = text_of(client_token)};
    if (cloud_aws.build(&call, request, &err) != SPURN_OK)
        fail(err.text);
    request_set_host(request, site.host);
}

/* A request is signed once: each is built while the clock stands. */
static double sign_all_ns(struct bench *b)
{
    struct spurn_error err;
    const struct sigv4_keys keys = {b->keys.id, b->keys.secret, b->keys.token};
    const struct sigv4_scope scope = {
        .region = site.region, .service = {"ram", 3}, .now_ms = b->now_ms};
    int64_t spent = 0;
    for (size_t i = 0; i < TIMES; i++) {
        build(&b->request);
        int64_t since = bench_now_ns();
        if (sigv4_sign(b->digest, &b->request, &keys, &scope, &err) != SPURN_OK)
            fail(err.text);
        spent += bench_now_ns() - since;
        request_clear(&b->request);
    }
    return (double)spent / TIMES;
}

/* From the call to a request that could be sent. */
static double build_and_sign_ns(struct bench *b)
{
    struct spurn_error err;
    const struct cloud_call call = {.operation = CLOUD_REJECT,
                                    .invitation = text_of(arn),
                                    .client_token = text_of(client_token)};
    const struct cloud_moment moment = {.now_ms = b->now_ms};
    int64_t since = bench_now_ns();
    for (size_t i = 0; i < TIMES; i++) {
        struct request *request = &b->request;
        if (cloud_aws.build(&call, request, &err) != SPURN_OK ||
            cloud_aws.sign(b->digest, &site, &b->keys, &moment, request, &err) != SPURN_OK)
            fail(err.text);
        request_clear(request);
    }
    return (double)(bench_now_ns() - since) / TIMES;
}

/* ---- only hashing ---- */

/* The texts that signing hashes, taken from its own stages; and what must come out. */
static void keep_texts(struct bench *b)
{
    const struct sigv4_scope scope = {
        .region = site.region, .service = {"ram", 3}, .now_ms = b->now_ms};
    struct request request;
    struct buf names;
    char time[] = "20261122T030501Z";
    buf_init(&names, REQUEST_LEN_MAX);
    build(&request);
    request_add_header(&request, "X-Amz-Date", text_of(time));
    request_add_header(&request, "X-Amz-Security-Token", b->keys.token);
    buf_add_text(&b->body, request.body);
    sigv4_canonical_request(b->digest, &request, &scope, &b->canonical, &names);
    sigv4_string_to_sign(b->digest, buf_text(&b->canonical), &scope, &b->to_sign);
    if (b->body.failed || b->canonical.failed || b->to_sign.failed)
        fail("no memory");
    uint8_t pad[64];
    memset(pad, 0x36, sizeof pad);
    SHA256_Init(&b->inner);
    SHA256_Update(&b->inner, pad, sizeof pad);
    memset(pad, 0x5c, sizeof pad);
    SHA256_Init(&b->outer);
    SHA256_Update(&b->outer, pad, sizeof pad);
    buf_clear(&names);
    request_clear(&request);
}

static void hash(SHA256_CTX context, const void *bytes, size_t len, uint8_t out[SHA256_LEN])
{
    SHA256_Update(&context, bytes, len);
    SHA256_Final(out, &context);
}

static double hash_all_ns(const struct bench *b, volatile uint8_t *seen)
{
    uint8_t digest[SHA256_LEN];
    SHA256_CTX fresh;
    SHA256_Init(&fresh);
    int64_t since = bench_now_ns();
    for (size_t i = 0; i < TIMES; i++) {
        hash(fresh, b->body.data, b->body.len, digest);
        *seen ^= digest[0];
        hash(fresh, b->canonical.data, b->canonical.len, digest);
        *seen ^= digest[0];
        hash(b->inner, b->to_sign.data, b->to_sign.len, digest);
        hash(b->outer, digest, sizeof digest, digest);
        *seen ^= digest[0];
    }
    return (double)(bench_now_ns() - since) / TIMES;
}

/* ---- in turn ---- */

static size_t blocks(size_t len, size_t before)
{
    return (before + len + 9 + 63) / 64 - before / 64;
}

int main(void)
{
    static char token[TOKEN_LEN + 1];
    static const char *const kinds[] = {"long-lived keys", "a session's keys"};
    static struct bench b;
    struct spurn_error err;
    volatile uint8_t seen = 0; /* so that no compiler leaves the hashing out */
    double worst = 10;
    b.now_ms = INT64_C(1795316701000);
    for (size_t i = 0; i < TOKEN_LEN; i++)
        token[i] = "IQoJb3JpZ2luX2VjEXAMPLETOKEN/+"[i % 30];
    if (digest_open(&b.digest, &err) != SPURN_OK)
        fail(err.text);
    for (int kind = 0; kind < 2; kind++) {
        double raw[ROUNDS], signing[ROUNDS], whole[ROUNDS], ratio[ROUNDS];
        char what[128];
        b.keys = (struct cloud_keys){text_of("AKIDEXAMPLE"), text_of("wJalrXUtnFEMI/K7MDENG+bPx"),
                                     kind == 0 ? TEXT_ABSENT : text_of(token)};
        buf_init(&b.body, REQUEST_LEN_MAX);
        buf_init(&b.canonical, REQUEST_LEN_MAX);
        buf_init(&b.to_sign, REQUEST_LEN_MAX);
        keep_texts(&b);
        for (size_t i = 0; i < ROUNDS; i++) {
            raw[i] = hash_all_ns(&b, &seen);
            signing[i] = sign_all_ns(&b);
            whole[i] = build_and_sign_ns(&b);
            ratio[i] = raw[i] / signing[i];
        }
        size_t count = blocks(b.body.len, 0) + blocks(b.canonical.len, 0) +
                       blocks(b.to_sign.len, 64) + blocks(SHA256_LEN, 64);
        snprintf(what, sizeof what, "SHA-256 of the same %zu blocks, %s", count, kinds[kind]);
        bench_result(name, what, bench_median(raw, ROUNDS), "ns");
        snprintf(what, sizeof what, "SigV4, %s", kinds[kind]);
        bench_result(name, what, bench_median(signing, ROUNDS), "ns");
        snprintf(what, sizeof what, "building the request and SigV4, %s", kinds[kind]);
        bench_result(name, what, bench_median(whole, ROUNDS), "ns");
        double median = bench_median(ratio, ROUNDS);
        worst = median < worst ? median : worst;
        buf_clear(&b.body);
        buf_clear(&b.canonical);
        buf_clear(&b.to_sign);
    }
    bench_goal(name, "signing beside SHA-256 of the same blocks", worst, ">=", 0.7);
    digest_close(b.digest);
    return 0;
}

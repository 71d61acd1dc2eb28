/* digest.c - hashes and HMAC over libcrypto, fetched once and used many times. */
#include "digest.h"

#include <limits.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "buf.h"
#include "secret.h"

enum { BLOCK_LEN = 64 }; /* of SHA-256 and of SHA-1 */
enum { USUAL_CHAIN_LEN = 255 };
enum { CHAINS_KEPT = 16 }; /* regions in work at one time; making one anew costs about 4 us */

/* An algorithm and the context that every use of it shares. */
struct hash {
    EVP_MD *algorithm;
    EVP_MD_CTX *context;
};

struct chain {
    uint8_t fingerprint[SHA256_LEN]; /* of the key and the steps that made it */
    uint8_t key[SHA256_LEN];
};

struct digest {
    struct hash sha256, sha1;
    struct chain chains[CHAINS_KEPT]; /* a ring: the oldest makes room */
    size_t chain_count;               /* ever made */
};

static bool hash_open(struct hash *h, const char *name)
{
    h->algorithm = EVP_MD_fetch(NULL, name, NULL);
    h->context = EVP_MD_CTX_new();
    return h->algorithm != NULL && h->context != NULL;
}

static void hash_close(struct hash *h)
{
    EVP_MD_CTX_free(h->context);
    EVP_MD_free(h->algorithm);
}

enum spurn_status digest_open(struct digest **out, struct spurn_error *err)
{
    *out = NULL;
    struct digest *d =
        secret_alloc(sizeof *d); /* derived keys are as good as what they came from */
    if (d == NULL)
        return spurn_fail_memory(err);
    if (!hash_open(&d->sha256, "SHA256") || !hash_open(&d->sha1, "SHA1")) {
        digest_close(d);
        return spurn_fail(err, SPURN_E_INTERNAL,
                          "cannot set up hashing: libcrypto does not offer SHA-256 and SHA-1; "
                          "check its configuration file");
    }
    *out = d;
    return SPURN_OK;
}

void digest_close(struct digest *d)
{
    if (d == NULL)
        return;
    hash_close(&d->sha1);
    hash_close(&d->sha256);
    secret_free(d, sizeof *d);
}

static bool hash_begin(struct hash *h)
{
    return EVP_DigestInit_ex2(h->context, h->algorithm, NULL) == 1;
}

static bool hash_add(struct hash *h, const void *bytes, size_t len)
{
    return EVP_DigestUpdate(h->context, bytes, len) == 1;
}

static bool hash_end(struct hash *h, uint8_t *out)
{
    return EVP_DigestFinal_ex(h->context, out, NULL) == 1;
}

bool digest_sha256(struct digest *d, struct spurn_text input, uint8_t out[SHA256_LEN])
{
    return hash_begin(&d->sha256) && hash_add(&d->sha256, input.at, input.len) &&
           hash_end(&d->sha256, out);
}

bool digest_sha256_hex(struct digest *d, struct spurn_text input, char out[SHA256_HEX_LEN + 1])
{
    uint8_t hash[SHA256_LEN];
    out[0] = '\0';
    if (!digest_sha256(d, input, hash))
        return false;
    digest_hex(hash, sizeof hash, out);
    return true;
}

bool digest_sha1(struct digest *d, struct spurn_text input, uint8_t out[SHA1_LEN])
{
    return hash_begin(&d->sha1) && hash_add(&d->sha1, input.at, input.len) &&
           hash_end(&d->sha1, out);
}

/* RFC 2104: the key, filled up to a block, goes before what is hashed, twice. By two plain hashes instead of libcrypto's HMAC, which
 * is slower and keeps the last key in memory that a core dump shows. */
static bool hash_after_pad(struct hash *h, const uint8_t block[BLOCK_LEN], uint8_t pad,
                           struct spurn_text input, uint8_t *out)
{
    uint8_t padded[BLOCK_LEN];
    for (size_t i = 0; i < BLOCK_LEN; i++)
        padded[i] = block[i] ^ pad;
    bool ok = hash_begin(h) && hash_add(h, padded, sizeof padded) &&
              hash_add(h, input.at, input.len) && hash_end(h, out);
    secret_wipe(padded, sizeof padded);
    return ok;
}

static bool mac(struct hash *h, const void *key, size_t key_len, struct spurn_text input,
                uint8_t *out, size_t out_len)
{
    uint8_t block[BLOCK_LEN] = {0}, inner[SHA256_LEN];
    bool ok = true;
    if (key_len > BLOCK_LEN)
        ok = hash_begin(h) && hash_add(h, key, key_len) && hash_end(h, block);
    else if (key_len > 0)
        memcpy(block, key, key_len);
    ok = ok && hash_after_pad(h, block, 0x36, input, inner) &&
         hash_after_pad(h, block, 0x5c, (struct spurn_text){(const char *)inner, out_len}, out);
    secret_wipe(block, sizeof block);
    return ok;
}

bool digest_hmac_sha256(struct digest *d, const void *key, size_t key_len, struct spurn_text input,
                        uint8_t out[SHA256_LEN])
{
    return mac(&d->sha256, key, key_len, input, out, SHA256_LEN);
}

bool digest_hmac_sha1(struct digest *d, const void *key, size_t key_len, struct spurn_text input,
                      uint8_t out[SHA1_LEN])
{
    return mac(&d->sha1, key, key_len, input, out, SHA1_LEN);
}

/* Each part goes in after its length, so that no two different lists hash the same bytes. */
static void add_part(struct buf *out, struct spurn_text part)
{
    buf_add(out, &part.len, sizeof part.len);
    buf_add_text(out, part);
}

static bool chain_fingerprint(struct digest *d, struct spurn_text key,
                              const struct spurn_text *steps, size_t count, uint8_t out[SHA256_LEN])
{
    struct buf whole;
    buf_init_wiped(&whole, SIZE_MAX / 2);
    buf_room(&whole, USUAL_CHAIN_LEN);
    add_part(&whole, key);
    for (size_t i = 0; i < count; i++)
        add_part(&whole, steps[i]);
    bool ok = !whole.failed && digest_sha256(d, buf_text(&whole), out);
    buf_clear(&whole);
    return ok;
}

static const struct chain *chain_find(const struct digest *d, const uint8_t fingerprint[SHA256_LEN])
{
    for (size_t i = 0; i < CHAINS_KEPT && i < d->chain_count; i++)
        if (memcmp(d->chains[i].fingerprint, fingerprint, SHA256_LEN) == 0)
            return &d->chains[i];
    return NULL;
}

bool digest_hmac_chain(struct digest *d, struct spurn_text key, const struct spurn_text *steps,
                       size_t count, uint8_t out[SHA256_LEN])
{
    struct chain made = {.key = {0}};
    bool ok = chain_fingerprint(d, key, steps, count, made.fingerprint);
    const struct chain *known = ok ? chain_find(d, made.fingerprint) : NULL;
    if (known != NULL) {
        memcpy(out, known->key, SHA256_LEN);
        return true;
    }
    const void *link = key.at;
    size_t link_len = key.len;
    for (size_t i = 0; ok && i < count; i++) {
        ok = digest_hmac_sha256(d, link, link_len, steps[i], made.key);
        link = made.key;
        link_len = sizeof made.key;
    }
    if (ok && count > 0) {
        d->chains[d->chain_count++ % CHAINS_KEPT] = made;
        memcpy(out, made.key, SHA256_LEN);
    }
    secret_wipe(&made, sizeof made);
    return ok && count > 0;
}

void digest_hex(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

bool digest_uuid5_url(struct digest *d, struct spurn_text name, char out[37])
{
    /* The URL namespace of RFC 4122, appendix C. */
    static const uint8_t url_namespace[16] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                              0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    static const size_t group_lens[] = {4, 2, 2, 2, 6};
    uint8_t hash[SHA1_LEN];
    out[0] = '\0';
    if (!hash_begin(&d->sha1) || !hash_add(&d->sha1, url_namespace, sizeof url_namespace) ||
        !hash_add(&d->sha1, name.at, name.len) || !hash_end(&d->sha1, hash))
        return false;
    hash[6] = (hash[6] & 0x0f) | 0x50; /* version 5 */
    hash[8] = (hash[8] & 0x3f) | 0x80; /* the variant of RFC 4122 */
    const uint8_t *bytes = hash;
    for (size_t i = 0; i < sizeof group_lens / sizeof group_lens[0]; i++) {
        if (i > 0)
            *out++ = '-';
        digest_hex(bytes, group_lens[i], out);
        bytes += group_lens[i];
        out += 2 * group_lens[i];
    }
    return true;
}

bool digest_random(void *out, size_t len)
{
    return len <= INT_MAX && RAND_bytes(out, (int)len) == 1;
}

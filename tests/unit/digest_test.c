/* digest_test.c - hashes, HMAC and names, against the standards' own examples. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "unit.h"

static struct digest *open_digest(void)
{
    struct digest *d = NULL;
    struct spurn_error err = {SPURN_OK, ""};
    CHECK_INT(err.text, digest_open(&d, &err), SPURN_OK);
    return d;
}

/* FIPS 180-4's examples, as NIST publishes them. */
static const struct {
    const char *name, *input, *sha256, *sha1;
} hash_rows[] = {
    {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
     "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
};

static void hashes_agree_with_the_standard(void)
{
    struct digest *d = open_digest();
    for (size_t i = 0; i < sizeof hash_rows / sizeof hash_rows[0]; i++) {
        uint8_t sha1[SHA1_LEN];
        char hex[SHA256_HEX_LEN + 1];
        CHECK(hash_rows[i].name, digest_sha256_hex(d, text_of(hash_rows[i].input), hex));
        CHECK_STR(hash_rows[i].name, hex, hash_rows[i].sha256);
        CHECK(hash_rows[i].name, digest_sha1(d, text_of(hash_rows[i].input), sha1));
        digest_hex(sha1, sizeof sha1, hex);
        CHECK_STR(hash_rows[i].name, hex, hash_rows[i].sha1);
    }
    digest_close(d);
}

static void an_absent_text_hashes_as_nothing(void)
{
    struct digest *d = open_digest();
    char hex[SHA256_HEX_LEN + 1];
    CHECK("", digest_sha256_hex(d, TEXT_ABSENT, hex));
    CHECK_STR("", hex, hash_rows[0].sha256);
    digest_close(d);
}

static void a_million_bytes_hash_as_the_standard_says(void)
{
    enum { MILLION = 1000000 };
    struct digest *d = open_digest();
    char *many = malloc(MILLION);
    char hex[SHA256_HEX_LEN + 1] = "";
    if (CHECK("", many != NULL)) {
        memset(many, 'a', MILLION);
        CHECK("", digest_sha256_hex(d, (struct spurn_text){many, MILLION}, hex));
    }
    CHECK_STR("", hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(many);
    digest_close(d);
}

/* A key or input made of one byte, `len` times, or given as text. */
struct run {
    uint8_t byte;
    size_t len;
    const char *text;
};

static struct spurn_text run_text(const struct run *r, uint8_t room[256])
{
    if (r->text != NULL)
        return text_of(r->text);
    memset(room, r->byte, r->len);
    return (struct spurn_text){(const char *)room, r->len};
}

/* RFC 4231, section 4; case 4's key counts up and case 5 cuts the result, so they stand apart. */
static void hmac_agrees_with_rfc_4231(void)
{
    static const struct {
        const char *name;
        struct run key, input;
        const char *want;
    } rows[] = {
        {"case 1",
         {0x0b, 20, NULL},
         {0, 0, "Hi There"},
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"case 2",
         {0, 0, "Jefe"},
         {0, 0, "what do ya want for nothing?"},
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"case 3",
         {0xaa, 20, NULL},
         {0xdd, 50, NULL},
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"case 6",
         {0xaa, 131, NULL},
         {0, 0, "Test Using Larger Than Block-Size Key - Hash Key First"},
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {"case 7",
         {0xaa, 131, NULL},
         {0, 0,
          "This is a test using a larger than block-size key and a larger than block-size data. "
          "The key needs to be hashed before being used by the HMAC algorithm."},
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    struct digest *d = open_digest();
    uint8_t key_room[256], input_room[256], mac[SHA256_LEN];
    char hex[SHA256_HEX_LEN + 1];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct spurn_text key = run_text(&rows[i].key, key_room);
        struct spurn_text input = run_text(&rows[i].input, input_room);
        CHECK(rows[i].name, digest_hmac_sha256(d, key.at, key.len, input, mac));
        digest_hex(mac, sizeof mac, hex);
        CHECK_STR(rows[i].name, hex, rows[i].want);
    }
    uint8_t counting[25];
    for (size_t i = 0; i < sizeof counting; i++)
        counting[i] = (uint8_t)(i + 1);
    memset(input_room, 0xcd, 50);
    struct spurn_text input = {(const char *)input_room, 50};
    CHECK("case 4", digest_hmac_sha256(d, counting, sizeof counting, input, mac));
    digest_hex(mac, sizeof mac, hex);
    CHECK_STR("case 4", hex, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    digest_close(d);
}

/* libcrypto reads a missing key as "the one before". */
static void no_key_is_an_empty_key_and_not_the_last_one(void)
{
    struct digest *d = open_digest();
    uint8_t mac[SHA256_LEN];
    char hex[SHA256_HEX_LEN + 1];
    CHECK("", digest_hmac_sha256(d, "before", 6, text_of(""), mac));
    CHECK("", digest_hmac_sha256(d, NULL, 0, text_of(""), mac));
    digest_hex(mac, sizeof mac, hex);
    CHECK_STR("", hex, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    digest_close(d);
}

static void a_chain_is_one_hmac_over_the_other(void)
{
    struct digest *d = open_digest();
    const struct spurn_text steps[] = {text_of("one"), text_of("two"), text_of("three")};
    uint8_t link[SHA256_LEN], got[SHA256_LEN];
    CHECK("", digest_hmac_sha256(d, "key", 3, steps[0], link));
    CHECK("", digest_hmac_sha256(d, link, sizeof link, steps[1], link));
    CHECK("", digest_hmac_sha256(d, link, sizeof link, steps[2], link));
    for (int again = 0; again < 2; again++) {
        CHECK("", digest_hmac_chain(d, text_of("key"), steps, 3, got));
        CHECK(again ? "remembered" : "new", memcmp(got, link, sizeof got) == 0);
    }
    CHECK("", !digest_hmac_chain(d, text_of("key"), steps, 0, got));
    digest_close(d);
}

static void chains_that_read_alike_are_not_mistaken(void)
{
    struct digest *d = open_digest();
    const struct spurn_text together[] = {text_of("ab"), text_of("c")};
    const struct spurn_text apart[] = {text_of("a"), text_of("bc")};
    uint8_t first[SHA256_LEN], second[SHA256_LEN];
    CHECK("", digest_hmac_chain(d, text_of("key"), together, 2, first));
    CHECK("", digest_hmac_chain(d, text_of("key"), apart, 2, second));
    CHECK("the same bytes, cut elsewhere", memcmp(first, second, sizeof first) != 0);
    CHECK("", digest_hmac_chain(d, text_of("yek"), together, 2, second));
    CHECK("another key of that length", memcmp(first, second, sizeof first) != 0);
    digest_close(d);
}

/* Wanted values: Python's uuid.uuid5(uuid.NAMESPACE_URL, name). */
static void a_uuid_of_version_5_is_made_of_its_name(void)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        {"", "1b4db7eb-4057-5ddf-91e0-36dec72071f5"},
        {"http://www.example.com/", "fcde3c85-2270-590f-9e7c-ee003d65e0e2"},
        {"one\ntwo\n3", "79597775-6727-55c1-86b7-6f4e2488bb56"},
    };
    struct digest *d = open_digest();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[37];
        CHECK(rows[i].name, digest_uuid5_url(d, text_of(rows[i].name), got));
        CHECK_STR(rows[i].name, got, rows[i].want);
    }
    digest_close(d);
}

static void random_bytes_do_not_repeat(void)
{
    uint8_t first[16] = {0}, second[16] = {0};
    CHECK("", digest_random(first, sizeof first));
    CHECK("", digest_random(second, sizeof second));
    CHECK("", memcmp(first, second, sizeof first) != 0);
    CHECK("more than libcrypto counts", !digest_random(first, (size_t)INT_MAX + 1));
}

/* RFC 2202, section 3. */
static void hmac_sha1_agrees_with_rfc_2202(void)
{
    static const struct {
        const char *name;
        struct run key, input;
        const char *want;
    } rows[] = {
        {"case 1",
         {0x0b, 20, NULL},
         {0, 0, "Hi There"},
         "b617318655057264e28bc0b6fb378c8ef146be00"},
        {"case 2",
         {0, 0, "Jefe"},
         {0, 0, "what do ya want for nothing?"},
         "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {"case 6",
         {0xaa, 80, NULL},
         {0, 0, "Test Using Larger Than Block-Size Key - Hash Key First"},
         "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
    };
    struct digest *d = open_digest();
    uint8_t key_room[256], input_room[256], mac[SHA1_LEN];
    char hex[2 * SHA1_LEN + 1];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct spurn_text key = run_text(&rows[i].key, key_room);
        struct spurn_text input = run_text(&rows[i].input, input_room);
        CHECK(rows[i].name, digest_hmac_sha1(d, key.at, key.len, input, mac));
        digest_hex(mac, sizeof mac, hex);
        CHECK_STR(rows[i].name, hex, rows[i].want);
    }
    digest_close(d);
}

static const struct unit_test tests[] = {
    {"hashes_agree_with_the_standard", hashes_agree_with_the_standard},
    {"an_absent_text_hashes_as_nothing", an_absent_text_hashes_as_nothing},
    {"a_million_bytes_hash_as_the_standard_says", a_million_bytes_hash_as_the_standard_says},
    {"hmac_agrees_with_rfc_4231", hmac_agrees_with_rfc_4231},
    {"hmac_sha1_agrees_with_rfc_2202", hmac_sha1_agrees_with_rfc_2202},
    {"no_key_is_an_empty_key_and_not_the_last_one", no_key_is_an_empty_key_and_not_the_last_one},
    {"a_chain_is_one_hmac_over_the_other", a_chain_is_one_hmac_over_the_other},
    {"chains_that_read_alike_are_not_mistaken", chains_that_read_alike_are_not_mistaken},
    {"a_uuid_of_version_5_is_made_of_its_name", a_uuid_of_version_5_is_made_of_its_name},
    {"random_bytes_do_not_repeat", random_bytes_do_not_repeat},
};

UNIT_MAIN(tests)

/* digest.h - hashes and HMAC over libcrypto, fetched once and used many times. */
#ifndef SPURN_DIGEST_H
#define SPURN_DIGEST_H

#include <stdint.h>

#include "error.h"

enum { SHA256_LEN = 32, SHA1_LEN = 20, SHA256_HEX_LEN = 64 };

struct digest; /* libcrypto's algorithms and contexts, fetched once */

enum spurn_status digest_open(struct digest **out, struct spurn_error *err);
void digest_close(struct digest *d);

/* libcrypto can fail only for want of memory once digest_open succeeded; these return false
 * then. */
bool digest_sha256(struct digest *d, struct spurn_text input, uint8_t out[SHA256_LEN]);
bool digest_sha256_hex(struct digest *d, struct spurn_text input, char out[SHA256_HEX_LEN + 1]);
bool digest_hmac_sha256(struct digest *d, const void *key, size_t key_len, struct spurn_text input,
                        uint8_t out[SHA256_LEN]);
bool digest_hmac_sha1(struct digest *d, const void *key, size_t key_len, struct spurn_text input,
                      uint8_t out[SHA1_LEN]);
/* HMAC-SHA256 link by link: `key` over steps[0], the result over steps[1], and so on; at least
 * one step. The last few results are remembered under a hash of what made them, and wiped by
 * digest_close. */
bool digest_hmac_chain(struct digest *d, struct spurn_text key, const struct spurn_text *steps,
                       size_t count, uint8_t out[SHA256_LEN]);
bool digest_sha1(struct digest *d, struct spurn_text input, uint8_t out[SHA1_LEN]);

void digest_hex(const uint8_t *bytes, size_t len, char *out); /* 2 * len characters and a NUL */
/* A UUID of version 5 (RFC 4122, SHA-1) in the URL namespace. */
bool digest_uuid5_url(struct digest *d, struct spurn_text name, char out[37]);
/* Bytes nobody can guess, for nonces. */
bool digest_random(void *out, size_t len);

#endif

/* keys.c - one set of keys: who still signs with it, and how old it is. */
#include "sites/private.h"

#include <stdlib.h>

enum {
    MARGIN_AWS_MS = 15 * 60 * 1000,    /* source: botocore, credentials.py: advisory refresh */
    MARGIN_ALIBABA_MS = 3 * 60 * 1000, /* source: credentials-go: refreshes with 180 s left */
    URGENT_MS = 10 * 1000
};

struct keys *keys_open(void)
{
    struct keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL)
        return NULL;
    credentials_init(&keys->credentials);
    keys->holders = 1;
    return keys;
}

struct keys *keys_hold(struct keys *keys)
{
    if (keys != NULL)
        keys->holders++;
    return keys;
}

void keys_release(struct keys *keys)
{
    if (keys == NULL || --keys->holders > 0)
        return;
    credentials_clear(&keys->credentials);
    free(keys);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

enum keys_age keys_age(enum credentials_cloud cloud, int64_t lifetime_ms, int64_t left_ms)
{
    static const int64_t margins_ms[] = {
        [CREDENTIALS_AWS] = MARGIN_AWS_MS, [CREDENTIALS_ALIBABA] = MARGIN_ALIBABA_MS};
    if (lifetime_ms <= 0)
        return KEYS_FRESH;
    if (left_ms <= 0)
        return KEYS_EXPIRED;
    if (left_ms < least(URGENT_MS, lifetime_ms / 10))
        return KEYS_URGENT;
    return left_ms <= least(margins_ms[cloud], lifetime_ms / 4) ? KEYS_DUE : KEYS_FRESH;
}

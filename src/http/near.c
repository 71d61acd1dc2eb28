/* near.c - which addresses are so near that keys may be fetched from them over plain http. */
#include "http/near.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Addresses of IPv4 stand here as IPv6 maps them (RFC 4291, 2.5.5.2), so that both spellings are one. */
static const struct {
    const char *prefix;
    int bits;
} NEAR[] = {
    {"::ffff:127.0.0.0", 96 + 8},        /* loopback */
    {"::ffff:169.254.0.0", 96 + 16},     /* link-local; AWS: .169.254, .170.2 and .170.23 */
    {"::ffff:100.100.100.200", 96 + 32}, /* Alibaba Cloud's instance metadata */
    {"::1", 128},                        /* loopback */
    {"fe80::", 10},                      /* link-local */
    {"fd00:ec2::", 32},                  /* AWS: ::254 (instance metadata) and ::23 (EKS) */
};

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
    size_t whole = (size_t)bits / 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    int rest = bits % 8;
    return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool near_address(const char *ip)
{
    char mapped[INET6_ADDRSTRLEN + sizeof "::ffff:"];
    unsigned char address[16];
    snprintf(mapped, sizeof mapped, "%s%s", strchr(ip, ':') == NULL ? "::ffff:" : "", ip);
    if (inet_pton(AF_INET6, mapped, address) != 1)
        return false;
    for (size_t i = 0; i < sizeof NEAR / sizeof NEAR[0]; i++) {
        unsigned char prefix[16];
        if (inet_pton(AF_INET6, NEAR[i].prefix, prefix) == 1 &&
            same_bits(address, prefix, NEAR[i].bits))
            return true;
    }
    return false;
}

/* json_run.h - finds where a plain run in a JSON string ends, eight bytes at a time. */
#ifndef SPURN_JSON_RUN_H
#define SPURN_JSON_RUN_H

#include <stdint.h>
#include <string.h>

#define JSON_RUN_EACH(b) ((uint64_t)(b)*UINT64_C(0x0101010101010101))

/* Eight bytes, the first one lowest. */
static inline uint64_t json_run_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The highest bit of each byte of eight that ends a plain run: a quote, a backslash, a control character. A borrow may mark a
 * byte falsely, but only above one that is marked rightly: the lowest mark is true. */
static inline uint64_t json_run_ends(uint64_t word)
{
    uint64_t quote = (word ^ JSON_RUN_EACH('"')) - JSON_RUN_EACH(1);
    uint64_t backslash = (word ^ JSON_RUN_EACH('\\')) - JSON_RUN_EACH(1);
    uint64_t control = word - JSON_RUN_EACH(' ');
    return (quote | backslash | control) & ~word & JSON_RUN_EACH(0x80);
}

/* The first byte that ends a plain run. *high collects the high bits of what was passed over. */
static inline const char *json_run_end(const char *at, const char *end, uint64_t *high)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word = json_run_load(at);
        uint64_t ends = json_run_ends(word);
        if (ends != 0) {
            uint64_t passed = (ends & -ends) - 1;
            *high |= word & passed & JSON_RUN_EACH(0x80);
            return at + __builtin_ctzll(ends) / 8;
        }
        *high |= word & JSON_RUN_EACH(0x80);
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
        *high |= (unsigned char)*at++ & 0x80;
    return at;
}

#endif

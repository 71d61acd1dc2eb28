/* clock.h - instants, durations and ages: reading and writing them, and the clocks of the machine. */
#ifndef SPURN_CLOCK_H
#define SPURN_CLOCK_H

#include <stdint.h>

#include "buf.h"

int64_t clock_wall_ms(void);      /* milliseconds since 1970 UTC */
int64_t clock_monotonic_ms(void); /* for waiting; no meaning across processes */
int64_t clock_cpu_ns(void);       /* what this thread has taken of the processor */

/* Whether it lies in the years 0..9999, which can be written and reckoned with. */
bool clock_is_instant(int64_t ms);

/* "2022-08-18T05:36:45.024Z", with or without a fraction, or with an offset such as "+08:00". Digits past milliseconds
 * are dropped. False when it is not exactly that, or no such day. */
bool clock_parse_iso(struct spurn_text text, int64_t *out_ms);
/* "1565312166.258": seconds since 1970, a JSON number, exact to the millisecond. False when out of the years 0..9999. */
bool clock_parse_epoch(struct spurn_text number, int64_t *out_ms);
/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, IMF-fixdate only). */
bool clock_parse_http(struct spurn_text text, int64_t *out_ms);

/* "90s", "15m", "6h", "7d", "2w", "1d12h": whole numbers, largest unit first, each unit once, at least one second and
 * at most ten years. False otherwise. */
bool clock_parse_duration(struct spurn_text text, int64_t *out_s);

/* Fixed forms, NUL-terminated, always in UTC. */
void clock_format_iso(int64_t ms, char out[25]);    /* 2026-11-22T03:10:00Z */
void clock_format_iso_ms(int64_t ms, char out[29]); /* 2026-11-22T03:10:00.024Z */
void clock_format_basic(int64_t ms, char out[17]);  /* 20261122T031000Z, as SigV4 wants it */
/* "45s", "7m12s", "7h12m", "9d", "3d4h": the two largest units, the second left out when zero. */
void clock_format_age(int64_t age_s, char out[32]);

#endif

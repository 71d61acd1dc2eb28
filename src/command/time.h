/* time.h - instants, durations and ages as people write and read them. */
#ifndef SPURN_COMMAND_TIME_H
#define SPURN_COMMAND_TIME_H

#include <stdbool.h>
#include <stdint.h>

enum { CMD_TIME_LEN = 32 };

int64_t cmd_time_now_ms(void);

/* "2026-11-22T03:10:00Z" or "2026-11-22", which is its midnight; UTC. False when it is not that or there is no such day. */
bool cmd_time_read_instant(const char *words, int64_t *out_ms);
/* "90s", "15m", "6h", "7d", "2w", "1d12h": whole numbers, largest unit first. False when it is not that. */
bool cmd_time_read_duration(const char *words, int64_t *out_s);

void cmd_time_write_instant(int64_t ms, char out[CMD_TIME_LEN]); /* 2026-11-22T03:10:00Z */
void cmd_time_write_minute(int64_t ms, char out[CMD_TIME_LEN]);  /* 2026-11-22 03:10 */
void cmd_time_write_age(int64_t age_s, char out[CMD_TIME_LEN]);  /* "7h12m", "9d" */

#endif

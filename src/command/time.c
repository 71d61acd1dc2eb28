/* time.c - instants, durations and ages as people write and read them. */
#include "command/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 86400, DURATION_LONGEST_S = 10 * 366 * DAY_S };

static const struct unit {
    char letter;
    int64_t seconds;
} UNITS[] = {{'w', 7 * DAY_S}, {'d', DAY_S}, {'h', 3600}, {'m', 60}, {'s', 1}};
enum { UNITS_LEN = sizeof UNITS / sizeof UNITS[0] };

int64_t cmd_time_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar, counted in years that begin in March. */
static int64_t days_to(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t months = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * months + 2) / 5 + day - 719469;
}

static bool is_day(int64_t year, int64_t month, int64_t day)
{
    if (year < 1970 || month < 1 || month > 12 || day < 1)
        return false;
    int64_t next = month == 12 ? days_to(year + 1, 1, 1) : days_to(year, month + 1, 1);
    return days_to(year, month, day) < next;
}

/* `form` holds 0 for a digit and itself for all else. */
static bool has_form(const char *words, const char *form)
{
    if (strlen(words) != strlen(form))
        return false;
    for (; *form != '\0'; words++, form++) {
        bool fits = *form == '0' ? *words >= '0' && *words <= '9' : *words == *form;
        if (!fits)
            return false;
    }
    return true;
}

static int64_t digits(const char *at, size_t count)
{
    int64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (at[i] - '0');
    return value;
}

bool cmd_time_read_instant(const char *words, int64_t *out_ms)
{
    *out_ms = 0;
    bool whole = has_form(words, "0000-00-00T00:00:00Z");
    if (!whole && !has_form(words, "0000-00-00"))
        return false;
    int64_t year = digits(words, 4), month = digits(words + 5, 2), day = digits(words + 8, 2);
    int64_t hour = whole ? digits(words + 11, 2) : 0;
    int64_t minute = whole ? digits(words + 14, 2) : 0;
    int64_t second = whole ? digits(words + 17, 2) : 0;
    if (!is_day(year, month, day) || hour > 23 || minute > 59 || second > 59)
        return false;
    *out_ms = (days_to(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second) * 1000;
    return true;
}

bool cmd_time_read_duration(const char *words, int64_t *out_s)
{
    *out_s = 0;
    int64_t total = 0;
    size_t unit = 0;
    while (*words != '\0') {
        int64_t count = 0;
        const char *from = words;
        for (; *words >= '0' && *words <= '9' && count < DURATION_LONGEST_S; words++)
            count = count * 10 + (*words - '0');
        while (unit < UNITS_LEN && UNITS[unit].letter != *words)
            unit++;
        if (words == from || unit == UNITS_LEN)
            return false;
        total += count * UNITS[unit].seconds;
        if (total > DURATION_LONGEST_S)
            return false;
        unit++;
        words++;
    }
    *out_s = total;
    return total > 0;
}

static struct tm in_utc(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    memset(&tm, 0, sizeof tm);
    gmtime_r(&seconds, &tm);
    return tm;
}

void cmd_time_write_instant(int64_t ms, char out[CMD_TIME_LEN])
{
    struct tm tm = in_utc(ms);
    strftime(out, CMD_TIME_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void cmd_time_write_minute(int64_t ms, char out[CMD_TIME_LEN])
{
    struct tm tm = in_utc(ms);
    strftime(out, CMD_TIME_LEN, "%Y-%m-%d %H:%M", &tm);
}

void cmd_time_write_age(int64_t age_s, char out[CMD_TIME_LEN])
{
    size_t unit = 1; /* days are counted through: nobody thinks of an age in weeks */
    while (unit + 1 < UNITS_LEN && age_s < UNITS[unit].seconds)
        unit++;
    int64_t first = age_s / UNITS[unit].seconds;
    int len = snprintf(out, CMD_TIME_LEN, "%" PRId64 "%c", first, UNITS[unit].letter);
    if (unit + 1 == UNITS_LEN || age_s < 0)
        return;
    int64_t second = age_s % UNITS[unit].seconds / UNITS[unit + 1].seconds;
    if (second > 0)
        snprintf(out + len, (size_t)(CMD_TIME_LEN - len), "%" PRId64 "%c", second,
                 UNITS[unit + 1].letter);
}

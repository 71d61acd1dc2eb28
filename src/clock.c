/* clock.c - instants, durations and ages: reading and writing them, and the clocks of the machine. */
#include "clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 86400, YEAR_MAX = 9999 };

static const int64_t INSTANT_MIN_MS = INT64_C(-62167219200000); /* 0000-01-01T00:00:00.000Z */
static const int64_t INSTANT_MAX_MS = INT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */
static const int64_t DURATION_MAX_S = INT64_C(10) * 365 * DAY_S;

static int64_t read_clock_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_clock_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
    return read_clock_ms(CLOCK_MONOTONIC);
}

int64_t clock_cpu_ns(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- days, in the Gregorian calendar reaching back before it began ---- */

/* A date and a time of day, in UTC. */
struct moment {
    int64_t year; /* 0..9999 */
    int month;    /* 1..12 */
    int day, hour, minute, second, ms;
};

static bool is_leap_year(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days of the year before its `month`; month 13 is the whole year. */
static int days_before_month(int64_t year, int month)
{
    static const int days[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    return days[month] + (month > 2 && is_leap_year(year));
}

/* Days from 0000-01-01, itself a leap year, to the first day of `year`. */
static int64_t days_before_year(int64_t year)
{
    int64_t past = year - 1;
    return year == 0 ? 0 : 366 + past * 365 + past / 4 - past / 100 + past / 400;
}

static bool is_real(const struct moment *m)
{
    return m->year >= 0 && m->year <= YEAR_MAX && m->month >= 1 && m->month <= 12 && m->day >= 1 &&
           m->day <=
               days_before_month(m->year, m->month + 1) - days_before_month(m->year, m->month) &&
           m->hour >= 0 && m->hour < 24 && m->minute >= 0 && m->minute < 60 && m->second >= 0 &&
           m->second < 60;
}

/* Days since 0000-01-01, which was a Saturday. */
static int64_t day_number(const struct moment *m)
{
    return days_before_year(m->year) + days_before_month(m->year, m->month) + m->day - 1;
}

static int64_t instant_of(const struct moment *m)
{
    int64_t of_day_s = (int64_t)m->hour * 3600 + m->minute * 60 + m->second;
    return INSTANT_MIN_MS + (day_number(m) * DAY_S + of_day_s) * 1000 + m->ms;
}

bool clock_is_instant(int64_t ms)
{
    return ms >= INSTANT_MIN_MS && ms <= INSTANT_MAX_MS;
}

/* What four digits of a year cannot show becomes the nearest that they can. */
static struct moment moment_of(int64_t ms)
{
    if (!clock_is_instant(ms))
        ms = ms < 0 ? INSTANT_MIN_MS : INSTANT_MAX_MS;
    int64_t since = ms - INSTANT_MIN_MS;
    int64_t days = since / 1000 / DAY_S;
    int of_day_s = (int)(since / 1000 % DAY_S);
    struct moment m = {.ms = (int)(since % 1000),
                       .hour = of_day_s / 3600,
                       .minute = of_day_s / 60 % 60,
                       .second = of_day_s % 60};
    m.year = days / 366; /* at most 7 years too early */
    while (days_before_year(m.year + 1) <= days)
        m.year++;
    int of_year = (int)(days - days_before_year(m.year));
    m.month = 1;
    while (days_before_month(m.year, m.month + 1) <= of_year)
        m.month++;
    m.day = of_year - days_before_month(m.year, m.month) + 1;
    return m;
}

/* ---- reading: each take_ moves past what it read ---- */

static bool take_char(struct spurn_text *text, char c)
{
    if (text->len == 0 || *text->at != c)
        return false;
    text->at++;
    text->len--;
    return true;
}

static bool take_literal(struct spurn_text *text, const char *literal)
{
    size_t len = strlen(literal);
    if (!text_starts(*text, literal))
        return false;
    text->at += len;
    text->len -= len;
    return true;
}

/* One digit, or -1. */
static int take_digit(struct spurn_text *text)
{
    if (text->len == 0 || *text->at < '0' || *text->at > '9')
        return -1;
    text->len--;
    return *text->at++ - '0';
}

/* Exactly `count` digits, or -1. */
static int take_digits(struct spurn_text *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        int digit = take_digit(text);
        if (digit < 0)
            return -1;
        value = value * 10 + digit;
    }
    return value;
}

/* "05:36:45". What is out of range shows later, as no real moment. */
static bool take_time(struct spurn_text *text, struct moment *m)
{
    m->hour = take_digits(text, 2);
    bool ok = take_char(text, ':');
    m->minute = take_digits(text, 2);
    ok = ok && take_char(text, ':');
    m->second = take_digits(text, 2);
    return ok;
}

/* ".024578": milliseconds, the rest dropped. Nothing there is no fraction. */
static bool take_fraction(struct spurn_text *text, int *out_ms)
{
    *out_ms = 0;
    if (!take_char(text, '.'))
        return true;
    int weight = 100;
    int digit = take_digit(text);
    bool has_digit = digit >= 0;
    for (; digit >= 0; digit = take_digit(text)) {
        *out_ms += digit * weight;
        weight /= 10;
    }
    return has_digit;
}

/* "Z", "+08:00", "-03:30". */
static bool take_offset(struct spurn_text *text, int64_t *out_ms)
{
    *out_ms = 0;
    if (take_char(text, 'Z'))
        return true;
    int sign = take_char(text, '+') ? 1 : take_char(text, '-') ? -1 : 0;
    int hours = take_digits(text, 2);
    bool has_colon = take_char(text, ':');
    int minutes = take_digits(text, 2);
    *out_ms = sign * (hours * INT64_C(60) + minutes) * 60000;
    return sign != 0 && has_colon && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

bool clock_parse_iso(struct spurn_text text, int64_t *out_ms)
{
    *out_ms = 0;
    struct moment m = {0};
    int64_t offset_ms = 0;
    m.year = take_digits(&text, 4);
    bool ok = take_char(&text, '-');
    m.month = take_digits(&text, 2);
    ok = ok && take_char(&text, '-');
    m.day = take_digits(&text, 2);
    ok = ok && take_char(&text, 'T') && take_time(&text, &m) && take_fraction(&text, &m.ms) &&
         take_offset(&text, &offset_ms) && text.len == 0 && is_real(&m);
    if (!ok || !clock_is_instant(instant_of(&m) - offset_ms))
        return false;
    *out_ms = instant_of(&m) - offset_ms;
    return true;
}

/* The number that is named so at its place in `names`, three letters each, or -1. */
static int take_name(struct spurn_text *text, const char *names)
{
    for (int i = 0; names[i * 3] != '\0'; i++) {
        if (text->len >= 3 && memcmp(text->at, names + i * 3, 3) == 0) {
            text->at += 3;
            text->len -= 3;
            return i;
        }
    }
    return -1;
}

bool clock_parse_http(struct spurn_text text, int64_t *out_ms)
{
    *out_ms = 0;
    struct moment m = {0};
    int weekday = take_name(&text, "SatSunMonTueWedThuFri"); /* as day_number counts */
    bool ok = take_literal(&text, ", ");
    m.day = take_digits(&text, 2);
    ok = ok && take_char(&text, ' ');
    m.month = take_name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
    ok = ok && take_char(&text, ' ');
    m.year = take_digits(&text, 4);
    ok = ok && take_char(&text, ' ') && take_time(&text, &m) && take_literal(&text, " GMT") &&
         text.len == 0 && is_real(&m) && day_number(&m) % 7 == weekday;
    if (ok)
        *out_ms = instant_of(&m);
    return ok;
}

/* A decimal number as its digits and the place of its point among them, counted from the first; the place may lie outside. */
struct decimal {
    bool is_negative;
    struct spurn_text whole, fraction;
    int64_t point;
};

static struct spurn_text take_run_of_digits(struct spurn_text *text)
{
    struct spurn_text run = {text->at, 0};
    while (take_digit(text) >= 0)
        run.len++;
    return run;
}

/* The exponent, held within a range that is past every instant. False when no digit stands there. */
static bool take_exponent(struct spurn_text *text, int64_t *out)
{
    enum { FAR = 1000000 };
    bool is_negative = !take_char(text, '+') && take_char(text, '-');
    int64_t value = 0;
    struct spurn_text digits = take_run_of_digits(text);
    for (size_t i = 0; i < digits.len && value < FAR; i++)
        value = value * 10 + (digits.at[i] - '0');
    *out = is_negative ? -value : value;
    return digits.len > 0;
}

static bool take_decimal(struct spurn_text *text, struct decimal *out)
{
    *out = (struct decimal){.is_negative = take_char(text, '-')};
    out->whole = take_run_of_digits(text);
    if (out->whole.len == 0 || (out->whole.len > 1 && out->whole.at[0] == '0'))
        return false;
    if (take_char(text, '.')) {
        out->fraction = take_run_of_digits(text);
        if (out->fraction.len == 0)
            return false;
    }
    int64_t exponent = 0;
    if ((take_char(text, 'e') || take_char(text, 'E')) && !take_exponent(text, &exponent))
        return false;
    out->point = (int64_t)out->whole.len + exponent;
    return true;
}

static int digit_at(const struct decimal *d, size_t i)
{
    if (i < d->whole.len)
        return d->whole.at[i] - '0';
    i -= d->whole.len;
    return i < d->fraction.len ? d->fraction.at[i] - '0' : 0;
}

bool clock_parse_epoch(struct spurn_text number, int64_t *out_ms)
{
    *out_ms = 0;
    struct decimal d;
    if (number.at == NULL || !take_decimal(&number, &d) || number.len > 0)
        return false;
    int64_t ms = 0;
    size_t digit_count = d.whole.len + d.fraction.len;
    for (int64_t i = 0; i < d.point + 3 && (ms > 0 || i < (int64_t)digit_count); i++) {
        ms = ms * 10 + digit_at(&d, (size_t)i);
        if (ms > INSTANT_MAX_MS)
            return false;
    }
    if (d.is_negative)
        ms = -ms;
    if (!clock_is_instant(ms))
        return false;
    *out_ms = ms;
    return true;
}

/* ---- durations and ages ---- */

static const struct unit {
    char letter;
    int64_t length_s;
} units[] = {{'w', 7 * DAY_S}, {'d', DAY_S}, {'h', 3600}, {'m', 60}, {'s', 1}};

enum { UNIT_COUNT = sizeof units / sizeof units[0] };

/* A whole number; false when there is none, or when it alone is too long in seconds. */
static bool take_count(struct spurn_text *text, int64_t *out)
{
    *out = 0;
    struct spurn_text digits = take_run_of_digits(text);
    for (size_t i = 0; i < digits.len; i++) {
        *out = *out * 10 + (digits.at[i] - '0');
        if (*out > DURATION_MAX_S)
            return false;
    }
    return digits.len > 0;
}

bool clock_parse_duration(struct spurn_text text, int64_t *out_s)
{
    *out_s = 0;
    int64_t total_s = 0;
    size_t next_unit = 0;
    while (text.len > 0) {
        int64_t count = 0;
        if (!take_count(&text, &count))
            return false;
        while (next_unit < UNIT_COUNT && !take_char(&text, units[next_unit].letter))
            next_unit++;
        if (next_unit == UNIT_COUNT)
            return false;
        total_s += count * units[next_unit++].length_s;
        if (total_s > DURATION_MAX_S)
            return false;
    }
    *out_s = total_s;
    return total_s > 0;
}

void clock_format_age(int64_t age_s, char out[32])
{
    uint64_t left_s = age_s < 0 ? 0 - (uint64_t)age_s : (uint64_t)age_s;
    size_t i = 1; /* weeks are for writing, not for reading */
    while (i + 1 < UNIT_COUNT && left_s < (uint64_t)units[i].length_s)
        i++;
    uint64_t length_s = (uint64_t)units[i].length_s;
    int len = snprintf(out, 32, "%s%" PRIu64 "%c", age_s < 0 ? "-" : "", left_s / length_s,
                       units[i].letter);
    left_s %= length_s;
    if (i + 1 < UNIT_COUNT && left_s >= (uint64_t)units[i + 1].length_s)
        snprintf(out + len, 32 - (size_t)len, "%" PRIu64 "%c",
                 left_s / (uint64_t)units[i + 1].length_s, units[i + 1].letter);
}

/* ---- writing instants ---- */

/* `value` in `width` decimal digits. */
static char *put_digits(char *out, int value, int width)
{
    for (int i = width; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

/* The date and time as `form` shows them: each letter of "YMDhmsf" is a field, everything else stands for itself. */
static void format_instant(int64_t ms, const char *form, char *out)
{
    struct moment m = moment_of(ms);
    const struct {
        char letter;
        int value, width;
    } fields[] = {{'Y', (int)m.year, 4}, {'M', m.month, 2},  {'D', m.day, 2}, {'h', m.hour, 2},
                  {'m', m.minute, 2},    {'s', m.second, 2}, {'f', m.ms, 3}};
    for (; *form != '\0'; form++) {
        size_t i = 0;
        while (i < sizeof fields / sizeof fields[0] && fields[i].letter != *form)
            i++;
        if (i < sizeof fields / sizeof fields[0])
            out = put_digits(out, fields[i].value, fields[i].width);
        else
            *out++ = *form;
    }
    *out = '\0';
}

void clock_format_iso(int64_t ms, char out[25])
{
    format_instant(ms, "Y-M-DTh:m:sZ", out);
}

void clock_format_iso_ms(int64_t ms, char out[29])
{
    format_instant(ms, "Y-M-DTh:m:s.fZ", out);
}

void clock_format_basic(int64_t ms, char out[17])
{
    format_instant(ms, "YMDThmsZ", out);
}

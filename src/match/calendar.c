/* calendar.c - hours of the day and days of the week, somewhere on earth: is this instant among them? */
#include "match/calendar.h"

#include <stdio.h>
#include <string.h>

enum { HOUR_MIN = 60, DAY_MIN = 24 * HOUR_MIN, MINUTE_MS = 60000, SHOWN_LEN_MAX = 40 };
enum { ZONE_MIN_MAX = 14 * HOUR_MIN }; /* nowhere is further from UTC (IANA time zone database) */

#define DAYS_FORM  "days are such as \"sat sun\" or \"mon-fri\""
#define ZONES_FORM "a zone is an offset such as \"+08:00\", or \"UTC\""
#define HOURS_FORM "hours are such as \"22:00-06:00\""

static bool refuse(char why[CALENDAR_WHY_LEN], struct spurn_text text, const char *what)
{
    struct spurn_text shown = {text.at, text.len < SHOWN_LEN_MAX ? text.len : SHOWN_LEN_MAX};
    shown.len = text_utf8_len(shown);
    snprintf(why, CALENDAR_WHY_LEN, "\"%.*s\": %s", TEXT_ARG(shown), what);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
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

static void skip_spaces(struct spurn_text *text)
{
    while (take_char(text, ' '))
        ;
}

/* One or two digits, or -1. */
static int take_number(struct spurn_text *text)
{
    int value = -1;
    for (int i = 0; i < 2 && text->len > 0 && is_digit(*text->at); i++) {
        value = (value < 0 ? 0 : value * 10) + *text->at - '0';
        take_char(text, *text->at);
    }
    return value;
}

/* "6", "6:30", "06:30" as minutes since midnight, at most 24:00; -1 for anything else. */
static int take_time(struct spurn_text *text)
{
    int hour = take_number(text), minute = 0;
    if (take_char(text, ':'))
        minute = take_number(text);
    int time_min = hour * HOUR_MIN + minute;
    return hour < 0 || minute < 0 || minute >= HOUR_MIN || time_min > DAY_MIN ? -1 : time_min;
}

/* ---- hours ---- */

/* However loosely it is written: "9-17", "22:00 - 6:00". */
static bool read_span(struct spurn_text text, int *from_min, int *to_min)
{
    skip_spaces(&text);
    *from_min = take_time(&text);
    skip_spaces(&text);
    bool has_dash = take_char(&text, '-');
    skip_spaces(&text);
    *to_min = take_time(&text);
    skip_spaces(&text);
    return *from_min >= 0 && has_dash && *to_min >= 0 && text.len == 0;
}

bool calendar_read_hours(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN])
{
    int from_min, to_min;
    char exact[32], meant[64];
    if (!read_span(text, &from_min, &to_min))
        return refuse(why, text, HOURS_FORM);
    if (from_min == to_min || from_min == DAY_MIN)
        return refuse(why, text, "this is no span of hours; for the whole day leave hours out");
    snprintf(exact, sizeof exact, "%02d:%02d-%02d:%02d", from_min / HOUR_MIN, from_min % HOUR_MIN,
             to_min / HOUR_MIN, to_min % HOUR_MIN);
    snprintf(meant, sizeof meant, "did you mean \"%s\"?", exact);
    if (!text_is(text, exact))
        return refuse(why, text, meant);
    c->has_hours = true;
    c->from_min = from_min;
    c->to_min = to_min;
    return true;
}

/* ---- days ---- */

enum { WEEK_DAYS = 7, SHORT_NAME_LEN = 3 };

static const char *const day_names[WEEK_DAYS] = {"sunday",   "monday", "tuesday", "wednesday",
                                                 "thursday", "friday", "saturday"};

static bool begins_alike(struct spurn_text word, const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (i >= word.len || lower(word.at[i]) != name[i])
            return false;
    return true;
}

/* The day's number, or -1. */
static int day_of(struct spurn_text word)
{
    for (int i = 0; i < WEEK_DAYS; i++)
        if ((word.len == SHORT_NAME_LEN || word.len == strlen(day_names[i])) &&
            begins_alike(word, day_names[i], word.len))
            return i;
    return -1;
}

/* The first two letters tell the days apart. */
static bool refuse_day(char why[CALENDAR_WHY_LEN], struct spurn_text word)
{
    char meant[64];
    if (text_is_nocase(word, "weekend") || text_is_nocase(word, "weekends"))
        return refuse(why, word, "no such day; did you mean \"sat sun\"?");
    if (begins_alike(word, "weekday", strlen("weekday")))
        return refuse(why, word, "no such day; did you mean \"mon-fri\"?");
    for (int i = 0; i < WEEK_DAYS; i++) {
        if (!begins_alike(word, day_names[i], 2))
            continue;
        int meant_len = word.len > SHORT_NAME_LEN ? (int)strlen(day_names[i]) : SHORT_NAME_LEN;
        snprintf(meant, sizeof meant, "no such day; did you mean \"%.*s\"?", meant_len,
                 day_names[i]);
        return refuse(why, word, meant);
    }
    return refuse(why, word, "no such day; " DAYS_FORM);
}

static bool is_between_words(char c)
{
    return c == ' ' || c == ',';
}

static struct spurn_text take_word(struct spurn_text *text)
{
    size_t len = 0;
    while (len < text->len && !is_between_words(text->at[len]) && text->at[len] != '-')
        len++;
    struct spurn_text word = {text->at, len};
    text->at += len;
    text->len -= len;
    return word;
}

/* "sat" or "mon-fri"; the days may run over the week's end. */
static bool take_days(struct spurn_text *text, struct spurn_text whole, unsigned *days,
                      char why[CALENDAR_WHY_LEN])
{
    struct spurn_text first_word = take_word(text), last_word = first_word;
    if (take_char(text, '-'))
        last_word = take_word(text);
    int first = day_of(first_word), last = day_of(last_word);
    if (first_word.len == 0 || last_word.len == 0)
        return refuse(why, whole, DAYS_FORM);
    if (first < 0 || last < 0)
        return refuse_day(why, first < 0 ? first_word : last_word);
    for (int day = first;; day = (day + 1) % WEEK_DAYS) {
        *days |= 1u << day;
        if (day == last)
            return true;
    }
}

bool calendar_read_days(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN])
{
    struct spurn_text rest = text;
    unsigned days = 0;
    while (rest.len > 0) {
        if (is_between_words(*rest.at))
            take_char(&rest, *rest.at);
        else if (!take_days(&rest, text, &days, why))
            return false;
        else if (rest.len > 0 && *rest.at == '-')
            return refuse(why, text, DAYS_FORM);
    }
    if (days == 0)
        return refuse(why, text, "there is no day in it; " DAYS_FORM);
    c->days = days;
    return true;
}

/* ---- zones ---- */

bool calendar_read_zone(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN])
{
    struct spurn_text rest = text;
    char exact[16], meant[64];
    if (text_is_nocase(text, "Z") || text_is_nocase(text, "UTC")) {
        c->zone_min = 0;
        return true;
    }
    if (text_is_nocase(text, "GMT"))
        return refuse(why, text, "did you mean \"UTC\"?");
    bool is_west = take_char(&rest, '-');
    if (!is_west && !take_char(&rest, '+'))
        return refuse(why, text, ZONES_FORM);
    int zone_min = take_time(&rest);
    if (zone_min < 0 || rest.len > 0)
        return refuse(why, text, ZONES_FORM);
    if (zone_min > ZONE_MIN_MAX)
        return refuse(why, text, "no zone is more than 14 hours from UTC");
    snprintf(exact, sizeof exact, "%c%02d:%02d", is_west ? '-' : '+', zone_min / HOUR_MIN,
             zone_min % HOUR_MIN);
    snprintf(meant, sizeof meant, "did you mean \"%s\"?", exact);
    if (!text_is(text, exact))
        return refuse(why, text, meant);
    c->zone_min = is_west ? -zone_min : zone_min;
    return true;
}

/* ---- asking ---- */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool calendar_has(const struct calendar *c, int64_t instant_ms)
{
    int64_t local_min = floor_divide(instant_ms, MINUTE_MS) + c->zone_min;
    int64_t day = floor_divide(local_min, DAY_MIN); /* since 1970-01-01, a Thursday */
    int of_day_min = (int)(local_min - day * DAY_MIN);
    int week_day = (int)((day % WEEK_DAYS + WEEK_DAYS + 4) % WEEK_DAYS);
    bool is_late = of_day_min >= c->from_min, is_early = of_day_min < c->to_min;
    if (c->days != 0 && (c->days >> week_day & 1) == 0)
        return false;
    if (!c->has_hours)
        return true;
    return c->from_min < c->to_min ? is_late && is_early : is_late || is_early;
}

/* calendar_test.c - hours and days are those of the place's clock, and what cannot be read says what may be meant. */
#include "match/calendar.h"

#include <string.h>

#include "clock.h"
#include "unit.h"

static struct calendar calendar_of(const char *hours, const char *days, const char *zone)
{
    struct calendar c = {0};
    char why[CALENDAR_WHY_LEN] = "";
    if (hours != NULL)
        CHECK(hours, calendar_read_hours(text_of(hours), &c, why));
    if (days != NULL)
        CHECK(days, calendar_read_days(text_of(days), &c, why));
    if (zone != NULL)
        CHECK(zone, calendar_read_zone(text_of(zone), &c, why));
    CHECK_STR("nothing is wrong", why, "");
    return c;
}

/* 2026-11-22 is a Sunday. */
static void an_instant_is_judged_by_the_clock_of_its_place(void)
{
    static const struct {
        const char *hours, *days, *zone, *instant;
        bool want;
    } rows[] = {
        {"22:00-06:00", NULL, NULL, "2026-11-22T22:00:00Z", true},
        {"22:00-06:00", NULL, NULL, "2026-11-22T21:59:59.999Z", false},
        {"22:00-06:00", NULL, NULL, "2026-11-22T05:59:59.999Z", true},
        {"22:00-06:00", NULL, NULL, "2026-11-22T06:00:00Z", false},
        {"09:00-17:30", NULL, NULL, "2026-11-22T09:00:00Z", true},
        {"09:00-17:30", NULL, NULL, "2026-11-22T17:29:59Z", true},
        {"09:00-17:30", NULL, NULL, "2026-11-22T17:30:00Z", false},
        {"18:00-24:00", NULL, NULL, "2026-11-22T23:59:59Z", true},
        {"18:00-24:00", NULL, NULL, "2026-11-22T00:00:00Z", false},
        {"00:00-01:00", NULL, NULL, "2026-11-22T00:00:00Z", true},
        {NULL, "sun", NULL, "2026-11-22T00:00:00Z", true},
        {NULL, "sun", NULL, "2026-11-22T23:59:59Z", true},
        {NULL, "sun", NULL, "2026-11-21T23:59:59Z", false},
        {NULL, "sat sun", NULL, "2026-11-21T12:00:00Z", true},
        {NULL, "mon-fri", NULL, "2026-11-22T12:00:00Z", false},
        {NULL, "mon-fri", NULL, "2026-11-23T12:00:00Z", true},
        {NULL, "fri-mon", NULL, "2026-11-23T12:00:00Z", true},
        {NULL, "fri-mon", NULL, "2026-11-24T12:00:00Z", false},
        {NULL, "tue-tue", NULL, "2026-11-24T12:00:00Z", true},
        {NULL, "Saturday, SUN", NULL, "2026-11-22T12:00:00Z", true},
        /* Seven in the morning in Shanghai is the day before in UTC. */
        {"07:00-08:00", "mon", "+08:00", "2026-11-22T23:10:00Z", true},
        {"07:00-08:00", "sun", "+08:00", "2026-11-22T23:10:00Z", false},
        {"20:00-21:00", "sat", "-03:30", "2026-11-22T00:00:00Z", true},
        {"20:00-21:00", "sat", "Z", "2026-11-22T00:00:00Z", false},
        /* The day is that of the instant, not of the evening on which the hours began. */
        {"22:00-06:00", "sat", NULL, "2026-11-22T02:00:00Z", false},
        {NULL, "wed", NULL, "1969-12-31T23:59:59.999Z", true},
        {"23:59-00:00", NULL, "utc", "1969-12-31T23:59:59.999Z", true},
        {NULL, NULL, "+01:00", "2026-11-22T00:00:00Z", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar c = calendar_of(rows[i].hours, rows[i].days, rows[i].zone);
        int64_t instant_ms;
        CHECK("a real instant", clock_parse_iso(text_of(rows[i].instant), &instant_ms));
        CHECK_INT(rows[i].instant, calendar_has(&c, instant_ms), rows[i].want);
    }
}

static void every_instant_can_be_judged(void)
{
    struct calendar c = calendar_of("22:00-06:00", "mon-sat", "-14:00");
    int held = 0;
    held += calendar_has(&c, INT64_MIN) + calendar_has(&c, INT64_MAX);
    CHECK("whatever it is", held >= 0 && held <= 2);
}

static void what_cannot_be_read_says_what_may_be_meant(void)
{
    typedef bool read(struct spurn_text text, struct calendar * c, char why[CALENDAR_WHY_LEN]);
    static const struct {
        read *read;
        const char *text, *why;
    } rows[] = {
        {calendar_read_hours, "9-17", "\"9-17\": did you mean \"09:00-17:00\"?"},
        {calendar_read_hours, "22:00 - 6:00", "\"22:00 - 6:00\": did you mean \"22:00-06:00\"?"},
        {calendar_read_hours, "", "\"\": hours are such as \"22:00-06:00\""},
        {calendar_read_hours, "22:00", "\"22:00\": hours are such as \"22:00-06:00\""},
        {calendar_read_hours, "10pm-6am", "\"10pm-6am\": hours are such as \"22:00-06:00\""},
        {calendar_read_hours, "22:00-06:60", "\"22:00-06:60\": hours are such as \"22:00-06:00\""},
        {calendar_read_hours, "22:00-24:01", "\"22:00-24:01\": hours are such as \"22:00-06:00\""},
        {calendar_read_hours, "22:-06:00", "\"22:-06:00\": hours are such as \"22:00-06:00\""},
        {calendar_read_hours, "06:00-06:00",
         "\"06:00-06:00\": this is no span of hours; for the whole day leave hours out"},
        {calendar_read_hours, "24:00-06:00",
         "\"24:00-06:00\": this is no span of hours; for the whole day leave hours out"},
        {calendar_read_days, "saturdy", "\"saturdy\": no such day; did you mean \"saturday\"?"},
        {calendar_read_days, "mon tues", "\"tues\": no such day; did you mean \"tuesday\"?"},
        {calendar_read_days, "Sa", "\"Sa\": no such day; did you mean \"sat\"?"},
        {calendar_read_days, "mon-fryday", "\"fryday\": no such day; did you mean \"friday\"?"},
        {calendar_read_days, "foo",
         "\"foo\": no such day; days are such as \"sat sun\" or \"mon-fri\""},
        {calendar_read_days, "weekend", "\"weekend\": no such day; did you mean \"sat sun\"?"},
        {calendar_read_days, "Weekdays", "\"Weekdays\": no such day; did you mean \"mon-fri\"?"},
        {calendar_read_days, "samstag", "\"samstag\": no such day; did you mean \"saturday\"?"},
        {calendar_read_days, "mon-", "\"mon-\": days are such as \"sat sun\" or \"mon-fri\""},
        {calendar_read_days, "mon - fri",
         "\"mon - fri\": days are such as \"sat sun\" or \"mon-fri\""},
        {calendar_read_days, "mon-wed-fri",
         "\"mon-wed-fri\": days are such as \"sat sun\" or \"mon-fri\""},
        {calendar_read_days, " , ",
         "\" , \": there is no day in it; days are such as \"sat sun\" or \"mon-fri\""},
        {calendar_read_zone, "+8", "\"+8\": did you mean \"+08:00\"?"},
        {calendar_read_zone, "-3:30", "\"-3:30\": did you mean \"-03:30\"?"},
        {calendar_read_zone, "GMT", "\"GMT\": did you mean \"UTC\"?"},
        {calendar_read_zone, "08:00",
         "\"08:00\": a zone is an offset such as \"+08:00\", or \"UTC\""},
        {calendar_read_zone, "Asia/Shanghai",
         "\"Asia/Shanghai\": a zone is an offset such as \"+08:00\", or \"UTC\""},
        {calendar_read_zone, "+14:01", "\"+14:01\": no zone is more than 14 hours from UTC"},
        {calendar_read_zone, "+", "\"+\": a zone is an offset such as \"+08:00\", or \"UTC\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar c = {.zone_min = 77};
        char why[CALENDAR_WHY_LEN] = "";
        CHECK(rows[i].text, !rows[i].read(text_of(rows[i].text), &c, why));
        CHECK_STR(rows[i].text, why, rows[i].why);
        CHECK("nothing was changed", !c.has_hours && c.days == 0 && c.zone_min == 77);
    }
}

static void a_complaint_shows_no_more_than_a_line(void)
{
    struct calendar c = {0};
    char why[CALENDAR_WHY_LEN], text[1001];
    memset(text, '\xA9', sizeof text);
    for (size_t i = 0; i < 1000; i += 2)
        text[i] = '\xC3';
    CHECK("refused", !calendar_read_days((struct spurn_text){text, 1000}, &c, why));
    CHECK("cut between characters", text_utf8_len(text_of(why)) == strlen(why));
}

static const struct unit_test tests[] = {
    {"an_instant_is_judged_by_the_clock_of_its_place",
     an_instant_is_judged_by_the_clock_of_its_place},
    {"every_instant_can_be_judged", every_instant_can_be_judged},
    {"what_cannot_be_read_says_what_may_be_meant", what_cannot_be_read_says_what_may_be_meant},
    {"a_complaint_shows_no_more_than_a_line", a_complaint_shows_no_more_than_a_line},
};

UNIT_MAIN(tests)

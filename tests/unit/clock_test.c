/* clock_test.c - instants, durations and ages are read exactly or not at all, and written in one form. */
#include "clock.h"

#include <string.h>

#include "unit.h"

/* ---- readers: a table of what is taken, a table of what is not ---- */

struct row {
    const char *text;
    int64_t want;
};

static void check_taken(bool (*parse)(struct spurn_text text, int64_t *out), const struct row *rows,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t got = -1;
        CHECK(rows[i].text, parse(text_of(rows[i].text), &got));
        CHECK_INT(rows[i].text, got, rows[i].want);
    }
}

static void check_refused(bool (*parse)(struct spurn_text text, int64_t *out),
                          const char *const *texts, size_t count)
{
    int64_t got = -1;
    CHECK("absent", !parse(TEXT_ABSENT, &got));
    CHECK("a NUL behind it", !parse((struct spurn_text){"1s\0", 3}, &got));
    for (size_t i = 0; i < count; i++) {
        got = -1;
        CHECK(texts[i], !parse(text_of(texts[i]), &got));
        CHECK_INT(texts[i], got, 0);
    }
}

#define TAKEN(parse, rows)    check_taken(parse, rows, sizeof rows / sizeof rows[0])
#define REFUSED(parse, texts) check_refused(parse, texts, sizeof texts / sizeof texts[0])

/* Wanted values are from GNU date: date -u -d TEXT +%s%3N */
static void an_iso_instant_is_read_to_the_millisecond(void)
{
    static const struct row rows[] = {
        {"2022-08-18T05:36:45.024Z", INT64_C(1660801005024)},
        {"2022-08-18T05:36:45Z", INT64_C(1660801005000)},
        {"2022-08-18T05:36:45.1Z", INT64_C(1660801005100)},
        {"2022-08-18T05:36:45.9999999999999999999999Z", INT64_C(1660801005999)},
        {"2022-08-18T13:36:45+08:00", INT64_C(1660801005000)},
        {"2022-08-18T02:06:45.024-03:30", INT64_C(1660801005024)},
        {"2022-08-18T05:36:45-00:00", INT64_C(1660801005000)},
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
        {"2024-02-29T23:59:59Z", INT64_C(1709251199000)},
        {"2038-01-19T03:14:08Z", INT64_C(2147483648000)},
        {"0000-01-01T00:00:00Z", INT64_C(-62167219200000)},
        {"0000-12-31T00:00:00Z", INT64_C(-62135683200000)},
        {"0001-01-01T00:00:00Z", INT64_C(-62135596800000)},
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
    };
    TAKEN(clock_parse_iso, rows);
}

static void what_is_no_iso_instant_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "2022-08-18",
        "2022-08-18T05:36:45",
        "2022-08-18t05:36:45Z",
        "2022-08-18T05:36:45z",
        "2022-08-18 05:36:45Z",
        " 2022-08-18T05:36:45Z",
        "2022-08-18T05:36:45Z ",
        "2022-08-18T05:36:45.Z",
        "2022-08-18T05:36:45,5Z",
        "2022-08-18T05:36Z",
        "2022-8-18T05:36:45Z",
        "22-08-18T05:36:45Z",
        "+2022-08-18T05:36:45Z",
        "-022-08-18T05:36:45Z",
        "20220818T053645Z",
        "2022-08-18T05:36:45+0800",
        "2022-08-18T05:36:45+08",
        "2022-08-18T05:36:45+24:00",
        "2022-08-18T05:36:45+08:60",
        "2022-08-18T05:36:45Z+08:00",
        "2022-00-18T05:36:45Z",
        "2022-13-18T05:36:45Z",
        "2022-08-00T05:36:45Z",
        "2022-08-32T05:36:45Z",
        "2022-04-31T05:36:45Z",
        "2022-02-29T05:36:45Z",
        "1900-02-29T05:36:45Z",
        "2022-08-18T24:00:00Z",
        "2022-08-18T05:60:45Z",
        "2022-08-18T05:36:60Z",
        "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    };
    REFUSED(clock_parse_iso, texts);
}

static void an_epoch_is_exact_to_the_millisecond(void)
{
    static const struct row rows[] = {
        {"1565312166.258", INT64_C(1565312166258)},
        {"1565312166", INT64_C(1565312166000)},
        {"1565312166.2", INT64_C(1565312166200)},
        {"1565312166.2589999", INT64_C(1565312166258)},
        {"1.565312166258E9", INT64_C(1565312166258)},
        {"1.565312166258e+9", INT64_C(1565312166258)},
        {"0.00001565312166258e14", INT64_C(1565312166258)},
        {"1565312166258e-3", INT64_C(1565312166258)},
        {"15653121662589e-4", INT64_C(1565312166258)},
        {"0", 0},
        {"-0.0", 0},
        {"0e999999999999999999999", 0},
        {"0.000e-99999999999999999", 0},
        {"1e-99999999999999999999", 0},
        {"-1.5", -1500},
        {"0.0009", 0},
        {"253402300799.9999", INT64_C(253402300799999)},
        {"-62167219200", INT64_C(-62167219200000)},
    };
    TAKEN(clock_parse_epoch, rows);
}

static void what_is_no_epoch_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "-",
        "+1",
        "01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "1e+-1",
        " 1",
        "1 ",
        "0x10",
        "nan",
        "1,5",
        "1_0",
        "253402300800",
        "-62167219200.001",
        "1e12",
        "1e999999999999999999999",
        "9999999999999999999999999999999999",
        "1565312166258",
    };
    REFUSED(clock_parse_epoch, texts);
}

static void a_date_of_http_is_read(void)
{
    static const struct row rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", INT64_C(784111777000)},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Wed, 31 Dec 1969 23:59:59 GMT", -1000},
        {"Thu, 29 Feb 2024 12:00:00 GMT", INT64_C(1709208000000)},
        {"Fri, 31 Dec 9999 23:59:59 GMT", INT64_C(253402300799000)},
        {"Sat, 01 Jan 0000 00:00:00 GMT", INT64_C(-62167219200000)},
    };
    TAKEN(clock_parse_http, rows);
}

static void what_is_no_date_of_http_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 1994 08:49:37.5 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun,06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Smarch 1994 08:49:37 GMT",
    };
    REFUSED(clock_parse_http, texts);
}

static void a_duration_is_whole_numbers_largest_unit_first(void)
{
    static const struct row rows[] = {
        {"1s", 1},
        {"90s", 90},
        {"15m", 900},
        {"6h", 21600},
        {"7d", 604800},
        {"2w", 1209600},
        {"1d12h", 129600},
        {"1w2d3h4m5s", 788645},
        {"0h1s", 1},
        {"3650d", 315360000},
        {"315360000s", 315360000},
    };
    TAKEN(clock_parse_duration, rows);
}

static void what_is_no_duration_is_refused(void)
{
    static const char *const texts[] = {
        "",        "0s",
        "0d0h",    "6",
        "h",       "6H",
        "1.5h",    "-1h",
        "+1h",     "1 day",
        "1 d",     " 1d",
        "1d ",     "1day",
        "1y",      "12h1d",
        "1h1h",    "1d12",
        "3650d1s", "315360001s",
        "522w",    "99999999999999999999999999w",
    };
    REFUSED(clock_parse_duration, texts);
}

/* ---- writers ---- */

static void an_instant_has_one_written_form(void)
{
    static const struct {
        int64_t ms;
        const char *iso, *iso_ms, *basic;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "19700101T000000Z"},
        {-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z", "19691231T235959Z"},
        {INT64_C(1660801005024), "2022-08-18T05:36:45Z", "2022-08-18T05:36:45.024Z",
         "20220818T053645Z"},
        {INT64_C(951782400000), "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z",
         "20000229T000000Z"},
        {INT64_C(1735689599999), "2024-12-31T23:59:59Z", "2024-12-31T23:59:59.999Z",
         "20241231T235959Z"},
        {INT64_MIN, "0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z", "00000101T000000Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999Z", "99991231T235959Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char iso[25], iso_ms[29], basic[17];
        clock_format_iso(rows[i].ms, iso);
        clock_format_iso_ms(rows[i].ms, iso_ms);
        clock_format_basic(rows[i].ms, basic);
        CHECK_STR("iso", iso, rows[i].iso);
        CHECK_STR("iso with milliseconds", iso_ms, rows[i].iso_ms);
        CHECK_STR("basic", basic, rows[i].basic);
    }
}

/* Each day of the years around every kind of leap rule, and each first of January. */
static void every_day_reads_back_as_it_was_written(void)
{
    static const int64_t day_ms = INT64_C(86400000), first_ms = INT64_C(-62167219200000);
    static const int64_t first_days[] = {0, 36000, 146000, 693500, 719000, 730000, 766000, 3651325};
    for (size_t i = 0; i < sizeof first_days / sizeof first_days[0]; i++) {
        char before[29] = "";
        for (int64_t day = first_days[i]; day < first_days[i] + 1100; day++) {
            int64_t ms = first_ms + day * day_ms + day % 86400 * 1000 + day % 1000, got = -1;
            char text[29];
            clock_format_iso_ms(ms, text);
            CHECK(text, clock_parse_iso(text_of(text), &got));
            CHECK_INT(text, got, ms);
            CHECK(text, strcmp(before, text) < 0);
            memcpy(before, text, sizeof before);
        }
    }
}

static void an_age_shows_its_two_largest_units(void)
{
    static const struct {
        int64_t age_s;
        const char *want;
    } rows[] = {
        {0, "0s"},
        {45, "45s"},
        {60, "1m"},
        {432, "7m12s"},
        {3600, "1h"},
        {3659, "1h"},
        {25920, "7h12m"},
        {86399, "23h59m"},
        {86400, "1d"},
        {86400 + 3599, "1d"},
        {777600, "9d"},
        {273600, "3d4h"},
        {1209600, "14d"},
        {-45, "-45s"},
        {-90, "-1m30s"},
        {INT64_MAX, "106751991167300d15h"},
        {INT64_MIN, "-106751991167300d15h"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[32];
        clock_format_age(rows[i].age_s, out);
        CHECK_STR("", out, rows[i].want);
    }
}

static void the_clocks_move_only_forward_or_are_plausible(void)
{
    int64_t before_ms = clock_monotonic_ms();
    CHECK("monotonic", clock_monotonic_ms() >= before_ms);
    CHECK("after this was written", clock_wall_ms() > INT64_C(1704067200000));
}

static const struct unit_test tests[] = {
    {"an_iso_instant_is_read_to_the_millisecond", an_iso_instant_is_read_to_the_millisecond},
    {"what_is_no_iso_instant_is_refused", what_is_no_iso_instant_is_refused},
    {"an_epoch_is_exact_to_the_millisecond", an_epoch_is_exact_to_the_millisecond},
    {"what_is_no_epoch_is_refused", what_is_no_epoch_is_refused},
    {"a_date_of_http_is_read", a_date_of_http_is_read},
    {"what_is_no_date_of_http_is_refused", what_is_no_date_of_http_is_refused},
    {"a_duration_is_whole_numbers_largest_unit_first",
     a_duration_is_whole_numbers_largest_unit_first},
    {"what_is_no_duration_is_refused", what_is_no_duration_is_refused},
    {"an_instant_has_one_written_form", an_instant_has_one_written_form},
    {"every_day_reads_back_as_it_was_written", every_day_reads_back_as_it_was_written},
    {"an_age_shows_its_two_largest_units", an_age_shows_its_two_largest_units},
    {"the_clocks_move_only_forward_or_are_plausible",
     the_clocks_move_only_forward_or_are_plausible},
};

UNIT_MAIN(tests)

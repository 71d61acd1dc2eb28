/* log_test.c - a log line stays one line of harmless text, whatever went into it. */
#include "log.h"

#include <string.h>

#include "unit.h"

enum { LINE_MAX_LEN = 4096 };

struct seen {
    int count;
    enum spurn_log_level level;
    char message[LINE_MAX_LEN + 64];
};

static void remember(void *context, enum spurn_log_level level, const char *message)
{
    struct seen *seen = context;
    seen->count++;
    seen->level = level;
    CHECK("it fits", strlen(message) <= LINE_MAX_LEN);
    strncpy(seen->message, message, sizeof seen->message - 1);
}

static struct log open_log(struct seen *seen, enum spurn_log_level level)
{
    *seen = (struct seen){0};
    return (struct log){.level = level, .write = remember, .context = seen};
}

static void only_what_matters_enough_is_written(void)
{
    static const enum spurn_log_level levels[] = {SPURN_LOG_ERROR, SPURN_LOG_WARN, SPURN_LOG_INFO,
                                                  SPURN_LOG_DEBUG};
    for (int i = 0; i < 4; i++) {
        struct seen seen;
        struct log log = open_log(&seen, levels[i]);
        log_debug(&log, "d");
        log_info(&log, "i");
        log_warn(&log, "w");
        log_error(&log, "e");
        CHECK_INT("lines", seen.count, i + 1);
        CHECK_STR("the last", seen.message, "e");
        CHECK_INT("its level", (int)seen.level, SPURN_LOG_ERROR);
    }
}

static void each_call_has_its_level(void)
{
    struct seen seen;
    struct log log = open_log(&seen, SPURN_LOG_DEBUG);
    log_debug(&log, "%s %d", "sweep", 7);
    CHECK_INT("debug", (int)seen.level, SPURN_LOG_DEBUG);
    CHECK_STR("formatted", seen.message, "sweep 7");
    log_info(&log, "x");
    CHECK_INT("info", (int)seen.level, SPURN_LOG_INFO);
    log_warn(&log, "x");
    CHECK_INT("warn", (int)seen.level, SPURN_LOG_WARN);
}

static void a_log_without_a_writer_drops_everything(void)
{
    struct log log = {.level = SPURN_LOG_DEBUG};
    log_error(&log, "%s", "nobody hears");
    log_error(NULL, "%s", "nobody hears");
    CHECK("still here", log.write == NULL);
}

static void what_could_steer_a_terminal_or_break_a_line_is_escaped(void)
{
    static const struct {
        const char *raw, *want;
    } rows[] = {
        {"", ""},
        {"plain \\ text", "plain \\ text"},
        {"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
        {"a\nb\r\tc", "a\\x0ab\\x0d\\x09c"},
        {"\x1b[31mred", "\\x1b[31mred"},
        {"\x7f\x01", "\\x7f\\x01"},
        {"\xC2\x9B"
         "31m \xC2\xA0",
         "\\xc2\\x9b31m \xC2\xA0"},
        {"\xFF\xC3(", "\\xff\\xc3("},
        {"\xE2\x82", "\\xe2\\x82"},
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
        {"\xC0\x8A", "\\xc0\\x8a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct seen seen;
        struct log log = open_log(&seen, SPURN_LOG_INFO);
        log_info(&log, "%s", rows[i].raw);
        CHECK_STR(rows[i].want, seen.message, rows[i].want);
    }
}

/* `count` times `unit`, logged; what came out is valid UTF-8 and ends as told. */
static size_t logged_len(const char *unit, size_t count, bool is_cut)
{
    struct buf raw;
    buf_init(&raw, 1 << 20);
    for (size_t i = 0; i < count; i++)
        buf_add_str(&raw, unit);
    struct seen seen;
    struct log log = open_log(&seen, SPURN_LOG_INFO);
    log_info(&log, "%s", buf_str(&raw));
    size_t len = strlen(seen.message);
    CHECK_INT(unit, (int64_t)text_utf8_len(text_of(seen.message)), (int64_t)len);
    CHECK_INT(unit, len >= 3 && strcmp(seen.message + len - 3, "...") == 0, is_cut);
    buf_clear(&raw);
    return len;
}

static void a_long_line_is_cut_between_characters(void)
{
    CHECK_INT("just fits", (int64_t)logged_len("x", LINE_MAX_LEN, false), LINE_MAX_LEN);
    CHECK_INT("one more", (int64_t)logged_len("x", LINE_MAX_LEN + 1, true), LINE_MAX_LEN);
    CHECK_INT("far more", (int64_t)logged_len("x", 1 << 18, true), LINE_MAX_LEN);
    CHECK_INT("euros fit", (int64_t)logged_len("\xE2\x82\xAC", 1365, false), 4095);
    CHECK_INT("euros", (int64_t)logged_len("\xE2\x82\xAC", 1366, true), 4095);
    CHECK_INT("faces", (int64_t)logged_len("\xF0\x9F\x98\x80", 2000, true), 4095);
    CHECK_INT("escapes fit", (int64_t)logged_len("\x1b", 1024, false), 4096);
    CHECK_INT("escapes", (int64_t)logged_len("\x1b", 1025, true), 4095);
}

static const struct unit_test tests[] = {
    {"only_what_matters_enough_is_written", only_what_matters_enough_is_written},
    {"each_call_has_its_level", each_call_has_its_level},
    {"a_log_without_a_writer_drops_everything", a_log_without_a_writer_drops_everything},
    {"what_could_steer_a_terminal_or_break_a_line_is_escaped",
     what_could_steer_a_terminal_or_break_a_line_is_escaped},
    {"a_long_line_is_cut_between_characters", a_long_line_is_cut_between_characters},
};

UNIT_MAIN(tests)

/* times.c - the words about time: older, younger, seconds, created_at, and what came before. */
#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"
#include "script/words/private.h"

enum { WRITTEN_LEN = 256 };

/* ---- durations ---- */

/* "1 day", "24 hours", "90 Seconds" as it should have been written; false when it is nothing of the kind. */
static bool guess_duration(const char *text, char *out, size_t out_len)
{
    size_t digits, len = 0;
    while (*text != '\0') {
        text += strspn(text, " ,");
        digits = strspn(text, "0123456789");
        if (digits == 0 || len + digits + 2 > out_len)
            return false;
        memcpy(out + len, text, digits);
        len += digits;
        text += digits + strspn(text + digits, " ");
        char unit = (char)tolower((unsigned char)*text);
        /* Months, and milliseconds, are none. */
        bool is_month =
            *text == 'M' || (unit == 'm' && strchr("oOsS", text[1]) != NULL && text[1] != '\0');
        if (unit == '\0' || strchr("smhdw", unit) == NULL || is_month)
            return false;
        out[len++] = unit;
        while (isalpha((unsigned char)*text))
            text++;
        text += strspn(text, " ,");
    }
    out[len] = '\0';
    int64_t seconds;
    return clock_parse_duration(text_of(out), &seconds);
}

_Noreturn static void refuse_duration(lua_State *L, const char *word, const char *text)
{
    char guess[40];
    if (guess_duration(text, guess, sizeof guess))
        refuse(L, "%s: \"%.40s\" is no duration; did you mean \"%s\"?", word, text, guess);
    refuse(
        L,
        "%s: \"%.40s\" is no duration; write \"90s\", \"15m\", \"6h\", \"7d\", \"2w\" or \"1d12h\"",
        word, text);
}

/* The duration on the top, which the word, or an option of it, takes. */
static int64_t read_duration(lua_State *L, const char *takes, struct spurn_text *written)
{
    int64_t seconds;
    if (lua_type(L, -1) == LUA_TNUMBER)
        refuse(L, "%s takes a duration with its unit, such as \"6h\", not a number", takes);
    if (words_is_list(L, -1))
        refuse(L, "%s takes a duration such as \"6h\", not a list", takes);
    if (lua_type(L, -1) != LUA_TSTRING)
        refuse(L, "%s takes a duration such as \"6h\", not a %s", takes, library_type(L, -1));
    written->at = lua_tolstring(L, -1, &written->len);
    if (!clock_parse_duration(*written, &seconds))
        refuse_duration(L, takes, written->at);
    return seconds;
}

int word_age(lua_State *L)
{
    struct policy *p = policy_of(L);
    const struct word *word = word_called(L);
    struct spurn_text written;
    words_check_room(L, p);
    word_check_one_value(L, word);
    int64_t age_s = read_duration(L, word->name, &written);
    return words_push_condition(
        L, conditions_add_age(words_building(L, p)->conditions, words_line(L),
                              strcmp(word->name, "older") == 0, age_s, written));
}

int word_seconds(lua_State *L)
{
    const struct word *word = word_called(L);
    struct spurn_text written;
    word_check_one_value(L, word);
    lua_pushinteger(L, read_duration(L, word->name, &written));
    return 1;
}

/* ---- a table of options ---- */

static void begin_options(lua_State *L, const char *const *options)
{
    struct policy *p = policy_of(L);
    const struct word *word = word_called(L);
    word_check_one_value(L, word);
    words_check_room(L, p);
    word_check_options(L, word, options);
    words_check_table(L, p, word->name, 1);
}

/* Pushes what the table at 1 holds under `option`, or nothing. */
static bool push_option(lua_State *L, const char *option)
{
    lua_getfield(L, 1, option);
    if (!lua_isnil(L, -1))
        return true;
    lua_pop(L, 1);
    return false;
}

/* ---- created_at ---- */

static const struct part {
    const char *name, *example;
    bool (*read)(struct spurn_text text, struct calendar *c, char why[CALENDAR_WHY_LEN]);
} parts[] = {
    {"hours", "22:00-06:00", calendar_read_hours},
    {"days", "sat sun", calendar_read_days},
    {"zone", "+08:00", calendar_read_zone},
};

enum { PART_COUNT = sizeof parts / sizeof parts[0] };

/* Reads the part if it is there, and adds it to `written` as it was written. */
static void read_part(lua_State *L, const struct part *part, struct calendar *calendar,
                      char written[WRITTEN_LEN])
{
    const struct word *word = word_called(L);
    char why[CALENDAR_WHY_LEN];
    size_t len = strlen(written);
    if (!push_option(L, part->name))
        return;
    struct spurn_text text = word_string_option(L, word, part->name, part->example);
    if (strlen(text.at) != text.len || !part->read(text, calendar, why))
        refuse(L, "%s: %s: %s", word->name, part->name,
               strlen(text.at) == text.len ? why : "there is a character 0 in it");
    snprintf(written + len, WRITTEN_LEN - len, "%s%s = \"%s\"", len > 0 ? ", " : "", part->name,
             text.at);
    lua_pop(L, 1);
}

static bool holds_always(const struct calendar *c)
{
    enum { DAY_MIN = 24 * 60, EVERY_DAY = 0x7f };
    bool all_hours = !c->has_hours || (c->from_min == 0 && c->to_min == DAY_MIN);
    return all_hours && (c->days == 0 || c->days == EVERY_DAY);
}

int word_created_at(lua_State *L)
{
    static const char *const options[] = {"hours", "days", "zone", NULL};
    const struct word *word = word_called(L);
    struct calendar calendar = {0};
    char written[WRITTEN_LEN] = "";
    begin_options(L, options);
    for (size_t i = 0; i < PART_COUNT; i++)
        read_part(L, &parts[i], &calendar, written);
    if (!calendar.has_hours && calendar.days == 0)
        refuse(L, "%s needs hours or days, else it holds for everything: %s", word->name,
               word->form);
    if (holds_always(&calendar))
        refuse(L, "%s: this is every hour of every day, so it holds for everything; leave it out",
               word->name);
    return words_push_condition(
        L, conditions_add_created_at(words_building(L, policy_of(L))->conditions, words_line(L),
                                     &calendar, text_of(written)));
}

/* ---- seen_before, rejected_before ---- */

static int64_t read_times(lua_State *L, const struct word *word)
{
    int is_whole = 0;
    if (!push_option(L, "times"))
        return 1;
    if (lua_type(L, -1) != LUA_TNUMBER)
        refuse(L, "%s: times is a number, not a %s; write times = 3", word->name,
               library_type(L, -1));
    lua_Integer times = lua_tointegerx(L, -1, &is_whole);
    if (!is_whole || times < 1)
        refuse(L, "%s: times is a whole number from 1 on; write times = 3", word->name);
    lua_pop(L, 1);
    return times;
}

int word_past(lua_State *L)
{
    static const char *const options[] = {"times", "within", NULL};
    const struct word *word = word_called(L);
    bool is_seen = strcmp(word->name, "seen_before") == 0;
    struct spurn_text within;
    char takes[64], written[WRITTEN_LEN];
    begin_options(L, options);
    int64_t times = read_times(L, word);
    if (!push_option(L, "within"))
        refuse(L, "%s does not say how far back to look; write within = \"30d\"", word->name);
    snprintf(takes, sizeof takes, "%s: within", word->name);
    int64_t within_s = read_duration(L, takes, &within);
    snprintf(written, sizeof written, "times = %lld, within = \"%s\"", (long long)times, within.at);
    return words_push_condition(L, conditions_add_past(words_building(L, policy_of(L))->conditions,
                                                       words_line(L),
                                                       is_seen ? EVENT_SEEN : EVENT_REJECTED, times,
                                                       within_s, text_of(written)));
}

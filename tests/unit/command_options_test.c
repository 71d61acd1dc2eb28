/* command_options_test.c - a command line says what it means, or is refused with the nearest word. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "command/text.h"
#include "command/out.h"
#include "command/json.h"
#include "command/time.h"
#include "command/log.h"
#include "command/table.h"
#include "command/options.h"
#include "command/command.h"

enum { WORDS_MOST = 8 };

static const struct cmd_command COMMANDS[] = {
    {"plan", FOR_PLAN, "", 0, "", "", NULL},
    {"apply", FOR_APPLY, "", 0, "", "", NULL},
    {"history", FOR_HISTORY, "[ID]", 1, "", "", NULL},
    {"test", FOR_TEST, "[PATH…]", SIZE_MAX, "", "", NULL},
};
static const struct cmd_commands ALL = {COMMANDS, sizeof COMMANDS / sizeof COMMANDS[0]};

static enum spurn_status read_words(const char *const *words, struct cmd_arguments *out,
                                    struct spurn_error *err)
{
    static const char program[] = "spurn";
    char *argv[WORDS_MOST + 1] = {(char *)program};
    int argc = 1;
    for (; words[argc - 1] != NULL; argc++)
        argv[argc] = (char *)words[argc - 1];
    err->text[0] = '\0';
    enum spurn_status status = cmd_options_read(ALL, argc, argv, out, err);
    out->operands = NULL; /* argv ends here */
    return status;
}

static void what_is_not_known_is_refused_with_the_nearest_word(void)
{
    static const struct {
        const char *words[WORDS_MOST];
        const char *error;
    } rows[] = {
        {{"pln"}, "there is no command \"pln\"; did you mean \"spurn plan\"?"},
        {{"zzz"}, "there is no command \"zzz\"; \"spurn help\" lists what there is"},
        {{"plan", "--formt", "json"}, "there is no option --formt; did you mean --format?"},
        {{"plan", "-x"}, "there is no option -x; \"spurn help\" lists what there is"},
        {{"plan", "--format", "jsn"}, "--format is \"jsn\"; it can be table|json"},
        {{"plan", "--format="}, "--format is \"\"; it can be table|json"},
        {{"plan", "--format"}, "--format wants table|json"},
        {{"plan", "--yes"}, "plan takes no --yes; \"spurn plan --help\" lists what it takes"},
        {{"apply", "--now", "2026-11-22"},
         "apply takes no --now; \"spurn apply --help\" lists what it takes"},
        {{"apply", "--yes=1"}, "--yes takes no value"},
        {{"plan", "x"}, "plan takes options only, and no \"x\""},
        {{"history", "a", "b"}, "history takes only one [ID], and no \"b\""},
        {{"history", "--limit", "-1"},
         "--limit is \"-1\"; it wants N (at most the newest N, 0 for all; a table: 100)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cmd_arguments arguments;
        struct spurn_error err;
        CHECK_INT(rows[i].error, read_words(rows[i].words, &arguments, &err), SPURN_E_USAGE);
        CHECK_STR(rows[i].error, err.text, rows[i].error);
    }
}

static void options_stand_before_and_after_the_command(void)
{
    static const char *const rows[][WORDS_MOST] = {
        {"-c", "a.lua", "history", "id", "--limit=7", "--format", "json"},
        {"history", "--format=json", "--limit", "7", "-ca.lua", "id"},
        {"--limit", "7", "--config=a.lua", "--format", "json", "history", "--", "id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cmd_arguments arguments;
        struct spurn_error err;
        const char *words[WORDS_MOST + 1] = {NULL};
        memcpy(words, rows[i], sizeof rows[i]);
        CHECK_INT("", read_words(words, &arguments, &err), SPURN_OK);
        CHECK_STR("", err.text, "");
        CHECK("", arguments.command == &COMMANDS[2]);
        CHECK_STR("", arguments.config, "a.lua");
        CHECK_INT("", arguments.limit, 7);
        CHECK_INT("", arguments.format, CMD_FORMAT_JSON);
        CHECK_INT("", (int64_t)arguments.operands_len, 1);
    }
}

static void the_environment_fills_in_and_never_answers_a_question(void)
{
    static const char *const bare[] = {"apply", NULL};
    static const char *const said[] = {"apply", "--format", "table", NULL};
    struct cmd_arguments arguments;
    struct spurn_error err;
    setenv("SPURN_FORMAT", "json", 1);
    setenv("SPURN_LOG_LEVEL", "debug", 1);
    setenv("SPURN_YES", "1", 1);
    setenv("SPURN_TRUST", "abc", 1);
    CHECK_INT("bare", read_words(bare, &arguments, &err), SPURN_OK);
    CHECK_INT("bare", arguments.format, CMD_FORMAT_JSON);
    CHECK_INT("bare", arguments.log_level, SPURN_LOG_DEBUG);
    CHECK("yes", !arguments.yes);
    CHECK("trust", arguments.trust == NULL);
    CHECK_INT("said", read_words(said, &arguments, &err), SPURN_OK);
    CHECK_INT("said", arguments.format, CMD_FORMAT_TABLE);
    setenv("SPURN_FORMAT", "xml", 1);
    CHECK_INT("wrong", read_words(bare, &arguments, &err), SPURN_E_USAGE);
    CHECK_STR("wrong", err.text, "SPURN_FORMAT is \"xml\"; it can be table|json");
    unsetenv("SPURN_FORMAT");
    unsetenv("SPURN_LOG_LEVEL");
    unsetenv("SPURN_YES");
    unsetenv("SPURN_TRUST");
}

static void an_instant_is_a_day_that_there_was(void)
{
    static const struct {
        const char *words;
        bool good;
        int64_t ms;
    } rows[] = {
        {"2026-11-22T03:10:00Z", true, 1795317000000},
        {"2026-11-22", true, 1795305600000},
        {"1970-01-01", true, 0},
        {"2024-02-29", true, 1709164800000},
        {"2000-02-29T23:59:59Z", true, 951868799000},
        {"2026-02-29", false, 0},
        {"2100-02-29", false, 0},
        {"2026-13-01", false, 0},
        {"2026-00-10", false, 0},
        {"2026-04-31", false, 0},
        {"1969-12-31", false, 0},
        {"2026-11-22T24:00:00Z", false, 0},
        {"2026-11-22 03:10:00", false, 0},
        {"2026-11-22T03:10:00", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms;
        CHECK_INT(rows[i].words, cmd_time_read_instant(rows[i].words, &ms), rows[i].good);
        CHECK_INT(rows[i].words, ms, rows[i].ms);
        char back[CMD_TIME_LEN];
        cmd_time_write_instant(ms, back);
        if (rows[i].good)
            CHECK(rows[i].words, strncmp(back, rows[i].words, 10) == 0);
    }
}

static void a_duration_is_whole_numbers_largest_unit_first(void)
{
    static const struct {
        const char *words;
        bool good;
        int64_t seconds;
    } rows[] = {{"90s", true, 90},       {"15m", true, 900},
                {"1d12h", true, 129600}, {"2w", true, 1209600},
                {"12h1d", false, 0},     {"1d1d", false, 0},
                {"1 day", false, 0},     {"d", false, 0},
                {"6", false, 0},         {"", false, 0},
                {"0s", false, 0},        {"-1d", false, 0},
                {"1.5h", false, 0},      {"99999999999999999999w", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t seconds;
        CHECK_INT(rows[i].words, cmd_time_read_duration(rows[i].words, &seconds), rows[i].good);
        if (rows[i].good)
            CHECK_INT(rows[i].words, seconds, rows[i].seconds);
    }
}

static void an_age_is_its_two_largest_units(void)
{
    static const struct {
        int64_t age_s;
        const char *words;
    } rows[] = {{0, "0s"},     {45, "45s"},          {432, "7m12s"},   {25920, "7h12m"},
                {86400, "1d"}, {9 * 86400, "9d"},    {273600, "3d4h"}, {3600, "1h"},
                {86405, "1d"}, {800 * 86400, "800d"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[CMD_TIME_LEN];
        cmd_time_write_age(rows[i].age_s, words);
        CHECK_STR(rows[i].words, words, rows[i].words);
    }
}

static const struct unit_test TESTS[] = {
    {"what_is_not_known_is_refused_with_the_nearest_word",
     what_is_not_known_is_refused_with_the_nearest_word},
    {"options_stand_before_and_after_the_command", options_stand_before_and_after_the_command},
    {"the_environment_fills_in_and_never_answers_a_question",
     the_environment_fills_in_and_never_answers_a_question},
    {"an_instant_is_a_day_that_there_was", an_instant_is_a_day_that_there_was},
    {"a_duration_is_whole_numbers_largest_unit_first",
     a_duration_is_whole_numbers_largest_unit_first},
    {"an_age_is_its_two_largest_units", an_age_is_its_two_largest_units},
};
UNIT_MAIN(TESTS)

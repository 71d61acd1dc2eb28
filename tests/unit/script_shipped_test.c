/* script_shipped_test.c - what is shipped works: the starter files, the policies, every block of the guide. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "embedded.h"
#include "file.h"
#include "script/script.h"

/* ---- files ---- */

static void folder_init(char path[256])
{
    const char *parent = getenv("TMPDIR");
    snprintf(path, 256, "%s/spurn-shipped-XXXXXX", parent ? parent : P_tmpdir);
    if (mkdtemp(path) == NULL)
        abort();
}

static void folder_clear(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    if (d == NULL)
        abort();
    while ((entry = readdir(d)) != NULL) {
        char path[640];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path); /* "." and ".." refuse */
    }
    closedir(d);
    rmdir(folder);
}

static void write_text(const char *folder, struct spurn_text name, struct spurn_text text)
{
    char path[640];
    snprintf(path, sizeof path, "%s/%.*s", folder, TEXT_ARG(name));
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(text.at, 1, text.len, file) != text.len || fclose(file) != 0)
        abort();
}

static void read_text(const char *path, struct buf *out)
{
    struct spurn_error err = {0};
    buf_init(out, 1024 * 1024);
    CHECK_INT(path, file_read_trusted(path, "file", out, &err), SPURN_OK);
    CHECK_STR(path, err.text, "");
}

static void copy_file(const char *from_folder, const char *name, const char *to_folder)
{
    char path[640];
    struct buf text;
    snprintf(path, sizeof path, "%s/%s", from_folder, name);
    read_text(path, &text);
    write_text(to_folder, text_of(name), buf_text(&text));
    buf_clear(&text);
}

/* ---- running them ---- */

struct tally {
    const char *file;
    int passed, failed;
    bool is_quiet;
};

static void count_test(void *context, const struct script_test *test)
{
    struct tally *tally = context;
    if (test->passed) {
        tally->passed++;
        return;
    }
    tally->failed++;
    if (!tally->is_quiet)
        printf("  %s:%d: %.*s: got %.*s, want %.*s\n", tally->file, test->line,
               TEXT_ARG(test->name), TEXT_ARG(test->got), TEXT_ARG(test->want));
}

static enum spurn_status run_tests(const char *folder, const char *name, struct tally *tally,
                                   struct spurn_error *err)
{
    char path[640];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    tally->file = name;
    *err = (struct spurn_error){0};
    const struct script_test_options options = {.test = count_test, .context = tally};
    return script_run_tests(path, &options, err);
}

static void check_tests_pass(const char *folder, const char *name)
{
    struct tally tally = {0};
    struct spurn_error err;
    CHECK_INT(name, run_tests(folder, name, &tally, &err), SPURN_OK);
    CHECK_STR(name, err.text, "");
    CHECK(name, tally.passed > 0);
    CHECK_INT(name, tally.failed, 0);
}

static void check_config_reads(const char *name, struct spurn_text text)
{
    struct spurn_error err = {0};
    struct buf json;
    buf_init(&json, 1024 * 1024);
    CHECK_INT(name, script_read_config(name, text, &json, &err), SPURN_OK);
    CHECK_STR(name, err.text, "");
    buf_clear(&json);
}

static bool text_ends(struct spurn_text text, const char *end)
{
    size_t len = strlen(end);
    return text.len >= len && memcmp(text.at + text.len - len, end, len) == 0;
}

/* Configurations read, and tests pass. */
static void check_folder(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    if (d == NULL)
        abort();
    while ((entry = readdir(d)) != NULL) {
        struct spurn_text name = text_of(entry->d_name);
        if (text_is(name, "spurn.lua")) {
            char path[640];
            struct buf text;
            snprintf(path, sizeof path, "%s/spurn.lua", folder);
            read_text(path, &text);
            check_config_reads("spurn.lua", buf_text(&text));
            buf_clear(&text);
        } else if (text_ends(name, "_test.lua")) {
            check_tests_pass(folder, entry->d_name);
        }
    }
    closedir(d);
}

/* ---- the starter ---- */

static void what_init_writes_works_as_it_is(void)
{
    static const char *const names[] = {"spurn.lua", "strangers.lua", "strangers_test.lua"};
    char folder[256];
    folder_init(folder);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "lua/starter/%s", names[i]);
        struct spurn_text text = embedded_text(path);
        CHECK(path, text.at != NULL);
        if (text.at != NULL)
            write_text(folder, text_of(names[i]), text);
    }
    check_folder(folder);
    folder_clear(folder);
}

/* ---- the policies ---- */

static const struct shipped {
    const char *policy;
    const char *tests[4];
    const char *params; /* that a configuration would give; NULL: none */
    const char *list;
} shipped[] = {
    {"trusted.lua", {"trusted_test.lua"}, "{\"trusted\":[\"111122223333\"]}", NULL},
    {"unknown-senders.lua",
     {"unknown-senders_test.lua", "unknown-senders-at-once_test.lua"},
     "{\"trusted\":[\"111122223333\"]}",
     NULL},
    {"allow-list.lua",
     {"allow-list_test.lua"},
     "{\"file\":\"allow-list_test.txt\"}",
     "allow-list_test.txt"},
    {"stale.lua", {"stale_test.lua"}, NULL, NULL},
    {"about-to-expire.lua", {"about-to-expire_test.lua"}, NULL, NULL},
    {"blocked-names.lua", {"blocked-names_test.lua", "blocked-names-own_test.lua"}, NULL, NULL},
    {"look-alikes.lua",
     {"look-alikes_test.lua", "look-alikes-own_test.lua"},
     "{\"names\":[\"network-subnets\"],\"trusted\":[\"111122223333\"]}",
     NULL},
    {"repeat-offenders.lua", {"repeat-offenders_test.lua"}, NULL, NULL},
    {"flood.lua", {"flood_test.lua"}, NULL, NULL},
    {"resolver-rules.lua",
     {"resolver-rules_test.lua", "resolver-rules-own_test.lua"},
     "{\"trusted\":[\"111122223333\"]}",
     NULL},
    {"region-fence.lua", {"region-fence_test.lua"}, "{\"regions\":[\"eu-*\",\"cn-*\"]}", NULL},
    {"odd-hours.lua",
     {"odd-hours_test.lua", "odd-hours-night_test.lua", "odd-hours-weekend_test.lua"},
     NULL,
     NULL},
};

enum { SHIPPED_COUNT = sizeof shipped / sizeof shipped[0] };

static bool is_shipped(const char *policy)
{
    for (size_t i = 0; i < SHIPPED_COUNT; i++)
        if (strcmp(shipped[i].policy, policy) == 0)
            return true;
    return false;
}

static void every_policy_is_among_those_that_are_tested(void)
{
    DIR *d = opendir("policies");
    struct dirent *entry;
    if (d == NULL)
        abort();
    while ((entry = readdir(d)) != NULL) {
        struct spurn_text name = text_of(entry->d_name);
        if (text_ends(name, ".lua") && !text_ends(name, "_test.lua"))
            CHECK(entry->d_name, is_shipped(entry->d_name));
    }
    closedir(d);
}

static void every_policy_keeps_its_promises(void)
{
    for (size_t i = 0; i < SHIPPED_COUNT; i++)
        for (size_t k = 0; shipped[i].tests[k] != NULL; k++)
            check_tests_pass("policies", shipped[i].tests[k]);
}

static void what_they_promise_together_they_keep(void)
{
    check_tests_pass("policies", "together_test.lua");
    check_tests_pass("policies", "together-friends_test.lua");
}

/* How many tests of a changed policy fail; files that do not load count too. */
static int count_failures(const struct shipped *s, struct spurn_text changed)
{
    char folder[256];
    struct tally tally = {.is_quiet = true};
    struct spurn_error err = {0};
    folder_init(folder);
    write_text(folder, text_of(s->policy), changed);
    if (s->list != NULL)
        copy_file("policies", s->list, folder);
    for (size_t i = 0; s->tests[i] != NULL; i++) {
        copy_file("policies", s->tests[i], folder);
        CHECK_INT(s->policy, run_tests(folder, s->tests[i], &tally, &err), SPURN_OK);
        CHECK_STR(s->policy, err.text, "");
    }
    folder_clear(folder);
    return tally.failed;
}

/* Where the condition of the next rule begins, which stands on the rule's first line; NULL: no more rules. */
static const char *next_condition(const char *at)
{
    while (at != NULL && strncmp(at, "\nkeep ", 6) != 0 && strncmp(at, "\nreject ", 8) != 0)
        at = strchr(at + 1, '\n');
    if (at == NULL)
        return NULL;
    at = strchr(at, '"');
    at = strchr(at + 1, '"') + 1;
    at += strcspn(at, "({") + 1;
    return at + strspn(at, " ");
}

static void check_change_is_noticed(const struct shipped *s, const struct buf *policy,
                                    const char *condition, const char *change)
{
    struct buf changed;
    char label[160];
    size_t before_len = (size_t)(condition - policy->data);
    snprintf(label, sizeof label, "%s:... %s%.*s", s->policy, change, (int)strcspn(condition, "\n"),
             condition);
    buf_init(&changed, 64 * 1024);
    buf_add(&changed, policy->data, before_len);
    buf_add_str(&changed, change);
    buf_add_str(&changed, condition);
    CHECK(label, count_failures(s, buf_text(&changed)) > 0);
    buf_clear(&changed);
}

static void every_rule_of_every_policy_is_defended_by_a_test(void)
{
    for (size_t i = 0; i < SHIPPED_COUNT; i++) {
        char path[128];
        struct buf policy;
        int rules = 0;
        snprintf(path, sizeof path, "policies/%s", shipped[i].policy);
        read_text(path, &policy);
        for (const char *at = next_condition(buf_str(&policy)); at != NULL;
             at = next_condition(at), rules++) {
            check_change_is_noticed(&shipped[i], &policy, at, "~always & ");
            if (strncmp(at, "always", 6) != 0)
                check_change_is_noticed(&shipped[i], &policy, at, "always | ");
        }
        CHECK(shipped[i].policy, rules > 0);
        buf_clear(&policy);
    }
}

/* ---- what check says about them ---- */

static void hear(void *context, const struct script_complaint *complaint)
{
    CHECK_STR(context, complaint->text, "nothing");
}

/* Whichever clouds the targets are at, as long as the policy is about them. */
static void check_nothing_is_wrong(const struct shipped *s, const char *how,
                                   const struct script_place *places, size_t place_count)
{
    static const int64_t now_ms = 1768478400000; /* 2026-01-15T12:00:00Z */
    char path[128], settings[256], label[320];
    struct spurn_error err = {0};
    struct script *script = NULL;
    snprintf(path, sizeof path, "policies/%s", s->policy);
    snprintf(settings, sizeof settings, "{\"params\":%s%s}", s->params ? s->params : "{}", how);
    snprintf(label, sizeof label, "%s %s", s->policy, settings);
    CHECK_INT(label, script_open(NULL, NULL, &script, &err), SPURN_OK);
    CHECK_INT(label, script_load_policy(script, path, text_of(settings), NULL, &err), SPURN_OK);
    CHECK_STR(label, err.text, "");
    CHECK_INT(label, script_lint(script, places, place_count, now_ms, NULL, hear, label, &err),
              SPURN_OK);
    script_close(script);
}

static void check_finds_nothing_wrong_with_any(void)
{
    enum { WEEK_S = 7 * 24 * 3600 };
    static const char *const hows[] = {"", ",\"mode\":\"observe\"", ",\"only\":{\"cloud\":\"aws\"}",
                                       ",\"mode\":\"observe\",\"only\":{\"region\":\"*-1\"}"};
    const struct script_place places[] = {
        {text_of("aws"), text_of("123456789012"), text_of("us-east-1"), WEEK_S, true},
        {text_of("aws"), text_of("123456789012"), text_of("eu-west-1"), WEEK_S, true},
        {text_of("alibaba"), text_of("1234567890123456"), text_of("cn-hangzhou"), WEEK_S, false},
        {text_of("alibaba"), text_of("1234567890123456"), text_of("ap-southeast-1"), WEEK_S, false},
    };
    for (size_t i = 0; i < SHIPPED_COUNT; i++) {
        for (size_t k = 0; k < sizeof hows / sizeof hows[0]; k++)
            check_nothing_is_wrong(&shipped[i], hows[k], places, 4);
        check_nothing_is_wrong(&shipped[i], "", NULL, 0);
    }
}

static void policies_about_time_fit_each_cloud_alone(void)
{
    enum { WEEK_S = 7 * 24 * 3600 };
    static const struct shipped timely[] = {{"about-to-expire.lua", {NULL}, NULL, NULL},
                                            {"stale.lua", {NULL}, NULL, NULL},
                                            {"odd-hours.lua", {NULL}, NULL, NULL}};
    const struct script_place aws = {text_of("aws"), text_of("123456789012"), text_of("us-east-1"),
                                     WEEK_S, true};
    const struct script_place alibaba = {text_of("alibaba"), text_of("1234567890123456"),
                                         text_of("cn-hangzhou"), WEEK_S, false};
    for (size_t i = 0; i < sizeof timely / sizeof timely[0]; i++) {
        check_nothing_is_wrong(&timely[i], "", &aws, 1);
        check_nothing_is_wrong(&timely[i], "", &alibaba, 1);
        check_nothing_is_wrong(&timely[i], ",\"only\":{\"cloud\":\"alibaba\"}", &alibaba, 1);
    }
}

static void every_policy_says_first_what_it_rejects(void)
{
    for (size_t i = 0; i < SHIPPED_COUNT; i++) {
        char path[128];
        struct buf policy;
        snprintf(path, sizeof path, "policies/%s", shipped[i].policy);
        read_text(path, &policy);
        CHECK(path, text_starts(buf_text(&policy), "-- Rejects "));
        buf_clear(&policy);
    }
}

/* ---- the types for editors ---- */

static void every_word_and_field_stands_in_the_types_for_editors(void)
{
    static const struct {
        const char *kind, *before, *after;
    } ways[] = {
        {"field", "\n---@field ", " "},  {"method", "\nfunction Invitation:", "("},
        {"rule", "\nfunction ", "("},    {"condition", "\nfunction ", "("},
        {"condition", "\n", " = nil\n"}, {"value", "\nfunction ", "("},
    };
    struct buf types;
    struct script_word word;
    read_text("lua/meta/spurn.lua", &types);
    for (size_t i = 0; script_word_at(i, &word); i++) {
        bool stands = false;
        const char *name = word.form + (strncmp(word.form, "inv:", 4) == 0 ? 4 : 0);
        for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
            char text[96];
            snprintf(text, sizeof text, "%s%.*s%s", ways[k].before, (int)strcspn(name, " ("), name,
                     ways[k].after);
            stands |= strcmp(word.kind, ways[k].kind) == 0 && strstr(buf_str(&types), text);
        }
        CHECK(word.form, stands);
    }
    buf_clear(&types);
}

static const struct unit_test tests[] = {
    {"what_init_writes_works_as_it_is", what_init_writes_works_as_it_is},
    {"every_policy_keeps_its_promises", every_policy_keeps_its_promises},
    {"every_policy_is_among_those_that_are_tested", every_policy_is_among_those_that_are_tested},
    {"what_they_promise_together_they_keep", what_they_promise_together_they_keep},
    {"check_finds_nothing_wrong_with_any", check_finds_nothing_wrong_with_any},
    {"policies_about_time_fit_each_cloud_alone", policies_about_time_fit_each_cloud_alone},
    {"every_rule_of_every_policy_is_defended_by_a_test",
     every_rule_of_every_policy_is_defended_by_a_test},
    {"every_word_and_field_stands_in_the_types_for_editors",
     every_word_and_field_stands_in_the_types_for_editors},
    {"every_policy_says_first_what_it_rejects", every_policy_says_first_what_it_rejects},
};

UNIT_MAIN(tests)

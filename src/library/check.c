/* check.c - the embedding API's still life: what is loaded, what a policy may say, starter files, policy tests. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "embedded.h"
#include "file.h"
#include "library/library.h"

/* ---- check ---- */

static void tell_targets(const struct spurn *s, const struct spurn_check *check)
{
    for (size_t i = 0; check->target != NULL && i < s->config.target_count; i++) {
        const struct config_target *target = &s->config.targets[i];
        const struct spurn_target_row row = {.cloud = text_of(target->cloud->name),
                                             .account = text_of(target->account),
                                             .region = text_of(target->region),
                                             .label = text_of(target->label),
                                             .status = "configured"};
        check->target(check->context, &row);
    }
}

/* The rules; returns how many of them can reject. */
static size_t tell_rules(const struct spurn *s, const struct spurn_check *check)
{
    size_t rejecting = 0;
    struct script_rule rule;
    for (size_t i = 0; script_rule_at(s->script, i, &rule); i++) {
        rejecting += !rule.keeps && !rule.observes;
        const struct spurn_rule_row row = {.policy = rule.policy,
                                           .path = rule.path,
                                           .rule = rule.name,
                                           .condition = rule.condition,
                                           .line = rule.line,
                                           .keeps = rule.keeps,
                                           .observes = rule.observes,
                                           .ends = rule.ends};
        if (check->rule != NULL)
            check->rule(check->context, &row);
    }
    return rejecting;
}

/* ---- warnings: what loads, and is hardly meant ---- */

enum { WARNING_LEN = 512, DAY_S = 24 * 3600, ENDS_SOON_DAYS = 14 };

static void warn(const struct spurn_check *check, const char *fmt, ...) SPURN_PRINTF(2, 3);
static void warn(const struct spurn_check *check, const char *fmt, ...)
{
    char text[WARNING_LEN];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    text[text_utf8_len(text_of(text))] = '\0';
    check->warning(check->context, text);
}

/* The V of a condition that is `word "V"` and nothing else; absent otherwise. */
static struct spurn_text only_value(struct spurn_text condition, const char *word)
{
    size_t begin = strlen(word) + 2;
    if (!text_starts(condition, word) || condition.len <= begin ||
        memcmp(condition.at + begin - 2, " \"", 2) != 0)
        return TEXT_ABSENT;
    struct spurn_text value = {condition.at + begin, condition.len - begin - 1};
    bool is_alone =
        value.at[value.len] == '"' && (value.len == 0 || !memchr(value.at, '"', value.len));
    return is_alone ? value : TEXT_ABSENT;
}

static bool is_one_name(struct spurn_text condition)
{
    struct spurn_text glob = only_value(condition, "name");
    return glob.len > 0 && !memchr(glob.at, '*', glob.len) && !memchr(glob.at, '?', glob.len);
}

/* Does it ask for an age that no invitation of the configured clouds reaches while it is pending? */
static bool is_never_reached(const struct config *config, struct spurn_text condition)
{
    struct spurn_text written = only_value(condition, "older");
    int64_t age_s = 0;
    if (config->target_count == 0 || !clock_parse_duration(written, &age_s))
        return false;
    for (size_t i = 0; i < config->target_count; i++)
        if (age_s < config->targets[i].cloud->lifetime_max_s)
            return false;
    return true;
}

static void warn_of_rule(const struct spurn *s, const struct script_rule *rule,
                         const struct spurn_check *check)
{
    int64_t left_ms = rule->ends_ms - clock_wall_ms();
    char what[WARNING_LEN / 2];
    snprintf(what, sizeof what, "%.*s:%d: %s \"%.*s\"", TEXT_ARG(rule->path), rule->line,
             rule->keeps ? "keep" : "reject", TEXT_ARG(rule->name));
    if (rule->ends_ms != 0 && left_ms <= 0)
        warn(check, "%s ended with %.*s and is ignored", what, TEXT_ARG(rule->ends));
    else if (rule->ends_ms != 0 && left_ms <= ENDS_SOON_DAYS * (int64_t)DAY_S * 1000)
        warn(check, "%s ends soon, with %.*s", what, TEXT_ARG(rule->ends));
    if (rule->keeps && !rule->has_only && text_is(rule->condition, "always"))
        warn(check,
             "%s keeps everything, so no policy rejects anything; give the policy only = { ... }",
             what);
    if (is_one_name(rule->condition))
        warn(check, "%s is about this whole name alone; * stands for any run of characters", what);
    if (is_never_reached(&s->config, rule->condition))
        warn(check, "%s is never reached: invitations expire after 7 days, many after 12 hours",
             what);
}

static bool has_only(const struct config_policy *policy)
{
    struct spurn_text settings = policy->settings_json;
    static const char key[] = "\"only\":{";
    for (size_t i = 0; i + sizeof key - 1 <= settings.len; i++)
        if (memcmp(settings.at + i, key, sizeof key - 1) == 0)
            return true;
    return false;
}

static void warn_of_policies(const struct config *config, const struct spurn_check *check)
{
    for (size_t i = 0; i < config->policy_count; i++) {
        const struct config_policy *policy = &config->policies[i];
        for (size_t k = 0; k < i; k++) {
            const struct config_policy *other = &config->policies[k];
            if (strcmp(policy->path, other->path) != 0 || has_only(policy) || has_only(other))
                continue;
            warn(check, "%s: policy %s is listed twice (%s), for the same invitations",
                 policy->asked_at, policy->path, other->asked_at);
            break;
        }
    }
}

static void warn_of_journal(const struct spurn *s, const struct spurn_check *check)
{
    struct stat there;
    const char *slash = s->journal_path != NULL ? strrchr(s->journal_path, '/') : NULL;
    int len = slash != NULL ? (int)(slash - s->journal_path) : 0;
    char folder[PATH_MAX];
    if (len == 0 || len >= PATH_MAX)
        return;
    snprintf(folder, sizeof folder, "%.*s", len, s->journal_path);
    if (stat(folder, &there) != 0 && errno == ENOENT)
        warn(check, "the journal's folder %s is not there: apply and daemon need it", folder);
}

static void tell_warnings(const struct spurn *s, const struct spurn_check *check)
{
    struct script_rule rule;
    warn_of_policies(&s->config, check);
    warn_of_journal(s, check);
    for (size_t i = 0; script_rule_at(s->script, i, &rule); i++)
        warn_of_rule(s, &rule, check);
}

enum spurn_status spurn_check(struct spurn *s, const struct spurn_check *check,
                              struct spurn_error *err)
{
    if (check->size < sizeof *check)
        return spurn_fail(err, SPURN_E_USAGE, "the size of struct spurn_check is not set");
    tell_targets(s, check);
    size_t rejecting = tell_rules(s, check);
    const struct {
        bool applies;
        const char *text;
    } warnings[] = {
        {s->config.target_count == 0,
         "no target: there is nothing to list; write aws { regions = { \"us-east-1\" } }"},
        {script_policy_count(s->script) == 0,
         "no policy: nothing is ever rejected; write policy \"policies/strangers.lua\""},
        {script_policy_count(s->script) > 0 && rejecting == 0,
         "no rule can reject: every invitation is left pending"},
        {s->journal_path == NULL,
         "no journal: apply and daemon need one; write journal = \"spurn.db\""},
    };
    for (size_t i = 0; i < sizeof warnings / sizeof warnings[0]; i++)
        if (warnings[i].applies && check->warning != NULL)
            check->warning(check->context, warnings[i].text);
    if (check->warning != NULL)
        tell_warnings(s, check);
    return SPURN_OK;
}

/* ---- words ---- */

bool spurn_word_at(size_t index, struct spurn_word_row *out)
{
    struct script_word word;
    if (!script_word_at(index, &word))
        return false;
    *out = (struct spurn_word_row){word.kind, word.form, word.text};
    return true;
}

/* ---- init ---- */

static const struct starter {
    const char *embedded, *path;
} starters[] = {
    {"lua/starter/spurn.lua", "spurn.lua"},
    {"lua/starter/strangers.lua", "policies/strangers.lua"},
    {"lua/starter/strangers_test.lua", "policies/strangers_test.lua"},
};

static enum spurn_status make_folder(const char *path, struct spurn_error *err)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_FILE, "cannot make folder %s: %s", path, strerror(errno));
}

static void join(struct buf *out, const char *folder, const char *path)
{
    buf_reset(out);
    buf_addf(out, "%s/%s", folder, path);
}

enum spurn_status spurn_init(const char *folder, void (*wrote)(void *context, const char *path),
                             void *context, struct spurn_error *err)
{
    struct buf path;
    buf_init(&path, PATH_MAX);
    enum spurn_status status = make_folder(folder, err);
    join(&path, folder, "policies");
    if (status == SPURN_OK)
        status = make_folder(buf_str(&path), err);
    struct stat there;
    for (size_t i = 0; i < sizeof starters / sizeof starters[0] && status == SPURN_OK; i++) {
        join(&path, folder, starters[i].path);
        if (lstat(buf_str(&path), &there) == 0)
            status = spurn_fail(err, SPURN_E_FILE, "cannot write %s: it is there already",
                                buf_str(&path));
    }
    for (size_t i = 0; i < sizeof starters / sizeof starters[0] && status == SPURN_OK; i++) {
        join(&path, folder, starters[i].path);
        status = path.failed ? spurn_fail_memory(err)
                             : file_write_new(buf_str(&path), embedded_text(starters[i].embedded),
                                              false, err);
        if (status == SPURN_OK && wrote != NULL)
            wrote(context, buf_str(&path));
    }
    buf_clear(&path);
    return status;
}

/* ---- policy tests ---- */

struct tests {
    void (*row)(void *context, const struct spurn_test_row *row);
    void *context;
};

static void tell_test(void *context, const struct script_test *test)
{
    struct tests *t = context;
    const struct spurn_test_row row = {test->name, test->got, test->want, test->line, test->passed};
    t->row(t->context, &row);
}

enum spurn_status spurn_test(const char *path,
                             void (*row)(void *context, const struct spurn_test_row *row),
                             void *context, struct spurn_error *err)
{
    struct tests t = {row, context};
    return script_run_tests(NULL, path, NULL, tell_test, &t, err);
}

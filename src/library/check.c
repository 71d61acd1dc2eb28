/* check.c - the embedding API's still life: what is loaded, what a policy may say, starter files, policy tests. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

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

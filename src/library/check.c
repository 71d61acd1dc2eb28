/* check.c - the embedding API's still life: what is loaded, what a policy may say, starter files. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "embedded.h"
#include "file.h"
#include "library/library.h"
#include "match/set.h"
#include "slip.h"

/* ---- check ---- */

enum { REGIONS_LEN_MAX = 8 * 1024, TAGS_LEN_MAX = 64 * 1024 };

static struct spurn_target_row row_of(const struct config_target *target)
{
    const struct config_organization *organization = target->organization;
    return (struct spurn_target_row){
        .cloud = text_of(target->cloud->name),
        .account = text_of(target->account),
        .region = text_of(target->region),
        .label = text_of(target->label),
        .status = "configured",
        .role = text_of(organization != NULL ? organization->role : target->role_arn),
        .is_organization = organization != NULL,
        .is_any_region = target->is_any_region,
        .line = target->line};
}

static void put_tags(const struct config_organization *organization, struct buf *out)
{
    for (size_t i = 0; i < organization->tag_count; i++)
        buf_addf(out, "%s%s = %s", i > 0 ? ", " : "", organization->tags[i].key,
                 organization->tags[i].value);
}

/* An organization is one row, whatever its regions; how many of `targets` those are. */
static size_t tell_organization(const struct config_target *targets, size_t count,
                                struct buf *regions, struct buf *tags,
                                const struct spurn_check *check)
{
    struct spurn_target_row row = row_of(targets);
    size_t len = 0;
    buf_reset(regions);
    buf_reset(tags);
    put_tags(targets->organization, tags);
    for (; len < count && targets[len].organization == targets->organization; len++)
        buf_addf(regions, "%s%s", len > 0 ? ", " : "", targets[len].region);
    row.region = buf_text(regions);
    if (tags->len > 0)
        row.tags = buf_text(tags);
    check->target(check->context, &row);
    return len;
}

static enum spurn_status tell_targets(const struct spurn *s, const struct spurn_check *check,
                                      struct spurn_error *err)
{
    struct buf regions, tags;
    buf_init(&regions, REGIONS_LEN_MAX);
    buf_init(&tags, TAGS_LEN_MAX);
    for (size_t i = 0; check->target != NULL && i < s->config.target_count;) {
        const struct config_target *target = &s->config.targets[i];
        if (target->organization != NULL) {
            i += tell_organization(target, s->config.target_count - i, &regions, &tags, check);
            continue;
        }
        const struct spurn_target_row row = row_of(target);
        check->target(check->context, &row);
        i++;
    }
    bool failed = regions.failed || tags.failed;
    buf_clear(&regions);
    buf_clear(&tags);
    return failed ? spurn_fail_memory(err) : SPURN_OK;
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

enum { WARNING_LEN = 512 };

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

static bool has_only(const struct config_policy *policy)
{
    struct spurn_text settings = policy->settings_json;
    static const char key[] = "\"only\":{";
    for (size_t i = 0; i + sizeof key - 1 <= settings.len; i++)
        if (memcmp(settings.at + i, key, sizeof key - 1) == 0)
            return true;
    return false;
}

/* However it is written: policies/x.lua, ./policies/x.lua. */
static bool is_same_file(const char *a, const char *b)
{
    struct stat at_a, at_b;
    return strcmp(a, b) == 0 || (stat(a, &at_a) == 0 && stat(b, &at_b) == 0 &&
                                 at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino);
}

static void warn_of_policies(const struct config *config, const struct spurn_check *check)
{
    for (size_t i = 0; i < config->policy_count; i++) {
        const struct config_policy *policy = &config->policies[i];
        for (size_t k = 0; k < i; k++) {
            const struct config_policy *other = &config->policies[k];
            if (!is_same_file(policy->path, other->path) || has_only(policy) || has_only(other))
                continue;
            warn(check, "%s: policy %s is listed twice (%s), for the same invitations",
                 policy->asked_at, policy->path, other->asked_at);
            break;
        }
    }
}

/* All targets of one word of the configuration share their endpoints: the first one is told about. That of metadata is always plain. */
static void warn_of_clear_text(const struct config *config, const struct spurn_check *check)
{
    for (size_t i = 0; i < config->target_count; i++) {
        const struct config_target *target = &config->targets[i];
        const struct config_endpoints *to = &target->endpoints;
        const char *const urls[] = {to->invitations, to->sts, to->sso, to->organization};
        if (i > 0 && memcmp(to, &config->targets[i - 1].endpoints, sizeof *to) == 0)
            continue;
        for (size_t k = 0; k < sizeof urls / sizeof urls[0]; k++) {
            bool is_told =
                k > 0 && urls[k] != NULL && urls[0] != NULL && strcmp(urls[0], urls[k]) == 0;
            if (urls[k] != NULL && !is_told && place_is_clear_text(urls[k]))
                warn(check,
                     "%s %s: requests, and session tokens with them, go to %s unencrypted; write "
                     "https:// where it can",
                     target->cloud->title, target->region, urls[k]);
        }
    }
}

/* Whose account it is only the keys can tell. */
static bool is_left_to_keys(const struct config_target *target)
{
    return target->account == NULL && target->role_arn == NULL && target->organization == NULL;
}

/* Where the keys do not tell either, two of these in one region cannot be swept. One warning for each entry. */
static enum spurn_status warn_of_accounts(const struct config *config,
                                          const struct spurn_check *check, struct spurn_error *err)
{
    struct set *regions = set_open();
    int64_t *first_lines = calloc(config->target_count + 1, sizeof *first_lines), told_line = 0;
    struct buf region;
    buf_init(&region, PATH_MAX);
    bool ok = regions != NULL && first_lines != NULL;
    for (size_t i = 0; ok && i < config->target_count; i++) {
        const struct config_target *target = &config->targets[i];
        if (!is_left_to_keys(target))
            continue;
        buf_reset(&region);
        buf_addf(&region, "%s %s", target->cloud->name, target->region);
        size_t count = set_count(regions);
        ok = !region.failed && set_add(regions, buf_text(&region));
        if (ok && set_count(regions) > count) {
            first_lines[count] = target->line;
        } else if (ok && target->line != told_line) {
            told_line = target->line;
            warn(
                check,
                "%s:%" PRId64 ": only the keys tell its account from that of line %" PRId64
                ", and when they cannot be asked neither is swept; give each its account = \"...\"",
                config->path, target->line, first_lines[set_index(regions, buf_text(&region))]);
        }
    }
    buf_clear(&region);
    free(first_lines);
    set_close(regions);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

static bool is_known_place(const struct config_target *target)
{
    const struct place_list *known = target->cloud->regions;
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(target->region, known->names[i]) == 0)
            return true;
    return false;
}

/* One that opened lately is asked all the same; after a slip of the keyboard nobody answers there. One warning for each entry. */
static enum spurn_status warn_of_regions(const struct config *config,
                                         const struct spurn_check *check, struct spurn_error *err)
{
    struct set *told = set_open();
    struct buf place, advice;
    buf_init(&place, PATH_MAX);
    buf_init(&advice, PATH_MAX);
    bool ok = told != NULL;
    for (size_t i = 0; ok && i < config->target_count; i++) {
        const struct config_target *target = &config->targets[i];
        const struct place_list *known = target->cloud->regions;
        if (target->is_any_region || is_known_place(target))
            continue;
        buf_reset(&place);
        buf_addf(&place, "%" PRId64 " %s", target->line, target->region);
        if (set_has(told, buf_text(&place)))
            continue;
        struct slip slip = {.written = text_of(target->region)};
        for (size_t k = 0; k < known->count; k++)
            slip_consider(&slip, text_of(known->names[k]));
        buf_reset(&advice);
        slip_put(&slip, &advice);
        ok = !place.failed && !advice.failed && set_add(told, buf_text(&place));
        if (ok)
            warn(check, "%s:%" PRId64 ": %s is not known to be in a region \"%s\"%s", config->path,
                 target->line, target->cloud->title, target->region,
                 advice.len > 0 ? buf_str(&advice) : "; it is asked there all the same");
    }
    buf_clear(&advice);
    buf_clear(&place);
    set_close(told);
    return ok ? SPURN_OK : spurn_fail_memory(err);
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

static enum spurn_status tell_warnings(const struct spurn *s, size_t rejecting,
                                       const struct spurn_check *check, struct spurn_error *err)
{
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
        if (warnings[i].applies)
            warn(check, "%s", warnings[i].text);
    warn_of_policies(&s->config, check);
    warn_of_clear_text(&s->config, check);
    warn_of_journal(s, check);
    enum spurn_status status = warn_of_regions(&s->config, check, err);
    return status == SPURN_OK ? warn_of_accounts(&s->config, check, err) : status;
}

/* ---- what the rules say ---- */

struct judging {
    const struct spurn_check *check;
    struct buf text;
    enum spurn_status status; /* of the first error */
    struct spurn_error *err;
};

static void tell_complaint(void *context, const struct script_complaint *complaint)
{
    struct judging *j = context;
    buf_reset(&j->text);
    buf_addf(&j->text, "%s:%d: %s", complaint->path, complaint->line, complaint->text);
    const char *text = buf_str(&j->text);
    if (!complaint->is_error && j->check->warning != NULL)
        j->check->warning(j->check->context, text);
    if (!complaint->is_error)
        return;
    if (j->check->error != NULL)
        j->check->error(j->check->context, text);
    if (j->status == SPURN_OK)
        j->status = spurn_fail(j->err, SPURN_E_POLICY, "%s", text);
}

/* Each target is a place; NULL when memory ran out. */
static struct script_place *list_places(const struct config *config)
{
    struct script_place *places = calloc(config->target_count + 1, sizeof *places);
    for (size_t i = 0; places != NULL && i < config->target_count; i++) {
        const struct config_target *target = &config->targets[i];
        places[i] = (struct script_place){.cloud = text_of(target->cloud->name),
                                          .account = text_of(target->account),
                                          .region = text_of(target->region),
                                          .lifetime_max_s = target->cloud->lifetime_max_s,
                                          .lists_resources = target->cloud->lists_resources};
    }
    return places;
}

static enum spurn_status judge_rules(struct spurn *s, const struct spurn_check *check,
                                     struct spurn_error *err)
{
    enum { COMPLAINT_MAX = 16 * 1024 };
    struct judging j = {.check = check, .err = err};
    struct script_place *places = list_places(&s->config);
    if (places == NULL)
        return spurn_fail_memory(err);
    buf_init(&j.text, COMPLAINT_MAX);
    enum spurn_status status =
        script_lint(s->script, places, s->config.target_count, clock_wall_ms(), cloud_has_region,
                    tell_complaint, &j, err);
    buf_clear(&j.text);
    free(places);
    return status != SPURN_OK ? status : j.status;
}

enum spurn_status spurn_check(struct spurn *s, const struct spurn_check *check,
                              struct spurn_error *err)
{
    enum spurn_status status =
        spurn_check_size(check->size, sizeof *check, "struct spurn_check", err);
    if (status == SPURN_OK)
        status = spurn_check_idle(s, err);
    if (status != SPURN_OK)
        return status;
    status = tell_targets(s, check, err);
    if (status != SPURN_OK)
        return status;
    size_t rejecting = tell_rules(s, check);
    if (check->warning != NULL)
        status = tell_warnings(s, rejecting, check, err);
    if (status != SPURN_OK)
        return status;
    if (check->warning == NULL && check->error == NULL)
        return SPURN_OK;
    return judge_rules(s, check, err);
}

static void count_error(void *context, const char *text)
{
    (void)text;
    ((int64_t *)context)[0]++;
}

static void count_warning(void *context, const char *text)
{
    (void)text;
    ((int64_t *)context)[1]++;
}

enum spurn_status spurn_warn_of_rules(struct spurn *s, struct spurn_error *err)
{
    int64_t counts[2] = {0, 0};
    const struct spurn_check counting = {
        .size = sizeof counting, .context = counts, .warning = count_warning, .error = count_error};
    enum spurn_status status = judge_rules(s, &counting, err);
    if (status != SPURN_OK && status != SPURN_E_POLICY)
        return status;
    const struct {
        int64_t count;
        const char *what;
    } said[] = {{counts[0], "error"}, {counts[1], "warning"}};
    char text[80] = "";
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(text);
        if (said[i].count > 0)
            snprintf(text + len, sizeof text - len, "%s%" PRId64 " %s%s", len > 0 ? " and " : "",
                     said[i].count, said[i].what, said[i].count > 1 ? "s" : "");
    }
    if (text[0] != '\0')
        log_warn(&s->log, "`spurn check` has %s about these policies", text);
    return SPURN_OK;
}

/* ---- words ---- */

bool spurn_word_at(size_t index, struct spurn_word_row *out)
{
    struct script_word word;
    if (!script_word_at(index, &word))
        return false;
    *out = (struct spurn_word_row){word.kind, word.form, word.text, word.type};
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

/* open.c - opens, closes and wires the rooms: the embedding API. */
#include "spurn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"
#include "library/library.h"

const char *spurn_version(void)
{
    return SPURN_VERSION;
}

/* ---- opening ---- */

enum spurn_status spurn_check_idle(const struct spurn *s, struct spurn_error *err)
{
    if (!s->sweeping)
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_USAGE,
                      "a sweep is under way; its policies and its clock may not change before "
                      "spurn_sweep_close");
}

enum spurn_status spurn_check_size(size_t got, size_t least, const char *what,
                                   struct spurn_error *err)
{
    if (got >= least)
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_USAGE, "the size of %s is not set", what);
}

static enum spurn_status open_script(struct spurn *s, struct spurn_error *err)
{
    const struct config_limits *l = &s->config.limits;
    const struct script_limits limits = {.steps = l->policy_steps,
                                         .heap_len = (size_t)l->policy_memory_len,
                                         .string_len = (size_t)l->policy_string_len};
    return script_open(&limits, &s->log, &s->script, err);
}

static enum spurn_status load_policies(struct spurn *s, struct spurn_error *err)
{
    for (size_t i = 0; i < s->config.policy_count; i++) {
        const struct config_policy *policy = &s->config.policies[i];
        enum spurn_status status = script_load_policy(s->script, policy->path,
                                                      policy->settings_json, policy->asked_at, err);
        if (status != SPURN_OK)
            return status;
    }
    return script_digest(s->script, s->digest, s->policies_digest, err);
}

static enum spurn_status find_journal(struct spurn *s, const struct spurn_options *options,
                                      struct spurn_error *err)
{
    const char *path = options->journal_path != NULL ? options->journal_path : s->config.journal;
    if (path == NULL || path[0] == '\0') {
        s->journal_path = path;
        return SPURN_OK;
    }
    s->journal_path = config_absolute(&s->config, path);
    return s->journal_path != NULL ? SPURN_OK : spurn_fail_memory(err);
}

enum spurn_status spurn_open(const struct spurn_options *options, struct spurn **out,
                             struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_options", err);
    if (status != SPURN_OK)
        return status;
    struct spurn *s = calloc(1, sizeof *s);
    if (s == NULL)
        return spurn_fail_memory(err);
    config_init(&s->config);
    s->log = (struct log){options->log_level, options->log, options->context};
    status = digest_open(&s->digest, err);
    if (status == SPURN_OK && options->config_path != NULL)
        status = config_load(&s->config, options->config_path, err);
    if (status == SPURN_OK)
        status = open_script(s, err);
    if (status == SPURN_OK)
        status = find_journal(s, options, err);
    if (status == SPURN_OK)
        status = load_policies(s, err);
    if (status != SPURN_OK) {
        spurn_close(s);
        return status;
    }
    *out = s;
    return SPURN_OK;
}

void spurn_close(struct spurn *s)
{
    if (s == NULL)
        return;
    script_close(s->script);
    digest_close(s->digest);
    config_clear(&s->config);
    free(s);
}

enum spurn_status spurn_load_policy(struct spurn *s, const char *path, const char *parameters_json,
                                    struct spurn_error *err)
{
    enum spurn_status status = spurn_check_idle(s, err);
    if (status != SPURN_OK)
        return status;
    struct buf settings;
    buf_init(&settings, FILE_MAX);
    if (parameters_json != NULL)
        buf_addf(&settings, "{\"params\":%s}", parameters_json);
    status = settings.failed
                 ? spurn_fail_memory(err)
                 : script_load_policy(s->script, path,
                                      parameters_json != NULL ? buf_text(&settings) : TEXT_ABSENT,
                                      NULL, err);
    buf_clear(&settings);
    if (status != SPURN_OK)
        return status;
    return script_digest(s->script, s->digest, s->policies_digest, err);
}

const char *spurn_digest(struct spurn *s)
{
    return s->policies_digest;
}

const char *spurn_journal_path(struct spurn *s)
{
    return s->journal_path;
}

/* ---- deciding ---- */

const char *spurn_verdict_name(enum spurn_verdict verdict)
{
    return script_verdict_name((enum script_verdict)verdict);
}

_Static_assert((int)SPURN_NONE == (int)VERDICT_NONE && (int)SPURN_KEEP == (int)VERDICT_KEEP &&
                   (int)SPURN_REJECT == (int)VERDICT_REJECT &&
                   (int)SPURN_UNDECIDED == (int)VERDICT_UNDECIDED,
               "the public verdicts are the script room's");

enum spurn_status spurn_decide(struct spurn *s, const struct spurn_invitation *inv,
                               struct spurn_decision *out, struct spurn_error *err)
{
    enum spurn_status status =
        spurn_check_size(out->size, sizeof *out, "struct spurn_decision", err);
    if (status != SPURN_OK)
        return status;
    *out = (struct spurn_decision){.size = out->size};
    status = spurn_check_size(inv->size, sizeof *inv, "struct spurn_invitation", err);
    if (status == SPURN_OK)
        status = spurn_check_idle(s, err);
    if (status != SPURN_OK)
        return status;
    int64_t now_ms = inv->now_ms != 0 ? inv->now_ms : clock_wall_ms();
    struct invitation asked = {.id = inv->id,
                               .sender = inv->sender,
                               .receiver = inv->account,
                               .receiver_arn = inv->receiver_arn,
                               .name = inv->name,
                               .share = inv->share,
                               .status = STATUS_PENDING,
                               .status_text = text_of("PENDING")};
    if (inv->created.at != NULL && !clock_parse_iso(inv->created, &asked.created_ms))
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot decide: created is no time; write it as 2026-11-22T03:10:00Z");
    asked.has_created = inv->created.at != NULL;
    const struct origin origin = {inv->cloud, inv->account, inv->region};
    const struct script_facts facts = {.has_age = asked.has_created && asked.created_ms <= now_ms};
    struct script_decision decision;
    status = script_begin_sweep(s->script, now_ms, err);
    if (status == SPURN_OK)
        status = script_decide(s->script, &asked, &origin, &facts, &decision, err);
    if (status != SPURN_OK)
        return status;
    out->verdict = (enum spurn_verdict)decision.verdict;
    out->policy = decision.policy;
    out->rule = decision.rule;
    out->reason = decision.reason;
    out->line = decision.line;
    out->faulted = decision.faulted;
    return SPURN_OK;
}

/* ---- the journal ---- */

static bool can_write(const char *path)
{
    if (access(path, F_OK) == 0)
        return access(path, W_OK) == 0;
    const char *slash = strrchr(path, '/');
    char folder[4096];
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    if (len >= sizeof folder)
        return false;
    memcpy(folder, path, len);
    folder[len] = '\0';
    return access(len == 0 ? "/" : folder, W_OK) == 0;
}

enum spurn_status spurn_open_journal(struct spurn *s, struct digest *digest, enum journal_use use,
                                     struct journal **out, struct spurn_error *err)
{
    *out = NULL;
    const char *path = s->journal_path;
    bool named = path != NULL && path[0] != '\0';
    if (!named && use != JOURNAL_PLAN)
        return spurn_fail(
            err, SPURN_E_CONFIG,
            "no journal is configured; write journal = \"spurn.db\" in the configuration");
    if (use == JOURNAL_PLAN && named && !can_write(path)) {
        log_warn(&s->log, "journal %s cannot be written; this plan is kept in memory only", path);
        named = false;
    }
    return journal_open(named ? path : ":memory:", use, digest, out, err);
}

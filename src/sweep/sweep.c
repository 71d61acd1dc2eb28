/* sweep.c - the story, in order: close what was left open, list and decide, weigh the whole, act, end. */
#include "sweep/sweep_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

/* ---- who signs ---- */

static bool same_profile(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void find_keys(struct sweep *s, struct keyring *keyring)
{
    const struct credentials_ask ask = {
        .profile = keyring->profile, .environment = s->options.environment, .log = s->options.log};
    keyring->status = keyring->cloud == &cloud_aws
                          ? credentials_find_aws(&ask, &keyring->credentials, &keyring->error)
                          : credentials_find_alibaba(&ask, &keyring->credentials, &keyring->error);
}

static const struct keyring *keyring_for(struct sweep *s, const struct config_target *config)
{
    for (size_t i = 0; i < s->keyring_count; i++)
        if (s->keyrings[i].cloud == config->cloud &&
            same_profile(s->keyrings[i].profile, config->profile))
            return &s->keyrings[i];
    struct keyring *keyring = &s->keyrings[s->keyring_count++];
    keyring->cloud = config->cloud;
    keyring->profile = config->profile;
    credentials_init(&keyring->credentials);
    find_keys(s, keyring);
    return keyring;
}

/* ---- where it looks ---- */

static enum spurn_status find_targets(struct sweep *s, struct spurn_error *err)
{
    const struct config *config = s->options.config;
    size_t count = config->target_count;
    s->keyrings = calloc(count + 1, sizeof *s->keyrings);
    s->targets = calloc(count + 1, sizeof *s->targets);
    if (s->keyrings == NULL || s->targets == NULL)
        return spurn_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct target *target = &s->targets[s->target_count++];
        target->config = &config->targets[i];
        target->keyring = keyring_for(s, target->config);
        target->site.region = text_of(target->config->region);
        target->site.host = target->config->host;
        target->site.account = target->config->account != NULL
                                   ? text_of(target->config->account)
                                   : target->keyring->credentials.account;
        target->page_tokens = set_open();
        if (target->page_tokens == NULL)
            return spurn_fail_memory(err);
        if (target->config->clear_text)
            log_warn(s->options.log,
                     "%s %s: requests, and session tokens with them, go to %s unencrypted; write "
                     "https:// where it can",
                     target->config->cloud->title, target->config->region,
                     target->config->endpoint);
        if (target->keyring->status != SPURN_OK) {
            target->state = TARGET_FAILED;
            target->error = target->keyring->error;
            log_error(s->options.log, "%s %s: %s", target->config->cloud->title,
                      target->config->region, target->error.text);
        } else if (target->site.account.at == NULL) {
            log_warn(s->options.log,
                     "%s %s: neither the configuration nor the keys say which account this is; set "
                     "account = \"...\" so that "
                     "invitations to "
                     "another account are noticed",
                     target->config->cloud->title, target->config->region);
        }
    }
    return SPURN_OK;
}

struct target *target_at_place(const struct sweep *s, struct spurn_text cloud,
                               struct spurn_text account, struct spurn_text region)
{
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *target = &s->targets[i];
        if (text_is(cloud, target->config->cloud->name) &&
            text_equal(account, target->site.account) && text_equal(region, target->site.region))
            return target;
    }
    return NULL;
}

static bool same_place(const struct target *a, const struct target *b)
{
    return a->config->cloud == b->config->cloud && text_equal(a->site.region, b->site.region) &&
           text_equal(a->site.account, b->site.account);
}

static enum spurn_status fail_same_place(const struct sweep *s, const struct target *first,
                                         const struct target *second, struct spurn_error *err)
{
    const char *path = s->options.config->path;
    const char *title = second->config->cloud->title;
    long long first_line = first->config->line, second_line = second->config->line;
    if (second->site.account.at != NULL)
        return spurn_fail(
            err, SPURN_E_CONFIG,
            "%s:%lld: this account and region of %s is the target of line %lld already", path,
            second_line, title, first_line);
    return spurn_fail(err, SPURN_E_CONFIG,
                      "%s:%lld: nobody says which account of %s this is, nor whether it is that of "
                      "line %lld; give each its account = \"...\"",
                      path, second_line, title, first_line);
}

static enum spurn_status write_target(struct sweep *s, struct target *target,
                                      struct spurn_error *err)
{
    struct journal *j = s->options.journal;
    const struct config_target *config = target->config;
    const struct origin origin = {text_of(config->cloud->name), target->site.account,
                                  target->site.region};
    for (const struct target *other = s->targets; other < target; other++)
        if (same_place(other, target))
            return fail_same_place(s, other, target, err);
    enum spurn_status status = journal_target(j, &origin, config->endpoint, &target->row, err);
    if (status != SPURN_OK)
        return status;
    bool failed = target->state == TARGET_FAILED;
    return journal_cover(j, s->id, target->row, failed ? COVERAGE_FAILED : COVERAGE_LISTING, 0,
                         failed ? target->error.text : NULL, err);
}

static enum spurn_status write_targets(struct sweep *s, const void *unused, struct spurn_error *err)
{
    (void)unused;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < s->target_count && status == SPURN_OK; i++)
        status = write_target(s, &s->targets[i], err);
    return status;
}

/* ---- beginning and ending ---- */

static enum spurn_status begin(struct sweep *s, struct spurn_error *err)
{
    const struct sweep_options *o = &s->options;
    enum spurn_status status = script_digest(o->script, o->digest, s->digest, err);
    if (status != SPURN_OK)
        return status;
    const struct http_options http = {.window = (int)o->config->limits.window, .log = o->log};
    status = http_open(&http, &s->http, err);
    if (status != SPURN_OK)
        return status;
    status = find_targets(s, err);
    if (status != SPURN_OK)
        return status;
    status = script_begin_sweep(o->script, o->now_ms, err);
    if (status != SPURN_OK)
        return status;
    status = journal_began(o->journal, &s->began_ms, err); /* before this one does */
    if (status != SPURN_OK)
        return status;
    char host[128] = "localhost", owner[192];
    if (gethostname(host, sizeof host - 1) != 0)
        log_debug(o->log, "this machine has no host name");
    snprintf(owner, sizeof owner, "%s:%ld", host, (long)getpid());
    const struct journal_sweep_start start = {.owner = owner,
                                              .digest = s->digest,
                                              .belt = o->config->limits.rejections,
                                              .now_ms = o->now_ms};
    status = journal_start_sweep(o->journal, &start, &s->id, err);
    if (status != SPURN_OK)
        return status;
    status = sweep_write(s, write_targets, NULL);
    if (status != SPURN_OK && err != NULL)
        *err = s->error;
    return status;
}

enum spurn_status sweep_open(const struct sweep_options *options, struct sweep **out,
                             struct spurn_error *err)
{
    *out = NULL;
    struct sweep *s = calloc(1, sizeof *s);
    if (s == NULL)
        return spurn_fail_memory(err);
    s->options = *options;
    enum spurn_status status = begin(s, err);
    if (status != SPURN_OK) {
        sweep_close(s);
        return status;
    }
    s->phase = PHASE_CLOSING;
    close_begin(s);
    *out = s;
    return SPURN_OK;
}

void sweep_close(struct sweep *s)
{
    if (s == NULL)
        return;
    calls_close_all(s);
    for (size_t i = 0; i < s->target_count; i++) {
        set_close(s->targets[i].page_tokens);
        set_close(s->targets[i].looked_up);
    }
    for (size_t i = 0; i < s->keyring_count; i++)
        credentials_clear(&s->keyrings[i].credentials);
    free(s->targets);
    free(s->keyrings);
    free(s->notes);
    free(s);
}

void sweep_stop(struct sweep *s)
{
    s->stopping = true;
}

void sweep_break(struct sweep *s, const struct spurn_error *err)
{
    if (s->broken != SPURN_OK)
        return;
    s->broken = err->status;
    s->error = *err;
    s->stopping = true;
}

enum spurn_status sweep_write(struct sweep *s,
                              enum spurn_status (*body)(struct sweep *s, const void *what,
                                                        struct spurn_error *err),
                              const void *what)
{
    struct journal *j = s->options.journal;
    struct spurn_error err;
    enum spurn_status status = journal_begin(j, &err);
    if (status == SPURN_OK)
        status = body(s, what, &err);
    if (status == SPURN_OK)
        status = journal_commit(j, &err);
    else
        journal_rollback(j);
    if (status != SPURN_OK)
        sweep_break(s, &err);
    return status;
}

static enum spurn_status write_state(struct sweep *s, const void *state, struct spurn_error *err)
{
    return journal_move_sweep(s->options.journal, s->id, *(const enum journal_sweep_state *)state,
                              clock_wall_ms(), err);
}

static void move_to(struct sweep *s, enum journal_sweep_state state)
{
    if (s->broken == SPURN_OK)
        sweep_write(s, write_state, &state);
}

static enum spurn_status write_rules(struct sweep *s, struct spurn_error *err)
{
    struct script_rule rule;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; status == SPURN_OK && script_rule_at(s->options.script, i, &rule); i++) {
        const struct script_rule_count *count = &rule.count;
        const struct journal_rule row = {.policy = rule.policy,
                                         .rule = rule.name,
                                         .line = rule.line,
                                         .keeps = rule.keeps,
                                         .observes = rule.observes,
                                         .asked = count->asked,
                                         .held = count->held,
                                         .undecided = count->undecided,
                                         .decided = count->decided,
                                         .faults = count->faults,
                                         .timed = count->timed,
                                         .time_ns = count->time_ns};
        status = journal_record_rule(s->options.journal, s->id, &row, err);
    }
    return status;
}

/* How the rules fared, and what faulted. */
static enum spurn_status write_rules_and_faults(struct sweep *s, const void *unused,
                                                struct spurn_error *err)
{
    (void)unused;
    struct script_fault fault;
    enum spurn_status status = write_rules(s, err);
    for (size_t i = 0; status == SPURN_OK && script_fault_at(s->options.script, i, &fault); i++) {
        const struct journal_fault row = {fault.policy, fault.rule,     fault.cause,
                                          fault.line,   fault.observed, fault.count};
        status = journal_record_fault(s->options.journal, s->id, &row, err);
    }
    return status;
}

/* The head of the chain goes to the log, so that a cut or older copy of the journal can be told from the true one. */
static void log_head(struct sweep *s)
{
    int64_t seq = 0;
    char hash[SHA256_HEX_LEN + 1];
    if (journal_head(s->options.journal, &seq, hash, NULL) == SPURN_OK)
        log_info(s->options.log, "sweep %lld: journal head %lld:%s", (long long)s->id,
                 (long long)seq, hash);
}

static void end(struct sweep *s)
{
    notes_flush(s);
    enum journal_sweep_state state = SWEEP_DONE;
    if (s->counts.held || s->counts.declined)
        state = SWEEP_HELD;
    if (s->stopping) {
        state = SWEEP_CUT;
        s->counts.stopped = true;
    }
    move_to(s, state);
    log_head(s);
    s->phase = PHASE_DONE;
}

/* ---- moving on ---- */

/* Begins the next phase once nothing of the present one is under way. */
static void next_phase(struct sweep *s)
{
    switch (s->phase) {
    case PHASE_CLOSING:
        notes_flush(s);
        s->phase = PHASE_LISTING;
        if (s->options.act)
            move_to(s, SWEEP_LISTING);
        if (!s->stopping)
            list_begin(s);
        break;
    case PHASE_LISTING:
        list_end(s);
        if (s->broken == SPURN_OK)
            sweep_write(s, write_rules_and_faults, NULL);
        s->phase = PHASE_WEIGHING;
        break;
    case PHASE_WEIGHING:
        s->phase = PHASE_ENDING;
        if (s->stopping)
            break;
        belts_weigh(s);
        if (!s->options.act || s->stopping || s->allowed == 0)
            break;
        move_to(s, SWEEP_ACTING);
        s->phase = PHASE_ACTING;
        break;
    case PHASE_ACTING:
        act_more(s);
        if (s->calls_alive == 0)
            s->phase = PHASE_ENDING;
        break;
    case PHASE_ENDING:
        end(s);
        break;
    case PHASE_DONE:
        break;
    }
}

enum spurn_status sweep_step(struct sweep *s, int64_t timeout_ms, bool *done,
                             struct spurn_error *err)
{
    *done = false;
    if (s->phase == PHASE_CLOSING && !s->stopping)
        close_watch(s);
    if (s->phase == PHASE_LISTING)
        list_watch(s);
    if (s->phase == PHASE_ACTING && !s->stopping)
        act_more(s);
    if (s->stopping && s->phase < PHASE_ACTING)
        calls_drop_queued(s, NULL);
    if (s->stopping && s->phase == PHASE_ACTING)
        calls_withdraw_rejections(s);
    int64_t wait_ms = timeout_ms;
    if (s->calls_alive > 0) {
        struct spurn_error problem;
        calls_send(s, &wait_ms);
        if (http_step(s->http, wait_ms, &problem) != SPURN_OK) {
            sweep_break(s, &problem);
            calls_close_all(s); /* no reply will ever come: their intents stay open */
        }
    }
    while (s->calls_alive == 0 && s->phase != PHASE_DONE)
        next_phase(s);
    *done = s->phase == PHASE_DONE;
    if (*done && s->broken != SPURN_OK) {
        if (err != NULL)
            *err = s->error;
        return s->broken;
    }
    return SPURN_OK;
}

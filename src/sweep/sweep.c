/* sweep.c - the story, in order: close what was left open, list and decide, weigh the whole, act, end. */
#include "sweep/sweep_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"

/* ---- beginning and ending ---- */

static enum spurn_status begin(struct sweep *s, struct spurn_error *err)
{
    const struct sweep_options *o = &s->options;
    enum spurn_status status = script_digest(o->script, o->digest, s->digest, err);
    if (status != SPURN_OK)
        return status;
    status = find_begin(s, err);
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
    return journal_start_sweep(o->journal, &start, &s->id, err);
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
    s->phase = PHASE_FINDING;
    *out = s;
    return SPURN_OK;
}

void sweep_close(struct sweep *s)
{
    if (s == NULL)
        return;
    calls_close_all(s);
    find_clear(s);
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

/* A journal that failed is left as it is. */
static void move_to(struct sweep *s, enum journal_sweep_state state)
{
    if (s->broken == SPURN_OK || s->broken == SPURN_E_CONFIG)
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

static bool is_phase_over(const struct sweep *s)
{
    if (s->http == NULL)
        return true;
    if (s->phase == PHASE_FINDING)
        return s->broken != SPURN_OK || sites_are_found(s->sites);
    return s->phase == PHASE_LISTING ? list_is_over(s) : s->calls_alive == 0;
}

/* Begins the next phase once nothing of the present one is under way. */
static void next_phase(struct sweep *s)
{
    switch (s->phase) {
    case PHASE_FINDING:
        if (s->broken == SPURN_OK)
            find_end(s);
        s->phase = s->broken == SPURN_OK ? PHASE_CLOSING : PHASE_ENDING;
        if (!s->stopping)
            close_begin(s);
        break;
    case PHASE_CLOSING:
        notes_flush(s);
        s->phase = PHASE_LISTING;
        if (s->options.act)
            move_to(s, SWEEP_LISTING);
        list_more(s);
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

/* What the phase does besides answering. */
static void watch_phase(struct sweep *s)
{
    if (s->phase == PHASE_FINDING)
        find_watch(s);
    if (s->phase == PHASE_CLOSING && !s->stopping)
        close_watch(s);
    if (s->phase == PHASE_LISTING) {
        list_watch(s);
        list_more(s);
    }
    if (s->phase == PHASE_ACTING && !s->stopping)
        act_more(s);
    if (s->stopping && s->phase < PHASE_ACTING)
        calls_drop_queued(s, NULL);
    if (s->stopping && s->phase == PHASE_ACTING)
        calls_withdraw_rejections(s);
}

/* Sends what may go, and takes what comes. */
static void exchange(struct sweep *s, int64_t wait_ms)
{
    struct spurn_error err;
    if (sites_step(s->sites, &wait_ms, &err) != SPURN_OK)
        sweep_break(s, &err);
    calls_send(s, &wait_ms);
    if (is_phase_over(s))
        return; /* nothing is to be waited for */
    if (http_step(s->http, wait_ms, &err) != SPURN_OK) {
        sweep_break(s, &err);
        calls_close_all(s); /* no reply will ever come: their intents stay open */
    }
}

enum spurn_status sweep_step(struct sweep *s, int64_t timeout_ms, bool *done,
                             struct spurn_error *err)
{
    *done = false;
    if (s->http != NULL)
        watch_phase(s);
    if (s->http != NULL && !is_phase_over(s))
        exchange(s, timeout_ms);
    while (s->phase != PHASE_DONE && is_phase_over(s))
        next_phase(s);
    *done = s->phase == PHASE_DONE;
    if (*done && s->broken != SPURN_OK) {
        if (err != NULL)
            *err = s->error;
        return s->broken;
    }
    return SPURN_OK;
}

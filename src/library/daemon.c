/* daemon.c - a sweep every so often, for ever; a new configuration takes over between two sweeps. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "library/library.h"

enum { IDLE_MS_MAX = 60 * 1000 };

struct spurn_daemon {
    struct spurn_options options; /* used again for each reload */
    struct spurn *spurn;
    struct digest *digest;   /* the journal's, which outlives any one configuration */
    struct journal *journal; /* open, and so locked, for as long as the daemon lives */
    struct spurn_sweep *sweep;
    int64_t next_ms; /* monotonic */
    bool reload, sweep_now, stop;
    bool reloaded; /* what is in force now is not what the daemon began with */
};

static bool same_path(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* How many accounts an organization has is known once it is asked. */
static void log_beginning(const struct spurn_daemon *d)
{
    const struct config *config = &d->spurn->config;
    const struct config_organization *last = NULL;
    size_t named = 0, organizations = 0;
    char also[64] = "";
    for (size_t i = 0; i < config->target_count; i++) {
        const struct config_organization *organization = config->targets[i].organization;
        named += organization == NULL;
        organizations += organization != NULL && organization != last;
        last = organization;
    }
    if (organizations > 0)
        snprintf(also, sizeof also, " and the accounts of %zu organization%s", organizations,
                 organizations == 1 ? "" : "s");
    log_info(&d->spurn->log, "sweeping %zu targets%s by %zu policies, %.12s, as %s says", named,
             also, script_policy_count(d->spurn->script), d->spurn->policies_digest,
             d->options.config_path != NULL ? d->options.config_path : "the host");
}

enum spurn_status spurn_daemon_open(const struct spurn_options *options, struct spurn_daemon **out,
                                    struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_options", err);
    if (status != SPURN_OK)
        return status;
    struct spurn_daemon *d = calloc(1, sizeof *d);
    if (d == NULL)
        return spurn_fail_memory(err);
    d->options = *options;
    status = digest_open(&d->digest, err);
    if (status == SPURN_OK)
        status = spurn_open(options, &d->spurn, err);
    if (status == SPURN_OK)
        status = spurn_check_sweepable(d->spurn, err);
    if (status == SPURN_OK)
        status = spurn_open_journal(d->spurn, d->digest, JOURNAL_ACT, &d->journal, err);
    if (status == SPURN_OK)
        status = spurn_warn_of_rules(d->spurn, err);
    if (status != SPURN_OK) {
        spurn_daemon_close(d);
        return status;
    }
    log_beginning(d);
    d->next_ms = clock_monotonic_ms();
    *out = d;
    return SPURN_OK;
}

void spurn_daemon_close(struct spurn_daemon *d)
{
    if (d == NULL)
        return;
    spurn_sweep_close(d->sweep);
    journal_close(d->journal);
    digest_close(d->digest);
    spurn_close(d->spurn);
    free(d);
}

void spurn_daemon_reload(struct spurn_daemon *d)
{
    d->reload = true;
}

void spurn_daemon_sweep_now(struct spurn_daemon *d)
{
    d->sweep_now = true;
}

void spurn_daemon_stop(struct spurn_daemon *d)
{
    d->stop = true;
    if (d->sweep != NULL)
        spurn_sweep_stop(d->sweep);
}

/* ---- when ---- */

static void plan_next(struct spurn_daemon *d)
{
    int64_t jitter_ms = d->spurn->config.jitter_s * 1000;
    uint32_t random = 0;
    if (jitter_ms > 0 && digest_random(&random, sizeof random))
        jitter_ms = (int64_t)(random % 10000) * jitter_ms / 10000;
    d->next_ms = clock_monotonic_ms() + d->spurn->config.every_s * 1000 + jitter_ms;
}

/* A schedule that was just loaded may bring the next sweep nearer, never put it off: reloading often must not stop it. */
static void plan_sooner(struct spurn_daemon *d)
{
    int64_t planned_ms = d->next_ms;
    plan_next(d);
    if (planned_ms < d->next_ms)
        d->next_ms = planned_ms;
}

/* ---- reload ---- */

/* A journal at another path is opened before the old one is let go, so that there is always one. */
static enum spurn_status take_over(struct spurn_daemon *d, struct spurn *fresh,
                                   struct spurn_error *err)
{
    if (!same_path(fresh->journal_path, d->spurn->journal_path)) {
        struct journal *journal = NULL;
        enum spurn_status status = spurn_open_journal(fresh, d->digest, JOURNAL_ACT, &journal, err);
        if (status != SPURN_OK)
            return status;
        journal_close(d->journal);
        d->journal = journal;
    }
    spurn_close(d->spurn);
    d->spurn = fresh;
    return SPURN_OK;
}

static void reload_now(struct spurn_daemon *d)
{
    d->reload = false;
    struct spurn *fresh = NULL;
    struct spurn_error err;
    enum spurn_status status = spurn_open(&d->options, &fresh, &err);
    if (status == SPURN_OK)
        status = spurn_check_sweepable(fresh, &err);
    if (status == SPURN_OK)
        status = spurn_warn_of_rules(fresh, &err);
    if (status == SPURN_OK)
        status = take_over(d, fresh, &err);
    if (status == SPURN_OK) {
        d->reloaded = true;
        plan_sooner(d);
        log_info(&d->spurn->log, "configuration loaded anew: policies %.12s",
                 d->spurn->policies_digest);
        return;
    }
    if (fresh != d->spurn)
        spurn_close(fresh);
    log_error(&d->spurn->log, "%s; the configuration of before stays in force", err.text);
}

/* ---- sweeping ---- */

static void log_summary(void *context, const struct spurn_summary *summary)
{
    const struct log *log = context;
    log_info(log,
             "sweep %lld: %lld pending, %lld rejected, %lld kept, %lld undecided, %lld failed; "
             "%lld of %lld targets failed, %lld skipped",
             (long long)summary->sweep, (long long)summary->pending, (long long)summary->rejected,
             (long long)summary->keep, (long long)summary->undecided, (long long)summary->failed,
             (long long)summary->targets_failed, (long long)summary->targets,
             (long long)summary->targets_skipped);
    if (summary->held)
        log_error(log, "nothing was rejected: %s; look at `spurn plan`, then run `spurn apply`",
                  summary->held_why);
    if (summary->deferred > 0)
        log_warn(log, "%lld rejections wait for the next sweep: the hour's limit is reached",
                 (long long)summary->deferred);
}

static void log_fault(void *context, const struct spurn_fault_row *row)
{
    log_warn(context, "policy %.*s: rule \"%.*s\" faulted %lld times: %.*s", (int)row->policy.len,
             row->policy.at, (int)row->rule.len, row->rule.at, (long long)row->count,
             (int)row->cause.len, row->cause.at);
}

static void end_sweep(struct spurn_daemon *d)
{
    const struct spurn_report report = {.size = sizeof report,
                                        .context = &d->spurn->log,
                                        .fault = log_fault,
                                        .summary = log_summary};
    struct spurn_error err;
    if (spurn_sweep_report(d->sweep, &report, &err) != SPURN_OK)
        log_error(&d->spurn->log, "%s", err.text);
    spurn_sweep_close(d->sweep);
    d->sweep = NULL;
    plan_next(d);
}

static enum spurn_status begin_sweep(struct spurn_daemon *d, struct spurn_error *err)
{
    const struct spurn_sweep_options options = {.size = sizeof options, .act = true};
    d->sweep_now = false;
    return spurn_sweep_start_on(d->spurn, d->journal, &options, &d->sweep, err);
}

/* Only a sweep learns which accounts the keys belong to, and so that two targets are one. Who loaded that configuration is there to
 * mend it, and a daemon that ended would protect nobody. */
static enum spurn_status put_up_with(struct spurn_daemon *d, const struct spurn_error *why)
{
    log_error(&d->spurn->log, "cannot sweep: %s; mend the configuration and reload it (SIGHUP)",
              why->text);
    spurn_sweep_close(d->sweep);
    d->sweep = NULL;
    plan_next(d);
    return SPURN_OK;
}

static enum spurn_status step_sweep(struct spurn_daemon *d, int64_t timeout_ms,
                                    struct spurn_error *err)
{
    bool swept = false;
    enum spurn_status status = spurn_sweep_step(d->sweep, timeout_ms, &swept, err);
    if (status == SPURN_E_CONFIG && d->reloaded)
        return put_up_with(d, err);
    if (swept && status != SPURN_E_CONFIG) /* which found nothing to report */
        end_sweep(d);
    return status;
}

enum spurn_status spurn_daemon_step(struct spurn_daemon *d, int64_t timeout_ms, bool *done,
                                    struct spurn_error *err)
{
    struct spurn_error why;
    *done = false;
    if (d->sweep == NULL) {
        if (d->stop) {
            log_info(&d->spurn->log, "ended as asked; nothing is in flight");
            *done = true;
            return SPURN_OK;
        }
        if (d->reload)
            reload_now(d);
        int64_t left_ms = d->next_ms - clock_monotonic_ms();
        if (left_ms > 0 && !d->sweep_now) {
            int64_t wait_ms = left_ms < timeout_ms ? left_ms : timeout_ms;
            poll(NULL, 0, wait_ms > IDLE_MS_MAX ? IDLE_MS_MAX : (int)wait_ms);
            return SPURN_OK;
        }
        return begin_sweep(d, err);
    }
    return step_sweep(d, timeout_ms, err != NULL ? err : &why);
}

/* sweep.c - the embedding API's sweeps: started, stepped by the host's own loop, reported, closed. */
#include <stdlib.h>

#include "clock.h"
#include "report.h"
#include "library/library.h"

struct spurn_sweep {
    struct spurn *spurn;
    struct sweep *sweep;
    struct journal *own_journal; /* NULL: the caller's */
    struct spurn_sweep_options options;
};

static const char *read_environment(void *context, const char *name)
{
    (void)context;
    return getenv(name);
}

struct credentials_environment spurn_environment(void)
{
    return (struct credentials_environment){.get = read_environment};
}

static bool ask_host(void *context)
{
    struct spurn_sweep *sweep = context;
    return sweep->options.confirm(sweep->options.context, sweep);
}

enum spurn_status spurn_check_sweepable(const struct spurn *s, struct spurn_error *err)
{
    if (s->config.target_count == 0)
        return spurn_fail(err, SPURN_E_CONFIG,
                          "no target is configured; write aws { regions = { \"us-east-1\" } }");
    if (script_policy_count(s->script) == 0)
        return spurn_fail(err, SPURN_E_CONFIG,
                          "no policy is configured; write policy \"policies/strangers.lua\"");
    return SPURN_OK;
}

enum spurn_status spurn_sweep_start_on(struct spurn *s, struct journal *journal,
                                       const struct spurn_sweep_options *options,
                                       struct spurn_sweep **out, struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_sweep_options", err);
    if (status == SPURN_OK && options->act && options->now_ms != 0)
        status =
            spurn_fail(err, SPURN_E_USAGE, "a sweep that acts goes by the machine's own clock");
    if (status == SPURN_OK)
        status = spurn_check_sweepable(s, err);
    if (status == SPURN_OK)
        status = spurn_check_idle(s, err);
    if (status != SPURN_OK)
        return status;
    struct spurn_sweep *sweep = calloc(1, sizeof *sweep);
    if (sweep == NULL)
        return spurn_fail_memory(err);
    sweep->spurn = s;
    s->sweeping = true;
    sweep->options = *options;
    if (journal == NULL) {
        status = spurn_open_journal(s, s->digest, options->act ? JOURNAL_ACT : JOURNAL_PLAN,
                                    &sweep->own_journal, err);
        journal = sweep->own_journal;
    }
    const struct sweep_options inner = {.config = &s->config,
                                        .script = s->script,
                                        .digest = s->digest,
                                        .journal = journal,
                                        .log = &s->log,
                                        .environment = spurn_environment(),
                                        .act = options->act,
                                        .now_ms = options->now_ms != 0 ? options->now_ms
                                                                       : clock_wall_ms(),
                                        .trust = options->trust,
                                        .confirm = options->confirm != NULL ? ask_host : NULL,
                                        .context = sweep};
    if (status == SPURN_OK)
        status = sweep_open(&inner, &sweep->sweep, err);
    if (status != SPURN_OK) {
        spurn_sweep_close(sweep);
        return status;
    }
    *out = sweep;
    return SPURN_OK;
}

enum spurn_status spurn_sweep_start(struct spurn *s, const struct spurn_sweep_options *options,
                                    struct spurn_sweep **out, struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status = spurn_check_idle(s, err);
    if (status == SPURN_OK)
        status = spurn_warn_of_rules(s, err);
    return status != SPURN_OK ? status : spurn_sweep_start_on(s, NULL, options, out, err);
}

enum spurn_status spurn_sweep_step(struct spurn_sweep *sweep, int64_t timeout_ms, bool *done,
                                   struct spurn_error *err)
{
    return sweep_step(sweep->sweep, timeout_ms, done, err);
}

void spurn_sweep_stop(struct spurn_sweep *sweep)
{
    sweep_stop(sweep->sweep);
}

void spurn_sweep_close(struct spurn_sweep *sweep)
{
    if (sweep == NULL)
        return;
    sweep_close(sweep->sweep);
    sweep->spurn->sweeping = false;
    journal_close(sweep->own_journal);
    free(sweep);
}

enum spurn_status spurn_sweep_report(struct spurn_sweep *sweep, const struct spurn_report *report,
                                     struct spurn_error *err)
{
    enum spurn_status status =
        spurn_check_size(report->size, sizeof *report, "struct spurn_report", err);
    return status != SPURN_OK ? status : sweep_report(sweep->sweep, report, err);
}

enum spurn_status spurn_sweep_report_json(struct spurn_sweep *sweep, spurn_write *write,
                                          void *context, struct spurn_error *err)
{
    struct report_json json;
    report_json_open(&json, write, context);
    const struct spurn_report visitor = report_json_visitor(&json);
    enum spurn_status status = sweep_report(sweep->sweep, &visitor, err);
    struct spurn_error ignored; /* the first failure is the one to tell */
    enum spurn_status closed = report_json_close(&json, status == SPURN_OK ? err : &ignored);
    return status != SPURN_OK ? status : closed;
}

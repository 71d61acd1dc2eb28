/* find.c - the accounts and regions that the configuration means become targets, and are written down. */
#include <stdlib.h>

#include "clock.h"
#include "sweep/sweep_private.h"

enum { FINDING_MS_MAX = 90 * 1000 }; /* then the others are swept: who is slow stops nobody */

enum spurn_status find_begin(struct sweep *s, struct spurn_error *err)
{
    const struct sweep_options *o = &s->options;
    const struct http_options http = {.window = (int)o->config->limits.window, .log = o->log};
    enum spurn_status status = http_open(&http, &s->http, err);
    if (status != SPURN_OK)
        return status;
    const struct sites_options sites = {.config = o->config,
                                        .http = s->http,
                                        .digest = o->digest,
                                        .log = o->log,
                                        .environment = o->environment};
    s->finding_since_ms = clock_monotonic_ms();
    return sites_open(&sites, &s->sites, err);
}

void find_watch(struct sweep *s)
{
    if (s->stopping)
        sites_give_up(s->sites, "the sweep was stopped before its keys were found");
    else if (clock_monotonic_ms() - s->finding_since_ms > FINDING_MS_MAX)
        sites_give_up(s->sites, "its keys were not found within 90 s");
}

/* ---- targets ---- */

static enum spurn_status make_targets(struct sweep *s, struct spurn_error *err)
{
    size_t count = sites_count(s->sites);
    s->targets = calloc(count + 1, sizeof *s->targets);
    s->keys_taken = set_open();
    if (s->targets == NULL || s->keys_taken == NULL)
        return spurn_fail_memory(err);
    s->target_count = count;
    for (size_t i = 0; i < count; i++) {
        struct target *target = &s->targets[i];
        target->site = sites_at(s->sites, i);
        if (target->site->state == SITE_READY)
            continue;
        target_fail(s, target, target->site->error->text);
    }
    if (!s->stopping)
        trouble_tell_failed(s, SITE_FAILED);
    return SPURN_OK;
}

static enum spurn_status write_target(struct sweep *s, struct target *target,
                                      struct spurn_error *err)
{
    struct journal *j = s->options.journal;
    const struct origin origin = target_origin(target);
    bool failed = target->state == TARGET_FAILED;
    char keys[TARGET_KEYS_MAX];
    enum spurn_status status = journal_target(j, &origin, target->site->endpoint,
                                              target_keys(target, keys), &target->row, err);
    if (status != SPURN_OK)
        return status;
    return journal_cover(j, s->id, target->row, failed ? COVERAGE_FAILED : COVERAGE_LISTING, 0,
                         target->note, err);
}

static enum spurn_status write_targets(struct sweep *s, const void *unused, struct spurn_error *err)
{
    (void)unused;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < s->target_count && status == SPURN_OK; i++)
        status = write_target(s, &s->targets[i], err);
    return status;
}

void find_end(struct sweep *s)
{
    struct spurn_error err;
    enum spurn_status status = make_targets(s, &err);
    if (status != SPURN_OK) {
        sweep_break(s, &err);
        return;
    }
    if (sweep_write(s, write_targets, NULL) == SPURN_OK && targets_sort(s, &err) != SPURN_OK)
        sweep_break(s, &err);
}

void find_clear(struct sweep *s)
{
    for (size_t i = 0; i < s->target_count; i++) {
        set_close(s->targets[i].page_tokens);
        set_close(s->targets[i].looked_up);
        free(s->targets[i].note);
    }
    set_close(s->keys_taken);
    free(s->by_place);
    free(s->by_row);
    free(s->targets);
    sites_close(s->sites);
}

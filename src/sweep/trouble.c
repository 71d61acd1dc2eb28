/* trouble.c - why targets failed or were left out, in the log: a line for each account and cause, however many regions. */
#include <stdio.h>
#include <stdlib.h>

#include "sweep/sweep_private.h"

enum { NAME_MAX_LEN = 4096, WHERE_LEN = 128, REGIONS_LEN_MAX = 64 * 1024 };

/* How often each name came, and the first target that had it. */
struct tally {
    struct set *names;
    size_t *counts;
    const struct target **firsts;
};

static bool tally_init(struct tally *t, size_t count)
{
    t->names = set_open();
    t->counts = calloc(count + 1, sizeof *t->counts);
    t->firsts = calloc(count + 1, sizeof(const struct target *));
    return t->names != NULL && t->counts != NULL && t->firsts != NULL;
}

static void tally_clear(struct tally *t)
{
    set_close(t->names);
    free(t->counts);
    free((void *)t->firsts);
}

static bool tally_add(struct tally *t, const struct buf *name, const struct target *target)
{
    size_t before = set_count(t->names);
    if (name->failed || !set_add(t->names, buf_text(name)))
        return false;
    size_t index = set_index(t->names, buf_text(name));
    t->counts[index]++;
    if (set_count(t->names) > before)
        t->firsts[index] = target;
    return true;
}

/* The account; while nobody knows which one it is, its keys. An organization whose accounts are not known is one by itself. */
static void put_owner(const struct target *target, struct buf *name)
{
    const struct spurn_text account = target->site->place.account;
    buf_reset(name);
    buf_addf(name, "%s ", target_cloud(target)->name);
    if (account.at != NULL)
        buf_add_text(name, account);
    else
        buf_addf(name, "%p %p", (const void *)target->site->keyring,
                 (const void *)target->site->config->organization);
}

static size_t regions_of_owner(const struct tally *owners, const struct target *target,
                               struct buf *name)
{
    put_owner(target, name);
    return owners->counts[set_index(owners->names, buf_text(name))];
}

static void log_trouble(const struct sweep *s, const struct target *first, size_t regions,
                        size_t of)
{
    char name[SITE_NAME_MAX], where[WHERE_LEN];
    if (regions == 1)
        snprintf(where, sizeof where, "%s", first->site->config->region);
    else if (regions == of)
        snprintf(where, sizeof where, "in all %zu regions", regions);
    else
        snprintf(where, sizeof where, "%.32s and %zu more of %zu regions",
                 first->site->config->region, regions - 1, of);
    log_error(s->options.log, "%s: %s", site_name_at(first->site, where, name), first->note);
}

static bool tell_failed(const struct sweep *s, enum site_state state, struct tally *owners,
                        struct tally *troubles)
{
    struct buf name;
    buf_init(&name, NAME_MAX_LEN);
    bool ok = true;
    for (size_t i = 0; ok && i < s->target_count; i++) {
        const struct target *target = &s->targets[i];
        put_owner(target, &name);
        ok = tally_add(owners, &name, target);
        if (target->state != TARGET_FAILED || target->site->state != state)
            continue;
        buf_addf(&name, " %s", target->note);
        ok = ok && tally_add(troubles, &name, target);
    }
    for (size_t i = 0; ok && i < set_count(troubles->names); i++) {
        const struct target *first = troubles->firsts[i];
        log_trouble(s, first, troubles->counts[i], regions_of_owner(owners, first, &name));
    }
    buf_clear(&name);
    return ok;
}

static bool is_any(const struct sweep *s, enum target_state state)
{
    for (size_t i = 0; i < s->target_count; i++)
        if (s->targets[i].state == state)
            return true;
    return false;
}

static void break_without_memory(struct sweep *s)
{
    struct spurn_error err;
    spurn_fail_memory(&err);
    sweep_break(s, &err);
}

void trouble_tell_failed(struct sweep *s, enum site_state state)
{
    struct tally owners = {.names = NULL}, troubles = {.names = NULL};
    if (!is_any(s, TARGET_FAILED))
        return;
    bool ok = tally_init(&owners, s->target_count) && tally_init(&troubles, s->target_count) &&
              tell_failed(s, state, &owners, &troubles);
    tally_clear(&owners);
    tally_clear(&troubles);
    if (!ok)
        break_without_memory(s);
}

static bool tell_skipped(const struct sweep *s, struct tally *regions)
{
    struct buf text;
    buf_init(&text, REGIONS_LEN_MAX);
    bool ok = true;
    for (size_t i = 0; ok && i < s->target_count; i++) {
        const struct target *target = &s->targets[i];
        if (target->state != TARGET_SKIPPED)
            continue;
        buf_reset(&text);
        buf_add_str(&text, target->site->config->region);
        ok = tally_add(regions, &text, target);
    }
    buf_reset(&text);
    for (size_t i = 0; ok && i < set_count(regions->names); i++)
        buf_addf(&text, "%s%.*s (%zu account%s)", i > 0 ? ", " : "",
                 TEXT_ARG(set_item(regions->names, i)), regions->counts[i],
                 regions->counts[i] == 1 ? "" : "s");
    ok = ok && !text.failed;
    if (ok)
        log_info(s->options.log, "skipped, since not opted in: %s", buf_str(&text));
    buf_clear(&text);
    return ok;
}

void trouble_tell_skipped(struct sweep *s)
{
    struct tally regions = {.names = NULL};
    if (!is_any(s, TARGET_SKIPPED))
        return;
    bool ok = tally_init(&regions, s->target_count) && tell_skipped(s, &regions);
    tally_clear(&regions);
    if (!ok)
        break_without_memory(s);
}

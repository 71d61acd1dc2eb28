/* resources.c - what an invitation shares is asked for where the verdict hangs on it, and the invitation is decided then. */
#include "sweep/sweep_private.h"

#include <stdlib.h>
#include <string.h>

enum {
    COPY_LEN_MAX = HTTP_BODY_MAX + 1024 * 1024, /* no invitation is longer than the page it is on */
    PAGES_MAX = 100, /* a page holds up to 500, and a share some thousands: most may be empty */
    ITEMS_FIRST = 16,
    ITEMS_MAX = 32 * 1024 /* those without text are no longer for it */
};

/* An invitation that waits for its resources. The page it was read from is gone. */
struct lookup {
    struct arena text; /* of the invitation */
    struct invitation inv;
    struct journal_seen seen;
    bool over;           /* it was listed again, and is not to be decided any more */
    struct arena listed; /* text of the resources */
    struct script_resource *items;
    size_t count, cap;
    struct set *page_tokens;
    enum script_resources state;
};

static struct lookup *lookup_open(void)
{
    struct lookup *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    arena_init(&l->text, COPY_LEN_MAX);
    arena_init(&l->listed, LOOKUP_LEN_MAX);
    l->page_tokens = set_open();
    if (l->page_tokens != NULL)
        return l;
    lookup_close(l);
    return NULL;
}

void lookup_close(struct lookup *l)
{
    if (l == NULL)
        return;
    set_close(l->page_tokens);
    free(l->items);
    arena_clear(&l->listed);
    arena_clear(&l->text);
    free(l);
}

/* The text of `inv` dies with its page. */
static enum spurn_status keep(struct lookup *l, const struct sighting *sighting,
                              struct spurn_error *err)
{
    bool ok = true;
    arena_reset(&l->text);
    l->inv = *sighting->inv;
    l->seen = *sighting->seen;
    l->over = sighting->inv->status != STATUS_PENDING || l->seen.settling || l->seen.open;
    struct spurn_text *const texts[] = {&l->inv.id,           &l->inv.sender, &l->inv.receiver,
                                        &l->inv.receiver_arn, &l->inv.name,   &l->inv.share,
                                        &l->inv.status_text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = arena_copy(&l->text, *texts[i], &ok);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

/* ---- what came back ---- */

/* Where both are told. */
static bool is_of_another_share(const struct lookup *l, const struct cloud_resource *resource)
{
    return resource->share.at != NULL && l->inv.share.at != NULL &&
           !text_equal(resource->share, l->inv.share);
}

static enum spurn_status take_resource(struct lookup *l, const struct cloud_resource *resource,
                                       struct spurn_error *err)
{
    if (is_of_another_share(l, resource))
        return spurn_fail(err, SPURN_E_CLOUD, "the list of its resources holds another share's");
    if (l->count == ITEMS_MAX)
        return spurn_fail(err, SPURN_E_CLOUD, "the list of its resources holds more than %d",
                          ITEMS_MAX);
    if (l->count == l->cap) {
        size_t cap = l->cap == 0 ? ITEMS_FIRST : 2 * l->cap;
        struct script_resource *more = realloc(l->items, cap * sizeof *more);
        if (more == NULL)
            return spurn_fail_memory(err);
        l->items = more;
        l->cap = cap;
    }
    bool ok = true;
    l->items[l->count++] = (struct script_resource){arena_copy(&l->listed, resource->arn, &ok),
                                                    arena_copy(&l->listed, resource->type, &ok)};
    return ok ? SPURN_OK
              : spurn_fail(err, SPURN_E_CLOUD, "the list of its resources is longer than %d KiB",
                           LOOKUP_LEN_MAX / 1024);
}

static enum spurn_status take_page(struct call *call, const struct cloud_resources *page,
                                   struct spurn_error *err)
{
    struct lookup *l = call->lookup;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < page->count && status == SPURN_OK; i++)
        status = take_resource(l, &page->items[i], err);
    if (status != SPURN_OK || page->next_token.at == NULL)
        return status;
    if (++call->pages == PAGES_MAX)
        return spurn_fail(err, SPURN_E_CLOUD, "the list of its resources has more than %d pages",
                          PAGES_MAX);
    return call_next_page(call, l->page_tokens, page->next_token, err);
}

/* Leaves the call queued when there is another page. */
static enum spurn_status take_answer(struct call *call, const struct site_answer *answer,
                                     struct spurn_error *err)
{
    if (answer->end != HTTP_REPLIED || answer->error != NULL) {
        call_describe(call, answer, err);
        return err->status;
    }
    struct cloud_resources page;
    cloud_resources_init(&page);
    enum spurn_status status =
        target_cloud(call->target)->read_resources(answer->reply, &page, err);
    if (status == SPURN_OK)
        status = take_page(call, &page, err);
    cloud_resources_clear(&page);
    return status;
}

/* Somebody answered it, or it ran out, since it was listed: nothing has failed. */
static bool is_settled(const struct site_answer *answer)
{
    static const enum cloud_error_kind kinds[] = {CLOUD_ERROR_ALREADY_REJECTED,
                                                  CLOUD_ERROR_ALREADY_ACCEPTED, CLOUD_ERROR_EXPIRED,
                                                  CLOUD_ERROR_CANCELLED};
    for (size_t i = 0; answer->error != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
        if (answer->error->kind == kinds[i])
            return true;
    return false;
}

/* Keys that may not ask are refused each time; one line says it. */
static void say_unknown(struct call *call, const struct site_answer *answer,
                        const struct spurn_error *why)
{
    struct target *target = call->target;
    if (is_settled(answer)) {
        target_log(call->sweep, target, SPURN_LOG_INFO, "what %s shares is not known: %s",
                   call->invitation, why->text);
        return;
    }
    bool refused = answer->error != NULL && answer->error->kind == CLOUD_ERROR_REFUSED;
    bool said = refused && target->lookups_refused;
    target->lookups_refused |= refused;
    call->sweep->counts.lookups_failed++;
    if (!said)
        target_log(call->sweep, target, SPURN_LOG_WARN, "what %s shares is not known: %s",
                   call->invitation, why->text);
}

static enum spurn_status write_decision(struct sweep *s, const void *what, struct spurn_error *err)
{
    const struct call *call = what;
    const struct lookup *l = call->lookup;
    const struct sighting sighting = {.target = call->target,
                                      .inv = &l->inv,
                                      .seen = &l->seen,
                                      .resources_state = l->state,
                                      .resources = l->items,
                                      .resource_count = l->count};
    return decide(s, &sighting, err);
}

static void on_answer(struct call *call, const struct site_answer *answer)
{
    struct sweep *s = call->sweep;
    struct lookup *l = call->lookup;
    if (s->stopping || call->target->state == TARGET_FAILED || l->over)
        return;
    struct spurn_error err;
    enum spurn_status status = take_answer(call, answer, &err);
    if (call->queued)
        return;
    if (status == SPURN_E_MEMORY) {
        sweep_break(s, &err);
        return;
    }
    l->state = status == SPURN_OK ? RESOURCES_LISTED : RESOURCES_UNKNOWN;
    if (status != SPURN_OK)
        say_unknown(call, answer, &err);
    sweep_write(s, write_decision, call);
}

/* ---- asking ---- */

static struct lookup *find_open(const struct sweep *s, int64_t invitation)
{
    for (const struct call *call = s->youngest; call != NULL; call = call->elder)
        if (call->lookup != NULL && call->lookup->seen.invitation == invitation)
            return call->lookup;
    return NULL;
}

enum spurn_status lookup_see_again(struct sweep *s, const struct sighting *sighting, bool *open,
                                   struct spurn_error *err)
{
    *open = false;
    if (sighting->target->looked_up == NULL ||
        !set_has(sighting->target->looked_up, sighting->inv->id))
        return SPURN_OK;
    struct lookup *l = find_open(s, sighting->seen->invitation);
    *open = l != NULL;
    return l != NULL ? keep(l, sighting, err) : SPURN_OK;
}

static bool may_begin(struct sweep *s)
{
    int64_t most = s->options.config->limits.lookups;
    if (s->counts.lookups < most)
        return true;
    if (s->counts.lookups_skipped++ == 0)
        log_warn(s->options.log,
                 "limits.lookups = %lld is reached: what further invitations share is not known "
                 "in this sweep; raise it if that is right",
                 (long long)most);
    return false;
}

enum spurn_status lookup_begin(struct sweep *s, const struct sighting *sighting, bool *begun,
                               struct spurn_error *err)
{
    struct target *target = sighting->target;
    *begun = may_begin(s);
    if (!*begun)
        return SPURN_OK;
    struct spurn_text id = sighting->inv->id;
    if (id.len > CALL_ID_LEN)
        return spurn_fail(err, SPURN_E_CLOUD, "%s listed an invitation with an id of %zu bytes",
                          target_cloud(target)->title, id.len);
    if (target->looked_up == NULL)
        target->looked_up = set_open();
    if (target->looked_up == NULL || !set_add(target->looked_up, id))
        return spurn_fail_memory(err);
    struct call *call = call_open(s, target, CLOUD_RESOURCES);
    if (call == NULL)
        return spurn_fail_memory(err);
    memcpy(call->invitation, id.at, id.len);
    call->answered = on_answer;
    call->lookup = lookup_open();
    enum spurn_status status =
        call->lookup != NULL ? keep(call->lookup, sighting, err) : spurn_fail_memory(err);
    if (status != SPURN_OK) {
        call_close(call);
        return status;
    }
    s->counts.lookups++;
    call_queue(call, 0);
    return SPURN_OK;
}

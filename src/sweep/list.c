/* list.c - every target's list is read to its last page, and each pending invitation is decided as it comes. */
#include "sweep/sweep_private.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    BATCH = 64,    /* lists that are asked for at once: what waits costs memory */
    WATCH_MS = 200 /* between two looks at the time: with many targets one takes long */
};

static enum spurn_status write_cover(struct sweep *s, const void *what, struct spurn_error *err)
{
    static const enum journal_coverage_state states[] = {[TARGET_LISTING] = COVERAGE_LISTING,
                                                         [TARGET_LISTED] = COVERAGE_LISTED,
                                                         [TARGET_FAILED] = COVERAGE_FAILED,
                                                         [TARGET_SKIPPED] = COVERAGE_SKIPPED};
    const struct target *target = what;
    return journal_cover(s->options.journal, s->id, target->row, states[target->state],
                         target->pages, target->note, err);
}

/* Ends a target's listing. What was decided about it does not count: it was not read whole. Nor does anybody wait for its
 * look-ups. */
static void fail_target(struct sweep *s, struct target *target, const char *why)
{
    target_fail(s, target, why);
    calls_drop_queued(s, target);
    sweep_write(s, write_cover, target);
}

/* ---- one invitation ---- */

static enum spurn_status take_invitation(struct sweep *s, struct target *target,
                                         const struct invitation *inv, int64_t read_ms,
                                         struct spurn_error *err)
{
    const struct cloud *cloud = target_cloud(target);
    char why[256];
    if (!cloud->is_invitation_id(inv->id))
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s listed an invitation with an id of another form than its own",
                          cloud->title);
    if (cloud->foreign(inv, &target->site->place, why) != NULL)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s listed an invitation that is not this target's: %s", cloud->title,
                          why);
    struct journal_seen seen;
    enum spurn_status status =
        journal_see(s->options.journal, s->id, target->row, inv, read_ms, &seen, err);
    const struct sighting sighting = {.target = target, .inv = inv, .seen = &seen};
    bool open = false;
    if (status == SPURN_OK)
        status = lookup_see_again(s, &sighting, &open, err);
    if (status != SPURN_OK || open || inv->status != STATUS_PENDING)
        return status;
    if (seen.settling) {
        target->settling++;
        return SPURN_OK;
    }
    if (seen.open || seen.decided)
        return SPURN_OK;
    return decide(s, &sighting, err);
}

/* ---- one page ---- */

static bool is_journal_failure(enum spurn_status status)
{
    return status == SPURN_E_JOURNAL || status == SPURN_E_MEMORY || status == SPURN_E_INTERNAL;
}

static enum spurn_status take_page(struct sweep *s, struct target *target,
                                   const struct cloud_page *page, int64_t sent_ms,
                                   struct spurn_error *err)
{
    struct journal *j = s->options.journal;
    int64_t read_ms = s->options.act ? sent_ms : s->options.now_ms; /* a plan may look ahead */
    enum spurn_status status = journal_begin(j, err);
    if (status != SPURN_OK)
        return status;
    for (size_t i = 0; i < page->count && status == SPURN_OK; i++)
        status = take_invitation(s, target, &page->items[i], read_ms, err);
    target->pages++;
    if (status == SPURN_OK && page->next_token.at == NULL) {
        target->state = TARGET_LISTED;
        status = write_cover(s, target, err);
    }
    if (status == SPURN_OK)
        return journal_commit(j, err);
    journal_rollback(j);
    return status;
}

static enum spurn_status ask_next_page(struct call *call, struct spurn_text token,
                                       struct spurn_error *err)
{
    struct target *target = call->target;
    if (target->pages >= call->sweep->options.config->limits.pages)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s's list has more than %lld pages; raise limits.pages if that is right",
                          target_cloud(target)->title, (long long)target->pages);
    if (target->page_tokens == NULL)
        target->page_tokens = set_open();
    if (target->page_tokens == NULL)
        return spurn_fail_memory(err);
    return call_next_page(call, target->page_tokens, token, err);
}

/* ---- a region that its account has not opted in to ---- */

static struct spurn_text name_of_keys(const struct target *target)
{
    return (struct spurn_text){(const char *)&target->site->keyring, sizeof target->site->keyring};
}

/* Some cloud took these keys, or told whose they are. */
static bool are_keys_good(const struct sweep *s, const struct target *target)
{
    const struct credentials *keys = site_credentials(target->site);
    return (keys != NULL && keys->principal.at != NULL) ||
           set_has(s->keys_taken, name_of_keys(target));
}

static void skip_target(struct sweep *s, struct target *target)
{
    target->state = TARGET_SKIPPED;
    target_note(s, target, site_closed_words(target->site));
    sweep_write(s, write_cover, target);
}

/* ---- the answer ---- */

static void on_error(struct call *call, const struct site_answer *answer)
{
    struct target *target = call->target;
    struct spurn_error err;
    call_describe(call, answer, &err);
    target->seems_closed = target->pages == 0 && answer->error != NULL &&
                           site_seems_closed(target->site, answer->error);
    if (target->seems_closed) /* until it is known what the other regions say of these keys */
        target_note(call->sweep, target, err.text);
    else
        fail_target(call->sweep, target, err.text);
}

static void on_page(struct call *call, const struct site_answer *answer)
{
    struct sweep *s = call->sweep;
    struct target *target = call->target;
    if (s->stopping || target->state != TARGET_LISTING)
        return;
    if (answer->end != HTTP_REPLIED || answer->error != NULL) {
        on_error(call, answer);
        return;
    }
    struct spurn_error err;
    struct cloud_page page;
    cloud_page_init(&page);
    enum spurn_status status = target_cloud(target)->read_page(answer->reply, &page, &err);
    if (status == SPURN_OK && !set_add(s->keys_taken, name_of_keys(target)))
        status = spurn_fail_memory(&err);
    if (status == SPURN_OK)
        status = take_page(s, target, &page, answer->sent_ms, &err);
    if (status == SPURN_OK && page.next_token.at != NULL)
        status = ask_next_page(call, page.next_token, &err);
    cloud_page_clear(&page);
    if (is_journal_failure(status))
        sweep_break(s, &err);
    else if (status != SPURN_OK)
        fail_target(s, target, err.text);
}

/* ---- all of them ---- */

static bool ask_first_page(struct sweep *s, struct target *target)
{
    struct call *call = call_open(s, target, CLOUD_LIST);
    if (call == NULL) {
        struct spurn_error err;
        spurn_fail_memory(&err);
        sweep_break(s, &err);
        return false;
    }
    call->answered = on_page;
    call_queue(call, 0);
    return true;
}

void list_more(struct sweep *s)
{
    if (s->stopping || !http_has_room(s->http) || calls_are_ready(s))
        return;
    for (int asked = 0; asked < BATCH && s->to_list < s->target_count; s->to_list++) {
        struct target *target = &s->targets[s->to_list];
        if (target->state != TARGET_LISTING)
            continue;
        if (!ask_first_page(s, target))
            return;
        asked++;
    }
}

bool list_is_over(const struct sweep *s)
{
    return s->calls_alive == 0 && (s->stopping || s->to_list == s->target_count);
}

void list_watch(struct sweep *s)
{
    int64_t longest_s = s->options.config->limits.listing_s;
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - s->watched_ms < WATCH_MS)
        return;
    s->watched_ms = now_ms;
    for (size_t i = 0; i < s->to_list; i++) {
        struct target *target = &s->targets[i];
        if (target->state != TARGET_LISTING || target->listing_since_ms == 0 ||
            target->seems_closed || now_ms - target->listing_since_ms <= longest_s * 1000)
            continue;
        struct spurn_error err;
        spurn_fail(
            &err, SPURN_E_CLOUD,
            "its list was not read whole within %lld s; raise limits.listing if that is right",
            (long long)longest_s);
        fail_target(s, target, err.text);
    }
}

static void end_target(struct sweep *s, struct target *target)
{
    bool seems_closed = target->seems_closed && s->broken == SPURN_OK;
    if (seems_closed && are_keys_good(s, target)) {
        if (target->site->config->is_any_region)
            skip_target(s, target);
        else
            fail_target(s, target, site_closed_words(target->site));
    } else if (seems_closed) {
        char *why = target->note;
        target->note = NULL;
        fail_target(s, target, why);
        free(why);
    }
    if (target->state != TARGET_LISTED)
        return;
    s->decided += target->decided;
    s->to_reject += target->to_reject;
    s->counts.settling += target->settling;
}

void list_end(struct sweep *s)
{
    for (size_t i = 0; i < s->target_count; i++)
        end_target(s, &s->targets[i]);
    trouble_tell_failed(s, SITE_READY);
    trouble_tell_skipped(s);
}

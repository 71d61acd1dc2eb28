/* list.c - every target's list is read to its last page, and each pending invitation is decided as it comes. */
#include "sweep/sweep_private.h"

#include <string.h>

#include "clock.h"

static enum spurn_status write_cover(struct sweep *s, const void *what, struct spurn_error *err)
{
    static const enum journal_coverage_state states[] = {[TARGET_LISTING] = COVERAGE_LISTING,
                                                         [TARGET_LISTED] = COVERAGE_LISTED,
                                                         [TARGET_FAILED] = COVERAGE_FAILED};
    const struct target *target = what;
    return journal_cover(s->options.journal, s->id, target->row, states[target->state],
                         target->pages, target->error.text[0] != '\0' ? target->error.text : NULL,
                         err);
}

/* Ends a target's listing. What was decided about it does not count: it was not read whole. Nor does anybody wait for its
 * look-ups. */
static void fail_target(struct sweep *s, struct target *target, const struct spurn_error *why)
{
    target->state = TARGET_FAILED;
    target->error = *why;
    log_error(s->options.log, "%s %s: %s", target->config->cloud->title, target->config->region,
              why->text);
    calls_drop_queued(s, target);
    sweep_write(s, write_cover, target);
}

/* ---- one invitation ---- */

static enum spurn_status take_invitation(struct sweep *s, struct target *target,
                                         const struct invitation *inv, struct spurn_error *err)
{
    const struct cloud *cloud = target->config->cloud;
    char why[256];
    if (!cloud->is_invitation_id(inv->id))
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s listed an invitation with an id of another form than its own",
                          cloud->title);
    if (cloud->foreign(inv, &target->site, why) != NULL)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s listed an invitation that is not this target's: %s", cloud->title,
                          why);
    struct journal_seen seen;
    enum spurn_status status =
        journal_see(s->options.journal, s->id, target->row, inv, s->options.now_ms, &seen, err);
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
                                   const struct cloud_page *page, struct spurn_error *err)
{
    struct journal *j = s->options.journal;
    enum spurn_status status = journal_begin(j, err);
    if (status != SPURN_OK)
        return status;
    for (size_t i = 0; i < page->count && status == SPURN_OK; i++)
        status = take_invitation(s, target, &page->items[i], err);
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
    const struct target *target = call->target;
    if (target->pages >= call->sweep->options.config->limits.pages)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s's list has more than %lld pages; raise limits.pages if that is right",
                          target->config->cloud->title, (long long)target->pages);
    return call_next_page(call, target->page_tokens, token, err);
}

static void on_page(struct call *call, const struct answer *answer)
{
    struct sweep *s = call->sweep;
    struct target *target = call->target;
    if (s->stopping || target->state != TARGET_LISTING)
        return;
    struct spurn_error err;
    if (answer->end != HTTP_REPLIED || answer->error != NULL) {
        call_describe(call, answer, &err);
        fail_target(s, target, &err);
        return;
    }
    struct cloud_page page;
    cloud_page_init(&page);
    enum spurn_status status = target->config->cloud->read_page(answer->reply, &page, &err);
    if (status == SPURN_OK)
        status = take_page(s, target, &page, &err);
    if (status == SPURN_OK && page.next_token.at != NULL)
        status = ask_next_page(call, page.next_token, &err);
    cloud_page_clear(&page);
    if (is_journal_failure(status))
        sweep_break(s, &err);
    else if (status != SPURN_OK)
        fail_target(s, target, &err);
}

void list_begin(struct sweep *s)
{
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *target = &s->targets[i];
        if (target->state == TARGET_FAILED)
            continue;
        struct call *call = call_open(s, target, CLOUD_LIST);
        if (call == NULL) {
            struct spurn_error err;
            spurn_fail_memory(&err);
            sweep_break(s, &err);
            return;
        }
        call->answered = on_page;
        call_queue(call, 0);
    }
}

void list_watch(struct sweep *s)
{
    int64_t longest_s = s->options.config->limits.listing_s;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *target = &s->targets[i];
        if (target->state != TARGET_LISTING || target->listing_since_ms == 0 ||
            now_ms - target->listing_since_ms <= longest_s * 1000)
            continue;
        struct spurn_error err;
        spurn_fail(
            &err, SPURN_E_CLOUD,
            "its list was not read whole within %lld s; raise limits.listing if that is right",
            (long long)longest_s);
        fail_target(s, target, &err);
    }
}

void list_end(struct sweep *s)
{
    for (size_t i = 0; i < s->target_count; i++) {
        const struct target *target = &s->targets[i];
        if (target->state != TARGET_LISTED)
            continue;
        s->decided += target->decided;
        s->to_reject += target->to_reject;
        s->counts.settling += target->settling;
    }
}

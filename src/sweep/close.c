/* close.c - what has an intent and no outcome is asked about, by id, and what is true is written down. */
#include "sweep/sweep_private.h"

#include <string.h>

#include "clock.h"

enum {
    CLOSING_MS_MAX = 30 * 1000
}; /* then the others' lists are read: what is open is left alone meanwhile */
enum { FORGOTTEN_MS = 8 * 24 * 3600 * 1000 }; /* no invitation of any cloud stays pending so long */

/* What a status that was read means for the intent. The journal settles what doubt makes of it. */
static bool result_of(enum invitation_status status, enum journal_result *result)
{
    static const struct {
        enum invitation_status status;
        enum journal_result result;
    } rows[] = {
        {STATUS_REJECTED, RESULT_ALREADY_REJECTED},
        {STATUS_ACCEPTED, RESULT_ALREADY_ACCEPTED},
        {STATUS_EXPIRED, RESULT_EXPIRED},
        {STATUS_CANCELLED, RESULT_CANCELLED},
        {STATUS_PENDING, RESULT_FAILED},
        {STATUS_ACCEPT_FAILED, RESULT_FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].status == status) {
            *result = rows[i].result;
            return true;
        }
    return false;
}

static void stays_open(struct call *call, const char *why)
{
    target_log(call->sweep, call->target, SPURN_LOG_ERROR,
               "what became of %s is not known: %s; the next sweep asks again", call->invitation,
               why);
    if (call->closes)
        call->sweep->counts.left_open++;
}

static void close_with(struct call *call, enum journal_result result)
{
    note_outcome(call->sweep, call->intent, result);
    if (call->closes)
        call->sweep->counts.closed++;
}

static const struct invitation *find(const struct cloud_page *page, const char *id)
{
    for (size_t i = page->count; i > 0; i--) /* the later copy counts */
        if (text_is(page->items[i - 1].id, id))
            return &page->items[i - 1];
    return NULL;
}

static void on_page(struct call *call, const struct cloud_page *page)
{
    const struct invitation *inv = find(page, call->invitation);
    enum journal_result result;
    if (inv != NULL && result_of(inv->status, &result))
        close_with(call, result);
    else if (inv != NULL)
        stays_open(call, "its status is a word that spurn does not know");
    else if (page->next_token.at == NULL)
        close_with(call, RESULT_GONE);
    else if (text_equal(page->next_token, buf_text(&call->page_token)))
        stays_open(call, "the same page token came twice");
    else {
        buf_reset(&call->page_token);
        buf_add_text(&call->page_token, page->next_token);
        if (call->page_token.failed || ++call->pages == call->sweep->options.config->limits.pages) {
            stays_open(call, "its list has no end");
            return;
        }
        call->tries = 0;
        call_queue(call, 0);
    }
}

static void on_answer(struct call *call, const struct site_answer *answer)
{
    struct spurn_error err;
    if (answer->error != NULL && answer->error->kind == CLOUD_ERROR_NOT_FOUND) {
        close_with(call, RESULT_GONE);
        return;
    }
    if (answer->end != HTTP_REPLIED || answer->error != NULL) {
        call_describe(call, answer, &err);
        stays_open(call, err.text);
        return;
    }
    struct cloud_page page;
    cloud_page_init(&page);
    if (target_cloud(call->target)->read_page(answer->reply, &page, &err) == SPURN_OK)
        on_page(call, &page);
    else
        stays_open(call, err.text);
    cloud_page_clear(&page);
}

void close_ask(struct sweep *s, struct target *target, const char *invitation, int64_t intent,
               bool closes)
{
    struct call *call = call_open(s, target, CLOUD_LOOK_UP);
    if (call == NULL) {
        struct spurn_error err;
        spurn_fail_memory(&err);
        sweep_break(s, &err);
        return;
    }
    memcpy(call->invitation, invitation, strlen(invitation) + 1);
    call->intent = intent;
    call->closes = closes;
    call->answered = on_answer;
    call_queue(call, 0);
}

/* The endpoint counts as well: another one may be another world, such as an emulator. So do the keys, where only they tell accounts
 * apart. */
static struct target *target_of(struct sweep *s, const struct journal_intent *intent)
{
    struct target *target = target_at_place(s, intent->cloud, intent->account, intent->region);
    char keys[TARGET_KEYS_MAX];
    bool is_it = target != NULL && text_is(intent->endpoint, target->site->endpoint) &&
                 text_equal(intent->keys, target_keys(target, keys));
    return is_it ? target : NULL;
}

static void take_open(void *context, const struct journal_intent *intent)
{
    struct sweep *s = context;
    struct target *target = target_of(s, intent);
    char id[CALL_ID_LEN + 1];
    if (intent->id.len > CALL_ID_LEN) {
        log_error(s->options.log,
                  "an open intent has an id longer than any cloud's; run spurn verify");
        s->counts.left_open++;
        return;
    }
    memcpy(id, intent->id.at, intent->id.len);
    id[intent->id.len] = '\0';
    if (target != NULL && target->state != TARGET_FAILED) {
        close_ask(s, target, id, intent->seq, true);
        return;
    }
    if (target == NULL && s->options.now_ms - intent->last_call_ms > FORGOTTEN_MS) {
        note_outcome(s, intent->seq, RESULT_GONE);
        s->counts.closed++;
        return;
    }
    log_error(s->options.log, "what became of %s is not known: %s", id,
              target == NULL
                  ? "its target is no longer in the configuration; put it back to have it asked"
                  : target->note);
    s->counts.left_open++;
}

void close_watch(struct sweep *s)
{
    if (clock_monotonic_ms() - s->closing_since_ms <= CLOSING_MS_MAX)
        return;
    for (struct call *call = s->queue_head; call != NULL; call = call->next)
        stays_open(call, "its cloud took too long");
    calls_drop_queued(s, NULL);
}

void close_begin(struct sweep *s)
{
    s->closing_since_ms = clock_monotonic_ms();
    struct spurn_error err;
    if (s->options.act && journal_each_open(s->options.journal, take_open, s, &err) != SPURN_OK)
        sweep_break(s, &err);
}

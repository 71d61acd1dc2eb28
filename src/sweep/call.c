/* call.c - one operation on one target: built, signed, sent, and tried again where that is right. */
#include "sweep/sweep_private.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    TRIES_UNANSWERED = 3,
    LOOKUPS_IN_FLIGHT_MAX = 4 /* of one target: a slow one must leave room for the others */
};

/* How often a call is tried in all, and how long the first pause is at most, by what the cloud answered; any other answer is
 * taken as it is. */
static const struct retry {
    enum cloud_error_kind kind;
    int tries;
    int64_t base_ms;
} retries[] = {
    {CLOUD_ERROR_SERVER, 3, 200},
    {CLOUD_ERROR_THROTTLED, 8, 1000},
    {CLOUD_ERROR_NONCE, 3, 0},
};
static const struct retry retry_unanswered = {.tries = TRIES_UNANSWERED, .base_ms = 100};

struct call *call_open(struct sweep *s, struct target *target, enum cloud_operation operation)
{
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    call->sweep = s;
    call->target = target;
    call->began_ms = clock_monotonic_ms();
    call->operation = operation;
    buf_init(&call->page_token, REQUEST_LEN_MAX / 4);
    s->calls_alive++;
    call->elder = s->youngest;
    if (call->elder != NULL)
        call->elder->younger = call;
    s->youngest = call;
    return call;
}

void call_close(struct call *call)
{
    if (call == NULL)
        return;
    struct sweep *s = call->sweep;
    s->calls_alive--;
    if (call->elder != NULL)
        call->elder->younger = call->younger;
    if (call->younger != NULL)
        call->younger->elder = call->elder;
    else
        s->youngest = call->elder;
    lookup_close(call->lookup);
    buf_clear(&call->page_token);
    free(call);
}

void calls_close_all(struct sweep *s)
{
    http_close(s->http);
    s->http = NULL;
    while (s->youngest != NULL)
        call_close(s->youngest);
    s->queue_head = s->queue_tail = NULL;
}

void call_queue(struct call *call, int64_t delay_ms)
{
    struct sweep *s = call->sweep;
    call->not_before_ms = clock_monotonic_ms() + delay_ms;
    call->queued = true;
    call->next = NULL;
    if (s->queue_tail == NULL)
        s->queue_head = call;
    else
        s->queue_tail->next = call;
    s->queue_tail = call;
}

void calls_drop_queued(struct sweep *s, const struct target *of)
{
    struct call **link = &s->queue_head;
    s->queue_tail = NULL;
    while (*link != NULL) {
        struct call *call = *link;
        if (of != NULL && call->target != of) {
            s->queue_tail = call;
            link = &call->next;
            continue;
        }
        *link = call->next;
        call_close(call);
    }
}

void calls_withdraw_rejections(struct sweep *s)
{
    struct call **link = &s->queue_head;
    s->queue_tail = NULL;
    while (*link != NULL) {
        struct call *call = *link;
        bool rejects = call->operation == CLOUD_REJECT;
        if (!rejects &&
            call->tries == 0) { /* a look-up that waits for another try is the next sweep's */
            s->queue_tail = call;
            link = &call->next;
            continue;
        }
        *link = call->next;
        if (rejects && call->tries == 0)
            note_outcome(s, call->intent, RESULT_FAILED);
        call_close(call);
    }
}

enum spurn_status call_next_page(struct call *call, struct set *seen, struct spurn_text token,
                                 struct spurn_error *err)
{
    const char *title = target_cloud(call->target)->title;
    if (set_has(seen, token))
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s sent the same page token twice: its list goes in circles", title);
    if (!set_add(seen, token))
        return spurn_fail_memory(err);
    buf_reset(&call->page_token);
    buf_add_text(&call->page_token, token);
    if (call->page_token.failed)
        return spurn_fail(err, SPURN_E_CLOUD, "%s sent a page token longer than 64 KiB", title);
    call->tries = 0;
    call->clock_mended = call->keys_renewed = false;
    call_queue(call, 0);
    return SPURN_OK;
}

/* ---- after a try ---- */

static const struct retry *retry_for(const struct site_answer *answer)
{
    if (answer->end != HTTP_REPLIED)
        return &retry_unanswered;
    for (size_t i = 0; answer->error != NULL && i < sizeof retries / sizeof retries[0]; i++)
        if (retries[i].kind == answer->error->kind)
            return &retries[i];
    return NULL;
}

static bool is_overdue(const struct call *call)
{
    int64_t longest_ms = call->sweep->options.config->limits.listing_s * 1000;
    return clock_monotonic_ms() - call->began_ms > longest_ms;
}

/* What was wrong with the request is put right, where that can be done: once each. */
static bool mend(struct call *call, const struct site_answer *answer)
{
    if (answer->error == NULL)
        return false;
    bool mended = false;
    switch (answer->error->kind) {
    case CLOUD_ERROR_CLOCK:
        mended = !call->clock_mended; /* the site knows the cloud's clock from this very reply */
        call->clock_mended = true;
        break;
    case CLOUD_ERROR_KEYS_EXPIRED:
        mended =
            !call->keys_renewed && site_keys_expired(call->target->site, answer->keys_generation);
        call->keys_renewed = true;
        break;
    case CLOUD_ERROR_CLIENT_TOKEN:
        mended = call->client_token[0] != '\0';
        call->client_token[0] = '\0';
        break;
    default:
        break;
    }
    return mended;
}

/* Queues the call again where another try is right. */
static bool try_again(struct call *call, const struct site_answer *answer)
{
    bool lists = call->operation == CLOUD_LIST || call->operation == CLOUD_RESOURCES;
    bool given_up = lists && call->target->state == TARGET_FAILED;
    if (call->sweep->stopping || given_up)
        return false;
    if (mend(call, answer)) {
        call_queue(call, 0);
        return true;
    }
    const struct retry *retry = retry_for(answer);
    if (retry == NULL || call->tries >= retry->tries || is_overdue(call))
        return false;
    int64_t pause_ms = site_pause_ms(call->tries, retry->base_ms);
    if (answer->error != NULL && answer->error->retry_after_ms > pause_ms)
        pause_ms = answer->error->retry_after_ms;
    call_queue(call, pause_ms);
    return true;
}

/* Said once, and the target's note from then on. */
static void warn_of_clock(struct sweep *s, struct target *target)
{
    const struct site *site = target->site;
    if (!site->clock_differs || target->note != NULL)
        return;
    char apart[32];
    struct spurn_error err;
    clock_format_age((site->apart_ms < 0 ? -site->apart_ms : site->apart_ms) / 1000, apart);
    spurn_fail(&err, SPURN_E_CLOUD,
               "the clocks differ by %s (the cloud's is %s): every age is unknown here; set this "
               "machine's clock",
               apart, site->apart_ms > 0 ? "ahead" : "behind");
    target_note(s, target, err.text);
    target_log(s, target, SPURN_LOG_WARN, "%s", err.text);
}

static void on_answer(void *context, const struct site_answer *answer)
{
    struct call *call = context;
    warn_of_clock(call->sweep, call->target);
    call->queued = false;
    if (call->operation == CLOUD_RESOURCES)
        call->target->lookups_in_flight--;
    if (call->tried != NULL)
        call->tried(call, answer);
    if (!try_again(call, answer))
        call->answered(call, answer);
    if (!call->queued)
        call_close(call);
}

void call_describe(const struct call *call, const struct site_answer *answer,
                   struct spurn_error *err)
{
    if (answer->end != HTTP_REPLIED)
        spurn_fail(err, SPURN_E_NETWORK, "%s%s", answer->problem,
                   call->tries > 1 ? " (several tries)" : "");
    else
        cloud_describe(target_cloud(call->target), call->operation, answer->error, err);
}

/* ---- sending ---- */

static enum spurn_status send_now(struct call *call, struct spurn_error *err)
{
    struct target *target = call->target;
    if (call->operation == CLOUD_RESOURCES && is_overdue(call))
        return spurn_fail(err, SPURN_E_NETWORK,
                          "its turn did not come within %lld s; raise limits.listing if that is "
                          "right",
                          (long long)call->sweep->options.config->limits.listing_s);
    if (site_keys(target->site) == SITE_KEYS_GONE) {
        *err = *site_keys_error(target->site);
        return err->status;
    }
    struct cloud_call what = {.operation = call->operation};
    if (call->page_token.len > 0)
        what.page_token = buf_text(&call->page_token);
    if (call->invitation[0] != '\0')
        what.invitation = text_of(call->invitation);
    if (call->client_token[0] != '\0')
        what.client_token = text_of(call->client_token);
    enum spurn_status status = site_send(target->site, &what, on_answer, call, err);
    if (status != SPURN_OK)
        return status;
    call->tries++;
    if (call->operation == CLOUD_LIST && target->listing_since_ms == 0)
        target->listing_since_ms = clock_monotonic_ms();
    if (call->operation == CLOUD_RESOURCES)
        target->lookups_in_flight++;
    return SPURN_OK;
}

/* One target's look-ups never take more than a quarter of the connections. */
static bool is_held_up(const struct call *call)
{
    int64_t most = call->sweep->options.config->limits.window / 4;
    if (most > LOOKUPS_IN_FLIGHT_MAX)
        most = LOOKUPS_IN_FLIGHT_MAX;
    int64_t in_flight = call->target->lookups_in_flight;
    return call->operation == CLOUD_RESOURCES && in_flight > 0 && in_flight >= most;
}

/* A reply in flight, or sites_step, lets it go. */
static bool must_queue(const struct call *call)
{
    return is_held_up(call) || site_keys(call->target->site) == SITE_KEYS_AWAITED;
}

bool calls_are_ready(const struct sweep *s)
{
    int64_t now_ms = clock_monotonic_ms();
    for (const struct call *call = s->queue_head; call != NULL; call = call->next)
        if (call->not_before_ms <= now_ms && !must_queue(call))
            return true;
    return false;
}

/* Takes the first call out of the queue that may go now; else sets *wait_ms to when one may. */
static struct call *take_ready(struct sweep *s, int64_t *wait_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    struct call *before = NULL;
    for (struct call *call = s->queue_head; call != NULL; before = call, call = call->next) {
        int64_t left_ms = call->not_before_ms - now_ms;
        if (left_ms > 0) {
            *wait_ms = left_ms < *wait_ms ? left_ms : *wait_ms;
            continue;
        }
        if (must_queue(call))
            continue;
        if (before == NULL)
            s->queue_head = call->next;
        else
            before->next = call->next;
        if (s->queue_tail == call)
            s->queue_tail = before;
        return call;
    }
    return NULL;
}

void calls_send(struct sweep *s, int64_t *wait_ms)
{
    while (http_has_room(s->http)) {
        struct call *call = take_ready(s, wait_ms);
        if (call == NULL)
            return;
        struct spurn_error err;
        if (send_now(call, &err) == SPURN_OK)
            continue;
        /* Nothing went out: no key to sign with, or no memory. */
        struct site_answer answer = {
            .end = HTTP_NOT_SENT, .problem = err.text, .sent_ms = clock_wall_ms()};
        call->queued = false;
        if (call->tried != NULL)
            call->tried(call, &answer);
        call->answered(call, &answer);
        if (!call->queued)
            call_close(call);
    }
}

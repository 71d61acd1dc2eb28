/* call.c - one operation on one target: built, signed, sent, and tried again where that is right. */
#include "sweep/sweep_private.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    CLOCK_TOLERANCE_MS = 5 * 60 * 1000, /* further apart, and ages are not believed */
    BACKOFF_MS_MAX = 20 * 1000,
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
    const char *title = call->target->config->cloud->title;
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
    call->clock_mended = false;
    call_queue(call, 0);
    return SPURN_OK;
}

/* ---- after a try ---- */

static int64_t pause_before(int tries, int64_t base_ms)
{
    int64_t most_ms = base_ms;
    for (int i = 1; i < tries && most_ms < BACKOFF_MS_MAX; i++)
        most_ms *= 2;
    if (most_ms > BACKOFF_MS_MAX)
        most_ms = BACKOFF_MS_MAX;
    uint32_t random = 0;
    if (most_ms == 0 || !digest_random(&random, sizeof random))
        return most_ms;
    return most_ms * (int64_t)(random % 1000) / 1000;
}

static const struct retry *retry_for(const struct answer *answer)
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

/* Queues the call again where another try is right. */
static bool try_again(struct call *call, const struct answer *answer)
{
    bool lists = call->operation == CLOUD_LIST || call->operation == CLOUD_RESOURCES;
    bool given_up = lists && call->target->state == TARGET_FAILED;
    if (call->sweep->stopping || given_up)
        return false;
    if (answer->error != NULL && answer->error->kind == CLOUD_ERROR_CLOCK && !call->clock_mended) {
        call->clock_mended = true; /* by learn_clock, from this very reply */
        call_queue(call, 0);
        return true;
    }
    if (answer->error != NULL && answer->error->kind == CLOUD_ERROR_CLIENT_TOKEN &&
        call->client_token[0] != '\0') {
        call->client_token[0] = '\0';
        call_queue(call, 0);
        return true;
    }
    const struct retry *retry = retry_for(answer);
    if (retry == NULL || call->tries >= retry->tries || is_overdue(call))
        return false;
    int64_t pause_ms = pause_before(call->tries, retry->base_ms);
    if (answer->error != NULL && answer->error->retry_after_ms > pause_ms)
        pause_ms = answer->error->retry_after_ms;
    call_queue(call, pause_ms);
    return true;
}

/* Compares the cloud's Date with the machine's clock. */
static void learn_clock(struct call *call, const struct http_result *result)
{
    struct target *target = call->target;
    if (result->end != HTTP_REPLIED || result->date_ms == 0)
        return;
    int64_t here_ms = result->sent_ms + (result->received_ms - result->sent_ms) / 2;
    int64_t ahead_ms = result->date_ms - here_ms;
    int64_t apart_ms = ahead_ms < 0 ? -ahead_ms : ahead_ms;
    if (apart_ms <= CLOCK_TOLERANCE_MS) {
        target->skew_ms = 0;
        return;
    }
    target->skew_ms = ahead_ms;
    if (target->clock_differs)
        return;
    target->clock_differs = true;
    char apart[32];
    clock_format_age(apart_ms / 1000, apart);
    spurn_fail(&target->error, SPURN_E_CLOUD,
               "the clocks differ by %s (the cloud's is %s): every age is unknown here; set this "
               "machine's clock",
               apart, ahead_ms > 0 ? "ahead" : "behind");
    log_warn(call->sweep->options.log, "%s %s: %s", target->config->cloud->title,
             target->config->region, target->error.text);
}

static void on_result(void *context, const struct http_result *result)
{
    struct call *call = context;
    const struct cloud *cloud = call->target->config->cloud;
    struct answer answer = {.end = result->end,
                            .reply = &result->reply,
                            .problem = result->problem,
                            .sent_ms = result->sent_ms};
    struct cloud_error error;
    if (result->end == HTTP_REPLIED && result->reply.http_status != 200) {
        cloud->read_error(&result->reply, &error);
        const struct credentials *keys = &call->target->keyring->credentials;
        const struct spurn_text hide[] = {keys->id, keys->secret, keys->token};
        cloud_error_redact(&error, hide, sizeof hide / sizeof hide[0]);
        answer.error = &error;
    }
    learn_clock(call, result);
    call->queued = false;
    if (call->operation == CLOUD_RESOURCES)
        call->target->lookups_in_flight--;
    if (call->tried != NULL)
        call->tried(call, &answer);
    if (!try_again(call, &answer))
        call->answered(call, &answer);
    if (!call->queued)
        call_close(call);
}

void call_describe(const struct call *call, const struct answer *answer, struct spurn_error *err)
{
    const struct cloud *cloud = call->target->config->cloud;
    if (answer->end != HTTP_REPLIED) {
        spurn_fail(err, SPURN_E_NETWORK, "%s%s", answer->problem,
                   call->tries > 1 ? " (several tries)" : "");
        return;
    }
    const struct cloud_error *error = answer->error;
    const char *advice = "", *permission = "";
    if (error->kind == CLOUD_ERROR_REFUSED && call->operation == CLOUD_RESOURCES) {
        advice = "; allow these keys ";
        permission = cloud->resources_permission;
    } else if (error->kind == CLOUD_ERROR_KEYS)
        advice = "; check the access key id and its secret";
    else if (error->kind == CLOUD_ERROR_KEYS_EXPIRED)
        advice = "; these keys have expired, fetch new ones";
    else if (error->kind == CLOUD_ERROR_REFUSED)
        advice = "; check what these keys may do";
    else if (error->kind == CLOUD_ERROR_CLOCK)
        advice = "; check this machine's clock";
    size_t message_len = strlen(error->message);
    if (message_len > 0 && error->message[message_len - 1] == '.')
        message_len--;
    spurn_fail(err, SPURN_E_CLOUD, "%s answered %s%s%.*s%s%s", cloud->title, error->code,
               message_len > 0 ? ": " : "", (int)message_len, error->message, advice, permission);
}

/* ---- sending ---- */

static enum spurn_status send_now(struct call *call, struct spurn_error *err)
{
    struct sweep *s = call->sweep;
    struct target *target = call->target;
    const struct cloud *cloud = target->config->cloud;
    const struct credentials *keys = &target->keyring->credentials;
    if (call->operation == CLOUD_RESOURCES && is_overdue(call))
        return spurn_fail(err, SPURN_E_NETWORK,
                          "its turn did not come within %lld s; raise limits.listing if that is "
                          "right",
                          (long long)s->options.config->limits.listing_s);
    struct cloud_call what = {.operation = call->operation};
    if (call->page_token.len > 0)
        what.page_token = buf_text(&call->page_token);
    if (call->invitation[0] != '\0')
        what.invitation = text_of(call->invitation);
    if (call->client_token[0] != '\0')
        what.client_token = text_of(call->client_token);

    struct request request;
    char nonce[33];
    uint8_t random[16];
    enum spurn_status status = cloud->build(&what, &request, err);
    if (status != SPURN_OK)
        goto done;
    if (!digest_random(random, sizeof random)) {
        status = spurn_fail(err, SPURN_E_INTERNAL, "cannot make a nonce: no random bytes");
        goto done;
    }
    digest_hex(random, sizeof random, nonce);
    const struct cloud_keys cloud_keys = {keys->id, keys->secret, keys->token};
    const struct cloud_moment moment = {clock_wall_ms() + target->skew_ms, text_of(nonce)};
    status = cloud->sign(s->options.digest, &target->site, &cloud_keys, &moment, &request, err);
    if (status != SPURN_OK)
        goto done;
    call->tries++;
    if (call->operation == CLOUD_LIST && target->listing_since_ms == 0)
        target->listing_since_ms = clock_monotonic_ms();
    status = http_send(s->http, target->config->endpoint, &request, on_result, call, err);
    if (status == SPURN_OK && call->operation == CLOUD_RESOURCES)
        target->lookups_in_flight++;

done:
    request_clear(&request);
    return status;
}

bool calls_are_ready(const struct sweep *s)
{
    int64_t now_ms = clock_monotonic_ms();
    for (const struct call *call = s->queue_head; call != NULL; call = call->next)
        if (call->not_before_ms <= now_ms)
            return true;
    return false;
}

/* One target's look-ups never take more than a quarter of the connections. */
static bool must_queue(const struct call *call)
{
    int64_t most = call->sweep->options.config->limits.window / 4;
    if (most > LOOKUPS_IN_FLIGHT_MAX)
        most = LOOKUPS_IN_FLIGHT_MAX;
    int64_t in_flight = call->target->lookups_in_flight;
    return call->operation == CLOUD_RESOURCES && in_flight > 0 && in_flight >= most;
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
        if (must_queue(call)) /* a reply in flight lets it go */
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
        struct answer answer = {
            .end = HTTP_NOT_SENT, .problem = err.text, .sent_ms = clock_wall_ms()};
        call->queued = false;
        if (call->tried != NULL)
            call->tried(call, &answer);
        call->answered(call, &answer);
        if (!call->queued)
            call_close(call);
    }
}

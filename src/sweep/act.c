/* act.c - a batch of intents is made durable, their calls go out, and outcomes ride with the next batch. */
#include "sweep/sweep_private.h"

#include <string.h>

#include "clock.h"

enum { BATCH = 64, ALIVE_MAX = 16 * BATCH };

/* ---- what came of one call ---- */

static bool is_rejected(const struct call *call, const struct site_answer *answer)
{
    struct spurn_error err;
    struct cloud_page page;
    cloud_page_init(&page);
    bool rejected =
        target_cloud(call->target)->read_rejected(answer->reply, &page, &err) == SPURN_OK &&
        page.count == 1 && text_is(page.items[0].id, call->invitation) &&
        page.items[0].status == STATUS_REJECTED;
    cloud_page_clear(&page);
    return rejected;
}

/* How each error is recorded, and what it settles; RESULT_NONE: nothing yet. */
enum { RESULT_NONE = -1 };
static const struct meaning {
    enum cloud_error_kind kind;
    enum journal_answer answer;
    int result;
} meanings[] = {
    {CLOUD_ERROR_ALREADY_REJECTED, ANSWER_ALREADY_REJECTED, RESULT_ALREADY_REJECTED},
    {CLOUD_ERROR_ALREADY_ACCEPTED, ANSWER_ALREADY_ACCEPTED, RESULT_ALREADY_ACCEPTED},
    {CLOUD_ERROR_EXPIRED, ANSWER_EXPIRED, RESULT_EXPIRED},
    {CLOUD_ERROR_CANCELLED, ANSWER_CANCELLED, RESULT_CANCELLED},
    {CLOUD_ERROR_NOT_FOUND, ANSWER_NOT_FOUND, RESULT_NONE},
    {CLOUD_ERROR_THROTTLED, ANSWER_THROTTLED, RESULT_FAILED},
    {CLOUD_ERROR_CLIENT_TOKEN, ANSWER_THROTTLED, RESULT_FAILED},
    {CLOUD_ERROR_SERVER, ANSWER_NONE, RESULT_NONE},
    {CLOUD_ERROR_NONCE, ANSWER_NONE,
     RESULT_NONE}, /* somebody sent this very request before: it may have been done */
};
static const struct meaning refused = {.answer = ANSWER_REFUSED, .result = RESULT_NONE};
static const struct meaning unsent = {.answer = ANSWER_NOT_SENT, .result = RESULT_FAILED};
static const struct meaning lost = {.answer = ANSWER_NONE, .result = RESULT_NONE};
static const struct meaning done = {.answer = ANSWER_OK, .result = RESULT_REJECTED};
static const struct meaning odd = {.answer = ANSWER_BAD, .result = RESULT_NONE};

static const struct meaning *meaning_of(const struct call *call, const struct site_answer *answer)
{
    if (answer->end == HTTP_NOT_SENT)
        return &unsent;
    if (answer->end == HTTP_LOST)
        return &lost;
    if (answer->error == NULL)
        return is_rejected(call, answer) ? &done : &odd;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].kind == answer->error->kind)
            return &meanings[i];
    return &refused;
}

static void on_try(struct call *call, const struct site_answer *answer)
{
    enum journal_answer said = meaning_of(call, answer)->answer;
    call->in_doubt = call->in_doubt || said == ANSWER_NONE || said == ANSWER_BAD;
    note_attempt(call->sweep, call, said, answer);
}

static void on_answer(struct call *call, const struct site_answer *answer)
{
    struct sweep *s = call->sweep;
    const struct target *target = call->target;
    const struct meaning *meaning = meaning_of(call, answer);
    struct spurn_error err;
    if (meaning == &done) {
        target_log(s, target, SPURN_LOG_INFO, "rejected %s", call->invitation);
    } else {
        if (meaning == &odd)
            spurn_fail(&err, SPURN_E_CLOUD, "%s answered 200, but not that it is rejected",
                       target_cloud(target)->title);
        else
            call_describe(call, answer, &err);
        target_log(s, target, SPURN_LOG_WARN, "rejecting %s: %s", call->invitation, err.text);
    }
    if (meaning->result == RESULT_ALREADY_ACCEPTED)
        target_log(s, target, SPURN_LOG_ERROR, "somebody accepted %s before it could be rejected",
                   call->invitation);
    bool not_known = meaning->result == RESULT_FAILED &&
                     call->in_doubt; /* this try failed, an earlier one may not have */
    if (meaning->result != RESULT_NONE && !not_known)
        note_outcome(s, call->intent, (enum journal_result)meaning->result);
    else if (meaning->answer != ANSWER_NONE &&
             meaning->answer !=
                 ANSWER_NOT_SENT) /* without an answer it stays open: the next sweep asks */
        close_ask(s, call->target, call->invitation, call->intent, false);
}

/* ---- a batch ---- */

struct batch {
    struct sweep *sweep;
    struct call *calls[BATCH];
    int64_t decisions[BATCH], invitations[BATCH];
    bool has_created[BATCH];
    int64_t created_ms[BATCH];
    size_t count;
    bool no_memory;
};

static void take_candidate(void *context, const struct journal_candidate *candidate)
{
    struct batch *batch = context;
    struct target *target = target_at_row(batch->sweep, candidate->target);
    if (target == NULL || batch->count == BATCH || candidate->id.len > CALL_ID_LEN)
        return;
    struct call *call = call_open(batch->sweep, target, CLOUD_REJECT);
    if (call == NULL) {
        batch->no_memory = true;
        return;
    }
    memcpy(call->invitation, candidate->id.at, candidate->id.len);
    call->tried = on_try;
    call->answered = on_answer;
    size_t i = batch->count++;
    batch->calls[i] = call;
    batch->decisions[i] = candidate->decision;
    batch->invitations[i] = candidate->invitation;
    batch->has_created[i] = candidate->has_created;
    batch->created_ms[i] = candidate->created_ms;
}

static enum spurn_status write_intent(const struct batch *batch, size_t i, struct spurn_error *err)
{
    struct sweep *s = batch->sweep;
    struct journal *j = s->options.journal;
    struct call *call = batch->calls[i];
    const struct cloud *cloud = target_cloud(call->target);
    bool begins_in_doubt = false;
    enum spurn_status status =
        journal_generation(j, batch->invitations[i], &call->generation, &begins_in_doubt, err);
    if (status != SPURN_OK)
        return status;
    if (cloud->takes_client_token) {
        const struct origin origin = target_origin(call->target);
        const struct invitation inv = {.id = text_of(call->invitation),
                                       .has_created = batch->has_created[i],
                                       .created_ms = batch->created_ms[i]};
        if (!invitation_client_token(s->options.digest, &origin, &inv, call->generation,
                                     call->client_token))
            return spurn_fail_memory(err);
    }
    return journal_record_intent(j, batch->decisions[i], call->generation,
                                 cloud->takes_client_token ? call->client_token : NULL,
                                 clock_wall_ms(), &call->intent, err);
}

/* What is known of the batch before, and the intents of this one, become durable together. */
static enum spurn_status write_batch(struct sweep *s, const void *what, struct spurn_error *err)
{
    const struct batch *batch = what;
    enum spurn_status status = notes_write(s, NULL, err);
    for (size_t i = 0; i < batch->count && status == SPURN_OK; i++)
        status = write_intent(batch, i, err);
    return status;
}

void act_more(struct sweep *s)
{
    /* Calls that wait for another try hold nobody up; those that could go out go first. */
    if (s->stopping || s->allowed == 0 || s->calls_alive > ALIVE_MAX - BATCH ||
        !http_has_room(s->http) || calls_are_ready(s))
        return;
    struct batch batch = {.sweep = s};
    struct spurn_error err;
    int64_t wanted = s->allowed < BATCH ? s->allowed : BATCH;
    enum spurn_status status =
        journal_each_candidate(s->options.journal, s->id, wanted, take_candidate, &batch, &err);
    if (status == SPURN_OK && batch.no_memory)
        status = spurn_fail_memory(&err);
    if (status != SPURN_OK)
        sweep_break(s, &err);
    else if (batch.count > 0)
        status = sweep_write(s, write_batch, &batch);
    if (status == SPURN_OK && batch.count > 0)
        s->note_count = 0;
    if (batch.count == 0)
        s->allowed = 0;
    for (size_t i = 0; i < batch.count; i++) {
        if (status == SPURN_OK)
            call_queue(batch.calls[i], 0);
        else
            call_close(batch.calls[i]);
    }
    s->allowed -= status == SPURN_OK ? (int64_t)batch.count : 0;
}

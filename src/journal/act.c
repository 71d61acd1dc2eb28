/* act.c - intents, calls and what came of them. */
#include <stdlib.h>

#include "journal/private.h"

static const char *const answers[] = {
    [ANSWER_OK] = "ok",
    [ANSWER_ALREADY_REJECTED] = "already_rejected",
    [ANSWER_ALREADY_ACCEPTED] = "already_accepted",
    [ANSWER_EXPIRED] = "expired",
    [ANSWER_CANCELLED] = "cancelled",
    [ANSWER_NOT_FOUND] = "not_found",
    [ANSWER_REFUSED] = "refused",
    [ANSWER_THROTTLED] = "throttled",
    [ANSWER_NONE] = "no_answer",
    [ANSWER_BAD] = "bad_answer",
    [ANSWER_NOT_SENT] = "not_sent",
};

const char *journal_result_name(enum journal_result result)
{
    static const char *const results[] = {
        [RESULT_REJECTED] = "rejected",
        [RESULT_ALREADY_REJECTED] = "already_rejected",
        [RESULT_ALREADY_ACCEPTED] = "already_accepted",
        [RESULT_EXPIRED] = "expired",
        [RESULT_CANCELLED] = "cancelled",
        [RESULT_GONE] = "gone",
        [RESULT_FAILED] = "failed",
        [RESULT_ABANDONED] = "abandoned",
    };
    return results[result];
}

/* ---- what was left open ---- */

enum spurn_status journal_each_open(struct journal *j,
                                    void (*each)(void *context,
                                                 const struct journal_intent *intent),
                                    void *context, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_EACH_OPEN, err);
    while (statement_next(&s)) {
        const struct journal_intent intent = {
            .seq = column_int(&s, 0),
            .invitation = column_int(&s, 1),
            .generation = column_int(&s, 2),
            .cloud = column_text(&s, 3),
            .account = column_text(&s, 4),
            .region = column_text(&s, 5),
            .endpoint = column_text(&s, 6),
            .id = column_text(&s, 7),
            .token = column_text(&s, 8),
            .has_created = !column_is_null(&s, 9),
            .created_ms = column_int(&s, 9),
            .doubt = column_int(&s, 10) != 0,
            .last_call_ms = column_int(&s, 11),
            .keys = column_text(&s, 12),
        };
        each(context, &intent);
    }
    return statement_end(&s);
}

/* ---- the belts' questions ---- */

enum spurn_status journal_count_intents(struct journal *j, int64_t since_ms, int64_t *count,
                                        struct spurn_error *err)
{
    *count = 0;
    struct statement s;
    statement_begin(&s, j, SQL_COUNT_INTENTS, err);
    put_int(&s, since_ms);
    if (statement_next(&s))
        *count = column_int(&s, 0);
    return statement_end(&s);
}

enum spurn_status journal_trust(struct journal *j, const char *digest, const char *how,
                                int64_t now_ms, struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_ADD_TRUST, err);
    put_str(&s, digest);
    put_str(&s, how);
    put_int(&s, now_ms);
    return statement_run(&s);
}

enum spurn_status journal_is_trusted(struct journal *j, const char *digest, bool *trusted,
                                     struct spurn_error *err)
{
    *trusted = false;
    struct statement s;
    statement_begin(&s, j, SQL_FIND_TRUST, err);
    put_str(&s, digest);
    *trusted = statement_next(&s);
    return statement_end(&s);
}

/* ---- candidates ---- */

void queue_forget(struct queue *q)
{
    q->sweep = 0;
    q->count = 0;
    q->at = 0;
}

static bool queue_add(struct queue *q, int64_t decision)
{
    if (q->count == q->cap) {
        size_t cap = q->cap == 0 ? 256 : 2 * q->cap;
        int64_t *more = realloc(q->decisions, cap * sizeof *more);
        if (more == NULL)
            return false;
        q->decisions = more;
        q->cap = cap;
    }
    q->decisions[q->count++] = decision;
    return true;
}

/* Sorted once and not for each batch: a hundred thousand take a tenth of a second. */
static enum spurn_status queue_fill(struct journal *j, int64_t sweep, struct spurn_error *err)
{
    struct queue *q = &j->queue;
    queue_forget(q);
    struct statement s;
    statement_begin(&s, j, SQL_QUEUE, err);
    put_int(&s, sweep);
    while (statement_next(&s))
        if (!queue_add(q, column_int(&s, 0)))
            s.status = spurn_fail_memory(err);
    enum spurn_status status = statement_end(&s);
    if (status == SPURN_OK)
        q->sweep = sweep;
    return status;
}

static bool read_candidate(struct statement *s, struct journal_candidate *out)
{
    if (!statement_next(s))
        return false;
    *out = (struct journal_candidate){
        .decision = column_int(s, 0),
        .invitation = column_int(s, 1),
        .target = column_int(s, 2),
        .cloud = column_text(s, 3),
        .account = column_text(s, 4),
        .region = column_text(s, 5),
        .endpoint = column_text(s, 6),
        .id = column_text(s, 7),
        .has_created = !column_is_null(s, 8),
        .created_ms = column_int(s, 8),
    };
    return true;
}

enum spurn_status journal_each_candidate(struct journal *j, int64_t sweep, int64_t limit,
                                         void (*each)(void *context,
                                                      const struct journal_candidate *candidate),
                                         void *context, struct spurn_error *err)
{
    struct queue *q = &j->queue;
    enum spurn_status status = SPURN_OK;
    if (q->sweep != sweep)
        status = queue_fill(j, sweep, err);
    for (size_t i = q->at; i < q->count && limit > 0 && status == SPURN_OK; i++) {
        struct journal_candidate candidate;
        struct statement s;
        statement_begin(&s, j, SQL_CANDIDATE, err);
        put_int(&s, q->decisions[i]);
        if (read_candidate(&s, &candidate)) {
            each(context, &candidate);
            limit--;
        } else if (i == q->at) {
            q->at++;
        }
        status = statement_end(&s);
    }
    return status;
}

/* ---- intents ---- */

enum spurn_status journal_generation(struct journal *j, int64_t invitation, int64_t *generation,
                                     bool *begins_in_doubt, struct spurn_error *err)
{
    *generation = 0;
    *begins_in_doubt = false;
    struct statement s;
    statement_begin(&s, j, SQL_GENERATION, err);
    put_int(&s, invitation);
    if (statement_next(&s)) {
        *generation = column_int(&s, 0);
        *begins_in_doubt = column_int(&s, 1) != 0;
    }
    return statement_end(&s);
}

/* The invitation of a decision that an intent may stand on: to reject, of an acting sweep under
 * way, its latest, not acted on. */
static enum spurn_status find_decided(struct journal *j, int64_t decision, int64_t *invitation,
                                      struct spurn_error *err)
{
    *invitation = 0;
    struct statement s;
    statement_begin(&s, j, SQL_DECIDED_FOR, err);
    put_int(&s, decision);
    if (statement_next(&s))
        *invitation = column_int(&s, 0);
    enum spurn_status status = statement_end(&s);
    if (status == SPURN_OK && *invitation == 0)
        return spurn_fail(err, SPURN_E_INTERNAL, "decision %lld may not be acted on",
                          (long long)decision);
    return status;
}

enum spurn_status journal_record_intent(struct journal *j, int64_t decision, int64_t generation,
                                        const char *token, int64_t now_ms, int64_t *seq,
                                        struct spurn_error *err)
{
    *seq = 0;
    int64_t invitation = 0, due = 0;
    bool begins_in_doubt = false;
    enum spurn_status status = journal_check_adding(j, err);
    if (status == SPURN_OK)
        status = find_decided(j, decision, &invitation, err);
    if (status == SPURN_OK)
        status = journal_generation(j, invitation, &due, &begins_in_doubt, err);
    if (status == SPURN_OK && due != generation)
        status = spurn_fail(err, SPURN_E_INTERNAL, "an intent of generation %lld is due, not %lld",
                            (long long)due, (long long)generation);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_ADD_INTENT, err);
    put_int(&s, j->last_seq + 1);
    put_int(&s, invitation);
    put_int(&s, decision);
    put_int(&s, generation);
    put_str(&s, token);
    put_int(&s, begins_in_doubt);
    put_int(&s, now_ms);
    status = statement_run(&s);
    if (status != SPURN_OK)
        return status;
    j->intents_added = true;
    *seq = ++j->last_seq;
    return SPURN_OK;
}

/* ---- attempts and outcomes ---- */

struct intent {
    int64_t seq, invitation, at_ms;
    bool doubt;
    bool rejected; /* its invitation is recorded rejected */
    bool done;     /* a call was answered with success */
};

static enum spurn_status find_open(struct journal *j, int64_t seq, struct intent *intent,
                                   struct spurn_error *err)
{
    bool open = false;
    struct statement s;
    statement_begin(&s, j, SQL_FIND_INTENT, err);
    put_int(&s, seq);
    if (statement_next(&s)) {
        open = column_int(&s, 2) != 0;
        *intent = (struct intent){.seq = seq,
                                  .invitation = column_int(&s, 0),
                                  .doubt = column_int(&s, 1) != 0,
                                  .at_ms = column_int(&s, 3),
                                  .rejected = column_int(&s, 4) != 0,
                                  .done = column_int(&s, 5) != 0};
    }
    enum spurn_status status = statement_end(&s);
    if (status == SPURN_OK && !open)
        return spurn_fail(err, SPURN_E_INTERNAL, "intent %lld is not open", (long long)seq);
    return status;
}

static enum spurn_status run_on(struct journal *j, enum sql which, int64_t seq,
                                struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, which, err);
    put_int(&s, seq);
    return statement_run(&s);
}

/* A call is never recorded as sent before its intent was written, whatever the clock did between.
 */
enum spurn_status journal_record_attempt(struct journal *j, const struct journal_attempt *attempt,
                                         struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    struct intent intent;
    if (status == SPURN_OK)
        status = find_open(j, attempt->intent, &intent, err);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_ADD_ATTEMPT, err);
    put_int(&s, j->last_seq + 1);
    put_int(&s, attempt->intent);
    put_int(&s, attempt->sweep);
    put_str(&s, answers[attempt->answer]);
    put_int(&s, attempt->sent_ms < intent.at_ms ? intent.at_ms : attempt->sent_ms);
    put_str(&s, attempt->code);
    put_str(&s, attempt->request_id);
    status = statement_run(&s);
    if (status != SPURN_OK)
        return status;
    j->last_seq++;
    if (attempt->answer != ANSWER_NONE && attempt->answer != ANSWER_BAD)
        return SPURN_OK;
    return run_on(j, SQL_DOUBT_INTENT, attempt->intent, err);
}

enum spurn_status outcome_add(struct journal *j, const struct outcome *outcome,
                              struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_ADD_OUTCOME, err);
    put_int(&s, j->last_seq + 1);
    put_int(&s, outcome->intent);
    put_int(&s, outcome->invitation);
    put_str(&s, journal_result_name(outcome->result));
    put_int(&s, outcome->inferred);
    put_int(&s, outcome->doubt);
    put_int(&s, outcome->at_ms);
    enum spurn_status status = statement_run(&s);
    if (status != SPURN_OK)
        return status;
    j->last_seq++;
    if (outcome->result != RESULT_REJECTED)
        return SPURN_OK;
    statement_begin(&s, j, SQL_NOTE_REJECTED, err);
    put_int(&s, outcome->invitation);
    put_int(&s, outcome->at_ms);
    return statement_run(&s);
}

/* What was read, in the light of what is known: an answer of success outweighs whatever is read
 * later, and an invitation is recorded rejected once; a second time, it was rejected already. */
static enum journal_result settle(const struct intent *intent, enum journal_result read,
                                  bool *inferred)
{
    *inferred = false;
    if (intent->done)
        return intent->rejected ? RESULT_ALREADY_REJECTED : RESULT_REJECTED;
    *inferred = read == RESULT_ALREADY_REJECTED && intent->doubt && !intent->rejected;
    if (*inferred)
        return RESULT_REJECTED;
    if (read == RESULT_FAILED || read == RESULT_ABANDONED)
        return intent->doubt ? RESULT_ABANDONED : RESULT_FAILED;
    return read;
}

enum spurn_status journal_record_outcome(struct journal *j, int64_t intent_seq,
                                         enum journal_result result, int64_t now_ms,
                                         struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    struct intent intent;
    if (status == SPURN_OK)
        status = find_open(j, intent_seq, &intent, err);
    if (status != SPURN_OK)
        return status;
    if (result == RESULT_REJECTED && !intent.done)
        return spurn_fail(err, SPURN_E_INTERNAL,
                          "intent %lld is said to be rejected, but no call of it succeeded",
                          (long long)intent_seq);
    struct outcome outcome = {.intent = intent_seq,
                              .invitation = intent.invitation,
                              .doubt = intent.doubt,
                              .at_ms = now_ms};
    outcome.result = settle(&intent, result, &outcome.inferred);
    status = outcome_add(j, &outcome, err);
    return status == SPURN_OK ? run_on(j, SQL_CLOSE_INTENT, intent_seq, err) : status;
}

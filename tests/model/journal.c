/* journal.c - what the sweep of the model writes down, and whether it is true. */
#include "sweep_model.h"

bool is_under_way(const struct state *s)
{
    return s->phase != AWAY;
}

/* What dies with a run, and what the next one does not ask for. */
void forget_the_sweep(struct state *s)
{
    s->phase = AWAY;
    s->rejects = s->aged = s->target_failed = 0;
    s->stopping = s->broken = s->held = 0;
    s->reading = READ_NOTHING;
    s->copies = s->looking = s->looking_over = 0;
    s->sent = s->in_doubt = 0;
    s->reply = REPLY_NONE;
    s->note_doubt = s->note_done = 0;
    s->note_result = CAME_NOTHING;
}

/* ---- the row of the invitation ---- */

static void retire(struct state *s)
{
    s->row = s->generation = s->abandoned = s->rejected = 0;
    s->last = LAST_NONE;
    s->closed = AGE_OLD;
    s->is_final = s->final = s->final_aged = s->closed_aged = 0;
    s->last_pending = s->unseen = 0;
}

static void add_row(struct state *s)
{
    s->row = 1;
    s->generation = 1;
    s->last_pending = 1;
}

/* ---- outcomes ---- */

static void check_truth(struct state *s, enum result result, bool inferred)
{
    bool is_rejected = s->status == REJECTED;
    bool is_ours = s->by == US && s->by_generation >= s->generation && !s->counted;
    bool is_late = (s->late >> s->generation & 1) != 0;
    switch (result) {
    case CAME_REJECTED:
        if (inferred)
            promise(s, is_rejected && s->unknown, PROMISE_INFERRED);
        else
            promise(s, is_rejected && s->by == US && s->by_generation == s->generation,
                    PROMISE_BY_REPLY);
        break;
    case CAME_ALREADY_REJECTED:
        promise(s, is_rejected && !is_ours, PROMISE_SOMEBODY_ELSE);
        break;
    case CAME_ALREADY_ACCEPTED:
        promise(s, s->status == ACCEPTED, PROMISE_ENDED_SO);
        break;
    case CAME_OVER:
        promise(s, s->status == OVER, PROMISE_ENDED_SO);
        break;
    case CAME_GONE:
        promise(s, s->status != PENDING, PROMISE_ENDED_SO);
        break;
    case CAME_FAILED:
        promise(s, !is_ours && !is_late, PROMISE_FAILED);
        break;
    case CAME_ABANDONED:
    case CAME_NOTHING:
        break;
    }
}

static enum last last_of(const struct world *w, enum result result)
{
    if (result == CAME_FAILED)
        return LAST_FAILED;
    bool is_abandoned = result == CAME_ABANDONED && kept(w, RULE_ABANDONED_NOT_FINAL);
    return is_abandoned ? LAST_ABANDONED : LAST_FINAL;
}

static void add_outcome(const struct world *w, struct state *s, enum result result, bool inferred)
{
    check_truth(s, result, inferred);
    if (result == CAME_REJECTED) {
        promise(s, !s->counted, PROMISE_ONCE);
        s->counted = s->rejected = 1;
    }
    if (result == CAME_GONE)
        s->lost_sight = 1;
    if (result == CAME_ABANDONED)
        s->abandoned = 1;
    s->last = last_of(w, result);
    if (s->last == LAST_FINAL) {
        s->ended |= result != CAME_ABANDONED;
        s->generation += s->generation < GENERATIONS;
    }
    s->closed = s->last == LAST_FINAL ? AGE_YOUNG : AGE_OLD; /* of others nobody asks */
    s->closed_aged = 0;
}

/* What was read, in the light of what is known. */
static enum result settle(const struct world *w, const struct state *s, enum result read,
                          bool *inferred)
{
    bool counted = s->rejected && kept(w, RULE_COUNTED_ONCE);
    *inferred = false;
    if (s->done && kept(w, RULE_SUCCESS_OUTWEIGHS))
        return counted ? CAME_ALREADY_REJECTED : CAME_REJECTED;
    if (read == CAME_ALREADY_REJECTED && !counted && (s->doubt || !kept(w, RULE_SOMEBODY_ELSE))) {
        *inferred = kept(w, RULE_INFERRED);
        return CAME_REJECTED;
    }
    if (read == CAME_FAILED && s->doubt && kept(w, RULE_FAILED_IS_SURE))
        return CAME_ABANDONED;
    return read;
}

static void write_outcome(const struct world *w, struct state *s, enum result read)
{
    bool inferred;
    enum result result = settle(w, s, read, &inferred);
    if (result == CAME_ABANDONED && !kept(w, RULE_ABANDONED))
        return;
    promise(s,
            !s->done || result == CAME_REJECTED || (result == CAME_ALREADY_REJECTED && s->rejected),
            PROMISE_SUCCESS_IS_KEPT);
    add_outcome(w, s, result, inferred);
    s->open = s->doubt = s->done = s->forgotten = 0;
    s->unknown = s->unknown && s->abandoned;
}

void write_notes(const struct world *w, struct state *s)
{
    if (s->open) {
        s->doubt |= s->note_doubt;
        s->done |= s->note_done;
        if (s->note_result != CAME_NOTHING)
            write_outcome(w, s, (enum result)s->note_result);
    }
    s->note_doubt = s->note_done = 0;
    s->note_result = CAME_NOTHING;
}

/* What an answer says about its call: in doubt, or done. */
void note_answer(const struct world *w, struct state *s, enum reply reply)
{
    bool doubt = (reply == REPLY_LOST && kept(w, RULE_DOUBT_UNANSWERED)) ||
                 (reply == REPLY_ODD && kept(w, RULE_DOUBT_ODD));
    if (doubt)
        s->note_doubt = s->in_doubt = 1;
    if (reply == REPLY_LOST || reply == REPLY_ODD)
        s->unknown = 1;
    if (reply == REPLY_OK || (reply == REPLY_ODD && !kept(w, RULE_READ_WHOLE)))
        s->note_done = 1;
}

/* ---- a sweep begins ---- */

/* Until the next look the clock stands: the model's time goes on, and the journal compares with this one. */
void look_at_the_clock(struct state *s)
{
    if (s->closed_aged)
        s->closed = AGE_OLD;
    if (s->final_aged)
        s->final = AGE_OLD;
    s->closed_aged = s->final_aged = s->aged = 0;
}

void write_begin(const struct world *w, struct state *s)
{
    look_at_the_clock(s);
    bool theirs = s->decision == TO_REJECT && s->listed && !kept(w, RULE_OWN_DECISIONS);
    s->decision = theirs ? ANOTHER_SWEEPS : UNDECIDED;
    s->listed = theirs;
    s->acted = 0;
    if (s->open) {
        s->unknown = 1;
        if (kept(w, RULE_DOUBT_AFTER_DEATH))
            s->doubt = 1;
    }
    if (s->row && s->unseen && !s->open) {
        retire(s);
        s->lost_sight = 1;
    }
    s->rejects = s->wants;
    s->phase = FINDING;
}

/* ---- what was listed ---- */

bool is_settling(const struct world *w, const struct state *s)
{
    return s->last == LAST_FINAL && s->closed == AGE_YOUNG && kept(w, RULE_SETTLING);
}

/* A call of ours that nobody answered, after which it was pending still, was done late. */
static void amend(const struct world *w, struct state *s)
{
    bool last = s->last == LAST_ABANDONED && !s->rejected;
    if (!s->abandoned || (!last && kept(w, RULE_AMENDED_ONCE)) || !kept(w, RULE_AMENDED))
        return;
    add_outcome(w, s, CAME_REJECTED, true);
    s->closed_aged = s->aged;
}

static void read_as_final(const struct world *w, struct state *s)
{
    if (!s->is_final) {
        s->is_final = 1;
        s->final = AGE_YOUNG;
        s->final_aged = s->aged;
    }
    bool retired = s->final == AGE_OLD || !kept(w, RULE_RETIRED_LATE);
    if (retired && (!s->open || !kept(w, RULE_RETIRED_CLOSED)))
        retire(s);
}

bool write_seen(const struct world *w, struct state *s, enum reading reading)
{
    if (!s->row && reading != READ_PENDING)
        return false;
    if (!s->row)
        add_row(s);
    s->unseen = 0;
    if (reading != READ_PENDING || !is_settling(w, s) || !kept(w, RULE_LAG_NOT_BELIEVED))
        s->last_pending = reading == READ_PENDING;
    if (reading == READ_REJECTED && !s->open)
        amend(w, s);
    if (reading != READ_PENDING) {
        read_as_final(w, s);
        return false;
    }
    s->is_final = s->final = s->final_aged = 0;
    return !is_settling(w, s) && s->decision != TO_KEEP && s->decision != TO_REJECT &&
           (!s->open || !kept(w, RULE_OPEN_IS_LEFT_ALONE));
}

/* It makes a row where there is none, so that its decision stands on one, and leaves all else as it is. */
void write_seen_by_plan(const struct world *w, struct state *s, enum reading reading)
{
    if (!kept(w, RULE_PLANS_LEAVE_NO_TRACE))
        write_seen(w, s, reading);
    else if (!s->row && reading == READ_PENDING)
        add_row(s);
}

/* ---- intents ---- */

void write_intent(const struct world *w, struct state *s)
{
    promise(s, s->decision == TO_REJECT, PROMISE_OWN_DECISION);
    promise(s, s->listed, PROMISE_WHOLE_LIST);
    promise(s, s->last_pending, PROMISE_LAST_WORD);
    promise(s, !s->open, PROMISE_ONE_INTENT);
    promise(s, !s->acted, PROMISE_ONE_CALL);
    promise(s, !s->ended || w->lags_on, PROMISE_ENDED_IS_LEFT_ALONE);
    s->open = 1;
    s->doubt = s->abandoned && kept(w, RULE_DOUBT_CARRIED);
    s->done = s->forgotten = 0;
    s->intended |= 1u << s->generation;
}

/* acting.c - the second half of the model's sweep: the belts, intents, calls, and what comes of them. */
#include "sweep_model.h"

static bool go_to(struct state *s, enum phase phase)
{
    s->phase = phase;
    return true;
}

/* ---- the belts ---- */

static bool would_reject(const struct state *s)
{
    return s->listed && (s->decision == TO_REJECT || s->decision == ANOTHER_SWEEPS);
}

static bool belts_let_pass(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    bool would = would_reject(s) || (s->decision == TO_REJECT && !kept(w, RULE_WHOLE_LIST));
    return s->phase == WEIGHING && !s->stopping && would && go_to(s, ACTING);
}

static bool belts_hold(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != WEIGHING || s->stopping || !would_reject(s))
        return false;
    s->held = 1;
    return go_to(s, kept(w, RULE_BELTS) ? ENDING : ACTING);
}

static bool has_nothing_to_reject(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    return s->phase == WEIGHING && (s->stopping || !would_reject(s)) && go_to(s, ENDING);
}

/* ---- intents ---- */

static bool is_candidate(const struct world *w, const struct state *s)
{
    return s->phase == ACTING && !s->stopping && s->generation < GENERATIONS &&
           (would_reject(s) || !kept(w, RULE_WHOLE_LIST)) && s->row &&
           (s->last_pending || !kept(w, RULE_LATER_COPY)) &&
           (!s->open || !kept(w, RULE_OPEN_IS_LEFT_ALONE)) &&
           (!s->acted || !kept(w, RULE_ONE_CALL_A_DECISION));
}

/* What is known already is written with it. */
static bool writes_intent(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_candidate(w, s))
        return false;
    write_notes(w, s);
    write_intent(w, s);
    s->acted = 1;
    s->sent = s->in_doubt = 0;
    return go_to(s, QUEUED);
}

static bool cannot_write_intent(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_candidate(w, s))
        return false;
    if (!kept(w, RULE_NO_INTENT_NO_CALL))
        return go_to(s, QUEUED);
    s->broken = s->stopping = 1;
    return go_to(s, ENDING);
}

static bool calls_before_its_intent(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    return is_candidate(w, s) && !kept(w, RULE_INTENT_FIRST) && go_to(s, QUEUED);
}

static bool has_no_candidate(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    return s->phase == ACTING && !is_candidate(w, s) && go_to(s, ENDING);
}

/* ---- calls ---- */

static bool sends(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != QUEUED || (s->stopping && kept(w, RULE_STOP)))
        return false;
    promise(s, s->decision == TO_REJECT, PROMISE_OWN_DECISION);
    promise(s, !s->held, PROMISE_HELD);
    promise(s, !s->stopping, PROMISE_STOPPED);
    s->sent = 1;
    return go_to(s, FLYING);
}

/* There is no key to sign with, or no memory. */
static bool cannot_send(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->phase != QUEUED || s->stopping)
        return false;
    s->reply = REPLY_UNSENT;
    return go_to(s, FLYING);
}

/* Told to stop: what never went out has surely failed, and anything else is the next sweep's. */
static bool withdraws(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->phase != QUEUED || !s->stopping)
        return false;
    if (!s->sent)
        s->note_result = CAME_FAILED;
    return go_to(s, ANSWERED);
}

/* ---- answers ---- */

static bool is_answered(const struct state *s)
{
    return s->phase == FLYING && s->reply != REPLY_NONE;
}

/* The broken order: the intent is written when its answer is there. */
static void catch_up_intent(const struct world *w, struct state *s)
{
    if (s->acted || kept(w, RULE_INTENT_FIRST))
        return;
    write_intent(w, s);
    s->acted = 1;
}

static bool is_worth_another_try(enum reply reply)
{
    return reply == REPLY_LOST || reply == REPLY_UNSENT || reply == REPLY_BUSY ||
           reply == REPLY_KEYS;
}

/* As often as anybody likes: how often is not for the model to say. */
static bool tries_again(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    enum reply reply = (enum reply)s->reply;
    if (!is_answered(s) || s->stopping || !is_worth_another_try(reply))
        return false;
    note_answer(w, s, reply);
    s->reply = REPLY_NONE;
    return go_to(s, QUEUED);
}

/* What an answer settles; CAME_NOTHING: nothing yet. */
static enum result meaning_of(const struct world *w, enum reply reply)
{
    static const enum result results[] = {
        [REPLY_OK] = CAME_REJECTED,
        [REPLY_ALREADY_REJECTED] = CAME_ALREADY_REJECTED,
        [REPLY_ALREADY_ACCEPTED] = CAME_ALREADY_ACCEPTED,
        [REPLY_OVER] = CAME_OVER,
        [REPLY_BUSY] = CAME_FAILED,
        [REPLY_UNSENT] = CAME_FAILED,
        [REPLY_LOST] = CAME_NOTHING,
    };
    if (reply == REPLY_ODD && !kept(w, RULE_READ_WHOLE))
        return CAME_REJECTED;
    if (reply == REPLY_NOT_FOUND && !kept(w, RULE_NOT_FOUND_IS_ASKED))
        return CAME_GONE;
    return results[reply];
}

static bool takes_answer(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_answered(s))
        return false;
    enum reply reply = (enum reply)s->reply;
    enum result result = meaning_of(w, reply);
    catch_up_intent(w, s);
    note_answer(w, s, reply);
    s->reply = REPLY_NONE;
    bool not_known = result == CAME_FAILED && s->in_doubt;
    if (result != CAME_NOTHING && !not_known)
        s->note_result = result;
    else if (reply != REPLY_LOST && reply != REPLY_UNSENT)
        return go_to(s, ASKING);
    return go_to(s, ANSWERED);
}

/* Memory runs out between the two notes that an answer makes. */
static bool notes_half_an_answer(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_answered(s))
        return false;
    note_answer(w, s, (enum reply)s->reply);
    s->reply = REPLY_NONE;
    s->broken = s->stopping = 1;
    return go_to(s, ENDING);
}

/* ---- what is noted is written ---- */

static bool has_notes(const struct state *s)
{
    return s->note_doubt || s->note_done || s->note_result != CAME_NOTHING;
}

static bool is_acting(const struct state *s)
{
    return s->phase >= QUEUED && s->phase <= ANSWERED;
}

static bool writes_notes(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_acting(s) || s->stopping || !has_notes(s))
        return false;
    write_notes(w, s);
    return true;
}

static bool cannot_write_notes(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (!is_acting(s) || s->stopping)
        return false;
    s->broken = s->stopping = 1;
    return true;
}

static bool goes_on(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != ANSWERED)
        return false;
    s->in_doubt = s->sent = 0;
    return go_to(s, kept(w, RULE_ONE_CALL_A_DECISION) ? ENDING : ACTING);
}

static bool ends(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != ENDING)
        return false;
    write_notes(w, s);
    forget_the_sweep(s);
    return true;
}

static bool ends_unwritten(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->phase != ENDING || !has_notes(s))
        return false;
    forget_the_sweep(s);
    return true;
}

static const struct step rows[] = {
    {"the belts let it pass", belts_let_pass, 0, false},
    {"the belts hold", belts_hold, 0, true},
    {"nothing is to be rejected", has_nothing_to_reject, 0, false},
    {"its intent is written", writes_intent, 0, false},
    {"its intent cannot be written", cannot_write_intent, 0, true},
    {"its call is begun, and its intent not written yet", calls_before_its_intent, 0, false},
    {"it is not among what may be rejected", has_no_candidate, 0, false},
    {"the rejection is sent", sends, 0, false},
    {"the rejection cannot be sent", cannot_send, 0, true},
    {"the rejection is withdrawn", withdraws, 0, false},
    {"the rejection is tried again", tries_again, 0, false},
    {"the answer is taken as it is", takes_answer, 0, false},
    {"memory runs out amid an answer", notes_half_an_answer, 0, true},
    {"a batch of others is written, and what is known with it", writes_notes, 0, false},
    {"a batch of others cannot be written", cannot_write_notes, 0, true},
    {"nothing more is to be done about it", goes_on, 0, false},
    {"the sweep ends", ends, 0, false},
    {"the sweep ends, and what it knows cannot be written", ends_unwritten, 0, true},
};
const struct steps acting_steps = {rows, sizeof rows / sizeof rows[0]};

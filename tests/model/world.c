/* world.c - the cloud, its lists, the wire, persons, and time: whatever the sweep cannot help. */
#include "sweep_model.h"

enum reading what_is(const struct state *s)
{
    static const enum reading readings[] = {[PENDING] = READ_PENDING,
                                            [REJECTED] = READ_REJECTED,
                                            [ACCEPTED] = READ_ACCEPTED,
                                            [OVER] = READ_OVER};
    return s->purged ? READ_ABSENT : readings[s->status];
}

static void end_as(struct state *s, enum status status, enum who who)
{
    s->status = status;
    s->by = who;
    s->lags = 1;
}

/* A cloud that knows client tokens gives the first answer again. One that does not, or has forgotten, says that it is
 * rejected already. */
static bool gives_again(const struct world *w, const struct state *s, unsigned generation)
{
    return s->by == US && (s->by_generation == generation || !kept(w, RULE_GENERATION));
}

/* The cloud gets a call of ours; what it answers. */
static enum reply carry_out(struct state *s, unsigned generation)
{
    switch ((enum status)s->status) {
    case PENDING:
        promise(s, s->intended >> generation & 1, PROMISE_INTENT_FIRST);
        end_as(s, REJECTED, US);
        s->by_generation = generation;
        return REPLY_OK;
    case REJECTED:
        return REPLY_ALREADY_REJECTED;
    case ACCEPTED:
        return REPLY_ALREADY_ACCEPTED;
    case OVER:
        return REPLY_OVER;
    }
    return REPLY_REFUSED;
}

/* ---- the wire ---- */

static bool is_sent(const struct state *s)
{
    return s->phase == FLYING && s->reply == REPLY_NONE;
}

static bool answers(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (!is_sent(s))
        return false;
    s->reply = carry_out(s, s->generation);
    return true;
}

static bool answers_again(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_sent(s) || s->status != REJECTED || !gives_again(w, s, s->generation))
        return false;
    s->reply = REPLY_OK;
    return true;
}

/* It does nothing, and says so, or something that looks like it. */
static bool answers_with(const struct world *w, struct state *s, unsigned reply)
{
    (void)w;
    if (!is_sent(s))
        return false;
    s->reply = reply;
    return true;
}

static bool loses_reply(const struct world *w, struct state *s, unsigned reply)
{
    (void)w;
    if (!is_sent(s))
        return false;
    carry_out(s, s->generation);
    s->reply = reply;
    return true;
}

static bool keeps_request(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (!is_sent(s))
        return false;
    s->late |= 1u << s->generation;
    s->reply = REPLY_LOST;
    return true;
}

static bool sends_twice(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!is_sent(s) || kept(w, RULE_SENT_ONCE))
        return false;
    carry_out(s, s->generation);
    s->reply = carry_out(s, s->generation);
    return true;
}

static bool comes_late(const struct world *w, struct state *s, unsigned generation)
{
    (void)w;
    if ((s->late >> generation & 1) == 0)
        return false;
    s->late &= ~(1u << generation);
    carry_out(s, generation);
    return true;
}

static bool never_comes(const struct world *w, struct state *s, unsigned generation)
{
    (void)w;
    if ((s->late >> generation & 1) == 0)
        return false;
    s->late &= ~(1u << generation);
    return true;
}

/* ---- others ---- */

static bool somebody_rejects(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->status != PENDING)
        return false;
    end_as(s, REJECTED, A_PERSON);
    return true;
}

static bool somebody_accepts(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->status != PENDING)
        return false;
    end_as(s, ACCEPTED, A_PERSON);
    return true;
}

static bool runs_out(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->status != PENDING)
        return false;
    end_as(s, OVER, TIME);
    return true;
}

static bool policy_changes(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    s->wants = !s->wants;
    return true;
}

static bool configuration_changes(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (is_under_way(s))
        return false;
    s->configured = !s->configured;
    return true;
}

/* Beside a sweep, or between two. */
static bool plan_lists_it(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->purged)
        return false;
    write_seen_by_plan(w, s, what_is(s));
    return true;
}

static bool plan_lists_it_as_pending(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (!s->lags)
        return false;
    write_seen_by_plan(w, s, READ_PENDING);
    return true;
}

/* ---- lists and time ---- */

static bool list_catches_up(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (!s->lags)
        return false;
    s->lags = 0;
    return true;
}

static bool list_drops_it(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->purged || s->lags || s->status == PENDING)
        return false;
    s->purged = 1;
    return true;
}

/* Requests of then are not taken any more, and lists that lag no longer than that are right. One that lags on does so until it
 * has once shown the end for so long. */
static void let_time_pass(const struct world *w, struct state *s)
{
    s->late = 0;
    bool has_shown_it = s->is_final || (s->phase == PAGE && s->reading != READ_PENDING);
    if (!w->lags_on || has_shown_it)
        s->lags = 0;
    bool stands = kept(w, RULE_TIME_OF_READING) ? s->phase == PAGE : is_under_way(s);
    s->aged = stands;
    s->closed_aged = s->closed;
    s->final_aged = s->final;
    if (!stands)
        look_at_the_clock(s);
    if (s->row && !kept(w, RULE_UNSEEN_LATE))
        s->unseen = 1;
    if (s->open && !kept(w, RULE_FORGOTTEN_LATE))
        s->forgotten = 1;
}

/* A request in flight has ended by then, but nobody may have looked yet: a machine may sleep amid a sweep. */
static bool quarter_of_an_hour_passes(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (is_sent(s))
        return false;
    let_time_pass(w, s);
    return true;
}

/* No invitation stays pending so long, no list lags so long, and no sweep takes so long. */
static bool eight_days_pass(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (is_under_way(s))
        return false;
    let_time_pass(w, s);
    if (s->status == PENDING)
        end_as(s, OVER, TIME);
    s->lags = 0;
    if (s->row)
        s->unseen = 1;
    if (s->open)
        s->forgotten = 1;
    return true;
}

/* ---- all of it ---- */

static const struct step rows[] = {
    {"the cloud answers the rejection", answers, 0, false},
    {"the cloud answers the same call again", answers_again, 0, false},
    {"the cloud answers NotFound", answers_with, REPLY_NOT_FOUND, true},
    {"the cloud refuses", answers_with, REPLY_REFUSED, true},
    {"the cloud is busy", answers_with, REPLY_BUSY, true},
    {"the cloud says that the keys have expired", answers_with, REPLY_KEYS, true},
    {"the connection is refused", answers_with, REPLY_UNSENT, true},
    {"the request is lost", answers_with, REPLY_LOST, true},
    {"the request is lost from sight, and still under way", keeps_request, 0, true},
    {"the cloud rejects it, and the reply is lost", loses_reply, REPLY_LOST, true},
    {"something else answers 200", answers_with, REPLY_ODD, true},
    {"the cloud rejects it, and the reply is cut off", loses_reply, REPLY_ODD, true},
    {"the request is sent twice beneath us", sends_twice, 0, true},
    {"a late request of generation 1 arrives", comes_late, 1, true},
    {"a late request of generation 2 arrives", comes_late, 2, true},
    {"a late request of generation 1 never arrives", never_comes, 1, true},
    {"a late request of generation 2 never arrives", never_comes, 2, true},
    {"a person rejects it", somebody_rejects, 0, true},
    {"a person accepts it", somebody_accepts, 0, true},
    {"it expires, or its sender takes it back", runs_out, 0, true},
    {"the policy changes", policy_changes, 0, true},
    {"its target leaves the configuration, or comes back", configuration_changes, 0, true},
    {"a plan lists it", plan_lists_it, 0, true},
    {"a plan lists it as pending still", plan_lists_it_as_pending, 0, true},
    {"the list catches up", list_catches_up, 0, true},
    {"the list drops it", list_drops_it, 0, true},
    {"a quarter of an hour passes", quarter_of_an_hour_passes, 0, true},
    {"eight days pass", eight_days_pass, 0, true},
};
const struct steps world_steps = {rows, sizeof rows / sizeof rows[0]};

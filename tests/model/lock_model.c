/* lock_model.c - what the lock is for: two runs at once, with no more of a sweep than that takes. */
#include "lock_model.h"

#include <string.h>

enum { RUNS = 2, NOBODYS = RUNS };

enum lock_phase { OUTSIDE, INSIDE, BEGUN, DECIDED, INTENDED, CALLING, ANSWERED, DONE };

enum lock_promise { KEPT, A_CALL_OF_ITS_OWN, ITS_ANSWER_IS_WRITTEN };

const char lock_promise_call[] = "a call goes out for an open intent of the very run that acts";
const char lock_promise_answer[] = "what was answered finds its intent open";
static const char *const texts[] = {
    [A_CALL_OF_ITS_OWN] = lock_promise_call, [ITS_ANSWER_IS_WRITTEN] = lock_promise_answer};

struct runs {
    unsigned phase0 : 3, phase1 : 3;
    unsigned rejects0 : 1, rejects1 : 1; /* by the policies that it loaded */
    unsigned holder : 2;                 /* of the lock; NOBODYS */
    unsigned acts : 2;                   /* whose sweep is under way, for the journal */
    unsigned open : 1, owner : 1;        /* an intent, and whose */
    unsigned rejected : 1;               /* in the cloud */
    unsigned late : 1;                   /* a call of one that died */
    unsigned wants : 1;                  /* the policy now */
    unsigned promise : 2;
};
_Static_assert(sizeof(struct runs) <= sizeof(struct snapshot), "a state is too large");

static enum lock_phase phase_of(const struct runs *s, unsigned me)
{
    return me == 0 ? s->phase0 : s->phase1;
}

static bool go_to(struct runs *s, unsigned me, enum lock_phase phase)
{
    if (me == 0)
        s->phase0 = phase;
    else
        s->phase1 = phase;
    return true;
}

static void promise(struct runs *s, bool kept_so, enum lock_promise which)
{
    if (!kept_so && s->promise == KEPT)
        s->promise = which;
}

static bool rejects(const struct runs *s, unsigned me)
{
    return me == 0 ? s->rejects0 : s->rejects1;
}

/* ---- what a run does ---- */

static bool comes(enum lock_rule without, struct runs *s, unsigned me)
{
    if (phase_of(s, me) != OUTSIDE)
        return false;
    if (s->holder != NOBODYS && without != LOCK_TAKEN && without != LOCK_BEFORE_LOOKING)
        return false;
    if (s->holder == NOBODYS)
        s->holder = me;
    return go_to(s, me, INSIDE);
}

/* The run before is ended, and what it left open is asked about. */
static bool begins(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) != INSIDE)
        return false;
    s->acts = me;
    s->open = 0;
    if (me == 0)
        s->rejects0 = s->wants;
    else
        s->rejects1 = s->wants;
    return go_to(s, me, BEGUN);
}

/* A sweep that another one cut may not go on: the journal refuses. */
static bool decides(enum lock_rule without, struct runs *s, unsigned me)
{
    if (phase_of(s, me) != BEGUN)
        return false;
    bool locked_out = s->holder != me && without == LOCK_BEFORE_LOOKING;
    bool goes_on = s->acts == me && rejects(s, me) && !s->rejected && !locked_out;
    return go_to(s, me, goes_on ? DECIDED : DONE);
}

static bool intends(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) != DECIDED)
        return false;
    if (s->acts != me || s->open)
        return go_to(s, me, DONE);
    s->open = 1;
    s->owner = me;
    return go_to(s, me, INTENDED);
}

static bool calls(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) != INTENDED)
        return false;
    promise(s, s->open && s->owner == me && s->acts == me, A_CALL_OF_ITS_OWN);
    return go_to(s, me, CALLING);
}

static bool is_answered(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) != CALLING)
        return false;
    s->rejected = 1;
    return go_to(s, me, ANSWERED);
}

static bool writes(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) != ANSWERED)
        return false;
    promise(s, s->open && s->owner == me, ITS_ANSWER_IS_WRITTEN);
    s->open = 0;
    return go_to(s, me, DONE);
}

static void leave(struct runs *s, unsigned me)
{
    if (s->holder == me)
        s->holder = NOBODYS;
    go_to(s, me, OUTSIDE);
}

static bool ends(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) != DONE)
        return false;
    if (s->acts == me)
        s->acts = NOBODYS;
    leave(s, me);
    return true;
}

/* The kernel lets go of its lock; its call goes on. */
static bool dies(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    if (phase_of(s, me) == OUTSIDE)
        return false;
    if (phase_of(s, me) == CALLING)
        s->late = 1;
    leave(s, me);
    return true;
}

/* ---- what is done to it ---- */

static bool expires(enum lock_rule without, struct runs *s, unsigned me)
{
    if (without != LOCK_UNTIL_DEATH || s->holder != me)
        return false;
    s->holder = NOBODYS;
    return true;
}

static bool lets_go_early(enum lock_rule without, struct runs *s, unsigned me)
{
    if (without != LOCK_RELEASED_LAST || s->holder != me || phase_of(s, me) != ANSWERED)
        return false;
    s->holder = NOBODYS;
    return true;
}

static bool comes_late(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    (void)me;
    if (!s->late)
        return false;
    s->late = 0;
    s->rejected = 1;
    return true;
}

static bool changes_its_mind(enum lock_rule without, struct runs *s, unsigned me)
{
    (void)without;
    (void)me;
    s->wants = !s->wants;
    return true;
}

static const struct lock_step {
    const char *names[RUNS];
    bool (*take)(enum lock_rule without, struct runs *s, unsigned me);
} steps[] = {
    {{"one run comes", "the other comes"}, comes},
    {{"one begins", "the other begins"}, begins},
    {{"one decides", "the other decides"}, decides},
    {{"one writes its intent", "the other writes its intent"}, intends},
    {{"one sends its call", "the other sends its call"}, calls},
    {{"one is answered", "the other is answered"}, is_answered},
    {{"one writes what came of it", "the other writes what came of it"}, writes},
    {{"one ends", "the other ends"}, ends},
    {{"one is killed", "the other is killed"}, dies},
    {{"the one's lock expires", "the other's lock expires"}, expires},
    {{"one lets go of the lock", "the other lets go of the lock"}, lets_go_early},
    {{"a late call arrives", "a late call arrives"}, comes_late},
    {{"the policy changes", "the policy changes"}, changes_its_mind},
};

static const char *name(size_t step)
{
    return steps[step / RUNS].names[step % RUNS];
}

static bool take(const void *context, size_t step, struct snapshot *snapshot)
{
    struct runs s;
    memcpy(&s, snapshot, sizeof s);
    bool taken =
        steps[step / RUNS].take(*(const enum lock_rule *)context, &s, (unsigned)(step % RUNS));
    memcpy(snapshot, &s, sizeof s);
    return taken;
}

static const char *broken(const struct snapshot *snapshot)
{
    struct runs s;
    memcpy(&s, snapshot, sizeof s);
    return texts[s.promise];
}

/* The policy may always change. */
static bool may_end(const struct snapshot *snapshot)
{
    (void)snapshot;
    return false;
}

void lock_machine(const enum lock_rule *without, struct machine *out)
{
    struct runs first;
    memset(&first, 0, sizeof first);
    first.holder = first.acts = NOBODYS;
    first.wants = 1;
    *out = (struct machine){.step_count = RUNS * sizeof steps / sizeof steps[0],
                            .take = take,
                            .name = name,
                            .broken = broken,
                            .may_end = may_end,
                            .context = without};
    memcpy(&out->first, &first, sizeof first);
}

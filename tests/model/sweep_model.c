/* sweep_model.c - the steps of everybody put together, and what must be so in the end. */
#include "sweep_model.h"

#include <string.h>

_Static_assert(sizeof(struct state) <= sizeof(struct snapshot), "a state is too large");

const char *const promise_texts[PROMISE_COUNT] = {
    [PROMISE_INTENT_FIRST] = "no rejection without an earlier durable intent",
    [PROMISE_OWN_DECISION] = "only what this very sweep decided to reject is called",
    [PROMISE_WHOLE_LIST] = "only what stands on a list that was read whole is called",
    [PROMISE_LAST_WORD] = "only what was read as pending last is called",
    [PROMISE_ONE_INTENT] = "an invitation has one open intent at a time",
    [PROMISE_ONE_CALL] = "a decision is acted on once",
    [PROMISE_HELD] = "what the belts hold is not called",
    [PROMISE_STOPPED] = "nothing is called after a stop",
    [PROMISE_ENDED_IS_LEFT_ALONE] =
        "what has ended is left alone, where lists lag no longer than a quarter of an hour",
    [PROMISE_BY_REPLY] = "rejected by reply: this very call did it",
    [PROMISE_INFERRED] = "rejected, inferred: it is rejected, and may have been us",
    [PROMISE_SOMEBODY_ELSE] = "already rejected: somebody else, or an earlier generation",
    [PROMISE_ENDED_SO] = "accepted, expired or gone: so it is",
    [PROMISE_FAILED] = "failed: no call of it was done, or will be",
    [PROMISE_SUCCESS_IS_KEPT] = "what was answered with success is recorded so",
    [PROMISE_ONCE] = "an invitation is recorded rejected once",
    [PROMISE_CLOSES] = "a sweep without trouble leaves no intent open",
    [PROMISE_OURS_IS_RECORDED] = "after a sweep without trouble what we rejected is recorded so",
    [PROMISE_DONE] = "a sweep without trouble rejects what its policy rejects",
    [PROMISE_AN_END] = "a sweep without trouble ends",
};

static const struct steps *const groups[] = {&world_steps, &sweep_steps, &acting_steps};
enum { GROUPS = sizeof groups / sizeof groups[0] };

/* From here on nothing goes wrong any more. */
static const struct step calm_down = {"from here on nothing goes wrong", NULL, 0, false};

static const struct step *step_at(size_t index)
{
    for (size_t i = 0; i < GROUPS; i++) {
        if (index < groups[i]->count)
            return &groups[i]->rows[index];
        index -= groups[i]->count;
    }
    return &calm_down;
}

static size_t count_steps(void)
{
    size_t count = 1;
    for (size_t i = 0; i < GROUPS; i++)
        count += groups[i]->count;
    return count;
}

static bool calms_down(const struct world *w, struct state *s)
{
    if (is_under_way(s) || s->calm > 0 || !s->configured)
        return false;
    s->calm = 1;
    write_begin(w, s);
    return true;
}

static void check_the_end(struct state *s)
{
    bool can_be_read = !s->lags && !s->purged && !s->lost_sight;
    promise(s, !s->open, PROMISE_CLOSES);
    promise(s, s->by != US || s->counted || !can_be_read, PROMISE_OURS_IS_RECORDED);
    promise(s, s->status != PENDING || !s->wants, PROMISE_DONE);
}

static bool take_in(const struct world *w, const struct step *step, struct state *s)
{
    if (step == &calm_down)
        return calms_down(w, s);
    if (s->calm > 0 && (step->is_trouble || !is_under_way(s)))
        return false;
    if (!step->take(w, s, step->arg))
        return false;
    if (s->calm > 0 && !is_under_way(s))
        check_the_end(s);
    else if (s->calm > 0)
        promise(s, ++s->calm < CALM_MAX, PROMISE_AN_END);
    return true;
}

static bool take(const void *context, size_t step, struct snapshot *snapshot)
{
    struct state s;
    memcpy(&s, snapshot, sizeof s);
    bool taken = take_in(context, step_at(step), &s);
    memcpy(snapshot, &s, sizeof s);
    return taken;
}

static const char *name(size_t step)
{
    return step_at(step)->name;
}

static const char *broken(const struct snapshot *snapshot)
{
    struct state s;
    memcpy(&s, snapshot, sizeof s);
    return promise_texts[s.promise];
}

static bool may_end(const struct snapshot *snapshot)
{
    struct state s;
    memcpy(&s, snapshot, sizeof s);
    return s.calm > 0 && !is_under_way(&s);
}

void sweep_machine(const struct world *w, struct machine *out)
{
    struct state first;
    memset(&first, 0, sizeof first);
    first.wants = first.configured = 1;
    *out = (struct machine){.step_count = count_steps(),
                            .take = take,
                            .name = name,
                            .broken = broken,
                            .may_end = may_end,
                            .context = w};
    memcpy(&out->first, &first, sizeof first);
}

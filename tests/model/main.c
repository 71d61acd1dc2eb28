/* main.c - every promise is kept, and each rule is needed: taken away, it gives a way to a promise that is broken. */
#include <stdio.h>
#include <string.h>

#include "lock_model.h"
#include "sweep_model.h"

/* The shortest way to a broken promise may be to another one where lists lag for ever. */
static const struct removal {
    enum rule rule;
    bool lags_on;
    enum promise breaks;
    const char *text;
} removals[] = {
    {RULE_INTENT_FIRST, false, PROMISE_INTENT_FIRST, "an intent is durable before its call"},
    {RULE_NO_INTENT_NO_CALL, false, PROMISE_INTENT_FIRST,
     "what the journal could not be told is not called"},
    {RULE_DOUBT_AFTER_DEATH, false, PROMISE_FAILED, "what is found open may have been done"},
    {RULE_ASK_DO_NOT_RESUME, false, PROMISE_OWN_DECISION, "recovery asks, and rejects nothing"},
    {RULE_DOUBT_UNANSWERED, false, PROMISE_FAILED, "a call without an answer may have been done"},
    {RULE_DOUBT_ODD, false, PROMISE_SOMEBODY_ELSE,
     "nor does a 200 of another shape tell what was done"},
    {RULE_READ_WHOLE, false, PROMISE_BY_REPLY,
     "a 200 counts when it is whole, of the same id, and says REJECTED"},
    {RULE_INFERRED, false, PROMISE_BY_REPLY, "rejected already, and in doubt, is only inferred"},
    {RULE_SOMEBODY_ELSE, false, PROMISE_INFERRED,
     "rejected already, and not in doubt, is somebody else's"},
    {RULE_DOUBT_CARRIED, false, PROMISE_FAILED, "what follows an abandoned intent begins in doubt"},
    {RULE_AMENDED, false, PROMISE_OURS_IS_RECORDED,
     "abandoned, and read as rejected later, is amended"},
    {RULE_AMENDED_ONCE, false, PROMISE_ONCE, "but where nothing else is known since, only"},
    {RULE_FAILED_IS_SURE, false, PROMISE_FAILED, "pending still, and in doubt, is not failed"},
    {RULE_ABANDONED, false, PROMISE_CLOSES, "it is abandoned, and does not stay open"},
    {RULE_ABANDONED_NOT_FINAL, false, PROMISE_DONE, "abandoned is not final"},
    {RULE_COUNTED_ONCE, true, PROMISE_ONCE, "recorded rejected, it was rejected already"},
    {RULE_SUCCESS_OUTWEIGHS, false, PROMISE_SUCCESS_IS_KEPT,
     "an answer of success outweighs what is read later"},
    {RULE_NOT_FOUND_IS_ASKED, false, PROMISE_ENDED_SO, "NotFound to a rejection proves nothing"},
    {RULE_SENT_ONCE, false, PROMISE_SOMEBODY_ELSE, "no request is sent twice beneath us"},
    {RULE_SETTLING, false, PROMISE_ENDED_IS_LEFT_ALONE,
     "final here, and listed as pending a quarter of an hour, is left alone"},
    {RULE_TIME_OF_READING, false, PROMISE_ENDED_IS_LEFT_ALONE,
     "what is young or old is so when the page is asked for, not when the sweep begins"},
    {RULE_LAG_NOT_BELIEVED, false, PROMISE_ENDED_IS_LEFT_ALONE,
     "what is left alone keeps the status that it had"},
    {RULE_GENERATION, true, PROMISE_BY_REPLY, "the client token holds the generation"},
    {RULE_OWN_DECISIONS, false, PROMISE_OWN_DECISION, "another sweep's decisions are not acted on"},
    {RULE_WHOLE_LIST, false, PROMISE_WHOLE_LIST,
     "nor is what stands on a list that was not read whole"},
    {RULE_LISTS_END, false, PROMISE_AN_END, "a list that goes in circles is given up"},
    {RULE_LATER_COPY, false, PROMISE_LAST_WORD, "of two copies in a listing the later counts"},
    {RULE_OPEN_IS_LEFT_ALONE, false, PROMISE_ONE_INTENT,
     "an invitation with an open intent is left alone"},
    {RULE_ONE_CALL_A_DECISION, false, PROMISE_ONE_CALL, "a decision has one intent"},
    {RULE_BELTS, false, PROMISE_HELD, "what the belts hold is not acted on"},
    {RULE_STOP, false, PROMISE_STOPPED, "what waits is withdrawn at a stop"},
    {RULE_RETIRED_LATE, false, PROMISE_ENDED_IS_LEFT_ALONE,
     "a row is retired once it was read as final for a quarter of an hour"},
    {RULE_RETIRED_CLOSED, false, PROMISE_BY_REPLY, "and has no open intent"},
    {RULE_UNSEEN_LATE, false, PROMISE_ENDED_IS_LEFT_ALONE, "or was unseen for 8 days"},
    {RULE_FORGOTTEN_LATE, false, PROMISE_ENDED_SO,
     "so long also stays open what has no target any more"},
    {RULE_PLANS_LEAVE_NO_TRACE, false, PROMISE_ENDED_IS_LEFT_ALONE,
     "what a plan reads is not remembered"},
};
enum { REMOVALS = sizeof removals / sizeof removals[0] };

static const struct {
    enum lock_rule rule;
    const char *breaks, *text;
} lock_removals[] = {
    {LOCK_TAKEN, lock_promise_call, "one run at a time has the lock"},
    {LOCK_BEFORE_LOOKING, lock_promise_call, "it is taken before the journal is looked at"},
    {LOCK_UNTIL_DEATH, lock_promise_call, "it ends with its owner, and at no time"},
    {LOCK_RELEASED_LAST, lock_promise_answer, "it is let go when everything is written"},
};

/* ---- what is counted ---- */

struct tally {
    int passed, failed;
    const char *only; /* traces of what holds this text are shown; NULL: of failures */
};

static void count(struct tally *tally, bool ok, const char *text)
{
    tally->passed += ok;
    tally->failed += !ok;
    if (!ok)
        printf("FAIL %s\n", text);
}

static void show_trace(const struct machine *machine, const struct exploration *found)
{
    for (size_t i = 0; i < found->trace_len && i < TRACE_MAX; i++)
        printf("  %3zu  %s\n", i + 1, machine->name(found->trace[i]));
    if (found->broken != NULL)
        printf("       broken: %s\n", found->broken);
}

/* `breaks` NULL: every promise is kept. */
static void check(struct tally *tally, const struct machine *machine, const char *text,
                  const char *breaks, struct exploration *found)
{
    explore(machine, found);
    bool as_wanted = !found->no_memory &&
                     (breaks == NULL ? found->broken == NULL
                                     : found->broken != NULL && strcmp(found->broken, breaks) == 0);
    bool is_asked_for = tally->only != NULL && strstr(text, tally->only) != NULL;
    if (tally->only == NULL || is_asked_for)
        printf("%s %9zu states  %s%s\n", as_wanted ? "ok  " : "FAIL", found->states,
               breaks == NULL ? "" : "without: ", text);
    if (!as_wanted)
        printf("     wanted: %s%s\n", breaks != NULL ? breaks : "every promise is kept",
               found->no_memory ? ", but memory ran out" : "");
    if (!as_wanted || is_asked_for)
        show_trace(machine, found);
    tally->passed += as_wanted;
    tally->failed += !as_wanted;
}

/* ---- the search itself ---- */

enum { WIDE = 5, HIGH = 7, LAST_STEP = 2 };

/* A board on which one steps right or up, each way round; from the far corner there is no way on when `context` says so. */
static bool walk(const void *context, size_t step, struct snapshot *s)
{
    uint64_t x = s->words[0], y = s->words[1];
    if (*(const bool *)context && x == WIDE - 1 && y == HIGH - 1)
        return false;
    s->words[0] = step == 0 ? (x + 1) % WIDE : x;
    s->words[1] = step == 1 ? (y + 1) % HIGH : y;
    return true;
}

static const char *way(size_t step)
{
    return step == 0 ? "right" : "up";
}

static const char *no_trap(const struct snapshot *s)
{
    return s->words[0] == 3 && s->words[1] == 2 ? "nobody steps on 3, 2" : NULL;
}

static const char *nothing_broken(const struct snapshot *s)
{
    (void)s;
    return NULL;
}

static bool never_ends(const struct snapshot *s)
{
    (void)s;
    return false;
}

static void check_search(struct tally *tally)
{
    static const bool is_open = false, has_dead_end = true;
    struct machine board = {.step_count = LAST_STEP,
                            .take = walk,
                            .name = way,
                            .broken = nothing_broken,
                            .may_end = never_ends,
                            .context = &is_open};
    struct exploration found;
    explore(&board, &found);
    count(tally, found.states == WIDE * HIGH && found.steps == 2 * found.states && !found.broken,
          "the search finds every state, once");
    board.context = &has_dead_end;
    explore(&board, &found);
    count(tally, found.broken != NULL && found.trace_len == WIDE + HIGH - 2,
          "the search finds where there is no next step");
    board.broken = no_trap;
    explore(&board, &found);
    count(tally, found.broken != NULL && found.trace_len == 5, "the search finds the shortest way");
}

/* ---- the sweep ---- */

static void note_seen(const struct exploration *found, uint8_t *seen)
{
    for (size_t i = 0; i < sizeof found->seen; i++)
        seen[i] |= found->seen[i];
}

/* A step that nobody can take, or a promise that nothing can break, is a mistake in the model. */
static void check_model(struct tally *tally, const struct machine *machine, const uint8_t *seen)
{
    for (size_t i = 0; i < machine->step_count; i++)
        if (!seen[i])
            printf("     never: %s\n", machine->name(i));
    count(tally, memchr(seen, 0, machine->step_count) == NULL, "every step is taken somewhere");
    bool can_break[PROMISE_COUNT] = {true}, is_removed[RULE_COUNT] = {true};
    for (size_t i = 0; i < REMOVALS; i++)
        can_break[removals[i].breaks] = is_removed[removals[i].rule] = true;
    count(tally, memchr(can_break, 0, sizeof can_break) == NULL, "every promise can be broken");
    count(tally, memchr(is_removed, 0, sizeof is_removed) == NULL, "every rule is taken away");
}

static void check_sweep(struct tally *tally)
{
    uint8_t seen[256] = {0};
    struct exploration found;
    struct machine machine;
    struct world world = {.lags_on = false};
    sweep_machine(&world, &machine);
    check(tally, &machine, "a sweep, where lists lag a quarter of an hour at most", NULL, &found);
    note_seen(&found, seen);
    world.lags_on = true;
    check(tally, &machine, "a sweep, where lists may lag for ever", NULL, &found);
    note_seen(&found, seen);
    for (size_t i = 0; i < REMOVALS; i++) {
        const struct removal *removal = &removals[i];
        world = (struct world){.without = removal->rule, .lags_on = removal->lags_on};
        check(tally, &machine, removal->text, promise_texts[removal->breaks], &found);
        note_seen(&found, seen);
    }
    check_model(tally, &machine, seen);
}

/* ---- two at once ---- */

static void check_lock(struct tally *tally)
{
    struct exploration found;
    struct machine machine;
    enum lock_rule without = LOCK_NONE;
    lock_machine(&without, &machine);
    check(tally, &machine, "two runs at once", NULL, &found);
    for (size_t i = 0; i < sizeof lock_removals / sizeof lock_removals[0]; i++) {
        without = lock_removals[i].rule;
        check(tally, &machine, lock_removals[i].text, lock_removals[i].breaks, &found);
    }
}

int main(int argc, char **argv)
{
    struct tally tally = {.only = argc > 1 ? argv[1] : NULL};
    check_search(&tally);
    check_sweep(&tally);
    check_lock(&tally);
    printf("%d passed, %d failed\n", tally.passed, tally.failed);
    return tally.failed == 0 ? 0 : 1;
}

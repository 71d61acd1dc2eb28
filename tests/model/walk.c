/* walk.c - the model and the journal walk hand in hand: what one says is written, and what may be done next, so does the other. */
#include <stdlib.h>
#include <string.h>

#include "../unit/journal_case.h"
#include "sweep_model.h"

enum { WALKS = 200, WANDER = 30, QUARTER_MS = 15 * MINUTE_MS };
static const int64_t eight_days_ms = 8LL * DAY_MS + 1;

struct walk {
    struct journal_case
        c; /* of an acting run, which is opened once: a new sweep buries the one before */
    struct world world;
    struct state before, after; /* of a step */
    int64_t began_ms;           /* of the sweep */
    int64_t read_ms;            /* when the page in hand was asked for */
    int64_t invitation, decision, intent;
    const char *step;
};

/* ---- what was noted ---- */

static void flush(struct walk *k)
{
    static const enum journal_result results[] = {
        [CAME_REJECTED] = RESULT_REJECTED,
        [CAME_ALREADY_REJECTED] = RESULT_ALREADY_REJECTED,
        [CAME_ALREADY_ACCEPTED] = RESULT_ALREADY_ACCEPTED,
        [CAME_OVER] = RESULT_EXPIRED,
        [CAME_GONE] = RESULT_GONE,
        [CAME_FAILED] = RESULT_FAILED,
    };
    const struct state *s = &k->before;
    if (s->note_doubt)
        case_attempt(&k->c, k->intent, ANSWER_NONE);
    if (s->note_done)
        case_attempt(&k->c, k->intent, ANSWER_OK);
    if (s->note_result != CAME_NOTHING)
        case_outcome(&k->c, k->intent, results[s->note_result]);
}

/* ---- step for step ---- */

static void nothing(struct walk *k)
{
    (void)k;
}

static void pass_quarter(struct walk *k)
{
    k->c.now_ms += QUARTER_MS;
}

static void pass_days(struct walk *k)
{
    k->c.now_ms += eight_days_ms;
}

static void begin(struct walk *k)
{
    k->began_ms = k->c.now_ms;
    case_start(&k->c);
}

static void ask_page(struct walk *k)
{
    k->read_ms = k->c.now_ms;
}

static struct invitation as_read(enum reading reading)
{
    static const enum invitation_status statuses[] = {[READ_PENDING] = STATUS_PENDING,
                                                      [READ_REJECTED] = STATUS_REJECTED,
                                                      [READ_ACCEPTED] = STATUS_ACCEPTED,
                                                      [READ_OVER] = STATUS_EXPIRED};
    return case_invitation("a", statuses[reading]);
}

/* At the time of the sweep, which is the one that its decisions bear. */
static void decide(struct walk *k)
{
    if (k->after.decision == k->before.decision)
        return;
    int64_t now_ms = k->c.now_ms;
    k->c.now_ms = k->began_ms;
    k->decision =
        case_decide_as(&k->c, k->invitation, k->after.decision == TO_REJECT ? "reject" : "keep");
    k->c.now_ms = now_ms;
}

static void take_page(struct walk *k)
{
    struct state *s = &k->before;
    const struct invitation inv = as_read((enum reading)s->reading);
    int64_t now_ms = k->c.now_ms;
    k->c.now_ms = k->read_ms;
    struct journal_seen seen = case_see_it(&k->c, &inv);
    k->c.now_ms = now_ms;
    if (k->after.row)
        k->invitation = seen.invitation;
    if (s->reading != READ_PENDING)
        return;
    CHECK_INT(k->step, seen.settling, is_settling(&k->world, s));
    CHECK_INT(k->step, seen.open, s->open);
    CHECK_INT(k->step, seen.decided, s->decision != UNDECIDED);
    decide(k);
}

static void cover(struct walk *k)
{
    case_cover(&k->c, COVERAGE_LISTED);
}

static void fail_to_list(struct walk *k)
{
    case_cover(&k->c, COVERAGE_FAILED);
}

static void let_pass(struct walk *k)
{
    case_move(&k->c, SWEEP_ACTING);
}

static void intend(struct walk *k)
{
    flush(k);
    CHECK_INT(k->step, case_candidates(&k->c, 10).last_seq, k->decision);
    k->intent = case_intend(&k->c, k->decision, k->invitation);
}

/* The last generation is the model's end, not the journal's. */
static void find_no_candidate(struct walk *k)
{
    const struct state *s = &k->before;
    if (!s->stopping && s->generation < GENERATIONS)
        CHECK_STR(k->step, case_candidates(&k->c, 10).ids, "");
}

static void end(struct walk *k)
{
    const struct state *s = &k->before;
    flush(k);
    if (!s->broken)
        case_move(&k->c, s->held ? SWEEP_HELD : s->stopping ? SWEEP_CUT : SWEEP_DONE);
}

static void plan(struct walk *k, enum reading reading)
{
    if (reading == READ_ABSENT)
        return;
    const struct invitation inv = as_read(reading);
    struct journal_case beside = k->c;
    case_open(&beside, JOURNAL_PLAN);
    case_start(&beside);
    case_see_it(&beside, &inv);
    case_move(&beside, SWEEP_DONE);
    case_close(&beside);
    if (k->after.row && !k->before.row)
        k->invitation = beside.invitation;
}

static void plan_honestly(struct walk *k)
{
    plan(k, what_is(&k->before));
}

static void plan_late(struct walk *k)
{
    plan(k, READ_PENDING);
}

/* Where it says nothing, nothing is written. */
static const struct mirror {
    const char *step;
    void (*write)(struct walk *k);
} mirrors[] = {
    {"a quarter of an hour passes", pass_quarter},
    {"eight days pass", pass_days},
    {"a plan lists it", plan_honestly},
    {"a plan lists it as pending still", plan_late},
    {"a sweep begins", begin},
    {"from here on nothing goes wrong", begin},
    {"what it was told is written", flush},
    {"a page shows it", ask_page},
    {"a page shows it as pending still", ask_page},
    {"it is written down, and decided where it may be", take_page},
    {"it is written down, and its resources are asked for", take_page},
    {"its resources are known: it is decided", decide},
    {"its resources stay unknown: it is kept", decide},
    {"the last page is read", cover},
    {"its list cannot be read", fail_to_list},
    {"the belts let it pass", let_pass},
    {"nothing is to be rejected", find_no_candidate},
    {"its intent is written", intend},
    {"it is not among what may be rejected", find_no_candidate},
    {"a batch of others is written, and what is known with it", flush},
    {"the sweep ends", end},
};

static void (*mirror_of(const char *step))(struct walk *k)
{
    for (size_t i = 0; i < sizeof mirrors / sizeof mirrors[0]; i++)
        if (strcmp(mirrors[i].step, step) == 0)
            return mirrors[i].write;
    return nothing;
}

/* ---- whether they agree ---- */

struct open_intents {
    int64_t count, doubt;
};

static void take_open(void *context, const struct journal_intent *intent)
{
    struct open_intents *open = context;
    open->count++;
    open->doubt = intent->doubt;
}

static void compare(struct walk *k)
{
    const struct state *s = &k->after;
    struct open_intents open = {0};
    CASE_OK(&k->c, journal_each_open(k->c.j, take_open, &open, &k->c.err));
    CHECK_INT(k->step, open.count, s->open);
    CHECK_INT(k->step, open.doubt, s->doubt);
    if (!s->row || s->generation == GENERATIONS)
        return;
    int64_t generation = 0;
    bool in_doubt = false;
    CASE_OK(&k->c, journal_generation(k->c.j, k->invitation, &generation, &in_doubt, &k->c.err));
    CHECK_INT(k->step, generation, s->generation);
    CHECK_INT(k->step, in_doubt, s->abandoned);
}

/* ---- walking ---- */

struct party {
    struct machine machine;
    struct world world;
    unsigned seed;
    size_t taken[256]; /* by step */
};

static void take_step(struct walk *k, struct party *party, size_t step, struct snapshot *at)
{
    const struct machine *m = &party->machine;
    memcpy(&k->before, at, sizeof k->before);
    m->take(m->context, step, at);
    memcpy(&k->after, at, sizeof k->after);
    k->step = m->name(step);
    k->c.now_ms++;
    party->taken[step]++;
    mirror_of(k->step)(k);
    compare(k);
}

/* Any step that is possible. False: none is. */
static bool choose(struct party *party, const struct snapshot *at, size_t *step)
{
    const struct machine *m = &party->machine;
    size_t possible[256], count = 0;
    for (size_t i = 0; i < m->step_count; i++) {
        struct snapshot s = *at;
        if (m->take(m->context, i, &s))
            possible[count++] = i;
    }
    party->seed = party->seed * 1103515245u + 12345u;
    *step = count > 0 ? possible[(party->seed >> 16) % count] : 0;
    return count > 0;
}

/* The shortest way to some state, and on from there at random. */
static void take_a_walk(void *context, const uint8_t *steps, size_t step_count)
{
    struct party *party = context;
    struct snapshot at = party->machine.first;
    struct walk k = {.world = party->world};
    size_t step;
    case_init(&k.c);
    case_open(&k.c, JOURNAL_ACT);
    for (size_t i = 0; i < step_count && i < TRACE_MAX; i++)
        take_step(&k, party, steps[i], &at);
    for (int i = 0; i < WANDER && choose(party, &at, &step); i++)
        take_step(&k, party, step, &at);
    case_is_sound(&k.c);
    case_clear(&k.c);
}

/* What is durable is not the question here: where there is a file system in memory, the journals lie there. */
static void walk(bool lags_on)
{
    if (access("/dev/shm", W_OK) == 0)
        CHECK("/dev/shm", setenv("TMPDIR", "/dev/shm", 1) == 0);
    struct party party = {.world = {.lags_on = lags_on}};
    sweep_machine(&party.world, &party.machine);
    CHECK("ways", explore_ways(&party.machine, WALKS, take_a_walk, &party));
    for (size_t i = 0; i < sizeof mirrors / sizeof mirrors[0]; i++) {
        size_t taken = 0;
        for (size_t step = 0; step < party.machine.step_count; step++)
            if (strcmp(party.machine.name(step), mirrors[i].step) == 0)
                taken += party.taken[step];
        CHECK(mirrors[i].step, taken > 0);
    }
}

static void the_journal_goes_where_the_model_goes(void)
{
    walk(false);
}

static void also_where_lists_lag_for_ever(void)
{
    walk(true);
}

static const struct unit_test tests[] = {
    {"the journal goes where the model goes", the_journal_goes_where_the_model_goes},
    {"also where lists lag for ever", also_where_lists_lag_for_ever}};
UNIT_MAIN(tests)

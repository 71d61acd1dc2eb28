/* sweep.c - the first half of the model's sweep: it begins, closes, lists and decides; and all that may cut it short. */
#include "sweep_model.h"

static bool go_to(struct state *s, enum phase phase)
{
    s->phase = phase;
    return true;
}

static bool has_target(const struct state *s)
{
    return s->configured && !s->target_failed;
}

/* ---- beginning ---- */

static bool begins(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (is_under_way(s))
        return false;
    write_begin(w, s);
    return true;
}

static bool finds_keys(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    return s->phase == FINDING && !s->stopping && go_to(s, CLOSING);
}

static bool finds_no_keys(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->phase != FINDING)
        return false;
    s->target_failed = 1;
    return go_to(s, CLOSING);
}

/* ---- closing ---- */

static bool has_nothing_to_ask(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->phase != CLOSING || (s->open && has_target(s) && !s->stopping))
        return false;
    if (s->open && !s->configured && s->forgotten && !s->stopping)
        s->note_result = CAME_GONE;
    return go_to(s, CLOSED);
}

static bool may_ask(const struct state *s)
{
    return (s->phase == CLOSING && s->open && has_target(s)) || s->phase == ASKING;
}

static bool reads(struct state *s, enum reading reading)
{
    s->reading = reading;
    return go_to(s, s->phase == ASKING ? ASKING_READ : CLOSING_READ);
}

static bool is_told(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    return may_ask(s) && reads(s, what_is(s));
}

static bool is_told_old_news(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    return may_ask(s) && s->lags && reads(s, READ_PENDING);
}

/* By id it may be gone before the lists have caught up. */
static bool is_told_that_it_is_gone(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    return may_ask(s) && s->status != PENDING && reads(s, READ_ABSENT);
}

static bool is_told_nothing(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    return may_ask(s) && go_to(s, s->phase == ASKING ? ANSWERED : CLOSED);
}

static bool notes_what_it_was_told(const struct world *w, struct state *s, unsigned arg)
{
    static const enum result results[] = {[READ_PENDING] = CAME_FAILED,
                                          [READ_REJECTED] = CAME_ALREADY_REJECTED,
                                          [READ_ACCEPTED] = CAME_ALREADY_ACCEPTED,
                                          [READ_OVER] = CAME_OVER,
                                          [READ_ABSENT] = CAME_GONE};
    (void)w;
    (void)arg;
    if (s->phase != CLOSING_READ && s->phase != ASKING_READ)
        return false;
    s->note_result = results[s->reading];
    s->reading = READ_NOTHING;
    return go_to(s, s->phase == ASKING_READ ? ANSWERED : CLOSED);
}

/* The next call of recovery, where it goes on instead of asking. */
static bool resumes(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != CLOSING || !s->open || kept(w, RULE_ASK_DO_NOT_RESUME))
        return false;
    return go_to(s, QUEUED);
}

static bool writes_what_it_was_told(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != CLOSED)
        return false;
    write_notes(w, s);
    return go_to(s, LISTING);
}

/* ---- listing and deciding ---- */

static bool may_read_page(const struct world *w, const struct state *s)
{
    return s->phase == LISTING && has_target(s) && !s->listed && !s->stopping &&
           (s->copies < COPIES || !kept(w, RULE_LISTS_END));
}

static bool reads_page(struct state *s, enum reading reading)
{
    s->reading = reading;
    s->copies += s->copies < COPIES;
    return go_to(s, PAGE);
}

static bool lists_it(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    return may_read_page(w, s) && !s->purged && reads_page(s, what_is(s));
}

static bool lists_it_as_pending(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    return may_read_page(w, s) && s->lags && reads_page(s, READ_PENDING);
}

static void decide(struct state *s)
{
    s->decision = s->rejects ? TO_REJECT : TO_KEEP;
}

/* Whether a page that is in hand is to be decided about. */
static bool takes_page(const struct world *w, struct state *s)
{
    bool is_over = s->reading != READ_PENDING || is_settling(w, s) || s->open;
    bool is_to_decide = write_seen(w, s, (enum reading)s->reading);
    s->reading = READ_NOTHING;
    s->phase = LISTING;
    if (kept(w, RULE_TIME_OF_READING))
        look_at_the_clock(s);
    if (s->looking)
        s->looking_over = is_over;
    return is_to_decide && !s->looking;
}

static bool decides(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != PAGE)
        return false;
    if (takes_page(w, s))
        decide(s);
    return true;
}

static bool looks_up(const struct world *w, struct state *s, unsigned arg)
{
    (void)arg;
    if (s->phase != PAGE || s->looking || !takes_page(w, s))
        return false;
    s->looking = 1;
    return true;
}

static bool ends_looking(struct state *s)
{
    bool was_looking = s->looking;
    s->looking = s->looking_over = 0;
    return was_looking;
}

static bool decides_what_it_looked_up(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    bool counts = !s->looking_over && !s->stopping;
    if (s->phase != LISTING || !ends_looking(s))
        return false;
    if (counts)
        decide(s);
    return true;
}

static bool decides_what_it_could_not_look_up(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    bool counts = !s->looking_over && !s->stopping;
    if (s->phase != LISTING || !ends_looking(s))
        return false;
    if (counts)
        s->decision = TO_KEEP;
    return true;
}

/* An honest list shows it, but a page may miss it. */
static bool reads_last_page(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    bool is_missed = s->copies == 0 && !s->purged;
    if (s->phase != LISTING || !has_target(s) || s->listed || s->stopping ||
        (is_missed && s->calm > 0))
        return false;
    s->listed = 1;
    return true;
}

static bool cannot_list(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (s->phase != LISTING || !has_target(s) || s->listed)
        return false;
    s->target_failed = 1;
    ends_looking(s);
    return true;
}

static bool has_listed(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    bool over = s->listed || !has_target(s) || s->stopping;
    if (s->phase != LISTING || !over || (s->looking && !s->stopping))
        return false;
    ends_looking(s);
    s->copies = 0;
    return go_to(s, WEIGHING);
}

/* ---- what cuts it short ---- */

static bool is_told_to_stop(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (!is_under_way(s) || s->stopping)
        return false;
    s->stopping = 1;
    return true;
}

/* What was to be written is not, and is forgotten. */
static bool cannot_write(const struct world *w, struct state *s, unsigned arg)
{
    static const enum phase writing[] = {CLOSED, PAGE, LISTING, WEIGHING};
    (void)w;
    (void)arg;
    for (unsigned i = 0; i < sizeof writing / sizeof writing[0]; i++) {
        if (s->phase != writing[i])
            continue;
        s->broken = s->stopping = 1;
        s->note_doubt = s->note_done = 0;
        s->note_result = CAME_NOTHING;
        s->reading = READ_NOTHING;
        s->copies = 0;
        ends_looking(s);
        return go_to(s, ENDING);
    }
    return false;
}

/* A request that is under way goes on without anybody who waits for it. */
static bool is_killed(const struct world *w, struct state *s, unsigned arg)
{
    (void)w;
    (void)arg;
    if (!is_under_way(s))
        return false;
    if (s->phase == FLYING && s->reply == REPLY_NONE)
        s->late |= 1u << s->generation;
    forget_the_sweep(s);
    return true;
}

static const struct step rows[] = {
    {"a sweep begins", begins, 0, false},
    {"its keys are found", finds_keys, 0, false},
    {"its keys are not found", finds_no_keys, 0, true},
    {"nothing is asked about", has_nothing_to_ask, 0, false},
    {"the cloud, asked by id, tells what is", is_told, 0, false},
    {"the cloud, asked by id, says that it is pending still", is_told_old_news, 0, false},
    {"the cloud, asked by id, does not know it any more", is_told_that_it_is_gone, 0, true},
    {"the cloud cannot be asked", is_told_nothing, 0, true},
    {"what it was told is noted", notes_what_it_was_told, 0, false},
    {"the call of the run before is resumed", resumes, 0, false},
    {"what it was told is written", writes_what_it_was_told, 0, false},
    {"a page shows it", lists_it, 0, false},
    {"a page shows it as pending still", lists_it_as_pending, 0, false},
    {"it is written down, and decided where it may be", decides, 0, false},
    {"it is written down, and its resources are asked for", looks_up, 0, false},
    {"its resources are known: it is decided", decides_what_it_looked_up, 0, false},
    {"its resources stay unknown: it is kept", decides_what_it_could_not_look_up, 0, true},
    {"the last page is read", reads_last_page, 0, false},
    {"its list cannot be read", cannot_list, 0, true},
    {"everything is listed", has_listed, 0, false},
    {"it is told to stop", is_told_to_stop, 0, true},
    {"the journal cannot be written", cannot_write, 0, true},
    {"it is killed", is_killed, 0, true},
};
const struct steps sweep_steps = {rows, sizeof rows / sizeof rows[0]};

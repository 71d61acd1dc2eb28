/* sweep_model.h - one invitation, one journal, the sweep as it is built, and a world in which anything may go wrong. */
#ifndef SPURN_TESTS_MODEL_SWEEP_MODEL_H
#define SPURN_TESTS_MODEL_SWEEP_MODEL_H

#include "explore.h"

/* What holds the promises up. Each can be taken away, and a promise is broken then: main.c says what they are. */
enum rule {
    RULE_NONE,
    RULE_INTENT_FIRST,
    RULE_NO_INTENT_NO_CALL,
    RULE_DOUBT_AFTER_DEATH,
    RULE_ASK_DO_NOT_RESUME,
    RULE_DOUBT_UNANSWERED,
    RULE_DOUBT_ODD,
    RULE_READ_WHOLE,
    RULE_INFERRED,
    RULE_SOMEBODY_ELSE,
    RULE_DOUBT_CARRIED,
    RULE_AMENDED,
    RULE_AMENDED_ONCE,
    RULE_FAILED_IS_SURE,
    RULE_ABANDONED,
    RULE_ABANDONED_NOT_FINAL,
    RULE_COUNTED_ONCE,
    RULE_SUCCESS_OUTWEIGHS,
    RULE_NOT_FOUND_IS_ASKED,
    RULE_SENT_ONCE,
    RULE_SETTLING,
    RULE_TIME_OF_READING,
    RULE_LAG_NOT_BELIEVED,
    RULE_GENERATION,
    RULE_OWN_DECISIONS,
    RULE_WHOLE_LIST,
    RULE_LISTS_END,
    RULE_LATER_COPY,
    RULE_OPEN_IS_LEFT_ALONE,
    RULE_ONE_CALL_A_DECISION,
    RULE_BELTS,
    RULE_STOP,
    RULE_RETIRED_LATE,
    RULE_RETIRED_CLOSED,
    RULE_UNSEEN_LATE,
    RULE_FORGOTTEN_LATE,
    RULE_PLANS_LEAVE_NO_TRACE,
    RULE_COUNT
};

enum promise {
    PROMISE_NONE,
    PROMISE_INTENT_FIRST,
    PROMISE_OWN_DECISION,
    PROMISE_WHOLE_LIST,
    PROMISE_LAST_WORD,
    PROMISE_ONE_INTENT,
    PROMISE_ONE_CALL,
    PROMISE_HELD,
    PROMISE_STOPPED,
    PROMISE_ENDED_IS_LEFT_ALONE,
    PROMISE_BY_REPLY,
    PROMISE_INFERRED,
    PROMISE_SOMEBODY_ELSE,
    PROMISE_ENDED_SO,
    PROMISE_FAILED,
    PROMISE_SUCCESS_IS_KEPT,
    PROMISE_ONCE,
    PROMISE_CLOSES,
    PROMISE_OURS_IS_RECORDED,
    PROMISE_DONE,
    PROMISE_AN_END,
    PROMISE_COUNT
};

extern const char *const promise_texts[PROMISE_COUNT];

enum status { PENDING, REJECTED, ACCEPTED, OVER }; /* OVER: expired or withdrawn */
enum who { NOBODY, US, A_PERSON, TIME };
enum reading { READ_NOTHING, READ_PENDING, READ_REJECTED, READ_ACCEPTED, READ_OVER, READ_ABSENT };
enum decision { UNDECIDED, TO_KEEP, TO_REJECT, ANOTHER_SWEEPS };
enum last { LAST_NONE, LAST_FINAL, LAST_FAILED, LAST_ABANDONED };

/* How long something has been so when a page was asked for: for a quarter of an hour, or for less. */
enum age { AGE_OLD, AGE_YOUNG };

enum phase {
    AWAY, /* no sweep is under way */
    FINDING,
    CLOSING,
    CLOSING_READ, /* the answer to a look-up is in hand */
    CLOSED,
    LISTING,
    PAGE, /* a page is in hand */
    WEIGHING,
    ACTING,
    QUEUED,
    FLYING,
    ASKING,
    ASKING_READ,
    ANSWERED,
    ENDING
};

enum reply {
    REPLY_NONE,
    REPLY_OK,
    REPLY_ODD, /* 200, and not that it is rejected */
    REPLY_ALREADY_REJECTED,
    REPLY_ALREADY_ACCEPTED,
    REPLY_OVER,
    REPLY_NOT_FOUND,
    REPLY_REFUSED,
    REPLY_BUSY, /* throttled; or its client token is not taken: not done */
    REPLY_KEYS, /* they have expired, or the clock is wrong: not done, tried with others */
    REPLY_UNSENT,
    REPLY_LOST
};

enum result {
    CAME_NOTHING,
    CAME_REJECTED,
    CAME_ALREADY_REJECTED,
    CAME_ALREADY_ACCEPTED,
    CAME_OVER,
    CAME_GONE,
    CAME_FAILED,
    CAME_ABANDONED
};

enum {
    GENERATIONS = 3, /* the last is never begun: where lists lag for ever, the model ends there */
    COPIES = 3,      /* of it in one listing */
    CALM_MAX = 63
};

struct state {
    /* The cloud. */
    unsigned status : 2, by : 2;
    unsigned by_generation : 2; /* whose call it was, of US */
    unsigned lags : 1;          /* lists may show it as pending still */
    unsigned purged : 1;        /* no list shows it any more */
    unsigned late : 4;          /* by generation: a request is under way that nobody waits for */
    /* The operator. */
    unsigned wants : 1, configured : 1;

    /* The journal: what is known of the invitation, ... */
    unsigned row : 1, generation : 2, abandoned : 1, rejected : 1, last : 2;
    unsigned closed : 1, closed_aged : 1; /* enum age, since its last outcome, of LAST_FINAL */
    unsigned is_final : 1, final : 1, final_aged : 1; /* enum age, since it is read as final */
    unsigned last_pending : 1;
    unsigned unseen : 1; /* for long enough to be retired */
    /* ... decided, ... */
    unsigned decision : 2, listed : 1, acted : 1;
    /* ... begun. */
    unsigned open : 1, doubt : 1, done : 1;
    unsigned forgotten : 1; /* so old is its last call */

    /* The sweep, all of which dies with it. */
    unsigned phase : 4, rejects : 1;
    unsigned aged : 1; /* a quarter of an hour passed while its clock stood */
    unsigned target_failed : 1, stopping : 1, broken : 1, held : 1;
    unsigned reading : 3, copies : 2, looking : 1, looking_over : 1;
    unsigned sent : 1, in_doubt : 1, reply : 4;
    unsigned note_doubt : 1, note_done : 1, note_result : 3;

    /* Known to nobody but the model. */
    unsigned intended : 4;   /* by generation: there is an intent */
    unsigned ended : 1;      /* some outcome was final */
    unsigned counted : 1;    /* it was recorded rejected */
    unsigned unknown : 1;    /* a call of ours may have been done that nobody knows about */
    unsigned lost_sight : 1; /* it is recorded gone, or was retired unread */
    unsigned calm : 6;       /* steps since when nothing goes wrong; 0: anything may */
    unsigned promise : 5;    /* that was broken */
};

struct world {
    enum rule without;
    bool lags_on; /* lists may lag for longer than a quarter of an hour */
};

static inline bool kept(const struct world *w, enum rule rule)
{
    return w->without != rule;
}

/* Said where it must be so. The first that is not is what the model tells. */
static inline void promise(struct state *s, bool kept_so, enum promise which)
{
    if (!kept_so && s->promise == PROMISE_NONE)
        s->promise = which;
}

/* One thing that somebody may do. False: not possible here. */
struct step {
    const char *name;
    bool (*take)(const struct world *w, struct state *s, unsigned arg);
    unsigned arg;
    bool is_trouble; /* does not happen while nothing goes wrong */
};

struct steps {
    const struct step *rows;
    size_t count;
};

extern const struct steps world_steps, sweep_steps, acting_steps;

/* ---- world.c ---- */
enum reading what_is(const struct state *s);

/* ---- journal.c ---- */
bool is_under_way(const struct state *s);
void forget_the_sweep(struct state *s); /* what only its memory held */
void look_at_the_clock(struct state *s);
void write_begin(const struct world *w, struct state *s);
/* Of a page. True: it is to be decided. */
bool write_seen(const struct world *w, struct state *s, enum reading reading);
bool is_settling(const struct world *w, const struct state *s);
void write_seen_by_plan(const struct world *w, struct state *s, enum reading reading);
void write_intent(const struct world *w, struct state *s);
void write_notes(const struct world *w, struct state *s);
void note_answer(const struct world *w, struct state *s, enum reply reply);

/* ---- sweep_model.c ---- */
void sweep_machine(const struct world *w, struct machine *out);

#endif

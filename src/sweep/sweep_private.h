/* sweep_private.h - what the files of the sweep share, and nobody else sees. */
#ifndef SPURN_SWEEP_PRIVATE_H
#define SPURN_SWEEP_PRIVATE_H

#include "http/http.h"
#include "match/set.h"
#include "sites/sites.h"
#include "sweep/sweep.h"

struct call;
struct lookup;

enum target_state {
    TARGET_LISTING,
    TARGET_LISTED,
    TARGET_FAILED,
    TARGET_SKIPPED /* a region that its account has not opted in to */
};

/* One site, and how its listing goes. There may be hundreds of thousands. */
struct target {
    struct site *site;
    int64_t row; /* in the journal */
    enum target_state state;
    bool seems_closed; /* its keys were not taken, and it is a region that may not be opted in to */
    bool lookups_refused; /* and the log has said so */
    int64_t pages;
    int64_t decided, to_reject,
        settling;             /* of its invitations so far; they count once it is listed */
    int64_t listing_since_ms; /* monotonic; 0: nothing was sent */
    struct set *page_tokens;  /* those seen, to notice a list that goes in circles; NULL: none */
    struct set *looked_up;    /* invitations whose resources were asked for; NULL: none */
    int64_t lookups_in_flight;
    char *note; /* owned; why it failed or was skipped, or a warning; NULL: nothing to say */
};

enum { CALL_ID_LEN = 256, CALL_TOKEN_LEN = 36, TARGET_KEYS_MAX = 320 };

/* Bytes of one invitation's resources: a share holds some thousands of them, an ARN and a type some hundred bytes. */
enum { LOOKUP_LEN_MAX = 1024 * 1024 };

/* One operation on one target, through all its tries. */
struct call {
    struct sweep *sweep;
    struct target *target;
    struct call *next; /* in the queue */
    enum cloud_operation operation;
    char invitation[CALL_ID_LEN + 1]; /* "": none */
    char client_token[CALL_TOKEN_LEN + 1];
    struct buf page_token;
    int64_t began_ms; /* monotonic */
    int tries;
    int64_t not_before_ms; /* monotonic */
    bool clock_mended, keys_renewed;
    bool in_doubt;                /* some try may have been carried out unanswered */
    int64_t pages;                /* of what asks about one invitation, so far */
    struct call *elder, *younger; /* all that are alive, for sweep_close */

    /* Told of every try, before anything else. May be NULL. */
    void (*tried)(struct call *call, const struct site_answer *answer);
    /* Told once, of the last try. The call is closed afterwards unless it was queued again. */
    void (*answered)(struct call *call, const struct site_answer *answer);
    bool queued;

    /* What it is about, for whoever made it. */
    int64_t intent;
    int64_t generation;
    bool closes;           /* asks about an intent that an earlier run left open */
    struct lookup *lookup; /* owned; of CLOUD_RESOURCES */
};

/* An invitation as it was read just now, and what is known about it. */
struct sighting {
    struct target *target;
    const struct invitation *inv;
    const struct journal_seen *seen;
    enum script_resources resources_state;
    const struct script_resource *resources; /* of RESOURCES_LISTED */
    size_t resource_count;
};

/* What the journal does not know, for the report. */
struct counts {
    int64_t settling;  /* left alone: final here, listed pending again too soon */
    int64_t deferred;  /* over the rate belt: next time */
    int64_t closed;    /* intents of earlier runs that were closed */
    int64_t left_open; /* intents of earlier runs that could not be asked about */
    int64_t lookups;   /* invitations whose resources were asked for */
    int64_t lookups_failed;
    int64_t lookups_skipped; /* over the limit: not asked for */
    bool held, declined, stopped;
};

enum phase {
    PHASE_FINDING,
    PHASE_CLOSING,
    PHASE_LISTING,
    PHASE_WEIGHING,
    PHASE_ACTING,
    PHASE_ENDING,
    PHASE_DONE
};

/* What is known and not yet in the journal. */
struct note {
    bool is_outcome;
    int64_t intent, at_ms;
    enum journal_answer answer;
    enum journal_result result;
    char code[128], request_id[128];
};

struct sweep {
    struct sweep_options options;
    struct http *http;
    struct sites *sites;
    int64_t finding_since_ms; /* monotonic */
    struct target *targets;   /* in the configuration's order; there once the sites are found */
    size_t target_count;
    struct target **by_place, **by_row; /* the same, sorted */
    size_t to_list;                     /* the next one whose list is to be asked for */
    int64_t watched_ms;     /* monotonic; when listings were last looked at for their time */
    struct set *keys_taken; /* keyrings whose keys some cloud took */
    struct call *queue_head, *queue_tail;
    struct call *youngest; /* of all calls that are alive */
    int64_t calls_alive;   /* queued or in flight */
    enum phase phase;
    int64_t closing_since_ms; /* monotonic */
    int64_t id;
    int64_t began_ms; /* when the first acting sweep before this one began; INT64_MAX: none did */
    char digest[SHA256_HEX_LEN + 1];
    struct counts counts;
    int64_t decided,
        to_reject;      /* pending invitations of listed targets, and how many of those go */
    int64_t allowed;    /* rejections still allowed by the belts */
    char held_why[256]; /* what a belt would hold, also when a person lets it pass */
    struct note *notes;
    size_t note_count, note_cap;
    bool stopping;
    enum spurn_status broken; /* the journal or the machine failed: no new rejections, drain, end */
    struct spurn_error error;
};

/* ---- call.c ---- */
struct call *call_open(struct sweep *s, struct target *target,
                       enum cloud_operation operation); /* NULL: no memory */
void call_close(struct call *call);
void call_queue(struct call *call, int64_t delay_ms);
/* Sends what may be sent; sets *wait_ms to when the next one may, at most what it was. */
void calls_send(struct sweep *s, int64_t *wait_ms);
void calls_drop_queued(struct sweep *s, const struct target *of); /* NULL: all */
/* Takes back the rejections that wait. One that never went out has surely failed; another stays open: the next sweep asks. */
void calls_withdraw_rejections(struct sweep *s);
/* Queues a call of a list again, for the page behind `token`. `seen` holds the tokens so far: one that comes twice is SPURN_E_CLOUD. */
enum spurn_status call_next_page(struct call *call, struct set *seen, struct spurn_text token,
                                 struct spurn_error *err);
/* One sentence about an answer that is no success: "AWS RAM answered AccessDenied: ..." */
void call_describe(const struct call *call, const struct site_answer *answer,
                   struct spurn_error *err);

bool calls_are_ready(const struct sweep *s); /* some queued call could be sent now */
/* Ends every call, also those in flight, and the connections: s->http is NULL then. */
void calls_close_all(struct sweep *s);

/* ---- find.c ---- */
enum spurn_status find_begin(struct sweep *s, struct spurn_error *err);
void find_watch(struct sweep *s); /* gives up what takes too long, or everything when stopping */
/* Makes the targets and writes them down. A failure breaks the sweep. */
void find_end(struct sweep *s);
void find_clear(struct sweep *s); /* after calls_close_all */

/* ---- close.c ---- */
void close_begin(struct sweep *s);
void close_watch(struct sweep *s); /* leaves open what takes too long */
/* Asks the cloud about the invitation of `call`, whose intent has no outcome. */
void close_ask(struct sweep *s, struct target *target, const char *invitation, int64_t intent,
               bool closes);

/* ---- list.c ---- */
void list_more(struct sweep *s); /* asks for the lists of further targets, as there is room */
bool list_is_over(const struct sweep *s);
void list_watch(struct sweep *s); /* fails targets that take too long */
/* Tells what is closed from what failed, and counts what was decided on targets that were read whole. */
void list_end(struct sweep *s);

/* ---- decide.c ---- */
/* Puts an invitation to the policies and records the verdict, in a transaction that is open. When it hangs on resources that nobody
 * asked for yet they are asked for, and it is decided once they are known. */
enum spurn_status decide(struct sweep *s, const struct sighting *sighting, struct spurn_error *err);

/* ---- resources.c ---- */
/* Asks the cloud what is shared, and decides then. *begun is false when this sweep may ask for no more. */
enum spurn_status lookup_begin(struct sweep *s, const struct sighting *sighting, bool *begun,
                               struct spurn_error *err);
/* Listed again while a look-up of it is open, which *open tells: the later copy is the one that is decided about. */
enum spurn_status lookup_see_again(struct sweep *s, const struct sighting *sighting, bool *open,
                                   struct spurn_error *err);
void lookup_close(struct lookup *lookup);

/* ---- belts.c ---- */
void belts_weigh(struct sweep *s);

/* ---- act.c ---- */
void act_more(struct sweep *s);

/* ---- notes.c ---- */
void note_attempt(struct sweep *s, const struct call *call, enum journal_answer answer,
                  const struct site_answer *why);
void note_outcome(struct sweep *s, int64_t intent, enum journal_result result);
/* Writes the notes inside a transaction that is open; `unused` is for sweep_write. */
enum spurn_status notes_write(struct sweep *s, const void *unused, struct spurn_error *err);
void notes_flush(struct sweep *s); /* in a transaction of their own */

/* ---- target.c ---- */
/* Sorts the targets for the two that look one up. */
enum spurn_status targets_sort(struct sweep *s, struct spurn_error *err);
/* The target of this cloud, account (absent: not known) and region; NULL when there is none. Of several whose account is not known
 * at most one has keys that work: that one. */
struct target *target_at_place(const struct sweep *s, struct spurn_text cloud,
                               struct spurn_text account, struct spurn_text region);
struct target *target_at_row(const struct sweep *s, int64_t row); /* of the journal */
const struct cloud *target_cloud(const struct target *target);
struct origin target_origin(const struct target *target);
/* From now on `text` is what there is to say about it. */
void target_note(struct sweep *s, struct target *target, const char *text);
/* It failed, and this is why; whose it is comes first where its account is not known. */
void target_fail(struct sweep *s, struct target *target, const char *why);
/* Whose keys reach it, which tells it from others for the journal; "" where its account is known. */
struct spurn_text target_keys(const struct target *target, char out[TARGET_KEYS_MAX]);
/* A line of the log, which begins with the target's name. */
void target_log(const struct sweep *s, const struct target *target, enum spurn_log_level level,
                const char *fmt, ...) SPURN_PRINTF(4, 5);

/* ---- trouble.c ---- */
/* Logs why targets failed whose site is in this state: a line for each account and cause, however many regions. */
void trouble_tell_failed(struct sweep *s, enum site_state state);
void trouble_tell_skipped(struct sweep *s); /* in one line */

/* ---- sweep.c ---- */
/* Runs `body` in a transaction of its own. A failure breaks the sweep; SPURN_OK tells that it is written. */
enum spurn_status sweep_write(struct sweep *s,
                              enum spurn_status (*body)(struct sweep *s, const void *what,
                                                        struct spurn_error *err),
                              const void *what);
/* The journal or the machine failed with `err`: nothing new is rejected from now on. */
void sweep_break(struct sweep *s, const struct spurn_error *err);

#endif

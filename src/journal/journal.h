/* journal.h - what was decided and what came of it, kept in SQLite. */
#ifndef SPURN_JOURNAL_H
#define SPURN_JOURNAL_H

#include <stdint.h>

#include "digest.h"
#include "invitation.h"

/* The rules that this room keeps are those of a model that was checked. Functions name them.
 *
 *  1. One acting run per journal, by a lock of the kernel that is held until close. Plans and
 *     readers take none.
 *  2. An acting run begins by putting in doubt what an earlier one left open, and closes it by
 *     asking, before anything else.
 *  3. An intent is durable before its call. It stands on a reject decision of the very sweep,
 *     and there is one at a time.
 *  4. What came of it is only what is known. A call that nobody answered leaves doubt: rejected
 *     is then "inferred", failed is then "abandoned", which is not final: read as rejected
 *     later, it becomes rejected, inferred.
 *  5. What ended for good here and is listed as pending again within 15 minutes is settling:
 *     the list lags.
 *  6. An invitation is known by its target, id and creation time. Its row is retired once it
 *     was read as final for 15 minutes, or was unseen for 8 days.
 *  7. A generation, 1 + the final outcomes so far, tells one call from the next in the client
 *     token.
 *  8. The path must still be the open file when intents are committed. A reserve beside it is
 *     given up when the disk is full.
 *  9. Plans decide, and leave no other trace: what acting sweeps remember of an invitation they
 *     do not change.
 * 10. Decisions (with all that they stood on), intents, calls and outcomes share one gapless
 *     sequence, sealed in a hash chain.
 *
 * Every write happens between journal_begin and journal_commit. Any SPURN_E_JOURNAL ends the run:
 * the caller stops rejecting. Once the disk has been full, journal_start_sweep, journal_see,
 * journal_record_decision and journal_record_intent refuse, and everything else goes on while there
 * is room, so that what came of calls in flight can still be written. */

struct journal;

enum journal_use {
    JOURNAL_READ, /* history, verify: never writes; the file must exist */
    JOURNAL_PLAN, /* decisions of plans only; takes no lock; ":memory:" makes a temporary one */
    JOURNAL_ACT   /* takes the exclusive lock on PATH-lock for as long as it is open: SPURN_E_BUSY
                     when another holds it */
};

/* Creates the file (0600) and brings its schema up to date unless JOURNAL_READ. A file that is no
 * journal, is damaged, newer than this program or older than its first release is refused with SPURN_E_JOURNAL; one that is
 * missing, read-only, no regular file or on a network file system with SPURN_E_FILE; each says what
 * to do. `path` is a path, whatever it looks like ("file:x?mode=memory"). `d` is
 * borrowed until close. An acting run also keeps PATH-lock and PATH-reserve (128 KiB). */
enum spurn_status journal_open(const char *path, enum journal_use use, struct digest *d,
                               struct journal **out, struct spurn_error *err);
void journal_close(struct journal *j);

/* ---- transactions ---- */

enum spurn_status journal_begin(struct journal *j, struct spurn_error *err);
/* Seals what was added into the chain and makes it durable (synchronous FULL for JOURNAL_ACT). The
 * path must still be the open file when intents were added. When the disk is full the reserve is
 * given up and the write tried once more. After a failure nothing of the transaction is kept, and
 * another may be begun. */
enum spurn_status journal_commit(struct journal *j, struct spurn_error *err);
void journal_rollback(struct journal *j); /* harmless without a transaction */

/* ---- runs and sweeps ---- */

struct journal_sweep_start {
    const char *owner;  /* "host:pid" */
    const char *digest; /* of policies, lists and parameters */
    int64_t belt;       /* most rejections of this sweep */
    int64_t now_ms;
};

/* One transaction of its own, whole. For JOURNAL_ACT (rule 2): runs that never ended are ended,
 * their half-way sweeps cut, every open intent is put in doubt, and this run and sweep begin as
 * "closing". For JOURNAL_PLAN the sweep begins as "listing". What earlier acting sweeps saw is noted
 * in its senders' past. */
enum spurn_status journal_start_sweep(struct journal *j, const struct journal_sweep_start *start,
                                      int64_t *sweep, struct spurn_error *err);

enum journal_sweep_state { SWEEP_LISTING, SWEEP_HELD, SWEEP_ACTING, SWEEP_DONE, SWEEP_CUT };
enum spurn_status journal_move_sweep(
    struct journal *j, int64_t sweep, enum journal_sweep_state state, int64_t now_ms,
    struct spurn_error *err); /* HELD, DONE and CUT end the run too */

/* ---- closing what a crash left open ---- */

struct journal_intent {
    int64_t seq, invitation, generation;
    struct spurn_text cloud, account, region, endpoint,
        keys; /* of its target; account may be absent */
    struct spurn_text id;
    struct spurn_text token; /* absent at clouds without one */
    bool has_created;
    int64_t created_ms;
    bool doubt;           /* some call may have been done unanswered */
    int64_t last_call_ms; /* of the intent itself when no call is recorded */
};

/* Every intent without an outcome, oldest first, what failed before last. Text is valid during the callback. The callback
 * must not write. */
enum spurn_status journal_each_open(struct journal *j,
                                    void (*each)(void *context,
                                                 const struct journal_intent *intent),
                                    void *context, struct spurn_error *err);

/* ---- listing and deciding ---- */

/* The row of a place. `keys` tells places apart whose account is not known; "" where it is. */
enum spurn_status journal_target(struct journal *j, const struct origin *origin,
                                 const char *endpoint, struct spurn_text keys, int64_t *target,
                                 struct spurn_error *err);

enum journal_coverage_state {
    COVERAGE_LISTING,
    COVERAGE_LISTED,
    COVERAGE_FAILED,
    COVERAGE_SKIPPED /* there was nothing to list; `error` says why */
};
enum spurn_status journal_cover(struct journal *j, int64_t sweep, int64_t target,
                                enum journal_coverage_state state, int64_t pages, const char *error,
                                struct spurn_error *err);

struct journal_seen {
    int64_t
        invitation; /* its row; 0: not kept, because it is not pending and was never seen pending */
    int64_t reading; /* what was read of it, when it was last read pending */
    bool settling; /* rule 5: final here, listed PENDING again within 15 minutes: leave it alone */
    bool open;     /* an intent has no outcome yet: leave it alone */
    bool decided;  /* already decided in this sweep (seen twice in one listing) */
    int64_t first_seen_ms; /* by earlier acting sweeps; 0: never */
    int64_t times_seen;    /* by earlier acting sweeps */
};

/* Notes that an invitation was read from a list, whatever its status (rules 5, 6): finds or makes
 * its row, retires old rows, and when an "abandoned" one is read REJECTED amends it to rejected,
 * inferred (rule 4). `read_ms` is when the list was asked for: a long sweep began long before. */
enum spurn_status journal_see(struct journal *j, int64_t sweep, int64_t target,
                              const struct invitation *inv, int64_t read_ms,
                              struct journal_seen *seen, struct spurn_error *err);

struct journal_decision {
    int64_t sweep, invitation;
    int64_t reading;     /* that it stands on, as journal_see told; 0: the latest */
    const char *verdict; /* "reject", "keep", "none", "undecided" */
    struct spurn_text policy, rule, reason, matches; /* may be absent */
    int line;
    bool has_age;
    int64_t age_s;
    int64_t first_seen_ms, times_seen; /* as the policies were told */
    struct spurn_text
        resources; /* absent: not asked for; "": not known; else a JSON array of {"arn":..., "type":...} */
    int64_t at_ms;
};
enum spurn_status journal_record_decision(struct journal *j,
                                          const struct journal_decision *decision, int64_t *seq,
                                          struct spurn_error *err);

struct journal_fault {
    struct spurn_text policy, rule, cause;
    int line;
    bool observed;
    int64_t count;
};
enum spurn_status journal_record_fault(struct journal *j, int64_t sweep,
                                       const struct journal_fault *fault, struct spurn_error *err);

/* How a rule fared in a sweep. */
struct journal_rule {
    struct spurn_text policy, rule;
    int line;
    bool keeps, observes;
    int64_t asked, held, undecided, decided, faults;
    int64_t timed, time_ns;
};
enum spurn_status journal_record_rule(struct journal *j, int64_t sweep,
                                      const struct journal_rule *rule, struct spurn_error *err);
/* In the order in which they were recorded. */
enum spurn_status journal_each_rule(struct journal *j, int64_t sweep,
                                    void (*each)(void *context, const struct journal_rule *rule),
                                    void *context, struct spurn_error *err);

/* ---- the past of a sender ---- */

enum journal_event { JOURNAL_SEEN, JOURNAL_REJECTED };

/* Other invitations of this sender that acting sweeps listed for the first time, or that we rejected (also when that was
 * inferred), at since_ms <= t < before_ms. What a sweep saw counts from the start of the next one: as of that sweep's clock,
 * now or later, the answer is the same. For JOURNAL_READ it counts at once, for any clock after that sweep's. */
struct journal_past {
    enum journal_event event;
    struct spurn_text cloud, sender;
    int64_t except; /* the invitation's own row; 0: none */
    int64_t since_ms, before_ms;
    int64_t enough; /* stops counting there */
};
enum spurn_status journal_count_past(struct journal *j, const struct journal_past *past,
                                     int64_t *count, struct spurn_error *err);
/* When the first acting sweep began that the journal still knows; INT64_MAX: none did. */
enum spurn_status journal_began(struct journal *j, int64_t *began_ms, struct spurn_error *err);

/* ---- acting ---- */

/* Rejections begun (intents) since `since_ms` and not known to have failed, for the rate belt. */
enum spurn_status journal_count_intents(struct journal *j, int64_t since_ms, int64_t *count,
                                        struct spurn_error *err);
enum spurn_status journal_trust(struct journal *j, const char *digest, const char *how,
                                int64_t now_ms, struct spurn_error *err);
enum spurn_status journal_is_trusted(struct journal *j, const char *digest, bool *trusted,
                                     struct spurn_error *err);

struct journal_candidate {
    int64_t decision, invitation, target;
    struct spurn_text cloud, account, region, endpoint, id;
    bool has_created;
    int64_t created_ms;
};

/* The sweep's reject decisions that have no intent yet, on listed targets only, of invitations last
 * read as PENDING; senders in turn, oldest first; at most `limit`. Text is valid during the
 * callback, which must not write. */
enum spurn_status journal_each_candidate(struct journal *j, int64_t sweep, int64_t limit,
                                         void (*each)(void *context,
                                                      const struct journal_candidate *candidate),
                                         void *context, struct spurn_error *err);

/* Rules 3 and 7. *generation is 1 + the final outcomes so far; *begins_in_doubt is true when an earlier intent
 * was abandoned. The token is made by the caller from the generation and recorded with the intent; NULL at
 * clouds without one. */
enum spurn_status journal_generation(struct journal *j, int64_t invitation, int64_t *generation,
                                     bool *begins_in_doubt, struct spurn_error *err);
enum spurn_status journal_record_intent(struct journal *j, int64_t decision, int64_t generation,
                                        const char *token, int64_t now_ms, int64_t *seq,
                                        struct spurn_error *err);

enum journal_answer {
    ANSWER_OK,
    ANSWER_ALREADY_REJECTED,
    ANSWER_ALREADY_ACCEPTED,
    ANSWER_EXPIRED,
    ANSWER_CANCELLED,
    ANSWER_NOT_FOUND,
    ANSWER_REFUSED,
    ANSWER_THROTTLED,
    ANSWER_NONE,    /* no reply, 5xx: in doubt from now on */
    ANSWER_BAD,     /* a reply of another shape: in doubt from now on */
    ANSWER_NOT_SENT /* surely not sent: no doubt */
};
struct journal_attempt {
    int64_t intent, sweep, sent_ms;
    enum journal_answer answer;
    const char *code, *request_id; /* NULL: none */
};
enum spurn_status journal_record_attempt(struct journal *j, const struct journal_attempt *attempt,
                                         struct spurn_error *err);

enum journal_result {
    RESULT_REJECTED,
    RESULT_ALREADY_REJECTED,
    RESULT_ALREADY_ACCEPTED,
    RESULT_EXPIRED,
    RESULT_CANCELLED,
    RESULT_GONE,
    RESULT_FAILED,
    RESULT_ABANDONED
};
/* What is known now (rule 4). The intent's doubt decides between rejected (inferred) and
 * already_rejected when `result` is RESULT_ALREADY_REJECTED, and between failed and abandoned when
 * it is RESULT_FAILED: the journal, not the caller, knows it. */
enum spurn_status journal_record_outcome(struct journal *j, int64_t intent,
                                         enum journal_result result, int64_t now_ms,
                                         struct spurn_error *err);
const char *journal_result_name(enum journal_result result);

/* ---- reading back ---- */

struct journal_row {
    int64_t sweep, seq, at_ms;
    struct spurn_text cloud, account, region, id, sender, name;
    bool has_age;
    int64_t age_s;
    struct spurn_text verdict, policy, rule, reason, matches;
    int line;
    struct spurn_text outcome; /* absent: no call was made; "open": an intent without an outcome */
    bool inferred;
    struct spurn_text code; /* of the last answer that was an error */
    int64_t outcome_ms;     /* 0: none */
    bool plan;              /* decided by a plan */
};

struct journal_query {
    int64_t sweep;        /* 0: any */
    int64_t since_ms;     /* 0: any */
    struct spurn_text id; /* absent: any; else the id's end is enough */
    bool with_plans;
    int64_t limit; /* 0: none; newest first when set, else oldest first */
};
enum spurn_status journal_each_row(struct journal *j, const struct journal_query *query,
                                   void (*each)(void *context, const struct journal_row *row),
                                   void *context, struct spurn_error *err);

struct journal_covered {
    int64_t target;                                            /* its row */
    struct spurn_text cloud, account, region, endpoint, error; /* error absent: all well */
    enum journal_coverage_state state;
    int64_t pages;
};
enum spurn_status journal_each_covered(struct journal *j, int64_t sweep,
                                       void (*each)(void *context,
                                                    const struct journal_covered *target),
                                       void *context, struct spurn_error *err);

/* A decision with all that it stood on: enough to make it again. */
struct journal_basis {
    int64_t sweep, seq, invitation;
    int64_t at_ms; /* the sweep's one clock */
    bool plan;
    struct spurn_text digest; /* of the policies that made it */
    struct spurn_text cloud, account, region;
    struct invitation read; /* as it was read */
    bool has_age;
    int64_t first_seen_ms, times_seen;
    struct spurn_text resources; /* as in struct journal_decision */
    struct spurn_text verdict, policy, rule, reason, matches;
    int line;
};
/* Each invitation's newest decision among those asked for, in the order in which they were made; `limit` counts from the newest.
 * Text is valid during the callback, which must not write. */
enum spurn_status journal_each_basis(struct journal *j, const struct journal_query *query,
                                     void (*each)(void *context, const struct journal_basis *basis),
                                     void *context, struct spurn_error *err);

/* The chain's last link, for the log: *seq and its hash in hex. */
enum spurn_status journal_head(struct journal *j, int64_t *seq, char hash[SHA256_HEX_LEN + 1],
                               struct spurn_error *err);

/* Rule 10: walks the chain and asks every invariant of src/journal/verify.sql. `problem` is called
 * once for each row that breaks one; none is a sound journal. With `head_seq` not 0 the chain must
 * pass through that link. *checked counts sealed rows. */
enum spurn_status journal_verify(struct journal *j, int64_t head_seq, const char *head_hash,
                                 void (*problem)(void *context, const char *what), void *context,
                                 int64_t *checked, struct spurn_error *err);

#endif

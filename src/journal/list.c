/* list.c - what was read from the lists and what was decided about it. */
#include <string.h>

#include "journal/private.h"

enum {
    SETTLE_MS =
        15 * 60 * 1000, /* a signature lives no longer, and no list was seen to lag so long */
    IDENTITY_LEN = 16
};

static const char pending[] = "PENDING";

/* ---- who it is ---- */

/* An invitation is known by its target, id and creation time: the time itself, so that new ones lie
 * together in the index and few of its pages are written, and half a hash of the whole. */
static bool identify(struct journal *j, int64_t target, const struct invitation *inv,
                     uint8_t identity[IDENTITY_LEN])
{
    int64_t created_ms = inv->has_created ? inv->created_ms : 0;
    uint8_t hash[SHA256_LEN];
    struct buf *b = &j->row;
    buf_reset(b);
    chain_put_int(b, target);
    chain_put_int(b, inv->has_created);
    chain_put_int(b, created_ms);
    buf_add_text(b, inv->id);
    if (b->failed || !digest_sha256(j->digest, buf_text(b), hash))
        return false;
    for (int i = 0; i < 8; i++)
        identity[i] = (uint8_t)((uint64_t)created_ms >> 8 * (7 - i));
    memcpy(identity + 8, hash, IDENTITY_LEN - 8);
    return true;
}

/* ---- what is known of it ---- */

struct known {
    int64_t invitation; /* 0: nothing */
    int64_t reading;    /* the latest */
    int64_t first_seen_ms, times_seen, last_sweep;
    bool is_final; /* another status than pending was the last read, since final_ms */
    int64_t final_ms;
    bool reads_alike; /* as it is read now */
    bool open, decided;
    bool closed; /* its last intent ended for good, at closed_ms */
    int64_t closed_ms;
};

static void put_reading(struct statement *s, const struct invitation *inv)
{
    put_text(s, inv->sender);
    put_text(s, inv->name);
    put_text(s, inv->share);
    put_text(s, inv->receiver);
    put_text(s, inv->receiver_arn);
    if (inv->status_text.at != NULL)
        put_text(s, inv->status_text);
    else
        put_str(s, invitation_status_name(inv->status));
}

static enum spurn_status find(struct journal *j, int64_t sweep, const uint8_t *identity,
                              const struct invitation *inv, struct known *known,
                              struct spurn_error *err)
{
    memset(known, 0, sizeof *known);
    struct statement s;
    statement_begin(&s, j, SQL_FIND_INVITATION, err);
    put_blob(&s, identity, IDENTITY_LEN);
    put_int(&s, sweep);
    put_reading(&s, inv);
    if (statement_next(&s)) {
        known->invitation = column_int(&s, 0);
        known->reading = column_int(&s, 1);
        known->first_seen_ms = column_int(&s, 2);
        known->times_seen = column_int(&s, 3);
        known->last_sweep = column_int(&s, 4);
        known->is_final = !column_is_null(&s, 5);
        known->final_ms = column_int(&s, 5);
        known->reads_alike = column_int(&s, 6) != 0;
        known->open = column_int(&s, 7) != 0;
        known->decided = column_int(&s, 8) != 0;
        known->closed = !column_is_null(&s, 9);
        known->closed_ms = column_int(&s, 9);
    }
    return statement_end(&s);
}

static enum spurn_status add_reading(struct journal *j, const struct invitation *inv,
                                     int64_t *reading, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_ADD_READING, err);
    put_reading(&s, inv);
    enum spurn_status status = statement_run(&s);
    *reading = status == SPURN_OK ? sqlite3_last_insert_rowid(j->db) : 0;
    return status;
}

static enum spurn_status add(struct journal *j, int64_t sweep, int64_t target,
                             const uint8_t *identity, const struct invitation *inv, int64_t read_ms,
                             struct known *known, struct spurn_error *err)
{
    bool acts = j->use == JOURNAL_ACT;
    enum spurn_status status = add_reading(j, inv, &known->reading, err);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_ADD_INVITATION, err);
    put_int(&s, target);
    put_text(&s, inv->id);
    put_maybe(&s, inv->has_created, inv->created_ms);
    put_blob(&s, identity, IDENTITY_LEN);
    put_int(&s, known->reading);
    put_text(&s, inv->sender);
    put_maybe(&s, acts, j->sweep_ms);
    put_int(&s, acts ? 1 : 0);
    put_maybe(&s, acts, sweep);
    put_int(&s, read_ms);
    put_str(&s, pending);
    status = statement_run(&s);
    known->invitation = status == SPURN_OK ? sqlite3_last_insert_rowid(j->db) : 0;
    return status;
}

static enum spurn_status renew_reading(struct journal *j, const struct invitation *inv,
                                       struct known *known, struct spurn_error *err)
{
    enum spurn_status status = add_reading(j, inv, &known->reading, err);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_RENEW_READING, err);
    put_int(&s, known->invitation);
    put_int(&s, known->reading);
    put_text(&s, inv->sender);
    return statement_run(&s);
}

static enum spurn_status see_first(struct journal *j, int64_t invitation, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_SEE_FIRST, err);
    put_int(&s, invitation);
    put_int(&s, j->sweep_ms);
    return statement_run(&s);
}

/* Near in either direction: a clock that was set back by an hour does not settle for an hour. */
static bool settles(const struct known *known, const struct invitation *inv, int64_t read_ms)
{
    int64_t since_ms = read_ms - known->closed_ms;
    return inv->status == STATUS_PENDING && known->closed && since_ms < SETTLE_MS &&
           since_ms > -SETTLE_MS;
}

/* A row is retired when it has been read as final for long enough, and no call about it is open. A list that lags is not
 * believed: the status before stands. */
static enum spurn_status remember(struct journal *j, int64_t sweep, const struct known *known,
                                  const struct invitation *inv, int64_t read_ms,
                                  struct spurn_error *err)
{
    bool is_final = inv->status != STATUS_PENDING;
    int64_t final_ms = known->is_final ? known->final_ms : read_ms;
    bool retired = is_final && !known->open && read_ms - final_ms >= SETTLE_MS;
    struct statement s;
    statement_begin(&s, j, SQL_REMEMBER_INVITATION, err);
    put_int(&s, known->invitation);
    put_int(&s, known->times_seen + (known->last_sweep != sweep));
    put_int(&s, sweep);
    put_int(&s, read_ms);
    put_str(&s, settles(known, inv, read_ms) ? NULL : invitation_status_name(inv->status));
    put_maybe(&s, is_final, final_ms);
    enum spurn_status status = statement_run(&s);
    if (status == SPURN_OK && known->times_seen == 0) /* only plans met it so far */
        status = see_first(j, known->invitation, err);
    if (status != SPURN_OK || !retired)
        return status;
    statement_begin(&s, j, SQL_RETIRE_INVITATION, err);
    put_int(&s, known->invitation);
    return statement_run(&s);
}

/* A call of ours that nobody answered, after which it was pending still, was done late: that is
 * what the list says now. */
static enum spurn_status amend(struct journal *j, int64_t invitation, int64_t read_ms,
                               struct spurn_error *err)
{
    struct outcome late = {.invitation = invitation,
                           .result = RESULT_REJECTED,
                           .inferred = true,
                           .doubt = true,
                           .at_ms = read_ms};
    struct statement s;
    statement_begin(&s, j, SQL_FIND_ABANDONED, err);
    put_int(&s, invitation);
    if (statement_next(&s))
        late.intent = column_int(&s, 0);
    enum spurn_status status = statement_end(&s);
    return status == SPURN_OK && late.intent != 0 ? outcome_add(j, &late, err) : status;
}

static void tell(const struct known *known, int64_t sweep, const struct invitation *inv,
                 int64_t read_ms, struct journal_seen *seen)
{
    bool again = known->last_sweep == sweep; /* a second copy in the same listing */
    seen->invitation = known->invitation;
    seen->open = known->open;
    seen->decided = known->decided;
    seen->settling = settles(known, inv, read_ms);
    seen->times_seen = known->times_seen - again;
    seen->first_seen_ms = seen->times_seen > 0 ? known->first_seen_ms : 0;
}

/* Only what is pending is decided: of anything else no reading is kept. */
static enum spurn_status see_again(struct journal *j, int64_t sweep, const struct invitation *inv,
                                   int64_t read_ms, struct known *known, struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    if (inv->status == STATUS_PENDING && !known->reads_alike)
        status = renew_reading(j, inv, known, err);
    if (j->use != JOURNAL_ACT)
        return status;
    if (status == SPURN_OK && !known->open && inv->status == STATUS_REJECTED)
        status = amend(j, known->invitation, read_ms, err);
    return status == SPURN_OK ? remember(j, sweep, known, inv, read_ms, err) : status;
}

enum spurn_status journal_see(struct journal *j, int64_t sweep, int64_t target,
                              const struct invitation *inv, int64_t read_ms,
                              struct journal_seen *seen, struct spurn_error *err)
{
    *seen = (struct journal_seen){0};
    enum spurn_status status = journal_check_adding(j, err);
    if (status != SPURN_OK)
        return status;
    uint8_t identity[IDENTITY_LEN];
    if (!identify(j, target, inv, identity))
        return spurn_fail_memory(err);
    struct known known;
    status = find(j, sweep, identity, inv, &known, err);
    if (status != SPURN_OK)
        return status;
    if (known.invitation != 0) {
        queue_forget(&j->queue);
        status = see_again(j, sweep, inv, read_ms, &known, err);
        if (status == SPURN_OK)
            tell(&known, sweep, inv, read_ms, seen);
    } else if (inv->status == STATUS_PENDING) {
        status = add(j, sweep, target, identity, inv, read_ms, &known, err);
        seen->invitation = known.invitation;
    }
    seen->reading = known.reading;
    return status;
}

/* ---- what was decided ---- */

enum spurn_status journal_record_decision(struct journal *j,
                                          const struct journal_decision *decision, int64_t *seq,
                                          struct spurn_error *err)
{
    *seq = 0;
    enum spurn_status status = journal_check_adding(j, err);
    if (status != SPURN_OK)
        return status;
    queue_forget(&j->queue);
    struct statement s;
    statement_begin(&s, j, SQL_ADD_DECISION, err);
    put_int(&s, j->last_seq + 1);
    put_int(&s, decision->sweep);
    put_int(&s, decision->invitation);
    put_maybe(&s, decision->reading != 0, decision->reading);
    put_maybe(&s, decision->has_age, decision->age_s);
    put_int(&s, decision->first_seen_ms);
    put_int(&s, decision->times_seen);
    put_text(&s, decision->resources);
    put_str(&s, decision->verdict);
    put_text(&s, decision->policy);
    put_text(&s, decision->rule);
    put_int(&s, decision->line);
    put_text(&s, decision->reason);
    put_text(&s, decision->matches);
    put_int(&s, decision->at_ms);
    status = statement_run(&s);
    if (status != SPURN_OK)
        return status;
    *seq = ++j->last_seq;
    return SPURN_OK;
}

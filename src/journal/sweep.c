/* sweep.c - runs and sweeps begin, move on and end; whom they cover. */
#include "journal/private.h"

enum {
    UNSEEN_MS = 8 * 24 * 3600 * 1000
}; /* past every cloud's expiry; earlier, and a client token is used twice */

static const struct {
    const char *name;
    bool ends; /* the run, too */
} states[] = {
    [SWEEP_LISTING] = {"listing", false}, [SWEEP_HELD] = {"held", true},
    [SWEEP_ACTING] = {"acting", false},   [SWEEP_DONE] = {"done", true},
    [SWEEP_CUT] = {"cut", true},
};

static const char *const coverages[] = {[COVERAGE_LISTING] = "listing",
                                        [COVERAGE_LISTED] = "listed",
                                        [COVERAGE_FAILED] = "failed",
                                        [COVERAGE_SKIPPED] = "skipped"};

static enum spurn_status run_at(struct journal *j, enum sql which, int64_t at_ms,
                                struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, which, err);
    put_int(&s, at_ms);
    return statement_run(&s);
}

static enum spurn_status run(struct journal *j, enum sql which, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, which, err);
    return statement_run(&s);
}

/* Whoever holds the lock knows that nobody else acts: what never ended has died, and what it left
 * open may have been done. */
static enum spurn_status bury_the_dead(struct journal *j, int64_t now_ms, struct spurn_error *err)
{
    enum spurn_status status = run_at(j, SQL_END_RUNS, now_ms, err);
    if (status == SPURN_OK)
        status = run_at(j, SQL_CUT_SWEEPS, now_ms, err);
    if (status == SPURN_OK)
        status = run_at(j, SQL_RETIRE_UNSEEN, now_ms - UNSEEN_MS, err);
    return status == SPURN_OK ? run(j, SQL_DOUBT_OPEN, err) : status;
}

static enum spurn_status add_sweep(struct journal *j, const struct journal_sweep_start *start,
                                   int64_t *sweep, struct spurn_error *err)
{
    bool acts = j->use == JOURNAL_ACT;
    struct statement s;
    statement_begin(&s, j, SQL_START_RUN, err);
    put_str(&s, acts ? "act" : "plan");
    put_int(&s, start->now_ms);
    put_str(&s, start->owner);
    enum spurn_status status = statement_run(&s);
    if (status != SPURN_OK)
        return status;
    statement_begin(&s, j, SQL_START_SWEEP, err);
    put_str(&s, acts ? "act" : "plan");
    put_str(&s, acts ? "closing" : "listing");
    put_str(&s, start->digest);
    put_int(&s, start->belt);
    put_int(&s, j->last_seq);
    put_int(&s, start->now_ms);
    status = statement_run(&s);
    *sweep = status == SPURN_OK ? sqlite3_last_insert_rowid(j->db) : 0;
    return status;
}

enum spurn_status journal_start_sweep(struct journal *j, const struct journal_sweep_start *start,
                                      int64_t *sweep, struct spurn_error *err)
{
    *sweep = 0;
    enum spurn_status status = journal_begin(j, err);
    if (status != SPURN_OK)
        return status;
    status = journal_check_adding(j, err);
    if (status == SPURN_OK && j->use == JOURNAL_ACT)
        status = bury_the_dead(j, start->now_ms, err);
    if (status == SPURN_OK)
        status = run(j, SQL_NOTE_NEW, err);
    int64_t added = 0;
    if (status == SPURN_OK)
        status = add_sweep(j, start, &added, err);
    if (status == SPURN_OK)
        status = journal_commit(j, err);
    else
        journal_rollback(j);
    *sweep = status == SPURN_OK ? added : 0;
    j->sweep_ms = start->now_ms;
    return status;
}

enum spurn_status journal_move_sweep(struct journal *j, int64_t sweep,
                                     enum journal_sweep_state state, int64_t now_ms,
                                     struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    if (status != SPURN_OK)
        return status;
    queue_forget(&j->queue);
    struct statement s;
    statement_begin(&s, j, SQL_MOVE_SWEEP, err);
    put_int(&s, sweep);
    put_str(&s, states[state].name);
    put_int(&s, states[state].ends);
    put_int(&s, now_ms);
    status = statement_run(&s);
    if (status != SPURN_OK)
        return status;
    if (sqlite3_changes(j->db) == 0)
        return spurn_fail(err, SPURN_E_INTERNAL, "sweep %lld is not under way", (long long)sweep);
    if (!states[state].ends)
        return SPURN_OK;
    statement_begin(&s, j, SQL_END_RUN_OF, err);
    put_int(&s, sweep);
    put_int(&s, now_ms);
    return statement_run(&s);
}

static void put_target(struct statement *s, const struct origin *origin, const char *endpoint,
                       struct spurn_text keys)
{
    put_text(s, origin->region);
    put_text(s, origin->account);
    put_text(s, origin->cloud);
    put_str(s, endpoint == NULL ? "" : endpoint);
    put_text(s, keys);
}

enum spurn_status journal_target(struct journal *j, const struct origin *origin,
                                 const char *endpoint, struct spurn_text keys, int64_t *target,
                                 struct spurn_error *err)
{
    *target = 0;
    enum spurn_status status = journal_check_writing(j, err);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_FIND_TARGET, err);
    put_target(&s, origin, endpoint, keys);
    if (statement_next(&s))
        *target = column_int(&s, 0);
    status = statement_end(&s);
    if (status != SPURN_OK || *target != 0)
        return status;
    j->twins = TWINS_UNASKED;
    statement_begin(&s, j, SQL_ADD_TARGET, err);
    put_target(&s, origin, endpoint, keys);
    status = statement_run(&s);
    *target = status == SPURN_OK ? sqlite3_last_insert_rowid(j->db) : 0;
    return status;
}

enum spurn_status journal_cover(struct journal *j, int64_t sweep, int64_t target,
                                enum journal_coverage_state state, int64_t pages, const char *error,
                                struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    if (status != SPURN_OK)
        return status;
    queue_forget(&j->queue);
    struct statement s;
    statement_begin(&s, j, SQL_COVER, err);
    put_int(&s, sweep);
    put_int(&s, target);
    put_str(&s, coverages[state]);
    put_int(&s, pages);
    put_str(&s, error);
    return statement_run(&s);
}

enum spurn_status journal_each_covered(struct journal *j, int64_t sweep,
                                       void (*each)(void *context,
                                                    const struct journal_covered *target),
                                       void *context, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_EACH_COVERED, err);
    put_int(&s, sweep);
    while (statement_next(&s)) {
        struct journal_covered target = {
            .cloud = column_text(&s, 0),
            .account = column_text(&s, 1),
            .region = column_text(&s, 2),
            .endpoint = column_text(&s, 3),
            .pages = column_int(&s, 5),
            .error = column_text(&s, 6),
            .target = column_int(&s, 7),
        };
        for (size_t i = 0; i < sizeof coverages / sizeof coverages[0]; i++)
            if (text_is(column_text(&s, 4), coverages[i]))
                target.state = (enum journal_coverage_state)i;
        each(context, &target);
    }
    return statement_end(&s);
}

/* journal_case.h - a journal in a folder of a test's own, and the steps of a sweep in a line each.
 */
#ifndef SPURN_TESTS_JOURNAL_CASE_H
#define SPURN_TESTS_JOURNAL_CASE_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal.h"
#include "unit.h"

enum { MINUTE_MS = 60 * 1000, DAY_MS = 24 * 3600 * 1000 };

struct journal_case {
    char folder[128], path[160];
    struct digest *digest;
    struct journal *j;
    int64_t now_ms, sweep, target;
    int64_t invitation; /* seen last */
    struct journal_seen seen;
    const char *resources; /* of the next decisions; NULL: not asked for */
    struct spurn_error err;
};

/* Every step is checked, so that a test says only what it is about. */
#define CASE_OK(c, step) CHECK((c)->err.text, ((c)->err.text[0] = '\0', (step) == SPURN_OK))

static inline void case_open(struct journal_case *c, enum journal_use use)
{
    CASE_OK(c, journal_open(c->path, use, c->digest, &c->j, &c->err));
}

static inline void case_close(struct journal_case *c)
{
    journal_close(c->j);
    c->j = NULL;
}

/* A folder, and in it the name of a journal that is not there yet. */
static inline void case_init(struct journal_case *c)
{
    memset(c, 0, sizeof *c);
    c->now_ms = 1800000000000;
    const char *parent = getenv("TMPDIR");
    snprintf(c->folder, sizeof c->folder, "%.90s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(c->folder) != NULL);
    snprintf(c->path, sizeof c->path, "%s/j.db", c->folder);
    CASE_OK(c, digest_open(&c->digest, &c->err));
}

static inline void case_clear(struct journal_case *c)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-lock", "-reserve", ".copy", ".moved"};
    case_close(c);
    digest_close(c->digest);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[192];
        snprintf(path, sizeof path, "%s%s", c->path, ends[i]);
        unlink(path);
    }
    CHECK_INT("nothing else was left there", rmdir(c->folder), 0);
}

static inline void case_begin(struct journal_case *c)
{
    CASE_OK(c, journal_begin(c->j, &c->err));
}

static inline void case_commit(struct journal_case *c)
{
    CASE_OK(c, journal_commit(c->j, &c->err));
}

static inline void case_move(struct journal_case *c, enum journal_sweep_state state)
{
    case_begin(c);
    CASE_OK(c, journal_move_sweep(c->j, c->sweep, state, c->now_ms, &c->err));
    case_commit(c);
}

static inline void case_cover(struct journal_case *c, enum journal_coverage_state state)
{
    case_begin(c);
    CASE_OK(c, journal_cover(c->j, c->sweep, c->target, state, 1,
                             state >= COVERAGE_FAILED ? "no reply" : NULL, &c->err));
    case_commit(c);
}

/* A sweep that is listing one target. */
static inline void case_start(struct journal_case *c)
{
    const struct journal_sweep_start start = {
        .owner = "host:1", .digest = "digest", .belt = 100, .now_ms = c->now_ms};
    const struct origin origin = {text_of("aws"), text_of("111122223333"), text_of("us-east-1")};
    CASE_OK(c, journal_start_sweep(c->j, &start, &c->sweep, &c->err));
    case_begin(c);
    CASE_OK(c, journal_target(c->j, &origin, "", text_of(""), &c->target, &c->err));
    CASE_OK(c, journal_move_sweep(c->j, c->sweep, SWEEP_LISTING, c->now_ms, &c->err));
    case_commit(c);
    case_cover(c, COVERAGE_LISTING);
}

static inline struct invitation case_invitation(const char *id, enum invitation_status status)
{
    return (struct invitation){.id = text_of(id),
                               .sender = text_of("999999999999"),
                               .name = text_of("subnets"),
                               .status = status,
                               .has_created = true,
                               .created_ms = 1700000000000};
}

static inline struct journal_seen case_see_it(struct journal_case *c, const struct invitation *inv)
{
    struct journal_seen seen;
    case_begin(c);
    CASE_OK(c, journal_see(c->j, c->sweep, c->target, inv, c->now_ms, &seen, &c->err));
    case_commit(c);
    c->invitation = seen.invitation;
    c->seen = seen;
    return seen;
}

static inline struct journal_seen case_see(struct journal_case *c, const char *id,
                                           enum invitation_status status)
{
    const struct invitation inv = case_invitation(id, status);
    return case_see_it(c, &inv);
}

static inline int64_t case_decide_as(struct journal_case *c, int64_t invitation,
                                     const char *verdict)
{
    bool is_last = invitation == c->invitation;
    const struct journal_decision decision = {.sweep = c->sweep,
                                              .invitation = invitation,
                                              .verdict = verdict,
                                              .policy = text_of("strangers"),
                                              .rule = text_of("not ours"),
                                              .reason = text_of("999999999999 is not on the list"),
                                              .line = 3,
                                              .has_age = true,
                                              .age_s = 60,
                                              .first_seen_ms = is_last ? c->seen.first_seen_ms : 0,
                                              .times_seen = is_last ? c->seen.times_seen : 0,
                                              .resources = text_of(c->resources),
                                              .at_ms = c->now_ms};
    int64_t seq = 0;
    case_begin(c);
    CASE_OK(c, journal_record_decision(c->j, &decision, &seq, &c->err));
    case_commit(c);
    return seq;
}

/* Listed as pending, and to be rejected. */
static inline int64_t case_decide(struct journal_case *c, const char *id)
{
    struct journal_seen seen = case_see(c, id, STATUS_PENDING);
    return case_decide_as(c, seen.invitation, "reject");
}

static inline void case_act(struct journal_case *c)
{
    case_cover(c, COVERAGE_LISTED);
    case_move(c, SWEEP_ACTING);
}

static inline int64_t case_intend(struct journal_case *c, int64_t decision, int64_t invitation)
{
    int64_t generation = 0, seq = 0;
    bool in_doubt = false;
    char token[64];
    CASE_OK(c, journal_generation(c->j, invitation, &generation, &in_doubt, &c->err));
    snprintf(token, sizeof token, "token-%lld-%lld", (long long)invitation, (long long)generation);
    case_begin(c);
    CASE_OK(c, journal_record_intent(c->j, decision, generation, token, c->now_ms, &seq, &c->err));
    case_commit(c);
    return seq;
}

/* A sweep in which `id` alone is decided and an intent stands. */
static inline int64_t case_intent(struct journal_case *c, const char *id)
{
    case_start(c);
    int64_t decision = case_decide(c, id);
    case_act(c);
    return case_intend(c, decision, c->invitation);
}

static inline void case_attempt(struct journal_case *c, int64_t intent, enum journal_answer answer)
{
    const struct journal_attempt attempt = {.intent = intent,
                                            .sweep = c->sweep,
                                            .sent_ms = c->now_ms,
                                            .answer = answer,
                                            .code = answer == ANSWER_OK ? NULL : "SomeCode"};
    case_begin(c);
    CASE_OK(c, journal_record_attempt(c->j, &attempt, &c->err));
    case_commit(c);
}

static inline void case_outcome(struct journal_case *c, int64_t intent, enum journal_result result)
{
    case_begin(c);
    CASE_OK(c, journal_record_outcome(c->j, intent, result, c->now_ms, &c->err));
    case_commit(c);
}

static inline void case_answered(struct journal_case *c, int64_t intent, enum journal_answer answer,
                                 enum journal_result result)
{
    case_attempt(c, intent, answer);
    case_outcome(c, intent, result);
}

/* How a rule fared in this sweep. */
static inline void case_count_rule(struct journal_case *c)
{
    const struct journal_rule rule = {.policy = text_of("strangers"),
                                      .rule = text_of("not ours"),
                                      .line = 3,
                                      .asked = 5,
                                      .held = 3,
                                      .undecided = 1,
                                      .decided = 2,
                                      .faults = 1,
                                      .timed = 4,
                                      .time_ns = 1234567890123};
    case_begin(c);
    CASE_OK(c, journal_record_rule(c->j, c->sweep, &rule, &c->err));
    case_commit(c);
}

/* ---- reading back ---- */

struct case_rows {
    size_t count;
    char ids[1024]; /* "a b c" */
    char last[64];  /* outcome, and "+" when inferred */
    char names[256];
    int64_t last_seq;
};

static inline void case_take_row(void *context, const struct journal_row *row)
{
    struct case_rows *rows = context;
    size_t len = strlen(rows->ids);
    snprintf(rows->ids + len, sizeof rows->ids - len, "%s%.*s", rows->count == 0 ? "" : " ",
             TEXT_ARG(row->id));
    len = strlen(rows->names);
    snprintf(rows->names + len, sizeof rows->names - len, "%s%.*s", rows->count == 0 ? "" : " ",
             TEXT_ARG(row->name));
    snprintf(rows->last, sizeof rows->last, "%.*s%s", TEXT_ARG(row->outcome),
             row->inferred ? "+" : "");
    rows->last_seq = row->seq;
    rows->count++;
}

static inline struct case_rows case_rows(struct journal_case *c, const struct journal_query *query)
{
    struct case_rows rows = {0};
    CASE_OK(c, journal_each_row(c->j, query, case_take_row, &rows, &c->err));
    return rows;
}

/* The outcome in this sweep, when there is one row. */
static inline struct case_rows case_this_sweep(struct journal_case *c)
{
    const struct journal_query query = {.sweep = c->sweep};
    return case_rows(c, &query);
}

struct case_problems {
    size_t count;
    char text[4096]; /* each with a newline */
};

static inline void case_take_problem(void *context, const char *what)
{
    struct case_problems *problems = context;
    size_t len = strlen(problems->text);
    snprintf(problems->text + len, sizeof problems->text - len, "%s\n", what);
    problems->count++;
}

static inline struct case_problems case_verify(struct journal_case *c)
{
    struct case_problems problems = {0};
    int64_t checked = 0;
    CASE_OK(c, journal_verify(c->j, 0, NULL, case_take_problem, &problems, &checked, &c->err));
    return problems;
}

static inline void case_is_sound(struct journal_case *c)
{
    struct case_problems problems = case_verify(c);
    CHECK_STR("sound", problems.text, "");
}

/* An edit by hand, past every rule of the schema; the journal must be closed. */
static inline void case_edit(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    CHECK(sql, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    CHECK(sql, sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF",
                            NULL, NULL, NULL) == 0);
    sqlite3_exec(db, sql, NULL, NULL, &why);
    CHECK_STR(sql, why, NULL);
    sqlite3_free(why);
    sqlite3_close(db);
}

/* Runs `body` in a process of its own, which may be killed or lose its rights; how it ended, as
 * wait says. */
static inline int case_fork(int (*body)(struct journal_case *c), struct journal_case *c)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int code = body(c);
        fflush(stdout);
        _exit(code);
    }
    int how = -1;
    CHECK("a process of its own", pid > 0 && waitpid(pid, &how, 0) == pid);
    return how;
}

/* ---- longer steps ---- */

static inline void case_take_candidate(void *context, const struct journal_candidate *candidate)
{
    struct case_rows *rows = context;
    size_t len = strlen(rows->ids);
    snprintf(rows->ids + len, sizeof rows->ids - len, "%s%.*s", rows->count++ == 0 ? "" : " ",
             TEXT_ARG(candidate->id));
    rows->last_seq = candidate->decision;
}

static inline struct case_rows case_candidates(struct journal_case *c, int64_t limit)
{
    struct case_rows rows = {0};
    CASE_OK(c, journal_each_candidate(c->j, c->sweep, limit, case_take_candidate, &rows, &c->err));
    return rows;
}

/* A reply was lost, then the invitation was read as pending: abandoned, unless it turns out later.
 */
static inline void case_abandon(struct journal_case *c)
{
    int64_t intent = case_intent(c, "a");
    case_answered(c, intent, ANSWER_NONE, RESULT_FAILED);
    CHECK_STR("abandoned", case_this_sweep(c).last, "abandoned");
    case_move(c, SWEEP_DONE);
    c->now_ms += MINUTE_MS;
}

/* Whether an intent may stand; it is not kept. */
static inline enum spurn_status case_try_intent(struct journal_case *c, int64_t decision,
                                                int64_t generation)
{
    int64_t seq = 0;
    case_begin(c);
    enum spurn_status status =
        journal_record_intent(c->j, decision, generation, NULL, c->now_ms, &seq, &c->err);
    journal_rollback(c->j);
    return status;
}

#endif

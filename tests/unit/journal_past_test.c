/* journal_past_test.c - what a sender did before: counted as of a time, by what acting sweeps know,
 * and never further than was asked. */
#include "embedded.h"
#include "journal_case.h"

static const char flooder[] = "999999999999";

static int64_t count_past(struct journal_case *c, const struct journal_past *past)
{
    int64_t count = -1;
    CASE_OK(c, journal_count_past(c->j, past, &count, &c->err));
    return count;
}

/* Of the sender of every invitation that says no other. */
static struct journal_past past_of(const struct journal_case *c, enum journal_event event)
{
    return (struct journal_past){.event = event,
                                 .cloud = text_of("aws"),
                                 .sender = text_of(flooder),
                                 .before_ms = c->now_ms,
                                 .enough = 1000000};
}

static void see_from(struct journal_case *c, const char *id, const char *sender)
{
    struct invitation inv = case_invitation(id, STATUS_PENDING);
    inv.sender = text_of(sender);
    case_see_it(c, &inv);
}

/* Each sweep is a minute after the one before. */
static void end_sweep(struct journal_case *c)
{
    case_move(c, SWEEP_DONE);
    c->now_ms += MINUTE_MS;
}

/* a and b in the first minute, c and another's in the second. */
static int64_t make_past(struct journal_case *c)
{
    case_init(c);
    case_open(c, JOURNAL_ACT);
    int64_t start_ms = c->now_ms;
    case_start(c);
    case_see(c, "a", STATUS_PENDING);
    case_see(c, "b", STATUS_PENDING);
    end_sweep(c);
    case_start(c);
    case_see(c, "a", STATUS_PENDING);
    case_see(c, "c", STATUS_PENDING);
    see_from(c, "d", "888888888888");
    end_sweep(c);
    case_start(c);
    return start_ms;
}

static void what_was_seen_counts_by_sender_cloud_and_time(void)
{
    struct journal_case c;
    int64_t start_ms = make_past(&c);
    const struct {
        const char *label, *cloud, *sender;
        int64_t since_ms, before_ms, except, enough, want;
    } rows[] = {
        {"all", "aws", flooder, 0, INT64_MAX, 0, 100, 3},
        {"another's", "aws", "888888888888", 0, INT64_MAX, 0, 100, 1},
        {"a stranger's", "aws", "777777777777", 0, INT64_MAX, 0, 100, 0},
        {"nobody's", "aws", NULL, 0, INT64_MAX, 0, 100, 0},
        {"of another cloud", "alibaba", flooder, 0, INT64_MAX, 0, 100, 0},
        {"but for itself", "aws", flooder, 0, INT64_MAX, 1, 100, 2},
        {"since the second", "aws", flooder, start_ms + 1, INT64_MAX, 0, 100, 1},
        {"since the first, itself included", "aws", flooder, start_ms, INT64_MAX, 0, 100, 3},
        {"before the second", "aws", flooder, 0, start_ms + MINUTE_MS, 0, 100, 2},
        {"before the first", "aws", flooder, 0, start_ms, 0, 100, 0},
        {"enough", "aws", flooder, 0, INT64_MAX, 0, 2, 2},
        {"enough, but for itself", "aws", flooder, 0, INT64_MAX, 1, 2, 2},
        {"none is enough", "aws", flooder, 0, INT64_MAX, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct journal_past past = {.event = JOURNAL_SEEN,
                                          .cloud = text_of(rows[i].cloud),
                                          .sender = text_of(rows[i].sender),
                                          .except = rows[i].except,
                                          .since_ms = rows[i].since_ms,
                                          .before_ms = rows[i].before_ms,
                                          .enough = rows[i].enough};
        CHECK_INT(rows[i].label, count_past(&c, &past), rows[i].want);
    }
    case_is_sound(&c);
    case_clear(&c);
}

static void what_this_sweep_or_a_later_one_lists_does_not_count(void)
{
    struct journal_case c;
    make_past(&c);
    struct journal_past past = past_of(&c, JOURNAL_SEEN);
    CHECK_INT("before it lists", count_past(&c, &past), 3);
    case_see(&c, "e", STATUS_PENDING);
    CHECK_INT("and after", count_past(&c, &past), 3);
    end_sweep(&c);
    case_start(&c);
    case_see(&c, "f", STATUS_PENDING);
    CHECK_INT("asked again later, as of then", count_past(&c, &past), 3);
    past.before_ms = c.now_ms;
    CHECK_INT("as of now", count_past(&c, &past), 4);
    case_clear(&c);
}

static void a_plan_leaves_no_past_and_an_acting_sweep_after_it_does(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_PLAN);
    case_start(&c);
    case_see(&c, "a", STATUS_PENDING);
    end_sweep(&c);
    case_start(&c);
    struct journal_past past = past_of(&c, JOURNAL_SEEN);
    CHECK_INT("of a plan", count_past(&c, &past), 0);
    case_close(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_see(&c, "a", STATUS_PENDING);
    end_sweep(&c);
    case_close(&c);
    case_open(&c, JOURNAL_PLAN);
    case_start(&c);
    past.before_ms = c.now_ms;
    CHECK_INT("a plan knows of acting sweeps", count_past(&c, &past), 1);
    case_is_sound(&c);
    case_clear(&c);
}

static void what_a_sweep_that_died_had_seen_counts(void)
{
    static const enum journal_use uses[] = {JOURNAL_PLAN, JOURNAL_ACT};
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        struct journal_case c;
        make_past(&c);
        case_see(&c, "e", STATUS_PENDING);
        case_close(&c);
        c.now_ms += MINUTE_MS;
        case_open(&c, uses[i]);
        case_start(&c);
        const struct journal_past past = past_of(&c, JOURNAL_SEEN);
        CHECK_INT("e too", count_past(&c, &past), 4);
        case_is_sound(&c);
        case_clear(&c);
    }
}

static void an_invitation_whose_name_changed_still_counts(void)
{
    struct journal_case c;
    make_past(&c);
    struct invitation renamed = case_invitation("a", STATUS_PENDING);
    renamed.name = text_of("renamed");
    case_see_it(&c, &renamed);
    const struct journal_past past = past_of(&c, JOURNAL_SEEN);
    CHECK_INT("a, b and c", count_past(&c, &past), 3);
    case_is_sound(&c);
    case_clear(&c);
}

static void only_what_we_rejected_counts_as_rejected(void)
{
    static const struct {
        const char *label;
        enum journal_answer answer;
        enum journal_result read;
        int64_t want;
    } rows[] = {
        {"by reply", ANSWER_OK, RESULT_REJECTED, 1},
        {"inferred", ANSWER_NONE, RESULT_ALREADY_REJECTED, 1},
        {"by somebody else", ANSWER_ALREADY_REJECTED, RESULT_ALREADY_REJECTED, 0},
        {"expired", ANSWER_EXPIRED, RESULT_EXPIRED, 0},
        {"failed", ANSWER_REFUSED, RESULT_FAILED, 0},
        {"abandoned", ANSWER_NONE, RESULT_FAILED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        case_answered(&c, case_intent(&c, "a"), rows[i].answer, rows[i].read);
        int64_t invitation = c.invitation;
        end_sweep(&c);
        case_start(&c);
        struct journal_past past = past_of(&c, JOURNAL_REJECTED);
        CHECK_INT(rows[i].label, count_past(&c, &past), rows[i].want);
        past.except = invitation;
        CHECK_INT("but for itself", count_past(&c, &past), 0);
        past.except = 0;
        past.before_ms -= MINUTE_MS;
        CHECK_INT("as of before", count_past(&c, &past), 0);
        past.before_ms++;
        CHECK_INT("as of right after", count_past(&c, &past), rows[i].want);
        past.since_ms = past.before_ms;
        CHECK_INT("since later", count_past(&c, &past), 0);
        case_is_sound(&c);
        case_clear(&c);
    }
}

static void a_reader_knows_what_the_latest_sweep_saw_and_rejected(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    int64_t start_ms = c.now_ms;
    case_answered(&c, case_intent(&c, "a"), ANSWER_OK, RESULT_REJECTED);
    case_see(&c, "b", STATUS_PENDING);
    end_sweep(&c);
    case_close(&c);
    case_open(&c, JOURNAL_READ);
    for (enum journal_event event = JOURNAL_SEEN; event <= JOURNAL_REJECTED; event++) {
        struct journal_past past = past_of(&c, event);
        CHECK_INT("now", count_past(&c, &past), event == JOURNAL_SEEN ? 2 : 1);
        past.enough = 1;
        CHECK_INT("enough", count_past(&c, &past), 1);
        past.cloud = text_of("alibaba");
        CHECK_INT("of another cloud", count_past(&c, &past), 0);
        past = past_of(&c, event);
        past.before_ms = start_ms;
        CHECK_INT("as of that sweep", count_past(&c, &past), 0);
        past = past_of(&c, event);
        past.except = 1;
        CHECK_INT("but for itself", count_past(&c, &past), event == JOURNAL_SEEN ? 1 : 0);
    }
    case_is_sound(&c);
    case_clear(&c);
}

static void what_turns_out_rejected_counts_from_then_on(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    case_start(&c);
    case_see(&c, "a", STATUS_REJECTED);
    struct journal_past past = past_of(&c, JOURNAL_REJECTED);
    CHECK_INT("not in the sweep that reads it", count_past(&c, &past), 0);
    end_sweep(&c);
    past.before_ms = c.now_ms;
    CHECK_INT("but in the next", count_past(&c, &past), 1);
    case_is_sound(&c);
    case_clear(&c);
}

/* ---- how far it looks ---- */

enum { FLOOD = 5000 };

/* One sender's, listed at once, every second of them rejected. */
static void make_flood(struct journal_case *c)
{
    case_init(c);
    case_open(c, JOURNAL_ACT);
    case_start(c);
    case_begin(c);
    for (int i = 0; i < FLOOD; i++) {
        char id[32];
        snprintf(id, sizeof id, "flood-%d", i);
        const struct invitation inv = case_invitation(id, STATUS_PENDING);
        struct journal_seen seen;
        CASE_OK(c, journal_see(c->j, c->sweep, c->target, &inv, c->now_ms, &seen, &c->err));
    }
    case_commit(c);
    end_sweep(c);
    case_start(c);
    case_close(c);
    case_edit(c->path, "UPDATE invitation SET rejected_ms = first_seen_ms + 1000 WHERE id % 2 = 0");
    case_open(c, JOURNAL_READ);
}

static void thousands_are_counted_as_far_as_asked(void)
{
    struct journal_case c;
    make_flood(&c);
    struct journal_past past = past_of(&c, JOURNAL_SEEN);
    CHECK_INT("seen", count_past(&c, &past), FLOOD);
    past.except = 7;
    CHECK_INT("but for itself", count_past(&c, &past), FLOOD - 1);
    past.enough = 3;
    CHECK_INT("enough", count_past(&c, &past), 3);
    past = past_of(&c, JOURNAL_REJECTED);
    CHECK_INT("rejected", count_past(&c, &past), FLOOD / 2);
    case_clear(&c);
}

/* The statement of that name, prepared on a connection of the test's own. */
static sqlite3_stmt *prepare_named(sqlite3 *db, const char *before, const char *name)
{
    char mark[64], sql[2048];
    snprintf(mark, sizeof mark, "-- name: %s\n", name);
    const char *at = strstr(embedded_text("src/journal/statements.sql").at, mark);
    sqlite3_stmt *statement = NULL;
    if (!CHECK(name, at != NULL))
        return NULL;
    snprintf(sql, sizeof sql, "%s %s", before, at + strlen(mark));
    CHECK(name, sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
    return statement;
}

static const struct {
    const char *name, *index;
} questions[] = {
    {"count_seen", "USING INDEX invitation_seen (sender=? AND first_seen_ms>? AND "
                   "first_seen_ms<?)"},
    {"count_rejected", "USING INDEX invitation_rejected (sender=? AND rejected_ms>? AND "
                       "rejected_ms<?)"},
};
enum { QUESTION_COUNT = sizeof questions / sizeof questions[0] };

static void each_question_has_an_index_of_its_own(void)
{
    struct journal_case c;
    make_flood(&c);
    sqlite3 *db = NULL;
    CHECK("open", sqlite3_open(c.path, &db) == SQLITE_OK);
    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        sqlite3_stmt *plan = prepare_named(db, "EXPLAIN QUERY PLAN", questions[i].name);
        bool found = false;
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            found = found || strstr(step, questions[i].index) != NULL;
            CHECK(step, strncmp(step, "SCAN i", 6) != 0);
        }
        CHECK(questions[i].index, found);
        sqlite3_finalize(plan);
    }
    sqlite3_close(db);
    case_clear(&c);
}

/* In steps of SQLite's machine: a few dozen for each that is counted. */
static void it_looks_no_further_than_enough(void)
{
    struct journal_case c;
    make_flood(&c);
    sqlite3 *db = NULL;
    CHECK("open", sqlite3_open(c.path, &db) == SQLITE_OK);
    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        sqlite3_stmt *s = prepare_named(db, "", questions[i].name);
        sqlite3_bind_text(s, 1, flooder, -1, SQLITE_STATIC);
        sqlite3_bind_int64(s, 2, 0);
        sqlite3_bind_int64(s, 3, c.now_ms);
        sqlite3_bind_int64(s, 4, 2);
        sqlite3_bind_text(s, 5, "aws", -1, SQLITE_STATIC);
        sqlite3_bind_int64(s, 6, 3);
        CHECK(questions[i].name, sqlite3_step(s) == SQLITE_ROW);
        CHECK_INT(questions[i].name, sqlite3_column_int64(s, 0), 3);
        CHECK(questions[i].name, sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 0) < 200);
        sqlite3_finalize(s);
    }
    sqlite3_close(db);
    case_clear(&c);
}

/* ---- how long it has known ---- */

static void it_began_with_the_first_acting_sweep(void)
{
    struct journal_case c;
    case_init(&c);
    int64_t began_ms = 0;
    case_open(&c, JOURNAL_PLAN);
    CASE_OK(&c, journal_began(c.j, &began_ms, &c.err));
    CHECK("not yet", began_ms == INT64_MAX);
    case_start(&c);
    end_sweep(&c);
    CASE_OK(&c, journal_began(c.j, &began_ms, &c.err));
    CHECK("nor with a plan", began_ms == INT64_MAX);
    case_close(&c);
    case_open(&c, JOURNAL_ACT);
    int64_t first_ms = c.now_ms;
    case_start(&c);
    end_sweep(&c);
    case_start(&c);
    CASE_OK(&c, journal_began(c.j, &began_ms, &c.err));
    CHECK_INT("with the first", began_ms, first_ms);
    case_clear(&c);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(what_was_seen_counts_by_sender_cloud_and_time),
    TEST(what_this_sweep_or_a_later_one_lists_does_not_count),
    TEST(a_plan_leaves_no_past_and_an_acting_sweep_after_it_does),
    TEST(what_a_sweep_that_died_had_seen_counts),
    TEST(an_invitation_whose_name_changed_still_counts),
    TEST(only_what_we_rejected_counts_as_rejected),
    TEST(a_reader_knows_what_the_latest_sweep_saw_and_rejected),
    TEST(what_turns_out_rejected_counts_from_then_on),
    TEST(thousands_are_counted_as_far_as_asked),
    TEST(each_question_has_an_index_of_its_own),
    TEST(it_looks_no_further_than_enough),
    TEST(it_began_with_the_first_acting_sweep),
};
UNIT_MAIN(tests)

/* journal_act_test.c - the rules of acting: candidates, intents, calls and what came of them. */
#include "journal_case.h"

/* ---- what came of it ---- */

static void what_is_recorded_is_only_what_is_known(void)
{
    enum { NO_CALL = -1 };
    static const struct {
        const char *label;
        int answers[3]; /* of the calls, in order, to NO_CALL */
        enum journal_result read;
        const char *want; /* "+": inferred */
    } rows[] = {
        {"200 is ours", {ANSWER_OK, NO_CALL}, RESULT_REJECTED, "rejected"},
        {"200 after a lost reply is ours",
         {ANSWER_NONE, ANSWER_OK, NO_CALL},
         RESULT_REJECTED,
         "rejected"},
        {"200 outweighs what is read later", {ANSWER_OK, NO_CALL}, RESULT_GONE, "rejected"},
        {"the first answered call says already",
         {ANSWER_ALREADY_REJECTED, NO_CALL},
         RESULT_ALREADY_REJECTED,
         "already_rejected"},
        {"already, after a lost reply",
         {ANSWER_NONE, ANSWER_ALREADY_REJECTED, NO_CALL},
         RESULT_ALREADY_REJECTED,
         "rejected+"},
        {"already, after an unreadable reply",
         {ANSWER_BAD, NO_CALL},
         RESULT_ALREADY_REJECTED,
         "rejected+"},
        {"already, after what was surely not done",
         {ANSWER_THROTTLED, ANSWER_NOT_SENT, NO_CALL},
         RESULT_ALREADY_REJECTED,
         "already_rejected"},
        {"already, after a refusal",
         {ANSWER_REFUSED, ANSWER_NOT_FOUND, NO_CALL},
         RESULT_ALREADY_REJECTED,
         "already_rejected"},
        {"pending, and no call is in doubt", {ANSWER_REFUSED, NO_CALL}, RESULT_FAILED, "failed"},
        {"pending, and a call is in doubt", {ANSWER_NONE, NO_CALL}, RESULT_FAILED, "abandoned"},
        {"abandoned needs doubt", {ANSWER_THROTTLED, NO_CALL}, RESULT_ABANDONED, "failed"},
        {"accepted",
         {ANSWER_ALREADY_ACCEPTED, NO_CALL},
         RESULT_ALREADY_ACCEPTED,
         "already_accepted"},
        {"expired", {ANSWER_EXPIRED, NO_CALL}, RESULT_EXPIRED, "expired"},
        {"cancelled", {ANSWER_CANCELLED, NO_CALL}, RESULT_CANCELLED, "cancelled"},
        {"gone", {ANSWER_NOT_FOUND, NO_CALL}, RESULT_GONE, "gone"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        int64_t intent = case_intent(&c, "a");
        CHECK_STR(rows[i].label, case_this_sweep(&c).last, "open");
        for (size_t k = 0; rows[i].answers[k] != NO_CALL; k++)
            case_attempt(&c, intent, (enum journal_answer)rows[i].answers[k]);
        case_outcome(&c, intent, rows[i].read);
        CHECK_STR(rows[i].label, case_this_sweep(&c).last, rows[i].want);
        case_is_sound(&c);
        case_clear(&c);
    }
}

static void rejected_is_not_recorded_without_a_call_that_succeeded(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    int64_t intent = case_intent(&c, "a");
    case_attempt(&c, intent, ANSWER_NONE);
    case_begin(&c);
    CHECK_INT("rejected", journal_record_outcome(c.j, intent, RESULT_REJECTED, c.now_ms, &c.err),
              SPURN_E_INTERNAL);
    journal_rollback(c.j);
    CHECK_STR("still", case_this_sweep(&c).last, "open");
    case_clear(&c);
}

static void a_closed_intent_takes_no_more(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    int64_t intent = case_intent(&c, "a");
    case_answered(&c, intent, ANSWER_EXPIRED, RESULT_EXPIRED);
    const struct journal_attempt late = {
        .intent = intent, .sweep = c.sweep, .sent_ms = c.now_ms, .answer = ANSWER_OK};
    case_begin(&c);
    CHECK_INT("a call", journal_record_attempt(c.j, &late, &c.err), SPURN_E_INTERNAL);
    CHECK_INT("an outcome", journal_record_outcome(c.j, intent, RESULT_GONE, c.now_ms, &c.err),
              SPURN_E_INTERNAL);
    case_commit(&c);
    case_is_sound(&c);
    case_clear(&c);
}

static void abandoned_and_read_as_rejected_becomes_rejected_inferred(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    int64_t first = c.sweep;
    case_start(&c);
    case_see(&c, "a", STATUS_REJECTED);
    case_see(&c, "a", STATUS_REJECTED);
    const struct journal_query query = {.sweep = first};
    CHECK_STR("amended", case_rows(&c, &query).last, "rejected+");
    case_is_sound(&c);
    CHECK("and that is final: it settles", case_see(&c, "a", STATUS_PENDING).settling);
    case_clear(&c);
}

static void what_came_after_an_abandoned_call_stands(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    case_answered(&c, case_intent(&c, "a"), ANSWER_EXPIRED, RESULT_EXPIRED);
    case_see(&c, "a", STATUS_REJECTED);
    CHECK_STR("expired", case_this_sweep(&c).last, "expired");
    const struct journal_query query = {.sweep = 1};
    CHECK_STR("and the one before is as it was", case_rows(&c, &query).last, "abandoned");
    case_is_sound(&c);
    case_clear(&c);
}

static void an_intent_after_an_abandoned_one_begins_in_doubt(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    int64_t intent = case_intent(&c, "a");
    int64_t generation = 0;
    bool in_doubt = false;
    CASE_OK(&c, journal_generation(c.j, c.invitation, &generation, &in_doubt, &c.err));
    CHECK_INT("abandoned is not final", generation, 1);
    CHECK("in doubt", in_doubt);
    case_answered(&c, intent, ANSWER_ALREADY_REJECTED, RESULT_ALREADY_REJECTED);
    CHECK_STR("so that it may have been the earlier call", case_this_sweep(&c).last, "rejected+");
    case_is_sound(&c);
    case_clear(&c);
}

static void an_invitation_is_recorded_rejected_at_most_once(void)
{
    static const struct {
        const char *label;
        enum journal_answer answer;
        enum journal_result read;
    } rows[] = {
        {"in doubt", ANSWER_NONE, RESULT_ALREADY_REJECTED},
        {"a second success", ANSWER_OK, RESULT_REJECTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        case_answered(&c, case_intent(&c, "a"), ANSWER_OK, RESULT_REJECTED);
        case_move(&c, SWEEP_DONE);
        c.now_ms += 16 * MINUTE_MS;
        case_answered(&c, case_intent(&c, "a"), rows[i].answer, rows[i].read);
        CHECK_STR(rows[i].label, case_this_sweep(&c).last, "already_rejected");
        case_is_sound(&c);
        case_clear(&c);
    }
}

/* ---- intents ---- */

static void an_intent_stands_on_a_reject_decision_of_its_own_sweep(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    int64_t old = case_decide(&c, "a");
    case_act(&c);
    case_move(&c, SWEEP_CUT);
    CHECK_INT("of a sweep that ended", case_try_intent(&c, old, 1), SPURN_E_INTERNAL);
    case_start(&c);
    int64_t reject = case_decide(&c, "b");
    struct journal_seen seen = case_see(&c, "c", STATUS_PENDING);
    int64_t keep = case_decide_as(&c, seen.invitation, "keep");
    CHECK_INT("while listing", case_try_intent(&c, reject, 1), SPURN_E_INTERNAL);
    case_act(&c);
    CHECK_INT("kept", case_try_intent(&c, keep, 1), SPURN_E_INTERNAL);
    CHECK_INT("of an earlier sweep", case_try_intent(&c, old, 1), SPURN_E_INTERNAL);
    CHECK_INT("of another generation", case_try_intent(&c, reject, 2), SPURN_E_INTERNAL);
    CHECK_INT("its own", case_try_intent(&c, reject, 1), SPURN_OK);
    case_clear(&c);
}

static void there_is_one_intent_at_a_time(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    int64_t intent = case_intent(&c, "a");
    int64_t decision = case_this_sweep(&c).last_seq;
    CHECK_INT("twice", case_try_intent(&c, decision, 1), SPURN_E_INTERNAL);
    case_start(&c);
    CHECK("the next sweep leaves it alone", case_see(&c, "a", STATUS_PENDING).open);
    case_outcome(&c, intent, RESULT_FAILED);
    CHECK("until it is closed", !case_see(&c, "a", STATUS_PENDING).open);
    case_clear(&c);
}

static void a_generation_counts_final_outcomes_only(void)
{
    static const struct {
        enum journal_answer answer;
        enum journal_result read;
        int64_t next;
    } rows[] = {
        {ANSWER_REFUSED, RESULT_FAILED, 1},
        {ANSWER_NONE, RESULT_FAILED, 1},
        {ANSWER_EXPIRED, RESULT_EXPIRED, 2},
        {ANSWER_OK, RESULT_REJECTED, 2},
        {ANSWER_ALREADY_ACCEPTED, RESULT_ALREADY_ACCEPTED, 2},
        {ANSWER_NOT_FOUND, RESULT_GONE, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        case_answered(&c, case_intent(&c, "a"), rows[i].answer, rows[i].read);
        int64_t generation = 0;
        bool in_doubt = false;
        CASE_OK(&c, journal_generation(c.j, c.invitation, &generation, &in_doubt, &c.err));
        CHECK_INT(journal_result_name(rows[i].read), generation, rows[i].next);
        case_clear(&c);
    }
}

static void recorded_intents_are_counted_since_a_time(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_answered(&c, case_intent(&c, "a"), ANSWER_OK, RESULT_REJECTED);
    int64_t first_ms = c.now_ms;
    case_move(&c, SWEEP_DONE);
    c.now_ms += 90 * MINUTE_MS;
    case_intent(&c, "b");
    int64_t count = 0;
    CASE_OK(&c, journal_count_intents(c.j, c.now_ms - 60 * MINUTE_MS, &count, &c.err));
    CHECK_INT("the last hour", count, 1);
    CASE_OK(&c, journal_count_intents(c.j, first_ms, &count, &c.err));
    CHECK_INT("both", count, 2);
    case_clear(&c);
}

/* ---- candidates ---- */

static void candidates_take_senders_in_turn_and_the_oldest_first(void)
{
    static const struct {
        const char *id, *sender;
        int64_t created_ms;
        const char *verdict;
    } rows[] = {
        {"flood-3", "1", 30, "reject"}, {"flood-1", "1", 10, "reject"},
        {"flood-2", "1", 20, "reject"}, {"other-1", "2", 25, "reject"},
        {"kept", "3", 1, "keep"},       {"other-2", "2", 26, "reject"},
    };
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct invitation inv = case_invitation(rows[i].id, STATUS_PENDING);
        inv.sender = text_of(rows[i].sender);
        inv.created_ms = rows[i].created_ms;
        case_decide_as(&c, case_see_it(&c, &inv).invitation, rows[i].verdict);
    }
    CHECK_STR("none before the target was read", case_candidates(&c, 10).ids, "");
    case_act(&c);
    CHECK_STR("in turn", case_candidates(&c, 10).ids, "flood-1 other-1 flood-2 other-2 flood-3");
    struct case_rows first = case_candidates(&c, 1);
    CHECK_STR("as many as asked for", first.ids, "flood-1");
    case_intend(&c, first.last_seq, 2);
    CHECK_STR("not again", case_candidates(&c, 2).ids, "other-1 flood-2");
    case_clear(&c);
}

static void candidates_come_from_targets_that_were_read_whole(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_decide(&c, "a");
    case_cover(&c, COVERAGE_FAILED);
    case_move(&c, SWEEP_ACTING);
    CHECK_STR("none", case_candidates(&c, 10).ids, "");
    case_clear(&c);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(what_is_recorded_is_only_what_is_known),
    TEST(rejected_is_not_recorded_without_a_call_that_succeeded),
    TEST(a_closed_intent_takes_no_more),
    TEST(abandoned_and_read_as_rejected_becomes_rejected_inferred),
    TEST(what_came_after_an_abandoned_call_stands),
    TEST(an_intent_after_an_abandoned_one_begins_in_doubt),
    TEST(an_invitation_is_recorded_rejected_at_most_once),
    TEST(an_intent_stands_on_a_reject_decision_of_its_own_sweep),
    TEST(there_is_one_intent_at_a_time),
    TEST(a_generation_counts_final_outcomes_only),
    TEST(recorded_intents_are_counted_since_a_time),
    TEST(candidates_take_senders_in_turn_and_the_oldest_first),
    TEST(candidates_come_from_targets_that_were_read_whole),
};
UNIT_MAIN(tests)

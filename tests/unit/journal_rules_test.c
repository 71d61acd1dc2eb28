/* journal_rules_test.c - the rules of runs, of listing and of reading back. */
#include "journal_case.h"

/* ---- listing ---- */

static void what_ended_for_good_settles_for_15_minutes(void)
{
    static const struct {
        const char *label;
        enum journal_answer answer;
        enum journal_result read;
        int64_t after_ms;
        bool settles;
    } rows[] = {
        {"at once", ANSWER_OK, RESULT_REJECTED, 0, true},
        {"just before", ANSWER_OK, RESULT_REJECTED, 15 * MINUTE_MS - 1, true},
        {"just after", ANSWER_OK, RESULT_REJECTED, 15 * MINUTE_MS, false},
        {"expired", ANSWER_EXPIRED, RESULT_EXPIRED, MINUTE_MS, true},
        {"failed is not final", ANSWER_REFUSED, RESULT_FAILED, MINUTE_MS, false},
        {"abandoned is not final", ANSWER_NONE, RESULT_FAILED, MINUTE_MS, false},
        {"a clock set back a day", ANSWER_OK, RESULT_REJECTED, -DAY_MS, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        case_answered(&c, case_intent(&c, "a"), rows[i].answer, rows[i].read);
        case_move(&c, SWEEP_DONE);
        c.now_ms += rows[i].after_ms;
        case_start(&c);
        CHECK_INT(rows[i].label, case_see(&c, "a", STATUS_PENDING).settling, rows[i].settles);
        case_is_sound(&c);
        case_clear(&c);
    }
}

/* A sweep over many accounts takes hours, and its lists are asked for long after it began. */
static void what_turns_out_late_in_a_long_sweep_settles_from_then_on(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    int64_t began_ms = c.now_ms;
    case_start(&c);
    c.now_ms += 60 * MINUTE_MS;
    case_see(&c, "a", STATUS_REJECTED);
    case_see(&c, "b", STATUS_PENDING);
    case_is_sound(&c);
    case_move(&c, SWEEP_DONE);
    c.now_ms += MINUTE_MS;
    case_start(&c);
    CHECK("amended a minute ago", case_see(&c, "a", STATUS_PENDING).settling);
    CHECK_INT("by the sweep's one clock", case_see(&c, "b", STATUS_PENDING).first_seen_ms,
              began_ms);
    case_is_sound(&c);
    case_clear(&c);
}

static void what_a_list_says_while_it_lags_undoes_nothing(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    case_start(&c);
    case_decide(&c, "a");
    case_see(&c, "a", STATUS_REJECTED); /* by now, and further on in the same listing */
    CHECK("it lags", case_see(&c, "a", STATUS_PENDING).settling);
    case_act(&c);
    CHECK_STR("not to be rejected again", case_candidates(&c, 10).ids, "");
    case_is_sound(&c);
    case_clear(&c);
}

static void the_same_id_created_at_another_time_is_another_invitation(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    struct invitation inv = case_invitation("a", STATUS_PENDING);
    int64_t first = case_see_it(&c, &inv).invitation;
    CHECK_INT("the same", case_see_it(&c, &inv).invitation, first);
    inv.created_ms++;
    int64_t second = case_see_it(&c, &inv).invitation;
    inv.has_created = false;
    int64_t third = case_see_it(&c, &inv).invitation;
    CHECK("three of them", first != second && second != third && first != third);
    CHECK_INT("known again without a date", case_see_it(&c, &inv).invitation, third);
    const struct origin other = {text_of("aws"), text_of("111122223333"), text_of("eu-west-1")};
    case_begin(&c);
    CASE_OK(&c, journal_target(c.j, &other, "", text_of(""), &c.target, &c.err));
    case_commit(&c);
    CHECK("elsewhere it is another", case_see_it(&c, &inv).invitation != third);
    case_clear(&c);
}

static void an_id_seen_twice_in_a_listing_is_decided_once_and_the_later_status_counts(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    CHECK("not yet", !case_see(&c, "a", STATUS_PENDING).decided);
    case_decide_as(&c, c.invitation, "reject");
    struct journal_seen again = case_see(&c, "a", STATUS_ACCEPTED);
    CHECK("decided", again.decided);
    CHECK_INT("seen by no earlier sweep", again.times_seen, 0);
    CHECK_INT("nor before", again.first_seen_ms, 0);
    case_act(&c);
    struct case_rows none = {0};
    CASE_OK(&c, journal_each_candidate(c.j, c.sweep, 10, NULL, &none, &c.err));
    CHECK_INT("and is no candidate", (int64_t)none.count, 0);
    case_clear(&c);
}

static void what_is_not_pending_and_was_never_seen_pending_is_not_kept(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    CHECK_INT("rejected", case_see(&c, "a", STATUS_REJECTED).invitation, 0);
    CHECK_INT("a word nobody knows", case_see(&c, "a", STATUS_OTHER).invitation, 0);
    case_clear(&c);
}

/* Read as expired now, and once more after `later_ms`; then as pending: is it the same row? */
static void a_row_is_retired_after_15_minutes_of_another_status_but_not_with_an_open_intent(void)
{
    static const struct {
        const char *label;
        int64_t later_ms;
        bool open, same;
    } rows[] = {
        {"14 minutes", 14 * MINUTE_MS, false, true},
        {"15 minutes", 15 * MINUTE_MS, false, false},
        {"15 minutes, and open", 15 * MINUTE_MS, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        int64_t intent = case_intent(&c, "a"), first = c.invitation;
        if (!rows[i].open)
            case_answered(&c, intent, ANSWER_REFUSED, RESULT_FAILED);
        case_see(&c, "a", STATUS_EXPIRED);
        case_move(&c, SWEEP_DONE);
        c.now_ms += rows[i].later_ms;
        case_start(&c);
        case_see(&c, "a", STATUS_EXPIRED);
        CHECK_INT(rows[i].label, case_see(&c, "a", STATUS_PENDING).invitation == first,
                  rows[i].same);
        case_is_sound(&c);
        case_clear(&c);
    }
}

static void a_row_is_retired_after_8_days_unseen_but_not_with_an_open_intent(void)
{
    static const struct {
        const char *label;
        int64_t later_ms;
        bool open, same;
    } rows[] = {
        {"8 days", 8LL * DAY_MS, false, true},
        {"longer", 8LL * DAY_MS + 1, false, false},
        {"longer, and open", 9LL * DAY_MS, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        int64_t intent = case_intent(&c, "a"), first = c.invitation;
        if (!rows[i].open)
            case_answered(&c, intent, ANSWER_REFUSED, RESULT_FAILED);
        c.now_ms += rows[i].later_ms;
        case_start(&c);
        CHECK_INT(rows[i].label, case_see(&c, "a", STATUS_PENDING).invitation == first,
                  rows[i].same);
        case_clear(&c);
    }
}

static void first_and_times_seen_tell_of_earlier_acting_sweeps_only(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_PLAN);
    case_start(&c);
    case_decide(&c, "a");
    case_close(&c);
    int64_t first_ms = c.now_ms += MINUTE_MS;
    for (int64_t times = 0; times < 3; times++) {
        case_open(&c, JOURNAL_ACT);
        case_start(&c);
        struct journal_seen seen = case_see(&c, "a", STATUS_PENDING);
        CHECK_INT("times", seen.times_seen, times);
        CHECK_INT("first", seen.first_seen_ms, times == 0 ? 0 : first_ms);
        case_move(&c, SWEEP_DONE);
        case_close(&c);
        c.now_ms += MINUTE_MS;
    }
    case_clear(&c);
}

static void a_plan_changes_nothing_that_acting_sweeps_remember(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_abandon(&c);
    case_close(&c);
    case_open(&c, JOURNAL_PLAN);
    case_start(&c);
    CHECK_INT("it knows of earlier sweeps", case_see(&c, "a", STATUS_REJECTED).times_seen, 1);
    int64_t decision = case_decide(&c, "b");
    CHECK_INT("it cannot act", case_try_intent(&c, decision, 1), SPURN_E_INTERNAL);
    case_cover(&c, COVERAGE_LISTED);
    case_begin(&c);
    CHECK_INT("by no means", journal_move_sweep(c.j, c.sweep, SWEEP_ACTING, c.now_ms, &c.err),
              SPURN_E_JOURNAL);
    journal_rollback(c.j);
    case_move(&c, SWEEP_DONE);
    case_is_sound(&c);
    const struct journal_query all = {0}, plans = {.with_plans = true};
    CHECK_STR("its decisions stay apart", case_rows(&c, &all).ids, "a");
    CHECK_STR("unless asked for", case_rows(&c, &plans).ids, "a b");
    CHECK_STR("what was abandoned is so still", case_rows(&c, &all).last, "abandoned");
    case_clear(&c);
}

static void a_decision_keeps_the_name_that_it_stood_on(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_decide(&c, "a");
    case_move(&c, SWEEP_DONE);
    case_start(&c);
    struct invitation renamed = case_invitation("a", STATUS_PENDING);
    renamed.name = text_of("renamed");
    case_decide_as(&c, case_see_it(&c, &renamed).invitation, "keep");
    case_is_sound(&c);
    const struct journal_query all = {0};
    CHECK_STR("each its own", case_rows(&c, &all).names, "subnets renamed");
    case_clear(&c);
}

/* ---- runs ---- */

static void a_sweep_that_died_is_cut_and_its_decisions_are_not_acted_on(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_decide(&c, "a");
    case_act(&c);
    case_close(&c);
    int64_t dead = c.sweep;
    c.now_ms -= DAY_MS; /* not even a clock that was set back mixes the runs up */
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_is_sound(&c);
    case_begin(&c);
    CHECK_INT("it has ended", journal_move_sweep(c.j, dead, SWEEP_DONE, c.now_ms, &c.err),
              SPURN_E_INTERNAL);
    journal_rollback(c.j);
    case_act(&c);
    CHECK_STR("nothing to do", case_candidates(&c, 10).ids, "");
    case_clear(&c);
}

static void a_trusted_digest_stays_trusted(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    bool trusted = true;
    CASE_OK(&c, journal_is_trusted(c.j, "abc", &trusted, &c.err));
    CHECK("not by itself", !trusted);
    case_begin(&c);
    CASE_OK(&c, journal_trust(c.j, "abc", "asked", c.now_ms, &c.err));
    CASE_OK(&c, journal_trust(c.j, "abc", "asked", c.now_ms, &c.err));
    case_commit(&c);
    case_close(&c);
    case_open(&c, JOURNAL_PLAN);
    CASE_OK(&c, journal_is_trusted(c.j, "abc", &trusted, &c.err));
    CHECK("once a person said so", trusted);
    CASE_OK(&c, journal_is_trusted(c.j, "abd", &trusted, &c.err));
    CHECK("and no other", !trusted);
    case_clear(&c);
}

static void what_was_rolled_back_never_was(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    int64_t invitation = case_see(&c, "a", STATUS_PENDING).invitation, lost = 0;
    const struct journal_decision decision = {
        .sweep = c.sweep, .invitation = invitation, .verdict = "reject", .at_ms = c.now_ms};
    case_begin(&c);
    CASE_OK(&c, journal_record_decision(c.j, &decision, &lost, &c.err));
    journal_rollback(c.j);
    journal_rollback(c.j);
    CHECK_INT("outside of a transaction", journal_record_decision(c.j, &decision, &lost, &c.err),
              SPURN_E_INTERNAL);
    CHECK_INT("the same number again", case_decide(&c, "a"), 1);
    case_is_sound(&c);
    case_clear(&c);
}

static void places_whose_account_is_not_known_are_told_apart_by_their_keys(void)
{
    static const struct {
        const char *account, *keys;
        int64_t row; /* of the table, from 0, that it is the same place as */
    } rows[] = {
        {NULL, "profile one", 0}, {NULL, "profile two", 1}, {"111122223333", "", 2},
        {NULL, "profile one", 0}, {NULL, "profile two", 1},
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct journal_case c;
    int64_t targets[ROWS];
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_begin(&c);
    for (size_t i = 0; i < ROWS; i++) {
        const struct origin place = {text_of("aws"), text_of(rows[i].account),
                                     text_of("us-east-1")};
        CASE_OK(&c, journal_target(c.j, &place, "", text_of(rows[i].keys), &targets[i], &c.err));
        for (size_t k = 0; k <= i; k++)
            CHECK_INT(rows[i].keys, targets[i] == targets[k], rows[i].row == rows[k].row);
    }
    journal_rollback(c.j);
    case_clear(&c);
}

/* ---- reading back ---- */

static void history_answers_by_time_id_number_and_sweep(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    int64_t start_ms = c.now_ms;
    for (int i = 0; i < 3; i++) {
        static const char *const ids[] = {"arn/one", "arn/two", "arn/three"};
        case_start(&c);
        case_decide(&c, ids[i]);
        case_move(&c, SWEEP_DONE);
        c.now_ms += MINUTE_MS;
    }
    const struct {
        const char *label;
        struct journal_query query;
        const char *want;
    } rows[] = {
        {"all", {0}, "arn/one arn/two arn/three"},
        {"since", {.since_ms = start_ms + MINUTE_MS}, "arn/two arn/three"},
        {"the newest", {.limit = 2}, "arn/three arn/two"},
        {"an id", {.id = text_of("arn/two")}, "arn/two"},
        {"its end", {.id = text_of("o")}, "arn/two"},
        {"no end of any", {.id = text_of("arn")}, ""},
        {"a sweep", {.sweep = 2}, "arn/two"},
        {"a sweep and another's time", {.sweep = 1, .since_ms = start_ms + MINUTE_MS}, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_STR(rows[i].label, case_rows(&c, &rows[i].query).ids, rows[i].want);
    case_clear(&c);
}

static void take_covered(void *context, const struct journal_covered *target)
{
    struct journal_covered *out = context;
    CHECK_TEXT("region", target->region, text_of("us-east-1"));
    CHECK_TEXT("error", target->error, text_of("no reply"));
    *out = *target;
}

static void coverage_tells_what_failed_and_what_was_skipped(void)
{
    static const enum journal_coverage_state states[] = {COVERAGE_FAILED, COVERAGE_SKIPPED};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_ACT);
        case_start(&c);
        case_cover(&c, states[i]);
        struct journal_covered covered = {0};
        CASE_OK(&c, journal_each_covered(c.j, c.sweep, take_covered, &covered, &c.err));
        CHECK_INT("state", covered.state, states[i]);
        CHECK_INT("pages", covered.pages, 1);
        case_is_sound(&c);
        case_clear(&c);
    }
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(what_ended_for_good_settles_for_15_minutes),
    TEST(what_turns_out_late_in_a_long_sweep_settles_from_then_on),
    TEST(what_a_list_says_while_it_lags_undoes_nothing),
    TEST(the_same_id_created_at_another_time_is_another_invitation),
    TEST(an_id_seen_twice_in_a_listing_is_decided_once_and_the_later_status_counts),
    TEST(what_is_not_pending_and_was_never_seen_pending_is_not_kept),
    TEST(a_row_is_retired_after_15_minutes_of_another_status_but_not_with_an_open_intent),
    TEST(a_row_is_retired_after_8_days_unseen_but_not_with_an_open_intent),
    TEST(first_and_times_seen_tell_of_earlier_acting_sweeps_only),
    TEST(a_plan_changes_nothing_that_acting_sweeps_remember),
    TEST(a_decision_keeps_the_name_that_it_stood_on),
    TEST(a_sweep_that_died_is_cut_and_its_decisions_are_not_acted_on),
    TEST(a_trusted_digest_stays_trusted),
    TEST(what_was_rolled_back_never_was),
    TEST(places_whose_account_is_not_known_are_told_apart_by_their_keys),
    TEST(history_answers_by_time_id_number_and_sweep),
    TEST(coverage_tells_what_failed_and_what_was_skipped),
};
UNIT_MAIN(tests)

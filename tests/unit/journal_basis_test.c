/* journal_basis_test.c - what a decision stood on is kept with it, and how the rules fared. */
#include "journal_case.h"

/* ---- readings ---- */

static void count_row(void *context, const struct journal_basis *basis)
{
    (void)basis;
    ++*(int *)context;
}

static int take_count(void *context, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    *(int *)context = atoi(values[0]);
    return 0;
}

static int count_readings(struct journal_case *c)
{
    int count = -1;
    sqlite3 *db = NULL;
    CHECK("open", sqlite3_open(c->path, &db) == SQLITE_OK);
    CHECK("count", sqlite3_exec(db, "SELECT count(*) FROM reading", take_count, &count, NULL) == 0);
    sqlite3_close(db);
    return count;
}

/* Read as the first invitation of the case once, then with one thing changed. */
static void a_reading_is_kept_once_until_something_differs(void)
{
    const struct {
        const char *label;
        size_t offset; /* of what changes */
        const char *to;
    } rows[] = {
        {"nothing", 0, NULL},
        {"its sender", offsetof(struct invitation, sender), "888888888888"},
        {"its name", offsetof(struct invitation, name), "other"},
        {"its name, left out", offsetof(struct invitation, name), NULL},
        {"its share", offsetof(struct invitation, share), "arn:share/2"},
        {"its receiver", offsetof(struct invitation, receiver), "111122223333"},
        {"whom it was sent to", offsetof(struct invitation, receiver_arn), "arn:role/r"},
        {"how its status is written", offsetof(struct invitation, status_text), "Pending"},
    };
    static const enum journal_use uses[] = {JOURNAL_PLAN, JOURNAL_ACT};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        size_t row = i / 2;
        struct journal_case c;
        case_init(&c);
        case_open(&c, uses[i % 2]);
        case_start(&c);
        struct invitation inv = case_invitation("a", STATUS_PENDING);
        case_see_it(&c, &inv);
        case_see_it(&c, &inv);
        CHECK_INT(rows[row].label, count_readings(&c), 1);
        if (rows[row].offset != 0)
            *(struct spurn_text *)((char *)&inv + rows[row].offset) = text_of(rows[row].to);
        case_see_it(&c, &inv);
        case_see_it(&c, &inv);
        CHECK_INT(rows[row].label, count_readings(&c), rows[row].offset == 0 ? 1 : 2);
        case_is_sound(&c);
        case_clear(&c);
    }
}

static void what_is_not_pending_is_not_read_for_a_decision(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_see(&c, "a", STATUS_PENDING);
    case_see(&c, "a", STATUS_ACCEPTED);
    CHECK_INT("one", count_readings(&c), 1);
    case_clear(&c);
}

static void a_decision_stands_on_what_was_read_before_it_and_on_nothing_rolled_back(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    int64_t invitation = case_see(&c, "a", STATUS_PENDING).invitation;
    struct invitation renamed = case_invitation("a", STATUS_PENDING);
    renamed.name = text_of("renamed");
    struct journal_seen seen;
    case_begin(&c);
    CASE_OK(&c, journal_see(c.j, c.sweep, c.target, &renamed, c.now_ms, &seen, &c.err));
    journal_rollback(c.j);
    case_see(&c, "b", STATUS_PENDING);
    case_decide_as(&c, invitation, "keep");
    case_is_sound(&c);
    CHECK_STR("the name that stayed", case_this_sweep(&c).names, "subnets");
    case_clear(&c);
}

/* As when it is looked up for a while, and a plan reads it under another name meanwhile. */
static void a_decision_that_comes_late_stands_on_what_its_sweep_read(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    const struct journal_seen seen = case_see(&c, "a", STATUS_PENDING);
    struct invitation renamed = case_invitation("a", STATUS_PENDING);
    renamed.name = text_of("renamed");
    case_see_it(&c, &renamed);
    CHECK("another reading", c.seen.reading != seen.reading);
    const struct journal_decision late = {.sweep = c.sweep,
                                          .invitation = seen.invitation,
                                          .reading = seen.reading,
                                          .verdict = "keep",
                                          .at_ms = c.now_ms};
    int64_t seq = 0;
    case_begin(&c);
    CASE_OK(&c, journal_record_decision(c.j, &late, &seq, &c.err));
    case_commit(&c);
    case_is_sound(&c);
    CHECK_STR("the name that was judged", case_this_sweep(&c).names, "subnets");
    case_clear(&c);
}

/* ---- everything that a decision stood on ---- */

static const char resources[] = "[{\"arn\":\"arn:aws:ec2:::subnet/s\",\"type\":\"ec2:Subnet\"}]";

static void take_full(void *context, const struct journal_basis *basis)
{
    const struct journal_case *c = context;
    const struct invitation *read = &basis->read;
    const struct {
        const char *label;
        struct spurn_text got;
        const char *want;
    } texts[] = {
        {"digest", basis->digest, "digest"},
        {"cloud", basis->cloud, "aws"},
        {"account", basis->account, "111122223333"},
        {"region", basis->region, "us-east-1"},
        {"id", read->id, "a"},
        {"sender", read->sender, "999999999999"},
        {"receiver", read->receiver, "111122223333"},
        {"receiver_arn", read->receiver_arn, "arn:role/r"},
        {"name", read->name, NULL},
        {"share", read->share, "arn:share/1"},
        {"status", read->status_text, "Pending"},
        {"resources", basis->resources, resources},
        {"verdict", basis->verdict, "reject"},
        {"policy", basis->policy, "strangers"},
        {"rule", basis->rule, "not ours"},
        {"reason", basis->reason, "999999999999 is not on the list"},
        {"matches", basis->matches, NULL},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CHECK_TEXT(texts[i].label, texts[i].got, text_of(texts[i].want));
    const struct {
        const char *label;
        int64_t got, want;
    } numbers[] = {
        {"sweep", basis->sweep, c->sweep},
        {"seq", basis->seq, 1},
        {"invitation", basis->invitation, c->invitation},
        {"at", basis->at_ms, c->now_ms},
        {"plan", basis->plan, false},
        {"status", read->status, STATUS_PENDING},
        {"has a date", read->has_created, true},
        {"created", read->created_ms, 1700000000000},
        {"has an age", basis->has_age, true},
        {"first seen", basis->first_seen_ms, c->now_ms - MINUTE_MS},
        {"times seen", basis->times_seen, 1},
        {"line", basis->line, 3},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        CHECK_INT(numbers[i].label, numbers[i].got, numbers[i].want);
}

static void a_decision_is_told_with_all_that_it_stood_on(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    struct invitation inv = case_invitation("a", STATUS_PENDING);
    inv.name = TEXT_ABSENT;
    inv.receiver = text_of("111122223333");
    inv.receiver_arn = text_of("arn:role/r");
    inv.share = text_of("arn:share/1");
    inv.status_text = text_of("Pending");
    case_start(&c);
    case_see_it(&c, &inv);
    case_move(&c, SWEEP_DONE);
    c.now_ms += MINUTE_MS;
    case_start(&c);
    case_see_it(&c, &inv);
    c.resources = resources;
    case_decide_as(&c, c.invitation, "reject");
    const struct journal_query all = {0};
    CASE_OK(&c, journal_each_basis(c.j, &all, take_full, &c, &c.err));
    int count = 0;
    CASE_OK(&c, journal_each_basis(c.j, &all, count_row, &count, &c.err));
    CHECK_INT("one", count, 1);
    case_clear(&c);
}

static void take_resources(void *context, const struct journal_basis *basis)
{
    *(struct spurn_text *)context =
        basis->resources.at == NULL ? text_of("absent") : text_of("present");
    CHECK_INT("nothing in it", (int64_t)basis->resources.len, 0);
}

static void resources_not_asked_for_are_not_resources_not_known(void)
{
    static const struct {
        const char *resources, *want;
    } rows[] = {{NULL, "absent"}, {"", "present"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_case c;
        case_init(&c);
        case_open(&c, JOURNAL_PLAN);
        case_start(&c);
        c.resources = rows[i].resources;
        case_decide(&c, "a");
        struct spurn_text got = TEXT_ABSENT;
        const struct journal_query all = {.with_plans = true};
        CASE_OK(&c, journal_each_basis(c.j, &all, take_resources, &got, &c.err));
        CHECK_TEXT("resources", got, text_of(rows[i].want));
        case_clear(&c);
    }
}

/* ---- which decisions ---- */

static void take_place(void *context, const struct journal_basis *basis)
{
    char *places = context;
    size_t len = strlen(places);
    snprintf(places + len, 256 - len, "%s%.*s@%lld", len == 0 ? "" : " ", TEXT_ARG(basis->read.id),
             (long long)basis->sweep);
}

/* Four sweeps: the first decides about x/a and x/b, the second about b again, the third, a plan, about a and x/c,
 * the last about d. */
static int64_t make_decisions(struct journal_case *c)
{
    static const struct {
        enum journal_use use;
        const char *ids[3];
    } sweeps[] = {{JOURNAL_ACT, {"x/a", "x/b"}},
                  {JOURNAL_ACT, {"x/b"}},
                  {JOURNAL_PLAN, {"x/a", "x/c"}},
                  {JOURNAL_ACT, {"x/d"}}};
    case_init(c);
    int64_t start_ms = c->now_ms;
    for (size_t i = 0; i < sizeof sweeps / sizeof sweeps[0]; i++) {
        case_open(c, sweeps[i].use);
        case_start(c);
        for (size_t k = 0; k < 3 && sweeps[i].ids[k] != NULL; k++)
            case_decide(c, sweeps[i].ids[k]);
        case_move(c, SWEEP_DONE);
        case_close(c);
        c->now_ms += MINUTE_MS;
    }
    case_open(c, JOURNAL_READ);
    return start_ms;
}

static void each_invitation_is_told_with_its_newest_decision(void)
{
    struct journal_case c;
    int64_t start_ms = make_decisions(&c);
    const struct {
        const char *label;
        struct journal_query query;
        const char *want;
    } rows[] = {
        {"acting", {0}, "x/a@1 x/b@2 x/d@4"},
        {"plans too", {.with_plans = true}, "x/b@2 x/a@3 x/c@3 x/d@4"},
        {"a sweep", {.sweep = 1}, "x/a@1 x/b@1"},
        {"a plan, by its number", {.sweep = 3}, "x/a@3 x/c@3"},
        {"since", {.since_ms = start_ms + MINUTE_MS}, "x/b@2 x/d@4"},
        {"an id", {.id = text_of("x/b")}, "x/b@2"},
        {"its end, plans too", {.id = text_of("a"), .with_plans = true}, "x/a@3"},
        {"no end of any", {.id = text_of("x")}, ""},
        {"the newest, in their order", {.limit = 2}, "x/b@2 x/d@4"},
        {"the newest, plans too", {.limit = 3, .with_plans = true}, "x/a@3 x/c@3 x/d@4"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char places[256] = "";
        CASE_OK(&c, journal_each_basis(c.j, &rows[i].query, take_place, places, &c.err));
        CHECK_STR(rows[i].label, places, rows[i].want);
    }
    case_clear(&c);
}

struct asking {
    struct journal_case *c;
    int64_t count;
};

static void ask_within(void *context, const struct journal_basis *basis)
{
    struct asking *asking = context;
    const struct journal_past past = {.event = JOURNAL_SEEN,
                                      .cloud = basis->cloud,
                                      .sender = basis->read.sender,
                                      .except = basis->invitation,
                                      .before_ms = basis->at_ms,
                                      .enough = 100};
    int64_t count = 0;
    CASE_OK(asking->c, journal_count_past(asking->c->j, &past, &count, &asking->c->err));
    asking->count += count;
}

static void the_past_may_be_asked_about_while_decisions_are_told(void)
{
    struct journal_case c;
    make_decisions(&c);
    struct asking asking = {.c = &c};
    const struct journal_query all = {0};
    CASE_OK(&c, journal_each_basis(c.j, &all, ask_within, &asking, &c.err));
    CHECK_INT("a saw none, b one, d two", asking.count, 3);
    case_clear(&c);
}

/* ---- how rules fared ---- */

static void take_rule(void *context, const struct journal_rule *rule)
{
    int64_t *sum = context;
    CHECK_TEXT("policy", rule->policy, text_of("strangers"));
    CHECK_TEXT("rule", rule->rule, text_of("not ours"));
    const int64_t got[] = {rule->line,      rule->keeps,   rule->observes, rule->asked, rule->held,
                           rule->undecided, rule->decided, rule->faults,   rule->timed};
    static const int64_t want[] = {3, 0, 0, 5, 3, 1, 2, 1, 4};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        CHECK_INT("in their places", got[i], want[i]);
    *sum += rule->time_ns;
}

static void take_name(void *context, const struct journal_rule *rule)
{
    char *names = context;
    size_t len = strlen(names);
    snprintf(names + len, 64 - len, "%.*s%s%s ", TEXT_ARG(rule->rule), rule->keeps ? "+k" : "",
             rule->observes ? "+o" : "");
}

static void how_a_rule_fared_is_told_as_it_was_recorded(void)
{
    static const struct {
        const char *name;
        bool keeps, observes;
    } rows[] = {{"z", true, false}, {"a", false, true}, {NULL, false, false}};
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_count_rule(&c);
    int64_t sum = 0, first = c.sweep;
    CASE_OK(&c, journal_each_rule(c.j, c.sweep, take_rule, &sum, &c.err));
    CHECK_INT("once", sum, 1234567890123);
    case_move(&c, SWEEP_DONE);
    case_start(&c);
    case_begin(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct journal_rule rule = {
            .rule = text_of(rows[i].name), .keeps = rows[i].keeps, .observes = rows[i].observes};
        CASE_OK(&c, journal_record_rule(c.j, c.sweep, &rule, &c.err));
    }
    case_commit(&c);
    char names[64] = "";
    CASE_OK(&c, journal_each_rule(c.j, c.sweep, take_name, names, &c.err));
    CHECK_STR("in the order in which they were recorded", names, "z+k a+o  ");
    CASE_OK(&c, journal_each_rule(c.j, first, take_rule, &sum, &c.err));
    CHECK_INT("each sweep its own", sum, 2 * 1234567890123);
    const struct journal_rule rule = {0};
    CHECK_INT("outside of a transaction", journal_record_rule(c.j, c.sweep, &rule, &c.err),
              SPURN_E_INTERNAL);
    case_is_sound(&c);
    case_clear(&c);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(a_reading_is_kept_once_until_something_differs),
    TEST(what_is_not_pending_is_not_read_for_a_decision),
    TEST(a_decision_stands_on_what_was_read_before_it_and_on_nothing_rolled_back),
    TEST(a_decision_that_comes_late_stands_on_what_its_sweep_read),
    TEST(a_decision_is_told_with_all_that_it_stood_on),
    TEST(resources_not_asked_for_are_not_resources_not_known),
    TEST(each_invitation_is_told_with_its_newest_decision),
    TEST(the_past_may_be_asked_about_while_decisions_are_told),
    TEST(how_a_rule_fared_is_told_as_it_was_recorded),
};
UNIT_MAIN(tests)

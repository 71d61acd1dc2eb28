/* condition_test.c - conditions are three-valued, and what is cheap to know settles what it can before more is asked. */
#include <stdio.h>
#include <string.h>

#include "condition_case.h"

static void logic_is_three_valued(void)
{
    static const struct {
        int a, b, all, any, not_a;
    } rows[] = {
        {F, F, F, F, T}, {F, T, F, T, T}, {F, U, F, U, T}, {T, F, F, T, F}, {T, T, T, T, F},
        {T, U, U, T, F}, {U, F, F, U, U}, {U, T, U, T, U}, {U, U, U, U, U},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int use_functions = 0; use_functions < 2; use_functions++) {
            struct bench b;
            char label[32];
            bench_init(&b);
            snprintf(label, sizeof label, "row %zu, %s", i, use_functions ? "functions" : "facts");
            b.answers[0] = (enum truth)rows[i].a;
            b.answers[1] = (enum truth)rows[i].b;
            int ab[2] = {
                use_functions ? conditions_add_function(b.c, 1, 0, text_of("function f (line 1)"))
                              : add_fact(&b, rows[i].a),
                use_functions ? conditions_add_function(b.c, 1, 1, text_of("function f (line 1)"))
                              : add_fact(&b, rows[i].b)};
            int all = conditions_add_group(b.c, 1, GROUP_ALL, ab, 2);
            int any = conditions_add_group(b.c, 1, GROUP_ANY, ab, 2);
            int not_a = conditions_add_group(b.c, 1, GROUP_NOT, ab, 1);
            CHECK("finished", conditions_finish(b.c));
            CHECK_INT(label, conditions_ask(b.c, all, &b.asking), rows[i].all);
            CHECK_INT(label, conditions_ask(b.c, any, &b.asking), rows[i].any);
            CHECK_INT(label, conditions_ask(b.c, not_a, &b.asking), rows[i].not_a);
            conditions_close(b.c);
        }
    }
}

static void facts_settle_before_functions_are_asked(void)
{
    static const struct {
        enum group group;
        int fact, want, asked;
    } rows[] = {
        {GROUP_ALL, F, F, 0}, {GROUP_ANY, T, T, 0}, {GROUP_ALL, T, T, 1},
        {GROUP_ANY, F, T, 1}, {GROUP_ALL, U, U, 1}, {GROUP_ANY, U, T, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int fact_first = 0; fact_first < 2; fact_first++) {
            struct bench b;
            char label[32];
            bench_init(&b);
            snprintf(label, sizeof label, "row %zu", i);
            b.answers[0] = TRUTH_TRUE;
            int function = conditions_add_function(b.c, 1, 0, text_of("function f (line 1)")),
                fact = add_fact(&b, rows[i].fact);
            int both[2] = {fact_first ? fact : function, fact_first ? function : fact};
            int group = conditions_add_group(b.c, 1, rows[i].group, both, 2);
            CHECK("finished", conditions_finish(b.c));
            CHECK_INT(label, conditions_ask(b.c, group, &b.asking), rows[i].want);
            CHECK_INT(label, b.asked, rows[i].asked);
            conditions_close(b.c);
        }
    }
}

static void every_function_that_matters_is_asked_whatever_the_order(void)
{
    struct bench b;
    bench_init(&b);
    b.answers[0] = TRUTH_FALSE;
    b.answers[1] = TRUTH_UNKNOWN;
    int two[2] = {conditions_add_function(b.c, 1, 0, text_of("function f (line 1)")),
                  conditions_add_function(b.c, 1, 1, text_of("function f (line 1)"))};
    int all = conditions_add_group(b.c, 1, GROUP_ALL, two, 2);
    CHECK_INT("facts alone", conditions_ask_facts(b.c, all, &b.asking), TRUTH_PENDING);
    CHECK_INT("false wins", conditions_ask(b.c, all, &b.asking), TRUTH_FALSE);
    CHECK_INT("both asked", b.asked, 2);
    CHECK_INT("and not again", conditions_ask(b.c, all, &b.asking), TRUTH_FALSE);
    CHECK_INT("still two", b.asked, 2);
    conditions_close(b.c);
}

static void a_shared_condition_is_asked_once(void)
{
    struct bench b;
    bench_init(&b);
    b.answers[0] = TRUTH_TRUE;
    int at = conditions_add_function(b.c, 1, 0, text_of("function f (line 1)"));
    /* Doubling it 90 times would ask 2^90 times. */
    for (int i = 0; i < 90; i++) {
        int twice[2] = {at, at};
        at = conditions_add_group(b.c, 1, i % 2 ? GROUP_ALL : GROUP_ANY, twice, 2);
    }
    CHECK_INT("depth", conditions_depth(b.c, at), 91);
    CHECK_INT("true", conditions_ask(b.c, at, &b.asking), TRUTH_TRUE);
    CHECK_INT("once", b.asked, 1);
    struct buf text;
    buf_init(&text, 200);
    conditions_describe(b.c, at, &text);
    CHECK("described within its bound", text.len <= 200);
    buf_clear(&text);
    conditions_close(b.c);
}

static void an_age_that_nobody_knows_is_neither_old_nor_young(void)
{
    static const struct {
        bool has_created, has_age;
        int64_t created_ms;
        int older, younger, not_older;
    } rows[] = {
        {true, true, 10000000 - 6000, T, F, F},
        {true, true, 10000000 - 5999, F, T, T},
        {true, true, 10000000, F, T, T},
        {true, true, 10000001, U, U, U},
        {false, true, 0, U, U, U},
        {true, false, 0, U, U, U},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b;
        char label[32];
        bench_init(&b);
        snprintf(label, sizeof label, "row %zu", i);
        b.inv.has_created = rows[i].has_created;
        b.inv.created_ms = rows[i].created_ms;
        b.facts.has_age = rows[i].has_age;
        int older = conditions_add_age(b.c, 1, true, 6, text_of("6s"));
        int younger = conditions_add_age(b.c, 1, false, 6, text_of("6s"));
        int not_older = conditions_add_group(b.c, 1, GROUP_NOT, &older, 1);
        CHECK_INT(label, conditions_ask(b.c, older, &b.asking), rows[i].older);
        CHECK_INT(label, conditions_ask(b.c, younger, &b.asking), rows[i].younger);
        CHECK_INT(label, conditions_ask(b.c, not_older, &b.asking), rows[i].not_older);
        CHECK_INT(label, conditions_missing(b.c, not_older),
                  rows[i].older == U ? (int)FIELD_AGE : MISSES_NOTHING);
        conditions_close(b.c);
    }
}

static void values_are_compared_as_their_field_wants(void)
{
    static const struct {
        enum field field;
        enum compare compare;
        const char *value;
        int want;
    } rows[] = {
        {FIELD_NAME, COMPARE_GLOB, "promo", T},   {FIELD_NAME, COMPARE_GLOB, "PRO*", T},
        {FIELD_NAME, COMPARE_GLOB, "pr?mo", T},   {FIELD_NAME, COMPARE_GLOB, "prom", F},
        {FIELD_NAME, COMPARE_EXACT, "promo", F},  {FIELD_NAME, COMPARE_EXACT, "Promo", T},
        {FIELD_SENDER, COMPARE_EXACT, "0012", T}, {FIELD_SENDER, COMPARE_EXACT, "12", F},
        {FIELD_SHARE, COMPARE_GLOB, "*", U},      {FIELD_ACCOUNT, COMPARE_EXACT, "1", U},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b;
        bench_init(&b);
        b.inv.sender = text_of("0012");
        int at = conditions_add_field(b.c, 1, rows[i].field, rows[i].compare);
        CHECK("memory", conditions_add_value(b.c, at, text_of(rows[i].value)));
        CHECK("finished", conditions_finish(b.c));
        CHECK_INT(rows[i].value, conditions_ask(b.c, at, &b.asking), rows[i].want);
        conditions_close(b.c);
    }
}

static void begin_rule(struct bench *b, int64_t steps)
{
    b->asking.round++;
    b->asking.steps = steps;
    b->asking.ran_out = false;
}

/* What an earlier rule found out costs as much as finding it out: which rule is asked first must not matter. */
static void every_rule_pays_for_what_it_asks(void)
{
    static const struct script_resource subnet = {.type = {"ec2:Subnet", 10}};
    struct bench b;
    bench_init(&b);
    b.facts = (struct script_facts){
        .resources_state = RESOURCES_LISTED, .resources = &subnet, .resource_count = 1};
    int type = conditions_add_resources(b.c, 1, false);
    CHECK("memory", conditions_add_value(b.c, type, text_of("e*s*")));
    CHECK("finished", conditions_finish(b.c));
    const int both[] = {add_regex(&b, 1, "r.*m"), type};
    for (size_t i = 0; i < 2; i++) {
        begin_rule(&b, 1);
        CHECK_INT("too few", conditions_ask(b.c, both[i], &b.asking), TRUTH_UNKNOWN);
        CHECK("said so", b.asking.ran_out && b.asking.fault == NULL);
        begin_rule(&b, 1000);
        CHECK_INT("another rule", conditions_ask(b.c, both[i], &b.asking), TRUTH_TRUE);
        CHECK("has steps of its own", !b.asking.ran_out && b.asking.steps < 1000);
        int64_t left = b.asking.steps;
        begin_rule(&b, 1000);
        CHECK_INT("a third", conditions_ask(b.c, both[i], &b.asking), TRUTH_TRUE);
        CHECK_INT("pays as much", b.asking.steps, left);
        begin_rule(&b, 1);
        CHECK_INT("a fourth", conditions_ask(b.c, both[i], &b.asking), TRUTH_UNKNOWN);
        CHECK("cannot", b.asking.ran_out);
    }
    conditions_close(b.c);
}

/* Whatever was written before them, and in whichever rule. */
static void globs_that_run_out_are_unknown_to_every_rule(void)
{
    struct bench b;
    bench_init(&b);
    b.asking.glob_steps = 3;
    int glob = conditions_add_field(b.c, 1, FIELD_NAME, COMPARE_GLOB);
    CHECK("memory", conditions_add_value(b.c, glob, text_of("*r*m*")));
    const int parts[] = {glob, add_fact(&b, F), add_fact(&b, U), conditions_add_always(b.c, 1)};
    const struct {
        enum group group;
        int children[2], want, misses;
    } rows[] = {
        {GROUP_ALL, {0, 1}, U, MISSES_STEPS},   {GROUP_ANY, {0, 3}, T, MISSES_NOTHING},
        {GROUP_ANY, {3, 0}, T, MISSES_NOTHING}, {GROUP_ALL, {3, 0}, U, MISSES_STEPS},
        {GROUP_ALL, {2, 0}, U, MISSES_STEPS},   {GROUP_ALL, {0, 2}, U, MISSES_STEPS},
        {GROUP_ALL, {2, 3}, U, FIELD_SHARE},
    };
    int groups[7];
    for (size_t i = 0; i < 7; i++) {
        const int children[] = {parts[rows[i].children[0]], parts[rows[i].children[1]]};
        groups[i] = conditions_add_group(b.c, 1, rows[i].group, children, 2);
    }
    CHECK("finished", conditions_finish(b.c));
    for (size_t i = 0; i < 7; i++) {
        char label[16];
        snprintf(label, sizeof label, "row %zu", i);
        begin_rule(&b, 1000);
        CHECK_INT(label, conditions_ask(b.c, groups[i], &b.asking), rows[i].want);
        CHECK("of no rule's steps", !b.asking.ran_out && b.asking.steps == 1000);
        if (rows[i].want == U)
            CHECK_INT(label, conditions_missing(b.c, groups[i]), rows[i].misses);
    }
    conditions_close(b.c);
}

/* A search that hits its limit is a fault of every rule that asked, whatever its other parts say and in whatever order; but
 * not of a rule that facts have settled. */
static void a_regex_that_hits_its_limit_is_a_fault_of_every_rule_that_asks(void)
{
    struct bench b;
    char name[101];
    memset(name, 'a', 100);
    name[100] = '\0';
    bench_init(&b);
    b.inv.name = text_of(name);
    int bomb = add_regex(&b, 7, "(a|aa)+[bc]"), plain = add_regex(&b, 8, "a");
    int function = conditions_add_function(b.c, 9, 0, text_of("function f (line 9)"));
    int fact = add_fact(&b, F);
    const struct {
        int parts[3];
        size_t count;
        bool faults;
        int want;
    } rows[] = {
        {{bomb}, 1, true, U},          {{bomb, plain}, 2, true, U},
        {{plain, bomb}, 2, true, U},   {{function, bomb}, 2, true, U},
        {{bomb, fact}, 2, false, F},   {{fact, function, bomb}, 3, false, F},
        {{plain, plain}, 2, false, T},
    };
    int groups[7];
    for (size_t i = 0; i < 7; i++)
        groups[i] = conditions_add_group(b.c, 1, GROUP_ALL, rows[i].parts, rows[i].count);
    CHECK("finished", conditions_finish(b.c));
    for (size_t i = 0; i < 7; i++) {
        char label[16];
        snprintf(label, sizeof label, "row %zu", i);
        begin_rule(&b, 1000000);
        b.asking.fault = NULL;
        CHECK_INT(label, conditions_ask(b.c, groups[i], &b.asking), rows[i].want);
        CHECK_INT(label, b.asking.fault != NULL, rows[i].faults);
        CHECK("not by the steps of the rule", !b.asking.ran_out);
        CHECK("its line", !rows[i].faults || b.asking.fault_line == 7);
        CHECK_INT("nothing is missing", conditions_missing(b.c, bomb), MISSES_NOTHING);
    }
    CHECK_INT("and no function for a rule that faulted", b.asked, 0);
    conditions_close(b.c);
}

static void the_past_is_known_as_far_as_the_journal_goes(void)
{
    enum { NOW_S = 10000, WITHIN_S = 1000, NEVER = -1 };
    static const struct {
        const char *sender;
        int64_t began_s; /* NEVER: nothing is remembered */
        int64_t happened;
        int want;
    } rows[] = {
        {"111122223333", 0, 3, T},
        {"111122223333", 0, 9, T},
        {"111122223333", 0, 2, F},
        {"111122223333", NOW_S - WITHIN_S, 2, F},
        {"111122223333", NOW_S - WITHIN_S + 1, 2, U},
        {"111122223333", NOW_S - WITHIN_S + 1, 3, T},
        {NULL, 0, 3, U},
        {"111122223333", NEVER, 3, U},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b;
        char label[16];
        bench_init(&b);
        snprintf(label, sizeof label, "row %zu", i);
        b.inv.sender = text_of(rows[i].sender);
        b.happened = rows[i].happened;
        b.past.began_ms = rows[i].began_s * 1000;
        b.facts.past = rows[i].began_s == NEVER ? NULL : &b.past;
        int at = conditions_add_past(b.c, 1, EVENT_REJECTED, 3, WITHIN_S, text_of("times = 3"));
        CHECK_INT("no fact", conditions_ask_facts(b.c, at, &b.asking), TRUTH_PENDING);
        for (int rule = 0; rule < 2; rule++, b.asking.round++)
            CHECK_INT(label, conditions_ask(b.c, at, &b.asking), rows[i].want);
        bool could_ask = rows[i].sender != NULL && rows[i].began_s != NEVER;
        CHECK_INT("once an invitation", b.questions, could_ask);
        CHECK("since", !could_ask || b.since_ms == (NOW_S - WITHIN_S) * 1000);
        if (rows[i].want == U)
            CHECK_INT(label, conditions_missing(b.c, at),
                      rows[i].sender == NULL ? (int)FIELD_SENDER : MISSES_PAST);
        conditions_close(b.c);
    }
}

static void a_host_that_cannot_look_into_the_past_fails(void)
{
    struct bench b;
    struct spurn_error err = {0};
    bench_init(&b);
    b.inv.sender = text_of("111122223333");
    b.facts.past = &b.past;
    b.happened = -1;
    b.asking.err = &err;
    int two[] = {conditions_add_past(b.c, 1, EVENT_REJECTED, 3, 60, text_of("")),
                 conditions_add_function(b.c, 1, 0, text_of("function f (line 1)"))};
    int any = conditions_add_group(b.c, 1, GROUP_ANY, two, 2);
    CHECK_INT("unknown", conditions_ask(b.c, any, &b.asking), TRUTH_UNKNOWN);
    CHECK_INT("status", b.asking.status, SPURN_E_JOURNAL);
    CHECK_INT("nothing else is asked", b.asked, 0);
    conditions_close(b.c);
}

static void what_is_not_told_about_resources_is_unknown(void)
{
    static const struct {
        const char *types[3]; /* "": not told; NULL: no more */
        int some, every;
    } rows[] = {
        {{NULL}, U, U},
        {{"ec2:Subnet"}, T, T},
        {{"EC2:subnet", "ec2:PrefixList"}, T, T},
        {{"ec2:Subnet", "ram:X"}, T, F},
        {{"ram:X"}, F, F},
        {{""}, U, U},
        {{"", "ec2:Subnet"}, T, U},
        {{"", "ram:X"}, U, F},
    };
    static const int states[][2] = {{RESOURCES_NOT_ASKED, P}, {RESOURCES_UNKNOWN, U}};
    struct bench b;
    bench_init(&b);
    int some = conditions_add_resources(b.c, 1, false);
    int every = conditions_add_resources(b.c, 1, true);
    CHECK("memory", conditions_add_value(b.c, some, text_of("ec2:*")) &&
                        conditions_add_value(b.c, every, text_of("ec2:Subnet")) &&
                        conditions_add_value(b.c, every, text_of("ec2:prefix????")));
    CHECK("finished", conditions_finish(b.c));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++, b.asking.about++) {
        struct script_resource resources[3];
        char label[16];
        size_t count = 0;
        snprintf(label, sizeof label, "row %zu", i);
        for (; count < 3 && rows[i].types[count] != NULL; count++)
            resources[count] = (struct script_resource){
                .type = rows[i].types[count][0] ? text_of(rows[i].types[count]) : TEXT_ABSENT};
        b.facts.resources_state = RESOURCES_LISTED;
        b.facts.resources = resources;
        b.facts.resource_count = count;
        begin_rule(&b, 1000);
        CHECK_INT("no fact", conditions_ask_facts(b.c, some, &b.asking), TRUTH_PENDING);
        CHECK_INT(label, conditions_ask(b.c, some, &b.asking), rows[i].some);
        CHECK_INT(label, conditions_ask(b.c, every, &b.asking), rows[i].every);
    }
    for (size_t i = 0; i < 2; i++, b.asking.about++) {
        b.facts = (struct script_facts){.resources_state = (enum script_resources)states[i][0]};
        begin_rule(&b, 1000);
        CHECK_INT("some", conditions_ask(b.c, some, &b.asking), states[i][1]);
        CHECK_INT("every", conditions_ask(b.c, every, &b.asking), states[i][1]);
    }
    conditions_close(b.c);
}

/* What it costs to know decides who is asked, never the order in which it was written. */
static void each_tier_is_asked_only_where_the_answer_still_hangs_on_it(void)
{
    static const struct {
        const char *regex;
        int64_t happened;
        int function, want, questions, asked;
    } rows[] = {
        {"^x", 1, T, F, 0, 0}, {"^P", 0, T, F, 1, 0}, {"^P", 1, F, F, 1, 1},
        {"^P", 1, T, P, 1, 1}, {"^P", 1, P, P, 1, 1}, {"^P", 1, U, P, 1, 1},
    };
    static const struct script_resource wrong = {.type = {"ram:X", 5}};
    static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t order = 0; order < 3; order++) {
            struct bench b;
            char label[32];
            int parts[4];
            bench_init(&b);
            snprintf(label, sizeof label, "row %zu, order %zu", i, order);
            b.inv.sender = text_of("111122223333");
            b.facts.past = &b.past;
            b.happened = rows[i].happened;
            b.answers[0] = (enum truth)rows[i].function;
            parts[orders[order][0]] = add_regex(&b, 1, rows[i].regex);
            parts[orders[order][1]] =
                conditions_add_past(b.c, 1, EVENT_REJECTED, 1, 1, text_of(""));
            parts[orders[order][2]] =
                conditions_add_function(b.c, 1, 0, text_of("function f (line 1)"));
            parts[orders[order][3]] = conditions_add_resources(b.c, 1, false);
            int all = conditions_add_group(b.c, 1, GROUP_ALL, parts, 4);
            CHECK_INT(label, conditions_ask(b.c, all, &b.asking), rows[i].want);
            CHECK_INT(label, b.questions, rows[i].questions);
            CHECK_INT(label, b.asked, rows[i].asked);
            b.facts = (struct script_facts){.past = &b.past,
                                            .resources_state = RESOURCES_LISTED,
                                            .resources = &wrong,
                                            .resource_count = 1};
            b.asking.about++;
            begin_rule(&b, 1000);
            CHECK_INT(label, conditions_ask(b.c, all, &b.asking), F);
            CHECK_INT("functions first all the same", b.asked, 2 * rows[i].asked);
            conditions_close(b.c);
        }
    }
}

static void a_date_needs_no_clock_to_be_known(void)
{
    struct bench b;
    struct calendar calendar = {.has_hours = true, .from_min = 0, .to_min = 60};
    bench_init(&b);
    int at = conditions_add_created_at(b.c, 1, &calendar, text_of("hours = \"00:00-01:00\""));
    CHECK_INT("no date", conditions_ask(b.c, at, &b.asking), TRUTH_UNKNOWN);
    CHECK_INT("is missing", conditions_missing(b.c, at), FIELD_CREATED);
    b.inv.has_created = true;
    b.asking.about++;
    CHECK_INT("no age", conditions_ask(b.c, at, &b.asking), TRUTH_TRUE);
    b.inv.created_ms = 3600 * 1000;
    b.asking.about++;
    CHECK_INT("too late", conditions_ask(b.c, at, &b.asking), TRUTH_FALSE);
    conditions_close(b.c);
}

static const struct unit_test tests[] = {
    {"logic_is_three_valued", logic_is_three_valued},
    {"facts_settle_before_functions_are_asked", facts_settle_before_functions_are_asked},
    {"every_function_that_matters_is_asked_whatever_the_order",
     every_function_that_matters_is_asked_whatever_the_order},
    {"a_shared_condition_is_asked_once", a_shared_condition_is_asked_once},
    {"an_age_that_nobody_knows_is_neither_old_nor_young",
     an_age_that_nobody_knows_is_neither_old_nor_young},
    {"values_are_compared_as_their_field_wants", values_are_compared_as_their_field_wants},
    {"every_rule_pays_for_what_it_asks", every_rule_pays_for_what_it_asks},
    {"globs_that_run_out_are_unknown_to_every_rule", globs_that_run_out_are_unknown_to_every_rule},
    {"a_regex_that_hits_its_limit_is_a_fault_of_every_rule_that_asks",
     a_regex_that_hits_its_limit_is_a_fault_of_every_rule_that_asks},
    {"the_past_is_known_as_far_as_the_journal_goes", the_past_is_known_as_far_as_the_journal_goes},
    {"a_host_that_cannot_look_into_the_past_fails", a_host_that_cannot_look_into_the_past_fails},
    {"what_is_not_told_about_resources_is_unknown", what_is_not_told_about_resources_is_unknown},
    {"each_tier_is_asked_only_where_the_answer_still_hangs_on_it",
     each_tier_is_asked_only_where_the_answer_still_hangs_on_it},
    {"a_date_needs_no_clock_to_be_known", a_date_needs_no_clock_to_be_known},
};

UNIT_MAIN(tests)

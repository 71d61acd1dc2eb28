/* condition_test.c - conditions are three-valued, and facts settle what they can before any function is asked. */
#include "script/condition.h"

#include <stdio.h>

#include "unit.h"

enum { F, T, U }; /* as rows write them; the same numbers as enum truth */

/* Leaves with known answers: functions, whose answers the test gives. */
struct bench {
    struct conditions *c;
    struct invitation inv;
    struct origin origin;
    struct script_facts facts;
    struct subject subject;
    struct asking asking;
    enum truth answers[4];
    int asked;
};

static enum truth answer(void *context, int function)
{
    struct bench *b = context;
    b->asked++;
    return b->answers[function];
}

static void bench_init(struct bench *b)
{
    *b = (struct bench){.c = conditions_open()};
    b->inv = (struct invitation){.id = text_of("i"), .name = text_of("Promo")};
    b->subject = (struct subject){&b->inv, &b->origin, &b->facts, 10000000};
    b->asking = (struct asking){.subject = &b->subject,
                                .about = 1,
                                .round = 1,
                                .steps = 1000,
                                .ask_function = answer,
                                .context = b};
}

/* A fact that is true, false, or unknown because the cloud left its field out. */
static int add_fact(struct bench *b, int truth)
{
    enum field field = truth == U ? FIELD_SHARE : FIELD_NAME;
    int fact = conditions_add_field(b->c, 1, field, COMPARE_GLOB);
    CHECK("memory", conditions_add_value(b->c, fact, text_of(truth == F ? "x*" : "pro*")));
    return fact;
}

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
                use_functions ? conditions_add_function(b.c, 1, 0) : add_fact(&b, rows[i].a),
                use_functions ? conditions_add_function(b.c, 1, 1) : add_fact(&b, rows[i].b)};
            int all = conditions_add_group(b.c, 1, GROUP_ALL, ab, 2);
            int any = conditions_add_group(b.c, 1, GROUP_ANY, ab, 2);
            int not_a = conditions_add_group(b.c, 1, GROUP_NOT, ab, 1);
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
            int function = conditions_add_function(b.c, 1, 0), fact = add_fact(&b, rows[i].fact);
            int both[2] = {fact_first ? fact : function, fact_first ? function : fact};
            int group = conditions_add_group(b.c, 1, rows[i].group, both, 2);
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
    int two[2] = {conditions_add_function(b.c, 1, 0), conditions_add_function(b.c, 1, 1)};
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
    int at = conditions_add_function(b.c, 1, 0);
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
        enum field field = FIELD_ID;
        CHECK_INT(label, conditions_unknown_field(b.c, not_older, &field), rows[i].older == U);
        if (rows[i].older == U)
            CHECK_INT(label, field, FIELD_AGE);
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
        CHECK_INT(rows[i].value, conditions_ask(b.c, at, &b.asking), rows[i].want);
        conditions_close(b.c);
    }
}

static void a_matcher_that_runs_out_is_unknown(void)
{
    struct bench b;
    bench_init(&b);
    b.inv.name = text_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    b.asking.steps = 10;
    int at = conditions_add_field(b.c, 1, FIELD_NAME, COMPARE_GLOB);
    CHECK("memory", conditions_add_value(b.c, at, text_of("*a*a*b")));
    CHECK_INT("unknown", conditions_ask(b.c, at, &b.asking), TRUTH_UNKNOWN);
    CHECK("said so", b.asking.ran_out);
    conditions_close(b.c);
}

static void a_condition_reads_as_it_was_written(void)
{
    struct bench b;
    struct buf text;
    bench_init(&b);
    buf_init(&text, 400);
    int sender = conditions_add_field(b.c, 1, FIELD_SENDER, COMPARE_EXACT);
    CHECK("memory", conditions_add_value(b.c, sender, text_of("111122223333")) &&
                        conditions_add_value(b.c, sender, text_of("444455556666")));
    int older = conditions_add_age(b.c, 1, true, 6 * 3600, text_of("6h"));
    int two[2] = {sender, older};
    int all = conditions_add_group(b.c, 1, GROUP_ALL, two, 2);
    int not_all = conditions_add_group(b.c, 1, GROUP_NOT, &all, 1);
    int more[2] = {conditions_add_always(b.c, 1), not_all};
    conditions_describe(b.c, conditions_add_group(b.c, 1, GROUP_ANY, more, 2), &text);
    CHECK_STR("", buf_str(&text), "always | ~(sender {2 ids} & older \"6h\")");
    CHECK("children are used", conditions_used(b.c, sender) && conditions_used(b.c, all));
    buf_clear(&text);
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
    {"a_matcher_that_runs_out_is_unknown", a_matcher_that_runs_out_is_unknown},
    {"a_condition_reads_as_it_was_written", a_condition_reads_as_it_was_written},
};

UNIT_MAIN(tests)

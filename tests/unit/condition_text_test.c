/* condition_text_test.c - a condition reads as it was written, and says of each part what it answered and why. */
#include <stdio.h>
#include <string.h>

#include "condition_case.h"

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

static void every_kind_of_condition_reads_as_it_was_written(void)
{
    struct bench b;
    struct buf text;
    struct calendar calendar = {0};
    bench_init(&b);
    buf_init(&text, 1000);
    int some = conditions_add_resources(b.c, 1, false);
    int every = conditions_add_resources(b.c, 1, true);
    CHECK("memory", conditions_add_value(b.c, some, text_of("ec2:*")) &&
                        conditions_add_value(b.c, every, text_of("a:*")) &&
                        conditions_add_value(b.c, every, text_of("b:c")) &&
                        conditions_add_value(b.c, every, text_of("d:?")));
    const struct {
        int condition;
        const char *want;
    } rows[] = {
        {add_regex(&b, 1, "(?i)^x"), "name_regex \"(?i)^x\""},
        {conditions_add_created_at(b.c, 1, &calendar, text_of("days = \"sat sun\"")),
         "created_at {days = \"sat sun\"}"},
        {conditions_add_past(b.c, 1, EVENT_REJECTED, 3, 1, text_of("times = 3, within = \"1s\"")),
         "rejected_before {times = 3, within = \"1s\"}"},
        {conditions_add_past(b.c, 1, EVENT_SEEN, 1, 1, text_of("within = \"1s\"")),
         "seen_before {within = \"1s\"}"},
        {some, "resource_type \"ec2:*\""},
        {every, "only_resource_type {3 globs}"},
        {conditions_add_function(b.c, 12, 0, text_of("function f (line 12)")),
         "function f (line 12)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_reset(&text);
        conditions_describe(b.c, rows[i].condition, &text);
        CHECK_STR("", buf_str(&text), rows[i].want);
    }
    buf_clear(&text);
    conditions_close(b.c);
}

/* ---- explaining ---- */

static void write_line(void *context, const struct condition_seen *seen)
{
    static const char *const truths[] = {"false", "true", "unknown", "pending"};
    struct buf *out = context;
    buf_addf(out, "%*s%.*s: %s", seen->depth * 2, "", TEXT_ARG(seen->text),
             seen->reached ? truths[seen->truth] : "not reached");
    if (seen->looked_at.at != NULL)
        buf_addf(out, " [%.*s]", TEXT_ARG(seen->looked_at));
    if (seen->function >= 0)
        buf_addf(out, " #%d", seen->function);
    buf_add_char(out, '\n');
}

/* Asks and explains, as one rule. */
static void check_explained(struct bench *b, const char *label, int condition, const char *want)
{
    struct buf out;
    buf_init(&out, 16 * 1024);
    b->asking.round++;
    conditions_ask(b->c, condition, &b->asking);
    CHECK(label, conditions_explain(b->c, condition, &b->asking, write_line, &out));
    CHECK_STR(label, buf_str(&out), want);
    buf_clear(&out);
}

static int add_group(struct bench *b, enum group group, int one, int other)
{
    const int both[] = {one, other};
    return conditions_add_group(b->c, 1, group, both, other == CONDITION_NONE ? 1 : 2);
}

static void each_part_says_what_it_answered_and_looked_at(void)
{
    struct bench b;
    bench_init(&b);
    b.inv.sender = text_of("111122223333");
    b.facts.past = &b.past;
    b.happened = 2;
    b.answers[1] = TRUTH_UNKNOWN;
    struct script_resource resources[7] = {{.type = text_of("ec2:Subnet")}};
    b.facts.resources_state = RESOURCES_LISTED;
    b.facts.resources = resources;
    b.facts.resource_count = 7;
    int type = conditions_add_resources(b.c, 1, false);
    CHECK("memory", conditions_add_value(b.c, type, text_of("ram:*")));
    int older = conditions_add_age(b.c, 1, true, 60, text_of("1m"));
    int parts[] = {
        add_fact(&b, T),
        conditions_add_group(b.c, 1, GROUP_NOT, &older, 1),
        add_regex(&b, 1, "^P"),
        conditions_add_past(b.c, 1, EVENT_REJECTED, 2, 60, text_of("times = 2")),
        conditions_add_function(b.c, 9, 1, text_of("function f (line 9)")),
        type,
    };
    int all = conditions_add_group(b.c, 1, GROUP_ALL, parts, 6);
    CHECK("finished", conditions_finish(b.c));
    check_explained(&b, "", all,
                    "all: unknown\n"
                    "  name \"pro*\": true [name = \"Promo\"]\n"
                    "  not: unknown\n"
                    "    older \"1m\": unknown [age = unknown]\n"
                    "  name_regex \"^P\": true [name = \"Promo\"]\n"
                    "  rejected_before {times = 2}: true [rejected before: 2 or more]\n"
                    "  function f (line 9): unknown #1\n"
                    "  resource_type \"ram:*\": unknown [resources = ec2:Subnet, unknown, unknown, "
                    "unknown, unknown and 2 more]\n");
    conditions_close(b.c);
}

static void what_was_settled_before_is_not_reached(void)
{
    struct bench b;
    bench_init(&b);
    b.inv.sender = text_of("111122223333");
    b.facts.past = &b.past;
    int fact = add_fact(&b, F), other_fact = add_fact(&b, T);
    int regex = add_regex(&b, 1, "x"),
        function = conditions_add_function(b.c, 9, 0, text_of("function f (line 9)"));
    int past = conditions_add_past(b.c, 1, EVENT_REJECTED, 1, 60, text_of(""));
    int type = conditions_add_resources(b.c, 1, false);
    CHECK("memory", conditions_add_value(b.c, type, text_of("ram:*")));
    int deep = add_group(&b, GROUP_ALL, function, past);
    const struct {
        const char *label;
        int condition;
        const char *want;
    } rows[] = {
        {"by a fact", add_group(&b, GROUP_ALL, fact, other_fact),
         "all: false\n"
         "  name \"x*\": false [name = \"Promo\"]\n"
         "  name \"pro*\": not reached\n"},
        {"by a fact behind", add_group(&b, GROUP_ALL, regex, fact),
         "all: false\n"
         "  name_regex \"x\": not reached\n"
         "  name \"x*\": false [name = \"Promo\"]\n"},
        {"by a regular expression", add_group(&b, GROUP_ALL, deep, regex),
         "all: false\n"
         "  all: not reached\n"
         "    function f (line 9): not reached #0\n"
         "    rejected_before {}: not reached\n"
         "  name_regex \"x\": false [name = \"Promo\"]\n"},
        {"by the past", add_group(&b, GROUP_ALL, function, past),
         "all: false\n"
         "  function f (line 9): not reached #0\n"
         "  rejected_before {}: false [rejected before: 0]\n"},
        {"by another rule", add_group(&b, GROUP_ALL, past, regex),
         "all: false\n"
         "  rejected_before {}: not reached\n"
         "  name_regex \"x\": false [name = \"Promo\"]\n"},
        {"not at all", add_group(&b, GROUP_ANY, function, type),
         "any: pending\n"
         "  function f (line 9): false #0\n"
         "  resource_type \"ram:*\": pending\n"},
    };
    CHECK("finished", conditions_finish(b.c));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_explained(&b, rows[i].label, rows[i].condition, rows[i].want);
    conditions_close(b.c);
}

static void a_rule_that_was_stopped_is_unknown_and_waits_for_nothing(void)
{
    struct bench b;
    bench_init(&b);
    char name[101];
    memset(name, 'a', 100);
    name[100] = '\0';
    b.inv.name = text_of(name);
    b.asking.steps = 1000000;
    int type = conditions_add_resources(b.c, 1, false);
    CHECK("memory", conditions_add_value(b.c, type, text_of("ram:*")));
    int all = add_group(&b, GROUP_ALL, add_regex(&b, 1, "(a|aa)+[bc]"), type);
    char want[512];
    snprintf(want, sizeof want,
             "all: unknown\n"
             "  name_regex \"(a|aa)+[bc]\": unknown [name = \"%s\"]\n"
             "  resource_type \"ram:*\": not reached\n",
             name);
    check_explained(&b, "", all, want);
    conditions_close(b.c);
}

static void what_was_looked_at_is_shown_as_people_write_it(void)
{
    static const char began[] = " since 1970-01-01T02:46:00Z, when the journal began";
    struct bench b;
    char name[301], want[512];
    bench_init(&b);
    struct calendar calendar = {.days = 1};
    int past = conditions_add_past(b.c, 1, EVENT_REJECTED, 3, 600, text_of(""));
    int type = conditions_add_resources(b.c, 1, true);
    int created = conditions_add_created_at(b.c, 1, &calendar, text_of(""));
    int older = conditions_add_age(b.c, 1, true, 60, text_of("1m"));
    int regex = add_regex(&b, 1, "x");
    CHECK("memory", conditions_add_value(b.c, type, text_of("ram:*")));

    b.inv.has_created = b.facts.has_age = true;
    b.inv.created_ms = 10000000 - 3720 * 1000;
    check_explained(&b, "age", older, "older \"1m\": true [age = 1h2m]\n");
    check_explained(&b, "date", created, "created_at {}: false [created = 1970-01-01T01:44:40Z]\n");
    check_explained(&b, "no sender", past, "rejected_before {}: unknown [sender = unknown]\n");

    b.asking.about++;
    b.inv.sender = text_of("111122223333");
    check_explained(&b, "no past", past,
                    "rejected_before {}: unknown [rejected before: unknown]\n");
    b.asking.about++;
    b.facts.past = &b.past;
    b.past.began_ms = 9960000;
    b.happened = 1;
    snprintf(want, sizeof want, "rejected_before {}: unknown [rejected before: 1%s]\n", began);
    check_explained(&b, "young", past, want);

    b.facts.resources_state = RESOURCES_UNKNOWN;
    check_explained(&b, "resources", type,
                    "only_resource_type \"ram:*\": unknown [resources = unknown]\n");
    b.asking.about++;
    b.facts.resources_state = RESOURCES_LISTED;
    check_explained(&b, "no resources", type,
                    "only_resource_type \"ram:*\": unknown [resources = none]\n");

    /* Cut between characters. */
    for (size_t i = 0; i < 300; i += 3)
        memcpy(name + i, "\xE2\x82\xAC", 3);
    b.inv.name = (struct spurn_text){name, 300};
    b.asking.about++;
    snprintf(want, sizeof want, "name_regex \"x\": false [name = \"%.198s...\"]\n", name);
    check_explained(&b, "a long name", regex, want);
    conditions_close(b.c);
}

static void count_line(void *context, const struct condition_seen *seen)
{
    int *lines = context;
    *lines += seen->depth >= 0;
}

static void an_explanation_of_what_is_shared_ends(void)
{
    struct bench b;
    bench_init(&b);
    int at = conditions_add_always(b.c, 1), lines = 0;
    for (int i = 0; i < 90; i++)
        at = add_group(&b, i % 2 ? GROUP_ALL : GROUP_ANY, at, at);
    conditions_ask(b.c, at, &b.asking);
    CHECK("explained", conditions_explain(b.c, at, &b.asking, count_line, &lines));
    CHECK("as far as anybody reads", lines > 100 && lines <= 1001);
    conditions_close(b.c);
}

static void seconds_that_were_worked_out_are_shown_as_people_write_them(void)
{
    static const struct {
        const char *written, *want;
        int64_t age_s;
    } rows[] = {
        {"39600s", "older \"11h\"", 39600},    {"90s", "older \"90s\"", 90},
        {"24h", "older \"24h\"", 24 * 3600},   {"90m", "older \"90m\"", 90 * 60},
        {"93784s", "older \"93784s\"", 93784}, {"601200s", "older \"6d23h\"", 601200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct conditions *c = conditions_open();
        struct buf text;
        buf_init(&text, 100);
        conditions_describe(
            c, conditions_add_age(c, 1, true, rows[i].age_s, text_of(rows[i].written)), &text);
        CHECK_STR(rows[i].written, buf_str(&text), rows[i].want);
        buf_clear(&text);
        conditions_close(c);
    }
}

static const struct unit_test tests[] = {
    {"seconds_that_were_worked_out_are_shown_as_people_write_them",
     seconds_that_were_worked_out_are_shown_as_people_write_them},
    {"a_condition_reads_as_it_was_written", a_condition_reads_as_it_was_written},
    {"every_kind_of_condition_reads_as_it_was_written",
     every_kind_of_condition_reads_as_it_was_written},
    {"each_part_says_what_it_answered_and_looked_at",
     each_part_says_what_it_answered_and_looked_at},
    {"what_was_settled_before_is_not_reached", what_was_settled_before_is_not_reached},
    {"a_rule_that_was_stopped_is_unknown_and_waits_for_nothing",
     a_rule_that_was_stopped_is_unknown_and_waits_for_nothing},
    {"what_was_looked_at_is_shown_as_people_write_it",
     what_was_looked_at_is_shown_as_people_write_it},
    {"an_explanation_of_what_is_shared_ends", an_explanation_of_what_is_shared_ends},
};

UNIT_MAIN(tests)

/* script_words_test.c - the words of policies: what each refuses, and the one table that lists them. */
#include "script_case.h"

#define R "reject \"x\" "

static void a_regular_expression_is_one_string_that_says_something(void)
{
    static const struct refusal rows[] = {
        {R "(name_regex { \"a\", \"b\" })",
         "p.lua:1: name_regex takes one string, not a table; write name_regex \"(?:a|b)\", or "
         "name_regex \"a\" | name_regex \"b\""},
        {R "(name_regex (list \"ids.txt\"))", "p.lua:1: name_regex takes one string, not a list"},
        {R "(name_regex (7))", "p.lua:1: name_regex takes a string, not a number"},
        {"local p = params { }\n" R "(name_regex (nil))",
         "p.lua:2: `name_regex` is missing its value: name_regex RE"},
        {R "(name_regex)", "p.lua:1: `name_regex` is missing its value: name_regex RE"},
        {R "(name_regex \"a\" \"b\")", "p.lua:1: "},
        {R "(name_regex \"\")",
         "p.lua:1: name_regex \"\" is found in every name; write always if that is meant"},
        {R "(name_regex \"*promo*\")",
         "p.lua:1: name_regex \"*promo*\" looks like a glob; did you mean name \"*promo*\"?"},
        {R "(name_regex \"promo*\")",
         "p.lua:1: name_regex \"promo*\" looks like a glob; did you mean name \"promo*\"?"},
        {R "(name_regex \"*.txt\")", "p.lua:1: name_regex \"*.txt\" looks like a glob"},
        {R "(name_regex \"^tmp%-%d+\")",
         "p.lua:1: name_regex \"^tmp%-%d+\" looks like a Lua pattern; %d is [0-9] here"},
        {R "(name_regex \"(promo)?\")", "p.lua:1: name_regex \"(promo)?\" is found in every name, "
                                        "since nothing at all is like it"},
        {R "(name_regex \".*\")", "p.lua:1: name_regex \".*\" is found in every name"},
        {R "(name_regex \"a\\0b\")", "p.lua:1: name_regex: a regular expression is UTF-8 without"},
        {R "(name_regex \"(a\")", "p.lua:1: name_regex \"(a\": "},
        {R "(name_regex \"[z-a]\")", "p.lua:1: name_regex \"[z-a]\": "},
        {R "(function(inv) return name_regex \"a\" end)", "p.lua:1: "},
    };
    CHECK_REFUSALS(rows);
}

static void created_at_says_hours_or_days(void)
{
    static const struct refusal rows[] = {
        {R "(created_at \"22:00-06:00\")",
         "p.lua:1: created_at takes a table, not a string: created_at { hours = \"22:00-06:00\""},
        {R "(created_at { \"22:00-06:00\" })", "p.lua:1: created_at: its values have names: "},
        {R "(created_at {})", "p.lua:1: created_at needs hours or days, else it holds for "},
        {R "(created_at { zone = \"+08:00\" })", "p.lua:1: created_at needs hours or days"},
        {R "(created_at { hour = \"22:00-06:00\" })",
         "p.lua:1: created_at has no option \"hour\"; did you mean \"hours\"?"},
        {R "(created_at { weekdays = \"sat\" })", "p.lua:1: created_at has no option \"weekdays\""},
        {R "(created_at { hours = 22 })",
         "p.lua:1: created_at: hours is a string, not a number; write hours = \"22:00-06:00\""},
        {R "(created_at { days = { \"sat\", \"sun\" } })",
         "p.lua:1: created_at: days is a string, not a table; write days = \"sat sun\""},
        {R "(created_at { hours = \"22-6 o'clock\" })", "p.lua:1: created_at: hours: "},
        {R "(created_at { hours = \"25:00-06:00\" })", "p.lua:1: created_at: hours: "},
        {R "(created_at { days = \"saturn\" })", "p.lua:1: created_at: days: "},
        {R "(created_at { days = \"sat\", zone = \"Paris\" })", "p.lua:1: created_at: zone: "},
        {"local night\n" R "(created_at { hours = night, days = \"sat\" })",
         "p.lua:2: created_at: a value in its table is nil, or is given twice"},
    };
    CHECK_REFUSALS(rows);
}

static void a_type_has_its_service(void)
{
    static const struct refusal rows[] = {
        {R "(resource_type \"Subnet\")",
         "p.lua:1: resource_type \"Subnet\": it is a type without its service; write SERVICE:TYPE; "
         "did you mean \"ec2:Subnet\"?"},
        {R "(only_resource_type { \"ec2:Subnet\", \"transitgateway\" })",
         "p.lua:1: only_resource_type \"transitgateway\": it is a type without its service; write "
         "SERVICE:TYPE; did you mean \"ec2:TransitGateway\"?"},
        {R "(resource_type \"route53resolver\")",
         "p.lua:1: resource_type \"route53resolver\": it is a type without its service"},
        {R "(resource_type \"*\")", "p.lua:1: resource_type \"*\": it is a type without its"},
        {R "(resource_type \"AWS::EC2::Subnet\")", "p.lua:1: resource_type \"AWS::EC2::Subnet\": "
                                                   "it is CloudFormation's name of a type; write "
                                                   "SERVICE:TYPE; did you mean \"ec2:Subnet\"?"},
        {R "(resource_type \"arn:aws:ec2:us-east-1:1:subnet/s\")",
         "p.lua:1: resource_type \"arn:aws:ec2:us-east-1:1:subnet/s\": it is an ARN, not a type"},
        {R "(resource_type \"ec2:\")", "p.lua:1: resource_type \"ec2:\": it is no type of"},
        {R "(resource_type \"ec2: Subnet\")", "p.lua:1: resource_type \"ec2: Subnet\": it is no"},
        {R "(resource_type (12))", "p.lua:1: resource_type: takes a string, not a number"},
        {R "(resource_type {})", "p.lua:1: resource_type: the table is empty"},
        {R "(resource_type (list \"ids.txt\"))",
         "ids.txt:1: resource_type: this line is of no use: it is a type without its service"},
        {R "(resource_typ \"ec2:Subnet\")",
         "p.lua:1: unknown word `resource_typ`; did you mean `resource_type`?"},
    };
    CHECK_REFUSALS(rows);
}

static void the_past_says_how_far_back(void)
{
    static const struct refusal rows[] = {
        {R "(rejected_before { times = 3 })",
         "p.lua:1: rejected_before does not say how far back to look; write within = \"30d\""},
        {R "(seen_before {})", "p.lua:1: seen_before does not say how far back to look"},
        {R "(seen_before \"30d\")",
         "p.lua:1: seen_before takes a table, not a string: seen_before { times = N, within = "},
        {R "(rejected_before (3))", "p.lua:1: rejected_before takes a table, not a number"},
        {R "(rejected_before { 3, within = \"30d\" })",
         "p.lua:1: rejected_before: its values have names: rejected_before { times = N, within = "},
        {R "(rejected_before { time = 3, within = \"30d\" })",
         "p.lua:1: rejected_before has no option \"time\"; did you mean \"times\"?"},
        {R "(rejected_before { times = \"3\", within = \"30d\" })",
         "p.lua:1: rejected_before: times is a number, not a string; write times = 3"},
        {R "(rejected_before { times = 0, within = \"30d\" })",
         "p.lua:1: rejected_before: times is a whole number from 1 on; write times = 3"},
        {R "(rejected_before { times = 2.5, within = \"30d\" })",
         "p.lua:1: rejected_before: times is a whole number from 1 on"},
        {R "(rejected_before { times = 3, within = 30 })",
         "p.lua:1: rejected_before: within takes a duration with its unit, such as \"6h\", not a "
         "number"},
        {R "(rejected_before { times = 3, within = \"30 days\" })",
         "p.lua:1: rejected_before: within: \"30 days\" is no duration; did you mean \"30d\"?"},
        {R "(rejected_before { times = 3, within = true })",
         "p.lua:1: rejected_before: within takes a duration such as \"6h\", not a boolean"},
        {"local n\n" R "(rejected_before { times = n, within = \"30d\" })",
         "p.lua:2: rejected_before: a value in its table is nil, or is given twice"},
    };
    CHECK_REFUSALS(rows);
}

static void conditions_are_shown_as_written(void)
{
    static const struct {
        const char *written, *shown;
    } rows[] = {
        {"name_regex \"^(?:a|b)\"", "name_regex \"^(?:a|b)\""},
        {"created_at { zone = \"+08:00\", hours = \"22:00-06:00\" }",
         "created_at {hours = \"22:00-06:00\", zone = \"+08:00\"}"},
        {"resource_type \"ec2:Subnet\"", "resource_type \"ec2:Subnet\""},
        {"only_resource_type { \"ec2:*\", \"ssm:*\" }", "only_resource_type {2 globs}"},
        {"seen_before { within = \"30d\" }", "seen_before {times = 1, within = \"30d\"}"},
        {"~rejected_before { within = \"2w\", times = 3 }",
         "~rejected_before {times = 3, within = \"2w\"}"},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        struct script_rule rule = {0};
        snprintf(text, sizeof text, R "(%s)", rows[i].written);
        CHECK_INT(rows[i].written, case_load(&c, text), SPURN_OK);
        CHECK("a rule", script_rule_at(c.script, 0, &rule));
        CHECK_STR(rows[i].written, rule.condition.at, rows[i].shown);
    }
    case_clear(&c);
}

static void every_word_field_and_method_is_listed(void)
{
    static const struct {
        const char *kind;
        int count;
    } kinds[] = {{"rule", 2}, {"condition", 19}, {"value", 4}, {"field", 15}, {"method", 3}};
    struct script_word word;
    int total = 0, expected = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        int count = 0;
        for (size_t i = 0; script_word_at(i, &word); i++)
            count += strcmp(word.kind, kinds[k].kind) == 0;
        CHECK_INT(kinds[k].kind, count, kinds[k].count);
        expected += count;
    }
    for (size_t i = 0; script_word_at(i, &word); i++, total++)
        CHECK(word.form, word.form[0] != '\0' && word.text[0] != '\0');
    CHECK_INT("no other kind", total, expected);
}

static const struct unit_test tests[] = {
    {"a_regular_expression_is_one_string_that_says_something",
     a_regular_expression_is_one_string_that_says_something},
    {"created_at_says_hours_or_days", created_at_says_hours_or_days},
    {"a_type_has_its_service", a_type_has_its_service},
    {"the_past_says_how_far_back", the_past_says_how_far_back},
    {"conditions_are_shown_as_written", conditions_are_shown_as_written},
    {"every_word_field_and_method_is_listed", every_word_field_and_method_is_listed},
};

UNIT_MAIN(tests)

/* script_lint_test.c - rules that make no sense are found before they are used, and rules that do are left in peace. */
#include "clock.h"
#include "cloud/cloud.h"
#include "script_case.h"

static const int64_t DAY_MS = 24 * 3600 * (int64_t)1000;

#define AWS                                                                                        \
    {                                                                                              \
        {"aws", 3}, {"111122223333", 12}, {"us-east-1", 9}, 7 * 24 * 3600, true                    \
    }
#define ALIBABA                                                                                    \
    {                                                                                              \
        {"alibaba", 7}, {"1234567890123456", 16}, {"cn-hangzhou", 11}, 7 * 24 * 3600, false        \
    }

static const struct script_place aws[] = {AWS}, alibaba[] = {ALIBABA}, both[] = {AWS, ALIBABA};
static const struct script_place unnamed[] = {
    {{"aws", 3}, {NULL, 0}, {"us-east-1", 9}, 7 * 24 * 3600, true}};

enum where { NOWHERE, AT_AWS, AT_ALIBABA, AT_BOTH, AT_UNNAMED };
static const struct {
    const struct script_place *places;
    size_t count;
} wheres[] = {{NULL, 0}, {aws, 1}, {alibaba, 1}, {both, 2}, {unnamed, 1}};

enum { SAYS_MAX = 3 };

struct lint_case {
    const char *text;
    const char
        *says[SAYS_MAX]; /* how each complaint begins: "error 1: ", "warning 1: ", the text */
    enum where where;
    const char *settings;
};

#define ROW(at, policy, ...)                                                                       \
    {                                                                                              \
        .where = at, .text = policy, .says = { __VA_ARGS__ }                                       \
    }

/* ---- hearing the complaints ---- */

struct complaints {
    const struct lint_case *row;
    size_t count;
};

static void hear(void *context, const struct script_complaint *complaint)
{
    struct complaints *heard = context;
    char got[1200];
    const char *want = heard->count < SAYS_MAX ? heard->row->says[heard->count] : NULL;
    snprintf(got, sizeof got, "%s %d: %s", complaint->is_error ? "error" : "warning",
             complaint->line, complaint->text);
    if (want == NULL)
        CHECK_STR(heard->row->text, got, "no more complaints");
    else if (strncmp(got, want, strlen(want)) != 0)
        CHECK_STR(heard->row->text, got, want);
    heard->count++;
}

static size_t count_wanted(const struct lint_case *row)
{
    size_t count = 0;
    while (count < SAYS_MAX && row->says[count] != NULL)
        count++;
    return count;
}

static void check_cases(const struct lint_case *rows, size_t count)
{
    struct script_case c;
    case_init(&c);
    case_write(&c, "ids.txt", "111122223333\n444455556666\n");
    for (size_t i = 0; i < count; i++) {
        struct complaints heard = {&rows[i], 0};
        CHECK_INT(rows[i].text, case_load_with(&c, rows[i].text, rows[i].settings, NULL), SPURN_OK);
        CHECK_STR(rows[i].text, c.err.text, "");
        if (c.script == NULL)
            continue;
        CHECK_INT(rows[i].text,
                  script_lint(c.script, wheres[rows[i].where].places, wheres[rows[i].where].count,
                              CASE_NOW_MS, cloud_has_region, hear, &heard, &c.err),
                  SPURN_OK);
        CHECK_INT(rows[i].text, (int64_t)heard.count, (int64_t)count_wanted(&rows[i]));
    }
    case_clear(&c);
}

#define CHECK_CASES(rows) check_cases(rows, sizeof(rows) / sizeof(rows)[0])

/* Twelve digits for a table of senders. */
#define A "\"111122223333\""
#define B "\"444455556666\""
#define C "\"777788889999\""

/* ---- what nobody should be told about ---- */

static void what_makes_sense_is_left_in_peace(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_BOTH, "keep 'x' (sender {" A ", " B "})\nreject 'y' (always)", NULL),
        ROW(NOWHERE, "keep 'x' (sender {" A ", " B "})\nreject 'y' (always)", NULL),
        ROW(AT_AWS, "keep 'x' (sender (list 'ids.txt'))\nreject 'y' (~sender (list 'ids.txt'))",
            NULL),
        ROW(AT_AWS, "reject 'x' (older '6h' & younger '7h')", NULL),
        ROW(AT_AWS, "reject 'x' (younger '6h' | older '11h')", NULL),
        ROW(AT_AWS, "reject 'x' { always, unless = sender " A " }", NULL),
        ROW(AT_AWS, "reject 'x' (sender {" A ", " B "} & ~sender " A ")", NULL),
        ROW(AT_AWS, "reject 'x' (sender {" A ", " B "} & sender {" B ", " C "})", NULL),
        ROW(AT_AWS, "reject 'x' (name 'a*' & name '*b')", NULL),
        ROW(AT_AWS, "reject 'x' (name 'a*' & ~name 'ab*')", NULL),
        ROW(NOWHERE, "reject 'x' (name '?a' & ~name '?*a')", NULL),
        ROW(AT_AWS, "reject 'x' (name_regex 'a' & ~name_regex 'b')", NULL),
        ROW(AT_AWS, "reject 'x' (resource_type 'ec2:*' & ~only_resource_type 'ec2:*')", NULL),
        ROW(AT_AWS, "reject 'x' (resource_type 'ec2:*' & resource_type 'ram:*')", NULL),
        ROW(AT_AWS,
            "reject 'x' (rejected_before { times = 2, within = '30d' }\n"
            "& ~rejected_before { times = 3, within = '30d' })",
            NULL),
        ROW(AT_AWS,
            "reject 'x' (created_at { hours = '22:00-06:00' } & ~created_at { days = 'sat sun' })",
            NULL),
        ROW(AT_AWS,
            "reject 'x' (created_at { hours = '22:00-02:00' }\n"
            "& created_at { hours = '00:00-01:00', zone = '+02:00' })",
            NULL),
        ROW(AT_AWS,
            "reject 'x' (rejected_before { times = 3, within = '30d' }\n"
            "& ~rejected_before { times = 2, within = '7d' })",
            NULL),
        ROW(AT_AWS, "keep 'x' (name 'prod-*' & share '*:111122223333:*')", NULL),
        ROW(AT_AWS, "keep 'x' (name 'prod-*' & receiver_arn '*/deploy')", NULL),
        ROW(AT_AWS, "reject 'x' (function(inv) return inv.name == 'a' end)", NULL),
        ROW(AT_AWS,
            "local function f(inv) return inv.name == 'a' end\n"
            "local function g(inv) return inv.name == 'b' end\n"
            "reject 'x' (all { f, ~all { g } })",
            NULL),
        ROW(AT_AWS, "keep 'x' (function(inv) return inv.name == 'a' end)", NULL),
        ROW(AT_BOTH, "keep 'x' (cloud 'aws' & resource_type 'ec2:*' & sender " A ")", NULL),
        ROW(AT_BOTH, "keep 'x' (resource_type 'ec2:*' & sender " A ")", NULL),
        ROW(AT_AWS, "reject 'x' (resource_type 'route53resolver:*')", NULL),
        ROW(AT_BOTH, "reject 'x' (resource_type 'route53resolver:*' & cloud 'aws')", NULL),
        ROW(AT_BOTH, "reject 'x' (receiver_arn '*/deploy' & cloud 'aws')", NULL),
        ROW(AT_BOTH, "reject 'x' (older '1h' & (cloud 'alibaba' | ~resource_type 'ec2:*'))", NULL),
        ROW(AT_BOTH, "keep 'x' (~sender " A ")", NULL),
        ROW(AT_BOTH, "keep 'x' (sender {" A ", '1234567890123456'} & cloud 'alibaba')", NULL),
        ROW(AT_BOTH, "reject 'x' (cloud 'alibaba' & ~sender " A ")", NULL),
        ROW(AT_BOTH, "reject 'x' (always)\nreject 'y' (sender " A " & region 'us-*')", NULL),
        ROW(AT_BOTH, "reject 'x' { older '1h', unless = region 'us-*' }", NULL),
        ROW(AT_AWS, "keep 'x' (share 'arn:aws:ram:*:111122223333:*')", NULL),
        ROW(AT_BOTH, "keep 'x' (account " A ")", NULL),
        ROW(AT_BOTH, "keep 'x' (region 'us-*')\nreject 'y' (name '*promo*')", NULL),
        ROW(AT_AWS, "reject 'x' { name '*promo*', unless = cloud 'alibaba' }", NULL),
        {.where = AT_AWS,
         .text = "keep 'x' (always)",
         .says = {NULL},
         .settings = "{\"only\":{\"cloud\":\"aws\"}}"},
        ROW(AT_BOTH, "keep 'x' (sender " A " | cloud 'alibaba')", NULL),
        ROW(AT_BOTH, "reject 'x' (account {" A ", \"1234567890123456\"})", NULL),
        ROW(AT_AWS, "reject 'x' (account (list 'ids.txt'))", NULL),
        ROW(AT_UNNAMED, "reject 'x' (account " B ")", NULL),
        ROW(AT_AWS, "keep 'x' (sender " A ")\nreject 'y' (sender {" A ", " B "})", NULL),
        ROW(AT_AWS, "keep 'x' (sender " A " & older '6h')\nreject 'y' (sender " A ")", NULL),
        ROW(AT_AWS, "keep 'x' (name 'a*' & sender " A ")\nreject 'y' (name 'a*')", NULL),
        ROW(AT_AWS, "reject 'x' (sender " A ")\nreject 'y' (sender {" A ", " B "})", NULL),
        ROW(AT_BOTH, "reject 'x' (older '6d23h' & name 'a*')", NULL),
        ROW(AT_AWS, "reject 'x' (older '2d' & resource_type 'rds:*')", NULL),
        ROW(AT_AWS, "reject 'x' (older '11h')", NULL),
        ROW(AT_AWS, "reject 'x' (~older '8d')", NULL),
        ROW(NOWHERE, "reject 'x' (older '8d')", NULL),
        ROW(NOWHERE, "reject 'x' (region 'eu-*')", NULL),
        ROW(AT_AWS, "reject 'x' { always, ends = '2027-01-31' }", NULL),
    };
    CHECK_CASES(rows);
}

/* ---- errors ---- */

static void a_rule_that_can_never_be_true_is_refused(void)
{
    static const struct lint_case rows[] = {
        ROW(NOWHERE, "reject 'x' (older '7h' & younger '6h')",
            "error 1: reject \"x\" can never be true: nothing is older \"7h\" & younger \"6h\"; "
            "take "
            "out what excludes the rest, or join it with |"),
        ROW(NOWHERE, "reject 'x' (older '1h' & older '7h' & younger '6h')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (older '7h' & older '1h' & younger '6h')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (younger '6h' & younger '9h' & older '7h')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (older '6h' & ~older '6h')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (older '6h' & younger '6h')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "\nkeep 'x' (sender " A " & sender " B ")",
            "error 2: keep \"x\" can never be true"),
        ROW(NOWHERE,
            "reject 'x' { sender " A ", mode = 'observe', unless = sender {" A ", " B "} }",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (sender (list 'ids.txt') & sender " C ")",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (sender {" A ", " B "} & ~sender " A " & ~sender " B ")",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (~always)", "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (none { always })", "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (cloud 'aws' & cloud 'alibaba')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (~cloud { 'aws', 'alibaba' })",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (region 'eu-west-1' & region 'us-*')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (name 'promo*' & ~name '*O*')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (name {'a?', 'b'} & ~name {'A?', 'B', 'c'})",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (~name '*')", "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (name_regex 'a+' & ~name_regex 'a+')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (only_resource_type 'ec2:Subnet' & ~resource_type 'ec2:*')",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE,
            "reject 'x' (rejected_before { times = 3, within = '7d' }\n"
            "& ~rejected_before { times = 2, within = '30d' })",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (created_at { days = 'sat' } & created_at { days = 'sun' })",
            "error 1: reject \"x\" can never be true"),
        ROW(NOWHERE,
            "local function f(inv) return inv.name == 'a' end\nreject 'x' (all { f, ~all { f } })",
            "error 2: reject \"x\" can never be true"),
        ROW(NOWHERE, "local a, b = older '6h', name '*promo*'\nreject 'x' ((a | b) & ~a & ~b)",
            "error 2: reject \"x\" can never be true"),
        ROW(NOWHERE, "reject 'x' (any { older '6h' & younger '2h', sender " A " & ~sender " A " })",
            "error 1: reject \"x\" can never be true"),
        ROW(AT_ALIBABA, "reject 'x' (resource_type 'ec2:Subnet')",
            "error 1: reject \"x\" can never be true: resource_type \"ec2:Subnet\" is not known at "
            "any target; leave it out"),
        ROW(AT_ALIBABA, "reject 'x' (name '*promo*' & receiver_arn '*/deploy')",
            "error 1: reject \"x\" can never be true: receiver_arn \"*/deploy\" is not known"),
        ROW(AT_BOTH, "keep 'x' (sender " A " & cloud 'alibaba' & resource_type 'ec2:*')",
            "error 1: keep \"x\" can never be true: account ids have"),
        ROW(AT_BOTH, "reject 'x' (resource_type 'ec2:Subnet' & cloud 'alibaba')",
            "error 1: reject \"x\" can never be true: resource_type \"ec2:Subnet\" is not known at "
            "the targets that it is about; leave it out"),
    };
    CHECK_CASES(rows);
}

static void an_id_of_another_cloud_is_refused(void)
{
#define IDS                                                                                        \
    "can never be true: account ids have 12 digits at AWS and 16 at Alibaba Cloud, and it asks "   \
    "for others there; correct the ids, or the place"
#define L "'1234567890123456'"
    static const struct lint_case rows[] = {
        ROW(NOWHERE, "keep 'x' (sender " A " & cloud 'alibaba')", "error 1: keep \"x\" " IDS),
        ROW(NOWHERE, "reject 'x' (cloud 'alibaba' & sender " A ")", "error 1: reject \"x\" " IDS),
        ROW(NOWHERE, "keep 'x' (sender " L " & ~cloud 'alibaba')", "error 1: keep \"x\" " IDS),
        ROW(NOWHERE, "keep 'x' (sender " L " & account " A ")", "error 1: keep \"x\" " IDS),
        ROW(NOWHERE, "keep 'x' (sender (list 'ids.txt') & cloud 'alibaba')",
            "error 1: keep \"x\" " IDS),
        ROW(NOWHERE, "keep 'x' (sender {" A ", " L "} & ~sender " L " & cloud 'alibaba')",
            "error 1: keep \"x\" " IDS),
        ROW(AT_BOTH, "keep 'x' (sender " A " & region 'cn-*')", "error 1: keep \"x\" " IDS),
        ROW(AT_BOTH, "reject 'x' (sender " L " & region 'us-*')", "error 1: reject \"x\" " IDS),
        ROW(AT_AWS, "keep 'x' (sender " L " & region 'us-*')", "error 1: keep \"x\" " IDS),
        {.where = AT_BOTH,
         .text = "keep 'x' (sender " A ")",
         .says = {"error 1: keep \"x\" " IDS},
         .settings = "{\"only\":{\"cloud\":\"alibaba\"}}"},
        ROW(AT_ALIBABA, "keep 'x' (sender " A ")", "warning 1: keep \"x\" " IDS),
    };
    CHECK_CASES(rows);
#undef L
#undef IDS
}

static void a_rule_that_a_cloud_leaves_open_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_BOTH, "reject 'x' (resource_type 'ec2:*')",
            "warning 1: reject \"x\" leaves invitations undecided at alibaba, at every sweep: "
            "resource_type \"ec2:*\" is never known there; write & cloud \"aws\" beside it"),
        ROW(AT_BOTH, "reject 'x' (~resource_type 'ec2:*')", "warning 1: reject \"x\" leaves inv"),
        ROW(AT_BOTH, "reject 'x' (name 'a*' & only_resource_type 'ec2:*')",
            "warning 1: reject \"x\" leaves invitations undecided at alibaba"),
        ROW(AT_BOTH, "reject 'x' (name 'a*' | resource_type 'ec2:*')",
            "warning 1: reject \"x\" leaves invitations undecided at alibaba"),
        ROW(AT_BOTH, "reject 'x' { older '1h', unless = receiver_arn '*/deploy' }",
            "warning 1: reject \"x\" leaves invitations undecided at alibaba, at every sweep: "
            "receiver_arn"),
        {.where = AT_BOTH,
         .text = "reject 'x' (resource_type 'ec2:*')",
         .says = {NULL},
         .settings = "{\"only\":{\"cloud\":\"aws\"}}"},
    };
    CHECK_CASES(rows);
}

static void a_type_that_is_not_known_is_told_where_it_protects(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_AWS, "reject 'x' (~resource_type 'ec2:Frobnicator')",
            "warning 1: reject \"x\" leaves out the type \"ec2:frobnicator\", which is not known "
            "here, and rejects more if there is none; look whether it is written so"),
        ROW(AT_AWS, "keep 'x' (sender " A " & resource_type 'ec2:Frobnicator')",
            "warning 1: keep \"x\" keeps the type \"ec2:frobnicator\""),
        ROW(AT_AWS, "reject 'x' (resource_type 'ec2:Frobnicator')", NULL),
        ROW(AT_AWS, "reject 'x' (~resource_type {'ec2:CoipPool', 'ec2:*', 'newservice:Thing'})",
            NULL),
        ROW(AT_AWS, "reject 'x' (~resource_type 'ec2:subnets')",
            "warning 1: reject \"x\" asks for the type \"ec2:subnets\"; did you mean"),
    };
    CHECK_CASES(rows);
}

static void a_keep_rule_that_can_never_be_false_is_refused(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_BOTH, "keep 'x' (always)",
            "error 1: keep \"x\" keeps everything, so no policy rejects anything; say what it "
            "keeps, "
            "or give the policy only = { ... }"),
        ROW(NOWHERE, "keep 'x' (always)", "error 1: keep \"x\" keeps everything, so"),
        ROW(AT_AWS, "keep 'x' (name '*')", "error 1: keep \"x\" keeps everything, so"),
        ROW(AT_AWS, "keep 'x' (sender " A " | ~sender {" A ", " B "} | sender " B ")",
            "error 1: keep \"x\" keeps everything, so"),
        ROW(AT_AWS, "keep 'x' (older '6h' | younger '7h')",
            "error 1: keep \"x\" keeps everything, so"),
        ROW(AT_AWS, "keep 'x' (younger '8d')", "error 1: keep \"x\" keeps everything, so"),
        ROW(AT_AWS, "keep 'x' (cloud { 'aws', 'alibaba' })",
            "error 1: keep \"x\" keeps everything, so"),
        ROW(AT_BOTH, "keep 'x' (resource_type 'ec2:Subnet')",
            "error 1: keep \"x\" keeps everything at alibaba 1234567890123456 cn-hangzhou: "
            "resource_type \"ec2:Subnet\" is never known there; write & cloud \"aws\" beside it"),
        ROW(AT_BOTH, "keep 'x' (sender " A " | receiver_arn '*/deploy')",
            "error 1: keep \"x\" keeps everything at alibaba 1234567890123456 cn-hangzhou: "
            "receiver_arn \"*/deploy\" is never known there"),
        {.where = AT_ALIBABA,
         .text = "keep 'x' (resource_type 'ec2:Subnet')",
         .says = {"error 1: keep \"x\" keeps everything at alibaba 1234567890123456 cn-hangzhou: "
                  "resource"},
         .settings = "{\"only\":{\"cloud\":\"alibaba\"}}"},
        ROW(AT_BOTH, "keep 'x' (cloud 'alibaba' & (sender " A " | only_resource_type 'ec2:*'))",
            "error 1: keep \"x\" keeps everything at alibaba"),
        ROW(AT_BOTH, "keep 'x' (region 'us-*' & younger '8d')",
            "error 1: keep \"x\" keeps everything at aws 111122223333 us-east-1; say what it "
            "keeps"),
    };
    CHECK_CASES(rows);
}

/* ---- warnings ---- */

static void an_age_never_reached_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_AWS, "reject 'x' (older '7d')",
            "warning 1: reject \"x\" asks for older \"7d\", which is never reached: invitations "
            "end "
            "after 7d, most at AWS after 12h; write a shorter time"),
        ROW(AT_ALIBABA, "reject 'x' (older '8d')",
            "warning 1: reject \"x\" asks for older \"8d\", which is never reached: invitations "
            "end "
            "after 7d; write"),
        ROW(AT_BOTH, "keep 'x' (older '2w' & sender " A ")",
            "warning 1: keep \"x\" asks for older \"2w\", which is never reached"),
        ROW(AT_BOTH, "reject 'x' (name '*promo*' | older '8d' & ~name 'prod-*')",
            "warning 1: reject \"x\" asks for older \"8d\", which is never reached"),
        ROW(AT_BOTH, "reject 'x' (name '*promo*' & ~younger '8d')",
            "warning 1: reject \"x\" asks for ~younger \"8d\", which is never reached"),
        ROW(AT_BOTH, "reject 'x' { older '8d', mode = 'observe' }",
            "warning 1: reject \"x\" asks for older \"8d\", which is never reached"),
        ROW(AT_AWS, "reject 'x' (older '12h')",
            "warning 1: reject \"x\" asks for older \"12h\", but most invitations at AWS end after "
            "12h; write a shorter time"),
        ROW(AT_BOTH, "reject 'x' (cloud 'aws' & older '2d')",
            "warning 1: reject \"x\" asks for older \"2d\", but most"),
        {.where = AT_BOTH,
         .text = "reject 'x' (older '2d')",
         .says = {"warning 1: reject \"x\" asks for older \"2d\", but most"},
         .settings = "{\"only\":{\"cloud\":\"aws\"}}"},
    };
    CHECK_CASES(rows);
}

static void a_place_that_is_no_targets_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_AWS, "reject 'x' (region 'eu-wset-1')",
            "warning 1: reject \"x\" names region \"eu-wset-1\", which no cloud has; did you mean "
            "\"eu-west-1\"?"),
        ROW(AT_AWS, "reject 'x' (~region { 'us-east1', 'us-*' })",
            "warning 1: reject \"x\" names region \"us-east1\", which no cloud has; did you mean "
            "\"us-east-1\"?"),
        ROW(AT_BOTH, "reject 'x' { older '1h', unless = region 'cn-hangzou' }",
            "warning 1: reject \"x\" names region \"cn-hangzou\", which no cloud has; did you mean "
            "\"cn-hangzhou\"?"),
        ROW(NOWHERE, "keep 'x' (region 'nowhere')",
            "warning 1: keep \"x\" names region \"nowhere\", which no cloud has; correct it"),
        ROW(NOWHERE, "reject 'x' (~region { 'eu-south-9', 'me-east-1', 'cn-hongkong' })", NULL),
        {.where = AT_AWS,
         .text = "reject 'x' (always)",
         .says = {"warning 7: only names region \"us-east1\", which no cloud has; did you mean "
                  "\"us-east-1\"?"},
         .settings = "{\"only\":{\"region\":[\"us-east-1\",\"us-east1\"]}}"},
        ROW(AT_AWS, "reject 'x' (region 'eu-west-1')",
            "warning 1: reject \"x\" names region \"eu-west-1\", which no target has; correct it, "
            "or add the target"),
        ROW(AT_BOTH, "reject 'x' { name '*promo*', unless = region { 'us-*', 'eu-*', 'sa-*' } }",
            "warning 1: reject \"x\" names region \"eu-*\" and 1 more, which no target has"),
        ROW(AT_BOTH, "keep 'x' (account {" A ", " B "})",
            "warning 1: keep \"x\" names account \"444455556666\", which no target has"),
        ROW(AT_AWS, "reject 'x' (cloud 'alibaba')",
            "warning 1: reject \"x\" is never true: no target has the place that it asks for"),
        ROW(AT_BOTH, "reject 'x' (cloud 'aws' & region 'cn-*')",
            "warning 1: reject \"x\" is never true: no target has the place that it asks for"),
        {.where = AT_AWS,
         .text = "reject 'x' (always)\nreject 'y' (name '*promo*')",
         .says = {"warning 7: only names cloud \"alibaba\", which no target has; correct it, or "
                  "add the "
                  "target"},
         .settings = "{\"only\":{\"cloud\":\"alibaba\"}}"},
        {.where = AT_BOTH,
         .text = "reject 'x' (always)",
         .says = {"warning 7: only leaves no target, so the policy is never asked"},
         .settings = "{\"only\":{\"cloud\":\"alibaba\",\"region\":\"us-*\"}}"},
    };
    CHECK_CASES(rows);
}

static void a_keep_rule_in_the_senders_hand_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_AWS, "keep 'x' (name 'prod-*')",
            "warning 1: keep \"x\" rests on what the sender chooses, so any stranger can be kept; "
            "write & sender { ... } beside it"),
        ROW(NOWHERE, "keep 'x' (name_regex '^prod-')",
            "warning 1: keep \"x\" rests on what the sender"),
        ROW(AT_AWS, "keep 'x' (resource_type 'ec2:*')",
            "warning 1: keep \"x\" rests on what the sender"),
        ROW(NOWHERE, "keep 'x' (~name 'promo*')", "warning 1: keep \"x\" rests on what the sender"),
        ROW(NOWHERE, "keep 'x' (sender " A " | name 'prod-*')",
            "warning 1: keep \"x\" rests on what the sender"),
        ROW(NOWHERE, "keep 'x' (name 'prod-*' & ~sender " A ")",
            "warning 1: keep \"x\" rests on what the sender"),
        ROW(AT_AWS, "keep 'x' (name 'prod-*' & younger '6h' & region 'us-*')",
            "warning 1: keep \"x\" rests on what the sender"),
        ROW(NOWHERE, "keep 'x' (name 'prod')",
            "warning 1: keep \"x\" is about this whole name alone",
            "warning 1: keep \"x\" rests on what the sender"),
    };
    CHECK_CASES(rows);
}

static void a_reject_rule_behind_a_keep_rule_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(NOWHERE, "keep 'x' (sender {" A ", " B "})\nreject 'y' (sender " A ")",
            "warning 2: reject \"y\" never rejects: keep \"x\" ("),
        ROW(NOWHERE, "reject 'y' (sender " A " & older '6h')\nkeep 'x' (sender " A ")",
            "warning 1: reject \"y\" never rejects: keep \"x\" ("),
        ROW(NOWHERE, "keep 'x' (older '6h')\nreject 'y' { older '7h', mode = 'observe' }",
            "warning 2: reject \"y\" never rejects: keep \"x\" ("),
        ROW(NOWHERE, "keep 'x' (~sender " A ")\nreject 'y' (sender {" B ", " C "})",
            "warning 2: reject \"y\" never rejects: keep \"x\" ("),
        ROW(NOWHERE,
            "keep 'x' (sender " A " | share 'rs-*')\nreject 'y' (share 'rs-1*' & name '*promo*')",
            "warning 2: reject \"y\" never rejects: keep \"x\" ("),
        ROW(NOWHERE, "keep 'x' (sender (list 'ids.txt'))\nreject 'y' (sender (list 'ids.txt'))",
            "warning 2: reject \"y\" never rejects: keep \"x\" ("),
        ROW(NOWHERE, "keep 'x' { sender " A ", ends = '2026-01-01' }\nreject 'y' (sender " A ")",
            "warning 1: keep \"x\" ended with 2026-01-01"),
        ROW(NOWHERE, "keep 'x' (always)\nreject 'y' (sender " A ")",
            "error 1: keep \"x\" keeps everything"),
    };
    CHECK_CASES(rows);
}

static void the_keep_rule_may_be_another_policys(void)
{
    static const struct {
        const char *keep, *reject, *only; /* only: of the policy that keeps */
        const char *says;
    } rows[] = {
        {"keep 'x' (sender " A ")", "reject 'y' (sender " A " & name '*promo*')", NULL,
         "warning 1: reject \"y\" never rejects: keep \"x\" ("},
        {"keep 'x' (sender " A ")", "reject 'y' (sender " A " & name '*promo*')",
         "{\"only\":{\"region\":\"us-*\"}}", NULL},
        {"keep 'x' (function(inv) return inv.name == 'a' end)",
         "reject 'y' (function(inv) return inv.name == 'b' end)", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lint_case row = ROW(NOWHERE, rows[i].reject, rows[i].says);
        struct complaints heard = {&row, 0};
        struct script_case c;
        char path[160];
        case_init(&c);
        CHECK_INT(row.text, case_load_with(&c, rows[i].keep, rows[i].only, NULL), SPURN_OK);
        case_write(&c, "ids.txt", rows[i].reject);
        snprintf(path, sizeof path, "%s/ids.txt", c.folder);
        CHECK_INT(row.text, script_load_policy(c.script, path, TEXT_ABSENT, NULL, &c.err),
                  SPURN_OK);
        CHECK_INT(
            row.text,
            script_lint(c.script, NULL, 0, CASE_NOW_MS, cloud_has_region, hear, &heard, &c.err),
            SPURN_OK);
        CHECK_INT(row.text, (int64_t)heard.count, (int64_t)count_wanted(&row));
        case_clear(&c);
    }
}

static void a_rule_that_ends_is_told(void)
{
    static const struct {
        int days; /* from now to its last day */
        const char *says;
    } rows[] = {
        {-1, "warning 1: reject \"x\" ended with "},
        {0, "warning 1: reject \"x\" ends soon, with "},
        {13, "warning 1: reject \"x\" ends soon, with "},
        {14, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[80], day[25];
        clock_format_iso(CASE_NOW_MS + rows[i].days * DAY_MS, day);
        snprintf(text, sizeof text, "reject 'x' { always, ends = '%.10s' }", day);
        const struct lint_case row = ROW(NOWHERE, text, rows[i].says);
        check_cases(&row, 1);
    }
}

static void a_name_without_wildcard_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(NOWHERE, "reject 'x' (name 'promo')",
            "warning 1: reject \"x\" is about this whole name alone; write * where any run of "
            "characters may stand"),
        ROW(NOWHERE, "reject 'x' (name { 'promo', 'free' })", NULL),
        ROW(NOWHERE, "reject 'x' (name 'promo' & older '1h')", NULL),
        ROW(NOWHERE, "reject 'x' (~name 'prod')",
            "warning 1: reject \"x\" leaves out the whole name \"prod\" alone; write * where any "
            "run of characters may stand"),
        ROW(NOWHERE, "reject 'x' { older '1h', unless = name 'prod' }",
            "warning 1: reject \"x\" leaves out the whole name \"prod\""),
        ROW(NOWHERE, "reject 'x' (~name { 'prod', 'ours' })", NULL),
        ROW(NOWHERE, "reject 'x' (name 'test*' & ~name 'test-prod')", NULL),
        ROW(NOWHERE, "reject 'x' { name_regex '^t', unless = name 'test-prod' }", NULL),
    };
    CHECK_CASES(rows);
}

static void a_keep_rule_of_every_target_is_told(void)
{
    static const struct lint_case rows[] = {
        ROW(AT_AWS, "keep 'ours' (account " A ")",
            "warning 1: keep \"ours\" keeps everything of every target, so nothing is rejected; to "
            "keep what an account sent write sender"),
        ROW(AT_AWS, "keep 'x' (cloud 'aws')",
            "warning 1: keep \"x\" keeps everything of every target"),
    };
    CHECK_CASES(rows);
}

/* ---- bounds ---- */

/* Eight pigeons never fit into seven holes, but to find that out takes too long: then nothing is said. */
static void a_condition_that_is_too_hard_ends_in_silence(void)
{
    static const char text[] =
        "local sits, all_of = {}, {}\n"
        "for pigeon = 1, 8 do\n"
        "    sits[pigeon] = {}\n"
        "    for hole = 1, 7 do\n"
        "        sits[pigeon][hole] = name_regex('p' .. pigeon .. hole)\n"
        "    end\n"
        "    all_of[pigeon] = any(sits[pigeon])\n"
        "end\n"
        "for hole = 1, 7 do\n"
        "    for a = 1, 7 do\n"
        "        for b = a + 1, 8 do\n"
        "            all_of[#all_of + 1] = any { ~sits[a][hole], ~sits[b][hole] }\n"
        "        end\n"
        "    end\n"
        "end\n"
        "reject 'x' (all(all_of))\n"
        "keep 'y' (all(all_of))\n";
    static const struct lint_case row = ROW(AT_BOTH, text, NULL);
    check_cases(&row, 1);
}

/* Past a depth nothing is found out either, so that the stack stays small. */
static void a_condition_of_very_many_parts_ends_in_silence(void)
{
    static const char text[] = "local all_of = {}\n"
                               "for i = 1, %d do all_of[i] = name('*' .. i .. '*') end\n"
                               "reject 'x' (all(all_of) & ~name '*7*')\n";
    static const struct {
        int parts;
        const char *says;
    } rows[] = {{100, "error 3: reject \"x\" can never be true"}, {1000, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char policy[sizeof text + 8];
        snprintf(policy, sizeof policy, text, rows[i].parts);
        const struct lint_case row = ROW(AT_BOTH, policy, rows[i].says);
        check_cases(&row, 1);
    }
}

/* ---- rules of all kinds, against invitations of all kinds ---- */

enum { RULES = 600, INVITATIONS = 1500, DEPTH = 3, POLICY_LEN = 512 * 1024 };

struct dice {
    uint64_t state;
};

static unsigned roll(struct dice *d, unsigned sides)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(d->state >> 33) % sides;
}

static void add_condition(struct buf *out, struct dice *d, int depth)
{
    static const char *const leaves[] = {
        "always",
        "sender " A,
        "sender {" A ", " B "}",
        "sender {" B ", " C "}",
        "sender {" B ", '1234567890123456'}",
        "name 'a*'",
        "name '*b'",
        "name {'ab', 'B'}",
        "name '?b'",
        "name '*'",
        "name_regex 'b'",
        "name_regex '^a'",
        "older '6h'",
        "older '7h'",
        "older '7d'",
        "younger '6h'",
        "younger '8d'",
        "cloud 'aws'",
        "region 'us-*'",
        "account " A,
        "receiver_arn '*role/a*'",
        "resource_type 'ec2:*'",
        "resource_type {'ec2:Subnet', 'ram:*'}",
        "only_resource_type 'ec2:*'",
        "created_at { days = 'fri sat' }",
        "created_at { hours = '00:00-04:00' }",
        "rejected_before { times = 2, within = '7d' }",
    };
    unsigned kind = depth == 0 ? 0 : roll(d, 5);
    if (kind < 2) {
        buf_add_str(out, leaves[roll(d, sizeof leaves / sizeof leaves[0])]);
        return;
    }
    buf_add_str(out, kind == 4 ? "~(" : "(");
    add_condition(out, d, depth - 1);
    if (kind < 4) {
        buf_add_str(out, kind == 2 ? " & " : " | ");
        add_condition(out, d, depth - 1);
    }
    buf_add_str(out, ")");
}

static struct spurn_text pick(struct dice *d, const char *const *texts)
{
    unsigned count = 0;
    while (texts[count] != NULL)
        count++;
    unsigned chosen = roll(d, count + 1); /* or none */
    return chosen == count ? TEXT_ABSENT : text_of(texts[chosen]);
}

static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    (void)event;
    (void)cloud;
    (void)sender;
    (void)since_ms;
    (void)enough;
    (void)err;
    *count = *(const int64_t *)context;
    return SPURN_OK;
}

static void decide_on_some(struct script_case *c, struct dice *d, const struct script_place *place)
{
    static const char *const senders[] = {"111122223333", "444455556666", "777788889999",
                                          "999999999999", NULL};
    static const char *const long_senders[] = {"1234567890123456", "9999999999999999", NULL};
    static const char *const names[] = {"a", "b", "AB", "xb", "aab", "", NULL};
    static const char *const arns[] = {"arn:aws:iam::111122223333:role/a", "role", NULL};
    static const int64_t ages_s[] = {0, 3600, 6 * 3600, 7 * 3600 - 1, 30 * 3600, 7 * 24 * 3600 - 1};
    static const struct script_resource resources[] = {{{"1", 1}, {"ec2:Subnet", 10}},
                                                       {{"2", 1}, {"ram:Share", 9}},
                                                       {{"3", 1}, {"ec2:Vpc", 7}},
                                                       {{"4", 1}, {"glue:Table", 10}}};
    int64_t count = roll(d, 4);
    const struct script_past past = {count_past, &count, 0};
    c->origin = (struct origin){place->cloud, place->account, place->region};
    c->inv.receiver = place->account;
    c->inv.sender = pick(d, text_is(place->cloud, "aws") ? senders : long_senders);
    c->inv.name = pick(d, names);
    c->inv.receiver_arn = place->lists_resources ? pick(d, arns) : TEXT_ABSENT;
    c->inv.has_created = roll(d, 6) > 0;
    c->inv.created_ms = CASE_NOW_MS - 1000 * ages_s[roll(d, 6)];
    c->facts = (struct script_facts){.has_age = roll(d, 6) > 0,
                                     .past = &past,
                                     .resources_state = RESOURCES_UNKNOWN,
                                     .resources = resources + roll(d, 3),
                                     .resource_count = roll(d, 3)};
    if (place->lists_resources && roll(d, 4) > 0)
        c->facts.resources_state = RESOURCES_LISTED;
    CHECK_INT("", script_decide(c->script, &c->inv, &c->origin, &c->facts, &c->decision, &c->err),
              SPURN_OK);
}

static void note_error(void *context, const struct script_complaint *complaint)
{
    if (complaint->is_error)
        ((bool *)context)[complaint->line] = true;
}

/* What was called an error was one: the rule held of nothing, or of everything that it was not in doubt about. */
static int count_errors(struct script_case *c, const struct script_place *place, struct dice *d)
{
    bool is_error[RULES + 1] = {0};
    struct script_rule rule;
    int errors = 0;
    CHECK_INT("",
              script_lint(c->script, place, 1, CASE_NOW_MS, cloud_has_region, note_error, is_error,
                          &c->err),
              SPURN_OK);
    for (int i = 0; i < INVITATIONS; i++)
        decide_on_some(c, d, place);
    for (size_t i = 0; script_rule_at(c->script, i, &rule); i++) {
        bool is_empty = rule.count.held == 0;
        bool is_full = rule.count.held + rule.count.undecided == rule.count.asked;
        CHECK_INT("", rule.count.asked, INVITATIONS);
        if (!is_error[rule.line])
            continue;
        errors++;
        if (!CHECK("", is_empty || (rule.keeps && is_full)))
            printf("     %.*s\n", TEXT_ARG(rule.condition));
    }
    return errors;
}

static void what_is_called_impossible_never_happens(void)
{
    static const struct script_place *const places[] = {aws, alibaba};
    struct dice d = {1};
    struct buf policy;
    buf_init(&policy, POLICY_LEN);
    for (size_t round = 0; round < 4; round++) {
        struct script_case c;
        case_init(&c);
        buf_reset(&policy);
        for (int i = 0; i < RULES; i++) {
            buf_addf(&policy, "%s 'r%d' (", roll(&d, 2) ? "keep" : "reject", i);
            add_condition(&policy, &d, DEPTH);
            buf_add_str(&policy, ")\n");
        }
        CHECK_INT("", case_load(&c, buf_str(&policy)), SPURN_OK);
        CHECK_STR("", c.err.text, "");
        if (c.script != NULL)
            CHECK("some were found", count_errors(&c, places[round % 2], &d) > RULES / 20);
        case_clear(&c);
    }
    buf_clear(&policy);
}

static const struct unit_test tests[] = {
    {"what_makes_sense_is_left_in_peace", what_makes_sense_is_left_in_peace},
    {"a_rule_that_can_never_be_true_is_refused", a_rule_that_can_never_be_true_is_refused},
    {"an_id_of_another_cloud_is_refused", an_id_of_another_cloud_is_refused},
    {"a_rule_that_a_cloud_leaves_open_is_told", a_rule_that_a_cloud_leaves_open_is_told},
    {"a_type_that_is_not_known_is_told_where_it_protects",
     a_type_that_is_not_known_is_told_where_it_protects},
    {"a_keep_rule_that_can_never_be_false_is_refused",
     a_keep_rule_that_can_never_be_false_is_refused},
    {"an_age_never_reached_is_told", an_age_never_reached_is_told},
    {"a_place_that_is_no_targets_is_told", a_place_that_is_no_targets_is_told},
    {"a_keep_rule_in_the_senders_hand_is_told", a_keep_rule_in_the_senders_hand_is_told},
    {"a_reject_rule_behind_a_keep_rule_is_told", a_reject_rule_behind_a_keep_rule_is_told},
    {"the_keep_rule_may_be_another_policys", the_keep_rule_may_be_another_policys},
    {"a_rule_that_ends_is_told", a_rule_that_ends_is_told},
    {"a_name_without_wildcard_is_told", a_name_without_wildcard_is_told},
    {"a_keep_rule_of_every_target_is_told", a_keep_rule_of_every_target_is_told},
    {"a_condition_that_is_too_hard_ends_in_silence", a_condition_that_is_too_hard_ends_in_silence},
    {"a_condition_of_very_many_parts_ends_in_silence",
     a_condition_of_very_many_parts_ends_in_silence},
    {"what_is_called_impossible_never_happens", what_is_called_impossible_never_happens},
};

UNIT_MAIN(tests)

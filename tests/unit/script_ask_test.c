/* script_ask_test.c - what policies ask besides facts: resources, fetched only when the verdict hangs on them, and a sender's past. */
#include "script_case.h"

static const struct script_resource SUBNET = {{"arn:subnet", 10}, {"ec2:Subnet", 10}};

static void list(struct script_case *c, const struct script_resource *resources, size_t count)
{
    c->facts.resources_state = RESOURCES_LISTED;
    c->facts.resources = resources;
    c->facts.resource_count = count;
}

static struct script_rule_count count_of(const struct script_case *c, size_t index)
{
    struct script_rule rule;
    CHECK("there is such a rule", script_rule_at(c->script, index, &rule));
    return rule.count;
}

/* ---- resources ---- */

#define TRUE_    "always"
#define FALSE_   "~always"
#define UNKNOWN_ "receiver_arn \"*\""
#define SUBNET_  "resource_type \"ec2:Subnet\""
#define CALLS_                                                                                     \
    "function(inv) local r = inv:resources() return r[1] ~= nil and r[1].type == \"ec2:Subnet\" "  \
    "end"
#define FAULT_    "function(inv) return inv.name ~= \"go\" or error \"broken\" end"
#define OBSERVED_ "{ " SUBNET_ ", mode = \"observe\" }"

static void resources_are_asked_for_only_when_the_verdict_hangs_on_them(void)
{
    static const struct {
        const char *rules;
        const char *verdict; /* "needs": first they are needed, and then it is */
        const char *listed, *unknown;
    } rows[] = {
        {"reject \"r\" (" SUBNET_ ")", "needs", "reject", "undecided"},
        {"reject \"r\" (" CALLS_ ")", "needs", "reject", "undecided"},
        {"reject \"r\" (~" SUBNET_ ")", "needs", "none", "undecided"},
        {"reject \"r\" (only_resource_type \"ec2:*\")", "needs", "reject", "undecided"},
        {"reject \"r\" (resource_type \"ssm:*\")", "needs", "none", "undecided"},
        {"reject \"r\" (" SUBNET_ " & " CALLS_ ")", "needs", "reject", "undecided"},
        {"reject \"r\" (" SUBNET_ " & ~" CALLS_ ")", "needs", "none", "undecided"},
        {"reject \"r\" (" SUBNET_ " & " UNKNOWN_ ")", "needs", "undecided", "undecided"},
        {"reject \"r\" (resource_type \"ssm:*\" & " UNKNOWN_ ")", "needs", "none", "undecided"},
        {"reject \"r\" (" SUBNET_ " & " FALSE_ ")", "none", "none", "none"},
        {"reject \"r\" (" CALLS_ " & " FALSE_ ")", "none", "none", "none"},
        {"reject \"r\" (" SUBNET_ " | " TRUE_ ")", "reject", "reject", "reject"},
        {"reject \"r\" (" SUBNET_ " | " UNKNOWN_ ")", "needs", "reject", "undecided"},
        {"keep \"k\" (" TRUE_ ") reject \"r\" (" SUBNET_ ")", "keep", "keep", "keep"},
        {"keep \"k\" (" UNKNOWN_ ") reject \"r\" (" SUBNET_ ")", "none", "undecided", "undecided"},
        {"keep \"k\" (" FAULT_ ") reject \"r\" (" SUBNET_ ")", "none", "undecided", "undecided"},
        {"keep \"k\" (" FALSE_ ") reject \"r\" (" SUBNET_ ")", "needs", "reject", "undecided"},
        {"keep \"k\" (" SUBNET_ ") reject \"r\" (" TRUE_ ")", "needs", "keep", "undecided"},
        {"keep \"k\" (" CALLS_ ") reject \"r\" (" TRUE_ ")", "needs", "keep", "undecided"},
        {"keep \"k\" (" SUBNET_ ") reject \"r\" (" FALSE_ ")", "none", "keep", "none"},
        {"keep \"k\" (" SUBNET_ ") reject \"r\" (" UNKNOWN_ ")", "undecided", "keep", "undecided"},
        {"keep \"k\" (" SUBNET_ ") reject \"r\" (" SUBNET_ ")", "needs", "keep", "undecided"},
        {"keep \"k\" (" SUBNET_ ")", "none", "keep", "none"},
        {"reject \"s\" (" SUBNET_ ") reject \"r\" (" TRUE_ ")", "reject", "reject", "reject"},
        /* That others ask for resources is nothing to a rule that faults. */
        {"reject \"r\" (" FAULT_ " | " SUBNET_ ")", "undecided", "undecided", "undecided"},
        {"reject \"r\" (" FAULT_ " | " SUBNET_ ") reject \"s\" (resource_type \"ssm:*\")", "needs",
         "undecided", "undecided"},
        {"keep \"k\" (" FAULT_ " & ~" SUBNET_ ") reject \"r\" (" TRUE_ ")", "undecided",
         "undecided", "undecided"},
        {"reject \"o\" " OBSERVED_, "needs", "none", "none"},
        {"reject \"o\" " OBSERVED_ " reject \"r\" (" TRUE_ ")", "needs", "reject", "reject"},
        {"reject \"o\" " OBSERVED_ " keep \"k\" (" TRUE_ ")", "keep", "keep", "keep"},
        {"reject \"o\" " OBSERVED_ " keep \"k\" (" UNKNOWN_ ")", "none", "none", "none"},
    };
    struct script_case c;
    case_init(&c);
    c.inv.name = text_of("go");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool needs = strcmp(rows[i].verdict, "needs") == 0;
        case_load(&c, rows[i].rules);
        c.facts.resources_state = RESOURCES_NOT_ASKED;
        const char *verdict = case_verdict(&c);
        bool waits = needs && !c.decision.is_settled;
        CHECK_STR(rows[i].rules, verdict,
                  waits   ? "none"
                  : needs ? rows[i].unknown
                          : rows[i].verdict);
        CHECK_INT(rows[i].rules, c.decision.needs_resources, needs);
        CHECK_INT("only what observes waits", c.decision.is_settled,
                  needs && strncmp(rows[i].rules, "reject \"o\"", 10) == 0);
        CHECK("no verdict, nothing said",
              !waits || (c.decision.rule.at == NULL && c.decision.matches.at == NULL));
        c.facts.resources_state = RESOURCES_UNKNOWN;
        CHECK_STR(rows[i].rules, case_verdict(&c), rows[i].unknown);
        CHECK("final", !c.decision.needs_resources);
        list(&c, &SUBNET, 1);
        CHECK_STR(rows[i].rules, case_verdict(&c), rows[i].listed);
        CHECK("final", !c.decision.needs_resources);
    }
    case_clear(&c);
}

static void what_waits_for_resources_leaves_no_trace(void)
{
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    case_load(&c, "reject \"f\" (" FAULT_ ")\nreject \"r\" (" CALLS_ ")\nreject \"t\" { always, "
                  "mode = \"observe\" }");
    c.inv.name = text_of("go");
    for (int i = 0; i < 5; i++) {
        case_verdict(&c);
        CHECK("waits", c.decision.needs_resources && !c.decision.faulted);
        CHECK("no fault", !script_fault_at(c.script, 0, &fault));
        for (size_t k = 0; k < 3; k++)
            CHECK_INT("not counted", count_of(&c, k).asked, 0);
    }
    list(&c, &SUBNET, 1);
    CHECK_STR("decides", case_verdict(&c), "reject");
    CHECK("faulted", c.decision.faulted && script_fault_at(c.script, 0, &fault));
    CHECK_INT("once", fault.count, 1);
    for (size_t k = 0; k < 3; k++)
        CHECK_INT("asked once", count_of(&c, k).asked, 1);
    CHECK_INT("undecided", count_of(&c, 0).undecided, 1);
    CHECK_INT("its fault", count_of(&c, 0).faults, 1);
    CHECK_INT("true", count_of(&c, 1).held, 1);
    CHECK_INT("the one it names", count_of(&c, 1).decided, 1);
    CHECK("timed", count_of(&c, 1).timed > 0 && count_of(&c, 1).time_ns > 0);
    CHECK_INT("observing", count_of(&c, 2).held, 1);
    CHECK_INT("decides nothing", count_of(&c, 2).decided, 0);
    CHECK_INT("no function", count_of(&c, 2).timed, 0);
    CHECK_INT("again", script_begin_sweep(c.script, CASE_NOW_MS, &c.err), SPURN_OK);
    CHECK_INT("forgotten", count_of(&c, 1).asked, 0);
    case_clear(&c);
}

static void a_rule_that_waits_does_not_run_out(void)
{
    struct script_case c;
    struct script_limits limits = {.steps = 10000};
    struct script_fault fault;
    case_init(&c);
    case_load_with(&c,
                   "reject \"x\" (function(inv) if inv.name == \"go\" and inv:has \"resources\" "
                   "then while true do end end return false end)",
                   NULL, &limits);
    c.inv.name = text_of("go");
    for (int i = 0; i < 3; i++) {
        c.facts.resources_state = RESOURCES_NOT_ASKED;
        case_verdict(&c);
        CHECK("put aside", c.decision.needs_resources);
        list(&c, &SUBNET, 1);
        CHECK_STR("runs out", case_verdict(&c), "undecided");
    }
    CHECK("told", script_fault_at(c.script, 0, &fault));
    CHECK_INT("each time", fault.count, 3);
    c.facts.resources_state = RESOURCES_NOT_ASKED;
    CHECK_STR("not asked any more", case_verdict(&c), "undecided");
    CHECK("so nothing is fetched for it", !c.decision.needs_resources);
    case_clear(&c);
}

static void a_function_sees_resources(void)
{
    static const struct script_resource three[] = {{{"arn:1", 5}, {"ec2:Subnet", 10}},
                                                   {{"arn:2", 5}, {"ssm:Parameter", 13}},
                                                   {{NULL, 0}, {NULL, 0}}};
    static const struct {
        const char *body, *verdict;
    } rows[] = {
        {"return #inv:resources() == 3", "reject"},
        {"local r = inv:resources() return r[1].arn == 'arn:1' and r[2].type == 'ssm:Parameter'",
         "reject"},
        {"local r = inv:resources() r[1].type = 'x' r[4] = 1 local s = inv:resources() return "
         "s[1].type == 'ec2:Subnet' and #s == 3",
         "reject"},
        {"return inv:has 'resources'", "reject"},
        {"for _, r in ipairs(inv:resources()) do if r.type == 'x' then return false end end "
         "return true",
         "undecided"},
        {"local n = 0 for _, r in ipairs(inv:resources()) do for k in pairs(r) do n = n + #k end "
         "end return n == 14",
         "reject"},
        {"local t = inv:copy() for k in pairs(t) do if k == 'resources' then return false end end "
         "return t.name == 'go'",
         "reject"},
    };
    struct script_case c;
    case_init(&c);
    c.inv.name = text_of("go");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "reject \"x\" (function(inv) if inv.name ~= 'go' then return false end %s end)",
                 rows[i].body);
        CHECK_INT(rows[i].body, case_load(&c, text), SPURN_OK);
        list(&c, three, 3);
        CHECK_STR(rows[i].body, case_verdict(&c), rows[i].verdict);
        CHECK(rows[i].body, !c.decision.faulted);
    }
    case_load(&c, "reject \"x\" (function(inv) return inv.name == 'go' and #inv:resources() == 0 "
                  "end)");
    list(&c, NULL, 0);
    CHECK_STR("an empty list is a list", case_verdict(&c), "reject");
    c.facts.resources_state = RESOURCES_UNKNOWN;
    CHECK_STR("not known", case_verdict(&c), "undecided");
    CHECK("no fault", !c.decision.faulted);
    CHECK_TEXT("why", c.decision.reason, text_of("cannot be decided: resources are not known"));
    case_load(&c, "reject \"x\" (resource_type \"ec2:*\")");
    case_verdict(&c);
    CHECK_TEXT("as a condition", c.decision.reason,
               text_of("cannot be decided: resources are not known"));
    case_load(&c, "reject \"x\" (function(inv) return not inv:has 'resources' end)");
    CHECK_STR("has", case_verdict(&c), "reject");
    c.facts.resources_state = RESOURCES_NOT_ASKED;
    case_verdict(&c);
    CHECK("has waits too", c.decision.needs_resources);
    case_clear(&c);
}

static void a_misspelt_resource_is_refused(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (function(inv) return inv:resources()[1].kind == 'a' end)",
         "p.lua:1: a resource has no \"kind\"; it has arn and type"},
        {"reject \"x\" (function(inv) return inv:resource()[1] ~= nil end)",
         "p.lua:1: an invitation has no field \"resource\"; did you mean \"resources\"?"},
        {"reject \"x\" (function(inv) return #inv.resources() > 0 end)",
         "p.lua:1: write inv:resources(), with a colon"},
        {"reject \"x\" (function(inv) return inv:resources() end)",
         "p.lua:1: the function answers a table; it must return true or false"},
    };
    CHECK_REFUSALS(rows);
}

/* ---- the past ---- */

enum { EVENTS_MAX = 4 };
static const int64_t DAY_MS = 24 * 3600 * 1000;

/* When things happened to the sender, and what was asked of them. */
struct remembered {
    int64_t at_ms[2][EVENTS_MAX]; /* by event; 0: none */
    int64_t asked, enough;
    bool fails;
};

static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    struct remembered *r = context;
    *count = 0;
    r->asked++;
    r->enough = enough;
    if (r->fails)
        return spurn_fail(err, SPURN_E_JOURNAL, "the journal is gone");
    CHECK_TEXT("cloud", cloud, text_of("aws"));
    CHECK_TEXT("sender", sender, text_of("999999999999"));
    for (int i = 0; i < EVENTS_MAX && *count < enough; i++)
        *count += r->at_ms[event][i] != 0 && r->at_ms[event][i] >= since_ms;
    return SPURN_OK;
}

static void a_senders_past_is_counted(void)
{
    static const struct {
        const char *condition;
        int began_days;
        const char *verdict;
    } rows[] = {
        {"seen_before { within = \"30d\" }", 90, "reject"},
        {"seen_before { times = 2, within = \"30d\" }", 90, "reject"},
        {"seen_before { times = 3, within = \"30d\" }", 90, "none"},
        {"~seen_before { times = 3, within = \"30d\" }", 90, "reject"},
        {"seen_before { times = 2, within = \"3d\" }", 90, "none"},
        {"rejected_before { within = \"30d\" }", 90, "reject"},
        {"rejected_before { within = \"1d\" }", 90, "none"},
        {"rejected_before { times = 2, within = \"30d\" }", 90, "none"},
        {"rejected_before { times = 2, within = \"30d\" }", 20, "undecided"},
        {"~rejected_before { times = 2, within = \"30d\" }", 20, "undecided"},
        {"rejected_before { within = \"30d\" }", 20, "reject"},
        {"rejected_before { times = 2, within = \"30d\" } & ~always", 20, "none"},
        {"rejected_before { within = \"30d\" } & function(inv) return inv.age > 0 end", 90,
         "reject"},
    };
    struct remembered r = {.at_ms = {{CASE_NOW_MS - 2 * DAY_MS, CASE_NOW_MS - 9 * DAY_MS},
                                     {CASE_NOW_MS - 4 * DAY_MS}}};
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        const struct script_past past = {count_past, &r, CASE_NOW_MS - rows[i].began_days * DAY_MS};
        snprintf(text, sizeof text, "reject \"x\" (%s)", rows[i].condition);
        CHECK_INT(rows[i].condition, case_load(&c, text), SPURN_OK);
        c.facts.past = &past;
        CHECK_STR(rows[i].condition, case_verdict(&c), rows[i].verdict);
        c.facts.past = NULL;
    }
    const struct script_past young = {count_past, &r, CASE_NOW_MS - DAY_MS};
    case_load(&c, "reject \"x\" (seen_before { times = 3, within = \"30d\" })");
    c.facts.past = &young;
    CHECK_STR("a young journal", case_verdict(&c), "undecided");
    CHECK_TEXT("since when", c.decision.reason,
               text_of("cannot be decided: the sender's past is known from 2026-11-21T03:00:00Z on "
                       "only"));
    c.facts.past = NULL;
    CHECK_STR("nothing is remembered", case_verdict(&c), "undecided");
    CHECK_TEXT(
        "why", c.decision.reason,
        text_of("cannot be decided: the sender's past is not known: nothing is remembered yet"));
    case_clear(&c);
}

static void the_past_is_asked_once_and_only_when_it_matters(void)
{
    struct remembered r = {.at_ms = {{0}, {CASE_NOW_MS - DAY_MS}}};
    const struct script_past past = {count_past, &r, 0};
    struct script_case c;
    case_init(&c);
    case_load(&c, "local again = rejected_before { times = 7, within = \"30d\" }\n"
                  "reject \"a\" (again)\nreject \"b\" (again & name \"shared-*\")\n"
                  "keep \"c\" (~again & name \"other\")\nreject \"d\" (older \"1h\" | again)");
    c.facts.past = &past;
    CHECK_STR("", case_verdict(&c), "reject");
    CHECK_TEXT("by age", c.decision.rule, text_of("d"));
    CHECK_INT("once", r.asked, 1);
    CHECK_INT("as many as are enough", r.enough, 7);
    r.fails = true;
    CHECK_STR("the host's failure", case_verdict(&c), "the journal is gone");
    CHECK_INT("is no verdict", c.decision.verdict, VERDICT_NONE);
    CHECK_INT("and no fault", count_of(&c, 0).faults, 0);
    CHECK_INT("nor asked", count_of(&c, 0).asked, 1);
    case_clear(&c);
}

/* ---- other words ---- */

static void names_and_hours_hold_as_written(void)
{
    static const struct {
        const char *condition, *verdict;
    } rows[] = {
        {"name_regex \"^shared-\"", "reject"},
        {"name_regex \"subnet\"", "reject"},
        {"name_regex \"SUBNET\"", "none"},
        {"name_regex \"(?i)SUBNET\"", "reject"},
        {"name_regex \"colou?r\"", "none"},
        {"~name_regex \"subnets$\"", "none"},
        {"name_regex [[\\bsub]] & name_regex \"[a-z]{7}\"", "reject"},
        {"created_at { hours = \"01:00-03:00\" }", "reject"},
        {"created_at { hours = \"22:00-01:00\" }", "none"},
        {"created_at { hours = \"22:00-06:00\" }", "reject"},
        {"created_at { days = \"sun\" }", "reject"},
        {"created_at { days = \"mon-sat\" }", "none"},
        {"created_at { hours = \"10:00-11:00\", zone = \"+08:00\" }", "reject"},
        {"created_at { days = \"sat\", zone = \"-03:00\" }", "reject"},
        {"created_at { hours = \"01:00-03:00\", days = \"sat\" }", "none"},
    };
    struct script_case c;
    case_init(&c); /* sent on Sunday 2026-11-22 at 02:00 */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "reject \"x\" (%s)", rows[i].condition);
        CHECK_INT(rows[i].condition, case_load(&c, text), SPURN_OK);
        CHECK_STR(rows[i].condition, case_verdict(&c), rows[i].verdict);
    }
    case_clear(&c);
}

static void a_regular_expression_at_its_limit_is_a_fault(void)
{
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    case_load(&c, "keep \"k\"\n(name_regex \"^(a+)+$\")\nreject \"r\" (always)");
    CHECK_STR("harmless", case_verdict(&c), "reject");
    c.inv.name = text_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    CHECK_STR("at its limit", case_verdict(&c), "undecided");
    CHECK("faulted", c.decision.faulted && script_fault_at(c.script, 0, &fault));
    CHECK_TEXT("whose", fault.rule, text_of("k"));
    CHECK_INT("where", fault.line, 2);
    CHECK("with file and line", strncmp(fault.cause.at, c.policy, strlen(c.policy)) == 0 &&
                                    strstr(fault.cause.at, "p.lua:2: ") != NULL);
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"resources_are_asked_for_only_when_the_verdict_hangs_on_them",
     resources_are_asked_for_only_when_the_verdict_hangs_on_them},
    {"what_waits_for_resources_leaves_no_trace", what_waits_for_resources_leaves_no_trace},
    {"a_rule_that_waits_does_not_run_out", a_rule_that_waits_does_not_run_out},
    {"a_function_sees_resources", a_function_sees_resources},
    {"a_misspelt_resource_is_refused", a_misspelt_resource_is_refused},
    {"a_senders_past_is_counted", a_senders_past_is_counted},
    {"the_past_is_asked_once_and_only_when_it_matters",
     the_past_is_asked_once_and_only_when_it_matters},
    {"names_and_hours_hold_as_written", names_and_hours_hold_as_written},
    {"a_regular_expression_at_its_limit_is_a_fault", a_regular_expression_at_its_limit_is_a_fault},
};

UNIT_MAIN(tests)

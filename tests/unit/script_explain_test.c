/* script_explain_test.c - why: every policy, rule and condition with its answer, and what it looked at. */
#include "script_case.h"

enum { SAID_MAX = 8192 };

/* One line a part: "  rule 2 keep k: true", "    name "a*": false, name = "b"". */
static void note(void *context, const struct script_explained *part)
{
    struct buf *said = context;
    if (part->part == PART_POLICY)
        buf_addf(said, "policy %.*s", TEXT_ARG(part->text));
    else if (part->part == PART_RULE)
        buf_addf(said, "  %d %s%s %.*s", part->line, part->observes ? "watch-" : "",
                 part->keeps ? "keep" : "reject", TEXT_ARG(part->text));
    else
        buf_addf(said, "%*s%.*s", 4 + 2 * part->depth, "", TEXT_ARG(part->text));
    buf_addf(said, ": %s", part->value);
    if (part->looked_at.at != NULL)
        buf_addf(said, ", %.*s", TEXT_ARG(part->looked_at));
    if (part->cause.at != NULL)
        buf_addf(said, " (%.*s)", TEXT_ARG(part->cause));
    buf_add_char(said, '\n');
}

static enum spurn_status explain(struct script_case *c, struct buf *said)
{
    buf_reset(said);
    return script_explain(c->script, &c->inv, &c->origin, &c->facts, note, said, &c->decision,
                          &c->err);
}

static void every_part_is_told_with_its_answer(void)
{
    static const struct {
        const char *policy, *says;
    } rows[] = {
        {"keep \"k\" (sender \"111122223333\")\n"
         "reject \"r\" { name \"shared-*\", unless = cloud \"alibaba\" }",
         "policy p: asked\n"
         "  1 keep k: false\n"
         "    sender \"111122223333\": false, sender = \"999999999999\"\n"
         "  2 reject r: true\n"
         "    all: true\n"
         "      name \"shared-*\": true, name = \"shared-subnets\"\n"
         "      not: true\n"
         "        cloud \"alibaba\": false, cloud = \"aws\"\n"},
        {"reject \"r\" (older \"2h\" & function(inv) return true end)",
         "policy p: asked\n"
         "  1 reject r: false\n"
         "    all: false\n"
         "      older \"2h\": false, age = 1h\n"
         "      function on line 1: not reached\n"},
        {"reject \"r\" { receiver_arn \"*\", mode = \"observe\" }",
         "policy p: asked\n"
         "  1 watch-reject r: unknown (receiver_arn is not known)\n"
         "    receiver_arn \"*\": unknown, receiver_arn = unknown\n"},
        {"keep \"k\" (function(inv) return inv.receiver_arn == \"x\" end)",
         "policy p: asked\n"
         "  1 keep k: unknown (receiver_arn is not known)\n"
         "    function on line 1: unknown, receiver_arn = unknown (receiver_arn is not known)\n"},
        {"keep \"k\" (~function(inv)\nreturn false end)", "policy p: asked\n"
                                                          "  1 keep k: true\n"
                                                          "    not: true\n"
                                                          "      function on line 1: false\n"},
        {"local function at_night(inv)\nreturn inv.created % 86400 < 3600 end\n"
         "local old = function(inv) return inv.age > 60 or inv:has \"receiver_arn\" end\n"
         "keep \"k\" { at_night, unless = old }",
         "policy p: asked\n"
         "  4 keep k: false\n"
         "    all: false\n"
         "      function at_night (line 1): false, created = 2026-11-22T02:00:00Z\n"
         "      not: false\n"
         "        function old (line 3): true, age = 1h\n"},
        {"local has = { arn = function(inv) return inv:has \"receiver_arn\" end }\n"
         "local function made(text)\nreturn function(inv) return inv.name == text end end\n"
         "keep \"k\" (has.arn | made \"a\")",
         "policy p: asked\n"
         "  4 keep k: false\n"
         "    any: false\n"
         "      function arn (line 1): false, receiver_arn = unknown\n"
         "      function on line 3: false, name = \"shared-subnets\"\n"},
        {"reject \"r\" { always, ends = \"2026-11-01\" }", "policy p: asked\n"
                                                           "  1 reject r: ended\n"
                                                           "    always: not reached\n"},
        {"keep \"k\" (always & seen_before { within = \"1d\" })",
         "policy p: asked\n"
         "  1 keep k: unknown (the sender's past is not known: nothing is remembered yet)\n"
         "    all: unknown\n"
         "      always: true\n"
         "      seen_before {times = 1, within = \"1d\"}: unknown, seen before: unknown\n"},
    };
    struct script_case c;
    struct buf said;
    case_init(&c);
    buf_init(&said, SAID_MAX);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].policy, case_load(&c, rows[i].policy), SPURN_OK);
        CHECK_INT(rows[i].policy, explain(&c, &said), SPURN_OK);
        CHECK_STR(rows[i].policy, buf_str(&said), rows[i].says);
    }
    buf_clear(&said);
    case_clear(&c);
}

static void a_policy_that_is_not_asked_says_why(void)
{
    struct script_case c;
    struct buf said;
    case_init(&c);
    buf_init(&said, SAID_MAX);
    case_load_with(&c, "reject \"r\" (always)", "{\"only\":{\"cloud\":\"alibaba\"}}", NULL);
    explain(&c, &said);
    CHECK_STR("elsewhere", buf_str(&said),
              "policy p: not asked (only cloud \"alibaba\")\n"
              "  1 reject r: not reached\n"
              "    always: not reached\n");
    CHECK_INT("no verdict", c.decision.verdict, VERDICT_NONE);
    case_load_with(&c, "reject \"r\" (always)", "{\"only\":{\"account\":\"111122223333\"}}", NULL);
    c.inv.receiver = c.origin.account = TEXT_ABSENT;
    explain(&c, &said);
    CHECK_STR("who knows", buf_str(&said),
              "policy p: unknown (only account \"111122223333\")\n"
              "  1 reject r: unknown (account is not known)\n"
              "    always: true\n");
    CHECK_INT("undecided", c.decision.verdict, VERDICT_UNDECIDED);
    buf_clear(&said);
    case_clear(&c);
}

static void what_faulted_says_so(void)
{
    struct script_case c;
    struct buf said;
    case_init(&c);
    buf_init(&said, SAID_MAX);
    case_load(&c,
              "reject \"r\" (function(inv)\nreturn inv.name ~= \"go\" or error \"broken\" end)");
    c.inv.name = text_of("go");
    CHECK_INT("explains", explain(&c, &said), SPURN_OK);
    const char *first = strstr(buf_str(&said), "  1 reject r: unknown (");
    const char *second = strstr(buf_str(&said), "    function on line 1: unknown, name = \"go\" (");
    CHECK("the rule", first != NULL && strstr(first, "p.lua:2: broken") != NULL);
    CHECK("the function", second != NULL && strstr(second, "p.lua:2: broken") != NULL);
    CHECK("and the decision", c.decision.faulted);
    buf_clear(&said);
    case_clear(&c);
}

static void what_waits_for_resources_says_so(void)
{
    static const struct script_resource subnet = {{"arn:1", 5}, {"ec2:Subnet", 10}};
    struct script_case c;
    struct buf said;
    case_init(&c);
    buf_init(&said, SAID_MAX);
    case_load(&c, "reject \"r\" (cloud \"aws\" & resource_type \"ec2:*\" & function(inv) return "
                  "#inv:resources() == 1 end)");
    explain(&c, &said);
    CHECK("waits", c.decision.needs_resources);
    CHECK_STR("waits", buf_str(&said),
              "policy p: asked\n"
              "  1 reject r: needs resources\n"
              "    all: needs resources\n"
              "      all: needs resources\n"
              "        cloud \"aws\": true, cloud = \"aws\"\n"
              "        resource_type \"ec2:*\": needs resources\n"
              "      function on line 1: needs resources\n");
    c.facts.resources_state = RESOURCES_LISTED;
    c.facts.resources = &subnet;
    c.facts.resource_count = 1;
    explain(&c, &said);
    CHECK_STR("knows", buf_str(&said),
              "policy p: asked\n"
              "  1 reject r: true\n"
              "    all: true\n"
              "      all: true\n"
              "        cloud \"aws\": true, cloud = \"aws\"\n"
              "        resource_type \"ec2:*\": true, resources = ec2:Subnet\n"
              "      function on line 1: true, resources = ec2:Subnet\n");
    buf_clear(&said);
    case_clear(&c);
}

static void explaining_decides_as_deciding_does(void)
{
    struct script_case c;
    struct buf said;
    struct script_rule rule;
    case_init(&c);
    buf_init(&said, SAID_MAX);
    case_load(&c, "reject \"a\" (older \"2h\")\nreject \"b\" { always, reason = \"{sender}\" }");
    CHECK_STR("decides", case_verdict(&c), "reject");
    struct script_decision decided = c.decision;
    CHECK_INT("explains", explain(&c, &said), SPURN_OK);
    CHECK_INT("verdict", c.decision.verdict, decided.verdict);
    CHECK_TEXT("rule", c.decision.rule, text_of("b"));
    CHECK_TEXT("reason", c.decision.reason, text_of("999999999999"));
    CHECK("rule", script_rule_at(c.script, 1, &rule));
    CHECK_INT("counted", rule.count.decided, 2);
    buf_reset(&said);
    case_verdict(&c);
    CHECK_STR("nobody listens any more", buf_str(&said), "");
    buf_clear(&said);
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"every_part_is_told_with_its_answer", every_part_is_told_with_its_answer},
    {"a_policy_that_is_not_asked_says_why", a_policy_that_is_not_asked_says_why},
    {"what_faulted_says_so", what_faulted_says_so},
    {"what_waits_for_resources_says_so", what_waits_for_resources_says_so},
    {"explaining_decides_as_deciding_does", explaining_decides_as_deciding_does},
};

UNIT_MAIN(tests)

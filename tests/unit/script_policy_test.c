/* script_policy_test.c - what policies decide: keep wins, what is undecided never rejects, order changes nothing. */
#include "digest.h"
#include "script_case.h"

#define TRUE_    "always"
#define FALSE_   "~always"
#define UNKNOWN_ "older \"1h\""
#define FAULT_   "function(inv) return inv.name ~= \"go\" or error \"broken\" end"

static void keep_wins_and_doubt_never_rejects(void)
{
    static const struct {
        const char *rules, *verdict, *rule;
        bool faulted;
    } rows[] = {
        {"keep \"k\" (" TRUE_ ") reject \"r\" (" TRUE_ ")", "keep", "k", false},
        {"keep \"k\" (" FALSE_ ") reject \"r\" (" TRUE_ ")", "reject", "r", false},
        {"keep \"k\" (" UNKNOWN_ ") reject \"r\" (" TRUE_ ")", "undecided", "k", false},
        {"keep \"k\" (" UNKNOWN_ ") reject \"r\" (" FALSE_ ")", "none", "", false},
        {"keep \"k\" (" UNKNOWN_ ") reject \"r\" (" UNKNOWN_ ")", "undecided", "r", false},
        {"keep \"k\" (" FALSE_ ") reject \"r\" (" UNKNOWN_ ")", "undecided", "r", false},
        {"keep \"k\" (" FALSE_ ") reject \"r\" (" FALSE_ ")", "none", "", false},
        {"reject \"u\" (" UNKNOWN_ ") reject \"r\" (" TRUE_ ")", "reject", "r", false},
        {"keep \"u\" (" UNKNOWN_ ") keep \"k\" (" TRUE_ ") reject \"r\" (" TRUE_ ")", "keep", "k",
         false},
        {"keep \"k\" (" FAULT_ ") reject \"r\" (" TRUE_ ")", "undecided", "k", true},
        {"reject \"f\" (" FAULT_ ") reject \"r\" (" TRUE_ ")", "reject", "r", true},
        {"reject \"f\" (" FAULT_ ")", "undecided", "f", true},
        {"reject \"f\" (any { " FAULT_ ", " TRUE_ " })", "reject", "f", false},
        {"reject \"f\" (" TRUE_ " & " FAULT_ ")", "undecided", "f", true},
        {"keep \"a\" (" TRUE_ ")", "keep", "a", false},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int reversed = 0; reversed < 2; reversed++) {
            char text[512], *second;
            snprintf(text, sizeof text, "%s", rows[i].rules);
            second = strstr(text, ") reject");
            if (reversed && second != NULL) { /* the last rule first */
                second[1] = '\0';
                snprintf(text, sizeof text, "%s %.*s", strstr(rows[i].rules, ") reject") + 2,
                         (int)(second + 1 - text), rows[i].rules);
            }
            case_load(&c, text);
            c.inv.has_created = false;
            c.inv.name = text_of("go");
            CHECK_STR(text, case_verdict(&c), rows[i].verdict);
            CHECK_INT(text, c.decision.faulted, rows[i].faulted);
            if (rows[i].rule[0] != '\0')
                CHECK_STR(text, c.decision.rule.at ? c.decision.rule.at : "", rows[i].rule);
            else
                CHECK("absent", c.decision.rule.at == NULL && c.decision.reason.at == NULL);
        }
    }
    case_clear(&c);
}

static void conditions_hold_as_written(void)
{
    static const struct {
        const char *condition, *verdict;
    } rows[] = {
        {"sender \"999999999999\"", "reject"},
        {"sender \"999999999998\"", "none"},
        {"sender { \"999999999998\", \"999999999999\" }", "reject"},
        {"sender (list \"ids.txt\")", "reject"},
        {"sender { \"999999999998\", list \"ids.txt\" }", "reject"},
        {"sender { { \"999999999998\" }, { \"999999999999\" } }", "reject"},
        {"account \"111122223333\"", "reject"},
        {"account \"9999999999999999\"", "none"},
        {"name \"SHARED-*\"", "reject"},
        {"name \"shared\"", "none"},
        {"name { \"a*\", \"*nets\" }", "reject"},
        {"name (list \"names.txt\")", "reject"},
        {"older \"1h\"", "reject"},
        {"older \"61m\"", "none"},
        {"younger \"1h\"", "none"},
        {"younger \"61m\"", "reject"},
        {"cloud \"aws\"", "reject"},
        {"cloud \"alibaba\"", "none"},
        {"cloud { \"aws\", \"alibaba\" }", "reject"},
        {"region \"us-*\"", "reject"},
        {"region \"eu-*\"", "none"},
        {"share \"arn:aws:ram:*\"", "reject"},
        {"receiver_arn \"*\"", "undecided"},
        {"~receiver_arn \"*\"", "undecided"},
        {"receiver_arn \"*\" | always", "reject"},
        {"receiver_arn \"*\" & ~always", "none"},
        {"always", "reject"},
        {"all { always, older \"1h\" }", "reject"},
        {"any { ~always, older \"1h\" }", "reject"},
        {"none { ~always, older \"2h\" }", "reject"},
        {"none { always }", "none"},
        {"function(inv) return inv.sender == \"999999999999\" end", "reject"},
        {"older \"1h\" & function(inv) return inv.age == 3600 end", "reject"},
        {"(function(inv) return false end) | ~(function(inv) return false end)", "reject"},
        {"~function(inv) return true end", "none"},
        {"function(inv) return inv.receiver_arn == \"a\" end", "undecided"},
        {"~function(inv) return inv.receiver_arn == \"a\" end", "undecided"},
        {"function(inv) return not inv:has \"receiver_arn\" and inv:has \"name\" end", "reject"},
        {"function(inv) return inv.created == inv.now - 3600 and inv.times_seen == 0 end",
         "reject"},
        {"function(inv) local t = inv:copy() return t.receiver_arn == nil and t.id == inv.id and "
         "t.cloud == \"aws\" end",
         "reject"},
        {"function(inv) return inv.status == \"PENDING\" and inv.region == \"us-east-1\" and "
         "inv.account == \"111122223333\" end",
         "reject"},
        {"function(inv) return inv.first_seen > inv.now end", "undecided"},
        {"function(inv) return inv.expires > inv.now end", "undecided"},
        {"function(inv) return math.type(inv.age) == \"integer\" and seconds \"1h\" == inv.age end",
         "reject"},
    };
    struct script_case c;
    case_init(&c);
    case_write(&c, "ids.txt", "# who\r\n111122223333\r\n  999999999999\t# them\r\n");
    case_write(&c, "names.txt", "other\n*-SUBNETS\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "reject \"x\" (%s)", rows[i].condition);
        case_load(&c, text);
        CHECK_STR(rows[i].condition, case_verdict(&c), rows[i].verdict);
        CHECK(rows[i].condition, !c.decision.faulted);
    }
    case_clear(&c);
}

static void unless_spares_and_is_in_doubt_with_its_condition(void)
{
    static const struct {
        const char *unless, *verdict;
    } rows[] = {{"cloud \"alibaba\"", "reject"},
                {"cloud \"aws\"", "none"},
                {"receiver_arn \"*\"", "undecided"}};
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "reject \"x\" { always, unless = %s }", rows[i].unless);
        case_load(&c, text);
        CHECK_STR(rows[i].unless, case_verdict(&c), rows[i].verdict);
    }
    case_clear(&c);
}

static void a_reason_shows_fields(void)
{
    struct script_case c;
    case_init(&c);
    case_load(&c, "reject \"x\" { always, reason = \"{sender} is not on the list, {age} old, to "
                  "{receiver_arn} at {created}\" }");
    c.inv.created_ms = CASE_NOW_MS - (7 * 60 + 12) * 60 * 1000;
    CHECK_STR("", case_verdict(&c), "reject");
    CHECK_TEXT(
        "", c.decision.reason,
        text_of("999999999999 is not on the list, 7h12m old, to unknown at 2026-11-21T19:48:00Z"));
    c.inv.name = text_of("{age}");
    case_load(&c, "reject \"the {rule}'s name\" { name \"*\" }\n");
    CHECK_STR("", case_verdict(&c), "reject");
    CHECK_TEXT("without one, the name as it is", c.decision.reason, text_of("the {rule}'s name"));
    CHECK_INT("line", c.decision.line, 1);
    CHECK_TEXT("policy", c.decision.policy, text_of("p"));
    case_load(&c, "reject \"x\" (receiver_arn \"*\")");
    case_verdict(&c);
    CHECK_TEXT("in doubt", c.decision.reason,
               text_of("cannot be decided: receiver_arn is not known"));
    case_clear(&c);
}

/* Nor does what one sender chose keep the others from being decided. */
static void a_reason_is_cut_however_long_a_field_is(void)
{
    enum { NAME_LEN = 2 * 1024 * 1024, REASON_LEN_MAX = 1024 };
    struct script_case c;
    case_init(&c);
    char *name = malloc(NAME_LEN);
    if (name == NULL)
        abort();
    for (size_t i = 0; i < NAME_LEN; i += 2)
        memcpy(name + i, "\xC3\xA9", 2);
    c.inv.name = (struct spurn_text){name, NAME_LEN};
    case_load(&c, "reject \"x\" { always, reason = \"-{name}{name}\" }");
    CHECK_STR("", case_verdict(&c), "reject");
    CHECK_INT("between characters", (int64_t)c.decision.reason.len, REASON_LEN_MAX - 1);
    CHECK("begins as it should", text_starts(c.decision.reason, "-\xC3\xA9"));
    free(name);
    case_clear(&c);
}

static void observed_rules_decide_nothing(void)
{
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    case_load(&c, "reject \"watch\" { always, mode = \"observe\" }\nreject \"y\" (older \"2h\")");
    CHECK_STR("true", case_verdict(&c), "none");
    CHECK_TEXT("but told", c.decision.matches, text_of("p/watch (observed)"));
    case_load(&c, "reject \"watch\" { " FAULT_ ", mode = \"observe\" }");
    c.inv.name = text_of("go");
    CHECK_STR("faulting", case_verdict(&c), "none");
    CHECK("a warning only",
          !c.decision.faulted && script_fault_at(c.script, 0, &fault) && fault.observed);
    case_load_with(
        &c,
        "keep \"k\" (name \"kept\") reject \"r\" (always) reject \"s\" { always, reason = \"a\" }",
        "{\"mode\":\"observe\"}", NULL);
    CHECK_STR("the whole policy", case_verdict(&c), "none");
    c.inv.name = text_of("kept");
    CHECK_STR("its keep rules still keep", case_verdict(&c), "keep");
    case_clear(&c);
}

static void a_rule_ends_after_its_last_day(void)
{
    struct script_case c;
    static const struct {
        const char *ends, *verdict;
    } rows[] = {{"2026-11-21", "none"}, {"2026-11-22", "reject"}, {"2027-01-01", "reject"}};
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        struct script_rule rule;
        snprintf(text, sizeof text, "reject \"x\" { always, ends = \"%s\" }", rows[i].ends);
        case_load(&c, text);
        CHECK_STR(rows[i].ends, case_verdict(&c), rows[i].verdict);
        CHECK("row", script_rule_at(c.script, 0, &rule));
        CHECK_TEXT(rows[i].ends, rule.ends, text_of(rows[i].ends));
    }
    case_clear(&c);
}

static void settings_fill_in_parameters_and_narrow_a_policy(void)
{
    static const char policy[] = "local p = params { after = \"6h\", ours = required \"ids\", n = "
                                 "1, on = false, t = { \"a*\" } }\n"
                                 "keep \"ours\" (sender (p.ours))\n"
                                 "reject \"old\" { older (p.after), reason = \"old\" }\n"
                                 "if p.on then reject \"n\" (function(inv) return p.n == 3 and "
                                 "math.type(p.n) == \"integer\" end) end\n"
                                 "reject \"t\" (name (p.t))";
    static const struct {
        const char *settings, *verdict;
    } rows[] = {
        {"{\"params\":{\"ours\":[\"999999999999\"]}}", "keep"},
        {"{\"params\":{\"ours\":\"999999999999\"}}", "keep"},
        {"{\"params\":{\"ours\":[\"999999999998\"]}}", "none"},
        {"{\"params\":{\"ours\":[\"999999999998\"],\"after\":\"1h\"}}", "reject"},
        {"{\"params\":{\"ours\":[\"999999999998\"],\"on\":true,\"n\":3}}", "reject"},
        {"{\"params\":{\"ours\":[\"999999999998\"],\"t\":[\"b*\",\"shared*\"]}}", "reject"},
        {"{\"params\":{\"ours\":[\"999999999999\"]},\"only\":{\"cloud\":\"alibaba\"}}", "none"},
        {"{\"params\":{\"ours\":[\"999999999999\"]},\"only\":{\"cloud\":\"aws\",\"region\":[\"us-*"
         "\"]}}",
         "keep"},
        {"{\"params\":{\"ours\":[\"999999999999\"]},\"only\":{\"account\":[\"111122223333\"]}}",
         "keep"},
        {"{\"params\":{\"ours\":[\"999999999999\"]},\"only\":{\"account\":[\"111122223334\"]}}",
         "none"},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        case_load_with(&c, policy, rows[i].settings, NULL);
        CHECK_STR(rows[i].settings, case_verdict(&c), rows[i].verdict);
    }
    CHECK_INT("named", case_load_with(&c, "reject \"x\" (always)", "{\"name\":\"other\"}", NULL),
              SPURN_OK);
    case_verdict(&c);
    CHECK_TEXT("named", c.decision.policy, text_of("other"));
    case_clear(&c);
}

static void matches_name_every_true_rule_in_file_order(void)
{
    struct script_case c;
    case_init(&c);
    case_load(&c, "reject \"b\" (always)\nkeep \"k\" (always)\nreject \"no\" (older "
                  "\"2h\")\nreject \"a\" (cloud \"aws\")");
    CHECK_STR("", case_verdict(&c), "keep");
    CHECK_TEXT("", c.decision.matches, text_of("p/b, p/k, p/a"));
    CHECK_TEXT("the keep rule is named", c.decision.rule, text_of("k"));
    case_load(&c, "reject \"b\" (older \"2h\")");
    CHECK_STR("", case_verdict(&c), "none");
    CHECK("none", c.decision.matches.at == NULL);
    case_clear(&c);
}

static void every_policy_is_asked_and_protects(void)
{
    struct script_case c;
    char other[160];
    case_init(&c);
    case_load(&c, "reject \"all\" (always)");
    case_write(&c, "names.txt", "keep \"us\" (region \"us-*\")");
    snprintf(other, sizeof other, "%s/names.txt", c.folder);
    CHECK_STR("alone", case_verdict(&c), "reject");
    CHECK_INT("loads",
              script_load_policy(c.script, other, text_of("{\"name\":\"regions\"}"), NULL, &c.err),
              SPURN_OK);
    CHECK_INT("two", (int64_t)script_policy_count(c.script), 2);
    CHECK_STR("together", case_verdict(&c), "keep");
    CHECK_TEXT("whose", c.decision.policy, text_of("regions"));
    CHECK_TEXT("all", c.decision.matches, text_of("p/all, regions/us"));
    case_clear(&c);
}

static void a_function_starts_afresh_each_sweep_and_is_asked_once(void)
{
    struct script_case c;
    struct script_fault fault;
    case_init(&c);
    case_load(&c, "local function f(inv) return inv.name ~= \"go\" or error \"broken\" end\n"
                  "keep \"k\" (f & ~always)\nreject \"a\" (f)\nreject \"b\" (~f)");
    CHECK_STR("once for all rules", case_verdict(&c), "reject");
    c.inv.name = text_of("go");
    CHECK_STR("faulting", case_verdict(&c), "undecided");
    CHECK("told", c.decision.faulted);
    CHECK("two rules hang on it",
          !script_fault_at(c.script, 2, &fault) && script_fault_at(c.script, 1, &fault));
    CHECK_TEXT("which", fault.rule, text_of("b"));
    CHECK_INT("line", fault.line, 1);
    CHECK_INT("count", fault.count, 1);
    CHECK("cause", fault.cause.at != NULL && strstr(fault.cause.at, "p.lua:1: broken") != NULL);
    CHECK_INT("again", script_begin_sweep(c.script, CASE_NOW_MS, &c.err), SPURN_OK);
    CHECK("forgotten", !script_fault_at(c.script, 0, &fault));
    CHECK_STR("still asked", case_verdict(&c), "undecided");
    case_clear(&c);
}

static void a_script_decides_without_a_sweep(void)
{
    struct script_case c;
    struct script *script;
    case_init(&c);
    case_write(&c, "p.lua",
               "reject \"x\" (older \"1h\" & function(inv) return inv.now > 1600000000 end)");
    CHECK_INT("opens", script_open(NULL, NULL, &script, &c.err), SPURN_OK);
    CHECK_INT("loads", script_load_policy(script, c.policy, TEXT_ABSENT, NULL, &c.err), SPURN_OK);
    c.inv.created_ms = 1000;
    c.script = script;
    CHECK_STR("by the machine's clock", case_verdict(&c), "reject");
    case_clear(&c);
}

static void digests_differ_when_answers_could(void)
{
    static const struct {
        const char *text, *settings, *ids;
    } rows[] = {
        {"reject \"x\" (sender (list \"ids.txt\"))", NULL, "111122223333\n"},
        {"reject \"y\" (sender (list \"ids.txt\"))", NULL, "111122223333\n"},
        {"reject \"x\" (sender (list \"ids.txt\"))", NULL, "111122223334\n"},
        {"reject \"x\" (sender (list \"ids.txt\"))", "{\"mode\":\"observe\"}", "111122223333\n"},
    };
    enum { COUNT = sizeof rows / sizeof rows[0] };
    struct script_case c;
    struct digest *d;
    char hex[COUNT][SHA256_HEX_LEN + 1], again[SHA256_HEX_LEN + 1];
    case_init(&c);
    CHECK_INT("digest", digest_open(&d, &c.err), SPURN_OK);
    for (size_t i = 0; i < COUNT; i++) {
        case_write(&c, "ids.txt", rows[i].ids);
        case_load_with(&c, rows[i].text, rows[i].settings, NULL);
        CHECK_INT("made", script_digest(c.script, d, hex[i], &c.err), SPURN_OK);
        CHECK_INT("again", script_digest(c.script, d, again, &c.err), SPURN_OK);
        CHECK_STR("the same twice", again, hex[i]);
        for (size_t k = 0; k < i; k++)
            CHECK("differs", strcmp(hex[i], hex[k]) != 0);
    }
    digest_close(d);
    case_clear(&c);
}

static void rules_can_be_listed(void)
{
    struct script_case c;
    struct script_rule rule;
    case_init(&c);
    case_load(&c, "keep \"ours\" (sender { \"111122223333\", \"444455556666\" })\n"
                  "reject \"x\" { name \"*promo*\", unless = cloud \"alibaba\" }\nreject \"f\" "
                  "(function(inv) return true end)");
    CHECK("first", script_rule_at(c.script, 0, &rule));
    CHECK_TEXT("condition", rule.condition, text_of("sender {2 ids}"));
    CHECK("keeps", rule.keeps && rule.line == 1);
    CHECK("second", script_rule_at(c.script, 1, &rule));
    CHECK_TEXT("condition", rule.condition, text_of("name \"*promo*\" & ~cloud \"alibaba\""));
    CHECK("third", script_rule_at(c.script, 2, &rule) && !script_rule_at(c.script, 3, &rule));
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"keep_wins_and_doubt_never_rejects", keep_wins_and_doubt_never_rejects},
    {"conditions_hold_as_written", conditions_hold_as_written},
    {"unless_spares_and_is_in_doubt_with_its_condition",
     unless_spares_and_is_in_doubt_with_its_condition},
    {"a_reason_shows_fields", a_reason_shows_fields},
    {"a_reason_is_cut_however_long_a_field_is", a_reason_is_cut_however_long_a_field_is},
    {"observed_rules_decide_nothing", observed_rules_decide_nothing},
    {"a_rule_ends_after_its_last_day", a_rule_ends_after_its_last_day},
    {"settings_fill_in_parameters_and_narrow_a_policy",
     settings_fill_in_parameters_and_narrow_a_policy},
    {"matches_name_every_true_rule_in_file_order", matches_name_every_true_rule_in_file_order},
    {"every_policy_is_asked_and_protects", every_policy_is_asked_and_protects},
    {"a_function_starts_afresh_each_sweep_and_is_asked_once",
     a_function_starts_afresh_each_sweep_and_is_asked_once},
    {"a_script_decides_without_a_sweep", a_script_decides_without_a_sweep},
    {"digests_differ_when_answers_could", digests_differ_when_answers_could},
    {"rules_can_be_listed", rules_can_be_listed},
};

UNIT_MAIN(tests)

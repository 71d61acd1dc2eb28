/* script_mistakes_test.c - what people get wrong in a policy: nothing of it is silently something else. */
#include "script_case.h"

static void a_value_that_is_nil_is_not_dropped_in_silence(void)
{
#define DROPPED ": a value in its table is nil, or is given twice, and would be dropped"
    static const struct refusal rows[] = {
        {"local t = {}\nreject \"x\" { always, unless = t.typo }", "p.lua:2: reject" DROPPED},
        {"local t = {}\nreject \"x\" {\n always,\n mode = t.typo,\n}", "p.lua:2: reject" DROPPED},
        {"local t = {}\nkeep \"x\" { always, ends = t.typo }", "p.lua:2: keep" DROPPED},
        {"local t = {}\nreject \"x\" (all { older \"1h\", t.typo })", "p.lua:2: all" DROPPED},
        {"local t = {}\nreject \"x\" (older \"1h\" & any { always, t.typo })",
         "p.lua:2: any" DROPPED},
        {"local t = {}\nkeep \"x\" (sender { \"111122223333\", t.typo })",
         "p.lua:2: sender" DROPPED},
        {"local t = {}\nkeep \"x\" (sender { \"111122223333\", nil, \"111122223334\" })",
         "p.lua:2: sender" DROPPED},
        {"local t = {}\nkeep \"x\" (sender (list { \"ids.txt\", t.typo }))",
         "p.lua:2: list" DROPPED},
        {"local t = {}\nreject \"x\" (t.typo)", "p.lua:2: reject takes a condition, not nil"},
        {"local t = {}\nreject \"x\" (always & t.typo)", "p.lua:2: & takes a condition, not nil"},
        {"local t = {}\nreject \"x\" (older(t.typo))", "p.lua:2: `older` is missing its value"},
    };
    CHECK_REFUSALS(rows);
}

static void tables_that_are_whole_are_taken(void)
{
    static const char *const rows[] = {
        "local function two() return \"111122223333\", \"111122223334\" end\nkeep \"x\" (sender { "
        "two() })\nkeep \"y\" (sender { \"111122223335\", two() })",
        "local t = { \"111122223333\" }\nkeep \"x\" (sender { t } | sender(t) | sender { "
        "\"111122223334\", \"111122223335\" })",
        "local function either(...) return any { ... } end\nreject \"x\" (either(older \"1h\", "
        "always))",
        "for i = 1, 3 do\n  reject(\"r\" .. i) { older(i .. \"h\"), reason = \"old\" }\nend",
        "reject \"x\" { all { older \"1h\"; name { \"a\", \"b\", }, },\n  unless = none { cloud { "
        "\"aws\" } } }",
        "local ids = { [1] = \"111122223333\" }\nkeep \"x\" (sender { ids, \"111122223334\" })",
        "\xEF\xBB\xBFreject \"x\" (always)\r\nreject \"y\" (\r\n older \"1h\")",
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        case_load(&c, rows[i]);
        CHECK_STR(rows[i], case_error(&c), "");
    }
    case_clear(&c);
}

static void a_field_is_compared_with_what_it_can_be(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (function(inv) return inv.sender ~= 111122223333 end)",
         "p.lua:1: inv.sender is a string and never equals a number; write \"111122223333\""},
        {"reject \"x\" (function(inv)\n return inv:has \"name\" and 5 == inv.name end)",
         "p.lua:2: inv.name is a string and never equals a number"},
        {"reject \"x\" (function(inv) return inv.age == \"6h\" end)",
         "p.lua:1: inv.age is a number of seconds and never equals a string"},
        {"reject \"x\" (function(inv) return inv.cloud ~= \"AWS\" end)",
         "p.lua:1: inv.cloud never equals \"AWS\": it is no cloud"},
        {"reject \"x\" (function(inv) return inv.sender ~= '1111-2222-3333' end)",
         "p.lua:1: inv.sender never equals \"1111-2222-3333\": it is no account id"},
        {"reject \"x\" (function(inv) return inv.account == \"1\" or inv.age > 5 end)",
         "p.lua:1: inv.account never equals \"1\""},
        {"reject \"x\" (function(inv) return inv.age > \"6h\" end)",
         "p.lua:1: inv.age is a number of seconds and is never > a string; write a number, or "
         "seconds \"6h\""},
        {"reject \"x\" (function(inv) return \"6h\" <= inv.age end)",
         "p.lua:1: inv.age is a number of seconds and is never <= a string"},
        {"reject \"x\" (function(inv) return inv.name > 5 end)",
         "p.lua:1: inv.name is a string and is never > a number"},
        {"local p = params { after = \"6h\" }\nlocal after = p.after\n"
         "reject \"x\" (function(inv) return inv.age > after end)",
         "p.lua:3: cannot compare a string with a number: write seconds \"6h\""},
    };
    static const char *const good[] = {
        "\"a\" .. inv.sender == \"a1\"",
        "inv.sender == \"1111222233\\51\\51\"",
        "#inv.sender == 12",
        "inv.age + 1 == 5",
        "inv.age > 5 and 5 <= inv.age",
        "inv.name < \"m\"",
        "inv.age > seconds \"6h\"",
        "inv.sender:sub(1, 1) == \"1\"",
        "inv.created % 2 == 1",
        "inv.sender ~= \"111122223333\"",
        "inv.cloud == \"aws\" and inv.age ~= 5",
        "tostring(inv.age) == \"5\"",
        "inv.sender == [[1]]",
        "#inv.name * 2 ~= 3 == (inv.name == \"\")",
    };
    CHECK_REFUSALS(rows);
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "reject \"x\" (function(inv) return %s end)", good[i]);
        case_load(&c, text);
        CHECK_STR(good[i], case_error(&c), "");
    }
    case_clear(&c);
}

static void syntax_errors_hint_at_what_is_missing(void)
{
#define MISSING     "; something is missing before it: a comma, a sign such as &, a parenthesis"
#define PARENTHESES "; a condition stands in parentheses, reject NAME (CONDITION)"
    static const struct refusal rows[] = {
        {"reject \"x\" always", "p.lua:1: syntax error near <eof>" PARENTHESES},
        {"reject \"x\", older \"1h\"", "p.lua:1: syntax error near ','" PARENTHESES},
        {"reject \"x\" older \"1h\"", "p.lua:1: reject \"x\" has no condition"},
        {"reject \"x\" function(inv) return true end",
         "p.lua:1: <name> expected near '('; a function that is a condition stands in parentheses"},
        {"reject \"x\" (older 6)",
         "p.lua:1: ')' expected near '6'; durations are strings with a unit, write older \"6h\""},
        {"reject \"x\" (sender 111122223333)",
         "p.lua:1: ')' expected near '111122223333'; account ids are strings, write sender "
         "\"111122223333\""},
        {"reject \"x\" (name 7)",
         "p.lua:1: ')' expected near '7'; it takes a string, write name \"7\""},
        {"local p = params { a = \"6h\" }\nreject \"x\" {\n  older p.a, reason = \"r\" }",
         "p.lua:3: '}' expected (to close '{' at line 2) near 'p'; put what follows `older` in "
         "parentheses: older (p.a)"},
        {"keep \"x\" (cloud \"aws\" & sender list \"ids.txt\")",
         "p.lua:1: ')' expected near 'list'; put what follows `sender` in parentheses: sender "
         "(list \"ids.txt\")"},
        {"keep \"x\" (sender list { \"ids.txt\" })",
         "p.lua:1: ')' expected near 'list'; put what follows `sender` in parentheses: sender "
         "(list { \"ids.txt\" })"},
        {"keep \"x\" (sender list {\n \"ids.txt\" })",
         "p.lua:1: ')' expected near 'list'; put what follows `sender` in parentheses: sender "
         "(...)"},
        {"keep \"x\" (always sender)", "p.lua:1: ')' expected near 'sender'" MISSING},
        {"reject \"x\" { always reason = \"a\" }", "p.lua:1: '}' expected near 'reason'" MISSING},
        {"keep \"x\" (sender { \"1\" \"2\" })", "p.lua:1: '}' expected near '\"2\"'" MISSING},
        {"reject \"x\" (function(inv) return true)", "p.lua:1: 'end' expected near ')'" MISSING},
        {"reject \"x (older \"1h\")",
         "p.lua:1: malformed number near '1h'; a duration stands in quotes"},
        {"reject “x” (always)",
         "p.lua:1: syntax error near '<\\226>'; Lua does not know this character"},
        {"// hi", "p.lua:1: unexpected symbol near '//'; a comment begins with --"},
        {"-- hi\nreject \"y\" (always) -- hidden\rreject \"x\" (always or always)",
         "p.lua:2: a line ends with a lone CR; save the file with LF or CRLF"},
    };
    CHECK_REFUSALS(rows);
}

static void other_slips_are_told_what_to_write(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (function() return inv.age > 1 end)",
         "p.lua:1: `inv` is not there; a function takes it, function(inv) ... end"},
        {"reject \"x\" { name = \"x*\" }",
         "p.lua:1: reject: name is a condition, which is a call and not an option; write name "
         "\"x*\" without the ="},
        {"keep \"x\" { sender = { \"111122223333\" } }",
         "p.lua:1: keep: sender is a condition, which is a call and not an option; write sender "
         "(...) without the ="},
        {"reject \"x\" { always, observe = true }",
         "p.lua:1: reject has no option \"observe\"; write mode = \"observe\""},
        {"reject \"x\" { always, reason = \"a\\0{b\" }", "p.lua:1: reason: it is one line"},
        {"reject \"x\" { always, reason = \"{inv.sender}\" }",
         "p.lua:1: reason: an invitation has"},
        {"local p = params { a = \"1\" }\nfor k in pairs(p) do end",
         "p.lua:2: cannot walk through the parameters"},
        {"local p = params { a = \"1\" }\nlocal n = #p",
         "p.lua:2: cannot take the length of the parameters"},
        {"reject \"x\" (function(inv) for k in pairs(inv) do end return true end)",
         "p.lua:1: cannot walk through the invitation"},
        {"reject \"x\" (name(sender))", "p.lua:1: `sender` is missing its value"},
        {"keep \"x\" (sender(123))", "p.lua:1: sender: takes a string, not a number"},
        {"reject \"q\" (name (list { \"names.txt\", may_be_empty = true }))\nkeep \"k\" (sender "
         "(list \"names.txt\"))",
         "p.lua:2: list \"names.txt\" is empty; if it may be"},
        {"if older \"1h\" then reject \"x\" (always) end",
         "p.lua:1: an `if` about the condition `older` is always true"},
        {"reject \"x\" (all(always, always))", "p.lua:1: `all` takes one value"},
        {"reject \"x\" { condition = always }", "p.lua:1: reject has no option \"condition\""},
        {"reject \"x\" (older \"1y\")", "p.lua:1: older: \"1y\" is no duration; write"},
        {"Reject \"x\" (always)", "p.lua:1: unknown word `Reject`; did you mean `reject`?"},
    };
    CHECK_REFUSALS(rows);
}

static void an_only_in_doubt_is_named_and_an_empty_one_refused(void)
{
    static const char policy[] = "keep \"k\" (name \"zz\" & older \"2h\")\nreject \"x\" (always)";
    struct script_case c;
    case_init(&c);
    case_load_with(&c, policy, "{\"only\":{\"region\":\"us-*\"}}", NULL);
    CHECK_STR("known", case_verdict(&c), "reject");
    c.origin.region = TEXT_ABSENT;
    CHECK_STR("unknown", case_verdict(&c), "undecided");
    CHECK_TEXT("told", c.decision.reason, text_of("cannot be decided: region is not known"));
    CHECK_INT("empty", case_load_with(&c, policy, "{\"only\":{}}", NULL), SPURN_E_POLICY);
    CHECK_STR("empty", case_error(&c),
              "spurn.lua:7: only names no account, cloud or region; leave it out to ask about "
              "everything");
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"a_value_that_is_nil_is_not_dropped_in_silence",
     a_value_that_is_nil_is_not_dropped_in_silence},
    {"tables_that_are_whole_are_taken", tables_that_are_whole_are_taken},
    {"a_field_is_compared_with_what_it_can_be", a_field_is_compared_with_what_it_can_be},
    {"syntax_errors_hint_at_what_is_missing", syntax_errors_hint_at_what_is_missing},
    {"other_slips_are_told_what_to_write", other_slips_are_told_what_to_write},
    {"an_only_in_doubt_is_named_and_an_empty_one_refused",
     an_only_in_doubt_is_named_and_an_empty_one_refused},
};

UNIT_MAIN(tests)

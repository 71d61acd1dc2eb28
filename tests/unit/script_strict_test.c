/* script_strict_test.c - what a policy may not say, and what each refusal tells its author to write. */
#include "script_case.h"

static void and_or_not_are_refused_outside_functions(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (sender \"111122223333\" and older \"1h\")",
         "p.lua:1: `and` would drop a condition without a trace; write &"},
        {"reject \"x\" (sender \"111122223333\"\n or older \"1h\")",
         "p.lua:2: `or` would drop a condition without a trace; write |"},
        {"reject \"x\" (not older \"1h\")",
         "p.lua:1: `not` would drop a condition without a trace; write ~"},
        {"local p = params { a = true, b = true }\nif p.a and p.b then\nreject \"x\" (older "
         "\"1h\")\nend\n"
         "while p.a and false do end",
         "p.lua:5: `and` would drop a condition"},
        {"local c = older \"1h\"\nif c or false then reject \"x\" (c) end",
         "p.lua:2: `or` in an `if` about the condition `c`"},
        {"local c = older \"1h\"\nif c then reject \"x\" (c) end",
         "p.lua:2: an `if` about the condition `c` is always true"},
        {"local function both(a)\n  local c = older \"1h\"\n  return a and c\nend\nreject \"x\" "
         "(both(always))",
         "p.lua:2: a condition is built inside a function that uses `and`, `or` or `not` (line 3)"},
    };
    CHECK_REFUSALS(rows);
}

static void unknown_words_get_the_nearest_one(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (sendr \"111122223333\")",
         "p.lua:1: unknown word `sendr`; did you mean `sender`?"},
        {"rejct \"x\" (always)", "p.lua:1: unknown word `rejct`; did you mean `reject`?"},
        {"local strangers = older \"1h\"\nreject \"x\" (stranger)",
         "p.lua:2: unknown word `stranger`; did you mean `strangers`?"},
        {"reject \"x\" (age \"1h\")",
         "p.lua:1: unknown word `age`; of an invitation, inside a function, it is inv.age"},
        {"reject \"x\" (reject_before { times = 3, within = \"30d\" })",
         "p.lua:1: unknown word `reject_before`; did you mean `rejected_before`?"},
        {"reject \"x\" (name_regexp \"a\")",
         "p.lua:1: unknown word `name_regexp`; did you mean `name_regex`?"},
        {"reject \"x\" (function(inv) return inv.nmae == \"a\" end)",
         "p.lua:1: an invitation has no field \"nmae\"; did you mean \"name\"?"},
        {"reject \"x\" (function(inv) return os.time() > 0 end)",
         "p.lua:1: unknown word `os`: files, the system and the network are not there"},
        {"reject \"x\" (function(inv) return io.open(inv.name) ~= nil end)",
         "p.lua:1: unknown word `io`: files, the system and the network are not there"},
        {"reject \"x\" (function(inv) return pcall(inv.x) end)",
         "p.lua:1: unknown word `pcall`: errors are not caught here"},
        {"local e = _ENV\nreject \"x\" (always)", "p.lua:1: _ENV is not there"},
    };
    CHECK_REFUSALS(rows);
}

static void stray_names_are_refused(void)
{
    static const struct refusal rows[] = {
        {"ours = \"111122223333\"\nreject \"x\" (sender(ours))",
         "p.lua:1: `ours` is assigned to without `local`; write local ours = ..."},
        {"function f() end\nreject \"x\" (always)", "p.lua:1: `f` is assigned to without `local`"},
        {"reject \"x\" (function(inv) n = 1 return true end)",
         "p.lua:1: `n` is assigned to without `local`"},
        {"local sender = \"1\"\nreject \"x\" (always)",
         "p.lua:1: a local is named like the word `sender`"},
        {"reject \"x\" (function(name) return true end)",
         "p.lua:1: a local is named like the word `name`"},
        {"for _, list in ipairs { 1 } do end", "p.lua:1: a local is named like the word `list`"},
    };
    CHECK_REFUSALS(rows);
}

static void a_word_takes_one_value_beside_it(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (sender == \"111122223333\")",
         "p.lua:1: the word `sender` is compared; it takes its value beside it: sender ID"},
        {"reject \"x\" (\"111122223333\" == sender)",
         "p.lua:1: `sender` is missing its value: sender ID"},
        {"reject \"x\" (sender \"111122223333\" == true)",
         "p.lua:1: a condition is compared with =="},
        {"reject \"x\" (true ~= sender \"111122223333\")",
         "p.lua:1: a condition is compared with ~="},
        {"reject \"x\" (older)", "p.lua:1: `older` is missing its value: older DURATION"},
        {"reject \"x\" (sender & always)", "p.lua:1: `sender` is missing its value"},
        {"reject \"x\" (older())", "p.lua:1: `older` is missing its value"},
        {"reject \"x\" (sender(\"111122223333\", \"111122223334\"))",
         "p.lua:1: `sender` takes one value"},
        {"reject \"x\" (sender \"111122223333\" \"111122223334\")",
         "p.lua:1: a condition takes no further value"},
        {"reject \"x\" (always \"a\")", "p.lua:1: `always` takes no value"},
        {"reject \"x\" (older(3600))",
         "p.lua:1: older takes a duration with its unit, such as \"6h\", not a number"},
    };
    CHECK_REFUSALS(rows);
}

static void options_fields_and_modes_are_spelt_right(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" { always, unles = always }",
         "p.lua:1: reject has no option \"unles\"; did you mean \"unless\"?"},
        {"reject \"x\" { always, mode = \"observ\" }",
         "p.lua:1: reject has no mode \"observ\"; write mode = \"observe\", or leave it out"},
        {"keep \"x\" { always, mode = \"observe\" }", "p.lua:1: keep has no mode"},
        {"reject \"x\" { always, reason = \"{sendr}\" }",
         "p.lua:1: reason: an invitation has no field {sendr}; did you mean {sender}?"},
        {"reject \"x\" { always, reason = \"{sender\" }", "p.lua:1: reason: '{' without its '}'"},
        {"reject \"x\" { always, ends = \"2027-02-30\" }",
         "p.lua:1: ends: \"2027-02-30\" is no day"},
        {"reject \"x\" { always, ends = 2027 }", "p.lua:1: reject: ends is a string"},
        {"reject \"x\" (sender(list { \"ids.txt\", may_be_emty = true }))",
         "p.lua:1: list has no option \"may_be_emty\"; did you mean \"may_be_empty\"?"},
    };
    CHECK_REFUSALS(rows);
}

static void a_rule_has_one_condition_and_a_condition_has_a_rule(void)
{
    static const struct refusal rows[] = {
        {"reject \"a\" (always)\nreject \"x\"",
         "p.lua:2: reject \"x\" has no condition: reject \"x\" (CONDITION)"},
        {"reject \"x\" { reason = \"a\" }", "p.lua:1: reject has no condition"},
        {"reject \"x\" { always, always }", "p.lua:1: reject has more than one condition"},
        {"reject \"x\" (always, always)", "p.lua:1: reject takes one condition"},
        {"reject \"x\" (always) (always)", "p.lua:1: reject has more than one condition"},
        {"reject \"a\" (always)\nlocal c = older \"1h\"",
         "p.lua:2: this condition belongs to no rule"},
        {"reject \"a\" (always)\nolder \"1h\"", "p.lua:2: this condition belongs to no rule"},
        {"", "p.lua:1: the policy has no rule"},
        {"local x = 1", "p.lua:1: the policy has no rule"},
        {"reject \"a\" (always)\nreject \"a\" (always)",
         "p.lua:2: reject: the rule on line 1 is named \"a\" already"},
        {"reject \"\" (always)", "p.lua:1: reject needs a name"},
        {"reject (always)", "p.lua:1: reject needs a name: reject \"why\" (CONDITION)"},
        {"reject(\"x\", always)", "p.lua:1: reject takes its condition in parentheses of its own"},
    };
    CHECK_REFUSALS(rows);
}

static void only_conditions_stand_where_conditions_belong(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (true)",
         "p.lua:1: reject takes a condition, not true, which is what == and ~= leave"},
        {"reject \"x\" (\"promo\")",
         "p.lua:1: reject takes a condition, not a string; write name \"promo\""},
        {"reject \"x\" { { \"a\" } }", "p.lua:1: reject takes a condition, not a table; write all"},
        {"reject \"x\" (list \"ids.txt\")",
         "p.lua:1: reject takes a condition, not a list; write sender (list FILE)"},
        {"reject \"x\" (keep \"y\" (always))",
         "p.lua:1: reject takes a condition, not another rule"},
        {"reject \"x\" (nil)", "p.lua:1: reject takes a condition, not nil"},
        {"reject \"x\" (tostring)",
         "p.lua:1: reject takes a condition, not a function of the library"},
        {"reject \"x\" (always & \"a\")", "p.lua:1: & takes a condition, not a string"},
        {"reject \"x\" (\"a\" | always)", "p.lua:1: | takes a condition, not a string"},
        {"reject \"x\" (always & nil)", "p.lua:1: & takes a condition, not nil"},
        {"reject \"x\" { always, unless = true }", "p.lua:1: unless takes a condition, not true"},
        {"reject \"x\" (all { always, 1 })", "p.lua:1: all takes a condition, not a number"},
        {"reject \"x\" (all { })", "p.lua:1: `all` takes a table of conditions"},
        {"reject \"x\" (all { a = always })", "p.lua:1: `all` takes a table of conditions"},
        {"reject \"x\" (sender(always))", "p.lua:1: sender takes ID"},
    };
    CHECK_REFUSALS(rows);
}

static void every_other_operator_says_what_to_write(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (always + always)", "p.lua:1: cannot put + between a condition and a "
                                           "condition: conditions are joined with &, | and ~"},
        {"reject \"x\" (always .. \"a\")",
         "p.lua:1: cannot put .. between a condition and a string"},
        {"reject \"x\" (-always)", "p.lua:1: cannot put - before a condition"},
        {"reject \"x\" (always ~ always)",
         "p.lua:1: cannot put ~ between a condition and a condition"},
        {"reject \"x\" (#always)", "p.lua:1: cannot take the length of a condition"},
        {"local c = always\nreject \"x\" (c.x)", "p.lua:2: cannot look into a condition"},
        {"local n = \"1\" + 1",
         "p.lua:1: cannot put + between a string and a number: tonumber makes a number"},
        {"local n = true + 1", "p.lua:1: cannot put + between a boolean and a number"},
        {"local t = {}\nlocal n = t.a + 1",
         "p.lua:2: cannot put + between nil and a number: nil is what"},
        {"local t = {}\nlocal n = t.a < 1",
         "p.lua:2: cannot compare nil with a number: nil is what"},
        {"local f = function() return true end\nlocal n = f .. \"a\"",
         "p.lua:2: cannot put .. between a function"},
    };
    CHECK_REFUSALS(rows);
}

static void values_that_never_match_are_refused(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (sender \"1111\")",
         "p.lua:1: sender \"1111\": it is no account id: 12 digits at AWS, 16"},
        {"reject \"x\" (sender \"11112222333x\")",
         "p.lua:1: sender \"11112222333x\": it is no account id"},
        {"reject \"x\" (sender(012345678901))",
         "p.lua:1: an id is a string, since leading zeros matter; write "
         "\"012345678901\""},
        {"reject \"x\" (account { \"1\" })", "p.lua:1: account \"1\": it is no account id"},
        {"reject \"x\" (cloud \"alibab\")",
         "p.lua:1: cloud \"alibab\": it is no cloud: write \"aws\" or \"alibaba\"; did you "
         "mean \"alibaba\"?"},
        {"reject \"x\" (sender { })", "p.lua:1: sender: the table is empty"},
        {"reject \"x\" (sender { a = \"111122223333\" })", "p.lua:1: sender: the table has keys"},
        {"reject \"x\" (sender { { } })", "p.lua:1: sender: the table is empty"},
        {"reject \"x\" (name \"^tmp%-\")", "p.lua:1: name \"^tmp%-\": it"},
        {"reject \"x\" (name \"\")", "p.lua:1: name \"\": it is empty"},
        {"reject \"x\" (older \"1 day\")",
         "p.lua:1: older: \"1 day\" is no duration; did you mean \"1d\"?"},
        {"reject \"x\" (older \"24 hours\")",
         "p.lua:1: older: \"24 hours\" is no duration; did you mean \"24h\"?"},
        {"reject \"x\" (older \"1 day, 12 hours\")",
         "p.lua:1: older: \"1 day, 12 hours\" is no duration; did you mean \"1d12h\"?"},
        {"reject \"x\" (older \"soon\")", "p.lua:1: older: \"soon\" is no duration; write \"90s\""},
        {"reject \"x\" (older \"3 months\")", "p.lua:1: older: \"3 months\" is no duration; write"},
        {"local s = seconds \"6 h\"",
         "p.lua:1: seconds: \"6 h\" is no duration; did you mean \"6h\"?"},
    };
    CHECK_REFUSALS(rows);
}

static void functions_that_fault_on_samples_are_refused(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (function(inv)\nreturn inv.name .. 1 > 2\nend)", "p.lua:2: "},
        {"reject \"x\" (function(inv) end)",
         "p.lua:1: a function that decides ends here without an answer; write return false"},
        {"reject \"x\" (function(inv) return \"yes\" end)",
         "p.lua:1: the function answers a string; it must return true or false"},
        {"local function no() return nil end\nreject \"x\" (function(inv) return no() end)",
         "p.lua:2: the function answered nil; it must return true or false"},
        {"reject \"x\" (function(inv) return inv.name:byte(1) > 60 end)", "p.lua:1: "},
        {"reject \"x\" (function(inv) error(\"no\") end)",
         "p.lua:1: no (tried on a made-up invitation, one that has everything)"},
        {"reject \"x\" (function(inv) error({}) end)", "p.lua:1: raised table, not a message"},
        {"reject \"x\" (function(inv) while true do end end)",
         "p.lua:1: ran out of steps: 1000000"},
        {"reject \"x\" (function(inv) inv.name = \"a\" return true end)",
         "p.lua:1: an invitation cannot be changed"},
    };
    CHECK_REFUSALS(rows);
}

static void functions_see_nothing_but_the_invitation(void)
{
    static const struct refusal rows[] = {
        {"local c = older \"1h\"\nreject \"y\" (c)\nreject \"x\" (function(inv)\nreturn type(c) == "
         "\"a\" "
         "end)",
         "p.lua:3: a function that decides mentions the condition `c`"},
        {"reject \"x\" (function(inv) return sender == \"1\" end)",
         "p.lua:1: `sender` is a word for conditions; inside a function write inv.sender"},
        {"reject \"x\" (function(inv)\n local c = older \"1h\"\nreturn true end)",
         "p.lua:2: a function that decides reads the word `older`"},
        {"local n = 0\nreject \"x\" (function(inv)\n n = n + 1 return n > 3 end)",
         "p.lua:3: a function that decides assigns to `n`, which is outside it"},
        {"local n = 0\nlocal function more() n = n + 1 return n end\nreject \"x\" (function(inv) "
         "return more() > 3 end)",
         "p.lua:2: a function that decides assigns to `n`, which is outside it"},
        {"local t = {}\nreject \"x\" (function(inv)\n table.insert(t, 1) return #t > 3 end)",
         "p.lua:3: a table from outside a function cannot be changed inside it"},
        {"local t = { a = {} }\nlocal function keep_it(u) u.b = 1 end\nreject \"x\" (function(inv) "
         "keep_it(t.a) return true end)",
         "p.lua:2: a table from outside a function cannot be changed inside it"},
        {"reject \"x\" (function(inv) string.find = nil return true end)", "p.lua:1: "},
        {"local s = string\ns.find = nil\nreject \"x\" (always)",
         "p.lua:2: cannot change the library's find"},
        {"reject \"x\" (function(inv) return math.random() > 0 end)",
         "p.lua:1: math has no \"random\"; the same invitation gets the same answer"},
    };
    CHECK_REFUSALS(rows);
}

static void syntax_errors_say_what_is_expected(void)
{
    static const struct refusal rows[] = {
        {"reject \"x\" (always\n", "p.lua:2: ')' expected (to close '(' at line 1) near <eof>"},
        {"reject \"x\" (always && always)",
         "p.lua:1: unexpected symbol near '&'; write one & between conditions"},
        {"reject \"x\" (!always)", "p.lua:1: unexpected symbol near '!'; write ~="},
        {"// a comment", "p.lua:1: unexpected symbol near '//'"},
        {"\x1bLua", "p.lua: this is compiled Lua; give its text"},
    };
    CHECK_REFUSALS(rows);
}

static void lists_are_named_with_their_own_line(void)
{
    struct script_case c;
    static const struct refusal rows[] = {
        {"111122223333\n\n12 # secret\n",
         "ids.txt:3: sender: this line is of no use: it is no account id"},
        {"# nothing\n", "ids.txt:1: the list is empty; if it may be, write list { \"ids.txt\", "
                        "may_be_empty = true }"},
        {"111122223333\n\xff\n", "ids.txt:2: this line is not UTF-8"},
    };
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        case_write(&c, "ids.txt", rows[i].text);
        CHECK_INT(rows[i].text, case_load(&c, "reject \"x\" (sender (list \"ids.txt\"))"),
                  SPURN_E_POLICY);
        struct spurn_text got = text_of(case_error(&c)), want = text_of(rows[i].says);
        got.len = got.len > want.len ? want.len : got.len;
        CHECK_TEXT(rows[i].text, got, want);
        CHECK("never its text", strstr(c.err.text, "secret") == NULL);
    }
    case_clear(&c);
    static const struct refusal outside[] = {
        {"reject \"x\" (sender (list \"../ids.txt\"))",
         "p.lua:1: cannot read list ../ids.txt: a list lies beneath"},
        {"reject \"x\" (sender (list \"/etc/passwd\"))",
         "p.lua:1: cannot read list /etc/passwd: a list lies beneath"},
        {"reject \"x\" (sender (list \"none.txt\"))", "p.lua:1: cannot read list"},
        {"reject \"x\" (sender (list { }))", "p.lua:1: list names no file"},
    };
    CHECK_REFUSALS(outside);
}

static void parameters_are_checked_at_the_configuration_s_line(void)
{
    static const struct {
        const char *text, *settings, *says;
    } rows[] = {
        {"local p = params { after = \"6h\" }\nreject \"x\" (older(p.after))",
         "{\"params\":{\"aftr\":\"7h\"}}",
         "spurn.lua:7: policy \"p.lua\" has no parameter \"aftr\"; did you mean \"after\"?"},
        {"local p = params { after = \"6h\" }\nreject \"x\" (older(p.after))",
         "{\"params\":{\"after\":7}}",
         "spurn.lua:7: parameter \"after\" is a string, not a number"},
        {"local p = params { ours = required \"our own ids\" }\nreject \"x\" (sender(p.ours))",
         "{}", "spurn.lua:7: parameter \"ours\" is not set: our own ids"},
        {"reject \"x\" (always)", "{\"params\":{\"a\":1}}",
         "spurn.lua:7: policy \"p.lua\" has no parameter \"a\"; it has none"},
        {"reject \"x\" (always)", "{\"only\":{\"cloud\":\"azure\"}}",
         "spurn.lua:7: cloud \"azure\": it is no cloud"},
        {"reject \"x\" (always)", "{\"only\":{\"clod\":\"aws\"}}",
         "spurn.lua:7: only has no \"clod\"; did you mean \"cloud\"?"},
        {"reject \"x\" (always)", "{\"mode\":\"enforce\"}",
         "spurn.lua:7: a policy has no mode \"enforce\""},
        {"reject \"x\" (always)", "{\"params\":", "spurn.lua:7: cannot read JSON"},
        {"local p = params { after = \"6h\" }\nreject \"x\" (older(p.aftr))", NULL,
         "p.lua:2: there is no parameter \"aftr\"; did you mean \"after\"?"},
        {"local p = params { after = \"6h\" }\nlocal q = params { }", NULL,
         "p.lua:2: params may be written once only"},
        {"local p = params { ours = required \"our own ids\" }\nreject \"x\" (sender(p.ours))",
         NULL, "p.lua:1: parameter \"ours\" is not set: our own ids"},
    };
    struct script_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].says, case_load_with(&c, rows[i].text, rows[i].settings, NULL),
                  SPURN_E_POLICY);
        struct spurn_text got = text_of(case_error(&c)), want = text_of(rows[i].says);
        got.len = got.len > want.len ? want.len : got.len;
        CHECK_TEXT(rows[i].says, got, want);
    }
    case_clear(&c);
}

static void what_is_strict_still_lets_good_policies_through(void)
{
    static const char *const rows[] = {
        "local p = params { a = true, b = false }\nif p.a and not p.b then reject \"x\" (always) "
        "end",
        "local ids = { \"111122223333\" }\nfor i = 1, 3 do ids[#ids + 1] = \"00000000000\" .. i "
        "end\nreject \"x\" (sender(ids))",
        "local function is_odd(inv) return inv.created % 2 == 1 and inv.name ~= \"a\" end\nreject "
        "\"x\" (is_odd & older \"1h\")",
        "local words = { promo = true }\nreject \"x\" (function(inv)\n  for word in "
        "inv.name:gmatch(\"%a+\") do\n    if words[word:lower()] "
        "then return true end\n  end\n  return false\nend)",
        "local stale = older \"7d\"\nlocal odd = name { \"*tmp*\" }\nreject \"x\" { stale | ~odd, "
        "unless = cloud \"aws\" }",
        "local limit = seconds \"6h\"\nreject \"x\" (function(inv) return inv:has \"age\" and "
        "inv.age > limit end)",
        "local function old(d) return older(d) end\nreject \"x\" (old \"1h\")",
        "reject \"x\" (sender (list { \"ids.txt\", may_be_empty = true }))",
        "goto done\n::done::\nlocal x <const> = 1\nrepeat local y = x until y == 1\nreject \"x\" "
        "(always)",
        "reject \"x\" (function(inv)\n  local t = { b = 1, a = 2 }\n  local s = \"\"\n  for k in "
        "pairs(t) do s = s .. k end\n  return s == "
        "\"ab\"\nend)",
        "reject \"x\" (function(inv) return seconds \"1m\" == 60 end)",
        "local t = { 'a', 'b', x = 'y' }\nreject \"x\" (function(inv)\n  local n = 0\n  for _, s "
        "in ipairs(t) do n = n + #s end\n"
        "  for k in pairs(t) do n = n + 1 end\n  assert(n == 5 and #t == 2 and table.concat(t) == "
        "'ab' and select('#', "
        "table.unpack(t)) == 2)\n  assert(('x'):gsub('%w', t) == 'y' and type(t) == 'table' and "
        "next(t) == 1)\n  return true\nend)",
    };
    struct script_case c;
    case_init(&c);
    case_write(&c, "ids.txt", "\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        case_load(&c, rows[i]);
        CHECK_STR(rows[i], case_error(&c), "");
    }
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"and_or_not_are_refused_outside_functions", and_or_not_are_refused_outside_functions},
    {"unknown_words_get_the_nearest_one", unknown_words_get_the_nearest_one},
    {"stray_names_are_refused", stray_names_are_refused},
    {"a_word_takes_one_value_beside_it", a_word_takes_one_value_beside_it},
    {"options_fields_and_modes_are_spelt_right", options_fields_and_modes_are_spelt_right},
    {"a_rule_has_one_condition_and_a_condition_has_a_rule",
     a_rule_has_one_condition_and_a_condition_has_a_rule},
    {"only_conditions_stand_where_conditions_belong",
     only_conditions_stand_where_conditions_belong},
    {"every_other_operator_says_what_to_write", every_other_operator_says_what_to_write},
    {"values_that_never_match_are_refused", values_that_never_match_are_refused},
    {"functions_that_fault_on_samples_are_refused", functions_that_fault_on_samples_are_refused},
    {"functions_see_nothing_but_the_invitation", functions_see_nothing_but_the_invitation},
    {"syntax_errors_say_what_is_expected", syntax_errors_say_what_is_expected},
    {"lists_are_named_with_their_own_line", lists_are_named_with_their_own_line},
    {"parameters_are_checked_at_the_configuration_s_line",
     parameters_are_checked_at_the_configuration_s_line},
    {"what_is_strict_still_lets_good_policies_through",
     what_is_strict_still_lets_good_policies_through},
};

UNIT_MAIN(tests)

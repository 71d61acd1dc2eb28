/* script_mistakes_test.c - what people get wrong in a policy: nothing of it is silently something else. */
#include <dirent.h>

#include "cloud/cloud.h"
#include "script_case.h"

/* ---- the corpus: tests/mistakes ---- */

/*
 * Each file of tests/mistakes holds cases: what somebody does, the policy that they write, and what they are told.
 *
 *     === and between two conditions
 *     reject "stale" (older "6h" and name "test-*")
 *     >>> p.lua:1: `and` would drop a condition without a trace; write &
 *
 * A policy that loads is put to lint, whose complaints begin with "warning" or "error". "<<<" before the policy is what the
 * configuration says of it. Where nothing is said there is no mistake: only right.txt holds such cases.
 */
enum { CASE_LEN = 8 * 1024, LINE_LEN = 1024, MISTAKES_LEAST = 150, RIGHT_LEAST = 60 };

static const struct script_place targets[] = {
    {{"aws", 3}, {"111122223333", 12}, {"us-east-1", 9}, 7 * 24 * 3600, true},
    {{"aws", 3}, {"111122223333", 12}, {"eu-west-1", 9}, 7 * 24 * 3600, true},
    {{"alibaba", 7}, {"1234567890123456", 16}, {"cn-hangzhou", 11}, 7 * 24 * 3600, false},
};

struct corpus {
    struct script_case c;
    struct buf title, text, settings, want, got; /* of one case */
    size_t mistakes, rights;
};

/* The case's own folder is left out. */
static void add_told(struct corpus *k, const char *before, const char *told)
{
    char folder[80];
    int len = snprintf(folder, sizeof folder, "%s/", k->c.folder);
    buf_addf(&k->got, ">>> %s", before);
    for (const char *at = told, *next; *at != '\0'; at = next) {
        next = strstr(at, folder);
        buf_add(&k->got, at, next != NULL ? (size_t)(next - at) : strlen(at));
        next = next != NULL ? next + len : at + strlen(at);
    }
    buf_add_str(&k->got, "\n");
}

static void hear(void *context, const struct script_complaint *complaint)
{
    struct corpus *k = context;
    char text[LINE_LEN];
    snprintf(text, sizeof text, "%s:%d: %s", complaint->path, complaint->line, complaint->text);
    add_told(k, complaint->is_error ? "error " : "warning ", text);
}

static void check_case(struct corpus *k, bool may_be_right)
{
    struct spurn_error err = {0};
    if (k->title.len == 0)
        return;
    const char *settings = k->settings.len > 0 ? buf_str(&k->settings) : NULL;
    if (case_load_with(&k->c, buf_str(&k->text), settings, NULL) != SPURN_OK)
        add_told(k, "", k->c.err.text);
    else
        CHECK_INT(buf_str(&k->title),
                  script_lint(k->c.script, targets, sizeof targets / sizeof targets[0], CASE_NOW_MS,
                              cloud_has_region, hear, k, &err),
                  SPURN_OK);
    CHECK_STR(buf_str(&k->title), buf_str(&k->got), buf_str(&k->want));
    CHECK_STR(buf_str(&k->title), k->want.len == 0 && !may_be_right ? "is right" : "", "");
    k->mistakes += k->want.len > 0;
    k->rights += k->want.len == 0;
}

static void begin_case(struct corpus *k, const char *title)
{
    struct buf *const all[] = {&k->title, &k->text, &k->settings, &k->want, &k->got};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_reset(all[i]);
    buf_add_str(&k->title, title);
}

static void check_file(struct corpus *k, const char *name)
{
    char path[320], line[LINE_LEN];
    snprintf(path, sizeof path, "tests/mistakes/%s", name);
    FILE *file = fopen(path, "r");
    bool may_be_right = strcmp(name, "right.txt") == 0;
    if (file == NULL)
        abort();
    begin_case(k, "");
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "=== ", 4) == 0) {
            check_case(k, may_be_right);
            begin_case(k, line);
        } else if (strncmp(line, ">>> ", 4) == 0) {
            buf_add_str(&k->want, line);
        } else if (strncmp(line, "<<< ", 4) == 0) {
            buf_add_str(&k->settings, line + 4);
        } else if (k->want.len == 0) {
            buf_add_str(&k->text, line);
        }
    }
    check_case(k, may_be_right);
    fclose(file);
}

static void what_people_get_wrong_is_told_and_what_is_right_is_not(void)
{
    struct corpus k = {0};
    struct buf *const all[] = {&k.title, &k.text, &k.settings, &k.want, &k.got};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_init(all[i], CASE_LEN);
    case_init(&k.c);
    case_write(&k.c, "ids.txt", "111122223333\r\n# ours\n\n444455556666 # theirs\n");
    case_write(&k.c, "names.txt", "# names\npromo-*\n");
    case_write(&k.c, "empty.txt", "# nobody yet\n");
    DIR *d = opendir("tests/mistakes");
    if (d == NULL)
        abort();
    struct dirent *entry;
    while ((entry = readdir(d)) != NULL)
        if (strstr(entry->d_name, ".txt") != NULL)
            check_file(&k, entry->d_name);
    closedir(d);
    CHECK("enough mistakes", k.mistakes >= MISTAKES_LEAST);
    CHECK("enough that is right", k.rights >= RIGHT_LEAST);
    printf("script_mistakes_test: %zu mistakes told, %zu right policies left in peace\n",
           k.mistakes, k.rights);
    char empty[160];
    snprintf(empty, sizeof empty, "%s/empty.txt", k.c.folder);
    unlink(empty);
    case_clear(&k.c);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_clear(all[i]);
}

/* ---- what is told of parts ---- */

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
         "p.lua:1: an id is a string, since leading zeros matter; write \"111122223333\""},
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
         "p.lua:1: malformed number near '1h'; text and durations stand in quotes"},
        {"reject “x” (always)",
         "p.lua:1: syntax error near '<\\226>'; Lua does not know the character"},
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
    {"what_people_get_wrong_is_told_and_what_is_right_is_not",
     what_people_get_wrong_is_told_and_what_is_right_is_not},
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

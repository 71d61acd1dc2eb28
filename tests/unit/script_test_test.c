/* script_test_test.c - policy tests pass when the promise holds, fail when it does not, and say what is wrong with themselves. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script/script.h"

/* ---- a folder for a policy and its test ---- */

static const char *const FILES[] = {"p.lua", "q.lua", "p_test.lua", "ids.txt"};

struct folder {
    char path[512];
};

static void folder_init(struct folder *f)
{
    const char *parent = getenv("TMPDIR");
    snprintf(f->path, sizeof f->path, "%s/spurn-test-XXXXXX", parent ? parent : P_tmpdir);
    if (mkdtemp(f->path) == NULL)
        abort();
}

static void file_in(const struct folder *f, const char *name, char out[640])
{
    snprintf(out, 640, "%s/%s", f->path, name);
}

static void folder_write(const struct folder *f, const char *name, const char *text)
{
    char path[640];
    file_in(f, name, path);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static void folder_clear(struct folder *f)
{
    char path[640];
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        file_in(f, FILES[i], path);
        unlink(path);
    }
    rmdir(f->path);
}

/* ---- what a run reported ---- */

struct reported {
    int passed, failed;
    int line;                 /* of the last test */
    char got[512], want[512]; /* of the last that failed */
    char why[8192];           /* the same, its lines joined by newlines */
};

static void note(void *context, const struct script_test *test)
{
    struct reported *r = context;
    r->line = test->line;
    if (test->passed) {
        r->passed++;
        return;
    }
    r->failed++;
    snprintf(r->got, sizeof r->got, "%.*s", TEXT_ARG(test->got));
    snprintf(r->want, sizeof r->want, "%.*s", TEXT_ARG(test->want));
    r->why[0] = '\0';
    for (size_t i = 0; i < test->why_count; i++) {
        size_t len = strlen(r->why);
        snprintf(r->why + len, sizeof r->why - len, "%s%.*s", i > 0 ? "\n" : "",
                 TEXT_ARG(test->why[i]));
    }
}

static enum spurn_status run_some(const struct folder *f, const char *pattern, struct reported *r,
                                  struct spurn_error *err)
{
    char path[640];
    const struct script_test_options options = {
        .run = text_of(pattern), .test = note, .context = r};
    file_in(f, "p_test.lua", path);
    *r = (struct reported){0};
    *err = (struct spurn_error){0};
    return script_run_tests(path, &options, err);
}

static enum spurn_status run(const struct folder *f, struct reported *r, struct spurn_error *err)
{
    return run_some(f, NULL, r, err);
}

static const char POLICY[] =
    "local p = params { ours = { '111122223333' }, after = '6h' }\n"
    "keep 'our own accounts' (sender (p.ours))\n"
    "reject 'unanswered' { older (p.after), reason = '{sender} is {age} old' }\n"
    "reject 'watched' { name 'watch-*', mode = 'observe' }\n"
    "reject 'broken' (function(inv)\n"
    "    if inv.name == 'break' then error 'boom' end\n"
    "    return inv.name == 'fine'\n"
    "end)\n";

/* One `test` about POLICY, its fields given. */
struct asked {
    const char *label, *fields;
};

static enum spurn_status ask(const char *fields, struct reported *r, struct spurn_error *err)
{
    struct folder f = {0};
    char text[1024];
    folder_init(&f);
    folder_write(&f, "p.lua", POLICY);
    snprintf(text, sizeof text, "policy 'p.lua'\ntest 'it' { %s }\n", fields);
    folder_write(&f, "p_test.lua", text);
    enum spurn_status status = run(&f, r, err);
    folder_clear(&f);
    return status;
}

static void check_asked(const struct asked *cases, size_t count, int passed)
{
    for (size_t i = 0; i < count; i++) {
        struct reported r;
        struct spurn_error err;
        CHECK_INT(cases[i].label, ask(cases[i].fields, &r, &err), SPURN_OK);
        CHECK_STR(cases[i].label, err.text, "");
        CHECK_INT(cases[i].label, r.passed, passed);
        CHECK_INT(cases[i].label, r.failed, 1 - passed);
        CHECK_INT(cases[i].label, r.line, 2);
        if (r.failed != 1 - passed)
            printf("  got %s, want %s\n", r.got, r.want);
    }
}

static void a_promise_that_holds_passes(void)
{
    static const struct asked cases[] = {
        {"reject", "age = '7h', expect = 'reject'"},
        {"reject by rule", "age = '7h', expect = 'reject', rule = 'unanswered'"},
        {"reject by a later match",
         "age = '7h', name = 'fine', expect = 'reject', rule = 'broken'"},
        {"reason", "age = '7h12m', expect = 'reject', reason = '999999999999 is 7h12m old'"},
        {"keep", "sender = '111122223333', age = '7h', expect = 'keep', rule = 'our own accounts'"},
        {"the rejecting rule of what is kept",
         "sender = '111122223333', age = '7h', expect = 'keep', rule = 'unanswered'"},
        {"none", "expect = 'none'"},
        {"none, decided", "expect = 'none', undecided = false"},
        {"undecided is none", "sender = false, age = '7h', expect = 'none'"},
        {"undecided", "sender = false, age = '7h', expect = 'none', undecided = true"},
        {"the rule in doubt",
         "sender = false, age = '7h', expect = 'none', rule = 'our own accounts'"},
        {"observed", "name = 'watch-1', expect = 'none', observe = 'watched'"},
        {"fault", "name = 'break', expect = 'none', fault = true"},
        {"a fault shields nobody", "name = 'break', age = '7h', expect = 'reject', fault = true"},
        {"an hour old", "created = '2026-01-15T11:00:00Z', expect = 'none'"},
        {"noon", "created = '2026-01-15T06:00:00Z', expect = 'reject'"},
        {"another clock",
         "now = '2026-11-22T09:00:00Z', created = '2026-11-22T02:00:00Z', expect = 'reject'"},
        {"no date", "created = false, expect = 'none'"},
        {"no age", "age = false, expect = 'none'"},
    };
    check_asked(cases, sizeof cases / sizeof cases[0], 1);
}

static void a_promise_that_is_broken_fails(void)
{
    static const struct asked cases[] = {
        {"not rejected", "expect = 'reject'"},
        {"not kept", "age = '7h', expect = 'keep'"},
        {"not left alone", "age = '7h', expect = 'none'"},
        {"another rule", "age = '7h', expect = 'reject', rule = 'broken'"},
        {"no such rule", "age = '7h', expect = 'reject', rule = 'unanswerd'"},
        {"another reason", "age = '7h', expect = 'reject', reason = '999999999999 is 7h'"},
        {"not undecided", "expect = 'none', undecided = true"},
        {"undecided", "sender = false, age = '7h', expect = 'none', undecided = false"},
        {"not observed", "name = 'other', expect = 'none', observe = 'watched'"},
        {"observed by a rule that acts", "age = '7h', expect = 'reject', observe = 'unanswered'"},
        {"a fault that nobody expects", "name = 'break', expect = 'none'"},
        {"no fault", "expect = 'none', fault = true"},
    };
    check_asked(cases, sizeof cases / sizeof cases[0], 0);
}

static void a_failing_test_says_what_came_and_what_was_wanted(void)
{
    static const struct {
        const char *fields, *got, *want;
    } cases[] = {
        {"expect = 'reject'", "none", "reject"},
        {"age = '7h', expect = 'keep'", "reject by rule \"unanswered\"", "keep"},
        {"age = '7h', expect = 'reject', reason = 'x'",
         "reject by rule \"unanswered\", reason \"999999999999 is 7h old\"",
         "reject, reason \"x\""},
        {"age = '7h', expect = 'reject', rule = 'broken'",
         "reject by rule \"unanswered\", matching p/unanswered", "reject by rule \"broken\""},
        {"age = '7h', expect = 'reject', rule = 'unanswerd'",
         "reject by rule \"unanswered\", matching p/unanswered; no policy here has a rule "
         "\"unanswerd\"",
         "reject by rule \"unanswerd\""},
        {"expect = 'none', undecided = true", "none", "undecided"},
        {"sender = false, age = '7h', expect = 'none', undecided = false",
         "undecided by rule \"our own accounts\"", "none, not undecided"},
        {"expect = 'none', fault = true", "none; no fault", "none, and a fault"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reported r;
        struct spurn_error err;
        CHECK_INT(cases[i].fields, ask(cases[i].fields, &r, &err), SPURN_OK);
        CHECK_STR(cases[i].fields, r.got, cases[i].got);
        CHECK_STR(cases[i].fields, r.want, cases[i].want);
    }
    struct reported r;
    struct spurn_error err;
    ask("name = 'break', expect = 'none'", &r, &err);
    CHECK("fault",
          strstr(r.got, "undecided by rule \"broken\"; fault in rule \"broken\": ") == r.got);
    CHECK("fault", strstr(r.got, "p.lua:6: boom") != NULL);
    CHECK_STR("fault", r.want, "none, and no fault");
}

/* ---- every field reaches the policy, and has its default ---- */

static void check_seen(const char *label, const char *fields, const char *condition)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    char text[1024];
    folder_init(&f);
    snprintf(text, sizeof text, "reject 'seen' (function(inv) return %s end)\n", condition);
    folder_write(&f, "p.lua", text);
    snprintf(text, sizeof text, "policy 'p.lua'\ntest 'it' { expect = 'reject', %s }\n", fields);
    folder_write(&f, "p_test.lua", text);
    CHECK_INT(label, run(&f, &r, &err), SPURN_OK);
    CHECK_STR(label, err.text, "");
    CHECK_INT(label, r.passed, 1);
    if (r.passed != 1)
        printf("  %s\n", r.got);
    folder_clear(&f);
}

static void every_field_reaches_the_policy(void)
{
    static const struct {
        const char *fields, *condition;
    } cases[] = {
        {"", "inv.cloud == 'aws' and inv.region == 'us-east-1' and inv.sender == '999999999999'"},
        {"", "inv.name == 'example-share' and inv.age == 3600 and inv.account == '123456789012'"},
        {"", "inv.id:find('^arn:aws:ram:us%-east%-1:999999999999:resource%-share%-invitation/') ~= "
             "nil"},
        {"", "inv.share:find('^arn:aws:ram:us%-east%-1:999999999999:resource%-share/') ~= nil"},
        {"", "not inv:has 'receiver_arn'"},
        {"cloud = 'alibaba'", "inv.cloud == 'alibaba' and inv.region == 'cn-hangzhou'"},
        {"cloud = 'alibaba'", "#inv.sender == 16 and #inv.account == 16"},
        {"cloud = 'alibaba'", "inv.id:find '^i%-' ~= nil"},
        {"region = 'eu-west-1', sender = '123123123123'",
         "inv.id:find('^arn:aws:ram:eu%-west%-1:123123123123:') ~= nil"},
        {"region = 'eu-west-1'", "inv.region == 'eu-west-1'"},
        {"region = 'us-gov-west-1'", "inv.region == 'us-gov-west-1'"},
        {"cloud = 'alibaba', region = 'cn-wuhan-lr'", "inv.region == 'cn-wuhan-lr'"},
        {"cloud = 'alibaba', region = 'us-west-1', sender = '0123456789012345'",
         "inv.region == 'us-west-1' and inv.sender == '0123456789012345'"},
        {"account = '012345678901'", "inv.account == '012345678901'"},
        {"sender = '012345678901'", "inv.sender == '012345678901'"},
        {"id = 'i-1'", "inv.id == 'i-1'"},
        {"share = 'rs-1'", "inv.share == 'rs-1'"},
        {"name = ''", "inv.name == ''"},
        {"name = false", "not inv:has 'name'"},
        {"sender = false", "not inv:has 'sender'"},
        {"share = false", "not inv:has 'share'"},
        {"receiver_arn = 'arn:aws:iam::1:role/x'", "inv.receiver_arn == 'arn:aws:iam::1:role/x'"},
        {"age = '2h'", "inv.age == 7200 and inv.created == inv.now - 7200"},
        {"age = '0s', name = 'new'", "inv.age == 0 and inv.name == 'new'"},
        {"created = false", "not inv:has 'created' and not inv:has 'age'"},
        {"created = '2026-01-15T11:59:00Z'", "inv.age == 60"},
        {"now = '2001-09-09T01:46:40Z'", "inv.now == 1000000000"},
        {"first_seen = '2h', times_seen = 3",
         "inv.first_seen == inv.now - 7200 and inv.times_seen == 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_seen(cases[i].condition, cases[i].fields, cases[i].condition);
}

/* ---- mistakes in test files ---- */

struct mistaken {
    const char *label, *text, *error; /* error: what follows the path */
};

static void check_mistaken(const struct mistaken *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct folder f = {0};
        struct reported r;
        struct spurn_error err;
        folder_init(&f);
        folder_write(&f, "p.lua", POLICY);
        folder_write(&f, "p_test.lua", cases[i].text);
        CHECK_INT(cases[i].label, run(&f, &r, &err), SPURN_E_POLICY);
        const char *after = strstr(err.text, "p_test.lua");
        CHECK_STR(cases[i].label, after != NULL ? after + strlen("p_test.lua") : err.text,
                  cases[i].error);
        CHECK_INT(cases[i].label, r.passed + r.failed, 0);
        folder_clear(&f);
    }
}

#define MISTAKEN(cases) check_mistaken(cases, sizeof cases / sizeof cases[0])

static void a_file_that_tests_nothing_is_an_error(void)
{
    static const struct mistaken cases[] = {
        {"empty", "", ":1: no policy is tested here: name one, policy \"strangers.lua\""},
        {"no test", "policy 'p.lua'",
         ":1: there is no test here: add one, test \"a stale one goes\" { age = \"7h\", expect = "
         "\"reject\" }"},
        {"no policy", "test 'it' { expect = 'none' }",
         ":1: no policy is tested here: name one, policy \"strangers.lua\""},
        {"no fields", "policy 'p.lua'\ntest 'it'",
         ":2: test \"it\" expects nothing: add { expect = \"reject\" }"},
        {"no expectation", "policy 'p.lua'\ntest 'it' { age = '7h' }",
         ":2: test \"it\": expect is missing: expect = \"reject\", \"keep\" or \"none\""},
    };
    MISTAKEN(cases);
}

static void a_misspelt_test_is_an_error(void)
{
    static const struct mistaken cases[] = {
        {"field", "test 'it' { sendr = '1', expect = 'none' }",
         ":1: test \"it\" has no option \"sendr\": did you mean \"sender\"?"},
        {"word", "tset 'it' {}", ":1: unknown word \"tset\": did you mean \"test\"?"},
        {"a policy", "reject 'x' (always)",
         ":1: reject belongs in policies: this is a policy, not a test file; a test file names it, "
         "policy \"FILE\""},
        {"nil", "local t = {}\ntest 'it' { age = t.typo, expect = 'none' }",
         ":2: test \"it\": a value in its table is nil, or is given twice; is a name misspelt?"},
        {"expect", "test 'it' { expect = 'rejected' }",
         ":1: test \"it\": expect must be \"reject\", \"keep\", \"none\", not \"rejected\""},
        {"cloud", "test 'it' { cloud = 'azure', expect = 'none' }",
         ":1: test \"it\": cloud must be \"aws\", \"alibaba\", not \"azure\""},
        {"no cloud", "test 'it' { cloud = false, expect = 'none' }",
         ":1: test \"it\": cloud must be \"aws\", \"alibaba\", not false"},
        {"a number for an id", "test 'it' { sender = 1, expect = 'none' }",
         ":1: test \"it\": sender must be a string, or false to leave it out, not 1"},
        {"11 digits", "test 'it' { sender = '44445555666', expect = 'none' }",
         ":1: test \"it\": sender \"44445555666\" is no account id at AWS: write 12 digits"},
        {"2 digits", "test 'it' { account = '99', expect = 'none' }",
         ":1: test \"it\": account \"99\" is no account id at AWS: write 12 digits"},
        {"no digits", "test 'it' { sender = 'somebody1234', expect = 'none' }",
         ":1: test \"it\": sender \"somebody1234\" is no account id at AWS: write 12 digits"},
        {"an id of the other cloud",
         "test 'it' { cloud = 'alibaba', sender = '111122223333', expect = 'none' }",
         ":1: test \"it\": sender \"111122223333\" is no account id at Alibaba Cloud: write 16 "
         "digits"},
        {"no region", "test 'it' { region = 'us-east1', expect = 'none' }",
         ":1: test \"it\": region \"us-east1\" is no region of AWS: write one such as "
         "\"us-east-1\""},
        {"a region of the other cloud", "test 'it' { region = 'cn-hangzhou', expect = 'none' }",
         ":1: test \"it\": region \"cn-hangzhou\" is no region of AWS: write one such as "
         "\"us-east-1\""},
        {"no region at Alibaba Cloud",
         "test 'it' { cloud = 'alibaba', region = 'hangzhou', expect = 'none' }",
         ":1: test \"it\": region \"hangzhou\" is no region of Alibaba Cloud: write one such as "
         "\"cn-hangzhou\""},
        {"a comma", "policy 'p.lua', {}",
         ":1: syntax error near ','; leave the comma out: policy FILE { PARAMETERS }"},
        {"a comma behind the name", "test 'it', { expect = 'none' }",
         ":1: syntax error near ','; leave the comma out: test NAME { FIELDS }"},
        {"age", "test 'it' { age = '7 h', expect = 'none' }",
         ":1: test \"it\": age must be a duration such as \"7h\", or false to leave it out, not "
         "\"7 h\""},
        {"created", "test 'it' { created = '2026-02-30T00:00:00Z', expect = 'none' }",
         ":1: test \"it\": created must be an instant such as \"2026-11-22T03:00:00Z\", or false "
         "to "
         "leave it out, not \"2026-02-30T00:00:00Z\""},
        {"age and created", "test 'it' { age = '7h', created = false, expect = 'none' }",
         ":1: test \"it\": created and age say the same thing: give one of them"},
        {"undecided", "test 'it' { undecided = true, expect = 'keep' }",
         ":1: test \"it\": undecided = true goes with expect = \"none\", since what is undecided "
         "stays "
         "pending"},
        {"two of a name", "test 'it' { expect = 'none' }\ntest 'it' { expect = 'none' }",
         ":2: test \"it\" has the name of the test in line 1: give each a name of its own"},
        {"status", "test 'it' { status = 'EXPIRED', expect = 'none' }",
         ":1: test \"it\": status cannot be given: every invitation of a test is pending"},
        {"expires", "test 'it' { expires = '2026-02-01T00:00:00Z', expect = 'none' }",
         ":1: test \"it\": expires cannot be given: AWS tells of none, and at Alibaba Cloud it is "
         "seven days after created"},
        {"rejected", "test 'it' { rejected = '2d', expect = 'none' }",
         ":1: test \"it\": rejected must be a list of how long ago, such as { \"2d\", \"9d\" }, or "
         "a number: so many, just now, not \"2d\""},
        {"seen", "test 'it' { seen = { 2 }, expect = 'none' }",
         ":1: test \"it\": seen must be a list of how long ago, such as { \"2d\", \"9d\" }, or a "
         "number: so many, just now, not this table"},
        {"keyed", "test 'it' { seen = { x = '2d' }, expect = 'none' }",
         ":1: test \"it\": seen must be a list of how long ago, such as { \"2d\", \"9d\" }, or a "
         "number: so many, just now, not this table"},
        {"below zero", "test 'it' { seen = -1, expect = 'none' }",
         ":1: test \"it\": seen must be a list of how long ago, such as { \"2d\", \"9d\" }, or a "
         "number: so many, just now, not -1"},
        {"nil in a list", "local t = {}\ntest 'it' { seen = { '2d', t.typo }, expect = 'none' }",
         ":2: test \"it\": seen: a value in its table is nil, or is given twice; is a name "
         "misspelt?"},
        {"journal", "test 'it' { journal = true, expect = 'none' }",
         ":1: test \"it\": journal must be a duration such as \"7h\", its age, or false to leave "
         "it "
         "out, not true"},
        {"older than the journal",
         "test 'it' { rejected = { '2d', '9d' }, journal = '3d', expect = 'none' }",
         ":1: test \"it\": rejected is older than the journal: nothing of it would be known"},
        {"without a journal", "test 'it' { seen = 1, journal = false, expect = 'none' }",
         ":1: test \"it\": seen needs a journal: journal = false says that nothing is remembered"},
        {"a type without a service", "test 'it' { resources = { 'Subnet' }, expect = 'none' }",
         ":1: test \"it\": resources must be a list of types such as { \"ec2:Subnet\" }, or of { "
         "arn "
         "= \"...\", type = \"...\" }, or false to leave it out, not this table"},
        {"a misspelt resource",
         "test 'it' { resources = { { typ = 'ec2:Subnet' } }, expect = 'none' }",
         ":1: test \"it\": resources must be a list of types such as { \"ec2:Subnet\" }, or of { "
         "arn "
         "= \"...\", type = \"...\" }, or false to leave it out, not this table"},
        {"no cloud tells", "test 'it' { cloud = 'alibaba', resources = {}, expect = 'none' }",
         ":1: test \"it\": resources are told by AWS only"},
        {"an assignment", "x = 1", ":1: unknown setting \"x\" (a value of your own is local)"},
    };
    MISTAKEN(cases);
}

static void a_policy_that_does_not_load_is_an_error(void)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    char path[640];
    folder_init(&f);
    folder_write(&f, "p_test.lua", "policy 'p.lua'\ntest 'it' { expect = 'none' }\n");
    file_in(&f, "p_test.lua", path);
    CHECK("no policy", run(&f, &r, &err) != SPURN_OK);
    CHECK("no policy", strstr(err.text, "p.lua") != NULL);
    folder_write(&f, "p.lua", "reject 'x' (sendr '1')\n");
    CHECK_INT("misspelt", run(&f, &r, &err), SPURN_E_POLICY);
    CHECK("misspelt", strstr(err.text, "p.lua:1: ") != NULL);
    folder_write(&f, "p_test.lua",
                 "\npolicy 'p.lua' { aftr = '7h' }\ntest 'it' { expect = 'none' }\n");
    folder_write(&f, "p.lua", POLICY);
    CHECK_INT("parameter", run(&f, &r, &err), SPURN_E_POLICY);
    CHECK("parameter", strstr(err.text, "p_test.lua:2") != NULL);
    CHECK("parameter", strstr(err.text, "aftr") != NULL);
    CHECK_INT("", r.passed + r.failed, 0);
    folder_clear(&f);
}

static void several_policies_are_asked_together(void)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    folder_init(&f);
    folder_write(&f, "p.lua", "reject 'all' (always)\n");
    folder_write(
        &f, "q.lua",
        "local p = params { ours = required 'ids' }\nkeep 'listed' (sender (list (p.ours)))\n");
    folder_write(&f, "ids.txt", "111122223333\n");
    folder_write(&f, "p_test.lua",
                 "policy 'p.lua'\npolicy 'q.lua' { ours = 'ids.txt' }\n"
                 "test 'kept' { sender = '111122223333', expect = 'keep', rule = 'listed' }\n"
                 "test 'gone' { expect = 'reject', rule = 'all' }\n");
    CHECK_INT("", run(&f, &r, &err), SPURN_OK);
    CHECK_STR("", err.text, "");
    CHECK_INT("", r.passed, 2);
    CHECK_INT("", r.failed, 0);
    folder_clear(&f);
}

/* A fault is counted a sweep; a test is a sweep of its own. */
static void tests_do_not_see_each_other(void)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    folder_init(&f);
    folder_write(&f, "p.lua", POLICY);
    folder_write(&f, "p_test.lua",
                 "policy 'p.lua'\n"
                 "test 'a' { name = 'break', expect = 'none', fault = true }\n"
                 "test 'b' { name = 'fine', expect = 'reject' }\n");
    CHECK_INT("", run(&f, &r, &err), SPURN_OK);
    CHECK_INT("", r.passed, 2);
    CHECK_INT("", r.line, 3);
    folder_clear(&f);
}

/* ---- what lies before, and what is shared ---- */

/* One `test` about `policy`, its fields given: does it pass? */
static void check_one(const char *policy, const char *fields, bool passes)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    char text[1024], label[1024];
    snprintf(label, sizeof label, "%s { %s }", policy, fields);
    folder_init(&f);
    folder_write(&f, "p.lua", policy);
    snprintf(text, sizeof text, "policy 'p.lua'\ntest 'it' { %s }\n", fields);
    folder_write(&f, "p_test.lua", text);
    CHECK_INT(label, run(&f, &r, &err), SPURN_OK);
    CHECK_STR(label, err.text, "");
    CHECK_INT(label, r.passed, passes);
    CHECK_INT(label, r.failed, !passes);
    folder_clear(&f);
}

static void a_test_has_a_past_of_its_own(void)
{
    static const char rejected[] = "reject 'r' (rejected_before { times = 3, within = '30d' })\n";
    static const char seen[] = "reject 's' (seen_before { times = 2, within = '7d' })\n";
    static const struct {
        const char *policy, *fields;
    } cases[] = {
        {rejected, "expect = 'none', undecided = false"},
        {rejected, "rejected = { '1d', '2d', '30d' }, expect = 'reject'"},
        {rejected, "rejected = { '1d', '2d', '30d1s' }, expect = 'none', undecided = false"},
        {rejected, "rejected = { '1d', '2d' }, expect = 'none', undecided = false"},
        {rejected, "rejected = {}, expect = 'none', undecided = false"},
        {rejected, "rejected = 3, expect = 'reject'"},
        {rejected, "rejected = 2, expect = 'none', undecided = false"},
        {rejected, "seen = 3, expect = 'none', undecided = false"},
        {rejected, "rejected = 3, now = '1970-01-02T00:00:00Z', expect = 'reject'"},
        {rejected,
         "rejected = 2, now = '1970-01-02T00:00:00Z', expect = 'none', undecided = false"},
        {rejected, "rejected = 2, journal = '29d', expect = 'none', undecided = true"},
        {rejected, "rejected = 2, journal = '30d', expect = 'none', undecided = false"},
        {rejected, "rejected = 3, journal = '1d', expect = 'reject'"},
        {rejected, "journal = false, expect = 'none', undecided = true"},
        {seen, "seen = { '7d', '1s' }, expect = 'reject'"},
        {seen, "seen = { '8d', '1s' }, expect = 'none', undecided = false"},
        {seen, "rejected = 2, expect = 'reject'"}, /* what was rejected was seen */
        {seen, "rejected = 2, seen = 1, expect = 'none', undecided = false"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_one(cases[i].policy, cases[i].fields, true);
    check_one(rejected, "rejected = 2, expect = 'reject'", false);
}

static void a_test_says_what_is_shared(void)
{
    static const char subnets[] = "reject 'r' (resource_type 'ec2:Subnet')\n";
    static const char only[] = "reject 'r' (only_resource_type 'ec2:*')\n";
    static const char none[] = "reject 'r' (function(inv) return #inv:resources() == 0 end)\n";
    static const char first[] = "reject 'r' (function(inv)\n"
                                "    local shared = inv:resources()\n"
                                "    return #shared > 0 and shared[1].arn == '%s'\n"
                                "end)\n";
    static const struct {
        const char *policy, *fields;
    } cases[] = {
        {subnets, "expect = 'none', undecided = true"},
        {subnets, "resources = false, expect = 'none', undecided = true"},
        {none, "resources = {}, expect = 'reject'"},
        {none, "resources = false, expect = 'none', undecided = true"},
        {subnets, "resources = { 'ec2:Subnet' }, expect = 'reject'"},
        {subnets, "resources = { 'ec2:PrefixList', 'ec2:Subnet' }, expect = 'reject'"},
        {subnets, "resources = { 'ec2:PrefixList' }, expect = 'none', undecided = false"},
        {subnets, "resources = { { type = 'ec2:Subnet' } }, expect = 'reject'"},
        {only, "resources = { 'ec2:Subnet', 'ec2:PrefixList' }, expect = 'reject'"},
        {only, "resources = { 'ec2:Subnet', 'rds:Cluster' }, expect = 'none', undecided = false"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_one(cases[i].policy, cases[i].fields, true);
    char policy[512];
    snprintf(policy, sizeof policy, first, "arn:aws:x:1");
    check_one(policy,
              "resources = { { arn = 'arn:aws:x:1', type = 'ec2:Subnet' } }, expect = 'reject'",
              true);
    snprintf(policy, sizeof policy, first, "arn:aws:ec2:eu-west-1:123123123123:subnet/example-1");
    check_one(policy,
              "region = 'eu-west-1', sender = '123123123123', resources = { 'ec2:Subnet' }, "
              "expect = 'reject'",
              true);
}

/* ---- the explanation of a failure ---- */

static void a_failing_test_shows_the_rules_that_matter(void)
{
    static const struct {
        const char *fields, *why;
    } cases[] = {
        {"expect = 'reject', rule = 'unanswered'", "reject \"unanswered\", line 3: false\n"
                                                   "  older \"6h\": false (age = 1h)"},
        {"age = '7h', expect = 'none'", "reject \"unanswered\", line 3: true\n"
                                        "  older \"6h\": true (age = 7h)"},
        {"age = '7h', expect = 'keep'",
         "keep \"our own accounts\", line 2: false\n"
         "  sender \"111122223333\": false (sender = \"999999999999\")\n"
         "reject \"unanswered\", line 3: true\n"
         "  older \"6h\": true (age = 7h)"},
        {"expect = 'none', observe = 'watched'", "reject \"watched\", line 4: false, observed\n"
                                                 "  name \"watch-*\": false (name = "
                                                 "\"example-share\")"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reported r;
        struct spurn_error err;
        CHECK_INT(cases[i].fields, ask(cases[i].fields, &r, &err), SPURN_OK);
        CHECK_STR(cases[i].fields, r.why, cases[i].why);
    }
    struct reported r;
    struct spurn_error err;
    ask("name = 'break', expect = 'none'", &r, &err);
    CHECK("fault", strstr(r.why, "reject \"broken\", line 5: unknown (") != NULL);
    CHECK("fault", strstr(r.why, "p.lua:6: boom") != NULL);
    CHECK("nothing that is settled", strstr(r.why, "unanswered") == NULL);
}

/* What is in doubt is no news while something else decides. */
static void doubt_is_shown_where_it_decides(void)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    folder_init(&f);
    folder_write(&f, "p.lua",
                 "reject 'stale' (older '6h')\nreject 'r' (resource_type 'ec2:Subnet')\n");
    folder_write(&f, "p_test.lua", "policy 'p.lua'\ntest 'it' { age = '7h', expect = 'none' }\n");
    CHECK_INT("", run(&f, &r, &err), SPURN_OK);
    CHECK("stale", strstr(r.why, "\"stale\", line 1: true") != NULL);
    CHECK("no doubt", strstr(r.why, "\"r\"") == NULL);
    folder_write(&f, "p_test.lua",
                 "policy 'p.lua'\ntest 'it' { expect = 'none', undecided = false }\n");
    CHECK_INT("", run(&f, &r, &err), SPURN_OK);
    CHECK("doubt", strstr(r.why, "reject \"r\", line 2: unknown") != NULL);
    CHECK("not stale", strstr(r.why, "\"stale\"") == NULL);
    folder_clear(&f);
}

static void an_explanation_of_several_policies_names_them(void)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    folder_init(&f);
    folder_write(&f, "p.lua", "reject 'x' (name 'a')\n");
    folder_write(&f, "q.lua", "keep 'y' (name 'b')\n");
    folder_write(
        &f, "p_test.lua",
        "policy 'p.lua'\npolicy 'q.lua'\ntest 'it' { expect = 'reject', rule = 'nobody' }\n");
    CHECK_INT("", run(&f, &r, &err), SPURN_OK);
    CHECK_STR("all, when none matters", r.why,
              "reject \"p/x\", line 1: false\n  name \"a\": false (name = \"example-share\")\n"
              "keep \"q/y\", line 1: false\n  name \"b\": false (name = \"example-share\")");
    folder_clear(&f);
}

static void an_explanation_is_a_page_at_most(void)
{
    struct folder f = {0};
    struct reported r;
    struct spurn_error err;
    folder_init(&f);
    folder_write(&f, "p.lua", "for i = 1, 40 do reject('r' .. i)(name 'a') end\n");
    folder_write(&f, "p_test.lua", "policy 'p.lua'\ntest 'it' { expect = 'reject' }\n");
    CHECK_INT("", run(&f, &r, &err), SPURN_OK);
    CHECK_STR("", err.text, "");
    CHECK("", strstr(r.why, "\n... and 20 lines more") != NULL);
    folder_clear(&f);
}

/* ---- some tests only ---- */

static void a_pattern_chooses_tests_by_name(void)
{
    static const struct {
        const char *pattern;
        int passed, failed;
    } cases[] = {
        {NULL, 2, 1},     {"stale", 1, 0},  {"STALE", 1, 0},       {"a *", 1, 0},
        {"a", 2, 1},      {"* kept", 1, 0}, {"kept*", 0, 0},       {"?n* kept", 0, 0},
        {"nobody", 0, 0}, {"fails", 0, 1},  {"a stale one", 1, 0},
    };
    struct folder f = {0};
    folder_init(&f);
    folder_write(&f, "p.lua", POLICY);
    folder_write(&f, "p_test.lua",
                 "policy 'p.lua'\n"
                 "test 'a stale one' { age = '7h', expect = 'reject' }\n"
                 "test 'our own are kept' { sender = '111122223333', expect = 'keep' }\n"
                 "test 'what fails' { expect = 'keep' }\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reported r;
        struct spurn_error err;
        CHECK_INT(cases[i].pattern, run_some(&f, cases[i].pattern, &r, &err), SPURN_OK);
        CHECK_INT(cases[i].pattern, r.passed, cases[i].passed);
        CHECK_INT(cases[i].pattern, r.failed, cases[i].failed);
    }
    folder_clear(&f);
}

static const struct unit_test tests[] = {
    {"a_promise_that_holds_passes", a_promise_that_holds_passes},
    {"a_promise_that_is_broken_fails", a_promise_that_is_broken_fails},
    {"a_failing_test_says_what_came_and_what_was_wanted",
     a_failing_test_says_what_came_and_what_was_wanted},
    {"every_field_reaches_the_policy", every_field_reaches_the_policy},
    {"a_file_that_tests_nothing_is_an_error", a_file_that_tests_nothing_is_an_error},
    {"a_misspelt_test_is_an_error", a_misspelt_test_is_an_error},
    {"a_policy_that_does_not_load_is_an_error", a_policy_that_does_not_load_is_an_error},
    {"several_policies_are_asked_together", several_policies_are_asked_together},
    {"tests_do_not_see_each_other", tests_do_not_see_each_other},
    {"a_test_has_a_past_of_its_own", a_test_has_a_past_of_its_own},
    {"a_test_says_what_is_shared", a_test_says_what_is_shared},
    {"a_failing_test_shows_the_rules_that_matter", a_failing_test_shows_the_rules_that_matter},
    {"doubt_is_shown_where_it_decides", doubt_is_shown_where_it_decides},
    {"an_explanation_of_several_policies_names_them",
     an_explanation_of_several_policies_names_them},
    {"an_explanation_is_a_page_at_most", an_explanation_is_a_page_at_most},
    {"a_pattern_chooses_tests_by_name", a_pattern_chooses_tests_by_name},
};

UNIT_MAIN(tests)

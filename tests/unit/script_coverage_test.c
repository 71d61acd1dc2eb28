/* script_coverage_test.c - coverage names what no test made true, made false or ran, and nothing that one did. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script/test/coverage.h"

static const char *const FILES[] = {"p.lua", "a_test.lua", "b_test.lua", "q.lua"};

struct folder {
    char path[512];
};

static void file_in(const struct folder *f, const char *name, char out[640])
{
    snprintf(out, 640, "%s/%s", f->path, name);
}

static void folder_init(struct folder *f)
{
    const char *parent = getenv("TMPDIR");
    snprintf(f->path, sizeof f->path, "%s/spurn-coverage-XXXXXX", parent ? parent : P_tmpdir);
    if (mkdtemp(f->path) == NULL)
        abort();
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

static void ignore_test(void *context, const struct script_test *test)
{
    (void)context;
    (void)test;
}

static void cover(const struct folder *f, const char *name, struct coverage *c)
{
    char path[640];
    struct spurn_error err = {0};
    const struct script_test_options options = {.coverage = c, .test = ignore_test};
    file_in(f, name, path);
    CHECK_INT(name, script_run_tests(path, &options, &err), SPURN_OK);
    CHECK_STR(name, err.text, "");
}

/* "p.lua 1 name TF, p.lua 3 ran" and so on. */
static void add_shown(void *context, const struct covered *covered)
{
    struct buf *out = context;
    const char *slash = strrchr(covered->path.at, '/');
    buf_addf(out, "%s%s:%d ", out->len > 0 ? ", " : "", slash + 1, covered->line);
    if (covered->rule.at == NULL)
        buf_add_str(out, covered->ran ? "ran" : "idle");
    else
        buf_addf(out, "%.*s %s%s%s", TEXT_ARG(covered->rule), covered->was_true ? "T" : "-",
                 covered->was_false ? "F" : "-", covered->can_be_false ? "" : "!");
}

static void check_coverage(const char *label, const char *policy, const char *tests,
                           const char *want)
{
    struct folder f = {0};
    struct coverage *c = NULL;
    struct buf shown, file;
    buf_init(&shown, 65536);
    buf_init(&file, 65536);
    folder_init(&f);
    folder_write(&f, "p.lua", policy);
    buf_addf(&file, "policy 'p.lua'\n%s\n", tests);
    folder_write(&f, "a_test.lua", buf_str(&file));
    CHECK_INT(label, coverage_open(&c, NULL), SPURN_OK);
    cover(&f, "a_test.lua", c);
    coverage_each(c, add_shown, &shown);
    CHECK_STR(label, buf_str(&shown), want);
    coverage_close(c);
    folder_clear(&f);
    buf_clear(&file);
    buf_clear(&shown);
}

static void a_rule_is_covered_when_it_was_true_and_false(void)
{
    static const char policy[] = "reject 'promo' (name 'promo*')\n";
    check_coverage("never true", policy, "test 'a' { expect = 'none' }", "p.lua:1 promo -F");
    check_coverage("never false", policy, "test 'a' { name = 'promo', expect = 'reject' }",
                   "p.lua:1 promo T-");
    check_coverage("both", policy,
                   "test 'a' { expect = 'none' }\ntest 'b' { name = 'promo', expect = 'reject' }",
                   "p.lua:1 promo TF");
    check_coverage("unknown is neither", policy, "test 'a' { name = false, expect = 'none' }",
                   "p.lua:1 promo --");
    check_coverage("a failing test covers too", policy, "test 'a' { expect = 'keep' }",
                   "p.lua:1 promo -F");
    check_coverage("an observed rule", "reject 'o' { name 'promo', mode = 'observe' }",
                   "test 'a' { name = 'promo', expect = 'none' }", "p.lua:1 o T-");
    check_coverage("what holds always cannot be false", "reject 'all' (always)",
                   "test 'a' { expect = 'reject' }", "p.lua:1 all T-!");
    check_coverage("an ended rule is not asked", "reject 'e' { name 'a', ends = '2026-01-14' }",
                   "test 'a' { expect = 'none' }", "p.lua:1 e --");
    check_coverage("a rule that keep wins over", "keep 'k' (name 'a')\nreject 'r' (name 'a')\n",
                   "test 'a' { name = 'a', expect = 'keep' }", "p.lua:1 k T-, p.lua:2 r T-");
}

static void a_line_of_a_function_is_covered_when_it_ran(void)
{
    static const char policy[] = "reject 'odd' (function(inv)\n"
                                 "    if inv.name == 'a' then\n"
                                 "        return true\n"
                                 "    end\n"
                                 "    return inv.name == 'b'\n"
                                 "end)\n";
    check_coverage("the short way", policy, "test 'a' { name = 'a', expect = 'reject' }",
                   "p.lua:1 odd T-, p.lua:2 ran, p.lua:3 ran, p.lua:5 idle");
    check_coverage("the long way", policy, "test 'a' { name = 'c', expect = 'none' }",
                   "p.lua:1 odd -F, p.lua:2 ran, p.lua:3 idle, p.lua:5 ran");
    check_coverage("both", policy,
                   "test 'a' { name = 'a', expect = 'reject' }\n"
                   "test 'c' { name = 'c', expect = 'none' }",
                   "p.lua:1 odd TF, p.lua:2 ran, p.lua:3 ran, p.lua:5 ran");
    check_coverage("not reached",
                   "reject 'odd' (name 'x' & function(inv)\n"
                   "    return inv.age > 5\n"
                   "end)\n",
                   "test 'a' { expect = 'none' }", "p.lua:1 odd -F, p.lua:2 idle");
    check_coverage("on one line", "reject 'odd' (function(inv) return inv.name == 'a' end)\n",
                   "test 'a' { expect = 'none' }", "p.lua:1 odd -F, p.lua:1 ran");
    check_coverage("on one line, not reached",
                   "reject 'odd' (name 'x' & function(inv) return inv.name == 'a' end)\n",
                   "test 'a' { expect = 'none' }", "p.lua:1 odd -F, p.lua:1 idle");
}

static void functions_that_others_call_count_too(void)
{
    check_coverage("a helper",
                   "local function is_night(inv)\n"
                   "    return inv.created % 86400 < 6 * 3600\n"
                   "end\n"
                   "reject 'odd' (function(inv)\n"
                   "    return inv.name == 'a' and is_night(inv)\n"
                   "end)\n",
                   "test 'a' { expect = 'none' }", "p.lua:4 odd -F, p.lua:2 idle, p.lua:5 ran");
    check_coverage("one inside another, never called",
                   "reject 'odd' (function(inv)\n"
                   "    if inv.name == 'a' then\n"
                   "        local function inner()\n"
                   "            return true\n"
                   "        end\n"
                   "        return inner()\n"
                   "    end\n"
                   "    return false\n"
                   "end)\n",
                   "test 'a' { expect = 'none' }",
                   "p.lua:1 odd -F, p.lua:2 ran, p.lua:4 idle, p.lua:6 idle, p.lua:8 ran");
    check_coverage("one that ran while the file was read",
                   "local function either(a, b)\n"
                   "    return a | b\n"
                   "end\n"
                   "reject 'odd' (either(name 'a', name 'b'))\n",
                   "test 'a' { expect = 'none' }", "p.lua:4 odd -F, p.lua:2 ran");
    check_coverage("loops, tables and methods",
                   "local t = {}\n"
                   "function t.count(n)\n"
                   "    local sum = 0\n"
                   "    for i = 1, n do\n"
                   "        sum = sum + i\n"
                   "    end\n"
                   "    while sum > 100 do sum = sum - 1 end\n"
                   "    repeat sum = sum + 1 until sum > 0\n"
                   "    return sum\n"
                   "end\n"
                   "reject 'odd' (function(inv) return t.count(4) == inv.times_seen end)\n",
                   "test 'a' { age = '2s', expect = 'none' }",
                   "p.lua:11 odd -F, p.lua:3 ran, p.lua:4 ran, p.lua:5 ran, p.lua:7 ran, p.lua:8 "
                   "ran, p.lua:9 ran, p.lua:11 ran");
}

static void samples_that_the_host_makes_up_cover_nothing(void)
{
    check_coverage("",
                   "reject 'odd' (cloud 'alibaba' & function(inv)\n"
                   "    return inv.age > 60\n"
                   "end)\n",
                   "test 'a' { expect = 'none' }", "p.lua:1 odd -F, p.lua:2 idle");
}

static void coverage_adds_up_over_files_by_policy(void)
{
    struct folder f = {0};
    struct coverage *c = NULL;
    struct buf shown;
    buf_init(&shown, 65536);
    folder_init(&f);
    folder_write(&f, "p.lua",
                 "local p = params { extra = false }\n"
                 "reject 'a' (name 'a')\n"
                 "if p.extra then\n"
                 "    reject 'b' (name 'b')\n"
                 "end\n"
                 "reject 'f' (function(inv)\n"
                 "    if inv.name == 'x' then\n"
                 "        return true\n"
                 "    end\n"
                 "    return false\n"
                 "end)\n");
    folder_write(&f, "q.lua", "keep 'q' (name 'q')\n");
    folder_write(&f, "a_test.lua",
                 "policy 'p.lua'\n"
                 "test '1' { name = 'a', expect = 'reject' }\n");
    folder_write(&f, "b_test.lua",
                 "policy './p.lua' { extra = true }\npolicy 'q.lua'\n"
                 "test '1' { name = 'x', expect = 'reject' }\n"
                 "test '2' { name = 'q', expect = 'keep' }\n");
    CHECK_INT("", coverage_open(&c, NULL), SPURN_OK);
    cover(&f, "a_test.lua", c);
    coverage_each(c, add_shown, &shown);
    CHECK_STR("one file", buf_str(&shown),
              "p.lua:2 a T-, p.lua:6 f -F, p.lua:7 ran, p.lua:8 idle, p.lua:10 ran");
    buf_reset(&shown);
    cover(&f, "b_test.lua", c);
    coverage_each(c, add_shown, &shown);
    CHECK_STR("both", buf_str(&shown),
              "p.lua:2 a TF, p.lua:4 b -F, p.lua:6 f TF, p.lua:7 ran, p.lua:8 ran, p.lua:10 ran, "
              "q.lua:1 q TF");
    coverage_close(c);
    folder_clear(&f);
    buf_clear(&shown);
}

static const struct unit_test tests[] = {
    {"a_rule_is_covered_when_it_was_true_and_false", a_rule_is_covered_when_it_was_true_and_false},
    {"a_line_of_a_function_is_covered_when_it_ran", a_line_of_a_function_is_covered_when_it_ran},
    {"functions_that_others_call_count_too", functions_that_others_call_count_too},
    {"samples_that_the_host_makes_up_cover_nothing", samples_that_the_host_makes_up_cover_nothing},
    {"coverage_adds_up_over_files_by_policy", coverage_adds_up_over_files_by_policy},
};

UNIT_MAIN(tests)

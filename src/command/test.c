/* test.c - spurn test: finds policy tests, runs them in the host, has each way of telling told. */
#include "command/command.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/test_report.h"

enum {
    DEEPEST = 32, /* folders in folders; past it something is odd */
    TELLERS_MAX = 2
};

struct tests {
    struct cmd *cmd;
    struct teller {
        const struct cmd_test_report *report;
        void *context;
    } tellers[TELLERS_MAX];
    size_t teller_count;
    struct cmd_coverage coverage;
    struct cmd_test_totals totals;
    struct cmd_test_file file; /* the one that runs */
    bool is_told;              /* that it began: not before a test of it ran */
    bool has_begun;            /* and so has the report */
    bool
        seeks_untested; /* all tests ran: folders are searched for policies that none of them asked */
};

/* ---- telling ---- */

static void add_teller(struct tests *t, const struct cmd_test_report *report, void *context)
{
    t->tellers[t->teller_count++] = (struct teller){report, context};
}

static void tell_begin(struct tests *t)
{
    for (size_t i = 0; i < t->teller_count && !t->has_begun; i++)
        if (t->tellers[i].report->begin != NULL)
            t->tellers[i].report->begin(t->tellers[i].context);
    t->has_begun = true;
}

static void tell_file(struct tests *t)
{
    tell_begin(t);
    for (size_t i = 0; i < t->teller_count && !t->is_told; i++)
        if (t->tellers[i].report->begin_file != NULL)
            t->tellers[i].report->begin_file(t->tellers[i].context, t->file.path);
    t->is_told = true;
}

static void on_test(void *context, const struct spurn_test_row *row)
{
    struct tests *t = context;
    tell_file(t);
    t->file.passed += row->passed;
    t->file.failed += !row->passed;
    for (size_t i = 0; i < t->teller_count; i++)
        t->tellers[i].report->test(t->tellers[i].context, t->file.path, row);
}

static void tell_end_of_file(struct tests *t)
{
    for (size_t i = 0; i < t->teller_count; i++)
        t->tellers[i].report->end_file(t->tellers[i].context, &t->file);
}

static void tell_end(struct tests *t)
{
    for (size_t i = 0; i < t->teller_count && t->has_begun; i++)
        t->tellers[i].report->end(t->tellers[i].context, &t->totals);
}

/* ---- one file ---- */

static void run_file(struct tests *t, const char *path)
{
    const struct spurn_test_options options = {.size = sizeof options,
                                               .run = t->cmd->arguments.run,
                                               .coverage = t->coverage.all,
                                               .test = on_test,
                                               .context = t};
    struct spurn_error err;
    t->file = (struct cmd_test_file){.path = path};
    t->is_told = false;
    t->totals.files++;
    if (spurn_test(path, &options, &err) != SPURN_OK) {
        t->file.error = err.text;
        t->totals.broken++;
        t->totals.failed++;
        tell_file(t);
    }
    t->totals.passed += t->file.passed;
    t->totals.failed += t->file.failed;
    if (t->is_told) /* else --run wants none of it */
        tell_end_of_file(t);
}

/* ---- finding them ---- */

static bool ends_in(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len > end_len && strcmp(name + len - end_len, end) == 0;
}

static bool is_test_name(const char *name)
{
    return ends_in(name, "_test.lua");
}

static enum spurn_status run_folder(struct tests *t, const char *folder, int depth,
                                    struct spurn_error *err);

static enum spurn_status run_entry(struct tests *t, const char *folder, const char *name, int depth,
                                   struct spurn_error *err)
{
    char path[PATH_MAX];
    struct stat info;
    if (name[0] == '.')
        return SPURN_OK;
    bool here = strcmp(folder, ".") == 0;
    int len = snprintf(path, sizeof path, "%s%s%s", here ? "" : folder, here ? "" : "/", name);
    if (len < 0 || (size_t)len >= sizeof path)
        return cmd_refuse(err, SPURN_E_FILE, "cannot look for tests in %.200s: a path is too long",
                          folder);
    if (lstat(path, &info) != 0)
        return cmd_refuse(err, SPURN_E_FILE, "cannot look at %s: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode)) /* a link to a folder could lead round in circles */
        return run_folder(t, path, depth + 1, err);
    if (t->seeks_untested && ends_in(name, ".lua") && !is_test_name(name))
        return spurn_coverage_add_untested(t->coverage.all, path, err);
    if (!t->seeks_untested && is_test_name(name))
        run_file(t, path);
    return SPURN_OK;
}

static enum spurn_status run_folder(struct tests *t, const char *folder, int depth,
                                    struct spurn_error *err)
{
    if (depth > DEEPEST)
        return cmd_refuse(err, SPURN_E_FILE, "cannot look for tests in %s: it lies too deep",
                          folder);
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return cmd_refuse(err, SPURN_E_FILE, "cannot look for tests in %s: %s", folder,
                          strerror(errno));
    enum spurn_status status = SPURN_OK;
    for (int i = 0; i < count; i++) {
        if (status == SPURN_OK)
            status = run_entry(t, folder, entries[i]->d_name, depth, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum spurn_status run_path(struct tests *t, char *path, struct spurn_error *err)
{
    struct stat info;
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        path[--len] = '\0';
    if (stat(path, &info) != 0)
        return cmd_refuse(err, SPURN_E_FILE, "cannot run tests of %s: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return run_folder(t, path, 0, err);
    if (!t->seeks_untested)
        run_file(t, path);
    return SPURN_OK;
}

static enum spurn_status run_all(struct tests *t, struct spurn_error *err)
{
    const struct cmd_arguments *arguments = &t->cmd->arguments;
    char here[] = ".";
    if (arguments->operands_len == 0)
        return run_path(t, here, err);
    for (size_t i = 0; i < arguments->operands_len; i++) {
        enum spurn_status status = run_path(t, arguments->operands[i], err);
        if (status != SPURN_OK)
            return status;
    }
    return SPURN_OK;
}

/* ---- the command ---- */

static enum spurn_status check_arguments(const struct cmd_arguments *a, struct spurn_error *err)
{
    if (a->fail_under > 100)
        return cmd_refuse(err, SPURN_E_USAGE, "--fail-under is a percentage, 0 to 100");
    if (a->record != NULL && (a->operands_len > 0 || a->run != NULL || a->junit != NULL || a->tap ||
                              a->coverage || a->fail_under >= 0))
        return cmd_refuse(err, SPURN_E_USAGE,
                          "--record runs no test: it takes no PATH and no option about running");
    return SPURN_OK;
}

/* A test for the past: --record. */
static int record(struct cmd *cmd)
{
    struct spurn *s = NULL;
    struct spurn_error err;
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK)
        status = spurn_record(s, cmd->arguments.record, cmd_out_write, &cmd->out, &err);
    spurn_close(s);
    if (cmd->out.failure != 0)
        return CMD_EXIT_WELL; /* told when standard output is finished */
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

static enum spurn_status measure_coverage(struct tests *t, struct spurn_error *err)
{
    const struct cmd_arguments *a = &t->cmd->arguments;
    t->coverage.least = a->fail_under;
    return a->coverage || a->fail_under >= 0 ? spurn_coverage_open(&t->coverage.all, err)
                                             : SPURN_OK;
}

static enum spurn_status check_found(const struct tests *t, struct spurn_error *err)
{
    if (t->totals.files == 0)
        return cmd_refuse(err, SPURN_E_USAGE,
                          "cannot find tests: no file there is named …_test.lua");
    if (t->totals.passed + t->totals.failed == 0)
        return cmd_refuse(err, SPURN_E_USAGE, "cannot find tests: none has a name like %s",
                          t->cmd->arguments.run);
    return SPURN_OK;
}

static int result_of(struct tests *t)
{
    const struct cmd_coverage *c = &t->coverage;
    if (t->totals.broken > 0)
        return CMD_EXIT_USAGE;
    if (c->all != NULL && !cmd_coverage_is_enough(c)) {
        struct spurn_error low;
        cmd_refuse(
            &low, SPURN_E_POLICY,
            "coverage is %d%%, and --fail-under asks for %d%%: write tests for what it names",
            (int)cmd_coverage_percent(c), (int)c->least);
        cmd_log(&t->cmd->log, SPURN_LOG_ERROR, low.text);
        return CMD_EXIT_FAILED;
    }
    return t->totals.failed == 0 ? CMD_EXIT_WELL : CMD_EXIT_FAILED;
}

static int run_and_tell(struct tests *t)
{
    struct spurn_error err;
    enum spurn_status status = measure_coverage(t, &err);
    if (status == SPURN_OK)
        status = run_all(t, &err);
    if (status == SPURN_OK)
        status = check_found(t, &err);
    if (status == SPURN_OK && t->coverage.all != NULL) {
        t->seeks_untested = true;
        status = run_all(t, &err);
    }
    if (t->coverage.all != NULL) {
        cmd_coverage_sum(&t->coverage);
        t->totals.coverage =
            t->coverage.of > 0 ? &t->coverage : NULL; /* else no policy was loaded */
    }
    tell_end(t); /* of what was run until then */
    return status == SPURN_OK ? result_of(t) : cmd_fail(t->cmd, &err);
}

static int finish_junit(struct cmd *cmd, struct cmd_junit *junit, int code)
{
    struct spurn_error err;
    int failure = cmd_junit_close(junit);
    if (failure == 0)
        return code;
    cmd_refuse(&err, SPURN_E_FILE, "cannot write %s: %s", cmd->arguments.junit, strerror(failure));
    int failed = cmd_fail(cmd, &err);
    return code == CMD_EXIT_WELL ? failed : code;
}

int cmd_test(struct cmd *cmd)
{
    const struct cmd_arguments *a = &cmd->arguments;
    struct tests t = {.cmd = cmd};
    struct cmd_test_json_state json = {.out = &cmd->out};
    struct cmd_tap tap = {.out = &cmd->out};
    struct cmd_junit junit = {0};
    struct spurn_error err;
    enum spurn_status status = check_arguments(a, &err);
    if (status == SPURN_OK && a->record != NULL)
        return record(cmd);
    if (status == SPURN_OK && a->junit != NULL)
        status = cmd_junit_open(&junit, a->junit, &err);
    if (status != SPURN_OK) {
        cmd_junit_close(&junit);
        return cmd_fail(cmd, &err);
    }
    if (a->junit != NULL)
        add_teller(&t, &cmd_test_junit, &junit);
    if (a->tap)
        add_teller(&t, &cmd_test_tap, &tap);
    else if (a->format == CMD_FORMAT_JSON)
        add_teller(&t, &cmd_test_json, &json);
    else
        add_teller(&t, &cmd_test_table, &cmd->out);
    int code = run_and_tell(&t);
    spurn_coverage_close(t.coverage.all);
    return finish_junit(cmd, &junit, code);
}

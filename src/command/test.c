/* test.c - spurn test: finds policy tests, runs them in the host, says what each got and wanted. */
#include "command/command.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/json.h"

enum { DEEPEST = 32 }; /* folders in folders; past it something is odd */

struct tests {
    struct cmd *cmd;
    struct cmd_json json;
    bool as_json;
    const char *path; /* of the file that runs */
    int64_t files, passed, failed;
    int64_t passed_here;
};

/* ---- one file ---- */

static void print_part(struct cmd_out *out, const char *label, struct spurn_text text)
{
    if (text.at == NULL)
        return;
    cmd_out_printf(out, "      %-5s ", label);
    cmd_out_text(out, CMD_PLAIN, text);
    cmd_out_printf(out, "\n");
}

static void print_test(struct tests *t, const struct spurn_test_row *row)
{
    struct cmd_out *out = &t->cmd->out;
    if (row->passed)
        return;
    cmd_out_str(out, CMD_BAD, "FAIL  ");
    cmd_out_str(out, CMD_PLAIN, t->path);
    cmd_out_printf(out, ":%d: ", row->line);
    cmd_out_text(out, CMD_HEADING, row->name);
    cmd_out_printf(out, "\n");
    print_part(out, "got", row->got);
    print_part(out, "want", row->want);
}

static void json_test(struct cmd_json *json, const struct spurn_test_row *row)
{
    cmd_json_open(json, '{');
    cmd_json_key(json, "name");
    cmd_json_text(json, row->name);
    cmd_json_key(json, "line");
    cmd_json_number(json, row->line);
    cmd_json_key(json, "passed");
    cmd_json_bool(json, row->passed);
    cmd_json_key(json, "got");
    cmd_json_text(json, row->got);
    cmd_json_key(json, "want");
    cmd_json_text(json, row->want);
    cmd_json_close(json, '}');
}

static void on_test(void *context, const struct spurn_test_row *row)
{
    struct tests *t = context;
    if (row->passed) {
        t->passed++;
        t->passed_here++;
    } else {
        t->failed++;
    }
    if (t->as_json)
        json_test(&t->json, row);
    else
        print_test(t, row);
}

static void run_file(struct tests *t, const char *path)
{
    struct cmd_out *out = &t->cmd->out;
    struct spurn_error err;
    int64_t failed_before = t->failed;
    t->path = path;
    t->files++;
    t->passed_here = 0;
    if (t->as_json) {
        cmd_json_open(&t->json, '{');
        cmd_json_key(&t->json, "path");
        cmd_json_str(&t->json, path);
        cmd_json_key(&t->json, "tests");
        cmd_json_open(&t->json, '[');
    }
    enum spurn_status status = spurn_test(path, on_test, t, &err);
    if (status != SPURN_OK)
        t->failed++;
    if (t->as_json) {
        cmd_json_close(&t->json, ']');
        cmd_json_key(&t->json, "error");
        cmd_json_str(&t->json, status == SPURN_OK ? NULL : err.text);
        cmd_json_close(&t->json, '}');
    } else if (status != SPURN_OK) {
        cmd_out_str(out, CMD_BAD, "FAIL  ");
        cmd_out_str(out, CMD_PLAIN, err.text);
        cmd_out_printf(out, "\n");
    } else if (t->failed == failed_before) {
        cmd_out_str(out, CMD_GOOD, "ok    ");
        cmd_out_str(out, CMD_PLAIN, path);
        cmd_out_printf(out, "  %" PRId64 "\n", t->passed_here);
    }
}

/* ---- finding them ---- */

static bool is_test_name(const char *name)
{
    static const char end[] = "_test.lua";
    size_t len = strlen(name);
    return len > sizeof end - 1 && strcmp(name + len - (sizeof end - 1), end) == 0;
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
    if (is_test_name(name))
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

static enum spurn_status run_all_as_json(struct tests *t, struct spurn_error *err)
{
    cmd_json_init(&t->json, &t->cmd->out);
    cmd_json_open(&t->json, '{');
    cmd_json_key(&t->json, "schema");
    cmd_json_number(&t->json, 1);
    cmd_json_key(&t->json, "files");
    cmd_json_open(&t->json, '[');
    enum spurn_status status = run_all(t, err);
    cmd_json_close(&t->json, ']');
    cmd_json_key(&t->json, "passed");
    cmd_json_number(&t->json, t->passed);
    cmd_json_key(&t->json, "failed");
    cmd_json_number(&t->json, t->failed);
    cmd_json_close(&t->json, '}');
    cmd_json_end(&t->json);
    return status;
}

int cmd_test(struct cmd *cmd)
{
    struct tests t = {.cmd = cmd, .as_json = cmd->arguments.format == CMD_FORMAT_JSON};
    struct spurn_error err;
    enum spurn_status status = t.as_json ? run_all_as_json(&t, &err) : run_all(&t, &err);
    if (status == SPURN_OK && t.files == 0)
        status =
            cmd_refuse(&err, SPURN_E_USAGE, "cannot find tests: no file there is named …_test.lua");
    if (status != SPURN_OK)
        return cmd_fail(cmd, &err);
    if (!t.as_json)
        cmd_out_printf(&cmd->out, "%" PRId64 " passed, %" PRId64 " failed\n", t.passed, t.failed);
    return t.failed == 0 ? CMD_EXIT_WELL : CMD_EXIT_FAILED;
}

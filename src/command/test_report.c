/* test_report.c - the run of policy tests for people, and as JSON. */
#include "command/test_report.h"

#include <inttypes.h>

/* ---- for people: passes counted, failures shown ---- */

static void print_part(struct cmd_out *out, const char *label, struct spurn_text text)
{
    if (text.at == NULL)
        return;
    cmd_out_printf(out, "      %-5s ", label);
    cmd_out_text(out, CMD_PLAIN, text);
    cmd_out_printf(out, "\n");
}

static void table_test(void *context, const char *path, const struct spurn_test_row *row)
{
    struct cmd_out *out = context;
    if (row->passed)
        return;
    cmd_out_str(out, CMD_BAD, "FAIL  ");
    cmd_out_str(out, CMD_PLAIN, path);
    cmd_out_printf(out, ":%d: ", row->line);
    cmd_out_text(out, CMD_HEADING, row->name);
    cmd_out_printf(out, "\n");
    print_part(out, "got", row->got);
    print_part(out, "want", row->want);
    for (size_t i = 0; i < row->why_count; i++)
        print_part(out, i == 0 ? "why" : "", row->why[i]);
}

static void table_end_file(void *context, const struct cmd_test_file *file)
{
    struct cmd_out *out = context;
    if (file->error != NULL) {
        cmd_out_str(out, CMD_BAD, "FAIL  ");
        cmd_out_message(out, file->error);
        cmd_out_printf(out, "\n");
    } else if (file->failed == 0) {
        cmd_out_str(out, CMD_GOOD, "ok    ");
        cmd_out_str(out, CMD_PLAIN, file->path);
        cmd_out_printf(out, "  %" PRId64 "\n", file->passed);
    }
}

static void table_end(void *context, const struct cmd_test_totals *totals)
{
    struct cmd_out *out = context;
    if (totals->coverage != NULL) {
        cmd_out_heading(out, "Coverage");
        cmd_coverage_print(totals->coverage, out, "");
        cmd_out_printf(out, "\n");
    }
    cmd_out_printf(out, "%" PRId64 " passed, %" PRId64 " failed\n", totals->passed, totals->failed);
}

const struct cmd_test_report cmd_test_table = {
    .test = table_test, .end_file = table_end_file, .end = table_end};

/* ---- JSON ---- */

static void json_begin(void *context)
{
    struct cmd_test_json_state *s = context;
    cmd_json_init(&s->json, s->out);
    cmd_json_open(&s->json, '{');
    cmd_json_key(&s->json, "schema");
    cmd_json_number(&s->json, 1);
    cmd_json_key(&s->json, "files");
    cmd_json_open(&s->json, '[');
}

static void json_begin_file(void *context, const char *path)
{
    struct cmd_json *json = &((struct cmd_test_json_state *)context)->json;
    cmd_json_open(json, '{');
    cmd_json_key(json, "path");
    cmd_json_str(json, path);
    cmd_json_key(json, "tests");
    cmd_json_open(json, '[');
}

static void json_test(void *context, const char *path, const struct spurn_test_row *row)
{
    struct cmd_json *json = &((struct cmd_test_json_state *)context)->json;
    (void)path;
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
    cmd_json_key(json, "why");
    cmd_json_open(json, '[');
    for (size_t i = 0; i < row->why_count; i++)
        cmd_json_text(json, row->why[i]);
    cmd_json_close(json, ']');
    cmd_json_close(json, '}');
}

static void json_end_file(void *context, const struct cmd_test_file *file)
{
    struct cmd_json *json = &((struct cmd_test_json_state *)context)->json;
    cmd_json_close(json, ']');
    cmd_json_key(json, "error");
    cmd_json_str(json, file->error);
    cmd_json_close(json, '}');
}

static void json_end(void *context, const struct cmd_test_totals *totals)
{
    struct cmd_json *json = &((struct cmd_test_json_state *)context)->json;
    cmd_json_close(json, ']');
    if (totals->coverage != NULL) {
        cmd_json_key(json, "coverage");
        cmd_coverage_json(totals->coverage, json);
    }
    cmd_json_key(json, "passed");
    cmd_json_number(json, totals->passed);
    cmd_json_key(json, "failed");
    cmd_json_number(json, totals->failed);
    cmd_json_close(json, '}');
    cmd_json_end(json);
}

const struct cmd_test_report cmd_test_json = {.begin = json_begin,
                                              .begin_file = json_begin_file,
                                              .test = json_test,
                                              .end_file = json_end_file,
                                              .end = json_end};

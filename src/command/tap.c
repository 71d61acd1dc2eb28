/* tap.c - the run of policy tests as TAP 14: each file a subtest, what a failing test says as YAML. */
#include <inttypes.h>

#include "command/test_report.h"

/* A description: on one line, and without what would begin a directive. */
static void print_description(struct cmd_out *out, struct spurn_text text)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cell_add(&cell, text);
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '#')
            cmd_out_bytes(out, "\\", 1);
        cmd_out_bytes(out, cell.at + i, 1);
    }
    cmd_out_printf(out, "\n");
}

/* JSON's strings are YAML's double-quoted ones. */
static void print_quoted(struct cmd_out *out, struct spurn_text text)
{
    struct cmd_json json;
    cmd_json_init(&json, out);
    cmd_json_text(&json, text);
    cmd_out_printf(out, "\n");
}

static void tap_begin(void *context)
{
    struct cmd_tap *tap = context;
    cmd_out_printf(tap->out, "TAP version 14\n");
}

static void tap_test(void *context, const char *path, const struct spurn_test_row *row)
{
    struct cmd_tap *tap = context;
    struct cmd_out *out = tap->out;
    if (tap->tests == 0) { /* a file that cannot be loaded has no subtest */
        cmd_out_printf(out, "# Subtest: ");
        print_description(out, cmd_text(path));
    }
    cmd_out_printf(out, "    %s %" PRId64 " - ", row->passed ? "ok" : "not ok", ++tap->tests);
    print_description(out, row->name);
    if (row->passed)
        return;
    cmd_out_printf(out, "      ---\n      file: ");
    print_quoted(out, cmd_text(path));
    cmd_out_printf(out, "      line: %d\n      got: ", row->line);
    print_quoted(out, row->got);
    cmd_out_printf(out, "      want: ");
    print_quoted(out, row->want);
    cmd_out_printf(out, "      why:%s\n", row->why_count == 0 ? " []" : "");
    for (size_t i = 0; i < row->why_count; i++) {
        cmd_out_printf(out, "        - ");
        print_quoted(out, row->why[i]);
    }
    cmd_out_printf(out, "      ...\n");
}

static void tap_end_file(void *context, const struct cmd_test_file *file)
{
    struct cmd_tap *tap = context;
    struct cmd_out *out = tap->out;
    bool is_well = file->error == NULL && file->failed == 0;
    if (tap->tests > 0)
        cmd_out_printf(out, "    1..%" PRId64 "\n", tap->tests);
    cmd_out_printf(out, "%s %" PRId64 " - ", is_well ? "ok" : "not ok", ++tap->files);
    print_description(out, cmd_text(file->path));
    tap->tests = 0;
    if (file->error == NULL)
        return;
    cmd_out_printf(out, "  ---\n  message: ");
    print_quoted(out, cmd_text(file->error));
    cmd_out_printf(out, "  ...\n");
}

static void tap_end(void *context, const struct cmd_test_totals *totals)
{
    struct cmd_tap *tap = context;
    cmd_out_printf(tap->out, "1..%" PRId64 "\n", tap->files);
    if (totals->coverage != NULL)
        cmd_coverage_print(totals->coverage, tap->out, "# ");
    cmd_out_printf(tap->out, "# %" PRId64 " passed, %" PRId64 " failed\n", totals->passed,
                   totals->failed);
}

const struct cmd_test_report cmd_test_tap = {
    .begin = tap_begin, .test = tap_test, .end_file = tap_end_file, .end = tap_end};

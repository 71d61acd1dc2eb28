/* junit.c - the run of policy tests as the XML that JUnit began and build servers read: each file a suite. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/test_report.h"

/* ---- XML ---- */

/* XML 1.0, production 2: everything else may not even be written by number. */
static bool is_allowed(uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r' ||
           (character >= 0x20 && character < 0xfffe) || character >= 0x10000;
}

static const char *entity(uint32_t character)
{
    static const struct {
        uint32_t character;
        const char *entity;
    } entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (entities[i].character == character)
            return entities[i].entity;
    return NULL;
}

/* In an attribute or between tags: white space is kept, what XML cannot hold becomes U+FFFD. */
static void print_xml(struct cmd_out *out, struct spurn_text text)
{
    while (text.len > 0) {
        uint32_t character;
        size_t len = cmd_text_character(text, &character);
        if (len == 0 || !is_allowed(character))
            cmd_out_printf(out, "\xef\xbf\xbd");
        else if (entity(character) != NULL)
            cmd_out_printf(out, "%s", entity(character));
        else if (character < 0x20 || (character >= 0x7f && character <= 0x9f))
            cmd_out_printf(out, "&#%" PRIu32 ";", character);
        else
            cmd_out_bytes(out, text.at, len);
        text.at += len == 0 ? 1 : len;
        text.len -= len == 0 ? 1 : len;
    }
}

static void print_attribute(struct cmd_out *out, const char *name, struct spurn_text value)
{
    cmd_out_printf(out, " %s=\"", name);
    print_xml(out, value);
    cmd_out_printf(out, "\"");
}

/* ---- what is kept until it is whole ---- */

static bool kept_open(struct cmd_kept *k)
{
    *k = (struct cmd_kept){0};
    k->file = open_memstream(&k->bytes, &k->len);
    if (k->file == NULL)
        return false;
    cmd_out_init(&k->out, k->file, CMD_COLOR_NEVER);
    return true;
}

static void kept_close(struct cmd_kept *k)
{
    if (k->file != NULL)
        fclose(k->file);
    free(k->bytes);
    *k = (struct cmd_kept){0};
}

/* Adds it to `out`, which also gets its failure, and begins anew. */
static void kept_move(struct cmd_kept *k, struct cmd_out *out)
{
    int failure = cmd_out_finish(&k->out);
    cmd_out_bytes(out, k->bytes, k->len);
    kept_close(k);
    if (!kept_open(k))
        failure = ENOMEM;
    if (out->failure == 0)
        out->failure = failure;
}

/* ---- the report ---- */

static void print_failure(struct cmd_out *out, const struct spurn_test_row *row)
{
    cmd_out_printf(out, "      <failure");
    print_attribute(out, "message", row->got);
    cmd_out_printf(out, ">got ");
    print_xml(out, row->got);
    cmd_out_printf(out, "\nwant ");
    print_xml(out, row->want);
    for (size_t i = 0; i < row->why_count; i++) {
        cmd_out_printf(out, "\n");
        print_xml(out, row->why[i]);
    }
    cmd_out_printf(out, "</failure>\n    </testcase>\n");
}

static void junit_test(void *context, const char *path, const struct spurn_test_row *row)
{
    struct cmd_out *out = &((struct cmd_junit *)context)->cases.out;
    cmd_out_printf(out, "    <testcase");
    print_attribute(out, "name", row->name);
    print_attribute(out, "classname", cmd_text(path));
    print_attribute(out, "file", cmd_text(path));
    cmd_out_printf(out, " line=\"%d\"%s>\n", row->line, row->passed ? "/" : "");
    if (!row->passed)
        print_failure(out, row);
}

static void print_error(struct cmd_out *out, const struct cmd_test_file *file)
{
    cmd_out_printf(out, "    <testcase name=\"loads\"");
    print_attribute(out, "classname", cmd_text(file->path));
    cmd_out_printf(out, ">\n      <error");
    print_attribute(out, "message", cmd_text(file->error));
    cmd_out_printf(out, "/>\n    </testcase>\n");
}

static void junit_end_file(void *context, const struct cmd_test_file *file)
{
    struct cmd_junit *j = context;
    struct cmd_out *out = &j->suites.out;
    int broken = file->error != NULL;
    if (broken)
        print_error(&j->cases.out, file);
    cmd_out_printf(out, "  <testsuite");
    print_attribute(out, "name", cmd_text(file->path));
    cmd_out_printf(out, " tests=\"%" PRId64 "\" failures=\"%" PRId64 "\" errors=\"%d\">\n",
                   file->passed + file->failed + broken, file->failed, broken);
    kept_move(&j->cases, out);
    cmd_out_printf(out, "  </testsuite>\n");
}

static void junit_end(void *context, const struct cmd_test_totals *totals)
{
    struct cmd_junit *j = context;
    cmd_out_printf(&j->out,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<testsuites name=\"spurn test\" tests=\"%" PRId64 "\" failures=\"%" PRId64
                   "\" errors=\"%" PRId64 "\">\n",
                   totals->passed + totals->failed, totals->failed - totals->broken,
                   totals->broken);
    kept_move(&j->suites, &j->out);
    cmd_out_printf(&j->out, "</testsuites>\n");
}

const struct cmd_test_report cmd_test_junit = {
    .test = junit_test, .end_file = junit_end_file, .end = junit_end};

enum spurn_status cmd_junit_open(struct cmd_junit *j, const char *path, struct spurn_error *err)
{
    *j = (struct cmd_junit){0};
    if (!kept_open(&j->cases) || !kept_open(&j->suites))
        return cmd_refuse(err, SPURN_E_MEMORY, "out of memory");
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return cmd_refuse(err, SPURN_E_FILE, "cannot write %s: %s", path, strerror(errno));
    cmd_out_init(&j->out, file, CMD_COLOR_NEVER);
    return SPURN_OK;
}

int cmd_junit_close(struct cmd_junit *j)
{
    int failure = 0;
    kept_close(&j->cases);
    kept_close(&j->suites);
    if (j->out.file != NULL) {
        failure = cmd_out_finish(&j->out);
        if (fclose(j->out.file) != 0 && failure == 0)
            failure = errno;
    }
    *j = (struct cmd_junit){0};
    return failure;
}

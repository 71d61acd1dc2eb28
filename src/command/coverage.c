/* coverage.c - what policy tests covered: how much in all, and what is missing. */
#include "command/coverage.h"

#include <inttypes.h>

/* ---- sums ---- */

struct part {
    int64_t covered, of;
};

/* Of a policy, or of all. */
struct sums {
    struct spurn_text path; /* of the one policy; absent: all */
    struct part truths, falsehoods, lines;
};

static void count(struct part *part, bool counts, bool covered)
{
    part->of += counts;
    part->covered += counts && covered;
}

static void add_row(void *context, const struct spurn_covered_row *row)
{
    struct sums *sums = context;
    bool is_rule = row->rule.at != NULL;
    if (sums->path.at != NULL && !cmd_text_equal(sums->path, row->path))
        return;
    count(&sums->truths, is_rule, row->was_true);
    count(&sums->falsehoods, is_rule && row->can_be_false, row->was_false);
    count(&sums->lines, !is_rule, row->ran);
}

static struct sums sums_of(const struct cmd_coverage *c, struct spurn_text path)
{
    struct sums sums = {.path = path};
    spurn_coverage_each(c->all, add_row, &sums);
    return sums;
}

void cmd_coverage_sum(struct cmd_coverage *c)
{
    struct sums sums = sums_of(c, (struct spurn_text){NULL, 0});
    c->covered = sums.truths.covered + sums.falsehoods.covered + sums.lines.covered;
    c->of = sums.truths.of + sums.falsehoods.of + sums.lines.of;
}

int64_t cmd_coverage_percent(const struct cmd_coverage *c)
{
    return c->of == 0 ? 100 : c->covered * 100 / c->of;
}

bool cmd_coverage_is_enough(const struct cmd_coverage *c)
{
    return c->covered * 100 >= c->least * c->of;
}

/* ---- for people ---- */

struct printing {
    const struct cmd_coverage *coverage;
    struct cmd_out *out;
    const char *before;
    struct spurn_text path; /* of the policy under way; absent: none yet */
    int first, last;        /* lines that never ran, one after the other; 0: none */
};

static void print_idle_lines(struct printing *p)
{
    if (p->first == 0)
        return;
    cmd_out_printf(p->out, "%s  line%s %d", p->before, p->first < p->last ? "s" : "", p->first);
    if (p->first < p->last)
        cmd_out_printf(p->out, "-%d", p->last);
    cmd_out_printf(p->out, "  never ran\n");
    p->first = 0;
}

static void print_policy(struct printing *p, const struct spurn_covered_row *row)
{
    const struct sums sums = sums_of(p->coverage, row->path);
    p->path = row->path;
    cmd_out_printf(p->out, "%s", p->before);
    cmd_out_text(p->out, CMD_PLAIN, row->path);
    cmd_out_printf(p->out,
                   "  %srules %" PRId64 " of %" PRId64 " true, %" PRId64 " of %" PRId64 " false",
                   row->is_untested ? "no test asks it; " : "", sums.truths.covered, sums.truths.of,
                   sums.falsehoods.covered, sums.falsehoods.of);
    if (sums.lines.of > 0)
        cmd_out_printf(p->out, "; lines %" PRId64 " of %" PRId64, sums.lines.covered,
                       sums.lines.of);
    cmd_out_printf(p->out, "\n");
}

static void print_rule(struct printing *p, const struct spurn_covered_row *row)
{
    bool lacks_false = row->can_be_false && !row->was_false;
    if (row->was_true && !lacks_false)
        return;
    cmd_out_printf(p->out, "%s  line %d  %s \"", p->before, row->line,
                   row->keeps ? "keep" : "reject");
    cmd_out_text(p->out, CMD_PLAIN, row->rule);
    cmd_out_printf(p->out, "\" never %s%s%s\n", row->was_true ? "" : "true",
                   !row->was_true && lacks_false ? ", never " : "", lacks_false ? "false" : "");
}

static void print_row(void *context, const struct spurn_covered_row *row)
{
    struct printing *p = context;
    bool is_idle = row->rule.at == NULL && !row->ran;
    bool is_new = !cmd_text_equal(row->path, p->path);
    if (!is_idle || is_new)
        print_idle_lines(p);
    if (is_new)
        print_policy(p, row);
    if (row->rule.at != NULL) {
        print_rule(p, row);
    } else if (is_idle) {
        p->first = p->first == 0 ? row->line : p->first;
        p->last = row->line;
    }
}

void cmd_coverage_print(const struct cmd_coverage *c, struct cmd_out *out, const char *before)
{
    struct printing p = {.coverage = c, .out = out, .before = before};
    spurn_coverage_each(c->all, print_row, &p);
    print_idle_lines(&p);
    cmd_out_printf(out, "%scovered %" PRId64 "%%, %" PRId64 " of %" PRId64, before,
                   cmd_coverage_percent(c), c->covered, c->of);
    if (!cmd_coverage_is_enough(c))
        cmd_out_printf(out, "; --fail-under asks for %" PRId64 "%%", c->least);
    cmd_out_printf(out, "\n");
}

/* ---- for programs ---- */

static void json_row(void *context, const struct spurn_covered_row *row)
{
    struct cmd_json *json = context;
    cmd_json_open(json, '{');
    cmd_json_key(json, "path");
    cmd_json_text(json, row->path);
    cmd_json_key(json, "line");
    cmd_json_number(json, row->line);
    if (row->rule.at != NULL) {
        cmd_json_key(json, "rule");
        cmd_json_text(json, row->rule);
        cmd_json_key(json, "keeps");
        cmd_json_bool(json, row->keeps);
        cmd_json_key(json, "was_true");
        cmd_json_bool(json, row->was_true);
        cmd_json_key(json, "was_false");
        cmd_json_bool(json, row->was_false);
        cmd_json_key(json, "can_be_false");
        cmd_json_bool(json, row->can_be_false);
    } else {
        cmd_json_key(json, "ran");
        cmd_json_bool(json, row->ran);
    }
    cmd_json_close(json, '}');
}

void cmd_coverage_json(const struct cmd_coverage *c, struct cmd_json *json)
{
    cmd_json_open(json, '{');
    cmd_json_key(json, "percent");
    cmd_json_number(json, cmd_coverage_percent(c));
    cmd_json_key(json, "covered");
    cmd_json_number(json, c->covered);
    cmd_json_key(json, "of");
    cmd_json_number(json, c->of);
    cmd_json_key(json, "enough");
    cmd_json_bool(json, cmd_coverage_is_enough(c));
    cmd_json_key(json, "parts");
    cmd_json_open(json, '[');
    spurn_coverage_each(c->all, json_row, json);
    cmd_json_close(json, ']');
    cmd_json_close(json, '}');
}

/* explain.c - spurn explain: why an invitation was kept, rejected or left alone, as a tree. */
#include "command/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/cells.h"
#include "command/time.h"
#include "command/verdicts.h"

enum {
    INDENT = 2,
    LABEL_WIDTH = 13,
    VALUE_WIDTH = 13, /* "not reached" and a gap */
    LOOKED_AT = 48,   /* the column where what was looked at begins */
    RESOURCES_SHOWN = 5,
    DIGEST_SHOWN = 12, /* digits that tell one from another */
    INPUT_MAX = 1024 * 1024
};

struct explanation {
    struct cmd_out *out;
    struct cmd_out detail; /* what is shown below the verdict, which is known last */
    const char *digest;    /* of today's policies */
    struct cmd_cell then;  /* what was decided; empty: it is described */
    struct cmd_cell doubt; /* what was said beside the rule that is told */
    bool faulted;
};

/* ---- lines with a label ---- */

static void print_labelled(struct cmd_out *out, const char *label, const struct cmd_cell *cell)
{
    if (cell->len == 0)
        return;
    cmd_out_printf(out, "%*s%-*s", INDENT, "", LABEL_WIDTH, label);
    cmd_out_rest(out, INDENT + LABEL_WIDTH, cell);
}

static void print_text(struct cmd_out *out, const char *label, struct spurn_text text)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cell_add(&cell, text);
    print_labelled(out, label, &cell);
}

static void add_instant(struct cmd_cell *cell, int64_t ms)
{
    char when[CMD_TIME_LEN];
    cmd_time_write_instant(ms, when);
    cmd_cell_add_str(cell, when);
}

/* ---- the invitation ---- */

static void print_name(struct cmd_out *out, const struct spurn_told_row *row)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    if (row->name.at != NULL)
        cmd_cells_name(&cell, row->name);
    print_labelled(out, "name", &cell);
}

static void print_age(struct cmd_out *out, const struct spurn_told_row *row)
{
    struct cmd_cell cell;
    char age[CMD_TIME_LEN];
    cmd_cell_init(&cell, CMD_PLAIN);
    if (row->has_age) {
        cmd_time_write_age(row->age_s, age);
        cmd_cell_add_str(&cell, age);
        cmd_cell_add_str(&cell, ", created ");
    } else if (row->has_created) {
        cmd_cell_add_str(&cell, "not known, for the clocks differ; created ");
    }
    if (row->has_created)
        add_instant(&cell, row->created_ms);
    print_labelled(out, "age", &cell);
}

static void print_where(struct cmd_out *out, const struct spurn_told_row *row)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cells_account(&cell, row->cloud, row->account);
    cmd_cell_add_str(&cell, cell.len > 0 && row->region.at != NULL ? " " : "");
    cmd_cell_add(&cell, row->region);
    print_labelled(out, "to", &cell);
}

static void print_seen(struct cmd_out *out, const struct spurn_told_row *row)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    if (row->times_seen > 0) {
        cmd_cells_number(&cell, row->times_seen);
        cmd_cell_add_str(&cell, row->times_seen == 1 ? " time before" : " times before");
    }
    if (row->times_seen > 0 && row->first_seen_ms != 0) {
        cmd_cell_add_str(&cell, ", first ");
        add_instant(&cell, row->first_seen_ms);
    }
    print_labelled(out, "listed", &cell);
}

/* Resources that nobody asked for are no fact about it; where one is needed, the tree says so. */
static void print_resources(struct cmd_out *out, const struct spurn_told_row *row)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    bool listed = strcmp(row->resources_state, "listed") == 0;
    if (listed && row->resource_count == 0)
        cmd_cell_add_str(&cell, "an empty list, which tells nothing");
    for (size_t i = 0; i < row->resource_count && i < RESOURCES_SHOWN; i++) {
        cmd_cell_add_str(&cell, i > 0 ? ", " : "");
        cmd_cell_add(&cell, row->resources[i].type);
        cmd_cell_add_str(&cell, row->resources[i].type.at == NULL ? "unknown" : "");
    }
    if (row->resource_count > RESOURCES_SHOWN) {
        cmd_cell_add_str(&cell, " and ");
        cmd_cells_number(&cell, (int64_t)row->resource_count - RESOURCES_SHOWN);
        cmd_cell_add_str(&cell, " more");
    }
    print_labelled(out, "shares", &cell);
}

static void print_unknown(struct cmd_out *out, const struct spurn_told_row *row)
{
    const struct {
        const char *name;
        bool is_known;
    } fields[] = {{"sender", row->sender.at != NULL},
                  {"name", row->name.at != NULL},
                  {"cloud", row->cloud.at != NULL},
                  {"account", row->account.at != NULL},
                  {"region", row->region.at != NULL},
                  {"age", row->has_age},
                  {"share", row->share.at != NULL},
                  {"resources", strcmp(row->resources_state, "unknown") != 0}};
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_DOUBT);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].is_known)
            continue;
        cmd_cell_add_str(&cell, cell.len > 0 ? ", " : "");
        cmd_cell_add_str(&cell, fields[i].name);
    }
    print_labelled(out, "not known", &cell);
}

static void on_told(void *context, const struct spurn_told_row *row)
{
    struct explanation *e = context;
    struct cmd_cell cell;
    cmd_out_heading(&e->detail, "Invitation");
    print_text(&e->detail, "id", row->id);
    print_text(&e->detail, "sender", row->sender);
    print_name(&e->detail, row);
    print_where(&e->detail, row);
    print_text(&e->detail, "receiver", row->receiver_arn);
    print_text(&e->detail, "share", row->share);
    if (!cmd_text_is(row->status, "PENDING"))
        print_text(&e->detail, "status", row->status);
    print_age(&e->detail, row);
    print_seen(&e->detail, row);
    print_resources(&e->detail, row);
    print_unknown(&e->detail, row);
    cmd_cell_init(&cell, CMD_PLAIN);
    add_instant(&cell, row->now_ms);
    print_labelled(&e->detail, "as of", &cell);
}

/* ---- what was decided then ---- */

static void print_when(struct cmd_out *out, const struct spurn_decision_row *row)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    add_instant(&cell, row->at_ms);
    cmd_cell_add_str(&cell, row->plan ? ", by a plan, sweep " : ", sweep ");
    cmd_cells_number(&cell, row->sweep);
    print_labelled(out, "when", &cell);
}

static void add_digest(struct cmd_cell *cell, struct spurn_text digest)
{
    if (digest.len > DIGEST_SHOWN)
        digest.len = DIGEST_SHOWN;
    cmd_cell_add(cell, digest);
}

static void print_policies(const struct explanation *e, struct spurn_text digest)
{
    struct cmd_cell cell;
    bool is_todays = cmd_text_is(digest, e->digest);
    cmd_cell_init(&cell, is_todays ? CMD_PLAIN : CMD_DOUBT);
    cmd_cell_add_str(&cell, is_todays ? "those of today, " : "others than today: then ");
    add_digest(&cell, digest);
    cmd_cell_add_str(&cell, is_todays ? "" : ", now ");
    if (!is_todays)
        add_digest(&cell, cmd_text(e->digest));
    print_labelled(e->out, "policies", &cell);
}

/* Every rule that was true, unless the decision has named it already. */
static void print_matches(struct cmd_out *out, const struct spurn_ruling *ruling)
{
    struct cmd_cell rule, matches;
    cmd_cell_init(&rule, CMD_PLAIN);
    cmd_cell_init(&matches, CMD_PLAIN);
    cmd_cells_rule(&rule, ruling->policy, ruling->rule);
    cmd_cell_add(&matches, ruling->matches);
    if (strcmp(rule.at, matches.at) != 0)
        print_labelled(out, "true", &matches);
}

static void on_then(void *context, const struct spurn_decision_row *row,
                    const struct spurn_ruling *ruling)
{
    struct explanation *e = context;
    struct cmd_cell outcome;
    cmd_verdict_add(&e->then, ruling);
    cmd_out_heading(e->out, "What was decided");
    print_labelled(e->out, "decision", &e->then);
    if (!cmd_text_equal(ruling->reason, ruling->rule))
        print_text(e->out, "reason", ruling->reason);
    print_matches(e->out, ruling);
    cmd_cell_init(&outcome, CMD_PLAIN);
    cmd_cells_outcome(&outcome, row);
    print_labelled(e->out, "outcome", &outcome);
    print_when(e->out, row);
    print_policies(e, ruling->digest);
}

/* ---- policies, rules, conditions ---- */

/* Words and their style; of a rule that is true the style is its verdict's. */
static void add_value(struct cmd_cell *cell, const struct spurn_part_row *row)
{
    static const struct {
        const char *value, *words;
        enum cmd_style style;
    } values[] = {
        {"true", "true", CMD_HEADING},           {"false", "false", CMD_DIM},
        {"unknown", "unknown", CMD_DOUBT},       {"needs resources", "resources?", CMD_DOUBT},
        {"not reached", "not reached", CMD_DIM}, {"ended", "ended", CMD_DIM}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(row->value, values[i].value) != 0)
            continue;
        cell->style = values[i].style;
        cmd_cell_add_str(cell, values[i].words);
        if (row->part == SPURN_RULE && strcmp(row->value, "true") == 0)
            cell->style = row->keeps ? CMD_GOOD : row->observes ? CMD_DOUBT : CMD_BAD;
    }
}

/* `name = "promo-1"`: what it looked at, or why it does not know; not what its rule has just said. */
static void add_beside(struct cmd_cell *cell, const struct explanation *e,
                       const struct spurn_part_row *row)
{
    struct cmd_cell cause;
    cmd_cell_init(&cause, CMD_DOUBT);
    cmd_cell_add(&cause, row->cause);
    cmd_cell_add(cell, row->looked_at);
    if (row->cause.at == NULL || strcmp(cause.at, e->doubt.at) == 0)
        return;
    cell->style = CMD_DOUBT;
    cmd_cell_add_str(cell, row->looked_at.at != NULL ? "; " : "");
    cmd_cell_add(cell, row->cause);
}

/* `value  text  beside`, in columns; what is too wide for its column pushes the rest onto the next line. */
static void print_part(struct cmd_out *out, size_t indent, const struct cmd_cell *value,
                       const struct cmd_cell *text, const struct cmd_cell *beside)
{
    cmd_out_printf(out, "%*s", INDENT, "");
    cmd_out_cell(out, value);
    cmd_out_printf(out, "%*s", (int)(indent - INDENT - value->width), "");
    if (beside->len == 0) {
        cmd_out_rest(out, indent, text);
    } else if (indent + text->width + 2 <= LOOKED_AT) {
        cmd_out_cell(out, text);
        cmd_out_printf(out, "%*s", (int)(LOOKED_AT - indent - text->width), "");
        cmd_out_rest(out, LOOKED_AT, beside);
    } else {
        cmd_out_rest(out, indent, text);
        cmd_out_lines(out, LOOKED_AT, beside);
    }
}

static void print_policy(struct explanation *e, const struct spurn_part_row *row)
{
    struct cmd_cell title;
    bool is_asked = strcmp(row->value, "asked") == 0;
    cmd_cell_init(&title, CMD_PLAIN);
    cmd_cell_add_str(&title, "Policy ");
    cmd_cell_add(&title, row->text);
    cmd_out_heading(&e->detail, title.at);
    if (is_asked)
        return;
    cmd_cell_init(&title, CMD_DOUBT);
    cmd_cell_add_str(&title, strcmp(row->value, "unknown") == 0
                                 ? "nobody knows whether it is asked: "
                                 : "not asked about this invitation: ");
    cmd_cell_add(&title, row->cause);
    cmd_out_lines(&e->detail, INDENT, &title);
}

static void add_condition(struct cmd_cell *text, const struct spurn_part_row *row)
{
    bool has_parts = cmd_text_is(row->text, "all") || cmd_text_is(row->text, "any");
    cmd_cell_add(text, row->text);
    cmd_cell_add_str(text, has_parts ? " of" : "");
}

static void add_rule(struct cmd_cell *text, const struct spurn_part_row *row)
{
    text->style = CMD_HEADING;
    cmd_cell_add_str(text, row->keeps ? "keep \"" : "reject \"");
    cmd_cell_add(text, row->text);
    cmd_cell_add_str(text, "\", line ");
    cmd_cells_number(text, row->line);
    cmd_cell_add_str(text, row->observes ? ", only observes" : "");
}

static void on_part(void *context, const struct spurn_part_row *row)
{
    struct explanation *e = context;
    struct cmd_cell value, text, beside;
    if (row->part == SPURN_POLICY) {
        print_policy(e, row);
        return;
    }
    cmd_cell_init(&value, CMD_PLAIN);
    cmd_cell_init(&text, CMD_PLAIN);
    cmd_cell_init(&beside, CMD_DIM);
    add_value(&value, row);
    if (row->part == SPURN_RULE) {
        cmd_cell_init(&e->doubt, CMD_DOUBT);
        add_rule(&text, row);
        add_beside(&beside, e, row);
        e->doubt = beside;
    } else {
        add_condition(&text, row);
        add_beside(&beside, e, row);
    }
    size_t depth = row->part == SPURN_RULE ? 0 : 1 + (size_t)row->depth;
    print_part(&e->detail, INDENT + VALUE_WIDTH + 2 * depth, &value, &text, &beside);
}

/* ---- the verdict ---- */

static const char *why_so(const struct spurn_ruling *ruling)
{
    static const char *const why[] = {
        [SPURN_NONE] = "no rule is true of it",
        [SPURN_KEEP] = "a keep rule is true, and keep wins, whatever the others say",
        [SPURN_REJECT] = "a reject rule is true, and every keep rule is false",
        [SPURN_UNDECIDED] = "a rule on which it hangs is neither true nor false, and nothing is "
                            "rejected in doubt"};
    if (ruling->needs_resources)
        return "it hangs on what the invitation shares, and the cloud was not asked for that";
    if (ruling->verdict == SPURN_NONE && ruling->matches.at != NULL)
        return "no rule is true of it but those that only observe";
    return why[ruling->verdict];
}

static void on_now(void *context, const struct spurn_ruling *ruling, enum spurn_change change)
{
    struct explanation *e = context;
    struct cmd_cell cell;
    bool is_described = e->then.len == 0;
    e->faulted = ruling->faulted;
    cmd_out_heading(e->out, is_described ? "Verdict" : "Verdict of today's policies");
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_verdict_add(&cell, ruling);
    if (ruling->rule.at != NULL) {
        cmd_cell_add_str(&cell, ", line ");
        cmd_cells_number(&cell, ruling->line);
    }
    print_labelled(e->out, "decision", &cell);
    if (!cmd_text_equal(ruling->reason, ruling->rule))
        print_text(e->out, "reason", ruling->reason);
    print_matches(e->out, ruling);
    print_text(e->out, "why", cmd_text(why_so(ruling)));
    if (change == SPURN_OTHER_REASON)
        print_text(e->out, "then",
                   cmd_text("the same, but by another rule, for another reason or with others "
                            "that are true"));
    else if (change == SPURN_ALIKE && !is_described)
        print_text(e->out, "then", cmd_text("the same"));
    else
        print_labelled(e->out, "then", &e->then);
}

/* ---- the command ---- */

/* The whole of standard input; the caller frees it. */
static enum spurn_status read_input(char **out, struct spurn_error *err)
{
    size_t len = 0;
    *out = malloc(INPUT_MAX + 1);
    if (*out == NULL)
        return cmd_refuse(err, SPURN_E_MEMORY, "cannot read the invitation: out of memory");
    len = fread(*out, 1, INPUT_MAX + 1, stdin);
    if (ferror(stdin))
        return cmd_refuse(err, SPURN_E_FILE, "cannot read the invitation: %s", strerror(errno));
    if (len > INPUT_MAX)
        return cmd_refuse(err, SPURN_E_USAGE,
                          "cannot read the invitation: it is longer than %d KiB", INPUT_MAX / 1024);
    (*out)[len] = '\0';
    return SPURN_OK;
}

static enum spurn_status check_arguments(const struct cmd_arguments *a, struct spurn_error *err)
{
    if ((a->operands_len == 0) == (a->invitation == NULL))
        return cmd_refuse(err, SPURN_E_USAGE,
                          "explain wants an invitation's id, or its end, or --invitation and a "
                          "description; \"spurn history --plans\" shows how the ids end");
    return SPURN_OK;
}

static enum spurn_status explain(struct cmd *cmd, struct spurn *s,
                                 const struct spurn_explain_options *options, bool *faulted,
                                 struct spurn_error *err)
{
    struct explanation e = {.out = &cmd->out, .detail = cmd->out, .digest = spurn_digest(s)};
    const struct spurn_explanation to = {.size = sizeof to,
                                         .context = &e,
                                         .told = on_told,
                                         .then = on_then,
                                         .part = on_part,
                                         .now = on_now};
    char *text = NULL;
    size_t len = 0;
    if (cmd->arguments.format == CMD_FORMAT_JSON)
        return spurn_explain_json(s, options, cmd_out_write, &cmd->out, faulted, err);
    cmd_cell_init(&e.then, CMD_PLAIN);
    cmd_cell_init(&e.doubt, CMD_DOUBT);
    e.detail.begun = true;
    e.detail.file = open_memstream(&text, &len);
    if (e.detail.file == NULL)
        return cmd_refuse(err, SPURN_E_MEMORY, "cannot explain: out of memory");
    enum spurn_status status = spurn_explain(s, options, &to, err);
    if (fclose(e.detail.file) != 0 && status == SPURN_OK)
        status = cmd_refuse(err, SPURN_E_MEMORY, "cannot explain: out of memory");
    if (status == SPURN_OK)
        cmd_out_bytes(&cmd->out, text, len);
    free(text);
    *faulted = e.faulted;
    return status;
}

int cmd_explain(struct cmd *cmd)
{
    const struct cmd_arguments *a = &cmd->arguments;
    struct spurn_explain_options options = {
        .size = sizeof options, .invitation_json = a->invitation, .now_ms = a->now_ms};
    struct spurn *s = NULL;
    char *input = NULL;
    bool faulted = false;
    struct spurn_error err;
    enum spurn_status status = check_arguments(a, &err);
    if (status == SPURN_OK && a->invitation != NULL && strcmp(a->invitation, "-") == 0) {
        status = read_input(&input, &err);
        options.invitation_json = input;
    }
    if (status == SPURN_OK && a->operands_len > 0)
        options.id = a->operands[0];
    if (status == SPURN_OK)
        status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK)
        status = explain(cmd, s, &options, &faulted, &err);
    spurn_close(s);
    free(input);
    if (status != SPURN_OK &&
        cmd->out.failure == 0) /* else told when standard output is finished */
        return cmd_fail(cmd, &err);
    return faulted ? CMD_EXIT_FAULT : CMD_EXIT_WELL;
}

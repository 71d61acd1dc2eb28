/* check.c - spurn check: what is configured and loaded, and what looks wrong; touches no network. */
#include "command/command.h"

#include <inttypes.h>
#include <string.h>

#include "command/cells.h"
#include "command/fold.h"
#include "command/json.h"
#include "command/table.h"

static const struct cmd_column TARGET_COLUMNS[] = {{.heading = "CLOUD"},
                                                   {.heading = "ACCOUNT", .least = 35},
                                                   {.heading = "REGION", .least = 16, .most = 60},
                                                   {.heading = "LABEL", .least = 8},
                                                   {.heading = "ROLE", .least = 12}};
static const struct cmd_column RULE_COLUMNS[] = {{.heading = "VERB"},
                                                 {.heading = "RULE", .least = 12},
                                                 {.heading = "CONDITION", .least = 20},
                                                 {.heading = "NOTE", .least = 16},
                                                 {.heading = "WHERE", .least = 20, .spare = true}};
enum {
    TARGETS_LEN = 5,
    RULES_LEN = 5,
    TARGETS_SHOWN = 100 /* a person reads no more */
};

/* What else than its owner a target is told by. */
enum { PART_ROLE = CMD_FOLD_ERROR + 1, PART_WHOSE, PART_EVERYWHERE, PART_LINE, PARTS_LEN };

struct check {
    struct cmd *cmd;
    struct cmd_folds folds;
    struct cmd_table targets, rules;
    struct cmd_json json;
    int64_t targets_len, warnings_len, errors_len;
};

/* ---- tables ---- */

static void keep_target(void *context, const struct spurn_target_row *row)
{
    struct check *c = context;
    struct cmd_cell whose, line;
    cmd_cell_init(&whose, CMD_PLAIN);
    cmd_cell_init(&line, CMD_PLAIN);
    cmd_cells_number(&line, row->line);
    if (row->is_organization)
        cmd_cell_add_str(&whose, "every account of the organization");
    if (row->tags.at != NULL) {
        cmd_cell_add_str(&whose, " with ");
        cmd_cell_add(&whose, row->tags);
    }
    const struct spurn_text parts[PARTS_LEN] = {
        [CMD_FOLD_CLOUD] = row->cloud,
        [CMD_FOLD_ACCOUNT] = row->account,
        [CMD_FOLD_LABEL] = row->label,
        [CMD_FOLD_STATUS] = cmd_text(row->status),
        [PART_ROLE] = row->role,
        [PART_WHOSE] = cmd_text(whose.at),
        [PART_EVERYWHERE] = cmd_text(row->is_any_region ? "" : NULL),
        [PART_LINE] = cmd_text(line.at),
    };
    c->targets_len++;
    cmd_folds_add(&c->folds, parts, row->region);
}

/* Commas part the regions of an organization. */
static size_t count_regions(const struct cmd_fold_row *row)
{
    size_t count = row->count;
    for (size_t i = 0; i < row->region.len; i++)
        count += row->region.at[i] == ',';
    return count;
}

static void add_region(const struct check *c, const struct cmd_fold_row *row, struct cmd_cell *cell)
{
    size_t count = count_regions(row);
    bool is_everywhere = row->fold->parts[PART_EVERYWHERE].at != NULL;
    if (count == 1 || c->cmd->arguments.all || (row->count == 1 && !is_everywhere)) {
        cmd_cell_add(cell, row->region);
        return;
    }
    cmd_cell_add_str(cell, is_everywhere ? "all (" : "");
    cmd_cells_number(cell, (int64_t)count);
    cmd_cell_add_str(cell, is_everywhere ? ")" : " regions");
}

static void add_target(void *context, const struct cmd_fold_row *row)
{
    struct check *c = context;
    const struct spurn_text *parts = row->fold->parts;
    struct cmd_cell cells[TARGETS_LEN];
    for (size_t i = 0; i < TARGETS_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_cell_add(&cells[0], parts[CMD_FOLD_CLOUD]);
    if (parts[CMD_FOLD_ACCOUNT].at == NULL && parts[PART_WHOSE].len == 0)
        cmd_cell_add_str(&cells[1], "by credentials");
    cmd_cell_add(&cells[1],
                 parts[PART_WHOSE].len > 0 ? parts[PART_WHOSE] : parts[CMD_FOLD_ACCOUNT]);
    add_region(c, row, &cells[2]);
    cmd_cell_add(&cells[3], parts[CMD_FOLD_LABEL]);
    cmd_cell_add(&cells[4], parts[PART_ROLE]);
    cmd_table_row(&c->targets, cells);
}

static void add_rule(void *context, const struct spurn_rule_row *row)
{
    struct check *c = context;
    struct cmd_cell cells[RULES_LEN];
    for (size_t i = 0; i < RULES_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cells[0].style = row->keeps ? CMD_GOOD : CMD_BAD;
    cmd_cell_add_str(&cells[0], row->keeps ? "keep" : "reject");
    cmd_cells_rule(&cells[1], row->policy, row->rule);
    cmd_cell_add(&cells[2], row->condition);
    cmd_cell_add_str(&cells[3], row->observes ? "only observes" : "");
    if (row->ends.at != NULL) {
        cmd_cell_add_str(&cells[3], row->observes ? ", ends " : "ends ");
        cmd_cell_add(&cells[3], row->ends);
    }
    cmd_cell_add(&cells[4], row->path);
    cmd_cell_add_str(&cells[4], ":");
    cmd_cells_number(&cells[4], row->line);
    cmd_table_row(&c->rules, cells);
}

static void print_complaint(struct check *c, int64_t *count, const char *heading,
                            enum cmd_style style, const char *text)
{
    struct cmd_cell line;
    if ((*count)++ == 0)
        cmd_out_heading(&c->cmd->out, heading);
    cmd_cell_init(&line, style);
    cmd_cell_add_str(&line, text);
    cmd_out_lines(&c->cmd->out, 2, &line);
}

static void print_warning(void *context, const char *text)
{
    struct check *c = context;
    print_complaint(c, &c->warnings_len, "Warnings", CMD_DOUBT, text);
}

static void print_error(void *context, const char *text)
{
    struct check *c = context;
    print_complaint(c, &c->errors_len, "Errors", CMD_BAD, text);
}

static void print_file(struct cmd_out *out, const char *label, const char *path)
{
    if (path == NULL)
        return;
    cmd_out_printf(out, "%-14s ", label);
    cmd_out_str(out, CMD_PLAIN, path);
    cmd_out_printf(out, "\n");
}

static void print_targets(struct check *c)
{
    bool all = c->cmd->arguments.all;
    cmd_table_init(&c->targets, TARGET_COLUMNS, TARGETS_LEN, all ? 0 : TARGETS_SHOWN);
    cmd_folds_rows(&c->folds, all, add_target, c);
    if (c->targets_len == 0)
        return;
    cmd_out_heading(&c->cmd->out, "Targets");
    cmd_table_begin(&c->targets, &c->cmd->out);
    cmd_folds_rows(&c->folds, all, add_target, c);
    cmd_table_end(&c->targets, "--all shows them");
}

static enum spurn_status print_rules(struct check *c, struct spurn *s, struct spurn_error *err)
{
    const struct spurn_check rules = {.size = sizeof rules, .context = c, .rule = add_rule};
    if (c->rules.rows == 0)
        return SPURN_OK;
    cmd_out_heading(&c->cmd->out, "Rules");
    cmd_table_begin(&c->rules, &c->cmd->out);
    return spurn_check(s, &rules, err);
}

static enum spurn_status check_as_tables(struct check *c, struct spurn *s, struct spurn_error *err)
{
    struct cmd_out *out = &c->cmd->out;
    const struct spurn_check measured = {
        .size = sizeof measured, .context = c, .target = keep_target, .rule = add_rule};
    const struct spurn_check warnings = {
        .size = sizeof warnings, .context = c, .warning = print_warning};
    const struct spurn_check errors = {.size = sizeof errors, .context = c, .error = print_error};
    cmd_table_init(&c->rules, RULE_COLUMNS, RULES_LEN, 0);
    cmd_print_config(c->cmd, out);
    print_file(out, "Journal", spurn_journal_path(s));
    print_file(out, "Digest", spurn_digest(s));
    enum spurn_status status = spurn_check(s, &measured, err);
    if (status == SPURN_OK && c->folds.failed)
        status = cmd_refuse(err, SPURN_E_MEMORY, "cannot keep the targets: memory ran out");
    if (status == SPURN_OK)
        print_targets(c);
    if (status == SPURN_OK)
        status = print_rules(c, s, err);
    if (status == SPURN_OK) {
        spurn_check(s, &warnings, NULL); /* the errors beneath tell what is wrong */
        status = spurn_check(s, &errors, err);
    }
    if (status == SPURN_OK)
        cmd_out_printf(out,
                       "\nEverything loads: targets %" PRId64 ", rules %" PRId64
                       ", warnings %" PRId64 ".\n",
                       c->targets_len, c->rules.rows, c->warnings_len);
    return status;
}

/* ---- JSON ---- */

static void json_pair(struct cmd_json *json, const char *key, struct spurn_text value)
{
    cmd_json_key(json, key);
    cmd_json_text(json, value);
}

static void json_target(void *context, const struct spurn_target_row *row)
{
    struct cmd_json *json = context;
    cmd_json_open(json, '{');
    json_pair(json, "cloud", row->cloud);
    json_pair(json, "account", row->account);
    json_pair(json, "region", row->region);
    json_pair(json, "label", row->label);
    json_pair(json, "role", row->role);
    cmd_json_key(json, "organization");
    cmd_json_bool(json, row->is_organization);
    json_pair(json, "tags", row->tags);
    cmd_json_close(json, '}');
}

static void json_rule(void *context, const struct spurn_rule_row *row)
{
    struct cmd_json *json = context;
    cmd_json_open(json, '{');
    json_pair(json, "verb", cmd_text(row->keeps ? "keep" : "reject"));
    json_pair(json, "policy", row->policy);
    json_pair(json, "rule", row->rule);
    json_pair(json, "condition", row->condition);
    json_pair(json, "path", row->path);
    cmd_json_key(json, "line");
    cmd_json_number(json, row->line);
    cmd_json_key(json, "observes");
    cmd_json_bool(json, row->observes);
    json_pair(json, "ends", row->ends);
    cmd_json_close(json, '}');
}

static void json_complaint(void *context, const char *text)
{
    cmd_json_str(context, text);
}

static enum spurn_status check_as_json(struct check *c, struct spurn *s, struct spurn_error *err)
{
    struct cmd_json *json = &c->json;
    const struct {
        const char *key;
        struct spurn_check rows;
    } parts[] = {
        {"targets", {.target = json_target}},
        {"rules", {.rule = json_rule}},
        {"warnings", {.warning = json_complaint}},
        {"errors", {.error = json_complaint}},
    };
    enum spurn_status status = SPURN_OK;
    cmd_json_init(json, &c->cmd->out);
    cmd_json_open(json, '{');
    cmd_json_key(json, "schema");
    cmd_json_number(json, 1);
    json_pair(json, "config", cmd_text(c->cmd->config_path));
    json_pair(json, "journal", cmd_text(spurn_journal_path(s)));
    json_pair(json, "digest", cmd_text(spurn_digest(s)));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct spurn_check rows = parts[i].rows;
        rows.size = sizeof rows;
        rows.context = json;
        cmd_json_key(json, parts[i].key);
        cmd_json_open(json, '[');
        status = spurn_check(s, &rows, err); /* the last of them tells the errors */
        cmd_json_close(json, ']');
    }
    cmd_json_close(json, '}');
    cmd_json_end(json);
    return status;
}

int cmd_check(struct cmd *cmd)
{
    struct check c = {.cmd = cmd, .folds = {.parts = PARTS_LEN, .well_most = SIZE_MAX}};
    struct spurn *s = NULL;
    struct spurn_error err;
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK)
        status = cmd->arguments.format == CMD_FORMAT_JSON ? check_as_json(&c, s, &err)
                                                          : check_as_tables(&c, s, &err);
    cmd_folds_clear(&c.folds);
    spurn_close(s);
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

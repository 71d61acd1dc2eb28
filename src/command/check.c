/* check.c - spurn check: what is configured and loaded, and what looks wrong; touches no network. */
#include "command/command.h"

#include <inttypes.h>
#include <string.h>

#include "command/cells.h"
#include "command/json.h"
#include "command/table.h"

static const struct cmd_column TARGET_COLUMNS[] = {{.heading = "CLOUD"},
                                                   {.heading = "ACCOUNT"},
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

struct check {
    struct cmd *cmd;
    struct cmd_table targets, rules;
    struct cmd_json json;
    int64_t warnings_len, errors_len;
};

/* ---- tables ---- */

static void add_target(void *context, const struct spurn_target_row *row)
{
    struct check *c = context;
    struct cmd_cell cells[TARGETS_LEN];
    for (size_t i = 0; i < TARGETS_LEN; i++)
        cmd_cell_init(&cells[i], CMD_PLAIN);
    cmd_cell_add(&cells[0], row->cloud);
    if (row->is_organization)
        cmd_cell_add_str(&cells[1], "every account of the organization");
    else
        cmd_cell_add_str(&cells[1], row->account.at == NULL ? "by credentials" : "");
    cmd_cell_add(&cells[1], row->account);
    cmd_cell_add(&cells[2], row->region);
    cmd_cell_add(&cells[3], row->label);
    cmd_cell_add(&cells[4], row->role);
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

static void print_rows(struct check *c, struct spurn *s, const char *heading,
                       struct cmd_table *table, const struct spurn_check *rows,
                       enum spurn_status *status, struct spurn_error *err)
{
    if (*status != SPURN_OK || table->rows == 0)
        return;
    cmd_out_heading(&c->cmd->out, heading);
    cmd_table_begin(table, &c->cmd->out);
    *status = spurn_check(s, rows, err);
    cmd_table_end(table, "--all shows them");
}

static enum spurn_status check_as_tables(struct check *c, struct spurn *s, struct spurn_error *err)
{
    struct cmd_out *out = &c->cmd->out;
    const struct spurn_check measured = {
        .size = sizeof measured, .context = c, .target = add_target, .rule = add_rule};
    const struct spurn_check targets = {.size = sizeof targets, .context = c, .target = add_target};
    const struct spurn_check rules = {.size = sizeof rules, .context = c, .rule = add_rule};
    const struct spurn_check warnings = {
        .size = sizeof warnings, .context = c, .warning = print_warning};
    const struct spurn_check errors = {.size = sizeof errors, .context = c, .error = print_error};
    cmd_table_init(&c->targets, TARGET_COLUMNS, TARGETS_LEN,
                   c->cmd->arguments.all ? 0 : TARGETS_SHOWN);
    cmd_table_init(&c->rules, RULE_COLUMNS, RULES_LEN, 0);
    cmd_print_config(c->cmd, out);
    print_file(out, "Journal", spurn_journal_path(s));
    print_file(out, "Digest", spurn_digest(s));
    enum spurn_status status = spurn_check(s, &measured, err);
    print_rows(c, s, "Targets", &c->targets, &targets, &status, err);
    print_rows(c, s, "Rules", &c->rules, &rules, &status, err);
    if (status == SPURN_OK) {
        spurn_check(s, &warnings, NULL); /* the errors beneath tell what is wrong */
        status = spurn_check(s, &errors, err);
    }
    if (status == SPURN_OK)
        cmd_out_printf(out,
                       "\nEverything loads: targets %" PRId64 ", rules %" PRId64
                       ", warnings %" PRId64 ".\n",
                       c->targets.rows, c->rules.rows, c->warnings_len);
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
    struct check c = {.cmd = cmd};
    struct spurn *s = NULL;
    struct spurn_error err;
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK)
        status = cmd->arguments.format == CMD_FORMAT_JSON ? check_as_json(&c, s, &err)
                                                          : check_as_tables(&c, s, &err);
    spurn_close(s);
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

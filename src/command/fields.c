/* fields.c - spurn fields: every word that a policy can use. */
#include "command/command.h"

#include <string.h>

#include "command/json.h"

static void print_line(struct cmd_out *out, size_t indent, enum cmd_style style, const char *words)
{
    struct cmd_cell line;
    cmd_cell_init(&line, style);
    cmd_cell_add_str(&line, words);
    cmd_out_lines(out, indent, &line);
}

static void print_kind(struct cmd_out *out, const char *kind)
{
    struct spurn_word_row row;
    cmd_out_heading(out, kind);
    for (size_t i = 0; spurn_word_at(i, &row); i++) {
        if (strcmp(row.kind, kind) != 0)
            continue;
        print_line(out, 2, CMD_GOOD, row.form);
        print_line(out, 6, CMD_PLAIN, row.text);
    }
}

static bool is_first_of_kind(size_t index, const char *kind)
{
    struct spurn_word_row row;
    for (size_t i = 0; i < index && spurn_word_at(i, &row); i++) {
        if (strcmp(row.kind, kind) == 0)
            return false;
    }
    return true;
}

static void fields_as_text(struct cmd *cmd)
{
    struct spurn_word_row row;
    for (size_t i = 0; spurn_word_at(i, &row); i++) {
        if (is_first_of_kind(i, row.kind))
            print_kind(&cmd->out, row.kind);
    }
}

static void fields_as_json(struct cmd *cmd)
{
    struct cmd_json json;
    struct spurn_word_row row;
    cmd_json_init(&json, &cmd->out);
    cmd_json_open(&json, '{');
    cmd_json_key(&json, "schema");
    cmd_json_number(&json, 1);
    cmd_json_key(&json, "words");
    cmd_json_open(&json, '[');
    for (size_t i = 0; spurn_word_at(i, &row); i++) {
        const char *const pairs[][2] = {
            {"kind", row.kind}, {"form", row.form}, {"text", row.text}, {"type", row.type}};
        cmd_json_open(&json, '{');
        for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++) {
            cmd_json_key(&json, pairs[p][0]);
            cmd_json_text(&json, cmd_text(pairs[p][1]));
        }
        cmd_json_close(&json, '}');
    }
    cmd_json_close(&json, ']');
    cmd_json_close(&json, '}');
    cmd_json_end(&json);
}

int cmd_fields(struct cmd *cmd)
{
    if (cmd->arguments.format == CMD_FORMAT_JSON)
        fields_as_json(cmd);
    else
        fields_as_text(cmd);
    return CMD_EXIT_WELL;
}

/* verify.c - spurn verify: is the journal what was written, and does it keep its own rules? */
#include "command/command.h"

#include <inttypes.h>

#include "command/json.h"

static void print_problem(void *context, const char *what)
{
    struct cmd *cmd = context;
    cmd_out_str(&cmd->out, CMD_BAD, "wrong: ");
    cmd_out_str(&cmd->out, CMD_PLAIN, what);
    cmd_out_printf(&cmd->out, "\n");
}

static enum spurn_status verify_as_text(struct cmd *cmd, struct spurn *s,
                                        struct spurn_verify_result *result, struct spurn_error *err)
{
    struct cmd_out *out = &cmd->out;
    enum spurn_status status =
        spurn_verify(s, cmd->arguments.head, print_problem, cmd, result, err);
    if (status != SPURN_OK)
        return status;
    cmd_out_printf(out, "Journal  ");
    cmd_out_str(out, CMD_PLAIN, spurn_journal_path(s));
    cmd_out_printf(out, "\n");
    if (result->head_seq > 0)
        cmd_out_printf(out, "Head     %" PRId64 ":%s\n", result->head_seq, result->head_hash);
    cmd_out_printf(out, "%" PRId64 " rows checked: ", result->checked);
    if (result->problems == 0)
        cmd_out_str(out, CMD_GOOD, "all is as it was written.");
    else
        cmd_out_printf(out, "%" PRId64 " wrong. Keep a copy, and compare with a backup.",
                       result->problems);
    cmd_out_printf(out, "\n");
    return SPURN_OK;
}

static void json_problem(void *context, const char *what)
{
    cmd_json_str(context, what);
}

static enum spurn_status verify_as_json(struct cmd *cmd, struct spurn *s,
                                        struct spurn_verify_result *result, struct spurn_error *err)
{
    struct cmd_json json;
    char head[96] = "";
    cmd_json_init(&json, &cmd->out);
    cmd_json_open(&json, '{');
    cmd_json_key(&json, "schema");
    cmd_json_number(&json, 1);
    cmd_json_key(&json, "journal");
    cmd_json_str(&json, spurn_journal_path(s));
    cmd_json_key(&json, "problems");
    cmd_json_open(&json, '[');
    enum spurn_status status =
        spurn_verify(s, cmd->arguments.head, json_problem, &json, result, err);
    cmd_json_close(&json, ']');
    if (result->head_seq > 0)
        snprintf(head, sizeof head, "%" PRId64 ":%s", result->head_seq, result->head_hash);
    cmd_json_key(&json, "checked");
    cmd_json_number(&json, result->checked);
    cmd_json_key(&json, "head");
    cmd_json_str(&json, head[0] == '\0' ? NULL : head);
    cmd_json_close(&json, '}');
    cmd_json_end(&json);
    return status;
}

int cmd_verify(struct cmd *cmd)
{
    struct spurn_verify_result result = {.size = sizeof result};
    struct spurn *s = NULL;
    struct spurn_error err;
    enum spurn_status status = cmd_open(cmd, true, &s, &err);
    if (status == SPURN_OK)
        status = cmd->arguments.format == CMD_FORMAT_JSON ? verify_as_json(cmd, s, &result, &err)
                                                          : verify_as_text(cmd, s, &result, &err);
    spurn_close(s);
    if (status != SPURN_OK)
        return cmd_fail(cmd, &err);
    return result.problems == 0 ? CMD_EXIT_WELL : CMD_EXIT_FAILED;
}

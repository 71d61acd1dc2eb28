/* init.c - spurn init: a starter configuration, a policy and its test. */
#include "command/command.h"

#include <string.h>

#include "command/json.h"

static void print_file(void *context, const char *path)
{
    struct cmd *cmd = context;
    cmd_out_str(&cmd->out, CMD_GOOD, "wrote ");
    cmd_out_str(&cmd->out, CMD_PLAIN, path);
    cmd_out_printf(&cmd->out, "\n");
}

static void json_file(void *context, const char *path)
{
    cmd_json_str(context, path);
}

static enum spurn_status init_as_json(struct cmd *cmd, const char *folder, struct spurn_error *err)
{
    struct cmd_json json;
    cmd_json_init(&json, &cmd->out);
    cmd_json_open(&json, '{');
    cmd_json_key(&json, "schema");
    cmd_json_number(&json, 1);
    cmd_json_key(&json, "wrote");
    cmd_json_open(&json, '[');
    enum spurn_status status = spurn_init(folder, json_file, &json, err);
    cmd_json_close(&json, ']');
    cmd_json_close(&json, '}');
    cmd_json_end(&json);
    return status;
}

int cmd_init(struct cmd *cmd)
{
    bool named = cmd->arguments.operands_len > 0;
    const char *folder = named ? cmd->arguments.operands[0] : ".";
    struct spurn_error err;
    enum spurn_status status;
    if (folder[0] == '\0') {
        status =
            cmd_refuse(&err, SPURN_E_USAGE,
                       "cannot write into a folder without a name; \"spurn init\" writes here");
    } else if (cmd->arguments.format == CMD_FORMAT_JSON) {
        status = init_as_json(cmd, folder, &err);
    } else {
        status = spurn_init(folder, print_file, cmd, &err);
        if (status == SPURN_OK) {
            cmd_out_printf(&cmd->out, "\nNext:\n");
            if (named && strcmp(folder, ".") != 0) {
                cmd_out_printf(&cmd->out, "  cd ");
                cmd_out_str(&cmd->out, CMD_PLAIN, folder);
                cmd_out_printf(&cmd->out, "\n");
            }
            cmd_out_printf(
                &cmd->out,
                "  edit spurn.lua   name your accounts and regions\n"
                "  spurn test       what the policy promises, tried\n"
                "  spurn check      does all of it load?\n"
                "  spurn doctor     do the keys reach every target, and may they?\n"
                "  spurn plan       what would be rejected; changes nothing\n"
                "\nMore accounts, roles, an organization: examples/accounts in spurn's source.\n");
        }
    }
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

/* command.h - what every command gets, and what it gives back: an exit code. */
#ifndef SPURN_COMMAND_COMMAND_H
#define SPURN_COMMAND_COMMAND_H

#include <limits.h>

#include "command/log.h"
#include "command/options.h"

/* The first that applies. */
enum cmd_exit {
    CMD_EXIT_USAGE = 2,  /* usage, configuration or policy cannot be loaded; nothing was done */
    CMD_EXIT_BUSY = 75,  /* another sweep is running (EX_TEMPFAIL of sysexits.h) */
    CMD_EXIT_HELD = 3,   /* a safety belt held something back */
    CMD_EXIT_FAILED = 1, /* something failed, the rest was done; tests or verify failed; declined */
    CMD_EXIT_FAULT = 4,  /* a policy fault kept something that needs a look */
    CMD_EXIT_WELL = 0
};

struct cmd {
    struct cmd_arguments arguments;
    struct cmd_out out, err;    /* the report; everything else */
    struct cmd_log log;         /* to `err` */
    char config_path[PATH_MAX]; /* the configuration in use; "" until cmd_find_config */
};

int cmd_plan(struct cmd *cmd);
int cmd_apply(struct cmd *cmd);
int cmd_history(struct cmd *cmd);
int cmd_check(struct cmd *cmd);
int cmd_verify(struct cmd *cmd);
int cmd_init(struct cmd *cmd);
int cmd_fields(struct cmd *cmd);
int cmd_test(struct cmd *cmd);
int cmd_daemon(struct cmd *cmd);
int cmd_explain(struct cmd *cmd);
int cmd_replay(struct cmd *cmd);
int cmd_doctor(struct cmd *cmd);

/* Fills *err and returns `status`. What others wrote may be among the words: an error is shown through a cell. */
enum spurn_status cmd_refuse(struct spurn_error *err, enum spurn_status status, const char *fmt,
                             ...) SPURN_PRINTF(3, 4);
/* Logs the error; returns the exit code that belongs to it. */
int cmd_fail(struct cmd *cmd, const struct spurn_error *err);

/* Which configuration to use, into cmd->config_path. A `watched` command is run by a person who sees its name; the others take none
 * from the current directory unless -c says so: a folder's owner would decide what is rejected. */
enum spurn_status cmd_find_config(struct cmd *cmd, bool watched, struct spurn_error *err);
/* Its absolute path, for people to know which one it is. */
void cmd_print_config(struct cmd *cmd, struct cmd_out *out);
/* The options of spurn_open and spurn_daemon_open for that configuration. They borrow from `cmd`. */
struct spurn_options cmd_open_options(struct cmd *cmd, enum spurn_log_level level);
/* Both, and spurn_open. */
enum spurn_status cmd_open(struct cmd *cmd, bool watched, struct spurn **out,
                           struct spurn_error *err);

#endif

/* options.h - commands and options as tables: reading a command line, its environment, and --help come from the same rows. */
#ifndef SPURN_COMMAND_OPTIONS_H
#define SPURN_COMMAND_OPTIONS_H

#include "command/out.h"

struct cmd;

/* Which commands an option belongs to. */
enum {
    FOR_PLAN = 1,
    FOR_APPLY = 2,
    FOR_HISTORY = 4,
    FOR_CHECK = 8,
    FOR_VERIFY = 16,
    FOR_INIT = 32,
    FOR_FIELDS = 64,
    FOR_TEST = 128,
    FOR_DAEMON = 256,
    FOR_HELP = 512,
    FOR_EXPLAIN = 1024,
    FOR_REPLAY = 2048,
    FOR_DOCTOR = 4096,
    FOR_EVERY = 8191
};

struct cmd_command {
    const char *name;
    unsigned bit;         /* one of FOR_... */
    const char *operands; /* "[ID]"; "" when there are none */
    size_t most_operands;
    const char *purpose; /* one line */
    const char *details; /* what --help says after it; a paragraph a line */
    int (*run)(struct cmd *cmd);
};

struct cmd_commands {
    const struct cmd_command *at;
    size_t count;
};

enum cmd_format { CMD_FORMAT_TABLE, CMD_FORMAT_JSON };
enum cmd_log_format { CMD_LOG_TEXT, CMD_LOG_JSON };

struct cmd_arguments {
    const struct cmd_command *command; /* NULL: none named */
    char **operands;                   /* borrowed from argv */
    size_t operands_len;
    bool help, version, yes, all, plans, rules;
    const char *config, *trust, *head; /* borrowed; NULL: not given */
    int format;                        /* enum cmd_format */
    int log_level;                     /* enum spurn_log_level; -1: not given */
    int log_format;                    /* enum cmd_log_format */
    int color;                         /* enum cmd_color */
    int64_t now_ms, since_ms;          /* 0: not given */
    int64_t limit;                     /* -1: not given */
    bool coverage, tap;
    const char *run, *junit, *record; /* as config */
    const char *invitation;           /* the same */
    bool exit_code;
    int64_t fail_under; /* percent; -1: not given */
};

/* Reads argv, which it reorders, then SPURN_<OPTION> for what argv did not say. SPURN_E_USAGE: what was wrong and what may be meant.
 * What was read until then is in *out, so that the error can be shown as asked for. */
enum spurn_status cmd_options_read(struct cmd_commands commands, int argc, char **argv,
                                   struct cmd_arguments *out, struct spurn_error *err);
/* The command of that name; NULL and *err when there is none. */
const struct cmd_command *cmd_options_command(struct cmd_commands commands, const char *name,
                                              struct spurn_error *err);

void cmd_options_help(struct cmd_commands commands, struct cmd_out *out);
void cmd_options_help_command(const struct cmd_command *command, struct cmd_out *out);

#endif

/* command.c - what every command does first: finding the configuration, opening it, saying what went wrong. */
#include "command/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char HERE[] = "spurn.lua";

enum spurn_status cmd_refuse(struct spurn_error *err, enum spurn_status status, const char *fmt,
                             ...)
{
    err->status = status;
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return status;
}

int cmd_fail(struct cmd *cmd, const struct spurn_error *err)
{
    static const struct {
        enum spurn_status status;
        enum cmd_exit code;
    } codes[] = {{SPURN_E_USAGE, CMD_EXIT_USAGE},
                 {SPURN_E_CONFIG, CMD_EXIT_USAGE},
                 {SPURN_E_POLICY, CMD_EXIT_USAGE},
                 {SPURN_E_FILE, CMD_EXIT_USAGE},
                 {SPURN_E_BUSY, CMD_EXIT_BUSY}};
    cmd_log(&cmd->log, SPURN_LOG_ERROR, err->text);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].status == err->status)
            return codes[i].code;
    }
    return CMD_EXIT_FAILED;
}

/* Also when it is there but cannot be read: opening it says why, which beats taking another one in silence. */
static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static bool set_path(struct cmd *cmd, const char *folder, const char *file)
{
    int len = snprintf(cmd->config_path, sizeof cmd->config_path, "%s%s", folder, file);
    return len > 0 && (size_t)len < sizeof cmd->config_path;
}

static bool find_at_home(struct cmd *cmd)
{
    const char *config_home = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    bool set = false;
    /* The base directory specification wants these absolute, and others ignored. */
    if (config_home != NULL && config_home[0] == '/')
        set = set_path(cmd, config_home, "/spurn/spurn.lua");
    else if (home != NULL && home[0] == '/')
        set = set_path(cmd, home, "/.config/spurn/spurn.lua");
    return set && is_there(cmd->config_path);
}

enum spurn_status cmd_find_config(struct cmd *cmd, bool watched, struct spurn_error *err)
{
    const char *given = cmd->arguments.config;
    const char *environment = getenv("SPURN_CONFIG");
    if (given == NULL && environment != NULL && environment[0] != '\0') {
        if (!watched && environment[0] != '/')
            return cmd_refuse(err, SPURN_E_USAGE,
                              "cannot use SPURN_CONFIG=%s: nobody is asked here, so it must begin "
                              "with /, or name the file with -c",
                              environment);
        given = environment;
    }
    if (given != NULL) {
        if (set_path(cmd, given, ""))
            return SPURN_OK;
        return cmd_refuse(err, SPURN_E_USAGE, "cannot use a configuration: its path is too long");
    }
    if (watched && is_there(HERE)) {
        set_path(cmd, HERE, "");
        return SPURN_OK;
    }
    if (find_at_home(cmd))
        return SPURN_OK;
    if (set_path(cmd, "/etc/spurn/spurn.lua", "") && is_there(cmd->config_path))
        return SPURN_OK;
    cmd->config_path[0] = '\0';
    if (!watched && is_there(HERE))
        return cmd_refuse(err, SPURN_E_USAGE,
                          "cannot find a configuration: where nobody is asked, ./spurn.lua is used "
                          "only when named; say -c ./spurn.lua");
    return cmd_refuse(err, SPURN_E_USAGE,
                      "cannot find a configuration: none at ./spurn.lua, "
                      "~/.config/spurn/spurn.lua or /etc/spurn/spurn.lua; name one with -c, or "
                      "write one with \"spurn init\"");
}

void cmd_print_config(struct cmd *cmd, struct cmd_out *out)
{
    char *full = realpath(cmd->config_path, NULL);
    cmd_out_printf(out, "Configuration  ");
    cmd_out_str(out, CMD_PLAIN, full != NULL ? full : cmd->config_path);
    cmd_out_printf(out, "\n");
    free(full);
}

static void take_log_line(void *context, enum spurn_log_level level, const char *message)
{
    struct cmd *cmd = context;
    cmd_log(&cmd->log, level, message);
}

struct spurn_options cmd_open_options(struct cmd *cmd, enum spurn_log_level level)
{
    struct spurn_options options;
    memset(&options, 0, sizeof options);
    options.size = sizeof options;
    options.config_path = cmd->config_path;
    options.log_level =
        cmd->arguments.log_level < 0 ? level : (enum spurn_log_level)cmd->arguments.log_level;
    options.log = take_log_line;
    options.context = cmd;
    return options;
}

enum spurn_status cmd_open(struct cmd *cmd, bool watched, struct spurn **out,
                           struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status = cmd_find_config(cmd, watched, err);
    if (status != SPURN_OK)
        return status;
    struct spurn_options options = cmd_open_options(cmd, SPURN_LOG_WARN);
    return spurn_open(&options, out, err);
}

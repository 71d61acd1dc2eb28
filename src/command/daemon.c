/* daemon.c - spurn daemon: sweeps every so often until it is told to end. */
#include "command/command.h"

#include "command/signals.h"

static enum spurn_status step_until_stopped(struct spurn_daemon *daemon, struct spurn_error *err)
{
    bool done = false, told = false;
    while (!done) {
        if (cmd_signals_take_reload())
            spurn_daemon_reload(daemon);
        if (cmd_signals_take_sweep())
            spurn_daemon_sweep_now(daemon);
        if (cmd_signals_stopped() && !told) {
            spurn_daemon_stop(daemon);
            told = true;
        }
        enum spurn_status status = spurn_daemon_step(daemon, CMD_STEP_MS, &done, err);
        if (status != SPURN_OK)
            return status;
    }
    return SPURN_OK;
}

int cmd_daemon(struct cmd *cmd)
{
    struct spurn_daemon *daemon = NULL;
    struct spurn_error err;
    cmd->log.dated = true;
    cmd_signals_daemon();
    enum spurn_status status = cmd_find_config(cmd, false, &err);
    if (status == SPURN_OK) {
        struct spurn_options options = cmd_open_options(cmd, SPURN_LOG_INFO);
        status = spurn_daemon_open(&options, &daemon, &err);
    }
    if (status == SPURN_OK)
        status = step_until_stopped(daemon, &err);
    spurn_daemon_close(daemon);
    return status == SPURN_OK ? CMD_EXIT_WELL : cmd_fail(cmd, &err);
}

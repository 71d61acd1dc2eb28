/* log.c - what happened, one line each, to standard error: as text for people or JSON for machines. */
#include "command/log.h"

#include "command/json.h"
#include "command/time.h"

/* By enum spurn_log_level. */
static const struct {
    const char *name;
    enum cmd_style style;
} LEVELS[] = {{"error", CMD_BAD}, {"warn", CMD_DOUBT}, {"info", CMD_PLAIN}, {"debug", CMD_DIM}};

static void write_json(const struct cmd_log *log, const char *time, const char *level,
                       const char *message)
{
    struct cmd_json json;
    cmd_json_init(&json, log->out);
    cmd_json_open(&json, '{');
    cmd_json_key(&json, "time");
    cmd_json_str(&json, time);
    cmd_json_key(&json, "level");
    cmd_json_str(&json, level);
    cmd_json_key(&json, "message");
    cmd_json_str(&json, message);
    cmd_json_close(&json, '}');
    cmd_json_end(&json);
}

void cmd_log(const struct cmd_log *log, enum spurn_log_level level, const char *message)
{
    char time[CMD_TIME_LEN];
    cmd_time_write_instant(cmd_time_now_ms(), time);
    if (log->json) {
        write_json(log, time, LEVELS[level].name, message);
    } else {
        if (log->dated)
            cmd_out_printf(log->out, "%s ", time);
        else
            cmd_out_printf(log->out, "spurn: ");
        cmd_out_str(log->out, LEVELS[level].style, LEVELS[level].name);
        cmd_out_printf(log->out, ": ");
        cmd_out_message(log->out, message);
        cmd_out_printf(log->out, "\n");
    }
    /* A standard error that is gone must not end a sweep; there is nowhere left to say it. */
    cmd_out_finish(log->out);
}

/* log.h - what happened, one line each, to standard error: as text for people or JSON for machines. */
#ifndef SPURN_COMMAND_LOG_H
#define SPURN_COMMAND_LOG_H

#include "command/out.h"

struct cmd_log {
    struct cmd_out *out;
    bool json;
    bool dated; /* text lines begin with the time; JSON always has it */
};

/* Writes out at once. Hostile text may be among the words. */
void cmd_log(const struct cmd_log *log, enum spurn_log_level level, const char *message);

#endif

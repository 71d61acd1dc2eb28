/* log.h - what happened, for people and machines, one line each, handed to whoever opened the library. */
#ifndef SPURN_LOG_H
#define SPURN_LOG_H

#include "spurn.h"

/* A log is a value that is handed down; a NULL `write` drops everything. `message` is one line of valid UTF-8 with
 * control characters escaped, whatever went into it. */
struct log {
    enum spurn_log_level level; /* the least that is written */
    void (*write)(void *context, enum spurn_log_level level, const char *message);
    void *context;
};

void log_error(const struct log *log, const char *fmt, ...) SPURN_PRINTF(2, 3);
void log_warn(const struct log *log, const char *fmt, ...) SPURN_PRINTF(2, 3);
void log_info(const struct log *log, const char *fmt, ...) SPURN_PRINTF(2, 3);
void log_debug(const struct log *log, const char *fmt, ...) SPURN_PRINTF(2, 3);

#endif

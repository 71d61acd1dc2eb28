/* signals.h - signals as questions that a command asks between two steps. */
#ifndef SPURN_COMMAND_SIGNALS_H
#define SPURN_COMMAND_SIGNALS_H

#include <stdbool.h>

enum { CMD_STEP_MS = 250 }; /* longest step, and so the longest that a signal waits */

/* SIGINT, SIGTERM and SIGHUP ask once; the next one ends the process as if nobody listened. */
void cmd_signals_stop_once(void);
/* SIGINT and SIGTERM stop, SIGHUP reloads, SIGUSR1 sweeps now. */
void cmd_signals_daemon(void);

bool cmd_signals_stopped(void); /* stays true */
/* True once for any number of signals since it was asked last. */
bool cmd_signals_take_reload(void);
bool cmd_signals_take_sweep(void);

#endif

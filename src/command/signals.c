/* signals.c - signals as questions that a command asks between two steps. */
#include "command/signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* The only statics that change in spurn: a signal handler is handed no context. */
static volatile sig_atomic_t stop_asked, reload_asked, sweep_asked;

static void listen_to(int signal_number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = handler; /* without SA_RESTART: a question at the terminal ends too */
    sigaction(signal_number, &action, NULL);
}

static const int STOPPING[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING_LEN = sizeof STOPPING / sizeof STOPPING[0] };

static void (*handler_of(int signal_number))(int)
{
    struct sigaction action;
    return sigaction(signal_number, NULL, &action) == 0 ? action.sa_handler : SIG_DFL;
}

static void on_first_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
    for (size_t i = 0; i < STOPPING_LEN; i++) {
        if (handler_of(STOPPING[i]) == on_first_stop)
            listen_to(STOPPING[i], SIG_DFL);
    }
}

static void on_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

static void on_reload(int signal_number)
{
    (void)signal_number;
    reload_asked = 1;
}

static void on_sweep(int signal_number)
{
    (void)signal_number;
    sweep_asked = 1;
}

void cmd_signals_stop_once(void)
{
    for (size_t i = 0; i < STOPPING_LEN; i++) {
        if (handler_of(STOPPING[i]) != SIG_IGN) /* ignored: nohup, or a job in the background */
            listen_to(STOPPING[i], on_first_stop);
    }
}

void cmd_signals_daemon(void)
{
    listen_to(SIGINT, on_stop);
    listen_to(SIGTERM, on_stop);
    listen_to(SIGHUP, on_reload);
    listen_to(SIGUSR1, on_sweep);
}

bool cmd_signals_stopped(void)
{
    return stop_asked != 0;
}

static bool take(volatile sig_atomic_t *asked)
{
    bool was_asked = *asked != 0;
    *asked = 0;
    return was_asked;
}

bool cmd_signals_take_reload(void)
{
    return take(&reload_asked);
}

bool cmd_signals_take_sweep(void)
{
    return take(&sweep_asked);
}

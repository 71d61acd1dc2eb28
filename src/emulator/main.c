/* main.c - spurn-emulator: both clouds' invitations, and who hands out keys for them, on loopback, for trying things out
 * without an account. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "clock.h"
#include "emulator/behaviour.h"
#include "emulator/options.h"
#include "file.h"

enum {
    PORTS_MAX = 64,
    CONNECTIONS_MAX = 512,
    BODY_MAX = 16 * 1024 * 1024, /* a large scenario may come in while running */
    EXIT_USAGE = 2
};

struct port {
    struct server *server;
    struct behaviour *behaviour;
    struct behaviour_port where;
};

struct emulator {
    struct options options;
    struct log log;
    struct buf scenario;
    struct digest *digest;
    struct behaviour *behaviour;
    struct port ports[PORTS_MAX];
    size_t port_count;
};

static void write_log(void *context, enum spurn_log_level level, const char *message)
{
    (void)context, (void)level;
    fprintf(stderr, "spurn-emulator: %s\n", message);
}

static void handle(void *context, const struct server_request *request,
                   struct server_response *response, struct arena *arena)
{
    const struct port *port = context;
    behaviour_answer(port->behaviour, &port->where, clock_wall_ms(), request, response, arena);
}

/* ---- opening ---- */

static enum spurn_status check_exposure(const struct options *options, struct spurn_error *err)
{
    if (options->expose || server_is_loopback(options->address))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_USAGE,
                      "cannot listen on %s: others could reach it, and its keys are no secrets; "
                      "use a loopback address, or say --expose",
                      options->address);
}

static enum spurn_status open_behaviour(struct emulator *e, struct spurn_error *err)
{
    struct behaviour_options options = {.log = &e->log,
                                        .faults = e->options.faults,
                                        .fault_count = e->options.fault_count,
                                        .now_ms = clock_wall_ms()};
    enum spurn_status status = digest_open(&e->digest, err);
    if (!status && e->options.scenario) {
        status = file_read_trusted(e->options.scenario, "scenario", &e->scenario, err);
        options.scenario = buf_text(&e->scenario);
    }
    options.digest = e->digest;
    return status ? status : behaviour_open(&options, &e->behaviour, err);
}

static enum spurn_status open_port(struct emulator *e, const char *cloud, struct spurn_text region,
                                   struct spurn_error *err)
{
    if (e->port_count == PORTS_MAX)
        return spurn_fail(err, SPURN_E_CONFIG, "cannot use the scenario: more than %d regions",
                          PORTS_MAX - 1);
    struct port *port = &e->ports[e->port_count];
    port->behaviour = e->behaviour;
    port->where = (struct behaviour_port){cloud, region};
    struct server_options options = {.address = e->options.address,
                                     .port =
                                         e->options.port ? e->options.port + (int)e->port_count : 0,
                                     .body_max = BODY_MAX,
                                     .connections_max = CONNECTIONS_MAX,
                                     .handle = handle,
                                     .context = port};
    enum spurn_status status = server_open(&options, &port->server, err);
    if (!status)
        e->port_count++;
    return status;
}

static enum spurn_status open_ports(struct emulator *e, struct spurn_error *err)
{
    enum spurn_status status = open_port(e, "aws", TEXT_ABSENT, err);
    for (size_t i = 0; !status; i++) {
        struct spurn_text region = behaviour_alibaba_region(e->behaviour, i);
        if (!region.at)
            break;
        status = open_port(e, "alibaba", region, err);
    }
    return status;
}

static void emulator_close(struct emulator *e)
{
    for (size_t i = 0; i < e->port_count; i++)
        server_close(e->ports[i].server);
    behaviour_close(e->behaviour);
    digest_close(e->digest);
    buf_clear(&e->scenario);
}

/* Whoever started this reads these lines to learn where it is. */
static void announce(const struct emulator *e)
{
    bool is_v6 = strchr(e->options.address, ':') != NULL;
    for (size_t i = 0; i < e->port_count; i++) {
        const struct port *port = &e->ports[i];
        if (port->where.region.at)
            printf("alibaba %.*s on ", TEXT_ARG(port->where.region));
        else
            printf("listening on ");
        printf(is_v6 ? "http://[%s]:%d\n" : "http://%s:%d\n", e->options.address,
               server_port(port->server));
    }
    fflush(stdout);
}

/* ---- running ---- */

static void wake(int signal_number)
{
    (void)signal_number;
}

/* SIGTERM and SIGINT are let in only while waiting, so that being interrupted there means that one of them came. */
static void hold_signals(sigset_t *outside)
{
    struct sigaction action = {.sa_handler = wake};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t ending;
    sigemptyset(&action.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigprocmask(SIG_BLOCK, &ending, outside);
    sigdelset(outside, SIGTERM);
    sigdelset(outside, SIGINT);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

/* False when it is time to end. */
static bool wait_for_work(const struct emulator *e, const sigset_t *outside)
{
    fd_set readable;
    int highest = -1;
    int64_t wait_ms = -1;
    FD_ZERO(&readable);
    for (size_t i = 0; i < e->port_count; i++) {
        struct server *server = e->ports[i].server;
        int64_t own_ms = server_wait_ms(server);
        if (own_ms >= 0 && (wait_ms < 0 || own_ms < wait_ms))
            wait_ms = own_ms;
        FD_SET(server_fd(server), &readable);
        highest = server_fd(server) > highest ? server_fd(server) : highest;
    }
    struct timespec timeout = {(time_t)(wait_ms / 1000), (long)(wait_ms % 1000) * 1000000};
    return pselect(highest + 1, &readable, NULL, NULL, wait_ms < 0 ? NULL : &timeout, outside) >= 0;
}

static enum spurn_status run(struct emulator *e, struct spurn_error *err)
{
    sigset_t outside;
    enum spurn_status status = SPURN_OK;
    hold_signals(&outside);
    announce(e);
    while (!status && wait_for_work(e, &outside))
        for (size_t i = 0; !status && i < e->port_count; i++)
            status = server_step(e->ports[i].server, err);
    return status;
}

int main(int argc, char **argv)
{
    struct spurn_error err = {.status = SPURN_OK};
    struct emulator e = {.log = {SPURN_LOG_WARN, write_log, NULL}};
    buf_init(&e.scenario, FILE_MAX);
    enum spurn_status status = options_read(argc, argv, &e.options, &err);
    if (!status && e.options.help) {
        fputs(options_help(), stdout);
        return EXIT_SUCCESS;
    }
    if (!status)
        status = check_exposure(&e.options, &err);
    if (!status)
        status = open_behaviour(&e, &err);
    if (!status)
        status = open_ports(&e, &err);
    if (!status)
        status = run(&e, &err);
    emulator_close(&e);
    if (!status)
        return EXIT_SUCCESS;
    log_error(&e.log, "%s", err.text);
    return status == SPURN_E_USAGE || status == SPURN_E_CONFIG || status == SPURN_E_FILE
               ? EXIT_USAGE
               : EXIT_FAILURE;
}

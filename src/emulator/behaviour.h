/* behaviour.h - how each cloud behaves, as lua/emulator/ tells it. */
#ifndef SPURN_EMULATOR_BEHAVIOUR_H
#define SPURN_EMULATOR_BEHAVIOUR_H

#include "digest.h"
#include "log.h"
#include "server.h"

struct behaviour;

struct behaviour_options {
    struct digest *digest;      /* borrowed for the behaviour's life */
    const struct log *log;      /* borrowed likewise; may be NULL */
    struct spurn_text scenario; /* JSON; absent: no accounts */
    const char *const *faults;  /* as given to --fault */
    size_t fault_count;
    int64_t now_ms; /* the instant that ages in the scenario are counted from */
};

/* SPURN_E_CONFIG when the scenario makes no sense ("accounts[1].regions[0]: ..."), SPURN_E_USAGE when a fault does not. */
enum spurn_status behaviour_open(const struct behaviour_options *options, struct behaviour **out,
                                 struct spurn_error *err);
void behaviour_close(struct behaviour *b);

/* The Alibaba regions of the scenario, each of which wants a port of its own; absent past the end. */
struct spurn_text behaviour_alibaba_region(const struct behaviour *b, size_t index);

/* Which port a request came in at. */
struct behaviour_port {
    const char *cloud;        /* "aws" or "alibaba" */
    struct spurn_text region; /* Alibaba's; AWS requests say theirs in the credential scope */
};

/* Answers one request; text of the answer is in the arena. A defect in lua/emulator/ is logged and answered with 500. */
void behaviour_answer(struct behaviour *b, const struct behaviour_port *port, int64_t now_ms,
                      const struct server_request *request, struct server_response *response,
                      struct arena *arena);

#endif

/* explore.h - every state that a model can reach, breadth first, and the shortest way to one that breaks a promise. */
#ifndef SPURN_TESTS_MODEL_EXPLORE_H
#define SPURN_TESTS_MODEL_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A state of any model, as bits. The bits that a model does not use are 0. */
struct snapshot {
    uint64_t words[2];
};

/* A model is a first state and steps. A step is possible in a state or not, and leads to one other. */
struct machine {
    struct snapshot first;
    size_t step_count; /* at most 256 */
    /* False: not possible here. Else *s is the state that it leads to. */
    bool (*take)(const void *context, size_t step, struct snapshot *s);
    const char *(*name)(size_t step);
    /* The promise that was broken on the way to this state, as a sentence; NULL: none. */
    const char *(*broken)(const struct snapshot *s);
    /* Whether everything may end here. A state without a next one that may not is a broken promise, too. */
    bool (*may_end)(const struct snapshot *s);
    const void *context;
};

enum { TRACE_MAX = 256 };

struct exploration {
    size_t states, steps; /* different ones; and all that were taken */
    const char *broken;   /* the promise; NULL: all are kept */
    size_t trace_len;     /* the shortest way to where it was broken */
    uint8_t trace[TRACE_MAX];
    uint8_t seen[256]; /* 1: that step was possible somewhere */
    bool no_memory;
};

/* Ends at the first promise that is broken, or when there is nothing new. */
void explore(const struct machine *machine, struct exploration *out);

/* The shortest ways to `count` states, spread evenly over all that can be reached. Steps are numbers of the machine's. False
 * when memory ran out or a promise was broken. */
bool explore_ways(const struct machine *machine, size_t count,
                  void (*each)(void *context, const uint8_t *steps, size_t step_count),
                  void *context);

#endif

/* explore.c - breadth first over a hash set of states. */
#include "explore.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 1 << 16 };

/* States in the order in which they were found. Those before `next` have been gone on from. */
struct search {
    const struct machine *machine;
    struct snapshot *states;
    uint32_t *parents;
    uint8_t *ways; /* the step that led there from its parent */
    uint32_t count, next, cap;
    uint32_t *slots; /* twice `cap`; 1 + the index of a state, 0: free */
};

static uint64_t hash_of(const struct snapshot *s)
{
    uint64_t h = (s->words[0] ^ s->words[1] * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 32) * 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 29;
}

/* Where the state is, or belongs. */
static uint32_t *slot_of(const struct search *search, const struct snapshot *s)
{
    uint64_t mask = 2 * (uint64_t)search->cap - 1;
    for (uint64_t at = hash_of(s) & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &search->slots[at];
        if (*slot == 0 || memcmp(&search->states[*slot - 1], s, sizeof *s) == 0)
            return slot;
    }
}

static bool grow(struct search *search)
{
    uint32_t cap = search->cap == 0 ? FIRST_CAP : 2 * search->cap;
    struct snapshot *states = realloc(search->states, cap * sizeof *states);
    if (states != NULL)
        search->states = states;
    uint32_t *parents = realloc(search->parents, cap * sizeof *parents);
    if (parents != NULL)
        search->parents = parents;
    uint8_t *ways = realloc(search->ways, cap * sizeof *ways);
    if (ways != NULL)
        search->ways = ways;
    free(search->slots);
    search->slots = calloc(2 * (size_t)cap, sizeof *search->slots);
    if (states == NULL || parents == NULL || ways == NULL || search->slots == NULL)
        return false;
    search->cap = cap;
    for (uint32_t i = 0; i < search->count; i++)
        *slot_of(search, &search->states[i]) = i + 1;
    return true;
}

/* False when memory ran out. */
static bool add(struct search *search, const struct snapshot *s, uint32_t parent, size_t way)
{
    if (search->count == search->cap && !grow(search))
        return false;
    uint32_t *slot = slot_of(search, s);
    if (*slot != 0)
        return true;
    search->states[search->count] = *s;
    search->parents[search->count] = parent;
    search->ways[search->count] = (uint8_t)way;
    *slot = ++search->count;
    return true;
}

/* The way to a state; at most TRACE_MAX of its steps. Its whole length. */
static size_t trace(const struct search *search, uint32_t at, uint8_t *steps)
{
    size_t len = 0;
    for (uint32_t i = at; i != 0; i = search->parents[i])
        len++;
    size_t left = len;
    for (uint32_t i = at; i != 0; i = search->parents[i])
        if (--left < TRACE_MAX)
            steps[left] = search->ways[i];
    return len;
}

/* Takes every step that is possible from one state. */
static void go_on(struct search *search, uint32_t from, struct exploration *out)
{
    const struct machine *m = search->machine;
    bool is_end = true;
    for (size_t step = 0; step < m->step_count; step++) {
        struct snapshot s = search->states[from];
        if (!m->take(m->context, step, &s))
            continue;
        is_end = false;
        out->steps++;
        out->seen[step] = 1;
        if (!add(search, &s, from, step)) {
            out->no_memory = true;
            return;
        }
    }
    if (is_end && !m->may_end(&search->states[from]))
        out->broken = "there is always a next step";
}

static void run(struct search *search, struct exploration *out)
{
    const struct machine *machine = search->machine;
    memset(out, 0, sizeof *out);
    out->no_memory = !add(search, &machine->first, 0, 0);
    while (search->next < search->count && out->broken == NULL && !out->no_memory) {
        uint32_t from = search->next++;
        out->broken = machine->broken(&search->states[from]);
        if (out->broken == NULL)
            go_on(search, from, out);
        if (out->broken != NULL)
            out->trace_len = trace(search, from, out->trace);
    }
    out->states = search->count;
}

static void clear(struct search *search)
{
    free(search->states);
    free(search->parents);
    free(search->ways);
    free(search->slots);
}

void explore(const struct machine *machine, struct exploration *out)
{
    struct search search = {.machine = machine};
    run(&search, out);
    clear(&search);
}

bool explore_ways(const struct machine *machine, size_t count,
                  void (*each)(void *context, const uint8_t *steps, size_t step_count),
                  void *context)
{
    struct search search = {.machine = machine};
    struct exploration found;
    run(&search, &found);
    bool ok = !found.no_memory && found.broken == NULL;
    for (size_t i = 1; ok && i <= count; i++) {
        uint8_t steps[TRACE_MAX];
        uint64_t at = (uint64_t)i * (search.count - 1) / count;
        each(context, steps, trace(&search, (uint32_t)at, steps));
    }
    clear(&search);
    return ok;
}

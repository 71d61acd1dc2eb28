/* globs.h - many globs against one name in one pass: which groups have a glob that it is like? */
#ifndef SPURN_MATCH_GLOBS_H
#define SPURN_MATCH_GLOBS_H

#include <stdint.h>

#include "buf.h"

/* Means what glob_match of match/glob.h means, for every glob at once: a lazy DFA with a cap on its states, and a bit-parallel NFA
 * behind it. Not for several threads: matching fills the DFA. */
struct globs;

enum { GLOBS_STATES_MAX = 4096 };

struct globs *globs_open(void); /* NULL when memory ran out */
void globs_close(struct globs *g);
/* Adds a glob to group `group` (0, 1, ...; groups need not be dense). Copies. False when memory ran out. Not after the first
 * globs_match. */
bool globs_add(struct globs *g, int group, struct spurn_text glob);
size_t globs_count(const struct globs *g);

/* The groups that have a glob which `name` is like, as bits: group N is bit N % 64 of word N / 64. Owned by `g`, valid until the
 * next call; allocates nothing once the DFA is warm, and never fails for want of memory (the NFA needs none). Takes steps off
 * `*steps` by the name's length and the globs alone, so that answers repeat whatever was matched before; NULL with *steps 0 when
 * there were too few. A step is one byte of the name, at up to 512 places of globs where it may be; globs that are not valid UTF-8
 * are matched alone and take what glob_match takes. `name` absent: no group, no steps. */
const uint64_t *globs_match(struct globs *g, struct spurn_text name, int64_t *steps);

static inline bool globs_hit(const uint64_t *groups, int group)
{
    return (groups[group / 64] >> (group % 64) & 1) != 0;
}

/* For the bench and the tests: states built so far, and whether the cap was reached. */
size_t globs_states(const struct globs *g);

#endif

/* slip.h - how far one word is from another: the slips of a keyboard between them. */
#ifndef SPURN_SLIP_H
#define SPURN_SLIP_H

#include "buf.h"

enum { SLIP_LEN_MAX = 64 }; /* longer is no word */

/* How many letters to change, add, drop or swap with a neighbour to make one of the other; ASCII's letter case does not count.
 * SLIP_LEN_MAX when either is longer than that. */
size_t slip_distance(struct spurn_text a, struct spurn_text b);

/* The nearest of several words to the one that was written. */
struct slip {
    struct spurn_text written; /* set it, and leave the rest zeroed */
    struct spurn_text
        meant; /* borrowed from the candidates; absent: none is so near that it may be meant */
    size_t distance; /* of `meant` */
};
/* Of several that are equally near the first one stays. */
void slip_consider(struct slip *slip, struct spurn_text candidate);
/* "; did you mean \"prod\"?", or nothing. */
void slip_put(const struct slip *slip, struct buf *out);

#endif

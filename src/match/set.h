/* set.h - a set of short texts: is this one in it? */
#ifndef SPURN_MATCH_SET_H
#define SPURN_MATCH_SET_H

#include "buf.h"

struct set; /* copies what is added; a million ids are fine */

struct set *set_open(void); /* NULL when memory ran out */
void set_close(struct set *s);
bool set_add(struct set *s,
             struct spurn_text item); /* false when memory ran out; adding twice is fine */
bool set_has(const struct set *s, struct spurn_text item); /* false for absent; allocates nothing */
size_t set_count(const struct set *s);
struct spurn_text set_item(const struct set *s, size_t index); /* in the order first added */
size_t set_index(const struct set *s,
                 struct spurn_text item); /* of set_item; SIZE_MAX when it is not there */

#endif

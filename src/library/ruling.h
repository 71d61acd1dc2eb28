/* ruling.h - what policies said, then and now, and how the two differ. */
#ifndef SPURN_LIBRARY_RULING_H
#define SPURN_LIBRARY_RULING_H

#include "journal/journal.h"
#include "script/script.h"

/* Both borrow. */
struct spurn_ruling ruling_then(const struct journal_basis *decision);
struct spurn_ruling ruling_now(const struct script_decision *decision, const char *digest);

enum spurn_change ruling_change(const struct spurn_ruling *then, const struct spurn_ruling *now);

/* The members of an object that tells of a ruling, and a change as one word of it. */
void ruling_put(struct buf *json, const struct spurn_ruling *ruling);
void ruling_put_change(struct buf *json, enum spurn_change change);

#endif

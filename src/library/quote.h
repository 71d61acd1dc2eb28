/* quote.h - anybody's text as a string of Lua source. */
#ifndef SPURN_LIBRARY_QUOTE_H
#define SPURN_LIBRARY_QUOTE_H

#include "buf.h"

/* Adds `"..."`, which Lua reads back as exactly these bytes. What is neither ASCII nor a letter of a large alphabet is written by
 * number, and so is all that moves a cursor, turns the direction of writing or cannot be seen: the line shows what it says. Absent
 * text is `false`. */
void quote_lua(struct buf *out, struct spurn_text text);

#endif

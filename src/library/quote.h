/* quote.h - anybody's text as a string of Lua source. */
#ifndef SPURN_LIBRARY_QUOTE_H
#define SPURN_LIBRARY_QUOTE_H

#include "json.h"

/* Adds `"..."`, which Lua reads back as exactly these bytes. What is neither ASCII nor a letter of a large alphabet is written by
 * number, and so is all that moves a cursor, turns the direction of writing or cannot be seen: the line shows what it says. Absent
 * text is `false`. */
void quote_lua(struct buf *out, struct spurn_text text);
/* The JSON value that comes next as a table constructor, a string, a number or a boolean; null is `false`. */
void quote_lua_json(struct buf *out, struct json *j);
/* The name of a field in a table constructor: `ours`, `["no name"]`. */
void quote_lua_key(struct buf *out, struct spurn_text key);

#endif

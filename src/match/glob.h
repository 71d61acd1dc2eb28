/* glob.h - names against globs: '*' any run, '?' one character, ASCII letter case ignored, the whole name. */
#ifndef SPURN_MATCH_GLOB_H
#define SPURN_MATCH_GLOB_H

#include <stdint.h>

#include "buf.h"

/* '?' is one UTF-8 character (one byte where the name is not valid UTF-8). No other character is special. Never takes more
 * than `*steps` comparisons: what it used is taken off, and when nothing is left it answers false with *steps 0. */
bool glob_match(struct spurn_text glob, struct spurn_text name, int64_t *steps);

/* NULL when `glob` makes sense; else what is odd about it, for people: it looks like a Lua pattern or a regular
 * expression ("%d", "^x", ".*", "[a-z]", "{a,b}"), or is empty. */
const char *glob_complaint(struct spurn_text glob);

#endif

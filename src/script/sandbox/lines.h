/* lines.h - which lines of a policy's functions ran, for coverage. Private to this room. */
#ifndef SPURN_SCRIPT_SANDBOX_LINES_H
#define SPURN_SCRIPT_SANDBOX_LINES_H

#include "script/sandbox/host.h"

struct lines;

/* Room for every line of `text`. */
enum spurn_status lines_open(struct spurn_text text, struct lines **out, struct spurn_error *err);
void lines_close(struct lines *l);

/* Finds on which lines of functions something can run. `text` is valid Lua, the one that lines_open was given. */
enum spurn_status lines_find(struct lines *l, struct spurn_text text, struct spurn_error *err);

/* For the hook of a policy's state: a line is about to run. Counts those of functions, not of the file itself. */
void lines_note(struct lines *l, lua_State *L, lua_Debug *ar);

/* The lines on which something can run, in order. */
size_t lines_count(const struct lines *l);
void lines_at(const struct lines *l, size_t index, int *line, int64_t *ran);

#endif

/* embedded.h - the Lua and SQL files that are built into the program as text. */
#ifndef SPURN_EMBEDDED_H
#define SPURN_EMBEDDED_H

#include "spurn.h"

/* The text of a file under src/ or lua/, by its path from the project's root, such as "lua/policy.lua" or
 * "src/schema.sql"; NUL-terminated and valid for ever. Absent when no such file was built in. */
struct spurn_text embedded_text(const char *path);

#endif

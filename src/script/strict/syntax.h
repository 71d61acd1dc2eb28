/* syntax.h - what the author of a text probably meant, where Lua itself complains. */
#ifndef SPURN_SCRIPT_STRICT_SYNTAX_H
#define SPURN_SCRIPT_STRICT_SYNTAX_H

#include "buf.h"

enum { SYNTAX_CURE_LEN = 320 };

/* `complaint` is Lua's, from its line on: ":3: ')' expected near 'x'". Writes "; what to write instead", or "". */
void syntax_cure(struct spurn_text text, const char *complaint, char out[SYNTAX_CURE_LEN]);
/* The same for what Lua says while the text runs: "attempt to call a nil value (field 'x')". */
const char *syntax_run_cure(const char *complaint);

#endif

/* syntax.h - what the author of a text that is not Lua probably meant. */
#ifndef SPURN_SCRIPT_SYNTAX_H
#define SPURN_SCRIPT_SYNTAX_H

#include "buf.h"

enum { SYNTAX_CURE_LEN = 320 };

/* `complaint` is Lua's, from its line on: ":3: ')' expected near 'x'". Writes "; what to write instead", or "". */
void syntax_cure(struct spurn_text text, const char *complaint, char out[SYNTAX_CURE_LEN]);

#endif

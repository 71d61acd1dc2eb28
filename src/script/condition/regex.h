/* regex.h - PCRE2 behind one door: compiled within bounds, matched within limits. */
#ifndef SPURN_SCRIPT_CONDITION_REGEX_H
#define SPURN_SCRIPT_CONDITION_REGEX_H

#include <stdint.h>

#include "buf.h"

struct regex;

enum { REGEX_WHY_LEN = 256, REGEX_LEN_MAX = 1024 };

enum regex_answer { REGEX_NO, REGEX_YES, REGEX_LIMIT, REGEX_NO_MEMORY };

/* Compiles with UTF; found anywhere; `(?i)` as PCRE2 has it. NULL with what is wrong in `why` ("" when memory ran out): PCRE2's own
 * sentence and where, a pattern that is too long or compiles to too much, an escape that reads what the host has no use for
 * (callouts, \C). */
struct regex *regex_open(struct spurn_text pattern, char why[REGEX_WHY_LEN]);
void regex_close(struct regex *r);
/* `text` is valid UTF-8. Interpreted, not compiled to machine code, and every item tried is counted, wherever a match may begin: the
 * count is the same everywhere, so answers repeat. It is taken off `*steps`; REGEX_NO with *steps 0: there were too few.
 * REGEX_LIMIT: it hit the limit of one search, which is a fault of the policy. REGEX_NO_MEMORY: the machine's ran out. */
enum regex_answer regex_find(struct regex *r, struct spurn_text text, int64_t *steps);

#endif

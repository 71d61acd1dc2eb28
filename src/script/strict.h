/* strict.h - what the text of a policy gives away that running it cannot: dropped operands, stray assignments, bare words. */
#ifndef SPURN_SCRIPT_STRICT_H
#define SPURN_SCRIPT_STRICT_H

#include "error.h"

enum { STRICT_NAME_LEN = 64 };

/* A function in the text, known by the lines it spans. Lines are 0 where there is no such thing. */
struct strict_function {
    int first_line, last_line;
    int logic_line;   /* an `and`, `or` or `not` of its own */
    int outside_line; /* assigns to a variable that is declared outside it */
    int word_line;    /* reads a word */
    char outside_name[STRICT_NAME_LEN], word[STRICT_NAME_LEN];
};

struct strict {
    struct strict_function *functions;
    size_t count;
};

/* `text` is valid Lua. SPURN_E_POLICY: the first thing that is wrong in file order, with what to write instead. Fills
 * *out even then; strict_clear releases it. */
enum spurn_status strict_read(const char *path, struct spurn_text text, struct strict *out,
                              struct spurn_error *err);
void strict_clear(struct strict *s);

/* All functions on these lines, as one; zeros when there is none. */
struct strict_function strict_function_at(const struct strict *s, int first_line, int last_line);

#endif

/* tokens.h - the words and signs of a Lua text, one after the other. */
#ifndef SPURN_SCRIPT_STRICT_TOKENS_H
#define SPURN_SCRIPT_STRICT_TOKENS_H

#include "buf.h"

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_KEYWORD, TOKEN_STRING, TOKEN_NUMBER, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    struct spurn_text text; /* as written; borrows from the source */
    int line;
};

struct tokens {
    const char *at, *end;
    int line;
};

void tokens_init(struct tokens *t, struct spurn_text source);
/* The source must be valid Lua; of other texts it reads on to the end somehow. */
struct token tokens_next(struct tokens *t);
bool token_is(const struct token *token, const char *text); /* a keyword or a sign */

#endif

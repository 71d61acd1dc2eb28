/* walk.h - reading a policy's text, which is valid Lua, expression by expression and statement by statement. Private to this room. */
#ifndef SPURN_SCRIPT_STRICT_WALK_H
#define SPURN_SCRIPT_STRICT_WALK_H

#include "script/strict/judge.h"

/* Lua has read the text already, so it is well formed and nests no deeper than Lua's own 200 levels. */
struct walk {
    struct judge judge;
    struct tokens tokens;
    struct token now, next;
    int call_line;                   /* of the innermost call whose arguments are read */
    bool declares_params;            /* the table that comes next belongs to params */
    struct spurn_text function_name; /* of the function that comes next; absent: it has none */
};

void walk_advance(struct walk *w);
bool walk_at(const struct walk *w, const char *text);
bool walk_take(struct walk *w, const char *text);
bool walk_at_comparison(const struct walk *w);
bool walk_at_logic(const struct walk *w);

/* One expression; several with commas between, of which the first is told, and how many there are. */
struct said walk_expression(struct walk *w);
struct said walk_expressions(struct walk *w, int *count);
/* What begins with a name or a parenthesis, with all that is behind it. */
struct said walk_suffixed(struct walk *w);

/* The value that comes next, if it is a function, is called so. */
void walk_name_function(struct walk *w, const struct token *name);
/* The parameters and the body of a function; `line` is where Lua says that it begins: a function statement at the word
 * `function`, others at their parameters. */
void walk_function(struct walk *w, int line, bool has_self);

#endif

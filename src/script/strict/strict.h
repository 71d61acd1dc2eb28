/* strict.h - what the text of a policy gives away that running it cannot: dropped operands, stray assignments, bare words. */
#ifndef SPURN_SCRIPT_STRICT_STRICT_H
#define SPURN_SCRIPT_STRICT_STRICT_H

#include "error.h"
#include "script/condition/subject.h"

enum { STRICT_NAME_LEN = 64, STRICT_SLIP_LEN = 256 };

/* A function in the text, known by the lines it spans. Lines are 0 where there is no such thing. */
struct strict_function {
    int first_line, last_line;
    int logic_line;   /* an `and`, `or` or `not` of its own */
    int outside_line; /* assigns to a variable that is declared outside it */
    int word_line;    /* reads a word */
    int slip_line;    /* is wrong once it decides */
    int tokens;       /* of its own */
    /* A loop, a goto or another function in it: it may run for longer than its text. Or a division: without the count hook, Lua
     * 5.4.4 names the wrong line when it is by a constant 0. */
    bool is_counted;
    char name[STRICT_NAME_LEN]; /* of the local that is it; "" when it has none */
    char outside_name[STRICT_NAME_LEN], word[STRICT_NAME_LEN];
    char slip[STRICT_SLIP_LEN];
};

/* A word and the table that the text gives it, `all { a, b }`: a value that turns out nil is missing from the table, and
 * nothing but the text tells. */
struct strict_call {
    struct spurn_text word; /* borrows from the text */
    int line, table_line;
    int items; /* positional and named; STRICT_ANY: the text does not tell */
};
enum { STRICT_ANY = -1 };

/* A name whose truth is asked for. Should it hold a condition, which is always true, an operand is dropped without a trace. */
struct strict_watch {
    struct spurn_text name; /* borrows from the text */
    const char *asks;       /* "and", "or", "not", "if", "while", "until" */
    int first_line, line;   /* of the statement, and of the word */
};

/* inv.region or inv.account, compared with a value. */
struct strict_place {
    enum field field;
    struct spurn_text value; /* borrows from the text */
    int line;
};

/* What loads, and is hardly meant. */
struct strict_warning {
    int line;
    char *text; /* owned */
};

struct strict {
    struct strict_function *functions;
    size_t count;
    struct strict_call *calls;
    size_t call_count;
    struct strict_watch *watches;
    size_t watch_count;
    struct strict_place *places;
    size_t place_count;
    struct strict_warning *warnings;
    size_t warning_count;
};

/* `text` is valid Lua, and stays. SPURN_E_POLICY: the first thing that is wrong in file order, with what to write instead. Fills
 * *out even then; strict_clear releases it. Takes what it costs off *steps, and stops below zero, as if nothing more was wrong. */
enum spurn_status strict_read(const char *path, struct spurn_text text, struct strict *out,
                              int64_t *steps, struct spurn_error *err);
void strict_clear(struct strict *s);

/* The same for a file with words of its own: keeps every table that a name is called with, and every NAME = { ... } in those,
 * as if called; judges nothing. SPURN_E_MEMORY only. */
enum spurn_status strict_read_tables(struct spurn_text text, struct strict *out,
                                     struct spurn_error *err);

/* May `word`, called on `line`, have been given a table of so many items? */
bool strict_allows(const struct strict *s, const char *word, int line, size_t items);

/* All functions on these lines, as one; zeros when there is none. */
struct strict_function strict_function_at(const struct strict *s, int first_line, int last_line);

#endif

/* judge.h - the scopes of a policy's text, and what may be said where; strict.c reads, this judges. */
#ifndef SPURN_SCRIPT_JUDGE_H
#define SPURN_SCRIPT_JUDGE_H

#include "script/strict.h"
#include "script/tokens.h"

enum { FUNCTIONS_DEEP_MAX = 256 };

struct local {
    struct spurn_text name;
    int depth; /* of functions, where it is declared; 0: the file itself */
    bool is_condition;
};

struct judge {
    const char *path;
    struct strict *out;
    bool only_tables;     /* nothing is judged; tables are kept for strict_allows */
    struct local *locals; /* in scope, innermost last */
    size_t local_count, local_cap;
    size_t functions[FUNCTIONS_DEEP_MAX]; /* indices into out->functions, innermost last */
    int depth;
    /* of the condition of an `if` of the file itself, while it is read */
    bool is_in_if;
    struct token logic;       /* the first `and`, `or`, `not` in it; kind TOKEN_END: none */
    struct token told;        /* the first word or condition in it; likewise */
    int64_t *steps;           /* taken off; below zero nothing more is read. NULL: nobody counts */
    enum spurn_status status; /* the first thing that was wrong */
    struct spurn_error *err;
};

/* Each keeps the first complaint in j->err and j->status. */
void judge_refuse(struct judge *j, int line, const char *fmt, ...) SPURN_PRINTF(3, 4);
void judge_local(struct judge *j, const struct token *name);
void judge_open_function(struct judge *j, int line);
void judge_close_function(struct judge *j, int line);
/* A name that is read; `next` is the token behind it. Says whether it is a word that makes a condition, or holds one. */
bool judge_read(struct judge *j, const struct token *name, const struct token *next);
/* A name that is assigned to, itself or something in it. */
void judge_write(struct judge *j, const struct token *name, bool is_whole);
/* `and`, `or` or `not`. */
void judge_logic(struct judge *j, const struct token *token);
/* A word is called, with a table of so many items behind it or with something else (STRICT_ANY). */
void judge_call(struct judge *j, const struct token *word, int table_line, int items);
/* NAME = { ... } in the table of a call on line `call_line`. */
void judge_named_table(struct judge *j, const struct token *name, int call_line, int items);
/* inv.FIELD == LITERAL, or another comparison, or the other way round. */
void judge_field(struct judge *j, struct spurn_text field, const struct token *sign,
                 const struct token *literal);
/* A comparison, one of whose sides is a condition. */
void judge_comparison(struct judge *j, const struct token *sign);
void judge_open_if(struct judge *j);
void judge_close_if(struct judge *j);

#endif

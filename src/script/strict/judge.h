/* judge.h - the scopes of a policy's text, and what may be said where; the walk reads, this judges. */
#ifndef SPURN_SCRIPT_STRICT_JUDGE_H
#define SPURN_SCRIPT_STRICT_JUDGE_H

#include "script/strict/strict.h"
#include "script/condition/subject.h"
#include "script/strict/tokens.h"

enum { FUNCTIONS_DEEP_MAX = 256 };

/* What an expression gives, as far as the text tells. */
enum said_kind {
    SAID_ANYTHING,
    SAID_STRING,
    SAID_NUMBER,
    SAID_BOOLEAN,
    SAID_NIL,
    SAID_TABLE,
    SAID_FUNCTION,
    SAID_POSITION, /* what find and match give: something, or nil */
    SAID_CONDITION
};

/* What is known of an expression once it was read. */
struct said {
    enum said_kind kind;
    enum said_kind
        last; /* of what `and` and `or` give when it comes to their last operand; else as `kind` */
    bool is_many;             /* a call or `...`, which may give none or several values */
    bool is_array;            /* a table of values without keys */
    bool is_params;           /* what params { } gives */
    struct spurn_text field;  /* inv.FIELD and nothing else; else absent */
    int field_depth;          /* of the function that it matters to, if it decides; 0: to any */
    struct spurn_text member; /* its last part is .NAME, or a call of it; else absent */
    struct token
        literal; /* a string, a number, true, false or nil, or a local that is one; else kind TOKEN_END */
    struct token name;    /* a name and nothing else; likewise */
    int items;            /* of a table and nothing else; else STRICT_ANY */
    bool is_resource;     /* one of what inv:resources() gives */
    bool walks_resources; /* ipairs(inv:resources()) */
    /* WHAT == "with" or WHAT ~= "with", and nothing else; else absent. */
    struct compared {
        struct spurn_text what, with; /* as written; without its quotes */
        bool equals;
    } compared;
};

extern const struct said SAID_NOTHING;
/* Says that it is of this kind, and nothing else. */
struct said said_kind(enum said_kind kind);

struct local {
    struct spurn_text name;
    int line;
    int depth;         /* of functions, where it is declared; 0: the file itself */
    bool is_parameter; /* the first one of its function, or one called inv */
    bool is_empty;     /* declared without a value, so it may be nil */
    bool is_read;
    bool is_named; /* by `local`, so somebody should read it */
    struct said value;
};

struct param {
    struct spurn_text name;
    int line;
    bool is_read;
    struct said value; /* its default */
};

struct judge {
    const char *path;
    struct strict *out;
    bool only_tables;     /* nothing is judged; tables are kept for strict_allows */
    struct local *locals; /* in scope, innermost last */
    size_t local_count;
    struct param *params;
    size_t param_count;
    bool params_escape;                   /* somebody may read any of them */
    size_t functions[FUNCTIONS_DEEP_MAX]; /* indices into out->functions, innermost last */
    int depth;
    int statement_line; /* where the present statement begins */
    /* of the condition of an `if` or loop of the file itself, while it is read */
    const char *asks;         /* "if", "while", "until"; NULL: none is read */
    struct token logic;       /* the first `and`, `or`, `not` in it; kind TOKEN_END: none */
    struct token told;        /* the first word or condition in it; likewise */
    bool in_reason;           /* the value of reason = is read */
    int64_t *steps;           /* taken off; below zero nothing more is read. NULL: nobody counts */
    enum spurn_status status; /* the first thing that was wrong */
    struct spurn_error *err;
};

/* ---- names, scopes, logic; judge.c ---- */

/* Each keeps the first complaint in j->err and j->status. */
void judge_refuse(struct judge *j, int line, const char *fmt, ...) SPURN_PRINTF(3, 4);
/* What loads, and is hardly meant; kept in out->warnings. */
void judge_warn(struct judge *j, int line, const char *fmt, ...) SPURN_PRINTF(3, 4);
/* What is wrong with the innermost function, or one further out, if it decides. */
void judge_slip(struct judge *j, int depth, int line, const char *fmt, ...) SPURN_PRINTF(4, 5);

/* The new local, to say more of; NULL when memory ran out. */
struct local *judge_local(struct judge *j, const struct token *name);
/* Forgets the locals from number `outer` on. */
void judge_close_scope(struct judge *j, size_t outer);
/* `name` absent: it has none. */
void judge_open_function(struct judge *j, int line, struct spurn_text name);
/* A token of the innermost function's own. */
void judge_token(struct judge *j, const struct token *token);
void judge_close_function(struct judge *j, int line);
/* A name that is read; `next` is the token behind it. Says what is known of it. */
struct said judge_read(struct judge *j, const struct token *name, const struct token *next);
/* A name that is assigned to, itself or something in it. */
void judge_write(struct judge *j, const struct token *name, bool is_whole);
/* `and`, `or` or `not`. */
void judge_logic(struct judge *j, const struct token *token);
/* A word is called, with a table of so many items behind it or with something else (STRICT_ANY). */
void judge_call(struct judge *j, const struct token *word, int table_line, int items);
/* NAME = VALUE in the table of a call on line `call_line`. */
void judge_named_table(struct judge *j, const struct token *name, int call_line, int items);
/* The condition of an `if`, `while` or `until`. */
void judge_open_if(struct judge *j, const char *asks);
void judge_close_if(struct judge *j);
void judge_finish(struct judge *j);

/* The local of this name that is in scope; NULL. */
struct local *judge_find_local(struct judge *j, struct spurn_text name);

/* ---- values; judge_values.c ---- */

/* A default in params { }; and p.NAME, p["NAME"]: what is known of it. */
void judge_param(struct judge *j, const struct token *name, const struct said *value);
struct said judge_read_param(struct judge *j, struct spurn_text name);
/* Is it the invitation that a function was given? */
bool judge_is_invitation(struct judge *j, const struct token *head);
/* inv.FIELD, or inv:METHOD: what is known of it. */
struct said judge_read_field(struct judge *j, const struct token *head, const struct token *name,
                             bool is_method);
/* TABLE[INDEX] */
void judge_index(struct judge *j, const struct said *table, const struct said *index, int line);
/* What a call of this name gives. */
enum judge_call { CALL_NAME, CALL_METHOD, CALL_STRING, CALL_OTHER }; /* f(), s:f(), string.f() */
struct said judge_called(struct judge *j, struct spurn_text name, enum judge_call how);
/* The pattern that find, match, gmatch or gsub is given. */
void judge_pattern(struct judge *j, struct spurn_text called, const struct token *pattern);
/* The same, when it is inv.FIELD. */
void judge_pattern_field(struct judge *j, struct spurn_text called, const struct said *pattern,
                         int line);
void judge_number(struct judge *j, const struct token *number);

/* An operand of `and`, `or`, `not`, or all that an `if` or a loop asks: `at` is that word. When it `is_tested`, whether it is true
 * matters. */
void judge_operand(struct judge *j, const struct said *operand, const struct token *at,
                   bool is_tested);
/* `or LITERAL` behind a comparison. */
void judge_literal_operand(struct judge *j, const struct said *operand);
/* `not A == B` */
void judge_not(struct judge *j, const struct token *sign);
void judge_comparison(struct judge *j, const struct said *left, const struct token *sign,
                      const struct said *right);
/* `return` of so many values, the first of which is `value`. */
void judge_return(struct judge *j, const struct token *at, const struct said *value, int count);
void judge_goto(struct judge *j, int line);
/* About inv.FIELD: at once when it is the invitation for sure (depth 0), else once the function decides. */
void judge_complain(struct judge *j, int depth, int line, const char *fmt, ...) SPURN_PRINTF(4, 5);
/* What a plain string without escapes holds; absent for anything else. */
struct spurn_text judge_unquoted(const struct token *literal);

/* ---- answers that are fixed; judge_fixed.c ---- */

/* inv.created and the like, compared with a number. */
void judge_instant(struct judge *j, const struct said *field, const struct token *sign,
                   const struct said *with);
/* What `left SIGN right` compares, for judge_both; `what` is `left` as written. */
struct compared judge_compared(const struct said *left, struct spurn_text what,
                               const struct token *sign, const struct said *right);
/* `first or second`, `first and second`, of which nothing else is a part. */
void judge_both(struct judge *j, const struct said *first, const struct token *joint,
                const struct said *second);
/* A resource, or its type, compared with a string. */
void judge_resource(struct judge *j, const struct said *left, const struct said *right);

/* ---- more of values; judge_values.c ---- */

/* What a `for NAMES in` walks through. */
void judge_walked(struct judge *j, const struct said *value, int line);

#endif

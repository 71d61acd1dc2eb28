/* private.h - one row of the table of words, and what makes a value of each; for the files that make words. */
#ifndef SPURN_SCRIPT_WORDS_PRIVATE_H
#define SPURN_SCRIPT_WORDS_PRIVATE_H

#include <lua.h>

#include "script/condition/condition.h"

struct word {
    const char *kind, *name;
    lua_CFunction make; /* NULL: lua/policy.lua makes it, or it is a value */
    const char *form, *text;
    /* Of words that take values. */
    enum field field;
    enum compare compare;
    const char *(*complaint)(struct spurn_text value); /* why it can never hold; NULL: it can */
    const char *(*meant)(struct spurn_text value);     /* what was probably meant, or NULL */
};

enum {
    SHOWN_LEN_MAX = 60,
    /* What conditions hold is kept outside the policy's memory, so making them takes steps. */
    STEPS_A_VALUE = 8,
    VALUE_BYTES_A_STEP = 8
};

/* The row of the word that was called: upvalue 2. */
const struct word *word_called(lua_State *L);
/* Leaves one argument, or raises. */
void word_check_one_value(lua_State *L, const struct word *word);
/* Raises unless the value at 1 is a table whose every key is one of `options`, which ends with NULL. */
void word_check_options(lua_State *L, const struct word *word, const char *const *options);
/* "a": the value at the top is a string of it; raises with `example` when it is anything else. */
struct spurn_text word_string_option(lua_State *L, const struct word *word, const char *option,
                                     const char *example);

/* The functions of the rows. Upvalue 1 is the policy, 2 the row. */
int word_field(lua_State *L);      /* values.c */
int word_resources(lua_State *L);  /* values.c */
int word_regex(lua_State *L);      /* regex.c */
int word_age(lua_State *L);        /* times.c */
int word_seconds(lua_State *L);    /* times.c */
int word_created_at(lua_State *L); /* times.c */
int word_past(lua_State *L);       /* times.c */
int word_group(lua_State *L);      /* groups.c */

/* Complaints about values, for the rows; see kinds.c. */
const char *id_complaint(struct spurn_text value);
const char *cloud_complaint(struct spurn_text value);
const char *cloud_meant(struct spurn_text value);
const char *arn_complaint(struct spurn_text value);
const char *share_complaint(struct spurn_text value);
const char *type_nearly(
    struct spurn_text value); /* the known type that a new one resembles; or NULL */
const char *type_spelt(
    struct spurn_text value); /* a known type, in whatever letter case, as AWS writes it */
/* Not among the known ones, though its service is. */
bool type_is_strange(struct spurn_text value);
const char *type_complaint(struct spurn_text value);
const char *type_meant(struct spurn_text value);

#endif

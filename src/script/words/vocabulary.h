/* vocabulary.h - a policy's words inside Lua: conditions, lists and rules as values, and what operators do to them. */
#ifndef SPURN_SCRIPT_WORDS_VOCABULARY_H
#define SPURN_SCRIPT_WORDS_VOCABULARY_H

#include "script/policy.h"
#include "script/words/words.h"

/* All of this runs inside enter() and may raise. */

/* Keys of the registry, by address: the metatables of conditions and lists; words by function; numbers of
 * functions by function. */
extern const char registry_condition, registry_list, registry_words, registry_functions;

/* The policy whose words these are: upvalue 1. */
struct policy *policy_of(lua_State *L);

/* Makes metatables and words, and pushes the environment that the policy's text runs in. `settings` on the top of the stack
 * is popped: what the configuration said. */
void vocabulary_push(lua_State *L, struct policy *p);
/* After the text has run: functions that still read a word are told to ask the invitation. */
void vocabulary_remove(lua_State *L, struct policy *p);

/* The words that C makes, as a table. */
void words_push_all(lua_State *L, struct policy *p);
/* What is being built; raises when nothing is, because a function that decides is running. */
struct build *words_building(lua_State *L, struct policy *p);
/* Before a condition is made: raises when there are too many, or a caller uses `and`, `or` or `not`. */
void words_check_room(lua_State *L, struct policy *p);
/* What the text says about the functions on these lines; zeros when there is none. */
struct strict_function words_function_at(lua_State *L, struct policy *p, int first_line,
                                         int last_line);
/* Begins, or ends, to look out for conditions whose truth is asked for, line by line. */
void words_watch(lua_State *L, struct policy *p, bool watches);
int words_line(lua_State *L); /* of the policy's text that is running */
/* Pushes the condition as a value; raises for CONDITION_NONE. Returns 1. */
int words_push_condition(lua_State *L, int condition);
/* The condition that the value at `index` is, a function being one too; raises with what was found instead. `where` says
 * what wants it: "keep", "&". */
int words_condition(lua_State *L, struct policy *p, int index, const char *where);
int words_push_group(lua_State *L, struct policy *p, enum group group, const int *children,
                     size_t count);
/* Raises when the table at `index` lacks a value that the text writes into it for `word`: it was nil. */
void words_check_table(lua_State *L, struct policy *p, const char *word, int index);
bool words_is_condition(lua_State *L, int index);
bool words_is_list(lua_State *L, int index);
/* The name of the word at `index`; NULL when it is none. */
const char *words_word_at(lua_State *L, int index);
int vocabulary_list(lua_State *L); /* the word `list` */

/* Every operator of conditions, words, functions, strings, booleans and nil; see operators.c. */
void operators_open(lua_State *L, struct policy *p);
/* Adds the operators that refuse to the metatable on the top. */
void operators_add_refusals(lua_State *L, struct policy *p);

/* What `host` is in lua/policy.lua: host.file, host.add_rule, host.set_rule; see rules.c. */
void rules_add(lua_State *L, struct policy *p);

#endif

/* words.h - the one table of the words a policy may say. */
#ifndef SPURN_SCRIPT_WORDS_WORDS_H
#define SPURN_SCRIPT_WORDS_WORDS_H

#include "buf.h"

const char *word_name_at(size_t index); /* NULL from the end on */
/* The word nearest to `name`, or NULL when none is near. */
const char *word_nearest(const char *name);
bool word_is(struct spurn_text name);
/* Words that stand for themselves and take no value. */
bool word_is_complete(struct spurn_text name);
/* Words that make a condition, whose result must not be thrown away or compared. */
bool word_makes_condition(struct spurn_text name);
/* Why `value` can never be what the condition `name` asks for; NULL when it can, or who knows. */
const char *word_complaint(struct spurn_text name, struct spurn_text value);
/* How it is written: `sender ID`; NULL when it is no word. */
const char *word_form(struct spurn_text name);

#endif

/* condition.h - conditions as data: nodes that C asks, three-valued, without entering Lua and without allocating. */
#ifndef SPURN_SCRIPT_CONDITION_H
#define SPURN_SCRIPT_CONDITION_H

#include "script/list.h"
#include "script/subject.h"

/* PENDING: hangs on a function that was not asked yet; never a final answer. */
enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN, TRUTH_PENDING };

enum { CONDITION_DEPTH_MAX = 100, CONDITION_NONE = -1 };

struct conditions; /* every condition of one policy; a condition is an index into it */

struct conditions *conditions_open(void); /* NULL when memory ran out */
void conditions_close(struct conditions *c);

/* Each returns the new condition, or CONDITION_NONE when memory ran out. `line` is where the policy wrote it. */
int conditions_add_always(struct conditions *c, int line);
/* age >= age_s (older), or age < age_s. `written` is the duration as the policy wrote it. */
int conditions_add_age(struct conditions *c, int line, bool is_older, int64_t age_s,
                       struct spurn_text written);
/* Plain function number `function` of the policy. */
int conditions_add_function(struct conditions *c, int line, int function);

/* `field` is one of some values, to be added next: ids are compared exactly, globs as match/glob.h says. */
enum compare { COMPARE_EXACT, COMPARE_GLOB };
int conditions_add_field(struct conditions *c, int line, enum field field, enum compare compare);
bool conditions_add_value(struct conditions *c, int condition, struct spurn_text value);
/* The list is borrowed. */
bool conditions_add_list(struct conditions *c, int condition, const struct list *list);

/* Groups mark their children as used. Too deep is not checked here: ask conditions_depth first. */
enum group { GROUP_ALL, GROUP_ANY, GROUP_NOT };
int conditions_add_group(struct conditions *c, int line, enum group group, const int *children,
                         size_t count);
int conditions_depth(const struct conditions *c, int condition); /* a leaf: 1 */
int conditions_line(const struct conditions *c, int condition);
size_t conditions_count(const struct conditions *c);
void conditions_use(struct conditions *c, int condition); /* some rule stands on it */
bool conditions_used(const struct conditions *c, int condition);

/* As text, `sender {2 ids} & older "6h"`, until `out` is full. */
void conditions_describe(const struct conditions *c, int condition, struct buf *out);

/* ---- asking ---- */

/* One invitation and one rule at a time. Set `subject`, raise `about` by one for each invitation and `round` for each
 * rule; both start at 1. */
struct asking {
    const struct subject *subject;
    uint64_t about, round;
    int64_t steps; /* for matchers, in this rule; taken off */
    bool ran_out;  /* a matcher used up the steps */
    enum truth (*ask_function)(void *context, int function);
    void *context;
};

/* Facts only: PENDING when the answer hangs on a function. */
enum truth conditions_ask_facts(struct conditions *c, int condition, struct asking *a);
/* Functions too, every one that the answer may hang on, whatever their order; never PENDING. */
enum truth conditions_ask(struct conditions *c, int condition, struct asking *a);

/* After either answered UNKNOWN: a field that the cloud left out and that it hangs on; false when it was no field. */
bool conditions_unknown_field(struct conditions *c, int condition, enum field *out);

#endif

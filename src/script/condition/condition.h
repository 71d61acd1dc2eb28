/* condition.h - conditions as data: nodes that C asks, three-valued, without entering Lua and without allocating. */
#ifndef SPURN_SCRIPT_CONDITION_CONDITION_H
#define SPURN_SCRIPT_CONDITION_CONDITION_H

#include "match/calendar.h"
#include "script/condition/list.h"
#include "script/condition/regex.h"
#include "script/condition/subject.h"

/* PENDING: hangs on what was not asked yet: after facts, a regular expression, the past, a function or resources; after all, resources
 * that the host must fetch first. */
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
/* Plain function number `function` of the policy. `written` is what it is called, for people. */
int conditions_add_function(struct conditions *c, int line, int function,
                            struct spurn_text written);

/* Found anywhere in `field`. Owns `regex`, even when it fails. */
int conditions_add_regex(struct conditions *c, int line, enum field field, struct regex *regex,
                         struct spurn_text written);
/* `written` is what it was made from, for people. */
int conditions_add_created_at(struct conditions *c, int line, const struct calendar *calendar,
                              struct spurn_text written);
/* At least `times` other invitations of the sender within `within_s` before the sweep began. */
int conditions_add_past(struct conditions *c, int line, enum script_event event, int64_t times,
                        int64_t within_s, struct spurn_text written);
/* Some resource, or with `every` every one and at least one, has a type like one of the values, globs to be added next. */
int conditions_add_resources(struct conditions *c, int line, bool every);

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
/* Once all are made, before any is asked: all globs on one field become one automaton. False when memory ran out. */
bool conditions_finish(struct conditions *c);
size_t conditions_count(const struct conditions *c);
void conditions_use(struct conditions *c, int condition); /* some rule stands on it */
bool conditions_used(const struct conditions *c, int condition);

/* `name = "promo-1", age = 3h`: what a function read, bit FIELD_x each; bit FIELD_COUNT: the resources. */
void conditions_show_read(const struct subject *s, uint32_t fields, struct buf *out);

/* As text, `sender {2 ids} & older "6h"`, until `out` is full. */
void conditions_describe(const struct conditions *c, int condition, struct buf *out);

/* ---- asking ---- */

/* One invitation and one rule at a time. Set `subject`, raise `about` by one for each invitation and `round` for each
 * rule; both start at 1. */
struct asking {
    const struct subject *subject;
    uint64_t about, round;
    int64_t glob_steps; /* for all globs on one field, whichever rule is the first to ask */
    int64_t
        steps; /* for what is beyond facts, in this rule; taken off, of what an earlier rule found out too */
    bool ran_out;      /* they were used up */
    const char *fault; /* static; a regular expression hit its limit; NULL: none did */
    int fault_line;    /* where the policy wrote that one */
    enum truth (*ask_function)(void *context, int function);
    void *context;
    enum spurn_status status; /* of the host, which could not look into the past */
    struct spurn_error *err;
};

/* Facts only, in the order in which they were written: PENDING when the answer hangs on more. Globs whose steps ran out are unknown. */
enum truth conditions_ask_facts(struct conditions *c, int condition, struct asking *a);
/* Then regular expressions, then the past, then functions, then resources; each of these where the answer still hangs on it after
 * those before, and there all of it, so that neither answers nor faults depend on the order in which they were written, nor on whether
 * another rule had the resources fetched. Each at most once an invitation. UNKNOWN too when the steps ran out, a regular expression hit
 * its limit or the host failed: `a` says so. PENDING: hangs on resources that nobody asked for yet. */
enum truth conditions_ask(struct conditions *c, int condition, struct asking *a);

/* After either answered UNKNOWN: the first thing that it hangs on and nobody knows, which is a field that the cloud left out, or one
 * of these. MISSES_NOTHING: only functions know. MISSES_STEPS, before all others: the globs on some field ran out of theirs. */
enum { MISSES_NOTHING = -1, MISSES_RESOURCES = FIELD_COUNT, MISSES_PAST, MISSES_STEPS };
int conditions_missing(struct conditions *c, int condition);

/* ---- explaining ---- */

struct condition_seen {
    int depth, line;
    struct spurn_text text; /* of a leaf as conditions_describe; "all", "any", "not" */
    bool reached;
    enum truth truth;            /* when it was */
    struct spurn_text looked_at; /* `name = "promo-1"`; absent: nothing */
    int function;                /* its number; -1: it is none */
};
/* After conditions_ask, in the same round: the whole tree in the order in which it was written, with what each part answered. False
 * when memory ran out. */
bool conditions_explain(struct conditions *c, int condition, const struct asking *a,
                        void (*each)(void *context, const struct condition_seen *seen),
                        void *context);

#endif

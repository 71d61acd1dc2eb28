/* private.h - what a condition is made of; for the files that build, ask, describe and judge conditions. */
#ifndef SPURN_SCRIPT_CONDITION_PRIVATE_H
#define SPURN_SCRIPT_CONDITION_PRIVATE_H

#include "match/globs.h"
#include "script/condition/condition.h"

enum node_kind {
    NODE_ALWAYS,
    NODE_EXACT,
    NODE_GLOBS,
    NODE_REGEX,
    NODE_OLDER,
    NODE_YOUNGER,
    NODE_CREATED_AT,
    NODE_PAST,
    NODE_RESOURCES,
    NODE_FUNCTION,
    NODE_ALL,
    NODE_ANY,
    NODE_NOT
};

/* When a part is asked: each tier only where the answer still hangs on it after the tiers before, and there all of it. */
enum tier { TIER_FACTS, TIER_REGEX, TIER_PAST, TIER_FUNCTION, TIER_RESOURCES };

struct node {
    /* What asking for facts touches comes first. */
    enum node_kind kind;
    enum field field;
    uint64_t facts_stamp; /* about which invitation: what is used in several places is asked once */
    enum truth facts_truth;
    unsigned tiers; /* bit TIER_x: itself or something beneath is asked then; 0: facts are all */
    int group;      /* GLOBS: its bit in what the field's automaton answers */
    bool every;     /* RESOURCES: every one, not some */
    struct set *values; /* exact ones; globs without wildcard, in lower case */
    size_t longest_value;
    size_t glob_count, list_count;
    int64_t age_s;                   /* OLDER, YOUNGER */
    size_t first_child, child_count; /* in conditions.children */
    /* Beyond facts: what was answered in which round, up to which tier. */
    uint64_t stamp;
    enum truth truth;
    enum tier asked;
    int line, depth;
    bool is_used;
    struct spurn_text *globs; /* those with a wildcard */
    size_t glob_cap;
    const struct list **lists;
    struct spurn_text written; /* the first value, the duration, the regular expression, ... */
    int function;
    struct regex *regex; /* owned */
    struct calendar calendar;
    enum script_event event; /* PAST */
    int64_t times, within_s;
    /* REGEX, PAST, RESOURCES: what was found about which invitation, for every rule alike. */
    struct found {
        uint64_t about;
        int64_t steps; /* that it took */
        enum truth truth;
        bool lacks_field; /* it is unknown because the cloud left the field out */
        bool hit_limit;
        int64_t count;
    } found;
    uint64_t searched; /* by which search for an unknown field */
};

struct conditions {
    struct node *nodes;
    size_t count, cap;
    int *children;
    size_t child_count, child_cap;
    struct arena texts;
    uint64_t searches;
    /* All globs on one field, and what they answered about the invitation numbered so. */
    struct automaton {
        struct globs *globs; /* NULL: none */
        uint64_t about;
        const uint64_t *groups; /* NULL: their steps ran out */
    } automata[FIELD_COUNT];
};

enum tier node_tier(enum node_kind kind);

/* Is it among the node's values, without regard to letter case? For GLOBS and RESOURCES; globs with a wildcard aside. */
bool node_has_value(const struct node *node, struct spurn_text text);

#endif

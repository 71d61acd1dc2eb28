/* lint.h - judging rules without an invitation: what can be, and what is said about rules to which it makes no difference. */
#ifndef SPURN_SCRIPT_LINT_LINT_H
#define SPURN_SCRIPT_LINT_LINT_H

#include "script/condition/private.h"
#include "script/decide.h"

/* ---- what can be; can.c ---- */

/* What is left open about the invitations of a place. */
enum lint_open {
    ANY_PLACE = 1,   /* from which cloud, account and region they come */
    ANY_AGE = 2,     /* how long they stay pending */
    ALL_TOLD = 4,    /* what the cloud does not tell */
    PLACE_ALONE = 8, /* everything but cloud, account and region, each question by itself */
    BY_SENDER =
        16, /* nothing; but it shall be so by what the sender chooses, and what anybody's invitation fulfils */
    ANY_ID = 32, /* how many digits the ids of a cloud's accounts have */
    EITHER_UNTOLD =
        64 /* what the cloud does not tell, which may be so in one claim and not so in another */
};

/* Shall be true, or false. */
struct claim {
    const struct conditions *of;
    int condition; /* CONDITION_NONE: always true */
    bool holds;
};

/* Can all the claims be so, of one invitation from `place` (NULL: from anywhere, with nothing known)? No means no. Yes is also the
 * answer when it would take more than *steps, which are taken off. */
bool lint_can(const struct script_place *place, unsigned open, const struct claim *claims,
              size_t count, int64_t *steps);

/* False when the cloud of `place` never tells what the leaf asks for. */
bool lint_is_told(const struct script_place *place, const struct node *leaf);
/* Asks where the invitation came from: cloud, account, region. */
bool lint_asks_place(const struct node *leaf);
struct spurn_text lint_place_field(const struct script_place *place, enum field field);

/* ---- what leaves hold; values.c ---- */

/* A leaf that was taken to be true, or false, before this one. */
struct assumed {
    const struct conditions *of;
    const struct node *leaf;
    bool holds;
    const struct assumed *before; /* NULL: it is the first */
};

/* Value number `index` of EXACT, GLOBS, RESOURCES, those of lists too; false when there are no more. */
bool lint_value_at(const struct node *leaf, size_t index, struct spurn_text *out);
/* Is everything that is like `value`, which may be a glob, also like some value of the leaf? False when unsure. */
bool lint_covers(const struct node *leaf, struct spurn_text value, int64_t *steps);
/* Can what the newest assumption asks for be, beside all the others about the same? `fixed`: the field's value, absent: anything. */
bool lint_values_meet(const struct assumed *newest, struct spurn_text fixed, int64_t *steps);
/* Is there a cloud, at `cloud` (absent: anywhere) whose ids are as long as the accounts that all assumptions ask for? */
bool lint_ids_meet(const struct assumed *newest, struct spurn_text cloud, int64_t *steps);
bool lint_ages_meet(const struct assumed *newest, int64_t lifetime_s);
bool lint_calendars_meet(const struct assumed *newest, int64_t *steps);
/* For leaves about which only this is known: when one is true, so is a like or wider one. */
bool lint_others_meet(const struct assumed *newest, int64_t *steps);

/* ---- what is said; lint.c, leaves.c ---- */

struct lint {
    const struct script *script;
    const struct script_place *places;
    size_t place_count;
    int64_t now_ms;
    bool (*has_region)(struct spurn_text region, const char **meant); /* NULL: each may be one */
    void (*each)(void *context, const struct script_complaint *complaint);
    void *context;
    const struct policy *policy; /* and its rule that is being judged */
    const struct rule *rule;
    int64_t steps;               /* left for this rule */
    size_t complaints;           /* about this rule */
    struct buf text, part, path; /* of the complaint that is being made */
    unsigned char *seen;         /* by condition of the policy: bit 0 as true, bit 1 as false */
    bool failed;                 /* memory ran out */
};

enum lint_kind { LINT_ERROR, LINT_WARNING };

/* About the present rule: `reject "x" ` and then these words. */
void lint_rule(struct lint *l, enum lint_kind kind, const char *fmt, ...) SPURN_PRINTF(3, 4);
/* About what the configuration said of the present policy. */
void lint_setting(struct lint *l, const char *fmt, ...) SPURN_PRINTF(2, 3);
/* "\"us-east1\", which no cloud has; did you mean \"us-east-1\"?" into l->part; false when it may be one. */
bool lint_name_no_region(struct lint *l, struct spurn_text region);
/* A condition as text, short; valid until the next call. */
const char *lint_describe(struct lint *l, int condition);
/* The present rule, with what its policy's `only` says, is `holds` somewhere among invitations of `place`. */
bool lint_rule_can(struct lint *l, bool holds, const struct script_place *place, unsigned open);

/* The present policy is asked about the invitations of some target. */
bool lint_applies_somewhere(struct lint *l);

/* Warns of single questions of the present rule: ages never reached, accounts and regions of no target, one whole name. */
void lint_leaves(struct lint *l);
/* Warns when the `only` of l->policy names what is no target's. */
void lint_only(struct lint *l);
/* The present rule, or its policy's `only`, says where invitations come from. */
bool lint_asks_for_place(struct lint *l);
/* A leaf of the present rule that the cloud of `place` never tells; CONDITION_NONE. */
int lint_untold_leaf(struct lint *l, const struct script_place *place);

#endif

/* decide.h - all policies of a configuration, and the verdict on one invitation. Private to this room. */
#ifndef SPURN_SCRIPT_DECIDE_H
#define SPURN_SCRIPT_DECIDE_H

#include "script/policy.h"

/* Who is told what was asked while a decision is made; see explain.c. */
struct listener {
    /* `applies` is what the configuration's `only` says of the invitation. */
    void (*policy)(void *context, const struct policy *p, enum truth applies);
    /* Right after the rule was asked; its answer is in rule->heard. */
    void (*rule)(void *context, const struct policy *p, const struct rule *rule,
                 const struct asking *asking);
    void *context;
};

struct script {
    struct script_limits limits;
    const struct log *log;
    struct policy **policies;
    size_t policy_count;
    bool has_begun; /* a sweep gave its clock; else each decision takes the machine's */
    int64_t now_ms;
    uint64_t about, round;           /* count invitations and rules asked, for struct asking */
    struct buf reason, matches;      /* of the last decision */
    struct arena faults;             /* sentences about it */
    const struct listener *listener; /* NULL: nobody */
};

/* "name is not known": `misses` as conditions_missing has it, and not MISSES_NOTHING. */
void decide_show_missing(int misses, const struct subject *s, struct buf *out);
/* Past its last day? */
bool decide_is_past(const struct rule *rule, int64_t now_ms);

#endif

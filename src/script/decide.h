/* decide.h - all policies of a configuration, and the verdict on one invitation. Private to this room. */
#ifndef SPURN_SCRIPT_DECIDE_H
#define SPURN_SCRIPT_DECIDE_H

#include "script/policy.h"

struct script {
    struct script_limits limits;
    const struct log *log;
    struct policy **policies;
    size_t policy_count;
    bool has_begun; /* a sweep gave its clock; else each decision takes the machine's */
    int64_t now_ms;
    uint64_t about, round;      /* count invitations and rules asked, for struct asking */
    struct buf reason, matches; /* of the last decision */
};

#endif

/* matcher.h - one Lua pattern against one string, every comparison charged to the step budget. */
#ifndef SPURN_SCRIPT_SANDBOX_MATCHER_H
#define SPURN_SCRIPT_SANDBOX_MATCHER_H

#include "script/sandbox/host.h"

enum {
    CAPTURES_MAX = 32,
    CAPTURE_OPEN = -1,    /* a capture whose ')' is still to come */
    CAPTURE_POSITION = -2 /* "()" */
};

struct match {
    lua_State *L;
    struct host *h;
    struct spurn_text subject, pattern;
    int depth, captures_count;
    struct capture {
        const char *at;
        ptrdiff_t len; /* or one of the above */
    } captures[CAPTURES_MAX];
};

/* Where a match of the pattern from `p` on, begun at `s`, ends; NULL when there is none. Fills the captures. Raises for a
 * malformed pattern and when the steps run out. */
const char *match_at(struct match *m, const char *s, const char *p);

/* One comparison; the budget itself says where it ran out. */
void match_count_step(struct match *m);

#endif

/* budget.h - the allocator of a bounded Lua state. Private to host.c; the rest of the budget is in host.h. */
#ifndef SPURN_SCRIPT_SANDBOX_BUDGET_H
#define SPURN_SCRIPT_SANDBOX_BUDGET_H

#include "script/sandbox/host.h"

/* `limits` NULL or zeros: the defaults. */
void budget_init(struct host *h, const struct script_limits *limits);

/* A lua_Alloc; `context` is the struct host. Once something was refused nothing more is granted until the next enter(): Lua's own
 * retry after an emergency collection, and whatever the policy would do next, must not go on. */
void *budget_allocate(void *context, void *old, size_t old_len, size_t len);

/* At the end of each enter(): the time that it took counts for what comes until host_begin. */
void budget_settle(struct host *h);

#endif

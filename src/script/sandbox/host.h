/* host.h - one bounded Lua state: the door into it, its sandbox, its budgets, its errors as sentences. */
#ifndef SPURN_SCRIPT_SANDBOX_HOST_H
#define SPURN_SCRIPT_SANDBOX_HOST_H

#include <lua.h>

#include "error.h"
#include "log.h"
#include "script/strict/nearest.h"
#include "script/script.h"

enum { HOST_WHERE_LEN = 256, HOST_FROM_LEN = 512 };

/* Why the last enter() did not reach its end. */
enum host_stop {
    STOP_NONE,
    STOP_RAISED, /* an error was raised */
    STOP_STEPS,  /* the step budget, or CPU time as a last stop */
    STOP_HEAP,   /* the heap cap, or a string over its bound */
    STOP_MEMORY  /* the machine's memory, not the policy's cap */
};

struct host {
    lua_State *L;
    struct script_limits limits; /* no zeros: defaults filled in */
    const struct log *log;
    struct lines *
        lines; /* counts the lines that run from the next host_refill on; borrowed; NULL: nobody asks */
    size_t heap_len; /* bytes in use */
    void (*on_line)(void *context, lua_State *L,
                    lua_Debug *ar); /* see host_watch_lines; NULL: nobody asks */
    void *on_line_context;
    int64_t steps_left;   /* refilled by host_refill; negative once spent */
    int64_t steps_given;  /* by the last host_refill */
    int interval;         /* steps between two counts of them */
    int interval_kept;    /* what evaluations begin with: the file may have made something large */
    int64_t clock_in;     /* steps until the CPU clock is read again */
    int64_t cpu_since_ns; /* on this thread's CPU clock; 0: not read yet in this enter() */
    int64_t cpu_spent_ns; /* by earlier ones since host_begin */
    int64_t slowness;     /* of this machine; 1 until it was measured */
    bool is_measured;
    int64_t wall_until_ns; /* on the monotonic clock: until then there is CPU time left for sure */
    size_t settled_len;    /* bytes in use when host_tidy last collected */
    bool decides;          /* steps are for a rule and an invitation; else for a file */
    int prints_left;       /* lines that print() may still write */
    bool trusts;           /* host code runs: no bound on one string's length */
    bool is_placed;        /* the error being raised says where already */
    enum host_stop stop;   /* of the last enter() */
    const char *refused_what; /* what the allocator refused; NULL: nothing since enter() */
    char refused_where[HOST_WHERE_LEN]; /* "file:line" of that, or "" */
    char refused_from[HOST_FROM_LEN];   /* and what host_from says of it */
};

/* Opens a state that holds no global at all. `limits` NULL or zeros: the defaults; `log` is borrowed and may be NULL.
 * SPURN_E_MEMORY only. */
enum spurn_status host_open(const struct script_limits *limits, const struct log *log,
                            struct host **out, struct spurn_error *err);
void host_close(struct host *h);

/* The one door into Lua. Calls `body` protected, with `args` as its only argument (a light userdata: lua_touserdata(L, 1));
 * results of `body` are dropped. The stack is empty before and after. SPURN_OK; SPURN_E_POLICY when Lua raised, was
 * stopped or hit its cap, with "file:line: what" in *err (callers who are not about policies change err->status);
 * SPURN_E_MEMORY when the machine's memory ran out. h->stop says which. Does not refill the step budget. Never nested. */
enum spurn_status enter(struct host *h, lua_CFunction body, void *args, struct spurn_error *err);

/* Before a rule is asked about an invitation, or a file is read: the CPU time that the limits allow, for all of what follows. */
void host_begin(struct host *h);
/* Before each enter(): `steps` VM steps; what C does for the policy counts as steps too. */
void host_refill(struct host *h, int64_t steps);
/* The same for what surely takes `most` VM steps at most: they are paid beforehand and not counted, which makes every one of them
 * faster. `most` 0: nobody knows. */
void host_prepay(struct host *h, int64_t steps, int64_t most);

/* Calls `on_line`, which may raise, before each line of Lua runs; NULL: no more. */
void host_watch_lines(struct host *h, void (*on_line)(void *context, lua_State *L, lua_Debug *ar),
                      void *context);

/* Collects what earlier evaluations left behind, once it is a noticeable part of the cap: whether the next one fits must not
 * hang on them. */
void host_tidy(struct host *h);

/* ---- for bodies, inside enter(): all of these may raise ---- */

struct host *host_of(lua_State *L);

/* Takes `steps` off the budget for work done in C, about 60 ns each; raises when nothing is left. */
void host_spend(lua_State *L, int64_t steps);
/* A string of `len` bytes is about: a single step may take longer than others, so steps are counted more often. The allocator sees
 * to it itself, but for what host code made. */
void host_expect(struct host *h, size_t len);

/* Pushes a fresh flat table of what every sandboxed file may call: assert, error, ipairs, next, pairs, print, select,
 * tonumber, tostring, type, and math, string, table, utf8 (read-only). It has no metatable yet; callers add their words. */
void host_push_environment(lua_State *L);

/* Pops an environment table and pushes `text` compiled with it, named `path` in errors. Text only, never bytecode.
 * Raises "path:line: what is expected" when it is not Lua. */
void host_push_chunk(lua_State *L, struct spurn_text text, const char *path);

/* Runs an embedded file of ours, such as "lua/policy.lua", with the `nargs` values on the top of the stack as its `...`, and
 * replaces them by the one value it returns. It sees the environment above plus setmetatable, getmetatable, rawget, rawset,
 * rawequal, rawlen and refuse(message). */
void host_push_module(lua_State *L, const char *embedded_path, int nargs);

/* Raises "file:line: message" for the innermost running line of a file of the user's (not of embedded files). */
_Noreturn void refuse(lua_State *L, const char *fmt, ...) SPURN_PRINTF(2, 3);
/* Raises for the machine's memory: host code that runs inside Lua could not allocate. */
_Noreturn void host_raise_memory(lua_State *L);
/* Raises "`where`: message" instead, for what was said elsewhere. */
_Noreturn void refuse_at(lua_State *L, const char *where, const char *message);
/* The same position as text, "file:line", and its line; "" and 0 when no such file is running. */
int host_where(lua_State *L, char *out, size_t out_len);
/* The lines that called the innermost function of that file: " (called from FILE:LINE, FILE:LINE)"; "" when none did. */
void host_from(lua_State *L, char *out, size_t out_len);
/* Ends what runs without a word: the caller of enter() knows why. */
_Noreturn void host_abandon(lua_State *L);

/* Pushes a read-only stand-in for the table at `index`: reads as the table does, all the way down; writing raises. */
void host_push_frozen(lua_State *L, int index);

/* ---- the nearest word, for "did you mean" ---- */

/* Why a name that Lua itself has is not there; NULL when it is none of those. */
const char *host_absent(const char *word);

#endif

/* policy.h - one loaded policy: its text, its rules as data, its functions in a state of its own. Private to this room. */
#ifndef SPURN_SCRIPT_POLICY_H
#define SPURN_SCRIPT_POLICY_H

#include "script/condition.h"
#include "script/host.h"
#include "script/strict.h"

enum { RUN_OUTS_MAX = 3 }; /* a rule that ran out so often is not asked again in this sweep */

struct rule {
    struct spurn_text name, reason, ends; /* in the build's arena; reason and ends may be absent */
    int line;
    bool keeps, observes;
    int64_t ends_ms; /* the first instant at which it is past; 0: never */
    int condition;   /* CONDITION_NONE until it is given */
    struct spurn_text condition_text;
    /* of this sweep */
    int run_outs;
    int64_t fault_count;
    char *cause; /* of its first fault; owned */
    int cause_line;
};

/* A function that stands in conditions. What it answered is kept for the invitation that it was asked about. */
struct function {
    int line;
    uint64_t asked_about;
    enum truth truth;
    bool faulted, ran_out;
    bool missed;        /* it read a field that the cloud left out */
    enum field missing; /* which */
    int64_t steps;      /* that it took */
    char *cause;        /* of its last fault; owned */
};

/* What running the policy's text makes; made anew for each sweep. */
struct build {
    struct host *host;
    struct conditions *conditions;
    struct arena texts;
    struct rule *rules;
    size_t rule_count;
    struct function *functions;
    size_t function_count;
    int only; /* the condition that the configuration set; CONDITION_NONE: asked about every invitation */
    bool has_params;
};

struct policy {
    char *path, *name;
    char *asked_at;           /* "file:line" in the configuration; may be NULL */
    struct buf text;          /* the file */
    struct buf settings_json; /* may be empty */
    struct list **lists;
    size_t list_count;
    struct strict strict; /* what the text says about itself */
    bool is_strict;       /* `strict` was read */
    struct build now;
    struct build *building;        /* while the text runs; else NULL */
    const struct subject *subject; /* while a function runs; else NULL */
    enum field missing;            /* why it stopped, when `missed` */
    bool missed;
};

/* Reads, checks and builds. Errors as script_load_policy's. */
enum spurn_status policy_open(const struct script_limits *limits, const struct log *log,
                              const char *path, struct spurn_text settings_json,
                              const char *asked_at, struct policy **out, struct spurn_error *err);
void policy_close(struct policy *p);
/* A fresh state: runs the text again. On failure the policy stays as it was. */
enum spurn_status policy_renew(struct policy *p, const struct script_limits *limits,
                               const struct log *log, struct spurn_error *err);

/* ---- the view ---- */

/* Makes the one invitation userdata of this state, kept in the registry. */
void view_open(lua_State *L, struct policy *p);
/* Pushes it. It reads from p->subject, and only while that is set. */
void view_push(lua_State *L);

/* ---- functions ---- */

/* Asks function `function` about `s`, with that many steps; the answer is kept in p->now.functions. SPURN_E_MEMORY only. */
enum spurn_status policy_ask_function(struct policy *p, int function, uint64_t about,
                                      const struct subject *s, int64_t steps,
                                      struct spurn_error *err);
/* Every function must do with three made-up invitations: one that has everything, an odd one, a bare one. */
enum spurn_status policy_try_functions(struct policy *p, struct spurn_error *err);
/* Inside enter(), once the text has run: refuses functions that hold conditions or change what is outside them, and makes
 * the tables that they hold read-only. */
void functions_settle(lua_State *L, struct policy *p);

/* The line in "path:line: ..." of this policy, or 0. */
int policy_line_in(const struct policy *p, const char *text);

#endif

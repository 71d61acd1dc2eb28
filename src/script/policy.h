/* policy.h - one loaded policy: its text, its rules as data, its functions in a state of its own. Private to this room. */
#ifndef SPURN_SCRIPT_POLICY_H
#define SPURN_SCRIPT_POLICY_H

#include "script/condition/condition.h"
#include "script/sandbox/host.h"
#include "script/strict/strict.h"

enum { RUN_OUTS_MAX = 3 }; /* a rule that ran out so often is not asked again in this sweep */

/* What asking a rule about one invitation gave. It goes into the rule's counts once the decision is final. A rule that is false by
 * facts alone, as most are, leaves it as it was: it then tells of an earlier invitation. */
struct heard {
    uint64_t about; /* which invitation, as in struct asking */
    bool was_asked; /* it is not past its end, and its policy is asked about such invitations */
    bool ran_out;
    enum truth truth;
    const char *fault; /* borrowed for the decision; NULL: none */
    int misses;        /* when it is unknown without a fault */
    int64_t timed, time_ns;
};

struct rule {
    /* What deciding touches comes first. */
    int condition; /* CONDITION_NONE until it is given */
    bool keeps, observes;
    int64_t ends_ms; /* the first instant at which it is past; 0: never */
    struct heard heard;
    struct script_rule_count count; /* of this sweep; `asked` is made from the next */
    int64_t spared;                 /* invitations of this sweep that it was not put to */
    int line;
    struct spurn_text name, reason, ends; /* in the build's arena; reason and ends may be absent */
    struct spurn_text condition_text;
    struct spurn_text match; /* how a decision names it when it is true: "policy/rule (observed)" */
    int run_outs;            /* of this sweep */
    char *cause;             /* of its first fault in this sweep; owned */
    int cause_line;
};

/* A function that stands in conditions. What it answered is kept for the invitation that it was asked about. */
struct function {
    int line;
    int place; /* in the registry */
    int64_t
        most; /* steps that it can take, since it runs through its text once and calls no function of the policy; 0: not known */
    uint64_t asked_about;
    uint64_t charged; /* in which round a rule paid for it last, as in struct asking */
    enum truth truth; /* PENDING: it was put aside until resources are known */
    bool faulted, ran_out;
    int misses;      /* why it was stopped */
    uint32_t reads;  /* what it looked at: bit FIELD_x each; bit FIELD_COUNT: the resources */
    int64_t steps;   /* that it took */
    int64_t calls;   /* in this state */
    int64_t time_ns; /* of its last call; below zero: not timed */
    char *cause;     /* of its last fault; owned */
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
    int view; /* its place in the registry */
    int only; /* the condition that the configuration set; CONDITION_NONE: asked about every invitation */
    bool has_params;
    int64_t decided; /* invitations of this sweep */
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
    struct lines *lines;  /* of limits.covers_lines; else NULL */
    struct build now;
    struct build *building;        /* while the text runs; else NULL */
    const struct subject *subject; /* while a function runs; else NULL */
    int misses;                    /* what it stopped at */
    bool waits;                    /* it stopped at resources that nobody asked for yet */
    uint32_t reads;                /* as in struct function */
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

/* Makes the one invitation userdata of this state and returns its place in the registry. It reads from p->subject, and only while
 * that is set. */
int view_open(lua_State *L, struct policy *p);
/* Its methods, for people; false from `index` on when there are no more. */
bool view_method_at(size_t index, struct script_word *out);

/* ---- functions ---- */

/* Asks function `function` about `s`, with that many steps; the answer is kept in p->now.functions. SPURN_E_MEMORY only. */
enum spurn_status policy_ask_function(struct policy *p, int function, uint64_t about,
                                      const struct subject *s, int64_t steps,
                                      struct spurn_error *err);
/* Every function must do with three made-up invitations: one that has everything, an odd one, a bare one. */
enum spurn_status policy_try_functions(struct policy *p, struct spurn_error *err);
/* Inside enter(), when the function at `index` becomes a condition: what it holds must stay so. */
void functions_remember(lua_State *L, int index);
/* Inside enter(), once the text has run: refuses functions that hold conditions or change what is outside them, and makes
 * the tables that they hold read-only. */
void functions_settle(lua_State *L, struct policy *p);

/* Adds to a complaint at a line of the policy which parameter of the configuration it is about, if it is about one. */
void policy_name_setting(const struct policy *p, struct spurn_error *err);

/* The line in "path:line: ..." of this policy, or 0. */
int policy_line_in(const struct policy *p, const char *text);

#endif

/* script.h - the Lua room: policies decide about invitations, the configuration is read, policy tests are run. */
#ifndef SPURN_SCRIPT_SCRIPT_H
#define SPURN_SCRIPT_SCRIPT_H

#include <stdint.h>

#include "error.h"
#include "invitation.h"
#include "log.h"

struct script; /* all the policies of one configuration */

/* 0 takes the default. */
struct script_limits {
    int64_t steps;     /* VM steps a rule and invitation: 1,000,000 */
    size_t heap_len;   /* bytes a policy: 16 MiB */
    size_t string_len; /* bytes a string: 64 KiB */
    bool covers_lines; /* remember which lines of functions ran, for script_line_at */
};

enum script_verdict { VERDICT_NONE, VERDICT_KEEP, VERDICT_REJECT, VERDICT_UNDECIDED };

const char *script_verdict_name(
    enum script_verdict verdict); /* "none", "keep", "reject", "undecided" */

/* Stands in `matches` behind a rule that only observes. */
#define SCRIPT_OBSERVED " (observed)"

/* The zero decision is the harmless one. Text is valid until the next call on the same script. */
struct script_decision {
    enum script_verdict verdict;
    struct spurn_text policy, rule,
        reason; /* of the first match in file order; absent for none, but for the reason of the first rule that observes */
    int line;
    struct spurn_text matches; /* every rule that was true: "policy/rule, policy/rule (observed)" */
    bool faulted;              /* some rule that was asked about this invitation faulted */
    /* Whether it is rejected hangs on its resources, which nobody asked for yet: this is no verdict. Ask the cloud, set
     * facts.resources, and decide again. Never when a keep rule is true already, or undecided for another reason. */
    bool needs_resources;
    bool
        is_settled; /* with needs_resources: only rules that observe wait for them, and the verdict stands */
};

struct script_fault {
    struct spurn_text policy, rule, cause; /* cause holds file and line */
    int line;
    bool observed; /* the rule only observes: a warning */
    int64_t count; /* how often in this sweep */
};

enum spurn_status script_open(const struct script_limits *limits, const struct log *log,
                              struct script **out, struct spurn_error *err);
void script_close(struct script *s);

/* Loads one policy. `settings_json` is what the configuration said about it, as one JSON object (see lua/config.lua):
 * {"params":{...},"only":{...},"mode":"observe","name":"..."}; absent: none. `asked_at` is the configuration's "file:line",
 * which errors about parameters name; NULL: the policy's own. SPURN_E_POLICY: the text gives file and line and what to
 * write instead. */
enum spurn_status script_load_policy(struct script *s, const char *path,
                                     struct spurn_text settings_json, const char *asked_at,
                                     struct spurn_error *err);

/* SHA-256 in hex over every loaded policy's text, its lists and its parameters; equal digests decide alike. */
enum spurn_status script_digest(struct script *s, struct digest *d, char out[SHA256_HEX_LEN + 1],
                                struct spurn_error *err);

/* A fresh state for every policy ("a fresh state each sweep"), faults forgotten. `now_ms` is the sweep's one clock. */
enum spurn_status script_begin_sweep(struct script *s, int64_t now_ms, struct spurn_error *err);

enum script_resources { RESOURCES_NOT_ASKED, RESOURCES_UNKNOWN, RESOURCES_LISTED };
struct script_resource {
    struct spurn_text arn, type; /* "ec2:Subnet"; each may be absent */
};

/* What policies may ask about the past of an invitation's sender: other invitations that earlier acting sweeps listed, or that were
 * really rejected by us. */
enum script_event { EVENT_SEEN, EVENT_REJECTED };
struct script_past {
    /* How many since `since_ms`, before the sweep began; stops counting at `enough`. A failure is the host's. */
    enum spurn_status (*count)(void *context, enum script_event event, struct spurn_text cloud,
                               struct spurn_text sender, int64_t since_ms, int64_t enough,
                               int64_t *count, struct spurn_error *err);
    void *context;
    int64_t began_ms; /* since when things are remembered; INT64_MAX: nothing is */
};

/* Facts about an invitation that do not come from the cloud's list. The zero value knows nothing and asks for resources. */
struct script_facts {
    bool has_age;          /* false: nobody knows, because it has no date or the clocks differ */
    int64_t first_seen_ms; /* by earlier sweeps; 0: never */
    int64_t times_seen;
    enum script_resources resources_state;
    const struct script_resource *resources; /* of RESOURCES_LISTED */
    size_t resource_count;
    const struct script_past
        *past; /* NULL: nothing is remembered, so questions about it are unknown */
};

/* A failure here is the host's (memory), never the policy's: a policy that faults makes its rule undecided. */
enum spurn_status script_decide(struct script *s, const struct invitation *inv,
                                const struct origin *origin, const struct script_facts *facts,
                                struct script_decision *out, struct spurn_error *err);

/* What faulted since script_begin_sweep; false from `index` on when there are no more. */
bool script_fault_at(const struct script *s, size_t index, struct script_fault *out);

/* Every rule, in the order in which they were loaded; false when there are no more. */
struct script_rule {
    struct spurn_text policy, path, name,
        condition; /* condition as text: sender {2 ids} & older "6h" */
    int line;
    bool keeps, observes;
    struct spurn_text ends; /* absent: never */
    int64_t ends_ms;        /* the first instant at which it is past; 0: never */
    /* Since script_begin_sweep; an invitation that is decided twice for its resources counts once. */
    struct script_rule_count {
        int64_t asked, held,
            undecided;   /* invitations it was put to; true of; neither true nor false of */
        int64_t decided; /* the verdict names it */
        int64_t faults;
        int64_t timed,
            time_ns; /* calls of functions that were timed (some are), and what they took */
    } count;
};
bool script_rule_at(const struct script *s, size_t index, struct script_rule *out);
size_t script_policy_count(const struct script *s);

/* ---- explaining ---- */

enum script_part { PART_POLICY, PART_RULE, PART_CONDITION };

/* One line of an explanation. Policies, their rules, and of each rule its condition as a tree, in the order in which it was
 * written. Text is valid during the callback. */
struct script_explained {
    enum script_part part;
    int depth; /* of conditions: 0 is the rule's whole condition */
    struct spurn_text
        text; /* the policy's name; the rule's; the condition: `older "6h"`, or "all", "any", "not" of a group */
    int line;
    bool keeps, observes; /* PART_RULE */
    const char *
        value; /* "true", "false", "unknown", "not reached", "needs resources", "ended"; of a policy
                                    "asked", "unknown" when nobody knows whether `only` lets it, "not asked" */
    struct spurn_text looked_at; /* `name = "promo-1"`; absent: nothing */
    struct spurn_text cause;     /* why it faulted, or what is not known; absent: neither */
};

/* script_decide, telling `each` as it goes. */
enum spurn_status script_explain(struct script *s, const struct invitation *inv,
                                 const struct origin *origin, const struct script_facts *facts,
                                 void (*each)(void *context, const struct script_explained *part),
                                 void *context, struct script_decision *out,
                                 struct spurn_error *err);

/* ---- looking at what is loaded, without an invitation ---- */

/* A place where invitations come from. */
struct script_place {
    struct spurn_text cloud, account, region; /* account may be absent */
    int64_t lifetime_max_s;                   /* no invitation stays pending longer */
    bool lists_resources;
};

struct script_complaint {
    bool is_error; /* it must not be used so; else a warning */
    const char *path;
    int line;
    const char *text; /* one sentence that ends with what to write instead */
};

/* Rules that can never be true, keep rules that can never be false at some place, ages never reached, keep rules that rest on what
 * the sender chooses, rules that a keep rule shadows, ended rules, accounts and regions that are no place's. Without places, what
 * hangs on places is left out. `has_region` says whether some cloud has that region, and which one was probably meant (NULL: nobody
 * knows); NULL: each may be one. */
enum spurn_status script_lint(struct script *s, const struct script_place *places,
                              size_t place_count, int64_t now_ms,
                              bool (*has_region)(struct spurn_text region, const char **meant),
                              void (*each)(void *context, const struct script_complaint *complaint),
                              void *context, struct spurn_error *err);

/* With limits.covers_lines: the lines of functions on which something can run, and how often something did since script_open. */
struct script_line {
    struct spurn_text path;
    int line;
    int64_t ran;
};
bool script_line_at(const struct script *s, size_t index, struct script_line *out);

/* Reads a configuration. Runs `text` in the sandbox with the words of lua/config.lua and appends what it said to `json`; the
 * shape is described at the head of lua/config.lua. SPURN_E_CONFIG with file and line. */
enum spurn_status script_read_config(const char *path, struct spurn_text text, struct buf *json,
                                     struct spurn_error *err);

struct script_test {
    struct spurn_text name;
    int line;
    bool passed;
    struct spurn_text got, want; /* when it failed, for people */
    const struct spurn_text
        *why; /* the same: what its rules said, line by line, two spaces a level */
    size_t why_count;
};
struct script_test_options {
    const struct script_limits *limits; /* NULL: the defaults */
    const struct log *log;              /* may be NULL */
    struct spurn_text
        run; /* only tests with a name like this glob; one without * and ? is found anywhere in it; absent: all */
    struct coverage *coverage; /* what is covered is added (script/coverage.h); NULL: nobody asks */
    void (*test)(void *context, const struct script_test *test); /* called once a test */
    void *context;
};
/* Runs the policy test file `path`. Failing tests are no failure of the call; a file that cannot be loaded, or holds no test, is. */
enum spurn_status script_run_tests(const char *path, const struct script_test_options *options,
                                   struct spurn_error *err);

/* What a policy can see and say, from the one table that makes the words. */
struct script_word {
    const char *kind; /* "rule", "condition", "value"; of an invitation "field", "method" */
    const char *form; /* sender ID | { ID, ... } | list FILE */
    const char *text; /* the sending account is one of these */
    const char *
        type; /* of a field, or of what a method answers, as editors write it: "integer"; else NULL */
};
bool script_word_at(size_t index, struct script_word *out);

#endif

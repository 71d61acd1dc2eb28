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
};

enum script_verdict { VERDICT_NONE, VERDICT_KEEP, VERDICT_REJECT, VERDICT_UNDECIDED };

const char *script_verdict_name(
    enum script_verdict verdict); /* "none", "keep", "reject", "undecided" */

/* Stands in `matches` behind a rule that only observes. */
#define SCRIPT_OBSERVED " (observed)"

/* The zero decision is the harmless one. Text is valid until the next call on the same script. */
struct script_decision {
    enum script_verdict verdict;
    struct spurn_text policy, rule, reason; /* of the first match in file order; absent for none */
    int line;
    struct spurn_text matches; /* every rule that was true: "policy/rule, policy/rule (observed)" */
    bool faulted;              /* some rule that was asked about this invitation faulted */
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

/* Facts about an invitation that do not come from the cloud's reply. */
struct script_facts {
    bool has_age;          /* false: nobody knows, because it has no date or the clocks differ */
    int64_t first_seen_ms; /* by earlier sweeps; 0: never */
    int64_t times_seen;
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
    bool has_only;          /* its policy is asked about some invitations only */
};
bool script_rule_at(const struct script *s, size_t index, struct script_rule *out);
size_t script_policy_count(const struct script *s);

/* Reads a configuration. Runs `text` in the sandbox with the words of lua/config.lua and appends what it said to `json`; the
 * shape is described at the head of lua/config.lua. SPURN_E_CONFIG with file and line. */
enum spurn_status script_read_config(const char *path, struct spurn_text text, struct buf *json,
                                     struct spurn_error *err);

/* Runs the policy test file `path`. `report` is called once a test. Failing tests are no failure of the call; a file that cannot
 * be loaded, or holds no test, is. */
struct script_test {
    struct spurn_text name;
    int line;
    bool passed;
    struct spurn_text got, want; /* when it failed, for people */
};
enum spurn_status script_run_tests(const struct script_limits *limits, const char *path,
                                   const struct log *log,
                                   void (*report)(void *context, const struct script_test *test),
                                   void *context, struct spurn_error *err);

/* What a policy can see and say, from the one table that makes the words. */
struct script_word {
    const char *kind; /* "rule", "condition", "field", "value" */
    const char *form; /* sender ID | { ID, ... } | list FILE */
    const char *text; /* holds when the sending account is one of these */
};
bool script_word_at(size_t index, struct script_word *out);

#endif

/* spurn.h - libspurn's public face: policies in Lua decide, spurn acts. This header is the manual. */
#ifndef SPURN_H
#define SPURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPURN_VERSION "0.1.0"

#if defined(__GNUC__)
#define SPURN_API               __attribute__((visibility("default")))
#define SPURN_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define SPURN_API
#define SPURN_PRINTF(fmt, args)
#endif

/*
 * Rules that hold for every call
 *
 * - A function that can fail returns enum spurn_status; 0 is success. On failure
 *   `err`, when it is not NULL, holds the status and one whole sentence.
 * - Out-parameters are set first, even on failure.
 * - A handle belongs to one thread at a time. The library starts no thread,
 *   keeps no global state but a pool of memory for libcurl, installs no signal handler
 *   and never ends the process.
 * - Options structs begin with `size_t size`; set it to sizeof the struct.
 * - Text that came from a cloud or a sender is counted, not NUL-terminated, and hostile:
 *   escape it for the place where it is shown.
 */

enum spurn_status {
    SPURN_OK = 0,
    SPURN_E_USAGE,       /* the caller's arguments make no sense */
    SPURN_E_CONFIG,      /* the configuration cannot be loaded */
    SPURN_E_POLICY,      /* a policy, list or parameter cannot be loaded */
    SPURN_E_FILE,        /* a file cannot be read or written, or may not be trusted */
    SPURN_E_JOURNAL,     /* the journal cannot be opened, read or written, or is not sound */
    SPURN_E_BUSY,        /* another acting run holds the journal */
    SPURN_E_CREDENTIALS, /* no usable keys */
    SPURN_E_NETWORK,     /* no reply */
    SPURN_E_CLOUD,       /* the cloud answered with an error, or with what cannot be read whole */
    SPURN_E_MEMORY,
    SPURN_E_INTERNAL /* a defect in spurn */
};

struct spurn_error {
    enum spurn_status status;
    char text[1024]; /* one sentence, lower case, no newline, never a secret */
};

/* Borrowed bytes, UTF-8 unless said otherwise. `at` NULL means absent, which is not the same as empty. */
struct spurn_text {
    const char *at;
    size_t len;
};

enum spurn_log_level { SPURN_LOG_ERROR, SPURN_LOG_WARN, SPURN_LOG_INFO, SPURN_LOG_DEBUG };

SPURN_API const char *spurn_version(void); /* SPURN_VERSION of the library in use */

/* ---- a configuration, open ---- */

struct spurn;

struct spurn_options {
    size_t size;
    const char *config_path;  /* a configuration file; NULL: none, only what is loaded later */
    const char *journal_path; /* instead of the configuration's; NULL: the configuration's */
    enum spurn_log_level log_level;
    void (*log)(void *context, enum spurn_log_level level, const char *message); /* NULL: silence */
    void *context;
};

/* Reads the configuration and every policy it names. Opens neither the journal nor a connection. Errors: SPURN_E_CONFIG,
 * SPURN_E_POLICY (file, line, what to write instead), SPURN_E_FILE. */
SPURN_API enum spurn_status spurn_open(const struct spurn_options *options, struct spurn **out,
                                       struct spurn_error *err);
SPURN_API void spurn_close(struct spurn *s);

/* Loads one more policy. `parameters_json` is an object such as {"trusted":["111122223333"]}; NULL: none. */
SPURN_API enum spurn_status spurn_load_policy(struct spurn *s, const char *path,
                                              const char *parameters_json, struct spurn_error *err);

/* ---- deciding about an invitation of the host's own: no network, no journal ---- */

struct spurn_invitation {
    size_t size;
    struct spurn_text cloud, account,
        region; /* "aws", "alibaba"; receiving account; where it was found */
    struct spurn_text id, sender, receiver_arn, name, share;
    struct spurn_text created; /* "2026-11-22T03:10:00Z"; absent: unknown, and so is the age */
    int64_t now_ms;            /* decision time; 0: the machine's clock */
};

enum spurn_verdict { SPURN_NONE, SPURN_KEEP, SPURN_REJECT, SPURN_UNDECIDED };
SPURN_API const char *spurn_verdict_name(enum spurn_verdict verdict);

struct spurn_decision {
    size_t size;
    enum spurn_verdict verdict;
    struct spurn_text policy, rule,
        reason; /* absent for SPURN_NONE, but for the reason of a rule that observes; valid until the next call on `s` */
    int line;
    bool faulted; /* a rule raised, ran out of budget or answered neither true nor false */
};

SPURN_API enum spurn_status spurn_decide(struct spurn *s, const struct spurn_invitation *inv,
                                         struct spurn_decision *out, struct spurn_error *err);

/* ---- a sweep: list, decide and, when it acts, reject ---- */

struct spurn_sweep;

struct spurn_sweep_options {
    size_t size;
    bool act;          /* false: a plan, which changes nothing in any cloud */
    int64_t now_ms;    /* decision time of a plan; 0: the machine's clock. Refused when acting */
    const char *trust; /* a digest that a person trusts from now on; NULL: none */
    /* Called once everything is decided, before the first rejection; false holds the sweep there (it ends with `declined`).
     * NULL: goes on. Only when acting and something would be rejected. */
    bool (*confirm)(void *context, struct spurn_sweep *sweep);
    void *context;
};

/* Only one sweep of a `struct spurn` at a time; until it is closed, deciding and loading policies are
 * SPURN_E_USAGE. SPURN_E_BUSY when another process acts on this journal. Logs, as a warning, how many errors and warnings spurn_check
 * has about the rules. */
SPURN_API enum spurn_status spurn_sweep_start(struct spurn *s,
                                              const struct spurn_sweep_options *options,
                                              struct spurn_sweep **out, struct spurn_error *err);
/* Moves on, waiting at most `timeout_ms`. *done tells when there is nothing more to do. A failing target is no failure of the
 * sweep; a journal that cannot be written is, and nothing more is rejected then. SPURN_E_CONFIG: two targets turned out to be the
 * same account and region, and nothing was done. */
SPURN_API enum spurn_status spurn_sweep_step(struct spurn_sweep *sweep, int64_t timeout_ms,
                                             bool *done, struct spurn_error *err);
/* No new rejections from now on; those in flight are still answered and recorded. Keep stepping until done. */
SPURN_API void spurn_sweep_stop(struct spurn_sweep *sweep);
/* Also ends a sweep that is not done; what is open then is closed at the head of the next one. */
SPURN_API void spurn_sweep_close(struct spurn_sweep *sweep);

/* ---- what a sweep found and did: a query over what was recorded ---- */

struct spurn_target_row {
    struct spurn_text cloud, account, region, label; /* account, label: may be absent */
    const char *
        status; /* "listed", "failed", "skipped" (a region of "all" that the account has not opted in to); of
                                spurn_check "configured" */
    struct spurn_text error; /* of "skipped" the reason; absent: none */
    int64_t pages;
    /* of spurn_check */
    struct spurn_text
        role; /* that is assumed: its ARN, or in an organization its name; absent: none */
    bool is_organization;   /* every account of one; `region` has all its regions */
    struct spurn_text tags; /* that its accounts must have: "env = prod, tier = 1"; absent: none */
    bool is_any_region;     /* regions = "all" says so */
    int64_t line;           /* of the configuration */
};

struct spurn_decision_row {
    int64_t sweep, seq, at_ms;
    struct spurn_text id, cloud, account, region, sender, name;
    bool has_age;
    int64_t age_s;
    struct spurn_text verdict; /* "reject", "keep", "none", "undecided" */
    struct spurn_text policy, rule, reason, matches;
    int line;
    struct spurn_text
        outcome; /* absent: no call; else "rejected", "already_rejected", "already_accepted", "expired",
                                  "cancelled", "gone", "abandoned", "failed", "open" */
    bool inferred;          /* outcome "rejected", known without a reply of our own */
    struct spurn_text code; /* the cloud's last error code about it */
    bool plan;
};

struct spurn_fault_row {
    struct spurn_text policy, rule, cause;
    int line;
    bool observed; /* the rule only observes */
    int64_t count;
};

/* How a rule fared, in the order in which rules were loaded. */
struct spurn_rule_count_row {
    struct spurn_text policy, rule;
    int line;
    bool keeps, observes;
    int64_t asked;     /* invitations that it was put to */
    int64_t held;      /* of which it was true */
    int64_t undecided; /* of which it was neither true nor false */
    int64_t decided;   /* whose verdict names it */
    int64_t faults;
    int64_t timed;   /* calls of its functions that were timed: some are */
    int64_t time_ns; /* what these took together */
};

struct spurn_summary {
    int64_t sweep;                                  /* its number in the journal */
    int64_t pending, reject, keep, none, undecided; /* by verdict */
    int64_t rejected, failed; /* by outcome; failed counts "failed", "abandoned" and "open" */
    int64_t settling;         /* left alone: settled here a moment ago, and the cloud's list lags */
    int64_t deferred;         /* over the rate belt: next time */
    int64_t closed;           /* intents of earlier runs that were closed */
    int64_t left_open;        /* intents of earlier runs that could not be asked about */
    int64_t lookups;          /* invitations whose resources the cloud was asked for */
    int64_t lookups_failed;   /* of these, not answered: their resources were unknown */
    int64_t lookups_skipped;  /* not asked about, being over limits.lookups: unknown as well */
    int64_t faults;           /* in rules that do more than observe */
    int64_t targets, targets_failed, targets_skipped;
    bool held;            /* a safety belt held everything back */
    const char *held_why; /* what a belt holds, or in a plan would hold; NULL: nothing */
    bool declined;        /* `confirm` said no */
    bool stopped;         /* spurn_sweep_stop, or a failing journal, cut it short */
    const char *digest;   /* of policies, lists and parameters */
    int exit_code;        /* 0, 1, 3 or 4 as the command's, for this sweep */
};

struct spurn_report {
    size_t size;
    void *context;
    /* Each may be NULL. Called in this order: targets, decisions, rules, faults, summary. Text is valid during the call. */
    void (*target)(void *context, const struct spurn_target_row *row);
    void (*decision)(void *context, const struct spurn_decision_row *row);
    void (*rule)(void *context, const struct spurn_rule_count_row *row);
    void (*fault)(void *context, const struct spurn_fault_row *row);
    void (*summary)(void *context, const struct spurn_summary *summary);
};

SPURN_API enum spurn_status spurn_sweep_report(struct spurn_sweep *sweep,
                                               const struct spurn_report *report,
                                               struct spurn_error *err);

/* Receives bytes of a text as it is made; returns false to stop. */
typedef bool spurn_write(void *context, const char *bytes, size_t len);

/* The same as JSON, {"schema":1,"targets":[...],"decisions":[...],"rules":[...],"faults":[...],"sweep":...,"summary":{...}}. */
SPURN_API enum spurn_status spurn_sweep_report_json(struct spurn_sweep *sweep, spurn_write *write,
                                                    void *context, struct spurn_error *err);

/* ---- the past ---- */

struct spurn_history_options {
    size_t size;
    const char *id;   /* an invitation's id, or its end; NULL: all */
    int64_t since_ms; /* 0: all */
    int64_t limit;    /* 0: all; else the newest */
    bool with_plans;
};

SPURN_API enum spurn_status spurn_history(struct spurn *s,
                                          const struct spurn_history_options *options,
                                          void (*row)(void *context,
                                                      const struct spurn_decision_row *row),
                                          void *context, struct spurn_error *err);
SPURN_API enum spurn_status spurn_history_json(struct spurn *s,
                                               const struct spurn_history_options *options,
                                               spurn_write *write, void *context,
                                               struct spurn_error *err);

/* Checks the journal's hash chain and invariants; `problem` is called for each thing that is wrong. `head` is "SEQ:HASH" as the
 * log of an earlier sweep gave it, or NULL. */
struct spurn_verify_result {
    size_t size;
    int64_t checked; /* sealed rows */
    int64_t problems;
    int64_t head_seq;
    char head_hash[65];
};
SPURN_API enum spurn_status spurn_verify(struct spurn *s, const char *head,
                                         void (*problem)(void *context, const char *what),
                                         void *context, struct spurn_verify_result *result,
                                         struct spurn_error *err);

/* ---- why: a decision made again, part by part ---- */

/* What policies said of an invitation. */
struct spurn_ruling {
    enum spurn_verdict verdict;
    struct spurn_text policy, rule,
        reason; /* absent for SPURN_NONE, but for the reason of a rule that observes */
    int line;
    struct spurn_text matches; /* every rule that was true; absent: none was */
    struct spurn_text digest;  /* of the policies that said it */
    bool faulted;              /* said now: a rule that does more than observe faulted */
    bool
        needs_resources; /* said now: no verdict, for it hangs on resources that nobody asked for */
};

/* How two rulings on one invitation differ. */
enum spurn_change {
    SPURN_ALIKE,        /* in nothing */
    SPURN_OTHER_REASON, /* the same verdict, of another rule, for another reason or with other matches */
    SPURN_OTHER_VERDICT, /* one rejects, keeps, leaves alone, or is undecided, and the other does not */
    SPURN_UNTOLD         /* the second needs resources */
};

struct spurn_resource {
    struct spurn_text arn, type; /* "ec2:Subnet"; each may be absent */
};

/* An invitation as policies see it. What nobody knows is absent. */
struct spurn_told_row {
    struct spurn_text id, cloud, region, account, sender, receiver_arn, name, share, status;
    bool has_created;
    int64_t created_ms;
    bool has_age;
    int64_t age_s;
    int64_t first_seen_ms, times_seen;      /* 0: never */
    int64_t now_ms;                         /* decision time */
    const char *resources_state;            /* "listed", "unknown", "not asked" */
    const struct spurn_resource *resources; /* of "listed" */
    size_t resource_count;
    int64_t remembers_since_ms; /* what senders did before is known since then; 0: nothing is */
};

/* A policy, one of its rules, or of that rule's condition a part. */
enum spurn_part { SPURN_POLICY, SPURN_RULE, SPURN_CONDITION };
struct spurn_part_row {
    enum spurn_part part;
    int depth; /* of conditions: 0 is the rule's whole condition */
    struct spurn_text
        text; /* a name; of conditions as they are written, or "all", "any", "not" of a group */
    int line;
    bool keeps, observes; /* of rules */
    /* "true", "false", "unknown", "not reached", "needs resources"; of a rule also "ended"; of a policy "asked", "not asked",
     * or "unknown" when nobody knows whether its `only` lets it */
    const char *value;
    struct spurn_text looked_at; /* `name = "promo-1"`; absent: nothing */
    struct spurn_text cause;     /* why it faulted, or what is not known; absent: neither */
};

/* Either an invitation of the journal, by its id or the end of it: its newest decision, plans' too, is made again with what was
 * known then, and with `now_ms` as of another time. Or one that is described, by a JSON object of what policies see: "id",
 * "cloud", "region", "account", "sender", "receiver_arn", "name", "share", "status" (else PENDING), "created" and "first_seen"
 * ("2026-11-22T03:10:00Z", seconds since 1970, or how long ago: "7h"), "age" ("7h" or seconds; instead of "created"),
 * "times_seen", and "resources", a list of types or of {"arn","type"}. What is left out, or null, nobody knows; but resources
 * that are left out can still be asked for. */
struct spurn_explain_options {
    size_t size;
    const char *id;
    const char *invitation_json; /* with `id` NULL */
    int64_t now_ms;              /* decision time; 0: of `id` its own, else the machine's clock */
};

struct spurn_explanation {
    size_t size;
    void *context;
    /* Each may be NULL. Called in this order; text is valid during the call. Of parts come each policy, its rules, and of each
     * rule its condition as a tree. */
    void (*told)(void *context, const struct spurn_told_row *row);
    void (*then)(void *context, const struct spurn_decision_row *row,
                 const struct spurn_ruling *ruling); /* of the journal only */
    void (*part)(void *context, const struct spurn_part_row *row);
    void (*now)(
        void *context, const struct spurn_ruling *ruling,
        enum spurn_change change); /* from what was decided then; SPURN_ALIKE without a then */
};

/* Touches no network and writes nothing. SPURN_E_USAGE: `id` is nobody's, or the end of several; the description makes no sense.
 * Without a journal that can be read a described sender has no past, and questions about it are unknown. */
SPURN_API enum spurn_status spurn_explain(struct spurn *s,
                                          const struct spurn_explain_options *options,
                                          const struct spurn_explanation *explanation,
                                          struct spurn_error *err);
/* The same as JSON, {"schema":1,"invitation":{...},"was":...,"policies":[{..."rules":[{..."condition":{...}}]}],"now":{...}}.
 * *faulted is what `now` says of it. */
SPURN_API enum spurn_status spurn_explain_json(struct spurn *s,
                                               const struct spurn_explain_options *options,
                                               spurn_write *write, void *context, bool *faulted,
                                               struct spurn_error *err);

/* ---- what today's policies would have decided ---- */

struct spurn_replay_options {
    size_t size;
    int64_t since_ms; /* only what was decided since then; 0: all */
    bool with_plans;  /* what plans decided, too */
    bool with_alike;  /* rows of decisions that differ in nothing, too */
};

struct spurn_replay_row {
    int64_t sweep, seq, at_ms;
    bool plan;
    struct spurn_text id, cloud, account, region, sender, name;
    bool has_age;
    int64_t age_s;
    struct spurn_ruling then, now;
    enum spurn_change change;
};

struct spurn_replay_summary {
    int64_t asked; /* invitations: the sum of the next four */
    int64_t alike, other_reason, other_verdict, untold;
    int64_t moved[4][4];   /* of other_verdict, how many by enum spurn_verdict: [then][now] */
    int64_t faulted;       /* a rule that does more than observe faulted now */
    int64_t same_policies; /* were decided by today's policies, and so cannot differ */
    const char *digest;    /* today's */
};

struct spurn_replay {
    size_t size;
    void *context;
    void (*row)(void *context, const struct spurn_replay_row *row); /* may be NULL */
    void (*summary)(void *context, const struct spurn_replay_summary *summary);
};

/* Puts each invitation of the journal to the policies once more, as of its newest decision: with the clock, the facts, the
 * resources and the past that were known then. In the order in which they were decided. Touches no network and writes nothing. */
SPURN_API enum spurn_status spurn_replay(struct spurn *s,
                                         const struct spurn_replay_options *options,
                                         const struct spurn_replay *replay,
                                         struct spurn_error *err);
/* The same as JSON, {"schema":1,"decisions":[...],"summary":{...}}. `summary` may be NULL. */
SPURN_API enum spurn_status spurn_replay_json(struct spurn *s,
                                              const struct spurn_replay_options *options,
                                              spurn_write *write, void *context,
                                              struct spurn_replay_summary *summary,
                                              struct spurn_error *err);

/* ---- can it reach what it is to sweep? ---- */

struct spurn_doctor_row {
    struct spurn_text cloud, account, region, label; /* account, label: may be absent */
    struct spurn_text source;              /* which source gave the keys; absent: none did */
    struct spurn_text key_id;              /* of these keys; their secret is told nowhere */
    struct spurn_text principal;           /* an ARN: whose keys they are; absent: not known */
    int64_t expires_ms;                    /* of the keys; 0: never, or not said */
    bool has_skew;                         /* the cloud answered with its Date */
    int64_t skew_ms;                       /* its clock is ahead by so much */
    const char *list, *reject, *resources; /* allowed: "yes", "no", "unknown"; "-": was not asked */
    const char *status;                    /* "well", "failed", "skipped" */
    /* What is wrong and what to do; of "skipped" the reason; of "well" what only some policies need, and that nobody says whose
     * keys these are. Absent: nothing. */
    struct spurn_text error;
};

struct spurn_doctor {
    size_t size;
    void *context;
    void (*row)(void *context,
                const struct spurn_doctor_row *row); /* in the configuration's order */
    /* What does not keep it from a sweep, each once, and what the search for keys would have warned of in the log. May be NULL: there
     * it stays then. */
    void (*warning)(void *context, const char *text);
};

/* Asks each target's cloud whose keys these are, for the first page of its list, and to reject an invitation that does not exist, which
 * tells whether rejecting is allowed and changes nothing. Opens no journal, asks no policy. *unwell counts the targets that
 * failed. Returns when all have answered, or have not within the bounds of a sweep. */
SPURN_API enum spurn_status spurn_doctor(struct spurn *s, const struct spurn_doctor *doctor,
                                         int64_t *unwell, struct spurn_error *err);
/* The same as JSON, {"schema":1,"targets":[...],"warnings":[...],"unwell":0}. */
SPURN_API enum spurn_status spurn_doctor_json(struct spurn *s, spurn_write *write, void *context,
                                              int64_t *unwell, struct spurn_error *err);

/* ---- what is loaded, and what a policy may say ---- */

struct spurn_rule_row {
    struct spurn_text policy, path, rule, condition;
    int line;
    bool keeps, observes;
    struct spurn_text ends;
};
struct spurn_check {
    size_t size;
    void *context;
    void (*target)(void *context, const struct spurn_target_row *row);
    void (*rule)(void *context, const struct spurn_rule_row *row);
    void (*warning)(void *context, const char *text); /* what is hardly meant */
    void (*error)(void *context, const char *text); /* what cannot be meant: "p.lua:3: keep ..." */
};
/* Goes through what spurn_open loaded; touches neither network nor journal. Each callback may be NULL. With `warning` or `error`, the
 * rules are judged for the targets: one that can never be true, or that would keep everything, is an error. Each error is told; then
 * the call fails with SPURN_E_POLICY and the first. (A sweep does not judge: it takes the rules as they are.) */
SPURN_API enum spurn_status spurn_check(struct spurn *s, const struct spurn_check *check,
                                        struct spurn_error *err);
SPURN_API const char *spurn_digest(
    struct spurn *s); /* 64 hex digits; valid until a policy is loaded */
SPURN_API const char *spurn_journal_path(struct spurn *s); /* absolute; NULL: none */

struct spurn_word_row {
    const char *kind; /* "rule", "condition", "value"; of an invitation "field", "method" */
    const char *form; /* how it is written */
    const char *text; /* what it means */
    const char *type; /* of a field, or of what a method answers, as editors write it; else NULL */
};
SPURN_API bool spurn_word_at(size_t index, struct spurn_word_row *out);

/* Writes spurn.lua, a policy and its test into `folder`, which is made when missing; never overwrites. */
SPURN_API enum spurn_status spurn_init(const char *folder,
                                       void (*wrote)(void *context, const char *path),
                                       void *context, struct spurn_error *err);

/* ---- policy tests ---- */

struct spurn_test_row {
    struct spurn_text name;
    int line;
    bool passed;
    struct spurn_text got, want; /* when it failed */
    const struct spurn_text
        *why; /* the same: what the rules said of it, line by line, two spaces a level */
    size_t why_count;
};

/* What tests covered, added up over the files that were run with it, by policy file. */
struct spurn_coverage;
SPURN_API enum spurn_status spurn_coverage_open(struct spurn_coverage **out,
                                                struct spurn_error *err);
SPURN_API void spurn_coverage_close(struct spurn_coverage *c);
/* After the tests: the rules of the policy at `path` count too, though no test asked it. Adds nothing when one did, nor for a file
 * without rules. */
SPURN_API enum spurn_status spurn_coverage_add_untested(struct spurn_coverage *c, const char *path,
                                                        struct spurn_error *err);

/* A rule, or a line of a function. Covered can be: that a rule was true; that it was false, if it can be; that a line ran. */
struct spurn_covered_row {
    struct spurn_text path; /* of the policy */
    bool is_untested;       /* no test asked it */
    struct spurn_text rule; /* absent: a line of a function */
    int line;
    bool keeps, was_true, was_false;
    bool can_be_false; /* a rule that holds always cannot */
    bool ran;          /* of a line */
};
/* Policy by policy, its rules and then its lines. */
SPURN_API void spurn_coverage_each(const struct spurn_coverage *c,
                                   void (*row)(void *context, const struct spurn_covered_row *row),
                                   void *context);

struct spurn_test_options {
    size_t size;
    const char *
        run; /* only tests with a name like this glob; one without * and ? is found anywhere in it; NULL: all */
    struct spurn_coverage *coverage; /* NULL: nobody asks */
    void (*test)(void *context, const struct spurn_test_row *row);
    void *context;
};
/* Runs one policy test file; SPURN_E_POLICY when it cannot be loaded or holds no test. A failing test is no failure of the call. */
SPURN_API enum spurn_status spurn_test(const char *path, const struct spurn_test_options *options,
                                       struct spurn_error *err);

/* Writes the newest decision about an invitation, plans' too, as a test of a policy test file: the invitation as it was read, what
 * the policies were told besides, and the verdict. `id` may be the end of its id. What senders chose is quoted: it loads back as it
 * was and hides nothing. SPURN_E_JOURNAL when nothing was decided about it, SPURN_E_USAGE when the end fits several. */
SPURN_API enum spurn_status spurn_record(struct spurn *s, const char *id, spurn_write *write,
                                         void *context, struct spurn_error *err);

/* ---- sweeping for ever ---- */

struct spurn_daemon;

/* The options are those of spurn_open, and are used again for each reload; the strings must stay. Text of options is borrowed. */
SPURN_API enum spurn_status spurn_daemon_open(const struct spurn_options *options,
                                              struct spurn_daemon **out, struct spurn_error *err);
/* Waits for the next sweep or moves the present one on, at most `timeout_ms`. *done after spurn_daemon_stop, once the rejections in
 * flight are recorded. */
SPURN_API enum spurn_status spurn_daemon_step(struct spurn_daemon *d, int64_t timeout_ms,
                                              bool *done, struct spurn_error *err);
/* Loads configuration and policies anew before the next sweep; what does not load is reported and the old one stays. */
SPURN_API void spurn_daemon_reload(struct spurn_daemon *d);
SPURN_API void spurn_daemon_sweep_now(struct spurn_daemon *d);
SPURN_API void spurn_daemon_stop(struct spurn_daemon *d);
SPURN_API void spurn_daemon_close(struct spurn_daemon *d);

#ifdef __cplusplus
}
#endif
#endif

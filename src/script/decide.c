/* decide.c - the verdict on one invitation: every rule is asked, keep wins, and what is undecided never rejects. */
#include "script/decide.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { REASON_LEN_MAX = 1024 };

/* One rule being asked about one invitation. */
struct hearing {
    struct script *script;
    struct policy *policy;
    struct rule *rule;
    const struct subject *subject;
    struct asking *asking;
    bool ran_out;
    const char *fault;  /* borrowed; NULL: none so far */
    enum truth applies; /* what the configuration's `only` says */
    bool missed;        /* a function read what the cloud left out */
    enum field missing;
    enum spurn_status status; /* of the host */
    struct spurn_error *err;
};

/* What was found so far, in file order. */
struct finding {
    const struct policy *policy;
    const struct rule *rule;
    bool misses; /* undecided for want of this field */
    enum field missing;
    const char *cause; /* undecided by this fault; NULL: by none */
};

struct tally {
    struct finding keep, reject, doubtful_keep, doubtful_reject; /* rule NULL: none */
};

/* ---- one rule ---- */

static bool must_ask(const struct function *f, const struct hearing *hearing)
{
    if (f->asked_about != hearing->asking->about)
        return true;
    return f->ran_out; /* of another rule's steps, which may have been fewer */
}

static enum truth ask_function(void *context, int function)
{
    struct hearing *hearing = context;
    struct function *f = &hearing->policy->now.functions[function];
    if (hearing->ran_out || hearing->status != SPURN_OK)
        return TRUTH_UNKNOWN;
    if (must_ask(f, hearing))
        hearing->status =
            policy_ask_function(hearing->policy, function, hearing->asking->about, hearing->subject,
                                hearing->asking->steps, hearing->err);
    hearing->asking->steps -= f->steps;
    if (f->ran_out || hearing->asking->steps < 0)
        hearing->ran_out = true;
    if (f->faulted && hearing->fault == NULL)
        hearing->fault = f->cause;
    if (f->missed && !hearing->missed) {
        hearing->missed = true;
        hearing->missing = f->missing;
    }
    return f->truth;
}

static enum spurn_status record_fault(struct hearing *hearing)
{
    struct rule *rule = hearing->rule;
    rule->fault_count++;
    if (rule->cause != NULL)
        return SPURN_OK;
    rule->cause = strdup(hearing->fault);
    rule->cause_line = policy_line_in(hearing->policy, hearing->fault);
    if (rule->cause_line == 0)
        rule->cause_line = rule->line;
    return rule->cause != NULL ? SPURN_OK : spurn_fail_memory(hearing->err);
}

static enum truth join_truths(enum truth a, enum truth b)
{
    if (a == TRUTH_FALSE || b == TRUTH_FALSE)
        return TRUTH_FALSE;
    return a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_TRUE;
}

static enum truth ask_condition(struct hearing *hearing)
{
    struct build *b = &hearing->policy->now;
    enum truth applies = TRUTH_TRUE;
    if (b->only != CONDITION_NONE)
        applies = conditions_ask_facts(b->conditions, b->only, hearing->asking);
    hearing->applies = applies;
    if (applies == TRUTH_FALSE)
        return TRUTH_FALSE;
    enum truth truth =
        conditions_ask_facts(b->conditions, hearing->rule->condition, hearing->asking);
    if (truth != TRUTH_PENDING)
        return join_truths(applies, truth);
    if (hearing->rule->run_outs >= RUN_OUTS_MAX) {
        hearing->fault = hearing->rule->cause;
        return TRUTH_UNKNOWN;
    }
    truth = conditions_ask(b->conditions, hearing->rule->condition, hearing->asking);
    return join_truths(applies, truth);
}

/* A rule that faults is undecided, whatever its other parts say. */
static enum truth ask_rule(struct hearing *hearing)
{
    static const char spent[] =
        "ran out of steps: the matchers and functions of this rule took more than is "
        "allowed for a rule and an invitation";
    enum truth truth = ask_condition(hearing);
    if (hearing->status != SPURN_OK)
        return TRUTH_UNKNOWN;
    hearing->ran_out |= hearing->asking->ran_out;
    if (hearing->ran_out)
        hearing->rule->run_outs++;
    if (hearing->ran_out && hearing->fault == NULL)
        hearing->fault = spent;
    if (hearing->fault == NULL)
        return truth;
    hearing->status = record_fault(hearing);
    return TRUTH_UNKNOWN;
}

/* ---- all rules ---- */

static struct finding found(const struct hearing *hearing, enum truth truth)
{
    struct finding f = {
        .policy = hearing->policy, .rule = hearing->rule, .cause = hearing->rule->cause};
    if (truth != TRUTH_UNKNOWN || hearing->fault != NULL)
        return f;
    f.cause = NULL;
    const struct build *b = &hearing->policy->now;
    f.misses = conditions_unknown_field(
        b->conditions, hearing->applies == TRUTH_UNKNOWN ? b->only : hearing->rule->condition,
        &f.missing);
    if (!f.misses && hearing->missed) {
        f.misses = true;
        f.missing = hearing->missing;
    }
    return f;
}

static void count(struct tally *tally, const struct hearing *hearing, enum truth truth)
{
    struct finding *row;
    if (truth == TRUTH_FALSE || hearing->rule->observes)
        return;
    if (truth == TRUTH_TRUE)
        row = hearing->rule->keeps ? &tally->keep : &tally->reject;
    else
        row = hearing->rule->keeps ? &tally->doubtful_keep : &tally->doubtful_reject;
    if (row->rule == NULL)
        *row = found(hearing, truth);
}

static void add_match(struct script *s, const struct hearing *hearing)
{
    if (s->matches.len > 0)
        buf_add_str(&s->matches, ", ");
    buf_add_str(&s->matches, hearing->policy->name);
    buf_add_char(&s->matches, '/');
    buf_add_text(&s->matches, hearing->rule->name);
    if (hearing->rule->observes)
        buf_add_str(&s->matches, SCRIPT_OBSERVED);
}

static bool is_past(const struct rule *rule, int64_t now_ms)
{
    return rule->ends_ms != 0 && now_ms >= rule->ends_ms;
}

static enum spurn_status hear_policy(struct script *s, struct policy *p,
                                     const struct subject *subject, struct tally *tally,
                                     struct script_decision *out, struct spurn_error *err)
{
    struct asking asking = {.subject = subject, .about = s->about, .ask_function = ask_function};
    for (size_t i = 0; i < p->now.rule_count; i++) {
        struct rule *rule = &p->now.rules[i];
        if (is_past(rule, subject->now_ms))
            continue;
        struct hearing hearing = {.script = s,
                                  .policy = p,
                                  .rule = rule,
                                  .subject = subject,
                                  .asking = &asking,
                                  .err = err};
        asking.context = &hearing;
        asking.steps = p->now.host->limits.steps;
        asking.ran_out = false;
        asking.round = ++s->round;
        enum truth truth = ask_rule(&hearing);
        if (hearing.status != SPURN_OK)
            return hearing.status;
        count(tally, &hearing, truth);
        if (truth == TRUTH_TRUE)
            add_match(s, &hearing);
        out->faulted |= hearing.fault != NULL && !rule->observes;
    }
    return SPURN_OK;
}

/* ---- the verdict ---- */

static const struct finding *weigh(const struct tally *t, enum script_verdict *verdict)
{
    if (t->keep.rule != NULL) {
        *verdict = VERDICT_KEEP;
        return &t->keep;
    }
    if (t->reject.rule != NULL && t->doubtful_keep.rule == NULL) {
        *verdict = VERDICT_REJECT;
        return &t->reject;
    }
    const struct finding *doubtful =
        t->reject.rule != NULL ? &t->doubtful_keep : &t->doubtful_reject;
    *verdict = doubtful->rule != NULL ? VERDICT_UNDECIDED : VERDICT_NONE;
    return doubtful;
}

/* Names in braces were checked when the policy was loaded. */
static void fill_reason(struct buf *out, struct spurn_text reason, const struct subject *s)
{
    enum field field;
    while (reason.len > 0) {
        size_t plain = strcspn(reason.at, "{");
        buf_add(out, reason.at, plain);
        if (plain == reason.len)
            return;
        size_t name = strcspn(reason.at + plain + 1, "}");
        if (field_of((struct spurn_text){reason.at + plain + 1, name}, &field))
            subject_show(s, field, out);
        reason.at += plain + name + 2;
        reason.len -= plain + name + 2;
    }
}

static void explain_doubt(struct buf *out, const struct finding *f)
{
    if (f->cause != NULL)
        buf_add_str(out, f->cause);
    else if (f->misses)
        buf_addf(out, "cannot be decided: %s is not known", field_name(f->missing));
    else
        buf_add_str(out, "cannot be decided");
}

static void cut_reason(struct buf *reason)
{
    if (reason->len > REASON_LEN_MAX) {
        struct spurn_text cut = {reason->data, REASON_LEN_MAX};
        reason->len = text_utf8_len(cut);
        reason->data[reason->len] = '\0';
    }
}

static void conclude(struct script *s, const struct tally *tally, const struct subject *subject,
                     struct script_decision *out)
{
    const struct finding *f = weigh(tally, &out->verdict);
    out->matches = s->matches.len > 0 ? buf_text(&s->matches) : TEXT_ABSENT;
    if (out->verdict == VERDICT_NONE)
        return;
    out->policy = text_of(f->policy->name);
    out->rule = f->rule->name;
    out->line = f->rule->line;
    if (out->verdict == VERDICT_UNDECIDED)
        explain_doubt(&s->reason, f);
    else if (f->rule->reason.at != NULL)
        fill_reason(&s->reason, f->rule->reason, subject);
    else
        buf_add_text(&s->reason, f->rule->name);
    cut_reason(&s->reason);
    out->reason = buf_text(&s->reason);
}

enum spurn_status script_decide(struct script *s, const struct invitation *inv,
                                const struct origin *origin, const struct script_facts *facts,
                                struct script_decision *out, struct spurn_error *err)
{
    struct tally tally = {0};
    const struct subject subject = {inv, origin, facts, s->has_begun ? s->now_ms : clock_wall_ms()};
    *out = (struct script_decision){0};
    buf_reset(&s->reason);
    buf_reset(&s->matches);
    s->about++;
    for (size_t i = 0; i < s->policy_count; i++) {
        enum spurn_status status = hear_policy(s, s->policies[i], &subject, &tally, out, err);
        if (status != SPURN_OK) {
            *out = (struct script_decision){0};
            return status;
        }
    }
    conclude(s, &tally, &subject, out);
    if (s->reason.failed || s->matches.failed) {
        *out = (struct script_decision){0};
        return spurn_fail_memory(err);
    }
    return SPURN_OK;
}

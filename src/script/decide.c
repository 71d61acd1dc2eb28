/* decide.c - the verdict on one invitation: every rule is asked, keep wins, and what is undecided never rejects. */
#include "script/decide.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    REASON_LEN_MAX = 1024,
    RULES_TOGETHER = 8 /* so many rules' steps are for all of a policy, about an invitation */
};

/* One policy being asked about one invitation, rule by rule. */
struct hearing {
    struct script *script;
    struct policy *policy;
    struct rule *rule;
    struct asking asking;
    int64_t steps_left;       /* of all rules together */
    enum truth applies;       /* what the configuration's `only` says */
    enum spurn_status status; /* of the host */
    struct spurn_error *err;
};

/* The first of each kind, in file order. */
struct finding {
    const struct policy *policy;
    struct rule *rule; /* NULL: none */
};

struct tally {
    struct finding keep, reject, doubtful_keep, doubtful_reject;
    bool keep_waits, reject_waits, observed_waits; /* some such rule hangs on resources */
    struct spurn_text matches;                     /* absent: none */
    const struct rule *observed; /* the first that is true and only observes; NULL: none */
};

/* ---- one rule ---- */

static void note_fault(struct hearing *h, const char *cause)
{
    bool ok = true;
    struct heard *heard = &h->rule->heard;
    if (heard->fault != NULL)
        return;
    heard->fault = arena_copy(&h->script->faults, text_of(cause), &ok).at;
    if (!ok)
        h->status = spurn_fail_memory(h->err);
}

static bool must_ask(const struct function *f, const struct hearing *h)
{
    if (f->asked_about != h->asking.about)
        return true;
    return f->ran_out; /* of another rule's steps, which may have been fewer */
}

static void ask_afresh(struct hearing *h, int function)
{
    struct function *f = &h->policy->now.functions[function];
    struct heard *heard = &h->rule->heard;
    h->policy->reads = 0;
    h->status = policy_ask_function(h->policy, function, h->asking.about, h->asking.subject,
                                    h->asking.steps, h->err);
    f->reads = h->policy->reads;
    if (f->time_ns < 0)
        return;
    heard->timed++;
    heard->time_ns += f->time_ns;
}

static enum truth ask_function(void *context, int function)
{
    struct hearing *h = context;
    struct function *f = &h->policy->now.functions[function];
    struct heard *heard = &h->rule->heard;
    if (heard->ran_out || h->status != SPURN_OK)
        return TRUTH_UNKNOWN;
    if (must_ask(f, h))
        ask_afresh(h, function);
    if (f->charged != h->asking.round)
        h->asking.steps -= f->steps;
    f->charged = h->asking.round;
    heard->ran_out |= f->ran_out || h->asking.steps < 0;
    if (f->faulted)
        note_fault(h, f->cause);
    if (heard->misses == MISSES_NOTHING)
        heard->misses = f->misses;
    return f->truth;
}

static enum truth join_truths(enum truth applies, enum truth truth)
{
    if (applies == TRUTH_FALSE || truth == TRUTH_FALSE)
        return TRUTH_FALSE;
    return applies == TRUTH_UNKNOWN && truth == TRUTH_TRUE ? TRUTH_UNKNOWN : truth;
}

static enum truth ask_condition(struct hearing *h)
{
    struct conditions *conditions = h->policy->now.conditions;
    struct rule *rule = h->rule;
    enum truth truth = conditions_ask_facts(conditions, rule->condition, &h->asking);
    if (truth != TRUTH_PENDING)
        return truth;
    if (rule->run_outs >= RUN_OUTS_MAX) {
        note_fault(h,
                   "not asked any more: it ran out of steps or memory three times in this sweep");
        return TRUTH_UNKNOWN;
    }
    host_begin(h->policy->now.host);
    return conditions_ask(conditions, rule->condition, &h->asking);
}

static void note_faults_of_conditions(struct hearing *h)
{
    const struct asking *a = &h->asking;
    struct buf cause;
    buf_init(&cause, REASON_LEN_MAX);
    if (a->fault != NULL) {
        buf_addf(&cause, "%s:%d: %s", h->policy->path, a->fault_line, a->fault);
        note_fault(h, buf_str(&cause));
    }
    h->rule->heard.ran_out |= a->ran_out;
    if (h->rule->heard.ran_out)
        note_fault(h, "ran out of steps: the matchers and functions of this rule took more than "
                      "is allowed for a rule and an invitation");
    buf_clear(&cause);
}

static void note_missing(struct hearing *h)
{
    const struct build *b = &h->policy->now;
    int asked = h->applies == TRUTH_UNKNOWN ? b->only : h->rule->condition;
    int misses = conditions_missing(b->conditions, asked);
    if (misses == MISSES_STEPS)
        note_fault(h, "ran out of steps: the globs on a field are too many for a text so long");
    else if (misses != MISSES_NOTHING)
        h->rule->heard.misses = misses;
}

/* Most rules are false by facts alone, and then there is nothing more to find out, nor to write down. */
static bool is_plainly_false(struct hearing *h)
{
    const struct build *b = &h->policy->now;
    return b->only == CONDITION_NONE && h->script->listener == NULL &&
           conditions_ask_facts(b->conditions, h->rule->condition, &h->asking) == TRUTH_FALSE;
}

/* A rule that faults is undecided, whatever its other parts say. */
static enum spurn_status ask_rule(struct hearing *h)
{
    const struct build *b = &h->policy->now;
    struct asking *a = &h->asking;
    struct heard *heard = &h->rule->heard;
    if (is_plainly_false(h))
        return SPURN_OK;
    a->round = ++h->script->round;
    a->steps = b->host->limits.steps;
    a->ran_out = false;
    a->fault = NULL;
    *heard = (struct heard){.about = a->about, .was_asked = true, .misses = MISSES_NOTHING};
    if (b->only != CONDITION_NONE)
        h->applies = conditions_ask_facts(b->conditions, b->only, a);
    heard->was_asked = h->applies != TRUTH_FALSE;
    if (heard->was_asked && h->steps_left < 0)
        note_fault(h, "ran out of steps: the rules of this policy together took more than is "
                      "allowed for an invitation");
    else if (heard->was_asked)
        heard->truth = join_truths(h->applies, ask_condition(h));
    h->steps_left -= b->host->limits.steps - a->steps;
    if (a->ran_out || a->fault != NULL || heard->ran_out)
        note_faults_of_conditions(h);
    if (heard->fault != NULL)
        heard->truth = TRUTH_UNKNOWN;
    else if (heard->truth == TRUTH_UNKNOWN)
        note_missing(h);
    return a->status != SPURN_OK ? a->status : h->status;
}

/* ---- all rules ---- */

/* One match is told by its own name, several as a list. */
static void add_match(struct script *s, struct tally *t, const struct rule *rule)
{
    if (t->matches.at == NULL) {
        t->matches = rule->match;
        return;
    }
    if (s->matches.len == 0)
        buf_add_text(&s->matches, t->matches);
    buf_add_str(&s->matches, ", ");
    buf_add_text(&s->matches, rule->match);
    t->matches = buf_text(&s->matches);
}

static void count(struct script *s, struct tally *t, const struct policy *p, struct rule *rule)
{
    enum truth truth = rule->heard.truth;
    struct finding *row = NULL;
    if (truth == TRUTH_FALSE)
        return;
    if (truth == TRUTH_TRUE)
        add_match(s, t, rule);
    if (truth == TRUTH_TRUE && rule->observes && t->observed == NULL)
        t->observed = rule;
    if (truth == TRUTH_PENDING) {
        *(rule->keeps      ? &t->keep_waits
          : rule->observes ? &t->observed_waits
                           : &t->reject_waits) = true;
        return;
    }
    if (rule->observes)
        return;
    if (truth == TRUTH_TRUE)
        row = rule->keeps ? &t->keep : &t->reject;
    else
        row = rule->keeps ? &t->doubtful_keep : &t->doubtful_reject;
    if (row->rule == NULL)
        *row = (struct finding){p, rule};
}

bool decide_is_past(const struct rule *rule, int64_t now_ms)
{
    return rule->ends_ms != 0 && now_ms >= rule->ends_ms;
}

static void tell_policy(struct hearing *h)
{
    const struct build *b = &h->policy->now;
    enum truth applies = TRUTH_TRUE;
    if (b->only != CONDITION_NONE)
        applies = conditions_ask_facts(b->conditions, b->only, &h->asking);
    h->script->listener->policy(h->script->listener->context, h->policy, applies);
}

static enum spurn_status hear_policy(struct script *s, struct policy *p,
                                     const struct subject *subject, struct tally *tally,
                                     struct spurn_error *err)
{
    struct hearing h = {.script = s,
                        .policy = p,
                        .steps_left = p->now.host->limits.steps * RULES_TOGETHER,
                        .applies = TRUTH_TRUE,
                        .err = err};
    h.asking = (struct asking){.subject = subject,
                               .about = s->about,
                               .glob_steps = p->now.host->limits.steps,
                               .ask_function = ask_function,
                               .context = &h,
                               .err = err};
    if (s->listener != NULL)
        tell_policy(&h);
    for (size_t i = 0; i < p->now.rule_count; i++) {
        enum spurn_status status = SPURN_OK;
        h.rule = &p->now.rules[i];
        if (decide_is_past(h.rule, subject->now_ms))
            h.rule->heard = (struct heard){.about = s->about, .misses = MISSES_NOTHING};
        else
            status = ask_rule(&h);
        if (status != SPURN_OK)
            return status;
        if (h.rule->heard.about == s->about)
            count(s, tally, p, h.rule);
        if (s->listener != NULL)
            s->listener->rule(s->listener->context, p, h.rule, &h.asking);
    }
    return SPURN_OK;
}

static bool is_protected(const struct tally *t)
{
    return t->keep.rule != NULL || t->doubtful_keep.rule != NULL;
}

/* Once nothing but resources can tell whether it is rejected. */
static bool verdict_waits(const struct tally *t)
{
    return !is_protected(t) && (t->reject.rule != NULL ? t->keep_waits : t->reject_waits);
}

/* The same, or whether a rule that observes would have rejected it. */
static bool hangs_on_resources(const struct tally *t)
{
    return verdict_waits(t) || (!is_protected(t) && t->observed_waits);
}

/* ---- what the sweep remembers of it ---- */

static enum spurn_status keep_fault(const struct policy *p, struct rule *rule,
                                    struct spurn_error *err)
{
    const char *fault = rule->heard.fault;
    rule->count.faults++;
    if (rule->cause != NULL)
        return SPURN_OK;
    rule->cause = strdup(fault);
    rule->cause_line = policy_line_in(p, fault);
    if (rule->cause_line == 0)
        rule->cause_line = rule->line;
    return rule->cause != NULL ? SPURN_OK : spurn_fail_memory(err);
}

static enum spurn_status remember(struct script *s, struct script_decision *out,
                                  struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < s->policy_count; i++) {
        struct policy *p = s->policies[i];
        p->now.decided++;
        for (size_t k = 0; k < p->now.rule_count; k++) {
            struct rule *rule = &p->now.rules[k];
            const struct heard *heard = &rule->heard;
            if (heard->about != s->about)
                continue;
            rule->spared += !heard->was_asked;
            rule->count.timed += heard->timed;
            rule->count.time_ns += heard->time_ns;
            rule->count.held += heard->truth == TRUTH_TRUE;
            rule->count.undecided += heard->truth == TRUTH_UNKNOWN;
            rule->run_outs += heard->ran_out;
            if (heard->fault == NULL)
                continue;
            out->faulted |= !rule->observes;
            if (status == SPURN_OK)
                status = keep_fault(p, rule, err);
        }
    }
    return status;
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

/* Senders choose texts, and a page holds 16 MiB of them; cut_reason cuts where a character ends. */
static void add_field(struct buf *out, enum field field, const struct subject *s)
{
    struct spurn_text text;
    if (subject_text(s, field, &text) && text.len > REASON_LEN_MAX)
        buf_add(out, text.at, REASON_LEN_MAX + 1);
    else
        subject_show(s, field, out);
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
            add_field(out, field, s);
        reason.at += plain + name + 2;
        reason.len -= plain + name + 2;
    }
}

static void show_missing_past(const struct script_past *past, struct buf *out)
{
    char began[25];
    if (past == NULL || past->began_ms == INT64_MAX) {
        buf_add_str(out, "the sender's past is not known: nothing is remembered yet");
        return;
    }
    clock_format_iso(past->began_ms, began);
    buf_addf(out, "the sender's past is known from %s on only", began);
}

void decide_show_missing(int misses, const struct subject *s, struct buf *out)
{
    if (misses == MISSES_RESOURCES)
        buf_add_str(out,
                    s->facts->resources_state == RESOURCES_LISTED && s->facts->resource_count == 0
                        ? "the list of resources is empty, which tells nothing"
                        : "resources are not known");
    else if (misses == MISSES_PAST)
        show_missing_past(s->facts->past, out);
    else
        buf_addf(out, "%s is not known", field_name((enum field)misses));
}

static void explain_doubt(struct buf *out, const struct heard *heard, const struct subject *s)
{
    if (heard->fault != NULL) {
        buf_add_str(out, heard->fault);
        return;
    }
    buf_add_str(out, "cannot be decided");
    if (heard->misses == MISSES_NOTHING)
        return;
    buf_add_str(out, ": ");
    decide_show_missing(heard->misses, s, out);
}

static void cut_reason(struct buf *reason)
{
    if (reason->len > REASON_LEN_MAX) {
        struct spurn_text cut = {reason->data, REASON_LEN_MAX};
        reason->len = text_utf8_len(cut);
        reason->data[reason->len] = '\0';
    }
}

/* What a rule says of itself, into out->reason. */
static void tell_reason(struct script *s, const struct rule *rule, const struct subject *subject,
                        struct script_decision *out)
{
    if (out->verdict == VERDICT_UNDECIDED)
        explain_doubt(&s->reason, &rule->heard, subject);
    else
        fill_reason(&s->reason, rule->reason, subject);
    cut_reason(&s->reason);
    out->reason = buf_text(&s->reason);
}

static void conclude(struct script *s, const struct tally *tally, const struct subject *subject,
                     struct script_decision *out)
{
    const struct finding *f = weigh(tally, &out->verdict);
    out->matches = tally->matches;
    if (out->verdict == VERDICT_NONE) {
        if (tally->observed != NULL && tally->observed->reason.at != NULL)
            tell_reason(s, tally->observed, subject, out);
        return;
    }
    if (!out->needs_resources)
        f->rule->count.decided++;
    out->policy = text_of(f->policy->name);
    out->rule = f->rule->name;
    out->line = f->rule->line;
    out->reason = f->rule->name;
    if (out->verdict == VERDICT_UNDECIDED || f->rule->reason.at != NULL)
        tell_reason(s, f->rule, subject, out);
}

static enum spurn_status finish(struct script *s, const struct tally *tally,
                                const struct subject *subject, struct script_decision *out,
                                struct spurn_error *err)
{
    out->needs_resources =
        subject->facts->resources_state == RESOURCES_NOT_ASKED && hangs_on_resources(tally);
    out->is_settled = out->needs_resources && !verdict_waits(tally);
    if (out->needs_resources && !out->is_settled)
        return SPURN_OK;
    enum spurn_status status = out->needs_resources ? SPURN_OK : remember(s, out, err);
    if (status != SPURN_OK)
        return status;
    conclude(s, tally, subject, out);
    return s->reason.failed || s->matches.failed ? spurn_fail_memory(err) : SPURN_OK;
}

enum spurn_status script_decide(struct script *s, const struct invitation *inv,
                                const struct origin *origin, const struct script_facts *facts,
                                struct script_decision *out, struct spurn_error *err)
{
    struct tally tally = {0};
    const struct subject subject = {inv, origin, facts, s->has_begun ? s->now_ms : clock_wall_ms()};
    enum spurn_status status = SPURN_OK;
    *out = (struct script_decision){0};
    buf_reset(&s->reason);
    buf_reset(&s->matches);
    if (s->faults.used > 0)
        arena_reset(&s->faults);
    s->about++;
    for (size_t i = 0; i < s->policy_count && status == SPURN_OK; i++)
        status = hear_policy(s, s->policies[i], &subject, &tally, err);
    if (status == SPURN_OK)
        status = finish(s, &tally, &subject, out, err);
    if (status != SPURN_OK)
        *out = (struct script_decision){0};
    return status;
}

/* explain.c - tells what was asked of each policy, rule and condition while a decision was made, and what each answered. */
#include "script/decide.h"

enum { CAUSE_LEN_MAX = 64 * 1024 };

struct telling {
    void (*each)(void *context, const struct script_explained *part);
    void *context;
    const struct policy *policy; /* whose rules are told */
    const struct asking *asking; /* what was asked of the rule that is told */
    bool no_memory;
};

static const char *shown_truth(enum truth truth)
{
    static const char *const names[] = {
        [TRUTH_FALSE] = "false",
        [TRUTH_TRUE] = "true",
        [TRUTH_UNKNOWN] = "unknown",
        [TRUTH_PENDING] = "needs resources",
    };
    return names[truth];
}

static void tell(struct telling *t, struct script_explained *part, struct buf *cause)
{
    if (cause->len > 0)
        part->cause = buf_text(cause);
    t->no_memory |= cause->failed;
    t->each(t->context, part);
    buf_clear(cause);
}

static void explain_policy(void *context, const struct policy *p, enum truth applies)
{
    struct telling *t = context;
    struct script_explained part = {
        .part = PART_POLICY, .text = text_of(p->name), .value = "asked"};
    struct buf cause;
    buf_init(&cause, CAUSE_LEN_MAX);
    t->policy = p;
    if (applies == TRUTH_UNKNOWN)
        part.value = shown_truth(applies);
    if (applies == TRUTH_FALSE)
        part.value = "not asked";
    if (applies != TRUTH_TRUE) {
        buf_add_str(&cause, "only ");
        conditions_describe(p->now.conditions, p->now.only, &cause);
    }
    tell(t, &part, &cause);
}

static void show_doubt(const struct telling *t, const char *fault, int misses, struct buf *out)
{
    if (fault != NULL)
        buf_add_str(out, fault);
    else if (misses != MISSES_NOTHING)
        decide_show_missing(misses, t->asking->subject, out);
}

static void explain_condition(void *context, const struct condition_seen *seen)
{
    struct telling *t = context;
    struct script_explained part = {.part = PART_CONDITION,
                                    .depth = seen->depth,
                                    .text = seen->text,
                                    .line = seen->line,
                                    .value =
                                        seen->reached ? shown_truth(seen->truth) : "not reached",
                                    .looked_at = seen->looked_at};
    struct buf cause, read;
    buf_init(&cause, CAUSE_LEN_MAX);
    buf_init(&read, CAUSE_LEN_MAX);
    if (seen->function >= 0 && seen->reached) {
        const struct function *f = &t->policy->now.functions[seen->function];
        show_doubt(t, f->faulted ? f->cause : NULL, f->misses, &cause);
        if (f->asked_about == t->asking->about)
            conditions_show_read(t->asking->subject, f->reads, &read);
        if (read.len > 0)
            part.looked_at = buf_text(&read);
        t->no_memory |= read.failed;
    }
    tell(t, &part, &cause);
    buf_clear(&read);
}

/* Of a rule that was not asked, its condition as one line. */
static void tell_unheard(struct telling *t, const struct rule *rule)
{
    const struct script_explained part = {.part = PART_CONDITION,
                                          .text = rule->condition_text,
                                          .line = rule->line,
                                          .value = "not reached"};
    t->each(t->context, &part);
}

static void explain_rule(void *context, const struct policy *p, const struct rule *rule,
                         const struct asking *asking)
{
    struct telling *t = context;
    const struct heard *heard = &rule->heard;
    t->asking = asking;
    struct script_explained part = {.part = PART_RULE,
                                    .text = rule->name,
                                    .line = rule->line,
                                    .keeps = rule->keeps,
                                    .observes = rule->observes,
                                    .value = shown_truth(heard->truth)};
    struct buf cause;
    buf_init(&cause, CAUSE_LEN_MAX);
    if (decide_is_past(rule, asking->subject->now_ms))
        part.value = "ended";
    else if (!heard->was_asked)
        part.value = "not reached";
    if (heard->truth == TRUTH_UNKNOWN)
        show_doubt(t, heard->fault, heard->misses, &cause);
    tell(t, &part, &cause);
    if (!heard->was_asked)
        tell_unheard(t, rule);
    else if (!conditions_explain(p->now.conditions, rule->condition, asking, explain_condition, t))
        t->no_memory = true;
}

enum spurn_status script_explain(struct script *s, const struct invitation *inv,
                                 const struct origin *origin, const struct script_facts *facts,
                                 void (*each)(void *context, const struct script_explained *part),
                                 void *context, struct script_decision *out,
                                 struct spurn_error *err)
{
    struct telling telling = {.each = each, .context = context};
    const struct listener listener = {explain_policy, explain_rule, &telling};
    s->listener = &listener;
    enum spurn_status status = script_decide(s, inv, origin, facts, out, err);
    s->listener = NULL;
    if (status == SPURN_OK && telling.no_memory) {
        *out = (struct script_decision){0};
        return spurn_fail_memory(err);
    }
    return status;
}

/* ruling.c - what policies said, then and now, and how the two differ. */
#include "library/ruling.h"

#include "json.h"

static enum spurn_verdict verdict_named(struct spurn_text name)
{
    for (enum spurn_verdict v = SPURN_NONE; v <= SPURN_UNDECIDED; v++)
        if (text_is(name, spurn_verdict_name(v)))
            return v;
    return SPURN_NONE;
}

struct spurn_ruling ruling_then(const struct journal_basis *decision)
{
    return (struct spurn_ruling){.verdict = verdict_named(decision->verdict),
                                 .policy = decision->policy,
                                 .rule = decision->rule,
                                 .reason = decision->reason,
                                 .line = decision->line,
                                 .matches = decision->matches,
                                 .digest = decision->digest};
}

struct spurn_ruling ruling_now(const struct script_decision *decision, const char *digest)
{
    return (struct spurn_ruling){.verdict = (enum spurn_verdict)decision->verdict,
                                 .policy = decision->policy,
                                 .rule = decision->rule,
                                 .reason = decision->reason,
                                 .line = decision->line,
                                 .matches = decision->matches,
                                 .digest = text_of(digest),
                                 .faulted = decision->faulted,
                                 .needs_resources =
                                     decision->needs_resources && !decision->is_settled};
}

enum spurn_change ruling_change(const struct spurn_ruling *then, const struct spurn_ruling *now)
{
    if (now->needs_resources)
        return SPURN_UNTOLD;
    if (then->verdict != now->verdict)
        return SPURN_OTHER_VERDICT;
    bool is_alike = text_equal(then->policy, now->policy) && text_equal(then->rule, now->rule) &&
                    text_equal(then->reason, now->reason) &&
                    text_equal(then->matches, now->matches);
    return is_alike ? SPURN_ALIKE : SPURN_OTHER_REASON;
}

void ruling_put(struct buf *json, const struct spurn_ruling *ruling)
{
    const char *verdict = ruling->needs_resources ? NULL : spurn_verdict_name(ruling->verdict);
    json_put_member(json, "verdict", text_of(verdict));
    json_put_member(json, "policy", ruling->policy);
    json_put_member(json, "rule", ruling->rule);
    if (ruling->rule.at != NULL)
        json_put_int_member(json, "line", ruling->line);
    json_put_member(json, "reason", ruling->reason);
    json_put_member_if(json, "matches", ruling->matches);
}

void ruling_put_change(struct buf *json, enum spurn_change change)
{
    static const char *const words[] = {[SPURN_ALIKE] = "none",
                                        [SPURN_OTHER_REASON] = "reason",
                                        [SPURN_OTHER_VERDICT] = "verdict",
                                        [SPURN_UNTOLD] = "untold"};
    json_put_member(json, "change", text_of(words[change]));
}

/* decide.c - an invitation is put to the policies with all that is known about it, and the verdict is written down. */
#include "sweep/sweep_private.h"

#include "json.h"

/* Hostile text grows sixfold at most when it is escaped. */
enum { RESOURCES_JSON_LEN_MAX = 8 * LOOKUP_LEN_MAX };

/* ---- what is known ---- */

static bool know_age(const struct sweep *s, const struct sighting *sighting)
{
    const struct invitation *inv = sighting->inv;
    return inv->has_created && !sighting->target->site->clock_differs &&
           inv->created_ms <= s->options.now_ms;
}

struct asker {
    const struct sweep *sweep;
    int64_t invitation; /* which is about others, not itself */
};

static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    static const enum journal_event events[] = {
        [EVENT_SEEN] = JOURNAL_SEEN, [EVENT_REJECTED] = JOURNAL_REJECTED};
    const struct asker *asker = context;
    const struct journal_past past = {.event = events[event],
                                      .cloud = cloud,
                                      .sender = sender,
                                      .except = asker->invitation,
                                      .since_ms = since_ms,
                                      .before_ms = asker->sweep->options.now_ms,
                                      .enough = enough};
    return journal_count_past(asker->sweep->options.journal, &past, count, err);
}

static enum spurn_status ask_policies(struct sweep *s, const struct sighting *sighting,
                                      struct script_decision *decision, struct spurn_error *err)
{
    const struct origin origin = target_origin(sighting->target);
    struct asker asker = {s, sighting->seen->invitation};
    const struct script_past past = {
        .count = count_past, .context = &asker, .began_ms = s->began_ms};
    const struct script_facts facts = {.has_age = know_age(s, sighting),
                                       .first_seen_ms = sighting->seen->first_seen_ms,
                                       .times_seen = sighting->seen->times_seen,
                                       .resources_state = sighting->resources_state,
                                       .resources = sighting->resources,
                                       .resource_count = sighting->resource_count,
                                       .past = &past};
    return script_decide(s->options.script, sighting->inv, &origin, &facts, decision, err);
}

/* ---- writing it down ---- */

static void put_if_there(struct buf *json, const char *name, struct spurn_text value)
{
    if (value.at == NULL)
        return;
    json_put_key(json, name);
    json_put_text(json, value);
}

static void put_resources(const struct sighting *sighting, struct buf *json)
{
    if (sighting->resources_state != RESOURCES_LISTED)
        return;
    buf_add_char(json, '[');
    for (size_t i = 0; i < sighting->resource_count; i++) {
        json_put_comma(json);
        buf_add_char(json, '{');
        put_if_there(json, "arn", sighting->resources[i].arn);
        put_if_there(json, "type", sighting->resources[i].type);
        buf_add_char(json, '}');
    }
    buf_add_char(json, ']');
}

static enum spurn_status record(struct sweep *s, const struct sighting *sighting,
                                const struct script_decision *decision, struct spurn_error *err)
{
    const struct journal_seen *seen = sighting->seen;
    bool has_age = know_age(s, sighting);
    bool asked = sighting->resources_state != RESOURCES_NOT_ASKED;
    int64_t seq = 0;
    struct buf resources;
    buf_init(&resources, RESOURCES_JSON_LEN_MAX);
    put_resources(sighting, &resources);
    const struct journal_decision row = {
        .sweep = s->id,
        .invitation = seen->invitation,
        .reading = seen->reading,
        .verdict = script_verdict_name(decision->verdict),
        .policy = decision->policy,
        .rule = decision->rule,
        .reason = decision->reason,
        .matches = decision->matches,
        .line = decision->line,
        .has_age = has_age,
        .age_s = has_age ? (s->options.now_ms - sighting->inv->created_ms) / 1000 : 0,
        .first_seen_ms = seen->first_seen_ms,
        .times_seen = seen->times_seen,
        .resources = asked ? buf_text(&resources) : TEXT_ABSENT,
        .at_ms = s->options.now_ms};
    enum spurn_status status = resources.failed
                                   ? spurn_fail_memory(err)
                                   : journal_record_decision(s->options.journal, &row, &seq, err);
    buf_clear(&resources);
    if (status != SPURN_OK)
        return status;
    sighting->target->decided++;
    if (decision->verdict == VERDICT_REJECT)
        sighting->target->to_reject++;
    return SPURN_OK;
}

/* ---- the whole ---- */

enum spurn_status decide(struct sweep *s, const struct sighting *sighting, struct spurn_error *err)
{
    struct sighting known = *sighting;
    struct script_decision decision;
    bool begun = false;
    if (!target_cloud(known.target)->lists_resources)
        known.resources_state = RESOURCES_UNKNOWN;
    enum spurn_status status = ask_policies(s, &known, &decision, err);
    if (status == SPURN_OK && decision.needs_resources &&
        known.resources_state == RESOURCES_NOT_ASKED) {
        status = lookup_begin(s, &known, &begun, err);
        if (status != SPURN_OK || begun)
            return status;
        known.resources_state = RESOURCES_UNKNOWN;
        status = ask_policies(s, &known, &decision, err);
    }
    if (status != SPURN_OK)
        return status;
    if (decision.needs_resources)
        return spurn_fail(err, SPURN_E_INTERNAL,
                          "policies asked for resources that they had been told about");
    return record(s, &known, &decision, err);
}

/* script.c - opening the policies of a configuration, their digest, and what they are made of. */
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "script/decide.h"

enum {
    TEXT_LEN_MAX = 1024 * 1024,
    FAULTS_LEN_MAX = 64 * 1024 * 1024 /* a sentence for every rule there may be */
};

const char *script_verdict_name(enum script_verdict verdict)
{
    static const char *const names[] = {"none", "keep", "reject", "undecided"};
    return names[verdict];
}

enum spurn_status script_open(const struct script_limits *limits, const struct log *log,
                              struct script **out, struct spurn_error *err)
{
    *out = NULL;
    struct script *s = calloc(1, sizeof *s);
    if (s == NULL)
        return spurn_fail_memory(err);
    if (limits != NULL)
        s->limits = *limits;
    s->log = log;
    buf_init(&s->reason, TEXT_LEN_MAX);
    buf_init(&s->matches, TEXT_LEN_MAX);
    arena_init(&s->faults, FAULTS_LEN_MAX);
    *out = s;
    return SPURN_OK;
}

void script_close(struct script *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->policy_count; i++)
        policy_close(s->policies[i]);
    free(s->policies);
    arena_clear(&s->faults);
    buf_clear(&s->matches);
    buf_clear(&s->reason);
    free(s);
}

enum spurn_status script_load_policy(struct script *s, const char *path,
                                     struct spurn_text settings_json, const char *asked_at,
                                     struct spurn_error *err)
{
    struct policy **more = realloc(s->policies, (s->policy_count + 1) * sizeof(struct policy *));
    if (more == NULL)
        return spurn_fail_memory(err);
    s->policies = more;
    enum spurn_status status =
        policy_open(&s->limits, s->log, path, settings_json, asked_at, &more[s->policy_count], err);
    if (status != SPURN_OK)
        return status;
    s->policy_count++;
    return SPURN_OK;
}

enum spurn_status script_begin_sweep(struct script *s, int64_t now_ms, struct spurn_error *err)
{
    s->has_begun = true;
    s->now_ms = now_ms;
    for (size_t i = 0; i < s->policy_count; i++) {
        enum spurn_status status = policy_renew(s->policies[i], &s->limits, s->log, err);
        if (status != SPURN_OK)
            return status;
    }
    return SPURN_OK;
}

/* ---- the digest ---- */

/* Each part is hashed by itself, so that no two ways of cutting the same bytes look alike. */
static bool add_part(struct digest *d, struct buf *parts, struct spurn_text part)
{
    char hex[SHA256_HEX_LEN + 1];
    if (!digest_sha256_hex(d, part, hex))
        return false;
    buf_add_str(parts, hex);
    buf_add_char(parts, '\n');
    return !parts->failed;
}

static bool add_policy(struct digest *d, struct buf *parts, const struct policy *p)
{
    bool ok = add_part(d, parts, text_of(p->name)) && add_part(d, parts, buf_text(&p->text)) &&
              add_part(d, parts, buf_text(&p->settings_json));
    for (size_t i = 0; ok && i < p->list_count; i++)
        ok = add_part(d, parts, text_of(p->lists[i]->name)) &&
             add_part(d, parts, buf_text(&p->lists[i]->text));
    buf_add_char(parts, '\n');
    return ok && !parts->failed;
}

enum spurn_status script_digest(struct script *s, struct digest *d, char out[SHA256_HEX_LEN + 1],
                                struct spurn_error *err)
{
    struct buf parts;
    out[0] = '\0';
    buf_init(&parts, TEXT_LEN_MAX);
    bool ok = true;
    for (size_t i = 0; ok && i < s->policy_count; i++)
        ok = add_policy(d, &parts, s->policies[i]);
    ok = ok && digest_sha256_hex(d, buf_text(&parts), out);
    buf_clear(&parts);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

/* ---- what there is ---- */

/* The rule number `index` over all policies; NULL when there are no more. */
static const struct rule *rule_at(const struct script *s, size_t index,
                                  const struct policy **policy)
{
    for (size_t i = 0; i < s->policy_count; i++) {
        *policy = s->policies[i];
        if (index < (*policy)->now.rule_count)
            return &(*policy)->now.rules[index];
        index -= (*policy)->now.rule_count;
    }
    return NULL;
}

bool script_fault_at(const struct script *s, size_t index, struct script_fault *out)
{
    const struct policy *policy;
    const struct rule *rule;
    *out = (struct script_fault){0};
    for (size_t i = 0; (rule = rule_at(s, i, &policy)) != NULL; i++) {
        if (rule->count.faults == 0)
            continue;
        if (index == 0) {
            *out =
                (struct script_fault){text_of(policy->name), rule->name,     text_of(rule->cause),
                                      rule->cause_line,      rule->observes, rule->count.faults};
            return true;
        }
        index--;
    }
    return false;
}

bool script_rule_at(const struct script *s, size_t index, struct script_rule *out)
{
    const struct policy *policy;
    const struct rule *rule = rule_at(s, index, &policy);
    *out = (struct script_rule){0};
    if (rule == NULL)
        return false;
    *out = (struct script_rule){.policy = text_of(policy->name),
                                .path = text_of(policy->path),
                                .name = rule->name,
                                .condition = rule->condition_text,
                                .line = rule->line,
                                .keeps = rule->keeps,
                                .observes = rule->observes,
                                .ends = rule->ends,
                                .ends_ms = rule->ends_ms,
                                .count = rule->count};
    out->count.asked = policy->now.decided - rule->spared;
    return true;
}

size_t script_policy_count(const struct script *s)
{
    return s->policy_count;
}

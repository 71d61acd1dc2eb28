/* basis.c - what a decision in the journal stood on, as the policies were told it: enough to ask them again. */
#include "library/basis.h"

#include "json.h"

enum spurn_status basis_count(const struct basis *b, enum script_event event, int64_t since_ms,
                              int64_t enough, int64_t *count, struct spurn_error *err)
{
    static const enum journal_event events[] = {
        [EVENT_SEEN] = JOURNAL_SEEN, [EVENT_REJECTED] = JOURNAL_REJECTED};
    const struct journal_past past = {.event = events[event],
                                      .cloud = b->origin.cloud,
                                      .sender = b->decision->read.sender,
                                      .except = b->decision->invitation,
                                      .since_ms = since_ms,
                                      .before_ms = b->decision->at_ms,
                                      .enough = enough};
    return journal_count_past(b->journal, &past, count, err);
}

static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    struct basis *b = context;
    struct basis_question *q = &b->questions[event];
    (void)cloud; /* the invitation's own, both */
    (void)sender;
    q->since_ms = q->was_asked && q->since_ms < since_ms ? q->since_ms : since_ms;
    q->enough = q->enough > enough ? q->enough : enough;
    q->was_asked = true;
    return basis_count(b, event, since_ms, enough, count, err);
}

static void read_resource(struct json *j, struct script_resource *out)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "arn"))
            out->arn = json_string(j);
        else if (text_is(key, "type"))
            out->type = json_string(j);
        else
            json_skip(j);
    }
}

static size_t count_items(struct spurn_text list, struct arena *arena)
{
    struct json j;
    size_t count = 0;
    json_init(&j, list, arena);
    json_open_array(&j);
    for (; json_next_item(&j); count++)
        json_skip(&j);
    return count;
}

static enum spurn_status read_resources(struct basis *b, struct arena *arena,
                                        struct spurn_error *err)
{
    struct spurn_text list = b->decision->resources;
    struct json j;
    if (list.len == 0) {
        b->facts.resources_state = list.at == NULL ? RESOURCES_NOT_ASKED : RESOURCES_UNKNOWN;
        return SPURN_OK;
    }
    size_t count = count_items(list, arena);
    struct script_resource *resources = arena_alloc(arena, (count + 1) * sizeof *resources);
    if (resources == NULL)
        return spurn_fail_memory(err);
    json_init(&j, list, arena);
    json_open_array(&j);
    for (size_t i = 0; json_next_item(&j); i++)
        read_resource(&j, &resources[i]);
    if (!json_done(&j))
        return spurn_fail(err, SPURN_E_JOURNAL,
                          "cannot read the resources that the journal keeps: %s", j.why);
    b->facts.resources_state = RESOURCES_LISTED;
    b->facts.resources = resources;
    b->facts.resource_count = count;
    return SPURN_OK;
}

enum spurn_status basis_init(struct basis *b, struct journal *j, int64_t began_ms,
                             const struct journal_basis *decision, struct arena *arena,
                             struct spurn_error *err)
{
    *b = (struct basis){.journal = j, .decision = decision};
    b->origin = (struct origin){decision->cloud, decision->account, decision->region};
    b->facts.has_age = decision->has_age;
    b->facts.first_seen_ms = decision->first_seen_ms;
    b->facts.times_seen = decision->times_seen;
    /* What that very sweep began it did not remember yet. */
    b->past =
        (struct script_past){count_past, b, began_ms < decision->at_ms ? began_ms : INT64_MAX};
    b->facts.past = j != NULL ? &b->past : NULL;
    return read_resources(b, arena, err);
}

bool basis_copy(struct arena *arena, const struct journal_basis *from, struct journal_basis *out)
{
    static const size_t texts[] = {
#define AT(member) offsetof(struct journal_basis, member)
        AT(digest),
        AT(cloud),
        AT(account),
        AT(region),
        AT(read.id),
        AT(read.sender),
        AT(read.name),
        AT(read.share),
        AT(read.receiver),
        AT(read.receiver_arn),
        AT(read.status_text),
        AT(resources),
        AT(verdict),
        AT(policy),
        AT(rule),
        AT(reason),
        AT(matches),
#undef AT
    };
    bool ok = true;
    *out = *from;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct spurn_text *text = (struct spurn_text *)((char *)out + texts[i]);
        *text = arena_copy(arena, *text, &ok);
    }
    return ok;
}

/* explain.c - the embedding API's why: a decision made again, telling each policy, rule and condition as it goes. */
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"
#include "library/basis.h"
#include "library/given.h"
#include "library/library.h"
#include "library/ruling.h"
#include "report.h"

enum { CANDIDATES_MAX = 4, CANDIDATES_LEN = 700 };

/* ---- which decision ---- */

struct search {
    struct spurn_text id;
    struct arena *arena; /* of `decision` alone */
    struct journal_basis decision;
    struct buf candidates;
    int64_t found, named; /* invitations whose ids end so */
    bool is_whole;        /* `id` is one of them to the letter, and the others do not count */
    bool no_memory;
};

static void keep(struct search *s, const struct journal_basis *basis)
{
    arena_reset(s->arena);
    s->no_memory |= !basis_copy(s->arena, basis, &s->decision);
}

static void name_candidate(struct search *s, struct spurn_text id)
{
    if (s->named == CANDIDATES_MAX)
        return;
    buf_add_str(&s->candidates, s->named++ > 0 ? ", " : "");
    buf_add_text(&s->candidates, id);
}

/* An id that was met again with another creation time is another invitation: the newest is meant. */
static void on_found(void *context, const struct journal_basis *basis)
{
    struct search *s = context;
    bool is_whole = text_equal(basis->read.id, s->id);
    if (s->is_whole && !is_whole)
        return;
    if (is_whole && !s->is_whole) {
        s->is_whole = true;
        s->found = 0;
    }
    if (s->found == 0 || !text_equal(basis->read.id, s->decision.read.id)) {
        s->found++;
        name_candidate(s, basis->read.id);
    }
    if (s->found == 1)
        keep(s, basis);
}

static enum spurn_status judge_search(const struct search *s, struct spurn_error *err)
{
    if (s->no_memory)
        return spurn_fail_memory(err);
    if (s->found == 0)
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot explain invitation %.*s: nothing was decided about it; \"spurn "
                          "history --plans\" shows how the ids end",
                          TEXT_ARG(s->id));
    if (s->found > 1)
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot explain invitation %.*s: several ids end so; give more of one: "
                          "%s%s",
                          TEXT_ARG(s->id), buf_str(&s->candidates),
                          s->found > s->named ? ", ..." : "");
    return SPURN_OK;
}

static enum spurn_status find(struct journal *j, struct spurn_text id, struct arena *arena,
                              struct journal_basis *out, struct spurn_error *err)
{
    const struct journal_query query = {.id = id, .with_plans = true};
    struct search search = {.id = id, .arena = arena};
    if (id.len == 0)
        return spurn_fail(err, SPURN_E_USAGE, "cannot explain an invitation without its id");
    buf_init(&search.candidates, CANDIDATES_LEN);
    enum spurn_status status = journal_each_basis(j, &query, on_found, &search, err);
    if (status == SPURN_OK)
        status = judge_search(&search, err);
    buf_clear(&search.candidates);
    *out = search.decision;
    return status;
}

/* ---- one that is described ---- */

static void note_row(void *context, const struct journal_basis *basis)
{
    struct journal_basis *given = context;
    if (text_equal(basis->read.id, given->read.id))
        given->invitation = basis->invitation;
}

/* What its sender did before is asked of the journal, if there is one; it is about others than the invitation itself. */
static enum spurn_status open_past(struct spurn *s, struct journal_basis *given,
                                   struct journal **out, struct spurn_error *err)
{
    struct spurn_error why;
    *out = NULL;
    if (s->journal_path == NULL || access(s->journal_path, F_OK) != 0)
        return SPURN_OK;
    enum spurn_status status = spurn_open_journal(s, s->digest, JOURNAL_READ, out, &why);
    if (status != SPURN_OK) {
        log_warn(&s->log, "what senders did before is not known: %s", why.text);
        return SPURN_OK;
    }
    if (given->read.id.len == 0)
        return SPURN_OK;
    const struct journal_query query = {.id = given->read.id, .with_plans = true};
    return journal_each_basis(*out, &query, note_row, given, err);
}

/* ---- telling ---- */

struct explaining {
    struct spurn *spurn;
    const struct spurn_explain_options *options;
    const struct spurn_explanation *to;
    struct journal *journal; /* NULL: nothing is remembered */
    struct arena decision_text, text;
    struct given given;
    const struct journal_basis *decision; /* what is made again */
    struct basis basis;
};

static struct spurn_told_row told_row(const struct explaining *e,
                                      const struct spurn_resource *resources)
{
    static const char *const states[] = {[RESOURCES_NOT_ASKED] = "not asked",
                                         [RESOURCES_UNKNOWN] = "unknown",
                                         [RESOURCES_LISTED] = "listed"};
    const struct journal_basis *d = e->decision;
    const struct script_facts *facts = &e->basis.facts;
    bool has_age = d->has_age && d->read.has_created && d->read.created_ms <= d->at_ms;
    bool remembers = facts->past != NULL && facts->past->began_ms != INT64_MAX;
    return (struct spurn_told_row){
        .id = d->read.id,
        .cloud = d->cloud,
        .region = d->region,
        .account = d->read.receiver.at != NULL ? d->read.receiver : d->account,
        .sender = d->read.sender,
        .receiver_arn = d->read.receiver_arn,
        .name = d->read.name,
        .share = d->read.share,
        .status = d->read.status == STATUS_OTHER ? d->read.status_text
                                                 : text_of(invitation_status_name(d->read.status)),
        .has_created = d->read.has_created,
        .created_ms = d->read.created_ms,
        .has_age = has_age,
        .age_s = has_age ? (d->at_ms - d->read.created_ms) / 1000 : 0,
        .first_seen_ms = d->first_seen_ms,
        .times_seen = d->times_seen,
        .now_ms = d->at_ms,
        .resources_state = states[facts->resources_state],
        .resources = resources,
        .resource_count = facts->resource_count,
        .remembers_since_ms = remembers ? facts->past->began_ms : 0,
    };
}

static enum spurn_status tell_told(struct explaining *e, struct spurn_error *err)
{
    const struct script_facts *facts = &e->basis.facts;
    if (e->to->told == NULL)
        return SPURN_OK;
    struct spurn_resource *resources =
        arena_alloc(&e->text, (facts->resource_count + 1) * sizeof *resources);
    if (resources == NULL)
        return spurn_fail_memory(err);
    for (size_t i = 0; i < facts->resource_count; i++)
        resources[i] = (struct spurn_resource){facts->resources[i].arn, facts->resources[i].type};
    const struct spurn_told_row row = told_row(e, resources);
    e->to->told(e->to->context, &row);
    return SPURN_OK;
}

static void tell_row(void *context, const struct journal_row *journal_row)
{
    struct explaining *e = context;
    if (journal_row->seq != e->decision->seq)
        return;
    const struct spurn_ruling ruling = ruling_then(e->decision);
    const struct spurn_decision_row row = sweep_decision_row(journal_row);
    e->to->then(e->to->context, &row, &ruling);
}

static enum spurn_status tell_then(struct explaining *e, struct spurn_error *err)
{
    const struct journal_query query = {.sweep = e->decision->sweep, .id = e->decision->read.id};
    if (e->to->then == NULL || e->decision->seq == 0)
        return SPURN_OK;
    return journal_each_row(e->journal, &query, tell_row, e, err);
}

static void tell_part(void *context, const struct script_explained *part)
{
    static const enum spurn_part parts[] = {
        [PART_POLICY] = SPURN_POLICY, [PART_RULE] = SPURN_RULE, [PART_CONDITION] = SPURN_CONDITION};
    const struct spurn_explanation *to = context;
    const struct spurn_part_row row = {.part = parts[part->part],
                                       .depth = part->depth,
                                       .text = part->text,
                                       .line = part->line,
                                       .keeps = part->keeps,
                                       .observes = part->observes,
                                       .value = part->value,
                                       .looked_at = part->looked_at,
                                       .cause = part->cause};
    if (to->part != NULL)
        to->part(to->context, &row);
}

static enum spurn_status tell_now(struct explaining *e, struct spurn_error *err)
{
    struct script *script = e->spurn->script;
    struct script_decision decision;
    enum spurn_status status = script_begin_sweep(script, e->decision->at_ms, err);
    if (status == SPURN_OK)
        status = script_explain(script, &e->decision->read, &e->basis.origin, &e->basis.facts,
                                tell_part, (void *)e->to, &decision, err);
    if (status != SPURN_OK || e->to->now == NULL)
        return status;
    const struct spurn_ruling then = ruling_then(e->decision);
    const struct spurn_ruling now = ruling_now(&decision, e->spurn->policies_digest);
    bool was_decided = e->decision->seq != 0;
    e->to->now(e->to->context, &now, was_decided ? ruling_change(&then, &now) : SPURN_ALIKE);
    return SPURN_OK;
}

/* ---- the whole ---- */

static enum spurn_status find_decision(struct explaining *e, struct spurn_error *err)
{
    struct spurn *s = e->spurn;
    struct journal_basis *decision = &e->given.basis;
    enum spurn_status status = spurn_open_journal(s, s->digest, JOURNAL_READ, &e->journal, err);
    if (status == SPURN_OK)
        status = find(e->journal, text_of(e->options->id), &e->decision_text, decision, err);
    if (e->options->now_ms != 0)
        decision->at_ms = e->options->now_ms;
    return status;
}

static enum spurn_status read_described(struct explaining *e, struct spurn_error *err)
{
    int64_t now_ms = e->options->now_ms != 0 ? e->options->now_ms : clock_wall_ms();
    enum spurn_status status =
        given_read(text_of(e->options->invitation_json), now_ms, &e->decision_text, &e->given, err);
    return status == SPURN_OK ? open_past(e->spurn, &e->given.basis, &e->journal, err) : status;
}

static enum spurn_status know(struct explaining *e, struct spurn_error *err)
{
    int64_t began_ms = INT64_MAX;
    enum spurn_status status = SPURN_OK;
    if (e->journal != NULL)
        status = journal_began(e->journal, &began_ms, err);
    if (status == SPURN_OK)
        status = basis_init(&e->basis, e->journal, began_ms, e->decision, &e->text, err);
    if (status != SPURN_OK || e->options->id != NULL)
        return status;
    e->basis.facts.resources_state = e->given.resources_state;
    e->basis.facts.resources = e->given.resources;
    e->basis.facts.resource_count = e->given.resource_count;
    return SPURN_OK;
}

enum spurn_status spurn_explain(struct spurn *s, const struct spurn_explain_options *options,
                                const struct spurn_explanation *explanation,
                                struct spurn_error *err)
{
    struct explaining e = {.spurn = s, .options = options, .to = explanation};
    e.decision = &e.given.basis;
    arena_init(&e.decision_text, FILE_MAX);
    arena_init(&e.text, FILE_MAX);
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_explain_options", err);
    if (status == SPURN_OK)
        status = spurn_check_size(explanation->size, sizeof *explanation,
                                  "struct spurn_explanation", err);
    if (status == SPURN_OK && (options->id == NULL) == (options->invitation_json == NULL))
        status = spurn_fail(err, SPURN_E_USAGE,
                            "an invitation is explained by its id, or by a description of it");
    if (status == SPURN_OK)
        status = spurn_check_idle(s, err);
    if (status == SPURN_OK)
        status = options->id != NULL ? find_decision(&e, err) : read_described(&e, err);
    if (status == SPURN_OK)
        status = know(&e, err);
    if (status == SPURN_OK)
        status = tell_told(&e, err);
    if (status == SPURN_OK)
        status = tell_then(&e, err);
    if (status == SPURN_OK)
        status = tell_now(&e, err);
    journal_close(e.journal);
    arena_clear(&e.text);
    arena_clear(&e.decision_text);
    return status;
}

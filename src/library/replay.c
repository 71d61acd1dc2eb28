/* replay.c - the embedding API's replay: each invitation of the journal to today's policies, and what differs from then. */
#include "file.h"
#include "json.h"
#include "library/basis.h"
#include "library/library.h"
#include "library/ruling.h"
#include "report.h"

_Static_assert(sizeof((struct spurn_replay_summary){0}.moved) ==
                   sizeof(int64_t[SPURN_UNDECIDED + 1][SPURN_UNDECIDED + 1]),
               "every verdict has its row and its column");

struct replaying {
    struct spurn *spurn;
    struct journal *journal;
    const struct spurn_replay_options *options;
    const struct spurn_replay *to;
    struct arena text; /* of one decision */
    int64_t began_ms;
    int64_t sweep; /* whose clock the policies go by; 0: none yet */
    struct spurn_replay_summary summary;
    enum spurn_status status;
    struct spurn_error *err;
};

/* ---- one decision ---- */

static void count(struct replaying *r, const struct spurn_replay_row *row)
{
    struct spurn_replay_summary *s = &r->summary;
    int64_t *const counts[] = {[SPURN_ALIKE] = &s->alike,
                               [SPURN_OTHER_REASON] = &s->other_reason,
                               [SPURN_OTHER_VERDICT] = &s->other_verdict,
                               [SPURN_UNTOLD] = &s->untold};
    s->asked++;
    ++*counts[row->change];
    if (row->change == SPURN_OTHER_VERDICT)
        s->moved[row->then.verdict][row->now.verdict]++;
    s->faulted += row->now.faulted;
    s->same_policies += text_equal(row->then.digest, row->now.digest);
}

static void tell(struct replaying *r, const struct journal_basis *b,
                 const struct script_decision *decision)
{
    bool has_age = b->has_age && b->read.has_created && b->read.created_ms <= b->at_ms;
    struct spurn_replay_row row = {
        .sweep = b->sweep,
        .seq = b->seq,
        .at_ms = b->at_ms,
        .plan = b->plan,
        .id = b->read.id,
        .cloud = b->cloud,
        .account = b->account,
        .region = b->region,
        .sender = b->read.sender,
        .name = b->read.name,
        .has_age = has_age,
        .age_s = has_age ? (b->at_ms - b->read.created_ms) / 1000 : 0,
        .then = ruling_then(b),
        .now = ruling_now(decision, r->spurn->policies_digest),
    };
    row.change = ruling_change(&row.then, &row.now);
    count(r, &row);
    if (r->to->row != NULL && (r->options->with_alike || row.change != SPURN_ALIKE))
        r->to->row(r->to->context, &row);
}

/* As at the sweep that decided it: a fresh state of the policies, its clock, what it knew. */
static enum spurn_status decide_again(struct replaying *r, const struct journal_basis *b)
{
    struct basis basis;
    struct script_decision decision;
    enum spurn_status status = SPURN_OK;
    arena_reset(&r->text);
    if (b->sweep != r->sweep)
        status = script_begin_sweep(r->spurn->script, b->at_ms, r->err);
    r->sweep = b->sweep;
    if (status == SPURN_OK)
        status = basis_init(&basis, r->journal, r->began_ms, b, &r->text, r->err);
    if (status == SPURN_OK)
        status = script_decide(r->spurn->script, &b->read, &basis.origin, &basis.facts, &decision,
                               r->err);
    if (status == SPURN_OK)
        tell(r, b, &decision);
    return status;
}

static void on_basis(void *context, const struct journal_basis *b)
{
    struct replaying *r = context;
    if (r->status == SPURN_OK)
        r->status = decide_again(r, b);
}

/* ---- all of them ---- */

static enum spurn_status replay_all(struct replaying *r)
{
    const struct journal_query query = {.since_ms = r->options->since_ms,
                                        .with_plans = r->options->with_plans};
    enum spurn_status status = journal_began(r->journal, &r->began_ms, r->err);
    if (status == SPURN_OK)
        status = journal_each_basis(r->journal, &query, on_basis, r, r->err);
    return status == SPURN_OK ? r->status : status;
}

enum spurn_status spurn_replay(struct spurn *s, const struct spurn_replay_options *options,
                               const struct spurn_replay *replay, struct spurn_error *err)
{
    struct replaying r = {.spurn = s, .options = options, .to = replay, .err = err};
    arena_init(&r.text, FILE_MAX);
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_replay_options", err);
    if (status == SPURN_OK)
        status = spurn_check_size(replay->size, sizeof *replay, "struct spurn_replay", err);
    if (status == SPURN_OK)
        status = spurn_check_idle(s, err);
    if (status == SPURN_OK)
        status = spurn_open_journal(s, s->digest, JOURNAL_READ, &r.journal, err);
    if (status == SPURN_OK)
        status = replay_all(&r);
    r.summary.digest = s->policies_digest;
    if (status == SPURN_OK && replay->summary != NULL)
        replay->summary(replay->context, &r.summary);
    journal_close(r.journal);
    arena_clear(&r.text);
    return status;
}

/* ---- as JSON ---- */

struct telling {
    struct report_json json;
    struct spurn_replay_summary summary;
};

static void put_ruling(struct buf *out, const char *name, const struct spurn_ruling *ruling)
{
    json_put_key(out, name);
    buf_add_char(out, '{');
    ruling_put(out, ruling);
    buf_add_char(out, '}');
}

static void put_row(void *context, const struct spurn_replay_row *row)
{
    struct telling *t = context;
    struct buf *out = &t->json.text;
    json_put_comma(out);
    buf_add_char(out, '{');
    json_put_member(out, "id", row->id);
    json_put_member(out, "cloud", row->cloud);
    json_put_member(out, "account", row->account);
    json_put_member(out, "region", row->region);
    json_put_member(out, "sender", row->sender);
    json_put_member(out, "name", row->name);
    if (row->has_age)
        json_put_int_member(out, "age", row->age_s);
    else
        json_put_member(out, "age", TEXT_ABSENT);
    json_put_int_member(out, "sweep", row->sweep);
    json_put_time_member(out, "decided", row->at_ms);
    json_put_bool_member(out, "plan", row->plan);
    ruling_put_change(out, row->change);
    json_put_bool_member(out, "same_policies", text_equal(row->then.digest, row->now.digest));
    json_put_bool_member(out, "faulted", row->now.faulted);
    put_ruling(out, "was", &row->then);
    put_ruling(out, "now", &row->now);
    buf_add_char(out, '}');
    report_json_hand_on(&t->json);
}

static void put_moved(struct buf *out, const struct spurn_replay_summary *summary)
{
    json_put_key(out, "moved");
    buf_add_char(out, '[');
    for (enum spurn_verdict then = SPURN_NONE; then <= SPURN_UNDECIDED; then++) {
        for (enum spurn_verdict now = SPURN_NONE; now <= SPURN_UNDECIDED; now++) {
            if (summary->moved[then][now] == 0)
                continue;
            json_put_comma(out);
            buf_add_char(out, '{');
            json_put_member(out, "was", text_of(spurn_verdict_name(then)));
            json_put_member(out, "now", text_of(spurn_verdict_name(now)));
            json_put_int_member(out, "count", summary->moved[then][now]);
            buf_add_char(out, '}');
        }
    }
    buf_add_char(out, ']');
}

static void put_summary(void *context, const struct spurn_replay_summary *summary)
{
    struct telling *t = context;
    struct buf *out = &t->json.text;
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {
        {"asked", summary->asked},
        {"alike", summary->alike},
        {"other_reason", summary->other_reason},
        {"other_verdict", summary->other_verdict},
        {"untold", summary->untold},
        {"faulted", summary->faulted},
        {"same_policies", summary->same_policies},
    };
    t->summary = *summary;
    buf_add_str(out, "],\"summary\":{");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        json_put_int_member(out, counts[i].name, counts[i].value);
    put_moved(out, summary);
    json_put_member(out, "digest", text_of(summary->digest));
    buf_add_str(out, "}}\n");
}

enum spurn_status spurn_replay_json(struct spurn *s, const struct spurn_replay_options *options,
                                    spurn_write *write, void *context,
                                    struct spurn_replay_summary *summary, struct spurn_error *err)
{
    struct telling t = {.summary = {0}};
    const struct spurn_replay to = {
        .size = sizeof to, .context = &t, .row = put_row, .summary = put_summary};
    report_json_open(&t.json, write, context);
    buf_add_str(&t.json.text, "{\"schema\":1,\"decisions\":[");
    enum spurn_status status = spurn_replay(s, options, &to, err);
    if (summary != NULL)
        *summary = t.summary;
    if (status != SPURN_OK)
        buf_reset(&t.json.text);
    struct spurn_error ignored; /* the first failure is the one to tell */
    enum spurn_status closed = report_json_close(&t.json, status == SPURN_OK ? err : &ignored);
    return status != SPURN_OK ? status : closed;
}

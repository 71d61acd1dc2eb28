/* history.c - the embedding API's past: what was decided and what came of it, and whether the record is sound. */
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "library/library.h"

static struct journal_query query_of(const struct spurn_history_options *options)
{
    return (struct journal_query){.since_ms = options->since_ms,
                                  .id = text_of(options->id),
                                  .with_plans = options->with_plans,
                                  .limit = options->limit};
}

struct telling {
    void (*row)(void *context, const struct spurn_decision_row *row);
    void *context;
};

static void tell_row(void *context, const struct journal_row *row)
{
    struct telling *t = context;
    const struct spurn_decision_row public_row = sweep_decision_row(row);
    t->row(t->context, &public_row);
}

enum spurn_status spurn_history(struct spurn *s, const struct spurn_history_options *options,
                                void (*row)(void *context, const struct spurn_decision_row *row),
                                void *context, struct spurn_error *err)
{
    struct journal *j = NULL;
    enum spurn_status status =
        spurn_check_size(options->size, sizeof *options, "struct spurn_history_options", err);
    if (status == SPURN_OK)
        status = spurn_open_journal(s, s->digest, JOURNAL_READ, &j, err);
    if (status != SPURN_OK)
        return status;
    struct telling t = {row, context};
    const struct journal_query query = query_of(options);
    status = journal_each_row(j, &query, tell_row, &t, err);
    journal_close(j);
    return status;
}

enum spurn_status spurn_history_json(struct spurn *s, const struct spurn_history_options *options,
                                     spurn_write *write, void *context, struct spurn_error *err)
{
    struct report_json json;
    report_json_open(&json, write, context);
    report_json_begin_history(&json);
    enum spurn_status status = spurn_history(s, options, report_json_row, &json, err);
    if (status == SPURN_OK)
        report_json_end_history(&json);
    struct spurn_error ignored; /* the first failure is the one to tell */
    enum spurn_status closed = report_json_close(&json, status == SPURN_OK ? err : &ignored);
    return status != SPURN_OK ? status : closed;
}

struct problems {
    void (*problem)(void *context, const char *what);
    void *context;
    int64_t count;
};

static void count_problem(void *context, const char *what)
{
    struct problems *p = context;
    p->count++;
    if (p->problem != NULL)
        p->problem(p->context, what);
}

/* "SEQ:HASH" */
static bool read_head(const char *head, int64_t *seq, const char **hash)
{
    char *colon = NULL;
    long long number = strtoll(head, &colon, 10);
    *seq = number;
    *hash = colon + 1;
    return number > 0 && *colon == ':' && strlen(*hash) == SHA256_HEX_LEN;
}

enum spurn_status spurn_verify(struct spurn *s, const char *head,
                               void (*problem)(void *context, const char *what), void *context,
                               struct spurn_verify_result *result, struct spurn_error *err)
{
    struct journal *j = NULL;
    int64_t head_seq = 0;
    const char *head_hash = NULL;
    enum spurn_status status =
        spurn_check_size(result->size, sizeof *result, "struct spurn_verify_result", err);
    if (status != SPURN_OK)
        return status;
    *result = (struct spurn_verify_result){.size = result->size};
    if (head != NULL && !read_head(head, &head_seq, &head_hash))
        status = spurn_fail(err, SPURN_E_USAGE,
                            "a head is SEQ:HASH as the log of a sweep gave it, not %s", head);
    if (status == SPURN_OK)
        status = spurn_open_journal(s, s->digest, JOURNAL_READ, &j, err);
    if (status != SPURN_OK)
        return status;
    struct problems problems = {problem, context, 0};
    status =
        journal_verify(j, head_seq, head_hash, count_problem, &problems, &result->checked, err);
    if (status == SPURN_OK)
        status = journal_head(j, &result->head_seq, result->head_hash, err);
    result->problems = problems.count;
    journal_close(j);
    return status;
}

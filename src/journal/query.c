/* query.c - what was decided and what came of it, read back. */
#include "journal/private.h"

static void put_query(struct statement *s, const struct journal_query *query)
{
    put_int(s, query->sweep);
    put_int(s, query->since_ms);
    put_int(s, query->with_plans || query->sweep != 0);
    put_text(s, query->id);
}

enum spurn_status journal_each_row(struct journal *j, const struct journal_query *query,
                                   void (*each)(void *context, const struct journal_row *row),
                                   void *context, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, query->limit > 0 ? SQL_NEWEST_ROWS : SQL_OLDEST_ROWS, err);
    put_query(&s, query);
    if (query->limit > 0)
        put_int(&s, query->limit);
    while (statement_next(&s)) {
        const struct journal_row row = {
            .sweep = column_int(&s, 0),
            .seq = column_int(&s, 1),
            .at_ms = column_int(&s, 2),
            .plan = column_int(&s, 3) != 0,
            .cloud = column_text(&s, 4),
            .account = column_text(&s, 5),
            .region = column_text(&s, 6),
            .id = column_text(&s, 7),
            .sender = column_text(&s, 9),
            .name = column_text(&s, 10),
            .has_age = !column_is_null(&s, 11),
            .age_s = column_int(&s, 11),
            .verdict = column_text(&s, 12),
            .policy = column_text(&s, 13),
            .rule = column_text(&s, 14),
            .line = (int)column_int(&s, 15),
            .reason = column_text(&s, 16),
            .matches = column_text(&s, 17),
            .outcome = column_text(&s, 18),
            .inferred = column_int(&s, 19) != 0,
            .outcome_ms = column_int(&s, 20),
            .code = column_text(&s, 21),
        };
        each(context, &row);
    }
    return statement_end(&s);
}

static struct invitation read_invitation(const struct statement *s, int first)
{
    struct invitation inv = {
        .id = column_text(s, first),
        .has_created = !column_is_null(s, first + 1),
        .created_ms = column_int(s, first + 1),
        .sender = column_text(s, first + 2),
        .name = column_text(s, first + 3),
        .share = column_text(s, first + 4),
        .receiver = column_text(s, first + 5),
        .receiver_arn = column_text(s, first + 6),
        .status_text = column_text(s, first + 7),
    };
    inv.status = invitation_status_of(inv.status_text);
    return inv;
}

enum spurn_status journal_each_basis(struct journal *j, const struct journal_query *query,
                                     void (*each)(void *context, const struct journal_basis *basis),
                                     void *context, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_EACH_BASIS, err);
    put_query(&s, query);
    put_int(&s, query->limit > 0 ? query->limit : -1);
    while (statement_next(&s)) {
        const struct journal_basis basis = {
            .sweep = column_int(&s, 0),
            .seq = column_int(&s, 1),
            .invitation = column_int(&s, 2),
            .at_ms = column_int(&s, 3),
            .plan = column_int(&s, 4) != 0,
            .digest = column_text(&s, 5),
            .cloud = column_text(&s, 6),
            .account = column_text(&s, 7),
            .region = column_text(&s, 8),
            .read = read_invitation(&s, 9),
            .has_age = !column_is_null(&s, 17),
            .first_seen_ms = column_int(&s, 18),
            .times_seen = column_int(&s, 19),
            .resources = column_text(&s, 20),
            .verdict = column_text(&s, 21),
            .policy = column_text(&s, 22),
            .rule = column_text(&s, 23),
            .line = (int)column_int(&s, 24),
            .reason = column_text(&s, 25),
            .matches = column_text(&s, 26),
        };
        each(context, &basis);
    }
    return statement_end(&s);
}

/* query.c - what was decided and what came of it, read back. */
#include "journal/private.h"

enum spurn_status journal_each_row(struct journal *j, const struct journal_query *query,
                                   void (*each)(void *context, const struct journal_row *row),
                                   void *context, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, query->limit > 0 ? SQL_NEWEST_ROWS : SQL_OLDEST_ROWS, err);
    put_int(&s, query->sweep);
    put_int(&s, query->since_ms);
    put_int(&s, query->with_plans || query->sweep != 0);
    put_text(&s, query->id);
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

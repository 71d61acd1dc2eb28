/* past.c - what a sender did before: its other invitations that were seen, that were rejected. */
#include "journal/private.h"

enum spurn_status journal_count_past(struct journal *j, const struct journal_past *past,
                                     int64_t *count, struct spurn_error *err)
{
    static const enum sql questions[] = {
        [JOURNAL_SEEN] = SQL_COUNT_SEEN, [JOURNAL_REJECTED] = SQL_COUNT_REJECTED};
    *count = 0;
    struct statement s;
    statement_begin(&s, j, questions[past->event], err);
    put_text(&s, past->sender);
    put_int(&s, past->since_ms);
    put_int(&s, past->before_ms);
    put_int(&s, past->except);
    put_text(&s, past->cloud);
    put_int(&s, past->enough);
    if (statement_next(&s))
        *count = column_int(&s, 0);
    return statement_end(&s);
}

enum spurn_status journal_began(struct journal *j, int64_t *began_ms, struct spurn_error *err)
{
    *began_ms = INT64_MAX;
    struct statement s;
    statement_begin(&s, j, SQL_BEGAN, err);
    if (statement_next(&s))
        *began_ms = column_int(&s, 0);
    return statement_end(&s);
}

/* past.c - what a sender did before: its other invitations that were seen, that were rejected. */
#include "journal/private.h"

static enum spurn_status ask(struct journal *j, enum sql question, const struct journal_past *past,
                             int64_t enough, int64_t *count, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, question, err);
    put_text(&s, past->sender);
    put_int(&s, past->since_ms);
    put_int(&s, past->before_ms);
    put_int(&s, past->except);
    put_text(&s, past->cloud);
    put_int(&s, enough);
    if (statement_next(&s))
        *count += column_int(&s, 0);
    return statement_end(&s);
}

static enum spurn_status ask_twins(struct journal *j, struct spurn_error *err)
{
    if (j->twins != TWINS_UNASKED)
        return SPURN_OK;
    struct statement s;
    statement_begin(&s, j, SQL_HAS_TWINS, err);
    if (statement_next(&s))
        j->twins = column_int(&s, 0) != 0 ? TWINS_SOME : TWINS_NONE;
    return statement_end(&s);
}

/* Who only reads begins no sweep, which would note what the last one saw. */
enum spurn_status journal_count_past(struct journal *j, const struct journal_past *past,
                                     int64_t *count, struct spurn_error *err)
{
    static const struct {
        enum sql noted, noted_once, not_noted;
    } questions[] = {
        [JOURNAL_SEEN] = {SQL_COUNT_SEEN, SQL_COUNT_SEEN_ONCE, SQL_COUNT_NEW_SEEN},
        [JOURNAL_REJECTED] = {SQL_COUNT_REJECTED, SQL_COUNT_REJECTED, SQL_COUNT_NEW_REJECTED}};
    *count = 0;
    enum spurn_status status = ask_twins(j, err);
    if (status != SPURN_OK)
        return status;
    enum sql noted =
        j->twins == TWINS_SOME ? questions[past->event].noted_once : questions[past->event].noted;
    status = ask(j, noted, past, past->enough, count, err);
    if (status != SPURN_OK || j->use != JOURNAL_READ || *count >= past->enough)
        return status;
    return ask(j, questions[past->event].not_noted, past, past->enough - *count, count, err);
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

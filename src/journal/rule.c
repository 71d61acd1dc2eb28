/* rule.c - what went wrong in policies, and how their rules fared. */
#include "journal/private.h"

enum spurn_status journal_record_fault(struct journal *j, int64_t sweep,
                                       const struct journal_fault *fault, struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    if (status != SPURN_OK)
        return status;
    struct statement s;
    statement_begin(&s, j, SQL_ADD_FAULT, err);
    put_int(&s, sweep);
    put_text(&s, fault->policy);
    put_text(&s, fault->rule);
    put_int(&s, fault->line);
    put_text(&s, fault->cause);
    put_int(&s, fault->observed);
    put_int(&s, fault->count);
    return statement_run(&s);
}

enum spurn_status journal_record_rule(struct journal *j, int64_t sweep,
                                      const struct journal_rule *rule, struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    if (status != SPURN_OK)
        return status;
    const int64_t numbers[] = {rule->line,  rule->keeps,     rule->observes, rule->asked,
                               rule->held,  rule->undecided, rule->decided,  rule->faults,
                               rule->timed, rule->time_ns};
    struct statement s;
    statement_begin(&s, j, SQL_ADD_RULE, err);
    put_int(&s, sweep);
    put_text(&s, rule->policy);
    put_text(&s, rule->rule);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put_int(&s, numbers[i]);
    return statement_run(&s);
}

enum spurn_status journal_each_rule(struct journal *j, int64_t sweep,
                                    void (*each)(void *context, const struct journal_rule *rule),
                                    void *context, struct spurn_error *err)
{
    struct statement s;
    statement_begin(&s, j, SQL_EACH_RULE, err);
    put_int(&s, sweep);
    while (statement_next(&s)) {
        const struct journal_rule rule = {
            .policy = column_text(&s, 0),
            .rule = column_text(&s, 1),
            .line = (int)column_int(&s, 2),
            .keeps = column_int(&s, 3) != 0,
            .observes = column_int(&s, 4) != 0,
            .asked = column_int(&s, 5),
            .held = column_int(&s, 6),
            .undecided = column_int(&s, 7),
            .decided = column_int(&s, 8),
            .faults = column_int(&s, 9),
            .timed = column_int(&s, 10),
            .time_ns = column_int(&s, 11),
        };
        each(context, &rule);
    }
    return statement_end(&s);
}

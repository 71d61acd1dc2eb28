/* condition_case.h - conditions about one invitation, with a test's own answers for functions and for the past. */
#ifndef SPURN_TESTS_CONDITION_CASE_H
#define SPURN_TESTS_CONDITION_CASE_H

#include "script/condition/condition.h"

#include "unit.h"

enum { F, T, U, P }; /* as rows write them; the same numbers as enum truth */

/* Leaves with known answers: functions, whose answers the test gives. */
struct bench {
    struct conditions *c;
    struct invitation inv;
    struct origin origin;
    struct script_facts facts;
    struct subject subject;
    struct asking asking;
    enum truth answers[4];
    int asked;
    struct script_past past;
    int64_t happened; /* what the past answers, or fewer when fewer are enough */
    int64_t since_ms; /* what it was asked last */
    int questions;
};

static inline enum truth answer(void *context, int function)
{
    struct bench *b = context;
    b->asked++;
    return b->answers[function];
}

static inline enum spurn_status count_past(void *context, enum script_event event,
                                           struct spurn_text cloud, struct spurn_text sender,
                                           int64_t since_ms, int64_t enough, int64_t *count,
                                           struct spurn_error *err)
{
    struct bench *b = context;
    b->questions++;
    b->since_ms = since_ms;
    *count = b->happened < enough ? b->happened : enough;
    CHECK_INT("event", event, EVENT_REJECTED);
    CHECK_STR("cloud", cloud.at, "aws");
    CHECK_STR("sender", sender.at, "111122223333");
    return b->happened >= 0 ? SPURN_OK : spurn_fail(err, SPURN_E_JOURNAL, "the disk is gone");
}

static inline void bench_init(struct bench *b)
{
    *b = (struct bench){.c = conditions_open(), .origin = {.cloud = text_of("aws")}};
    b->past = (struct script_past){.count = count_past, .context = b};
    b->inv = (struct invitation){.id = text_of("i"), .name = text_of("Promo")};
    b->subject = (struct subject){&b->inv, &b->origin, &b->facts, 10000000};
    b->asking = (struct asking){.subject = &b->subject,
                                .about = 1,
                                .round = 1,
                                .glob_steps = 1000,
                                .steps = 1000,
                                .ask_function = answer,
                                .context = b};
}

/* A fact that is true, false, or unknown because the cloud left its field out. */
static inline int add_fact(struct bench *b, int truth)
{
    enum field field = truth == U ? FIELD_SHARE : FIELD_NAME;
    int fact = conditions_add_field(b->c, 1, field, COMPARE_GLOB);
    CHECK("memory", conditions_add_value(b->c, fact, text_of(truth == F ? "x*" : "pro*")));
    return fact;
}

static inline int add_regex(struct bench *b, int line, const char *pattern)
{
    char why[REGEX_WHY_LEN];
    struct regex *regex = regex_open(text_of(pattern), why);
    CHECK_STR(pattern, why, "");
    return conditions_add_regex(b->c, line, FIELD_NAME, regex, text_of(pattern));
}

#endif

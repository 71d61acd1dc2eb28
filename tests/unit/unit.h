/* unit.h - tables of cases, one way to assert, and a line for every failure that names file, line, test, got and want. */
#ifndef SPURN_TESTS_UNIT_H
#define SPURN_TESTS_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

struct unit_test {
    const char *name; /* the rule it defends */
    void (*run)(void);
};

/* Runs them all, prints a line for each and "N passed, N failed"; the exit status for main. */
int unit_run(const char *file, const struct unit_test *tests, size_t count);

#define UNIT_MAIN(tests)                                                                           \
    int main(void)                                                                                 \
    {                                                                                              \
        return unit_run(__FILE__, tests, sizeof tests / sizeof tests[0]);                          \
    }

/* Each records a failure and lets the test go on. `label` says which row of a table; "" when there is none. */
#define CHECK(label, condition)      unit_check(__FILE__, __LINE__, label, (condition), #condition)
#define CHECK_INT(label, got, want)  unit_check_int(__FILE__, __LINE__, label, (got), (want))
#define CHECK_TEXT(label, got, want) unit_check_text(__FILE__, __LINE__, label, (got), (want))
#define CHECK_STR(label, got, want)                                                                \
    unit_check_text(__FILE__, __LINE__, label, text_of(got), text_of(want))

bool unit_check(const char *file, int line, const char *label, bool condition, const char *what);
bool unit_check_int(const char *file, int line, const char *label, int64_t got, int64_t want);
bool unit_check_text(const char *file, int line, const char *label, struct spurn_text got,
                     struct spurn_text want);

#endif

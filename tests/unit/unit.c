/* unit.c - tables of cases, one way to assert. */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *current_test = "";
static int failures_of_test;

static void say_failure(const char *file, int line, const char *label)
{
    failures_of_test++;
    printf("FAIL %s:%d: %s%s%s: ", file, line, current_test, label[0] ? " / " : "", label);
}

bool unit_check(const char *file, int line, const char *label, bool condition, const char *what)
{
    if (condition)
        return true;
    say_failure(file, line, label);
    printf("want %s\n", what);
    return false;
}

bool unit_check_int(const char *file, int line, const char *label, int64_t got, int64_t want)
{
    if (got == want)
        return true;
    say_failure(file, line, label);
    printf("got %" PRId64 ", want %" PRId64 "\n", got, want);
    return false;
}

static void print_text(struct spurn_text text)
{
    if (text.at == NULL) {
        printf("(absent)");
        return;
    }
    putchar('"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c < 0x20 || c == 0x7f)
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    putchar('"');
}

bool unit_check_text(const char *file, int line, const char *label, struct spurn_text got,
                     struct spurn_text want)
{
    if (text_equal(got, want))
        return true;
    say_failure(file, line, label);
    printf("got ");
    print_text(got);
    printf(", want ");
    print_text(want);
    printf("\n");
    return false;
}

int unit_run(const char *file, const struct unit_test *tests, size_t count)
{
    int passed = 0, failed = 0;
    for (size_t i = 0; i < count; i++) {
        current_test = tests[i].name;
        failures_of_test = 0;
        tests[i].run();
        if (failures_of_test == 0)
            passed++;
        else
            failed++;
    }
    if (count == 0) {
        printf("FAIL %s: no tests\n", file);
        failed++;
    }
    printf("%s: %d passed, %d failed\n", file, passed, failed);
    return failed == 0 ? 0 : 1;
}

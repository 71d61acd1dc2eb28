/* bench.h - what the timings in C share: a clock, medians, and results that become both a table and JSON. */
#ifndef SPURN_TESTS_BENCH_H
#define SPURN_TESTS_BENCH_H

#include <stddef.h>
#include <stdint.h>

int64_t bench_now_ns(void);                        /* monotonic */
double bench_median(double *values, size_t count); /* sorts them; at least one */

/* Each prints a line, and appends the same as one line of JSON to the file that BENCH_RESULTS names, if it does. `what` needs no
 * escaping in JSON. */
void bench_result(const char *bench, const char *what, double value, const char *unit);
/* The same without the line, for who prints a table of its own. */
void bench_note(const char *bench, const char *what, double value, const char *unit);
/* "ok" or "short of the goal". `sign` is ">=" or "<=". A goal that is missed is no failure: timings are reported. */
void bench_goal(const char *bench, const char *what, double ratio, const char *sign, double bound);

#endif

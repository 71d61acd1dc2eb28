/* bench.c - what the timings in C share: a clock, medians, and results that become both a table and JSON. */
#include "bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static void append(const char *line)
{
    const char *path = getenv("BENCH_RESULTS");
    FILE *file = path != NULL ? fopen(path, "a") : NULL;
    if (path == NULL)
        return;
    if (file == NULL || fprintf(file, "%s\n", line) < 0 || fclose(file) != 0) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
}

void bench_note(const char *bench, const char *what, double value, const char *unit)
{
    char line[512];
    snprintf(line, sizeof line, "{\"bench\":\"%s\",\"what\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"}",
             bench, what, value, unit);
    append(line);
}

void bench_result(const char *bench, const char *what, double value, const char *unit)
{
    printf("%-58s %14.4g %s\n", what, value, unit);
    bench_note(bench, what, value, unit);
}

void bench_goal(const char *bench, const char *what, double ratio, const char *sign, double bound)
{
    char line[512];
    bool holds = strcmp(sign, ">=") == 0 ? ratio >= bound : ratio <= bound;
    printf("%s %s: %.3g (%s %.3g)\n", holds ? "ok" : "short of the goal:", what, ratio, sign,
           bound);
    snprintf(line, sizeof line,
             "{\"bench\":\"%s\",\"goal\":\"%s\",\"ratio\":%.6g,\"sign\":\"%s\",\"bound\":%.6g,"
             "\"holds\":%s}",
             bench, what, ratio, sign, bound, holds ? "true" : "false");
    append(line);
}

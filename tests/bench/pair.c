/* pair.c - two commands in turn, A B A B ...: wall time and peak memory of each, and their ratio pair by pair. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { RUNS_MAX = 1000, WORDS_MAX = 64 };

struct run {
    double wall_ms;
    double peak_mib;
};

/* Runs `words` with its output thrown away; ends the program when it does not exit with 0. */
static struct run run_once(char *const words[])
{
    int64_t since = bench_now_ns();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
            _exit(127);
        execvp(words[0], words);
        _exit(127);
    }
    int status = 0;
    struct rusage used;
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s did not end with 0\n", words[0]);
        exit(1);
    }
    return (struct run){(double)(bench_now_ns() - since) / 1e6, (double)used.ru_maxrss / 1024};
}

static size_t split(char *command, char *words[WORDS_MAX])
{
    size_t count = 0;
    for (char *word = strtok(command, " "); word != NULL && count < WORDS_MAX - 1;
         word = strtok(NULL, " "))
        words[count++] = word;
    words[count] = NULL;
    return count;
}

static void print_row(const char *bench, const char *what, const char *unit, double *values,
                      size_t count)
{
    double median = bench_median(values, count); /* sorted from now on */
    printf("%-22s %8.1f %8.1f %8.1f %s\n", what, values[0], median, values[count - 1], unit);
    bench_note(bench, what, median, unit);
}

int main(int argc, char **argv)
{
    if (argc != 5 || atoi(argv[2]) < 1 || atoi(argv[2]) > RUNS_MAX) {
        fprintf(stderr, "usage: pair BENCH RUNS 'COMMAND A' 'COMMAND B'\n");
        return 2;
    }
    size_t count = (size_t)atoi(argv[2]);
    char *a[WORDS_MAX], *b[WORDS_MAX];
    if (split(argv[3], a) == 0 || split(argv[4], b) == 0)
        return 2;
    static double a_ms[RUNS_MAX], b_ms[RUNS_MAX], a_mib[RUNS_MAX], b_mib[RUNS_MAX], ratio[RUNS_MAX];
    run_once(a); /* once each to warm up */
    run_once(b);
    for (size_t i = 0; i < count; i++) {
        struct run of_a = run_once(a), of_b = run_once(b);
        a_ms[i] = of_a.wall_ms;
        b_ms[i] = of_b.wall_ms;
        a_mib[i] = of_a.peak_mib;
        b_mib[i] = of_b.peak_mib;
        ratio[i] = of_b.wall_ms / of_a.wall_ms;
    }
    printf("%-22s %8s %8s %8s   (%zu pairs)\n", "", "min", "median", "max", count);
    print_row(argv[1], "A wall", "ms", a_ms, count);
    print_row(argv[1], "B wall", "ms", b_ms, count);
    print_row(argv[1], "A peak", "MiB", a_mib, count);
    print_row(argv[1], "B peak", "MiB", b_mib, count);
    print_row(argv[1], "B / A wall", "times", ratio, count);
    return 0;
}

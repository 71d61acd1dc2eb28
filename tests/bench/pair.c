/* pair.c - two commands in turn, A B A B ...: wall time and peak memory of each, and their ratio pair by pair. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 1000, WORDS_MAX = 64 };

struct run {
    double wall_ms;
    double peak_mib;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Runs `words` with its output thrown away; ends the program when it does not exit with 0. */
static struct run run_once(char *const words[])
{
    double start_ms = now_ms();
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
    return (struct run){now_ms() - start_ms, (double)used.ru_maxrss / 1024};
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

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_row(const char *name, const char *unit, double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    printf("%-22s %8.1f %8.1f %8.1f %s\n", name, values[0], values[count / 2], values[count - 1],
           unit);
}

int main(int argc, char **argv)
{
    if (argc != 4 || atoi(argv[1]) < 1 || atoi(argv[1]) > RUNS_MAX) {
        fprintf(stderr, "usage: pair RUNS 'COMMAND A' 'COMMAND B'\n");
        return 2;
    }
    size_t count = (size_t)atoi(argv[1]);
    char *a[WORDS_MAX], *b[WORDS_MAX];
    if (split(argv[2], a) == 0 || split(argv[3], b) == 0)
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
    print_row("A wall", "ms", a_ms, count);
    print_row("B wall", "ms", b_ms, count);
    print_row("A peak", "MiB", a_mib, count);
    print_row("B peak", "MiB", b_mib, count);
    print_row("B / A wall", "times", ratio, count);
    return 0;
}

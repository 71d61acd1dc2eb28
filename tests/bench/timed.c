/* timed.c - one command: writes "WALL_MS CPU_MS PEAK_KIB" into a file. Its output is thrown away; it must end with 0.
 *
 *   timed FILE COMMAND...
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static double ms_of(struct timeval spent)
{
    return (double)spent.tv_sec * 1e3 + (double)spent.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: timed FILE COMMAND...\n");
        return 2;
    }
    int64_t since = bench_now_ns();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
            _exit(127);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    int status = 0;
    struct rusage used;
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s did not end with 0\n", argv[2]);
        return 1;
    }
    double wall_ms = (double)(bench_now_ns() - since) / 1e6;
    double cpu_ms = ms_of(used.ru_utime) + ms_of(used.ru_stime);
    FILE *file = fopen(argv[1], "w");
    if (file == NULL || fprintf(file, "%.3f %.3f %ld\n", wall_ms, cpu_ms, used.ru_maxrss) < 0 ||
        fclose(file) != 0) {
        fprintf(stderr, "cannot write %s\n", argv[1]);
        return 1;
    }
    return 0;
}

/* process.c - runs a program without a shell and takes what it writes, never waiting for it. */
#define _GNU_SOURCE /* pipe2, environ, posix_spawn_file_actions_addclosefrom_np */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum {
    TIMEOUT_MS_DEFAULT = 60 * 1000,
    OUTPUT_MAX_DEFAULT = 64 * 1024,
    CHUNK_LEN = 2048,
    DESCRIPTORS_MAX = 65536,
    NAME_LEN_MAX = 200,
    DEATH_MS_MAX = 200 /* a killed process is gone in microseconds, unless its disk hangs */
};

struct process {
    char name[NAME_LEN_MAX + 1];
    pid_t pid;     /* also its group; 0: none of ours is left */
    int fd;        /* our end of its standard output */
    bool is_whole; /* its output: the other end is closed */
    bool ended_well;
    int64_t due_ms, timeout_ms;
    struct buf output;
};

/* ---- starting ---- */

static enum spurn_status fail_start(const char *name, int code, struct spurn_error *err)
{
    static const struct {
        int code;
        const char *words;
    } rows[] = {
        {ENOENT, "no such program"},
        {ENOTDIR, "no such program"},
        {EACCES, "permission denied: it must be an executable file"},
        {ENOEXEC, "it is neither a program for this machine nor a script that begins with #!"},
        {E2BIG, "its arguments and the environment are too long"},
        {EMFILE, "too many open files"},
        {ENFILE, "too many open files on this machine"},
        {EAGAIN, "too many processes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot run %.*s: %s", NAME_LEN_MAX, name,
                              rows[i].words);
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot run %.*s: error %d", NAME_LEN_MAX, name,
                      code);
}

/* Above the standard three, so that nothing done to those in the child can hit it. */
static int move_up(int fd)
{
    if (fd > STDERR_FILENO)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return moved;
}

static int open_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    ends[0] = move_up(ends[0]);
    ends[1] = move_up(ends[1]);
    if (ends[0] < 0 || ends[1] < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        return errno;
    return 0;
}

/* Every descriptor but the standard three is closed in the child, whoever opened it and however. */
static int close_the_others(posix_spawn_file_actions_t *actions)
{
#if defined __GLIBC__ && __GLIBC_PREREQ(2, 34)
    return posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
#else /* those that are open now: another thread may still slip one in */
    int code = 0;
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = STDERR_FILENO + 1; code == 0 && fd < most && fd < DESCRIPTORS_MAX; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            code = posix_spawn_file_actions_addclose(actions, fd);
    return code;
#endif
}

static int set_files(posix_spawn_file_actions_t *actions, int output)
{
    int code = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0)
        code = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return code == 0 ? close_the_others(actions) : code;
}

/* Nothing of how its host treats signals goes on in it; and it leads a group, so that all it starts can be ended with it. */
static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    int code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                        POSIX_SPAWN_SETSIGDEF);
    if (code == 0)
        code = posix_spawnattr_setpgroup(attributes, 0);
    if (code == 0)
        code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0)
        code = posix_spawnattr_setsigdefault(attributes, &all);
    return code;
}

static int spawn(const char *const *argv, int output, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    code = set_files(&actions, output);
    if (code == 0)
        code = set_signals(&attributes);
    if (code == 0) /* it takes char *const * and writes nothing there */
        code = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

enum spurn_status process_start(const struct process_options *options, struct process **out,
                                struct spurn_error *err)
{
    *out = NULL;
    int ends[2] = {-1, -1};
    struct process *p = calloc(1, sizeof *p);
    if (p == NULL)
        return spurn_fail_memory(err);
    snprintf(p->name, sizeof p->name, "%s", options->argv[0]);
    p->fd = -1;
    p->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS_DEFAULT;
    p->due_ms = clock_monotonic_ms() + p->timeout_ms;
    buf_init_secret(&p->output, options->output_max > 0 ? options->output_max : OUTPUT_MAX_DEFAULT);

    enum spurn_status status = SPURN_OK;
    int code = open_pipe(ends);
    p->fd = ends[0];
    if (code == 0)
        code = spawn(options->argv, ends[1], &p->pid);
    if (code != 0) {
        p->pid = 0;
        status = fail_start(p->name, code, err);
        goto done;
    }
    *out = p;
    p = NULL;

done:
    if (ends[1] >= 0)
        close(ends[1]);
    process_close(p);
    return status;
}

/* ---- its end ---- */

/* Whether it runs, has ended and waits to be asked how, or is nobody's child any more: a host that ignores SIGCHLD, or waits
 * for whatever child there is, has had it. */
enum life { LIFE_RUNS, LIFE_ENDED, LIFE_UNKNOWN };

/* Only looks: as long as nobody takes its end from the system, no other process or group is given its id. */
static enum life look_at(pid_t pid, siginfo_t *how)
{
    int result = 0;
    do {
        *how = (siginfo_t){.si_pid = 0};
        result = waitid(P_PID, (id_t)pid, how, WEXITED | WNOHANG | WNOWAIT);
    } while (result != 0 && errno == EINTR);
    if (result != 0)
        return LIFE_UNKNOWN;
    return how->si_pid == pid ? LIFE_ENDED : LIFE_RUNS;
}

/* It has ended: what it left running ends too, and then the system may forget it. */
static void forget(struct process *p)
{
    int ignored = 0;
    kill(-p->pid, SIGKILL);
    while (waitpid(p->pid, &ignored, 0) < 0 && errno == EINTR)
        continue;
    p->pid = 0;
}

/* The least pause that lets other processes go on. */
static void breathe(void)
{
    poll(NULL, 0, 1);
}

static void stop(struct process *p)
{
    siginfo_t how;
    enum life life = p->pid == 0 ? LIFE_UNKNOWN : look_at(p->pid, &how);
    if (life == LIFE_RUNS)
        kill(-p->pid, SIGKILL);
    for (int ms = 0; life == LIFE_RUNS && ms < DEATH_MS_MAX; ms++) {
        breathe();
        life = look_at(p->pid, &how);
    }
    if (life == LIFE_ENDED)
        forget(p);
    p->pid = 0; /* whatever hangs in the system beyond that is left to it */
}

/* ---- stepping ---- */

static enum spurn_status fail_late(const struct process *p, struct spurn_error *err)
{
    bool is_whole = p->timeout_ms % 1000 == 0;
    return spurn_fail(
        err, SPURN_E_CREDENTIALS, "%s took longer than %lld %s; run it by hand to see why", p->name,
        (long long)(is_whole ? p->timeout_ms / 1000 : p->timeout_ms), is_whole ? "s" : "ms");
}

static enum spurn_status fail_long(const struct process *p, struct spurn_error *err)
{
    bool is_whole = p->output.max % 1024 == 0;
    return spurn_fail(err, SPURN_E_CREDENTIALS, "%s wrote more than %zu %s", p->name,
                      is_whole ? p->output.max / 1024 : p->output.max, is_whole ? "KiB" : "bytes");
}

/* Reads until there is nothing more for now, or ever. */
static enum spurn_status take_output(struct process *p, struct spurn_error *err)
{
    while (!p->is_whole) {
        char one_more = 0; /* where nothing may come any more */
        size_t left = p->output.max - p->output.len;
        size_t want = left < CHUNK_LEN ? left : CHUNK_LEN;
        char *room = left == 0 ? &one_more : buf_room(&p->output, want);
        if (room == NULL)
            return spurn_fail_memory(err);
        ssize_t len = read(p->fd, room, left == 0 ? 1 : want);
        if (len > 0 && left == 0)
            return fail_long(p, err);
        if (len > 0)
            p->output.len += (size_t)len;
        else if (len == 0)
            p->is_whole = true;
        else if (errno == EAGAIN)
            return SPURN_OK;
        else if (errno != EINTR)
            return spurn_fail(err, SPURN_E_CREDENTIALS, "what %s writes cannot be read", p->name);
    }
    return SPURN_OK;
}

/* Its output is whole. Where nobody can know how it ended, that alone must do: whoever reads it finds out whether it is all that
 * it should be, and a program that fails writes nothing there as a rule. */
static enum spurn_status conclude(struct process *p, struct spurn_error *err)
{
    siginfo_t how;
    enum life life = look_at(p->pid, &how);
    if (life == LIFE_RUNS) {
        breathe(); /* its end follows at once; until then the descriptor can be read, and a loop would spin */
        return SPURN_OK;
    }
    if (life == LIFE_UNKNOWN) {
        p->pid = 0;
        p->ended_well = p->output.len > 0;
        return p->ended_well ? SPURN_OK
                             : spurn_fail(err, SPURN_E_CREDENTIALS,
                                          "%s wrote nothing, and how it ended was hidden "
                                          "by whoever ignores SIGCHLD here",
                                          p->name);
    }
    forget(p);
    p->ended_well = how.si_code == CLD_EXITED && how.si_status == 0;
    if (p->ended_well)
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      how.si_code == CLD_EXITED
                          ? "%s ended with exit code %d; run it by hand to see why"
                          : "%s was killed by signal %d; run it by hand to see why",
                      p->name, how.si_status);
}

enum spurn_status process_step(struct process *p, bool *ended, struct spurn_error *err)
{
    *ended = p->ended_well;
    if (*ended)
        return SPURN_OK;
    enum spurn_status status = take_output(p, err);
    if (status == SPURN_OK && p->is_whole)
        status = conclude(p, err);
    if (status == SPURN_OK && !p->ended_well && clock_monotonic_ms() >= p->due_ms)
        status = fail_late(p, err);
    if (status != SPURN_OK)
        stop(p);
    *ended = p->ended_well;
    return status;
}

int process_fd(const struct process *p)
{
    return p->fd;
}

struct spurn_text process_output(const struct process *p)
{
    return buf_text(&p->output);
}

void process_close(struct process *p)
{
    if (p == NULL)
        return;
    stop(p);
    if (p->fd >= 0)
        close(p->fd);
    buf_clear(&p->output);
    free(p);
}

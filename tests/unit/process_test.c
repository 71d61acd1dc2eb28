/* process_test.c - programs run by themselves, with nothing of ours, and are gone when we are done with them. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "unit.h"

enum { PATIENCE_MS = 20 * 1000, OUTPUT_LEN = 128 * 1024 };

/* Steps it until it has ended or failed. */
static enum spurn_status finish(struct process *p, struct spurn_error *err)
{
    bool ended = false;
    enum spurn_status status = SPURN_OK;
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (status == SPURN_OK && !ended && clock_monotonic_ms() < until_ms) {
        struct pollfd wait = {.fd = process_fd(p), .events = POLLIN};
        poll(&wait, 1, 20);
        status = process_step(p, &ended, err);
    }
    CHECK("it came to an end", ended || status != SPURN_OK);
    return status;
}

struct run {
    enum spurn_status status;
    struct spurn_error err;
    size_t len;
    char output[OUTPUT_LEN];
};

static void run(const struct process_options *options, struct run *r)
{
    struct process *p = NULL;
    *r = (struct run){.len = 0};
    r->status = process_start(options, &p, &r->err);
    if (r->status != SPURN_OK) {
        CHECK("nothing was started", p == NULL);
        return;
    }
    r->status = finish(p, &r->err);
    struct spurn_text output = process_output(p);
    r->len = output.len < OUTPUT_LEN ? output.len : OUTPUT_LEN;
    memcpy(r->output, output.at, r->len);
    process_close(p);
}

static struct spurn_text output_of(const struct run *r)
{
    return (struct spurn_text){r->output, r->len};
}

/* ---- what it is given ---- */

static void what_a_program_writes_is_taken_whole_and_no_shell_reads_its_arguments(void)
{
    static const struct {
        const char *argv[5];
        const char *want;
    } rows[] = {
        {{"printf", "%s|", "two words", "$(id) ; 'x' *"}, "two words|$(id) ; 'x' *|"},
        {{"sh", "-c", "echo one; echo two"}, "one\ntwo\n"},
        {{"/bin/sh", "-c", "printf %s \"$0\"", "by path"}, "by path"},
        {{"true"}, ""},
        {{"cat"}, ""}, /* its input is empty */
        {{"sh", "-c", "exec 1>&-; exit 0"}, ""},
    };
    static struct run r;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        run(&(struct process_options){.argv = rows[i].argv}, &r);
        CHECK_INT(r.err.text, r.status, SPURN_OK);
        CHECK_TEXT(rows[i].argv[0], output_of(&r), text_of(rows[i].want));
    }
}

static void it_inherits_no_descriptor_but_nothing_to_read_and_nowhere_to_complain(void)
{
    static const char *const list[] = {
        "sh", "-c", "readlink /proc/self/fd/0 /proc/self/fd/2; ls /proc/self/fd", NULL};
    static struct run r;
    int ours[40], pipe_ends[2];
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        ours[i] = open("/dev/null", O_RDONLY); /* as a careless host would: kept across exec */
    CHECK("", pipe(pipe_ends) == 0);
    run(&(struct process_options){.argv = list}, &r);
    /* ls itself holds the folder open. */
    CHECK_TEXT(r.err.text, output_of(&r), text_of("/dev/null\n/dev/null\n0\n1\n2\n3\n"));
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        close(ours[i]);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static void a_host_without_standard_descriptors_can_run_programs(void)
{
    static const char *const list[] = {"sh", "-c", "echo out; echo err >&2; cat", NULL};
    struct process *p = NULL;
    struct spurn_error err = {SPURN_OK, ""};
    int kept[3];
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
        close(fd);
    }
    enum spurn_status status = process_start(&(struct process_options){.argv = list}, &p, &err);
    for (int fd = 0; fd < 3; fd++) {
        if (kept[fd] >= 0) {
            dup2(kept[fd], fd);
            close(kept[fd]);
        }
    }
    if (!CHECK_INT(err.text, status, SPURN_OK))
        return;
    CHECK_INT(err.text, finish(p, &err), SPURN_OK);
    CHECK_TEXT("", process_output(p), text_of("out\n"));
    process_close(p);
}

static void signals_that_the_host_blocks_or_ignores_reach_it(void)
{
    static const char *const list[] = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status", NULL};
    static struct run r;
    sigset_t term, before;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &before);
    void (*hangup)(int) = signal(SIGHUP, SIG_IGN);
    run(&(struct process_options){.argv = list}, &r);
    signal(SIGHUP, hangup);
    sigprocmask(SIG_SETMASK, &before, NULL);
    /* Bits of signals from 1 up. 32 and 33 are the C library's own and always ignored in what it spawns. */
    unsigned long long blocked = 1, ignored = 1, own = 3ULL << 31;
    r.output[r.len] = '\0';
    CHECK_INT(r.output, sscanf(r.output, "SigBlk: %llx SigIgn: %llx", &blocked, &ignored), 2);
    CHECK_INT("blocked", (int64_t)blocked, 0);
    CHECK_INT("ignored", (int64_t)(ignored & ~own), 0);
}

/* ---- how it may fail ---- */

static void a_bad_end_is_said_without_what_was_written(void)
{
    static const struct {
        const char *argv[4];
        const char *want;
    } rows[] = {
        {{"sh", "-c", "echo hush; echo hush >&2; exit 3"},
         "sh ended with exit code 3; run it by hand to see why"},
        {{"sh", "-c", "echo hush; kill -9 $$"},
         "sh was killed by signal 9; run it by hand to see why"},
        {{"sh", "-c", "head -c 65537 /dev/zero"}, "sh wrote more than 64 KiB"},
        {{"cat", "/dev/zero"}, "cat wrote more than 64 KiB"},
        {{"/no/such/program"}, "cannot run /no/such/program: no such program"},
        {{"no-such-program-anywhere"}, "cannot run no-such-program-anywhere: no such program"},
        {{"/dev/null/x"}, "cannot run /dev/null/x: no such program"},
        {{"/etc/passwd"},
         "cannot run /etc/passwd: permission denied: it must be an executable file"},
    };
    static struct run r;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        run(&(struct process_options){.argv = rows[i].argv}, &r);
        CHECK_INT(rows[i].want, r.status, SPURN_E_CREDENTIALS);
        CHECK_STR(rows[i].want, r.err.text, rows[i].want);
    }
}

static void output_may_be_as_long_as_its_bound(void)
{
    static const char *const list[] = {"head", "-c", "65536", "/dev/zero", NULL};
    static struct run r;
    run(&(struct process_options){.argv = list}, &r);
    CHECK_INT(r.err.text, r.status, SPURN_OK);
    CHECK_INT("", (int64_t)r.len, 65536);
    run(&(struct process_options){.argv = list, .output_max = 1000}, &r);
    CHECK_STR("", r.err.text, "head wrote more than 1000 bytes");
}

static void a_program_that_takes_too_long_is_ended(void)
{
    static const char *const lists[][4] = {
        {"sleep", "1000"},
        {"sh", "-c", "trap '' TERM INT HUP; echo x; while :; do :; done"},
        {"sh", "-c", "exec >&-; exec sleep 1000"}, /* its output is whole long before */
    };
    static struct run r;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        int64_t begun_ms = clock_monotonic_ms();
        run(&(struct process_options){.argv = lists[i], .timeout_ms = 60}, &r);
        CHECK_INT("", r.status, SPURN_E_CREDENTIALS);
        CHECK(r.err.text,
              strstr(r.err.text, " took longer than 60 ms; run it by hand to see why") != NULL);
        CHECK("not before its time", clock_monotonic_ms() - begun_ms >= 60);
    }
}

/* ---- that it is gone ---- */

/* A named pipe that the program's whole group holds open: its end comes when the last of them is gone. */
struct witness {
    char folder[128], path[160], script[512];
    int fd;
};

static void witness_open(struct witness *w, const char *script)
{
    const char *parent = getenv("TMPDIR");
    snprintf(w->folder, sizeof w->folder, "%.90s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(w->folder) != NULL);
    snprintf(w->path, sizeof w->path, "%s/alive", w->folder);
    CHECK("", mkfifo(w->path, 0600) == 0);
    w->fd = open(w->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    CHECK("", w->fd >= 0);
    snprintf(w->script, sizeof w->script, "exec 5>'%s'; echo up >&5; %s", w->path, script);
}

static bool witness_hears(struct witness *w)
{
    char said[8];
    struct pollfd wait = {.fd = w->fd, .events = POLLIN};
    return poll(&wait, 1, PATIENCE_MS) == 1 && read(w->fd, said, sizeof said) > 0;
}

static bool witness_is_alone(struct witness *w)
{
    char said[8];
    ssize_t len = 1;
    struct pollfd wait = {.fd = w->fd, .events = POLLIN};
    while (len > 0 && poll(&wait, 1, PATIENCE_MS) == 1)
        len = read(w->fd, said, sizeof said);
    return len == 0;
}

static void witness_close(struct witness *w)
{
    close(w->fd);
    unlink(w->path);
    rmdir(w->folder);
}

static void closing_ends_a_program_and_all_that_it_started(void)
{
    struct witness w = {.fd = -1};
    witness_open(&w, "sleep 1000 & (sleep 1000; true) & wait");
    const char *const list[] = {"sh", "-c", w.script, NULL};
    struct process *p = NULL;
    struct spurn_error err = {SPURN_OK, ""};
    if (CHECK_INT(err.text, process_start(&(struct process_options){.argv = list}, &p, &err),
                  SPURN_OK)) {
        CHECK("it runs", witness_hears(&w));
        process_close(p);
        CHECK("nobody is left", witness_is_alone(&w));
    }
    witness_close(&w);
}

static void what_a_program_left_running_ends_with_it(void)
{
    struct witness w = {.fd = -1};
    static struct run r;
    witness_open(&w, "sleep 1000 >&5 & echo done");
    const char *const list[] = {"sh", "-c", w.script, NULL};
    run(&(struct process_options){.argv = list}, &r);
    CHECK_INT(r.err.text, r.status, SPURN_OK);
    CHECK_TEXT("", output_of(&r), text_of("done\n"));
    CHECK("nobody is left", witness_is_alone(&w));
    witness_close(&w);
}

static void no_zombie_is_left_and_the_hosts_own_children_are_its_own(void)
{
    static const char *const lists[][3] = {{"true"}, {"false"}, {"sleep", "1000"}};
    static struct run r;
    int how = 0;
    pid_t own = fork();
    if (own == 0)
        _exit(7);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        run(&(struct process_options){.argv = lists[i], .timeout_ms = 60}, &r);
    CHECK_INT("ours", waitpid(own, &how, 0), own);
    CHECK_INT("", WIFEXITED(how) ? WEXITSTATUS(how) : -1, 7);
    CHECK("and no other", waitpid(-1, &how, WNOHANG) == -1 && errno == ECHILD);
}

static void whole_output_counts_as_well_where_the_host_ignores_its_children(void)
{
    static const struct {
        const char *argv[4];
        const char *output, *problem;
    } rows[] = {
        {{"echo", "x"}, "x\n", ""},
        {{"sh", "-c", "exit 3"},
         "",
         "sh wrote nothing, and how it ended was hidden by whoever ignores SIGCHLD "
         "here"},
    };
    static struct run r;
    void (*before)(int) = signal(SIGCHLD, SIG_IGN);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        run(&(struct process_options){.argv = rows[i].argv}, &r);
        CHECK_TEXT("", output_of(&r), text_of(rows[i].output));
        CHECK_STR("", r.err.text, rows[i].problem);
    }
    signal(SIGCHLD, before);
}

static void no_descriptor_is_left_open(void)
{
    static const char *const lists[][3] = {{"true"}, {"/no/such/program"}, {"cat", "/dev/zero"}};
    static struct run r;
    int first = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(first);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        run(&(struct process_options){.argv = lists[i]}, &r);
    process_close(NULL);
    int again = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(again);
    CHECK_INT("", again, first);
}

static const struct unit_test tests[] = {
    {"what_a_program_writes_is_taken_whole_and_no_shell_reads_its_arguments",
     what_a_program_writes_is_taken_whole_and_no_shell_reads_its_arguments},
    {"it_inherits_no_descriptor_but_nothing_to_read_and_nowhere_to_complain",
     it_inherits_no_descriptor_but_nothing_to_read_and_nowhere_to_complain},
    {"a_host_without_standard_descriptors_can_run_programs",
     a_host_without_standard_descriptors_can_run_programs},
    {"signals_that_the_host_blocks_or_ignores_reach_it",
     signals_that_the_host_blocks_or_ignores_reach_it},
    {"a_bad_end_is_said_without_what_was_written", a_bad_end_is_said_without_what_was_written},
    {"output_may_be_as_long_as_its_bound", output_may_be_as_long_as_its_bound},
    {"a_program_that_takes_too_long_is_ended", a_program_that_takes_too_long_is_ended},
    {"closing_ends_a_program_and_all_that_it_started",
     closing_ends_a_program_and_all_that_it_started},
    {"what_a_program_left_running_ends_with_it", what_a_program_left_running_ends_with_it},
    {"no_zombie_is_left_and_the_hosts_own_children_are_its_own",
     no_zombie_is_left_and_the_hosts_own_children_are_its_own},
    {"whole_output_counts_as_well_where_the_host_ignores_its_children",
     whole_output_counts_as_well_where_the_host_ignores_its_children},
    {"no_descriptor_is_left_open", no_descriptor_is_left_open},
};

UNIT_MAIN(tests)

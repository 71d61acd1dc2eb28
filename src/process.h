/* process.h - runs a program without a shell and takes what it writes, never waiting for it. */
#ifndef SPURN_PROCESS_H
#define SPURN_PROCESS_H

#include <stdint.h>

#include "buf.h"
#include "error.h"

struct process;

struct process_options {
    const char *const *argv; /* ends with NULL; argv[0] is looked for in PATH */
    int64_t timeout_ms;      /* 60,000 when 0 */
    size_t output_max;       /* bytes; 64 KiB when 0 */
};

/* Starts it in a process group of its own, with standard input and error on /dev/null and no other descriptor of ours.
 * SPURN_E_CREDENTIALS when it cannot be started ("no such program"). */
enum spurn_status process_start(const struct process_options *options, struct process **out,
                                struct spurn_error *err);
/* Readable when process_step has something to do; also call that every now and then for the time-out. */
int process_fd(const struct process *p);
/* Takes what there is. *ended once it is over and its output whole; SPURN_E_CREDENTIALS when it ended badly, took too long or
 * wrote too much: it is killed then, and only process_close is left to call. What it wrote is in no error. Where the host
 * ignores SIGCHLD or waits for children that are not its own, nobody can know how it ended: whole output counts as well
 * then, and none as badly. */
enum spurn_status process_step(struct process *p, bool *ended, struct spurn_error *err);
/* What it wrote, in memory for secrets; until process_close. */
struct spurn_text process_output(const struct process *p);
/* Kills it, and whatever it started that is still in its group. */
void process_close(struct process *p);

#endif

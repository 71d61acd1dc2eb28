/* sweep.c - spurn plan and spurn apply: a sweep, its questions, its report. */
#include "command/command.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "command/report.h"
#include "command/signals.h"

/* What a sweep of the command needs from its start to its report. */
struct run {
    struct cmd *cmd;
    bool acts;
    bool rejects_seen; /* the table was shown with the question */
    char apply_as[PATH_MAX + 32];
};

/* ---- the question ---- */

static bool answers_yes(struct cmd *cmd)
{
    char answer[16] = "";
    cmd_out_finish(&cmd->err);
    /* A signal ends fgets, and then nobody said yes. */
    if (cmd_signals_stopped() || fgets(answer, sizeof answer, stdin) == NULL) {
        cmd_out_printf(&cmd->err, "\n");
        return false;
    }
    return strcmp(answer, "y\n") == 0 || strcmp(answer, "Y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

static void ask(struct run *run, const struct cmd_outcome *outcome)
{
    struct cmd_out *err = &run->cmd->err;
    const struct spurn_summary *counts = &outcome->counts;
    cmd_print_config(run->cmd, err);
    if (outcome->held_why[0] != '\0') {
        struct cmd_cell why;
        cmd_cell_init(&why, CMD_DOUBT);
        cmd_cell_add_str(&why, outcome->held_why);
        cmd_out_lines(err, 0, &why);
        cmd_out_printf(err, "Trust these policies from now on, and reject");
    } else {
        cmd_out_printf(err, "Reject");
    }
    cmd_out_printf(err, " %" PRId64 " of %" PRId64 " pending? [y/N] ", counts->reject,
                   counts->pending);
}

/* --yes answers whether to reject, but not whether policies that nobody has trusted yet are meant. */
static bool confirm(void *context, struct spurn_sweep *sweep)
{
    struct run *run = context;
    const struct cmd_arguments *arguments = &run->cmd->arguments;
    struct spurn_error err;
    struct cmd_outcome outcome;
    enum spurn_status status = cmd_report_outcome(sweep, &outcome, &err);
    if (status == SPURN_OK && arguments->yes && outcome.held_why[0] == '\0')
        return true;
    if (status == SPURN_OK)
        status = cmd_report_print_rejects(sweep, &run->cmd->err, arguments->all, &err);
    if (status != SPURN_OK) {
        cmd_fail(run->cmd, &err);
        return false;
    }
    run->rejects_seen = run->cmd->out.terminal;
    ask(run, &outcome);
    return answers_yes(run->cmd);
}

/* ---- the sweep ---- */

static enum spurn_status step_to_end(struct spurn_sweep *sweep, struct spurn_error *err)
{
    bool done = false, told = false;
    while (!done) {
        if (cmd_signals_stopped() && !told) {
            spurn_sweep_stop(sweep);
            told = true;
        }
        enum spurn_status status = spurn_sweep_step(sweep, CMD_STEP_MS, &done, err);
        if (status != SPURN_OK)
            return status;
    }
    return SPURN_OK;
}

static enum spurn_status report(struct run *run, struct spurn *s, struct spurn_sweep *sweep,
                                struct spurn_error *err)
{
    struct cmd *cmd = run->cmd;
    const struct cmd_report_options options = {
        .acts = run->acts,
        .all = cmd->arguments.all,
        .rules = cmd->arguments.rules,
        .rejects_seen = run->rejects_seen,
        .lacks_journal = spurn_journal_path(s) == NULL,
        .apply_as = cmd->arguments.now_ms == 0 ? run->apply_as : NULL,
    };
    if (cmd->arguments.format == CMD_FORMAT_TABLE)
        return cmd_report_print(sweep, &cmd->out, &options, err);
    enum spurn_status status = spurn_sweep_report_json(sweep, cmd_out_write, &cmd->out, err);
    /* What stopped the writer is told when standard output is finished. */
    return cmd->out.failure != 0 ? SPURN_OK : status;
}

/* How to say "spurn apply" so that it means the configuration at `path`, NULL when it is found anyway. One that a shell would
 * read differently even between quotes is left out. */
static void write_apply_as(struct run *run, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./+=@:,";
    bool named = path != NULL && strpbrk(path, "'\\") == NULL;
    const char *quote = named && path[strspn(path, plain)] != '\0' ? "'" : "";
    if (named)
        snprintf(run->apply_as, sizeof run->apply_as, "spurn -c %s%s%s apply", quote, path, quote);
    else
        snprintf(run->apply_as, sizeof run->apply_as, "spurn apply");
}

/* A digest that names other policies was read from another plan: nothing is done by the wrong ones. */
static enum spurn_status check_trust(const struct cmd *cmd, struct spurn *s,
                                     struct spurn_error *err)
{
    const char *trust = cmd->arguments.trust;
    if (trust == NULL || strcmp(trust, spurn_digest(s)) == 0)
        return SPURN_OK;
    return cmd_refuse(err, SPURN_E_USAGE, "--trust names other policies than these: theirs is %s",
                      spurn_digest(s));
}

static int run_sweep(struct run *run, const struct spurn_sweep_options *options, bool watched)
{
    struct spurn *s = NULL;
    struct spurn_sweep *sweep = NULL;
    struct spurn_error err;
    struct cmd_outcome outcome;
    write_apply_as(run, run->cmd->arguments.config);
    enum spurn_status status = cmd_open(run->cmd, watched, &s, &err);
    if (status == SPURN_OK)
        status = check_trust(run->cmd, s, &err);
    cmd_signals_stop_once();
    if (status == SPURN_OK)
        status = spurn_sweep_start(s, options, &sweep, &err);
    bool stepped = status == SPURN_OK;
    if (status == SPURN_OK)
        status = step_to_end(sweep, &err);
    if (status == SPURN_OK)
        status = report(run, s, sweep, &err);
    if (status == SPURN_OK)
        status = cmd_report_outcome(sweep, &outcome, &err);
    int code = status == SPURN_OK ? outcome.counts.exit_code : cmd_fail(run->cmd, &err);
    /* Usage would say that nothing was done, which is so only where a target turned out to be another one's double. */
    if (stepped && code == CMD_EXIT_USAGE && status != SPURN_E_CONFIG)
        code = CMD_EXIT_FAILED;
    if (cmd_signals_stopped() && (code == CMD_EXIT_WELL || code == CMD_EXIT_FAULT))
        code = CMD_EXIT_FAILED;
    spurn_sweep_close(sweep);
    spurn_close(s);
    return code;
}

int cmd_plan(struct cmd *cmd)
{
    struct run run = {.cmd = cmd};
    const struct spurn_sweep_options options = {.size = sizeof options,
                                                .now_ms = cmd->arguments.now_ms};
    return run_sweep(&run, &options, true);
}

/* Names the configuration that a plan would take: without a person to see it, one of the current directory must be named. */
static int refuse_to_ask_nobody(struct run *run)
{
    struct cmd *cmd = run->cmd;
    struct spurn_error err;
    bool found = cmd_find_config(cmd, true, &err) == SPURN_OK;
    bool must_name = cmd->arguments.config != NULL || cmd->config_path[0] != '/';
    write_apply_as(run, found && must_name ? cmd->config_path : NULL);
    cmd_refuse(&err, SPURN_E_USAGE,
               "cannot ask whether to reject: this is no terminal; look with \"spurn plan\", then "
               "say \"%s --yes\"",
               run->apply_as);
    return cmd_fail(cmd, &err);
}

int cmd_apply(struct cmd *cmd)
{
    struct run run = {.cmd = cmd, .acts = true};
    bool asks = isatty(STDIN_FILENO) == 1 && cmd->err.terminal;
    const struct spurn_sweep_options options = {.size = sizeof options,
                                                .act = true,
                                                .trust = cmd->arguments.trust,
                                                .confirm = asks ? confirm : NULL,
                                                .context = &run};
    if (!asks && !cmd->arguments.yes)
        return refuse_to_ask_nobody(&run);
    return run_sweep(&run, &options, !cmd->arguments.yes);
}

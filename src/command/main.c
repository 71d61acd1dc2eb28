/* main.c - the command: what there is to say, and the exit code that comes of it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/command.h"

static int cmd_help(struct cmd *cmd);

static const struct cmd_command COMMANDS[] = {
    {"init", FOR_INIT, "[DIR]", 1, "Writes a starter spurn.lua, a policy and its test",
     "Into DIR, or here. Nothing that is there already is overwritten.\n", cmd_init},
    {"check", FOR_CHECK, "", 0, "Loads configuration and policies, finds mistakes",
     "Touches neither the network nor the journal.\n", cmd_check},
    {"test", FOR_TEST, "[PATH…]", SIZE_MAX, "Runs policy tests",
     "PATH is a test file, or a folder in which every *_test.lua is run; else the current "
     "folder. The last line is \"N passed, N failed\". Exit code 1 when a test failed or coverage "
     "is too low, 2 when a file cannot be loaded or no test is found.\n",
     cmd_test},
    {"plan", FOR_PLAN, "", 0, "Shows what would be rejected; changes nothing",
     "Lists what is pending in every target and puts it to the policies. A table names what "
     "\"spurn apply\" would reject, and counts the rest by rule.\n",
     cmd_plan},
    {"apply", FOR_APPLY, "", 0, "Rejects what the policies say, after asking",
     "On a terminal it shows what would be rejected and asks first; the answer is no unless "
     "it is y. Without a terminal it needs --yes, and then takes no configuration from the "
     "current directory unless -c names it. --yes does not answer whether changed policies "
     "are to be trusted: that is --trust, or a person at the terminal.\n"
     "The first Ctrl-C begins nothing more and still reports; the second ends at once.\n",
     cmd_apply},
    {"daemon", FOR_DAEMON, "", 0, "Sweeps every so often until it is told to end",
     "Takes no configuration from the current directory unless -c names it. SIGTERM and "
     "SIGINT finish what is in flight and end, SIGHUP loads configuration and policies anew, "
     "SIGUSR1 sweeps now.\n",
     cmd_daemon},
    {"explain", FOR_EXPLAIN, "[ID]", 1, "Says why: every rule and condition, true or not",
     "Asks today's policies again about an invitation of the journal, named by its id or the end "
     "of it, with what was known when it was decided last; or with --invitation about one that is "
     "described. Touches no network and writes nothing.\n"
     "A description is a JSON object of what \"spurn fields\" lists, such as "
     "{\"sender\":\"999999999999\",\"name\":\"promo\",\"age\":\"7h\"}. \"created\" and "
     "\"first_seen\" are times, seconds since 1970, or how long ago; \"resources\" is a list of "
     "types. What is left out nobody knows.\n"
     "Exit code 4 when a rule faulted, 2 when there is no such invitation.\n",
     cmd_explain},
    {"replay", FOR_REPLAY, "", 0, "Shows what today's policies would decide otherwise",
     "Puts each invitation of the journal to today's policies once more, as of its newest "
     "decision: with the clock, the resources and the senders' past that were known then. Touches "
     "no network and writes nothing.\n"
     "Exit code 4 when a rule faulted. A difference changes it only with --exit-code.\n",
     cmd_replay},
    {"history", FOR_HISTORY, "[ID]", 1, "Shows what was decided and what came of it",
     "With ID, an invitation's id or its end, everything about that one.\n", cmd_history},
    {"verify", FOR_VERIFY, "", 0, "Checks that the journal is what was written",
     "Its hash chain and the rules that its rows keep. Exit code 1 when something is wrong.\n",
     cmd_verify},
    {"doctor", FOR_DOCTOR, "", 0, "Tries every target: keys, clock, permissions",
     "Asks each target's cloud whose keys these are and for the first page of its list, and to "
     "reject an invitation that does not exist, which tells whether rejecting is allowed and "
     "changes nothing. Opens no journal.\n"
     "Exit code 1 when a target cannot be swept as it is. A region of \"all\" that its account has "
     "not opted in to is skipped.\n",
     cmd_doctor},
    {"fields", FOR_FIELDS, "", 0, "Lists what a policy can see and say", "", cmd_fields},
    {"help", FOR_HELP, "[COMMAND]", 1, "About spurn, or about one command", "", cmd_help},
};
static const struct cmd_commands ALL = {COMMANDS, sizeof COMMANDS / sizeof COMMANDS[0]};

static int cmd_help(struct cmd *cmd)
{
    struct spurn_error err;
    if (cmd->arguments.operands_len == 0) {
        cmd_options_help(ALL, &cmd->out);
        return CMD_EXIT_WELL;
    }
    const struct cmd_command *about = cmd_options_command(ALL, cmd->arguments.operands[0], &err);
    if (about == NULL)
        return cmd_fail(cmd, &err);
    cmd_options_help_command(about, &cmd->out);
    return CMD_EXIT_WELL;
}

/* Keys pass through this process: nothing of it may be dumped, and nothing it writes is for others to read. */
static void guard_process(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0); /* a program that takes cores through a pipe knows no limit */
#endif
    unsetenv("SSLKEYLOGFILE"); /* libcurl's TLS would write session keys there */
    umask(077);
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    sigemptyset(&ignore.sa_mask);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, NULL); /* a write says so instead */
    sigaction(SIGXFSZ, &ignore, NULL); /* the same, past a limit on the size of files */
}

/* A file opened as number 1 because nobody had it would get the report written into it. Writing to these fails instead. */
static void occupy_standard_streams(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

static int run(struct cmd *cmd)
{
    const struct cmd_arguments *arguments = &cmd->arguments;
    if (arguments->version) {
        cmd_out_printf(&cmd->out, "spurn %s\n", spurn_version());
        return CMD_EXIT_WELL;
    }
    if (arguments->help && arguments->command != NULL) {
        cmd_options_help_command(arguments->command, &cmd->out);
        return CMD_EXIT_WELL;
    }
    if (arguments->help) {
        cmd_options_help(ALL, &cmd->out);
        return CMD_EXIT_WELL;
    }
    if (arguments->command == NULL) {
        cmd_options_help(ALL, &cmd->err);
        return CMD_EXIT_USAGE;
    }
    return arguments->command->run(cmd);
}

/* A reader that went away has seen enough; anything else that keeps the report from being written is a failure. */
static int finish(struct cmd *cmd, int code)
{
    int failure = cmd_out_finish(&cmd->out);
    if (failure != 0 && failure != EPIPE) {
        struct spurn_error err;
        cmd_refuse(&err, SPURN_E_INTERNAL, "cannot write the report: %s", strerror(failure));
        int failed = cmd_fail(cmd, &err);
        code = code == CMD_EXIT_WELL || code == CMD_EXIT_FAULT ? failed : code;
    }
    cmd_out_finish(&cmd->err);
    return code;
}

int main(int argc, char **argv)
{
    struct cmd cmd;
    struct spurn_error err = {.status = SPURN_OK};
    guard_process();
    occupy_standard_streams();
    enum spurn_status status = cmd_options_read(ALL, argc, argv, &cmd.arguments, &err);
    cmd_out_init(&cmd.out, stdout, cmd.arguments.color);
    cmd_out_init(&cmd.err, stderr, cmd.arguments.color);
    cmd.log = (struct cmd_log){&cmd.err, cmd.arguments.log_format == CMD_LOG_JSON, false};
    cmd.config_path[0] = '\0';
    return finish(&cmd, status == SPURN_OK ? run(&cmd) : cmd_fail(&cmd, &err));
}

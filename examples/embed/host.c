/* host.c - a program with an event loop of its own that lets Lua policies decide, through libspurn. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <spurn.h>

static struct spurn_text text(const char *words)
{
    return (struct spurn_text){words, words == NULL ? 0 : strlen(words)};
}

/* What senders write is hostile: this host shows printable ASCII only. */
static void print_text(struct spurn_text t)
{
    for (size_t i = 0; i < t.len; i++)
        putchar(t.at[i] >= ' ' && t.at[i] <= '~' ? t.at[i] : '?');
}

/* ---- 1. invitations of the host's own: no configuration, no network, no journal ---- */

static enum spurn_status decide(struct spurn *s, const char *sender, const char *name,
                                struct spurn_error *err)
{
    const struct spurn_invitation invitation = {
        .size = sizeof invitation,
        .cloud = text("aws"),
        .account = text("777788889999"),
        .region = text("eu-central-1"),
        .id = text("example"),
        .sender = text(sender),
        .name = text(name),
        .created = text("2026-11-22T03:10:00Z"),
        .now_ms = 1795320600000, /* an hour later */
    };
    struct spurn_decision decision = {.size = sizeof decision};
    enum spurn_status status = spurn_decide(s, &invitation, &decision, err);
    if (status != SPURN_OK)
        return status;
    printf("%s  %-12s  %s", sender, name, spurn_verdict_name(decision.verdict));
    if (decision.reason.at != NULL) {
        printf(": ");
        print_text(decision.reason);
    }
    putchar('\n');
    return SPURN_OK;
}

static enum spurn_status decide_some(const char *policy, struct spurn_error *err)
{
    const struct spurn_options options = {.size = sizeof options};
    struct spurn *s = NULL;
    enum spurn_status status = spurn_open(&options, &s, err);
    if (status == SPURN_OK)
        status = spurn_load_policy(s, policy, NULL, err);
    if (status == SPURN_OK)
        status = decide(s, "999999999999", "FREE-transit", err);
    if (status == SPURN_OK)
        status = decide(s, "111122223333", "free-parking", err);
    if (status == SPURN_OK)
        status = decide(s, "999999999999", "dns-rules", err);
    spurn_close(s);
    return status;
}

/* ---- 2. a sweep of real targets, stepped by the host's own loop ---- */

static void print_summary(void *context, const struct spurn_summary *summary)
{
    (void)context;
    printf("%" PRId64 " pending: %" PRId64 " to reject, %" PRId64 " kept, %" PRId64
           " left alone, %" PRId64 " undecided; %" PRId64 " of %" PRId64 " targets failed\n",
           summary->pending, summary->reject, summary->keep, summary->none, summary->undecided,
           summary->targets_failed, summary->targets);
}

/* The host's own work: here, a line on standard input stops the sweep. */
static void serve_host(struct pollfd *input, struct spurn_sweep *sweep)
{
    char bytes[256];
    if (poll(input, 1, 0) <= 0)
        return;
    if (read(input->fd, bytes, sizeof bytes) > 0)
        spurn_sweep_stop(sweep);
    input->fd = -1; /* poll skips it from now on */
}

static enum spurn_status plan(const char *config_path, struct spurn_error *err)
{
    const struct spurn_options options = {.size = sizeof options, .config_path = config_path};
    /* `act` is false: nothing is rejected, whatever the policies say. */
    const struct spurn_sweep_options sweep_options = {.size = sizeof sweep_options, .act = false};
    const struct spurn_report report = {.size = sizeof report, .summary = print_summary};
    struct spurn *s = NULL;
    struct spurn_sweep *sweep = NULL;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    bool done = false;
    enum spurn_status status = spurn_open(&options, &s, err);
    if (status == SPURN_OK)
        status = spurn_sweep_start(s, &sweep_options, &sweep, err);
    while (status == SPURN_OK && !done) {
        serve_host(&input, sweep);
        status = spurn_sweep_step(sweep, 20, &done, err); /* 20 ms: the host stays responsive */
    }
    if (status == SPURN_OK)
        status = spurn_sweep_report(sweep, &report, err);
    spurn_sweep_close(sweep);
    spurn_close(s);
    return status;
}

int main(int argc, char **argv)
{
    struct spurn_error err;
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: host POLICY [CONFIGURATION]\n");
        return 2;
    }
    printf("libspurn %s\n", spurn_version());
    enum spurn_status status = decide_some(argv[1], &err);
    if (status == SPURN_OK && argc == 3)
        status = plan(argv[2], &err);
    if (status == SPURN_OK)
        return 0;
    fprintf(stderr, "host: %s\n", err.text);
    return 1;
}

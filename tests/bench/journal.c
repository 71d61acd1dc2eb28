/* journal.c - the journal at rate: what a sweep writes down, beside a bare log of the same facts in the same run.
 *
 *   journal [FEW [MANY]]
 *
 * A plan of FEW invitations (100,000) is written down page by page; an acting sweep of FEW and one of MANY (1,000,000) list, and
 * reject in batches of 64 and of 500: intents durable before their calls, outcomes with the next batch. In turn with it the
 * same batches go to a plain file: a line for each intent and each outcome, appended, fdatasync. Then the next sweep finds
 * everything as it was. */
#include "journal/journal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

enum {
    PAGE = 500,
    SENDERS = 1000,
    BATCH_MAX = 500,
    SLICES = 9,
    SLICE = 4000, /* rejections, in turn with as many lines */
    MINUTE_MS = 60 * 1000
};
static const int64_t START_MS = INT64_C(1790000000000);

struct bench {
    char folder[64], path[96], log_path[96];
    struct digest *digest;
    struct journal *j;
    int log;
    int64_t now_ms, sweep, target;
};

static void fail(const char *what)
{
    fprintf(stderr, "journal bench: %s\n", what);
    exit(1);
}

static void must(enum spurn_status status, const struct spurn_error *err)
{
    if (status != SPURN_OK)
        fail(err->text);
}

#define MUST(call)                                                                                 \
    do {                                                                                           \
        struct spurn_error err;                                                                    \
        must((call), &err);                                                                        \
    } while (0)

/* ---- invitations ---- */

struct texts {
    char id[128], sender[16], name[32], share[96], reason[64], matches[64];
    struct invitation inv;
};

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Sent one after the other, each within an hour of its place. */
static void make(struct texts *t, int64_t i)
{
    uint64_t a = mix((uint64_t)i), b = mix(a), c = mix(b);
    long long sender = 300000000000 + (long long)(c % SENDERS) * 7;
    snprintf(t->sender, sizeof t->sender, "%lld", sender);
    snprintf(t->id, sizeof t->id,
             "arn:aws:ram:us-east-1:%lld:resource-share-invitation/%08x-%04x-%04x-%04x-%012llx",
             sender, (unsigned)a, (unsigned)(a >> 32 & 0xffff), (unsigned)(a >> 48),
             (unsigned)(b & 0xffff), (unsigned long long)(b >> 16));
    snprintf(t->share, sizeof t->share, "arn:aws:ram:us-east-1:%lld:resource-share/%08x-%012llx",
             sender, (unsigned)c, (unsigned long long)(c >> 16));
    snprintf(t->name, sizeof t->name, "shared-vpc-%u", (unsigned)(b % 100000));
    snprintf(t->reason, sizeof t->reason, "%s is not on the list", t->sender);
    snprintf(t->matches, sizeof t->matches, "[\"not one of ours\"]");
    t->inv =
        (struct invitation){.id = text_of(t->id),
                            .sender = text_of(t->sender),
                            .receiver = text_of("111122223333"),
                            .name = text_of(t->name),
                            .share = text_of(t->share),
                            .status_text = text_of("PENDING"),
                            .status = STATUS_PENDING,
                            .has_created = true,
                            .created_ms = START_MS - 86400000 + i * 20 + (int64_t)(c % 3600000)};
}

/* ---- a sweep lists and decides ---- */

static void begin_sweep(struct bench *b, enum journal_use use)
{
    const struct journal_sweep_start start = {
        .owner = "bench:1", .digest = "digest", .belt = INT64_C(1) << 40, .now_ms = b->now_ms};
    const struct origin origin = {text_of("aws"), text_of("111122223333"), text_of("us-east-1")};
    MUST(journal_open(b->path, use, b->digest, &b->j, &err));
    MUST(journal_start_sweep(b->j, &start, &b->sweep, &err));
    MUST(journal_begin(b->j, &err));
    MUST(journal_target(b->j, &origin, "", text_of(""), &b->target, &err));
    if (use == JOURNAL_ACT)
        MUST(journal_move_sweep(b->j, b->sweep, SWEEP_LISTING, b->now_ms, &err));
    MUST(journal_commit(b->j, &err));
}

static void decide(struct bench *b, const struct texts *t)
{
    struct journal_seen seen;
    int64_t seq = 0;
    MUST(journal_see(b->j, b->sweep, b->target, &t->inv, b->now_ms, &seen, &err));
    const struct journal_decision decision = {.sweep = b->sweep,
                                              .invitation = seen.invitation,
                                              .reading = seen.reading,
                                              .verdict = "reject",
                                              .policy = text_of("strangers"),
                                              .rule = text_of("not one of ours"),
                                              .reason = text_of(t->reason),
                                              .matches = text_of(t->matches),
                                              .line = 12,
                                              .has_age = true,
                                              .age_s = (b->now_ms - t->inv.created_ms) / 1000,
                                              .first_seen_ms = seen.first_seen_ms,
                                              .times_seen = seen.times_seen,
                                              .at_ms = b->now_ms};
    MUST(journal_record_decision(b->j, &decision, &seq, &err));
}

/* What is timed, and what a profiler is told to count. */
__attribute__((noinline)) static void list_all(struct bench *b, int64_t rows)
{
    struct texts t = {.id = ""};
    for (int64_t i = 0; i < rows; i++) {
        if (i % PAGE == 0)
            MUST(journal_begin(b->j, &err));
        make(&t, i);
        decide(b, &t);
        if (i % PAGE == PAGE - 1 || i == rows - 1)
            MUST(journal_commit(b->j, &err));
    }
    MUST(journal_begin(b->j, &err));
    MUST(journal_cover(b->j, b->sweep, b->target, COVERAGE_LISTED, rows / PAGE, NULL, &err));
    MUST(journal_commit(b->j, &err));
}

static void end_sweep(struct bench *b)
{
    MUST(journal_begin(b->j, &err));
    MUST(journal_move_sweep(b->j, b->sweep, SWEEP_DONE, b->now_ms, &err));
    MUST(journal_commit(b->j, &err));
    journal_close(b->j);
    b->j = NULL;
    b->now_ms += MINUTE_MS;
}

/* ---- it acts ---- */

struct batch {
    struct bench *bench;
    size_t count;
    int64_t decisions[BATCH_MAX], invitations[BATCH_MAX];
    int64_t intents[BATCH_MAX]; /* of the batch before, until they are made anew */
    size_t answered;
};

static void take(void *context, const struct journal_candidate *candidate)
{
    struct batch *batch = context;
    batch->decisions[batch->count] = candidate->decision;
    batch->invitations[batch->count++] = candidate->invitation;
}

static void answer(struct bench *b, int64_t intent)
{
    const struct journal_attempt attempt = {
        .intent = intent, .sweep = b->sweep, .sent_ms = b->now_ms + 1000, .answer = ANSWER_OK};
    MUST(journal_record_attempt(b->j, &attempt, &err));
    MUST(journal_record_outcome(b->j, intent, RESULT_REJECTED, b->now_ms + 2000, &err));
}

static void intend(struct batch *batch, size_t i)
{
    struct bench *b = batch->bench;
    int64_t generation = 0;
    bool in_doubt = false;
    char token[37];
    MUST(journal_generation(b->j, batch->invitations[i], &generation, &in_doubt, &err));
    snprintf(token, sizeof token, "e3191fa6-0223-5dbb-8289-%012llx",
             (unsigned long long)batch->decisions[i]);
    MUST(journal_record_intent(b->j, batch->decisions[i], generation, token, b->now_ms + 500,
                               &batch->intents[i], &err));
}

__attribute__((noinline)) static void act(struct batch *batch, size_t size)
{
    struct bench *b = batch->bench;
    batch->count = 0;
    MUST(journal_each_candidate(b->j, b->sweep, (int64_t)size, take, batch, &err));
    if (batch->count != size)
        fail("too few to reject");
    MUST(journal_begin(b->j, &err));
    for (size_t i = 0; i < batch->answered; i++)
        answer(b, batch->intents[i]);
    for (size_t i = 0; i < size; i++)
        intend(batch, i);
    MUST(journal_commit(b->j, &err));
    batch->answered = size;
}

static void answer_last(struct batch *batch)
{
    struct bench *b = batch->bench;
    MUST(journal_begin(b->j, &err));
    for (size_t i = 0; i < batch->answered; i++)
        answer(b, batch->intents[i]);
    MUST(journal_commit(b->j, &err));
    batch->answered = 0;
}

/* ---- a bare log ---- */

static void log_batch(struct bench *b, int64_t first, size_t size)
{
    static char lines[BATCH_MAX * 512];
    struct texts t = {.id = ""};
    size_t len = 0;
    for (size_t i = 0; i < size; i++) {
        make(&t, first + (int64_t)i);
        len += (size_t)snprintf(lines + len, sizeof lines - len,
                                "outcome %lld %lld ok rejected %lld %lld\nintent %lld %s %lld 1 "
                                "e3191fa6-0223-5dbb-8289-%012llx 0 %lld\n",
                                (long long)first, (long long)(first + 1), (long long)b->now_ms,
                                (long long)b->now_ms, (long long)(first + 2), t.id,
                                (long long)(first + 3), (unsigned long long)first,
                                (long long)b->now_ms);
    }
    if (write(b->log, lines, len) != (ssize_t)len || fdatasync(b->log) != 0)
        fail("cannot write the log");
}

/* ---- results ---- */

static void say(double value, const char *unit, const char *fmt, ...) SPURN_PRINTF(3, 4);
static void say(double value, const char *unit, const char *fmt, ...)
{
    char what[96];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    bench_result("journal", what, value, unit);
}

static void compare(const char *what, double ratio, const char *sign, double bound)
{
    bench_goal("journal", what, ratio, sign, bound);
}

/* Nanoseconds an invitation, and beside it the log's. */
static double act_in_batches(struct bench *b, size_t size, int64_t rows)
{
    struct batch batch = {.bench = b};
    double ours[SLICES], theirs[SLICES];
    size_t batches = SLICE / size;
    for (int slice = -1; slice < SLICES; slice++) { /* the first is not counted: it warms up */
        int64_t began = bench_now_ns();
        for (size_t i = 0; i < batches; i++)
            log_batch(b, (int64_t)(i * size), size);
        int64_t between = bench_now_ns();
        for (size_t i = 0; i < batches; i++)
            act(&batch, size);
        int64_t ended = bench_now_ns();
        if (slice < 0)
            continue;
        ours[slice] = (double)(ended - between) / (double)(batches * size);
        theirs[slice] = (double)(between - began) / (double)(batches * size);
    }
    answer_last(&batch);
    double our = bench_median(ours, SLICES), their = bench_median(theirs, SLICES);
    say(our, "ns", "intent and outcome, batches of %zu, %lld rows", size, (long long)rows);
    say(their, "ns", "a line of a bare log, batches of %zu, beside %lld rows", size,
        (long long)rows);
    char what[96];
    snprintf(what, sizeof what, "batches of %zu over a bare log, %lld rows", size, (long long)rows);
    compare(what, their / our, ">=", size == 64 ? 0.7 : 0.2);
    return our;
}

static int64_t size_of(const char *path)
{
    struct stat at;
    return stat(path, &at) == 0 ? at.st_size : 0;
}

static void clear(struct bench *b)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-lock", "-reserve"};
    char path[128];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", b->path, ends[i]);
        unlink(path);
    }
}

static double seconds_since(int64_t began)
{
    return (double)(bench_now_ns() - began) / 1e9;
}

/* The same file, twice: the second time everything is as it was. */
static void plan_twice(struct bench *b, int64_t rows)
{
    for (int time = 0; time < 2; time++) {
        int64_t before = size_of(b->path);
        int64_t began = bench_now_ns();
        begin_sweep(b, JOURNAL_PLAN);
        list_all(b, rows);
        end_sweep(b);
        double spent = seconds_since(began);
        const char *which = time == 0 ? "a plan of" : "the same plan again,";
        say((double)rows / spent, "rows/s", "%s %lld rows", which, (long long)rows);
        say((double)(size_of(b->path) - before) / (double)rows, "bytes/row", "%s %lld rows", which,
            (long long)rows);
    }
    clear(b);
}

static int64_t peak_kib(void)
{
    char line[256];
    long long peak = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmHWM: %lld", &peak) == 1)
            break;
    if (status != NULL)
        fclose(status);
    return peak;
}

struct costs {
    double by_64, by_500;
};

static struct costs act_on(struct bench *b, int64_t rows)
{
    struct costs costs;
    int64_t began = bench_now_ns();
    begin_sweep(b, JOURNAL_ACT);
    list_all(b, rows);
    say((double)rows / seconds_since(began), "rows/s", "an acting sweep lists %lld rows",
        (long long)rows);
    end_sweep(b);
    began = bench_now_ns();
    begin_sweep(b, JOURNAL_ACT);
    say(seconds_since(began) * 1e3, "ms", "the next begins, %lld rows", (long long)rows);
    int64_t before = size_of(b->path);
    began = bench_now_ns();
    list_all(b, rows);
    say((double)rows / seconds_since(began), "rows/s", "it lists the same %lld rows",
        (long long)rows);
    say((double)(size_of(b->path) - before) / (double)rows, "bytes/row", "and adds, %lld rows",
        (long long)rows);
    MUST(journal_begin(b->j, &err));
    MUST(journal_move_sweep(b->j, b->sweep, SWEEP_ACTING, b->now_ms, &err));
    MUST(journal_commit(b->j, &err));
    struct batch first = {.bench = b};
    began = bench_now_ns();
    act(&first, 1);
    answer_last(&first);
    say(seconds_since(began) * 1e3, "ms", "its first rejection, of %lld rows", (long long)rows);
    costs.by_64 = act_in_batches(b, 64, rows);
    costs.by_500 = act_in_batches(b, 500, rows);
    end_sweep(b);
    say((double)peak_kib() / 1024, "MiB", "peak memory until here, %lld rows", (long long)rows);
    clear(b);
    return costs;
}

int main(int argc, char **argv)
{
    static struct bench b;
    int64_t few = argc > 1 ? strtoll(argv[1], NULL, 10) : 100000;
    int64_t many = argc > 2 ? strtoll(argv[2], NULL, 10) : 10 * few;
    const char *parent = getenv("TMPDIR");
    snprintf(b.folder, sizeof b.folder, "%.40s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    if (mkdtemp(b.folder) == NULL)
        fail("cannot make a folder to work in");
    snprintf(b.path, sizeof b.path, "%s/j.db", b.folder);
    snprintf(b.log_path, sizeof b.log_path, "%s/log", b.folder);
    b.log = open(b.log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    b.now_ms = START_MS;
    MUST(digest_open(&b.digest, &err));

    plan_twice(&b, few);
    struct costs at_few = act_on(&b, few), at_many = act_on(&b, many);
    compare("an intent among many over one among few, batches of 64", at_many.by_64 / at_few.by_64,
            "<=", 1.2);
    compare("an intent among many over one among few, batches of 500",
            at_many.by_500 / at_few.by_500, "<=", 1.2);
    digest_close(b.digest);
    close(b.log);
    unlink(b.log_path);
    rmdir(b.folder);
    return 0;
}

/* globs.c - many globs against 100,000 names: all in one pass beside one after the other, nanoseconds a name and their ratio. */
#include "match/globs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "match/glob.h"

enum { NAMES = 100000, GLOBS_MAX = 200, ROUNDS = 9, PLENTY = 1000000, TEXT_MAX = 64 };

static const char *const words[] = {
    "acme",    "alpha",    "analytics", "app",     "backup",   "batch",    "beta",    "billing",
    "blue",    "bridge",   "build",     "cache",   "central",  "cluster",  "core",    "corp",
    "data",    "deploy",   "dev",       "dns",     "edge",     "egress",   "engine",  "events",
    "fabric",  "finance",  "firewall",  "fleet",   "free",     "gateway",  "global",  "green",
    "hub",     "identity", "infra",     "ingress", "internal", "lab",      "lake",    "legacy",
    "logs",    "mail",     "main",      "media",   "mesh",     "metrics",  "network", "north",
    "office",  "ops",      "partner",   "peer",    "pilot",    "platform", "prod",    "promo",
    "proxy",   "public",   "resolver",  "retail",  "rules",    "sandbox",  "search",  "secure",
    "service", "shared",   "south",     "spoke",   "stage",    "store",    "subnet",  "team",
    "temp",    "test",     "tools",     "transit", "trust",    "vault",    "vpc",     "west",
};
enum { WORDS = sizeof words / sizeof words[0] };

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *any_word(uint64_t *seed)
{
    return words[next_random(seed) % WORDS];
}

/* ---- names and globs ---- */

static char names[NAMES][TEXT_MAX];
static struct spurn_text name_texts[NAMES];

static void make_names(uint64_t seed)
{
    for (size_t i = 0; i < NAMES; i++) {
        const char *first = any_word(&seed), *second = any_word(&seed);
        unsigned number = (unsigned)(next_random(&seed) % 1000);
        if (next_random(&seed) % 3 == 0)
            snprintf(names[i], TEXT_MAX, "%s-%s-%s-%02u", first, second, any_word(&seed),
                     number % 100);
        else
            snprintf(names[i], TEXT_MAX, "%s-%s-%03u", first, second, number);
        name_texts[i] = text_of(names[i]);
    }
}

/* Three words in four are a little off, so that names come near a glob more often than they are like it. */
static void put_word(uint64_t *seed, char *out, size_t *len)
{
    char word[TEXT_MAX];
    snprintf(word, sizeof word, "%s", any_word(seed));
    if (next_random(seed) % 4 != 0)
        word[strlen(word) - 1] = (char)('a' + next_random(seed) % 26);
    *len += (size_t)snprintf(out + *len, TEXT_MAX - *len, "%s", word);
}

/* In a shape x stands for a word and 0 for a digit. */
static void make_glob(const char *shape, uint64_t *seed, char out[TEXT_MAX])
{
    size_t len = 0;
    for (; *shape != '\0'; shape++) {
        if (*shape == 'x')
            put_word(seed, out, &len);
        else
            out[len++] = *shape == '0' ? (char)('0' + next_random(seed) % 10) : *shape;
    }
    out[len] = '\0';
}

/* ---- the two ways ---- */

struct set {
    size_t count;
    bool
        is_one_rule; /* all globs in one group: the first that fits is enough; else each in its own */
    char texts[GLOBS_MAX][TEXT_MAX];
    struct spurn_text globs[GLOBS_MAX];
    struct globs *together;
};

/* A digest of the groups of every name: in it each group of each name counts. */
static uint64_t add_hit(uint64_t digest, size_t name, size_t group)
{
    return digest + (name * GLOBS_MAX + group + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t match_one_by_one(const struct set *set)
{
    uint64_t digest = 0;
    for (size_t i = 0; i < NAMES; i++) {
        int64_t steps = PLENTY;
        for (size_t k = 0; k < set->count; k++) {
            if (!glob_match(set->globs[k], name_texts[i], &steps))
                continue;
            digest = add_hit(digest, i, set->is_one_rule ? 0 : k);
            if (set->is_one_rule)
                break;
        }
    }
    return digest;
}

static uint64_t match_together(const struct set *set)
{
    size_t group_count = set->is_one_rule ? 1 : set->count;
    uint64_t digest = 0;
    for (size_t i = 0; i < NAMES; i++) {
        int64_t steps = PLENTY;
        const uint64_t *groups = globs_match(set->together, name_texts[i], &steps);
        for (size_t k = 0; k < group_count; k += 64)
            for (uint64_t left = groups[k / 64]; left != 0; left &= left - 1)
                digest = add_hit(digest, i, k + (size_t)__builtin_ctzll(left));
    }
    return digest;
}

static double timed_ns(uint64_t (*match)(const struct set *set), const struct set *set,
                       uint64_t *digest)
{
    int64_t since = bench_now_ns();
    *digest = match(set);
    return (double)(bench_now_ns() - since) / NAMES;
}

/* ---- the table ---- */

static const struct row {
    const char *label;
    size_t count;
    const char *shapes[5];
    double least_ratio; /* what is promised; 0: nothing */
} rows[] = {
    {"20, reference", 20, {"x-x*", "*-x*", "*x*x*", "*x0"}, 0},
    {"60 mixed", 60, {"x*", "*x-00", "*x*", "*x*x*"}, 0},
    {"200 mixed", 200, {"x*", "*x-00", "*x*", "*x*x*"}, 4},
    {"200 *x*", 200, {"*x*"}, 0},
    {"200 *x*y*d", 200, {"*x*x*0"}, 0},
};

static bool make_set(struct set *set, const struct row *row, bool is_one_rule)
{
    uint64_t seed = 88172645463325252U;
    size_t shape_count = 0;
    while (shape_count < 5 && row->shapes[shape_count] != NULL)
        shape_count++;
    set->count = row->count;
    set->is_one_rule = is_one_rule;
    set->together = globs_open();
    bool ok = set->together != NULL;
    for (size_t i = 0; i < set->count && ok; i++) {
        make_glob(row->shapes[i % shape_count], &seed, set->texts[i]);
        set->globs[i] = text_of(set->texts[i]);
        ok = globs_add(set->together, is_one_rule ? 0 : (int)i, set->globs[i]);
    }
    return ok;
}

/* Rounds in turn, A B A B ...; prints the medians. False when the two differ. */
static bool run(const struct row *row, bool is_one_rule)
{
    static struct set set;
    double loop_ns[ROUNDS], together_ns[ROUNDS], ratio[ROUNDS];
    char what[128];
    bool ok = make_set(&set, row, is_one_rule);
    for (size_t i = 0; i < ROUNDS && ok; i++) {
        uint64_t want = 0, got = 0;
        loop_ns[i] = timed_ns(match_one_by_one, &set, &want);
        together_ns[i] = timed_ns(match_together, &set, &got);
        ratio[i] = loop_ns[i] / together_ns[i];
        ok = got == want;
    }
    if (ok) {
        double times = bench_median(ratio, ROUNDS);
        printf("%-14s %-13s %9.0f %9.0f %8.1f %8zu\n", row->label,
               is_one_rule ? "in one rule" : "a rule each", bench_median(loop_ns, ROUNDS),
               bench_median(together_ns, ROUNDS), times, globs_states(set.together));
        snprintf(what, sizeof what, "%s globs %s beside a loop", row->label,
                 is_one_rule ? "in one rule" : "in a rule each");
        if (row->least_ratio > 0)
            bench_goal("globs", what, times, ">=", row->least_ratio);
    } else {
        printf("%s: the two ways differ\n", row->label);
    }
    globs_close(set.together);
    return ok;
}

int main(void)
{
    bool ok = true;
    make_names(2463534242U);
    printf("%-14s %-13s %9s %9s %8s %8s   (%d names, medians of %d rounds)\n", "globs", "",
           "loop ns", "at once", "times", "states", NAMES, ROUNDS);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int is_one_rule = 1; is_one_rule >= 0; is_one_rule--)
            ok = run(&rows[i], is_one_rule != 0) && ok;
    return ok ? 0 : 1;
}

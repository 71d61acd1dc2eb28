/* policy.c - one engine over the invitations of policy/data.lua: prints "ENGINE NANOSECONDS REJECTED HASH".
 *
 *   policy ENGINE FOLDER [COUNT]
 *
 * hand        written by hand for exactly this question: a hash set, and one lazy DFA over all globs
 * conditions  FOLDER/conditions.lua, as a sweep asks it: a verdict, its rule and reason, the names of all that matched
 * function    FOLDER/function.lua
 * bare        the same, without count hook and without a cap on memory
 */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "script/script.h"

enum { WEEK_S = 7 * 86400, HAND_STATES_MAX = 4096, HAND_WORDS = 8 };

struct row {
    struct spurn_text sender, name;
    int64_t age_s;
};

struct data {
    char *rows_text, *senders_text, *globs_text;
    struct row *rows;
    size_t count;
};

static void fail(const char *what)
{
    fprintf(stderr, "policy bench: %s\n", what);
    exit(1);
}

/* ---- without hook and cap ---- */

static bool is_bare; /* the linker puts these in the place of Lua's own */
void __wrap_lua_sethook(lua_State *L, lua_Hook hook, int mask, int count);
void __real_lua_sethook(lua_State *L, lua_Hook hook, int mask, int count);
lua_State *__wrap_lua_newstate(lua_Alloc allocate, void *context);
lua_State *__real_lua_newstate(lua_Alloc allocate, void *context);

void __wrap_lua_sethook(lua_State *L, lua_Hook hook, int mask, int count)
{
    if (!is_bare)
        __real_lua_sethook(L, hook, mask, count);
}

static void *allocate_plainly(void *context, void *at, size_t old_len, size_t len)
{
    (void)context;
    (void)old_len;
    if (len > 0)
        return realloc(at, len);
    free(at);
    return NULL;
}

lua_State *__wrap_lua_newstate(lua_Alloc allocate, void *context)
{
    return __real_lua_newstate(is_bare ? allocate_plainly : allocate, context);
}

/* ---- the data ---- */

static char *read_all(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail("cannot open the data; make it with policy/data.lua");
    fseek(file, 0, SEEK_END);
    long len = ftell(file);
    rewind(file);
    char *text = malloc((size_t)len + 1);
    if (text == NULL || fread(text, 1, (size_t)len, file) != (size_t)len)
        fail("cannot read the data");
    text[len] = '\0';
    fclose(file);
    return text;
}

static char *next_line(char **at)
{
    char *line = *at, *end = line != NULL ? strchr(line, '\n') : NULL;
    if (end == NULL)
        return NULL;
    *end = '\0';
    *at = end + 1;
    return line;
}

static void read_data(struct data *d, const char *folder, size_t most)
{
    d->rows_text = read_all(folder, "invitations.tsv");
    d->senders_text = read_all(folder, "senders.txt");
    d->globs_text = read_all(folder, "globs.txt");
    d->rows = calloc(most, sizeof *d->rows);
    if (d->rows == NULL)
        fail("no memory");
    char *at = d->rows_text, *line = next_line(&at);
    for (; line != NULL && d->count < most; line = next_line(&at)) {
        char *name = strchr(line, '\t'), *age = name != NULL ? strchr(name + 1, '\t') : NULL;
        if (age == NULL)
            fail("a line of the data is not sender, name, age");
        d->rows[d->count++] = (struct row){{line, (size_t)(name - line)},
                                           {name + 1, (size_t)(age - name - 1)},
                                           strtoll(age + 1, NULL, 10)};
    }
}

/* ---- by hand ---- */

struct hand {
    struct {
        const char *at;
        size_t len;
    } slots[4096]; /* open addressing; 1,000 ids */
    /* The globs, one behind the other; a bit for each position in them. */
    char signs[64 * HAND_WORDS];
    bool ends[64 * HAND_WORDS];
    size_t positions;
    struct hand_state {
        uint64_t at[HAND_WORDS];
        bool accepts;
        int next[256]; /* -1: not built yet */
    } * states;
    int state_count;
};

static size_t hand_hash(struct spurn_text text)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 1099511628211u;
    return (size_t)(hash >> 20);
}

static bool hand_trusts(const struct hand *h, struct spurn_text sender)
{
    for (size_t i = hand_hash(sender) % 4096; h->slots[i].at != NULL; i = (i + 1) % 4096)
        if (h->slots[i].len == sender.len && memcmp(h->slots[i].at, sender.at, sender.len) == 0)
            return true;
    return false;
}

/* Enters a position, and those behind its stars. */
static void hand_enter(const struct hand *h, uint64_t *at, size_t position)
{
    at[position / 64] |= (uint64_t)1 << (position % 64);
    if (!h->ends[position] && h->signs[position] == '*')
        hand_enter(h, at, position + 1);
}

static int hand_state_of(struct hand *h, const uint64_t *at)
{
    for (int i = 0; i < h->state_count; i++)
        if (memcmp(h->states[i].at, at, sizeof h->states[i].at) == 0)
            return i;
    if (h->state_count == HAND_STATES_MAX)
        fail("the hand-written DFA has too many states");
    struct hand_state *state = &h->states[h->state_count];
    memcpy(state->at, at, sizeof state->at);
    memset(state->next, -1, sizeof state->next);
    for (size_t i = 0; i < h->positions; i++)
        if (h->ends[i] && (at[i / 64] >> (i % 64) & 1) != 0)
            state->accepts = true;
    return h->state_count++;
}

static int hand_step(struct hand *h, int from, unsigned char c)
{
    uint64_t at[HAND_WORDS] = {0};
    char folded = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
    for (size_t i = 0; i < h->positions; i++) {
        if ((h->states[from].at[i / 64] >> (i % 64) & 1) == 0 || h->ends[i])
            continue;
        if (h->signs[i] == '*')
            hand_enter(h, at, i);
        else if (h->signs[i] == folded)
            hand_enter(h, at, i + 1);
    }
    int to = hand_state_of(h, at);
    h->states[from].next[c] = to;
    return to;
}

static bool hand_hits(struct hand *h, struct spurn_text name)
{
    int state = 0;
    for (size_t i = 0; i < name.len; i++) {
        int next = h->states[state].next[(unsigned char)name.at[i]];
        state = next >= 0 ? next : hand_step(h, state, (unsigned char)name.at[i]);
    }
    return h->states[state].accepts;
}

static void hand_open(struct hand *h, const struct data *d)
{
    uint64_t start[HAND_WORDS] = {0};
    char *at = d->senders_text;
    for (char *line = next_line(&at); line != NULL; line = next_line(&at)) {
        struct spurn_text id = {line, strlen(line)};
        size_t i = hand_hash(id) % 4096;
        while (h->slots[i].at != NULL)
            i = (i + 1) % 4096;
        h->slots[i].at = id.at;
        h->slots[i].len = id.len;
    }
    h->states = calloc(HAND_STATES_MAX, sizeof *h->states);
    if (h->states == NULL)
        fail("no memory");
    size_t begins[256], begin_count = 0;
    at = d->globs_text;
    for (char *line = next_line(&at); line != NULL; line = next_line(&at)) {
        begins[begin_count++] = h->positions;
        memcpy(h->signs + h->positions, line, strlen(line));
        h->positions += strlen(line);
        h->ends[h->positions++] = true;
        if (h->positions > 64 * HAND_WORDS - 64 || begin_count == 256)
            fail("too many globs for the hand-written DFA");
    }
    for (size_t i = 0; i < begin_count; i++)
        hand_enter(h, start, begins[i]);
    hand_state_of(h, start);
}

/* ---- engines ---- */

struct bench {
    struct data data;
    struct hand hand;
    struct script *script;
    int64_t now_ms;
};

static bool decide_by_hand(struct bench *b, const struct row *row)
{
    return !hand_trusts(&b->hand, row->sender) || hand_hits(&b->hand, row->name) ||
           row->age_s >= WEEK_S;
}

static bool decide_by_policy(struct bench *b, const struct row *row)
{
    static const struct origin origin = {{"aws", 3}, {"111122223333", 12}, {"us-east-1", 9}};
    const struct invitation inv = {
        .id = {"arn:aws:ram:us-east-1:111122223333:resource-share-invitation/1", 66},
        .sender = row->sender,
        .receiver = origin.account,
        .name = row->name,
        .status = STATUS_PENDING,
        .has_created = true,
        .created_ms = b->now_ms - row->age_s * 1000};
    const struct script_facts facts = {.has_age = true, .resources_state = RESOURCES_UNKNOWN};
    struct script_decision decision;
    struct spurn_error err;
    if (script_decide(b->script, &inv, &origin, &facts, &decision, &err) != SPURN_OK)
        fail(err.text);
    if (decision.faulted)
        fail("the policy faulted");
    return decision.verdict == VERDICT_REJECT;
}

/* {"params":{"senders":["...", ...]}} */
static void write_settings(struct buf *out, const struct data *d)
{
    const char *between = "{\"params\":{\"senders\":[";
    char *copy = strdup(d->senders_text), *at = copy;
    for (char *line = next_line(&at); line != NULL; line = next_line(&at)) {
        buf_addf(out, "%s\"%s\"", between, line);
        between = ",";
    }
    buf_add_str(out, "]}}");
    free(copy);
}

static void open_policy(struct bench *b, const char *folder, const char *file, bool takes_senders)
{
    char path[4096];
    struct spurn_error err;
    struct buf settings;
    buf_init(&settings, 1024 * 1024);
    if (takes_senders)
        write_settings(&settings, &b->data);
    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (script_open(NULL, NULL, &b->script, &err) != SPURN_OK ||
        script_load_policy(b->script, path, takes_senders ? buf_text(&settings) : TEXT_ABSENT, NULL,
                           &err) != SPURN_OK ||
        script_begin_sweep(b->script, b->now_ms, &err) != SPURN_OK)
        fail(err.text);
    buf_clear(&settings);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

struct answers {
    int64_t rejected;
    uint32_t hash;
};

/* What is timed, and what a profiler is told to count. */
__attribute__((noinline)) static struct answers decide_all(struct bench *b, bool by_hand)
{
    struct answers answers = {0, 2166136261u};
    for (size_t i = 0; i < b->data.count; i++) {
        const struct row *row = &b->data.rows[i];
        bool rejects = by_hand ? decide_by_hand(b, row) : decide_by_policy(b, row);
        answers.rejected += rejects;
        answers.hash = (answers.hash ^ rejects) * 16777619u;
    }
    return answers;
}

int main(int argc, char **argv)
{
    static struct bench b;
    if (argc < 3)
        fail("usage: policy ENGINE FOLDER [COUNT]");
    const char *engine = argv[1];
    b.now_ms = INT64_C(1790000000000);
    read_data(&b.data, argv[2], argc > 3 ? strtoul(argv[3], NULL, 10) : 100000);
    bool by_hand = strcmp(engine, "hand") == 0;
    is_bare = strcmp(engine, "bare") == 0;
    if (by_hand)
        hand_open(&b.hand, &b.data);
    else if (strcmp(engine, "conditions") == 0)
        open_policy(&b, argv[2], "conditions.lua", false);
    else
        open_policy(&b, argv[2], "function.lua", true);

    int64_t began = now_ns();
    struct answers answers = decide_all(&b, by_hand);
    int64_t spent = now_ns() - began;
    printf("%s %.1f %lld %08x\n", engine, (double)spent / (double)b.data.count,
           (long long)answers.rejected, answers.hash);
    script_close(b.script);
    free(b.hand.states);
    free(b.data.rows);
    free(b.data.rows_text);
    free(b.data.senders_text);
    free(b.data.globs_text);
    return 0;
}

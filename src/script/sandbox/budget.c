/* budget.c - what a Lua state may use up: memory, steps and, as a last stop, the processor's time. */
#include "script/sandbox/budget.h"

#include <stdlib.h>
#include <time.h>

#include "script/sandbox/host.h"
#include "script/sandbox/lines.h"

enum {
    STEPS_DEFAULT = 1000000, /* 3-15 ms; a real policy takes hundreds */
    HEAP_LEN_DEFAULT = 16 * 1024 * 1024,
    STRING_LEN_DEFAULT = 64 * 1024,
    TIDY_PART = 16,         /* of the cap: so much garbage may lie about between evaluations */
    STRING_HEADER_LEN = 64, /* at least what Lua adds to a string's bytes */
    /* What an allocation costs, with its share of collecting the garbage: a step stands for 60 ns at most. */
    BYTES_A_STEP = 32,
    TABLE_BYTES_A_STEP = 16, /* a new array or hash is filled from the old one */
    STEPS_AN_OBJECT = 2,
    STEPS_A_STRING = 10, /* it is looked up among all others */
    /* The count hook fires after so many steps: any count makes the VM trace every step, so a small one costs little more. A
     * step over something large takes long (comparing two strings full of zero bytes takes 30 ns a byte), so then it fires
     * sooner: the bytes of the largest, times the steps between, stay below INTERVAL_BYTES. */
    INTERVAL_MOST = 1000,
    INTERVAL_LEAST = 4,
    INTERVAL_BYTES = 256 * 1024,
    REGISTERS_MOST = 255, /* of a function, when it passes no `...` on */
    VALUES_A_STEP = 32,
    BLOCK_PART = 512, /* a byte of an array or of the stack is passed over so much sooner */
    MEASURED_TURNS = 100000,
    MEASURED_TURN_NS = 2, /* a multiplication and an addition that wait for each other */
    SLOWNESS_LEAST = 4    /* machines that differ by less are held to the same time */
};
/* A plain step takes 3-15 ns, one that fills the memory 60 ns; a few take far more, and only time tells. */
static const int64_t CPU_NS_A_STEP = 70, CPU_NS_LEAST = 20000000;
static const int64_t CPU_NS_A_STEP_READ = 60; /* of a file; giving up its state takes time too */
#ifdef __SANITIZE_ADDRESS__
static const int64_t CPU_TIMES = 10; /* what checks every access takes so much longer */
#else
static const int64_t CPU_TIMES = 1;
#endif
/* A hook on every line takes so much longer, and answers must not hang on it. */
static const int64_t CPU_TIMES_LINES = 20;

void budget_init(struct host *h, const struct script_limits *limits)
{
    if (limits != NULL)
        h->limits = *limits;
    if (h->limits.steps == 0)
        h->limits.steps = STEPS_DEFAULT;
    if (h->limits.heap_len == 0)
        h->limits.heap_len = HEAP_LEN_DEFAULT;
    if (h->limits.string_len == 0)
        h->limits.string_len = STRING_LEN_DEFAULT;
    h->interval = h->interval_kept = INTERVAL_MOST;
    h->slowness = 1;
}

/* ---- steps ---- */

static int64_t now_ns(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t cpu_now_ns(void)
{
    return now_ns(CLOCK_THREAD_CPUTIME_ID);
}

_Noreturn static void raise_spent(lua_State *L)
{
    struct host *h = host_of(L);
    h->stop = STOP_STEPS;
    h->steps_left = -1;
    refuse(L, "ran out of steps: %lld are allowed %s",
           (long long)(h->decides ? h->limits.steps : h->steps_given),
           h->decides ? "for a rule and an invitation" : "to read the file");
}

static int64_t cpu_allowed_ns(const struct host *h)
{
    int64_t allowed_ns = h->limits.steps * (h->decides ? CPU_NS_A_STEP : CPU_NS_A_STEP_READ);
    if (allowed_ns < CPU_NS_LEAST)
        allowed_ns = CPU_NS_LEAST;
    if (h->lines != NULL)
        allowed_ns *= CPU_TIMES_LINES;
    return allowed_ns * CPU_TIMES * h->slowness;
}

/* How many times slower than others is this machine, or what the program is run by? A memory checker takes fifty times as long, and
 * there a policy must not fail for want of time. */
static int64_t measure_slowness(void)
{
    volatile uint64_t kept;
    uint64_t number = 1;
    int64_t before_ns = cpu_now_ns();
    for (int i = 0; i < MEASURED_TURNS; i++)
        number = number * 6364136223846793005u + 1;
    kept = number;
    (void)kept;
    int64_t times = (cpu_now_ns() - before_ns) / (MEASURED_TURNS * MEASURED_TURN_NS);
    return times < SLOWNESS_LEAST ? 1 : times;
}

static bool has_time(struct host *h, int64_t *left_ns)
{
    int64_t cpu_ns = cpu_now_ns();
    if (h->cpu_since_ns == 0)
        h->cpu_since_ns = cpu_ns;
    *left_ns = cpu_allowed_ns(h) - h->cpu_spent_ns - (cpu_ns - h->cpu_since_ns);
    return *left_ns >= 0;
}

/* The processor's clock takes ten times as long to read as the monotonic one, which never is behind it; and that one longer than a
 * small function takes, so neither is read before some steps were taken. */
static void check_clock(lua_State *L)
{
    struct host *h = host_of(L);
    int64_t wall_ns = now_ns(CLOCK_MONOTONIC);
    h->clock_in = h->interval;
    if (h->cpu_since_ns != 0 && wall_ns < h->wall_until_ns)
        return;
    int64_t left_ns;
    bool has = has_time(h, &left_ns);
    if (!has && !h->is_measured) {
        h->is_measured = true;
        h->slowness = measure_slowness();
        has = has_time(h, &left_ns);
    }
    h->wall_until_ns = wall_ns + left_ns;
    if (has)
        return;
    h->stop = STOP_STEPS;
    h->steps_left = -1; /* the rule has had its share */
    refuse(L, "ran out of time: its steps took %lld ms of processor time",
           (long long)(cpu_allowed_ns(h) / 1000000));
}

/* A step that passes on a long `...` is met by chance, and then stands for those that were not. */
static int64_t cost_of_step(lua_State *L)
{
    int values = lua_gettop(L);
    return values <= REGISTERS_MOST ? 1 : 1 + values / VALUES_A_STEP;
}

static void count_steps(lua_State *L, lua_Debug *ar)
{
    struct host *h = host_of(L);
    if (ar->event != LUA_HOOKLINE) {
        host_spend(L, h->interval * cost_of_step(L));
        return;
    }
    if (h->lines != NULL)
        lines_note(h->lines, L, ar);
    if (h->on_line != NULL)
        h->on_line(h->on_line_context, L, ar);
}

void host_spend(lua_State *L, int64_t steps)
{
    struct host *h = host_of(L);
    h->steps_left -= steps;
    h->clock_in -= steps;
    if (h->steps_left < 0)
        raise_spent(L);
    if (h->clock_in <= 0)
        check_clock(L);
}

static void arm(struct host *h)
{
    int lines = h->lines != NULL || h->on_line != NULL ? LUA_MASKLINE : 0;
    lua_sethook(h->L, count_steps, LUA_MASKCOUNT | lines, h->interval);
}

void host_watch_lines(struct host *h, void (*on_line)(void *context, lua_State *L, lua_Debug *ar),
                      void *context)
{
    h->on_line = on_line;
    h->on_line_context = context;
    arm(h);
}

void host_begin(struct host *h)
{
    h->cpu_spent_ns = 0;
}

void host_refill(struct host *h, int64_t steps)
{
    h->steps_left = h->steps_given = steps;
    h->cpu_since_ns = 0;
    h->interval = h->clock_in = h->interval_kept;
    arm(h);
}

void host_prepay(struct host *h, int64_t steps, int64_t most)
{
    host_refill(h, steps);
    if (most == 0 || most > steps || h->interval != INTERVAL_MOST || h->lines != NULL)
        return;
    h->steps_left -= most;
    lua_sethook(h->L, NULL, 0, 0); /* host_expect sets it again once something large is made */
}

void budget_settle(struct host *h)
{
    if (h->cpu_since_ns != 0)
        h->cpu_spent_ns += cpu_now_ns() - h->cpu_since_ns;
    h->cpu_since_ns = 0;
}

void host_expect(struct host *h, size_t len)
{
    if (len <= (size_t)INTERVAL_BYTES / (size_t)h->interval)
        return;
    while (h->interval > INTERVAL_LEAST && len > (size_t)INTERVAL_BYTES / (size_t)h->interval)
        h->interval /= 2;
    if (!h->decides)
        h->interval_kept = h->interval;
    h->clock_in = h->interval;
    if (h->L != NULL)
        arm(h);
}

/* ---- memory ---- */

static void refuse_memory(struct host *h, const char *what)
{
    h->refused_what = what;
    h->refused_where[0] = h->refused_from[0] = '\0';
    if (h->L == NULL)
        return;
    /* Asking where takes no memory, and the line would be lost once Lua unwinds. */
    host_where(h->L, h->refused_where, sizeof h->refused_where);
    host_from(h->L, h->refused_from, sizeof h->refused_from);
}

static bool fits(struct host *h, size_t old_len, size_t len, bool is_string)
{
    if (is_string && !h->trusts && len > h->limits.string_len + STRING_HEADER_LEN) {
        refuse_memory(h, "a string that is too long");
    } else if (len - old_len > h->limits.heap_len ||
               h->heap_len > h->limits.heap_len - (len - old_len)) {
        refuse_memory(h, "memory");
    }
    return h->refused_what == NULL;
}

/* Lua tells what a new block is for: a kind of object, or 0 for an array or a hash. */
static int64_t cost_of(bool is_new, size_t kind, size_t len)
{
    if (!is_new)
        return (int64_t)(len / BYTES_A_STEP);
    if (kind == LUA_TSTRING)
        return STEPS_A_STRING + (int64_t)(len / BYTES_A_STEP);
    if (kind == 0)
        return (int64_t)(len / TABLE_BYTES_A_STEP);
    return STEPS_AN_OBJECT + (int64_t)(len / BYTES_A_STEP);
}

void *budget_allocate(void *context, void *old, size_t old_len, size_t len)
{
    struct host *h = context;
    if (len == 0) {
        if (old != NULL)
            h->heap_len -= old_len;
        free(old);
        return NULL;
    }
    size_t kind = old == NULL ? old_len : 0;
    bool is_string = old == NULL && kind == LUA_TSTRING;
    if (old == NULL)
        old_len = 0;
    if (len > old_len && (h->refused_what != NULL || !fits(h, old_len, len, is_string)))
        return NULL;
    void *grown = realloc(old, len);
    if (grown == NULL) {
        if (len <= old_len)
            return old; /* Lua takes it for granted that shrinking works */
        h->stop = STOP_MEMORY;
        h->refused_what = "the machine's memory";
        return NULL;
    }
    h->heap_len = h->heap_len - old_len + len;
    h->steps_left -= cost_of(old == NULL, kind, len);
    if (!h->trusts)
        host_expect(h, is_string ? len : len / BLOCK_PART);
    return grown;
}

void host_tidy(struct host *h)
{
    if (h->heap_len < h->settled_len + h->limits.heap_len / TIDY_PART)
        return;
    lua_gc(h->L, LUA_GCCOLLECT);
    h->settled_len = h->heap_len;
}

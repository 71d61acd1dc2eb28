/* host.c - one bounded Lua state: the allocator's cap, the step budget, the door, and where an error happened. */
#include "script/host.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "embedded.h"
#include "script/library.h"
#include "script/syntax.h"

enum {
    STEPS_DEFAULT = 1000000, /* 3-15 ms; a real policy takes hundreds */
    HEAP_LEN_DEFAULT = 16 * 1024 * 1024,
    STRING_LEN_DEFAULT = 64 * 1024,
    HOOK_STEPS = 250,  /* any count makes the VM trace every step, so this one costs no more */
    TIDY_PART = 16,    /* of the cap: so much garbage may lie about between evaluations */
    BYTES_A_STEP = 64, /* copying this much counts as a step: `s .. s` is one step for 64 KiB */
    STRING_HEADER_LEN = 64, /* at least what Lua adds to a string's bytes */
    PRINTS_MAX = 100
};
/* A plain step takes 3-15 ns. A step that compares long strings or moves many values takes far more, and only time tells;
 * what fills the memory within its steps takes up to 200 ns a step. */
static const int64_t CPU_NS_A_STEP = 400, CPU_NS_LEAST = 50000000;

/* Embedded files are named like this, so that an error never points the user at a line that is not theirs. */
static const char OWN_SOURCE[] = "=";
/* Some editors put it before the first line. */
static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

struct host *host_of(lua_State *L)
{
    return *(struct host **)lua_getextraspace(L);
}

static int64_t cpu_now_ns(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- where ---- */

int host_where(lua_State *L, char *out, size_t out_len)
{
    lua_Debug ar;
    out[0] = '\0';
    for (int level = 0; lua_getstack(L, level, &ar) == 1; level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline > 0 && ar.source[0] == '@') {
            snprintf(out, out_len, "%s:%d", ar.source + 1, ar.currentline);
            return ar.currentline;
        }
    }
    return 0;
}

void refuse(lua_State *L, const char *fmt, ...)
{
    char text[sizeof((struct spurn_error *)0)->text];
    char where[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    host_where(L, where, sizeof where);
    host_of(L)->is_placed = where[0] != '\0';
    lua_pushfstring(L, "%s%s%s", where, where[0] ? ": " : "", text);
    lua_error(L);
    abort(); /* lua_error does not return; this tells the compiler */
}

void refuse_at(lua_State *L, const char *where, const char *message)
{
    host_of(L)->is_placed = true;
    lua_pushfstring(L, "%s: %s", where, message);
    lua_error(L);
    abort();
}

/* ---- memory ---- */

void host_raise_memory(lua_State *L)
{
    host_of(L)->stop = STOP_MEMORY;
    lua_pushnil(L);
    lua_error(L);
    abort();
}

static void *refuse_memory(struct host *h, const char *what)
{
    if (h->refused_what != NULL)
        return NULL;
    h->refused_what = what;
    h->refused_where[0] = '\0';
    /* Asking where takes no memory, and the line would be lost once Lua unwinds. */
    if (h->L != NULL)
        host_where(h->L, h->refused_where, sizeof h->refused_where);
    return NULL;
}

/* Once something was refused nothing more is granted until the next enter(): Lua's own retry after an emergency collection,
 * and whatever the policy would do next, must not go on. */
static void *allocate(void *context, void *old, size_t old_len, size_t len)
{
    struct host *h = context;
    if (len == 0) {
        if (old != NULL)
            h->heap_len -= old_len;
        free(old);
        return NULL;
    }
    bool is_string = old == NULL && old_len == LUA_TSTRING;
    if (old == NULL)
        old_len = 0;
    if (len > old_len) {
        if (h->refused_what != NULL)
            return NULL;
        if (is_string && !h->trusts && len > h->limits.string_len + STRING_HEADER_LEN)
            return refuse_memory(h, "a string that is too long");
        if (len - old_len > h->limits.heap_len ||
            h->heap_len > h->limits.heap_len - (len - old_len))
            return refuse_memory(h, "memory");
    }
    void *grown = realloc(old, len);
    if (grown == NULL) {
        if (len <= old_len)
            return old; /* Lua takes it for granted that shrinking works */
        h->stop = STOP_MEMORY;
        h->refused_what = "the machine's memory";
        return NULL;
    }
    h->heap_len = h->heap_len - old_len + len;
    h->steps_left -= (int64_t)(len / BYTES_A_STEP);
    return grown;
}

/* ---- steps ---- */

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
    int64_t allowed = h->steps_given * CPU_NS_A_STEP;
    return allowed < CPU_NS_LEAST ? CPU_NS_LEAST : allowed;
}

/* The processor's clock costs more than a small function does, so it is first read once some steps were taken. */
static void check_clock(lua_State *L)
{
    struct host *h = host_of(L);
    h->clock_in = HOOK_STEPS;
    if (h->cpu_until_ns == 0)
        h->cpu_until_ns = cpu_now_ns() + cpu_allowed_ns(h);
    else if (cpu_now_ns() > h->cpu_until_ns) {
        h->stop = STOP_STEPS;
        refuse(L, "ran out of time: its steps took %lld ms of processor time",
               (long long)(cpu_allowed_ns(h) / 1000000));
    }
}

static void count_steps(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    host_spend(L, HOOK_STEPS);
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

void host_refill(struct host *h, int64_t steps)
{
    h->steps_left = h->steps_given = steps;
    h->cpu_until_ns = 0;
    h->clock_in = HOOK_STEPS;
    lua_sethook(h->L, count_steps, LUA_MASKCOUNT, HOOK_STEPS);
}

void host_tidy(struct host *h)
{
    if (h->heap_len < h->settled_len + h->limits.heap_len / TIDY_PART)
        return;
    lua_gc(h->L, LUA_GCCOLLECT);
    h->settled_len = h->heap_len;
}

/* ---- the door ---- */

/* Lua shortens the names of files in its own messages ("...licies/x.lua:3: "); gives back the whole name. */
static bool lengthen_source(lua_State *L, const char *message, const char *source,
                            const char *short_source)
{
    size_t short_len = strlen(short_source);
    if (source[0] != '@' || strncmp(message, short_source, short_len) != 0 ||
        message[short_len] != ':')
        return false;
    lua_pushfstring(L, "%s%s", source + 1, message + short_len);
    return true;
}

static int explain(lua_State *L)
{
    if (host_of(L)->is_placed)
        return 1;
    if (lua_type(L, 1) != LUA_TSTRING) {
        char where[256];
        host_where(L, where, sizeof where);
        lua_pushfstring(L, "%s%sraised %s, not a message", where, where[0] ? ": " : "",
                        luaL_typename(L, 1));
        return 1;
    }
    const char *message = lua_tostring(L, 1);
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar) == 1; level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline <= 0 || ar.source[0] != '@')
            continue;
        if (lengthen_source(L, message, ar.source, ar.short_src))
            return 1;
        lua_pushfstring(L, "%s:%d: %s", ar.source + 1, ar.currentline, message);
        return 1;
    }
    lua_settop(L, 1);
    return 1;
}

static enum spurn_status fail_stopped(struct host *h, int status, struct spurn_error *err)
{
    if (h->stop == STOP_MEMORY)
        return spurn_fail_memory(err);
    if (h->refused_what != NULL) {
        h->stop = STOP_HEAP;
        return spurn_fail(err, SPURN_E_POLICY,
                          "%s%sasked for %s: %zu KiB in all and %zu KiB in one string are allowed",
                          h->refused_where, h->refused_where[0] ? ": " : "", h->refused_what,
                          h->limits.heap_len / 1024, h->limits.string_len / 1024);
    }
    if (h->stop == STOP_NONE)
        h->stop = STOP_RAISED;
    const char *message = lua_type(h->L, -1) == LUA_TSTRING ? lua_tostring(h->L, -1) : NULL;
    return spurn_fail(err, SPURN_E_POLICY, "%s",
                      message != NULL        ? message
                      : status == LUA_ERRERR ? "failed while it described an error"
                                             : "failed without saying why");
}

/* A message may hold what a policy put into it; it stays one line. */
static void keep_to_one_line(struct spurn_error *err)
{
    if (err == NULL)
        return;
    for (char *c = err->text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    err->text[text_utf8_len(text_of(err->text))] = '\0';
}

enum spurn_status enter(struct host *h, lua_CFunction body, void *args, struct spurn_error *err)
{
    lua_State *L = h->L;
    h->stop = STOP_NONE;
    h->refused_what = NULL;
    h->is_placed = false;
    lua_pushcfunction(L, explain);
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, args); // explain body args
    int status = lua_pcall(L, 1, 0, 1);
    enum spurn_status result = SPURN_OK;
    if (status != LUA_OK) {
        result = fail_stopped(h, status, err);
        keep_to_one_line(err);
    }
    lua_settop(L, 0);
    h->trusts = false;
    if (h->stop == STOP_HEAP) {
        /* What filled the heap is garbage now; the next evaluation starts with it gone. */
        h->refused_what = NULL;
        lua_gc(L, LUA_GCCOLLECT);
    }
    return result;
}

/* ---- opening ---- */

/* Nothing protected runs yet, so reaching this is a defect; Lua would call abort() itself. */
static int panic(lua_State *L)
{
    (void)L;
    return 0;
}

static int open_body(lua_State *L)
{
    library_open(L);
    return 0;
}

enum spurn_status host_open(const struct script_limits *limits, const struct log *log,
                            struct host **out, struct spurn_error *err)
{
    enum spurn_status status = SPURN_E_MEMORY;
    *out = NULL;
    struct host *h = calloc(1, sizeof *h);
    if (h == NULL)
        return spurn_fail_memory(err);
    if (limits != NULL)
        h->limits = *limits;
    if (h->limits.steps == 0)
        h->limits.steps = STEPS_DEFAULT;
    if (h->limits.heap_len == 0)
        h->limits.heap_len = HEAP_LEN_DEFAULT;
    if (h->limits.string_len == 0)
        h->limits.string_len = STRING_LEN_DEFAULT;
    h->log = log;
    h->prints_left = PRINTS_MAX;
    h->L = lua_newstate(allocate, h);
    if (h->L == NULL) {
        status = spurn_fail_memory(err);
        goto done;
    }
    *(struct host **)lua_getextraspace(h->L) = h;
    lua_atpanic(h->L, panic);
    /* Collect early: what counts against the cap is then mostly alive. */
    lua_gc(h->L, LUA_GCINC, 150, 200, 0);
    host_refill(h, h->limits.steps);
    status = enter(h, open_body, NULL, err);
done:
    if (status == SPURN_OK)
        *out = h;
    else
        host_close(h);
    return status;
}

void host_close(struct host *h)
{
    if (h == NULL)
        return;
    if (h->L != NULL)
        lua_close(h->L);
    free(h);
}

/* ---- chunks ---- */

/* "[...]tail:3: what" becomes "path:3: what". */
static void raise_syntax(lua_State *L, struct spurn_text text, const char *path)
{
    const char *message = lua_tostring(L, -1);
    const char *colon = message;
    while (colon != NULL && colon[strspn(colon, ":0123456789")] != ' ')
        colon = strchr(colon + 1, ':');
    if (strstr(message, "binary chunk") != NULL)
        refuse_at(L, path, "this is compiled Lua; give its text");
    lua_pushfstring(L, "%s%s%s", path, colon != NULL ? colon : ": ", colon != NULL ? "" : message);
    char cure[SYNTAX_CURE_LEN];
    syntax_cure(text, colon != NULL ? colon : message, cure);
    lua_pushfstring(L, "%s%s", lua_tostring(L, -1), cure);
    host_of(L)->is_placed = true;
    lua_error(L);
}

void host_push_chunk(lua_State *L, struct spurn_text text, const char *path)
{
    if (text_starts(text, BYTE_ORDER_MARK)) {
        text.at += sizeof BYTE_ORDER_MARK - 1;
        text.len -= sizeof BYTE_ORDER_MARK - 1;
    }
    lua_pushfstring(L, "@%s", path); // environment name
    int status = luaL_loadbufferx(L, text.at, text.len, lua_tostring(L, -1), "t");
    if (status == LUA_ERRSYNTAX)
        raise_syntax(L, text, path);
    if (status == LUA_ERRRUN)
        refuse_at(L, path, "parentheses, tables or operators nest too deep");
    if (status != LUA_OK)
        lua_error(L);
    lua_remove(L, -2); // environment chunk
    lua_insert(L, -2);
    lua_setupvalue(L, -2, 1); // chunk
}

static int lua_refuse(lua_State *L)
{
    refuse(L, "%s", luaL_checkstring(L, 1));
}

void host_push_module(lua_State *L, const char *embedded_path, int nargs)
{
    static const luaL_Reg privileged[] = {{"refuse", lua_refuse}, {NULL, NULL}};
    struct spurn_text text = embedded_text(embedded_path);
    if (text.at == NULL)
        refuse(L, "cannot run %s: it is not built in", embedded_path);
    lua_pushfstring(L, "%s%s", OWN_SOURCE, embedded_path);
    int status = luaL_loadbufferx(L, text.at, text.len, lua_tostring(L, -1), "t");
    if (status != LUA_OK)
        lua_error(L);
    lua_remove(L, -2); // ... chunk
    host_push_environment(L);
    library_add_privileged(L);
    luaL_setfuncs(L, privileged, 0);
    lua_setupvalue(L, -2, 1);
    lua_insert(L, -nargs - 1); // chunk ...
    lua_call(L, nargs, 1);
}

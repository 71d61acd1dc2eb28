/* host.c - one bounded Lua state: opening it, the door into it, where an error happened, reading texts. */
#include "script/sandbox/host.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "embedded.h"
#include "script/sandbox/budget.h"
#include "script/sandbox/library.h"
#include "script/strict/syntax.h"

enum {
    PRINTS_MAX = 100,
    PIECE_LEN = 512,
    COMPILED_BYTES_A_STEP = 1,
    CALLERS_MAX = 8,   /* shown behind an error */
    LEVELS_MAX = 1000, /* looked at for them */
};

/* Embedded files are named like this, so that an error never points the user at a line that is not theirs. */
static const char OWN_SOURCE[] = "=";
/* Some editors put it before the first line. */
static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

struct host *host_of(lua_State *L)
{
    return *(struct host **)lua_getextraspace(L);
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

static const char *file_of(const char *source)
{
    const char *slash = strrchr(source, '/');
    return slash != NULL ? slash + 1 : source + 1;
}

void host_from(lua_State *L, char *out, size_t out_len)
{
    lua_Debug ar;
    size_t len = 0;
    int last_line = 0, shown = -1; /* the first is not a caller */
    out[0] = '\0';
    for (int level = 0; level < LEVELS_MAX && lua_getstack(L, level, &ar) == 1; level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline <= 0 || ar.source[0] != '@' || ar.currentline == last_line)
            continue; /* a function that calls itself is told once */
        last_line = ar.currentline;
        if (++shown == 0)
            continue;
        if (shown > CALLERS_MAX || len + strlen(ar.source) + 32 > out_len)
            break;
        len +=
            (size_t)snprintf(out + len, out_len - len, "%s%s:%d",
                             shown == 1 ? " (called from " : ", ", file_of(ar.source), last_line);
    }
    if (len > 0)
        snprintf(out + len, out_len - len, ")");
}

void host_abandon(lua_State *L)
{
    host_of(L)->stop = STOP_RAISED;
    lua_pushnil(L);
    lua_error(L);
    abort(); /* lua_error does not return; this tells the compiler */
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
    abort();
}

void refuse_at(lua_State *L, const char *where, const char *message)
{
    host_of(L)->is_placed = true;
    lua_pushfstring(L, "%s: %s", where, message);
    lua_error(L);
    abort();
}

void host_raise_memory(lua_State *L)
{
    host_of(L)->stop = STOP_MEMORY;
    lua_pushnil(L);
    lua_error(L);
    abort();
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

/* Puts before the message on the top which line of the user's file raised it. */
static void add_where(lua_State *L)
{
    const char *message = lua_tostring(L, -1);
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar) == 1; level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline <= 0 || ar.source[0] != '@')
            continue;
        if (!lengthen_source(L, message, ar.source, ar.short_src))
            lua_pushfstring(L, "%s:%d: %s", ar.source + 1, ar.currentline, message);
        return;
    }
}

static int explain(lua_State *L)
{
    const char *cure = "";
    struct host *h = host_of(L);
    char from[HOST_FROM_LEN];
    if (lua_isnil(L, 1) && h->stop != STOP_NONE)
        return 1; /* host_abandon, host_raise_memory */
    if (lua_type(L, 1) != LUA_TSTRING) {
        lua_pushfstring(L, "raised %s, not a message", luaL_typename(L, 1));
        add_where(L);
    } else if (!h->is_placed) {
        cure = syntax_run_cure(lua_tostring(L, 1));
        add_where(L);
    }
    host_from(L, from, sizeof from);
    if (from[0] != '\0' || *cure != '\0')
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), cure, from);
    return 1;
}

static enum spurn_status fail_refused(struct host *h, struct spurn_error *err)
{
    const char *colon = h->refused_where[0] != '\0' ? ": " : "";
    h->stop = STOP_HEAP;
    return spurn_fail(err, SPURN_E_POLICY,
                      "%s%sasked for %s: %zu KiB in all and %zu KiB in one string are allowed%s",
                      h->refused_where, colon, h->refused_what, h->limits.heap_len / 1024,
                      h->limits.string_len / 1024, h->refused_from);
}

static enum spurn_status fail_stopped(struct host *h, int status, struct spurn_error *err)
{
    if (h->stop == STOP_MEMORY)
        return spurn_fail_memory(err);
    if (h->refused_what != NULL)
        return fail_refused(h, err);
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
    if (h->refused_what != NULL) {
        /* What filled the heap is garbage now; the next evaluation starts with it gone. */
        h->refused_what = NULL;
        lua_gc(L, LUA_GCCOLLECT);
    }
    budget_settle(h);
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
    budget_init(h, limits);
    h->log = log;
    h->prints_left = PRINTS_MAX;
    h->L = lua_newstate(budget_allocate, h);
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

/* Lua's compiler counts no steps, and takes a time that grows with the square of some texts, so it gets them piece by piece. */
static const char *read_piece(lua_State *L, void *context, size_t *len)
{
    struct spurn_text *text = context;
    const char *piece = text->at;
    *len = text->len < PIECE_LEN ? text->len : PIECE_LEN;
    host_spend(L, (int64_t)(*len / COMPILED_BYTES_A_STEP));
    text->at += *len;
    text->len -= *len;
    return piece;
}

void host_push_chunk(lua_State *L, struct spurn_text text, const char *path)
{
    if (text_starts(text, BYTE_ORDER_MARK)) {
        text.at += sizeof BYTE_ORDER_MARK - 1;
        text.len -= sizeof BYTE_ORDER_MARK - 1;
    }
    struct spurn_text left = text;
    lua_pushfstring(L, "@%s", path); // environment name
    int status = lua_load(L, read_piece, &left, lua_tostring(L, -1), "t");
    if (status == LUA_ERRSYNTAX)
        raise_syntax(L, text, path);
    if (status == LUA_ERRRUN && host_of(L)->stop == STOP_NONE)
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

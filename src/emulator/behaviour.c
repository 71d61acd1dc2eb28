/* behaviour.c - the door to the Lua that says how each cloud behaves. That Lua is our own and trusted; it is still entered
 * through one protected call, so that a defect there is an answer with status 500 and not the end of the process. */
#include "emulator/behaviour.h"

#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "clock.h"
#include "embedded.h"
#include "emulator/form.h"
#include "emulator/verify.h"
#include "json.h"

int luaopen_cjson(lua_State *L); /* not every system has a header for it */

enum {
    REGIONS_MAX = 64,
    REGIONS_MEMORY = 1024 * 1024,
    QUOTED_MAX = 1024 * 1024,
    HTTP_INTERNAL = 500
};

struct behaviour {
    lua_State *L;
    struct digest *digest;
    const struct log *log;
    int answer;        /* registry reference of the function that answers */
    struct buf quoted; /* scratch of host_quote */
    struct arena arena;
    struct spurn_text regions[REGIONS_MAX]; /* in `arena` */
    size_t region_count;
    /* Of the request that is being answered; NULL in between. */
    const struct server_request *request;
    const struct claim *claim;
    struct arena *request_arena;
};

/* ---- the one door ---- */

static enum spurn_status enter(struct behaviour *b, lua_CFunction body, void *args,
                               enum spurn_status on_error, struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    lua_pushcfunction(b->L, body);
    lua_pushlightuserdata(b->L, args);
    int result = lua_pcall(b->L, 1, 0, 0);
    if (result == LUA_ERRMEM)
        status = spurn_fail_memory(err);
    else if (result != LUA_OK)
        status = spurn_fail(err, on_error, "%s",
                            lua_isstring(b->L, -1) ? lua_tostring(b->L, -1) : "unknown error");
    lua_settop(b->L, 0);
    return status;
}

static void push_text(lua_State *L, struct spurn_text text)
{
    if (text.at)
        lua_pushlstring(L, text.at, text.len);
    else
        lua_pushnil(L);
}

static void set_text(lua_State *L, const char *field, struct spurn_text text)
{
    push_text(L, text);
    lua_setfield(L, -2, field);
}

/* ---- what the host offers to Lua ---- */

static struct behaviour *host_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static struct spurn_text check_text(lua_State *L, int index)
{
    struct spurn_text text;
    text.at = luaL_checklstring(L, index, &text.len);
    return text;
}

/* signed_by(secret): true, or false and why not. */
static int host_signed_by(lua_State *L)
{
    struct behaviour *b = host_of(L);
    struct spurn_text secret = check_text(L, 1);
    luaL_argcheck(L, b->request, 1, "no request is being answered");
    const char *why = claim_refute(b->digest, b->request, b->claim, secret, b->request_arena);
    lua_pushboolean(L, !why);
    lua_pushstring(L, why);
    return 2;
}

/* uuid(text): the same text always gives the same one. */
static int host_uuid(lua_State *L)
{
    char uuid[37];
    if (!digest_uuid5_url(host_of(L)->digest, check_text(L, 1), uuid))
        return luaL_error(L, "no memory for a digest");
    lua_pushstring(L, uuid);
    return 1;
}

/* quote(text): as a JSON string. */
static int host_quote(lua_State *L)
{
    struct buf *quoted = &host_of(L)->quoted;
    buf_reset(quoted);
    json_put_text(quoted, check_text(L, 1));
    if (quoted->failed)
        return luaL_error(L, "no memory for a string");
    push_text(L, buf_text(quoted));
    return 1;
}

/* random(): 32 hex digits that nobody can guess. */
static int host_random(lua_State *L)
{
    uint8_t bytes[16];
    char hex[sizeof bytes * 2 + 1];
    if (!digest_random(bytes, sizeof bytes))
        return luaL_error(L, "no randomness");
    digest_hex(bytes, sizeof bytes, hex);
    lua_pushstring(L, hex);
    return 1;
}

/* seconds("1d12h"): nil when that is no duration. */
static int host_seconds(lua_State *L)
{
    int64_t seconds = 0;
    if (clock_parse_duration(check_text(L, 1), &seconds))
        lua_pushinteger(L, seconds);
    else
        lua_pushnil(L);
    return 1;
}

/* instant("2026-11-22T03:10:00Z"): milliseconds, or nil. */
static int host_instant(lua_State *L)
{
    int64_t ms = 0;
    if (clock_parse_iso(check_text(L, 1), &ms))
        lua_pushinteger(L, ms);
    else
        lua_pushnil(L);
    return 1;
}

/* iso(ms): 2026-11-22T03:10:00.024Z */
static int host_iso(lua_State *L)
{
    char iso[29];
    clock_format_iso_ms(luaL_checkinteger(L, 1), iso);
    lua_pushstring(L, iso);
    return 1;
}

/* form(text, is_body): a table of names and values; of a name that is there twice, the last. */
static int host_form(lua_State *L)
{
    struct behaviour *b = host_of(L);
    struct spurn_text rest = check_text(L, 1), name, value;
    enum form_kind kind = lua_toboolean(L, 2) ? FORM_BODY : FORM_QUERY;
    luaL_argcheck(L, b->request, 1, "no request is being answered");
    lua_newtable(L);
    while (form_next(&rest, kind, b->request_arena, &name, &value)) {
        push_text(L, name);  // form name
        push_text(L, value); // form name value
        lua_settable(L, -3); // form
    }
    return 1;
}

static const luaL_Reg host_functions[] = {
    {"signed_by", host_signed_by}, {"uuid", host_uuid},       {"random", host_random},
    {"seconds", host_seconds},     {"instant", host_instant}, {"iso", host_iso},
    {"form", host_form},           {"quote", host_quote},     {NULL, NULL},
};

/* ---- modules: require "emulator.aws" finds lua/emulator/aws.lua among what was built in ---- */

static int find_module(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    const char *path =
        lua_pushfstring(L, "lua/%s.lua", luaL_gsub(L, name, ".", "/")); // name gsubbed path
    struct spurn_text text = embedded_text(path);
    if (!text.at) {
        lua_pushfstring(L, "no file '%s' was built in", path);
        return 1;
    }
    const char *chunk = lua_pushfstring(L, "@%s", path);
    if (luaL_loadbufferx(L, text.at, text.len, chunk, "t") != LUA_OK)
        return lua_error(L);
    return 1;
}

static void open_libraries(lua_State *L)
{
    luaL_openlibs(L);
    lua_getglobal(L, "package");         // package
    lua_getfield(L, -1, "preload");      // package preload
    lua_pushcfunction(L, luaopen_cjson); // package preload open
    lua_setfield(L, -2, "cjson");        // package preload
    lua_getfield(L, -2, "searchers");    // package preload searchers
    lua_pushcfunction(L, find_module);   // package preload searchers find
    lua_rawseti(L, -2, 2);               // package preload searchers
    for (int i = 3; i <= 4; i++) {       // nothing is loaded from the machine's own paths
        lua_pushnil(L);
        lua_rawseti(L, -2, i);
    }
    lua_pop(L, 3);
}

/* ---- opening ---- */

struct opening {
    struct behaviour *behaviour;
    const struct behaviour_options *options;
};

static void push_faults(lua_State *L, const struct behaviour_options *options)
{
    lua_createtable(L, (int)options->fault_count, 0);
    for (size_t i = 0; i < options->fault_count; i++) {
        lua_pushstring(L, options->faults[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void keep_regions(lua_State *L, struct behaviour *b)
{
    bool ok = true;
    lua_Integer count = luaL_len(L, -1);
    if (count > REGIONS_MAX)
        luaL_error(L, "scenario: more than %d regions of Alibaba Cloud", REGIONS_MAX);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        b->regions[b->region_count++] = arena_copy(&b->arena, check_text(L, -1), &ok);
        lua_pop(L, 1);
    }
    if (!ok)
        luaL_error(L, "no memory for regions");
}

static int open_state(lua_State *L)
{
    struct behaviour *b = lua_touserdata(L, 1);
    lua_gc(L, LUA_GCGEN, 0, 0); /* most of what there is stays for good */
    open_libraries(L);
    luaL_newlibtable(L, host_functions); // host
    lua_pushlightuserdata(L, b);         // host behaviour
    luaL_setfuncs(L, host_functions, 1); // host
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, -2);                 // host loaded host
    lua_setfield(L, -2, "emulator.host"); // host loaded
    return 0;
}

static int check_faults(lua_State *L)
{
    const struct opening *opening = lua_touserdata(L, 1);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "emulator.faults");
    lua_call(L, 1, 1);                // faults
    lua_getfield(L, -1, "read");      // faults read
    push_faults(L, opening->options); // faults read specs
    lua_call(L, 1, 0);
    return 0;
}

static int open_scenario(lua_State *L)
{
    const struct opening *opening = lua_touserdata(L, 1);
    struct behaviour *b = opening->behaviour;
    lua_getglobal(L, "require");
    lua_pushliteral(L, "emulator.emulator");
    lua_call(L, 1, 1);                            // emulator
    lua_getfield(L, -1, "open");                  // emulator open
    push_text(L, opening->options->scenario);     // emulator open scenario
    push_faults(L, opening->options);             // emulator open scenario faults
    lua_pushinteger(L, opening->options->now_ms); // emulator open scenario faults now
    lua_call(L, 3, 2);                            // emulator answer regions
    keep_regions(L, b);
    lua_pop(L, 1);
    b->answer = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

enum spurn_status behaviour_open(const struct behaviour_options *options, struct behaviour **out,
                                 struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status = SPURN_OK;
    struct behaviour *b = calloc(1, sizeof *b);
    struct opening opening = {b, options};
    if (!b)
        return spurn_fail_memory(err);
    b->digest = options->digest;
    b->log = options->log;
    arena_init(&b->arena, REGIONS_MEMORY);
    buf_init(&b->quoted, QUOTED_MAX);
    b->L = luaL_newstate();
    if (!b->L) {
        status = spurn_fail_memory(err);
        goto done;
    }
    status = enter(b, open_state, b, SPURN_E_INTERNAL, err);
    if (!status)
        status = enter(b, check_faults, &opening, SPURN_E_USAGE, err);
    if (!status)
        status = enter(b, open_scenario, &opening, SPURN_E_CONFIG, err);
    if (status)
        goto done;
    *out = b;
    b = NULL;
done:
    behaviour_close(b);
    return status;
}

void behaviour_close(struct behaviour *b)
{
    if (!b)
        return;
    if (b->L)
        lua_close(b->L);
    arena_clear(&b->arena);
    buf_clear(&b->quoted);
    free(b);
}

struct spurn_text behaviour_alibaba_region(const struct behaviour *b, size_t index)
{
    return index < b->region_count ? b->regions[index] : TEXT_ABSENT;
}

/* ---- answering ---- */

struct answering {
    struct behaviour *behaviour;
    const struct behaviour_port *port;
    int64_t now_ms;
    const struct server_request *request;
    const struct claim *claim;
    struct server_response *response;
    struct arena *arena;
};

static void push_claim(lua_State *L, const struct claim *claim)
{
    lua_newtable(L);
    set_text(L, "scheme", text_of(claim_scheme_name(claim->scheme)));
    set_text(L, "problem", text_of(claim->problem));
    set_text(L, "key_id", claim->key_id);
    set_text(L, "token", claim->token);
    set_text(L, "nonce", claim->nonce);
    set_text(L, "region", claim->region);
    set_text(L, "service", claim->service);
    set_text(L, "time", claim->time);
    if (claim->time_ms) {
        lua_pushinteger(L, claim->time_ms);
        lua_setfield(L, -2, "time_ms");
    }
}

/* Names in lower case. */
static void push_headers(lua_State *L, const struct answering *a)
{
    lua_newtable(L);
    for (size_t i = 0; i < a->request->header_count; i++) {
        struct spurn_text name = a->request->headers[i].name;
        luaL_Buffer lower;
        char *at = luaL_buffinitsize(L, &lower, name.len);
        for (size_t c = 0; c < name.len; c++)
            at[c] = name.at[c] >= 'A' && name.at[c] <= 'Z' ? (char)(name.at[c] + 32) : name.at[c];
        luaL_pushresultsize(&lower, name.len);                   // headers name
        push_text(L, verify_header(a->request, name, a->arena)); // headers name value
        lua_settable(L, -3);                                     // headers
    }
}

static void push_request(lua_State *L, const struct answering *a)
{
    lua_newtable(L);
    set_text(L, "cloud", text_of(a->port->cloud));
    set_text(L, "region", a->port->region);
    set_text(L, "method", a->request->method);
    set_text(L, "path", a->request->path);
    set_text(L, "query", a->request->query);
    set_text(L, "body", a->request->body);
    push_headers(L, a);
    lua_setfield(L, -2, "headers");
    push_claim(L, a->claim);
    lua_setfield(L, -2, "claim");
    lua_pushinteger(L, a->now_ms);
    lua_setfield(L, -2, "now_ms");
}

static lua_Integer take_integer(lua_State *L, const char *field)
{
    lua_getfield(L, -1, field);
    lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static struct spurn_text copy_string(lua_State *L, int index, struct arena *arena)
{
    bool ok = true;
    struct spurn_text copy = arena_copy(arena, check_text(L, index), &ok);
    if (!ok)
        luaL_error(L, "no memory for the answer");
    return copy;
}

static void take_headers(lua_State *L, struct server_response *response, struct arena *arena)
{
    lua_getfield(L, -1, "headers"); // answer headers
    lua_pushnil(L);
    while (lua_next(L, -2)) { // answer headers name value
        if (response->header_count == REPLY_HEADERS_MAX)
            luaL_error(L, "too many headers in the answer");
        response->headers[response->header_count++] =
            (struct header){copy_string(L, -2, arena), copy_string(L, -1, arena)};
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static int answer_body(lua_State *L)
{
    const struct answering *a = lua_touserdata(L, 1);
    struct server_response *response = a->response;
    lua_rawgeti(L, LUA_REGISTRYINDEX, a->behaviour->answer); // function
    push_request(L, a);                                      // function request
    lua_call(L, 1, 1);                                       // answer
    luaL_checktype(L, -1, LUA_TTABLE);
    response->http_status = (int)take_integer(L, "status");
    response->delay_ms = take_integer(L, "delay_ms");
    response->cut_after = (size_t)take_integer(L, "cut_after");
    lua_getfield(L, -1, "drop"); // answer drop
    response->drop = lua_toboolean(L, -1);
    lua_pop(L, 1);
    take_headers(L, response, a->arena);
    lua_getfield(L, -1, "body"); // answer body
    response->body = copy_string(L, -1, a->arena);
    return 0;
}

void behaviour_answer(struct behaviour *b, const struct behaviour_port *port, int64_t now_ms,
                      const struct server_request *request, struct server_response *response,
                      struct arena *arena)
{
    struct claim claim;
    struct spurn_error err;
    claim_read(request, arena, &claim);
    struct answering answering = {b, port, now_ms, request, &claim, response, arena};
    b->request = request;
    b->claim = &claim;
    b->request_arena = arena;
    enum spurn_status status = enter(b, answer_body, &answering, SPURN_E_INTERNAL, &err);
    b->request = NULL;
    b->claim = NULL;
    b->request_arena = NULL;
    if (!status)
        return;
    log_error(b->log, "cannot answer %.*s: %s", TEXT_ARG(request->target), err.text);
    *response = (struct server_response){.http_status = HTTP_INTERNAL,
                                         .body = text_of("the emulator has a defect\n")};
}

/* functions.c - plain functions as conditions: what they may hold, and asking them. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "script/sandbox/library.h"
#include "script/words/vocabulary.h"

/* ---- what a function may hold ---- */

enum {
    HELD_DEPTH_MAX = 100, /* of tables in tables, functions in functions */
    STEPS_A_HELD = 8,
    TOKENS_MOST =
        1000, /* of a function that is not counted: even slow ones are over in a millisecond or so */
    VM_STEPS_A_TOKEN = 2,
    TIMED_FIRST = 16, /* calls of a function that are timed, and then */
    TIMED_EVERY = 64  /* one in so many */
};

struct settling {
    struct policy *policy;
    int line;        /* of the function that stands in a condition */
    int seen;        /* stack index of the table of what was looked at */
    bool holds_code; /* it reaches another function of the policy's, or may */
    int depth;
};

static void settle_value(lua_State *L, struct settling *s, const char *name);

_Noreturn static void refuse_function(lua_State *L, struct settling *s, const char *what,
                                      const char *name, const char *cure)
{
    char where[512];
    snprintf(where, sizeof where, "%s:%d", s->policy->path, s->line);
    refuse_at(L, where, lua_pushfstring(L, "a function that decides %s `%s`%s", what, name, cure));
}

static bool was_seen(lua_State *L, struct settling *s)
{
    lua_pushvalue(L, -1);
    lua_rawget(L, s->seen);
    bool seen = lua_toboolean(L, -1);
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushboolean(L, true);
    lua_rawset(L, s->seen);
    return seen;
}

static bool has_kind(lua_State *L)
{
    if (luaL_getmetafield(L, -1, "__kind") == LUA_TNIL)
        return false;
    lua_pop(L, 1);
    return true;
}

static bool is_environment(lua_State *L, const char *upvalue)
{
    return strcmp(upvalue, "_ENV") == 0 && lua_istable(L, -1);
}

static const char *word_cure(const char *word)
{
    enum field field;
    if (strcmp(word, "keep") == 0 || strcmp(word, "reject") == 0)
        return "; rules stand outside it, and it answers true or false";
    if (strcmp(word, "list") == 0)
        return "; join it to sender (list FILE) with &";
    return field_of(text_of(word), &field) ? "; ask the invitation, as in inv.sender"
                                           : "; ask the invitation, as in inv.age";
}

/* The function on the top: what it assigns to, then what it holds. Tables that it holds are replaced by read-only ones. */
static void settle_function(lua_State *L, struct settling *s)
{
    lua_Debug ar;
    if (lua_iscfunction(L, -1) || was_seen(L, s))
        return;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    if (ar.source[0] != '@')
        return;
    struct strict_function f = words_function_at(L, s->policy, ar.linedefined, ar.lastlinedefined);
    if (f.outside_line > 0) {
        s->line = f.outside_line;
        refuse_function(L, s, "assigns to", f.outside_name,
                        ", which is outside it: nothing but the invitation may sway it; use a "
                        "local of its own");
    }
    if (f.word_line > 0) {
        s->line = f.word_line;
        refuse_function(L, s, "reads the word", f.word, word_cure(f.word));
    }
    int function = lua_gettop(L);
    const char *name;
    for (int i = 1; (name = lua_getupvalue(L, function, i)) != NULL; i++) {
        if (!is_environment(L, name)) {
            settle_value(L, s, name);
            if (lua_istable(L, -1)) {
                host_push_frozen(L, -1);
                lua_setupvalue(L, function, i);
            }
        }
        lua_settop(L, function);
    }
}

static void settle_table(lua_State *L, struct settling *s, const char *name)
{
    if (was_seen(L, s)) {
        s->holds_code = true; /* for all that is known here */
        return;
    }
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        host_spend(L, STEPS_A_HELD);
        settle_value(L, s, name);
        lua_pop(L, 1);
    }
}

/* What is none of these may lead to a function of the policy's: a table of params, or one that was made read-only for another
 * function. What is in a plain table is looked at by itself. */
static bool may_be_code(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING:
        return false;
    case LUA_TFUNCTION:
        return !lua_iscfunction(L, -1);
    case LUA_TTABLE:
        return has_kind(L);
    default:
        return true;
    }
}

static void settle_value(lua_State *L, struct settling *s, const char *name)
{
    luaL_checkstack(L, 10, "tables nest too deep");
    if (++s->depth > HELD_DEPTH_MAX)
        refuse_function(L, s, "holds tables or functions that nest too deep in", name, "");
    const char *word = words_word_at(L, -1);
    if (word != NULL)
        refuse_function(L, s, "mentions the word", word, "; ask the invitation, as in inv.sender");
    if (words_is_condition(L, -1))
        refuse_function(L, s, "mentions the condition", name,
                        "; join the function to it with &, or ask the invitation");
    if (words_is_list(L, -1))
        refuse_function(L, s, "mentions the list", name,
                        "; join the function to sender (list FILE) with &");
    if (library_is_iterator(L, -1))
        refuse_function(L, s, "holds the iterator", name,
                        ", which would go on from one invitation to the next; make it inside");
    s->holds_code |= may_be_code(L);
    if (lua_isfunction(L, -1))
        settle_function(L, s);
    else if (lua_istable(L, -1) && !has_kind(L))
        settle_table(L, s, name);
    s->depth--;
}

static const char remembered_key = 0;

void functions_remember(lua_State *L, int index)
{
    const char *name;
    index = lua_absindex(L, index);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &remembered_key) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &remembered_key);
    }
    lua_pushvalue(L, index);
    lua_newtable(L); // all function values
    for (int i = 1; (name = lua_getupvalue(L, index, i)) != NULL; i++)
        lua_rawseti(L, -2, i);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* A variable that a loop sets anew for each rule has its last value once rules are asked. One that was nil is a function, or so,
 * that was declared before it was written. */
static void check_captured(lua_State *L, struct settling *s)
{
    const char *name;
    int function = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &remembered_key);
    lua_pushvalue(L, function);
    lua_rawget(L, -2); // function all values
    for (int i = 1; (name = lua_getupvalue(L, function, i)) != NULL; i++) {
        lua_rawgeti(L, -2, i);
        if (!lua_isnil(L, -1) && !lua_rawequal(L, -1, -2))
            refuse_function(L, s, "captures", name,
                            ", which changes after its rule, so that it sees the last value only; "
                            "make a local of its own for it");
        lua_pop(L, 2);
    }
    lua_settop(L, function);
}

/* What its text gives away, and no made-up invitation need find. */
static void check_slip(lua_State *L, struct policy *p)
{
    lua_Debug ar;
    char where[512];
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    struct strict_function f = words_function_at(L, p, ar.linedefined, ar.lastlinedefined);
    if (f.slip_line == 0)
        return;
    snprintf(where, sizeof where, "%s:%d", p->path, f.slip_line);
    refuse_at(L, where, f.slip);
}

/* Of the function on the top, which reaches no other: a token makes one instruction of the VM, or a few. */
static int64_t most_steps(lua_State *L, struct policy *p)
{
    lua_Debug ar;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    if (ar.source[0] != '@')
        return 0;
    struct strict_function f = words_function_at(L, p, ar.linedefined, ar.lastlinedefined);
    return f.is_counted || f.tokens > TOKENS_MOST ? 0 : f.tokens * (int64_t)VM_STEPS_A_TOKEN;
}

void functions_settle(lua_State *L, struct policy *p)
{
    lua_newtable(L);
    struct settling s = {.policy = p, .seen = lua_gettop(L)};
    for (size_t i = 0; i < p->building->function_count; i++) {
        s.line = p->building->functions[i].line;
        lua_rawgeti(L, LUA_REGISTRYINDEX, p->building->functions[i].place);
        check_captured(L, &s);
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < p->building->function_count; i++) {
        struct function *f = &p->building->functions[i];
        s.line = f->line;
        s.holds_code = false;
        lua_rawgeti(L, LUA_REGISTRYINDEX, f->place);
        settle_function(L, &s);
        f->most = s.holds_code ? 0 : most_steps(L, p);
        check_slip(L, p);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* ---- asking one ---- */

struct question {
    struct policy *policy;
    int function;
    enum truth truth; /* the answer */
};

static int ask_body(lua_State *L)
{
    struct question *q = lua_touserdata(L, 1);
    const struct build *b = &q->policy->now;
    lua_rawgeti(L, LUA_REGISTRYINDEX, b->functions[q->function].place);
    lua_rawgeti(L, LUA_REGISTRYINDEX, b->view); // function view
    lua_call(L, 1, 1);
    if (!lua_isboolean(L, -1)) {
        char where[512];
        snprintf(where, sizeof where, "%s:%d", q->policy->path,
                 q->policy->now.functions[q->function].line);
        refuse_at(L, where,
                  lua_pushfstring(L, "the function answered %s; it must return true or false",
                                  library_type(L, -1)));
    }
    q->truth = lua_toboolean(L, -1) ? TRUTH_TRUE : TRUTH_FALSE;
    return 0;
}

int policy_line_in(const struct policy *p, const char *text)
{
    size_t len = strlen(p->path);
    if (strncmp(text, p->path, len) != 0 || text[len] != ':')
        return 0;
    return (int)strtol(text + len + 1, NULL, 10);
}

static enum spurn_status keep_fault(struct function *f, const struct host *h,
                                    const struct spurn_error *fault, struct spurn_error *err)
{
    free(f->cause);
    f->cause = strdup(fault->text);
    f->faulted = true;
    f->ran_out = h->stop == STOP_STEPS || h->stop == STOP_HEAP;
    return f->cause != NULL ? SPURN_OK : spurn_fail_memory(err);
}

/* Reading the processor's clock takes as long as a small function does, so it is read for some calls only. */
static bool is_timed(const struct function *f)
{
    return f->calls < TIMED_FIRST || f->calls % TIMED_EVERY == 0;
}

static enum spurn_status call(struct policy *p, struct question *q, int64_t steps,
                              struct spurn_error *fault)
{
    struct host *h = p->now.host;
    struct function *f = &p->now.functions[q->function];
    bool timed = is_timed(f);
    int64_t began_ns = timed ? clock_cpu_ns() : 0;
    host_prepay(h, steps, f->most);
    enum spurn_status status = enter(h, ask_body, q, fault);
    f->steps = steps - h->steps_left;
    f->time_ns = timed ? clock_cpu_ns() - began_ns : -1;
    f->calls++;
    return status;
}

enum spurn_status policy_ask_function(struct policy *p, int function, uint64_t about,
                                      const struct subject *s, int64_t steps,
                                      struct spurn_error *err)
{
    struct host *h = p->now.host;
    struct function *f = &p->now.functions[function];
    struct question q = {p, function, TRUTH_UNKNOWN};
    struct spurn_error fault;
    f->faulted = f->ran_out = p->waits = false;
    f->misses = p->misses = MISSES_NOTHING;
    f->asked_about = about;
    p->subject = s;
    enum spurn_status status = call(p, &q, steps, &fault);
    p->subject = NULL;
    host_tidy(h);
    f->truth = status == SPURN_OK ? q.truth : TRUTH_UNKNOWN;
    if (status == SPURN_OK)
        return SPURN_OK;
    if (h->stop == STOP_MEMORY)
        return spurn_fail_memory(err);
    if (h->stop == STOP_RAISED && p->waits) {
        f->truth = TRUTH_PENDING;
        return SPURN_OK;
    }
    if (h->stop == STOP_RAISED && p->misses != MISSES_NOTHING) {
        f->misses = p->misses;
        return SPURN_OK;
    }
    return keep_fault(f, h, &fault, err);
}

/* ---- made-up invitations ---- */

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

static const struct script_resource sample_resources[] = {
    {TEXT("arn:aws:ec2:us-east-1:999999999999:subnet/subnet-0123456789abcdef0"),
     TEXT("ec2:Subnet")},
    {TEXT("arn:aws:route53resolver:us-east-1:999999999999:resolver-rule/rslvr-rr-0123456789abcdef"),
     TEXT("route53resolver:ResolverRule")},
};

static const struct sample {
    const char *called;
    struct invitation inv;
    struct origin origin;
    struct script_facts facts;
} samples[] = {
    {"one that has everything",
     {.id = TEXT("arn:aws:ram:us-east-1:999999999999:resource-share-invitation/"
                 "1b7c5a52-7c61-4f52-9d40-0f3c2d1e5a68"),
      .sender = TEXT("999999999999"),
      .receiver = TEXT("111122223333"),
      .receiver_arn = TEXT("arn:aws:iam::111122223333:role/reader"),
      .name = TEXT("shared-subnets"),
      .share = TEXT("arn:aws:ram:us-east-1:999999999999:resource-share/"
                    "7ab63972-b505-7e2a-420d-6f5d3EXAMPLE"),
      .status_text = TEXT("PENDING"),
      .status = STATUS_PENDING,
      .has_created = true,
      .created_ms = 1767225600000},
     {TEXT("aws"), TEXT("111122223333"), TEXT("us-east-1")},
     {.has_age = true,
      .first_seen_ms = 1767225660000,
      .times_seen = 3,
      .resources_state = RESOURCES_LISTED,
      .resources = sample_resources,
      .resource_count = sizeof sample_resources / sizeof sample_resources[0]}},
    {"an odd one",
     {.id = TEXT("i-0"),
      .sender = TEXT("0000000000000001"),
      .receiver = TEXT("1000000000000000"),
      .name = TEXT(""),
      .share = TEXT("rs-%d[*^$"),
      .status_text = TEXT("Unheard Of"),
      .status = STATUS_OTHER,
      .has_created = true,
      .created_ms = 1767229200000},
     {TEXT("alibaba"), TEXT("1000000000000000"), TEXT("cn-hangzhou")},
     {.has_age = true, .resources_state = RESOURCES_LISTED}},
    {"a bare one",
     {.id = TEXT("i-bare")},
     {{NULL, 0}, {NULL, 0}, {NULL, 0}},
     {.resources_state = RESOURCES_UNKNOWN}},
};

static const int64_t SAMPLE_NOW_MS =
    1767229200000; /* an hour after the first was sent, as the second was */

/* Takes the steps off *left, which is what loading may still take. */
static enum spurn_status try_one(struct policy *p, int function, const struct sample *sample,
                                 int64_t *left, struct spurn_error *err)
{
    const struct subject s = {&sample->inv, &sample->origin, &sample->facts, SAMPLE_NOW_MS};
    const struct function *f = &p->now.functions[function];
    int64_t most = p->now.host->limits.steps;
    int64_t steps = *left < most ? *left : most;
    enum spurn_status status = policy_ask_function(p, function, 0, &s, steps, err);
    *left -= f->steps;
    if (status != SPURN_OK || !f->faulted)
        return status;
    if (f->ran_out && steps < most)
        return spurn_fail(err, SPURN_E_POLICY,
                          "%s:%d: ran out of steps: reading the file and trying its functions "
                          "took more than is allowed",
                          p->path, f->line);
    return spurn_fail(err, SPURN_E_POLICY, "%s (tried on a made-up invitation, %s)", f->cause,
                      sample->called);
}

static enum spurn_status try_all(struct policy *p, struct spurn_error *err)
{
    int64_t left = p->now.host->steps_left;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < p->now.function_count; i++)
        for (size_t k = 0; k < sizeof samples / sizeof samples[0] && status == SPURN_OK; k++)
            status = try_one(p, (int)i, &samples[k], &left, err);
    return status;
}

enum spurn_status policy_try_functions(struct policy *p, struct spurn_error *err)
{
    struct host *h = p->now.host;
    int prints_left = h->prints_left;
    h->prints_left = 0; /* nobody wants to read about invitations that are made up */
    h->lines = NULL;    /* and they cover nothing */
    enum spurn_status status = try_all(p, err);
    h->prints_left = prints_left;
    h->lines = p->lines;
    return status;
}

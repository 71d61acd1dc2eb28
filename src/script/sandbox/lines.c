/* lines.c - which lines of a policy's functions ran, for coverage. */
#include "script/sandbox/lines.h"

#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "script/strict/tokens.h"

enum {
    BLOCKS_MAX = 256,         /* open at one time; Lua itself stops at 200 */
    STEPS = 100 * 1000 * 1000 /* to compile every function once more; nothing of them runs */
};

struct line {
    bool has_code; /* something can run there */
    bool
        says_more; /* than `end` and what closes brackets: Lua puts a return on those that nothing reaches */
    int64_t ran;
};

struct lines {
    struct line *at; /* line 1 is at[1] */
    size_t count;    /* with at[0] */
    int *found;      /* the numbers of those that count */
    size_t found_count;
};

enum spurn_status lines_open(struct spurn_text text, struct lines **out, struct spurn_error *err)
{
    *out = NULL;
    struct lines *l = calloc(1, sizeof *l);
    if (l == NULL)
        return spurn_fail_memory(err);
    l->count = 2;
    for (size_t i = 0; i < text.len; i++)
        l->count += text.at[i] == '\n';
    l->at = calloc(l->count, sizeof *l->at);
    l->found = calloc(l->count, sizeof *l->found);
    if (l->at == NULL || l->found == NULL) {
        lines_close(l);
        return spurn_fail_memory(err);
    }
    *out = l;
    return SPURN_OK;
}

void lines_close(struct lines *l)
{
    if (l == NULL)
        return;
    free(l->found);
    free(l->at);
    free(l);
}

static struct line *line_at(const struct lines *l, int64_t line)
{
    return line > 0 && (size_t)line < l->count ? &l->at[line] : NULL;
}

/* ---- where something can run ---- */

/* Lua tells the active lines of a function that exists, and many never do: those inside functions that nobody called. So each
 * is compiled by itself; what it holds of others makes no difference to its lines. */
static void add_function(lua_State *L, struct lines *l, struct spurn_text from_parameters, int line)
{
    luaL_Buffer chunk;
    luaL_buffinit(L, &chunk);
    luaL_addstring(&chunk, "return function");
    luaL_addlstring(&chunk, from_parameters.at, from_parameters.len);
    luaL_pushresult(&chunk);
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    if (luaL_loadbufferx(L, text, len, "=function", "t") != LUA_OK)
        lua_error(L);
    lua_call(L, 0, 1); // chunk function
    lua_Debug ar;
    lua_getinfo(L, ">L", &ar); // chunk lines
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        struct line *at = line_at(l, line - 1 + lua_tointeger(L, -2));
        if (at != NULL)
            at->has_code = true;
    }
    lua_pop(L, 2);
}

/* What `end` closes. */
struct block {
    const char *parameters; /* where those of a function begin; NULL: no function */
    int line;
};

struct finding {
    struct lines *lines;
    struct spurn_text text;
    struct block blocks[BLOCKS_MAX];
    size_t depth;
    bool in_head; /* between `function` and its parameters */
};

static void open_block(struct finding *f, const char *parameters, int line)
{
    if (f->depth < BLOCKS_MAX)
        f->blocks[f->depth] = (struct block){parameters, line};
    f->depth++;
}

static void close_block(lua_State *L, struct finding *f, const struct token *end)
{
    if (f->depth == 0)
        return;
    f->depth--;
    if (f->depth >= BLOCKS_MAX || f->blocks[f->depth].parameters == NULL)
        return;
    const struct block *b = &f->blocks[f->depth];
    size_t len = (size_t)(end->text.at + end->text.len - b->parameters);
    add_function(L, f->lines, (struct spurn_text){b->parameters, len}, b->line);
}

static bool only_closes(const struct token *token)
{
    static const char *const closing[] = {"end", ")", "}", "]", ",", ";"};
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        if (token_is(token, closing[i]))
            return true;
    return false;
}

static void take_token(lua_State *L, struct finding *f, const struct token *token)
{
    struct line *line = line_at(f->lines, token->line);
    if (line != NULL && !only_closes(token))
        line->says_more = true;
    if (token_is(token, "function")) {
        f->in_head = true;
    } else if (f->in_head && token_is(token, "(")) {
        f->in_head = false;
        open_block(f, token->text.at, token->line);
    } else if (token_is(token, "if") || token_is(token, "do")) {
        open_block(f, NULL, token->line);
    } else if (token_is(token, "end")) {
        close_block(L, f, token);
    }
}

static int find_body(lua_State *L)
{
    struct finding *f = lua_touserdata(L, 1);
    struct tokens tokens;
    tokens_init(&tokens, f->text);
    for (;;) {
        const struct token token = tokens_next(&tokens);
        if (token.kind == TOKEN_END)
            return 0;
        take_token(L, f, &token);
    }
}

/* In a state of its own: it takes nothing off what the policy may use. */
enum spurn_status lines_find(struct lines *l, struct spurn_text text, struct spurn_error *err)
{
    struct finding f = {.lines = l, .text = text};
    struct host *h = NULL;
    enum spurn_status status = host_open(NULL, NULL, &h, err);
    if (status != SPURN_OK)
        return status;
    host_begin(h);
    host_refill(h, STEPS);
    h->trusts = true; /* enter() takes it back */
    status = enter(h, find_body, &f, err);
    host_close(h);
    l->found_count = 0;
    for (size_t i = 1; i < l->count; i++)
        if (l->at[i].has_code && l->at[i].says_more)
            l->found[l->found_count++] = (int)i;
    return status;
}

/* ---- what ran ---- */

void lines_note(struct lines *l, lua_State *L, lua_Debug *ar)
{
    lua_getinfo(L, "S", ar);
    struct line *line = line_at(l, ar->currentline);
    if (line != NULL && ar->source[0] == '@' && strcmp(ar->what, "main") != 0)
        line->ran++;
}

size_t lines_count(const struct lines *l)
{
    return l->found_count;
}

void lines_at(const struct lines *l, size_t index, int *line, int64_t *ran)
{
    *line = l->found[index];
    *ran = l->at[l->found[index]].ran;
}

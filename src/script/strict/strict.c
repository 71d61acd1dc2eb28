/* strict.c - walks a policy's text, statement by statement, and lets the judge look at every name and operator. */
#include "script/strict/strict.h"

#include <stdlib.h>
#include <string.h>

#include "script/strict/walk.h"

/* Whether nothing comes out at its end: it returns, or goes on for ever. */
static bool walk_block(struct walk *w);

static bool at_end(const struct walk *w)
{
    return w->now.kind == TOKEN_END || walk_at(w, "end") || walk_at(w, "else") ||
           walk_at(w, "elseif") || walk_at(w, "until");
}

static bool walk_scope(struct walk *w)
{
    size_t outer = w->judge.local_count;
    bool ends = walk_block(w);
    judge_close_scope(&w->judge, outer);
    return ends;
}

/* ---- functions ---- */

static void walk_parameters(struct walk *w, bool has_self)
{
    static const struct token self = {TOKEN_NAME, {"self", 4}, 0};
    struct judge *j = &w->judge;
    int count = 0;
    if (has_self)
        judge_local(j, &self);
    walk_take(w, "(");
    for (; !walk_at(w, ")") && w->now.kind != TOKEN_END; walk_advance(w)) {
        if (w->now.kind != TOKEN_NAME)
            continue;
        struct local *local = judge_local(j, &w->now);
        if (local != NULL)
            local->is_parameter = (count == 0 && !has_self) || text_is(local->name, "inv");
        if (++count == 2)
            judge_slip(
                j, j->depth, w->now.line,
                "a function that decides is given the invitation and nothing else, so `%.*s` "
                "is nil; ask the invitation, as in inv.now",
                TEXT_ARG(w->now.text));
    }
    walk_take(w, ")");
}

void walk_function(struct walk *w, int line, bool has_self)
{
    struct judge *j = &w->judge;
    size_t outer = j->local_count;
    int statement_line = j->statement_line;
    const char *asks = j->asks;
    j->asks = NULL;
    judge_open_function(j, line, w->function_name);
    w->function_name = TEXT_ABSENT;
    walk_parameters(w, has_self);
    if (!walk_block(w))
        judge_slip(j, j->depth, w->now.line,
                   "a function that decides ends here without an answer; write return false");
    judge_close_scope(j, outer);
    judge_close_function(j, w->now.line);
    walk_take(w, "end");
    j->asks = asks;
    j->statement_line = statement_line;
}

/* ---- statements ---- */

/* The condition of an `if` or a loop. */
static struct said walk_test(struct walk *w, const char *asks)
{
    struct token at = w->now;
    at.text = text_of(asks);
    judge_open_if(&w->judge, asks);
    struct said tested = walk_expression(w);
    judge_operand(&w->judge, &tested, &at, true);
    judge_close_if(&w->judge);
    return tested;
}

static bool walk_if(struct walk *w)
{
    bool ends = true;
    do {
        walk_advance(w);
        walk_test(w, "if");
        walk_take(w, "then");
        ends &= walk_scope(w);
    } while (walk_at(w, "elseif"));
    bool has_else = walk_take(w, "else");
    if (has_else)
        ends &= walk_scope(w);
    walk_take(w, "end");
    return ends && has_else;
}

static bool walk_while(struct walk *w)
{
    walk_take(w, "while");
    struct said tested = walk_test(w, "while");
    walk_take(w, "do");
    walk_scope(w);
    walk_take(w, "end");
    return token_is(&tested.literal, "true");
}

/* The condition of a repeat sees the locals of its block. */
static bool walk_repeat(struct walk *w)
{
    size_t outer = w->judge.local_count;
    walk_take(w, "repeat");
    bool ends = walk_block(w);
    walk_take(w, "until");
    walk_test(w, "until");
    judge_close_scope(&w->judge, outer);
    return ends;
}

enum { NAMES_MAX = 200 }; /* Lua's own bound on locals of a function */

static size_t walk_names(struct walk *w, struct token names[NAMES_MAX])
{
    size_t count = 0;
    do {
        if (count < NAMES_MAX)
            names[count++] = w->now;
        walk_advance(w);
        if (walk_take(w, "<")) { /* an attribute */
            walk_advance(w);
            walk_take(w, ">");
        }
    } while (walk_take(w, ","));
    return count;
}

static struct said said_resource(void)
{
    struct said said = said_kind(SAID_TABLE);
    said.is_resource = true;
    return said;
}

static void walk_for(struct walk *w)
{
    struct token names[NAMES_MAX];
    size_t outer = w->judge.local_count;
    int line = w->now.line, values;
    walk_take(w, "for");
    size_t count = walk_names(w, names);
    bool counts = walk_take(w, "=");
    walk_take(w, "in");
    struct said walked = walk_expressions(w, &values);
    if (!counts)
        judge_walked(&w->judge, &walked, line);
    for (size_t i = 0; i < count; i++) {
        struct local *local = judge_local(&w->judge, &names[i]);
        if (local != NULL && i == 1 && walked.walks_resources)
            local->value = said_resource();
    }
    walk_take(w, "do");
    walk_scope(w);
    walk_take(w, "end");
    judge_close_scope(&w->judge, outer);
}

static void walk_local_function(struct walk *w)
{
    struct local *local = judge_local(&w->judge, &w->now);
    if (local != NULL) {
        local->is_named = true;
        local->value = said_kind(SAID_FUNCTION);
    }
    w->function_name = w->now.text;
    walk_advance(w);
    walk_function(w, w->now.line, false);
}

static void walk_local(struct walk *w)
{
    struct token names[NAMES_MAX];
    int values = 0;
    walk_take(w, "local");
    if (walk_take(w, "function")) {
        walk_local_function(w);
        return;
    }
    size_t count = walk_names(w, names);
    bool has_value = walk_take(w, "=");
    walk_name_function(w, &names[0]);
    struct said value = has_value ? walk_expressions(w, &values) : SAID_NOTHING;
    value.items = STRICT_ANY; /* of the table itself, wherever it is written */
    value.is_many = false;
    value.compared = SAID_NOTHING.compared;
    for (size_t i = 0; i < count && w->judge.status == SPURN_OK; i++) {
        struct local *local = judge_local(&w->judge, &names[i]);
        if (local == NULL)
            return;
        local->is_named = true;
        local->is_empty = values == 0 || token_is(&value.literal, "nil");
        local->value = i == 0 && !local->is_empty ? value : SAID_NOTHING;
    }
}

static void walk_function_statement(struct walk *w)
{
    int line = w->now.line;
    bool has_self = false;
    walk_take(w, "function");
    struct token name = w->now;
    walk_advance(w);
    judge_write(&w->judge, &name, !walk_at(w, ".") && !walk_at(w, ":"));
    while (walk_at(w, ".") || walk_at(w, ":")) {
        has_self = walk_at(w, ":");
        walk_advance(w);
        name = w->now;
        walk_advance(w);
    }
    w->function_name = name.text;
    walk_function(w, line, has_self);
}

/* error(...) does not come back. */
static bool walk_call_or_assignment(struct walk *w)
{
    bool raises = w->now.kind == TOKEN_NAME && text_is(w->now.text, "error");
    int values;
    do {
        struct token name = w->now;
        bool is_name = name.kind == TOKEN_NAME;
        bool is_whole = is_name && (token_is(&w->next, "=") || token_is(&w->next, ","));
        if (is_whole)
            walk_advance(w);
        else
            walk_suffixed(w);
        if (is_name && (walk_at(w, "=") || walk_at(w, ",")))
            judge_write(&w->judge, &name, is_whole);
    } while (walk_take(w, ","));
    if (walk_take(w, "="))
        walk_expressions(w, &values);
    return raises;
}

static void walk_return(struct walk *w)
{
    struct token at = w->now;
    struct said value = SAID_NOTHING;
    int values = 0;
    walk_take(w, "return");
    if (!at_end(w) && !walk_at(w, ";"))
        value = walk_expressions(w, &values);
    judge_return(&w->judge, &at, &value, values);
}

static bool walk_loop_or_block(struct walk *w)
{
    bool ends = false;
    if (walk_at(w, "while")) {
        ends = walk_while(w);
    } else if (walk_at(w, "repeat")) {
        ends = walk_repeat(w);
    } else if (walk_at(w, "for")) {
        walk_for(w);
    } else {
        walk_take(w, "do");
        ends = walk_scope(w);
        walk_take(w, "end");
    }
    return ends;
}

static bool walk_statement(struct walk *w)
{
    w->judge.statement_line = w->now.line;
    if (walk_at(w, "if"))
        return walk_if(w);
    if (walk_at(w, "while") || walk_at(w, "repeat") || walk_at(w, "for") || walk_at(w, "do"))
        return walk_loop_or_block(w);
    if (walk_at(w, "return")) {
        walk_return(w);
        return true;
    }
    if (walk_at(w, "local")) {
        walk_local(w);
    } else if (walk_at(w, "function")) {
        walk_function_statement(w);
    } else if (walk_at(w, "goto")) {
        judge_goto(&w->judge, w->now.line);
        walk_advance(w);
        walk_advance(w);
        return true; /* to somewhere else, where it may end */
    } else if (walk_take(w, "::")) {
        walk_advance(w);
        walk_take(w, "::");
    } else if (!walk_take(w, ";") && !walk_take(w, "break")) {
        return walk_call_or_assignment(w);
    }
    return false;
}

static bool walk_block(struct walk *w)
{
    bool ends = false;
    while (!at_end(w))
        ends |= walk_statement(w);
    return ends;
}

/* ---- the text ---- */

static enum spurn_status walk_text(struct walk *w, struct spurn_text text)
{
    tokens_init(&w->tokens, text);
    walk_advance(w);
    walk_advance(w);
    walk_block(w);
    judge_finish(&w->judge);
    free(w->judge.locals);
    free(w->judge.params);
    return w->judge.status;
}

enum spurn_status strict_read(const char *path, struct spurn_text text, struct strict *out,
                              int64_t *steps, struct spurn_error *err)
{
    *out = (struct strict){0};
    struct walk w = {.judge = {.path = path, .out = out, .steps = steps, .err = err}};
    return walk_text(&w, text);
}

enum spurn_status strict_read_tables(struct spurn_text text, struct strict *out,
                                     struct spurn_error *err)
{
    *out = (struct strict){0};
    struct walk w = {.judge = {.path = "", .out = out, .err = err, .only_tables = true}};
    return walk_text(&w, text);
}

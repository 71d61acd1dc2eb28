/* strict.c - walks a policy's text, statement by statement, and lets the judge look at every name and operator. */
#include "script/strict.h"

#include <stdlib.h>
#include <string.h>

#include "script/judge.h"
#include "script/words.h"

/* Lua has read the text already, so it is well formed and nests no deeper than Lua's own 200 levels. */
struct walk {
    struct judge judge;
    struct tokens tokens;
    struct token now, next;
    int call_line; /* of the innermost call whose arguments are read */
};

/* What is known of an expression once it was read. */
struct said {
    bool is_condition;
    bool is_many;            /* a call, which may give none or several values */
    struct spurn_text field; /* inv.FIELD and nothing else; else absent */
    struct token literal;    /* a string or a number and nothing else; else kind TOKEN_END */
    int items;               /* of a table and nothing else; else STRICT_ANY */
};

enum { STEPS_A_TOKEN = 5 };

static const struct said SAID_NOTHING = {.literal = {.kind = TOKEN_END}, .items = STRICT_ANY};

/* ---- tokens ---- */

static void advance(struct walk *w)
{
    w->now = w->next;
    w->next = tokens_next(&w->tokens);
    if (w->judge.steps != NULL)
        *w->judge.steps -= STEPS_A_TOKEN;
    /* After a complaint there is nothing more to read. */
    if (w->judge.status != SPURN_OK || (w->judge.steps != NULL && *w->judge.steps < 0))
        w->now.kind = w->next.kind = TOKEN_END;
}

static bool at(const struct walk *w, const char *text)
{
    return token_is(&w->now, text);
}

static bool take(struct walk *w, const char *text)
{
    if (!at(w, text))
        return false;
    advance(w);
    return true;
}

static bool at_end(const struct walk *w)
{
    return w->now.kind == TOKEN_END || at(w, "end") || at(w, "else") || at(w, "elseif") ||
           at(w, "until");
}

/* ---- expressions: each says whether what it read is a condition ---- */

static struct said walk_expression(struct walk *w);
static void walk_block(struct walk *w);

static bool walk_expressions(struct walk *w)
{
    bool is_condition = walk_expression(w).is_condition;
    while (take(w, ","))
        walk_expression(w);
    return is_condition;
}

/* How many items it has; STRICT_ANY when the last gives as many as it likes. */
static int walk_table(struct walk *w)
{
    int items = 0;
    bool is_many = false;
    advance(w);
    while (!at(w, "}") && w->now.kind != TOKEN_END) {
        bool is_named = false;
        struct token name = w->now;
        if (at(w, "[")) {
            advance(w);
            walk_expression(w);
            take(w, "]");
            take(w, "=");
            is_named = true;
        } else if (w->now.kind == TOKEN_NAME && token_is(&w->next, "=")) {
            advance(w);
            advance(w);
            is_named = true;
        }
        struct said value = walk_expression(w);
        is_many = value.is_many && !is_named;
        if (is_named && value.items != STRICT_ANY)
            judge_named_table(&w->judge, &name, w->call_line, value.items);
        items++;
        if (!take(w, ","))
            take(w, ";");
    }
    take(w, "}");
    return is_many ? STRICT_ANY : items;
}

/* From the parameters on; `line` is where Lua says that it begins: a function statement at the word `function`, others at
 * their parameters. */
static void walk_function(struct walk *w, int line, bool has_self)
{
    static const struct token self = {TOKEN_NAME, {"self", 4}, 0};
    struct judge *j = &w->judge;
    size_t outer = j->local_count;
    judge_open_function(j, line);
    if (has_self)
        judge_local(j, &self);
    take(w, "(");
    while (!at(w, ")") && w->now.kind != TOKEN_END) {
        if (w->now.kind == TOKEN_NAME)
            judge_local(j, &w->now);
        advance(w);
    }
    take(w, ")");
    walk_block(w);
    judge_close_function(j, w->now.line);
    take(w, "end");
    j->local_count = outer;
}

/* How many items stand in the table that is the only argument; STRICT_ANY when there is none. */
static int walk_arguments(struct walk *w)
{
    int items = STRICT_ANY;
    if (w->now.kind == TOKEN_STRING) {
        advance(w);
    } else if (at(w, "{")) {
        items = walk_table(w);
    } else {
        take(w, "(");
        if (!at(w, ")"))
            walk_expressions(w);
        take(w, ")");
    }
    return items;
}

static bool at_arguments(const struct walk *w)
{
    return w->now.kind == TOKEN_STRING || at(w, "(") || at(w, "{");
}

/* What follows `head`, which is a name or a parenthesis; words give one value each. */
static void walk_suffixes(struct walk *w, const struct token *head, struct said *said)
{
    bool is_inv = head->kind == TOKEN_NAME && text_is(head->text, "inv");
    for (int i = 0;; i++) {
        said->field = TEXT_ABSENT;
        if (at(w, ".") || at(w, ":")) {
            if (i == 0 && is_inv && at(w, "."))
                said->field = w->next.text;
            advance(w);
            advance(w);
            said->is_many = false;
        } else if (at(w, "[")) {
            advance(w);
            walk_expression(w);
            take(w, "]");
            said->is_many = false;
        } else {
            struct token first = w->now;
            int outer_line = w->call_line;
            w->call_line = head->line;
            int items = walk_arguments(w);
            w->call_line = outer_line;
            if (first.kind != TOKEN_STRING)
                judge_call(&w->judge, head, first.line, items);
            said->is_many = !word_is(head->text);
        }
        if (!at(w, ".") && !at(w, ":") && !at(w, "[") && !at_arguments(w))
            return;
    }
}

static struct said walk_suffixed(struct walk *w)
{
    struct said said = SAID_NOTHING;
    struct token head = w->now;
    if (take(w, "(")) {
        said.is_condition = walk_expression(w).is_condition;
        take(w, ")");
    } else {
        said.is_condition = judge_read(&w->judge, &w->now, &w->next);
        advance(w);
    }
    if (at(w, ".") || at(w, ":") || at(w, "[") || at_arguments(w))
        walk_suffixes(w, &head, &said);
    return said;
}

static struct said walk_plain(struct walk *w)
{
    struct said said = SAID_NOTHING;
    if (take(w, "function")) {
        walk_function(w, w->now.line, false);
        return said;
    }
    if (at(w, "{")) {
        said.items = walk_table(w);
        return said;
    }
    if (w->now.kind == TOKEN_NAME || at(w, "("))
        return walk_suffixed(w);
    if (w->now.kind == TOKEN_STRING || w->now.kind == TOKEN_NUMBER)
        said.literal = w->now;
    said.is_many = at(w, "...");
    advance(w); /* nil, true, false, ... too */
    return said;
}

static struct said walk_operand(struct walk *w)
{
    bool is_negated = false, has_sign = false;
    for (; at(w, "not") || at(w, "-") || at(w, "#") || at(w, "~"); has_sign = true) {
        is_negated |= at(w, "not");
        if (at(w, "not"))
            judge_logic(&w->judge, &w->now);
        advance(w);
    }
    struct said said = walk_plain(w);
    if (!has_sign)
        return said;
    bool is_condition = said.is_condition && !is_negated;
    said = SAID_NOTHING;
    said.is_condition = is_condition;
    return said;
}

static bool at_comparison(const struct walk *w)
{
    return at(w, "==") || at(w, "~=") || at(w, "<") || at(w, ">") || at(w, "<=") || at(w, ">=");
}

static bool at_operator(const struct walk *w)
{
    static const char *const operators[] = {
        "+",  "-",  "*",  "/",  "//", "%", "^",  "..", "&",   "|", "~",
        "<<", ">>", "==", "~=", "<",  ">", "<=", ">=", "and", "or"};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (at(w, operators[i]))
            return true;
    return false;
}

static bool at_logic(const struct walk *w)
{
    return at(w, "and") || at(w, "or");
}

static void walk_field_comparison(struct walk *w, const struct said *left, const struct token *sign,
                                  const struct said *right)
{
    if (left->field.at != NULL && right->literal.kind != TOKEN_END)
        judge_field(&w->judge, left->field, sign, &right->literal);
    if (right->field.at != NULL && left->literal.kind != TOKEN_END)
        judge_field(&w->judge, right->field, sign, &left->literal);
}

static struct said walk_expression(struct walk *w)
{
    struct said left = walk_operand(w), whole = left;
    bool is_alone = true; /* no operator that binds stronger stands before `left` */
    while (at_operator(w)) {
        struct token sign = w->now;
        bool compares = at_comparison(w), is_logic = at_logic(w);
        if (is_logic)
            judge_logic(&w->judge, &w->now);
        advance(w);
        struct said right = walk_operand(w);
        if (compares && (left.is_condition || right.is_condition))
            judge_comparison(&w->judge, &sign);
        bool ends = !at_operator(w) || at_logic(w);
        if (compares && is_alone && ends)
            walk_field_comparison(w, &left, &sign, &right);
        bool is_condition = whole.is_condition || right.is_condition;
        whole = SAID_NOTHING;
        whole.is_condition = is_condition;
        is_alone = is_logic;
        left = right;
    }
    return whole;
}

/* ---- statements ---- */

static void walk_scope(struct walk *w)
{
    size_t outer = w->judge.local_count;
    walk_block(w);
    w->judge.local_count = outer;
}

static void walk_if(struct walk *w)
{
    do {
        advance(w);
        judge_open_if(&w->judge);
        walk_expression(w);
        judge_close_if(&w->judge);
        take(w, "then");
        walk_scope(w);
    } while (at(w, "elseif"));
    if (take(w, "else"))
        walk_scope(w);
    take(w, "end");
}

static void walk_loop(struct walk *w)
{
    take(w, "while");
    walk_expression(w);
    take(w, "do");
    walk_scope(w);
    take(w, "end");
}

/* The condition of a repeat sees the locals of its block. */
static void walk_repeat(struct walk *w)
{
    size_t outer = w->judge.local_count;
    take(w, "repeat");
    walk_block(w);
    take(w, "until");
    walk_expression(w);
    w->judge.local_count = outer;
}

enum { NAMES_MAX = 200 }; /* Lua's own bound on locals of a function */

static size_t walk_names(struct walk *w, struct token names[NAMES_MAX])
{
    size_t count = 0;
    do {
        if (count < NAMES_MAX)
            names[count++] = w->now;
        advance(w);
        if (take(w, "<")) { /* an attribute */
            advance(w);
            take(w, ">");
        }
    } while (take(w, ","));
    return count;
}

static void walk_for(struct walk *w)
{
    struct token names[NAMES_MAX];
    size_t outer = w->judge.local_count;
    take(w, "for");
    size_t count = walk_names(w, names);
    if (!take(w, "="))
        take(w, "in");
    walk_expressions(w);
    for (size_t i = 0; i < count; i++)
        judge_local(&w->judge, &names[i]);
    take(w, "do");
    walk_scope(w);
    take(w, "end");
    w->judge.local_count = outer;
}

static void walk_local(struct walk *w)
{
    struct token names[NAMES_MAX];
    take(w, "local");
    if (take(w, "function")) {
        judge_local(&w->judge, &w->now);
        advance(w);
        walk_function(w, w->now.line, false);
        return;
    }
    size_t count = walk_names(w, names);
    bool is_condition = take(w, "=") && walk_expressions(w);
    for (size_t i = 0; i < count && w->judge.status == SPURN_OK; i++) {
        judge_local(&w->judge, &names[i]);
        if (w->judge.status == SPURN_OK)
            w->judge.locals[w->judge.local_count - 1].is_condition = is_condition && i == 0;
    }
}

static void walk_function_statement(struct walk *w)
{
    int line = w->now.line;
    bool has_self = false;
    take(w, "function");
    struct token name = w->now;
    advance(w);
    judge_write(&w->judge, &name, !at(w, ".") && !at(w, ":"));
    while (at(w, ".") || at(w, ":")) {
        has_self = at(w, ":");
        advance(w);
        advance(w);
    }
    walk_function(w, line, has_self);
}

static void walk_call_or_assignment(struct walk *w)
{
    do {
        struct token name = w->now;
        bool is_name = name.kind == TOKEN_NAME;
        bool is_whole = is_name && (token_is(&w->next, "=") || token_is(&w->next, ","));
        if (is_whole)
            advance(w);
        else
            walk_suffixed(w);
        if (is_name && (at(w, "=") || at(w, ",")))
            judge_write(&w->judge, &name, is_whole);
    } while (take(w, ","));
    if (take(w, "="))
        walk_expressions(w);
}

static void walk_statement(struct walk *w)
{
    if (at(w, "if")) {
        walk_if(w);
    } else if (at(w, "while")) {
        walk_loop(w);
    } else if (at(w, "repeat")) {
        walk_repeat(w);
    } else if (at(w, "for")) {
        walk_for(w);
    } else if (at(w, "local")) {
        walk_local(w);
    } else if (at(w, "function")) {
        walk_function_statement(w);
    } else if (take(w, "do")) {
        walk_scope(w);
        take(w, "end");
    } else if (take(w, "return")) {
        if (!at_end(w) && !at(w, ";"))
            walk_expressions(w);
    } else if (take(w, "goto")) {
        advance(w);
    } else if (take(w, "::")) {
        advance(w);
        take(w, "::");
    } else if (!take(w, ";") && !take(w, "break")) {
        walk_call_or_assignment(w);
    }
}

static void walk_block(struct walk *w)
{
    while (!at_end(w))
        walk_statement(w);
}

static enum spurn_status walk_text(struct walk *w, struct spurn_text text)
{
    tokens_init(&w->tokens, text);
    advance(w);
    advance(w);
    walk_block(w);
    free(w->judge.locals);
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

/* walk_expression.c - reads the expressions of a policy's text, and tells the judge what each gives. */
#include <string.h>

#include "script/strict/walk.h"
#include "script/words/words.h"

enum { STEPS_A_TOKEN = 8 };

/* ---- tokens ---- */

void walk_advance(struct walk *w)
{
    w->now = w->next;
    w->next = tokens_next(&w->tokens);
    judge_token(&w->judge, &w->now);
    if (w->judge.steps != NULL)
        *w->judge.steps -= STEPS_A_TOKEN;
    /* After a complaint there is nothing more to read. */
    if (w->judge.status != SPURN_OK || (w->judge.steps != NULL && *w->judge.steps < 0))
        w->now.kind = w->next.kind = TOKEN_END;
}

bool walk_at(const struct walk *w, const char *text)
{
    return token_is(&w->now, text);
}

bool walk_take(struct walk *w, const char *text)
{
    if (!walk_at(w, text))
        return false;
    walk_advance(w);
    return true;
}

static bool at_any(const struct walk *w, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        if (walk_at(w, *texts))
            return true;
    return false;
}

bool walk_at_comparison(const struct walk *w)
{
    static const char *const signs[] = {"==", "~=", "<", ">", "<=", ">=", NULL};
    return at_any(w, signs);
}

bool walk_at_logic(const struct walk *w)
{
    return walk_at(w, "and") || walk_at(w, "or");
}

/* ---- tables ---- */

void walk_name_function(struct walk *w, const struct token *name)
{
    if (walk_at(w, "function"))
        w->function_name = name->text;
}

static bool at_named_item(const struct walk *w)
{
    return w->now.kind == TOKEN_NAME && token_is(&w->next, "=");
}

static struct said walk_table(struct walk *w)
{
    struct said table = said_kind(SAID_TABLE);
    bool is_many = false, has_names = false, declares = w->declares_params;
    w->declares_params = false;
    table.items = 0;
    walk_advance(w);
    while (!walk_at(w, "}") && w->now.kind != TOKEN_END) {
        bool is_named = false;
        struct token name = w->now;
        if (walk_take(w, "[")) {
            walk_expression(w);
            walk_take(w, "]");
            is_named = walk_take(w, "=");
        } else if (at_named_item(w)) {
            walk_advance(w);
            is_named = walk_take(w, "=");
        }
        bool was_reason = w->judge.in_reason;
        if (is_named && name.kind == TOKEN_NAME) {
            walk_name_function(w, &name);
            w->judge.in_reason = text_is(name.text, "reason");
        }
        struct said value = walk_expression(w);
        w->judge.in_reason = was_reason;
        is_many = value.is_many && !is_named;
        has_names |= is_named;
        if (is_named && declares && name.kind == TOKEN_NAME)
            judge_param(&w->judge, &name, &value);
        if (is_named && value.items != STRICT_ANY)
            judge_named_table(&w->judge, &name, w->call_line, value.items);
        table.items++;
        if (!walk_take(w, ","))
            walk_take(w, ";");
    }
    walk_take(w, "}");
    table.is_array = table.items > 0 && !has_names;
    if (is_many)
        table.items = STRICT_ANY;
    return table;
}

/* ---- calls ---- */

static bool at_arguments(const struct walk *w)
{
    return w->now.kind == TOKEN_STRING || walk_at(w, "(") || walk_at(w, "{");
}

enum { ARGUMENTS_TOLD = 2 };

/* What stands between the parentheses, or is the one argument without them. */
struct arguments {
    int count;
    struct said told[ARGUMENTS_TOLD]; /* the first of them */
};

static struct arguments walk_arguments(struct walk *w)
{
    struct arguments args = {0, {SAID_NOTHING, SAID_NOTHING}};
    if (walk_at(w, "{")) {
        args = (struct arguments){1, {walk_table(w), SAID_NOTHING}};
        return args;
    }
    bool is_closed = !walk_take(w, "(");
    if (is_closed) {
        args.count = 1;
        args.told[0] = said_kind(SAID_STRING);
        args.told[0].literal = w->now;
        walk_advance(w);
        return args;
    }
    while (!walk_at(w, ")") && w->now.kind != TOKEN_END) {
        struct said value = walk_expression(w);
        if (args.count < ARGUMENTS_TOLD)
            args.told[args.count] = value;
        args.count++;
        walk_take(w, ",");
    }
    walk_take(w, ")");
    return args;
}

static bool takes_pattern(struct spurn_text name)
{
    static const char *const names[] = {"find", "match", "gmatch", "gsub"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_is(name, names[i]))
            return true;
    return false;
}

/* s:find("..."), string.find(s, "..."), but not with the last argument that says "plain". */
static void judge_pattern_among(struct walk *w, struct spurn_text called, const struct arguments *a,
                                bool is_method)
{
    const struct said *pattern = &a->told[is_method ? 0 : 1];
    bool may_be_plain = text_is(called, "find") && a->count >= (is_method ? 3 : 4);
    if (takes_pattern(called) && pattern->field.at != NULL && !may_be_plain)
        judge_pattern_field(&w->judge, called, pattern, w->now.line);
    if (takes_pattern(called) && pattern->literal.kind == TOKEN_STRING && !may_be_plain)
        judge_pattern(&w->judge, called, &pattern->literal);
}

/* What follows one value: .NAME, :NAME, [INDEX], (...). */
struct suffix {
    struct token head;      /* what all of it begins with */
    struct spurn_text name; /* the last .NAME or :NAME; absent behind anything else */
    bool is_method;
    int number; /* 0: right behind the head */
};

static enum judge_call how_called(const struct suffix *at)
{
    if (at->is_method)
        return CALL_METHOD;
    if (at->number == 0)
        return CALL_NAME;
    return at->number == 1 && text_is(at->head.text, "string") ? CALL_STRING : CALL_OTHER;
}

static bool gives_resources(const struct said *said)
{
    return said->kind == SAID_TABLE && text_is(said->member, "resources");
}

static void walk_call(struct walk *w, const struct suffix *at, struct said *said)
{
    struct token first = w->now;
    int outer_line = w->call_line;
    bool is_word = at->number == 0 && at->head.kind == TOKEN_NAME;
    struct spurn_text called = is_word ? at->head.text : at->name;
    w->call_line = at->head.line;
    w->declares_params = is_word && text_is(called, "params");
    struct arguments args = walk_arguments(w);
    w->declares_params = false;
    w->call_line = outer_line;
    if (first.kind != TOKEN_STRING)
        judge_call(&w->judge, &at->head, first.line,
                   token_is(&first, "{") ? args.told[0].items : STRICT_ANY);
    judge_pattern_among(w, at->name, &args, at->is_method);
    bool is_condition = said->kind == SAID_CONDITION;
    *said = judge_called(&w->judge, called, how_called(at));
    said->walks_resources = is_word && text_is(called, "ipairs") && gives_resources(&args.told[0]);
    said->is_params = is_word && text_is(called, "params");
    said->is_many = !word_is(at->head.text);
    if (is_condition)
        said->kind = said->last = SAID_CONDITION;
}

static void walk_index(struct walk *w, const struct suffix *at, struct said *said)
{
    struct said table = *said;
    walk_advance(w);
    struct said index = walk_expression(w);
    walk_take(w, "]");
    *said = SAID_NOTHING;
    said->is_resource = gives_resources(&table);
    bool is_name = index.literal.kind == TOKEN_STRING && *index.literal.text.at != '[';
    struct token name = index.literal;
    if (is_name)
        name.text = (struct spurn_text){name.text.at + 1, name.text.len - 2};
    if (is_name && at->number == 0 && judge_is_invitation(&w->judge, &at->head))
        *said = judge_read_field(&w->judge, &at->head, &name, false);
    else if (is_name && table.is_params)
        *said = judge_read_param(&w->judge, name.text);
    else
        judge_index(&w->judge, &table, &index, at->head.line);
}

static void walk_member(struct walk *w, struct suffix *at, struct said *said)
{
    struct said table = *said;
    at->is_method = walk_at(w, ":");
    walk_advance(w);
    struct token name = w->now;
    at->name = name.text;
    walk_advance(w);
    *said = SAID_NOTHING;
    if (at->number == 0 && judge_is_invitation(&w->judge, &at->head))
        *said = judge_read_field(&w->judge, &at->head, &name, at->is_method);
    else if (table.is_params)
        *said = judge_read_param(&w->judge, name.text);
    said->member = name.text;
}

static bool at_suffix(const struct walk *w)
{
    return walk_at(w, ".") || walk_at(w, ":") || walk_at(w, "[") || at_arguments(w);
}

struct said walk_suffixed(struct walk *w)
{
    struct said said = SAID_NOTHING;
    struct suffix at = {.head = w->now, .name = TEXT_ABSENT};
    if (walk_take(w, "(")) {
        said = walk_expression(w);
        walk_take(w, ")");
    } else {
        said = judge_read(&w->judge, &w->now, &w->next);
        walk_advance(w);
        if (said.is_params && !walk_at(w, ".") && !walk_at(w, "["))
            w->judge.params_escape = true;
    }
    for (; at_suffix(w); at.number++) {
        if (walk_at(w, ".") || walk_at(w, ":")) {
            walk_member(w, &at, &said);
            continue;
        }
        if (walk_at(w, "["))
            walk_index(w, &at, &said);
        else
            walk_call(w, &at, &said);
        at.name = TEXT_ABSENT;
        at.is_method = false;
    }
    return said;
}

/* ---- operands ---- */

static struct said said_literal(const struct token *token)
{
    struct said said = SAID_NOTHING;
    if (token->kind == TOKEN_STRING)
        said = said_kind(SAID_STRING);
    else if (token->kind == TOKEN_NUMBER)
        said = said_kind(SAID_NUMBER);
    else if (token_is(token, "true") || token_is(token, "false"))
        said = said_kind(SAID_BOOLEAN);
    else if (token_is(token, "nil"))
        said = said_kind(SAID_NIL);
    if (said.kind != SAID_ANYTHING)
        said.literal = *token;
    return said;
}

static struct said walk_plain(struct walk *w)
{
    if (walk_take(w, "function")) {
        walk_function(w, w->now.line, false);
        return said_kind(SAID_FUNCTION);
    }
    if (walk_at(w, "{"))
        return walk_table(w);
    if (w->now.kind == TOKEN_NAME || walk_at(w, "("))
        return walk_suffixed(w);
    struct said said = said_literal(&w->now);
    if (w->now.kind == TOKEN_NUMBER)
        judge_number(&w->judge, &w->now);
    said.is_many = walk_at(w, "...");
    walk_advance(w);
    return said;
}

/* ~A of a condition is one; of anything else nobody knows. */
static struct said said_negated(const struct said *inner)
{
    return inner->kind == SAID_CONDITION ? said_kind(SAID_CONDITION) : SAID_NOTHING;
}

static struct said walk_operand(struct walk *w)
{
    struct token sign = w->now;
    if (walk_take(w, "not")) {
        judge_logic(&w->judge, &sign);
        struct said operand = walk_operand(w);
        judge_operand(&w->judge, &operand, &sign, true);
        if (walk_at_comparison(w))
            judge_not(&w->judge, &w->now);
        return said_kind(SAID_BOOLEAN);
    }
    if (walk_take(w, "~")) {
        struct said operand = walk_operand(w);
        return said_negated(&operand);
    }
    if (walk_at(w, "-") || walk_at(w, "#")) {
        walk_advance(w);
        struct said operand = walk_operand(w);
        return operand.kind == SAID_CONDITION ? operand : said_kind(SAID_NUMBER);
    }
    return walk_plain(w);
}

/* ---- operators ---- */

/* What each kind of operator gives; those that bind weaker come first, and decide. */
static const struct operators {
    const char *signs[8];
    enum said_kind kind;
} operators[] = {
    {{"==", "~=", "<", ">", "<=", ">=", NULL}, SAID_BOOLEAN},
    {{"&", "|", "~", "<<", ">>", NULL}, SAID_ANYTHING},
    {{"..", NULL}, SAID_STRING},
    {{"+", "-", "*", "/", "//", "%", "^", NULL}, SAID_NUMBER},
};

enum { OPERATORS = sizeof operators / sizeof operators[0] };

/* Which row the operator is in; OPERATORS for none, and for `and` and `or`. */
static size_t row_at(const struct walk *w)
{
    size_t row = 0;
    while (row < OPERATORS && !at_any(w, operators[row].signs))
        row++;
    return row;
}

/* A run of operands with no `and` or `or` between. */
struct run {
    struct said whole;
    size_t row; /* of its weakest operator; OPERATORS when it is one operand */
};

/* From `from` on, as written. */
static struct spurn_text written_until(const char *from, const char *end)
{
    while (end > from && strchr(" \t\r\n", end[-1]) != NULL)
        end--;
    return (struct spurn_text){from, (size_t)(end - from)};
}

static struct run walk_run(struct walk *w)
{
    const char *from = w->now.text.at;
    struct run run = {walk_operand(w), OPERATORS};
    struct said left = run.whole;
    bool is_condition = left.kind == SAID_CONDITION;
    struct compared compared = SAID_NOTHING.compared;
    size_t row;
    while ((row = row_at(w)) < OPERATORS) {
        struct token sign = w->now;
        bool is_alone = run.row == OPERATORS;
        walk_advance(w);
        struct said right = walk_operand(w);
        bool ends = row_at(w) == OPERATORS;
        if (row == 0 && is_alone && ends) {
            judge_comparison(&w->judge, &left, &sign, &right);
            compared = judge_compared(&left, written_until(from, sign.text.at), &sign, &right);
        } else if (row == 0 && (is_condition || right.kind == SAID_CONDITION))
            judge_comparison(&w->judge, &left, &sign, &right);
        is_condition |= right.kind == SAID_CONDITION;
        run.row = row < run.row ? row : run.row;
        left = right;
    }
    if (run.row < OPERATORS)
        run.whole = said_kind(is_condition ? SAID_CONDITION : operators[run.row].kind);
    if (run.row == 0 && !is_condition)
        run.whole.compared = compared;
    return run;
}

struct said walk_expression(struct walk *w)
{
    struct run run = walk_run(w);
    struct said whole = run.whole;
    bool is_condition = whole.kind == SAID_CONDITION, follows_and = false;
    if (!walk_at_logic(w))
        return whole;
    struct token sign = w->now;
    while (walk_at_logic(w)) {
        sign = w->now;
        bool is_or = walk_at(w, "or");
        judge_logic(&w->judge, &sign);
        /* The value in `A and inv.name or "-"` is no question. */
        judge_operand(&w->judge, &run.whole, &sign, !(is_or && follows_and));
        bool was_compared = run.row == 0;
        struct said before = run.whole;
        walk_advance(w);
        run = walk_run(w);
        if (!is_or || (!follows_and && !walk_at(w, "and")))
            judge_both(&w->judge, &before, &sign, &run.whole);
        if (is_or && was_compared && !follows_and && run.row == OPERATORS)
            judge_literal_operand(&w->judge, &run.whole);
        follows_and = !is_or;
        is_condition |= run.whole.kind == SAID_CONDITION;
    }
    judge_operand(&w->judge, &run.whole, &sign, false);
    whole = said_kind(is_condition ? SAID_CONDITION : SAID_ANYTHING);
    whole.last = run.whole.last;
    return whole;
}

struct said walk_expressions(struct walk *w, int *count)
{
    struct said first = walk_expression(w);
    for (*count = 1; walk_take(w, ","); ++*count)
        walk_expression(w);
    return first;
}

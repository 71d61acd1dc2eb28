/* judge.c - what may be said where: words, names, and the operators that would drop a condition. */
#include "script/strict/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/sandbox/host.h"
#include "script/words/words.h"

static const char *const library_names[] = {"assert",   "error",    "ipairs", "math",   "next",
                                            "pairs",    "print",    "select", "string", "table",
                                            "tonumber", "tostring", "type",   "utf8",   NULL};

enum { CANDIDATES_MAX = 128, LOCALS_A_STEP = 8, WARNINGS_MAX = 100 };

const struct said SAID_NOTHING = {
    .literal = {.kind = TOKEN_END}, .name = {.kind = TOKEN_END}, .items = STRICT_ANY};

struct said said_kind(enum said_kind kind)
{
    struct said said = SAID_NOTHING;
    said.kind = said.last = kind;
    return said;
}

/* ---- complaints ---- */

void judge_refuse(struct judge *j, int line, const char *fmt, ...)
{
    char message[512];
    if (j->status != SPURN_OK || j->only_tables)
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    j->status = spurn_fail(j->err, SPURN_E_POLICY, "%s:%d: %s", j->path, line, message);
}

static void copy_name(char out[STRICT_NAME_LEN], struct spurn_text name)
{
    snprintf(out, STRICT_NAME_LEN, "%.*s", TEXT_ARG(name));
}

/* Room for one more item of `size` bytes; NULL, said in j->status, when memory ran out. The room doubles whenever the count
 * is a power of two, so an array of any count has it. */
static void *grown(struct judge *j, void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return items;
    void *more = realloc(items, (count == 0 ? 1 : count * 2) * size);
    if (more == NULL && j->status == SPURN_OK)
        j->status = spurn_fail_memory(j->err);
    return more;
}

/* ---- what is kept ---- */

void judge_warn(struct judge *j, int line, const char *fmt, ...)
{
    char message[512];
    struct strict *s = j->out;
    if (j->status != SPURN_OK || j->only_tables || s->warning_count == WARNINGS_MAX)
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    struct strict_warning *more = grown(j, s->warnings, s->warning_count, sizeof *more);
    if (more == NULL)
        return;
    s->warnings = more;
    more[s->warning_count].line = line;
    more[s->warning_count].text = strdup(message);
    if (more[s->warning_count].text == NULL)
        j->status = spurn_fail_memory(j->err);
    else
        s->warning_count++;
}

void judge_slip(struct judge *j, int depth, int line, const char *fmt, ...)
{
    if (j->status != SPURN_OK || depth == 0 || depth > j->depth)
        return;
    struct strict_function *f = &j->out->functions[j->functions[depth - 1]];
    if (f->slip_line != 0)
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(f->slip, sizeof f->slip, fmt, args);
    va_end(args);
    f->slip_line = line;
}

/* ---- locals and functions ---- */

struct local *judge_local(struct judge *j, const struct token *name)
{
    if (word_is(name->text))
        judge_refuse(j, name->line, "a local is named like the word `%.*s`; give it another name",
                     TEXT_ARG(name->text));
    if (text_is(name->text, "_ENV"))
        judge_refuse(j, name->line, "_ENV is not there");
    struct local *more = grown(j, j->locals, j->local_count, sizeof *more);
    if (more == NULL)
        return NULL;
    j->locals = more;
    more[j->local_count] = (struct local){
        .name = name->text, .line = name->line, .depth = j->depth, .value = SAID_NOTHING};
    return &more[j->local_count++];
}

void judge_close_scope(struct judge *j, size_t outer)
{
    for (size_t i = outer; i < j->local_count; i++) {
        const struct local *local = &j->locals[i];
        if (local->is_named && !local->is_read && local->name.at[0] != '_')
            judge_warn(j, local->line, "the local `%.*s` is never read; use it, or take it out",
                       TEXT_ARG(local->name));
    }
    j->local_count = outer;
}

void judge_finish(struct judge *j)
{
    judge_close_scope(j, 0);
    for (size_t i = 0; i < j->param_count && !j->params_escape; i++)
        if (!j->params[i].is_read)
            judge_warn(j, j->params[i].line,
                       "the parameter \"%.*s\" is never read, so setting it has no effect; use it, "
                       "or take it out",
                       TEXT_ARG(j->params[i].name));
}

struct local *judge_find_local(struct judge *j, struct spurn_text name)
{
    size_t i = j->local_count;
    while (i > 0 && !text_equal(j->locals[i - 1].name, name))
        i--;
    if (j->steps != NULL)
        *j->steps -= (int64_t)((j->local_count - i) / LOCALS_A_STEP);
    return i > 0 ? &j->locals[i - 1] : NULL;
}

void judge_open_function(struct judge *j, int line, struct spurn_text name)
{
    struct strict *s = j->out;
    struct strict_function *more = grown(j, s->functions, s->count, sizeof *more);
    if (more == NULL)
        return;
    s->functions = more;
    more[s->count] = (struct strict_function){.first_line = line};
    copy_name(more[s->count].name, name);
    if (j->depth == FUNCTIONS_DEEP_MAX) {
        judge_refuse(j, line, "functions nest more than %d deep", FUNCTIONS_DEEP_MAX);
        return;
    }
    j->functions[j->depth++] = s->count++;
}

void judge_token(struct judge *j, const struct token *token)
{
    static const char *const counted[] = {"for", "while", "repeat", "goto", "function", "//", "%"};
    if (j->depth == 0)
        return;
    struct strict_function *f = &j->out->functions[j->functions[j->depth - 1]];
    f->tokens++;
    for (size_t i = 0; i < sizeof counted / sizeof counted[0] && !f->is_counted; i++)
        f->is_counted = token_is(token, counted[i]);
}

void judge_close_function(struct judge *j, int line)
{
    if (j->status != SPURN_OK)
        return;
    j->depth--;
    j->out->functions[j->functions[j->depth]].last_line = line;
}

/* ---- reading a name ---- */

/* `reason = "from " .. sender`: it is put together for each invitation. */
static void refuse_in_reason(struct judge *j, const struct token *name)
{
    bool is_field = !text_is(name->text, "inv");
    judge_refuse(j, name->line,
                 "reason: a field stands inside the text, in braces, and not `%.*s`; write "
                 "\"... {%.*s} ...\"",
                 TEXT_ARG(name->text), is_field ? (int)name->text.len : 6,
                 is_field ? name->text.at : "sender");
}

static void refuse_unknown(struct judge *j, const struct token *name)
{
    const char *candidates[CANDIDATES_MAX + 1];
    char word[STRICT_NAME_LEN], locals[CANDIDATES_MAX][STRICT_NAME_LEN];
    size_t count = 0, local_count = 0;
    copy_name(word, name->text);
    for (size_t i = j->local_count; i > 0 && local_count < CANDIDATES_MAX / 2; i--) {
        copy_name(locals[local_count], j->locals[i - 1].name);
        candidates[count++] = locals[local_count++];
    }
    for (size_t i = 0; word_name_at(i) != NULL; i++)
        candidates[count++] = word_name_at(i);
    for (const char *const *w = library_names; *w != NULL; w++)
        candidates[count++] = *w;
    candidates[count] = NULL;
    const char *nearest = host_nearest(word, candidates);
    const char *absent = host_absent(word);
    enum field field;
    if (j->in_reason && (text_is(name->text, "inv") || field_of(name->text, &field)))
        refuse_in_reason(j, name);
    else if (absent != NULL)
        judge_refuse(j, name->line, "unknown word `%s`: %s", word, absent);
    else if (text_is(name->text, "inv"))
        judge_refuse(j, name->line,
                     "`inv` is not there; a function takes it, function(inv) ... end");
    else if (field_of(name->text, &field))
        judge_refuse(j, name->line,
                     "unknown word `%s`; of an invitation, inside a function, it is inv.%s", word,
                     word);
    else if (nearest != NULL)
        judge_refuse(j, name->line, "unknown word `%s`; did you mean `%s`?", word, nearest);
    else if ((nearest = host_nearest(word, field_names())) != NULL)
        judge_refuse(j, name->line, "unknown word `%s`; did you mean inv.%s, inside a function?",
                     word, nearest);
    else
        judge_refuse(j, name->line, "unknown word `%s`; spurn fields lists what there is", word);
}

static bool is_library(struct spurn_text name)
{
    for (const char *const *w = library_names; *w != NULL; w++)
        if (text_is(name, *w))
            return true;
    return false;
}

static bool is_comparison(const struct token *token)
{
    static const char *const comparisons[] = {"==", "~=", "<", ">", "<=", ">="};
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++)
        if (token_is(token, comparisons[i]))
            return true;
    return false;
}

static bool begins_value(const struct token *token)
{
    return token->kind == TOKEN_STRING || token_is(token, "(") || token_is(token, "{");
}

static void refuse_bare_word(struct judge *j, const struct token *name, const struct token *next)
{
    enum field field;
    struct spurn_text word = name->text;
    if (j->in_reason && field_of(word, &field))
        refuse_in_reason(j, name);
    else if (j->depth > 0 && field_of(word, &field))
        judge_refuse(j, name->line,
                     "`%.*s` is a word for conditions; inside a function write inv.%.*s",
                     TEXT_ARG(word), TEXT_ARG(word));
    else if (is_comparison(next))
        judge_refuse(j, name->line, "the word `%.*s` is compared; it takes its value beside it: %s",
                     TEXT_ARG(word), word_form(word));
    else
        judge_refuse(j, name->line, "`%.*s` is missing its value: %s", TEXT_ARG(word),
                     word_form(word));
}

static struct said read_word(struct judge *j, const struct token *name, const struct token *next)
{
    for (int i = 0; i < j->depth; i++) {
        struct strict_function *f = &j->out->functions[j->functions[i]];
        if (f->word_line == 0 && !text_is(name->text, "seconds")) {
            f->word_line = name->line;
            copy_name(f->word, name->text);
        }
    }
    if (word_is_complete(name->text)) {
        if (begins_value(next) && next->line == name->line)
            judge_refuse(j, name->line, "`%.*s` takes no value", TEXT_ARG(name->text));
    } else if (!begins_value(next)) {
        refuse_bare_word(j, name, next);
    }
    return word_makes_condition(name->text) ? said_kind(SAID_CONDITION) : SAID_NOTHING;
}

struct said judge_read(struct judge *j, const struct token *name, const struct token *next)
{
    struct local *local = judge_find_local(j, name->text);
    struct said said = local != NULL ? local->value : SAID_NOTHING;
    if (local != NULL)
        local->is_read = true;
    else if (word_is(name->text))
        said = read_word(j, name, next);
    else if (text_is(name->text, "_ENV"))
        judge_refuse(j, name->line, "_ENV is not there");
    else if (!is_library(name->text))
        refuse_unknown(j, name);
    if (said.kind == SAID_CONDITION && j->asks != NULL && j->told.kind == TOKEN_END)
        j->told = *name;
    said.name = *name;
    return said;
}

/* ---- writing a name ---- */

void judge_write(struct judge *j, const struct token *name, bool is_whole)
{
    struct local *local = judge_find_local(j, name->text);
    if (text_is(name->text, "_ENV"))
        judge_refuse(j, name->line, "_ENV is not there");
    if (local == NULL && is_whole) {
        judge_refuse(j, name->line, "`%.*s` is assigned to without `local`; write local %.*s = ...",
                     TEXT_ARG(name->text), TEXT_ARG(name->text));
        return;
    }
    if (local != NULL && is_whole) /* from now on it may be anything */
        local->value = SAID_NOTHING;
    else if (local != NULL)
        local->value.is_array = false;
    for (int i = local != NULL ? local->depth : 0; i < j->depth; i++) {
        struct strict_function *f = &j->out->functions[j->functions[i]];
        if (f->outside_line == 0) {
            f->outside_line = name->line;
            copy_name(f->outside_name, name->text);
        }
    }
}

/* ---- and, or, not ---- */

static const char *sign_for(const struct token *token)
{
    return token_is(token, "and") ? "&" : token_is(token, "or") ? "|" : "~";
}

void judge_logic(struct judge *j, const struct token *token)
{
    if (j->depth > 0) {
        struct strict_function *f = &j->out->functions[j->functions[j->depth - 1]];
        if (f->logic_line == 0)
            f->logic_line = token->line;
    } else if (j->asks != NULL && strcmp(j->asks, "if") == 0) {
        if (j->logic.kind == TOKEN_END)
            j->logic = *token;
    } else {
        judge_refuse(j, token->line,
                     "`%.*s` would drop a condition without a trace; write %s, or an `if` about "
                     "parameters",
                     TEXT_ARG(token->text), sign_for(token));
    }
}

static void keep_call(struct judge *j, struct strict_call call)
{
    struct strict *s = j->out;
    struct strict_call *more = grown(j, s->calls, s->call_count, sizeof *more);
    if (more == NULL)
        return;
    s->calls = more;
    more[s->call_count++] = call;
}

void judge_call(struct judge *j, const struct token *word, int table_line, int items)
{
    bool is_called = j->only_tables || word_is(word->text);
    if (is_called && judge_find_local(j, word->text) == NULL)
        keep_call(j, (struct strict_call){word->text, word->line, table_line, items});
}

void judge_named_table(struct judge *j, const struct token *name, int call_line, int items)
{
    if (j->only_tables)
        keep_call(j, (struct strict_call){name->text, call_line, call_line, items});
}

static const char *article(const char *asks)
{
    return *asks == 'w' ? "a" : "an";
}

void judge_open_if(struct judge *j, const char *asks)
{
    j->asks = j->depth == 0 ? asks : NULL;
    j->logic = j->told = (struct token){.kind = TOKEN_END};
}

void judge_close_if(struct judge *j)
{
    if (j->asks != NULL && j->told.kind != TOKEN_END && j->logic.kind == TOKEN_END)
        judge_refuse(
            j, j->told.line,
            "%s `%s` about the condition `%.*s` is always true; it may ask parameters only",
            article(j->asks), j->asks, TEXT_ARG(j->told.text));
    if (j->asks != NULL && j->told.kind != TOKEN_END && j->logic.kind != TOKEN_END)
        judge_refuse(j, j->logic.line,
                     "`%.*s` in %s `%s` about the condition `%.*s`: it may ask parameters only; "
                     "write %s",
                     TEXT_ARG(j->logic.text), article(j->asks), j->asks, TEXT_ARG(j->told.text),
                     sign_for(&j->logic));
    j->asks = NULL;
}

/* judge_values.c - values in a policy's text: fields that are never what they are compared with, questions whose answer is fixed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/strict/judge.h"
#include "script/policy.h"
#include "script/words/words.h"
#include "script/words/private.h"

enum { MESSAGE_LEN = 320, NAMES_MOST = FIELD_COUNT + 8 };

static const char *called(enum said_kind kind)
{
    static const char *const names[] = {
        [SAID_ANYTHING] = "a value",
        [SAID_STRING] = "a string",
        [SAID_NUMBER] = "a number",
        [SAID_BOOLEAN] = "true or false",
        [SAID_NIL] = "nil",
        [SAID_TABLE] = "a table",
        [SAID_FUNCTION] = "a function",
        [SAID_POSITION] = "a value or nil",
        [SAID_CONDITION] = "a condition",
    };
    return names[kind];
}

struct spurn_text judge_unquoted(const struct token *literal)
{
    bool is_plain = literal->kind == TOKEN_STRING && *literal->text.at != '[' &&
                    memchr(literal->text.at, '\\', literal->text.len) == NULL;
    if (!is_plain)
        return TEXT_ABSENT;
    return (struct spurn_text){literal->text.at + 1, literal->text.len - 2};
}

void judge_complain(struct judge *j, int depth, int line, const char *fmt, ...)
{
    char message[MESSAGE_LEN];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    if (depth == 0)
        judge_refuse(j, line, "%s", message);
    else
        judge_slip(j, depth, line, "%s", message);
}

/* ---- parameters ---- */

void judge_param(struct judge *j, const struct token *name, const struct said *value)
{
    struct param *more = realloc(j->params, (j->param_count + 1) * sizeof *more);
    if (more == NULL) {
        if (j->status == SPURN_OK)
            j->status = spurn_fail_memory(j->err);
        return;
    }
    j->params = more;
    more[j->param_count] = (struct param){name->text, name->line, false, SAID_NOTHING};
    /* The configuration sets another value of the same kind. */
    more[j->param_count].value.kind = more[j->param_count].value.last = value->kind;
    more[j->param_count++].value.is_array = value->is_array;
}

struct said judge_read_param(struct judge *j, struct spurn_text name)
{
    for (size_t i = 0; i < j->param_count; i++) {
        if (!text_equal(j->params[i].name, name))
            continue;
        j->params[i].is_read = true;
        return j->params[i].value;
    }
    return SAID_NOTHING;
}

/* ---- the invitation ---- */

bool judge_is_invitation(struct judge *j, const struct token *head)
{
    const struct local *local = head->kind == TOKEN_NAME ? judge_find_local(j, head->text) : NULL;
    return local != NULL && local->is_parameter;
}

/* "has", of "inv:has NAME". */
static struct spurn_text method_at(size_t index)
{
    struct script_word word;
    if (!view_method_at(index, &word))
        return TEXT_ABSENT;
    const char *name = strchr(word.form, ':') + 1;
    return (struct spurn_text){name, strcspn(name, " (")};
}

static const char *method_form(struct spurn_text name)
{
    struct script_word word;
    for (size_t i = 0; view_method_at(i, &word); i++)
        if (text_equal(method_at(i), name))
            return word.form;
    return NULL;
}

/* Of a function's first argument, whatever it is called, only when that function decides. */
static int depth_of(struct judge *j, const struct token *head)
{
    const struct local *local = judge_find_local(j, head->text);
    return text_is(head->text, "inv") || local == NULL ? 0 : local->depth;
}

static void refuse_member(struct judge *j, int depth, const struct token *name)
{
    char word[STRICT_NAME_LEN], methods[NAMES_MOST][16];
    const char *names[NAMES_MOST + 1] = {NULL};
    size_t count = 0;
    for (; field_names()[count] != NULL; count++)
        names[count] = field_names()[count];
    for (size_t i = 0; count < NAMES_MOST && method_at(i).at != NULL; i++) {
        snprintf(methods[i], sizeof methods[i], "%.*s", TEXT_ARG(method_at(i)));
        names[count++] = methods[i];
    }
    snprintf(word, sizeof word, "%.*s", TEXT_ARG(name->text));
    const char *nearest = host_nearest(word, names);
    judge_complain(j, depth, name->line, "an invitation has no field \"%s\"%s%s%s", word,
                   nearest ? "; did you mean \"" : "; spurn fields lists what there is",
                   nearest ? nearest : "", nearest ? "\"?" : "");
}

struct said judge_read_field(struct judge *j, const struct token *head, const struct token *name,
                             bool is_method)
{
    enum field field;
    int depth = depth_of(j, head);
    const char *form = method_form(name->text);
    bool is_field = field_of(name->text, &field);
    if (form != NULL && !is_method)
        judge_complain(j, depth, name->line, "write %s, with a colon", form);
    else if (is_field && is_method)
        judge_complain(j, depth, name->line,
                       "inv.%.*s is a field: it is written with a dot, and not called",
                       TEXT_ARG(name->text));
    else if (!is_field && form == NULL)
        refuse_member(j, depth, name);
    if (!is_field || is_method)
        return SAID_NOTHING;
    struct said said = said_kind(field_is_number(field) ? SAID_NUMBER : SAID_STRING);
    said.field = name->text;
    said.field_depth = depth;
    return said;
}

/* ---- tables and calls ---- */

void judge_index(struct judge *j, const struct said *table, const struct said *index, int line)
{
    if (table->is_params)
        j->params_escape = true;
    if (table->is_array && index->kind == SAID_STRING)
        judge_refuse(j, line,
                     "this table has values and no keys, so nothing is found in it by a string; "
                     "write { [\"...\"] = true }, or walk through it with ipairs");
}

struct said judge_called(struct judge *j, struct spurn_text name, enum judge_call how)
{
    static const struct {
        const char *name;
        unsigned how; /* 1 << enum judge_call */
        enum said_kind kind;
    } rows[] = {
        {"tostring", 1 << CALL_NAME, SAID_STRING},
        {"type", 1 << CALL_NAME, SAID_STRING},
        {"seconds", 1 << CALL_NAME, SAID_NUMBER},
        {"has", 1 << CALL_METHOD, SAID_BOOLEAN},
        {"copy", 1 << CALL_METHOD, SAID_TABLE},
        {"resources", 1 << CALL_METHOD, SAID_TABLE},
        {"lower", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_STRING},
        {"upper", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_STRING},
        {"sub", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_STRING},
        {"rep", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_STRING},
        {"reverse", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_STRING},
        {"format", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_STRING},
        {"len", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_NUMBER},
        {"find", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_POSITION},
        {"match", 1 << CALL_METHOD | 1 << CALL_STRING, SAID_POSITION},
    };
    struct said said = SAID_NOTHING;
    if (how == CALL_NAME && judge_find_local(j, name) != NULL)
        return said;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((rows[i].how & (1U << how)) != 0 && text_is(name, rows[i].name))
            said = said_kind(rows[i].kind);
    said.member = name;
    return said;
}

void judge_walked(struct judge *j, const struct said *value, int line)
{
    if (value->kind == SAID_TABLE)
        judge_refuse(j, line,
                     "`for` walks through a table with ipairs: for _, value in ipairs(...) do");
}

/* Nobody reckons with numbers of just so many digits. */
void judge_number(struct judge *j, const struct token *number)
{
    if (id_complaint(number->text) == NULL)
        judge_refuse(j, number->line,
                     "an id is a string, since leading zeros matter; write \"%.*s\"",
                     TEXT_ARG(number->text));
}

/* ---- and, or, not, if ---- */

static const char *asks_of(const struct token *at)
{
    static const char *const asks[] = {"and", "or", "not", "if", "while", "until"};
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++)
        if (text_is(at->text, asks[i]))
            return asks[i];
    return asks[0];
}

static void watch(struct judge *j, const struct token *name, const char *asks, int line)
{
    struct strict *s = j->out;
    struct strict_watch *more = realloc(s->watches, (s->watch_count + 1) * sizeof *more);
    if (more == NULL) {
        j->status = spurn_fail_memory(j->err);
        return;
    }
    s->watches = more;
    more[s->watch_count++] = (struct strict_watch){name->text, asks, j->statement_line, line};
}

void judge_operand(struct judge *j, const struct said *operand, const struct token *at,
                   bool is_tested)
{
    const struct local *local =
        operand->name.kind == TOKEN_NAME ? judge_find_local(j, operand->name.text) : NULL;
    const char *asks = asks_of(at);
    bool joins = strcmp(asks, "and") == 0 || strcmp(asks, "or") == 0;
    if (j->status != SPURN_OK || j->only_tables)
        return;
    if (is_tested && operand->field.at != NULL)
        judge_complain(
            j, operand->field_depth, at->line,
            "inv.%.*s is never nil, since reading what the cloud left out ends the function; "
            "write inv:has \"%.*s\"",
            TEXT_ARG(operand->field), TEXT_ARG(operand->field));
    else if (is_tested && local != NULL && operand->kind == SAID_FUNCTION)
        judge_refuse(j, at->line, "`%.*s` is a function, which is always true; call it, %.*s(inv)",
                     TEXT_ARG(local->name), TEXT_ARG(local->name));
    else if (local != NULL && (joins || !local->is_empty) &&
             (operand->kind == SAID_ANYTHING || operand->kind == SAID_CONDITION))
        watch(j, &operand->name, asks, at->line);
}

void judge_literal_operand(struct judge *j, const struct said *operand)
{
    const struct token *literal = &operand->literal;
    if (literal->kind == TOKEN_STRING || literal->kind == TOKEN_NUMBER)
        judge_refuse(j, literal->line,
                     "`or %.*s` is always true; write the comparison again, A == B or A == %.*s",
                     TEXT_ARG(literal->text), TEXT_ARG(literal->text));
}

void judge_not(struct judge *j, const struct token *sign)
{
    judge_refuse(j, sign->line,
                 "`not` takes what stands right behind it, before %.*s is looked at; write not "
                 "(A %.*s B)",
                 TEXT_ARG(sign->text), TEXT_ARG(sign->text));
}

/* ---- comparisons ---- */

static const char *effect_of(const struct token *sign, char effect[32])
{
    bool is_equality = token_is(sign, "==") || token_is(sign, "~=");
    snprintf(effect, 32, is_equality ? "never equals" : "is never %.*s", TEXT_ARG(sign->text));
    return effect;
}

/* What differs in type is never equal to Lua, and says so to nobody: `inv.sender ~= 111122223333` would always hold. */
static void judge_field_kind(struct judge *j, const struct said *field, const struct token *sign,
                             const struct token *literal)
{
    char effect[32];
    if (literal->kind == TOKEN_NUMBER && field->kind != SAID_NUMBER)
        judge_complain(j, field->field_depth, literal->line,
                       "inv.%.*s is a string and %s a number; write \"%.*s\"",
                       TEXT_ARG(field->field), effect_of(sign, effect), TEXT_ARG(literal->text));
    else if (literal->kind == TOKEN_STRING && field->kind == SAID_NUMBER)
        judge_complain(
            j, field->field_depth, literal->line,
            "inv.%.*s is a number of seconds and %s a string; write a number, or seconds "
            "\"6h\"",
            TEXT_ARG(field->field), effect_of(sign, effect));
}

static void keep_place(struct judge *j, enum field field, struct spurn_text value, int line)
{
    struct strict *s = j->out;
    struct strict_place *more = realloc(s->places, (s->place_count + 1) * sizeof *more);
    if (more == NULL) {
        j->status = spurn_fail_memory(j->err);
        return;
    }
    s->places = more;
    more[s->place_count++] = (struct strict_place){field, value, line};
}

static void judge_field_text(struct judge *j, const struct said *field, const struct token *literal)
{
    struct spurn_text value = judge_unquoted(literal);
    const char *complaint = value.at != NULL ? word_complaint(field->field, value) : NULL;
    if (value.at == NULL)
        return;
    enum invitation_status status =
        text_is(field->field, "status") ? invitation_status_of(value) : STATUS_OTHER;
    bool is_glob = memchr(value.at, '*', value.len) != NULL;
    enum field which;
    bool is_place =
        field_of(field->field, &which) && (which == FIELD_REGION || which == FIELD_ACCOUNT);
    if (complaint != NULL)
        judge_complain(j, field->field_depth, literal->line, "inv.%.*s never equals \"%.*s\": %s",
                       TEXT_ARG(field->field), TEXT_ARG(value), complaint);
    else if (status != STATUS_OTHER && !text_is(value, invitation_status_name(status)))
        judge_complain(j, field->field_depth, literal->line,
                       "inv.status never equals \"%.*s\"; did you mean \"%s\"?", TEXT_ARG(value),
                       invitation_status_name(status));
    else if (is_place && !is_glob && field->field_depth == 0)
        keep_place(j, which, value, literal->line);
    else if (is_glob && field->field_depth == 0)
        judge_warn(j, literal->line,
                   "inv.%.*s is compared with a * as it stands, not with a glob; a glob is a "
                   "condition's, %.*s \"%.*s\"",
                   TEXT_ARG(field->field), TEXT_ARG(field->field), TEXT_ARG(value));
}

enum { MILLISECONDS_LEAST_LEN = 12, MINUTE_S = 60 };

static void judge_field_number(struct judge *j, const struct said *field,
                               const struct token *literal)
{
    long long number = strtoll(literal->text.at, NULL, 10);
    if (text_is(field->field, "times_seen") || !text_all_digits(literal->text))
        return;
    if (literal->text.len > MILLISECONDS_LEAST_LEN)
        judge_complain(j, field->field_depth, literal->line,
                       "inv.%.*s counts seconds, and %.*s would be milliseconds",
                       TEXT_ARG(field->field), TEXT_ARG(literal->text));
    else if (text_is(field->field, "age") && number > 0 && number < MINUTE_S)
        judge_warn(j, literal->line,
                   "inv.age counts seconds; if hours are meant, write seconds \"%lldh\"", number);
}

/* One side is inv.FIELD alone, the other `with`. */
static void judge_field(struct judge *j, const struct said *field, const struct token *sign,
                        const struct said *with)
{
    bool is_equality = token_is(sign, "==") || token_is(sign, "~=");
    judge_field_kind(j, field, sign, &with->literal);
    if (with->kind == SAID_NIL && is_equality)
        judge_operand(j, field, sign, true);
    if (is_equality && field->kind == SAID_STRING && with->literal.kind == TOKEN_STRING)
        judge_field_text(j, field, &with->literal);
    if (field->kind == SAID_NUMBER && with->literal.kind == TOKEN_NUMBER)
        judge_field_number(j, field, &with->literal);
    if (field->kind == SAID_NUMBER)
        judge_instant(j, field, sign, with);
}

static bool is_one_kind(const struct said *said)
{
    return said->kind != SAID_ANYTHING && said->kind != SAID_NIL && said->kind != SAID_POSITION;
}

static void judge_kinds(struct judge *j, const struct said *left, const struct token *sign,
                        const struct said *right)
{
    int depth = left->field_depth > right->field_depth ? left->field_depth : right->field_depth;
    const struct said *position = left->kind == SAID_POSITION ? left : right;
    const struct said *other = position == left ? right : left;
    bool is_new_table = (left->kind == SAID_TABLE && left->items != STRICT_ANY) ||
                        (right->kind == SAID_TABLE && right->items != STRICT_ANY);
    if (position->kind == SAID_POSITION && other->kind == SAID_BOOLEAN)
        judge_refuse(j, sign->line, "%.*s gives a value or nil, never true or false; write ~= nil",
                     TEXT_ARG(position->member));
    else if (is_one_kind(left) && is_one_kind(right) && left->kind != right->kind)
        judge_complain(j, depth, sign->line, "%s never equals %s; compare what is of one kind%s",
                       called(left->kind), called(right->kind),
                       other->kind == SAID_TABLE || position->kind == SAID_TABLE
                           ? ", and ask a table with ipairs, or sender { ... }"
                           : "");
    else if (is_new_table)
        judge_refuse(j, sign->line, "a table that is new equals nothing; compare what is in it");
}

void judge_comparison(struct judge *j, const struct said *left, const struct token *sign,
                      const struct said *right)
{
    if (left->kind == SAID_CONDITION || right->kind == SAID_CONDITION) {
        judge_refuse(j, sign->line,
                     "a condition is compared with %.*s, which leaves only true or false; join "
                     "conditions with &, | and ~",
                     TEXT_ARG(sign->text));
        return;
    }
    if (left->field.at != NULL)
        judge_field(j, left, sign, right);
    if (right->field.at != NULL)
        judge_field(j, right, sign, left);
    if (!token_is(sign, "==") && !token_is(sign, "~="))
        return;
    judge_resource(j, left, right);
    judge_resource(j, right, left);
    judge_kinds(j, left, sign, right);
}

/* ---- answers ---- */

void judge_goto(struct judge *j, int line)
{
    if (j->depth == 0)
        judge_warn(j, line,
                   "a `goto` between rules leaves out what it jumps over; write if ... then");
}

void judge_return(struct judge *j, const struct token *at, const struct said *value, int count)
{
    if (j->depth == 0 && count > 0)
        judge_refuse(j, at->line,
                     "`return` in the file itself takes what follows for its value; to end here "
                     "write do return end");
    else if (count == 0)
        judge_slip(j, j->depth, at->line,
                   "a function that decides returns nothing here; write return false");
    else if (count > 1)
        judge_slip(j, j->depth, at->line,
                   "a function that decides returns %d values, of which the first alone counts; "
                   "return true or false",
                   count);
    else if (value->last == SAID_POSITION)
        judge_slip(j, j->depth, at->line,
                   "the function answers what %.*s gives; it must return true or false, as in ~= "
                   "nil",
                   TEXT_ARG(value->member));
    else if (value->last != SAID_ANYTHING && value->last != SAID_BOOLEAN &&
             value->last != SAID_CONDITION)
        judge_slip(j, j->depth, at->line, "the function answers %s; it must return true or false",
                   called(value->last));
}

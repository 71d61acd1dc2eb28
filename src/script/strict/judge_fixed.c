/* judge_fixed.c - questions in a policy's text whose answer is the same, whatever the invitation is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/strict/judge.h"
#include "script/words/private.h"

/* ---- instants ---- */

static const double TEN_YEARS_S = 315360000; /* there were no invitations before 1980 */

/* What was probably meant: how long it is since, or until. NULL: the field is no instant. */
static const char *span_of(struct spurn_text field)
{
    static const struct {
        const char *field, *span;
    } rows[] = {
        {"created", "inv.age, or inv.now - inv.created"},
        {"now", "inv.age, or inv.now - inv.created"},
        {"first_seen", "inv.now - inv.first_seen"},
        {"expires", "inv.expires - inv.now"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_is(field, rows[i].field))
            return rows[i].span;
    return NULL;
}

void judge_instant(struct judge *j, const struct said *field, const struct token *sign,
                   const struct said *with)
{
    const char *span = span_of(field->field);
    const struct token *literal = &with->literal;
    bool is_small = literal->kind == TOKEN_NUMBER && strtod(literal->text.at, NULL) < TEN_YEARS_S;
    bool is_duration = with->kind == SAID_NUMBER && text_is(with->member, "seconds");
    struct spurn_text shown = is_small ? literal->text : text_of("a duration");
    if (span != NULL && (is_small || is_duration))
        judge_complain(j, field->field_depth, sign->line,
                       "inv.%.*s is an instant, counted in seconds since 1970, so beside %.*s the "
                       "answer is always the same; write %s",
                       TEXT_ARG(field->field), TEXT_ARG(shown), span);
}

/* ---- two comparisons of the same ---- */

struct compared judge_compared(const struct said *left, struct spurn_text what,
                               const struct token *sign, const struct said *right)
{
    const struct compared none = {TEXT_ABSENT, TEXT_ABSENT, false};
    bool equals = token_is(sign, "==");
    bool may_vary = left->kind == SAID_ANYTHING && memchr(what.at, '(', what.len) != NULL;
    struct spurn_text with = judge_unquoted(&right->literal);
    if (with.at == NULL || may_vary || (!equals && !token_is(sign, "~=")))
        return none;
    return (struct compared){what, with, equals};
}

void judge_both(struct judge *j, const struct said *first, const struct token *joint,
                const struct said *second)
{
    const struct compared *a = &first->compared, *b = &second->compared;
    bool is_and = token_is(joint, "and");
    if (a->what.at == NULL || b->what.at == NULL || !text_equal(a->what, b->what) ||
        text_equal(a->with, b->with) || a->equals != is_and || b->equals != is_and)
        return;
    judge_refuse(j, joint->line,
                 "%.*s is never both \"%.*s\" and \"%.*s\", so with `%s` this is always %s; write "
                 "`%s`",
                 TEXT_ARG(a->what), TEXT_ARG(a->with), TEXT_ARG(b->with), is_and ? "and" : "or",
                 is_and ? "false" : "true", is_and ? "or" : "and");
}

/* ---- resources ---- */

enum { TYPE_LEN_MAX = 128 };

/* r.type == "Subnet"; type(r) is something else. */
static void judge_type(struct judge *j, const struct said *member, const struct token *literal,
                       struct spurn_text type)
{
    bool is_field = text_is(member->member, "type") && member->kind == SAID_ANYTHING;
    if (!is_field || type.len == 0)
        return;
    char shown[TYPE_LEN_MAX];
    snprintf(shown, sizeof shown, "%.*s", TEXT_ARG(type));
    const char *meant = type_meant(type), *spelt = type_spelt(type);
    if (type_complaint(type) != NULL)
        judge_warn(j, literal->line,
                   "the type of a resource has its service before it, such as \"%s\"",
                   meant != NULL ? meant : "ec2:Subnet");
    else if (spelt != NULL && !text_is(type, spelt))
        judge_warn(j, literal->line,
                   "the type is \"%s\", and == minds capitals, as the word resource_type does not",
                   spelt);
    else if (spelt == NULL && (meant = type_nearly(text_of(shown))) != NULL)
        judge_warn(j, literal->line,
                   "a resource is compared with the type \"%.*s\"; did you mean "
                   "\"%s\"?",
                   TEXT_ARG(type), meant);
}

void judge_resource(struct judge *j, const struct said *left, const struct said *right)
{
    struct spurn_text text = judge_unquoted(&right->literal);
    if (text.at == NULL)
        return;
    if (left->is_resource)
        judge_refuse(j, right->literal.line,
                     "a resource is a table, which never equals a string; its type is r.type, and "
                     "its ARN r.arn");
    else
        judge_type(j, left, &right->literal, text);
}

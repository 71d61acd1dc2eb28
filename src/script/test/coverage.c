/* coverage.c - what tests made rules answer and which lines of functions they ran, added up over test files by policy file. */
#include "script/test/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "script/decide.h"
#include "script/sandbox/lines.h"
#include "script/strict/tokens.h"

struct rule_covered {
    char *name;
    int line;
    bool keeps, was_true, was_false, can_be_false;
};

enum line_covered { LINE_EMPTY, LINE_IDLE, LINE_RAN };

struct file_covered {
    char *path;  /* as test files spelt it, the shortest */
    char *known; /* with links resolved: one file, however it is spelt */
    bool is_untested;
    struct rule_covered *rules;
    size_t rule_count;
    enum line_covered *lines; /* by number */
    size_t line_count;
};

/* Where a rule of the script that is tested stands. */
struct place {
    size_t file, rule;
};

struct coverage {
    struct file_covered *files;
    size_t file_count;
    struct place *places; /* of every rule, in the script's order */
    size_t place_count;
};

enum spurn_status coverage_open(struct coverage **out, struct spurn_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out != NULL ? SPURN_OK : spurn_fail_memory(err);
}

static void clear_file(struct file_covered *f)
{
    for (size_t i = 0; i < f->rule_count; i++)
        free(f->rules[i].name);
    free(f->rules);
    free(f->lines);
    free(f->known);
    free(f->path);
}

void coverage_close(struct coverage *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->file_count; i++)
        clear_file(&c->files[i]);
    free(c->files);
    free(c->places);
    free(c);
}

/* ---- finding and adding ---- */

/* One more zeroed item behind `count` of `size` bytes; NULL when memory ran out, and then *items stays. */
static void *add_item(void **items, size_t *count, size_t size)
{
    char *more = realloc(*items, (*count + 1) * size);
    if (more == NULL)
        return NULL;
    *items = more;
    void *added = memset(more + *count * size, 0, size);
    (*count)++;
    return added;
}

static struct file_covered *add_file(struct coverage *c, struct spurn_text path, char *known)
{
    void *files = c->files;
    struct file_covered *f = add_item(&files, &c->file_count, sizeof *f);
    c->files = files;
    if (f == NULL)
        return NULL;
    f->known = strdup(known);
    f->path = strndup(path.at, path.len);
    return f->known != NULL && f->path != NULL ? f : NULL;
}

/* NULL when memory ran out. */
static struct file_covered *file_of(struct coverage *c, struct spurn_text path, bool *is_new)
{
    struct file_covered *found = NULL;
    *is_new = false;
    char *spelt = strndup(path.at, path.len);
    if (spelt == NULL)
        return NULL;
    char *resolved = realpath(spelt, NULL);
    char *known = resolved != NULL ? resolved : spelt;
    for (size_t i = 0; i < c->file_count && found == NULL; i++)
        if (strcmp(c->files[i].known, known) == 0)
            found = &c->files[i];
    *is_new = found == NULL;
    if (found == NULL)
        found = add_file(c, path, known);
    else if (path.len < strlen(found->path))
        memcpy(found->path, spelt, path.len + 1);
    free(resolved);
    free(spelt);
    return found;
}

static struct rule_covered *add_rule(struct file_covered *f, const struct script_rule *rule)
{
    void *rules = f->rules;
    struct rule_covered *r = add_item(&rules, &f->rule_count, sizeof *r);
    f->rules = rules;
    if (r == NULL)
        return NULL;
    r->line = rule->line;
    r->keeps = rule->keeps;
    r->can_be_false = !text_is(rule->condition, "always");
    r->name = strndup(rule->name.at, rule->name.len);
    return r->name != NULL ? r : NULL;
}

static struct rule_covered *rule_of(struct file_covered *f, const struct script_rule *rule)
{
    for (size_t i = 0; i < f->rule_count; i++)
        if (f->rules[i].line == rule->line && text_equal(text_of(f->rules[i].name), rule->name))
            return &f->rules[i];
    return add_rule(f, rule);
}

static bool add_place(struct coverage *c, const struct script_rule *rule)
{
    bool is_new;
    struct file_covered *f = file_of(c, rule->path, &is_new);
    struct rule_covered *r = f != NULL ? rule_of(f, rule) : NULL;
    void *places = c->places;
    struct place *place = r != NULL ? add_item(&places, &c->place_count, sizeof *place) : NULL;
    c->places = places;
    if (place == NULL)
        return false;
    *place = (struct place){(size_t)(f - c->files), (size_t)(r - f->rules)};
    return true;
}

enum spurn_status coverage_begin(struct coverage *c, const struct script *s,
                                 struct spurn_error *err)
{
    struct script_rule rule;
    c->place_count = 0;
    for (size_t i = 0; script_rule_at(s, i, &rule); i++)
        if (!add_place(c, &rule))
            return spurn_fail_memory(err);
    return SPURN_OK;
}

void coverage_add_rules(struct coverage *c, const struct script *s)
{
    struct script_rule rule;
    for (size_t i = 0; i < c->place_count && script_rule_at(s, i, &rule); i++) {
        struct rule_covered *r = &c->files[c->places[i].file].rules[c->places[i].rule];
        r->was_true |= rule.count.held > 0;
        r->was_false |= rule.count.asked > rule.count.held + rule.count.undecided;
    }
}

/* ---- lines ---- */

bool script_line_at(const struct script *s, size_t index, struct script_line *out)
{
    *out = (struct script_line){0};
    for (size_t i = 0; i < s->policy_count; i++) {
        const struct policy *p = s->policies[i];
        size_t count = p->lines != NULL ? lines_count(p->lines) : 0;
        if (index < count) {
            out->path = text_of(p->path);
            lines_at(p->lines, index, &out->line, &out->ran);
            return true;
        }
        index -= count;
    }
    return false;
}

static bool make_room(struct file_covered *f, int line)
{
    size_t wanted = (size_t)line + 1;
    if (wanted <= f->line_count)
        return true;
    enum line_covered *more = realloc(f->lines, wanted * sizeof *more);
    if (more == NULL)
        return false;
    for (size_t i = f->line_count; i < wanted; i++)
        more[i] = LINE_EMPTY;
    f->lines = more;
    f->line_count = wanted;
    return true;
}

static enum spurn_status add_lines(struct coverage *c, const struct script *s,
                                   struct spurn_error *err)
{
    struct script_line line;
    struct file_covered *f = NULL;
    const char *path = NULL; /* of `f`: lines come policy by policy */
    bool is_new;
    for (size_t i = 0; script_line_at(s, i, &line); i++) {
        if (line.path.at != path)
            f = file_of(c, line.path, &is_new);
        path = line.path.at;
        if (f == NULL || !make_room(f, line.line))
            return spurn_fail_memory(err);
        if (line.ran > 0)
            f->lines[line.line] = LINE_RAN;
        else if (f->lines[line.line] == LINE_EMPTY)
            f->lines[line.line] = LINE_IDLE;
    }
    return SPURN_OK;
}

static int by_line(const void *a, const void *b)
{
    const struct rule_covered *left = a, *right = b;
    int order = (left->line > right->line) - (left->line < right->line);
    return order != 0 ? order : strcmp(left->name, right->name);
}

enum spurn_status coverage_end(struct coverage *c, const struct script *s, struct spurn_error *err)
{
    c->place_count = 0; /* which sorting moves */
    for (size_t i = 0; i < c->file_count; i++)
        qsort(c->files[i].rules, c->files[i].rule_count, sizeof *c->files[i].rules, by_line);
    return add_lines(c, s, err);
}

/* ---- policies without a test ---- */

/* The name in a string as written, "a" or [[a]]. */
static struct spurn_text unquoted(struct spurn_text string)
{
    size_t quote = string.at[0] == '[' ? 2 : 1;
    if (string.len < 2 * quote)
        return string;
    return (struct spurn_text){string.at + quote, string.len - 2 * quote};
}

/* Whatever reads like a rule: reject "name", keep "name". False when memory ran out. */
static bool find_rules(struct coverage *c, const char *path, struct spurn_text source)
{
    struct tokens tokens;
    struct file_covered *f = NULL;
    struct token before = {.kind = TOKEN_END};
    tokens_init(&tokens, source);
    for (struct token t = tokens_next(&tokens); t.kind != TOKEN_END; t = tokens_next(&tokens)) {
        bool keeps = text_is(before.text, "keep");
        bool is_rule = before.kind == TOKEN_NAME && t.kind == TOKEN_STRING &&
                       (keeps || text_is(before.text, "reject"));
        const struct script_rule rule = {
            .name = unquoted(t.text), .line = before.line, .keeps = keeps};
        bool is_new = true;
        before = t;
        if (!is_rule)
            continue;
        if (f == NULL) {
            f = file_of(c, text_of(path), &is_new);
            if (f == NULL)
                return false;
            f->is_untested |= is_new;
        }
        if (!is_new)
            return true;
        if (add_rule(f, &rule) == NULL)
            return false;
    }
    return true;
}

enum spurn_status coverage_add_untested(struct coverage *c, const char *path,
                                        struct spurn_error *err)
{
    struct buf source;
    buf_init(&source, FILE_MAX);
    enum spurn_status status = file_read_trusted(path, "policy", &source, err);
    if (status == SPURN_OK && !find_rules(c, path, buf_text(&source)))
        status = spurn_fail_memory(err);
    buf_clear(&source);
    return status;
}

/* ---- reading ---- */

void coverage_each(const struct coverage *c,
                   void (*each)(void *context, const struct covered *covered), void *context)
{
    for (size_t i = 0; i < c->file_count; i++) {
        const struct file_covered *f = &c->files[i];
        for (size_t k = 0; k < f->rule_count; k++) {
            const struct rule_covered *r = &f->rules[k];
            const struct covered row = {.path = text_of(f->path),
                                        .is_untested = f->is_untested,
                                        .line = r->line,
                                        .rule = text_of(r->name),
                                        .keeps = r->keeps,
                                        .was_true = r->was_true,
                                        .was_false = r->was_false,
                                        .can_be_false = r->can_be_false};
            each(context, &row);
        }
        for (size_t k = 0; k < f->line_count; k++) {
            const struct covered row = {
                .path = text_of(f->path), .line = (int)k, .ran = f->lines[k] == LINE_RAN};
            if (f->lines[k] != LINE_EMPTY)
                each(context, &row);
        }
    }
}

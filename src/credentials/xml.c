/* xml.c - takes text out of the small XML documents that STS answers with: strict, bounded, without DTDs. */
#include "credentials/xml.h"

#include <stdint.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

enum { REFERENCE_LEN_MAX = 10 }; /* "#x10FFFF" with a zero or two */

struct xml {
    const char *start, *at, *end;
    struct arena *arena;
    struct xml_field *fields;
    size_t field_count;
    const char *why; /* NULL while all is well */
    size_t why_at;
    int depth;
    struct level {
        struct spurn_text name; /* as written, with its prefix */
        struct xml_field *field;
        const char *text; /* where the content began */
    } levels[XML_DEPTH_MAX];
};

/* The first thing that is wrong counts; from then on there is nothing more to read. */
static void fail(struct xml *x, const char *why)
{
    if (x->why != NULL)
        return;
    x->why = why;
    x->why_at = (size_t)(x->at - x->start);
    x->at = x->end;
}

static bool is_at(const struct xml *x, const char *words)
{
    size_t len = strlen(words);
    return (size_t)(x->end - x->at) >= len && memcmp(x->at, words, len) == 0;
}

static bool take(struct xml *x, const char *words)
{
    if (!is_at(x, words))
        return false;
    x->at += strlen(words);
    return true;
}

static bool is_blank(char c)
{
    return c != '\0' && strchr(blanks, c) != NULL;
}

static bool skip_blanks(struct xml *x)
{
    const char *before = x->at;
    while (x->at < x->end && is_blank(*x->at))
        x->at++;
    return x->at > before;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_in_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

static struct spurn_text take_name(struct xml *x)
{
    const char *begin = x->at;
    if (x->at == x->end || !is_letter(*x->at)) {
        fail(x, "expected a name");
        return TEXT_ABSENT;
    }
    while (x->at < x->end && is_in_name(*x->at))
        x->at++;
    return (struct spurn_text){begin, (size_t)(x->at - begin)};
}

static struct spurn_text without_prefix(struct spurn_text name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.at[i - 1] == ':')
            return (struct spurn_text){name.at + i, name.len - i};
    return name;
}

/* ---- references ---- */

/* What XML 1.0 calls a Char. */
static bool is_char(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* "#x26" or "#38"; 0, which is no Char, for anything else. Within REFERENCE_LEN_MAX it fits 32 bits. */
static uint32_t number_of(struct spurn_text reference)
{
    bool is_hex = text_starts(reference, "#x");
    int base = is_hex ? 16 : 10;
    uint32_t c = 0;
    for (size_t i = is_hex ? 2 : 1; i < reference.len; i++) {
        int digit = digit_value(reference.at[i]);
        if (digit >= base)
            return 0;
        c = c * (uint32_t)base + (uint32_t)digit;
    }
    return c;
}

static uint32_t char_of(struct spurn_text reference)
{
    static const struct {
        const char *name;
        char c;
    } named[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (text_is(reference, named[i].name))
            return (uint32_t)named[i].c;
    return text_starts(reference, "#") ? number_of(reference) : 0;
}

/* Behind '&': takes the reference with its ';'. */
static uint32_t take_reference(struct xml *x)
{
    struct spurn_text reference = {x->at, 0};
    while (x->at + reference.len < x->end && reference.len < REFERENCE_LEN_MAX &&
           x->at[reference.len] != ';')
        reference.len++;
    bool has_end = x->at + reference.len < x->end && x->at[reference.len] == ';';
    uint32_t c = has_end ? char_of(reference) : 0;
    if (!is_char(c)) {
        fail(x, "there is no such entity");
        return 0;
    }
    x->at += reference.len + 1;
    return c;
}

/* At most as long as the shortest reference to it. */
static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[more] | c >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (c >> 6 * (more - i) & 0x3F));
    return more + 1;
}

/* ---- text ---- */

/* Reads up to the next tag. */
static void skip_text(struct xml *x)
{
    while (x->at < x->end && *x->at != '<') {
        unsigned char c = (unsigned char)*x->at;
        if (c < 0x20 && !is_blank((char)c)) {
            fail(x, "there is a control character");
            return;
        }
        x->at++;
        if (c == '&')
            take_reference(x);
    }
}

/* What was read over once already, and found right. */
static void keep_text(struct xml *x, const struct level *level, const char *text_end)
{
    struct xml reading = {.start = level->text, .at = level->text, .end = text_end};
    char *out = arena_alloc(x->arena, (size_t)(text_end - level->text) + 1);
    if (out == NULL) {
        fail(x, "out of memory");
        return;
    }
    size_t len = 0;
    while (reading.at < reading.end) {
        char c = *reading.at++;
        if (c == '&')
            len += put_utf8(take_reference(&reading), out + len);
        else
            out[len++] = c;
    }
    while (len > 0 && is_blank(out[len - 1]))
        len--;
    out[len] = '\0';
    size_t blank_len = strspn(out, blanks);
    level->field->text = (struct spurn_text){out + blank_len, len - blank_len};
}

/* ---- elements ---- */

/* Cuts the first name off; absent once there is none. */
static struct spurn_text next_step(const char **path)
{
    struct spurn_text step = {*path, strcspn(*path, "/")};
    *path += step.len + ((*path)[step.len] == '/');
    return step.len == 0 ? TEXT_ABSENT : step;
}

static bool is_path_of(const char *path, const struct xml *x)
{
    for (int i = 0; i < x->depth; i++)
        if (!text_equal(next_step(&path), without_prefix(x->levels[i].name)))
            return false;
    return *path == '\0';
}

static struct xml_field *field_here(const struct xml *x)
{
    for (size_t i = 0; i < x->field_count; i++)
        if (is_path_of(x->fields[i].path, x))
            return &x->fields[i];
    return NULL;
}

static void open_element(struct xml *x, struct spurn_text name)
{
    if (x->depth > 0 && x->levels[x->depth - 1].field != NULL) {
        fail(x, "expected text, not an element");
        return;
    }
    if (x->depth == XML_DEPTH_MAX) {
        fail(x, "it is too deep");
        return;
    }
    struct level *level = &x->levels[x->depth++];
    *level = (struct level){.name = name};
    level->field = field_here(x);
    if (level->field != NULL && level->field->text.at != NULL)
        fail(x, "an element is there twice");
}

static void close_element(struct xml *x, const char *text_end)
{
    const struct level *level = &x->levels[--x->depth];
    if (level->field != NULL && x->why == NULL)
        keep_text(x, level, text_end);
}

static void skip_attribute(struct xml *x)
{
    take_name(x);
    skip_blanks(x);
    if (!take(x, "=")) {
        fail(x, "expected '='");
        return;
    }
    skip_blanks(x);
    const char quote = x->at < x->end ? *x->at : '\0';
    if (quote != '"' && quote != '\'') {
        fail(x, "expected a quoted value");
        return;
    }
    x->at++;
    while (x->at < x->end && *x->at != quote && *x->at != '<')
        x->at++;
    if (x->at == x->end || *x->at != quote)
        fail(x, "a quoted value does not end");
    else
        x->at++;
}

/* Behind the '<' of an opening tag. */
static void take_start(struct xml *x)
{
    open_element(x, take_name(x));
    while (x->why == NULL) {
        bool is_apart = skip_blanks(x);
        if (take(x, ">")) {
            x->levels[x->depth - 1].text = x->at;
            return;
        }
        if (take(x, "/>")) {
            x->levels[x->depth - 1].text = x->at;
            close_element(x, x->at);
            return;
        }
        if (!is_apart)
            fail(x, "expected the end of a tag");
        else
            skip_attribute(x);
    }
}

/* Behind the '</' of a closing tag that begins at `tag`. */
static void take_end(struct xml *x, const char *tag)
{
    struct spurn_text name = take_name(x);
    skip_blanks(x);
    if (x->why == NULL && !text_equal(name, x->levels[x->depth - 1].name))
        fail(x, "a tag closes another element than the one that is open");
    if (!take(x, ">"))
        fail(x, "expected '>'");
    if (x->why == NULL)
        close_element(x, tag);
}

static void take_root(struct xml *x)
{
    skip_blanks(x);
    if (!take(x, "<"))
        fail(x, "expected an element");
    else
        take_start(x);
    while (x->why == NULL && x->depth > 0) {
        skip_text(x);
        const char *tag = x->at;
        if (is_at(x, "<!") || is_at(x, "<?"))
            fail(x, "there is a comment, CDATA or an instruction");
        else if (take(x, "</"))
            take_end(x, tag);
        else if (take(x, "<"))
            take_start(x);
        else
            fail(x, "it is cut off");
    }
}

static void skip_declaration(struct xml *x)
{
    take(x, "\xEF\xBB\xBF");
    if (!take(x, "<?xml"))
        return;
    while (x->why == NULL && skip_blanks(x) && !is_at(x, "?>"))
        skip_attribute(x);
    if (!take(x, "?>"))
        fail(x, "its declaration does not end");
}

bool xml_read(struct spurn_text document, struct arena *arena, struct xml_field *fields,
              size_t count, struct xml_problem *problem)
{
    struct xml x = {.start = document.at,
                    .at = document.at,
                    .end = document.at + document.len,
                    .arena = arena,
                    .fields = fields,
                    .field_count = count};
    *problem = (struct xml_problem){NULL, 0};
    for (size_t i = 0; i < count; i++)
        fields[i].text = TEXT_ABSENT;
    if (document.at == NULL || document.len == 0) {
        problem->why = "it is empty";
        return false;
    }
    size_t valid_len = text_utf8_len(document);
    if (valid_len < document.len) {
        *problem = (struct xml_problem){"it is no UTF-8", valid_len};
        return false;
    }
    skip_declaration(&x);
    take_root(&x);
    skip_blanks(&x);
    if (x.at < x.end)
        fail(&x, "something follows the root");
    *problem = (struct xml_problem){x.why, x.why_at};
    return x.why == NULL;
}

/* canonical.c - the exact bytes that a signature is made over, rebuilt from a request as it arrived. */
#include "emulator/canonical.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/form.h"

struct pair {
    struct spurn_text name, value; /* encoded */
};

struct pairs {
    struct pair *at;
    size_t count, cap;
    bool failed;
};

/* ---- percent-encoding: all but RFC 3986's unreserved characters ---- */

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void add_encoded(struct buf *out, struct spurn_text text, bool keep_slashes)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_unreserved(c) || (c == '/' && keep_slashes))
            buf_add_char(out, (char)c);
        else
            buf_addf(out, "%%%02X", c);
    }
}

static struct spurn_text encoded(struct spurn_text text, struct arena *arena, bool *ok)
{
    struct buf scratch;
    buf_init(&scratch, text.len * 3 + 1);
    add_encoded(&scratch, text, false);
    *ok = *ok && !scratch.failed;
    struct spurn_text copy = arena_copy(arena, buf_text(&scratch), ok);
    buf_clear(&scratch);
    return copy;
}

/* ---- parameters ---- */

static int compare_text(struct spurn_text a, struct spurn_text b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.at, b.at, len) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int by_name = compare_text(a->name, b->name);
    return by_name ? by_name : compare_text(a->value, b->value);
}

static void collect(struct pairs *pairs, struct spurn_text form, enum form_kind kind,
                    const char *without, struct arena *arena)
{
    struct spurn_text name, value;
    while (!pairs->failed && pairs->count < pairs->cap &&
           form_next(&form, kind, arena, &name, &value)) {
        if (without && text_is(name, without))
            continue;
        bool ok = true;
        struct spurn_text encoded_name = encoded(name, arena, &ok);
        struct spurn_text encoded_value = encoded(value, arena, &ok);
        pairs->at[pairs->count++] = (struct pair){encoded_name, encoded_value};
        pairs->failed = !ok;
    }
}

static size_t most_pairs(struct spurn_text form)
{
    size_t count = 1;
    for (size_t i = 0; i < form.len; i++)
        count += form.at[i] == '&';
    return count;
}

/* Query and form together, sorted, joined: "a=1&b=2". */
static void add_parameters(struct buf *out, struct spurn_text query, struct spurn_text form,
                           const char *without, struct arena *arena)
{
    struct pairs pairs = {.cap = most_pairs(query) + most_pairs(form)};
    pairs.at = arena_alloc(arena, pairs.cap * sizeof *pairs.at);
    if (!pairs.at) {
        out->failed = true;
        return;
    }
    collect(&pairs, query, FORM_QUERY, without, arena);
    collect(&pairs, form, FORM_BODY, without, arena);
    qsort(pairs.at, pairs.count, sizeof *pairs.at, compare_pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        buf_add_str(out, i ? "&" : "");
        buf_add_text(out, pairs.at[i].name);
        buf_add_char(out, '=');
        buf_add_text(out, pairs.at[i].value);
    }
    out->failed = out->failed || pairs.failed;
}

/* ---- path ---- */

/* "/a/./b//../c" is "/a/c": empty and dot segments vanish, and what was encoded once is encoded again. */
static void add_normal_path(struct buf *out, struct spurn_text path)
{
    struct buf normal;
    buf_init(&normal, path.len + 1);
    bool ends_in_slash = true;
    for (size_t i = 0; i < path.len;) {
        size_t start = i + (path.at[i] == '/');
        size_t end = start;
        while (end < path.len && path.at[end] != '/')
            end++;
        struct spurn_text segment = {path.at + start, end - start};
        ends_in_slash = segment.len == 0 || text_is(segment, ".") || text_is(segment, "..");
        if (text_is(segment, "..")) {
            while (normal.len && normal.data[--normal.len] != '/')
                continue;
        } else if (!ends_in_slash) {
            buf_add_char(&normal, '/');
            buf_add_text(&normal, segment);
        }
        i = end;
    }
    if (ends_in_slash)
        buf_add_char(&normal, '/');
    add_encoded(out, buf_text(&normal), true);
    out->failed = out->failed || normal.failed;
    buf_clear(&normal);
}

/* ---- headers ---- */

static struct spurn_text next_name(struct spurn_text *list)
{
    const char *end = list->len ? memchr(list->at, ';', list->len) : NULL;
    struct spurn_text name = {list->at, end ? (size_t)(end - list->at) : list->len};
    size_t skip = name.len + (end ? 1 : 0);
    *list = (struct spurn_text){list->at + skip, list->len - skip};
    return name;
}

static bool equal_nocase(struct spurn_text a, struct spurn_text b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        char x = a.at[i], y = b.at[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x + 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y + 32) : y;
        if (x != y)
            return false;
    }
    return true;
}

bool canonical_is_signed(const struct claim *claim, struct spurn_text name)
{
    struct spurn_text list = claim->signed_headers;
    while (list.len)
        if (equal_nocase(next_name(&list), name))
            return true;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Without blanks at either end; runs of blanks inside become one space where `squeeze` says so. */
static void add_trimmed(struct buf *out, struct spurn_text value, bool squeeze)
{
    while (value.len && is_blank(value.at[value.len - 1]))
        value.len--;
    size_t i = 0;
    while (i < value.len && is_blank(value.at[i]))
        i++;
    for (; i < value.len; i++) {
        bool repeats = i && is_blank(value.at[i]) && is_blank(value.at[i - 1]);
        if (!squeeze)
            buf_add_char(out, value.at[i]);
        else if (!repeats)
            buf_add_char(out, is_blank(value.at[i]) ? ' ' : value.at[i]);
    }
}

struct spurn_text verify_header(const struct server_request *request, struct spurn_text name,
                                struct arena *arena)
{
    struct spurn_text found = TEXT_ABSENT;
    for (size_t i = 0; i < request->header_count; i++) {
        if (!equal_nocase(request->headers[i].name, name))
            continue;
        struct spurn_text value = request->headers[i].value;
        if (!found.at) {
            found = value;
            continue;
        }
        char *joined = arena_alloc(arena, found.len + value.len + 2);
        if (!joined)
            return TEXT_ABSENT;
        memcpy(joined, found.at, found.len);
        joined[found.len] = ',';
        memcpy(joined + found.len + 1, value.at, value.len);
        found = (struct spurn_text){joined, found.len + value.len + 1};
    }
    return found;
}

/* The list's own order is taken as it is: a client that does not sort it has signed something else. */
static void add_headers(struct buf *out, const struct server_request *request,
                        const struct claim *claim, bool squeeze, struct arena *arena)
{
    struct spurn_text list = claim->signed_headers;
    while (list.len) {
        struct spurn_text name = next_name(&list);
        buf_add_text(out, name);
        buf_add_char(out, ':');
        add_trimmed(out, verify_header(request, name, arena), squeeze);
        buf_add_char(out, '\n');
    }
}

/* ---- whole ---- */

void canonical_request(const struct server_request *request, const struct claim *claim,
                       const char *body_hash, struct arena *arena, struct buf *out)
{
    bool is_sigv4 = claim->scheme == CLAIM_SIGV4;
    buf_add_text(out, request->method);
    buf_add_char(out, '\n');
    if (is_sigv4)
        add_normal_path(out, request->path);
    else
        buf_add_text(out, request->path);
    buf_add_char(out, '\n');
    add_parameters(out, request->query, TEXT_ABSENT, NULL, arena);
    buf_add_char(out, '\n');
    add_headers(out, request, claim, is_sigv4, arena);
    buf_add_char(out, '\n');
    buf_add_text(out, claim->signed_headers);
    buf_add_char(out, '\n');
    buf_add_str(out, body_hash);
}

void canonical_rpc(const struct server_request *request, struct arena *arena, struct buf *out)
{
    struct buf parameters;
    buf_init(&parameters, out->max);
    add_parameters(&parameters, request->query, request->body, "Signature", arena);
    buf_add_text(out, request->method);
    buf_add_str(out, "&%2F&");
    add_encoded(out, buf_text(&parameters), false);
    out->failed = out->failed || parameters.failed;
    buf_clear(&parameters);
}

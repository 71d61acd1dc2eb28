/* canonical.c - a request in the canonical form that a signer hashes. */
#include "sign/canonical.h"

#include <stdlib.h>
#include <string.h>

static int compare(struct spurn_text a, struct spurn_text b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* ---- path ---- */

void canonical_add_path(struct buf *out, struct spurn_text path)
{
    size_t i = 0;
    while (i < path.len) {
        size_t from = i;
        while (i < path.len && path.at[i] != '/' && path.at[i] != '%')
            i++;
        request_add_encoded(out, (struct spurn_text){path.at + from, i - from});
        if (i < path.len)
            buf_add_char(out, path.at[i++]);
    }
}

/* ---- query ---- */

static int compare_parameters(const void *left, const void *right)
{
    const struct header *a = left, *b = right;
    int order = compare(a->name, b->name);
    return order != 0 ? order : compare(a->value, b->value);
}

void canonical_add_query(struct buf *out, const struct request *request)
{
    struct header sorted[REQUEST_PARAMETERS_MAX];
    size_t lens[REQUEST_PARAMETERS_MAX][2];
    struct buf encoded;
    if (request->parameter_count == 0)
        return;
    buf_init_wiped(&encoded, CANONICAL_LEN_MAX); /* a token may be among them */
    for (size_t i = 0; i < request->parameter_count; i++) {
        size_t start = encoded.len;
        request_add_encoded(&encoded, request->parameters[i].name);
        lens[i][0] = encoded.len - start;
        request_add_encoded(&encoded, request->parameters[i].value);
        lens[i][1] = encoded.len - start - lens[i][0];
    }
    /* Only now do the encoded bytes no longer move. */
    const char *at = buf_str(&encoded);
    for (size_t i = 0; i < request->parameter_count; i++) {
        sorted[i].name = (struct spurn_text){at, lens[i][0]};
        sorted[i].value = (struct spurn_text){at + lens[i][0], lens[i][1]};
        at += lens[i][0] + lens[i][1];
    }
    qsort(sorted, request->parameter_count, sizeof sorted[0], compare_parameters);
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (i > 0)
            buf_add_char(out, '&');
        buf_add_text(out, sorted[i].name);
        buf_add_char(out, '=');
        buf_add_text(out, sorted[i].value);
    }
    if (encoded.failed)
        out->failed = true;
    buf_clear(&encoded);
}

/* ---- headers ---- */

struct signed_header {
    struct spurn_text name, value; /* as given, the value without white space at its ends */
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int compare_names(struct spurn_text a, struct spurn_text b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int order = (unsigned char)lower(a.at[i]) - (unsigned char)lower(b.at[i]);
        if (order != 0)
            return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* Before which of the two the other stands; 0 where they stay as they were added. */
static int compare_headers(const struct signed_header *a, const struct signed_header *b,
                           bool sorts_values)
{
    int order = compare_names(a->name, b->name);
    return order == 0 && sorts_values ? compare(a->value, b->value) : order;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct spurn_text trimmed(struct spurn_text value)
{
    while (value.len > 0 && is_blank(value.at[0])) {
        value.at++;
        value.len--;
    }
    while (value.len > 0 && is_blank(value.at[value.len - 1]))
        value.len--;
    return value;
}

static void add_name(struct buf *out, struct spurn_text name)
{
    char *room = buf_room(out, name.len);
    if (room == NULL)
        return;
    for (size_t i = 0; i < name.len; i++)
        room[i] = lower(name.at[i]);
    out->len += name.len;
}

/* Few do: a token of a thousand bytes has no blank at all. */
static bool needs_folding(struct spurn_text value)
{
    const char *end = value.at + value.len;
    if (value.len == 0)
        return false;
    if (memchr(value.at, '\t', value.len) != NULL)
        return true;
    const char *at = memchr(value.at, ' ', value.len);
    while (at != NULL && at[1] != ' ') /* a trimmed value does not end with one */
        at = memchr(at + 1, ' ', (size_t)(end - at - 1));
    return at != NULL;
}

static void add_value(struct buf *out, struct spurn_text value, bool folds_blanks)
{
    if (!folds_blanks || !needs_folding(value)) {
        buf_add_text(out, value);
        return;
    }
    for (size_t i = 0; i < value.len; i++)
        if (!is_blank(value.at[i]))
            buf_add_char(out, value.at[i]);
        else if (!is_blank(value.at[i - 1])) /* a trimmed value does not begin with one */
            buf_add_char(out, ' ');
}

/* Puts a header where it belongs among those that are sorted already; they are few, and mostly come in order. */
static void insert_header(struct signed_header *picked, size_t *count, struct signed_header header,
                          bool sorts_values)
{
    size_t at = (*count)++;
    for (; at > 0 && compare_headers(&header, &picked[at - 1], sorts_values) < 0; at--)
        picked[at] = picked[at - 1];
    picked[at] = header;
}

/* The headers that count, Host among them, sorted; how many there are. */
static size_t pick_headers(const struct request *request, const struct canonical_form *form,
                           struct signed_header picked[REQUEST_HEADERS_MAX + 1])
{
    size_t count = 0;
    if (request->host.at != NULL)
        picked[count++] = (struct signed_header){{"host", 4}, trimmed(request->host)};
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *h = &request->headers[i];
        if (text_is_nocase(h->name, "authorization"))
            continue;
        if (form->is_signed == NULL || form->is_signed(h->name))
            insert_header(picked, &count, (struct signed_header){h->name, trimmed(h->value)},
                          form->sorts_values);
    }
    return count;
}

static void add_headers(struct buf *out, struct buf *names, const struct request *request,
                        const struct canonical_form *form)
{
    struct signed_header picked[REQUEST_HEADERS_MAX + 1];
    size_t count = pick_headers(request, form, picked);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_names(picked[i - 1].name, picked[i].name) == 0) {
            buf_add_char(out, ',');
        } else {
            if (i > 0) {
                buf_add_char(out, '\n');
                buf_add_char(names, ';');
            }
            add_name(out, picked[i].name);
            buf_add_char(out, ':');
            add_name(names, picked[i].name);
        }
        add_value(out, picked[i].value, form->folds_blanks);
    }
    if (count > 0)
        buf_add_char(out, '\n');
}

void canonical_request(const struct request *request, const struct canonical_form *form,
                       struct spurn_text path, struct spurn_text body_hash, struct buf *out,
                       struct buf *signed_headers)
{
    buf_reset(out);
    buf_reset(signed_headers);
    buf_add_str(out, request->method);
    buf_add_char(out, '\n');
    buf_add_text(out, path);
    buf_add_char(out, '\n');
    canonical_add_query(out, request);
    buf_add_char(out, '\n');
    add_headers(out, signed_headers, request, form);
    buf_add_char(out, '\n');
    buf_add_text(out, buf_text(signed_headers));
    buf_add_char(out, '\n');
    buf_add_text(out, body_hash);
    if (signed_headers->failed)
        out->failed = true;
}

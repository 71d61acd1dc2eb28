/* request.c - one HTTP request and one reply as plain data, before any library sees them. */
#include "request.h"

#include <stdint.h>
#include <string.h>

static const struct spurn_text EMPTY = {"", 0};

void request_init(struct request *r, const char *method)
{
    *r = (struct request){.method = method, .path = {"/", 1}, .body = EMPTY};
    arena_init_wiped(&r->arena, REQUEST_LEN_MAX);
}

void request_init_secret(struct request *r, const char *method)
{
    request_init(r, method);
    arena_init_secret(&r->arena, REQUEST_LEN_MAX);
}

void request_clear(struct request *r)
{
    struct arena arena = r->arena;
    arena_clear(&arena);
    request_init(r, r->method);
    r->arena = arena;
}

static struct spurn_text keep(struct request *r, struct spurn_text text)
{
    bool ok = true;
    struct spurn_text kept = arena_copy(&r->arena, text, &ok);
    if (!ok)
        r->failed = true;
    return kept;
}

void request_set_host(struct request *r, struct spurn_text host)
{
    r->host = keep(r, host);
}

void request_set_path(struct request *r, struct spurn_text path)
{
    r->path = keep(r, path);
}

void request_set_body(struct request *r, struct spurn_text body)
{
    r->body = body.at == NULL ? EMPTY : keep(r, body);
}

#define EACH_BYTE(b) ((uint64_t)(b)*UINT64_C(0x0101010101010101))

/* Whether one of eight bytes may be a control character; when none is marked, none is. */
static bool may_hold_control(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    uint64_t other = word ^ EACH_BYTE(0x7f);
    uint64_t below = (word - EACH_BYTE(0x20)) & ~word, deletes = (other - EACH_BYTE(1)) & ~other;
    return ((below | deletes) & EACH_BYTE(0x80)) != 0;
}

/* RFC 9110, 5.5: of the control characters only the tab may stand in a field's value. Tokens are long: most goes by eights. */
static bool fits_a_header(struct spurn_text text)
{
    size_t i = 0;
    while (i < text.len) {
        if (text.len - i >= 8 && !may_hold_control(text.at + i)) {
            i += 8;
            continue;
        }
        unsigned char c = (unsigned char)text.at[i++];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static void add(struct request *r, struct header *list, size_t *count, size_t max, const char *name,
                struct spurn_text value)
{
    if (value.at == NULL)
        return;
    if (*count == max) {
        r->failed = true;
        return;
    }
    list[*count].name = keep(r, text_of(name));
    list[*count].value = keep(r, value);
    if (!r->failed)
        ++*count;
}

void request_add_header(struct request *r, const char *name, struct spurn_text value)
{
    if (!fits_a_header(text_of(name)) || !fits_a_header(value)) {
        r->failed = true;
        return;
    }
    add(r, r->headers, &r->header_count, REQUEST_HEADERS_MAX, name, value);
}

void request_add_parameter(struct request *r, const char *name, struct spurn_text value)
{
    add(r, r->parameters, &r->parameter_count, REQUEST_PARAMETERS_MAX, name, value);
}

void request_add_query(const struct request *r, struct buf *out)
{
    for (size_t i = 0; i < r->parameter_count; i++) {
        if (i > 0)
            buf_add_char(out, '&');
        request_add_encoded(out, r->parameters[i].name);
        buf_add_char(out, '=');
        request_add_encoded(out, r->parameters[i].value);
    }
}

/* RFC 3986, 2.3; spelt out because isalnum() asks the locale. */
static bool is_unreserved(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

void request_add_encoded(struct buf *out, struct spurn_text text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t i = 0;
    while (i < text.len) {
        size_t plain = i;
        while (i < text.len && is_unreserved((unsigned char)text.at[i]))
            i++;
        if (i > plain)
            buf_add(out, text.at + plain, i - plain);
        if (i == text.len)
            break;
        unsigned char c = (unsigned char)text.at[i++];
        char triplet[3] = {'%', digits[c >> 4], digits[c & 15]};
        buf_add(out, triplet, sizeof triplet);
    }
}

struct spurn_text reply_header(const struct reply *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (text_is_nocase(r->headers[i].name, name))
            return r->headers[i].value;
    return TEXT_ABSENT;
}

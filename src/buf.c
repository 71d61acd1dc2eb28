/* buf.c - borrowed text, bytes that grow up to a limit, and an arena for what lives and dies together. */
#include "buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "secret.h"

struct spurn_text text_of(const char *nul_terminated)
{
    if (nul_terminated == NULL)
        return TEXT_ABSENT;
    return (struct spurn_text){nul_terminated, strlen(nul_terminated)};
}

bool text_equal(struct spurn_text a, struct spurn_text b)
{
    if (a.at == NULL || b.at == NULL)
        return a.at == b.at;
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

bool text_is(struct spurn_text a, const char *nul_terminated)
{
    return text_equal(a, text_of(nul_terminated));
}

bool text_is_nocase(struct spurn_text a, const char *nul_terminated)
{
    return a.at != NULL && a.len == strlen(nul_terminated) &&
           strncasecmp(a.at, nul_terminated, a.len) == 0;
}

bool text_starts(struct spurn_text a, const char *prefix)
{
    size_t len = strlen(prefix);
    return a.at != NULL && a.len >= len && memcmp(a.at, prefix, len) == 0;
}

bool text_all_digits(struct spurn_text a)
{
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] < '0' || a.at[i] > '9')
            return false;
    return a.len > 0;
}

/* The length of the sequence that `lead` opens, and the least code point it may stand for; 0 when it opens none. */
static size_t utf8_sequence(unsigned char lead, uint32_t *least, uint32_t *bits)
{
    if ((lead & 0xE0) == 0xC0) {
        *least = 0x80;
        *bits = lead & 0x1F;
        return 2;
    }
    if ((lead & 0xF0) == 0xE0) {
        *least = 0x800;
        *bits = lead & 0x0F;
        return 3;
    }
    if ((lead & 0xF8) == 0xF0) {
        *least = 0x10000;
        *bits = lead & 0x07;
        return 4;
    }
    return 0;
}

size_t text_utf8_len(struct spurn_text a)
{
    size_t i = 0;
    while (i < a.len) {
        unsigned char lead = (unsigned char)a.at[i];
        if (lead < 0x80) {
            i++;
            continue;
        }
        uint32_t least = 0, code = 0;
        size_t sequence_len = utf8_sequence(lead, &least, &code);
        if (sequence_len == 0 || sequence_len > a.len - i)
            return i;
        for (size_t k = 1; k < sequence_len; k++) {
            unsigned char c = (unsigned char)a.at[i + k];
            if ((c & 0xC0) != 0x80)
                return i;
            code = code << 6 | (c & 0x3F);
        }
        if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return i;
        i += sequence_len;
    }
    return i;
}

/* ---- memory with care ---- */

enum { PAGE_LEN = 4096 }; /* what secret_alloc takes at least */

static void *take(enum care care, size_t len)
{
    return care == CARE_SECRET ? secret_alloc(len) : malloc(len);
}

static void release(enum care care, void *memory, size_t len)
{
    if (care == CARE_SECRET) {
        secret_free(memory, len);
        return;
    }
    if (care == CARE_WIPED)
        secret_wipe(memory, len);
    free(memory);
}

/* ---- struct buf ---- */

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_init_wiped(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max, .care = CARE_WIPED};
}

void buf_init_secret(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max, .care = CARE_SECRET};
}

void buf_clear(struct buf *b)
{
    release(b->care, b->data, b->cap);
    *b = (struct buf){.max = b->max, .care = b->care};
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data == NULL)
        return;
    b->data[0] = '\0';
    if (b->care != CARE_NONE)
        secret_wipe(b->data, b->cap);
}

/* realloc would leave a copy behind when it moves. */
static char *grow(const struct buf *b, size_t cap)
{
    if (b->care == CARE_NONE)
        return realloc(b->data, cap);
    char *grown = take(b->care, cap);
    if (grown == NULL)
        return NULL;
    if (b->data != NULL)
        memcpy(grown, b->data, b->len);
    release(b->care, b->data, b->cap);
    return grown;
}

char *buf_room(struct buf *b, size_t len)
{
    if (b->failed || len > b->max - b->len || b->max == SIZE_MAX) {
        b->failed = true;
        return NULL;
    }
    size_t need = b->len + len + 1;
    if (need > b->cap) {
        size_t least = b->care == CARE_SECRET ? PAGE_LEN : 64;
        size_t cap = b->cap < least ? least : b->cap;
        while (cap < need)
            cap = cap > SIZE_MAX / 2 ? need : cap * 2;
        if (cap > b->max + 1)
            cap = b->max + 1;
        char *grown = grow(b, cap);
        if (grown == NULL) {
            b->failed = true;
            return NULL;
        }
        b->data = grown;
        b->cap = cap;
    }
    b->data[b->len + len] = '\0';
    return b->data + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    char *room = buf_room(b, len);
    if (room == NULL)
        return;
    if (len > 0)
        memcpy(room, bytes, len);
    b->len += len;
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_add_str(struct buf *b, const char *nul_terminated)
{
    buf_add(b, nul_terminated, strlen(nul_terminated));
}

void buf_add_text(struct buf *b, struct spurn_text text)
{
    buf_add(b, text.at, text.len);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_vaddf(b, fmt, args);
    va_end(args);
}

void buf_vaddf(struct buf *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (len < 0) {
        b->failed = true;
        return;
    }
    char *room = buf_room(b, (size_t)len);
    if (room == NULL)
        return;
    vsnprintf(room, (size_t)len + 1, fmt, args);
    b->len += (size_t)len;
}

struct spurn_text buf_text(const struct buf *b)
{
    return (struct spurn_text){buf_str(b), b->len};
}

const char *buf_str(const struct buf *b)
{
    return b->data == NULL ? "" : b->data;
}

char *buf_take(struct buf *b)
{
    if (!b->failed && b->data == NULL)
        buf_add(b, "", 0);
    if (b->failed || b->care != CARE_NONE) {
        buf_clear(b);
        return NULL;
    }
    char *data = b->data;
    buf_init(b, b->max);
    return data;
}

/* ---- struct arena ---- */

struct arena_block {
    struct arena_block *next;
    size_t cap;
    size_t used;
    max_align_t data[];
};

enum {
    ARENA_BLOCK_LEN = 64 * 1024, /* about a page of 80 invitations */
    SECRET_BLOCK_LEN = PAGE_LEN - (int)sizeof(struct arena_block)
};

void arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max};
}

void arena_init_wiped(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max, .care = CARE_WIPED};
}

void arena_init_secret(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max, .care = CARE_SECRET};
}

/* Only what was handed out: a block is mostly larger. */
static void wipe_block(const struct arena *a, struct arena_block *block)
{
    if (a->care != CARE_NONE)
        secret_wipe(block->data, block->used);
}

static void free_block(const struct arena *a, struct arena_block *block)
{
    if (a->care == CARE_SECRET) {
        secret_free(block, sizeof *block + block->cap);
        return;
    }
    wipe_block(a, block);
    free(block);
}

void arena_clear(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *next = a->blocks->next;
        free_block(a, a->blocks);
        a->blocks = next;
    }
    a->used = 0;
}

void arena_reset(struct arena *a)
{
    struct arena_block *kept = a->blocks;
    if (kept == NULL)
        return;
    a->blocks = kept->next;
    arena_clear(a);
    wipe_block(a, kept);
    kept->next = NULL;
    kept->used = 0;
    a->blocks = kept;
}

/* What was in it before, nobody knows. */
static char *arena_take(struct arena *a, size_t len)
{
    size_t align = sizeof(max_align_t);
    if (len > a->max || a->used > a->max - len)
        return NULL;
    size_t rounded = (len + align - 1) / align * align;
    if (a->blocks == NULL || a->blocks->cap - a->blocks->used < rounded) {
        size_t least = a->care == CARE_SECRET ? SECRET_BLOCK_LEN : ARENA_BLOCK_LEN;
        size_t cap = rounded > least ? rounded : least;
        struct arena_block *block = take(a->care, sizeof *block + cap);
        if (block == NULL)
            return NULL;
        *block = (struct arena_block){.next = a->blocks, .cap = cap};
        a->blocks = block;
    }
    char *at = (char *)a->blocks->data + a->blocks->used;
    a->blocks->used += rounded;
    a->used += len;
    return at;
}

void *arena_alloc(struct arena *a, size_t len)
{
    char *at = arena_take(a, len);
    if (at != NULL)
        memset(at, 0, len);
    return at;
}

struct spurn_text arena_copy(struct arena *a, struct spurn_text text, bool *ok)
{
    if (text.at == NULL)
        return TEXT_ABSENT;
    char *copy = arena_take(a, text.len + 1);
    if (copy == NULL) {
        *ok = false;
        return TEXT_ABSENT;
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return (struct spurn_text){copy, text.len};
}

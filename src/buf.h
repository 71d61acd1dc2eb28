/* buf.h - borrowed text, bytes that grow up to a limit, and an arena for what lives and dies together. */
#ifndef SPURN_BUF_H
#define SPURN_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "spurn.h"

/* ---- struct spurn_text: borrowed bytes; `at` NULL is absent ---- */

static const struct spurn_text TEXT_ABSENT = {NULL, 0};

struct spurn_text text_of(const char *nul_terminated);     /* NULL gives absent */
bool text_equal(struct spurn_text a, struct spurn_text b); /* absent equals only absent */
bool text_is(struct spurn_text a, const char *nul_terminated);
bool text_is_nocase(struct spurn_text a, const char *nul_terminated); /* ASCII letters only */
bool text_starts(struct spurn_text a, const char *prefix);
bool text_all_digits(struct spurn_text a); /* false when empty */
/* Length in bytes of the longest valid UTF-8 prefix; `a.len` when all of it is valid. Overlong forms,
 * surrogates and anything past U+10FFFF are not valid. */
size_t text_utf8_len(struct spurn_text a);

/* For printf's "%.*s": the length as int, at most INT_MAX, and a pointer that is never NULL. */
#define TEXT_ARG(t) (int)((t).len > 0x7fffffff ? 0x7fffffff : (t).len), ((t).at ? (t).at : "")

/* What becomes of bytes that are no longer needed. */
enum care {
    CARE_NONE,  /* left lying where they were */
    CARE_WIPED, /* overwritten: for what lives for microseconds, where pages of its own would cost more than the work */
    CARE_SECRET /* overwritten, and in no core dump before: for what stays */
};

/* ---- struct buf: owned bytes, always NUL-terminated once anything was added ----
 * A failed allocation or a passed limit sets `failed`, and every later addition does nothing: add in a row, ask once. */

struct buf {
    char *data; /* owned; NULL until the first addition */
    size_t len;
    size_t cap;
    size_t max; /* most bytes it may hold, without the NUL */
    bool failed;
    enum care care;
};

void buf_init(struct buf *b, size_t max);
/* Its bytes are wiped when they move or are released. buf_take of such a one is a defect: it fails. */
void buf_init_wiped(struct buf *b, size_t max);
/* The same, and they are in no core dump. */
void buf_init_secret(struct buf *b, size_t max);
void buf_clear(struct buf *b); /* frees; usable again with the same limit */
void buf_reset(struct buf *b); /* length 0, not failed; keeps the memory */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_char(struct buf *b, char c);
void buf_add_str(struct buf *b, const char *nul_terminated);
void buf_add_text(struct buf *b, struct spurn_text text);
void buf_addf(struct buf *b, const char *fmt, ...) SPURN_PRINTF(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list args);
/* Room for `len` more bytes to be written at the end; NULL when that cannot be. Then raise b->len. */
char *buf_room(struct buf *b, size_t len);
struct spurn_text buf_text(const struct buf *b); /* "" when nothing was added */
const char *buf_str(const struct buf *b);        /* NUL-terminated; "" when nothing was added */
/* Hands the bytes over to the caller, who frees them with free(); NULL when it failed. The buf is empty after. */
char *buf_take(struct buf *b);

/* ---- struct arena: many small allocations, one release; addresses do not move ---- */

struct arena {
    struct arena_block *blocks;
    size_t used; /* bytes handed out */
    size_t max;  /* most bytes it may hand out */
    enum care care;
};

void arena_init(struct arena *a, size_t max);
/* What it hands out is wiped by arena_clear and arena_reset. */
void arena_init_wiped(struct arena *a, size_t max);
/* The same, and it is in no core dump. */
void arena_init_secret(struct arena *a, size_t max);
void arena_clear(struct arena *a); /* frees everything; usable again */
void arena_reset(struct arena *a); /* forgets everything, keeps one block for reuse */
void *arena_alloc(struct arena *a,
                  size_t len); /* aligned for any type, zeroed; NULL when it cannot be */
/* A NUL-terminated copy. An absent text stays absent; *ok becomes false when memory ran out. */
struct spurn_text arena_copy(struct arena *a, struct spurn_text text, bool *ok);

#endif

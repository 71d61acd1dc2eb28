/* memory.c - the memory that libcurl works in: in no core dump, and wiped when it is given back.
 *
 * Session tokens and keys pass through libcurl's buffers, and it frees them as it finds them: what was said would lie about in the
 * heap for as long as nobody else happens to be given that place. Pages of its own for each piece would cost more than all the
 * rest of a request does; so pieces of like size share chunks of such pages, and serve again and again.
 *
 * libcurl does not tell its memory functions for whom they are called. So here, as in malloc itself, and nowhere else in the library,
 * state is static: one pool for all threads, behind a lock. */
#include "http/memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "secret.h"

enum {
    CHUNK_LEN =
        256 * 1024, /* eight requests on their way: each has a buffer of 16 KiB for its reply */
    POOLED_LEN_MAX =
        64 * 1024 /* a piece with what stands before it; a larger one has its own pages */
};

/* Stands before each piece, which is aligned for any type by it. */
struct piece {
    _Alignas(max_align_t) size_t len; /* of what follows */
    struct piece *next;               /* of those that are free */
};

struct chunk {
    _Alignas(max_align_t) struct chunk *next;
};

/* ---- sizes ---- */

enum { SIZE_COUNT = 23 };

/* 32, 48, 64, 96, 128 ... up to POOLED_LEN_MAX. */
static size_t size_len(int size)
{
    return (size_t)(size % 2 == 0 ? 32 : 48) << size / 2;
}

/* The smallest that `whole_len` bytes fit in. */
static int size_of(size_t whole_len)
{
    int size = 0;
    while (size_len(size) < whole_len)
        size += 2;
    return size > 0 && size_len(size - 1) >= whole_len ? size - 1 : size;
}

static size_t whole_len_of(size_t len)
{
    return sizeof(struct piece) + len;
}

static bool is_pooled(size_t len)
{
    return len <= POOLED_LEN_MAX - sizeof(struct piece);
}

/* ---- the pool ---- */

/* All that follows a free piece's head is zero: so secret_alloc gave it, and so it is wiped. */
static struct {
    pthread_mutex_t lock;
    struct piece *free[SIZE_COUNT];
    struct chunk *chunks; /* the first is the one that pieces are cut from */
    size_t cut_len;       /* of the first */
    size_t in_use;        /* pieces; when it comes to nothing, so do the chunks */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct piece *cut(size_t len)
{
    if (pool.chunks == NULL || len > CHUNK_LEN - pool.cut_len) {
        struct chunk *chunk = secret_alloc(CHUNK_LEN);
        if (chunk == NULL)
            return NULL;
        chunk->next = pool.chunks;
        pool.chunks = chunk;
        pool.cut_len = sizeof *chunk;
    }
    char *at = (char *)pool.chunks + pool.cut_len;
    pool.cut_len += len;
    return (struct piece *)at;
}

static struct piece *take(int size)
{
    pthread_mutex_lock(&pool.lock);
    struct piece *piece = pool.free[size];
    if (piece == NULL)
        piece = cut(size_len(size));
    else
        pool.free[size] = piece->next;
    if (piece != NULL)
        pool.in_use++;
    pthread_mutex_unlock(&pool.lock);
    return piece;
}

static void release_chunks(void)
{
    while (pool.chunks != NULL) {
        struct chunk *next = pool.chunks->next;
        secret_free(pool.chunks, CHUNK_LEN);
        pool.chunks = next;
    }
    memset(pool.free, 0, sizeof pool.free);
}

static void give_back(struct piece *piece)
{
    int size = size_of(whole_len_of(piece->len));
    pthread_mutex_lock(&pool.lock);
    piece->next = pool.free[size];
    pool.free[size] = piece;
    pool.in_use--;
    if (pool.in_use == 0)
        release_chunks();
    pthread_mutex_unlock(&pool.lock);
}

/* ---- what libcurl calls ---- */

static struct piece *piece_of(void *memory)
{
    return (struct piece *)memory - 1;
}

/* Zeroed, always. */
void *memory_alloc(size_t len)
{
    if (len > SIZE_MAX - sizeof(struct piece))
        return NULL;
    size_t whole_len = whole_len_of(len);
    struct piece *piece = is_pooled(len) ? take(size_of(whole_len)) : secret_alloc(whole_len);
    if (piece == NULL)
        return NULL;
    piece->len = len;
    return piece + 1;
}

void memory_free(void *memory)
{
    if (memory == NULL)
        return;
    struct piece *piece = piece_of(memory);
    size_t len = piece->len;
    if (!is_pooled(len)) {
        secret_free(piece, whole_len_of(len));
        return;
    }
    secret_wipe(memory, len);
    give_back(piece);
}

/* Whether a piece of `len` bytes can become one of `new_len` where it is. */
static bool has_place(size_t len, size_t new_len)
{
    return is_pooled(len) && is_pooled(new_len) &&
           size_of(whole_len_of(len)) == size_of(whole_len_of(new_len));
}

void *memory_resize(void *memory, size_t len)
{
    if (memory == NULL)
        return memory_alloc(len);
    struct piece *piece = piece_of(memory);
    size_t old_len = piece->len, kept_len = old_len < len ? old_len : len;
    if (has_place(old_len, len)) {
        secret_wipe((char *)memory + kept_len, old_len - kept_len);
        piece->len = len;
        return memory;
    }
    void *moved = memory_alloc(len);
    if (moved == NULL)
        return NULL;
    memcpy(moved, memory, kept_len);
    memory_free(memory);
    return moved;
}

char *memory_copy(const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = memory_alloc(len);
    if (copy != NULL)
        memcpy(copy, text, len);
    return copy;
}

void *memory_alloc_zeroed(size_t count, size_t each_len)
{
    if (each_len > 0 && count > SIZE_MAX / each_len)
        return NULL;
    return memory_alloc(count * each_len);
}

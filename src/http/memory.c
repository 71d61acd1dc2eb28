/* memory.c - the memory that libcurl works in: what it held is wiped.
 *
 * Session tokens and keys pass through its buffers, and it frees them as it finds them: what was said would lie about in the
 * heap for as long as nobody else happens to be given that place. So each piece is overwritten before it is given back. */
#include "http/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"

/* Stands before each piece, which is aligned for any type by it. */
struct piece {
    _Alignas(max_align_t) size_t len; /* of what follows */
};

static struct piece *piece_of(void *memory)
{
    return (struct piece *)memory - 1;
}

void *memory_alloc(size_t len)
{
    if (len > SIZE_MAX - sizeof(struct piece))
        return NULL;
    struct piece *piece = malloc(sizeof *piece + len);
    if (piece == NULL)
        return NULL;
    piece->len = len;
    return piece + 1;
}

void memory_free(void *memory)
{
    if (memory == NULL)
        return;
    secret_wipe(memory, piece_of(memory)->len);
    free(piece_of(memory));
}

/* Always a new place: realloc would leave a copy behind when it moves. */
void *memory_resize(void *memory, size_t len)
{
    void *moved = memory_alloc(len);
    if (moved == NULL || memory == NULL)
        return moved;
    size_t old_len = piece_of(memory)->len;
    memcpy(moved, memory, old_len < len ? old_len : len);
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
    void *memory = memory_alloc(count * each_len);
    if (memory != NULL)
        memset(memory, 0, count * each_len);
    return memory;
}

/* secret.c - memory for secrets: in no core dump, wiped when released. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, madvise */
#include "secret.h"

#include <string.h>
#include <sys/mman.h>

/* A request to the system, not a condition: where it is unknown or refused, the memory is as good as any other. */
static void leave_out_of_core_dumps(void *memory, size_t len)
{
#ifdef MADV_DONTDUMP
    (void)madvise(memory, len, MADV_DONTDUMP);
#else
    (void)memory, (void)len;
#endif
}

void *secret_alloc(size_t len)
{
    if (len == 0)
        len = 1;
    void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    leave_out_of_core_dumps(memory, len);
    return memory;
}

void secret_free(void *memory, size_t len)
{
    if (memory == NULL)
        return;
    secret_wipe(memory, len);
    munmap(memory, len == 0 ? 1 : len);
}

void secret_wipe(void *secret, size_t len)
{
    /* Which function that is, is read at run time: the compiler cannot know that nobody reads what it writes. */
    static void *(*const volatile overwrite)(void *, int, size_t) = memset;
    if (len > 0)
        overwrite(secret, 0, len);
}

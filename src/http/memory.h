/* memory.h - the memory that libcurl works in: in no core dump, and wiped when it is given back. */
#ifndef SPURN_HTTP_MEMORY_H
#define SPURN_HTTP_MEMORY_H

#include <stddef.h>

/* For curl_global_init_mem: as malloc, free, realloc, strdup and calloc are, from any thread. */
void *memory_alloc(size_t len);
void memory_free(void *memory);
void *memory_resize(void *memory, size_t len);
char *memory_copy(const char *text);
void *memory_alloc_zeroed(size_t count, size_t each_len);

#endif

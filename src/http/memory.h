/* memory.h - the memory that libcurl works in: what it held is wiped. */
#ifndef SPURN_HTTP_MEMORY_H
#define SPURN_HTTP_MEMORY_H

#include <stddef.h>

/* For curl_global_init_mem: as malloc, free, realloc, strdup and calloc are, and without any state. */
void *memory_alloc(size_t len);
void memory_free(void *memory);
void *memory_resize(void *memory, size_t len);
char *memory_copy(const char *text);
void *memory_alloc_zeroed(size_t count, size_t each_len);

#endif

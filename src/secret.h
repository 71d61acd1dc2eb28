/* secret.h - memory for secrets: in no core dump, wiped when released. */
#ifndef SPURN_SECRET_H
#define SPURN_SECRET_H

#include <stddef.h>

/* Zeroed memory of its own pages, left out of core dumps where the system can (MADV_DONTDUMP). NULL when there is none. */
void *secret_alloc(size_t len);
/* Wipes and releases what secret_alloc gave for `len`. NULL is nothing. */
void secret_free(void *memory, size_t len);
/* Overwrites a secret so that the compiler keeps the writes. */
void secret_wipe(void *secret, size_t len);

#endif

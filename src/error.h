/* error.h - failing in one line with a whole sentence. */
#ifndef SPURN_ERROR_H
#define SPURN_ERROR_H

#include "spurn.h"

/* Fills *err (which may be NULL), cut to fit on a character boundary, and returns `status`. */
enum spurn_status spurn_fail(struct spurn_error *err, enum spurn_status status, const char *fmt,
                             ...) SPURN_PRINTF(3, 4);

/* The status for a failed allocation. */
enum spurn_status spurn_fail_memory(struct spurn_error *err);

/* Puts "PREFIX: " before what *err already says, and returns its status. */
enum spurn_status spurn_fail_within(struct spurn_error *err, const char *fmt, ...)
    SPURN_PRINTF(2, 3);

#endif

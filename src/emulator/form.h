/* form.h - names and values out of a query string or a form body. */
#ifndef SPURN_EMULATOR_FORM_H
#define SPURN_EMULATOR_FORM_H

#include "buf.h"

/* In a form body a '+' is a space; in a query, as clouds sign it, it is itself. */
enum form_kind { FORM_QUERY, FORM_BODY };

/* Takes the next "name=value" off the front of *rest, decoded into `arena`; false at the end, or when memory ran out. A '%' that
 * two hex digits do not follow stands for itself. Both results are NUL-terminated. */
bool form_next(struct spurn_text *rest, enum form_kind kind, struct arena *arena,
               struct spurn_text *name, struct spurn_text *value);

#endif

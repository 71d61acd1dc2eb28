/* redact.h - a server's words made fit for people: one line, no keys, tokens or signatures. */
#ifndef SPURN_REDACT_H
#define SPURN_REDACT_H

#include "buf.h"

/* Copies a server's text: valid UTF-8, control characters made blanks, cut on a character boundary. */
void redact_put(char *out, size_t cap, struct spurn_text text);
/* Strikes out every one of `hide`, plain or percent-encoded, what stands behind words such as "Signature=", and what looks like a hash.
 * `text` stands in a place of `cap` bytes and does not grow. */
void redact_secrets(char *text, size_t cap, const struct spurn_text *hide, size_t hide_count);

#endif

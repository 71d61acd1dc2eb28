/* csv.h - a strict reader of comma-separated values, as RFC 4180 has them. */
#ifndef SPURN_CONFIG_CSV_H
#define SPURN_CONFIG_CSV_H

#include <stdint.h>

#include "buf.h"

/* Lines may end with or without a carriage return; a byte order mark at the head and lines with nothing in them are passed over. */
struct csv {
    char *at, *end;
    int64_t line;    /* the first one of the record that was read last */
    const char *why; /* NULL while all is well, else what was wrong, for people */
    int64_t next_line;
};

/* Quotes are taken out where they stand: the bytes of `text` change, and fields borrow them. */
void csv_init(struct csv *c, char *text, size_t len);
/* False past the last record, and when one is broken: `why`. More than `max` fields are an error. */
bool csv_next(struct csv *c, struct spurn_text *fields, size_t max, size_t *count);

#endif

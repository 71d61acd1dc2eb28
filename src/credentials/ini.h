/* ini.h - reads profile files line by line: [section], name = value, comments, and what stands deeper than its property. */
#ifndef SPURN_CREDENTIALS_INI_H
#define SPURN_CREDENTIALS_INI_H

#include "buf.h"

/*
 * Comments begin with '#' or ';' at the head of a line or after a blank. A line that stands deeper than the property above it
 * belongs to that property: it is passed over unless `gives_deeper` is set after ini_init. What is neither section nor property ends
 * the reading:
 *
 *     while (ini_next(&i))
 *         if (i.name.at == NULL) ... a section begins
 *         else if (i.is_deeper) ... i.value is one more line of i.name in i.section
 *         else ... i.name = i.value in i.section
 *     if (i.broken) ... line i.line
 */
struct ini {
    struct spurn_text section, name,
        value; /* borrowed from the text; name absent where a section begins */
    bool is_deeper;
    int line; /* of what was read last, from 1 */
    bool broken;
    bool gives_deeper; /* the caller's */
    /* private */
    const char *at, *end;
    size_t property_indent;
    bool has_property;
};

void ini_init(struct ini *i, struct spurn_text text);
bool ini_next(struct ini *i);
/* Splits "name = value" (or "name: value", as Python's configparser has it), without blanks around both. False when it is not that. */
bool ini_split(struct spurn_text line, struct spurn_text *name, struct spurn_text *value);

#endif

/* ini.h - reads profile files line by line: [section], name = value, comments. */
#ifndef SPURN_CREDENTIALS_INI_H
#define SPURN_CREDENTIALS_INI_H

#include "buf.h"

/*
 * Comments begin with '#' or ';' at the head of a line or after a blank. A line that stands deeper than the property above it
 * belongs to that property and is passed over, as the clouds' own tools do. What is neither section nor property ends the reading:
 *
 *     while (ini_next(&i))
 *         if (i.name.at == NULL) ... a section begins
 *         else ... i.name = i.value in i.section
 *     if (i.broken) ... line i.line
 */
struct ini {
    struct spurn_text section, name,
        value; /* borrowed from the text; name absent where a section begins */
    int line;  /* of what was read last, from 1 */
    bool broken;
    /* private */
    const char *at, *end;
    size_t property_indent;
    bool has_property;
};

void ini_init(struct ini *i, struct spurn_text text);
bool ini_next(struct ini *i);

#endif

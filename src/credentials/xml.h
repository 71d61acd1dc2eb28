/* xml.h - takes text out of the small XML documents that STS answers with: strict, bounded, without DTDs. */
#ifndef SPURN_CREDENTIALS_XML_H
#define SPURN_CREDENTIALS_XML_H

#include "buf.h"

enum { XML_DEPTH_MAX = 16 };

/* Where a text stands, and what it is. */
struct xml_field {
    const char *path; /* names from the root on: "ErrorResponse/Error/Code" */
    struct spurn_text
        text; /* read: without the blanks at its ends, in the arena; absent: not there */
};

struct xml_problem {
    const char *why; /* for people; never the document's own words */
    size_t at;       /* byte offset */
};

/* Reads a whole document: UTF-8, elements and text, the five named entities and numeric ones. Refused are comments, CDATA,
 * DTDs, processing instructions behind the declaration, a depth of more than XML_DEPTH_MAX, anything behind the root, and a
 * field that is there twice or holds elements. Names are compared without their namespace's prefix; attributes are read
 * over. False with *problem; then no field's text is worth anything. */
bool xml_read(struct spurn_text document, struct arena *arena, struct xml_field *fields,
              size_t count, struct xml_problem *problem);

#endif

/* sheet.h - a file of flat words, run in the sandbox; what it says comes out as JSON. */
#ifndef SPURN_SCRIPT_SHEET_H
#define SPURN_SCRIPT_SHEET_H

#include "script/sandbox/host.h"

struct sheet {
    const char *path;       /* what errors call the file */
    struct spurn_text text; /* the file */
    const char *words;      /* the embedded file that defines its words, such as "lua/config.lua" */
    const struct script_limits *limits; /* NULL: the defaults */
    const struct log *log;              /* may be NULL */
};

/* Runs the sheet and appends what it said to *json, keys in sorted order. A file that says something wrong is `wrong`, with
 * "file:line: what"; SPURN_E_MEMORY. What *json holds after a failure means nothing. */
enum spurn_status sheet_read(const struct sheet *sheet, enum spurn_status wrong, struct buf *json,
                             struct spurn_error *err);

#endif

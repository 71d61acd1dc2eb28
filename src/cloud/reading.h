/* reading.h - a cloud's reply becomes records, by tables of what the cloud's own model says is in it. */
#ifndef SPURN_CLOUD_READING_H
#define SPURN_CLOUD_READING_H

#include "cloud/cloud.h"
#include "error.h"

enum reading_kind {
    READING_TEXT, /* a struct spurn_text */
    READING_TIME, /* seconds since 1970 as a number, or ISO 8601 in quotes: int64_t milliseconds and a bool */
    READING_BOOL,   /* checked, not kept */
    READING_RECORD, /* one record, appended to a struct reading_rows */
    READING_ROWS    /* an array of records, appended to a struct reading_rows */
};

struct reading_shape;

/* A field may be absent or null; then its place in the record stays zero. */
struct reading_field {
    const char *name;
    enum reading_kind kind;
    size_t at;                         /* offset in the record */
    size_t has_at;                     /* READING_TIME: offset of the bool that says it is there */
    const struct reading_shape *shape; /* READING_RECORD, READING_ROWS: of each record */
};

/* Every field the cloud has by name; what it adds one day is skipped. */
struct reading_shape {
    size_t len; /* of a record in bytes; 0: its fields are checked and nothing is kept */
    const struct reading_field *fields;
    size_t count;
};

#define READING_COUNT(fields) (sizeof(fields) / sizeof(fields)[0])

struct reading_rows {
    void *items; /* owned */
    size_t count, cap;
    bool found; /* the array or record was there */
};

/* What surrounds the records of every reply. */
struct reading_envelope {
    struct reading_rows rows;
    struct spurn_text next_token, request_id, client_token;
};

/* What one operation answers with. */
struct reading_reply {
    const char *cloud;                 /* "AWS RAM" */
    const char *operation;             /* "GetResourceShareInvitations" */
    const struct reading_shape *shape; /* of a struct reading_envelope */
    const char *rows;                  /* the field that must be there */
    const char *id;                    /* the field that every invitation must have; NULL: none */
};

/* Reads all of a reply's body. The records' text lives in `arena`; out->rows.items is the caller's to free, also after a
 * failure. SPURN_E_CLOUD in one sentence: no JSON, cut off, a known field of another type, or no `rows`. */
enum spurn_status reading_read(const struct reading_reply *what, const struct reply *reply,
                               struct arena *arena, struct reading_envelope *out,
                               struct spurn_error *err);

/* As above, of records that are struct invitation, into a page. An invitation without an id, or with one that `is_id` does
 * not know, fails the whole page. */
enum spurn_status reading_page(const struct reading_reply *what, const struct reply *reply,
                               bool (*is_id)(struct spurn_text id), struct cloud_page *page,
                               struct spurn_error *err);

#endif

/* subject.h - what a policy can see of one invitation: its fields, by name, and what each holds. */
#ifndef SPURN_SCRIPT_CONDITION_SUBJECT_H
#define SPURN_SCRIPT_CONDITION_SUBJECT_H

#include "script/script.h"

enum field {
    FIELD_ID,
    FIELD_CLOUD,
    FIELD_REGION,
    FIELD_ACCOUNT,
    FIELD_SENDER,
    FIELD_RECEIVER_ARN,
    FIELD_NAME,
    FIELD_SHARE,
    FIELD_STATUS,
    FIELD_CREATED,
    FIELD_AGE,
    FIELD_EXPIRES,
    FIELD_FIRST_SEEN,
    FIELD_TIMES_SEEN,
    FIELD_NOW,
    FIELD_COUNT
};

/* One invitation, when, and what is known about it besides. Everything is borrowed. */
struct subject {
    const struct invitation *inv;
    const struct origin *origin;
    const struct script_facts *facts;
    int64_t now_ms; /* the sweep's one clock */
};

const char *field_name(enum field field);
const char *field_meaning(enum field field); /* for people */
bool field_is_number(enum field field);
bool field_of(struct spurn_text name, enum field *out); /* false: no such field */
/* Every field's name, then NULL: for "did you mean". */
const char *const *field_names(void);

/* False when the cloud left it out. Only for fields that are text, or numbers. */
bool subject_text(const struct subject *s, enum field field, struct spurn_text *out);
bool subject_number(const struct subject *s, enum field field, int64_t *out);

/* As a reason shows it: an age as 7h12m, an instant as 2026-11-22T03:10:00Z, what is absent as unknown. */
void subject_show(const struct subject *s, enum field field, struct buf *out);

#endif

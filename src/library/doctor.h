/* doctor.h - what the doctor's two files share: whom it asks about, and what was answered. */
#ifndef SPURN_LIBRARY_DOCTOR_H
#define SPURN_LIBRARY_DOCTOR_H

#include "library/library.h"
#include "match/set.h"
#include "sites/sites.h"

enum probe_word { PROBE_NOT_ASKED, PROBE_YES, PROBE_NO, PROBE_UNKNOWN };
enum { PROBES_LEN = 3 }; /* list, reject, resources */

struct patient;

/* One call that changes nothing, through all its tries. */
struct probe {
    struct patient *patient;
    struct probe *next; /* in the queue */
    enum cloud_operation operation;
    int tries;
    int64_t not_before_ms; /* monotonic */
    enum probe_word word;  /* is it allowed? */
    char *problem;         /* owned; NULL: none */
};

/* One site. */
struct patient {
    struct doctor *doctor;
    struct site *site;
    struct probe probes[PROBES_LEN];
    bool has_skew;     /* the cloud answered with its Date */
    bool seems_closed; /* site_seems_closed */
};

struct doctor {
    struct spurn *spurn;
    struct http *http;
    struct sites *sites;
    struct patient *patients; /* in the configuration's order; NULL: the sites are being found */
    size_t count;
    struct probe *first, *last; /* that wait to be asked */
    int64_t left;               /* that have no answer yet */
    struct set *keys_taken;     /* keyrings whose keys some cloud took */
    struct log log;             /* the caller's, but for warnings */
    struct set *warnings;       /* that the log was given: they are findings */
    bool no_memory;
};

/* `d` is set whatever comes of it, and is the caller's to close. */
enum spurn_status doctor_open(struct doctor *d, struct spurn *s, struct spurn_error *err);
/* Returns when all have answered, or will not. */
enum spurn_status doctor_examine(struct doctor *d, struct spurn_error *err);
void doctor_close(struct doctor *d);

/* Which keys it uses, for d->keys_taken. */
struct spurn_text patient_keys(const struct patient *patient);

#endif

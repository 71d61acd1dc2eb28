/* library.h - what the files of the embedding API share. */
#ifndef SPURN_LIBRARY_LIBRARY_H
#define SPURN_LIBRARY_LIBRARY_H

#include "config/config.h"
#include "digest.h"
#include "journal/journal.h"
#include "script/script.h"
#include "sweep/sweep.h"

struct spurn {
    struct config config;
    struct script *script;
    struct digest *digest;
    struct log log;
    bool sweeping;            /* a sweep is open: it owns the policies' state */
    const char *journal_path; /* absolute; NULL: none */
    char policies_digest[SHA256_HEX_LEN + 1];
};

/* The journal of `s`, open for `use`. A plan on a journal that cannot be written, or without one, gets a temporary one and the
 * log says so. `digest` is borrowed until the journal is closed. */
enum spurn_status spurn_open_journal(struct spurn *s, struct digest *digest, enum journal_use use,
                                     struct journal **out, struct spurn_error *err);

/* SPURN_E_USAGE while a sweep is open. */
enum spurn_status spurn_check_idle(const struct spurn *s, struct spurn_error *err);

/* SPURN_E_USAGE when the caller's struct is smaller than this library's, or its size was not set. */
enum spurn_status spurn_check_size(size_t got, size_t least, const char *what,
                                   struct spurn_error *err);

/* SPURN_E_CONFIG when there is nothing to list or nobody to ask. */
enum spurn_status spurn_check_sweepable(const struct spurn *s, struct spurn_error *err);

/* Logs how many errors and warnings spurn_check has about the rules, when it has any. */
enum spurn_status spurn_warn_of_rules(struct spurn *s, struct spurn_error *err);

/* The process's own. */
struct credentials_environment spurn_environment(void);

/* A sweep over a journal that the caller keeps open; `journal` NULL: the sweep opens and closes its own. */
enum spurn_status spurn_sweep_start_on(struct spurn *s, struct journal *journal,
                                       const struct spurn_sweep_options *options,
                                       struct spurn_sweep **out, struct spurn_error *err);

#endif

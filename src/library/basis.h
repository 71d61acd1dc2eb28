/* basis.h - what a decision in the journal stood on, as the policies were told it: enough to ask them again. */
#ifndef SPURN_LIBRARY_BASIS_H
#define SPURN_LIBRARY_BASIS_H

#include "journal/journal.h"
#include "script/script.h"

/* What was asked about the past of a sender, of one kind. */
struct basis_question {
    bool was_asked;
    int64_t since_ms; /* the earliest asked for */
    int64_t enough;   /* the most asked for */
};

struct basis {
    struct journal *journal;
    const struct journal_basis *decision; /* borrowed */
    struct origin origin;
    struct script_facts facts;
    struct script_past past; /* `facts` points here: history as of that sweep */
    struct basis_question questions[EVENT_REJECTED + 1];
};

/* Points into `b`, `decision` and `arena`, which all must stay. `began_ms` is what journal_began says. `j` NULL: nothing is
 * remembered. */
enum spurn_status basis_init(struct basis *b, struct journal *j, int64_t began_ms,
                             const struct journal_basis *decision, struct arena *arena,
                             struct spurn_error *err);

/* A decision that lasts: its text goes into `arena`. False when memory ran out. */
bool basis_copy(struct arena *arena, const struct journal_basis *from, struct journal_basis *out);

/* How many other invitations of the sender were seen or rejected from `since_ms` on, before that sweep began. */
enum spurn_status basis_count(const struct basis *b, enum script_event event, int64_t since_ms,
                              int64_t enough, int64_t *count, struct spurn_error *err);

#endif

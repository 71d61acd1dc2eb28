/* given.h - an invitation that somebody describes, as a JSON object of what policies see. */
#ifndef SPURN_LIBRARY_GIVEN_H
#define SPURN_LIBRARY_GIVEN_H

#include "journal/journal.h"
#include "script/script.h"

struct given {
    struct journal_basis basis; /* as if it had just been read; no sweep decided about it */
    enum script_resources resources_state;
    struct script_resource *resources;
    size_t resource_count;
};

/* Reads what src/spurn.h describes at spurn_explain_options. Points into `json` and `arena`. SPURN_E_USAGE names the field. */
enum spurn_status given_read(struct spurn_text json, int64_t now_ms, struct arena *arena,
                             struct given *out, struct spurn_error *err);

#endif

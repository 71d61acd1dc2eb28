/* lock_model.h - two runs on one journal, each of which may be stopped for any time between any two steps. */
#ifndef SPURN_TESTS_MODEL_LOCK_MODEL_H
#define SPURN_TESTS_MODEL_LOCK_MODEL_H

#include "explore.h"

enum lock_rule { LOCK_NONE, LOCK_TAKEN, LOCK_BEFORE_LOOKING, LOCK_UNTIL_DEATH, LOCK_RELEASED_LAST };

/* What each of them breaks, as a sentence. */
extern const char lock_promise_call[], lock_promise_answer[];

void lock_machine(const enum lock_rule *without, struct machine *out);

#endif

/* notes.c - what is known and not yet in the journal: it rides with the next transaction. */
#include "sweep/sweep_private.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { NOTES_FIRST = 64 };

static struct note *add_note(struct sweep *s)
{
    if (s->note_count == s->note_cap) {
        size_t cap = s->note_cap == 0 ? NOTES_FIRST : 2 * s->note_cap;
        struct note *more = realloc(s->notes, cap * sizeof *more);
        if (more == NULL) {
            struct spurn_error err;
            spurn_fail_memory(&err);
            sweep_break(s, &err);
            return NULL;
        }
        s->notes = more;
        s->note_cap = cap;
    }
    struct note *note = &s->notes[s->note_count++];
    memset(note, 0, sizeof *note);
    return note;
}

void note_attempt(struct sweep *s, const struct call *call, enum journal_answer answer,
                  const struct site_answer *why)
{
    struct note *note = add_note(s);
    if (note == NULL)
        return;
    note->intent = call->intent;
    note->at_ms = why->sent_ms;
    note->answer = answer;
    if (why->error != NULL) {
        memcpy(note->code, why->error->code, sizeof note->code);
        memcpy(note->request_id, why->error->request_id, sizeof note->request_id);
    }
}

void note_outcome(struct sweep *s, int64_t intent, enum journal_result result)
{
    struct note *note = add_note(s);
    if (note == NULL)
        return;
    note->is_outcome = true;
    note->intent = intent;
    note->at_ms = clock_wall_ms();
    note->result = result;
}

enum spurn_status notes_write(struct sweep *s, const void *unused, struct spurn_error *err)
{
    (void)unused;
    struct journal *j = s->options.journal;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < s->note_count && status == SPURN_OK; i++) {
        const struct note *note = &s->notes[i];
        if (note->is_outcome) {
            status = journal_record_outcome(j, note->intent, note->result, note->at_ms, err);
            continue;
        }
        const struct journal_attempt attempt = {
            .intent = note->intent,
            .sweep = s->id,
            .sent_ms = note->at_ms,
            .answer = note->answer,
            .code = note->code[0] != '\0' ? note->code : NULL,
            .request_id = note->request_id[0] != '\0' ? note->request_id : NULL};
        status = journal_record_attempt(j, &attempt, err);
    }
    return status;
}

/* Also after the journal failed: what came of calls in flight is worth one more try. */
void notes_flush(struct sweep *s)
{
    if (s->note_count == 0)
        return;
    sweep_write(s, notes_write, NULL);
    s->note_count = 0;
}

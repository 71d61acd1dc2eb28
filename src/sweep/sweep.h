/* sweep.h - the story: close what was left open, list, decide, look at the whole, write down, reject, write down. */
#ifndef SPURN_SWEEP_SWEEP_H
#define SPURN_SWEEP_SWEEP_H

#include "config/config.h"
#include "credentials/credentials.h"
#include "digest.h"
#include "journal/journal.h"
#include "log.h"
#include "script/script.h"

struct sweep;

/* Everything is borrowed and must outlive the sweep. */
struct sweep_options {
    const struct config *config;
    struct script *script;
    struct digest *digest;
    struct journal *journal; /* open for JOURNAL_ACT to reject, for JOURNAL_PLAN to plan */
    const struct log *log;
    struct credentials_environment environment;
    bool act;
    int64_t now_ms;    /* decision time */
    const char *trust; /* a digest trusted from now on; NULL: none */
    /* Asked before the first rejection; NULL: goes on. See spurn_sweep_options. */
    bool (*confirm)(void *context);
    void *context;
};

enum spurn_status sweep_open(const struct sweep_options *options, struct sweep **out,
                             struct spurn_error *err);
/* Moves on, waiting at most `timeout_ms`. An error is the journal's or the machine's, and
 * ends the sweep: calls in flight have been answered and written down as far as that was possible. */
enum spurn_status sweep_step(struct sweep *s, int64_t timeout_ms, bool *done,
                             struct spurn_error *err);
void sweep_stop(struct sweep *s);
void sweep_close(struct sweep *s);

/* What it found and did, from the journal: targets, decisions, rules, faults, summary, in this order. */
enum spurn_status sweep_report(const struct sweep *s, const struct spurn_report *report,
                               struct spurn_error *err);
/* A row of the journal as the public report shows it; text stays where it was. */
struct spurn_decision_row sweep_decision_row(const struct journal_row *row);

#endif

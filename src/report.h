/* report.h - a sweep's report and the journal's history as JSON, streamed. */
#ifndef SPURN_REPORT_H
#define SPURN_REPORT_H

#include "buf.h"
#include "error.h"

/* Collects rows as JSON and hands them on in pieces. */
struct report_json {
    struct buf text;
    spurn_write *write;
    void *context;
    bool stopped; /* the reader wants no more, or memory ran out */
    int part;     /* of the object under way: targets, decisions, rules, faults, summary */
};

void report_json_open(struct report_json *r, spurn_write *write, void *context);
/* After a value: hands on what has come together, once it is worth it. */
void report_json_hand_on(struct report_json *r);

/* A visitor for one sweep. Its context is `r`. */
struct spurn_report report_json_visitor(struct report_json *r);

/* {"schema":1,"decisions":[ ... ]}: rows of the past, between begin and end. */
void report_json_begin_history(struct report_json *r);
void report_json_row(void *report_json, const struct spurn_decision_row *row);
void report_json_end_history(struct report_json *r);

/* Hands on what is left and releases everything. SPURN_E_MEMORY, or SPURN_E_FILE when the reader stopped. */
enum spurn_status report_json_close(struct report_json *r, struct spurn_error *err);

#endif

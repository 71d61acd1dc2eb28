/* fold.h - targets that differ in nothing but their region, as one: a hundred accounts have thousands of regions. */
#ifndef SPURN_COMMAND_FOLD_H
#define SPURN_COMMAND_FOLD_H

#include "command/out.h"

/* What a target is told by. The first ones are of every target; others follow as each table wants them. */
enum { CMD_FOLD_CLOUD, CMD_FOLD_ACCOUNT, CMD_FOLD_LABEL, CMD_FOLD_STATUS, CMD_FOLD_ERROR };
enum { CMD_FOLD_PARTS = 12, CMD_FOLD_NAMED = 3, CMD_FOLD_FEW = 20 };

/* Targets that are alike, of one account. Its text lives as long as the folds. */
struct cmd_fold {
    struct spurn_text parts[CMD_FOLD_PARTS];
    size_t owner;
    size_t count;                              /* of targets */
    struct spurn_text regions[CMD_FOLD_NAMED]; /* of the first ones */
};

/* Begin with one of zeros but for the first two. */
struct cmd_folds {
    size_t parts;     /* by so many a target is told */
    size_t well_most; /* of more folds that are well none has a row */
    bool failed;      /* memory ran out: not all are here */
    size_t count, skipped;
    struct cmd_fold *folds;
    size_t folds_len, folds_cap, listed_len; /* listed: neither failed nor skipped */
    size_t *owners;                          /* targets of each */
    size_t owners_len, owners_cap;
    struct cmd_fold_target *targets; /* in the order in which they came */
    size_t targets_cap;
    struct cmd_fold_index *index;
};

/* A target in that region. The region's name may stand in the error, and makes no difference there. */
void cmd_folds_add(struct cmd_folds *f, const struct spurn_text *parts, struct spurn_text region);
void cmd_folds_clear(struct cmd_folds *f);

struct cmd_fold_row {
    const struct cmd_fold *fold;
    struct spurn_text region; /* "us-east-1", "34 regions" */
    size_t count;             /* of targets that it stands for */
};

/* The rows of a table: one for each target, or past CMD_FOLD_FEW of them, one for each fold; then those that are well only if all
 * of these are few. Skipped ones are rows with `all` alone. */
void cmd_folds_rows(const struct cmd_folds *f, bool all,
                    void (*row)(void *context, const struct cmd_fold_row *row), void *context);
/* How many targets have no row because they "are well": these words. Nothing when there are none. */
void cmd_folds_print_left(const struct cmd_folds *f, bool all, const char *well,
                          struct cmd_out *out);

bool cmd_fold_is(const struct cmd_fold *fold, const char *status);
/* What is wrong, a paragraph for each fold: "aws 111122223333, 3 regions (a, b, c): cannot assume ...". */
void cmd_folds_print_errors(const struct cmd_folds *f, struct cmd_out *out);
/* "3 regions skipped: not opted in"; nothing is added when none was. */
void cmd_folds_add_skipped(const struct cmd_folds *f, struct cmd_cell *cell);

#endif

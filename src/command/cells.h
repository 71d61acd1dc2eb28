/* cells.h - what several tables show in the same way. */
#ifndef SPURN_COMMAND_CELLS_H
#define SPURN_COMMAND_CELLS_H

#include "command/text.h"

void cmd_cells_age(struct cmd_cell *cell,
                   const struct spurn_decision_row *row); /* "7h12m", "unknown" */
/* Quoted when it is empty, has blanks at an end, or begins with a quote: these could not be told apart. */
void cmd_cells_name(struct cmd_cell *cell, struct spurn_text name);
/* The cloud and the account, which belong together. */
void cmd_cells_account(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account);
/* The same with its label: "aws team 10 (500000000010)", "aws unknown". */
void cmd_cells_owner(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account,
                     struct spurn_text label);
void cmd_cells_where(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account,
                     struct spurn_text region);
void cmd_cells_rule(struct cmd_cell *cell, struct spurn_text policy,
                    struct spurn_text rule); /* "policy/rule" */
/* The end of an id: tells invitations apart, and "spurn explain", "history" and "test --record" take it. */
void cmd_cells_id(struct cmd_cell *cell, struct spurn_text id);
/* The rule that decided, and those that were true and only observe. */
void cmd_cells_decider(struct cmd_cell *cell, const struct spurn_decision_row *row);
/* "observed: policy/rule, policy/rule", behind "; " when something stands there; nothing when no such rule was true. */
void cmd_cells_observed(struct cmd_cell *cell, struct spurn_text matches);
bool cmd_cells_same_observed(struct spurn_text matches, struct spurn_text others);
/* The outcome in words, styled, with the cloud's error code if there is one. */
void cmd_cells_outcome(struct cmd_cell *cell, const struct spurn_decision_row *row);
void cmd_cells_number(struct cmd_cell *cell, int64_t number);

#endif

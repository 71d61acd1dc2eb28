/* cells.c - what several tables show in the same way. */
#include "command/cells.h"

#include <inttypes.h>
#include <stdio.h>

#include "command/time.h"

void cmd_cells_age(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    char age[CMD_TIME_LEN] = "unknown";
    if (row->has_age)
        cmd_time_write_age(row->age_s, age);
    cmd_cell_add_str(cell, age);
}

void cmd_cells_where(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account,
                     struct spurn_text region)
{
    cmd_cell_add(cell, cloud);
    cmd_cell_add_str(cell, " ");
    cmd_cell_add(cell, region);
    cmd_cell_add_str(cell, account.at == NULL ? "" : " ");
    cmd_cell_add(cell, account);
}

void cmd_cells_rule(struct cmd_cell *cell, struct spurn_text policy, struct spurn_text rule)
{
    if (rule.at == NULL)
        return;
    cmd_cell_add(cell, policy);
    cmd_cell_add_str(cell, policy.at == NULL ? "" : ": ");
    cmd_cell_add(cell, rule);
}

void cmd_cells_outcome(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    static const struct {
        const char *outcome, *words;
        enum cmd_style style;
    } outcomes[] = {{"rejected", "rejected", CMD_GOOD},
                    {"already_rejected", "rejected by others", CMD_DOUBT},
                    {"already_accepted", "accepted by others", CMD_BAD},
                    {"expired", "expired", CMD_DOUBT},
                    {"cancelled", "cancelled", CMD_DOUBT},
                    {"gone", "gone", CMD_DOUBT},
                    {"abandoned", "abandoned", CMD_BAD},
                    {"failed", "failed", CMD_BAD},
                    {"open", "not known yet", CMD_BAD}};
    if (row->outcome.at == NULL)
        return;
    struct spurn_text words = row->outcome;
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (!cmd_text_is(row->outcome, outcomes[i].outcome))
            continue;
        words = cmd_text(outcomes[i].words);
        cell->style = outcomes[i].style;
    }
    cmd_cell_add(cell, words);
    if (row->inferred)
        cmd_cell_add_str(cell, ", inferred");
    if (row->code.at != NULL && !cmd_text_is(row->outcome, "rejected")) {
        cmd_cell_add_str(cell, ": ");
        cmd_cell_add(cell, row->code);
    }
}

void cmd_cells_number(struct cmd_cell *cell, int64_t number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    cmd_cell_add_str(cell, digits);
}

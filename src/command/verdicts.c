/* verdicts.c - what policies said, in words: on an invitation, and of its parts. */
#include "command/verdicts.h"

#include "command/cells.h"

static const struct {
    const char *word;
    enum cmd_style style;
} VERDICTS[] = {[SPURN_NONE] = {"left alone", CMD_PLAIN},
                [SPURN_KEEP] = {"kept", CMD_GOOD},
                [SPURN_REJECT] = {"rejected", CMD_BAD},
                [SPURN_UNDECIDED] = {"undecided", CMD_DOUBT}};

const char *cmd_verdict_word(const struct spurn_ruling *ruling)
{
    return ruling->needs_resources ? "needs resources" : VERDICTS[ruling->verdict].word;
}

enum cmd_style cmd_verdict_style(const struct spurn_ruling *ruling)
{
    return ruling->needs_resources ? CMD_DOUBT : VERDICTS[ruling->verdict].style;
}

void cmd_verdict_add(struct cmd_cell *cell, const struct spurn_ruling *ruling)
{
    if (cell->len == 0)
        cell->style = cmd_verdict_style(ruling);
    cmd_cell_add_str(cell, cmd_verdict_word(ruling));
    if (ruling->rule.at == NULL)
        return;
    cmd_cell_add_str(cell, " by ");
    cmd_cells_rule(cell, ruling->policy, ruling->rule);
}

/* cells.c - what several tables show in the same way. */
#include "command/cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/time.h"

void cmd_cells_age(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    char age[CMD_TIME_LEN] = "unknown";
    if (row->has_age)
        cmd_time_write_age(row->age_s, age);
    cmd_cell_add_str(cell, age);
}

static bool is_blank(uint32_t character)
{
    static const uint32_t blanks[] = {' ', 0xa0, 0x1680, 0x202f, 0x205f, 0x3000};
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        if (character == blanks[i])
            return true;
    }
    return character >= 0x2000 && character <= 0x200a;
}

static bool wants_quotes(struct spurn_text name)
{
    uint32_t character;
    size_t len = cmd_text_character(name, &character);
    if (name.len == 0 || character == '"' || is_blank(character))
        return true;
    while (name.len > 0) {
        name.at += len == 0 ? 1 : len;
        name.len -= len == 0 ? 1 : len;
        if (name.len > 0)
            len = cmd_text_character(name, &character);
    }
    return is_blank(character);
}

void cmd_cells_name(struct cmd_cell *cell, struct spurn_text name)
{
    const char *quote = name.at != NULL && wants_quotes(name) ? "\"" : "";
    cmd_cell_add_str(cell, quote);
    cmd_cell_add(cell, name);
    cmd_cell_add_str(cell, quote);
}

void cmd_cells_account(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account)
{
    cmd_cell_add(cell, cloud);
    cmd_cell_add_str(cell, account.at == NULL ? "" : " ");
    cmd_cell_add(cell, account);
}

void cmd_cells_where(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account,
                     struct spurn_text region)
{
    cmd_cells_account(cell, cloud, account);
    cmd_cell_add_str(cell, " ");
    cmd_cell_add(cell, region);
}

void cmd_cells_rule(struct cmd_cell *cell, struct spurn_text policy, struct spurn_text rule)
{
    if (rule.at == NULL)
        return;
    cmd_cell_add(cell, policy);
    cmd_cell_add_str(cell, policy.at == NULL ? "" : ": ");
    cmd_cell_add(cell, rule);
}

void cmd_cells_observed(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    static const char mark[] = " (observed)"; /* behind each of them */
    static const size_t mark_len = sizeof mark - 1;
    struct spurn_text rest = row->matches;
    if (rest.at == NULL || row->rule.at != NULL)
        return;
    cmd_cell_add_str(cell, "observed: ");
    while (rest.len > 0) {
        size_t len = 0;
        while (len < rest.len &&
               !(rest.len - len >= mark_len && memcmp(rest.at + len, mark, mark_len) == 0))
            len++;
        cmd_cell_add(cell, (struct spurn_text){rest.at, len});
        size_t past = len < rest.len ? len + mark_len : len;
        rest = (struct spurn_text){rest.at + past, rest.len - past};
    }
}

void cmd_cells_decider(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    cmd_cell_add(cell, row->rule);
    cmd_cells_observed(cell, row);
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

/* cells.c - what several tables show in the same way. */
#include "command/cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/time.h"

enum { ID_SHOWN = 8 };

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

void cmd_cells_owner(struct cmd_cell *cell, struct spurn_text cloud, struct spurn_text account,
                     struct spurn_text label)
{
    bool has_label = label.at != NULL && label.len > 0;
    bool has_both = has_label && account.at != NULL;
    cmd_cells_account(cell, cloud, has_label ? label : account);
    cmd_cell_add_str(cell, has_both ? " (" : "");
    if (has_both)
        cmd_cell_add(cell, account);
    cmd_cell_add_str(cell, has_both ? ")" : "");
    cmd_cell_add_str(cell, has_label || account.at != NULL ? "" : " unknown");
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
    cmd_cell_add_str(cell, policy.at == NULL ? "" : "/");
    cmd_cell_add(cell, rule);
}

void cmd_cells_id(struct cmd_cell *cell, struct spurn_text id)
{
    if (id.at != NULL && id.len > ID_SHOWN)
        id = (struct spurn_text){id.at + id.len - ID_SHOWN, ID_SHOWN};
    cmd_cell_add(cell, id);
}

static size_t part_len(struct spurn_text text)
{
    size_t len = 0;
    while (len < text.len && !(text.len - len > 2 && memcmp(text.at + len, ", ", 2) == 0))
        len++;
    return len;
}

static struct spurn_text behind(struct spurn_text text, size_t len)
{
    return (struct spurn_text){text.at + len, text.len - len};
}

/* Takes the first of "policy/rule, policy/rule (observed)". A part without a slash belongs to a rule with a comma in its name. */
static struct spurn_text take_match(struct spurn_text *matches)
{
    size_t len = part_len(*matches);
    while (len < matches->len) {
        struct spurn_text next = behind(*matches, len + 2);
        size_t next_len = part_len(next);
        if (memchr(next.at, '/', next_len) != NULL)
            break;
        len += 2 + next_len;
    }
    struct spurn_text match = {matches->at, len};
    *matches = behind(*matches, len < matches->len ? len + 2 : len);
    return match;
}

/* The next of those that only observe, without the mark behind it; absent: no more. */
static struct spurn_text take_observed(struct spurn_text *matches)
{
    static const char mark[] = " (observed)";
    static const size_t mark_len = sizeof mark - 1;
    while (matches->len > 0) {
        struct spurn_text match = take_match(matches);
        if (match.len < mark_len || memcmp(match.at + match.len - mark_len, mark, mark_len) != 0)
            continue;
        match.len -= mark_len;
        return match;
    }
    return (struct spurn_text){NULL, 0};
}

bool cmd_cells_same_observed(struct spurn_text a, struct spurn_text b)
{
    struct spurn_text left, right;
    do {
        left = take_observed(&a);
        right = take_observed(&b);
    } while (left.at != NULL && cmd_text_equal(left, right));
    return left.at == NULL && right.at == NULL;
}

void cmd_cells_observed(struct cmd_cell *cell, struct spurn_text matches)
{
    const char *before = cell->len > 0 ? "; observed: " : "observed: ";
    for (;;) {
        struct spurn_text observed = take_observed(&matches);
        if (observed.at == NULL)
            return;
        cmd_cell_add_str(cell, before);
        cmd_cell_add(cell, observed);
        before = ", ";
    }
}

void cmd_cells_decider(struct cmd_cell *cell, const struct spurn_decision_row *row)
{
    cmd_cell_add(cell, row->rule);
    cmd_cells_observed(cell, row->matches);
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

/* globs_dfa.c - the sets of positions that names lead to, each with a row that says where the next byte leads. */
#include "match/globs_dfa.h"

#include <stdlib.h>
#include <string.h>

/* An entry of a row is where the next state's row begins. With STOPS it is one to look at: a settled state, or none. */
static const uint32_t STOPS = UINT32_C(1) << 31;
static const uint32_t UNKNOWN = UINT32_MAX;    /* not asked for yet */
static const uint32_t BEYOND = UINT32_MAX - 1; /* there is no such state, nor will there be */

enum { FIRST_STATE_CAP = 16 };

static bool is_state(uint32_t entry)
{
    return entry < BEYOND;
}

static size_t state_of(const struct dfa *d, uint32_t entry)
{
    return (entry & ~STOPS) >> d->row_shift;
}

static uint64_t *record_of(const struct dfa *d, uint32_t entry)
{
    return d->records + state_of(d, entry) * d->record_words;
}

/* ---- making states ---- */

static uint64_t hash_of(const uint64_t *set, size_t word_count)
{
    uint64_t hash = 0;
    for (size_t w = 0; w < word_count; w++) {
        hash = (hash ^ set[w]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

/* The slot of the state with the positions of `set`, else the free one where it belongs. */
static uint16_t *find_slot(struct dfa *d, const uint64_t *set)
{
    size_t mask = sizeof d->slots / sizeof d->slots[0] - 1;
    size_t set_len = d->nfa->word_count * sizeof *set;
    for (size_t i = hash_of(set, d->nfa->word_count) & mask;; i = (i + 1) & mask) {
        if (d->slots[i] == 0)
            return &d->slots[i];
        if (memcmp(d->records + (d->slots[i] - 1) * d->record_words, set, set_len) == 0)
            return &d->slots[i];
    }
}

static bool make_room(struct dfa *d)
{
    if (d->state_count < d->state_cap)
        return true;
    size_t cap = d->state_cap == 0 ? FIRST_STATE_CAP : d->state_cap * 2;
    if (cap > d->state_max)
        cap = d->state_max;
    uint64_t *records = realloc(d->records, cap * d->record_words * sizeof *records);
    if (records == NULL)
        return false;
    d->records = records;
    uint32_t *rows = realloc(d->rows, (cap << d->row_shift) * sizeof *rows);
    if (rows == NULL)
        return false;
    d->rows = rows;
    d->state_cap = cap;
    return true;
}

static uint32_t entry_of(const struct dfa *d, size_t state)
{
    uint32_t entry = (uint32_t)(state << d->row_shift);
    return nfa_is_settled(d->nfa, record_of(d, entry)) ? entry | STOPS : entry;
}

/* The state with the positions of `set`, made if need be; UNKNOWN when memory ran out. */
static uint32_t intern(struct dfa *d, const uint64_t *set)
{
    uint16_t *slot = find_slot(d, set);
    if (*slot != 0)
        return entry_of(d, (size_t)*slot - 1);
    if (d->state_count == d->state_max)
        return BEYOND;
    if (!make_room(d))
        return UNKNOWN;
    size_t state = d->state_count++;
    *slot = (uint16_t)d->state_count;
    uint64_t *record = d->records + state * d->record_words;
    memcpy(record, set, d->nfa->word_count * sizeof *set);
    memset(record + d->nfa->word_count, 0, d->group_words * sizeof *record);
    nfa_groups(d->nfa, set, record + d->nfa->word_count);
    memset(d->rows + (state << d->row_shift), 0xFF, sizeof *d->rows << d->row_shift);
    return entry_of(d, state);
}

void dfa_init(struct dfa *d, const struct nfa *nfa, size_t group_words)
{
    *d = (struct dfa){.nfa = nfa, .group_words = group_words};
    d->record_words = nfa->word_count + group_words;
    size_t affordable = DFA_SETS_MAX / (d->record_words * sizeof *d->records);
    d->state_max = affordable < GLOBS_STATES_MAX ? affordable : GLOBS_STATES_MAX;
    for (size_t byte = 0; byte < 256; byte++)
        d->column_of[byte] = byte < 0x80 ? nfa->kind_of[byte] : (unsigned char)nfa->kind_count;
    while (((size_t)1 << d->row_shift) <= nfa->kind_count)
        d->row_shift++;
    memcpy(nfa->scratch, nfa->start, nfa->word_count * sizeof *nfa->scratch);
    nfa_reduce(nfa, nfa->scratch);
    d->start = intern(d, nfa->scratch);
}

void dfa_clear(struct dfa *d)
{
    free(d->rows);
    free(d->records);
    d->rows = NULL;
    d->records = NULL;
}

/* ---- walking ---- */

/* Where `kind` leads from `from`. */
static uint32_t next_state(struct dfa *d, uint32_t from, unsigned kind)
{
    uint32_t known = d->rows[from + kind];
    if (known != UNKNOWN)
        return known;
    nfa_step(d->nfa, kind, record_of(d, from), d->nfa->scratch);
    nfa_reduce(d->nfa, d->nfa->scratch);
    uint32_t next = intern(d, d->nfa->scratch);
    d->rows[from + kind] = next;
    return next;
}

/* Where the character at name.at[i] leads. */
static uint32_t next_char(struct dfa *d, uint32_t from, struct spurn_text name, size_t i,
                          size_t len)
{
    for (size_t k = 0; k < len; k++) {
        from = next_state(d, from, nfa_kind(d->nfa, (unsigned char)name.at[i + k], k));
        if ((from & STOPS) != 0)
            return from;
    }
    return from;
}

/* Follows known entries as far as they lead; where it ends is a byte to look at. */
static size_t skim(const struct dfa *d, uint32_t *state, struct spurn_text name, size_t i)
{
    const uint32_t *rows = d->rows;
    uint32_t at = *state;
    for (; i < name.len; i++) {
        uint32_t next = rows[at + d->column_of[(unsigned char)name.at[i]]];
        if ((next & STOPS) != 0)
            break;
        at = next;
    }
    *state = at;
    return i;
}

struct dfa_place dfa_walk(struct dfa *d, struct spurn_text name)
{
    uint32_t state = d->start;
    size_t i = 0;
    if (!is_state(state))
        return (struct dfa_place){0, d->nfa->start, NULL};
    while ((state & STOPS) == 0) {
        i = skim(d, &state, name, i);
        if (i == name.len)
            break;
        size_t len = nfa_char_len(name, i);
        uint32_t next = next_char(d, state, name, i, len);
        if (!is_state(next))
            break;
        state = next;
        i += len;
    }
    const uint64_t *record = record_of(d, state);
    return (struct dfa_place){(state & STOPS) != 0 ? name.len : i, record,
                              record + d->nfa->word_count};
}

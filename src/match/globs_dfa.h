/* globs_dfa.h - the sets of positions that names lead to, each with a row that says where the next byte leads. */
#ifndef SPURN_MATCH_GLOBS_DFA_H
#define SPURN_MATCH_GLOBS_DFA_H

#include "match/globs.h"
#include "match/globs_nfa.h"

/* States are made when a name first needs them, until there are GLOBS_STATES_MAX or they take DFA_SETS_MAX bytes. */
enum { DFA_SETS_MAX = 4 * 1024 * 1024 }; /* to fill them takes some 20 ms, once */

struct dfa {
    const struct nfa *nfa; /* borrowed */
    /* Of an ASCII byte its kind; of others a column that every row leaves unknown, so that they are looked at with care. */
    unsigned char column_of[256];
    unsigned row_shift; /* rows are 1 << row_shift entries */
    size_t group_words, record_words;
    size_t state_count, state_cap, state_max;
    uint32_t start;
    uint32_t *rows;
    uint64_t *records;                    /* of each state: its positions, then its groups */
    uint16_t slots[2 * GLOBS_STATES_MAX]; /* state + 1, by hash of its positions */
};

/* Where a name led as far as there were states. */
struct dfa_place {
    size_t len; /* bytes of the name that were taken; all when what follows changes nothing */
    const uint64_t *set;
    const uint64_t *groups;
};

void dfa_init(struct dfa *d, const struct nfa *nfa, size_t group_words);
void dfa_clear(struct dfa *d);
/* Valid until the next call. */
struct dfa_place dfa_walk(struct dfa *d, struct spurn_text name);

#endif

/* globs_nfa.h - many globs as one automaton over sets of positions, one bit each. */
#ifndef SPURN_MATCH_GLOBS_NFA_H
#define SPURN_MATCH_GLOBS_NFA_H

#include <stdint.h>

#include "buf.h"

/* A position is a place in a glob: so much of it is matched. Where the glob has a '*' the position stays whatever comes; a position
 * behind '?' stays while its character goes on. A set of positions is `word_count` words.
 *
 * Bytes fall into kinds: those that no glob tells apart are one. A byte in the middle of a character and one that begins a
 * character are never in the same kind, and a stray byte (where the name is not valid UTF-8) counts as one that begins. */

enum { KIND_OTHER }; /* begins a character, and no glob names it */

/* What the globs to come need. The zero value is none. */
struct nfa_size {
    size_t positions;
    bool names[256]; /* the bytes that stand in some glob, in lower case */
};

struct nfa {
    unsigned char kind_of[256];      /* of a byte that begins a character */
    unsigned char kind_inside[64];   /* of a byte 0x80 + i in the middle of one */
    size_t kind_count, first_inside; /* kinds from `first_inside` on are of the middle */
    size_t word_count, position_count, glob_count;
    /* Sets, all in one block that starts at `start`. */
    uint64_t *start;
    uint64_t *stays;        /* whatever comes */
    uint64_t *stays_inside; /* when the middle of a character comes */
    uint64_t *skips;        /* '?' comes next */
    uint64_t *ends;         /* the whole glob is matched */
    uint64_t *settles;      /* ... and a '*' is its end: nothing can change that */
    uint64_t *scratch;      /* for whoever needs a set for a while */
    uint64_t *moves;        /* one for each kind: goes on to the next position when it comes */
    uint32_t *glob_of;      /* of each position */
    struct nfa_glob {
        uint32_t first; /* position */
        uint32_t group;
    } * globs;
    /* The positions of its globs, and the one that stands for "hit, whatever comes" if any does. */
    struct nfa_group {
        uint32_t begin, end, settled;
    } * groups;
};

/* `glob` must be valid UTF-8; so must those put. */
void nfa_measure(struct nfa_size *size, struct spurn_text glob);

/* False when memory ran out; nfa_clear is due all the same. `size` is at least one glob's. */
bool nfa_init(struct nfa *n, const struct nfa_size *size, size_t glob_count, size_t group_count);
void nfa_clear(struct nfa *n);
/* All globs of a group in a row. */
void nfa_put(struct nfa *n, size_t group, struct spurn_text glob);
void nfa_finish(struct nfa *n); /* once all are put */

/* `to` may be `from`. */
void nfa_step(const struct nfa *n, unsigned kind, const uint64_t *from, uint64_t *to);
/* Takes out what cannot change any answer, so that more sets are equal: what stands before a '*' that its glob has reached, and
 * everything of a group that is hit for good but one position. */
void nfa_reduce(const struct nfa *n, uint64_t *set);
/* Nothing that comes changes its groups. */
bool nfa_is_settled(const struct nfa *n, const uint64_t *set);
/* Adds the groups of the globs that are matched whole. */
void nfa_groups(const struct nfa *n, const uint64_t *set, uint64_t *groups);
/* nfa_groups of where `rest` leads from `set`, which is used up. */
void nfa_run(const struct nfa *n, uint64_t *set, struct spurn_text rest, uint64_t *groups);

/* The length of the character at name.at[i]; 1 for a stray byte. */
size_t nfa_char_len(struct spurn_text name, size_t i);
/* The kind of byte `k` of a character. */
static inline unsigned nfa_kind(const struct nfa *n, unsigned char byte, size_t k)
{
    return k == 0 ? n->kind_of[byte] : n->kind_inside[byte & 0x3F];
}

#endif

/* globs_nfa.c - many globs as one automaton over sets of positions, one bit each. */
#include "match/globs_nfa.h"

#include <stdlib.h>
#include <string.h>

/* ---- bits ---- */

enum { WORD_BITS = 64 };

static unsigned lowest_bit(uint64_t word)
{
    return (unsigned)__builtin_ctzll(word);
}

static unsigned highest_bit(uint64_t word)
{
    return WORD_BITS - 1 - (unsigned)__builtin_clzll(word);
}

static uint64_t below(unsigned bit)
{
    return (UINT64_C(1) << bit) - 1;
}

static void set_bit(uint64_t *set, size_t bit)
{
    set[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

static bool has_bit(const uint64_t *set, size_t bit)
{
    return (set[bit / WORD_BITS] >> bit % WORD_BITS & 1) != 0;
}

/* A set has room for one bit more than there are positions, so that `end` lies in it too. */
static void clear_bits(uint64_t *set, size_t begin, size_t end)
{
    size_t first = begin / WORD_BITS, last = end / WORD_BITS;
    uint64_t head = below(begin % WORD_BITS), tail = ~below(end % WORD_BITS);
    if (first == last) {
        set[first] &= head | tail;
        return;
    }
    set[first] &= head;
    memset(set + first + 1, 0, (last - first - 1) * sizeof *set);
    set[last] &= tail;
}

/* ---- making it ---- */

static const struct nfa_group *group_of(const struct nfa *n, size_t position)
{
    return &n->groups[n->globs[n->glob_of[position]].group];
}

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool is_inside(size_t byte)
{
    return byte >= 0x80 && byte < 0xC0;
}

void nfa_measure(struct nfa_size *size, struct spurn_text glob)
{
    for (size_t i = 0; i < glob.len; i++) {
        unsigned char byte = lower((unsigned char)glob.at[i]);
        size->positions += byte != '*';
        size->names[byte] = true;
    }
    size->positions++;
}

static void sort_bytes(struct nfa *n, const bool names[256])
{
    size_t kind = KIND_OTHER + 1;
    for (size_t byte = 0; byte < 256; byte++)
        n->kind_of[byte] = names[byte] && !is_inside(byte) ? (unsigned char)kind++ : KIND_OTHER;
    for (size_t byte = 'A'; byte <= 'Z'; byte++)
        n->kind_of[byte] = n->kind_of[byte | 0x20];
    n->first_inside = kind++;
    for (size_t i = 0; i < 64; i++)
        n->kind_inside[i] = (unsigned char)(names[0x80 + i] ? kind++ : n->first_inside);
    n->kind_count = kind;
}

bool nfa_init(struct nfa *n, const struct nfa_size *size, size_t glob_count, size_t group_count)
{
    *n = (struct nfa){.word_count = size->positions / WORD_BITS + 1};
    sort_bytes(n, size->names);
    uint64_t **sets[] = {&n->start, &n->stays,   &n->stays_inside, &n->skips,
                         &n->ends,  &n->settles, &n->scratch,      &n->moves};
    size_t set_count = sizeof sets / sizeof sets[0];
    uint64_t *block = calloc((set_count - 1 + n->kind_count) * n->word_count, sizeof *block);
    n->glob_of = calloc(size->positions, sizeof *n->glob_of);
    n->globs = calloc(glob_count, sizeof *n->globs);
    n->groups = calloc(group_count, sizeof *n->groups);
    for (size_t i = 0; i < set_count && block != NULL; i++)
        *sets[i] = block + i * n->word_count;
    return block != NULL && n->glob_of != NULL && n->globs != NULL && n->groups != NULL;
}

void nfa_clear(struct nfa *n)
{
    free(n->start);
    free(n->glob_of);
    free(n->globs);
    free(n->groups);
    *n = (struct nfa){0};
}

/* Puts the next byte of a glob in at position `at`; the position behind it. */
static size_t put_byte(struct nfa *n, size_t at, unsigned char byte, bool begins)
{
    if (byte == '*') {
        set_bit(n->stays, at);
        return at;
    }
    if (byte == '?') {
        set_bit(n->skips, at);
        set_bit(n->stays_inside, at + 1);
        return at + 1;
    }
    set_bit(n->moves + nfa_kind(n, byte, begins ? 0 : 1) * n->word_count, at);
    return at + 1;
}

void nfa_put(struct nfa *n, size_t group, struct spurn_text glob)
{
    size_t first = n->position_count, at = first;
    for (size_t i = 0; i < glob.len; i++)
        at = put_byte(n, at, (unsigned char)glob.at[i], !is_inside((unsigned char)glob.at[i]));
    set_bit(n->start, first);
    set_bit(n->ends, at);
    struct nfa_group *of = &n->groups[group];
    if (of->end == 0)
        of->begin = (uint32_t)first;
    of->end = (uint32_t)at + 1;
    if (has_bit(n->stays, at)) {
        set_bit(n->settles, at);
        of->settled = (uint32_t)at;
    }
    for (size_t i = first; i <= at; i++)
        n->glob_of[i] = (uint32_t)n->glob_count;
    n->globs[n->glob_count++] = (struct nfa_glob){(uint32_t)first, (uint32_t)group};
    n->position_count = at + 1;
}

void nfa_finish(struct nfa *n)
{
    for (size_t kind = 0; kind < n->first_inside; kind++)
        for (size_t w = 0; w < n->word_count; w++)
            n->moves[kind * n->word_count + w] |= n->skips[w];
    for (size_t w = 0; w < n->word_count; w++)
        n->stays_inside[w] |= n->stays[w];
}

/* ---- running it ---- */

void nfa_step(const struct nfa *n, unsigned kind, const uint64_t *from, uint64_t *to)
{
    const uint64_t *moves = n->moves + kind * n->word_count;
    const uint64_t *stays = kind < n->first_inside ? n->stays : n->stays_inside;
    uint64_t carry = 0;
    for (size_t w = 0; w < n->word_count; w++) {
        uint64_t moving = from[w] & moves[w], staying = from[w] & stays[w];
        to[w] = moving << 1 | carry | staying;
        carry = moving >> (WORD_BITS - 1);
    }
}

/* Adds to `reached` what lies below it, as far down as `passes` has every position on the way. */
static uint64_t spread_down(uint64_t reached, uint64_t passes)
{
    for (unsigned shift = 1; shift < WORD_BITS; shift *= 2) {
        reached |= (reached & passes) >> shift;
        passes &= passes << shift;
    }
    return reached;
}

/* Of each glob, what lies before the last '*' that it has reached. */
static void drop_outdone(const struct nfa *n, uint64_t *set)
{
    uint64_t above = 0; /* does the position above this word outdo its top? */
    for (size_t w = n->word_count; w-- > 0;) {
        uint64_t passes = ~n->start[w], stars = set[w] & n->stays[w];
        if (above == 0 && (stars & passes) == 0)
            continue;
        above <<= WORD_BITS - 1;
        uint64_t reached = spread_down(stars | above, passes) & passes;
        set[w] &= ~(reached >> 1 | above);
        above = reached & 1;
    }
}

/* Of each group that is hit for good, everything but one position. */
static void drop_settled(const struct nfa *n, uint64_t *set)
{
    for (size_t w = n->word_count; w-- > 0;) {
        uint64_t left = set[w] & n->settles[w];
        while (left != 0) {
            unsigned bit = highest_bit(left);
            const struct nfa_group *group = group_of(n, w * WORD_BITS + bit);
            clear_bits(set, group->begin, group->end);
            set_bit(set, group->settled);
            left = set[w] & n->settles[w] & below(bit);
        }
    }
}

void nfa_reduce(const struct nfa *n, uint64_t *set)
{
    drop_outdone(n, set);
    drop_settled(n, set);
}

bool nfa_is_settled(const struct nfa *n, const uint64_t *set)
{
    for (size_t w = 0; w < n->word_count; w++)
        if ((set[w] & ~n->settles[w]) != 0)
            return false;
    return true;
}

void nfa_groups(const struct nfa *n, const uint64_t *set, uint64_t *groups)
{
    for (size_t w = 0; w < n->word_count; w++)
        for (uint64_t left = set[w] & n->ends[w]; left != 0; left &= left - 1)
            set_bit(groups, n->globs[n->glob_of[w * WORD_BITS + lowest_bit(left)]].group);
}

void nfa_run(const struct nfa *n, uint64_t *set, struct spurn_text rest, uint64_t *groups)
{
    for (size_t i = 0; i < rest.len;) {
        size_t len = nfa_char_len(rest, i);
        for (size_t k = 0; k < len; k++)
            nfa_step(n, nfa_kind(n, (unsigned char)rest.at[i + k], k), set, set);
        i += len;
    }
    nfa_groups(n, set, groups);
}

size_t nfa_char_len(struct spurn_text name, size_t i)
{
    unsigned char lead = (unsigned char)name.at[i];
    size_t len = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len == 1 || len > name.len - i)
        return 1;
    return text_utf8_len((struct spurn_text){name.at + i, len}) == len ? len : 1;
}

/* globs.c - many globs against one name in one pass: which groups have a glob that it is like? */
#include "match/globs.h"

#include <stdlib.h>
#include <string.h>

#include "match/glob.h"
#include "match/globs_dfa.h"

enum { WORD_BITS = 64, FIRST_CAP = 16 };
enum { WORDS_A_STEP = 8 }; /* 1,000,000 steps are 5-20 ms */
/* Tables of 25 MiB, 130 for the worst of bytes. Past it a name takes too many steps anyway. */
enum { POSITIONS_MAX = 1 << 22 };

static const uint32_t NO_GLOB = UINT32_MAX;

/* Globs form chains: those of a group, and those that are matched one by one. */
struct globs {
    struct arena texts;
    struct globs_entry {
        struct spurn_text text;
        uint32_t group, next;
    } * entries;
    size_t count, entry_cap;
    struct globs_group {
        uint32_t first, last;
    } * groups;
    size_t group_count, group_cap;
    struct globs_group single; /* the automaton cannot take them: not valid UTF-8 */
    uint64_t *answer;          /* has room for group_cap bits */
    struct nfa_size size;
    bool is_built;
    struct nfa nfa; /* word_count 0: none */
    struct dfa dfa;
};

static size_t group_words(const struct globs *g)
{
    return (g->group_count + WORD_BITS - 1) / WORD_BITS;
}

/* ---- adding ---- */

static bool make_room_for_entry(struct globs *g)
{
    if (g->count < g->entry_cap)
        return true;
    size_t cap = g->entry_cap == 0 ? FIRST_CAP : g->entry_cap * 2;
    struct globs_entry *entries = cap > NO_GLOB ? NULL : realloc(g->entries, cap * sizeof *entries);
    if (entries == NULL)
        return false;
    g->entries = entries;
    g->entry_cap = cap;
    return true;
}

static bool make_room_for_group(struct globs *g, size_t group)
{
    size_t cap = g->group_cap == 0 ? WORD_BITS : g->group_cap;
    while (cap <= group)
        cap *= 2;
    if (cap > g->group_cap) {
        struct globs_group *groups = realloc(g->groups, cap * sizeof *groups);
        if (groups == NULL)
            return false;
        g->groups = groups;
        uint64_t *answer = realloc(g->answer, cap / WORD_BITS * sizeof *answer);
        if (answer == NULL)
            return false;
        g->answer = answer;
        g->group_cap = cap;
    }
    while (g->group_count <= group)
        g->groups[g->group_count++] = (struct globs_group){NO_GLOB, NO_GLOB};
    return true;
}

struct globs *globs_open(void)
{
    struct globs *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    arena_init(&g->texts, SIZE_MAX / 2);
    g->single = (struct globs_group){NO_GLOB, NO_GLOB};
    if (make_room_for_group(g, 0))
        return g;
    globs_close(g);
    return NULL;
}

void globs_close(struct globs *g)
{
    if (g == NULL)
        return;
    dfa_clear(&g->dfa);
    nfa_clear(&g->nfa);
    arena_clear(&g->texts);
    free(g->entries);
    free(g->groups);
    free(g->answer);
    free(g);
}

static void chain(struct globs *g, struct globs_group *to, uint32_t glob)
{
    g->entries[glob].next = NO_GLOB;
    if (to->last == NO_GLOB)
        to->first = glob;
    else
        g->entries[to->last].next = glob;
    to->last = glob;
}

bool globs_add(struct globs *g, int group, struct spurn_text glob)
{
    bool copied = true;
    if (glob.at == NULL)
        return true;
    if (!make_room_for_entry(g) || !make_room_for_group(g, (size_t)group))
        return false;
    struct spurn_text text = arena_copy(&g->texts, glob, &copied);
    if (!copied)
        return false;
    g->entries[g->count] = (struct globs_entry){.text = text, .group = (uint32_t)group};
    bool is_single = text_utf8_len(text) < text.len;
    if (!is_single)
        nfa_measure(&g->size, text);
    chain(g, is_single ? &g->single : &g->groups[group], (uint32_t)g->count);
    g->count++;
    return true;
}

size_t globs_count(const struct globs *g)
{
    return g->count;
}

/* ---- matching ---- */

static bool build_automaton(struct globs *g)
{
    if (g->size.positions == 0)
        return true;
    if (g->size.positions > POSITIONS_MAX || !nfa_init(&g->nfa, &g->size, g->count, g->group_count))
        return false;
    for (size_t group = 0; group < g->group_count; group++)
        for (uint32_t i = g->groups[group].first; i != NO_GLOB; i = g->entries[i].next)
            nfa_put(&g->nfa, group, g->entries[i].text);
    nfa_finish(&g->nfa);
    dfa_init(&g->dfa, &g->nfa, group_words(g));
    return true;
}

/* Without an automaton every glob is a single one. */
static void build(struct globs *g)
{
    g->is_built = true;
    if (build_automaton(g))
        return;
    nfa_clear(&g->nfa);
    g->single = (struct globs_group){NO_GLOB, NO_GLOB};
    for (uint32_t i = 0; i < g->count; i++)
        chain(g, &g->single, i);
}

static int64_t price_of(const struct globs *g, size_t name_len)
{
    size_t a_byte = 1 + g->nfa.word_count / WORDS_A_STEP;
    return (int64_t)((name_len + 1) * a_byte + group_words(g) / WORDS_A_STEP);
}

static const uint64_t *no_groups(struct globs *g)
{
    memset(g->answer, 0, group_words(g) * sizeof *g->answer);
    return g->answer;
}

static const uint64_t *match_together(struct globs *g, struct spurn_text name)
{
    if (g->nfa.word_count == 0)
        return no_groups(g);
    struct dfa_place place = dfa_walk(&g->dfa, name);
    if (place.len == name.len && place.groups != NULL)
        return place.groups;
    struct spurn_text rest = {name.at + place.len, name.len - place.len};
    memcpy(g->nfa.scratch, place.set, g->nfa.word_count * sizeof *place.set);
    no_groups(g);
    nfa_run(&g->nfa, g->nfa.scratch, rest, g->answer);
    return g->answer;
}

/* Adds what the single globs hit; NULL when the steps ran out. */
static const uint64_t *match_singles(struct globs *g, const uint64_t *groups,
                                     struct spurn_text name, int64_t *steps)
{
    memmove(g->answer, groups, group_words(g) * sizeof *groups);
    for (uint32_t i = g->single.first; i != NO_GLOB; i = g->entries[i].next) {
        uint32_t group = g->entries[i].group;
        if (glob_match(g->entries[i].text, name, steps))
            g->answer[group / WORD_BITS] |= UINT64_C(1) << group % WORD_BITS;
        else if (*steps <= 0)
            return NULL;
    }
    return g->answer;
}

const uint64_t *globs_match(struct globs *g, struct spurn_text name, int64_t *steps)
{
    if (name.at == NULL)
        return no_groups(g);
    if (!g->is_built)
        build(g);
    int64_t price = price_of(g, name.len);
    if (*steps < price) {
        *steps = 0;
        return NULL;
    }
    *steps -= price;
    const uint64_t *groups = match_together(g, name);
    return g->single.first == NO_GLOB ? groups : match_singles(g, groups, name, steps);
}

size_t globs_states(const struct globs *g)
{
    return g->dfa.state_count;
}

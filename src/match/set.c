/* set.c - a set of short texts: is this one in it? */
#include "match/set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOT_COUNT = 16, WORD_LEN = 8 };

/* Open addressing over a power of two of slots, at most half of them taken. */
struct set {
    struct set_slot {
        uint32_t hash;   /* compared first: a look-up that fails seldom touches a text */
        uint32_t number; /* of the item, from 1; 0: the slot is free */
    } * slots;
    size_t slot_count;
    struct spurn_text *items; /* in the order first added */
    size_t count, item_cap;
    struct arena texts;
};

struct set *set_open(void)
{
    struct set *s = calloc(1, sizeof *s);
    if (s != NULL)
        arena_init(&s->texts, SIZE_MAX / 2);
    return s;
}

void set_close(struct set *s)
{
    if (s == NULL)
        return;
    arena_clear(&s->texts);
    free(s->items);
    free(s->slots);
    free(s);
}

static uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, WORD_LEN);
    return word;
}

/* A word at a time, the last one overlapping the one before: an id takes two. Each multiplication carries every bit upwards, so
 * the high half is folded into the low bits, which choose the slot. */
static uint32_t hash_of(struct spurn_text item)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15); /* odd, half of its bits set */
    uint64_t hash = item.len * factor;
    const char *at = item.at;
    size_t left = item.len;
    for (; left > WORD_LEN; at += WORD_LEN, left -= WORD_LEN) {
        hash = (hash ^ word_at(at)) * factor;
        hash ^= hash >> 32;
    }
    if (item.len >= WORD_LEN)
        hash ^= word_at(at + left - WORD_LEN);
    else
        for (size_t i = 0; i < left; i++)
            hash ^= (uint64_t)(unsigned char)at[i] << 8 * i;
    hash *= factor;
    hash ^= hash >> 32;
    hash *= factor;
    return (uint32_t)(hash >> 32);
}

static bool is_same(struct spurn_text a, struct spurn_text b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* The slot that holds `item`, else the free one where it belongs. There always is a free one. */
static struct set_slot *find_slot(const struct set *s, struct spurn_text item, uint32_t hash)
{
    size_t mask = s->slot_count - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct set_slot *slot = &s->slots[i];
        if (slot->number == 0 || (slot->hash == hash && is_same(s->items[slot->number - 1], item)))
            return slot;
    }
}

static bool grow_slots(struct set *s)
{
    size_t slot_count = s->slot_count == 0 ? FIRST_SLOT_COUNT : s->slot_count * 2;
    struct set_slot *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < s->slot_count; i++) {
        size_t at = s->slots[i].hash & (slot_count - 1);
        if (s->slots[i].number == 0)
            continue;
        while (slots[at].number != 0)
            at = (at + 1) & (slot_count - 1);
        slots[at] = s->slots[i];
    }
    free(s->slots);
    s->slots = slots;
    s->slot_count = slot_count;
    return true;
}

static bool grow_items(struct set *s)
{
    size_t cap = s->item_cap == 0 ? FIRST_SLOT_COUNT / 2 : s->item_cap * 2;
    struct spurn_text *items = realloc(s->items, cap * sizeof *items);
    if (items == NULL)
        return false;
    s->items = items;
    s->item_cap = cap;
    return true;
}

/* Room for one more item. Twenty billion bytes of texts away, the slots' 32 bits are the end. */
static bool make_room(struct set *s)
{
    if (s->count >= UINT32_MAX / 2)
        return false;
    return (s->count < s->slot_count / 2 || grow_slots(s)) &&
           (s->count < s->item_cap || grow_items(s));
}

bool set_add(struct set *s, struct spurn_text item)
{
    if (item.at == NULL)
        return true;
    if (!make_room(s))
        return false;
    uint32_t hash = hash_of(item);
    struct set_slot *slot = find_slot(s, item, hash);
    if (slot->number != 0)
        return true;
    bool copied = true;
    struct spurn_text text = arena_copy(&s->texts, item, &copied);
    if (!copied)
        return false;
    s->items[s->count++] = text;
    *slot = (struct set_slot){hash, (uint32_t)s->count};
    return true;
}

size_t set_index(const struct set *s, struct spurn_text item)
{
    if (item.at == NULL || s->count == 0)
        return SIZE_MAX;
    const struct set_slot *slot = find_slot(s, item, hash_of(item));
    return slot->number == 0 ? SIZE_MAX : slot->number - 1;
}

bool set_has(const struct set *s, struct spurn_text item)
{
    return set_index(s, item) != SIZE_MAX;
}

size_t set_count(const struct set *s)
{
    return s->count;
}

struct spurn_text set_item(const struct set *s, size_t index)
{
    return index < s->count ? s->items[index] : TEXT_ABSENT;
}

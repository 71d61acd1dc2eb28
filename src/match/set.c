/* set.c - a set of short texts: is this one in it? */
#include "match/set.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_SLOT_COUNT = 16 };

/* Open addressing over a power of two of slots, at most half of them taken. A slot holds an item's index + 1. */
struct set {
    struct arena texts;
    struct set_entry {
        struct spurn_text text;
        uint32_t hash; /* compared first: a look-up that fails seldom touches a text */
    } * entries;       /* in the order first added */
    size_t count, entry_cap;
    uint32_t *slots;
    size_t slot_count;
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
    free(s->entries);
    free(s->slots);
    free(s);
}

/* FNV-1a, both halves folded into one so that the low bits, which choose the slot, depend on every byte. */
static uint32_t hash_of(struct spurn_text item)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < item.len; i++)
        hash = (hash ^ (unsigned char)item.at[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash ^ hash >> 32);
}

/* The slot that holds `item`, else the free one where it belongs. There always is a free one. */
static uint32_t *find_slot(const struct set *s, struct spurn_text item, uint32_t hash)
{
    size_t mask = s->slot_count - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        if (s->slots[i] == 0)
            return &s->slots[i];
        const struct set_entry *entry = &s->entries[s->slots[i] - 1];
        if (entry->hash == hash && text_equal(entry->text, item))
            return &s->slots[i];
    }
}

static bool grow_slots(struct set *s)
{
    size_t slot_count = s->slot_count == 0 ? FIRST_SLOT_COUNT : s->slot_count * 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        size_t at = s->entries[i].hash & (slot_count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (slot_count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(s->slots);
    s->slots = slots;
    s->slot_count = slot_count;
    return true;
}

static bool grow_entries(struct set *s)
{
    size_t cap = s->entry_cap == 0 ? FIRST_SLOT_COUNT / 2 : s->entry_cap * 2;
    struct set_entry *entries = realloc(s->entries, cap * sizeof *entries);
    if (entries == NULL)
        return false;
    s->entries = entries;
    s->entry_cap = cap;
    return true;
}

/* Room for one more item. Twenty billion bytes of texts away, the slots' 32 bits are the end. */
static bool make_room(struct set *s)
{
    if (s->count >= UINT32_MAX / 2)
        return false;
    return (s->count < s->slot_count / 2 || grow_slots(s)) &&
           (s->count < s->entry_cap || grow_entries(s));
}

bool set_add(struct set *s, struct spurn_text item)
{
    if (item.at == NULL)
        return true;
    if (!make_room(s))
        return false;
    uint32_t hash = hash_of(item);
    uint32_t *slot = find_slot(s, item, hash);
    if (*slot != 0)
        return true;
    bool copied = true;
    struct spurn_text text = arena_copy(&s->texts, item, &copied);
    if (!copied)
        return false;
    s->entries[s->count++] = (struct set_entry){.text = text, .hash = hash};
    *slot = (uint32_t)s->count;
    return true;
}

bool set_has(const struct set *s, struct spurn_text item)
{
    return item.at != NULL && s->count > 0 && *find_slot(s, item, hash_of(item)) != 0;
}

size_t set_count(const struct set *s)
{
    return s->count;
}

struct spurn_text set_item(const struct set *s, size_t index)
{
    return index < s->count ? s->entries[index].text : TEXT_ABSENT;
}

/* fold.c - targets that differ in nothing but their region, as one: a hundred accounts have thousands of regions. */
#include "command/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/cells.h"

enum { INDENT = 2, OWNER_PARTS = CMD_FOLD_STATUS, WHERE_LEN = 64 };

/* Stands in an error for the region's name. */
static const char REGION_MARK = '\001';

struct cmd_fold_target {
    size_t fold;
    struct spurn_text region; /* owned */
};

/* ---- which one has these parts ---- */

struct key {
    uint64_t hash;
    size_t len;
    size_t number; /* of the fold, or of the owner */
    char at[];
};

struct slots {
    struct key **keys;
    size_t count, cap; /* cap: a power of 2, at most half of it used */
};

struct cmd_fold_index {
    struct slots folds, owners;
};

static uint64_t hash_of(const char *at, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)at[i]) * 0x100000001b3u;
    return hash;
}

static struct key **slot_of(const struct slots *s, const struct key *key)
{
    size_t i = key->hash & (s->cap - 1);
    while (s->keys[i] != NULL && (s->keys[i]->hash != key->hash || s->keys[i]->len != key->len ||
                                  memcmp(s->keys[i]->at, key->at, key->len) != 0))
        i = (i + 1) & (s->cap - 1);
    return &s->keys[i];
}

static bool grow_slots(struct slots *s)
{
    struct slots more = {.count = s->count, .cap = s->cap == 0 ? 64 : 2 * s->cap};
    more.keys = calloc(more.cap, sizeof(struct key *));
    if (more.keys == NULL)
        return false;
    for (size_t i = 0; i < s->cap; i++)
        if (s->keys[i] != NULL)
            *slot_of(&more, s->keys[i]) = s->keys[i];
    free((void *)s->keys);
    *s = more;
    return true;
}

static void clear_slots(struct slots *s)
{
    for (size_t i = 0; i < s->cap; i++)
        free(s->keys[i]);
    free((void *)s->keys);
}

/* Takes `key`. The one that is kept, which has number `next` when it is new; NULL: no memory. */
static struct key *intern(struct slots *s, struct key *key, size_t next)
{
    if (key == NULL || (s->count >= s->cap / 2 && !grow_slots(s))) {
        free(key);
        return NULL;
    }
    key->hash = hash_of(key->at, key->len);
    struct key **slot = slot_of(s, key);
    if (*slot != NULL) {
        free(key);
        return *slot;
    }
    key->number = next;
    s->count++;
    *slot = key;
    return key;
}

/* ---- parts as one key, and back ---- */

static size_t put(char *at, size_t len, const void *bytes, size_t bytes_len)
{
    if (bytes_len > 0)
        memcpy(at + len, bytes, bytes_len);
    return len + bytes_len;
}

/* `text` with a mark for each `region`, which is never longer. Returns its length. */
static size_t put_masked(char *at, struct spurn_text text, struct spurn_text region)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (region.len > 0 && text.len - i >= region.len &&
            memcmp(text.at + i, region.at, region.len) == 0) {
            at[len++] = REGION_MARK;
            i += region.len - 1;
        } else {
            at[len++] = text.at[i];
        }
    }
    return len;
}

/* Each part is its length, SIZE_MAX where it is absent, and its bytes. NULL: no memory. */
static struct key *make_key(const struct spurn_text *parts, size_t count, struct spurn_text region)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += sizeof(size_t) + parts[i].len;
    struct key *key = calloc(1, sizeof *key + most);
    if (key == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t head = key->len, len = SIZE_MAX;
        key->len += sizeof len;
        if (parts[i].at != NULL) {
            struct spurn_text mask = i == CMD_FOLD_ERROR ? region : (struct spurn_text){NULL, 0};
            len = put_masked(key->at + key->len, parts[i], mask);
            key->len += len;
        }
        put(key->at, head, &len, sizeof len);
    }
    return key;
}

static void read_key(const struct key *key, size_t count, struct spurn_text *parts)
{
    const char *at = key->at;
    for (size_t i = 0; i < count; i++) {
        size_t len;
        memcpy(&len, at, sizeof len);
        at += sizeof len;
        parts[i] = (struct spurn_text){len == SIZE_MAX ? NULL : at, len == SIZE_MAX ? 0 : len};
        at += parts[i].len;
    }
}

/* ---- adding ---- */

/* `array` with room behind `len`; NULL: no memory, and it is as it was. */
static void *grown(void *array, size_t *cap, size_t len, size_t size)
{
    if (len < *cap)
        return array;
    size_t more_cap = *cap == 0 ? 64 : 2 * *cap;
    void *more = realloc(array, more_cap * size);
    if (more != NULL)
        *cap = more_cap;
    return more;
}

static bool make_room(struct cmd_folds *f)
{
    size_t *owners = grown(f->owners, &f->owners_cap, f->owners_len, sizeof *owners);
    f->owners = owners != NULL ? owners : f->owners;
    struct cmd_fold *folds = grown(f->folds, &f->folds_cap, f->folds_len, sizeof *folds);
    f->folds = folds != NULL ? folds : f->folds;
    struct cmd_fold_target *targets = grown(f->targets, &f->targets_cap, f->count, sizeof *targets);
    f->targets = targets != NULL ? targets : f->targets;
    if (f->index == NULL)
        f->index = calloc(1, sizeof *f->index);
    return owners != NULL && folds != NULL && targets != NULL && f->index != NULL;
}

static bool copy_region(struct spurn_text region, struct spurn_text *out)
{
    char *at = malloc(region.len + 1);
    *out = (struct spurn_text){at, region.len};
    if (at != NULL)
        put(at, 0, region.at, region.len);
    return at != NULL;
}

bool cmd_fold_is(const struct cmd_fold *fold, const char *status)
{
    return cmd_text_is(fold->parts[CMD_FOLD_STATUS], status);
}

static bool is_well(const struct cmd_fold *fold)
{
    return !cmd_fold_is(fold, "failed") && !cmd_fold_is(fold, "skipped");
}

static void begin_fold(struct cmd_folds *f, const struct key *key, size_t owner)
{
    struct cmd_fold *fold = &f->folds[f->folds_len++];
    *fold = (struct cmd_fold){.owner = owner};
    read_key(key, f->parts, fold->parts);
    f->listed_len += is_well(fold);
}

static bool add(struct cmd_folds *f, const struct spurn_text *parts, struct spurn_text region)
{
    static const struct spurn_text nowhere = {NULL, 0};
    struct spurn_text kept;
    if (!make_room(f))
        return false;
    const struct key *owner =
        intern(&f->index->owners, make_key(parts, OWNER_PARTS, nowhere), f->owners_len);
    const struct key *key =
        intern(&f->index->folds, make_key(parts, f->parts, region), f->folds_len);
    if (owner == NULL || key == NULL || !copy_region(region, &kept))
        return false;
    if (owner->number == f->owners_len)
        f->owners[f->owners_len++] = 0;
    if (key->number == f->folds_len)
        begin_fold(f, key, owner->number);
    struct cmd_fold *fold = &f->folds[key->number];
    if (fold->count < CMD_FOLD_NAMED)
        fold->regions[fold->count] = kept;
    fold->count++;
    f->owners[owner->number]++;
    f->skipped += cmd_fold_is(fold, "skipped");
    f->targets[f->count++] = (struct cmd_fold_target){key->number, kept};
    return true;
}

void cmd_folds_add(struct cmd_folds *f, const struct spurn_text *parts, struct spurn_text region)
{
    f->failed = f->failed || !add(f, parts, region);
}

void cmd_folds_clear(struct cmd_folds *f)
{
    for (size_t i = 0; i < f->count; i++)
        free((char *)f->targets[i].region.at);
    if (f->index != NULL) {
        clear_slots(&f->index->folds);
        clear_slots(&f->index->owners);
    }
    free(f->index);
    free(f->targets);
    free(f->owners);
    free(f->folds);
}

/* ---- rows ---- */

static bool has_row_each(const struct cmd_folds *f, bool all)
{
    return all || f->count - f->skipped <= CMD_FOLD_FEW;
}

/* When they are many: only if all that are well are few has each a row. */
static bool has_row(const struct cmd_folds *f, const struct cmd_fold *fold, bool all)
{
    if (all || cmd_fold_is(fold, "failed"))
        return true;
    return is_well(fold) && (has_row_each(f, all) || f->listed_len <= f->well_most);
}

static bool is_everywhere(const struct cmd_folds *f, const struct cmd_fold *fold)
{
    return fold->count == f->owners[fold->owner] && fold->count > CMD_FOLD_NAMED;
}

static void write_where(const struct cmd_folds *f, const struct cmd_fold *fold,
                        char where[WHERE_LEN])
{
    snprintf(where, WHERE_LEN, "%s%zu regions", is_everywhere(f, fold) ? "all " : "", fold->count);
}

void cmd_folds_rows(const struct cmd_folds *f, bool all,
                    void (*row)(void *context, const struct cmd_fold_row *row), void *context)
{
    char where[WHERE_LEN];
    bool each = has_row_each(f, all);
    for (size_t i = 0; each && i < f->count; i++) {
        const struct cmd_fold *fold = &f->folds[f->targets[i].fold];
        if (has_row(f, fold, all))
            row(context, &(struct cmd_fold_row){fold, f->targets[i].region, 1});
    }
    for (size_t i = 0; !each && i < f->folds_len; i++) {
        const struct cmd_fold *fold = &f->folds[i];
        write_where(f, fold, where);
        struct spurn_text region = fold->count == 1 ? fold->regions[0] : cmd_text(where);
        if (has_row(f, fold, all))
            row(context, &(struct cmd_fold_row){fold, region, fold->count});
    }
}

void cmd_folds_print_left(const struct cmd_folds *f, bool all, const char *well,
                          struct cmd_out *out)
{
    size_t left = 0;
    bool has_rows = false;
    for (size_t i = 0; i < f->folds_len; i++) {
        bool shown = has_row(f, &f->folds[i], all);
        has_rows |= shown;
        if (is_well(&f->folds[i]) && !shown)
            left += f->folds[i].count;
    }
    if (left == 0)
        return;
    cmd_out_printf(out, "%*s", INDENT, "");
    if (has_rows)
        cmd_out_printf(out, "and %zu more that %s; --all shows them\n", left, well);
    else
        cmd_out_printf(out, "all %zu %s; --all shows them\n", left, well);
}

/* ---- sentences ---- */

static void add_regions(const struct cmd_fold *fold, struct cmd_cell *cell)
{
    for (size_t i = 0; i < fold->count && i < CMD_FOLD_NAMED; i++) {
        cmd_cell_add_str(cell, i == 0 ? " (" : ", ");
        cmd_cell_add(cell, fold->regions[i]);
    }
    if (fold->count > CMD_FOLD_NAMED) {
        cmd_cell_add_str(cell, " and ");
        cmd_cells_number(cell, (int64_t)(fold->count - CMD_FOLD_NAMED));
        cmd_cell_add_str(cell, " more");
    }
    cmd_cell_add_str(cell, ")");
}

static void add_name(const struct cmd_folds *f, const struct cmd_fold *fold, struct cmd_cell *cell)
{
    char where[WHERE_LEN];
    const struct spurn_text *parts = fold->parts;
    cmd_cells_owner(cell, parts[CMD_FOLD_CLOUD], parts[CMD_FOLD_ACCOUNT], parts[CMD_FOLD_LABEL]);
    cmd_cell_add_str(cell, fold->count == 1 ? " " : ", ");
    if (fold->count == 1) {
        cmd_cell_add(cell, fold->regions[0]);
    } else {
        write_where(f, fold, where);
        cmd_cell_add_str(cell, where);
    }
    if (fold->count > 1 && !is_everywhere(f, fold))
        add_regions(fold, cell);
    cmd_cell_add_str(cell, ": ");
}

static void add_error(const struct cmd_fold *fold, struct cmd_cell *cell)
{
    struct spurn_text rest = fold->parts[CMD_FOLD_ERROR];
    struct spurn_text name = fold->count == 1 ? fold->regions[0] : cmd_text("<region>");
    while (rest.len > 0) {
        const char *mark = memchr(rest.at, REGION_MARK, rest.len);
        size_t len = mark != NULL ? (size_t)(mark - rest.at) : rest.len;
        cmd_cell_add_message(cell, (struct spurn_text){rest.at, len});
        if (mark != NULL)
            cmd_cell_add(cell, name);
        len += mark != NULL;
        rest = (struct spurn_text){rest.at + len, rest.len - len};
    }
}

/* An error is a sentence, and has no room in a table. */
void cmd_folds_print_errors(const struct cmd_folds *f, struct cmd_out *out)
{
    const char *before = "\n";
    for (size_t i = 0; i < f->folds_len; i++) {
        const struct cmd_fold *fold = &f->folds[i];
        struct cmd_cell line;
        if (fold->parts[CMD_FOLD_ERROR].at == NULL || cmd_fold_is(fold, "skipped"))
            continue;
        cmd_cell_init(&line, is_well(fold) ? CMD_DOUBT : CMD_BAD);
        add_name(f, fold, &line);
        add_error(fold, &line);
        cmd_out_printf(out, "%s", before);
        cmd_out_lines(out, INDENT, &line);
        before = "";
    }
}

void cmd_folds_add_skipped(const struct cmd_folds *f, struct cmd_cell *cell)
{
    size_t accounts = 0;
    for (size_t i = 0; i < f->folds_len; i++)
        accounts += cmd_fold_is(&f->folds[i], "skipped");
    if (f->skipped == 0)
        return;
    cmd_cells_number(cell, (int64_t)f->skipped);
    if (accounts > 1) {
        cmd_cell_add_str(cell, " targets of ");
        cmd_cells_number(cell, (int64_t)accounts);
        cmd_cell_add_str(cell, " accounts");
    } else {
        cmd_cell_add_str(cell, f->skipped == 1 ? " region" : " regions");
    }
    cmd_cell_add_str(cell, " skipped: not opted in");
}

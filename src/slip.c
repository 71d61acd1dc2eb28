/* slip.c - how far one word is from another: the slips of a keyboard between them. */
#include "slip.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_same(struct spurn_text a, size_t i, struct spurn_text b, size_t j)
{
    return lower(a.at[i]) == lower(b.at[j]);
}

/* The distance of strings that is called optimal string alignment, row by row. */
size_t slip_distance(struct spurn_text a, struct spurn_text b)
{
    size_t rows[3][SLIP_LEN_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    if (a.len > SLIP_LEN_MAX || b.len > SLIP_LEN_MAX)
        return SLIP_LEN_MAX;
    for (size_t j = 0; j <= b.len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t changed = last[j - 1] + !is_same(a, i - 1, b, j - 1);
            row[j] = least(changed, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && is_same(a, i - 1, b, j - 2) && is_same(a, i - 2, b, j - 1))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b.len];
}

/* So many letters may be wrong in a word. */
static size_t slips_allowed(size_t len)
{
    return len < 3 ? 0 : len < 6 ? 1 : len < 9 ? 2 : 3;
}

void slip_consider(struct slip *slip, struct spurn_text candidate)
{
    size_t distance = slip_distance(slip->written, candidate);
    bool is_nearer = slip->meant.at == NULL || distance < slip->distance;
    if (distance <= slips_allowed(slip->written.len) && is_nearer) {
        slip->meant = candidate;
        slip->distance = distance;
    }
}

void slip_put(const struct slip *slip, struct buf *out)
{
    if (slip->meant.at != NULL)
        buf_addf(out, "; did you mean \"%.*s\"?", TEXT_ARG(slip->meant));
}

/* regions.c - a region's name that no cloud has, and the one that was probably meant. */
#include "place/place.h"

#include <string.h>

enum { REGION_LEN_MAX = 40 }; /* longer is no slip of the keyboard */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many single letters must be added, dropped or changed to make `b` of `a` (Levenshtein), row by row. */
static size_t distance(struct spurn_text a, const char *b)
{
    size_t row[REGION_LEN_MAX + 1];
    size_t b_len = least(strlen(b), REGION_LEN_MAX);
    for (size_t k = 0; k <= b_len; k++)
        row[k] = k;
    for (size_t i = 0; i < a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < b_len; k++) {
            size_t above = row[k + 1];
            size_t changed = diagonal + (a.at[i] != b[k]);
            row[k + 1] = least(changed, 1 + least(above, row[k]));
            diagonal = above;
        }
    }
    return row[b_len];
}

const char *place_nearest(const struct place_list *known, struct spurn_text region, size_t *letters)
{
    const char *nearest = NULL;
    *letters = REGION_LEN_MAX + 1;
    for (size_t i = 0; region.len <= REGION_LEN_MAX && i < known->count; i++) {
        size_t d = distance(region, known->names[i]);
        if (d < *letters) {
            *letters = d;
            nearest = known->names[i];
        }
    }
    return nearest;
}

/* A region's letters are ASCII; whatever else stands there is shown as '?'. */
static void show(char out[REGION_LEN_MAX + 1], struct spurn_text region)
{
    size_t len = least(region.len, REGION_LEN_MAX);
    for (size_t i = 0; i < len; i++)
        out[i] = region.at[i] >= ' ' && region.at[i] <= '~' ? region.at[i] : '?';
    out[len] = '\0';
}

enum spurn_status place_fail(const struct place_list *known, struct spurn_text region,
                             struct spurn_error *err)
{
    size_t letters;
    const char *nearest = place_nearest(known, region, &letters);
    /* Beyond three letters it is another name, and a known one is only an example. */
    bool is_near = letters <= 3;
    char shown[REGION_LEN_MAX + 1];
    show(shown, region);
    return spurn_fail(err, SPURN_E_CONFIG,
                      "cannot use region \"%s\": %s has none of that name; "
                      "%s \"%s\"%s",
                      shown, known->cloud, is_near ? "did you mean" : "one is named",
                      is_near ? nearest : known->names[0], is_near ? "?" : "");
}

/* regions.c - a region's name that no cloud has, and the one that was probably meant. */
#include "cloud/regions.h"

#include <string.h>

#include "cloud/errors.h"

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

const char *regions_nearest(const struct region_list *known, struct spurn_text region,
                            size_t *letters)
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

enum spurn_status regions_fail(const struct region_list *known, struct spurn_text region,
                               struct spurn_error *err)
{
    size_t letters;
    const char *nearest = regions_nearest(known, region, &letters);
    /* Beyond three letters it is another name, and a known one is only an example. */
    bool is_near = letters <= 3;
    char shown[REGION_LEN_MAX + 1];
    errors_put(shown, sizeof shown, region);
    return spurn_fail(err, SPURN_E_CONFIG,
                      "cannot use region \"%s\": %s has none of that name; "
                      "%s \"%s\"%s",
                      shown, known->cloud, is_near ? "did you mean" : "one is named",
                      is_near ? nearest : known->names[0], is_near ? "?" : "");
}

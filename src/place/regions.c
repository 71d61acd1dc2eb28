/* regions.c - a region's name that no cloud has, and the one that was probably meant. */
#include "place/place.h"

#include "slip.h"

enum { REGION_LEN_MAX = 40 }; /* longer is no slip of the keyboard */

const char *place_nearest(const struct place_list *known, struct spurn_text region, size_t *letters)
{
    const char *nearest = NULL;
    *letters = SLIP_LEN_MAX;
    for (size_t i = 0; region.len <= REGION_LEN_MAX && i < known->count; i++) {
        size_t d = slip_distance(region, text_of(known->names[i]));
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
    size_t len = region.len < REGION_LEN_MAX ? region.len : REGION_LEN_MAX;
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

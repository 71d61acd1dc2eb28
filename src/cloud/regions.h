/* regions.h - a region's name that no cloud has, and the one that was probably meant. */
#ifndef SPURN_CLOUD_REGIONS_H
#define SPURN_CLOUD_REGIONS_H

#include "buf.h"
#include "error.h"

struct region_list {
    const char *cloud; /* "AWS" */
    const char *const *names;
    size_t count;
};

/* The known region that fewest letters make of `region`, how many of them in *letters; NULL: it is too long to be any. */
const char *regions_nearest(const struct region_list *known, struct spurn_text region,
                            size_t *letters);

/* SPURN_E_CONFIG: says that there is no such region and names the known one nearest to it. */
enum spurn_status regions_fail(const struct region_list *known, struct spurn_text region,
                               struct spurn_error *err);

#endif

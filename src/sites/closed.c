/* closed.c - a region that its account has not opted in to, as far as one answer tells. */
#include <string.h>

#include "sites/sites.h"

const char *site_closed_words(const struct site *site)
{
    return site->config->is_any_region ? "the account has not opted in to this region"
                                       : "the account has not opted in to this region; enable it, "
                                         "or leave the region out";
}

/* Such a region knows none of the account's keys, however good they are. Source: "Enable or disable AWS Regions in your
 * account", AWS Account Management Reference Guide. */
bool site_seems_closed(const struct site *site, const struct cloud_error *error)
{
    bool unknown_keys = strcmp(error->label, "UnrecognizedClientException") == 0 ||
                        strcmp(error->label, "InvalidClientTokenId") == 0;
    return unknown_keys && site->config->cloud == &cloud_aws &&
           place_aws_is_opt_in(site->place.region);
}

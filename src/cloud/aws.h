/* aws.h - where AWS is: partitions, regions, and the ARNs that name them. */
#ifndef SPURN_CLOUD_AWS_H
#define SPURN_CLOUD_AWS_H

#include "cloud/cloud.h"
#include "error.h"

extern const struct region_list aws_regions;

/* These are the functions of the same names in struct cloud. */
bool aws_is_region(struct spurn_text region);
bool aws_is_invitation_id(struct spurn_text id);
enum spurn_status aws_endpoint(struct spurn_text region, struct buf *url, struct spurn_error *err);
const char *aws_foreign(const struct invitation *inv, const struct cloud_site *site, char why[256]);

#endif

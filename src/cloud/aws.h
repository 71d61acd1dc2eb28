/* aws.h - what the ARN of an invitation to AWS says. */
#ifndef SPURN_CLOUD_AWS_H
#define SPURN_CLOUD_AWS_H

#include "cloud/cloud.h"

/* These are the functions of the same names in struct cloud. */
bool aws_is_invitation_id(struct spurn_text id);
const char *aws_foreign(const struct invitation *inv, const struct cloud_site *site, char why[256]);

#endif

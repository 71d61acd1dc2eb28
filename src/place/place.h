/* place.h - where the clouds are: partitions, regions, and the hosts of their services. */
#ifndef SPURN_PLACE_PLACE_H
#define SPURN_PLACE_PLACE_H

#include "buf.h"
#include "error.h"

struct place_list {
    const char *cloud; /* "AWS" */
    const char *const *names;
    size_t count;
};

/* Which of a service's hosts; added up. */
enum place_variant {
    PLACE_FIPS = 1,       /* AWS: validated cryptography */
    PLACE_DUAL_STACK = 2, /* AWS: IPv6 as well */
    PLACE_VPC = 4         /* Alibaba Cloud: from inside a VPC */
};

/* ---- AWS ---- */

bool place_aws_is_region(struct spurn_text region);
/* "aws", "aws-cn", "aws-us-gov", ...; NULL when no partition has such a region. */
const char *place_aws_partition(struct spurn_text region);
/* The known regions of a partition ("all" means these); NULL when there is no such partition. */
const struct place_list *place_aws_regions(struct spurn_text partition);
/* Every known region of AWS. */
extern const struct place_list place_aws_all;
/* The partitions' names; NULL past the end. */
const char *place_aws_partition_at(size_t index);
/* Where global things of a partition are asked about and signed for: "us-east-1", "cn-northwest-1", "us-gov-west-1", ...; NULL when there is
 * no such partition. */
const char *place_aws_home(struct spurn_text partition);
/* An account has to ask for it before its keys are taken there. */
bool place_aws_is_opt_in(struct spurn_text region);
/* "https://ram.us-east-1.amazonaws.com", no trailing slash. `service` is what the host is named after: "ram", "sts",
 * "organizations" (global: the region's partition decides), "portal.sso". `variants`: PLACE_FIPS, PLACE_DUAL_STACK; every partition has
 * both. SPURN_E_CONFIG for a region that no partition has. */
enum spurn_status place_aws_endpoint(const char *service, struct spurn_text region,
                                     unsigned variants, struct buf *url, struct spurn_error *err);

/* ---- Alibaba Cloud ---- */

bool place_alibaba_is_region(struct spurn_text region);
extern const struct place_list place_alibaba_all;
/* `service`: "resourcesharing", "sts", "resourcemanager" (global); an absent region is the global host where there is one.
 * `variants`: PLACE_VPC. SPURN_E_CONFIG for what cannot be a region, or a host that is not known. */
enum spurn_status place_alibaba_endpoint(const char *service, struct spurn_text region,
                                         unsigned variants, struct buf *url,
                                         struct spurn_error *err);

/* ---- names and addresses ---- */

/* The known region that fewest letters make of `region`, how many of them in *letters; NULL: it is too long to be any. */
const char *place_nearest(const struct place_list *known, struct spurn_text region,
                          size_t *letters);
/* SPURN_E_CONFIG: says that there is no such region and names the known one nearest to it. */
enum spurn_status place_fail(const struct place_list *known, struct spurn_text region,
                             struct spurn_error *err);

/* Host and port of a base URL, without the scheme's own port, as a Host header has them; absent when `url` is no base URL:
 * http or https, no path, query, fragment or user. */
struct spurn_text place_host_of(const char *url);
/* Plain http, and not to this machine: what is sent can be read on the way. */
bool place_is_clear_text(const char *url);

#endif

/* aws_places.c - what the ARN of an invitation to AWS says: whether it is one, and of which place. */
#include <stdio.h>
#include <string.h>

#include "cloud/aws.h"
#include "cloud/errors.h"
#include "redact.h"

enum { ARN_LEN_MAX = 256, UUID_LEN_MAX = 64, ACCOUNT_DIGITS = 12, WHY_LEN = 256 };

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:resource-share-invitation/UUID */
struct arn {
    struct spurn_text partition, service, region, account, resource;
};

/* Cuts what stands before the next ':' off the head of `rest`; absent when there is no ':'. */
static struct spurn_text cut_part(struct spurn_text *rest)
{
    const char *colon = rest->len == 0 ? NULL : memchr(rest->at, ':', rest->len);
    if (colon == NULL) {
        *rest = TEXT_ABSENT;
        return TEXT_ABSENT;
    }
    struct spurn_text part = {rest->at, (size_t)(colon - rest->at)};
    *rest = (struct spurn_text){colon + 1, rest->len - part.len - 1};
    return part;
}

static bool split_arn(struct spurn_text id, struct arn *arn)
{
    struct spurn_text rest = id;
    struct spurn_text scheme = cut_part(&rest);
    arn->partition = cut_part(&rest);
    arn->service = cut_part(&rest);
    arn->region = cut_part(&rest);
    arn->account = cut_part(&rest);
    arn->resource = rest;
    return text_is(scheme, "arn") && arn->account.at != NULL;
}

/* Letters, digits and '-': what partitions and regions are made of. */
static bool is_place_name(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_lower(text.at[i]) && !is_digit(text.at[i]) && text.at[i] != '-')
            return false;
    return text.len > 0;
}

static bool is_uuid_like(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.at[i]) && (text.at[i] < 'a' || text.at[i] > 'f') && text.at[i] != '-')
            return false;
    return text.len > 0 && text.len <= UUID_LEN_MAX;
}

bool aws_is_invitation_id(struct spurn_text id)
{
    static const char kind[] = "resource-share-invitation/";
    struct arn arn;
    if (id.len > ARN_LEN_MAX || !split_arn(id, &arn) || !text_starts(arn.resource, kind))
        return false;
    size_t kind_len = sizeof kind - 1;
    struct spurn_text uuid = {arn.resource.at + kind_len, arn.resource.len - kind_len};
    return is_place_name(arn.partition) && text_is(arn.service, "ram") &&
           is_place_name(arn.region) && arn.account.len == ACCOUNT_DIGITS &&
           text_all_digits(arn.account) && is_uuid_like(uuid);
}

static const char *say(char why[WHY_LEN], const char *what, struct spurn_text name)
{
    char shown[64];
    redact_put(shown, sizeof shown, name);
    snprintf(why, WHY_LEN, "%s %s", what, shown);
    return why;
}

/* The account in the ARN is the sender's in AWS's examples, so it says nothing about whose invitation this is. */
const char *aws_foreign(const struct invitation *inv, const struct cloud_site *site, char why[256])
{
    struct arn arn;
    if (!split_arn(inv->id, &arn))
        return say(why, "its id is no ARN:", inv->id);
    if (!text_is(arn.service, "ram"))
        return say(why, "its ARN is of service", arn.service);
    if (!text_equal(arn.region, site->region))
        return say(why, "its ARN is of region", arn.region);
    const char *partition = place_aws_partition(site->region);
    if (partition != NULL && !text_is(arn.partition, partition))
        return say(why, "its ARN is of partition", arn.partition);
    bool both_known = site->account.len > 0 && inv->receiver.len > 0;
    if (both_known && !text_equal(inv->receiver, site->account))
        return say(why, "its receiver is account", inv->receiver);
    return NULL;
}

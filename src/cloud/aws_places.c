/* aws_places.c - where AWS is: partitions, regions, and the ARNs that name them. */
#include <stdio.h>
#include <string.h>

#include "cloud/aws.h"
#include "cloud/errors.h"
#include "cloud/regions.h"

enum { ARN_LEN_MAX = 256, UUID_LEN_MAX = 64, ACCOUNT_DIGITS = 12, WHY_LEN = 256 };

/* ---- partitions and regions ---- */

struct partition {
    const char *prefix; /* of its regions; what follows is one word, '-' and a number */
    const char *name;
    const char *suffix; /* of its hosts */
};

/* Source: partitions.json of botocore, regionRegex and dnsSuffix. No region fits two rows: a word has no '-'. */
static const struct partition partitions[] = {
    {"us-", "aws", "amazonaws.com"},
    {"eu-", "aws", "amazonaws.com"},
    {"ap-", "aws", "amazonaws.com"},
    {"sa-", "aws", "amazonaws.com"},
    {"ca-", "aws", "amazonaws.com"},
    {"me-", "aws", "amazonaws.com"},
    {"af-", "aws", "amazonaws.com"},
    {"il-", "aws", "amazonaws.com"},
    {"mx-", "aws", "amazonaws.com"},
    {"cn-", "aws-cn", "amazonaws.com.cn"},
    {"us-gov-", "aws-us-gov", "amazonaws.com"},
    {"eusc-de-", "aws-eusc", "amazonaws.eu"},
    {"us-iso-", "aws-iso", "c2s.ic.gov"},
    {"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
};

/* For "did you mean" only; a region that opens one day needs no entry. Source: partitions.json of botocore. */
static const char *const known_regions[] = {
    "us-east-1",       "us-east-2",      "us-west-1",      "us-west-2",      "af-south-1",
    "ap-east-1",       "ap-east-2",      "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1",      "ap-south-2",     "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
    "ap-southeast-4",  "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",
    "ca-west-1",       "eu-central-1",   "eu-central-2",   "eu-north-1",     "eu-south-1",
    "eu-south-2",      "eu-west-1",      "eu-west-2",      "eu-west-3",      "il-central-1",
    "me-central-1",    "me-south-1",     "mx-central-1",   "sa-east-1",      "cn-north-1",
    "cn-northwest-1",  "us-gov-east-1",  "us-gov-west-1",  "eusc-de-east-1", "us-iso-east-1",
    "us-iso-west-1",   "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1",
    "us-isof-south-1",
};

const struct region_list aws_regions = {"AWS", known_regions,
                                        sizeof known_regions / sizeof known_regions[0]};

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "northeast-1": a word of at most 16 letters, '-', one or two digits. */
static bool is_word_and_number(struct spurn_text text)
{
    size_t word_len = 0;
    while (word_len < text.len && is_lower(text.at[word_len]))
        word_len++;
    if (word_len == 0 || word_len > 16 || word_len == text.len || text.at[word_len] != '-')
        return false;
    struct spurn_text number = {text.at + word_len + 1, text.len - word_len - 1};
    return number.len <= 2 && text_all_digits(number);
}

static const struct partition *partition_of(struct spurn_text region)
{
    for (size_t i = 0; i < sizeof partitions / sizeof partitions[0]; i++) {
        if (!text_starts(region, partitions[i].prefix))
            continue;
        size_t prefix_len = strlen(partitions[i].prefix);
        if (is_word_and_number(
                (struct spurn_text){region.at + prefix_len, region.len - prefix_len}))
            return &partitions[i];
    }
    return NULL;
}

bool aws_is_region(struct spurn_text region)
{
    return partition_of(region) != NULL;
}

enum spurn_status aws_endpoint(struct spurn_text region, struct buf *url, struct spurn_error *err)
{
    const struct partition *partition = partition_of(region);
    if (partition == NULL)
        return regions_fail(&aws_regions, region, err);
    buf_addf(url, "https://ram.%.*s.%s", TEXT_ARG(region), partition->suffix);
    return url->failed ? spurn_fail_memory(err) : SPURN_OK;
}

/* ---- ARNs of invitations ---- */

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
    errors_put(shown, sizeof shown, name);
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
    const struct partition *partition = partition_of(site->region);
    if (partition != NULL && !text_is(arn.partition, partition->name))
        return say(why, "its ARN is of partition", arn.partition);
    bool both_known = site->account.len > 0 && inv->receiver.len > 0;
    if (both_known && !text_equal(inv->receiver, site->account))
        return say(why, "its receiver is account", inv->receiver);
    return NULL;
}

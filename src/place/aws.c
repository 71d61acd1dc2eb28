/* aws.c - AWS's partitions and regions, and the hosts of its services. */
#include <string.h>

#include "place/place.h"

/* Source: partitions.json and endpoint-rule-set-1.json of ram, sts, sso and organizations, botocore 1.43. */

enum partition_index { AWS, CHINA, GOVERNMENT, EUSC, ISO, ISO_B, ISO_E, ISO_F };

/* The known regions, by partition. One that opens one day needs no entry to be used; it is only not part of "all". */
static const char *const known[] = {
    /* aws, opened before March 20, 2019: on in every account */
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
    /* aws, opened since: off until an account asks for them */
    "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4",
    "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1",
    "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1",
    /* the others */
    "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "eusc-de-east-1",
    "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1",
    "us-isof-east-1", "us-isof-south-1"};

/* Source: AWS Account Management, "Enable or disable AWS Regions in your account": the list of those that need no asking is closed. */
enum { DEFAULT_COUNT = 17 };

const struct place_list place_aws_all = {"AWS", known, sizeof known / sizeof known[0]};

static const struct partition {
    const char *name;
    const char *home;                       /* region of what is global */
    const char *suffix, *dual_stack_suffix; /* of its hosts */
    struct place_list regions;
} partitions[] = {
    [AWS] = {"aws", "us-east-1", "amazonaws.com", "api.aws", {"AWS", known, 34}},
    [CHINA] = {"aws-cn",
               "cn-northwest-1",
               "amazonaws.com.cn",
               "api.amazonwebservices.com.cn",
               {"AWS", known + 34, 2}},
    [GOVERNMENT] =
        {"aws-us-gov", "us-gov-west-1", "amazonaws.com", "api.aws", {"AWS", known + 36, 2}},
    [EUSC] = {"aws-eusc",
              "eusc-de-east-1",
              "amazonaws.eu",
              "api.amazonwebservices.eu",
              {"AWS", known + 38, 1}},
    [ISO] = {"aws-iso", "us-iso-east-1", "c2s.ic.gov", "api.aws.ic.gov", {"AWS", known + 39, 2}},
    [ISO_B] =
        {"aws-iso-b", "us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud", {"AWS", known + 41, 2}},
    [ISO_E] = {"aws-iso-e",
               "eu-isoe-west-1",
               "cloud.adc-e.uk",
               "api.cloud-aws.adc-e.uk",
               {"AWS", known + 43, 1}},
    [ISO_F] = {"aws-iso-f",
               "us-isof-south-1",
               "csp.hci.ic.gov",
               "api.aws.hci.ic.gov",
               {"AWS", known + 44, 2}},
};

enum { PARTITION_COUNT = sizeof partitions / sizeof partitions[0] };

/* What regions begin with; one word, '-' and a number follow. No region fits two rows: a word has no '-'. */
static const struct {
    const char *prefix;
    enum partition_index partition;
} areas[] = {
    {"us-", AWS},
    {"eu-", AWS},
    {"ap-", AWS},
    {"sa-", AWS},
    {"ca-", AWS},
    {"me-", AWS},
    {"af-", AWS},
    {"il-", AWS},
    {"mx-", AWS},
    {"cn-", CHINA},
    {"us-gov-", GOVERNMENT},
    {"eusc-de-", EUSC},
    {"us-iso-", ISO},
    {"us-isob-", ISO_B},
    {"eu-isoe-", ISO_E},
    {"us-isof-", ISO_F},
};

/* ---- which partition ---- */

/* "northeast-1": a word of at most 16 letters, '-', one or two digits. */
static bool is_word_and_number(struct spurn_text text)
{
    size_t word_len = 0;
    while (word_len < text.len && text.at[word_len] >= 'a' && text.at[word_len] <= 'z')
        word_len++;
    if (word_len == 0 || word_len > 16 || word_len == text.len || text.at[word_len] != '-')
        return false;
    struct spurn_text number = {text.at + word_len + 1, text.len - word_len - 1};
    return number.len <= 2 && text_all_digits(number);
}

static const struct partition *partition_of(struct spurn_text region)
{
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        size_t len = strlen(areas[i].prefix);
        if (text_starts(region, areas[i].prefix) &&
            is_word_and_number((struct spurn_text){region.at + len, region.len - len}))
            return &partitions[areas[i].partition];
    }
    return NULL;
}

static const struct partition *partition_named(struct spurn_text name)
{
    for (size_t i = 0; i < PARTITION_COUNT; i++)
        if (text_is(name, partitions[i].name))
            return &partitions[i];
    return NULL;
}

bool place_aws_is_region(struct spurn_text region)
{
    return partition_of(region) != NULL;
}

const char *place_aws_partition(struct spurn_text region)
{
    const struct partition *partition = partition_of(region);
    return partition != NULL ? partition->name : NULL;
}

const char *place_aws_partition_at(size_t index)
{
    return index < PARTITION_COUNT ? partitions[index].name : NULL;
}

const struct place_list *place_aws_regions(struct spurn_text partition)
{
    const struct partition *found = partition_named(partition);
    return found != NULL ? &found->regions : NULL;
}

const char *place_aws_home(struct spurn_text partition)
{
    const struct partition *found = partition_named(partition);
    return found != NULL ? found->home : NULL;
}

bool place_aws_is_opt_in(struct spurn_text region)
{
    for (size_t i = 0; i < DEFAULT_COUNT; i++)
        if (text_is(region, known[i]))
            return false;
    return partition_of(region) == &partitions[AWS];
}

/* ---- hosts ---- */

enum spurn_status place_aws_endpoint(const char *service, struct spurn_text region,
                                     unsigned variants, struct buf *url, struct spurn_error *err)
{
    const struct partition *partition = partition_of(region);
    if (partition == NULL)
        return place_fail(&place_aws_all, region, err);
    bool is_dual_stack = (variants & PLACE_DUAL_STACK) != 0;
    /* In the government's partition the plain hosts are validated ones. */
    bool says_fips =
        (variants & PLACE_FIPS) != 0 && (is_dual_stack || partition != &partitions[GOVERNMENT]);
    if (strcmp(service, "organizations") == 0)
        region = text_of(partition->home);
    buf_addf(url, "https://%s%s.%.*s.%s", service, says_fips ? "-fips" : "", TEXT_ARG(region),
             is_dual_stack ? partition->dual_stack_suffix : partition->suffix);
    return url->failed ? spurn_fail_memory(err) : SPURN_OK;
}

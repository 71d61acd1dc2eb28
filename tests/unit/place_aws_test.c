/* place_aws_test.c - AWS's partitions and regions, and the hosts of its services in each. */
#include <stdio.h>
#include <string.h>

#include "place/place.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static void check_endpoint(const char *service, const char *region, unsigned variants,
                           const char *want)
{
    struct buf url;
    struct spurn_error err = {0};
    char label[128];
    snprintf(label, sizeof label, "%s %s %u", service, region, variants);
    buf_init(&url, 256);
    CHECK_INT(err.text, place_aws_endpoint(service, text_of(region), variants, &url, &err),
              SPURN_OK);
    CHECK_STR(label, buf_str(&url), want);
    buf_clear(&url);
}

static void an_endpoint_follows_the_partition_of_its_region(void)
{
    static const struct {
        const char *region, *url;
    } rows[] = {
        {"us-east-1", "https://ram.us-east-1.amazonaws.com"},
        {"ap-southeast-7", "https://ram.ap-southeast-7.amazonaws.com"},
        {"mx-central-1", "https://ram.mx-central-1.amazonaws.com"},
        {"eu-anywhere-12", "https://ram.eu-anywhere-12.amazonaws.com"},
        {"cn-north-1", "https://ram.cn-north-1.amazonaws.com.cn"},
        {"cn-northwest-1", "https://ram.cn-northwest-1.amazonaws.com.cn"},
        {"us-gov-west-1", "https://ram.us-gov-west-1.amazonaws.com"},
        {"eusc-de-east-1", "https://ram.eusc-de-east-1.amazonaws.eu"},
        {"us-iso-east-1", "https://ram.us-iso-east-1.c2s.ic.gov"},
        {"us-isob-east-1", "https://ram.us-isob-east-1.sc2s.sgov.gov"},
        {"eu-isoe-west-1", "https://ram.eu-isoe-west-1.cloud.adc-e.uk"},
        {"us-isof-south-1", "https://ram.us-isof-south-1.csp.hci.ic.gov"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK(rows[i].region, place_aws_is_region(text_of(rows[i].region)));
        check_endpoint("ram", rows[i].region, 0, rows[i].url);
    }
}

/* Each column as botocore 1.43 resolves it from endpoint-rule-set-1.json of the service. Of organizations it goes by the region it was
 * asked for where there are two stacks, and here by the partition's home, for which such requests are signed. */
static void every_variant_has_its_host_in_every_partition(void)
{
    enum { BOTH = PLACE_FIPS | PLACE_DUAL_STACK };
    static const struct {
        const char *service, *region, *plain, *dual_stack, *fips, *both;
    } rows[] = {
        {"ram", "eu-west-1", "ram.eu-west-1.amazonaws.com", "ram.eu-west-1.api.aws",
         "ram-fips.eu-west-1.amazonaws.com", "ram-fips.eu-west-1.api.aws"},
        {"ram", "cn-north-1", "ram.cn-north-1.amazonaws.com.cn",
         "ram.cn-north-1.api.amazonwebservices.com.cn", "ram-fips.cn-north-1.amazonaws.com.cn",
         "ram-fips.cn-north-1.api.amazonwebservices.com.cn"},
        {"ram", "us-gov-east-1", "ram.us-gov-east-1.amazonaws.com", "ram.us-gov-east-1.api.aws",
         "ram.us-gov-east-1.amazonaws.com", "ram-fips.us-gov-east-1.api.aws"},
        {"ram", "eusc-de-east-1", "ram.eusc-de-east-1.amazonaws.eu",
         "ram.eusc-de-east-1.api.amazonwebservices.eu", "ram-fips.eusc-de-east-1.amazonaws.eu",
         "ram-fips.eusc-de-east-1.api.amazonwebservices.eu"},
        {"ram", "us-iso-west-1", "ram.us-iso-west-1.c2s.ic.gov", "ram.us-iso-west-1.api.aws.ic.gov",
         "ram-fips.us-iso-west-1.c2s.ic.gov", "ram-fips.us-iso-west-1.api.aws.ic.gov"},
        {"ram", "us-isob-east-1", "ram.us-isob-east-1.sc2s.sgov.gov",
         "ram.us-isob-east-1.api.aws.scloud", "ram-fips.us-isob-east-1.sc2s.sgov.gov",
         "ram-fips.us-isob-east-1.api.aws.scloud"},
        {"ram", "eu-isoe-west-1", "ram.eu-isoe-west-1.cloud.adc-e.uk",
         "ram.eu-isoe-west-1.api.cloud-aws.adc-e.uk", "ram-fips.eu-isoe-west-1.cloud.adc-e.uk",
         "ram-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
        {"ram", "us-isof-east-1", "ram.us-isof-east-1.csp.hci.ic.gov",
         "ram.us-isof-east-1.api.aws.hci.ic.gov", "ram-fips.us-isof-east-1.csp.hci.ic.gov",
         "ram-fips.us-isof-east-1.api.aws.hci.ic.gov"},
        {"sts", "us-west-2", "sts.us-west-2.amazonaws.com", "sts.us-west-2.api.aws",
         "sts-fips.us-west-2.amazonaws.com", "sts-fips.us-west-2.api.aws"},
        {"sts", "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com", "sts.us-gov-west-1.api.aws",
         "sts.us-gov-west-1.amazonaws.com", "sts-fips.us-gov-west-1.api.aws"},
        {"portal.sso", "eu-central-1", "portal.sso.eu-central-1.amazonaws.com",
         "portal.sso.eu-central-1.api.aws", "portal.sso-fips.eu-central-1.amazonaws.com",
         "portal.sso-fips.eu-central-1.api.aws"},
        {"portal.sso", "us-gov-west-1", "portal.sso.us-gov-west-1.amazonaws.com",
         "portal.sso.us-gov-west-1.api.aws", "portal.sso.us-gov-west-1.amazonaws.com",
         "portal.sso-fips.us-gov-west-1.api.aws"},
        {"organizations", "eu-west-1", "organizations.us-east-1.amazonaws.com",
         "organizations.us-east-1.api.aws", "organizations-fips.us-east-1.amazonaws.com",
         "organizations-fips.us-east-1.api.aws"},
        {"organizations", "cn-north-1", "organizations.cn-northwest-1.amazonaws.com.cn",
         "organizations.cn-northwest-1.api.amazonwebservices.com.cn",
         "organizations-fips.cn-northwest-1.amazonaws.com.cn",
         "organizations-fips.cn-northwest-1.api.amazonwebservices.com.cn"},
        {"organizations", "us-gov-east-1", "organizations.us-gov-west-1.amazonaws.com",
         "organizations.us-gov-west-1.api.aws", "organizations.us-gov-west-1.amazonaws.com",
         "organizations-fips.us-gov-west-1.api.aws"},
        {"organizations", "us-isof-east-1", "organizations.us-isof-south-1.csp.hci.ic.gov",
         "organizations.us-isof-south-1.api.aws.hci.ic.gov",
         "organizations-fips.us-isof-south-1.csp.hci.ic.gov",
         "organizations-fips.us-isof-south-1.api.aws.hci.ic.gov"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct {
            unsigned variants;
            const char *host;
        } wanted[] = {{0, rows[i].plain},
                      {PLACE_DUAL_STACK, rows[i].dual_stack},
                      {PLACE_FIPS, rows[i].fips},
                      {BOTH, rows[i].both}};
        for (size_t k = 0; k < COUNT(wanted); k++) {
            char url[128];
            snprintf(url, sizeof url, "https://%s", wanted[k].host);
            check_endpoint(rows[i].service, rows[i].region, wanted[k].variants, url);
        }
    }
}

static void an_unknown_region_names_the_one_that_was_meant(void)
{
    static const struct {
        const char *region, *suggestion;
    } rows[] = {
        {"us-east1", "did you mean \"us-east-1\"?"},
        {"us-east-1a", "did you mean \"us-east-1\"?"},
        {"us-esat-1x", "did you mean \"us-east-1\"?"},
        {"eu_west-2", "did you mean \"eu-west-2\"?"},
        {"US-EAST-1", "did you mean \"us-east-1\"?"},
        {"cn-hangzhou", "one is named \"us-east-1\""},
        {"", "one is named"},
        {"us-east-1.evil.example/?", "one is named"},
        {"us-east-100", "did you mean \"us-east-1\"?"},
        {"us-verylongwordindeedhere-1", "one is named"},
        {"us-\x1b[31meast-1", "cannot use region \"us-?[31meast-1\""},
        {"a region with a name that is far too long to be a slip of the keyboard", "one is named"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf url;
        struct spurn_error err = {0};
        buf_init(&url, 256);
        CHECK(rows[i].region, !place_aws_is_region(text_of(rows[i].region)));
        CHECK_INT(rows[i].region, place_aws_endpoint("ram", text_of(rows[i].region), 0, &url, &err),
                  SPURN_E_CONFIG);
        if (!CHECK(rows[i].region, strstr(err.text, rows[i].suggestion) != NULL))
            printf("     says: %s\n", err.text);
        buf_clear(&url);
    }
}

/* Every known region in exactly one partition's list, which is the partition its name belongs to. */
static void the_lists_of_the_partitions_make_up_all_regions(void)
{
    size_t count = 0, partition_count = 0;
    for (const char *name; (name = place_aws_partition_at(partition_count)) != NULL;
         partition_count++) {
        const struct place_list *regions = place_aws_regions(text_of(name));
        CHECK_STR(name, regions->cloud, "AWS");
        for (size_t i = 0; i < regions->count; i++, count++) {
            CHECK_STR(regions->names[i], place_aws_partition(text_of(regions->names[i])), name);
            CHECK_STR(name, regions->names[i], place_aws_all.names[count]);
        }
        CHECK_STR(name, place_aws_partition(text_of(place_aws_home(text_of(name)))), name);
    }
    CHECK_INT("", (int64_t)count, (int64_t)place_aws_all.count);
    CHECK_INT("", (int64_t)partition_count, 8);
    CHECK_INT("aws", (int64_t)place_aws_regions(text_of("aws"))->count, 34);
    CHECK_INT("aws-cn", (int64_t)place_aws_regions(text_of("aws-cn"))->count, 2);
    CHECK_STR("aws-cn", place_aws_home(text_of("aws-cn")), "cn-northwest-1");
    CHECK("",
          place_aws_regions(text_of("azure")) == NULL && place_aws_regions(TEXT_ABSENT) == NULL);
    CHECK("", place_aws_home(text_of("azure")) == NULL);
    CHECK("", place_aws_partition(text_of("cn-hangzhou")) == NULL);
}

static void regions_opened_since_2019_are_opted_in_to(void)
{
    static const struct {
        const char *region;
        bool want;
    } rows[] = {
        {"us-east-1", false},     {"us-west-1", false},     {"ap-northeast-3", false},
        {"eu-north-1", false},    {"sa-east-1", false},     {"af-south-1", true},
        {"ap-east-1", true},      {"ap-east-2", true},      {"me-south-1", true},
        {"eu-south-1", true},     {"ap-southeast-3", true}, {"il-central-1", true},
        {"ca-west-1", true},      {"mx-central-1", true},   {"eu-anywhere-1", true},
        {"cn-north-1", false},    {"us-gov-west-1", false}, {"eusc-de-east-1", false},
        {"us-iso-east-1", false}, {"cn-hangzhou", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].region, place_aws_is_opt_in(text_of(rows[i].region)), rows[i].want);
    const struct place_list *regions = place_aws_regions(text_of("aws"));
    size_t default_count = 0;
    for (size_t i = 0; i < regions->count; i++)
        default_count += !place_aws_is_opt_in(text_of(regions->names[i]));
    CHECK_INT("", (int64_t)default_count, 17);
}

static const struct unit_test tests[] = {
    {"an_endpoint_follows_the_partition_of_its_region",
     an_endpoint_follows_the_partition_of_its_region},
    {"every_variant_has_its_host_in_every_partition",
     every_variant_has_its_host_in_every_partition},
    {"an_unknown_region_names_the_one_that_was_meant",
     an_unknown_region_names_the_one_that_was_meant},
    {"the_lists_of_the_partitions_make_up_all_regions",
     the_lists_of_the_partitions_make_up_all_regions},
    {"regions_opened_since_2019_are_opted_in_to", regions_opened_since_2019_are_opted_in_to},
};

UNIT_MAIN(tests)

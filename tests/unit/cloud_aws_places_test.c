/* cloud_aws_places_test.c - what the ARN of an invitation to AWS says, and whose it is. */
#include <stdio.h>
#include <string.h>

#include "cloud/directory.h"
#include "unit.h"

#define ARN                                                                                        \
    "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/"                                \
    "3b3bc051-fbf6-4336-8377-06c559dfee49"
#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct cloud *const aws = &cloud_aws;

static void its_endpoints_are_those_of_its_service(void)
{
    struct buf url;
    struct spurn_error err = {0};
    buf_init(&url, 256);
    CHECK_STR("", aws->service, "ram");
    CHECK_INT(err.text, aws->endpoint(text_of("eu-west-1"), PLACE_FIPS, &url, &err), SPURN_OK);
    CHECK_STR("", buf_str(&url), "https://ram-fips.eu-west-1.amazonaws.com");
    CHECK_INT("", aws->endpoint(text_of("us-east1"), 0, &url, &err), SPURN_E_CONFIG);
    CHECK("", aws->is_region(text_of("eu-west-1")) && !aws->is_region(text_of("us-east1")));
    CHECK("", aws->regions == &place_aws_all && aws->directory == &directory_aws);
    buf_clear(&url);
}

static void an_id_is_an_arn_of_a_resource_share_invitation(void)
{
    static const struct {
        const char *id;
        bool want;
    } rows[] = {
        {ARN, true},
        {"arn:aws-us-gov:ram:us-gov-west-1:012345678901:resource-share-invitation/a", true},
        {"arn:aws:ram:us-east-1:999999999999:resource-share-invitation/", false},
        {"arn:aws:ram:us-east-1:999999999999:resource-share/3b3bc051", false},
        {"arn:aws:ram:us-east-1:99999999999:resource-share-invitation/3b", false},
        {"arn:aws:ram:us-east-1:9999999999999:resource-share-invitation/3b", false},
        {"arn:aws:ram:us-east-1:99999999999a:resource-share-invitation/3b", false},
        {"arn:aws:iam:us-east-1:999999999999:resource-share-invitation/3b", false},
        {"arn:aws:ram::999999999999:resource-share-invitation/3b", false},
        {"arn::ram:us-east-1:999999999999:resource-share-invitation/3b", false},
        {"arn:aws:ram:us-east-1:999999999999:resource-share-invitation/3B", false},
        {"arn:aws:ram:us-east-1:999999999999:resource-share-invitation/3b/4", false},
        {"arn:aws:ram:us east-1:999999999999:resource-share-invitation/3b", false},
        {"ARN:aws:ram:us-east-1:999999999999:resource-share-invitation/3b", false},
        {"arn:aws:ram:us-east-1", false},
        {"i-0123456789", false},
        {"", false},
        {NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].id == NULL ? "absent" : rows[i].id,
                  aws->is_invitation_id(text_of(rows[i].id)), rows[i].want);

    char longest[300];
    for (size_t digits = 64; digits <= 65; digits++) {
        snprintf(longest, sizeof longest,
                 "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/%0*d", (int)digits,
                 0);
        CHECK_INT(longest, aws->is_invitation_id(text_of(longest)), digits == 64);
    }
    memset(longest, 'a', sizeof longest);
    const char tail[] = ":ram:us-east-1:999999999999:resource-share-invitation/3b";
    memcpy(longest, "arn:", 4);
    for (size_t len = 256; len <= 257; len++) {
        memset(longest + 4, 'a', sizeof longest - 4);
        memcpy(longest + len - (sizeof tail - 1), tail, sizeof tail);
        CHECK_INT("length", aws->is_invitation_id(text_of(longest)), len == 256);
    }
    CHECK("a NUL inside", !aws->is_invitation_id((struct spurn_text){ARN "\0x", sizeof ARN + 1}));
}

static void an_invitation_of_another_place_or_account_is_foreign(void)
{
#define ID(partition, service, region)                                                             \
    "arn:" partition ":" service ":" region ":999999999999:resource-share-invitation/3b"
    static const struct {
        const char *id, *receiver, *account, *region, *why;
    } rows[] = {
        {ID("aws", "ram", "us-east-1"), "012345678901", "012345678901", "us-east-1", NULL},
        {ID("aws", "ram", "us-east-1"), NULL, "012345678901", "us-east-1", NULL},
        {ID("aws", "ram", "us-east-1"), "012345678901", NULL, "us-east-1", NULL},
        {ID("aws", "ram", "us-east-1"), "12345678901", "012345678901", "us-east-1",
         "its receiver is account 12345678901"},
        {ID("aws", "ram", "us-east-2"), NULL, NULL, "us-east-1", "its ARN is of region us-east-2"},
        {ID("aws-cn", "ram", "us-east-1"), NULL, NULL, "us-east-1",
         "its ARN is of partition aws-cn"},
        {ID("aws", "iam", "us-east-1"), NULL, NULL, "us-east-1", "its ARN is of service iam"},
        {ID("aws-cn", "ram", "cn-north-1"), NULL, NULL, "cn-north-1", NULL},
        {ID("aws-us-gov", "ram", "us-gov-west-1"), NULL, NULL, "us-gov-west-1", NULL},
        {ID("aws", "ram", "us-gov-west-1"), NULL, NULL, "us-gov-west-1",
         "its ARN is of partition aws"},
        {"i-1", NULL, NULL, "us-east-1", "its id is no ARN: i-1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct invitation inv = {.id = text_of(rows[i].id),
                                       .receiver = text_of(rows[i].receiver)};
        const struct cloud_site site = {.account = text_of(rows[i].account),
                                        .region = text_of(rows[i].region)};
        char why[256];
        CHECK_STR(rows[i].id, aws->foreign(&inv, &site, why), rows[i].why);
    }
}

static void the_cloud_is_found_by_its_name(void)
{
    CHECK("", cloud_named(text_of("aws")) == &cloud_aws);
    CHECK("", cloud_at(0) == &cloud_aws);
    CHECK("", cloud_named(text_of("azure")) == NULL && cloud_named(TEXT_ABSENT) == NULL);
    CHECK("", cloud_at(2) == NULL);
    CHECK("", aws->takes_client_token && aws->lists_resources);
    CHECK_INT("", aws->account_digits, 12);
    CHECK_STR("", cloud_error_kind_name(CLOUD_ERROR_THROTTLED), "throttled");
}

static const struct unit_test tests[] = {
    {"its_endpoints_are_those_of_its_service", its_endpoints_are_those_of_its_service},
    {"an_id_is_an_arn_of_a_resource_share_invitation",
     an_id_is_an_arn_of_a_resource_share_invitation},
    {"an_invitation_of_another_place_or_account_is_foreign",
     an_invitation_of_another_place_or_account_is_foreign},
    {"the_cloud_is_found_by_its_name", the_cloud_is_found_by_its_name},
};

UNIT_MAIN(tests)

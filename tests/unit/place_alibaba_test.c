/* place_alibaba_test.c - Alibaba Cloud's regions, and the hosts of its services. */
#include <stdio.h>
#include <string.h>

#include "place/place.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static void an_endpoint_follows_service_region_and_network(void)
{
    static const struct {
        const char *service, *region;
        unsigned variants;
        const char *want; /* a URL, or what the error says */
        enum spurn_status status;
    } rows[] = {
        {"resourcesharing", "cn-hangzhou", 0, "https://resourcesharing.cn-hangzhou.aliyuncs.com",
         SPURN_OK},
        {"resourcesharing", "cn-wuhan-lr", 0, "https://resourcesharing.cn-wuhan-lr.aliyuncs.com",
         SPURN_OK},
        {"resourcesharing", "me-east-1", 0, "https://resourcesharing.me-east-1.aliyuncs.com",
         SPURN_OK},
        {"resourcesharing", "cn-beijing", PLACE_VPC,
         "https://resourcesharing-vpc.cn-beijing.aliyuncs.com", SPURN_OK},
        {"resourcesharing", NULL, 0, "it has no such host; name one with endpoint", SPURN_E_CONFIG},
        {"sts", "ap-southeast-1", 0, "https://sts.ap-southeast-1.aliyuncs.com", SPURN_OK},
        {"sts", "ap-southeast-1", PLACE_VPC, "https://sts-vpc.ap-southeast-1.aliyuncs.com",
         SPURN_OK},
        {"sts", NULL, 0, "https://sts.aliyuncs.com", SPURN_OK},
        {"sts", NULL, PLACE_VPC, "https://sts.aliyuncs.com", SPURN_OK},
        {"resourcemanager", "cn-hangzhou", 0, "https://resourcemanager.aliyuncs.com", SPURN_OK},
        {"resourcemanager", NULL, 0, "https://resourcemanager.aliyuncs.com", SPURN_OK},
        {"resourcemanager", "cn-hangzhou", PLACE_VPC,
         "https://resourcemanager.vpc-proxy.aliyuncs.com", SPURN_OK},
        {"kms", "cn-hangzhou", 0, "it has no such host", SPURN_E_CONFIG},
        {"sts", "hangzhou", 0, "did you mean \"cn-hangzhou\"?", SPURN_E_CONFIG},
        {"resourcemanager", "hangzhou", 0, "did you mean \"cn-hangzhou\"?", SPURN_E_CONFIG},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf url;
        struct spurn_error err = {0};
        buf_init(&url, 256);
        CHECK_INT(rows[i].want,
                  place_alibaba_endpoint(rows[i].service, text_of(rows[i].region), rows[i].variants,
                                         &url, &err),
                  rows[i].status);
        if (rows[i].status == SPURN_OK)
            CHECK_STR(rows[i].want, buf_str(&url), rows[i].want);
        else if (!CHECK(rows[i].want, strstr(err.text, rows[i].want) != NULL))
            printf("     says: %s\n", err.text);
        buf_clear(&url);
    }
}

static void an_unknown_region_names_the_one_that_was_meant(void)
{
    static const struct {
        const char *region, *suggestion;
    } rows[] = {
        {"hangzhou", "did you mean \"cn-hangzhou\"?"},
        {"ch-hangzhou", "did you mean \"cn-hangzhou\"?"},
        {"cn_shanghai", "did you mean \"cn-shanghai\"?"},
        {"cn-hangzhou-", "did you mean \"cn-hangzhou\"?"},
        {"cn-", "one is named \"cn-hangzhou\""},
        {"", "one is named"},
        {"cn-hangzhou.evil.example", "one is named"},
        {"cn--hangzhou", "did you mean \"cn-hangzhou\"?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf url;
        struct spurn_error err = {0};
        buf_init(&url, 256);
        CHECK(rows[i].region, !place_alibaba_is_region(text_of(rows[i].region)));
        CHECK_INT(rows[i].region,
                  place_alibaba_endpoint("resourcesharing", text_of(rows[i].region), 0, &url, &err),
                  SPURN_E_CONFIG);
        if (!CHECK(rows[i].region, strstr(err.text, rows[i].suggestion) != NULL))
            printf("     says: %s\n", err.text);
        buf_clear(&url);
    }
}

/* What closed may still be written, and is no part of "all". */
static void every_known_region_is_one_and_stands_there_once(void)
{
    const struct place_list *all = &place_alibaba_all;
    for (size_t i = 0; i < all->count; i++) {
        CHECK(all->names[i], place_alibaba_is_region(text_of(all->names[i])));
        CHECK(all->names[i], strcmp(all->names[i], "ap-south-1") != 0 &&
                                 strcmp(all->names[i], "ap-southeast-2") != 0);
        for (size_t k = 0; k < i; k++)
            CHECK(all->names[i], strcmp(all->names[i], all->names[k]) != 0);
    }
    CHECK_INT("", (int64_t)all->count, 24);
    CHECK("", place_alibaba_is_region(text_of("ap-south-1")));
}

static const struct unit_test tests[] = {
    {"an_endpoint_follows_service_region_and_network",
     an_endpoint_follows_service_region_and_network},
    {"an_unknown_region_names_the_one_that_was_meant",
     an_unknown_region_names_the_one_that_was_meant},
    {"every_known_region_is_one_and_stands_there_once",
     every_known_region_is_one_and_stands_there_once},
};

UNIT_MAIN(tests)

/* alibaba.c - Alibaba Cloud's regions, and the hosts of its services. */
#include <string.h>

#include "place/place.h"

/* Those with Resource Sharing that are open. One that opens one day needs no entry to be used; it is only not part of "all".
 * Source: the product's list of endpoints, without Sydney and Mumbai, which closed in 2024. */
static const char *const known[] = {
    "cn-hangzhou",    "cn-shanghai",    "cn-qingdao",     "cn-beijing",     "cn-zhangjiakou",
    "cn-huhehaote",   "cn-wulanchabu",  "cn-shenzhen",    "cn-heyuan",      "cn-guangzhou",
    "cn-chengdu",     "cn-hongkong",    "cn-wuhan-lr",    "ap-northeast-1", "ap-northeast-2",
    "ap-southeast-1", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
    "eu-central-1",   "eu-west-1",      "us-east-1",      "us-west-1"};

const struct place_list place_alibaba_all = {"Alibaba Cloud", known,
                                             sizeof known / sizeof known[0]};

/* The areas that regions are named after; "me" and "na" have regions of other products. */
static const char *const areas[] = {"cn-", "ap-", "eu-", "us-", "me-", "na-"};

/* Source: the lists of endpoints of Resource Sharing 2020-01-10, STS 2015-04-01 and Resource Manager 2020-03-31. */
static const struct service {
    const char *name;
    bool is_regional;
    const char *host, *vpc_host; /* of the global one; NULL: there is none */
} services[] = {
    {"resourcesharing", true, NULL, NULL},
    {"sts", true, "sts.aliyuncs.com", "sts.aliyuncs.com"}, /* as Alibaba's own SDKs do */
    {"resourcemanager", false, "resourcemanager.aliyuncs.com",
     "resourcemanager.vpc-proxy.aliyuncs.com"},
};

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* "hangzhou", "wuhan-lr", "southeast-1": words of lower-case letters and digits with one '-' between them. */
static bool is_place_name(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_lower_or_digit(text.at[i]) &&
            (text.at[i] != '-' || i == 0 || i + 1 == text.len || text.at[i - 1] == '-'))
            return false;
    return text.len > 0 && text.len <= 32;
}

bool place_alibaba_is_region(struct spurn_text region)
{
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        size_t len = strlen(areas[i]);
        if (text_starts(region, areas[i]))
            return is_place_name((struct spurn_text){region.at + len, region.len - len});
    }
    return false;
}

static const struct service *service_named(const char *name)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (strcmp(services[i].name, name) == 0)
            return &services[i];
    return NULL;
}

enum spurn_status place_alibaba_endpoint(const char *service, struct spurn_text region,
                                         unsigned variants, struct buf *url,
                                         struct spurn_error *err)
{
    const struct service *found = service_named(service);
    bool is_vpc = (variants & PLACE_VPC) != 0;
    if (region.at != NULL && !place_alibaba_is_region(region))
        return place_fail(&place_alibaba_all, region, err);
    if (found != NULL && found->is_regional && region.at != NULL) {
        buf_addf(url, "https://%s%s.%.*s.aliyuncs.com", service, is_vpc ? "-vpc" : "",
                 TEXT_ARG(region));
    } else {
        const char *host = found == NULL ? NULL : is_vpc ? found->vpc_host : found->host;
        if (host == NULL)
            return spurn_fail(err, SPURN_E_CONFIG,
                              "cannot reach Alibaba Cloud's %s without a region: it has no such "
                              "host; name one with endpoint = { %s = \"https://...\" }",
                              service, service);
        buf_addf(url, "https://%s", host);
    }
    return url->failed ? spurn_fail_memory(err) : SPURN_OK;
}

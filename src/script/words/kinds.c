/* kinds.c - what a value may look like, by kind: account ids, clouds, types of resources. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "match/glob.h"
#include "script/sandbox/host.h"
#include "script/words/private.h"

const char *id_complaint(struct spurn_text value)
{
    if (text_all_digits(value) && (value.len == 12 || value.len == 16))
        return NULL;
    return "it is no account id: 12 digits at AWS, 16 at Alibaba Cloud";
}

const char *cloud_complaint(struct spurn_text value)
{
    if (text_is(value, "aws") || text_is(value, "alibaba"))
        return NULL;
    return "it is no cloud: write \"aws\" or \"alibaba\"";
}

const char *cloud_meant(struct spurn_text value)
{
    static const char *const clouds[] = {"aws", "alibaba", NULL};
    return host_nearest(value.at, clouds);
}

/* Neither can be the whole of an ARN, nor can a glob that has no * to begin with. */
const char *arn_complaint(struct spurn_text value)
{
    const char *complaint = glob_complaint(value);
    if (complaint != NULL || value.at[0] == '*' || value.at[0] == '?' || text_starts(value, "arn:"))
        return complaint;
    return "an ARN begins with arn:, and it is matched as a whole; write * before it";
}

/* Alibaba Cloud's ids of shares begin with rs-. */
const char *share_complaint(struct spurn_text value)
{
    const char *complaint =
        text_starts(value, "rs-") ? glob_complaint(value) : arn_complaint(value);
    if (complaint == NULL || text_starts(value, "rs-") || glob_complaint(value) != NULL)
        return complaint;
    return "a share's ARN begins with arn:, its id at Alibaba Cloud with rs-; write * before it";
}

/* Some of what "Shareable AWS resources" in the guide to AWS RAM lists: enough to guess what was meant, never to refuse. */
static const char *const known_types[] = {
    "acm-pca:CertificateAuthority",
    "ec2:CapacityReservation",
    "ec2:CoipPool",
    "ec2:DedicatedHost",
    "ec2:IpamPool",
    "ec2:IpamResourceDiscovery",
    "ec2:LocalGatewayRouteTable",
    "ec2:PlacementGroup",
    "ec2:PrefixList",
    "ec2:SecurityGroup",
    "ec2:Subnet",
    "ec2:TrafficMirrorTarget",
    "ec2:TransitGateway",
    "ec2:TransitGatewayMulticastDomain",
    "ec2:VerifiedAccessGroup",
    "glue:Catalog",
    "glue:Database",
    "glue:Table",
    "imagebuilder:Component",
    "imagebuilder:ContainerRecipe",
    "imagebuilder:Image",
    "imagebuilder:ImageRecipe",
    "license-manager:LicenseConfiguration",
    "network-firewall:Firewall",
    "network-firewall:FirewallPolicy",
    "network-firewall:StatefulRuleGroup",
    "network-firewall:StatelessRuleGroup",
    "networkmanager:CoreNetwork",
    "outposts:Outpost",
    "outposts:Site",
    "rds:Cluster",
    "route53profiles:Profile",
    "route53resolver:FirewallRuleGroup",
    "route53resolver:ResolverQueryLogConfig",
    "route53resolver:ResolverRule",
    "ssm:Parameter",
    "vpc-lattice:ResourceConfiguration",
    "vpc-lattice:Service",
    "vpc-lattice:ServiceNetwork",
};

static bool is_type_character(char c)
{
    return isalnum((unsigned char)c) || strchr("-_.*?", c) != NULL;
}

const char *type_complaint(struct spurn_text value)
{
    size_t colons = 0;
    if (text_starts(value, "arn:"))
        return "it is an ARN, not a type; write SERVICE:TYPE";
    if (text_starts(value, "AWS::"))
        return "it is CloudFormation's name of a type; write SERVICE:TYPE";
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] != ':' && (value.at[i] == '\0' || !is_type_character(value.at[i])))
            return "it is no type of resources; write SERVICE:TYPE, such as \"ec2:*\"";
        colons += value.at[i] == ':';
    }
    if (colons == 0)
        return "it is a type without its service; write SERVICE:TYPE";
    if (colons > 1 || value.at[0] == ':' || value.at[value.len - 1] == ':')
        return "it is no type of resources; write SERVICE:TYPE, such as \"ec2:*\"";
    return glob_complaint(value);
}

const char *type_spelt(struct spurn_text value)
{
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++)
        if (text_is_nocase(value, known_types[i]))
            return known_types[i];
    return NULL;
}

static struct spurn_text service_of(struct spurn_text type)
{
    const char *colon = memchr(type.at, ':', type.len);
    return (struct spurn_text){type.at, colon != NULL ? (size_t)(colon - type.at) : 0};
}

static bool begins_nocase(struct spurn_text text, struct spurn_text start)
{
    return text.len >= start.len && strncasecmp(text.at, start.at, start.len) == 0;
}

/* Another word of the same service, or the same word of a service that begins so. */
const char *type_nearly(struct spurn_text value)
{
    enum { KNOWN = sizeof known_types / sizeof known_types[0] };
    struct spurn_text service = service_of(value);
    const char *type = value.at + service.len + 1, *names[KNOWN + 1], *owners[KNOWN];
    size_t count = 0;
    for (size_t i = 0; i < KNOWN; i++) {
        struct spurn_text known = text_of(known_types[i]), owner = service_of(known);
        if (text_is_nocase(value, known_types[i]))
            return NULL;
        if (begins_nocase(owner, service) && owner.len > service.len &&
            text_is_nocase(text_of(type), known.at + owner.len + 1))
            return known_types[i];
        if (begins_nocase(owner, service) && owner.len == service.len) {
            owners[count] = known_types[i];
            names[count++] = known.at + owner.len + 1;
        }
    }
    names[count] = NULL;
    const char *nearest = host_nearest(type, names);
    for (size_t i = 0; nearest != NULL && i < count; i++)
        if (names[i] == nearest)
            return owners[i];
    return NULL;
}

bool type_is_strange(struct spurn_text value)
{
    bool knows_service = false;
    struct spurn_text service = {value.at, service_of(value).len + 1}; /* with its colon */
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++) {
        if (text_is_nocase(value, known_types[i]))
            return false;
        knows_service |= begins_nocase(text_of(known_types[i]), service);
    }
    return knows_service;
}

const char *type_meant(struct spurn_text value)
{
    const char *last = value.at + value.len;
    while (last > value.at && last[-1] != ':')
        last--;
    struct spurn_text type = {last, (size_t)(value.at + value.len - last)};
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++)
        if (text_is_nocase(type, strchr(known_types[i], ':') + 1))
            return known_types[i];
    return NULL;
}

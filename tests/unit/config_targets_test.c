/* config_targets_test.c - each account and region that a configuration means, and what is wrong with those it cannot mean. */
#include "config_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define ROLE        "arn:aws:iam::222222222222:role/ops/spurn"

/* "REGION ACCOUNT LABEL ROLE EXTERNAL_ID", '-' for what is not said. */
static void check_target(const struct config_case *c, size_t index, const char *want)
{
    if (!CHECK(want, index < c->config.target_count))
        return;
    const struct config_target *t = &c->config.targets[index];
    const char *const values[] = {t->region, t->account, t->label, t->role_arn, t->external_id};
    struct buf got;
    buf_init(&got, 4096);
    for (size_t i = 0; i < COUNT(values); i++)
        buf_addf(&got, "%s%s", i > 0 ? " " : "", values[i] != NULL ? values[i] : "-");
    CHECK_STR(want, buf_str(&got), want);
    buf_clear(&got);
}

static void each_account_and_region_is_a_target(void)
{
    struct config_case c;
    case_open(&c, "aws { profile = 'prod', regions = { 'us-east-1', 'eu-west-1' }, label = 'x' }\n"
                  "aws { regions = { 'us-east-1' }, role_arn = '" ROLE "', external_id = 'ab',\n"
                  "      session_name = 'me', duration = '2h' }\n"
                  "aws { accounts = { '111122223333', '222233334444' }, role = 'a/spurn',\n"
                  "      regions = { 'cn-north-1', 'cn-northwest-1' } }\n"
                  "alibaba { accounts = { '1111222233334444' }, role = 'spurn',\n"
                  "          regions = { 'cn-hangzhou' }, external_id = 'cd' }\n");
    CHECK_STR("", c.err.text, "");
    CHECK_INT("", (int64_t)c.config.target_count, 8);
    check_target(&c, 0, "us-east-1 - x - -");
    check_target(&c, 1, "eu-west-1 - x - -");
    check_target(&c, 2, "us-east-1 222222222222 - " ROLE " ab");
    check_target(&c, 3, "cn-north-1 111122223333 - arn:aws-cn:iam::111122223333:role/a/spurn -");
    check_target(&c, 4,
                 "cn-northwest-1 111122223333 - arn:aws-cn:iam::111122223333:role/a/spurn -");
    check_target(&c, 5, "cn-north-1 222233334444 - arn:aws-cn:iam::222233334444:role/a/spurn -");
    check_target(&c, 7, "cn-hangzhou 1111222233334444 - acs:ram::1111222233334444:role/spurn cd");
    if (c.config.target_count == 8) {
        const struct config_target *t = c.config.targets;
        CHECK_STR("", t[0].profile, "prod");
        CHECK_INT("", t[1].line, 1);
        CHECK_STR("", t[2].session_name, "me");
        CHECK_INT("", t[2].duration_s, 7200);
        CHECK("", t[7].cloud == &cloud_alibaba && !t[7].is_any_region);
    }
    case_close(&c);
}

static void every_region_means_the_known_ones_of_the_partition(void)
{
    static const struct {
        const char *text, *partition; /* NULL: Alibaba Cloud */
    } rows[] = {
        {"aws { regions = 'all' }", "aws"},
        {"aws { regions = 'all', partition = 'aws-us-gov' }", "aws-us-gov"},
        {"aws { regions = 'all', role_arn = 'arn:aws-cn:iam::222222222222:role/x' }", "aws-cn"},
        {"alibaba { regions = 'all' }", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct place_list *known = rows[i].partition == NULL
                                             ? &place_alibaba_all
                                             : place_aws_regions(text_of(rows[i].partition));
        struct config_case c;
        case_open(&c, rows[i].text);
        CHECK_STR(rows[i].text, c.err.text, "");
        CHECK_INT(rows[i].text, (int64_t)c.config.target_count, (int64_t)known->count);
        for (size_t k = 0; k < c.config.target_count && k < known->count; k++) {
            CHECK_STR(rows[i].text, c.config.targets[k].region, known->names[k]);
            CHECK(rows[i].text, c.config.targets[k].is_any_region);
        }
        case_close(&c);
    }
}

static void endpoints_variants_and_organizations_are_kept(void)
{
    struct config_case c;
    case_open(
        &c, "aws { regions = { 'us-east-1', 'us-east-2' }, fips = true, dual_stack = true,\n"
            "      endpoint = { ram = 'https://ram.example:8443', metadata = 'http://[::1]:1' } }\n"
            "alibaba { regions = { 'cn-hangzhou' }, vpc = true, endpoint = 'https://x.example/',\n"
            "          organization = { role = 'spurn', tags = { env = 'prod', a = 'b' } } }\n");
    CHECK_STR("", c.err.text, "");
    if (CHECK("", c.config.target_count == 3)) {
        const struct config_target *aws = &c.config.targets[1], *alibaba = &c.config.targets[2];
        CHECK_INT("", aws->variants, PLACE_FIPS | PLACE_DUAL_STACK);
        CHECK_STR("", aws->endpoints.invitations, "https://ram.example:8443");
        CHECK_STR("", aws->endpoints.metadata, "http://[::1]:1");
        CHECK("", aws->endpoints.sts == NULL && aws->endpoints.sso == NULL);
        CHECK("", aws->endpoints.organization == NULL && aws->organization == NULL);
        CHECK_INT("", alibaba->variants, PLACE_VPC);
        CHECK_STR("", alibaba->endpoints.invitations, "https://x.example");
        CHECK_STR("", alibaba->endpoints.sts, "https://x.example");
        CHECK_STR("", alibaba->endpoints.sso, "https://x.example");
        CHECK_STR("", alibaba->endpoints.organization, "https://x.example");
        CHECK("", alibaba->endpoints.metadata == NULL && alibaba->account == NULL);
        if (CHECK("", alibaba->organization != NULL)) {
            const struct config_organization *o = alibaba->organization;
            CHECK_STR("", o->role, "spurn");
            CHECK("", o->external_id == NULL);
            CHECK_INT("", (int64_t)o->tag_count, 2);
            CHECK_STR("", o->tags[0].key, "a");
            CHECK_STR("", o->tags[1].value, "prod");
        }
    }
    case_close(&c);
}

static void what_cannot_be_meant_is_an_error_with_its_line(void)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"\naws { regions = { 'us-east-1', 'us-east2' } }",
         "spurn.lua:2: cannot use region \"us-east2\": AWS has none of that name; did you mean "
         "\"us-east-2\"?"},
        {"alibaba { regions = { 'hangzhou' } }",
         "spurn.lua:1: cannot use region \"hangzhou\": Alibaba Cloud has none of that name; did "
         "you mean \"cn-hangzhou\"?"},
        {"aws { regions = { 'us-east-1' }, account = '1234' }",
         "spurn.lua:1: 1234 is not an account: an AWS account is 12 digits, in quotes"},
        {"alibaba { regions = { 'cn-hangzhou' }, accounts = { '111122223333' }, role = 'x' }",
         "spurn.lua:1: 111122223333 is not an account: an Alibaba Cloud account is 16 digits, "
         "in "
         "quotes"},
        {"aws { regions = { 'us-east-1', 'cn-north-1' } }",
         "spurn.lua:1: cn-north-1 is in partition aws-cn, this target in aws: write a target for "
         "each partition"},
        {"aws { regions = { 'us-east-1' }, partition = 'aws-cn' }",
         "spurn.lua:1: us-east-1 is in partition aws, this target in aws-cn: write a target for "
         "each partition"},
        {"aws { regions = 'all', partition = 'aws-gov' }",
         "spurn.lua:1: AWS has no partition aws-gov; there are aws, aws-cn, aws-us-gov, aws-eusc, "
         "aws-iso, aws-iso-b, aws-iso-e, aws-iso-f"},
        {"aws { regions = { 'us-east-1' }, role_arn = 'arn:aws-cn:iam::222222222222:role/x' }",
         "spurn.lua:1: us-east-1 is in partition aws, this target in aws-cn: write a target for "
         "each partition"},
        {"aws { regions = 'all', partition = 'aws', role_arn = "
         "'arn:aws-cn:iam::222222222222:role/x' }",
         "spurn.lua:1: partition is aws, but role_arn is of partition aws-cn; leave one out"},
        {"aws { regions = 'all', account = '111122223333', role_arn = '" ROLE "' }",
         "spurn.lua:1: account is 111122223333, but role_arn is of account 222222222222; leave one "
         "out"},
        {"aws { regions = 'all', role_arn = 'arn:aws:iam::2222:role/x' }",
         "spurn.lua:1: arn:aws:iam::2222:role/x is not the ARN of a role: it is written "
         "arn:aws:iam::ACCOUNT:role/NAME"},
        {"aws { regions = 'all', role_arn = 'arn:aws:iam::222222222222:user/x' }",
         "spurn.lua:1: arn:aws:iam::222222222222:user/x is not the ARN of a role: it is written "
         "arn:aws:iam::ACCOUNT:role/NAME"},
        {"aws { regions = 'all', role_arn = 'arn:aws:sts::222222222222:role/x' }",
         "spurn.lua:1: arn:aws:sts::222222222222:role/x is not the ARN of a role: it is written "
         "arn:aws:iam::ACCOUNT:role/NAME"},
        {"aws { regions = 'all', role_arn = 'arn:aws:iam::222222222222:role/a//x' }",
         "spurn.lua:1: arn:aws:iam::222222222222:role/a//x is not the ARN of a role: it is written "
         "arn:aws:iam::ACCOUNT:role/NAME"},
        {"alibaba { regions = 'all', role_arn = '" ROLE "' }",
         "spurn.lua:1: " ROLE
         " is not the ARN of a role: it is written acs:ram::ACCOUNT:role/NAME"},
        {"alibaba { regions = 'all', role_arn = 'acs:ram::1111222233334444:role/a/x' }",
         "spurn.lua:1: acs:ram::1111222233334444:role/a/x is not the ARN of a role: it is written "
         "acs:ram::ACCOUNT:role/NAME"},
        {"aws { regions = 'all', accounts = { '111122223333' }, role = '" ROLE "' }",
         "spurn.lua:1: " ROLE " is no role's name: write what follows role/ in its ARN"},
        {"aws { regions = 'all', organization = { role = '/x' } }",
         "spurn.lua:1: /x is no role's name: write what follows role/ in its ARN"},
        {"aws { regions = { 'us-east-1' }, endpoint = 'https://me:secret@x.example' }",
         "spurn.lua:1: the endpoint of ram is no base URL: write it as \"https://HOST\" or "
         "\"https://HOST:PORT\", without a path"},
        {"alibaba { regions = 'all', endpoint = { resourcemanager = 'https://x.example/api' } }",
         "spurn.lua:1: the endpoint of resourcemanager is no base URL: write it as "
         "\"https://HOST\" or \"https://HOST:PORT\", without a path"},
        {"aws { regions = { 'us-east-1' }, endpoint = { metadata = '169.254.169.254' } }",
         "spurn.lua:1: the endpoint of metadata is no base URL: write it as \"https://HOST\" or "
         "\"https://HOST:PORT\", without a path"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_case c;
        case_open(&c, rows[i].text);
        case_says(&c, rows[i].text, rows[i].error);
        case_close(&c);
    }
}

static void the_same_account_and_region_twice_is_an_error(void)
{
#define US "regions = { 'us-east-1' }"
    static const struct {
        const char *text, *error; /* NULL: they are not the same */
    } rows[] = {
        {"aws { " US " }\naws { " US " }",
         "spurn.lua:2: us-east-1 is named twice for one account of this cloud, first on line 1"},
        {"aws { regions = { 'us-east-1', 'us-east-1' } }",
         "spurn.lua:1: us-east-1 is named twice for one account of this cloud"},
        {"aws { " US
         ", account = '111122223333' }\naws { regions = 'all', account = '111122223333', "
         "profile = 'x' }",
         "spurn.lua:2: us-east-1 is named twice for account 111122223333, first on line 1"},
        {"aws { " US ", account = '222222222222' }\naws { " US ", role_arn = '" ROLE "' }",
         "spurn.lua:2: us-east-1 is named twice for account 222222222222, first on line 1"},
        {"aws { " US ", accounts = { '111122223333', '111122223333' }, role = 'x' }",
         "spurn.lua:1: us-east-1 is named twice for account 111122223333"},
        {"aws { " US " }\naws { " US ", profile = 'x' }", NULL},
        {"aws { " US ", account = '111122223333' }\naws { " US ", profile = '111122223333' }",
         NULL},
        {"aws { " US " }\nalibaba { " US " }", NULL},
        {"aws { " US ", organization = { role = 'a', tags = { env = 'prod' } } }\n"
         "aws { " US ", organization = { role = 'b', tags = { env = 'dev' } } }\naws { " US " }",
         NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_case c;
        case_open(&c, rows[i].text);
        if (rows[i].error != NULL)
            case_says(&c, rows[i].text, rows[i].error);
        else
            CHECK_STR(rows[i].text, c.err.text, "");
        case_close(&c);
    }
}

static void a_role_is_put_together_as_its_cloud_writes_it(void)
{
    struct buf arn;
    buf_init(&arn, 256);
    config_put_role(&cloud_aws, text_of("aws-us-gov"), text_of("111122223333"), text_of("a/b"),
                    &arn);
    CHECK_STR("", buf_str(&arn), "arn:aws-us-gov:iam::111122223333:role/a/b");
    buf_reset(&arn);
    config_put_role(&cloud_alibaba, TEXT_ABSENT, text_of("1111222233334444"), text_of("b"), &arn);
    CHECK_STR("", buf_str(&arn), "acs:ram::1111222233334444:role/b");
    buf_clear(&arn);
}

static const struct unit_test tests[] = {
    {"each_account_and_region_is_a_target", each_account_and_region_is_a_target},
    {"every_region_means_the_known_ones_of_the_partition",
     every_region_means_the_known_ones_of_the_partition},
    {"endpoints_variants_and_organizations_are_kept",
     endpoints_variants_and_organizations_are_kept},
    {"what_cannot_be_meant_is_an_error_with_its_line",
     what_cannot_be_meant_is_an_error_with_its_line},
    {"the_same_account_and_region_twice_is_an_error",
     the_same_account_and_region_twice_is_an_error},
    {"a_role_is_put_together_as_its_cloud_writes_it",
     a_role_is_put_together_as_its_cloud_writes_it},
};

UNIT_MAIN(tests)

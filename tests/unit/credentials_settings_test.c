/* credentials_settings_test.c - regions, endpoints and certificates are those that AWS's own tools would use. */
#include "credentials_case.h"
#include "place/place.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

struct settings_row {
    struct credentials_case there; /* variables, profile, files */
    const char *region, *ca_bundle, *ca_bundle_from, *ram, *sts, *organizations, *sso;
    unsigned variants;
    const char *says; /* a part of the error; NULL: none */
};

static void check(const struct settings_row *row, const struct credentials_settings *got,
                  enum spurn_status status, const struct spurn_error *err, const char *home)
{
    const char *label = row->there.label;
    char says[512];
    if (row->says != NULL) {
        case_expand(row->says, home, says, sizeof says);
        CHECK(label, status == SPURN_E_CREDENTIALS || status == SPURN_E_FILE);
        if (!CHECK(label, strstr(err->text, says) != NULL))
            printf("     says: %s\n", err->text);
        return;
    }
    if (!CHECK_INT(label, status, SPURN_OK))
        printf("     says: %s\n", err->text);
    CHECK_TEXT(label, got->region, text_of(row->region));
    CHECK_TEXT(label, got->ca_bundle, text_of(row->ca_bundle));
    if (row->ca_bundle_from != NULL)
        CHECK_STR(label, got->ca_bundle_from, row->ca_bundle_from);
    CHECK_TEXT(label, got->ram, text_of(row->ram));
    CHECK_TEXT(label, got->sts, text_of(row->sts));
    CHECK_TEXT(label, got->organizations, text_of(row->organizations));
    CHECK_TEXT(label, got->sso, text_of(row->sso));
    CHECK_INT(label, got->variants, row->variants);
}

static void run(enum credentials_cloud cloud, const struct settings_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct credentials_case *there = &rows[i].there;
        struct case_environment e = {.row = there, .has_home = true};
        case_make_home(&e);
        case_write(e.home, ".aws", "credentials", there->first, 0600);
        case_write(e.home, ".aws", "config", there->second, 0600);
        const struct credentials_ask ask = {
            .cloud = cloud, .profile = there->profile, .environment = {case_get, &e}};
        struct credentials_settings got;
        struct spurn_error err = {0};
        credentials_settings_init(&got);
        enum spurn_status status = credentials_read_settings(&ask, &got, &err);
        check(&rows[i], &got, status, &err, e.home);
        credentials_settings_clear(&got);
        case_remove(e.home, ".aws", "credentials");
        case_remove(e.home, ".aws", "config");
        rmdir(e.home);
    }
}

static void the_environment_speaks_before_the_profile(void)
{
#define PROFILE                                                                                    \
    "[profile p]\nregion = eu-west-1\nca_bundle = /p.pem\nuse_fips_endpoint = true\n"              \
    "use_dualstack_endpoint = true\n"
    static const struct settings_row rows[] = {
        {.there = {.label = "nothing"}},
        {.there = {.label = "profile", .profile = "p", .second = PROFILE},
         .region = "eu-west-1",
         .ca_bundle = "/p.pem",
         .ca_bundle_from = "the profile's ca_bundle",
         .variants = PLACE_FIPS | PLACE_DUAL_STACK},
        {.there = {.label = "both",
                   .profile = "p",
                   .variables = {"AWS_REGION=us-east-2", "AWS_DEFAULT_REGION=us-west-1",
                                 "AWS_CA_BUNDLE=/e.pem", "AWS_USE_FIPS_ENDPOINT=false",
                                 "AWS_USE_DUALSTACK_ENDPOINT=TRUE"},
                   .second = PROFILE},
         .region = "us-east-2",
         .ca_bundle = "/e.pem",
         .ca_bundle_from = "AWS_CA_BUNDLE",
         .variants = PLACE_DUAL_STACK},
        {.there = {.label = "the older name", .variables = {"AWS_DEFAULT_REGION=us-west-1"}},
         .region = "us-west-1"},
        {.there = {.label = "the credentials file over the config file",
                   .first = "[default]\nregion = a\n",
                   .second = "[default]\nregion = b\nca_bundle = /b.pem\n"},
         .region = "a",
         .ca_bundle = "/b.pem"},
        {.there = {.label = "a profile that is nowhere says nothing",
                   .profile = "q",
                   .second = PROFILE}},
        {.there = {.label = "what is neither true nor false is false",
                   .second = "[default]\nuse_fips_endpoint = yes\n"}},
    };
    run(CREDENTIALS_AWS, rows, COUNT(rows));
}

static void endpoints_are_found_in_the_order_of_the_tools(void)
{
#define SERVICES                                                                                   \
    "[default]\nservices = local\nendpoint_url = http://127.0.0.1:1\n[services local]\nram = \n"   \
    "  # mine\n  endpoint_url = http://127.0.0.1:2/\n  other = x\nsts =\n"                         \
    "  endpoint_url = http://127.0.0.1:3\ns3 =\n  endpoint_url = http://127.0.0.1:4/path\n"
    static const struct settings_row rows[] = {
        {.there = {.label = "services section, then the profile", .second = SERVICES},
         .ram = "http://127.0.0.1:2",
         .sts = "http://127.0.0.1:3",
         .organizations = "http://127.0.0.1:1",
         .sso = "http://127.0.0.1:1"},
        {.there = {.label = "the service's variable, then the general one",
                   .variables = {"AWS_ENDPOINT_URL_RAM=https://ram.example",
                                 "AWS_ENDPOINT_URL=https://all.example/"},
                   .second = SERVICES},
         .ram = "https://ram.example",
         .sts = "https://all.example",
         .organizations = "https://all.example",
         .sso = "https://all.example"},
        {.there = {.label = "each service has a variable",
                   .variables = {"AWS_ENDPOINT_URL_STS=https://a", "AWS_ENDPOINT_URL_SSO=https://b",
                                 "AWS_ENDPOINT_URL_ORGANIZATIONS=https://c"}},
         .sts = "https://a",
         .sso = "https://b",
         .organizations = "https://c"},
        {.there = {.label = "ignored by the environment's word",
                   .variables = {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
                                 "AWS_ENDPOINT_URL=https://all.example"},
                   .second = SERVICES}},
        {.there = {.label = "ignored by the profile's word",
                   .variables = {"AWS_ENDPOINT_URL=https://all.example"},
                   .second = "[default]\nignore_configured_endpoint_urls = true\n"}},
        {.there = {.label = "no such section", .second = "[default]\nservices = x\n"},
         .says = "cannot use profile default: there is no [services x] in @/.aws/config"},
        {.there = {.label = "no base URL",
                   .variables = {"AWS_ENDPOINT_URL_RAM=https://ram.example/path?x"}},
         .says = "cannot use AWS_ENDPOINT_URL_RAM for ram: it is not of the form "
                 "https://host[:port]"},
        {.there = {.label = "no URL in a profile", .second = "[default]\nendpoint_url = here\n"},
         .says = "cannot use endpoint_url of the profile for ram"},
        {.there = {.label = "a broken file", .second = "[default\n"},
         .says = "cannot read @/.aws/config: line 1"},
    };
    run(CREDENTIALS_AWS, rows, COUNT(rows));
}

static void alibaba_cloud_has_a_region(void)
{
    static const struct settings_row rows[] = {
        {.there = {.label = "none", .variables = {"AWS_REGION=us-east-1"}}},
        {.there = {.label = "region", .variables = {"ALIBABA_CLOUD_REGION_ID=cn-hangzhou"}},
         .region = "cn-hangzhou"},
    };
    run(CREDENTIALS_ALIBABA, rows, COUNT(rows));
}

static const struct unit_test tests[] = {
    {"the_environment_speaks_before_the_profile", the_environment_speaks_before_the_profile},
    {"endpoints_are_found_in_the_order_of_the_tools",
     endpoints_are_found_in_the_order_of_the_tools},
    {"alibaba_cloud_has_a_region", alibaba_cloud_has_a_region},
};

UNIT_MAIN(tests)

/* sites_test.c - what the configuration means becomes sites in its order, each with the right account, endpoint and keys. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sites/private.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

enum { VARIABLES_MAX = 12, TARGETS_MAX = 8 };

/* Profiles as the tools write them; "@" in a variable stands for the folder that holds them. */
static const char credentials_file[] = "[one]\naws_access_key_id = AKIAONE\n"
                                       "aws_secret_access_key = SECRET-ONE\n"
                                       "aws_account_id = 111111111111\n"
                                       "[two]\naws_access_key_id = AKIATWO\n"
                                       "aws_secret_access_key = SECRET-TWO\n"
                                       "aws_account_id = 222222222222\n";
static const char config_file[] = "[profile two]\nendpoint_url = https://two.example.com\n"
                                  "[profile fips]\nuse_fips_endpoint = true\n"
                                  "[profile slow]\ncredential_process = tail -f /dev/null\n";

/* A configuration of a test's own, the environment it is read in, and what the log said. */
struct sites_case {
    char folder[128], credentials[160], configuration[160];
    const char *variables[VARIABLES_MAX]; /* "NAME=value" */
    struct config_target targets[TARGETS_MAX];
    size_t target_count;
    struct config config;
    struct digest *digest;
    struct http *http;
    struct log log;
    struct buf said;
    struct sites *sites;
    struct spurn_error err;
};

static const char *get(void *context, const char *name)
{
    const struct sites_case *c = context;
    size_t len = strlen(name);
    for (size_t i = 0; i < VARIABLES_MAX; i++) {
        const char *variable = c->variables[i];
        if (variable != NULL && strncmp(variable, name, len) == 0 && variable[len] == '=')
            return variable + len + 1;
    }
    if (strcmp(name, "AWS_SHARED_CREDENTIALS_FILE") == 0)
        return c->credentials;
    return strcmp(name, "AWS_CONFIG_FILE") == 0 ? c->configuration : NULL;
}

static void note(void *context, enum spurn_log_level level, const char *message)
{
    (void)level;
    struct sites_case *c = context;
    buf_addf(&c->said, "%s\n", message);
}

static void write_file(const char *path, const char *content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(path, fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
    close(fd);
}

static void case_init(struct sites_case *c)
{
    const char *parent = getenv("TMPDIR");
    *c = (struct sites_case){.log = {.level = SPURN_LOG_DEBUG, .write = note, .context = c}};
    buf_init(&c->said, 1024 * 1024);
    snprintf(c->folder, sizeof c->folder, "%.100s/spurn-XXXXXX",
             parent == NULL ? P_tmpdir : parent);
    CHECK("folder", mkdtemp(c->folder) != NULL);
    snprintf(c->credentials, sizeof c->credentials, "%s/credentials", c->folder);
    snprintf(c->configuration, sizeof c->configuration, "%s/config", c->folder);
    write_file(c->credentials, credentials_file);
    write_file(c->configuration, config_file);
    CHECK_INT("digest", digest_open(&c->digest, &c->err), SPURN_OK);
    const struct http_options http = {.log = &c->log};
    CHECK_INT("http", http_open(&http, &c->http, &c->err), SPURN_OK);
}

static void case_clear(struct sites_case *c)
{
    CHECK("no secret in the log", strstr(buf_str(&c->said), "SECRET") == NULL);
    http_close(c->http);
    sites_close(c->sites);
    digest_close(c->digest);
    buf_clear(&c->said);
    unlink(c->credentials);
    unlink(c->configuration);
    rmdir(c->folder);
}

static void case_add(struct sites_case *c, const struct config_target *target)
{
    struct config_target *added = &c->targets[c->target_count++];
    *added = *target;
    added->line = (int64_t)c->target_count;
    if (added->cloud == NULL)
        added->cloud = &cloud_aws;
    if (added->region == NULL)
        added->region = "us-east-1";
}

/* Looks for all of them; nothing goes over the wire. */
static enum spurn_status case_find(struct sites_case *c)
{
    c->config = (struct config){
        .path = "spurn.lua", .targets = c->targets, .target_count = c->target_count};
    const struct sites_options options = {.config = &c->config,
                                          .http = c->http,
                                          .digest = c->digest,
                                          .log = &c->log,
                                          .environment = {get, c}};
    enum spurn_status status = sites_open(&options, &c->sites, &c->err);
    int64_t wait_ms = 0;
    if (status == SPURN_OK)
        status = sites_step(c->sites, &wait_ms, &c->err);
    return status;
}

static void case_find_all(struct sites_case *c, const char *label)
{
    CHECK_INT(label, case_find(c), SPURN_OK);
    CHECK(label, sites_are_found(c->sites));
}

/* The error or account of the one target that there is. */
static const char *only_error(const struct sites_case *c)
{
    const struct site *site = sites_at(c->sites, 0);
    return site->error == NULL ? "" : site->error->text;
}

/* ---- order and accounts ---- */

static void sites_come_in_the_order_of_the_configuration(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "two", .region = "eu-west-1"});
    case_add(&c, &(struct config_target){.profile = "one", .region = "us-east-1", .label = "x"});
    case_add(&c, &(struct config_target){.profile = "two", .region = "us-east-1"});
    case_find_all(&c, "found");
    static const struct {
        const char *account, *region, *name;
    } wants[] = {
        {"222222222222", "eu-west-1", "AWS RAM eu-west-1 of 222222222222"},
        {"111111111111", "us-east-1", "AWS RAM us-east-1 of 111111111111 (x)"},
        {"222222222222", "us-east-1", "AWS RAM us-east-1 of 222222222222"},
    };
    CHECK_INT("count", (int64_t)sites_count(c.sites), (int64_t)COUNT(wants));
    for (size_t i = 0; i < sites_count(c.sites); i++) {
        char name[SITE_NAME_MAX];
        struct site *site = sites_at(c.sites, i);
        CHECK_TEXT(wants[i].name, site->place.account, text_of(wants[i].account));
        CHECK_TEXT(wants[i].name, site->place.region, text_of(wants[i].region));
        CHECK_STR("name", site_name(site, name), wants[i].name);
        CHECK_INT(wants[i].name, site->state, SITE_READY);
        CHECK_INT(wants[i].name, site_keys(site), SITE_KEYS_READY);
    }
    case_clear(&c);
}

static void the_keys_of_a_profile_are_found_once(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "one", .region = "us-east-1"});
    case_add(&c, &(struct config_target){.profile = "one", .region = "eu-west-1"});
    case_add(&c, &(struct config_target){.profile = "two", .region = "eu-west-1"});
    case_find_all(&c, "found");
    const struct credentials *first = site_credentials(sites_at(c.sites, 0));
    CHECK("shared", first == site_credentials(sites_at(c.sites, 1)));
    CHECK("another's", first != site_credentials(sites_at(c.sites, 2)));
    CHECK_TEXT("id", first->id, text_of("AKIAONE"));
    case_clear(&c);
}

static void keys_of_another_account_than_the_configuration_says_are_not_used(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "one", .account = "999999999999"});
    case_find_all(&c, "found");
    CHECK_INT("state", sites_at(c.sites, 0)->state, SITE_FAILED);
    CHECK("says both", strstr(only_error(&c), "these keys are of account 111111111111 (") != NULL);
    CHECK("says both", strstr(only_error(&c), "), the configuration says 999999999999") != NULL);
    case_clear(&c);
}

static void one_failing_profile_fails_its_own_sites_alone(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "missing"});
    case_add(&c, &(struct config_target){.profile = "one"});
    case_add(&c,
             &(struct config_target){.profile = "absent"}); /* nobody knows its account either */
    case_find_all(&c, "found");
    CHECK_INT("missing", sites_at(c.sites, 0)->state, SITE_FAILED);
    CHECK_INT("one", sites_at(c.sites, 1)->state, SITE_READY);
    CHECK_INT("absent", sites_at(c.sites, 2)->state, SITE_FAILED);
    CHECK("named", strstr(sites_at(c.sites, 0)->error->text, "missing") != NULL);
    CHECK_INT("no keys", site_keys(sites_at(c.sites, 0)), SITE_KEYS_GONE);
    case_clear(&c);
}

/* ---- the same place twice ---- */

static void one_account_and_region_is_no_target_twice(void)
{
    static const struct {
        const char *label;
        struct config_target second;
        const char *says; /* NULL: they are different */
    } rows[] = {
        {"by its keys",
         {.account = "222222222222", .profile = "two"},
         "spurn.lua:2: this account and region of AWS RAM is the target of line 1 already"},
        {"region", {.profile = "two", .region = "eu-west-1"}, NULL},
        {"account", {.profile = "one"}, NULL},
        {"failed",
         {.profile = "missing", .account = "222222222222"},
         "spurn.lua:2: this account and region of AWS RAM is the target of line 1 already"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sites_case c;
        case_init(&c);
        case_add(&c, &(struct config_target){.profile = "two"});
        case_add(&c, &rows[i].second);
        CHECK_INT(rows[i].label, case_find(&c), rows[i].says == NULL ? SPURN_OK : SPURN_E_CONFIG);
        if (rows[i].says != NULL)
            CHECK_STR(rows[i].label, c.err.text, rows[i].says);
        CHECK_INT(rows[i].label, sites_are_found(c.sites), rows[i].says == NULL);
        case_clear(&c);
    }
}

/* ---- endpoints ---- */

static void the_configuration_says_the_endpoint_before_environment_and_profile(void)
{
    static const struct {
        const char *label, *variable;
        struct config_target target;
        const char *endpoint, *host;
    } rows[] = {
        {"the cloud's own",
         NULL,
         {.profile = "one"},
         "https://ram.us-east-1.amazonaws.com",
         "ram.us-east-1.amazonaws.com"},
        {"profile", NULL, {.profile = "two"}, "https://two.example.com", "two.example.com"},
        {"environment",
         "AWS_ENDPOINT_URL_RAM=https://ram.example.com:8443",
         {.profile = "two"},
         "https://ram.example.com:8443",
         "ram.example.com:8443"},
        {"configuration",
         "AWS_ENDPOINT_URL_RAM=https://ram.example.com",
         {.profile = "two", .endpoints = {.invitations = "http://127.0.0.1:4566"}},
         "http://127.0.0.1:4566",
         "127.0.0.1:4566"},
        {"fips of the configuration",
         NULL,
         {.profile = "one", .variants = PLACE_FIPS},
         "https://ram-fips.us-east-1.amazonaws.com",
         "ram-fips.us-east-1.amazonaws.com"},
        {"fips of the environment",
         "AWS_USE_FIPS_ENDPOINT=true",
         {.profile = "one"},
         "https://ram-fips.us-east-1.amazonaws.com",
         "ram-fips.us-east-1.amazonaws.com"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sites_case c;
        case_init(&c);
        c.variables[0] = rows[i].variable;
        case_add(&c, &rows[i].target);
        case_find_all(&c, rows[i].label);
        CHECK_STR(rows[i].label, sites_at(c.sites, 0)->endpoint, rows[i].endpoint);
        CHECK_TEXT(rows[i].label, sites_at(c.sites, 0)->place.host, text_of(rows[i].host));
        case_clear(&c);
    }
}

static void clear_text_is_warned_about_once_for_each_endpoint(void)
{
    struct sites_case c;
    case_init(&c);
    const struct config_endpoints plain = {.invitations = "http://ram.example.com"};
    case_add(&c, &(struct config_target){.profile = "one", .endpoints = plain});
    case_add(&c,
             &(struct config_target){.profile = "one", .region = "eu-west-1", .endpoints = plain});
    case_find_all(&c, "found");
    static const char warning[] = "go to http://ram.example.com unencrypted";
    const char *first = strstr(buf_str(&c.said), warning);
    CHECK("said", first != NULL);
    CHECK("once", first != NULL && strstr(first + 1, warning) == NULL);
    case_clear(&c);
}

static void a_place_without_an_endpoint_fails_alone(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "one", .region = "xx-nowhere-1"});
    case_add(&c, &(struct config_target){.profile = "one"});
    case_find_all(&c, "found");
    CHECK_INT("none", sites_at(c.sites, 0)->state, SITE_FAILED);
    CHECK_STR("none", sites_at(c.sites, 0)->endpoint, "");
    CHECK_INT("another", sites_at(c.sites, 1)->state, SITE_READY);
    case_clear(&c);
}

/* ---- where STS is asked ---- */

static void sts_is_asked_in_the_first_region_or_at_home(void)
{
    static const struct {
        const char *label;
        struct config_target targets[2]; /* of one entry */
        const char *region;
    } rows[] = {
        {"named", {{.region = "eu-west-1"}, {.region = "us-east-1"}}, "eu-west-1"},
        {"all", {{.region = "af-south-1", .is_any_region = true}}, "us-east-1"},
        {"all of China", {{.region = "cn-north-1", .is_any_region = true}}, "cn-northwest-1"},
        {"all of Alibaba Cloud",
         {{.region = "cn-beijing", .is_any_region = true, .cloud = &cloud_alibaba}},
         "cn-beijing"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sites_case c;
        case_init(&c);
        c.variables[0] = "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI";
        c.variables[1] = "ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-ALIBABA";
        for (size_t k = 0; k < 2 && rows[i].targets[k].region != NULL; k++) {
            struct config_target target = rows[i].targets[k];
            target.account = "111111111111";
            target.profile = target.cloud == NULL ? "one" : NULL;
            case_add(&c, &target);
        }
        case_find_all(&c, rows[i].label);
        CHECK_TEXT(rows[i].label, sites_at(c.sites, 0)->keyring->ask.region,
                   text_of(rows[i].region));
        case_clear(&c);
    }
}

static void one_profile_in_two_partitions_has_keys_for_each(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "one", .region = "us-east-1"});
    case_add(&c, &(struct config_target){.profile = "one", .region = "cn-north-1"});
    case_find_all(&c, "found");
    CHECK("apart", sites_at(c.sites, 0)->keyring != sites_at(c.sites, 1)->keyring);
    case_clear(&c);
}

/* ---- new keys ---- */

static void refreshed(struct sites_case *c, const char *label, bool wants_others)
{
    struct site *site = sites_at(c->sites, 0);
    int64_t generation = site_keys_generation(site), wait_ms = 0;
    CHECK(label, site_keys_expired(site, generation));
    CHECK_INT(label, keyring_keys(site->keyring), SITE_KEYS_AWAITED);
    CHECK_INT(label, sites_step(c->sites, &wait_ms, &c->err), SPURN_OK);
    CHECK_INT(label, site_keys_generation(site), generation + wants_others);
}

static const char *const environment_keys[] = {
    "AWS_ACCESS_KEY_ID=AKIAENV", "AWS_SECRET_ACCESS_KEY=SECRET-ENV", "AWS_SESSION_TOKEN=TOKEN-1",
    "AWS_ACCOUNT_ID=111111111111"};

static void case_find_environment(struct sites_case *c)
{
    case_init(c);
    memcpy(c->variables, environment_keys, sizeof environment_keys);
    case_add(c, &(struct config_target){.profile = NULL});
    case_find_all(c, "found");
}

static void keys_that_a_cloud_takes_for_expired_are_fetched_anew(void)
{
    struct sites_case c;
    case_find_environment(&c);
    c.variables[2] = "AWS_SESSION_TOKEN=TOKEN-2";
    refreshed(&c, "others", true);
    struct site *site = sites_at(c.sites, 0);
    CHECK_INT("ready", site_keys(site), SITE_KEYS_READY);
    CHECK_TEXT("new", site_credentials(site)->token, text_of("TOKEN-2"));
    CHECK("an old complaint", site_keys_expired(site, 1));
    CHECK_INT("an old complaint changes nothing", site_keys(site), SITE_KEYS_READY);
    case_clear(&c);
}

static void the_same_keys_again_are_no_others(void)
{
    struct sites_case c;
    case_find_environment(&c);
    refreshed(&c, "the same", false);
    struct site *site = sites_at(c.sites, 0);
    CHECK_INT("they may do elsewhere", site_keys(site), SITE_KEYS_READY);
    CHECK("once for each generation", !site_keys_expired(site, site_keys_generation(site)));
    CHECK_INT("nothing is on its way", site_keys(site), SITE_KEYS_READY);
    case_clear(&c);
}

static void a_refresh_does_not_change_the_account(void)
{
    struct sites_case c;
    case_find_environment(&c);
    c.variables[2] = "AWS_SESSION_TOKEN=TOKEN-2";
    c.variables[3] = "AWS_ACCOUNT_ID=222222222222";
    refreshed(&c, "another's", false);
    struct site *site = sites_at(c.sites, 0);
    CHECK_INT("gone", site_keys(site), SITE_KEYS_GONE);
    CHECK("says both", strstr(site_keys_error(site)->text, "222222222222") != NULL &&
                           strstr(site_keys_error(site)->text, "111111111111") != NULL);
    case_clear(&c);
}

static void keys_that_cannot_be_fetched_anew_work_on(void)
{
    struct sites_case c;
    case_find_environment(&c);
    c.variables[0] = "AWS_PROFILE=missing";
    refreshed(&c, "nothing", false);
    struct site *site = sites_at(c.sites, 0);
    CHECK_INT("the old ones", site_keys(site), SITE_KEYS_READY);
    CHECK_TEXT("the old ones", site_credentials(site)->token, text_of("TOKEN-1"));
    CHECK("said", strstr(buf_str(&c.said), "cannot fetch new keys in place of those of") != NULL);
    case_clear(&c);
}

/* ---- giving up ---- */

static void what_is_given_up_fails_with_the_reason(void)
{
    struct sites_case c;
    case_init(&c);
    case_add(&c, &(struct config_target){.profile = "one",
                                         .role_arn = "arn:aws:iam::333333333333:role/spurn"});
    static const struct config_organization organization = {.role = "spurn"};
    case_add(&c, &(struct config_target){.profile = "one", .organization = &organization});
    case_add(&c, &(struct config_target){
                     .profile = "one", .region = "eu-west-1", .organization = &organization});
    c.config = (struct config){.targets = c.targets, .target_count = c.target_count};
    const struct sites_options options = {.config = &c.config,
                                          .http = c.http,
                                          .digest = c.digest,
                                          .log = &c.log,
                                          .environment = {get, &c}};
    int64_t wait_ms = 0;
    CHECK_INT("opened", sites_open(&options, &c.sites, &c.err), SPURN_OK);
    CHECK("nothing yet", !sites_are_found(c.sites));
    sites_give_up(c.sites, "it took too long");
    sites_give_up(c.sites, "and once more");
    CHECK_INT("settled", sites_step(c.sites, &wait_ms, &c.err), SPURN_OK);
    CHECK("found", sites_are_found(c.sites));
    CHECK_INT("an organization is one failed site", (int64_t)sites_count(c.sites), 2);
    for (size_t i = 0; i < sites_count(c.sites); i++) {
        CHECK_INT("state", sites_at(c.sites, i)->state, SITE_FAILED);
        CHECK_STR("why", sites_at(c.sites, i)->error->text,
                  "it took too long: others were still asked for");
    }
    CHECK_TEXT("the role's", sites_at(c.sites, 0)->place.account, text_of("333333333333"));
    case_clear(&c);
}

/* Opens sites of what was added, and moves them on as far as they go without waiting. */
static void case_begin(struct sites_case *c, const char *label)
{
    int64_t wait_ms = 0;
    c->config = (struct config){
        .path = "spurn.lua", .targets = c->targets, .target_count = c->target_count};
    const struct sites_options options = {.config = &c->config,
                                          .http = c->http,
                                          .digest = c->digest,
                                          .log = &c->log,
                                          .environment = {get, c}};
    CHECK_INT(label, sites_open(&options, &c->sites, &c->err), SPURN_OK);
    CHECK_INT(label, sites_step(c->sites, &wait_ms, &c->err), SPURN_OK);
    CHECK(label, !sites_are_found(c->sites));
}

/* Nothing is connected before http_step, which is never called. */
static void what_is_given_up_tells_what_it_waited_for(void)
{
    static const struct {
        const char *label;
        struct config_target target;
        const char *id, *says; /* says: NULL: it is READY all the same */
    } rows[] = {
        {"role",
         {.profile = "one", .role_arn = "arn:aws:iam::333333333333:role/spurn"},
         NULL,
         "it took too long: no reply from http://127.0.0.1:9 yet"},
        {"program", {.profile = "slow"}, NULL, "it took too long: its program has not ended yet"},
        {"whose keys", {.region = "us-east-1"}, "AWS_ACCESS_KEY_ID=AKIAENV", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sites_case c;
        int64_t wait_ms = 0;
        case_init(&c);
        c.variables[0] = rows[i].id;
        c.variables[1] = "AWS_SECRET_ACCESS_KEY=SECRET-ENV";
        case_add(&c, &rows[i].target);
        c.targets[0].endpoints.sts = "http://127.0.0.1:9";
        case_begin(&c, rows[i].label);
        sites_give_up(c.sites, "it took too long");
        CHECK_INT(rows[i].label, sites_step(c.sites, &wait_ms, &c.err), SPURN_OK);
        if (rows[i].says != NULL)
            CHECK_STR(rows[i].label, only_error(&c), rows[i].says);
        CHECK_INT(rows[i].label, sites_at(c.sites, 0)->state,
                  rows[i].says != NULL ? SITE_FAILED : SITE_READY);
        case_clear(&c);
    }
}

/* ---- when to fetch others ---- */

static void keys_are_renewed_ahead_of_their_expiry(void)
{
    enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
    static const struct {
        const char *label;
        enum credentials_cloud cloud;
        int64_t lifetime_ms, left_ms;
        enum keys_age age;
    } rows[] = {
        {"they do not expire", CREDENTIALS_AWS, 0, -5 * HOUR, KEYS_FRESH},
        {"an hour, new", CREDENTIALS_AWS, HOUR, HOUR, KEYS_FRESH},
        {"an hour, above 15 min", CREDENTIALS_AWS, HOUR, 15 * MINUTE + 1, KEYS_FRESH},
        {"an hour, 15 min", CREDENTIALS_AWS, HOUR, 15 * MINUTE, KEYS_DUE},
        {"12 hours, 16 min", CREDENTIALS_AWS, 12 * HOUR, 16 * MINUTE, KEYS_FRESH},
        {"12 hours, 15 min", CREDENTIALS_AWS, 12 * HOUR, 15 * MINUTE, KEYS_DUE},
        {"an hour, 10 s", CREDENTIALS_AWS, HOUR, 10 * SECOND, KEYS_DUE},
        {"an hour, below 10 s", CREDENTIALS_AWS, HOUR, 10 * SECOND - 1, KEYS_URGENT},
        {"an hour, none left", CREDENTIALS_AWS, HOUR, 0, KEYS_EXPIRED},
        {"an hour, over", CREDENTIALS_AWS, HOUR, -1, KEYS_EXPIRED},
        {"15 min, above a quarter", CREDENTIALS_AWS, 16 * MINUTE, 4 * MINUTE + 1, KEYS_FRESH},
        {"15 min, a quarter", CREDENTIALS_AWS, 16 * MINUTE, 4 * MINUTE, KEYS_DUE},
        {"20 s, 5 s", CREDENTIALS_AWS, 20 * SECOND, 5 * SECOND, KEYS_DUE},
        {"20 s, a tenth", CREDENTIALS_AWS, 20 * SECOND, 2 * SECOND, KEYS_DUE},
        {"20 s, below a tenth", CREDENTIALS_AWS, 20 * SECOND, 2 * SECOND - 1, KEYS_URGENT},
        {"Alibaba, 4 min", CREDENTIALS_ALIBABA, HOUR, 4 * MINUTE, KEYS_FRESH},
        {"Alibaba, 3 min", CREDENTIALS_ALIBABA, HOUR, 3 * MINUTE, KEYS_DUE},
        {"Alibaba, a quarter", CREDENTIALS_ALIBABA, 8 * MINUTE, 2 * MINUTE, KEYS_DUE},
        {"Alibaba, above a quarter", CREDENTIALS_ALIBABA, 8 * MINUTE, 2 * MINUTE + 1, KEYS_FRESH},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].label, keys_age(rows[i].cloud, rows[i].lifetime_ms, rows[i].left_ms),
                  rows[i].age);
}

static void what_may_be_tried_again_is_and_nothing_else(void)
{
    static const struct {
        const char *label;
        enum http_end end;
        int http_status;
        enum cloud_error_kind kind;
        int64_t retry_after_ms;
        int tries, tries_max;
        int64_t least_ms, most_ms; /* most -1: no other try */
    } rows[] = {
        {"lost", HTTP_LOST, 0, CLOUD_ERROR_OTHER, 0, 1, 3, 0, 100},
        {"not sent", HTTP_NOT_SENT, 0, CLOUD_ERROR_OTHER, 0, 2, 3, 0, 200},
        {"the last try", HTTP_LOST, 0, CLOUD_ERROR_OTHER, 0, 3, 3, 0, -1},
        {"only one", HTTP_LOST, 0, CLOUD_ERROR_OTHER, 0, 1, 1, 0, -1},
        {"success", HTTP_REPLIED, 200, CLOUD_ERROR_OTHER, 0, 1, 3, 0, -1},
        {"refused", HTTP_REPLIED, 403, CLOUD_ERROR_REFUSED, 0, 1, 3, 0, -1},
        {"503", HTTP_REPLIED, 503, CLOUD_ERROR_SERVER, 0, 1, 3, 0, 100},
        {"throttled", HTTP_REPLIED, 429, CLOUD_ERROR_THROTTLED, 0, 1, 3, 0, 1000},
        {"throttled often", HTTP_REPLIED, 429, CLOUD_ERROR_THROTTLED, 0, 7, 3, 0, 20000},
        {"throttled for too long", HTTP_REPLIED, 429, CLOUD_ERROR_THROTTLED, 0, 8, 3, 0, -1},
        {"throttled, only one", HTTP_REPLIED, 429, CLOUD_ERROR_THROTTLED, 0, 1, 1, 0, -1},
        {"as told", HTTP_REPLIED, 503, CLOUD_ERROR_SERVER, 60000, 1, 3, 60000, 60000},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct http_result result = {.end = rows[i].end,
                                           .reply = {.http_status = rows[i].http_status}};
        const struct cloud_error error = {.kind = rows[i].kind,
                                          .retry_after_ms = rows[i].retry_after_ms};
        bool has_error = rows[i].end == HTTP_REPLIED && rows[i].http_status != 200;
        int64_t pause_ms =
            pause_before_try(&result, has_error ? &error : NULL, rows[i].tries, rows[i].tries_max);
        CHECK(rows[i].label, rows[i].most_ms == -1
                                 ? pause_ms == -1
                                 : pause_ms >= rows[i].least_ms && pause_ms <= rows[i].most_ms);
    }
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }

static const struct unit_test tests[] = {
    TEST(sites_come_in_the_order_of_the_configuration),
    TEST(the_keys_of_a_profile_are_found_once),
    TEST(keys_of_another_account_than_the_configuration_says_are_not_used),
    TEST(one_failing_profile_fails_its_own_sites_alone),
    TEST(one_account_and_region_is_no_target_twice),
    TEST(the_configuration_says_the_endpoint_before_environment_and_profile),
    TEST(clear_text_is_warned_about_once_for_each_endpoint),
    TEST(a_place_without_an_endpoint_fails_alone),
    TEST(sts_is_asked_in_the_first_region_or_at_home),
    TEST(one_profile_in_two_partitions_has_keys_for_each),
    TEST(keys_that_a_cloud_takes_for_expired_are_fetched_anew),
    TEST(the_same_keys_again_are_no_others),
    TEST(a_refresh_does_not_change_the_account),
    TEST(keys_that_cannot_be_fetched_anew_work_on),
    TEST(what_is_given_up_fails_with_the_reason),
    TEST(what_is_given_up_tells_what_it_waited_for),
    TEST(keys_are_renewed_ahead_of_their_expiry),
    TEST(what_may_be_tried_again_is_and_nothing_else),
};
UNIT_MAIN(tests)

/* credentials_aws_sts_test.c - roles, web identities and callers at AWS STS: what is sent, what comes of each answer. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const char role[] = "arn:aws:iam::222222222222:role/spurn";

static void init_role(struct source_case *c, const char *token)
{
    source_case_init(c, &source_aws_role);
    source_case_give_keys(c, token);
    c->source.settings.role_arn = text_of(role);
}

/* ---- what is sent ---- */

/* Signatures computed with botocore 1.43. */
static void a_role_is_asked_for_by_a_signed_form(void)
{
    static const struct {
        const char *token, *signed_too, *signature;
    } rows[] = {
        {NULL, "", "ee088bb2c6877c7bfc30124b6deb9032cba65a16799b2232f03bfce0eb28dc2c"},
        {"TOK", ";x-amz-security-token",
         "4922f94538560e1f41256ba04a7e358d36d74d971242f5efd7ee6fa6cbe1a60d"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        char want[512];
        init_role(&c, rows[i].token);
        c.source.settings.session_name = text_of("nightly");
        c.source.settings.external_id = text_of("a b+c");
        c.source.settings.duration_s = 3600;
        c.source.settings.region = text_of("eu-west-1");
        CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
        CHECK_STR("", c.search.request.method, "POST");
        CHECK_STR("", c.search.base_url, "https://sts.eu-west-1.amazonaws.com");
        CHECK_TEXT("", c.search.request.host, text_of("sts.eu-west-1.amazonaws.com"));
        CHECK_TEXT("", c.search.request.path, text_of("/"));
        CHECK_TEXT("", c.search.request.body,
                   text_of("Action=AssumeRole&Version=2011-06-15"
                           "&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fspurn"
                           "&RoleSessionName=nightly&ExternalId=a%20b%2Bc&DurationSeconds=3600"));
        snprintf(want, sizeof want,
                 "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/sts/aws4_request, "
                 "SignedHeaders=content-type;host;x-amz-date%s, Signature=%s",
                 rows[i].signed_too, rows[i].signature);
        CHECK_TEXT("", source_case_header(&c, "authorization"), text_of(want));
        CHECK("", !c.search.is_near && c.search.tries == 3);
        source_case_clear(&c);
    }
}

static void what_nobody_said_is_not_sent(void)
{
    struct source_case c;
    init_role(&c, NULL);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", c.search.request.body,
               text_of("Action=AssumeRole&Version=2011-06-15"
                       "&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fspurn"
                       "&RoleSessionName=spurn"));
    source_case_clear(&c);
}

static void sts_is_asked_where_the_nearest_word_says(void)
{
    static const struct {
        const char *label;
        const char *own, *set,
            *asked; /* regions: of the source, of environment and profile, of the target */
        const char *given, *set_url; /* endpoints */
        const char *regional;        /* AWS_STS_REGIONAL_ENDPOINTS=... */
        unsigned variants;
        const char *url, *signed_for;
    } rows[] = {
        {.label = "the target's region",
         .asked = "eu-west-1",
         .url = "https://sts.eu-west-1.amazonaws.com",
         .signed_for = "eu-west-1"},
        {.label = "the environment's region",
         .set = "eu-west-2",
         .asked = "us-east-1",
         .url = "https://sts.eu-west-2.amazonaws.com",
         .signed_for = "eu-west-2"},
        {.label = "the environment's, of another partition",
         .set = "eu-west-2",
         .asked = "cn-north-1",
         .url = "https://sts.cn-north-1.amazonaws.com.cn",
         .signed_for = "cn-north-1"},
        {.label = "the environment's, which is none",
         .set = "atlantis",
         .asked = "eu-west-1",
         .url = "https://sts.eu-west-1.amazonaws.com",
         .signed_for = "eu-west-1"},
        {.label = "the environment's alone",
         .set = "eu-west-2",
         .url = "https://sts.eu-west-2.amazonaws.com",
         .signed_for = "eu-west-2"},
        {.label = "the source's own",
         .own = "sa-east-1",
         .set = "eu-west-2",
         .asked = "us-east-1",
         .url = "https://sts.sa-east-1.amazonaws.com",
         .signed_for = "sa-east-1"},
        {.label = "the configuration's endpoint",
         .asked = "eu-west-1",
         .given = "http://127.0.0.1:4566",
         .set_url = "https://no.example",
         .url = "http://127.0.0.1:4566",
         .signed_for = "eu-west-1"},
        {.label = "the environment's endpoint",
         .asked = "eu-west-1",
         .set_url = "https://vpce.example",
         .regional = "AWS_STS_REGIONAL_ENDPOINTS=legacy",
         .url = "https://vpce.example",
         .signed_for = "eu-west-1"},
        {.label = "the one host of old",
         .asked = "eu-west-1",
         .regional = "AWS_STS_REGIONAL_ENDPOINTS=legacy",
         .url = "https://sts.amazonaws.com",
         .signed_for = "us-east-1"},
        {.label = "a region that came later",
         .asked = "eu-south-1",
         .regional = "AWS_STS_REGIONAL_ENDPOINTS=legacy",
         .url = "https://sts.eu-south-1.amazonaws.com",
         .signed_for = "eu-south-1"},
        {.label = "regional, said aloud",
         .asked = "eu-west-1",
         .regional = "AWS_STS_REGIONAL_ENDPOINTS=regional",
         .url = "https://sts.eu-west-1.amazonaws.com",
         .signed_for = "eu-west-1"},
        {.label = "validated cryptography",
         .asked = "us-east-2",
         .regional = "AWS_STS_REGIONAL_ENDPOINTS=legacy",
         .variants = PLACE_FIPS,
         .url = "https://sts-fips.us-east-2.amazonaws.com",
         .signed_for = "us-east-2"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        char scope[64];
        init_role(&c, NULL);
        c.source.settings.region = text_of(rows[i].own);
        c.search.settings.region = text_of(rows[i].set);
        c.search.settings.sts = text_of(rows[i].set_url);
        c.search.ask.region = text_of(rows[i].asked);
        c.search.ask.endpoints.sts = rows[i].given;
        c.search.ask.variants = rows[i].variants;
        c.variables[0] = rows[i].regional;
        if (!CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND))
            printf("     says: %s\n", c.err.text);
        CHECK_STR(rows[i].label, c.search.base_url, rows[i].url);
        snprintf(scope, sizeof scope, "/20261122/%s/sts/aws4_request", rows[i].signed_for);
        struct spurn_text authorization = source_case_header(&c, "authorization");
        CHECK(rows[i].label, authorization.at != NULL && strstr(authorization.at, scope) != NULL);
        source_case_clear(&c);
    }
}

static void a_place_that_is_none_is_said_before_anything_is_sent(void)
{
    static const struct {
        const char *label, *role, *region, *endpoint, *regional, *says;
    } rows[] = {
        {"no ARN", "spurn", "us-east-1", NULL, NULL, "its role has no ARN such as"},
        {"an ARN with a blank", "arn:aws:iam::222222222222:role/a b", "us-east-1", NULL, NULL,
         "its role has no ARN"},
        {"no region", role, "atlantis", NULL, NULL, "cannot find where sts is: "},
        {"no base URL", role, "us-east-1", "sts.example", NULL, "its address is not of the form"},
        {"neither of the two", role, "us-east-1", NULL, "AWS_STS_REGIONAL_ENDPOINTS=global",
         "neither regional nor legacy"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init_role(&c, NULL);
        c.source.settings.role_arn = text_of(rows[i].role);
        c.search.ask.region = text_of(rows[i].region);
        c.search.ask.endpoints.sts = rows[i].endpoint;
        c.variables[0] = rows[i].regional;
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_FAILED);
        source_case_check_says(rows[i].label, &c, "cannot ", rows[i].says);
        CHECK_INT(rows[i].label, c.err.status, SPURN_E_CREDENTIALS);
        source_case_clear(&c);
    }
}

/* ---- a role's keys ---- */

static void a_roles_keys_say_whose_they_are_and_until_when(void)
{
    static const struct source_keys_want want = {
        .id = "ASIAEXAMPLEASSUMED01",
        .secret = "SECRET-assumed/role+key",
        .token = "SECRET-IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==",
        .account = "222222222222",
        .principal = "arn:aws:sts::222222222222:assumed-role/spurn/nightly",
        .expires_ms = SOURCE_NOW + INT64_C(3601000),
    };
    struct source_case c;
    init_role(&c, NULL);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_INT(c.err.text, source_case_hear_file(&c, "sts_assume_role"), SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
}

#define ASSUMED(keys, user)                                                                        \
    "<AssumeRoleResponse><AssumeRoleResult>" user "<Credentials>" keys                             \
    "</Credentials></AssumeRoleResult></AssumeRoleResponse>"
#define KEYS                                                                                       \
    "<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>SECRET-x</SecretAccessKey>"                  \
    "<SessionToken>SECRET-t</SessionToken>"
#define UNTIL "<Expiration>2026-11-22T04:00:00Z</Expiration>"

static void without_a_session_the_roles_arn_tells_the_account(void)
{
    static const struct source_keys_want want = {.id = "ASIAX",
                                                 .secret = "SECRET-x",
                                                 .token = "SECRET-t",
                                                 .account = "222222222222",
                                                 .expires_ms = SOURCE_NOW + INT64_C(3600000)};
    struct source_case c;
    init_role(&c, NULL);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT(c.err.text, source_case_hear_reply(&c, reply_of(200, ASSUMED(KEYS UNTIL, ""))),
              SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
}

static void an_answer_that_is_not_whole_gives_no_keys(void)
{
    static const struct {
        const char *label, *body, *says;
    } rows[] = {
        {"empty", "", "its answer cannot be read: it is empty"},
        {"HTML", "<!doctype html><html><body>Sign in</body></html>", "its answer cannot be read: "},
        {"JSON", "{\"AssumeRoleResponse\":{}}", "is something between here and AWS STS answering"},
        {"cut off", "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAX",
         "it is cut off"},
        {"another operation's", "<GetCallerIdentityResponse/>",
         "its answer holds no keys; is something between"},
        {"no id",
         ASSUMED("<SecretAccessKey>SECRET-x</SecretAccessKey><SessionToken>SECRET-t</"
                 "SessionToken>" UNTIL,
                 ""),
         "AccessKeyId is missing"},
        {"no secret",
         ASSUMED("<AccessKeyId>ASIAX</AccessKeyId><SessionToken>SECRET-t</SessionToken>" UNTIL, ""),
         "SecretAccessKey is missing"},
        {"no token",
         ASSUMED(
             "<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>SECRET-x</SecretAccessKey>" UNTIL,
             ""),
         "SessionToken is missing"},
        {"no end", ASSUMED(KEYS, ""), "without an Expiration"},
        {"an end that is none", ASSUMED(KEYS "<Expiration>soon</Expiration>", ""),
         "Expiration is no time"},
        {"twice", ASSUMED(KEYS KEYS UNTIL, ""), "an element is there twice"},
        {"expired", ASSUMED(KEYS "<Expiration>2026-11-22T02:59:59Z</Expiration>", ""), "expired"},
        {"of another account's role",
         ASSUMED(KEYS UNTIL, "<AssumedRoleUser><Arn>arn:aws:sts::999999999999:assumed-role/x/y"
                             "</Arn></AssumedRoleUser>"),
         "its answer has keys of account 999999999999"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init_role(&c, NULL);
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(rows[i].label, source_case_hear_reply(&c, reply_of(200, rows[i].body)),
                  SOURCE_FAILED);
        source_case_check_says(rows[i].label, &c, "cannot ", rows[i].says);
        source_case_clear(&c);
    }
}

static void no_reply_is_the_networks_fault(void)
{
    struct source_case c;
    init_role(&c, NULL);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT("", source_case_hear_nothing(&c), SOURCE_FAILED);
    CHECK_INT("", c.err.status, SPURN_E_NETWORK);
    source_case_check_says(
        "", &c, "cannot assume role arn:aws:iam::222222222222:role/spurn: ", "timed out");
    source_case_clear(&c);
}

/* ---- refusals ---- */

static void a_refusal_says_what_to_look_at(void)
{
    static const struct {
        const char *file;
        const struct source_kind *kind;
        const char *says, *advises;
    } rows[] = {
        {"sts_error_denied", &source_aws_role,
         "403 AccessDenied: User: arn:aws:iam::012345678901:user/nightly is not authorized",
         "trust policy"},
        {"sts_error_expired", &source_aws_role,
         "403 ExpiredToken: ", "the keys have expired: get fresh ones"},
        {"sts_error_unknown_key", &source_aws_role,
         "403 InvalidClientTokenId: ", "is invalid; the access key is unknown or switched off"},
        {"sts_error_region_disabled", &source_aws_role,
         "403 RegionDisabledException: ", "name another region"},
        {"sts_error_clock", &source_aws_role,
         "Signature expired: ", "clock and the one of AWS differ"},
        {"sts_error_signature", &source_aws_role, "403 SignatureDoesNotMatch: ",
         "the secret access key is not the one that belongs to this id"},
        {"sts_error_validation", &source_aws_role, "exceeds the MaxSessionDuration",
         "the duration"},
        {"sts_error_denied", &source_aws_identity,
         "403 AccessDenied: ", "a policy denies sts:GetCallerIdentity"},
        {"sts_error_clock", &source_aws_identity,
         "403 SignatureDoesNotMatch: ", "clock and the one of AWS differ"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init_role(&c, NULL);
        c.source.kind = rows[i].kind;
        CHECK_INT(rows[i].file, source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(rows[i].file, source_case_hear_file(&c, rows[i].file), SOURCE_FAILED);
        CHECK_INT(rows[i].file, c.err.status, SPURN_E_CREDENTIALS);
        source_case_check_says(rows[i].file, &c, "cannot ", rows[i].says);
        source_case_check_says(rows[i].file, &c, "cannot ", rows[i].advises);
        source_case_clear(&c);
    }
}

static void a_refusal_without_a_code_says_the_status(void)
{
    struct source_case c;
    init_role(&c, NULL);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT("", source_case_hear_reply(&c, reply_of(502, "<html>bad gateway</html>")),
              SOURCE_FAILED);
    source_case_check_says("", &c, "cannot assume role ",
                           "sts.us-east-1.amazonaws.com answered 502");
    source_case_clear(&c);
}

static void a_provider_out_of_reach_is_asked_for_three_times(void)
{
    struct source_case c;
    init_role(&c, NULL);
    for (int i = 0; i < 2; i++) {
        CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
        CHECK_INT("", source_case_hear_file(&c, "sts_error_idp"), SOURCE_SEND);
    }
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT("", source_case_hear_file(&c, "sts_error_idp"), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot assume role ",
                           "the identity provider could not be reached");
    source_case_clear(&c);
}

/* ---- web identity ---- */

struct token_file {
    char folder[64], path[96];
};

static void write_token(const struct token_file *f, const char *token)
{
    int fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(f->path, fd >= 0 && write(fd, token, strlen(token)) == (ssize_t)strlen(token));
    close(fd);
}

static void make_token(struct token_file *f, const char *token)
{
    const char *parent = getenv("TMPDIR");
    snprintf(f->folder, sizeof f->folder, "%.40s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(f->folder) != NULL);
    snprintf(f->path, sizeof f->path, "%s/token", f->folder);
    write_token(f, token);
}

static void remove_token(const struct token_file *f)
{
    unlink(f->path);
    rmdir(f->folder);
}

static void init_web_identity(struct source_case *c, const struct token_file *f)
{
    source_case_init(c, &source_aws_web_identity);
    c->source.settings.role_arn = text_of("arn:aws:iam::333333333333:role/pod");
    c->source.settings.token_file = text_of(f->path);
}

static void a_web_identity_goes_unsigned_and_its_file_is_read_each_time(void)
{
    static const struct source_keys_want want = {
        .id = "ASIAEXAMPLEWEBIDENT1",
        .secret = "SECRET-web/identity+key",
        .token = "SECRET-IQoJb3JpZ2luX2VjEXAMPLEweb==",
        .account = "333333333333",
        .principal = "arn:aws:sts::333333333333:assumed-role/pod/spurn",
        .expires_ms = SOURCE_NOW + INT64_C(3602000),
    };
    struct token_file f = {0};
    struct source_case c;
    make_token(&f, "SECRET-one\n");
    init_web_identity(&c, &f);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", c.search.request.body,
               text_of("Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                       "&RoleArn=arn%3Aaws%3Aiam%3A%3A333333333333%3Arole%2Fpod"
                       "&RoleSessionName=spurn&WebIdentityToken=SECRET-one"));
    CHECK("", source_case_header(&c, "authorization").at == NULL);
    write_token(&f, "SECRET-two");
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK("", strstr(c.search.request.body.at, "&WebIdentityToken=SECRET-two") != NULL);
    CHECK_INT(c.err.text, source_case_hear_file(&c, "sts_web_identity"), SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
    remove_token(&f);
}

static void a_token_that_cannot_be_sent_is_said(void)
{
    static const struct {
        const char *token, *says; /* NULL: no file */
    } rows[] = {
        {NULL, "no such file"},
        {" \n", "it is empty"},
        {"SECRET-one\nSECRET-two\n", "it is not one line of text"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_file f = {0};
        struct source_case c;
        make_token(&f, rows[i].token == NULL ? "" : rows[i].token);
        if (rows[i].token == NULL)
            unlink(f.path);
        init_web_identity(&c, &f);
        CHECK_INT(rows[i].says, source_case_ask(&c), SOURCE_FAILED);
        source_case_check_says(rows[i].says, &c, "cannot ", rows[i].says);
        source_case_clear(&c);
        remove_token(&f);
    }
}

static void a_refused_web_identity_says_what_to_look_at(void)
{
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"sts_error_identity_token", "IAM has an identity provider for the token's issuer"},
        {"sts_error_identity_expired", "what writes it has to renew it"},
        {"sts_error_denied", "its trust policy names the token's issuer, audience and subject"},
    };
    struct token_file f = {0};
    make_token(&f, "SECRET-one");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init_web_identity(&c, &f);
        CHECK_INT(rows[i].file, source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(rows[i].file, source_case_hear_file(&c, rows[i].file), SOURCE_FAILED);
        source_case_check_says(
            rows[i].file, &c,
            "cannot assume role arn:aws:iam::333333333333:role/pod: ", rows[i].says);
        source_case_clear(&c);
    }
    remove_token(&f);
}

static void a_token_that_the_server_says_again_is_struck_out(void)
{
    struct token_file f = {0};
    struct source_case c;
    make_token(&f, "SECRET-eyJhbGciOi.J9.sig");
    init_web_identity(&c, &f);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT(
        "",
        source_case_hear_reply(
            &c, reply_of(400, "<ErrorResponse><Error><Code>ValidationError</Code><Message>Value "
                              "'SECRET-eyJhbGciOi.J9.sig' at 'webIdentityToken' is too long"
                              "</Message></Error></ErrorResponse>")),
        SOURCE_FAILED);
    source_case_check_says("", &c, "cannot assume role ", "at 'webIdentityToken' is too long");
    CHECK("", strstr(c.err.text, "eyJhbGciOi") == NULL);
    source_case_clear(&c);
    remove_token(&f);
}

/* ---- whose keys ---- */

static void the_same_keys_learn_whose_they_are(void)
{
    static const struct source_keys_want want = {
        .id = "AKIDEXAMPLE",
        .secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        .account = "012345678901",
        .principal = "arn:aws:iam::012345678901:user/nightly",
    };
    struct source_case c;
    source_case_init(&c, &source_aws_identity);
    source_case_give_keys(&c, NULL);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", c.search.request.body, text_of("Action=GetCallerIdentity&Version=2011-06-15"));
    CHECK_INT(c.err.text, source_case_hear_file(&c, "sts_identity"), SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
}

#define IDENTITY(fields)                                                                           \
    "<GetCallerIdentityResponse><GetCallerIdentityResult>" fields                                  \
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"

static void an_identity_without_account_or_arn_is_none(void)
{
    static const char *const bodies[] = {
        IDENTITY(""),
        IDENTITY("<Account>012345678901</Account>"),
        IDENTITY("<Arn>arn:aws:iam::012345678901:root</Arn>"),
        IDENTITY("<Arn>arn:aws:iam::012345678901:root</Arn><Account>12345678901</Account>"),
        IDENTITY("<Arn>arn:aws:iam::012345678901:root</Arn><Account>01234567890x</Account>"),
        IDENTITY("<Arn>root</Arn><Account>012345678901</Account>"),
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_identity);
        source_case_give_keys(&c, NULL);
        CHECK_INT(bodies[i], source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(bodies[i], source_case_hear_reply(&c, reply_of(200, bodies[i])), SOURCE_FAILED);
        source_case_check_says(bodies[i], &c, "cannot learn whose keys those of the source are: ",
                               "no account of 12 digits, or no ARN");
        source_case_clear(&c);
    }
}

static const struct unit_test tests[] = {
    {"a role is asked for by a signed form", a_role_is_asked_for_by_a_signed_form},
    {"what nobody said is not sent", what_nobody_said_is_not_sent},
    {"sts is asked where the nearest word says", sts_is_asked_where_the_nearest_word_says},
    {"a place that is none is said before anything is sent",
     a_place_that_is_none_is_said_before_anything_is_sent},
    {"a role's keys say whose they are and until when",
     a_roles_keys_say_whose_they_are_and_until_when},
    {"without a session the role's ARN tells the account",
     without_a_session_the_roles_arn_tells_the_account},
    {"an answer that is not whole gives no keys", an_answer_that_is_not_whole_gives_no_keys},
    {"no reply is the network's fault", no_reply_is_the_networks_fault},
    {"a refusal says what to look at", a_refusal_says_what_to_look_at},
    {"a refusal without a code says the status", a_refusal_without_a_code_says_the_status},
    {"a provider out of reach is asked for three times",
     a_provider_out_of_reach_is_asked_for_three_times},
    {"a web identity goes unsigned, and its file is read each time",
     a_web_identity_goes_unsigned_and_its_file_is_read_each_time},
    {"a token that cannot be sent is said", a_token_that_cannot_be_sent_is_said},
    {"a refused web identity says what to look at", a_refused_web_identity_says_what_to_look_at},
    {"a token that the server says again is struck out",
     a_token_that_the_server_says_again_is_struck_out},
    {"the same keys learn whose they are", the_same_keys_learn_whose_they_are},
    {"an identity without account or ARN is none", an_identity_without_account_or_arn_is_none},
};
UNIT_MAIN(tests)

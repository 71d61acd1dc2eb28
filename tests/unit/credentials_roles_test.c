/* credentials_roles_test.c - AWS profiles that mean other keys lead to them by the way that AWS's own tools go. */
#include "credentials_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct case_cloud aws = {CREDENTIALS_AWS, ".aws", "credentials", ".aws", "config"};

static void run(const struct credentials_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_run(&aws, &rows[i]);
}

#define KEYS(id)   "aws_access_key_id = " id "\naws_secret_access_key = SECRET-" id "\n"
#define ROLE(name) "arn:aws:iam::222222222222:role/" name
#define SENT(name) "RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2F" name "&"
#define STS        "https://sts.us-east-1.amazonaws.com"

/* What STS answers, as it words it. */
#define HANDED(operation, id)                                                                      \
    "<" operation "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" operation       \
    "Result><AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::222222222222:" \
    "assumed-role/x/x</Arn></AssumedRoleUser><Credentials><AccessKeyId>" id                        \
    "</AccessKeyId><SecretAccessKey>SECRET-" id "</SecretAccessKey><SessionToken>SECRET-T-" id     \
    "</SessionToken><Expiration>2026-11-22T04:00:00Z</Expiration></Credentials></" operation       \
    "Result></" operation "Response>"
#define ASSUMED(id)    HANDED("AssumeRole", id)
#define IDENTIFIED(id) HANDED("AssumeRoleWithWebIdentity", id)
#define FOUND(key)                                                                                 \
    .id = key, .secret = "SECRET-" key, .token = "SECRET-T-" key, .account = "222222222222"

static void a_role_is_assumed_with_the_keys_of_its_source(void)
{
    static const struct credentials_case rows[] = {
        {.label = "source_profile",
         .profile = "prod",
         .first = "[base]\n" KEYS("AKB"),
         .second = "[profile prod]\nrole_arn = " ROLE("spurn") "\nsource_profile = base\n",
         .steps = {{STS, "Credential=AKB/20261122/us-east-1/sts/", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("spurn") " with profile base in @/.aws/credentials"},
        {.label = "what the profile says of the role goes along",
         .second = "[default]\nrole_arn = " ROLE(
             "spurn") "\nsource_profile = base\n"
                      "external_id = x/1\nrole_session_name = nightly\nduration_seconds = 1800\n"
                      "[profile base]\n" KEYS("AKB"),
         .steps = {{STS,
                    SENT("spurn") "RoleSessionName=nightly&ExternalId=x%2F1&"
                                  "DurationSeconds=1800",
                    200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("spurn") " with profile base in @/.aws/config"},
        {.label = "a session's own name, and no number of seconds",
         .second = "[default]\nrole_arn = " ROLE(
             "spurn") "\nsource_profile = base\n"
                      "duration_seconds = long\n[profile base]\n" KEYS("AKB"),
         .steps = {{STS, SENT("spurn") "RoleSessionName=spurn", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("spurn") " with profile base in @/.aws/config"},
        {.label = "a role from a role",
         .second = "[default]\nrole_arn = " ROLE("b") "\nsource_profile = a\n"
                                                      "[profile a]\nrole_arn = " ROLE(
                                                          "a") "\nsource_profile = base\n"
                                                               "[profile base]\n" KEYS("AKB"),
         .steps = {{STS, "Credential=AKB/", 200, ASSUMED("ASIA1")},
                   {STS, "Credential=ASIA1/", 200, ASSUMED("ASIA2")}},
         FOUND("ASIA2"),
         .says = "role " ROLE("b") " with role " ROLE("a") " with profile base in @/.aws/config"},
        {.label = "the one host of old, by the profile's word",
         .second = "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = base\nregion = eu-west-1\n"
                  "sts_regional_endpoints = legacy\n[profile base]\n" KEYS("AKB"),
         .steps = {{"https://sts.amazonaws.com", "Credential=AKB/20261122/us-east-1/sts/", 200,
                    ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("a") " with profile base in @/.aws/config"},
        {.label = "the inner role first",
         .second = "[default]\nrole_arn = " ROLE("b") "\nsource_profile = a\n"
                                                      "[profile a]\nrole_arn = " ROLE(
                                                          "a") "\nsource_profile = base\n"
                                                               "[profile base]\n" KEYS("AKB"),
         .steps = {{STS, SENT("a"), 200, ASSUMED("ASIA1")},
                   {STS, SENT("b"), 200, ASSUMED("ASIA2")}},
         FOUND("ASIA2"),
         .says = "role " ROLE("b") " with role " ROLE("a") " with profile base in @/.aws/config"},
        {.label = "a source that has keys beside its role is its keys",
         .second = "[default]\nrole_arn = " ROLE(
             "b") "\nsource_profile = a\n"
                  "[profile a]\nrole_arn = " ROLE("a") "\nsource_profile = base\n" KEYS("AKA"),
         .steps = {{STS, "Credential=AKA/", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("b") " with profile a in @/.aws/config"},
        {.label = "a profile that is its own source",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = default\n",
         .steps = {{STS, "Credential=AKD/", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("a") " with profile default in @/.aws/credentials"},
        {.label = "the environment's keys",
         .profile = "prod",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E"},
         .second = "[profile prod]\nrole_arn = " ROLE("a") "\ncredential_source = Environment\n",
         .steps = {{STS, "Credential=AKE/", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("a") " with environment variables"},
        {.label = "the container's keys",
         .variables = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x",
                       "AWS_CONTAINER_AUTHORIZATION_TOKEN=SECRET-AUTH"},
         .second = "[default]\nrole_arn = " ROLE("a") "\ncredential_source = EcsContainer\n",
         .steps = {{"http://169.254.170.2", "Authorization: SECRET-AUTH", 200,
                    "{\"AccessKeyId\":\"ASIA0\",\"SecretAccessKey\":\"SECRET-0\",\"Token\":\"T\","
                    "\"Expiration\":\"2026-11-22T04:00:00Z\"}"},
                   {STS, "Credential=ASIA0/", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("a") " with the container's role"},
        {.label = "a program's keys",
         .second = "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = p\n"
                  "[profile p]\ncredential_process = /bin/give --to 'a b'\n",
         .steps = {{"/bin/give", "/bin/give|--to|a b", 0,
                    "{\"Version\":1,\"AccessKeyId\":\"AKP\",\"SecretAccessKey\":\"SECRET-P\"}"},
                   {STS, "Credential=AKP/", 200, ASSUMED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("a") " with profile p in @/.aws/config"},
        {.label = "environment's keys stand before the profile's role",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E"},
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = default\n",
         .id = "AKE",
         .secret = "SECRET-E",
         .says = "environment variables"},
    };
    run(rows, COUNT(rows));
}

static void what_is_wrong_with_a_role_is_said_and_nothing_is_used_instead(void)
{
    static const struct credentials_case rows[] = {
        {.label = "two sources",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = b\n"
                                                      "credential_source = Environment\n",
         .says = "cannot use profile default: it has both source_profile and credential_source"},
        {.label = "no such source",
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = b\n",
         .says = "cannot use profile default: its source_profile b does not exist"},
        {.label = "a source that is misspelt",
         .first = "[prod]\n" KEYS("AKP"),
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = prdo\n",
         .says = "cannot use profile default: its source_profile prdo does not exist; did you mean "
                 "\"prod\"?"},
        {.label = "a source without keys",
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = b\n[profile b]\nx = 1\n",
         .says = "cannot use profile default: its source_profile b has no keys"},
        {.label = "an unknown source",
         .second = "[default]\nrole_arn = " ROLE("a") "\ncredential_source = environment\n",
         .says = "its credential_source environment is none of Environment, EcsContainer, "
                 "Ec2InstanceMetadata"},
        {.label = "a source that is not there",
         .second = "[default]\nrole_arn = " ROLE("a") "\ncredential_source = EcsContainer\n",
         .says = "cannot use profile default: its credential_source EcsContainer has no keys"},
        {.label = "an instance that does not answer",
         .second = "[default]\nrole_arn = " ROLE("a") "\ncredential_source = Ec2InstanceMetadata\n",
         .says = "cannot use role " ROLE(
             "a") " with the instance's role: there are no keys there (it did "
                  "not answer when asked for a token; without one: it did not answer)"},
        {.label = "an instance that is not to be asked",
         .variables = {"AWS_EC2_METADATA_DISABLED=true"},
         .second = "[default]\nrole_arn = " ROLE("a") "\ncredential_source = Ec2InstanceMetadata\n",
         .says = "its credential_source Ec2InstanceMetadata has no keys"},
        {.label = "its own source without keys",
         .second = "[default]\nrole_arn = " ROLE("a") "\nsource_profile = default\n",
         .says = "cannot use profile default: source_profile goes in a circle: default, default"},
        {.label = "a circle of three",
         .second = "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = b\n"
                  "[profile b]\nrole_arn = " ROLE("b") "\nsource_profile = c\n"
                                                       "[profile c]\nrole_arn = " ROLE(
                                                           "c") "\nsource_profile = default\n",
         .says = "cannot use profile c: source_profile goes in a circle: default, b, c, default"},
        {.label = "no ARN",
         .second = "[default]\nrole_arn = spurn\nsource_profile = default\n",
         .says = "cannot use profile default: its role_arn is not of the form arn:aws:iam::"},
        {.label = "an account of eleven digits",
         .second =
             "[default]\nrole_arn = arn:aws:iam::11112222333:role/a\nsource_profile = default\n",
         .says = "its role_arn is not of the form arn:aws:iam::ACCOUNT:role/NAME, ACCOUNT being 12 "
                 "digits"},
        {.label = "no role's ARN",
         .second = "[default]\nrole_arn = arn:aws:iam::111122223333:user/a\n"
                   "source_profile = default\n",
         .says = "its role_arn is not of the form arn:aws:iam::"},
        {.label = "a role of another service",
         .second = "[default]\nrole_arn = arn:aws:sts:us-east-1:111122223333:role/a\n"
                   "source_profile = default\n",
         .says = "its role_arn is not of the form arn:aws:iam::"},
        {.label = "a role without a name",
         .second = "[default]\nrole_arn = arn:aws:iam::111122223333:role/\n"
                   "source_profile = default\n",
         .says = "its role_arn is not of the form arn:aws:iam::"},
        {.label = "an MFA device",
         .second = "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = b\n"
                  "mfa_serial = arn:aws:iam::111122223333:mfa/me\n[profile b]\n" KEYS("AKB"),
         .says = "cannot use profile default: its role wants a code of an MFA device (mfa_serial), "
                 "which cannot be asked for here; put keys of aws sts get-session-token"},
        {.label = "an MFA device further in",
         .second = "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = b\n"
                  "[profile b]\nrole_arn = " ROLE("b") "\nsource_profile = c\nmfa_serial = x\n"
                                                       "[profile c]\n" KEYS("AKC"),
         .says = "cannot use profile b: its role wants a code of an MFA device"},
        {.label = "STS refuses",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[profile base]\n" KEYS("AKB") "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = base\n",
         .steps = {{STS, "Credential=AKB/", 403,
                    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>"
                    "User AKB with SECRET-AKB may not</Message></Error></ErrorResponse>"}},
         .says = "cannot assume role " ROLE("a") ": sts.us-east-1.amazonaws.com answered 403 "
                                                 "AccessDenied: User *** with *** may not"},
        {.label = "STS refuses, without an external id",
         .second = "[profile base]\n" KEYS("AKB") "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = base\n",
         .steps = {{STS, "RoleArn=", 403,
                    "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"}},
         .says = "; no external id was sent: where the trust policy asks for one, write it as "
                 "external_id"},
        {.label = "STS refuses an external id",
         .second = "[profile base]\n" KEYS("AKB") "[default]\nexternal_id = SECRET-not\n"
                                                  "source_profile = base\nrole_arn = " ROLE("a"),
         .steps = {{STS, "&ExternalId=SECRET-not", 403,
                    "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"}},
         .says =
             "; an external id was sent: see that it is the one that the trust policy asks for"},
        {.label = "STS does not answer",
         .second = "[profile base]\n" KEYS("AKB") "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = base\n",
         .steps = {{STS, "Credential=AKB/", 0, "the connection timed out"}},
         .says = "cannot assume role " ROLE("a") ": the connection timed out"},
        {.label = "STS answers what it does not answer",
         .second = "[profile base]\n" KEYS("AKB") "[default]\nrole_arn = " ROLE(
             "a") "\nsource_profile = base\n",
         .steps = {{STS, "Credential=AKB/", 200, "<html>SECRET-X</html>"}},
         .says = "cannot assume role " ROLE("a")},
    };
    run(rows, COUNT(rows));
}

static void thirty_three_roles_are_one_too_many(void)
{
    enum { PROFILES = 40 };
    static char config[PROFILES * 128];
    size_t len = 0;
    for (int i = 0; i < PROFILES; i++)
        len += (size_t)snprintf(config + len, sizeof config - len,
                                "[profile p%d]\nrole_arn = " ROLE("r") "\nsource_profile = p%d\n",
                                i, i + 1);
    const struct credentials_case row = {
        .label = "",
        .profile = "p0",
        .second = config,
        .says = "more than 32 profiles follow on one another by source_profile"};
    case_run(&aws, &row);
}

static void web_identity_is_exchanged_for_a_role(void)
{
    static const struct credentials_case rows[] = {
        {.label = "of the environment",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/extra", "AWS_ROLE_ARN=" ROLE("irsa"),
                       "AWS_ROLE_SESSION_NAME=pod-7"},
         .first = "[default]\n" KEYS("AKD"),
         .extra = "  SECRET.TOKEN.X \n",
         .steps = {{STS, "RoleSessionName=pod-7&WebIdentityToken=SECRET.TOKEN.X", 200,
                    IDENTIFIED("ASIA1")}},
         FOUND("ASIA1"),
         .says = "role " ROLE("irsa") " with the web identity in @/.aws/extra"},
        {.label = "of a profile that was asked for, whatever the environment has",
         .profile = "web",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere", "AWS_ROLE_ARN=" ROLE("other")},
         .second = "[profile web]\nweb_identity_token_file = @\nrole_arn = " ROLE("web") "\n",
         .says = "cannot read the web identity token"},
        {.label = "in front of the profile's keys",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/extra", "AWS_ROLE_ARN=" ROLE("irsa")},
         .first = "[default]\n" KEYS("AKD"),
         .extra = "SECRET.TOKEN.X",
         .steps = {{STS, "Action=AssumeRoleWithWebIdentity&", 400,
                    "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredTokenException</Code>"
                    "<Message>Token SECRET.TOKEN.X expired</Message></Error></ErrorResponse>"}},
         .says = "cannot assume role " ROLE("irsa") ": sts.us-east-1.amazonaws.com answered 400 "
                                                    "ExpiredTokenException: Token *** expired"},
        {.label = "without a role",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/extra"},
         .extra = "SECRET.TOKEN.X",
         .says = "no role's ARN goes with it; set AWS_ROLE_ARN, or role_arn beside it"},
        {.label = "with a role that has no ARN",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/extra", "AWS_ROLE_ARN=irsa"},
         .extra = "SECRET.TOKEN.X",
         .says = "no role's ARN goes with it"},
        {.label = "a file that is not there",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/none", "AWS_ROLE_ARN=" ROLE("irsa")},
         .says = "@/.aws/none: no such file"},
        {.label = "a file with nothing in it",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/extra", "AWS_ROLE_ARN=" ROLE("irsa")},
         .extra = "\n",
         .says = "@/.aws/extra: it is empty"},
        {.label = "a file that is no token",
         .variables = {"AWS_WEB_IDENTITY_TOKEN_FILE=@/.aws/extra", "AWS_ROLE_ARN=" ROLE("irsa")},
         .extra = "SECRET-A\nSECRET-B\n",
         .says = "@/.aws/extra: it is not one line of text"},
    };
    run(rows, COUNT(rows));
}

static void single_sign_on_has_to_be_whole(void)
{
#define SSO "sso_account_id = 111122223333\nsso_role_name = reader\n"
    static const struct credentials_case rows[] = {
        {.label = "no such session",
         .second = "[default]\nsso_session = corp\n" SSO,
         .says = "cannot use profile default: there is no [sso-session corp] in @/.aws/config"},
        {.label = "no region",
         .second = "[default]\nsso_session = corp\n" SSO "[sso-session corp]\n"
                   "sso_start_url = https://x.awsapps.com/start\n",
         .says = "cannot use profile default: single sign-on needs sso_region too"},
        {.label = "no role",
         .second = "[default]\nsso_account_id = 111122223333\n"
                   "sso_start_url = https://x\nsso_region = us-east-1\n",
         .says = "single sign-on needs sso_role_name too"},
        {.label = "two start URLs",
         .second = "[default]\nsso_session = corp\nsso_start_url = https://y\n" SSO
                   "[sso-session corp]\nsso_start_url = https://x\nsso_region = us-east-1\n",
         .says = "its sso_start_url is another one than that of its sso-session corp"},
        {.label = "nobody logged in",
         .second = "[default]\nsso_session = corp\n" SSO "[sso-session corp]\n"
                   "sso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\n",
         .says = "aws sso login"},
        {.label = "a session alone means nothing",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\nsso_session = corp\n",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
    };
    run(rows, COUNT(rows));
}

static void a_program_gives_keys_without_a_shell(void)
{
#define GIVES "{\"Version\":1,\"AccessKeyId\":\"AKP\",\"SecretAccessKey\":\"SECRET-AKP\"}"
    static const struct credentials_case rows[] = {
        {.label = "words and quotes",
         .second = "[default]\ncredential_process = \"/opt/a b/give\" '$HOME' ~/x \\| \"\\\"\" ''\n"
                   "aws_account_id = 111122223333\n",
         .steps = {{"/opt/a b/give", "/opt/a b/give|$HOME|~/x|||\"|", 0, GIVES}},
         .id = "AKP",
         .secret = "SECRET-AKP",
         .account = "111122223333",
         .says = "profile default in @/.aws/config"},
        {.label = "over two lines",
         .second = "[default]\ncredential_process = /bin/give\n   --profile x\nregion = x\n",
         .steps = {{"/bin/give", "/bin/give|--profile|x", 0, GIVES}},
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile default in @/.aws/config"},
        {.label = "before the config file's keys",
         .second = "[default]\ncredential_process = /bin/give\n" KEYS("AKC"),
         .steps = {{"/bin/give", "", 0, GIVES}},
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile default in @/.aws/config"},
        {.label = "behind the credentials file's",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\ncredential_process = /bin/give\n",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
        {.label = "an open quotation mark",
         .second = "[default]\ncredential_process = /bin/give 'x\n",
         .says = "profile default in @/.aws/config: cannot split its command line: a quotation "
                 "mark is not closed"},
        {.label = "nothing",
         .second = "[default]\ncredential_process =\n",
         .says = "cannot split its command line: it is empty"},
    };
    run(rows, COUNT(rows));
}

static void the_machine_is_asked_last(void)
{
    static const struct credentials_case rows[] = {
        {.label = "container",
         .variables = {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials",
                       "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=@/.aws/extra",
                       "AWS_CONTAINER_AUTHORIZATION_TOKEN=unused"},
         .extra = "SECRET-POD\n",
         .steps = {{"http://169.254.170.23", "Authorization: SECRET-POD\n", 200,
                    "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"SECRET-ASIA1\",\"Token\":"
                    "\"SECRET-T-ASIA1\",\"Expiration\":\"2026-11-22T04:00:00Z\",\"AccountId\":"
                    "\"222222222222\"}"}},
         FOUND("ASIA1"),
         .says = "the container's role"},
        {.label = "also for a profile that has nothing",
         .profile = "p",
         .variables = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x"},
         .second = "[profile p]\nregion = us-east-1\n",
         .steps = {{"http://169.254.170.2", "GET /v2/x\n", 200,
                    "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"SECRET-ASIA1\",\"Token\":"
                    "\"SECRET-T-ASIA1\",\"Expiration\":\"2026-11-22T04:00:00Z\",\"AccountId\":"
                    "\"222222222222\"}"}},
         FOUND("ASIA1"),
         .says = "the container's role"},
        {.label = "keys that are expired already",
         .variables = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x"},
         .steps = {{"http://169.254.170.2", "", 200,
                    "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"SECRET-ASIA1\",\"Token\":"
                    "\"SECRET-T-ASIA1\",\"Expiration\":\"2026-11-22T02:59:00Z\"}"}},
         .says = "cannot use the container's role: its keys expired 1m ago"},
        {.label = "a container that fails ends the search",
         .variables = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x"},
         .steps = {{"http://169.254.170.2", "", 500, "oops"}},
         .says = "cannot use the container's role: 169.254.170.2 answered 500"},
        {.label = "profile's keys stand before it",
         .variables = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x"},
         .first = "[default]\n" KEYS("AKD"),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
        {.label = "the instance, where and how the profile says",
         .second = "[default]\nec2_metadata_service_endpoint = http://127.0.0.1:1338/\n"
                   "ec2_metadata_v1_disabled = true\n",
         .steps = {{"http://127.0.0.1:1338", "PUT /latest/api/token", 404, ""}},
         .says = "ec2_metadata_v1_disabled, is set"},
        {.label = "the instance over IPv6",
         .second = "[default]\nec2_metadata_service_endpoint_mode = IPv6\n",
         .steps = {{"http://[fd00:ec2::254]", "PUT /latest/api/token", 400, ""}},
         .says = "its metadata service answered 400"},
        {.label = "the instance",
         .steps = {{"http://169.254.169.254", "PUT /latest/api/token\n", 200, "SECRET-M"},
                   {"http://169.254.169.254", "GET /latest/meta-data/iam/security-credentials", 200,
                    "spurn"},
                   {"http://169.254.169.254",
                    "GET /latest/meta-data/iam/security-credentials/spurn\n", 200,
                    "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":"
                    "\"SECRET-ASIA1\",\"Token\":\"SECRET-T-ASIA1\",\"Expiration\":"
                    "\"2026-11-22T04:00:00Z\"}"}},
         .id = "ASIA1",
         .secret = "SECRET-ASIA1",
         .token = "SECRET-T-ASIA1",
         .says = "the instance's role"},
    };
    run(rows, COUNT(rows));
}

static void files_of_older_tools_still_count(void)
{
    static const struct credentials_case rows[] = {
        {.label = "AWS_CREDENTIAL_FILE",
         .variables = {"AWS_CREDENTIAL_FILE=@/.aws/extra"},
         .extra = "AWSAccessKeyId=AKO\nAWSSecretKey=SECRET-AKO\n",
         .id = "AKO",
         .secret = "SECRET-AKO",
         .says = "@/.aws/extra"},
        {.label = "half of one",
         .variables = {"AWS_CREDENTIAL_FILE=@/.aws/extra"},
         .extra = "AWSAccessKeyId=AKO\n",
         .says = "cannot use @/.aws/extra: AWSAccessKeyId is there, but AWSSecretKey is missing"},
        {.label = "none",
         .variables = {"AWS_CREDENTIAL_FILE=@/.aws/extra"},
         .says = "cannot use AWS_CREDENTIAL_FILE @/.aws/extra (no such file)"},
        {.label = "boto's",
         .variables = {"BOTO_CONFIG=@/.aws/extra"},
         .extra = "[Boto]\ndebug = 0\n[Credentials]\n" KEYS("AKO"),
         .id = "AKO",
         .secret = "SECRET-AKO",
         .says = "@/.aws/extra"},
        {.label = "behind the profile",
         .variables = {"BOTO_CONFIG=@/.aws/extra", "AWS_CREDENTIAL_FILE=@/.aws/extra"},
         .first = "[default]\n" KEYS("AKD"),
         .extra = "[Credentials]\n" KEYS("AKO"),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
    };
    run(rows, COUNT(rows));
}

static const struct unit_test tests[] = {
    {"a_role_is_assumed_with_the_keys_of_its_source",
     a_role_is_assumed_with_the_keys_of_its_source},
    {"what_is_wrong_with_a_role_is_said_and_nothing_is_used_instead",
     what_is_wrong_with_a_role_is_said_and_nothing_is_used_instead},
    {"thirty_three_roles_are_one_too_many", thirty_three_roles_are_one_too_many},
    {"web_identity_is_exchanged_for_a_role", web_identity_is_exchanged_for_a_role},
    {"single_sign_on_has_to_be_whole", single_sign_on_has_to_be_whole},
    {"a_program_gives_keys_without_a_shell", a_program_gives_keys_without_a_shell},
    {"the_machine_is_asked_last", the_machine_is_asked_last},
    {"files_of_older_tools_still_count", files_of_older_tools_still_count},
};

UNIT_MAIN(tests)

/* credentials_alibaba_test.c - Alibaba Cloud keys are found where its own tools find them, and never others in their place. */
#include "credentials_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct case_cloud alibaba = {
    CREDENTIALS_ALIBABA, ".aliyun", "config.json", ".alibabacloud", "credentials",
};

static void run(const struct credentials_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_run(&alibaba, &rows[i]);
}

/* As the CLI writes them, one member a line in the file, which nobody minds. */
#define PROFILE(name, mode, members)                                                               \
    "{\"name\":\"" name "\",\"mode\":\"" mode "\"," members                                        \
    ",\"region_id\":\"cn-hangzhou\",\"output_format\":\"json\",\"language\":\"en\","               \
    "\"site\":\"\",\"retry_count\":0}"
#define KEYS(id)     "\"access_key_id\":\"" id "\",\"access_key_secret\":\"SECRET-" id "\""
#define AK(name, id) PROFILE(name, "AK", KEYS(id))
#define CLI(current, profiles)                                                                     \
    "{\"current\":\"" current "\",\"profiles\":[" profiles "],\"meta_path\":\"\"}"
#define INI(id) "type = access_key\naccess_key_id = " id "\naccess_key_secret = SECRET-" id "\n"

#define ENVIRONMENT "ALIBABA_CLOUD_ACCESS_KEY_ID=AKE", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-E"
#define OIDC                                                                                       \
    "ALIBABA_CLOUD_ROLE_ARN=acs:ram::1234567890123456:role/pod",                                   \
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=acs:ram::1234567890123456:oidc-provider/ack",             \
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE=@/.aliyun/extra"

#define STS       "https://sts.aliyuncs.com"
#define METADATA  "http://100.100.100.200"
#define TOKEN_PUT "PUT /latest/api/token\nX-aliyun-ecs-metadata-token-ttl-seconds: 21600\n"
#define ROLE_PATH "/latest/meta-data/ram/security-credentials/"
#define ASSUMED(id, role)                                                                          \
    "{\"RequestId\":\"1\",\"AssumedRoleUser\":{\"Arn\":\"acs:ram::1234567890123456:role/" role     \
    "/spurn\",\"AssumedRoleId\":\"3000:spurn\"},\"Credentials\":{\"SecurityToken\":\"TOK-" id      \
    "\",\"Expiration\":\"2026-11-22T04:00:00Z\",\"AccessKeySecret\":\"SECRET-" id                  \
    "\",\"AccessKeyId\":\"" id "\"}}"
#define HANDED(id)                                                                                 \
    "{\"Code\":\"Success\",\"AccessKeyId\":\"" id "\",\"AccessKeySecret\":\"SECRET-" id            \
    "\",\"SecurityToken\":\"TOK-" id "\",\"Expiration\":\"2026-11-22T09:00:00Z\","                 \
    "\"LastUpdated\":\"2026-11-22T03:00:00Z\"}"
#define REFUSED                                                                                    \
    "{\"RequestId\":\"1\",\"HostId\":\"sts.aliyuncs.com\",\"Code\":\"NoPermission\",\"Message\":"  \
    "\"You are not authorized to do this action. You should be authorized by RAM.\"}"

/* ---- the order ---- */

static void keys_are_taken_from_the_first_place_that_has_some(void)
{
    static const struct credentials_case rows[] = {
        {.label = "environment",
         .variables = {ENVIRONMENT, "ALIBABA_CLOUD_SECURITY_TOKEN=TOK", OIDC},
         .first = CLI("default", AK("default", "AKD")),
         .id = "AKE",
         .secret = "SECRET-E",
         .token = "TOK",
         .says = "environment variables"},
        {.label = "OIDC",
         .variables = {OIDC},
         .first = CLI("default", AK("default", "AKD")),
         .extra = "the.token\n",
         .steps = {{STS,
                    "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&"
                    "RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fpod&RoleSessionName=spurn&"
                    "DurationSeconds=3600&OIDCProviderArn=acs%3Aram%3A%3A1234567890123456%3Aoidc-"
                    "provider%2Fack&OIDCToken=the.token",
                    200, ASSUMED("STS.O", "pod")}},
         .id = "STS.O",
         .secret = "SECRET-STS.O",
         .token = "TOK-STS.O",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/pod with ALIBABA_CLOUD_OIDC_TOKEN_FILE"},
        {.label = "the CLI's file",
         .first = CLI("default", AK("default", "AKD")),
         .second = "[default]\n" INI("AKI"),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "the shared file",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_URI=http://localhost/x"},
         .second = "[default]\nenable = true\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "metadata",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_URI=http://localhost/x"},
         .steps = {{METADATA, TOKEN_PUT, 200, "the-token"},
                   {METADATA, "GET " ROLE_PATH "\nX-aliyun-ecs-metadata-token: the-token\n", 200,
                    "ecs-role\n"},
                   {METADATA, "GET " ROLE_PATH "ecs-role\nX-aliyun-ecs-metadata-token: the-token",
                    200, HANDED("STS.M")}},
         .id = "STS.M",
         .secret = "SECRET-STS.M",
         .token = "TOK-STS.M",
         .says = "the RAM role of this ECS instance"},
        {.label = "URI",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_URI=http://localhost:8080/keys?x=1",
                       "ALIBABA_CLOUD_ECS_METADATA_DISABLED=True"},
         .steps = {{"http://localhost:8080", "GET /keys?x=1\n", 200, HANDED("STS.U")}},
         .id = "STS.U",
         .secret = "SECRET-STS.U",
         .token = "TOK-STS.U",
         .says = "ALIBABA_CLOUD_CREDENTIALS_URI"},
    };
    run(rows, COUNT(rows));
}

/* As credentials-go does; the last error tells all of it. */
static void a_place_that_fails_is_passed_over(void)
{
    static const struct credentials_case rows[] = {
        {.label = "half of a key",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_ID=AKE"},
         .first = CLI("default", AK("default", "AKD")),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "OIDC refused",
         .variables = {OIDC},
         .first = CLI("default", AK("default", "AKD")),
         .extra = "the.token",
         .steps = {{STS, "Action=AssumeRoleWithOIDC", 401,
                    "{\"Code\":\"AuthenticationFail.OIDCToken.Expired\",\"Message\":\"Old.\"}"}},
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "OIDC's token file is gone",
         .variables = {OIDC},
         .first = CLI("default", AK("default", "AKD")),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "less than OIDC needs",
         .variables = {"ALIBABA_CLOUD_OIDC_TOKEN_FILE=@/.aliyun/extra",
                       "ALIBABA_CLOUD_ROLE_ARN=acs:ram::1234567890123456:role/pod"},
         .first = CLI("default", AK("default", "AKD")),
         .extra = "the.token",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "the CLI's file is broken",
         .first = "{\"current\":",
         .second = "[default]\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "metadata has no role",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_URI=https://keys.example/"},
         .steps = {{METADATA, TOKEN_PUT, 200, "the-token"},
                   {METADATA, "GET " ROLE_PATH "\n", 404, "<html>404</html>"},
                   {"https://keys.example", "GET /\n", 200, HANDED("STS.U")}},
         .id = "STS.U",
         .secret = "SECRET-STS.U",
         .token = "TOK-STS.U",
         .says = "ALIBABA_CLOUD_CREDENTIALS_URI"},
        {.label = "all of them",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-E",
                       "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"},
         .first = CLI("r", PROFILE("r", "RamRoleArn",
                                   KEYS("AKD") ",\"ram_role_arn\":\"acs:ram::1:role/x\"")),
         .steps = {{STS, "Action=AssumeRole&", 403, REFUSED}},
         .says = "cannot use environment variables: ALIBABA_CLOUD_ACCESS_KEY_SECRET is there, but "
                 "ALIBABA_CLOUD_ACCESS_KEY_ID is missing; cannot assume role acs:ram::1:role/x "
                 "with profile r in @/.aliyun/config.json: sts.aliyuncs.com answered 403 "
                 "NoPermission: You are not authorized"},
        {.label = "what was looked at besides",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-E",
                       "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"},
         .says =
             "but ALIBABA_CLOUD_ACCESS_KEY_ID is missing; and elsewhere: cannot find Alibaba "
             "Cloud credentials: there is no profile \"default\" in @/.aliyun/config.json (no such "
             "file) or @/.alibabacloud/credentials (no such file)"},
        {.label = "a broken file comes first",
         .variables = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"},
         .first = "{broken",
         .says = "cannot read @/.aliyun/config.json: expected a key in quotes (byte 1); and "
                 "elsewhere: cannot find Alibaba Cloud credentials: "},
    };
    run(rows, COUNT(rows));
}

static void a_profile_that_was_asked_for_is_used_or_nothing_is(void)
{
    static const struct credentials_case rows[] = {
        {.label = "before the environment",
         .profile = "prod",
         .variables = {ENVIRONMENT},
         .first = CLI("default", AK("default", "AKD") "," AK("prod", "AKP")),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aliyun/config.json"},
        {.label = "in the shared file",
         .profile = "prod",
         .first = CLI("default", AK("default", "AKD")),
         .second = "[default]\n" INI("AKI") "[prod]\n" INI("AKP"),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.alibabacloud/credentials"},
        {.label = "nowhere",
         .profile = "prd",
         .variables = {ENVIRONMENT, "ALIBABA_CLOUD_CREDENTIALS_URI=http://localhost/x"},
         .first = CLI("default", AK("default", "AKD") "," AK("prod", "AKP")),
         .second = "[dev]\n" INI("AKI"),
         .says = "cannot find Alibaba Cloud credentials: there is no profile \"prd\" (did you mean "
                 "\"prod\"?) in "
                 "@/.aliyun/config.json or @/.alibabacloud/credentials; the profiles there are "
                 "default, prod, dev"},
        {.label = "not the other file's when it fails",
         .profile = "prod",
         .first = CLI("default", PROFILE("prod", "AK", "\"access_key_id\":\"AKP\"")),
         .second = "[prod]\n" INI("AKI"),
         .says = "cannot use profile prod in @/.aliyun/config.json: its mode AK needs "
                 "access_key_secret, which is not there"},
        {.label = "its file is broken",
         .profile = "prod",
         .first = "{\"current\":",
         .second = "[prod]\n" INI("AKI"),
         .says = "cannot read @/.aliyun/config.json: "},
    };
    run(rows, COUNT(rows));
}

/* Neither the other file nor the environment nor the instance is asked in its place. */
static void a_profile_that_was_asked_for_and_fails_ends_the_search(void)
{
    static const struct credentials_case row = {
        .label = "refused",
        .profile = "r",
        .variables = {ENVIRONMENT},
        .first = CLI(
            "r", PROFILE("r", "RamRoleArn", KEYS("AKD") ",\"ram_role_arn\":\"acs:ram::1:role/x\"")),
        .second = "[r]\n" INI("AKI"),
        .steps = {{STS, "Action=AssumeRole&", 403, REFUSED}},
        .says = "cannot assume role acs:ram::1:role/x with profile r in @/.aliyun/config.json: "
                "sts.aliyuncs.com answered 403 NoPermission",
    };
    struct spurn_error err = {0};
    case_run_into(&alibaba, &row, &err);
    CHECK(err.text, strncmp(err.text, "cannot assume role acs:ram::1:role/x", 36) == 0);
    CHECK(err.text, strstr(err.text, "trust policy") != NULL);
}

/* ---- the CLI's file ---- */

static void a_profile_of_the_cli_is_found_by_name_or_as_the_current_one(void)
{
    static const struct credentials_case rows[] = {
        {.label = "current",
         .first = CLI("prod", AK("default", "AKD") "," AK("prod", "AKP")),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aliyun/config.json"},
        {.label = "current behind the profiles",
         .first = "{\"profiles\":[" AK("default", "AKD") "," AK(
             "prod", "AKP") "],\"meta_path\":\"\",\"current\":\"prod\"}",
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aliyun/config.json"},
        {.label = "variable",
         .variables = {"ALIBABA_CLOUD_PROFILE=default"},
         .first = CLI("prod", AK("default", "AKD") "," AK("prod", "AKP")),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "no current",
         .first = "{\"profiles\":[" AK("default", "AKD") "]}",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "a byte order mark",
         .first = "\xef\xbb\xbf" CLI("default", AK("default", "AKD")),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "elsewhere",
         .variables = {"ALIBABA_CLOUD_CONFIG_FILE=@/.alibabacloud/credentials"},
         .second = CLI("default", AK("default", "AKD")),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "switched off",
         .variables = {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED=True"},
         .first = CLI("default", AK("default", "AKD")),
         .second = "[default]\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "ignored",
         .variables = {"ALIBABA_CLOUD_IGNORE_PROFILE=TRUE"},
         .first = CLI("default", AK("default", "AKD")),
         .second = "[default]\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.alibabacloud/credentials"},
    };
    run(rows, COUNT(rows));
}

#define ROLE_MEMBERS                                                                               \
    ",\"ram_role_arn\":\"acs:ram::1234567890123456:role/ops\",\"ram_session_name\":\"me\""
#define ROLE_FORM                                                                                  \
    "RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fops&RoleSessionName=me&DurationSeconds="
#define CHAINED(name, base)                                                                        \
    PROFILE(name, "ChainableRamRoleArn", "\"source_profile\":\"" base "\"" ROLE_MEMBERS)

static void each_mode_of_the_cli_leads_to_its_keys(void)
{
    static const struct credentials_case rows[] = {
        {.label = "StsToken",
         .first = CLI("t", PROFILE("t", "StsToken",
                                   "\"access_key_id\":\"STS.A\",\"access_key_secret\":"
                                   "\"SECRET-\\u002fx\",\"sts_token\":\"TOK\"")),
         .id = "STS.A",
         .secret = "SECRET-/x",
         .token = "TOK",
         .says = "profile t in @/.aliyun/config.json"},
        {.label = "AK has no token",
         .first = CLI("t", PROFILE("t", "AK", KEYS("AKD") ",\"sts_token\":\"OLD\"")),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile t in @/.aliyun/config.json"},
        {.label = "RamRoleArn",
         .first = CLI("r", PROFILE("r", "RamRoleArn",
                                   KEYS("AKD") ROLE_MEMBERS
                                   ",\"expired_seconds\":900,\"sts_region\":\"cn-beijing\","
                                   "\"external_id\":\"a b\"")),
         .steps = {{"https://sts.cn-beijing.aliyuncs.com",
                    ROLE_FORM "900&ExternalId=a%20b&AccessKeyId=AKD&SignatureMethod=HMAC-SHA1&"
                              "SignatureVersion=1.0&SignatureNonce=",
                    200, ASSUMED("STS.R", "ops")}},
         .id = "STS.R",
         .secret = "SECRET-STS.R",
         .token = "TOK-STS.R",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/ops with profile r in "
                 "@/.aliyun/config.json"},
        {.label = "RamRoleArn inside a VPC",
         .first = CLI("r", PROFILE("r", "RamRoleArn",
                                   KEYS("AKD") ROLE_MEMBERS
                                   ",\"sts_region\":\"cn-beijing\",\"enable_vpc\":true,"
                                   "\"policy\":\"{}\"")),
         .steps = {{"https://sts-vpc.cn-beijing.aliyuncs.com", ROLE_FORM "3600&Policy=%7B%7D&", 200,
                    ASSUMED("STS.R", "ops")}},
         .id = "STS.R",
         .secret = "SECRET-STS.R",
         .token = "TOK-STS.R",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/ops with profile r in "
                 "@/.aliyun/config.json"},
        {.label = "EcsRamRole",
         .first = CLI("e", PROFILE("e", "EcsRamRole", "\"ram_role_name\":\"mine\"")),
         .steps = {{METADATA, TOKEN_PUT, 200, "the-token"},
                   {METADATA, "GET " ROLE_PATH "mine\n", 200, HANDED("STS.M")}},
         .id = "STS.M",
         .secret = "SECRET-STS.M",
         .token = "TOK-STS.M",
         .says = "profile e in @/.aliyun/config.json"},
        {.label = "RamRoleArnWithRoleName",
         .first = CLI("e", PROFILE("e", "RamRoleArnWithRoleName",
                                   "\"ram_role_name\":\"mine\"" ROLE_MEMBERS)),
         .steps = {{METADATA, TOKEN_PUT, 405, ""},
                   {METADATA, "GET " ROLE_PATH "mine\n", 200, HANDED("STS.M")},
                   {STS, "SecurityToken=TOK-STS.M&Signature=", 200, ASSUMED("STS.R", "ops")}},
         .id = "STS.R",
         .secret = "SECRET-STS.R",
         .token = "TOK-STS.R",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/ops with profile e in "
                 "@/.aliyun/config.json"},
        {.label = "OIDC",
         .variables = {"ALIBABA_CLOUD_CONFIG_FILE=@/.aliyun/config.json",
                       "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true",
                       "ALIBABA_CLOUD_STS_REGION=cn-shanghai"},
         .first = CLI("o", PROFILE("o", "OIDC",
                                   "\"oidc_provider_arn\":\"acs:ram::1:oidc-provider/x\","
                                   "\"oidc_token_file\":\"/nowhere/token\"" ROLE_MEMBERS)),
         .says = "cannot read the OIDC token /nowhere/token: no such file"},
        {.label = "External",
         .first =
             CLI("x", PROFILE("x", "External",
                              "\"process_command\":\"keys --for 'this one' \\\"\\\" x\\\\ y\"")),
         .steps = {{"keys", "keys|--for|this one||x y", 0,
                    "{\"mode\":\"StsToken\",\"access_key_id\":\"STS.X\",\"access_key_secret\":"
                    "\"SECRET-X\",\"sts_token\":\"TOK\",\"expiration\":\"2026-11-22T04:00:00Z\"}"}},
         .id = "STS.X",
         .secret = "SECRET-X",
         .token = "TOK",
         .says = "profile x in @/.aliyun/config.json"},
        {.label = "External without a token",
         .first = CLI("x", PROFILE("x", "External", "\"process_command\":\"keys\"")),
         .steps = {{"keys", "keys", 0, "{\"mode\":\"AK\"," KEYS("AKX") "}\n"}},
         .id = "AKX",
         .secret = "SECRET-AKX",
         .says = "profile x in @/.aliyun/config.json"},
        {.label = "CredentialsURI",
         .first = CLI(
             "u", PROFILE("u", "CredentialsURI", "\"credentials_uri\":\"https://keys.example/a\"")),
         .steps = {{"https://keys.example", "GET /a\n", 200, HANDED("STS.U")}},
         .id = "STS.U",
         .secret = "SECRET-STS.U",
         .token = "TOK-STS.U",
         .says = "profile u in @/.aliyun/config.json"},
        {.label = "STS's host alone",
         .first = CLI("r", PROFILE("r", "RamRoleArn",
                                   KEYS("AKD") ROLE_MEMBERS
                                   ",\"sts_endpoint\":\"sts.eu-central-1.aliyuncs.com\"")),
         .steps = {{"https://sts.eu-central-1.aliyuncs.com", "AccessKeyId=AKD&", 200,
                    ASSUMED("STS.R", "ops")}},
         .id = "STS.R",
         .secret = "SECRET-STS.R",
         .token = "TOK-STS.R",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/ops with profile r in "
                 "@/.aliyun/config.json"},
        {.label = "a chain of three",
         .first = CLI("c", CHAINED("c", "b") "," CHAINED("b", "a") "," AK("a", "AKA")),
         .steps = {{STS, "AccessKeyId=AKA&", 200, ASSUMED("STS.B", "ops")},
                   {STS, "AccessKeyId=STS.B&", 200, ASSUMED("STS.C", "ops")}},
         .id = "STS.C",
         .secret = "SECRET-STS.C",
         .token = "TOK-STS.C",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/ops with profile c in "
                 "@/.aliyun/config.json"},
    };
    run(rows, COUNT(rows));
}

#define SSO_MEMBERS                                                                                \
    "\"cloud_sso_sign_in_url\":\"https://signin.example/start/login\","                            \
    "\"cloud_sso_account_id\":\"1234567890123456\",\"cloud_sso_access_config\":\"ac-1\""
#define KEPT(end)   "," KEYS("STS.K") ",\"sts_token\":\"TOK\",\"sts_expiration\":" end
#define ACCESS(end) ",\"access_token\":\"BEARER\",\"cloud_sso_access_token_expire\":" end
#define LATER       "1795320000" /* an hour after the tests' clock */
#define SOON        "1795316500" /* within the three minutes that are left to renew them in */
#define BEFORE      "1795316399"

static void keys_of_a_sign_in_are_used_while_they_last_and_renewed_while_it_does(void)
{
    static const struct credentials_case rows[] = {
        {.label = "kept",
         .first = CLI("s", PROFILE("s", "CloudSSO", SSO_MEMBERS KEPT(LATER) ACCESS(LATER))),
         .id = "STS.K",
         .secret = "SECRET-STS.K",
         .token = "TOK",
         .account = "1234567890123456",
         .says = "profile s in @/.aliyun/config.json"},
        {.label = "kept, nearly over, and nothing to renew them with",
         .first = CLI("s", PROFILE("s", "CloudSSO", SSO_MEMBERS KEPT(SOON) ACCESS(BEFORE))),
         .id = "STS.K",
         .secret = "SECRET-STS.K",
         .token = "TOK",
         .account = "1234567890123456",
         .says = "profile s in @/.aliyun/config.json"},
        {.label = "renewed",
         .first = CLI("s", PROFILE("s", "CloudSSO", SSO_MEMBERS KEPT(SOON) ACCESS(LATER))),
         .steps = {{"https://signin.example",
                    "POST /cloud-credentials\naccept: application/json\ncontent-type: "
                    "application/json\nauthorization: Bearer BEARER\n\n{\"AccountId\":"
                    "\"1234567890123456\",\"AccessConfigurationId\":\"ac-1\"}",
                    200, "{\"CloudCredential\":" HANDED("STS.N") ",\"RequestId\":\"1\"}"}},
         .id = "STS.N",
         .secret = "SECRET-STS.N",
         .token = "TOK-STS.N",
         .account = "1234567890123456",
         .says = "profile s in @/.aliyun/config.json"},
        {.label = "over",
         .profile = "s",
         .first = CLI("s", PROFILE("s", "CloudSSO", SSO_MEMBERS KEPT(BEFORE) ACCESS(BEFORE))),
         .says = "cannot use profile s in @/.aliyun/config.json: its sign-in has expired; sign in "
                 "again with aliyun configure --mode CloudSSO"},
        {.label = "refused",
         .profile = "s",
         .first = CLI("s", PROFILE("s", "CloudSSO", SSO_MEMBERS ACCESS(LATER))),
         .steps = {{"https://signin.example", "POST /cloud-credentials", 401,
                    "{\"ErrorCode\":\"Unauthorized\",\"ErrorMessage\":\"No BEARER here.\"}"}},
         .says = "signin.example answered 401 Unauthorized: No *** here; sign in again with "
                 "aliyun configure --mode CloudSSO"},
        {.label = "OAuth, kept",
         .first = CLI(
             "s", PROFILE("s", "OAuth",
                          "\"oauth_site_type\":\"CN\",\"oauth_refresh_token\":\"r\"" KEPT(LATER))),
         .id = "STS.K",
         .secret = "SECRET-STS.K",
         .token = "TOK",
         .says = "profile s in @/.aliyun/config.json"},
        {.label = "OAuth, and what CloudSSO left there before",
         .first =
             CLI("s", PROFILE("s", "OAuth", "\"oauth_site_type\":\"CN\"," SSO_MEMBERS KEPT(LATER))),
         .id = "STS.K",
         .secret = "SECRET-STS.K",
         .token = "TOK",
         .says = "profile s in @/.aliyun/config.json"},
        {.label = "an account that is none",
         .profile = "s",
         .first = CLI("s", PROFILE("s", "CloudSSO",
                                   "\"cloud_sso_sign_in_url\":\"https://signin.example\","
                                   "\"cloud_sso_access_config\":\"ac-1\","
                                   "\"cloud_sso_account_id\":\"mine\"" KEPT(LATER))),
         .says = "its cloud_sso_account_id is no account's number"},
        {.label = "OAuth, over",
         .profile = "s",
         .first = CLI("s", PROFILE("s", "OAuth", "\"oauth_site_type\":\"CN\"" KEPT(BEFORE))),
         .says = "the keys that its sign-in left there have expired; renew them with aliyun sts "
                 "GetCallerIdentity"},
    };
    run(rows, COUNT(rows));
}

static void a_profile_that_cannot_be_followed_says_why(void)
{
    static const struct credentials_case rows[] = {
        {.label = "no mode",
         .profile = "r",
         .first = CLI("r", "{\"name\":\"r\"}"),
         .says = "cannot use profile r in @/.aliyun/config.json: it has no mode, such as AK"},
        {.label = "odd mode",
         .profile = "r",
         .first = CLI("r", "{\"name\":\"r\",\"mode\":\"a\\nb\"}"),
         .says = "its mode (unprintable) is not supported"},
        {.label = "RsaKeyPair",
         .profile = "r",
         .first = CLI("r", PROFILE("r", "RsaKeyPair", "\"key_pair_name\":\"x\"")),
         .says = "its mode RsaKeyPair is not supported; use an access key or a role in its place"},
        {.label = "BearerToken",
         .profile = "r",
         .first = CLI("r", PROFILE("r", "BearerToken", "\"bearer_token\":\"SECRET-B\"")),
         .says = "its mode BearerToken is not supported; requests cannot be signed"},
        {.label = "RamRoleArn without a role",
         .profile = "r",
         .first = CLI("r", PROFILE("r", "RamRoleArn", KEYS("AKD"))),
         .says = "its mode RamRoleArn needs ram_role_arn, which is not there"},
        {.label = "a role that is none",
         .profile = "r",
         .first = CLI("r", PROFILE("r", "RamRoleArn",
                                   KEYS("AKD") ",\"ram_role_arn\":\"arn:aws:iam::1:role/x\"")),
         .says = "its ram_role_arn is not of the form acs:ram::ACCOUNT:role/NAME"},
        {.label = "too short a session",
         .profile = "r",
         .first = CLI(
             "r", PROFILE("r", "RamRoleArn", KEYS("AKD") ROLE_MEMBERS ",\"expired_seconds\":60")),
         .says = "its expired_seconds is less than 900 seconds"},
        {.label = "a chain that bites its tail",
         .profile = "a",
         .first = CLI("a", CHAINED("a", "b") "," CHAINED("b", "a")),
         .says = "cannot use profile b in @/.aliyun/config.json: its source_profile leads back to "
                 "profile a"},
        {.label = "its own source",
         .profile = "a",
         .first = CLI("a", CHAINED("a", "a")),
         .says = "cannot use profile a in @/.aliyun/config.json: its source_profile leads back to "
                 "profile a"},
        {.label = "a chain into nothing",
         .profile = "a",
         .first = CLI("a", CHAINED("a", "b")),
         .says = "there is no profile b, its source_profile"},
        {.label = "a chain into a slip",
         .profile = "a",
         .first = CLI("a", CHAINED("a", "prdo") "," AK("prod", "AKP")),
         .says = "there is no profile prdo, its source_profile; did you mean \"prod\"?"},
        {.label = "no program",
         .profile = "x",
         .first = CLI("x", PROFILE("x", "External", "\"process_command\":\"keys 'x\"")),
         .says = "cannot use profile x in @/.aliyun/config.json: process_command: cannot split its "
                 "command line: a quotation mark is not closed"},
        {.label = "programs are forbidden",
         .profile = "x",
         .variables = {"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS=1"},
         .first = CLI("x", PROFILE("x", "External", "\"process_command\":\"keys\"")),
         .says = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is set"},
        {.label = "metadata is switched off",
         .profile = "e",
         .variables = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"},
         .first = CLI("e", PROFILE("e", "EcsRamRole", "\"ram_role_name\":\"\"")),
         .says = "ALIBABA_CLOUD_ECS_METADATA_DISABLED is set"},
    };
    run(rows, COUNT(rows));
}

/* ---- the shared file ---- */

static void each_type_of_the_shared_file_leads_to_its_keys(void)
{
    static const struct credentials_case rows[] = {
        {.label = "with remarks, as its guide has it",
         .second = "[default]                  # the default client\n"
                   "type = access_key          # how it signs in\n"
                   "access_key_id = AKI        # Key\n"
                   "access_key_secret = \"SECRET-I\"\n",
         .id = "AKI",
         .secret = "SECRET-I",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "sts",
         .second = "[default]\ntype = sts\naccess_key_id = STS.A\naccess_key_secret = SECRET-A\n"
                   "security_token = TOK\n",
         .id = "STS.A",
         .secret = "SECRET-A",
         .token = "TOK",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "ecs_ram_role",
         .second = "\xef\xbb\xbf[default]\r\ntype = ecs_ram_role\r\nrole_name = mine\r\n",
         .steps = {{METADATA, TOKEN_PUT, 200, "the-token"},
                   {METADATA, "GET " ROLE_PATH "mine\n", 200, HANDED("STS.M")}},
         .id = "STS.M",
         .secret = "SECRET-STS.M",
         .token = "TOK-STS.M",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "ram_role_arn",
         .second = "[default]\ntype = ram_role_arn\naccess_key_id = AKI\n"
                   "access_key_secret = SECRET-I\nrole_arn = acs:ram::1234567890123456:role/ops\n"
                   "role_session_name = me\nrole_session_expiration = 1800\n",
         .steps = {{STS, ROLE_FORM "1800&AccessKeyId=AKI&", 200, ASSUMED("STS.R", "ops")}},
         .id = "STS.R",
         .secret = "SECRET-STS.R",
         .token = "TOK-STS.R",
         .account = "1234567890123456",
         .says = "role acs:ram::1234567890123456:role/ops with profile default in "
                 "@/.alibabacloud/credentials"},
        {.label = "oidc_role_arn",
         .profile = "default",
         .second = "[default]\ntype = oidc_role_arn\nrole_arn = acs:ram::1234567890123456:role/o\n"
                   "oidc_provider_arn = acs:ram::1:oidc-provider/x\n"
                   "oidc_token_file_path = /nowhere/token\n",
         .says = "cannot read the OIDC token /nowhere/token: no such file"},
        {.label = "elsewhere",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_FILE=@/.aliyun/config.json",
                       "ALIBABA_CLOUD_CONFIG_FILE=@/nowhere"},
         .first = "[default]\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.aliyun/config.json"},
        {.label = "rsa_key_pair",
         .profile = "default",
         .second = "[default]\ntype = rsa_key_pair\npublic_key_id = x\nprivate_key_file = y\n",
         .says =
             "its type rsa_key_pair is not supported; use an access key or a role in its place"},
        {.label = "no type",
         .profile = "default",
         .second = "[default]\naccess_key_id = A\naccess_key_secret = SECRET-A\n",
         .says = "it has no type, such as access_key"},
        {.label = "no secret",
         .profile = "default",
         .second = "[default]\ntype = access_key\naccess_key_id = A\naccess_key_secret =\n",
         .says = "its type access_key needs access_key_secret, which is not there"},
    };
    run(rows, COUNT(rows));
}

/* ---- nothing ---- */

static void nothing_anywhere_says_where_was_looked_and_what_to_do(void)
{
    static const struct credentials_case rows[] = {
        {.label = "nothing",
         .says = "cannot find Alibaba Cloud credentials: ALIBABA_CLOUD_ACCESS_KEY_ID is not set, "
                 "and there is no profile \"default\" in @/.aliyun/config.json (no such file) or "
                 "@/.alibabacloud/credentials (no such file); set ALIBABA_CLOUD_ACCESS_KEY_ID and "
                 "ALIBABA_CLOUD_ACCESS_KEY_SECRET, or write such a profile; cannot use the RAM "
                 "role of this ECS instance: it did not answer"},
        {.label = "the CLI switched off",
         .variables = {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true",
                       "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"},
         .says = "there is no profile \"default\" in @/.alibabacloud/credentials (no such file); "
                 "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or write "
                 "such a profile; ALIBABA_CLOUD_CLI_PROFILE_DISABLED keeps the CLI's profiles out"},
        {.label = "names that Terraform reads",
         .variables = {"ALICLOUD_ACCESS_KEY=AKT", "ALICLOUD_SECRET_KEY=SECRET-T"},
         .says = "ALICLOUD_ACCESS_KEY is set, but only ALIBABA_CLOUD_ACCESS_KEY_ID and "
                 "ALIBABA_CLOUD_ACCESS_KEY_SECRET are read"},
    };
    run(rows, COUNT(rows));
}

static void a_file_that_cannot_be_read_whole_is_an_error(void)
{
    static const struct credentials_case rows[] = {
        {.label = "cut off",
         .profile = "default",
         .first = "{\"current\":\"default\",\"profiles\":[" AK("default", "AKD"),
         .says = "cannot read @/.aliyun/config.json: it ends too early"},
        {.label = "empty",
         .profile = "default",
         .first = "",
         .says = "cannot read @/.aliyun/config.json: "},
        {.label = "another type",
         .profile = "default",
         .first = CLI("default", "{\"name\":\"default\",\"access_key_id\":7}"),
         .says = "cannot read @/.aliyun/config.json: expected a string"},
        {.label = "INI",
         .profile = "default",
         .second = "[default]\naccess_key_secret SECRET-A\n",
         .says = "cannot read @/.alibabacloud/credentials: line 2 is neither"},
        {.label = "no number",
         .profile = "default",
         .second = "[default]\nrole_session_expiration = soon\n",
         .says = "cannot read @/.alibabacloud/credentials: line 2 needs a number"},
    };
    run(rows, COUNT(rows));
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(keys_are_taken_from_the_first_place_that_has_some),
    TEST(a_place_that_fails_is_passed_over),
    TEST(a_profile_that_was_asked_for_is_used_or_nothing_is),
    TEST(a_profile_that_was_asked_for_and_fails_ends_the_search),
    TEST(a_profile_of_the_cli_is_found_by_name_or_as_the_current_one),
    TEST(each_mode_of_the_cli_leads_to_its_keys),
    TEST(keys_of_a_sign_in_are_used_while_they_last_and_renewed_while_it_does),
    TEST(a_profile_that_cannot_be_followed_says_why),
    TEST(each_type_of_the_shared_file_leads_to_its_keys),
    TEST(nothing_anywhere_says_where_was_looked_and_what_to_do),
    TEST(a_file_that_cannot_be_read_whole_is_an_error),
};

UNIT_MAIN(tests)

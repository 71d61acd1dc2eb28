/* credentials_alibaba_test.c - Alibaba Cloud keys are found where its own tools find them, and never others in their place. */
#include "credentials_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct credentials_cloud alibaba = {
    ".aliyun", "config.json", ".alibabacloud", "credentials", credentials_find_alibaba,
};

static void run(const struct credentials_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_run(&alibaba, &rows[i]);
}

#define AK(name, id)                                                                               \
    "{\"name\":\"" name "\",\"mode\":\"AK\",\"access_key_id\":\"" id                               \
    "\",\"access_key_secret\":\"SECRET-" id "\",\"region_id\":\"cn-hangzhou\",\"retry_count\":0}"
#define CLI(current, profiles) "{\"current\":\"" current "\",\"profiles\":[" profiles "]}"
#define INI(id)                "type = access_key\naccess_key_id = " id "\naccess_key_secret = SECRET-" id "\n"

static void the_environment_comes_first_unless_a_profile_was_asked_for(void)
{
    static const struct credentials_case rows[] = {
        {.label = "environment",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_ID=AKE",
                       "ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-E",
                       "ALIBABA_CLOUD_SECURITY_TOKEN=TOK"},
         .first = CLI("default", AK("default", "AKD")),
         .id = "AKE",
         .secret = "SECRET-E",
         .token = "TOK",
         .says = "environment variables"},
        {.label = "asked",
         .profile = "prod",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_ID=AKE",
                       "ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-E"},
         .first = CLI("default", AK("default", "AKD") "," AK("prod", "AKP")),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aliyun/config.json"},
        {.label = "half",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_ID=AKE"},
         .says = "ALIBABA_CLOUD_ACCESS_KEY_ID is there, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is "
                 "missing"},
        {.label = "other half",
         .variables = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET-E"},
         .says = "but ALIBABA_CLOUD_ACCESS_KEY_ID is missing"},
    };
    run(rows, COUNT(rows));
}

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
        {.label = "StsToken",
         .first = CLI("t", "{\"name\":\"t\",\"mode\":\"StsToken\",\"access_key_id\":\"STS.A\","
                           "\"access_key_secret\":\"SECRET-\\u002fx\",\"sts_token\":\"TOK\"}"),
         .id = "STS.A",
         .secret = "SECRET-/x",
         .token = "TOK",
         .says = "profile t in @/.aliyun/config.json"},
        {.label = "mode AK has no token",
         .first = CLI("t", "{\"name\":\"t\",\"mode\":\"AK\",\"access_key_id\":\"AKD\","
                           "\"access_key_secret\":\"SECRET-D\",\"sts_token\":\"OLD\"}"),
         .id = "AKD",
         .secret = "SECRET-D",
         .says = "profile t in @/.aliyun/config.json"},
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
    };
    run(rows, COUNT(rows));
}

static void a_profile_of_the_shared_file_is_found_when_the_cli_has_none(void)
{
    static const struct credentials_case rows[] = {
        {.label = "default",
         .second = "[default]\nenable = true\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "by name",
         .profile = "prod",
         .first = CLI("default", AK("default", "AKD")),
         .second = "[default]\n" INI("AKI") "[prod]\n" INI("AKP"),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.alibabacloud/credentials"},
        {.label = "sts",
         .second = "[default]\ntype = sts\naccess_key_id = STS.A\naccess_key_secret = SECRET-A\n"
                   "security_token = TOK\n",
         .id = "STS.A",
         .secret = "SECRET-A",
         .token = "TOK",
         .says = "profile default in @/.alibabacloud/credentials"},
        {.label = "elsewhere",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_FILE=@/.aliyun/config.json",
                       "ALIBABA_CLOUD_CONFIG_FILE=@/nowhere"},
         .first = "[default]\n" INI("AKI"),
         .id = "AKI",
         .secret = "SECRET-AKI",
         .says = "profile default in @/.aliyun/config.json"},
    };
    run(rows, COUNT(rows));
}

static void a_profile_that_means_other_keys_is_not_used_for_its_static_ones(void)
{
    static const struct credentials_case rows[] = {
        {.label = "role",
         .first = CLI("r", "{\"name\":\"r\",\"mode\":\"RamRoleArn\",\"access_key_id\":\"AKD\","
                           "\"access_key_secret\":\"SECRET-D\"}"),
         .says = "cannot use profile r in @/.aliyun/config.json: its mode RamRoleArn is not "
                 "supported yet; what works today: "},
        {.label = "no mode",
         .first = CLI("r", "{\"name\":\"r\"}"),
         .says = "it has no mode, such as AK"},
        {.label = "odd mode",
         .first = CLI("r", "{\"name\":\"r\",\"mode\":\"a\\nb\"}"),
         .says = "its mode (unprintable) is not supported yet"},
        {.label = "role in the shared file",
         .second = "[default]\ntype = ecs_ram_role\n",
         .says = "its type ecs_ram_role is not supported yet"},
        {.label = "no type",
         .second = "[default]\naccess_key_id = A\naccess_key_secret = SECRET-A\n",
         .says = "it has no type, such as access_key"},
        {.label = "a token that is missing",
         .first = CLI("t", "{\"name\":\"t\",\"mode\":\"StsToken\",\"access_key_id\":\"STS.A\","
                           "\"access_key_secret\":\"SECRET-A\"}"),
         .says = "access_key_id is there, but sts_token is missing"},
        {.label = "empty keys, as the CLI writes them",
         .first = CLI("t", "{\"name\":\"t\",\"mode\":\"AK\",\"access_key_id\":\"\","
                           "\"access_key_secret\":\"\"}"),
         .says = "it has neither access_key_id nor access_key_secret"},
        {.label = "OIDC",
         .variables = {"ALIBABA_CLOUD_OIDC_TOKEN_FILE=/x"},
         .first = CLI("default", AK("default", "AKD")),
         .says = "ALIBABA_CLOUD_OIDC_TOKEN_FILE is set, which is not supported yet"},
        {.label = "ECS",
         .variables = {"ALIBABA_CLOUD_ECS_METADATA=role"},
         .says = "ALIBABA_CLOUD_ECS_METADATA is set, which is not supported yet"},
        {.label = "URI",
         .variables = {"ALIBABA_CLOUD_CREDENTIALS_URI=http://127.0.0.1/"},
         .says = "ALIBABA_CLOUD_CREDENTIALS_URI is set, which is not supported yet"},
    };
    run(rows, COUNT(rows));
}

static void an_unknown_profile_names_the_files_and_the_profiles_there_are(void)
{
    static const struct credentials_case rows[] = {
        {.label = "nothing anywhere",
         .says = "cannot find Alibaba Cloud credentials: ALIBABA_CLOUD_ACCESS_KEY_ID is not set, "
                 "and there is no profile \"default\" in @/.alibabacloud/credentials (no such "
                 "file) or @/.aliyun/config.json (no such file); set ALIBABA_CLOUD_ACCESS_KEY_ID"},
        {.label = "a slip",
         .profile = "prd",
         .first = CLI("default", AK("default", "AKD") "," AK("prod", "AKP")),
         .second = "[dev]\n" INI("AKI"),
         .says = "there is no profile \"prd\" in @/.alibabacloud/credentials or "
                 "@/.aliyun/config.json; the profiles there are default, prod, dev"},
        {.label = "switched off",
         .variables = {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true"},
         .says = "there is no profile \"default\" in @/.alibabacloud/credentials (no such file); "
                 "set"},
    };
    run(rows, COUNT(rows));
}

static void a_file_that_cannot_be_read_whole_is_an_error(void)
{
    static const struct credentials_case rows[] = {
        {.label = "cut off",
         .first = "{\"current\":\"default\",\"profiles\":[" AK("default", "AKD"),
         .says = "cannot read @/.aliyun/config.json: it ends too early"},
        {.label = "empty", .first = "", .says = "cannot read @/.aliyun/config.json: "},
        {.label = "another type",
         .first = CLI("default", "{\"name\":\"default\",\"access_key_id\":7}"),
         .says = "cannot read @/.aliyun/config.json: expected a string"},
        {.label = "INI",
         .second = "[default]\naccess_key_secret SECRET-A\n",
         .says = "cannot read @/.alibabacloud/credentials: line 2 is neither"},
    };
    run(rows, COUNT(rows));
}

static const struct unit_test tests[] = {
    {"the_environment_comes_first_unless_a_profile_was_asked_for",
     the_environment_comes_first_unless_a_profile_was_asked_for},
    {"a_profile_of_the_cli_is_found_by_name_or_as_the_current_one",
     a_profile_of_the_cli_is_found_by_name_or_as_the_current_one},
    {"a_profile_of_the_shared_file_is_found_when_the_cli_has_none",
     a_profile_of_the_shared_file_is_found_when_the_cli_has_none},
    {"a_profile_that_means_other_keys_is_not_used_for_its_static_ones",
     a_profile_that_means_other_keys_is_not_used_for_its_static_ones},
    {"an_unknown_profile_names_the_files_and_the_profiles_there_are",
     an_unknown_profile_names_the_files_and_the_profiles_there_are},
    {"a_file_that_cannot_be_read_whole_is_an_error", a_file_that_cannot_be_read_whole_is_an_error},
};

UNIT_MAIN(tests)

/* credentials_test.c - AWS keys are found where AWS's own tools find them, and never others in their place. */
#include "credentials_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct case_cloud aws = {CREDENTIALS_AWS, ".aws", "credentials", ".aws", "config"};

static void run(const struct credentials_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_run(&aws, &rows[i]);
}

#define KEYS(id) "aws_access_key_id = " id "\naws_secret_access_key = SECRET-" id "\n"

static void the_environment_comes_first_unless_a_profile_was_asked_for(void)
{
    static const struct credentials_case rows[] = {
        {.label = "environment",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E"},
         .first = "[default]\n" KEYS("AKD"),
         .id = "AKE",
         .secret = "SECRET-E",
         .says = "environment variables"},
        {.label = "with token, account and end",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_SESSION_TOKEN=TOK", "AWS_SECURITY_TOKEN=OLD",
                       "AWS_ACCOUNT_ID=012345678901",
                       "AWS_CREDENTIAL_EXPIRATION=2026-11-22T03:10:00Z"},
         .id = "AKE",
         .secret = "SECRET-E",
         .token = "TOK",
         .account = "012345678901",
         .says = "environment variables"},
        {.label = "the older name of the token",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_SESSION_TOKEN=", "AWS_SECURITY_TOKEN=OLD"},
         .id = "AKE",
         .secret = "SECRET-E",
         .token = "OLD",
         .says = "environment variables"},
        {.label = "AWS_PROFILE does not hide it",
         .variables = {"AWS_PROFILE=prod", "AWS_ACCESS_KEY_ID=AKE",
                       "AWS_SECRET_ACCESS_KEY=SECRET-E"},
         .first = "[prod]\n" KEYS("AKP"),
         .id = "AKE",
         .secret = "SECRET-E",
         .says = "environment variables"},
        {.label = "a profile asked for does",
         .profile = "prod",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_ACCOUNT_ID=999999999999", "AWS_SESSION_TOKEN=TOK"},
         .first = "[prod]\n" KEYS("AKP"),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aws/credentials"},
        {.label = "empty is not set",
         .variables = {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
         .first = "[default]\n" KEYS("AKD"),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
    };
    run(rows, COUNT(rows));
}

static void half_a_pair_names_the_missing_half(void)
{
    static const struct credentials_case rows[] = {
        {.label = "no secret",
         .variables = {"AWS_ACCESS_KEY_ID=AKE"},
         .first = "[default]\n" KEYS("AKD"),
         .says = "cannot use environment variables: AWS_ACCESS_KEY_ID is there, but "
                 "AWS_SECRET_ACCESS_KEY is missing"},
        {.label = "a secret alone is nothing to AWS's tools",
         .variables = {"AWS_SECRET_ACCESS_KEY=SECRET-E"},
         .first = "[default]\n" KEYS("AKD"),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
        {.label = "no secret in a profile",
         .first = "[default]\naws_access_key_id = AKD\n",
         .says = "cannot use profile default in @/.aws/credentials: aws_access_key_id is there, "
                 "but aws_secret_access_key is missing"},
        {.label = "halves of two files do not make a pair",
         .first = "[default]\naws_access_key_id = AKD\n",
         .second = "[default]\naws_secret_access_key = SECRET-D\n",
         .says = "aws_secret_access_key is missing"},
        {.label = "an id that is empty",
         .first = "[default]\naws_access_key_id =\naws_secret_access_key = SECRET-D\n",
         .says = "aws_secret_access_key is there, but aws_access_key_id is missing"},
        {.label = "no keys at all",
         .second = "[default]\nregion = us-east-1\n",
         .says = "cannot find AWS credentials: AWS_ACCESS_KEY_ID is not set, profile default in "
                 "@/.aws/config names none, and there is no instance's role (it did not answer "
                 "when asked for a token; without one: it did not answer); write keys, "},
        {.label = "no keys at all, and no instance wanted",
         .variables = {"AWS_EC2_METADATA_DISABLED=TRUE"},
         .second = "[default]\nregion = us-east-1\n",
         .says = "AWS_EC2_METADATA_DISABLED keeps the instance's role out"},
    };
    run(rows, COUNT(rows));
}

static void keys_that_have_ended_are_not_used(void)
{
    static const struct credentials_case rows[] = {
        {.label = "an end that is no time",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_CREDENTIAL_EXPIRATION=soon"},
         .says = "AWS_CREDENTIAL_EXPIRATION is no time"},
        {.label = "an end that is past",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_CREDENTIAL_EXPIRATION=2026-11-22T02:00:00Z"},
         .says = "cannot use environment variables: its keys expired 1h ago"},
        {.label = "an end that is now",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_CREDENTIAL_EXPIRATION=2026-11-22T03:00:00Z"},
         .says = "its keys expired 0s ago"},
    };
    run(rows, COUNT(rows));
}

static void what_is_no_account_is_not_taken_for_one(void)
{
    static const struct credentials_case rows[] = {
        {.label = "environment",
         .variables = {"AWS_ACCESS_KEY_ID=AKE", "AWS_SECRET_ACCESS_KEY=SECRET-E",
                       "AWS_ACCOUNT_ID=1111-2222-3333"},
         .id = "AKE",
         .secret = "SECRET-E",
         .says = "environment variables"},
        {.label = "a profile's",
         .first = "[default]\n" KEYS("AKD") "aws_account_id = mine/../x\n",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
    };
    run(rows, COUNT(rows));
}

static void a_profile_is_found_in_either_file(void)
{
    static const struct credentials_case rows[] = {
        {.label = "AWS_PROFILE",
         .variables = {"AWS_PROFILE=prod", "AWS_DEFAULT_PROFILE=other"},
         .first = "[default]\n" KEYS("AKD") "[prod]\n" KEYS("AKP") "aws_session_token=TOK\n",
         .id = "AKP",
         .secret = "SECRET-AKP",
         .token = "TOK",
         .says = "profile prod in @/.aws/credentials"},
        {.label = "AWS_DEFAULT_PROFILE",
         .variables = {"AWS_DEFAULT_PROFILE=prod"},
         .first = "[prod]\n" KEYS("AKP"),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aws/credentials"},
        {.label = "the credentials file before the config file",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\n" KEYS("AKC") "aws_account_id = 111122223333\n",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .account = "111122223333",
         .says = "profile default in @/.aws/credentials"},
        {.label = "config file",
         .profile = "prod",
         .second = "[default]\n" KEYS("AKD") "[sso-session prod]\nsso_region = x\n"
                                             "[profile prod]\n" KEYS("AKP"),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile prod in @/.aws/config"},
        {.label = "a name in quotes",
         .profile = "my team",
         .second = "[profile \"my team\"]\n" KEYS("AKP"),
         .id = "AKP",
         .secret = "SECRET-AKP",
         .says = "profile my team in @/.aws/config"},
        {.label = "of two sections that mean one profile the last",
         .second = "[default]\n" KEYS("AKD") "[profile default]\n" KEYS("AKE"),
         .id = "AKE",
         .secret = "SECRET-AKE",
         .says = "profile default in @/.aws/config"},
        {.label = "a colon instead of an equals sign",
         .first = "[default]\naws_access_key_id: AKD\naws_secret_access_key: SECRET-D=:\n",
         .id = "AKD",
         .secret = "SECRET-D=:",
         .says = "profile default in @/.aws/credentials"},
        {.label = "files elsewhere",
         .variables = {"AWS_SHARED_CREDENTIALS_FILE=@/.aws/config", "AWS_CONFIG_FILE=~/nowhere"},
         .second = "[default]\n" KEYS("AKD"),
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/config"},
        {.label = "blanks, comments, carriage returns, letter case, deeper lines",
         .first = "# mine\r\n; too\r\n\r\n[default]  # here\r\n"
                  "  AWS_Access_Key_Id=AKD ; the key\r\n"
                  "  s3 =\r\n    aws_access_key_id = NESTED\r\n"
                  "  aws_secret_access_key  =  SECRET-D/+=\r\n",
         .id = "AKD",
         .secret = "SECRET-D/+=",
         .says = "profile default in @/.aws/credentials"},
    };
    run(rows, COUNT(rows));
}

static void a_profile_that_means_other_keys_is_not_used_for_its_static_ones(void)
{
    static const struct credentials_case rows[] = {
        {.label = "role without a source",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\nrole_arn = arn:aws:iam::222222222222:role/spurn\n",
         .says = "cannot use profile default: it has role_arn, but neither source_profile nor "
                 "credential_source"},
        {.label = "single sign-on",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\nsso_account_id = 111122223333\nsso_role_name = x\n",
         .says = "cannot use profile default: single sign-on needs sso_start_url too"},
        {.label = "what another profile uses does not matter",
         .first = "[default]\n" KEYS("AKD") "[other]\nrole_arn = x\n",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
        {.label = "aws login",
         .second = "[default]\nlogin_session = arn:aws:iam::111122223333:user/x\n" KEYS("AKC"),
         .says = "cannot use profile default: its keys come from aws login (login_session), which "
                 "only AWS's CLI can renew; write credential_process = aws configure "
                 "export-credentials --profile default --format process into another profile"},
        {.label = "keys stand before aws login",
         .first = "[default]\n" KEYS("AKD"),
         .second = "[default]\nlogin_session = x\n",
         .id = "AKD",
         .secret = "SECRET-AKD",
         .says = "profile default in @/.aws/credentials"},
    };
    run(rows, COUNT(rows));
}

static void an_unknown_profile_names_the_files_and_the_profiles_there_are(void)
{
    static const struct credentials_case rows[] = {
        {.label = "nothing anywhere",
         .says = "cannot find AWS credentials: AWS_ACCESS_KEY_ID is not set, there is no "
                 "profile \"default\" in @/.aws/credentials (no such file) or @/.aws/config (no "
                 "such file), and there is no instance's role (it did not answer when asked for a "
                 "token; without one: it did not answer); set "
                 "AWS_ACCESS_KEY_ID and "
                 "AWS_SECRET_ACCESS_KEY"},
        {.label = "a profile of AWS_PROFILE has to be there, whatever keys the environment has",
         .variables = {"AWS_PROFILE=prd", "AWS_ACCESS_KEY_ID=AKE",
                       "AWS_SECRET_ACCESS_KEY=SECRET-E"},
         .first = "[prod]\n" KEYS("AKP"),
         .says = "cannot find AWS credentials: there is no profile \"prd\" (did you mean "
                 "\"prod\"?) in @/.aws/credentials"},
        {.label = "also the default one, when it is named",
         .variables = {"AWS_PROFILE=default"},
         .says = "there is no profile \"default\" in "},
        {.label = "a slip",
         .profile = "prd",
         .first = "[prod]\n" KEYS("AKP"),
         .second = "[profile dev]\n[profile prod]\n[services x]\n",
         .says = "cannot find AWS credentials: there is no profile \"prd\" (did you mean "
                 "\"prod\"?) in @/.aws/credentials "
                 "or @/.aws/config; the profiles there are prod, dev"},
        {.label = "five are enough",
         .profile = "x",
         .first = "[a]\n[b]\n[c]\n[d]\n[e]\n[f]\n",
         .says = "the profiles there are a, b, c, d, e and more"},
        {.label = "an odd name is not shown",
         .profile = "x",
         .first = "[a]\n[b\x1b[2J]\n[c]\n",
         .says = "the profiles there are a, c"},
        {.label = "a section of the config file without its word is none",
         .profile = "prod",
         .second = "[prod]\n" KEYS("AKP"),
         .says = "there is no profile \"prod\""},
    };
    run(rows, COUNT(rows));
}

static void a_line_that_is_nothing_is_an_error_without_its_text(void)
{
    static const struct credentials_case rows[] = {
        {.label = "no '='",
         .first = "[default]\n\naws_secret_access_key SECRET-D\n",
         .says = "cannot read @/.aws/credentials: line 3 is neither [section] nor name = value"},
        {.label = "before any section", .first = KEYS("AKD"), .says = "line 1 is neither"},
        {.label = "open bracket", .first = "[default\n" KEYS("AKD"), .says = "line 1 is neither"},
        {.label = "no name", .first = "[default]\n= x\n", .says = "line 2 is neither"},
        {.label = "a section twice",
         .first = "[a]\nx = 1\n[b]\n[a]\n" KEYS("AKD"),
         .says = "cannot read @/.aws/credentials: line 4 opens a section that is there already"},
        {.label = "a setting twice",
         .first = "[default]\n" KEYS("AKD") "AWS_ACCESS_KEY_ID = AKX\n",
         .says = "cannot read @/.aws/credentials: line 4 sets what its section has set already"},
        {.label = "in the other file",
         .first = "[default]\n" KEYS("AKD"),
         .second = "garbage\n",
         .says = "cannot read @/.aws/config: line 1"},
    };
    run(rows, COUNT(rows));
}

/* ---- around the files ---- */

static void remember(void *context, enum spurn_log_level level, const char *message)
{
    (void)level;
    snprintf(context, 512, "%s", message);
}

static enum spurn_status find_with_mode(mode_t mode, const char *content, char said[512],
                                        struct spurn_error *err)
{
    static const struct credentials_case row = {.label = ""};
    struct case_environment e = {.row = &row, .has_home = true};
    case_make_home(&e);
    case_write(e.home, ".aws", "credentials", content, mode);
    said[0] = '\0';
    const struct log log = {SPURN_LOG_WARN, remember, said};
    const struct credentials_ask ask = {
        .cloud = CREDENTIALS_AWS, .environment = {case_get, &e}, .log = &log};
    struct credentials got;
    credentials_init(&got);
    enum spurn_status status = case_find("", &ask, row.steps, e.home, &got, err);
    credentials_clear(&got);
    case_remove(e.home, ".aws", "credentials");
    rmdir(e.home);
    return status;
}

static void a_file_open_to_others_is_warned_of_and_one_that_others_write_refused(void)
{
    struct spurn_error err = {0};
    char said[512];
    CHECK_INT("", find_with_mode(0600, "[default]\n" KEYS("AKD"), said, &err), SPURN_OK);
    CHECK_STR("", said, "");
    CHECK_INT("", find_with_mode(0644, "[default]\n" KEYS("AKD"), said, &err), SPURN_OK);
    CHECK("", strstr(said, "holds secrets and can be read by others: run chmod 600") != NULL);
    CHECK_INT("", find_with_mode(0644, "[default]\nregion = us-east-1\n", said, &err),
              SPURN_E_CREDENTIALS);
    CHECK_STR("what holds no secret may be read by anybody", said, "");
    CHECK_INT("", find_with_mode(0622, "[default]\n" KEYS("AKD"), said, &err), SPURN_E_FILE);
}

static void a_file_past_the_bound_is_refused(void)
{
    enum { TOO_LONG = 1024 * 1024 + 1 };
    struct spurn_error err = {0};
    char said[512];
    char *content = malloc(TOO_LONG + 1);
    memset(content, '#', TOO_LONG);
    content[TOO_LONG] = '\0';
    CHECK_INT("", find_with_mode(0600, content, said, &err), SPURN_E_FILE);
    CHECK("", strstr(err.text, "1 MiB") != NULL);
    free(content);
}

static void without_home_the_error_says_so(void)
{
    static const struct {
        enum credentials_cloud cloud;
        const char *says;
    } rows[] = {
        {CREDENTIALS_AWS, "~/.aws/credentials (HOME is not set)"},
        {CREDENTIALS_ALIBABA, "~/.alibabacloud/credentials (HOME is not set)"},
    };
    static const struct credentials_case row = {.label = ""};
    struct case_environment e = {.row = &row};
    const struct log silent = {.level = SPURN_LOG_ERROR};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct credentials_ask ask = {
            .cloud = rows[i].cloud, .environment = {case_get, &e}, .log = &silent};
        struct credentials got;
        struct spurn_error err = {0};
        credentials_init(&got);
        CHECK_INT("", case_find("", &ask, row.steps, "", &got, &err), SPURN_E_CREDENTIALS);
        CHECK(rows[i].says, strstr(err.text, rows[i].says) != NULL);
        credentials_clear(&got);
    }
}

static void keys_taken_again_replace_the_earlier_ones(void)
{
    static const struct credentials_case before = {
        .variables = {"AWS_ACCESS_KEY_ID=AK1", "AWS_SECRET_ACCESS_KEY=SECRET-1",
                      "AWS_SESSION_TOKEN=T", "AWS_CREDENTIAL_EXPIRATION=2026-11-22T03:10:00Z"}};
    static const struct credentials_case after = {
        .variables = {"AWS_ACCESS_KEY_ID=AK2", "AWS_SECRET_ACCESS_KEY=SECRET-2"}};
    struct case_environment e = {.row = &before};
    const struct log silent = {.level = SPURN_LOG_ERROR};
    const struct credentials_ask ask = {
        .cloud = CREDENTIALS_AWS, .environment = {case_get, &e}, .log = &silent};
    struct credentials got;
    struct spurn_error err = {0};
    credentials_init(&got);
    CHECK_INT("", case_find("", &ask, before.steps, "", &got, &err), SPURN_OK);
    CHECK_INT("", got.expires_ms, INT64_C(1795317000000));
    e.row = &after;
    CHECK_INT("", case_find("", &ask, after.steps, "", &got, &err), SPURN_OK);
    CHECK_TEXT("", got.id, text_of("AK2"));
    CHECK("", got.token.at == NULL && got.expires_ms == 0);
    credentials_clear(&got);
    CHECK("cleared", got.id.at == NULL && got.secret.at == NULL && got.source.at == NULL);
}

static const struct unit_test tests[] = {
    {"the_environment_comes_first_unless_a_profile_was_asked_for",
     the_environment_comes_first_unless_a_profile_was_asked_for},
    {"half_a_pair_names_the_missing_half", half_a_pair_names_the_missing_half},
    {"keys_that_have_ended_are_not_used", keys_that_have_ended_are_not_used},
    {"what_is_no_account_is_not_taken_for_one", what_is_no_account_is_not_taken_for_one},
    {"a_profile_is_found_in_either_file", a_profile_is_found_in_either_file},
    {"a_profile_that_means_other_keys_is_not_used_for_its_static_ones",
     a_profile_that_means_other_keys_is_not_used_for_its_static_ones},
    {"an_unknown_profile_names_the_files_and_the_profiles_there_are",
     an_unknown_profile_names_the_files_and_the_profiles_there_are},
    {"a_line_that_is_nothing_is_an_error_without_its_text",
     a_line_that_is_nothing_is_an_error_without_its_text},
    {"a_file_open_to_others_is_warned_of_and_one_that_others_write_refused",
     a_file_open_to_others_is_warned_of_and_one_that_others_write_refused},
    {"a_file_past_the_bound_is_refused", a_file_past_the_bound_is_refused},
    {"without_home_the_error_says_so", without_home_the_error_says_so},
    {"keys_taken_again_replace_the_earlier_ones", keys_taken_again_replace_the_earlier_ones},
};

UNIT_MAIN(tests)

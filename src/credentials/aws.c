/* aws.c - AWS keys from environment variables, the shared credentials file and the config file. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "credentials/ini.h"
#include "credentials/sources.h"

/* The order is botocore's: roles and single sign-on stand before a profile's static keys, a process between the keys of the two
 * files. So a profile never means other keys here than in AWS's own tools. */

static const char works_today[] =
    "what works today: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or aws_access_key_id and "
    "aws_secret_access_key in a profile";

/* ---- environment variables ---- */

static struct sources_setting variable(const struct credentials_ask *ask, const char *name)
{
    return (struct sources_setting){name, text_of(sources_variable(ask, name))};
}

static enum spurn_status read_expiration(const struct credentials_ask *ask, int64_t *expires_ms,
                                         struct spurn_error *err)
{
    const char *expiration = sources_variable(ask, "AWS_CREDENTIAL_EXPIRATION");
    if (expiration == NULL || clock_parse_iso(text_of(expiration), expires_ms))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      "cannot use environment variables: AWS_CREDENTIAL_EXPIRATION is no time "
                      "such as 2026-11-22T03:10:00Z");
}

static enum spurn_status find_in_environment(const struct credentials_ask *ask,
                                             struct credentials *out, bool *found,
                                             struct spurn_error *err)
{
    struct sources_keys keys = {
        .source = "environment variables",
        .id = variable(ask, "AWS_ACCESS_KEY_ID"),
        .secret = variable(ask, "AWS_SECRET_ACCESS_KEY"),
        .token = variable(ask, "AWS_SESSION_TOKEN"),
        .account = text_of(sources_variable(ask, "AWS_ACCOUNT_ID")),
    };
    *found = keys.id.value.at != NULL || keys.secret.value.at != NULL;
    if (!*found)
        return SPURN_OK;
    if (keys.token.value.at == NULL)
        keys.token = variable(ask, "AWS_SECURITY_TOKEN");
    enum spurn_status status = read_expiration(ask, &keys.expires_ms, err);
    return status == SPURN_OK ? sources_keep(&keys, out, err) : status;
}

/* ---- profiles ---- */

struct aws_profile {
    bool found;
    struct spurn_text id, secret, token, account; /* borrowed from the file */
    const char *before_keys, *after_keys; /* a setting that we do not know how to follow yet */
};

#define PROFILE(member) offsetof(struct aws_profile, member)

static const struct {
    const char *name;
    size_t at;
} key_settings[] = {
    {"aws_access_key_id", PROFILE(id)},    {"aws_secret_access_key", PROFILE(secret)},
    {"aws_session_token", PROFILE(token)}, {"aws_security_token", PROFILE(token)},
    {"aws_account_id", PROFILE(account)},
};

static const struct {
    const char *name;
    bool is_before_keys;
} unknown_settings[] = {
    {"role_arn", true},
    {"web_identity_token_file", true},
    {"sso_session", true},
    {"sso_start_url", true},
    {"sso_account_id", true},
    {"sso_role_name", true},
    {"credential_process", false},
    {"login_session", false},
};

static void read_setting(const struct ini *line, struct aws_profile *profile)
{
    if (line->value.len == 0)
        return;
    for (size_t i = 0; i < sizeof key_settings / sizeof key_settings[0]; i++)
        if (text_is_nocase(line->name, key_settings[i].name))
            *(struct spurn_text *)((char *)profile + key_settings[i].at) = line->value;
    for (size_t i = 0; i < sizeof unknown_settings / sizeof unknown_settings[0]; i++) {
        if (!text_is_nocase(line->name, unknown_settings[i].name))
            continue;
        if (unknown_settings[i].is_before_keys)
            profile->before_keys = unknown_settings[i].name;
        else
            profile->after_keys = unknown_settings[i].name;
    }
}

/* The config file calls them [default] and [profile NAME], NAME perhaps in quotes; it has other sections too. */
static struct spurn_text profile_of_config_section(struct spurn_text section)
{
    static const char word[] = "profile";
    if (text_is(section, "default"))
        return section;
    size_t skip = sizeof word - 1;
    if (!text_starts(section, word) || section.len == skip ||
        (section.at[skip] != ' ' && section.at[skip] != '\t'))
        return TEXT_ABSENT;
    while (skip < section.len && (section.at[skip] == ' ' || section.at[skip] == '\t'))
        skip++;
    struct spurn_text name = {section.at + skip, section.len - skip};
    bool is_quoted = name.len >= 2 && (name.at[0] == '"' || name.at[0] == '\'') &&
                     name.at[name.len - 1] == name.at[0];
    return is_quoted ? (struct spurn_text){name.at + 1, name.len - 2} : name;
}

static enum spurn_status read_profile(const struct sources_file *file, bool is_config,
                                      const char *wanted, struct aws_profile *profile,
                                      struct sources_names *names, struct spurn_error *err)
{
    struct ini line;
    bool is_wanted = false;
    ini_init(&line, buf_text(&file->text));
    while (ini_next(&line)) {
        if (line.name.at == NULL) {
            struct spurn_text name =
                is_config ? profile_of_config_section(line.section) : line.section;
            sources_add_name(names, name);
            is_wanted = text_is(name, wanted);
            profile->found = profile->found || is_wanted;
        } else if (is_wanted) {
            read_setting(&line, profile);
        }
    }
    if (line.broken)
        return spurn_fail(err, SPURN_E_CREDENTIALS,
                          "cannot read %s: line %d is neither [section] nor name = value",
                          file->path, line.line);
    return SPURN_OK;
}

static enum spurn_status keep_profile(const struct aws_profile *profile, const char *name,
                                      const char *path, struct spurn_text account,
                                      struct credentials *out, struct spurn_error *err)
{
    char source[SOURCES_PATH_MAX + 128];
    snprintf(source, sizeof source, "profile %.64s in %s", name, path);
    const struct sources_keys keys = {
        .source = source,
        .id = {"aws_access_key_id", profile->id},
        .secret = {"aws_secret_access_key", profile->secret},
        .token = {"aws_session_token", profile->token},
        .account = account,
    };
    return sources_keep(&keys, out, err);
}

static enum spurn_status fail_unsupported(const char *name, const char *setting, const char *path,
                                          struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      "cannot use profile %.64s: %s in %s is not supported yet; %s", name, setting,
                      path, works_today);
}

static bool has_keys(const struct aws_profile *profile)
{
    return profile->id.at != NULL || profile->secret.at != NULL;
}

enum { CREDENTIALS_FILE, CONFIG_FILE, FILE_COUNT };

static const struct {
    const char *variable, *below_home, *what;
} places[FILE_COUNT] = {
    [CREDENTIALS_FILE] = {"AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials",
                          "the AWS credentials file"},
    [CONFIG_FILE] = {"AWS_CONFIG_FILE", "/.aws/config", "the AWS config file"},
};

static enum spurn_status use_profile(const struct sources_file files[FILE_COUNT],
                                     const struct aws_profile profiles[FILE_COUNT],
                                     const char *name, struct credentials *out,
                                     struct spurn_error *err)
{
    for (int i = 0; i < FILE_COUNT; i++)
        if (profiles[i].before_keys != NULL)
            return fail_unsupported(name, profiles[i].before_keys, files[i].path, err);
    struct spurn_text account = profiles[CREDENTIALS_FILE].account;
    if (account.at == NULL)
        account = profiles[CONFIG_FILE].account;
    if (has_keys(&profiles[CREDENTIALS_FILE]))
        return keep_profile(&profiles[CREDENTIALS_FILE], name, files[CREDENTIALS_FILE].path,
                            account, out, err);
    for (int i = 0; i < FILE_COUNT; i++)
        if (profiles[i].after_keys != NULL)
            return fail_unsupported(name, profiles[i].after_keys, files[i].path, err);
    int where = profiles[CONFIG_FILE].found ? CONFIG_FILE : CREDENTIALS_FILE;
    return keep_profile(&profiles[where], name, files[where].path, account, out, err);
}

/* Sources that only the environment names. They come last, so that they are looked at when no profile is there. */
static const char *const unknown_variables[] = {
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
};

static enum spurn_status fail_lost(const struct credentials_ask *ask, const char *profile,
                                   const struct sources_file files[FILE_COUNT],
                                   const struct sources_names *names, struct spurn_error *err)
{
    for (size_t i = 0; ask->profile == NULL && i < sizeof unknown_variables / sizeof(char *); i++)
        if (sources_variable(ask, unknown_variables[i]) != NULL)
            return spurn_fail(err, SPURN_E_CREDENTIALS,
                              "cannot find AWS credentials: %s is set, which is not supported "
                              "yet; %s",
                              unknown_variables[i], works_today);
    const struct sources_file *const looked_at[] = {&files[0], &files[1]};
    const struct sources_lost lost = {
        .cloud = "AWS",
        .profile = profile,
        .id_variable = ask->profile == NULL ? "AWS_ACCESS_KEY_ID" : NULL,
        .secret_variable = "AWS_SECRET_ACCESS_KEY",
        .files = looked_at,
        .file_count = FILE_COUNT,
        .names = *names,
    };
    return sources_fail_lost(&lost, err);
}

static enum spurn_status find_in_files(const struct credentials_ask *ask, const char *name,
                                       struct credentials *out, struct spurn_error *err)
{
    struct sources_file files[FILE_COUNT] = {{.missing = ""}};
    struct aws_profile profiles[FILE_COUNT] = {{.found = false}};
    struct sources_names names = {.count = 0};
    enum spurn_status status = SPURN_OK;
    for (int i = 0; i < FILE_COUNT; i++) {
        status = sources_read_file(ask, places[i].variable, places[i].below_home, places[i].what,
                                   &files[i], err);
        if (status != SPURN_OK)
            goto done;
        status = read_profile(&files[i], i == CONFIG_FILE, name, &profiles[i], &names, err);
        if (status != SPURN_OK)
            goto done;
    }
    if (profiles[CREDENTIALS_FILE].found || profiles[CONFIG_FILE].found)
        status = use_profile(files, profiles, name, out, err);
    else
        status = fail_lost(ask, name, files, &names, err);
done:
    for (int i = 0; i < FILE_COUNT; i++)
        sources_clear_file(&files[i]);
    return status;
}

static const char *profile_name(const struct credentials_ask *ask)
{
    static const char *const names[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL};
    if (ask->profile != NULL)
        return ask->profile;
    const char *name = sources_first_variable(ask, names);
    return name == NULL ? "default" : name;
}

enum spurn_status credentials_find_aws(const struct credentials_ask *ask, struct credentials *out,
                                       struct spurn_error *err)
{
    credentials_clear(out);
    if (ask->profile == NULL) {
        bool found = false;
        enum spurn_status status = find_in_environment(ask, out, &found, err);
        if (found)
            return status;
        if (sources_variable(ask, "AWS_WEB_IDENTITY_TOKEN_FILE") != NULL)
            return spurn_fail(err, SPURN_E_CREDENTIALS,
                              "cannot find AWS credentials: AWS_WEB_IDENTITY_TOKEN_FILE is set, "
                              "which is not supported yet; %s",
                              works_today);
    }
    return find_in_files(ask, profile_name(ask), out, err);
}

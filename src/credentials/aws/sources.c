/* sources.c - what one of AWS's profiles leads to, but for roles: keys, web identity, single sign-on, a program. */
#include "credentials/aws/sources.h"

#include <stdio.h>

#include "credentials/aws/service.h"

/* Source for what is where, and for what is missing when it is not: botocore, credentials.py, the class named at each. */

struct spurn_text aws_profile_get(const struct aws_profile *p, const char *setting)
{
    return aws_profiles_get(p->files, AWS_PROFILE, p->name, setting);
}

enum source_answer aws_profile_refuse(const struct aws_profile *p, struct spurn_error *err,
                                      const char *fmt, ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, 4 * SOURCES_PATH_MAX);
    va_start(args, fmt);
    buf_vaddf(&text, fmt, args);
    va_end(args);
    spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use profile %.*s: %s",
               TEXT_ARG(sources_shown(p->name)), buf_str(&text));
    buf_clear(&text);
    return SOURCE_FAILED;
}

enum source_answer aws_found(struct source *made, struct source **out, struct spurn_error *err)
{
    *out = made;
    if (made != NULL)
        return SOURCE_KEYS;
    spurn_fail_memory(err);
    return SOURCE_FAILED;
}

/* The file that says `setting`. */
static const char *path_of(const struct aws_profile *p, const char *setting)
{
    return p->files->files[aws_profiles_where(p->files, p->name, setting)].path;
}

/* ---- keys of a file: SharedCredentialProvider, ConfigProvider ---- */

enum source_answer aws_found_keys(struct search *search, const struct sources_keys *keys,
                                  struct source **out, struct spurn_error *err)
{
    if (sources_check(keys, err) != SPURN_OK)
        return SOURCE_FAILED;
    bool has_account = aws_is_account(keys->account);
    if (keys->account.len > 0 && !has_account) /* AWS is asked, then */
        log_warn(search->ask.log, "%s: the account named there has not 12 digits, and is no help",
                 keys->source);
    struct source *source = search_source(search, &source_keys, "%s", keys->source);
    if (source != NULL) {
        source->settings.id = search_copy(search, keys->id.value);
        source->settings.secret = search_copy(search, keys->secret.value);
        source->settings.token = search_copy(search, keys->token.value);
        source->settings.account = has_account ? search_copy(search, keys->account) : TEXT_ABSENT;
        source->settings.expires_ms = keys->expires_ms;
    }
    return aws_found(source, out, err);
}

/* The account may stand in the other file: it is a plain fact, not one half of a pair. */
static enum source_answer keys_in(const struct aws_profile *p, enum aws_file file,
                                  struct source **out, struct spurn_error *err)
{
    static const char id[] = "aws_access_key_id", secret[] = "aws_secret_access_key",
                      token[] = "aws_session_token";
    char source[SOURCES_PATH_MAX + 128];
    snprintf(source, sizeof source, "profile %.*s in %s", TEXT_ARG(sources_shown(p->name)),
             p->files->files[file].path);
    struct sources_keys keys = {
        .source = source,
        .id = {id, aws_profiles_get_in(p->files, file, p->name, id)},
        .secret = {secret, aws_profiles_get_in(p->files, file, p->name, secret)},
        .token = {token, aws_profiles_get_in(p->files, file, p->name, token)},
        .account = aws_profile_get(p, "aws_account_id"),
    };
    if (keys.id.value.at == NULL)
        return SOURCE_NOTHING;
    if (keys.token.value.at == NULL)
        keys.token.value = aws_profiles_get_in(p->files, file, p->name, "aws_security_token");
    return aws_found_keys(p->search, &keys, out, err);
}

enum source_answer aws_way_credentials_file(const struct aws_profile *p, struct source **out,
                                            struct spurn_error *err)
{
    return keys_in(p, AWS_CREDENTIALS_FILE, out, err);
}

enum source_answer aws_way_config_file(const struct aws_profile *p, struct source **out,
                                       struct spurn_error *err)
{
    return keys_in(p, AWS_CONFIG_FILE, out, err);
}

/* ---- web identity: AssumeRoleWithWebIdentityProvider ---- */

static struct spurn_text variable_or_setting(const struct aws_profile *p, const char *variable,
                                             const char *setting)
{
    const char *value = p->is_asked_for ? NULL : sources_variable(&p->search->ask, variable);
    return value != NULL ? text_of(value) : aws_profile_get(p, setting);
}

enum source_answer aws_way_web_identity(const struct aws_profile *p, struct source **out,
                                        struct spurn_error *err)
{
    struct search *search = p->search;
    struct spurn_text file = variable_or_setting(p, "AWS_WEB_IDENTITY_TOKEN_FILE",
                                                 "web_identity_token_file"),
                      role = variable_or_setting(p, "AWS_ROLE_ARN", "role_arn"),
                      session =
                          variable_or_setting(p, "AWS_ROLE_SESSION_NAME", "role_session_name");
    if (file.len == 0)
        return SOURCE_NOTHING;
    if (!sources_is_plain(file) || file.len >= SOURCES_PATH_MAX)
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "cannot use the web identity token: what names its file is no "
                       "path"));
    if (!aws_is_role(role))
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "cannot use the web identity token %.*s: no role's ARN goes "
                       "with it; set %srole_arn beside it",
                       TEXT_ARG(file), p->is_asked_for ? "" : "AWS_ROLE_ARN, or "));
    struct source *source =
        search_source(search, &source_aws_web_identity, "role %.*s with the web identity in %.*s",
                      TEXT_ARG(role), TEXT_ARG(file));
    if (source != NULL) {
        source->settings.token_file = search_copy(search, file);
        source->settings.role_arn = search_copy(search, role);
        source->settings.session_name =
            session.len == 0 ? text_of("spurn") : search_copy(search, session);
    }
    return aws_found(source, out, err);
}

/* ---- single sign-on: SSOProvider ---- */

struct sso_setting {
    const char *name;
    struct spurn_text value;
};

/* What the profile says, or its sso-session; both have to say the same. */
static enum source_answer read_sso_setting(const struct aws_profile *p, struct spurn_text session,
                                           struct sso_setting *setting, struct spurn_error *err)
{
    struct spurn_text own = aws_profile_get(p, setting->name), other = TEXT_ABSENT;
    if (session.at != NULL)
        other = aws_profiles_get(p->files, AWS_SSO_SESSION, session, setting->name);
    setting->value = own.at == NULL ? other : own;
    if (own.at != NULL && other.at != NULL && !text_equal(own, other))
        return aws_profile_refuse(p, err, "its %s is another one than that of its sso-session %.*s",
                                  setting->name, TEXT_ARG(sources_shown(session)));
    if (setting->value.len == 0)
        return aws_profile_refuse(p, err, "single sign-on needs %s too; run aws configure sso",
                                  setting->name);
    return SOURCE_KEYS;
}

enum source_answer aws_way_sso(const struct aws_profile *p, struct source **out,
                               struct spurn_error *err)
{
    enum { ACCOUNT, ROLE, START_URL, REGION, COUNT };
    struct sso_setting settings[COUNT] = {[ACCOUNT] = {.name = "sso_account_id"},
                                          [ROLE] = {.name = "sso_role_name"},
                                          [START_URL] = {.name = "sso_start_url"},
                                          [REGION] = {.name = "sso_region"}};
    bool is_meant = aws_profile_get(p, settings[ACCOUNT].name).at != NULL ||
                    aws_profile_get(p, settings[ROLE].name).at != NULL;
    if (!is_meant)
        return SOURCE_NOTHING;
    struct spurn_text session = aws_profile_get(p, "sso_session");
    if (session.at != NULL && !aws_profiles_has(p->files, AWS_SSO_SESSION, session))
        return aws_profile_refuse(p, err, "there is no [sso-session %.*s] in %s",
                                  TEXT_ARG(sources_shown(session)),
                                  p->files->files[AWS_CONFIG_FILE].path);
    for (int i = 0; i < COUNT; i++)
        if (read_sso_setting(p, session, &settings[i], err) == SOURCE_FAILED)
            return SOURCE_FAILED;

    const char *said_by = aws_profile_get(p, settings[ROLE].name).at != NULL
                              ? settings[ROLE].name
                              : settings[ACCOUNT].name;
    struct search *search = p->search;
    struct source *source = search_source(search, &source_aws_sso, "profile %.*s in %s",
                                          TEXT_ARG(sources_shown(p->name)), path_of(p, said_by));
    if (source != NULL) {
        source->settings.account = search_copy(search, settings[ACCOUNT].value);
        source->settings.role_name = search_copy(search, settings[ROLE].value);
        source->settings.sso_start_url = search_copy(search, settings[START_URL].value);
        source->settings.sso_region = search_copy(search, settings[REGION].value);
        source->settings.sso_session = search_copy(search, session);
        source->settings.profile = search_copy(search, p->name);
    }
    return aws_found(source, out, err);
}

/* ---- what only AWS's CLI can do: LoginProvider ---- */

enum source_answer aws_way_login(const struct aws_profile *p, struct source **out,
                                 struct spurn_error *err)
{
    (void)out;
    if (aws_profile_get(p, "login_session").at == NULL)
        return SOURCE_NOTHING;
    return aws_profile_refuse(
        p, err,
        "its keys come from aws login (login_session), which only AWS's CLI can renew; write "
        "credential_process = aws configure export-credentials --profile %.*s --format process "
        "into another profile, and use that one",
        TEXT_ARG(sources_shown(p->name)));
}

/* ---- a program: ProcessProvider ---- */

enum source_answer aws_way_process(const struct aws_profile *p, struct source **out,
                                   struct spurn_error *err)
{
    static const char setting[] = "credential_process";
    struct spurn_text command = aws_profile_get(p, setting);
    if (command.at == NULL)
        return SOURCE_NOTHING;
    struct source *source = search_source(p->search, &source_aws_process, "profile %.*s in %s",
                                          TEXT_ARG(sources_shown(p->name)), path_of(p, setting));
    if (source != NULL) {
        source->settings.command = search_copy(p->search, command);
        source->settings.account = search_copy(p->search, aws_profile_get(p, "aws_account_id"));
    }
    return aws_found(source, out, err);
}

/* Source: botocore, ProfileProviderBuilder. */
enum source_answer aws_way_any(const struct aws_profile *p, struct source **out,
                               struct spurn_error *err)
{
    static aws_way *const ways[] = {
        aws_way_web_identity, aws_way_sso,     aws_way_credentials_file,
        aws_way_login,        aws_way_process, aws_way_config_file,
    };
    enum source_answer answer = SOURCE_NOTHING;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && answer == SOURCE_NOTHING; i++)
        answer = ways[i](p, out, err);
    return answer;
}

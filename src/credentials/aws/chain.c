/* chain.c - the order in which AWS's own tools look for keys. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "credentials/aws/sources.h"
#include "credentials/ini.h"

/* Source: botocore, credentials.py, create_credential_resolver. What stands in a profile is looked at before what the machine gives; a
 * place that has something wrong ends the search, so that a mistake never means other keys. */

static const struct aws_profiles *files_of(const struct search *search)
{
    return search->own;
}

static struct aws_profile profile_of(struct search *search)
{
    const struct aws_profiles *files = files_of(search);
    return (struct aws_profile){search, files, text_of(files->profile),
                                search->ask.profile != NULL};
}

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

/* The token's newer name comes first: only the tools in Python know the older one. */
enum source_answer aws_from_environment(struct search *search, struct source **out,
                                        struct spurn_error *err)
{
    const struct credentials_ask *ask = &search->ask;
    struct sources_keys keys = {
        .source = "environment variables",
        .id = variable(ask, "AWS_ACCESS_KEY_ID"),
        .secret = variable(ask, "AWS_SECRET_ACCESS_KEY"),
        .token = variable(ask, "AWS_SESSION_TOKEN"),
        .account = text_of(sources_variable(ask, "AWS_ACCOUNT_ID")),
    };
    if (keys.id.value.at == NULL) {
        if (keys.secret.value.at != NULL)
            log_warn(ask->log, "%s is set, but %s is not: looking elsewhere for AWS credentials",
                     keys.secret.name, keys.id.name);
        return SOURCE_NOTHING;
    }
    if (keys.token.value.at == NULL)
        keys.token = variable(ask, "AWS_SECURITY_TOKEN");
    if (read_expiration(ask, &keys.expires_ms, err) != SPURN_OK)
        return SOURCE_FAILED;
    return aws_found_keys(search, &keys, out, err);
}

static enum source_answer look_in_environment(struct search *search, struct source **out,
                                              struct spurn_error *err)
{
    return search->ask.profile != NULL ? SOURCE_NOTHING : aws_from_environment(search, out, err);
}

/* ---- profiles ---- */

static enum spurn_status fail_without_profile(struct search *search, const char *beside,
                                              const char *id_variable, struct spurn_error *err)
{
    const struct aws_profiles *p = files_of(search);
    const struct sources_file *const looked_at[] = {&p->files[AWS_CREDENTIALS_FILE],
                                                    &p->files[AWS_CONFIG_FILE]};
    struct sources_lost lost = {
        .cloud = "AWS",
        .profile = p->profile,
        .id_variable = id_variable,
        .secret_variable = "AWS_SECRET_ACCESS_KEY",
        .files = looked_at,
        .file_count = AWS_FILE_COUNT,
        .beside = beside,
    };
    lost.names.slip.written = text_of(p->profile);
    aws_profiles_list(p, &lost.names);
    return sources_fail_lost(&lost, err);
}

/* A profile that somebody named has to be there, whatever the environment holds. Source: botocore, session.py, get_scoped_config. */
static enum source_answer look_for_profile(struct search *search, struct source **out,
                                           struct spurn_error *err)
{
    const struct aws_profiles *p = files_of(search);
    (void)out;
    if (!p->is_named || aws_profiles_has(p, AWS_PROFILE, text_of(p->profile)))
        return SOURCE_NOTHING;
    fail_without_profile(search, "", NULL, err);
    return SOURCE_FAILED;
}

static enum source_answer look_for_role(struct search *search, struct source **out,
                                        struct spurn_error *err)
{
    const struct aws_profile profile = profile_of(search);
    return aws_way_role(&profile, out, err);
}

static enum source_answer look_in_profile(struct search *search, struct source **out,
                                          struct spurn_error *err)
{
    const struct aws_profile profile = profile_of(search);
    return aws_way_any(&profile, out, err);
}

/* ---- files of older tools ---- */

static struct spurn_text value_of_line(struct spurn_text text, const char *name)
{
    struct spurn_text value = TEXT_ABSENT;
    struct ini line;
    ini_init(&line, text);
    line.section = text_of("file");
    while (ini_next(&line))
        if (text_is(line.name, name))
            value = line.value;
    return value;
}

/* Source: botocore, OriginalEC2Provider. */
static enum source_answer look_in_credential_file(struct search *search, struct source **out,
                                                  struct spurn_error *err)
{
    static const char named_by[] = "AWS_CREDENTIAL_FILE";
    const char *path = sources_variable(&search->ask, named_by);
    struct sources_file file;
    if (path == NULL)
        return SOURCE_NOTHING;
    enum source_answer answer = SOURCE_FAILED;
    if (sources_read_path(&search->ask, path, "the file of AWS_CREDENTIAL_FILE", &file, err) !=
        SPURN_OK)
        goto done;
    const struct sources_keys keys = {
        .source = file.path,
        .id = {"AWSAccessKeyId", value_of_line(buf_text(&file.text), "AWSAccessKeyId")},
        .secret = {"AWSSecretKey", value_of_line(buf_text(&file.text), "AWSSecretKey")},
    };
    if (file.missing[0] != '\0')
        spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s %s%s", named_by, file.path,
                   file.missing);
    else if (keys.id.value.at == NULL)
        answer = SOURCE_NOTHING;
    else
        answer = aws_found_keys(search, &keys, out, err);
done:
    sources_clear_file(&file);
    return answer;
}

static enum source_answer look_in_boto_file(struct search *search, const char *path,
                                            struct source **out, struct spurn_error *err)
{
    struct sources_file file;
    struct sources_keys keys = {.id = {"aws_access_key_id", TEXT_ABSENT},
                                .secret = {"aws_secret_access_key", TEXT_ABSENT}};
    enum source_answer answer = SOURCE_FAILED;
    if (sources_read_path(&search->ask, path, "the boto file", &file, err) != SPURN_OK)
        goto done;
    struct ini line;
    ini_init(&line, buf_text(&file.text));
    while (ini_next(&line)) {
        if (!text_is(line.section, "Credentials"))
            continue;
        if (text_is_nocase(line.name, keys.id.name))
            keys.id.value = line.value;
        if (text_is_nocase(line.name, keys.secret.name))
            keys.secret.value = line.value;
    }
    keys.source = file.path;
    if (line.broken)
        spurn_fail(err, SPURN_E_CREDENTIALS,
                   "cannot read %s: line %d is neither [section] nor name = value", file.path,
                   line.line);
    else
        answer =
            keys.id.value.at == NULL ? SOURCE_NOTHING : aws_found_keys(search, &keys, out, err);
done:
    sources_clear_file(&file);
    return answer;
}

/* Source: botocore, BotoProvider. */
static enum source_answer look_in_boto_files(struct search *search, struct source **out,
                                             struct spurn_error *err)
{
    static const char *const usual[] = {"/etc/boto.cfg", "~/.boto"};
    const char *named = sources_variable(&search->ask, "BOTO_CONFIG");
    if (named != NULL)
        return look_in_boto_file(search, named, out, err);
    enum source_answer answer = SOURCE_NOTHING;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0] && answer == SOURCE_NOTHING; i++)
        answer = look_in_boto_file(search, usual[i], out, err);
    return answer;
}

/* ---- what the machine gives ---- */

/* Source: botocore, ContainerProvider and utils.py, ContainerMetadataFetcher. */
enum source_answer aws_from_container(struct search *search, struct source **out,
                                      struct spurn_error *err)
{
    const struct credentials_ask *ask = &search->ask;
    const char *below = sources_variable(ask, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
               *whole = sources_variable(ask, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
               *file = sources_variable(ask, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
               *token = sources_variable(ask, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (below == NULL && whole == NULL)
        return SOURCE_NOTHING;
    struct source *source = search_source(search, &source_aws_container, "the container's role");
    if (source != NULL) {
        source->settings.url = search_copy(search, text_of(below != NULL ? below : whole));
        source->settings.authorization_file = search_copy(search, text_of(file));
        source->settings.authorization = search_copy(search, text_of(file == NULL ? token : NULL));
    }
    return aws_found(source, out, err);
}

static bool is_instance_disabled(const struct search *search)
{
    const char *disabled = sources_variable(&search->ask, "AWS_EC2_METADATA_DISABLED");
    return text_is_nocase(text_of(disabled), "true");
}

enum source_answer aws_from_instance(struct search *search, struct source **out,
                                     struct spurn_error *err)
{
    if (is_instance_disabled(search))
        return SOURCE_NOTHING;
    return aws_found(search_source(search, &source_aws_instance, "the instance's role"), out, err);
}

/* ---- the order ---- */

static enum spurn_status fail_lost(struct search *search, struct spurn_error *err)
{
    const struct aws_profiles *p = files_of(search);
    struct spurn_text name = text_of(p->profile);
    const char *why = buf_str(&search->failures);
    char instance[512];
    snprintf(instance, sizeof instance, "%s%s%s%s",
             is_instance_disabled(search)
                 ? "AWS_EC2_METADATA_DISABLED keeps the instance's role out"
                 : "there is no instance's role",
             why[0] == '\0' ? "" : " (", why, why[0] == '\0' ? "" : ")");
    const char *id_variable = search->ask.profile == NULL ? "AWS_ACCESS_KEY_ID" : NULL;
    if (!aws_profiles_has(p, AWS_PROFILE, name))
        return fail_without_profile(search, instance, id_variable, err);
    return spurn_fail(
        err, SPURN_E_CREDENTIALS,
        "cannot find AWS credentials: %s%sprofile %.*s in %s names none, and %s; write "
        "keys, a role_arn, sso_session or credential_process into it",
        id_variable == NULL ? "" : id_variable, id_variable == NULL ? "" : " is not set, ",
        TEXT_ARG(sources_shown(name)), aws_profiles_path(p, name), instance);
}

static const struct chain_link links[] = {
    {"the profile", look_for_profile},
    {"environment variables", look_in_environment},
    {"the profile's role", look_for_role},
    {"web identity, single sign-on, keys or program of the profile", look_in_profile},
    {"AWS_CREDENTIAL_FILE", look_in_credential_file},
    {"boto's files", look_in_boto_files},
    {"the container", aws_from_container},
    {"the instance", aws_from_instance},
};

const struct chain chain_aws = {
    .title = "AWS",
    .links = links,
    .count = sizeof links / sizeof links[0],
    .fail_lost = fail_lost,
};

/* chain.c - where Alibaba Cloud's own tools look for keys, in their order. */
#include <stdio.h>

#include "credentials/alibaba/answer.h"
#include "credentials/alibaba/profiles.h"

/* Source: credentials-go, providers/default.go and what it asks: environment, OIDC, the CLI's profile, the shared file, ECS metadata,
 * credentials URI; a place that fails is no end. A profile that was asked for is looked for in the two files and nowhere else. */

enum { FILE_COUNT = 2, NOTE_LEN = 160 };

/* What was seen on the way, for the error when nothing was found. */
struct seen {
    struct sources_file files[FILE_COUNT]; /* those without the profile; their text is elsewhere */
    size_t file_count;
    struct sources_names names;
    bool has_half;   /* one of the two variables of a key */
    bool has_broken; /* that, or a file that cannot be used: what is wrong there comes first */
};

static struct seen *seen_of(struct search *search)
{
    if (search->own == NULL)
        search->own = arena_alloc(&search->arena, sizeof(struct seen));
    return search->own;
}

static bool has_profile(const struct search *search)
{
    return search->ask.profile != NULL;
}

static enum source_answer give(struct source *source, struct source **out, struct spurn_error *err)
{
    *out = source;
    return source == NULL ? source_failed(spurn_fail_memory(err)) : SOURCE_KEYS;
}

/* ---- the environment ---- */

static const char id_variable[] = "ALIBABA_CLOUD_ACCESS_KEY_ID";
static const char secret_variable[] = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";

static enum source_answer look_in_environment(struct search *search, struct source **out,
                                              struct spurn_error *err)
{
    struct seen *seen = seen_of(search);
    if (seen == NULL)
        return source_failed(spurn_fail_memory(err));
    if (has_profile(search))
        return SOURCE_NOTHING;
    const char *id = sources_variable(&search->ask, id_variable);
    const char *secret = sources_variable(&search->ask, secret_variable);
    if (id == NULL && secret == NULL)
        return SOURCE_NOTHING;
    seen->has_half = seen->has_broken = id == NULL || secret == NULL;
    if (seen->has_half)
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "cannot use environment variables: %s is there, but %s is missing",
                       id == NULL ? secret_variable : id_variable,
                       id == NULL ? id_variable : secret_variable));
    struct source *source = search_source(search, &source_keys, "environment variables");
    if (source != NULL) {
        source->settings.id = alibaba_variable(search, id_variable);
        source->settings.secret = alibaba_variable(search, secret_variable);
        source->settings.token = alibaba_variable(search, "ALIBABA_CLOUD_SECURITY_TOKEN");
    }
    return give(source, out, err);
}

/* All three name a role for a pod; with less it is no such place. */
static enum source_answer look_for_oidc(struct search *search, struct source **out,
                                        struct spurn_error *err)
{
    if (has_profile(search))
        return SOURCE_NOTHING;
    const struct source_settings settings = {
        .role_arn = alibaba_variable(search, "ALIBABA_CLOUD_ROLE_ARN"),
        .provider_arn = alibaba_variable(search, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
        .token_file = alibaba_variable(search, "ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
        .session_name = alibaba_variable(search, "ALIBABA_CLOUD_ROLE_SESSION_NAME"),
    };
    if (settings.role_arn.len == 0 || settings.provider_arn.len == 0 ||
        settings.token_file.len == 0)
        return SOURCE_NOTHING;
    struct source *source =
        search_source(search, &source_alibaba_oidc, "role %.*s with ALIBABA_CLOUD_OIDC_TOKEN_FILE",
                      TEXT_ARG(settings.role_arn));
    if (source != NULL)
        source->settings = settings;
    return give(source, out, err);
}

static enum source_answer look_at_metadata(struct search *search, struct source **out,
                                           struct spurn_error *err)
{
    if (has_profile(search) || alibaba_is_set(search, "ALIBABA_CLOUD_ECS_METADATA_DISABLED"))
        return SOURCE_NOTHING;
    struct source *source =
        search_source(search, &source_alibaba_instance, "the RAM role of this ECS instance");
    if (source != NULL)
        source->settings.role_name = alibaba_variable(search, "ALIBABA_CLOUD_ECS_METADATA");
    return give(source, out, err);
}

static enum source_answer look_for_uri(struct search *search, struct source **out,
                                       struct spurn_error *err)
{
    struct spurn_text url = alibaba_variable(search, "ALIBABA_CLOUD_CREDENTIALS_URI");
    if (has_profile(search) || url.len == 0)
        return SOURCE_NOTHING;
    struct source *source =
        search_source(search, &source_alibaba_uri, "ALIBABA_CLOUD_CREDENTIALS_URI");
    if (source != NULL)
        source->settings.url = url;
    return give(source, out, err);
}

/* ---- files ---- */

static enum source_answer read_file(struct search *search, enum alibaba_kind kind,
                                    struct source **out, struct spurn_error *err)
{
    struct seen *seen = search->own;
    struct alibaba_file file;
    struct alibaba_profile profile;
    bool found = false;
    struct spurn_text name = text_of(search->ask.profile);
    if (name.at == NULL)
        name = alibaba_variable(search, "ALIBABA_CLOUD_PROFILE");
    seen->names.slip.written = name;
    if (alibaba_read_file(search, kind, &file, err) != SPURN_OK ||
        alibaba_read_profile(search, &file, name, &profile, &found, &seen->names, err) != SPURN_OK)
        return SOURCE_FAILED;
    if (found)
        return alibaba_follow(search, &file, &profile, out, err);
    struct sources_file *without = &seen->files[seen->file_count++];
    snprintf(without->path, sizeof without->path, "%s", file.path);
    without->missing = file.missing;
    return SOURCE_NOTHING;
}

static enum source_answer look_in_file(struct search *search, enum alibaba_kind kind,
                                       struct source **out, struct spurn_error *err)
{
    struct seen *seen = search->own;
    enum source_answer said = read_file(search, kind, out, err);
    seen->has_broken = seen->has_broken || said == SOURCE_FAILED;
    return said;
}

/* The second is the CLI's own word. Source: aliyun-cli, config/configuration.go. */
static const char *const cli_switches[] = {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
                                           "ALIBABA_CLOUD_IGNORE_PROFILE"};
enum { CLI_SWITCH_COUNT = sizeof cli_switches / sizeof cli_switches[0] };

/* The variable that says to leave the CLI's file alone; NULL: none does. */
static const char *cli_switched_off(const struct search *search)
{
    for (size_t i = 0; i < CLI_SWITCH_COUNT; i++)
        if (alibaba_is_set(search, cli_switches[i]))
            return cli_switches[i];
    return NULL;
}

static enum source_answer look_at_cli(struct search *search, struct source **out,
                                      struct spurn_error *err)
{
    if (cli_switched_off(search) != NULL)
        return SOURCE_NOTHING;
    return look_in_file(search, ALIBABA_CLI, out, err);
}

static enum source_answer look_at_shared(struct search *search, struct source **out,
                                         struct spurn_error *err)
{
    return look_in_file(search, ALIBABA_SHARED, out, err);
}

/* ---- nothing anywhere ---- */

/* Names that others of Alibaba Cloud's tools read, but not its SDKs: Terraform's provider, the CLI. */
static const char *const other_variables[] = {"ALICLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY_ID",
                                              "ALIBABACLOUD_ACCESS_KEY_ID", NULL};

static const char *other_variable(const struct search *search)
{
    for (size_t i = 0; other_variables[i] != NULL; i++)
        if (sources_variable(&search->ask, other_variables[i]) != NULL)
            return other_variables[i];
    return NULL;
}

/* Says that the profile is in none of the files that were read; little when it was in each. */
static void fail_unfound(const struct search *search, const struct seen *seen,
                         struct spurn_error *err)
{
    const struct sources_file *const files[FILE_COUNT] = {&seen->files[0], &seen->files[1]};
    const char *profile = search->ask.profile;
    if (profile == NULL)
        profile = sources_variable(&search->ask, "ALIBABA_CLOUD_PROFILE");
    const struct sources_lost lost = {
        .cloud = "Alibaba Cloud",
        .profile = profile == NULL ? "default" : profile,
        .id_variable = has_profile(search) || seen->has_half ? NULL : id_variable,
        .secret_variable = secret_variable,
        .files = files,
        .file_count = seen->file_count,
        .names = seen->names,
    };
    if (seen->file_count > 0)
        sources_fail_lost(&lost, err);
    else
        spurn_fail(err, SPURN_E_CREDENTIALS,
                   "cannot find Alibaba Cloud credentials: no place that was looked at has any");
}

/* An instance that does not answer says little where there is none; a file that is broken, all. */
static void tell_failures(const struct search *search, const struct seen *seen,
                          struct spurn_error *err)
{
    char unfound[sizeof err->text];
    if (search->failures.len == 0)
        return;
    if (!seen->has_broken) {
        search_advise(err, buf_str(&search->failures));
        return;
    }
    snprintf(unfound, sizeof unfound, "%s", err->text);
    spurn_fail(err, err->status, "%s; and elsewhere: %s", buf_str(&search->failures), unfound);
}

static enum spurn_status fail_lost(struct search *search, struct spurn_error *err)
{
    fail_unfound(search, search->own, err);
    const char *switched_off = cli_switched_off(search), *other = other_variable(search);
    char note[NOTE_LEN];
    tell_failures(search, search->own, err);
    if (switched_off != NULL) {
        snprintf(note, sizeof note, "%s keeps the CLI's profiles out", switched_off);
        search_advise(err, note);
    }
    if (other != NULL && !has_profile(search)) {
        snprintf(note, sizeof note, "%s is set, but only %s and %s are read", other, id_variable,
                 secret_variable);
        search_advise(err, note);
    }
    return err->status;
}

static const struct chain_link links[] = {
    {"environment variables", look_in_environment},
    {"ALIBABA_CLOUD_OIDC_TOKEN_FILE", look_for_oidc},
    {"the CLI's profiles", look_at_cli},
    {"the shared credentials file", look_at_shared},
    {"the ECS instance", look_at_metadata},
    {"ALIBABA_CLOUD_CREDENTIALS_URI", look_for_uri},
};

const struct chain chain_alibaba = {
    .title = "Alibaba Cloud",
    .links = links,
    .count = sizeof links / sizeof links[0],
    .goes_on = true,
    .fail_lost = fail_lost,
};

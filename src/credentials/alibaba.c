/* alibaba.c - Alibaba Cloud keys from environment variables, the CLI's profiles and the shared credentials file. */
#include <stdio.h>

#include "credentials/ini.h"
#include "credentials/sources.h"
#include "json.h"

/* The order is that of the default chain in Alibaba's credentials-go. */

static const char works_today[] =
    "what works today: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or a "
    "profile of mode AK or StsToken";

struct alibaba_profile {
    bool found;
    struct spurn_text name, kind, id, secret, token; /* borrowed from the file */
};

#define PROFILE(member) offsetof(struct alibaba_profile, member)

struct setting {
    const char *name;
    size_t at;
};

/* One kind of file: how its profiles spell what they hold. */
struct spelling {
    const char *kind, *id, *secret, *token;
    const char *plain_kind, *token_kind; /* long-lived keys; keys of STS */
};

static const struct spelling cli_spelling = {
    "mode", "access_key_id", "access_key_secret", "sts_token", "AK", "StsToken"};
static const struct spelling shared_spelling = {
    "type", "access_key_id", "access_key_secret", "security_token", "access_key", "sts"};

static void forget(const struct alibaba_profile *profile)
{
    sources_wipe(profile->id);
    sources_wipe(profile->secret);
    sources_wipe(profile->token);
}

static enum spurn_status keep_profile(const struct alibaba_profile *profile,
                                      const struct spelling *spelling, const char *path,
                                      struct credentials *out, struct spurn_error *err)
{
    char source[SOURCES_PATH_MAX + 128];
    snprintf(source, sizeof source, "profile %.*s in %s", TEXT_ARG(sources_shown(profile->name)),
             path);
    bool needs_token = text_is(profile->kind, spelling->token_kind);
    if (profile->kind.len == 0)
        return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: it has no %s, such as %s",
                          source, spelling->kind, spelling->plain_kind);
    if (!needs_token && !text_is(profile->kind, spelling->plain_kind))
        return spurn_fail(err, SPURN_E_CREDENTIALS,
                          "cannot use %s: its %s %.*s is not supported yet; %s", source,
                          spelling->kind, TEXT_ARG(sources_shown(profile->kind)), works_today);
    const struct sources_keys keys = {
        .source = source,
        .id = {spelling->id, profile->id},
        .secret = {spelling->secret, profile->secret},
        .token = {spelling->token, needs_token ? profile->token : TEXT_ABSENT},
        .needs_token = needs_token,
    };
    return sources_keep(&keys, out, err);
}

/* ---- the CLI's config.json ---- */

static void read_cli_profile(struct json *j, struct alibaba_profile *profile)
{
    static const struct setting settings[] = {
        {"name", PROFILE(name)},        {"mode", PROFILE(kind)},
        {"access_key_id", PROFILE(id)}, {"access_key_secret", PROFILE(secret)},
        {"sts_token", PROFILE(token)},
    };
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        struct spurn_text *place = NULL;
        for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
            if (text_is(key, settings[i].name))
                place = (struct spurn_text *)((char *)profile + settings[i].at);
        if (place == NULL)
            json_skip(j);
        else
            *place = json_string_or_null(j);
    }
}

/* What the file calls its current profile, which may stand behind the profiles. */
static struct spurn_text read_current(struct json *j)
{
    struct spurn_text key, current = TEXT_ABSENT;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "current"))
            current = json_string_or_null(j);
        else
            json_skip(j);
    }
    return current;
}

/* Other profiles' secrets are wiped as soon as they were read over. */
static void read_cli_profiles(struct json *j, struct spurn_text wanted,
                              struct alibaba_profile *profile, struct sources_names *names)
{
    json_open_array(j);
    while (json_next_item(j)) {
        struct alibaba_profile one = {.found = true};
        read_cli_profile(j, &one);
        sources_add_name(names, one.name);
        if (!profile->found && text_equal(one.name, wanted))
            *profile = one;
        else
            forget(&one);
    }
}

static void read_cli_file(struct json *j, struct spurn_text wanted, struct alibaba_profile *profile,
                          struct sources_names *names)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "profiles"))
            read_cli_profiles(j, wanted, profile, names);
        else
            json_skip(j);
    }
}

static enum spurn_status fail_json(const struct sources_file *file, const struct json *j,
                                   struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot read %s: %s (byte %zu)", file->path, j->why,
                      j->why_at);
}

/* ---- finding ---- */

/* One search: what is asked for, and what was seen on the way. */
struct search {
    const struct credentials_ask *ask;
    const char *profile; /* as asked for or as the environment says; NULL: neither */
    struct sources_file cli, shared;
    struct sources_names names;
    bool looks_at_cli, found;
};

static enum spurn_status find_in_environment(const struct credentials_ask *ask,
                                             struct credentials *out, bool *found,
                                             struct spurn_error *err)
{
    const char *const names[] = {"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                                 "ALIBABA_CLOUD_SECURITY_TOKEN"};
    const struct sources_keys keys = {
        .source = "environment variables",
        .id = {names[0], text_of(sources_variable(ask, names[0]))},
        .secret = {names[1], text_of(sources_variable(ask, names[1]))},
        .token = {names[2], text_of(sources_variable(ask, names[2]))},
    };
    *found = keys.id.value.at != NULL || keys.secret.value.at != NULL;
    return *found ? sources_keep(&keys, out, err) : SPURN_OK;
}

static enum spurn_status find_in_cli_text(struct search *search, struct arena *scratch,
                                          struct credentials *out, struct spurn_error *err)
{
    struct json j;
    json_init(&j, buf_text(&search->cli.text), scratch);
    struct spurn_text current = read_current(&j);
    if (!json_done(&j))
        return fail_json(&search->cli, &j, err);
    struct spurn_text wanted = search->profile != NULL ? text_of(search->profile)
                               : current.len > 0       ? current
                                                       : text_of("default");

    struct alibaba_profile profile = {.found = false};
    json_init(&j, buf_text(&search->cli.text), scratch);
    read_cli_file(&j, wanted, &profile, &search->names);
    enum spurn_status status = SPURN_OK;
    if (!json_done(&j))
        status = fail_json(&search->cli, &j, err);
    else if (profile.found)
        status = keep_profile(&profile, &cli_spelling, search->cli.path, out, err);
    search->found = profile.found;
    forget(&profile);
    return status;
}

static enum spurn_status find_in_cli(struct search *search, struct credentials *out,
                                     struct spurn_error *err)
{
    const char *disabled = sources_variable(search->ask, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED");
    if (text_is_nocase(text_of(disabled), "true"))
        return SPURN_OK;
    search->looks_at_cli = true;
    enum spurn_status status =
        sources_read_file(search->ask, "ALIBABA_CLOUD_CONFIG_FILE", "/.aliyun/config.json",
                          "the Alibaba Cloud CLI's file", &search->cli, err);
    if (status != SPURN_OK || search->cli.missing[0] != '\0')
        return status;
    struct arena scratch;
    arena_init(&scratch, SOURCES_FILE_MAX);
    status = find_in_cli_text(search, &scratch, out, err);
    arena_clear(&scratch);
    return status;
}

static enum spurn_status read_shared_profile(struct search *search, const char *wanted,
                                             struct alibaba_profile *profile,
                                             struct spurn_error *err)
{
    static const struct setting settings[] = {
        {"type", PROFILE(kind)},
        {"access_key_id", PROFILE(id)},
        {"access_key_secret", PROFILE(secret)},
        {"security_token", PROFILE(token)},
    };
    struct ini line;
    bool is_wanted = false;
    ini_init(&line, buf_text(&search->shared.text));
    while (ini_next(&line)) {
        if (line.name.at == NULL) {
            sources_add_name(&search->names, line.section);
            is_wanted = text_is(line.section, wanted);
            if (is_wanted)
                *profile = (struct alibaba_profile){.found = true, .name = line.section};
        }
        for (size_t i = 0; is_wanted && i < sizeof settings / sizeof settings[0]; i++)
            if (line.name.at != NULL && text_is_nocase(line.name, settings[i].name))
                *(struct spurn_text *)((char *)profile + settings[i].at) = line.value;
    }
    if (line.broken)
        return spurn_fail(err, SPURN_E_CREDENTIALS,
                          "cannot read %s: line %d is neither [section] nor name = value",
                          search->shared.path, line.line);
    return SPURN_OK;
}

static enum spurn_status find_in_shared(struct search *search, struct credentials *out,
                                        struct spurn_error *err)
{
    enum spurn_status status = sources_read_file(
        search->ask, "ALIBABA_CLOUD_CREDENTIALS_FILE", "/.alibabacloud/credentials",
        "the Alibaba Cloud credentials file", &search->shared, err);
    if (status != SPURN_OK)
        return status;
    struct alibaba_profile profile = {.found = false};
    const char *wanted = search->profile == NULL ? "default" : search->profile;
    status = read_shared_profile(search, wanted, &profile, err);
    if (status != SPURN_OK || !profile.found)
        return status;
    search->found = true;
    return keep_profile(&profile, &shared_spelling, search->shared.path, out, err);
}

/* Sources that only the environment names and that we do not know how to follow yet. */
static enum spurn_status fail_if_set(const struct credentials_ask *ask, const char *const *names,
                                     struct spurn_error *err)
{
    for (size_t i = 0; ask->profile == NULL && names[i] != NULL; i++)
        if (sources_variable(ask, names[i]) != NULL)
            return spurn_fail(err, SPURN_E_CREDENTIALS,
                              "cannot find Alibaba Cloud credentials: %s is set, which is not "
                              "supported yet; %s",
                              names[i], works_today);
    return SPURN_OK;
}

static enum spurn_status fail_lost(const struct search *search, struct spurn_error *err)
{
    static const char *const last_variables[] = {"ALIBABA_CLOUD_ECS_METADATA",
                                                 "ALIBABA_CLOUD_CREDENTIALS_URI", NULL};
    enum spurn_status status = fail_if_set(search->ask, last_variables, err);
    if (status != SPURN_OK)
        return status;
    const struct sources_file *const looked_at[] = {&search->shared, &search->cli};
    const struct sources_lost lost = {
        .cloud = "Alibaba Cloud",
        .profile = search->profile == NULL ? "default" : search->profile,
        .id_variable = search->ask->profile == NULL ? "ALIBABA_CLOUD_ACCESS_KEY_ID" : NULL,
        .secret_variable = "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        .files = looked_at,

        .file_count = search->looks_at_cli ? 2 : 1,
        .names = search->names,
    };
    return sources_fail_lost(&lost, err);
}

static enum spurn_status find_in_files(const struct credentials_ask *ask, struct credentials *out,
                                       struct spurn_error *err)
{
    struct search search = {.ask = ask, .profile = ask->profile};
    if (search.profile == NULL)
        search.profile = sources_variable(ask, "ALIBABA_CLOUD_PROFILE");
    enum spurn_status status = find_in_cli(&search, out, err);
    if (status == SPURN_OK && !search.found)
        status = find_in_shared(&search, out, err);
    if (status == SPURN_OK && !search.found)
        status = fail_lost(&search, err);
    sources_clear_file(&search.shared);
    sources_clear_file(&search.cli);
    return status;
}

enum spurn_status credentials_find_alibaba(const struct credentials_ask *ask,
                                           struct credentials *out, struct spurn_error *err)
{
    static const char *const first_variables[] = {"ALIBABA_CLOUD_OIDC_TOKEN_FILE", NULL};
    credentials_clear(out);
    if (ask->profile == NULL) {
        bool found = false;
        enum spurn_status status = find_in_environment(ask, out, &found, err);
        if (!found)
            status = fail_if_set(ask, first_variables, err);
        if (found || status != SPURN_OK)
            return status;
    }
    return find_in_files(ask, out, err);
}

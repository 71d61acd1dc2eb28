/* files.c - the profiles of the Alibaba Cloud CLI and of the shared credentials file, as they are written. */
#include "credentials/alibaba/files.h"

#include "credentials/ini.h"
#include "json.h"

enum { KIND_COUNT = 2, NUMBER_DIGITS_MAX = 15 };

/* Sources: aliyun-cli, config/profile.go, struct Profile, and credentials-go, providers/cli_profile.go; credentials-go,
 * providers/profile.go, and the same in alibabacloud-credentials for Python and Java. */

#define PROFILE(member) offsetof(struct alibaba_profile, member)

static const struct member {
    const char *spelling[KIND_COUNT];
    enum { TEXT, NUMBER, FLAG } type;
    size_t at;
} members[] = {
    {{"name", NULL}, TEXT, PROFILE(name)},
    {{"mode", "type"}, TEXT, PROFILE(mode)},
    {{"access_key_id", "access_key_id"}, TEXT, PROFILE(id)},
    {{"access_key_secret", "access_key_secret"}, TEXT, PROFILE(secret)},
    {{"sts_token", "security_token"}, TEXT, PROFILE(token)},
    {{"ram_role_arn", "role_arn"}, TEXT, PROFILE(role_arn)},
    {{"ram_role_name", "role_name"}, TEXT, PROFILE(role_name)},
    {{"ram_session_name", "role_session_name"}, TEXT, PROFILE(session_name)},
    {{"external_id", NULL}, TEXT, PROFILE(external_id)},
    {{"policy", "policy"}, TEXT, PROFILE(policy)},
    {{"source_profile", NULL}, TEXT, PROFILE(source_profile)},
    {{"oidc_token_file", "oidc_token_file_path"}, TEXT, PROFILE(token_file)},
    {{"oidc_provider_arn", "oidc_provider_arn"}, TEXT, PROFILE(provider_arn)},
    {{"process_command", NULL}, TEXT, PROFILE(command)},
    {{"credentials_uri", NULL}, TEXT, PROFILE(uri)},
    {{"cloud_sso_sign_in_url", NULL}, TEXT, PROFILE(sign_in_url)},
    {{"cloud_sso_account_id", NULL}, TEXT, PROFILE(sso_account)},
    {{"cloud_sso_access_config", NULL}, TEXT, PROFILE(access_config)},
    {{"access_token", NULL}, TEXT, PROFILE(access_token)},
    {{"sts_region", NULL}, TEXT, PROFILE(sts_region)},
    {{"sts_endpoint", NULL}, TEXT, PROFILE(sts_endpoint)},
    {{"expired_seconds", "role_session_expiration"}, NUMBER, PROFILE(duration_s)},
    {{"sts_expiration", NULL}, NUMBER, PROFILE(keys_expire_s)},
    {{"cloud_sso_access_token_expire", NULL}, NUMBER, PROFILE(access_expires_s)},
    {{"enable_vpc", NULL}, FLAG, PROFILE(uses_vpc)},
};

static const struct member *member_called(enum alibaba_kind kind, struct spurn_text name)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (members[i].spelling[kind] != NULL && text_is(name, members[i].spelling[kind]))
            return &members[i];
    return NULL;
}

const char *alibaba_spelling(enum alibaba_kind kind, size_t at)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (members[i].at == at)
            return members[i].spelling[kind];
    return NULL;
}

static void *place_of(struct alibaba_profile *profile, const struct member *member)
{
    return (char *)profile + member->at;
}

/* ---- the CLI's config.json ---- */

static void read_json_member(struct json *j, const struct member *member,
                             struct alibaba_profile *profile)
{
    void *place = place_of(profile, member);
    if (json_peek(j) == JSON_NULL)
        json_skip(j);
    else if (member->type == TEXT)
        *(struct spurn_text *)place = json_string(j);
    else if (member->type == NUMBER)
        *(int64_t *)place = json_int(j);
    else
        *(bool *)place = json_bool(j);
}

static struct alibaba_profile read_json_profile(struct json *j)
{
    struct alibaba_profile profile = {.uses_vpc = false};
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        const struct member *member = member_called(ALIBABA_CLI, key);
        if (member == NULL)
            json_skip(j);
        else
            read_json_member(j, member, &profile);
    }
    return profile;
}

static void read_json_profiles(struct json *j, struct alibaba_profile *wanted, bool *found,
                               struct sources_names *names)
{
    json_open_array(j);
    while (json_next_item(j)) {
        struct alibaba_profile profile = read_json_profile(j);
        sources_add_name(names, profile.name);
        if (!*found && text_equal(profile.name, wanted->name)) {
            *wanted = profile;
            *found = true;
        }
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

static enum spurn_status fail_json(const struct alibaba_file *file, const struct json *j,
                                   struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot read %s: %s (byte %zu)", file->path, j->why,
                      j->why_at);
}

static enum spurn_status read_cli(struct search *search, const struct alibaba_file *file,
                                  struct alibaba_profile *wanted, bool *found,
                                  struct sources_names *names, struct spurn_error *err)
{
    struct json j;
    struct spurn_text key;
    json_init(&j, file->text, &search->arena);
    struct spurn_text current = read_current(&j);
    if (!json_done(&j))
        return fail_json(file, &j, err);
    if (wanted->name.at == NULL)
        wanted->name = current.len > 0 ? current : text_of("default");
    json_init(&j, file->text, &search->arena);
    json_open_object(&j);
    while (json_next_key(&j, &key)) {
        if (text_is(key, "profiles") && json_peek(&j) == JSON_ARRAY)
            read_json_profiles(&j, wanted, found, names);
        else
            json_skip(&j);
    }
    return json_done(&j) ? SPURN_OK : fail_json(file, &j, err);
}

/* ---- the shared file ---- */

/* Quotation marks around all of a value are not part of it (Source: gopkg.in/ini.v1, which credentials-go reads with). */
static struct spurn_text without_quotes(struct spurn_text value)
{
    if (value.len >= 2 && (value.at[0] == '"' || value.at[0] == '\'' || value.at[0] == '`') &&
        value.at[value.len - 1] == value.at[0])
        return (struct spurn_text){value.at + 1, value.len - 2};
    return value;
}

static bool read_number(struct spurn_text digits, int64_t *out)
{
    if (!text_all_digits(digits) || digits.len > NUMBER_DIGITS_MAX)
        return false;
    *out = 0;
    for (size_t i = 0; i < digits.len; i++)
        *out = *out * 10 + (digits.at[i] - '0');
    return true;
}

static bool read_ini_member(const struct ini *line, struct alibaba_profile *profile)
{
    const struct member *member = member_called(ALIBABA_SHARED, line->name);
    struct spurn_text value = without_quotes(line->value);
    if (member == NULL)
        return true;
    if (member->type == NUMBER)
        return read_number(value, place_of(profile, member));
    *(struct spurn_text *)place_of(profile, member) = value;
    return true;
}

static enum spurn_status read_shared(const struct alibaba_file *file,
                                     struct alibaba_profile *wanted, bool *found,
                                     struct sources_names *names, struct spurn_error *err)
{
    struct ini line;
    if (wanted->name.at == NULL)
        wanted->name = text_of("default");
    ini_init(&line, file->text);
    while (ini_next(&line)) {
        bool is_wanted = text_equal(line.section, wanted->name);
        *found = *found || is_wanted;
        if (line.name.at == NULL)
            sources_add_name(names, line.section);
        else if (is_wanted && !read_ini_member(&line, wanted))
            return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot read %s: line %d needs a number",
                              file->path, line.line);
    }
    if (line.broken)
        return spurn_fail(err, SPURN_E_CREDENTIALS,
                          "cannot read %s: line %d is neither [section] nor name = value",
                          file->path, line.line);
    return SPURN_OK;
}

/* ---- both ---- */

static const struct {
    const char *variable, *below_home, *what;
} places[] = {
    [ALIBABA_CLI] = {"ALIBABA_CLOUD_CONFIG_FILE", "/.aliyun/config.json",
                     "the Alibaba Cloud CLI's file"},
    [ALIBABA_SHARED] = {"ALIBABA_CLOUD_CREDENTIALS_FILE", "/.alibabacloud/credentials",
                        "the Alibaba Cloud credentials file"},
};

static struct spurn_text without_mark(struct spurn_text text)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (!text_starts(text, mark))
        return text;
    return (struct spurn_text){text.at + sizeof mark - 1, text.len - (sizeof mark - 1)};
}

enum spurn_status alibaba_read_file(struct search *search, enum alibaba_kind kind,
                                    struct alibaba_file *file, struct spurn_error *err)
{
    struct sources_file read;
    bool ok = true;
    enum spurn_status status =
        sources_read_file(&search->ask, places[kind].variable, places[kind].below_home,
                          places[kind].what, &read, err);
    *file = (struct alibaba_file){
        .kind = kind,
        .path = arena_copy(&search->arena, text_of(read.path), &ok).at,
        .missing = read.missing,
        .text = without_mark(arena_copy(&search->arena, buf_text(&read.text), &ok)),
    };
    sources_clear_file(&read);
    return status == SPURN_OK && !ok ? spurn_fail_memory(err) : status;
}

enum spurn_status alibaba_read_profile(struct search *search, const struct alibaba_file *file,
                                       struct spurn_text name, struct alibaba_profile *out,
                                       bool *found, struct sources_names *names,
                                       struct spurn_error *err)
{
    *out = (struct alibaba_profile){.name = name};
    *found = false;
    if (file->missing[0] != '\0')
        return SPURN_OK;
    return file->kind == ALIBABA_CLI ? read_cli(search, file, out, found, names, err)
                                     : read_shared(file, out, found, names, err);
}

/* profiles.c - which steps lead from a profile of Alibaba Cloud's to keys. */
#include "credentials/alibaba/profiles.h"

#include <stdio.h>

#include "credentials/alibaba/answer.h"

/* Sources: credentials-go, providers/cli_profile.go and profile.go; aliyun-cli, config/profile.go, for the modes that only it has. */

enum { DURATION_MIN_S = 900, CHAIN_MAX = 16, WHAT_LEN = SOURCES_PATH_MAX + 128, NO_PLACE = -1 };

/* A profile on its way to become steps. */
struct making {
    struct search *search;
    const struct alibaba_file *file;
    const struct alibaba_profile *profile;
    const struct making *outer; /* whose source_profile this is; NULL: nobody's */
    int depth;
    char what[WHAT_LEN]; /* "profile prod in /x/.aliyun/config.json" */
};

static enum source_answer follow(struct making *m, struct source **out, struct spurn_error *err);

/* ---- what a mode needs ---- */

static enum source_answer fail_unset(const struct making *m, const char *member,
                                     struct spurn_error *err)
{
    return source_failed(spurn_fail(
        err, SPURN_E_CREDENTIALS, "cannot use %s: its %s %.*s needs %s, which is not there",
        m->what, alibaba_spelling(m->file->kind, offsetof(struct alibaba_profile, mode)),
        TEXT_ARG(sources_shown(m->profile->mode)), member));
}

/* True when each of the texts at these places, ended by NO_PLACE, says something. */
static bool has_all(const struct making *m, const int *places, struct spurn_error *err)
{
    for (; *places != NO_PLACE; places++) {
        const struct spurn_text *text =
            (const struct spurn_text *)((const char *)m->profile + *places);
        if (text->len > 0)
            continue;
        fail_unset(m, alibaba_spelling(m->file->kind, (size_t)*places), err);
        return false;
    }
    return true;
}

#define NEEDS(...)                                                                                 \
    (const int[])                                                                                  \
    {                                                                                              \
        __VA_ARGS__, NO_PLACE                                                                      \
    }
#define AT(member) (int)offsetof(struct alibaba_profile, member)

static enum source_answer fail_room(struct spurn_error *err)
{
    return source_failed(spurn_fail_memory(err));
}

/* ---- steps ---- */

/* The keys that stand in the profile. */
static struct source *make_kept(const struct making *m, bool has_token)
{
    struct source *source = search_source(m->search, &source_keys, "%s", m->what);
    if (source == NULL)
        return NULL;
    source->settings.id = m->profile->id;
    source->settings.secret = m->profile->secret;
    source->settings.token = has_token ? m->profile->token : TEXT_ABSENT;
    return source;
}

/* The role that the profile names, assumed with keys or with an OIDC token. */
static enum source_answer make_role(const struct making *m, const struct source_kind *kind,
                                    struct source **out, struct spurn_error *err)
{
    const struct alibaba_profile *profile = m->profile;
    *out = NULL;
    if (alibaba_account_of(profile->role_arn).len == 0)
        return source_failed(spurn_fail(
            err, SPURN_E_CREDENTIALS, "cannot use %s: its %s is not of the form %s", m->what,
            alibaba_spelling(m->file->kind, offsetof(struct alibaba_profile, role_arn)),
            "acs:ram::ACCOUNT:role/NAME"));
    if (profile->duration_s != 0 && profile->duration_s < DURATION_MIN_S)
        return source_failed(spurn_fail(
            err, SPURN_E_CREDENTIALS, "cannot use %s: its %s is less than %d seconds", m->what,
            alibaba_spelling(m->file->kind, offsetof(struct alibaba_profile, duration_s)),
            DURATION_MIN_S));
    struct source *source =
        search_source(m->search, kind, "role %.*s with %s", TEXT_ARG(profile->role_arn), m->what);
    if (source == NULL)
        return fail_room(err);
    struct spurn_text session_name = profile->session_name;
    if (session_name.len == 0)
        session_name = alibaba_variable(m->search, "ALIBABA_CLOUD_ROLE_SESSION_NAME");
    source->settings = (struct source_settings){
        .role_arn = profile->role_arn,
        .session_name = session_name,
        .external_id = profile->external_id,
        .policy = profile->policy.len > 0 ? profile->policy : TEXT_ABSENT,
        .duration_s = profile->duration_s,
        .token_file = profile->token_file,
        .provider_arn = profile->provider_arn,
        .region = profile->sts_region,
        .url = profile->sts_endpoint,
        .uses_vpc = profile->uses_vpc,
    };
    *out = source;
    return SOURCE_KEYS;
}

/* Behind the last step of `first`, the role. */
static enum source_answer then_role(const struct making *m, struct source *first,
                                    struct spurn_error *err)
{
    while (first->then != NULL)
        first = first->then;
    return make_role(m, &source_alibaba_role, &first->then, err);
}

/* ---- modes ---- */

static enum source_answer follow_keys(struct making *m, struct source **out,
                                      struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(id), AT(secret)), err))
        return SOURCE_FAILED;
    *out = make_kept(m, false);
    return *out == NULL ? fail_room(err) : SOURCE_KEYS;
}

static enum source_answer follow_sts(struct making *m, struct source **out, struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(id), AT(secret), AT(token)), err))
        return SOURCE_FAILED;
    *out = make_kept(m, true);
    return *out == NULL ? fail_room(err) : SOURCE_KEYS;
}

static enum source_answer follow_role(struct making *m, struct source **out,
                                      struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(id), AT(secret), AT(role_arn)), err))
        return SOURCE_FAILED;
    *out = make_kept(m, m->profile->token.len > 0);
    return *out == NULL ? fail_room(err) : then_role(m, *out, err);
}

static enum source_answer follow_instance(struct making *m, struct source **out,
                                          struct spurn_error *err)
{
    if (alibaba_is_set(m->search, "ALIBABA_CLOUD_ECS_METADATA_DISABLED"))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "cannot use %s: ALIBABA_CLOUD_ECS_METADATA_DISABLED is set",
                                        m->what));
    *out = search_source(m->search, &source_alibaba_instance, "%s", m->what);
    if (*out == NULL)
        return fail_room(err);
    (*out)->settings.role_name = m->profile->role_name;
    if (m->profile->role_name.len == 0)
        (*out)->settings.role_name = alibaba_variable(m->search, "ALIBABA_CLOUD_ECS_METADATA");
    return SOURCE_KEYS;
}

static enum source_answer follow_instance_role(struct making *m, struct source **out,
                                               struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(role_arn)), err))
        return SOURCE_FAILED;
    enum source_answer said = follow_instance(m, out, err);
    return said == SOURCE_KEYS ? then_role(m, *out, err) : said;
}

static enum source_answer follow_oidc(struct making *m, struct source **out,
                                      struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(role_arn), AT(provider_arn), AT(token_file)), err))
        return SOURCE_FAILED;
    return make_role(m, &source_alibaba_oidc, out, err);
}

static enum source_answer follow_process(struct making *m, struct source **out,
                                         struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(command)), err))
        return SOURCE_FAILED;
    *out = search_source(m->search, &source_alibaba_process, "%s", m->what);
    if (*out == NULL)
        return fail_room(err);
    (*out)->settings.command = m->profile->command;
    return SOURCE_KEYS;
}

static enum source_answer follow_uri(struct making *m, struct source **out, struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(uri)), err))
        return SOURCE_FAILED;
    *out = search_source(m->search, &source_alibaba_uri, "%s", m->what);
    if (*out == NULL)
        return fail_room(err);
    (*out)->settings.url = m->profile->uri;
    return SOURCE_KEYS;
}

static int64_t ms_of(int64_t seconds)
{
    return seconds < 0 || seconds > INT64_MAX / 1000 ? 0 : seconds * 1000;
}

/* Keys that a sign-in left in the file, which end. */
static enum source_answer make_signed_in(struct making *m, const struct source_kind *kind,
                                         struct source **out, struct spurn_error *err)
{
    *out = search_source(m->search, kind, "%s", m->what);
    if (*out == NULL)
        return fail_room(err);
    (*out)->settings = (struct source_settings){
        .id = m->profile->id,
        .secret = m->profile->secret,
        .token = m->profile->token,
        .expires_ms = ms_of(m->profile->keys_expire_s),
        .sign_in_url = m->profile->sign_in_url,
        .access_config = m->profile->access_config,
        .access_token = m->profile->access_token,
        .access_expires_ms = ms_of(m->profile->access_expires_s),
    };
    return SOURCE_KEYS;
}

static enum source_answer follow_cloud_sso(struct making *m, struct source **out,
                                           struct spurn_error *err)
{
    if (!has_all(m, NEEDS(AT(sign_in_url), AT(sso_account), AT(access_config)), err))
        return SOURCE_FAILED;
    if (!alibaba_is_account(m->profile->sso_account))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "cannot use %s: its %s is no account's number", m->what,
                                        alibaba_spelling(m->file->kind, AT(sso_account))));
    if (make_signed_in(m, &source_alibaba_cloud_sso, out, err) != SOURCE_KEYS)
        return SOURCE_FAILED;
    (*out)->settings.account = m->profile->sso_account;
    return SOURCE_KEYS;
}

static enum source_answer follow_oauth(struct making *m, struct source **out,
                                       struct spurn_error *err)
{
    return make_signed_in(m, &source_alibaba_oauth, out, err);
}

/* ---- from one profile to the next ---- */

static bool is_on_the_way(const struct making *m, struct spurn_text name)
{
    for (; m != NULL; m = m->outer)
        if (text_equal(m->profile->name, name))
            return true;
    return false;
}

static enum source_answer fail_missing(const struct making *m, const struct sources_names *names,
                                       struct spurn_error *err)
{
    struct buf advice;
    buf_init(&advice, SOURCES_PATH_MAX);
    slip_put(&names->slip, &advice);
    spurn_fail(err, SPURN_E_CREDENTIALS,
               "cannot use %s: there is no profile %.*s, its source_profile%s", m->what,
               TEXT_ARG(sources_shown(m->profile->source_profile)), buf_str(&advice));
    buf_clear(&advice);
    return SOURCE_FAILED;
}

static enum source_answer follow_chained(struct making *m, struct source **out,
                                         struct spurn_error *err)
{
    struct alibaba_profile base;
    bool found = false;
    if (!has_all(m, NEEDS(AT(role_arn), AT(source_profile)), err))
        return SOURCE_FAILED;
    struct spurn_text name = m->profile->source_profile;
    struct sources_names names = {.slip.written = name};
    if (is_on_the_way(m, name))
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "cannot use %s: its source_profile leads back to profile %.*s", m->what,
                       TEXT_ARG(sources_shown(name))));
    if (m->depth == CHAIN_MAX)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "cannot use %s: more than %d profiles stand one behind "
                                        "the other",
                                        m->what, CHAIN_MAX));
    if (alibaba_read_profile(m->search, m->file, name, &base, &found, &names, err) != SPURN_OK)
        return SOURCE_FAILED;
    if (!found)
        return fail_missing(m, &names, err);
    struct making inner = {
        .search = m->search, .file = m->file, .profile = &base, .outer = m, .depth = m->depth + 1};
    enum source_answer said = follow(&inner, out, err);
    return said == SOURCE_KEYS ? then_role(m, *out, err) : said;
}

static const struct mode {
    const char *spelling[2]; /* in the CLI's file, in the shared one */
    enum source_answer (*follow)(struct making *m, struct source **out, struct spurn_error *err);
    const char *advice;     /* where there is no way to follow it */
    bool runs_other_things; /* that ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids */
} modes[] = {
    {{"AK", "access_key"}, follow_keys, NULL, false},
    {{"StsToken", "sts"}, follow_sts, NULL, false},
    {{"RamRoleArn", "ram_role_arn"}, follow_role, NULL, false},
    {{"EcsRamRole", "ecs_ram_role"}, follow_instance, NULL, false},
    {{"RamRoleArnWithRoleName", NULL}, follow_instance_role, NULL, false},
    {{"OIDC", "oidc_role_arn"}, follow_oidc, NULL, false},
    {{"ChainableRamRoleArn", NULL}, follow_chained, NULL, false},
    {{"External", NULL}, follow_process, NULL, true},
    {{"CredentialsURI", NULL}, follow_uri, NULL, true},
    {{"CloudSSO", NULL}, follow_cloud_sso, NULL, false},
    {{"OAuth", NULL}, follow_oauth, NULL, false},
    {{"RsaKeyPair", "rsa_key_pair"}, NULL, "use an access key or a role in its place", false},
    {{"BearerToken", "bearer"}, NULL, "requests cannot be signed with a bearer token", false},
    {{"Anonymous", NULL}, NULL, "its requests are not signed", false},
};

static const struct mode *mode_of(const struct making *m)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (modes[i].spelling[m->file->kind] != NULL &&
            text_is(m->profile->mode, modes[i].spelling[m->file->kind]))
            return &modes[i];
    return NULL;
}

static bool is_forbidden(const struct search *search)
{
    static const char variable[] = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";
    return alibaba_is_set(search, variable) ||
           text_is(text_of(sources_variable(&search->ask, variable)), "1");
}

static enum source_answer fail_mode(const struct making *m, const char *advice,
                                    struct spurn_error *err)
{
    const char *member = alibaba_spelling(m->file->kind, offsetof(struct alibaba_profile, mode));
    if (m->profile->mode.len == 0)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "cannot use %s: it has no %s, such as %s", m->what, member,
                                        modes[0].spelling[m->file->kind]));
    return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                    "cannot use %s: its %s %.*s is not supported%s%s", m->what,
                                    member, TEXT_ARG(sources_shown(m->profile->mode)),
                                    advice == NULL ? "" : "; ", advice == NULL ? "" : advice));
}

static enum source_answer follow(struct making *m, struct source **out, struct spurn_error *err)
{
    snprintf(m->what, sizeof m->what, "profile %.*s in %s",
             TEXT_ARG(sources_shown(m->profile->name)), m->file->path);
    const struct mode *mode = mode_of(m);
    *out = NULL;
    if (mode == NULL || mode->follow == NULL)
        return fail_mode(m, mode == NULL ? NULL : mode->advice, err);
    if (mode->runs_other_things && is_forbidden(m->search))
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "cannot use %s: ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is set", m->what));
    return mode->follow(m, out, err);
}

enum source_answer alibaba_follow(struct search *search, const struct alibaba_file *file,
                                  const struct alibaba_profile *profile, struct source **out,
                                  struct spurn_error *err)
{
    struct making m = {.search = search, .file = file, .profile = profile};
    return follow(&m, out, err);
}

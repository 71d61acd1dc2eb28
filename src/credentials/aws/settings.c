/* settings.c - what environment variables and profiles say besides keys: regions, endpoints, certificates. */
#include "credentials/aws/settings.h"

#include "place/place.h"

/* Source: botocore, configprovider.py (BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfiguredEndpointProvider); AWS_REGION is of the other SDKs,
 * and of AWS's CLI from version 2 on. */

enum { SETTINGS_MAX = 64 * 1024, FILES_MAX = 4 * 1024 * 1024 };

void credentials_settings_init(struct credentials_settings *s)
{
    *s = (struct credentials_settings){.variants = 0};
    arena_init(&s->arena, SETTINGS_MAX);
}

void credentials_settings_clear(struct credentials_settings *s)
{
    arena_clear(&s->arena);
    credentials_settings_init(s);
}

/* What is being read, and where to. */
struct settings_reading {
    const struct credentials_ask *ask;
    const struct aws_profiles *profiles;
    struct spurn_text services; /* the profile's section of these */
    struct credentials_settings *out;
};

/* The profile's own, unless it is empty. */
static struct spurn_text of_profile(const struct settings_reading *r, const char *setting)
{
    struct spurn_text value =
        aws_profiles_get(r->profiles, AWS_PROFILE, text_of(r->profiles->profile), setting);
    return value.len == 0 ? TEXT_ABSENT : value;
}

static struct spurn_text variable_or_setting(const struct settings_reading *r, const char *variable,
                                             const char *setting)
{
    const char *value = sources_variable(r->ask, variable);
    return value != NULL ? text_of(value) : of_profile(r, setting);
}

struct spurn_text aws_setting(const struct search *search, const char *variable,
                              const char *setting)
{
    const struct settings_reading r = {.ask = &search->ask, .profiles = search->own};
    return variable_or_setting(&r, variable, setting);
}

static bool is_true(const struct settings_reading *r, const char *variable, const char *setting)
{
    return text_is_nocase(variable_or_setting(r, variable, setting), "true");
}

static enum spurn_status keep(const struct settings_reading *r, struct spurn_text value,
                              struct spurn_text *out, struct spurn_error *err)
{
    bool ok = true;
    *out = arena_copy(&r->out->arena, value, &ok);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

/* ---- endpoints ---- */

static const struct endpoint_row {
    const char *variable, *service;
    size_t at; /* in struct credentials_settings */
} endpoints[] = {
    {"AWS_ENDPOINT_URL_RAM", "ram", offsetof(struct credentials_settings, ram)},
    {"AWS_ENDPOINT_URL_STS", "sts", offsetof(struct credentials_settings, sts)},
    {"AWS_ENDPOINT_URL_ORGANIZATIONS", "organizations",
     offsetof(struct credentials_settings, organizations)},
    {"AWS_ENDPOINT_URL_SSO", "sso", offsetof(struct credentials_settings, sso)},
};

/* The first that says something, and what it is called. */
static struct spurn_text find_endpoint(const struct settings_reading *r,
                                       const struct endpoint_row *row, const char **said_by)
{
    static const char everywhere[] = "AWS_ENDPOINT_URL";
    const char *own = sources_variable(r->ask, row->variable),
               *any = sources_variable(r->ask, everywhere);
    *said_by = own != NULL ? row->variable : everywhere;
    if (own != NULL || any != NULL)
        return text_of(own != NULL ? own : any);
    *said_by = "endpoint_url of the profile";
    struct spurn_text section = TEXT_ABSENT;
    if (r->services.at != NULL)
        section = aws_profiles_get(r->profiles, AWS_SERVICES, r->services, row->service);
    struct spurn_text value = aws_profiles_nested(section, "endpoint_url");
    return value.len > 0 ? value : of_profile(r, "endpoint_url");
}

static enum spurn_status read_endpoint(const struct settings_reading *r,
                                       const struct endpoint_row *row, struct spurn_error *err)
{
    const char *said_by;
    struct spurn_text *out = (struct spurn_text *)((char *)r->out + row->at);
    struct spurn_text url = find_endpoint(r, row, &said_by);
    if (url.len > 0 && url.at[url.len - 1] == '/')
        url.len--;
    enum spurn_status status = keep(r, url, out, err);
    if (status != SPURN_OK || out->at == NULL || place_host_of(out->at).at != NULL)
        return status;
    *out = TEXT_ABSENT;
    return spurn_fail(
        err, SPURN_E_CREDENTIALS,
        "cannot use %s for %s: it is not of the form https://host[:port], without a path", said_by,
        row->service);
}

static enum spurn_status read_endpoints(struct settings_reading *r, struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    if (is_true(r, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
        return SPURN_OK;
    r->services = of_profile(r, "services");
    if (r->services.at != NULL && !aws_profiles_has(r->profiles, AWS_SERVICES, r->services))
        return spurn_fail(
            err, SPURN_E_CREDENTIALS, "cannot use profile %.*s: there is no [services %.*s] in %s",
            TEXT_ARG(sources_shown(text_of(r->profiles->profile))),
            TEXT_ARG(sources_shown(r->services)), r->profiles->files[AWS_CONFIG_FILE].path);
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0] && status == SPURN_OK; i++)
        status = read_endpoint(r, &endpoints[i], err);
    return status;
}

/* ---- all of it ---- */

static enum spurn_status read_plain(const struct settings_reading *r, struct spurn_error *err)
{
    static const char *const names[] = {"AWS_REGION", "AWS_DEFAULT_REGION", NULL};
    const char *region = sources_first_variable(r->ask, names);
    enum spurn_status status =
        keep(r, region != NULL ? text_of(region) : of_profile(r, "region"), &r->out->region, err);
    r->out->ca_bundle_from = sources_variable(r->ask, "AWS_CA_BUNDLE") != NULL
                                 ? "AWS_CA_BUNDLE"
                                 : "the profile's ca_bundle";
    if (status == SPURN_OK)
        status =
            keep(r, variable_or_setting(r, "AWS_CA_BUNDLE", "ca_bundle"), &r->out->ca_bundle, err);
    return status;
}

enum spurn_status aws_settings_read(const struct credentials_ask *ask,
                                    const struct aws_profiles *profiles,
                                    struct credentials_settings *s, struct spurn_error *err)
{
    struct settings_reading r = {ask, profiles, TEXT_ABSENT, s};
    if (is_true(&r, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"))
        s->variants |= PLACE_FIPS;
    if (is_true(&r, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"))
        s->variants |= PLACE_DUAL_STACK;
    enum spurn_status status = read_plain(&r, err);
    return status == SPURN_OK ? read_endpoints(&r, err) : status;
}

/* The search for keys warns of files that are open to others: once is enough. */
static enum spurn_status read_files(const struct credentials_ask *ask,
                                    struct credentials_settings *s, struct spurn_error *err)
{
    struct credentials_ask quiet = *ask;
    struct aws_profiles profiles;
    struct arena arena;
    quiet.log = NULL;
    arena_init_secret(&arena, FILES_MAX);
    enum spurn_status status = aws_profiles_read(&quiet, &arena, &profiles, err);
    if (status == SPURN_OK)
        status = aws_settings_read(&quiet, &profiles, s, err);
    arena_clear(&arena);
    return status;
}

enum spurn_status credentials_read_settings(const struct credentials_ask *ask,
                                            struct credentials_settings *s, struct spurn_error *err)
{
    bool ok = true;
    credentials_settings_clear(s);
    if (ask->cloud == CREDENTIALS_AWS)
        return read_files(ask, s, err);
    const char *region = sources_variable(ask, "ALIBABA_CLOUD_REGION_ID");
    s->region = arena_copy(&s->arena, text_of(region), &ok);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

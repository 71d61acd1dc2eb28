/* expand.c - what the configuration means becomes sites: each with its endpoint, its account and the keyring that reaches it. */
#include "sites/private.h"

#include <stdlib.h>
#include <string.h>

enum { URL_MAX = 2048 };

/* ---- what profiles say ---- */

static bool is_same_name(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct profile *add_profile(struct sites *s, const struct config_target *target)
{
    struct profile *profile = arena_alloc(&s->texts, sizeof *profile);
    if (profile == NULL)
        return NULL;
    profile->next = s->profiles;
    s->profiles = profile;
    profile->cloud = target->cloud;
    profile->name = target->profile;
    credentials_settings_init(&profile->settings);
    const struct log silent = {.write = NULL}; /* whoever looks for keys warns of open files */
    const struct credentials_ask ask = {
        .cloud = target->cloud == &cloud_aws ? CREDENTIALS_AWS : CREDENTIALS_ALIBABA,
        .profile = target->profile,
        .region = text_of(target->region),
        .environment = s->options.environment,
        .digest = s->options.digest,
        .log = &silent,
    };
    struct spurn_error err;
    if (credentials_read_settings(&ask, &profile->settings, &err) != SPURN_OK)
        profile->why = sites_keep_error(s, &err);
    return profile;
}

/* There are as many as people write by hand. */
static struct profile *profile_of(struct sites *s, const struct config_target *target)
{
    for (struct profile *p = s->profiles; p != NULL; p = p->next)
        if (p->cloud == target->cloud && is_same_name(p->name, target->profile))
            return p;
    return add_profile(s, target);
}

/* ---- where a site is reached ---- */

/* The same address for all that have it, so that hundreds of thousands of sites are affordable. NULL when memory ran out. */
static const char *keep_endpoint(struct sites *s, const struct site *site, struct spurn_text url)
{
    size_t index = set_index(s->endpoints, url);
    if (index != SIZE_MAX)
        return set_item(s->endpoints, index).at;
    if (!set_add(s->endpoints, url))
        return NULL;
    const char *kept = set_item(s->endpoints, set_count(s->endpoints) - 1).at;
    if (place_is_clear_text(kept))
        log_warn(s->options.log,
                 "%s %.*s: requests, and session tokens with them, go to %s unencrypted; write "
                 "https:// where it can",
                 site->config->cloud->title, TEXT_ARG(site->place.region), kept);
    return kept;
}

/* The configuration's, else what environment and profile say, else the cloud's own. */
static enum spurn_status put_endpoint(const struct config_target *target,
                                      const struct profile *profile, struct buf *url,
                                      struct spurn_error *err)
{
    if (target->endpoints.invitations != NULL)
        buf_add_str(url, target->endpoints.invitations);
    else if (profile->settings.ram.at != NULL)
        buf_add_text(url, profile->settings.ram);
    else
        return target->cloud->endpoint(text_of(target->region),
                                       target->variants | profile->settings.variants, url, err);
    return SPURN_OK;
}

static enum spurn_status aim(struct site *site, const struct profile *profile,
                             struct spurn_error *err)
{
    struct spurn_error problem;
    struct buf url;
    buf_init(&url, URL_MAX);
    enum spurn_status status = put_endpoint(site->config, profile, &url, &problem);
    if (status == SPURN_OK && url.failed)
        status = spurn_fail(&problem, SPURN_E_CONFIG, "cannot use an endpoint longer than %d bytes",
                            URL_MAX);
    if (status == SPURN_OK) {
        site->endpoint = keep_endpoint(site->sites, site, buf_text(&url));
        status = site->endpoint == NULL ? spurn_fail_memory(err) : SPURN_OK;
        site->place.host = place_host_of(site->endpoint);
    } else {
        site->endpoint = "";
        site_fail(site, sites_keep_error(site->sites, &problem));
        status = SPURN_OK;
    }
    buf_clear(&url);
    return status;
}

enum spurn_status site_init(struct site *site, struct sites *s, const struct config_target *target,
                            const struct profile *profile, struct spurn_error *err)
{
    *site = (struct site){.sites = s, .config = target, .label = target->label};
    site->place.region = text_of(target->region);
    site->place.account = text_of(target->account);
    return aim(site, profile, err);
}

void site_fail(struct site *site, const struct spurn_error *why)
{
    site->state = SITE_FAILED;
    site->error = why;
}

void site_leave_out(const struct site *site)
{
    char name[SITE_NAME_MAX];
    log_info(site->sites->options.log,
             "%s: its organization lists it, and it is left to the target that names it",
             site_name(site, name));
}

struct spurn_text place_of(const struct site *site, struct buf *out)
{
    const struct cloud_site *place = &site->place;
    if (place->account.at == NULL)
        return TEXT_ABSENT;
    buf_reset(out);
    buf_addf(out, "%s/%.*s/%.*s", site->config->cloud->name, TEXT_ARG(place->account),
             TEXT_ARG(place->region));
    return buf_text(out);
}

/* ---- targets that name their account themselves, or leave it to their keys ---- */

static enum spurn_status expand_plain(struct sites *s, size_t index, const struct profile *profile,
                                      struct keyring *base, struct spurn_error *err)
{
    const struct config_target *target = &s->options.config->targets[index];
    struct site *site = &s->plain[index];
    s->groups[index] = (struct group){.sites = site, .count = 1};
    enum spurn_status status = site_init(site, s, target, profile, err);
    if (status != SPURN_OK)
        return status;
    site->keyring = base;
    if (target->role_arn != NULL) {
        const struct credentials_role role = {.arn = text_of(target->role_arn),
                                              .external_id = text_of(target->external_id),
                                              .session_name = text_of(target->session_name),
                                              .duration_s = target->duration_s};
        site->keyring = keyring_of_role(base, &role);
        if (site->keyring == NULL)
            return spurn_fail_memory(err);
        if (site->place.account.at == NULL)
            site->place.account = site->keyring->account;
    } else if (site->place.account.at == NULL) {
        base->asks_identity = true;
    }
    struct buf place;
    buf_init(&place, URL_MAX);
    bool ok = set_add(s->named, place_of(site, &place)) && !place.failed;
    buf_clear(&place);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

static enum spurn_status expand_one(struct sites *s, size_t index, struct spurn_error *err)
{
    const struct config *config = s->options.config;
    const struct config_target *target = &config->targets[index];
    const struct profile *profile = profile_of(s, target);
    struct keyring *base = profile == NULL ? NULL : keyring_of_profile(s, target, profile);
    if (base == NULL)
        return spurn_fail_memory(err);
    if (target->organization == NULL)
        return expand_plain(s, index, profile, base, err);
    s->groups[index].is_listed = true;
    bool is_first = index == 0 || config->targets[index - 1].organization != target->organization;
    if (!is_first) /* its census sees to it */
        return SPURN_OK;
    base->asks_identity = true;
    return census_open(s, index, base, err);
}

enum spurn_status expand_targets(struct sites *s, struct spurn_error *err)
{
    size_t count = s->options.config->target_count;
    s->plain = calloc(count + 1, sizeof *s->plain);
    s->groups = calloc(count + 1, sizeof *s->groups);
    if (s->plain == NULL || s->groups == NULL)
        return spurn_fail_memory(err);
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < count && status == SPURN_OK; i++)
        status = expand_one(s, i, err);
    return status;
}

void expand_clear(struct sites *s)
{
    for (size_t i = 0; s->groups != NULL && i < s->options.config->target_count; i++)
        if (s->groups[i].is_owned)
            free(s->groups[i].sites);
    free(s->groups);
    free(s->plain);
    for (struct profile *p = s->profiles; p != NULL; p = p->next)
        credentials_settings_clear(&p->settings);
}

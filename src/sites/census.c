/* census.c - the accounts of an organization, asked of its directory, become sites: each reached through a role of one name. */
#include "sites/census.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARN_MAX = 2048, CENSUS_LABEL_MAX = 256 };

/* ---- beginning and end ---- */

static enum spurn_status put_endpoint(const struct census *c, struct buf *url,
                                      struct spurn_error *err)
{
    const struct config_target *target = c->target;
    const struct credentials_settings *settings = &c->base->profile->settings;
    if (target->endpoints.organization != NULL)
        buf_add_str(url, target->endpoints.organization);
    else if (settings->organizations.at != NULL)
        buf_add_text(url, settings->organizations);
    else
        return c->directory->endpoint(text_of(target->region),
                                      target->variants | settings->variants, url, err);
    return SPURN_OK;
}

static void aim(struct census *c)
{
    struct spurn_error problem;
    struct buf url;
    buf_init(&url, sizeof c->endpoint - 1);
    enum spurn_status status = put_endpoint(c, &url, &problem);
    if (status == SPURN_OK && url.failed)
        status = spurn_fail(&problem, SPURN_E_CONFIG,
                            "cannot use an endpoint longer than %zu bytes", sizeof c->endpoint - 1);
    if (status == SPURN_OK) {
        memcpy(c->endpoint, buf_str(&url), url.len + 1);
        c->place = (struct cloud_site){.region = text_of(c->target->region),
                                       .host = place_host_of(c->endpoint)};
    } else {
        c->why = sites_keep_error(c->sites, &problem);
    }
    buf_clear(&url);
}

static size_t count_targets(const struct config *config, size_t first)
{
    size_t count = 1;
    while (first + count < config->target_count &&
           config->targets[first + count].organization == config->targets[first].organization)
        count++;
    return count;
}

enum spurn_status census_open(struct sites *s, size_t first_target, struct keyring *base,
                              struct spurn_error *err)
{
    struct census *c = calloc(1, sizeof *c);
    if (c != NULL)
        c->ids = set_open();
    if (c == NULL || c->ids == NULL) {
        free(c);
        return spurn_fail_memory(err);
    }
    c->sites = s;
    c->next = s->censuses;
    s->censuses = c;
    s->finding++;
    c->first_target = first_target;
    c->target_count = count_targets(s->options.config, first_target);
    c->target = &s->options.config->targets[first_target];
    c->directory = c->target->cloud->directory;
    c->base = base;
    for (size_t i = 0; i < INQUIRIES_MAX; i++)
        c->inquiries[i].census = c;
    aim(c);
    return SPURN_OK;
}

static void end(struct census *c)
{
    if (c->state == CENSUS_DONE)
        return;
    c->state = CENSUS_DONE;
    c->sites->finding--;
    for (size_t i = 0; i < INQUIRIES_MAX; i++)
        inquiry_close(&c->inquiries[i]);
}

void censuses_close(struct sites *s)
{
    while (s->censuses != NULL) {
        struct census *c = s->censuses;
        s->censuses = c->next;
        for (size_t i = 0; i < INQUIRIES_MAX; i++) {
            inquiry_close(&c->inquiries[i]);
            keys_release(c->inquiries[i].keys);
        }
        set_close(c->ids);
        free(c->members);
        free(c);
    }
}

/* ---- accounts become sites ---- */

/* The name of the whole, while its accounts have none. */
static const char *label_of(const struct census *c)
{
    const char *profile = c->target->profile;
    char label[CENSUS_LABEL_MAX];
    snprintf(label, sizeof label, "organization%s%s", profile != NULL ? " of profile " : "",
             profile != NULL ? profile : "");
    return sites_keep_text(c->sites, text_of(label)).at;
}

/* An entry whose accounts are not known is one failed site. */
void census_fail(struct census *c, const struct spurn_error *why)
{
    if (c->state == CENSUS_DONE)
        return;
    struct sites *s = c->sites;
    struct group *group = &s->groups[c->first_target];
    struct spurn_error err;
    end(c);
    group->sites = calloc(1, sizeof *group->sites);
    group->is_owned = true;
    if (group->sites == NULL ||
        site_init(group->sites, s, c->target, c->base->profile, &err) != SPURN_OK) {
        spurn_fail_memory(&err);
        sites_break(s, &err);
        return;
    }
    group->count = 1;
    group->sites->keyring = c->base;
    if (group->sites->label == NULL)
        group->sites->label = label_of(c);
    site_fail(group->sites, sites_keep_error(s, why));
}

void censuses_give_up(struct sites *s, const char *why)
{
    for (struct census *c = s->censuses; c != NULL; c = c->next) {
        struct spurn_error err;
        spurn_fail(&err, SPURN_E_NETWORK, "%s, nor the accounts of the organization: %s", why,
                   c->problem[0] != '\0' ? c->problem : "its directory has not answered yet");
        bool has_no_keys = c->state == CENSUS_KEYS && c->base->state == KEYRING_FAILED;
        census_fail(c, has_no_keys ? c->base->why : &err);
    }
}

void census_fail_memory(struct census *c)
{
    struct spurn_error err;
    spurn_fail_memory(&err);
    sites_break(c->sites, &err);
    census_fail(c, &err);
}

/* The role of one name in this account. Absent when memory ran out. */
static struct spurn_text role_in(const struct census *c, const struct config_target *target,
                                 struct spurn_text account)
{
    struct buf arn;
    buf_init(&arn, ARN_MAX);
    config_put_role(target->cloud, text_of(place_aws_partition(text_of(target->region))), account,
                    text_of(target->organization->role), &arn);
    struct spurn_text kept = arn.failed ? TEXT_ABSENT : sites_keep_text(c->sites, buf_text(&arn));
    buf_clear(&arn);
    return kept;
}

/* The account that asks is reached with its own keys, every other one through the role. */
static struct keyring *keyring_in(const struct census *c, const struct config_target *target,
                                  struct spurn_text account)
{
    if (text_equal(account, c->base->account))
        return c->base;
    const struct credentials_role role = {.arn = role_in(c, target, account),
                                          .external_id = text_of(target->organization->external_id),
                                          .session_name = text_of(target->session_name),
                                          .duration_s = target->duration_s};
    return role.arn.at == NULL ? NULL : keyring_of_role(c->base, &role);
}

/* False when memory ran out. */
static bool add_site(struct census *c, struct group *group, const struct config_target *target,
                     const struct member *member)
{
    struct spurn_error err;
    struct site *site = &group->sites[group->count];
    if (site_init(site, c->sites, target, c->base->profile, &err) != SPURN_OK)
        return false;
    site->place.account = member->id;
    if (site->label == NULL)
        site->label = member->name.at;
    struct buf place;
    buf_init(&place, ARN_MAX);
    bool is_named = set_has(c->sites->named, place_of(site, &place));
    buf_clear(&place);
    if (is_named) {
        site_leave_out(site);
        return true;
    }
    site->keyring = keyring_in(c, target, member->id);
    if (site->keyring == NULL)
        return false;
    group->count++;
    return true;
}

static bool is_chosen(const struct census *c, const struct member *member)
{
    size_t tag_count = c->target->organization->tag_count;
    return member->tags_held == (tag_count == 0 ? 0 : UINT64_MAX >> (64 - tag_count));
}

static size_t count_chosen(const struct census *c)
{
    size_t count = 0;
    for (size_t i = 0; i < set_count(c->ids); i++)
        count += is_chosen(c, &c->members[i]);
    return count;
}

static void fail_empty(struct census *c)
{
    const struct config_organization *organization = c->target->organization;
    struct spurn_error err;
    struct buf tags;
    buf_init(&tags, sizeof err.text / 2);
    for (size_t i = 0; i < organization->tag_count; i++)
        buf_addf(&tags, "%s%s = %s", i == 0 ? "" : ", ", organization->tags[i].key,
                 organization->tags[i].value);
    if (organization->tag_count == 0)
        spurn_fail(&err, SPURN_E_CONFIG, "the organization has no active account");
    else
        spurn_fail(&err, SPURN_E_CONFIG, "no active account of the organization has the tags %s",
                   tags.failed ? "that are asked for" : buf_str(&tags));
    buf_clear(&tags);
    census_fail(c, &err);
}

static bool fill_group(struct census *c, size_t index, size_t chosen)
{
    const struct config_target *target = &c->sites->options.config->targets[index];
    struct group *group = &c->sites->groups[index];
    group->sites = calloc(chosen, sizeof *group->sites);
    group->is_owned = true;
    if (group->sites == NULL)
        return false;
    for (size_t i = 0; i < set_count(c->ids); i++)
        if (is_chosen(c, &c->members[i]) && !add_site(c, group, target, &c->members[i]))
            return false;
    return true;
}

static void finish(struct census *c)
{
    size_t chosen = count_chosen(c);
    if (chosen == 0) {
        fail_empty(c);
        return;
    }
    log_info(c->sites->options.log, "%s: %zu of %zu active accounts of the organization are meant",
             c->directory->title, chosen, set_count(c->ids));
    end(c);
    for (size_t i = 0; i < c->target_count; i++) {
        if (fill_group(c, c->first_target + i, chosen))
            continue;
        struct spurn_error err;
        spurn_fail_memory(&err);
        sites_break(c->sites, &err);
        return;
    }
}

/* ---- moving on ---- */

/* Nothing is asked of the directory any more in this state: the next one begins. */
static void next_state(struct census *c)
{
    bool asks_tags = c->directory->tags_come_apart && c->target->organization->tag_count > 0;
    switch (c->state) {
    case CENSUS_KEYS:
        if (c->why != NULL || c->base->state == KEYRING_FAILED) {
            census_fail(c, c->why != NULL ? c->why : c->base->why);
        } else if (c->base->state != KEYRING_FINDING) {
            c->state = CENSUS_ACCOUNTS;
            if (!inquiry_open(&c->inquiries[0], NULL))
                census_fail_memory(c);
        }
        break;
    case CENSUS_ACCOUNTS:
        if (asks_tags)
            c->state = CENSUS_TAGS;
        else
            finish(c);
        break;
    case CENSUS_TAGS:
        if (c->next_member == set_count(c->ids))
            finish(c);
        break;
    case CENSUS_DONE:
        break;
    }
}

static void ask_tags(struct census *c)
{
    for (size_t i = 0; i < INQUIRIES_MAX && c->next_member < set_count(c->ids); i++) {
        struct inquiry *q = &c->inquiries[i];
        if (!q->is_open && !q->in_flight && !inquiry_open(q, &c->members[c->next_member++])) {
            census_fail_memory(c);
            return;
        }
    }
}

static bool has_open_inquiry(const struct census *c)
{
    for (size_t i = 0; i < INQUIRIES_MAX; i++)
        if (c->inquiries[i].is_open)
            return true;
    return false;
}

static void step_one(struct census *c, int64_t *wait_ms)
{
    enum census_state before;
    do {
        before = c->state;
        if (c->state == CENSUS_TAGS)
            ask_tags(c);
        if (!has_open_inquiry(c))
            next_state(c);
    } while (c->state != before);
    for (size_t i = 0; i < INQUIRIES_MAX; i++)
        inquiry_step(&c->inquiries[i], wait_ms);
}

bool censuses_step(struct sites *s, int64_t *wait_ms)
{
    bool has_ended = false;
    for (struct census *c = s->censuses; c != NULL; c = c->next) {
        if (c->state == CENSUS_DONE)
            continue;
        step_one(c, wait_ms);
        has_ended = has_ended || c->state == CENSUS_DONE;
    }
    return has_ended;
}

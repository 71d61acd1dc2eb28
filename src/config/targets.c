/* targets.c - each account and region that the words aws and alibaba mean. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/private.h"
#include "match/set.h"

enum { ARN_LEN_MAX = 1024, KEY_LEN_MAX = 64 * 1024 };

/* ---- is it right? ---- */

/* The URL is not shown: a password may stand in it. */
static void check_endpoints(struct config_reading *r, const struct config_entry *e)
{
    const struct config_endpoints *all = &e->target.endpoints;
    bool is_aws = e->target.cloud == &cloud_aws;
    const struct {
        const char *service, *url;
    } rows[] = {
        {e->target.cloud->service, all->invitations},
        {"sts", all->sts},
        {"sso", all->sso},
        {is_aws ? "organizations" : "resourcemanager", all->organization},
        {"metadata", all->metadata},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].url != NULL && place_host_of(rows[i].url).at == NULL)
            config_fail(r, e->where,
                        "the endpoint of %s is no base URL: write it as \"https://HOST\" or "
                        "\"https://HOST:PORT\", without a path",
                        rows[i].service);
}

static void check_account(struct config_reading *r, const struct config_entry *e,
                          const char *account)
{
    const struct cloud *cloud = e->target.cloud;
    if (!config_is_account(cloud, text_of(account)))
        config_fail(r, e->where, "%s is not an account: an %s account is %d digits, in quotes",
                    account, cloud == &cloud_aws ? "AWS" : "Alibaba Cloud", cloud->account_digits);
}

static void check_role(struct config_reading *r, const struct config_entry *e, const char *role)
{
    if (role != NULL && !config_is_role(e->target.cloud, text_of(role)))
        config_fail(r, e->where, "%s is no role's name: write what follows role/ in its ARN", role);
}

/* The role's own account and partition, where there is a role: they decide. */
static void check_role_arn(struct config_reading *r, struct config_entry *e)
{
    struct config_target *t = &e->target;
    struct spurn_text partition, account;
    if (t->role_arn == NULL)
        return;
    if (!config_split_role(t->cloud, text_of(t->role_arn), &partition, &account)) {
        config_fail(r, e->where, "%s is not the ARN of a role: it is written %s", t->role_arn,
                    t->cloud == &cloud_aws ? "arn:aws:iam::ACCOUNT:role/NAME"
                                           : "acs:ram::ACCOUNT:role/NAME");
        return;
    }
    if (t->account != NULL && !text_is(account, t->account))
        config_fail(r, e->where, "account is %s, but role_arn is of account %.*s; leave one out",
                    t->account, TEXT_ARG(account));
    if (e->partition != NULL && !text_is(partition, e->partition))
        config_fail(r, e->where,
                    "partition is %s, but role_arn is of partition %.*s; leave one out",
                    e->partition, TEXT_ARG(partition));
    t->account = config_keep(r, account);
    e->partition = config_keep(r, partition);
}

static void refuse_partition(struct config_reading *r, const struct config_entry *e)
{
    struct buf names;
    const char *name;
    buf_init(&names, PATH_MAX);
    for (size_t i = 0; (name = place_aws_partition_at(i)) != NULL; i++)
        buf_addf(&names, "%s%s", i > 0 ? ", " : "", name);
    config_fail(r, e->where, "AWS has no partition %s; there are %s", e->partition,
                buf_str(&names));
    buf_clear(&names);
}

/* Every target of one word lies in one partition: that of its role, the one it names, or that of its regions. */
static void settle_partition(struct config_reading *r, struct config_entry *e)
{
    if (e->partition == NULL && !e->is_everywhere && e->region_count > 0)
        e->partition = place_aws_partition(text_of(e->regions[0]));
    if (e->partition == NULL)
        e->partition = "aws";
    if (place_aws_regions(text_of(e->partition)) == NULL)
        refuse_partition(r, e);
}

static void check_region(struct config_reading *r, const struct config_entry *e, const char *region)
{
    const struct config_target *t = &e->target;
    struct buf url; /* asked for also where another endpoint is configured: it knows the region */
    struct spurn_error why;
    buf_init(&url, PATH_MAX);
    if (t->cloud->endpoint(text_of(region), t->variants, &url, &why) != SPURN_OK)
        config_fail(r, e->where, "%s", why.text);
    else if (t->cloud == &cloud_aws &&
             !text_is(text_of(e->partition), place_aws_partition(text_of(region))))
        config_fail(r, e->where,
                    "%s is in partition %s, this target in %s: write a target for each partition",
                    region, place_aws_partition(text_of(region)), e->partition);
    buf_clear(&url);
}

/* Of "all", the names are the table's own. */
static void settle_regions(struct config_reading *r, struct config_entry *e)
{
    if (e->is_everywhere) {
        const struct place_list *known = e->target.cloud == &cloud_aws
                                             ? place_aws_regions(text_of(e->partition))
                                             : e->target.cloud->regions;
        e->regions = malloc(known->count * sizeof *e->regions);
        if (e->regions == NULL) {
            r->no_memory = true;
            return;
        }
        memcpy(e->regions, known->names, known->count * sizeof *e->regions);
        e->region_count = known->count;
    }
    for (size_t i = 0; i < e->region_count && config_goes_on(r); i++)
        check_region(r, e, e->regions[i]);
}

static void check_entry(struct config_reading *r, struct config_entry *e)
{
    if (e->target.account != NULL)
        check_account(r, e, e->target.account);
    check_role(r, e, e->role);
    if (e->target.organization != NULL)
        check_role(r, e, e->target.organization->role);
    check_endpoints(r, e);
    check_role_arn(r, e);
    if (e->target.cloud == &cloud_aws)
        settle_partition(r, e);
    if (config_goes_on(r))
        settle_regions(r, e);
}

/* ---- its targets ---- */

void config_add_member(struct config_reading *r, struct config_members *members,
                       const struct config_member *member)
{
    if (members->count == members->cap) {
        size_t cap = members->cap > 0 ? 2 * members->cap : 16;
        struct config_member *more = realloc(members->items, cap * sizeof *more);
        if (more == NULL) {
            r->no_memory = true;
            return;
        }
        members->items = more;
        members->cap = cap;
    }
    members->items[members->count++] = *member;
}

/* Room for `count` more targets. */
static bool make_room(struct config_reading *r, const struct config_entry *e, size_t count)
{
    struct config *c = r->config;
    size_t needed = c->target_count + count;
    if (needed > CONFIG_TARGETS_MAX) {
        config_fail(r, e->where, "there are more than %d accounts and regions in all",
                    CONFIG_TARGETS_MAX);
        return false;
    }
    if (needed > r->target_cap) {
        size_t cap = needed > 2 * r->target_cap ? needed : 2 * r->target_cap;
        struct config_target *more = realloc(c->targets, cap * sizeof *more);
        if (more == NULL) {
            r->no_memory = true;
            return false;
        }
        c->targets = more;
        r->target_cap = cap;
    }
    return true;
}

static void add_regions(struct config_reading *r, const struct config_entry *e,
                        const struct config_target *target)
{
    struct config *c = r->config;
    if (!config_goes_on(r) || !make_room(r, e, e->region_count))
        return;
    for (size_t i = 0; i < e->region_count; i++) {
        struct config_target *added = &c->targets[c->target_count++];
        *added = *target;
        added->region = e->regions[i];
        added->is_any_region = e->is_everywhere;
    }
}

static const char *role_of(struct config_reading *r, const struct config_entry *e,
                           const struct config_member *member)
{
    if (member->role == NULL)
        return NULL;
    struct buf arn;
    buf_init(&arn, ARN_LEN_MAX);
    config_put_role(e->target.cloud, text_of(e->partition), text_of(member->account),
                    text_of(member->role), &arn);
    const char *kept = config_keep(r, buf_text(&arn));
    r->no_memory = r->no_memory || arn.failed;
    buf_clear(&arn);
    return kept;
}

static void add_members(struct config_reading *r, const struct config_entry *e,
                        const struct config_members *members)
{
    for (size_t i = 0; i < members->count && config_goes_on(r); i++) {
        const struct config_member *member = &members->items[i];
        struct config_target target = e->target;
        target.account = member->account;
        target.label = member->label != NULL ? member->label : target.label;
        target.role_arn = role_of(r, e, member);
        if (target.role_arn == NULL) {
            target.external_id = target.session_name = NULL;
            target.duration_s = 0;
        } else if (member->external_id != NULL) {
            target.external_id = member->external_id;
        }
        add_regions(r, e, &target);
    }
}

static void add_targets(struct config_reading *r, struct config_entry *e)
{
    struct config_members read = {NULL, 0, 0};
    if (e->accounts.count > CONFIG_ACCOUNTS_MAX)
        config_fail(r, e->where, "accounts holds more than %d", CONFIG_ACCOUNTS_MAX);
    for (size_t i = 0; i < e->accounts.count && config_goes_on(r); i++) {
        check_account(r, e, e->accounts.items[i].account);
        e->accounts.items[i].role = e->role;
    }
    if (!config_goes_on(r))
        return;
    if (e->accounts_path != NULL) {
        const struct config_accounts_file file = {e->target.cloud, e->accounts_path, e->role};
        config_read_accounts(r, &file, &read);
        add_members(r, e, &read);
    } else if (e->accounts.count > 0) {
        add_members(r, e, &e->accounts);
    } else {
        add_regions(r, e, &e->target);
    }
    free(read.items);
}

void config_read_target(struct config_reading *r)
{
    struct config_entry e = {.region_count = 0};
    config_read_entry(r, &e);
    if (config_goes_on(r) && r->json.why == NULL)
        check_entry(r, &e);
    if (config_goes_on(r) && r->json.why == NULL)
        add_targets(r, &e);
    free(e.regions);
    free(e.accounts.items);
}

/* ---- none twice ---- */

/* Cloud, region and whose keys; false where the accounts are not known yet. */
static bool put_place(const struct config_target *t, struct buf *key)
{
    buf_reset(key);
    buf_addf(key, "%s %s %c%s", t->cloud->name, t->region, t->account != NULL ? 'a' : 'p',
             t->account != NULL   ? t->account
             : t->profile != NULL ? t->profile
                                  : "");
    return t->organization == NULL;
}

/* The one that has the place in `key` first. */
static const struct config_target *first_at(const struct config *c, struct spurn_text key)
{
    const struct config_target *first = c->targets;
    bool is_there = false;
    struct buf other;
    buf_init(&other, KEY_LEN_MAX);
    while (!is_there && !other.failed) {
        is_there = put_place(first, &other) && text_equal(buf_text(&other), key);
        first++;
    }
    buf_clear(&other);
    return first - 1;
}

static void refuse_twice(struct config_reading *r, const struct config_target *t,
                         struct spurn_text key)
{
    const struct config_target *first = first_at(r->config, key);
    char where[PATH_MAX + 32], whose[64] = "one account of this cloud", elsewhere[48] = "";
    snprintf(where, sizeof where, "%s:%" PRId64, r->config->path, t->line);
    if (t->account != NULL)
        snprintf(whose, sizeof whose, "account %s", t->account);
    if (first->line != t->line)
        snprintf(elsewhere, sizeof elsewhere, ", first on line %" PRId64, first->line);
    config_fail(r, where, "%s is named twice for %s%s", t->region, whose, elsewhere);
}

void config_finish_targets(struct config_reading *r)
{
    const struct config *c = r->config;
    struct buf key;
    struct set *places = set_open();
    buf_init(&key, KEY_LEN_MAX);
    for (size_t i = 0; places != NULL && i < c->target_count && config_goes_on(r); i++) {
        size_t before = set_count(places);
        if (!put_place(&c->targets[i], &key))
            continue;
        r->no_memory = r->no_memory || key.failed || !set_add(places, buf_text(&key));
        if (config_goes_on(r) && set_count(places) == before)
            refuse_twice(r, &c->targets[i], buf_text(&key));
    }
    r->no_memory = r->no_memory || places == NULL;
    set_close(places);
    buf_clear(&key);
}

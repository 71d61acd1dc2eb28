/* config.h - what was asked for: targets, policies, limits, the daemon's schedule. */
#ifndef SPURN_CONFIG_CONFIG_H
#define SPURN_CONFIG_CONFIG_H

#include "cloud/cloud.h"
#include "error.h"

/* Base URLs of services instead of the cloud's own; NULL: not said. `endpoint = "..."` sets all but `metadata`. */
struct config_endpoints {
    const char *invitations; /* ram, resourcesharing */
    const char *sts, *sso;
    const char *organization; /* organizations, resourcemanager */
    const char *metadata;     /* of the instance and of the container */
};

/* Accounts that the organization's own directory names: organization = { role = "spurn", tags = { env = "prod" } }. */
struct config_organization {
    const char *role; /* a role's name, the same in each account */
    const char *external_id;
    const struct config_tag {
        const char *key, *value;
    } * tags; /* an account must have all of them */
    size_t tag_count;
};

/* One account in one region of one cloud; with `organization` all its accounts in one region. Strings live in the
 * configuration; NULL means not said. */
struct config_target {
    const struct cloud *cloud;
    const char *region;
    const char *profile, *account, *label;
    const char *role_arn, *external_id, *session_name;
    int64_t duration_s; /* of the role's keys; 0: not said */
    const struct config_organization
        *organization; /* the same for each region of one entry; NULL: none */
    struct config_endpoints endpoints;
    unsigned variants;  /* enum place_variant */
    bool is_any_region; /* of regions = "all": left out where the account has not opted in */
    int64_t line;
};

struct config_policy {
    const char *path;                /* absolute or relative to the working directory */
    struct spurn_text settings_json; /* absent: none */
    const char *asked_at;            /* "spurn.lua:7" */
};

struct config_limits {
    int64_t rejections; /* most in an hour */
    int64_t percent;    /* of at least 20 pending, under a digest nobody trusts yet */
    int64_t pages;      /* most pages of one list: of a target's, or of an organization's */
    int64_t listing_s;  /* longest listing of one target */
    int64_t window;     /* most requests in flight */
    int64_t lookups;    /* most invitations of a sweep whose resources are asked for */
    /* what a policy may use up; 0: the script room's own defaults */
    int64_t policy_steps, policy_memory_len, policy_string_len;
};

struct config {
    struct arena arena;
    const char *path;    /* NULL: none was read */
    const char *journal; /* absolute; NULL: not said */
    const char *trust;   /* digest trusted by a person; NULL: none */
    struct config_target *targets;
    size_t target_count;
    struct config_policy *policies;
    size_t policy_count;
    struct config_limits limits;
    int64_t every_s, jitter_s;
};

/* The defaults, with no targets and no policies. */
void config_init(struct config *c);
void config_clear(struct config *c);

/* Reads `path`; paths in it are taken from its own folder. `c` is initialised by the caller. SPURN_E_CONFIG or SPURN_E_FILE. */
enum spurn_status config_load(struct config *c, const char *path, struct spurn_error *err);

/* The ARN of the role called `role` in `account`; `partition` is AWS's. */
void config_put_role(const struct cloud *cloud, struct spurn_text partition,
                     struct spurn_text account, struct spurn_text role, struct buf *arn);

/* Makes a relative path absolute, into the configuration's arena; NULL when memory ran out. */
const char *config_absolute(struct config *c, const char *path);

#endif

/* config.h - what was asked for: targets, policies, limits, the daemon's schedule. */
#ifndef SPURN_CONFIG_H
#define SPURN_CONFIG_H

#include "cloud/cloud.h"
#include "error.h"

/* One account in one region of one cloud. Strings live in the configuration; NULL means not said. */
struct config_target {
    const struct cloud *cloud;
    const char *region;
    const char *profile, *account, *label;
    const char *endpoint;   /* always a base URL: the configuration's, else the cloud's own */
    struct spurn_text host; /* of the endpoint, as a Host header has it; borrows from it */
    bool clear_text;        /* plain http, and not to this machine */
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
    int64_t pages;      /* most pages of one target's list */
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

/* Makes a relative path absolute, into the configuration's arena; NULL when memory ran out. */
const char *config_absolute(struct config *c, const char *path);

#endif

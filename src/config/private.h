/* private.h - what the files that read a configuration share. */
#ifndef SPURN_CONFIG_PRIVATE_H
#define SPURN_CONFIG_PRIVATE_H

#include <limits.h>

#include "config/config.h"
#include "json.h"

enum { CONFIG_TARGETS_MAX = 500 * 1000, CONFIG_ACCOUNTS_MAX = 100 * 1000 };

/* What is being read: the JSON that lua/config.lua made, and the first thing that went wrong. */
struct config_reading {
    struct config *config;
    struct json json;
    size_t target_cap;
    bool no_memory;
    struct spurn_error *err;
    enum spurn_status status;
};

/* Copies that live as long as the configuration; NULL for what is absent, or when memory ran out. */
const char *config_keep(struct config_reading *r, struct spurn_text text);
const char *config_keep_string(struct config_reading *r);
const char *config_keep_path(struct config_reading *r, struct spurn_text text);
bool config_goes_on(const struct config_reading *r); /* nothing went wrong so far */
/* "WHERE: ...", unless something went wrong before. */
void config_fail(struct config_reading *r, const char *where, const char *fmt, ...)
    SPURN_PRINTF(3, 4);

/* The next value is what one word aws or alibaba said; its targets are added. */
void config_read_target(struct config_reading *r);
/* After the last: none may be there twice. */
void config_finish_targets(struct config_reading *r);

/* ---- one word aws or alibaba ---- */

struct config_member {
    const char *account;
    const char *label, *external_id; /* NULL: not said */
    const char *role;                /* a name; NULL: the keys as they are */
    int64_t number; /* of its line or item in a file of accounts; 0: it stands in none */
};

struct config_members {
    struct config_member *items; /* owned; free it */
    size_t count, cap;
};

void config_add_member(struct config_reading *r, struct config_members *members,
                       const struct config_member *member);

struct config_entry {
    struct config_target target; /* what all its targets share */
    char where[PATH_MAX + 32];   /* "spurn.lua:3" */
    const char **regions;        /* owned */
    size_t region_count;
    bool is_everywhere; /* regions = "all" */
    const char *partition;
    const char *role, *accounts_path;
    struct config_members accounts; /* accounts = { ... } */
};

/* What it says; nothing is checked yet. `e` is zeroed by the caller. */
void config_read_entry(struct config_reading *r, struct config_entry *e);

struct config_accounts_file {
    const struct cloud *cloud;
    const char *path;
    const char *role; /* of accounts that name none; NULL: none */
};

void config_read_accounts(struct config_reading *r, const struct config_accounts_file *file,
                          struct config_members *members);

/* ---- accounts, roles ---- */

bool config_is_account(const struct cloud *cloud, struct spurn_text account);
bool config_is_external_id(struct spurn_text id);
/* What follows "role/" in an ARN: "spurn", at AWS also "path/spurn". */
bool config_is_role(const struct cloud *cloud, struct spurn_text role);
/* Takes apart "arn:aws:iam::111122223333:role/spurn", "acs:ram::1111222233334444:role/spurn"; false when it is no role of that cloud.
 * The partition is absent at Alibaba Cloud. */
bool config_split_role(const struct cloud *cloud, struct spurn_text arn,
                       struct spurn_text *partition, struct spurn_text *account);

#endif

/* directory.h - which accounts an organization has: AWS Organizations, Alibaba Cloud Resource Management. Pure steps, no I/O. */
#ifndef SPURN_CLOUD_DIRECTORY_H
#define SPURN_CLOUD_DIRECTORY_H

#include "cloud/cloud.h"

enum directory_operation {
    DIRECTORY_ACCOUNTS, /* a page of all accounts */
    DIRECTORY_TAGS,     /* a page of one account's tags; only where accounts come without theirs */
    DIRECTORY_OPERATIONS
};

struct directory_call {
    enum directory_operation operation;
    struct spurn_text page_token; /* absent for the first page */
    struct spurn_text account;    /* TAGS */
};

struct directory_tag {
    struct spurn_text key, value;
};

struct directory_account {
    struct spurn_text id, name;
    bool is_active;             /* not suspended, closed or on its way in */
    struct directory_tag *tags; /* in the page's arena */
    size_t tag_count;
};

/* One page of a list. Text lives in the page. Of TAGS there is one account, without id. */
struct directory_page {
    struct arena arena;
    struct directory_account *items; /* owned */
    size_t count, cap;
    struct spurn_text next_token; /* absent on the last page */
};

void directory_page_init(struct directory_page *page);
void directory_page_clear(struct directory_page *page);

struct directory {
    const char *title;                             /* "AWS Organizations" */
    const char *permissions[DIRECTORY_OPERATIONS]; /* what keys need; NULL: no such operation */
    bool tags_come_apart;                          /* DIRECTORY_TAGS is needed for them */
    enum spurn_status (*endpoint)(struct spurn_text region, unsigned variants, struct buf *url,
                                  struct spurn_error *err);
    /* As in struct cloud. `site->region` is any region of the partition. */
    enum spurn_status (*build)(const struct directory_call *call, struct request *request,
                               struct spurn_error *err);
    enum spurn_status (*sign)(struct digest *d, const struct cloud_site *site,
                              const struct cloud_keys *keys, const struct cloud_moment *moment,
                              struct request *request, struct spurn_error *err);
    enum spurn_status (*read_page)(const struct directory_call *call, const struct reply *reply,
                                   struct directory_page *page, struct spurn_error *err);
    void (*read_error)(const struct reply *reply, struct cloud_error *out);
};

extern const struct directory directory_aws, directory_alibaba;

#endif

/* inquiry.c - one list of an organization's directory: of all accounts, or of the tags of one. */
#include "sites/census.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

enum { TRIES = 3, NEED_LEN = 160, PAGE_TOKEN_MAX = 64 * 1024, ACCOUNTS_MAX = 100000 };

/* ---- beginning and end ---- */

bool inquiry_open(struct inquiry *q, struct member *member)
{
    buf_init(&q->page_token, PAGE_TOKEN_MAX);
    q->tokens = set_open();
    q->member = member;
    q->is_open = q->tokens != NULL;
    q->tries = 0;
    q->not_before_ms = 0;
    q->clock_mended = false;
    return q->is_open;
}

void inquiry_close(struct inquiry *q)
{
    q->is_open = false;
    buf_clear(&q->page_token);
    set_close(q->tokens);
    q->tokens = NULL;
}

/* ---- what a page says ---- */

/* No account has more than 50 tags, and the configuration does not ask for more. */
static uint64_t tags_of(const struct census *c, const struct directory_account *account)
{
    const struct config_organization *organization = c->target->organization;
    uint64_t held = 0;
    for (size_t i = 0; i < account->tag_count; i++)
        for (size_t k = 0; k < organization->tag_count; k++)
            if (text_is(account->tags[i].key, organization->tags[k].key) &&
                text_is(account->tags[i].value, organization->tags[k].value))
                held |= UINT64_C(1) << k;
    return held;
}

static bool grow_members(struct census *c)
{
    size_t cap = c->member_cap == 0 ? 64 : c->member_cap * 2;
    struct member *members = realloc(c->members, cap * sizeof *members);
    if (members == NULL)
        return false;
    c->members = members;
    c->member_cap = cap;
    return true;
}

static enum spurn_status take_account(struct census *c, const struct directory_account *account,
                                      struct spurn_error *err)
{
    const struct cloud *cloud = c->target->cloud;
    if (account->id.len != (size_t)cloud->account_digits || !text_all_digits(account->id))
        return spurn_fail(err, SPURN_E_CLOUD, "%s listed an account whose id is not %d digits",
                          c->directory->title, cloud->account_digits);
    if (!account->is_active || set_has(c->ids, account->id))
        return SPURN_OK;
    size_t count = set_count(c->ids);
    if (count == ACCOUNTS_MAX)
        return spurn_fail(err, SPURN_E_CLOUD, "%s listed more than %d accounts",
                          c->directory->title, ACCOUNTS_MAX);
    bool ok = (count < c->member_cap || grow_members(c)) && set_add(c->ids, account->id);
    if (!ok)
        return spurn_fail_memory(err);
    c->members[count] = (struct member){.id = set_item(c->ids, count),
                                        .name = sites_keep_text(c->sites, account->name),
                                        .tags_held = tags_of(c, account)};
    return SPURN_OK;
}

static enum spurn_status take_page(struct inquiry *q, const struct directory_page *page,
                                   struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < page->count && status == SPURN_OK; i++) {
        if (q->member != NULL)
            q->member->tags_held |= tags_of(q->census, &page->items[i]);
        else
            status = take_account(q->census, &page->items[i], err);
    }
    return status;
}

static enum spurn_status go_on(struct inquiry *q, struct spurn_text token, struct spurn_error *err)
{
    const char *title = q->census->directory->title;
    if (token.at == NULL) {
        inquiry_close(q);
        return SPURN_OK;
    }
    int64_t pages = (int64_t)set_count(q->tokens) + 1;
    if (pages >= q->census->sites->options.config->limits.pages)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s's list has more than %lld pages; raise limits.pages if that is right",
                          title, (long long)pages);
    if (set_has(q->tokens, token))
        return spurn_fail(err, SPURN_E_CLOUD,
                          "%s sent the same page token twice: its list goes in circles", title);
    buf_reset(&q->page_token);
    buf_add_text(&q->page_token, token);
    if (q->page_token.failed)
        return spurn_fail(err, SPURN_E_CLOUD, "%s sent a page token longer than 64 KiB", title);
    q->tries = 0;
    q->clock_mended = false;
    return set_add(q->tokens, token) ? SPURN_OK : spurn_fail_memory(err);
}

static struct directory_call call_of(const struct inquiry *q)
{
    return (struct directory_call){
        .operation = q->member != NULL ? DIRECTORY_TAGS : DIRECTORY_ACCOUNTS,
        .page_token = q->page_token.len > 0 ? buf_text(&q->page_token) : TEXT_ABSENT,
        .account = q->member != NULL ? q->member->id : TEXT_ABSENT};
}

static void read_reply(struct inquiry *q, const struct reply *reply)
{
    const struct directory_call call = call_of(q);
    struct spurn_error err;
    struct directory_page page;
    directory_page_init(&page);
    enum spurn_status status = q->census->directory->read_page(&call, reply, &page, &err);
    if (status == SPURN_OK)
        status = take_page(q, &page, &err);
    if (status == SPURN_OK)
        status = go_on(q, page.next_token, &err);
    directory_page_clear(&page);
    if (status == SPURN_E_MEMORY)
        census_fail_memory(q->census);
    else if (status != SPURN_OK)
        census_fail(q->census, &err);
}

/* ---- one request ---- */

static void fail_answer(struct inquiry *q, const struct http_result *result,
                        const struct cloud_error *error)
{
    static const char *const doing[] = {
        [DIRECTORY_ACCOUNTS] = "cannot list the accounts of the organization",
        [DIRECTORY_TAGS] = "cannot list the tags of the organization's accounts"};
    const struct directory *directory = q->census->directory;
    enum directory_operation operation = call_of(q).operation;
    char need[NEED_LEN];
    struct spurn_error err;
    snprintf(need, sizeof need,
             "; it takes keys of its management or delegated account that are allowed %s",
             directory->permissions[operation]);
    if (error == NULL)
        spurn_fail(&err, SPURN_E_NETWORK, "%s", result->problem);
    else
        cloud_describe_answer(directory->title, error, need, &err);
    spurn_fail_within(&err, "%s", doing[operation]);
    census_fail(q->census, &err);
}

static void note_problem(struct census *c, const struct http_result *result,
                         const struct cloud_error *error)
{
    if (error != NULL)
        snprintf(c->problem, sizeof c->problem, "%s answered %s", c->directory->title, error->code);
    else if (result->end != HTTP_REPLIED)
        snprintf(c->problem, sizeof c->problem, "%s", result->problem);
}

/* What was wrong with the request is put right, where that can be done: once each. */
static bool mend(struct inquiry *q, const struct cloud_error *error)
{
    if (error->kind == CLOUD_ERROR_KEYS_EXPIRED)
        return keyring_expired(q->census->base, q->generation);
    if (error->kind != CLOUD_ERROR_CLOCK || q->clock_mended)
        return false;
    q->clock_mended = true;
    return true;
}

static void on_reply(void *context, const struct http_result *result)
{
    struct inquiry *q = context;
    struct census *c = q->census;
    struct cloud_error error, *found = NULL;
    if (result->end == HTTP_REPLIED && result->reply.http_status != 200) {
        c->directory->read_error(&result->reply, &error);
        strike_keys(q->keys, &error);
        found = &error;
    }
    q->in_flight = false;
    keys_release(q->keys);
    q->keys = NULL;
    int64_t ahead_ms;
    if (clock_compare(result, &ahead_ms))
        c->base->skew_ms = ahead_ms;
    if (!q->is_open) /* given up meanwhile */
        return;
    note_problem(c, result, found);
    if (found != NULL && mend(q, found))
        return;
    int64_t pause_ms = pause_before_try(result, found, q->tries, TRIES);
    if (pause_ms >= 0)
        q->not_before_ms = clock_monotonic_ms() + pause_ms;
    else if (result->end == HTTP_REPLIED && found == NULL)
        read_reply(q, &result->reply);
    else
        fail_answer(q, result, found);
}

static enum spurn_status send_inquiry(struct inquiry *q, struct spurn_error *err)
{
    struct census *c = q->census;
    struct keyring *base = c->base;
    const struct directory_call call = call_of(q);
    const struct credentials_settings *settings = &base->profile->settings;
    const struct http_route route = {.ca_bundle = settings->ca_bundle.at,
                                     .ca_bundle_from = settings->ca_bundle_from};
    const struct cloud_keys keys = cloud_keys_of(base->keys);
    struct cloud_moment moment;
    struct request request;
    char nonce[33];
    enum spurn_status status = c->directory->build(&call, &request, err);
    if (status == SPURN_OK)
        status = make_moment(base->skew_ms, nonce, &moment, err);
    if (status == SPURN_OK)
        status =
            c->directory->sign(c->sites->options.digest, &c->place, &keys, &moment, &request, err);
    if (status == SPURN_OK)
        status = http_send(c->sites->options.http, c->endpoint, &route, &request, on_reply, q, err);
    request_clear(&request);
    if (status != SPURN_OK)
        return status;
    q->in_flight = true;
    q->tries++;
    q->keys = keys_hold(base->keys);
    q->generation = base->generation;
    return SPURN_OK;
}

void inquiry_step(struct inquiry *q, int64_t *wait_ms)
{
    struct census *c = q->census;
    if (!q->is_open || q->in_flight)
        return;
    int64_t left_ms = q->not_before_ms - clock_monotonic_ms();
    if (left_ms > 0) {
        *wait_ms = left_ms < *wait_ms ? left_ms : *wait_ms;
        return;
    }
    if (!http_has_room(c->sites->options.http))
        return;
    enum site_keys keys = keyring_keys(c->base);
    struct spurn_error err;
    if (keys == SITE_KEYS_GONE)
        census_fail(c, c->base->why);
    else if (keys == SITE_KEYS_READY && send_inquiry(q, &err) != SPURN_OK)
        census_fail(c, &err);
}

/* directory_alibaba.c - the accounts of an Alibaba Cloud resource directory: what to send and what came back. */
#include <stdio.h>
#include <stdlib.h>

#include "cloud/directory.h"
#include "json.h"
#include "sign/acs3.h"

/* Source: the page of ListAccounts, Resource Management 2020-03-31, style RPC: pages are numbered, TotalCount says how many accounts there
 * are, IncludeTags has their tags told along. */

static const char title[] = "Alibaba Cloud Resource Management";
static const char action[] = "ListAccounts";

/* Most a page may hold: PageSize is 1 to 100. */
static const char size_max[] = "100";

enum {
    ACCOUNT_LEN_MAX = 20, /* 16 today */
    PAGE_DIGITS_MAX = 9,
    TAGS_AT_FIRST = 4
};

/* ---- requests ---- */

static enum spurn_status endpoint(struct spurn_text region, unsigned variants, struct buf *url,
                                  struct spurn_error *err)
{
    return place_alibaba_endpoint("resourcemanager", region, variants, url, err);
}

/* The number of the page that a token means, the first one without; 0: it is none. */
static int64_t page_number(struct spurn_text token)
{
    int64_t number = 0;
    if (token.at == NULL)
        return 1;
    if (!text_all_digits(token) || token.len > PAGE_DIGITS_MAX)
        return 0;
    for (size_t i = 0; i < token.len; i++)
        number = number * 10 + (token.at[i] - '0');
    return number;
}

static enum spurn_status build(const struct directory_call *call, struct request *request,
                               struct spurn_error *err)
{
    char number[24];
    request_init(request, "POST");
    if (call->operation != DIRECTORY_ACCOUNTS || page_number(call->page_token) == 0)
        return spurn_fail(err, SPURN_E_USAGE, "cannot call %s: it has no such page", action);
    snprintf(number, sizeof number, "%lld", (long long)page_number(call->page_token));
    request_add_header(request, "accept", text_of("application/json"));
    request_add_header(request, "x-acs-action", text_of(action));
    request_add_header(request, "x-acs-version", text_of("2020-03-31"));
    request_add_parameter(request, "PageNumber", text_of(number));
    request_add_parameter(request, "PageSize", text_of(size_max));
    request_add_parameter(request, "IncludeTags", text_of("true"));
    return request->failed ? spurn_fail_memory(err) : SPURN_OK;
}

static enum spurn_status sign(struct digest *d, const struct cloud_site *site,
                              const struct cloud_keys *keys, const struct cloud_moment *moment,
                              struct request *request, struct spurn_error *err)
{
    const struct acs3_keys acs3_keys = {keys->id, keys->secret, keys->token};
    const struct acs3_moment acs3_moment = {moment->now_ms, moment->nonce};
    request_set_host(request, site->host);
    return acs3_sign(d, request, &acs3_keys, &acs3_moment, err);
}

/* ---- replies ---- */

/* Statuses of a member that belongs to the directory; the others are on their way in, or did not get there. */
static const char *const member_statuses[] = {"CreateSuccess", "InviteSuccess", "PromoteSuccess"};

/* One reply being read. */
struct reading {
    struct json json;
    struct directory_page *page;
    int64_t number, size, total;
    bool has_accounts;
};

/* One account as it is written. */
struct member {
    struct directory_account account;
    struct spurn_text status, deletion;
};

static bool is_active(const struct member *member)
{
    if (text_is(member->deletion, "Deleting") || text_is(member->deletion, "Deleted"))
        return false;
    for (size_t i = 0; i < sizeof member_statuses / sizeof member_statuses[0]; i++)
        if (text_is(member->status, member_statuses[i]))
            return true;
    return false;
}

static struct directory_tag read_tag(struct json *j)
{
    struct directory_tag tag = {TEXT_ABSENT, TEXT_ABSENT};
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "Key"))
            tag.key = json_string(j);
        else if (text_is(key, "Value"))
            tag.value = json_string(j);
        else
            json_skip(j);
    }
    if (tag.key.at == NULL || tag.value.at == NULL)
        json_break(j, "a tag has no Key or no Value");
    return tag;
}

/* Its room doubles; what is left behind in the arena goes with the page. */
static void add_tag(struct reading *r, struct directory_account *account, struct directory_tag tag)
{
    size_t count = account->tag_count;
    bool is_full = count == 0 || (count >= TAGS_AT_FIRST && (count & (count - 1)) == 0);
    if (is_full) {
        size_t cap = count == 0 ? TAGS_AT_FIRST : 2 * count;
        struct directory_tag *grown = arena_alloc(&r->page->arena, cap * sizeof *grown);
        if (grown == NULL) {
            json_break(&r->json, "out of memory");
            return;
        }
        for (size_t i = 0; i < count; i++)
            grown[i] = account->tags[i];
        account->tags = grown;
    }
    account->tags[account->tag_count++] = tag;
}

/* {"Tag":[...]} */
static void read_tags(struct reading *r, struct directory_account *account)
{
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        if (!text_is(key, "Tag")) {
            json_skip(&r->json);
            continue;
        }
        json_open_array(&r->json);
        while (json_next_item(&r->json))
            add_tag(r, account, read_tag(&r->json));
    }
}

static struct member read_member(struct reading *r)
{
    struct json *j = &r->json;
    struct member member = {.status = TEXT_ABSENT};
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (json_peek(j) == JSON_NULL)
            json_skip(j);
        else if (text_is(key, "AccountId"))
            member.account.id = json_string(j);
        else if (text_is(key, "DisplayName"))
            member.account.name = json_string(j);
        else if (text_is(key, "Status"))
            member.status = json_string(j);
        else if (text_is(key, "DeletionStatus"))
            member.deletion = json_string(j);
        else if (text_is(key, "Tags"))
            read_tags(r, &member.account);
        else
            json_skip(j);
    }
    if (!text_all_digits(member.account.id) || member.account.id.len > ACCOUNT_LEN_MAX)
        json_break(j, "an account's AccountId is none");
    member.account.is_active = is_active(&member);
    return member;
}

static void add_account(struct reading *r, struct directory_account account)
{
    struct directory_page *page = r->page;
    if (page->count == page->cap) {
        size_t cap = page->cap == 0 ? 16 : 2 * page->cap;
        struct directory_account *grown = realloc(page->items, cap * sizeof *grown);
        if (grown == NULL) {
            json_break(&r->json, "out of memory");
            return;
        }
        page->items = grown;
        page->cap = cap;
    }
    page->items[page->count++] = account;
}

/* {"Account":[...]} */
static void read_accounts(struct reading *r)
{
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        if (!text_is(key, "Account")) {
            json_skip(&r->json);
            continue;
        }
        r->has_accounts = true;
        json_open_array(&r->json);
        while (json_next_item(&r->json)) {
            struct member member = read_member(r);
            add_account(r, member.account);
        }
    }
}

static void read_body(struct reading *r)
{
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        if (text_is(key, "PageNumber"))
            r->number = json_int(&r->json);
        else if (text_is(key, "PageSize"))
            r->size = json_int(&r->json);
        else if (text_is(key, "TotalCount"))
            r->total = json_int(&r->json);
        else if (text_is(key, "Accounts"))
            read_accounts(r);
        else
            json_skip(&r->json);
    }
}

/* What is wrong with the numbers of a page; NULL: nothing. */
static const char *wrong_numbers(const struct reading *r, int64_t asked)
{
    enum { SIZE_MAX_TOLD = 1000, NUMBER_MAX = 1000 * 1000 * 1000 };
    if (!r->has_accounts)
        return "it has no Accounts";
    if (r->total < 0 || r->size < 1 || r->size > SIZE_MAX_TOLD || r->total > NUMBER_MAX)
        return "its PageSize or TotalCount is none";
    if (r->number != asked)
        return "it is another page than was asked for";
    if (r->page->count == 0 && (r->number - 1) * r->size < r->total)
        return "the page is empty, though more accounts are to come";
    return NULL;
}

static enum spurn_status set_next_page(const struct reading *r, struct spurn_error *err)
{
    char number[24];
    bool ok = true;
    if (r->number * r->size >= r->total)
        return SPURN_OK;
    snprintf(number, sizeof number, "%lld", (long long)r->number + 1);
    r->page->next_token = arena_copy(&r->page->arena, text_of(number), &ok);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

static enum spurn_status read_reply(struct reading *r, int64_t asked, struct spurn_error *err)
{
    read_body(r);
    if (!json_done(&r->json))
        return spurn_fail(err, SPURN_E_CLOUD, "cannot read the reply to %s: %s (byte %zu)", action,
                          r->json.why, r->json.why_at);
    const char *wrong = wrong_numbers(r, asked);
    if (wrong != NULL)
        return spurn_fail(err, SPURN_E_CLOUD, "cannot read the reply to %s: %s", action, wrong);
    return set_next_page(r, err);
}

static enum spurn_status read_page(const struct directory_call *call, const struct reply *reply,
                                   struct directory_page *page, struct spurn_error *err)
{
    directory_page_clear(page);
    bool ok = true;
    /* The reply is gone before the accounts are: they borrow from a copy. */
    struct spurn_text body = arena_copy(&page->arena, reply->body, &ok);
    if (!ok)
        return spurn_fail_memory(err);
    struct reading r = {.page = page, .total = -1};
    json_init(&r.json, body, &page->arena);
    enum spurn_status status = read_reply(&r, page_number(call->page_token), err);
    if (status != SPURN_OK)
        directory_page_clear(page);
    return status;
}

/* Its gateway's codes are those of Resource Sharing. */
static void read_error(const struct reply *reply, struct cloud_error *out)
{
    cloud_alibaba.read_error(reply, out);
}

const struct directory directory_alibaba = {
    .title = title,
    .permissions = {[DIRECTORY_ACCOUNTS] = "resourcemanager:ListAccounts"},
    .tags_come_apart = false,
    .endpoint = endpoint,
    .build = build,
    .sign = sign,
    .read_page = read_page,
    .read_error = read_error,
};

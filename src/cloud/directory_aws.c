/* directory_aws.c - the accounts that AWS Organizations knows: what to send and what came back. */
#include <stdlib.h>

#include "cloud/directory.h"
#include "cloud/reading.h"
#include "json.h"
#include "sign/sigv4.h"

/* Source: the service's model, Organizations 2016-11-28, protocol json 1.1. */

static const char title[] = "AWS Organizations";

/* Most a page may hold: MaxResults is 1 to 20. */
static const char results_max[] = "20";

enum { ACCOUNT_LEN = 12 };

static const struct operation {
    const char *name, *target;
} operations[] = {
    [DIRECTORY_ACCOUNTS] = {"ListAccounts", "AWSOrganizationsV20161128.ListAccounts"},
    [DIRECTORY_TAGS] = {"ListTagsForResource", "AWSOrganizationsV20161128.ListTagsForResource"},
};

static bool is_account(struct spurn_text text)
{
    return text.len == ACCOUNT_LEN && text_all_digits(text);
}

/* ---- requests ---- */

static enum spurn_status endpoint(struct spurn_text region, unsigned variants, struct buf *url,
                                  struct spurn_error *err)
{
    return place_aws_endpoint("organizations", region, variants, url, err);
}

static void put_body(const struct directory_call *call, struct buf *body)
{
    buf_add_char(body, '{');
    if (call->operation == DIRECTORY_TAGS) {
        json_put_member(body, "ResourceId", call->account);
    } else {
        json_put_key(body, "MaxResults");
        buf_add_str(body, results_max);
    }
    json_put_member_if(body, "NextToken", call->page_token);
    buf_add_char(body, '}');
}

static enum spurn_status build(const struct directory_call *call, struct request *request,
                               struct spurn_error *err)
{
    request_init(request, "POST");
    const struct operation *operation = &operations[call->operation];
    if (call->operation == DIRECTORY_TAGS && !is_account(call->account))
        return spurn_fail(err, SPURN_E_USAGE, "cannot call %s: an account has 12 digits",
                          operation->name);
    struct buf body;
    buf_init(&body, REQUEST_LEN_MAX);
    put_body(call, &body);
    request_add_header(request, "content-type", text_of("application/x-amz-json-1.1"));
    request_add_header(request, "x-amz-target", text_of(operation->target));
    request_set_body(request, buf_text(&body));
    bool failed = body.failed || request->failed;
    buf_clear(&body);
    if (failed)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "cannot call %s: the request is too large, or memory ran out",
                          operation->name);
    return SPURN_OK;
}

/* One region answers for all of a partition. */
static enum spurn_status sign(struct digest *d, const struct cloud_site *site,
                              const struct cloud_keys *keys, const struct cloud_moment *moment,
                              struct request *request, struct spurn_error *err)
{
    const char *partition = place_aws_partition(site->region);
    if (partition == NULL)
        return place_fail(&place_aws_all, site->region, err);
    const struct sigv4_keys sigv4_keys = {keys->id, keys->secret, keys->token};
    const struct sigv4_scope scope = {.region = text_of(place_aws_home(text_of(partition))),
                                      .service = text_of("organizations"),
                                      .now_ms = moment->now_ms};
    request_set_host(request, site->host);
    return sigv4_sign(d, request, &sigv4_keys, &scope, err);
}

/* ---- replies ---- */

/* `State` takes the place of `Status` from September 9, 2026 on; until then both are sent. */
struct account_row {
    struct spurn_text id, name, status, state;
};

#define ENVELOPE(member) offsetof(struct reading_envelope, member)
#define ROW(member)      offsetof(struct account_row, member)
#define TAG(member)      offsetof(struct directory_tag, member)

static const struct reading_field account_fields[] = {
    {"Id", READING_TEXT, ROW(id), 0, NULL},
    {"Name", READING_TEXT, ROW(name), 0, NULL},
    {"Status", READING_TEXT, ROW(status), 0, NULL},
    {"State", READING_TEXT, ROW(state), 0, NULL},
};
static const struct reading_field tag_fields[] = {
    {"Key", READING_TEXT, TAG(key), 0, NULL},
    {"Value", READING_TEXT, TAG(value), 0, NULL},
};
static const struct reading_shape account = {sizeof(struct account_row), account_fields,
                                             READING_COUNT(account_fields)};
static const struct reading_shape tag = {sizeof(struct directory_tag), tag_fields,
                                         READING_COUNT(tag_fields)};

static const struct reading_field accounts_fields[] = {
    {"Accounts", READING_ROWS, ENVELOPE(rows), 0, &account},
    {"NextToken", READING_TEXT, ENVELOPE(next_token), 0, NULL},
};
static const struct reading_field tags_fields[] = {
    {"Tags", READING_ROWS, ENVELOPE(rows), 0, &tag},
    {"NextToken", READING_TEXT, ENVELOPE(next_token), 0, NULL},
};
static const struct reading_shape accounts_shape = {
    sizeof(struct reading_envelope), accounts_fields, READING_COUNT(accounts_fields)};
static const struct reading_shape tags_shape = {sizeof(struct reading_envelope), tags_fields,
                                                READING_COUNT(tags_fields)};

static const struct reading_reply replies[] = {
    [DIRECTORY_ACCOUNTS] = {title, "ListAccounts", &accounts_shape, "Accounts", "Id"},
    [DIRECTORY_TAGS] = {title, "ListTagsForResource", &tags_shape, "Tags", NULL},
};

static enum spurn_status add_account(const struct account_row *row, struct directory_page *page,
                                     struct spurn_error *err)
{
    struct spurn_text state = row->state.at != NULL ? row->state : row->status;
    if (!is_account(row->id))
        return spurn_fail(err, SPURN_E_CLOUD,
                          "cannot read the reply to ListAccounts: an account has no Id of 12 "
                          "digits");
    if (state.at == NULL)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "cannot read the reply to ListAccounts: an account has neither State "
                          "nor Status");
    page->items[page->count++] = (struct directory_account){
        .id = row->id, .name = row->name, .is_active = text_is(state, "ACTIVE")};
    return SPURN_OK;
}

static enum spurn_status take_accounts(const struct reading_rows *rows, struct directory_page *page,
                                       struct spurn_error *err)
{
    const struct account_row *row = rows->items;
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < rows->count && status == SPURN_OK; i++)
        status = add_account(&row[i], page, err);
    return status;
}

static enum spurn_status take_tags(const struct reading_rows *rows, struct directory_page *page,
                                   struct spurn_error *err)
{
    const struct directory_tag *tags = rows->items;
    struct directory_account *item = &page->items[0];
    item->tags = arena_alloc(&page->arena, (rows->count + 1) * sizeof *item->tags);
    if (item->tags == NULL)
        return spurn_fail_memory(err);
    for (size_t i = 0; i < rows->count; i++) {
        if (tags[i].key.at == NULL || tags[i].value.at == NULL)
            return spurn_fail(err, SPURN_E_CLOUD,
                              "cannot read the reply to ListTagsForResource: a tag has no Key or "
                              "no Value");
        item->tags[item->tag_count++] = tags[i];
    }
    page->count = 1;
    return SPURN_OK;
}

static enum spurn_status read_page(const struct directory_call *call, const struct reply *reply,
                                   struct directory_page *page, struct spurn_error *err)
{
    directory_page_clear(page);
    struct reading_envelope envelope;
    enum spurn_status status =
        reading_read(&replies[call->operation], reply, &page->arena, &envelope, err);
    if (status != SPURN_OK)
        goto done;
    page->cap = envelope.rows.count + 1; /* one for the tags of nobody in particular */
    page->items = calloc(page->cap, sizeof *page->items);
    if (page->items == NULL)
        status = spurn_fail_memory(err);
    else if (call->operation == DIRECTORY_TAGS)
        status = take_tags(&envelope.rows, page, err);
    else
        status = take_accounts(&envelope.rows, page, err);
    page->next_token = envelope.next_token;
done:
    free(envelope.rows.items);
    if (status != SPURN_OK)
        directory_page_clear(page);
    return status;
}

/* Its codes are among those of AWS RAM, and its signatures are judged alike. */
static void read_error(const struct reply *reply, struct cloud_error *out)
{
    cloud_aws.read_error(reply, out);
}

const struct directory directory_aws = {
    .title = title,
    .permissions = {[DIRECTORY_ACCOUNTS] = "organizations:ListAccounts",
                    [DIRECTORY_TAGS] = "organizations:ListTagsForResource"},
    .tags_come_apart = true,
    .endpoint = endpoint,
    .build = build,
    .sign = sign,
    .read_page = read_page,
    .read_error = read_error,
};

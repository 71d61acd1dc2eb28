/* aws.c - AWS Resource Access Manager: what to send and what came back. */
#include "cloud/aws.h"

#include <string.h>

#include "cloud/directory.h"
#include "cloud/errors.h"
#include "cloud/reading.h"
#include "json.h"
#include "sign/sigv4.h"

/* Source: the service's model, RAM 2018-01-04, protocol rest-json. */

static const char title[] = "AWS RAM";
static const char service[] = "ram"; /* in hosts and in signatures */

/* Most a page may hold: maxResults is 1 to 500. */
static const char results_max[] = "500";

static const struct operation {
    const char *name, *path;
} operations[] = {
    [CLOUD_LIST] = {"GetResourceShareInvitations", "/getresourceshareinvitations"},
    [CLOUD_LOOK_UP] = {"GetResourceShareInvitations", "/getresourceshareinvitations"},
    [CLOUD_REJECT] = {"RejectResourceShareInvitation", "/rejectresourceshareinvitation"},
    [CLOUD_RESOURCES] = {"ListPendingInvitationResources", "/listpendinginvitationresources"},
};

static enum spurn_status endpoint(struct spurn_text region, unsigned variants, struct buf *url,
                                  struct spurn_error *err)
{
    return place_aws_endpoint(service, region, variants, url, err);
}

/* ---- requests ---- */

static void put_if_there(struct buf *body, const char *name, struct spurn_text value)
{
    if (value.at == NULL)
        return;
    json_put_key(body, name);
    json_put_text(body, value);
}

static void put_body(const struct cloud_call *call, struct buf *body)
{
    buf_add_char(body, '{');
    switch (call->operation) {
    case CLOUD_LIST:
        json_put_key(body, "maxResults");
        buf_add_str(body, results_max);
        break;
    case CLOUD_LOOK_UP:
        json_put_key(body, "resourceShareInvitationArns");
        buf_add_char(body, '[');
        json_put_text(body, call->invitation);
        buf_add_char(body, ']');
        break;
    case CLOUD_REJECT:
        put_if_there(body, "resourceShareInvitationArn", call->invitation);
        put_if_there(body, "clientToken", call->client_token);
        break;
    case CLOUD_RESOURCES:
        put_if_there(body, "resourceShareInvitationArn", call->invitation);
        json_put_key(body, "maxResults");
        buf_add_str(body, results_max);
        break;
    }
    if (call->operation != CLOUD_REJECT)
        put_if_there(body, "nextToken", call->page_token);
    buf_add_char(body, '}');
}

static enum spurn_status build(const struct cloud_call *call, struct request *request,
                               struct spurn_error *err)
{
    request_init(request, "POST");
    const struct operation *operation = &operations[call->operation];
    if (call->operation != CLOUD_LIST && !aws_is_invitation_id(call->invitation))
        return spurn_fail(err, SPURN_E_USAGE, "cannot call %s: the id is no invitation's at %s",
                          operation->name, title);
    struct buf body;
    buf_init(&body, REQUEST_LEN_MAX);
    put_body(call, &body);
    request_set_path(request, text_of(operation->path));
    request_add_header(request, "content-type", text_of("application/json"));
    request_set_body(request, buf_text(&body));
    bool failed = body.failed || request->failed;
    buf_clear(&body);
    if (failed)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "cannot call %s: the request is too large, or memory ran out",
                          operation->name);
    return SPURN_OK;
}

static enum spurn_status sign(struct digest *d, const struct cloud_site *site,
                              const struct cloud_keys *keys, const struct cloud_moment *moment,
                              struct request *request, struct spurn_error *err)
{
    const struct sigv4_keys sigv4_keys = {keys->id, keys->secret, keys->token};
    const struct sigv4_scope scope = {
        .region = site->region, .service = text_of(service), .now_ms = moment->now_ms};
    request_set_host(request, site->host);
    return sigv4_sign(d, request, &sigv4_keys, &scope, err);
}

/* ---- replies ---- */

#define ENVELOPE(member)  offsetof(struct reading_envelope, member)
#define INVITATION(field) offsetof(struct invitation, field)
#define RESOURCE(member)  offsetof(struct cloud_resource, member)

/* Deprecated by AWS, and still sent: checked, not kept. */
static const struct reading_field association_fields[] = {
    {"resourceShareArn", READING_TEXT, 0, 0, NULL}, {"resourceShareName", READING_TEXT, 0, 0, NULL},
    {"associatedEntity", READING_TEXT, 0, 0, NULL}, {"associationType", READING_TEXT, 0, 0, NULL},
    {"status", READING_TEXT, 0, 0, NULL},           {"statusMessage", READING_TEXT, 0, 0, NULL},
    {"creationTime", READING_TIME, 0, 0, NULL},     {"lastUpdatedTime", READING_TIME, 0, 0, NULL},
    {"external", READING_BOOL, 0, 0, NULL},
};
static const struct reading_shape association = {0, association_fields,
                                                 READING_COUNT(association_fields)};

static const struct reading_field invitation_fields[] = {
    {"resourceShareInvitationArn", READING_TEXT, INVITATION(id), 0, NULL},
    {"resourceShareName", READING_TEXT, INVITATION(name), 0, NULL},
    {"resourceShareArn", READING_TEXT, INVITATION(share), 0, NULL},
    {"senderAccountId", READING_TEXT, INVITATION(sender), 0, NULL},
    {"receiverAccountId", READING_TEXT, INVITATION(receiver), 0, NULL},
    {"invitationTimestamp", READING_TIME, INVITATION(created_ms), INVITATION(has_created), NULL},
    {"status", READING_TEXT, INVITATION(status_text), 0, NULL},
    {"resourceShareAssociations", READING_ROWS, 0, 0, &association},
    {"receiverArn", READING_TEXT, INVITATION(receiver_arn), 0, NULL},
};
static const struct reading_shape invitation = {sizeof(struct invitation), invitation_fields,
                                                READING_COUNT(invitation_fields)};

static const struct reading_field resource_fields[] = {
    {"arn", READING_TEXT, RESOURCE(arn), 0, NULL},
    {"type", READING_TEXT, RESOURCE(type), 0, NULL},
    {"resourceShareArn", READING_TEXT, RESOURCE(share), 0, NULL},
    {"resourceGroupArn", READING_TEXT, RESOURCE(group), 0, NULL},
    {"status", READING_TEXT, RESOURCE(status), 0, NULL},
    {"statusMessage", READING_TEXT, RESOURCE(status_message), 0, NULL},
    {"creationTime", READING_TIME, RESOURCE(created_ms), RESOURCE(has_created), NULL},
    {"lastUpdatedTime", READING_TIME, RESOURCE(updated_ms), RESOURCE(has_updated), NULL},
    {"resourceRegionScope", READING_TEXT, RESOURCE(scope), 0, NULL},
};
static const struct reading_shape resource = {sizeof(struct cloud_resource), resource_fields,
                                              READING_COUNT(resource_fields)};

static const struct reading_field list_fields[] = {
    {"resourceShareInvitations", READING_ROWS, ENVELOPE(rows), 0, &invitation},
    {"nextToken", READING_TEXT, ENVELOPE(next_token), 0, NULL},
};
static const struct reading_field rejected_fields[] = {
    {"resourceShareInvitation", READING_RECORD, ENVELOPE(rows), 0, &invitation},
    {"clientToken", READING_TEXT, ENVELOPE(client_token), 0, NULL},
};
static const struct reading_field resources_fields[] = {
    {"resources", READING_ROWS, ENVELOPE(rows), 0, &resource},
    {"nextToken", READING_TEXT, ENVELOPE(next_token), 0, NULL},
};

static const struct reading_shape list_shape = {sizeof(struct reading_envelope), list_fields,
                                                READING_COUNT(list_fields)};
static const struct reading_shape rejected_shape = {
    sizeof(struct reading_envelope), rejected_fields, READING_COUNT(rejected_fields)};
static const struct reading_shape resources_shape = {
    sizeof(struct reading_envelope), resources_fields, READING_COUNT(resources_fields)};

static const struct reading_reply list_reply = {title, "GetResourceShareInvitations", &list_shape,
                                                "resourceShareInvitations",
                                                "resourceShareInvitationArn"};
static const struct reading_reply rejected_reply = {title, "RejectResourceShareInvitation",
                                                    &rejected_shape, "resourceShareInvitation",
                                                    "resourceShareInvitationArn"};
static const struct reading_reply resources_reply = {title, "ListPendingInvitationResources",
                                                     &resources_shape, "resources", NULL};

static enum spurn_status read_invitations(const struct reading_reply *what,
                                          const struct reply *reply, struct cloud_page *page,
                                          struct spurn_error *err)
{
    enum spurn_status status = reading_page(what, reply, aws_is_invitation_id, page, err);
    if (status != SPURN_OK)
        return status;
    bool ok = true;
    page->request_id =
        arena_copy(&page->arena, reply_header(reply, aws_errors.request_header), &ok);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

static enum spurn_status read_page(const struct reply *reply, struct cloud_page *page,
                                   struct spurn_error *err)
{
    return read_invitations(&list_reply, reply, page, err);
}

static enum spurn_status read_rejected(const struct reply *reply, struct cloud_page *page,
                                       struct spurn_error *err)
{
    return read_invitations(&rejected_reply, reply, page, err);
}

static enum spurn_status read_resources(const struct reply *reply, struct cloud_resources *list,
                                        struct spurn_error *err)
{
    cloud_resources_clear(list);
    struct reading_envelope envelope;
    enum spurn_status status = reading_read(&resources_reply, reply, &list->arena, &envelope, err);
    list->items = envelope.rows.items;
    if (status != SPURN_OK)
        return status;
    list->count = envelope.rows.count;
    list->cap = envelope.rows.cap;
    list->next_token = envelope.next_token;
    return SPURN_OK;
}

/* ---- errors ---- */

static bool says(const char *message, const char *words)
{
    return strstr(message, words) != NULL;
}

/* A signature that is too old or too new is answered like a wrong one; only the message tells them apart. */
static void read_error(const struct reply *reply, struct cloud_error *out)
{
    errors_read(&aws_errors, reply, out);
    if (out->kind == CLOUD_ERROR_KEYS && (says(out->message, "Signature expired") ||
                                          says(out->message, "Signature not yet current")))
        out->kind = CLOUD_ERROR_CLOCK;
}

const struct cloud cloud_aws = {
    .name = "aws",
    .title = title,
    .takes_client_token = true,
    .lists_resources = true,
    .permissions = {[CLOUD_LIST] = "ram:GetResourceShareInvitations",
                    [CLOUD_LOOK_UP] = "ram:GetResourceShareInvitations",
                    [CLOUD_REJECT] = "ram:RejectResourceShareInvitation",
                    [CLOUD_RESOURCES] = "ram:ListPendingInvitationResources"},
    .account_digits = 12,
    .lifetime_max_s =
        7 * 24 * 3600, /* RAM User Guide: 7 days for some types, 12 hours for others */
    .service = service,
    .regions = &place_aws_all,
    .is_region = place_aws_is_region,
    .is_invitation_id = aws_is_invitation_id,
    .endpoint = endpoint,
    .directory = &directory_aws,
    .build = build,
    .sign = sign,
    .read_page = read_page,
    .read_rejected = read_rejected,
    .read_resources = read_resources,
    .read_error = read_error,
    .foreign = aws_foreign,
};

/* alibaba.c - Alibaba Cloud Resource Sharing: what to send and what came back. */
#include <stdio.h>
#include <string.h>

#include "cloud/directory.h"
#include "cloud/errors.h"
#include "cloud/reading.h"
#include "redact.h"
#include "sign/acs3.h"

/* Source: the pages of ListResourceShareInvitations and RejectResourceShareInvitation, version 2020-01-10, style RPC. */

static const char title[] = "Alibaba Cloud Resource Sharing";
static const char service[] = "resourcesharing"; /* in hosts */
static const char version[] = "2020-01-10";

/* Most a page may hold: MaxResults is 1 to 100. */
static const char results_max[] = "100";

enum { ID_LEN_MAX = 128, WHY_LEN = 256 };

static enum spurn_status endpoint(struct spurn_text region, unsigned variants, struct buf *url,
                                  struct spurn_error *err)
{
    return place_alibaba_endpoint(service, region, variants, url, err);
}

/* ---- ids ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_invitation_id(struct spurn_text id)
{
    if (id.len <= 2 || id.len > ID_LEN_MAX || !text_starts(id, "i-"))
        return false;
    for (size_t i = 2; i < id.len; i++)
        if (!is_letter_or_digit(id.at[i]) && id.at[i] != '-' && id.at[i] != '_')
            return false;
    return true;
}

static const char *foreign(const struct invitation *inv, const struct cloud_site *site,
                           char why[256])
{
    bool both_known = site->account.len > 0 && inv->receiver.len > 0;
    if (!both_known || text_equal(inv->receiver, site->account))
        return NULL;
    char receiver[64];
    redact_put(receiver, sizeof receiver, inv->receiver);
    snprintf(why, WHY_LEN, "its receiver is account %s", receiver);
    return why;
}

/* ---- requests ---- */

static const char *const actions[] = {
    [CLOUD_LIST] = "ListResourceShareInvitations",
    [CLOUD_LOOK_UP] = "ListResourceShareInvitations",
    [CLOUD_REJECT] = "RejectResourceShareInvitation",
    [CLOUD_RESOURCES] = NULL,
};

static void add_parameters(const struct cloud_call *call, struct request *request)
{
    switch (call->operation) {
    case CLOUD_LIST:
        request_add_parameter(request, "MaxResults", text_of(results_max));
        break;
    case CLOUD_LOOK_UP:
        request_add_parameter(request, "ResourceShareInvitationIds.1", call->invitation);
        break;
    case CLOUD_REJECT:
        request_add_parameter(request, "ResourceShareInvitationId", call->invitation);
        return;
    case CLOUD_RESOURCES:
        return;
    }
    request_add_parameter(request, "NextToken", call->page_token);
}

static enum spurn_status build(const struct cloud_call *call, struct request *request,
                               struct spurn_error *err)
{
    request_init(request, "POST");
    const char *action = actions[call->operation];
    if (action == NULL)
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot list resources: %s does not tell what an invitation shares",
                          title);
    if (call->operation != CLOUD_LIST && !is_invitation_id(call->invitation))
        return spurn_fail(err, SPURN_E_USAGE, "cannot call %s: the id is no invitation's at %s",
                          action, title);
    request_set_path(request, text_of("/"));
    request_add_header(request, "accept", text_of("application/json"));
    request_add_header(request, "x-acs-action", text_of(action));
    request_add_header(request, "x-acs-version", text_of(version));
    add_parameters(call, request);
    if (request->failed)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "cannot call %s: the request is too large, or memory ran out", action);
    return SPURN_OK;
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

#define ENVELOPE(member)  offsetof(struct reading_envelope, member)
#define INVITATION(field) offsetof(struct invitation, field)

/* Why accepting failed: checked, not kept. */
static const struct reading_field failed_detail_fields[] = {
    {"AssociateType", READING_TEXT, 0, 0, NULL}, {"FailureDescription", READING_TEXT, 0, 0, NULL},
    {"FailureReason", READING_TEXT, 0, 0, NULL}, {"OperationType", READING_TEXT, 0, 0, NULL},
    {"ResourceArn", READING_TEXT, 0, 0, NULL},   {"ResourceId", READING_TEXT, 0, 0, NULL},
    {"ResourceType", READING_TEXT, 0, 0, NULL},  {"Status", READING_TEXT, 0, 0, NULL},
    {"StatusMessage", READING_TEXT, 0, 0, NULL},
};
static const struct reading_shape failed_detail = {0, failed_detail_fields,
                                                   READING_COUNT(failed_detail_fields)};

static const struct reading_field invitation_fields[] = {
    {"ResourceShareInvitationId", READING_TEXT, INVITATION(id), 0, NULL},
    {"ResourceShareId", READING_TEXT, INVITATION(share), 0, NULL},
    {"ResourceShareName", READING_TEXT, INVITATION(name), 0, NULL},
    {"SenderAccountId", READING_TEXT, INVITATION(sender), 0, NULL},
    {"ReceiverAccountId", READING_TEXT, INVITATION(receiver), 0, NULL},
    {"CreateTime", READING_TIME, INVITATION(created_ms), INVITATION(has_created), NULL},
    {"Status", READING_TEXT, INVITATION(status_text), 0, NULL},
    {"InvitationFailedDetails", READING_ROWS, 0, 0, &failed_detail},
    {"AcceptInvitationFailedDetails", READING_ROWS, 0, 0, &failed_detail},
};
static const struct reading_shape invitation = {sizeof(struct invitation), invitation_fields,
                                                READING_COUNT(invitation_fields)};

static const struct reading_field list_fields[] = {
    {"RequestId", READING_TEXT, ENVELOPE(request_id), 0, NULL},
    {"NextToken", READING_TEXT, ENVELOPE(next_token), 0, NULL},
    {"ResourceShareInvitations", READING_ROWS, ENVELOPE(rows), 0, &invitation},
};
static const struct reading_field rejected_fields[] = {
    {"RequestId", READING_TEXT, ENVELOPE(request_id), 0, NULL},
    {"ResourceShareInvitation", READING_RECORD, ENVELOPE(rows), 0, &invitation},
};

static const struct reading_shape list_shape = {sizeof(struct reading_envelope), list_fields,
                                                READING_COUNT(list_fields)};
static const struct reading_shape rejected_shape = {
    sizeof(struct reading_envelope), rejected_fields, READING_COUNT(rejected_fields)};

static const struct reading_reply list_reply = {title, "ListResourceShareInvitations", &list_shape,
                                                "ResourceShareInvitations",
                                                "ResourceShareInvitationId"};
static const struct reading_reply rejected_reply = {title, "RejectResourceShareInvitation",
                                                    &rejected_shape, "ResourceShareInvitation",
                                                    "ResourceShareInvitationId"};

static enum spurn_status read_page(const struct reply *reply, struct cloud_page *page,
                                   struct spurn_error *err)
{
    return reading_page(&list_reply, reply, is_invitation_id, page, err);
}

static enum spurn_status read_rejected(const struct reply *reply, struct cloud_page *page,
                                       struct spurn_error *err)
{
    return reading_page(&rejected_reply, reply, is_invitation_id, page, err);
}

static void read_error(const struct reply *reply, struct cloud_error *out)
{
    errors_read(&alibaba_errors, reply, out);
}

const struct cloud cloud_alibaba = {
    .name = "alibaba",
    .title = title,
    .takes_client_token = false,
    .lists_resources = false,
    .permissions = {[CLOUD_LIST] = "resourcesharing:ListResourceShareInvitations",
                    [CLOUD_LOOK_UP] = "resourcesharing:ListResourceShareInvitations",
                    [CLOUD_REJECT] = "resourcesharing:RejectResourceShareInvitation"},
    .account_digits = 16,
    .lifetime_max_s = 7 * 24 * 3600, /* the page of AcceptResourceShareInvitation */
    .service = service,
    .regions = &place_alibaba_all,
    .is_region = place_alibaba_is_region,
    .is_invitation_id = is_invitation_id,
    .endpoint = endpoint,
    .directory = &directory_alibaba,
    .build = build,
    .sign = sign,
    .read_page = read_page,
    .read_rejected = read_rejected,
    .read_resources = NULL,
    .read_error = read_error,
    .foreign = foreign,
};

/* alibaba_errors.c - every error code that Alibaba Cloud Resource Sharing, Resource Management and their gateway answer with. */
#include "cloud/errors.h"

static const struct error_row rows[] = {
    /* Resource Sharing's own. Source: the pages of its three invitation operations. */
    {"InvalidParameter.MaxResults", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.NextToken", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.NextToken.Length", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareIds", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareIds.Duplicate", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareIds.Length", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareInvitationIds", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareInvitationIds.Duplicate", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareInvitationIds.Length", CLOUD_ERROR_INVALID, NULL},
    {"InvalidParameter.ResourceShareInvitationId", CLOUD_ERROR_INVALID, NULL},
    {"MissingParameter.ResourceShareInvitationId", CLOUD_ERROR_INVALID, NULL},
    {"InvitationStatus.Expired", CLOUD_ERROR_EXPIRED, NULL},
    {"EntityNotExists.ResourceShareInvitation", CLOUD_ERROR_NOT_FOUND, NULL},
    {"InvitationStatus.AlreadyRejected", CLOUD_ERROR_ALREADY_REJECTED, NULL},
    {"InvitationStatus.AlreadyAccepted", CLOUD_ERROR_ALREADY_ACCEPTED, NULL},
    /* On no page, but an invitation can be cancelled, and this is how the others are spelt. */
    {"InvitationStatus.Cancelled", CLOUD_ERROR_CANCELLED, NULL},
    {"InvitationStatus.AlreadyCancelled", CLOUD_ERROR_CANCELLED, "InvitationStatus.Cancelled"},

    /* Of Resource Management, which is asked for accounts. Source: the page of ListAccounts. */
    {"EntityNotExists.ResourceDirectory", CLOUD_ERROR_OTHER, NULL},
    {"ResourceDirectoryNotInUse", CLOUD_ERROR_OTHER, NULL},

    /* Throttling comes as a 400. */
    {"Throttling", CLOUD_ERROR_THROTTLED, NULL},
    {"Throttling.User", CLOUD_ERROR_THROTTLED, NULL},
    {"Throttling.Api", CLOUD_ERROR_THROTTLED, NULL},
    {"Throttling.*", CLOUD_ERROR_THROTTLED, "Throttling"},

    /* Every product's. Source: "Common error codes", Alibaba Cloud OpenAPI documentation. */
    {"ServiceUnavailable", CLOUD_ERROR_SERVER, NULL},
    {"InternalError", CLOUD_ERROR_SERVER, NULL},
    {"InvalidAccessKeyId.NotFound", CLOUD_ERROR_KEYS, NULL},
    {"InvalidAccessKeyId.Inactive", CLOUD_ERROR_KEYS, NULL},
    {"InvalidAccessKeyId", CLOUD_ERROR_KEYS, NULL},
    {"Forbidden.AccessKeyDisabled", CLOUD_ERROR_KEYS, NULL},
    {"MissingAccessKeyId", CLOUD_ERROR_KEYS, NULL},
    {"SignatureDoesNotMatch", CLOUD_ERROR_KEYS, NULL},
    {"IncompleteSignature", CLOUD_ERROR_INVALID, NULL},
    {"InvalidSecurityToken.Expired", CLOUD_ERROR_KEYS_EXPIRED, NULL},
    {"InvalidSecurityToken.Malformed", CLOUD_ERROR_KEYS, NULL},
    {"InvalidSecurityToken.MismatchWithAccessKey", CLOUD_ERROR_KEYS, NULL},
    {"MissingSecurityToken", CLOUD_ERROR_KEYS, NULL},
    {"InvalidTimeStamp.Expired", CLOUD_ERROR_CLOCK, NULL},
    {"InvalidTimeStamp.Format", CLOUD_ERROR_INVALID, NULL},
    {"IllegalTimestamp", CLOUD_ERROR_CLOCK, NULL},
    {"SignatureNonceUsed", CLOUD_ERROR_NONCE, NULL},
    {"Forbidden.RAM", CLOUD_ERROR_REFUSED, NULL},
    {"Forbidden", CLOUD_ERROR_REFUSED, NULL},
    {"NoPermission", CLOUD_ERROR_REFUSED, NULL},
    {"InvalidParameter", CLOUD_ERROR_INVALID, NULL},
    {"MissingParameter", CLOUD_ERROR_INVALID, NULL},
    {"InvalidAction.NotFound", CLOUD_ERROR_INVALID, NULL},
    {"InvalidVersion", CLOUD_ERROR_INVALID, NULL},
    {"InvalidProtocol.NeedSsl", CLOUD_ERROR_INVALID, NULL},
    {"UnsupportedHTTPMethod", CLOUD_ERROR_INVALID, NULL},
};

const struct error_book alibaba_errors = {
    rows,
    sizeof rows / sizeof rows[0],
    NULL,
    "x-acs-request-id",
};

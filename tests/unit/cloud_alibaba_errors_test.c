/* cloud_alibaba_errors_test.c - what Alibaba Cloud's error answers mean. */
#include <string.h>

#include "cloud/cloud.h"
#include "reply_file.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct cloud *const alibaba = &cloud_alibaba;

static void every_documented_error_has_a_meaning_of_its_own(void)
{
    static const struct {
        const char *code;
        enum cloud_error_kind kind;
    } rows[] = {
        {"InvalidParameter.MaxResults", CLOUD_ERROR_INVALID},
        {"InvalidParameter.NextToken", CLOUD_ERROR_INVALID},
        {"InvalidParameter.NextToken.Length", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareIds", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareIds.Duplicate", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareIds.Length", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareInvitationIds", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareInvitationIds.Duplicate", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareInvitationIds.Length", CLOUD_ERROR_INVALID},
        {"MissingParameter.ResourceShareInvitationId", CLOUD_ERROR_INVALID},
        {"InvalidParameter.ResourceShareInvitationId", CLOUD_ERROR_INVALID},
        {"InvitationStatus.Expired", CLOUD_ERROR_EXPIRED},
        {"EntityNotExists.ResourceShareInvitation", CLOUD_ERROR_NOT_FOUND},
        {"InvitationStatus.AlreadyRejected", CLOUD_ERROR_ALREADY_REJECTED},
        {"InvitationStatus.AlreadyAccepted", CLOUD_ERROR_ALREADY_ACCEPTED},
        {"Throttling", CLOUD_ERROR_THROTTLED},
        {"Throttling.User", CLOUD_ERROR_THROTTLED},
        {"Throttling.Api", CLOUD_ERROR_THROTTLED},
        {"ServiceUnavailable", CLOUD_ERROR_SERVER},
        {"InternalError", CLOUD_ERROR_SERVER},
        {"InvalidTimeStamp.Expired", CLOUD_ERROR_CLOCK},
        {"SignatureNonceUsed", CLOUD_ERROR_NONCE},
        {"SignatureDoesNotMatch", CLOUD_ERROR_KEYS},
        {"InvalidAccessKeyId.NotFound", CLOUD_ERROR_KEYS},
        {"InvalidSecurityToken.Expired", CLOUD_ERROR_KEYS_EXPIRED},
        {"Forbidden.RAM", CLOUD_ERROR_REFUSED},
        {"NoPermission", CLOUD_ERROR_REFUSED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char body[256];
        struct cloud_error got;
        snprintf(body, sizeof body, "{\"Code\":\"%s\",\"Message\":\"m\"}", rows[i].code);
        struct reply reply = reply_of(409, body);
        alibaba->read_error(&reply, &got);
        CHECK_INT(rows[i].code, got.kind, rows[i].kind);
        CHECK_STR(rows[i].code, got.label, rows[i].code);
        CHECK_STR(rows[i].code, got.code, rows[i].code);
    }
}

static void the_code_decides_before_the_status(void)
{
    static const struct {
        int http_status;
        const char *code;
        enum cloud_error_kind kind;
        const char *label;
    } rows[] = {
        {400, "Throttling.SomethingNew", CLOUD_ERROR_THROTTLED, "Throttling"},
        {400, "ThrottlingX", CLOUD_ERROR_OTHER, "other"},
        {503, "InvitationStatus.AlreadyRejected", CLOUD_ERROR_ALREADY_REJECTED,
         "InvitationStatus.AlreadyRejected"},
        {404, "InvalidAccessKeyId.NotFound", CLOUD_ERROR_KEYS, "InvalidAccessKeyId.NotFound"},
        {409, "InvitationStatus", CLOUD_ERROR_OTHER, "other"},
        {403, "Unheard.Of", CLOUD_ERROR_REFUSED, "other"},
        {500, "Unheard.Of", CLOUD_ERROR_SERVER, "other"},
        {429, "Unheard.Of", CLOUD_ERROR_THROTTLED, "other"},
        {401, "Unheard.Of", CLOUD_ERROR_KEYS, "other"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char body[256];
        struct cloud_error got;
        snprintf(body, sizeof body, "{\"Code\":\"%s\"}", rows[i].code);
        struct reply reply = reply_of(rows[i].http_status, body);
        alibaba->read_error(&reply, &got);
        CHECK_INT(rows[i].code, got.kind, rows[i].kind);
        CHECK_STR(rows[i].code, got.label, rows[i].label);
    }
}

static void recorded_errors_are_read_with_id_and_waiting_time(void)
{
    static const struct {
        const char *path, *code, *message, *request_id;
        enum cloud_error_kind kind;
        int64_t retry_after_ms;
    } rows[] = {
        {"tests/replies/alibaba/error_expired.http", "InvitationStatus.Expired",
         "It is too late for this one.", "2B1C9A53-0F6F-51F0-8C2B-117C9F2A1004",
         CLOUD_ERROR_EXPIRED, 0},
        {"tests/replies/alibaba/error_throttled.http", "Throttling.User", "one at a time",
         "2B1C9A53-0F6F-51F0-8C2B-117C9F2A1005", CLOUD_ERROR_THROTTLED, 2000},
        {"tests/replies/alibaba/error_html.http", "HTTP 502", "the answer is a page of HTML or XML",
         "", CLOUD_ERROR_SERVER, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct reply_file file;
        struct cloud_error got;
        CHECK(rows[i].path, reply_file_read(rows[i].path, &file));
        alibaba->read_error(&file.reply, &got);
        CHECK_STR(rows[i].path, got.code, rows[i].code);
        CHECK_STR(rows[i].path, got.message, rows[i].message);
        CHECK_STR(rows[i].path, got.request_id, rows[i].request_id);
        CHECK_INT(rows[i].path, got.kind, rows[i].kind);
        CHECK_INT(rows[i].path, got.retry_after_ms, rows[i].retry_after_ms);
    }
}

static void the_longest_hint_to_wait_counts(void)
{
    static const struct {
        const char *label, *api, *user, *acs, *code;
        int64_t want_ms;
    } rows[] = {
        {"none", NULL, NULL, NULL, "Throttling", 0},
        {"user", NULL, "Limit:1,Remain:0,TimeLeft:2000,Reset:1234", NULL, "Throttling", 2000},
        {"api", "Limit:1,Remain:0,TimeLeft:2000,Reset:1234", NULL, NULL, "Throttling", 2000},
        {"both", "TimeLeft:300", "Limit:1,TimeLeft:2000", NULL, "Throttling", 2000},
        {"zero", "TimeLeft:0,Reset:9", "TimeLeft:0", NULL, "Throttling", 0},
        {"other words", "Limit:1,Remain:0", "TimeLeft:soon", NULL, "Throttling", 0},
        {"milliseconds", NULL, NULL, "700", "ServiceUnavailable", 700},
        {"cap", "TimeLeft:3600000", NULL, NULL, "Throttling", 60000},
        {"not throttled", "Limit:9,Remain:8,TimeLeft:2000", NULL, NULL, "InternalError", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char body[128];
        struct cloud_error got;
        snprintf(body, sizeof body, "{\"Code\":\"%s\"}", rows[i].code);
        struct reply reply = reply_of(400, body);
        reply.headers[0] = (struct header){text_of("X-RateLimit-User-Api"), text_of(rows[i].api)};
        reply.headers[1] = (struct header){text_of("X-RateLimit-User"), text_of(rows[i].user)};
        reply.headers[2] = (struct header){text_of("x-acs-retry-after"), text_of(rows[i].acs)};
        reply.header_count = 3;
        alibaba->read_error(&reply, &got);
        CHECK_INT(rows[i].label, got.retry_after_ms, rows[i].want_ms);
    }
}

static const struct unit_test tests[] = {
    {"every_documented_error_has_a_meaning_of_its_own",
     every_documented_error_has_a_meaning_of_its_own},
    {"the_code_decides_before_the_status", the_code_decides_before_the_status},
    {"recorded_errors_are_read_with_id_and_waiting_time",
     recorded_errors_are_read_with_id_and_waiting_time},
    {"the_longest_hint_to_wait_counts", the_longest_hint_to_wait_counts},
};

UNIT_MAIN(tests)

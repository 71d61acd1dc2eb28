/* cloud_aws_errors_test.c - what AWS's error answers mean, and what of them people get to see. */
#include <string.h>

#include "cloud/cloud.h"
#include "reply_file.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct cloud *const aws = &cloud_aws;

static void every_error_of_the_model_has_a_meaning_of_its_own(void)
{
    /* RAM 2018-01-04: the errors of the four invitation operations; then each as the awsQueryError trait spells it. */
    static const struct {
        const char *name, *spelling;
        enum cloud_error_kind kind;
    } rows[] = {
        {"ResourceShareInvitationArnNotFoundException",
         "InvalidResourceShareInvitationArn.NotFound", CLOUD_ERROR_NOT_FOUND},
        {"InvalidMaxResultsException", "InvalidMaxResults", CLOUD_ERROR_INVALID},
        {"MalformedArnException", "InvalidArn.Malformed", CLOUD_ERROR_INVALID},
        {"UnknownResourceException", "InvalidResourceShareArn.NotFound", CLOUD_ERROR_INVALID},
        {"InvalidNextTokenException", "InvalidNextToken", CLOUD_ERROR_INVALID},
        {"InvalidParameterException", "InvalidParameter", CLOUD_ERROR_INVALID},
        {"ServerInternalException", "InternalError", CLOUD_ERROR_SERVER},
        {"ServiceUnavailableException", "Unavailable", CLOUD_ERROR_SERVER},
        {"OperationNotPermittedException", "OperationNotPermitted", CLOUD_ERROR_REFUSED},
        {"ResourceShareInvitationAlreadyAcceptedException",
         "InvalidResourceShareInvitationArn.AlreadyAccepted", CLOUD_ERROR_ALREADY_ACCEPTED},
        {"ResourceShareInvitationAlreadyRejectedException",
         "InvalidResourceShareInvitationArn.AlreadyRejected", CLOUD_ERROR_ALREADY_REJECTED},
        {"ResourceShareInvitationExpiredException", "InvalidResourceShareInvitationArn.Expired",
         CLOUD_ERROR_EXPIRED},
        {"InvalidClientTokenException", "InvalidClientToken", CLOUD_ERROR_CLIENT_TOKEN},
        {"IdempotentParameterMismatchException", "IdempotentParameterMismatch",
         CLOUD_ERROR_CLIENT_TOKEN},
        {"MissingRequiredParameterException", "MissingRequiredParameter", CLOUD_ERROR_INVALID},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cloud_error got;
        struct reply reply =
            reply_with_header(400, "X-Amzn-ErrorType", rows[i].name, "{\"message\":\"m\"}");
        aws->read_error(&reply, &got);
        CHECK_INT(rows[i].name, got.kind, rows[i].kind);
        CHECK_STR(rows[i].name, got.label, rows[i].name);
        CHECK_STR(rows[i].name, got.code, rows[i].name);
        reply = reply_with_header(400, "X-Amzn-ErrorType", rows[i].spelling, "{}");
        aws->read_error(&reply, &got);
        CHECK_INT(rows[i].spelling, got.kind, rows[i].kind);
        CHECK_STR(rows[i].spelling, got.label, rows[i].name);
        CHECK_STR(rows[i].spelling, got.code, rows[i].spelling);
    }
}

static void what_stands_in_front_of_the_service_is_known_too(void)
{
    static const struct {
        const char *code;
        enum cloud_error_kind kind;
    } rows[] = {
        {"Throttling", CLOUD_ERROR_THROTTLED},
        {"ThrottlingException", CLOUD_ERROR_THROTTLED},
        {"ThrottledException", CLOUD_ERROR_THROTTLED},
        {"RequestThrottledException", CLOUD_ERROR_THROTTLED},
        {"TooManyRequestsException", CLOUD_ERROR_THROTTLED},
        {"ProvisionedThroughputExceededException", CLOUD_ERROR_THROTTLED},
        {"TransactionInProgressException", CLOUD_ERROR_THROTTLED},
        {"RequestLimitExceeded", CLOUD_ERROR_THROTTLED},
        {"BandwidthLimitExceeded", CLOUD_ERROR_THROTTLED},
        {"LimitExceededException", CLOUD_ERROR_THROTTLED},
        {"RequestThrottled", CLOUD_ERROR_THROTTLED},
        {"SlowDown", CLOUD_ERROR_THROTTLED},
        {"PriorRequestNotComplete", CLOUD_ERROR_THROTTLED},
        {"EC2ThrottledException", CLOUD_ERROR_THROTTLED},
        {"AccessDeniedException", CLOUD_ERROR_REFUSED},
        {"UnrecognizedClientException", CLOUD_ERROR_KEYS},
        {"InvalidClientTokenId", CLOUD_ERROR_KEYS},
        {"InvalidSignatureException", CLOUD_ERROR_KEYS},
        {"MissingAuthenticationTokenException", CLOUD_ERROR_KEYS},
        {"ExpiredTokenException", CLOUD_ERROR_KEYS_EXPIRED},
        {"RequestTimeTooSkewed", CLOUD_ERROR_CLOCK},
        {"RequestExpired", CLOUD_ERROR_CLOCK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cloud_error got;
        struct reply reply = reply_with_header(400, "x-amzn-errortype", rows[i].code, "");
        aws->read_error(&reply, &got);
        CHECK_INT(rows[i].code, got.kind, rows[i].kind);
    }
}

static void a_code_is_matched_whole(void)
{
    static const char *const codes[] = {"ResourceShareInvitationExpired",
                                        "ResourceShareInvitationExpiredExceptions",
                                        "InvalidClientTokenExceptionId",
                                        "resourceshareinvitationexpiredexception",
                                        "Throttl",
                                        "x"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        struct cloud_error got;
        struct reply reply = reply_with_header(400, "x-amzn-errortype", codes[i], "");
        aws->read_error(&reply, &got);
        CHECK_INT(codes[i], got.kind, CLOUD_ERROR_OTHER);
        CHECK_STR(codes[i], got.label, "other");
        CHECK_STR(codes[i], got.code, codes[i]);
    }
}

static void the_code_is_found_wherever_aws_puts_it(void)
{
    static const struct {
        const char *label, *header, *body, *code, *message;
    } rows[] = {
        {"header", "SlowDown", "{\"message\":\"m\"}", "SlowDown", "m"},
        {"header with address", "SlowDown:http://x/#y", "", "SlowDown", ""},
        {"header before body", "SlowDown", "{\"code\":\"AccessDenied\"}", "SlowDown", ""},
        {"code", NULL, "{\"code\":\"SlowDown\",\"Message\":\"m\"}", "SlowDown", "m"},
        {"Code", NULL, "{\"Code\":\"SlowDown\"}", "SlowDown", ""},
        {"code before __type", NULL, "{\"__type\":\"a#AccessDenied\",\"code\":\"SlowDown\"}",
         "SlowDown", ""},
        {"__type", NULL, "{\"__type\":\"a.b#SlowDown\",\"message\":\"\"}", "SlowDown", ""},
        {"__type with both", NULL, "{\"__type\":\"a.b#SlowDown:http://c#d\"}", "SlowDown", ""},
        {"odd types", NULL, "{\"code\":7,\"Code\":null,\"__type\":\"SlowDown\",\"message\":[]}",
         "SlowDown", ""},
        {"empty header", "", "{\"code\":\"SlowDown\"}", "SlowDown", ""},
        {"no code", NULL, "{\"message\":\"m\"}", "HTTP 400", "m"},
        {"no body", NULL, "", "HTTP 400", ""},
        {"not JSON", NULL, "gone fishing", "HTTP 400", "the answer is no JSON"},
        {"cut JSON", NULL, "{\"code\":\"SlowDown\"", "HTTP 400", "the answer is no JSON"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cloud_error got;
        struct reply reply = reply_with_header(
            400, rows[i].header == NULL ? NULL : "X-Amzn-ErrorType", rows[i].header, rows[i].body);
        aws->read_error(&reply, &got);
        CHECK_STR(rows[i].label, got.code, rows[i].code);
        CHECK_STR(rows[i].label, got.message, rows[i].message);
    }
}

static void without_a_known_code_the_status_tells_what_it_can(void)
{
    static const struct {
        int http_status;
        enum cloud_error_kind kind;
    } rows[] = {
        {500, CLOUD_ERROR_SERVER},  {502, CLOUD_ERROR_SERVER}, {503, CLOUD_ERROR_SERVER},
        {504, CLOUD_ERROR_SERVER},  {599, CLOUD_ERROR_SERVER}, {429, CLOUD_ERROR_THROTTLED},
        {403, CLOUD_ERROR_REFUSED}, {401, CLOUD_ERROR_KEYS},   {400, CLOUD_ERROR_OTHER},
        {404, CLOUD_ERROR_OTHER},   {409, CLOUD_ERROR_OTHER},  {302, CLOUD_ERROR_OTHER},
        {200, CLOUD_ERROR_OTHER},   {600, CLOUD_ERROR_OTHER},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cloud_error bare, unknown;
        char code[16];
        struct reply reply = reply_of(rows[i].http_status, "");
        aws->read_error(&reply, &bare);
        snprintf(code, sizeof code, "HTTP %d", rows[i].http_status);
        CHECK_INT(code, bare.kind, rows[i].kind);
        CHECK_STR(code, bare.code, code);
        CHECK_STR(code, bare.label, "other");
        reply = reply_of(rows[i].http_status, "{\"code\":\"Unheard\"}");
        aws->read_error(&reply, &unknown);
        CHECK_INT(code, unknown.kind, rows[i].kind);
        CHECK_STR(code, unknown.code, "Unheard");
    }
}

static void recorded_errors_are_read_with_id_and_waiting_time(void)
{
    static const struct {
        const char *path, *code, *message, *request_id;
        enum cloud_error_kind kind;
        int64_t retry_after_ms;
    } rows[] = {
        {"tests/replies/aws/error_already_rejected.http",
         "ResourceShareInvitationAlreadyRejectedException",
         "The invitation was turned down before.", "7c9f2a10-5d0e-4b1c-9a53-0f6f1f0c2b16",
         CLOUD_ERROR_ALREADY_REJECTED, 0},
        {"tests/replies/aws/error_gateway_throttled.http", "TooManyRequestsException",
         "slow down a little", "7c9f2a10-5d0e-4b1c-9a53-0f6f1f0c2b17", CLOUD_ERROR_THROTTLED, 3500},
        {"tests/replies/aws/error_html.http", "HTTP 503", "the answer is a page of HTML or XML", "",
         CLOUD_ERROR_SERVER, 60000},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct reply_file file;
        struct cloud_error got;
        CHECK(rows[i].path, reply_file_read(rows[i].path, &file));
        aws->read_error(&file.reply, &got);
        CHECK_STR(rows[i].path, got.code, rows[i].code);
        CHECK_STR(rows[i].path, got.message, rows[i].message);
        CHECK_STR(rows[i].path, got.request_id, rows[i].request_id);
        CHECK_INT(rows[i].path, got.kind, rows[i].kind);
        CHECK_INT(rows[i].path, got.retry_after_ms, rows[i].retry_after_ms);
    }
}

static void waiting_is_read_from_whole_numbers_and_capped(void)
{
    static const struct {
        const char *name, *value;
        int64_t want_ms;
    } rows[] = {
        {"Retry-After", "7", 7000},
        {"Retry-After", "0", 0},
        {"Retry-After", "-5", 0},
        {"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Retry-After", "61", 60000},
        {"Retry-After", "99999999999999999999999999", 60000},
        {"x-amz-retry-after", "1500", 1500},
        {"X-Amz-Retry-After", "70000", 60000},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cloud_error got;
        struct reply reply = reply_with_header(503, rows[i].name, rows[i].value, "");
        aws->read_error(&reply, &got);
        CHECK_INT(rows[i].value, got.retry_after_ms, rows[i].want_ms);
    }
}

static void a_clock_that_differs_is_told_from_a_wrong_secret(void)
{
    static const struct {
        const char *message;
        enum cloud_error_kind kind;
    } rows[] = {
        {"Signature expired: 20260901T110000Z is now earlier than 20260901T115500Z",
         CLOUD_ERROR_CLOCK},
        {"Signature not yet current: 20260901T130000Z is still later", CLOUD_ERROR_CLOCK},
        {"The signature we calculated does not match", CLOUD_ERROR_KEYS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char body[256];
        struct cloud_error got;
        snprintf(body, sizeof body, "{\"__type\":\"InvalidSignatureException\",\"message\":\"%s\"}",
                 rows[i].message);
        struct reply reply = reply_of(403, body);
        aws->read_error(&reply, &got);
        CHECK_INT(rows[i].message, got.kind, rows[i].kind);
    }
}

static void what_a_server_says_is_made_fit_to_show(void)
{
    struct cloud_error got;
    struct reply reply =
        reply_with_header(400, "x-amzn-errortype", "Odd\x1b[31m\xff",
                          "{\"message\":\"a\\nb\\u0000c\\u001b[2J\\u007f\\u009b\\u2028d\\u00e9\"}");
    aws->read_error(&reply, &got);
    CHECK_STR("", got.code, "Odd [31m?");
    CHECK_STR("", got.message, "a b c [2J      d\xc3\xa9");

    char body[2048] = "{\"message\":\"x";
    for (int i = 0; i < 600; i++)
        strcat(body, "\xc3\xa9");
    strcat(body, "\"}");
    reply = reply_of(400, body);
    aws->read_error(&reply, &got);
    CHECK_INT("cut on a character", (int64_t)strlen(got.message), 511);
    CHECK_INT("", (int64_t)text_utf8_len(text_of(got.message)), 511);
    memmove(strchr(body, 'x'), strchr(body, 'x') + 1, strlen(strchr(body, 'x')));
    reply = reply_of(400, body);
    aws->read_error(&reply, &got);
    CHECK_INT("cut on a character", (int64_t)strlen(got.message), 510);
}

static void secrets_that_a_server_echoes_are_struck_out(void)
{
    static const struct {
        const char *label, *message, *want;
    } rows[] = {
        {"key id", "no key AKIDEXAMPLE here, AKIDEXAMPLE", "no key *** here, ***"},
        {"token", "x-amz-security-token:to/k+en== host", "x-amz-security-token:*** host"},
        {"encoded token", "got to%2Fk%2Ben%3D%3D.", "got ***."},
        {"authorization",
         "AWS4-HMAC-SHA256 Credential=OTHER/20260901/x, SignedHeaders=host, Signature=abc9",
         "AWS4-HMAC-SHA256 Credential=***, SignedHeaders=host, Signature=***"},
        {"a hash",
         "calculated 602faf1d10480eaa6f3ebab302e8a236e4e990c09539d2a58539fbd7a45a24b4 instead",
         "calculated *** instead"},
        {"letter case", "SIGNATURE=Zm9v&X=1", "SIGNATURE=***&X=1"},
        {"nothing", "account 111122223333 is not allowed", "account 111122223333 is not allowed"},
        {"empty", "", ""},
    };
    const struct spurn_text hide[] = {text_of("AKIDEXAMPLE"), text_of("to/k+en=="), TEXT_ABSENT};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cloud_error error = {.kind = CLOUD_ERROR_KEYS};
        snprintf(error.message, sizeof error.message, "%s", rows[i].message);
        snprintf(error.code, sizeof error.code, "is AKIDEXAMPLE");
        snprintf(error.request_id, sizeof error.request_id, "to/k+en==");
        cloud_error_redact(&error, hide, COUNT(hide));
        CHECK_STR(rows[i].label, error.message, rows[i].want);
        CHECK_STR(rows[i].label, error.code, "is ***");
        CHECK_STR(rows[i].label, error.request_id, "***");
    }
}

static void a_secret_that_the_cut_went_through_is_struck_out(void)
{
    char body[1024] = "{\"message\":\"", filler[512];
    memset(filler, 'm', sizeof filler);
    filler[500] = '\0';
    strcat(body, filler);
    strcat(body, "SECRETTOKENSECRETTOKEN\"}");
    struct reply reply = reply_of(403, body);
    struct cloud_error error;
    aws->read_error(&reply, &error);
    CHECK("it was cut", strstr(error.message, "SECRETTOKENSECRETTOKEN") == NULL);
    const struct spurn_text hide[] = {text_of("SECRETTOKENSECRETTOKEN")};
    cloud_error_redact(&error, hide, COUNT(hide));
    CHECK("", strstr(error.message, "SECRET") == NULL);
    CHECK_STR("", error.message + 500, "***");
}

static const struct unit_test tests[] = {
    {"every_error_of_the_model_has_a_meaning_of_its_own",
     every_error_of_the_model_has_a_meaning_of_its_own},
    {"what_stands_in_front_of_the_service_is_known_too",
     what_stands_in_front_of_the_service_is_known_too},
    {"a_code_is_matched_whole", a_code_is_matched_whole},
    {"the_code_is_found_wherever_aws_puts_it", the_code_is_found_wherever_aws_puts_it},
    {"without_a_known_code_the_status_tells_what_it_can",
     without_a_known_code_the_status_tells_what_it_can},
    {"recorded_errors_are_read_with_id_and_waiting_time",
     recorded_errors_are_read_with_id_and_waiting_time},
    {"waiting_is_read_from_whole_numbers_and_capped",
     waiting_is_read_from_whole_numbers_and_capped},
    {"a_clock_that_differs_is_told_from_a_wrong_secret",
     a_clock_that_differs_is_told_from_a_wrong_secret},
    {"what_a_server_says_is_made_fit_to_show", what_a_server_says_is_made_fit_to_show},
    {"secrets_that_a_server_echoes_are_struck_out", secrets_that_a_server_echoes_are_struck_out},
    {"a_secret_that_the_cut_went_through_is_struck_out",
     a_secret_that_the_cut_went_through_is_struck_out},
};

UNIT_MAIN(tests)

/* cloud_aws_test.c - what AWS RAM is sent, and how its pages are read. */
#include <string.h>

#include "cloud/cloud.h"
#include "reply_file.h"
#include "unit.h"

#define ARN                                                                                        \
    "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/"                                \
    "3b3bc051-fbf6-4336-8377-06c559dfee49"
#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct cloud *const aws = &cloud_aws;

/* ---- requests ---- */

static void every_call_is_a_post_of_json_to_its_own_path(void)
{
    const struct {
        const char *label;
        struct cloud_call call;
        const char *path, *body;
    } rows[] = {
        {"first page",
         {.operation = CLOUD_LIST},
         "/getresourceshareinvitations",
         "{\"maxResults\":500}"},
        {"next page",
         {.operation = CLOUD_LIST, .page_token = text_of("a\"b\n\xe2\x9b\x85")},
         "/getresourceshareinvitations",
         "{\"maxResults\":500,\"nextToken\":\"a\\\"b\\n\xe2\x9b\x85\"}"},
        {"look-up",
         {.operation = CLOUD_LOOK_UP, .invitation = text_of(ARN)},
         "/getresourceshareinvitations",
         "{\"resourceShareInvitationArns\":[\"" ARN "\"]}"},
        {"reject",
         {.operation = CLOUD_REJECT,
          .invitation = text_of(ARN),
          .client_token = text_of("e3191fa6-0223-5dbb-8289-6487fe2ef616")},
         "/rejectresourceshareinvitation",
         "{\"resourceShareInvitationArn\":\"" ARN
         "\",\"clientToken\":\"e3191fa6-0223-5dbb-8289-6487fe2ef616\"}"},
        {"reject without token",
         {.operation = CLOUD_REJECT, .invitation = text_of(ARN)},
         "/rejectresourceshareinvitation",
         "{\"resourceShareInvitationArn\":\"" ARN "\"}"},
        {"resources",
         {.operation = CLOUD_RESOURCES, .invitation = text_of(ARN), .page_token = text_of("t")},
         "/listpendinginvitationresources",
         "{\"resourceShareInvitationArn\":\"" ARN "\",\"maxResults\":500,\"nextToken\":\"t\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct spurn_error err = {0};
        CHECK_INT(rows[i].label, aws->build(&rows[i].call, &request, &err), SPURN_OK);
        CHECK_STR(rows[i].label, request.method, "POST");
        CHECK_TEXT(rows[i].label, request.path, text_of(rows[i].path));
        CHECK_TEXT(rows[i].label, request.body, text_of(rows[i].body));
        CHECK_INT(rows[i].label, (int64_t)request.parameter_count, 0);
        CHECK_INT(rows[i].label, (int64_t)request.header_count, 1);
        CHECK_TEXT(rows[i].label, request.headers[0].name, text_of("content-type"));
        CHECK_TEXT(rows[i].label, request.headers[0].value, text_of("application/json"));
        request_clear(&request);
    }
}

static void an_id_of_another_alphabet_is_never_sent(void)
{
    static const enum cloud_operation operations[] = {CLOUD_LOOK_UP, CLOUD_REJECT, CLOUD_RESOURCES};
    static const char *const ids[] = {NULL, "", "i-abc", ARN "\n", ARN "Z"};
    for (size_t i = 0; i < COUNT(operations); i++) {
        for (size_t k = 0; k < COUNT(ids); k++) {
            const struct cloud_call call = {.operation = operations[i],
                                            .invitation = text_of(ids[k])};
            struct request request;
            struct spurn_error err = {0};
            CHECK_INT(ids[k] == NULL ? "absent" : ids[k], aws->build(&call, &request, &err),
                      SPURN_E_USAGE);
            request_clear(&request);
        }
    }
}

static void a_page_token_too_long_to_send_is_an_error(void)
{
    char *token = malloc(REQUEST_LEN_MAX + 1);
    memset(token, 'x', REQUEST_LEN_MAX);
    token[REQUEST_LEN_MAX] = '\0';
    const struct cloud_call call = {.operation = CLOUD_LIST, .page_token = text_of(token)};
    struct request request;
    struct spurn_error err = {0};
    CHECK_INT("", aws->build(&call, &request, &err), SPURN_E_CLOUD);
    request_clear(&request);
    free(token);
}

static struct spurn_text header_of(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (text_is_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return TEXT_ABSENT;
}

/* Signatures computed with botocore 1.43. */
static void a_reject_is_signed_for_ram_in_its_region(void)
{
    static const char authorization[] =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260901/us-east-1/ram/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date%s, Signature=%s";
    static const struct {
        const char *token, *signed_too, *signature;
    } rows[] = {
        {NULL, "", "f889d1b09aeb21e517e12d5773e13ac4c96549ceb80acebb31dfd68944039348"},
        {"TOK", ";x-amz-security-token",
         "43b45f5c6bf348ba12993f373b2edb8dc090ea7b19a748b6de19a5cf4c60bdad"},
    };
    const struct cloud_call call = {
        .operation = CLOUD_REJECT,
        .invitation = text_of("arn:aws:ram:us-east-1:111111111111:resource-share-invitation/"
                              "3b3bc051-fbf6-4336-8377-06c559dfee49"),
        .client_token = text_of("00000000-0000-4000-8000-000000000001")};
    const struct cloud_site site = {.region = text_of("us-east-1"),
                                    .host = text_of("ram.us-east-1.amazonaws.com")};
    const struct cloud_moment moment = {.now_ms = INT64_C(1788264000000)};
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cloud_keys keys = {text_of("AKIDEXAMPLE"),
                                        text_of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                        text_of(rows[i].token)};
        struct request request;
        struct spurn_error err = {0};
        char want[512];
        snprintf(want, sizeof want, authorization, rows[i].signed_too, rows[i].signature);
        CHECK_INT("", aws->build(&call, &request, &err), SPURN_OK);
        CHECK_INT(err.text, aws->sign(d, &site, &keys, &moment, &request, &err), SPURN_OK);
        CHECK_TEXT("", request.host, site.host);
        CHECK_TEXT("", header_of(&request, "authorization"), text_of(want));
        CHECK_TEXT("", header_of(&request, "x-amz-security-token"), text_of(rows[i].token));
        request_clear(&request);
    }
    digest_close(d);
}

/* ---- pages ---- */

static void a_page_is_read_with_every_field_the_model_has(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/list_first_page.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, aws->read_page(&file.reply, &page, &err), SPURN_OK);
    memset(&file, 'X', sizeof file); /* the page must not borrow from the reply */

    CHECK_TEXT("", page.next_token, text_of("eyJwYWdlIjoyfQ=="));
    CHECK_TEXT("", page.request_id, text_of("7c9f2a10-5d0e-4b1c-9a53-0f6f1f0c2b11"));
    if (CHECK("", page.count == 2)) {
        const struct invitation *inv = &page.items[0];
        CHECK_TEXT("", inv->id, text_of(ARN));
        CHECK_TEXT("", inv->name, text_of("free \xe2\x9b\x85 \"gifts\""));
        CHECK_TEXT("", inv->share,
                   text_of("arn:aws:ram:us-east-1:999999999999:resource-share/"
                           "7a0bd4a5-6f2b-4c3e-9a70-d1f7f2f9c001"));
        CHECK_TEXT("", inv->sender, text_of("999999999999"));
        CHECK_TEXT("leading zero", inv->receiver, text_of("012345678901"));
        CHECK_TEXT("", inv->receiver_arn, text_of("arn:aws:iam::012345678901:root"));
        CHECK_TEXT("", inv->status_text, text_of("PENDING"));
        CHECK_INT("", inv->status, STATUS_PENDING);
        CHECK("", inv->has_created);
        CHECK_INT("milliseconds", inv->created_ms, INT64_C(1795316166258));

        const struct invitation *bare = &page.items[1];
        CHECK_INT("", bare->status, STATUS_OTHER);
        CHECK_TEXT("an unknown status is kept", bare->status_text, text_of("HIBERNATING"));
        CHECK("", bare->name.at == NULL && bare->sender.at == NULL && bare->receiver.at == NULL &&
                      bare->share.at == NULL && bare->receiver_arn.at == NULL);
        CHECK("", !bare->has_created);
    }
    cloud_page_clear(&page);
}

static void a_time_may_be_iso_text_and_a_null_token_ends_the_list(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/list_last_page.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, aws->read_page(&file.reply, &page, &err), SPURN_OK);
    CHECK("", page.next_token.at == NULL);
    if (CHECK("", page.count == 1)) {
        CHECK_INT("", page.items[0].created_ms, INT64_C(1795272966258));
        CHECK_INT("", page.items[0].status, STATUS_EXPIRED);
        CHECK("null is absent", page.items[0].name.at == NULL);
    }
    cloud_page_clear(&page);
}

static void an_empty_page_with_a_token_is_not_the_last(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/list_empty_page.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, aws->read_page(&file.reply, &page, &err), SPURN_OK);
    CHECK_INT("", (int64_t)page.count, 0);
    CHECK_TEXT("", page.next_token, text_of("more-behind-this"));

    struct reply last = reply_of(200, "{\"nextToken\":\"\",\"resourceShareInvitations\":[]}");
    CHECK_INT("", aws->read_page(&last, &page, &err), SPURN_OK);
    CHECK("an empty token is none", page.next_token.at == NULL);
    cloud_page_clear(&page);
}

static void check_unreadable(const char *label, struct reply reply, const char *because)
{
    struct cloud_page page;
    struct spurn_error err = {0};
    cloud_page_init(&page);
    CHECK_INT(label, aws->read_page(&reply, &page, &err), SPURN_E_CLOUD);
    CHECK(label,
          strstr(err.text, "cannot read the reply to GetResourceShareInvitations: ") == err.text);
    if (!CHECK(label, strstr(err.text, because) != NULL))
        printf("     says: %s\n", err.text);
    CHECK_INT(label, (int64_t)page.count, 0);
    cloud_page_clear(&page);
}

#define LIST(items) "{\"resourceShareInvitations\":[" items "]}"
#define WITH(field) LIST("{\"resourceShareInvitationArn\":\"" ARN "\"," field "}")

static void what_cannot_be_read_whole_is_never_an_empty_page(void)
{
    static const struct {
        const char *body, *because;
    } rows[] = {
        {"", "it is empty"},
        {" \r\n", "it is empty"},
        {"{}", "it has no resourceShareInvitations"},
        {"{\"resourceShareInvitations\":null}", "it has no resourceShareInvitations"},
        {"{\"nextToken\":\"x\"}", "it has no resourceShareInvitations"},
        {"{\"ResourceShareInvitations\":[]}", "it has no resourceShareInvitations"},
        {"{\"resourceShareInvitations\":{}}", "expected an array (resourceShareInvitations"},
        {"{\"resourceShareInvitations\":\"\"}", "expected an array (resourceShareInvitations"},
        {"[]", "expected an object"},
        {"null", "expected an object"},
        {"\"fine\"", "expected an object"},
        {"<html><body>log in</body></html>", "it is HTML or XML, not JSON; is something between"},
        {"  <?xml version=\"1.0\"?><x/>", "it is HTML or XML"},
        {"Service busy", "expected an object"},
        {LIST("") "x", "something follows"},
        {"{\"resourceShareInvitations\":[],\"resourceShareInvitations\":[]}", "twice"},
        {"{\"resourceShareInvitations\":[],\"later\":[01]}", "number"},
        {"{\"resourceShareInvitations\":[],\"nextToken\":7}", "expected a string (nextToken"},
        {LIST("null"), "expected an object"},
        {LIST("{}"), "an invitation has no resourceShareInvitationArn"},
        {LIST("{\"resourceShareInvitationArn\":null}"), "has no resourceShareInvitationArn"},
        {LIST("{\"resourceShareInvitationArn\":\"\"}"), "is none that AWS RAM gives"},
        {LIST("{\"resourceShareInvitationArn\":\"i-0123\"}"), "is none that AWS RAM gives"},
        {LIST("{\"resourceShareInvitationArn\":\"" ARN "\"},{}"), "an invitation has no"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_unreadable(rows[i].body, reply_of(200, rows[i].body), rows[i].because);
}

static void a_known_field_of_another_type_is_an_error(void)
{
#define TEXT_ROWS(name)                                                                            \
    {WITH("\"" name "\":7"), name},                                                                \
    {                                                                                              \
        WITH("\"" name "\":[\"x\"]"), name                                                         \
    }
#define INNER(name, value)                                                                         \
    {                                                                                              \
        WITH("\"resourceShareAssociations\":[{\"" name "\":" value "}]"), name                     \
    }
    static const struct {
        const char *body, *field;
    } rows[] = {
        TEXT_ROWS("resourceShareName"),
        TEXT_ROWS("resourceShareArn"),
        TEXT_ROWS("senderAccountId"),
        TEXT_ROWS("receiverAccountId"),
        TEXT_ROWS("status"),
        TEXT_ROWS("receiverArn"),
        {WITH("\"senderAccountId\":111122223333"), "senderAccountId"},
        {WITH("\"invitationTimestamp\":true"), "invitationTimestamp"},
        {WITH("\"invitationTimestamp\":\"yesterday\""), "invitationTimestamp"},
        {WITH("\"invitationTimestamp\":\"\""), "invitationTimestamp"},
        {WITH("\"invitationTimestamp\":\"1565312166\""), "invitationTimestamp"},
        {WITH("\"invitationTimestamp\":1e300"), "invitationTimestamp"},
        {WITH("\"invitationTimestamp\":{}"), "invitationTimestamp"},
        {WITH("\"resourceShareAssociations\":{}"), "resourceShareAssociations"},
        {WITH("\"resourceShareAssociations\":[7]"), "resourceShareAssociations"},
        INNER("resourceShareArn", "7"),
        INNER("resourceShareName", "7"),
        INNER("associatedEntity", "7"),
        INNER("associationType", "{}"),
        INNER("status", "true"),
        INNER("statusMessage", "7"),
        INNER("creationTime", "\"soon\""),
        INNER("lastUpdatedTime", "[]"),
        INNER("external", "\"true\""),
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_unreadable(rows[i].body, reply_of(200, rows[i].body), rows[i].field);
}

static void a_page_cut_anywhere_is_an_error(void)
{
    struct reply_file file;
    CHECK("", reply_file_read("tests/replies/aws/list_first_page.http", &file));
    size_t whole_len = file.reply.body.len;
    while (whole_len > 0 && file.reply.body.at[whole_len - 1] != '}')
        whole_len--;
    for (size_t len = 0; len < whole_len; len++) {
        struct reply cut = file.reply;
        struct cloud_page page;
        char *body = malloc(len + 1); /* exactly as long, so that a read past its end is seen */
        memcpy(body, file.reply.body.at, len);
        cut.body = (struct spurn_text){body, len};
        cloud_page_init(&page);
        struct spurn_error err = {0};
        CHECK_INT("", aws->read_page(&cut, &page, &err), SPURN_E_CLOUD);
        cloud_page_clear(&page);
        free(body);
    }
}

static void any_field_but_the_id_may_be_absent_or_null(void)
{
    static const char *const bodies[] = {
        LIST("{\"resourceShareInvitationArn\":\"" ARN "\"}"),
        WITH("\"resourceShareName\":null,\"resourceShareArn\":null,\"senderAccountId\":null,"
             "\"receiverAccountId\":null,\"invitationTimestamp\":null,\"status\":null,"
             "\"resourceShareAssociations\":null,\"receiverArn\":null"),
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct reply reply = reply_of(200, bodies[i]);
        struct cloud_page page;
        struct spurn_error err = {0};
        cloud_page_init(&page);
        CHECK_INT(err.text, aws->read_page(&reply, &page, &err), SPURN_OK);
        if (CHECK("", page.count == 1)) {
            CHECK_INT("", page.items[0].status, STATUS_OTHER);
            CHECK("", !page.items[0].has_created && page.items[0].status_text.at == NULL);
        }
        cloud_page_clear(&page);
    }
}

static void a_full_page_keeps_every_invitation_in_order(void)
{
    enum { PAGE_COUNT = 500 };
    struct buf body;
    buf_init(&body, 1 << 20);
    buf_add_str(&body, "{\"resourceShareInvitations\":[");
    for (int i = 0; i < PAGE_COUNT; i++)
        buf_addf(&body,
                 "%s{\"status\":\"PENDING\",\"resourceShareName\":\"\\u00e9%d\","
                 "\"resourceShareInvitationArn\":\"arn:aws:ram:us-east-1:999999999999:resource-"
                 "share-invitation/%04x\"}",
                 i == 0 ? "" : ",", i, (unsigned)i);
    buf_add_str(&body, "]}");
    struct reply reply = {.http_status = 200, .body = buf_text(&body)};
    struct cloud_page page;
    struct spurn_error err = {0};
    cloud_page_init(&page);
    CHECK_INT(err.text, aws->read_page(&reply, &page, &err), SPURN_OK);
    CHECK_INT("", (int64_t)page.count, PAGE_COUNT);
    for (size_t i = 0; i < page.count; i++) {
        char name[32];
        snprintf(name, sizeof name, "\xc3\xa9%zu", i);
        CHECK_TEXT("", page.items[i].name, text_of(name));
    }
    cloud_page_clear(&page);
    buf_clear(&body);
}

/* ---- other replies ---- */

static void the_rejected_invitation_comes_back(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/rejected.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, aws->read_rejected(&file.reply, &page, &err), SPURN_OK);
    if (CHECK("", page.count == 1)) {
        CHECK_TEXT("", page.items[0].id, text_of(ARN));
        CHECK_INT("", page.items[0].status, STATUS_REJECTED);
        CHECK_INT("", page.items[0].created_ms, INT64_C(1795316166000));
    }
    CHECK_TEXT("", page.request_id, text_of("7c9f2a10-5d0e-4b1c-9a53-0f6f1f0c2b14"));
    cloud_page_clear(&page);
}

static void a_reject_that_answers_with_nothing_is_an_error(void)
{
    static const char *const bodies[] = {
        "",
        "{}",
        "{\"resourceShareInvitation\":null}",
        "{\"resourceShareInvitation\":[]}",
        "{\"resourceShareInvitation\":{}}",
        "{\"resourceShareInvitation\":{\"status\":\"REJECTED\"}}",
        "{\"clientToken\":7,\"resourceShareInvitation\":{\"resourceShareInvitationArn\":\"" ARN
        "\"}}",
        "<html/>"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct reply reply = reply_of(200, bodies[i]);
        struct cloud_page page;
        struct spurn_error err = {0};
        cloud_page_init(&page);
        CHECK_INT(bodies[i], aws->read_rejected(&reply, &page, &err), SPURN_E_CLOUD);
        CHECK(bodies[i], strstr(err.text, "RejectResourceShareInvitation") != NULL);
        cloud_page_clear(&page);
    }
}

static void resources_are_read_with_every_field_the_model_has(void)
{
    struct reply_file file;
    struct cloud_resources list;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/resources.http", &file));
    cloud_resources_init(&list);
    CHECK_INT(err.text, aws->read_resources(&file.reply, &list, &err), SPURN_OK);
    memset(&file, 'X', sizeof file);
    CHECK_TEXT("", list.next_token, text_of("cmVzdA=="));
    if (CHECK("", list.count == 2)) {
        const struct cloud_resource *r = &list.items[0];
        CHECK_TEXT("", r->arn,
                   text_of("arn:aws:ec2:us-east-1:999999999999:subnet/subnet-0a1b2c3d"));
        CHECK_TEXT("", r->type, text_of("ec2:Subnet"));
        CHECK_TEXT("", r->share,
                   text_of("arn:aws:ram:us-east-1:999999999999:resource-share/"
                           "7a0bd4a5-6f2b-4c3e-9a70-d1f7f2f9c001"));
        CHECK_TEXT("", r->group, text_of("arn:aws:resource-groups:us-east-1:999999999999:group/g"));
        CHECK_TEXT("", r->status, text_of("ZONAL_RESOURCE_INACCESSIBLE"));
        CHECK_TEXT("", r->status_message, text_of("no such zone here"));
        CHECK_TEXT("", r->scope, text_of("REGIONAL"));
        CHECK("", r->has_created && r->has_updated);
        CHECK_INT("", r->created_ms, INT64_C(1795316160500));
        CHECK_INT("", r->updated_ms, INT64_C(1795316161000));
        CHECK_TEXT("", list.items[1].type, text_of("route53resolver:FirewallRuleGroup"));
        CHECK("", list.items[1].arn.at == NULL && !list.items[1].has_created);
    }
    struct reply empty = reply_of(200, "{}");
    CHECK_INT("", aws->read_resources(&empty, &list, &err), SPURN_E_CLOUD);
    CHECK_INT("", (int64_t)list.count, 0);
    cloud_resources_clear(&list);
}

static const struct unit_test tests[] = {
    {"every_call_is_a_post_of_json_to_its_own_path", every_call_is_a_post_of_json_to_its_own_path},
    {"an_id_of_another_alphabet_is_never_sent", an_id_of_another_alphabet_is_never_sent},
    {"a_page_token_too_long_to_send_is_an_error", a_page_token_too_long_to_send_is_an_error},
    {"a_reject_is_signed_for_ram_in_its_region", a_reject_is_signed_for_ram_in_its_region},
    {"a_page_is_read_with_every_field_the_model_has",
     a_page_is_read_with_every_field_the_model_has},
    {"a_time_may_be_iso_text_and_a_null_token_ends_the_list",
     a_time_may_be_iso_text_and_a_null_token_ends_the_list},
    {"an_empty_page_with_a_token_is_not_the_last", an_empty_page_with_a_token_is_not_the_last},
    {"what_cannot_be_read_whole_is_never_an_empty_page",
     what_cannot_be_read_whole_is_never_an_empty_page},
    {"a_known_field_of_another_type_is_an_error", a_known_field_of_another_type_is_an_error},
    {"a_page_cut_anywhere_is_an_error", a_page_cut_anywhere_is_an_error},
    {"any_field_but_the_id_may_be_absent_or_null", any_field_but_the_id_may_be_absent_or_null},
    {"a_full_page_keeps_every_invitation_in_order", a_full_page_keeps_every_invitation_in_order},
    {"the_rejected_invitation_comes_back", the_rejected_invitation_comes_back},
    {"a_reject_that_answers_with_nothing_is_an_error",
     a_reject_that_answers_with_nothing_is_an_error},
    {"resources_are_read_with_every_field_the_model_has",
     resources_are_read_with_every_field_the_model_has},
};

UNIT_MAIN(tests)

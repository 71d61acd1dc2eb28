/* cloud_alibaba_test.c - what Alibaba Cloud Resource Sharing is sent, and how its pages are read. */
#include <string.h>

#include "cloud/directory.h"
#include "reply_file.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct cloud *const alibaba = &cloud_alibaba;

static struct spurn_text header_of(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (text_is_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return TEXT_ABSENT;
}

/* ---- requests ---- */

static void every_call_is_a_post_with_an_empty_body_and_its_parameters_in_the_query(void)
{
    const struct {
        const char *label;
        struct cloud_call call;
        const char *action, *query;
    } rows[] = {
        {"first page", {.operation = CLOUD_LIST}, "ListResourceShareInvitations", "MaxResults=100"},
        {"next page",
         {.operation = CLOUD_LIST, .page_token = text_of("a+b/c=")},
         "ListResourceShareInvitations",
         "MaxResults=100&NextToken=a%2Bb%2Fc%3D"},
        {"look-up",
         {.operation = CLOUD_LOOK_UP, .invitation = text_of("i-yyTWbkjHArYh0000")},
         "ListResourceShareInvitations",
         "ResourceShareInvitationIds.1=i-yyTWbkjHArYh0000"},
        {"reject",
         {.operation = CLOUD_REJECT,
          .invitation = text_of("i-yyTWbkjHArYh0000"),
          .client_token = text_of("is not sent")},
         "RejectResourceShareInvitation",
         "ResourceShareInvitationId=i-yyTWbkjHArYh0000"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct spurn_error err = {0};
        struct buf query;
        buf_init(&query, 1024);
        CHECK_INT(rows[i].label, alibaba->build(&rows[i].call, &request, &err), SPURN_OK);
        request_add_query(&request, &query);
        CHECK_STR(rows[i].label, request.method, "POST");
        CHECK_TEXT(rows[i].label, request.path, text_of("/"));
        CHECK_STR(rows[i].label, buf_str(&query), rows[i].query);
        CHECK_INT(rows[i].label, (int64_t)request.body.len, 0);
        CHECK_TEXT(rows[i].label, header_of(&request, "x-acs-action"), text_of(rows[i].action));
        CHECK_TEXT(rows[i].label, header_of(&request, "x-acs-version"), text_of("2020-01-10"));
        CHECK(rows[i].label, header_of(&request, "content-type").at == NULL);
        buf_clear(&query);
        request_clear(&request);
    }
}

static void what_it_cannot_be_asked_is_never_sent(void)
{
    const struct {
        const char *label;
        struct cloud_call call;
    } rows[] = {
        {"no id", {.operation = CLOUD_REJECT}},
        {"masked id", {.operation = CLOUD_REJECT, .invitation = text_of("i-yyTWbkjHArYh****")}},
        {"another cloud's id", {.operation = CLOUD_LOOK_UP, .invitation = text_of("arn:aws:ram")}},
        {"resources", {.operation = CLOUD_RESOURCES, .invitation = text_of("i-yyTWbkjHArYh0000")}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct spurn_error err = {0};
        CHECK_INT(rows[i].label, alibaba->build(&rows[i].call, &request, &err), SPURN_E_USAGE);
        request_clear(&request);
    }
    CHECK("", alibaba->read_resources == NULL && !alibaba->lists_resources);
    CHECK("", !alibaba->takes_client_token);
}

/* Secret and nonce of the vendor's documented example; signatures computed independently of this code. */
static void a_call_is_signed_with_its_action_and_version(void)
{
    const struct {
        struct cloud_call call;
        const char *token, *signature;
    } rows[] = {
        {{.operation = CLOUD_REJECT, .invitation = text_of("i-yyTWbkjHArYh0000")},
         NULL,
         "6210e8f27578d4edffea223e16c11b52ea5d2ce90426e006c1b328cb13895cd0"},
        {{.operation = CLOUD_LIST, .page_token = text_of("a+b/c=")},
         NULL,
         "573bd0cc0ec32134290ce16be53117438e90fe2872450a93c84a652f103f18d4"},
        {{.operation = CLOUD_LIST},
         "TOK",
         "d23be5273fea5d0f498bfcb5bdd7b119e5931e4de37710ef7748b8a9e034f7d0"},
    };
    const struct cloud_site site = {.region = text_of("cn-hangzhou"),
                                    .host = text_of("resourcesharing.cn-hangzhou.aliyuncs.com")};
    const struct cloud_moment moment = {INT64_C(1788264000000),
                                        text_of("3156853299f313e23d1673dc12e1703d")};
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cloud_keys keys = {text_of("YourAccessKeyId"), text_of("YourAccessKeySecret"),
                                        text_of(rows[i].token)};
        struct request request;
        struct spurn_error err = {0};
        CHECK_INT("", alibaba->build(&rows[i].call, &request, &err), SPURN_OK);
        CHECK_INT(err.text, alibaba->sign(d, &site, &keys, &moment, &request, &err), SPURN_OK);
        CHECK_TEXT("", request.host, site.host);
        struct spurn_text authorization = header_of(&request, "authorization");
        char want[512];
        snprintf(want, sizeof want,
                 "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host%s;x-acs-action;"
                 "x-acs-content-sha256;x-acs-date%s;x-acs-signature-nonce;x-acs-version,"
                 "Signature=%s",
                 rows[i].token == NULL ? "" : ";x-acs-accesskey-id",
                 rows[i].token == NULL ? "" : ";x-acs-security-token", rows[i].signature);
        CHECK_TEXT("", authorization, text_of(want));
        request_clear(&request);
    }
    digest_close(d);
}

/* ---- pages ---- */

static void a_page_is_read_with_every_field_the_vendor_documents(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/alibaba/list_first_page.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, alibaba->read_page(&file.reply, &page, &err), SPURN_OK);
    memset(&file, 'X', sizeof file); /* the page must not borrow from the reply */

    CHECK_TEXT("", page.next_token, text_of("a+b/c="));
    CHECK_TEXT("", page.request_id, text_of("2B1C9A53-0F6F-51F0-8C2B-117C9F2A1001"));
    if (CHECK("", page.count == 2)) {
        const struct invitation *inv = &page.items[0];
        CHECK_TEXT("", inv->id, text_of("i-yyTWbkjHArYh0001"));
        CHECK_TEXT("", inv->share, text_of("rs-JoA1Ayjm0001"));
        CHECK_TEXT("", inv->name, text_of("\xe7\xa4\xbc\xe7\x89\xa9 & more"));
        CHECK_TEXT("leading zero", inv->sender, text_of("0512666876910001"));
        CHECK_TEXT("", inv->receiver, text_of("1342540311780002"));
        CHECK("", inv->receiver_arn.at == NULL);
        CHECK_TEXT("", inv->status_text, text_of("Pending"));
        CHECK_INT("", inv->status, STATUS_PENDING);
        CHECK("", inv->has_created);
        CHECK_INT("", inv->created_ms, INT64_C(1662102450809));
        CHECK_INT("", page.items[1].status, STATUS_ACCEPT_FAILED);
        CHECK_INT("a number of seconds", page.items[1].created_ms, INT64_C(1662102450809));
    }
    cloud_page_clear(&page);
}

static void an_empty_token_ends_the_list(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/alibaba/list_last_page.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, alibaba->read_page(&file.reply, &page, &err), SPURN_OK);
    CHECK_INT("", (int64_t)page.count, 0);
    CHECK("", page.next_token.at == NULL);
    cloud_page_clear(&page);
}

static void every_status_is_known_and_others_are_kept(void)
{
    static const struct {
        const char *word;
        enum invitation_status status;
    } rows[] = {
        {"Pending", STATUS_PENDING},     {"Accepted", STATUS_ACCEPTED},
        {"Cancelled", STATUS_CANCELLED}, {"Rejected", STATUS_REJECTED},
        {"Expired", STATUS_EXPIRED},     {"AcceptFailed", STATUS_ACCEPT_FAILED},
        {"Snoozed", STATUS_OTHER},       {"", STATUS_OTHER},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char body[256];
        snprintf(body, sizeof body,
                 "{\"ResourceShareInvitations\":[{\"ResourceShareInvitationId\":\"i-1\","
                 "\"Status\":\"%s\"}]}",
                 rows[i].word);
        struct reply reply = reply_of(200, body);
        struct cloud_page page;
        struct spurn_error err = {0};
        cloud_page_init(&page);
        CHECK_INT(err.text, alibaba->read_page(&reply, &page, &err), SPURN_OK);
        if (CHECK(rows[i].word, page.count == 1)) {
            CHECK_INT(rows[i].word, page.items[0].status, rows[i].status);
            CHECK_TEXT(rows[i].word, page.items[0].status_text, text_of(rows[i].word));
        }
        cloud_page_clear(&page);
    }
}

#define LIST(items) "{\"ResourceShareInvitations\":[" items "]}"
#define WITH(field) LIST("{\"ResourceShareInvitationId\":\"i-1\"," field "}")
#define DETAIL(list, name)                                                                         \
    {                                                                                              \
        WITH("\"" list "\":[{\"" name "\":7}]"), name                                              \
    }

static void what_cannot_be_read_whole_is_never_an_empty_page(void)
{
    static const struct {
        const char *body, *because;
    } rows[] = {
        {"", "it is empty"},
        {"{}", "it has no ResourceShareInvitations"},
        {"{\"RequestId\":\"x\"}", "it has no ResourceShareInvitations"},
        {"{\"ResourceShareInvitations\":null}", "it has no ResourceShareInvitations"},
        {"{\"ResourceShareInvitations\":{\"ResourceShareInvitation\":[]}}", "expected an array"},
        {"<html/>", "it is HTML or XML, not JSON; is something between here and Alibaba Cloud"},
        {LIST("{\"ResourceShareInvitationId\":\"i-1\"") "]}", "byte"},
        {LIST("{}"), "an invitation has no ResourceShareInvitationId"},
        {LIST("{\"ResourceShareInvitationId\":\"i-****\"}"), "is none that Alibaba Cloud"},
        {"{\"ResourceShareInvitations\":[],\"NextToken\":7}", "(NextToken"},
        {"{\"ResourceShareInvitations\":[],\"RequestId\":[]}", "(RequestId"},
        {WITH("\"ResourceShareId\":7"), "(ResourceShareId"},
        {WITH("\"ResourceShareName\":{}"), "(ResourceShareName"},
        {WITH("\"SenderAccountId\":151266687691"), "(SenderAccountId"},
        {WITH("\"ReceiverAccountId\":134254031178"), "(ReceiverAccountId"},
        {WITH("\"Status\":false"), "(Status"},
        {WITH("\"CreateTime\":\"2022-09-31T07:07:30Z\""), "expected a time (CreateTime"},
        {WITH("\"CreateTime\":[]"), "expected a time (CreateTime"},
        {WITH("\"InvitationFailedDetails\":{}"), "(InvitationFailedDetails"},
        {WITH("\"AcceptInvitationFailedDetails\":7"), "(AcceptInvitationFailedDetails"},
        DETAIL("InvitationFailedDetails", "AssociateType"),
        DETAIL("InvitationFailedDetails", "FailureDescription"),
        DETAIL("InvitationFailedDetails", "FailureReason"),
        DETAIL("InvitationFailedDetails", "OperationType"),
        DETAIL("InvitationFailedDetails", "ResourceArn"),
        DETAIL("AcceptInvitationFailedDetails", "ResourceId"),
        DETAIL("AcceptInvitationFailedDetails", "ResourceType"),
        DETAIL("AcceptInvitationFailedDetails", "Status"),
        DETAIL("AcceptInvitationFailedDetails", "StatusMessage"),
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct reply reply = reply_of(200, rows[i].body);
        struct cloud_page page;
        struct spurn_error err = {0};
        cloud_page_init(&page);
        CHECK_INT(rows[i].body, alibaba->read_page(&reply, &page, &err), SPURN_E_CLOUD);
        if (!CHECK(rows[i].body, strstr(err.text, rows[i].because) != NULL))
            printf("     says: %s\n", err.text);
        CHECK_INT(rows[i].body, (int64_t)page.count, 0);
        cloud_page_clear(&page);
    }
}

static void the_rejected_invitation_comes_back(void)
{
    struct reply_file file;
    struct cloud_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/alibaba/rejected.http", &file));
    cloud_page_init(&page);
    CHECK_INT(err.text, alibaba->read_rejected(&file.reply, &page, &err), SPURN_OK);
    if (CHECK("", page.count == 1)) {
        CHECK_TEXT("", page.items[0].id, text_of("i-yyTWbkjHArYh0001"));
        CHECK_INT("", page.items[0].status, STATUS_REJECTED);
    }
    CHECK_TEXT("", page.request_id, text_of("2B1C9A53-0F6F-51F0-8C2B-117C9F2A1003"));

    static const char *const bodies[] = {"{}", "{\"RequestId\":\"x\"}",
                                         "{\"ResourceShareInvitation\":null}",
                                         "{\"ResourceShareInvitation\":{}}"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct reply reply = reply_of(200, bodies[i]);
        CHECK_INT(bodies[i], alibaba->read_rejected(&reply, &page, &err), SPURN_E_CLOUD);
        CHECK(bodies[i], strstr(err.text, "RejectResourceShareInvitation") != NULL);
    }
    cloud_page_clear(&page);
}

/* ---- places ---- */

static void its_endpoints_are_those_of_its_service(void)
{
    struct buf url;
    struct spurn_error err = {0};
    buf_init(&url, 256);
    CHECK_STR("", alibaba->service, "resourcesharing");
    CHECK_INT(err.text, alibaba->endpoint(text_of("cn-hangzhou"), PLACE_VPC, &url, &err), SPURN_OK);
    CHECK_STR("", buf_str(&url), "https://resourcesharing-vpc.cn-hangzhou.aliyuncs.com");
    CHECK_INT("", alibaba->endpoint(text_of("hangzhou"), 0, &url, &err), SPURN_E_CONFIG);
    CHECK("",
          alibaba->is_region(text_of("cn-beijing")) && !alibaba->is_region(text_of("hangzhou")));
    CHECK("", alibaba->regions == &place_alibaba_all && alibaba->directory == &directory_alibaba);
    buf_clear(&url);
}

static void an_id_has_letters_digits_and_dashes_only(void)
{
    static const struct {
        const char *id;
        bool want;
    } rows[] = {
        {"i-yyTWbkjHArYh0001", true},
        {"i-a_b-c", true},
        {"i-", false},
        {"i", false},
        {"", false},
        {NULL, false},
        {"j-abc", false},
        {"i-yyTW****", false},
        {"i-a b", false},
        {"i-a\n", false},
        {"i-\xc3\xa9", false},
        {"I-abc", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].id == NULL ? "absent" : rows[i].id,
                  alibaba->is_invitation_id(text_of(rows[i].id)), rows[i].want);
    char id[256] = "i-";
    memset(id + 2, 'a', sizeof id - 2);
    CHECK("128 bytes", alibaba->is_invitation_id((struct spurn_text){id, 128}));
    CHECK("129 bytes", !alibaba->is_invitation_id((struct spurn_text){id, 129}));
}

static void an_invitation_to_another_account_is_foreign(void)
{
    static const struct {
        const char *receiver, *account, *why;
    } rows[] = {
        {"1342540311780002", "1342540311780002", NULL},
        {"1342540311780002", NULL, NULL},
        {NULL, "1342540311780002", NULL},
        {"1342540311780003", "1342540311780002", "its receiver is account 1342540311780003"},
        {"13\x1b[2J", "1342540311780002", "its receiver is account 13 [2J"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct invitation inv = {.id = text_of("i-1"), .receiver = text_of(rows[i].receiver)};
        const struct cloud_site site = {.account = text_of(rows[i].account),
                                        .region = text_of("cn-hangzhou")};
        char why[256];
        CHECK_STR("", alibaba->foreign(&inv, &site, why), rows[i].why);
    }
}

static void the_cloud_is_found_by_its_name(void)
{
    CHECK("", cloud_named(text_of("alibaba")) == &cloud_alibaba);
    CHECK("", cloud_at(1) == &cloud_alibaba);
    CHECK_INT("", alibaba->account_digits, 16);
}

static const struct unit_test tests[] = {
    {"every_call_is_a_post_with_an_empty_body_and_its_parameters_in_the_query",
     every_call_is_a_post_with_an_empty_body_and_its_parameters_in_the_query},
    {"what_it_cannot_be_asked_is_never_sent", what_it_cannot_be_asked_is_never_sent},
    {"a_call_is_signed_with_its_action_and_version", a_call_is_signed_with_its_action_and_version},
    {"a_page_is_read_with_every_field_the_vendor_documents",
     a_page_is_read_with_every_field_the_vendor_documents},
    {"an_empty_token_ends_the_list", an_empty_token_ends_the_list},
    {"every_status_is_known_and_others_are_kept", every_status_is_known_and_others_are_kept},
    {"what_cannot_be_read_whole_is_never_an_empty_page",
     what_cannot_be_read_whole_is_never_an_empty_page},
    {"the_rejected_invitation_comes_back", the_rejected_invitation_comes_back},
    {"its_endpoints_are_those_of_its_service", its_endpoints_are_those_of_its_service},
    {"an_id_has_letters_digits_and_dashes_only", an_id_has_letters_digits_and_dashes_only},
    {"an_invitation_to_another_account_is_foreign", an_invitation_to_another_account_is_foreign},
    {"the_cloud_is_found_by_its_name", the_cloud_is_found_by_its_name},
};

UNIT_MAIN(tests)

/* cloud_directory_aws_test.c - the accounts of an AWS organization: what is sent and what comes of each answer. */
#include "cloud/directory.h"

#include "digest.h"
#include "reply_file.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct directory *const aws = &directory_aws;
static const struct directory_call accounts = {.operation = DIRECTORY_ACCOUNTS};
static const struct directory_call tags = {.operation = DIRECTORY_TAGS,
                                           .account = {"012345678901", 12}};

static struct spurn_text header_of(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (text_is_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return TEXT_ABSENT;
}

/* ---- requests ---- */

static void each_operation_sends_what_its_model_says(void)
{
    static const struct {
        struct directory_call call;
        const char *target, *body;
    } rows[] = {
        {{.operation = DIRECTORY_ACCOUNTS},
         "AWSOrganizationsV20161128.ListAccounts",
         "{\"MaxResults\":20}"},
        {{.operation = DIRECTORY_ACCOUNTS, .page_token = {"a\"b", 3}},
         "AWSOrganizationsV20161128.ListAccounts",
         "{\"MaxResults\":20,\"NextToken\":\"a\\\"b\"}"},
        {{.operation = DIRECTORY_TAGS, .account = {"012345678901", 12}},
         "AWSOrganizationsV20161128.ListTagsForResource",
         "{\"ResourceId\":\"012345678901\"}"},
        {{.operation = DIRECTORY_TAGS, .account = {"012345678901", 12}, .page_token = {"x", 1}},
         "AWSOrganizationsV20161128.ListTagsForResource",
         "{\"ResourceId\":\"012345678901\",\"NextToken\":\"x\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct spurn_error err = {0};
        CHECK_INT(err.text, aws->build(&rows[i].call, &request, &err), SPURN_OK);
        CHECK_STR("", request.method, "POST");
        CHECK_TEXT("", request.path, text_of("/"));
        CHECK_TEXT("", header_of(&request, "x-amz-target"), text_of(rows[i].target));
        CHECK_TEXT("", header_of(&request, "content-type"), text_of("application/x-amz-json-1.1"));
        CHECK_TEXT("", request.body, text_of(rows[i].body));
        request_clear(&request);
    }
}

static void only_an_accounts_tags_are_asked_for(void)
{
    static const char *const ids[] = {"", "12345678901", "1234567890123", "r-abcd",
                                      "01234567890\""};
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct directory_call call = {.operation = DIRECTORY_TAGS,
                                            .account = text_of(ids[i])};
        struct request request;
        struct spurn_error err = {0};
        CHECK_INT(ids[i], aws->build(&call, &request, &err), SPURN_E_USAGE);
        request_clear(&request);
    }
}

/* Signatures computed with botocore 1.43. */
static void one_region_of_each_partition_is_signed_for(void)
{
    static const struct {
        const char *region, *url, *signed_for, *signature;
    } rows[] = {
        {"us-east-1", "https://organizations.us-east-1.amazonaws.com", "us-east-1",
         "9602ee6e2b4332e737312f55a7aee424d8814548b3914e4bff8209fa11064854"},
        {"eu-west-3", "https://organizations.us-east-1.amazonaws.com", "us-east-1",
         "9602ee6e2b4332e737312f55a7aee424d8814548b3914e4bff8209fa11064854"},
        {"cn-north-1", "https://organizations.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1",
         "f91dd41d294895afef6abc44ecbed14342cbaa0be0b17c59b0f981ee52a59ff3"},
        {"us-gov-east-1", "https://organizations.us-gov-west-1.amazonaws.com", "us-gov-west-1",
         NULL},
        {"eusc-de-east-1", "https://organizations.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
         NULL},
    };
    const struct cloud_keys keys = {
        text_of("AKIDEXAMPLE"), text_of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), TEXT_ABSENT};
    const struct cloud_moment moment = {.now_ms = INT64_C(1795316400000)};
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf url;
        struct request request;
        struct spurn_error err = {0};
        char scope[128];
        buf_init(&url, 256);
        CHECK_INT(err.text, aws->endpoint(text_of(rows[i].region), 0, &url, &err), SPURN_OK);
        CHECK_STR(rows[i].region, buf_str(&url), rows[i].url);
        const struct cloud_site site = {.region = text_of(rows[i].region),
                                        .host = place_host_of(buf_str(&url))};
        CHECK_INT("", aws->build(&accounts, &request, &err), SPURN_OK);
        CHECK_INT(err.text, aws->sign(d, &site, &keys, &moment, &request, &err), SPURN_OK);
        CHECK_TEXT("", request.host, site.host);
        struct spurn_text authorization = header_of(&request, "authorization");
        snprintf(scope, sizeof scope, "/20261122/%s/organizations/aws4_request",
                 rows[i].signed_for);
        CHECK(rows[i].region, strstr(authorization.at, scope) != NULL);
        if (rows[i].signature != NULL)
            CHECK(rows[i].region, strstr(authorization.at, rows[i].signature) != NULL);
        request_clear(&request);
        buf_clear(&url);
    }
    digest_close(d);
}

/* ---- pages ---- */

static void an_accounts_state_goes_before_its_status(void)
{
    static const struct {
        const char *id, *name;
        bool is_active;
    } rows[] = {
        {"111122223333", "management", true}, {"012345678901", "Log \"Archive\" \xC3\xBC", true},
        {"222222222222", "old", false},       {"333333333333", "leaving", false},
        {"444444444444", "coming", false},
    };
    struct reply_file file;
    struct directory_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/accounts_first_page.http", &file));
    directory_page_init(&page);
    CHECK_INT(err.text, aws->read_page(&accounts, &file.reply, &page, &err), SPURN_OK);
    memset(&file, 'X', sizeof file); /* the page must not borrow from the reply */
    CHECK_TEXT("", page.next_token, text_of("AAAABexample//token=="));
    if (CHECK_INT("", (int64_t)page.count, COUNT(rows)))
        for (size_t i = 0; i < COUNT(rows); i++) {
            CHECK_TEXT("", page.items[i].id, text_of(rows[i].id));
            CHECK_TEXT("", page.items[i].name, text_of(rows[i].name));
            CHECK_INT(rows[i].name, page.items[i].is_active, rows[i].is_active);
            CHECK("tags come apart", page.items[i].tags == NULL && page.items[i].tag_count == 0);
        }

    CHECK("", reply_file_read("tests/replies/aws/accounts_last_page.http", &file));
    CHECK_INT(err.text, aws->read_page(&accounts, &file.reply, &page, &err), SPURN_OK);
    CHECK("an empty page that is the last", page.count == 0 && page.next_token.at == NULL);
    directory_page_clear(&page);
}

static void tags_are_those_of_one_account(void)
{
    struct reply_file file;
    struct directory_page page;
    struct spurn_error err = {0};
    CHECK("", reply_file_read("tests/replies/aws/account_tags.http", &file));
    directory_page_init(&page);
    CHECK_INT(err.text, aws->read_page(&tags, &file.reply, &page, &err), SPURN_OK);
    memset(&file, 'X', sizeof file);
    if (CHECK("", page.count == 1 && page.items[0].tag_count == 3)) {
        const struct directory_tag *got = page.items[0].tags;
        CHECK("", page.items[0].id.at == NULL && page.next_token.at == NULL);
        CHECK_TEXT("", got[0].key, text_of("env"));
        CHECK_TEXT("", got[0].value, text_of("prod"));
        CHECK_TEXT("", got[1].key, text_of("cost:centre"));
        CHECK_TEXT("an empty value is one", got[1].value, text_of(""));
        CHECK_TEXT("", got[2].value, text_of("J\xC3\xBCrgen @ 3"));
    }
    struct reply none = reply_of(200, "{\"Tags\":[]}");
    CHECK_INT(err.text, aws->read_page(&tags, &none, &page, &err), SPURN_OK);
    CHECK("an account without tags", page.count == 1 && page.items[0].tag_count == 0);
    directory_page_clear(&page);
}

static void what_cannot_be_read_whole_is_never_an_empty_page(void)
{
    static const struct {
        const struct directory_call *call;
        const char *body, *because;
    } rows[] = {
        {&accounts, "", "it is empty"},
        {&accounts, "<html>", "it is HTML or XML, not JSON"},
        {&accounts, "{}", "it has no Accounts"},
        {&accounts, "{\"Accounts\":null}", "it has no Accounts"},
        {&accounts, "{\"Tags\":[]}", "it has no Accounts"},
        {&accounts, "{\"Accounts\":[{\"Status\":\"ACTIVE\"}]}", "no Id of 12 digits"},
        {&accounts, "{\"Accounts\":[{\"Id\":\"1\",\"Status\":\"ACTIVE\"}]}", "no Id of 12 digits"},
        {&accounts, "{\"Accounts\":[{\"Id\":\"01234567890a\",\"Status\":\"ACTIVE\"}]}",
         "no Id of 12 digits"},
        {&accounts, "{\"Accounts\":[{\"Id\":12345678901,\"Status\":\"ACTIVE\"}]}",
         "expected a string (Id"},
        {&accounts, "{\"Accounts\":[{\"Id\":\"012345678901\"}]}", "neither State nor Status"},
        {&accounts, "{\"Accounts\":[{\"Id\":\"012345678901\",\"Status\":\"ACTIVE\"}]", "(byte "},
        {&tags, "{\"Accounts\":[]}", "it has no Tags"},
        {&tags, "{\"Tags\":[{\"Value\":\"x\"}]}", "a tag has no Key or no Value"},
        {&tags, "{\"Tags\":[{\"Key\":\"x\"}]}", "a tag has no Key or no Value"},
        {&tags, "{\"Tags\":[{\"Key\":\"x\",\"Value\":null}]}", "a tag has no Key or no Value"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct directory_page page;
        struct spurn_error err = {0};
        struct reply reply = reply_of(200, rows[i].body);
        directory_page_init(&page);
        CHECK_INT(rows[i].body, aws->read_page(rows[i].call, &reply, &page, &err), SPURN_E_CLOUD);
        if (!CHECK(rows[i].body, strstr(err.text, rows[i].because) != NULL))
            printf("     says: %s\n", err.text);
        CHECK(rows[i].body, strncmp(err.text, "cannot read the reply to List", 29) == 0);
        CHECK_INT(rows[i].body, (int64_t)page.count, 0);
        CHECK(rows[i].body, page.next_token.at == NULL);
        directory_page_clear(&page);
    }
}

/* ---- errors ---- */

static void a_refusal_is_told_from_an_organization_that_is_none(void)
{
    static const struct {
        const char *file;
        enum cloud_error_kind kind;
        const char *label, *message;
    } rows[] = {
        {"accounts_error_denied", CLOUD_ERROR_REFUSED, "AccessDeniedException",
         "You don't have permissions"},
        {"accounts_error_no_organization", CLOUD_ERROR_OTHER, "AWSOrganizationsNotInUseException",
         "Your account is not a member of an organization."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[128];
        struct reply_file file;
        struct cloud_error error;
        snprintf(path, sizeof path, "tests/replies/aws/%s.http", rows[i].file);
        CHECK(path, reply_file_read(path, &file));
        aws->read_error(&file.reply, &error);
        CHECK_INT(rows[i].file, error.kind, rows[i].kind);
        CHECK_STR(rows[i].file, error.label, rows[i].label);
        CHECK(rows[i].file, strstr(error.message, rows[i].message) != NULL);
    }
}

static const struct unit_test rules[] = {
    {"each operation sends what its model says", each_operation_sends_what_its_model_says},
    {"only an account's tags are asked for", only_an_accounts_tags_are_asked_for},
    {"one region of each partition is signed for", one_region_of_each_partition_is_signed_for},
    {"an account's state goes before its status", an_accounts_state_goes_before_its_status},
    {"tags are those of one account", tags_are_those_of_one_account},
    {"what cannot be read whole is never an empty page",
     what_cannot_be_read_whole_is_never_an_empty_page},
    {"a refusal is told from an organization that is none",
     a_refusal_is_told_from_an_organization_that_is_none},
};
UNIT_MAIN(rules)

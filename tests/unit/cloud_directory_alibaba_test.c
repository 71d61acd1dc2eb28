/* cloud_directory_alibaba_test.c - the accounts of an Alibaba Cloud resource directory: what is asked, and pages read whole or not at all. */
#include "cloud/directory.h"
#include "reply_file.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static struct spurn_text parameter_of(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->parameter_count; i++)
        if (text_is(r->parameters[i].name, name))
            return r->parameters[i].value;
    return TEXT_ABSENT;
}

static struct spurn_text header_of(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (text_is_nocase(r->headers[i].name, name))
            return r->headers[i].value;
    return TEXT_ABSENT;
}

static void pages_are_asked_for_by_their_numbers_and_with_tags(void)
{
    static const struct {
        const char *label, *token, *number; /* number NULL: refused */
    } rows[] = {
        {"first", NULL, "1"},     {"second", "2", "2"},
        {"ninth", "0009", "9"},   {"none", "", NULL},
        {"no number", "x", NULL}, {"before the first", "0", NULL},
        {"less", "-1", NULL},     {"far", "99999999999999999999", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct directory_call call = {.page_token = text_of(rows[i].token)};
        struct request request;
        struct spurn_error err = {0};
        enum spurn_status status = directory_alibaba.build(&call, &request, &err);
        CHECK_INT(rows[i].label, status, rows[i].number == NULL ? SPURN_E_USAGE : SPURN_OK);
        if (rows[i].number != NULL) {
            CHECK_STR(rows[i].label, request.method, "POST");
            CHECK_TEXT(rows[i].label, header_of(&request, "x-acs-action"), text_of("ListAccounts"));
            CHECK_TEXT(rows[i].label, header_of(&request, "x-acs-version"), text_of("2020-03-31"));
            CHECK_TEXT(rows[i].label, parameter_of(&request, "PageNumber"),
                       text_of(rows[i].number));
            CHECK_TEXT(rows[i].label, parameter_of(&request, "PageSize"), text_of("100"));
            CHECK_TEXT(rows[i].label, parameter_of(&request, "IncludeTags"), text_of("true"));
        }
        request_clear(&request);
    }
}

static void tags_do_not_come_apart(void)
{
    const struct directory_call call = {.operation = DIRECTORY_TAGS,
                                        .account = text_of("1817610956900001")};
    struct request request;
    struct spurn_error err = {0};
    CHECK("", !directory_alibaba.tags_come_apart);
    CHECK_INT("", directory_alibaba.build(&call, &request, &err), SPURN_E_USAGE);
    request_clear(&request);
}

static void the_one_host_is_asked_and_the_request_is_signed(void)
{
    const struct directory_call call = {.page_token = TEXT_ABSENT};
    const struct cloud_site site = {.host = text_of("resourcemanager.aliyuncs.com")};
    const struct cloud_keys keys = {text_of("STS.A"), text_of("secret"), text_of("TOK")};
    const struct cloud_moment moment = {INT64_C(1795316400000), text_of("nonce")};
    struct digest *d = NULL;
    struct request request;
    struct spurn_error err = {0};
    struct buf url;
    buf_init(&url, 256);
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    CHECK_INT("", directory_alibaba.endpoint(text_of("cn-hangzhou"), 0, &url, &err), SPURN_OK);
    CHECK_STR("", buf_str(&url), "https://resourcemanager.aliyuncs.com");
    CHECK_INT("", directory_alibaba.build(&call, &request, &err), SPURN_OK);
    CHECK_INT("", directory_alibaba.sign(d, &site, &keys, &moment, &request, &err), SPURN_OK);
    CHECK_TEXT("", request.host, site.host);
    CHECK_TEXT("", header_of(&request, "x-acs-security-token"), text_of("TOK"));
    CHECK("", text_starts(header_of(&request, "authorization"),
                          "ACS3-HMAC-SHA256 Credential=STS.A,SignedHeaders="));
    request_clear(&request);
    digest_close(d);
    buf_clear(&url);
}

struct want {
    const char *id, *name;
    bool is_active;
    size_t tag_count;
};

static void check_account(const struct directory_account *got, const struct want *want)
{
    CHECK_TEXT(want->id, got->id, text_of(want->id));
    CHECK_TEXT(want->id, got->name, text_of(want->name));
    CHECK(want->id, got->is_active == want->is_active);
    CHECK_INT(want->id, (int64_t)got->tag_count, (int64_t)want->tag_count);
}

/* The reply's memory is gone before the page is read. */
static void a_page_tells_accounts_tags_and_the_next_page(void)
{
    static const struct {
        const char *path, *token, *next;
        struct want accounts[3];
    } pages[] = {
        {"tests/replies/alibaba/accounts_first_page.http",
         NULL,
         "2",
         {{"1817610956900001", "payments \xe2\x98\x83", true, 5},
          {"1817610956900002", "on its way", false, 0},
          {"1817610956900003", NULL, true, 0}}},
        {"tests/replies/alibaba/accounts_last_page.http",
         "2",
         NULL,
         {{"1817610956900004", "four", true, 0}, {"1817610956900005", "five", false, 0}}},
    };
    static const struct directory_tag tags[] = {
        {{"env", 3}, {"prod", 4}}, {{"team", 4}, {"a", 1}}, {{"c", 1}, {"", 0}},
        {{"d", 1}, {"4", 1}},      {{"e", 1}, {"5", 1}},
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        const struct directory_call call = {.page_token = text_of(pages[i].token)};
        struct reply_file file;
        struct directory_page page;
        struct spurn_error err = {0};
        directory_page_init(&page);
        CHECK(pages[i].path, reply_file_read(pages[i].path, &file));
        CHECK_INT(pages[i].path, directory_alibaba.read_page(&call, &file.reply, &page, &err),
                  SPURN_OK);
        memset(&file, 'X', sizeof file);
        CHECK_TEXT(pages[i].path, page.next_token, text_of(pages[i].next));
        CHECK_INT(pages[i].path, (int64_t)page.count, i == 0 ? 3 : 2);
        for (size_t k = 0; k < page.count; k++)
            check_account(&page.items[k], &pages[i].accounts[k]);
        for (size_t k = 0; i == 0 && k < COUNT(tags); k++) {
            CHECK_TEXT("", page.items[0].tags[k].key, tags[k].key);
            CHECK_TEXT("", page.items[0].tags[k].value, tags[k].value);
        }
        directory_page_clear(&page);
    }
}

#define PAGE(numbers, accounts) "{" numbers ",\"Accounts\":{\"Account\":[" accounts "]}}"
#define NUMBERS(total)          "\"TotalCount\":" total ",\"PageSize\":100,\"PageNumber\":1"

static void a_page_that_cannot_be_read_whole_is_an_error(void)
{
    static const struct {
        const char *label, *body, *says; /* NULL: it is well */
    } rows[] = {
        {"an empty directory", PAGE(NUMBERS("0"), ""), NULL},
        {"one account", PAGE(NUMBERS("1"), "{\"AccountId\":\"1\",\"Status\":\"New\"}"), NULL},
        {"cut off", "{\"TotalCount\":1,\"Acc", "cannot read the reply to ListAccounts: it ends"},
        {"a page of HTML", "<html>", "cannot read the reply to ListAccounts: "},
        {"empty", "", "cannot read the reply to ListAccounts: "},
        {"no accounts", "{" NUMBERS("0") "}", "it has no Accounts"},
        {"no numbers", "{\"Accounts\":{\"Account\":[]}}", "PageSize or TotalCount"},
        {"another page",
         "{\"TotalCount\":1,\"PageSize\":1,\"PageNumber\":2,\"Accounts\":"
         "{\"Account\":[]}}",
         "another page than was asked for"},
        {"accounts that are not there", PAGE(NUMBERS("7"), ""), "the page is empty"},
        {"no id", PAGE(NUMBERS("1"), "{\"Status\":\"CreateSuccess\"}"), "AccountId is none"},
        {"odd id", PAGE(NUMBERS("1"), "{\"AccountId\":\"1/../2\"}"), "AccountId is none"},
        {"id as a number", PAGE(NUMBERS("1"), "{\"AccountId\":1}"), "expected a string"},
        {"half a tag",
         PAGE(NUMBERS("1"), "{\"AccountId\":\"1\",\"Tags\":{\"Tag\":[{\"Key\":\"a\"}]}}"),
         "a tag has no Key or no Value"},
    };
    const struct directory_call call = {.page_token = TEXT_ABSENT};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct reply reply = {.http_status = 200, .body = text_of(rows[i].body)};
        struct directory_page page;
        struct spurn_error err = {0};
        directory_page_init(&page);
        enum spurn_status status = directory_alibaba.read_page(&call, &reply, &page, &err);
        CHECK_INT(rows[i].label, status, rows[i].says == NULL ? SPURN_OK : SPURN_E_CLOUD);
        if (rows[i].says != NULL) {
            CHECK(err.text, strstr(err.text, rows[i].says) != NULL);
            CHECK_INT(rows[i].label, (int64_t)page.count, 0);
        }
        directory_page_clear(&page);
    }
}

static void an_error_answer_is_read_as_any_of_this_cloud(void)
{
    const struct reply reply = {
        .http_status = 403,
        .body = text_of("{\"Code\":\"NoPermission\",\"Message\":\"You are not authorized.\"}")};
    struct cloud_error error;
    directory_alibaba.read_error(&reply, &error);
    CHECK_INT("", error.kind, CLOUD_ERROR_REFUSED);
    CHECK_STR("", error.code, "NoPermission");
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(pages_are_asked_for_by_their_numbers_and_with_tags),
    TEST(tags_do_not_come_apart),
    TEST(the_one_host_is_asked_and_the_request_is_signed),
    TEST(a_page_tells_accounts_tags_and_the_next_page),
    TEST(a_page_that_cannot_be_read_whole_is_an_error),
    TEST(an_error_answer_is_read_as_any_of_this_cloud),
};

UNIT_MAIN(tests)

/* credentials_aws_sso_test.c - keys of AWS SSO: the login that the command line left, and what the portal makes of it. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const char start_url[] = "https://example.awsapps.com/start";

/* A home with the file of one login in it. */
struct home {
    char path[64], variable[80], token[160];
};

static void make_home(struct home *h, const char *name, const char *content)
{
    static const char *const folders[] = {".aws", ".aws/sso", ".aws/sso/cache"};
    const char *parent = getenv("TMPDIR");
    char folder[128];
    snprintf(h->path, sizeof h->path, "%.40s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(h->path) != NULL);
    snprintf(h->variable, sizeof h->variable, "HOME=%s", h->path);
    for (size_t i = 0; i < COUNT(folders); i++) {
        snprintf(folder, sizeof folder, "%s/%s", h->path, folders[i]);
        CHECK(folder, mkdir(folder, 0700) == 0);
    }
    snprintf(h->token, sizeof h->token, "%s/%s", folder, name);
    if (content == NULL)
        return;
    int fd = open(h->token, O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(h->token, fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
    close(fd);
}

static void remove_home(const struct home *h)
{
    static const char *const folders[] = {".aws/sso/cache", ".aws/sso", ".aws", "."};
    char folder[128];
    unlink(h->token);
    for (size_t i = 0; i < COUNT(folders); i++) {
        snprintf(folder, sizeof folder, "%s/%s", h->path, folders[i]);
        rmdir(folder);
    }
    rmdir(h->path);
}

/* Named as the command line names them: the SHA-1 of the session's name, or of the start URL. */
static const char session_file[] = "9e28173066ce536e277c5fb355efd9c64f398167.json";
static const char start_file[] = "e8be5486177c5b5392bd9aa76563515b29358e6e.json";

static const char login[] =
    "{\"startUrl\": \"https://example.awsapps.com/start\", \"region\": \"eu-west-1\", "
    "\"accessToken\": \"SECRET-access\", \"expiresAt\": \"2026-11-22T11:00:00Z\", "
    "\"clientId\": \"SECRET-client\", \"clientSecret\": \"SECRET-secret\", "
    "\"registrationExpiresAt\": \"2027-01-22T11:00:00Z\", \"refreshToken\": \"SECRET-refresh\"}";

static void init(struct source_case *c, const struct home *h, const char *session)
{
    source_case_init(c, &source_aws_sso);
    c->variables[0] = h->variable;
    c->source.settings.sso_session = text_of(session);
    c->source.settings.sso_start_url = text_of(start_url);
    c->source.settings.sso_region = text_of("eu-west-1");
    c->source.settings.account = text_of("888888888888");
    c->source.settings.role_name = text_of("Read Only");
    c->source.settings.profile = text_of("people");
}

static void a_logins_token_goes_to_the_portal_of_its_region(void)
{
    static const struct {
        const char *session, *file, *given, *set, *url;
    } rows[] = {
        {"my-session", session_file, NULL, NULL, "https://portal.sso.eu-west-1.amazonaws.com"},
        {NULL, start_file, NULL, NULL, "https://portal.sso.eu-west-1.amazonaws.com"},
        {NULL, start_file, "http://127.0.0.1:4566", "https://no.example", "http://127.0.0.1:4566"},
        {NULL, start_file, NULL, "https://portal.example", "https://portal.example"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct home h = {0};
        struct source_case c;
        struct buf query;
        make_home(&h, rows[i].file, login);
        init(&c, &h, rows[i].session);
        c.search.ask.endpoints.sso = rows[i].given;
        c.search.settings.sso = text_of(rows[i].set);
        if (!CHECK_INT(rows[i].file, source_case_ask(&c), SOURCE_SEND))
            printf("     says: %s\n", c.err.text);
        buf_init(&query, 256);
        request_add_query(&c.search.request, &query);
        CHECK_STR("", c.search.request.method, "GET");
        CHECK_STR("", c.search.base_url, rows[i].url);
        CHECK_TEXT("", c.search.request.path, text_of("/federation/credentials"));
        CHECK_STR("", buf_str(&query), "role_name=Read%20Only&account_id=888888888888");
        CHECK_TEXT("", source_case_header(&c, "x-amz-sso_bearer_token"), text_of("SECRET-access"));
        CHECK("", source_case_header(&c, "authorization").at == NULL && !c.search.is_near);
        buf_clear(&query);
        source_case_clear(&c);
        remove_home(&h);
    }
}

static void the_portals_keys_are_the_roles(void)
{
    static const struct source_keys_want want = {.id = "ASIAEXAMPLESSOKEYS01",
                                                 .secret = "SECRET-sso/key",
                                                 .token = "SECRET-sso-token//8=",
                                                 .account = "888888888888",
                                                 .expires_ms = INT64_C(1795345200000)};
    struct home h = {0};
    struct source_case c;
    make_home(&h, session_file, login);
    init(&c, &h, "my-session");
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_INT(c.err.text, source_case_hear_file(&c, "sso_keys"), SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
    remove_home(&h);
}

static void a_login_is_good_until_its_end_as_every_tool_writes_it(void)
{
    static const struct {
        const char *end;
        bool is_good;
    } rows[] = {
        {"2026-11-22T03:00:01Z", true},       {"2026-11-22T03:00:01UTC", true},
        {"2026-11-22T03:00:00.500Z", true},   {"2026-11-22T04:30:00+01:00", true},
        {"2026-11-22T03:00:00Z", false},      {"2026-11-22T02:59:59UTC", false},
        {"2026-11-22T03:30:00+01:00", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct home h = {0};
        struct source_case c;
        char content[256];
        snprintf(content, sizeof content,
                 "{\"accessToken\":\"SECRET-access\",\"expiresAt\":\"%s\"}", rows[i].end);
        make_home(&h, session_file, content);
        init(&c, &h, "my-session");
        CHECK_INT(rows[i].end, source_case_ask(&c), rows[i].is_good ? SOURCE_SEND : SOURCE_FAILED);
        if (!rows[i].is_good) {
            source_case_check_says(
                rows[i].end, &c, "cannot use the source: its AWS SSO login expired at 2026-11-22T0",
                "; run aws sso login --sso-session my-session");
        }
        source_case_clear(&c);
        remove_home(&h);
    }
}

static void without_a_login_a_person_is_told_to_log_in(void)
{
    static const struct {
        const char *label, *session, *content, *says, *advises;
    } rows[] = {
        {"no file, a session", "my-session", NULL, "there is no AWS SSO login for it",
         "run aws sso login --sso-session my-session"},
        {"no file, no session", NULL, NULL, "there is no AWS SSO login for it",
         "run aws sso login --profile people"},
        {"no token", NULL, "{\"expiresAt\":\"2026-11-22T11:00:00Z\"}", "no accessToken",
         "run aws sso login"},
        {"an empty token", NULL, "{\"accessToken\":\"\",\"expiresAt\":\"2026-11-22T11:00:00Z\"}",
         "no accessToken", "run aws sso login"},
        {"no end", NULL, "{\"accessToken\":\"SECRET-access\"}", "no expiresAt",
         "run aws sso login"},
        {"an end that is none", NULL, "{\"accessToken\":\"SECRET-access\",\"expiresAt\":\"UTC\"}",
         "no expiresAt", "run aws sso login"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct home h = {0};
        struct source_case c;
        make_home(&h, rows[i].session != NULL ? session_file : start_file, rows[i].content);
        init(&c, &h, rows[i].session);
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_FAILED);
        source_case_check_says(rows[i].label, &c, "cannot use the source: ", rows[i].says);
        source_case_check_says(rows[i].label, &c, "cannot use the source: ", rows[i].advises);
        source_case_clear(&c);
        remove_home(&h);
    }
}

static void a_login_that_cannot_be_read_is_said(void)
{
    static const char *const contents[] = {
        "",
        "{",
        "SECRET-access",
        "[]",
        "{\"accessToken\":{}}",
        "{\"accessToken\":\"SECRET-\\n\",\"expiresAt\":\"2026-11-22T11:00:00Z\"}"};
    for (size_t i = 0; i < COUNT(contents); i++) {
        struct home h = {0};
        struct source_case c;
        make_home(&h, start_file, contents[i]);
        init(&c, &h, NULL);
        CHECK_INT(contents[i], source_case_ask(&c), SOURCE_FAILED);
        source_case_check_says(contents[i], &c, "cannot use the source: ", i < 5 ? h.token : "");
        source_case_check_says(contents[i], &c, "",
                               i < 5 ? "; run aws sso login --profile people"
                                     : "none that can be sent");
        source_case_clear(&c);
        remove_home(&h);
    }
}

static void without_a_home_there_is_no_login(void)
{
    struct home h = {0};
    struct source_case c;
    make_home(&h, session_file, login);
    init(&c, &h, "my-session");
    c.variables[0] = NULL;
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the source: ", "HOME is not set");
    source_case_clear(&c);
    remove_home(&h);
}

static void a_region_that_is_none_is_said_before_anything_is_sent(void)
{
    struct home h = {0};
    struct source_case c;
    make_home(&h, session_file, login);
    init(&c, &h, "my-session");
    c.source.settings.sso_region = text_of("atlantis");
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot find where portal.sso is: ", "atlantis");
    source_case_clear(&c);
    remove_home(&h);
}

static void a_portal_that_refuses_says_what_to_do(void)
{
    static const struct {
        const char *file, *says, *advises;
    } rows[] = {
        {"sso_error_expired", "401 UnauthorizedException: Session token not found or invalid",
         "; run aws sso login --sso-session my-session"},
        {"sso_error_no_access", "403 ForbiddenException: No access",
         "sso_account_id and sso_role_name"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct home h = {0};
        struct source_case c;
        make_home(&h, session_file, login);
        init(&c, &h, "my-session");
        CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
        CHECK_INT("", source_case_hear_file(&c, rows[i].file), SOURCE_FAILED);
        source_case_check_says(rows[i].file, &c,
                               "cannot use the source: AWS SSO gives no keys: ", rows[i].says);
        source_case_check_says(rows[i].file, &c, "cannot use the source: ", rows[i].advises);
        source_case_clear(&c);
        remove_home(&h);
    }
}

#define ROLE_KEYS                                                                                  \
    "\"accessKeyId\":\"ASIAX\",\"secretAccessKey\":\"SECRET-x\",\"sessionToken\":\"SECRET-t\""

static void what_a_portal_answers_otherwise_gives_no_keys(void)
{
    static const struct {
        int http_status; /* 0: no reply */
        const char *body, *says;
    } rows[] = {
        {0, "", "timed out"},
        {200, "", "its answer cannot be read"},
        {200, "<html>", "its answer cannot be read"},
        {200, "{}", "its answer holds no keys"},
        {200, "{\"roleCredentials\":null}", "its answer cannot be read"},
        {200, "{\"roleCredentials\":{" ROLE_KEYS "}}", "without an Expiration"},
        {200, "{\"roleCredentials\":{" ROLE_KEYS ",\"expiration\":\"soon\"}}",
         "its answer cannot be read"},
        {200, "{\"roleCredentials\":{" ROLE_KEYS ",\"expiration\":1795316400000}}", "expired"},
        {200, "{\"roleCredentials\":{" ROLE_KEYS ",\"expiration\":-9223372036854775808}}",
         "at no time there is"},
        {200, "{\"roleCredentials\":{" ROLE_KEYS ",\"expiration\":9223372036854775807}}",
         "at no time there is"},
        {200,
         "{\"roleCredentials\":{\"accessKeyId\":\"ASIAX\",\"secretAccessKey\":\"SECRET-x\","
         "\"expiration\":1795320000000}}",
         "sessionToken is missing"},
        {200, "{\"roleCredentials\":{" ROLE_KEYS ",\"expiration\":1795320000000}",
         "its answer cannot be read"},
        {503, "<html>", "portal.sso.eu-west-1.amazonaws.com answered 503"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct home h = {0};
        struct source_case c;
        make_home(&h, session_file, login);
        init(&c, &h, "my-session");
        CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
        enum source_answer answer =
            rows[i].http_status == 0
                ? source_case_hear_nothing(&c)
                : source_case_hear_reply(&c, reply_of(rows[i].http_status, rows[i].body));
        CHECK_INT(rows[i].body, answer, SOURCE_FAILED);
        source_case_check_says(rows[i].body, &c, "cannot use the source: ", rows[i].says);
        CHECK("", c.search.keys.id.at == NULL);
        source_case_clear(&c);
        remove_home(&h);
    }
}

static const struct unit_test tests[] = {
    {"a login's token goes to the portal of its region",
     a_logins_token_goes_to_the_portal_of_its_region},
    {"the portal's keys are the role's", the_portals_keys_are_the_roles},
    {"a login is good until its end, as every tool writes it",
     a_login_is_good_until_its_end_as_every_tool_writes_it},
    {"without a login a person is told to log in", without_a_login_a_person_is_told_to_log_in},
    {"a login that cannot be read is said", a_login_that_cannot_be_read_is_said},
    {"without a home there is no login", without_a_home_there_is_no_login},
    {"a region that is none is said before anything is sent",
     a_region_that_is_none_is_said_before_anything_is_sent},
    {"a portal that refuses says what to do", a_portal_that_refuses_says_what_to_do},
    {"what a portal answers otherwise gives no keys",
     what_a_portal_answers_otherwise_gives_no_keys},
};
UNIT_MAIN(tests)

/* credentials_alibaba_sources_test.c - Alibaba Cloud's STS, metadata, addresses and programs: what is asked, what each answer comes to. */
#include <stdlib.h>
#include <unistd.h>

#include "source_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const char role[] = "acs:ram::1234567890123456:role/ops";

static void init(struct source_case *c, const struct source_kind *kind)
{
    source_case_init(c, kind);
    c->search.ask.cloud = CREDENTIALS_ALIBABA;
    c->search.ask.region = text_of("cn-hangzhou");
}

static void init_role(struct source_case *c)
{
    init(c, &source_alibaba_role);
    source_case_give_keys(c, "TOK");
    c->source.settings.role_arn = text_of(role);
}

static void init_identity(struct source_case *c)
{
    init(c, &source_alibaba_identity);
    source_case_give_keys(c, NULL);
}

static void init_instance(struct source_case *c)
{
    init(c, &source_alibaba_instance);
    c->source.stage = 2; /* the keys of a role whose name is known */
    c->source.settings.role_name = text_of("mine");
}

static void init_uri(struct source_case *c)
{
    init(c, &source_alibaba_uri);
    c->source.settings.url = text_of("https://keys.example/a");
}

static void init_cloud_sso(struct source_case *c)
{
    init(c, &source_alibaba_cloud_sso);
    c->source.settings.sign_in_url = text_of("https://signin.example/start");
    c->source.settings.account = text_of("1234567890123456");
    c->source.settings.access_config = text_of("ac-1");
    c->source.settings.access_token = text_of("BEARER");
    c->source.settings.access_expires_ms = SOURCE_NOW + 1;
}

/* ---- where STS is ---- */

static void sts_is_asked_where_the_nearest_word_says(void)
{
    static const struct {
        const char *label;
        const char *given, *url, *region; /* of the configuration; of the source */
        bool uses_vpc;
        unsigned variants;
        const char *variables[2];
        const char *want;
    } rows[] = {
        {.label = "nobody says", .want = "https://sts.aliyuncs.com"},
        {.label = "the profile's region",
         .region = "eu-central-1",
         .variables = {"ALIBABA_CLOUD_STS_REGION=cn-beijing"},
         .want = "https://sts.eu-central-1.aliyuncs.com"},
        {.label = "the environment's region",
         .variables = {"ALIBABA_CLOUD_STS_REGION=cn-beijing"},
         .want = "https://sts.cn-beijing.aliyuncs.com"},
        {.label = "the profile's VPC",
         .region = "cn-beijing",
         .uses_vpc = true,
         .want = "https://sts-vpc.cn-beijing.aliyuncs.com"},
        {.label = "the environment's VPC",
         .variables = {"ALIBABA_CLOUD_STS_REGION=cn-beijing",
                       "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=TRUE"},
         .want = "https://sts-vpc.cn-beijing.aliyuncs.com"},
        {.label = "the configuration's VPC, in the target's region",
         .variants = PLACE_VPC,
         .want = "https://sts-vpc.cn-hangzhou.aliyuncs.com"},
        {.label = "the profile's endpoint",
         .url = "https://sts.example",
         .region = "cn-beijing",
         .want = "https://sts.example"},
        {.label = "the configuration's endpoint",
         .given = "http://127.0.0.1:4566",
         .url = "https://sts.example",
         .want = "http://127.0.0.1:4566"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init_role(&c);
        c.search.ask.endpoints.sts = rows[i].given;
        c.search.ask.variants = rows[i].variants;
        c.source.settings.url = text_of(rows[i].url);
        c.source.settings.region = text_of(rows[i].region);
        c.source.settings.uses_vpc = rows[i].uses_vpc;
        for (int k = 0; k < 2; k++)
            c.variables[k] = rows[i].variables[k];
        CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
        CHECK_STR(rows[i].label, c.search.base_url, rows[i].want);
        CHECK(rows[i].label, !c.search.is_near && c.search.tries == 3);
        source_case_clear(&c);
    }
}

static void a_region_that_cannot_be_is_refused(void)
{
    struct source_case c;
    init_role(&c);
    c.source.settings.region = text_of("cn-hangzhou/../x");
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the source: ", "region");
    CHECK_INT("", c.err.status, SPURN_E_CREDENTIALS);
    source_case_clear(&c);
}

static bool body_has(const struct source_case *c, const char *part)
{
    struct spurn_text body = c->search.request.body;
    return body.len > 0 && strstr(body.at, part) != NULL;
}

/* Nothing of it in the address, where others' logs would keep it. */
static void what_is_sent_is_in_the_body_and_signed_anew_each_time(void)
{
    struct source_case c;
    char first[2048];
    init_role(&c);
    c.source.settings.external_id = text_of("a b+c");
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_STR("", c.search.request.method, "POST");
    CHECK_TEXT("", c.search.request.path, text_of("/"));
    CHECK_INT("", (int64_t)c.search.request.parameter_count, 0);
    CHECK_TEXT("", source_case_header(&c, "content-type"),
               text_of("application/x-www-form-urlencoded"));
    CHECK("", body_has(&c, "ExternalId=a%20b%2Bc&AccessKeyId=AKIDEXAMPLE&"));
    CHECK("", body_has(&c, "Timestamp=2026-11-22T03%3A00%3A00Z&SecurityToken=TOK&Signature="));
    snprintf(first, sizeof first, "%.*s", TEXT_ARG(c.search.request.body));
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK("", !text_equal(c.search.request.body, text_of(first)));
    source_case_clear(&c);
}

static void a_token_of_oidc_is_sent_unsigned_and_read_anew(void)
{
    struct source_case c;
    char path[256];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/spurn-token-XXXXXX", folder == NULL ? P_tmpdir : folder);
    int fd = mkstemp(path);
    CHECK(path, fd >= 0 && write(fd, "one\n", 4) == 4);
    init(&c, &source_alibaba_oidc);
    c.source.settings.role_arn = text_of(role);
    c.source.settings.provider_arn = text_of("acs:ram::1:oidc-provider/x");
    c.source.settings.token_file = text_of(path);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK("", body_has(&c, "Action=AssumeRoleWithOIDC&") && body_has(&c, "&OIDCToken=one"));
    CHECK("", !body_has(&c, "Signature") && !body_has(&c, "AccessKeyId"));
    CHECK(path, pwrite(fd, "two\n", 4, 0) == 4);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK("", body_has(&c, "&OIDCToken=two"));
    source_case_clear(&c);
    close(fd);
    unlink(path);
}

/* ---- answers ---- */

#define CREDENTIALS(end)                                                                           \
    "\"AccessKeyId\":\"STS.N\",\"AccessKeySecret\":\"SECRET-N\",\"SecurityToken\":\"TOK-N\","      \
    "\"Expiration\":\"" end "\""
#define LATER "2026-11-22T04:00:00Z"
#define ASSUMED(end)                                                                               \
    "{\"RequestId\":\"1\",\"AssumedRoleUser\":{\"AssumedRoleId\":\"3000:spurn\",\"Arn\":"          \
    "\"acs:ram::1234567890123456:role/ops/spurn\"},\"Credentials\":{" CREDENTIALS(end) "}}"
#define ERROR(code)                                                                                \
    "{\"RequestId\":\"1\",\"HostId\":\"sts.aliyuncs.com\",\"Code\":\"" code                        \
    "\",\"Message\":\"Because.\",\"Recommend\":\"https://next.example\"}"

static void an_answer_is_taken_whole_or_not_at_all(void)
{
    static const struct {
        const char *label;
        void (*init)(struct source_case *c);
        int status; /* 0: none came */
        const char *body;
        enum source_answer want;
        const char *account, *principal;
        const char *begins, *holds; /* of the error */
    } rows[] = {
        {"role", init_role, 200, ASSUMED(LATER), SOURCE_KEYS, "1234567890123456",
         "acs:ram::1234567890123456:role/ops/spurn", NULL, NULL},
        {"role, of another account", init_role, 200,
         "{\"AssumedRoleUser\":{\"Arn\":\"acs:ram::9999999999999999:role/spurn/x\"},"
         "\"Credentials\":{" CREDENTIALS(LATER) "}}",
         SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "keys of account 9999999999999999"},
        {"role, refused", init_role, 403, ERROR("NoPermission"), SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: sts.aliyuncs.com answered 403 NoPermission: Because; ",
         "sts:AssumeRole"},
        {"role, refused without an external id", init_role, 403, ERROR("NoPermission"),
         SOURCE_FAILED, NULL, NULL, "cannot assume the source: ",
         "; no external id was sent: where the trust policy asks for one"},
        {"role, which is none", init_role, 404, ERROR("EntityNotExist.Role"), SOURCE_FAILED, NULL,
         NULL, "cannot assume the source: ", "look at the role's name"},
        {"role, unknown key", init_role, 404, ERROR("InvalidAccessKeyId.NotFound"), SOURCE_FAILED,
         NULL, NULL, "cannot assume the source: ", "does not exist"},
        {"role, expired keys", init_role, 400, ERROR("InvalidSecurityToken.Expired"), SOURCE_FAILED,
         NULL, NULL, "cannot assume the source: ", "get fresh ones"},
        {"role, another's token", init_role, 400,
         ERROR("InvalidSecurityToken.MismatchWithAccessKey"), SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "the token is not these keys'"},
        {"role, the clock", init_role, 400, ERROR("InvalidTimeStamp.Expired"), SOURCE_FAILED, NULL,
         NULL, "cannot assume the source: ", "set this machine's clock"},
        {"role, something new", init_role, 400, ERROR("Whatever"), SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "answered 400 Whatever: Because."},
        {"role, a page", init_role, 502, "<html>", SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "answered 502"},
        {"role, nothing", init_role, 0, NULL, SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "timed out"},
        {"role, expired already", init_role, 200, ASSUMED("2026-11-22T02:00:00Z"), SOURCE_FAILED,
         NULL, NULL, "cannot use the source: ", "expired 1h ago"},
        {"role, no time", init_role, 200, ASSUMED("soon"), SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "Expiration of the keys it gave is no time"},
        {"role, cut off", init_role, 200, "{\"Credentials\":{\"AccessKeyId\":\"STS", SOURCE_FAILED,
         NULL, NULL, "cannot assume the source: ", "its answer cannot be read"},
        {"role, empty", init_role, 200, "", SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "its answer cannot be read"},
        {"role, without keys", init_role, 200, "{\"RequestId\":\"1\"}", SOURCE_FAILED, NULL, NULL,
         "cannot assume the source: ", "have no Expiration"},
        {"role, without a token", init_role, 200,
         "{\"Credentials\":{\"AccessKeyId\":\"STS.N\",\"AccessKeySecret\":\"SECRET-N\","
         "\"Expiration\":\"" LATER "\"}}",
         SOURCE_FAILED, NULL, NULL, "cannot use the source: ", "SecurityToken is missing"},
        {"instance", init_instance, 200, "{\"Code\":\"Success\"," CREDENTIALS(LATER) "}",
         SOURCE_KEYS, NULL, NULL, NULL, NULL},
        {"instance, failing", init_instance, 200,
         "{\"Code\":\"Failed\",\"Message\":\"No role.\"," CREDENTIALS(LATER) "}", SOURCE_FAILED,
         NULL, NULL, "cannot use the RAM role of this ECS instance: ", "200 Failed: No role."},
        {"instance, no such role", init_instance, 404, "<html>", SOURCE_FAILED, NULL, NULL,
         "cannot use the RAM role of this ECS instance: ", "answered 404"},
        {"instance, expired", init_instance, 200,
         "{\"Code\":\"Success\"," CREDENTIALS("2026-11-21T03:00:00Z") "}", SOURCE_FAILED, NULL,
         NULL, "cannot use the source: ", "expired 1d ago"},
        {"instance, garbage", init_instance, 200, "mine", SOURCE_FAILED, NULL, NULL,
         "cannot use the RAM role of this ECS instance: ", "cannot be read"},
        {"instance, nothing", init_instance, 0, NULL, SOURCE_FAILED, NULL, NULL,
         "cannot use the RAM role of this ECS instance: ", "timed out"},
        {"address", init_uri, 200, "{" CREDENTIALS(LATER) "}", SOURCE_KEYS, NULL, NULL, NULL, NULL},
        {"address, elsewhere", init_uri, 302, "", SOURCE_FAILED, NULL, NULL,
         "cannot use the source: ", "keys.example answered 302"},
        {"address, without an end", init_uri, 200,
         "{\"AccessKeyId\":\"STS.N\",\"AccessKeySecret\":\"SECRET-N\",\"SecurityToken\":\"T\"}",
         SOURCE_FAILED, NULL, NULL, "cannot use the source: ", "have no Expiration"},
        {"address, of another type", init_uri, 200, "{\"AccessKeyId\":1}", SOURCE_FAILED, NULL,
         NULL, "cannot use the source: ", "expected a string"},
        {"CloudSSO", init_cloud_sso, 200,
         "{\"CloudCredential\":{" CREDENTIALS(LATER) "},\"RequestId\":\"1\"}", SOURCE_KEYS,
         "1234567890123456", NULL, NULL, NULL},
        {"CloudSSO, expired already", init_cloud_sso, 200,
         "{\"CloudCredential\":{" CREDENTIALS("2026-11-22T03:00:00Z") "}}", SOURCE_FAILED, NULL,
         NULL, "cannot use the source: ", "expired"},
        {"CloudSSO, nothing", init_cloud_sso, 0, NULL, SOURCE_FAILED, NULL, NULL,
         "cannot use the source: ", "timed out"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        rows[i].init(&c);
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND);
        struct reply reply = {.http_status = rows[i].status, .body = text_of(rows[i].body)};
        enum source_answer got =
            rows[i].status == 0 ? source_case_hear_nothing(&c) : source_case_hear_reply(&c, reply);
        const struct source_keys_want want = {"STS.N",           "SECRET-N",
                                              "TOK-N",           rows[i].account,
                                              rows[i].principal, SOURCE_NOW + 3600 * 1000};
        CHECK_INT(rows[i].label, got, rows[i].want);
        if (rows[i].want == SOURCE_KEYS)
            source_case_check_keys(rows[i].label, &c, &want);
        else
            source_case_check_says(rows[i].label, &c, rows[i].begins, rows[i].holds);
        source_case_clear(&c);
    }
}

static void an_answer_that_asks_for_another_try_gets_two(void)
{
    /* What is throttled has been sent again with pauses by then: no more of it. */
    static const struct {
        const char *code;
        int tries;
    } rows[] = {{"SignatureNonceUsed", 2}, {"Throttling", 0}, {"Throttling.User", 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        char body[256];
        const char *code = rows[i].code;
        snprintf(body, sizeof body, "{\"Code\":\"%s\",\"Message\":\"Again.\"}", code);
        struct reply reply = {.http_status = 400, .body = text_of(body)};
        init_role(&c);
        for (int again = 0; again < rows[i].tries; again++) {
            CHECK_INT(code, source_case_ask(&c), SOURCE_SEND);
            CHECK_INT(code, source_case_hear_reply(&c, reply), SOURCE_SEND);
        }
        CHECK_INT(code, source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(code, source_case_hear_reply(&c, reply), SOURCE_FAILED);
        source_case_check_says(code, &c, "cannot assume the source: ", code);
        source_case_clear(&c);
    }
}

static void whose_keys_they_are_is_told_or_the_step_fails(void)
{
    static const struct {
        const char *label;
        int status;
        const char *body;
        const char *account, *principal;
        const char *holds;
    } rows[] = {
        {"a user", 200,
         "{\"IdentityType\":\"RAMUser\",\"RequestId\":\"1\",\"AccountId\":\"1234567890123456\","
         "\"PrincipalId\":\"2\",\"UserId\":\"2\",\"Arn\":\"acs:ram::1234567890123456:user/x\"}",
         "1234567890123456", "acs:ram::1234567890123456:user/x", NULL},
        {"an account, whose ARN is of no use", 200,
         "{\"AccountId\":\"1234567890123456\",\"Arn\":\"acs:ram::x\\n:root\"}", "1234567890123456",
         NULL, NULL},
        {"an ARN that would spoil the line it is shown in", 200,
         "{\"AccountId\":\"1234567890123456\",\"Arn\":\"acs:ram::1234567890123456:user/"
         "x\\n\\u001b[2J\"}",
         "1234567890123456", NULL, NULL},
        {"no account", 200, "{\"Arn\":\"acs:ram::1234567890123456:user/x\"}", NULL, NULL,
         "does not tell their account"},
        {"digits that are no account", 200,
         "{\"AccountId\":\"123456789012345678901234567890123456789012345678901234567890\"}", NULL,
         NULL, "does not tell their account"},
        {"a page", 200, "<html>", NULL, NULL, "does not tell their account"},
        {"refused", 403, ERROR("InvalidSecurityToken.Expired"), NULL, NULL, "get fresh ones"},
        {"nothing", 0, NULL, NULL, NULL, "timed out"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init_identity(&c);
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND);
        CHECK(rows[i].label, body_has(&c, "Action=GetCallerIdentity&Version=2015-04-01&"));
        struct reply reply = {.http_status = rows[i].status, .body = text_of(rows[i].body)};
        enum source_answer got =
            rows[i].status == 0 ? source_case_hear_nothing(&c) : source_case_hear_reply(&c, reply);
        CHECK_INT(rows[i].label, got, rows[i].holds == NULL ? SOURCE_KEYS : SOURCE_FAILED);
        CHECK_TEXT(rows[i].label, c.search.keys.id, text_of("AKIDEXAMPLE"));
        CHECK_TEXT(rows[i].label, c.search.keys.account, text_of(rows[i].account));
        CHECK_TEXT(rows[i].label, c.search.keys.principal, text_of(rows[i].principal));
        if (rows[i].holds != NULL)
            source_case_check_says(rows[i].label, &c, "cannot ask whose keys these are (the source",
                                   rows[i].holds);
        source_case_clear(&c);
    }
}

/* ---- the instance ---- */

static void metadata_is_asked_nearby_with_a_token_where_one_is_given(void)
{
    static const struct {
        const char *label;
        int status;
        const char *token;
        const char *variable;
        const char *given;
        enum source_answer want;
        const char *header;
    } rows[] = {
        {"token", 200, "the-token\n", NULL, NULL, SOURCE_SEND, "the-token"},
        {"no such path", 404, "", NULL, NULL, SOURCE_SEND, NULL},
        {"no reply", 0, NULL, NULL, "http://127.0.0.1:4566", SOURCE_SEND, NULL},
        {"odd token", 200, "two words", NULL, NULL, SOURCE_SEND, NULL},
        {"no older way", 404, "", "ALIBABA_CLOUD_IMDSV1_DISABLED=true", NULL, SOURCE_FAILED, NULL},
        {"no older way, no reply", 0, NULL, "ALIBABA_CLOUD_IMDSV1_DISABLED=true", NULL,
         SOURCE_FAILED, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init(&c, &source_alibaba_instance);
        c.variables[0] = rows[i].variable;
        c.search.ask.endpoints.metadata = rows[i].given;
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND);
        CHECK_STR(rows[i].label, c.search.request.method, "PUT");
        CHECK_STR(rows[i].label, c.search.base_url,
                  rows[i].given == NULL ? "http://100.100.100.200" : rows[i].given);
        CHECK(rows[i].label, c.search.is_near && c.search.tries == 1 &&
                                 c.search.connect_ms == 1000 && c.search.answer_ms == 1000);
        struct reply reply = {.http_status = rows[i].status, .body = text_of(rows[i].token)};
        CHECK_INT(rows[i].label,
                  rows[i].status == 0 ? source_case_hear_nothing(&c)
                                      : source_case_hear_reply(&c, reply),
                  rows[i].want);
        if (rows[i].want == SOURCE_FAILED) {
            source_case_check_says(rows[i].label, &c, "cannot use the RAM role of this ECS",
                                   "ALIBABA_CLOUD_IMDSV1_DISABLED is set");
        } else {
            CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND);
            CHECK_STR(rows[i].label, c.search.request.method, "GET");
            CHECK_TEXT(rows[i].label, source_case_header(&c, "x-aliyun-ecs-metadata-token"),
                       text_of(rows[i].header));
            CHECK_INT(rows[i].label, c.search.tries, rows[i].header == NULL ? 1 : 3);
        }
        source_case_clear(&c);
    }
}

static void a_role_of_the_instance_is_a_name_and_nothing_else(void)
{
    static const struct {
        const char *label;
        int status;
        const char *body;
        enum source_answer want;
        const char *holds;
    } rows[] = {
        {"a name", 200, "My.role_1-x\n", SOURCE_SEND, NULL},
        {"two names", 200, "a\nb\n", SOURCE_FAILED, "does not name one role"},
        {"a way out", 200, "../../x", SOURCE_FAILED, "does not name one role"},
        {"empty", 200, "", SOURCE_FAILED, "does not name one role"},
        {"none", 404, "<html>", SOURCE_FAILED, "attach a RAM role"},
        {"refused", 403, "", SOURCE_FAILED, "answered 403"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init(&c, &source_alibaba_instance);
        c.source.stage = 1;
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_SEND);
        struct reply reply = {.http_status = rows[i].status, .body = text_of(rows[i].body)};
        CHECK_INT(rows[i].label, source_case_hear_reply(&c, reply), rows[i].want);
        if (rows[i].holds != NULL)
            source_case_check_says(rows[i].label, &c, "cannot use the RAM role of this ECS",
                                   rows[i].holds);
        source_case_clear(&c);
    }
    struct source_case c;
    init_instance(&c);
    c.source.settings.role_name = text_of("a/b");
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the RAM role of this ECS", "is no name of a role");
    source_case_clear(&c);
}

/* ---- addresses and programs ---- */

static void what_is_not_encrypted_goes_no_farther_than_nearby(void)
{
    static const struct {
        const char *url;
        bool is_near;
        enum source_answer want;
    } rows[] = {
        {"https://keys.example/a?b=c", false, SOURCE_SEND},
        {"http://localhost:8080/a", true, SOURCE_SEND},
        {"http://keys.example/a", true, SOURCE_SEND}, /* refused when it is sent */
        {"ftp://keys.example/a", true, SOURCE_FAILED},
        {"keys", true, SOURCE_FAILED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init(&c, &source_alibaba_uri);
        c.source.settings.url = text_of(rows[i].url);
        CHECK_INT(rows[i].url, source_case_ask(&c), rows[i].want);
        CHECK(rows[i].url, c.search.is_near == rows[i].is_near);
        source_case_clear(&c);
    }
}

static void what_a_program_writes_is_taken_whole_or_not_at_all(void)
{
    static const struct {
        const char *label;
        const char *output; /* NULL: it failed */
        const char *id;
        const char *holds;
    } rows[] = {
        {"keys", "{\"mode\":\"AK\",\"access_key_id\":\"AKX\",\"access_key_secret\":\"SECRET-X\"}",
         "AKX", NULL},
        {"no mode",
         "{\"access_key_id\":\"AKX\",\"access_key_secret\":\"SECRET-X\",\"expiration\":\"\"}",
         "AKX", NULL},
        {"an end that is none",
         "{\"access_key_id\":\"AKX\",\"access_key_secret\":\"SECRET-X\",\"expiration\":"
         "\"2026-11-22 04:00:00\"}",
         "AKX", NULL},
        {"it failed", NULL, NULL, "its process_command: it ended with status 3"},
        {"no JSON", "SECRET-X", NULL, "what its process_command wrote cannot be read"},
        {"no secret", "{\"mode\":\"AK\",\"access_key_id\":\"AKX\"}", NULL,
         "AccessKeySecret is missing"},
        {"no token",
         "{\"mode\":\"StsToken\",\"access_key_id\":\"AKX\",\"access_key_secret\":\"SECRET-X\"}",
         NULL, "wrote no sts_token"},
        {"another mode", "{\"mode\":\"RamRoleArn\",\"access_key_id\":\"AKX\"}", NULL,
         "mode RamRoleArn, which is neither AK nor StsToken"},
        {"expired",
         "{\"access_key_id\":\"AKX\",\"access_key_secret\":\"SECRET-X\",\"expiration\":"
         "\"2026-11-22T02:00:00Z\"}",
         NULL, "expired 1h ago"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        init(&c, &source_alibaba_process);
        c.source.settings.command = text_of("keys --json");
        CHECK_INT(rows[i].label, source_case_ask(&c), SOURCE_RUN);
        CHECK_STR(rows[i].label, c.search.argv[1], "--json");
        const struct credentials_outcome outcome = {.output = text_of(rows[i].output),
                                                    .problem = "it ended with status 3"};
        CHECK_INT(rows[i].label, source_case_hear(&c, &outcome),
                  rows[i].id == NULL ? SOURCE_FAILED : SOURCE_KEYS);
        CHECK_TEXT(rows[i].label, c.search.keys.id, text_of(rows[i].id));
        if (rows[i].id == NULL)
            source_case_check_says(rows[i].label, &c, "cannot use the source: ", rows[i].holds);
        source_case_clear(&c);
    }
}

/* ---- all of it at once ---- */

static const char *just_nothing(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static void a_wrong_clock_is_corrected_once_and_the_request_signed_again(void)
{
    struct digest *d = NULL;
    struct credentials keys;
    struct credentials_search *search = NULL;
    struct credentials_errand errand;
    struct spurn_error err = {0};
    credentials_init(&keys);
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    keys.id = text_of("AKIDEXAMPLE");
    keys.secret = text_of("wJalrXUtnFEMI");
    keys.source = text_of("the test");
    const struct credentials_ask ask = {
        .cloud = CREDENTIALS_ALIBABA, .environment = {just_nothing, NULL}, .digest = d};
    const struct credentials_role wanted = {.arn = text_of(role)};
    CHECK_INT("", credentials_assume(&ask, &wanted, &keys, &search, &err), SPURN_OK);
    CHECK_INT("", credentials_next(search, SOURCE_NOW, &errand, &err), CREDENTIALS_SEND);
    CHECK("", strstr(errand.request->body.at, "Timestamp=2026-11-22T03%3A00%3A00Z&") != NULL);
    struct reply refusal = {.http_status = 400, .body = text_of(ERROR("InvalidTimeStamp.Expired"))};
    credentials_hear(search, &(struct credentials_outcome){.reply = &refusal, .skew_ms = 3600000});
    CHECK_INT("", credentials_next(search, SOURCE_NOW, &errand, &err), CREDENTIALS_SEND);
    CHECK("", strstr(errand.request->body.at, "Timestamp=2026-11-22T04%3A00%3A00Z&") != NULL);
    credentials_hear(search, &(struct credentials_outcome){.reply = &refusal, .skew_ms = 3600000});
    CHECK_INT("", credentials_next(search, SOURCE_NOW, &errand, &err), CREDENTIALS_FAILED);
    CHECK(err.text, strstr(err.text, "set this machine's clock") != NULL);
    credentials_close(search);
    keys.id = keys.secret = keys.source = TEXT_ABSENT;
    credentials_clear(&keys);
    digest_close(d);
}

/* Gateways echo the string to sign. */
static void what_a_server_echoes_is_struck_out(void)
{
    struct source_case c;
    char body[4096];
    init_role(&c);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    const char *signature = strstr(c.search.request.body.at, "&Signature=");
    CHECK("", signature != NULL);
    snprintf(body, sizeof body,
             "{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"Not %s with TOKTOKTOK of "
             "AKIDEXAMPLE.\"}",
             signature == NULL ? "" : signature + 11);
    c.search.keys.token = text_of("TOKTOKTOK");
    struct reply reply = {.http_status = 400, .body = text_of(body)};
    CHECK_INT("", source_case_hear_reply(&c, reply), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot assume the source: ",
                           "Not *** with *** of ***; the secret is not the access key's");
    source_case_clear(&c);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(sts_is_asked_where_the_nearest_word_says),
    TEST(a_region_that_cannot_be_is_refused),
    TEST(what_is_sent_is_in_the_body_and_signed_anew_each_time),
    TEST(a_token_of_oidc_is_sent_unsigned_and_read_anew),
    TEST(an_answer_is_taken_whole_or_not_at_all),
    TEST(an_answer_that_asks_for_another_try_gets_two),
    TEST(whose_keys_they_are_is_told_or_the_step_fails),
    TEST(metadata_is_asked_nearby_with_a_token_where_one_is_given),
    TEST(a_role_of_the_instance_is_a_name_and_nothing_else),
    TEST(what_is_not_encrypted_goes_no_farther_than_nearby),
    TEST(what_a_program_writes_is_taken_whole_or_not_at_all),
    TEST(a_wrong_clock_is_corrected_once_and_the_request_signed_again),
    TEST(what_a_server_echoes_is_struck_out),
};

UNIT_MAIN(tests)

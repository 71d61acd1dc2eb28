/* credentials_aws_near_test.c - keys from what stands beside spurn: a container's endpoint, an instance's metadata, a program. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

/* ---- containers ---- */

static void a_container_is_asked_where_its_variable_says(void)
{
    static const struct {
        const char *url, *given, *base_url, *path;
    } rows[] = {
        {"/v2/credentials/0a1b", NULL, "http://169.254.170.2", "/v2/credentials/0a1b"},
        {"/v1/credentials?id=0a1b", NULL, "http://169.254.170.2", "/v1/credentials?id=0a1b"},
        {"/v2/credentials/0a1b", "http://127.0.0.1:4566", "http://127.0.0.1:4566",
         "/v2/credentials/0a1b"},
        {"http://169.254.170.23/v1/credentials", NULL, "http://169.254.170.23", "/v1/credentials"},
        {"http://[fd00:ec2::23]/v1/credentials", NULL, "http://[fd00:ec2::23]", "/v1/credentials"},
        {"http://[fd00:0ec2:0:0:0:0:0:23]:80/x", NULL, "http://[fd00:0ec2:0:0:0:0:0:23]:80", "/x"},
        {"http://[::1]:8080/x", NULL, "http://[::1]:8080", "/x"},
        {"http://localhost:51679/role-arn/x", "http://127.0.0.1:4566", "http://localhost:51679",
         "/role-arn/x"},
        {"http://127.200.0.1/x", NULL, "http://127.200.0.1", "/x"},
        {"https://keys.example:8443/x", NULL, "https://keys.example:8443", "/x"},
        {"http://127.0.0.1:9000", NULL, "http://127.0.0.1:9000", "/"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_container);
        c.source.settings.url = text_of(rows[i].url);
        c.search.ask.endpoints.metadata = rows[i].given;
        CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
        CHECK_STR(rows[i].url, c.search.request.method, "GET");
        CHECK_STR(rows[i].url, c.search.base_url, rows[i].base_url);
        CHECK_TEXT(rows[i].url, c.search.request.path, text_of(rows[i].path));
        CHECK("it goes past proxies", c.search.is_near);
        CHECK_INT("", c.search.tries, 3);
        CHECK("", c.search.connect_ms == 2000 && c.search.answer_ms == 2000);
        CHECK("", source_case_header(&c, "authorization").at == NULL);
        source_case_clear(&c);
    }
}

static void nothing_is_sent_in_clear_to_where_anybody_may_listen(void)
{
    static const char *const urls[] = {
        "http://example.com/x",     "http://169.254.169.254/x", "http://169.254.170.2.example/x",
        "http://10.0.0.1/x",        "http://[fd00:ec2::24]/x",  "http://[::ffff:1.2.3.4]/x",
        "http://128.0.0.1/x",       "http://127.example.com/x", "http://user@127.0.0.1/x",
        "http://127.0.0.1@evil/x",  "ftp://127.0.0.1/x",        "127.0.0.1/x",
        "http://127.0.0.1:99999/x", "http://127.0.0.1/x y",     "",
        "http://127.1/x",           "http://2130706433/x",
    };
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_container);
        c.source.settings.url = text_of(urls[i]);
        c.source.settings.authorization = text_of("SECRET-bearer");
        CHECK_INT(urls[i], source_case_ask(&c), SOURCE_FAILED);
        source_case_check_says(urls[i], &c, "cannot use the source: ", "");
        CHECK("nothing that could be sent is left",
              source_case_header(&c, "authorization").at == NULL);
        source_case_clear(&c);
    }
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    CHECK(path, fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void the_authorizations_file_is_read_each_time_and_goes_before_the_variable(void)
{
    struct source_case c;
    char path[64];
    snprintf(path, sizeof path, "%s", P_tmpdir "/spurn-XXXXXX");
    int fd = mkstemp(path);
    CHECK(path, fd >= 0);
    close(fd);
    source_case_init(&c, &source_aws_container);
    c.source.settings.url = text_of("http://169.254.170.23/v1/credentials");
    c.source.settings.authorization = text_of("SECRET-variable");
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", source_case_header(&c, "authorization"), text_of("SECRET-variable"));

    c.source.settings.authorization_file = text_of(path);
    write_file(path, "SECRET-one");
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", source_case_header(&c, "authorization"), text_of("SECRET-one"));
    write_file(path, "SECRET-two");
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", source_case_header(&c, "authorization"), text_of("SECRET-two"));
    unlink(path);
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot ", "no such file");
    source_case_clear(&c);
}

static void an_authorization_with_a_line_break_is_not_sent(void)
{
    static const char *const tokens[] = {"SECRET-a\r\nX: y", "SECRET-a\n", "SECRET-a\r",
                                         "SECRET-a\x01"};
    for (size_t i = 0; i < COUNT(tokens); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_container);
        c.source.settings.url = text_of("/v2/x");
        c.source.settings.authorization = text_of(tokens[i]);
        CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
        source_case_check_says("", &c, "cannot use the source: ", "holds a line break");
        source_case_clear(&c);
    }
}

static void a_containers_keys_say_their_account(void)
{
    static const struct {
        const char *file;
        struct source_keys_want want;
    } rows[] = {
        {"container_keys",
         {"ASIAEXAMPLECONTAIN01", "SECRET-container/key",
          "SECRET-container-token==", "444444444444", "arn:aws:iam::444444444444:role/task",
          SOURCE_NOW + INT64_C(6) * 3600 * 1000}},
        {"container_keys_eks",
         {"ASIAEXAMPLECONTAIN02", "SECRET-pod/key", "SECRET-pod-token==", "555555555555", NULL,
          SOURCE_NOW + INT64_C(6) * 3600 * 1000}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_container);
        c.source.settings.url = text_of("/v2/x");
        CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(c.err.text, source_case_hear_file(&c, rows[i].file), SOURCE_KEYS);
        source_case_check_keys(rows[i].file, &c, &rows[i].want);
        source_case_clear(&c);
    }
}

#define KEYS "\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"SECRET-x\",\"Token\":\"SECRET-t\""

static void what_a_container_answers_otherwise_gives_no_keys(void)
{
    static const struct {
        int http_status;
        const char *body, *says;
    } rows[] = {
        {200, "", "cannot read the answer of the source: "},
        {200, "<html>", "cannot read the answer of the source: "},
        {200, "{" KEYS ",\"Expiration\":\"2026-11-22T04:00:00Z\"", "cannot read the answer"},
        {200, "{}", "its answer holds no keys"},
        {200, "{" KEYS "}", "without an Expiration"},
        {200, "{" KEYS ",\"Expiration\":\"tomorrow\"}", "Expiration is no time"},
        {200, "{" KEYS ",\"Expiration\":\"2026-11-22T02:00:00Z\"}", "expired"},
        {200,
         "{\"SecretAccessKey\":\"SECRET-x\",\"Token\":\"SECRET-t\",\"Expiration\":\"2026-11-22T04:"
         "00:00Z\"}",
         "AccessKeyId is missing"},
        {200,
         "{\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"SECRET-x\",\"Expiration\":\"2026-11-"
         "22T04:00:00Z\"}",
         "Token is missing"},
        {200, "{" KEYS ",\"Expiration\":\"2026-11-22T04:00:00Z\",\"AccountId\":\"root\"}",
         "has not 12 digits"},
        {400, "{\"code\":\"InvalidIdInRequest\",\"message\":\"Credentials not found\"}",
         "400 InvalidIdInRequest: Credentials not found"},
        {403,
         "[a1b2]: (AccessDeniedException): Unauthorized Exception! EKS does not have permissions",
         "169.254.170.2 answered 403"},
        {401, "{\"code\":401,\"message\":\"No.\"}", "169.254.170.2 answered 401: No."},
        {500, "", "169.254.170.2 answered 500"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_container);
        c.source.settings.url = text_of("/v2/x");
        CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
        CHECK_INT(rows[i].body,
                  source_case_hear_reply(&c, reply_of(rows[i].http_status, rows[i].body)),
                  SOURCE_FAILED);
        source_case_check_says(rows[i].body, &c, "cannot ", rows[i].says);
        CHECK("", c.search.keys.id.at == NULL);
        source_case_clear(&c);
    }
}

static void a_container_that_does_not_answer_is_the_networks_fault(void)
{
    struct source_case c;
    source_case_init(&c, &source_aws_container);
    c.source.settings.url = text_of("/v2/x");
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT("", source_case_hear_nothing(&c), SOURCE_FAILED);
    CHECK_INT("", c.err.status, SPURN_E_NETWORK);
    source_case_check_says("", &c, "cannot use the source: ", "timed out");
    source_case_clear(&c);
}

/* ---- instances ---- */

static void an_instance_is_asked_for_a_token_its_role_and_the_keys(void)
{
    static const struct source_keys_want want = {
        .id = "ASIAEXAMPLEINSTANC01",
        .secret = "SECRET-instance/key",
        .token = "SECRET-instance-token==",
        .expires_ms = SOURCE_NOW + INT64_C(21941000),
    };
    struct source_case c;
    source_case_init(&c, &source_aws_instance);
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_STR("", c.search.request.method, "PUT");
    CHECK_STR("", c.search.base_url, "http://169.254.169.254");
    CHECK_TEXT("", c.search.request.path, text_of("/latest/api/token"));
    CHECK_TEXT("", source_case_header(&c, "x-aws-ec2-metadata-token-ttl-seconds"),
               text_of("21600"));
    CHECK("one try of a second, past proxies", c.search.is_near && c.search.tries == 1 &&
                                                   c.search.connect_ms == 1000 &&
                                                   c.search.answer_ms == 1000);
    CHECK_INT(c.err.text, source_case_hear_reply(&c, reply_of(200, "SECRET-AQAEAtoken==")),
              SOURCE_SEND);

    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_STR("", c.search.request.method, "GET");
    CHECK_TEXT("", c.search.request.path, text_of("/latest/meta-data/iam/security-credentials/"));
    CHECK_TEXT("", source_case_header(&c, "x-aws-ec2-metadata-token"),
               text_of("SECRET-AQAEAtoken=="));
    CHECK_INT(c.err.text, source_case_hear_reply(&c, reply_of(200, "night+ly@x\n")), SOURCE_SEND);

    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
    CHECK_TEXT("", c.search.request.path,
               text_of("/latest/meta-data/iam/security-credentials/night+ly@x"));
    CHECK_TEXT("", source_case_header(&c, "x-aws-ec2-metadata-token"),
               text_of("SECRET-AQAEAtoken=="));
    CHECK_INT(c.err.text, source_case_hear_file(&c, "instance_keys"), SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
}

static void an_instance_is_asked_where_configuration_and_environment_say(void)
{
    static const struct {
        const char *given, *variables[2], *base_url;
    } rows[] = {
        {NULL, {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6"}, "http://[fd00:ec2::254]"},
        {NULL, {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv4"}, "http://169.254.169.254"},
        {NULL,
         {"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338/",
          "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6"},
         "http://127.0.0.1:1338"},
        {"http://127.0.0.1:4566",
         {"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338"},
         "http://127.0.0.1:4566"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_instance);
        c.search.ask.endpoints.metadata = rows[i].given;
        memcpy(c.variables, rows[i].variables, sizeof rows[i].variables);
        CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
        CHECK_STR("", c.search.base_url, rows[i].base_url);
        CHECK_TEXT("", c.search.request.path, text_of("/latest/api/token"));
        source_case_clear(&c);
    }
}

static void how_long_and_how_often_an_instance_is_asked_can_be_said(void)
{
    static const struct {
        const char *config, *variables[2];
        int tries;
        int64_t answer_ms;
    } rows[] = {
        {NULL, {NULL}, 1, 1000},
        {"[default]\nmetadata_service_timeout = 5\nmetadata_service_num_attempts = 3\n",
         {NULL},
         3,
         5000},
        {"[default]\nmetadata_service_timeout = 5\nmetadata_service_num_attempts = 3\n",
         {"AWS_METADATA_SERVICE_TIMEOUT=7", "AWS_METADATA_SERVICE_NUM_ATTEMPTS=2"},
         2,
         7000},
        {NULL,
         {"AWS_METADATA_SERVICE_TIMEOUT=0", "AWS_METADATA_SERVICE_NUM_ATTEMPTS=4000000000"},
         1,
         1000},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_instance);
        memcpy(c.variables, rows[i].variables, sizeof rows[i].variables);
        if (rows[i].config != NULL)
            CHECK_INT("",
                      aws_profiles_add(&c.profiles, AWS_CONFIG_FILE, text_of(rows[i].config), NULL),
                      SPURN_OK);
        CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_SEND);
        CHECK_INT("", c.search.tries, rows[i].tries);
        CHECK_INT("", c.search.answer_ms, rows[i].answer_ms);
        CHECK_INT("", c.search.connect_ms, rows[i].answer_ms);
        source_case_clear(&c);
    }
}

static void an_instance_is_not_asked_when_switched_off(void)
{
    struct source_case c;
    source_case_init(&c, &source_aws_instance);
    c.variables[0] = "AWS_EC2_METADATA_DISABLED=True";
    CHECK_INT("", source_case_ask(&c), SOURCE_NOTHING);
    source_case_clear(&c);
}

static void without_a_token_the_first_version_is_asked_unless_switched_off(void)
{
    static const struct {
        int http_status; /* of the token; 0: no reply */
        bool is_off;
        enum source_answer answer;
    } rows[] = {
        {403, false, SOURCE_SEND},   {404, false, SOURCE_SEND}, {405, false, SOURCE_SEND},
        {500, false, SOURCE_SEND},   {0, false, SOURCE_SEND},   {400, false, SOURCE_NOTHING},
        {404, true, SOURCE_NOTHING}, {0, true, SOURCE_NOTHING},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        source_case_init(&c, &source_aws_instance);
        c.variables[0] = rows[i].is_off ? "AWS_EC2_METADATA_V1_DISABLED=true" : NULL;
        CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
        enum source_answer answer =
            rows[i].http_status == 0
                ? source_case_hear_nothing(&c)
                : source_case_hear_reply(&c, reply_of(rows[i].http_status, ""));
        CHECK_INT("", answer, rows[i].answer);
        if (answer == SOURCE_SEND) {
            CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
            CHECK_STR("", c.search.request.method, "GET");
            CHECK("", source_case_header(&c, "x-aws-ec2-metadata-token").at == NULL);
        } else {
            CHECK("the reason is kept", c.search.failures.len > 0);
            CHECK("",
                  rows[i].is_off == (strstr(buf_str(&c.search.failures), "V1_DISABLED") != NULL));
        }
        source_case_clear(&c);
    }
}

/* Up to and with the answer to `stage`, counted from 0: token, role, keys. */
static enum source_answer drive_instance(struct source_case *c, int stage, struct reply last)
{
    static const char *const bodies[] = {"SECRET-token", "nightly"};
    source_case_init(c, &source_aws_instance);
    for (int i = 0; i < stage; i++) {
        CHECK_INT("", source_case_ask(c), SOURCE_SEND);
        CHECK_INT("", source_case_hear_reply(c, reply_of(200, bodies[i])), SOURCE_SEND);
    }
    CHECK_INT("", source_case_ask(c), SOURCE_SEND);
    return source_case_hear_reply(c, last);
}

/* Cut off, it would be another URL. */
static void a_url_that_is_too_long_is_not_asked(void)
{
    char url[SEARCH_URL_MAX + 2] = "/", role[SEARCH_URL_MAX] = "";
    struct source_case c;
    memset(url + 1, 'a', SEARCH_URL_MAX);
    source_case_init(&c, &source_aws_container);
    c.source.settings.url = text_of(url);
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the source: ", "its URL is too long");
    source_case_clear(&c);

    memset(role, 'r', sizeof role - 1);
    CHECK_INT("", drive_instance(&c, 1, reply_of(200, role)), SOURCE_SEND);
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the source: ", "its URL is too long");
    source_case_clear(&c);
}

static void an_instance_without_a_role_has_no_keys_and_the_reason_is_kept(void)
{
    static const struct {
        int http_status;
        const char *body;
    } rows[] = {{404, ""}, {401, ""}, {500, ""}, {200, ""}};
    struct source_case c;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT("", drive_instance(&c, 1, reply_of(rows[i].http_status, rows[i].body)),
                  SOURCE_NOTHING);
        CHECK("", strstr(buf_str(&c.search.failures), "its metadata service answered ") != NULL);
        source_case_clear(&c);
    }
    CHECK_INT("", drive_instance(&c, 0, reply_of(200, "SECRET-token")), SOURCE_SEND);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT("", source_case_hear_file(&c, "instance_no_role"), SOURCE_NOTHING);
    source_case_clear(&c);
    CHECK_INT("", drive_instance(&c, 0, reply_of(405, "")), SOURCE_SEND);
    CHECK_INT("", source_case_ask(&c), SOURCE_SEND);
    CHECK_INT("", source_case_hear_nothing(&c), SOURCE_NOTHING);
    CHECK("", strstr(buf_str(&c.search.failures), "no reply from there: timed out") != NULL);
    source_case_clear(&c);
}

static void what_an_instance_answers_otherwise_gives_no_keys(void)
{
    static const struct {
        int stage, http_status;
        const char *body, *says;
    } rows[] = {
        {0, 200, "", "what it answered is no token"},
        {0, 200, "<!doctype html>\n<html>", "what it answered is no token"},
        {0, 200, "SECRET-\xC3\xA4", "what it answered is no token"},
        {1, 200, "<!doctype html>", "what it answered is no role's name"},
        {1, 200, "../../user-data", "what it answered is no role's name"},
        {1, 200, "a b", "what it answered is no role's name"},
        {1, 200, "a?b", "what it answered is no role's name"},
        {2, 200, "", "cannot read the answer of the source"},
        {2, 200, "<html>", "cannot read the answer of the source"},
        {2, 200, "{\"Code\":\"Success\"}", "its answer holds no keys"},
        {2, 200, "{" KEYS ",\"Expiration\":\"soon\"}", "Expiration is no time"},
        {2, 200,
         "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAX\",\"Expiration\":\"2026-11-22T04:00:00Z\"}",
         "SecretAccessKey is missing"},
        {2, 404, "", "answered 404"},
        {2, 401, "", "answered 401"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        CHECK_INT(rows[i].body,
                  drive_instance(&c, rows[i].stage, reply_of(rows[i].http_status, rows[i].body)),
                  SOURCE_FAILED);
        source_case_check_says(rows[i].body, &c, "cannot ", rows[i].says);
        CHECK("", c.search.keys.id.at == NULL);
        source_case_clear(&c);
    }
}

static void an_instance_whose_role_cannot_be_assumed_says_so(void)
{
    struct source_case c;
    struct reply_file file;
    CHECK("", reply_file_read("tests/replies/aws/instance_error_trust.http", &file));
    CHECK_INT("", drive_instance(&c, 2, file.reply), SOURCE_FAILED);
    source_case_check_says(
        "", &c, "cannot use the source: ", "AssumeRoleUnauthorizedAccess: EC2 cannot assume");
    source_case_check_says("", &c, "cannot use the source: ", "names ec2.amazonaws.com");
    source_case_clear(&c);
}

static void expired_keys_of_an_instance_are_tried_for_ten_minutes_more(void)
{
    static const struct source_keys_want want = {.id = "ASIAX",
                                                 .secret = "SECRET-x",
                                                 .token = "SECRET-t",
                                                 .expires_ms = SOURCE_NOW + INT64_C(600000)};
    struct source_case c;
    CHECK_INT(
        "",
        drive_instance(&c, 2, reply_of(200, "{" KEYS ",\"Expiration\":\"2026-11-22T03:00:00Z\"}")),
        SOURCE_KEYS);
    source_case_check_keys("", &c, &want);
    source_case_clear(&c);
}

/* ---- programs ---- */

static void a_programs_command_line_is_split_without_a_shell(void)
{
    struct source_case c;
    source_case_init(&c, &source_aws_process);
    c.source.settings.command = text_of("/opt/keys --for 'a b' \"$HOME\"");
    CHECK_INT(c.err.text, source_case_ask(&c), SOURCE_RUN);
    CHECK_STR("", c.search.argv[0], "/opt/keys");
    CHECK_STR("", c.search.argv[1], "--for");
    CHECK_STR("", c.search.argv[2], "a b");
    CHECK_STR("", c.search.argv[3], "$HOME");
    CHECK("", c.search.argv[4] == NULL);
    c.source.settings.command = text_of("/opt/keys 'a");
    CHECK_INT("", source_case_ask(&c), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the source: ", "");
    source_case_clear(&c);
}

static enum source_answer hear_output(struct source_case *c, const char *output)
{
    const struct credentials_outcome outcome = {.output = text_of(output)};
    source_case_init(c, &source_aws_process);
    c->source.settings.command = text_of("keys");
    CHECK_INT("", source_case_ask(c), SOURCE_RUN);
    return source_case_hear(c, &outcome);
}

#define PAIR "\"Version\":1,\"AccessKeyId\":\"AKIAX\",\"SecretAccessKey\":\"SECRET-x\""

static void a_programs_keys_may_last_or_end(void)
{
    static const struct {
        const char *output;
        struct source_keys_want want;
    } rows[] = {
        {"{" PAIR "}", {"AKIAX", "SECRET-x", NULL, NULL, NULL, 0}},
        {"{" PAIR ",\"SessionToken\":null,\"Expiration\":null,\"AccountId\":null,\"More\":[1]}\n",
         {"AKIAX", "SECRET-x", NULL, NULL, NULL, 0}},
        {"{" PAIR ",\"SessionToken\":\"SECRET-t\",\"Expiration\":\"2026-11-22T12:00:00+08:00\","
         "\"AccountId\":\"666666666666\"}",
         {"AKIAX", "SECRET-x", "SECRET-t", "666666666666", NULL, SOURCE_NOW + INT64_C(3600000)}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        CHECK_INT(rows[i].output, hear_output(&c, rows[i].output), SOURCE_KEYS);
        source_case_check_keys(rows[i].output, &c, &rows[i].want);
        source_case_clear(&c);
    }
}

static void the_profile_tells_the_account_where_the_program_does_not(void)
{
    const struct credentials_outcome outcome = {.output = text_of("{" PAIR "}")};
    struct source_case c;
    source_case_init(&c, &source_aws_process);
    c.source.settings.command = text_of("keys");
    c.source.settings.account = text_of("777777777777");
    CHECK_INT("", source_case_ask(&c), SOURCE_RUN);
    CHECK_INT("", source_case_hear(&c, &outcome), SOURCE_KEYS);
    CHECK_TEXT("", c.search.keys.account, text_of("777777777777"));
    source_case_clear(&c);
}

static void what_a_program_writes_otherwise_gives_no_keys_and_is_never_shown(void)
{
    static const struct {
        const char *output, *says;
    } rows[] = {
        {"", "no JSON object of keys"},
        {"SECRET-x", "no JSON object of keys"},
        {"[" PAIR "]", "no JSON object of keys"},
        {"{" PAIR, "no JSON object of keys"},
        {"{" PAIR "} SECRET-trailing", "no JSON object of keys"},
        {"{" PAIR ",\"SecretAccessKey\":\"SECRET-y\"}", "no JSON object of keys"},
        {"{\"AccessKeyId\":\"AKIAX\",\"SecretAccessKey\":\"SECRET-x\"}",
         "did not write \"Version\": 1"},
        {"{\"Version\":2,\"AccessKeyId\":\"AKIAX\",\"SecretAccessKey\":\"SECRET-x\"}",
         "\"Version\": 1"},
        {"{\"Version\":\"1\",\"AccessKeyId\":\"AKIAX\",\"SecretAccessKey\":\"SECRET-x\"}",
         "no JSON object of keys"},
        {"{\"Version\":1,\"SecretAccessKey\":\"SECRET-x\"}", "AccessKeyId is missing"},
        {"{\"Version\":1,\"AccessKeyId\":\"AKIAX\"}", "SecretAccessKey is missing"},
        {"{" PAIR ",\"Expiration\":\"SECRET-never\"}", "Expiration is no time"},
        {"{" PAIR ",\"Expiration\":\"2026-11-22T02:00:00Z\"}", "expired"},
        {"{" PAIR ",\"AccountId\":\"SECRET-me\"}", "has not 12 digits"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct source_case c;
        CHECK_INT(rows[i].output, hear_output(&c, rows[i].output), SOURCE_FAILED);
        source_case_check_says(rows[i].output, &c, "cannot use the source: ", rows[i].says);
        source_case_clear(&c);
    }
}

static void a_program_that_did_not_end_well_says_why(void)
{
    const struct credentials_outcome outcome = {.problem = "keys ended with 3"};
    struct source_case c;
    source_case_init(&c, &source_aws_process);
    c.source.settings.command = text_of("keys");
    CHECK_INT("", source_case_ask(&c), SOURCE_RUN);
    CHECK_INT("", source_case_hear(&c, &outcome), SOURCE_FAILED);
    source_case_check_says("", &c, "cannot use the source: ", "keys ended with 3");
    source_case_clear(&c);
}

static const struct unit_test tests[] = {
    {"a container is asked where its variable says", a_container_is_asked_where_its_variable_says},
    {"nothing is sent in clear to where anybody may listen",
     nothing_is_sent_in_clear_to_where_anybody_may_listen},
    {"the authorization's file is read each time and goes before the variable",
     the_authorizations_file_is_read_each_time_and_goes_before_the_variable},
    {"an authorization with a line break is not sent",
     an_authorization_with_a_line_break_is_not_sent},
    {"a container's keys say their account", a_containers_keys_say_their_account},
    {"what a container answers otherwise gives no keys",
     what_a_container_answers_otherwise_gives_no_keys},
    {"a container that does not answer is the network's fault",
     a_container_that_does_not_answer_is_the_networks_fault},
    {"an instance is asked for a token, its role and the keys",
     an_instance_is_asked_for_a_token_its_role_and_the_keys},
    {"an instance is asked where configuration and environment say",
     an_instance_is_asked_where_configuration_and_environment_say},
    {"how long and how often an instance is asked can be said",
     how_long_and_how_often_an_instance_is_asked_can_be_said},
    {"an instance is not asked when switched off", an_instance_is_not_asked_when_switched_off},
    {"without a token the first version is asked, unless switched off",
     without_a_token_the_first_version_is_asked_unless_switched_off},
    {"a URL that is too long is not asked", a_url_that_is_too_long_is_not_asked},
    {"an instance without a role has no keys, and the reason is kept",
     an_instance_without_a_role_has_no_keys_and_the_reason_is_kept},
    {"what an instance answers otherwise gives no keys",
     what_an_instance_answers_otherwise_gives_no_keys},
    {"an instance whose role cannot be assumed says so",
     an_instance_whose_role_cannot_be_assumed_says_so},
    {"expired keys of an instance are tried for ten minutes more",
     expired_keys_of_an_instance_are_tried_for_ten_minutes_more},
    {"a program's command line is split without a shell",
     a_programs_command_line_is_split_without_a_shell},
    {"a program's keys may last or end", a_programs_keys_may_last_or_end},
    {"the profile tells the account where the program does not",
     the_profile_tells_the_account_where_the_program_does_not},
    {"what a program writes otherwise gives no keys and is never shown",
     what_a_program_writes_otherwise_gives_no_keys_and_is_never_shown},
    {"a program that did not end well says why", a_program_that_did_not_end_well_says_why},
};
UNIT_MAIN(tests)

/* credentials_search_test.c - a search goes from place to place and step to step, and keeps what it holds to itself. */
#include "credentials/search.h"

#include "credentials_case.h"
#include "memory_case.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define STS         "https://sts.us-east-1.amazonaws.com"
#define ROLE        "arn:aws:iam::222222222222:role/spurn"

static const char assumed[] =
    "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>A:x</AssumedRoleId><Arn>"
    "arn:aws:sts::222222222222:assumed-role/spurn/x</Arn></AssumedRoleUser><Credentials>"
    "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>SECRET-1</SecretAccessKey><SessionToken>"
    "SECRET-T</SessionToken><Expiration>2026-11-22T04:00:00Z</Expiration></Credentials>"
    "</AssumeRoleResult></AssumeRoleResponse>";
static const char identity[] =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/x</"
    "Arn>"
    "<UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>";

/* What every test stands on: keys, and somebody who asks. */
struct stand {
    struct case_environment environment;
    struct credentials_ask ask;
    struct credentials keys;
    struct spurn_error err;
};

static void stand_up(struct stand *s)
{
    static const struct credentials_case nothing = {.label = ""};
    static const struct log silent = {.level = SPURN_LOG_ERROR};
    *s = (struct stand){.environment = {.row = &nothing}};
    s->ask = (struct credentials_ask){
        .cloud = CREDENTIALS_AWS,
        .region = text_of("us-east-1"),
        .environment = {case_get, &s->environment},
        .log = &silent,
    };
    credentials_init(&s->keys);
    s->keys.id = text_of("AKB");
    s->keys.secret = text_of("SECRET-B");
    s->keys.source = text_of("profile base in /x");
    CHECK_INT("", digest_open(&s->ask.digest, &s->err), SPURN_OK);
}

static void stand_down(struct stand *s)
{
    credentials_clear(&s->keys);
    digest_close(s->ask.digest);
}

static struct credentials_search *assume(struct stand *s)
{
    const struct credentials_role role = {.arn = text_of(ROLE), .external_id = text_of("x")};
    struct credentials_search *search = NULL;
    CHECK_INT("", credentials_assume(&s->ask, &role, &s->keys, &search, &s->err), SPURN_OK);
    return search;
}

static void keys_that_are_there_become_a_roles(void)
{
    static const struct case_step steps[CASE_STEPS_MAX] = {
        {STS, "RoleSessionName=spurn&ExternalId=x", 200, assumed}};
    struct stand s;
    struct credentials got;
    stand_up(&s);
    credentials_init(&got);
    struct credentials_search *search = assume(&s);
    CHECK_INT("too early", credentials_take(search, &got, &s.err), SPURN_E_INTERNAL);
    CHECK_INT("", case_play("", search, steps, "", &s.err), CREDENTIALS_DONE);
    CHECK_INT("", credentials_take(search, &got, &s.err), SPURN_OK);
    CHECK_TEXT("", got.id, text_of("ASIA1"));
    CHECK_TEXT("", got.account, text_of("222222222222"));
    CHECK_TEXT("", got.source, text_of("role " ROLE " with profile base in /x"));
    CHECK_INT("", got.expires_ms, INT64_C(1795320000000));
    CHECK_INT("only once", credentials_take(search, &got, &s.err), SPURN_E_INTERNAL);
    CHECK("", got.id.at == NULL);
    credentials_close(search);
    credentials_clear(&got);
    stand_down(&s);
}

static void keys_are_told_whose_they_are(void)
{
    static const struct case_step steps[CASE_STEPS_MAX] = {
        {STS, "Action=GetCallerIdentity", 200, identity}};
    struct stand s;
    struct credentials got;
    struct credentials_search *search = NULL;
    stand_up(&s);
    credentials_init(&got);
    CHECK_INT("", credentials_identify(&s.ask, &s.keys, &search, &s.err), SPURN_OK);
    CHECK_INT("", case_play("", search, steps, "", &s.err), CREDENTIALS_DONE);
    CHECK_INT("", credentials_take(search, &got, &s.err), SPURN_OK);
    CHECK_TEXT("", got.id, s.keys.id);
    CHECK_TEXT("", got.secret, s.keys.secret);
    CHECK_TEXT("", got.account, text_of("111122223333"));
    CHECK_TEXT("", got.principal, text_of("arn:aws:iam::111122223333:user/x"));
    CHECK_TEXT("", got.source, s.keys.source);
    credentials_close(search);
    credentials_clear(&got);
    stand_down(&s);
}

/* The header that says when a request was signed. */
static struct spurn_text signed_at(const struct credentials_errand *errand)
{
    for (size_t i = 0; i < errand->request->header_count; i++)
        if (text_is_nocase(errand->request->headers[i].name, "x-amz-date"))
            return errand->request->headers[i].value;
    return TEXT_ABSENT;
}

static void an_errand_asked_again_is_signed_anew(void)
{
    struct stand s;
    struct credentials_errand errand;
    stand_up(&s);
    struct credentials_search *search = assume(&s);
    CHECK_INT("", credentials_next(search, case_now_ms, &errand, &s.err), CREDENTIALS_SEND);
    CHECK_TEXT("", signed_at(&errand), text_of("20261122T030000Z"));
    CHECK_INT("", errand.tries, 3);
    CHECK("", !errand.is_near);
    CHECK_INT("", credentials_next(search, case_now_ms + 5000, &errand, &s.err), CREDENTIALS_SEND);
    CHECK_TEXT("", signed_at(&errand), text_of("20261122T030005Z"));
    credentials_close(search);
    stand_down(&s);
}

static void a_wrong_clock_is_corrected_once_and_asked_again(void)
{
    const struct reply refusal = {.http_status = 403, .body = text_of("<x/>")};
    const struct credentials_outcome outcome = {.reply = &refusal, .skew_ms = 3600 * 1000};
    struct stand s;
    struct credentials_errand errand;
    stand_up(&s);
    struct credentials_search *search = assume(&s);
    CHECK_INT("", credentials_next(search, case_now_ms, &errand, &s.err), CREDENTIALS_SEND);
    credentials_hear(search, &outcome);
    CHECK_INT("", credentials_next(search, case_now_ms, &errand, &s.err), CREDENTIALS_SEND);
    CHECK_TEXT("", signed_at(&errand), text_of("20261122T040000Z"));
    credentials_hear(search, &outcome);
    CHECK_INT("", credentials_next(search, case_now_ms, &errand, &s.err), CREDENTIALS_FAILED);
    CHECK("", strstr(s.err.text, "answered 403") != NULL);
    CHECK_INT("stays so", credentials_next(search, case_now_ms, &errand, &s.err),
              CREDENTIALS_FAILED);
    credentials_close(search);
    stand_down(&s);
}

/* What is not signed is answered, however wrong the clock is: then its keys must not seem to have expired. */
static void keys_are_judged_by_the_clock_of_who_gave_them(void)
{
    static const int64_t day_ms = INT64_C(24) * 3600 * 1000;
    const struct reply reply = {.http_status = 200, .body = text_of(assumed)};
    const struct credentials_outcome outcome = {.reply = &reply, .skew_ms = -day_ms};
    struct stand s;
    struct credentials_errand errand;
    stand_up(&s);
    struct credentials_search *search = assume(&s);
    CHECK_INT("", credentials_next(search, case_now_ms + day_ms, &errand, &s.err),
              CREDENTIALS_SEND);
    credentials_hear(search, &outcome);
    CHECK_INT(s.err.text, credentials_next(search, case_now_ms + day_ms, &errand, &s.err),
              CREDENTIALS_DONE);
    credentials_close(search);
    stand_down(&s);
}

static void a_copy_is_the_same_and_its_own(void)
{
    struct stand s;
    struct credentials copy;
    stand_up(&s);
    credentials_init(&copy);
    s.keys.token = text_of("SECRET-T");
    s.keys.expires_ms = 7;
    CHECK_INT("", credentials_copy(&s.keys, &copy, &s.err), SPURN_OK);
    CHECK_TEXT("", copy.id, s.keys.id);
    CHECK_TEXT("", copy.token, s.keys.token);
    CHECK("", copy.account.at == NULL && copy.id.at != s.keys.id.at);
    CHECK_INT("", copy.expires_ms, 7);
    credentials_clear(&copy);
    stand_down(&s);
}

/* ---- what sources read with ---- */

static void a_command_line_is_split_as_pythons_shlex_does(void)
{
    static const struct {
        const char *line, *words, *why;
    } rows[] = {
        {"a", "a|", NULL},
        {"  a \t b\r\nc  ", "a|b|c|", NULL},
        {"a 'b c' \"d e\"", "a|b c|d e|", NULL},
        {"a'b'\"c\"d", "abcd|", NULL},
        {"a '' \"\"", "a|||", NULL},
        {"a\\ b c\\\\d", "a b|c\\d|", NULL},
        {"a \"b\\\"c\\\\d\\e\"", "a|b\"c\\d\\e|", NULL},
        {"a 'b\\'c", "a|b\\c|", NULL},
        {"a $HOME ~/x *.c `id` $(id) ; b | c > d # e",
         "a|$HOME|~/x|*.c|`id`|$(id)|;|b|||c|>|d|#|e|", NULL},
        {"\xC3\xA4 b", "\xC3\xA4|b|", NULL},
        {"", NULL, "it is empty"},
        {" \n ", NULL, "it is empty"},
        {"''", NULL, "its first word, the program, is empty"},
        {"a 'b", NULL, "a quotation mark is not closed"},
        {"a \"b\\\"", NULL, "a quotation mark is not closed"},
        {"a \\", NULL, "nothing stands behind its last backslash"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stand s;
        struct buf words;
        stand_up(&s);
        buf_init(&words, 1024);
        struct credentials_search *search = assume(&s);
        enum spurn_status status = search_split(search, text_of(rows[i].line), &s.err);
        CHECK_INT(rows[i].line, status, rows[i].why == NULL ? SPURN_OK : SPURN_E_CREDENTIALS);
        for (size_t k = 0; search->argv[k] != NULL; k++)
            buf_addf(&words, "%s|", search->argv[k]);
        CHECK_STR(rows[i].line, buf_str(&words), rows[i].words == NULL ? "" : rows[i].words);
        if (rows[i].why != NULL)
            CHECK(rows[i].line, strstr(s.err.text, rows[i].why) != NULL);
        buf_clear(&words);
        credentials_close(search);
        stand_down(&s);
    }
}

static void too_many_words_are_refused(void)
{
    char line[4 * SEARCH_ARGV_MAX] = "";
    struct stand s;
    stand_up(&s);
    struct credentials_search *search = assume(&s);
    for (int i = 0; i < SEARCH_ARGV_MAX; i++)
        strcat(line, "a ");
    CHECK_INT("as many as there is room", search_split(search, text_of(line), &s.err), SPURN_OK);
    CHECK("", search->argv[SEARCH_ARGV_MAX] == NULL);
    strcat(line, "a");
    CHECK_INT("one more", search_split(search, text_of(line), &s.err), SPURN_E_CREDENTIALS);
    CHECK("", strstr(s.err.text, "too many words") != NULL);
    credentials_close(search);
    stand_down(&s);
}

static void an_object_is_read_whole_or_not_at_all(void)
{
    static const char *const names[] = {"Id", "Secret", "Number", NULL};
    static const struct {
        const char *body, *id, *secret, *number;
        bool is_broken;
    } rows[] = {
        {"{\"Id\":\"a\",\"Secret\":\"b\\u0063\",\"Number\":17,\"Other\":{\"Id\":[1]}}", "a", "bc",
         "17", false},
        {"{\"Id\":null,\"Secret\":\"\"}", NULL, "", NULL, false},
        {"{}", NULL, NULL, NULL, false},
        {"{\"Id\":\"a\"", NULL, NULL, NULL, true},
        {"{\"Id\":\"a\"}x", NULL, NULL, NULL, true},
        {"{\"Id\":\"a\",\"Id\":\"b\"}", NULL, NULL, NULL, true},
        {"{\"Id\":\"a\",\"Secret\":{}}", NULL, NULL, NULL, true},
        {"{\"Id\":\"a\",\"Secret\":true}", NULL, NULL, NULL, true},
        {"[]", NULL, NULL, NULL, true},
        {"", NULL, NULL, NULL, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stand s;
        struct spurn_text said[3];
        stand_up(&s);
        struct credentials_search *search = assume(&s);
        enum spurn_status status = search_read_json(
            search, text_of(rows[i].body), "cannot read what X wrote", names, said, &s.err);
        CHECK_INT(rows[i].body, status, rows[i].is_broken ? SPURN_E_CREDENTIALS : SPURN_OK);
        if (rows[i].is_broken)
            CHECK(rows[i].body, strncmp(s.err.text, "cannot read what X wrote: ", 26) == 0);
        CHECK_TEXT(rows[i].body, said[0], text_of(rows[i].id));
        CHECK_TEXT(rows[i].body, said[1], text_of(rows[i].secret));
        CHECK_TEXT(rows[i].body, said[2], text_of(rows[i].number));
        credentials_close(search);
        stand_down(&s);
    }
}

static void an_errand_goes_to_a_whole_address_only(void)
{
    static const struct {
        const char *url, *base, *host, *path;
    } rows[] = {
        {"https://a.example", "https://a.example", "a.example", "/"},
        {"http://127.0.0.1:81/x/y?z=1", "http://127.0.0.1:81", "127.0.0.1:81", "/x/y?z=1"},
        {"https://a.example:443/", "https://a.example:443", "a.example", "/"},
        {"http://[fd00:ec2::23]/v1", "http://[fd00:ec2::23]", "[fd00:ec2::23]", "/v1"},
        {"a.example/x", NULL, NULL, NULL},
        {"ftp://a.example/x", NULL, NULL, NULL},
        {"https:///x", NULL, NULL, NULL},
        {"https://me@a.example/x", NULL, NULL, NULL},
        {"https://a.example/x y", NULL, NULL, NULL},
        {"https://a.example/x\r\nHost: b", NULL, NULL, NULL},
        {"https://a.example/x#y", NULL, NULL, NULL},
        {"https://a.example?x/y", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stand s;
        stand_up(&s);
        struct credentials_search *search = assume(&s);
        search_request(search, "GET");
        enum spurn_status status = search_aim(search, text_of(rows[i].url), &s.err);
        CHECK_INT(rows[i].url, status, rows[i].base == NULL ? SPURN_E_CREDENTIALS : SPURN_OK);
        CHECK_STR(rows[i].url, search->base_url, rows[i].base == NULL ? "" : rows[i].base);
        if (rows[i].base != NULL) {
            CHECK_TEXT(rows[i].url, search->request.host, text_of(rows[i].host));
            CHECK_TEXT(rows[i].url, search->request.path, text_of(rows[i].path));
        }
        credentials_close(search);
        stand_down(&s);
    }
}

static void a_refusal_says_nothing_that_was_secret(void)
{
    static const char *const secrets[] = {"SECRET-B", "SECRET-H", "SECRET%2FF", "SECRET-P", "AKB"};
    const struct reply reply = {.http_status = 403};
    const struct credentials_outcome outcome = {.reply = &reply};
    struct stand s;
    stand_up(&s);
    struct credentials_search *search = assume(&s);
    struct request *request = search_request(search, "POST");
    CHECK_INT("", search_aim(search, text_of("https://a.example"), &s.err), SPURN_OK);
    request_add_header(request, "x-aws-ec2-metadata-token", text_of("SECRET-H"));
    request_add_parameter(request, "SecurityToken", text_of("SECRET-P"));
    request_set_body(request, text_of("Action=x&WebIdentityToken=SECRET%2FF&Version=1"));
    CHECK_INT("",
              search_fail_reply(search, "cannot do x", &outcome, text_of("Code\x1b"),
                                text_of("AKB SECRET-B\nSECRET-H SECRET%2FF SECRET-P Action=x"),
                                &s.err),
              SOURCE_FAILED);
    CHECK_STR("", s.err.text,
              "cannot do x: a.example answered 403 Code : *** *** *** *** *** Action=x");
    for (size_t i = 0; i < COUNT(secrets); i++)
        CHECK(secrets[i], strstr(s.err.text, secrets[i]) == NULL);
    credentials_close(search);
    stand_down(&s);
}

/* Writes a credentials file that holds the secret, and forgets it again. */
static void write_secret_file(const char *home)
{
    char content[256] = "[default]\naws_access_key_id = AKD\naws_secret_access_key = ";
    size_t len = strlen(content);
    memory_case_secret(content + len);
    content[len + MASKED_LEN] = '\n';
    content[len + MASKED_LEN + 1] = '\0';
    case_write(home, ".aws", "credentials", content, 0600);
    secret_wipe(content, sizeof content);
}

static void no_secret_outlives_a_search(void)
{
    const struct credentials_role role = {.arn = text_of(ROLE)};
    const struct credentials_outcome unheard = {.problem = "nobody answered"};
    struct credentials_search *search = NULL, *step = NULL;
    struct credentials_errand errand;
    struct credentials got;
    struct stand s;
    stand_up(&s);
    credentials_init(&got);
    case_make_home(&s.environment);
    s.environment.has_home = true;
    write_secret_file(s.environment.home);
    CHECK_INT("before", memory_case_count(false), 0);

    CHECK_INT("", credentials_find(&s.ask, &search, &s.err), SPURN_OK);
    CHECK_INT("", credentials_next(search, case_now_ms, &errand, &s.err), CREDENTIALS_DONE);
    CHECK_INT("", credentials_take(search, &got, &s.err), SPURN_OK);
    CHECK("it is there while it is needed", memory_case_count(false) > 0);
    CHECK_INT("but in no core dump", memory_case_count(true), 0);
    credentials_close(search);
    CHECK_INT("only the keys are left", memory_case_count(false), 1);

    CHECK_INT("", credentials_assume(&s.ask, &role, &got, &step, &s.err), SPURN_OK);
    CHECK_INT("", credentials_next(step, case_now_ms, &errand, &s.err), CREDENTIALS_SEND);
    credentials_hear(step, &unheard);
    CHECK_INT("", credentials_next(step, case_now_ms, &errand, &s.err), CREDENTIALS_FAILED);
    CHECK_INT("a step keeps them in no core dump", memory_case_count(true), 0);
    credentials_close(step);
    credentials_clear(&got);
    CHECK_INT("after", memory_case_count(false), 0);
    case_remove(s.environment.home, ".aws", "credentials");
    rmdir(s.environment.home);
    stand_down(&s);
}

static const struct unit_test tests[] = {
    {"keys_that_are_there_become_a_roles", keys_that_are_there_become_a_roles},
    {"keys_are_told_whose_they_are", keys_are_told_whose_they_are},
    {"an_errand_asked_again_is_signed_anew", an_errand_asked_again_is_signed_anew},
    {"a_wrong_clock_is_corrected_once_and_asked_again",
     a_wrong_clock_is_corrected_once_and_asked_again},
    {"keys_are_judged_by_the_clock_of_who_gave_them",
     keys_are_judged_by_the_clock_of_who_gave_them},
    {"a_copy_is_the_same_and_its_own", a_copy_is_the_same_and_its_own},
    {"a_command_line_is_split_as_pythons_shlex_does",
     a_command_line_is_split_as_pythons_shlex_does},
    {"too_many_words_are_refused", too_many_words_are_refused},
    {"an_object_is_read_whole_or_not_at_all", an_object_is_read_whole_or_not_at_all},
    {"an_errand_goes_to_a_whole_address_only", an_errand_goes_to_a_whole_address_only},
    {"a_refusal_says_nothing_that_was_secret", a_refusal_says_nothing_that_was_secret},
    {"no_secret_outlives_a_search", no_secret_outlives_a_search},
};

UNIT_MAIN(tests)

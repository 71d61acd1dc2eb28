/* sts.c - AWS's token service: roles assumed with keys or with a web identity, and whose keys they are. */
#include <stdio.h>
#include <string.h>

#include "credentials/aws/service.h"
#include "credentials/aws/settings.h"
#include "credentials/xml.h"
#include "place/place.h"
#include "sign/sigv4.h"

/* Source: the service's model, STS 2011-06-15, protocol query. */

enum {
    AGAIN_MAX = 2, /* answers that ask for another try, beyond the first */
    FORM_LEN_MAX = 128 * 1024
};

enum { KEY_ID, SECRET, TOKEN, EXPIRATION, ARN, ACCOUNT, FIELD_COUNT };

/* One operation: its name, and where its answer keeps what is read; NULL: nowhere. */
struct operation {
    const char *name;
    bool is_signed;
    const char *paths[FIELD_COUNT];
};

#define RESULT(name, rest) name "Response/" name "Result/" rest
#define ASSUMED(name)                                                                              \
    {                                                                                              \
        [KEY_ID] = RESULT(name, "Credentials/AccessKeyId"),                                        \
        [SECRET] = RESULT(name, "Credentials/SecretAccessKey"),                                    \
        [TOKEN] = RESULT(name, "Credentials/SessionToken"),                                        \
        [EXPIRATION] = RESULT(name, "Credentials/Expiration"),                                     \
        [ARN] = RESULT(name, "AssumedRoleUser/Arn"),                                               \
    }

static const struct operation assume_role = {"AssumeRole", true, ASSUMED("AssumeRole")};
static const struct operation web_identity = {"AssumeRoleWithWebIdentity", false,
                                              ASSUMED("AssumeRoleWithWebIdentity")};
static const struct operation caller_identity = {
    "GetCallerIdentity",
    true,
    {[ARN] = RESULT("GetCallerIdentity", "Arn"),
     [ACCOUNT] = RESULT("GetCallerIdentity", "Account")},
};

/* ---- where to ask ---- */

/* A region of another partition has no STS that knows the account. */
static struct spurn_text region_of(const struct search *search, const struct source *source)
{
    if (source->settings.region.len > 0)
        return source->settings.region;
    struct spurn_text asked = search->ask.region, set = search->settings.region;
    const char *partition = asked.len == 0 ? NULL : place_aws_partition(asked);
    const char *set_partition = set.len == 0 ? NULL : place_aws_partition(set);
    if (set_partition != NULL && (partition == NULL || strcmp(partition, set_partition) == 0))
        return set;
    return asked;
}

/* Regions that were there before STS had regional hosts. Source: botocore, args.py, and its endpoint rules for STS. */
static bool has_global_host(struct spurn_text region)
{
    static const char *const names[] = {
        "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
        "eu-central-1",   "eu-north-1", "eu-west-1",      "eu-west-2",      "eu-west-3",
        "sa-east-1",      "us-east-1",  "us-east-2",      "us-west-1",      "us-west-2",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_is(region, names[i]))
            return true;
    return false;
}

/* Whether environment or profile want the one host of old. */
static enum spurn_status wants_global_host(const struct search *search, bool *wants,
                                           struct spurn_error *err)
{
    struct spurn_text said =
        aws_setting(search, "AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints");
    *wants = text_is(said, "legacy");
    if (said.at == NULL || *wants || text_is(said, "regional"))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      "cannot ask AWS STS: AWS_STS_REGIONAL_ENDPOINTS, or the profile's "
                      "sts_regional_endpoints, is neither regional nor legacy");
}

/* The base URL, and the region that is signed for. */
static enum spurn_status find_endpoint(const struct search *search, const struct source *source,
                                       struct buf *url, struct spurn_text *region,
                                       struct spurn_error *err)
{
    *region = region_of(search, source);
    bool has_own_host = search->ask.endpoints.sts != NULL || search->settings.sts.len > 0;
    bool has_variant = (search->ask.variants | search->settings.variants) != 0;
    bool wants_global = false;
    enum spurn_status status = wants_global_host(search, &wants_global, err);
    if (status != SPURN_OK)
        return status;
    if (wants_global && !has_own_host && !has_variant && has_global_host(*region)) {
        buf_add_str(url, "https://sts.amazonaws.com");
        *region = text_of("us-east-1");
        return SPURN_OK;
    }
    return aws_find_endpoint(search, "sts", *region, search->ask.endpoints.sts,
                             search->settings.sts, url, err);
}

/* ---- what to send ---- */

static void put_field(struct buf *form, const char *name, struct spurn_text value)
{
    if (value.at == NULL)
        return;
    buf_addf(form, "&%s=", name);
    request_add_encoded(form, value);
}

static void put_form(const struct operation *operation, const struct source *source,
                     struct spurn_text token, struct buf *form)
{
    const struct source_settings *settings = &source->settings;
    buf_addf(form, "Action=%s&Version=2011-06-15", operation->name);
    if (operation == &caller_identity)
        return;
    put_field(form, "RoleArn", settings->role_arn);
    put_field(form, "RoleSessionName",
              settings->session_name.at != NULL ? settings->session_name : text_of("spurn"));
    put_field(form, "ExternalId", settings->external_id);
    put_field(form, "WebIdentityToken", token);
    if (settings->duration_s > 0)
        buf_addf(form, "&DurationSeconds=%lld", (long long)settings->duration_s);
}

/* The keys may be replaced by the answer: they are signed with here, each time anew. */
static enum spurn_status sign_request(struct search *search, struct spurn_text region,
                                      struct spurn_error *err)
{
    const struct sigv4_keys keys = {search->keys.id, search->keys.secret, search->keys.token};
    const struct sigv4_scope scope = {
        .region = region, .service = text_of("sts"), .now_ms = search->now_ms};
    return sigv4_sign(search->ask.digest, &search->request, &keys, &scope, err);
}

static enum source_answer send_form(struct search *search, const struct source *source,
                                    const struct operation *operation, struct spurn_text token,
                                    struct spurn_error *err)
{
    struct buf url, form;
    struct spurn_text region;
    buf_init(&url, SEARCH_URL_MAX);
    buf_init_secret(&form, FORM_LEN_MAX);
    struct request *request = search_request(search, "POST");
    enum spurn_status status = find_endpoint(search, source, &url, &region, err);
    if (status == SPURN_OK)
        status = search_aim(search, buf_text(&url), err);
    if (status != SPURN_OK)
        goto done;
    put_form(operation, source, token, &form);
    request_add_header(request, "Content-Type",
                       text_of("application/x-www-form-urlencoded; charset=utf-8"));
    request_set_body(request, buf_text(&form));
    if (form.failed || request->failed)
        status = spurn_fail(err, SPURN_E_CREDENTIALS,
                            "cannot use %s: what AWS STS would have to be sent is too large",
                            source->what);
    else if (operation->is_signed)
        status = sign_request(search, region, err);
done:
    buf_clear(&form);
    buf_clear(&url);
    return status == SPURN_OK ? SOURCE_SEND : SOURCE_FAILED;
}

/* ---- refusals ---- */

enum meaning { REFUSED, COMES_BACK, CLOCK };

/* Source: the service's model; "Common errors", AWS STS API Reference. */
static const struct refusal {
    const char *code;
    const struct operation *of; /* NULL: of each */
    enum meaning meaning;
    const char *advice;
} refusals[] = {
    {"AccessDenied", &assume_role, REFUSED,
     "see that the role is there, that its trust policy names this caller, and that the caller may "
     "do sts:AssumeRole on it"},
    {"AccessDenied", &web_identity, REFUSED,
     "see that the role is there, and that its trust policy names the token's issuer, audience "
     "and subject"},
    {"AccessDenied", &caller_identity, REFUSED, "a policy denies sts:GetCallerIdentity"},
    {"ExpiredTokenException", &web_identity, REFUSED,
     "the token in the file has expired: what writes it has to renew it"},
    {"ExpiredToken", NULL, REFUSED, "the keys have expired: get fresh ones"},
    {"ExpiredTokenException", NULL, REFUSED, "the keys have expired: get fresh ones"},
    {"InvalidClientTokenId", NULL, REFUSED,
     "the access key is unknown or switched off, its session token is another's, or the account "
     "has not opted in to this region"},
    {"UnrecognizedClientException", NULL, REFUSED,
     "the access key is unknown or switched off, or the account has not opted in to this region"},
    {"RegionDisabledException", NULL, REFUSED,
     "STS is switched off in this region: switch it on in the account's IAM settings, or name "
     "another region"},
    {"OptInRequired", NULL, REFUSED, "the account has not opted in to this region"},
    {"MalformedPolicyDocument", NULL, REFUSED, "the session policy is no valid policy"},
    {"PackedPolicyTooLarge", NULL, REFUSED, "the session's policies and tags are too large"},
    {"IDPRejectedClaim", NULL, REFUSED,
     "the identity provider turned the token down: it may have been revoked, or have expired"},
    {"InvalidIdentityToken", NULL, REFUSED,
     "see that IAM has an identity provider for the token's issuer, and that the file holds the "
     "token alone"},
    {"ValidationError", NULL, REFUSED,
     "see to the role's ARN, the session name, the external id and the duration"},
    {"IncompleteSignature", NULL, REFUSED, "the keys hold what no key holds"},
    {"IDPCommunicationError", NULL, COMES_BACK, "the identity provider could not be reached"},
    {"Throttling", NULL, REFUSED, "STS has been asked too often"},
    {"ThrottlingException", NULL, REFUSED, "STS has been asked too often"},
    {"RequestExpired", NULL, CLOCK, NULL},
    {"RequestTimeTooSkewed", NULL, CLOCK, NULL},
    {"RequestInTheFuture", NULL, CLOCK, NULL},
    {"SignatureDoesNotMatch", NULL, CLOCK,
     "the secret access key is not the one that belongs to this id"},
    {"InvalidSignatureException", NULL, CLOCK,
     "the secret access key is not the one that belongs to this id"},
};

static const struct refusal *refusal_of(const struct operation *operation, struct spurn_text code)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if ((refusals[i].of == NULL || refusals[i].of == operation) &&
            text_is(code, refusals[i].code))
            return &refusals[i];
    return NULL;
}

static bool says(struct spurn_text text, const char *words)
{
    size_t len = strlen(words);
    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.at + i, words, len) == 0)
            return true;
    return false;
}

/* A signature that is too old or too new is refused with the code of a wrong one; the words tell them apart. */
static bool is_about_time(const struct refusal *refusal, struct spurn_text message)
{
    if (refusal == NULL || refusal->meaning != CLOCK)
        return false;
    return refusal->advice == NULL || says(message, "Signature expired") ||
           says(message, "Signature not yet current");
}

static enum source_answer fail_refused(struct search *search, struct source *source,
                                       const struct operation *operation, const char *what,
                                       const struct credentials_outcome *outcome,
                                       struct spurn_error *err)
{
    struct xml_field said[] = {{"ErrorResponse/Error/Code", TEXT_ABSENT},
                               {"ErrorResponse/Error/Message", TEXT_ABSENT}};
    struct xml_problem problem;
    if (!xml_read(outcome->reply->body, &search->arena, said, 2, &problem))
        said[0].text = said[1].text = TEXT_ABSENT;
    const struct refusal *refusal = refusal_of(operation, said[0].text);
    if (refusal != NULL && refusal->meaning == COMES_BACK && source->stage < AGAIN_MAX) {
        source->stage++;
        return SOURCE_SEND;
    }
    search_fail_reply(search, what, outcome, said[0].text, said[1].text, err);
    if (is_about_time(refusal, said[1].text))
        search_advise(err, "this machine's clock and the one of AWS differ: set it right");
    else if (refusal != NULL)
        search_advise(err, refusal->advice);
    if (operation == &assume_role && text_is(said[0].text, "AccessDenied"))
        search_advise(err, search_external_id(source));
    return SOURCE_FAILED;
}

/* ---- answers ---- */

/* True when all of a 200 was read; else *answer is what the source says. */
static bool read_reply(struct search *search, struct source *source,
                       const struct operation *operation, const char *what,
                       const struct credentials_outcome *outcome,
                       struct spurn_text out[FIELD_COUNT], enum source_answer *answer,
                       struct spurn_error *err)
{
    *answer = SOURCE_FAILED;
    if (outcome->reply == NULL) {
        search_fail_reply(search, what, outcome, TEXT_ABSENT, TEXT_ABSENT, err);
        return false;
    }
    if (outcome->reply->http_status != 200) {
        *answer = fail_refused(search, source, operation, what, outcome, err);
        return false;
    }
    struct xml_field fields[FIELD_COUNT];
    struct xml_problem problem;
    for (int i = 0; i < FIELD_COUNT; i++)
        fields[i].path = operation->paths[i] != NULL ? operation->paths[i] : "/";
    if (!xml_read(outcome->reply->body, &search->arena, fields, FIELD_COUNT, &problem)) {
        spurn_fail(err, SPURN_E_CREDENTIALS,
                   "%s: its answer cannot be read: %s (byte %zu); is something between here and "
                   "AWS STS answering in its place?",
                   what, problem.why, problem.at);
        return false;
    }
    for (int i = 0; i < FIELD_COUNT; i++)
        out[i] = fields[i].text;
    return true;
}

static enum source_answer hear_keys(struct search *search, struct source *source,
                                    const struct operation *operation,
                                    const struct credentials_outcome *outcome,
                                    struct spurn_error *err)
{
    char what[AWS_SENTENCE_MAX];
    struct spurn_text said[FIELD_COUNT];
    enum source_answer answer;
    snprintf(what, sizeof what, "cannot assume role %.*s", TEXT_ARG(source->settings.role_arn));
    if (!read_reply(search, source, operation, what, outcome, said, &answer, err))
        return answer;
    const struct aws_answer keys = {
        .id = {"AccessKeyId", said[KEY_ID]},
        .secret = {"SecretAccessKey", said[SECRET]},
        .token = {"SessionToken", said[TOKEN]},
        .expiration = said[EXPIRATION],
        .account = aws_account_of(said[ARN]),
        .arn = source->settings.role_arn,
        .principal = said[ARN],
    };
    return aws_keep(search, source, what, &keys, err);
}

static enum spurn_status check_role(const struct source *source, struct spurn_error *err)
{
    if (aws_is_role(source->settings.role_arn))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      "cannot use %s: its role has no ARN such as "
                      "arn:aws:iam::111122223333:role/name",
                      source->what);
}

/* ---- the three sources ---- */

static enum source_answer ask_role(struct search *search, struct source *source,
                                   struct spurn_error *err)
{
    if (check_role(source, err) != SPURN_OK)
        return SOURCE_FAILED;
    return send_form(search, source, &assume_role, TEXT_ABSENT, err);
}

static enum source_answer hear_role(struct search *search, struct source *source,
                                    const struct credentials_outcome *outcome,
                                    struct spurn_error *err)
{
    return hear_keys(search, source, &assume_role, outcome, err);
}

/* The file is read anew each time: whoever writes it renews the token long before the keys have expired. */
static enum source_answer ask_web_identity(struct search *search, struct source *source,
                                           struct spurn_error *err)
{
    struct spurn_text token;
    if (check_role(source, err) != SPURN_OK ||
        search_read_token(search, source->settings.token_file, "the web identity token", &token,
                          err) != SPURN_OK)
        return SOURCE_FAILED;
    return send_form(search, source, &web_identity, token, err);
}

static enum source_answer hear_web_identity(struct search *search, struct source *source,
                                            const struct credentials_outcome *outcome,
                                            struct spurn_error *err)
{
    return hear_keys(search, source, &web_identity, outcome, err);
}

static enum source_answer ask_identity(struct search *search, struct source *source,
                                       struct spurn_error *err)
{
    return send_form(search, source, &caller_identity, TEXT_ABSENT, err);
}

static enum source_answer hear_identity(struct search *search, struct source *source,
                                        const struct credentials_outcome *outcome,
                                        struct spurn_error *err)
{
    char what[AWS_SENTENCE_MAX];
    struct spurn_text said[FIELD_COUNT];
    enum source_answer answer;
    snprintf(what, sizeof what, "cannot learn whose keys those of %s are", source->what);
    if (!read_reply(search, source, &caller_identity, what, outcome, said, &answer, err))
        return answer;
    if (said[ACCOUNT].len != 12 || !text_all_digits(said[ACCOUNT]) || !aws_is_arn(said[ARN]))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its answer has no account of 12 digits, or no ARN",
                                        what));
    bool ok = true;
    search->keys.account = arena_copy(&search->keys.arena, said[ACCOUNT], &ok);
    search->keys.principal = arena_copy(&search->keys.arena, said[ARN], &ok);
    return ok ? SOURCE_KEYS : source_failed(spurn_fail_memory(err));
}

const struct source_kind source_aws_role = {ask_role, hear_role};
const struct source_kind source_aws_web_identity = {ask_web_identity, hear_web_identity};
const struct source_kind source_aws_identity = {ask_identity, hear_identity};

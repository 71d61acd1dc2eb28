/* sts.c - Alibaba Cloud's token service: roles assumed with keys or with an OIDC token, and whose keys they are. */
#include <stdio.h>
#include <string.h>

#include "credentials/alibaba/answer.h"
#include "place/place.h"
#include "sign/rpc.h"

/* Sources: STS 2015-04-01's pages of AssumeRole, AssumeRoleWithOIDC and GetCallerIdentity; credentials-go, providers/ram_role_arn.go
 * and oidc.go, which sign with HMAC-SHA1. All parameters go into the body, so that no token stands in an address. */

enum {
    AGAIN_MAX = 2, /* answers that ask for another try, beyond the first */
    NONCE_LEN = 16,
    DURATION_S = 3600 /* as credentials-go has it when nobody says */
};

/* ---- where to ask ---- */

static enum spurn_status find_host(const struct search *search, const struct source *source,
                                   struct buf *url, struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    struct spurn_text given = text_of(search->ask.endpoints.sts);
    if (given.len == 0)
        given = settings->url;
    if (given.len > 0) {
        if (memchr(given.at, '/', given.len) == NULL) /* a host alone, as Alibaba's tools have it */
            buf_add_str(url, "https://");
        buf_add_text(url, given);
        return url->failed ? spurn_fail_memory(err) : SPURN_OK;
    }
    bool uses_vpc = settings->uses_vpc || (search->ask.variants & PLACE_VPC) != 0 ||
                    alibaba_is_set(search, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
    struct spurn_text region = settings->region;
    if (region.len == 0)
        region = text_of(sources_variable(&search->ask, "ALIBABA_CLOUD_STS_REGION"));
    if (region.len == 0 && uses_vpc)
        region = search->ask.region; /* there is no host for every VPC */
    if (region.len == 0)
        region = TEXT_ABSENT;
    if (place_alibaba_endpoint("sts", region, uses_vpc ? PLACE_VPC : 0, url, err) == SPURN_OK)
        return SPURN_OK;
    err->status = err->status == SPURN_E_MEMORY ? SPURN_E_MEMORY : SPURN_E_CREDENTIALS;
    return spurn_fail_within(err, "cannot use %s", source->what);
}

static struct request *begin(struct search *search, const struct source *source, const char *action,
                             struct spurn_error *err)
{
    struct buf url;
    buf_init(&url, SEARCH_URL_MAX);
    struct request *request = search_request(search, "POST");
    enum spurn_status status = find_host(search, source, &url, err);
    if (status == SPURN_OK)
        status = search_aim(search, buf_text(&url), err);
    buf_clear(&url);
    request_set_path(request, text_of("/"));
    request_add_header(request, "accept", text_of("application/json"));
    request_add_parameter(request, "Action", text_of(action));
    request_add_parameter(request, "Version", text_of("2015-04-01"));
    request_add_parameter(request, "Format", text_of("JSON"));
    return status == SPURN_OK ? request : NULL;
}

/* ---- what to ask ---- */

static void add_role(struct request *request, const struct source_settings *settings)
{
    char duration[24];
    int64_t duration_s = settings->duration_s == 0 ? DURATION_S : settings->duration_s;
    snprintf(duration, sizeof duration, "%lld", (long long)duration_s);
    request_add_parameter(request, "RoleArn", settings->role_arn);
    request_add_parameter(request, "RoleSessionName",
                          settings->session_name.len > 0 ? settings->session_name
                                                         : text_of("spurn"));
    request_add_parameter(request, "DurationSeconds", text_of(duration));
    request_add_parameter(request, "Policy", settings->policy);
}

static enum source_answer sign(struct search *search, const struct source *source,
                               struct request *request, struct spurn_error *err)
{
    uint8_t bytes[NONCE_LEN];
    char nonce[2 * NONCE_LEN + 1];
    if (!digest_random(bytes, sizeof bytes))
        return source_failed(spurn_fail(err, SPURN_E_INTERNAL,
                                        "cannot use %s: the system gives no random numbers",
                                        source->what));
    digest_hex(bytes, sizeof bytes, nonce);
    const struct rpc_keys keys = {search->keys.id, search->keys.secret, search->keys.token};
    const struct rpc_moment moment = {search->now_ms, {nonce, sizeof nonce - 1}};
    if (rpc_sign(search->ask.digest, request, &keys, &moment, err) != SPURN_OK)
        return source_failed(spurn_fail_within(err, "cannot use %s", source->what));
    return SOURCE_SEND;
}

static enum source_answer end(struct request *request, struct spurn_error *err)
{
    rpc_use_body(request);
    return request->failed ? source_failed(spurn_fail_memory(err)) : SOURCE_SEND;
}

static enum source_answer ask_role(struct search *search, struct source *source,
                                   struct spurn_error *err)
{
    struct request *request = begin(search, source, "AssumeRole", err);
    if (request == NULL)
        return SOURCE_FAILED;
    add_role(request, &source->settings);
    request_add_parameter(request, "ExternalId", source->settings.external_id);
    enum source_answer said = sign(search, source, request, err);
    return said == SOURCE_SEND ? end(request, err) : said;
}

static enum source_answer ask_oidc(struct search *search, struct source *source,
                                   struct spurn_error *err)
{
    struct spurn_text token;
    struct request *request = begin(search, source, "AssumeRoleWithOIDC", err);
    if (request == NULL || search_read_token(search, source->settings.token_file, "the OIDC token",
                                             &token, err) != SPURN_OK)
        return SOURCE_FAILED;
    add_role(request, &source->settings);
    request_add_parameter(request, "OIDCProviderArn", source->settings.provider_arn);
    request_add_parameter(request, "OIDCToken", token);
    return end(request, err);
}

static enum source_answer ask_identity(struct search *search, struct source *source,
                                       struct spurn_error *err)
{
    struct request *request = begin(search, source, "GetCallerIdentity", err);
    if (request == NULL)
        return SOURCE_FAILED;
    enum source_answer said = sign(search, source, request, err);
    return said == SOURCE_SEND ? end(request, err) : said;
}

/* ---- what came back ---- */

/* Source: "Error codes" of STS 2015-04-01, and its FAQ. A '*' stands for whatever follows. */
static const struct {
    const char *code;
    bool again;
    const char *advice;
} codes[] = {
    {"NoPermission", false,
     "these keys need sts:AssumeRole on the role, and its trust policy has to name them; keys of "
     "an account itself assume no role"},
    {"EntityNotExist.Role", false, "look at the role's name and account in its ARN"},
    {"InvalidParameter.RoleArn", false, "write it as acs:ram::ACCOUNT:role/NAME"},
    {"InvalidParameter.RoleSessionName", false,
     "2 to 64 letters, digits and any of . @ - _ make a session name"},
    {"InvalidParameter.DurationSeconds", false,
     "ask for at least 900 seconds and no more than the role's longest session"},
    {"InvalidAccessKeyId.NotFound", false,
     "that access key does not exist: look for a slip, or for a key of another cloud"},
    {"InvalidAccessKeyId.Inactive", false, "that access key is switched off in RAM"},
    {"SignatureDoesNotMatch", false, "the secret is not the access key's"},
    {"IncompleteSignature", false, "the secret is not the access key's"},
    {"InvalidSecurityToken.Expired", false, "these keys have expired: get fresh ones"},
    {"InvalidSecurityToken.*", false, "the token is not these keys'"},
    {"MissingSecurityToken", false, "these are temporary keys, and their token is missing"},
    {"InvalidTimeStamp.Expired", false, "set this machine's clock"},
    {"IllegalTimestamp", false, "set this machine's clock"},
    {"SignatureNonceUsed", true, NULL},
    {"Throttling*", false, "STS is asked too often: try again later, or with fewer targets"},
    {"AuthenticationFail.OIDCToken.Expired", false,
     "the token in the file has expired: whoever writes it has stopped"},
    {"AuthenticationFail.OIDCToken.*", false,
     "the OIDC provider in RAM has to fit the token's issuer, audience and key"},
    {"AuthenticationFail.NoPermission", false,
     "the role's trust policy has to name the OIDC provider and what the token says"},
    {"EntityNotExist.OIDCProvider", false, "look at the OIDC provider's ARN"},
};

static bool fits(struct spurn_text code, const char *pattern)
{
    size_t len = 0;
    while (pattern[len] != '\0' && pattern[len] != '*')
        len++;
    if (pattern[len] == '\0')
        return text_is(code, pattern);
    return code.len >= len &&
           text_equal((struct spurn_text){code.at, len}, (struct spurn_text){pattern, len});
}

static enum source_answer hear_refusal(struct search *search, struct source *source,
                                       const char *sentence,
                                       const struct credentials_outcome *outcome,
                                       struct spurn_error *err)
{
    struct alibaba_answer answer = {.id = TEXT_ABSENT};
    if (outcome->reply != NULL)
        alibaba_answer_read(search, outcome->reply->body, &answer, NULL);
    for (size_t i = 0; answer.code.len > 0 && i < sizeof codes / sizeof codes[0]; i++) {
        if (!fits(answer.code, codes[i].code))
            continue;
        if (codes[i].again && source->stage++ < AGAIN_MAX)
            return SOURCE_SEND;
        search_fail_reply(search, sentence, outcome, answer.code, answer.message, err);
        search_advise(err, codes[i].advice);
        if (source->kind == &source_alibaba_role && text_is(answer.code, "NoPermission"))
            search_advise(err, search_external_id(source));
        return SOURCE_FAILED;
    }
    return search_fail_reply(search, sentence, outcome, answer.code, answer.message, err);
}

static bool is_good(const struct credentials_outcome *outcome)
{
    return outcome->reply != NULL && outcome->reply->http_status == 200;
}

static enum source_answer hear_role(struct search *search, struct source *source,
                                    const struct credentials_outcome *outcome,
                                    struct spurn_error *err)
{
    char sentence[ALIBABA_SENTENCE_MAX];
    snprintf(sentence, sizeof sentence, "cannot assume %s", source->what);
    if (!is_good(outcome))
        return hear_refusal(search, source, sentence, outcome, err);
    return alibaba_answer_take(search, source, sentence, outcome, err);
}

static enum source_answer hear_identity(struct search *search, struct source *source,
                                        const struct credentials_outcome *outcome,
                                        struct spurn_error *err)
{
    char sentence[ALIBABA_SENTENCE_MAX];
    struct alibaba_answer answer;
    bool ok = true;
    snprintf(sentence, sizeof sentence, "cannot ask whose keys these are (%s)", source->what);
    if (!is_good(outcome))
        return hear_refusal(search, source, sentence, outcome, err);
    if (!alibaba_answer_read(search, outcome->reply->body, &answer, NULL) ||
        !alibaba_is_account(answer.account))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: STS's answer does not tell their account", sentence));
    search->keys.account = arena_copy(&search->keys.arena, answer.account, &ok);
    if (alibaba_is_arn(answer.arn))
        search->keys.principal = arena_copy(&search->keys.arena, answer.arn, &ok);
    return ok ? SOURCE_KEYS : source_failed(spurn_fail_memory(err));
}

const struct source_kind source_alibaba_role = {ask_role, hear_role};
const struct source_kind source_alibaba_oidc = {ask_oidc, hear_role};
const struct source_kind source_alibaba_identity = {ask_identity, hear_identity};

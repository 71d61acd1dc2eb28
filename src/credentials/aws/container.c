/* container.c - keys that a container is handed: by Amazon ECS, EKS Pod Identity, Greengrass and the like. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "credentials/aws/service.h"
#include "place/place.h"

/* Source: botocore, credentials.py (ContainerProvider) and utils.py (ContainerMetadataFetcher). */

enum { ANSWER_MS = 2000, HOST_LEN_MAX = 255 };

/* ---- where to ask ---- */

/* The addresses beside loopback that may be asked over plain http. */
static const char *const near_v4[] = {"169.254.170.2", "169.254.170.23"};
static const char *const near_v6[] = {"fd00:ec2::23", "::1"};

static bool is_same_v6(const char *a, const char *b)
{
    struct in6_addr first, second;
    return inet_pton(AF_INET6, a, &first) == 1 && inet_pton(AF_INET6, b, &second) == 1 &&
           memcmp(&first, &second, sizeof first) == 0;
}

static bool is_near_host(const char *host)
{
    struct in_addr v4;
    if (strcmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127)
        return true;
    for (size_t i = 0; i < sizeof near_v4 / sizeof near_v4[0]; i++)
        if (strcmp(host, near_v4[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof near_v6 / sizeof near_v6[0]; i++)
        if (is_same_v6(host, near_v6[i]))
            return true;
    return false;
}

/* The host alone, without brackets and port, of "http://host[:port]"; false when it is longer than any. */
static bool host_of(const char *base_url, char out[HOST_LEN_MAX + 1])
{
    const char *host = strstr(base_url, "://") + 3;
    bool is_bracketed = host[0] == '[';
    host += is_bracketed;
    size_t len = strcspn(host, is_bracketed ? "]" : ":");
    if (len > HOST_LEN_MAX)
        return false;
    memcpy(out, host, len);
    out[len] = '\0';
    return true;
}

/* Whoever can set a variable must not be able to have the authorization sent to them in clear. */
static enum spurn_status check_host(const struct search *search, const struct source *source,
                                    struct spurn_error *err)
{
    char host[HOST_LEN_MAX + 1];
    if (strncmp(search->base_url, "https://", 8) == 0 ||
        (host_of(search->base_url, host) && is_near_host(host)))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      "cannot use %s: plain http goes to loopback, 169.254.170.2, 169.254.170.23 "
                      "and fd00:ec2::23 only; name one of these, or an https URL",
                      source->what);
}

static enum spurn_status aim(struct search *search, const struct source *source,
                             struct spurn_error *err)
{
    struct spurn_text named = source->settings.url;
    const char *given = search->ask.endpoints.metadata;
    bool is_relative = text_starts(named, "/");
    struct buf url;
    buf_init(&url, SEARCH_URL_MAX);
    if (is_relative)
        buf_add_str(&url, given != NULL ? given : "http://169.254.170.2");
    buf_add_text(&url, named);
    enum spurn_status status = SPURN_OK;
    if (url.failed)
        status = spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: its URL is too long",
                            source->what);
    else
        status = search_aim(search, buf_text(&url), err);
    /* What the configuration itself names is the user's own word. */
    if (status == SPURN_OK && !(is_relative && given != NULL))
        status = check_host(search, source, err);
    buf_clear(&url);
    return status;
}

/* ---- who asks ---- */

/* The file is read anew each time: EKS renews the token in it. */
static enum spurn_status read_authorization(struct search *search, const struct source *source,
                                            struct spurn_text *authorization,
                                            struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    *authorization = settings->authorization;
    if (settings->authorization_file.len > 0)
        return search_read_token(search, settings->authorization_file,
                                 "the container's authorization token", authorization, err);
    return SPURN_OK;
}

static enum source_answer ask_container(struct search *search, struct source *source,
                                        struct spurn_error *err)
{
    struct spurn_text authorization;
    struct request *request = search_request(search, "GET");
    if (aim(search, source, err) != SPURN_OK ||
        read_authorization(search, source, &authorization, err) != SPURN_OK)
        return SOURCE_FAILED;
    search->is_near = true;
    search->connect_ms = search->answer_ms = ANSWER_MS;
    request_add_header(request, "Accept", text_of("application/json"));
    request_add_header(request, "Authorization", authorization);
    if (request->failed)
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "cannot use %s: its authorization token holds a line break, "
                       "or is too long",
                       source->what));
    return SOURCE_SEND;
}

/* ---- what it answers ---- */

static enum source_answer hear_container(struct search *search, struct source *source,
                                         const struct credentials_outcome *outcome,
                                         struct spurn_error *err)
{
    enum { KEY_ID, SECRET, TOKEN, EXPIRATION, ACCOUNT, ROLE_ARN, COUNT };
    static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration",
                                        "AccountId",   "RoleArn",         NULL};
    char what[AWS_SENTENCE_MAX];
    struct spurn_text said[COUNT], code = TEXT_ABSENT, message = TEXT_ABSENT;
    snprintf(what, sizeof what, "cannot use %s", source->what);
    if (outcome->reply == NULL || outcome->reply->http_status != 200) {
        if (outcome->reply != NULL)
            aws_read_error(search, outcome->reply, &code, &message);
        return search_fail_reply(search, what, outcome, code, message, err);
    }
    snprintf(what, sizeof what, "cannot read the answer of %s", source->what);
    if (search_read_json(search, outcome->reply->body, what, names, said, err) != SPURN_OK)
        return SOURCE_FAILED;
    const struct aws_answer answer = {
        .id = {names[KEY_ID], said[KEY_ID]},
        .secret = {names[SECRET], said[SECRET]},
        .token = {names[TOKEN], said[TOKEN]},
        .expiration = said[EXPIRATION],
        .account = said[ACCOUNT],
        .arn = said[ROLE_ARN],
        .principal = said[ROLE_ARN],
    };
    return aws_keep(search, source, what, &answer, err);
}

const struct source_kind source_aws_container = {ask_container, hear_container};

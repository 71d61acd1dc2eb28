/* cloud_sso.c - keys of someone who signed in with the CLI: those that it has kept, else fresh ones for its access token. */
#include <stdio.h>

#include "credentials/alibaba/answer.h"
#include "json.h"

/* Sources: credentials-go, providers/cloud_sso.go; aliyun-cli, config/profile.go and cloudsso/refresh.go. */

enum {
    AHEAD_MS =
        180 * 1000, /* kept keys this near their end are passed over while there are fresh ones */
    BODY_LEN_MAX = 4096
};

static bool has_access(const struct search *search, const struct source *source)
{
    return source->settings.access_token.len > 0 &&
           source->settings.access_expires_ms > search->now_ms;
}

static bool has_kept(const struct search *search, const struct source *source)
{
    const struct source_settings *settings = &source->settings;
    int64_t ahead_ms = has_access(search, source) ? AHEAD_MS : 0;
    return settings->id.len > 0 && settings->secret.len > 0 && settings->token.len > 0 &&
           settings->expires_ms - ahead_ms > search->now_ms;
}

static enum source_answer send_access(struct search *search, const struct source *source,
                                      struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    struct buf body, bearer;
    struct request *request = search_request(search, "POST");
    struct spurn_text url = text_of(search->ask.endpoints.sso);
    if (url.len == 0)
        url = settings->sign_in_url;
    search->is_near = url.len > 0 && !text_starts(url, "https://");
    if (search_aim(search, url, err) != SPURN_OK)
        return SOURCE_FAILED;
    buf_init(&body, BODY_LEN_MAX);
    buf_init_wiped(&bearer, CREDENTIALS_REPLY_MAX);
    buf_add_char(&body, '{');
    json_put_member(&body, "AccountId", settings->account);
    json_put_member(&body, "AccessConfigurationId", settings->access_config);
    buf_add_char(&body, '}');
    buf_add_str(&bearer, "Bearer ");
    buf_add_text(&bearer, settings->access_token);
    request_set_path(request, text_of("/cloud-credentials"));
    request_set_body(request, buf_text(&body));
    request_add_header(request, "accept", text_of("application/json"));
    request_add_header(request, "content-type", text_of("application/json"));
    request_add_header(request, "authorization", buf_text(&bearer));
    bool ok = !body.failed && !bearer.failed && !request->failed;
    buf_clear(&bearer);
    buf_clear(&body);
    if (ok)
        return SOURCE_SEND;
    return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                    "cannot use %s: its access_token is no token", source->what));
}

static enum source_answer keep_kept(struct search *search, const struct source *source,
                                    struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    const struct sources_keys keys = {
        .source = source->what,
        .id = {"access_key_id", settings->id},
        .secret = {"access_key_secret", settings->secret},
        .token = {"sts_token", settings->token},
        .needs_token = true,
        .account = settings->account,
        .expires_ms = settings->expires_ms,
    };
    return search_keep(search, source, &keys, err);
}

static enum source_answer ask_cloud_sso(struct search *search, struct source *source,
                                        struct spurn_error *err)
{
    if (has_kept(search, source))
        return keep_kept(search, source, err);
    if (has_access(search, source))
        return send_access(search, source, err);
    return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                    "cannot use %s: its sign-in has expired; sign in again with "
                                    "aliyun configure --mode CloudSSO",
                                    source->what));
}

/* Its refresh token is good for one use, and what comes of it belongs into the CLI's file, which is not ours to write. */
static enum source_answer ask_oauth(struct search *search, struct source *source,
                                    struct spurn_error *err)
{
    if (has_kept(search, source))
        return keep_kept(search, source, err);
    return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                    "cannot use %s: the keys that its sign-in left there have "
                                    "expired; renew them with aliyun sts GetCallerIdentity, or "
                                    "sign in again with aliyun configure --mode OAuth",
                                    source->what));
}

static enum source_answer hear_cloud_sso(struct search *search, struct source *source,
                                         const struct credentials_outcome *outcome,
                                         struct spurn_error *err)
{
    char sentence[ALIBABA_SENTENCE_MAX];
    snprintf(sentence, sizeof sentence, "cannot use %s", source->what);
    enum source_answer said = alibaba_answer_take(search, source, sentence, outcome, err);
    if (said == SOURCE_FAILED && outcome->reply != NULL && outcome->reply->http_status == 401)
        search_advise(err, "sign in again with aliyun configure --mode CloudSSO");
    return said;
}

const struct source_kind source_alibaba_cloud_sso = {ask_cloud_sso, hear_cloud_sso};
const struct source_kind source_alibaba_oauth = {ask_oauth, NULL};

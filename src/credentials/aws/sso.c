/* sso.c - keys of a role that a person signed in to: the token that `aws sso login` left, exchanged at AWS's portal. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "credentials/aws/service.h"
#include "file.h"
#include "json.h"

/* Source: botocore, utils.py (SSOTokenLoader), tokens.py and credentials.py; the model of SSO 2019-06-10, protocol rest-json.
 * AWS's own tools renew a token that has run out, where the login allows it, and write the file anew. Here it is only read. */

/* ---- the token ---- */

/* A session's name stands for its file, else the start URL does. */
static enum spurn_status find_token_file(const struct search *search, const struct source *source,
                                         struct buf *path, struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    const char *home = sources_variable(&search->ask, "HOME");
    uint8_t hash[SHA1_LEN];
    char name[2 * SHA1_LEN + 1];
    if (home == NULL)
        return spurn_fail(err, SPURN_E_CREDENTIALS,
                          "cannot use %s: HOME is not set, so the login of AWS SSO cannot be found",
                          source->what);
    if (!digest_sha1(
            search->ask.digest,
            settings->sso_session.len > 0 ? settings->sso_session : settings->sso_start_url, hash))
        return spurn_fail_memory(err);
    digest_hex(hash, sizeof hash, name);
    buf_addf(path, "%s/.aws/sso/cache/%s.json", home, name);
    return path->failed ? spurn_fail_memory(err) : SPURN_OK;
}

/* What helps against a login that is not there, or not any more. */
static void advise_login(const struct source *source, struct spurn_error *err)
{
    char advice[AWS_SENTENCE_MAX];
    struct spurn_text session = source->settings.sso_session;
    bool has_session = session.len > 0;
    snprintf(advice, sizeof advice, "run aws sso login --%s %.*s",
             has_session ? "sso-session" : "profile",
             TEXT_ARG(sources_shown(has_session ? session : source->settings.profile)));
    search_advise(err, advice);
}

/* Today's tools write 2026-11-22T03:10:00Z, older ones 2026-11-22T03:10:00UTC. */
static bool read_end(struct spurn_text text, int64_t *ms)
{
    static const char utc[] = "UTC";
    char zulu[32];
    size_t len = text.len < sizeof utc - 1 ? 0 : text.len - (sizeof utc - 1);
    if (len == 0 || len + 2 > sizeof zulu || memcmp(text.at + len, utc, sizeof utc - 1) != 0)
        return clock_parse_iso(text, ms);
    memcpy(zulu, text.at, len);
    memcpy(zulu + len, "Z", 2);
    return clock_parse_iso(text_of(zulu), ms);
}

/* `path`: of the file that says them. */
static enum spurn_status check_token(const struct search *search, const struct source *source,
                                     const char *path, struct spurn_text token,
                                     struct spurn_text end, struct spurn_error *err)
{
    int64_t end_ms = 0;
    if (token.len == 0 || !read_end(end, &end_ms)) {
        spurn_fail(
            err, SPURN_E_CREDENTIALS,
            "cannot use %s: its AWS SSO login %s has no accessToken, or no expiresAt that is "
            "a time",
            source->what, path);
        advise_login(source, err);
        return SPURN_E_CREDENTIALS;
    }
    if (end_ms > search->now_ms)
        return SPURN_OK;
    char when[25];
    clock_format_iso(end_ms, when);
    spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: its AWS SSO login expired at %s",
               source->what, when);
    advise_login(source, err);
    return SPURN_E_CREDENTIALS;
}

static enum spurn_status read_token(struct search *search, const struct source *source,
                                    struct spurn_text *token, struct spurn_error *err)
{
    static const char *const names[] = {"accessToken", "expiresAt", NULL};
    struct spurn_text said[2];
    struct buf path, text;
    bool found = false, open_to_others = false;
    char what[AWS_SENTENCE_MAX];
    buf_init(&path, SOURCES_PATH_MAX);
    buf_init_secret(&text, SOURCES_FILE_MAX);
    enum spurn_status status = find_token_file(search, source, &path, err);
    if (status == SPURN_OK)
        status = file_read_secret(buf_str(&path), "the AWS SSO login", &text, &found,
                                  &open_to_others, err);
    if (status == SPURN_OK && !found) {
        status = spurn_fail(err, SPURN_E_CREDENTIALS,
                            "cannot use %s: there is no AWS SSO login for it, no file %s",
                            source->what, buf_str(&path));
        advise_login(source, err);
    }
    if (status != SPURN_OK)
        goto done;
    if (open_to_others)
        log_warn(search->ask.log, "%s holds secrets and can be read by others: run chmod 600 on it",
                 buf_str(&path));
    snprintf(what, sizeof what, "cannot use %s: cannot read its AWS SSO login %s", source->what,
             buf_str(&path));
    status = search_read_json(search, buf_text(&text), what, names, said, err);
    if (status == SPURN_E_CREDENTIALS)
        advise_login(source, err);
    if (status == SPURN_OK)
        status = check_token(search, source, buf_str(&path), said[0], said[1], err);
    if (status == SPURN_OK)
        *token = said[0];
done:
    buf_clear(&text);
    buf_clear(&path);
    return status;
}

/* ---- the portal ---- */

static enum source_answer ask_sso(struct search *search, struct source *source,
                                  struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    struct spurn_text token;
    struct buf url;
    if (read_token(search, source, &token, err) != SPURN_OK)
        return SOURCE_FAILED;
    buf_init(&url, SEARCH_URL_MAX);
    struct request *request = search_request(search, "GET");
    enum spurn_status status =
        aws_find_endpoint(search, "portal.sso", settings->sso_region, search->ask.endpoints.sso,
                          search->settings.sso, &url, err);
    if (status == SPURN_OK)
        status = search_aim(search, buf_text(&url), err);
    buf_clear(&url);
    if (status != SPURN_OK)
        return SOURCE_FAILED;
    request_set_path(request, text_of("/federation/credentials"));
    request_add_parameter(request, "role_name", settings->role_name);
    request_add_parameter(request, "account_id", settings->account);
    request_add_header(request, "x-amz-sso_bearer_token", token);
    if (request->failed)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "cannot use %s: its AWS SSO token is none that can be sent",
                                        source->what));
    return SOURCE_SEND;
}

/* {"roleCredentials":{"accessKeyId":..,"secretAccessKey":..,"sessionToken":..,"expiration":1795316166000}} */
static void read_role_keys(struct json *j, struct aws_answer *answer)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, answer->id.name))
            answer->id.value = json_string(j);
        else if (text_is(key, answer->secret.name))
            answer->secret.value = json_string(j);
        else if (text_is(key, answer->token.name))
            answer->token.value = json_string(j);
        else if (text_is(key, "expiration"))
            answer->expires_ms = json_int(j);
        else
            json_skip(j);
    }
}

static bool read_answer(struct json *j, struct aws_answer *answer)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "roleCredentials"))
            read_role_keys(j, answer);
        else
            json_skip(j);
    }
    return json_done(j);
}

static enum source_answer fail_refused(struct search *search, const struct source *source,
                                       const char *what, const struct credentials_outcome *outcome,
                                       struct spurn_error *err)
{
    struct spurn_text code = TEXT_ABSENT, message = TEXT_ABSENT;
    if (outcome->reply != NULL)
        aws_read_error(search, outcome->reply, &code, &message);
    search_fail_reply(search, what, outcome, code, message, err);
    int http_status = outcome->reply == NULL ? 0 : outcome->reply->http_status;
    if (http_status == 401)
        advise_login(source, err);
    else if (http_status == 403 || http_status == 404)
        search_advise(err,
                      "see that sso_account_id and sso_role_name are ones that this person was "
                      "given");
    return SOURCE_FAILED;
}

static enum source_answer hear_sso(struct search *search, struct source *source,
                                   const struct credentials_outcome *outcome,
                                   struct spurn_error *err)
{
    char what[AWS_SENTENCE_MAX];
    snprintf(what, sizeof what, "cannot use %s: AWS SSO gives no keys", source->what);
    if (outcome->reply == NULL || outcome->reply->http_status != 200)
        return fail_refused(search, source, what, outcome, err);
    struct aws_answer answer = {
        .id = {.name = "accessKeyId"},
        .secret = {.name = "secretAccessKey"},
        .token = {.name = "sessionToken"},
        .account = source->settings.account,
    };
    struct json j;
    json_init(&j, outcome->reply->body, &search->arena);
    if (!read_answer(&j, &answer))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its answer cannot be read: %s (byte %zu)", what, j.why,
                                        j.why_at));
    return aws_keep(search, source, what, &answer, err);
}

const struct source_kind source_aws_sso = {ask_sso, hear_sso};

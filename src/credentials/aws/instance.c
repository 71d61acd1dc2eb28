/* instance.c - keys of the role that an EC2 instance has, from its metadata service. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "credentials/aws/service.h"
#include "credentials/aws/settings.h"

/* Source: botocore, utils.py (IMDSFetcher, InstanceMetadataFetcher) and configprovider.py. */

enum { GET_TOKEN, GET_ROLE, GET_KEYS }; /* stages */
enum { KEPT_TOKEN, KEPT_ROLE };         /* in source->kept; no token: version 1 of the service */
enum { WORD_LEN_MAX = 2048 };

/* Keys that have expired are used this much longer. */
enum { STRETCH_MS = 10 * 60 * 1000 };

static const char token_path[] = "/latest/api/token";
static const char role_path[] = "/latest/meta-data/iam/security-credentials/";

/* ---- what to send ---- */

static bool is_switched_off(const struct search *search)
{
    return text_is_nocase(text_of(sources_variable(&search->ask, "AWS_EC2_METADATA_DISABLED")),
                          "true");
}

static bool is_old_way_off(const struct search *search)
{
    return text_is_nocase(
        aws_setting(search, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"), "true");
}

/* A setting that is a small number, 1 unless it says otherwise. What cannot be read is as if it were not there, but not in silence. */
static int read_number(const struct search *search, const char *variable, const char *setting)
{
    enum { DIGITS_MAX = 2 };
    int number = 0;
    struct spurn_text text = aws_setting(search, variable, setting);
    if (text.at == NULL)
        return 1;
    bool is_number = text_all_digits(text) && text.len <= DIGITS_MAX;
    for (size_t i = 0; is_number && i < text.len; i++)
        number = number * 10 + (text.at[i] - '0');
    if (number > 0)
        return number;
    log_warn(search->ask.log, "%s, or the profile's %s, is no number from 1 to 99: 1 is taken",
             variable, setting);
    return 1;
}

static void put_base_url(const struct search *search, struct buf *url)
{
    struct spurn_text given = text_of(search->ask.endpoints.metadata);
    if (given.at == NULL)
        given = aws_setting(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                            "ec2_metadata_service_endpoint");
    struct spurn_text mode = aws_setting(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                         "ec2_metadata_service_endpoint_mode");
    if (given.at == NULL)
        given = text_of(text_is_nocase(mode, "ipv6") ? "http://[fd00:ec2::254]"
                                                     : "http://169.254.169.254");
    buf_add_text(url, given);
    while (url->len > 0 && url->data[url->len - 1] == '/')
        url->data[--url->len] = '\0';
}

static enum spurn_status aim(struct search *search, const struct source *source,
                             struct spurn_error *err)
{
    struct buf url;
    buf_init(&url, SEARCH_URL_MAX);
    put_base_url(search, &url);
    buf_add_str(&url, source->stage == GET_TOKEN ? token_path : role_path);
    if (source->stage == GET_KEYS)
        buf_add_text(&url, source->kept[KEPT_ROLE]);
    enum spurn_status status = SPURN_OK;
    if (url.failed)
        status = spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: its URL is too long",
                            source->what);
    else
        status = search_aim(search, buf_text(&url), err);
    buf_clear(&url);
    return status;
}

static enum source_answer ask_instance(struct search *search, struct source *source,
                                       struct spurn_error *err)
{
    if (is_switched_off(search))
        return SOURCE_NOTHING;
    bool gets_token = source->stage == GET_TOKEN;
    struct request *request = search_request(search, gets_token ? "PUT" : "GET");
    if (aim(search, source, err) != SPURN_OK)
        return SOURCE_FAILED;
    search->is_near = true;
    search->tries =
        read_number(search, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts");
    search->connect_ms = search->answer_ms =
        1000 * read_number(search, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
    if (gets_token)
        request_add_header(request, "x-aws-ec2-metadata-token-ttl-seconds", text_of("21600"));
    else
        request_add_header(request, "x-aws-ec2-metadata-token", source->kept[KEPT_TOKEN]);
    return request->failed ? source_failed(spurn_fail_memory(err)) : SOURCE_SEND;
}

/* ---- what it answers ---- */

/* Why there is nothing here, for the error of a search that finds nothing anywhere. */
static enum source_answer find_nothing(struct search *search,
                                       const struct credentials_outcome *outcome)
{
    if (outcome->reply != NULL)
        buf_addf(&search->failures, "its metadata service answered %d",
                 outcome->reply->http_status);
    else
        buf_add_str(&search->failures, outcome->problem == NULL ? "no reply" : outcome->problem);
    return SOURCE_NOTHING;
}

/* One word of visible characters, none of them out of `never`. */
static bool is_word(struct spurn_text text, const char *never)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~' || strchr(never, text.at[i]) != NULL)
            return false;
    return text.len > 0 && text.len <= WORD_LEN_MAX;
}

/* The first line of a body of text. */
static struct spurn_text first_line(struct spurn_text body)
{
    struct spurn_text line = {body.at, 0};
    while (line.len < body.len && strchr("\r\n", body.at[line.len]) == NULL)
        line.len++;
    return line;
}

static enum source_answer keep_word(struct search *search, struct source *source, int place,
                                    struct spurn_text word, struct spurn_error *err)
{
    source->kept[place] = search_copy(search, word);
    if (source->kept[place].at == NULL)
        return source_failed(spurn_fail_memory(err));
    source->stage++;
    return SOURCE_SEND;
}

/* A service of version 1 knows no tokens, and one that is a hop too far away never answers when asked for one. */
static enum source_answer hear_token(struct search *search, struct source *source,
                                     const struct credentials_outcome *outcome,
                                     struct spurn_error *err)
{
    const struct reply *reply = outcome->reply;
    if (reply != NULL && reply->http_status == 200) {
        struct spurn_text token = first_line(reply->body);
        if (is_word(token, ""))
            return keep_word(search, source, KEPT_TOKEN, token, err);
        return source_failed(spurn_fail(
            err, SPURN_E_CREDENTIALS, "cannot use %s: what it answered is no token", source->what));
    }
    if (reply != NULL && reply->http_status == 400)
        return find_nothing(search, outcome);
    if (is_old_way_off(search)) {
        find_nothing(search, outcome);
        buf_add_str(&search->failures,
                    ", and AWS_EC2_METADATA_V1_DISABLED, or ec2_metadata_v1_disabled, is set");
        return SOURCE_NOTHING;
    }
    find_nothing(search, outcome); /* for the error, should the old way fail as well */
    buf_add_str(&search->failures, " when asked for a token; without one: ");
    source->stage = GET_ROLE;
    return SOURCE_SEND;
}

static enum source_answer hear_role(struct search *search, struct source *source,
                                    const struct credentials_outcome *outcome,
                                    struct spurn_error *err)
{
    const struct reply *reply = outcome->reply;
    if (reply == NULL || reply->http_status != 200 || reply->body.len == 0)
        return find_nothing(search, outcome);
    struct spurn_text role = first_line(reply->body);
    if (is_word(role, "/?#%<>\\"))
        return keep_word(search, source, KEPT_ROLE, role, err);
    return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                    "cannot use %s: what it answered is no role's name",
                                    source->what));
}

/* Expired keys of an instance mean that AWS cannot hand out others for now and goes on taking these: botocore stretches them too. */
static void stretch(const struct search *search, const struct source *source,
                    struct aws_answer *answer)
{
    int64_t expires_ms = 0;
    if (!clock_parse_iso(answer->expiration, &expires_ms) || expires_ms > search->now_ms)
        return;
    log_warn(search->ask.log,
             "%s gave keys that expired at %.*s: they are tried for another 10 minutes",
             source->what, TEXT_ARG(answer->expiration));
    answer->expiration = TEXT_ABSENT;
    answer->expires_ms = search->now_ms + STRETCH_MS;
}

static enum source_answer hear_keys(struct search *search, struct source *source,
                                    const struct credentials_outcome *outcome,
                                    struct spurn_error *err)
{
    enum { KEY_ID, SECRET, TOKEN, EXPIRATION, ACCOUNT, CODE, MESSAGE, COUNT };
    static const char *const names[] = {
        "AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId",
        "Code",        "Message",         NULL};
    char what[AWS_SENTENCE_MAX];
    struct spurn_text said[COUNT] = {TEXT_ABSENT};
    snprintf(what, sizeof what, "cannot read the answer of %s", source->what);
    bool is_answer = outcome->reply != NULL && outcome->reply->http_status == 200;
    if (is_answer &&
        search_read_json(search, outcome->reply->body, what, names, said, err) != SPURN_OK)
        return SOURCE_FAILED;
    snprintf(what, sizeof what, "cannot use %s", source->what);
    /* A 200 may say that it failed. */
    if (!is_answer || (said[CODE].len > 0 && !text_is(said[CODE], "Success"))) {
        search_fail_reply(search, what, outcome, said[CODE], said[MESSAGE], err);
        if (text_is(said[CODE], "AssumeRoleUnauthorizedAccess"))
            search_advise(err, "see that the trust policy of the instance's role names "
                               "ec2.amazonaws.com");
        return SOURCE_FAILED;
    }
    struct aws_answer answer = {
        .id = {names[KEY_ID], said[KEY_ID]},
        .secret = {names[SECRET], said[SECRET]},
        .token = {names[TOKEN], said[TOKEN]},
        .expiration = said[EXPIRATION],
        .account = said[ACCOUNT],
    };
    stretch(search, source, &answer);
    return aws_keep(search, source, what, &answer, err);
}

static enum source_answer hear_instance(struct search *search, struct source *source,
                                        const struct credentials_outcome *outcome,
                                        struct spurn_error *err)
{
    static enum source_answer (*const readers[])(struct search *, struct source *,
                                                 const struct credentials_outcome *,
                                                 struct spurn_error *) = {
        [GET_TOKEN] = hear_token, [GET_ROLE] = hear_role, [GET_KEYS] = hear_keys};
    return readers[source->stage](search, source, outcome, err);
}

const struct source_kind source_aws_instance = {ask_instance, hear_instance};

/* service.c - what AWS's sources share: where a service is asked, and keys as it hands them out. */
#include "credentials/aws/service.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "place/place.h"

enum {
    ACCOUNT_LEN = 12,
    ACCOUNT_FIELD = 4, /* of arn:partition:service:region:account:resource, from 0 */
    ARN_LEN_MAX = 2048
};

bool aws_is_arn(struct spurn_text text)
{
    if (!text_starts(text, "arn:") || text.len > ARN_LEN_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return true;
}

bool aws_is_account(struct spurn_text text)
{
    return text.len == ACCOUNT_LEN && text_all_digits(text);
}

/* What stands behind the `count`th colon; absent when there are not so many. */
static struct spurn_text behind_colons(struct spurn_text arn, int count)
{
    const char *at = arn.at, *end = arn.at + arn.len;
    for (int i = 0; at != NULL && i < count; i++) {
        at = memchr(at, ':', (size_t)(end - at));
        if (at != NULL)
            at++;
    }
    return at == NULL ? TEXT_ABSENT : (struct spurn_text){at, (size_t)(end - at)};
}

struct spurn_text aws_account_of(struct spurn_text arn)
{
    struct spurn_text field = aws_is_arn(arn) ? behind_colons(arn, ACCOUNT_FIELD) : TEXT_ABSENT;
    if (field.at == NULL)
        return TEXT_ABSENT;
    const char *colon = memchr(field.at, ':', field.len);
    if (colon != NULL)
        field.len = (size_t)(colon - field.at);
    return aws_is_account(field) ? field : TEXT_ABSENT;
}

bool aws_is_role(struct spurn_text text)
{
    static const char service[] = "iam::", role[] = "role/";
    if (aws_account_of(text).at == NULL || !text_starts(behind_colons(text, 2), service))
        return false;
    struct spurn_text resource = behind_colons(text, ACCOUNT_FIELD + 1);
    return text_starts(resource, role) && resource.len >= sizeof role &&
           resource.at[resource.len - 1] != '/';
}

static enum source_answer read_end(const char *what, const struct aws_answer *answer,
                                   int64_t *expires_ms, struct spurn_error *err)
{
    *expires_ms = answer->expires_ms;
    if (answer->expiration.at != NULL && !clock_parse_iso(answer->expiration, expires_ms))
        return source_failed(spurn_fail(
            err, SPURN_E_CREDENTIALS, "%s: its answer has keys whose Expiration is no time", what));
    if (*expires_ms == 0 && !answer->may_be_lasting)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its answer has keys without an Expiration", what));
    return SOURCE_KEYS;
}

enum source_answer aws_keep(struct search *search, const struct source *source, const char *what,
                            const struct aws_answer *answer, struct spurn_error *err)
{
    struct sources_keys keys = {
        .source = source->what,
        .id = answer->id,
        .secret = answer->secret,
        .token = answer->token,
        .needs_token = !answer->may_be_lasting,
        .account = answer->account.len > 0 ? answer->account : aws_account_of(answer->arn),
    };
    if (keys.account.len > 0 && !aws_is_account(keys.account))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its answer names an account that has not 12 digits",
                                        what));
    if (!answer->may_be_lasting && answer->id.value.len == 0 && answer->secret.value.len == 0)
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "%s: its answer holds no keys; is something between here and "
                       "%.*s answering in its place?",
                       what, TEXT_ARG(search->request.host)));
    struct spurn_text meant = aws_account_of(answer->arn);
    if (meant.len > 0 && !text_equal(keys.account, meant))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its answer has keys of account %.*s, not of %.*s",
                                        what, TEXT_ARG(keys.account), TEXT_ARG(meant)));
    enum source_answer said = read_end(what, answer, &keys.expires_ms, err);
    if (said == SOURCE_KEYS)
        said = search_keep(search, source, &keys, err);
    if (said != SOURCE_KEYS)
        return said;
    bool ok = true;
    search->keys.principal = aws_is_arn(answer->principal)
                                 ? arena_copy(&search->keys.arena, answer->principal, &ok)
                                 : TEXT_ABSENT;
    return ok ? SOURCE_KEYS : source_failed(spurn_fail_memory(err));
}

enum spurn_status aws_find_endpoint(const struct search *search, const char *service,
                                    struct spurn_text region, const char *given,
                                    struct spurn_text set, struct buf *url, struct spurn_error *err)
{
    struct spurn_text named = given != NULL ? text_of(given) : set;
    if (named.len > 0) {
        buf_add_text(url, named);
        return url->failed ? spurn_fail_memory(err) : SPURN_OK;
    }
    unsigned variants = search->ask.variants | search->settings.variants;
    struct spurn_error why = {0};
    if (place_aws_endpoint(service, region, variants, url, &why) == SPURN_OK)
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot find where %s is: %s", service, why.text);
}

/* "com.amazonaws.switchboard.portal#UnauthorizedException" */
static struct spurn_text without_namespace(struct spurn_text code)
{
    for (size_t i = code.len; i > 0; i--)
        if (code.at[i - 1] == '#')
            return (struct spurn_text){code.at + i, code.len - i};
    return code;
}

/* rest-json has them in lower case, the metadata services in upper case. */
void aws_read_error(struct search *search, const struct reply *reply, struct spurn_text *code,
                    struct spurn_text *message)
{
    enum { TYPE, CODE, UPPER_CODE, MESSAGE, UPPER_MESSAGE, COUNT };
    static const char *const names[] = {"__type", "code", "Code", "message", "Message", NULL};
    struct spurn_text said[COUNT];
    search_read_json(search, reply->body, "", names, said, NULL);
    *code = without_namespace(said[TYPE].len > 0   ? said[TYPE]
                              : said[CODE].len > 0 ? said[CODE]
                                                   : said[UPPER_CODE]);
    if (text_all_digits(*code)) /* the HTTP status once more */
        *code = TEXT_ABSENT;
    *message = said[MESSAGE].len > 0 ? said[MESSAGE] : said[UPPER_MESSAGE];
}

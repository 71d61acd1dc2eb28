/* aws_service.c - what AWS's sources share: where a service is asked, and keys as it hands them out. */
#include "credentials/aws_service.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "place/place.h"

enum {
    ACCOUNT_LEN = 12,
    ACCOUNT_FIELD = 4, /* of arn:partition:service:region:account:resource, from 0 */
    ARN_LEN_MAX = 2048
};

void aws_advise(struct spurn_error *err, const char *advice)
{
    if (err == NULL || advice == NULL)
        return;
    char said[sizeof err->text];
    snprintf(said, sizeof said, "%s", err->text);
    size_t len = strlen(said);
    if (len > 0 && said[len - 1] == '.')
        said[len - 1] = '\0';
    spurn_fail(err, err->status, "%s; %s", said, advice);
}

bool aws_is_arn(struct spurn_text text)
{
    if (!text_starts(text, "arn:") || text.len > ARN_LEN_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return true;
}

static bool is_account(struct spurn_text text)
{
    return text.len == ACCOUNT_LEN && text_all_digits(text);
}

struct spurn_text aws_account_of(struct spurn_text arn)
{
    if (!aws_is_arn(arn))
        return TEXT_ABSENT;
    struct spurn_text field = {arn.at, 0};
    const char *end = arn.at + arn.len;
    for (int i = 0; i < ACCOUNT_FIELD; i++) {
        const char *colon = memchr(field.at, ':', (size_t)(end - field.at));
        if (colon == NULL)
            return TEXT_ABSENT;
        field.at = colon + 1;
    }
    const char *colon = memchr(field.at, ':', (size_t)(end - field.at));
    field.len = (size_t)((colon == NULL ? end : colon) - field.at);
    return is_account(field) ? field : TEXT_ABSENT;
}

static enum source_answer read_end(const char *what, const struct aws_answer *answer,
                                   int64_t *expires_ms, struct spurn_error *err)
{
    *expires_ms = answer->expires_ms;
    if (answer->expiration.at != NULL && !clock_parse_iso(answer->expiration, expires_ms))
        return aws_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                     "%s: its answer has keys whose Expiration is no time", what));
    if (*expires_ms == 0 && !answer->may_be_lasting)
        return aws_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
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
    if (keys.account.len > 0 && !is_account(keys.account))
        return aws_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                     "%s: its answer names an account that has not 12 digits",
                                     what));
    enum source_answer said = read_end(what, answer, &keys.expires_ms, err);
    if (said == SOURCE_KEYS)
        said = search_keep(search, source, &keys, err);
    if (said != SOURCE_KEYS)
        return said;
    bool ok = true;
    search->keys.principal = aws_is_arn(answer->principal)
                                 ? arena_copy(&search->keys.arena, answer->principal, &ok)
                                 : TEXT_ABSENT;
    return ok ? SOURCE_KEYS : aws_failed(spurn_fail_memory(err));
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

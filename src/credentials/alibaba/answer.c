/* answer.c - what Alibaba Cloud's services answer when they are asked for keys, however each of them spells it. */
#include "credentials/alibaba/answer.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "json.h"

enum { ACCOUNT_LEN_MAX = 32, ARN_LEN_MAX = 1024 };

#define ANSWER(member) offsetof(struct alibaba_answer, member)

/* Source: credentials-go, the responses in providers/ram_role_arn.go, ecs_ram_role.go, uri.go, cloud_sso.go and external.go; errors
 * as the gateways write them. */
static const struct {
    const char *name;
    size_t at;
} members[] = {
    {"AccessKeyId", ANSWER(id)},
    {"access_key_id", ANSWER(id)},
    {"AccessKeySecret", ANSWER(secret)},
    {"access_key_secret", ANSWER(secret)},
    {"SecurityToken", ANSWER(token)},
    {"sts_token", ANSWER(token)},
    {"Expiration", ANSWER(expiration)},
    {"expiration", ANSWER(expiration)},
    {"mode", ANSWER(mode)},
    {"AccountId", ANSWER(account)},
    {"Arn", ANSWER(arn)},
    {"Code", ANSWER(code)},
    {"code", ANSWER(code)},
    {"ErrorCode", ANSWER(code)},
    {"Message", ANSWER(message)},
    {"message", ANSWER(message)},
    {"ErrorMessage", ANSWER(message)},
};

/* Objects whose members count as the answer's own. */
static const char *const wrappers[] = {"Credentials", "AssumedRoleUser", "CloudCredential"};

static bool is_wrapper(struct spurn_text key)
{
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++)
        if (text_is(key, wrappers[i]))
            return true;
    return false;
}

static struct spurn_text *place_of(struct alibaba_answer *answer, struct spurn_text key)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (text_is(key, members[i].name))
            return (struct spurn_text *)((char *)answer + members[i].at);
    return NULL;
}

static void read_members(struct json *j, struct alibaba_answer *out, bool is_outermost)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        struct spurn_text *place = place_of(out, key);
        if (place != NULL)
            *place = json_string_or_null(j);
        else if (is_outermost && is_wrapper(key) && json_peek(j) == JSON_OBJECT)
            read_members(j, out, false);
        else
            json_skip(j);
    }
}

bool alibaba_answer_read(struct search *search, struct spurn_text body, struct alibaba_answer *out,
                         const char **why)
{
    struct json j;
    *out = (struct alibaba_answer){.id = TEXT_ABSENT};
    json_init(&j, body, &search->arena);
    read_members(&j, out, true);
    bool is_whole = json_done(&j);
    if (!is_whole)
        *out = (struct alibaba_answer){.id = TEXT_ABSENT};
    if (why != NULL)
        *why = j.why;
    return is_whole;
}

bool alibaba_is_account(struct spurn_text text)
{
    return text_all_digits(text) && text.len <= ACCOUNT_LEN_MAX;
}

struct spurn_text alibaba_account_of(struct spurn_text arn)
{
    static const char prefix[] = "acs:ram::";
    if (!text_starts(arn, prefix))
        return TEXT_ABSENT;
    struct spurn_text rest = {arn.at + sizeof prefix - 1, arn.len - (sizeof prefix - 1)};
    const char *colon = rest.len == 0 ? NULL : memchr(rest.at, ':', rest.len);
    if (colon == NULL)
        return TEXT_ABSENT;
    rest.len = (size_t)(colon - rest.at);
    return alibaba_is_account(rest) ? rest : TEXT_ABSENT;
}

bool alibaba_is_arn(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return text_starts(text, "acs:") && text.len <= ARN_LEN_MAX;
}

enum source_answer alibaba_answer_keep(struct search *search, const struct source *source,
                                       const char *sentence, const struct alibaba_answer *answer,
                                       bool may_be_lasting, struct spurn_error *err)
{
    struct sources_keys keys = {
        .source = source->what,
        .id = {"AccessKeyId", answer->id},
        .secret = {"AccessKeySecret", answer->secret},
        .token = {"SecurityToken", answer->token},
        .needs_token = !may_be_lasting,
        .account = source->settings.account,
    };
    if (keys.account.len == 0)
        keys.account = alibaba_account_of(source->settings.role_arn);
    struct spurn_text given = alibaba_account_of(answer->arn);
    if (keys.account.len > 0 && given.len > 0 && !text_equal(given, keys.account))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: it gave keys of account %.*s, not of %.*s", sentence,
                                        TEXT_ARG(given), TEXT_ARG(keys.account)));
    if (keys.account.len == 0)
        keys.account = given;
    if (answer->expiration.len > 0 && !clock_parse_iso(answer->expiration, &keys.expires_ms))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: the Expiration of the keys it gave is no time",
                                        sentence));
    if (keys.expires_ms == 0 && !may_be_lasting)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: the keys it gave have no Expiration", sentence));
    enum source_answer said = search_keep(search, source, &keys, err);
    if (said != SOURCE_KEYS || !alibaba_is_arn(answer->arn))
        return said;
    bool ok = true;
    search->keys.principal = arena_copy(&search->keys.arena, answer->arn, &ok);
    return ok ? SOURCE_KEYS : source_failed(spurn_fail_memory(err));
}

enum source_answer alibaba_answer_take(struct search *search, const struct source *source,
                                       const char *sentence,
                                       const struct credentials_outcome *outcome,
                                       struct spurn_error *err)
{
    struct alibaba_answer answer = {.id = TEXT_ABSENT};
    const char *why = NULL;
    bool is_whole =
        outcome->reply != NULL && alibaba_answer_read(search, outcome->reply->body, &answer, &why);
    bool is_refused = answer.code.len > 0 && !text_is(answer.code, "Success");
    if (outcome->reply == NULL || outcome->reply->http_status != 200 || is_refused)
        return search_fail_reply(search, sentence, outcome, answer.code, answer.message, err);
    if (!is_whole)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its answer cannot be read: %s", sentence, why));
    return alibaba_answer_keep(search, source, sentence, &answer, false, err);
}

struct spurn_text alibaba_variable(struct search *search, const char *variable)
{
    return search_copy(search, text_of(sources_variable(&search->ask, variable)));
}

bool alibaba_is_set(const struct search *search, const char *variable)
{
    return text_is_nocase(text_of(sources_variable(&search->ask, variable)), "true");
}

/* process.c - keys that a program of the user's own writes: credential_process. */
#include <stdio.h>

#include "credentials/aws/service.h"
#include "json.h"

/* Source: botocore, credentials.py (ProcessProvider); "Sourcing credentials with an external process", AWS CLI User Guide. */

static enum source_answer ask_process(struct search *search, struct source *source,
                                      struct spurn_error *err)
{
    if (search_split(search, source->settings.command, err) == SPURN_OK)
        return SOURCE_RUN;
    spurn_fail_within(err, "cannot use %s", source->what);
    return SOURCE_FAILED;
}

/* Null is what some programs write for nothing. */
static void read_output(struct json *j, struct aws_answer *answer, int64_t *version)
{
    const struct {
        const char *name;
        struct spurn_text *place;
    } members[] = {
        {answer->id.name, &answer->id.value},
        {answer->secret.name, &answer->secret.value},
        {answer->token.name, &answer->token.value},
        {"Expiration", &answer->expiration},
        {"AccountId", &answer->account},
    };
    enum { COUNT = sizeof members / sizeof members[0] };
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        size_t i = 0;
        while (i < COUNT && !text_is(key, members[i].name))
            i++;
        if (i < COUNT)
            *members[i].place = json_string_or_null(j);
        else if (text_is(key, "Version"))
            *version = json_int(j);
        else
            json_skip(j);
    }
}

static enum source_answer hear_process(struct search *search, struct source *source,
                                       const struct credentials_outcome *outcome,
                                       struct spurn_error *err)
{
    char what[AWS_SENTENCE_MAX];
    struct json j;
    int64_t version = 0;
    struct aws_answer answer = {
        .id = {.name = "AccessKeyId"},
        .secret = {.name = "SecretAccessKey"},
        .token = {.name = "SessionToken"},
        .may_be_lasting = true,
    };
    snprintf(what, sizeof what, "cannot use %s", source->what);
    if (outcome->output.at == NULL)
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS, "%s: %s", what,
                       outcome->problem == NULL ? "it did not end well" : outcome->problem));
    json_init(&j, outcome->output, &search->arena);
    read_output(&j, &answer, &version);
    if (!json_done(&j))
        return source_failed(spurn_fail(
            err, SPURN_E_CREDENTIALS, "%s: what it wrote is no JSON object of keys: %s (byte %zu)",
            what, j.why, j.why_at));
    if (version != 1)
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS, "%s: it did not write \"Version\": 1", what));
    if (answer.account.len == 0)
        answer.account = source->settings.account;
    return aws_keep(search, source, what, &answer, err);
}

const struct source_kind source_aws_process = {ask_process, hear_process};

/* process.c - keys that a program of the user's writes. */
#include <stdio.h>

#include "clock.h"
#include "credentials/alibaba/answer.h"

/* Source: credentials-go, providers/external.go: {"mode","access_key_id","access_key_secret","sts_token","expiration"}; a token is
 * needed with mode StsToken; an expiration that cannot be read counts as none. */

static enum source_answer ask_process(struct search *search, struct source *source,
                                      struct spurn_error *err)
{
    if (search_split(search, source->settings.command, err) == SPURN_OK)
        return SOURCE_RUN;
    return source_failed(spurn_fail_within(err, "cannot use %s: process_command", source->what));
}

static enum source_answer hear_process(struct search *search, struct source *source,
                                       const struct credentials_outcome *outcome,
                                       struct spurn_error *err)
{
    char sentence[ALIBABA_SENTENCE_MAX];
    struct alibaba_answer answer;
    const char *why = NULL;
    snprintf(sentence, sizeof sentence, "cannot use %s", source->what);
    if (outcome->output.at == NULL)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS, "%s: its process_command: %s",
                                        sentence,
                                        outcome->problem == NULL ? "failed" : outcome->problem));
    if (!alibaba_answer_read(search, outcome->output, &answer, &why))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: what its process_command wrote cannot be read: %s",
                                        sentence, why));
    bool has_token = text_is(answer.mode, "StsToken");
    if (answer.mode.len > 0 && !has_token && !text_is(answer.mode, "AK"))
        return source_failed(
            spurn_fail(err, SPURN_E_CREDENTIALS,
                       "%s: its process_command wrote mode %.*s, which is neither AK nor StsToken",
                       sentence, TEXT_ARG(sources_shown(answer.mode))));
    if (has_token && answer.token.len == 0)
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS,
                                        "%s: its process_command wrote no sts_token", sentence));
    int64_t ignored_ms;
    if (!clock_parse_iso(answer.expiration, &ignored_ms))
        answer.expiration = TEXT_ABSENT;
    return alibaba_answer_keep(search, source, sentence, &answer, true, err);
}

const struct source_kind source_alibaba_process = {ask_process, hear_process};

/* uri.c - keys from an address that the environment or a profile names. */
#include <stdio.h>

#include "credentials/alibaba/answer.h"

/* Source: credentials-go, providers/uri.go: a GET without more; all four members have to be there. */

static enum source_answer ask_uri(struct search *search, struct source *source,
                                  struct spurn_error *err)
{
    struct request *request = search_request(search, "GET");
    /* What is not encrypted goes no farther than this machine and its metadata service. */
    search->is_near = !text_starts(source->settings.url, "https://");
    if (search_aim(search, source->settings.url, err) != SPURN_OK)
        return SOURCE_FAILED;
    request_add_header(request, "accept", text_of("application/json"));
    return request->failed ? source_failed(spurn_fail_memory(err)) : SOURCE_SEND;
}

static enum source_answer hear_uri(struct search *search, struct source *source,
                                   const struct credentials_outcome *outcome,
                                   struct spurn_error *err)
{
    char sentence[ALIBABA_SENTENCE_MAX];
    snprintf(sentence, sizeof sentence, "cannot use %s", source->what);
    return alibaba_answer_take(search, source, sentence, outcome, err);
}

const struct source_kind source_alibaba_uri = {ask_uri, hear_uri};

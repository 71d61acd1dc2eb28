/* keys.c - keys that a place simply has. */
#include "credentials/search.h"

static enum source_answer give_keys(struct search *search, struct source *source,
                                    struct spurn_error *err)
{
    const struct source_settings *settings = &source->settings;
    const struct sources_keys keys = {
        .id = {"the access key's id", settings->id},
        .secret = {"its secret", settings->secret},
        .token = {"its token", settings->token},
        .account = settings->account,
        .expires_ms = settings->expires_ms,
    };
    return search_keep(search, source, &keys, err);
}

const struct source_kind source_keys = {.ask = give_keys};

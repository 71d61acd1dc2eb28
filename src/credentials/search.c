/* search.c - a search for credentials: from place to place, and from one step to the next, until there are keys. */
#include "credentials/search.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "credentials/aws/profiles.h"
#include "credentials/aws/settings.h"
#include "secret.h"

enum {
    ARENA_MAX = 8 * 1024 * 1024, /* two files of profiles, and what was made of them */
    KEYS_MAX = 4 * CREDENTIALS_REPLY_MAX,
    FAILURES_MAX = 8 * 1024,
    RETRIED_FROM = 400 /* HTTP status */
};

/* ---- credentials ---- */

void credentials_init(struct credentials *c)
{
    *c = (struct credentials){.expires_ms = 0};
    arena_init_secret(&c->arena, KEYS_MAX);
}

void credentials_clear(struct credentials *c)
{
    arena_clear(&c->arena);
    credentials_init(c);
}

enum spurn_status credentials_copy(const struct credentials *from, struct credentials *to,
                                   struct spurn_error *err)
{
    bool ok = true;
    credentials_clear(to);
    to->id = arena_copy(&to->arena, from->id, &ok);
    to->secret = arena_copy(&to->arena, from->secret, &ok);
    to->token = arena_copy(&to->arena, from->token, &ok);
    to->account = arena_copy(&to->arena, from->account, &ok);
    to->principal = arena_copy(&to->arena, from->principal, &ok);
    to->source = arena_copy(&to->arena, from->source, &ok);
    to->expires_ms = from->expires_ms;
    if (ok)
        return SPURN_OK;
    credentials_clear(to);
    return spurn_fail_memory(err);
}

/* ---- what sources are made of ---- */

struct spurn_text search_copy(struct search *search, struct spurn_text text)
{
    bool ok = true;
    struct spurn_text copy = arena_copy(&search->arena, text, &ok);
    search->lacks_memory = search->lacks_memory || !ok;
    return ok ? copy : TEXT_ABSENT;
}

struct source *search_source(struct search *search, const struct source_kind *kind,
                             const char *what_format, ...)
{
    va_list args, again;
    va_start(args, what_format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, what_format, again);
    va_end(again);
    struct source *source = arena_alloc(&search->arena, sizeof *source);
    char *what = len < 0 ? NULL : arena_alloc(&search->arena, (size_t)len + 1);
    if (what != NULL)
        vsnprintf(what, (size_t)len + 1, what_format, args);
    va_end(args);
    if (source == NULL || what == NULL) {
        search->lacks_memory = true;
        return NULL;
    }
    source->kind = kind;
    source->what = what;
    return source;
}

/* An end before the calendar or past it would also overflow what is reckoned with it. */
static enum spurn_status check_end(const struct search *search, const char *source,
                                   int64_t expires_ms, struct spurn_error *err)
{
    if (expires_ms == 0 || (clock_is_instant(expires_ms) && expires_ms > search->now_ms))
        return SPURN_OK;
    if (clock_is_instant(expires_ms))
        return sources_fail_expired(source, search->now_ms - expires_ms, err);
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: its keys end at no time there is",
                      source);
}

enum source_answer search_keep(struct search *search, const struct source *source,
                               const struct sources_keys *keys, struct spurn_error *err)
{
    struct credentials kept;
    struct sources_keys whole = *keys;
    credentials_init(&kept);
    if (whole.source == NULL)
        whole.source = source->what;
    enum spurn_status status = sources_keep(&whole, &kept, err);
    if (status == SPURN_OK)
        status = check_end(search, whole.source, kept.expires_ms, err);
    if (status != SPURN_OK) {
        credentials_clear(&kept);
        return SOURCE_FAILED;
    }
    credentials_clear(&search->keys);
    search->keys = kept;
    return SOURCE_KEYS;
}

/* ---- the machine ---- */

static void end_failed(struct search *search)
{
    search->need = CREDENTIALS_FAILED;
    search->source = NULL;
    credentials_clear(&search->keys);
}

/* A place failed. Where the cloud's own tools go on after that, so does the chain. */
static void note_failure(struct search *search)
{
    bool is_fatal = search->error.status == SPURN_E_MEMORY;
    if (search->chain == NULL || !search->chain->goes_on || search->ask.profile != NULL ||
        is_fatal) {
        end_failed(search);
        return;
    }
    log_warn(search->ask.log, "%s; looking elsewhere", search->error.text);
    buf_addf(&search->failures, "%s%s", search->failures.len > 0 ? "; " : "", search->error.text);
    search->source = NULL;
    credentials_clear(&search->keys);
}

/* What leads to keys for a next step has to give some. */
static void fail_without_base(struct search *search)
{
    const char *why = buf_str(&search->failures);
    spurn_fail(&search->error, SPURN_E_CREDENTIALS, "cannot use %s: there are no keys there%s%s%s",
               search->source->then->what, why[0] == '\0' ? "" : " (", why,
               why[0] == '\0' ? "" : ")");
    note_failure(search);
}

/* What was not copied would be missing without a word. */
static enum source_answer unless_it_lacks_memory(struct search *search, enum source_answer answer)
{
    if (!search->lacks_memory)
        return answer;
    spurn_fail_memory(&search->error);
    return SOURCE_FAILED;
}

static void take_answer(struct search *search, enum source_answer answer)
{
    switch (unless_it_lacks_memory(search, answer)) {
    case SOURCE_SEND:
        search->need = CREDENTIALS_SEND;
        break;
    case SOURCE_RUN:
        search->need = CREDENTIALS_RUN;
        break;
    case SOURCE_KEYS:
        search->source = search->source->then;
        if (search->source == NULL)
            search->need = CREDENTIALS_DONE;
        break;
    case SOURCE_NOTHING:
        if (search->source->then != NULL)
            fail_without_base(search);
        else
            search->source = NULL;
        break;
    case SOURCE_FAILED:
        note_failure(search);
        break;
    }
}

/* The next place that has something, or the end. */
static void look(struct search *search)
{
    const struct chain *chain = search->chain;
    while (search->source == NULL && search->need != CREDENTIALS_FAILED) {
        if (chain == NULL || search->link == chain->count) {
            if (chain != NULL)
                chain->fail_lost(search, &search->error);
            end_failed(search);
            return;
        }
        const struct chain_link *link = &chain->links[search->link++];
        enum source_answer answer =
            unless_it_lacks_memory(search, link->look(search, &search->source, &search->error));
        log_debug(search->ask.log, "%s credentials: %s: %s", chain->title, link->name,
                  answer == SOURCE_KEYS      ? search->source->what
                  : answer == SOURCE_NOTHING ? "nothing"
                                             : "failed");
        if (answer == SOURCE_FAILED)
            note_failure(search);
    }
}

static bool is_ended(const struct search *search)
{
    return search->need == CREDENTIALS_DONE || search->need == CREDENTIALS_FAILED;
}

static void put_errand(const struct search *search, struct credentials_errand *errand)
{
    *errand = (struct credentials_errand){.tries = search->tries};
    if (search->need == CREDENTIALS_RUN) {
        errand->argv = search->argv;
    } else if (search->need == CREDENTIALS_SEND) {
        errand->request = &search->request;
        errand->base_url = search->base_url;
        errand->is_near = search->is_near;
        errand->connect_ms = search->connect_ms;
        errand->answer_ms = search->answer_ms;
    }
}

enum credentials_need credentials_next(struct credentials_search *s, int64_t now_ms,
                                       struct credentials_errand *errand, struct spurn_error *err)
{
    s->now_ms = now_ms + s->skew_ms;
    bool has_errand = false;
    while (!is_ended(s) && !has_errand) {
        look(s);
        if (s->source == NULL)
            continue;
        enum source_answer answer = s->source->kind->ask(s, s->source, &s->error);
        take_answer(s, answer);
        has_errand = !is_ended(s) && (answer == SOURCE_SEND || answer == SOURCE_RUN);
    }
    put_errand(s, errand);
    if (s->need == CREDENTIALS_FAILED && err != NULL)
        *err = s->error;
    return s->need;
}

/* A refusal may come of our clock alone: with the other side's it is asked once more. What stands nearby over plain http does not
 * set our clock. */
static bool corrects_clock(struct search *search, const struct credentials_outcome *outcome)
{
    if (outcome->skew_ms == 0 || outcome->skew_ms == search->skew_ms || search->is_near)
        return false;
    bool was_known = search->skew_ms != 0;
    search->now_ms += outcome->skew_ms - search->skew_ms;
    search->skew_ms = outcome->skew_ms;
    return !was_known && outcome->reply != NULL && outcome->reply->http_status >= RETRIED_FROM;
}

void credentials_hear(struct credentials_search *s, const struct credentials_outcome *outcome)
{
    if (is_ended(s) || s->source == NULL || corrects_clock(s, outcome))
        return;
    take_answer(s, s->source->kind->hear(s, s->source, outcome, &s->error));
}

enum spurn_status credentials_take(struct credentials_search *s, struct credentials *out,
                                   struct spurn_error *err)
{
    credentials_clear(out);
    if (s->need != CREDENTIALS_DONE || s->keys.id.at == NULL)
        return spurn_fail(err, SPURN_E_INTERNAL, "there are no credentials to take");
    *out = s->keys;
    credentials_init(&s->keys);
    return SPURN_OK;
}

/* ---- beginning and end ---- */

static const struct cloud_sources {
    const struct chain *chain;
    const struct source_kind *role, *identity;
} clouds[] = {
    [CREDENTIALS_AWS] = {&chain_aws, &source_aws_role, &source_aws_identity},
    [CREDENTIALS_ALIBABA] = {&chain_alibaba, &source_alibaba_role, &source_alibaba_identity},
};

/* Settings say where STS is. AWS's files are read for them, once for the whole search. */
static enum spurn_status read_settings(struct search *search, struct spurn_error *err)
{
    if (search->ask.cloud != CREDENTIALS_AWS)
        return credentials_read_settings(&search->ask, &search->settings, err);
    struct aws_profiles *profiles = arena_alloc(&search->arena, sizeof *profiles);
    if (profiles == NULL)
        return spurn_fail_memory(err);
    search->own = profiles;
    enum spurn_status status = aws_profiles_read(&search->ask, &search->arena, profiles, err);
    if (status != SPURN_OK)
        return status;
    return aws_settings_read(&search->ask, profiles, &search->settings, err);
}

static struct search *make_search(const struct credentials_ask *ask, struct spurn_error *err)
{
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) {
        spurn_fail_memory(err);
        return NULL;
    }
    search->ask = *ask;
    arena_init_secret(&search->arena, ARENA_MAX);
    credentials_settings_init(&search->settings);
    credentials_init(&search->keys);
    buf_init(&search->failures, FAILURES_MAX);
    request_init(&search->request, "GET");
    search->need = CREDENTIALS_SEND;
    if (read_settings(search, err) == SPURN_OK)
        return search;
    credentials_close(search);
    return NULL;
}

enum spurn_status credentials_find(const struct credentials_ask *ask,
                                   struct credentials_search **out, struct spurn_error *err)
{
    *out = NULL;
    struct spurn_error own_error = {0};
    struct search *search = make_search(ask, &own_error);
    if (search == NULL) {
        if (err != NULL)
            *err = own_error;
        return own_error.status;
    }
    search->chain = clouds[ask->cloud].chain;
    look(search);
    *out = search;
    return SPURN_OK;
}

/* A search of one step, from `keys`. */
static enum spurn_status begin_step(const struct credentials_ask *ask,
                                    const struct credentials *keys, struct search **out,
                                    struct spurn_error *err)
{
    struct spurn_error own_error = {0};
    struct search *search = make_search(ask, &own_error);
    if (search != NULL && credentials_copy(keys, &search->keys, &own_error) == SPURN_OK) {
        *out = search;
        return SPURN_OK;
    }
    credentials_close(search);
    if (err != NULL)
        *err = own_error;
    return own_error.status;
}

enum spurn_status credentials_assume(const struct credentials_ask *ask,
                                     const struct credentials_role *role,
                                     const struct credentials *keys,
                                     struct credentials_search **out, struct spurn_error *err)
{
    *out = NULL;
    struct search *search = NULL;
    enum spurn_status status = begin_step(ask, keys, &search, err);
    if (status != SPURN_OK)
        return status;
    struct source *source = search_source(search, clouds[ask->cloud].role, "role %.*s with %.*s",
                                          TEXT_ARG(role->arn), TEXT_ARG(keys->source));
    if (source == NULL) {
        credentials_close(search);
        return spurn_fail_memory(err);
    }
    source->settings.role_arn = search_copy(search, role->arn);
    source->settings.external_id = search_copy(search, role->external_id);
    source->settings.session_name =
        role->session_name.at == NULL ? text_of("spurn") : search_copy(search, role->session_name);
    source->settings.duration_s = role->duration_s;
    search->source = source;
    *out = search;
    return SPURN_OK;
}

enum spurn_status credentials_identify(const struct credentials_ask *ask,
                                       const struct credentials *keys,
                                       struct credentials_search **out, struct spurn_error *err)
{
    *out = NULL;
    struct search *search = NULL;
    enum spurn_status status = begin_step(ask, keys, &search, err);
    if (status != SPURN_OK)
        return status;
    search->source =
        search_source(search, clouds[ask->cloud].identity, "%.*s", TEXT_ARG(keys->source));
    if (search->source == NULL) {
        credentials_close(search);
        return spurn_fail_memory(err);
    }
    *out = search;
    return SPURN_OK;
}

void credentials_close(struct credentials_search *s)
{
    if (s == NULL)
        return;
    request_clear(&s->request);
    buf_clear(&s->failures);
    credentials_clear(&s->keys);
    credentials_settings_clear(&s->settings);
    arena_clear(&s->arena);
    secret_wipe(s, sizeof *s);
    free(s);
}

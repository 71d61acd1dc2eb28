/* source_case.h - one source of AWS's keys, asked step by step and answered by replies of a test's own. */
#ifndef SPURN_TESTS_SOURCE_CASE_H
#define SPURN_TESTS_SOURCE_CASE_H

#include "credentials/aws/profiles.h"
#include "credentials/search.h"
#include "place/place.h"
#include "reply_file.h"
#include "unit.h"

#define SOURCE_NOW INT64_C(1795316400000) /* 2026-11-22T03:00:00Z */

enum { SOURCE_VARIABLES_MAX = 4 };

struct source_case {
    struct credentials_search search;
    struct aws_profiles profiles; /* none */
    struct source source;
    const char *variables[SOURCE_VARIABLES_MAX + 1]; /* "NAME=value"; NULL after the last */
    struct spurn_error err;
};

static inline const char *source_case_variable(void *context, const char *name)
{
    const struct source_case *c = context;
    size_t len = strlen(name);
    for (int i = 0; c->variables[i] != NULL; i++)
        if (strncmp(c->variables[i], name, len) == 0 && c->variables[i][len] == '=')
            return c->variables[i] + len + 1;
    return NULL;
}

/* A search in us-east-1 without keys, whose one source is of `kind`. */
static inline void source_case_init(struct source_case *c, const struct source_kind *kind)
{
    enum { ARENA_MAX = 1 << 20, FAILURES_MAX = 4096 };
    memset(c, 0, sizeof *c);
    struct credentials_search *search = &c->search;
    search->ask = (struct credentials_ask){.cloud = CREDENTIALS_AWS,
                                           .region = text_of("us-east-1"),
                                           .environment = {source_case_variable, c}};
    CHECK_INT("", digest_open(&search->ask.digest, NULL), SPURN_OK);
    arena_init_secret(&search->arena, ARENA_MAX);
    credentials_settings_init(&search->settings);
    credentials_init(&search->keys);
    buf_init(&search->failures, FAILURES_MAX);
    request_init(&search->request, "GET");
    aws_profiles_init(&c->profiles, &search->arena);
    search->own = &c->profiles;
    search->now_ms = SOURCE_NOW;
    c->source = (struct source){.kind = kind, .what = "the source"};
    search->source = &c->source;
}

static inline void source_case_clear(struct source_case *c)
{
    struct credentials_search *search = &c->search;
    request_clear(&search->request);
    buf_clear(&search->failures);
    credentials_clear(&search->keys);
    credentials_settings_clear(&search->settings);
    arena_clear(&search->arena);
    digest_close(search->ask.digest);
}

/* Keys to sign with. */
static inline void source_case_give_keys(struct source_case *c, const char *token)
{
    bool ok = true;
    struct credentials *keys = &c->search.keys;
    keys->id = arena_copy(&keys->arena, text_of("AKIDEXAMPLE"), &ok);
    keys->secret =
        arena_copy(&keys->arena, text_of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), &ok);
    keys->token = arena_copy(&keys->arena, text_of(token), &ok);
    CHECK("", ok);
}

static inline enum source_answer source_case_ask(struct source_case *c)
{
    return c->source.kind->ask(&c->search, &c->source, &c->err);
}

static inline enum source_answer source_case_hear(struct source_case *c,
                                                  const struct credentials_outcome *outcome)
{
    return c->source.kind->hear(&c->search, &c->source, outcome, &c->err);
}

static inline enum source_answer source_case_hear_reply(struct source_case *c, struct reply reply)
{
    const struct credentials_outcome outcome = {.reply = &reply};
    return source_case_hear(c, &outcome);
}

/* The reply of a file below tests/replies/aws; what it holds is overwritten afterwards, as a reply's memory is. */
static inline enum source_answer source_case_hear_file(struct source_case *c, const char *name)
{
    static const char folder[] = "tests/replies/aws";
    char path[256];
    struct reply_file file;
    snprintf(path, sizeof path, "%s/%s.http", folder, name);
    CHECK(path, reply_file_read(path, &file));
    enum source_answer answer = source_case_hear_reply(c, file.reply);
    memset(&file, 'X', sizeof file);
    return answer;
}

static inline enum source_answer source_case_hear_nothing(struct source_case *c)
{
    const struct credentials_outcome outcome = {.problem = "no reply from there: timed out"};
    return source_case_hear(c, &outcome);
}

static inline struct spurn_text source_case_header(const struct source_case *c, const char *name)
{
    for (size_t i = 0; i < c->search.request.header_count; i++)
        if (text_is_nocase(c->search.request.headers[i].name, name))
            return c->search.request.headers[i].value;
    return TEXT_ABSENT;
}

struct source_keys_want {
    const char *id, *secret, *token, *account, *principal;
    int64_t expires_ms;
};

static inline void source_case_check_keys(const char *label, const struct source_case *c,
                                          const struct source_keys_want *want)
{
    const struct credentials *got = &c->search.keys;
    CHECK_TEXT(label, got->id, text_of(want->id));
    CHECK_TEXT(label, got->secret, text_of(want->secret));
    CHECK_TEXT(label, got->token, text_of(want->token));
    CHECK_TEXT(label, got->account, text_of(want->account));
    CHECK_TEXT(label, got->principal, text_of(want->principal));
    CHECK_INT(label, got->expires_ms, want->expires_ms);
}

/* One line that begins and goes on as it should, and shows no secret: those of the tests begin with "SECRET-". */
static inline void source_case_check_says(const char *label, const struct source_case *c,
                                          const char *begins, const char *holds)
{
    const char *text = c->err.text;
    if (!CHECK(label, strncmp(text, begins, strlen(begins)) == 0) ||
        !CHECK(label, strstr(text, holds) != NULL))
        printf("     says: %s\n     want: %s ... %s\n", text, begins, holds);
    CHECK(label, strchr(text, '\n') == NULL && strstr(text, "SECRET-") == NULL);
}

#endif

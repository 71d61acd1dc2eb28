/* credentials_case.h - one search for credentials in an environment and files of a test's own. */
#ifndef SPURN_TESTS_CREDENTIALS_CASE_H
#define SPURN_TESTS_CREDENTIALS_CASE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials/credentials.h"
#include "unit.h"

enum { CASE_VARIABLES_MAX = 6, CASE_STEPS_MAX = 6 };

/* The clock of every search: 2026-11-22T03:00:00Z. */
static const int64_t case_now_ms = INT64_C(1795316400000);

/* One errand that a search has, and how it goes. */
struct case_step {
    const char *to; /* a part of the base URL; of a program its name */
    const char
        *asks;  /* a part of "METHOD /path?query\nheaders\n\nbody"; of a program "word|word|word" */
    int status; /* 0: no reply comes */
    const char *body; /* of the reply; what a program writes; without either: why there is none */
};

/* What there is, and what is found in it. In texts, '@' stands for the folder that is HOME. */
struct credentials_case {
    const char *label;
    const char *profile;                       /* asked for by name */
    const char *variables[CASE_VARIABLES_MAX]; /* "NAME=value" */
    const char *first, *second;                /* contents of the cloud's two files; NULL: none */
    const char *extra; /* content of "extra" beside the first one; NULL: none */
    struct case_step steps[CASE_STEPS_MAX];    /* in this order; all of them are wanted */
    const char *id, *secret, *token, *account; /* found; id NULL: nothing is */
    const char *says;                          /* the source, or a part of the error */
};

struct case_cloud {
    enum credentials_cloud kind;
    const char *first_folder, *first, *second_folder, *second; /* below HOME */
};

struct case_environment {
    const struct credentials_case *row;
    char home[64];
    char value[256]; /* of the variable asked for last */
    bool has_home;
};

/* Copies `text` with every '@' replaced by HOME. */
static inline void case_expand(const char *text, const char *home, char *out, size_t cap)
{
    size_t len = 0;
    for (; *text != '\0' && len + strlen(home) + 1 < cap; text++) {
        if (*text == '@') {
            memcpy(out + len, home, strlen(home));
            len += strlen(home);
        } else {
            out[len++] = *text;
        }
    }
    out[len] = '\0';
}

static inline const char *case_get(void *context, const char *name)
{
    struct case_environment *e = context;
    if (strcmp(name, "HOME") == 0)
        return e->has_home ? e->home : NULL;
    size_t len = strlen(name);
    for (size_t i = 0; i < CASE_VARIABLES_MAX && e->row->variables[i] != NULL; i++) {
        const char *variable = e->row->variables[i];
        if (strncmp(variable, name, len) == 0 && variable[len] == '=') {
            /* The values live as long as the test does: only paths hold an '@' and need a place of their own. */
            if (strchr(variable, '@') == NULL)
                return variable + len + 1;
            case_expand(variable + len + 1, e->home, e->value, sizeof e->value);
            return e->value;
        }
    }
    return NULL;
}

static inline void case_write(const char *home, const char *folder, const char *name,
                              const char *content, mode_t mode)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", home, folder);
    mkdir(path, 0700);
    if (content == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s/%s", home, folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(path, fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
    CHECK(path, fchmod(fd, mode) == 0);
    close(fd);
}

static inline void case_remove(const char *home, const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s/%s", home, folder, name);
    unlink(path);
    snprintf(path, sizeof path, "%s/%s", home, folder);
    rmdir(path);
}

static inline void case_make_home(struct case_environment *e)
{
    const char *parent = getenv("TMPDIR");
    snprintf(e->home, sizeof e->home, "%.40s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(e->home) != NULL);
}

/* ---- errands ---- */

/* The whole errand as one text. */
static inline void case_describe(enum credentials_need need,
                                 const struct credentials_errand *errand, struct buf *out)
{
    if (need == CREDENTIALS_RUN) {
        for (size_t i = 0; errand->argv[i] != NULL; i++)
            buf_addf(out, "%s%s", i == 0 ? "" : "|", errand->argv[i]);
        return;
    }
    const struct request *r = errand->request;
    buf_addf(out, "%s %.*s%s", r->method, TEXT_ARG(r->path), r->parameter_count > 0 ? "?" : "");
    request_add_query(r, out);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < r->header_count; i++)
        buf_addf(out, "%.*s: %.*s\n", TEXT_ARG(r->headers[i].name), TEXT_ARG(r->headers[i].value));
    buf_addf(out, "\n%.*s", TEXT_ARG(r->body));
}

static inline void case_check_errand(const char *label, const struct case_step *step,
                                     enum credentials_need need,
                                     const struct credentials_errand *errand, const char *home)
{
    char asks[512];
    struct buf text;
    buf_init(&text, CREDENTIALS_REPLY_MAX);
    case_describe(need, errand, &text);
    case_expand(step->asks == NULL ? "" : step->asks, home, asks, sizeof asks);
    const char *to = need == CREDENTIALS_RUN ? errand->argv[0] : errand->base_url;
    bool fits = strstr(to, step->to) != NULL && strstr(buf_str(&text), asks) != NULL;
    if (!CHECK(label, fits))
        printf("     to: %s\n     asks: %s\n     want: %s, %s\n", to, buf_str(&text), step->to,
               asks);
    buf_clear(&text);
}

static inline void case_hear(struct credentials_search *search, const struct case_step *step,
                             enum credentials_need need)
{
    struct reply reply = {.http_status = step->status, .body = text_of(step->body)};
    struct credentials_outcome outcome = {.reply = NULL};
    if (need == CREDENTIALS_RUN && step->body != NULL)
        outcome.output = text_of(step->body);
    else if (step->status != 0)
        outcome.reply = &reply;
    else
        outcome.problem = step->body == NULL ? "it did not answer" : step->body;
    credentials_hear(search, &outcome);
}

/* Moves a search to its end. Nobody is nearby unless the steps say so. */
static inline enum credentials_need case_play(const char *label, struct credentials_search *search,
                                              const struct case_step steps[CASE_STEPS_MAX],
                                              const char *home, struct spurn_error *err)
{
    static const struct case_step silence = {.to = ""};
    enum { ERRANDS_MAX = 40 };
    size_t played = 0;
    for (int errands = 0; errands < ERRANDS_MAX; errands++) {
        struct credentials_errand errand;
        enum credentials_need need = credentials_next(search, case_now_ms, &errand, err);
        if (need == CREDENTIALS_DONE || need == CREDENTIALS_FAILED) {
            CHECK(label, played == CASE_STEPS_MAX || steps[played].to == NULL);
            return need;
        }
        bool is_scripted = played < CASE_STEPS_MAX && steps[played].to != NULL;
        const struct case_step *step = is_scripted ? &steps[played++] : &silence;
        CHECK(label, is_scripted || errand.is_near);
        case_check_errand(label, step, need, &errand, home);
        case_hear(search, step, need);
    }
    CHECK(label, !"the search ends");
    return CREDENTIALS_FAILED;
}

/* Looks for keys and takes them. */
static inline enum spurn_status case_find(const char *label, const struct credentials_ask *ask,
                                          const struct case_step steps[CASE_STEPS_MAX],
                                          const char *home, struct credentials *got,
                                          struct spurn_error *err)
{
    struct credentials_search *search = NULL;
    enum spurn_status status = credentials_find(ask, &search, err);
    if (status == SPURN_OK) {
        bool is_found = case_play(label, search, steps, home, err) == CREDENTIALS_DONE;
        status = is_found ? credentials_take(search, got, err) : err->status;
    }
    credentials_close(search);
    return status;
}

static inline void case_check(const struct credentials_case *row, const struct credentials *got,
                              enum spurn_status status, const struct spurn_error *err,
                              const char *home)
{
    char says[512];
    case_expand(row->says, home, says, sizeof says);
    if (row->id == NULL) {
        CHECK(row->label,
              status == SPURN_E_CREDENTIALS || status == SPURN_E_FILE || status == SPURN_E_NETWORK);
        if (!CHECK(row->label, strstr(err->text, says) != NULL))
            printf("     says: %s\n     want: %s\n", err->text, says);
        CHECK(row->label, strstr(err->text, "SECRET-") == NULL && strchr(err->text, '\n') == NULL);
        CHECK(row->label, got->id.at == NULL && got->secret.at == NULL);
        return;
    }
    if (!CHECK_INT(row->label, status, SPURN_OK))
        printf("     says: %s\n", err->text);
    CHECK_TEXT(row->label, got->id, text_of(row->id));
    CHECK_TEXT(row->label, got->secret, text_of(row->secret));
    CHECK_TEXT(row->label, got->token, text_of(row->token));
    CHECK_TEXT(row->label, got->account, text_of(row->account));
    CHECK_TEXT(row->label, got->source, text_of(says));
}

/* The same, and the error itself. */
static inline void case_run_into(const struct case_cloud *cloud, const struct credentials_case *row,
                                 struct spurn_error *err)
{
    struct case_environment e = {.row = row, .has_home = true};
    case_make_home(&e);
    case_write(e.home, cloud->first_folder, cloud->first, row->first, 0600);
    case_write(e.home, cloud->first_folder, "extra", row->extra, 0600);
    case_write(e.home, cloud->second_folder, cloud->second, row->second, 0600);
    const struct log silent = {.level = SPURN_LOG_ERROR};
    struct credentials_ask ask = {
        .cloud = cloud->kind,
        .profile = row->profile,
        .region = text_of(cloud->kind == CREDENTIALS_AWS ? "us-east-1" : "cn-hangzhou"),
        .environment = {case_get, &e},
        .log = &silent,
    };
    struct credentials got;
    *err = (struct spurn_error){0};
    credentials_init(&got);
    enum spurn_status status = digest_open(&ask.digest, err);
    if (status == SPURN_OK)
        status = case_find(row->label, &ask, row->steps, e.home, &got, err);
    case_check(row, &got, status, err, e.home);
    digest_close(ask.digest);
    credentials_clear(&got);
    case_remove(e.home, cloud->first_folder, "extra");
    case_remove(e.home, cloud->first_folder, cloud->first);
    case_remove(e.home, cloud->second_folder, cloud->second);
    rmdir(e.home);
}

static inline void case_run(const struct case_cloud *cloud, const struct credentials_case *row)
{
    struct spurn_error err;
    case_run_into(cloud, row, &err);
}

#endif

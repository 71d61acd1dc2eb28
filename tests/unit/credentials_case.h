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

enum { CASE_VARIABLES_MAX = 6 };

/* What there is, and what is found in it. In texts, '@' stands for the folder that is HOME. */
struct credentials_case {
    const char *label;
    const char *profile;                       /* asked for by name */
    const char *variables[CASE_VARIABLES_MAX]; /* "NAME=value" */
    const char *first, *second;                /* contents of the cloud's two files; NULL: none */
    const char *id, *secret, *token, *account; /* found; id NULL: nothing is */
    const char *says;                          /* the source, or a part of the error */
};

struct credentials_cloud {
    const char *first_folder, *first, *second_folder, *second; /* below HOME */
    enum spurn_status (*find)(const struct credentials_ask *ask, struct credentials *out,
                              struct spurn_error *err);
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

static inline void case_check(const struct credentials_case *row, const struct credentials *got,
                              enum spurn_status status, const struct spurn_error *err,
                              const char *home)
{
    char says[512];
    case_expand(row->says, home, says, sizeof says);
    if (row->id == NULL) {
        CHECK(row->label, status == SPURN_E_CREDENTIALS || status == SPURN_E_FILE);
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

static inline void case_run(const struct credentials_cloud *cloud,
                            const struct credentials_case *row)
{
    struct case_environment e = {.row = row, .has_home = true};
    case_make_home(&e);
    case_write(e.home, cloud->first_folder, cloud->first, row->first, 0600);
    case_write(e.home, cloud->second_folder, cloud->second, row->second, 0600);
    const struct log silent = {.level = SPURN_LOG_ERROR};
    const struct credentials_ask ask = {row->profile, {case_get, &e}, &silent};
    struct credentials got;
    struct spurn_error err = {0};
    credentials_init(&got);
    enum spurn_status status = cloud->find(&ask, &got, &err);
    case_check(row, &got, status, &err, e.home);
    credentials_clear(&got);
    case_remove(e.home, cloud->first_folder, cloud->first);
    case_remove(e.home, cloud->second_folder, cloud->second);
    rmdir(e.home);
}

#endif

/* config_case.h - a configuration and the files beside it, in a folder of a test's own. */
#ifndef SPURN_TESTS_CONFIG_CASE_H
#define SPURN_TESTS_CONFIG_CASE_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "unit.h"

struct config_case {
    char folder[64], path[128], beside[128];
    struct config config;
    struct spurn_error err;
    enum spurn_status status;
};

static inline void case_write(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "w");
    CHECK("made", file != NULL && fwrite(text, 1, len, file) == len && fclose(file) == 0);
    CHECK_INT("mode", chmod(path, 0644), 0);
}

/* Loads `text` with a file called `name` beside it; NULL: none is there. */
static inline void case_open_with(struct config_case *c, const char *text, const char *name,
                                  struct spurn_text content)
{
    const char *parent = getenv("TMPDIR");
    *c = (struct config_case){.err = {.text = ""}};
    snprintf(c->folder, sizeof c->folder, "%.40s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(c->folder) != NULL);
    snprintf(c->path, sizeof c->path, "%s/spurn.lua", c->folder);
    case_write(c->path, text, strlen(text));
    if (name != NULL) {
        snprintf(c->beside, sizeof c->beside, "%s/%s", c->folder, name);
        case_write(c->beside, content.at, content.len);
    }
    config_init(&c->config);
    c->status = config_load(&c->config, c->path, &c->err);
}

static inline void case_open(struct config_case *c, const char *text)
{
    case_open_with(c, text, NULL, TEXT_ABSENT);
}

static inline void case_close(struct config_case *c)
{
    config_clear(&c->config);
    unlink(c->path);
    if (c->beside[0] != '\0')
        unlink(c->beside);
    CHECK_INT("nothing else was left there", rmdir(c->folder), 0);
}

/* The error without the folder it names first. */
static inline void case_says(const struct config_case *c, const char *label, const char *want)
{
    size_t len = strlen(c->folder);
    bool names_folder = strncmp(c->err.text, c->folder, len) == 0;
    CHECK_INT(label, c->status, SPURN_E_CONFIG);
    CHECK_STR(label, c->err.text + (names_folder ? len + 1 : 0), want);
}

#endif

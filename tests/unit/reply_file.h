/* reply_file.h - replies as a cloud would send them, from files under tests/replies/ or written out in a test. */
#ifndef SPURN_TESTS_REPLY_FILE_H
#define SPURN_TESTS_REPLY_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloud/cloud.h"

/* A whole reply as text, "HTTP/1.1 200 OK", headers, an empty line, the body; and the same taken apart. */
struct reply_file {
    char text[16 * 1024];
    size_t len;
    struct reply reply; /* borrows from the text */
};

static inline void reply_file_split(struct reply_file *f)
{
    const char *at = f->text, *end = f->text + f->len;
    f->reply = (struct reply){.http_status = atoi(f->text + strlen("HTTP/1.1 "))};
    for (;;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return;
        at = newline + 1;
        if (at == end || *at == '\n')
            break;
        const char *colon = strchr(at, ':'), *stop = strchr(at, '\n');
        if (colon == NULL || stop == NULL || colon > stop)
            return;
        f->reply.headers[f->reply.header_count++] =
            (struct header){{at, (size_t)(colon - at)}, {colon + 2, (size_t)(stop - colon - 2)}};
    }
    if (at < end)
        f->reply.body = (struct spurn_text){at + 1, (size_t)(end - at - 1)};
}

/* False when there is no such file; tests run in the project's root. */
static inline bool reply_file_read(const char *path, struct reply_file *f)
{
    memset(f, 0, sizeof *f);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    f->len = fread(f->text, 1, sizeof f->text - 1, file);
    fclose(file);
    reply_file_split(f);
    return f->reply.http_status != 0;
}

static inline struct reply reply_of(int http_status, const char *body)
{
    return (struct reply){.http_status = http_status, .body = text_of(body)};
}

static inline struct reply reply_with_header(int http_status, const char *name, const char *value,
                                             const char *body)
{
    struct reply reply = reply_of(http_status, body);
    if (name != NULL)
        reply.headers[reply.header_count++] = (struct header){text_of(name), text_of(value)};
    return reply;
}

#endif

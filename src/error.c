/* error.c - failing in one line with a whole sentence. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void cut_to_fit(struct spurn_error *err, int wanted_len)
{
    size_t len = strlen(err->text);
    if (wanted_len < 0 || (size_t)wanted_len <= len)
        return;
    /* Drop a UTF-8 sequence that the cut went through. */
    while (len > 0 && ((unsigned char)err->text[len - 1] & 0xC0) == 0x80)
        len--;
    if (len > 0 && ((unsigned char)err->text[len - 1] & 0x80) != 0)
        len--;
    err->text[len] = '\0';
}

enum spurn_status spurn_fail(struct spurn_error *err, enum spurn_status status, const char *fmt,
                             ...)
{
    if (err == NULL)
        return status;
    err->status = status;
    va_list args;
    va_start(args, fmt);
    int wanted_len = vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    cut_to_fit(err, wanted_len);
    return status;
}

enum spurn_status spurn_fail_memory(struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_MEMORY, "out of memory");
}

enum spurn_status spurn_fail_within(struct spurn_error *err, const char *fmt, ...)
{
    if (err == NULL)
        return SPURN_E_INTERNAL;
    char inner[sizeof err->text];
    memcpy(inner, err->text, sizeof inner);
    va_list args;
    va_start(args, fmt);
    int wanted_len = vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    size_t len = strlen(err->text);
    int more = snprintf(err->text + len, sizeof err->text - len, ": %s", inner);
    cut_to_fit(err, wanted_len < 0 || more < 0 ? -1 : wanted_len + more);
    return err->status;
}

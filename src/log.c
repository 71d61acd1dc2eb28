/* log.c - what happened, for people and machines, one line each, handed to whoever opened the library. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"

enum { LINE_MAX_LEN = 4096 }; /* more is cut: a log line is a sentence, not a document */

/* The length of the character at `at`, when it is valid UTF-8 and no control character; else 0. */
static size_t shown_char_len(const char *at, size_t len)
{
    unsigned char c = (unsigned char)*at;
    if (c < 0x80)
        return c >= 0x20 && c != 0x7F;
    for (size_t n = 2; n <= 4 && n <= len; n++) {
        bool is_c1_control = c == 0xC2 && (unsigned char)at[1] < 0xA0;
        if (text_utf8_len((struct spurn_text){at, n}) == n)
            return is_c1_control ? 0 : n;
    }
    return 0;
}

/* Writes `raw` so that it stays one line and cannot steer a terminal. What does not fit gives way to "...". */
static void escape(const char *raw, bool is_cut, char line[LINE_MAX_LEN + 1])
{
    size_t len = 0, fits_len = 0, raw_len = strlen(raw);
    for (size_t i = 0; i < raw_len;) {
        char piece[5];
        size_t taken = shown_char_len(raw + i, raw_len - i), piece_len = taken;
        memcpy(piece, raw + i, taken);
        if (taken == 0) {
            piece_len = (size_t)snprintf(piece, sizeof piece, "\\x%02x", (unsigned char)raw[i]);
            taken = 1;
        }
        if (len + piece_len > LINE_MAX_LEN) {
            is_cut = true;
            break;
        }
        memcpy(line + len, piece, piece_len);
        len += piece_len;
        i += taken;
        if (len <= LINE_MAX_LEN - 3)
            fits_len = len;
    }
    if (is_cut) {
        memcpy(line + fits_len, "...", 3);
        len = fits_len + 3;
    }
    line[len] = '\0';
}

SPURN_PRINTF(3, 0)
static void write_line(const struct log *log, enum spurn_log_level level, const char *fmt,
                       va_list args)
{
    if (log == NULL || log->write == NULL || level > log->level)
        return;
    char raw[LINE_MAX_LEN + 8], line[LINE_MAX_LEN + 1];
    int wanted_len = vsnprintf(raw, sizeof raw, fmt, args);
    if (wanted_len < 0)
        snprintf(raw, sizeof raw, "cannot format a log line: %s", fmt);
    escape(raw, wanted_len >= (int)sizeof raw, line);
    log->write(log->context, level, line);
}

void log_error(const struct log *log, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    write_line(log, SPURN_LOG_ERROR, fmt, args);
    va_end(args);
}

void log_warn(const struct log *log, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    write_line(log, SPURN_LOG_WARN, fmt, args);
    va_end(args);
}

void log_info(const struct log *log, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    write_line(log, SPURN_LOG_INFO, fmt, args);
    va_end(args);
}

void log_debug(const struct log *log, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    write_line(log, SPURN_LOG_DEBUG, fmt, args);
    va_end(args);
}

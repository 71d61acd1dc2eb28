/* form.c - names and values out of a query string or a form body. */
#include "emulator/form.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool decode(struct spurn_text in, enum form_kind kind, struct arena *arena,
                   struct spurn_text *out)
{
    char *at = arena_alloc(arena, in.len + 1);
    size_t len = 0;
    if (!at)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        int high = in.at[i] == '%' && i + 2 < in.len ? hex_digit(in.at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(in.at[i + 2]) : -1;
        if (low >= 0) {
            at[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            at[len++] = in.at[i] == '+' && kind == FORM_BODY ? ' ' : in.at[i];
        }
    }
    *out = (struct spurn_text){at, len};
    return true;
}

static struct spurn_text take_until(struct spurn_text *rest, char mark)
{
    const char *end = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
    struct spurn_text taken = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
    size_t skip = taken.len + (end ? 1 : 0);
    *rest = (struct spurn_text){rest->at + skip, rest->len - skip};
    return taken;
}

bool form_next(struct spurn_text *rest, enum form_kind kind, struct arena *arena,
               struct spurn_text *name, struct spurn_text *value)
{
    *name = TEXT_ABSENT;
    *value = TEXT_ABSENT;
    struct spurn_text pair = {NULL, 0};
    while (rest->len && !pair.len)
        pair = take_until(rest, '&');
    if (!pair.len)
        return false;
    struct spurn_text encoded_name = take_until(&pair, '=');
    return decode(encoded_name, kind, arena, name) && decode(pair, kind, arena, value);
}

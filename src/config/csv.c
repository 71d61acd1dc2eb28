/* csv.c - a strict reader of comma-separated values, as RFC 4180 has them. */
#include "config/csv.h"

#include <string.h>

void csv_init(struct csv *c, char *text, size_t len)
{
    static const char mark[] = "\xef\xbb\xbf";
    *c = (struct csv){.at = text, .end = text + len, .next_line = 1};
    if (text_starts((struct spurn_text){text, len}, mark))
        c->at += sizeof mark - 1;
}

/* How many bytes end a line here; 0: none do. */
static size_t line_end_len(const struct csv *c)
{
    if (c->at < c->end && *c->at == '\n')
        return 1;
    return c->end - c->at >= 2 && c->at[0] == '\r' && c->at[1] == '\n' ? 2 : 0;
}

static bool at_field_end(const struct csv *c)
{
    return c->at == c->end || *c->at == ',' || line_end_len(c) > 0;
}

/* Stands behind the opening quote; what comes before the closing one moves together, "" becoming ". */
static struct spurn_text read_quoted(struct csv *c)
{
    struct spurn_text field = {c->at, 0};
    char *to = c->at;
    while (c->at < c->end && (*c->at != '"' || (c->at + 1 < c->end && c->at[1] == '"'))) {
        if (*c->at == '"')
            c->at++;
        if (*c->at == '\n')
            c->next_line++;
        *to++ = *c->at++;
    }
    field.len = (size_t)(to - field.at);
    if (c->at == c->end) {
        c->why = "a quote is not closed";
        return field;
    }
    c->at++;
    if (!at_field_end(c))
        c->why = "something follows a closing quote";
    return field;
}

static struct spurn_text read_plain(struct csv *c)
{
    struct spurn_text field = {c->at, 0};
    while (!at_field_end(c)) {
        if (*c->at == '"')
            c->why = "a quote stands in a field that does not begin with one";
        c->at++;
    }
    field.len = (size_t)(c->at - field.at);
    return field;
}

static struct spurn_text read_field(struct csv *c)
{
    if (c->at == c->end || *c->at != '"')
        return read_plain(c);
    c->at++;
    return read_quoted(c);
}

static void pass_line_end(struct csv *c)
{
    c->at += line_end_len(c);
    c->next_line++;
}

bool csv_next(struct csv *c, struct spurn_text *fields, size_t max, size_t *count)
{
    *count = 0;
    while (line_end_len(c) > 0)
        pass_line_end(c);
    if (c->why != NULL || c->at == c->end)
        return false;
    c->line = c->next_line;
    for (;;) {
        if (*count == max) {
            c->why = "it has more fields than there are columns; a field with a comma in it stands "
                     "in quotes";
            return false;
        }
        fields[(*count)++] = read_field(c);
        if (c->why != NULL)
            return false;
        if (c->at == c->end || *c->at != ',')
            break;
        c->at++;
    }
    pass_line_end(c);
    return true;
}

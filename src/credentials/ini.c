/* ini.c - reads profile files line by line: [section], name = value, comments. */
#include "credentials/ini.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct spurn_text trim(struct spurn_text text)
{
    while (text.len > 0 && is_blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

/* Without a comment that stands at its head or after a blank. */
static struct spurn_text without_comment(struct spurn_text text)
{
    for (size_t k = 0; k < text.len; k++)
        if ((text.at[k] == '#' || text.at[k] == ';') && (k == 0 || is_blank(text.at[k - 1])))
            text.len = k;
    return trim(text);
}

void ini_init(struct ini *i, struct spurn_text text)
{
    *i = (struct ini){.at = text.at, .end = text.at == NULL ? NULL : text.at + text.len};
}

/* Hands over the next line and steps behind it. */
static struct spurn_text take_line(struct ini *i)
{
    const char *end = memchr(i->at, '\n', (size_t)(i->end - i->at));
    struct spurn_text line = {i->at, (size_t)((end == NULL ? i->end : end) - i->at)};
    i->at = end == NULL ? i->end : end + 1;
    i->line++;
    return line;
}

static bool open_section(struct ini *i, struct spurn_text content)
{
    const char *bracket = memchr(content.at, ']', content.len);
    if (bracket == NULL || bracket + 1 != content.at + content.len)
        return false;
    i->section = trim((struct spurn_text){content.at + 1, content.len - 2});
    i->name = TEXT_ABSENT;
    i->value = TEXT_ABSENT;
    i->has_property = false;
    return i->section.len > 0;
}

bool ini_split(struct spurn_text line, struct spurn_text *name, struct spurn_text *value)
{
    size_t name_len = 0;
    while (name_len < line.len && line.at[name_len] != '=' && line.at[name_len] != ':')
        name_len++;
    if (name_len == line.len)
        return false;
    *name = trim((struct spurn_text){line.at, name_len});
    *value = trim((struct spurn_text){line.at + name_len + 1, line.len - name_len - 1});
    return name->len > 0;
}

static bool take_property(struct ini *i, struct spurn_text content, size_t indent)
{
    i->has_property = true;
    i->property_indent = indent;
    return i->section.at != NULL && ini_split(content, &i->name, &i->value);
}

bool ini_next(struct ini *i)
{
    while (!i->broken && i->at < i->end) {
        struct spurn_text line = take_line(i);
        struct spurn_text content = without_comment(line);
        if (content.len == 0)
            continue;
        size_t indent = (size_t)(content.at - line.at);
        i->is_deeper = i->has_property && indent > i->property_indent;
        if (i->is_deeper && !i->gives_deeper)
            continue;
        if (i->is_deeper)
            i->value = content;
        else if (content.at[0] == '[')
            i->broken = !open_section(i, content);
        else
            i->broken = !take_property(i, content, indent);
        return !i->broken;
    }
    return false;
}

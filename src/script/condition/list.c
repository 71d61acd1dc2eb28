/* list.c - reading list files: where they may lie, and what a line may hold. */
#include "script/condition/list.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

enum { ITEM_LEN_MAX = 1024 };

/* ---- where a list may lie ---- */

static bool has_parent_step(const char *name)
{
    for (const char *at = strstr(name, ".."); at != NULL; at = strstr(at + 2, ".."))
        if ((at == name || at[-1] == '/') && (at[2] == '/' || at[2] == '\0'))
            return true;
    return false;
}

static bool is_beneath(const char *path, const char *policy_path)
{
    char folder[PATH_MAX], real_folder[PATH_MAX], real_path[PATH_MAX];
    const char *slash = strrchr(policy_path, '/');
    size_t len = slash != NULL ? (size_t)(slash - policy_path) : 0;
    if (len >= sizeof folder)
        return false;
    memcpy(folder, policy_path, len);
    memcpy(folder + len, "\0", 1);
    const char *from = slash == NULL ? "." : len == 0 ? "/" : folder;
    if (realpath(from, real_folder) == NULL || realpath(path, real_path) == NULL)
        return true; /* reading it says what is wrong */
    len = strlen(real_folder);
    if (len == 1)
        return true;
    return strncmp(real_path, real_folder, len) == 0 && real_path[len] == '/';
}

static enum spurn_status find_file(struct list *l, const char *policy_path, const char *name,
                                   struct spurn_error *err)
{
    struct buf path;
    buf_init(&path, PATH_MAX);
    if (name[0] == '/' || has_parent_step(name))
        return spurn_fail(err, SPURN_E_POLICY,
                          "cannot read list %s: a list lies beneath its policy's folder", name);
    file_beside(policy_path, name, &path);
    l->path = buf_take(&path);
    l->name = strdup(name);
    if (l->path == NULL || l->name == NULL)
        return spurn_fail_memory(err);
    if (!is_beneath(l->path, policy_path))
        return spurn_fail(err, SPURN_E_POLICY,
                          "cannot read list %s: it leads out of its policy's folder", l->path);
    return SPURN_OK;
}

/* ---- what it holds ---- */

static struct spurn_text trimmed(struct spurn_text line)
{
    const char *comment = memchr(line.at, '#', line.len);
    if (comment != NULL)
        line.len = (size_t)(comment - line.at);
    while (line.len > 0 && strchr(" \t\r", line.at[line.len - 1]) != NULL)
        line.len--;
    while (line.len > 0 && (*line.at == ' ' || *line.at == '\t')) {
        line.at++;
        line.len--;
    }
    return line;
}

static const char *complaint_about(struct spurn_text item)
{
    if (text_utf8_len(item) != item.len)
        return "is not UTF-8";
    if (item.len > ITEM_LEN_MAX)
        return "is longer than 1024 bytes";
    for (size_t i = 0; i < item.len; i++)
        if ((unsigned char)item.at[i] < 0x20 || item.at[i] == 0x7f)
            return "holds a control character";
    return NULL;
}

static enum spurn_status add_item(struct list *l, struct spurn_text item, int line,
                                  struct spurn_error *err)
{
    const char *complaint = complaint_about(item);
    if (complaint != NULL)
        return spurn_fail(err, SPURN_E_POLICY, "%s:%d: this line %s", l->path, line, complaint);
    size_t count = set_count(l->items);
    if (!set_add(l->items, item))
        return spurn_fail_memory(err);
    if (set_count(l->items) > count)
        l->lines[count] = line;
    return SPURN_OK;
}

static size_t count_lines(struct spurn_text text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

static enum spurn_status read_items(struct list *l, struct spurn_error *err)
{
    struct spurn_text text = buf_text(&l->text);
    l->items = set_open();
    l->lines = calloc(count_lines(text), sizeof *l->lines);
    if (l->items == NULL || l->lines == NULL)
        return spurn_fail_memory(err);
    if (text_starts(text, "\xEF\xBB\xBF")) {
        text.at += 3;
        text.len -= 3;
    }
    for (int line = 1; text.len > 0; line++) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end != NULL ? (size_t)(end - text.at) : text.len;
        struct spurn_text item = trimmed((struct spurn_text){text.at, len});
        if (item.len > 0) {
            enum spurn_status status = add_item(l, item, line, err);
            if (status != SPURN_OK)
                return status;
        }
        len += end != NULL;
        text.at += len;
        text.len -= len;
    }
    return SPURN_OK;
}

enum spurn_status list_open(const char *policy_path, const char *name, bool may_be_empty,
                            struct list **out, struct spurn_error *err)
{
    *out = NULL;
    struct list *l = calloc(1, sizeof *l);
    if (l == NULL)
        return spurn_fail_memory(err);
    buf_init(&l->text, FILE_MAX);
    enum spurn_status status = find_file(l, policy_path, name, err);
    if (status == SPURN_OK)
        status = file_read_trusted(l->path, "list", &l->text, err);
    if (status == SPURN_OK)
        status = read_items(l, err);
    if (status == SPURN_OK && set_count(l->items) == 0 && !may_be_empty)
        status = spurn_fail(
            err, SPURN_E_POLICY,
            "%s:1: the list is empty; if it may be, write list { \"%s\", may_be_empty = true }",
            l->path, name);
    if (status == SPURN_OK)
        *out = l;
    else
        list_close(l);
    return status;
}

void list_close(struct list *l)
{
    if (l == NULL)
        return;
    free(l->lines);
    set_close(l->items);
    buf_clear(&l->text);
    free(l->name);
    free(l->path);
    free(l);
}

/* reading.c - what sources of credentials read: JSON objects, token files, command lines. */
#include <string.h>

#include "credentials/search.h"
#include "file.h"
#include "json.h"

enum { TOKEN_LEN_MAX = 64 * 1024 };

/* ---- JSON ---- */

static struct spurn_text *place_of(struct spurn_text key, const char *const *names,
                                   struct spurn_text *out)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (text_is(key, names[i]))
            return &out[i];
    return NULL;
}

enum spurn_status search_read_json(struct search *search, struct spurn_text body, const char *what,
                                   const char *const *names, struct spurn_text *out,
                                   struct spurn_error *err)
{
    struct json j;
    struct spurn_text key;
    for (size_t i = 0; names[i] != NULL; i++)
        out[i] = TEXT_ABSENT;
    json_init(&j, body, &search->arena);
    json_open_object(&j);
    while (json_next_key(&j, &key)) {
        struct spurn_text *place = place_of(key, names, out);
        if (place == NULL)
            json_skip(&j);
        else if (json_peek(&j) == JSON_NUMBER)
            *place = json_number(&j);
        else
            *place = json_string_or_null(&j);
    }
    bool is_read = json_done(&j);
    bool ok = true;
    for (size_t i = 0; names[i] != NULL; i++)
        out[i] = is_read ? arena_copy(&search->arena, out[i], &ok) : TEXT_ABSENT;
    if (!is_read)
        return spurn_fail(err, SPURN_E_CREDENTIALS, "%s: %s (byte %zu)", what, j.why, j.why_at);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

/* ---- token files ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct spurn_text trim(struct spurn_text text)
{
    while (text.len > 0 && is_space(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_space(text.at[text.len - 1]))
        text.len--;
    return text;
}

static bool has_controls(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
            return true;
    return false;
}

/* Such files are short-lived and often open to all of a container: nobody is warned of that. */
enum spurn_status search_read_token(struct search *search, struct spurn_text path, const char *what,
                                    struct spurn_text *token, struct spurn_error *err)
{
    struct buf text;
    bool found = false, open_to_others = false;
    *token = TEXT_ABSENT;
    buf_init_secret(&text, TOKEN_LEN_MAX);
    struct spurn_text name = search_copy(search, path);
    enum spurn_status status = SPURN_OK;
    if (name.at == NULL)
        status = spurn_fail_memory(err);
    else
        status = file_read_secret(name.at, what, &text, &found, &open_to_others, err);
    if (status != SPURN_OK)
        goto done;
    struct spurn_text trimmed = trim(buf_text(&text));
    if (!found)
        status = spurn_fail(err, SPURN_E_FILE, "cannot read %s %s: no such file", what, name.at);
    else if (trimmed.len == 0 || has_controls(trimmed))
        status = spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s %s: %s", what, name.at,
                            trimmed.len == 0 ? "it is empty" : "it is not one line of text");
    else
        *token = search_copy(search, trimmed);
    if (status == SPURN_OK && token->at == NULL)
        status = spurn_fail_memory(err);
done:
    buf_clear(&text);
    return status;
}

/* ---- command lines ---- */

/* Splits as Python's shlex does in POSIX mode, which is what AWS's own tools use (Source: botocore, compat.py,
 * compat_shell_split): nothing is expanded. */
struct splitting {
    const char *at, *end;
    char *out; /* never more than what was read */
    const char *why;
};

static void take_quoted(struct splitting *s, char quote)
{
    while (s->at < s->end && *s->at != quote) {
        bool escapes = quote == '"' && *s->at == '\\' && s->at + 1 < s->end &&
                       (s->at[1] == '"' || s->at[1] == '\\');
        if (escapes)
            s->at++;
        *s->out++ = *s->at++;
    }
    if (s->at == s->end)
        s->why = "a quotation mark is not closed";
    else
        s->at++;
}

/* One word, which ends with its NUL. */
static char *take_word(struct splitting *s)
{
    char *word = s->out;
    while (s->at < s->end && !is_space(*s->at) && s->why == NULL) {
        char c = *s->at++;
        if (c == '\'' || c == '"')
            take_quoted(s, c);
        else if (c != '\\')
            *s->out++ = c;
        else if (s->at < s->end)
            *s->out++ = *s->at++;
        else
            s->why = "nothing stands behind its last backslash";
    }
    *s->out++ = '\0';
    return word;
}

static size_t split(struct splitting *s, const char **argv)
{
    size_t count = 0;
    while (s->why == NULL) {
        while (s->at < s->end && is_space(*s->at))
            s->at++;
        if (s->at == s->end)
            break;
        if (count == SEARCH_ARGV_MAX)
            s->why = "it has too many words";
        else
            argv[count++] = take_word(s);
    }
    argv[count] = NULL;
    return count;
}

enum spurn_status search_split(struct search *search, struct spurn_text command,
                               struct spurn_error *err)
{
    struct splitting s = {command.at, command.at + command.len, NULL, NULL};
    search->argv[0] = NULL;
    s.out = arena_alloc(&search->arena, command.len + 1);
    if (s.out == NULL)
        return spurn_fail_memory(err);
    if (command.len > 0 && memchr(command.at, '\0', command.len) != NULL)
        s.why = "it holds a NUL";
    if (split(&s, search->argv) == 0 && s.why == NULL)
        s.why = "it is empty";
    else if (s.why == NULL && search->argv[0][0] == '\0')
        s.why = "its first word, the program, is empty";
    if (s.why == NULL)
        return SPURN_OK;
    search->argv[0] = NULL;
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot split its command line: %s", s.why);
}

/* setting.c - which parameter of the configuration a complaint about a policy's text is really about. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "script/policy.h"
#include "script/strict/tokens.h"

enum { SEEN_LEN = 40 /* so much of a value is surely shown */, KEYS_LEN_MAX = 64 * 1024 };

struct blaming {
    struct json json;
    struct spurn_text message; /* behind "file:line: ", without what to write instead */
};

/* ---- a value that is named in the complaint ---- */

static bool is_part_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
}

static bool has_digit(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9')
            return true;
    return false;
}

/* In quotes; or bare, as the policy's own error() may have it, if it is no word that any sentence could hold. */
static bool is_named(struct spurn_text text, struct spurn_text value)
{
    const char *message = text.at;
    size_t len = value.len < SEEN_LEN ? value.len : SEEN_LEN;
    bool may_be_bare = value.len > 1 && has_digit(value);
    for (size_t i = 1; len > 0 && i + len <= text.len; i++) {
        if (memcmp(message + i, value.at, len) != 0)
            continue;
        if (message[i - 1] == '"' && (len < value.len || message[i + len] == '"'))
            return true;
        if (may_be_bare && !is_part_of_word(message[i - 1]) && !is_part_of_word(message[i + len]))
            return true;
    }
    return false;
}

/* What reading a value says of it. */
struct leaves {
    bool is_named;  /* one of its strings or numbers is */
    bool has_texts; /* it holds strings, which would be named */
};

static void read_leaves(struct blaming *b, struct leaves *out)
{
    struct json *j = &b->json;
    struct spurn_text key;
    switch (json_peek(j)) {
    case JSON_STRING:
        out->has_texts = true;
        out->is_named |= is_named(b->message, json_string(j));
        break;
    case JSON_NUMBER:
        out->is_named |= is_named(b->message, json_number(j));
        break;
    case JSON_ARRAY:
        json_open_array(j);
        while (json_next_item(j))
            read_leaves(b, out);
        break;
    case JSON_OBJECT:
        json_open_object(j);
        while (json_next_key(j, &key))
            read_leaves(b, out);
        break;
    default:
        json_skip(j);
    }
}

/* ---- a parameter that is read where the complaint points ---- */

static bool is_read_on(struct spurn_text text, int line, struct spurn_text name)
{
    struct tokens tokens;
    struct token before = {.kind = TOKEN_END};
    tokens_init(&tokens, text);
    for (struct token token = tokens_next(&tokens); token.kind != TOKEN_END && token.line <= line;
         before = token, token = tokens_next(&tokens))
        if (token.line == line && token_is(&before, ".") && text_equal(token.text, name))
            return true;
    return false;
}

/* ---- both ---- */

static struct spurn_text find_parameter(const struct policy *p, int line, struct blaming *b)
{
    struct json *j = &b->json;
    struct spurn_text key, name, found = TEXT_ABSENT, suspect = TEXT_ABSENT;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (!text_is(key, "params")) {
            json_skip(j);
            continue;
        }
        json_open_object(j);
        while (json_next_key(j, &name)) {
            struct leaves leaves = {false, false};
            read_leaves(b, &leaves);
            if (leaves.is_named && found.at == NULL)
                found = name;
            else if (!leaves.has_texts && suspect.at == NULL &&
                     is_read_on(buf_text(&p->text), line, name))
                suspect = name;
        }
    }
    return found.at != NULL ? found : suspect;
}

void policy_name_setting(const struct policy *p, struct spurn_error *err)
{
    struct arena arena;
    int line = policy_line_in(p, err->text);
    if (line == 0 || p->asked_at == NULL || p->settings_json.len == 0)
        return;
    arena_init(&arena, KEYS_LEN_MAX);
    const char *message = err->text + strlen(p->path), *cure = strchr(message, ';');
    struct blaming b = {.message = text_of(message)};
    if (cure != NULL)
        b.message.len = (size_t)(cure - message);
    json_init(&b.json, buf_text(&p->settings_json), &arena);
    struct spurn_text name = find_parameter(p, line, &b);
    size_t len = strlen(err->text);
    if (name.at != NULL)
        snprintf(err->text + len, sizeof err->text - len, " (parameter \"%.*s\" is set in %s)",
                 TEXT_ARG(name), p->asked_at);
    arena_clear(&arena);
}

/* sources.c - what every source of credentials needs: the environment, files with secrets, and keys that are whole. */
#include "credentials/sources.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "file.h"

enum { LOST_LEN_MAX = 4 * SOURCES_PATH_MAX, NAME_LEN_MAX = 64 };

const char *sources_variable(const struct credentials_ask *ask, const char *name)
{
    const char *value = ask->environment.get(ask->environment.context, name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

const char *sources_first_variable(const struct credentials_ask *ask, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        const char *value = sources_variable(ask, names[i]);
        if (value != NULL)
            return value;
    }
    return NULL;
}

/* ---- files ---- */

/* False when only HOME could tell where it is, and is not set; then the path begins with '~'. */
static bool expand_path(const struct credentials_ask *ask, const char *named, struct buf *path)
{
    const char *home = sources_variable(ask, "HOME");
    bool is_at_home = named[0] == '~' && named[1] == '/';
    if (is_at_home)
        buf_add_str(path, home == NULL ? "~" : home);
    buf_add_str(path, is_at_home ? named + 1 : named);
    return !is_at_home || home != NULL;
}

/* Whether a secret stands there, by the names that the clouds' tools have for them. */
static bool holds_secrets(struct spurn_text text)
{
    static const char *const names[] = {"secret_access_key", "session_token", "security_token",
                                        "AWSSecretKey",      "key_secret",    "sts_token",
                                        "access_token",      "refresh_token"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(names[i]);
        for (size_t k = 0; k + len <= text.len; k++)
            if (strncasecmp(text.at + k, names[i], len) == 0)
                return true;
    }
    return false;
}

static enum spurn_status read_found(const struct credentials_ask *ask, const char *what,
                                    struct sources_file *file, struct spurn_error *err)
{
    bool found = false, open_to_others = false;
    enum spurn_status status =
        file_read_secret(file->path, what, &file->text, &found, &open_to_others, err);
    if (status != SPURN_OK)
        return status;
    if (!found)
        file->missing = " (no such file)";
    if (open_to_others && holds_secrets(buf_text(&file->text)))
        log_warn(ask->log, "%s holds secrets and can be read by others: run chmod 600 on it",
                 file->path);
    return SPURN_OK;
}

enum spurn_status sources_read_path(const struct credentials_ask *ask, const char *named,
                                    const char *what, struct sources_file *file,
                                    struct spurn_error *err)
{
    struct buf path;
    buf_init_secret(&file->text, SOURCES_FILE_MAX);
    buf_init(&path, SOURCES_PATH_MAX - 1);
    bool has_path = expand_path(ask, named, &path);
    bool is_too_long = path.failed;
    snprintf(file->path, sizeof file->path, "%s", buf_str(&path));
    buf_clear(&path);
    file->missing = has_path ? "" : " (HOME is not set)";
    if (is_too_long)
        return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot read %s: its path is too long", what);
    return has_path ? read_found(ask, what, file, err) : SPURN_OK;
}

enum spurn_status sources_read_file(const struct credentials_ask *ask, const char *variable,
                                    const char *below_home, const char *what,
                                    struct sources_file *file, struct spurn_error *err)
{
    const char *named = sources_variable(ask, variable);
    char usual[SOURCES_PATH_MAX];
    snprintf(usual, sizeof usual, "~%s", below_home);
    return sources_read_path(ask, named == NULL ? usual : named, what, file, err);
}

void sources_clear_file(struct sources_file *file)
{
    buf_clear(&file->text);
}

/* ---- what was looked for in vain ---- */

bool sources_is_plain(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
            return false;
    return text.len > 0 && text_utf8_len(text) == text.len;
}

static bool is_showable(struct spurn_text name)
{
    return name.len <= NAME_LEN_MAX && sources_is_plain(name);
}

struct spurn_text sources_shown(struct spurn_text name)
{
    return is_showable(name) ? name : text_of("(unprintable)");
}

void sources_add_name(struct sources_names *list, struct spurn_text name)
{
    if (!is_showable(name))
        return;
    slip_consider(&list->slip, name);
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->names[i], name))
            return;
    if (list->count == SOURCES_NAMES_MAX)
        list->more = true;
    else
        list->names[list->count++] = name;
}

enum spurn_status sources_fail_lost(const struct sources_lost *lost, struct spurn_error *err)
{
    struct buf text;
    bool has_beside = lost->beside != NULL && lost->beside[0] != '\0';
    buf_init(&text, LOST_LEN_MAX);
    buf_addf(&text, "cannot find %s credentials: ", lost->cloud);
    if (lost->id_variable != NULL)
        buf_addf(&text, "%s is not set,%s ", lost->id_variable, has_beside ? "" : " and");
    buf_addf(&text, "there is no profile \"%.64s\" ", lost->profile);
    if (lost->names.slip.meant.at != NULL)
        buf_addf(&text, "(did you mean \"%.*s\"?) ", TEXT_ARG(lost->names.slip.meant));
    buf_add_str(&text, "in ");
    for (size_t i = 0; i < lost->file_count; i++)
        buf_addf(&text, "%s%s%s", i == 0 ? "" : " or ", lost->files[i]->path,
                 lost->files[i]->missing);
    if (has_beside)
        buf_addf(&text, ", and %s", lost->beside);
    if (lost->names.count > 0)
        buf_add_str(&text, "; the profiles there are ");
    for (size_t i = 0; i < lost->names.count; i++)
        buf_addf(&text, "%s%.*s", i == 0 ? "" : ", ", TEXT_ARG(lost->names.names[i]));
    if (lost->names.more)
        buf_add_str(&text, " and more");
    else if (lost->names.count == 0 && lost->id_variable != NULL)
        buf_addf(&text, "; set %s and %s, or write such a profile", lost->id_variable,
                 lost->secret_variable);
    enum spurn_status status = text.failed
                                   ? spurn_fail_memory(err)
                                   : spurn_fail(err, SPURN_E_CREDENTIALS, "%s", buf_str(&text));
    buf_clear(&text);
    return status;
}

/* ---- keys ---- */

static enum spurn_status fail_missing(const struct sources_keys *keys, const char *there,
                                      const char *missing, struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: %s is there, but %s is missing",
                      keys->source, there, missing);
}

enum spurn_status sources_check(const struct sources_keys *keys, struct spurn_error *err)
{
    bool has_id = keys->id.value.len > 0, has_secret = keys->secret.value.len > 0;
    if (!has_id && !has_secret)
        return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot use %s: it has neither %s nor %s",
                          keys->source, keys->id.name, keys->secret.name);
    if (!has_secret)
        return fail_missing(keys, keys->id.name, keys->secret.name, err);
    if (!has_id)
        return fail_missing(keys, keys->secret.name, keys->id.name, err);
    if (keys->needs_token && keys->token.value.len == 0)
        return fail_missing(keys, keys->id.name, keys->token.name, err);
    return SPURN_OK;
}

enum spurn_status sources_keep(const struct sources_keys *keys, struct credentials *out,
                               struct spurn_error *err)
{
    enum spurn_status status = sources_check(keys, err);
    if (status != SPURN_OK)
        return status;
    bool ok = true;
    out->id = arena_copy(&out->arena, keys->id.value, &ok);
    out->secret = arena_copy(&out->arena, keys->secret.value, &ok);
    if (keys->token.value.len > 0)
        out->token = arena_copy(&out->arena, keys->token.value, &ok);
    if (keys->account.len > 0)
        out->account = arena_copy(&out->arena, keys->account, &ok);
    out->source = arena_copy(&out->arena, text_of(keys->source), &ok);
    out->expires_ms = keys->expires_ms;
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

enum spurn_status sources_fail_expired(const char *source, int64_t age_ms, struct spurn_error *err)
{
    char age[32];
    clock_format_age(age_ms / 1000, age);
    return spurn_fail(err, SPURN_E_CREDENTIALS,
                      "cannot use %s: its keys expired %s ago; renew them where they come from",
                      source, age);
}

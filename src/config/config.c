/* config.c - reads a configuration: policies, limits, the daemon's schedule; its targets are read in targets.c. */
#include "config/config.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/private.h"
#include "file.h"
#include "script/script.h"

enum {
    POLICIES_MAX = 1000,
    CONFIG_LEN_MAX = 1024 * 1024,
    REJECTIONS_DEFAULT = 200, /* an hour: a busy account sees a handful a day */
    PERCENT_DEFAULT = 80,
    PAGES_DEFAULT = 10 * 1000,
    LISTING_S_DEFAULT = 5 * 60,
    WINDOW_DEFAULT = 64,
    LOOKUPS_DEFAULT = 200, /* a sweep: a call each, where a policy wants it */
    EVERY_S_DEFAULT = 15 * 60,
    JITTER_S_DEFAULT = 60
};

void config_init(struct config *c)
{
    *c = (struct config){.limits = {.rejections = REJECTIONS_DEFAULT,
                                    .percent = PERCENT_DEFAULT,
                                    .pages = PAGES_DEFAULT,
                                    .listing_s = LISTING_S_DEFAULT,
                                    .window = WINDOW_DEFAULT,
                                    .lookups = LOOKUPS_DEFAULT},
                         .every_s = EVERY_S_DEFAULT,
                         .jitter_s = JITTER_S_DEFAULT};
    arena_init(&c->arena, FILE_MAX);
}

void config_clear(struct config *c)
{
    free(c->targets);
    free(c->policies);
    arena_clear(&c->arena);
    config_init(c);
}

/* ---- text that stays ---- */

const char *config_keep(struct config_reading *r, struct spurn_text text)
{
    if (text.at == NULL)
        return NULL;
    bool ok = true;
    struct spurn_text copy = arena_copy(&r->config->arena, text, &ok);
    if (!ok)
        r->no_memory = true;
    return copy.at;
}

const char *config_keep_string(struct config_reading *r)
{
    return config_keep(r, json_string_or_null(&r->json));
}

const char *config_keep_path(struct config_reading *r, struct spurn_text text)
{
    const char *path = config_keep(r, text);
    if (path == NULL || path[0] == '\0' || r->config->path == NULL)
        return path;
    struct buf beside;
    buf_init(&beside, PATH_MAX);
    file_beside(r->config->path, path, &beside);
    const char *kept = beside.failed ? NULL : config_keep(r, buf_text(&beside));
    r->no_memory = r->no_memory || beside.failed;
    buf_clear(&beside);
    return kept;
}

const char *config_absolute(struct config *c, const char *path)
{
    struct buf absolute;
    buf_init(&absolute, 2 * PATH_MAX);
    char here[PATH_MAX];
    if (path[0] != '/' && getcwd(here, sizeof here) != NULL) {
        buf_add_str(&absolute, here);
        buf_add_char(&absolute, '/');
    }
    buf_add_str(&absolute, path);
    bool ok = !absolute.failed;
    struct spurn_text kept = arena_copy(&c->arena, buf_text(&absolute), &ok);
    buf_clear(&absolute);
    return ok ? kept.at : NULL;
}

bool config_goes_on(const struct config_reading *r)
{
    return r->status == SPURN_OK && !r->no_memory;
}

void config_fail(struct config_reading *r, const char *where, const char *fmt, ...)
{
    if (r->status != SPURN_OK)
        return;
    struct spurn_error why;
    va_list args;
    va_start(args, fmt);
    vsnprintf(why.text, sizeof why.text, fmt, args);
    va_end(args);
    r->status = spurn_fail(r->err, SPURN_E_CONFIG, "%s: %s", where, why.text);
}

/* ---- policies, limits, the daemon ---- */

/* The bytes of the value that comes next, as they stand. */
static struct spurn_text raw_value(struct json *j)
{
    json_peek(j);
    const char *from = j->at;
    json_skip(j);
    return (struct spurn_text){from, (size_t)(j->at - from)};
}

static void read_policy(struct config_reading *r)
{
    struct json *j = &r->json;
    struct config_policy policy = {0};
    struct spurn_text key;
    int64_t line = 0;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "line"))
            line = json_int(j);
        else if (text_is(key, "path"))
            policy.path = config_keep_path(r, json_string(j));
        else if (text_is(key, "settings")) {
            struct spurn_text settings = raw_value(j);
            policy.settings_json = (struct spurn_text){config_keep(r, settings), settings.len};
        } else
            json_skip(j);
    }
    struct buf asked_at;
    buf_init(&asked_at, PATH_MAX);
    buf_addf(&asked_at, "%s:%lld", r->config->path, (long long)line);
    policy.asked_at = config_keep(r, buf_text(&asked_at));
    buf_clear(&asked_at);
    struct config *c = r->config;
    struct config_policy *more = c->policy_count < POLICIES_MAX
                                     ? realloc(c->policies, (c->policy_count + 1) * sizeof *more)
                                     : NULL;
    if (more == NULL || policy.path == NULL) {
        c->policies = more == NULL ? c->policies : more;
        r->no_memory = true;
        return;
    }
    c->policies = more;
    c->policies[c->policy_count++] = policy;
}

struct number {
    const char *name;
    int64_t *value;
};

static void read_numbers(struct config_reading *r, const struct number *numbers, size_t count)
{
    struct json *j = &r->json;
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        size_t i = 0;
        while (i < count && !text_is(key, numbers[i].name))
            i++;
        if (i == count || json_peek(j) == JSON_NULL)
            json_skip(j);
        else
            *numbers[i].value = json_int(j);
    }
}

static void read_limits(struct config_reading *r)
{
    struct config_limits *l = &r->config->limits;
    const struct number numbers[] = {{"rejections", &l->rejections},
                                     {"percent", &l->percent},
                                     {"pages", &l->pages},
                                     {"listing_s", &l->listing_s},
                                     {"window", &l->window},
                                     {"lookups", &l->lookups},
                                     {"policy_steps", &l->policy_steps},
                                     {"policy_memory_len", &l->policy_memory_len},
                                     {"policy_string_len", &l->policy_string_len}};
    read_numbers(r, numbers, sizeof numbers / sizeof numbers[0]);
}

static void read_daemon(struct config_reading *r)
{
    const struct number numbers[] = {{"every_s", &r->config->every_s},
                                     {"jitter_s", &r->config->jitter_s}};
    read_numbers(r, numbers, sizeof numbers / sizeof numbers[0]);
}

static void read_each(struct config_reading *r, void (*read)(struct config_reading *r))
{
    json_open_array(&r->json);
    while (json_next_item(&r->json))
        read(r);
}

static void read_all(struct config_reading *r)
{
    struct json *j = &r->json;
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "journal")) {
            const char *path = config_keep_path(r, json_string_or_null(j));
            r->config->journal =
                path == NULL || path[0] == '\0' ? path : config_absolute(r->config, path);
        } else if (text_is(key, "trust"))
            r->config->trust = config_keep_string(r);
        else if (text_is(key, "targets"))
            read_each(r, config_read_target);
        else if (text_is(key, "policies"))
            read_each(r, read_policy);
        else if (text_is(key, "limits"))
            read_limits(r);
        else if (text_is(key, "daemon"))
            read_daemon(r);
        else
            json_skip(j);
    }
}

enum spurn_status config_load(struct config *c, const char *path, struct spurn_error *err)
{
    struct buf text, json;
    struct arena scratch;
    buf_init(&text, CONFIG_LEN_MAX);
    buf_init(&json, FILE_MAX);
    arena_init(&scratch, FILE_MAX);
    struct config_reading r = {.config = c, .err = err};
    r.status = file_read_trusted(path, "configuration", &text, err);
    if (r.status != SPURN_OK)
        goto done;
    r.status = script_read_config(path, buf_text(&text), &json, err);
    if (r.status != SPURN_OK)
        goto done;
    c->path = config_keep(&r, text_of(path));
    json_init(&r.json, buf_text(&json), &scratch);
    read_all(&r);
    config_finish_targets(&r);
    if (r.status != SPURN_OK)
        goto done;
    if (r.no_memory)
        r.status = spurn_fail_memory(err);
    else if (!json_done(&r.json))
        r.status =
            spurn_fail(err, SPURN_E_INTERNAL, "cannot read what %s says: %s", path, r.json.why);

done:
    arena_clear(&scratch);
    buf_clear(&json);
    buf_clear(&text);
    return r.status;
}

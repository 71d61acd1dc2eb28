/* config.c - what was asked for: targets, policies, limits, the daemon's schedule. */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "json.h"
#include "script/script.h"

enum {
    TARGETS_MAX = 100 * 1000,
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

/* What is being read: the JSON that lua/config.lua made, and the first thing that went wrong. */
struct reading {
    struct config *config;
    struct json json;
    bool no_memory;
    struct spurn_error *err;
    enum spurn_status status;
};

static const char *keep(struct reading *r, struct spurn_text text)
{
    if (text.at == NULL)
        return NULL;
    bool ok = true;
    struct spurn_text copy = arena_copy(&r->config->arena, text, &ok);
    if (!ok)
        r->no_memory = true;
    return copy.at;
}

static const char *keep_string(struct reading *r)
{
    return keep(r, json_string_or_null(&r->json));
}

static const char *keep_path(struct reading *r, struct spurn_text text)
{
    const char *path = keep(r, text);
    if (path == NULL || path[0] == '\0' || r->config->path == NULL)
        return path;
    struct buf beside;
    buf_init(&beside, PATH_MAX);
    file_beside(r->config->path, path, &beside);
    const char *kept = beside.failed ? NULL : keep(r, buf_text(&beside));
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

static void fail_at(struct reading *r, int64_t line, const char *what, const char *detail)
{
    if (r->status == SPURN_OK)
        r->status = spurn_fail(r->err, SPURN_E_CONFIG, "%s:%lld: %s%s", r->config->path,
                               (long long)line, what, detail);
}

/* ---- targets ---- */

/* Host and port without scheme, path or the scheme's own port; absent when `url` is no base URL. */
static struct spurn_text host_of(const char *url)
{
    bool is_https = strncmp(url, "https://", 8) == 0;
    if (!is_https && strncmp(url, "http://", 7) != 0)
        return TEXT_ABSENT;
    struct spurn_text host = text_of(url + (is_https ? 8 : 7));
    if (host.len == 0 || strpbrk(host.at, "/?#@ \t\r\n") != NULL)
        return TEXT_ABSENT;
    const char *own_port = is_https ? ":443" : ":80";
    size_t port_len = strlen(own_port);
    if (host.len > port_len && strcmp(host.at + host.len - port_len, own_port) == 0)
        host.len -= port_len;
    return host;
}

static bool is_this_machine(struct spurn_text host)
{
    const char *colon = host.len > 0 && host.at[0] != '[' ? memchr(host.at, ':', host.len) : NULL;
    if (colon != NULL)
        host.len = (size_t)(colon - host.at);
    if (text_is(host, "localhost") || text_starts(host, "[::1]"))
        return true;
    for (size_t i = 0; i < host.len; i++) /* a name such as 127.example.com is another machine's */
        if ((host.at[i] < '0' || host.at[i] > '9') && host.at[i] != '.')
            return false;
    return text_starts(host, "127.");
}

static bool same_place(const struct config_target *a, const struct config_target *b)
{
    const char *who_a = a->account ? a->account : a->profile ? a->profile : "";
    const char *who_b = b->account ? b->account : b->profile ? b->profile : "";
    return a->cloud == b->cloud && strcmp(a->region, b->region) == 0 && strcmp(who_a, who_b) == 0;
}

static void check_target(struct reading *r, struct config_target *target)
{
    const struct cloud *cloud = target->cloud;
    if (target->account != NULL && (!text_all_digits(text_of(target->account)) ||
                                    strlen(target->account) != (size_t)cloud->account_digits))
        fail_at(r, target->line, target->account,
                cloud->account_digits == 12
                    ? " is not an account: an AWS account is 12 digits, in quotes"
                    : " is not an account: an Alibaba Cloud account is 16 digits, in quotes");
    if (r->status != SPURN_OK)
        return;
    struct buf url; /* asked for also where another endpoint is configured: it knows the region */
    buf_init(&url, PATH_MAX);
    struct spurn_error why;
    if (cloud->endpoint(text_of(target->region), &url, &why) != SPURN_OK)
        fail_at(r, target->line, why.text, "");
    else if (target->endpoint == NULL)
        target->endpoint = keep(r, buf_text(&url));
    buf_clear(&url);
    if (r->status != SPURN_OK || target->endpoint == NULL)
        return;
    target->host = host_of(target->endpoint);
    if (target->host.at == NULL)
        fail_at(r, target->line, target->endpoint,
                " is not an endpoint: write it as \"https://HOST\" or \"https://HOST:PORT\"");
    target->clear_text =
        strncmp(target->endpoint, "http://", 7) == 0 && !is_this_machine(target->host);
}

static void add_target(struct reading *r, const struct config_target *wanted)
{
    struct config *c = r->config;
    if (r->status != SPURN_OK || r->no_memory)
        return;
    struct config_target target = *wanted;
    check_target(r, &target);
    for (size_t i = 0; i < c->target_count && r->status == SPURN_OK; i++)
        if (same_place(&c->targets[i], &target))
            fail_at(r, target.line, target.region, " is named twice for one account of this cloud");
    if (r->status != SPURN_OK)
        return;
    struct config_target *more = c->target_count < TARGETS_MAX
                                     ? realloc(c->targets, (c->target_count + 1) * sizeof *more)
                                     : NULL;
    if (more == NULL) {
        r->no_memory = true;
        return;
    }
    c->targets = more;
    c->targets[c->target_count++] = target;
}

/* {"line":3,"cloud":"aws","profile":"prod","regions":["us-east-1"],...}: a target for each region. */
static void read_target(struct reading *r)
{
    struct json *j = &r->json;
    struct config_target target = {0};
    const char **regions = NULL;
    size_t region_count = 0;
    struct spurn_text key, cloud = TEXT_ABSENT;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "line"))
            target.line = json_int(j);
        else if (text_is(key, "cloud"))
            cloud = json_string(j);
        else if (text_is(key, "profile"))
            target.profile = keep_string(r);
        else if (text_is(key, "account"))
            target.account = keep_string(r);
        else if (text_is(key, "label"))
            target.label = keep_string(r);
        else if (text_is(key, "endpoint"))
            target.endpoint = keep_string(r);
        else if (text_is(key, "regions")) {
            json_open_array(j);
            while (json_next_item(j)) {
                const char **more = realloc(regions, (region_count + 1) * sizeof *more);
                if (more == NULL) {
                    r->no_memory = true;
                    break;
                }
                regions = more;
                regions[region_count++] = keep_string(r);
            }
        } else
            json_skip(j);
    }
    target.cloud = cloud_named(cloud);
    if (target.cloud == NULL)
        json_break(j, "a target without a cloud");
    for (size_t i = 0; i < region_count && target.cloud != NULL; i++) {
        target.region = regions[i];
        add_target(r, &target);
    }
    free(regions);
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

static void read_policy(struct reading *r)
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
            policy.path = keep_path(r, json_string(j));
        else if (text_is(key, "settings")) {
            struct spurn_text settings = raw_value(j);
            policy.settings_json = (struct spurn_text){keep(r, settings), settings.len};
        } else
            json_skip(j);
    }
    struct buf asked_at;
    buf_init(&asked_at, PATH_MAX);
    buf_addf(&asked_at, "%s:%lld", r->config->path, (long long)line);
    policy.asked_at = keep(r, buf_text(&asked_at));
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

static void read_numbers(struct reading *r, const struct number *numbers, size_t count)
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

static void read_limits(struct reading *r)
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

static void read_daemon(struct reading *r)
{
    const struct number numbers[] = {{"every_s", &r->config->every_s},
                                     {"jitter_s", &r->config->jitter_s}};
    read_numbers(r, numbers, sizeof numbers / sizeof numbers[0]);
}

static void read_each(struct reading *r, void (*read)(struct reading *r))
{
    json_open_array(&r->json);
    while (json_next_item(&r->json))
        read(r);
}

static void read_all(struct reading *r)
{
    struct json *j = &r->json;
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "journal")) {
            const char *path = keep_path(r, json_string_or_null(j));
            r->config->journal =
                path == NULL || path[0] == '\0' ? path : config_absolute(r->config, path);
        } else if (text_is(key, "trust"))
            r->config->trust = keep_string(r);
        else if (text_is(key, "targets"))
            read_each(r, read_target);
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
    struct reading r = {.config = c, .err = err};
    r.status = file_read_trusted(path, "configuration", &text, err);
    if (r.status != SPURN_OK)
        goto done;
    r.status = script_read_config(path, buf_text(&text), &json, err);
    if (r.status != SPURN_OK)
        goto done;
    c->path = keep(&r, text_of(path));
    json_init(&r.json, buf_text(&json), &scratch);
    read_all(&r);
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

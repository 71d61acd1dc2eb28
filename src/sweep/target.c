/* target.c - the places a sweep looks at: found by where they are or by their row, and what there is to say about one. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/sweep_private.h"

const struct cloud *target_cloud(const struct target *target)
{
    return target->site->config->cloud;
}

struct origin target_origin(const struct target *target)
{
    return (struct origin){text_of(target_cloud(target)->name), target->site->place.account,
                           target->site->place.region};
}

/* ---- looking one up ---- */

static int compare_texts(struct spurn_text a, struct spurn_text b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.at, b.at, len) : 0;
    if (order == 0)
        order = (a.len > b.len) - (a.len < b.len);
    return order != 0 ? order : (a.at != NULL) - (b.at != NULL); /* absent is not empty */
}

static int compare_places(struct origin a, struct origin b)
{
    int order = compare_texts(a.account, b.account);
    if (order == 0)
        order = compare_texts(a.region, b.region);
    return order != 0 ? order : compare_texts(a.cloud, b.cloud);
}

/* Those that can be reached before those that cannot. */
static int by_place(const void *a, const void *b)
{
    const struct target *left = *(struct target *const *)a, *right = *(struct target *const *)b;
    int order = compare_places(target_origin(left), target_origin(right));
    return order != 0 ? order
                      : (left->site->state == SITE_FAILED) - (right->site->state == SITE_FAILED);
}

static int by_row(const void *a, const void *b)
{
    int64_t left = (*(struct target *const *)a)->row, right = (*(struct target *const *)b)->row;
    return (left > right) - (left < right);
}

enum spurn_status targets_sort(struct sweep *s, struct spurn_error *err)
{
    s->by_place = calloc(s->target_count + 1, sizeof *s->by_place);
    s->by_row = calloc(s->target_count + 1, sizeof *s->by_row);
    if (s->by_place == NULL || s->by_row == NULL)
        return spurn_fail_memory(err);
    for (size_t i = 0; i < s->target_count; i++)
        s->by_place[i] = s->by_row[i] = &s->targets[i];
    qsort(s->by_place, s->target_count, sizeof *s->by_place, by_place);
    qsort(s->by_row, s->target_count, sizeof *s->by_row, by_row);
    return SPURN_OK;
}

static int place_against(const void *origin, const void *target)
{
    return compare_places(*(const struct origin *)origin,
                          target_origin(*(struct target *const *)target));
}

struct target *target_at_place(const struct sweep *s, struct spurn_text cloud,
                               struct spurn_text account, struct spurn_text region)
{
    const struct origin origin = {cloud, account, region};
    if (s->by_place == NULL)
        return NULL;
    struct target **found =
        bsearch(&origin, s->by_place, s->target_count, sizeof *s->by_place, place_against);
    while (found != NULL && found > s->by_place && place_against(&origin, found - 1) == 0)
        found--;
    return found != NULL ? *found : NULL;
}

static int row_against(const void *row, const void *target)
{
    int64_t left = *(const int64_t *)row, right = (*(struct target *const *)target)->row;
    return (left > right) - (left < right);
}

struct target *target_at_row(const struct sweep *s, int64_t row)
{
    if (s->by_row == NULL)
        return NULL;
    struct target **found =
        bsearch(&row, s->by_row, s->target_count, sizeof *s->by_row, row_against);
    return found != NULL ? *found : NULL;
}

/* ---- what there is to say ---- */

void target_note(struct sweep *s, struct target *target, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL) {
        struct spurn_error err;
        spurn_fail_memory(&err);
        sweep_break(s, &err);
        return;
    }
    free(target->note);
    target->note = copy;
}

void target_fail(struct sweep *s, struct target *target, const char *why)
{
    char whence[SITE_WHENCE_MAX];
    struct spurn_error err;
    spurn_fail(&err, SPURN_E_CLOUD, "%s%s", site_whence(target->site, whence), why);
    target->state = TARGET_FAILED;
    target_note(s, target, err.text);
}

struct spurn_text target_keys(const struct target *target, char out[TARGET_KEYS_MAX])
{
    const struct config_target *config = target->site->config;
    const char *profile = config->profile;
    out[0] = '\0';
    if (target->site->place.account.at != NULL)
        return text_of(out);
    size_t len = (size_t)snprintf(out, TARGET_KEYS_MAX, "%s%.256s",
                                  profile != NULL ? "profile " : "environment",
                                  profile != NULL ? profile : "");
    if (config->organization != NULL)
        snprintf(out + len, TARGET_KEYS_MAX - len, ", organization of line %lld",
                 (long long)config->line);
    return text_of(out);
}

void target_log(const struct sweep *s, const struct target *target, enum spurn_log_level level,
                const char *fmt, ...)
{
    static void (*const writers[])(const struct log *log, const char *fmt,
                                   ...) = {[SPURN_LOG_ERROR] = log_error,
                                           [SPURN_LOG_WARN] = log_warn,
                                           [SPURN_LOG_INFO] = log_info,
                                           [SPURN_LOG_DEBUG] = log_debug};
    char name[SITE_NAME_MAX], text[sizeof(struct spurn_error) + CALL_ID_LEN];
    if (level > s->options.log->level)
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    text[text_utf8_len(text_of(text))] = '\0';
    writers[level](s->options.log, "%s: %s", site_name(target->site, name), text);
}

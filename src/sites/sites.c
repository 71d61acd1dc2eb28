/* sites.c - every account and region that the configuration means: looked for all at once, then put in order. */
#include "sites/private.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACE_MAX = 256 };

static const struct spurn_error no_memory = {SPURN_E_MEMORY, "out of memory"};

const struct spurn_error *sites_keep_error(struct sites *s, const struct spurn_error *why)
{
    struct spurn_error *kept = arena_alloc(&s->texts, sizeof *kept);
    if (kept == NULL)
        return &no_memory;
    *kept = *why;
    return kept;
}

struct spurn_text sites_keep_text(struct sites *s, struct spurn_text text)
{
    bool ok = true;
    struct spurn_text copy = arena_copy(&s->texts, text, &ok);
    if (!ok)
        sites_break(s, &no_memory);
    return copy;
}

void sites_break(struct sites *s, const struct spurn_error *why)
{
    if (s->broken.status == SPURN_OK)
        s->broken = *why;
}

/* ---- beginning and end ---- */

/* A file is read for each of its profiles and at each refresh: what is wrong with it is said once. */
static void say_once(void *context, enum spurn_log_level level, const char *message)
{
    struct sites *s = context;
    const struct log *log = s->options.log;
    bool warns = level == SPURN_LOG_WARN;
    if (warns && set_has(s->said, text_of(message)))
        return;
    if (warns && !set_add(s->said, text_of(message)))
        sites_break(s, &no_memory);
    if (log->write != NULL)
        log->write(log->context, level, message);
}

enum spurn_status sites_open(const struct sites_options *options, struct sites **out,
                             struct spurn_error *err)
{
    *out = NULL;
    struct sites *s = calloc(1, sizeof *s);
    if (s == NULL)
        return spurn_fail_memory(err);
    s->options = *options;
    arena_init(&s->texts, SIZE_MAX / 2);
    s->log_once = (struct log){options->log->level, say_once, s};
    s->said = set_open();
    s->keyring_names = set_open();
    s->endpoints = set_open();
    s->named = set_open();
    enum spurn_status status = SPURN_OK;
    if (s->said == NULL || s->keyring_names == NULL || s->endpoints == NULL || s->named == NULL)
        status = spurn_fail_memory(err);
    if (status == SPURN_OK)
        status = expand_targets(s, err);
    if (status != SPURN_OK) {
        sites_close(s);
        return status;
    }
    *out = s;
    return SPURN_OK;
}

void sites_close(struct sites *s)
{
    if (s == NULL)
        return;
    sent_close_all(s);
    errands_close(s);
    keyrings_close(s);
    expand_clear(s);
    censuses_close(s);
    free(s->order);
    set_close(s->named);
    set_close(s->endpoints);
    set_close(s->said);
    arena_clear(&s->texts);
    free(s);
}

void sites_give_up(struct sites *s, const char *why)
{
    for (size_t i = 0; i < set_count(s->keyring_names); i++)
        if (s->keyrings[i]->state == KEYRING_FINDING)
            keyring_give_up(s->keyrings[i], why);
    censuses_give_up(s, why);
}

/* ---- all is known: who is where ---- */

/* Its keys must be of the account that the configuration means. */
static void settle_site(struct sites *s, struct site *site)
{
    const struct keyring *k = site->keyring;
    if (site->state == SITE_FAILED)
        return;
    if (k->state == KEYRING_FAILED) {
        site_fail(site, k->why);
        return;
    }
    struct spurn_text *account = &site->place.account;
    if (account->at == NULL)
        *account = k->account;
    if (k->account.at == NULL || text_equal(*account, k->account)) {
        site->state = SITE_READY;
        return;
    }
    struct spurn_error err;
    spurn_fail(&err, SPURN_E_CONFIG,
               "these keys are of account %.*s (%.*s), the configuration says %.*s",
               TEXT_ARG(k->account), TEXT_ARG(k->keys->credentials.source), TEXT_ARG(*account));
    site_fail(site, sites_keep_error(s, &err));
}

/* Once for all sites that share the keys. */
static void warn_of_account(struct site *site)
{
    struct keyring *k = site->keyring;
    struct spurn_error why;
    char name[SITE_NAME_MAX], whence[SITE_WHENCE_MAX];
    if (site->state != SITE_READY || k->was_warned_of || !site_is_unidentified(site, &why))
        return;
    k->was_warned_of = true;
    log_warn(site->sites->options.log, "%s: %s%s", site_name(site, name), site_whence(site, whence),
             why.text);
}

static enum spurn_status fail_same_place(const struct sites *s, const struct site *first,
                                         const struct site *second, struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_CONFIG,
                      "%s:%lld: this account and region of %s is the target of line %lld already",
                      s->options.config->path, (long long)second->config->line,
                      second->config->cloud->title, (long long)first->config->line);
}

/* Whoever swept both might ask one account twice, and take the one's invitations for the other's. */
static void fail_unclear(struct site *site, const struct site *other)
{
    const struct spurn_error *why = site->keyring->unidentified;
    struct spurn_error err;
    if (site->state == SITE_FAILED) /* a third one has found it so */
        return;
    spurn_fail(&err, SPURN_E_CREDENTIALS,
               "nobody says whether this is the account of line %lld; give each its account = "
               "\"...\" (%s)",
               (long long)other->config->line, why == NULL ? "it was not asked" : why->text);
    site_fail(site, sites_keep_error(site->sites, &err));
}

/* Two targets turn out to be one, or may be. */
static enum spurn_status settle_twins(struct sites *s, struct site *first, struct site *second,
                                      struct spurn_error *err)
{
    if (second->place.account.at != NULL)
        return fail_same_place(s, first, second, err);
    fail_unclear(first, second);
    fail_unclear(second, first);
    return SPURN_OK;
}

/* What tells one place from another. Two whose account is not known may be the same one; where there are no keys it does not matter. */
static struct spurn_text place_to_tell(const struct site *site, struct buf *out)
{
    struct spurn_text place = place_of(site, out);
    if (place.at != NULL || site->state == SITE_FAILED)
        return place;
    buf_reset(out);
    buf_addf(out, "%s//%.*s", site->config->cloud->name, TEXT_ARG(site->place.region));
    return buf_text(out);
}

/* Takes the site into the order. */
static enum spurn_status put_in_order(struct sites *s, struct site *site, struct set *places,
                                      struct site **first_at, struct spurn_error *err)
{
    struct buf out;
    buf_init(&out, PLACE_MAX);
    struct spurn_text place = place_to_tell(site, &out);
    enum spurn_status status = out.failed ? spurn_fail_memory(err) : SPURN_OK;
    size_t known = set_index(places, place);
    if (status == SPURN_OK && known != SIZE_MAX)
        status = settle_twins(s, first_at[known], site, err);
    size_t count = set_count(places);
    if (status == SPURN_OK && !set_add(places, place))
        status = spurn_fail_memory(err);
    if (status == SPURN_OK && set_count(places) > count)
        first_at[count] = site;
    buf_clear(&out);
    s->order[s->count++] = site;
    return status;
}

static bool is_named(const struct sites *s, const struct site *site)
{
    struct buf out;
    buf_init(&out, PLACE_MAX);
    bool found = set_has(s->named, place_of(site, &out));
    buf_clear(&out);
    return found;
}

static bool add_named(struct sites *s, const struct site *site)
{
    struct buf out;
    buf_init(&out, PLACE_MAX);
    bool ok = set_add(s->named, place_of(site, &out)) && !out.failed;
    buf_clear(&out);
    return ok;
}

/* Sites learn their accounts; those that targets name themselves come before those of an organization. */
static enum spurn_status settle_all(struct sites *s, size_t *total, struct spurn_error *err)
{
    *total = 0;
    for (size_t i = 0; i < s->options.config->target_count; i++) {
        const struct group *group = &s->groups[i];
        *total += group->count;
        for (size_t k = 0; k < group->count; k++) {
            settle_site(s, &group->sites[k]);
            if (!group->is_listed && !add_named(s, &group->sites[k]))
                return spurn_fail_memory(err);
        }
    }
    return SPURN_OK;
}

static enum spurn_status put_all_in_order(struct sites *s, struct set *places,
                                          struct site **first_at, struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    for (size_t i = 0; i < s->options.config->target_count; i++) {
        const struct group *group = &s->groups[i];
        for (size_t k = 0; k < group->count && status == SPURN_OK; k++) {
            struct site *site = &group->sites[k];
            if (group->is_listed && is_named(s, site))
                site_leave_out(site);
            else
                status = put_in_order(s, site, places, first_at, err);
        }
    }
    return status;
}

static enum spurn_status settle(struct sites *s, struct spurn_error *err)
{
    size_t total;
    struct set *places = NULL;
    struct site **first_at = NULL;
    enum spurn_status status = settle_all(s, &total, err);
    if (status != SPURN_OK)
        return status;
    places = set_open();
    first_at = calloc(total + 1, sizeof *first_at);
    s->order = calloc(total + 1, sizeof *s->order);
    if (places == NULL || first_at == NULL || s->order == NULL)
        status = spurn_fail_memory(err);
    else
        status = put_all_in_order(s, places, first_at, err);
    for (size_t i = 0; status == SPURN_OK && !s->options.asks_identity && i < s->count; i++)
        warn_of_account(s->order[i]);
    s->is_found = status == SPURN_OK;
    free(first_at);
    set_close(places);
    return status;
}

/* ---- moving on ---- */

enum spurn_status sites_step(struct sites *s, int64_t *wait_ms, struct spurn_error *err)
{
    bool has_moved;
    do {
        has_moved = errands_step(s, wait_ms);
        has_moved = censuses_step(s, wait_ms) || has_moved;
        has_moved = keyrings_begin(s) || has_moved;
    } while (has_moved);
    enum spurn_status status = s->broken.status;
    if (status == SPURN_OK && !s->is_found && s->finding == 0)
        status = settle(s, &s->broken);
    if (status != SPURN_OK && err != NULL)
        *err = s->broken;
    return status;
}

bool sites_are_found(const struct sites *s)
{
    return s->is_found;
}

size_t sites_count(const struct sites *s)
{
    return s->is_found ? s->count : 0;
}

struct site *sites_at(struct sites *s, size_t index)
{
    return s->order[index];
}

/* ---- one site ---- */

enum site_keys site_keys(struct site *site)
{
    int64_t no_matter_ms = 0;
    enum site_keys keys = keyring_keys(site->keyring);
    if (!keyrings_begin(site->sites))
        return keys;
    errands_step(site->sites, &no_matter_ms); /* a refresh does not wait for the next step */
    return keyring_keys(site->keyring);
}

const struct credentials *site_credentials(const struct site *site)
{
    const struct keys *keys = site->keyring->keys;
    return keys == NULL ? NULL : &keys->credentials;
}

const struct spurn_error *site_keys_error(const struct site *site)
{
    return site->keyring->why;
}

int64_t site_keys_generation(const struct site *site)
{
    return site->keyring->generation;
}

bool site_keys_expired(struct site *site, int64_t generation)
{
    return keyring_expired(site->keyring, generation);
}

const char *site_name_at(const struct site *site, const char *where, char out[SITE_NAME_MAX])
{
    const struct spurn_text account = site->place.account;
    bool has_label = site->label != NULL && site->label[0] != '\0';
    snprintf(out, SITE_NAME_MAX, "%s %.80s%s%.*s%s%.80s%s", site->config->cloud->title, where,
             account.at != NULL ? " of " : "", TEXT_ARG(account), has_label ? " (" : "",
             has_label ? site->label : "", has_label ? ")" : "");
    out[text_utf8_len(text_of(out))] = '\0';
    return out;
}

const char *site_name(const struct site *site, char out[SITE_NAME_MAX])
{
    return site_name_at(site, site->config->region, out);
}

const char *site_whence(const struct site *site, char out[SITE_WHENCE_MAX])
{
    const struct config_target *target = site->config;
    bool names_profile = target->profile != NULL && target->organization == NULL;
    out[0] = '\0';
    if (site->place.account.at != NULL)
        return out;
    snprintf(out, SITE_WHENCE_MAX, "%.300s:%lld%s%.160s%s: ", site->sites->options.config->path,
             (long long)target->line, names_profile ? " (profile " : "",
             names_profile ? target->profile : "", names_profile ? ")" : "");
    return out;
}

bool site_is_unidentified(const struct site *site, struct spurn_error *why)
{
    const struct spurn_error *cause = site->keyring->unidentified;
    if (cause == NULL)
        return false;
    if (site->place.account.at != NULL)
        *why = *cause;
    else
        spurn_fail(
            why, cause->status,
            "nobody says which account this is; set account = \"...\" so that invitations to "
            "another account are noticed (%s)",
            cause->text);
    return true;
}

/* doctor.c - the embedding API's doctor: can each target be reached, and what are its keys allowed? */
#include "library/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    FINDING_MS_MAX = 90 * 1000, /* as in a sweep */
    STEP_MS = 1000,
    TRIES_MAX = 3,
    PAUSE_MS = 300, /* before the second try; twice as long before the third */
    ID_LEN_MAX = 160
};

/* ---- what is asked ---- */

/* An invitation that cannot exist: no service makes a UUID of zeros. */
static void write_made_up_id(const struct site *site, char id[ID_LEN_MAX])
{
    if (site->config->cloud != &cloud_aws) {
        snprintf(id, ID_LEN_MAX, "i-0000000000000000");
        return;
    }
    struct spurn_text account = site->place.account, region = site->place.region;
    if (account.at == NULL)
        account = text_of("000000000000");
    const char *partition = place_aws_partition(region);
    snprintf(id, ID_LEN_MAX,
             "arn:%s:ram:%.*s:%.*s:resource-share-invitation/00000000-0000-4000-8000-000000000000",
             partition != NULL ? partition : "aws", TEXT_ARG(region), TEXT_ARG(account));
}

static void queue(struct probe *p, int64_t delay_ms)
{
    struct doctor *d = p->patient->doctor;
    p->not_before_ms = clock_monotonic_ms() + delay_ms;
    p->next = NULL;
    if (d->last == NULL)
        d->first = p;
    else
        d->last->next = p;
    d->last = p;
}

/* The first that may go now; else sets *wait_ms to when one may. */
static struct probe *take_ready(struct doctor *d, int64_t *wait_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    struct probe *before = NULL;
    for (struct probe *p = d->first; p != NULL; before = p, p = p->next) {
        int64_t left_ms = p->not_before_ms - now_ms;
        if (left_ms > 0 && left_ms < *wait_ms)
            *wait_ms = left_ms;
        if (left_ms > 0 || site_keys(p->patient->site) == SITE_KEYS_AWAITED)
            continue;
        if (before == NULL)
            d->first = p->next;
        else
            before->next = p->next;
        if (d->last == p)
            d->last = before;
        return p;
    }
    return NULL;
}

/* ---- what the answer says ---- */

static void conclude(struct probe *p, enum probe_word word, const char *problem)
{
    struct doctor *d = p->patient->doctor;
    p->word = word;
    d->left--;
    if (problem == NULL)
        return;
    p->problem = strdup(problem);
    d->no_memory |= p->problem == NULL;
}

/* A list can be read when a sweep would take it. */
static enum spurn_status read_list(const struct site *site, const struct reply *reply,
                                   struct spurn_error *err)
{
    const struct cloud *cloud = site->config->cloud;
    struct cloud_page page;
    char why[256];
    cloud_page_init(&page);
    enum spurn_status status = cloud->read_page(reply, &page, err);
    for (size_t i = 0; status == SPURN_OK && i < page.count; i++)
        if (cloud->foreign(&page.items[i], &site->place, why) != NULL)
            status = spurn_fail(err, SPURN_E_CLOUD,
                                "%s listed an invitation that is not this target's: %s",
                                cloud->title, why);
    cloud_page_clear(&page);
    return status;
}

/* A 200. The made-up invitation can be neither rejected nor looked into. */
static void take_success(struct probe *p, const struct reply *reply)
{
    const struct site *site = p->patient->site;
    struct spurn_error err;
    if (p->operation != CLOUD_LIST) {
        spurn_fail(&err, SPURN_E_CLOUD,
                   "%s answered 200 to a call about an invitation that cannot exist: what answers "
                   "at %s is not what it should be; let nothing be rejected there",
                   site->config->cloud->title, site->endpoint);
        conclude(p, PROBE_UNKNOWN, err.text);
        return;
    }
    bool readable = read_list(site, reply, &err) == SPURN_OK;
    conclude(p, readable ? PROBE_YES : PROBE_UNKNOWN, readable ? NULL : err.text);
    if (readable && !set_add(p->patient->doctor->keys_taken, patient_keys(p->patient)))
        p->patient->doctor->no_memory = true;
}

static void take_error(struct probe *p, const struct cloud_error *error)
{
    struct spurn_error err;
    if (error->kind == CLOUD_ERROR_NOT_FOUND && p->operation != CLOUD_LIST) {
        conclude(p, PROBE_YES, NULL);
        return;
    }
    p->patient->seems_closed |=
        p->operation == CLOUD_LIST && site_seems_closed(p->patient->site, error);
    cloud_describe(p->patient->site->config->cloud, p->operation, error, &err);
    conclude(p, error->kind == CLOUD_ERROR_REFUSED ? PROBE_NO : PROBE_UNKNOWN, err.text);
}

static bool is_transient(const struct site_answer *answer)
{
    static const enum cloud_error_kind kinds[] = {CLOUD_ERROR_SERVER, CLOUD_ERROR_THROTTLED,
                                                  CLOUD_ERROR_NONCE, CLOUD_ERROR_CLOCK};
    if (answer->end != HTTP_REPLIED)
        return true;
    for (size_t i = 0; answer->error != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
        if (answer->error->kind == kinds[i])
            return true;
    return false;
}

static bool try_again(struct probe *p, const struct site_answer *answer)
{
    if (p->tries >= TRIES_MAX)
        return false;
    bool renewed = answer->error != NULL && answer->error->kind == CLOUD_ERROR_KEYS_EXPIRED &&
                   site_keys_expired(p->patient->site, answer->keys_generation);
    if (!renewed && !is_transient(answer))
        return false;
    int64_t pause_ms = renewed ? 0 : (int64_t)PAUSE_MS << (p->tries - 1);
    if (answer->error != NULL && answer->error->retry_after_ms > pause_ms)
        pause_ms = answer->error->retry_after_ms;
    queue(p, pause_ms);
    return true;
}

static void on_answer(void *context, const struct site_answer *answer)
{
    struct probe *p = context;
    p->patient->has_skew |=
        answer->end == HTTP_REPLIED && reply_header(answer->reply, "date").at != NULL;
    if (try_again(p, answer))
        return;
    if (answer->end != HTTP_REPLIED)
        conclude(p, PROBE_UNKNOWN, answer->problem);
    else if (answer->error != NULL)
        take_error(p, answer->error);
    else
        take_success(p, answer->reply);
}

/* ---- asking ---- */

static enum spurn_status ask(struct probe *p, struct spurn_error *err)
{
    struct site *site = p->patient->site;
    char id[ID_LEN_MAX];
    struct cloud_call call = {.operation = p->operation};
    if (site_keys(site) == SITE_KEYS_GONE) {
        *err = *site_keys_error(site);
        return err->status;
    }
    write_made_up_id(site, id);
    if (p->operation != CLOUD_LIST)
        call.invitation = text_of(id);
    p->tries++;
    return site_send(site, &call, on_answer, p, err);
}

static void ask_ready(struct doctor *d, int64_t *wait_ms)
{
    struct spurn_error err;
    while (http_has_room(d->http)) {
        struct probe *p = take_ready(d, wait_ms);
        if (p == NULL)
            return;
        if (ask(p, &err) != SPURN_OK)
            conclude(p, PROBE_UNKNOWN, err.text);
    }
}

static void examine(struct doctor *d, struct patient *patient)
{
    static const enum cloud_operation operations[PROBES_LEN] = {CLOUD_LIST, CLOUD_REJECT,
                                                                CLOUD_RESOURCES};
    for (size_t i = 0; i < PROBES_LEN; i++) {
        struct probe *p = &patient->probes[i];
        p->patient = patient;
        p->operation = operations[i];
        if (patient->site->state != SITE_READY ||
            patient->site->config->cloud->permissions[operations[i]] == NULL)
            continue;
        d->left++;
        queue(p, 0);
    }
}

static enum spurn_status step(struct doctor *d, struct spurn_error *err)
{
    int64_t wait_ms = STEP_MS;
    enum spurn_status status = sites_step(d->sites, &wait_ms, err);
    if (status != SPURN_OK)
        return status;
    bool was_finding = d->patients == NULL;
    ask_ready(d, &wait_ms);
    if (was_finding ? sites_are_found(d->sites) : d->left == 0)
        return SPURN_OK;
    return http_step(d->http, wait_ms, err);
}

static enum spurn_status find_sites(struct doctor *d, struct spurn_error *err)
{
    int64_t began_ms = clock_monotonic_ms();
    enum spurn_status status = SPURN_OK;
    while (status == SPURN_OK && !sites_are_found(d->sites)) {
        status = step(d, err);
        if (clock_monotonic_ms() - began_ms > FINDING_MS_MAX)
            sites_give_up(d->sites, "its keys were not found within 90 s");
    }
    return status;
}

/* A warning belongs into the report, and there once: many targets share a file of keys. */
static void take_log_line(void *context, enum spurn_log_level level, const char *message)
{
    struct doctor *d = context;
    const struct log *log = &d->spurn->log;
    if (level == SPURN_LOG_WARN)
        d->no_memory |= !set_add(d->warnings, text_of(message));
    else if (level <= log->level && log->write != NULL)
        log->write(log->context, level, message);
}

enum spurn_status doctor_open(struct doctor *d, struct spurn *s, struct spurn_error *err)
{
    *d = (struct doctor){.spurn = s};
    if (s->config.target_count == 0)
        return spurn_fail(err, SPURN_E_CONFIG,
                          "no target is configured; write aws { regions = { \"us-east-1\" } }");
    d->warnings = set_open();
    d->log = (struct log){s->log.level, take_log_line, d};
    if (d->log.level < SPURN_LOG_WARN)
        d->log.level = SPURN_LOG_WARN;
    if (d->warnings == NULL)
        return spurn_fail_memory(err);
    const struct http_options http = {.window = (int)s->config.limits.window, .log = &d->log};
    enum spurn_status status = http_open(&http, &d->http, err);
    if (status != SPURN_OK)
        return status;
    const struct sites_options sites = {.config = &s->config,
                                        .http = d->http,
                                        .digest = s->digest,
                                        .log = &d->log,
                                        .environment = spurn_environment(),
                                        .asks_identity = true};
    return sites_open(&sites, &d->sites, err);
}

enum spurn_status doctor_examine(struct doctor *d, struct spurn_error *err)
{
    enum spurn_status status = find_sites(d, err);
    if (status != SPURN_OK)
        return status;
    d->count = sites_count(d->sites);
    d->patients = calloc(d->count + 1, sizeof *d->patients);
    d->keys_taken = set_open();
    if (d->patients == NULL || d->keys_taken == NULL)
        return spurn_fail_memory(err);
    for (size_t i = 0; i < d->count; i++) {
        d->patients[i].doctor = d;
        d->patients[i].site = sites_at(d->sites, i);
        examine(d, &d->patients[i]);
    }
    while (status == SPURN_OK && d->left > 0)
        status = step(d, err);
    return status == SPURN_OK && d->no_memory ? spurn_fail_memory(err) : status;
}

void doctor_close(struct doctor *d)
{
    http_close(d->http);
    for (size_t i = 0; d->patients != NULL && i < d->count; i++)
        for (size_t k = 0; k < PROBES_LEN; k++)
            free(d->patients[i].probes[k].problem);
    free(d->patients);
    set_close(d->keys_taken);
    sites_close(d->sites);
    set_close(d->warnings);
}

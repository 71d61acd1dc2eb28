/* keyring.c - the keys of one profile or role: found once, shared, and fetched anew ahead of their expiry. */
#include "sites/private.h"

#include <stdlib.h>

#include "clock.h"

enum {
    REFRESH_PAUSE_MS = 30 * 1000, /* after one that brought nothing */
    UNDER_WAY_MAX = 256           /* searches at a time: each holds some 20 KiB */
};

static int64_t time_left_ms(const struct keyring *k, const struct keys *keys)
{
    return keys->credentials.expires_ms - (clock_wall_ms() + k->skew_ms);
}

static enum keys_age age_of(const struct keyring *k)
{
    return keys_age(k->ask.cloud, k->lifetime_ms, time_left_ms(k, k->keys));
}

/* ---- keyrings, each known by a name made of all that tells it from others ---- */

static void put_part(struct buf *name, struct spurn_text part)
{
    if (part.at == NULL)
        buf_add_str(name, "-;");
    else
        buf_addf(name, "%zu:%.*s;", part.len, TEXT_ARG(part));
}

/* Room for one more keyring, known as `name`; NULL when memory ran out. */
static struct keyring *add_keyring(struct sites *s, struct spurn_text name)
{
    size_t count = set_count(s->keyring_names);
    if (count == s->keyring_cap) {
        size_t cap = s->keyring_cap == 0 ? 16 : s->keyring_cap * 2;
        struct keyring **keyrings = realloc(s->keyrings, cap * sizeof *keyrings);
        if (keyrings == NULL)
            return NULL;
        s->keyrings = keyrings;
        s->keyring_cap = cap;
    }
    struct keyring *k = arena_alloc(&s->texts, sizeof *k);
    if (k == NULL || !set_add(s->keyring_names, name))
        return NULL;
    k->sites = s;
    k->generation = 1;
    s->keyrings[count] = k;
    return k;
}

/* The one called so, or a new one: then *is_new. */
static struct keyring *keyring_named(struct sites *s, struct buf *name, bool *is_new)
{
    struct keyring *k = NULL;
    *is_new = false;
    if (!name->failed) {
        size_t index = set_index(s->keyring_names, buf_text(name));
        *is_new = index == SIZE_MAX;
        k = *is_new ? add_keyring(s, buf_text(name)) : s->keyrings[index];
    }
    buf_clear(name);
    return k;
}

static void enqueue(struct keyring_queue *queue, struct keyring *k)
{
    k->next = NULL;
    if (queue->tail == NULL)
        queue->head = k;
    else
        queue->tail->next = k;
    queue->tail = k;
}

static struct keyring *dequeue(struct keyring_queue *queue)
{
    struct keyring *k = queue->head;
    if (k == NULL)
        return NULL;
    queue->head = k->next;
    if (queue->head == NULL)
        queue->tail = NULL;
    return k;
}

/* Where STS is asked unless profile or environment say so: the first region of the entry, or the home of the partition. */
static struct spurn_text region_of_sts(const struct config_target *target)
{
    struct spurn_text region = text_of(target->region);
    if (target->cloud != &cloud_aws || !target->is_any_region)
        return region;
    const char *partition = place_aws_partition(region);
    const char *home = partition == NULL ? NULL : place_aws_home(text_of(partition));
    return home == NULL ? region : text_of(home);
}

struct keyring *keyring_of_profile(struct sites *s, const struct config_target *target,
                                   const struct profile *profile)
{
    const struct config_endpoints *endpoints = &target->endpoints;
    const struct spurn_text region = text_of(target->region);
    const unsigned variants = target->variants | profile->settings.variants;
    bool is_aws = target->cloud == &cloud_aws, is_new;
    struct buf name;
    buf_init(&name, SIZE_MAX / 2);
    buf_addf(&name, "%s;%u;", target->cloud->name, variants);
    put_part(&name, text_of(is_aws ? place_aws_partition(region) : NULL));
    put_part(&name, text_of(target->profile));
    put_part(&name, text_of(endpoints->sts));
    put_part(&name, text_of(endpoints->sso));
    put_part(&name, text_of(endpoints->metadata));
    struct keyring *k = keyring_named(s, &name, &is_new);
    if (!is_new || k == NULL)
        return k;
    k->cloud = target->cloud;
    k->profile = profile;
    k->ask = (struct credentials_ask){
        .cloud = is_aws ? CREDENTIALS_AWS : CREDENTIALS_ALIBABA,
        .profile = target->profile,
        .region = region_of_sts(target),
        .variants = variants,
        .endpoints = {endpoints->sts, endpoints->sso, endpoints->metadata},
        .environment = s->options.environment,
        .digest = s->options.digest,
        .log = &s->log_once,
    };
    s->finding++;
    if (profile->why != NULL)
        keyring_fail(k, profile->why);
    else
        enqueue(&s->queue, k);
    return k;
}

/* "arn:aws:iam::111122223333:role/x", "acs:ram::1111222233334444:role/x": the account stands behind the empty region. */
static struct spurn_text account_of_role(struct spurn_text arn)
{
    for (size_t i = 0; i + 1 < arn.len; i++) {
        if (arn.at[i] != ':' || arn.at[i + 1] != ':')
            continue;
        struct spurn_text account = {arn.at + i + 2, 0};
        while (i + 2 + account.len < arn.len && account.at[account.len] != ':')
            account.len++;
        return account.len > 0 ? account : TEXT_ABSENT;
    }
    return TEXT_ABSENT;
}

struct keyring *keyring_of_role(struct keyring *parent, const struct credentials_role *role)
{
    struct sites *s = parent->sites;
    struct buf name;
    bool is_new;
    buf_init(&name, SIZE_MAX / 2);
    buf_addf(&name, "role;%p;%lld;", (void *)parent, (long long)role->duration_s);
    put_part(&name, role->arn);
    put_part(&name, role->external_id);
    put_part(&name, role->session_name);
    struct keyring *k = keyring_named(s, &name, &is_new);
    if (!is_new || k == NULL)
        return k;
    k->cloud = parent->cloud;
    k->profile = parent->profile;
    k->parent = parent;
    k->ask = parent->ask;
    k->role = *role;
    k->account = account_of_role(role->arn);
    s->finding++;
    enqueue(&s->queue, k);
    return k;
}

void keyrings_close(struct sites *s)
{
    size_t count = s->keyring_names == NULL ? 0 : set_count(s->keyring_names);
    for (size_t i = 0; i < count; i++) {
        keys_release(s->keyrings[i]->keys);
        keys_release(s->keyrings[i]->fetched);
    }
    free(s->keyrings);
    set_close(s->keyring_names);
}

/* ---- a search ends ---- */

/* Sets the state that follows FINDING or REFRESHING, and lets those go on who waited for it. */
static void settle(struct keyring *k, enum keyring_state state)
{
    if (k->state == KEYRING_FINDING)
        k->sites->finding--;
    k->state = state;
    for (struct keyring *role = dequeue(&k->waiting); role != NULL; role = dequeue(&k->waiting))
        enqueue(&k->sites->queue, role);
}

static void drop_fetched(struct keyring *k)
{
    keys_release(k->fetched);
    k->fetched = NULL;
}

void keyring_fail(struct keyring *k, const struct spurn_error *why)
{
    drop_fetched(k);
    k->why = sites_keep_error(k->sites, why);
    settle(k, KEYRING_FAILED);
}

/* Keys that are there work on until they expire. */
static void fail_refresh(struct keyring *k, const struct spurn_error *why)
{
    drop_fetched(k);
    k->why = sites_keep_error(k->sites, why);
    k->no_refresh_before_ms = clock_monotonic_ms() + REFRESH_PAUSE_MS;
    log_warn(k->sites->options.log, "%s: cannot fetch new keys in place of those of %.*s: %s",
             k->cloud->title, TEXT_ARG(k->keys->credentials.source), why->text);
    settle(k, KEYRING_READY);
}

static void fail_search(struct keyring *k, const struct spurn_error *why)
{
    if (k->state == KEYRING_FINDING)
        keyring_fail(k, why);
    else
        fail_refresh(k, why);
}

/* New keys must be of the account that the old ones, or the role's ARN, named. */
static bool is_other_account(struct keyring *k)
{
    const struct credentials *fetched = &k->fetched->credentials;
    if (k->account.at == NULL || fetched->account.at == NULL ||
        text_equal(k->account, fetched->account))
        return false;
    struct spurn_error err;
    spurn_fail(&err, SPURN_E_CREDENTIALS,
               "%.*s gave keys of account %.*s where those of account %.*s were expected",
               TEXT_ARG(fetched->source), TEXT_ARG(fetched->account), TEXT_ARG(k->account));
    keyring_fail(k, &err);
    return true;
}

/* Says so when a refresh brought keys that are as old as those before. */
static void note_stale(struct keyring *k)
{
    enum keys_age age = age_of(k);
    if (k->state != KEYRING_REFRESHING || age == KEYS_FRESH)
        return;
    struct spurn_error err;
    spurn_fail(&err, SPURN_E_CREDENTIALS,
               "the keys of %.*s expire, and nothing newer is there; sign in again or fetch others",
               TEXT_ARG(k->keys->credentials.source));
    k->why = sites_keep_error(k->sites, &err);
    k->no_refresh_before_ms = clock_monotonic_ms() + REFRESH_PAUSE_MS;
}

static bool are_same(const struct credentials *a, const struct credentials *b)
{
    return text_equal(a->id, b->id) && text_equal(a->token, b->token);
}

/* Takes the fetched keys into use. */
static void accept(struct keyring *k)
{
    if (is_other_account(k))
        return;
    struct keys *fetched = k->fetched, *old = k->keys;
    bool is_same = old != NULL && are_same(&old->credentials, &fetched->credentials);
    if (k->account.at == NULL)
        k->account = sites_keep_text(k->sites, fetched->credentials.account);
    k->fetched = NULL;
    k->keys = fetched;
    k->was_refused = false;
    if (old != NULL && !is_same)
        k->generation++;
    if (!is_same || old->credentials.expires_ms != fetched->credentials.expires_ms) {
        int64_t left_ms = time_left_ms(k, fetched);
        k->lifetime_ms = fetched->credentials.expires_ms == 0 ? 0 : left_ms;
    }
    keys_release(old);
    note_stale(k);
    settle(k, KEYRING_READY);
}

/* Nothing hangs on an identity that could not be asked for, unless the one before is known. */
static void fail_identity(struct keyring *k, const struct spurn_error *why)
{
    if (k->state == KEYRING_REFRESHING) {
        fail_refresh(k, why);
        return;
    }
    k->unidentified = sites_keep_error(k->sites, why);
    accept(k);
}

static bool must_identify(const struct keyring *k)
{
    if (k->state == KEYRING_FINDING && k->sites->options.asks_identity)
        return true;
    bool is_known = k->fetched->credentials.account.at != NULL || k->parent != NULL;
    return !is_known && (k->state == KEYRING_FINDING ? k->asks_identity : k->was_identified);
}

static void identify(struct keyring *k)
{
    struct credentials_search *search = NULL;
    struct spurn_error err;
    enum spurn_status status =
        credentials_identify(&k->ask, &k->fetched->credentials, &search, &err);
    k->identifies = status == SPURN_OK;
    if (status == SPURN_OK && !errand_open(k, search, k->fetched))
        status = spurn_fail_memory(&err);
    if (status != SPURN_OK)
        fail_identity(k, &err);
}

/* Keys came, first found or then told whose they are. */
static void take_keys(struct keyring *k, struct credentials_search *search)
{
    struct spurn_error err;
    struct keys *taken = keys_open();
    enum spurn_status status = taken == NULL ? spurn_fail_memory(&err)
                                             : credentials_take(search, &taken->credentials, &err);
    if (status != SPURN_OK) {
        keys_release(taken);
        fail_search(k, &err);
        return;
    }
    drop_fetched(k);
    k->fetched = taken;
    if (k->identifies)
        k->was_identified = true;
    if (!k->identifies && must_identify(k))
        identify(k);
    else
        accept(k);
}

void keyring_heard(struct keyring *k, struct credentials_search *search,
                   const struct spurn_error *why)
{
    k->errand = NULL;
    if (search != NULL)
        take_keys(k, search);
    else if (k->identifies)
        fail_identity(k, why);
    else
        fail_search(k, why);
}

void keyring_give_up(struct keyring *k, const char *why)
{
    const struct errand *e = k->errand;
    bool waits = e == NULL && k->parent != NULL && k->parent->state == KEYRING_FAILED;
    struct spurn_error err;
    spurn_fail(&err, SPURN_E_NETWORK, "%s: %s", why,
               e == NULL ? "others were still asked for" : errand_problem(e));
    errand_abandon(k->errand);
    if (waits)
        keyring_fail(k, k->parent->why);
    else if (e != NULL && k->identifies)
        fail_identity(k, &err);
    else
        keyring_fail(k, &err);
}

/* ---- a search begins ---- */

static void begin(struct keyring *k)
{
    struct keyring *parent = k->parent;
    struct credentials_search *search = NULL;
    struct spurn_error err;
    enum spurn_status status;
    k->identifies = false;
    if (parent == NULL) {
        status = credentials_find(&k->ask, &search, &err);
    } else {
        enum site_keys keys = keyring_keys(parent);
        if (keys == SITE_KEYS_AWAITED) {
            enqueue(&parent->waiting, k);
            return;
        }
        if (keys == SITE_KEYS_GONE) {
            fail_search(k, parent->why);
            return;
        }
        k->skew_ms = parent->skew_ms;
        k->parent_generation = parent->generation;
        status = credentials_assume(&k->ask, &k->role, &parent->keys->credentials, &search, &err);
    }
    if (status == SPURN_OK && !errand_open(k, search, parent == NULL ? NULL : parent->keys))
        status = spurn_fail_memory(&err);
    if (status != SPURN_OK)
        fail_search(k, &err);
}

bool keyrings_begin(struct sites *s)
{
    bool has_begun = false;
    while (s->errand_count < UNDER_WAY_MAX) {
        struct keyring *k = dequeue(&s->queue);
        if (k == NULL)
            break;
        if (k->state == KEYRING_FAILED) /* given up while it waited */
            continue;
        begin(k);
        has_begun = true;
    }
    return has_begun;
}

/* The role is asked for by another errand, with its parent's keys as they are by then. */
static void begin_anew(struct keyring *k)
{
    k->errand = NULL;
    enqueue(&k->sites->queue, k);
}

bool keyring_begins_anew(struct keyring *k, const struct keys *with)
{
    struct keyring *parent = k->parent;
    if (parent == NULL || k->identifies)
        return false;
    if (keyring_keys(parent) == SITE_KEYS_READY && parent->keys == with)
        return false;
    begin_anew(k);
    return true;
}

bool keyring_refused(struct keyring *k)
{
    if (k->parent == NULL || k->identifies || k->was_refused ||
        !keyring_expired(k->parent, k->parent_generation))
        return false;
    k->was_refused = true;
    begin_anew(k);
    return true;
}

static void begin_refresh(struct keyring *k)
{
    k->state = KEYRING_REFRESHING;
    enqueue(&k->sites->queue, k);
}

/* ---- what others ask ---- */

enum site_keys keyring_keys(struct keyring *k)
{
    if (k->state == KEYRING_FAILED)
        return SITE_KEYS_GONE;
    if (k->state == KEYRING_FINDING)
        return SITE_KEYS_AWAITED;
    enum keys_age age = age_of(k);
    if (k->state == KEYRING_READY && age != KEYS_FRESH &&
        clock_monotonic_ms() >= k->no_refresh_before_ms)
        begin_refresh(k);
    if (k->state == KEYRING_READY)
        return age == KEYS_EXPIRED ? SITE_KEYS_GONE : SITE_KEYS_READY;
    bool is_distrusted = k->expired_generation == k->generation;
    return is_distrusted || age >= KEYS_URGENT ? SITE_KEYS_AWAITED : SITE_KEYS_READY;
}

bool keyring_expired(struct keyring *k, int64_t generation)
{
    if (k->state == KEYRING_FAILED || k->keys == NULL)
        return false;
    if (generation != k->generation)
        return true;
    if (k->expired_generation == generation) /* asked for others before */
        return k->state == KEYRING_REFRESHING;
    k->expired_generation = generation;
    if (k->state == KEYRING_READY)
        begin_refresh(k);
    return true;
}

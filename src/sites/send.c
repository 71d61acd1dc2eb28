/* send.c - one try of one call: built, signed, sent, and its answer read. */
#include "sites/private.h"

#include <stdlib.h>

#include "clock.h"

enum {
    CLOCK_TOLERANCE_MS = 5 * 60 * 1000, /* further apart, and ages are not believed */
    PAUSE_MS_MAX = 20 * 1000
};

/* ---- what calls of every kind need ---- */

int64_t clock_beyond_tolerance(int64_t apart_ms)
{
    return apart_ms < -CLOCK_TOLERANCE_MS || apart_ms > CLOCK_TOLERANCE_MS ? apart_ms : 0;
}

bool clock_compare(const struct http_result *result, int64_t *ahead_ms)
{
    *ahead_ms = 0;
    if (result->end != HTTP_REPLIED || result->date_ms == 0)
        return false;
    int64_t here_ms = result->sent_ms + (result->received_ms - result->sent_ms) / 2;
    *ahead_ms = clock_beyond_tolerance(result->date_ms - here_ms);
    return true;
}

int64_t site_pause_ms(int tries, int64_t base_ms)
{
    int64_t most_ms = base_ms;
    for (int i = 1; i < tries && most_ms < PAUSE_MS_MAX; i++)
        most_ms *= 2;
    if (most_ms > PAUSE_MS_MAX)
        most_ms = PAUSE_MS_MAX;
    uint32_t random = 0;
    if (most_ms == 0 || !digest_random(&random, sizeof random))
        return most_ms;
    return most_ms * (int64_t)(random % 1000) / 1000;
}

enum spurn_status make_moment(int64_t skew_ms, char nonce[33], struct cloud_moment *moment,
                              struct spurn_error *err)
{
    uint8_t random[16];
    if (!digest_random(random, sizeof random))
        return spurn_fail(err, SPURN_E_INTERNAL, "cannot make a nonce: no random bytes");
    digest_hex(random, sizeof random, nonce);
    *moment = (struct cloud_moment){clock_wall_ms() + skew_ms, text_of(nonce)};
    return SPURN_OK;
}

struct cloud_keys cloud_keys_of(const struct keys *keys)
{
    const struct credentials *c = &keys->credentials;
    return (struct cloud_keys){c->id, c->secret, c->token};
}

void strike_keys(const struct keys *keys, struct cloud_error *error)
{
    const struct credentials *c = &keys->credentials;
    const struct spurn_text hide[] = {c->id, c->secret, c->token};
    cloud_error_redact(error, hide, sizeof hide / sizeof hide[0]);
}

/* ---- a call ---- */

struct sent {
    struct sent *elder, *younger; /* all that are in flight */
    struct site *site;
    struct keys *keys; /* those that signed it, held */
    int64_t keys_generation;
    site_answered *answered;
    void *context;
};

static struct sent *sent_open(struct site *site, site_answered *answered, void *context)
{
    struct sent *sent = calloc(1, sizeof *sent);
    if (sent == NULL)
        return NULL;
    struct sites *s = site->sites;
    *sent = (struct sent){.elder = s->sent,
                          .site = site,
                          .keys = keys_hold(site->keyring->keys),
                          .keys_generation = site->keyring->generation,
                          .answered = answered,
                          .context = context};
    if (s->sent != NULL)
        s->sent->younger = sent;
    s->sent = sent;
    return sent;
}

static void sent_close(struct sent *sent)
{
    if (sent == NULL)
        return;
    if (sent->elder != NULL)
        sent->elder->younger = sent->younger;
    if (sent->younger != NULL)
        sent->younger->elder = sent->elder;
    else
        sent->site->sites->sent = sent->elder;
    keys_release(sent->keys);
    free(sent);
}

void sent_close_all(struct sites *s)
{
    while (s->sent != NULL)
        sent_close(s->sent);
}

/* Compares the cloud's Date with the machine's clock. True when what is known of it has changed. */
static bool learn_clock(struct site *site, const struct http_result *result)
{
    int64_t ahead_ms;
    if (!clock_compare(result, &ahead_ms))
        return false;
    bool is_news = site->skew_ms != ahead_ms;
    site->skew_ms = site->keyring->skew_ms = ahead_ms;
    if (ahead_ms != 0 && !site->clock_differs) {
        site->clock_differs = true;
        site->apart_ms = ahead_ms;
    }
    return is_news;
}

static void on_reply(void *context, const struct http_result *result)
{
    struct sent *sent = context;
    struct site *site = sent->site;
    struct site_answer answer = {.end = result->end,
                                 .problem = result->problem,
                                 .sent_ms = result->sent_ms,
                                 .keys_generation = sent->keys_generation};
    struct cloud_error error;
    if (result->end == HTTP_REPLIED)
        answer.reply = &result->reply;
    if (result->end == HTTP_REPLIED && result->reply.http_status != 200) {
        site->config->cloud->read_error(&result->reply, &error);
        strike_keys(sent->keys, &error);
        answer.error = &error;
    }
    answer.clock_learnt = learn_clock(site, result);
    sent->answered(sent->context, &answer);
    sent_close(sent);
}

enum spurn_status site_send(struct site *site, const struct cloud_call *call,
                            site_answered *answered, void *context, struct spurn_error *err)
{
    struct sites *s = site->sites;
    const struct cloud *cloud = site->config->cloud;
    struct sent *sent = NULL;
    struct request request;
    struct cloud_moment moment;
    char nonce[33];
    enum spurn_status status = cloud->build(call, &request, err);
    if (status != SPURN_OK)
        goto done;
    if (site->state != SITE_READY || site->keyring->keys == NULL) {
        status = spurn_fail(err, SPURN_E_CREDENTIALS, "there are no keys to sign with");
        goto done;
    }
    status = make_moment(site->skew_ms, nonce, &moment, err);
    if (status != SPURN_OK)
        goto done;
    const struct cloud_keys keys = cloud_keys_of(site->keyring->keys);
    status = cloud->sign(s->options.digest, &site->place, &keys, &moment, &request, err);
    if (status != SPURN_OK)
        goto done;
    sent = sent_open(site, answered, context);
    if (sent == NULL) {
        status = spurn_fail_memory(err);
        goto done;
    }
    const struct credentials_settings *settings = &site->keyring->profile->settings;
    const struct http_route route = {.ca_bundle = settings->ca_bundle.at,
                                     .ca_bundle_from = settings->ca_bundle_from};
    status = http_send(s->options.http, site->endpoint, &route, &request, on_reply, sent, err);
    if (status != SPURN_OK)
        sent_close(sent);

done:
    request_clear(&request);
    return status;
}

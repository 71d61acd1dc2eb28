/* errand.c - carries out a search for credentials: sends its requests and runs its programs, and tries again where that is right. */
#include "sites/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "process.h"

enum {
    BASE_MS = 100,
    BASE_THROTTLED_MS = 1000,
    TRIES_THROTTLED = 8,
    PROGRAM_LOOK_MS = 500, /* its time-out is looked at so often */
    IDENTITY_TRIES = 2, /* sites are swept without it: nobody waits long for whose keys these are */
    IDENTITY_MS = 10 * 1000,
    PROBLEM_LEN = 512
};

enum errand_state {
    ERRAND_ASKING, /* what is to be done next? */
    ERRAND_PAUSING,
    ERRAND_IN_FLIGHT,
    ERRAND_RUNNING
};

struct errand {
    struct sites *sites;
    struct errand *next;
    struct keyring *keyring; /* NULL: abandoned */
    struct credentials_search *search;
    struct keys *with; /* what it signs with; NULL: nothing */
    struct process *process;
    enum errand_state state;
    int64_t skew_ms; /* it is told the time with this one, and corrects it by itself */
    bool is_near;
    bool wants_program; /* and too many ran when it asked last */
    int tries, tries_max;
    int64_t not_before_ms; /* monotonic */
    int64_t ends_ms;       /* of one that asks whose keys these are, once it has begun; monotonic */
    char asked[PROBLEM_LEN / 2]; /* base URL */
    char problem[PROBLEM_LEN];   /* met last; "": none */
};

/* ---- trying again ---- */

int64_t pause_before_try(const struct http_result *result, const struct cloud_error *error,
                         int tries, int tries_max)
{
    int64_t base_ms = BASE_MS, least_ms = 0;
    if (result->end == HTTP_REPLIED) {
        if (error == NULL)
            return -1;
        bool is_throttled = error->kind == CLOUD_ERROR_THROTTLED;
        if (!is_throttled && error->kind != CLOUD_ERROR_SERVER)
            return -1;
        least_ms = error->retry_after_ms;
        if (is_throttled) {
            base_ms = BASE_THROTTLED_MS;
            tries_max = tries_max > 1 ? TRIES_THROTTLED : 1;
        }
    }
    if (tries >= tries_max)
        return -1;
    int64_t pause_ms = site_pause_ms(tries, base_ms);
    return pause_ms > least_ms ? pause_ms : least_ms;
}

/* AWS's STS answers in XML, which the reader of the cloud's own errors does not take: "<Code>Throttling</Code>". */
static bool has_mark(struct spurn_text body, const char *mark)
{
    const size_t mark_len = strlen(mark);
    for (size_t i = 0; i + mark_len <= body.len; i++)
        if (memcmp(body.at + i, mark, mark_len) == 0)
            return true;
    return false;
}

static bool read_trouble(const struct errand *e, const struct http_result *result,
                         struct cloud_error *error)
{
    if (result->end != HTTP_REPLIED || result->reply.http_status == 200)
        return false;
    e->keyring->cloud->read_error(&result->reply, error);
    if (has_mark(result->reply.body, "<Code>Throttl"))
        error->kind = CLOUD_ERROR_THROTTLED;
    if (has_mark(result->reply.body, "<Code>ExpiredToken"))
        error->kind = CLOUD_ERROR_KEYS_EXPIRED;
    return true;
}

/* ---- beginning and end ---- */

static void close_errand(struct errand *e)
{
    process_close(e->process);
    credentials_close(e->search);
    keys_release(e->with);
    free(e);
}

bool errand_open(struct keyring *k, struct credentials_search *search, struct keys *with)
{
    struct sites *s = k->sites;
    struct errand *e = calloc(1, sizeof *e);
    if (e == NULL) {
        credentials_close(search);
        return false;
    }
    *e = (struct errand){.sites = s,
                         .next = s->errands,
                         .keyring = k,
                         .search = search,
                         .with = keys_hold(with),
                         .skew_ms = k->skew_ms};
    s->errands = e;
    s->errand_count++;
    k->errand = e;
    return true;
}

void errand_abandon(struct errand *e)
{
    if (e == NULL)
        return;
    e->keyring->errand = NULL;
    e->keyring = NULL;
}

const char *errand_problem(const struct errand *e)
{
    return e->problem;
}

/* http is closed by now, and watches nothing. */
void errands_close(struct sites *s)
{
    struct errand *next;
    for (struct errand *e = s->errands; e != NULL; e = next) {
        next = e->next;
        close_errand(e);
    }
    s->errands = NULL;
}

/* ---- requests ---- */

/* One that only asks whose keys these are has few tries and little time. */
static int64_t pause_of(const struct errand *e, const struct http_result *result,
                        const struct cloud_error *error)
{
    int64_t pause_ms = pause_before_try(result, error, e->tries, e->tries_max);
    bool is_over = e->ends_ms != 0 &&
                   (e->tries >= e->tries_max || clock_monotonic_ms() + pause_ms >= e->ends_ms);
    return is_over ? -1 : pause_ms;
}

static void note_problem(struct errand *e, const struct http_result *result,
                         const struct cloud_error *error)
{
    if (result->end != HTTP_REPLIED)
        snprintf(e->problem, sizeof e->problem, "%s", result->problem);
    else if (error != NULL)
        snprintf(e->problem, sizeof e->problem, "%s answered %d (%s)", e->asked,
                 result->reply.http_status, cloud_error_kind_name(error->kind));
}

static void on_reply(void *context, const struct http_result *result)
{
    struct errand *e = context;
    struct keyring *k = e->keyring;
    e->state = ERRAND_ASKING;
    if (k == NULL)
        return;
    struct credentials_outcome outcome = {.problem = result->problem};
    if (result->end == HTTP_REPLIED)
        outcome.reply = &result->reply;
    int64_t ahead_ms;
    if (!e->is_near && clock_compare(result, &ahead_ms)) { /* plain http nearby sets no clock */
        outcome.skew_ms = clock_beyond_tolerance(ahead_ms - e->skew_ms);
        k->skew_ms = ahead_ms;
    }
    struct cloud_error error;
    bool has_error = read_trouble(e, result, &error);
    note_problem(e, result, has_error ? &error : NULL);
    int64_t pause_ms = pause_of(e, result, has_error ? &error : NULL);
    if (pause_ms >= 0) {
        e->state = ERRAND_PAUSING;
        e->not_before_ms = clock_monotonic_ms() + pause_ms;
        return;
    }
    if (has_error && error.kind == CLOUD_ERROR_KEYS_EXPIRED && keyring_refused(k)) {
        e->keyring = NULL;
        return;
    }
    credentials_hear(e->search, &outcome);
    e->tries = 0;
}

static void hear_problem(struct errand *e, const struct spurn_error *why)
{
    const struct credentials_outcome outcome = {.problem = why->text};
    credentials_hear(e->search, &outcome);
    e->tries = 0;
}

/* What is left of its time is shared out among the tries that are left, half of it for connecting. */
static void keep_short(struct errand *e, struct http_route *route)
{
    int64_t now_ms = clock_monotonic_ms();
    if (e->ends_ms == 0)
        e->ends_ms = now_ms + IDENTITY_MS;
    if (e->tries_max > IDENTITY_TRIES)
        e->tries_max = IDENTITY_TRIES;
    int64_t left_ms = e->ends_ms - now_ms;
    int64_t half_ms = left_ms / (e->tries < e->tries_max ? 4 : 2);
    route->connect_ms = route->answer_ms = half_ms > 1 ? half_ms : 1;
}

static void send_request(struct errand *e, const struct credentials_errand *what)
{
    struct sites *s = e->sites;
    struct http_route route = {
        .is_near = what->is_near,
        .holds_keys = true,
        .ca_bundle = e->keyring->profile->settings.ca_bundle.at,
        .ca_bundle_from = e->keyring->profile->settings.ca_bundle_from,
        .connect_ms = what->connect_ms,
        .answer_ms = what->answer_ms,
        .body_max = CREDENTIALS_REPLY_MAX,
    };
    struct spurn_error err;
    e->is_near = what->is_near;
    e->tries++;
    e->tries_max = what->tries;
    if (e->keyring->identifies)
        keep_short(e, &route);
    snprintf(e->asked, sizeof e->asked, "%s", what->base_url);
    if (e->problem[0] == '\0')
        snprintf(e->problem, sizeof e->problem, "no reply from %s yet", e->asked);
    if (http_send(s->options.http, what->base_url, &route, what->request, on_reply, e, &err) ==
        SPURN_OK)
        e->state = ERRAND_IN_FLIGHT;
    else
        hear_problem(e, &err);
}

/* ---- programs ---- */

/* False: too many run already; its turn comes when one of them ends. */
static bool run(struct errand *e, const struct credentials_errand *what)
{
    struct sites *s = e->sites;
    e->wants_program = s->program_count == HTTP_WATCHED_MAX;
    if (e->wants_program)
        return false;
    const struct process_options options = {.argv = what->argv,
                                            .output_max = CREDENTIALS_REPLY_MAX};
    struct spurn_error err;
    if (process_start(&options, &e->process, &err) != SPURN_OK) {
        hear_problem(e, &err);
        return true;
    }
    if (!http_watch(s->options.http,
                    process_fd(e->process))) /* then it is looked at now and then */
        log_debug(s->options.log, "no room to watch a program that fetches credentials");
    s->program_count++;
    snprintf(e->problem, sizeof e->problem, "its program has not ended yet");
    e->state = ERRAND_RUNNING;
    return true;
}

static void stop_program(struct errand *e)
{
    http_unwatch(e->sites->options.http, process_fd(e->process));
    process_close(e->process);
    e->process = NULL;
    e->sites->program_count--;
    e->state = ERRAND_ASKING;
}

static void look_at_program(struct errand *e)
{
    bool has_ended = false;
    struct spurn_error err;
    if (process_step(e->process, &has_ended, &err) != SPURN_OK) {
        hear_problem(e, &err);
        stop_program(e);
    } else if (has_ended) {
        const struct credentials_outcome outcome = {.output = process_output(e->process)};
        credentials_hear(e->search, &outcome);
        stop_program(e);
    }
}

/* ---- moving on ---- */

/* Asks what is to be done, and begins it. True when the search is over, for its keyring or without one. */
static bool ask(struct errand *e, struct spurn_error *err, bool *has_keys)
{
    struct credentials_errand what;
    *has_keys = false;
    while (e->state == ERRAND_ASKING) {
        if (!http_has_room(e->sites->options.http) ||
            (e->wants_program && e->sites->program_count == HTTP_WATCHED_MAX))
            return false;
        int64_t now_ms = clock_wall_ms() + e->skew_ms;
        switch (credentials_next(e->search, now_ms, &what, err)) {
        case CREDENTIALS_SEND:
            if (keyring_begins_anew(e->keyring, e->with)) {
                e->keyring = NULL;
                return true;
            }
            send_request(e, &what);
            break;
        case CREDENTIALS_RUN:
            if (!run(e, &what))
                return false;
            break;
        case CREDENTIALS_DONE:
            *has_keys = true;
            return true;
        case CREDENTIALS_FAILED:
            return true;
        }
    }
    return false;
}

static void wake_within(int64_t *wait_ms, int64_t at_most_ms)
{
    if (*wait_ms > at_most_ms)
        *wait_ms = at_most_ms;
}

/* True when it is over, and has told its keyring. */
static bool step_one(struct errand *e, int64_t *wait_ms)
{
    if (e->keyring == NULL) {
        if (e->process != NULL)
            stop_program(e);
        return e->state != ERRAND_IN_FLIGHT;
    }
    if (e->state == ERRAND_PAUSING) {
        int64_t left_ms = e->not_before_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            e->state = ERRAND_ASKING;
        else
            wake_within(wait_ms, left_ms);
    }
    if (e->state == ERRAND_RUNNING)
        look_at_program(e);
    bool is_over = false, has_keys = false;
    struct spurn_error err = {.status = SPURN_OK};
    if (e->state == ERRAND_ASKING)
        is_over = ask(e, &err, &has_keys);
    if (e->state == ERRAND_RUNNING)
        wake_within(wait_ms, PROGRAM_LOOK_MS);
    if (is_over && e->keyring != NULL)
        keyring_heard(e->keyring, has_keys ? e->search : NULL, &err);
    return is_over;
}

bool errands_step(struct sites *s, int64_t *wait_ms)
{
    bool has_ended = false;
    struct errand *begun = s->errands, *kept = NULL; /* an end may begin others, at the head */
    s->errands = NULL;
    while (begun != NULL) {
        struct errand *e = begun;
        begun = e->next;
        if (step_one(e, wait_ms)) {
            close_errand(e);
            s->errand_count--;
            has_ended = true;
            continue;
        }
        e->next = kept;
        kept = e;
    }
    while (kept != NULL) { /* back as they were */
        struct errand *e = kept;
        kept = e->next;
        e->next = s->errands;
        s->errands = e;
    }
    return has_ended;
}

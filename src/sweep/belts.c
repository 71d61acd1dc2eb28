/* belts.c - the safety belts look at the whole before the first rejection. */
#include "sweep/sweep_private.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"

enum {
    RATE_MS = 3600 * 1000,
    PERCENT_PENDING_MIN = 20 /* of fewer, a large share says nothing */
};

static bool goes_beyond_percent(const struct sweep *s)
{
    return s->decided >= PERCENT_PENDING_MIN &&
           s->to_reject * 100 > s->options.config->limits.percent * s->decided;
}

static enum spurn_status write_trust(struct sweep *s, const void *how, struct spurn_error *err)
{
    return journal_trust(s->options.journal, s->digest, how, clock_wall_ms(), err);
}

static bool is_named(const char *digest, const struct sweep *s)
{
    return digest != NULL && strcmp(digest, s->digest) == 0;
}

/* A digest is trusted by a person only: one who answered here before, or named it. */
static bool is_trusted(struct sweep *s)
{
    bool trusted = false;
    struct spurn_error err;
    if (is_named(s->options.config->trust, s) || is_named(s->options.trust, s))
        return true;
    if (journal_is_trusted(s->options.journal, s->digest, &trusted, &err) != SPURN_OK)
        sweep_break(s, &err);
    return trusted;
}

static void weigh_percent(struct sweep *s)
{
    if (!goes_beyond_percent(s) || is_trusted(s))
        return;
    snprintf(s->held_why, sizeof s->held_why,
             "%lld of %lld pending invitations would go, more than %lld %%, under policies that no "
             "person has trusted yet",
             (long long)s->to_reject, (long long)s->decided,
             (long long)s->options.config->limits.percent);
}

static void weigh_rate(struct sweep *s)
{
    int64_t spent = 0;
    struct spurn_error err;
    if (journal_count_intents(s->options.journal, s->options.now_ms - RATE_MS, &spent, &err) !=
        SPURN_OK)
        sweep_break(s, &err);
    int64_t left = s->options.config->limits.rejections - spent;
    s->allowed = left < 0 ? 0 : left;
    if (s->allowed > s->to_reject)
        s->allowed = s->to_reject;
    s->counts.deferred = s->to_reject - s->allowed;
}

void belts_weigh(struct sweep *s)
{
    if (s->options.act && is_named(s->options.trust, s))
        sweep_write(s, write_trust, "named");
    weigh_percent(s);
    weigh_rate(s);
    if (!s->options.act || s->to_reject == 0 || s->stopping)
        return;
    if (s->options.confirm == NULL) {
        s->counts.held = s->held_why[0] != '\0';
    } else if (!s->options.confirm(s->options.context)) {
        s->counts.declined = true;
    } else if (s->held_why[0] != '\0') {
        sweep_write(s, write_trust, "asked");
    }
    if (s->counts.held || s->counts.declined)
        s->allowed = 0;
}

/* subject.c - the one table of fields, read straight from the host's record of an invitation. */
#include "script/condition/subject.h"

#include <inttypes.h>

#include "clock.h"

enum {
    ALIBABA_EXPIRES_MS = 7 * 24 * 3600 * 1000
}; /* "valid for 7 days", Alibaba Cloud's resource sharing guide */

enum field_kind { KIND_TEXT, KIND_INSTANT, KIND_AGE, KIND_COUNT };

static const struct field_row {
    const char *name;
    enum field_kind kind;
    const char *meaning;
} rows[FIELD_COUNT] = {
    [FIELD_ID] = {"id", KIND_TEXT, "the invitation's ARN or id"},
    [FIELD_CLOUD] = {"cloud", KIND_TEXT, "\"aws\" or \"alibaba\""},
    [FIELD_REGION] = {"region", KIND_TEXT, "where it was found"},
    [FIELD_ACCOUNT] = {"account", KIND_TEXT, "the receiving account's id"},
    [FIELD_SENDER] = {"sender", KIND_TEXT, "the sending account's id"},
    [FIELD_RECEIVER_ARN] = {"receiver_arn", KIND_TEXT, "the IAM user or role it was sent to (AWS)"},
    [FIELD_NAME] = {"name", KIND_TEXT, "the share's name, which the sender chose"},
    [FIELD_SHARE] = {"share", KIND_TEXT, "the share's ARN or id"},
    [FIELD_STATUS] = {"status", KIND_TEXT, "PENDING, ACCEPTED, ..."},
    [FIELD_CREATED] = {"created", KIND_INSTANT, "when it was sent, seconds since 1970"},
    [FIELD_AGE] = {"age", KIND_AGE, "seconds since it was sent"},
    [FIELD_EXPIRES] = {"expires", KIND_INSTANT,
                       "when it lapses, seconds since 1970: Alibaba Cloud only"},
    [FIELD_FIRST_SEEN] = {"first_seen", KIND_INSTANT, "when an earlier sweep first listed it"},
    [FIELD_TIMES_SEEN] = {"times_seen", KIND_COUNT, "how many earlier sweeps listed it"},
    [FIELD_NOW] = {"now", KIND_INSTANT, "the sweep's one clock, seconds since 1970"},
};

static const char *const names[FIELD_COUNT + 1] = {
    "id",     "cloud",   "region", "account", "sender",     "receiver_arn", "name", "share",
    "status", "created", "age",    "expires", "first_seen", "times_seen",   "now",  NULL};

const char *field_name(enum field field)
{
    return rows[field].name;
}

const char *field_meaning(enum field field)
{
    return rows[field].meaning;
}

bool field_is_number(enum field field)
{
    return rows[field].kind != KIND_TEXT;
}

const char *const *field_names(void)
{
    return names;
}

bool field_of(struct spurn_text name, enum field *out)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        *out = (enum field)i;
        if (text_is(name, rows[i].name))
            return true;
    }
    return false;
}

static struct spurn_text account_of(const struct subject *s)
{
    return s->inv->receiver.at != NULL ? s->inv->receiver : s->origin->account;
}

static struct spurn_text status_of(const struct subject *s)
{
    if (s->inv->status == STATUS_OTHER)
        return s->inv->status_text;
    return text_of(invitation_status_name(s->inv->status));
}

bool subject_text(const struct subject *s, enum field field, struct spurn_text *out)
{
    *out = TEXT_ABSENT;
    switch (field) {
    case FIELD_ID:
        *out = s->inv->id;
        break;
    case FIELD_CLOUD:
        *out = s->origin->cloud;
        break;
    case FIELD_REGION:
        *out = s->origin->region;
        break;
    case FIELD_ACCOUNT:
        *out = account_of(s);
        break;
    case FIELD_SENDER:
        *out = s->inv->sender;
        break;
    case FIELD_RECEIVER_ARN:
        *out = s->inv->receiver_arn;
        break;
    case FIELD_NAME:
        *out = s->inv->name;
        break;
    case FIELD_SHARE:
        *out = s->inv->share;
        break;
    case FIELD_STATUS:
        *out = status_of(s);
        break;
    default:
        break;
    }
    return out->at != NULL;
}

static int64_t seconds_of(int64_t ms)
{
    return ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
}

bool subject_number(const struct subject *s, enum field field, int64_t *out)
{
    const struct invitation *inv = s->inv;
    *out = 0;
    switch (field) {
    case FIELD_CREATED:
        *out = seconds_of(inv->created_ms);
        return inv->has_created;
    case FIELD_AGE:
        /* Below zero some clock is wrong, so the date tells nothing. */
        if (!s->facts->has_age || !inv->has_created || inv->created_ms > s->now_ms)
            return false;
        *out = seconds_of(s->now_ms - inv->created_ms);
        return true;
    case FIELD_EXPIRES:
        /* AWS: 12 hours or 7 days, by the type of what is shared, which the list does not tell. */
        *out = seconds_of(inv->created_ms + ALIBABA_EXPIRES_MS);
        return inv->has_created && text_is(s->origin->cloud, "alibaba");
    case FIELD_FIRST_SEEN:
        *out = seconds_of(s->facts->first_seen_ms);
        return s->facts->first_seen_ms != 0;
    case FIELD_TIMES_SEEN:
        *out = s->facts->times_seen;
        return true;
    case FIELD_NOW:
        *out = seconds_of(s->now_ms);
        return true;
    default:
        return false;
    }
}

static void show_number(enum field_kind kind, int64_t number, struct buf *out)
{
    char text[32];
    if (kind == KIND_INSTANT)
        clock_format_iso(number * 1000, text);
    else if (kind == KIND_AGE)
        clock_format_age(number, text);
    if (kind == KIND_COUNT)
        buf_addf(out, "%" PRId64, number);
    else
        buf_add_str(out, text);
}

void subject_show(const struct subject *s, enum field field, struct buf *out)
{
    struct spurn_text text;
    int64_t number;
    if (subject_text(s, field, &text))
        buf_add_text(out, text);
    else if (subject_number(s, field, &number))
        show_number(rows[field].kind, number, out);
    else
        buf_add_str(out, "unknown");
}

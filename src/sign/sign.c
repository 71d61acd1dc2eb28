/* sign.c - what a signature needs besides its stages: keys that can be used, the time in writing, working space. */
#include "sign/sign.h"

#include <string.h>
#include <time.h>

#include "sign/canonical.h"

/* ---- keys ---- */

/* Keys are of printable ASCII. ',' and '/' would end an id early inside Authorization. */
static bool is_key_text(struct spurn_text text, const char *not_these)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c <= ' ' || c > '~' || strchr(not_these, c) != NULL)
            return false;
    }
    return true;
}

enum spurn_status sign_check_keys(struct spurn_text id, struct spurn_text secret,
                                  struct spurn_text token, struct spurn_error *err)
{
    const struct {
        const char *name;
        struct spurn_text value;
        const char *not_these;
        bool may_be_empty;
    } rows[] = {
        {"access key id", id, ",/", false},
        {"secret", secret, "", false},
        {"session token", token, "", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value.len == 0 && !rows[i].may_be_empty)
            return spurn_fail(err, SPURN_E_CREDENTIALS, "cannot sign request: the %s is not set",
                              rows[i].name);
        if (!is_key_text(rows[i].value, rows[i].not_these))
            return spurn_fail(err, SPURN_E_CREDENTIALS,
                              "cannot sign request: the %s holds a character that no key has; "
                              "look for a stray blank or line break in it",
                              rows[i].name);
    }
    return SPURN_OK;
}

/* ---- time ---- */

static const int64_t YEAR_10000_MS = INT64_C(253402300800000);

bool sign_format_time(int64_t ms, enum sign_time_form form, char out[SIGN_TIME_LEN + 1])
{
    out[0] = '\0';
    if (ms < 0 || ms >= YEAR_10000_MS)
        return false;
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    return gmtime_r(&seconds, &utc) != NULL &&
           strftime(out, SIGN_TIME_LEN + 1,
                    form == SIGN_TIME_BASIC ? "%Y%m%dT%H%M%SZ" : "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
}

enum spurn_status sign_fail_time(struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_USAGE,
                      "cannot sign request: its time is outside the years 1970 to 9999");
}

/* ---- working space ---- */

void sign_work_init(struct sign_work *w)
{
    buf_init(&w->canonical, CANONICAL_LEN_MAX);
    buf_init(&w->signed_headers, REQUEST_LEN_MAX);
    buf_init(&w->to_sign, REQUEST_LEN_MAX);
    buf_init(&w->authorization, REQUEST_LEN_MAX);
}

void sign_work_clear(struct sign_work *w)
{
    buf_clear(&w->authorization);
    buf_clear(&w->to_sign);
    buf_clear(&w->signed_headers);
    buf_clear(&w->canonical);
}

enum spurn_status sign_fail_size(struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_MEMORY,
                      "cannot sign request: it is too large, or memory ran out");
}

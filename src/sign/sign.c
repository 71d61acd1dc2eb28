/* sign.c - what the signers share beside the stages: usable keys, room to work in. */
#include "sign/sign.h"

#include <string.h>

#include "sign/canonical.h"

/* ---- keys ---- */

/* Keys are of printable ASCII. ',' and '/' would end an id early inside Authorization. */
static bool is_key_text(struct spurn_text text, const char *not_these)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    for (; *not_these != '\0'; not_these++)
        if (text.len > 0 && memchr(text.at, *not_these, text.len) != NULL)
            return false;
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

/* ---- working space ---- */

enum { USUAL_CANONICAL_LEN = 2047, USUAL_LEN = 255 }; /* the first one with a session token */

void sign_work_init(struct sign_work *w)
{
    /* A session token is among the headers or parameters. */
    buf_init_wiped(&w->canonical, CANONICAL_LEN_MAX);
    buf_init(&w->signed_headers, REQUEST_LEN_MAX);
    buf_init_wiped(&w->to_sign, REQUEST_LEN_MAX);
    buf_init(&w->authorization, REQUEST_LEN_MAX);
    /* Room for what is usual, so that nothing is copied, and wiped, as it grows. */
    buf_room(&w->canonical, USUAL_CANONICAL_LEN);
    buf_room(&w->to_sign, USUAL_LEN);
    buf_room(&w->authorization, USUAL_LEN);
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
                      "cannot sign request: it is too large, a header of it holds a control "
                      "character, or memory ran out");
}

/* sign.h - what a signature needs besides its stages: keys that can be used, the time in writing, working space. */
#ifndef SPURN_SIGN_SIGN_H
#define SPURN_SIGN_SIGN_H

#include <stdint.h>

#include "buf.h"
#include "error.h"

/* SPURN_E_CREDENTIALS when id or secret is absent or empty, or when one of the three holds what no key holds. The text names
 * the one, never its value. */
enum spurn_status sign_check_keys(struct spurn_text id, struct spurn_text secret,
                                  struct spurn_text token, struct spurn_error *err);

enum sign_time_form {
    SIGN_TIME_BASIC, /* 20260901T120000Z */
    SIGN_TIME_ISO    /* 2026-09-01T12:00:00Z */
};
enum { SIGN_TIME_LEN = 20 };
/* In UTC, NUL-terminated; false, and empty, outside the years 1970 to 9999. */
bool sign_format_time(int64_t ms, enum sign_time_form form, char out[SIGN_TIME_LEN + 1]);

/* What the stages of one signature are written into. */
struct sign_work {
    struct buf canonical, signed_headers, to_sign, authorization;
};
void sign_work_init(struct sign_work *w);
void sign_work_clear(struct sign_work *w);

/* One sentence for a time that no signature can carry, and one for a request that could not be signed whole. */
enum spurn_status sign_fail_time(struct spurn_error *err);
enum spurn_status sign_fail_size(struct spurn_error *err);

#endif

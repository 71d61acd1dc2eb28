/* sign.h - what the signers share beside the stages: usable keys, room to work in. */
#ifndef SPURN_SIGN_SIGN_H
#define SPURN_SIGN_SIGN_H

#include "buf.h"
#include "error.h"

/* SPURN_E_CREDENTIALS when id or secret is absent or empty, or when one of the three holds what
 * no key holds. The text names the one, never its value. */
enum spurn_status sign_check_keys(struct spurn_text id, struct spurn_text secret,
                                  struct spurn_text token, struct spurn_error *err);

/* What the stages of one signature are written into. */
struct sign_work {
    struct buf canonical, signed_headers, to_sign, authorization;
};
void sign_work_init(struct sign_work *w);
void sign_work_clear(struct sign_work *w);

/* One sentence for a request that could not be signed whole. */
enum spurn_status sign_fail_size(struct spurn_error *err);

#endif

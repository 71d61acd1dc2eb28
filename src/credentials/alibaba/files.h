/* files.h - the profiles of the Alibaba Cloud CLI and of the shared credentials file, as they are written. */
#ifndef SPURN_CREDENTIALS_ALIBABA_FILES_H
#define SPURN_CREDENTIALS_ALIBABA_FILES_H

#include "credentials/search.h"

enum alibaba_kind { ALIBABA_CLI, ALIBABA_SHARED };

/* One file. Lives in the search's arena. */
struct alibaba_file {
    enum alibaba_kind kind;
    const char *path;       /* as people know it, also when it cannot be found */
    const char *missing;    /* " (no such file)"; "" when it was read */
    struct spurn_text text; /* without a byte order mark */
};

/* What a profile says; absent or 0 where it says nothing. Borrows from the file's text, or lives in the search's arena. */
struct alibaba_profile {
    struct spurn_text name;
    struct spurn_text mode; /* "mode" of the CLI's, "type" of the shared file's */
    struct spurn_text id, secret, token;
    struct spurn_text role_arn, role_name, session_name, external_id, policy;
    struct spurn_text source_profile;
    struct spurn_text token_file, provider_arn;
    struct spurn_text command, uri;
    struct spurn_text sign_in_url, sso_account, access_config, access_token;
    struct spurn_text sts_region, sts_endpoint;
    int64_t duration_s, keys_expire_s, access_expires_s; /* the last two since 1970 */
    bool uses_vpc;
};

/* A missing file is no failure. SPURN_E_FILE, SPURN_E_CREDENTIALS, SPURN_E_MEMORY. */
enum spurn_status alibaba_read_file(struct search *search, enum alibaba_kind kind,
                                    struct alibaba_file *file, struct spurn_error *err);
/* Looks for the profile called `name`; absent: the one that the CLI's file calls current, else "default". Adds the names of all to
 * `names`. Not there: *found is false, and out->name the name looked for. SPURN_E_CREDENTIALS: the file cannot be read whole. */
enum spurn_status alibaba_read_profile(struct search *search, const struct alibaba_file *file,
                                       struct spurn_text name, struct alibaba_profile *out,
                                       bool *found, struct sources_names *names,
                                       struct spurn_error *err);
/* How the file spells a member of a profile, by its place in struct alibaba_profile; NULL: not at all. */
const char *alibaba_spelling(enum alibaba_kind kind, size_t at);

#endif

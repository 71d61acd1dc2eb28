/* settings.h - what AWS's environment variables and profiles say besides keys, once the files are read. */
#ifndef SPURN_CREDENTIALS_AWS_SETTINGS_H
#define SPURN_CREDENTIALS_AWS_SETTINGS_H

#include "credentials/aws/profiles.h"
#include "credentials/search.h"

/* `s` is initialised by the caller. SPURN_E_CREDENTIALS: an endpoint that is no base URL. */
enum spurn_status aws_settings_read(const struct credentials_ask *ask,
                                    const struct aws_profiles *profiles,
                                    struct credentials_settings *s, struct spurn_error *err);
/* What the variable says, else the profile; absent where neither does. Borrowed. */
struct spurn_text aws_setting(const struct search *search, const char *variable,
                              const char *setting);

#endif

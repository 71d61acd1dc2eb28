/* profiles.h - AWS's two files as its own tools see them: profiles, sso-session and services sections. */
#ifndef SPURN_CREDENTIALS_AWS_PROFILES_H
#define SPURN_CREDENTIALS_AWS_PROFILES_H

#include "credentials/sources.h"

/* In the order in which they are looked at. */
enum aws_file { AWS_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_FILE_COUNT };

enum aws_section_kind { AWS_PROFILE, AWS_SSO_SESSION, AWS_SERVICES, AWS_OTHER_SECTION };

struct aws_profiles {
    struct sources_file files[AWS_FILE_COUNT]; /* without their text */
    const char *profile;                       /* the one that is asked for; in the arena */
    bool is_named; /* by the caller or the environment: then it has to be there */
    /* private */
    struct arena *arena;
    struct aws_section *first, *last;
};

/* Nothing but a name, "default". `arena` is for secrets, and must outlive `p`. */
void aws_profiles_init(struct aws_profiles *p, struct arena *arena);
/* The text of one file. SPURN_E_CREDENTIALS: it cannot be understood. */
enum spurn_status aws_profiles_add(struct aws_profiles *p, enum aws_file file,
                                   struct spurn_text text, struct spurn_error *err);
/* Both, for what `ask` wants. A missing file is empty. SPURN_E_FILE: one may not be read. */
enum spurn_status aws_profiles_read(const struct credentials_ask *ask, struct arena *arena,
                                    struct aws_profiles *p, struct spurn_error *err);

bool aws_profiles_has(const struct aws_profiles *p, enum aws_section_kind kind,
                      struct spurn_text name);
/* A setting of a section, absent where it is not set (and empty where it is set to nothing). Of a profile the credentials file's comes
 * before the config file's. Lines that stand deeper belong to it, a newline before each. */
struct spurn_text aws_profiles_get(const struct aws_profiles *p, enum aws_section_kind kind,
                                   struct spurn_text name, const char *setting);
/* The same in one file only. */
struct spurn_text aws_profiles_get_in(const struct aws_profiles *p, enum aws_file file,
                                      struct spurn_text profile, const char *setting);
/* "x" of a setting "\ny = 1\nx = 2"; absent when it is not there. */
struct spurn_text aws_profiles_nested(struct spurn_text setting, const char *name);
/* Which file says it; the credentials file when neither does. */
enum aws_file aws_profiles_where(const struct aws_profiles *p, struct spurn_text profile,
                                 const char *setting);
/* The file that has a section of this profile; the credentials file before the config file. */
const char *aws_profiles_path(const struct aws_profiles *p, struct spurn_text profile);
/* The names of profiles that there are. */
void aws_profiles_list(const struct aws_profiles *p, struct sources_names *names);

#endif

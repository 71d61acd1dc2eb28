/* sources.h - what one of AWS's profiles leads to: keys, a role, single sign-on, a program. */
#ifndef SPURN_CREDENTIALS_AWS_SOURCES_H
#define SPURN_CREDENTIALS_AWS_SOURCES_H

#include "credentials/aws/profiles.h"
#include "credentials/search.h"

/* One profile that is looked at. */
struct aws_profile {
    struct search *search;
    const struct aws_profiles *files;
    struct spurn_text name;
    bool
        is_asked_for; /* by the caller, or another profile's source: the environment does not speak for it */
};

/* A setting of either file; absent where neither has it. */
struct spurn_text aws_profile_get(const struct aws_profile *p, const char *setting);
/* "cannot use profile x: ..."; SOURCE_FAILED. */
enum source_answer aws_profile_refuse(const struct aws_profile *p, struct spurn_error *err,
                                      const char *fmt, ...) SPURN_PRINTF(3, 4);

/* One way from a profile to keys; answers as chain_link.look does. */
typedef enum source_answer aws_way(const struct aws_profile *p, struct source **out,
                                   struct spurn_error *err);

aws_way aws_way_role, aws_way_web_identity, aws_way_sso, aws_way_credentials_file, aws_way_login,
    aws_way_process, aws_way_config_file;
/* All of them but the role, in the order of AWS's own tools. */
aws_way aws_way_any;

/* Ways without a profile. */
enum source_answer aws_from_environment(struct search *search, struct source **out,
                                        struct spurn_error *err);
enum source_answer aws_from_container(struct search *search, struct source **out,
                                      struct spurn_error *err);
enum source_answer aws_from_instance(struct search *search, struct source **out,
                                     struct spurn_error *err);

/* `made` when memory was there for it. */
enum source_answer aws_found(struct source *made, struct source **out, struct spurn_error *err);
/* A source of keys that a place simply has; says which is missing. */
enum source_answer aws_found_keys(struct search *search, const struct sources_keys *keys,
                                  struct source **out, struct spurn_error *err);

#endif

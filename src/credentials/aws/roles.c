/* roles.c - AWS's profiles that mean a role: what its keys come from, through other profiles and their roles. */
#include "credentials/aws/service.h"
#include "credentials/aws/sources.h"

/* Source: botocore, credentials.py, AssumeRoleProvider and CanonicalNameCredentialSourcer. */

enum { ROLES_MAX = 32, SHOWN_MAX = 8 };

/* The profiles on the way, outermost first. */
struct visit {
    struct spurn_text names[ROLES_MAX + 1];
    size_t count;
};

static enum source_answer find_role(const struct aws_profile *p, struct visit *visit,
                                    struct source **out, struct spurn_error *err);

static bool means_role(const struct aws_profile *p)
{
    return aws_profile_get(p, "role_arn").at != NULL &&
           aws_profile_get(p, "web_identity_token_file").at == NULL;
}

static bool has_keys(const struct aws_profile *p)
{
    return aws_profile_get(p, "aws_access_key_id").at != NULL ||
           aws_profile_get(p, "aws_secret_access_key").at != NULL;
}

/* ---- where the role's keys come from ---- */

static bool was_visited(const struct visit *visit, struct spurn_text name)
{
    for (size_t i = 0; i < visit->count; i++)
        if (text_equal(visit->names[i], name))
            return true;
    return false;
}

static enum source_answer refuse_loop(const struct aws_profile *p, const struct visit *visit,
                                      struct spurn_text source, struct spurn_error *err)
{
    struct buf way;
    buf_init(&way, 1024);
    for (size_t i = 0; i < visit->count && i < SHOWN_MAX; i++)
        buf_addf(&way, "%.*s, ", TEXT_ARG(sources_shown(visit->names[i])));
    aws_profile_refuse(p, err, "source_profile goes in a circle: %s%.*s", buf_str(&way),
                       TEXT_ARG(sources_shown(source)));
    buf_clear(&way);
    return SOURCE_FAILED;
}

static enum source_answer refuse_missing(const struct aws_profile *p, struct spurn_text source,
                                         struct spurn_error *err)
{
    struct sources_names names = {.slip.written = source};
    struct buf advice;
    buf_init(&advice, SOURCES_PATH_MAX);
    aws_profiles_list(p->files, &names);
    slip_put(&names.slip, &advice);
    aws_profile_refuse(p, err, "its source_profile %.*s does not exist%s",
                       TEXT_ARG(sources_shown(source)), buf_str(&advice));
    buf_clear(&advice);
    return SOURCE_FAILED;
}

/* A profile may be its own source when it has keys beside its role. */
static enum source_answer check_source(const struct aws_profile *p, const struct visit *visit,
                                       const struct aws_profile *source, struct spurn_error *err)
{
    if (!aws_profiles_has(p->files, AWS_PROFILE, source->name))
        return refuse_missing(p, source->name, err);
    bool is_own_source = text_equal(source->name, p->name) && has_keys(source);
    if (was_visited(visit, source->name) && !is_own_source)
        return refuse_loop(p, visit, source->name, err);
    if (visit->count == ROLES_MAX)
        return aws_profile_refuse(p, err,
                                  "more than %d profiles follow on one another by "
                                  "source_profile",
                                  ROLES_MAX);
    return SOURCE_KEYS;
}

static enum source_answer find_by_profile(const struct aws_profile *p, struct visit *visit,
                                          struct spurn_text name, struct source **out,
                                          struct spurn_error *err)
{
    const struct aws_profile source = {p->search, p->files, name, true};
    if (check_source(p, visit, &source, err) == SOURCE_FAILED)
        return SOURCE_FAILED;
    visit->names[visit->count++] = name;
    if (!has_keys(&source) && means_role(&source))
        return find_role(&source, visit, out, err);
    enum source_answer answer = aws_way_any(&source, out, err);
    if (answer == SOURCE_NOTHING)
        return aws_profile_refuse(p, err, "its source_profile %.*s has no keys",
                                  TEXT_ARG(sources_shown(name)));
    return answer;
}

static enum source_answer find_by_name(const struct aws_profile *p, struct spurn_text name,
                                       struct source **out, struct spurn_error *err)
{
    static const struct {
        const char *name;
        enum source_answer (*find)(struct search *search, struct source **out,
                                   struct spurn_error *err);
    } rows[] = {
        {"Environment", aws_from_environment},
        {"EcsContainer", aws_from_container},
        {"Ec2InstanceMetadata", aws_from_instance},
    };
    enum { COUNT = sizeof rows / sizeof rows[0] };
    size_t i = 0;
    while (i < COUNT && !text_is(name, rows[i].name))
        i++;
    if (i == COUNT)
        return aws_profile_refuse(p, err,
                                  "its credential_source %.*s is none of Environment, "
                                  "EcsContainer, Ec2InstanceMetadata",
                                  TEXT_ARG(sources_shown(name)));
    enum source_answer answer = rows[i].find(p->search, out, err);
    if (answer == SOURCE_NOTHING)
        return aws_profile_refuse(p, err, "its credential_source %s has no keys", rows[i].name);
    return answer;
}

static enum source_answer find_base(const struct aws_profile *p, struct visit *visit,
                                    struct source **out, struct spurn_error *err)
{
    struct spurn_text profile = aws_profile_get(p, "source_profile"),
                      named = aws_profile_get(p, "credential_source");
    if (profile.at != NULL && named.at != NULL)
        return aws_profile_refuse(p, err,
                                  "it has both source_profile and credential_source; "
                                  "remove one of them");
    if (profile.at == NULL && named.at == NULL)
        return aws_profile_refuse(p, err,
                                  "it has role_arn, but neither source_profile nor "
                                  "credential_source says whose keys assume it");
    return named.at != NULL ? find_by_name(p, named, out, err)
                            : find_by_profile(p, visit, profile, out, err);
}

/* ---- the role ---- */

/* What cannot be read is as if it were not there, as in AWS's own tools, but not in silence. */
static int64_t read_duration(const struct aws_profile *p)
{
    enum { DIGITS_MAX = 9 };
    int64_t duration_s = 0;
    struct spurn_text text = aws_profile_get(p, "duration_seconds");
    if (text.at == NULL)
        return 0;
    if (!text_all_digits(text) || text.len > DIGITS_MAX) {
        log_warn(p->search->ask.log, "profile %.*s: duration_seconds is no number of seconds",
                 TEXT_ARG(sources_shown(p->name)));
        return 0;
    }
    for (size_t i = 0; i < text.len; i++)
        duration_s = duration_s * 10 + (text.at[i] - '0');
    return duration_s;
}

static enum source_answer append_role(const struct aws_profile *p, struct spurn_text arn,
                                      struct source *base, struct spurn_error *err)
{
    struct source *last = base;
    while (last->then != NULL)
        last = last->then;
    struct spurn_text session = aws_profile_get(p, "role_session_name");
    struct source *role =
        search_source(p->search, &source_aws_role, "role %.*s with %s", TEXT_ARG(arn), last->what);
    if (role == NULL) {
        spurn_fail_memory(err);
        return SOURCE_FAILED;
    }
    role->settings.role_arn = search_copy(p->search, arn);
    role->settings.external_id = search_copy(p->search, aws_profile_get(p, "external_id"));
    role->settings.session_name =
        session.len == 0 ? text_of("spurn") : search_copy(p->search, session);
    role->settings.duration_s = read_duration(p);
    last->then = role;
    return SOURCE_KEYS;
}

static enum source_answer find_role(const struct aws_profile *p, struct visit *visit,
                                    struct source **out, struct spurn_error *err)
{
    struct spurn_text arn = aws_profile_get(p, "role_arn");
    if (!aws_is_role(arn))
        return aws_profile_refuse(p, err,
                                  "its role_arn is not of the form "
                                  "arn:aws:iam::ACCOUNT:role/NAME, ACCOUNT being 12 digits");
    enum source_answer answer = find_base(p, visit, out, err);
    if (answer != SOURCE_KEYS)
        return answer;
    if (aws_profile_get(p, "mfa_serial").at != NULL)
        return aws_profile_refuse(
            p, err,
            "its role wants a code of an MFA device (mfa_serial), which cannot be asked for here; "
            "put keys of aws sts get-session-token --serial-number ... --token-code ... into a "
            "profile or the environment, or use a profile with credential_process");
    return append_role(p, arn, *out, err);
}

enum source_answer aws_way_role(const struct aws_profile *p, struct source **out,
                                struct spurn_error *err)
{
    struct visit visit = {{p->name}, 1};
    return means_role(p) ? find_role(p, &visit, out, err) : SOURCE_NOTHING;
}

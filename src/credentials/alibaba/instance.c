/* instance.c - keys of the RAM role of the ECS instance this runs on, from its metadata service. */
#include <stdio.h>

#include "credentials/alibaba/answer.h"

/* Source: credentials-go, providers/ecs_ram_role.go: a token first; where none is given the older way without, unless that is switched
 * off; a second to connect and one to answer. */

enum { TOKEN, ROLE, KEYS }; /* stages */

enum {
    WAIT_MS = 1000,
    TRIES_ON_ECS =
        3, /* once a token came, this is such an instance, and a lost answer is bad luck */
    ROLE_LEN_MAX = 64,
    TOKEN_LEN_MAX = 4096
};

static const char role_path[] = "/latest/meta-data/ram/security-credentials/";

static const char sentence[] = "cannot use the RAM role of this ECS instance";

static bool is_role_name(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            c != '.' && c != '_' && c != '-')
            return false;
    }
    return text.len > 0 && text.len <= ROLE_LEN_MAX;
}

static bool is_token(struct spurn_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return text.len > 0 && text.len <= TOKEN_LEN_MAX;
}

/* Without white space at its ends. */
static struct spurn_text trimmed(struct spurn_text text)
{
    while (text.len > 0 && (unsigned char)text.at[0] <= ' ') {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    return text;
}

/* ---- what to ask ---- */

static enum spurn_status aim(struct search *search, struct spurn_error *err)
{
    const char *given = search->ask.endpoints.metadata;
    search->is_near = true;
    search->connect_ms = WAIT_MS;
    search->answer_ms = WAIT_MS;
    return search_aim(search, text_of(given == NULL ? "http://100.100.100.200" : given), err);
}

static void set_path(struct request *request, struct spurn_text role)
{
    char path[sizeof role_path + ROLE_LEN_MAX];
    snprintf(path, sizeof path, "%s%.*s", role_path, TEXT_ARG(role));
    request_set_path(request, text_of(path));
}

static enum source_answer ask_instance(struct search *search, struct source *source,
                                       struct spurn_error *err)
{
    struct spurn_text role =
        source->settings.role_name.len > 0 ? source->settings.role_name : source->kept[1];
    if (role.len > 0 && !is_role_name(role))
        return source_failed(spurn_fail(err, SPURN_E_CREDENTIALS, "%s: %.*s is no name of a role",
                                        sentence, TEXT_ARG(sources_shown(role))));
    if (source->stage == ROLE && role.len > 0)
        source->stage = KEYS;
    struct request *request = search_request(search, source->stage == TOKEN ? "PUT" : "GET");
    if (aim(search, err) != SPURN_OK)
        return SOURCE_FAILED;
    if (source->stage == TOKEN) {
        request_set_path(request, text_of("/latest/api/token"));
        request_add_header(request, "X-aliyun-ecs-metadata-token-ttl-seconds", text_of("21600"));
    } else {
        set_path(request, role);
        request_add_header(request, "X-aliyun-ecs-metadata-token", source->kept[0]);
    }
    search->tries = source->kept[0].len > 0 ? TRIES_ON_ECS : 1;
    return request->failed ? source_failed(spurn_fail_memory(err)) : SOURCE_SEND;
}

/* ---- what came back ---- */

static enum source_answer hear_token(struct search *search, struct source *source,
                                     const struct credentials_outcome *outcome,
                                     struct spurn_error *err)
{
    struct spurn_text token = TEXT_ABSENT;
    if (outcome->reply != NULL && outcome->reply->http_status == 200)
        token = trimmed(outcome->reply->body);
    bool is_given = is_token(token);
    if (!is_given && alibaba_is_set(search, "ALIBABA_CLOUD_IMDSV1_DISABLED")) {
        search_fail_reply(search, sentence, outcome, TEXT_ABSENT, TEXT_ABSENT, err);
        search_advise(err, "it gave no token, and ALIBABA_CLOUD_IMDSV1_DISABLED is set");
        return SOURCE_FAILED;
    }
    source->kept[0] = is_given ? search_copy(search, token) : TEXT_ABSENT;
    source->stage = ROLE;
    return SOURCE_SEND;
}

static enum source_answer hear_role(struct search *search, struct source *source,
                                    const struct credentials_outcome *outcome,
                                    struct spurn_error *err)
{
    if (outcome->reply == NULL || outcome->reply->http_status != 200) {
        search_fail_reply(search, sentence, outcome, TEXT_ABSENT, TEXT_ABSENT, err);
        if (outcome->reply != NULL && outcome->reply->http_status == 404)
            search_advise(err, "attach a RAM role to the instance");
        return SOURCE_FAILED;
    }
    struct spurn_text role = trimmed(outcome->reply->body);
    if (!is_role_name(role))
        return source_failed(spurn_fail(
            err, SPURN_E_CREDENTIALS, "%s: its metadata service does not name one role", sentence));
    source->kept[1] = search_copy(search, role);
    source->stage = KEYS;
    return SOURCE_SEND;
}

static enum source_answer hear_instance(struct search *search, struct source *source,
                                        const struct credentials_outcome *outcome,
                                        struct spurn_error *err)
{
    if (source->stage == TOKEN)
        return hear_token(search, source, outcome, err);
    if (source->stage == ROLE)
        return hear_role(search, source, outcome, err);
    return alibaba_answer_take(search, source, sentence, outcome, err);
}

const struct source_kind source_alibaba_instance = {ask_instance, hear_instance};

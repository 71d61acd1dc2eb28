/* errand.c - what a source of credentials sends, where to, and what a refusal says of it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "credentials/search.h"
#include "place/place.h"
#include "redact.h"

enum {
    TRIES = 3,
    CODE_LEN = 96,
    MESSAGE_LEN = 384, /* a server's words within a sentence of ours */
    HIDDEN_MAX = 64
};

struct request *search_request(struct search *search, const char *method)
{
    request_clear(&search->request);
    request_init_secret(&search->request, method); /* it waits for its reply */
    search->base_url[0] = '\0';
    search->is_near = false;
    search->tries = TRIES;
    search->connect_ms = 0;
    search->answer_ms = 0;
    return &search->request;
}

/* ---- where to ---- */

static bool is_plain(struct spurn_text url)
{
    for (size_t i = 0; i < url.len; i++)
        if (url.at[i] <= ' ' || url.at[i] == 0x7f || url.at[i] == '#')
            return false;
    return true;
}

/* Where the path begins: the first '/' behind "scheme://". */
static size_t base_len_of(struct spurn_text url)
{
    static const char mark[] = "://";
    for (size_t i = 0; i + sizeof mark - 1 <= url.len; i++) {
        if (memcmp(url.at + i, mark, sizeof mark - 1) != 0)
            continue;
        const char *host = url.at + i + sizeof mark - 1;
        const char *path = memchr(host, '/', url.len - (size_t)(host - url.at));
        return path == NULL ? url.len : (size_t)(path - url.at);
    }
    return url.len;
}

enum spurn_status search_aim(struct search *search, struct spurn_text url, struct spurn_error *err)
{
    size_t base_len = base_len_of(url);
    search->base_url[0] = '\0';
    if (url.len > 0 && base_len < sizeof search->base_url && is_plain(url)) {
        memcpy(search->base_url, url.at, base_len);
        search->base_url[base_len] = '\0';
    }
    struct spurn_text host = place_host_of(search->base_url);
    if (host.len == 0) {
        search->base_url[0] = '\0';
        return spurn_fail(err, SPURN_E_CREDENTIALS,
                          "cannot use %s: its address is not of the form https://host[:port]/path",
                          search->source == NULL ? "this endpoint" : search->source->what);
    }
    request_set_host(&search->request, host);
    if (base_len < url.len)
        request_set_path(&search->request,
                         (struct spurn_text){url.at + base_len, url.len - base_len});
    return SPURN_OK;
}

/* ---- a refusal ---- */

void search_advise(struct spurn_error *err, const char *advice)
{
    if (err == NULL || advice == NULL)
        return;
    char said[sizeof err->text];
    snprintf(said, sizeof said, "%s", err->text);
    size_t len = strlen(said);
    if (len > 0 && said[len - 1] == '.')
        said[len - 1] = '\0';
    spurn_fail(err, err->status, "%s; %s", said, advice);
}

const char *search_external_id(const struct source *source)
{
    return source->settings.external_id.len > 0
               ? "an external id was sent: see that it is the one that the trust policy asks for"
               : "no external id was sent: where the trust policy asks for one, write it as "
                 "external_id";
}

struct hidden {
    struct spurn_text texts[HIDDEN_MAX];
    size_t count;
};

static void hide(struct hidden *hidden, struct spurn_text text)
{
    if (text.len > 0 && hidden->count < HIDDEN_MAX)
        hidden->texts[hidden->count++] = text;
}

static bool names_a_secret(struct spurn_text name)
{
    static const char *const words[] = {"token", "authorization", "signature", "accesskeyid"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i]);
        for (size_t k = 0; k + len <= name.len; k++)
            if (strncasecmp(name.at + k, words[i], len) == 0)
                return true;
    }
    return false;
}

/* "Bearer x" gives x. */
static struct spurn_text behind_blank(struct spurn_text value)
{
    for (size_t i = value.len; i > 0; i--)
        if (value.at[i - 1] == ' ')
            return (struct spurn_text){value.at + i, value.len - i};
    return TEXT_ABSENT;
}

static void hide_headers(struct hidden *hidden, const struct header *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!names_a_secret(list[i].name))
            continue;
        hide(hidden, list[i].value);
        hide(hidden, behind_blank(list[i].value));
    }
}

/* A form's fields, as they were sent. */
static void hide_form(struct hidden *hidden, struct spurn_text body)
{
    const char *at = body.at, *end = body.at + body.len;
    while (at < end) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        if (equals != NULL && names_a_secret((struct spurn_text){at, (size_t)(equals - at)}))
            hide(hidden, (struct spurn_text){equals + 1, (size_t)(stop - equals - 1)});
        at = stop + 1;
    }
}

/* Servers echo what they were sent when they refuse it. */
static void put_server_text(const struct search *search, struct spurn_text text, char *out,
                            size_t cap)
{
    struct hidden hidden = {.count = 0};
    hide(&hidden, search->keys.id);
    hide(&hidden, search->keys.secret);
    hide(&hidden, search->keys.token);
    hide_headers(&hidden, search->request.headers, search->request.header_count);
    hide_headers(&hidden, search->request.parameters, search->request.parameter_count);
    hide_form(&hidden, search->request.body);
    redact_put(out, cap, text);
    redact_secrets(out, cap, hidden.texts, hidden.count);
}

enum source_answer search_fail_reply(struct search *search, const char *what,
                                     const struct credentials_outcome *outcome,
                                     struct spurn_text code, struct spurn_text message,
                                     struct spurn_error *err)
{
    const struct reply *reply = outcome->reply;
    char shown_code[CODE_LEN], shown_message[MESSAGE_LEN];
    if (reply == NULL) {
        spurn_fail(err, SPURN_E_NETWORK, "%s: %s", what,
                   outcome->problem == NULL ? "no reply" : outcome->problem);
        return SOURCE_FAILED;
    }
    put_server_text(search, code, shown_code, sizeof shown_code);
    put_server_text(search, message, shown_message, sizeof shown_message);
    spurn_fail(err, SPURN_E_CREDENTIALS, "%s: %.*s answered %d%s%s%s%s%s", what,
               TEXT_ARG(search->request.host), reply->http_status, shown_code[0] == '\0' ? "" : " ",
               shown_code, shown_message[0] == '\0' ? "" : ": ", shown_message,
               reply->http_status / 100 == 3 ? "; redirects are not followed" : "");
    return SOURCE_FAILED;
}

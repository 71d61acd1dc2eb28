/* problem.c - why no reply came, and what can be done about it, in words for people. */
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/private.h"

enum { SHOWN_MAX = 200, PROXY_REFUSES = 407, LEAST_REFUSAL = 400 }; /* HTTP status */

/* Where it was sent. */
struct aim {
    bool is_https;
    struct spurn_text base; /* scheme and host: the query is nobody's business */
    struct spurn_text host; /* without its port */
};

static struct aim aim_of(const struct slot *slot)
{
    char *url = NULL;
    curl_easy_getinfo(slot->easy, CURLINFO_EFFECTIVE_URL, &url);
    if (url == NULL)
        return (struct aim){.is_https = false};
    const char *mark = strstr(url, "://"), *host = mark == NULL ? url : mark + 3;
    size_t host_len = strcspn(host, "/?");
    size_t name_len = host[0] == '[' ? strcspn(host, "]/?") + 1 : strcspn(host, ":/?");
    return (struct aim){
        .is_https = strncasecmp(url, "https:", 6) == 0,
        .base = {url, (size_t)(host - url) + host_len},
        .host = {host, name_len < host_len ? name_len : host_len},
    };
}

/* ---- the proxy on the way ---- */

/* A proxy that the environment names for this address. */
struct proxy {
    const char *variable; /* NULL: none */
    bool is_sure;         /* it was on the way; else no_proxy may keep the host out */
};

/* libcurl reads the environment by itself, and only from 8.7 on tells what it made of it: the same is done here. HTTP_PROXY does not
 * count: whoever sends a request to a CGI program sets it. Source: libcurl, CURLOPT_PROXY and CURLOPT_NOPROXY. */
static const char *proxy_variable(bool is_https)
{
    static const char *const of_http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
    static const char *const of_https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                           NULL};
    const char *const *names = is_https ? of_https : of_http;
    for (; *names != NULL; names++) {
        const char *value = getenv(*names);
        if (value != NULL && value[0] != '\0')
            return *names;
    }
    return NULL;
}

static bool is_address(struct spurn_text host)
{
    for (size_t i = 0; i < host.len; i++)
        if ((host.at[i] < '0' || host.at[i] > '9') && host.at[i] != '.')
            return host.at[0] == '[';
    return true;
}

/* "example.com" and ".example.com" stand for that host and all below it. */
static bool is_meant(struct spurn_text host, struct spurn_text entry)
{
    if (entry.len > 0 && entry.at[0] == '.')
        entry = (struct spurn_text){entry.at + 1, entry.len - 1};
    if (entry.len == 0 || entry.len > host.len)
        return false;
    const char *tail = host.at + host.len - entry.len;
    return strncasecmp(tail, entry.at, entry.len) == 0 &&
           (tail == host.at || (tail[-1] == '.' && !is_address(host)));
}

static struct proxy proxy_of(const struct slot *slot, const struct aim *aim)
{
    struct proxy proxy = {.variable = slot->is_near ? NULL : proxy_variable(aim->is_https),
                          .is_sure = true};
    const char *list = getenv("no_proxy");
    if (list == NULL || list[0] == '\0')
        list = getenv("NO_PROXY");
    if (proxy.variable == NULL || list == NULL)
        return proxy;
    if (strcmp(list, "*") == 0)
        proxy.variable = NULL;
    while (*list != '\0') {
        struct spurn_text entry = {list, strcspn(list, ", ")};
        if (is_meant(aim->host, entry))
            proxy.variable = NULL;
        if (is_address(aim->host) && memchr(entry.at, '/', entry.len) != NULL) /* a whole network */
            proxy.is_sure = false;
        list += entry.len + (list[entry.len] != '\0');
    }
    return proxy;
}

/* What it answered when it was asked to let us through; 0: it did, or was not asked. */
static long refusal_of(const struct slot *slot)
{
    long http_status = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_HTTP_CONNECTCODE, &http_status);
    return http_status >= LEAST_REFUSAL ? http_status : 0;
}

bool problem_is_proxys(const struct slot *slot, int http_status)
{
    const struct aim aim = aim_of(slot);
    return http_status == PROXY_REFUSES && proxy_of(slot, &aim).variable != NULL;
}

/* ---- what to do ---- */

/* Source: OpenSSL, X509_STORE_CTX_get_error. */
static const char *certificate_advice(const struct slot *slot)
{
    static const char authority[] =
        "; whoever signed it is not trusted here: where that is right, name the file of such "
        "authorities with AWS_CA_BUNDLE or a profile's ca_bundle, or add them to this machine's";
    static const char clock[] = "; see that this machine's clock is right";
    static const struct {
        long code;
        const char *advice;
    } rows[] = {
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, authority},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, authority},
        {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, authority},
        {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, authority},
        {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, authority},
        {X509_V_ERR_CERT_NOT_YET_VALID, clock},
        {X509_V_ERR_CERT_HAS_EXPIRED, clock},
    };
    long code = X509_V_OK;
    curl_easy_getinfo(slot->easy, CURLINFO_SSL_VERIFYRESULT, &code);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].advice;
    return "";
}

static const char *advice_on(const struct slot *slot, CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "; see that region and endpoint are spelled right, and that this machine's DNS "
               "knows the host";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "; see how the proxy is spelled";
    case CURLE_PEER_FAILED_VERIFICATION:
        return certificate_advice(slot);
    default:
        return "";
    }
}

/* ---- the sentence ---- */

static void tell_refusal(struct slot *slot, const struct aim *aim, const struct proxy *proxy,
                         long http_status)
{
    if (http_status == PROXY_REFUSES)
        snprintf(slot->why, sizeof slot->why,
                 "the proxy answered %ld: it wants a name and a password, or others; write them "
                 "into %s, http://NAME:PASSWORD@HOST:PORT",
                 http_status, proxy->variable != NULL ? proxy->variable : "its variable");
    else
        snprintf(slot->why, sizeof slot->why,
                 "the proxy answered %ld: see that it lets through what goes to %.*s", http_status,
                 TEXT_ARG(aim->host));
}

static void tell_bundle(struct slot *slot, const struct aim *aim)
{
    bool is_named = slot->ca_bundle_from != NULL;
    snprintf(slot->problem, sizeof slot->problem,
             "cannot ask %.*s: cannot read the certificate authorities in %s%s%s%s",
             TEXT_ARG(aim->base), slot->ca_bundle, is_named ? ", which " : "",
             is_named ? slot->ca_bundle_from : "", is_named ? " names" : "");
}

const char *problem_of(struct slot *slot, CURLcode code)
{
    struct aim aim = aim_of(slot);
    const struct proxy proxy = proxy_of(slot, &aim);
    char way[64] = "";
    if (aim.base.len > SHOWN_MAX)
        aim.base.len = SHOWN_MAX;
    if (code == CURLE_SSL_CACERT_BADFILE && slot->ca_bundle != NULL) {
        tell_bundle(slot, &aim);
        return slot->problem;
    }
    long refusal = code == CURLE_OK ? PROXY_REFUSES : refusal_of(slot);
    if (refusal != 0)
        tell_refusal(slot, &aim, &proxy, refusal);
    if (proxy.variable != NULL)
        snprintf(way, sizeof way,
                 proxy.is_sure ? " through the proxy of %s" : " (a proxy is set in %s)",
                 proxy.variable);
    bool is_ours = slot->why[0] != '\0';
    const char *what =
        slot->curl_problem[0] != '\0' ? slot->curl_problem : curl_easy_strerror(code);
    snprintf(slot->problem, sizeof slot->problem, "no reply from %.*s%s: %s%s", TEXT_ARG(aim.base),
             way, is_ours ? slot->why : what, is_ours ? "" : advice_on(slot, code));
    return slot->problem;
}

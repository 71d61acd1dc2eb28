/* url.c - base URLs: whose host they name, and whether what goes there can be read on the way. */
#include "place/place.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_DIGITS_MAX = 5, PORT_MAX = 65535 };

/* "ram.us-east-1.amazonaws.com", "[fd00:ec2::23]": how many bytes at the head of `url` are a host; 0: none. */
static size_t host_len(const char *url)
{
    if (url[0] == '[') {
        size_t address_len = strspn(url + 1, "0123456789abcdefABCDEF:.");
        return address_len > 0 && url[1 + address_len] == ']' ? address_len + 2 : 0;
    }
    return strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
}

/* ":8443" and nothing after it. */
static bool is_port(const char *text)
{
    size_t digits = strspn(text + 1, "0123456789");
    return text[0] == ':' && digits > 0 && digits <= PORT_DIGITS_MAX && text[1 + digits] == '\0' &&
           strtol(text + 1, NULL, 10) <= PORT_MAX;
}

struct spurn_text place_host_of(const char *url)
{
    bool is_https = strncmp(url, "https://", 8) == 0;
    if (!is_https && strncmp(url, "http://", 7) != 0)
        return TEXT_ABSENT;
    const char *host = url + (is_https ? 8 : 7);
    size_t len = host_len(host);
    const char *port = host + len;
    if (len == 0 || (port[0] != '\0' && !is_port(port)))
        return TEXT_ABSENT;
    bool is_own_port = strcmp(port, is_https ? ":443" : ":80") == 0;
    return (struct spurn_text){host, is_own_port ? len : strlen(host)};
}

static bool is_this_machine(struct spurn_text host)
{
    const char *colon = host.at[0] != '[' ? memchr(host.at, ':', host.len) : NULL;
    if (colon != NULL)
        host.len = (size_t)(colon - host.at);
    if (text_is(host, "localhost") || text_starts(host, "[::1]"))
        return true;
    for (size_t i = 0; i < host.len; i++) /* a name such as 127.example.com is another machine's */
        if ((host.at[i] < '0' || host.at[i] > '9') && host.at[i] != '.')
            return false;
    return text_starts(host, "127.");
}

bool place_is_clear_text(const char *url)
{
    struct spurn_text host = place_host_of(url);
    return host.at != NULL && strncmp(url, "http://", 7) == 0 && !is_this_machine(host);
}

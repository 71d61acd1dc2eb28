/* place_url_test.c - what is a base URL, whose host it names, and whether it can be read on the way. */
#include "place/place.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static void a_base_url_names_a_host_and_perhaps_a_port(void)
{
    static const struct {
        const char *url, *host; /* NULL: no base URL */
    } rows[] = {
        {"https://ram.us-east-1.amazonaws.com", "ram.us-east-1.amazonaws.com"},
        {"https://ram.example:443", "ram.example"},
        {"https://ram.example:80", "ram.example:80"},
        {"http://ram.example:80", "ram.example"},
        {"http://127.0.0.1:8080", "127.0.0.1:8080"},
        {"http://[::1]:8080", "[::1]:8080"},
        {"http://[fd00:ec2::254]", "[fd00:ec2::254]"},
        {"https://vpce_1.example:65535", "vpce_1.example:65535"},
        {"https://x.example/", NULL},
        {"https://x.example/path", NULL},
        {"https://x.example?q", NULL},
        {"https://x.example#f", NULL},
        {"https://user:password@x.example", NULL},
        {"https://x.example:", NULL},
        {"https://x.example:0x50", NULL},
        {"https://x.example:65536", NULL},
        {"https://x.example:443:443", NULL},
        {"https://x example", NULL},
        {"https://x.example\r\nHost: y", NULL},
        {"https://x.example\\y", NULL},
        {"https://", NULL},
        {"https://:443", NULL},
        {"http://[::1", NULL},
        {"http://[]", NULL},
        {"http://[::1]x", NULL},
        {"ftp://x.example", NULL},
        {"HTTPS://x.example", NULL},
        {"x.example", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(rows[i].url, place_host_of(rows[i].url), text_of(rows[i].host));
}

static void plain_http_to_another_machine_is_clear_text(void)
{
    static const struct {
        const char *url;
        bool want;
    } rows[] = {
        {"https://x.example", false},       {"http://x.example", true},
        {"http://x.example:443", true},     {"http://127.0.0.1:8080", false},
        {"http://127.1.2.3", false},        {"http://localhost:1", false},
        {"http://[::1]:8080", false},       {"http://[::2]:8080", true},
        {"http://127.example.com", true},   {"http://localhost.example", true},
        {"http://10.0.0.1", true},          {"http://169.254.169.254", true},
        {"http://user@127.0.0.1/x", false}, {"nonsense", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].url, place_is_clear_text(rows[i].url), rows[i].want);
}

static const struct unit_test tests[] = {
    {"a_base_url_names_a_host_and_perhaps_a_port", a_base_url_names_a_host_and_perhaps_a_port},
    {"plain_http_to_another_machine_is_clear_text", plain_http_to_another_machine_is_clear_text},
};

UNIT_MAIN(tests)

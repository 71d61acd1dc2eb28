/* reply_fuzz.c - whatever a cloud answers: reading ends, an answer that was read whole has ids that may be used, and nothing
 * that people get to see can steer a terminal. */
#include <stdlib.h>
#include <string.h>

#include "cloud/cloud.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_inside(const char *text, size_t cap)
{
    size_t len = strnlen(text, cap);
    require(len < cap && text_utf8_len(text_of(text)) == len);
    for (size_t i = 0; i < len; i++)
        require((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
}

static void require_sentence(const struct spurn_error *err)
{
    require(strncmp(err->text, "cannot read the reply to ", 25) == 0 ||
            err->status == SPURN_E_MEMORY);
    require(strchr(err->text, '\n') == NULL);
}

static void read_invitations(const struct cloud *cloud,
                             enum spurn_status (*read)(const struct reply *reply,
                                                       struct cloud_page *page,
                                                       struct spurn_error *err),
                             const struct reply *reply)
{
    struct cloud_page page;
    struct spurn_error err = {0};
    cloud_page_init(&page);
    if (read(reply, &page, &err) == SPURN_OK) {
        require(page.next_token.at == NULL || page.next_token.len > 0);
        for (size_t i = 0; i < page.count; i++) {
            const struct cloud_site site = {.region = {"us-east-1", 9}};
            char why[256];
            require(cloud->is_invitation_id(page.items[i].id));
            const char *foreign = cloud->foreign(&page.items[i], &site, why);
            if (foreign != NULL)
                require_inside(foreign, sizeof why);
        }
    } else {
        require(page.count == 0);
        require_sentence(&err);
    }
    cloud_page_clear(&page);
}

static void read_resources(const struct cloud *cloud, const struct reply *reply)
{
    struct cloud_resources list;
    struct spurn_error err = {0};
    if (cloud->read_resources == NULL)
        return;
    cloud_resources_init(&list);
    if (cloud->read_resources(reply, &list, &err) != SPURN_OK)
        require_sentence(&err);
    cloud_resources_clear(&list);
}

static void read_error(const struct cloud *cloud, const struct reply *reply)
{
    const struct spurn_text hide[] = {reply->headers[0].value, {"AKIDEXAMPLE", 11}};
    struct cloud_error error;
    cloud->read_error(reply, &error);
    for (int round = 0; round < 2; round++) {
        require_inside(error.code, sizeof error.code);
        require_inside(error.message, sizeof error.message);
        require_inside(error.request_id, sizeof error.request_id);
        cloud_error_redact(&error, hide, 2);
    }
    require(error.code[0] != '\0' && error.label != NULL && error.label[0] != '\0');
    require(error.retry_after_ms >= 0 && error.retry_after_ms <= 60000);
    require(strstr(error.message, "AKIDEXAMPLE") == NULL);
}

/* The first byte chooses the cloud and the status, the first line is the value of every header, the rest is the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 400, 403, 409, 429, 500, 503, 302};
    static const char *const names[] = {"x-amzn-errortype", "x-amzn-requestid", "retry-after",
                                        "x-ratelimit-user"};
    if (size == 0)
        return 0;
    const struct cloud *cloud = cloud_at(data[0] & 1);
    struct reply reply = {.http_status = statuses[data[0] >> 1 & 7]};
    const char *at = (const char *)data + 1, *end = (const char *)data + size;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *line_end = newline == NULL ? at : newline;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        reply.headers[reply.header_count++] =
            (struct header){{names[i], strlen(names[i])}, {at, (size_t)(line_end - at)}};
    const char *body = newline == NULL ? at : newline + 1;
    reply.body = (struct spurn_text){body, (size_t)(end - body)};

    read_invitations(cloud, cloud->read_page, &reply);
    read_invitations(cloud, cloud->read_rejected, &reply);
    read_resources(cloud, &reply);
    read_error(cloud, &reply);
    return 0;
}

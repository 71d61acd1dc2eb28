/* describe.c - what an error answer means and what to do about it, in one sentence. */
#include <stdio.h>
#include <string.h>

#include "cloud/cloud.h"

enum { NEED_LEN = 160 };

static const struct {
    enum cloud_error_kind kind;
    const char *advice;
} advices[] = {
    {CLOUD_ERROR_KEYS, "; check the access key id and its secret"},
    {CLOUD_ERROR_KEYS_EXPIRED, "; these keys have expired, fetch new ones"},
    {CLOUD_ERROR_CLOCK, "; check this machine's clock"},
};

static const char *advice_on(enum cloud_error_kind kind)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (advices[i].kind == kind)
            return advices[i].advice;
    return "";
}

enum spurn_status cloud_describe_answer(const char *title, const struct cloud_error *error,
                                        const char *need, struct spurn_error *err)
{
    size_t message_len = strlen(error->message);
    if (message_len > 0 && error->message[message_len - 1] == '.')
        message_len--;
    return spurn_fail(err, SPURN_E_CLOUD, "%s answered %s%s%.*s%s", title, error->code,
                      message_len > 0 ? ": " : "", (int)message_len, error->message,
                      error->kind == CLOUD_ERROR_REFUSED ? need : advice_on(error->kind));
}

enum spurn_status cloud_describe(const struct cloud *cloud, enum cloud_operation operation,
                                 const struct cloud_error *error, struct spurn_error *err)
{
    char need[NEED_LEN];
    snprintf(need, sizeof need, "; allow these keys %s", cloud->permissions[operation]);
    return cloud_describe_answer(cloud->title, error, need, err);
}

/* describe.c - what an error answer means and what to do about it, in one sentence. */
#include <string.h>

#include "cloud/cloud.h"

static const struct {
    enum cloud_error_kind kind;
    const char *advice;
} advices[] = {
    {CLOUD_ERROR_KEYS, "; check the access key id and its secret"},
    {CLOUD_ERROR_KEYS_EXPIRED, "; these keys have expired, fetch new ones"},
    {CLOUD_ERROR_REFUSED, "; allow these keys "},
    {CLOUD_ERROR_CLOCK, "; check this machine's clock"},
};

static const char *advice_on(enum cloud_error_kind kind)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (advices[i].kind == kind)
            return advices[i].advice;
    return "";
}

enum spurn_status cloud_describe(const struct cloud *cloud, enum cloud_operation operation,
                                 const struct cloud_error *error, struct spurn_error *err)
{
    const char *permission =
        error->kind == CLOUD_ERROR_REFUSED ? cloud->permissions[operation] : "";
    size_t message_len = strlen(error->message);
    if (message_len > 0 && error->message[message_len - 1] == '.')
        message_len--;
    return spurn_fail(err, SPURN_E_CLOUD, "%s answered %s%s%.*s%s%s", cloud->title, error->code,
                      message_len > 0 ? ": " : "", (int)message_len, error->message,
                      advice_on(error->kind), permission);
}

/* invitation.c - one invitation to a resource share, whichever cloud it came from. */
#include "invitation.h"

#include <inttypes.h>

static const struct {
    enum invitation_status status;
    const char *name;
} statuses[] = {
    {STATUS_PENDING, "PENDING"},     {STATUS_ACCEPTED, "ACCEPTED"},
    {STATUS_REJECTED, "REJECTED"},   {STATUS_EXPIRED, "EXPIRED"},
    {STATUS_CANCELLED, "CANCELLED"}, {STATUS_ACCEPT_FAILED, "ACCEPT_FAILED"},
};

enum { STATUS_COUNT = sizeof statuses / sizeof statuses[0] };

const char *invitation_status_name(enum invitation_status status)
{
    for (size_t i = 0; i < STATUS_COUNT; i++)
        if (statuses[i].status == status)
            return statuses[i].name;
    return "OTHER";
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The same letters, whatever their case and however many '_' stand between them. */
static bool same_word(struct spurn_text word, const char *name)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] == '_')
            continue;
        while (*name == '_')
            name++;
        if (upper(word.at[i]) != *name || *name == '\0')
            return false;
        name++;
    }
    return *name == '\0';
}

enum invitation_status invitation_status_of(struct spurn_text word)
{
    for (size_t i = 0; i < STATUS_COUNT; i++)
        if (same_word(word, statuses[i].name))
            return statuses[i].status;
    return STATUS_OTHER;
}

enum { TOKEN_NAME_LEN_MAX = 4096 }; /* an ARN has at most 2,048 bytes */

bool invitation_client_token(struct digest *d, const struct origin *origin,
                             const struct invitation *inv, int64_t generation, char out[37])
{
    struct buf name;
    bool ok = false;
    out[0] = '\0';
    buf_init(&name, TOKEN_NAME_LEN_MAX);
    buf_addf(&name, "spurn:reject:1\n%.*s\n%.*s\n%.*s\n%" PRId64 "\n%" PRId64,
             TEXT_ARG(origin->account), TEXT_ARG(origin->region), TEXT_ARG(inv->id),
             inv->has_created ? inv->created_ms : 0, generation);
    if (!name.failed)
        ok = digest_uuid5_url(d, buf_text(&name), out);
    buf_clear(&name);
    return ok;
}

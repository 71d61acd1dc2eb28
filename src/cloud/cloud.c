/* cloud.c - the clouds there are, and what their pages and errors are to everybody else. */
#include "cloud/cloud.h"

#include <stdlib.h>
#include <string.h>

/* A page's arena holds a copy of the reply, its strings once more where they had escapes, and little else; a reply is at most 16
 * MiB. */
enum { PAGE_LEN_MAX = 33 * 1024 * 1024 };

static const struct cloud *const clouds[] = {&cloud_aws, &cloud_alibaba};

enum { CLOUD_COUNT = sizeof clouds / sizeof clouds[0] };

const struct cloud *cloud_at(size_t index)
{
    return index < CLOUD_COUNT ? clouds[index] : NULL;
}

const struct cloud *cloud_named(struct spurn_text name)
{
    for (size_t i = 0; i < CLOUD_COUNT; i++)
        if (text_is(name, clouds[i]->name))
            return clouds[i];
    return NULL;
}

/* "eu-" */
static struct spurn_text area_of(struct spurn_text region)
{
    const char *dash = region.len > 0 ? memchr(region.at, '-', region.len) : NULL;
    return (struct spurn_text){region.at, dash != NULL ? (size_t)(dash - region.at) + 1 : 0};
}

/* "eu-west-" */
static struct spurn_text without_number(struct spurn_text region)
{
    while (region.len > 0 && region.at[region.len - 1] >= '0' && region.at[region.len - 1] <= '9')
        region.len--;
    return region;
}

/* Known, or one that may open any day: another number, or in an area that has none like it. */
static bool may_be_new(struct spurn_text region, struct spurn_text known)
{
    return text_equal(without_number(region), without_number(known)) ||
           !text_equal(area_of(region), area_of(known));
}

bool cloud_has_region(struct spurn_text region, const char **meant)
{
    enum { SLIP_LETTERS = 2 };
    size_t least = SLIP_LETTERS + 1, letters;
    bool is_one = false;
    *meant = NULL;
    for (size_t i = 0; i < CLOUD_COUNT; i++) {
        const char *nearest = place_nearest(clouds[i]->regions, region, &letters);
        is_one |= clouds[i]->is_region(region);
        if (letters < least) {
            least = letters;
            *meant = nearest;
        }
    }
    if (is_one && *meant != NULL && may_be_new(region, text_of(*meant)))
        *meant = NULL;
    return is_one && *meant == NULL;
}

void cloud_page_init(struct cloud_page *page)
{
    *page = (struct cloud_page){.items = NULL};
    arena_init(&page->arena, PAGE_LEN_MAX);
}

void cloud_page_clear(struct cloud_page *page)
{
    free(page->items);
    arena_clear(&page->arena);
    cloud_page_init(page);
}

void cloud_resources_init(struct cloud_resources *list)
{
    *list = (struct cloud_resources){.items = NULL};
    arena_init(&list->arena, PAGE_LEN_MAX);
}

void cloud_resources_clear(struct cloud_resources *list)
{
    free(list->items);
    arena_clear(&list->arena);
    cloud_resources_init(list);
}

static const struct {
    enum cloud_error_kind kind;
    const char *name;
} kinds[] = {
    {CLOUD_ERROR_OTHER, "other"},
    {CLOUD_ERROR_ALREADY_REJECTED, "already rejected"},
    {CLOUD_ERROR_ALREADY_ACCEPTED, "already accepted"},
    {CLOUD_ERROR_EXPIRED, "expired"},
    {CLOUD_ERROR_CANCELLED, "cancelled"},
    {CLOUD_ERROR_NOT_FOUND, "not found"},
    {CLOUD_ERROR_REFUSED, "refused"},
    {CLOUD_ERROR_INVALID, "invalid request"},
    {CLOUD_ERROR_CLIENT_TOKEN, "client token refused"},
    {CLOUD_ERROR_THROTTLED, "throttled"},
    {CLOUD_ERROR_SERVER, "server error"},
    {CLOUD_ERROR_KEYS, "keys refused"},
    {CLOUD_ERROR_KEYS_EXPIRED, "keys expired"},
    {CLOUD_ERROR_CLOCK, "clocks differ"},
    {CLOUD_ERROR_NONCE, "nonce used twice"},
};

const char *cloud_error_kind_name(enum cloud_error_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return kinds[0].name;
}

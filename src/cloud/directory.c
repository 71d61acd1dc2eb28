/* directory.c - a page of an organization's accounts. */
#include "cloud/directory.h"

#include <stdlib.h>

/* Of a reply: a copy, its strings once more where they had escapes, and the accounts' tags. */
enum { PAGE_LEN_MAX = 33 * 1024 * 1024 };

void directory_page_init(struct directory_page *page)
{
    *page = (struct directory_page){.items = NULL};
    arena_init(&page->arena, PAGE_LEN_MAX);
}

void directory_page_clear(struct directory_page *page)
{
    free(page->items);
    arena_clear(&page->arena);
    directory_page_init(page);
}

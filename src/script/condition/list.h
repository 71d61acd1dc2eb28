/* list.h - a file of ids or names that a policy refers to, kept by the host outside Lua. */
#ifndef SPURN_SCRIPT_CONDITION_LIST_H
#define SPURN_SCRIPT_CONDITION_LIST_H

#include "error.h"
#include "match/set.h"

struct list {
    char *path; /* as errors name it */
    char *name; /* as the policy wrote it */
    struct buf text;
    struct set *items;
    int *lines; /* of each item, by its index in the set */
};

/* Reads `name`, which must lie beneath the folder of the policy at `policy_path`. One item a line, UTF-8; '#' begins a
 * comment; CRLF is taken; blank lines count for nothing. SPURN_E_POLICY names the list's own file and line, never its
 * text; an empty list is an error unless `may_be_empty`. */
enum spurn_status list_open(const char *policy_path, const char *name, bool may_be_empty,
                            struct list **out, struct spurn_error *err);
void list_close(struct list *l);

#endif

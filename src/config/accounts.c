/* accounts.c - reads a file of accounts, CSV or JSON. Its errors give lines and items, never its text. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "config/csv.h"
#include "config/private.h"
#include "file.h"
#include "match/set.h"

enum { WHY_LEN = 160 };
enum column { ACCOUNT, LABEL, ROLE, EXTERNAL_ID, COLUMN_COUNT };

static const char *const columns[COLUMN_COUNT] = {
    [ACCOUNT] = "account", [LABEL] = "label", [ROLE] = "role", [EXTERNAL_ID] = "external_id"};

static const char column_names[] = "account, label, role, external_id";

/* One file being read. */
struct list {
    struct config_reading *r;
    const struct config_accounts_file *file;
    struct config_members *members;
    struct set *seen; /* accounts so far, in the order of members */
    bool has_items;   /* else lines */
};

struct row {
    int64_t number; /* its line, or its item, from 1 */
    struct spurn_text values[COLUMN_COUNT];
};

static void refuse(const struct list *l, int64_t number, const char *why)
{
    char where[PATH_MAX + 32];
    snprintf(where, sizeof where, "%s:%s%" PRId64, l->file->path, l->has_items ? " item " : "",
             number);
    config_fail(l->r, where, "%s", why);
}

/* ---- one account ---- */

static bool is_text(struct spurn_text value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
            return false;
    return text_utf8_len(value) == value.len;
}

/* Why no account can be made of it; NULL: one can. */
static const char *wrong_with(const struct list *l, const struct row *row, const char *role,
                              char why[WHY_LEN])
{
    struct spurn_text account = row->values[ACCOUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (!is_text(row->values[i])) {
            snprintf(why, WHY_LEN, "%s holds a control character, or is not UTF-8", columns[i]);
            return why;
        }
    if (!config_is_account(l->file->cloud, account)) {
        snprintf(why, WHY_LEN,
                 "account is not %d digits, with leading zeros: it has %zu characters",
                 l->file->cloud->account_digits, account.len);
        return why;
    }
    if (l->members->count == CONFIG_ACCOUNTS_MAX)
        return "there are too many accounts: 100000 are read";
    size_t before = set_index(l->seen, account);
    if (before != SIZE_MAX) {
        snprintf(why, WHY_LEN, "this account was there before, in %s %" PRId64,
                 l->has_items ? "item" : "line", l->members->items[before].number);
        return why;
    }
    if (role == NULL)
        return "no role is named; name it with role in the configuration, or \"-\" here for the "
               "keys as they are";
    bool is_assumed = strcmp(role, "-") != 0;
    if (is_assumed && !config_is_role(l->file->cloud, text_of(role)))
        return "role is no role's name";
    if (row->values[EXTERNAL_ID].at != NULL && !is_assumed)
        return "external_id goes with a role";
    if (row->values[EXTERNAL_ID].at != NULL && !config_is_external_id(row->values[EXTERNAL_ID]))
        return "external_id must be 2 to 1224 letters, digits and any of _+=,.@:/-";
    return NULL;
}

/* Empty fields say nothing. */
static void take(struct list *l, struct row *row)
{
    char why[WHY_LEN];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (row->values[i].len == 0)
            row->values[i] = TEXT_ABSENT;
    bool says_role = row->values[ROLE].at != NULL;
    const char *role = says_role ? config_keep(l->r, row->values[ROLE]) : l->file->role;
    if (!config_goes_on(l->r))
        return;
    const char *wrong = wrong_with(l, row, role, why);
    if (wrong != NULL) {
        refuse(l, row->number, wrong);
        return;
    }
    struct config_member member = {.account = config_keep(l->r, row->values[ACCOUNT]),
                                   .label = config_keep(l->r, row->values[LABEL]),
                                   .external_id = config_keep(l->r, row->values[EXTERNAL_ID]),
                                   .role = strcmp(role, "-") != 0 ? role : NULL,
                                   .number = row->number};
    l->r->no_memory = l->r->no_memory || !set_add(l->seen, row->values[ACCOUNT]);
    config_add_member(l->r, l->members, &member);
}

/* ---- CSV ---- */

/* Which column each field of a line is. */
struct heading {
    enum column is[COLUMN_COUNT];
    size_t count;
};

static bool read_heading(struct list *l, struct csv *csv, struct heading *heading)
{
    char why[WHY_LEN];
    struct spurn_text names[COLUMN_COUNT];
    bool seen[COLUMN_COUNT] = {false};
    heading->count = 0;
    if (!csv_next(csv, names, COLUMN_COUNT, &heading->count)) {
        snprintf(why, WHY_LEN, "%s; the first line names columns: %s",
                 csv->why != NULL ? csv->why : "there is nothing in it", column_names);
        refuse(l, csv->line > 0 ? csv->line : 1, why);
        return false;
    }
    for (size_t i = 0; i < heading->count; i++) {
        size_t k = 0;
        while (k < COLUMN_COUNT && !text_is(names[i], columns[k]))
            k++;
        if (k == COLUMN_COUNT || seen[k]) {
            snprintf(why, WHY_LEN, "column %zu is %s; there are %s", i + 1,
                     k == COLUMN_COUNT ? "not known" : "there twice", column_names);
            refuse(l, csv->line, why);
            return false;
        }
        seen[k] = true;
        heading->is[i] = (enum column)k;
    }
    if (!seen[ACCOUNT])
        refuse(l, csv->line, "there is no column account");
    return seen[ACCOUNT];
}

static void read_csv(struct list *l, struct buf *text)
{
    struct csv csv;
    struct heading heading;
    csv_init(&csv, text->data, text->len);
    if (!read_heading(l, &csv, &heading))
        return;
    struct spurn_text fields[COLUMN_COUNT];
    size_t count;
    while (config_goes_on(l->r) && csv_next(&csv, fields, heading.count, &count)) {
        struct row row = {.number = csv.line};
        if (count < heading.count) {
            refuse(l, csv.line, "it has fewer fields than there are columns");
            return;
        }
        for (size_t i = 0; i < count; i++)
            row.values[heading.is[i]] = fields[i];
        take(l, &row);
    }
    if (csv.why != NULL)
        refuse(l, csv.line, csv.why);
}

/* ---- JSON ---- */

static void read_members(struct json *j, struct row *row)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        size_t k = 0;
        while (k < COLUMN_COUNT && !text_is(key, columns[k]))
            k++;
        if (k == COLUMN_COUNT)
            json_break(j, "a member is not known; there are account, label, role, external_id");
        else
            row->values[k] = json_string_or_null(j);
    }
}

static void read_json(struct list *l, struct buf *text)
{
    struct json j;
    struct arena scratch;
    struct row row = {.number = 0};
    arena_init(&scratch, FILE_MAX);
    json_init(&j, buf_text(text), &scratch);
    json_open_array(&j);
    while (config_goes_on(l->r) && json_next_item(&j)) {
        row = (struct row){.number = row.number + 1};
        if (json_peek(&j) == JSON_OBJECT)
            read_members(&j, &row);
        else
            row.values[ACCOUNT] = json_string(&j);
        if (j.why == NULL)
            take(l, &row);
    }
    if (config_goes_on(l->r) && !json_done(&j))
        refuse(l, row.number, j.why);
    arena_clear(&scratch);
}

/* ---- a file ---- */

static bool ends_with(const char *path, const char *ending)
{
    size_t len = strlen(path), ending_len = strlen(ending);
    return len >= ending_len && text_is_nocase(text_of(path + len - ending_len), ending);
}

void config_read_accounts(struct config_reading *r, const struct config_accounts_file *file,
                          struct config_members *members)
{
    struct list l = {.r = r, .file = file, .members = members, .seen = set_open()};
    struct buf text;
    buf_init(&text, FILE_MAX);
    if (l.seen == NULL)
        r->no_memory = true;
    else
        r->status = file_read_trusted(file->path, "accounts", &text, r->err);
    if (!config_goes_on(r))
        goto done;
    l.has_items = ends_with(file->path, ".json");
    if (l.has_items)
        read_json(&l, &text);
    else
        read_csv(&l, &text);
    if (config_goes_on(r) && members->count == 0)
        config_fail(r, file->path, "it names no account");

done:
    buf_clear(&text);
    set_close(l.seen);
}

/* accounts.c - reads a file of accounts, CSV or JSON. Its errors give lines and items, and of its text what can be no secret. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "config/csv.h"
#include "config/private.h"
#include "file.h"
#include "match/set.h"
#include "slip.h"

enum { WHY_LEN = 256, SHOWN_LEN_MAX = 24 };
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
    char why[WHY_LEN];
};

struct row {
    int64_t number; /* its line, or its item, from 1 */
    struct spurn_text values[COLUMN_COUNT];
};

/* `number` 0: nowhere in particular. */
static void refuse(const struct list *l, int64_t number, const char *why)
{
    char where[PATH_MAX + 32];
    int len = snprintf(where, sizeof where, "%s", l->file->path);
    if (number > 0 && len < PATH_MAX)
        snprintf(where + len, sizeof where - (size_t)len, ":%s%" PRId64,
                 l->has_items ? " item " : "", number);
    config_fail(l->r, where, "%s", why);
}

/* ---- what can be shown ---- */

static bool consists_of(struct spurn_text text, const char *letters)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\0' || strchr(letters, text.at[i]) == NULL)
            return false;
    return text.len > 0;
}

/* A number, or a word such as columns have for names. Anything else may be a secret of another file than was meant. */
static bool can_be_shown(struct spurn_text text)
{
    return text.len <= SHOWN_LEN_MAX &&
           (consists_of(text, "0123456789.,+-eE ") ||
            consists_of(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ _-"));
}

/* "column 2, "lable", is not known; did you mean "label"?" */
static void tell_unknown(struct list *l, const char *what, struct spurn_text name)
{
    struct slip slip = {.written = can_be_shown(name) ? name : TEXT_ABSENT};
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        slip_consider(&slip, text_of(columns[i]));
    struct buf text;
    buf_init(&text, WHY_LEN - 1);
    buf_add_str(&text, what);
    if (slip.written.at != NULL)
        buf_addf(&text, ", \"%.*s\",", TEXT_ARG(name));
    buf_add_str(&text, " is not known");
    slip_put(&slip, &text);
    if (slip.meant.at == NULL)
        buf_addf(&text, "; there are %s", column_names);
    snprintf(l->why, sizeof l->why, "%s", buf_str(&text));
    buf_clear(&text);
}

/* ---- one account ---- */

static bool is_text(struct spurn_text value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
            return false;
    return text_utf8_len(value) == value.len;
}

static void tell_no_account(struct list *l, struct spurn_text account)
{
    bool is_shown = account.len > 0 && can_be_shown(account);
    bool is_rounded = is_shown && memchr(account.at, 'E', account.len) != NULL;
    char found[WHY_LEN];
    if (is_shown)
        snprintf(found, sizeof found, "it is \"%.*s\"%s", TEXT_ARG(account),
                 is_rounded ? "; a spreadsheet rounds numbers, so make the column text" : "");
    else
        snprintf(found, sizeof found, "it has %zu characters", account.len);
    snprintf(l->why, sizeof l->why, "account is not %d digits, with leading zeros: %.180s",
             l->file->cloud->account_digits, found);
}

/* Why no account can be made of it; NULL: one can. */
static const char *wrong_with(struct list *l, const struct row *row, const char *role)
{
    struct spurn_text account = row->values[ACCOUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (!is_text(row->values[i])) {
            snprintf(l->why, sizeof l->why, "%s holds a control character, or is not UTF-8",
                     columns[i]);
            return l->why;
        }
    if (!config_is_account(l->file->cloud, account)) {
        tell_no_account(l, account);
        return l->why;
    }
    if (l->members->count == CONFIG_ACCOUNTS_MAX)
        return "there are too many accounts: 100000 are read";
    size_t before = set_index(l->seen, account);
    if (before != SIZE_MAX) {
        snprintf(l->why, sizeof l->why, "this account was there before, in %s %" PRId64,
                 l->has_items ? "item" : "line", l->members->items[before].number);
        return l->why;
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
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (row->values[i].len == 0)
            row->values[i] = TEXT_ABSENT;
    bool says_role = row->values[ROLE].at != NULL;
    const char *role = says_role ? config_keep(l->r, row->values[ROLE]) : l->file->role;
    if (!config_goes_on(l->r))
        return;
    const char *wrong = wrong_with(l, row, role);
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

/* What the first line holds in place of a column's name, as often as not. */
static void refuse_column(struct list *l, const struct csv *csv, size_t number,
                          struct spurn_text name)
{
    static const struct {
        char separator;
        const char *title;
    } rows[] = {{';', "';'"}, {'\t', "tabs"}, {'|', "'|'"}};
    char what[32];
    snprintf(what, sizeof what, "column %zu", number);
    tell_unknown(l, what, name);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (name.len > 0 && memchr(name.at, rows[i].separator, name.len) != NULL)
            snprintf(l->why, sizeof l->why,
                     "its fields are separated by %s: separate them by commas", rows[i].title);
    if (text_all_digits(name))
        snprintf(l->why, sizeof l->why, "the first line names columns: %s", column_names);
    refuse(l, csv->line, l->why);
}

static bool read_heading(struct list *l, struct csv *csv, struct heading *heading)
{
    struct spurn_text names[COLUMN_COUNT];
    bool seen[COLUMN_COUNT] = {false};
    heading->count = 0;
    if (!csv_next(csv, names, COLUMN_COUNT, &heading->count)) {
        snprintf(l->why, sizeof l->why, "%s; the first line names columns: %s",
                 csv->why != NULL ? csv->why : "there is nothing in it", column_names);
        refuse(l, csv->line > 0 ? csv->line : 1, l->why);
        return false;
    }
    for (size_t i = 0; i < heading->count; i++) {
        size_t k = 0;
        while (k < COLUMN_COUNT && !text_is(names[i], columns[k]))
            k++;
        if (k == COLUMN_COUNT) {
            refuse_column(l, csv, i + 1, names[i]);
            return false;
        }
        if (seen[k]) {
            snprintf(l->why, sizeof l->why, "there are two columns %s", columns[k]);
            refuse(l, csv->line, l->why);
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

static void read_members(struct list *l, struct json *j, struct row *row)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        size_t k = 0;
        while (k < COLUMN_COUNT && !text_is(key, columns[k]))
            k++;
        if (k < COLUMN_COUNT) {
            row->values[k] = json_string_or_null(j);
        } else {
            tell_unknown(l, "a member", key);
            json_break(j, l->why);
        }
    }
}

static struct spurn_text without_mark(struct spurn_text text)
{
    static const char mark[] = "\xef\xbb\xbf";
    const size_t len = text_starts(text, mark) ? sizeof mark - 1 : 0;
    return (struct spurn_text){text.at + len, text.len - len};
}

static void read_json(struct list *l, struct buf *text)
{
    struct json j;
    struct arena scratch;
    struct row row = {.number = 0};
    arena_init(&scratch, FILE_MAX);
    json_init(&j, without_mark(buf_text(text)), &scratch);
    if (json_peek(&j) == JSON_OBJECT)
        json_break(&j, "it has to be an array: [\"ACCOUNT\", ...]");
    json_open_array(&j);
    while (config_goes_on(l->r) && json_next_item(&j)) {
        row = (struct row){.number = row.number + 1};
        if (json_peek(&j) == JSON_OBJECT)
            read_members(l, &j, &row);
        else if (json_peek(&j) == JSON_NUMBER)
            json_break(&j, "write the account in quotes: a number has no leading zeros");
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

/* With its mark, or without one: digits and ASCII's letters have an empty half there. */
static bool is_utf16(const struct buf *text)
{
    struct spurn_text all = buf_text(text);
    return text_starts(all, "\xff\xfe") || text_starts(all, "\xfe\xff") ||
           (all.len >= 2 && (all.at[0] == '\0' || all.at[1] == '\0'));
}

static bool is_blank(const struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (strchr(" \t\r\n", text->data[i]) == NULL)
            return false;
    return true;
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
    if (is_utf16(&text))
        refuse(&l, 0, "it is UTF-16: save it as UTF-8");
    else if (l.has_items && is_blank(&text))
        refuse(&l, 0, "there is nothing in it");
    else if (l.has_items)
        read_json(&l, &text);
    else
        read_csv(&l, &text);
    if (config_goes_on(r) && members->count == 0)
        config_fail(r, file->path, "it names no account");

done:
    buf_clear(&text);
    set_close(l.seen);
}

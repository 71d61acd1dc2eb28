/* reading.c - a cloud's reply becomes records, by tables of what the cloud's own model says is in it. */
#include "cloud/reading.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "json.h"

struct reading {
    struct json json;
    const char *broken_field; /* the innermost known field that was being read when it broke */
};

/* Replies give their fields in the model's order more often than not, so the search starts behind the last one found. */
static const struct reading_field *field_named(const struct reading_shape *shape,
                                               struct spurn_text name, size_t *next)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct reading_field *field = &shape->fields[(*next + i) % shape->count];
        if (text_is(name, field->name)) {
            *next = (size_t)(field - shape->fields) + 1;
            return field;
        }
    }
    return NULL;
}

static void *add_row(struct reading_rows *rows, size_t len)
{
    if (rows->count == rows->cap) {
        size_t cap = rows->cap == 0 ? 16 : rows->cap * 2;
        void *grown = realloc(rows->items, cap * len);
        if (grown == NULL)
            return NULL;
        rows->items = grown;
        rows->cap = cap;
    }
    void *row = (char *)rows->items + rows->count++ * len;
    memset(row, 0, len);
    return row;
}

static void read_record(struct reading *r, const struct reading_shape *shape, void *record);

static void read_row(struct reading *r, const struct reading_shape *shape,
                     struct reading_rows *rows)
{
    void *row = NULL;
    if (shape->len > 0) {
        row = add_row(rows, shape->len);
        if (row == NULL) {
            json_break(&r->json, "out of memory");
            return;
        }
        rows->found = true;
    }
    read_record(r, shape, row);
}

static void read_rows(struct reading *r, const struct reading_shape *shape,
                      struct reading_rows *rows)
{
    if (shape->len > 0)
        rows->found = true;
    json_open_array(&r->json);
    while (json_next_item(&r->json))
        read_row(r, shape, rows);
}

static int64_t read_time(struct json *j)
{
    int64_t ms = 0;
    bool is_time = false;
    enum json_type type = json_peek(j);
    if (type == JSON_NUMBER)
        is_time = clock_parse_epoch(json_number(j), &ms);
    else if (type == JSON_STRING)
        is_time = clock_parse_iso(json_string(j), &ms);
    if (!is_time)
        json_break(j, "expected a time");
    return ms;
}

/* `place` is where the record keeps the field; NULL when nothing of the record is kept. */
static void read_value(struct reading *r, const struct reading_field *field, char *record)
{
    void *place = record == NULL ? NULL : record + field->at;
    switch (field->kind) {
    case READING_TEXT: {
        struct spurn_text text = json_string(&r->json);
        if (place != NULL)
            *(struct spurn_text *)place = text;
        break;
    }
    case READING_TIME: {
        int64_t ms = read_time(&r->json);
        if (place != NULL) {
            *(int64_t *)place = ms;
            *(bool *)(record + field->has_at) = true;
        }
        break;
    }
    case READING_BOOL:
        json_bool(&r->json);
        break;
    case READING_RECORD:
        read_row(r, field->shape, place);
        break;
    case READING_ROWS:
        read_rows(r, field->shape, place);
        break;
    }
    if (r->json.why != NULL && r->broken_field == NULL)
        r->broken_field = field->name;
}

static void read_record(struct reading *r, const struct reading_shape *shape, void *record)
{
    struct spurn_text name;
    size_t next = 0;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &name)) {
        const struct reading_field *field = field_named(shape, name, &next);
        if (field == NULL || json_peek(&r->json) == JSON_NULL)
            json_skip(&r->json);
        else
            read_value(r, field, record);
    }
}

/* What a body that begins like this is instead of JSON; NULL when it may be JSON. */
static const char *not_json(struct spurn_text body)
{
    size_t i = 0;
    while (i < body.len && strchr(" \t\r\n", body.at[i]) != NULL)
        i++;
    if (i == body.len)
        return "it is empty";
    return body.at[i] == '<' ? "it is HTML or XML, not JSON" : NULL;
}

static enum spurn_status fail_reading(const struct reading_reply *what, const struct reading *r,
                                      struct spurn_error *err)
{
    const char *why = r->json.why;
    if (r->broken_field != NULL)
        return spurn_fail(err, SPURN_E_CLOUD, "cannot read the reply to %s: %s (%s, byte %zu)",
                          what->operation, why, r->broken_field, r->json.why_at);
    return spurn_fail(err, SPURN_E_CLOUD, "cannot read the reply to %s: %s (byte %zu)",
                      what->operation, why, r->json.why_at);
}

enum spurn_status reading_read(const struct reading_reply *what, const struct reply *reply,
                               struct arena *arena, struct reading_envelope *out,
                               struct spurn_error *err)
{
    *out = (struct reading_envelope){.rows = {0}};
    const char *problem = not_json(reply->body);
    if (problem != NULL)
        return spurn_fail(err, SPURN_E_CLOUD,
                          "cannot read the reply to %s: %s; is something between here and %s "
                          "answering in its place?",
                          what->operation, problem, what->cloud);

    /* The reply is gone before the records are: they borrow from a copy. */
    bool ok = true;
    struct spurn_text body = arena_copy(arena, reply->body, &ok);
    if (!ok)
        return spurn_fail_memory(err);

    struct reading r;
    json_init(&r.json, body, arena);
    r.broken_field = NULL;
    read_record(&r, what->shape, out);
    if (!json_done(&r.json))
        return fail_reading(what, &r, err);
    if (!out->rows.found)
        return spurn_fail(err, SPURN_E_CLOUD, "cannot read the reply to %s: it has no %s",
                          what->operation, what->rows);
    /* Both clouds mark the last page by leaving the token out, by null or by "". */
    if (out->next_token.len == 0)
        out->next_token = TEXT_ABSENT;
    return SPURN_OK;
}

static enum spurn_status check_ids(const struct reading_reply *what,
                                   bool (*is_id)(struct spurn_text id), struct cloud_page *page,
                                   struct spurn_error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        struct invitation *inv = &page->items[i];
        if (inv->id.at == NULL)
            return spurn_fail(err, SPURN_E_CLOUD,
                              "cannot read the reply to %s: an invitation has no %s",
                              what->operation, what->id);
        if (!is_id(inv->id))
            return spurn_fail(err, SPURN_E_CLOUD,
                              "cannot read the reply to %s: an invitation's %s is none that %s "
                              "gives",
                              what->operation, what->id, what->cloud);
        inv->status = invitation_status_of(inv->status_text);
    }
    return SPURN_OK;
}

enum spurn_status reading_page(const struct reading_reply *what, const struct reply *reply,
                               bool (*is_id)(struct spurn_text id), struct cloud_page *page,
                               struct spurn_error *err)
{
    cloud_page_clear(page);
    struct reading_envelope envelope;
    enum spurn_status status = reading_read(what, reply, &page->arena, &envelope, err);
    page->items = envelope.rows.items;
    if (status != SPURN_OK)
        return status;
    page->count = envelope.rows.count;
    page->cap = envelope.rows.cap;
    page->next_token = envelope.next_token;
    page->request_id = envelope.request_id;
    status = check_ids(what, is_id, page, err);
    if (status != SPURN_OK)
        page->count = 0;
    return status;
}

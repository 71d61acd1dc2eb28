/* json_fuzz.c - whatever bytes come in: reading ends, stays inside them, agrees with skipping, and what is written reads back. */
#include "json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Reads everything there is and writes it anew. */
static void copy_value(struct json *j, struct buf *out)
{
    struct spurn_text key;
    switch (json_peek(j)) {
    case JSON_BROKEN:
        return;
    case JSON_NULL:
        json_put_text(out, json_string_or_null(j));
        return;
    case JSON_BOOL:
        buf_add_str(out, json_bool(j) ? "true" : "false");
        return;
    case JSON_NUMBER:
        buf_add_text(out, json_number(j));
        return;
    case JSON_STRING:
        json_put_text(out, json_string(j));
        return;
    case JSON_ARRAY:
        json_open_array(j);
        buf_add_char(out, '[');
        while (json_next_item(j)) {
            json_put_comma(out);
            copy_value(j, out);
        }
        buf_add_char(out, ']');
        return;
    case JSON_OBJECT:
        json_open_object(j);
        buf_add_char(out, '{');
        while (json_next_key(j, &key)) {
            json_put_comma(out);
            json_put_text(out, key);
            buf_add_char(out, ':');
            copy_value(j, out);
        }
        buf_add_char(out, '}');
        return;
    }
}

static bool copy(struct spurn_text text, struct arena *arena, struct buf *out)
{
    struct json j;
    json_init(&j, text, arena);
    copy_value(&j, out);
    return json_done(&j);
}

static bool skip(struct spurn_text text, struct arena *arena)
{
    struct json j;
    json_init(&j, text, arena);
    json_skip(&j);
    return json_done(&j);
}

/* Calls in an order that the input chooses: never a crash, never an endless loop. */
static void read_at_random(struct spurn_text text, struct arena *arena)
{
    struct json j;
    struct spurn_text key;
    json_init(&j, text, arena);
    for (size_t i = 0; i < text.len; i++) {
        switch ((unsigned char)text.at[i] % 11) {
        case 0:
            json_open_object(&j);
            break;
        case 1:
            json_open_array(&j);
            break;
        case 2:
            json_next_key(&j, &key);
            break;
        case 3:
            json_next_item(&j);
            break;
        case 4:
            json_string(&j);
            break;
        case 5:
            json_string_or_null(&j);
            break;
        case 6:
            json_int(&j);
            break;
        case 7:
            json_bool(&j);
            break;
        case 8:
            json_skip(&j);
            break;
        case 9:
            json_peek(&j);
            break;
        case 10:
            json_number(&j);
            break;
        }
    }
    require(!json_done(&j) || skip(text, arena));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spurn_text text = {(const char *)data, size};
    struct arena arena;
    struct buf once, twice;
    arena_init(&arena, 1 << 24);
    buf_init(&once, 1 << 24);
    buf_init(&twice, 1 << 24);
    bool is_json = copy(text, &arena, &once);
    require(skip(text, &arena) == is_json);
    if (is_json) {
        require(copy(buf_text(&once), &arena, &twice));
        require(text_equal(buf_text(&once), buf_text(&twice)));
    }
    read_at_random(text, &arena);
    buf_clear(&twice);
    buf_clear(&once);
    arena_clear(&arena);
    return 0;
}

/* json.h - a strict pull reader for what clouds answer, and a writer that cannot write bad JSON. */
#ifndef SPURN_JSON_H
#define SPURN_JSON_H

#include <stdint.h>

#include "buf.h"

enum json_type {
    JSON_BROKEN,
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

enum { JSON_DEPTH_MAX = 32, JSON_KEYS_MAX = 256 };

/*
 * The reader walks one complete text. The first thing that is not strict JSON (RFC 8259; valid UTF-8; no duplicate key in
 * an object; at most JSON_DEPTH_MAX deep; at most JSON_KEYS_MAX keys so far in the objects that are open at one time;
 * nothing after the value) makes it broken, and from then on every call answers at once: nothing more to come, false,
 * absent. So a caller reads straight through and asks json_done() once at the end; what it read before is worthless
 * unless that says true. Reading out of turn (a value twice, or none for a key) makes it broken too.
 *
 *     json_open_object(&j);
 *     while (json_next_key(&j, &key))
 *         if (text_is(key, "nextToken"))
 *             token = json_string(&j);
 *         else
 *             json_skip(&j);
 *     if (!json_done(&j)) return spurn_fail(..., "%s", j.why);
 *
 * Strings borrow from the input, or from the arena when they held an escape. What is skipped takes nothing from the arena
 * but keys with escapes.
 */
struct json {
    const char *start, *at, *end;
    struct arena *arena;
    const char *why;  /* NULL while all is well, else what was wrong, for people */
    size_t why_at;    /* byte offset of that */
    bool wants_value; /* the next thing is a value that nobody has read yet */
    int depth;
    /* one per open container, private: keys seen so far, for the duplicate check */
    struct json_level {
        bool is_object, is_first;
        size_t first_key;
        uint64_t seen; /* a bit for each key's fingerprint: most new keys need no comparison */
    } levels[JSON_DEPTH_MAX];
    size_t key_count;
    struct spurn_text keys[JSON_KEYS_MAX]; /* of all open objects, outermost first */
};

void json_init(struct json *j, struct spurn_text input, struct arena *arena);
enum json_type json_peek(struct json *j);

/* A value of another type than asked makes the reader broken ("expected a string"). */
void json_open_object(struct json *j);
bool json_next_key(struct json *j,
                   struct spurn_text *key); /* false at the closing brace, which it consumes */
void json_open_array(struct json *j);
bool json_next_item(struct json *j); /* false at the closing bracket, which it consumes */
struct spurn_text json_string(struct json *j);
struct spurn_text json_string_or_null(struct json *j); /* null reads as absent */
bool json_bool(struct json *j);
struct spurn_text json_number(struct json *j); /* the digits as written, already checked for form */
int64_t json_int(struct json *j); /* a whole number, written plainly, that fits; broken otherwise */
void json_skip(struct json *j);   /* checks as strictly as reading does */
void json_break(struct json *j,
                const char *why); /* the caller found the value wrong; `why` is a literal */
/* True when the one value was read to its end, nothing but white space follows, and all was well. */
bool json_done(struct json *j);

/* The writer: appends to a buf. Text that is not valid UTF-8 has each bad byte replaced by U+FFFD; control characters,
 * U+2028, U+2029 and DEL are escaped. An absent text writes null. */
void json_put_text(struct buf *out, struct spurn_text text);
void json_put_str(struct buf *out, const char *nul_terminated); /* NULL writes null */
/* `"name":` with a comma before it unless it follows an opening brace. */
void json_put_key(struct buf *out, const char *name);
/* A comma unless it follows an opening bracket, or nothing was written yet. */
void json_put_comma(struct buf *out);
/* Members of an object: a key and its value. */
void json_put_member(struct buf *out, const char *name, struct spurn_text text);
void json_put_member_if(struct buf *out, const char *name,
                        struct spurn_text text); /* unless absent */
void json_put_int_member(struct buf *out, const char *name, int64_t value);
void json_put_bool_member(struct buf *out, const char *name, bool value);
void json_put_time_member(struct buf *out, const char *name,
                          int64_t ms); /* "2026-11-22T03:10:00.024Z" */

#endif

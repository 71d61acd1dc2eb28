/* check.c - recomputes published signature vectors, stage by stage. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "digest.h"
#include "file.h"
#include "json.h"
#include "sign/acs3.h"
#include "sign/rpc.h"
#include "sign/sigv4.h"

enum { CASE_LEN_MAX = 1024 * 1024, PATH_LEN_MAX = 4096 };

/* What is being checked, and how it went so far. */
struct check {
    struct digest *d;
    struct arena arena; /* of one case */
    const char *name;   /* of that case */
    bool same;          /* every stage of it so far */
    int passed, total, skipped;
};

static void begin_case(struct check *c, const char *name)
{
    arena_reset(&c->arena);
    c->name = name;
    c->same = true;
    c->total++;
}

static void end_case(struct check *c)
{
    if (c->same)
        c->passed++;
}

static void cannot_check(struct check *c, const char *why)
{
    c->same = false;
    printf("%s: cannot be checked: %s\n", c->name, why);
}

static void compare(struct check *c, const char *stage, struct spurn_text got,
                    struct spurn_text want)
{
    if (text_equal(got, want))
        return;
    c->same = false;
    printf("%s: %s differs\n--- got\n%.*s\n--- want\n%.*s\n", c->name, stage, TEXT_ARG(got),
           TEXT_ARG(want));
}

/* ---- reading ---- */

/* Takes the bytes up to `separator`, and it, off *rest; all of it where there is none. */
static struct spurn_text take_until(struct spurn_text *rest, char separator)
{
    const char *at = rest->at;
    const char *found = rest->len == 0 ? NULL : memchr(at, separator, rest->len);
    size_t len = found == NULL ? rest->len : (size_t)(found - at);
    size_t taken = found == NULL ? len : len + 1;
    *rest = (struct spurn_text){at + taken, rest->len - taken};
    return (struct spurn_text){at, len};
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)((found - digits) % 16);
}

static struct spurn_text decoded(struct check *c, struct spurn_text text)
{
    char *out = arena_alloc(&c->arena, text.len + 1);
    size_t len = 0;
    if (out == NULL) {
        cannot_check(c, "out of memory");
        return TEXT_ABSENT;
    }
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len ? hex_digit(text.at[i + 1]) : -1;
        int low = i + 2 < text.len ? hex_digit(text.at[i + 2]) : -1;
        if (text.at[i] == '%' && high >= 0 && low >= 0) {
            out[len++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[len++] = text.at[i];
        }
    }
    return (struct spurn_text){out, len};
}

/* Names come out NUL-terminated, as the request wants them. */
static const char *name_of(struct check *c, struct spurn_text text)
{
    bool ok = true;
    struct spurn_text copy = arena_copy(&c->arena, text, &ok);
    return ok && copy.at != NULL ? copy.at : "";
}

static void add_query(struct check *c, struct request *request, struct spurn_text query)
{
    while (query.len > 0) {
        struct spurn_text value = take_until(&query, '&');
        struct spurn_text name = take_until(&value, '=');
        request_add_parameter(request, name_of(c, decoded(c, name)), decoded(c, value));
    }
}

static void add_header(struct check *c, struct request *request, struct spurn_text name,
                       struct spurn_text value)
{
    if (text_is_nocase(name, "host"))
        request_set_host(request, value);
    else
        request_add_header(request, name_of(c, name), value);
}

/* A header's value, its continuation lines folded in as RFC 9112, 5.2 says. */
static struct spurn_text take_header(struct check *c, struct spurn_text *rest)
{
    char *out = arena_alloc(&c->arena, rest->len + 1);
    size_t len = 0;
    if (out == NULL) {
        cannot_check(c, "out of memory");
        return take_until(rest, '\n');
    }
    do {
        struct spurn_text line = take_until(rest, '\n');
        if (len > 0)
            out[len++] = ' ';
        memcpy(out + len, line.at, line.len);
        len += line.len;
    } while (rest->len > 0 && (rest->at[0] == ' ' || rest->at[0] == '\t'));
    return (struct spurn_text){out, len};
}

/* "GET /a b?x=y HTTP/1.1", headers, an empty line, the body: as the suite writes it, so blanks
 * may stand in the path. */
static void read_request(struct check *c, struct spurn_text text, struct request *request)
{
    struct spurn_text rest = text;
    struct spurn_text target = take_until(&rest, '\n');
    request_init(request, name_of(c, take_until(&target, ' ')));
    while (target.len > 0 && target.at[target.len - 1] != ' ')
        target.len--;
    if (target.len > 0)
        target.len--;
    request_set_path(request, take_until(&target, '?'));
    add_query(c, request, target);
    while (rest.len > 0 && rest.at[0] != '\n') {
        struct spurn_text value = take_header(c, &rest);
        struct spurn_text name = take_until(&value, ':');
        add_header(c, request, name, value);
    }
    take_until(&rest, '\n');
    request_set_body(request, rest);
}

/* ---- SigV4 ---- */

struct context {
    struct sigv4_keys keys;
    struct sigv4_scope scope;
    bool signs_body;  /* x-amz-content-sha256 is sent, and so signed */
    bool token_after; /* the token's header is added once the request is signed */
};

static void read_credentials(struct json *j, struct sigv4_keys *keys)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key))
        if (text_is(key, "access_key_id"))
            keys->id = json_string(j);
        else if (text_is(key, "secret_access_key"))
            keys->secret = json_string(j);
        else if (text_is(key, "token"))
            keys->token = json_string(j);
        else
            json_skip(j);
}

static void read_context(struct check *c, struct spurn_text text, struct context *out)
{
    struct json j;
    struct spurn_text key, timestamp = TEXT_ABSENT;
    *out = (struct context){.signs_body = false};
    json_init(&j, text, &c->arena);
    json_open_object(&j);
    while (json_next_key(&j, &key))
        if (text_is(key, "credentials"))
            read_credentials(&j, &out->keys);
        else if (text_is(key, "region"))
            out->scope.region = json_string(&j);
        else if (text_is(key, "service"))
            out->scope.service = json_string(&j);
        else if (text_is(key, "timestamp"))
            timestamp = json_string(&j);
        else if (text_is(key, "normalize"))
            out->scope.path_is_raw = !json_bool(&j);
        else if (text_is(key, "sign_body"))
            out->signs_body = json_bool(&j);
        else if (text_is(key, "omit_session_token"))
            out->token_after = json_bool(&j);
        else
            json_skip(&j);
    if (!json_done(&j))
        cannot_check(c, j.why);
    else if (!clock_parse_iso(timestamp, &out->scope.now_ms))
        cannot_check(c, "context.json has no timestamp");
}

static bool read_part(struct check *c, const char *folder, const char *file, struct buf *out)
{
    struct spurn_error err = {0};
    char path[PATH_LEN_MAX];
    snprintf(path, sizeof path, "%s/%s/%s", folder, c->name, file);
    buf_reset(out);
    if (file_read_trusted(path, "vector", out, &err) == SPURN_OK)
        return true;
    cannot_check(c, err.text);
    return false;
}

/* The last header that signing adds, against the one in the published signed request. */
static void compare_authorization(struct check *c, const struct request *request,
                                  struct spurn_text published)
{
    struct spurn_text line = TEXT_ABSENT, rest = published;
    while (rest.len > 0 && !text_starts(line, "Authorization:"))
        line = take_until(&rest, '\n');
    take_until(&line, ':');
    compare(c, "Authorization", request->headers[request->header_count - 1].value, line);
}

/* The whole signer first; then its stages one by one, over the request as it was signed. */
static void check_stages(struct check *c, struct request *request, const struct context *context,
                         const char *folder)
{
    static const char *const files[] = {"header-canonical-request.txt", "header-string-to-sign.txt",
                                        "header-signature.txt"};
    struct buf got[2], signed_headers, want;
    struct spurn_error err = {0};
    char signature[SHA256_HEX_LEN + 1];
    struct sigv4_keys keys = context->keys;
    if (context->token_after)
        keys.token = TEXT_ABSENT;
    if (sigv4_sign(c->d, request, &keys, &context->scope, &err) != SPURN_OK) {
        cannot_check(c, err.text);
        return;
    }
    buf_init(&got[0], CASE_LEN_MAX);
    buf_init(&got[1], CASE_LEN_MAX);
    buf_init(&signed_headers, CASE_LEN_MAX);
    buf_init(&want, CASE_LEN_MAX);
    sigv4_canonical_request(c->d, request, &context->scope, &got[0], &signed_headers);
    sigv4_string_to_sign(c->d, buf_text(&got[0]), &context->scope, &got[1]);
    if (!sigv4_signature(c->d, buf_text(&got[1]), keys.secret, &context->scope, signature))
        cannot_check(c, "out of memory");
    const struct spurn_text stages[] = {buf_text(&got[0]), buf_text(&got[1]), text_of(signature)};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (read_part(c, folder, files[i], &want))
            compare(c, files[i], stages[i], buf_text(&want));
    }
    if (read_part(c, folder, "header-signed-request.txt", &want))
        compare_authorization(c, request, buf_text(&want));
    buf_clear(&want);
    buf_clear(&signed_headers);
    buf_clear(&got[1]);
    buf_clear(&got[0]);
}

static void check_folder_case(struct check *c, const char *folder)
{
    struct buf context_text, request_text;
    struct context context;
    struct request request;
    char hash[SHA256_HEX_LEN + 1];
    buf_init(&context_text, CASE_LEN_MAX);
    buf_init(&request_text, CASE_LEN_MAX);
    read_part(c, folder, "context.json", &context_text);
    read_part(c, folder, "request.txt", &request_text);
    read_context(c, buf_text(&context_text), &context);
    read_request(c, buf_text(&request_text), &request);
    if (context.signs_body && digest_sha256_hex(c->d, request.body, hash))
        request_add_header(&request, "x-amz-content-sha256", text_of(hash));
    if (request.failed)
        cannot_check(c, "its request cannot be built");
    if (c->same)
        check_stages(c, &request, &context, folder);
    request_clear(&request);
    buf_clear(&request_text);
    buf_clear(&context_text);
}

static bool check_folder(struct check *c, const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            begin_case(c, entries[i]->d_name);
            check_folder_case(c, path);
            end_case(c);
        }
        free(entries[i]);
    }
    free(entries);
    return count >= 0;
}

/* ---- ACS3 and RPC: a case a line ---- */

struct line_case {
    struct spurn_text id, algorithm, method, path, query, body_hash, secret;
    struct spurn_text canonical, to_sign, signature;
};

static void read_headers(struct check *c, struct json *j, struct request *request)
{
    json_open_array(j);
    while (json_next_item(j)) {
        struct spurn_text pair[2] = {TEXT_ABSENT, TEXT_ABSENT};
        size_t count = 0;
        json_open_array(j);
        while (json_next_item(j))
            if (count < 2)
                pair[count++] = json_string(j);
            else
                json_break(j, "a header is a name and a value");
        add_header(c, request, pair[0], pair[1]);
    }
}

static void read_parameters(struct json *j, struct request *request, struct check *c)
{
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key))
        request_add_parameter(request, name_of(c, key), json_string(j));
}

static bool read_line(struct check *c, struct spurn_text line, struct line_case *out,
                      struct request *request)
{
    const struct {
        const char *key;
        struct spurn_text *into;
    } fields[] = {
        {"id", &out->id},
        {"algorithm", &out->algorithm},
        {"method", &out->method},
        {"path", &out->path},
        {"canonical_query", &out->query},
        {"payload_hash", &out->body_hash},
        {"access_key_secret", &out->secret},
        {"canonical_request", &out->canonical},
        {"string_to_sign", &out->to_sign},
        {"signature", &out->signature},
    };
    enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };
    struct json j;
    struct spurn_text key;
    *out = (struct line_case){.id = TEXT_ABSENT};
    json_init(&j, line, &c->arena);
    json_open_object(&j);
    while (json_next_key(&j, &key)) {
        size_t i = 0;
        while (i < FIELD_COUNT && !text_is(key, fields[i].key))
            i++;
        if (i < FIELD_COUNT)
            *fields[i].into = json_string(&j);
        else if (text_is(key, "headers"))
            read_headers(c, &j, request);
        else if (text_is(key, "params"))
            read_parameters(&j, request, c);
        else
            json_skip(&j);
    }
    bool whole = json_done(&j);
    if (!whole)
        cannot_check(c, j.why);
    return whole;
}

static void check_acs3_case(struct check *c, const struct line_case *row, struct request *request)
{
    struct buf canonical, to_sign, signed_headers;
    char signature[SHA256_HEX_LEN + 1];
    buf_init(&canonical, CASE_LEN_MAX);
    buf_init(&to_sign, CASE_LEN_MAX);
    buf_init(&signed_headers, CASE_LEN_MAX);
    request_set_path(request, row->path);
    add_query(c, request, row->query);
    acs3_canonical_request_of(request, row->body_hash, &canonical, &signed_headers);
    acs3_string_to_sign(c->d, buf_text(&canonical), &to_sign);
    if (!acs3_signature(c->d, buf_text(&to_sign), row->secret, signature))
        cannot_check(c, "out of memory");
    compare(c, "canonical request", buf_text(&canonical), row->canonical);
    compare(c, "string to sign", buf_text(&to_sign), row->to_sign);
    compare(c, "signature", text_of(signature), row->signature);
    buf_clear(&signed_headers);
    buf_clear(&to_sign);
    buf_clear(&canonical);
}

static void check_rpc_case(struct check *c, const struct line_case *row, struct request *request)
{
    struct buf canonical, to_sign;
    char signature[RPC_SIGNATURE_LEN + 1];
    buf_init(&canonical, CASE_LEN_MAX);
    buf_init(&to_sign, CASE_LEN_MAX);
    rpc_canonical(request, &canonical);
    rpc_string_to_sign(request, buf_text(&canonical), &to_sign);
    if (!rpc_signature(c->d, buf_text(&to_sign), row->secret, signature))
        cannot_check(c, "out of memory");
    compare(c, "string to sign", buf_text(&to_sign), row->to_sign);
    compare(c, "signature", text_of(signature), row->signature);
    buf_clear(&to_sign);
    buf_clear(&canonical);
}

/* False when the line is of another algorithm. */
static bool check_line(struct check *c, const struct line_case *row, struct request *request)
{
    bool is_acs3 = text_is(row->algorithm, "ACS3-HMAC-SHA256");
    bool is_rpc = text_starts(row->algorithm, "HMAC-SHA1 (RPC");
    c->name = name_of(c, row->id);
    request->method = name_of(c, row->method);
    if (is_acs3)
        check_acs3_case(c, row, request);
    else if (is_rpc)
        check_rpc_case(c, row, request);
    if (request->failed)
        cannot_check(c, "its request cannot be built");
    return is_acs3 || is_rpc;
}

static bool check_lines(struct check *c, const char *path)
{
    struct buf text;
    struct spurn_error err = {0};
    buf_init(&text, CASE_LEN_MAX);
    bool ok = file_read_trusted(path, "vectors", &text, &err) == SPURN_OK;
    if (!ok)
        printf("%s\n", err.text);
    struct spurn_text rest = buf_text(&text);
    while (ok && rest.len > 0) {
        struct line_case row;
        struct request request;
        request_init(&request, "");
        begin_case(c, path);
        bool whole = read_line(c, take_until(&rest, '\n'), &row, &request);
        if (whole && check_line(c, &row, &request)) {
            end_case(c);
        } else if (whole) {
            c->total--;
            c->skipped++;
        }
        request_clear(&request);
    }
    buf_clear(&text);
    return ok;
}

/* ---- the command ---- */

/* True when there was something to check and all of it was as published. */
static bool check_path(struct digest *d, const char *path)
{
    struct check c = {.d = d};
    struct stat st;
    arena_init(&c.arena, 4 * CASE_LEN_MAX);
    bool read = stat(path, &st) == 0 &&
                (S_ISDIR(st.st_mode) ? check_folder(&c, path) : check_lines(&c, path));
    if (!read)
        printf("%s: cannot be read\n", path);
    printf("%s: %d of %d", path, c.passed, c.total);
    if (c.skipped > 0)
        printf(" (%d of another algorithm left out)", c.skipped);
    printf("\n");
    arena_clear(&c.arena);
    return read && c.total > 0 && c.passed == c.total;
}

int main(int argc, char **argv)
{
    struct digest *d = NULL;
    struct spurn_error err = {0};
    bool all = argc > 1;
    if (argc < 2)
        fprintf(stderr, "usage: check-vectors FOLDER|FILE.jsonl...\n");
    if (digest_open(&d, &err) != SPURN_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    for (int i = 1; i < argc; i++)
        if (!check_path(d, argv[i]))
            all = false;
    digest_close(d);
    return all ? 0 : argc < 2 ? 2 : 1;
}

/* json.c - a cloud's list reply becomes records: read_page beside lua-cjson's decode of the same bytes.
 *
 *   json REPLY...    files with the body of a reply each
 */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "cloud/cloud.h"

enum { ROUNDS = 21, REPLIES_MAX = 8 };

int luaopen_cjson(lua_State *L);

static const char name[] = "json";

struct text {
    char *at;
    size_t len, items;
};

static void fail(const char *what)
{
    fprintf(stderr, "json bench: %s\n", what);
    exit(1);
}

static struct text read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail("cannot open a reply; make it with responder --print");
    long len = ftell(file);
    rewind(file);
    char *text = malloc((size_t)len + 1);
    if (text == NULL || fread(text, 1, (size_t)len, file) != (size_t)len)
        fail("cannot read a reply");
    fclose(file);
    return (struct text){text, (size_t)len, 0};
}

/* ---- the two ways; each tells how many invitations it found ---- */

static size_t read_records(const struct text *text)
{
    struct spurn_error err;
    struct cloud_page page;
    const struct reply reply = {.http_status = 200, .body = {text->at, text->len}};
    cloud_page_init(&page);
    if (cloud_aws.read_page(&reply, &page, &err) != SPURN_OK)
        fail(err.text);
    size_t count = page.count;
    cloud_page_clear(&page);
    return count;
}

/* The stack holds cjson's decode. What it made is garbage afterwards, and collected as any host would have it. */
static size_t decode_tables(lua_State *L, const struct text *text)
{
    lua_pushvalue(L, 1);
    lua_pushlstring(L, text->at, text->len);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        fail(lua_tostring(L, -1));
    lua_getfield(L, -1, "resourceShareInvitations");
    size_t count = lua_rawlen(L, -1);
    lua_settop(L, 1);
    return count;
}

/* ---- in turn ---- */

struct round {
    double records_ns, tables_ns; /* an invitation */
};

static struct round run_round(lua_State *L, const struct text *text, size_t times)
{
    size_t found[2] = {0, 0};
    int64_t since = bench_now_ns();
    for (size_t i = 0; i < times; i++)
        found[0] += read_records(text);
    int64_t between = bench_now_ns();
    for (size_t i = 0; i < times; i++)
        found[1] += decode_tables(L, text);
    int64_t end = bench_now_ns();
    if (found[0] != found[1] || found[0] == 0)
        fail("the two found different invitations");
    return (struct round){(double)(between - since) / (double)found[0],
                          (double)(end - between) / (double)found[1]};
}

static double run(lua_State *L, const struct text *text)
{
    double records[ROUNDS], tables[ROUNDS], ratio[ROUNDS];
    char what[128];
    size_t items = read_records(text);
    size_t times = 1 + 10000 / items;
    for (size_t i = 0; i < ROUNDS; i++) {
        struct round round = run_round(L, text, times);
        records[i] = round.records_ns;
        tables[i] = round.tables_ns;
        ratio[i] = round.tables_ns / round.records_ns;
    }
    size_t each_len = text->len / items;
    snprintf(what, sizeof what, "records, a page of %zu, %zu bytes each", items, each_len);
    bench_result(name, what, bench_median(records, ROUNDS), "ns each");
    snprintf(what, sizeof what, "lua-cjson's tables, a page of %zu", items);
    bench_result(name, what, bench_median(tables, ROUNDS), "ns each");
    return bench_median(ratio, ROUNDS);
}

int main(int argc, char **argv)
{
    double worst = 1e9;
    lua_State *L = luaL_newstate();
    if (argc < 2 || argc > REPLIES_MAX || L == NULL)
        fail("usage: json REPLY...");
    luaL_requiref(L, "cjson", luaopen_cjson, 0);
    lua_getfield(L, -1, "decode");
    lua_replace(L, 1);
    for (int i = 1; i < argc; i++) {
        struct text text = read_file(argv[i]);
        double ratio = run(L, &text);
        worst = ratio < worst ? ratio : worst;
        free(text.at);
    }
    lua_close(L);
    bench_goal(name, "reading replies beside lua-cjson", worst, ">=", 4);
    return 0;
}

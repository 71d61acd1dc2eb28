/* quote_test.c - what anybody wrote stays a string of Lua source: nothing gets out of it, and nothing hides in it. */
#include "unit.h"

#include <string.h>

#include <lauxlib.h>

#include "library/quote.h"

static void check_quoted(struct spurn_text text, const char *want)
{
    struct buf out;
    buf_init(&out, 4096);
    quote_lua(&out, text);
    CHECK_STR(want, buf_str(&out), want);
    buf_clear(&out);
}

static void what_is_hostile_is_written_by_number(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"promo-1", "\"promo-1\""},
        {"", "\"\""},
        {"say \"hi\"", "\"say \\\"hi\\\"\""},
        {"it's", "\"it's\""},
        {"a\\nb", "\"a\\\\nb\""},
        {"a\nb\r\t", "\"a\\nb\\013\\009\""},
        {"\033[2J1", "\"\\027[2J1\""},
        {"\177", "\"\\127\""},
        {"]] --[[", "\"]] --[[\""},
        {"\xC3\xA9t\xC3\xA9", "\"\xC3\xA9t\xC3\xA9\""},               /* été */
        {"\xE9\x95\xBF\xE5\x9F\x8E", "\"\xE9\x95\xBF\xE5\x9F\x8E\""}, /* Han */
        {"\xE2\x80\xAEgpj", "\"\\u{202E}gpj\""},                      /* right to left */
        {"a\xE2\x80\x8B"
         "b",
         "\"a\\u{200B}b\""}, /* no width */
        {"a\xE2\x80\xA8"
         "b",
         "\"a\\u{2028}b\""},                    /* ends a line */
        {"e\xCC\x81", "\"e\\u{301}\""},         /* combines */
        {"\xF0\x9F\x8E\x81", "\"\\u{1F381}\""}, /* emoji */
        {"\xC2\x9B"
         "2J",
         "\"\\u{9B}2J\""},              /* C1 */
        {"\xFF\xFE", "\"\\255\\254\""}, /* no UTF-8 */
        {"\xC3", "\"\\195\""},
        {"\xED\xA0\x80", "\"\\237\\160\\128\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_quoted(text_of(cases[i].text), cases[i].want);
    check_quoted((struct spurn_text){"a\0001", 3}, "\"a\\0001\"");
    check_quoted(TEXT_ABSENT, "false");
}

/* As Lua itself reads it. */
static void check_reads_back(lua_State *L, const char *label, struct spurn_text text)
{
    struct buf source;
    struct spurn_text got = TEXT_ABSENT;
    buf_init(&source, 65536);
    buf_add_str(&source, "return ");
    quote_lua(&source, text);
    int status = luaL_loadstring(L, buf_str(&source));
    if (status == LUA_OK)
        status = lua_pcall(L, 0, 1, 0);
    CHECK_INT(label, status, LUA_OK);
    got.at = lua_tolstring(L, -1, &got.len);
    CHECK_TEXT(label, got, text);
    lua_settop(L, 0);
    buf_clear(&source);
}

static void lua_reads_back_the_same_bytes(void)
{
    lua_State *L = luaL_newstate();
    char pair[3], all[512];
    for (int i = 0; i < 256; i++) {
        for (int k = 0; k < 256; k++) {
            pair[0] = (char)i;
            pair[1] = (char)k;
            check_reads_back(L, "a pair", (struct spurn_text){pair, 2});
        }
        all[i] = (char)i;
        all[511 - i] = (char)i;
    }
    check_reads_back(L, "every byte", (struct spurn_text){all, sizeof all});
    static const char *const words[] = {"\" .. os.exit() .. \"",
                                        "]]",
                                        "\\",
                                        "\\\"",
                                        "%s%n",
                                        "\xE2\x80\xAE\xF0\x9F\x8E\x81\xC3\xA9"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        check_reads_back(L, words[i], text_of(words[i]));
    lua_close(L);
}

static const struct unit_test tests[] = {
    {"what_is_hostile_is_written_by_number", what_is_hostile_is_written_by_number},
    {"lua_reads_back_the_same_bytes", lua_reads_back_the_same_bytes},
};

UNIT_MAIN(tests)

/* command_text_test.c - what strangers wrote is shown, and never obeyed: by the terminal or by what reads the JSON. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/cells.h"
#include "command/text.h"
#include "command/out.h"
#include "command/json.h"

#define BYTES(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct {
    const char *label;
    struct spurn_text text;
    const char *shown;
    int width;
} SHOWN[] = {
    {"plain", BYTES("promo-vpc"), "promo-vpc", 9},
    {"absent", {NULL, 0}, "", 0},
    {"wide", BYTES("免费"), "免费", 4},
    {"accent", BYTES("e\u0301"), "e\u0301", 1},
    {"colour", BYTES("\033[31mred"), "\\x1b[31mred", 11},
    {"line", BYTES("a\r\nb\tc"), "a\\r\\nb\\tc", 9},
    {"nul", BYTES("a\0b"), "a\\x00b", 6},
    {"delete", BYTES("\x7f"), "\\x7f", 4},
    {"8-bit control",
     BYTES("\xc2\x9b"
           "31m"),
     "\\x9b31m", 7},
    {"turned around", BYTES("a\u202eb"), "a\\u202eb", 8},
    {"unseen", BYTES("a\u200bb\ufeff"), "a\\u200bb\\ufeff", 14},
    {"tag", BYTES("\U000e0041"), "\\ue0041", 7},
    {"backslash", BYTES("\\x1b"), "\\\\x1b", 5},
    {"lone byte", BYTES("a\xff"), "a\\xff", 5},
    {"cut short", BYTES("\xe5\x85"), "\\xe5\\x85", 8},
    {"overlong", BYTES("\xc0\x9b"), "\\xc0\\x9b", 8},
    {"surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80", 12},
    {"too high", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", 16},
};

static void nothing_that_moves_a_cursor_reaches_the_terminal(void)
{
    for (size_t i = 0; i < sizeof SHOWN / sizeof SHOWN[0]; i++) {
        struct cmd_cell cell;
        cmd_cell_init(&cell, CMD_PLAIN);
        cmd_cell_add(&cell, SHOWN[i].text);
        CHECK_STR(SHOWN[i].label, cell.at, SHOWN[i].shown);
        CHECK_INT(SHOWN[i].label, (int64_t)cell.width, SHOWN[i].width);
    }
}

static void a_message_shows_backslashes_as_their_author_wrote_them(void)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cell_add_message(&cell, cmd_text("near '\"\\d'; write \\\\\x1b[31m"));
    CHECK_STR("", cell.at, "near '\"\\d'; write \\\\\\x1b[31m");
}

static void every_control_character_is_shown_by_number(void)
{
    for (int c = 0; c < 0x100; c++) {
        char byte = (char)c;
        struct cmd_cell cell;
        cmd_cell_init(&cell, CMD_PLAIN);
        cmd_cell_add(&cell, (struct spurn_text){&byte, 1});
        char label[8];
        snprintf(label, sizeof label, "%02x", (unsigned)c);
        bool printable = c >= 0x20 && c < 0x7f && c != '\\';
        CHECK_INT(label, cell.at[0] == '\\' && cell.len > 1, !printable);
    }
}

static void a_name_that_could_not_be_seen_whole_is_quoted(void)
{
    static const struct {
        const char *label;
        struct spurn_text name;
        const char *shown;
    } rows[] = {{"plain", BYTES("a b"), "a b"},
                {"absent", {NULL, 0}, ""},
                {"empty", BYTES(""), "\"\""},
                {"blank", BYTES(" "), "\" \""},
                {"before", BYTES(" a"), "\" a\""},
                {"behind", BYTES("a "), "\"a \""},
                {"wide", BYTES("a\u3000"), "\"a\u3000\""},
                {"quoted", BYTES("\"a \""), "\"\"a \"\""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cmd_cell cell;
        cmd_cell_init(&cell, CMD_PLAIN);
        cmd_cells_name(&cell, rows[i].name);
        CHECK_STR(rows[i].label, cell.at, rows[i].shown);
    }
}

static void accents_do_not_pile_up_over_other_lines(void)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cell_add_str(&cell, "a\u0301\u0301\u0301\u0301\u0301");
    CHECK_STR("", cell.at, "a\u0301\u0301\u0301\u0301\\u0301");
}

static void at_most_a_kibibyte_is_shown(void)
{
    static char long_text[5000];
    struct cmd_cell cell;
    for (size_t i = 0; i + 3 <= sizeof long_text; i += 3)
        memcpy(long_text + i, "免", 3);
    for (size_t before = 0; before < 4; before++) {
        cmd_cell_init(&cell, CMD_PLAIN);
        cmd_cell_add(&cell, (struct spurn_text){"abcd", before});
        cmd_cell_add(&cell, (struct spurn_text){long_text, sizeof long_text});
        cmd_cell_add_str(&cell, "more");
        CHECK("", cell.len <= CMD_TEXT_SHOWN && cell.len > CMD_TEXT_SHOWN - 8);
        CHECK_STR("", cell.at + cell.len - strlen("…"), "…");
    }
}

static void a_cell_is_cut_between_characters(void)
{
    static const struct {
        const char *label, *text;
        size_t width;
        const char *cut;
    } rows[] = {{"fits", "abcd", 4, "abcd"},
                {"ascii", "abcde", 4, "abc…"},
                {"wide", "免费礼品", 4, "免…"},
                {"accent", "e\u0301e\u0301e", 2, "e\u0301…"},
                {"least", "abc", 1, "…"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cmd_cell cell;
        cmd_cell_init(&cell, CMD_PLAIN);
        cmd_cell_add_str(&cell, rows[i].text);
        cmd_cell_cut(&cell, rows[i].width);
        CHECK_STR(rows[i].label, cell.at, rows[i].cut);
        CHECK(rows[i].label, cell.width <= rows[i].width);
    }
}

/* What `write` puts out, in `memory`, which the caller frees. */
static char *written(void (*write)(struct cmd_out *out), size_t width)
{
    char *memory = NULL;
    size_t len = 0;
    struct cmd_out out;
    memset(&out, 0, sizeof out);
    out.file = open_memstream(&memory, &len);
    out.width = width;
    write(&out);
    CHECK_INT("", cmd_out_finish(&out), 0);
    fclose(out.file);
    return memory;
}

static void write_json_value(struct cmd_out *out)
{
    struct cmd_json json;
    cmd_json_init(&json, out);
    cmd_json_open(&json, '{');
    cmd_json_key(&json, "name");
    cmd_json_text(&json, (struct spurn_text)BYTES("\"\\\n\x1b\xff\u202e\u2028免\0"));
    cmd_json_key(&json, "list");
    cmd_json_open(&json, '[');
    cmd_json_number(&json, -1);
    cmd_json_bool(&json, true);
    cmd_json_str(&json, NULL);
    cmd_json_close(&json, ']');
    cmd_json_close(&json, '}');
}

static void json_holds_hostile_text_and_stays_json(void)
{
    char *memory = written(write_json_value, 0);
    CHECK_STR("", memory,
              "{\"name\":\"\\\"\\\\\\u000a\\u001b\\ufffd\\u202e\\u2028免\\u0000\","
              "\"list\":[-1,true,null]}");
    free(memory);
}

static void write_long_line(struct cmd_out *out)
{
    struct cmd_cell cell;
    cmd_cell_init(&cell, CMD_PLAIN);
    cmd_cell_add_str(&cell, "one two three 免费礼品免费礼品免费礼品");
    cmd_out_lines(out, 2, &cell);
}

static void lines_break_between_words_and_else_between_characters(void)
{
    static const struct {
        const char *label;
        size_t width;
        const char *lines;
    } rows[] = {
        {"no terminal", 0, "  one two three 免费礼品免费礼品免费礼品\n"},
        {"narrow", 12, "  one two\n  three\n  免费礼品免\n  费礼品免费\n  礼品\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *memory = written(write_long_line, rows[i].width);
        CHECK_STR(rows[i].label, memory, rows[i].lines);
        free(memory);
    }
}

static void write_hanging(struct cmd_out *out)
{
    struct cmd_cell first, rest;
    cmd_cell_init(&first, CMD_PLAIN);
    cmd_cell_add_str(&first, "  --all");
    cmd_cell_init(&rest, CMD_PLAIN);
    cmd_cell_add_str(&rest, "a row for everything \\");
    cmd_out_hanging(out, &first, 9, &rest);
}

static void a_second_column_keeps_its_place_and_is_escaped_once(void)
{
    char *memory = written(write_hanging, 20);
    CHECK_STR("", memory, "  --all  a row for\n         everything\n         \\\\\n");
    free(memory);
}

static void a_write_that_fails_is_remembered(void)
{
    struct cmd_out out;
    memset(&out, 0, sizeof out);
    out.file = fopen("/dev/full", "w");
    if (!CHECK("/dev/full", out.file != NULL))
        return;
    CHECK("buffered", cmd_out_write(&out, "x", 1));
    CHECK_INT("finish", cmd_out_finish(&out), ENOSPC);
    CHECK("after", !cmd_out_write(&out, "x", 1));
    fclose(out.file);
}

static const struct unit_test TESTS[] = {
    {"nothing_that_moves_a_cursor_reaches_the_terminal",
     nothing_that_moves_a_cursor_reaches_the_terminal},
    {"a_message_shows_backslashes_as_their_author_wrote_them",
     a_message_shows_backslashes_as_their_author_wrote_them},
    {"every_control_character_is_shown_by_number", every_control_character_is_shown_by_number},
    {"a_name_that_could_not_be_seen_whole_is_quoted",
     a_name_that_could_not_be_seen_whole_is_quoted},
    {"accents_do_not_pile_up_over_other_lines", accents_do_not_pile_up_over_other_lines},
    {"at_most_a_kibibyte_is_shown", at_most_a_kibibyte_is_shown},
    {"a_cell_is_cut_between_characters", a_cell_is_cut_between_characters},
    {"json_holds_hostile_text_and_stays_json", json_holds_hostile_text_and_stays_json},
    {"lines_break_between_words_and_else_between_characters",
     lines_break_between_words_and_else_between_characters},
    {"a_second_column_keeps_its_place_and_is_escaped_once",
     a_second_column_keeps_its_place_and_is_escaped_once},
    {"a_write_that_fails_is_remembered", a_write_that_fails_is_remembered},
};
UNIT_MAIN(TESTS)

/* text.c - the one function through which text of senders, servers and files reaches a terminal. */
#include "command/text.h"

#include <stdio.h>
#include <string.h>

static const char ELLIPSIS[] = "…";
enum { ELLIPSIS_LEN = sizeof ELLIPSIS - 1 };

struct range {
    uint32_t first, last;
};

/* Shown by number: they move the cursor, turn the direction of writing, or cannot be seen (Unicode 15: Cc, Cf, Zl, Zp,
 * fillers, tags, noncharacters, private use). */
static const struct range UNSEEN[] = {
    {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
    {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},
    {0x08e2, 0x08e2},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xe000, 0xf8ff},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff}};

/* No column of their own: accents and vowel signs that sit on the letter before. */
static const struct range MARKS[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05c7}, {0x0610, 0x061a},
    {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06ed}, {0x0711, 0x0711}, {0x0730, 0x074a},
    {0x0816, 0x082d}, {0x08d3, 0x0902}, {0x093a, 0x093a}, {0x093c, 0x093c}, {0x0941, 0x0948},
    {0x094d, 0x094d}, {0x0951, 0x0957}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},
    {0x0eb1, 0x0ebc}, {0x0ec8, 0x0ecd}, {0x0f71, 0x0f84}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x20d0, 0x20f0}, {0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe20, 0xfe2f}};

/* Two columns each (East Asian Width W and F, and emoji). */
static const struct range WIDE[] = {
    {0x1100, 0x115e},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x26bd, 0x26be},
    {0x26c4, 0x26c5},   {0x26ce, 0x26ce},   {0x26d4, 0x26d4},   {0x2705, 0x2705},
    {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2b50, 0x2b50},
    {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97c},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6},
    {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f7e0, 0x1f7eb}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};

/* The tables ascend, so that plain letters, which nearly all are, are told by the first rows. */
static bool is_in(const struct range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count && character >= ranges[i].first; i++) {
        if (character <= ranges[i].last)
            return true;
    }
    return false;
}

#define IS_IN(ranges, character) is_in(ranges, sizeof ranges / sizeof ranges[0], character)

struct spurn_text cmd_text(const char *nul_terminated)
{
    struct spurn_text text = {nul_terminated, 0};
    if (nul_terminated != NULL)
        text.len = strlen(nul_terminated);
    return text;
}

bool cmd_text_equal(struct spurn_text a, struct spurn_text b)
{
    if (a.at == NULL || b.at == NULL)
        return a.at == b.at;
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

bool cmd_text_is(struct spurn_text text, const char *nul_terminated)
{
    return cmd_text_equal(text, cmd_text(nul_terminated));
}

size_t cmd_text_character(struct spurn_text text, uint32_t *character)
{
    *character = 0;
    if (text.len == 0)
        return 0;
    const unsigned char *at = (const unsigned char *)text.at;
    if (at[0] < 0x80) {
        *character = at[0];
        return 1;
    }
    /* The least character that needs so many bytes; a shorter form of it exists otherwise. */
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc0 ? 2 : 0;
    if (len == 0 || at[0] > 0xf4 || len > text.len)
        return 0;
    uint32_t value = at[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (value < least[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *character = value;
    return len;
}

size_t cmd_text_columns(uint32_t character)
{
    if (IS_IN(MARKS, character))
        return 0;
    return IS_IN(WIDE, character) ? 2 : 1;
}

void cmd_cell_init(struct cmd_cell *cell, enum cmd_style style)
{
    cell->style = style;
    cell->full = false;
    cell->len = 0;
    cell->width = 0;
    cell->at[0] = '\0';
}

static void append(struct cmd_cell *cell, const char *bytes, size_t len, size_t width)
{
    if (cell->full)
        return;
    if (cell->len + len + ELLIPSIS_LEN > CMD_TEXT_SHOWN) {
        cell->full = true;
        bytes = ELLIPSIS;
        len = ELLIPSIS_LEN;
        width = 1;
    }
    memcpy(cell->at + cell->len, bytes, len);
    cell->len += len;
    cell->width += width;
    cell->at[cell->len] = '\0';
}

static void append_number(struct cmd_cell *cell, uint32_t character)
{
    static const struct {
        uint32_t character;
        const char *form;
    } known[] = {{'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}, {'\\', "\\\\"}};
    char form[16];
    int len = snprintf(form, sizeof form, character < 0x100 ? "\\x%02x" : "\\u%04x", character);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].character == character)
            len = snprintf(form, sizeof form, "%s", known[i].form);
    }
    append(cell, form, (size_t)len, (size_t)len);
}

/* How many bytes at the head are ASCII that is shown as it is, and fit. Nearly all text is of these. */
static size_t plain_len(const struct cmd_cell *cell, struct spurn_text text)
{
    size_t room = CMD_TEXT_SHOWN - ELLIPSIS_LEN - cell->len, len = 0;
    while (len < text.len && len < room && text.at[len] >= ' ' && text.at[len] < 0x7f &&
           text.at[len] != '\\')
        len++;
    return len;
}

static void add(struct cmd_cell *cell, struct spurn_text text, bool doubles_backslash)
{
    size_t marks = 0;
    while (text.at != NULL && text.len > 0 && !cell->full) {
        size_t plain = plain_len(cell, text);
        if (plain > 0) {
            append(cell, text.at, plain, plain);
            text.at += plain;
            text.len -= plain;
            marks = 0;
            continue;
        }
        uint32_t character;
        size_t len = cmd_text_character(text, &character);
        size_t width = cmd_text_columns(character);
        marks = width == 0 ? marks + 1 : 0;
        if (len == 0)
            append_number(cell, (unsigned char)text.at[0]);
        else if (IS_IN(UNSEEN, character) || (character == '\\' && doubles_backslash) ||
                 marks > CMD_TEXT_MARKS)
            append_number(cell, character);
        else
            append(cell, text.at, len, width);
        text.at += len == 0 ? 1 : len;
        text.len -= len == 0 ? 1 : len;
    }
}

void cmd_cell_add(struct cmd_cell *cell, struct spurn_text text)
{
    add(cell, text, true);
}

void cmd_cell_add_message(struct cmd_cell *cell, struct spurn_text message)
{
    add(cell, message, false);
}

void cmd_cell_add_str(struct cmd_cell *cell, const char *nul_terminated)
{
    cmd_cell_add(cell, cmd_text(nul_terminated));
}

void cmd_cell_cut(struct cmd_cell *cell, size_t width)
{
    if (cell->width <= width || width == 0)
        return;
    size_t at = 0, columns = 0;
    for (;;) {
        uint32_t character;
        struct spurn_text rest = {cell->at + at, cell->len - at};
        size_t len = cmd_text_character(rest, &character);
        if (len == 0 || columns + cmd_text_columns(character) > width - 1)
            break;
        columns += cmd_text_columns(character);
        at += len;
    }
    memcpy(cell->at + at, ELLIPSIS, sizeof ELLIPSIS);
    cell->len = at + ELLIPSIS_LEN;
    cell->width = columns + 1;
}

/* glob.c - names against globs: '*' any run, '?' one character, ASCII letter case ignored, the whole name. */
#include "match/glob.h"

#include <string.h>

/* The length of the character at name.at[i]; 1 for a byte that begins none. */
static size_t char_len(struct spurn_text name, size_t i)
{
    if ((unsigned char)name.at[i] < 0xC0)
        return 1;
    for (size_t n = 2; n <= 4 && n <= name.len - i; n++)
        if (text_utf8_len((struct spurn_text){name.at + i, n}) == n)
            return n;
    return 1;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Only the last '*' need ever be tried again: whatever an earlier one could take instead, the last one can take as well. */
bool glob_match(struct spurn_text glob, struct spurn_text name, int64_t *steps)
{
    size_t g = 0, n = 0;
    size_t after_star = 0, star_end = 0; /* behind the last '*', and where its run ends for now */
    bool has_star = false;
    if (glob.at == NULL || name.at == NULL)
        return false;
    while (n < name.len || g < glob.len) {
        if (*steps <= 0)
            return false;
        --*steps;
        char wanted = g < glob.len ? glob.at[g] : '\0';
        if (g < glob.len && wanted == '*') {
            has_star = true;
            after_star = ++g;
            star_end = n;
            if (g == glob.len)
                return true;
        } else if (g < glob.len && n < name.len && wanted == '?') {
            g++;
            n += char_len(name, n);
        } else if (g < glob.len && n < name.len && lower(wanted) == lower(name.at[n])) {
            g++;
            n++;
        } else if (has_star && star_end < name.len) {
            star_end += char_len(name, star_end);
            g = after_star;
            n = star_end;
        } else {
            return false;
        }
    }
    return true;
}

/* ---- what looks like another language ---- */

static bool holds_pair(struct spurn_text glob, char opening, char closing)
{
    const char *at = memchr(glob.at, opening, glob.len);
    return at != NULL && memchr(at, closing, glob.len - (size_t)(at - glob.at)) != NULL;
}

/* Some byte of `firsts` with one of `seconds` right behind it. */
static bool holds_two(struct spurn_text glob, const char *firsts, const char *seconds)
{
    for (size_t i = 0; i + 1 < glob.len; i++)
        if (glob.at[i] != '\0' && strchr(firsts, glob.at[i]) != NULL && glob.at[i + 1] != '\0' &&
            strchr(seconds, glob.at[i + 1]) != NULL)
            return true;
    return false;
}

/* "%d", "%a+", "%-"; but neither "100%discount" nor "100%*", which people mean as they stand. */
static bool is_lua_pattern(struct spurn_text glob)
{
    for (size_t i = 0; i + 1 < glob.len; i++) {
        char second = glob.at[i + 1], third = i + 2 < glob.len ? lower(glob.at[i + 2]) : ' ';
        if (glob.at[i] != '%' || second == '\0')
            continue;
        if (strchr(".-+[]()^$%", second) != NULL)
            return true;
        if (strchr("acdglpsuwx", lower(second)) != NULL && (third < 'a' || third > 'z'))
            return true;
    }
    return false;
}

static bool is_anchored(struct spurn_text glob)
{
    return glob.at[0] == '^' || glob.at[glob.len - 1] == '$';
}

/* ".*" where a regular expression has it; but "*.example.*" is by somebody who knows globs. */
static bool has_dot_star(struct spurn_text glob)
{
    bool found = false;
    for (size_t i = 0; i < glob.len; i++) {
        if (glob.at[i] != '*')
            continue;
        if (i == 0 || glob.at[i - 1] != '.')
            return false;
        found = true;
    }
    return found;
}

static bool is_regex(struct spurn_text glob)
{
    return has_dot_star(glob) || holds_two(glob, ".", "+") || holds_two(glob, ")]", "*+?") ||
           memchr(glob.at, '\\', glob.len) != NULL ||
           (holds_pair(glob, '(', ')') && memchr(glob.at, '|', glob.len) != NULL);
}

static bool has_class(struct spurn_text glob)
{
    return holds_pair(glob, '[', ']');
}

static bool has_flag(struct spurn_text glob)
{
    return text_starts(glob, "(?");
}

static bool has_comma(struct spurn_text glob)
{
    return holds_two(glob, "*", ",");
}

static bool has_choice(struct spurn_text glob)
{
    return holds_pair(glob, '{', '}') && memchr(glob.at, ',', glob.len) != NULL;
}

#define ONLY_TWO "; in a glob only * and ? are special, and ? stands for any character"

const char *glob_complaint(struct spurn_text glob)
{
    static const struct {
        bool (*is_odd)(struct spurn_text glob);
        const char *complaint;
    } rows[] = {
        {is_lua_pattern, "it looks like a Lua pattern" ONLY_TWO},
        {has_flag, "it looks like a regular expression; in a glob letter case never matters"},
        {has_comma, "it looks like several; write { \"a*\", \"b*\" }"},
        {is_anchored, "it has an anchor, ^ or $, but a glob is matched against the whole name"},
        {is_regex, "it looks like a regular expression" ONLY_TWO},
        {has_class, "it has a class in [ ]" ONLY_TWO},
        {has_choice, "it has a choice in { }; write each as a glob of its own"},
    };
    if (glob.at == NULL || glob.len == 0)
        return "it is empty";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].is_odd(glob))
            return rows[i].complaint;
    return NULL;
}

/* nearest.c - the word that was probably meant. */
#include <string.h>

#include "script/host.h"

enum { WORD_LEN_MAX = 32 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* How many letters to change, add, drop or swap with a neighbour. */
static int distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    int rows[3][WORD_LEN_MAX + 1];
    if (a_len > WORD_LEN_MAX || b_len > WORD_LEN_MAX)
        return WORD_LEN_MAX;
    int *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_len; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = (int)i;
        for (size_t j = 1; j <= b_len; j++) {
            int change = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(change, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        int *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_len];
}

const char *host_absent(const char *word)
{
    static const char outside[] = "files, the system and the network are not there";
    static const char running[] = "text is not run as a program here";
    static const char catching[] = "errors are not caught here; they leave the rule undecided";
    static const char hidden[] = "this part of Lua is not there";
    static const struct {
        const char *word, *why;
    } rows[] = {
        {"io", outside},          {"os", outside},
        {"require", outside},     {"package", outside},
        {"dofile", outside},      {"loadfile", outside},
        {"load", running},        {"loadstring", running},
        {"pcall", catching},      {"xpcall", catching},
        {"coroutine", hidden},    {"debug", hidden},
        {"_G", hidden},           {"collectgarbage", hidden},
        {"getmetatable", hidden}, {"setmetatable", hidden},
        {"rawget", hidden},       {"rawset", hidden},
        {"rawequal", hidden},     {"rawlen", hidden},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(word, rows[i].word) == 0)
            return rows[i].why;
    return NULL;
}

const char *host_nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    size_t len = strlen(word);
    int best_distance = len < 4 ? 2 : len < 8 ? 3 : 4; /* one, two or three letters may be wrong */
    for (; *candidates != NULL; candidates++) {
        int d = distance(word, *candidates);
        if (d < best_distance) {
            best = *candidates;
            best_distance = d;
        }
    }
    return best;
}

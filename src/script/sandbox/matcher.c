/* matcher.c - Lua's patterns, matched by backtracking that is counted. */
#include "script/sandbox/matcher.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 200 }; /* of the C stack, as in Lua's own matcher */

static const char *end_of(struct spurn_text t)
{
    return t.at + t.len;
}

void match_count_step(struct match *m)
{
    m->h->steps_left--;
    if (m->h->steps_left < 0)
        host_spend(m->L, 0);
}

/* ---- one character against one item ---- */

static bool is_of_class(unsigned char c, char name)
{
    bool is;
    switch (name | 0x20) {
    case 'a':
        is = isalpha(c);
        break;
    case 'c':
        is = iscntrl(c);
        break;
    case 'd':
        is = isdigit(c);
        break;
    case 'g':
        is = isgraph(c);
        break;
    case 'l':
        is = islower(c);
        break;
    case 'p':
        is = ispunct(c);
        break;
    case 's':
        is = isspace(c);
        break;
    case 'u':
        is = isupper(c);
        break;
    case 'w':
        is = isalnum(c);
        break;
    case 'x':
        is = isxdigit(c);
        break;
    case 'z':
        is = c == '\0';
        break;
    default:
        return c == (unsigned char)name;
    }
    bool wants_not = name >= 'A' && name <= 'Z';
    return is != wants_not;
}

/* Where the item at `p` ends: after a character, an escape or a set. */
static const char *item_end(struct match *m, const char *p)
{
    const char *end = end_of(m->pattern);
    char first = *p++;
    if (first == '%') {
        if (p == end)
            refuse(m->L, "malformed pattern: it ends with '%%'; write %%%% for a percent sign");
        return p + 1;
    }
    if (first != '[')
        return p;
    if (p < end && *p == '^')
        p++;
    bool is_first = true;
    for (; p < end && (is_first || *p != ']'); p++, is_first = false) {
        match_count_step(m);
        if (*p == '%' && p + 1 < end)
            p++;
    }
    if (p == end)
        refuse(m->L, "malformed pattern: '[' without its ']'; write %%[ for a bracket");
    return p + 1;
}

/* `p` is at '[', `end` after its ']'. */
static bool is_in_set(struct match *m, unsigned char c, const char *p, const char *end)
{
    bool wants_not = p[1] == '^';
    p += wants_not ? 2 : 1;
    for (end--; p < end; p++) {
        match_count_step(m);
        if (*p == '%') {
            p++;
            if (is_of_class(c, *p))
                return !wants_not;
        } else if (p + 2 < end && p[1] == '-') {
            if ((unsigned char)*p <= c && c <= (unsigned char)p[2])
                return !wants_not;
            p += 2;
        } else if ((unsigned char)*p == c) {
            return !wants_not;
        }
    }
    return wants_not;
}

static bool item_takes(struct match *m, const char *s, const char *p, const char *end)
{
    match_count_step(m);
    if (s == end_of(m->subject))
        return false;
    unsigned char c = (unsigned char)*s;
    switch (*p) {
    case '.':
        return true;
    case '%':
        return is_of_class(c, p[1]);
    case '[':
        return is_in_set(m, c, p, end);
    default:
        return (unsigned char)*p == c;
    }
}

/* ---- items in a row; each returns where the match ends, or NULL ---- */

static const char *match_here(struct match *m, const char *s, const char *p);

static const char *match_most(struct match *m, const char *s, const char *p, const char *after)
{
    ptrdiff_t taken = 0;
    while (item_takes(m, s + taken, p, after))
        taken++;
    for (; taken >= 0; taken--) {
        const char *found = match_here(m, s + taken, after + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static const char *match_least(struct match *m, const char *s, const char *p, const char *after)
{
    for (;; s++) {
        const char *found = match_here(m, s, after + 1);
        if (found != NULL || !item_takes(m, s, p, after))
            return found;
    }
}

static const char *open_capture(struct match *m, const char *s, const char *p, ptrdiff_t kind)
{
    if (m->captures_count == CAPTURES_MAX)
        refuse(m->L, "pattern has more than %d captures", CAPTURES_MAX);
    m->captures[m->captures_count++] = (struct capture){s, kind};
    const char *found = match_here(m, s, p);
    if (found == NULL)
        m->captures_count--;
    return found;
}

static struct capture *innermost_open(struct match *m)
{
    for (int i = m->captures_count; i > 0; i--)
        if (m->captures[i - 1].len == CAPTURE_OPEN)
            return &m->captures[i - 1];
    refuse(m->L, "malformed pattern: ')' without its '('; write %%) for a parenthesis");
}

static const char *close_capture(struct match *m, const char *s, const char *p)
{
    struct capture *capture = innermost_open(m);
    capture->len = s - capture->at;
    const char *found = match_here(m, s, p);
    if (found == NULL)
        capture->len = CAPTURE_OPEN;
    return found;
}

/* %bxy: from x to the y that balances it. */
static const char *match_balanced(struct match *m, const char *s, const char *p)
{
    if (end_of(m->pattern) - p < 2)
        refuse(m->L, "malformed pattern: %%b needs two characters");
    if (s == end_of(m->subject) || *s != p[0])
        return NULL;
    ptrdiff_t open = 1;
    for (s++; s < end_of(m->subject); s++) {
        match_count_step(m);
        if (*s == p[1]) {
            open--;
            if (open == 0)
                return s + 1;
        } else if (*s == p[0]) {
            open++;
        }
    }
    return NULL;
}

/* %f[set]: between a character that is not in the set and one that is. */
static const char *match_frontier(struct match *m, const char *s, const char *p)
{
    if (p == end_of(m->pattern) || *p != '[')
        refuse(m->L, "malformed pattern: %%f needs a set, as in %%f[%%w]");
    const char *after = item_end(m, p);
    unsigned char before = s == m->subject.at ? '\0' : (unsigned char)s[-1];
    unsigned char here = s == end_of(m->subject) ? '\0' : (unsigned char)*s;
    if (is_in_set(m, before, p, after) || !is_in_set(m, here, p, after))
        return NULL;
    return match_here(m, s, after);
}

/* %1: what the first capture took, again. */
static const char *match_again(struct match *m, const char *s, char digit)
{
    unsigned i = (unsigned)(digit - '1'); /* "%0" is past them all */
    if (i >= (unsigned)m->captures_count || m->captures[i].len == CAPTURE_OPEN)
        refuse(m->L, "malformed pattern: %%%c comes before its capture", digit);
    if (m->captures[i].len == CAPTURE_POSITION)
        return NULL; /* a position is no text */
    size_t len = (size_t)m->captures[i].len;
    host_spend(m->L, (int64_t)(len / 16));
    if ((size_t)(end_of(m->subject) - s) < len || memcmp(m->captures[i].at, s, len) != 0)
        return NULL;
    return s + len;
}

static const char *match_item(struct match *m, const char *s, const char *p)
{
    const char *after = item_end(m, p);
    switch (after < end_of(m->pattern) ? *after : '\0') {
    case '*':
        return match_most(m, s, p, after);
    case '+':
        return item_takes(m, s, p, after) ? match_most(m, s + 1, p, after) : NULL;
    case '-':
        return match_least(m, s, p, after);
    case '?': {
        const char *found = item_takes(m, s, p, after) ? match_here(m, s + 1, after + 1) : NULL;
        return found != NULL ? found : match_here(m, s, after + 1);
    }
    default:
        return item_takes(m, s, p, after) ? match_here(m, s + 1, after) : NULL;
    }
}

static const char *match_escape(struct match *m, const char *s, const char *p)
{
    const char *next = NULL;
    char kind = p + 1 < end_of(m->pattern) ? p[1] : '\0';
    if (kind == 'f')
        return match_frontier(m, s, p + 2);
    if (kind == 'b') {
        next = match_balanced(m, s, p + 2);
        p += 4;
    } else if (kind >= '0' && kind <= '9') {
        next = match_again(m, s, kind);
        p += 2;
    } else {
        return match_item(m, s, p);
    }
    return next != NULL ? match_here(m, next, p) : NULL;
}

static bool is_plain_item(struct match *m, const char *p)
{
    if (strchr("()$%", *p) != NULL && *p != '\0')
        return false;
    const char *after = item_end(m, p);
    return after == end_of(m->pattern) || *after == '\0' || strchr("*+-?", *after) == NULL;
}

static const char *match_here(struct match *m, const char *s, const char *p)
{
    const char *end = end_of(m->pattern), *found = NULL;
    match_count_step(m);
    /* A run of plain characters takes no depth, however long it is. */
    while (p < end && is_plain_item(m, p)) {
        const char *after = item_end(m, p);
        if (!item_takes(m, s, p, after))
            return NULL;
        s++;
        p = after;
    }
    if (p == end)
        return s;
    m->depth++;
    if (m->depth > DEPTH_MAX)
        refuse(m->L, "pattern is too complex");
    if (*p == '(') {
        bool is_position = p + 1 < end && p[1] == ')';
        found = open_capture(m, s, p + (is_position ? 2 : 1),
                             is_position ? CAPTURE_POSITION : CAPTURE_OPEN);
    } else if (*p == ')') {
        found = close_capture(m, s, p + 1);
    } else if (*p == '$' && p + 1 == end) {
        found = s == end_of(m->subject) ? s : NULL;
    } else if (*p == '%') {
        found = match_escape(m, s, p);
    } else {
        found = match_item(m, s, p);
    }
    m->depth--;
    return found;
}

const char *match_at(struct match *m, const char *s, const char *p)
{
    m->captures_count = 0;
    m->depth = 0;
    return match_here(m, s, p);
}

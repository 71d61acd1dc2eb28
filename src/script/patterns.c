/* patterns.c - Lua's patterns with every comparison counted: find, match, gmatch and gsub that cannot run away. */
#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

#include "script/host.h"
#include "script/library.h"

enum {
    CAPTURES_MAX = 32,
    DEPTH_MAX = 200, /* of the C stack, as in Lua's own matcher */
    OPEN = -1,       /* a capture whose ')' is still to come */
    POSITION = -2    /* "()" */
};

struct match {
    lua_State *L;
    struct host *h;
    struct spurn_text subject, pattern;
    int depth, captures_count;
    struct capture {
        const char *at;
        ptrdiff_t len;
    } captures[CAPTURES_MAX];
};

static const char *end_of(struct spurn_text t)
{
    return t.at + t.len;
}

/* One comparison; the budget itself says where it ran out. */
static void count_step(struct match *m)
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
    for (; p < end && (is_first || *p != ']'); p++, is_first = false)
        if (*p == '%' && p + 1 < end)
            p++;
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
        count_step(m);
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
    count_step(m);
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

static const char *close_capture(struct match *m, const char *s, const char *p)
{
    int i = m->captures_count - 1;
    while (i >= 0 && m->captures[i].len != OPEN)
        i--;
    if (i < 0)
        refuse(m->L, "malformed pattern: ')' without its '('; write %%) for a parenthesis");
    m->captures[i].len = s - m->captures[i].at;
    const char *found = match_here(m, s, p);
    if (found == NULL)
        m->captures[i].len = OPEN;
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
        count_step(m);
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
    int i = digit - '1';
    if (i < 0 || i >= m->captures_count || m->captures[i].len < 0)
        refuse(m->L, "malformed pattern: %%%c comes before its capture", digit);
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
    count_step(m);
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
        found = open_capture(m, s, p + (is_position ? 2 : 1), is_position ? POSITION : OPEN);
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

/* ---- what a match gives ---- */

static void push_capture(struct match *m, int i)
{
    struct capture *c = &m->captures[i];
    if (c->len == OPEN)
        refuse(m->L, "malformed pattern: '(' without its ')'; write %%( for a parenthesis");
    if (c->len == POSITION)
        lua_pushinteger(m->L, c->at - m->subject.at + 1);
    else
        lua_pushlstring(m->L, c->at, (size_t)c->len);
}

/* Every capture, or the whole match when there is none. */
static int push_captures(struct match *m, const char *from, const char *to)
{
    if (m->captures_count == 0 && from != NULL) {
        lua_pushlstring(m->L, from, (size_t)(to - from));
        return 1;
    }
    luaL_checkstack(m->L, m->captures_count, "too many captures");
    for (int i = 0; i < m->captures_count; i++)
        push_capture(m, i);
    return m->captures_count;
}

static const char *match_at(struct match *m, const char *s, const char *p)
{
    m->captures_count = 0;
    m->depth = 0;
    return match_here(m, s, p);
}

static struct match match_of(lua_State *L, int subject, int pattern)
{
    struct match m = {.L = L, .h = host_of(L)};
    m.subject.at = luaL_checklstring(L, subject, &m.subject.len);
    m.pattern.at = luaL_checklstring(L, pattern, &m.pattern.len);
    return m;
}

/* A start as Lua counts: from 1, negative from the end; as an offset, or past the end. */
static size_t start_offset(lua_State *L, int arg, size_t len)
{
    lua_Integer start = luaL_optinteger(L, arg, 1);
    if (start > 0)
        return (size_t)start - 1;
    if (start == 0 || start < -(lua_Integer)len)
        return 0;
    return len - (size_t)-start;
}

static int find_plain(struct match *m, size_t start)
{
    size_t last = m->subject.len - m->pattern.len;
    for (size_t i = start; m->pattern.len <= m->subject.len && i <= last; i++) {
        count_step(m);
        if (m->pattern.len > 0 && m->subject.at[i] != m->pattern.at[0])
            continue;
        host_spend(m->L, (int64_t)(m->pattern.len / 16));
        if (memcmp(m->subject.at + i, m->pattern.at, m->pattern.len) == 0) {
            lua_pushinteger(m->L, (lua_Integer)i + 1);
            lua_pushinteger(m->L, (lua_Integer)(i + m->pattern.len));
            return 2;
        }
    }
    lua_pushnil(m->L);
    return 1;
}

static int find_or_match(lua_State *L, bool finds)
{
    struct match m = match_of(L, 1, 2);
    size_t start = start_offset(L, 3, m.subject.len);
    if (start > m.subject.len) {
        lua_pushnil(L);
        return 1;
    }
    if (finds && lua_toboolean(L, 4))
        return find_plain(&m, start);
    const char *p = m.pattern.at;
    bool is_anchored = m.pattern.len > 0 && *p == '^';
    p += is_anchored;
    for (const char *s = m.subject.at + start; s <= end_of(m.subject); s++) {
        const char *end = match_at(&m, s, p);
        if (end != NULL && finds) {
            lua_pushinteger(L, s - m.subject.at + 1);
            lua_pushinteger(L, end - m.subject.at);
            return 2 + push_captures(&m, NULL, NULL);
        }
        if (end != NULL)
            return push_captures(&m, s, end);
        if (is_anchored)
            break;
    }
    lua_pushnil(L);
    return 1;
}

static int find(lua_State *L)
{
    return find_or_match(L, true);
}

static int match(lua_State *L)
{
    return find_or_match(L, false);
}

/* upvalues: subject, pattern, offset to go on from, end of the last match (-1: none) */
static int gmatch_step(lua_State *L)
{
    struct match m = match_of(L, lua_upvalueindex(1), lua_upvalueindex(2));
    const char *s = m.subject.at + lua_tointeger(L, lua_upvalueindex(3));
    lua_Integer last_end = lua_tointeger(L, lua_upvalueindex(4));
    for (; s <= end_of(m.subject); s++) {
        const char *end = match_at(&m, s, m.pattern.at);
        if (end == NULL || end - m.subject.at == last_end)
            continue;
        lua_pushinteger(L, end - m.subject.at);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, s, end);
    }
    return 0;
}

static int gmatch(lua_State *L)
{
    struct match m = match_of(L, 1, 2);
    size_t start = start_offset(L, 3, m.subject.len);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)(start > m.subject.len ? m.subject.len + 1 : start));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_step, 4);
    return 1;
}

/* "%1" in a replacement is a capture, "%0" the whole match. */
static void add_replacement_text(struct match *m, luaL_Buffer *out, const char *s, const char *end)
{
    size_t len;
    const char *text = lua_tolstring(m->L, 3, &len);
    for (size_t i = 0; i < len; i++) {
        count_step(m);
        if (text[i] != '%') {
            luaL_addchar(out, text[i]);
            continue;
        }
        i++;
        char kind = i < len ? text[i] : '\0';
        if (kind == '%') {
            luaL_addchar(out, '%');
        } else if (kind == '0' || (kind == '1' && m->captures_count == 0)) {
            luaL_addlstring(out, s, (size_t)(end - s));
        } else if (kind >= '1' && kind <= '9' && kind - '1' < m->captures_count) {
            push_capture(m, kind - '1');
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(out);
        } else {
            refuse(m->L, "string.gsub: the replacement has a '%%' without its capture; write %%%%");
        }
    }
}

/* Adds what replaces subject[s..end). */
static void add_replacement(struct match *m, luaL_Buffer *out, const char *s, const char *end)
{
    lua_State *L = m->L;
    switch (lua_type(L, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, s, end), 1);
        break;
    case LUA_TTABLE:
        if (m->captures_count == 0)
            lua_pushlstring(L, s, (size_t)(end - s));
        else
            push_capture(m, 0);
        lua_gettable(L, 3);
        break;
    default:
        add_replacement_text(m, out, s, end);
        return;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, s, (size_t)(end - s));
        return;
    }
    if (!lua_isstring(L, -1))
        refuse(L, "string.gsub: the replacement is a %s, not a string", luaL_typename(L, -1));
    luaL_addvalue(out);
}

static int gsub(lua_State *L)
{
    struct match m = match_of(L, 1, 2);
    int type = lua_type(L, 3);
    luaL_argexpected(L,
                     type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TFUNCTION ||
                         type == LUA_TTABLE,
                     3, "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)m.subject.len + 1), count = 0;
    const char *p = m.pattern.at, *s = m.subject.at, *last_end = NULL;
    bool is_anchored = m.pattern.len > 0 && *p == '^';
    p += is_anchored;
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    while (count < most) {
        const char *end = match_at(&m, s, p);
        if (end != NULL && end != last_end) {
            count++;
            add_replacement(&m, &out, s, end);
            s = last_end = end;
        } else if (s < end_of(m.subject)) {
            luaL_addchar(&out, *s);
            s++;
        } else {
            break;
        }
        if (is_anchored)
            break;
    }
    luaL_addlstring(&out, s, (size_t)(end_of(m.subject) - s));
    luaL_pushresult(&out);
    lua_pushinteger(L, count);
    return 2;
}

void library_add_patterns(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"find", find}, {"match", match}, {"gmatch", gmatch}, {"gsub", gsub}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

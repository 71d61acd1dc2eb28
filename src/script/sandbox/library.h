/* library.h - the part of Lua's standard library that sandboxed files may call, every function of it bounded. */
#ifndef SPURN_SCRIPT_SANDBOX_LIBRARY_H
#define SPURN_SCRIPT_SANDBOX_LIBRARY_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Prepares a new state: builds the tables once, keeps them in the registry, gives strings their methods. */
void library_open(lua_State *L);

/* Adds setmetatable, getmetatable, rawget, rawset and rawequal to the table on the top: for embedded files only. */
void library_add_privileged(lua_State *L);

/* Pushes `value` as tostring() shows it: never an address. */
void library_push_shown(lua_State *L, int index);

/* The type's name as type() says it: a frozen table is a "table". */
const char *library_type(lua_State *L, int index);

/* Is it a function of the library that remembers where it is: what gmatch and pairs give? */
bool library_is_iterator(lua_State *L, int index);
bool library_is_gmatch_step(lua_CFunction f);

/* ---- what calls cost ---- */

/* A function of Lua's own library. The strings among its arguments from number `reads` on are walked; `cost` tells what else it takes,
 * and may raise. What it makes is charged by the allocator. */
struct charged_function {
    const char *name;
    int reads;
    int64_t (*cost)(lua_State *L); /* NULL: nothing */
};
/* Copies these, up to a row without a name, from the table below the top into the one on the top, each charged before it is called.
 * What is no function is copied as it is. */
void library_add_charged(lua_State *L, const struct charged_function *rows);
/* The same charge for functions of our own. */
void library_spend_arguments(lua_State *L, int reads);
void library_spend_bytes(lua_State *L, size_t len);
/* Pushes Lua's own library, and a new table. */
void library_open_beside(lua_State *L, const char *name, lua_CFunction open);

/* ---- the libraries ---- */

/* Each pushes a table: see strings.c, tables.c. */
void library_push_strings(lua_State *L);
void library_push_utf8(lua_State *L);
void library_push_tables(lua_State *L);
/* Adds string.find, match, gmatch and gsub with every step of the matcher counted; see patterns.c. */
void library_add_patterns(lua_State *L);

/* Pushes the keys of the table at `index`, in order: false, true, numbers, strings; returns how many. Raises for other keys. */
lua_Integer library_push_sorted_keys(lua_State *L, int index);
/* Pushes the key that follows the one at `key` in that order (nil: the first), or nil and false when there is none. */
bool library_push_key_after(lua_State *L, int index, int key);

#endif

/* frozen.h - read-only stand-ins for tables. See host_push_frozen, which makes them. Private to this room. */
#ifndef SPURN_SCRIPT_SANDBOX_FROZEN_H
#define SPURN_SCRIPT_SANDBOX_FROZEN_H

#include <lua.h>
#include <stdbool.h>

/* Once for each state. */
void frozen_open(lua_State *L);
/* Its table is its first user value. */
bool frozen_is(lua_State *L, int index);
/* A stand-in for the table at `index`, as reading from another one gives it: without a look at what is in it. */
void frozen_push(lua_State *L, int index);
/* Raises: a table from outside a function is about to be changed inside it. */
_Noreturn void frozen_refuse_change(lua_State *L);

#endif

/* cjson.h - lua-cjson behind one door, which takes its quirks away. */
#ifndef SPURN_SCRIPT_SANDBOX_CJSON_H
#define SPURN_SCRIPT_SANDBOX_CJSON_H

#include <lua.h>

#include "buf.h"

/* Inside enter(). Pushes the JSON value `text` as Lua: null is nil, whole numbers are integers. Raises for what is not strict
 * JSON (UTF-8, no duplicate keys, no NaN, at most 32 deep). Strings in it may be of any length. */
void cjson_push(lua_State *L, struct spurn_text text);

#endif

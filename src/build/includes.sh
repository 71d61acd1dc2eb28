#!/bin/sh
# includes.sh - names every #include that reaches up a floor, across to another room of the same floor, or to a library that
# belongs to another room. Silent when the house is in order.
set -eu

git ls-files 'src/*.c' 'src/*.h' | xargs awk '
BEGIN {
    rooms[0] = "buf error digest json json_run json_write request clock file log secret redact embedded slip"
    rooms[1] = "sign match place invitation"
    rooms[2] = "script journal http process server"
    rooms[3] = "cloud credentials emulator"
    rooms[4] = "config"
    rooms[5] = "sites"
    rooms[6] = "sweep report"
    rooms[7] = "library"
    rooms[8] = "command"
    for (level in rooms) {
        count = split(rooms[level], names)
        for (i = 1; i <= count; i++)
            floor[names[i]] = level
    }
    owners["lua.h"] = owners["lauxlib.h"] = owners["lualib.h"] = owners["lua-cjson.h"] = "script emulator"
    owners["pcre2.h"] = "script"
    owners["sqlite3.h"] = "journal"
    owners["curl/curl.h"] = "http"
    owners["microhttpd.h"] = "server"
    owners["openssl/"] = "digest emulator http"  # the emulator verifies with nothing of ours; libcurl stands on it
}
# The room of a file under src: its folder, else its name without ending.
function room_of(path) {
    sub(/^src\//, "", path)
    sub(path ~ /\// ? "/.*" : "\\.[ch]$", "", path)
    return path
}
function complain(what) { print FILENAME ":" FNR ": " what }

/^#include </ {
    library = substr($2, 2, length($2) - 2)
    sub(/^openssl\/.*/, "openssl/", library)
    if (library in owners && index(" " owners[library] " ", " " room_of(FILENAME) " ") == 0)
        complain($2 " belongs to " owners[library])
}
/^#include "/ {
    what = substr($2, 2, length($2) - 2)
    here = room_of(FILENAME)
    there = room_of(what)
    if (what == "spurn.h" || here == there)
        next  # the public types are for every floor
    if (here == "command")
        complain("the command uses only spurn.h, not " what)
    else if (!(here in floor) || !(there in floor))
        complain(what ": " (here in floor ? there : here) " stands on no floor")
    else if (floor[there] > floor[here])
        complain(what " is on a higher floor")
    else if (floor[there] == floor[here] && floor[here] > 0)
        complain(what " is another room of the same floor")
}'

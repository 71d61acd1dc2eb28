#!/bin/sh
# lua-names.sh lua|cjson - the name by which pkg-config knows Lua 5.4, or lua-cjson for it, on this system.
set -eu

case $1 in
lua) names='lua5.4 lua-5.4 lua54 lua' ;;
cjson) names='lua5.4-cjson lua-cjson' ;;
esac
for name in $names; do
    if pkg-config --exists "$name" 2>/dev/null; then
        echo "$name"
        exit 0
    fi
done
echo "${names%% *}"

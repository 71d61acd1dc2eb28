#!/bin/sh
# memory.sh - peak memory of a sweep that rejects all of 100,000, and of 1,000,000 pending invitations.
set -eu
. "$(dirname "$0")/bench.sh"

small=${MEMORY_SMALL:-100000} large=${MEMORY_LARGE:-1000000}
for count in "$small" "$large"; do
    respond --pending "$count"
    configure 64 "$here/policy/everything.lua"
    timed "$build/spurn" -c "$folder/spurn.lua" --log-level error apply --yes --trust "$digest"
    read -r rejected distinct seconds <<EOF
$(tally)
EOF
    if [ "$distinct" -ne "$count" ]; then
        echo "$distinct of $count were rejected" >&2
        exit 1
    fi
    echo "$count $wall_ms $peak_kib $rejected $seconds $(wc -c <"$folder/spurn.db")" >>"$folder/runs"
done
lua5.4 "$here/memory.lua" "$folder/runs" "$results"

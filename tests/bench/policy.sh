#!/bin/sh
# policy.sh - policies beside hand-written C, plain JavaScript and other engines: the same 100,000 invitations, the same answers, one
# core, in turn. Prints a table.
set -eu

build=$(cd "${BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
data=$build/tests/bench/policy-data
rounds=${ROUNDS:-5}
mkdir -p "$data"
cp "$here"/policy/conditions.lua "$here"/policy/function.lua "$here"/policy/package.json "$here"/policy/package-lock.json "$data"
lua5.4 "$here/policy/data.lua" "$data"
[ -d "$data/node_modules" ] || (cd "$data" && npm ci --silent --no-audit --no-fund)

pinned= # to one core, where that can be said
! command -v taskset >/dev/null 2>&1 || pinned='taskset -c 1'
[ "$(nproc)" -gt 1 ] || pinned=

: >"$data/runs"
round=1
while [ "$round" -le "$rounds" ]; do
    for engine in hand conditions function bare; do
        $pinned "$build/tests/bench/policy" "$engine" "$data" >>"$data/runs"
    done
    $pinned node "$here/policy/peers.mjs" v8 "$data" >>"$data/runs"
    # What takes seconds needs no more than two rounds.
    if [ "$round" -le 2 ]; then
        for engine in casbin casbinHost jsonRules jsonRulesHost cedar; do
            $pinned node "$here/policy/peers.mjs" "$engine" "$data" >>"$data/runs"
        done
    fi
    round=$((round + 1))
done

# Instructions an invitation, of deciding alone.
: >"$data/instructions"
if command -v valgrind >/dev/null 2>&1; then
    for engine in hand conditions function bare; do
        count=$(valgrind --tool=callgrind --toggle-collect='decide_all*' --callgrind-out-file=/dev/null \
            "$build/tests/bench/policy" "$engine" "$data" 20000 2>&1 >/dev/null | sed -n 's/.*Collected : *//p')
        echo "$engine $((count / 20000))" >>"$data/instructions"
    done
fi

lua5.4 "$here/policy/table.lua" "$data/runs" "$data/instructions" "${BENCH_RESULTS:-/dev/null}"

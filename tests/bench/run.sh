#!/bin/sh
# run.sh [NAME...] - all timings, or those that are named, one after the other; their results, as JSON, into $BUILD/bench.json.
#
# A goal that is missed is reported and no failure; a bench that cannot run, or whose answers differ, is one.
set -eu

build=$(cd "${BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
BENCH_RESULTS=$build/tests/bench/results
export BENCH_RESULTS
: >"$BENCH_RESULTS"
failed=0

for name in ${*:-sign json journal globs policy startup plan sweep memory}; do
    echo
    echo "== $name"
    if [ -f "$here/$name.sh" ]; then
        sh "$here/$name.sh" || failed=1
    elif [ -x "$build/tests/bench/$name" ]; then
        "$build/tests/bench/$name" || failed=1
    else
        echo "there is no bench of this name" >&2
        failed=1
    fi
done

echo
lua5.4 "$here/collect.lua" "$BENCH_RESULTS" "$build/bench.json"
exit $failed

#!/bin/sh
# plan.sh - a plan of 100,000 invitations, journal and all: `spurn plan` beside Python written by hand for just this, in turn. Both start cold,
# read the same pages from the same responder, and must come to the same verdicts.
set -eu
. "$(dirname "$0")/bench.sh"

count=${PLAN_COUNT:-100000} rounds=${ROUNDS:-5}
: >"$folder/runs"
cp "$data/senders.txt" "$data/globs.txt" "$folder"
respond --pending "$count"

# verdicts JOURNAL: "REJECTED DECIDED"
verdicts() {
    "$python" -c 'import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute("SELECT sum(verdict = \"reject\"), count(*) FROM decision").fetchone())' "$1"
}

round=1
while [ "$round" -le "$rounds" ]; do
    configure 64 "$here/policy/conditions.lua"
    timed "$build/spurn" -c "$folder/spurn.lua" --log-level error plan
    echo "spurn $wall_ms $cpu_ms $peak_kib $(verdicts "$folder/spurn.db")" >>"$folder/runs"
    rm -f "$folder"/by-hand.db*
    timed "$python" "$here/plan/by_hand.py" "$url" "$data" "$here/../../src/journal/schema.sql" "$folder/by-hand.db"
    echo "python $wall_ms $cpu_ms $peak_kib $(verdicts "$folder/by-hand.db")" >>"$folder/runs"
    round=$((round + 1))
done
lua5.4 "$here/plan/table.lua" "$folder/runs" "$results"

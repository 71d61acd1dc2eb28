#!/bin/sh
# sweep.sh - rejections a second by `spurn apply`, journal and all, beside boto3, the AWS SDK for JavaScript and a bare loop over libcurl,
# at the same responder and in turn; then at one that takes 20 ms for each reply.
set -eu
. "$(dirname "$0")/bench.sh"

many=${SWEEP_COUNT:-50000} few=${SDK_COUNT:-2000} rounds=${ROUNDS:-5} window=64
: >"$folder/runs"

# note CLIENT COUNT: the responder's own clock, from the first rejection to the last reply; all were rejected, each once.
note() {
    read -r rejected distinct seconds <<EOF
$(tally)
EOF
    if [ "$rejected" -ne "$2" ] || [ "$distinct" -ne "$2" ]; then
        echo "$1 rejected $rejected, $distinct of them distinct, where $2 were to go" >&2
        exit 1
    fi
    echo "$1 $rejected $seconds $wall_ms $cpu_ms $peak_kib" >>"$folder/runs"
}

apply() { # apply CLIENT WINDOW
    configure "$2" "$here/policy/everything.lua"
    timed "$build/spurn" -c "$folder/spurn.lua" --log-level error apply --yes --trust "$digest"
    note "$1" "$many"
}

bare() { # bare CLIENT WINDOW
    timed "$bin/multi" "$url" "$2" "$many"
    note "$1" "$many"
}

# The packages stay in the build folder from one run to the next.
packages=$build/tests/clients/node
if [ ! -d "$packages/node_modules" ]; then
    mkdir -p "$packages"
    cp "$here"/../clients/node/package*.json "$packages"
    (cd "$packages" && npm ci --silent --no-audit --no-fund)
fi
cp "$here/sweep/sdk.mjs" "$packages"

respond --pending "$many"
round=1
while [ "$round" -le "$rounds" ]; do
    apply spurn "$window"
    bare multi "$window"
    timed "$python" "$here/sweep/sdk.py" "$url" 1 "$few"
    note boto1 "$few"
    timed "$python" "$here/sweep/sdk.py" "$url" 16 "$few"
    note boto16 "$few"
    timed node "$packages/sdk.mjs" "$url" 64 "$few"
    note js "$few"
    round=$((round + 1))
done

respond --pending "$many" --delay 20
for round in 1 2 3; do
    apply spurnSlow 256
    bare multiSlow 256
done

lua5.4 "$here/sweep/table.lua" "$folder/runs" "$results"

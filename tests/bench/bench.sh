# bench.sh - what the timings in shell share: a folder on a real disk, the responder, a clean environment, results. Sourced.
# shellcheck shell=sh

build=$(cd "${BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
bin=$build/tests/bench
data=$bin/data
results=${BENCH_RESULTS:-/dev/null}

# Below the build folder and not in /tmp, which may lie in memory, where to make durable costs nothing.
folder=$(mktemp -d "$bin/run.XXXXXX")
responders=
clean_up() {
    for responder in $responders; do kill "$responder" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Clients on one core and the responder on another, where that can be said: nobody gets more of the machine than others.
client= server=
if command -v taskset >/dev/null 2>&1 && [ "$(nproc)" -gt 1 ]; then
    client='taskset -c 1'
    server='taskset -c 0'
fi

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_CA_BUNDLE SPURN_CONFIG SPURN_FORMAT \
    http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
HOME=$folder
no_proxy='*'
AWS_ACCESS_KEY_ID=AKIDEXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
AWS_EC2_METADATA_DISABLED=true
NODE_NO_WARNINGS=1
export HOME no_proxy AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_EC2_METADATA_DISABLED NODE_NO_WARNINGS

# The invitations that all of this is about; made once.
[ -f "$data/invitations.tsv" ] || {
    mkdir -p "$data"
    lua5.4 "$here/policy/data.lua" "$data"
}

# respond OPTION...: starts a responder and sets $url; it ends with this script.
respond() {
    : >"$folder/port"
    $server "$bin/responder" "$data/invitations.tsv" "$@" >"$folder/port" &
    responders="$responders $!"
    until grep -qs '^listening on' "$folder/port"; do sleep 0.05; done
    url=$(sed -n 's/^listening on //p' "$folder/port")
}

# tally: what the responder counted since the last tally.
tally() { curl -sS --max-time 20 "$url/tally"; }

# configure WINDOW POLICY: a configuration with a new journal, whose policies a person trusts; no belt is in the way.
configure() {
    rm -f "$folder"/spurn.db*
    cp "$2" "$folder/policy.lua"
    cat >"$folder/spurn.lua" <<EOF
journal = "spurn.db"
aws { account = "111122223333", regions = { "us-east-1" }, endpoint = "$url" }
policy "policy.lua"
limits { rejections = 1000000, window = $1, listing = "1h", pages = 100000 }
EOF
    digest=$("$build/spurn" -c "$folder/spurn.lua" check --format json | sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p')
}

# timed COMMAND...: runs it on the clients' core and sets $wall_ms, $cpu_ms and $peak_kib.
timed() {
    # shellcheck disable=SC2086 # the pinning is meant to be split
    $client "$bin/timed" "$folder/timed" "$@"
    read -r wall_ms cpu_ms peak_kib <"$folder/timed"
}

python=${PYTHON:-python3}
"$python" -c 'import boto3' 2>/dev/null || python=/usr/bin/python3

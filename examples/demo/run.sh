#!/bin/sh
# run.sh - the demo: an emulator plays two clouds on this machine, and spurn turns away what nobody wanted.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${BUILD:-build}" && pwd)
folder=$(mktemp -d)
emulator=
finish() {
    [ -z "$emulator" ] || kill "$emulator" 2>/dev/null || :
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
heading() {
    printf '\n%s%s%s\n\n' "$bold" "$1" "$plain"
}
run() {
    printf '%s$ spurn %s%s\n\n' "$bold" "$*" "$plain"
    "$build/spurn" "$@"
}

heading '1. Two clouds, played by spurn-emulator on this machine'
"$build/spurn-emulator" --listen 127.0.0.1:0 --scenario "$here/scenario.json" >"$folder/ports" &
emulator=$!
tries=0
until grep -qs '^alibaba ap-southeast-1 ' "$folder/ports"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ] || ! kill -0 "$emulator" 2>/dev/null; then
        echo 'the emulator did not start' >&2
        exit 1
    fi
    sleep 0.05
done
cat "$folder/ports"
aws=$(sed -n 's/^listening on //p' "$folder/ports")
hangzhou=$(sed -n 's/^alibaba cn-hangzhou on //p' "$folder/ports")
singapore=$(sed -n 's/^alibaba ap-southeast-1 on //p' "$folder/ports")

# The keys are the scenario's: they open nothing but this emulator.
sed "s|\"AWS\"|\"$aws\"|; s|\"HANGZHOU\"|\"$hangzhou\"|; s|\"SINGAPORE\"|\"$singapore\"|" \
    "$here/spurn.lua" >"$folder/spurn.lua"
cp "$here/policy.lua" "$folder"
cat >"$folder/credentials" <<'END'
[production]
aws_access_key_id = AKIADEMOPRODUCTION00
aws_secret_access_key = demo-production-secret
[sandbox]
aws_access_key_id = AKIADEMOSANDBOX00000
aws_secret_access_key = demo-sandbox-secret
aws_session_token = demo-sandbox-session
END
chmod 600 "$folder/credentials"
unset SPURN_CONFIG SPURN_FORMAT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_CONFIG_FILE ALIBABA_CLOUD_SECURITY_TOKEN
HOME=$folder
no_proxy='*' # the emulator is here, not behind a proxy
AWS_SHARED_CREDENTIALS_FILE=$folder/credentials
ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIDEMOASIA
ALIBABA_CLOUD_ACCESS_KEY_SECRET=demo-asia-secret
export HOME no_proxy AWS_SHARED_CREDENTIALS_FILE ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
cd "$folder"

heading '2. The policy, written in Lua'
cat policy.lua

heading '3. What would be rejected? A plan changes nothing'
run plan

heading '4. Turn them away'
run apply --yes -c spurn.lua

heading '5. Is anything left to reject?'
run plan

heading '6. What was done is written down, and the record is sound'
run history --limit 8
echo
run verify
heading 'That is all. The emulator is stopped; nothing was left behind. Next: README.md, or "build/spurn init".'

#!/bin/sh
# startup.sh - a cold `spurn plan` of one target beside the AWS command line's list of the same invitations, in turn.
set -eu

build=$(cd "${BUILD:-build}" && pwd)
folder=$(mktemp -d)
emulator=
trap '[ -z "$emulator" ] || kill "$emulator" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"

cat >scenario.json <<'END'
{"schema":1,"accounts":[{"cloud":"aws","id":"111122223333","keys":[{"id":"AKIDEXAMPLE","secret":"secret"}],
 "regions":[{"name":"us-east-1","invitations":[{"sender":"999999999999","name":"share %d","age":"3h","repeat":20}]}]}]}
END
"$build/spurn-emulator" --listen 127.0.0.1:0 --scenario scenario.json >ports &
emulator=$!
until grep -qs '^listening on' ports; do sleep 0.05; done
url=$(sed -n 's/^listening on //p' ports)
cat >spurn.lua <<END
journal = "spurn.db"
aws { account = "111122223333", regions = { "us-east-1" }, endpoint = "$url" }
policy "policy.lua"
END
echo 'reject "promotional" { name { "*promo*", "*free*" } }' >policy.lua

AWS_ACCESS_KEY_ID=AKIDEXAMPLE
AWS_SECRET_ACCESS_KEY=secret
HOME=$folder
no_proxy='*'
unset SPURN_CONFIG SPURN_FORMAT AWS_PROFILE AWS_SESSION_TOKEN
export no_proxy AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY HOME
"$build/spurn" plan >plan.txt # the journal is there from now on

echo "A = spurn plan (one target, 20 pending, an existing journal)"
echo "B = aws ram get-resource-share-invitations (the same list, the same server)"
"$build/tests/bench/pair" startup "${RUNS:-21}" "$build/spurn plan" \
    "aws ram get-resource-share-invitations --region us-east-1 --endpoint-url $url"

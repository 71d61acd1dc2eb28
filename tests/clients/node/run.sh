#!/bin/sh
# run.sh - the SDKs of both clouds for JavaScript, unchanged, get keys at the emulator and use them.
set -u
here=$(dirname "$0")
. "$here/../emulator.sh"

cat >"$folder/scenario.json" <<'END'
{"schema":1,"accounts":[
 {"cloud":"aws","id":"111122223333","keys":[{"id":"AKIDEXAMPLE","secret":"secret"}]},
 {"cloud":"aws","id":"222233334444",
  "roles":[{"name":"open","trusts":["*"]},{"name":"closed"},{"name":"pods","web_identity":["a.web.token"]}],
  "regions":[{"name":"us-east-1","invitations":[{"sender":"999999999999","repeat":2}]}]},
 {"cloud":"alibaba","id":"1234567890123456","keys":[{"id":"LTAIEXAMPLE","secret":"long-lived"}]},
 {"cloud":"alibaba","id":"2222222222222222","roles":[{"name":"open","trusts":["*"]}],
  "regions":[{"name":"cn-hangzhou","invitations":[{"sender":"6543210987654321","repeat":2}]}]}],
 "instance":{"aws":{"account":"222233334444","role":"machine"}},
 "containers":[{"cloud":"aws","path":"/v1/credentials","account":"222233334444","role":"pod","authorization":"pod-token"}],
 "organization":[
  {"cloud":"aws","management":"111122223333","accounts":[{"id":"111122223333"},{"id":"222233334444"},
   {"id":"333344445555","status":"SUSPENDED"},{"id":"444455556666"},{"id":"555566667777"},{"id":"666677778888"},
   {"id":"777788889999"}]},
  {"cloud":"alibaba","management":"1234567890123456","accounts":[{"id":"2222222222222222","tags":{"env":"prod"}},
   {"id":"3333333333333333"},{"id":"4444444444444444"}]}]}
END

# The packages stay in the build folder from one run to the next.
packages=$BUILD/tests/clients/node
mkdir -p "$packages"
cp "$here"/clients.mjs "$here"/package*.json "$packages"
if ! [ -d "$packages/node_modules" ] && ! (cd "$packages" && npm ci --silent --no-audit --no-fund); then
    echo "cannot fetch the packages that tests/clients/node/package.json names" >&2
    exit 1
fi
unset AWS_PROFILE AWS_REGION AWS_ENDPOINT_URL http_proxy https_proxy HTTP_PROXY HTTPS_PROXY 2>/dev/null
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null NODE_NO_WARNINGS=1

start_emulator
timeout 90 node "$packages/clients.mjs" "$url" "$alibaba"

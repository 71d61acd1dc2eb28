#!/bin/sh
# credentials_test.sh - in generated set-ups of environment, files, caches and endpoints, spurn takes the keys that boto3 takes.
set -u
here=$(dirname "$0")
. "$here/emulator.sh"

# Whichever has boto3: the one in the path, or the system's own.
python=${PYTHON:-python3}
"$python" -c 'import boto3' 2>/dev/null || python=/usr/bin/python3
export PYTHONPATH="$here/credentials" PYTHONDONTWRITEBYTECODE=1
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY 2>/dev/null

"$python" -c 'import json, setups; print(json.dumps(setups.scenario()))' >"$folder/scenario.json" || exit 1
lifetime=600
start_emulator
"$python" "$here/credentials/compare.py" "$url" "$(cd "$BUILD" && pwd)/spurn" "$folder"

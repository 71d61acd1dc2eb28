#!/bin/sh
# json.sh - a whole page of a list, and a reply with one invitation, read as a sweep reads them and by lua-cjson.
set -eu
. "$(dirname "$0")/bench.sh"
for count in 1 500; do
    "$bin/responder" "$data/invitations.tsv" --print "$count" >"$folder/$count.json"
done
$client "$bin/json" "$folder/500.json" "$folder/1.json"

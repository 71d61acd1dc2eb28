# alibaba.sh - requests to the emulator's Alibaba Cloud, signed with nothing but openssl, by both of its methods. Sourced after
# emulator.sh.

sha256() { printf '%s' "$1" | openssl dgst -sha256 -r | cut -d' ' -f1; }

# Percent-encodes what openssl's base64 and these tests hold.
encode() { printf '%s' "$1" | sed 's/%/%25/g; s/&/%26/g; s/=/%3D/g; s/+/%2B/g; s,/,%2F,g; s/:/%3A/g'; }

# acs3 ACTION QUERY: the reply's body. QUERY is encoded and sorted. key, secret, token, date and nonce may be set.
acs3() {
    host=${alibaba#http://}
    at=${date:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}
    once=${nonce:-$(openssl rand -hex 16)}
    body_hash=$(sha256 '')
    names='host;x-acs-action;x-acs-content-sha256;x-acs-date'
    headers="host:$host
x-acs-action:$1
x-acs-content-sha256:$body_hash
x-acs-date:$at"
    if [ -n "${token:-}" ]; then
        names="$names;x-acs-security-token"
        headers="$headers
x-acs-security-token:$token"
    fi
    names="$names;x-acs-signature-nonce;x-acs-version"
    headers="$headers
x-acs-signature-nonce:$once
x-acs-version:${version:-2020-01-10}"
    canonical=$(printf 'POST\n/\n%s\n%s\n\n%s\n%s' "$2" "$headers" "$names" "$body_hash")
    signature=$(printf 'ACS3-HMAC-SHA256\n%s' "$(sha256 "$canonical")" |
        openssl dgst -sha256 -hmac "${secret:-long-lived}" -r | cut -d' ' -f1)
    printf '%s\n' "$headers" | sed 1d >"$folder/headers"
    curl -sS --max-time 20 --noproxy '*' -X POST -H "@$folder/headers" -H "Authorization: ACS3-HMAC-SHA256 \
Credential=${key:-LTAIEXAMPLE},SignedHeaders=$names,Signature=$signature" "$alibaba/?$2" 2>&1
}

# rpc METHOD ACTION REST: by HMAC-SHA1, everything in the query; REST is encoded and sorts after Format and before Signature.
rpc() {
    query="AccessKeyId=LTAIEXAMPLE&Action=$2&Format=JSON&$3SignatureMethod=HMAC-SHA1&SignatureNonce=$(openssl rand -hex 16)"
    query="$query&SignatureVersion=1.0&Timestamp=$(encode "$(date -u +%Y-%m-%dT%H:%M:%SZ)")&Version=${version:-2020-01-10}"
    signature=$(printf '%s&%%2F&%s' "$1" "$(encode "$query")" |
        openssl dgst -sha1 -hmac "${secret:-long-lived}&" -binary | openssl base64)
    curl -sS --max-time 20 --noproxy '*' -X "$1" "$alibaba/?$query&Signature=$(encode "$signature")" 2>&1
}

code() { sed -n 's/.*"Code":"\([^"]*\)".*/\1/p'; }

#!/bin/sh
# run.sh SECTION... - runs the tests of unit, policies, program or clients and ends with "N passed, N failed".
set -u

# What the caller's environment says about clouds, proxies and spurn is not what is tested.
unset SPURN_CONFIG SPURN_FORMAT SPURN_LOG_LEVEL SPURN_LOG_FORMAT SPURN_COLOR NO_COLOR \
    AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONFIG_FILE \
    AWS_SHARED_CREDENTIALS_FILE ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET \
    AWS_REGION AWS_DEFAULT_REGION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CA_BUNDLE \
    AWS_ENDPOINT_URL AWS_ENDPOINT_URL_RAM AWS_ENDPOINT_URL_STS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT \
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN \
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_EC2_METADATA_DISABLED \
    ALIBABA_CLOUD_ROLE_ARN ALIBABA_CLOUD_OIDC_PROVIDER_ARN ALIBABA_CLOUD_OIDC_TOKEN_FILE ALIBABA_CLOUD_CONFIG_FILE \
    ALIBABA_CLOUD_CREDENTIALS_FILE ALIBABA_CLOUD_CREDENTIALS_URI ALIBABA_CLOUD_ECS_METADATA ALIBABA_CLOUD_STS_REGION \
    ALIBABA_CLOUD_SECURITY_TOKEN ALIBABA_CLOUD_PROFILE http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY

BUILD=${BUILD:-build}
passed=0
failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# Runs a command whose last line is "... N passed, N failed", adds it up, and shows the output where something failed. One that
# ends without such a line counts as failed.
count() {
    name=$1
    shift
    "$@" >"$output" 2>&1
    code=$?
    line=$(tail -n 1 "$output" | sed -n 's/^\(.*: \)\{0,1\}\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\2 \3/p')
    if [ -z "$line" ]; then
        cat "$output"
        echo "FAIL $name: ended with $code and no result"
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + ${line% *}))
    failed=$((failed + ${line#* }))
    if [ "$code" -ne 0 ] || [ "${line#* }" -ne 0 ]; then
        cat "$output"
        [ "${line#* }" -ne 0 ] || failed=$((failed + 1))
    fi
    echo "$name: ${line% *} passed, ${line#* } failed"
}

run_unit() {
    for file in tests/unit/*_test.c; do
        name=$(basename "$file" .c)
        count "unit/$name" "$BUILD/tests/unit/$name"
    done
}

run_policies() {
    count policies "$BUILD/spurn" test --fail-under 100 policies lua/starter examples
}

run_program() {
    for file in tests/program/*_test.lua; do
        count "program/$(basename "$file" .lua)" lua5.4 tests/program/run.lua "$file"
    done
}

run_clients() {
    for file in tests/clients/*_test.sh; do
        count "clients/$(basename "$file" .sh)" sh "$file"
    done
}

for section in "$@"; do
    "run_$section"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

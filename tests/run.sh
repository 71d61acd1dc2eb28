#!/bin/sh
# run.sh SECTION... - runs the tests of unit, policies, program, model or clients and ends with "N passed, N failed".
# Files run side by side, two for each processor since most of them wait; what they print comes in order.
set -u

# What the caller's environment says about clouds, proxies and spurn is not what is tested.
for name in $(env | sed -n -E 's/^((AWS|ALIBABA_CLOUD|ALICLOUD|SPURN)_[A-Z0-9_]+|[A-Za-z]+_(proxy|PROXY)|NO_COLOR)=.*/\1/p'); do
    unset "$name"
done

BUILD=${BUILD:-build}
JOBS=${JOBS:-$((2 * $(nproc 2>/dev/null || echo 2)))}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The command that runs a test file, word by word.
command_of() {
    case $1 in
    *.c) echo "$BUILD/tests/unit/$(basename "$1" .c)" ;;
    *.lua) echo "lua5.4 tests/program/run.lua $1" ;;
    *.sh) echo "sh $1" ;;
    tests/model/*) echo "$BUILD/$1" ;;
    policies) echo "$BUILD/spurn test --fail-under 100 policies lua/starter examples" ;;
    esac
}

# Where the output of a test file is kept; its exit code stands beside it.
kept() {
    echo "$work/$(echo "$1" | tr / _)"
}

# Runs all of them, at most $JOBS at a time.
run_all() {
    for file in "$@"; do
        printf '%s\n' "$(command_of "$file") >'$(kept "$file")' 2>&1; echo \$? >'$(kept "$file").code'"
    done | tr '\n' '\0' | xargs -0 -n 1 -P "$JOBS" sh -c
}

# Adds up a file whose last line is "... N passed, N failed", and shows its output where something failed. One that ended without
# such a line counts as failed.
count() {
    output=$(kept "$1")
    code=$(cat "$output.code")
    line=$(tail -n 1 "$output" | sed -n 's/^\(.*: \)\{0,1\}\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\2 \3/p')
    if [ -z "$line" ]; then
        cat "$output"
        echo "FAIL $1: ended with $code and no result"
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + ${line% *}))
    failed=$((failed + ${line#* }))
    if [ "$code" -ne 0 ] || [ "${line#* }" -ne 0 ]; then
        cat "$output"
        [ "${line#* }" -ne 0 ] || failed=$((failed + 1))
    fi
    echo "$1: ${line% *} passed, ${line#* } failed"
}

files_of() {
    case $1 in
    unit) echo tests/unit/*_test.c ;;
    policies) echo policies ;;
    program) echo tests/program/*_test.lua ;;
    model) echo tests/model/main tests/model/walk ;;
    clients) echo tests/clients/*_test.sh ;;
    *) echo "run.sh: no section is called $1" >&2 ;;
    esac
}

for section in "$@"; do
    files=$(files_of "$section")
    # shellcheck disable=SC2086  # file names here have no blanks
    run_all $files
    for file in $files; do
        count "$file"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

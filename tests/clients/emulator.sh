# emulator.sh - what the client tests share: an emulator of their own, on ports of its choosing, and one way to say what came out.
# Sourced. BUILD is where the programs are.

BUILD=${BUILD:-build}
folder=$(mktemp -d)
emulator=
passed=0
failed=0

end_emulator() {
    [ -z "$emulator" ] || kill "$emulator" 2>/dev/null
    [ -z "$emulator" ] || wait "$emulator" 2>/dev/null
    emulator=
}
trap 'end_emulator; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

# start_emulator OPTION...: sets `url`, and `alibaba` to the port of cn-hangzhou. Ends by itself after two minutes, or `lifetime`.
start_emulator() {
    end_emulator
    : >"$folder/out"
    timeout "${lifetime:-120}" "$BUILD/spurn-emulator" --scenario "$folder/scenario.json" "$@" >"$folder/out" 2>"$folder/err" &
    emulator=$!
    tries=0
    while ! grep -q '^listening on ' "$folder/out"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ] || ! kill -0 "$emulator" 2>/dev/null; then
            echo "FAIL the emulator starts: $(cat "$folder/err")"
            echo "0 passed, 1 failed"
            exit 1
        fi
        sleep 0.1
    done
    url=$(sed -n 's/^listening on //p' "$folder/out")
    alibaba=$(sed -n 's/^alibaba cn-hangzhou on //p' "$folder/out")
}

# expect NAME GOT WANT: equal.
expect() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
        passed=$((passed + 1))
    else
        echo "FAIL $1: got '$2', want '$3'"
        failed=$((failed + 1))
    fi
}

# expect_part NAME GOT PART: PART is somewhere in GOT.
expect_part() {
    case $2 in
    *"$3"*) expect "$1" yes yes ;;
    *) expect "$1" "$2" "...$3..." ;;
    esac
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

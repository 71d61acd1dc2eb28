#!/bin/sh
# lint.sh - formatting, static analysis of C and Lua, and who may include what.
set -u

failed=0
report() { # report NAME OUTPUT: a check that printed something has failed
    if [ -n "$2" ]; then
        echo "FAIL $1"
        echo "$2" | head -n 60
        failed=$((failed + 1))
    else
        echo "ok   $1"
        passed=$((passed + 1))
    fi
}
passed=0

c_files=$(git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'examples/*.[ch]')
lua_files=$(git ls-files '*.lua')

# shellcheck disable=SC2086 # a list of names
report 'formatting of C (make format settles it)' \
    "$(clang-format --dry-run --Werror $c_files 2>&1 || echo 'clang-format ended with an error')"

# shellcheck disable=SC2086
report 'cppcheck' \
    "$(cppcheck --std=c11 --enable=warning,performance,portability --inline-suppr --quiet \
        --suppress=missingIncludeSystem --template='{file}:{line}: {id}: {message}' \
        -Isrc -DSPURN_PRINTF\(a,b\)= $(git ls-files '*.c') 2>&1)"

# shellcheck disable=SC2086
report 'luacheck' "$(said=$(luacheck --quiet --no-color $lua_files 2>&1) || echo "$said")"

report 'who may include what' "$(sh src/build/includes.sh 2>&1 || echo 'includes.sh ended with an error')"

# spurn.h is the manual of the library, and reads on.
report 'files of more than 500 lines' \
    "$(git ls-files 'src/*.[ch]' 'lua/*.lua' | grep -v '^src/spurn.h$' | xargs wc -l | awk '$2 != "total" && $1 > 500 {print $2 ": " $1 " lines"}')"

report 'the first line of a file says its purpose' \
    "$(for file in $c_files; do
        name=$(basename "$file")
        head -n 1 "$file" | grep -q "^/\* $name - .*" || echo "$file: begins with something else than '/* $name - ...'"
    done)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

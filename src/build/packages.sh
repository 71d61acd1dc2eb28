#!/bin/sh
# packages.sh GROUP... - installs what is missing for building (build), testing (test), testing with real cloud
# clients (clients), those for JavaScript and timing beside them (node), checking memory (valgrind) or style (lint), through the system's package manager. Says what; silent when all is there.
set -eu

# group, what to look for, then its package for apt, dnf, apk, pacman, brew; "-": comes with another one or has none.
needs='
build   command:cc            gcc                   gcc                 build-base      gcc            -
build   command:make          make                  make                make            make           make
build   command:pkg-config    pkg-config            pkgconf-pkg-config  pkgconf         pkgconf        pkgconf
build   lua:lua               liblua5.4-dev         lua-devel           lua5.4-dev      lua            lua
build   lua:cjson             lua-cjson-dev         lua-cjson           lua5.4-cjson    lua-cjson      -
build   library:libcurl       libcurl4-openssl-dev  libcurl-devel       curl-dev        curl           curl
build   library:sqlite3       libsqlite3-dev        sqlite-devel        sqlite-dev      sqlite         sqlite
build   library:libssl        libssl-dev            openssl-devel       openssl-dev     openssl        openssl@3
build   library:libcrypto     libssl-dev            openssl-devel       openssl-dev     openssl        openssl@3
build   library:libpcre2-8    libpcre2-dev          pcre2-devel           pcre2-dev       pcre2          pcre2
build   library:libmicrohttpd libmicrohttpd-dev     libmicrohttpd-devel libmicrohttpd-dev libmicrohttpd libmicrohttpd
test    command:lua5.4        lua5.4                lua                 lua5.4          lua            lua
test    module:cjson          lua-cjson             lua-cjson           lua5.4-cjson    lua-cjson      -
test    command:openssl       openssl               openssl             openssl         openssl        openssl@3
test    command:curl          curl                  curl                curl            curl           curl
test    command:script        bsdutils              util-linux-script   util-linux-misc util-linux     -
clients command:aws           awscli                awscli              aws-cli         aws-cli        awscli
clients python:boto3          python3-boto3         python3-boto3       py3-boto3       python-boto3   -
clients command:openssl       openssl               openssl             openssl         openssl        openssl@3
node    command:node          nodejs                nodejs              nodejs          nodejs         node
node    command:npm           npm                   npm                 npm             npm            -
valgrind command:valgrind     valgrind              valgrind            valgrind        valgrind       valgrind
lint    command:clang-format  clang-format          clang-tools-extra   clang-extra-tools clang        clang-format
lint    command:cppcheck      cppcheck              cppcheck            cppcheck        cppcheck       cppcheck
lint    command:luacheck      lua-check             luacheck            luacheck        luacheck       luacheck
'
folder=$(dirname "$0")

is_there() {
    case $1 in
    command:*) command -v "${1#*:}" >/dev/null 2>&1 ;;
    library:*) pkg-config --exists "${1#*:}" 2>/dev/null ;;
    lua:*) pkg-config --exists "$(sh "$folder/lua-names.sh" "${1#*:}")" 2>/dev/null ;;
    python:*) python3 -c "import ${1#*:}" >/dev/null 2>&1 || /usr/bin/python3 -c "import ${1#*:}" >/dev/null 2>&1 ;;
    module:*) lua5.4 -e "require '${1#*:}'" >/dev/null 2>&1 ;;
    esac
}

missing() { # missing COLUMN: the packages of that column for what is not there
    echo "$needs" | while read -r group probe apt dnf apk pacman brew; do
        case " $groups " in *" $group "*) ;; *) continue ;; esac
        is_there "$probe" && continue
        case $1 in
        apt) package=$apt ;; dnf) package=$dnf ;; apk) package=$apk ;;
        pacman) package=$pacman ;; brew) package=$brew ;; *) package=$probe ;;
        esac
        [ "$package" = - ] || echo "$package"
    done | sort -u | tr '\n' ' '
}

groups=$*
[ -n "$(missing probe)" ] || exit 0

untried='
(this command has only been tried with apt-get; if a name is wrong, please tell us)'
if command -v apt-get >/dev/null 2>&1; then
    packages=$(missing apt)
    install="apt-get install -y --no-install-recommends $packages"
    untried=
elif command -v dnf >/dev/null 2>&1; then
    packages=$(missing dnf)
    install="dnf install -y $packages"
elif command -v apk >/dev/null 2>&1; then
    packages=$(missing apk)
    install="apk add $packages"
elif command -v pacman >/dev/null 2>&1; then
    packages=$(missing pacman)
    install="pacman -S --noconfirm $packages"
elif command -v brew >/dev/null 2>&1; then
    packages=$(missing brew)
    install="brew install $packages"
else
    echo "cannot install what is missing: no apt-get, dnf, apk, pacman or brew here" >&2
    echo "please provide: $(missing probe)" >&2
    exit 1
fi

root=
if [ "$(id -u)" -ne 0 ] && [ "${install%% *}" != brew ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "missing: $packages" >&2
        echo "run this as root, then try again:" >&2
        echo "    $install$untried" >&2
        exit 1
    fi
    root=sudo
fi

echo "installing what is missing: $packages$untried"
case $install in
apt-get*)
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    $root apt-get update -qq
    ;;
esac
log=$(mktemp)
# shellcheck disable=SC2086 # the command is meant to be split
if ! $root $install >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "cannot install: $install" >&2
    exit 1
fi
rm -f "$log"

left=$(missing probe)
if [ -n "$left" ]; then
    echo "installed, but still not to be found: $left" >&2
    exit 1
fi

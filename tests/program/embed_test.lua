-- libspurn in a program of somebody else's: examples/embed, built with the public header and nothing more.
local program = require "program"
local test = program.test

local CC = os.getenv "CC" or "cc"
local CFLAGS = os.getenv "CFLAGS" or ""
local HEADER = program.root .. "/src/spurn.h"
local EXAMPLE = program.root .. "/examples/embed"
local WARNINGS = "-Wall -Wextra -Wpedantic -Werror"

local function shell(t, command)
    local result = program.run_command(("cd %s && %s"):format(program.quote(t:folder()), command))
    t:ended(result, 0)
    return result.out
end

-- Builds the example's host in the test's folder, where only the public header is to be found.
local function build_host(t, libraries)
    t:folder { ["include/spurn.h"] = program.read_file(HEADER) }
    local source = program.quote(EXAMPLE .. "/host.c")
    shell(t, ("%s %s %s -Iinclude -o host %s %s"):format(CC, CFLAGS, WARNINGS, source, libraries))
end

local function shared()
    return ("-L%s -lspurn -Wl,-rpath,%s"):format(program.quote(program.build), program.quote(program.build))
end

-- The archive, and what it leaves to whoever links it.
local function archive(t)
    local names = ""
    for _, module in ipairs { "lua", "cjson" } do
        local name = shell(t, ("sh %s/src/build/lua-names.sh %s"):format(program.quote(program.root), module))
        names = names .. " " .. name:match "%S+"
    end
    local libraries = shell(t, "pkg-config --libs" .. names .. " libcurl sqlite3 libssl libcrypto libpcre2-8")
    return program.quote(program.build .. "/libspurn.a") .. " " .. libraries
end

local function needed(t)
    return shell(t, "readelf -d host")
end

-- The block of the guide that begins with `first`.
local function shown(first)
    local guide = program.read_file(EXAMPLE .. "/README.md")
    return guide:match("```\n(" .. first .. ".-)```")
end

local function check_host(t)
    local policy = program.quote(EXAMPLE .. "/policy.lua")
    local verdicts = shell(t, "./host " .. policy)
    t:equal(verdicts, shown "libspurn ", "what the guide shows")

    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo-%d", ["repeat"] = 3 },
        { sender = "111122223333", name = "promo of ours" },
        { sender = "999999999999", name = "dns" },
    }, { { sender = "9999999999999999", name = "free" } }))
    t:folder {
        ["spurn.lua"] = program.config(emulator),
        ["policy.lua"] = program.read_file(EXAMPLE .. "/policy.lua"),
    }
    local swept = shell(t, ("env HOME=. %s ./host %s spurn.lua"):format(program.KEYS, policy))
    t:equal(swept, verdicts ..
        "6 pending: 4 to reject, 1 kept, 1 left alone, 0 undecided; 0 of 2 targets failed\n")
    t:equal(#program.rejections(emulator), 0, "rejections")
end

test "the example builds against libspurn.so, decides and sweeps" (function(t)
    build_host(t, shared())
    t:holds(needed(t), "libspurn.so.0")
    check_host(t)
end)

test "the example builds against libspurn.a, decides and sweeps" (function(t)
    build_host(t, archive(t))
    t:lacks(needed(t), "libspurn.so")
    check_host(t)
end)

test "a host is told what is wrong, in one line" (function(t)
    build_host(t, shared())
    t:folder { ["typo.lua"] = 'reject "x" (nam "y")\n' }
    local host = t:folder() .. "/host "
    t:ended(program.run_command(host .. t:folder() .. "/typo.lua"), 1, "typo.lua:1: ")
    t:ended(program.run_command(host .. t:folder() .. "/missing.lua"), 1, "missing.lua")
end)

test "libspurn.so exports what spurn.h declares, and nothing else" (function(t)
    local declared, exported = {}, {}
    for name in program.read_file(HEADER):gmatch "SPURN_API[^;]-%*?(spurn_[%w_]+)%(" do
        declared[#declared + 1] = name
    end
    local symbols = shell(t, "nm -D --defined-only " .. program.quote(program.build .. "/libspurn.so"))
    for name in symbols:gmatch "%x+ %a (%S+)\n" do
        exported[#exported + 1] = name
    end
    table.sort(declared)
    table.sort(exported)
    t:truth(#declared > 20, "more than 20 functions")
    t:equal(table.concat(exported, " "), table.concat(declared, " "))
end)

test "libspurn.a defines no name that could clash with a host's" (function(t)
    local symbols = shell(t, "nm -g --defined-only " .. program.quote(program.build .. "/libspurn.a"))
    local count = 0
    for name in symbols:gmatch "%x+ %a (%S+)\n" do
        t:equal(name:match "^spurn_", "spurn_", name)
        count = count + 1
    end
    t:truth(count > 20, "more than 20 functions")
end)

test "spurn.h stands alone as C11" (function(t)
    t:folder { ["include/spurn.h"] = program.read_file(HEADER), ["alone.c"] = "#include <spurn.h>\nint alone;\n" }
    shell(t, ("%s -std=c11 %s -Wstrict-prototypes -Iinclude -fsyntax-only alone.c"):format(CC, WARNINGS))
end)

if program.run_command("command -v g++").code == 0 then
    test "spurn.h stands alone as C++, and what it declares can be linked" (function(t)
        t:folder {
            ["include/spurn.h"] = program.read_file(HEADER),
            ["alone.cc"] = "#include <spurn.h>\nint main() { return spurn_version()[0] == '\\0'; }\n",
        }
        shell(t, ("g++ -std=c++11 %s %s -Iinclude -o alone alone.cc %s"):format(CFLAGS, WARNINGS, shared()))
        shell(t, "./alone")
    end)
end

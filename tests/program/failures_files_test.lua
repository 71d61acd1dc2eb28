-- What is wrong with the files that spurn is given or keeps is told in one line that says what to do; nothing is lost.
local cjson = require "cjson"
local program = require "program"
local test = program.test

local KEYS <const> = "AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret " ..
    "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIEXAMPLE ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret "
-- Even root without its capabilities is held to permissions.
local UNPRIVILEGED <const> = { environment = KEYS .. "setpriv --bounding-set=-all --inh-caps=-all" }

local function emulated(t, count)
    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo %d", ["repeat"] = count or 2 },
    }, {
        { sender = "9999999999999999", name = "promo %d", ["repeat"] = count or 2 },
    }))
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    return emulator
end

local function apply(t, options)
    return t:spurn("-c spurn.lua apply --yes --format json", options)
end

-- It ended with `code`, wrote nothing to stdout, and one line to stderr that holds each of `parts`.
local function one_line(t, result, code, parts)
    t:ended(result, code)
    t:equal(result.out, "")
    t:equal(select(2, result.err:gsub("\n", "")), 1, "lines in " .. result.err)
    for _, part in ipairs(parts) do
        t:holds(result.err, part)
    end
end

local function shell(t, command)
    local result = program.run_command(("cd %s && %s"):format(program.quote(t.path), command))
    t:ended(result, 0)
    return result.out
end

-- Leaves a journal in one file, of a sweep that rejected nothing.
local function begin_journal(t)
    t:folder { ["policy.lua"] = 'keep "everything" (always)\n' }
    t:ended(apply(t), 0)
    t:folder { ["policy.lua"] = program.REJECT_ALL }
    t:equal(program.read_file(t.path .. "/spurn.db-wal"), nil)
end

-- No invitation was rejected twice, and none without an intent in the journal. How many were.
local function rejected_once(t, emulator)
    local seen, count = {}, 0
    for _, call in ipairs(program.rejections(emulator)) do
        if call.result == "ok" then
            t:equal(seen[call.id], nil, "rejected twice: " .. call.id)
            seen[call.id] = true
            count = count + 1
        end
    end
    return count
end

-- ---- the configuration ----

-- What is done to spurn.lua, and what is said then.
local CONFIGURATIONS <const> = {
    { "a missing configuration", "rm spurn.lua", { "cannot read configuration spurn.lua: no such file" } },
    { "a configuration that is a folder", "rm spurn.lua && mkdir spurn.lua", { "it is a folder" } },
    { "a configuration that is a pipe", "rm spurn.lua && mkfifo spurn.lua", { "it is not a regular file" } },
    { "a configuration that others can write", "chmod 666 spurn.lua", { "writable by others", "chmod go-w" } },
    { "a configuration that its group can write", "chmod 664 spurn.lua", { "writable by its group", "chmod go-w" } },
    { "an unreadable configuration", "chmod 000 spurn.lua", { "permission denied" } },
    { "a configuration that is no text", "head -c 3000 /dev/urandom >spurn.lua", { "spurn.lua" } },
    { "an empty configuration", ": >spurn.lua", { "no target is configured; write aws" } },
    { "a configuration with a syntax error", "echo 'limits { percent = }' >>spurn.lua", { "spurn.lua:5:", "'}'" } },
    { "a configuration with an unknown word", "echo 'polcy \"x.lua\"' >>spurn.lua",
        { "spurn.lua:5:", "polcy", "policy" } },
    { "a configuration with an unknown option", "echo 'limits { rejection = 5 }' >>spurn.lua",
        { "spurn.lua:5:", "rejection", "rejections" } },
    { "a configuration with a wrong account",
        "echo 'aws { account = \"123\", regions = { \"us-east-1\" } }' >>spurn.lua",
        { "spurn.lua:5:", "an AWS account is 12 digits" } },
    { "a configuration with an unknown region", "echo 'aws { regions = { \"us_east 1\" } }' >>spurn.lua",
        { "spurn.lua:5:", "us_east 1" } },
    { "a configuration that names one place twice", "sed -n 2p spurn.lua >>spurn.lua", { "spurn.lua:5:", "twice" } },
    { "a configuration that never ends", "echo 'while true do end' >>spurn.lua", { "spurn.lua:5:" } },
    { "a configuration that reaches for the machine", "echo 'os.execute(\"touch escaped\")' >>spurn.lua",
        { "spurn.lua:5:", "os" } },
}
for _, case in ipairs(CONFIGURATIONS) do
    local name, damage, said = table.unpack(case)
    test(name .. " is told, and nothing is done")(function(t)
        local emulator = emulated(t)
        shell(t, damage)
        for _, command in ipairs { "plan", "-c spurn.lua apply --yes --format json", "check", "-c spurn.lua daemon" } do
            local result = t:spurn(command:find("-c", 1, true) and command or "-c spurn.lua " .. command, UNPRIVILEGED)
            if not (command == "check" and name == "an empty configuration") then
                one_line(t, result, 2, said)
            end
        end
        t:equal(#emulator.ledger(), 0)
        t:equal(program.read_file(t.path .. "/spurn.db"), nil)
        t:equal(program.read_file(t.path .. "/escaped"), nil)
    end)
end

-- ---- policies ----

local POLICIES <const> = {
    { "a missing policy", { "policy.lua", "no such file", "spurn.lua:4" } },
    { "a policy with a syntax error", { "policy.lua:3:", "'}' expected (to close '{' at line 2)" },
        text = 'reject "a" (always)\nreject "b" { name "x*"\n' },
    { "a policy with 'and' between conditions", { "policy.lua:1:", "&" },
        text = 'reject "a" (older "1h" and name "x*")\n' },
    { "a policy with a misspelt word", { "policy.lua:3:", "oldr", "older" },
        text = 'keep "a" (name "x*")\n\nreject "b" { oldr "1h" }\n' },
    { "a policy with a number for an account", { "policy.lua:1:", 'write "111122223333"' },
        text = 'reject "a" (sender { 111122223333 })\n' },
    { "a policy with a wrong duration", { "policy.lua:1:", "6 hours" }, text = 'reject "a" (older "6 hours")\n' },
    { "a policy that lacks what it requires", { "ours", "our own ids", "spurn.lua:4" },
        text = 'local p = params { ours = required "our own ids" }\nkeep "a" (sender (p.ours))\n' },
    { "a policy that loops while it is loaded", { "policy.lua:1:" }, text = 'while true do end\n' },
    { "a policy that wants all memory", { "policy.lua:2:" }, text = 'local s = "x"\nwhile true do s = s .. s end\n' },
    { "a policy that others can write", { "policy.lua", "chmod go-w" },
        text = program.REJECT_ALL, damage = "chmod 666 policy.lua" },
    { "a list from outside of the policy's folder", { "policy.lua:1:", "../elsewhere.txt" },
        text = 'keep "a" (sender (list "../elsewhere.txt"))\n' },
    { "a list by an absolute path", { "policy.lua:1:", "/etc/passwd" },
        text = 'keep "a" (sender (list "/etc/passwd"))\n' },
    { "a list that is a link to outside", { "policy.lua:1:", "linked.txt" },
        text = 'keep "a" (sender (list "linked.txt"))\n', damage = "ln -s /etc/passwd linked.txt" },
    { "a missing list", { "policy.lua:1:", "partners.txt", "no such file" },
        text = 'keep "a" (sender (list "partners.txt"))\n' },
    { "a list with a wrong line", { "partners.txt", "2" }, text = 'keep "a" (sender (list "partners.txt"))\n',
        damage = "printf '111122223333\\nsecretpass\\n' >partners.txt", hidden = "secretpass" },
}
for _, case in ipairs(POLICIES) do
    local name, said = table.unpack(case)
    test(name .. " is told with its place, and nothing is done")(function(t)
        local emulator = emulated(t)
        os.remove(t.path .. "/policy.lua")
        if case.text then
            t:folder { ["policy.lua"] = case.text }
        end
        shell(t, case.damage or "true")
        for _, command in ipairs { "plan", "apply --yes --format json", "check" } do
            local result = t:spurn("-c spurn.lua " .. command)
            one_line(t, result, 2, said)
            t:lacks(result.err, case.hidden or "root:x:0")
        end
        t:equal(#emulator.ledger(), 0)
    end)
end

local FAULTY <const> = {
    ["loops"] = 'function(inv) while inv.name == "promo 1" do end return false end',
    ["asks for what is not there"] =
        'function(inv) local known = {} if inv.name == "promo 1" then return known[inv.name].x end return false end',
    ["raises"] =
        'function(inv) if inv.name == "promo 1" then error("no \\27[31mluck\\n") end return false end',
    ["grows without end"] =
        'function(inv) local t = {} while inv.name == "promo 1" do t[#t + 1] = ("x"):rep(9) .. #t end return false end',
    ["recurses without end"] =
        'function(inv) local function f() return 1 + f() end return inv.name == "promo 1" and f() == 1 end',
    ["answers what is no answer"] =
        'function(inv) local answers = { ["promo 1"] = "yes" } return answers[inv.name] or false end',
}
for what, body in pairs(FAULTY) do
    test("a policy that " .. what .. " rejects nothing itself, and stops no other")(function(t)
        local emulator = emulated(t)
        t:folder { ["spurn.lua"] = program.config(emulator, 'policy "faulty.lua"\npolicy "policy.lua"'),
            ["faulty.lua"] = 'keep "odd" (\n' .. body .. ')\n' }
        local result = apply(t)
        t:ended(result, 4)
        t:equal(result.json.summary.rejected, 2) -- both of "promo 2"
        t:equal(result.json.summary.undecided, 2)
        t:equal(#result.json.faults, 1)
        t:equal(result.json.faults[1].policy, "faulty")
        t:equal(result.json.faults[1].line, 2)
        t:equal(result.json.faults[1].count, 2)
        local shown = t:spurn("plan")
        t:ended(shown, 4)
        t:holds(shown.out, "faulty")
        t:lacks(shown.out, "\27")
        t:ended(t:spurn("verify"), 0)
    end)
end

-- ---- the journal ----

test "while another run acts, apply and a second daemon say so and end, and plan goes on" (function(t)
    local emulator = emulated(t)
    emulator.fault { "slow=1500:op=list" }
    local daemon = t:daemon("-c spurn.lua daemon")
    t:becomes(10, "a lock", function() return program.read_file(t.path .. "/spurn.db-lock") end)
    t:becomes(10, "a sweep", function() return #emulator.ledger() > 0 end)
    one_line(t, apply(t), 75, { "another run is acting on it; wait until that has ended" })
    one_line(t, t:spurn("-c spurn.lua daemon"), 75, { "another run is acting on it" })
    t:ended(t:spurn("plan"), 0)
    t:ended(t:spurn("history"), 0)
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 20), 0)
    t:ended(apply(t), 0)
    t:equal(rejected_once(t, emulator), 4)
end)

test "a journal that another program has locked is waited for, then told" (function(t)
    local emulator = emulated(t)
    begin_journal(t)
    local holder = t:hold("BEGIN IMMEDIATE", 30)
    one_line(t, apply(t), 1, { "cannot ", "it is locked by another program; run again when that has ended" })
    t:equal(#program.rejections(emulator), 0)
    t:signal(holder, "KILL")
end)

test "on a read-only journal plan uses a temporary one and says so, and apply does nothing" (function(t)
    local emulator = emulated(t)
    begin_journal(t)
    local before = program.read_file(t.path .. "/spurn.db")
    shell(t, "chmod 444 spurn.db && chmod 555 .")
    local plan = t:spurn("plan --format json", UNPRIVILEGED)
    t:ended(plan, 0, "cannot be written; this plan is kept in memory only")
    t:equal(select(2, plan.err:gsub("\n", "")), 1)
    t:equal(plan.json.summary.reject, 4)
    local result = apply(t, UNPRIVILEGED)
    one_line(t, result, 2, { "spurn.db" })
    t:equal(#program.rejections(emulator), 0)
    t:equal(program.read_file(t.path .. "/spurn.db"), before)
    shell(t, "chmod 755 . && chmod 644 spurn.db")
    t:ended(apply(t), 0)
    t:equal(rejected_once(t, emulator), 4)
end)

local DAMAGED <const> = {
    { "random bytes", "head -c 20000 /dev/urandom >spurn.db", "it is damaged" },
    { "text", "echo 'this is my diary' >spurn.db", "it is damaged" },
    { "the first half of it", "head -c 9000 spurn.db >half && mv half spurn.db", "it is damaged" },
    { "zeros but for its beginning",
        "head -c 4096 spurn.db >rest && head -c 120000 /dev/zero >>rest && mv rest spurn.db", "it is damaged" },
    { "another program's database", "rm spurn.db", "it is no journal of spurn", sql = "CREATE TABLE t (x)" },
    { "a newer spurn's", "true", "a newer spurn wrote it; use that one", sql = "PRAGMA user_version = 99" },
    { "a folder", "rm spurn.db && mkdir spurn.db", "it is not a regular file" },
    { "a link to nothing", "rm spurn.db && ln -s nowhere spurn.db", "it is a link to nothing" },
}
for _, case in ipairs(DAMAGED) do
    local name, damage, said = table.unpack(case)
    test("a journal that is " .. name .. " is refused, and left as it is")(function(t)
        local emulator = emulated(t)
        begin_journal(t)
        shell(t, damage)
        if case.sql then
            t:sql(case.sql)
        end
        local before = shell(t, "ls -ld spurn.db | cut -c1-10; cat spurn.db 2>/dev/null | cksum")
        for _, command in ipairs { "plan", "-c spurn.lua apply --yes", "history", "verify", "-c spurn.lua daemon" } do
            local result = t:spurn(command)
            t:truth(result.code == 1 or result.code == 2, ("exit 1 or 2, not %s, of %s"):format(result.code, command))
            one_line(t, result, result.code, { "spurn.db", said })
        end
        t:equal(#program.rejections(emulator), 0)
        t:equal(shell(t, "ls -ld spurn.db | cut -c1-10; cat spurn.db 2>/dev/null | cksum"), before)
    end)
end

test "an empty file becomes a journal by the first plan, and until then says so" (function(t)
    emulated(t)
    t:folder { ["spurn.db"] = "" }
    for _, command in ipairs { "history", "verify" } do
        one_line(t, t:spurn(command), 1, { "spurn.db: it is empty; spurn plan begins it" })
    end
    t:ended(t:spurn("plan"), 0)
    t:ended(t:spurn("verify"), 0)
end)

test "an edited row is found by verify" (function(t)
    emulated(t)
    t:ended(apply(t), 0)
    t:ended(t:spurn("verify"), 0)
    local bytes = program.read_file(t.path .. "/spurn.db")
    t:holds(bytes, "promo 2")
    program.write_file(t.path .. "/spurn.db", (bytes:gsub("promo 2", "promo 3")))
    local result = t:spurn("verify")
    t:ended(result, 1)
    t:holds(result.out, "wrong: ")
    t:equal(t:spurn("verify --format json").code, 1)
end)

test "an older copy of the journal is found by verify with the head that was logged" (function(t)
    local emulator = emulated(t)
    t:ended(apply(t), 0)
    shell(t, "mkdir older && cp spurn.db* older")
    local more = program.aws { { sender = "999999999999" } }
    more.accounts[1].keys = nil
    emulator.add(more)
    local second = t:spurn("-c spurn.lua apply --yes --log-level info")
    t:ended(second, 0)
    local head = second.err:match("journal head (%d+:%x+)")
    t:truth(head, "the head in the log")
    t:ended(t:spurn("verify --head " .. head), 0)
    shell(t, "rm spurn.db* && cp older/* .")
    t:ended(t:spurn("verify"), 0)
    t:ended(t:spurn("verify --head " .. head), 1)
end)

-- ---- a full disk ----

-- In blocks of 512 bytes, as sh counts them; from too little for anything to enough for the most of it.
for _, blocks in ipairs { 1, 100, 260, 400, 700 } do
    test(("with %d KiB to write, none is rejected without an intent, and the next run finishes"):format(blocks // 2))(
        function(t)
            local emulator = emulated(t, 100)
            t:ended(t:spurn("plan"), 0)
            local limited = { environment = KEYS .. ([[sh -c 'ulimit -f %d; exec "$@"' sh]]):format(blocks) }
            local result = t:spurn("-c spurn.lua apply --yes --format json --trust " ..
                t:spurn("check --format json").json.digest, limited)
            t:equal(result.signal, nil)
            t:ended(result, 1, "the disk is full; free some space and run again; nothing is lost")
            t:equal(select(2, result.err:gsub("the disk is full", "")), 1)
            local so_far = rejected_once(t, emulator)
            t:truth(so_far < 200, "not all of it to be done")
            local history = t:spurn("history --format json")
            t:ended(history, 0)
            local begun = 0
            for _, row in ipairs(history.json.decisions) do
                begun = begun + (row.outcome and 1 or 0)
            end
            t:truth(begun >= so_far, ("an intent for each of %d, got %d"):format(so_far, begun))
            t:ended(t:spurn("verify"), 0)
            t:folder { ["spurn.lua"] = program.config(emulator, 'policy "policy.lua"\nlimits { percent = 100 }') }
            t:ended(apply(t), 0)
            t:equal(rejected_once(t, emulator), 200)
            t:ended(t:spurn("verify"), 0)
        end)
end

-- A small disk of the test's own wants a name space of its own, which not everybody may have.
local ALONE <const> = program.run_command("unshare -m true").code == 0 and "unshare -m"
    or program.run_command("unshare -rm true").code == 0 and "unshare -rm"

local FULL_DISK <const> = [[
mount -t tmpfs -o size=%dk tmpfs disk || exit 9
run() { env HOME="$PWD" %s %s/spurn -c spurn.lua "$@"; echo $? >>codes; }
run apply --yes >first.out 2>first.err
run history --format json >history.json
run verify >verify.out
mount -o remount,size=16m disk
run apply --yes >second.out 2>second.err
run verify >verify.out
]]

for _, size_kib in ipairs(ALONE and { 200, 400, 600 } or {}) do
    test(("on a disk of %d KiB none is rejected without an intent, and the next run finishes"):format(size_kib))(
        function(t)
            local emulator = emulated(t, 150)
            local config = program.config(emulator, 'policy "policy.lua"\nlimits { percent = 100, rejections = 900 }')
            t:folder { ["spurn.lua"] = config:gsub('"spurn.db"', '"disk/spurn.db"') .. "",
                ["script.sh"] = FULL_DISK:format(size_kib, KEYS, program.quote(program.build)) }
            shell(t, "mkdir disk && " .. ALONE .. " sh script.sh")
            t:equal(program.read_file(t.path .. "/codes"):gsub("\n", " "), "1 0 0 0 0 ")
            t:holds(program.read_file(t.path .. "/first.err"), "the disk is full; free some space and run again")
            local told = 0
            for _, row in ipairs(cjson.decode(program.read_file(t.path .. "/history.json")).decisions) do
                told = told + (row.outcome and 1 or 0)
            end
            t:truth(told < 300, "not all of it to be done")
            t:equal(rejected_once(t, emulator), 300)
        end)
end

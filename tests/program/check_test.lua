-- What loads and is hardly meant is told by spurn check, and changes nothing else; what cannot be meant, it refuses.
local program = require "program"
local test = program.test

local CONFIG <const> = 'journal = "spurn.db"\naws { account = "111122223333", regions = { "us-east-1" } }\n'
local TWICE <const> = 'policy "policy.lua"\npolicy "policy.lua"%s\n'

local function day(from_now)
    return os.date("!%Y-%m-%d", os.time() + from_now * 24 * 3600)
end

-- { policy, what the warning holds or nil for none, configuration or nil for the usual }
local CASES <const> = {
    { 'reject "x" (name "promo*")' },
    { 'reject "x" (name "promo")', 'policy.lua:1: reject "x" is about this whole name alone' },
    { 'reject "x" (name "promo" & cloud "aws")' },
    { 'reject "x" (older "11h")' },
    { 'reject "x" (older "6d23h")', 'reject "x" asks for older "6d23h", but most invitations at AWS end after 12h' },
    { 'reject "x" (older "7d")', 'policy.lua:1: reject "x" asks for older "7d", which is never reached' },
    { 'reject "x" (~older "7d")' },
    { 'keep "x" (name "prod-*")\nreject "y" (always)', 'policy.lua:1: keep "x" rests on what the sender chooses' },
    { 'reject "x" (region "eu-*")\nreject "y" (always)', 'policy.lua:1: reject "x" names region "eu-*", which no' },
    { 'reject "x" (always)', 'spurn.lua:3: only names region "eu-*"',
        CONFIG .. 'policy "policy.lua" { only = { region = { "us-*", "eu-*" } } }' },
    { 'keep "x" (always)\nreject "y" (always)', 'policy.lua:2: reject "y" never rejects: keep "x" (',
        CONFIG .. 'policy "policy.lua" { only = { cloud = "aws" } }' },
    { ('reject "x" { always, ends = "%s" }'):format(day(-2)), 'reject "x" ended with ' .. day(-2) },
    { ('reject "x" { always, ends = "%s" }'):format(day(10)), 'reject "x" ends soon, with ' .. day(10) },
    { ('reject "x" { always, ends = "%s" }'):format(day(20)) },
    { 'reject "x" (always)', "policy.lua is listed twice (", CONFIG .. TWICE:format "" },
    { 'reject "x" (always)', "policy.lua is listed twice (",
        CONFIG .. 'policy "policy.lua"\npolicy "./policy.lua"' },
    { 'reject "x" (always)', nil, CONFIG .. TWICE:format ' { only = { cloud = "aws" } }' },
    { 'reject "x" (always)', "go to http://ram.example.com unencrypted",
        CONFIG:gsub("regions =", 'endpoint = "http://ram.example.com", regions =') .. 'policy "policy.lua"' },
    { 'reject "x" (always)', "/none is not there", CONFIG:gsub("spurn.db", "none/spurn.db") .. 'policy "policy.lua"' },
}

test "what is hardly meant gets one warning, and what is meant none" (function(t)
    for _, case in ipairs(CASES) do
        local policy, warning, config = case[1], case[2], case[3]
        t:folder { ["policy.lua"] = policy, ["spurn.lua"] = config or CONFIG .. 'policy "policy.lua"' }
        local check = t:spurn "check --format json"
        t:ended(check, 0)
        t:equal(#check.json.warnings, warning and 1 or 0, "warnings about " .. policy)
        if warning then
            t:holds(check.json.warnings[1], warning)
        end
    end
end)

local REFUSED <const> = {
    ["policy.lua"] = 'keep "x" (always)\nreject "y" (older "7h" & younger "6h")\nreject "z" (older "8d")\n',
    ["spurn.lua"] = CONFIG .. 'policy "policy.lua"',
}

test "a rule that cannot be meant is refused, with all the others, and warnings too" (function(t)
    t:folder(REFUSED)
    local check = t:spurn "check --format json"
    t:ended(check, 2, 'policy.lua:1: keep "x" keeps everything')
    t:equal(#check.json.errors, 2)
    t:holds(check.json.errors[1], 'policy.lua:1: keep "x" keeps everything, so no policy rejects anything; say')
    t:holds(check.json.errors[2], 'policy.lua:2: reject "y" can never be true: nothing is older "7h" & younger "6h"')
    t:equal(#check.json.warnings, 1)
    t:holds(check.json.warnings[1], 'policy.lua:3: reject "z" asks for older "8d"')
    t:equal(#check.json.rules, 3)
end)

test "people see the errors beneath the warnings, and not that all is well" (function(t)
    t:folder(REFUSED)
    local check = t:spurn "check"
    t:ended(check, 2, 'policy.lua:1: keep "x" keeps everything')
    t:holds(check.out, "Warnings")
    t:holds(check.out:match("Errors.*"), 'policy.lua:2: reject "y" can never be true')
    t:lacks(check.out, "Everything loads")
end)

test "a sweep takes the rules as they are" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "a" } })
    t:folder { ["policy.lua"] = REFUSED["policy.lua"], ["spurn.lua"] = program.config(emulator, 'policy "policy.lua"') }
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0, "warn: `spurn check` has 2 errors and 1 warning about these policies\n")
    t:equal(plan.json.summary.keep, 1)
end)

test "plan, apply and the daemon say that check has warnings, and nothing when it has none" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "a" } })
    local says <const> = "`spurn check` has 1 warning about these policies\n"
    t:folder { ["policy.lua"] = 'reject "x" (~region { "us-east1", "us-*" })',
        ["spurn.lua"] = program.config(emulator, 'policy "policy.lua"') }
    t:ended(t:spurn "plan", 0, says)
    t:ended(t:spurn "-c spurn.lua apply --yes", 0, says)
    local daemon = t:daemon "daemon -c spurn.lua"
    t:becomes(5, "what the daemon says of its rules", function()
        return (program.read_file(daemon.err) or ""):find(says, 1, true) ~= nil
    end)
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 5), 0, "exit code")
    t:folder { ["policy.lua"] = 'reject "x" (name "promo*")' }
    t:lacks(t:spurn("plan").err, "spurn check")
end)

test "two targets of one region whose account only the keys tell are warned of, once for each entry" (function(t)
    local function warnings(...)
        local entries = {}
        for i, words in ipairs { ... } do
            entries[i] = ('aws { %s, regions = { "us-east-1", "eu-west-1" } }\n'):format(words)
        end
        t:folder { ["policy.lua"] = program.REJECT_ALL,
            ["spurn.lua"] = 'journal = "spurn.db"\n' .. table.concat(entries) .. 'policy "policy.lua"\n' }
        local check = t:spurn "check --format json"
        t:ended(check, 0)
        return check.json.warnings
    end
    local said = warnings('profile = "a"', 'profile = "b"', 'profile = "c"')
    t:equal(#said, 2)
    t:holds(said[1], "spurn.lua:3: only the keys tell its account from that of line 2")
    t:holds(said[2], "spurn.lua:4: only the keys tell its account from that of line 2")
    t:holds(said[2], 'give each its account = "..."')
    t:equal(#warnings('profile = "a"', 'profile = "b", account = "111122223333"',
        'profile = "c", role_arn = "arn:aws:iam::222233334444:role/x"', 'organization = { role = "spurn" }'), 0)
end)

test "a region that is not known is warned of once for each entry, with the one that was meant" (function(t)
    t:folder { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = 'journal = "spurn.db"\n' ..
        'aws { accounts = { "111122223333", "222233334444" }, role = "x", regions = { "us-esat-1", "eu-west-1" } }\n' ..
        'alibaba { account = "1234567890123456", regions = { "us-east-2", "me-nowhere-at-all" } }\n' ..
        'aws { account = "333344445555", regions = "all" }\npolicy "policy.lua"\n' }
    local check = t:spurn "check --format json"
    t:ended(check, 0)
    t:equal(#check.json.warnings, 3)
    t:equal(check.json.warnings[1],
        'spurn.lua:2: AWS RAM is not known to be in a region "us-esat-1"; did you mean "us-east-1"?')
    t:holds(check.json.warnings[2], 'spurn.lua:3: Alibaba Cloud ')
    t:holds(check.json.warnings[2], ' in a region "us-east-2"; did you mean "us-east-1"?')
    t:holds(check.json.warnings[3], ' in a region "me-nowhere-at-all"; it is asked there all the same')
end)

local ALIBABA <const> = 'alibaba { account = "1234567890123456", regions = { "cn-hangzhou" } }\n'

local function no_complaints(t, arguments, what)
    local check = t:spurn(arguments .. " check --format json")
    t:ended(check, 0)
    t:equal(#check.json.warnings + #check.json.errors, 0, what)
end

-- What their required parameters take.
local SETTINGS <const> = {
    ["allow-list.lua"] = '{ file = "partners.txt" }',
    ["look-alikes.lua"] = '{ names = { "network-subnets" }, trusted = { "111122223333" } }',
    ["region-fence.lua"] = '{ regions = { "us-*" } }',
    ["resolver-rules.lua"] = '{ trusted = { "111122223333" } }',
    ["trusted.lua"] = '{ trusted = { "111122223333" } } policy "rejects.lua"', -- it rejects nothing itself
    ["unknown-senders.lua"] = '{ trusted = { "111122223333" }, grace = "2h" }',
}

test "what is shipped is left in peace" (function(t)
    local listing = program.run_command("cd policies && ls *.lua").out
    local count = 0
    for name in listing:gmatch("[^\n]+") do
        if not name:find("_test.lua", 1, true) then
            count = count + 1
            t:folder {
                [name] = program.read_file(program.root .. "/policies/" .. name),
                ["partners.txt"] = "111122223333\n",
                ["rejects.lua"] = program.REJECT_ALL,
                ["spurn.lua"] = CONFIG .. ALIBABA .. ("policy %q %s"):format(name, SETTINGS[name] or "{}"),
            }
            no_complaints(t, "", name)
        end
    end
    t:truth(count > 0, "a policy")
end)

test "the starter and the demo are left in peace" (function(t)
    t:ended(t:spurn "init .", 0)
    no_complaints(t, "", "the starter")
    t:folder {
        ["demo/policy.lua"] = program.read_file(program.root .. "/examples/demo/policy.lua"),
        ["demo/spurn.lua"] = CONFIG .. ALIBABA .. 'policy "policy.lua"',
    }
    no_complaints(t, "-c demo/spurn.lua", "the demo")
end)

test "an organization is one row, and a role names its account" (function(t)
    t:folder { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = [[
journal = "spurn.db"
aws { organization = { role = "spurn" }, regions = { "us-east-1", "eu-west-1" } }
aws { role_arn = "arn:aws:iam::222233334444:role/spurn", regions = { "us-east-1" } }
policy "policy.lua"
]] }
    local targets = t:spurn("check --format json").json.targets
    t:equal(#targets, 2)
    t:equal(targets[1].organization, true)
    t:equal(targets[1].role, "spurn")
    t:equal(targets[1].region, "us-east-1, eu-west-1")
    t:equal(targets[2].organization, false)
    t:equal(targets[2].account, "222233334444")
    t:equal(targets[2].role, "arn:aws:iam::222233334444:role/spurn")
    local check = t:spurn "check"
    t:ended(check, 0)
    t:holds(check.out, "every account of the organization")
    t:holds(check.out, "targets 2, rules 1")
end)

test "of very many targets a table shows some, and all when asked for" (function(t)
    local accounts = {}
    for n = 1, 150 do
        accounts[n] = ('"%012d"'):format(n)
    end
    t:folder { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = ([[
journal = "spurn.db"
aws { accounts = { %s }, role = "spurn", regions = { "us-east-1" } }
policy "policy.lua"
]]):format(table.concat(accounts, ", ")) }
    local check = t:spurn "check"
    t:ended(check, 0)
    t:holds(check.out, "  and 50 more; --all shows them\n")
    t:lacks(check.out, "000000000150")
    t:holds(t:spurn("check --all").out, "000000000150")
end)

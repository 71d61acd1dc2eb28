-- The daemon: it sweeps on and on, takes over what is loaded anew, and ends with everything recorded.
local program = require "program"
local test = program.test

local PROMOTIONS = 'reject "promotional" (name "promo*")\n'
local OFTEN = 'policy "policy.lua"\ndaemon { every = "1s", jitter = "0s" }'
local SELDOM = 'policy "policy.lua"\ndaemon { every = "1h", jitter = "0s" }'

local function stranger(name)
    return { sender = "999999999999", name = name }
end

-- More invitations for an emulator that has the account already.
local function more(...)
    local scenario = program.aws { ... }
    scenario.accounts[1].keys = nil
    return scenario
end

-- An emulator with one promotion, and a daemon that sweeps it as `schedule` says; once the first sweep has ended.
local function sweeping(t, schedule, faults)
    local emulator = t:emulator(program.aws { stranger "promo 0" }, faults)
    t:folder { ["spurn.lua"] = program.config(emulator, schedule), ["policy.lua"] = PROMOTIONS }
    local daemon = t:daemon "daemon -c spurn.lua"
    return emulator, daemon
end

local function log_of(daemon)
    return program.read_file(daemon.err) or "" -- it may not have come so far
end

local function logs(t, daemon, words)
    t:becomes(5, ("%q in the log"):format(words), function()
        return log_of(daemon):find(words, 1, true)
    end)
end

local function rejects(t, emulator, count)
    t:becomes(5, count .. " rejections", function()
        return #program.rejections(emulator) >= count
    end)
    t:equal(#program.rejections(emulator), count)
end

local function ends_well(t, daemon)
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 5), 0, "exit code")
    t:ended(t:spurn "-c spurn.lua verify", 0)
end

test "what keeps arriving is turned away, sweep after sweep" (function(t)
    local emulator, daemon = sweeping(t, OFTEN)
    for n = 1, 3 do
        rejects(t, emulator, n)
        emulator.add(more(stranger("promo " .. n), stranger("welcome " .. n)))
    end
    rejects(t, emulator, 4)
    ends_well(t, daemon)
    local history = t:spurn "-c spurn.lua history --format json"
    t:ended(history, 0)
    local sweeps, count = {}, 0
    for _, row in ipairs(history.json.decisions) do
        if row.outcome == "rejected" and not sweeps[row.sweep] then
            sweeps[row.sweep] = true
            count = count + 1
        end
    end
    t:equal(count, 4, "sweeps that rejected")
    t:equal(program.count(history.json.decisions, "outcome", "rejected"), 4)
    for n = 1, count do
        logs(t, daemon, ("sweep %d: "):format(n))
    end
end)

test "SIGHUP loads a changed policy, and the next sweep obeys it" (function(t)
    local emulator, daemon = sweeping(t, OFTEN)
    rejects(t, emulator, 1)
    t:folder { ["policy.lua"] = 'keep "promotions" (name "promo*")\nreject "casinos" (name "casino*")\n' }
    emulator.add(more(stranger "promo 1", stranger "casino 1"))
    rejects(t, emulator, 2) -- nobody said anything yet: the policy of before
    t:signal(daemon, "HUP")
    logs(t, daemon, "configuration loaded anew")
    rejects(t, emulator, 3)
    emulator.add(more(stranger "promo 2", stranger "casino 2"))
    rejects(t, emulator, 4)
    ends_well(t, daemon)
    local history = t:spurn "-c spurn.lua history --format json"
    local names = {}
    for _, row in ipairs(history.json.decisions) do
        if row.outcome then
            t:equal(row.outcome, "rejected")
            names[#names + 1] = row.name
        end
    end
    table.sort(names)
    t:equal(table.concat(names, ", "), "casino 1, casino 2, promo 0, promo 1")
end)

-- Each is a spurn.lua and a policy.lua that cannot take over, and what the log says of them.
local BROKEN = {
    { "a policy that does not load", OFTEN, 'reject "casinos" (nam "casino*")\n', "policy.lua:1: " },
    { "a configuration that does not load", 'polcy "policy.lua"', PROMOTIONS, "spurn.lua:3: " },
    { "a configuration without a policy", "", PROMOTIONS, "no policy is configured" },
}
for _, case in ipairs(BROKEN) do
    local what, schedule, policy, said = table.unpack(case)
    test("SIGHUP with " .. what .. " keeps what was loaded, and says so")(function(t)
        local emulator, daemon = sweeping(t, OFTEN)
        rejects(t, emulator, 1)
        t:folder { ["spurn.lua"] = program.config(emulator, schedule), ["policy.lua"] = policy }
        t:signal(daemon, "HUP")
        logs(t, daemon, "the configuration of before stays in force")
        t:holds(log_of(daemon), said)
        t:lacks(log_of(daemon), "loaded anew")
        emulator.add(more(stranger "promo 1", stranger "casino 1"))
        rejects(t, emulator, 2)
        t:signal(daemon, "TERM")
        t:equal(t:await(daemon, 5), 0, "exit code")
    end)
end

test "a mistake that only a sweep can notice is told, and mended by loading again" (function(t)
    local emulator, daemon = sweeping(t, OFTEN)
    rejects(t, emulator, 1)
    local again = ('aws { profile = "again", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(emulator.url)
    t:folder {
        ["spurn.lua"] = program.config(emulator, OFTEN) .. again,
        [".aws/credentials"] = "[again]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n" ..
            "aws_account_id = " .. program.AWS_ACCOUNT .. "\n",
    }
    t:signal(daemon, "HUP")
    logs(t, daemon, "is the target of line 2 already")
    emulator.add(more(stranger "promo 1"))
    t:folder { ["spurn.lua"] = program.config(emulator, OFTEN) }
    t:signal(daemon, "HUP")
    rejects(t, emulator, 2)
    ends_well(t, daemon)
end)

test "the log says what the daemon began with, and that it ended" (function(t)
    local _, daemon = sweeping(t, SELDOM)
    logs(t, daemon, "sweep 1: ")
    local digest = t:spurn("-c spurn.lua plan --format json").json.summary.digest
    local began = ("info: sweeping 1 targets by 1 policies, %s, as spurn.lua says\n"):format(digest:sub(1, 12))
    t:holds(log_of(daemon), began)
    ends_well(t, daemon)
    t:truth(log_of(daemon):find "info: ended as asked; nothing is in flight\n$", "the last line")
end)

test "what an organization has is not counted before it is asked" (function(t)
    local scenario = program.aws { stranger "promo 0" }
    scenario.organization = { { cloud = "aws", management = program.AWS_ACCOUNT,
        accounts = { { id = program.AWS_ACCOUNT, name = "management" } } } }
    local emulator = t:emulator(scenario)
    t:folder { ["policy.lua"] = PROMOTIONS, ["spurn.lua"] = ('journal = "spurn.db"\n' ..
        'aws { organization = { role = "spurn" }, regions = "all", endpoint = "%s" }\n' ..
        'aws { account = "999988887777", regions = { "us-east-1", "us-east-2" }, endpoint = "%s" }\n%s'):format(
        emulator.url, emulator.url, SELDOM) }
    local daemon = t:daemon "daemon -c spurn.lua"
    logs(t, daemon, "info: sweeping 2 targets and the accounts of 1 organization by 1 policies, ")
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 10), 0, "exit code")
end)

test "SIGUSR1 sweeps now" (function(t)
    local emulator, daemon = sweeping(t, SELDOM)
    logs(t, daemon, "sweep 1: ")
    emulator.add(more(stranger "promo 1"))
    t:signal(daemon, "USR1")
    rejects(t, emulator, 2)
    logs(t, daemon, "sweep 2: ")
    ends_well(t, daemon)
    t:lacks(log_of(daemon), "sweep 3: ")
end)

test "SIGUSR1 during a sweep is not forgotten" (function(t)
    local emulator, daemon = sweeping(t, SELDOM, "--fault slow=700:op=reject:count=1")
    rejects(t, emulator, 1) -- on its way: the answer takes its time
    emulator.add(more(stranger "promo 1"))
    t:signal(daemon, "USR1")
    rejects(t, emulator, 2)
    ends_well(t, daemon)
end)

test "a shorter schedule takes effect when it is loaded" (function(t)
    local emulator, daemon = sweeping(t, SELDOM)
    logs(t, daemon, "sweep 1: ")
    emulator.add(more(stranger "promo 1"))
    t:folder { ["spurn.lua"] = program.config(emulator, OFTEN) }
    t:signal(daemon, "HUP")
    rejects(t, emulator, 2)
    ends_well(t, daemon)
end)

test "SIGTERM waits for the rejection in flight, records it, and begins no other" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "promo %d", ["repeat"] = 5 } },
        "--fault slow=1200:op=reject")
    t:folder {
        ["spurn.lua"] = program.config(emulator, SELDOM .. "\nlimits { window = 1 }"),
        ["policy.lua"] = PROMOTIONS,
    }
    local daemon = t:daemon "daemon -c spurn.lua"
    rejects(t, emulator, 1)
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 5), 0, "exit code")
    t:equal(#program.rejections(emulator), 1, "calls after SIGTERM")
    local history = t:spurn "-c spurn.lua history --format json"
    t:ended(history, 0)
    t:equal(program.count(history.json.decisions, "outcome", "rejected"), 1)
    t:equal(program.count(history.json.decisions, "outcome", "failed"), 4)
    t:equal(program.count(history.json.decisions, "inferred", true), 0)
    t:ended(t:spurn "-c spurn.lua verify", 0)
    emulator.fault {}
    local apply = t:spurn "-c spurn.lua apply --yes --format json"
    t:ended(apply, 0)
    t:equal(apply.json.summary.rejected, 4)
    t:equal(apply.json.summary.closed, 0)
    t:ended(t:spurn "-c spurn.lua verify", 0)
end)

test "one acting run at a time: another daemon, or apply, ends with 75" (function(t)
    local _, daemon = sweeping(t, SELDOM)
    logs(t, daemon, "sweep 1: ")
    t:ended(t:spurn "apply --yes -c spurn.lua", 75, "journal")
    t:ended(t:spurn "daemon -c spurn.lua", 75, "journal")
    t:ended(t:spurn "-c spurn.lua plan", 0)
    t:ended(t:spurn "-c spurn.lua history", 0)
    ends_well(t, daemon)
    t:ended(t:spurn "apply --yes -c spurn.lua", 0)
end)

test "the daemon takes no configuration from the current directory unless it is named" (function(t)
    local emulator = t:emulator(program.aws { stranger "promo 0" })
    t:folder { ["spurn.lua"] = program.config(emulator, SELDOM), ["policy.lua"] = PROMOTIONS }
    t:ended(t:spurn "daemon", 2, "-c ./spurn.lua")
    t:equal(#emulator.ledger(), 0, "calls")
    t:equal(program.read_file(t:folder() .. "/spurn.db"), nil, "the journal")
end)

test "a daemon with nothing to do, or that cannot load, ends before anything is done" (function(t)
    local emulator = t:emulator(program.aws { stranger "promo 0" })
    t:folder { ["spurn.lua"] = program.config(emulator, ""), ["policy.lua"] = PROMOTIONS }
    t:ended(t:spurn "daemon -c spurn.lua", 2, "no policy is configured")
    t:folder { ["spurn.lua"] = program.config(emulator, SELDOM), ["policy.lua"] = "reject" }
    t:ended(t:spurn "daemon -c spurn.lua", 2, "policy.lua:1: ")
    t:equal(#emulator.ledger(), 0, "calls")
end)

-- One sick account holds nobody up, and what is in doubt is asked about before anything is claimed.
local program = require "program"
local test = program.test

local APPLY <const> = "-c spurn.lua apply --yes --format json"

-- `count` invitations from as many senders, `age` old.
local function invitations(count, age)
    local list = {}
    for i = 1, count do
        list[i] = { sender = ("%012d"):format(100000000000 + i), name = "n" .. i, age = age }
    end
    return list
end

local function alibaba_invitations(count, age)
    local list = invitations(count, age)
    for _, invitation in ipairs(list) do
        invitation.sender = invitation.sender .. "0000"
    end
    return list
end

local function set_up(t, emulator, limits)
    t:folder {
        ["spurn.lua"] = program.config(emulator, 'policy "policy.lua"\nlimits { percent = 100, ' .. limits .. " }"),
        ["policy.lua"] = program.REJECT_ALL,
    }
end

local function rejected(emulator, cloud)
    return program.count(program.rejections(emulator), "cloud", cloud)
end

test "a throttled account does not delay the rejections of another" (function(t)
    local emulator = t:emulator(program.both(invitations(10, "5h"), alibaba_invitations(150, "1h")),
        "--fault throttle=20:op=reject:region=us-east-1")
    set_up(t, emulator, "rejections = 1000")
    local process = t:daemon(APPLY)
    t:becomes(10, "150 rejections at Alibaba Cloud, while AWS throttles", function()
        return rejected(emulator, "alibaba") == 150
    end)
    t:truth(program.is_alive(process), "the sweep to be waiting for AWS still")
    t:signal(process, "TERM")
    t:equal(t:await(process, 20), 1)
    t:ended(t:spurn("verify"), 0)
end)

test "a lost reply, then throttling: the cloud is asked before anything is claimed" (function(t)
    local emulator = t:emulator(program.aws(invitations(1, "3h")),
        "--fault lost:op=reject:count=1 --fault throttle:op=reject:after=1")
    set_up(t, emulator, "rejections = 10")
    local result = t:spurn(APPLY)
    t:ended(result, 0)
    t:equal(result.json.decisions[1].outcome, "rejected")
    t:equal(result.json.decisions[1].inferred, true)
    t:ended(t:spurn("verify"), 0)
end)

test "an account that refuses every reject does not use up the hour of the others" (function(t)
    local emulator = t:emulator(program.both(invitations(3, "5h"), alibaba_invitations(2, "1h")),
        "--fault deny=AccessDenied:op=reject:region=us-east-1")
    set_up(t, emulator, "rejections = 3")
    t:spurn(APPLY)
    t:spurn(APPLY)
    t:equal(rejected(emulator, "alibaba"), 2)
end)

test "a stop does not wait for a look-up that is throttled" (function(t)
    local emulator = t:emulator(program.aws(invitations(1, "3h")),
        "--fault deny=AccessDenied:op=reject --fault throttle=60:op=list:after=1")
    set_up(t, emulator, "rejections = 10")
    local process = t:daemon(APPLY)
    t:becomes(10, "the reject to be refused", function()
        return #program.rejections(emulator) > 0
    end)
    t:signal(process, "TERM")
    t:equal(t:await(process, 10), 1)
    emulator.fault {}
    local result = t:spurn(APPLY)
    t:ended(result, 0)
    t:equal(result.json.summary.closed, 1)
    t:equal(result.json.summary.rejected, 1)
end)

test "two profiles of one region must be of two accounts, and say so where nobody else can" (function(t)
    local emulator = t:emulator(program.aws(invitations(1, "3h")))
    local target = 'aws { profile = "%s", regions = { "us-east-1" }, endpoint = "%s" }\n'
    local keys = "[%s]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"
    t:folder {
        ["spurn.lua"] = target:format("a", emulator.url) .. target:format("b", emulator.url) .. 'policy "policy.lua"\n',
        ["policy.lua"] = program.REJECT_ALL,
        [".aws/credentials"] = keys:format("a") .. keys:format("b"),
    }
    local plan = t:spurn("plan", { environment = " " })
    t:ended(plan, 2, "spurn.lua:2: this account and region of AWS RAM is the target of line 1 already")
    emulator.fault { "deny=AccessDenied:op=identity" }
    plan = t:spurn("plan", { environment = " " })
    t:ended(plan, 1, 'give each its account = "..."')
    t:holds(plan.err, "spurn.lua:2 (profile b): ")
end)

test "a digest that --trust names is trusted from then on" (function(t)
    local emulator = t:emulator(program.aws(invitations(2, "3h")))
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    local digest = t:spurn("plan --format json").json.summary.digest
    t:ended(t:spurn(APPLY .. " --trust " .. digest), 0) -- two pending: no belt holds yet
    local more = program.aws { { sender = "999999999999", name = "flood %d", ["repeat"] = 30 } }
    more.accounts[1].keys = nil -- the emulator has them
    emulator.add(more)
    local result = t:spurn(APPLY)
    t:ended(result, 0)
    t:equal(result.json.summary.rejected, 30)
end)

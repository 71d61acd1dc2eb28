-- Keys that end, and clocks that differ: new keys in time and once, a word where that fails, and nothing done twice.
local estate = require "estate"
local program = require "program"
local test = program.test

local apply, asked = estate.apply, estate.asked

local LIST <const>, REJECT <const> = "GetResourceShareInvitations", "RejectResourceShareInvitation"
local ID <const> = estate.id("aws", 1)
local ROLE <const> = 'aws { role_arn = "arn:aws:iam::' .. ID .. ':role/spurn", regions = %s, endpoint = "%s" }\n'
local KEYED <const> = 'aws { account = "' .. program.AWS_ACCOUNT ..
    '", %s regions = { "us-east-1" }, endpoint = "%s" }\n'
local ALIBABA_ROLE <const> = 'alibaba { role_arn = "acs:ram::%s:role/spurn", regions = { "cn-hangzhou" }, ' ..
    'endpoint = "%s" }\n'
local NARROW <const> = "limits { percent = 100, window = 4 }\n"

local REGIONS <const> = { "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
    "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "af-south-1", "ap-east-1", "me-south-1" }

-- One account with an invitation in each of 20 regions, reached through a role whose keys live for `session`.
local function with_role(t, session, faults)
    local scenario = program.aws { { sender = "999999999999", name = "at home" } }
    estate.add(scenario, "aws", ID, { regions = estate.regions("aws", REGIONS),
        roles = { { name = "spurn", trusts = { program.AWS_ACCOUNT }, session = session } } })
    return t:emulator(scenario, faults)
end

-- Milliseconds of an instant in the ledger within its day.
local function at_ms(entry)
    local hours, minutes, seconds = entry.at:match "T(%d+):(%d+):([%d.]+)"
    return math.floor((hours * 3600 + minutes * 60 + seconds) * 1000)
end

local function calls_of(emulator, op)
    local calls = {}
    for _, entry in ipairs(emulator.ledger()) do
        if entry.op == op then
            calls[#calls + 1] = entry
        end
    end
    return calls
end

local function lines_with(text, part)
    local count = 0
    for line in text:gmatch "[^\n]+" do
        count = count + (line:find(part, 1, true) and 1 or 0)
    end
    return count
end

-- ---- ahead of the end ----

test "keys that end in the middle are fetched anew in time, once for all calls, and none is done twice" (function(t)
    local emulator = with_role(t, "4s", "--fault slow=600:op=list --fault slow=600:op=reject")
    estate.configure(t, ROLE:format(estate.quoted(REGIONS), emulator.url), nil, NARROW)
    local result = apply(t)
    t:ended(result, 0)
    t:equal(result.err, "")
    estate.rejected(t, emulator, result, #REGIONS)
    local assumed = calls_of(emulator, "assume")
    t:truth(#assumed >= 2, "keys fetched anew: the sweep takes 6 s")
    for i = 2, #assumed do
        local apart_ms = (at_ms(assumed[i]) - at_ms(assumed[i - 1])) % (24 * 3600 * 1000)
        t:truth(apart_ms > 2000, "most of a life between two sessions, got ms " .. apart_ms)
    end
    local counts = asked(emulator)
    t:equal(counts[LIST .. " ExpiredTokenException"], 0)
    t:equal(counts[REJECT .. " ExpiredTokenException"], 0)
    t:equal(counts[LIST .. " ok"], #REGIONS)
    local signed_by = {}
    for _, call in ipairs(program.rejections(emulator)) do
        signed_by[call.who] = true
    end
    t:equal(signed_by.AKIDEXAMPLE, nil, "the first keys never reject there")
end)

-- Twenty accounts whose roles are assumed with keys from a container that live for `session`.
local function contained(t, session, faults)
    local scenario = program.aws {}
    scenario.accounts[1].keys = nil
    scenario.accounts[1].roles = { { name = "first", session = session } }
    scenario.containers = { { cloud = "aws", path = "/first", account = program.AWS_ACCOUNT, role = "first" } }
    for number = 1, 20 do
        estate.add(scenario, "aws", estate.id("aws", number))
    end
    local emulator = t:emulator(scenario, faults)
    estate.configure(t, ('aws { accounts = %s, role = "spurn", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(
        estate.quoted(estate.ids("aws", 1, 20)), emulator.url), nil, NARROW)
    return emulator, { environment = ("AWS_CONTAINER_CREDENTIALS_FULL_URI=%s/first"):format(emulator.url) }
end

test "keys that a container hands out are asked for again when they end, and roles go on with them" (function(t)
    local emulator, options = contained(t, "4s", "--fault slow=1500:op=assume")
    local result = apply(t, options)
    t:ended(result, 0)
    estate.rejected(t, emulator, result, 20)
    local counts = asked(emulator)
    t:truth(counts["container ok"] >= 2, "keys asked for again: the roles take 7 s")
    t:truth(counts["container ok"] <= 5, "once for all roles, got " .. counts["container ok"])
    t:equal(counts["assume ok"], 20)
    t:equal(counts["assume ExpiredToken"], 0)
end)

test "first keys that are taken for expired are fetched anew once, and their roles are asked for again" (function(t)
    local emulator, options = contained(t, "1h", "--fault expired_token:op=assume:count=4")
    local result = apply(t, options)
    t:ended(result, 0)
    estate.rejected(t, emulator, result, 20)
    local counts = asked(emulator)
    t:equal(counts["container ok"], 2)
    t:equal(counts["assume ExpiredToken"], 4)
    t:equal(counts["assume ok"], 20)
end)

-- ---- the cloud says that they ended ----

for _, case in ipairs { { "list", LIST }, { "reject", REJECT } } do
    local op, name = table.unpack(case)
    test("keys that a cloud takes for expired at a " .. op .. " are fetched anew once, and the call is made again")(
        function(t)
            local emulator = with_role(t, "1h", "--fault expired_token:op=" .. op .. ":count=4")
            estate.configure(t, ROLE:format(estate.quoted(REGIONS), emulator.url), nil, NARROW)
            local result = apply(t)
            t:ended(result, 0)
            estate.rejected(t, emulator, result, #REGIONS)
            local counts = asked(emulator)
            t:equal(counts[name .. " ExpiredTokenException"], 4)
            t:equal(counts[name .. " ok"], #REGIONS)
            t:equal(counts["assume ok"], 2)
        end)
end

test "at Alibaba Cloud as well" (function(t)
    local scenario = program.both({}, {})
    local id = estate.id("alibaba", 1)
    estate.add(scenario, "alibaba", id)
    local emulator = t:emulator(scenario,
        "--fault expired_token:op=list:count=1 --fault expired_token:op=reject:count=1")
    estate.configure(t, ALIBABA_ROLE:format(id, emulator.alibaba["cn-hangzhou"]))
    local result = apply(t)
    t:ended(result, 0)
    estate.rejected(t, emulator, result, 1)
    t:equal(asked(emulator)["assume ok"], 3)
end)

test "keys that a program gave and the cloud takes no more are asked of the program again" (function(t)
    local scenario = program.aws { { sender = "999999999999" } }
    table.insert(scenario.accounts[1].keys, { id = "AKIDROTATED", secret = "old", expired = true })
    local emulator = t:emulator(scenario)
    estate.configure(t, KEYED:format('profile = "made",', emulator.url), {
        [".aws/config"] = "[profile made]\ncredential_process = sh keys.sh\n",
        ["keys.sh"] = [[
echo run >>runs
if test $(wc -l <runs) = 1; then
    echo '{"Version":1,"AccessKeyId":"AKIDROTATED","SecretAccessKey":"old"}'
else
    echo '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"secret"}'
fi
]] })
    local result = apply(t, { environment = " " })
    t:ended(result, 0)
    estate.rejected(t, emulator, result, 1)
    t:equal(program.read_file(t:folder() .. "/runs"), "run\nrun\n")
end)

test "keys in the environment that have ended are one clear error, and are not tried on and on" (function(t)
    local scenario = program.both({ { sender = "999999999999" } }, { { sender = "9999999999999999" } })
    scenario.accounts[1].keys[1].expired, scenario.accounts[1].keys[1].token = true, "token"
    local emulator = t:emulator(scenario)
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    local result = apply(t, { environment = program.KEYS .. " AWS_SESSION_TOKEN=token" })
    t:ended(result, 1)
    local row = estate.target(result, program.AWS_ACCOUNT)
    t:equal(row.status, "failed")
    t:holds(row.error, "these keys have expired")
    t:equal(lines_with(result.err, "expired"), 1)
    t:truth(#calls_of(emulator, LIST) <= 2, "one more try at most")
    estate.rejected(t, emulator, result, 1)
end)

test "first keys that have ended are one error for each role, and one call" (function(t)
    local scenario = program.aws {}
    scenario.accounts[1].keys[1].expired = true
    for number = 1, 3 do
        estate.add(scenario, "aws", estate.id("aws", number))
    end
    local emulator = t:emulator(scenario)
    estate.configure(t, ('aws { accounts = %s, role = "spurn", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(
        estate.quoted(estate.ids("aws", 1, 3)), emulator.url))
    local result = apply(t)
    t:ended(result, 1)
    t:equal(#estate.targets(result, "failed"), 3)
    for _, row in ipairs(estate.targets(result, "failed")) do
        t:holds(row.error, "expired")
    end
    t:truth(#calls_of(emulator, "assume") <= 6, "no role is asked for on and on")
end)

-- ---- nobody gives new ones ----

test "a refresh that fails while the keys still live is a warning, and the sweep goes on with them" (function(t)
    local emulator = with_role(t, "1h",
        "--fault expired_token:op=reject:count=1 --fault deny=AccessDenied:op=assume:after=1")
    estate.configure(t, ROLE:format(estate.quoted(REGIONS), emulator.url))
    local result = apply(t)
    t:ended(result, 0, "cannot fetch new keys in place of those of ")
    t:equal(lines_with(result.err, "cannot fetch new keys"), 1)
    estate.rejected(t, emulator, result, #REGIONS)
    t:equal(#calls_of(emulator, "assume"), 2)
end)

test "a refresh that fails until the keys have ended fails their targets, and no other" (function(t)
    local emulator = with_role(t, "4s", "--fault slow=900:op=list --fault deny=AccessDenied:op=assume:after=1")
    estate.configure(t, ROLE:format(estate.quoted(REGIONS), emulator.url) .. KEYED:format("", emulator.url), nil,
        "limits { percent = 100, window = 3 }\n")
    local result = apply(t)
    t:ended(result, 1, "cannot fetch new keys in place of those of ")
    t:equal(lines_with(result.err, "cannot fetch new keys"), 1)
    t:equal(estate.target(result, program.AWS_ACCOUNT).status, "listed")
    local failed, listed = estate.targets(result, "failed"), estate.targets(result, "listed")
    t:truth(#failed > 0 and #listed > 1, "some were listed before the end, some were not")
    t:equal(#failed + #listed, #REGIONS + 1)
    for _, row in ipairs(failed) do
        t:equal(row.account, ID)
        t:holds(row.error, "AccessDenied")
    end
    t:equal(#calls_of(emulator, "assume"), 2)
    t:equal(asked(emulator)[LIST .. " ExpiredTokenException"], 0)
    local refused_ms = at_ms(calls_of(emulator, "assume")[2])
    local since = 0
    for _, call in ipairs(calls_of(emulator, LIST)) do
        since = since + (call.account == ID and at_ms(call) > refused_ms and 1 or 0)
    end
    t:truth(since > 0, "calls with the old keys while they lived")
end)

-- ---- the daemon ----

local PROFILE <const> = "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"

test "keys that are rotated in ~/.aws/credentials are the next sweep's" (function(t)
    local scenario = program.aws {}
    table.insert(scenario.accounts[1].keys, { id = "AKIDROTATED", secret = "other" })
    local emulator = t:emulator(scenario)
    estate.configure(t, KEYED:format("", emulator.url),
        { [".aws/credentials"] = PROFILE:format("AKIDEXAMPLE", "secret") },
        'limits { percent = 100 }\ndaemon { every = "1s", jitter = "0s" }\n')
    local function lists_by(id)
        return asked(emulator, { who = id })[LIST .. " ok"]
    end
    local daemon = t:start(program.build .. "/spurn daemon -c spurn.lua", "HOME=" .. program.quote(t:folder()))
    t:becomes(10, "a sweep with the keys of before", function() return lists_by "AKIDEXAMPLE" > 0 end)
    t:folder { [".aws/credentials"] = PROFILE:format("AKIDROTATED", "other") }
    t:becomes(10, "two sweeps with the new keys", function() return lists_by "AKIDROTATED" > 1 end)
    local before = lists_by "AKIDEXAMPLE"
    t:becomes(10, "one sweep more", function() return lists_by "AKIDROTATED" > 2 end)
    t:equal(lists_by "AKIDEXAMPLE", before, "nothing with the old keys from then on")
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 10), 0)
end)

-- ---- clocks ----

for _, skew in ipairs { 1200, -1200 } do
    test(("where clocks are %d s ahead all is signed by the cloud's, and the difference is told"):format(skew))(
        function(t)
            local scenario = program.both({}, {})
            for _, cloud in ipairs { "aws", "alibaba" } do
                local id = estate.id(cloud, 1)
                local trusts = { cloud == "aws" and program.AWS_ACCOUNT or program.ALIBABA_ACCOUNT }
                estate.add(scenario, cloud, id, { roles = { { name = "spurn", trusts = trusts, session = "15m" } } })
            end
            local emulator = t:emulator(scenario, "--fault skew=" .. skew)
            local both = ROLE:format('{ "us-east-1" }', emulator.url) ..
                ALIBABA_ROLE:format(estate.id("alibaba", 1), emulator.alibaba["cn-hangzhou"])
            estate.configure(t, both)
            t:folder { ["policy.lua"] = 'reject "old" (older "30m")\n' }
            local aged = apply(t)
            t:ended(aged, 1)
            t:equal(#estate.targets(aged, "listed"), 2)
            t:equal(aged.json.summary.undecided, 2)
            t:equal(#program.rejections(emulator), 0)
            estate.configure(t, both)
            local result = apply(t)
            t:ended(result, 1)
            estate.rejected(t, emulator, result, 2)
            for _, row in ipairs(result.json.targets) do
                t:holds(row.error, "the clocks differ by ")
                t:holds(row.error, skew > 0 and "(the cloud's is ahead)" or "(the cloud's is behind)")
                t:holds(result.err, row.error)
            end
            t:equal(asked(emulator)["assume ok"], 4)
        end)
end

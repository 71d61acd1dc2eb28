-- spurn doctor: which keys reach which target, what they may do there, and what to do where they may not.
local program = require "program"
local test = program.test

local ENDPOINTS <const> = 'journal = "spurn.db"\n%s\npolicy "policy.lua"\n'

-- Both clouds with one invitation each; `change` alters the scenario.
local function both(t, change)
    local scenario = program.both({ { sender = "999999999999", name = "a" } },
        { { sender = "9999999999999999", name = "b" } })
    if change then
        change(scenario)
    end
    local emulator = t:emulator(scenario)
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    return emulator
end

local function row(result, cloud, region)
    for _, target in ipairs(result.json.targets) do
        if target.cloud == cloud and (not region or target.region == region) then
            return target
        end
    end
end

-- What was asked of the emulator, by operation.
local function asked(emulator)
    local counts = {}
    for _, entry in ipairs(emulator.ledger()) do
        counts[entry.op] = (counts[entry.op] or 0) + 1
    end
    return counts
end

test "doctor tells whose keys these are and what they may do, and changes nothing" (function(t)
    local emulator = both(t)
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 0)
    t:equal(doctor.json.schema, 1)
    t:equal(doctor.json.unwell, 0)
    t:equal(#doctor.json.warnings, 0)
    local aws, alibaba = row(doctor, "aws"), row(doctor, "alibaba")
    for _, target in ipairs { aws, alibaba } do
        t:equal(target.status, "well")
        t:equal(target.list, "yes")
        t:equal(target.reject, "yes")
        t:holds(target.source, "environment")
        t:equal(target.clock_ahead, 0)
        t:equal(target.error, nil)
    end
    t:equal(aws.resources, "yes")
    t:equal(alibaba.resources, "-")
    t:equal(aws.key_id, "AKIDEXAMPLE")
    t:equal(aws.account, program.AWS_ACCOUNT)
    t:holds(aws.principal, "arn:aws:iam::" .. program.AWS_ACCOUNT .. ":")
    t:holds(alibaba.principal, "acs:ram::" .. program.ALIBABA_ACCOUNT .. ":")
    for _, call in ipairs(program.rejections(emulator)) do
        t:truth(call.result ~= "ok", "no rejection that was done: " .. call.result)
        t:holds(call.id, "0000000000")
    end
    t:equal(#program.rejections(emulator), 2)
    t:equal(program.read_file(t:folder() .. "/spurn.db"), nil, "the journal")
    t:equal(t:spurn("plan --format json").json.summary.pending, 2)
end)

test "the table has the same, and no secret is in it" (function(t)
    both(t)
    local doctor = t:spurn "doctor --log-level debug"
    t:ended(doctor, 0)
    t:truth(doctor.out:find("TARGET +REGION +KEYS +WHO +CLOCK +LIST +REJECT +RESOURCES\n"), "headings: " .. doctor.out)
    t:truth(doctor.out:find("aws 111122223333 +us%-east%-1 .* ok +yes +yes +yes\n"), "the AWS target: " .. doctor.out)
    t:truth(doctor.out:find("alibaba 1234567890123456 +cn%-hangzhou .* ok +yes +yes +%-\n"),
        "the other one: " .. doctor.out)
    t:equal(doctor.out:match "([^\n]*)\n$", "All is well with 2 targets.")
    local quiet = both(t, function(scenario)
        scenario.accounts[1].keys[1].secret = "wJalrXUtnFEMIK7MDENG"
    end)
    local told = t:spurn("doctor --log-level debug", { environment = program.KEYS:gsub("=secret ",
        "=wJalrXUtnFEMIK7MDENG ", 1) })
    t:ended(told, 0)
    t:lacks(told.out .. told.err, "wJalrXUtnFEMIK7MDENG")
    t:truth(#quiet.ledger() > 0, "calls")
end)

local DENIED <const> = {
    { "reject", "aws", "ram:RejectResourceShareInvitation" },
    { "reject", "alibaba", "resourcesharing:RejectResourceShareInvitation" },
    { "list", "aws", "ram:GetResourceShareInvitations" },
    { "list", "alibaba", "resourcesharing:ListResourceShareInvitations" },
}
for _, case in ipairs(DENIED) do
    local operation, cloud, permission = table.unpack(case)
    test(("at %s the permission to %s is named when it is missing"):format(cloud, operation))(function(t)
        both(t, function(scenario)
            scenario.accounts[cloud == "aws" and 1 or 2].denied = { operation }
        end)
        local doctor = t:spurn "doctor --format json"
        t:ended(doctor, 1)
        t:equal(doctor.json.unwell, 1)
        local target = row(doctor, cloud)
        t:equal(target.status, "failed")
        t:equal(target[operation], "no")
        t:equal(target[operation == "list" and "reject" or "list"], "yes")
        t:holds(target.error, "allow these keys " .. permission)
        t:equal(row(doctor, cloud == "aws" and "alibaba" or "aws").status, "well")
        local shown = t:spurn "doctor"
        t:ended(shown, 1)
        t:holds(shown.out, "allow these keys " .. permission)
        t:equal(shown.out:match "([^\n]*)\n$", "1 of 2 targets cannot be swept as they are.")
    end)
end

test "keys that may not look at resources are told so, and are well without" (function(t)
    both(t, function(scenario)
        scenario.accounts[1].denied = { "resources" }
    end)
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 0)
    t:equal(row(doctor, "aws").resources, "no")
    t:equal(row(doctor, "aws").status, "well")
    t:holds(row(doctor, "aws").error, "allow these keys ram:ListPendingInvitationResources, if a policy asks")
end)

test "both missing permissions are named" (function(t)
    both(t, function(scenario)
        scenario.accounts[1].denied = { "list", "reject" }
    end)
    local target = row(t:spurn "doctor --format json", "aws")
    t:holds(target.error, "ram:GetResourceShareInvitations; ")
    t:holds(target.error, "ram:RejectResourceShareInvitation")
end)

test "wrong keys are told once, with what to check" (function(t)
    both(t, function(scenario)
        scenario.accounts[1].keys[1].secret = "another"
    end)
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 1)
    local target = row(doctor, "aws")
    t:equal(target.list, "unknown")
    t:equal(target.reject, "unknown")
    t:equal(select(2, target.error:gsub("check the access key id and its secret", "")), 1, "times: " .. target.error)
    t:equal(row(doctor, "alibaba").status, "well")
end)

test "keys that may not ask whose they are do all that a sweep needs, and doctor remarks it" (function(t)
    local emulator = both(t)
    emulator.fault { "deny=AccessDenied:op=identity" }
    for _, account in ipairs { ('account = "%s",'):format(program.AWS_ACCOUNT), "" } do
        t:folder { ["spurn.lua"] = ENDPOINTS:format(('aws { %s regions = { "us-east-1" }, endpoint = "%s" }'):format(
            account, emulator.url)) }
        local doctor = t:spurn "doctor --format json"
        t:ended(doctor, 0)
        local target = row(doctor, "aws")
        t:equal(target.status, "well")
        t:holds(target.error, "cannot learn whose keys those of environment variables are")
        t:equal(target.error:find("set account", 1, true) ~= nil, account == "")
        t:equal(target.error:find("^spurn.lua:2: ") ~= nil, account == "")
        t:equal(doctor.err, "")
        local shown = t:spurn("doctor").out
        t:holds(shown, "AccessDenied")
        t:truth(shown:find " unknown +ok +yes +yes", "who: " .. shown)
    end
end)

test "keys that are over are told once, with whose they are" (function(t)
    local emulator = t:emulator(program.aws {})
    t:folder { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = ENDPOINTS:format(
        ('aws { profile = "gone", regions = { "us-east-1" }, endpoint = "%s" }'):format(emulator.url)),
        [".aws/credentials"] = "[gone]\naws_access_key_id = AKIDGONE\naws_secret_access_key = secret\n" }
    os.execute("chmod 600 " .. program.quote(t:folder() .. "/.aws/credentials"))
    local doctor = t:spurn("doctor --format json", { environment = " " })
    t:ended(doctor, 1)
    t:equal(doctor.err, "")
    t:holds(row(doctor, "aws").error, "spurn.lua:2 (profile gone): AWS RAM answered ")
    t:equal(select(2, row(doctor, "aws").error:gsub("answered", "")), 1, row(doctor, "aws").error)
    local plan = t:spurn("plan --format json", { environment = " " })
    t:ended(plan, 1, row(plan, "aws").error)
    t:holds(row(plan, "aws").error, "spurn.lua:2 (profile gone): AWS RAM answered ")
end)

test "a target without keys is named with where they were looked for" (function(t)
    both(t)
    local doctor = t:spurn("doctor --format json", { environment = program.KEYS:match "^AWS%S+ AWS%S+" ..
        " ALIBABA_CLOUD_ECS_METADATA_DISABLED=true" })
    t:ended(doctor, 1)
    local target = row(doctor, "alibaba")
    t:equal(target.status, "failed")
    t:equal(target.list, "-")
    t:truth(target.source == require "cjson".null, "no source")
    t:holds(target.error, "ALIBABA_CLOUD_ACCESS_KEY_ID")
    t:equal(row(doctor, "aws").status, "well")
end)

for _, case in ipairs { { 420, "7m ahead" }, { -420, "7m behind" } } do
    local skew, words = table.unpack(case)
    test("a clock that is " .. words .. " is told, and is a failure")(function(t)
        local emulator = both(t)
        emulator.fault { "skew=" .. skew .. ":region=us-east-1" }
        local doctor = t:spurn "doctor --format json"
        t:ended(doctor, 1)
        local target = row(doctor, "aws")
        t:truth(math.abs(target.clock_ahead - skew) < 30, "about " .. skew .. ": " .. target.clock_ahead)
        t:equal(target.list, "yes")
        t:equal(target.reject, "yes")
        t:holds(target.error, "the clocks differ by ")
        t:holds(t:spurn("doctor").out, " " .. words .. "  ")
    end)
end

test "a target that does not answer holds up no other, and trouble that passes is no trouble" (function(t)
    local emulator = both(t)
    t:folder { ["spurn.lua"] = program.read_file(t:folder() .. "/spurn.lua") ..
        'aws { account = "444455556666", regions = { "eu-west-1" }, endpoint = "http://127.0.0.1:1" }\n' }
    emulator.fault { "status=503:op=reject:region=us-east-1:count=2", "throttle:op=list:region=cn-hangzhou:count=1" }
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 1)
    t:equal(doctor.json.unwell, 1)
    t:equal(row(doctor, "aws", "eu-west-1").list, "unknown")
    t:holds(row(doctor, "aws", "eu-west-1").error, "no reply from http://127.0.0.1:1")
    t:equal(row(doctor, "aws", "us-east-1").status, "well")
    t:equal(row(doctor, "alibaba").status, "well")
    local counts = asked(emulator)
    t:equal(counts.RejectResourceShareInvitation, 2 + 1 + 1, "rejections that were tried")
end)

test "what answers 200 to the rejection of nothing is not to be trusted" (function(t)
    local emulator = both(t)
    emulator.fault { "html=200:op=reject:region=us-east-1" }
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 1)
    t:equal(row(doctor, "aws").reject, "unknown")
    t:holds(row(doctor, "aws").error, "answered 200 to a call about an invitation that cannot exist")
end)

test "an account whose regions leave out us-east-1 is warned once" (function(t)
    local emulator = t:emulator(program.aws {})
    t:folder { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = ENDPOINTS:format(
        ('aws { account = "%s", regions = { "eu-west-1", "us-west-2" }, endpoint = "%s" }'):format(
            program.AWS_ACCOUNT, emulator.url)) }
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 0)
    t:equal(#doctor.json.warnings, 1)
    t:holds(doctor.json.warnings[1], program.AWS_ACCOUNT .. ": us-east-1 is not among its regions")
    t:holds(t:spurn("doctor").out, "\nWarnings\n")
end)

-- ---- regions that the account has not opted in to ----

local CLOSED <const> = { "af-south-1", "me-south-1", "ap-east-1" }

local function all_regions(t, change)
    local scenario = program.aws { { sender = "999999999999", name = "a" } }
    for _, name in ipairs(CLOSED) do
        table.insert(scenario.accounts[1].regions, { name = name, opted_out = true })
    end
    if change then
        change(scenario)
    end
    local emulator = t:emulator(scenario)
    t:folder { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = ENDPOINTS:format(
        ('aws { account = "%s", regions = "all", endpoint = "%s" }'):format(program.AWS_ACCOUNT, emulator.url)) }
    return emulator
end

test "of all regions, those that the account has not opted in to are skipped, and that is no failure" (function(t)
    all_regions(t)
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 0)
    t:truth(#doctor.json.targets > 20, "every region")
    t:equal(program.count(doctor.json.targets, "status", "skipped"), #CLOSED)
    for _, region in ipairs(CLOSED) do
        t:equal(row(doctor, "aws", region).error, "the account has not opted in to this region")
        t:equal(row(doctor, "aws", region).list, "-")
    end
    local shown = t:spurn("doctor").out
    t:holds(shown, "\n3 regions skipped: not opted in.\n")
    t:lacks(shown, "af-south-1")
    t:holds(t:spurn("doctor --all").out, "af-south-1")

    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(plan.json.summary.targets_skipped, #CLOSED)
    t:equal(plan.json.summary.targets_failed, 0)
    t:equal(program.count(plan.json.targets, "status", "skipped"), #CLOSED)
    t:equal(row(plan, "aws", "me-south-1").error, "the account has not opted in to this region")
    local shown_plan = t:spurn("plan").out
    t:holds(shown_plan, "\n  3 regions skipped: not opted in\n")
    t:lacks(shown_plan, "af-south-1")
    t:ended(t:spurn "-c spurn.lua apply --yes", 0)
    t:ended(t:spurn "verify", 0)
end)

test "keys that no region takes are wrong keys, and nothing is skipped" (function(t)
    all_regions(t, function(scenario)
        scenario.accounts[1].keys[1].id = "AKIDANOTHER"
    end)
    for _, command in ipairs { "doctor", "plan" } do
        local result = t:spurn(command .. " --format json")
        t:ended(result, 1)
        t:equal(program.count(result.json.targets, "status", "skipped"), 0)
        t:equal(program.count(result.json.targets, "status", "failed"), #result.json.targets)
    end
    t:ended(t:spurn "verify", 0)
end)

test "a region that was asked for by name is never skipped" (function(t)
    local emulator = all_regions(t)
    t:folder { ["spurn.lua"] = ENDPOINTS:format(
        ('aws { account = "%s", regions = { "us-east-1", "af-south-1" }, endpoint = "%s" }'):format(
            program.AWS_ACCOUNT, emulator.url)) }
    for _, command in ipairs { "doctor", "plan" } do
        local result = t:spurn(command .. " --format json")
        t:ended(result, 1)
        t:equal(row(result, "aws", "af-south-1").status, "failed")
        t:equal(row(result, "aws", "af-south-1").error,
            "the account has not opted in to this region; enable it, or leave the region out")
        t:equal(row(result, "aws", "us-east-1").error, nil)
    end
    t:ended(t:spurn "plan", 1, "AWS RAM af-south-1 of " .. program.AWS_ACCOUNT .. ": the account has not opted in")
    t:holds(t:spurn("doctor").out, "the account has not opted in to this region; enable it, or leave the region out")
end)

test "two words of the configuration for one account and region end with 2, and nothing is asked" (function(t)
    local emulator = t:emulator(program.aws {})
    local target = ('aws { profile = "%%s", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(emulator.url)
    local profile = "[%s]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"
    t:folder { ["policy.lua"] = program.REJECT_ALL,
        ["spurn.lua"] = ENDPOINTS:format(target:format "one" .. target:format "two"),
        [".aws/credentials"] = profile:format "one" .. profile:format "two" }
    for _, command in ipairs { "doctor", "plan", "-c spurn.lua apply --yes" } do
        local result = t:spurn(command)
        t:ended(result, 2, "is the target of line 2 already")
        t:equal(result.out, "")
    end
    t:ended(t:spurn "verify", 0)
    local counts = asked(emulator)
    t:equal(counts.GetResourceShareInvitations, nil)
    t:equal(counts.RejectResourceShareInvitation, nil)
end)

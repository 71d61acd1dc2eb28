-- What a cloud or the network does wrong is said in one line and in the exit code, and delays nobody else.
local cjson = require "cjson"
local program = require "program"
local test = program.test

local KEYS <const> = "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s " ..
    "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIEXAMPLE ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret"

-- A promotion and a partner's share on each cloud, and a policy that turns away the promotions.
local function both_clouds(t)
    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo one", age = "3h" },
        { sender = "888888888888", name = "partner share" },
    }, {
        { sender = "9999999999999999", name = "promo two", age = "3h" },
        { sender = "8888888888888888", name = "partner share" },
    }))
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = 'reject "promotional" { name "promo*" }\n' }
    return emulator
end

-- One more for the AWS account.
local function add_aws(emulator, invitation)
    local more = program.aws { invitation }
    more.accounts[1].keys = nil -- the emulator has them
    emulator.add(more)
end

local function apply(t, options)
    return t:spurn("-c spurn.lua apply --yes --format json", options)
end

local function row(rows, field, value)
    for _, candidate in ipairs(rows) do
        if candidate[field] == value then
            return candidate
        end
    end
end

local function lines(text)
    return select(2, text:gsub("\n", "\n"))
end

-- One target failed with `why` in one line, here and in the log; the other one was done; the record is sound.
local function one_failed(t, emulator, result, why)
    t:ended(result, 1, why)
    t:equal(lines(result.err), 1, "lines on stderr in " .. result.err)
    local aws, alibaba = row(result.json.targets, "cloud", "aws"), row(result.json.targets, "cloud", "alibaba")
    t:equal(aws.status, "failed")
    t:holds(aws.error, why)
    t:equal(lines(aws.error), 0)
    t:equal(alibaba.status, "listed")
    t:equal(alibaba.error, nil)
    t:equal(result.json.summary.rejected, 1)
    t:equal(row(result.json.decisions, "outcome", "rejected").cloud, "alibaba")
    for _, call in ipairs(program.rejections(emulator)) do
        t:equal(call.cloud, "alibaba")
    end
    t:ended(t:spurn("verify"), 0)
end

-- With the trouble gone, the next run does what was left.
local function then_well(t, emulator)
    emulator.fault {}
    local result = apply(t)
    t:ended(result, 0)
    t:equal(result.json.summary.rejected, 1)
    t:equal(row(result.json.decisions, "outcome", "rejected").cloud, "aws")
    t:equal(#program.rejections(emulator), 2)
    t:ended(t:spurn("verify"), 0)
end

-- ---- what a fault in one place does ----

local FAULTS <const> = {
    { "HTTP 403", "deny=AccessDenied", "AWS RAM answered AccessDeniedException",
        "allow these keys ram:GetResourceShareInvitations" },
    { "HTTP 500", "status=500", "AWS RAM answered " },
    { "HTTP 503", "status=503", "AWS RAM answered " },
    { "an error that is HTML", "html=503", "AWS RAM answered HTTP 503: the answer is a page of HTML or XML" },
    { "HTML that says 200", "html=200", "it is HTML or XML, not JSON" },
    { "broken JSON", "broken", "cannot read the reply to GetResourceShareInvitations: " },
    { "a reply over 16 MiB", "big", "the reply is larger than 16 MiB" },
    { "a reply that was cut off", "truncate", "no reply from http://127.0.0.1:" },
    { "a dropped connection", "drop", "no reply from http://127.0.0.1:" },
    { "a reply that was lost", "lost", "no reply from http://127.0.0.1:" },
    { "a page token that comes twice", "repeat_token", "sent the same page token twice: its list goes in circles" },
    { "keys that have expired", "expired_token", "these keys have expired, fetch new ones" },
}
for _, case in ipairs(FAULTS) do
    local name, fault, why, advice = table.unpack(case)
    test(name .. " fails its own target only, and never means that nothing is pending")(function(t)
        local emulator = both_clouds(t)
        emulator.fault { fault .. ":op=list:region=us-east-1" }
        local result = apply(t)
        one_failed(t, emulator, result, why)
        t:holds(result.err, advice or "")
        then_well(t, emulator)
    end)
end

test "a list that fails on a later page is not acted on, nor counted by the belts" (function(t)
    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo %d", ["repeat"] = 600 },
    }, {
        { sender = "9999999999999999", name = "promo %d", ["repeat"] = 2 },
        { sender = "8888888888888888", name = "partner %d", ["repeat"] = 18 },
    }))
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = 'reject "promotional" { name "promo*" }\n' }
    emulator.fault { "status=500:op=list:region=us-east-1:after=1" }
    local result = apply(t)
    t:ended(result, 1)
    t:equal(row(result.json.targets, "cloud", "aws").status, "failed")
    t:equal(result.json.summary.held, false)
    t:equal(result.json.summary.deferred, 0)
    t:equal(result.json.summary.rejected, 2)
    for _, call in ipairs(program.rejections(emulator)) do
        t:equal(call.cloud, "alibaba")
    end
    t:ended(t:spurn("verify"), 0)
end)

local FOREIGN <const> = {
    { "is another account's", { receiver = "444455556666" }, "its receiver is account 444455556666" },
    { "is another region's", { id = "arn:aws:ram:eu-west-1:999999999999:resource-share-invitation/" ..
        "3b3bc051-fbf6-4336-8377-06c559dfee49" }, "its ARN is of region eu-west-1" },
    { "has no id", { omit = { "resourceShareInvitationArn" } }, "an invitation has no resourceShareInvitationArn" },
}
for _, case in ipairs(FOREIGN) do
    local what, invitation, why = table.unpack(case)
    test("a list with an invitation that " .. what .. " is an error, and nothing of it is rejected")(function(t)
        local emulator = both_clouds(t)
        invitation.sender, invitation.name = "999999999999", "promo three"
        add_aws(emulator, invitation)
        one_failed(t, emulator, apply(t), why)
    end)
end

-- ---- keys ----

local WRONG_KEYS <const> = {
    { "a wrong secret", "AKIDEXAMPLE", "mKbvXw0q", "InvalidSignatureException" },
    { "an unknown key", "AKIDNOBODYKNOWS", "mKbvXw0q", "UnrecognizedClientException" },
}
for _, case in ipairs(WRONG_KEYS) do
    local name, key, secret, code = table.unpack(case)
    test(name .. " is told, and not shown")(function(t)
        local emulator = both_clouds(t)
        local result = apply(t, { environment = KEYS:format(key, secret) })
        one_failed(t, emulator, result, code)
        t:holds(result.err, "check the access key id and its secret")
        for _, text in ipairs { result.out, result.err, program.read_file(t.path .. "/spurn.db") } do
            t:lacks(text, secret)
            t:lacks(text, key)
        end
        then_well(t, emulator)
    end)
end

test "an unknown profile is named" (function(t)
    local emulator = both_clouds(t)
    local config = program.config(emulator):gsub("aws {", 'aws { profile = "nobody",', 1)
    t:folder { ["spurn.lua"] = config }
    one_failed(t, emulator, apply(t), "nobody")
end)

test "missing keys say where they may stand" (function(t)
    local emulator = both_clouds(t)
    local result = apply(t, { environment =
        "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIEXAMPLE ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret" })
    one_failed(t, emulator, result, "AWS_ACCESS_KEY_ID")
    then_well(t, emulator)
end)

-- ---- no way there ----

local ENDPOINTS <const> = {
    { "a refused connection", "http://127.0.0.1:1", "127.0.0.1:1: " },
    { "a host that does not exist", "https://ram.invalid", "ram.invalid" },
    { "a server that speaks no TLS", "https://%s", "no reply from https://127.0.0.1:" },
}
for _, case in ipairs(ENDPOINTS) do
    local name, endpoint, why = table.unpack(case)
    test(name .. " fails its own target only")(function(t)
        local emulator = both_clouds(t)
        local config = program.config(emulator)
        local elsewhere = endpoint:format((emulator.url:gsub("http://", "")))
        t:folder { ["spurn.lua"] = config:gsub('"http://[^"]*"', '"' .. elsewhere .. '"', 1) .. "" }
        one_failed(t, emulator, apply(t), why)
    end)
end

-- ---- what is no failure ----

test "throttling is waited out" (function(t)
    local emulator = both_clouds(t)
    emulator.fault { "throttle:op=list:region=us-east-1:count=2", "throttle:op=reject:count=1" }
    local result = apply(t)
    t:ended(result, 0)
    t:equal(result.json.summary.rejected, 2)
    t:ended(t:spurn("verify"), 0)
end)

test "a passing failure is tried again" (function(t)
    local emulator = both_clouds(t)
    emulator.fault { "status=503:op=list:region=us-east-1:count=1", "drop:op=list:region=cn-hangzhou:count=1" }
    local result = apply(t)
    t:ended(result, 0)
    t:equal(result.json.summary.rejected, 2)
end)

test "a target that is too slow holds nobody up" (function(t)
    local emulator = both_clouds(t)
    t:folder { ["spurn.lua"] = program.config(emulator) .. 'limits { listing = "1s" }\n' }
    emulator.fault { "throttle=30:op=list:region=us-east-1" }
    local started_s = os.time()
    one_failed(t, emulator, apply(t), "its list was not read whole within 1 s; raise limits.listing")
    t:truth(os.time() - started_s < 10, "an end within 10 s")
end)

test "empty pages with a token are followed" (function(t)
    local emulator = both_clouds(t)
    emulator.fault { "empty_pages:op=list" }
    local result = apply(t)
    t:ended(result, 0)
    t:equal(result.json.summary.pending, 4)
    t:equal(result.json.summary.rejected, 2)
    t:equal(row(result.json.targets, "cloud", "aws").pages, 2)
end)

-- ---- clocks ----

for _, skew in ipairs { 3600, -3600 } do
    test(("where the cloud's clock is %d s ahead no age is known, and none is rejected for its age"):format(skew))(
        function(t)
            local emulator = both_clouds(t)
            t:folder { ["policy.lua"] = 'reject "old" { older "2h" }\n' }
            emulator.fault { ("skew=%d:region=us-east-1"):format(skew) }
            local result = apply(t)
            local aws = row(result.json.targets, "cloud", "aws")
            t:equal(aws.status, "listed")
            t:holds(aws.error, "the clocks differ by ")
            t:holds(aws.error, "every age is unknown here")
            t:holds(aws.error, "set this machine's clock")
            t:ended(result, 1, "the clocks differ by ")
            t:equal(result.json.summary.rejected, 1)
            t:equal(row(result.json.decisions, "outcome", "rejected").cloud, "alibaba")
            t:equal(result.json.summary.undecided, 2)
            then_well(t, emulator)
        end)
end

-- ---- rejections that somebody else made needless ----

local ARN <const> = "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/3b3bc051-fbf6-4336-8377-06c559dfee49"

-- Applies, does `meanwhile` once the first reject call was throttled, and returns the report and what was logged.
local function apply_throttled(t, emulator, wait_s, meanwhile)
    emulator.fault { ("throttle=%d:op=reject:count=1"):format(wait_s) }
    local process = t:daemon("-c spurn.lua apply --yes --format json")
    t:truth(program.wait_for(10, function() return program.rejections(emulator)[1] end), "a reject call")
    meanwhile()
    t:truth(program.wait_for(20, function() return not program.is_alive(process) end), "an end")
    return cjson.decode(program.read_file(process.out)), program.read_file(process.err)
end

local MEANWHILE <const> = {
    { "reject", "already_rejected" },
    { "accept", "already_accepted", "somebody accepted " },
}
for _, case in ipairs(MEANWHILE) do
    local does, outcome, said = table.unpack(case)
    test(("what somebody else chose to %s meanwhile is not claimed as ours"):format(does))(function(t)
        local emulator = t:emulator(program.aws { { sender = "999999999999", id = ARN } })
        t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
        local report, err = apply_throttled(t, emulator, 1, function()
            emulator.person(ARN, does)
        end)
        t:equal(report.decisions[1].outcome, outcome)
        t:equal(report.summary.rejected, 0)
        t:holds(err, said or "")
        t:equal(#program.rejections(emulator), 2)
        t:ended(t:spurn("verify"), 0)
        local again = apply(t)
        t:ended(again, 0)
        t:equal(again.json.summary.pending, 0)
    end)
end

test "what expires before the call is recorded as expired" (function(t)
    local emulator = t:emulator(program.aws {})
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    -- A share of anything but a few types lives for twelve hours.
    add_aws(emulator, { sender = "999999999999", age = "11h59m58s", resources = { { type = "glue:Table" } } })
    local report = apply_throttled(t, emulator, 3, function() end)
    t:equal(report.decisions[1].outcome, "expired")
    t:equal(report.summary.rejected, 0)
    t:ended(t:spurn("verify"), 0)
end)

for _, name in ipairs { "NotFound", "NotPermitted", "AccessDenied" } do
    test(("a reject answered %s is asked about by id, and then known to have failed"):format(name))(function(t)
        local emulator = both_clouds(t)
        emulator.fault { ("deny=%s:op=reject:region=us-east-1"):format(name) }
        local result = apply(t)
        t:ended(result, 1)
        t:equal(row(result.json.decisions, "outcome", "failed").cloud, "aws")
        t:equal(row(result.json.decisions, "outcome", "rejected").cloud, "alibaba")
        t:equal(result.json.summary.failed, 1)
        t:ended(t:spurn("verify"), 0)
        emulator.fault {}
        local again = apply(t)
        t:ended(again, 0)
        t:equal(again.json.summary.rejected, 1)
        t:ended(t:spurn("verify"), 0)
    end)
end

-- ---- client tokens ----

local function hex_to_bytes(hex)
    return (hex:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

-- A UUID of version 5 in the name space of URLs, as RFC 9562 makes it.
local function uuid5_url(t, name)
    local file = t.path .. "/uuid"
    program.write_file(file, hex_to_bytes "6ba7b8119dad11d180b400c04fd430c8" .. name)
    local sum = program.run_command("sha1sum " .. program.quote(file)).out
    local version = "5" .. sum:sub(14, 16)
    local variant = ("%x"):format(tonumber(sum:sub(17, 17), 16) & 3 | 8) .. sum:sub(18, 20)
    return table.concat({ sum:sub(1, 8), sum:sub(9, 12), version, variant, sum:sub(21, 32) }, "-")
end

test "a client token that somebody used for something else is left out the next time" (function(t)
    local created_s = os.time() - 3600
    local arn = "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/3b3bc051-fbf6-4336-8377-06c559dfee4%d"
    local emulator = t:emulator(program.aws {
        { sender = "999999999999", id = arn:format(1), created = os.date("!%Y-%m-%dT%H:%M:%SZ", created_s) },
        { sender = "999999999999", id = arn:format(2) },
    })
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    local token = uuid5_url(t, table.concat({ "spurn:reject:1", program.AWS_ACCOUNT, "us-east-1", arn:format(1),
        created_s * 1000, 1 }, "\n"))
    local curl = program.run_command(("curl -sS -f --aws-sigv4 aws:amz:us-east-1:ram --user AKIDEXAMPLE:secret " ..
        "-H 'Content-Type: application/json' --data-binary %s %s"):format(program.quote(
            ('{"resourceShareInvitationArn":"%s","clientToken":"%s"}'):format(arn:format(2), token)),
            emulator.url .. "/rejectresourceshareinvitation"))
    t:equal(curl.code, 0, curl.err)
    local result = apply(t)
    t:ended(result, 0)
    t:equal(result.json.summary.rejected, 1)
    local calls = program.rejections(emulator)
    t:equal(#calls, 3)
    t:holds(calls[2].result, "IdempotentParameterMismatch")
    t:equal(calls[3].result, "ok")
    t:ended(t:spurn("verify"), 0)
end)

-- ---- hostile text ----

local HOSTILE <const> = {
    { "escape sequences", "\27[2J\27]0;owned\7" },
    { "text that turns direction", "\u{202E}txet\u{2066}" },
    { "line breaks", "two\nlines\rback\ttab" },
    { "controls of the upper half", "\u{9B}31m\u{85}\u{2028}" },
    { "characters that cannot be seen", "\u{FEFF}\u{200B}nothing" },
    { "a shell's words and a NUL", "'; rm -rf / #`$(id)\0 after" },
}
for _, case in ipairs(HOSTILE) do
    local what, name = table.unpack(case)
    test("a share's name never brings " .. what .. " to the terminal")(function(t)
        local emulator = t:emulator(program.aws { { sender = "999999999999", name = "promo " .. name } })
        t:folder { ["spurn.lua"] = program.config(emulator),
            ["policy.lua"] = 'reject "promotional" { name "promo*", reason = "{name}" }\n' }
        local plan = t:spurn("plan --format json")
        t:ended(plan, 0)
        t:equal(plan.json.decisions[1].name, "promo " .. name)
        t:truth(not plan.out:sub(1, -2):find("[%c\127]"), "no control character in JSON")
        local commands = { "plan", "plan --color always", "-c spurn.lua apply --yes --log-level debug", "history" }
        for _, command in ipairs(commands) do
            local shown = t:spurn(command)
            t:ended(shown, 0)
            t:holds(shown.out, "promo")
            for _, text in ipairs { shown.out, shown.err } do
                local plain = text:gsub("\27%[[%d;]*m", "") -- our own colours
                t:truth(not plain:find "[%z\1-\9\11-\31\127]", "no control character: " .. ("%q"):format(plain))
                for _, code in ipairs { 0x85, 0x9B, 0x200B, 0x2028, 0x202E, 0x2066, 0xFEFF } do
                    t:lacks(plain, utf8.char(code))
                end
                t:lacks(text, "\27[2J")
            end
            t:lacks(shown.out, "\nlines")
        end
        t:ended(t:spurn("verify"), 0)
    end)
end

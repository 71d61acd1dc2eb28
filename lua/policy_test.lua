-- policy_test.lua - the words of a test file: which policies are asked, about what, and what should come of it.
--
-- What comes out is one JSON object; what is unknown about an invitation is left out:
--
--   {
--     "policies": [ as the configuration's ],
--     "tests": [ { "line": 3, "name": "...",
--                  "now_ms": 0, "created_ms": 0, "first_seen_ms": 0, "times_seen": 0,
--                  "cloud": "aws", "account": "...", "region": "...", "id": "...", "sender": "...",
--                  "receiver_arn": "...", "invitation_name": "...", "share": "...",
--                  "expect": "reject" | "keep" | "none", "rule": "...", "reason": "...", "observe": "...",
--                  "undecided": true, "fault": true } ]
--   }

local sheet = ...

local policies, tests = sheet.array(), sheet.array()

-- The frozen clock of a test that names no other: a Thursday, at noon.
local NOON = "2026-01-15T12:00:00Z"

-- An invitation nobody said anything about.
local plain = {
    aws = {
        account = "123456789012",
        region = "us-east-1",
        sender = "999999999999",
        id = "arn:aws:ram:%s:%s:resource-share-invitation/11111111-2222-3333-4444-555555555555",
        share = "arn:aws:ram:%s:%s:resource-share/66666666-7777-8888-9999-000000000000",
    },
    alibaba = {
        account = "1234567890123456",
        region = "cn-hangzhou",
        sender = "9999999999999999",
        id = "i-1111222233334444",
        share = "rs-5555666677778888",
    },
}

-- A value, or `false` for "the cloud left it out".
local function or_absent(form, keep)
    return sheet.kind(form .. ", or false to leave it out", function(value)
        if value == false then
            return false
        end
        return keep(value)
    end)
end

local text = or_absent("a string", function(value)
    return type(value) == "string" and sheet.is_utf8(value) and value or nil
end)

local function instant(value)
    return type(value) == "string" and sheet.instant(value) or nil
end

local function duration(value)
    return type(value) == "string" and sheet.seconds(value) or nil
end

local function one_of(...)
    local words = { ... }
    return sheet.kind('"' .. table.concat(words, '", "') .. '"', function(value)
        for _, word in ipairs(words) do
            if value == word then
                return word
            end
        end
    end)
end

local ISO = 'an instant such as "2026-11-22T03:00:00Z"'
local AGO = 'a duration such as "7h"'

local fields = {
    cloud = { one_of("aws", "alibaba") },
    account = { text },
    region = { text },
    id = { "text" },
    sender = { text },
    receiver_arn = { text },
    name = { text },
    share = { text },
    now = { sheet.kind(ISO, instant) },
    created = { or_absent(ISO, instant) },
    age = { or_absent(AGO, duration) },
    first_seen = { sheet.kind(AGO .. ", how long ago", duration) },
    times_seen = { "count_or_none" },

    expect = { one_of("reject", "keep", "none"), required = 'expect = "reject", "keep" or "none"' },
    rule = { "text" },
    reason = { "text" },
    observe = { "text" },
    undecided = { "flag" },
    fault = { "flag" },

    rejected = { later = "policies cannot ask what was rejected before" },
    seen = { later = "policies cannot ask what was seen before" },
    journal = { later = "policies cannot ask the journal" },
    resources = { later = "policies cannot ask for resources" },
    status = { later = "every invitation of a test is pending" },
    expires = { later = "policies cannot ask when an invitation ends" },
}

local function check_together(what, said)
    if said.created ~= nil and said.age ~= nil then
        sheet.fail("%s: created and age say the same thing: give one of them", what)
    elseif said.undecided and said.expect ~= "none" then
        sheet.fail('%s: undecided = true goes with expect = "none", since what is undecided stays pending', what)
    end
end

-- nil says nothing, so the default holds; false says that the cloud left it out.
local function told(value, default)
    if value == nil then
        return default
    end
    return value or nil
end

local function created_ms(said, now_ms)
    if said.created ~= nil then
        return said.created or nil
    end
    local age_s = told(said.age, 3600)
    return age_s and now_ms - age_s * 1000
end

local function invitation(said)
    local default = plain[said.cloud or "aws"]
    local now_ms = said.now or sheet.instant(NOON)
    local sender = told(said.sender, default.sender)
    local region = told(said.region, default.region)
    local function arn(form)
        return string.format(form, region or default.region, sender or default.sender)
    end
    return {
        now_ms = now_ms,
        created_ms = created_ms(said, now_ms),
        first_seen_ms = said.first_seen and now_ms - said.first_seen * 1000,
        times_seen = said.times_seen,
        cloud = said.cloud or "aws",
        account = told(said.account, default.account),
        region = region,
        id = said.id or arn(default.id),
        sender = sender,
        receiver_arn = told(said.receiver_arn),
        invitation_name = told(said.name, "example-share"),
        share = told(said.share, arn(default.share)),
    }
end

local expectations = { "expect", "rule", "reason", "observe", "undecided", "fault" }

local function add_test(entry, what, given)
    local said = sheet.read(what, given, fields, "test")
    check_together(what, said)
    for key, value in pairs(invitation(said)) do
        entry[key] = value
    end
    for _, key in ipairs(expectations) do
        entry[key] = said[key]
    end
end

local line_of = {}

local function test_word(name, extra)
    local example = 'test "a stale one goes" { age = "7h", expect = "reject" }'
    if type(name) ~= "string" or name == "" or not sheet.is_utf8(name) then
        sheet.fail("test takes a name first: %s", example)
    end
    local what = string.format('test "%s"', name)
    if extra ~= nil then
        sheet.fail("%s takes its fields without a comma: %s", what, example)
    elseif line_of[name] then
        sheet.fail("%s has the name of the test in line %d: give each a name of its own", what, line_of[name])
    end
    local entry = { line = sheet.line(), name = name }
    line_of[name] = entry.line
    tests[#tests + 1] = entry
    local function tell(given)
        if entry.expect then
            sheet.fail("%s takes one table of fields, not two", what)
        end
        add_test(entry, what, given)
        return tell
    end
    return tell
end

local function finish()
    for _, entry in ipairs(tests) do
        if entry.expect == nil then
            sheet.fail_at(entry.line, 'test "%s" expects nothing: add { expect = "reject" }', entry.name)
        end
    end
    if #policies == 0 then
        sheet.fail_at(1, 'no policy is tested here: name one, policy "strangers.lua"')
    elseif #tests == 0 then
        sheet.fail_at(1, 'there is no test here: add one, test "a stale one goes" { age = "7h", expect = "reject" }')
    end
    return { policies = policies, tests = tests }
end

local words = { policy = sheet.policy_word(policies), test = test_word }

return { environment = sheet.environment("test file", words, {}, {}), finish = finish }
